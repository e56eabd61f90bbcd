/* clock.h - the only place that reads the time of day. */
#ifndef HF_BASE_IO_CLOCK_H
#define HF_BASE_IO_CLOCK_H

#include "base/time.h"

hf_time hf_now(void);
/* Nanoseconds of a clock that never goes back, for durations. */
uint64_t hf_mono_ns(void);

#endif

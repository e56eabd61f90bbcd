/* clock.c - the time of day. */
#include "base/io/clock.h"

hf_time
hf_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (hf_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint64_t
hf_mono_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* bars_log.h - the log of a request that came as BaRS messages: a Communication. */
#ifndef HF_HUB_IO_BARS_LOG_H
#define HF_HUB_IO_BARS_LOG_H

#include "hub/bars.h"

/* Identifiers of the log: of the message its version tells of, but for NUMBER, which is
 * the version of the request that counts. */
enum hf_bars_log_value {
	HF_BARS_LOG_MESSAGE,
	HF_BARS_LOG_BUNDLE,
	HF_BARS_LOG_DIGEST,
	HF_BARS_LOG_HEADER,
	HF_BARS_LOG_NUMBER,
	HF_BARS_LOG_VALUES
};
extern const char *const hf_bars_log_systems[HF_BARS_LOG_VALUES];
struct hf_sv hf_bars_log_value(const struct hf_json *log, enum hf_bars_log_value value,
			       struct hf_arena *arena);

#endif

/* log.h - one line per event on stderr, logfmt: time level room msg key=value.
 *
 * No personal data: ids, codes, counts, times.  Under systemd (JOURNAL_STREAM)
 * lines carry a <priority> instead of the time. */
#ifndef HF_BASE_IO_LOG_H
#define HF_BASE_IO_LOG_H

#include "base/base.h"

enum hf_log_kind { HF_LOG_ERROR, HF_LOG_WARN, HF_LOG_INFO, HF_LOG_DEBUG };

/* Lines above level are dropped; HF_LOG_INFO to begin with. */
void hf_log_level(enum hf_log_kind level);
void hf_log(enum hf_log_kind level, const char *room, const char *fmt, ...)
    HF_PRINTF(3, 4);

#endif

/* gzip.h - bodies that travel compressed, within bounds.  Pure. */
#ifndef HF_SERVER_GZIP_H
#define HF_SERVER_GZIP_H

#include "base/buf.h"
#include "base/err.h"

/* Appends what gz holds (one or more members).  HF_TOO_LONG as soon as more than
 * max bytes come out; HF_INVALID when it is no gzip or is cut off. */
enum hf_rc hf_gunzip(struct hf_sv gz, size_t max, struct hf_buf *out,
		     struct hf_err *err);
/* Appends body as gzip, at the cheapest level.  False when memory is short. */
bool hf_gzip(struct hf_sv body, struct hf_buf *out);

#endif

/* query.h - query strings and forms: percent-decoding and pairs.  Pure. */
#ifndef HF_SERVER_QUERY_H
#define HF_SERVER_QUERY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct hf_param;

enum { HF_QUERY_PARAMS = 256 }; /* more pairs than this are refused */

/* Undoes %xx; with plus_is_blank also + (queries and forms, never paths).  A view
 * of the input when there is nothing to undo, else in arena.  HF_INVALID for a
 * broken escape, a NUL byte or text that is not UTF-8; HF_TOO_LONG past the
 * arena's cap. */
enum hf_rc hf_percent_decode(struct hf_sv text, bool plus_is_blank,
			     struct hf_arena *arena, struct hf_sv *out,
			     struct hf_err *err);
/* Appends text with everything but unreserved characters and safe as %xx. */
void hf_percent_encode(struct hf_sv text, const char *safe, struct hf_buf *out);

/* "a=1&b=2" to pairs, in order, appended to the *n that are in *params already.
 * Empty pieces are skipped; a name without = has an empty value; an empty name is
 * HF_INVALID. */
enum hf_rc hf_query_parse(struct hf_sv query, struct hf_arena *arena,
			  struct hf_param **params, size_t *n, struct hf_err *err);

/* Is it well formed UTF-8 (no surrogates, no overlong forms, up to U+10FFFF)? */
bool hf_utf8_valid(struct hf_sv text);

#endif

/* audit_clerk.h - what is done about the audit beside writing it, in a thread of its
 * own: heads are copied elsewhere and retired segments indexed.  A slow disk there
 * holds nobody up. */
#ifndef HF_ACCESS_IO_AUDIT_CLERK_H
#define HF_ACCESS_IO_AUDIT_CLERK_H

#include "base/err.h"

struct hf_clerk;

/* heads and segments: the newest of each that are there.  HF_NOT_FOUND and others
 * when copy_to (NULL: none) is no folder that can be written.  Stop with
 * hf_clerk_stop(). */
enum hf_rc hf_clerk_start(const char *folder, const char *copy_to, uint64_t heads,
			  uint64_t segments, struct hf_clerk **out, struct hf_err *err);
/* Tries to copy what is not copied yet, then ends; NULL is fine. */
void hf_clerk_stop(struct hf_clerk *clerk);

/* There is a new head; a segment was retired. */
void hf_clerk_head(struct hf_clerk *clerk, uint64_t number);
void hf_clerk_segment(struct hf_clerk *clerk, uint64_t number);

#endif

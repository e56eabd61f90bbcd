/* marks.h - what a row says about who may see its resource, so that a decision need
 * not open the body: in the same number as whether it is deleted (res.flags).
 *
 *   bit 0       deleted
 *   bit 1       the other bits were worked out (older rows: open the body)
 *   bit 2       labelled: it has security labels, or a code of sensitive content
 *   bit 3       it speaks of several persons
 *   bit 4       its organisation is one that does not fit into these bits
 *   bits 8-55   ODS code of the organisation it comes from, six bits a character */
#ifndef HF_RECORD_IO_MARKS_H
#define HF_RECORD_IO_MARKS_H

#include "access/policy.h"
#include "base/arena.h"
#include "fhir/json.h"

enum {
	HF_FLAG_DELETED = 1,
	HF_FLAG_KNOWN = 2,
	HF_FLAG_LABELLED = 4,
	HF_FLAG_SEVERAL = 8,
	HF_FLAG_FAR = 16,
	HF_FLAG_ODS_SHIFT = 8,
	HF_ODS_PACKED = 8 /* characters that fit */
};

/* The marks of the resource at node, KNOWN with them; several says whether it speaks
 * of other persons than the one whose shelf it stands on. */
int64_t hf_marks_of(const struct hf_json *doc, uint32_t node, bool several,
		    struct hf_arena *arena);

/* An ODS code (upper case letters and digits, at most 8) as a number; 0 when it is
 * empty or does not fit.  And back: n characters into out. */
int64_t hf_ods_pack(struct hf_sv ods);
size_t hf_ods_unpack(int64_t packed, char out[HF_ODS_PACKED]);
/* The packed code in marks; 0: none. */
int64_t hf_marks_ods(int64_t marks);

/* The policy that was built in: which codes are sensitive is decided by it when a
 * resource is written.  NULL only when memory is short. */
const struct hf_policy *hf_marks_policy(void);

#endif

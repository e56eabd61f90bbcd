/* audit_index.h - the sidecar of a sealed segment: where in it each person and each
 * user stands.  Pure.
 *
 * It can be made again at any time from the segment alone, and is when it does not
 * match: it names the segment's size and its last seal.  Keys are 32 bits of a hash,
 * so what it gives are candidates: the line itself decides. */
#ifndef HF_ACCESS_AUDIT_INDEX_H
#define HF_ACCESS_AUDIT_INDEX_H

#include "access/audit_chain.h"
#include "access/audit_line.h"

/* One segment is at most HF_AUDIT_SEGMENT bytes: an offset fits. */
struct hf_audit_entry {
	uint32_t key, offset;
};

struct hf_audit_index {
	uint64_t size;		    /* of the segment */
	uint8_t seal[HF_HASH_SIZE]; /* of its last seal */
	hf_time from, to;	    /* of its lines, both included; from > to: none */
	uint64_t lines;		    /* of the audit */
	const struct hf_audit_entry *entries; /* by key, then offset */
	size_t n;
};

uint32_t hf_audit_key_shelf(int64_t shelf);
uint32_t hf_audit_key_actor(struct hf_sv actor);
/* Lines that name more persons than fit: whoever asks after one has to look at them
 * too. */
uint32_t hf_audit_key_large(void);

/* Is the segment whole: does it end with a seal of all before?  *size and seal are
 * what its index has to name. */
bool hf_audit_segment_ended(struct hf_sv segment, uint64_t *size,
			    uint8_t seal[HF_HASH_SIZE]);

/* Makes the index of a segment as the bytes of a file.  False without memory, or when
 * the segment has not ended. */
bool hf_audit_index_make(struct hf_sv segment, struct hf_buf *out);
/* Opens what hf_audit_index_make() wrote; entries point into file.  False when it is
 * none or was changed. */
bool hf_audit_index_open(struct hf_sv file, struct hf_audit_index *out);

/* The offsets under a key: a run of entries, *n of them. */
const struct hf_audit_entry *hf_audit_index_find(const struct hf_audit_index *index,
						 uint32_t key, size_t *n);

#endif

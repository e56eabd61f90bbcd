/* match.h - who in the record may this be?
 *
 * Candidates come from the index rows of Patient: identifier, date of birth (also with
 * day and month changed about), family and given name, postcode, telephone.  How common
 * a value is in the record weighs, by what was learned of the place (weights.h) or the
 * defaults.  Reads only. */
#ifndef HF_RECORD_IO_MATCH_H
#define HF_RECORD_IO_MATCH_H

#include "record/io/store.h"
#include "record/match.h"

enum {
	HF_MATCH_ROWS = 4096,	  /* index rows read of one value */
	HF_MATCH_CANDIDATES = 200 /* records opened and compared */
};

struct hf_match_hit {
	struct hf_version v;
	struct hf_match_result r;
	/* Where it may be shown as certain: a link that nothing speaks against, at
	 * least a thousand to one. */
	bool certain;
};

struct hf_match_found {
	struct hf_match_hit *hits; /* links first, then by score; none is SEPARATE */
	size_t n;
	bool beyond;   /* a value was so common that not all who share it were seen */
	size_t people; /* of the certain hits: how many persons they are */
};

/* Finds records that may be of the person in the Patient at node of doc, at most most
 * (1 … HF_MATCH_CANDIDATES).  Everything lies in arena.  HF_RULE when the Patient says
 * too little to find anybody by. */
enum hf_rc hf_match_find(struct hf_reader *reader, const struct hf_json *doc,
			 uint32_t node, size_t most, struct hf_arena *arena,
			 struct hf_match_found *out, struct hf_err *err);

/* Compares two records of the store, weighing values by how many in the store share
 * them.  The same whichever comes first, but for values that only the second has.
 * HF_NOT_FOUND or HF_GONE when one is not there. */
enum hf_rc hf_match_two(struct hf_reader *reader, hf_rid one, hf_rid other,
			struct hf_arena *arena, struct hf_match_result *out,
			struct hf_err *err);

#endif

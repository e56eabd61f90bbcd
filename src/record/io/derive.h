/* derive.h - all that is derived from one current resource, as its change derived
 * it; for check.c and rebuild.c, which make it again. */
#ifndef HF_RECORD_IO_DERIVE_H
#define HF_RECORD_IO_DERIVE_H

#include "record/io/store_impl.h"

struct hf_derived {
	struct hf_facts facts; /* none of a deleted resource */
	int64_t span;	       /* as res.span: -1 without end */
	int64_t marks;	       /* as res.flags; 0 of a deleted resource */
	int64_t shelf;	       /* of the first person it speaks of; 0 for none */
	int64_t *mentions;     /* other people's shelves */
	size_t n_mentions;
	size_t bytes; /* of the whole resource */
};

/* The row a res query gave (columns of RES_GET, in that order), body borrowed. */
struct hf_row hf_derive_row(const struct hf_rows *rows);

/* Shelves of the Patients asked for last: neighbours speak of the same ones. */
struct hf_derive_known {
	struct {
		char id[64];
		size_t n; /* 0: free */
		int64_t shelf;
	} items[1024];
};

/* known is zeroed by the caller before the first call of a run.  arena is the
 * caller's to reset afterwards.  HF_FAULT, HF_INVALID when the body cannot be
 * read.  own_id (NULL is fine) gets the id kept with the body, n 0 when the server
 * gave it; it lies in arena. */
enum hf_rc hf_derive(struct hf_reader *reader, const struct hf_row *row,
		     struct hf_derive_known *known, struct hf_arena *arena,
		     struct hf_derived *out, struct hf_sv *own_id, struct hf_err *err);

#endif

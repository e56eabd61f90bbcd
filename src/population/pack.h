/* pack.h - rows of one kind as bytes, field by field and byte by byte, so that what
 * repeats lies together and zstd finds it.  Pure; numbers are little-endian. */
#ifndef HF_POPULATION_PACK_H
#define HF_POPULATION_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "population/model.h"

enum hf_pop_rows {
	HF_POP_ROWS_EVENT,	  /* struct hf_pop_event */
	HF_POP_ROWS_PERSON,	  /* struct hf_pop_about */
	HF_POP_ROWS_REGISTRATION, /* struct hf_pop_registration */
	HF_POP_ROWS_CONDITION,	  /* struct hf_pop_condition */
	HF_POP_ROWS_VALUE,	  /* struct hf_pop_value */
	HF_POP_ROWS_KINDS
};

struct hf_pop_about { /* what a feed says of a person */
	uint32_t person;
	struct hf_pop_person p;
};

enum {
	HF_POP_CHUNK_ROWS = 16384, /* of one chunk at most */
	HF_POP_STRIPE_BITS = 15,   /* persons of a stripe: 32,768 */
	HF_POP_PACK_ROWS = 1 << 20 /* rows that unpacking takes at most */
};

size_t hf_pop_row_size(enum hf_pop_rows kind);

/* Appends n rows.  Further diagnoses are read at dx_more of dx_pool (how many, then the
 * codes).  Padding is not written. */
void hf_pop_planes_put(struct hf_buf *out, enum hf_pop_rows kind, const void *rows,
		       size_t n, const uint16_t *dx_pool);

/* What stands at the head of *in: how many rows, and how many places of a pool their
 * further diagnoses take.  HF_INVALID when it cannot be. */
struct hf_pop_planes {
	size_t n, n_dx;
};
enum hf_rc hf_pop_planes_head(struct hf_sv in, struct hf_pop_planes *out,
			      struct hf_err *err);
/* Reads them and moves *in behind.  rows has room for n; dx_pool, from *n_dx on, for
 * n_dx more, and *n_dx grows; dx_more is the offset there. */
enum hf_rc hf_pop_planes_get(struct hf_sv *in, enum hf_pop_rows kind, void *rows,
			     uint16_t *dx_pool, size_t *n_dx, struct hf_err *err);

/* A chunk: its kind and rows, compressed with zstd. */
enum hf_rc hf_pop_chunk_pack(enum hf_pop_rows kind, const void *rows, size_t n,
			     const uint16_t *dx_pool, struct hf_buf *raw,
			     struct hf_buf *out, struct hf_err *err);
/* Its bytes before compression, into raw (emptied first), and a view of the planes in
 * it.  HF_INVALID when body is no chunk of kind with n rows. */
enum hf_rc hf_pop_chunk_open(struct hf_sv body, enum hf_pop_rows kind, size_t n,
			     struct hf_buf *raw, struct hf_sv *planes,
			     struct hf_err *err);

#endif

/* packer.h - rows as they come, made into chunks: sorted by person and day, cut at the
 * stripes of persons, packed.  Pure. */
#ifndef HF_POPULATION_PACKER_H
#define HF_POPULATION_PACKER_H

#include "population/covers.h"
#include "population/pack.h"

struct hf_pop_chunk {
	uint32_t stripe;
	enum hf_pop_rows kind;
	size_t n, at, len; /* rows; bytes in packed */
};

/* Set to zero it is ready for use.  Others read packed, chunks and total. */
struct hf_pop_packer {
	struct hf_pop_raw_rows {
		uint8_t *at;
		size_t n, room;
	} rows[HF_POP_ROWS_KINDS];
	size_t buffered;
	struct hf_buf pool; /* uint16_t: further diagnoses of buffered events */
	struct hf_buf packed, raw;
	struct hf_pop_chunk *chunks;
	size_t n_chunks, room_chunks;
	int64_t total[HF_POP_ROWS_KINDS]; /* rows added */
	size_t places; /* that their further diagnoses take in a pool */
	struct hf_pop_covers covers;
};

void hf_pop_packer_free(struct hf_pop_packer *p);
/* Adds one row; of an event with n further diagnoses.  Packs what is buffered when that
 * is much.  HF_BUSY out of memory. */
enum hf_rc hf_pop_packer_add(struct hf_pop_packer *p, enum hf_pop_rows kind,
			     const void *row, const uint16_t *dx, size_t n,
			     struct hf_err *err);
/* Packs what is buffered. */
enum hf_rc hf_pop_packer_pack(struct hf_pop_packer *p, struct hf_err *err);
/* Forgets the chunks, which somebody has written. */
void hf_pop_packer_written(struct hf_pop_packer *p);

#endif

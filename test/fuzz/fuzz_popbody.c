/* fuzz_popbody.c - any bytes as a packed body of a person, or as a chunk.  What unpacks
 * packs again, and its codes are of its dictionary. */
#include <stdlib.h>

#include "population/own.h"
#include "population/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
as_chunk(struct hf_sv in)
{
	struct hf_pop_planes h;
	struct hf_err err;

	for (int k = 0; k < HF_POP_ROWS_KINDS; k++) {
		struct hf_sv planes = in;
		size_t n_dx = 1;
		uint16_t *pool;
		void *rows;

		if (hf_pop_planes_head(in, &h, &err) != HF_OK || h.n > 4096)
			return;
		rows = calloc(h.n + 1, hf_pop_row_size((enum hf_pop_rows)k));
		pool = calloc(h.n_dx + 1, sizeof(*pool));
		if (rows && pool)
			(void)hf_pop_planes_get(&planes, (enum hf_pop_rows)k, rows,
						pool, &n_dx, &err);
		free(rows);
		free(pool);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv in = {(const char *)data, size};
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_pop_own own;
	struct hf_buf again = {0};
	struct hf_err err;

	if (hf_pop_unpack(in, &arena, &own, &err) == HF_OK &&
	    hf_pop_pack(&own, &again, &err) != HF_OK)
		abort();
	as_chunk(in);
	hf_buf_free(&again);
	hf_arena_free(&arena);
	return 0;
}

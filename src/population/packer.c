/* packer.c - see packer.h. */
#include "population/packer.h"

#include <stdlib.h>

#include "population/sortkey.h"

enum { BUFFER_ROWS = 1 << 19, /* of all kinds: 20 MB of events */ POOL_MOST = 1 << 23 };

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

void
hf_pop_packer_free(struct hf_pop_packer *p)
{
	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++)
		free(p->rows[k].at);
	hf_buf_free(&p->pool);
	hf_buf_free(&p->packed);
	hf_buf_free(&p->raw);
	free(p->chunks);
	hf_pop_covers_free(&p->covers);
	*p = (struct hf_pop_packer){0};
}

void
hf_pop_packer_written(struct hf_pop_packer *p)
{
	p->n_chunks = 0;
	p->packed.n = 0;
}

/* ---- sorting ---- */

enum { DAY_BITS = 16 };

static uint64_t
key_of(enum hf_pop_rows kind, const uint8_t *row)
{
	uint32_t person;
	uint16_t day = 0;

	memcpy(&person, row, sizeof(person));
	if (kind == HF_POP_ROWS_EVENT)
		memcpy(&day, row + offsetof(struct hf_pop_event, day), sizeof(day));
	return (uint64_t)person << DAY_BITS | day;
}

/* ---- packing ---- */

static enum hf_rc
pack_chunk(struct hf_pop_packer *p, enum hf_pop_rows kind, uint32_t stripe,
	   const void *rows, size_t n, struct hf_err *err)
{
	size_t at = p->packed.n;
	enum hf_rc rc;

	if (p->n_chunks == p->room_chunks) {
		size_t room = p->room_chunks ? 2 * p->room_chunks : 64;
		void *wider = realloc(p->chunks, room * sizeof(*p->chunks));

		if (!wider)
			return no_memory(err);
		p->chunks = wider;
		p->room_chunks = room;
	}
	rc = hf_pop_chunk_pack(kind, rows, n, (const uint16_t *)(void *)p->pool.p,
			       &p->raw, &p->packed, err);
	if (rc == HF_OK)
		p->chunks[p->n_chunks++] =
		    (struct hf_pop_chunk){stripe, kind, n, at, p->packed.n - at};
	return rc;
}

static enum hf_rc
pack_sorted(struct hf_pop_packer *p, enum hf_pop_rows kind,
	    const struct hf_pop_key *keys, uint8_t *gather, struct hf_err *err)
{
	const struct hf_pop_raw_rows *r = &p->rows[kind];
	size_t size = hf_pop_row_size(kind), n = 0;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < r->n; i++) {
		uint64_t stripe = keys[i].k >> (DAY_BITS + HF_POP_STRIPE_BITS);

		memcpy(gather + n++ * size, r->at + keys[i].row * size, size);
		if (i + 1 < r->n && n < HF_POP_CHUNK_ROWS &&
		    keys[i + 1].k >> (DAY_BITS + HF_POP_STRIPE_BITS) == stripe)
			continue;
		rc = pack_chunk(p, kind, (uint32_t)stripe, gather, n, err);
		n = 0;
	}
	return rc;
}

static enum hf_rc
pack_kind(struct hf_pop_packer *p, enum hf_pop_rows kind, struct hf_err *err)
{
	struct hf_pop_raw_rows *r = &p->rows[kind];
	size_t size = hf_pop_row_size(kind);
	struct hf_pop_key *keys = malloc((2 * r->n + 1) * sizeof(*keys));
	uint8_t *gather = malloc(HF_POP_CHUNK_ROWS * size);
	enum hf_rc rc;

	if (keys && gather) {
		for (size_t i = 0; i < r->n; i++)
			keys[i] = (struct hf_pop_key){key_of(kind, r->at + i * size),
						      (uint32_t)i};
		rc = pack_sorted(p, kind, hf_pop_sort_keys(keys, keys + r->n, r->n),
				 gather, err);
		r->n = 0;
	} else {
		rc = no_memory(err);
	}
	free(keys);
	free(gather);
	return rc;
}

enum hf_rc
hf_pop_packer_pack(struct hf_pop_packer *p, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (int k = 0; rc == HF_OK && k < HF_POP_ROWS_KINDS; k++)
		if (p->rows[k].n)
			rc = pack_kind(p, (enum hf_pop_rows)k, err);
	p->buffered = 0;
	p->pool.n = 0;
	return rc;
}

/* ---- adding ---- */

static bool
room_for_one(struct hf_pop_raw_rows *r, size_t size)
{
	size_t room = r->room ? 2 * r->room : 1024;
	void *p;

	if (r->n < r->room)
		return true;
	p = realloc(r->at, room * size);
	if (!p)
		return false;
	r->at = p;
	r->room = room;
	return true;
}

/* Where the diagnoses went; 0 for none. */
static uint32_t
pool_add(struct hf_buf *pool, const uint16_t *dx, size_t n)
{
	uint16_t count = (uint16_t)n;
	size_t at;

	if (n == 0)
		return 0;
	if (pool->n == 0)
		hf_buf_add(pool, "\0", sizeof(count)); /* offset 0 means none */
	at = pool->n / sizeof(count);
	hf_buf_add(pool, &count, sizeof(count));
	hf_buf_add(pool, dx, n * sizeof(*dx));
	return (uint32_t)at;
}

enum hf_rc
hf_pop_packer_add(struct hf_pop_packer *p, enum hf_pop_rows kind, const void *row,
		  const uint16_t *dx, size_t n, struct hf_err *err)
{
	struct hf_pop_raw_rows *r = &p->rows[kind];
	size_t size = hf_pop_row_size(kind);
	enum hf_rc rc;

	assert(n < HF_POP_DX_MOST);
	if (p->buffered >= BUFFER_ROWS || p->pool.n > POOL_MOST) {
		rc = hf_pop_packer_pack(p, err);
		if (rc != HF_OK)
			return rc;
	}
	if (!room_for_one(r, size))
		return no_memory(err);
	memcpy(r->at + r->n * size, row, size);
	if (kind == HF_POP_ROWS_EVENT) {
		const struct hf_pop_event *e = row;
		uint32_t more = pool_add(&p->pool, dx, n);

		p->places += n ? n + 1 : 0;
		if (p->pool.failed)
			return no_memory(err);
		memcpy(r->at + r->n * size + offsetof(struct hf_pop_event, dx_more),
		       &more, sizeof(more));
		rc =
		    hf_pop_covers_add(&p->covers, e->provider, e->setting, e->day, err);
		if (rc != HF_OK)
			return rc;
	}
	r->n++;
	p->buffered++;
	p->total[kind]++;
	return HF_OK;
}

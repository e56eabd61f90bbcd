/* pack.c - a section is: rows u32, places of the pool u32, then for each byte of each
 * field a plane: 0 and the one byte that all rows have, or 1 and a byte a row.  The
 * person is the difference to the row before.  Of events there follow how many further
 * diagnoses each has, as a plane, and their codes, u16 each. */
#include "population/pack.h"

#include <endian.h>
#include <stdlib.h>
#include <zstd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "fields are read byte by byte where they lie: little-endian machines only"
#endif

enum {
	CHUNK_MAGIC = 'p',
	CHUNK_VERSION = 1,
	CHUNK_HEAD = 4, /* magic, version, kind, 0 */
	RAW_MOST = 64 << 20,
	LEVEL = 1
};

struct field {
	uint8_t at, n;
};

#define F(type, member)                                                                \
	{                                                                              \
		offsetof(struct type, member), sizeof(((struct type *)NULL)->member)   \
	}

/* The person comes first in every kind and is not named here. */
static const struct field event_fields[] = {
    F(hf_pop_event, cost),     F(hf_pop_event, day),	    F(hf_pop_event, minute),
    F(hf_pop_event, los),      F(hf_pop_event, end_minute), F(hf_pop_event, wait),
    F(hf_pop_event, provider), F(hf_pop_event, specialty),  F(hf_pop_event, hrg),
    F(hf_pop_event, dx),       F(hf_pop_event, proc),	    F(hf_pop_event, setting),
    F(hf_pop_event, method),   F(hf_pop_event, cls),	    F(hf_pop_event, flags),
    F(hf_pop_event, source),   F(hf_pop_event, outcome),    F(hf_pop_event, excluded),
    F(hf_pop_event, basis),
};
static const struct field about_fields[] = {
    F(hf_pop_about, p.pid),	  F(hf_pop_about, p.birth),
    F(hf_pop_about, p.death_day), F(hf_pop_about, p.lsoa),
    F(hf_pop_about, p.sex),	  F(hf_pop_about, p.ethnic),
    F(hf_pop_about, p.imd),	  F(hf_pop_about, p.death_place),
    F(hf_pop_about, p.flags),
};
static const struct field registration_fields[] = {
    F(hf_pop_registration, practice),
    F(hf_pop_registration, from),
    F(hf_pop_registration, to),
};
static const struct field condition_fields[] = {
    F(hf_pop_condition, code),
    F(hf_pop_condition, from),
    F(hf_pop_condition, to),
};
static const struct field value_fields[] = {
    F(hf_pop_value, code),
    F(hf_pop_value, day),
    F(hf_pop_value, milli),
};

static const struct kind {
	const struct field *fields;
	size_t n, size;
} kinds[HF_POP_ROWS_KINDS] = {
    {event_fields, HF_COUNT(event_fields), sizeof(struct hf_pop_event)},
    {about_fields, HF_COUNT(about_fields), sizeof(struct hf_pop_about)},
    {registration_fields, HF_COUNT(registration_fields),
     sizeof(struct hf_pop_registration)},
    {condition_fields, HF_COUNT(condition_fields), sizeof(struct hf_pop_condition)},
    {value_fields, HF_COUNT(value_fields), sizeof(struct hf_pop_value)},
};

size_t
hf_pop_row_size(enum hf_pop_rows kind)
{
	return kinds[kind].size;
}

/* ---- out ---- */

static void
put_u32(struct hf_buf *b, uint32_t v)
{
	uint32_t le = htole32(v);

	hf_buf_add(b, &le, sizeof(le));
}

static void
put_plane(struct hf_buf *b, const uint8_t *at, size_t step, size_t n)
{
	size_t i = 1;
	char *to;

	while (i < n && at[i * step] == at[0])
		i++;
	if (i >= n) {
		hf_buf_char(b, 0);
		hf_buf_char(b, n ? (char)at[0] : 0);
		return;
	}
	hf_buf_char(b, 1);
	to = hf_buf_room(b, n);
	if (!to)
		return;
	for (i = 0; i < n; i++)
		to[i] = (char)at[i * step];
	b->n += n;
}

static uint32_t
person_at(const void *rows, size_t size, size_t i)
{
	uint32_t person;

	memcpy(&person, (const uint8_t *)rows + i * size, sizeof(person));
	return person;
}

static void
put_persons(struct hf_buf *b, const void *rows, size_t size, size_t n)
{
	uint32_t *delta = malloc((n + 1) * sizeof(*delta)), last = 0;

	if (!delta) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t person = person_at(rows, size, i);

		delta[i] = person - last;
		last = person;
	}
	for (size_t byte = 0; byte < sizeof(*delta); byte++)
		put_plane(b, (const uint8_t *)delta + byte, sizeof(*delta), n);
	free(delta);
}

static void
put_diagnoses(struct hf_buf *b, const struct hf_pop_event *e, size_t n,
	      const uint16_t *pool)
{
	uint8_t *counts = calloc(n + 1, 1);

	if (!counts) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		counts[i] = e[i].dx_more ? (uint8_t)pool[e[i].dx_more] : 0;
	put_plane(b, counts, 1, n);
	for (size_t i = 0; i < n; i++)
		if (counts[i])
			hf_buf_add(b, &pool[e[i].dx_more + 1], 2u * counts[i]);
	free(counts);
}

static size_t
pool_places(const struct hf_pop_event *e, size_t n, const uint16_t *pool)
{
	size_t places = 0;

	for (size_t i = 0; i < n; i++)
		if (e[i].dx_more && pool[e[i].dx_more])
			places += 1u + pool[e[i].dx_more];
	return places;
}

void
hf_pop_planes_put(struct hf_buf *out, enum hf_pop_rows kind, const void *rows, size_t n,
		  const uint16_t *dx_pool)
{
	const struct kind *k = &kinds[kind];
	bool events = kind == HF_POP_ROWS_EVENT;

	assert(n <= HF_POP_PACK_ROWS);
	put_u32(out, (uint32_t)n);
	put_u32(out, events ? (uint32_t)pool_places(rows, n, dx_pool) : 0);
	put_persons(out, rows, k->size, n);
	for (size_t f = 0; f < k->n; f++)
		for (size_t byte = 0; byte < k->fields[f].n; byte++)
			put_plane(out, (const uint8_t *)rows + k->fields[f].at + byte,
				  k->size, n);
	if (events)
		put_diagnoses(out, rows, n, dx_pool);
}

/* ---- in ---- */

static enum hf_rc
no_rows(struct hf_err *err, const char *what)
{
	return hf_fail(err, HF_INVALID, NULL, "packed rows that are damaged: %s", what);
}

static uint32_t
get_u32(const char *p)
{
	uint32_t le;

	memcpy(&le, p, sizeof(le));
	return le32toh(le);
}

enum hf_rc
hf_pop_planes_head(struct hf_sv in, struct hf_pop_planes *out, struct hf_err *err)
{
	struct hf_pop_planes h;

	if (in.n < 8)
		return no_rows(err, "cut short");
	h.n = get_u32(in.p);
	h.n_dx = get_u32(in.p + 4);
	if (h.n > HF_POP_PACK_ROWS || h.n_dx > h.n * HF_POP_DX_MOST)
		return no_rows(err, "more than there can be");
	*out = h;
	return HF_OK;
}

static bool
get_plane(struct hf_sv *in, uint8_t *at, size_t step, size_t n)
{
	bool each = in->n && in->p[0];

	if (in->n < 2 || (each && in->n < 1 + n))
		return false;
	if (each)
		for (size_t i = 0; i < n; i++)
			at[i * step] = (uint8_t)in->p[1 + i];
	else
		for (size_t i = 0; i < n; i++)
			at[i * step] = (uint8_t)in->p[1];
	*in = hf_sv_from_at(*in, each ? 1 + n : 2);
	return true;
}

/* Differences become persons again. */
static void
add_up(void *rows, size_t size, size_t n)
{
	uint32_t last = 0;

	for (size_t i = 0; i < n; i++) {
		last += person_at(rows, size, i);
		memcpy((uint8_t *)rows + i * size, &last, sizeof(last));
	}
}

static enum hf_rc
get_diagnoses(struct hf_sv *in, struct hf_pop_event *e, size_t n, uint16_t *pool,
	      size_t *at, size_t end, struct hf_err *err)
{
	struct hf_sv counts = *in;
	bool each = in->n && in->p[0];

	if (in->n < 2 || (each && in->n < 1 + n))
		return no_rows(err, "diagnoses cut short");
	*in = hf_sv_from_at(*in, each ? 1 + n : 2);
	for (size_t i = 0; i < n; i++) {
		size_t c = (uint8_t)counts.p[each ? 1 + i : 1];

		e[i].dx_more = 0;
		if (c == 0)
			continue;
		if (c >= HF_POP_DX_MOST || *at + 1 + c > end || in->n < 2 * c)
			return no_rows(err, "diagnoses beyond their number");
		e[i].dx_more = (uint32_t)*at;
		pool[*at] = (uint16_t)c;
		memcpy(&pool[*at + 1], in->p, 2 * c);
		*at += 1 + c;
		*in = hf_sv_from_at(*in, 2 * c);
	}
	return HF_OK;
}

enum hf_rc
hf_pop_planes_get(struct hf_sv *in, enum hf_pop_rows kind, void *rows,
		  uint16_t *dx_pool, size_t *n_dx, struct hf_err *err)
{
	const struct kind *k = &kinds[kind];
	struct hf_pop_planes h;
	enum hf_rc rc = hf_pop_planes_head(*in, &h, err);
	struct hf_sv at = hf_sv_from_at(*in, 8);
	bool good = true;

	if (rc != HF_OK)
		return rc;
	for (size_t byte = 0; good && byte < sizeof(uint32_t); byte++)
		good = get_plane(&at, (uint8_t *)rows + byte, k->size, h.n);
	for (size_t f = 0; good && f < k->n; f++)
		for (size_t byte = 0; good && byte < k->fields[f].n; byte++)
			good = get_plane(&at, (uint8_t *)rows + k->fields[f].at + byte,
					 k->size, h.n);
	if (!good)
		return no_rows(err, "cut short");
	add_up(rows, k->size, h.n);
	if (kind == HF_POP_ROWS_EVENT)
		rc = get_diagnoses(&at, rows, h.n, dx_pool, n_dx, *n_dx + h.n_dx, err);
	if (rc == HF_OK)
		*in = at;
	return rc;
}

/* ---- chunks ---- */

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

enum hf_rc
hf_pop_chunk_pack(enum hf_pop_rows kind, const void *rows, size_t n,
		  const uint16_t *dx_pool, struct hf_buf *raw, struct hf_buf *out,
		  struct hf_err *err)
{
	size_t most, packed;
	char *to;

	raw->n = 0;
	hf_buf_char(raw, CHUNK_MAGIC);
	hf_buf_char(raw, CHUNK_VERSION);
	hf_buf_char(raw, (char)kind);
	hf_buf_char(raw, 0);
	hf_pop_planes_put(raw, kind, rows, n, dx_pool);
	if (raw->failed)
		return no_memory(err);
	most = ZSTD_compressBound(raw->n);
	to = hf_buf_room(out, most);
	if (!to)
		return no_memory(err);
	packed = ZSTD_compress(to, most, raw->p, raw->n, LEVEL);
	if (ZSTD_isError(packed))
		return hf_fail(err, HF_FAULT, "zstd", "%s", ZSTD_getErrorName(packed));
	out->n += packed;
	return HF_OK;
}

enum hf_rc
hf_pop_chunk_open(struct hf_sv body, enum hf_pop_rows kind, size_t n,
		  struct hf_buf *raw, struct hf_sv *planes, struct hf_err *err)
{
	unsigned long long size = ZSTD_getFrameContentSize(body.p, body.n);
	struct hf_pop_planes h;
	struct hf_sv in;
	enum hf_rc rc;
	size_t got;

	if (size < CHUNK_HEAD || size > RAW_MOST) /* unknown and error are larger */
		return no_rows(err, "no frame of a size that can be");
	raw->n = 0;
	if (!hf_buf_room(raw, (size_t)size))
		return no_memory(err);
	got = ZSTD_decompress(raw->p, (size_t)size, body.p, body.n);
	if (ZSTD_isError(got) || got != size)
		return no_rows(err, "the frame does not unpack");
	raw->n = got;
	if (raw->p[0] != CHUNK_MAGIC || raw->p[1] != CHUNK_VERSION ||
	    raw->p[2] != (char)kind)
		return no_rows(err, "another kind of chunk");
	in = (struct hf_sv){raw->p + CHUNK_HEAD, raw->n - CHUNK_HEAD};
	rc = hf_pop_planes_head(in, &h, err);
	if (rc != HF_OK)
		return rc;
	if (h.n != n)
		return no_rows(err, "another number of rows");
	*planes = in;
	return HF_OK;
}

/* own.c - a body is: magic, version, 0, 0, the pseudonym, how many events,
 * registrations, conditions, values and places of the pool (u32 each); then one zstd
 * frame of the person's fields, the dictionaries (number of codes u16; each a length u8
 * and its bytes) and the sections of registrations, conditions, values and events as
 * pack.c makes them. */
#include "population/own.h"

#include <endian.h>
#include <zstd.h>

#include "population/names.h"
#include "population/pack.h"

enum {
	COUNTS = 5,
	COUNTS_AT = 4 + HF_POP_PID,
	MAGIC = 'o',
	VERSION = 1,
	RAW_MOST = 32 << 20,
	LEVEL = 3

};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

static enum hf_rc
damaged(struct hf_err *err, const char *what)
{
	return hf_fail(err, HF_INVALID, NULL, "a person's packed rows are damaged: %s",
		       what);
}

/* Doubles at powers of two, so that the size need not be kept. */
static bool
dictionary_fits(struct hf_pop_dictionary *d, struct hf_arena *arena)
{
	struct hf_sv *wider;

	if (d->n && (d->n & (d->n - 1)))
		return true;
	wider = hf_arena_array(arena, d->n ? 2 * d->n : 2, sizeof(*wider));
	if (!wider)
		return false;
	if (d->n)
		memcpy(wider, d->text, d->n * sizeof(*wider));
	else
		d->n = 1; /* wider[0] is empty */
	d->text = wider;
	return true;
}

enum hf_rc
hf_pop_own_code(struct hf_pop_own *own, struct hf_arena *arena, enum hf_pop_kind kind,
		struct hf_sv text, uint16_t *out, struct hf_err *err)
{
	struct hf_pop_dictionary *d = &own->dict[kind];
	struct hf_sv copy;

	*out = 0;
	if (text.n == 0)
		return HF_OK;
	for (size_t i = 1; i < d->n; i++)
		if (hf_sv_eq(d->text[i], text)) {
			*out = (uint16_t)i;
			return HF_OK;
		}
	if (text.n > HF_POP_TEXT_MOST || d->n > HF_POP_CODES_MOST)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "a code of more than %d bytes, or more than %d codes",
			       HF_POP_TEXT_MOST, HF_POP_CODES_MOST);
	copy = hf_arena_sv(arena, text);
	if (!copy.p || !dictionary_fits(d, arena))
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "one person's rows take more memory than they may");
	d->text[d->n] = copy;
	*out = (uint16_t)d->n++;
	return HF_OK;
}

/* ---- is every code one of the dictionary? ---- */

static bool
knows(const struct hf_pop_own *own, enum hf_pop_kind kind, uint16_t code)
{
	return code == 0 || code < own->dict[kind].n;
}

static bool
knows_event(const struct hf_pop_own *own, const struct hf_pop_event *e)
{
	if (!knows(own, HF_POP_PROVIDER, e->provider) ||
	    !knows(own, HF_POP_SPECIALTY, e->specialty) ||
	    !knows(own, HF_POP_HRG, e->hrg) || !knows(own, HF_POP_ICD10, e->dx) ||
	    !knows(own, HF_POP_PROC, e->proc))
		return false;
	if (e->dx_more == 0)
		return true;
	if (e->dx_more >= own->n_dx_pool ||
	    own->dx_pool[e->dx_more] >= HF_POP_DX_MOST ||
	    own->dx_pool[e->dx_more] >= own->n_dx_pool - e->dx_more)
		return false;
	for (size_t i = 1; i <= own->dx_pool[e->dx_more]; i++)
		if (!knows(own, HF_POP_ICD10, own->dx_pool[e->dx_more + i]))
			return false;
	return true;
}

static bool
knows_all(const struct hf_pop_own *own)
{
	bool all = knows(own, HF_POP_LSOA, own->person.lsoa);

	for (size_t i = 0; all && i < own->n_reg; i++)
		all = knows(own, HF_POP_PRACTICE, own->reg[i].practice);
	for (size_t i = 0; all && i < own->n_cond; i++)
		all = knows(own, HF_POP_CONDITION, own->cond[i].code);
	for (size_t i = 0; all && i < own->n_value; i++)
		all = knows(own, HF_POP_VALUE, own->value[i].code);
	for (size_t i = 0; all && i < own->n_event; i++)
		all = knows_event(own, &own->event[i]);
	return all;
}

/* ---- out ---- */

static void
put_dictionaries(struct hf_buf *b, const struct hf_pop_own *own)
{
	for (size_t k = 0; k < HF_POP_KINDS; k++) {
		const struct hf_pop_dictionary *d = &own->dict[k];
		size_t n = d->n ? d->n - 1 : 0;

		hf_buf_char(b, (char)(n & 0xff));
		hf_buf_char(b, (char)(n >> 8));
		for (size_t i = 1; i <= n; i++) {
			hf_buf_char(b, (char)d->text[i].n);
			hf_buf_sv(b, d->text[i]);
		}
	}
}

static void
put_head(const struct hf_pop_own *own, struct hf_buf *out)
{
	const size_t counts[COUNTS] = {own->n_event, own->n_reg, own->n_cond,
				       own->n_value, own->n_dx_pool};

	hf_buf_char(out, MAGIC);
	hf_buf_char(out, VERSION);
	hf_buf_add(out, "\0", 2);
	hf_buf_add(out, own->person.pid, HF_POP_PID);
	for (size_t i = 0; i < COUNTS; i++) {
		uint32_t le = htole32((uint32_t)counts[i]);

		hf_buf_add(out, &le, sizeof(le));
	}
}

static enum hf_rc
compress(struct hf_buf *raw, const struct hf_pop_own *own, struct hf_buf *out,
	 struct hf_err *err)
{
	size_t most = ZSTD_compressBound(raw->n), packed;
	char *to;

	put_head(own, out);
	to = hf_buf_room(out, most);
	if (raw->failed || !to)
		return no_memory(err);
	packed = ZSTD_compress(to, most, raw->p, raw->n, LEVEL);
	if (ZSTD_isError(packed))
		return hf_fail(err, HF_FAULT, "zstd", "%s", ZSTD_getErrorName(packed));
	out->n += packed;
	return HF_OK;
}

enum hf_rc
hf_pop_pack(const struct hf_pop_own *own, struct hf_buf *out, struct hf_err *err)
{
	struct hf_pop_about about = {.p = own->person};
	struct hf_buf raw = {.cap = RAW_MOST};
	enum hf_rc rc;

	if (!knows_all(own))
		return hf_fail(err, HF_INVALID, NULL,
			       "a row has a code that its dictionary has not");
	if (own->n_reg > HF_POP_PACK_ROWS || own->n_cond > HF_POP_PACK_ROWS ||
	    own->n_value > HF_POP_PACK_ROWS || own->n_event > HF_POP_PACK_ROWS)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "more than %d rows of one person", HF_POP_PACK_ROWS);
	hf_pop_planes_put(&raw, HF_POP_ROWS_PERSON, &about, 1, NULL);
	put_dictionaries(&raw, own);
	hf_pop_planes_put(&raw, HF_POP_ROWS_REGISTRATION, own->reg, own->n_reg, NULL);
	hf_pop_planes_put(&raw, HF_POP_ROWS_CONDITION, own->cond, own->n_cond, NULL);
	hf_pop_planes_put(&raw, HF_POP_ROWS_VALUE, own->value, own->n_value, NULL);
	hf_pop_planes_put(&raw, HF_POP_ROWS_EVENT, own->event, own->n_event,
			  own->dx_pool);
	rc = compress(&raw, own, out, err);
	hf_buf_free(&raw);
	return rc;
}

/* ---- in ---- */

static enum hf_rc
get_dictionaries(struct hf_sv *in, struct hf_arena *arena, struct hf_pop_own *own,
		 struct hf_err *err)
{
	for (size_t k = 0; k < HF_POP_KINDS; k++) {
		struct hf_pop_dictionary *d = &own->dict[k];
		size_t n;

		if (in->n < 2)
			return damaged(err, "codes cut short");
		n = (uint8_t)in->p[0] | (size_t)(uint8_t)in->p[1] << 8;
		*in = hf_sv_from_at(*in, 2);
		if (n > in->n)
			return damaged(err, "more codes than bytes");
		d->text = hf_arena_array(arena, n + 1, sizeof(*d->text));
		if (!d->text)
			return no_memory(err);
		for (d->n = 1; d->n <= n; d->n++) {
			size_t len = in->n ? (uint8_t)in->p[0] : 0;

			if (len == 0 || len > HF_POP_TEXT_MOST || len + 1 > in->n)
				return damaged(err, "a code cut short");
			d->text[d->n] = (struct hf_sv){in->p + 1, len};
			*in = hf_sv_from_at(*in, len + 1);
		}
	}
	return HF_OK;
}

static enum hf_rc
get_rows(struct hf_sv *in, enum hf_pop_rows kind, struct hf_arena *arena, void **rows,
	 size_t *n, struct hf_pop_own *own, struct hf_err *err)
{
	struct hf_pop_planes h;
	enum hf_rc rc = hf_pop_planes_head(*in, &h, err);

	if (rc != HF_OK)
		return rc;
	*rows = hf_arena_array(arena, h.n + 1, hf_pop_row_size(kind));
	if (!*rows)
		return no_memory(err);
	if (kind == HF_POP_ROWS_EVENT) {
		own->dx_pool = hf_arena_array(arena, h.n_dx + 1, sizeof(uint16_t));
		if (!own->dx_pool)
			return no_memory(err);
		own->n_dx_pool = 1;
	}
	*n = h.n;
	return hf_pop_planes_get(in, kind, *rows, own->dx_pool, &own->n_dx_pool, err);
}

static enum hf_rc
read_raw(struct hf_sv in, struct hf_arena *arena, struct hf_pop_own *own,
	 struct hf_err *err)
{
	void *about, *reg, *cond, *value, *event;
	size_t n = 0;
	enum hf_rc rc;

	rc = get_rows(&in, HF_POP_ROWS_PERSON, arena, &about, &n, own, err);
	if (rc == HF_OK && n != 1)
		rc = damaged(err, "not of one person");
	if (rc == HF_OK)
		rc = get_dictionaries(&in, arena, own, err);
	if (rc == HF_OK)
		rc = get_rows(&in, HF_POP_ROWS_REGISTRATION, arena, &reg, &own->n_reg,
			      own, err);
	if (rc == HF_OK)
		rc = get_rows(&in, HF_POP_ROWS_CONDITION, arena, &cond, &own->n_cond,
			      own, err);
	if (rc == HF_OK)
		rc = get_rows(&in, HF_POP_ROWS_VALUE, arena, &value, &own->n_value, own,
			      err);
	if (rc == HF_OK)
		rc = get_rows(&in, HF_POP_ROWS_EVENT, arena, &event, &own->n_event, own,
			      err);
	if (rc != HF_OK)
		return rc;
	own->person = ((struct hf_pop_about *)about)->p;
	own->reg = reg;
	own->cond = cond;
	own->value = value;
	own->event = event;
	if (in.n || !knows_all(own))
		return damaged(err, "rows and codes do not agree");
	return HF_OK;
}

static void
forget_person(struct hf_pop_own *own)
{
	for (size_t i = 0; i < own->n_reg; i++)
		own->reg[i].person = 0;
	for (size_t i = 0; i < own->n_cond; i++)
		own->cond[i].person = 0;
	for (size_t i = 0; i < own->n_value; i++)
		own->value[i].person = 0;
	for (size_t i = 0; i < own->n_event; i++)
		own->event[i].person = 0;
}

bool
hf_pop_own_head(struct hf_sv body, struct hf_pop_own_head *out)
{
	uint32_t counts[COUNTS];

	static_assert(COUNTS_AT + sizeof(counts) == HF_POP_OWN_HEAD, "own.h says it");
	if (body.n < HF_POP_OWN_HEAD || body.p[0] != MAGIC || body.p[1] != VERSION)
		return false;
	memcpy(out->pid, body.p + 4, HF_POP_PID);
	memcpy(counts, body.p + COUNTS_AT, sizeof(counts));
	out->n_event = le32toh(counts[0]);
	out->n_reg = le32toh(counts[1]);
	out->n_cond = le32toh(counts[2]);
	out->n_value = le32toh(counts[3]);
	out->n_dx_pool = le32toh(counts[4]);
	return true;
}

/* Whoever makes room by the head is not told another number by the rows. */
static bool
head_is(const struct hf_pop_own_head *h, const struct hf_pop_own *own)
{
	return memcmp(own->person.pid, h->pid, HF_POP_PID) == 0 &&
	       own->n_event == h->n_event && own->n_reg == h->n_reg &&
	       own->n_cond == h->n_cond && own->n_value == h->n_value &&
	       own->n_dx_pool <= (size_t)h->n_dx_pool + 1;
}

enum hf_rc
hf_pop_unpack(struct hf_sv body, struct hf_arena *arena, struct hf_pop_own *out,
	      struct hf_err *err)
{
	struct hf_sv frame = hf_sv_from_at(body, HF_POP_OWN_HEAD);
	unsigned long long size = ZSTD_getFrameContentSize(frame.p, frame.n);
	struct hf_pop_own own = {0};
	struct hf_pop_own_head head;
	enum hf_rc rc;
	size_t got;
	char *raw;

	if (!hf_pop_own_head(body, &head))
		return damaged(err, "another kind of body");
	if (size < 2 || size > RAW_MOST) /* unknown and error are larger */
		return damaged(err, "no frame of a size that can be");
	raw = hf_arena_alloc(arena, (size_t)size);
	if (!raw)
		return no_memory(err);
	got = ZSTD_decompress(raw, (size_t)size, frame.p, frame.n);
	if (ZSTD_isError(got) || got != size)
		return damaged(err, "the frame does not unpack");
	rc = read_raw((struct hf_sv){raw, got}, arena, &own, err);
	if (rc == HF_OK && !head_is(&head, &own))
		rc = damaged(err, "its head says otherwise");
	if (rc != HF_OK)
		return rc;
	forget_person(&own);
	*out = own;
	return HF_OK;
}

/* assign.c - see assign.h. */
#include "contract/assign.h"

#include <sodium.h>
#include <stdlib.h>

/* ---- one row ---- */

uint8_t
hf_ct_assign(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
	     const struct hf_ct_priced *p)
{
	for (size_t l = 0; l < t->n_lines; l++)
		if (hf_ct_selects(t->lines[l].select, a, p))
			return (uint8_t)l;
	return HF_CT_NO_LINE;
}

bool
hf_ct_readmits(const struct hf_ct_line *line, const struct hf_ct_activity *a)
{
	bool elective = a->flags & HF_CT_F_READM_EL,
	     other = !elective && a->flags & HF_CT_F_READM_OTHER;

	return (line->after == HF_CT_AFTER_ELECTIVE && elective) ||
	       (line->after == HF_CT_AFTER_OTHER && other);
}

bool
hf_ct_of_provider(const struct hf_ct_terms *t, const struct hf_ct_activity *a)
{
	const struct hf_ct_party *p = &t->parties[HF_CT_PROVIDER];
	hf_ct_code code;

	for (size_t i = 0; i < p->n_orgs; i++)
		if (hf_ct_code_parse(hf_sv_from(p->orgs[i]), &code) &&
		    code == a->provider)
			return true;
	return false;
}

static size_t
put(uint8_t *at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
	return (size_t)bytes;
}

void
hf_ct_row_digest(const struct hf_ct_activity *a, const struct hf_ct_priced *p,
		 uint8_t out[HF_CT_DIGEST])
{
	uint8_t b[128];
	size_t n = 0;

	n += put(b + n, a->hrg, 8);
	n += put(b + n, a->provider, 8);
	n += put(b + n, a->specialty, 8);
	n += put(b + n, a->commissioner, 8);
	n += put(b + n, (uint64_t)a->cost, 8);
	n += put(b + n, (uint32_t)a->day, 4);
	n += put(b + n, (uint32_t)a->admitted, 4);
	n += put(b + n, (uint32_t)a->quantity, 4);
	n += put(b + n, (uint16_t)a->critical, 2);
	n += put(b + n, (uint16_t)a->rehab, 2);
	n += put(b + n, (uint16_t)a->palliative, 2);
	n += put(b + n, (uint16_t)a->other, 2);
	n += put(b + n, (uint16_t)a->delayed, 2);
	n += put(b + n, a->flags, 2);
	n += put(b + n, a->kind, 1);
	n += put(b + n, a->method, 1);
	n += put(b + n, a->age, 1);
	n += put(b + n, a->cls, 1);
	n += put(b + n, a->specialised, 1);
	n += put(b + n, a->investigation, 1);
	n += put(b + n, a->treatment, 1);
	n += put(b + n, (uint64_t)p->value, 8);
	n += put(b + n, p->problem, 1);
	assert(n <= sizeof b);
	crypto_hash_sha256(out, b, n);
}

/* ---- all of them ---- */

/* A row within a line and month, ready to be put in the order of digests. */
struct placed {
	uint16_t cell; /* line * HF_CT_MONTHS + month */
	uint8_t digest[HF_CT_DIGEST];
};

struct filler {
	const struct hf_ct_terms *t;
	struct hf_ct_filling *out;
	struct placed *placed;
	size_t n;
};

static bool
place(struct filler *f, size_t line, int month, const struct hf_ct_activity *a,
      const struct hf_ct_priced *p)
{
	struct hf_ct_filled *at = &f->out->at[line][month];
	struct placed *one = &f->placed[f->n++];

	one->cell = (uint16_t)(line * HF_CT_MONTHS + (size_t)month);
	hf_ct_row_digest(a, p, one->digest);
	at->rows++;
	at->units += a->quantity > 0 ? a->quantity : 1;
	return hf_pence_add(&at->pence, p->value);
}

static bool
take(struct filler *f, const struct hf_ct_activity *a, const struct hf_ct_priced *p)
{
	int month = p->period - 1;
	struct hf_ct_left *left = &f->out->left[month];
	uint8_t line;

	f->out->rows[month]++;
	if (p->problem != HF_CT_P_NONE) {
		left->problems[p->problem]++;
		return true;
	}
	line = hf_ct_assign(f->t, a, p);
	if (line == HF_CT_NO_LINE) {
		left->none++;
		return hf_pence_add(&left->none_pence, p->value);
	}
	for (size_t l = 0; l < f->t->n_lines; l++)
		if (hf_ct_readmits(&f->t->lines[l], a) && !place(f, l, month, a, p))
			return false;
	return place(f, line, month, a, p);
}

static int
by_digest(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	return memcmp(a->digest, b->digest, HF_CT_DIGEST);
}

static void
digest_cells(struct filler *f)
{
	qsort(f->placed, f->n, sizeof *f->placed, by_digest);
	for (size_t i = 0; i < f->n;) {
		uint16_t cell = f->placed[i].cell;
		struct hf_ct_filled *at =
		    &f->out->at[cell / HF_CT_MONTHS][cell % HF_CT_MONTHS];
		crypto_hash_sha256_state h;

		crypto_hash_sha256_init(&h);
		for (; i < f->n && f->placed[i].cell == cell; i++)
			crypto_hash_sha256_update(&h, f->placed[i].digest,
						  HF_CT_DIGEST);
		crypto_hash_sha256_final(&h, at->digest);
	}
}

enum hf_rc
hf_ct_fill(const struct hf_ct_terms *t, const struct hf_ct_activity *a,
	   const struct hf_ct_priced *p, size_t n, struct hf_arena *arena,
	   struct hf_ct_filling *out, struct hf_err *err)
{
	struct filler f = {.t = t, .out = out};

	memset(out, 0, sizeof *out);
	/* A row is in its line and at most once in the readmission rule's. */
	f.placed = hf_arena_array(arena, n * 2 + 1, sizeof *f.placed);
	if (!f.placed)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "there is too much activity for one contract");
	for (size_t i = 0; i < n; i++) {
		if (p[i].fy != t->fy || p[i].period < 1 || p[i].period > HF_CT_MONTHS ||
		    a[i].day < t->from || a[i].day > t->to ||
		    !hf_ct_of_provider(t, &a[i]))
			continue;
		if (!take(&f, &a[i], &p[i]))
			return hf_fail(err, HF_TOO_LONG, t->id,
				       "the money of a month does not fit in 64 bits");
	}
	digest_cells(&f);
	return HF_OK;
}

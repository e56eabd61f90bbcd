/* codeset.c - patterns of codes, and events matched with sets of them.
 *
 * A matcher holds, for each code of the dictionary, the lists it is on as bits of two
 * words: an event costs one look-up a diagnosis, and most end after it. */
#include "population/codeset.h"

#include <stdlib.h>

enum { WORDS = HF_POP_LISTS / 64 };

struct bits {
	uint64_t w[WORDS];
};

struct hf_pop_matcher {
	const struct hf_pop_codesets *s;
	const struct hf_pop_columns *c;
	struct bits *icd, *proc; /* by code */
	struct bits asked;	 /* lists that some clause begins with */
};

static bool
read_end(struct hf_sv s, char out[8])
{
	if (s.n == 0 || s.n > 5)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (i > 0 && s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	memcpy(out, s.p, s.n);
	out[s.n] = 0;
	return true;
}

bool
hf_pop_pattern_read(struct hf_sv text, struct hf_pop_pattern *out)
{
	struct hf_pop_pattern p = {0};
	struct hf_sv rest = text, ends = hf_sv_cut(&rest, ':');
	struct hf_sv from = hf_sv_cut(&ends, '-');
	bool range = ends.p != NULL;

	if (!read_end(from, p.from) || !read_end(range ? ends : from, p.to))
		return false;
	if (range && (ends.n != from.n || memcmp(p.from, p.to, from.n) >= 0))
		return false;
	p.n = (uint8_t)from.n;
	if (rest.p) {
		if (p.n != 3 || rest.n == 0 || rest.n >= sizeof p.fourth)
			return false;
		memcpy(p.fourth, rest.p, rest.n);
		if (strspn(p.fourth, "0123456789X") != rest.n)
			return false;
	}
	*out = p;
	return true;
}

bool
hf_pop_pattern_fits(const struct hf_pop_pattern *p, struct hf_sv code)
{
	if (code.n < p->n || memcmp(code.p, p->from, p->n) < 0 ||
	    memcmp(code.p, p->to, p->n) > 0)
		return false;
	return !p->fourth[0] ||
	       (code.n > 3 && code.p[3] && strchr(p->fourth, code.p[3]) != NULL);
}

bool
hf_pop_list_fits(const struct hf_pop_list *l, struct hf_sv code)
{
	for (size_t i = 0; i < l->n; i++)
		if (hf_pop_pattern_fits(&l->items[i], code))
			return true;
	return false;
}

int
hf_pop_codesets_find(const struct hf_pop_codesets *s, struct hf_sv id)
{
	for (size_t i = 0; i < s->n; i++)
		if (hf_sv_eq(hf_sv_from(s->sets[i].id), id))
			return (int)i;
	return -1;
}

static bool
has(struct bits b, int list)
{
	return list >= 0 && (b.w[list / 64] >> (list % 64) & 1);
}

static struct bits
either(struct bits a, struct bits b)
{
	for (size_t i = 0; i < WORDS; i++)
		a.w[i] |= b.w[i];
	return a;
}

static struct bits *
bits_of(const struct hf_pop_codesets *s, const struct hf_pop_dictionary *d)
{
	struct bits *b = calloc(d->n ? d->n : 1, sizeof *b);

	for (size_t i = 1; b && i < d->n; i++)
		for (size_t k = 0; k < s->n_lists; k++)
			if (hf_pop_list_fits(&s->lists[k], d->text[i]))
				b[i].w[k / 64] |= UINT64_C(1) << (k % 64);
	return b;
}

enum hf_rc
hf_pop_matcher_new(const struct hf_pop_codesets *s, const struct hf_pop_columns *c,
		   struct hf_pop_matcher **out, struct hf_err *err)
{
	struct hf_pop_matcher *m = calloc(1, sizeof *m);

	if (m)
		*m = (struct hf_pop_matcher){
		    .s = s,
		    .c = c,
		    .icd = bits_of(s, &c->dict[HF_POP_ICD10]),
		    .proc = bits_of(s, &c->dict[HF_POP_PROC]),
		};
	if (!m || !m->icd || !m->proc) {
		hf_pop_matcher_free(m);
		return hf_fail(err, HF_TOO_LONG, s->id, "no memory for its codes");
	}
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sets[i].n; k++) {
			int list = s->sets[i].clauses[k].is.list;

			m->asked.w[list / 64] |= UINT64_C(1) << (list % 64);
		}
	*out = m;
	return HF_OK;
}

void
hf_pop_matcher_free(struct hf_pop_matcher *m)
{
	if (!m)
		return;
	free(m->icd);
	free(m->proc);
	free(m);
}

static bool
stands(struct hf_pop_diagnosis d, const struct bits *primary,
       const struct bits *secondary)
{
	return (d.position != HF_POP_SECONDARY && has(*primary, d.list)) ||
	       (d.position != HF_POP_PRIMARY && has(*secondary, d.list));
}

static bool
holds(const struct hf_pop_matcher *m, const struct hf_pop_clause *k,
      const struct bits *primary, const struct bits *secondary, uint16_t proc)
{
	if (!stands(k->is, primary, secondary))
		return false;
	if (k->with.list >= 0 && !stands(k->with, primary, secondary))
		return false;
	if (k->without.list >= 0 && stands(k->without, primary, secondary))
		return false;
	if (!proc)
		return true;
	if (k->no_procedure && !has(m->proc[proc], k->minor))
		return false;
	return !has(m->proc[proc], k->without_procedure);
}

uint64_t
hf_pop_matcher_event(const struct hf_pop_matcher *m, uint64_t event)
{
	const struct hf_pop_events *ev = &m->c->ev;
	const uint16_t *more = m->c->dx_pool + ev->dx_more[event];
	struct bits primary = m->icd[ev->dx[event]], secondary = {0}, all;
	uint64_t in = 0;

	if (ev->dx_more[event])
		for (size_t i = 1; i <= more[0]; i++)
			secondary = either(secondary, m->icd[more[i]]);
	all = either(primary, secondary);
	if (!(all.w[0] & m->asked.w[0]) && !(all.w[1] & m->asked.w[1]))
		return 0;
	for (size_t i = 0; i < m->s->n; i++) {
		const struct hf_pop_set *s = &m->s->sets[i];

		for (size_t k = 0; k < s->n; k++)
			if (holds(m, &s->clauses[k], &primary, &secondary,
				  ev->proc[event])) {
				in |= UINT64_C(1) << i;
				break;
			}
	}
	return in;
}

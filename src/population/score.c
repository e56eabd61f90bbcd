/* score.c - scores of a person on a day.
 *
 * Each document becomes tables by code: which items a diagnosis is of (bits), which
 * item a condition or specialty is of.  A person's events are looked through once for
 * stays, visits and medicines; the scores then read these lists. */
#include "population/score_int.h"

#include <stdlib.h>

uint8_t
hf_pop_band_of_points(const struct hf_pop_score *s, size_t variant, int32_t points,
		      int age)
{
	int64_t score; /* in thousandths, times divide */
	int64_t divide = s->divide;

	if (points <= HF_POP_INCOMPLETE || s->n_bands == 0 ||
	    (s->band_from_age && age < s->band_from_age))
		return HF_POP_UNBANDED;
	score = (int64_t)points * 1000;
	if (s->variants[variant].two_dp && points >= 0) {
		score = ((int64_t)points * 100 + divide / 2) / divide * 10;
		divide = 1;
	}
	for (size_t i = 0; i + 1 < s->n_bands; i++) {
		int64_t end = s->bands[i].milli * divide;

		if (s->bands[i].inclusive ? score <= end : score < end)
			return (uint8_t)(i + 1);
	}
	return (uint8_t)s->n_bands;
}

static bool
in_item(const char **codes, size_t n, struct hf_sv text)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(hf_sv_from(codes[i]), text))
			return true;
	return false;
}

static uint16_t
code_of(const struct hf_pop_dictionary *d, struct hf_sv text)
{
	for (size_t i = 1; i < d->n; i++)
		if (hf_sv_eq(d->text[i], text))
			return (uint16_t)i;
	return 0;
}

static bool
ready_codes(struct ready *r, const struct hf_pop_columns *c)
{
	const struct hf_pop_dictionary *cond = &c->dict[HF_POP_CONDITION];
	const struct hf_pop_dictionary *spec = &c->dict[HF_POP_SPECIALTY];
	const struct hf_pop_score *s = r->s;

	r->of_condition = malloc(cond->n + 1);
	r->of_specialty = malloc(spec->n + 1);
	if (!r->of_condition || !r->of_specialty)
		return false;
	memset(r->of_condition, NO_ITEM, cond->n + 1);
	memset(r->of_specialty, NO_ITEM, spec->n + 1);
	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_pop_item *item = &s->items[i];

		for (size_t k = 1; item->n_conditions && k < cond->n; k++)
			if (in_item(item->conditions, item->n_conditions,
				    cond->text[k]))
				r->of_condition[k] = (uint8_t)i;
		for (size_t k = 1; item->n_specialties && k < spec->n; k++)
			if (in_item(item->specialties, item->n_specialties,
				    spec->text[k]))
				r->of_specialty[k] = (uint8_t)i;
		for (size_t k = 0; k < item->n_values; k++)
			r->value[i][k] = code_of(&c->dict[HF_POP_VALUE],
						 hf_sv_from(item->values[k].code));
		r->looks_at_values |= item->n_values > 0;
		r->looks_at_conditions |= item->n_conditions > 0;
		r->has_specialties |= item->n_specialties > 0;
		if (item->icd10.n)
			r->has_icd = true;
		if (item->fact)
			r->facts[r->n_facts++] = (uint8_t)i;
		r->has_sum |= item->parent >= 0;
	}
	return true;
}

static bool
ready_icd(struct ready *r, const struct hf_pop_columns *c)
{
	const struct hf_pop_dictionary *d = &c->dict[HF_POP_ICD10];

	if (!r->has_icd)
		return true;
	r->icd = calloc(d->n + 1, sizeof *r->icd);
	if (!r->icd)
		return false;
	for (size_t k = 1; k < d->n; k++)
		for (size_t i = 0; i < r->s->n_items; i++)
			if (hf_pop_list_fits(&r->s->items[i].icd10, d->text[k]))
				hf_pop_set_add(&r->icd[k], (int)i);
	return true;
}

enum hf_rc
hf_pop_scorer_new(const struct hf_pop_score *scores, size_t n,
		  const struct hf_pop_columns *c, struct hf_pop_scorer **out,
		  struct hf_err *err)
{
	struct hf_pop_scorer *s = calloc(1, sizeof *s);
	bool ok = s != NULL;

	if (s) {
		*s = (struct hf_pop_scorer){.c = c, .n = n};
		s->ready = calloc(n ? n : 1, sizeof *s->ready);
		ok = s->ready != NULL;
	}
	for (size_t i = 0; ok && i < n; i++) {
		s->ready[i].s = &scores[i];
		s->ready[i].first_column = s->n_columns;
		ok = ready_codes(&s->ready[i], c) && ready_icd(&s->ready[i], c);
		s->wants_chemicals |= s->ready[i].n_facts > 0;
		s->n_columns += scores[i].n_variants;
	}
	if (!ok || s->n_columns > HF_POP_SCORE_COLUMNS) {
		hf_pop_scorer_free(s);
		return hf_fail(err, HF_TOO_LONG, "scores",
			       ok ? "more than %d scores and variants"
				  : "no memory for their codes (%d columns at most)",
			       HF_POP_SCORE_COLUMNS);
	}
	*out = s;
	return HF_OK;
}

void
hf_pop_scorer_free(struct hf_pop_scorer *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->ready && i < s->n; i++) {
		free(s->ready[i].of_condition);
		free(s->ready[i].of_specialty);
		free(s->ready[i].icd);
	}
	free(s->ready);
	free(s);
}

size_t
hf_pop_scorer_columns(const struct hf_pop_scorer *s)
{
	return s->n_columns;
}

void
hf_pop_scorer_column(const struct hf_pop_scorer *s, size_t column, size_t *score,
		     size_t *variant)
{
	size_t i = 0;

	assert(column < s->n_columns);
	while (i + 1 < s->n && s->ready[i + 1].first_column <= column)
		i++;
	*score = i;
	*variant = column - s->ready[i].first_column;
}

int
hf_pop_scorer_find(const struct hf_pop_scorer *s, struct hf_sv name)
{
	struct hf_sv variant = name, id = hf_sv_cut(&variant, ':');

	for (size_t i = 0; i < s->n; i++) {
		const struct hf_pop_score *score = s->ready[i].s;

		if (!hf_sv_eq(hf_sv_from(score->id), id))
			continue;
		for (size_t v = 0; v < score->n_variants; v++)
			if (!variant.p ||
			    hf_sv_eq(hf_sv_from(score->variants[v].id), variant))
				return (int)(s->ready[i].first_column + v);
	}
	return -1;
}

struct hf_pop_scratch *
hf_pop_scratch_new(const struct hf_pop_scorer *s)
{
	struct hf_pop_scratch *x = calloc(1, sizeof *x);

	if (x)
		x->seen = calloc(s->c->dict[HF_POP_PROC].n + 1, sizeof *x->seen);
	if (x && !x->seen) {
		free(x);
		return NULL;
	}
	return x;
}

void
hf_pop_scratch_free(struct hf_pop_scratch *x)
{
	if (!x)
		return;
	free(x->seen);
	free(x);
}

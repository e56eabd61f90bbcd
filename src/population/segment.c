/* segment.c - the one group of a person on a day. */
#include "population/segment.h"

#include <stdlib.h>

#include "population/score_int.h"

struct ready_clause {
	uint16_t codes[HF_POP_SEGMENT_CODES];
	size_t n_codes;
	int column; /* of the score asked for, -1: none */
	uint8_t band;
};

struct hf_pop_segmenter {
	const struct hf_pop_scheme *scheme;
	const struct hf_pop_columns *c;
	uint16_t *group; /* by condition code */
	struct ready_clause clauses[HF_POP_SEGMENTS][HF_POP_SEGMENT_CLAUSES];
};

static const struct {
	const char *code;
	enum hf_pop_group group;
} groups[] = {
#define HF_POP_COND(name, code, title, efi, cms, group) {code, HF_POP_G_##group},
#include "population/conditions.def"
#undef HF_POP_COND
};

enum hf_pop_group
hf_pop_group_of(struct hf_sv code)
{
	for (size_t i = 0; i < HF_COUNT(groups); i++)
		if (hf_sv_eq(hf_sv_from(groups[i].code), code))
			return groups[i].group;
	return HF_POP_G_NONE;
}

static uint8_t
band_called(const struct hf_pop_score *s, const char *id)
{
	for (size_t i = 0; i < s->n_bands; i++)
		if (strcmp(s->bands[i].id, id) == 0)
			return (uint8_t)(i + 1);
	return 0;
}

static enum hf_rc
ready_clause(const struct hf_pop_segment_clause *k, const struct hf_pop_scorer *scorer,
	     struct ready_clause *out, struct hf_err *err)
{
	const struct hf_pop_dictionary *d = &scorer->c->dict[HF_POP_CONDITION];
	size_t score, variant;

	for (size_t i = 0; i < k->n_conditions; i++)
		for (size_t code = 1; code < d->n; code++)
			if (hf_sv_eq(d->text[code], hf_sv_from(k->conditions[i])))
				out->codes[out->n_codes++] = (uint16_t)code;
	out->column = -1;
	if (!k->score)
		return HF_OK;
	out->column = hf_pop_scorer_find(scorer, hf_sv_from(k->score));
	if (out->column >= 0) {
		hf_pop_scorer_column(scorer, (size_t)out->column, &score, &variant);
		out->band = band_called(scorer->ready[score].s, k->band);
	}
	if (out->column < 0 || !out->band)
		return hf_fail(err, HF_INVALID, k->score,
			       "there is no score with a band \"%s\"", k->band);
	return HF_OK;
}

enum hf_rc
hf_pop_segmenter_new(const struct hf_pop_scheme *scheme,
		     const struct hf_pop_scorer *scorer, struct hf_pop_segmenter **out,
		     struct hf_err *err)
{
	const struct hf_pop_dictionary *d = &scorer->c->dict[HF_POP_CONDITION];
	struct hf_pop_segmenter *s = calloc(1, sizeof *s);
	enum hf_rc rc = HF_OK;

	if (s)
		*s = (struct hf_pop_segmenter){
		    .scheme = scheme,
		    .c = scorer->c,
		    .group = calloc(d->n + 1, sizeof *s->group),
		};
	if (!s || !s->group) {
		hf_pop_segmenter_free(s);
		return hf_fail(err, HF_TOO_LONG, scheme->id, "no memory for its codes");
	}
	for (size_t i = 1; i < d->n; i++)
		s->group[i] = (uint16_t)hf_pop_group_of(d->text[i]);
	for (size_t i = 0; rc == HF_OK && i < scheme->n; i++)
		for (size_t k = 0; rc == HF_OK && k < scheme->segments[i].n; k++)
			rc = ready_clause(&scheme->segments[i].any[k], scorer,
					  &s->clauses[i][k], err);
	if (rc) {
		hf_pop_segmenter_free(s);
		return rc;
	}
	*out = s;
	return HF_OK;
}

void
hf_pop_segmenter_free(struct hf_pop_segmenter *s)
{
	if (!s)
		return;
	free(s->group);
	free(s);
}

static bool
there(const struct hf_pop_condition *k, uint16_t day)
{
	return (k->from <= day || k->from == HF_POP_NONE) && day < k->to;
}

static bool
has_code(const struct hf_pop_segmenter *s, const struct ready_clause *r,
	 uint32_t person, uint16_t day)
{
	const struct hf_pop_columns *c = s->c;

	for (uint32_t i = c->cond_first[person]; i < c->cond_first[person + 1]; i++)
		for (size_t k = 0; k < r->n_codes; k++)
			if (c->cond[i].code == r->codes[k] && there(&c->cond[i], day))
				return true;
	return false;
}

static bool
had_stays(const struct hf_pop_segmenter *s, const struct hf_pop_scratch *x,
	  const struct hf_pop_segment_clause *k, uint16_t day)
{
	int n = 0;

	for (size_t i = 0; i < x->n_stays; i++)
		n += (k->stays >> s->c->ev.setting[x->stays[i]] & 1) &&
		     day - s->c->ev.day[x->stays[i]] < k->days;
	return n >= k->least;
}

/* What of a person all clauses look at. */
struct traits {
	int age;
	uint16_t groups;
	uint8_t flags;
};

static struct traits
traits(const struct hf_pop_segmenter *s, const struct hf_pop_scratch *x,
       uint32_t person, uint16_t day)
{
	const struct hf_pop_columns *c = s->c;
	struct traits t = {.age = x->age < 0 ? HF_POP_AGE_ASSUMED : x->age,
			   .flags = c->persons[person].flags};

	for (uint32_t i = c->cond_first[person]; i < c->cond_first[person + 1]; i++)
		if (there(&c->cond[i], day))
			t.groups |= s->group[c->cond[i].code];
	return t;
}

size_t
hf_pop_segment_of(const struct hf_pop_segmenter *s, const struct hf_pop_scratch *x,
		  const struct hf_pop_scored *scored, uint32_t person, uint16_t day,
		  size_t *clause)
{
	struct traits t = traits(s, x, person, day);

	for (size_t i = 0; i < s->scheme->n; i++)
		for (size_t j = 0; j < s->scheme->segments[i].n; j++) {
			const struct hf_pop_segment_clause *k =
			    &s->scheme->segments[i].any[j];
			const struct ready_clause *r = &s->clauses[i][j];

			if (t.age < k->from_age ||
			    (k->below_age && t.age >= k->below_age) ||
			    (k->groups && !(k->groups & t.groups)) ||
			    (k->flags && !(k->flags & t.flags)) ||
			    (r->column >= 0 && scored[r->column].band < r->band) ||
			    (k->n_conditions && !has_code(s, r, person, day)) ||
			    (k->stays && !had_stays(s, x, k, day)))
				continue;
			if (clause)
				*clause = j;
			return i;
		}
	assert(false); /* a scheme that was loaded takes everybody */
	return 0;
}

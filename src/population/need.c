/* need.c - everybody's need on a day. */
#include "population/need.h"

#include <stdlib.h>

#include "population/score_int.h"

enum { DEFS_BYTES = 16 << 20, MANY = 255, EFI_MOST = 64 };

static enum hf_rc
mistake(const struct hf_issues *issues, const struct hf_err *why, struct hf_err *err)
{
	if (issues->n == 0)
		return hf_fail(err, HF_FAULT, why->path, "%s", why->text);
	return hf_fail(err, HF_FAULT, NULL, "%.*s: %.*s",
		       HF_SV_ARG(issues->items[0].path),
		       HF_SV_ARG(issues->items[0].text));
}

enum hf_rc
hf_pop_defs_load(struct hf_pop_defs *out, struct hf_err *err)
{
	struct hf_issues issues;
	struct hf_err why = {0};

	*out = (struct hf_pop_defs){.arena = {.cap = DEFS_BYTES}};
	issues = (struct hf_issues){.arena = &out->arena};
	assert(hf_n_scores_population_builtin <= HF_POP_SCORES &&
	       hf_n_segments_builtin <= HF_POP_SCHEMES);
	for (size_t i = 0; i < hf_n_scores_population_builtin; i++) {
		const struct hf_definition_text *t = &hf_scores_population_builtin[i];

		if (hf_pop_score_load(t->name, t->text, &out->arena, &issues,
				      &out->scores[out->n_scores++], &why))
			return mistake(&issues, &why, err);
	}
	for (size_t i = 0; i < hf_n_segments_builtin; i++) {
		const struct hf_definition_text *t = &hf_segments_builtin[i];

		if (hf_pop_scheme_load(t->name, t->text, &out->arena, &issues,
				       &out->schemes[out->n_schemes++], &why))
			return mistake(&issues, &why, err);
	}
	return HF_OK;
}

void
hf_pop_defs_free(struct hf_pop_defs *d)
{
	hf_arena_free(&d->arena);
	*d = (struct hf_pop_defs){0};
}

static bool
room(struct hf_pop_need *n)
{
	size_t people = n->c->n_persons ? n->c->n_persons : 1;
	bool ok = true;

	for (size_t k = 0; k < hf_pop_scorer_columns(n->scorer); k++) {
		n->points[k] = malloc(people * sizeof *n->points[k]);
		n->band[k] = malloc(people);
		ok = ok && n->points[k] && n->band[k];
	}
	for (size_t k = 0; k < n->defs->n_schemes; k++) {
		n->segment[k] = malloc(people);
		ok = ok && n->segment[k];
	}
	n->ltcs = malloc(people);
	n->chemicals = malloc(people);
	n->risk = calloc(people, 1);
	return ok && n->ltcs && n->chemicals && n->risk;
}

enum hf_rc
hf_pop_need_new(const struct hf_pop_defs *defs, const struct hf_pop_columns *c,
		uint16_t day, struct hf_pop_need **out, struct hf_err *err)
{
	struct hf_pop_need *n = calloc(1, sizeof *n);
	enum hf_rc rc;

	if (!n)
		return hf_fail(err, HF_TOO_LONG, "need", "no memory");
	*n = (struct hf_pop_need){.defs = defs, .c = c, .day = day};
	rc = hf_pop_scorer_new(defs->scores, defs->n_scores, c, &n->scorer, err);
	for (size_t i = 0; rc == HF_OK && i < defs->n_schemes; i++)
		rc = hf_pop_segmenter_new(&defs->schemes[i], n->scorer,
					  &n->segmenter[i], err);
	if (rc == HF_OK && !room(n))
		rc = hf_fail(err, HF_TOO_LONG, "need", "no memory for %u people",
			     c->n_persons);
	if (rc) {
		hf_pop_need_free(n);
		return rc;
	}
	*out = n;
	return HF_OK;
}

void
hf_pop_need_free(struct hf_pop_need *n)
{
	if (!n)
		return;
	for (size_t k = 0; k < HF_POP_SCORE_COLUMNS; k++) {
		free(n->points[k]);
		free(n->band[k]);
	}
	for (size_t k = 0; k < HF_POP_SCHEMES; k++) {
		free(n->segment[k]);
		hf_pop_segmenter_free(n->segmenter[k]);
	}
	hf_pop_scorer_free(n->scorer);
	free(n->ltcs);
	free(n->chemicals);
	free(n->risk);
	free(n);
}

static bool
is_ltc(const struct hf_pop_columns *c, uint16_t code)
{
	struct hf_sv text = c->dict[HF_POP_CONDITION].text[code];
	enum hf_pop_group g = hf_pop_group_of(text);

	return hf_sv_starts(text, HF_SV("ltc-")) && g != HF_POP_G_NONE &&
	       g != HF_POP_G_HOMELESS && g != HF_POP_G_PALLIATIVE;
}

/* How many long-term conditions are there on the day; ltc: by code, whether it is one.
 * Rows of a person stand by code, so that one that is there twice is one. */
static uint8_t
count_ltcs(const struct hf_pop_need *n, const bool *ltc, uint32_t person)
{
	const struct hf_pop_columns *c = n->c;
	uint16_t last = 0;
	unsigned count = 0;

	for (uint32_t i = c->cond_first[person]; i < c->cond_first[person + 1]; i++) {
		const struct hf_pop_condition *k = &c->cond[i];

		if (k->code == last || !ltc[k->code] ||
		    (k->from > n->day && k->from != HF_POP_NONE) || k->to <= n->day)
			continue;
		last = k->code;
		count++;
	}
	return count > MANY ? MANY : (uint8_t)count;
}

void
hf_pop_need_some(struct hf_pop_need *n, struct hf_pop_scratch *x, uint32_t from,
		 uint32_t to)
{
	struct hf_pop_scored scored[HF_POP_SCORE_COLUMNS];
	size_t columns = hf_pop_scorer_columns(n->scorer);
	bool ltc[UINT16_MAX + 1];

	ltc[0] = false;
	for (size_t k = 1; k < n->c->dict[HF_POP_CONDITION].n; k++)
		ltc[k] = is_ltc(n->c, (uint16_t)k);
	for (uint32_t p = from; p < to; p++) {
		hf_pop_score_person(n->scorer, x, p, n->day, scored);
		for (size_t k = 0; k < columns; k++) {
			n->points[k][p] = scored[k].points;
			n->band[k][p] = scored[k].band;
		}
		for (size_t k = 0; k < n->defs->n_schemes; k++)
			n->segment[k][p] = (uint8_t)hf_pop_segment_of(
			    n->segmenter[k], x, scored, p, n->day, NULL);
		n->ltcs[p] = count_ltcs(n, ltc, p);
		n->chemicals[p] = x->chemicals > MANY ? MANY : (uint8_t)x->chemicals;
	}
}

/* The key people are ranked by: points first, then eFI.  SIZE_MAX: not scored. */
static size_t
rank_key(const int32_t *points, const int32_t *efi, uint32_t p, int32_t least)
{
	if (points[p] <= HF_POP_INCOMPLETE)
		return SIZE_MAX;
	return (size_t)(points[p] - least) * EFI_MOST +
	       (efi[p] > 0 ? (size_t)efi[p] % EFI_MOST : 0);
}

static void
rank(struct hf_pop_need *n, const int32_t *points, const int32_t *efi, uint32_t *count,
     size_t keys, int32_t least)
{
	uint64_t scored = 0, above = 0;
	uint32_t people = n->c->n_persons;

	for (uint32_t p = 0; p < people; p++) {
		size_t key = rank_key(points, efi, p, least);

		if (key != SIZE_MAX) {
			count[key]++;
			scored++;
		}
	}
	/* From how many to the band: 0.5, 5 and 20 of a hundred are above. */
	for (size_t key = keys; key-- > 0;) {
		uint64_t here = count[key];

		count[key] = above * 200 < scored  ? HF_POP_RISK_CASE
			     : above * 20 < scored ? HF_POP_RISK_DISEASE
			     : above * 5 < scored  ? HF_POP_RISK_SELF
						   : HF_POP_RISK_PREVENTION;
		above += here;
	}
	for (uint32_t p = 0; p < people; p++) {
		size_t key = rank_key(points, efi, p, least);

		n->risk[p] = key == SIZE_MAX ? HF_POP_RISK_NONE : (uint8_t)count[key];
	}
}

enum hf_rc
hf_pop_need_rank(struct hf_pop_need *n, struct hf_sv column, struct hf_err *err)
{
	int at = hf_pop_scorer_find(n->scorer, column);
	int efi = hf_pop_scorer_find(n->scorer, HF_SV("efi"));
	int32_t least = INT32_MAX, most = INT32_MIN;
	uint32_t *count;
	size_t keys;

	if (at < 0 || efi < 0)
		return hf_fail(err, HF_INVALID, "rank", "there is no such score");
	for (uint32_t p = 0; p < n->c->n_persons; p++) {
		int32_t v = n->points[at][p];

		if (v <= HF_POP_INCOMPLETE)
			continue;
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	if (most < least) /* nobody is scored */
		return HF_OK;
	keys = ((size_t)(most - least) + 1) * EFI_MOST;
	count = calloc(keys, sizeof *count);
	if (!count)
		return hf_fail(err, HF_TOO_LONG, "rank", "no memory");
	rank(n, n->points[at], n->points[efi], count, keys, least);
	free(count);
	return HF_OK;
}

enum hf_rc
hf_pop_transitions(const struct hf_pop_need *n, size_t scheme, uint16_t from,
		   uint16_t to, uint32_t *moved, struct hf_err *err)
{
	struct hf_pop_scored scored[HF_POP_SCORE_COLUMNS];
	struct hf_pop_scratch *x = hf_pop_scratch_new(n->scorer);
	size_t segments = n->defs->schemes[scheme].n;

	if (!x)
		return hf_fail(err, HF_TOO_LONG, "segments", "no memory");
	memset(moved, 0, segments * segments * sizeof *moved);
	for (uint32_t p = 0; p < n->c->n_persons; p++) {
		size_t before, after;

		if (n->c->persons[p].death_day <= to)
			continue;
		hf_pop_score_person(n->scorer, x, p, from, scored);
		before =
		    hf_pop_segment_of(n->segmenter[scheme], x, scored, p, from, NULL);
		hf_pop_score_person(n->scorer, x, p, to, scored);
		after = hf_pop_segment_of(n->segmenter[scheme], x, scored, p, to, NULL);
		moved[before * segments + after]++;
	}
	hf_pop_scratch_free(x);
	return HF_OK;
}

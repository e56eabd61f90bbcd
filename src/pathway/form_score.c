/* form_score.c - forms and the scores they give: do they fit, what are the values; and
 * all that come with the program. */
#include "pathway/form_int.h"

#include <stdarg.h>

/* ---- do they fit? ---- */

struct fit {
	const struct hf_qn *q;
	struct hf_issues *issues;
	bool good;
};

static void wrong(struct fit *f, unsigned line, const char *fmt, ...) HF_PRINTF(3, 4);

static void
wrong(struct fit *f, unsigned line, const char *fmt, ...)
{
	char place[120], text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	snprintf(place, sizeof place, "%s.json:%u", f->q->id, line);
	hf_issue_add(f->issues, HF_SEV_ERROR, "invalid", hf_sv_from(place), "%s", text);
	f->good = false;
}

static const struct hf_qn_item *
asks(struct fit *f, const char *id)
{
	int at = hf_qn_find(f->q, hf_sv_from(id));
	const struct hf_qn_item *item = at < 0 ? NULL : &f->q->items[at];

	if (!item)
		wrong(f, 1, "the form does not ask for \"%s\" of its score", id);
	else if (item->looped || item->repeats)
		wrong(f, item->line, "\"%s\" is for the score: it does not repeat", id);
	return item;
}

static void
fits_codes(struct fit *f, const struct hf_qn_item *item,
	   const struct hf_score_code *codes, size_t n)
{
	if (item->type != HF_QN_CHOICE) {
		wrong(f, item->line, "\"%s\" of the score has codes: a choice",
		      item->id);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		bool there = false;

		for (size_t k = 0; k < item->n_options; k++)
			there |=
			    hf_sv_eq(item->options[k].code, hf_sv_from(codes[i].code));
		if (!there)
			wrong(f, item->line,
			      "\"%s\" lacks the option \"%s\" of the score", item->id,
			      codes[i].code);
	}
	if (item->n_options > n)
		wrong(f, item->line, "\"%s\" has options that the score has not",
		      item->id);
}

static bool
same_bound(const struct hf_qn_value *bound, bool has, struct hf_decimal value)
{
	if (!has)
		return true; /* the form may be stricter */
	return bound->kind && hf_decimal_cmp(bound->number, value) == 0;
}

static void
fits_number(struct fit *f, const struct hf_qn_item *item, const struct hf_score_item *s)
{
	if (item->type != HF_QN_INTEGER &&
	    (s->whole || (item->type != HF_QN_DECIMAL && item->type != HF_QN_QUANTITY)))
		wrong(f, item->line, "\"%s\" of the score is %s", item->id,
		      s->whole ? "an integer" : "a number");
	else if (!same_bound(&item->min, s->has_min, s->min) ||
		 !same_bound(&item->max, s->has_max, s->max))
		wrong(f, item->line, "\"%s\" has other bounds than in the score",
		      item->id);
	else if (*s->unit && (item->n_units != 1 ||
			      !hf_sv_eq(item->units[0].code, hf_sv_from(s->unit))))
		wrong(f, item->line, "\"%s\" is in %s in the score", item->id, s->unit);
}

bool
hf_qn_fits(const struct hf_qn *q, const struct hf_score *s, struct hf_issues *issues)
{
	struct fit f = {.q = q, .issues = issues, .good = true};

	if (strcmp(q->score_version, s->version) != 0)
		wrong(&f, 1, "it is for version %s of %s, which is %s",
		      q->score_version, s->id, s->version);
	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_qn_item *item = asks(&f, s->items[i].id);

		if (item && s->items[i].kind == HF_SCORE_CODE)
			fits_codes(&f, item, s->items[i].codes, s->items[i].n_codes);
		else if (item)
			fits_number(&f, item, &s->items[i]);
	}
	for (size_t i = 0; i < s->n_choices; i++) {
		const struct hf_qn_item *item = asks(&f, s->choices[i].id);

		if (item)
			fits_codes(&f, item, s->choices[i].codes,
				   s->choices[i].n_codes);
	}
	return f.good;
}

/* ---- values ---- */

static bool
is_of_score(const struct hf_score *s, const char *id)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (strcmp(s->items[i].id, id) == 0)
			return true;
	for (size_t i = 0; i < s->n_choices; i++)
		if (strcmp(s->choices[i].id, id) == 0)
			return true;
	return false;
}

size_t
hf_qn_score_values(const struct hf_qn *q, const struct hf_score *s,
		   const struct hf_qn_answers *a, struct hf_score_value *values)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct hf_qn_given *g = &a->given[i];
		const struct hf_qn_item *item = &q->items[g->item];

		if (!g->enabled || g->n_values == 0 || item->looped ||
		    !is_of_score(s, item->id))
			continue;
		assert(n < HF_SCORE_ITEMS + HF_SCORE_CHOICES);
		values[n++] = (struct hf_score_value){
		    .id = hf_sv_from(item->id),
		    .value = g->values[0].kind == HF_QN_CODE ? g->values[0].code
							     : g->values[0].text};
	}
	return n;
}

/* ---- what comes with the program ---- */

bool
hf_form_is_builtin(const char *id)
{
	size_t n = strlen(id);

	for (size_t i = 0; i < hf_n_forms_builtin; i++)
		if (strncmp(hf_forms_builtin[i].name, id, n) == 0 &&
		    strcmp(hf_forms_builtin[i].name + n, ".json") == 0)
			return true;
	return false;
}

const struct hf_qn *
hf_forms_find(const struct hf_forms *forms, struct hf_sv id)
{
	for (size_t i = 0; i < forms->n_forms; i++)
		if (hf_sv_eq(id, hf_sv_from(forms->forms[i].id)))
			return &forms->forms[i];
	return NULL;
}

const struct hf_score *
hf_forms_score(const struct hf_forms *forms, struct hf_sv id)
{
	for (size_t i = 0; i < forms->n_scores; i++)
		if (hf_sv_eq(id, hf_sv_from(forms->scores[i].id)))
			return &forms->scores[i];
	return NULL;
}

void
hf_forms_free(struct hf_forms *forms)
{
	for (size_t i = 0; i < forms->n_forms; i++)
		hf_qn_free(&forms->forms[i]);
	forms->n_forms = 0;
}

static bool
load_all(struct hf_arena *arena, struct hf_issues *issues, struct hf_forms *out,
	 struct hf_err *err)
{
	for (size_t i = 0; i < hf_n_scores_builtin; i++)
		if (hf_score_load(hf_scores_builtin[i].name, hf_scores_builtin[i].text,
				  arena, issues, &out->scores[out->n_scores++],
				  err) != HF_OK)
			return false;
	for (size_t i = 0; i < hf_n_forms_builtin; i++) {
		struct hf_qn *q;
		const struct hf_score *s;

		if (hf_qn_load(hf_forms_builtin[i].name, hf_forms_builtin[i].text,
			       arena, issues, &q, err) != HF_OK)
			return false;
		out->forms[out->n_forms++] = *q;
		s = hf_forms_score(out, hf_sv_from(q->score));
		if (*q->score && (!s || !hf_qn_fits(q, s, issues))) {
			hf_fail(err, HF_INVALID, hf_forms_builtin[i].name,
				"it does not fit its score");
			return false;
		}
	}
	return true;
}

enum hf_rc
hf_forms_load(struct hf_arena *arena, struct hf_issues *issues, struct hf_forms *out,
	      struct hf_err *err)
{
	*out = (struct hf_forms){
	    .forms = hf_arena_array(arena, hf_n_forms_builtin, sizeof *out->forms),
	    .scores = hf_arena_array(arena, hf_n_scores_builtin, sizeof *out->scores)};
	if (!out->forms || !out->scores)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the forms");
	if (load_all(arena, issues, out, err))
		return HF_OK;
	hf_forms_free(out);
	return err->rc;
}

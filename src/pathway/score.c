/* score.c - values to points, points to a total and its level. */
#include "pathway/score.h"

/* What the values of one run are, by item and by choice. */
struct given {
	bool has[HF_SCORE_ITEMS];
	int code[HF_SCORE_ITEMS];
	struct hf_decimal number[HF_SCORE_ITEMS];
	int choice[HF_SCORE_CHOICES];
};

static int
find_code(const struct hf_score_code *codes, size_t n, struct hf_sv code)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(code, hf_sv_from(codes[i].code)))
			return (int)i;
	return -1;
}

static enum hf_rc
wrong_value(const char *id, const char *what, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, id, "%s: %s", id, what);
}

static enum hf_rc
take_number(const struct hf_score_item *item, struct hf_sv text, struct hf_decimal *out,
	    bool *extreme, struct hf_err *err)
{
	struct hf_decimal d;

	if (!hf_decimal_parse(text, &d))
		return wrong_value(item->id, "expected a number", err);
	if (item->whole && hf_decimal_cmp(d, hf_decimal_round(d, 0)) != 0)
		return wrong_value(item->id, "expected a whole number", err);
	if ((item->has_min && hf_decimal_cmp(d, item->min) < 0) ||
	    (item->has_max && hf_decimal_cmp(d, item->max) > 0))
		return wrong_value(item->id, "the value is impossible", err);
	*extreme = (item->has_low && hf_decimal_cmp(d, item->low) < 0) ||
		   (item->has_high && hf_decimal_cmp(d, item->high) > 0);
	if (item->round >= 0)
		d = hf_decimal_round(d, item->round);
	*out = d;
	return HF_OK;
}

static enum hf_rc
take_item(const struct hf_score *s, size_t i, struct hf_sv value, struct given *g,
	  struct hf_score_result *r, struct hf_err *err)
{
	const struct hf_score_item *item = &s->items[i];
	bool extreme = false;
	enum hf_rc rc;

	if (g->has[i])
		return wrong_value(item->id, "it is given twice", err);
	if (item->kind == HF_SCORE_CODE) {
		g->code[i] = find_code(item->codes, item->n_codes, value);
		if (g->code[i] < 0)
			return wrong_value(item->id, "there is no such answer", err);
	} else {
		rc = take_number(item, value, &g->number[i], &extreme, err);
		if (rc != HF_OK)
			return rc;
		if (extreme)
			r->confirm |= (uint64_t)1 << i;
	}
	g->has[i] = true;
	return HF_OK;
}

static enum hf_rc
take(const struct hf_score *s, const struct hf_score_value *v, struct given *g,
     struct hf_score_result *r, struct hf_err *err)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (hf_sv_eq(v->id, hf_sv_from(s->items[i].id)))
			return v->value.n ? take_item(s, i, v->value, g, r, err)
					  : HF_OK;
	for (size_t i = 0; i < s->n_choices; i++) {
		const struct hf_score_choice *c = &s->choices[i];

		if (!hf_sv_eq(v->id, hf_sv_from(c->id)))
			continue;
		if (v->value.n == 0)
			return HF_OK;
		g->choice[i] = find_code(c->codes, c->n_codes, v->value);
		return g->choice[i] >= 0
			   ? HF_OK
			   : wrong_value(c->id, "there is no such choice", err);
	}
	return hf_fail(err, HF_INVALID, NULL, "%s has no item of this name: %.*s",
		       s->id, (int)(v->id.n > 40 ? 40 : v->id.n), v->id.p);
}

/* Does the table hold for what is given?  *missing when it is not known. */
static bool
table_holds(const struct hf_score_table *t, const struct given *g, bool *missing)
{
	for (size_t k = 0; k < t->n_when; k++) {
		int item = t->when[k].item;

		if (item < 0) {
			if (g->choice[-1 - item] != t->when[k].code)
				return false;
		} else if (!g->has[item]) {
			*missing = true;
			return false;
		} else if (g->code[item] != t->when[k].code) {
			return false;
		}
	}
	return true;
}

static int
points_of_number(const struct hf_score_item *item, const struct given *g,
		 struct hf_decimal value)
{
	bool missing = false;
	int64_t whole;

	if (item->as_is)
		return hf_decimal_int(value, &whole) ? (int)whole : -1;
	for (size_t t = 0; t < item->n_tables; t++) {
		const struct hf_score_table *table = &item->tables[t];

		if (!table_holds(table, g, &missing))
			continue;
		for (size_t b = 0; b < table->n_bands; b++)
			if (table->bands[b].last ||
			    hf_decimal_cmp(value, table->bands[b].upto) <= 0)
				return table->bands[b].points;
	}
	return -1; /* what the tables hang on is missing */
}

static void
add_up(const struct hf_score *s, const struct given *g, struct hf_score_result *r)
{
	r->complete = true;
	for (size_t i = 0; i < s->n_items; i++) {
		const struct hf_score_item *item = &s->items[i];

		r->points[i] = -1;
		if (g->has[i])
			r->points[i] = item->kind == HF_SCORE_CODE
					   ? item->codes[g->code[i]].points
					   : points_of_number(item, g, g->number[i]);
		if (r->points[i] < 0) {
			r->complete = false;
			r->missing |= (uint64_t)1 << i;
		} else {
			r->total += r->points[i];
		}
	}
}

static void
find_level(const struct hf_score *s, struct hf_score_result *r)
{
	r->level = -1;
	for (size_t i = 0; r->complete && i < s->n_levels; i++)
		if (r->total >= s->levels[i].from && r->total <= s->levels[i].to)
			r->level = (int)i;
	for (size_t k = 0; k < s->n_raises; k++) {
		const struct hf_score_raise *raise = &s->raises[k];

		for (size_t i = 0; i < s->n_items; i++) {
			if ((raise->item >= 0 && (size_t)raise->item != i) ||
			    r->points[i] < raise->points)
				continue;
			r->raised |= (uint64_t)1 << k;
			if (r->complete && raise->level > r->level)
				r->level = raise->level;
		}
	}
}

enum hf_rc
hf_score_run(const struct hf_score *s, int age, const struct hf_score_value *values,
	     size_t n, struct hf_score_result *out, struct hf_err *err)
{
	struct hf_score_result r = {.level = -1};
	struct given g = {0};

	if (!s->scored)
		return hf_fail(err, HF_RULE, NULL,
			       "the tables of %s are not supplied with the program: "
			       "load them from an approved source",
			       s->id);
	if (age >= 0 && (age < s->age_min || age > s->age_max))
		return hf_fail(err, HF_RULE, NULL, "%s is for ages from %d to %d",
			       s->id, s->age_min, s->age_max);
	for (size_t i = 0; i < s->n_choices; i++)
		g.choice[i] = s->choices[i].otherwise;
	for (size_t i = 0; i < n; i++) {
		enum hf_rc rc = take(s, &values[i], &g, &r, err);

		if (rc != HF_OK)
			return rc;
	}
	for (size_t i = 0; i < s->n_choices; i++)
		if (g.choice[i] < 0)
			return wrong_value(s->choices[i].id, "say which", err);
	add_up(s, &g, &r);
	find_level(s, &r);
	if (!r.complete)
		r.total = 0;
	*out = r;
	return HF_OK;
}

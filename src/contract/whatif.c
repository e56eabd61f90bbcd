/* whatif.c - the same facts under other terms, or other facts under the same. */
#include "contract/show.h"

static enum hf_rc
too_much(struct hf_err *err)
{
	return hf_fail(err, HF_RULE, "changes", "a sum does not fit in 64 bits");
}

static enum hf_rc
change_line(struct hf_ct_terms *t, struct hf_ct_facts *f,
	    const struct hf_ct_change *change, struct hf_err *err)
{
	struct hf_ct_line *l = &t->lines[change->line];

	for (int m = 0; m < HF_CT_MONTHS; m++) {
		struct hf_ct_input *in = &f->at[change->line][m].in;
		bool plan = change->kind == HF_CT_CHANGE_PLAN;

		if (!hf_pence_scale(plan ? l->plan[m] : in->pence, change->rate,
				    HF_HALF_AWAY, plan ? &l->plan[m] : &in->pence) ||
		    !hf_pence_scale(plan ? l->units[m] : in->units, change->rate,
				    HF_HALF_AWAY, plan ? &l->units[m] : &in->units))
			return too_much(err);
	}
	return HF_OK;
}

static enum hf_rc
change_price(struct hf_ct_terms *t, struct hf_ct_facts *f,
	     const struct hf_ct_change *change, struct hf_err *err)
{
	struct hf_ct_line *l = &t->lines[change->line];
	enum hf_ct_kind kind = t->components[l->component].kind;

	if (change->pence < 0 || change->pence > INT64_C(100000000000))
		return hf_fail(err, HF_INVALID, "prices", "a price is 0 or more pence");
	if (kind != HF_CT_VOLUME && kind != HF_CT_GAIN)
		return hf_fail(err, HF_INVALID, "prices", "this line has no price");
	for (int m = 0; m < HF_CT_MONTHS; m++)
		if (kind == HF_CT_GAIN)
			f->at[change->line][m].in.price = change->pence;
	if (kind == HF_CT_GAIN)
		l->actual = change->pence;
	else /* the plan stands: what differs is price */
		l->price = change->pence;
	return HF_OK;
}

static enum hf_rc
change_band(struct hf_ct_terms *t, const struct hf_ct_change *change,
	    struct hf_err *err)
{
	if (change->line >= t->n_components ||
	    change->at >= t->components[change->line].n_bands)
		return hf_fail(err, HF_INVALID, "bands", "there is no such band");
	if (change->rate < 0 || change->rate > HF_RATE_ONE)
		return hf_fail(err, HF_INVALID, "bands",
			       "the commissioner's share is 0 to 100 %%");
	t->components[change->line].bands[change->at].over = change->rate;
	t->components[change->line].bands[change->at].under = change->rate;
	return HF_OK;
}

static enum hf_rc
apply(struct hf_ct_terms *t, struct hf_ct_facts *f, const struct hf_ct_change *change,
      struct hf_err *err)
{
	if (change->kind == HF_CT_CHANGE_BAND)
		return change_band(t, change, err);
	if (change->line >= t->n_lines)
		return hf_fail(err, HF_INVALID, "line", "there is no such line");
	if (change->kind == HF_CT_CHANGE_PRICE)
		return change_price(t, f, change, err);
	if (change->rate < 0 || change->rate > 10 * HF_RATE_ONE)
		return hf_fail(err, HF_INVALID, "percent", "0 to 1000 %%");
	return change_line(t, f, change, err);
}

enum hf_rc
hf_ct_what_if(const struct hf_ct_run *run, const struct hf_ct_rules *rules, int64_t day,
	      const struct hf_ct_change *changes, size_t n, struct hf_arena *arena,
	      struct hf_ct_run **out, struct hf_err *err)
{
	struct hf_ct_terms *t = HF_NEW(arena, struct hf_ct_terms);
	struct hf_ct_facts *f = HF_NEW(arena, struct hf_ct_facts);
	struct hf_ct_run *after = HF_NEW(arena, struct hf_ct_run);
	enum hf_rc rc = HF_OK;

	if (!t || !f || !after)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a run");
	*t = *run->terms;
	*f = *run->facts;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = apply(t, f, &changes[i], err);
	if (rc == HF_OK)
		rc = hf_ct_run(t, rules, f, day, after, err);
	if (rc == HF_OK)
		*out = after;
	return rc;
}

/* What units more or less are worth at the prices of before, line by line: lines of one
 * component have prices that are far apart. */
static bool
units_between(const struct hf_ct_run *before, const struct hf_ct_run *after,
	      const struct hf_ct_component *c, int month, hf_pence *out)
{
	*out = 0;
	for (size_t l = c->first; l < (size_t)c->first + c->n; l++) {
		int64_t more =
		    after->lines[l][month].units - before->lines[l][month].units;
		hf_pence v;

		if (!hf_pence_times(before->terms->lines[l].price, more, &v) ||
		    !hf_pence_add(out, v))
			return false;
	}
	return true;
}

/* What the activity of a component costs more after than before; what is withheld of
 * the tariff was spent all the same. */
static hf_pence
cost_between(const struct hf_ct_run *before, const struct hf_ct_run *after, size_t at,
	     int month, bool *whole)
{
	const struct hf_ct_component *c = &before->terms->components[at];
	const struct hf_ct_component_ytd *a = &before->components[at][month];
	const struct hf_ct_component_ytd *b = &after->components[at][month];
	hf_rate rate = c->kind == HF_CT_COST || c->kind == HF_CT_CORRIDOR ? HF_RATE_ONE
									  : c->marginal;
	hf_pence v = b->sum.shadow + b->withheld - a->sum.shadow - a->withheld;
	bool good = true;

	if (c->kind == HF_CT_GAIN || c->kind == HF_CT_OUTCOME || c->kind == HF_CT_RULE)
		return 0;
	if (rate >= 0 && c->kind == HF_CT_VOLUME)
		good = units_between(before, after, c, month, &v);
	good = good && rate >= 0 && hf_pence_scale(v, rate, HF_HALF_AWAY, &v);
	*whole &= good;
	return good ? v : 0;
}

struct hf_ct_effect
hf_ct_between(const struct hf_ct_run *before, const struct hf_ct_run *after)
{
	struct hf_ct_effect e = {.whole = true};
	int m = before->months - 1;

	for (size_t c = 0; c < before->terms->n_components; c++) {
		const struct hf_ct_amounts *a = &before->components[c][m].sum;
		const struct hf_ct_amounts *b = &after->components[c][m].sum;
		hf_pence paid = b->earned - a->earned;
		hf_pence cost = cost_between(before, after, c, m, &e.whole);

		e.provider += paid - cost;
		e.commissioner -= paid;
		e.system -= cost;
	}
	return e;
}

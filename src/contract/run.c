/* run.c - a contract's year to date.  See run.h. */
#include "contract/run.h"

/* ---- which inputs count ---- */

static const int64_t pence_most = 100000000000000; /* 10^12 pounds */
static const int64_t units_most = 1000000000000;

static enum hf_rc
check_input(const struct hf_ct_terms *t, const struct hf_ct_input *in,
	    struct hf_err *err)
{
	if (in->line >= t->n_lines || in->month >= HF_CT_MONTHS)
		return hf_fail(
		    err, HF_INVALID, "line",
		    "an input is of no line of the contract, or of no month");
	if (in->pence < -pence_most || in->pence > pence_most || in->price > pence_most)
		return hf_fail(err, HF_INVALID, t->lines[in->line].id,
			       "the money of an input is too much");
	if (in->units < 0 || in->units > units_most)
		return hf_fail(err, HF_INVALID, t->lines[in->line].id,
			       "the quantity of an input is below 0 or too much");
	if (!hf_ct_result_fits(in->result))
		return hf_fail(err, HF_INVALID, t->lines[in->line].id,
			       "a result has at most six places and is below a "
			       "million");
	return HF_OK;
}

const char *
hf_ct_input_lacks(const struct hf_ct_terms *t, const struct hf_ct_input *in,
		  const struct hf_ct_said *said)
{
	switch (t->components[t->lines[in->line].component].kind) {
	case HF_CT_VOLUME:
	case HF_CT_GAIN:
		return said->units ? NULL : "this line takes units, and there are none";
	case HF_CT_OUTCOME:
		if (!said->units)
			return "a result says on how many cases it was measured: units";
		return said->result || in->hold
			   ? NULL
			   : "this line takes a result, and there is none";
	case HF_CT_BLOCK:
	case HF_CT_SHARE:
	case HF_CT_COST:
	case HF_CT_CORRIDOR:
	case HF_CT_RULE:
	case HF_CT_KINDS:
		break;
	}
	return said->pence ? NULL : "this line takes money, and there is none";
}

/* Does b take the place of a?  What is frozen stays, else the newer counts. */
static bool
replaces(const struct hf_ct_fact *a, const struct hf_ct_input *b)
{
	if (a->cut == HF_CT_NOTHING)
		return true;
	if (a->cut == HF_CT_FROZEN)
		return b->freeze && b->seq < a->in.seq;
	return b->freeze || b->seq > a->in.seq;
}

static void
note_late(struct hf_ct_facts *f, const struct hf_ct_input *in)
{
	const struct hf_ct_fact *kept = &f->at[in->line][in->month];

	if (kept->cut != HF_CT_FROZEN || in->seq <= kept->in.seq)
		return;
	if (f->n_late == HF_CT_LATE) {
		f->late_dropped++;
		return;
	}
	f->late[f->n_late++] =
	    (struct hf_ct_late){.in = *in,
				.differs = in->pence - kept->in.pence,
				.units = in->units - kept->in.units};
}

enum hf_rc
hf_ct_facts(const struct hf_ct_terms *t, const struct hf_ct_input *in, size_t n,
	    int64_t upto, struct hf_ct_facts *out, struct hf_err *err)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		enum hf_rc rc = check_input(t, &in[i], err);
		struct hf_ct_fact *f;

		if (rc)
			return rc;
		if (in[i].seq > upto)
			continue;
		f = &out->at[in[i].line][in[i].month];
		if (in[i].seq > out->seq)
			out->seq = in[i].seq;
		if (replaces(f, &in[i]))
			*f = (struct hf_ct_fact){
			    in[i].freeze ? HF_CT_FROZEN : HF_CT_FLEX, in[i]};
	}
	for (size_t i = 0; i < n; i++)
		if (in[i].seq <= upto)
			note_late(out, &in[i]);
	return HF_OK;
}

/* ---- running ---- */

/* The part of a month that the run has reached. */
static bool
part(const struct hf_ct_run *r, int month, int64_t whole, int64_t *out)
{
	if (month < r->months - 1 || r->days == r->of) {
		*out = whole;
		return true;
	}
	return hf_pence_ratio(whole, r->days, r->of, HF_HALF_AWAY, out);
}

static const struct hf_ct_fact *
fact(const struct hf_ct_run *r, size_t line, int month)
{
	return &r->facts->at[line][month];
}

static bool
add_plan(const struct hf_ct_run *r, size_t line, int month, struct hf_ct_amounts *a)
{
	const struct hf_ct_line *l = &r->terms->lines[line];
	hf_pence plan;
	int64_t units;

	return part(r, month, l->plan[month], &plan) &&
	       part(r, month, l->units[month], &units) &&
	       hf_pence_add(&a->plan, plan) && hf_pence_add(&a->account, plan) &&
	       hf_pence_add(&a->units_plan, units) &&
	       hf_pence_add(&a->units, fact(r, line, month)->in.units);
}

/* Year to date of a share of savings: one rounding over all months (CON-T06). */
static bool
gain(const struct hf_ct_run *r, size_t line, int month, hf_pence *out)
{
	const struct hf_ct_line *l = &r->terms->lines[line];
	hf_rate share = r->terms->components[l->component].provider;
	hf_i128 saved = 0;

	for (int m = 0; m <= month; m++) {
		const struct hf_ct_input *in = &fact(r, line, m)->in;
		bool there = fact(r, line, m)->cut != HF_CT_NOTHING;
		hf_pence paid = in->price < 0 ? l->actual : in->price;

		if (there && paid < l->price)
			saved += (hf_i128)(l->price - paid) * in->units;
	}
	return saved < ((hf_i128)1 << 95) &&
	       hf_round_div(saved * share, HF_RATE_ONE, HF_HALF_AWAY, out);
}

/* The newest result up to the month.  On hold without enough cases: then what was paid
 * by the one before stands, and nothing is taken back (section 3.3: not zero). */
static bool
outcome(struct hf_ct_run *r, size_t line, int month, hf_pence *out)
{
	const struct hf_ct_line *l = &r->terms->lines[line];
	bool newest = true;

	*out = 0;
	for (int m = month; m >= 0; m--) {
		const struct hf_ct_fact *f = fact(r, line, m);
		bool hold = f->in.hold || f->in.units < l->least;

		if (f->cut == HF_CT_NOTHING)
			continue;
		if (newest)
			r->hold[line] = hold;
		newest = false;
		if (!hold)
			return hf_ct_outcome(r->terms->components[l->component].pool, l,
					     f->in.result, out);
	}
	return true;
}

static bool
earn(struct hf_ct_run *r, size_t line, int month, struct hf_ct_amounts *a)
{
	const struct hf_ct_line *l = &r->terms->lines[line];
	const struct hf_ct_input *in = &fact(r, line, month)->in;
	hf_pence v;

	switch (r->terms->components[l->component].kind) {
	case HF_CT_BLOCK:
	case HF_CT_SHARE:
	case HF_CT_CORRIDOR: /* the adjustment is the component's */
		a->earned = a->plan;
		return hf_pence_add(&a->shadow, in->pence);
	case HF_CT_VOLUME:
		return hf_pence_times(l->price, in->units, &v) &&
		       hf_pence_add(&a->earned, v) && hf_pence_add(&a->shadow, v);
	case HF_CT_COST:
		return hf_pence_add(&a->earned, in->pence) &&
		       hf_pence_add(&a->shadow, in->pence);
	case HF_CT_GAIN:
		return gain(r, line, month, &a->earned);
	case HF_CT_OUTCOME:
		return outcome(r, line, month, &a->earned);
	case HF_CT_RULE: /* what it looks at is of other lines already */
		return true;
	case HF_CT_KINDS:
		break;
	}
	return false;
}

static bool
add_amounts(struct hf_ct_amounts *sum, const struct hf_ct_amounts *a)
{
	return hf_pence_add(&sum->plan, a->plan) &&
	       hf_pence_add(&sum->account, a->account) &&
	       hf_pence_add(&sum->earned, a->earned) &&
	       hf_pence_add(&sum->shadow, a->shadow) &&
	       hf_pence_add(&sum->units_plan, a->units_plan) &&
	       hf_pence_add(&sum->units, a->units);
}

/* A rule of its own needs no figures, so a month is not open for want of them. */
static bool
counts_for_cut(const struct hf_ct_terms *t, size_t line)
{
	return t->components[t->lines[line].component].kind != HF_CT_RULE ||
	       t->lines[line].after != HF_CT_AFTER_NONE;
}

static bool
run_line(struct hf_ct_run *r, size_t line, int month)
{
	struct hf_ct_amounts *a = &r->lines[line][month];
	enum hf_ct_cut cut = fact(r, line, month)->cut;

	if (month)
		*a = a[-1];
	if (cut < r->cuts[month] && counts_for_cut(r->terms, line))
		r->cuts[month] = cut;
	return add_plan(r, line, month, a) && earn(r, line, month, a);
}

/* What the run has reached of a year's money that is not planned by month. */
static bool
part_of_year(const struct hf_ct_run *r, int month, hf_pence year, hf_pence *out)
{
	bool whole = month < r->months - 1;

	return hf_pence_ratio(
	    year, whole ? month + 1 : month * (int64_t)r->of + r->days,
	    whole ? HF_CT_MONTHS : HF_CT_MONTHS * (int64_t)r->of, HF_HALF_AWAY, out);
}

/* A rule as a line of its own: what it adds to, or takes off, the tariff of others. */
static bool
apply_rule(struct hf_ct_run *r, size_t c, int month)
{
	struct hf_ct_component_ytd *y = &r->components[c][month];
	struct hf_ct_adjustment adj;
	bool in_force;

	if (!hf_ct_run_rule(r, c, month, &in_force, &adj))
		return false;
	y->withheld = -adj.value;
	y->sum.shadow = adj.value;
	y->review = adj.alarm;
	return true;
}

/* The tariff of the year pays emergencies above a baseline at a rate. */
static bool
withhold(struct hf_ct_run *r, size_t c, int month)
{
	const struct hf_ct_rules *rules = r->rules;
	const struct hf_ct_component *def = &r->terms->components[c];
	struct hf_ct_component_ytd *y = &r->components[c][month];
	hf_pence baseline, paid;

	if (def->kind == HF_CT_RULE)
		return apply_rule(r, c, month);
	if (!rules || !rules->marginal || def->marginal_baseline == 0)
		return true;
	if (!part_of_year(r, month, def->marginal_baseline, &baseline) ||
	    !hf_ct_marginal(baseline, y->sum.shadow, rules->marginal_rate, &paid))
		return false;
	y->withheld = y->sum.shadow - paid;
	y->sum.shadow = paid;
	return true;
}

/* Adds the month's plan of a line of which a figure has come. */
static bool
expect(const struct hf_ct_run *r, size_t line, int month, hf_pence *sum)
{
	const struct hf_ct_amounts *a = &r->lines[line][month];

	return fact(r, line, month)->cut == HF_CT_NOTHING ||
	       hf_pence_add(sum, a->plan - (month ? a[-1].plan : 0));
}

static bool
run_component(struct hf_ct_run *r, size_t c, int month)
{
	const struct hf_ct_component *def = &r->terms->components[c];
	struct hf_ct_component_ytd *y = &r->components[c][month];
	bool banded = def->kind == HF_CT_SHARE || def->kind == HF_CT_CORRIDOR;

	y->expected = month ? y[-1].expected : 0;
	for (size_t l = def->first; l < (size_t)def->first + def->n; l++)
		if (!run_line(r, l, month) ||
		    !add_amounts(&y->sum, &r->lines[l][month]) ||
		    !expect(r, l, month, &y->expected))
			return false;
	if (banded && !hf_ct_share_adjust(def->bands, def->n_bands, y->expected,
					  y->sum.shadow, &y->adjust))
		return false;
	y->review = def->review > 0 &&
		    hf_ct_share_beyond(y->expected, y->sum.shadow, def->review);
	return hf_pence_add(&y->sum.earned, y->adjust) && withhold(r, c, month) &&
	       add_amounts(&r->total[month], &y->sum);
}

static enum hf_rc
set_day(struct hf_ct_run *r, int64_t day, struct hf_err *err)
{
	const struct hf_ct_terms *t = r->terms;
	struct hf_period p = hf_period_of(day);
	int64_t first;

	if (p.fy != t->fy)
		return hf_fail(err, HF_RULE, "to",
			       "the day is not in the financial year of the contract");
	first = hf_period_first(p.fy, p.period);
	r->months = p.period;
	r->days = (int)(day - first) + 1;
	r->of = (int)(hf_period_first(p.fy, p.period + 1) - first);
	return HF_OK;
}

enum hf_rc
hf_ct_run(const struct hf_ct_terms *t, const struct hf_ct_rules *rules,
	  const struct hf_ct_facts *facts, int64_t day, struct hf_ct_run *out,
	  struct hf_err *err)
{
	enum hf_rc rc;

	memset(out, 0, sizeof *out);
	out->terms = t;
	out->facts = facts;
	out->rules = rules;
	rc = set_day(out, day, err);
	if (rc)
		return rc;
	for (int m = 0; m < out->months; m++) {
		out->cuts[m] = HF_CT_FROZEN;
		for (size_t c = 0; c < t->n_components; c++)
			if (!run_component(out, c, m))
				return hf_fail(err, HF_RULE, t->components[c].id,
					       "its money does not fit in 64 bits");
	}
	return HF_OK;
}

/* ---- of a run ---- */

struct hf_ct_amounts
hf_ct_month(const struct hf_ct_amounts ytd[HF_CT_MONTHS], int month)
{
	struct hf_ct_amounts a = ytd[month];

	if (month == 0)
		return a;
	a.plan -= ytd[month - 1].plan;
	a.account -= ytd[month - 1].account;
	a.earned -= ytd[month - 1].earned;
	a.shadow -= ytd[month - 1].shadow;
	a.units_plan -= ytd[month - 1].units_plan;
	a.units -= ytd[month - 1].units;
	return a;
}

/* What the units of a component's lines are worth at the plan's prices more than their
 * plan: a price costs nobody, units do. */
static bool
units_beyond(const struct hf_ct_run *run, const struct hf_ct_component *c, int month,
	     hf_pence *out)
{
	*out = 0;
	for (size_t l = c->first; l < (size_t)c->first + c->n; l++)
		for (int m = 0; m <= month; m++) {
			const struct hf_ct_line *line = &run->terms->lines[l];
			int64_t units = fact(run, l, m)->in.units;
			hf_pence v = 0;

			if (fact(run, l, m)->cut == HF_CT_NOTHING)
				continue;
			if (!(line->units[m]
				  ? hf_pence_ratio(line->plan[m], units, line->units[m],
						   HF_HALF_AWAY, &v)
				  : hf_pence_times(line->price, units, &v)) ||
			    !hf_pence_add(out, v))
				return false;
		}
	return hf_pence_sub(
	    out, run->components[c - run->terms->components][month].expected);
}

/* What the activity of a component cost more than planned: money at cost is cost.  What
 * national rules withhold is not paid, but it was spent. */
static bool
cost_of(const struct hf_ct_run *run, size_t at, int month, hf_pence *out)
{
	const struct hf_ct_component *c = &run->terms->components[at];
	const struct hf_ct_component_ytd *y = &run->components[at][month];
	hf_rate rate = c->kind == HF_CT_COST || c->kind == HF_CT_CORRIDOR ? HF_RATE_ONE
									  : c->marginal;
	hf_pence more = y->sum.shadow;

	*out = 0;
	if (c->kind == HF_CT_GAIN || c->kind == HF_CT_OUTCOME || c->kind == HF_CT_RULE)
		return true;
	if (rate < 0 ||
	    !(c->kind == HF_CT_VOLUME ? units_beyond(run, c, month, &more)
				      : hf_pence_add(&more, y->withheld) &&
					    hf_pence_sub(&more, y->expected)))
		return false;
	return hf_pence_scale(more, rate, HF_HALF_AWAY, out);
}

struct hf_ct_effect
hf_ct_effects(const struct hf_ct_run *run, int month)
{
	struct hf_ct_effect e = {.whole = true};

	for (size_t c = 0; c < run->terms->n_components; c++) {
		const struct hf_ct_amounts *a = &run->components[c][month].sum;
		hf_pence cost = 0, paid = a->earned - a->plan;

		e.whole &= cost_of(run, c, month, &cost);
		e.provider += paid - cost;
		e.commissioner -= paid;
		e.system -= cost;
	}
	return e;
}

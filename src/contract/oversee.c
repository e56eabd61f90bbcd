/* oversee.c - what a run tells those who look after a contract: where it goes, and what
 * differs enough to be looked into.  contract-and-governance.md 2.4. */
#include "contract/run.h"

/* ---- forecast ---- */

static bool
left_of_plan(const struct hf_ct_run *run, size_t component, hf_pence done,
	     hf_pence *out)
{
	const struct hf_ct_component *c = &run->terms->components[component];
	hf_pence year = 0;

	for (size_t l = c->first; l < (size_t)c->first + c->n; l++)
		for (int m = 0; m < HF_CT_MONTHS; m++)
			if (!hf_pence_add(&year, run->terms->lines[l].plan[m]))
				return false;
	*out = year - done;
	return true;
}

static bool
forecast(hf_pence actual, hf_pence plan, hf_pence left, struct hf_ct_forecast *out)
{
	struct hf_ct_forecast f = {.plan = plan + left};

	if (!hf_ct_outturn(actual, plan, left, HF_RATE_ONE, &f.run_rate) ||
	    !hf_ct_outturn(actual, plan, left, 0, &f.back))
		return false;
	f.low = f.run_rate < f.back ? f.run_rate : f.back;
	f.high = f.run_rate < f.back ? f.back : f.run_rate;
	*out = f;
	return true;
}

bool
hf_ct_forecast(const struct hf_ct_run *run, size_t component,
	       struct hf_ct_forecast *earned, struct hf_ct_forecast *shadow)
{
	const struct hf_ct_component_ytd *y =
	    &run->components[component][run->months - 1];
	enum hf_ct_kind kind = run->terms->components[component].kind;
	/* Units and cost that have not come are not earned yet, but they will be. */
	hf_pence done =
	    kind == HF_CT_VOLUME || kind == HF_CT_COST ? y->expected : y->sum.plan;
	hf_pence left, due;

	return left_of_plan(run, component, done, &left) &&
	       left_of_plan(run, component, y->expected, &due) &&
	       forecast(y->sum.earned, done, left, earned) &&
	       forecast(y->sum.shadow, y->expected, due, shadow);
}

/* ---- deviation ---- */

const char *
hf_ct_level_word(enum hf_ct_level level)
{
	static const char *const words[] = {"none", "watch", "amber", "red"};

	return words[level];
}

static hf_pence
size_of(hf_pence v)
{
	return v < 0 ? -v : v;
}

static bool
by_earned(const struct hf_ct_component *c)
{
	return c->kind == HF_CT_GAIN || c->kind == HF_CT_OUTCOME;
}

/* What a component is compared with, and by how much it differs: what was done at
 * tariff against the plan of what has come; of what has no tariff, what was earned. */
static hf_pence
planned(const struct hf_ct_component *c, const struct hf_ct_component_ytd *y)
{
	return by_earned(c) ? y->sum.plan : y->expected;
}

static hf_pence
differs(const struct hf_ct_component *c, const struct hf_ct_component_ytd *y)
{
	return (by_earned(c) ? y->sum.earned : y->sum.shadow) - planned(c, y);
}

/* Amber by itself, before earlier months are looked at. */
static bool
is_amber(const struct hf_ct_run *run, size_t component, int month)
{
	const struct hf_ct_levels *l = &run->terms->levels;
	const struct hf_ct_component *c = &run->terms->components[component];
	const struct hf_ct_component_ytd *y = &run->components[component][month];
	hf_pence v = differs(c, y), plan = planned(c, y);

	return size_of(v) >= l->least && hf_ct_share_beyond(plan, plan + v, l->amber);
}

static int
in_a_row(const struct hf_ct_run *run, size_t component, int month)
{
	const struct hf_ct_component *c = &run->terms->components[component];
	bool over = differs(c, &run->components[component][month]) > 0;
	int n = 0;

	for (int m = month; m >= 0 && is_amber(run, component, m); m--) {
		if ((differs(c, &run->components[component][m]) > 0) != over)
			break;
		n++;
	}
	return n;
}

static void
judge(const struct hf_ct_run *run, size_t component, int month,
      struct hf_ct_deviation *d)
{
	const struct hf_ct_levels *l = &run->terms->levels;
	bool big = size_of(d->ytd) >= l->least;

	d->level = HF_CT_NONE;
	d->why = "within what was agreed";
	if (hf_ct_share_beyond(d->plan_month, d->plan_month + d->month, l->watch)) {
		d->level = HF_CT_WATCH;
		d->why = "the month differs, the year to date does not";
	}
	if (is_amber(run, component, month)) {
		d->level = HF_CT_AMBER;
		d->why = "the year to date differs";
	}
	if (big && hf_ct_share_beyond(d->plan_ytd, d->plan_ytd + d->ytd, l->red)) {
		d->level = HF_CT_RED;
		d->why = "the year to date differs much";
	} else if (big && run->components[component][month].review) {
		d->level = HF_CT_RED;
		d->why = "it has reached the cap or collar";
	} else if (d->in_a_row >= 2) {
		d->level = HF_CT_RED;
		d->why = "it has differed in the same direction for two months or more";
	}
}

void
hf_ct_deviation(const struct hf_ct_run *run, size_t component, int month,
		struct hf_ct_deviation *out)
{
	const struct hf_ct_component *c = &run->terms->components[component];
	const struct hf_ct_component_ytd *y = &run->components[component][month];

	*out =
	    (struct hf_ct_deviation){.ytd = differs(c, y), .plan_ytd = planned(c, y)};
	out->month = out->ytd;
	out->plan_month = out->plan_ytd;
	if (month) {
		out->month -= differs(c, &y[-1]);
		out->plan_month -= planned(c, &y[-1]);
	}
	out->in_a_row = in_a_row(run, component, month);
	judge(run, component, month, out);
}

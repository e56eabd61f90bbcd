/* framework_json.c - reports as the pages and analysts get them:
 * docs/interfaces/measures.md. */
#include "population/framework_effect.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "measure/peers.h"

static void
number(struct hf_jw *w, const char *name, double x)
{
	char text[40];

	hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(x)) {
		hf_jw_null(w);
		return;
	}
	/* Nought has no sign, and six digits are more than any of these is known to. */
	snprintf(text, sizeof text, fabs(x) >= 1e6 ? "%.0f" : "%.6g", x == 0 ? 0 : x);
	hf_jw_raw(w, hf_sv_from(text));
}

static void
text(struct hf_jw *w, const char *name, const char *value)
{
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(value));
}

static void
day(struct hf_jw *w, const char *name, uint16_t at)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)at + HF_POP_DAY_ZERO) * 86400000);
	char out[40];

	snprintf(out, sizeof out, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	text(w, name, out);
}

static void
interval(struct hf_jw *w, const char *name, struct hf_ms_interval i)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	number(w, "value", i.value);
	number(w, "low", i.low);
	number(w, "high", i.high);
	hf_jw_obj_end(w);
}

static void
figure(struct hf_jw *w, const struct hf_pop_measure *m, const struct hf_pop_figure *f)
{
	hf_jw_obj(w);
	text(w, "status", hf_pop_status_words[f->status]);
	number(w, "n", f->counted);
	if (m->scale != HF_POP_COUNT)
		number(w, "of", f->out_of);
	number(w, "value", f->value.value);
	number(w, "low", f->value.low);
	number(w, "high", f->value.high);
	if (m->standardise) {
		number(w, "standard", f->standard.value);
		number(w, "standardLow", f->standard.low);
		number(w, "standardHigh", f->standard.high);
		number(w, "emptyStrata", (double)f->empty);
	}
	if (m->indirect) {
		number(w, "standard", f->standard.value);
		number(w, "standardLow", f->standard.low);
		number(w, "standardHigh", f->standard.high);
		number(w, "expected", f->expected);
		number(w, "ratio", f->ratio.value);
		number(w, "ratioLow", f->ratio.low);
		number(w, "ratioHigh", f->ratio.high);
	}
	number(w, "known", f->known);
	hf_jw_obj_end(w);
}

static void
codes(struct hf_jw *w, const struct hf_pop_framework *f, const struct hf_pop_measure *m)
{
	hf_jw_member(w, "codes");
	hf_jw_arr(w);
	for (size_t i = 0; i < m->base.n_codes; i++) {
		const struct hf_pop_codesets *d = &f->docs[m->base.codes[i].doc];

		hf_jw_obj(w);
		text(w, "id", d->id);
		text(w, "version", d->version);
		text(w, "title", d->title);
		hf_jw_member(w, "sets");
		hf_jw_arr(w);
		for (size_t k = 0; k < d->n; k++)
			if (m->base.codes[i].sets >> k & 1)
				hf_jw_str(w, hf_sv_from(d->sets[k].title));
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static const char *
interval_words(const struct hf_pop_measure *m)
{
	switch (m->scale) {
	case HF_POP_RATE:
		return m->quantity == HF_POP_Q_BED_DAYS
			   ? "none: nights of one stay follow each other"
		       : m->standardise
			   ? "95 %: Byar (exact below 10); standardised: Dobson, with "
			     "the variance of events that recur in a person"
			   : "95 %: Byar, exact Poisson below 10";
	case HF_POP_SHARE:
		return "95 %: Wilson";
	case HF_POP_MEAN:
		return "95 %: t";
	case HF_POP_QUANTILE:
		return "95 %: ranks";
	case HF_POP_COUNT:
		return "95 %: Byar, exact Poisson below 10";
	default:
		return "none";
	}
}

void
hf_pop_measure_json(const struct hf_pop_framework *f, const struct hf_pop_measure *m,
		    struct hf_jw *w)
{
	hf_jw_obj(w);
	text(w, "id", m->id);
	text(w, "version", m->version);
	text(w, "hash", m->hash);
	text(w, "title", m->title);
	text(w, "question", m->question);
	text(w, "group", m->group);
	text(w, "unit", m->unit);
	text(w, "kind", hf_pop_scale_words[m->scale]);
	number(w, "per", m->per);
	text(w, "direction", hf_pop_direction_words[m->direction]);
	number(w, "target", m->target);
	text(w, "owner", m->owner);
	text(w, "review", m->review);
	text(w, "source", m->source);
	text(w, "counted", m->counted);
	text(w, "outOf", m->out_of);
	hf_jw_member(w, "leftOut");
	hf_jw_arr(w);
	for (size_t i = 0; i < m->n_exclusions; i++)
		hf_jw_str(w, hf_sv_from(m->exclusions[i].why));
	hf_jw_arr_end(w);
	text(w, "dated", m->by_end ? "by the end of the stay" : "by its beginning");
	text(w, "standard",
	     m->standardise ? "age and sex, European Standard Population 2013"
	     : m->indirect
		 ? "indirectly: age, sex, admission method and chapter of the "
		   "main diagnosis, to all areas together"
		 : "none");
	text(w, "interval", interval_words(m));
	text(w, "chart", hf_ms_chart_words[m->chart]);
	codes(w, f, m);
	hf_jw_obj_end(w);
}

/* The places that an occupancy is of, as they are known. */
static void
places(struct hf_jw *w, const struct hf_pop_report *r, const struct hf_pop_measure *m)
{
	if (!m->capacity || !*m->capacity)
		return;
	hf_jw_member(w, "places");
	hf_jw_arr(w);
	for (size_t i = 0; i < r->ask.ask.n_places; i++) {
		const struct hf_pop_places *c = &r->ask.ask.places[i];

		if (!hf_sv_eq(c->service, hf_sv_from(m->capacity)))
			continue;
		hf_jw_obj(w);
		day(w, "from", c->from);
		if (c->to != HF_POP_NONE)
			day(w, "to", c->to);
		number(w, "places", c->places);
		number(w, "per100000", c->per_100000);
		hf_jw_field(w, "source", c->source);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	number(w, "placesOtherwise", m->places);
}

static void
difference(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t area,
	   double phi)
{
	struct hf_ms_did d;

	hf_jw_member(w, "difference");
	if (!hf_pop_report_difference(r, m, area, phi, &d)) {
		hf_jw_null(w);
		return;
	}
	hf_jw_obj(w);
	interval(w, "points", d.points);
	interval(w, "ratio", d.ratio);
	interval(w, "here", d.a);
	interval(w, "others", d.b);
	number(w, "expected", d.expected);
	number(w, "fewer", -d.difference);
	number(w, "p", d.p);
	hf_jw_obj_end(w);
}

static void
area_json(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t area,
	  double phi)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];

	hf_jw_obj(w);
	hf_jw_field(w, "id",
		    area ? hf_pop_plan_area_id(r->series, area) : HF_SV("all"));
	hf_jw_field(w, "name",
		    area ? hf_pop_plan_area_name(r->series, area)
			 : HF_SV("All together"));
	hf_jw_member(w, "figures");
	hf_jw_arr(w);
	for (size_t i = 0; i < r->n_periods; i++)
		figure(w, is, hf_pop_report_at(r, m, area, i));
	hf_jw_arr_end(w);
	hf_jw_member(w, "total");
	figure(w, is, hf_pop_report_at(r, m, area, r->n_periods));
	if (r->baseline) {
		hf_jw_member(w, "baseline");
		figure(w, is, hf_pop_report_at(r, m, area, r->n_periods + 1));
		interval(w, "change", hf_pop_report_change(r, m, area));
		if (area)
			difference(w, r, m, area, phi);
	}
	hf_pop_report_chart_json(r, m, area, true, w);
	hf_pop_its_json(r, m, area, w);
	hf_jw_obj_end(w);
}

/* Is the total better or worse than all together, beyond chance?  By the funnel of the
 * measure, with over-dispersion. */
struct funnel {
	double mean, phi, *z, *scratch;
	size_t n;
};

static double
z_of(const struct hf_pop_measure *m, const struct hf_pop_figure *f, double mean)
{
	double expected;

	if (f->status == HF_POP_SUPPRESSED || !(f->out_of > 0) || isnan(f->counted))
		return NAN;
	if (m->scale == HF_POP_SHARE)
		return (f->counted / f->out_of - mean) /
		       sqrt(mean * (1 - mean) / f->out_of);
	expected = mean * f->out_of;
	return expected > 0 ? 2 * (sqrt(f->counted) - sqrt(expected)) : NAN;
}

static bool
has_funnel(const struct hf_pop_measure *m)
{
	return (m->scale == HF_POP_SHARE && m->of != HF_POP_OF_PERSONS) ||
	       (m->scale == HF_POP_RATE && m->quantity == HF_POP_Q_EVENTS);
}

static void
funnel_area(struct hf_jw *w, const struct hf_pop_report *r, const struct funnel *f,
	    size_t m, size_t a)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	const struct hf_pop_figure *at = hf_pop_report_at(r, m, a, r->n_periods);
	double per = is->scale == HF_POP_SHARE ? 100 : is->per, z[2] = {0.95, 0.998};
	static const char *const names[2][2] = {{"low95", "high95"},
						{"low998", "high998"}};

	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_pop_plan_area_id(r->series, a));
	number(w, "size", at->out_of);
	number(w, "value", at->value.value);
	for (size_t k = 0; k < 2; k++) {
		struct hf_ms_interval l =
		    is->scale == HF_POP_SHARE
			? hf_ms_funnel_share(f->mean, at->out_of, z[k], f->phi)
			: hf_ms_funnel_ratio(f->mean * at->out_of, z[k], f->phi);
		double by = is->scale == HF_POP_SHARE ? per : per * f->mean;

		number(w, names[k][0], l.low * by);
		number(w, names[k][1], l.high * by);
	}
	hf_jw_obj_end(w);
}

static void
funnel_json(struct hf_jw *w, const struct hf_pop_report *r, size_t m)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	const struct hf_pop_figure *all = hf_pop_report_at(r, m, 0, r->n_periods);
	struct funnel f = {.mean = all->counted / all->out_of, .phi = 1};

	hf_jw_member(w, "funnel");
	f.z = calloc(2 * r->n_areas, sizeof *f.z);
	if (!has_funnel(is) || !(f.mean > 0) || !f.z) {
		free(f.z);
		hf_jw_null(w);
		return;
	}
	for (size_t a = 1; a < r->n_areas; a++) {
		double z = z_of(is, hf_pop_report_at(r, m, a, r->n_periods), f.mean);

		if (!isnan(z))
			f.z[f.n++] = z;
	}
	if (f.n >= 5)
		f.phi = fmax(1, hf_ms_phi(f.z, f.n, 0.1, f.z + r->n_areas));
	hf_jw_obj(w);
	number(w, "mean", f.mean * (is->scale == HF_POP_SHARE ? 100 : is->per));
	number(w, "phi", f.phi);
	hf_jw_member(w, "areas");
	hf_jw_arr(w);
	for (size_t a = 1; a < r->n_areas; a++)
		funnel_area(w, r, &f, m, a);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	free(f.z);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What it would be worth to be as good as the better quarter, or the middle. */
/* What areas are compared by: the standardised rate of a measure that has one.  An area
 * where it is withheld is not compared by its crude one. */
static struct hf_ms_interval
compared(const struct hf_pop_measure *m, const struct hf_pop_figure *f)
{
	return m->standardise ? f->standard : f->value;
}

static void
opportunity_area(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t a,
		 const double *targets)
{
	static const char *const names[] = {"median", "quartile"};
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	const struct hf_pop_figure *at = hf_pop_report_at(r, m, a, r->n_periods);
	struct hf_ms_interval own = compared(is, at);

	hf_jw_obj(w);
	hf_jw_field(w, "id", hf_pop_plan_area_id(r->series, a));
	for (size_t k = 0; k < 2; k++) {
		struct hf_ms_interval o =
		    hf_ms_opportunity(own, targets[k], at->out_of, is->per);
		struct hf_ms_money money =
		    hf_ms_opportunity_money(o.value, (double)is->price.tariff_pence,
					    is->price.marginal, is->price.releasable);

		hf_jw_key(w, hf_sv_from(names[k]));
		hf_jw_obj(w);
		number(w, "target", targets[k]);
		number(w, "events", o.value);
		number(w, "low", o.low);
		number(w, "high", o.high);
		if (is->price.tariff_pence) {
			number(w, "tariffPence", money.tariff);
			number(w, "marginalPence", money.marginal);
			number(w, "releasablePence", money.releasable);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_obj_end(w);
}

static void
opportunity_json(struct hf_jw *w, const struct hf_pop_report *r, size_t m)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	double *rates = calloc(r->n_areas, sizeof *rates), targets[2];
	size_t n = 0;

	hf_jw_member(w, "opportunity");
	for (size_t a = 1; rates && a < r->n_areas; a++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, a, r->n_periods);
		double x = compared(is, f).value;

		if (!isnan(x))
			rates[n++] = x;
	}
	if (!rates || n < 4 || is->scale != HF_POP_RATE ||
	    is->direction != HF_MS_LOWER_BETTER) {
		free(rates);
		hf_jw_null(w);
		return;
	}
	qsort(rates, n, sizeof *rates, by_size);
	targets[0] = hf_ms_quantile(rates, n, 0.5);
	targets[1] = hf_ms_quantile(rates, n, 0.25);
	hf_jw_obj(w);
	text(w, "note",
	     "Opportunities of different measures are never added: the same people are "
	     "in several.");
	hf_jw_member(w, "areas");
	hf_jw_arr(w);
	for (size_t a = 1; a < r->n_areas; a++)
		opportunity_area(w, r, m, a, targets);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	free(rates);
}

void
hf_pop_report_total_json(const struct hf_pop_report *r, struct hf_jw *w)
{
	hf_jw_member(w, "total");
	hf_jw_obj(w);
	day(w, "from", hf_pop_plan_period(r->total, 0));
	day(w, "to", hf_pop_plan_period(r->total, 1));
	hf_jw_obj_end(w);
}

static void
frame(struct hf_jw *w, const struct hf_pop_report *r)
{
	size_t n = r->n_periods;

	text(w, "by", hf_pop_by_words[r->ask.ask.by]);
	text(w, "grain", hf_pop_grain_words[r->ask.ask.grain]);
	day(w, "from", hf_pop_plan_period(r->series, 0));
	day(w, "to", hf_pop_plan_period(r->series, n));
	hf_pop_report_total_json(r, w);
	if (r->baseline) {
		hf_jw_member(w, "baseline");
		hf_jw_obj(w);
		day(w, "from", hf_pop_plan_period(r->baseline, 0));
		day(w, "to", hf_pop_plan_period(r->baseline, 1));
		hf_jw_obj_end(w);
	}
	hf_jw_member(w, "data");
	hf_jw_obj(w);
	day(w, "first", r->c->day_first);
	day(w, "last", r->c->day_last);
	number(w, "persons", r->ask.disclose ? NAN : (double)r->c->n_persons);
	text(w, "basis", "person-time registered");
	hf_jw_obj_end(w);
	text(w, "disclosure", r->ask.disclose ? "strict5" : "none");
	hf_jw_member(w, "periods");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		char label[16];

		hf_pop_plan_label(r->series, i, label);
		hf_jw_obj(w);
		text(w, "label", label);
		day(w, "from", hf_pop_plan_period(r->series, i));
		day(w, "to", hf_pop_plan_period(r->series, i + 1));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_pop_report_members(const struct hf_pop_report *r, size_t m, struct hf_jw *w)
{
	double phi = r->baseline && r->n_areas > 2 ? hf_pop_report_phi(r, m) : 1;

	hf_jw_member(w, "measure");
	hf_pop_measure_json(r->f, &r->f->measures[r->measure[m]], w);
	places(w, r, &r->f->measures[r->measure[m]]);
	frame(w, r);
	hf_jw_member(w, "all");
	area_json(w, r, m, 0, phi);
	hf_jw_member(w, "areas");
	hf_jw_arr(w);
	for (size_t a = 1; a < r->n_areas; a++)
		area_json(w, r, m, a, phi);
	hf_jw_arr_end(w);
	funnel_json(w, r, m);
	opportunity_json(w, r, m);
	hf_pop_control_json(r, m, w);
	if (r->baseline) {
		number(w, "phi", phi);
		hf_jw_member(w, "caveats");
		hf_jw_arr(w);
		for (size_t i = 0; i < hf_pop_n_caveats; i++)
			hf_jw_str(w, hf_sv_from(hf_pop_caveats[i]));
		hf_jw_arr_end(w);
	}
}

void
hf_pop_report_json(const struct hf_pop_report *r, size_t m, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_pop_report_members(r, m, w);
	hf_jw_obj_end(w);
}

static void
tile(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t area)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	const struct hf_pop_figure *last = NULL;

	hf_jw_obj(w);
	text(w, "id", is->id);
	text(w, "version", is->version);
	text(w, "title", is->title);
	text(w, "question", is->question);
	text(w, "group", is->group);
	text(w, "unit", is->unit);
	text(w, "direction", hf_pop_direction_words[is->direction]);
	number(w, "target", is->target);
	hf_jw_member(w, "series");
	hf_jw_arr(w);
	for (size_t i = 0; i < r->n_periods; i++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, area, i);
		char x[40];

		if (isnan(f->value.value)) {
			hf_jw_null(w);
			continue;
		}
		last = f->status == HF_POP_PARTIAL ? last : f;
		snprintf(x, sizeof x, "%.6g", f->value.value);
		hf_jw_raw(w, hf_sv_from(x));
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "latest");
	if (last)
		figure(w, is, last);
	else
		hf_jw_null(w);
	hf_jw_member(w, "total");
	figure(w, is, hf_pop_report_at(r, m, area, r->n_periods));
	if (r->baseline)
		interval(w, "change", hf_pop_report_change(r, m, area));
	hf_pop_report_chart_json(r, m, area, false, w);
	hf_jw_obj_end(w);
}

void
hf_pop_report_tiles(const struct hf_pop_report *r, size_t area, struct hf_jw *w)
{
	frame(w, r);
	hf_jw_member(w, "area");
	hf_jw_obj(w);
	hf_jw_field(w, "id",
		    area ? hf_pop_plan_area_id(r->series, area) : HF_SV("all"));
	hf_jw_field(w, "name",
		    area ? hf_pop_plan_area_name(r->series, area)
			 : HF_SV("All together"));
	hf_jw_obj_end(w);
	hf_jw_member(w, "measures");
	hf_jw_arr(w);
	for (size_t m = 0; m < r->n_measures; m++)
		tile(w, r, m, area);
	hf_jw_arr_end(w);
}

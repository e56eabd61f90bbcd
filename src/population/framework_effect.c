/* framework_effect.c - see framework_effect.h. */
#include "population/framework_effect.h"

#include <math.h>
#include <stdlib.h>

static const char *const its_caveats[] = {
    "It says what changed at that day, not why: whatever else began then is in it.",
    ("What was before is carried on as a straight line; season is not taken out. "
     "Twelve "
     "periods or more on either side are wanted."),
    ("A day that was chosen because figures were high then finds that they come down "
     "by "
     "themselves."),
};
static const char *const control_caveats[] = {
    ("The mixture of other areas went as this one did before; that it would have gone "
     "on "
     "so is assumed, not shown."),
    "p is a rank: among so many areas it cannot be smaller than one in all of them.",
    "What is done in one area may spill over into those it is compared with.",
    ("Twelve periods before and eight other areas are wanted: with fewer it is a hint "
     "and no more."),
};

static bool
asks_its(const struct hf_pop_report *r)
{
	return r->ask.its != 0;
}

static bool
asks_control(const struct hf_pop_report *r)
{
	return r->ask.control.n != 0;
}

/* The first period that begins on or after day; n_periods when none does. */
static size_t
period_from(const struct hf_pop_report *r, uint16_t day)
{
	size_t i = 0;

	while (i < r->n_periods && hf_pop_plan_period(r->series, i) < day)
		i++;
	return i;
}

static size_t
treated(const struct hf_pop_report *r)
{
	for (size_t a = 1; a < r->n_areas; a++)
		if (hf_sv_eq(hf_pop_plan_area_id(r->series, a), r->ask.control))
			return a;
	return 0;
}

static enum hf_rc
within(const struct hf_pop_report *r, uint16_t day, const char *name,
       struct hf_err *err)
{
	size_t at = period_from(r, day);

	if (at > 0 && at < r->n_periods)
		return HF_OK;
	return hf_fail(err, HF_INVALID, name,
		       "\"%s\" has to lie within the periods that are shown, with some "
		       "on either side",
		       name);
}

enum hf_rc
hf_pop_effect_check(const struct hf_pop_report *r, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (asks_its(r))
		rc = within(r, r->ask.its, "its", err);
	if (rc || !asks_control(r))
		return rc;
	if (!treated(r))
		return hf_fail(err, HF_NOT_FOUND, "control",
			       "there is no area of this id: \"by\" says what areas "
			       "are");
	if (r->n_areas - 2 > HF_POP_DONORS_MOST)
		return hf_fail(err, HF_COSTLY, "by",
			       "an area is compared with at most %d others: ask by "
			       "locality or partnership",
			       HF_POP_DONORS_MOST);
	return within(r, r->ask.since, "since", err);
}

bool
hf_pop_effect_series(const struct hf_pop_report *r, size_t m, size_t area, double *out,
		     struct hf_pop_run_of *of)
{
	*of = (struct hf_pop_run_of){0, r->n_periods, NULL};
	for (size_t i = 0; i < r->n_periods; i++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, area, i);
		bool known = f->status == HF_POP_OK || f->status == HF_POP_TOO_FEW;

		out[i] = known ? f->value.value : NAN;
	}
	while (of->to > 0 && isnan(out[of->to - 1]))
		of->to--;
	while (of->from < of->to && isnan(out[of->from]))
		of->from++;
	for (size_t i = of->from; i < of->to; i++)
		if (isnan(out[i]))
			of->why = "a period within is hidden or was not received: ask "
				  "for longer periods or larger areas";
	if (of->from == of->to)
		of->why = "no period is known";
	return !of->why;
}

/* ---- JSON ---- */

static void
number(struct hf_jw *w, const char *name, double x)
{
	char text[40];

	if (name)
		hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(x)) {
		hf_jw_null(w);
		return;
	}
	snprintf(text, sizeof text, "%.6g", x == 0 ? 0 : x);
	hf_jw_raw(w, hf_sv_from(text));
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
why_not(struct hf_jw *w, const char *why)
{
	hf_jw_obj(w);
	hf_jw_kv(w, HF_SV("why"), hf_sv_from(why));
	hf_jw_obj_end(w);
}

/* The series cut at the day: NULL why when all is there. */
struct cut {
	double y[HF_POP_PERIODS_MOST];
	struct hf_pop_run_of of;
	size_t at; /* within [0, n) */
	size_t n;
};

static const char *
cut_at(const struct hf_pop_report *r, size_t m, size_t area, uint16_t day,
       struct cut *out)
{
	size_t at = period_from(r, day);

	if (!hf_pop_effect_series(r, m, area, out->y, &out->of))
		return out->of.why;
	if (at <= out->of.from || at >= out->of.to)
		return "the day has no known periods on both sides";
	out->at = at - out->of.from;
	out->n = out->of.to - out->of.from;
	return NULL;
}

static const char *
its_of(const struct hf_pop_report *r, size_t m, size_t area, struct cut *c,
       struct hf_ms_its *out)
{
	const char *why = cut_at(r, m, area, r->ask.its, c);

	if (!why && !hf_ms_its(c->y + c->of.from, c->n, c->at, 0, 0.95, out))
		why = "there are fewer than four periods before or after the day";
	return why;
}

void
hf_pop_its_json(const struct hf_pop_report *r, size_t m, size_t area, struct hf_jw *w)
{
	struct cut c;
	struct hf_ms_its its;
	const char *why;

	if (!asks_its(r))
		return;
	hf_jw_member(w, "its");
	why = its_of(r, m, area, &c, &its);
	if (why) {
		why_not(w, why);
		return;
	}
	hf_jw_obj(w);
	number(w, "first", (double)c.of.from);
	number(w, "at", (double)(c.of.from + c.at));
	number(w, "before", (double)c.at);
	number(w, "after", (double)(c.n - c.at));
	interval(w, "level", its.level);
	interval(w, "slope", its.slope);
	interval(w, "step", its.step);
	interval(w, "bend", its.bend);
	interval(w, "effectLast", its.effect_last);
	number(w, "lag", (double)its.lag);
	for (int with = 1; with >= 0; with--) {
		hf_jw_key(w, with ? HF_SV("fitted") : HF_SV("without"));
		hf_jw_arr(w);
		for (size_t t = 0; t < c.n; t++) {
			double x = its.level.value + its.slope.value * (double)t;

			if (with && t >= c.at)
				x += its.step.value +
				     its.bend.value * (double)(t - c.at);
			number(w, NULL, x);
		}
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

/* ---- one area against a mixture of others ---- */

struct mixture {
	size_t area, units, n, first, at;
	size_t of[HF_POP_DONORS_MOST + 1]; /* area of a unit; 0 the treated */
	size_t left_out;		   /* not known throughout */
	double weights[HF_POP_DONORS_MOST];
	double *series, *gap, *scratch;
	struct hf_ms_control out;
};

static void
mixture_free(struct mixture *x)
{
	free(x->series);
	free(x->gap);
	free(x->scratch);
}

/* Donors that are known in all periods in which the treated is. */
static void
add_donors(const struct hf_pop_report *r, size_t m, const struct cut *c,
	   struct mixture *x)
{
	double y[HF_POP_PERIODS_MOST];

	for (size_t a = 1; a < r->n_areas; a++) {
		struct hf_pop_run_of of;

		if (a == x->area)
			continue;
		if (!hf_pop_effect_series(r, m, a, y, &of) || of.from > c->of.from ||
		    of.to < c->of.to) {
			x->left_out++;
			continue;
		}
		memcpy(x->series + x->units * x->n, y + c->of.from, x->n * sizeof *y);
		x->of[x->units++] = a;
	}
}

static const char *
mix(const struct hf_pop_report *r, size_t m, struct mixture *x)
{
	double weights[HF_POP_DONORS_MOST] = {0};
	struct hf_ms_control out = {.effect = 0};
	struct cut c;
	const char *why;
	bool said;

	*x = (struct mixture){.area = treated(r), .units = 1};
	why = cut_at(r, m, x->area, r->ask.since, &c);
	if (why)
		return why;
	x->n = c.n;
	x->first = c.of.from;
	x->at = c.at;
	x->of[0] = x->area;
	x->series = malloc((HF_POP_DONORS_MOST + 1) * x->n * sizeof *x->series);
	x->gap = malloc(x->n * sizeof *x->gap);
	x->scratch = malloc((HF_POP_DONORS_MOST + 1 + x->n) * sizeof *x->scratch);
	if (!x->series || !x->gap || !x->scratch)
		return "there is no memory for it now: try again";
	memcpy(x->series, c.y + c.of.from, x->n * sizeof *x->series);
	add_donors(r, m, &c, x);
	said = hf_ms_control(x->series, x->units, x->n, x->at, weights, x->gap,
			     x->scratch, &out);
	memcpy(x->weights, weights, sizeof weights);
	x->out = out;
	if (!said)
		return "fewer than two other areas, or two periods on either side, are "
		       "known throughout";
	return NULL;
}

static struct hf_sv
name_of(const struct hf_pop_report *r, size_t area)
{
	struct hf_sv name = hf_pop_plan_area_name(r->series, area);

	return name.n ? name : hf_pop_plan_area_id(r->series, area);
}

static void
mixture_json(const struct hf_pop_report *r, const struct mixture *x, struct hf_jw *w)
{
	hf_jw_field(w, "area", r->ask.control);
	hf_jw_field(w, "name", name_of(r, x->area));
	number(w, "first", (double)x->first);
	number(w, "at", (double)(x->first + x->at));
	number(w, "before", (double)x->at);
	number(w, "after", (double)(x->n - x->at));
	number(w, "effect", x->out.effect);
	number(w, "p", x->out.p);
	number(w, "rmspeBefore", x->out.rmspe_before);
	number(w, "rmspeAfter", x->out.rmspe_after);
	hf_jw_member(w, "enough");
	hf_jw_bool(w, x->out.enough);
	number(w, "leftOut", (double)x->left_out);
	hf_jw_member(w, "weights");
	hf_jw_arr(w);
	for (size_t u = 1; u < x->units; u++) {
		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_pop_plan_area_id(r->series, x->of[u]));
		hf_jw_field(w, "name", name_of(r, x->of[u]));
		number(w, "weight", x->weights[u - 1]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "own");
	hf_jw_arr(w);
	for (size_t t = 0; t < x->n; t++)
		number(w, NULL, x->series[t]);
	hf_jw_arr_end(w);
	hf_jw_member(w, "synthetic");
	hf_jw_arr(w);
	for (size_t t = 0; t < x->n; t++)
		number(w, NULL, x->series[t] - x->gap[t]);
	hf_jw_arr_end(w);
}

static void
caveats(struct hf_jw *w, const char *const *of, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hf_jw_str(w, hf_sv_from(of[i]));
}

void
hf_pop_control_json(const struct hf_pop_report *r, size_t m, struct hf_jw *w)
{
	struct mixture x;
	const char *why;

	if (asks_control(r)) {
		hf_jw_member(w, "control");
		why = mix(r, m, &x);
		if (why) {
			why_not(w, why);
		} else {
			hf_jw_obj(w);
			mixture_json(r, &x, w);
			hf_jw_obj_end(w);
		}
		mixture_free(&x);
	}
	if (!asks_its(r) && !asks_control(r))
		return;
	hf_jw_member(w, "effectCaveats");
	hf_jw_arr(w);
	if (asks_its(r))
		caveats(w, its_caveats, HF_COUNT(its_caveats));
	if (asks_control(r))
		caveats(w, control_caveats, HF_COUNT(control_caveats));
	hf_jw_arr_end(w);
}

/* ---- words ---- */

static void
put(struct hf_buf *out, const char *what, struct hf_ms_interval i)
{
	hf_buf_printf(out, "    %-28s %9.3g  (%.3g to %.3g)\n", what, i.value, i.low,
		      i.high);
}

static void
its_text(const struct hf_pop_report *r, size_t m, struct hf_buf *out)
{
	for (size_t a = r->n_areas == 2 ? 1 : 0; a < r->n_areas; a++) {
		struct hf_sv name = a ? name_of(r, a) : HF_SV("all");
		struct cut c;
		struct hf_ms_its its;
		const char *why = its_of(r, m, a, &c, &its);

		hf_buf_printf(out, "  interrupted time series, %.*s", HF_SV_ARG(name));
		if (why) {
			hf_buf_printf(out, ": not said: %s\n", why);
			continue;
		}
		hf_buf_printf(out,
			      ", %zu periods before, %zu after, errors that follow "
			      "each other up to %zu\n",
			      c.at, c.n - c.at, its.lag);
		put(out, "change of level", its.step);
		put(out, "change of slope, a period", its.bend);
		put(out, "with less without, at the end", its.effect_last);
	}
	for (size_t i = 0; i < HF_COUNT(its_caveats); i++)
		hf_buf_printf(out, "- %s\n", its_caveats[i]);
}

static void
control_text(const struct hf_pop_report *r, size_t m, struct hf_buf *out)
{
	struct mixture x;
	const char *why = mix(r, m, &x);

	hf_buf_printf(out, "  synthetic control, %.*s",
		      HF_SV_ARG(name_of(r, treated(r))));
	if (why) {
		hf_buf_printf(out, ": not said: %s\n", why);
	} else {
		hf_buf_printf(out,
			      ": %zu periods before, %zu after, %zu other areas%s\n"
			      "    mean gap after %.3g, p %.3g; gap before %.3g\n"
			      "    made of",
			      x.at, x.n - x.at, x.units - 1,
			      x.out.enough ? "" : " (a hint only)", x.out.effect,
			      x.out.p, x.out.rmspe_before);
		for (size_t u = 1; u < x.units; u++)
			if (x.weights[u - 1] >= 0.005)
				hf_buf_printf(out, " %.*s %.0f %%",
					      HF_SV_ARG(name_of(r, x.of[u])),
					      100 * x.weights[u - 1]);
		hf_buf_char(out, '\n');
	}
	mixture_free(&x);
	for (size_t i = 0; i < HF_COUNT(control_caveats); i++)
		hf_buf_printf(out, "- %s\n", control_caveats[i]);
}

void
hf_pop_effect_text(const struct hf_pop_report *r, size_t m, struct hf_buf *out)
{
	if (asks_its(r))
		its_text(r, m, out);
	if (asks_control(r))
		control_text(r, m, out);
}

/* show.c - a run as JSON.  See show.h. */
#include "contract/show.h"

void
hf_ct_int(struct hf_jw *w, const char *name, int64_t v)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, v);
}

void
hf_ct_text(struct hf_jw *w, const char *name, const char *text)
{
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(text));
}

static void
put_flag(struct hf_jw *w, const char *name, bool on)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_bool(w, on);
}

/* A rate as a percentage: a JSON number. */
static void
put_percent(struct hf_jw *w, const char *name, hf_rate rate)
{
	char text[HF_MONEY_TEXT];

	hf_jw_key(w, hf_sv_from(name));
	hf_jw_raw(w, hf_sv_from(hf_rate_text(rate * 100, text, sizeof text)));
}

char *
hf_ct_day_text(int64_t day, char *buf, size_t size)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);

	snprintf(buf, size, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	return buf;
}

void
hf_ct_amounts_write(const struct hf_ct_amounts *a, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_int(w, "plan", a->plan);
	hf_ct_int(w, "account", a->account);
	hf_ct_int(w, "earned", a->earned);
	hf_ct_int(w, "shadow", a->shadow);
	hf_ct_int(w, "unitsPlan", a->units_plan);
	hf_ct_int(w, "units", a->units);
	hf_jw_obj_end(w);
}

void
hf_ct_effect_write(const struct hf_ct_effect *e, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_int(w, "provider", e->provider);
	hf_ct_int(w, "commissioner", e->commissioner);
	hf_ct_int(w, "system", e->system);
	put_flag(w, "whole", e->whole);
	hf_jw_obj_end(w);
}

void
hf_ct_deviation_write(const struct hf_ct_deviation *d, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_text(w, "level", hf_ct_level_word(d->level));
	hf_ct_int(w, "month", d->month);
	hf_ct_int(w, "ytd", d->ytd);
	hf_ct_int(w, "planYtd", d->plan_ytd);
	hf_ct_int(w, "inARow", d->in_a_row);
	hf_ct_text(w, "why", d->why);
	hf_jw_obj_end(w);
}

/* ---- components ---- */

static void
put_months(const struct hf_ct_run *run, const struct hf_ct_amounts ytd[HF_CT_MONTHS],
	   struct hf_jw *w)
{
	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (int m = 0; m < run->months; m++) {
		struct hf_ct_amounts a = hf_ct_month(ytd, m);

		hf_ct_amounts_write(&a, w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "ytd");
	hf_ct_amounts_write(&ytd[run->months - 1], w);
}

static void
put_line(const struct hf_ct_run *run, size_t l, struct hf_jw *w)
{
	const struct hf_ct_line *line = &run->terms->lines[l];

	hf_jw_obj(w);
	hf_ct_text(w, "id", line->id);
	hf_ct_text(w, "title", line->title);
	if (line->price)
		hf_ct_int(w, "price", line->price);
	put_flag(w, "hold", run->hold[l]);
	put_flag(w, "activity", line->select || line->after != HF_CT_AFTER_NONE);
	put_months(run, run->lines[l], w);
	hf_jw_obj_end(w);
}

static void
put_bands(const struct hf_ct_component *c, struct hf_jw *w)
{
	if (c->n_bands == 0)
		return;
	hf_jw_member(w, "bands");
	hf_jw_arr(w);
	for (size_t i = 0; i < c->n_bands; i++) {
		hf_jw_obj(w);
		put_percent(w, "from", c->bands[i].from);
		if (c->bands[i].to != INT64_MAX)
			put_percent(w, "to", c->bands[i].to);
		put_percent(w, "over", c->bands[i].over);
		put_percent(w, "under", c->bands[i].under);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_one_forecast(const struct hf_ct_forecast *f, const char *name, struct hf_jw *w)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_ct_int(w, "plan", f->plan);
	hf_ct_int(w, "runRate", f->run_rate);
	hf_ct_int(w, "back", f->back);
	hf_ct_int(w, "low", f->low);
	hf_ct_int(w, "high", f->high);
	hf_jw_obj_end(w);
}

static void
put_forecast(const struct hf_ct_run *run, size_t c, struct hf_jw *w)
{
	struct hf_ct_forecast earned, shadow;

	if (!hf_ct_forecast(run, c, &earned, &shadow))
		return;
	hf_jw_member(w, "forecast");
	hf_jw_obj(w);
	put_one_forecast(&earned, "earned", w);
	put_one_forecast(&shadow, "shadow", w);
	hf_jw_obj_end(w);
}

static void
put_deviations(const struct hf_ct_run *run, size_t c, struct hf_jw *w)
{
	hf_jw_member(w, "deviation");
	hf_jw_arr(w);
	for (int m = 0; m < run->months; m++) {
		struct hf_ct_deviation d;

		hf_ct_deviation(run, c, m, &d);
		hf_ct_deviation_write(&d, w);
	}
	hf_jw_arr_end(w);
}

static void
put_component(const struct hf_ct_run *run, size_t i, struct hf_jw *w)
{
	const struct hf_ct_component *c = &run->terms->components[i];
	const struct hf_ct_component_ytd *y = run->components[i];
	struct hf_ct_amounts ytd[HF_CT_MONTHS];

	for (int m = 0; m < run->months; m++)
		ytd[m] = y[m].sum;
	hf_jw_obj(w);
	hf_ct_text(w, "id", c->id);
	hf_ct_text(w, "number", c->number);
	hf_ct_text(w, "title", c->title);
	hf_ct_text(w, "kind", hf_ct_kind_word(c->kind));
	put_flag(w, "review", y[run->months - 1].review);
	if (c->kind == HF_CT_RULE)
		hf_ct_text(w, "rule", hf_ct_rule_word(c->rule));
	if (c->marginal >= 0)
		put_percent(w, "marginalCost", c->marginal);
	put_bands(c, w);
	put_months(run, ytd, w);
	hf_jw_member(w, "adjust");
	hf_jw_arr(w);
	for (int m = 0; m < run->months; m++)
		hf_jw_int(w, y[m].adjust);
	hf_jw_arr_end(w);
	hf_ct_int(w, "withheld", y[run->months - 1].withheld);
	put_deviations(run, i, w);
	put_forecast(run, i, w);
	hf_jw_member(w, "lines");
	hf_jw_arr(w);
	for (size_t l = c->first; l < (size_t)c->first + c->n; l++)
		put_line(run, l, w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* ---- the whole ---- */

static void
put_party(const struct hf_ct_terms *t, int party, struct hf_jw *w)
{
	hf_jw_key(w, hf_sv_from(t->parties[party].id));
	hf_jw_obj(w);
	hf_ct_text(w, "id", t->parties[party].id);
	hf_ct_text(w, "name", t->parties[party].name);
	hf_jw_obj_end(w);
}

static void
put_heading(const struct hf_ct_run *run, struct hf_jw *w)
{
	static const char *const cuts[] = {"none", "flex", "freeze"};
	const struct hf_ct_terms *t = run->terms;
	char text[HF_MONEY_TEXT];

	hf_ct_text(w, "id", t->id);
	hf_ct_text(w, "version", t->version);
	hf_ct_text(w, "title", t->title);
	hf_ct_text(w, "form", hf_ct_form_word(t->form));
	hf_ct_text(w, "status", t->status);
	put_flag(w, "demonstration", t->demonstration);
	hf_ct_text(w, "year", hf_fy_text(t->fy, text, sizeof text));
	hf_ct_text(w, "from", hf_ct_day_text(t->from, text, sizeof text));
	hf_ct_text(w, "to", hf_ct_day_text(t->to, text, sizeof text));
	hf_ct_text(w, "summary", t->summary);
	hf_ct_text(w, "rules", t->rules);
	hf_ct_text(w, "prices", t->prices);
	hf_jw_member(w, "parties");
	hf_jw_obj(w);
	put_party(t, HF_CT_COMMISSIONER, w);
	put_party(t, HF_CT_PROVIDER, w);
	hf_jw_obj_end(w);
	hf_ct_text(w, "runTo",
		   hf_ct_day_text(hf_period_first(t->fy, run->months) + run->days - 1,
				  text, sizeof text));
	hf_ct_int(w, "months", run->months);
	hf_jw_member(w, "partOf");
	hf_jw_obj(w);
	hf_ct_int(w, "days", run->days);
	hf_ct_int(w, "of", run->of);
	hf_jw_obj_end(w);
	hf_jw_member(w, "cuts");
	hf_jw_arr(w);
	for (int m = 0; m < run->months; m++)
		hf_jw_str(w, hf_sv_from(cuts[run->cuts[m]]));
	hf_jw_arr_end(w);
}

/* Of lines that have a price and a planned number; the price is the same in plan and
 * fact until a price list changes within the year. */
static void
put_bridge(const struct hf_ct_run *run, struct hf_jw *w)
{
	struct hf_ct_bridge_row rows[HF_CT_LINES];
	struct hf_ct_bridge b;
	size_t n = 0;

	for (size_t l = 0; l < run->terms->n_lines; l++) {
		const struct hf_ct_line *line = &run->terms->lines[l];
		const struct hf_ct_amounts *a = &run->lines[l][run->months - 1];

		if (run->terms->components[line->component].kind == HF_CT_VOLUME)
			rows[n++] = (struct hf_ct_bridge_row){a->units_plan, a->units,
							      line->price, line->price};
	}
	if (n == 0 || !hf_ct_bridge(rows, n, &b))
		return;
	hf_jw_member(w, "bridge");
	hf_jw_obj(w);
	hf_ct_int(w, "plan", b.plan);
	hf_ct_int(w, "actual", b.actual);
	hf_ct_int(w, "volume", b.volume);
	hf_ct_int(w, "mix", b.mix);
	hf_ct_int(w, "price", b.price);
	hf_jw_obj_end(w);
}

static void
put_parts(const struct hf_ct_terms *t, struct hf_jw *w)
{
	hf_pence value[HF_CT_PARTS];

	if (t->n_parts == 0 || !hf_ct_parts(t, t->head, value))
		return;
	hf_jw_member(w, "parts");
	hf_jw_arr(w);
	for (size_t i = 0; i < t->n_parts; i++) {
		hf_jw_obj(w);
		hf_ct_text(w, "id", t->parts[i].id);
		hf_ct_text(w, "name", t->parts[i].name);
		put_percent(w, "share", t->parts[i].share);
		hf_ct_int(w, "pence", value[i]);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_ct_late_write(const struct hf_ct_run *run, struct hf_jw *w)
{
	hf_jw_member(w, "late");
	hf_jw_arr(w);
	for (size_t i = 0; i < run->facts->n_late; i++) {
		const struct hf_ct_late *l = &run->facts->late[i];

		hf_jw_obj(w);
		hf_ct_text(w, "line", run->terms->lines[l->in.line].id);
		hf_ct_int(w, "month", l->in.month + 1);
		hf_ct_int(w, "pence", l->differs);
		hf_ct_int(w, "units", l->units);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	if (run->facts->late_dropped)
		hf_ct_int(w, "lateMore", (int64_t)run->facts->late_dropped);
}

void
hf_ct_run_write(const struct hf_ct_run *run, struct hf_jw *w)
{
	struct hf_ct_effect effect = hf_ct_effects(run, run->months - 1);

	put_heading(run, w);
	hf_jw_member(w, "components");
	hf_jw_arr(w);
	for (size_t c = 0; c < run->terms->n_components; c++)
		put_component(run, c, w);
	hf_jw_arr_end(w);
	hf_jw_member(w, "total");
	hf_jw_obj(w);
	put_months(run, run->total, w);
	hf_jw_obj_end(w);
	hf_jw_member(w, "effect");
	hf_ct_effect_write(&effect, w);
	put_bridge(run, w);
	put_parts(run->terms, w);
	hf_ct_late_write(run, w);
}

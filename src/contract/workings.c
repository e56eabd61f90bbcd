/* workings.c - how the year to date of a line came about, in words and numbers that a
 * finance analyst can follow. */
#include "contract/show.h"

#include <stdarg.h>

struct sheet {
	const struct hf_ct_run *run;
	const struct hf_ct_line *line;
	const struct hf_ct_component *component;
	size_t at;
	int month;
	struct hf_jw *w;
};

static void step(struct sheet *s, const char *rule, hf_pence pence, const char *fmt,
		 ...) HF_PRINTF(4, 5);

static void
step(struct sheet *s, const char *rule, hf_pence pence, const char *fmt, ...)
{
	char text[700];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	hf_jw_obj(s->w);
	hf_ct_text(s->w, "text", text);
	hf_ct_text(s->w, "rule", rule);
	hf_ct_int(s->w, "pence", pence);
	hf_jw_obj_end(s->w);
}

static const char *
pounds(hf_pence v, char buf[HF_MONEY_TEXT])
{
	return hf_pence_text(v, HF_PENCE_POUNDS, buf, HF_MONEY_TEXT);
}

static const char *
percent(hf_rate v, char buf[HF_MONEY_TEXT])
{
	return hf_rate_text(v * 100, buf, HF_MONEY_TEXT);
}

/* ---- inputs ---- */

static void
put_input(struct sheet *s, const struct hf_ct_kept *kept)
{
	const struct hf_ct_input *in = &kept->in;
	const struct hf_ct_fact *f = &s->run->facts->at[in->line][in->month];

	hf_jw_obj(s->w);
	hf_ct_int(s->w, "seq", in->seq);
	hf_ct_int(s->w, "month", in->month + 1);
	hf_ct_text(s->w, "cut", in->freeze ? "freeze" : "flex");
	hf_ct_int(s->w, "units", in->units);
	hf_ct_int(s->w, "pence", in->pence);
	if (in->price >= 0)
		hf_ct_int(s->w, "price", in->price);
	if (kept->source.n)
		hf_jw_field(s->w, "source", kept->source);
	hf_jw_member(s->w, "counts");
	hf_jw_bool(s->w, f->cut != HF_CT_NOTHING && f->in.seq == in->seq);
	hf_jw_obj_end(s->w);
}

/* ---- by kind ---- */

static void
work_units(struct sheet *s)
{
	char a[HF_MONEY_TEXT];

	for (int m = 0; m <= s->month; m++) {
		int64_t units = s->run->facts->at[s->at][m].in.units;
		hf_pence v = 0;

		hf_pence_times(s->line->price, units, &v);
		step(s, "2.1 C3", v, "month %d: %lld x %s", m + 1, (long long)units,
		     pounds(s->line->price, a));
	}
}

static void
work_gain(struct sheet *s)
{
	char a[HF_MONEY_TEXT], b[HF_MONEY_TEXT], c[HF_MONEY_TEXT];
	hf_pence saved = 0;

	for (int m = 0; m <= s->month; m++) {
		const struct hf_ct_fact *f = &s->run->facts->at[s->at][m];
		hf_pence paid = f->in.price < 0 ? s->line->actual : f->in.price;
		hf_pence one = s->line->price > paid ? s->line->price - paid : 0, v = 0;

		if (f->cut == HF_CT_NOTHING)
			continue;
		hf_pence_times(one, f->in.units, &v);
		saved += v;
		step(s, "2.1 C4", v, "month %d: %lld x (%s - %s), never below 0", m + 1,
		     (long long)f->in.units, pounds(s->line->price, a),
		     pounds(paid, b));
	}
	step(s, "2.1 C4, CON-T06", s->run->lines[s->at][s->month].earned,
	     "%s saved in the year to date x %s %%, rounded once", pounds(saved, a),
	     percent(s->component->provider, c));
}

/* Each band: what of the variance lies in it, and what of that moves. */
static void
work_bands(struct sheet *s)
{
	const struct hf_ct_component_ytd *y =
	    &s->run->components[s->line->component][s->month];
	hf_pence plan = y->expected, actual = y->sum.shadow + y->withheld;
	bool over = actual >= plan;
	char a[HF_MONEY_TEXT], b[HF_MONEY_TEXT], c[HF_MONEY_TEXT];

	step(s, "2.1 C2", actual - plan, "variance of the component: %s - %s",
	     pounds(actual, a), pounds(plan, b));
	for (size_t i = 0; i < s->component->n_bands; i++) {
		const struct hf_ct_band *band = &s->component->bands[i];
		hf_pence moved = 0;

		hf_ct_share_adjust(band, 1, plan, actual, &moved);
		if (band->to == INT64_MAX)
			snprintf(b, sizeof b, "more");
		else
			percent(band->to, b);
		step(s, "2.1 C2, CON-T05", moved, "band %s to %s %% of plan: x %s %%",
		     percent(band->from, a), b,
		     percent(over ? band->over : band->under, c));
	}
	step(s, "2.1 C2", y->adjust, "adjustment of the component, year to date%s",
	     y->review ? "; a joint review is due" : "");
}

static void
work_plan(struct sheet *s)
{
	const struct hf_ct_amounts *a = &s->run->lines[s->at][s->month];

	step(s, "2.1", a->plan, "plan of months 1 to %d", s->month + 1);
	step(s, "2.1", a->shadow, "value of the activity at tariff");
	if (s->component->kind != HF_CT_BLOCK)
		work_bands(s);
	else if (s->run->components[s->line->component][s->month].withheld)
		step(s, "1.4",
		     -s->run->components[s->line->component][s->month].withheld,
		     "taken off the tariff by the national rules of the year");
}

/* What a rule of the year looks at, and what it makes of it. */
static void
work_rule(struct sheet *s)
{
	size_t at = s->line->component;
	struct hf_ct_adjustment adj;
	struct hf_buf text = {.cap = 2000};
	char rule[40];
	bool in_force = false;

	if (!hf_ct_run_rule(s->run, at, s->month, &in_force, &adj))
		return;
	for (size_t c = 0; c < at; c++)
		if (s->component->of >> c & 1)
			step(s, "1.4", s->run->components[c][s->month].sum.shadow,
			     "at tariff, months 1 to %d: %s", s->month + 1,
			     s->run->terms->components[c].title);
	if (in_force)
		hf_ct_adjust_text(&adj, &text);
	snprintf(rule, sizeof rule, "1.4, rules of %.16s", s->run->terms->rules);
	if (in_force && !text.failed)
		step(s, rule, adj.value, "%.*s", (int)text.n, text.p);
	else
		step(s, rule, 0, "the rules of the year have no such rule");
	hf_buf_free(&text);
}

static void
work(struct sheet *s)
{
	const struct hf_ct_amounts *a = &s->run->lines[s->at][s->month];

	switch (s->component->kind) {
	case HF_CT_VOLUME:
		work_units(s);
		break;
	case HF_CT_GAIN:
		work_gain(s);
		break;
	case HF_CT_COST:
		step(s, "2.1 C4", a->earned, "what it cost, months 1 to %d",
		     s->month + 1);
		break;
	case HF_CT_OUTCOME:
		step(s, "3.3", a->earned,
		     s->run->hold[s->at]
			 ? "on hold: too few cases, or data that are not good enough; "
			   "what an earlier result earned stands"
			 : "pool x weight x score, by the newest result");
		break;
	case HF_CT_RULE:
		work_rule(s);
		break;
	default:
		work_plan(s);
		break;
	}
}

void
hf_ct_workings_write(const struct hf_ct_run *run, const struct hf_ct_kept *kept,
		     size_t n, size_t line, int month, struct hf_jw *w)
{
	struct sheet s = {
	    .run = run,
	    .line = &run->terms->lines[line],
	    .component = &run->terms->components[run->terms->lines[line].component],
	    .at = line,
	    .month = month,
	    .w = w};

	hf_ct_text(w, "line", s.line->id);
	hf_ct_text(w, "title", s.line->title);
	hf_ct_text(w, "component", s.component->id);
	hf_ct_text(w, "kind", hf_ct_kind_word(s.component->kind));
	hf_ct_int(w, "month", month + 1);
	hf_jw_member(w, "activity");
	hf_jw_bool(w, s.line->select || s.line->after != HF_CT_AFTER_NONE);
	hf_jw_member(w, "inputs");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		if (kept[i].in.line == line && kept[i].in.month <= month)
			put_input(&s, &kept[i]);
	hf_jw_arr_end(w);
	hf_jw_member(w, "steps");
	hf_jw_arr(w);
	work(&s);
	hf_jw_arr_end(w);
	hf_ct_int(w, "result",
		  s.component->kind == HF_CT_RULE
		      ? run->components[s.line->component][month].sum.shadow
		      : run->lines[line][month].earned);
}

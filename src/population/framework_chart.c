/* framework_chart.c - charts as the pages get them: limits, signals, marks, and the
 * limits as they were before somebody marked them.  docs/interfaces/measures.md. */
#include "population/framework_report.h"

#include <math.h>

#include "base/time.h"

static void
number(struct hf_jw *w, const char *name, double x)
{
	char text[40];

	hf_jw_key(w, hf_sv_from(name));
	if (!isfinite(x)) {
		hf_jw_null(w);
		return;
	}
	snprintf(text, sizeof text, fabs(x) >= 1e6 ? "%.0f" : "%.6g", x == 0 ? 0 : x);
	hf_jw_raw(w, hf_sv_from(text));
}

static void
text(struct hf_jw *w, const char *name, const char *value)
{
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(value));
}

static void
flag(struct hf_jw *w, const char *name, bool on)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_bool(w, on);
}

static void
rules(struct hf_jw *w, uint8_t bits)
{
	hf_jw_member(w, "rules");
	hf_jw_arr(w);
	for (unsigned rule = HF_MS_BEYOND; rule <= HF_MS_SHIFT; rule <<= 1)
		if (bits & rule)
			hf_jw_str(w,
				  hf_sv_from(hf_ms_rule_word((enum hf_ms_rule)rule)));
	hf_jw_arr_end(w);
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

void
hf_pop_mark_json(const struct hf_pop_mark *k, struct hf_jw *w)
{
	char at[40];

	hf_time_format(k->said_at, at, sizeof at);
	hf_jw_obj(w);
	number(w, "mark", (double)k->mark);
	number(w, "version", k->version);
	hf_jw_field(w, "by", k->by);
	hf_jw_field(w, "area", k->area);
	hf_jw_field(w, "grain", k->grain);
	day(w, "at", k->day);
	text(w, "kind", hf_pop_mark_kind_words[k->kind]);
	if (k->cause)
		text(w, "cause", hf_pop_mark_cause_words[k->cause]);
	hf_jw_field(w, "reason", k->reason);
	flag(w, "stands", k->stands);
	text(w, "saidAt", at);
	hf_jw_field(w, "saidBy", k->name.n ? k->name : k->said_by);
	hf_jw_field(w, "org", k->org);
	hf_jw_obj_end(w);
}

static void
points_json(struct hf_jw *w, const struct hf_ms_spc_point *p, size_t n, double by,
	    bool full)
{
	hf_jw_member(w, "points");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(w);
		if (full)
			number(w, "value", p[i].value * by);
		number(w, "mean", p[i].mean * by);
		number(w, "low", p[i].low * by);
		number(w, "high", p[i].high * by);
		if (full) {
			number(w, "nearLow", p[i].near_low * by);
			number(w, "nearHigh", p[i].near_high * by);
			rules(w, p[i].rules);
		}
		text(w, "label", hf_ms_rule_word(hf_ms_spc_label(p[i].rules)));
		if (full)
			number(w, "group", p[i].group);
		flag(w, "good", p[i].good);
		flag(w, "bad", p[i].bad);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* What the chart says where nobody begins limits anew: never hidden by those who did.
 */
static void
unmarked(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t area,
	 bool points)
{
	struct hf_ms_spc_point p[HF_POP_PERIODS_MOST];
	struct hf_ms_spc sum;

	if (!hf_pop_report_chart_unmarked(r, m, area, p, &sum))
		return;
	hf_jw_member(w, "unmarked");
	hf_jw_obj(w);
	text(w, "variation", hf_ms_variation_words[sum.variation]);
	text(w, "assurance", hf_ms_assurance_words[sum.assurance]);
	if (points)
		points_json(w, p, r->n_periods, hf_pop_report_scale(r, m), false);
	hf_jw_obj_end(w);
}

/* The marks of the chart, each with the number of its point; true when one of them
 * moves limits. */
static bool
marks_json(struct hf_jw *w, const struct hf_pop_report *r, size_t m, size_t area,
	   bool write)
{
	bool moves = false;

	for (size_t i = 0; i < r->ask.marks.n; i++) {
		const struct hf_pop_mark *k = &r->ask.marks.items[i];

		if (hf_pop_report_marked(r, m, area, k) == SIZE_MAX)
			continue;
		moves |= k->kind != HF_POP_MARK_NOTE;
		if (write)
			hf_pop_mark_json(k, w);
	}
	return moves;
}

void
hf_pop_report_chart_json(const struct hf_pop_report *r, size_t m, size_t area,
			 bool points, struct hf_jw *w)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	struct hf_ms_spc_point p[HF_POP_PERIODS_MOST];
	struct hf_ms_spc sum;

	hf_jw_member(w, "spc");
	if (!hf_pop_report_chart(r, m, area, p, &sum)) {
		hf_jw_null(w);
		return;
	}
	hf_jw_obj(w);
	text(w, "chart", hf_ms_chart_words[is->chart]);
	if (is->chart == HF_MS_T || is->chart == HF_MS_G)
		text(w, "pointsAre",
		     is->chart == HF_MS_T ? "days between events" : "between events");
	number(w, "trend", r->ask.trend ? r->ask.trend : HF_MS_TREND_LENGTH);
	text(w, "variation", hf_ms_variation_words[sum.variation]);
	text(w, "assurance", hf_ms_assurance_words[sum.assurance]);
	flag(w, "trial", sum.trial);
	number(w, "received", (double)sum.received);
	if (marks_json(w, r, m, area, false))
		unmarked(w, r, m, area, points);
	if (points) {
		hf_jw_member(w, "marks");
		hf_jw_arr(w);
		marks_json(w, r, m, area, true);
		hf_jw_arr_end(w);
		points_json(w, p, r->n_periods, hf_pop_report_scale(r, m), true);
	}
	hf_jw_obj_end(w);
}

/* pack.c - deviations, charts, the gap to the tariff, data quality, and what followed
 * from responses.  See pack.h. */
#include "contract/pack.h"

#include "contract/spc.h"

static void
put_deviations(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	hf_jw_member(w, "deviations");
	hf_jw_arr(w);
	for (size_t i = 0; i < run->terms->n_components; i++) {
		struct hf_ct_deviation d;

		hf_ct_deviation(run, i, month, &d);
		if (d.level == HF_CT_NONE)
			continue;
		hf_jw_obj(w);
		hf_ct_text(w, "component", run->terms->components[i].id);
		hf_ct_text(w, "title", run->terms->components[i].title);
		hf_jw_member(w, "deviation");
		hf_ct_deviation_write(&d, w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- charts ---- */

static void
put_chart(const struct hf_ct_spc *s, const char *component, const char *line,
	  const char *title, struct hf_jw *w)
{
	hf_jw_obj(w);
	hf_ct_text(w, "component", component);
	if (line)
		hf_ct_text(w, "line", line);
	hf_ct_text(w, "title", title);
	hf_jw_member(w, "chart");
	hf_ct_spc_write(s, w);
	hf_jw_obj_end(w);
}

static void
put_charts(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	const struct hf_ct_terms *t = run->terms;
	struct hf_ct_spc s;

	hf_jw_member(w, "charts");
	hf_jw_arr(w);
	for (size_t i = 0; i < t->n_components; i++) {
		const struct hf_ct_component *c = &t->components[i];

		if (hf_ct_spc_component(run, i, month, &s))
			put_chart(&s, c->id, NULL, c->title, w);
		for (size_t l = c->first; c->n > 1 && l < (size_t)c->first + c->n; l++)
			if (hf_ct_spc_line(run, l, month, &s))
				put_chart(&s, c->id, t->lines[l].id, t->lines[l].title,
					  w);
	}
	hf_jw_arr_end(w);
}

/* ---- the gap ---- */

static void
put_gap_row(const struct hf_ct_amounts *month, const struct hf_ct_amounts *ytd,
	    struct hf_jw *w)
{
	hf_ct_int(w, "earned", month->earned);
	hf_ct_int(w, "shadow", month->shadow);
	hf_ct_int(w, "gap", month->earned - month->shadow);
	hf_ct_int(w, "gapYtd", ytd->earned - ytd->shadow);
}

static void
put_gap(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	hf_jw_member(w, "gap");
	hf_jw_obj(w);
	hf_jw_member(w, "months");
	hf_jw_arr(w);
	for (int m = 0; m <= month; m++) {
		struct hf_ct_amounts a = hf_ct_month(run->total, m);

		hf_jw_obj(w);
		hf_ct_int(w, "month", m + 1);
		put_gap_row(&a, &run->total[m], w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_member(w, "components");
	hf_jw_arr(w);
	for (size_t i = 0; i < run->terms->n_components; i++) {
		struct hf_ct_amounts a[HF_CT_MONTHS], of;

		for (int m = 0; m <= month; m++)
			a[m] = run->components[i][m].sum;
		of = hf_ct_month(a, month);
		hf_jw_obj(w);
		hf_ct_text(w, "component", run->terms->components[i].id);
		hf_ct_text(w, "title", run->terms->components[i].title);
		put_gap_row(&of, &a[month], w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

/* ---- data quality ---- */

static void
put_missing(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	hf_jw_member(w, "missing");
	hf_jw_arr(w);
	for (size_t l = 0; l < run->terms->n_lines; l++)
		for (int m = 0; m <= month; m++) {
			const struct hf_ct_line *line = &run->terms->lines[l];
			enum hf_ct_kind kind =
			    run->terms->components[line->component].kind;

			if (run->facts->at[l][m].cut != HF_CT_NOTHING ||
			    kind == HF_CT_OUTCOME ||
			    (kind == HF_CT_RULE && !line->after))
				continue;
			hf_jw_obj(w);
			hf_ct_text(w, "line", line->id);
			hf_ct_text(w, "title", line->title);
			hf_ct_int(w, "month", m + 1);
			hf_jw_obj_end(w);
		}
	hf_jw_arr_end(w);
}

static void
put_holds(const struct hf_ct_run *run, struct hf_jw *w)
{
	hf_jw_member(w, "onHold");
	hf_jw_arr(w);
	for (size_t l = 0; l < run->terms->n_lines; l++)
		if (run->hold[l])
			hf_jw_str(w, hf_sv_from(run->terms->lines[l].title));
	hf_jw_arr_end(w);
}

static void
put_quality(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	static const char *const cuts[] = {"none", "flex", "freeze"};

	hf_jw_member(w, "quality");
	hf_jw_obj(w);
	hf_jw_member(w, "cuts");
	hf_jw_arr(w);
	for (int m = 0; m <= month; m++)
		hf_jw_str(w, hf_sv_from(cuts[run->cuts[m]]));
	hf_jw_arr_end(w);
	put_missing(run, month, w);
	put_holds(run, w);
	hf_ct_late_write(run, w);
	hf_jw_obj_end(w);
}

void
hf_ct_pack_run(const struct hf_ct_run *run, int month, struct hf_jw *w)
{
	put_deviations(run, month, w);
	put_charts(run, month, w);
	put_gap(run, month, w);
	put_quality(run, month, w);
}

/* ---- what followed ---- */

/* The month of the contract's year that a period (202004) is; -1 when it is of another.
 */
static int
month_of(const struct hf_ct_run *run, int64_t period)
{
	int fy = (int)(period / 100) - (period % 100 < 4);

	return fy == run->terms->fy ? (int)((period % 100 + 8) % 12) : -1;
}

static hf_pence
differs(const struct hf_ct_run *run, size_t component, int month)
{
	bool earned = run->terms->components[component].kind == HF_CT_GAIN ||
		      run->terms->components[component].kind == HF_CT_OUTCOME;
	struct hf_ct_amounts a = run->components[component][month].sum, b = {0};

	if (month)
		b = run->components[component][month - 1].sum;
	return (earned ? a.earned - b.earned : a.shadow - b.shadow) - (a.plan - b.plan);
}

/* Mean difference from plan of the months before; false without any. */
static bool
before(const struct hf_ct_run *run, size_t component, int month, hf_pence *out)
{
	hf_i128 sum = 0;

	for (int m = 0; m < month; m++)
		sum += differs(run, component, m);
	return month > 0 && hf_round_div(sum, month, HF_HALF_AWAY, out);
}

void
hf_ct_pack_followed(const struct hf_ct_run *run, int month,
		    const struct hf_ct_case *review, struct hf_jw *w)
{
	struct hf_ct_expected e = {.n = 0};
	int component =
	    hf_ct_component_find(run->terms, hf_ct_case_text(review, "component"));
	hf_pence base = 0;
	bool known = false;

	if (!hf_ct_expected(hf_ct_case_text(review, "expected"), &e))
		e.n = 0;
	if (e.n && component >= 0) {
		int first = month_of(run, e.period[0]);

		known = first <= month + 1 &&
			before(run, (size_t)component, first < 0 ? 0 : first, &base);
	}
	hf_jw_member(w, "expected");
	hf_jw_arr(w);
	for (size_t i = 0; i < e.n; i++) {
		int m = month_of(run, e.period[i]);

		hf_jw_obj(w);
		hf_ct_int(w, "period", e.period[i]);
		hf_ct_int(w, "expected", e.pence[i]);
		if (known && m >= 0 && m <= month && run->cuts[m] != HF_CT_NOTHING) {
			hf_pence v = differs(run, (size_t)component, m);

			hf_ct_int(w, "before", base);
			hf_ct_int(w, "differs", v);
			hf_ct_int(w, "actual", v - base);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* framework_sheet.c - a row a figure. */
#include "population/framework_sheet.h"

#include <math.h>

#include "base/time.h"
#include "population/framework_effect.h"

static const struct column {
	const char *head;
	int share;
} row_columns[] = {
    {"measure", 24},	  {"version", 8},	 {"hash", 16},	  {"by", 10},
    {"area", 16},	  {"area name", 24},	 {"period", 10},  {"from", 10},
    {"to", 10},		  {"status", 12},	 {"counted", 10}, {"out of", 12},
    {"value", 10},	  {"low", 10},		 {"high", 10},	  {"standard", 10},
    {"standard low", 10}, {"standard high", 10}, {"known", 8},	  {"unit", 24},
    {"basis", 12},	  {"disclosure", 10}};

static struct hf_sv
day_text(struct hf_arena *arena, uint16_t day)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);

	return hf_arena_printf(arena, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

static void
put_row(struct hf_book *b, struct hf_sheet *s, const struct hf_pop_report *r, size_t m,
	size_t area, size_t i)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	const struct hf_pop_figure *f = hf_pop_report_at(r, m, area, i);
	const struct hf_pop_plan *plan = i < r->n_periods    ? r->series
					 : i == r->n_periods ? r->total
							     : r->baseline;
	size_t p = i < r->n_periods ? i : 0;
	char label[16];

	hf_pop_plan_label(r->series, p, label);
	hf_sheet_row(b, s, area == 0);
	hf_sheet_text(b, s, hf_sv_from(is->id));
	hf_sheet_text(b, s, hf_sv_from(is->version));
	hf_sheet_text(b, s, hf_sv_from(is->hash));
	hf_sheet_text(b, s, hf_sv_from(hf_pop_by_words[r->ask.ask.by]));
	hf_sheet_text(b, s, area ? hf_pop_plan_area_id(r->series, area) : HF_SV("all"));
	hf_sheet_text(b, s,
		      area ? hf_pop_plan_area_name(r->series, area)
			   : HF_SV("All together"));
	hf_sheet_text(b, s,
		      i == r->n_periods	 ? HF_SV("total")
		      : i > r->n_periods ? HF_SV("baseline")
					 : hf_arena_sv(b->arena, hf_sv_from(label)));
	hf_sheet_date(b, s, day_text(b->arena, hf_pop_plan_period(plan, p)));
	hf_sheet_date(b, s, day_text(b->arena, hf_pop_plan_period(plan, p + 1)));
	hf_sheet_text(b, s, hf_sv_from(hf_pop_status_words[f->status]));
	hf_sheet_real(b, s, f->counted, 0);
	hf_sheet_real(b, s, is->scale == HF_POP_COUNT ? NAN : f->out_of,
		      is->scale == HF_POP_RATE ? 2 : 0);
	hf_sheet_real(b, s, f->value.value, 4);
	hf_sheet_real(b, s, f->value.low, 4);
	hf_sheet_real(b, s, f->value.high, 4);
	hf_sheet_real(b, s, f->standard.value, 4);
	hf_sheet_real(b, s, f->standard.low, 4);
	hf_sheet_real(b, s, f->standard.high, 4);
	hf_sheet_real(b, s, f->known, 4);
	hf_sheet_text(b, s, hf_sv_from(is->unit));
	hf_sheet_text(b, s, HF_SV("person-time"));
	hf_sheet_text(b, s, r->ask.disclose ? HF_SV("strict5") : HF_SV("none"));
}

static void
put_measures(struct hf_book *b, const struct hf_pop_report *r)
{
	struct hf_sheet *s = hf_book_sheet(b, HF_SV("Measures"));
	static const char *const heads[] = {"measure", "title",	  "question", "counted",
					    "out of",  "unit",	  "source",   "owner",
					    "review",  "version", "hash"};

	for (size_t i = 0; i < HF_COUNT(heads); i++)
		hf_sheet_column(b, s, hf_sv_from(heads[i]), 12);
	for (size_t m = 0; m < r->n_measures; m++) {
		const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
		const char *const texts[] = {is->id,	  is->title,  is->question,
					     is->counted, is->out_of, is->unit,
					     is->source,  is->owner,  is->review,
					     is->version, is->hash};

		hf_sheet_row(b, s, false);
		for (size_t i = 0; i < HF_COUNT(texts); i++)
			hf_sheet_text(b, s, hf_sv_from(texts[i]));
	}
}

struct hf_book *
hf_pop_report_book(const struct hf_pop_report *r, struct hf_arena *arena)
{
	struct hf_book *b = hf_book_make(arena, HF_SV("Outcome framework"), HF_SV(""));
	struct hf_sheet *s;

	if (!b)
		return NULL;
	for (size_t i = 0; r->baseline && i < hf_pop_n_caveats; i++)
		hf_book_say(b, hf_sv_from(hf_pop_caveats[i]));
	s = hf_book_sheet(b, HF_SV("Figures"));
	for (size_t i = 0; i < HF_COUNT(row_columns); i++)
		hf_sheet_column(b, s, hf_sv_from(row_columns[i].head),
				row_columns[i].share);
	for (size_t m = 0; m < r->n_measures; m++)
		for (size_t a = 0; a < r->n_areas; a++)
			for (size_t i = 0; i < r->n_periods + (r->baseline ? 2 : 1);
			     i++)
				/* With one area it is all areas together. */
				if (a > 0 || r->n_areas != 2)
					put_row(b, s, r, m, a, i);
	put_measures(b, r);
	return b;
}

static void
put_number(struct hf_buf *out, double x, int width)
{
	if (isnan(x))
		hf_buf_printf(out, " %*s", width, "-");
	else
		hf_buf_printf(out, " %*.*f", width,
			      fabs(x) < 1000 && x != floor(x) ? 2 : 0, x);
}

static void
put_line(const struct hf_pop_report *r, size_t m, size_t a, struct hf_buf *out)
{
	const struct hf_pop_figure *f = hf_pop_report_at(r, m, a, r->n_periods);
	struct hf_ms_spc_point p[HF_POP_PERIODS_MOST];
	struct hf_sv name = a ? hf_pop_plan_area_name(r->series, a) : HF_SV("all");
	struct hf_ms_interval change = hf_pop_report_change(r, m, a);
	struct hf_ms_spc sum;

	if (name.n == 0)
		name = hf_pop_plan_area_id(r->series, a);
	hf_buf_printf(out, "  %-26.*s", (int)(name.n > 26 ? 26 : name.n), name.p);
	put_number(out, f->counted, 9);
	put_number(out, f->value.value, 9);
	put_number(out, f->value.low, 9);
	put_number(out, f->value.high, 9);
	put_number(out, f->standard.value, 9);
	if (r->baseline)
		put_number(out, change.value, 8);
	if (f->status != HF_POP_OK)
		hf_buf_printf(out, "  %s", hf_pop_status_words[f->status]);
	if (hf_pop_report_chart(r, m, a, p, &sum) && sum.variation)
		hf_buf_printf(out, "  %s", hf_ms_variation_words[sum.variation]);
	hf_buf_char(out, '\n');
}

void
hf_pop_report_text(const struct hf_pop_report *r, struct hf_buf *out)
{
	for (size_t m = 0; m < r->n_measures; m++) {
		const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];

		hf_buf_printf(out, "%s (%s, %s)\n", is->title, is->id, is->unit);
		hf_buf_printf(out, "  %-26s %9s %9s %9s %9s %9s", "last 12 months",
			      "counted", "value", "low", "high", "standard");
		hf_buf_printf(out, r->baseline ? " %8s\n" : "\n", "change %");
		for (size_t a = r->n_areas == 2 ? 1 : 0; a < r->n_areas; a++)
			put_line(r, m, a, out);
		hf_pop_effect_text(r, m, out);
	}
	for (size_t i = 0; r->baseline && i < hf_pop_n_caveats; i++)
		hf_buf_printf(out, "- %s\n", hf_pop_caveats[i]);
}

/* framework_report.h - figures of measures put together to be shown: series, the last
 * twelve months, a baseline, charts, comparison.  Pure; io/framework_run.h makes one.
 *
 * What leaves the place goes through hf_pop_report_disclose() first, and all that is
 * derived (charts, change, funnel) is derived from what it leaves. */
#ifndef HF_POPULATION_FRAMEWORK_REPORT_H
#define HF_POPULATION_FRAMEWORK_REPORT_H

#include "fhir/json.h"
#include "measure/compare.h"
#include "population/framework_count.h"
#include "population/mark.h"

enum { HF_POP_TOTAL_MONTHS = 12 };

struct hf_pop_report_ask {
	struct hf_pop_count_ask ask;	     /* the series */
	uint16_t baseline_from, baseline_to; /* both 0: none */
	uint16_t total_from, total_to;	     /* both 0: the last 12 months asked for */
	unsigned trend;			     /* 0: six points */
	/* What changed at a day, framework_effect.h; 0 and n 0: not asked. */
	uint16_t its, since;
	struct hf_sv control;	   /* id of the area that is compared */
	bool disclose;		   /* for who is not in direct care */
	struct hf_pop_marks marks; /* of any measures: charts go by those of theirs */
};

struct hf_pop_report {
	const struct hf_pop_columns *c;
	const struct hf_pop_framework *f;
	struct hf_pop_report_ask ask;
	struct hf_pop_plan *series, *total, *baseline; /* baseline NULL: none */
	size_t n_measures, n_areas, n_periods;
	uint8_t measure[HF_POP_MEASURES]; /* index in f, in its order */
	/* [(m * n_areas + area) * (n_periods + 2) + i]; i n_periods: the total, one
	 * more: the baseline.  Area 0: all areas together. */
	struct hf_pop_figure *figures;
};

void hf_pop_report_free(struct hf_pop_report *r); /* NULL is fine */

/* Whole months up to what the data hold: [from, to) of the last `months`. */
void hf_pop_report_range(const struct hf_pop_columns *c, unsigned months,
			 uint16_t *from, uint16_t *to);

struct hf_pop_figure *hf_pop_report_at(const struct hf_pop_report *r, size_t m,
				       size_t area, size_t i);

/* Suppresses and rounds: counts of 1 to 4 (and what they could be told from) go,
 * others are rounded to 5, rates are made of rounded counts (population.md 7). */
void hf_pop_report_disclose(struct hf_pop_report *r);

/* Activity of which figures are not to be published (population.md 8): of these
 * settings, in days [from, to). */
struct hf_pop_held_back {
	uint32_t settings; /* bits; HF_POP_HELD_PEOPLE, HF_POP_HELD_VALUES */
	uint16_t from, to;
};
#define HF_POP_HELD_PEOPLE (UINT32_C(1) << 31) /* who is registered where */
#define HF_POP_HELD_VALUES (UINT32_C(1) << 30) /* what was measured or answered */
/* Figures that any of it goes into are held back: neither count nor value. */
void hf_pop_report_hold_back(struct hf_pop_report *r,
			     const struct hf_pop_held_back *held, size_t n);

/* The chart of a measure in an area, with the marks that stand.  points: n_periods.
 * False: nothing to chart. */
bool hf_pop_report_chart(const struct hf_pop_report *r, size_t m, size_t area,
			 struct hf_ms_spc_point *points, struct hf_ms_spc *sum);
/* The same as if nobody had marked anything: what a re-base must not hide. */
bool hf_pop_report_chart_unmarked(const struct hf_pop_report *r, size_t m, size_t area,
				  struct hf_ms_spc_point *points,
				  struct hf_ms_spc *sum);
/* The period that a mark which stands is at, when it is of this chart; SIZE_MAX else.
 */
size_t hf_pop_report_marked(const struct hf_pop_report *r, size_t m, size_t area,
			    const struct hf_pop_mark *mark);
/* What the points are multiplied by to be in the unit of the measure. */
double hf_pop_report_scale(const struct hf_pop_report *r, size_t m);

/* Change of the total against the baseline, per cent; NAN without one. */
struct hf_ms_interval hf_pop_report_change(const struct hf_pop_report *r, size_t m,
					   size_t area);
/* That of an area less that of all others: counts with the people behind them and
 * over-dispersion by area and month.  False when it cannot be said. */
bool hf_pop_report_difference(const struct hf_pop_report *r, size_t m, size_t area,
			      double phi, struct hf_ms_did *out);
double hf_pop_report_phi(const struct hf_pop_report *r, size_t m);

/* What has to be read with any comparison (population.md 3.8). */
extern const char *const hf_pop_caveats[];
extern const size_t hf_pop_n_caveats;

/* The member "total": its days. */
void hf_pop_report_total_json(const struct hf_pop_report *r, struct hf_jw *w);
/* The member "spc" of an area: limits, signals, marks and what it was without them. */
void hf_pop_report_chart_json(const struct hf_pop_report *r, size_t m, size_t area,
			      bool points, struct hf_jw *w);
/* A mark, as an object. */
void hf_pop_mark_json(const struct hf_pop_mark *mark, struct hf_jw *w);
/* One measure: docs/interfaces/measures.md, "One measure". */
void hf_pop_report_json(const struct hf_pop_report *r, size_t m, struct hf_jw *w);
/* The same without the braces. */
void hf_pop_report_members(const struct hf_pop_report *r, size_t m, struct hf_jw *w);
/* All measures of the report for one area, "All measures": the members. */
void hf_pop_report_tiles(const struct hf_pop_report *r, size_t area, struct hf_jw *w);
/* What a measure is, by its document. */
void hf_pop_measure_json(const struct hf_pop_framework *f,
			 const struct hf_pop_measure *m, struct hf_jw *w);

#endif

/* framework_fhir.c - Measure and MeasureReport. */
#include "population/framework_fhir.h"

#include <math.h>

#include "base/time.h"

#define TERMS "http://terminology.hl7.org/CodeSystem/"
#define OURS  "https://homefirst.example/StructureDefinition/"

static void
text(struct hf_jw *w, const char *name, const char *value)
{
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(value));
}

static void concept(struct hf_jw *w, const char *name, const char *system,
		    const char *code, const char *words)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	if (code) {
		hf_jw_member(w, "coding");
		hf_jw_arr(w);
		hf_jw_obj(w);
		text(w, "system", system);
		text(w, "code", code);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	if (words)
		text(w, "text", words);
	hf_jw_obj_end(w);
}

static const char *
scoring(const struct hf_pop_measure *m)
{
	switch (m->scale) {
	case HF_POP_SHARE:
		return "proportion";
	case HF_POP_RATE:
	case HF_POP_CENSUS:
		return "ratio";
	case HF_POP_COUNT:
		return "cohort";
	default:
		return "continuous-variable";
	}
}

/* The populations of a measure, by its kind. */
static const char *const *
populations(const struct hf_pop_measure *m)
{
	static const char *const both[] = {"denominator", "numerator", NULL};
	static const char *const values[] = {"measure-population", NULL};
	static const char *const cohort[] = {"initial-population", NULL};

	return m->scale == HF_POP_COUNT	     ? cohort
	       : m->scale == HF_POP_MEAN     ? values
	       : m->scale == HF_POP_QUANTILE ? values
					     : both;
}

static void
criteria(struct hf_jw *w, const struct hf_pop_measure *m, const char *of)
{
	char expression[160];

	snprintf(expression, sizeof expression, "%.64s|%.40s#%s", m->id, m->version,
		 m->hash);
	hf_jw_obj(w);
	concept(w, "code", TERMS "measure-population", of, NULL);
	text(w, "description", strcmp(of, "denominator") == 0 ? m->out_of : m->counted);
	hf_jw_member(w, "criteria");
	hf_jw_obj(w);
	text(w, "language", "text/x-homefirst-measure");
	text(w, "expression", expression);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

static void
canonical(struct hf_jw *w, const char *name, struct hf_sv base,
	  const struct hf_pop_measure *m, bool version)
{
	char url[400];

	snprintf(url, sizeof url, "%.*s/Measure/%.64s%s%.40s",
		 (int)(base.n < 250 ? base.n : 250), base.p, m->id, version ? "|" : "",
		 version ? m->version : "");
	text(w, name, url);
}

static void
improvement(struct hf_jw *w, const struct hf_pop_measure *m)
{
	if (m->direction != HF_MS_NEUTRAL)
	concept(w, "improvementNotation", TERMS "measure-improvement-notation",
		m->direction == HF_MS_HIGHER_BETTER ? "increase" : "decrease", NULL);
}

void
hf_pop_measure_fhir(const struct hf_pop_framework *f HF_UNUSED,
		    const struct hf_pop_measure *m, struct hf_sv base, struct hf_jw *w)
{
	hf_jw_obj(w);
	text(w, "resourceType", "Measure");
	text(w, "id", m->id);
	canonical(w, "url", base, m, false);
	text(w, "version", m->version);
	text(w, "title", m->title);
	text(w, "status", "active");
	text(w, "publisher", m->owner);
	text(w, "description", m->question);
	hf_jw_member(w, "effectivePeriod");
	hf_jw_obj(w);
	text(w, "end", m->review);
	hf_jw_obj_end(w);
	concept(w, "scoring", TERMS "measure-scoring", scoring(m), NULL);
	text(w, "rationale", m->source);
	improvement(w, m);
	hf_jw_member(w, "group");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "population");
	hf_jw_arr(w);
	for (const char *const *p = populations(m); *p; p++)
		criteria(w, m, *p);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
decimal(struct hf_jw *w, const char *name, double x)
{
	char number[40];

	if (!isfinite(x))
		return;
	snprintf(number, sizeof number, fabs(x) >= 1e6 ? "%.0f" : "%.6g", x);
	/* FHIR's decimals may have an exponent; ours are small or whole. */
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_raw(w, hf_sv_from(number));
}

static void
bound(struct hf_jw *w, const char *which, double x)
{
	char url[120];

	if (!isfinite(x))
		return;
	snprintf(url, sizeof url, OURS "measure-%s", which);
	hf_jw_obj(w);
	text(w, "url", url);
	decimal(w, "valueDecimal", x);
	hf_jw_obj_end(w);
}

static bool
has_bound(const struct hf_pop_figure *f)
{
	return isfinite(f->value.low) || isfinite(f->value.high) ||
	       isfinite(f->standard.value);
}

static void
masked(struct hf_jw *w, const char *code)
{
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	text(w, "url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
	text(w, "valueCode", code);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

static void
score(struct hf_jw *w, const struct hf_pop_measure *m, const struct hf_pop_figure *f)
{
	hf_jw_member(w, "measureScore");
	hf_jw_obj(w);
	if (!isfinite(f->value.value)) {
		masked(w, f->status == HF_POP_SUPPRESSED ? "masked" : "unknown");
		hf_jw_obj_end(w);
		return;
	}
	if (has_bound(f)) {
		hf_jw_member(w, "extension");
		hf_jw_arr(w);
		bound(w, "low", f->value.low);
		bound(w, "high", f->value.high);
		bound(w, "standard", f->standard.value);
		bound(w, "standard-low", f->standard.low);
		bound(w, "standard-high", f->standard.high);
		hf_jw_arr_end(w);
	}
	decimal(w, "value", f->value.value);
	text(w, "unit", m->unit);
	hf_jw_obj_end(w);
}

/* Counts are whole in FHIR: person-years go rounded. */
static void
population(struct hf_jw *w, const struct hf_pop_measure *m,
	   const struct hf_pop_figure *f)
{
	hf_jw_member(w, "population");
	hf_jw_arr(w);
	for (const char *const *p = populations(m); *p; p++) {
		bool of = strcmp(*p, "denominator") == 0 ||
			  strcmp(*p, "measure-population") == 0;
		double n = of ? f->out_of : f->counted;

		hf_jw_obj(w);
		if (!isfinite(n) || n > INT32_MAX)
			masked(w,
			       f->status == HF_POP_SUPPRESSED ? "masked" : "unknown");
		concept(w, "code", TERMS "measure-population", *p, NULL);
		if (isfinite(n) && n <= INT32_MAX) {
			hf_jw_member(w, "count");
			hf_jw_int(w, (int64_t)(n + 0.5));
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
day(struct hf_jw *w, const char *name, int32_t at)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)at + HF_POP_DAY_ZERO) * 86400000);
	char out[40];

	snprintf(out, sizeof out, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	text(w, name, out);
}

static void
stratifier(struct hf_jw *w, const struct hf_pop_report *r, size_t m)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];

	hf_jw_member(w, "stratifier");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_member(w, "code");
	hf_jw_arr(w);
	hf_jw_obj(w);
	text(w, "text", hf_pop_by_words[r->ask.ask.by]);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_member(w, "stratum");
	hf_jw_arr(w);
	for (size_t a = 1; a < r->n_areas; a++) {
		const struct hf_pop_figure *f = hf_pop_report_at(r, m, a, r->n_periods);
		struct hf_sv name = hf_pop_plan_area_name(r->series, a);

		hf_jw_obj(w);
		hf_jw_member(w, "value");
		hf_jw_obj(w);
		hf_jw_field(w, "text",
			    name.n ? name : hf_pop_plan_area_id(r->series, a));
		hf_jw_obj_end(w);
		population(w, is, f);
		score(w, is, f);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
}

void
hf_pop_report_fhir(const struct hf_pop_report *r, size_t m, struct hf_sv base,
		   struct hf_jw *w)
{
	const struct hf_pop_measure *is = &r->f->measures[r->measure[m]];
	size_t whole = r->n_areas == 2 ? 1 : 0;
	const struct hf_pop_figure *f = hf_pop_report_at(r, m, whole, r->n_periods);

	hf_jw_obj(w);
	text(w, "resourceType", "MeasureReport");
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	text(w, "url", OURS "measure-disclosure");
	text(w, "valueCode", r->ask.disclose ? "strict5" : "none");
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	text(w, "status", f->status == HF_POP_PARTIAL ? "pending" : "complete");
	text(w, "type", "summary");
	canonical(w, "measure", base, is, true);
	hf_jw_member(w, "period");
	hf_jw_obj(w);
	day(w, "start", hf_pop_plan_period(r->total, 0));
	day(w, "end", hf_pop_plan_period(r->total, 1) - 1);
	hf_jw_obj_end(w);
	improvement(w, is);
	hf_jw_member(w, "group");
	hf_jw_arr(w);
	hf_jw_obj(w);
	population(w, is, f);
	score(w, is, f);
	if (r->n_areas > 2)
		stratifier(w, r, m);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

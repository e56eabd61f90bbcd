/* measure_report.c - see measure_report.h. */
#include "record/measure_report.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"

#define OURS "https://homefirst.example/StructureDefinition/measure-"

double
hf_measure_report_number(const struct hf_json *d, uint32_t node)
{
	char text[64];
	struct hf_sv raw;

	if (node == HF_JSON_NONE || hf_json_type(d, node) != HF_JSON_NUMBER)
		return NAN;
	raw = hf_json_raw(d, node);
	if (raw.n >= sizeof text)
		return NAN;
	memcpy(text, raw.p, raw.n);
	text[raw.n] = 0;
	return strtod(text, NULL);
}

double
hf_measure_report_bound(const struct hf_json *d, uint32_t score, const char *name,
			struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, score, "extension");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t e = hf_json_at(d, list, i);
		struct hf_sv url = hf_json_str(d, hf_json_member(d, e, "url"), arena);

		if (hf_sv_starts(url, HF_SV(OURS)) &&
		    hf_sv_eq(hf_sv_from_at(url, sizeof OURS - 1), hf_sv_from(name)))
			return hf_measure_report_number(
			    d, hf_json_member(d, e, "valueDecimal"));
	}
	return NAN;
}

static bool
has_code(const struct hf_json *d, uint32_t concept, const char *code,
	 struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, concept, "coding");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++)
		if (hf_sv_eq(hf_json_str(
				 d, hf_json_member(d, hf_json_at(d, list, i), "code"),
				 arena),
			     hf_sv_from(code)))
			return true;
	return false;
}

double
hf_measure_report_count(const struct hf_json *d, uint32_t group, const char *code,
			struct hf_arena *arena)
{
	uint32_t list = hf_json_member(d, group, "population");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t p = hf_json_at(d, list, i);

		if (has_code(d, hf_json_member(d, p, "code"), code, arena))
			return hf_measure_report_number(d,
							hf_json_member(d, p, "count"));
	}
	return NAN;
}

static bool
names_people(const struct hf_json *d, uint32_t group)
{
	uint32_t list = hf_json_member(d, group, "population");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++)
		if (hf_json_member(d, hf_json_at(d, list, i), "subjectResults") !=
		    HF_JSON_NONE)
			return true;
	return false;
}

static bool
strata_name_people(const struct hf_json *d, uint32_t group)
{
	uint32_t list = hf_json_member(d, group, "stratifier");

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t strata = hf_json_member(d, hf_json_at(d, list, i), "stratum");

		for (uint32_t k = 0; k < hf_json_count(d, strata); k++)
			if (names_people(d, hf_json_at(d, strata, k)))
				return true;
	}
	return false;
}

bool
hf_measure_report_counts(const struct hf_json *d, uint32_t node, struct hf_arena *arena)
{
	uint32_t groups = hf_json_member(d, node, "group");

	if (!hf_sv_is(hf_json_str(d, hf_json_member(d, node, "type"), arena),
		      "summary") ||
	    hf_json_member(d, node, "subject") != HF_JSON_NONE ||
	    hf_json_member(d, node, "evaluatedResource") != HF_JSON_NONE)
		return false;
	for (uint32_t i = 0; i < hf_json_count(d, groups); i++)
		if (names_people(d, hf_json_at(d, groups, i)) ||
		    strata_name_people(d, hf_json_at(d, groups, i)))
			return false;
	return true;
}

/* Counts and scores of a group or a stratum. */
static enum hf_rc
check_figures(const struct hf_json *d, uint32_t group, struct hf_arena *arena,
	      struct hf_err *err)
{
	uint32_t list = hf_json_member(d, group, "population");
	uint32_t score = hf_json_member(d, group, "measureScore");
	double value = hf_measure_report_number(d, hf_json_member(d, score, "value"));
	double low = hf_measure_report_bound(d, score, "low", arena);
	struct hf_sv unit = hf_json_str(d, hf_json_member(d, score, "unit"), arena);
	double high = hf_measure_report_bound(d, score, "high", arena);

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t p = hf_json_at(d, list, i);

		if (hf_measure_report_number(d, hf_json_member(d, p, "count")) < 0)
			return hf_fail(err, HF_RULE,
				       "MeasureReport.group.population.count",
				       "a count is 0 or more");
	}
	if (hf_measure_report_count(d, group, "numerator", arena) >
		hf_measure_report_count(d, group, "denominator", arena) &&
	    hf_sv_starts(unit, HF_SV("%")))
		return hf_fail(err, HF_RULE, "MeasureReport.group.population",
			       "more are in the numerator than in the denominator");
	if (low > value || value > high)
		return hf_fail(err, HF_RULE, "MeasureReport.group.measureScore",
			       "the score lies outside its own interval");
	return HF_OK;
}

static enum hf_rc
check_group(const struct hf_json *d, uint32_t group, struct hf_arena *arena,
	    struct hf_err *err)
{
	uint32_t list = hf_json_member(d, group, "stratifier");
	enum hf_rc rc = check_figures(d, group, arena, err);

	for (uint32_t i = 0; rc == HF_OK && i < hf_json_count(d, list); i++) {
		uint32_t strata = hf_json_member(d, hf_json_at(d, list, i), "stratum");

		for (uint32_t k = 0; rc == HF_OK && k < hf_json_count(d, strata); k++)
			rc = check_figures(d, hf_json_at(d, strata, k), arena, err);
	}
	return rc;
}

static bool
read_day(const struct hf_json *d, uint32_t node, struct hf_arena *arena,
	 struct hf_date *out)
{
	struct hf_sv text = hf_json_str(d, node, arena);

	return text.p && hf_date_parse(text, false, out);
}

enum hf_rc
hf_measure_report_check(const struct hf_json *d, uint32_t node, struct hf_arena *arena,
			struct hf_err *err)
{
	uint32_t period = hf_json_member(d, node, "period");
	uint32_t groups = hf_json_member(d, node, "group");
	struct hf_date from, to;
	enum hf_rc rc = HF_OK;

	if (!hf_measure_report_counts(d, node, arena))
		return HF_OK;
	if (!read_day(d, hf_json_member(d, period, "start"), arena, &from) ||
	    !read_day(d, hf_json_member(d, period, "end"), arena, &to))
		return hf_fail(err, HF_RULE, "MeasureReport.period",
			       "a report says the first and the last day that it is "
			       "about");
	if (to.hi < from.lo)
		return hf_fail(err, HF_RULE, "MeasureReport.period",
			       "the period ends before it begins");
	for (uint32_t i = 0; rc == HF_OK && i < hf_json_count(d, groups); i++)
		rc = check_group(d, hf_json_at(d, groups, i), arena, err);
	return rc;
}

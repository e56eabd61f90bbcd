/* measure_report.h - MeasureReports of others: those of type summary are figures of
 * groups of people, never of somebody.  Pure.  population.md 7, 9;
 * docs/interfaces/measures.md. */
#ifndef HF_RECORD_MEASURE_REPORT_H
#define HF_RECORD_MEASURE_REPORT_H

#include "fhir/json.h"

/* Is the report at node a figure of a group of people: of type summary, without
 * subject, evaluatedResource and subjectResults?  Any other is a record of these
 * people, kept and shown as such, and no figure. */
bool hf_measure_report_counts(const struct hf_json *doc, uint32_t node,
			      struct hf_arena *arena);

/* HF_RULE: the report at node is such a figure and cannot be true: a period without
 * first and last day or that ends before it begins, a count below 0, a numerator above
 * its denominator, an interval that the score lies outside of.  Names the element and
 * what to do. */
enum hf_rc hf_measure_report_check(const struct hf_json *doc, uint32_t node,
				   struct hf_arena *arena, struct hf_err *err);

/* A number of a JSON number node; NAN for anything else. */
double hf_measure_report_number(const struct hf_json *doc, uint32_t node);
/* The decimal of our own extension "…/measure-NAME" of a score; NAN without one. */
double hf_measure_report_bound(const struct hf_json *doc, uint32_t score,
			       const char *name, struct hf_arena *arena);
/* The count of the population of this code in a group or stratum; NAN: none is said. */
double hf_measure_report_count(const struct hf_json *doc, uint32_t group,
			       const char *code, struct hf_arena *arena);

#endif

/* framework_fhir.h - measures and reports as FHIR R4 Measure and MeasureReport.  Pure.
 * population.md 9; docs/interfaces/measures.md. */
#ifndef HF_POPULATION_FRAMEWORK_FHIR_H
#define HF_POPULATION_FRAMEWORK_FHIR_H

#include "population/framework_report.h"

/* base: "https://care.example.org/fhir".  The criteria are references to the document
 * by id, version and hash, not a language that others run. */
void hf_pop_measure_fhir(const struct hf_pop_framework *f,
			 const struct hf_pop_measure *m, struct hf_sv base,
			 struct hf_jw *w);

/* The total of a report, type summary, with a stratum an area when there are several.
 * What is suppressed has no count and no score, and says masked. */
void hf_pop_report_fhir(const struct hf_pop_report *r, size_t m, struct hf_sv base,
			struct hf_jw *w);

#endif

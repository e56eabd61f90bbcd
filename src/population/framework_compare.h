/* framework_compare.h - a published comparison as a document: the changes that were
 * given, with counts where there are some.  Pure.  population.md 3.8. */
#ifndef HF_POPULATION_FRAMEWORK_COMPARE_H
#define HF_POPULATION_FRAMEWORK_COMPARE_H

#include "base/buf.h"
#include "fhir/doc.h"
#include "measure/compare.h"

enum { HF_POP_COMPARE_ROWS = 20, HF_POP_COMPARE_CAVEATS = 20 };

struct hf_pop_comparison {
	const char *id, *version, *title, *source, *note, *treated, *others;
	struct hf_pop_compare_row {
		const char *title;
		double treated, others; /* change in per cent as published */
		struct hf_ms_did_counts counts;
		bool counted;
	} rows[HF_POP_COMPARE_ROWS];
	size_t n;
	const char *caveats[HF_POP_COMPARE_CAVEATS];
	size_t n_caveats;
};

/* HF_INVALID: mistakes are in issues with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_comparison_load(const char *name, struct hf_sv text,
				  struct hf_arena *arena, struct hf_issues *issues,
				  struct hf_pop_comparison *out, struct hf_err *err);
/* For a terminal: published changes, what counts of that size say, with phi 1 and 2,
 * and all caveats. */
void hf_pop_comparison_text(const struct hf_pop_comparison *c, struct hf_buf *out);

extern const struct hf_definition_text hf_comparisons_builtin[];
extern const size_t hf_n_comparisons_builtin;

#endif

/* contract_measures.h - what contracts take from the outcome framework: the measures of
 * a monthly pack, the results that outcomes are paid by, and the evidence of a scheme.
 * The bridge between two rooms that do not know each other; for pages and command. */
#ifndef HF_SERVER_CONTRACT_MEASURES_H
#define HF_SERVER_CONTRACT_MEASURES_H

#include "contract/run.h"
#include "server/outcomes.h"

/* Where the figures come from. */
struct hf_contract_source {
	struct hf_outcomes *outcomes;
	struct hf_reader *reader;
	struct hf_arena *arena;
};

/* All that is wrong with the measures that contracts name: ids that no measure has, and
 * a rate of a provider, which has no people of its own.  One finding each. */
void hf_contract_check_measures(const struct hf_ct_terms *t,
				const struct hf_pop_framework *f, const char *name,
				struct hf_issues *issues);

/* The measures of a contract's pack as JSON, of the place, the 24 months up to month (1
 * is April), disclosed: {from, to, measures [as of one measure]}; {why} when there are
 * none or the population is not there. */
enum hf_rc hf_contract_pack_measures(const struct hf_contract_source *s,
				     const struct hf_ct_terms *t, int month,
				     struct hf_sv *out, struct hf_err *err);

/* What one line's result was taken from. */
struct hf_contract_taken {
	struct hf_ct_input in; /* .source says it in words */
	const char *measure, *version, *hash;
	struct hf_sv area;
	double value, low, high; /* NAN while it is on hold for too few */
	int64_t n;		 /* cases, rounded down to 5; 0: too few to say */
	const char *status;
};

/* Results of all outcome lines that name a measure, from the contract's first day to
 * the end of month (0 is April): of the provider's patients or of the place.  True
 * figures, shown coarse: to one place, cases rounded down to 5, and nothing of fewer
 * cases than the line's least or where fewer than 5 are on one side.  HF_RULE when no
 * line names a measure. */
enum hf_rc hf_contract_take_outcomes(const struct hf_contract_source *s,
				     const struct hf_ct_terms *t, int month,
				     bool freeze, struct hf_contract_taken **out,
				     size_t *n, struct hf_err *err);

/* ---- evidence of a scheme (section 3.5) ---- */

struct hf_contract_evidence_ask {
	struct hf_sv measure, by, area, from, to, baseline;
	bool opportunity; /* else difference in differences */
};
struct hf_contract_evidence {
	int64_t baseline, avoided, low, high; /* events; low may be below 0 */
	const char *hash, *version;
	struct hf_sv measure, area, over, words;
};
/* HF_INVALID names what is wrong, HF_RULE when it cannot be said (few events, no other
 * areas, nothing avoided). */
enum hf_rc hf_contract_evidence(const struct hf_contract_source *s,
				const struct hf_contract_evidence_ask *ask,
				struct hf_contract_evidence *out, struct hf_err *err);

#endif

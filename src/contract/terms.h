/* terms.h - a contract as a document of definitions/contracts: who agreed what with
 * whom, for which year, and by which rules money follows.  Pure.
 * contract-and-governance.md sections 2 and 3; definitions/contracts/README.md.
 *
 * What always holds of terms that were read: the shares of each band, tier, gain and
 * split add up to 100 %; each component has at least one line; every line has a plan
 * for each of the twelve months; an active contract was signed for both parties by
 * different people; what takes effect within the year was approved by both. */
#ifndef HF_CONTRACT_TERMS_H
#define HF_CONTRACT_TERMS_H

#include "base/issue.h"
#include "base/time.h"
#include "contract/money.h"
#include "contract/select.h"
#include "pathway/score.h" /* struct hf_definition_text */

enum {
	HF_CT_MONTHS = 12,
	HF_CT_COMPONENTS = 12,
	HF_CT_LINES = 96, /* of all components */
	HF_CT_BANDS = 8,
	HF_CT_ORGS = 4,	  /* of one party */
	HF_CT_PARTS = 24, /* sub-contracts */
	HF_CT_SIGNERS = 4
};

enum hf_ct_form {
	HF_CT_ALIGNED_INCENTIVE,
	HF_CT_ALIGNED_PAYMENT,
	HF_CT_BLOCK_CONTRACT,
	HF_CT_COST_AND_VOLUME,
	HF_CT_LEAD_PROVIDER,
	HF_CT_OUTCOME_BASED,
	HF_CT_CAPITATED,
	HF_CT_FORMS
};
const char *hf_ct_form_word(enum hf_ct_form form); /* "aligned-incentive" */

/* How a component earns (section 2.1). */
enum hf_ct_kind {
	HF_CT_BLOCK,	/* the plan, whatever is done */
	HF_CT_SHARE,	/* the plan and a share of what differs from it, by bands */
	HF_CT_VOLUME,	/* units times price */
	HF_CT_COST,	/* what it cost */
	HF_CT_GAIN,	/* a share of (baseline price - actual price) times units */
	HF_CT_OUTCOME,	/* a pool by weight and score of measures */
	HF_CT_CORRIDOR, /* a budget; what the cost differs is borne by tiers */
	HF_CT_RULE,	/* what national rules of the year do to the tariff of others */
	HF_CT_KINDS
};
const char *hf_ct_kind_word(enum hf_ct_kind kind);

/* Which national rule (section 1.4) a component of HF_CT_RULE stands for. */
enum hf_ct_rule {
	HF_CT_RULE_MARGINAL,
	HF_CT_RULE_READMISSION,
	HF_CT_RULE_BLENDED,
	HF_CT_RULE_QUALITY,
	HF_CT_RULE_KINDS
};
const char *hf_ct_rule_word(enum hf_ct_rule rule); /* "marginal" */

/* Whose readmissions a line of the readmission rule counts. */
enum hf_ct_after { HF_CT_AFTER_NONE, HF_CT_AFTER_ELECTIVE, HF_CT_AFTER_OTHER };

/* From .from up to .to of the plan, as parts of it.  The rates are what moves between
 * the parties: over the plan paid to the provider, under it given back.  Of a tier of a
 * corridor they are what the commissioner bears. */
struct hf_ct_band {
	hf_rate from, to; /* .to INT64_MAX: no end */
	hf_rate over, under;
};

struct hf_ct_line {
	const char *id, *title;
	uint8_t component;
	hf_pence plan[HF_CT_MONTHS]; /* money, also of volume lines */
	int64_t units[HF_CT_MONTHS]; /* planned; of volume and gain lines */
	hf_pence price;		     /* of volume; baseline of gain */
	hf_pence actual;	     /* of gain: price when an input names none */
	hf_rate weight;		     /* of outcome */
	struct hf_decimal threshold, target; /* of outcome */
	int64_t least; /* of outcome: cases below which it is on hold */
	unsigned at;   /* its line in the document */
	uint8_t after; /* enum hf_ct_after; of a readmission rule */
	const struct hf_ct_select *select; /* the activity that is its; NULL: none */
};

struct hf_ct_component {
	const char *id, *title, *number; /* "1": on the statement */
	enum hf_ct_kind kind;
	uint8_t first, n; /* lines */
	struct hf_ct_band bands[HF_CT_BANDS];
	size_t n_bands;
	hf_rate review;	  /* part of plan beyond which a joint review is due; 0: none */
	hf_rate provider; /* of gain */
	hf_rate marginal; /* cost of one pound of activity more or less; -1: not said */
	hf_pence pool;	  /* of outcome */
	hf_pence marginal_baseline; /* of the year, for national rules; 0: none */
	enum hf_ct_rule rule;	    /* of HF_CT_RULE */
	uint16_t of;	 /* bits of the components before it that the rule looks at */
	hf_pence amount; /* of the year: baseline, threshold or fixed sum */
	hf_rate breaks;	 /* of blended: so far from fixed that both meet; 0: none */
	int64_t persons; /* of corridor */
	hf_pence per_head;
	unsigned at;
};

struct hf_ct_signed {
	const char *name, *role, *on; /* on "2020-03-27" */
};

struct hf_ct_party {
	const char *id, *name;
	const char *orgs[HF_CT_ORGS]; /* ODS codes whose people act for it */
	size_t n_orgs;
	const char **roles; /* that may sign for it */
	size_t n_roles;
	struct hf_ct_signed signature; /* .on "": not signed */
};
enum { HF_CT_COMMISSIONER, HF_CT_PROVIDER, HF_CT_PARTIES };

/* A sub-contract of a lead provider. */
struct hf_ct_part {
	const char *id, *name, *org;
	hf_rate share;
};

/* When a line is amber, red or to be watched (section 2.4). */
struct hf_ct_levels {
	hf_rate amber, red, watch;
	hf_pence least;
};

struct hf_ct_terms {
	const char *id, *version, *title, *supersedes, *status, *rules, *prices;
	const char *summary; /* for everybody, in plain words */
	enum hf_ct_form form;
	bool demonstration, joint_approval;
	int fy;
	int64_t from, to; /* days since 1970-01-01; to is the last */
	struct hf_ct_party parties[HF_CT_PARTIES];
	struct hf_ct_component components[HF_CT_COMPONENTS];
	struct hf_ct_line lines[HF_CT_LINES];
	struct hf_ct_part parts[HF_CT_PARTS];
	struct hf_ct_levels levels;
	hf_pence head, floor; /* of a lead provider; below which to review, 0: none */
	size_t n_components, n_lines, n_parts;
};

/* Reads and checks a document; all that is wrong goes to issues with "file:line".
 * HF_INVALID when there are errors (*out is left alone), HF_TOO_LONG when the arena is
 * full.  The terms lie in arena. */
enum hf_rc hf_ct_terms_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			    struct hf_issues *issues, struct hf_ct_terms **out,
			    struct hf_err *err);

/* Index; -1 when there is none. */
int hf_ct_line_find(const struct hf_ct_terms *t, struct hf_sv id);
int hf_ct_component_find(const struct hf_ct_terms *t, struct hf_sv id);
/* HF_CT_COMMISSIONER, HF_CT_PROVIDER, or -1: for which party people of this
 * organisation act. */
int hf_ct_party_of(const struct hf_ct_terms *t, struct hf_sv org);
/* May this role sign for the party? */
bool hf_ct_may_sign(const struct hf_ct_terms *t, int party, struct hf_sv role);

/* When a change of the contract takes effect: the day asked for when it is the first of
 * a financial year after today's or both approved it; HF_RULE with path
 * "INYEAR_NOT_AGREED" otherwise, and *next is 1 April of the year after. */
enum hf_rc hf_ct_effective(int64_t asked, int64_t today, bool joint_approval,
			   int64_t *next, struct hf_err *err);

/* The shipped documents, from definitions/contracts. */
extern const struct hf_definition_text hf_contracts_builtin[];
extern const size_t hf_n_contracts_builtin;

#endif

/* referral_int.h - inside synth: what the files of referrals share. */
#ifndef HF_SYNTH_REFERRAL_INT_H
#define HF_SYNTH_REFERRAL_INT_H

#include "synth/person.h"
#include "synth/referral.h"

enum fate {
#define HF_FATE(name, weight) FATE_##name,
#include "synth/referral_fate.def"
#undef HF_FATE
	FATE_COUNT
};

/* */
enum source {
	FROM_GP,
	FROM_999,
	FROM_111,
	FROM_ED,
	FROM_WARD,
	FROM_COMMUNITY,
	FROM_CARE_HOME,
	FROM_DOMICILIARY,
	FROM_SOCIAL,
	FROM_MENTAL,
	FROM_PHARMACY,
	FROM_VOLUNTARY,
	FROM_ALARM,
	FROM_CARER,
	FROM_SELF,
	SOURCES
};

enum channel { BY_PAGE, BY_PHONE, BY_MESSAGE };

struct source_row {
	const char *code;
	enum org_kind org; /* ORG_KINDS: none */
	const char *roles[2];
	enum channel channel;
	int by_phone; /* percent that come by telephone instead */
	int weight;
};

enum { URGENCIES = 8, URGENCY_A0 = 7, PROBLEMS = 6 };

/* What people are referred for. */
struct kind_row {
	const char *condition; /* section 2.4 */
	const char *service, *skill;
	int weight;
	int age_min, age_max;
	int asked[URGENCIES]; /* weights of U0 … U6, A0 */
	int ill_min, ill_max; /* 0 … 10, for NEWS2 */
	unsigned sources;     /* set of 1 << enum source */
	const char *problems[PROBLEMS];
	const char *history;
};

extern const struct source_row hf_source_rows[SOURCES];
extern const struct kind_row hf_kind_rows[];
extern const size_t hf_n_kind_rows;

/* Codes that moves need; of the lists of hub/words.h. */
enum { REF_LIST = 6 };
struct code_row {
	const char *code;
	int weight;
};
extern const struct code_row hf_ref_rejections[REF_LIST],
    hf_ref_cancellations[REF_LIST], hf_ref_declines[REF_LIST],
    hf_ref_downgrades[REF_LIST], hf_ref_outcomes[REF_LIST];

/* What is settled when all are planned: the rest follows from it and the seed. */
struct plan {
	hf_time at;
	int64_t person; /* -1: not in the record */
	uint32_t same;	/* index of the one that this is a duplicate of, or itself */
	uint8_t kind, source, fate, asked;
	uint8_t channel;
	bool stalled; /* nobody was in, or 999 was called, and it stands there now */
};

struct hf_synth_referrals {
	const struct hf_synth_place *place;
	hf_time now;
	struct plan *plans;
	size_t n;
};

/* Fills .at of n plans in order of time. */
void hf_ref_arrive(struct plan *plans, size_t n, hf_time now, struct hf_rng *rng);
/* The random numbers of referral i; two streams, for its intake and its course. */
void hf_ref_rng(const struct hf_synth_referrals *all, size_t i, unsigned stream,
		struct hf_rng *rng);
/* One of a list by weight. */
size_t hf_ref_pick(struct hf_rng *rng, const int *weights, size_t n);
const char *hf_ref_code(struct hf_rng *rng, const struct code_row *list);
/* "U1" */
const char *hf_ref_urgency(int u);

/* The intake, as JSON; p is NULL for somebody who is not in the record.  False: the
 * arena is full.  *complete: every mandatory item is there. */
bool hf_ref_intake(const struct hf_synth_referrals *all, size_t i,
		   const struct person *p, struct hf_arena *arena, struct hf_sv *out,
		   bool *complete);
/* The moves; false: the arena is full. */
bool hf_ref_course(const struct hf_synth_referrals *all, size_t i, bool complete,
		   struct hf_arena *arena, struct hf_synth_referral *out);

#endif

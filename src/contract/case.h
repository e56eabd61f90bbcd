/* case.h - what both parties of a contract do together, step by step: a joint review of
 * an issue, a transfer of money to the community, an entry of the ledger, a challenge
 * and its settlement, a driver of demand or change of counting, a decision or action.
 * Pure. contract-and-governance.md 2.4, 2.5, 3.5, 4 and 5.
 *
 * A case is the replay of its events by the pathway engine.  What always holds: each
 * event says who, for which party, when, why and from which state to which, and carries
 * the SHA-256 of itself and the one before; nobody signs for the other party, or twice
 * for both; what was signed is what stands: a new proposal takes the signatures away.
 */
#ifndef HF_CONTRACT_CASE_H
#define HF_CONTRACT_CASE_H

#include "contract/statement.h"
#include "pathway/pathway.h"

enum hf_ct_case_kind {
	HF_CT_REVIEW,
	HF_CT_TRANSFER,
	HF_CT_POSTING,
	HF_CT_CHALLENGE,
	HF_CT_CHANGE, /* a driver of demand, or of counting */
	HF_CT_ACTION, /* or a decision */
	HF_CT_CASES
};
/* "review", "transfer" …; and the id of the pathway. */
const char *hf_ct_case_word(enum hf_ct_case_kind kind);
const char *hf_ct_case_pathway(enum hf_ct_case_kind kind);
/* HF_CT_CASES when it is none. */
enum hf_ct_case_kind hf_ct_case_find(struct hf_sv word);

enum { HF_CT_REASON = 2000, HF_CT_FACTS_BYTES = 16384, HF_CT_KEY = 64 };

struct hf_ct_event {
	int64_t seq;	  /* from 1; set by apply */
	struct hf_sv key; /* chosen by whoever asks; the same key twice is one event */
	struct hf_sv event;	    /* "open", then those of the pathway */
	struct hf_sv by, role, org; /* "user/ID", code, ODS code */
	int party;		    /* enum of contract/terms.h */
	bool signatory;		    /* the role may sign for the party */
	hf_time at;
	struct hf_sv reason;
	struct hf_sv facts;	   /* a JSON object; n 0: none */
	struct hf_sv from, to;	   /* states; set by apply */
	char hash[HF_CT_SHA_TEXT]; /* set by apply */
};

struct hf_ct_case {
	enum hf_ct_case_kind kind;
	const struct hf_pathway *pathway;
	struct hf_arena *arena;
	struct hf_pw_instance in;
	struct hf_pw_facts facts;
	int64_t n; /* events */
	char hash[HF_CT_SHA_TEXT];
	hf_time opened;
	struct hf_sv opened_by, proposed_by;
	struct hf_sv signer[HF_CT_PARTIES]; /* of what stands now; n 0: nobody */
	hf_time signed_at[HF_CT_PARTIES];
	hf_pence both_above; /* of postings: more than this is signed by both */
};

/* A case before its first event.  pathway and arena outlive it. */
void hf_ct_case_init(struct hf_ct_case *c, enum hf_ct_case_kind kind,
		     const struct hf_pathway *pathway, hf_pence both_above,
		     struct hf_arena *arena);

/* Applies the next event and fills what is set by it; texts have to lie as long as the
 * case.  HF_RULE when it may not be done now (path INYEAR_NOT_AGREED, "sign", "event"),
 * HF_INVALID for facts that are none, HF_FORBIDDEN for who is of no party; then the
 * case is as before. */
enum hf_rc hf_ct_case_apply(struct hf_ct_case *c, struct hf_ct_event *e,
			    struct hf_pw_effects *effects, struct hf_err *err);

/* What a step that is taken now is asked beside: rules that came after cases were kept
 * which an event of then need not keep.  c: with e applied.  HF_RULE names the fact. */
enum hf_rc hf_ct_case_new(const struct hf_ct_case *c, const struct hf_ct_event *e,
			  struct hf_err *err);

/* What an event of this state could say: facts that the steps for it ask (needs), and
 * all that may be said with it (says).  false when the state has no such step for the
 * party and role of e. */
bool hf_ct_case_asks(const struct hf_ct_case *c, const struct hf_ct_event *e,
		     hf_pw_set *needs, hf_pw_set *says);

/* Is the hash of a stored event that of its content, and of the one before? */
bool hf_ct_event_holds(const struct hf_ct_event *e, const char *before,
		       struct hf_arena *arena);

const char *hf_ct_case_state(const struct hf_ct_case *c);
/* A fact's text or number; p NULL / false when it is not known. */
struct hf_sv hf_ct_case_text(const struct hf_ct_case *c, const char *fact);
bool hf_ct_case_int(const struct hf_ct_case *c, const char *fact, int64_t *out);
bool hf_ct_case_true(const struct hf_ct_case *c, const char *fact);

/* What a response is expected to do to its component, month by month: pence more or
 * less (2.5).  "202007:-2500000 202008:-2500000"; false when it is none. */
enum { HF_CT_EXPECTED = 36 };
struct hf_ct_expected {
	int64_t period[HF_CT_EXPECTED];
	hf_pence pence[HF_CT_EXPECTED];
	size_t n;
};
bool hf_ct_expected(struct hf_sv text, struct hf_ct_expected *out);

/* What a transfer moves: avoided * marginal * releasable (CON-T13).  false while it is
 * not all known. */
bool hf_ct_case_released(const struct hf_ct_case *c, hf_pence *out);

#endif

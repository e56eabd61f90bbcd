/* book.h - what is kept of contracts: figures that came in, steps of cases, the ledger,
 * statements and signatures.  Rows are only ever added (sql/migrate/0011_contract.sql).
 *
 * Each change is one job of the store's committer: it is there whole or not at all, and
 * two at once come one after the other. */
#ifndef HF_CONTRACT_IO_BOOK_H
#define HF_CONTRACT_IO_BOOK_H

#include "contract/fill.h"
#include "contract/library.h"
#include "db/db.h"
#include "record/io/store.h"

/* Who does it. */
struct hf_ct_by {
	struct hf_sv user, role, org, purpose, trace;
	int party;
	bool signatory;
	bool trial; /* the actor of a server without sign-in: roles are not looked up */
};

/* ---- what came in ---- */

enum { HF_CT_INPUTS = 200000, HF_CT_PUT = 20000 };

/* Inputs of a contract up to a number, in arena.  Lines that the contract no longer has
 * are left out. */
enum hf_rc hf_ct_book_inputs(struct hf_db *db, const struct hf_ct_terms *t,
			     int64_t upto, struct hf_arena *arena,
			     struct hf_ct_input **out, size_t *n, struct hf_err *err);
/* A run of what is kept, to a day. */
enum hf_rc hf_ct_book_run(struct hf_db *db, const struct hf_ct_library *l, size_t at,
			  int64_t upto, int64_t day, struct hf_arena *arena,
			  struct hf_ct_run **out, struct hf_err *err);
/* Keeps inputs; .seq is given here.  All or none.  HF_RULE when a month is frozen and
 * the input is a freeze again; a flex for it is kept and shown as late. */
enum hf_rc hf_ct_book_put(struct hf_store *store, const struct hf_ct_by *by,
			  const struct hf_ct_terms *t, const struct hf_ct_input *in,
			  size_t n, struct hf_sv source, int64_t *first,
			  struct hf_err *err);

/* Figures with where they came from, in the order of arrival. */
enum hf_rc hf_ct_book_kept(struct hf_db *db, const struct hf_ct_terms *t,
			   struct hf_arena *arena, struct hf_ct_kept **out, size_t *n,
			   struct hf_err *err);
/* Makes a plan of what activity would be kept as now; nothing is kept. */
enum hf_rc hf_ct_book_fill_plan(struct hf_db *db, const struct hf_ct_terms *t,
				const struct hf_ct_filling *f,
				const struct hf_ct_fill_ask *ask,
				struct hf_arena *arena, struct hf_ct_fill_plan *out,
				struct hf_err *err);
/* The same, and keeps it, in one job: two at once keep a figure once. */
enum hf_rc hf_ct_book_fill(struct hf_store *store, const struct hf_ct_by *by,
			   const struct hf_ct_terms *t, const struct hf_ct_filling *f,
			   const struct hf_ct_fill_ask *ask, struct hf_arena *arena,
			   struct hf_ct_fill_plan *out, int64_t *first,
			   struct hf_err *err);

/* ---- cases ---- */

enum { HF_CT_EVENTS = 500, HF_CT_CASES_SHOWN = 500 };

struct hf_ct_step {
	enum hf_ct_case_kind kind;
	struct hf_sv subject;  /* "review/ID" */
	struct hf_sv contract; /* id of a contract or fund */
	struct hf_sv key, event, reason, facts;
	/* out */
	bool again; /* this key was done before: nothing changed */
	int64_t seq;
	struct hf_sv state; /* a literal or of the library */
};

/* Takes a step of a case, or opens it with event "open".  HF_NOT_FOUND, HF_EXISTS (the
 * key was used for another event), HF_FORBIDDEN (the role is lost, or of no party), and
 * those of hf_ct_case_apply(). */
enum hf_rc hf_ct_book_step(struct hf_store *store, const struct hf_ct_by *by,
			   const struct hf_ct_library *l, struct hf_ct_step *step,
			   struct hf_err *err);

/* A case as it stands and its events (*events in arena).  HF_NOT_FOUND. */
enum hf_rc hf_ct_book_case(struct hf_db *db, const struct hf_ct_library *l,
			   struct hf_sv subject, struct hf_arena *arena,
			   struct hf_ct_case *out, struct hf_sv *contract,
			   struct hf_ct_event **events, size_t *n, struct hf_err *err);
/* The cases of a contract or fund. */
enum hf_rc hf_ct_book_cases(struct hf_db *db, struct hf_sv contract,
			    struct hf_arena *arena, struct hf_sv **out, size_t *n,
			    struct hf_err *err);

/* ---- the ledger ---- */

enum { HF_CT_ENTRIES = 5000, HF_CT_LEGS = 4 };

struct hf_ct_leg {
	struct hf_sv party;
	hf_pence pence;
};
struct hf_ct_entry {
	int64_t id, period, version, reverses;
	struct hf_sv contract, line, kind, words, document, source, prepared, approved;
	hf_time at;
	struct hf_ct_leg legs[HF_CT_LEGS];
	size_t n_legs;
};

enum hf_rc hf_ct_book_entries(struct hf_db *db, struct hf_sv contract,
			      struct hf_arena *arena, struct hf_ct_entry **out,
			      size_t *n, struct hf_err *err);
/* Within a job: adds an entry; .id and .version are given here.  HF_RULE when its legs
 * do not add up to 0 or the month is closed. */
enum hf_rc hf_ct_book_post(struct hf_db *db, struct hf_ct_entry *e, int64_t change,
			   hf_time at, struct hf_err *err);

/* ---- of a pooled fund, out of all its entries (io/book_fund.c) ---- */

/* The last month of its year with an entry of its own, April is 1; 0 none. */
int hf_ct_fund_months(const struct hf_ct_pool *p, const struct hf_ct_entry *e,
		      size_t n);
/* A line up to that month: what was spent, accrued, is expected, and who bears what
 * differs; *moved are virements, in .budget too.  What takes something back counts as
 * what it takes back does.  False when a sum does not fit. */
bool hf_ct_fund_line(const struct hf_ct_pool *p, const struct hf_ct_entry *e, size_t n,
		     size_t line, struct hf_ct_pool_now *now, hf_pence *moved);
/* What came in of a contribution; false when a sum does not fit. */
bool hf_ct_fund_received(const struct hf_ct_entry *e, size_t n, const char *source,
			 hf_pence *out);
/* May so much go from one line to another?  HF_RULE when the line has less, or it is
 * ring-fenced and the other line is not of its ring; HF_INVALID for what is none. */
enum hf_rc hf_ct_fund_may_move(const struct hf_ct_pool *p, const struct hf_ct_entry *e,
			       size_t n, struct hf_sv from, struct hf_sv to,
			       hf_pence pence, struct hf_err *err);

/* Is the user's role still there?  HF_FORBIDDEN. */
enum hf_rc hf_ct_book_role(struct hf_db *db, const struct hf_ct_by *by, hf_time at,
			   struct hf_err *err);

/* ---- statements ---- */

struct hf_ct_signed_row {
	int party;
	struct hf_sv user, role, org, hash, jws;
	hf_time at;
};
struct hf_ct_statement {
	struct hf_sv quarter, body, hash, by;
	int64_t version, seq;
	hf_time at;
	struct hf_ct_signed_row signatures[HF_CT_PARTIES];
	size_t n_signatures; /* 2: agreed */
};

/* Makes the next version of a quarter of what is kept.  HF_RULE when the quarter is
 * agreed already, or has no figures; HF_STALE when another was made meanwhile. */
enum hf_rc hf_ct_book_prepare(struct hf_store *store, struct hf_db *db,
			      const struct hf_ct_by *by, const struct hf_ct_library *l,
			      size_t at, int quarter, hf_time now,
			      struct hf_arena *arena, struct hf_ct_statement *out,
			      struct hf_err *err);
/* What a statement of a quarter would say now, as version 0 of its last day; nothing is
 * kept. */
enum hf_rc hf_ct_book_draft(struct hf_db *db, const struct hf_ct_library *l, size_t at,
			    int quarter, struct hf_sv by, struct hf_arena *arena,
			    struct hf_sv *body, struct hf_err *err);
/* One with its bytes and signatures; version 0 the newest. */
enum hf_rc hf_ct_book_statement(struct hf_db *db, struct hf_sv contract,
				struct hf_sv quarter, int64_t version,
				struct hf_arena *arena, struct hf_ct_statement *out,
				struct hf_err *err);
/* All without their bytes, with signatures. */
enum hf_rc hf_ct_book_statements(struct hf_db *db, struct hf_sv contract,
				 struct hf_arena *arena, struct hf_ct_statement **out,
				 size_t *n, struct hf_err *err);
/* Makes a stored statement's bytes again of the same inputs: HF_RULE when they differ.
 */
enum hf_rc hf_ct_book_again(struct hf_db *db, const struct hf_ct_library *l, size_t at,
			    const struct hf_ct_statement *s, struct hf_arena *arena,
			    struct hf_err *err);

/* Signs a statement for a party: hash is what the signer saw, jws the signature over
 * it.  With the second signature it is agreed: its money is posted and its months are
 * closed, in the same job.  HF_STALE when the hash is not of the newest version,
 * HF_EXISTS when the party has signed, HF_RULE for one person for both, HF_FORBIDDEN
 * without the role. */
struct hf_ct_sign {
	struct hf_sv contract, quarter, hash, jws;
	int64_t version;
	hf_time at;  /* of the signature, as in jws */
	bool agreed; /* out: it was the second */
};
enum hf_rc hf_ct_book_sign(struct hf_store *store, const struct hf_ct_by *by,
			   const struct hf_ct_library *l, struct hf_ct_sign *sign,
			   struct hf_err *err);

#endif

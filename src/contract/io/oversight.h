/* oversight.h - what both parties look at month by month: cases as they stand, and the
 * monthly pack.  contract-and-governance.md 2.4; docs/interfaces/contract.md. */
#ifndef HF_CONTRACT_IO_OVERSIGHT_H
#define HF_CONTRACT_IO_OVERSIGHT_H

#include "contract/io/book.h"
#include "contract/show.h"

/* Who is called what, and how late it is. */
struct hf_ct_shower {
	struct hf_db *db;
	struct hf_arena *arena;
	hf_time now; /* clocks are told as at this time */
	bool fund;   /* its parties are nhs and council */
};

/* "name": {id, name} of a user; of one that is gone the id alone. */
void hf_ct_user_write(const struct hf_ct_shower *s, struct hf_jw *w, const char *name,
		      struct hf_sv user);
/* The same as an item of a list. */
void hf_ct_user_item(const struct hf_ct_shower *s, struct hf_jw *w, struct hf_sv user);
/* "name": UTC, "2020-07-06T09:00:00.000Z". */
void hf_ct_time(struct hf_jw *w, const char *name, hf_time at);
/* The members of a case, inside an object that is open. */
void hf_ct_case_write(const struct hf_ct_shower *s, struct hf_jw *w,
		      struct hf_sv subject, const struct hf_ct_case *k);

/* A case as it stood: events after `until` are left out.  HF_NOT_FOUND when it was not
 * open then. */
enum hf_rc hf_ct_book_case_until(struct hf_db *db, const struct hf_ct_library *l,
				 struct hf_sv subject, hf_time until,
				 struct hf_arena *arena, struct hf_ct_case *out,
				 struct hf_sv *contract, struct hf_ct_event **events,
				 size_t *n, struct hf_err *err);

/* "register": {lines [Line], states [{state, schemes, released}], spent, acute,
 * community, sum} of all schemes as they stood, with what the ledger says was moved
 * (3.5). */
enum hf_rc hf_ct_register_write(const struct hf_ct_shower *s,
				const struct hf_ct_library *l,
				const struct hf_ct_terms *t, hf_time until,
				struct hf_jw *w, struct hf_err *err);

/* ---- the monthly pack ---- */

struct hf_ct_pack_ask {
	const struct hf_ct_library *lib;
	size_t at;     /* of the contract */
	int month;     /* 1 April … 12; 0: the last with figures */
	hf_time as_at; /* figures, steps and entries that came later are left out */
	/* Measures of the outcome framework as a JSON value (whoever has the framework
	 * makes it); n 0: none. */
	struct hf_sv measures;
	/* Estimates of what was done and is not billed, likewise (whoever has the
	 * activity makes them); n 0: none. */
	struct hf_sv accruals;
};

/* The last month with figures that came by as_at, 1 to 12 (1 without any). */
enum hf_rc hf_ct_pack_month(struct hf_db *db, const struct hf_ct_pack_ask *ask,
			    struct hf_arena *arena, int *out, struct hf_err *err);
/* Writes the pack as canonical JSON into arena: the same rows, day and measures give
 * the same bytes.  HF_INVALID for a month without a run. */
enum hf_rc hf_ct_pack_make(struct hf_db *db, const struct hf_ct_pack_ask *ask,
			   struct hf_arena *arena, struct hf_sv *out,
			   struct hf_err *err);

#endif

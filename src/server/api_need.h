/* api_need.h - what the files of /api/population/lists share. */
#ifndef HF_SERVER_API_NEED_H
#define HF_SERVER_API_NEED_H

#include "population/disclose.h"
#include "population/io/keep.h"
#include "server/api.h"
#include "server/need_live.h"

/* "practice:ODS", "locality:ID" or empty as codes of the columns.  HF_INVALID: no such
 * practice or locality.  HF_FORBIDDEN: staff of a practice ask for another's. */
enum hf_rc hf_need_scope(struct hf_call *call, const struct hf_pop_columns *c,
			 struct hf_sv text, struct hf_pop_scope *out,
			 struct hf_err *err);
/* Does the caller's role look after people, so that names may be shown to them at all?
 * Each person is then decided for itself, by the relationship. */
bool hf_need_names(const struct hf_call *call);
/* The user, for the row of change. */
struct hf_need_by hf_need_by(struct hf_call *call);
/* The number that {id} at arg of the address says; HF_NOT_FOUND when it is none. */
enum hf_rc hf_need_number(struct hf_call *call, size_t arg, int64_t *out,
			  struct hf_err *err);

/* Who the pseudonyms of a list are, as far as this caller may see them. */
struct hf_need_who {
	bool found;	  /* in the record, and the caller may see them */
	bool in_record;	  /* somebody of this pseudonym is */
	uint32_t ordinal; /* in the columns; UINT32_MAX: no longer there */
	struct hf_sv id, name, born, age, number;
};
/* As an array by position.  Marks each that is shown as seen, for the audit. */
enum hf_rc hf_need_resolve(struct hf_call *call, const struct hf_pop_columns *c,
			   const struct hf_need_list *l, struct hf_need_who **out,
			   struct hf_err *err);

/* A score's points as people write them: "3.47", "9". */
struct hf_sv hf_need_points(struct hf_arena *arena, const struct hf_pop_score *s,
			    int32_t points);
/* "2021-06-20" of a day of the columns. */
struct hf_sv hf_need_day(struct hf_arena *arena, uint16_t day);
/* The care gaps of somebody, as the member "gaps". */
void hf_need_write_gaps(struct hf_jw *w, struct hf_arena *arena,
			const struct hf_need_now *n, uint32_t person);
/* A count that may leave the place: NULL text for 1 to 4, else to the nearest 5. */
void hf_need_write_count(struct hf_jw *w, const char *name, int64_t n, bool exact);
/* What of counts that add up to something may be shown to others: one that is hidden
 * alone takes the next smallest with it (POP-T30).  out: one more than n, the last the
 * sum. */
enum { HF_NEED_COUNTS = 16 };
void hf_need_show(const int64_t *counts, size_t n, bool exact,
		  struct hf_pop_shown out[HF_NEED_COUNTS]);
void hf_need_write_shown(struct hf_jw *w, const char *name, struct hf_pop_shown n);

#endif

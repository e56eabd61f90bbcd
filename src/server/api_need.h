/* api_need.h - what the files of /api/population/lists share. */
#ifndef HF_SERVER_API_NEED_H
#define HF_SERVER_API_NEED_H

#include "population/disclose.h"
#include "population/io/keep.h"
#include "server/api.h"
#include "server/need_make.h"

/* Of whom a list is, as hf_need_of_text().  HF_FORBIDDEN: staff of a practice ask for
 * more than their practice, its locality and the teams that serve it. */
enum hf_rc hf_need_scope(struct hf_call *call, const struct hf_pop_columns *c,
			 struct hf_sv text, struct hf_need_of *out, struct hf_err *err);
/* The practice that the caller works for as a code, 0: for none. */
uint16_t hf_need_own(const struct hf_call *call, const struct hf_pop_columns *c);
/* May lists of the locality, or of the team, be asked for? */
bool hf_need_locality_ok(const struct hf_call *call, const struct hf_pop_columns *c,
			 uint16_t locality);
bool hf_need_team_ok(const struct hf_call *call, const struct hf_pop_columns *c,
		     const struct hf_team *team);
/* Does the caller's role look after people, so that names may be shown to them at all?
 * Each person is then decided for itself, by the relationship. */
bool hf_need_names(const struct hf_call *call);
/* Are true counts of a scope shown: to staff of the practice that it is? */
bool hf_need_exact(const struct hf_call *call, struct hf_sv scope);
/* The user, for the row of change. */
struct hf_need_by hf_need_by(struct hf_call *call);
/* The number that {id} at arg of the address says; HF_NOT_FOUND when it is none. */
enum hf_rc hf_need_number(struct hf_call *call, size_t arg, int64_t *out,
			  struct hf_err *err);

/* Who the pseudonyms of a list are, as far as this caller may see them. */
struct hf_need_who {
	bool found;	  /* in the record, and the caller may see them */
	bool in_record;	  /* somebody of this pseudonym is */
	bool clinical;	  /* and what is clinical may be shown of them */
	uint32_t ordinal; /* in the columns; UINT32_MAX: no longer there */
	struct hf_sv id, name, born, age, number;
};
/* From here on a glass that the caller broke opens nobody: what names people by the
 * list goes by relationships alone. */
void hf_need_look(struct hf_call *call);
/* Who a person of the columns is, as far as the caller may see them; after
 * hf_need_look().  Marks who is shown as seen, for the audit. */
enum hf_rc hf_need_read_who(struct hf_call *call, const struct hf_pop_columns *c,
			    uint32_t person, struct hf_need_who *who,
			    struct hf_err *err);
/* The same by the shelf of their record. */
enum hf_rc hf_need_read_shelf(struct hf_call *call, int64_t shelf,
			      struct hf_need_who *who, struct hf_err *err);
/* As an array by position.  Marks each that is shown as seen, for the audit. */
enum hf_rc hf_need_resolve(struct hf_call *call, const struct hf_pop_columns *c,
			   const struct hf_need_list *l, struct hf_need_who **out,
			   struct hf_err *err);

/* The members that every list has. */
void hf_need_write_head(struct hf_call *call, struct hf_jw *w,
			const struct hf_need_list *l,
			const struct hf_need_rules *rules);
/* A score's points as people write them: "3.47", "9". */
struct hf_sv hf_need_points(struct hf_arena *arena, const struct hf_pop_score *s,
			    int32_t points);
/* "2021-06-20" of a day of the columns. */
struct hf_sv hf_need_day(struct hf_arena *arena, uint16_t day);
/* The care gaps of somebody, as the member "gaps". */
void hf_need_write_gaps(struct hf_jw *w, struct hf_arena *arena,
			const struct hf_need_now *n, uint32_t person);
/* A count that may leave the place: null for 1 to 4, else to the nearest 5. */
void hf_need_write_count(struct hf_jw *w, const char *name, int64_t n, bool exact);
/* What of counts that add up to something may be shown to others: one that is hidden
 * alone takes the next smallest with it (POP-T30).  out: one more than n, the last the
 * sum. */
enum { HF_NEED_COUNTS = 16 };
void hf_need_show(const int64_t *counts, size_t n, bool exact,
		  struct hf_pop_shown out[HF_NEED_COUNTS]);
void hf_need_write_shown(struct hf_jw *w, const char *name, struct hf_pop_shown n);

#endif

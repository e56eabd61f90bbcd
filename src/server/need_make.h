/* need_make.h - a list of people most in need is made: whom of, how many places there
 * are, and what changed since the version before.  For a request, and for the thread
 * that renews lists each month. */
#ifndef HF_SERVER_NEED_MAKE_H
#define HF_SERVER_NEED_MAKE_H

#include "hub/io/hub.h"
#include "population/io/keep.h"
#include "server/need_live.h"

enum {
	HF_NEED_PLACES = 400,	  /* of one list, at most */
	HF_NEED_NEXT = 20,	  /* kept after those who were chosen */
	HF_NEED_TAKEN_DAYS = 183, /* an answer keeps somebody off the next list */
	HF_NEED_MONTH_DAYS = 30	  /* a place that was taken is free again after */
};

/* Of whom: "practice:ODS", "locality:ID", "team:ID" (the localities that the team
 * serves; none said: the whole place), or empty. */
struct hf_need_of {
	struct hf_pop_scope scope;
	const struct hf_team *team; /* NULL: not of a team */
	int slots;		    /* free ones of the team; -1: it keeps none */
};

/* HF_INVALID: there is none such.  What it gives lies in arena. */
enum hf_rc hf_need_of_text(struct hf_hub *hub, hf_time now,
			   const struct hf_pop_columns *c, struct hf_sv text,
			   struct hf_arena *arena, struct hf_need_of *out,
			   struct hf_err *err);

struct hf_need_making {
	const struct hf_need_now *n;
	struct hf_reader *reader;
	const struct hf_pop_list_rule *rule;
	struct hf_sv text; /* of the scope */
	struct hf_need_of of;
	int64_t places;	      /* 0: as many as there is room for */
	struct hf_sv because; /* "asked", "month" */
	hf_time now;
};

/* The room there is: what begins in a month (POP-T09) less what was taken in the last
 * 30 days, and no more than a team has slots.  *from: "rule" or "slots". */
enum hf_rc hf_need_room(const struct hf_need_making *m, int64_t *places,
			struct hf_sv *from, struct hf_err *err);
/* Makes the list, with what changed; nothing is kept yet.  Lies in arena. */
enum hf_rc hf_need_make(const struct hf_need_making *m, struct hf_arena *arena,
			struct hf_need_list *out, struct hf_err *err);

#endif

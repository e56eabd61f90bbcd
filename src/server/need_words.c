/* need_words.c - what the answers of /api/population/lists have in common. */
#include <stdio.h>
#include <stdlib.h>

#include "population/own.h"
#include "record/io/desk.h"
#include "record/person_text.h"
#include "server/api_need.h"
#include "server/serve.h"

enum { HEADS = 1000, SHOWN_MOST = 5, NEAREST = 5 };

bool
hf_need_names(const struct hf_call *call)
{
	const struct hf_actor *a = call->actor;

	return a->kind == HF_ACTOR_TRIAL ||
	       (a->kind == HF_ACTOR_PERSON && hf_sv_is(a->purpose, "DIRECT") &&
		(a->group == HF_GROUP_CLIN || a->group == HF_GROUP_PHARM ||
		 a->group == HF_GROUP_SOC || a->group == HF_GROUP_COORD));
}

struct hf_need_by
hf_need_by(struct hf_call *call)
{
	return (struct hf_need_by){.actor = call->actor->id,
				   .org = call->actor->org.p ? call->actor->org
							     : HF_SV(""),
				   .purpose = call->actor->purpose,
				   .trace = hf_call_trace(call)};
}

enum hf_rc
hf_need_number(struct hf_call *call, size_t arg, int64_t *out, struct hf_err *err)
{
	if (hf_sv_int(call->arg[arg], out) && *out > 0)
		return HF_OK;
	return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such list");
}

static uint16_t
code_of(const struct hf_sv *texts, size_t n, struct hf_sv text)
{
	for (size_t i = 1; i < n; i++)
		if (hf_sv_eq(texts[i], text))
			return (uint16_t)i;
	return 0;
}

enum hf_rc
hf_need_scope(struct hf_call *call, const struct hf_pop_columns *c, struct hf_sv text,
	      struct hf_pop_scope *out, struct hf_err *err)
{
	const struct hf_pop_dictionary *practices = &c->dict[HF_POP_PRACTICE];
	struct hf_sv code = text, kind = hf_sv_cut(&code, ':');
	uint16_t own = code_of(practices->text, practices->n, call->actor->org);
	struct hf_pop_scope s = {0};

	if (hf_sv_is(kind, "practice"))
		s.practice = code_of(practices->text, practices->n, code);
	else if (hf_sv_is(kind, "locality"))
		s.locality = code_of(c->locality_id, c->locality.n, code);
	if (text.n && !s.practice && !s.locality)
		return hf_fail(err, HF_INVALID, "scope",
			       "expected practice:CODE or locality:ID of the place");
	/* Who works for a practice looks after its people and nobody else's. */
	if (own && s.practice != own)
		return hf_fail(err, HF_FORBIDDEN, "scope",
			       "lists of other practices are for their own staff");
	*out = s;
	return HF_OK;
}

struct hf_sv
hf_need_points(struct hf_arena *arena, const struct hf_pop_score *s, int32_t points)
{
	if (points <= HF_POP_INCOMPLETE)
		return points == HF_POP_INCOMPLETE ? HF_SV("incomplete")
						   : HF_SV("not scored");
	if (s->divide == 1)
		return hf_arena_printf(arena, "%d", points);
	return hf_arena_printf(arena, s->divide == 10 ? "%.1f" : "%.2f",
			       (double)points / s->divide);
}

struct hf_sv
hf_need_day(struct hf_arena *arena, uint16_t day)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);

	return hf_arena_printf(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void
hf_need_write_count(struct hf_jw *w, const char *name, int64_t n, bool exact)
{
	hf_jw_key(w, hf_sv_from(name));
	if (exact || n == 0)
		hf_jw_int(w, n);
	else if (n < SHOWN_MOST)
		hf_jw_null(w);
	else
		hf_jw_int(w, (n + NEAREST / 2) / NEAREST * NEAREST);
}

void
hf_need_show(const int64_t *counts, size_t n, bool exact,
	     struct hf_pop_shown out[HF_NEED_COUNTS])
{
	struct hf_pop_shown all[2 * HF_NEED_COUNTS]; /* and the totals of the columns */

	assert(n < HF_NEED_COUNTS);
	hf_pop_show_table(exact ? HF_POP_TRUE : HF_POP_STRICT5, counts, 1, n, all);
	memcpy(out, all, (n + 1) * sizeof *out);
}

void
hf_need_write_shown(struct hf_jw *w, const char *name, struct hf_pop_shown n)
{
	hf_jw_key(w, hf_sv_from(name));
	if (n.hidden)
		hf_jw_null(w);
	else
		hf_jw_int(w, n.n);
}

void
hf_need_write_gaps(struct hf_jw *w, struct hf_arena *arena, const struct hf_need_now *n,
		   uint32_t person)
{
	struct hf_pop_gap_found found[HF_POP_GAPS];
	struct hf_pop_scored scored[HF_POP_SCORE_COLUMNS];
	struct hf_pop_scratch *x = hf_pop_scratch_new(n->now->scorer);
	size_t many = 0;

	if (x) {
		hf_pop_score_person(n->now->scorer, x, person, n->now->day, scored);
		many = hf_pop_gaps_of(n->gapper, x, scored, person, n->now->day, found);
	}
	hf_pop_scratch_free(x);
	hf_jw_member(w, "gaps");
	hf_jw_arr(w);
	for (size_t i = 0; i < many; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "id", hf_sv_from(found[i].gap->id));
		hf_jw_field(w, "title", hf_sv_from(found[i].gap->title));
		hf_jw_field(w, "action", hf_sv_from(found[i].gap->action));
		hf_jw_field(
		    w, "overdue",
		    found[i].overdue == HF_POP_NEVER
			? HF_SV("never done")
			: hf_arena_printf(arena, "%d days overdue", found[i].overdue));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- who they are ---- */

struct wanted {
	uint8_t pid[HF_POP_PID];
	uint32_t at; /* position less 1 */
};

static int
by_pid(const void *a, const void *b)
{
	return memcmp(a, b, HF_POP_PID);
}

/* Reads who somebody is, when the caller may see them. */
static enum hf_rc
read_who(struct hf_call *call, int64_t shelf, struct hf_need_who *who,
	 struct hf_err *err)
{
	struct hf_arena *arena = call->arena;
	struct hf_version v;
	struct hf_json doc;
	uint32_t name;
	enum hf_rc rc =
	    hf_store_read_rid(call->reader, HF_RID_MIN(shelf), 0, arena, &v, err);

	who->in_record = true;
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK; /* not for this caller */
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc)
		return rc;
	name = hf_name_best(&doc, hf_json_member(&doc, 0, "name"));
	who->id = v.id;
	who->name = hf_name_words(&doc, name, false, arena);
	who->born = hf_dig_text(&doc, 0, "birthDate", arena);
	who->age = hf_age_words(who->born, call->now, arena);
	who->born = hf_date_words(who->born, arena);
	who->found = true;
	hf_call_saw(call, v.e.rid);
	return HF_OK;
}

/* Goes through the heads of what the record says of people; each that is wanted is
 * read. */
static enum hf_rc
find_shelves(struct hf_call *call, struct wanted *wanted, size_t n,
	     struct hf_need_who *who, struct hf_err *err)
{
	int64_t after = 0;
	bool more = true;
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && more) {
		int64_t shelves[HEADS];
		uint32_t at[HEADS];
		size_t hits = 0, rows_n = 0;
		struct hf_rows rows;

		rc = hf_db_query(hf_reader_db(call->reader),
				 HF_Q_POPULATION_RECORD_HEADS,
				 HF_ARGS(HF_INT(after), HF_INT(HEADS)), &rows, err);
		if (rc)
			return rc;
		while (hf_rows_next(&rows)) {
			struct hf_pop_own_head head;
			struct wanted *hit = NULL;

			after = hf_rows_int(&rows, HF_C_POPULATION_RECORD_HEADS_SHELF);
			rows_n++;
			if (hf_pop_own_head(
				hf_rows_blob(&rows, HF_C_POPULATION_RECORD_HEADS_HEAD),
				&head))
				hit = bsearch(head.pid, wanted, n, sizeof *wanted,
					      by_pid);
			if (hit && hits < HEADS) {
				shelves[hits] = after;
				at[hits++] = hit->at;
			}
		}
		rc = hf_rows_end(&rows, err);
		for (size_t i = 0; rc == HF_OK && i < hits; i++)
			rc = read_who(call, shelves[i], &who[at[i]], err);
		more = rows_n == HEADS;
	}
	return rc;
}

enum hf_rc
hf_need_resolve(struct hf_call *call, const struct hf_pop_columns *c,
		const struct hf_need_list *l, struct hf_need_who **out,
		struct hf_err *err)
{
	size_t n = l->n ? l->n : 1;
	struct hf_need_who *who = hf_arena_array(call->arena, n, sizeof *who);
	struct wanted *wanted = hf_arena_array(call->arena, n, sizeof *wanted);

	if (!who || !wanted)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	for (size_t i = 0; i < l->n; i++) {
		memcpy(wanted[i].pid, l->people[i].pid, HF_POP_PID);
		wanted[i].at = (uint32_t)i;
		who[i].ordinal = UINT32_MAX;
	}
	qsort(wanted, l->n, sizeof *wanted, by_pid);
	for (uint32_t p = 0; l->n && p < c->n_persons; p++) {
		const struct wanted *hit =
		    bsearch(c->persons[p].pid, wanted, l->n, sizeof *wanted, by_pid);

		if (hit)
			who[hit->at].ordinal = p;
	}
	*out = who;
	if (!hf_need_names(call))
		return HF_OK;
	return find_shelves(call, wanted, l->n, who, err);
}

/* need_words.c - what the answers of /api/population/lists have in common. */
#include <stdio.h>
#include <stdlib.h>

#include "record/person_text.h"
#include "server/api_need.h"
#include "server/serve.h"

enum { SHOWN_MOST = 5, NEAREST = 5 };

bool
hf_need_names(const struct hf_call *call)
{
	const struct hf_actor *a = call->actor;

	return a->kind == HF_ACTOR_TRIAL ||
	       (a->kind == HF_ACTOR_PERSON && hf_sv_is(a->purpose, "DIRECT") &&
		(a->group == HF_GROUP_CLIN || a->group == HF_GROUP_PHARM ||
		 a->group == HF_GROUP_SOC || a->group == HF_GROUP_COORD));
}

bool
hf_need_exact(const struct hf_call *call, struct hf_sv scope)
{
	struct hf_sv ods = scope, kind = hf_sv_cut(&ods, ':');

	return hf_need_names(call) &&
	       (call->actor->kind == HF_ACTOR_TRIAL ||
		(hf_sv_is(kind, "practice") && hf_sv_eq(ods, call->actor->org)));
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

uint16_t
hf_need_own(const struct hf_call *call, const struct hf_pop_columns *c)
{
	return call->actor->org.n ? hf_pop_code_of(c, HF_POP_PRACTICE, call->actor->org)
				  : 0;
}

bool
hf_need_locality_ok(const struct hf_call *call, const struct hf_pop_columns *c,
		    uint16_t locality)
{
	uint16_t own = hf_need_own(call, c);

	return !own || hf_pop_locality_on(c, own, c->day_last) == locality;
}

bool
hf_need_team_ok(const struct hf_call *call, const struct hf_pop_columns *c,
		const struct hf_team *team)
{
	uint16_t own = hf_need_own(call, c);
	uint16_t locality = own ? hf_pop_locality_on(c, own, c->day_last) : 0;

	if (!team->active)
		return false;
	return !own || team->localities.n == 0 ||
	       (locality && hf_codes_have(&team->localities, c->locality_id[locality]));
}

enum hf_rc
hf_need_scope(struct hf_call *call, const struct hf_pop_columns *c, struct hf_sv text,
	      struct hf_need_of *out, struct hf_err *err)
{
	uint16_t own = hf_need_own(call, c);
	enum hf_rc rc = hf_need_of_text(call->server->hub, call->now, c, text,
					call->arena, out, err);

	if (rc || !own)
		return rc;
	/* Who works for a practice looks after its people, and meets the teams. */
	if (out->team		  ? hf_need_team_ok(call, c, out->team)
	    : out->scope.locality ? hf_need_locality_ok(call, c, out->scope.locality)
				  : out->scope.practice == own)
		return HF_OK;
	return hf_fail(err, HF_FORBIDDEN, "scope",
		       "lists of other practices are for their own staff");
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

void
hf_need_look(struct hf_call *call)
{
	call->viewer.no_glass = true;
	if (call->actor->kind != HF_ACTOR_TRIAL)
		hf_reader_as(call->reader, &call->viewer);
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

enum hf_rc
hf_need_read_shelf(struct hf_call *call, int64_t shelf, struct hf_need_who *who,
		   struct hf_err *err)
{
	enum hf_rc rc;

	*who = (struct hf_need_who){.ordinal = UINT32_MAX, .in_record = shelf != 0};
	rc = shelf ? read_who(call, shelf, who, err) : HF_OK;
	if (rc == HF_OK && who->found)
		rc = hf_viewer_may(call->reader, shelf, HF_CONTENT_CLINICAL,
				   HF_LEVEL_S1, call->actor->org, &who->clinical, err);
	return rc;
}

enum hf_rc
hf_need_read_who(struct hf_call *call, const struct hf_pop_columns *c, uint32_t person,
		 struct hf_need_who *who, struct hf_err *err)
{
	enum hf_rc rc = hf_need_read_shelf(call, hf_pop_shelf_of(c, person), who, err);

	who->ordinal = person;
	return rc;
}

enum hf_rc
hf_need_resolve(struct hf_call *call, const struct hf_pop_columns *c,
		const struct hf_need_list *l, struct hf_need_who **out,
		struct hf_err *err)
{
	struct hf_need_who *who =
	    hf_arena_array(call->arena, l->n ? l->n : 1, sizeof *who);
	bool names = hf_need_names(call);
	enum hf_rc rc = HF_OK;

	if (!who)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	hf_need_look(call);
	for (size_t i = 0; rc == HF_OK && i < l->n; i++) {
		uint32_t person = hf_pop_person_of(c, l->people[i].pid);

		who[i].ordinal = person;
		if (names && person != UINT32_MAX)
			rc = hf_need_read_who(call, c, person, &who[i], err);
	}
	*out = who;
	return rc;
}

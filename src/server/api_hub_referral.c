/* api_hub_referral.c - one referral: its story, what can happen next, moves, messages,
 * who could take it. */
#include "server/api_hub.h"

#include "hub/event.h"
#include "record/hub_task.h"
#include "record/io/change.h"
#include "record/person_text.h"
#include "server/api_body.h"
#include "server/serve.h"

void hf_api_hub_referral(struct hf_call *call);
void hf_api_hub_move(struct hf_call *call);
void hf_api_hub_message(struct hf_call *call);
void hf_api_hub_breach(struct hf_call *call);
void hf_api_hub_ranked(struct hf_call *call);

enum { TEXT_MOST = 2000, DONE_AHEAD_MS = 120000, DONE_LATE_MS = 24 * 3600000 };

struct shown {
	struct hf_call *call;
	struct hf_version task;
	struct hf_json doc;
	struct hf_story story;
	struct hf_hub_row row;
	struct hf_jw w;
};

static enum hf_rc
read_referral(struct shown *s, struct hf_err *err)
{
	struct hf_call *c = s->call;
	const struct hf_pathway *p = hf_hub_pathway(c->server->hub);
	enum hf_rc rc = hf_store_read(c->reader, HF_SV("Task"), c->arg[0], 0, c->arena,
				      &s->task, err);

	if (rc == HF_OK)
		rc = hf_json_parse(s->task.body, NULL, c->arena, &s->doc, err);
	if (rc)
		return rc;
	if (!hf_hub_task_is(&s->doc, 0, "instance", c->arena))
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no referral of this id");
	rc = hf_story_read(p, &s->doc, c->arena, &s->story, err);
	if (rc)
		return rc;
	c->audit_type = hf_resource_find(HF_SV("Task"));
	c->audit_id = c->arg[0];
	hf_call_saw(c, s->task.e.rid);
	return hf_hub_read_row(c->server->hub, c->reader, &s->task, &s->doc, &s->story,
			       c->arena, &s->row, err);
}

/* ---- the story ---- */

static void
when(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static const char *
title_of(const struct hf_pathway *p, struct hf_sv event)
{
	int e = hf_pw_event(p, event);

	if (e >= 0)
		return p->event_titles[e];
	return hf_sv_is(event, "@message")   ? "Message"
	       : hf_sv_is(event, "@breach")  ? "Reason for being late"
	       : hf_sv_is(event, "@amended") ? "A newer version from its sender"
					     : "Time passed";
}

static void
put_story(struct shown *s)
{
	const struct hf_pathway *p = hf_hub_pathway(s->call->server->hub);
	struct hf_jw *w = &s->w;

	hf_jw_member(w, "story");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->story.n; i++) {
		const struct hf_hub_event *e = &s->story.events[i];

		hf_jw_obj(w);
		when(w, "at", e->at);
		if (e->done)
			when(w, "done", e->done);
		if (e->told)
			when(w, "told", e->told);
		hf_jw_field(w, "event", e->event);
		hf_jw_field(w, "title", hf_sv_from(title_of(p, e->event)));
		hf_api_text(w, "step", e->step);
		hf_jw_field(w, "to", hf_sv_from(p->states[s->story.states[i]].id));
		hf_jw_field(w, "toText",
			    hf_sv_from(p->states[s->story.states[i]].title));
		hf_jw_member(w, "by");
		hf_jw_obj(w);
		hf_api_text(w, "name", e->name);
		hf_api_text(w, "role", e->role);
		hf_jw_obj_end(w);
		hf_api_text(w, "note", e->note);
		hf_api_text(w, "team", e->team_name);
		if (e->given.n) {
			hf_jw_member(w, "given");
			hf_jw_raw(w, e->given);
		}
		if (e->facts.n) {
			hf_jw_member(w, "facts");
			hf_jw_raw(w, e->facts);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_messages(struct shown *s)
{
	struct hf_jw *w = &s->w;

	hf_jw_member(w, "messages");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->story.n; i++) {
		const struct hf_hub_event *e = &s->story.events[i];

		if (!hf_sv_is(e->event, "@message"))
			continue;
		hf_jw_obj(w);
		when(w, "at", e->at);
		hf_api_text(w, "by", e->name);
		hf_api_text(w, "text", e->note);
		hf_api_flag(w, "mine",
			    hf_sv_eq(e->by, s->call->actor->who.n
						? s->call->actor->who
						: s->call->actor->id));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- moves ---- */

static void
put_codes(struct hf_jw *w, const struct hf_hub_need *need)
{
	const struct hf_hub_word *words;
	size_t n = 0;

	hf_jw_member(w, "codes");
	hf_jw_arr(w);
	if (need->list != HF_HUB_LISTS) {
		words = hf_hub_words(need->list, &n);
		for (size_t i = 0; i < n; i++) {
			hf_jw_obj(w);
			hf_jw_field(w, "code", hf_sv_from(words[i].code));
			hf_jw_field(w, "text", hf_sv_from(words[i].text));
			hf_jw_obj_end(w);
		}
	} else if (need->of->kind == HF_PW_CODE) {
		for (size_t i = 0; i < need->of->n_codes; i++) {
			struct hf_sv code = hf_sv_from(need->of->codes[i]);
			const struct hf_hub_word *word =
			    hf_hub_word(HF_HUB_OUTCOMES, code);

			if (!word)
				word = hf_hub_word(HF_HUB_URGENCIES, code);
			hf_jw_obj(w);
			hf_jw_field(w, "code", code);
			hf_jw_field(w, "text", word ? hf_sv_from(word->text) : code);
			hf_jw_obj_end(w);
		}
	}
	hf_jw_arr_end(w);
}

static void
put_moves(struct shown *s)
{
	struct hf_hub_next nexts[HF_PW_EVENTS];
	struct hf_hub_actor who = hf_api_hub_actor(s->call);
	size_t n = s->row.open ? hf_hub_nexts(s->call->server->hub, &who, &s->row,
					      s->call->arena, nexts)
			       : 0;
	struct hf_jw *w = &s->w;

	hf_jw_member(w, "moves");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_hub_next *next = &nexts[i];

		hf_jw_obj(w);
		hf_jw_field(w, "event", hf_sv_from(next->event));
		hf_jw_field(w, "title", hf_sv_from(next->title));
		hf_jw_member(w, "allowed");
		hf_jw_bool(w, next->allowed);
		if (!next->allowed)
			hf_jw_field(w, "why",
				    next->why ? hf_sv_from(next->why)
					      : hf_arena_printf(s->call->arena,
								"This is for: %s",
								next->who));
		hf_jw_member(w, "needs");
		hf_jw_arr(w);
		for (size_t k = 0; k < next->n_needs; k++) {
			hf_jw_obj(w);
			hf_jw_field(w, "fact", hf_sv_from(next->needs[k].fact));
			hf_jw_field(w, "title", hf_sv_from(next->needs[k].title));
			hf_jw_field(w, "kind", hf_sv_from(next->needs[k].kind));
			put_codes(w, &next->needs[k]);
			hf_jw_obj_end(w);
		}
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

/* ---- what stands beside it ---- */

/* How urgent it looks from what was said: for whoever decides, until it is decided. */
static void
put_suggested(struct shown *s, const struct hf_json *answers)
{
	struct hf_intake_urgency urgency;
	struct hf_intake in = {0};
	struct hf_date born;
	int age = -1;

	if (s->row.urgency.n || !s->row.open)
		return;
	if (hf_date_parse(s->row.born, false, &born))
		age = hf_age_years(hf_london_day(born.lo + 43200000),
				   hf_london_day(s->call->now));
	hf_intake_from_answers(answers, s->call->arena, &in);
	hf_intake_suggest(&in, hf_hub_news2(s->call->server->hub), age, &urgency);
	hf_hub_json_suggested(&s->w, &urgency);
}

static void
put_request(struct shown *s)
{
	struct hf_arena *a = s->call->arena;
	struct hf_sv ref = hf_dig_text(&s->doc, 0, "focus.reference", a);
	struct hf_version v;
	struct hf_json doc;
	struct hf_jw *w = &s->w;
	uint32_t items = HF_JSON_NONE;

	hf_jw_member(w, "request");
	hf_jw_arr(w);
	if (hf_sv_starts(ref, HF_SV("ServiceRequest/")) &&
	    hf_store_read(s->call->reader, HF_SV("ServiceRequest"),
			  hf_sv_from_at(ref, 15), 0, a, &v, NULL) == HF_OK &&
	    hf_json_parse(v.body, NULL, a, &doc, NULL) == HF_OK)
		ref = hf_dig_text(&doc, 0, "supportingInfo.reference", a);
	if (hf_sv_starts(ref, HF_SV("QuestionnaireResponse/")) &&
	    hf_store_read(s->call->reader, HF_SV("QuestionnaireResponse"),
			  hf_sv_from_at(ref, 22), 0, a, &v, NULL) == HF_OK &&
	    hf_json_parse(v.body, NULL, a, &doc, NULL) == HF_OK &&
	    (items = hf_json_member(&doc, 0, "item")) != HF_JSON_NONE)
		for (uint32_t c = items + 1; c < doc.nodes[items].next;
		     c = doc.nodes[c].next) {
			hf_jw_obj(w);
			hf_jw_field(w, "item", hf_dig_text(&doc, c, "linkId", a));
			hf_api_text(w, "title", hf_dig_text(&doc, c, "text", a));
			hf_api_text(
			    w, "value",
			    hf_dig_text(&doc, c,
					"answer.valueString|answer.valueBoolean|"
					"answer.valueInteger",
					a));
			hf_jw_obj_end(w);
		}
	hf_jw_arr_end(w);
	if (items != HF_JSON_NONE)
		put_suggested(s, &doc);
}

/* Writes one resource of the person's shelf when it is part of this referral. */
static void
put_beside(struct shown *s, const struct hf_json *doc, const struct hf_version *v,
	   const char *want)
{
	struct hf_arena *a = s->call->arena;
	struct hf_jw *w = &s->w;
	struct hf_sv kind =
	    hf_dig_text(doc, 0, "code.coding.code|category.coding.code", a);
	bool offer = hf_sv_is(kind, "offer");

	if (strcmp(want, "notices") == 0  ? !hf_sv_is(kind, "notice")
	    : strcmp(want, "offers") == 0 ? !offer
					  : offer || hf_sv_is(kind, "instance"))
		return;
	hf_jw_obj(w);
	hf_jw_field(w, "id", v->id);
	hf_api_text(w, "kind", kind);
	hf_api_text(w, "at", hf_dig_text(doc, 0, "sent|authoredOn", a));
	hf_api_text(w, "text",
		    hf_dig_text(doc, 0, "payload.contentString|description", a));
	hf_api_text(w, "title", hf_dig_text(doc, 0, "description", a));
	hf_api_text(w, "role", hf_dig_text(doc, 0, "performerType.coding.code", a));
	hf_api_text(w, "due", hf_dig_text(doc, 0, "restriction.period.end", a));
	hf_api_text(w, "status", hf_dig_text(doc, 0, "status", a));
	hf_api_text(w, "clock", hf_dig_text(doc, 0, "identifier.value", a));
	hf_api_text(
	    w, "reason",
	    hf_dig_text(doc, 0, "reasonCode.coding.display|reasonCode.text", a));
	if (offer) {
		hf_jw_member(w, "team");
		hf_jw_obj(w);
		hf_api_text(w, "id", hf_dig_text(doc, 0, "owner.reference", a));
		hf_api_text(w, "name", hf_dig_text(doc, 0, "owner.display", a));
		hf_jw_obj_end(w);
	}
	hf_jw_obj_end(w);
}

static void
put_all_beside(struct shown *s, const char *name, hf_type_id type)
{
	struct hf_arena *a = s->call->arena;
	struct hf_sv self = hf_arena_printf(a, "Task/%.*s", HF_SV_ARG(s->task.id));
	struct hf_entry *entries = NULL;
	size_t n = 0;

	hf_jw_key(&s->w, hf_sv_from(name));
	hf_jw_arr(&s->w);
	if (hf_store_shelf(s->call->reader, HF_RID_SHELF(s->task.e.rid), a, &entries,
			   &n, NULL) != HF_OK)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		struct hf_version v;
		struct hf_json doc;

		if (entries[i].type != type ||
		    hf_store_read_rid(s->call->reader, entries[i].rid, 0, a, &v,
				      NULL) != HF_OK ||
		    hf_json_parse(v.body, NULL, a, &doc, NULL) != HF_OK ||
		    !hf_sv_eq(hf_dig_text(&doc, 0, "partOf.reference", a), self))
			continue;
		put_beside(s, &doc, &v, name);
	}
	hf_jw_arr_end(&s->w);
}

void
hf_api_hub_referral(struct hf_call *call)
{
	struct shown s = {.call = call};
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	if (read_referral(&s, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &s.w);
	hf_jw_member(&s.w, "row");
	hf_hub_json_row(&s.w, hf_hub_pathway(call->server->hub), &s.row, call->now);
	put_request(&s);
	put_story(&s);
	put_moves(&s);
	put_messages(&s);
	put_all_beside(&s, "notices", hf_resource_find(HF_SV("Communication")));
	put_all_beside(&s, "offers", hf_resource_find(HF_SV("Task")));
	put_all_beside(&s, "tasks", hf_resource_find(HF_SV("Task")));
	hf_api_end(call);
}

/* ---- moving ---- */

static void
move(struct hf_call *call, const struct hf_hub_move *m)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_work *work;
	struct hf_err err;

	if (hf_hub_move(call->server->hub, call->reader, &who, m, call->arena, &work,
			&err) != HF_OK)
		hf_api_hub_fail(call, &err);
	else
		hf_api_hub_commit(call, work);
}

/* When it was done, of what a device kept while it had no network.  A clock that goes
 * a little ahead is taken for now; what is older than a shift is a mistake. */
static enum hf_rc
read_done(struct hf_call *call, const struct hf_json *doc, hf_time *out,
	  struct hf_err *err)
{
	struct hf_sv text;
	struct hf_date done;
	enum hf_rc rc = hf_api_body_text(call, doc, "done", 0, 40, &text, err);

	*out = 0;
	if (rc || text.n == 0)
		return rc;
	if (!hf_date_parse(text, false, &done) || done.precision < HF_PREC_SECOND)
		return hf_fail(err, HF_INVALID, "done", "expected a date and time");
	if (done.lo > call->now + DONE_AHEAD_MS || done.lo < call->now - DONE_LATE_MS)
		return hf_fail(err, HF_INVALID, "done",
			       "it lies more than 24 hours back, or ahead: look at the "
			       "clock of this device");
	*out = done.lo > call->now ? call->now : done.lo;
	return HF_OK;
}

void
hf_api_hub_move(struct hf_call *call)
{
	struct hf_hub_move m = {.id = call->arg[0], .at = call->now};
	struct hf_json doc;
	struct hf_err err;
	uint32_t facts;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "version event facts note team done", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_version(&doc, &m.version, &err);
	if (rc == HF_OK)
		rc = read_done(call, &doc, &m.done, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "event", 1, 64, &m.event, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, TEXT_MOST, &m.note, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "team", 0, 64, &m.team, &err);
	/* Those are the program's own. */
	if (rc == HF_OK && m.event.p[0] == '@')
		rc = hf_fail(&err, HF_INVALID, "event", "there is no such move");
	facts = rc == HF_OK ? hf_json_member(&doc, 0, "facts") : HF_JSON_NONE;
	if (facts != HF_JSON_NONE && hf_json_type(&doc, facts) != HF_JSON_OBJECT)
		rc = hf_fail(&err, HF_INVALID, "facts", "expected an object");
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	if (facts != HF_JSON_NONE)
		m.facts = hf_json_raw(&doc, facts);
	move(call, &m);
}

void
hf_api_hub_message(struct hf_call *call)
{
	struct hf_hub_move m = {
	    .id = call->arg[0], .event = HF_SV("@message"), .at = call->now};
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "text", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "text", 1, TEXT_MOST, &m.note, &err);
	if (rc)
		hf_api_fail(call, &err);
	else
		move(call, &m);
}

/* A reason is given for a clock that ran out, by who answers for it. */
static enum hf_rc
check_breach(struct hf_call *call, struct hf_sv clock, struct hf_err *err)
{
	static const char *const answer_for[] = {"clinical-lead", "team-lead"};
	struct hf_hub *hub = call->server->hub;
	const struct hf_pathway *p = hf_hub_pathway(hub);
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct shown s = {.call = call};
	enum hf_rc rc = read_referral(&s, err);
	bool may = false, over = false;
	hf_pw_set roles;

	if (rc)
		return rc;
	roles = hf_hub_roles_for(hub, &who, &s.row);
	for (size_t i = 0; i < HF_COUNT(answer_for); i++) {
		int role = hf_pw_role(p, hf_sv_from(answer_for[i]));

		may = may || (role >= 0 && (roles >> role & 1));
	}
	if (!may)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "the hub's clinical lead or the team's lead gives the "
			       "reason");
	for (size_t i = 0; i < s.story.replay.in.n_runs; i++) {
		const struct hf_pw_run *r = &s.story.replay.in.runs[i];

		over = over || (r->breached &&
				hf_sv_eq(clock, hf_sv_from(p->clocks[r->clock].id)));
	}
	return over ? HF_OK
		    : hf_fail(err, HF_RULE, "clock", "this clock has not run out");
}

void
hf_api_hub_breach(struct hf_call *call)
{
	struct hf_hub_move m = {
	    .id = call->arg[0], .event = HF_SV("@breach"), .at = call->now};
	struct hf_sv clock, reason;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "clock reason note", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "clock", 1, 32, &clock, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", 1, 32, &reason, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, TEXT_MOST, &m.note, &err);
	if (rc == HF_OK && !hf_hub_word(HF_HUB_BREACHES, reason))
		rc = hf_fail(&err, HF_INVALID, "reason",
			     "the code is none of the list breaches");
	if (rc == HF_OK && !hf_hub_has_clock(call->server->hub, clock))
		rc = hf_fail(&err, HF_INVALID, "clock", "there is no such clock");
	if (rc == HF_OK)
		rc = check_breach(call, clock, &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	m.facts =
	    hf_arena_printf(call->arena, "{\"clock\":\"%.*s\",\"reason\":\"%.*s\"}",
			    HF_SV_ARG(clock), HF_SV_ARG(reason));
	move(call, &m);
}

/* ---- who could take it ---- */

static const char *const part_names[4] = {"continuity", "locality", "arrival", "load"};

static void
put_choice(struct hf_call *call, struct hf_jw *w, const struct hf_hub_teams *t,
	   const struct hf_dispatch_choice *c)
{
	const struct hf_team *team = &t->directory.items[c->team];
	char text[32];

	hf_jw_obj(w);
	hf_jw_field(w, "id", team->id);
	hf_jw_field(w, "name", team->name);
	hf_api_text(w, "provider", team->provider_name);
	hf_jw_member(w, "score");
	hf_jw_raw(
	    w, hf_arena_printf(call->arena, "%d.%02d", c->score / 100, c->score % 100));
	hf_jw_member(w, "parts");
	hf_jw_obj(w);
	for (size_t i = 0; i < HF_COUNT(part_names); i++) {
		hf_jw_key(w, hf_sv_from(part_names[i]));
		hf_jw_raw(w, hf_arena_printf(call->arena, "%d.%02d", c->parts[i] / 100,
					     c->parts[i] % 100));
	}
	hf_jw_obj_end(w);
	if (c->arrival != HF_TIME_MAX && c->arrival != 0)
		hf_jw_field(w, "arrival",
			    hf_sv_from(hf_time_format(c->arrival, text, sizeof text)));
	hf_jw_member(w, "free");
	hf_jw_int(w, c->capacity.free);
	hf_jw_member(w, "open");
	hf_jw_bool(w, hf_hours_open(&team->hours, call->now));
	hf_jw_member(w, "excluded");
	hf_jw_arr(w);
	for (uint32_t bar = 1; bar <= HF_BAR_LEAD; bar <<= 1)
		if (c->bars & bar)
			hf_jw_str(w, hf_sv_from(hf_dispatch_bar_text(
					 (enum hf_dispatch_bar)bar)));
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_api_hub_ranked(struct hf_call *call)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_teams teams;
	struct hf_hub_row row;
	struct hf_err err;
	struct hf_jw w;
	char at[32];

	if (!hf_api_no_params(call))
		return;
	if (!hf_hub_row(call->server->hub, call->arg[0], call->arena, &row) ||
	    !hf_api_hub_sees(call, &row)) {
		hf_fail(&err, HF_NOT_FOUND, NULL,
			"there is no open referral of this id");
		hf_api_fail(call, &err);
		return;
	}
	if (hf_hub_teams(call->server->hub, call->arg[0], &who, call->now, call->arena,
			 &teams, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "at", hf_sv_from(hf_time_format(call->now, at, sizeof at)));
	hf_jw_member(&w, "teams");
	hf_jw_arr(&w);
	for (size_t i = 0; i < teams.directory.n; i++)
		put_choice(call, &w, &teams, &teams.choices[i]);
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

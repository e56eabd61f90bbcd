/* move.c - a referral moves: by what somebody does, or by time. */
#include "hub/io/hub_int.h"

#include "record/hub_task.h"
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

enum rc_words { WORDS_MOST = 600 };

/* ---- reading ---- */

static void
read_names(struct hub_moving *m)
{
	struct hf_sv focus = hf_dig_text(&m->doc, 0, "focus.reference", m->arena);

	m->requester = hf_dig_text(&m->doc, 0, "requester.reference", m->arena);
	m->requester_name = hf_dig_text(&m->doc, 0, "requester.display", m->arena);
	if (hf_sv_starts(focus, HF_SV("ServiceRequest/")))
		m->request_id = hf_sv_from_at(focus, 15);
	m->b = (struct hf_build){
	    .at = m->at,
	    .patient = hf_dig_text(&m->doc, 0, "for.reference", m->arena),
	    .request = focus,
	    .task = hf_arena_printf(m->arena, "Task/%.*s", HF_SV_ARG(m->task.id)),
	    .who = m->who->who,
	    .who_name = m->who->name,
	    .role = m->who->role,
	    .hub =
		hf_arena_printf(m->arena, "Organization/%.*s", HF_SV_ARG(m->hub->org)),
	    .hub_name = m->hub->org_name,
	};
}

enum hf_rc
hf_moving_read(struct hub_moving *m, struct hf_sv id, struct hf_err *err)
{
	struct hf_version who;
	struct hf_json patient;
	const struct hf_json *about = NULL;
	enum hf_rc rc =
	    hf_store_read(m->plain, HF_SV("Task"), id, 0, m->arena, &m->task, err);

	if (rc == HF_OK)
		rc = hf_json_parse(m->task.body, NULL, m->arena, &m->doc, err);
	if (rc)
		return rc;
	if (!hf_hub_task_is(&m->doc, 0, "instance", m->arena))
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no referral of this id");
	rc = hf_story_read(m->hub->p, &m->doc, m->arena, &m->story, err);
	if (rc)
		return rc;
	m->shelf = HF_RID_SHELF(m->task.e.rid);
	if (hf_store_read_rid(m->plain, HF_RID_MIN(m->shelf), 0, m->arena, &who,
			      NULL) == HF_OK &&
	    hf_json_parse(who.body, NULL, m->arena, &patient, NULL) == HF_OK)
		about = &patient;
	hf_row_make(m->hub, &m->doc, &m->story, about, m->arena, &m->row);
	m->row.rid = m->task.e.rid;
	m->row.version = m->task.e.version;
	pthread_mutex_lock(&m->hub->lock);
	hf_hub_finish(m->hub, &m->row);
	pthread_mutex_unlock(&m->hub->lock);
	read_names(m);
	return HF_OK;
}

/* ---- one event ---- */

/* What a guard asks, in the words of its facts. */
static void
say_guard(const struct hf_pathway *p, const struct hf_pw_step *step,
	  bool (*computed)(struct hf_sv fact), struct hf_buf *out)
{
	for (size_t i = 0; i < p->n_facts; i++) {
		if (!hf_next_asks(step->when.text, p->facts[i].id) ||
		    (computed && computed(hf_sv_from(p->facts[i].id))))
			continue;
		hf_buf_printf(out, "%s%s", out->n ? "; " : "", p->facts[i].title);
	}
}

static enum hf_rc
say_role(const struct hf_pathway *p, const struct hf_pw_step *step, struct hf_err *err)
{
	char text[300] = "";
	size_t n = 0;

	for (size_t i = 0; i < p->n_roles && n + 60 < sizeof text; i++)
		if (step->by >> i & 1)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
					      n ? " or " : "", p->roles[i]);
	for (size_t i = 0; i < n; i++)
		if (text[i] == '-')
			text[i] = ' ';
	return hf_fail(err, HF_FORBIDDEN, "event", "this is for: %s", text);
}

enum hf_rc
hf_say_refused(const struct hf_pathway *p, uint8_t state, struct hf_sv id,
	       hf_pw_set roles, bool (*computed)(struct hf_sv fact), struct hf_err *err)
{
	int event = hf_pw_event(p, id);
	struct hf_buf b = {.cap = WORDS_MOST};
	enum hf_rc rc = HF_RULE;

	for (size_t i = 0; err && i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		if (err->path[0] == '\0' || strcmp(err->path, s->id) != 0)
			continue;
		if (s->by && !(s->by & roles))
			return say_role(p, s, err);
		say_guard(p, s, computed, &b);
		rc = hf_fail(err, HF_RULE, "facts", "%s needs: %.*s",
			     p->event_titles[event], (int)b.n, b.p ? b.p : "");
		break;
	}
	if (err && err->path[0] == '\0')
		rc = hf_fail(err, HF_RULE, "event",
			     "%s: not possible while it is \"%s\"",
			     event >= 0 ? p->event_titles[event] : "This",
			     p->states[state].title);
	hf_buf_free(&b);
	return rc;
}

static bool
is_ours(struct hf_sv event)
{
	return event.n && event.p[0] == '@';
}

static void
add_provenance(struct hub_moving *m, const struct hf_hub_event *e)
{
	int event = hf_pw_event(m->hub->p, e->event);
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	hf_build_provenance(
	    &m->b, e->event,
	    event >= 0 ? hf_sv_from(m->hub->p->event_titles[event]) : nothing, e->note);
	hf_work_add(m->w, out, hf_resource_find(HF_SV("Provenance")), NULL);
}

struct hf_sv
hf_say_time(const struct hf_pathway *p, const struct hf_pw_effects *effects,
	    struct hf_arena *arena)
{
	struct hf_buf b = {.cap = WORDS_MOST};
	struct hf_sv out;

	for (size_t i = 0; i < effects->n; i++) {
		const struct hf_pw_effect *f = &effects->items[i];
		const char *title = f->what;

		if (f->kind != HF_PW_MARKED && f->kind != HF_PW_BREACHED)
			continue;
		for (size_t c = 0; c < p->n_clocks; c++)
			if (strncmp(f->what, p->clocks[c].id,
				    strlen(p->clocks[c].id)) == 0)
				title = p->clocks[c].title;
		hf_buf_printf(&b, "%s%s: %s", b.n ? "; " : "", title,
			      f->kind == HF_PW_BREACHED ? "late"
							: "time is running out");
	}
	out = hf_arena_sv(arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

enum hf_rc
hf_moving_fire(struct hub_moving *m, struct hf_hub_event *e, hf_pw_set roles,
	       struct hf_err *err)
{
	struct hf_story *s = &m->story;
	struct hf_replay *r = &s->replay;
	struct hf_hub_event *more;
	uint8_t *states;
	uint8_t from = r->in.state;
	enum hf_rc rc;

	if (m->w->n_events == HF_COUNT(m->w->events))
		return hf_fail(err, HF_TOO_LONG, NULL, "too much happens at once");
	if (s->n + 1 > HF_EVENTS_MOST)
		return hf_fail(err, HF_TOO_LONG, "Task.input",
			       "a referral has at most %d events", HF_EVENTS_MOST);
	if (is_ours(e->event) && !hf_sv_is(e->event, HF_HUB_TIME) &&
	    s->n + 1 > HF_EVENTS_MOST - HF_EVENTS_KEPT)
		return hf_fail(err, HF_TOO_LONG, "Task.input",
			       "a referral has at most %d messages and the like",
			       HF_EVENTS_MOST - HF_EVENTS_KEPT);
	rc = hf_replay_event(r, e, roles, err);
	if (rc == HF_RULE)
		return hf_say_refused(m->hub->p, s->replay.in.state, e->event, roles,
				      hf_hub_fact_is_computed, err);
	if (rc)
		return rc;
	if (hf_sv_is(e->event, HF_HUB_TIME))
		e->note = hf_say_time(m->hub->p, &r->effects, m->arena);
	if (r->effects.step >= 0)
		e->step = hf_sv_from(m->hub->p->steps[r->effects.step].id);
	more = hf_arena_array(m->arena, s->n + 1, sizeof *more);
	states = hf_arena_array(m->arena, s->n + 1, 1);
	if (!more || !states)
		return hf_fail(err, HF_TOO_LONG, NULL, "the referral is too long");
	if (s->n) {
		memcpy(more, s->events, s->n * sizeof *more);
		memcpy(states, s->states, s->n);
	}
	more[s->n] = *e;
	states[s->n] = r->in.state;
	s->events = more;
	s->states = states;
	s->n++;
	m->w->events[m->w->n_events++] = *e;
	add_provenance(m, e);
	hf_effects_write(m, e, from);
	hf_row_story(m->hub, s, m->arena, &m->row);
	pthread_mutex_lock(&m->hub->lock);
	hf_hub_finish(m->hub, &m->row);
	pthread_mutex_unlock(&m->hub->lock);
	return HF_OK;
}

/* ---- the end ---- */

static void
put_request(struct hub_moving *m)
{
	const struct hf_pw_state *state = &m->hub->p->states[m->story.replay.in.state];
	struct hf_version v;
	struct hf_json doc;
	struct hf_buf *out;

	if (m->request_id.n == 0 || !*state->request ||
	    hf_store_read(m->plain, HF_SV("ServiceRequest"), m->request_id, 0, m->arena,
			  &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, m->arena, &doc, NULL) != HF_OK ||
	    hf_sv_eq(hf_dig_text(&doc, 0, "status", m->arena),
		     hf_sv_from(state->request)))
		return;
	out = hf_work_buf(m->w);
	hf_build_status(&doc, hf_sv_from(state->request), out);
	hf_work_put(m->w, out, m->hub->request, m->request_id, v.e.version);
}

/* Who owns it now: the team that has taken it, else the hub. */
static void
owner_of(struct hub_moving *m, struct hf_build_task *t)
{
	const char *state = m->hub->p->states[m->story.replay.in.state].id;
	bool with_team = m->row.team.n && strcmp(state, "allocated") != 0;

	t->owner = with_team ? hf_arena_printf(m->arena, "HealthcareService/%.*s",
					       HF_SV_ARG(m->row.team))
			     : m->b.hub;
	t->owner_name = with_team ? m->row.team_name : m->b.hub_name;
}

enum hf_rc
hf_moving_end(struct hub_moving *m, struct hf_err *err)
{
	struct hf_build_task t = {
	    .doc = &m->doc,
	    .pathway = m->hub->p,
	    .state = m->story.replay.in.state,
	    .urgency = m->row.urgency,
	    .condition = m->row.condition,
	    .events = m->w->events,
	    .n = m->w->n_events,
	};
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	owner_of(m, &t);
	hf_build_task(&m->b, &t);
	m->w->task = m->w->n;
	hf_work_put(m->w, out, m->hub->task, m->task.id, m->task.e.version);
	put_request(m);
	m->w->row = m->row;
	return hf_work_ready(m->work, m->plain, err);
}

/* ---- what somebody does ---- */

/* Same person, same service, open, at most 72 hours old (transition 2). */
bool
hf_hub_is_duplicate(struct hf_hub *hub, const struct hf_hub_row *row)
{
	bool found = false;

	pthread_mutex_lock(&hub->lock);
	for (size_t i = 0; i < hub->n_slots && !found; i++) {
		const struct hf_hub_row *other = &hub->slots[i].row;

		found = hub->slots[i].used && !hf_sv_eq(other->id, row->id) &&
			other->patient.n && hf_sv_eq(other->patient, row->patient) &&
			hf_sv_eq(other->service, row->service) &&
			row->received - other->received <= 72 * 3600000LL &&
			other->received <= row->received;
	}
	pthread_mutex_unlock(&hub->lock);
	return found;
}

/* A slot of the team is taken before the guard is asked whether there is one: so two
 * who allocate the last one at once do not both find it free. */
static enum hf_rc
reserve(struct hub_moving *m, const struct hf_hub_move *move, struct hf_hub_event *e,
	struct hf_err *err)
{
	const struct hf_team *team;
	enum hf_rc rc;

	if (move->team.n == 0)
		return hf_fail(err, HF_INVALID, "team", "say which team is asked");
	pthread_mutex_lock(&m->hub->lock);
	rc = hf_hub_directory(m->hub, m->plain, m->at, err);
	if (rc == HF_OK)
		rc = hf_hub_reserve(m->hub, &m->row, move->team, move->note.n != 0,
				    hf_hub_is_lead(m->hub, m->who), m->at,
				    &m->w->reserved, err);
	team = rc == HF_OK ? hf_hub_team(m->hub, move->team) : NULL;
	if (team) {
		e->team = hf_arena_sv(m->arena, team->id);
		e->team_name = hf_arena_sv(m->arena, team->name);
	}
	pthread_mutex_unlock(&m->hub->lock);
	return rc;
}

/* Whoever takes it gets to see the person: it has to be a team of the directory. */
static enum hf_rc
find_team(struct hub_moving *m, struct hf_sv id, struct hf_hub_event *e,
	  struct hf_err *err)
{
	const struct hf_team *team = NULL;
	enum hf_rc rc;

	pthread_mutex_lock(&m->hub->lock);
	rc = hf_hub_directory(m->hub, m->plain, m->at, err);
	if (rc == HF_OK)
		team = hf_hub_team(m->hub, id);
	if (team) {
		e->team = hf_arena_sv(m->arena, team->id);
		e->team_name = hf_arena_sv(m->arena, team->name);
	}
	pthread_mutex_unlock(&m->hub->lock);
	return rc || team
		   ? rc
		   : hf_fail(err, HF_INVALID, "team", "there is no team with this id");
}

static enum hf_rc
compute(struct hub_moving *m, const struct hf_hub_move *move, struct hf_hub_event *e,
	struct hf_sv *computed, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*computed = nothing;
	if (hf_sv_is(move->event, "find-duplicate"))
		*computed = hf_hub_is_duplicate(m->hub, &m->row)
				? HF_SV("{\"duplicate\":true}")
				: HF_SV("{\"duplicate\":false}");
	if (hf_sv_is(move->event, "ask-information") && move->note.n == 0)
		return hf_fail(err, HF_INVALID, "note", "say what is asked for");
	if (hf_sv_is(move->event, "allocate") &&
	    strcmp(m->hub->p->states[m->row.state].id, "accepted") == 0) {
		rc = reserve(m, move, e, err);
		*computed = HF_SV("{\"capacity\":true}");
	}
	return rc;
}

static enum hf_rc
check_version(struct hub_moving *m, const struct hf_hub_move *move, struct hf_err *err)
{
	const struct hf_hub_event *last = &m->story.events[m->story.n - 1];
	int event = hf_pw_event(m->hub->p, last->event);

	if (move->version == 0 || move->version == m->task.e.version)
		return HF_OK;
	return hf_fail(err, HF_STALE, "version",
		       "somebody was faster: it is \"%s\" now, by \"%s\"",
		       m->hub->p->states[m->row.state].title,
		       event >= 0 ? m->hub->p->event_titles[event] : "time");
}

/* A step that names nobody is the program's own (no reply within the limit), but for
 * what hf_hub_step_by() knows; the engine does not ask for a role there. */
static enum hf_rc
check_own(const struct hub_moving *m, struct hf_sv event, hf_pw_set roles,
	  struct hf_err *err)
{
	const struct hf_pathway *p = m->hub->p;
	int e = hf_pw_event(p, event);
	uint8_t state = m->story.replay.in.state;

	for (size_t i = p->place[state][e]; i < p->place[state][e + 1]; i++) {
		const struct hf_pw_step *s = &p->steps[p->by_place[i]];
		struct hf_pw_step own = {.by = hf_hub_step_by(m->hub, s)};

		if (s->by || own.by & roles)
			return HF_OK;
		if (own.by)
			return say_role(p, &own, err);
		return hf_fail(err, HF_FORBIDDEN, "event",
			       "nobody does this: it happens when the time is over");
	}
	return HF_OK;
}

static enum hf_rc
do_move(struct hub_moving *m, const struct hf_hub_move *move, struct hf_err *err)
{
	struct hf_hub_event e = {
	    .event = move->event,
	    .role = m->who->role,
	    .by = m->who->who.n ? m->who->who : m->who->id,
	    .name = m->who->name,
	    .note = move->note,
	    .age = m->story.events[0].age,
	};
	hf_pw_set roles = hf_hub_roles_for(m->hub, m->who, &m->row);
	struct hf_sv computed;
	enum hf_rc rc = check_version(m, move, err);

	/* A message, a reason: nothing that moves it. */
	e.at = m->at;
	if (move->done) {
		e.done = move->done;
		e.told = m->b.recorded = move->at;
	}
	if (rc == HF_OK && is_ours(move->event)) {
		e.given = move->facts;
		e.team = m->who->anywhere || hf_sv_eq(m->who->ods, m->hub->ods)
			     ? nothing
			     : m->who->ods;
		return hf_moving_fire(m, &e, roles, err);
	}
	if (rc == HF_OK && hf_pw_event(m->hub->p, move->event) < 0)
		rc = hf_fail(err, HF_INVALID, "event", "there is no such move");
	if (rc == HF_OK && m->story.replay.in.ended)
		rc = hf_fail(err, HF_RULE, "event", "it has ended: %s",
			     m->hub->p->states[m->row.state].title);
	if (rc == HF_OK && !m->who->program)
		rc = check_own(m, move->event, roles, err);
	if (rc == HF_OK)
		rc = compute(m, move, &e, &computed, err);
	if (rc == HF_OK)
		rc = hf_facts_make(m->hub, &m->story, move->event, move->facts,
				   computed, m->arena, &e.facts, &e.given, err);
	if (rc == HF_OK && hf_sv_is(move->event, "redirect") && move->team.n)
		rc = find_team(m, move->team, &e, err);
	return rc ? rc : hf_moving_fire(m, &e, roles, err);
}

static enum hf_rc
begin(struct hub_moving *m, struct hf_hub *hub, const struct hf_hub_actor *who,
      hf_time at, struct hf_arena *arena, struct hf_err *err)
{
	*m = (struct hub_moving){.hub = hub, .who = who, .arena = arena, .at = at};
	m->work = hf_work_new(hub, who, at, arena, err);
	if (!m->work)
		return HF_TOO_LONG;
	m->w = hf_work_of(m->work);
	return hf_reader_get(hub->store, &m->plain, err);
}

static void
give_up(struct hub_moving *m)
{
	pthread_mutex_lock(&m->hub->lock);
	hf_hub_release(m->hub, m->w->reserved);
	pthread_mutex_unlock(&m->hub->lock);
	m->w->reserved = 0;
}

enum hf_rc
hf_hub_move(struct hf_hub *hub, struct hf_reader *reader,
	    const struct hf_hub_actor *who, const struct hf_hub_move *move,
	    struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct hub_moving m;
	struct hf_entry seen;
	enum hf_rc rc = hf_store_find(reader, hub->task, move->id, &seen, err);

	if (rc)
		return rc;
	rc = begin(&m, hub, who, move->done ? move->done : move->at, arena, err);
	if (rc)
		return rc;
	rc = hf_moving_read(&m, move->id, err);
	/* Nothing stands before what is there: a clock that was set back, something
	 * that was told late. */
	if (rc == HF_OK && m.at < m.story.events[m.story.n - 1].at)
		m.at = m.b.at = m.story.events[m.story.n - 1].at;
	if (rc == HF_OK)
		rc = do_move(&m, move, err);
	if (rc == HF_OK)
		rc = hf_moving_end(&m, err);
	if (rc != HF_OK)
		give_up(&m);
	hf_reader_put(m.plain);
	if (rc == HF_OK) {
		m.work->id = m.task.id;
		*out = m.work;
	}
	return rc;
}

/* ---- what time does ---- */

static const struct hf_hub_actor program = {.id = {"homefirst", 9},
					    .name = {"homefirst", 9},
					    .role = {"", 0},
					    .purpose = {"DIRECT", 6},
					    .roles = ~(hf_pw_set)0,
					    .anywhere = true,
					    .program = true};

/* The offer was not answered: back to the hub, and on to the next team unless
 * two have refused. */
static enum hf_rc
offer_next(struct hub_moving *m, struct hf_err *err)
{
	struct hf_hub_event decline = {.at = m->at,
				       .event = HF_SV("team-decline"),
				       .by = program.id,
				       .name = program.name,
				       .note = HF_SV("No answer within the time"),
				       .age = m->story.events[0].age};
	struct hf_hub_event offer = {.at = m->at,
				     .event = HF_SV("allocate"),
				     .by = program.id,
				     .name = program.name,
				     .note = HF_SV("Offered on to the next team"),
				     .age = m->story.events[0].age};
	struct hf_dispatch_choice *choices;
	struct hf_dispatch_ask ask;
	enum hf_rc rc;

	rc = hf_facts_make(m->hub, &m->story, decline.event,
			   HF_SV("{\"reason\":\"no-answer\"}"), nothing, m->arena,
			   &decline.facts, &decline.given, err);
	if (rc == HF_OK)
		rc = hf_moving_fire(m, &decline, ~(hf_pw_set)0, err);
	if (rc || m->row.refused.n >= 2)
		return rc;
	pthread_mutex_lock(&m->hub->lock);
	rc = hf_hub_directory(m->hub, m->plain, m->at, err);
	choices =
	    rc ? NULL : hf_hub_rank(m->hub, &m->row, false, m->at, m->arena, &ask);
	if (choices && m->hub->directory.n && choices[0].bars == 0) {
		const struct hf_team *team = &m->hub->directory.items[choices[0].team];

		offer.team = hf_arena_sv(m->arena, team->id);
		offer.team_name = hf_arena_sv(m->arena, team->name);
		if (hf_hub_reserve(m->hub, &m->row, team->id, true, false, m->at,
				   &m->w->reserved, NULL) != HF_OK)
			offer.team = nothing;
	}
	pthread_mutex_unlock(&m->hub->lock);
	if (rc || offer.team.n == 0)
		return rc; /* nobody can be asked: the dispatcher has been alerted */
	rc = hf_facts_make(m->hub, &m->story, offer.event, nothing,
			   HF_SV("{\"capacity\":true}"), m->arena, &offer.facts,
			   &offer.given, err);
	return rc ? rc : hf_moving_fire(m, &offer, ~(hf_pw_set)0, err);
}

static enum hf_rc
do_time(struct hub_moving *m, struct hf_err *err)
{
	struct hf_hub_event tick = {.at = m->at,
				    .event = HF_SV(HF_HUB_TIME),
				    .by = program.id,
				    .name = program.name,
				    .age = -1};
	struct hf_hub_event timeout = {.at = m->at,
				       .event = HF_SV("information-timeout"),
				       .by = program.id,
				       .name = program.name,
				       .age = m->story.events[0].age};
	enum hf_rc rc = hf_moving_fire(m, &tick, ~(hf_pw_set)0, err);

	if (rc == HF_OK && m->call_timeout) {
		rc = hf_facts_make(m->hub, &m->story, timeout.event, nothing, nothing,
				   m->arena, &timeout.facts, &timeout.given, err);
		if (rc == HF_OK)
			rc = hf_moving_fire(m, &timeout, ~(hf_pw_set)0, err);
	}
	if (rc == HF_OK && m->offer_next)
		rc = offer_next(m, err);
	return rc;
}

enum hf_rc
hf_hub_move_time(struct hf_hub *hub, struct hf_reader *plain, struct hf_sv id,
		 hf_time at, struct hf_arena *arena, struct hf_hub_work **out,
		 struct hf_err *err)
{
	struct hub_moving m;
	enum hf_rc rc = begin(&m, hub, &program, at, arena, err);

	(void)plain;
	if (rc)
		return rc;
	*out = NULL;
	rc = hf_moving_read(&m, id, err);
	if (rc == HF_OK && hf_pw_next(hub->p, &m.story.replay.in) > at) {
		/* It moved meanwhile: nothing is due. */
		pthread_mutex_lock(&hub->lock);
		hf_hub_put(hub, &m.row);
		pthread_mutex_unlock(&hub->lock);
		hf_reader_put(m.plain);
		return HF_OK;
	}
	if (rc == HF_OK)
		rc = do_time(&m, err);
	if (rc == HF_OK)
		rc = hf_moving_end(&m, err);
	if (rc != HF_OK)
		give_up(&m);
	hf_reader_put(m.plain);
	if (rc == HF_OK) {
		m.work->id = m.task.id;
		*out = m.work;
	}
	return rc;
}

/* ---- after the commit ---- */

void
hf_hub_done(struct hf_hub *hub, struct hf_hub_work *work)
{
	struct hub_work *w = hf_work_of(work);

	pthread_mutex_lock(&hub->lock);
	hf_hub_release(hub, w->reserved);
	w->reserved = 0;
	if (w->opel && !w->done)
		hf_hub_opel_done(hub, w, work->change.rc == HF_OK);
	if (!w->done && work->change.rc == HF_OK && w->task < w->n) {
		const struct hf_change_item *item = &w->items[w->task];

		work->id = w->row.id = item->out_id;
		w->row.rid = item->rid;
		w->row.version = item->version;
		for (size_t i = 0; i < w->n; i++)
			if (w->items[i].type == hub->patient)
				w->row.patient = w->items[i].out_id;
		hf_hub_finish(hub, &w->row);
		hf_hub_put(hub, &w->row);
		w->row.seq = hub->seq;
	}
	w->done = true;
	pthread_mutex_unlock(&hub->lock);
}

enum hf_rc
hf_hub_commit(struct hf_hub *hub, struct hf_reader *reader, struct hf_hub_work *work,
	      struct hf_err *err)
{
	enum hf_rc rc;

	rc = hf_change_commit(hub->store, reader, &work->change, err);
	hf_hub_done(hub, work);
	return rc;
}

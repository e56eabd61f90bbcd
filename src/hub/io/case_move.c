/* case_move.c - an instance moves: by what somebody does, or by time. */
#include "hub/io/case_int.h"

#include "record/person_text.h"

const struct hf_hub_actor hf_case_program = {.id = {"homefirst", 9},
					     .name = {"homefirst", 9},
					     .role = {"", 0},
					     .purpose = {"DIRECT", 6},
					     .roles = ~(hf_pw_set)0,
					     .anywhere = true,
					     .program = true};

/* Whoever asked may be gone by now: lists and clocks do not wait. */
static void
settled(struct hf_change *change, void *ctx)
{
	struct hf_hub_work *work = ctx;
	struct case_work *w = work->own;

	(void)change;
	hf_caseload_done(w->cl, work);
}

enum hf_rc
hf_case_work(struct hf_caseload *cl, const struct hf_hub_actor *who,
	     struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct case_work *w = HF_NEW(arena, struct case_work);
	struct hf_hub_work *work =
	    hf_work_make(w ? &w->w : NULL, cl->store, cl->config.base, who, arena, err);

	if (!work)
		return HF_TOO_LONG;
	w->cl = cl;
	work->own = w;
	work->change.settled = settled;
	work->change.settled_ctx = work;
	*out = work;
	return HF_OK;
}

enum hf_rc
hf_case_open_moving(struct case_moving *m, struct hf_sv id, struct hf_err *err)
{
	enum hf_rc rc = hf_caseload_read(m->cl, m->plain, id, m->arena, &m->r, err);

	if (rc == HF_OK)
		rc = hf_case_work(m->cl, m->who, m->arena, &m->work, err);
	if (rc)
		return rc;
	m->w = m->work->own;
	m->shelf = HF_RID_SHELF(m->r.task.e.rid);
	m->episode = hf_dig_text(&m->r.doc, 0, "focus.reference", m->arena);
	/* Nothing stands before what is there: a clock that was set back. */
	if (m->at < m->r.story.events[m->r.story.n - 1].at)
		m->at = m->r.story.events[m->r.story.n - 1].at;
	m->b = (struct hf_build){
	    .at = m->at,
	    .patient = hf_dig_text(&m->r.doc, 0, "for.reference", m->arena),
	    .request = m->episode,
	    .task = hf_arena_printf(m->arena, "Task/%.*s", HF_SV_ARG(m->r.task.id)),
	    .who = m->who->who,
	    .who_name = m->who->name,
	    .role = m->who->role,
	};
	return HF_OK;
}

struct hf_sv
hf_case_event_title(const struct hf_pathway *p, struct hf_sv id)
{
	static const struct {
		const char *event, *title;
	} own[] = {
	    {"@begin", "Begun"},
	    {HF_CASE_DONE, "Task done"},
	    {HF_CASE_FORM, "Form filled in"},
	    {HF_HUB_TAKEN, "Taken over to another version"},
	    {HF_HUB_TIME, "Time passed"},
	};
	int event = hf_pw_event(p, id);

	if (event >= 0)
		return hf_sv_from(p->event_titles[event]);
	for (size_t i = 0; i < HF_COUNT(own); i++)
		if (hf_sv_eq(id, hf_sv_from(own[i].event)))
			return hf_sv_from(own[i].title);
	return id;
}

void
hf_case_provenance(struct case_moving *m, const struct hf_hub_event *e)
{
	struct hf_buf *out = m->b.out = hf_work_buf(&m->w->w);

	hf_build_provenance(&m->b, e->event, hf_case_event_title(m->r.def->p, e->event),
			    e->note);
	hf_work_add(&m->w->w, out, m->cl->provenance, NULL);
}

static bool
is_ours(struct hf_sv event)
{
	return event.n && event.p[0] == '@';
}

enum hf_rc
hf_case_fire(struct case_moving *m, struct hf_hub_event *e, hf_pw_set roles,
	     struct hf_err *err)
{
	struct hf_replay *r = &m->r.story.replay;
	const struct hf_pathway *p = m->r.def->p;
	uint8_t from = r->in.state;
	size_t n = m->r.story.n + m->n_events;
	enum hf_rc rc;

	if (m->n_events == HF_COUNT(m->events) || n + 1 > HF_EVENTS_MOST ||
	    (is_ours(e->event) && !hf_sv_is(e->event, HF_HUB_TIME) &&
	     n + 1 > HF_EVENTS_MOST - HF_EVENTS_KEPT))
		return hf_fail(err, HF_TOO_LONG, "Task.input",
			       "an instance has at most %d events", HF_EVENTS_MOST);
	rc = hf_replay_event(r, e, roles, err);
	if (rc == HF_RULE)
		return hf_say_refused(p, from, e->event, roles, NULL, err);
	if (rc)
		return rc;
	if (hf_sv_is(e->event, HF_HUB_TIME))
		e->note = hf_say_time(p, &r->effects, m->arena);
	if (r->effects.step >= 0)
		e->step = hf_sv_from(p->steps[r->effects.step].id);
	e->to = hf_sv_from(p->states[r->in.state].title);
	m->events[m->n_events++] = *e;
	hf_case_parts_follow(&m->r.parts, p, e, r, m->arena);
	if (m->r.parts.lost)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "more than %d things are left to do: do some of them "
			       "first",
			       HF_CASE_PARTS);
	hf_case_provenance(m, e);
	hf_case_effects(m, e);
	return HF_OK;
}

static void
end_episode(struct case_moving *m)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_sv id = hf_sv_from_at(m->episode, 14);
	struct hf_buf *out;

	if (!hf_sv_starts(m->episode, HF_SV("EpisodeOfCare/")) ||
	    hf_store_read(m->plain, HF_SV("EpisodeOfCare"), id, 0, m->arena, &v,
			  NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, m->arena, &doc, NULL) != HF_OK ||
	    !hf_sv_is(hf_dig_text(&doc, 0, "status", m->arena), "active"))
		return;
	out = m->b.out = hf_work_buf(&m->w->w);
	hf_build_episode_end(&m->b, &doc);
	hf_work_put(&m->w->w, out, m->cl->episode, id, v.e.version);
}

/* The Task as it is now, and its row. */
static void
put_task(struct case_moving *m)
{
	bool open = hf_case_open(&m->r.story.replay.in, &m->r.parts);
	struct hf_build_task t = {
	    .kind = "pathway",
	    .states = "pathway-state",
	    .doc = &m->r.doc,
	    .pathway = m->r.def->p,
	    .state = m->r.story.replay.in.state,
	    .events = m->events,
	    .n = m->n_events,
	    .open = open,
	};
	struct hf_buf *out = m->b.out = hf_work_buf(&m->w->w);
	struct hf_case_row was = m->r.row;
	struct hf_case_row *row = &m->w->rows[m->w->n_rows].row;

	hf_build_task(&m->b, &t);
	m->w->rows[m->w->n_rows].item = m->w->w.n;
	m->w->n_rows++;
	hf_work_put(&m->w->w, out, m->cl->task, m->r.task.id, m->r.task.e.version);
	hf_case_row_make(&m->r, NULL, m->arena, row);
	row->name = was.name;
	row->born = was.born;
	row->nhs = was.nhs;
	if (!open)
		end_episode(m);
}

enum hf_rc
hf_case_end(struct case_moving *m, struct hf_err *err)
{
	put_task(m);
	return hf_work_ready(m->work, m->plain, err);
}

/* ---- what somebody does ---- */

static enum hf_rc
check_version(const struct case_moving *m, uint32_t version, struct hf_err *err)
{
	const struct hf_hub_event *last = &m->r.story.events[m->r.story.n - 1];
	const struct hf_pathway *p = m->r.def->p;
	int event = hf_pw_event(p, last->event);

	if (version == 0 || version == m->r.task.e.version)
		return HF_OK;
	return hf_fail(err, HF_STALE, "version",
		       "somebody was faster: it is \"%s\" now, by \"%s\"",
		       p->states[m->r.row.state].title,
		       event >= 0 ? p->event_titles[event] : "what was done for it");
}

/* A part is closed by whoever has its role; an alert by anybody of the pathway. */
static enum hf_rc
check_part(const struct case_moving *m, struct hf_sv given, struct hf_sv note,
	   hf_pw_set roles, struct hf_err *err)
{
	const struct hf_case_part *part;
	const struct hf_pathway *p = m->r.def->p;
	struct hf_json doc;
	struct hf_sv key;
	int i, role;
	enum hf_rc rc = hf_json_parse(given, NULL, m->arena, &doc, err);

	if (rc)
		return rc;
	key = hf_json_str(&doc, hf_json_get(&doc, 0, HF_SV("part")), m->arena);
	i = hf_case_part_find(&m->r.parts, key);
	if (i < 0)
		return hf_fail(err, HF_RULE, "part",
			       "nothing of this name is left to do here");
	part = &m->r.parts.items[i];
	role = hf_pw_role(p, part->role);
	if (strcmp(part->kind, "alert") != 0 && role >= 0 && !(roles >> role & 1))
		return hf_fail(err, HF_FORBIDDEN, "part", "this is for: %s",
			       hf_next_roles(p, (hf_pw_set)1 << role, m->arena));
	if (strcmp(part->kind, "breach") == 0 && note.n == 0)
		return hf_fail(err, HF_INVALID, "note", "say why it was late");
	return HF_OK;
}

/* Roles of whoever moves it; nobody who has none may. */
static enum hf_rc
check_roles(const struct case_moving *m, hf_pw_set *roles, struct hf_err *err)
{
	*roles = hf_case_roles(m->r.def->p, m->who);
	return *roles ? HF_OK
		      : hf_fail(err, HF_FORBIDDEN, NULL, "this is for: %s",
				hf_next_roles(m->r.def->p, ~(hf_pw_set)0, m->arena));
}

static enum hf_rc
do_move(struct case_moving *m, const struct hf_case_move *move, struct hf_err *err)
{
	bool ours = is_ours(move->event);
	struct hf_case_fact facts[HF_PW_FACTS];
	struct hf_pw_facts known;
	struct hf_hub_event e = {.at = m->at,
				 .event = move->event,
				 .by = m->who->who.n ? m->who->who : m->who->id,
				 .name = m->who->name,
				 .role = m->who->role,
				 .given = move->facts,
				 .note = move->note,
				 .age = -1};
	hf_pw_set roles = 0;
	enum hf_rc rc = check_version(m, move->version, err);

	if (rc == HF_OK && !hf_sv_is(move->event, HF_CASE_FORM))
		rc = check_roles(m, &roles, err);
	if (rc == HF_OK && hf_sv_is(move->event, HF_CASE_DONE))
		rc = check_part(m, move->facts, move->note, roles, err);
	if (rc == HF_OK && !ours && hf_pw_event(m->r.def->p, move->event) < 0)
		rc = hf_fail(err, HF_INVALID, "event", "there is no such move");
	if (rc == HF_OK && !ours) {
		rc = hf_case_facts(m->cl, m->reader, m->r.def, m->r.row.patient, m->at,
				   m->arena, facts, &e.age, err);
		if (rc == HF_OK) {
			hf_case_facts_said(m->r.def, &m->r.story, m->arena, facts);
			rc = hf_case_facts_make(m->r.def, facts, e.age, move->facts,
						m->arena, &e.facts, &known, err);
		}
	}
	return rc ? rc : hf_case_fire(m, &e, roles, err);
}

static void
give_up(struct case_moving *m)
{
	struct hf_caseload *cl = m->cl;

	pthread_mutex_lock(&cl->lock);
	for (size_t i = 0; m->w && i < m->w->n_pending; i++)
		for (size_t k = 0; k < CASE_PENDING; k++)
			if (cl->pending[k] == m->w->pending[i])
				cl->pending[k] = 0;
	pthread_mutex_unlock(&cl->lock);
	if (m->w)
		m->w->n_pending = 0;
}

enum hf_rc
hf_caseload_move(struct hf_caseload *cl, struct hf_reader *reader,
		 const struct hf_hub_actor *who, const struct hf_case_move *move,
		 struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct case_moving *m = HF_NEW(arena, struct case_moving);
	struct hf_entry seen;
	enum hf_rc rc = hf_store_find(reader, cl->task, move->id, &seen, err);

	if (rc)
		return rc;
	if (!m)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	*m = (struct case_moving){
	    .cl = cl, .reader = reader, .arena = arena, .who = who, .at = move->at};
	rc = hf_reader_get(cl->store, &m->plain, err);
	if (rc)
		return rc;
	rc = hf_case_open_moving(m, move->id, err);
	if (rc == HF_OK)
		rc = do_move(m, move, err);
	if (rc == HF_OK)
		rc = hf_case_end(m, err);
	if (rc != HF_OK)
		give_up(m);
	hf_reader_put(m->plain);
	if (rc == HF_OK) {
		m->work->id = m->r.task.id;
		*out = m->work;
	}
	return rc;
}

enum hf_rc
hf_case_move_time(struct hf_caseload *cl, struct hf_sv id, hf_time at,
		  struct hf_arena *arena, struct hf_hub_work **out, struct hf_err *err)
{
	struct case_moving *m = HF_NEW(arena, struct case_moving);
	struct hf_hub_event tick = {.at = at,
				    .event = HF_SV(HF_HUB_TIME),
				    .by = hf_case_program.id,
				    .name = hf_case_program.name,
				    .age = -1};
	enum hf_rc rc;

	*out = NULL;
	if (!m)
		return hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
	*m = (struct case_moving){
	    .cl = cl, .arena = arena, .who = &hf_case_program, .at = at};
	rc = hf_reader_get(cl->store, &m->plain, err);
	if (rc)
		return rc;
	m->reader = m->plain;
	rc = hf_case_open_moving(m, id, err);
	if (rc == HF_OK && hf_pw_next(m->r.def->p, &m->r.story.replay.in) > at) {
		/* It moved meanwhile: nothing is due. */
		pthread_mutex_lock(&cl->lock);
		hf_case_put(cl, &m->r.row);
		pthread_mutex_unlock(&cl->lock);
		hf_reader_put(m->plain);
		return HF_OK;
	}
	tick.at = m->at;
	if (rc == HF_OK)
		rc = hf_case_fire(m, &tick, ~(hf_pw_set)0, err);
	if (rc == HF_OK)
		rc = hf_case_end(m, err);
	hf_reader_put(m->plain);
	if (rc == HF_OK) {
		m->work->id = m->r.task.id;
		*out = m->work;
	}
	return rc;
}

/* ---- after the commit ---- */

void
hf_caseload_done(struct hf_caseload *cl, struct hf_hub_work *work)
{
	struct case_work *w = work->own;

	pthread_mutex_lock(&cl->lock);
	for (size_t i = 0; i < w->n_pending; i++)
		for (size_t k = 0; k < CASE_PENDING; k++)
			if (cl->pending[k] == w->pending[i])
				cl->pending[k] = 0;
	w->n_pending = 0;
	for (size_t i = 0; !w->w.done && work->change.rc == HF_OK && i < w->n_rows;
	     i++) {
		const struct hf_change_item *item = &w->w.items[w->rows[i].item];
		struct hf_case_row *row = &w->rows[i].row;

		row->id = item->out_id;
		row->rid = item->rid;
		row->version = item->version;
		hf_case_put(cl, row);
	}
	if (w->n_rows && work->change.rc == HF_OK)
		work->id = w->rows[w->n_rows - 1].row.id;
	w->w.done = true;
	pthread_mutex_unlock(&cl->lock);
}

enum hf_rc
hf_caseload_commit(struct hf_caseload *cl, struct hf_reader *reader,
		   struct hf_hub_work *work, struct hf_err *err)
{
	enum hf_rc rc = hf_change_commit(cl->store, reader, &work->change, err);

	hf_caseload_done(cl, work);
	return rc;
}

/* The last: what another began by it comes before. */
const struct hf_case_row *
hf_caseload_work_row(const struct hf_hub_work *work)
{
	const struct case_work *w = work->own;

	return &w->rows[w->n_rows - 1].row;
}

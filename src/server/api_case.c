/* api_case.c - pathways, one instance with its story and moves, what is left to do. */
#include "server/api_case.h"

#include <stdlib.h>

#include "record/person_text.h"
#include "server/serve.h"

void hf_api_pathways(struct hf_call *call);
void hf_api_pathway_work(struct hf_call *call);
void hf_api_instance(struct hf_call *call);

enum { WORK_MOST = 1 << 18, WORK_SHOWN = 300 };

/* ---- GET /api/pathways ---- */

void
hf_api_pathways(struct hf_call *call)
{
	const struct hf_caseload *cl = call->server->caseload;
	size_t n;
	const struct hf_case_def *defs = hf_caseload_defs(cl, &n);
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	hf_api_begin(call, &w);
	hf_jw_member(&w, "pathways");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_pathway *p = defs[i].p;
		const char *bar = hf_caseload_bar(cl, &defs[i], call->now);

		hf_jw_obj(&w);
		hf_jw_field(&w, "id", hf_sv_from(p->id));
		hf_jw_field(&w, "version", hf_sv_from(p->version));
		hf_jw_field(&w, "title", hf_sv_from(p->title));
		hf_jw_field(&w, "status", hf_sv_from(p->status));
		hf_api_text(&w, "approvedBy", hf_sv_from(p->approved_by));
		hf_api_text(&w, "approvedOn", hf_sv_from(p->approved_on));
		hf_api_flag(&w, "newest", defs[i].newest);
		hf_api_flag(&w, "place", defs[i].place);
		hf_api_text(&w, "why", hf_sv_from(bar ? bar : ""));
		hf_jw_member(&w, "states");
		hf_jw_arr(&w);
		for (size_t s = 0; s < p->n_states; s++) {
			hf_jw_obj(&w);
			hf_jw_field(&w, "code", hf_sv_from(p->states[s].id));
			hf_jw_field(&w, "text", hf_sv_from(p->states[s].title));
			hf_jw_obj_end(&w);
		}
		hf_jw_arr_end(&w);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

/* ---- GET /api/instances/{id} ---- */

struct shown {
	struct hf_call *call;
	struct hf_case_read *r;
	struct hf_hub_actor who;
	hf_pw_set roles;
	struct hf_case_fact facts[HF_PW_FACTS];
	struct hf_pw_facts known;
	struct hf_jw w;
};

static void
when(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

/* What a task is called by its key, "work:cga"; the key when it is none of this
 * version. */
static struct hf_sv
part_title(const struct hf_pathway *p, struct hf_sv key)
{
	for (size_t i = 0; i < p->n_tasks; i++)
		if (hf_sv_starts(key, HF_SV("work:")) &&
		    hf_sv_eq(hf_sv_from_at(key, 5), hf_sv_from(p->tasks[i].id)))
			return hf_sv_from(p->tasks[i].title);
	return key;
}

/* What was said, in words: a fact by its title, a task and a form by theirs. */
static void
put_said(struct shown *s, const struct hf_hub_event *e)
{
	const struct hf_pathway *p = s->r->def->p;
	struct hf_arena *a = s->call->arena;
	struct hf_json doc;

	if (e->given.n == 0 || hf_sv_is(e->event, HF_HUB_TAKEN) ||
	    hf_json_parse(e->given, NULL, a, &doc, NULL) != HF_OK)
		return;
	hf_jw_member(&s->w, "said");
	hf_jw_arr(&s->w);
	for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
		struct hf_sv key = hf_json_key(&doc, c);
		int fact = hf_pw_fact(p, key);

		if (hf_sv_among(key, "response status"))
			continue;
		hf_jw_obj(&s->w);
		hf_jw_field(&s->w, "title",
			    fact >= 0		    ? hf_sv_from(p->facts[fact].title)
			    : hf_sv_is(key, "part") ? HF_SV("Task")
			    : hf_sv_is(key, "form") ? HF_SV("Form")
						    : key);
		hf_jw_member(&s->w, "value");
		if (hf_sv_is(key, "part"))
			hf_jw_str(&s->w, part_title(p, hf_json_str(&doc, c, a)));
		else
			hf_jw_raw(&s->w, hf_json_source(&doc, c));
		hf_jw_obj_end(&s->w);
	}
	hf_jw_arr_end(&s->w);
}

static void
put_story(struct shown *s)
{
	struct hf_jw *w = &s->w;

	hf_jw_member(w, "story");
	hf_jw_arr(w);
	for (size_t i = 0; i < s->r->story.n; i++) {
		const struct hf_hub_event *e = &s->r->story.events[i];

		hf_jw_obj(w);
		when(w, "at", e->at);
		hf_jw_field(w, "event", e->event);
		hf_jw_field(w, "title", hf_case_event_title(s->r->def->p, e->event));
		hf_api_text(w, "step", e->step);
		hf_api_text(w, "toText", e->to);
		hf_jw_member(w, "by");
		hf_jw_obj(w);
		hf_api_text(w, "name", e->name);
		hf_api_text(w, "role", e->role);
		hf_jw_obj_end(w);
		hf_api_text(w, "note", e->note);
		put_said(s, e);
		if (e->facts.n) {
			hf_jw_member(w, "facts");
			hf_jw_raw(w, e->facts);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_api_case_needs(struct hf_jw *w, const struct hf_case_def *def,
		  const struct hf_pw_guard *const *guards, size_t n,
		  const struct hf_case_fact *facts)
{
	hf_jw_member(w, "needs");
	hf_jw_arr(w);
	for (size_t i = 0; i < def->p->n_facts; i++) {
		bool asked = false;

		for (size_t k = 0; k < n; k++)
			asked =
			    asked || hf_next_asks(guards[k]->text, def->p->facts[i].id);
		if (asked)
			hf_case_json_need(w, &def->p->facts[i], &facts[i]);
	}
	hf_jw_arr_end(w);
}

/* Guards of the clocks that an event starts or ends are asked too: a limit may go by
 * what is said with it. */
static size_t
clock_guards(const struct hf_pathway *p, size_t event, hf_pw_set to,
	     const struct hf_pw_guard **out, size_t n, size_t most)
{
	for (size_t c = 0; c < p->n_clocks; c++) {
		const struct hf_pw_clock *k = &p->clocks[c];

		if (!(k->start.events >> event & 1) && !(k->start.states & to))
			continue;
		if (n < most)
			out[n++] = &k->when;
		for (size_t i = 0; i < k->n_limits && n < most; i++)
			out[n++] = &k->limits[i].when;
	}
	return n;
}

static void
put_move(struct shown *s, size_t event)
{
	const struct hf_pathway *p = s->r->def->p;
	const struct hf_pw_instance *in = &s->r->story.replay.in;
	const struct hf_pw_guard *guards[64];
	struct hf_pw_asked asked = {.event = (int)event,
				    .at = s->call->now > in->last ? s->call->now
								  : in->last,
				    .roles = s->roles,
				    .facts = &s->known};
	struct hf_jw *w = &s->w;
	struct hf_err err = {0};
	hf_pw_set by = 0, to = 0;
	size_t n = 0, first = p->place[in->state][event];
	bool allowed = false, anybody = false;
	int step;

	for (size_t i = first; i < p->place[in->state][event + 1]; i++) {
		const struct hf_pw_step *st = &p->steps[p->by_place[i]];

		by |= st->by;
		anybody = anybody || !st->by;
		if (st->by ? !(st->by & s->roles) : !s->roles)
			continue;
		allowed = true;
		if (st->to != HF_PW_RESUME)
			to |= (hf_pw_set)1 << st->to;
		if (n < 40)
			guards[n++] = &st->when;
	}
	n = clock_guards(p, event, to, guards, n, HF_COUNT(guards));
	hf_jw_obj(w);
	hf_jw_field(w, "event", hf_sv_from(p->events[event]));
	hf_jw_field(w, "title", hf_sv_from(p->event_titles[event]));
	hf_api_flag(w, "allowed", allowed);
	if (!allowed) {
		hf_jw_field(
		    w, "why",
		    hf_arena_printf(s->call->arena, "This is for: %s",
				    hf_next_roles(p, anybody ? ~(hf_pw_set)0 : by,
						  s->call->arena)));
	} else if (hf_pw_may(p, in, &asked, s->call->arena, &step, &err) != HF_OK) {
		(void)hf_say_refused(p, in->state, hf_sv_from(p->events[event]),
				     s->roles, NULL, &err);
		hf_jw_field(w, "missing", hf_sv_from(err.text));
	}
	hf_api_case_needs(w, s->r->def, guards, allowed ? n : 0, s->facts);
	hf_jw_obj_end(w);
}

static void
put_moves(struct shown *s)
{
	const struct hf_pathway *p = s->r->def->p;
	const struct hf_pw_instance *in = &s->r->story.replay.in;

	hf_jw_member(&s->w, "moves");
	hf_jw_arr(&s->w);
	for (size_t e = 0; !in->ended && e < p->n_events; e++)
		if (p->place[in->state][e] < p->place[in->state][e + 1])
			put_move(s, e);
	hf_jw_arr_end(&s->w);
}

static enum hf_rc
read_shown(struct shown *s, struct hf_err *err)
{
	struct hf_call *c = s->call;
	struct hf_sv all;
	int age;
	enum hf_rc rc = hf_caseload_read(c->server->caseload, c->reader, c->arg[0],
					 c->arena, s->r, err);

	if (rc)
		return rc;
	c->audit_type = hf_resource_find(HF_SV("Task"));
	c->audit_id = c->arg[0];
	hf_call_saw(c, s->r->task.e.rid);
	s->who = hf_api_hub_actor(c);
	s->roles = hf_case_roles(s->r->def->p, &s->who);
	rc = hf_case_facts(c->server->caseload, c->reader, s->r->def, s->r->row.patient,
			   c->now, c->arena, s->facts, &age, err);
	if (rc)
		return rc;
	hf_case_facts_said(s->r->def, &s->r->story, c->arena, s->facts);
	return hf_case_facts_make(s->r->def, s->facts, age, (struct hf_sv){0}, c->arena,
				  &all, &s->known, err);
}

void
hf_api_instance(struct hf_call *call)
{
	struct shown *s = HF_NEW(call->arena, struct shown);
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	if (s) {
		s->call = call;
		s->r = HF_NEW(call->arena, struct hf_case_read);
	}
	if (!s || !s->r) {
		hf_fail(&err, HF_TOO_LONG, NULL, "no memory for it");
		hf_api_fail(call, &err);
		return;
	}
	if (read_shown(s, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &s->w);
	hf_jw_member(&s->w, "instance");
	hf_case_json_row(&s->w, &s->r->row, s->roles, call->now);
	put_story(s);
	put_moves(s);
	hf_api_end(call);
}

/* ---- GET /api/pathways/work ---- */

/* A task that may be shown: which, and when it is due.  Whether the caller sees the
 * person is asked in that order and until the list is full, since a place has many more
 * tasks than one user sees. */
struct work_line {
	struct hf_sv id, key;
	hf_rid rid;
	hf_time due, at;
};

struct collecting {
	struct hf_call *call;
	struct hf_hub_actor who;
	struct hf_sv role, pathway;
	struct work_line *items;
	size_t n, size;
	bool full;
};

static bool
is_wanted(const struct collecting *c, const struct hf_case_row *row, hf_pw_set roles,
	  const struct hf_case_part *part)
{
	int role = hf_pw_role(row->def->p, part->role);

	if (c->pathway.n && !hf_sv_eq(c->pathway, hf_sv_from(row->def->p->id)))
		return false;
	if (c->role.n)
		return hf_sv_eq(c->role, part->role);
	return role >= 0 && (roles >> role & 1);
}

static bool
more_room(struct collecting *c)
{
	size_t size = c->size ? c->size * 2 : 1024;
	struct work_line *more;

	if (c->n < c->size)
		return true;
	more = size <= WORK_MOST ? hf_arena_array(c->call->arena, size, sizeof *more)
				 : NULL;
	if (!more)
		return false;
	if (c->n)
		memcpy(more, c->items, c->n * sizeof *more);
	c->items = more;
	c->size = size;
	return true;
}

static bool
collect(void *ctx, const struct hf_case_row *row)
{
	struct collecting *c = ctx;
	struct hf_arena *a = c->call->arena;
	hf_pw_set roles = hf_case_roles(row->def->p, &c->who);
	struct hf_sv id = {0};

	for (size_t i = 0; roles && i < row->n_parts; i++) {
		const struct hf_case_part *part = &row->parts[i];

		if (!is_wanted(c, row, roles, part))
			continue;
		c->full = !more_room(c);
		if (c->full)
			return false;
		if (!id.n)
			id = hf_arena_sv(a, row->id);
		c->items[c->n++] = (struct work_line){.id = id,
						      .key = hf_arena_sv(a, part->key),
						      .rid = row->rid,
						      .due = part->due,
						      .at = part->at};
	}
	return true;
}

/* What is due soonest first; what has no time by when it was asked. */
static int
by_due(const void *a, const void *b)
{
	const struct work_line *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return hf_sv_cmp(x->id, y->id) ? hf_sv_cmp(x->id, y->id)
				       : hf_sv_cmp(x->key, y->key);
}

static bool
sees(struct hf_call *call, const struct work_line *line)
{
	struct hf_entry entry;

	if (hf_store_find(call->reader, hf_resource_find(HF_SV("Task")), line->id,
			  &entry, NULL) != HF_OK)
		return false;
	hf_call_saw(call, line->rid);
	return true;
}

/* Writes a task that is still open; false when it was done meanwhile. */
static bool
put_work(struct collecting *c, struct hf_jw *w, const struct work_line *line)
{
	struct hf_case_row *row = HF_NEW(c->call->arena, struct hf_case_row);
	size_t i = 0;

	if (!row ||
	    !hf_caseload_row(c->call->server->caseload, line->id, c->call->arena, row))
		return false;
	while (i < row->n_parts && !hf_sv_eq(row->parts[i].key, line->key))
		i++;
	if (i == row->n_parts)
		return false;
	hf_jw_obj(w);
	hf_jw_field(w, "instance", row->id);
	hf_jw_field(w, "pathway", hf_sv_from(row->def->p->id));
	hf_jw_field(w, "pathwayTitle", hf_sv_from(row->def->p->title));
	hf_jw_field(w, "stateText", hf_sv_from(row->def->p->states[row->state].title));
	hf_api_text(w, "owner", row->owner_name);
	hf_case_json_person(w, row->patient, row->name, row->born, row->nhs,
			    c->call->now);
	hf_jw_member(w, "task");
	hf_case_json_part(w, row->def->p, &row->parts[i],
			  hf_case_roles(row->def->p, &c->who));
	hf_jw_obj_end(w);
	return true;
}

void
hf_api_pathway_work(struct hf_call *call)
{
	struct collecting c = {.call = call,
			       .who = hf_api_hub_actor(call),
			       .role = hf_call_take_param(call, HF_SV("role")),
			       .pathway = hf_call_take_param(call, HF_SV("pathway"))};
	struct hf_err err;
	struct hf_jw w;
	size_t shown = 0, i = 0;

	if (!hf_api_no_params(call))
		return;
	hf_caseload_rows(call->server->caseload, collect, &c);
	if (c.full) {
		hf_fail(&err, HF_TOO_LONG, NULL,
			"there are too many tasks to list: ask for one pathway");
		hf_api_fail(call, &err);
		return;
	}
	if (c.n)
		qsort(c.items, c.n, sizeof *c.items, by_due);
	hf_api_begin(call, &w);
	when(&w, "at", call->now);
	hf_jw_member(&w, "tasks");
	hf_jw_arr(&w);
	for (; i < c.n && shown < WORK_SHOWN; i++)
		shown += sees(call, &c.items[i]) && put_work(&c, &w, &c.items[i]);
	hf_jw_arr_end(&w);
	hf_api_flag(&w, "more", i < c.n);
	call->audit_hits = (int64_t)shown;
	hf_api_end(call);
}

/* event.c - events as JSON, and their replay. */
#include "hub/event.h"

#include "base/time.h"

static const struct hf_sv nothing = {NULL, 0};

static void
text_member(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

static void
raw_member(struct hf_jw *w, const char *name, struct hf_sv json)
{
	if (json.n == 0)
		return;
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_raw(w, json);
}

static void
time_member(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	if (t)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(t, text, sizeof text)));
}

void
hf_event_write(const struct hf_hub_event *e, struct hf_buf *out)
{
	struct hf_jw w = {.out = out};
	char at[32];

	hf_jw_obj(&w);
	hf_jw_field(&w, "at", hf_sv_from(hf_time_format(e->at, at, sizeof at)));
	time_member(&w, "done", e->done);
	time_member(&w, "told", e->told);
	text_member(&w, "role", e->role);
	text_member(&w, "by", e->by);
	text_member(&w, "name", e->name);
	text_member(&w, "step", e->step);
	raw_member(&w, "facts", e->facts);
	raw_member(&w, "given", e->given);
	text_member(&w, "note", e->note);
	text_member(&w, "team", e->team);
	text_member(&w, "teamName", e->team_name);
	text_member(&w, "hours", e->hours);
	raw_member(&w, "shown", e->shown);
	text_member(&w, "to", e->to);
	text_member(&w, "digest", e->digest);
	if (e->age >= 0) {
		hf_jw_member(&w, "age");
		hf_jw_int(&w, e->age);
	}
	hf_jw_obj_end(&w);
}

static struct hf_sv
raw_of(const struct hf_json *doc, const char *name)
{
	uint32_t node = hf_json_get(doc, 0, hf_sv_from(name));

	return node == HF_JSON_NONE || hf_json_type(doc, node) != HF_JSON_OBJECT
		   ? nothing
		   : hf_json_raw(doc, node);
}

static struct hf_sv
text_of(const struct hf_json *doc, const char *name, struct hf_arena *arena)
{
	return hf_json_str(doc, hf_json_get(doc, 0, hf_sv_from(name)), arena);
}

/* 0: it is not there. */
static hf_time
time_of(const struct hf_json *doc, const char *name, struct hf_arena *arena)
{
	struct hf_date at;

	return hf_date_parse(text_of(doc, name, arena), false, &at) ? at.lo : 0;
}

enum hf_rc
hf_event_read(struct hf_sv event, struct hf_sv text, struct hf_arena *arena,
	      struct hf_hub_event *out, struct hf_err *err)
{
	struct hf_json doc;
	struct hf_date at;
	uint32_t age;
	int64_t years = -1;
	enum hf_rc rc = hf_json_parse(text, NULL, arena, &doc, err);

	if (rc)
		return rc;
	if (!hf_date_parse(text_of(&doc, "at", arena), false, &at))
		return hf_fail(err, HF_INVALID, "Task.input.value",
			       "the event has no time");
	age = hf_json_member(&doc, 0, "age");
	if (age != HF_JSON_NONE)
		hf_sv_int(hf_json_raw(&doc, age), &years);
	*out = (struct hf_hub_event){
	    .at = at.lo,
	    .done = time_of(&doc, "done", arena),
	    .told = time_of(&doc, "told", arena),
	    .event = event,
	    .role = text_of(&doc, "role", arena),
	    .by = text_of(&doc, "by", arena),
	    .name = text_of(&doc, "name", arena),
	    .step = text_of(&doc, "step", arena),
	    .facts = raw_of(&doc, "facts"),
	    .given = raw_of(&doc, "given"),
	    .note = text_of(&doc, "note", arena),
	    .team = text_of(&doc, "team", arena),
	    .team_name = text_of(&doc, "teamName", arena),
	    .hours = text_of(&doc, "hours", arena),
	    .shown = raw_of(&doc, "shown"),
	    .to = text_of(&doc, "to", arena),
	    .digest = text_of(&doc, "digest", arena),
	    .age = years >= 0 && years < 200 ? (int)years : -1,
	};
	return HF_OK;
}

/* ---- facts ---- */

static bool
take_code(const struct hf_pw_fact *f, struct hf_sv text)
{
	for (size_t i = 0; i < f->n_codes; i++)
		if (hf_sv_eq(text, hf_sv_from(f->codes[i])))
			return true;
	return false;
}

static bool
take_fact(const struct hf_pw_fact *f, const struct hf_json *doc, uint32_t node,
	  struct hf_arena *arena, struct hf_pv *out)
{
	enum hf_json_type type = hf_json_type(doc, node);
	struct hf_sv raw = hf_json_raw(doc, node);

	*out = (struct hf_pv){0};
	switch (f->kind) {
	case HF_PW_BOOLEAN:
		out->kind = HF_PV_BOOL;
		out->b = type == HF_JSON_TRUE;
		return type == HF_JSON_TRUE || type == HF_JSON_FALSE;
	case HF_PW_INTEGER:
		out->kind = HF_PV_INT;
		return type == HF_JSON_NUMBER && hf_sv_int(raw, &out->i) &&
		       out->i >= f->min && out->i <= f->max;
	case HF_PW_DECIMAL:
		out->kind = HF_PV_DECIMAL;
		out->text = raw;
		return type == HF_JSON_NUMBER;
	case HF_PW_CODE:
	case HF_PW_STRING:
		out->kind = HF_PV_STRING;
		out->text = hf_json_str(doc, node, arena);
		return type == HF_JSON_STRING &&
		       (f->kind == HF_PW_STRING || take_code(f, out->text));
	}
	return false;
}

enum hf_rc
hf_event_facts(const struct hf_pathway *p, struct hf_sv facts, int age,
	       struct hf_arena *arena, struct hf_pw_facts *out, struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc;

	*out = (struct hf_pw_facts){.age = age};
	if (facts.n == 0)
		return HF_OK;
	rc = hf_json_parse(facts, NULL, arena, &doc, err);
	if (rc)
		return rc;
	if (hf_json_type(&doc, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "facts", "expected an object");
	for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
		struct hf_sv id = hf_json_key(&doc, c);
		int fact = hf_pw_fact(p, id);

		if (fact < 0)
			return hf_fail(err, HF_INVALID, "facts",
				       "the pathway has no fact %.*s", HF_SV_ARG(id));
		if (!take_fact(&p->facts[fact], &doc, c, arena, &out->values[fact]))
			return hf_fail(err, HF_INVALID, p->facts[fact].id,
				       "the value is none that %s can have",
				       p->facts[fact].id);
		out->known |= (hf_pw_set)1 << fact;
	}
	return HF_OK;
}

/* ---- replay ---- */

void
hf_replay_begin(struct hf_replay *r, const struct hf_pathway *p, struct hf_arena *arena)
{
	*r = (struct hf_replay){.p = p, .arena = arena};
}

enum hf_rc
hf_replay_event(struct hf_replay *r, const struct hf_hub_event *e, hf_pw_set roles,
		struct hf_err *err)
{
	struct hf_pw_facts facts;
	struct hf_pw_asked asked = {
	    .at = e->at,
	    .roles = roles,
	    .facts = &facts,
	    .event = hf_pw_event(r->p, e->event),
	};
	enum hf_rc rc = HF_OK;

	if (hf_sv_is(e->event, HF_HUB_TAKEN)) {
		r->effects.n = 0;
		r->effects.step = -1;
		r->has_hours = e->hours.n && hf_hours_read(e->hours, &r->hours);
		r->n++;
		return hf_snapshot_read(r->p, e->given, r->arena, &r->in, err);
	}
	if (r->n == 0) {
		r->has_hours = e->hours.n && hf_hours_read(e->hours, &r->hours);
		rc = hf_event_facts(r->p, e->facts, e->age, r->arena, &facts, err);
		if (rc == HF_OK)
			rc = hf_pw_begin(r->p, &asked, r->arena, &r->in, &r->effects,
					 err);
		if (rc)
			return rc;
	}
	asked.hours = r->has_hours ? &r->hours : NULL;
	if (hf_sv_is(e->event, HF_HUB_TIME)) {
		r->effects.n = 0;
		r->effects.step = -1;
		hf_pw_tick(r->p, &r->in, e->at, &r->effects);
		r->n++;
		return HF_OK;
	}
	/* A message, a reason for being late: part of the story, not of the state. */
	if (e->event.n && e->event.p[0] == '@') {
		r->effects.n = 0;
		r->effects.step = -1;
		r->n++;
		return HF_OK;
	}
	if (asked.event < 0)
		return hf_fail(err, HF_INVALID, "event",
			       "the pathway has no event %.*s", HF_SV_ARG(e->event));
	rc = hf_event_facts(r->p, e->facts, e->age, r->arena, &facts, err);
	if (rc == HF_OK)
		rc = hf_pw_fire(r->p, &r->in, &asked, r->arena, &r->effects, err);
	if (rc == HF_OK)
		r->n++;
	return rc;
}

/* ---- a Task's story ---- */

static struct hf_sv
event_code(const struct hf_json *task, uint32_t input, struct hf_arena *arena)
{
	uint32_t type = hf_json_member(task, input, "type");
	uint32_t coding = hf_json_at(task, hf_json_member(task, type, "coding"), 0);
	struct hf_sv system =
	    hf_json_str(task, hf_json_member(task, coding, "system"), arena);

	if (!hf_sv_is(system, HF_HUB_CODES "pathway-event"))
		return nothing;
	return hf_json_str(task, hf_json_member(task, coding, "code"), arena);
}

/* Where the replay begins: at the last change of version. */
static size_t
first_of(const struct hf_json *task, uint32_t list, struct hf_arena *arena)
{
	size_t first = 0, n = 0;

	if (list == HF_JSON_NONE)
		return 0;
	for (uint32_t c = list + 1; c < task->nodes[list].next;
	     c = task->nodes[c].next) {
		struct hf_sv code = event_code(task, c, arena);

		if (hf_sv_is(code, HF_HUB_TAKEN))
			first = n;
		n += code.n != 0;
	}
	return first;
}

/* Whoever did it had a role of the step that was taken: another step, of roles they
 * had not, is none of what happened. */
static hf_pw_set
roles_of(const struct hf_pathway *p, const struct hf_hub_event *e)
{
	for (size_t i = 0; e->step.n && i < p->n_steps; i++)
		if (p->steps[i].by && hf_sv_eq(e->step, hf_sv_from(p->steps[i].id)))
			return p->steps[i].by;
	return ~(hf_pw_set)0;
}

static enum hf_rc
follow(struct hf_story *out, struct hf_hub_event *e, size_t first, hf_story_seen *seen,
       void *ctx, struct hf_err *err)
{
	const struct hf_pathway *p = out->replay.p;
	enum hf_rc rc = HF_OK;

	if (out->n >= first) {
		rc = hf_replay_event(&out->replay, e, roles_of(p, e), err);
		if (rc == HF_OK && seen)
			rc = seen(ctx, e, &out->replay, err);
	}
	if (rc == HF_OK)
		out->states[out->n] = out->n >= first ? out->replay.in.state : p->start;
	out->n += rc == HF_OK;
	return rc;
}

enum hf_rc
hf_story_read(const struct hf_pathway *p, const struct hf_json *task,
	      struct hf_arena *arena, struct hf_story *out, struct hf_err *err)
{
	return hf_story_follow(p, task, arena, NULL, NULL, out, err);
}

enum hf_rc
hf_story_follow(const struct hf_pathway *p, const struct hf_json *task,
		struct hf_arena *arena, hf_story_seen *seen, void *ctx,
		struct hf_story *out, struct hf_err *err)
{
	uint32_t list = hf_json_member(task, 0, "input");
	size_t most = hf_json_count(task, list);
	size_t first = first_of(task, list, arena);
	enum hf_rc rc = HF_OK;

	if (most > HF_EVENTS_MOST)
		return hf_fail(err, HF_TOO_LONG, "Task.input",
			       "a referral has at most %d events", HF_EVENTS_MOST);
	*out = (struct hf_story){
	    .events = hf_arena_array(arena, most + 2, sizeof(struct hf_hub_event)),
	    .states = hf_arena_array(arena, most + 2, 1)};
	if (!out->events || !out->states)
		return hf_fail(err, HF_TOO_LONG, NULL, "the referral is too long");
	hf_replay_begin(&out->replay, p, arena);
	for (uint32_t c = list + 1; most && rc == HF_OK && c < task->nodes[list].next;
	     c = task->nodes[c].next) {
		struct hf_hub_event *e = &out->events[out->n];
		struct hf_sv code = event_code(task, c, arena);
		struct hf_sv text =
		    hf_json_str(task, hf_json_member(task, c, "valueString"), arena);

		if (code.n == 0)
			continue; /* an input of another kind */
		rc = hf_event_read(code, text, arena, e, err);
		if (rc == HF_OK)
			rc = follow(out, e, first, seen, ctx, err);
	}
	if (rc == HF_OK && out->n == 0)
		rc = hf_fail(err, HF_INVALID, "Task.input", "the Task is no referral");
	return rc;
}

/* case_parts.c - actions as things to do, opened and closed by the story. */
#include "hub/case_parts.h"

int
hf_case_part_find(const struct hf_case_parts *parts, struct hf_sv key)
{
	for (size_t i = 0; i < parts->n; i++)
		if (hf_sv_eq(parts->items[i].key, key))
			return (int)i;
	return -1;
}

static void
close_part(struct hf_case_parts *parts, size_t i, const char *status)
{
	if (parts->n_closed < HF_CASE_PARTS) {
		parts->closed[parts->n_closed] = parts->items[i];
		parts->closed[parts->n_closed++].status = status;
	}
	memmove(&parts->items[i], &parts->items[i + 1],
		(parts->n - i - 1) * sizeof parts->items[0]);
	parts->n--;
}

/* What is open already stays as it is: nobody is asked twice. */
static void
open_part(struct hf_case_parts *parts, const struct hf_case_part *part)
{
	if (!part->key.p || !part->title.p) {
		parts->lost = true;
		return;
	}
	if (hf_case_part_find(parts, part->key) >= 0)
		return;
	if (parts->n == HF_CASE_PARTS || parts->n_opened == HF_CASE_PARTS) {
		parts->lost = true;
		return;
	}
	parts->items[parts->n++] = *part;
	parts->opened[parts->n_opened++] = *part;
}

/* ---- actions ---- */

struct acting {
	struct hf_case_parts *parts;
	const struct hf_pathway *p;
	const struct hf_replay *r;
	struct hf_arena *arena;
	hf_time at;
	const char *because; /* a step, a mark or a clock */
	const char *role;    /* whose it is when the action does not say */
};

static const struct hf_pw_task *
task_of(const struct hf_pathway *p, struct hf_sv id)
{
	for (size_t i = 0; i < p->n_tasks; i++)
		if (hf_sv_eq(id, hf_sv_from(p->tasks[i].id)))
			return &p->tasks[i];
	return NULL;
}

/* Its title by the id of a clock, or of a mark that begins with one. */
static const char *
clock_title(const struct hf_pathway *p, const char *what)
{
	for (size_t i = 0; i < p->n_clocks; i++)
		if (strncmp(what, p->clocks[i].id, strlen(p->clocks[i].id)) == 0)
			return p->clocks[i].title;
	return NULL;
}

static void
open_task(struct acting *a, const char *id)
{
	const struct hf_pw_task *t = task_of(a->p, hf_sv_from(id));
	struct hf_duration due;

	open_part(a->parts,
		  &(struct hf_case_part){
		      .kind = "work",
		      .key = hf_arena_printf(a->arena, "work:%s", id),
		      .title = hf_sv_from(t ? t->title : id),
		      .role = hf_sv_from(t ? t->owner : a->role),
		      .at = a->at,
		      .due = t && hf_duration_parse(hf_sv_from(t->due), &due)
				 ? hf_due(a->at, &due, HF_CALENDAR_CALENDAR, NULL)
				 : HF_TIME_MAX,
		      .task = t,
		  });
}

static void
open_alert(struct acting *a, const char *role)
{
	const char *clock = clock_title(a->p, a->because);

	open_part(a->parts,
		  &(struct hf_case_part){
		      .kind = "alert",
		      .key = hf_arena_printf(a->arena, "alert:%s:%s", role, a->because),
		      .title = clock
				   ? hf_arena_printf(a->arena, "%s: %s", clock,
						     a->p->states[a->r->in.state].title)
				   : hf_sv_from(a->p->states[a->r->in.state].title),
		      .role = hf_sv_from(role),
		      .at = a->at,
		      .due = HF_TIME_MAX,
		  });
}

static void
open_breach(struct acting *a, const char *what)
{
	const char *clock = clock_title(a->p, a->because);

	open_part(a->parts,
		  &(struct hf_case_part){
		      .kind = "breach",
		      .key = hf_arena_printf(a->arena, "breach:%s", what),
		      .title = hf_arena_printf(a->arena, "%s: say why it was late",
					       clock ? clock : what),
		      .role = hf_sv_from(a->role),
		      .at = a->at,
		      .due = HF_TIME_MAX,
		  });
}

/* What is done by people as long as nothing sends it: in words, and now. */
static void
open_word(struct acting *a, const char *verb, const char *arg)
{
	static const struct {
		const char *verb, *words;
	} words[] = {
	    {"agenda", "For the team meeting"},
	    {"call", "Call"},
	    {"give", "Give"},
	    {"notify", "Tell"},
	    {"record", "Record"},
	    {"refer", "Refer"},
	    {"share", "Share"},
	    {"transfer", "Transfer"},
	};
	const char *said = verb;
	struct hf_sv text = hf_arena_sv(a->arena, hf_sv_from(arg));

	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (strcmp(words[i].verb, verb) == 0)
			said = words[i].words;
	if (text.p) {
		char *c = hf_arena_cstr(a->arena, text);

		for (char *d = c; d && *d; d++)
			*d = *d == '-' ? ' ' : *d;
		text = c ? hf_sv_from(c) : text;
	}
	open_part(
	    a->parts,
	    &(struct hf_case_part){
		.kind = "work",
		.key = hf_arena_printf(a->arena, "%s:%s", verb, arg),
		.title = hf_arena_printf(a->arena, "%s: %.*s", said, HF_SV_ARG(text)),
		.role = hf_sv_from(a->role),
		.at = a->at,
		.due = strcmp(verb, "agenda") == 0 ? HF_TIME_MAX : a->at,
	    });
}

static void
act(struct acting *a, const char *action)
{
	const char *colon = strchr(action, ':');
	const char *arg = colon ? colon + 1 : "";
	char verb[40];

	snprintf(verb, sizeof verb, "%.*s", (int)(colon ? colon - action : 39), action);
	if (strcmp(verb, "task") == 0)
		open_task(a, arg);
	else if (strcmp(verb, "alert") == 0)
		open_alert(a, arg);
	else if (strcmp(verb, "breach") == 0)
		open_breach(a, arg);
	else if (strcmp(verb, "start") != 0)
		open_word(a, verb, arg);
	if (strcmp(verb, "start") == 0 && a->parts->n_starts < HF_CASE_STARTS)
		a->parts->starts[a->parts->n_starts++] = arg;
	if (strcmp(verb, "refer") == 0 && a->parts->n_refers < HF_CASE_STARTS)
		a->parts->refers[a->parts->n_refers++] = arg;
}

/* Who answers when an action names nobody: who may take the step, else the first role
 * of the pathway. */
static const char *
role_of(const struct hf_pathway *p, int step)
{
	for (size_t i = 0; step >= 0 && i < p->n_roles; i++)
		if (p->steps[step].by >> i & 1)
			return p->roles[i];
	return p->n_roles ? p->roles[0] : "";
}

/* ---- what was done ---- */

static struct hf_sv
given(const struct hf_json *doc, const char *name, struct hf_arena *arena)
{
	return hf_json_str(doc, hf_json_get(doc, 0, hf_sv_from(name)), arena);
}

static void
take_done(struct hf_case_parts *parts, const struct hf_json *doc,
	  struct hf_arena *arena)
{
	int i = hf_case_part_find(parts, given(doc, "part", arena));

	if (i >= 0)
		close_part(parts, (size_t)i,
			   hf_sv_is(given(doc, "status", arena), "cancelled")
			       ? "cancelled"
			       : "completed");
}

/* A task is done when all its forms have been filled in since it was asked for. */
static void
take_form(struct hf_case_parts *parts, const struct hf_json *doc,
	  struct hf_arena *arena)
{
	struct hf_sv form = given(doc, "form", arena);

	for (size_t i = parts->n; i > 0; i--) {
		struct hf_case_part *part = &parts->items[i - 1];
		size_t n = part->task ? part->task->n_forms : 0;

		for (size_t k = 0; k < n && k < 64; k++)
			if (hf_sv_eq(form, hf_sv_from(part->task->forms[k])))
				part->filled |= (uint64_t)1 << k;
		if (n && n < 64 && part->filled == ((uint64_t)1 << n) - 1)
			close_part(parts, i - 1, "completed");
	}
}

/* ---- taken over to another version ---- */

void
hf_case_parts_write(const struct hf_case_parts *parts, struct hf_jw *w)
{
	hf_jw_member(w, "parts");
	hf_jw_arr(w);
	for (size_t i = 0; i < parts->n; i++) {
		const struct hf_case_part *p = &parts->items[i];

		hf_jw_obj(w);
		hf_jw_field(w, "key", p->key);
		hf_jw_field(w, "kind", hf_sv_from(p->kind));
		hf_jw_field(w, "title", p->title);
		hf_jw_field(w, "role", p->role);
		hf_jw_member(w, "at");
		hf_jw_int(w, p->at);
		hf_jw_member(w, "due");
		hf_jw_int(w, p->due);
		hf_jw_member(w, "filled");
		hf_jw_int(w, (int64_t)p->filled);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static int64_t
number(const struct hf_json *doc, uint32_t node, const char *name)
{
	uint32_t n = hf_json_get(doc, node, hf_sv_from(name));
	int64_t v = 0;

	if (n != HF_JSON_NONE)
		(void)hf_sv_int(hf_json_raw(doc, n), &v);
	return v;
}

static void
take_over(struct hf_case_parts *parts, const struct hf_pathway *p,
	  const struct hf_json *doc, struct hf_arena *arena)
{
	static const char *const kinds[] = {"work", "alert", "breach"};
	uint32_t list = hf_json_get(doc, 0, HF_SV("parts"));

	parts->n = 0;
	if (list == HF_JSON_NONE)
		return;
	for (uint32_t c = list + 1; c < doc->nodes[list].next; c = doc->nodes[c].next) {
		struct hf_case_part part = {.kind = "work"};
		struct hf_sv kind =
		    hf_json_str(doc, hf_json_get(doc, c, HF_SV("kind")), arena);

		part.key = hf_json_str(doc, hf_json_get(doc, c, HF_SV("key")), arena);
		part.title =
		    hf_json_str(doc, hf_json_get(doc, c, HF_SV("title")), arena);
		part.role = hf_json_str(doc, hf_json_get(doc, c, HF_SV("role")), arena);
		part.at = number(doc, c, "at");
		part.due = number(doc, c, "due");
		part.filled = (uint64_t)number(doc, c, "filled");
		for (size_t i = 0; i < HF_COUNT(kinds); i++)
			if (hf_sv_eq(kind, hf_sv_from(kinds[i])))
				part.kind = kinds[i];
		if (hf_sv_starts(part.key, HF_SV("work:")))
			part.task = task_of(p, hf_sv_from_at(part.key, 5));
		open_part(parts, &part);
	}
}

/* ---- all of it ---- */

static void
take_effects(struct hf_case_parts *parts, const struct hf_pathway *p,
	     const struct hf_replay *r, const struct hf_hub_event *e,
	     struct hf_arena *arena)
{
	const struct hf_pw_effects *effects = &r->effects;
	struct acting a = {.parts = parts,
			   .p = p,
			   .r = r,
			   .arena = arena,
			   .at = e->at,
			   .because = "",
			   .role = role_of(p, effects->step)};

	for (size_t i = 0; i < effects->n; i++) {
		const struct hf_pw_effect *f = &effects->items[i];

		if (f->kind == HF_PW_MARKED || f->kind == HF_PW_BREACHED ||
		    f->kind == HF_PW_MOVED)
			a.because = f->what;
		if (f->kind == HF_PW_ACTION)
			act(&a, f->what);
	}
}

void
hf_case_parts_follow(struct hf_case_parts *parts, const struct hf_pathway *p,
		     const struct hf_hub_event *e, const struct hf_replay *r,
		     struct hf_arena *arena)
{
	struct hf_json doc;

	parts->n_opened = parts->n_closed = parts->n_starts = parts->n_refers = 0;
	if (e->given.n && e->event.n && e->event.p[0] == '@' &&
	    hf_json_parse(e->given, NULL, arena, &doc, NULL) == HF_OK) {
		if (hf_sv_is(e->event, HF_CASE_DONE))
			take_done(parts, &doc, arena);
		else if (hf_sv_is(e->event, HF_CASE_FORM))
			take_form(parts, &doc, arena);
		else if (hf_sv_is(e->event, HF_HUB_TAKEN)) {
			take_over(parts, p, &doc, arena);
			parts->n_opened = 0; /* they stand in the record already */
		}
	}
	/* Whoever moves it on has seen the alerts.  What is left when it ends is not
	 * asked for any more, but for why a clock ran out. */
	for (size_t i = parts->n; r->effects.step >= 0 && i > 0; i--) {
		const char *kind = parts->items[i - 1].kind;

		if (strcmp(kind, "alert") == 0)
			close_part(parts, i - 1, "completed");
		else if (r->in.ended && strcmp(kind, "work") == 0)
			close_part(parts, i - 1, "cancelled");
	}
	take_effects(parts, p, r, e, arena);
}

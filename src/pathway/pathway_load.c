/* pathway_load.c - a document of definitions/pathways read into a pathway. */
#include "pathway/pathway_int.h"

enum { EVENTS_SHOWN = 80 };

int
hf_pw_state(const struct hf_pathway *p, struct hf_sv id)
{
	for (size_t i = 0; i < p->n_states; i++)
		if (hf_sv_eq(id, hf_sv_from(p->states[i].id)))
			return (int)i;
	return -1;
}

int
hf_pw_event(const struct hf_pathway *p, struct hf_sv id)
{
	for (size_t i = 0; i < p->n_events; i++)
		if (hf_sv_eq(id, hf_sv_from(p->events[i])))
			return (int)i;
	return -1;
}

int
hf_pw_role(const struct hf_pathway *p, struct hf_sv code)
{
	for (size_t i = 0; i < p->n_roles; i++)
		if (hf_sv_eq(code, hf_sv_from(p->roles[i])))
			return (int)i;
	return -1;
}

int
hf_pw_fact(const struct hf_pathway *p, struct hf_sv id)
{
	for (size_t i = 0; i < p->n_facts; i++)
		if (hf_sv_eq(id, hf_sv_from(p->facts[i].id)))
			return (int)i;
	return -1;
}

/* ---- sets of names ---- */

static hf_pw_set
roles_of(struct hf_pw_load *l, uint32_t object, const char *name)
{
	size_t n;
	const char **ids = hf_doc_ids(&l->d, object, name, false, &n);
	hf_pw_set set = 0;

	for (size_t i = 0; i < n; i++) {
		int role = hf_pw_role(l->p, hf_sv_from(ids[i]));

		if (role < 0)
			hf_doc_wrong(&l->d, object,
				     "the role \"%s\" is none of \"roles\"", ids[i]);
		else
			set |= (hf_pw_set)1 << role;
	}
	return set;
}

/* "*" is every state that is no end. */
static hf_pw_set
states_of(struct hf_pw_load *l, uint32_t object, const char *name, bool needed)
{
	size_t n;
	const char **ids = hf_doc_ids(&l->d, object, name, needed, &n);
	hf_pw_set set = 0;

	for (size_t i = 0; i < n; i++) {
		int state = hf_pw_state(l->p, hf_sv_from(ids[i]));

		if (strcmp(ids[i], "*") == 0) {
			for (size_t k = 0; k < l->p->n_states; k++)
				if (l->p->states[k].kind != HF_PW_END)
					set |= (hf_pw_set)1 << k;
		} else if (state < 0) {
			hf_doc_wrong(&l->d, object, "there is no state \"%s\"", ids[i]);
		} else {
			set |= (hf_pw_set)1 << state;
		}
	}
	return set;
}

static struct hf_pw_on
on_of(struct hf_pw_load *l, uint32_t object, const char *name)
{
	size_t n;
	const char **ids = hf_doc_ids(&l->d, object, name, true, &n);
	struct hf_pw_on on = {0};

	for (size_t i = 0; i < n; i++) {
		int event = hf_pw_event(l->p, hf_sv_from(ids[i]));
		int state = hf_pw_state(l->p, hf_sv_from(ids[i]));

		if (event < 0 && state < 0)
			hf_doc_wrong(&l->d, object,
				     "\"%s\" is no event of any step, and no state",
				     ids[i]);
		if (event >= 0)
			on.events |= (hf_pw_set)1 << event;
		if (state >= 0 && event < 0)
			on.states |= (hf_pw_set)1 << state;
	}
	return on;
}

/* ---- guards ---- */

struct hf_pw_guard
hf_pw_load_guard(struct hf_pw_load *l, uint32_t object, const char *name)
{
	struct hf_pw_guard g = {.text = hf_doc_text(&l->d, object, name, false)};
	struct hf_path_rules rules = {.vars = l->p->vars, .n_vars = l->p->n_vars};
	struct hf_err err = {0};

	if (*g.text &&
	    hf_path_compile_for(hf_sv_from(g.text), &rules, &g.path, &err) != HF_OK) {
		hf_doc_wrong(&l->d, object, "\"%s\": %s", name, err.text);
		g.text = "";
	}
	/* An escape could hide the name. */
	g.days = strstr(g.text, "since_") || strchr(g.text, '\\');
	if (g.path) {
		if (l->n_paths == HF_PW_GUARDS) {
			hf_doc_wrong(&l->d, object, "there are more than %d conditions",
				     HF_PW_GUARDS);
			hf_path_free(g.path);
			g = (struct hf_pw_guard){.text = ""};
		} else {
			l->paths[l->n_paths++] = g.path;
		}
	}
	return g;
}

static struct hf_pw_guard *
load_guards(struct hf_pw_load *l, const char *name, size_t *n)
{
	uint32_t list = hf_doc_member(&l->d, 0, name, HF_JSON_ARRAY, false);
	struct hf_pw_guard *guards;

	*n = 0;
	guards = hf_doc_room(&l->d, hf_json_count(&l->d.json, list), sizeof *guards);
	HF_DOC_EACH(&l->d, c, list)
	{
		if (!guards)
			return NULL;
		if (hf_json_type(&l->d.json, c) != HF_JSON_OBJECT) {
			hf_doc_wrong(&l->d, c, "{\"when\": \"…\"} is needed here");
			continue;
		}
		hf_doc_only(&l->d, c, "when title");
		hf_doc_text(&l->d, c, "title", false);
		guards[*n] = hf_pw_load_guard(l, c, "when");
		if (!*guards[*n].text)
			hf_doc_wrong(&l->d, c, "\"when\" is needed here");
		++*n;
	}
	return guards;
}

/* ---- the parts ---- */

static void
load_roles(struct hf_pw_load *l)
{
	size_t n;
	const char **ids = hf_doc_ids(&l->d, 0, "roles", true, &n);
	uint32_t list = hf_json_member(&l->d.json, 0, "roles");

	if (n > HF_PW_ROLES) {
		hf_doc_wrong(&l->d, list, "at most %d roles", HF_PW_ROLES);
		n = HF_PW_ROLES;
	}
	for (size_t i = 0; i < n; i++) {
		l->p->roles[l->p->n_roles++] = ids[i];
		if (l->world && l->world->role && !l->world->role(ids[i]))
			hf_doc_wrong(&l->d, list, "there is no role \"%s\"", ids[i]);
	}
}

static void
load_states(struct hf_pw_load *l)
{
	static const char *const kinds[] = {"start", "normal", "wait", "end"};
	uint32_t list = hf_doc_member(&l->d, 0, "states", HF_JSON_ARRAY, true);
	size_t starts = 0;

	if (hf_json_count(&l->d.json, list) > HF_PW_STATES) {
		hf_doc_wrong(&l->d, list, "at most %d states", HF_PW_STATES);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pw_state *s = &l->p->states[l->p->n_states];
		const char *kind;
		int found = -1;

		hf_doc_only(&l->d, c, "id title kind exit request task");
		s->id = hf_doc_id(&l->d, c, "id", true);
		if (hf_pw_state(l->p, hf_sv_from(s->id)) >= 0)
			hf_doc_wrong(&l->d, c, "the state \"%s\" stands twice", s->id);
		s->title = hf_doc_text(&l->d, c, "title", false);
		s->exit = hf_doc_text(&l->d, c, "exit", false);
		s->request = hf_doc_text(&l->d, c, "request", false);
		s->task = hf_doc_text(&l->d, c, "task", false);
		kind = hf_doc_text(&l->d, c, "kind", true);
		for (size_t i = 0; i < HF_COUNT(kinds); i++)
			if (strcmp(kind, kinds[i]) == 0)
				found = (int)i;
		if (found < 0)
			hf_doc_wrong(&l->d, c,
				     "\"kind\" is start, normal, wait or end");
		else
			s->kind = (enum hf_pw_state_kind)found;
		if (found == HF_PW_START) {
			l->p->start = (uint8_t)l->p->n_states;
			starts++;
		}
		if (found == HF_PW_END && !*s->exit)
			hf_doc_wrong(&l->d, c, "an end says its \"exit\" code");
		l->state_lines[l->p->n_states] = c;
		l->p->n_states++;
	}
	if (list != HF_JSON_NONE && starts != 1)
		hf_doc_wrong(&l->d, list,
			     "there are %zu states of kind start instead "
			     "of one",
			     starts);
}

static void
load_facts(struct hf_pw_load *l)
{
	static const char *const kinds[] = {"boolean", "integer", "decimal", "code",
					    "string"};
	uint32_t list = hf_doc_member(&l->d, 0, "facts", HF_JSON_ARRAY, false);

	if (hf_json_count(&l->d.json, list) > HF_PW_FACTS) {
		hf_doc_wrong(&l->d, list, "at most %d facts", HF_PW_FACTS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pw_fact *f = &l->p->facts[l->p->n_facts];
		const char *kind;
		int found = -1;

		hf_doc_only(&l->d, c, "id title type codes min max from");
		f->id = hf_doc_id(&l->d, c, "id", true);
		if (strpbrk(f->id, "-.:@*"))
			hf_doc_wrong(&l->d, c,
				     "a fact is asked for as %%%s: letters, "
				     "digits and _ only",
				     f->id);
		if (hf_pw_fact(l->p, hf_sv_from(f->id)) >= 0)
			hf_doc_wrong(&l->d, c, "the fact \"%s\" stands twice", f->id);
		f->title = hf_doc_text(&l->d, c, "title", false);
		kind = hf_doc_text(&l->d, c, "type", true);
		for (size_t i = 0; i < HF_COUNT(kinds); i++)
			if (strcmp(kind, kinds[i]) == 0)
				found = (int)i;
		if (found < 0)
			hf_doc_wrong(&l->d, c,
				     "\"type\" is boolean, integer, decimal, "
				     "code or string");
		else
			f->kind = (enum hf_pw_fact_kind)found;
		f->codes =
		    hf_doc_ids(&l->d, c, "codes", found == HF_PW_CODE, &f->n_codes);
		f->min = hf_doc_int(&l->d, c, "min", -1000000, 1000000, 0);
		f->max = hf_doc_int(&l->d, c, "max", -1000000, 1000000, 1000000);
		f->from = hf_doc_text(&l->d, c, "from", false);
		l->p->n_facts++;
	}
}

static int
add_event(struct hf_pw_load *l, uint32_t node, const char *id)
{
	int event = hf_pw_event(l->p, hf_sv_from(id));

	if (event >= 0 || !*id)
		return event;
	if (l->p->n_events == HF_PW_EVENTS) {
		hf_doc_wrong(&l->d, node, "at most %d events", HF_PW_EVENTS);
		return -1;
	}
	l->p->events[l->p->n_events] = id;
	l->p->event_titles[l->p->n_events] = "";
	return (int)l->p->n_events++;
}

/* Events are what steps name; their titles may be given. */
static void
load_events(struct hf_pw_load *l)
{
	uint32_t steps = hf_doc_member(&l->d, 0, "steps", HF_JSON_ARRAY, true);
	uint32_t titles = hf_doc_member(&l->d, 0, "events", HF_JSON_OBJECT, false);

	HF_DOC_EACH(&l->d, c, steps)
	if (hf_json_type(&l->d.json, c) == HF_JSON_OBJECT)
		add_event(l, c, hf_doc_id(&l->d, c, "on", true));
	HF_DOC_EACH(&l->d, c, titles)
	{
		int event = hf_pw_event(l->p, hf_json_key(&l->d.json, c));
		struct hf_sv title = hf_json_str(&l->d.json, c, l->d.arena);

		if (event < 0)
			hf_doc_wrong(&l->d, c, "no step has this event");
		else if (title.p)
			l->p->event_titles[event] = hf_arena_cstr(l->d.arena, title);
	}
}

/* The names of guards: facts, the age, and days since each event. */
static void
name_variables(struct hf_pw_load *l)
{
	size_t n = l->p->n_facts + l->p->n_events + 1;

	l->p->vars = hf_doc_room(&l->d, n, sizeof *l->p->vars);
	if (!l->p->vars)
		return;
	for (size_t i = 0; i < l->p->n_facts; i++)
		l->p->vars[l->p->n_vars++] = hf_sv_from(l->p->facts[i].id);
	l->p->vars[l->p->n_vars++] = HF_SV("age");
	for (size_t i = 0; i < l->p->n_events; i++) {
		char name[EVENTS_SHOWN];

		snprintf(name, sizeof name, "since_%s", l->p->events[i]);
		for (char *c = name; *c; c++)
			if (*c == '-')
				*c = '_';
		l->p->vars[l->p->n_vars++] = hf_arena_sv(l->d.arena, hf_sv_from(name));
	}
}

static void
load_step(struct hf_pw_load *l, uint32_t c)
{
	struct hf_pw_step *s = &l->p->steps[l->p->n_steps];
	const char *to, *otherwise;
	int state;

	hf_doc_only(&l->d, c,
		    "id title in on when by do to stamp interrupts "
		    "otherwise");
	s->id = hf_doc_id(&l->d, c, "id", true);
	for (size_t i = 0; i < l->p->n_steps; i++)
		if (strcmp(l->p->steps[i].id, s->id) == 0)
			hf_doc_wrong(&l->d, c, "the step \"%s\" stands twice", s->id);
	s->title = hf_doc_text(&l->d, c, "title", false);
	s->in = states_of(l, c, "in", true);
	s->event =
	    (uint8_t)hf_pw_event(l->p, hf_sv_from(hf_doc_text(&l->d, c, "on", true)));
	s->by = roles_of(l, c, "by");
	s->when = hf_pw_load_guard(l, c, "when");
	s->actions = hf_doc_ids(&l->d, c, "do", false, &s->n_actions);
	s->stamp = hf_doc_text(&l->d, c, "stamp", false);
	s->interrupts = hf_doc_bool(&l->d, c, "interrupts", false);
	otherwise = hf_doc_text(&l->d, c, "otherwise", false);
	s->refuses = strcmp(otherwise, "refuse") == 0;
	if (*otherwise && !s->refuses)
		hf_doc_wrong(&l->d, c, "\"otherwise\" is refuse, or is left out");
	s->line = hf_doc_line(&l->d, c);
	to = hf_doc_text(&l->d, c, "to", true);
	state = hf_pw_state(l->p, hf_sv_from(to));
	if (strcmp(to, "@resume") == 0)
		s->to = HF_PW_RESUME;
	else if (state < 0)
		hf_doc_wrong(&l->d, c, "there is no state \"%s\"", to);
	else
		s->to = (uint8_t)state;
	for (size_t k = 0; k < l->p->n_states; k++)
		if ((s->in >> k & 1) && l->p->states[k].kind == HF_PW_END)
			hf_doc_wrong(&l->d, c, "nothing leaves the end \"%s\"",
				     l->p->states[k].id);
	l->step_lines[l->p->n_steps] = c;
	l->p->n_steps++;
}

static void
load_steps(struct hf_pw_load *l)
{
	uint32_t list = hf_json_member(&l->d.json, 0, "steps");
	size_t n = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE || hf_json_type(&l->d.json, list) != HF_JSON_ARRAY)
		return;
	if (n > HF_PW_STEPS) {
		hf_doc_wrong(&l->d, list, "at most %d steps", HF_PW_STEPS);
		return;
	}
	l->p->steps = hf_doc_room(&l->d, n, sizeof *l->p->steps);
	HF_DOC_EACH(&l->d, c, list)
	{
		if (!l->p->steps)
			return;
		if (hf_json_type(&l->d.json, c) == HF_JSON_OBJECT)
			load_step(l, c);
		else
			hf_doc_wrong(&l->d, c, "a step is an object");
	}
}

/* ---- clocks ---- */

static void
load_limit(struct hf_pw_load *l, uint32_t c, struct hf_pw_clock *k)
{
	struct hf_pw_limit *limit = &k->limits[k->n_limits];
	const char *calendar;
	int found;

	limit->text = hf_doc_text(&l->d, c, "limit", true);
	if (*limit->text && !hf_duration_parse(hf_sv_from(limit->text), &limit->limit))
		hf_doc_wrong(&l->d, c,
			     "\"limit\" is a duration as PT2H or P14D, up to "
			     "100 years");
	calendar = hf_doc_text(&l->d, c, "calendar", false);
	found = hf_calendar_find(hf_sv_from(*calendar ? calendar : "elapsed"));
	if (found < 0)
		hf_doc_wrong(&l->d, c,
			     "\"calendar\" is elapsed, calendar, working or "
			     "opening");
	else
		limit->calendar = (enum hf_calendar)found;
	k->n_limits++;
}

static void
load_limits(struct hf_pw_load *l, uint32_t c, struct hf_pw_clock *k)
{
	uint32_t list = hf_doc_member(&l->d, c, "limits", HF_JSON_ARRAY, false);

	if (list == HF_JSON_NONE) {
		k->limits[0].when.text = "";
		load_limit(l, c, k);
		return;
	}
	HF_DOC_EACH(&l->d, e, list)
	{
		if (k->n_limits == HF_PW_LIMITS) {
			hf_doc_wrong(&l->d, e, "at most %d limits", HF_PW_LIMITS);
			return;
		}
		hf_doc_only(&l->d, e, "when limit calendar");
		k->limits[k->n_limits].when = hf_pw_load_guard(l, e, "when");
		load_limit(l, e, k);
	}
	if (k->n_limits == 0 || *k->limits[k->n_limits - 1].when.text)
		hf_doc_wrong(&l->d, list,
			     "the last limit has no \"when\": it holds for "
			     "all that are left");
}

static void
load_marks(struct hf_pw_load *l, uint32_t c, struct hf_pw_clock *k)
{
	uint32_t list = hf_doc_member(&l->d, c, "marks", HF_JSON_ARRAY, false);

	HF_DOC_EACH(&l->d, e, list)
	{
		struct hf_pw_mark *m = &k->marks[k->n_marks];
		struct hf_duration after;
		struct hf_decimal share = {0};
		const char *text;
		int64_t thousandths = 0;

		if (k->n_marks == HF_PW_MARKS) {
			hf_doc_wrong(&l->d, e, "at most %d marks", HF_PW_MARKS);
			return;
		}
		hf_doc_only(&l->d, e, "id after at in do");
		m->id = hf_doc_id(&l->d, e, "id", true);
		m->in = states_of(l, e, "in", false);
		m->actions = hf_doc_ids(&l->d, e, "do", true, &m->n_actions);
		text = hf_doc_text(&l->d, e, "after", false);
		if (*text && hf_duration_parse(hf_sv_from(text), &after) &&
		    after.days == 0 && after.months == 0)
			m->after_ms = after.ms;
		else if (hf_doc_decimal(&l->d, e, "at", &share) &&
			 hf_decimal_mul(share, hf_decimal_from_int(1000), &share) &&
			 hf_decimal_int(share, &thousandths) && thousandths > 0 &&
			 thousandths <= 1000)
			m->share = (int)thousandths;
		else
			hf_doc_wrong(&l->d, e,
				     "a mark says \"after\" (PT1H) or \"at\" "
				     "(0.75 of the limit)");
		k->n_marks++;
	}
}

/* "since": {"accept": "submit"}: started by accept, it counts from the last submit. */
static void
load_since(struct hf_pw_load *l, uint32_t c, struct hf_pw_clock *k)
{
	uint32_t since = hf_doc_member(&l->d, c, "since", HF_JSON_OBJECT, false);

	HF_DOC_EACH(&l->d, e, since)
	{
		int start = hf_pw_event(l->p, hf_json_key(&l->d.json, e));
		struct hf_sv of = hf_json_str(&l->d.json, e, l->d.arena);
		int from = of.p ? hf_pw_event(l->p, of) : -1;

		if (start < 0 || from < 0 || !(k->start.events >> start & 1))
			hf_doc_wrong(&l->d, e,
				     "\"since\" names an event of \"start\" "
				     "and the event that it counts from");
		else
			k->since[start] = (uint8_t)(from + 1);
	}
}

static void
load_clocks(struct hf_pw_load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "clocks", HF_JSON_ARRAY, false);

	if (hf_json_count(&l->d.json, list) > HF_PW_CLOCKS) {
		hf_doc_wrong(&l->d, list, "at most %d clocks", HF_PW_CLOCKS);
		return;
	}
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pw_clock *k = &l->p->clocks[l->p->n_clocks];

		hf_doc_only(&l->d, c,
			    "id title start stop since pausedIn when unless "
			    "limit calendar limits marks onBreach again");
		k->id = hf_doc_id(&l->d, c, "id", true);
		for (size_t i = 0; i < l->p->n_clocks; i++)
			if (strcmp(l->p->clocks[i].id, k->id) == 0)
				hf_doc_wrong(&l->d, c, "the clock \"%s\" stands twice",
					     k->id);
		k->title = hf_doc_text(&l->d, c, "title", false);
		k->start = on_of(l, c, "start");
		k->stop = on_of(l, c, "stop");
		k->paused_in = states_of(l, c, "pausedIn", false);
		k->when = hf_pw_load_guard(l, c, "when");
		k->unless = hf_pw_load_guard(l, c, "unless");
		load_since(l, c, k);
		k->again = hf_doc_bool(&l->d, c, "again", false);
		load_limits(l, c, k);
		load_marks(l, c, k);
		k->on_breach = hf_doc_ids(&l->d, c, "onBreach", false, &k->n_on_breach);
		k->line = hf_doc_line(&l->d, c);
		l->clock_lines[l->p->n_clocks] = c;
		l->p->n_clocks++;
	}
}

static bool
names_form(const struct hf_pathway *p, const char *id)
{
	for (size_t i = 0; i < p->n_forms; i++)
		if (strcmp(p->forms[i], id) == 0)
			return true;
	return false;
}

static void
load_tasks(struct hf_pw_load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "tasks", HF_JSON_ARRAY, false);

	l->p->tasks =
	    hf_doc_room(&l->d, hf_json_count(&l->d.json, list), sizeof *l->p->tasks);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pw_task *t;
		struct hf_duration due;

		if (!l->p->tasks)
			return;
		t = &l->p->tasks[l->p->n_tasks++];
		hf_doc_only(&l->d, c, "id title owner forms due");
		t->id = hf_doc_id(&l->d, c, "id", true);
		t->title = hf_doc_text(&l->d, c, "title", false);
		t->owner = hf_doc_id(&l->d, c, "owner", true);
		t->due = hf_doc_text(&l->d, c, "due", false);
		t->forms = hf_doc_ids(&l->d, c, "forms", false, &t->n_forms);
		for (size_t i = 0; i < t->n_forms; i++)
			if (!names_form(l->p, t->forms[i]))
				hf_doc_wrong(&l->d, c,
					     "the form \"%s\" is none of \"forms\"",
					     t->forms[i]);
		if (*t->due && !hf_duration_parse(hf_sv_from(t->due), &due))
			hf_doc_wrong(&l->d, c, "\"due\" is a duration as P2D");
		if (*t->owner && hf_pw_role(l->p, hf_sv_from(t->owner)) < 0)
			hf_doc_wrong(&l->d, c, "the owner \"%s\" is none of \"roles\"",
				     t->owner);
	}
}

static void
load_measures(struct hf_pw_load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "measures", HF_JSON_ARRAY, false);

	l->p->measures =
	    hf_doc_room(&l->d, hf_json_count(&l->d.json, list), sizeof *l->p->measures);
	HF_DOC_EACH(&l->d, c, list)
	{
		struct hf_pw_measure *m;
		struct hf_decimal target;

		if (!l->p->measures)
			return;
		m = &l->p->measures[l->p->n_measures++];
		hf_doc_only(&l->d, c, "id title num den exclude unit target");
		m->id = hf_doc_id(&l->d, c, "id", true);
		m->title = hf_doc_text(&l->d, c, "title", false);
		m->num = hf_doc_text(&l->d, c, "num", true);
		m->den = hf_doc_text(&l->d, c, "den", true);
		m->unit = hf_doc_text(&l->d, c, "unit", false);
		hf_doc_text(&l->d, c, "exclude", false);
		hf_doc_decimal(&l->d, c, "target", &target);
	}
}

static void
load_head(struct hf_pw_load *l)
{
	uint32_t approval, subject;
	struct hf_date date;

	hf_doc_text(&l->d, 0, "source", false);
	hf_doc_only(&l->d, 0,
		    "id version title status approval subject roles facts "
		    "enter exclude forms states events steps clocks tasks "
		    "measures source");
	l->p->id = hf_doc_id(&l->d, 0, "id", true);
	l->p->version = hf_doc_id(&l->d, 0, "version", true);
	l->p->title = hf_doc_text(&l->d, 0, "title", true);
	l->p->status = hf_doc_text(&l->d, 0, "status", true);
	if (strcmp(l->p->status, "draft") != 0 && strcmp(l->p->status, "active") != 0 &&
	    strcmp(l->p->status, "retired") != 0)
		hf_doc_wrong(&l->d, 0, "\"status\" is draft, active or retired");
	l->p->approved_by = l->p->approved_on = "";
	approval = hf_doc_member(&l->d, 0, "approval", HF_JSON_OBJECT, false);
	if (approval != HF_JSON_NONE) {
		hf_doc_only(&l->d, approval, "by role date nextReview");
		l->p->approved_by = hf_doc_text(&l->d, approval, "by", false);
		l->p->approved_on = hf_doc_text(&l->d, approval, "date", false);
		hf_doc_text(&l->d, approval, "role", false);
		hf_doc_text(&l->d, approval, "nextReview", false);
		if (*l->p->approved_on &&
		    (!hf_date_parse(hf_sv_from(l->p->approved_on), false, &date) ||
		     date.precision > HF_PREC_DAY))
			hf_doc_wrong(&l->d, approval,
				     "\"date\" is a date as 2026-06-01");
	}
	if (strcmp(l->p->status, "active") == 0 &&
	    (!*l->p->approved_by || !*l->p->approved_on))
		hf_doc_wrong(&l->d, 0,
			     "an active pathway says by whom and on which date "
			     "it was approved");
	subject = hf_doc_member(&l->d, 0, "subject", HF_JSON_OBJECT, false);
	l->p->age_max = 150;
	if (subject != HF_JSON_NONE) {
		hf_doc_only(&l->d, subject, "ageMin ageMax");
		l->p->age_min = (int)hf_doc_int(&l->d, subject, "ageMin", 0, 150, 0);
		l->p->age_max = (int)hf_doc_int(&l->d, subject, "ageMax", 0, 150, 150);
	}
	l->p->forms = hf_doc_ids(&l->d, 0, "forms", false, &l->p->n_forms);
	for (size_t i = 0; i < l->p->n_forms; i++)
		if (l->world && l->world->form && !l->world->form(l->p->forms[i]))
			hf_doc_wrong(&l->d, hf_json_member(&l->d.json, 0, "forms"),
				     "there is no form \"%s\"", l->p->forms[i]);
}

/* Steps by the state and event that they are for. */
static void
index_steps(struct hf_pw_load *l)
{
	struct hf_pathway *p = l->p;
	size_t n = 0;

	for (size_t i = 0; i < p->n_steps; i++)
		n += (size_t)__builtin_popcountll(p->steps[i].in);
	p->by_place = hf_doc_room(&l->d, n, sizeof *p->by_place);
	n = 0;
	for (size_t s = 0; s < p->n_states && p->by_place; s++) {
		for (size_t e = 0; e < p->n_events; e++) {
			p->place[s][e] = (uint16_t)n;
			for (size_t i = 0; i < p->n_steps; i++)
				if (p->steps[i].event == e && (p->steps[i].in >> s & 1))
					p->by_place[n++] = (uint16_t)i;
		}
		p->place[s][p->n_events] = (uint16_t)n;
	}
}

enum hf_rc
hf_pathway_load(const char *name, struct hf_sv text, const struct hf_pw_world *world,
		struct hf_arena *arena, struct hf_issues *issues,
		struct hf_pathway **out, struct hf_err *err)
{
	struct hf_pw_load l = {.world = world};
	enum hf_rc rc;
	size_t before = issues->errors;

	l.p = HF_NEW(arena, struct hf_pathway);
	if (!l.p)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		load_head(&l);
		load_roles(&l);
		load_states(&l);
		load_facts(&l);
		load_events(&l);
		name_variables(&l);
	}
	/* Without its names the rest would only repeat that they are missing. */
	if (issues->errors == before && !l.d.full) {
		l.p->enter = load_guards(&l, "enter", &l.p->n_enter);
		l.p->exclude = load_guards(&l, "exclude", &l.p->n_exclude);
		load_steps(&l);
		load_clocks(&l);
		load_tasks(&l);
		load_measures(&l);
	}
	if (issues->errors == before && !l.d.full)
		index_steps(&l);
	if (issues->errors == before && !l.d.full)
		hf_pw_check(&l);
	rc = hf_doc_close(&l.d, err);
	for (size_t i = 0; rc != HF_OK && i < l.n_paths; i++)
		hf_path_free(l.paths[i]);
	if (rc == HF_OK)
		*out = l.p;
	return rc;
}

static void
free_guards(struct hf_pw_guard *guards, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hf_path_free(guards[i].path);
}

void
hf_pathway_free(struct hf_pathway *p)
{
	if (!p)
		return;
	free_guards(p->enter, p->n_enter);
	free_guards(p->exclude, p->n_exclude);
	for (size_t i = 0; i < p->n_steps; i++)
		hf_path_free(p->steps[i].when.path);
	for (size_t i = 0; i < p->n_clocks; i++) {
		hf_path_free(p->clocks[i].when.path);
		hf_path_free(p->clocks[i].unless.path);
		for (size_t k = 0; k < p->clocks[i].n_limits; k++)
			hf_path_free(p->clocks[i].limits[k].when.path);
	}
}

/* migrate.c - running instances and another version of their pathway. */
#include "pathway/migrate.h"

struct check {
	struct hf_doc d; /* the rules; .json.n 0: none */
	const struct hf_pathway *from, *to;
	struct hf_pw_migration *m;
	struct hf_issues *issues;
};

static int
find_clock(const struct hf_pathway *p, struct hf_sv id)
{
	for (size_t i = 0; i < p->n_clocks; i++)
		if (hf_sv_eq(id, hf_sv_from(p->clocks[i].id)))
			return (int)i;
	return -1;
}

/* The three kinds of things that have to be somewhere in the new version. */
static const struct kind {
	const char *member, *what;
	int (*find)(const struct hf_pathway *p, struct hf_sv id);
	bool may_go; /* null is a rule */
} kinds[] = {
    {"states", "state", hf_pw_state, false},
    {"events", "event", hf_pw_event, true},
    {"clocks", "clock", find_clock, true},
};

enum { STATES, EVENTS, CLOCKS };

static uint8_t *
map_of(struct hf_pw_migration *m, size_t kind)
{
	return kind == STATES ? m->states : kind == EVENTS ? m->events : m->clocks;
}

static size_t
count_of(const struct hf_pathway *p, size_t kind)
{
	return kind == STATES	? p->n_states
	       : kind == EVENTS ? p->n_events
				: p->n_clocks;
}

static const char *
id_of(const struct hf_pathway *p, size_t kind, size_t i)
{
	return kind == STATES	? p->states[i].id
	       : kind == EVENTS ? p->events[i]
				: p->clocks[i].id;
}

static void stranded(struct check *c, enum hf_severity severity, const char *fmt,
		     const char *id) __attribute__((format(printf, 3, 0)));

static void
stranded(struct check *c, enum hf_severity severity, const char *fmt, const char *id)
{
	char text[300];

	snprintf(text, sizeof text, fmt, id);
	hf_issue_add(c->issues, severity, "business-rule", hf_sv_from(c->to->id), "%s",
		     text);
}

/* ---- rules ---- */

static void
read_rule(struct check *c, uint32_t node, size_t kind, bool *said)
{
	const struct kind *k = &kinds[kind];
	struct hf_sv old = hf_json_key(&c->d.json, node), new;
	int from = k->find(c->from, old), to;

	if (from < 0) {
		hf_doc_wrong(&c->d, node, "%s has no %s \"%.*s\"", c->from->version,
			     k->what, HF_SV_ARG(old));
		return;
	}
	said[from] = true;
	if (k->may_go && hf_json_type(&c->d.json, node) == HF_JSON_NULL)
		return;
	new = hf_json_str(&c->d.json, node, c->d.arena);
	to = new.p ? k->find(c->to, new) : -1;
	if (to < 0)
		hf_doc_wrong(&c->d, node, "the id of %s %s of %s is needed here%s",
			     *k->what == 'e' ? "an" : "a", k->what, c->to->version,
			     k->may_go ? ", or null" : "");
	else
		map_of(c->m, kind)[from] = (uint8_t)to;
}

static void
read_head(struct check *c)
{
	const char *id = hf_doc_id(&c->d, 0, "pathway", false);
	const char *from = hf_doc_id(&c->d, 0, "from", true);
	const char *to = hf_doc_id(&c->d, 0, "to", true);

	hf_doc_only(&c->d, 0, "pathway from to states events clocks");
	if (*id && strcmp(id, c->from->id) != 0)
		hf_doc_wrong(&c->d, 0, "these rules are for the pathway %s", id);
	if (*from && strcmp(from, c->from->version) != 0)
		hf_doc_wrong(&c->d, 0, "these rules begin with %s, not with %s", from,
			     c->from->version);
	if (*to && strcmp(to, c->to->version) != 0)
		hf_doc_wrong(&c->d, 0, "these rules lead to %s, not to %s", to,
			     c->to->version);
}

/* What has the same id needs no rule; said: there is a rule. */
static void
map_kind(struct check *c, size_t kind, bool *said)
{
	uint8_t *map = map_of(c->m, kind);

	memset(map, HF_PW_NOWHERE, count_of(c->from, kind));
	if (c->d.json.n) {
		uint32_t rules =
		    hf_doc_member(&c->d, 0, kinds[kind].member, HF_JSON_OBJECT, false);

		HF_DOC_EACH(&c->d, r, rules)
		read_rule(c, r, kind, said);
	}
	for (size_t i = 0; i < count_of(c->from, kind); i++) {
		int same = kinds[kind].find(c->to, hf_sv_from(id_of(c->from, kind, i)));

		if (!said[i] && same >= 0)
			map[i] = (uint8_t)same;
	}
}

/* ---- what would be stranded ---- */

static void
check_states(struct check *c, const bool *said)
{
	for (size_t i = 0; i < c->from->n_states; i++) {
		const char *id = c->from->states[i].id;
		uint8_t to = c->m->states[i];

		if (c->from->states[i].kind == HF_PW_END)
			continue; /* nothing runs there */
		if (to == HF_PW_NOWHERE && !said[i])
			stranded(
			    c, HF_SEV_ERROR,
			    "instances in the state \"%s\" would be stranded: it is "
			    "not there any more, and no rule says where they go",
			    id);
		else if (to != HF_PW_NOWHERE && c->to->states[to].kind == HF_PW_END)
			stranded(c, HF_SEV_ERROR,
				 "instances in the state \"%s\" would come to an end "
				 "without an event",
				 id);
	}
}

static bool
same_limits(const struct hf_pw_clock *a, const struct hf_pw_clock *b)
{
	if (a->n_limits != b->n_limits)
		return false;
	for (size_t i = 0; i < a->n_limits; i++)
		if (strcmp(a->limits[i].text, b->limits[i].text) != 0 ||
		    a->limits[i].calendar != b->limits[i].calendar ||
		    strcmp(a->limits[i].when.text, b->limits[i].when.text) != 0)
			return false;
	return true;
}

static void
check_others(struct check *c, const bool *events, const bool *clocks)
{
	for (size_t i = 0; i < c->from->n_events; i++)
		if (c->m->events[i] == HF_PW_NOWHERE && !events[i])
			stranded(
			    c, HF_SEV_ERROR,
			    "instances that had the event \"%s\" would be stranded: "
			    "it is not there any more, and no rule says what it is",
			    c->from->events[i]);
	for (size_t i = 0; i < c->from->n_clocks; i++) {
		uint8_t to = c->m->clocks[i];

		if (to == HF_PW_NOWHERE && !clocks[i])
			stranded(
			    c, HF_SEV_ERROR,
			    "the clock \"%s\" of instances would be lost: it is not "
			    "there any more, and no rule says which it is",
			    c->from->clocks[i].id);
		for (size_t k = 0; k < i && to != HF_PW_NOWHERE; k++)
			if (c->m->clocks[k] == to)
				stranded(
				    c, HF_SEV_ERROR,
				    "the clock \"%s\" would become one with another",
				    c->from->clocks[i].id);
		if (to != HF_PW_NOWHERE &&
		    !same_limits(&c->from->clocks[i], &c->to->clocks[to]))
			stranded(c, HF_SEV_WARNING,
				 "the clock \"%s\" has another limit now; those that "
				 "run keep the time they were given",
				 c->from->clocks[i].id);
	}
}

enum hf_rc
hf_pw_migrate_check(const struct hf_pathway *from, const struct hf_pathway *to,
		    const char *name, struct hf_sv rules, struct hf_arena *arena,
		    struct hf_issues *issues, struct hf_pw_migration *out,
		    struct hf_err *err)
{
	struct check c = {.from = from, .to = to, .m = out, .issues = issues};
	bool said[HF_COUNT(kinds)][HF_PW_STATES] = {0};
	size_t before = issues->errors;

	*out = (struct hf_pw_migration){.from = from, .to = to};
	if (strcmp(from->id, to->id) != 0)
		stranded(&c, HF_SEV_ERROR, "it is another pathway than %s", from->id);
	else if (strcmp(from->version, to->version) == 0)
		stranded(&c, HF_SEV_ERROR, "both are version %s", to->version);
	if (rules.n && hf_doc_open(&c.d, name, rules, arena, issues))
		read_head(&c);
	else
		c.d.json.n = 0;
	for (size_t i = 0; i < HF_COUNT(kinds); i++)
		map_kind(&c, i, said[i]);
	check_states(&c, said[STATES]);
	check_others(&c, said[EVENTS], said[CLOCKS]);
	if (c.d.full)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, to->id, "%zu things stand against it",
			       issues->errors - before);
	return HF_OK;
}

/* ---- one instance ---- */

/* The limit of the new clock that is the one the run has; else its last, which holds
 * for all that are left. */
static uint8_t
limit_for(const struct hf_pw_limit *old, const struct hf_pw_clock *clock)
{
	for (size_t i = 0; i < clock->n_limits; i++)
		if (strcmp(old->text, clock->limits[i].text) == 0 &&
		    old->calendar == clock->limits[i].calendar)
			return (uint8_t)i;
	return (uint8_t)(clock->n_limits - 1);
}

/* Marks that fired, by their ids. */
static uint16_t
marks_for(const struct hf_pw_clock *old, uint16_t fired, const struct hf_pw_clock *new)
{
	uint16_t marks = 0;

	for (size_t i = 0; i < old->n_marks; i++)
		for (size_t k = 0; k < new->n_marks; k++)
			if ((fired >> i & 1) &&
			    strcmp(old->marks[i].id, new->marks[k].id) == 0)
				marks = (uint16_t)(marks | 1u << k);
	return marks;
}

/* False when the clock is none of the new version's and has stopped: its story stays
 * with the events. */
static bool
take_run(const struct hf_pw_migration *m, const struct hf_pw_run *r,
	 struct hf_pw_run *out)
{
	const struct hf_pw_clock *old = &m->from->clocks[r->clock], *new;

	if (m->clocks[r->clock] == HF_PW_NOWHERE)
		return false;
	new = &m->to->clocks[m->clocks[r->clock]];
	*out = *r;
	out->clock = m->clocks[r->clock];
	out->limit = limit_for(&old->limits[r->limit], new);
	out->marks = marks_for(old, r->marks, new);
	return true;
}

/* A clock under a state that pauses it in one version alone: it stands, or goes on. */
static void
pause_or_not(const struct hf_pw_migration *m, struct hf_pw_run *r, uint8_t state,
	     hf_time at)
{
	bool pause = m->to->clocks[r->clock].paused_in >> state & 1;

	if (pause && r->state == HF_RUN_RUNNING) {
		r->state = HF_RUN_PAUSED;
		r->paused_at = at;
	} else if (!pause && r->state == HF_RUN_PAUSED) {
		r->paused_ms += at - r->paused_at;
		r->due += r->due == HF_TIME_MAX ? 0 : at - r->paused_at;
		r->state = HF_RUN_RUNNING;
	}
}

enum hf_rc
hf_pw_migrate(const struct hf_pw_migration *m, const struct hf_pw_instance *in,
	      hf_time at, struct hf_pw_instance *out, struct hf_err *err)
{
	struct hf_pw_instance new = *in;

	if (in->ended)
		return hf_fail(err, HF_RULE, NULL,
			       "it has ended and stays with its version");
	assert(m->states[in->state] != HF_PW_NOWHERE &&
	       m->states[in->resume] != HF_PW_NOWHERE);
	new.state = m->states[in->state];
	new.resume = m->states[in->resume];
	memset(new.event_at, 0, sizeof new.event_at);
	for (size_t i = 0; i < m->from->n_events; i++) {
		uint8_t to = m->events[i];

		/* Two that are one now: the later counts. */
		if (to != HF_PW_NOWHERE && in->event_at[i] > new.event_at[to])
			new.event_at[to] = in->event_at[i];
	}
	new.n_runs = 0;
	for (size_t i = 0; i < in->n_runs; i++) {
		struct hf_pw_run *r = &new.runs[new.n_runs];

		if (!take_run(m, &in->runs[i], r))
			continue;
		pause_or_not(m, r, new.state, at);
		new.n_runs++;
	}
	*out = new;
	return HF_OK;
}

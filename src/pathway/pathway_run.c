/* pathway_run.c - instances moved by events and by time. */
#include "pathway/pathway.h"

static void
say(struct hf_pw_effects *out, enum hf_pw_effect_kind kind, hf_time at,
    const char *what)
{
	if (out->n < HF_PW_EFFECTS)
		out->items[out->n++] =
		    (struct hf_pw_effect){.kind = kind, .at = at, .what = what};
}

static void
say_run(struct hf_pw_effects *out, enum hf_pw_effect_kind kind, hf_time at,
	const struct hf_pathway *p, const struct hf_pw_instance *in, size_t run)
{
	const struct hf_pw_run *r = &in->runs[run];

	if (out->n < HF_PW_EFFECTS)
		out->items[out->n++] = (struct hf_pw_effect){
		    .kind = kind,
		    .at = at,
		    .what = p->clocks[r->clock].id,
		    .run = (uint8_t)run,
		    .due = r->due,
		};
}

/* ---- guards ---- */

/* The variables a guard may ask; gives how many.  Days are counted for those alone
 * that ask them: the calendar takes longer than all the rest. */
static size_t
fill_vars(const struct hf_pathway *p, const struct hf_pw_instance *in,
	  const struct hf_pw_facts *facts, hf_time now, bool days,
	  struct hf_path_var *vars, struct hf_pv *numbers)
{
	int64_t today = days ? hf_london_day(now) : 0;
	size_t n = 0;

	for (size_t i = 0; i < p->n_facts; i++, n++)
		vars[n] =
		    (struct hf_path_var){p->vars[n], facts ? &facts->values[i] : NULL,
					 facts && (facts->known >> i & 1) ? 1 : 0};
	numbers[0] = (struct hf_pv){.kind = HF_PV_INT, .i = facts ? facts->age : -1};
	vars[n] = (struct hf_path_var){p->vars[n], &numbers[0],
				       facts && facts->age >= 0 ? 1 : 0};
	n++;
	for (size_t i = 0; days && i < p->n_events; i++, n++) {
		hf_time at = in ? in->event_at[i] : 0;

		numbers[i + 1] = (struct hf_pv){
		    .kind = HF_PV_INT, .i = at ? today - hf_london_day(at) : 0};
		vars[n] = (struct hf_path_var){p->vars[n], &numbers[i + 1], at ? 1 : 0};
	}
	return n;
}

int
hf_pw_holds(const struct hf_pathway *p, const struct hf_pw_guard *g,
	    const struct hf_pw_instance *in, const struct hf_pw_facts *facts,
	    hf_time now, struct hf_arena *scratch)
{
	static const char nothing[] = "{}";
	struct hf_path_var vars[HF_PW_FACTS + HF_PW_EVENTS + 1];
	struct hf_pv numbers[HF_PW_EVENTS + 1];
	struct hf_json_node node = {.type = HF_JSON_OBJECT, .next = 1};
	struct hf_json doc = {.text = nothing, .nodes = &node, .n = 1};
	struct hf_path_env env = {.doc = &doc, .vars = vars, .now = now};
	struct hf_pvs result = {0};

	if (!g->path)
		return 1;
	env.n_vars = fill_vars(p, in, facts, now, g->days, vars, numbers);
	if (hf_path_eval(g->path, &env, scratch, &result, NULL) != HF_OK ||
	    result.n != 1 || result.items[0].kind != HF_PV_BOOL)
		return -1;
	return result.items[0].b;
}

int
hf_pw_fits(const struct hf_pathway *p, const struct hf_pw_facts *facts,
	   struct hf_arena *scratch)
{
	int fits = p->n_enter ? 0 : 1;

	if (facts->age >= 0 && (facts->age < p->age_min || facts->age > p->age_max))
		return 0;
	for (size_t i = 0; i < p->n_enter && fits != 1; i++) {
		int v = hf_pw_holds(p, &p->enter[i], NULL, facts, 0, scratch);

		fits = v == 1 ? 1 : v < 0 ? -1 : fits;
	}
	/* What is not known about a reason to leave somebody out is to be asked. */
	for (size_t i = 0; i < p->n_exclude && fits != 0; i++) {
		int v = hf_pw_holds(p, &p->exclude[i], NULL, facts, 0, scratch);

		fits = v == 1 ? 0 : v < 0 ? -1 : fits;
	}
	return facts->age < 0 && fits == 1 && (p->age_min > 0 || p->age_max < 150)
		   ? -1
		   : fits;
}

/* ---- clocks ---- */

static bool
is_open(const struct hf_pw_run *r)
{
	return r->state == HF_RUN_RUNNING || r->state == HF_RUN_PAUSED;
}

static const struct hf_pw_limit *
limit_of(const struct hf_pathway *p, const struct hf_pw_run *r)
{
	return &p->clocks[r->clock].limits[r->limit];
}

/* When mark k of a run is due; HF_TIME_MAX when it will not come. */
static hf_time
mark_due(const struct hf_pathway *p, const struct hf_pw_run *r, size_t k)
{
	const struct hf_pw_mark *m = &p->clocks[r->clock].marks[k];

	if (r->state != HF_RUN_RUNNING || (r->marks >> k & 1) || r->due == HF_TIME_MAX)
		return HF_TIME_MAX;
	if (m->after_ms)
		return r->start + r->paused_ms + m->after_ms;
	return r->start + (r->due - r->start) / 1000 * m->share;
}

static hf_time
breach_due(const struct hf_pw_run *r)
{
	/* A limit of 120 minutes is kept at 120 minutes and 0 seconds (C1). */
	return r->state == HF_RUN_RUNNING && !r->breached && r->due != HF_TIME_MAX
		   ? r->due + 1
		   : HF_TIME_MAX;
}

hf_time
hf_pw_next(const struct hf_pathway *p, const struct hf_pw_instance *in)
{
	hf_time next = HF_TIME_MAX;

	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *r = &in->runs[i];
		hf_time at = breach_due(r);

		next = at < next ? at : next;
		for (size_t k = 0; k < p->clocks[r->clock].n_marks; k++) {
			at = mark_due(p, r, k);
			next = at < next ? at : next;
		}
	}
	return next;
}

static void
breach(const struct hf_pathway *p, struct hf_pw_instance *in, size_t run, hf_time at,
       struct hf_pw_effects *out)
{
	const struct hf_pw_clock *c = &p->clocks[in->runs[run].clock];

	in->runs[run].breached = true;
	say_run(out, HF_PW_BREACHED, at, p, in, run);
	for (size_t i = 0; i < c->n_on_breach; i++)
		say(out, HF_PW_ACTION, at, c->on_breach[i]);
}

static void
mark(const struct hf_pathway *p, struct hf_pw_instance *in, size_t run, size_t k,
     hf_time at, struct hf_pw_effects *out)
{
	const struct hf_pw_mark *m = &p->clocks[in->runs[run].clock].marks[k];

	in->runs[run].marks = (uint16_t)(in->runs[run].marks | 1u << k);
	if (m->in && !(m->in >> in->state & 1))
		return; /* its moment has passed in another state */
	say(out, HF_PW_MARKED, at, m->id);
	for (size_t i = 0; i < m->n_actions; i++)
		say(out, HF_PW_ACTION, at, m->actions[i]);
}

/* What is due next, if it is due by now: fires it. */
static bool
tick_once(const struct hf_pathway *p, struct hf_pw_instance *in, hf_time now,
	  struct hf_pw_effects *out)
{
	hf_time first = HF_TIME_MAX;
	size_t run = 0, which = SIZE_MAX;

	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *r = &in->runs[i];

		for (size_t k = 0; k < p->clocks[r->clock].n_marks; k++) {
			hf_time at = mark_due(p, r, k);

			if (at < first) {
				first = at;
				run = i;
				which = k;
			}
		}
		if (breach_due(r) < first) {
			first = breach_due(r);
			run = i;
			which = SIZE_MAX;
		}
	}
	if (first > now)
		return false;
	if (which == SIZE_MAX)
		breach(p, in, run, first, out);
	else
		mark(p, in, run, which, first, out);
	return true;
}

void
hf_pw_tick(const struct hf_pathway *p, struct hf_pw_instance *in, hf_time now,
	   struct hf_pw_effects *out)
{
	while (tick_once(p, in, now, out))
		;
}

static void
stop_run(const struct hf_pathway *p, struct hf_pw_instance *in, size_t run, hf_time at,
	 enum hf_pw_run_state state, enum hf_pw_effect_kind kind,
	 struct hf_pw_effects *out)
{
	struct hf_pw_run *r = &in->runs[run];

	if (r->state == HF_RUN_PAUSED)
		r->paused_ms += at - r->paused_at;
	r->state = (uint8_t)state;
	r->stopped = at;
	say_run(out, kind, at, p, in, run);
}

static void
resume_run(const struct hf_pathway *p, struct hf_pw_instance *in, size_t run,
	   hf_time at, const struct hf_hours *hours, struct hf_pw_effects *out)
{
	struct hf_pw_run *r = &in->runs[run];
	const struct hf_pw_limit *l = limit_of(p, r);

	r->paused_ms += at - r->paused_at;
	r->state = HF_RUN_RUNNING;
	/* What was left when it paused is what is left now. */
	if (r->due != HF_TIME_MAX && !r->breached) {
		struct hf_duration left = {
		    .ms = hf_counted(r->paused_at, r->due, l->calendar, hours)};

		r->due = left.ms > 0 ? hf_due(at, &left, l->calendar, hours)
				     : r->due + (at - r->paused_at);
	}
	say_run(out, HF_PW_CLOCK_RESUMED, at, p, in, run);
}

static bool
matches(const struct hf_pw_on *on, int event, int entered)
{
	return (event >= 0 && (on->events >> event & 1)) ||
	       (entered >= 0 && (on->states >> entered & 1));
}

static size_t
pick_limit(const struct hf_pathway *p, const struct hf_pw_clock *c,
	   const struct hf_pw_instance *in, const struct hf_pw_asked *a,
	   struct hf_arena *scratch)
{
	size_t i = 0;

	while (i + 1 < c->n_limits &&
	       hf_pw_holds(p, &c->limits[i].when, in, a->facts, a->at, scratch) != 1)
		i++;
	return i;
}

/* A run that has ended makes room for a new one when there is none left. */
static int
room_for_run(struct hf_pw_instance *in)
{
	if (in->n_runs < HF_PW_RUNS)
		return in->n_runs++;
	for (int i = 0; i < HF_PW_RUNS; i++)
		if (!is_open(&in->runs[i]))
			return i;
	return -1;
}

static void
start_clock(const struct hf_pathway *p, struct hf_pw_instance *in, size_t clock,
	    const struct hf_pw_asked *a, struct hf_arena *scratch,
	    struct hf_pw_effects *out)
{
	const struct hf_pw_clock *c = &p->clocks[clock];
	struct hf_pw_run r = {.clock = (uint8_t)clock, .start = a->at};
	int at;

	for (size_t i = 0; i < in->n_runs; i++) {
		if (in->runs[i].clock != clock || !is_open(&in->runs[i]))
			continue;
		if (!c->again)
			return; /* it runs already */
		stop_run(p, in, i, a->at, HF_RUN_SUPERSEDED, HF_PW_CLOCK_SUPERSEDED,
			 out);
	}
	if (hf_pw_holds(p, &c->when, in, a->facts, a->at, scratch) != 1 ||
	    (c->unless.path &&
	     hf_pw_holds(p, &c->unless, in, a->facts, a->at, scratch) == 1))
		return;
	r.limit = (uint8_t)pick_limit(p, c, in, a, scratch);
	if (a->event >= 0 && c->since[a->event] && in->event_at[c->since[a->event] - 1])
		r.start = in->event_at[c->since[a->event] - 1];
	r.due = hf_due(r.start, &c->limits[r.limit].limit, c->limits[r.limit].calendar,
		       a->hours);
	at = room_for_run(in);
	if (at < 0)
		return;
	in->runs[at] = r;
	say_run(out, HF_PW_CLOCK_STARTED, a->at, p, in, (size_t)at);
}

/* Stops, pauses, resumes and starts clocks after an event that led to entered. */
static void
move_clocks(const struct hf_pathway *p, struct hf_pw_instance *in,
	    const struct hf_pw_asked *a, int entered, struct hf_arena *scratch,
	    struct hf_pw_effects *out)
{
	for (size_t i = 0; i < in->n_runs; i++) {
		struct hf_pw_run *r = &in->runs[i];
		const struct hf_pw_clock *c = &p->clocks[r->clock];
		bool pause = c->paused_in >> in->state & 1;

		if (!is_open(r))
			continue;
		if (matches(&c->stop, a->event, entered))
			stop_run(p, in, i, a->at,
				 r->breached ? HF_RUN_LATE : HF_RUN_MET,
				 HF_PW_CLOCK_STOPPED, out);
		else if (c->unless.path &&
			 hf_pw_holds(p, &c->unless, in, a->facts, a->at, scratch) == 1)
			stop_run(p, in, i, a->at, HF_RUN_ENDED, HF_PW_CLOCK_ENDED, out);
		else if (in->ended)
			stop_run(p, in, i, a->at,
				 r->breached ? HF_RUN_LATE : HF_RUN_ENDED,
				 HF_PW_CLOCK_ENDED, out);
		else if (pause && r->state == HF_RUN_RUNNING) {
			r->state = HF_RUN_PAUSED;
			r->paused_at = a->at;
			say_run(out, HF_PW_CLOCK_PAUSED, a->at, p, in, i);
		} else if (!pause && r->state == HF_RUN_PAUSED) {
			resume_run(p, in, i, a->at, a->hours, out);
		}
	}
	for (size_t c = 0; c < p->n_clocks && !in->ended; c++)
		if (matches(&p->clocks[c].start, a->event, entered))
			start_clock(p, in, c, a, scratch, out);
}

/* ---- steps ---- */

static enum hf_rc
role_missing(const struct hf_pathway *p, const struct hf_pw_step *s, struct hf_err *err)
{
	char roles[200] = "";
	size_t n = 0;

	for (size_t i = 0; i < p->n_roles && n + 70 < sizeof roles; i++)
		if (s->by >> i & 1)
			n += (size_t)snprintf(roles + n, sizeof roles - n, "%s%s",
					      n ? " or " : "", p->roles[i]);
	return hf_fail(err, HF_RULE, s->id, "%s is for the role %s", s->id, roles);
}

/* The step for an event here, or why there is none. */
static enum hf_rc
find_step(const struct hf_pathway *p, const struct hf_pw_instance *in,
	  const struct hf_pw_asked *a, struct hf_arena *scratch, int *step,
	  struct hf_err *err)
{
	const struct hf_pw_step *refused = NULL;
	bool unknown = false, role = false;

	assert(a->event >= 0 && (size_t)a->event < p->n_events);
	for (size_t i = p->place[in->state][a->event];
	     i < p->place[in->state][a->event + 1]; i++) {
		const struct hf_pw_step *s = &p->steps[p->by_place[i]];
		int holds;

		/* 0 in .by: nobody's own doing, so anybody's system may tell of it. */
		if (s->by && !(s->by & a->roles)) {
			if (!refused)
				refused = s;
			role = role || refused == s;
			continue;
		}
		holds = hf_pw_holds(p, &s->when, in, a->facts, a->at, scratch);
		if (holds == 1) {
			*step = p->by_place[i];
			return HF_OK;
		}
		if (!refused || role) {
			refused = s;
			role = false;
		}
		unknown = unknown || holds < 0;
	}
	if (!refused)
		return hf_fail(err, HF_RULE, NULL, "%s is not possible in the state %s",
			       p->events[a->event], p->states[in->state].id);
	if (role)
		return role_missing(p, refused, err);
	return hf_fail(err, HF_RULE, refused->id, "%s %s: %s", refused->id,
		       unknown ? "needs to know more" : "does not apply",
		       refused->when.text);
}

enum hf_rc
hf_pw_may(const struct hf_pathway *p, const struct hf_pw_instance *in,
	  const struct hf_pw_asked *a, struct hf_arena *scratch, int *step,
	  struct hf_err *err)
{
	if (in->ended)
		return hf_fail(err, HF_RULE, NULL, "it has ended: %s",
			       p->states[in->state].id);
	if (a->at < in->last)
		return hf_fail(err, HF_RULE, NULL,
			       "it would stand before what happened last");
	return find_step(p, in, a, scratch, step, err);
}

enum hf_rc
hf_pw_fire(const struct hf_pathway *p, struct hf_pw_instance *in,
	   const struct hf_pw_asked *a, struct hf_arena *scratch,
	   struct hf_pw_effects *out, struct hf_err *err)
{
	const struct hf_pw_step *s;
	uint8_t from = in->state, to;
	int step = -1, entered;
	enum hf_rc rc = hf_pw_may(p, in, a, scratch, &step, err);

	if (rc != HF_OK)
		return rc;
	out->n = 0;
	out->step = step;
	s = &p->steps[step];
	hf_pw_tick(p, in, a->at, out);
	to = s->to == HF_PW_RESUME ? in->resume : s->to;
	if (s->interrupts && !in->interrupted)
		in->resume = from;
	in->interrupted = s->interrupts;
	say(out, HF_PW_MOVED, a->at, s->id);
	entered = to != from || s->to != HF_PW_RESUME ? to : -1;
	in->state = to;
	in->ended = p->states[to].kind == HF_PW_END;
	in->entered = a->at;
	in->last = a->at;
	in->event_at[a->event] = a->at;
	in->n_fired++;
	move_clocks(p, in, a, entered, scratch, out);
	/* A clock that counts from an earlier event may have run out already. */
	hf_pw_tick(p, in, a->at, out);
	for (size_t i = 0; i < s->n_actions; i++)
		say(out, HF_PW_ACTION, a->at, s->actions[i]);
	return HF_OK;
}

enum hf_rc
hf_pw_begin(const struct hf_pathway *p, const struct hf_pw_asked *a,
	    struct hf_arena *scratch, struct hf_pw_instance *out,
	    struct hf_pw_effects *effects, struct hf_err *err)
{
	struct hf_pw_asked begun = *a;

	(void)err;
	*out = (struct hf_pw_instance){
	    .state = p->start, .resume = p->start, .entered = a->at, .last = a->at};
	effects->n = 0;
	effects->step = -1;
	begun.event = -1;
	move_clocks(p, out, &begun, p->start, scratch, effects);
	return HF_OK;
}

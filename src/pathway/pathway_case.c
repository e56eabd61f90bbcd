/* pathway_case.c - the test bench: given, when, then beside each definition. */
#include "pathway/pathway.h"

#include <stdarg.h>

struct bench {
	struct hf_doc d;
	const struct hf_pathway *p;
	struct hf_pw_case_report *report;
	struct hf_arena scratch;
	/* of the case that runs */
	struct hf_pw_instance in;
	struct hf_pw_facts facts;
	struct hf_pw_effects effects;
	struct hf_hours hours;
	hf_time start, now;
	bool failed;
};

static void fails(struct bench *b, uint32_t node, const char *fmt, ...) HF_PRINTF(3, 4);

static void
fails(struct bench *b, uint32_t node, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	hf_doc_wrong(&b->d, node, "%s", text);
	b->failed = true;
}

/* ---- facts ---- */

static bool
value_of(struct bench *b, uint32_t node, struct hf_pv *out)
{
	struct hf_sv raw = hf_json_raw(&b->d.json, node);

	*out = (struct hf_pv){0};
	switch (hf_json_type(&b->d.json, node)) {
	case HF_JSON_TRUE:
	case HF_JSON_FALSE:
		out->kind = HF_PV_BOOL;
		out->b = hf_json_type(&b->d.json, node) == HF_JSON_TRUE;
		return true;
	case HF_JSON_NUMBER:
		out->kind = hf_sv_int(raw, &out->i) ? HF_PV_INT : HF_PV_DECIMAL;
		out->text = raw;
		return true;
	case HF_JSON_STRING:
		out->kind = HF_PV_STRING;
		out->text = hf_json_str(&b->d.json, node, b->d.arena);
		return true;
	default:
		return false;
	}
}

/* null takes a fact away again. */
static void
take_facts(struct bench *b, uint32_t object)
{
	uint32_t facts = hf_doc_member(&b->d, object, "facts", HF_JSON_OBJECT, false);

	HF_DOC_EACH(&b->d, c, facts)
	{
		int fact = hf_pw_fact(b->p, hf_json_key(&b->d.json, c));

		if (fact < 0)
			fails(b, c, "the pathway has no fact %.*s",
			      HF_SV_ARG(hf_json_key(&b->d.json, c)));
		else if (value_of(b, c, &b->facts.values[fact]))
			b->facts.known |= (hf_pw_set)1 << fact;
		else
			b->facts.known &= ~((hf_pw_set)1 << fact);
	}
}

/* ---- what is expected ---- */

static void
expect_state(struct bench *b, uint32_t object)
{
	const char *want = hf_doc_text(&b->d, object, "state", false);

	if (*want && strcmp(want, b->p->states[b->in.state].id) != 0)
		fails(b, object, "the state is %s, not %s",
		      b->p->states[b->in.state].id, want);
}

static bool
was_done(const struct bench *b, enum hf_pw_effect_kind kind, const char *what)
{
	for (size_t i = 0; i < b->effects.n; i++)
		if (b->effects.items[i].kind == kind &&
		    strcmp(b->effects.items[i].what, what) == 0)
			return true;
	return false;
}

static void
expect_effects(struct bench *b, uint32_t object, const char *name,
	       enum hf_pw_effect_kind kind)
{
	size_t n;
	const char **ids = hf_doc_ids(&b->d, object, name, false, &n);

	for (size_t i = 0; i < n; i++) {
		bool absent = ids[i][0] == '-';

		if (was_done(b, kind, ids[i] + absent) == absent)
			fails(b, object, "%s: %s came%s", name, ids[i] + absent,
			      absent ? "" : " not");
	}
}

static const char *const run_words[] = {"running", "paused", "met",
					"late",	   "ended",  "superseded"};

/* The newest run of a clock; NULL when it never began. */
static const struct hf_pw_run *
newest_run(const struct bench *b, struct hf_sv clock)
{
	const struct hf_pw_run *found = NULL;

	for (size_t i = 0; i < b->in.n_runs; i++)
		if (hf_sv_eq(clock, hf_sv_from(b->p->clocks[b->in.runs[i].clock].id)))
			found = &b->in.runs[i];
	return found;
}

static void
expect_clocks(struct bench *b, uint32_t object)
{
	uint32_t clocks = hf_doc_member(&b->d, object, "clocks", HF_JSON_OBJECT, false);
	uint32_t due = hf_doc_member(&b->d, object, "due", HF_JSON_OBJECT, false);

	HF_DOC_EACH(&b->d, c, clocks)
	{
		const struct hf_pw_run *r = newest_run(b, hf_json_key(&b->d.json, c));
		struct hf_sv want = hf_json_str(&b->d.json, c, b->d.arena);
		const char *is = r ? run_words[r->state] : "none";

		if (!hf_sv_eq(want, hf_sv_from(is)))
			fails(b, c, "the clock %.*s is %s, not %.*s",
			      HF_SV_ARG(hf_json_key(&b->d.json, c)), is,
			      HF_SV_ARG(want));
	}
	HF_DOC_EACH(&b->d, c, due)
	{
		const struct hf_pw_run *r = newest_run(b, hf_json_key(&b->d.json, c));
		struct hf_sv want = hf_json_str(&b->d.json, c, b->d.arena);
		struct hf_date date;
		char text[32];

		if (!hf_date_parse(want, true, &date))
			fails(b, c, "a time is needed here");
		else if (!r || r->due != date.lo)
			fails(b, c, "the clock %.*s is due %s, not %.*s",
			      HF_SV_ARG(hf_json_key(&b->d.json, c)),
			      r ? hf_time_format(r->due, text, sizeof text) : "never",
			      HF_SV_ARG(want));
	}
}

static void
expect(struct bench *b, uint32_t object)
{
	expect_state(b, object);
	expect_effects(b, object, "actions", HF_PW_ACTION);
	expect_effects(b, object, "marks", HF_PW_MARKED);
	expect_effects(b, object, "breached", HF_PW_BREACHED);
	expect_clocks(b, object);
}

/* ---- what happens ---- */

static bool
move_time(struct bench *b, uint32_t object)
{
	const char *after = hf_doc_text(&b->d, object, "after", false);
	const char *at = hf_doc_text(&b->d, object, "at", false);
	struct hf_duration d;
	struct hf_date date;

	if (*after && !hf_duration_parse(hf_sv_from(after), &d)) {
		fails(b, object, "\"after\" is a duration as PT5M");
		return false;
	}
	if (*after)
		b->now = hf_due(b->now, &d, HF_CALENDAR_CALENDAR, NULL);
	if (*at && !hf_date_parse(hf_sv_from(at), true, &date)) {
		fails(b, object, "\"at\" is a time");
		return false;
	}
	if (*at)
		b->now = date.lo;
	return true;
}

static void
fire(struct bench *b, uint32_t object, const char *event)
{
	uint32_t refused = hf_json_member(&b->d.json, object, "refused");
	const char *step = hf_doc_text(&b->d, object, "step", false);
	struct hf_pw_asked a = {.at = b->now, .facts = &b->facts, .hours = &b->hours};
	struct hf_err err = {0};
	size_t n;
	const char **by = hf_doc_ids(&b->d, object, "by", false, &n);
	enum hf_rc rc;

	a.event = hf_pw_event(b->p, hf_sv_from(event));
	if (a.event < 0) {
		fails(b, object, "the pathway has no event %s", event);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int role = hf_pw_role(b->p, hf_sv_from(by[i]));

		if (role < 0)
			fails(b, object, "the pathway has no role %s", by[i]);
		else
			a.roles |= (hf_pw_set)1 << role;
	}
	hf_arena_reset(&b->scratch);
	rc = hf_pw_fire(b->p, &b->in, &a, &b->scratch, &b->effects, &err);
	if (refused != HF_JSON_NONE &&
	    hf_json_type(&b->d.json, refused) == HF_JSON_TRUE) {
		if (rc == HF_OK)
			fails(b, object, "%s was not refused", event);
		return;
	}
	if (rc != HF_OK) {
		fails(b, object, "%s was refused: %s", event, err.text);
		return;
	}
	b->report->covered[b->effects.step / 64] |= (hf_pw_set)1
						    << b->effects.step % 64;
	if (*step && strcmp(step, b->p->steps[b->effects.step].id) != 0)
		fails(b, object, "the step %s was taken, not %s",
		      b->p->steps[b->effects.step].id, step);
}

static void
run_step(struct bench *b, uint32_t object)
{
	const char *on = hf_doc_text(&b->d, object, "on", false);

	hf_doc_only(&b->d, object,
		    "after at on by facts refused step state actions marks "
		    "breached clocks due");
	if (!move_time(b, object))
		return;
	take_facts(b, object);
	b->effects.n = 0;
	if (*on)
		fire(b, object, on);
	else
		hf_pw_tick(b->p, &b->in, b->now, &b->effects);
	expect(b, object);
}

/* "08:00" as minutes of the day; -1 when it is none. */
static int
minute_of(struct hf_sv s)
{
	int64_t h, m;

	if (s.n != 5 || s.p[2] != ':' || !hf_sv_int((struct hf_sv){s.p, 2}, &h) ||
	    !hf_sv_int(hf_sv_from_at(s, 3), &m) || h < 0 || h > 24 || m < 0 || m > 59 ||
	    h * 60 + m > 1440)
		return -1;
	return (int)(h * 60 + m);
}

/* Open from "08:00-20:00" each day; all day without. */
static void
take_hours(struct bench *b, uint32_t object)
{
	struct hf_sv to = hf_sv_from(hf_doc_text(&b->d, object, "open", false));
	struct hf_sv from = hf_sv_cut(&to, '-');
	int first = minute_of(from), last = minute_of(to);

	b->hours = hf_hours_always;
	if (from.n == 0)
		return;
	if (first < 0 || last <= first) {
		fails(b, object, "\"open\" is as 08:00-20:00");
		return;
	}
	for (size_t i = 0; i < 7; i++)
		b->hours.week[i] = (struct hf_open_day){
		    .spans = {{(int16_t)first, (int16_t)last}}, .n = 1};
}

static void
run_case(struct bench *b, uint32_t object)
{
	const char *at = hf_doc_text(&b->d, object, "at", true);
	uint32_t steps = hf_doc_member(&b->d, object, "when", HF_JSON_ARRAY, true);
	uint32_t then = hf_doc_member(&b->d, object, "then", HF_JSON_OBJECT, false);
	struct hf_pw_asked a = {.facts = &b->facts, .hours = &b->hours};
	struct hf_date date;

	hf_doc_only(&b->d, object, "title at age open facts when then");
	hf_doc_text(&b->d, object, "title", true);
	b->failed = false;
	b->facts = (struct hf_pw_facts){
	    .age = (int)hf_doc_int(&b->d, object, "age", 0, 150, -1)};
	take_facts(b, object);
	take_hours(b, object);
	if (!hf_date_parse(hf_sv_from(at), true, &date)) {
		fails(b, object, "\"at\" is a time");
		return;
	}
	b->now = b->start = date.lo;
	a.at = b->now;
	hf_arena_reset(&b->scratch);
	hf_pw_begin(b->p, &a, &b->scratch, &b->in, &b->effects, NULL);
	HF_DOC_EACH(&b->d, c, steps)
	{
		if (hf_json_type(&b->d.json, c) == HF_JSON_OBJECT && !b->failed)
			run_step(b, c);
	}
	if (then != HF_JSON_NONE && !b->failed) {
		hf_doc_only(&b->d, then, "state clocks due");
		expect_state(b, then);
		expect_clocks(b, then);
	}
}

enum hf_rc
hf_pw_cases(const struct hf_pathway *p, const char *name, struct hf_sv text,
	    struct hf_arena *arena, struct hf_issues *issues,
	    struct hf_pw_case_report *report, struct hf_err *err)
{
	struct bench *b = HF_NEW(arena, struct bench);
	size_t before = issues->errors;
	uint32_t cases;

	*report = (struct hf_pw_case_report){0};
	if (!b)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	b->p = p;
	b->report = report;
	b->scratch.cap = 4 << 20;
	if (!hf_doc_open(&b->d, name, text, arena, issues))
		return hf_fail(err, HF_INVALID, name, "it cannot be read");
	hf_doc_only(&b->d, 0, "pathway cases");
	if (strcmp(hf_doc_id(&b->d, 0, "pathway", true), p->id) != 0)
		hf_doc_wrong(&b->d, 0, "these are not the cases of %s", p->id);
	cases = hf_doc_member(&b->d, 0, "cases", HF_JSON_ARRAY, true);
	HF_DOC_EACH(&b->d, c, cases)
	{
		size_t was = issues->errors;

		if (hf_json_type(&b->d.json, c) != HF_JSON_OBJECT) {
			hf_doc_wrong(&b->d, c, "a case is an object");
			continue;
		}
		report->cases++;
		run_case(b, c);
		report->failed += issues->errors > was;
	}
	hf_arena_free(&b->scratch);
	return issues->errors == before
		   ? HF_OK
		   : hf_fail(err, HF_INVALID, name, "%zu of %zu cases fail",
			     report->failed, report->cases);
}

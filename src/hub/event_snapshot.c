/* event_snapshot.c - an instance as it stands, by the ids of its pathway. */
#include "hub/event.h"

#include "base/time.h"

static const char *const run_words[] = {"running", "paused", "met",
					"late",	   "ended",  "superseded"};

static void
put_time(struct hf_jw *w, const char *name, hf_time at)
{
	/* As a number: a limit that never comes has no date. */
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, at);
}

static void
put_run(struct hf_jw *w, const struct hf_pathway *p, const struct hf_pw_run *r)
{
	const struct hf_pw_clock *c = &p->clocks[r->clock];

	hf_jw_obj(w);
	hf_jw_field(w, "clock", hf_sv_from(c->id));
	hf_jw_field(w, "state", hf_sv_from(run_words[r->state]));
	put_time(w, "limit", r->limit);
	put_time(w, "breached", r->breached);
	put_time(w, "start", r->start);
	put_time(w, "due", r->due);
	put_time(w, "pausedAt", r->paused_at);
	put_time(w, "stopped", r->stopped);
	put_time(w, "pausedMs", r->paused_ms);
	hf_jw_member(w, "marks");
	hf_jw_arr(w);
	for (size_t i = 0; i < c->n_marks; i++)
		if (r->marks >> i & 1)
			hf_jw_str(w, hf_sv_from(c->marks[i].id));
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_snapshot_write(const struct hf_pathway *p, const struct hf_pw_instance *in,
		  struct hf_jw *w)
{
	hf_jw_field(w, "state", hf_sv_from(p->states[in->state].id));
	hf_jw_field(w, "resume", hf_sv_from(p->states[in->resume].id));
	put_time(w, "interrupted", in->interrupted);
	put_time(w, "fired", in->n_fired);
	put_time(w, "entered", in->entered);
	put_time(w, "last", in->last);
	hf_jw_member(w, "events");
	hf_jw_obj(w);
	for (size_t i = 0; i < p->n_events; i++)
		if (in->event_at[i])
			put_time(w, p->events[i], in->event_at[i]);
	hf_jw_obj_end(w);
	hf_jw_member(w, "runs");
	hf_jw_arr(w);
	for (size_t i = 0; i < in->n_runs; i++)
		put_run(w, p, &in->runs[i]);
	hf_jw_arr_end(w);
}

/* ---- reading ---- */

struct reading {
	const struct hf_pathway *p;
	struct hf_json doc;
	struct hf_arena *arena;
	bool wrong;
};

static int64_t
number_of(struct reading *r, uint32_t node, const char *name)
{
	uint32_t n = hf_json_get(&r->doc, node, hf_sv_from(name));
	int64_t v = 0;

	if (n == HF_JSON_NONE || hf_json_type(&r->doc, n) != HF_JSON_NUMBER ||
	    !hf_sv_int(hf_json_raw(&r->doc, n), &v))
		r->wrong = true;
	return v;
}

static struct hf_sv
text_of(struct reading *r, uint32_t node, const char *name)
{
	return hf_json_str(&r->doc, hf_json_get(&r->doc, node, hf_sv_from(name)),
			   r->arena);
}

static uint8_t
state_of(struct reading *r, const char *name)
{
	int state = hf_pw_state(r->p, text_of(r, 0, name));

	if (state < 0)
		r->wrong = true;
	return state < 0 ? r->p->start : (uint8_t)state;
}

static void
read_marks(struct reading *r, uint32_t node, struct hf_pw_run *run)
{
	const struct hf_pw_clock *c = &r->p->clocks[run->clock];
	uint32_t list = hf_json_get(&r->doc, node, HF_SV("marks"));

	if (list == HF_JSON_NONE || hf_json_type(&r->doc, list) != HF_JSON_ARRAY) {
		r->wrong = true;
		return;
	}
	for (uint32_t m = list + 1; m < r->doc.nodes[list].next;
	     m = r->doc.nodes[m].next)
		for (size_t i = 0; i < c->n_marks; i++)
			if (hf_sv_eq(hf_json_str(&r->doc, m, r->arena),
				     hf_sv_from(c->marks[i].id)))
				run->marks = (uint16_t)(run->marks | 1u << i);
}

static void
read_run(struct reading *r, uint32_t node, struct hf_pw_instance *out)
{
	struct hf_sv clock = text_of(r, node, "clock"),
		     state = text_of(r, node, "state");
	struct hf_pw_run run = {.clock = 255, .state = 255};
	int64_t limit = number_of(r, node, "limit");

	for (size_t i = 0; i < r->p->n_clocks; i++)
		if (hf_sv_eq(clock, hf_sv_from(r->p->clocks[i].id)))
			run.clock = (uint8_t)i;
	for (size_t i = 0; i < HF_COUNT(run_words); i++)
		if (hf_sv_eq(state, hf_sv_from(run_words[i])))
			run.state = (uint8_t)i;
	if (run.clock == 255 || run.state == 255 || limit < 0 ||
	    (size_t)limit >= r->p->clocks[run.clock].n_limits ||
	    out->n_runs == HF_PW_RUNS) {
		r->wrong = true;
		return;
	}
	run.limit = (uint8_t)limit;
	run.breached = number_of(r, node, "breached") != 0;
	run.start = number_of(r, node, "start");
	run.due = number_of(r, node, "due");
	run.paused_at = number_of(r, node, "pausedAt");
	run.stopped = number_of(r, node, "stopped");
	run.paused_ms = number_of(r, node, "pausedMs");
	read_marks(r, node, &run);
	out->runs[out->n_runs++] = run;
}

static void
read_events(struct reading *r, struct hf_pw_instance *out)
{
	uint32_t list = hf_json_get(&r->doc, 0, HF_SV("events"));

	for (uint32_t c = list + 1; list != HF_JSON_NONE && c < r->doc.nodes[list].next;
	     c = r->doc.nodes[c].next) {
		int event = hf_pw_event(r->p, hf_json_key(&r->doc, c));
		int64_t at = 0;

		if (event < 0 || !hf_sv_int(hf_json_raw(&r->doc, c), &at))
			r->wrong = true;
		else
			out->event_at[event] = at;
	}
}

enum hf_rc
hf_snapshot_read(const struct hf_pathway *p, struct hf_sv text, struct hf_arena *arena,
		 struct hf_pw_instance *out, struct hf_err *err)
{
	struct reading r = {.p = p, .arena = arena};
	uint32_t runs;
	enum hf_rc rc = hf_json_parse(text, NULL, arena, &r.doc, err);

	if (rc)
		return rc;
	*out = (struct hf_pw_instance){0};
	out->state = state_of(&r, "state");
	out->resume = state_of(&r, "resume");
	out->interrupted = number_of(&r, 0, "interrupted") != 0;
	out->n_fired = (uint32_t)number_of(&r, 0, "fired");
	out->entered = number_of(&r, 0, "entered");
	out->last = number_of(&r, 0, "last");
	out->ended = p->states[out->state].kind == HF_PW_END;
	read_events(&r, out);
	runs = hf_json_get(&r.doc, 0, HF_SV("runs"));
	if (runs == HF_JSON_NONE || hf_json_type(&r.doc, runs) != HF_JSON_ARRAY)
		r.wrong = true;
	for (uint32_t c = runs + 1; !r.wrong && c < r.doc.nodes[runs].next;
	     c = r.doc.nodes[c].next)
		read_run(&r, c, out);
	return r.wrong ? hf_fail(err, HF_INVALID, "Task.input",
				 "what was taken over does not fit %s %s", p->id,
				 p->version)
		       : HF_OK;
}

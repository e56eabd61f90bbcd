/* effects.c - what follows from an event: the resources that stand beside the Task. */
#include "hub/io/hub_int.h"

#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

enum { PARTS_MOST = 12 }; /* open alerts that one event closes */

static struct hf_sv
given_text(const struct hub_moving *m, const struct hf_hub_event *e, const char *name)
{
	struct hf_json doc;

	if (e->given.n == 0 ||
	    hf_json_parse(e->given, NULL, m->arena, &doc, NULL) != HF_OK)
		return nothing;
	return hf_json_str(&doc, hf_json_get(&doc, 0, hf_sv_from(name)), m->arena);
}

static struct hf_sv
fact_text(const struct hub_moving *m, const struct hf_hub_event *e, const char *name)
{
	struct hf_json doc;

	if (e->facts.n == 0 ||
	    hf_json_parse(e->facts, NULL, m->arena, &doc, NULL) != HF_OK)
		return nothing;
	return hf_json_str(&doc, hf_json_get(&doc, 0, hf_sv_from(name)), m->arena);
}

static bool
fact_true(const struct hub_moving *m, const struct hf_hub_event *e, const char *name)
{
	struct hf_json doc;
	uint32_t node;

	if (e->facts.n == 0 ||
	    hf_json_parse(e->facts, NULL, m->arena, &doc, NULL) != HF_OK)
		return false;
	node = hf_json_get(&doc, 0, hf_sv_from(name));
	return node != HF_JSON_NONE && hf_json_type(&doc, node) == HF_JSON_TRUE;
}

/* ---- parts ---- */

static void
add_part(struct hub_moving *m, const struct hf_build_part *part)
{
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	hf_build_part(&m->b, part);
	hf_work_add(m->w, out, m->hub->task, NULL);
}

static bool
open_part(struct hub_moving *m, const char *kind, size_t skip, struct hub_beside *out)
{
	return hf_beside(m->w, m->plain, m->shelf, m->hub->task, "partOf.reference",
			 m->b.task, kind, "requested", skip, out);
}

static void
close_part(struct hub_moving *m, const struct hub_beside *part, const char *status,
	   const char *list, struct hf_sv code, struct hf_sv text)
{
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	hf_build_part_moved(&m->b, &part->doc, status, list, code, text);
	hf_work_put(m->w, out, m->hub->task, part->v.id, part->v.e.version);
}

/* What is being alerted to, or asked to be done at once, is looked after when somebody
 * has moved the referral on. */
static void
close_alerts(struct hub_moving *m)
{
	struct hub_beside part;

	for (size_t i = 0; i < PARTS_MOST && open_part(m, "alert", i, &part); i++)
		close_part(m, &part, "completed", "", nothing, nothing);
	for (size_t i = 0; i < PARTS_MOST && open_part(m, "work", i, &part); i++)
		close_part(m, &part, "completed", "", nothing, nothing);
}

static void
close_offer(struct hub_moving *m, const char *status, struct hf_sv reason)
{
	const struct hf_hub_word *word = hf_hub_word(HF_HUB_DECLINES, reason);
	struct hub_beside part;

	if (open_part(m, "offer", 0, &part))
		close_part(m, &part, status, "decline-reason", reason,
			   word ? hf_sv_from(word->text) : nothing);
}

/* ---- what an action asks for ---- */

static void
notify(struct hub_moving *m, const struct hf_hub_event *e)
{
	const struct hf_pathway *p = m->hub->p;
	int event = hf_pw_event(p, e->event);
	struct hf_sv alternative = given_text(m, e, "alternative");
	struct hf_sv advice = given_text(m, e, "advice");
	const struct hf_hub_word *why =
	    hf_hub_word(HF_HUB_REJECTIONS, given_text(m, e, "reason"));
	struct hf_buf text = {.cap = 16384};
	struct hf_buf *out;

	hf_buf_printf(&text, "%s: %s.",
		      event >= 0 ? p->event_titles[event] : "Referral",
		      p->states[m->story.replay.in.state].title);
	if (why && hf_sv_is(e->event, "reject"))
		hf_buf_printf(&text, " Reason: %s.", why->text);
	if (alternative.n)
		hf_buf_printf(&text, " Instead: %.*s", HF_SV_ARG(alternative));
	if (advice.n)
		hf_buf_printf(&text, " Advice: %.*s", HF_SV_ARG(advice));
	if (e->note.n)
		hf_buf_printf(&text, " %.*s", HF_SV_ARG(e->note));
	out = m->b.out = hf_work_buf(m->w);
	hf_build_communication(&m->b, "notice", m->requester, m->requester_name,
			       hf_buf_view(&text));
	hf_work_add(m->w, out, hf_resource_find(HF_SV("Communication")), NULL);
	hf_buf_free(&text);
}

static void
alert(struct hub_moving *m, const char *role, const char *what)
{
	const struct hf_pathway *p = m->hub->p;
	const char *title = what;

	for (size_t i = 0; i < p->n_clocks; i++)
		if (strncmp(what, p->clocks[i].id, strlen(p->clocks[i].id)) == 0)
			title = p->clocks[i].title;
	add_part(m,
		 &(struct hf_build_part){
		     .kind = "alert",
		     .id = what,
		     .text = hf_arena_printf(m->arena, "%s: %s", title,
					     p->states[m->story.replay.in.state].title),
		     .role = role,
		     .due = HF_TIME_MAX});
}

static void
work(struct hub_moving *m, const char *id)
{
	const struct hf_pathway *p = m->hub->p;
	const struct hf_pw_task *t = NULL;
	struct hf_duration due;

	for (size_t i = 0; i < p->n_tasks; i++)
		if (strcmp(p->tasks[i].id, id) == 0)
			t = &p->tasks[i];
	add_part(m, &(struct hf_build_part){
			.kind = "work",
			.id = id,
			.text = hf_sv_from(t ? t->title : id),
			.role = t ? t->owner : "",
			.due = t && hf_duration_parse(hf_sv_from(t->due), &due)
				   ? hf_due(m->at, &due, HF_CALENDAR_CALENDAR, NULL)
				   : HF_TIME_MAX});
}

static void
call(struct hub_moving *m, const char *what)
{
	static const struct {
		const char *what, *text, *role;
	} calls[] = {
	    {"patient", "Call the person: are they safe? Then triage again",
	     "clinical-lead"},
	    {"999", "999 is to be called now, and stays on the line",
	     "triage-clinician"},
	};

	if (strcmp(what, "information-timeout") == 0)
		m->call_timeout = true;
	for (size_t i = 0; i < HF_COUNT(calls); i++)
		if (strcmp(what, calls[i].what) == 0)
			add_part(m, &(struct hf_build_part){
					.kind = "work",
					.id = calls[i].what,
					.text = hf_sv_from(calls[i].text),
					.role = calls[i].role,
					.due = m->at});
}

static void
breach(struct hub_moving *m, const char *clock)
{
	const struct hf_pathway *p = m->hub->p;
	const char *title = clock;

	for (size_t i = 0; i < p->n_clocks; i++)
		if (strcmp(p->clocks[i].id, clock) == 0)
			title = p->clocks[i].title;
	add_part(m, &(struct hf_build_part){.kind = "breach",
					    .id = clock,
					    .text = hf_sv_from(title),
					    .role = "clinical-lead",
					    .due = HF_TIME_MAX});
}

static void
offer(struct hub_moving *m, const struct hf_hub_event *e, const char *to)
{
	struct hf_sv id = e->team.n ? e->team : m->row.team;

	if (strcmp(to, "next") == 0) {
		m->offer_next = true;
		return;
	}
	add_part(m, &(struct hf_build_part){
			.kind = "offer",
			.id = "",
			.owner = hf_arena_printf(m->arena, "HealthcareService/%.*s",
						 HF_SV_ARG(id)),
			.owner_name = e->team_name.n ? e->team_name : m->row.team_name,
			.role = "team-member",
			.due = HF_TIME_MAX});
}

/* Another service has taken it: what is asked goes on as a request of its own that
 * replaces this one (transition 10). */
static void
refer(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hf_build_request r = {
	    .replaces = m->b.request,
	    .requester = m->requester,
	    .requester_name = m->requester_name,
	    .asked = m->row.urgency.n ? m->row.urgency : m->row.asked,
	    .service = m->row.service,
	    .condition = m->row.condition,
	    .problem = m->row.problem,
	    .performer = e->team.n ? hf_arena_printf(m->arena, "HealthcareService/%.*s",
						     HF_SV_ARG(e->team))
				   : nothing,
	};
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	hf_build_request(&m->b, &r);
	hf_work_add(m->w, out, m->hub->request, NULL);
}

static void
act(struct hub_moving *m, const struct hf_hub_event *e, const char *action,
    const char *because)
{
	const char *colon = strchr(action, ':');
	const char *arg = colon ? colon + 1 : "";

	if (strncmp(action, "notify:", 7) == 0)
		notify(m, e);
	else if (strncmp(action, "alert:", 6) == 0)
		alert(m, arg, because);
	else if (strncmp(action, "task:", 5) == 0)
		work(m, arg);
	else if (strncmp(action, "call:", 5) == 0)
		call(m, arg);
	else if (strncmp(action, "breach:", 7) == 0)
		breach(m, arg);
	else if (strncmp(action, "offer:", 6) == 0)
		offer(m, e, arg);
	else if (strncmp(action, "refer:", 6) == 0)
		refer(m, e);
}

/* ---- episode and contact ---- */

static struct hf_sv
team_org(struct hub_moving *m)
{
	const struct hf_team *team;
	struct hf_sv org = nothing;

	pthread_mutex_lock(&m->hub->lock);
	team = hf_hub_team(m->hub, m->row.team);
	if (team && team->provider.n)
		org = hf_arena_printf(m->arena, "Organization/%.*s",
				      HF_SV_ARG(team->provider));
	pthread_mutex_unlock(&m->hub->lock);
	return org;
}

static bool
episode(struct hub_moving *m, struct hub_beside *out)
{
	return hf_beside(m->w, m->plain, m->shelf, m->hub->episode,
			 "referralRequest.reference", m->b.request, NULL, "active", 0,
			 out);
}

static void
end_episode(struct hub_moving *m)
{
	struct hub_beside e;
	struct hf_buf *out;

	if (!episode(m, &e))
		return;
	out = m->b.out = hf_work_buf(m->w);
	hf_build_episode_end(&m->b, &e.doc);
	hf_work_put(m->w, out, m->hub->episode, e.v.id, e.v.e.version);
}

static void
start_episode(struct hub_moving *m)
{
	struct hub_beside e;
	struct hf_buf *out;

	if (episode(m, &e))
		return;
	out = m->b.out = hf_work_buf(m->w);
	hf_build_episode(&m->b, team_org(m), m->row.team_name);
	hf_work_add(m->w, out, m->hub->episode, NULL);
}

static void
start_contact(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hub_beside ep;
	struct hf_sv ref = nothing;
	struct hf_buf *out;

	if (episode(m, &ep))
		ref =
		    hf_arena_printf(m->arena, "EpisodeOfCare/%.*s", HF_SV_ARG(ep.v.id));
	out = m->b.out = hf_work_buf(m->w);
	hf_build_encounter(&m->b, team_org(m), ref, fact_true(m, e, "inPerson"));
	hf_work_add(m->w, out, m->hub->encounter, NULL);
}

static void
end_contact(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hub_beside c;
	struct hf_buf *out;

	if (!hf_beside(m->w, m->plain, m->shelf, m->hub->encounter, "basedOn.reference",
		       m->b.request, NULL, "in-progress", 0, &c))
		return;
	out = m->b.out = hf_work_buf(m->w);
	hf_build_encounter_end(&m->b, &c.doc, fact_text(m, e, "outcome"));
	hf_work_put(m->w, out, m->hub->encounter, c.v.id, c.v.e.version);
}

/* NEWS2 that was measured at the contact. */
static void
add_news2(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hf_score_value values[HUB_NEWS2];
	struct hf_score_result result;
	struct hf_json doc;
	uint32_t node;
	size_t n = 0;
	struct hf_buf *out;

	if (e->given.n == 0 ||
	    hf_json_parse(e->given, NULL, m->arena, &doc, NULL) != HF_OK)
		return;
	node = hf_json_member(&doc, 0, "news2");
	if (node == HF_JSON_NONE)
		return;
	n = hf_news2_values(&doc, node, m->arena, values);
	m->w->rc = m->w->rc ? m->w->rc
			    : hf_score_run(&m->hub->news2, e->age < 0 ? 18 : e->age,
					   values, n, &result, m->w->err);
	if (m->w->rc)
		return;
	out = m->b.out = hf_work_buf(m->w);
	hf_build_news2(&m->b, &m->hub->news2, values, n, &result, m->at);
	hf_work_add(m->w, out, hf_resource_find(HF_SV("Observation")), NULL);
}

static void
message(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hf_buf *out = m->b.out = hf_work_buf(m->w);

	hf_build_communication(&m->b, "message", nothing, nothing, e->note);
	hf_work_add(m->w, out, hf_resource_find(HF_SV("Communication")), NULL);
}

static void
breach_reason(struct hub_moving *m, const struct hf_hub_event *e)
{
	struct hf_sv clock = given_text(m, e, "clock"),
		     reason = given_text(m, e, "reason");
	const struct hf_hub_word *word = hf_hub_word(HF_HUB_BREACHES, reason);
	struct hub_beside part;

	for (size_t i = 0; i < PARTS_MOST && open_part(m, "breach", i, &part); i++)
		if (hf_sv_eq(hf_dig_text(&part.doc, 0, "identifier.value", m->arena),
			     clock)) {
			close_part(m, &part, "completed", "breach-reason", reason,
				   word ? hf_sv_from(word->text) : nothing);
			return;
		}
}

/* ---- all of them ---- */

static bool
state_is(const struct hub_moving *m, uint8_t state, const char *id)
{
	return strcmp(m->hub->p->states[state].id, id) == 0;
}

static void
write_beside(struct hub_moving *m, const struct hf_hub_event *e, uint8_t from)
{
	uint8_t to = m->story.replay.in.state;

	if (hf_sv_is(e->event, "team-accept"))
		close_offer(m, "accepted", nothing);
	else if (hf_sv_is(e->event, "team-decline"))
		close_offer(m, "rejected", given_text(m, e, "reason"));
	else if (state_is(m, from, "allocated"))
		close_offer(m, "cancelled", nothing);
	if (hf_sv_is(e->event, "team-decline") && m->row.refused.n >= 1)
		alert(m, "clinical-lead", "refused-twice"); /* */
	if (hf_sv_is(e->event, "safe-and-well") && state_is(m, to, "allocated"))
		offer(m, e, "team");
	if (state_is(m, to, "team-accepted"))
		start_episode(m);
	if (hf_sv_is(e->event, "start-contact"))
		start_contact(m, e);
	if (hf_sv_is(e->event, "record-outcome")) {
		end_contact(m, e);
		add_news2(m, e);
	}
	if (m->story.replay.in.ended || state_is(m, to, "accepted"))
		end_episode(m);
}

void
hf_effects_write(struct hub_moving *m, const struct hf_hub_event *e, uint8_t from)
{
	const struct hf_pw_effects *effects = &m->story.replay.effects;
	const char *because = "";

	m->call_timeout = m->offer_next = false;
	if (hf_sv_is(e->event, "@message"))
		message(m, e);
	if (hf_sv_is(e->event, "@breach"))
		breach_reason(m, e);
	if (effects->step >= 0) {
		close_alerts(m);
		write_beside(m, e, from);
	}
	for (size_t i = 0; i < effects->n; i++) {
		const struct hf_pw_effect *f = &effects->items[i];

		if (f->kind == HF_PW_MARKED || f->kind == HF_PW_BREACHED ||
		    f->kind == HF_PW_MOVED)
			because = f->what;
		if (f->kind == HF_PW_ACTION)
			act(m, e, f->what, because);
	}
}

/* amend.c - a newer version of what was asked: the event @amended of an open referral.
 *
 * It moves nothing by itself.  Boards show what the newest version says, and what was
 * said before stays as an older version of the answers. */
#include "hub/io/hub_int.h"

#include "record/person_text.h"

struct amending {
	struct hub_moving m;
	struct hub_submitting s;
	struct hf_sv before; /* what was shown */
};

/* ---- what was said, as the next version of the answers ---- */

static void
put_answers(struct amending *a)
{
	struct hub_moving *m = &a->m;
	hf_type_id type = hf_resource_find(HF_SV("QuestionnaireResponse"));
	struct hf_version v;
	struct hf_json doc;
	struct hf_sv ref, kind;
	struct hf_buf *out;

	if (m->request_id.n == 0 ||
	    hf_store_read(m->plain, HF_SV("ServiceRequest"), m->request_id, 0, m->arena,
			  &v, NULL) != HF_OK ||
	    hf_json_parse(v.body, NULL, m->arena, &doc, NULL) != HF_OK)
		return;
	ref = hf_dig_text(&doc, 0, "supportingInfo.reference", m->arena);
	kind = hf_sv_cut(&ref, '/');
	out = m->b.out = hf_work_buf(m->w);
	hf_build_answers(&m->b, a->s.in);
	if (hf_sv_is(kind, "QuestionnaireResponse") &&
	    hf_store_read(m->plain, kind, ref, 0, m->arena, &v, NULL) == HF_OK)
		hf_work_put(m->w, out, type, ref, v.e.version);
	else
		hf_work_add(m->w, out, type, NULL);
}

/* ---- flags that were not there before ---- */

static bool
was_flagged(struct amending *a, struct hf_sv category, struct hf_sv text)
{
	struct hf_json doc;
	uint32_t list;

	if (hf_json_parse(a->before, NULL, a->m.arena, &doc, NULL) != HF_OK)
		return false;
	list = hf_json_member(&doc, 0, "flags");
	for (uint32_t i = 0; i < hf_json_count(&doc, list); i++) {
		uint32_t one = hf_json_at(&doc, list, i);

		if (hf_sv_eq(hf_dig_text(&doc, one, "category", a->m.arena),
			     category) &&
		    hf_sv_eq(hf_dig_text(&doc, one, "text", a->m.arena), text))
			return true;
	}
	return false;
}

static void
add_flag(void *ctx, struct hf_sv category, struct hf_sv text)
{
	struct amending *a = ctx;
	struct hf_buf *out;

	if (was_flagged(a, category, text))
		return;
	out = a->m.b.out = hf_work_buf(a->m.w);
	hf_build_flag(&a->m.b, category, text);
	hf_work_add(a->m.w, out, hf_resource_find(HF_SV("Flag")), NULL);
}

/* ---- the event ---- */

static struct hf_sv
shown_before(const struct hf_story *story)
{
	for (size_t i = story->n; i > 0; i--)
		if (story->events[i - 1].shown.n)
			return story->events[i - 1].shown;
	return (struct hf_sv){0};
}

/* What was waited for has come. */
static enum hf_rc
go_on(struct amending *a, struct hf_err *err)
{
	struct hub_moving *m = &a->m;
	const struct hf_pathway *p = m->hub->p;
	struct hf_hub_event e = a->s.event;
	enum hf_rc rc;

	if (strcmp(p->states[m->story.replay.in.state].id, "info-requested") != 0)
		return HF_OK;
	e.event = HF_SV("supply-information");
	e.shown = (struct hf_sv){0};
	rc = hf_facts_make(m->hub, &m->story, e.event, (struct hf_sv){0}, e.facts,
			   m->arena, &e.facts, &e.given, err);
	return rc ? rc
		  : hf_moving_fire(m, &e, hf_hub_roles_for(m->hub, m->who, &m->row),
				   err);
}

static enum hf_rc
amend(struct amending *a, struct hf_sv id, struct hf_err *err)
{
	struct hub_moving *m = &a->m;
	struct hf_sv gap;
	enum hf_rc rc = hf_moving_read(m, id, err);

	if (rc)
		return rc;
	if (m->story.replay.in.ended)
		return hf_fail(err, HF_RULE, "event", "the referral has ended");
	/* Nothing stands before what is there: a clock that was set back. */
	if (m->at < m->story.events[m->story.n - 1].at)
		m->at = m->b.at = a->s.at = m->story.events[m->story.n - 1].at;
	a->before = shown_before(&m->story);
	a->s.plain = m->plain;
	rc = hf_submit_settle(&a->s, m->plain, &gap, err);
	if (rc)
		return rc;
	a->s.event.event = HF_SV("@amended");
	rc = hf_facts_make(m->hub, &m->story, a->s.event.event, (struct hf_sv){0},
			   a->s.event.facts, m->arena, &a->s.event.facts,
			   &a->s.event.given, err);
	if (rc == HF_OK)
		rc = hf_moving_fire(m, &a->s.event,
				    hf_hub_roles_for(m->hub, m->who, &m->row), err);
	if (rc == HF_OK)
		rc = go_on(a, err);
	if (rc)
		return rc;
	put_answers(a);
	hf_submit_flags(a->s.in, add_flag, a);
	return hf_moving_end(m, err);
}

enum hf_rc
hf_hub_amend(struct hf_hub *hub, const struct hf_hub_actor *who, struct hf_sv id,
	     const struct hf_intake *in, hf_time at, struct hf_arena *arena,
	     struct hf_hub_work **out, struct hf_err *err)
{
	struct amending a = {
	    .m = {.hub = hub, .who = who, .arena = arena, .at = at},
	    .s = {.hub = hub,
		  .arena = arena,
		  .who = who,
		  .in = in,
		  .at = at,
		  .news2 = -1},
	};
	enum hf_rc rc;

	a.m.work = hf_work_new(hub, who, at, arena, err);
	if (!a.m.work)
		return HF_TOO_LONG;
	a.m.w = hf_work_of(a.m.work);
	rc = hf_reader_get(hub->store, &a.m.plain, err);
	if (rc)
		return rc;
	rc = amend(&a, id, err);
	hf_reader_put(a.m.plain);
	if (rc)
		return rc;
	a.m.work->id = a.m.task.id;
	*out = a.m.work;
	return HF_OK;
}

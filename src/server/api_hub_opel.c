/* api_hub_opel.c - /api/hub/opel: the level of pressure that the hub goes by, what it
 * is made of, who set another one and why. */
#include "server/api_hub_lead.h"

#include "hub/io/opel.h"
#include "record/io/change.h"
#include "server/api_body.h"
#include "server/serve.h"

void hf_api_hub_opel(struct hf_call *call);
void hf_api_hub_opel_say(struct hf_call *call);

enum { HISTORY_MS = 7 * 24 * 3600000 };

static void
put_part(struct hf_jw *w, const struct hf_opel_pillar *p, size_t k,
	 const struct hf_opel_input *in, struct hf_arena *arena)
{
	char text[HF_DECIMAL_TEXT];
	size_t n = in->known ? hf_decimal_format(in->value, text) : 0;

	hf_jw_obj(w);
	hf_jw_field(w, "id",
		    hf_arena_printf(arena, "%s/%s", p->id, p->parameters[k].id));
	hf_jw_field(w, "title", hf_sv_from(p->parameters[k].title));
	hf_api_text(w, "unit", hf_sv_from(p->parameters[k].unit));
	if (n) {
		hf_jw_member(w, "value");
		hf_jw_raw(w, (struct hf_sv){text, n});
		hf_lead_put_number(w, "score", in->score);
		hf_lead_put_time(w, "at", in->at);
		hf_api_flag(w, "given", in->given);
		hf_api_text(w, "by", in->by);
	}
	hf_jw_obj_end(w);
}

/* What somebody set; nothing when nobody did. */
static void
put_set(struct hf_jw *w, const struct hf_opel_state *s)
{
	if (s->set.level == 0)
		return;
	hf_jw_member(w, "override");
	hf_jw_obj(w);
	hf_lead_put_number(w, "level", s->set.level);
	hf_lead_put_time(w, "at", s->set.at);
	hf_api_text(w, "by", s->set.by);
	hf_api_text(w, "reason", s->set.reason);
	hf_jw_obj_end(w);
}

static void
put_state(struct hf_call *call, struct hf_jw *w, const struct hf_opel_state *s)
{
	struct hf_hub *hub = call->server->hub;
	const struct hf_opel *o = hf_hub_opel_document(hub);
	struct hf_hub_actor who = hf_api_hub_actor(call);
	hf_time next = hf_hub_opel_next(hub);

	hf_jw_field(w, "title", hf_sv_from(o->title));
	hf_jw_member(w, "demonstration");
	hf_jw_bool(w, o->demonstration);
	hf_lead_put_number(w, "least", o->least);
	hf_lead_put_number(w, "level", s->level);
	hf_lead_put_number(w, "computed", s->computed);
	hf_lead_put_time(w, "recorded", s->at);
	hf_lead_put_time(w, "next", next == HF_TIME_MAX ? 0 : next);
	hf_api_flag(w, "mayChange", hf_hub_is_lead(hub, &who));
	put_set(w, s);
	hf_jw_member(w, "pillars");
	hf_jw_arr(w);
	for (size_t i = 0; i < o->n; i++) {
		hf_jw_obj(w);
		hf_jw_field(w, "title", hf_sv_from(o->pillars[i].title));
		hf_lead_put_number(w, "level", s->pillars[i].level);
		hf_lead_put_number(w, "known", s->pillars[i].known);
		hf_jw_member(w, "parts");
		hf_jw_arr(w);
		for (size_t k = 0; k < o->pillars[i].n; k++)
			put_part(w, &o->pillars[i], k, &s->inputs[i][k], call->arena);
		hf_jw_arr_end(w);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

enum hf_rc
hf_lead_put_opel(struct hf_lead_look *l, struct hf_err *err)
{
	struct hf_opel_state *s = HF_NEW(l->call->arena, struct hf_opel_state);
	enum hf_rc rc =
	    s ? hf_hub_opel(l->call->server->hub, l->call->now, l->call->arena, s, err)
	      : hf_fail(err, HF_TOO_LONG, NULL, "the answer is too long");

	if (rc)
		return rc;
	hf_jw_member(&l->w, "opel");
	hf_jw_obj(&l->w);
	put_state(l->call, &l->w, s);
	hf_jw_obj_end(&l->w);
	return HF_OK;
}

/* ---- GET /api/hub/opel ---- */

static enum hf_rc
look(struct hf_call *call, struct hf_opel_state *now, struct hf_opel_state **all,
     size_t *n, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_hub *hub = call->server->hub;
	enum hf_rc rc;

	if (!hf_api_hub_staff(call))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "this is for those who work at the hub");
	rc = hf_hub_opel(hub, call->now, arena, now, err);
	return rc ? rc
		  : hf_hub_opel_history(hub, call->now - HISTORY_MS, arena, all, n,
					err);
}

void
hf_api_hub_opel(struct hf_call *call)
{
	struct hf_arena arena = {.cap = 256 << 20};
	struct hf_opel_state now, *all = NULL;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (look(call, &now, &all, &n, &arena, &err) != HF_OK) {
		hf_api_fail(call, &err);
		hf_arena_free(&arena);
		return;
	}
	hf_api_begin(call, &w);
	hf_lead_put_time(&w, "at", call->now);
	put_state(call, &w, &now);
	hf_jw_member(&w, "history");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		hf_lead_put_time(&w, "at", all[i].at);
		hf_lead_put_number(&w, "level", all[i].level);
		hf_lead_put_number(&w, "computed", all[i].computed);
		put_set(&w, &all[i]);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(call);
	hf_arena_free(&arena);
}

/* ---- POST /api/hub/opel ---- */

static void
said(struct hf_call *call, struct hf_change *change)
{
	struct hf_hub_work *work = call->state;
	struct hf_hub *hub = call->server->hub;
	struct hf_opel_state s;
	struct hf_err err;
	struct hf_jw w;

	hf_hub_done(hub, work);
	if (change->rc != HF_OK) {
		hf_api_fail(call, &change->err);
		return;
	}
	call->audit_type = hf_resource_find(HF_SV("Observation"));
	call->audit_id = change->items[0].out_id;
	if (hf_hub_opel(hub, call->now, call->arena, &s, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_lead_put_time(&w, "at", call->now);
	put_state(call, &w, &s);
	hf_api_end(call);
}

void
hf_api_hub_opel_say(struct hf_call *call)
{
	struct hf_hub *hub = call->server->hub;
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_opel_said *what = HF_NEW(call->arena, struct hf_opel_said);
	struct hf_hub_work *work = NULL;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	call->audit_type = hf_resource_find(HF_SV("Observation"));
	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "inputs override", &doc, &err);
	if (rc == HF_OK && !what)
		rc = hf_fail(&err, HF_TOO_LONG, NULL, "the answer is too long");
	if (rc == HF_OK)
		rc = hf_opel_said_read(hf_hub_opel_document(hub), &doc, call->arena,
				       what, &err);
	if (rc == HF_OK)
		rc = hf_hub_opel_say(hub, &who, what, call->now, call->arena, &work,
				     &err);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->state = work;
	hf_call_commit(call, &work->change, said);
}

/* api_drafts.c - what this user has typed and not sent yet, kept sealed. */
#include <sodium.h>

#include "access/io/keys.h"
#include "record/io/draft.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/serve.h"
#include "server/sharing_write.h"
#include "server/sign.h"

void hf_api_drafts(struct hf_call *call);
void hf_api_draft(struct hf_call *call);
void hf_api_draft_put(struct hf_call *call);
void hf_api_draft_drop(struct hf_call *call);

struct act {
	struct hf_draft_by by;
	struct hf_sv name, sealed;
	bool drop;
	enum hf_rc rc;
	struct hf_err err;
};

/* Drafts are of people who sit at a page. */
static bool
is_somebody(struct hf_call *c)
{
	struct hf_err err;

	if (c->actor->kind == HF_ACTOR_PERSON || c->actor->kind == HF_ACTOR_TRIAL)
		return true;
	hf_fail(&err, HF_FORBIDDEN, NULL,
		"drafts are kept for people, not for systems");
	hf_api_fail(c, &err);
	return false;
}

/* What a sealed body is bound to. */
static struct hf_sv
bound_to(struct hf_call *c)
{
	return hf_arena_printf(c->arena, "draft/%.*s/%.*s", HF_SV_ARG(c->actor->id),
			       HF_SV_ARG(c->arg[0]));
}

static const struct hf_account_keys *
keys_of(struct hf_call *c)
{
	return hf_sessions_keys(c->server->sign->sessions);
}

/* ---- reading ---- */

void
hf_api_drafts(struct hf_call *c)
{
	struct hf_draft *items;
	struct hf_err err;
	struct hf_jw w;
	size_t n;

	if (!hf_api_no_params(c) || !is_somebody(c))
		return;
	if (hf_draft_list(c->reader, c->actor->id, c->arena, &items, &n, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "drafts");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		hf_jw_obj(&w);
		hf_jw_field(&w, "key", items[i].name);
		hf_write_time(&w, "at", items[i].at);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* A draft of another key, or damaged, is no draft. */
static enum hf_rc
open_draft(struct hf_call *c, struct hf_draft *d, struct hf_sv *body,
	   struct hf_err *err)
{
	unsigned char *plain;
	size_t n;
	enum hf_rc rc =
	    hf_draft_get(c->reader, c->actor->id, c->arg[0], c->arena, d, err);

	if (rc)
		return rc;
	if (d->body.n <= HF_SEALED_MORE)
		return hf_fail(err, HF_NOT_FOUND, NULL, "the draft cannot be read");
	n = d->body.n - HF_SEALED_MORE;
	plain = hf_arena_alloc(c->arena, n);
	if (!plain)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the draft");
	if (hf_account_unseal(keys_of(c), bound_to(c), d->body, plain, n, err) != HF_OK)
		return hf_fail(err, HF_NOT_FOUND, NULL, "the draft cannot be read");
	*body = (struct hf_sv){(char *)plain, n};
	return HF_OK;
}

void
hf_api_draft(struct hf_call *c)
{
	struct hf_draft d;
	struct hf_sv body;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(c) || !is_somebody(c))
		return;
	if (open_draft(c, &d, &body, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "key", c->arg[0]);
	hf_write_time(&w, "at", d.at);
	hf_jw_member(&w, "body");
	hf_jw_raw(&w, body); /* was parsed before it was kept */
	hf_api_end(c);
}

/* ---- writing ---- */

static void
run(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;

	a->rc = a->drop ? hf_draft_drop(c->store, &a->by, a->name, &a->err)
			: hf_draft_put(c->store, &a->by, a->name, a->sealed, &a->err);
}

static void
answer(struct hf_call *c, void *ctx)
{
	const struct act *a = ctx;
	struct hf_jw w;

	if (a->rc) {
		hf_api_fail(c, &a->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_api_flag(&w, "kept", !a->drop);
	if (!a->drop)
		hf_write_time(&w, "at", c->now);
	hf_api_end(c);
}

static void
start(struct hf_call *c, struct act *a)
{
	a->name = c->arg[0];
	a->by = (struct hf_draft_by){.owner = c->actor->id,
				     .purpose = c->actor->purpose,
				     .trace = hf_call_trace(c)};
	hf_call_work(c, c->server->sign->desk, run, answer, hf_api_fail, a);
}

static enum hf_rc
seal(struct hf_call *c, struct act *a, struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = HF_DRAFT_BYTES, .depth = 32, .nodes = 20000};
	struct hf_sv body = hf_req_body(c->req);
	struct hf_json doc;
	enum hf_rc rc;

	if (hf_media_of(hf_req_header(c->req, "Content-Type")) != HF_MEDIA_JSON)
		return hf_fail(err, HF_MEDIA, NULL,
			       "send it as JSON, with Content-Type: application/json");
	rc = hf_json_parse(body, &limits, c->arena, &doc, err);
	if (rc)
		return rc;
	if (hf_json_type(&doc, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL, "send one JSON object");
	a->sealed =
	    hf_account_seal(keys_of(c), bound_to(c), hf_json_raw(&doc, 0), c->arena);
	return a->sealed.p ? HF_OK : hf_fail(err, HF_BUSY, NULL, "no memory now");
}

void
hf_api_draft_put(struct hf_call *c)
{
	struct act *a = HF_NEW(c->arena, struct act);
	struct hf_err err;

	if (!hf_api_no_params(c) || !is_somebody(c))
		return;
	if ((a ? seal(c, a, &err) : hf_fail(&err, HF_BUSY, NULL, "no memory now")) !=
	    HF_OK)
		hf_api_fail(c, &err);
	else
		start(c, a);
}

void
hf_api_draft_drop(struct hf_call *c)
{
	struct act *a = HF_NEW(c->arena, struct act);
	struct hf_err err;

	if (!hf_api_no_params(c) || !is_somebody(c))
		return;
	if (!a) {
		hf_fail(&err, HF_BUSY, NULL, "no memory now");
		hf_api_fail(c, &err);
		return;
	}
	a->drop = true;
	start(c, a);
}

/* fhir_write.c - create, update and delete of one resource, also conditional.
 *
 * A change is made ready in the request's thread, then waits for the committer
 * while the thread serves others.  A condition is looked up before and checked
 * again by the committer: when the answer has changed meanwhile it is done again. */
#include "fhir/validate.h"
#include "record/io/change.h"
#include "server/fhir.h"
#include "server/query.h"

void hf_fhir_create(struct hf_call *call);
void hf_fhir_update(struct hf_call *call);
void hf_fhir_update_if(struct hf_call *call);
void hf_fhir_delete(struct hf_call *call);
void hf_fhir_delete_if(struct hf_call *call);

enum { ROUNDS_MAX = 8 }; /* how often a condition is looked up again */

struct write {
	struct hf_json doc;
	struct hf_issues issues;
	struct hf_change change;
	struct hf_change_item item;
	/* the condition */
	bool conditional;
	struct hf_params params;
	struct hf_sv body_id; /* update: the id the resource carries, if any */
	enum hf_op asked;
	unsigned rounds;
};

static struct write *
new_write(struct hf_call *c, hf_type_id type, enum hf_op op)
{
	struct write *w = HF_NEW(c->arena, struct write);

	assert(w); /* see new_call() */
	w->issues.arena = c->arena;
	w->asked = op;
	w->item = (struct hf_change_item){.op = op, .type = type};
	return w;
}

static void
start_change(struct hf_call *c, struct write *w)
{
	w->change = (struct hf_change){
	    .arena = c->arena,
	    .actor = c->actor->id,
	    .base = c->base,
	    .purpose = c->actor->purpose,
	    .source = HF_SV("fhir"),
	    .items = &w->item,
	    .n = 1,
	    .issues = &w->issues,
	};
}

static void
failed(struct hf_call *c, struct write *w, enum hf_rc rc, const struct hf_err *err)
{
	if (w->issues.errors)
		hf_call_fail_issues(c, rc, &w->issues);
	else
		hf_call_fail(c, err);
}

/* ---- the answer ---- */

static void
reply_outcome(struct hf_call *c, struct write *w, int status)
{
	struct hf_buf *out = hf_req_buf(c->req);

	out->n = 0;
	if (w->issues.n == 0)
		hf_issue_add(&w->issues, HF_SEV_INFO, "informational", HF_SV(""),
			     "done: version %u", w->item.version);
	hf_outcome_write(out, &w->issues);
	hf_call_reply_buf(c, status);
}

static void
reply_version(struct hf_call *c, struct write *w, int status, hf_type_id type,
	      struct hf_sv id, uint32_t version)
{
	struct hf_version v = {.at = 0};
	struct hf_sv location = hf_fhir_location(c, type, id, version);
	struct hf_err err;
	enum hf_rc rc;

	c->audit_id = id;
	rc = hf_store_read(c->reader, hf_sv_from(hf_type_get(type)->name), id, version,
			   c->arena, &v, &err);
	/* Who may write it and not read it (a scope of c and u) is told where it is. */
	if (rc == HF_NOT_FOUND && hf_reader_is_viewed(c->reader)) {
		v.e.version = version;
		v.at = w->change.at;
		c->prefer.ret = HF_RETURN_MINIMAL;
	} else if (rc) {
		hf_call_fail(c, &err);
		return;
	}
	hf_fhir_version_headers(c, v.e.version, v.at);
	hf_call_header(c, "Location",
		       hf_arena_printf(c->arena, "%.*s/%.*s", HF_SV_ARG(c->base),
				       HF_SV_ARG(location)));
	if (c->prefer.ret == HF_RETURN_OUTCOME) {
		reply_outcome(c, w, status);
	} else if (c->prefer.ret == HF_RETURN_MINIMAL) {
		hf_call_reply(c, status, "", HF_SV(""));
	} else {
		hf_buf_sv(hf_req_buf(c->req), v.body);
		hf_call_reply_buf(c, status);
	}
}

static void
reply_deleted(struct hf_call *c, struct write *w)
{
	char etag[24];

	if (w->item.version)
		hf_call_header(c, "ETag",
			       hf_etag_write(w->item.version, etag, sizeof etag));
	if (c->prefer.ret == HF_RETURN_OUTCOME)
		reply_outcome(c, w, 200);
	else
		hf_call_reply(c, 204, "", HF_SV(""));
}

/* ---- the way in ---- */

static void once(struct hf_call *c, struct write *w);

static void
done(struct hf_call *c, struct hf_change *change)
{
	struct write *w = c->state;

	if (change->rc == HF_BUSY && w->conditional && ++w->rounds < ROUNDS_MAX) {
		once(c, w);
		return;
	}
	/* Deleting what is not there leaves things as they were asked to be. */
	if (w->asked == HF_OP_DELETE &&
	    (change->rc == HF_NOT_FOUND || change->rc == HF_GONE)) {
		w->item.version = 0;
		reply_deleted(c, w);
		return;
	}
	if (change->rc) {
		failed(c, w, change->rc, &change->err);
		return;
	}
	if (w->asked == HF_OP_DELETE)
		reply_deleted(c, w);
	else
		reply_version(c, w, w->item.created ? 201 : 200, w->item.type,
			      w->item.out_id, w->item.version);
}

/* Makes the change ready and sends it off. */
static void
submit(struct hf_call *c, struct write *w)
{
	struct hf_err err;
	enum hf_rc rc;

	start_change(c, w);
	c->state = w;
	rc = hf_change_prepare(c->store, c->reader, &w->change, &err);
	if (rc) {
		w->change.rc = rc;
		w->change.err = err;
		done(c, &w->change);
		return;
	}
	hf_call_commit(c, &w->change, done);
}

/* If-None-Exist met: the one that is there is the answer. */
static void
reply_existing(struct hf_call *c, struct write *w, hf_rid rid)
{
	struct hf_version v;
	struct hf_err err;
	enum hf_rc rc = hf_store_read_rid(c->reader, rid, 0, c->arena, &v, &err);

	if (rc)
		hf_call_fail(c, &err);
	else
		reply_version(c, w, 200, w->item.type, v.id, v.e.version);
}

/* What a conditional update or delete comes to, now that its match is known. */
static enum hf_rc
settle(struct hf_call *c, struct write *w, struct hf_err *err)
{
	struct hf_change_item *item = &w->item;
	struct hf_sv found = {NULL, 0};

	if (item->cond_rid) {
		enum hf_rc rc =
		    hf_store_id_at(c->reader, item->cond_rid, c->arena, &found, err);

		if (rc)
			return rc;
	}
	if (w->asked == HF_OP_DELETE) {
		item->op = HF_OP_DELETE;
		item->id = found;
		return HF_OK;
	}
	if (found.n) {
		if (w->body_id.n && !hf_sv_eq(w->body_id, found))
			return hf_fail(err, HF_INVALID, "id",
				       "the resource that matches has another id than "
				       "the one sent");
		item->op = HF_OP_PUT;
		item->id = found;
	} else if (w->body_id.n) {
		item->op = HF_OP_PUT;
		item->id = w->body_id;
	} else {
		item->op = HF_OP_CREATE;
		item->id = HF_SV("");
	}
	return HF_OK;
}

/* One round: look the condition up, then go on as an ordinary change. */
static void
once(struct hf_call *c, struct write *w)
{
	struct hf_change_item *item = &w->item;
	struct hf_err err;
	enum hf_rc rc = HF_OK;

	if (w->conditional) {
		rc = hf_fhir_condition(c, item->type, &w->params, item, &err);
		if (rc == HF_OK && w->asked == HF_OP_CREATE && item->cond_rid) {
			reply_existing(c, w, item->cond_rid);
			return;
		}
		if (rc == HF_OK && w->asked == HF_OP_DELETE && !item->cond_rid) {
			reply_deleted(c, w);
			return;
		}
		if (rc == HF_OK && w->asked != HF_OP_CREATE)
			rc = settle(c, w, &err);
	}
	if (rc)
		hf_call_fail(c, &err);
	else
		submit(c, w);
}

/* Reads the body into w. */
static enum hf_rc
take_body(struct hf_call *c, struct write *w, struct hf_err *err)
{
	enum hf_rc rc = hf_fhir_body(c, w->item.type, &w->doc, err);

	if (rc)
		return rc;
	w->item.doc = &w->doc;
	w->item.node = 0;
	w->body_id = hf_json_str(&w->doc, hf_json_member(&w->doc, 0, "id"), c->arena);
	return HF_OK;
}

static enum hf_rc
take_if_match(struct hf_call *c, struct hf_change_item *item, struct hf_err *err)
{
	struct hf_sv match = hf_req_header(c->req, "If-Match");
	struct hf_sv none = hf_req_header(c->req, "If-None-Match");

	if (match.p && !hf_etag_version(match, &item->if_match))
		return hf_fail(err, HF_INVALID, NULL,
			       "If-Match names one version, as in W/\"3\"");
	if (none.p && !hf_sv_is(hf_sv_trim(none), "*"))
		return hf_fail(err, HF_INVALID, NULL,
			       "If-None-Match of a change is * or left out");
	item->if_none_match_any = none.p != NULL;
	return HF_OK;
}

static enum hf_rc
take_condition(struct write *w, const struct hf_params *params, struct hf_err *err)
{
	if (params->n == 0)
		return hf_fail(err, HF_INVALID, NULL,
			       "a condition has at least one search parameter");
	w->conditional = true;
	w->params = *params;
	return HF_OK;
}

void
hf_fhir_create(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_sv condition = hf_req_header(c->req, "If-None-Exist");
	struct hf_params params;
	struct hf_err err;
	struct write *w;
	enum hf_rc rc;

	if (!type || !hf_call_no_params(c))
		return;
	w = new_write(c, type, HF_OP_CREATE);
	rc = take_body(c, w, &err);
	if (rc == HF_OK && condition.p) {
		if (condition.n && condition.p[0] == '?')
			condition = hf_sv_from_at(condition, 1);
		rc = hf_fhir_query(c, condition, &params, &err);
		if (rc == HF_OK)
			rc = take_condition(w, &params, &err);
	}
	if (rc)
		hf_call_fail(c, &err);
	else
		once(c, w);
}

void
hf_fhir_update(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_err err;
	struct write *w;
	enum hf_rc rc;

	if (!type || !hf_call_no_params(c))
		return;
	w = new_write(c, type, HF_OP_PUT);
	c->audit_id = hf_fhir_id_valid(c->arg[1]) ? c->arg[1] : HF_SV("");
	rc = take_body(c, w, &err);
	if (rc == HF_OK)
		rc = take_if_match(c, &w->item, &err);
	if (rc == HF_OK && !hf_fhir_id_valid(c->arg[1]))
		rc = hf_fail(&err, HF_INVALID, "id",
			     "an id is 1 to 64 letters, digits, - and .");
	if (rc == HF_OK && !hf_sv_eq(w->body_id, c->arg[1]))
		rc = hf_fail(&err, HF_INVALID, "id",
			     w->body_id.n ? "the resource carries another id than the "
					    "address"
					  : "the resource carries no id; an update "
					    "carries the id of its address");
	if (rc) {
		hf_call_fail(c, &err);
		return;
	}
	w->item.id = c->arg[1];
	submit(c, w);
}

void
hf_fhir_update_if(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_params params = {c->params, c->n_params};
	struct hf_err err;
	struct write *w;
	enum hf_rc rc;

	if (!type)
		return;
	w = new_write(c, type, HF_OP_PUT);
	rc = take_body(c, w, &err);
	if (rc == HF_OK)
		rc = take_if_match(c, &w->item, &err);
	if (rc == HF_OK)
		rc = take_condition(w, &params, &err);
	if (rc)
		hf_call_fail(c, &err);
	else
		once(c, w);
}

void
hf_fhir_delete(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_err err;
	struct write *w;

	if (!type || !hf_call_no_params(c))
		return;
	w = new_write(c, type, HF_OP_DELETE);
	c->audit_id = hf_fhir_id_valid(c->arg[1]) ? c->arg[1] : HF_SV("");
	if (take_if_match(c, &w->item, &err) != HF_OK) {
		hf_call_fail(c, &err);
		return;
	}
	w->item.id = c->arg[1];
	submit(c, w);
}

void
hf_fhir_delete_if(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_params params = {c->params, c->n_params};
	struct hf_err err;
	struct write *w;
	enum hf_rc rc;

	if (!type)
		return;
	w = new_write(c, type, HF_OP_DELETE);
	rc = take_if_match(c, &w->item, &err);
	if (rc == HF_OK)
		rc = take_condition(w, &params, &err);
	if (rc)
		hf_call_fail(c, &err);
	else
		once(c, w);
}

/* bundle_write.c - the response to a transaction or batch. */
#include "fhir/validate.h"
#include "server/fhir_bundle.h"

/* An OperationOutcome where w stands, made apart because its writer starts a value
 * of its own. */
static void
write_outcome(struct hf_jw *w, const struct hf_issues *issues, const struct hf_err *err)
{
	struct hf_buf out = {.cap = 1 << 20};

	if (issues && issues->n)
		hf_outcome_write(&out, issues);
	else
		hf_outcome_write_err(&out, err);
	hf_jw_member(w, "outcome");
	if (out.failed)
		hf_jw_null(w);
	else
		hf_jw_raw(w, hf_buf_view(&out));
	hf_buf_free(&out);
}

static void
write_failure(struct hf_bundle_entry *e, struct hf_jw *w)
{
	hf_jw_member(w, "response");
	hf_jw_obj(w);
	hf_jw_field(w, "status", hf_sv_from(hf_fhir_status(hf_rc_http(e->rc))));
	write_outcome(w, e->issues.errors ? &e->issues : NULL, &e->err);
	hf_jw_obj_end(w);
}

static void
write_response(struct hf_jw *w, int status, uint32_t version, hf_time at)
{
	hf_jw_member(w, "response");
	hf_jw_obj(w);
	hf_jw_field(w, "status", hf_sv_from(hf_fhir_status(status)));
	if (version)
		hf_fhir_response_version(w, version, at);
	hf_jw_obj_end(w);
}

/* The version an entry came to, with its body, for what the change did not say. */
static enum hf_rc
read_back(struct hf_call *c, struct hf_bundle_entry *e, struct hf_version *v)
{
	return hf_store_read_rid(
	    c->reader, e->item.skip ? e->item.cond_rid : e->item.rid,
	    e->item.skip ? 0 : e->item.version, c->arena, v, &e->err);
}

static void
write_changed(struct hf_call *c, struct hf_bundle_entry *e, hf_time at, struct hf_jw *w)
{
	bool whole = c->prefer.ret == HF_RETURN_WHOLE;
	struct hf_version v = {.at = at, .id = e->item.out_id};
	int status = e->item.created ? 201 : 200;

	v.e.version = e->item.version;
	if (whole || e->item.skip || e->item.unchanged) {
		e->rc = read_back(c, e, &v);
		/* Who may write it and not read it is told where it is. */
		if (e->rc == HF_NOT_FOUND && hf_reader_is_viewed(c->reader) &&
		    !e->item.skip) {
			e->rc = HF_OK;
			whole = false;
		}
		if (e->rc) {
			write_failure(e, w);
			return;
		}
	}
	if (whole)
		hf_fhir_entry_resource(w, c->base, e->type, v.id, v.body);
	hf_jw_member(w, "response");
	hf_jw_obj(w);
	hf_jw_field(w, "status", hf_sv_from(hf_fhir_status(status)));
	hf_jw_field(w, "location", hf_fhir_location(c, e->type, v.id, v.e.version));
	hf_fhir_response_version(w, v.e.version, v.at);
	if (c->prefer.ret == HF_RETURN_OUTCOME && e->issues.n)
		write_outcome(w, &e->issues, &e->err);
	hf_jw_obj_end(w);
}

static void
write_read(struct hf_call *c, struct hf_bundle_entry *e, struct hf_jw *w)
{
	struct hf_version v = {.at = 0};

	e->rc = hf_store_read(c->reader, hf_sv_from(hf_type_get(e->type)->name), e->id,
			      e->version, c->arena, &v, &e->err);
	if (e->rc) {
		write_failure(e, w);
		return;
	}
	hf_call_saw(c, v.e.rid);
	c->audit_hits++;
	if (e->if_none_match.n && hf_etag_list_has(e->if_none_match, v.e.version)) {
		write_response(w, 304, v.e.version, v.at);
		return;
	}
	hf_fhir_entry_resource(w, c->base, e->type, v.id, v.body);
	write_response(w, 200, v.e.version, v.at);
}

/* A search or a history: a Bundle within the Bundle. */
static void
write_list(struct hf_call *c, struct hf_bundle_entry *e, struct hf_jw *w)
{
	struct hf_history_query q = {e->type, e->id, &e->params};
	size_t before = w->out->n;
	bool comma = w->comma;

	hf_jw_member(w, "resource");
	if (e->ask == HF_ASK_SEARCH)
		e->rc = hf_fhir_write_search(c, e->type, &e->params, w, &e->err);
	else
		e->rc = hf_fhir_write_history(c, &q, w, &e->err);
	if (e->rc) {
		w->out->n = before;
		w->comma = comma;
		write_failure(e, w);
	} else {
		write_response(w, 200, 0, 0);
	}
}

static void
write_entry(struct hf_call *c, struct hf_bundle *b, struct hf_bundle_entry *e,
	    struct hf_jw *w)
{
	hf_time at = b->transaction ? b->change.at : e->change.at;

	hf_jw_obj(w);
	if (e->rc)
		write_failure(e, w);
	else if (e->ask == HF_ASK_READ || e->ask == HF_ASK_VREAD)
		write_read(c, e, w);
	else if (e->ask == HF_ASK_SEARCH || e->ask == HF_ASK_HISTORY)
		write_list(c, e, w);
	else if (e->ask == HF_ASK_DELETE)
		write_response(w, 204, e->item.version, at);
	else
		write_changed(c, e, at, w);
	hf_jw_obj_end(w);
}

void
hf_bundle_write(struct hf_call *c, struct hf_bundle *b, struct hf_jw *w)
{
	c->audit_hits = 0;
	hf_fhir_bundle_open(
	    w, b->transaction ? "transaction-response" : "batch-response", -1);
	if (b->n) {
		hf_jw_member(w, "entry");
		hf_jw_arr(w);
		for (size_t i = 0; i < b->n; i++)
			write_entry(c, b, &b->entries[i], w);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

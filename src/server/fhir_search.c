/* fhir_search.c - search on a type and on all types, by GET and by POST. */
#include "fhir/validate.h"
#include "server/fhir.h"
#include "server/query.h"

void hf_fhir_search_system(struct hf_call *call);

static const char *const modes[] = {
    [HF_MODE_MATCH] = "match",
    [HF_MODE_INCLUDE] = "include",
    [HF_MODE_OUTCOME] = "outcome",
};

static void
write_mode(struct hf_jw *w, enum hf_mode mode)
{
	hf_jw_member(w, "search");
	hf_jw_obj(w);
	hf_jw_field(w, "mode", hf_sv_from(modes[mode]));
	hf_jw_obj_end(w);
}

/* What was ignored, and that no index served, as an OperationOutcome entry. */
static void
write_outcome(struct hf_call *c, const struct hf_search_result *r, struct hf_jw *w)
{
	struct hf_issues issues = r->issues;
	struct hf_buf outcome = {.cap = 1 << 20};

	issues.arena = c->arena;
	if (r->scanned && !hf_sv_is(hf_call_param(c, HF_SV("_summary")), "count"))
		hf_issue_add(
		    &issues, HF_SEV_INFO, "informational", HF_SV(""),
		    "no index serves this search: resources were looked at one "
		    "by one");
	if (issues.n == 0)
		return;
	hf_outcome_write(&outcome, &issues);
	if (!outcome.failed) {
		hf_jw_obj(w);
		hf_jw_member(w, "resource");
		hf_jw_raw(w, hf_buf_view(&outcome));
		write_mode(w, HF_MODE_OUTCOME);
		hf_jw_obj_end(w);
	}
	hf_buf_free(&outcome);
}

static void
write_hits(struct hf_call *c, const struct hf_search_result *r, struct hf_jw *w)
{
	size_t before = w->out->n, start;
	bool comma = w->comma;

	hf_jw_member(w, "entry");
	hf_jw_arr(w);
	start = w->out->n;
	for (size_t i = 0; i < r->n; i++) {
		const struct hf_hit *h = &r->hits[i];

		hf_call_saw(c, h->v.e.rid);
		hf_jw_obj(w);
		hf_fhir_entry_resource(w, c->base, h->v.e.type, h->v.id, h->v.body);
		write_mode(w, h->mode);
		hf_jw_obj_end(w);
	}
	write_outcome(c, r, w);
	hf_jw_arr_end(w);
	/* FHIR has no empty arrays. */
	if (w->out->n == start + 1) {
		w->out->n = before;
		w->comma = comma;
	}
}

static void
write_result(struct hf_call *c, hf_type_id type, const struct hf_search_result *r,
	     struct hf_jw *w)
{
	struct hf_sv path = hf_sv_from(type ? hf_type_get(type)->name : NULL);

	hf_fhir_bundle_open(w, "searchset", r->total);
	hf_jw_member(w, "link");
	hf_jw_arr(w);
	hf_fhir_bundle_link(w, "self", c->base, path, r->self);
	if (r->prev.n)
		hf_fhir_bundle_link(w, "previous", c->base, path, r->prev);
	if (r->next.n)
		hf_fhir_bundle_link(w, "next", c->base, path, r->next);
	hf_jw_arr_end(w);
	write_hits(c, r, w);
	hf_jw_obj_end(w);
}

/* Pages are kept for who asked under this role and for this purpose. */
static struct hf_sv
asker(struct hf_call *c)
{
	const struct hf_actor *a = c->actor;
	struct hf_sv who = hf_arena_printf(c->arena, "%.*s %.*s %.*s %.*s",
					   HF_SV_ARG(a->id), HF_SV_ARG(a->role),
					   HF_SV_ARG(a->org), HF_SV_ARG(a->purpose));

	return who.p ? who : a->id;
}

enum hf_rc
hf_fhir_write_search(struct hf_call *c, hf_type_id type, const struct hf_params *params,
		     struct hf_jw *w, struct hf_err *err)
{
	struct hf_search_result result = {.total = -1};
	struct hf_search *search;
	enum hf_rc rc;

	rc = hf_search_parse(type, params->items, params->n, c->prefer.lenient, c->base,
			     c->now, c->arena, &search, err);
	if (rc == HF_OK)
		rc = hf_search_run(c->store, c->reader, search, asker(c), c->arena,
				   &result, err);
	if (rc)
		return rc;
	if (c->audit_hits < 0)
		c->audit_hits = 0;
	c->audit_hits += (int64_t)result.n;
	write_result(c, type, &result, w);
	return HF_OK;
}

/* The form of POST _search: its parameters stand behind those of the address. */
static enum hf_rc
add_form(struct hf_call *c, struct hf_err *err)
{
	enum hf_media media = hf_media_of(hf_req_header(c->req, "Content-Type"));
	struct hf_sv body = hf_req_body(c->req), format;
	enum hf_rc rc;

	if (hf_req_method(c->req) != HF_POST || (body.n == 0 && media == HF_MEDIA_NONE))
		return HF_OK;
	if (media != HF_MEDIA_FORM)
		return hf_fail(err, HF_MEDIA, NULL,
			       "_search takes a form: Content-Type "
			       "application/x-www-form-urlencoded");
	rc = hf_query_parse(hf_sv_trim(body), c->arena, &c->params, &c->n_params, err);
	if (rc)
		return rc;
	format = hf_call_take_param(c, HF_SV("_format"));
	if (format.p && !hf_sv_ends(format, HF_SV("fhir json")) &&
	    hf_media_of(format) != HF_MEDIA_JSON)
		return hf_fail(err, HF_NOT_ACCEPTABLE, NULL,
			       "this server speaks FHIR in JSON only");
	return HF_OK;
}

static void
search(struct hf_call *c, hf_type_id type)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_params params;
	struct hf_err err;
	enum hf_rc rc = add_form(c, &err);

	params = (struct hf_params){c->params, c->n_params};
	if (rc == HF_OK)
		rc = hf_fhir_write_search(c, type, &params, &w, &err);
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}

void
hf_fhir_search_type(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);

	if (type)
		search(c, type);
}

void
hf_fhir_search_system(struct hf_call *c)
{
	search(c, 0);
}

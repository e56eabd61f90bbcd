/* fhir_audit.c - the audit as AuditEvent resources: read and search.  What other
 * systems sent as AuditEvent stands in the record like anything else and is read by
 * its id. */
#include "access/audit_fhir.h"
#include "server/audit_query.h"
#include "server/fhir.h"
#include "server/serve.h"

void hf_fhir_audit_read(struct hf_call *call);
void hf_fhir_audit_search(struct hf_call *call);

enum { PEOPLE = 50 };

static void
write_event(struct hf_jw *w, struct hf_look *look, const struct hf_look_line *line)
{
	struct hf_sv people[PEOPLE];
	struct hf_audit_fhir a = {.id = line->id,
				  .event = &line->e,
				  .name = hf_look_name(look, line->e.actor),
				  .people = people,
				  .things = line->things,
				  .n_things = line->n_things};

	for (size_t i = 0; i < line->e.n_shelves && a.n_people < PEOPLE; i++) {
		struct hf_sv id = hf_look_patient(look, line->e.shelves[i]);

		if (id.n)
			people[a.n_people++] = id;
	}
	hf_audit_fhir(w, &a);
}

void
hf_fhir_audit_read(struct hf_call *c)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_look look = {0};
	struct hf_look_line line;
	struct hf_err err;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("AuditEvent"));
	if (!hf_look_is_id(c->arg[0])) {
		c->arg[1] = c->arg[0];
		c->arg[0] = HF_SV("AuditEvent");
		hf_fhir_read(c);
		return;
	}
	if (!hf_call_no_params(c))
		return;
	c->audit_id = c->arg[0];
	rc = hf_look_begin(&look, c->store, c->server->finder, c->arena, &err);
	if (rc == HF_OK)
		rc = hf_look_get(&look, c->arg[0], &line, &err);
	if (rc == HF_OK)
		write_event(&w, &look, &line);
	hf_look_end(&look);
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}

/* The query again without its page, for the links. */
static struct hf_sv
query_again(struct hf_call *c, const struct hf_look_spot *page)
{
	struct hf_sv query = hf_req_query(c->req), rest = query, text;
	struct hf_buf out = {.cap = 16384};

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, '&');

		if (one.n == 0 || hf_sv_starts(one, HF_SV("_page=")))
			continue;
		if (out.n)
			hf_buf_char(&out, '&');
		hf_buf_sv(&out, one);
	}
	if (page)
		hf_buf_printf(&out, "%s_page=%.*s", out.n ? "&" : "",
			      HF_SV_ARG(hf_look_spot_write(page, c->arena)));
	text = hf_arena_sv(c->arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return text;
}

static void
write_page(struct hf_call *c, struct hf_look *look, const struct hf_look_line *lines,
	   size_t n, bool more, struct hf_jw *w)
{
	struct hf_sv path = HF_SV("AuditEvent");

	hf_fhir_bundle_open(w, "searchset", -1);
	hf_jw_member(w, "link");
	hf_jw_arr(w);
	hf_fhir_bundle_link(w, "self", c->base, path, hf_req_query(c->req));
	if (more && n)
		hf_fhir_bundle_link(w, "next", c->base, path,
				    query_again(c, &lines[n - 1].after));
	hf_jw_arr_end(w);
	if (n) {
		hf_jw_member(w, "entry");
		hf_jw_arr(w);
		for (size_t i = 0; i < n; i++) {
			hf_jw_obj(w);
			hf_jw_field(w, "fullUrl",
				    hf_arena_printf(c->arena, "%.*s/AuditEvent/%.*s",
						    HF_SV_ARG(c->base),
						    HF_SV_ARG(lines[i].id)));
			hf_jw_member(w, "resource");
			write_event(w, look, &lines[i]);
			hf_jw_member(w, "search");
			hf_jw_obj(w);
			hf_jw_field(w, "mode", HF_SV("match"));
			hf_jw_obj_end(w);
			hf_jw_obj_end(w);
		}
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

void
hf_fhir_audit_search(struct hf_call *c)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_look_line *lines = NULL;
	struct hf_look look = {0};
	struct hf_look_query query;
	bool more = false;
	struct hf_err err;
	size_t n = 0;
	enum hf_rc rc =
	    hf_look_begin(&look, c->store, c->server->finder, c->arena, &err);

	c->audit_type = hf_resource_find(HF_SV("AuditEvent"));
	if (rc == HF_OK)
		rc = hf_audit_query_fhir(c, &look, &query, &err);
	for (size_t i = 0; rc == HF_OK && i < query.q.n_shelves; i++)
		hf_call_saw(c, HF_RID_MIN(query.q.shelves[i]));
	if (rc == HF_OK)
		rc = hf_look(&look, &query, &lines, &n, &more, &err);
	/* Nobody of that id: nothing is found. */
	if (rc == HF_NOT_FOUND)
		rc = HF_OK;
	c->audit_hits = (int64_t)n;
	if (rc == HF_OK)
		write_page(c, &look, lines, n, more, &w);
	hf_look_end(&look);
	if (rc)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}

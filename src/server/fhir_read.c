/* fhir_read.c - read and vread. */
#include "base/io/clock.h"
#include "server/call_reader.h"
#include "server/fhir.h"
#include "server/serve.h"

/* Has the client this version already? */
static bool
not_modified(const struct hf_call *c, const struct hf_version *v)
{
	struct hf_sv none = hf_req_header(c->req, "If-None-Match");
	struct hf_sv since = hf_req_header(c->req, "If-Modified-Since");
	hf_time t;

	if (none.p)
		return hf_etag_list_has(none, v->e.version);
	/* The header has whole seconds: a version of the same second is not newer. */
	return since.p && hf_http_date_parse(since, &t) && v->at / 1000 <= t / 1000;
}

/* _summary and _elements on a read: as search cuts its hits. */
static enum hf_rc
cut(struct hf_call *c, struct hf_version *v, struct hf_err *err)
{
	struct hf_param params[2];
	struct hf_search *search;
	size_t n = 0;
	struct hf_sv summary = hf_call_take_param(c, HF_SV("_summary"));
	struct hf_sv elements = hf_call_take_param(c, HF_SV("_elements"));
	enum hf_rc rc;

	if (summary.p)
		params[n++] = (struct hf_param){HF_SV("_summary"), summary};
	if (elements.p)
		params[n++] = (struct hf_param){HF_SV("_elements"), elements};
	if (n == 0)
		return HF_OK;
	if (hf_sv_is(summary, "count"))
		return hf_fail(err, HF_INVALID, NULL,
			       "_summary=count is for searches only");
	rc = hf_search_parse(v->e.type, params, n, false, c->base, c->now, c->arena,
			     &search, err);
	if (rc)
		return rc;
	return hf_search_trim(search, c->arena, v, err);
}

static enum hf_rc
read_held(struct hf_call *c, hf_type_id type, uint32_t version, struct hf_version *v,
	  struct hf_err *err)
{
	struct hf_readers *readers = c->server->readers;
	struct hf_reader *reader;
	enum hf_rc rc = hf_readers_hold(readers, &reader, err);

	if (rc)
		return rc;
	hf_call_look(c, reader);
	rc = hf_store_read(reader, hf_sv_from(hf_type_get(type)->name), c->arg[1],
			   version, c->arena, v, err);
	hf_readers_done(readers, rc == HF_OK || rc == HF_NOT_FOUND || rc == HF_GONE);
	return rc;
}

static void
read_version(struct hf_call *c, hf_type_id type, uint32_t version)
{
	struct hf_version v = {.at = 0};
	struct hf_err err;
	enum hf_rc rc;

	c->audit_id = hf_fhir_id_valid(c->arg[1]) ? c->arg[1] : HF_SV("");
	rc = read_held(c, type, version, &v, &err);
	if (rc == HF_OK || rc == HF_GONE)
		hf_call_saw(c, v.e.rid);
	if (rc == HF_OK)
		rc = cut(c, &v, &err);
	if (rc) {
		hf_call_fail(c, &err);
		return;
	}
	if (!hf_call_no_params(c))
		return;
	hf_fhir_version_headers(c, v.e.version, v.at);
	if (not_modified(c, &v)) {
		hf_call_reply(c, 304, "", HF_SV(""));
		return;
	}
	if (c->pretty) {
		hf_buf_sv(hf_req_buf(c->req), v.body);
		hf_call_reply_buf(c, 200);
		return;
	}
	hf_call_reply(c, 200, "application/fhir+json; charset=utf-8", v.body);
}

void
hf_fhir_read(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);

	if (type)
		read_version(c, type, 0);
}

void
hf_fhir_vread(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);
	struct hf_err err;
	uint32_t version;

	if (!type)
		return;
	if (!hf_etag_version(c->arg[2], &version)) {
		hf_fail(&err, HF_NOT_FOUND, NULL, "versions here are whole numbers");
		hf_call_fail(c, &err);
		return;
	}
	read_version(c, type, version);
}

/* fhir_common.c - what the files of the FHIR interface share. */
#include "server/fhir.h"

#include "record/io/change.h"
#include "server/query.h"
#include "server/serve.h"

hf_type_id
hf_fhir_type(struct hf_call *c, size_t k)
{
	hf_type_id type = hf_resource_find(c->arg[k]);
	struct hf_err err;

	if (!type) {
		hf_fail(&err, HF_NOT_FOUND, NULL,
			"%.*s is not a resource type of FHIR R4",
			(int)(c->arg[k].n > 64 ? 64 : c->arg[k].n), c->arg[k].p);
		hf_call_fail(c, &err);
		return 0;
	}
	c->audit_type = type;
	return type;
}

bool
hf_fhir_may(const struct hf_call *c, enum hf_need need)
{
	struct hf_access_facts facts = {.actor = c->actor,
					.need = need,
					.audit_works = true,
					.policy = &c->server->policy};

	return hf_access_route(&facts, c->now).outcome == HF_ALLOW;
}

bool
hf_fhir_asks_only(const struct hf_call *c, const char *words)
{
	for (size_t i = 0; i < c->n_params; i++)
		if (!hf_sv_among(c->params[i].name, words))
			return false;
	return true;
}

bool
hf_fhir_id_valid(struct hf_sv id)
{
	if (id.n < 1 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return true;
}

void
hf_fhir_version_headers(struct hf_call *c, uint32_t version, hf_time at)
{
	char etag[24], date[32];

	hf_call_header(c, "ETag", hf_etag_write(version, etag, sizeof etag));
	hf_call_header(c, "Last-Modified", hf_http_date_write(at, date, sizeof date));
}

struct hf_sv
hf_fhir_location(struct hf_call *c, hf_type_id type, struct hf_sv id, uint32_t version)
{
	return hf_arena_printf(c->arena, "%s/%.*s/_history/%u", hf_type_get(type)->name,
			       HF_SV_ARG(id), version);
}

const char *
hf_fhir_status(int status)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {
	    {200, "200 OK"},
	    {201, "201 Created"},
	    {204, "204 No Content"},
	    {304, "304 Not Modified"},
	    {400, "400 Bad Request"},
	    {401, "401 Unauthorized"},
	    {403, "403 Forbidden"},
	    {404, "404 Not Found"},
	    {405, "405 Method Not Allowed"},
	    {406, "406 Not Acceptable"},
	    {409, "409 Conflict"},
	    {410, "410 Gone"},
	    {412, "412 Precondition Failed"},
	    {413, "413 Content Too Large"},
	    {415, "415 Unsupported Media Type"},
	    {422, "422 Unprocessable Entity"},
	    {500, "500 Internal Server Error"},
	    {503, "503 Service Unavailable"},
	    {507, "507 Insufficient Storage"},
	};

	for (size_t i = 0; i < HF_COUNT(texts); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "500 Internal Server Error";
}

enum hf_rc
hf_fhir_body(struct hf_call *c, hf_type_id type, struct hf_json *out,
	     struct hf_err *err)
{
	static const struct hf_json_limits limits = {0};
	enum hf_media media = hf_media_of(hf_req_header(c->req, "Content-Type"));
	struct hf_sv body = hf_req_body(c->req), name;
	hf_type_id got;
	enum hf_rc rc;

	if (media != HF_MEDIA_JSON)
		return hf_fail(
		    err, HF_MEDIA, NULL,
		    "the body is taken as application/fhir+json only: say so "
		    "in Content-Type");
	if (body.n == 0)
		return hf_fail(err, HF_INVALID, NULL, "the body is empty");
	rc = hf_json_parse(body, &limits, c->arena, out, err);
	if (rc)
		return rc;
	if (hf_json_type(out, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL, "the body is not a JSON object");
	name = hf_json_str(out, hf_json_member(out, 0, "resourceType"), c->arena);
	got = hf_resource_find(name);
	if (!got)
		return hf_fail(err, HF_INVALID, "resourceType",
			       "the body has no resourceType of FHIR R4");
	if (type && got != type)
		return hf_fail(err, HF_INVALID, "resourceType",
			       "the body is of type %s, the address of type %s",
			       hf_type_get(got)->name, hf_type_get(type)->name);
	return HF_OK;
}

enum hf_rc
hf_fhir_query(struct hf_call *c, struct hf_sv query, struct hf_params *out,
	      struct hf_err *err)
{
	*out = (struct hf_params){NULL, 0};
	return hf_query_parse(query, c->arena, &out->items, &out->n, err);
}

struct condition {
	struct hf_call *call;
	hf_type_id type;
	struct hf_params params;
};

static enum hf_rc
look_again(void *ctx, struct hf_reader *reader, struct hf_arena *arena, hf_rid *rid,
	   struct hf_err *err)
{
	const struct condition *q = ctx;
	uint32_t slot;
	int64_t value;

	return hf_search_one(reader, q->type, q->params.items, q->params.n,
			     q->call->base, q->call->now, arena, rid, &slot, &value,
			     err);
}

enum hf_rc
hf_fhir_condition(struct hf_call *c, hf_type_id type, const struct hf_params *params,
		  struct hf_change_item *item, struct hf_err *err)
{
	struct condition *q = HF_NEW(c->arena, struct condition);

	if (!q)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the request needs too much memory");
	*q = (struct condition){c, type, *params};
	item->cond = look_again;
	item->cond_ctx = q;
	return hf_search_one(c->reader, type, params->items, params->n, c->base, c->now,
			     c->arena, &item->cond_rid, &item->cond_slot,
			     &item->cond_value, err);
}

void
hf_fhir_bundle_open(struct hf_jw *w, const char *type, int64_t total)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Bundle"));
	hf_jw_field(w, "type", hf_sv_from(type));
	if (total >= 0) {
		hf_jw_member(w, "total");
		hf_jw_int(w, total);
	}
}

void
hf_fhir_bundle_link(struct hf_jw *w, const char *relation, struct hf_sv base,
		    struct hf_sv path, struct hf_sv query)
{
	struct hf_buf url = {.cap = 64 << 10};

	hf_buf_sv(&url, base);
	if (path.n)
		hf_buf_char(&url, '/');
	hf_buf_sv(&url, path);
	if (query.n)
		hf_buf_char(&url, '?');
	hf_buf_sv(&url, query);
	hf_jw_obj(w);
	hf_jw_field(w, "relation", hf_sv_from(relation));
	hf_jw_field(w, "url", hf_buf_view(&url));
	hf_jw_obj_end(w);
	hf_buf_free(&url);
}

void
hf_fhir_entry_resource(struct hf_jw *w, struct hf_sv base, hf_type_id type,
		       struct hf_sv id, struct hf_sv body)
{
	struct hf_sv name = hf_sv_from(hf_type_get(type)->name);
	char *to;

	/* base, type and id need no escapes. */
	hf_jw_member(w, "fullUrl");
	to = hf_buf_room(w->out, base.n + name.n + id.n + 4);
	if (to) {
		char *p = to;

		*p++ = '"';
		memcpy(p, base.p, base.n);
		p += base.n;
		*p++ = '/';
		memcpy(p, name.p, name.n);
		p += name.n;
		*p++ = '/';
		memcpy(p, id.p, id.n);
		p += id.n;
		*p++ = '"';
		w->out->n += (size_t)(p - to);
		w->comma = true;
	}
	if (body.n) {
		hf_jw_member(w, "resource");
		hf_jw_raw(w, body);
	}
}

void
hf_fhir_response_version(struct hf_jw *w, uint32_t version, hf_time at)
{
	char etag[24], date[32];

	if (version)
		hf_jw_field(w, "etag", hf_etag_write(version, etag, sizeof etag));
	hf_jw_field(w, "lastModified",
		    hf_sv_from(hf_time_format(at, date, sizeof date)));
}

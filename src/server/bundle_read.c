/* bundle_read.c - what the entries of a Bundle ask for. */
#include "fhir/validate.h"
#include "server/fhir_bundle.h"
#include "server/limits.h"
#include "server/query.h"

static enum hf_rc
wrong(struct hf_err *err, const char *element, const char *text)
{
	return hf_fail(err, HF_INVALID, element, "%s", text);
}

/* Takes our own base, or a leading /, off a url. */
static struct hf_sv
relative(const struct hf_call *c, struct hf_sv url)
{
	if (hf_sv_starts(url, c->base))
		url = hf_sv_from_at(url, c->base.n);
	if (url.n && url.p[0] == '/')
		url = hf_sv_from_at(url, 1);
	return url;
}

/* Type, id, _history and version apart. */
struct address {
	struct hf_sv part[4];
	size_t n;
	struct hf_sv query;
};

static enum hf_rc
parse_address(struct hf_call *c, struct hf_sv url, struct address *out,
	      struct hf_err *err)
{
	struct hf_sv query = relative(c, url);
	struct hf_sv path = hf_sv_cut(&query, '?');

	*out = (struct address){.query = query};
	while (path.n) {
		struct hf_sv part = hf_sv_cut(&path, '/');
		enum hf_rc rc;

		if (out->n == HF_COUNT(out->part))
			return wrong(err, "request.url", "this address has no meaning");
		rc =
		    hf_percent_decode(part, false, c->arena, &out->part[out->n++], err);
		if (rc)
			return rc;
	}
	return HF_OK;
}

static enum hf_rc
set_type(const struct address *a, struct hf_bundle_entry *e, struct hf_err *err)
{
	if (a->n == 0)
		return HF_OK;
	e->type = hf_resource_find(a->part[0]);
	if (!e->type)
		return wrong(err, "request.url",
			     "the address does not begin with a resource type of "
			     "FHIR R4");
	return HF_OK;
}

static enum hf_rc
set_get(const struct address *a, struct hf_bundle_entry *e, struct hf_err *err)
{
	bool last_is_history = a->n && hf_sv_is(a->part[a->n - 1], "_history");

	if (last_is_history && a->n <= 3) {
		e->ask = HF_ASK_HISTORY;
		e->id = a->n == 3 ? a->part[1] : HF_SV("");
		if (a->n == 1)
			e->type = 0;
		return HF_OK;
	}
	if (a->n <= 1) {
		e->ask = HF_ASK_SEARCH;
		return HF_OK;
	}
	e->ask = HF_ASK_READ;
	e->id = a->part[1];
	if (a->n == 2 && hf_fhir_id_valid(e->id))
		return HF_OK;
	e->ask = HF_ASK_VREAD;
	if (a->n == 4 && hf_sv_is(a->part[2], "_history") &&
	    hf_etag_version(a->part[3], &e->version))
		return HF_OK;
	return wrong(
	    err, "request.url",
	    "in a Bundle GET reads a resource or a version of it, searches, or "
	    "gives a history");
}

/* PUT and DELETE name a resource, or a type and a condition. */
static enum hf_rc
set_target(const struct address *a, struct hf_bundle_entry *e, struct hf_err *err)
{
	if (a->n == 2 && a->query.n == 0 && hf_fhir_id_valid(a->part[1])) {
		e->id = a->part[1];
		return HF_OK;
	}
	if (a->n == 1 && e->params.n) {
		e->conditional = true;
		return HF_OK;
	}
	return wrong(err, "request.url",
		     "the address is Type/id, or Type?search for a condition");
}

static enum hf_rc
set_create(struct hf_call *c, const struct hf_json *d, uint32_t request,
	   const struct address *a, struct hf_bundle_entry *e, struct hf_err *err)
{
	struct hf_sv condition =
	    hf_json_str(d, hf_json_member(d, request, "ifNoneExist"), c->arena);
	enum hf_rc rc;

	e->ask = HF_ASK_CREATE;
	if (a->n != 1 || a->query.n)
		return wrong(err, "request.url",
			     "POST in a Bundle names a resource type only");
	if (condition.n == 0)
		return HF_OK;
	if (condition.p[0] == '?')
		condition = hf_sv_from_at(condition, 1);
	rc = hf_fhir_query(c, condition, &e->params, err);
	e->conditional = true;
	return rc;
}

static enum hf_rc
set_conditions(struct hf_call *c, const struct hf_json *d, uint32_t request,
	       struct hf_bundle_entry *e, struct hf_err *err)
{
	struct hf_sv match =
	    hf_json_str(d, hf_json_member(d, request, "ifMatch"), c->arena);
	struct hf_sv none =
	    hf_json_str(d, hf_json_member(d, request, "ifNoneMatch"), c->arena);

	if (match.n && !hf_etag_version(match, &e->item.if_match))
		return wrong(err, "request.ifMatch",
			     "ifMatch names one version, as in W/\"3\"");
	if (e->ask == HF_ASK_READ)
		e->if_none_match = none;
	else if (none.n && !hf_sv_is(none, "*"))
		return wrong(err, "request.ifNoneMatch",
			     "ifNoneMatch of a change is * or left out");
	else
		e->item.if_none_match_any = none.n > 0;
	return HF_OK;
}

static enum hf_rc
set_request(struct hf_call *c, const struct hf_json *d, uint32_t request,
	    struct hf_bundle_entry *e, struct hf_err *err)
{
	struct hf_sv method =
	    hf_json_str(d, hf_json_member(d, request, "method"), c->arena);
	struct hf_sv url = hf_json_str(d, hf_json_member(d, request, "url"), c->arena);
	struct address a;
	enum hf_rc rc;

	if (!method.n)
		return wrong(err, "request.method", "the entry says no method");
	if (!url.p)
		return wrong(err, "request.url", "the entry says no address");
	rc = parse_address(c, url, &a, err);
	if (rc == HF_OK)
		rc = set_type(&a, e, err);
	if (rc == HF_OK)
		rc = hf_fhir_query(c, a.query, &e->params, err);
	if (rc)
		return rc;
	if (hf_sv_is(method, "GET") || hf_sv_is(method, "HEAD")) {
		rc = set_get(&a, e, err);
	} else if (hf_sv_is(method, "POST")) {
		rc = set_create(c, d, request, &a, e, err);
	} else if (hf_sv_is(method, "PUT") || hf_sv_is(method, "DELETE")) {
		e->ask = hf_sv_is(method, "PUT") ? HF_ASK_PUT : HF_ASK_DELETE;
		rc = set_target(&a, e, err);
	} else {
		return wrong(err, "request.method",
			     "a method here is GET, HEAD, POST, PUT or DELETE");
	}
	return rc ? rc : set_conditions(c, d, request, e, err);
}

/* The resource an entry carries, for POST and PUT. */
static enum hf_rc
set_resource(struct hf_call *c, const struct hf_json *d, uint32_t entry,
	     struct hf_bundle_entry *e, struct hf_err *err)
{
	struct hf_sv name;

	e->node = hf_json_member(d, entry, "resource");
	if (e->ask != HF_ASK_CREATE && e->ask != HF_ASK_PUT)
		return HF_OK;
	if (e->node == HF_JSON_NONE || hf_json_type(d, e->node) != HF_JSON_OBJECT)
		return wrong(err, "resource", "POST and PUT carry a resource");
	name = hf_json_str(d, hf_json_member(d, e->node, "resourceType"), c->arena);
	if (hf_resource_find(name) != e->type)
		return wrong(err, "resource",
			     "the resource is not of the type that the address names");
	e->body_id = hf_json_str(d, hf_json_member(d, e->node, "id"), c->arena);
	if (e->ask == HF_ASK_PUT && !e->conditional && !hf_sv_eq(e->body_id, e->id))
		return wrong(err, "resource.id",
			     "the resource carries the id of its address");
	return HF_OK;
}

static enum hf_rc
read_entry(struct hf_call *c, const struct hf_json *d, uint32_t node,
	   struct hf_bundle_entry *e, struct hf_err *err)
{
	uint32_t request = hf_json_member(d, node, "request");
	enum hf_rc rc;

	e->node = HF_JSON_NONE;
	if (hf_json_type(d, node) != HF_JSON_OBJECT)
		return wrong(err, "", "an entry is an object");
	if (request == HF_JSON_NONE || hf_json_type(d, request) != HF_JSON_OBJECT)
		return wrong(err, "request",
			     "each entry of a transaction or batch has a request");
	e->full_url = hf_json_str(d, hf_json_member(d, node, "fullUrl"), c->arena);
	rc = set_request(c, d, request, e, err);
	return rc ? rc : set_resource(c, d, node, e, err);
}

static void
note(struct hf_bundle *b, struct hf_bundle_entry *e, enum hf_rc rc, struct hf_err *err)
{
	char path[sizeof err->path + 40];

	snprintf(path, sizeof path, "Bundle.entry[%zu]%s%s", e->index,
		 err->path[0] ? "." : "", err->path);
	snprintf(err->path, sizeof err->path, "%.*s", (int)sizeof err->path - 1, path);
	if (b->transaction) {
		hf_issue_add(&b->issues, HF_SEV_ERROR, hf_rc_issue(rc),
			     hf_sv_from(path), "%s", err->text);
	} else {
		e->rc = rc;
		e->err = *err;
	}
}

static enum hf_rc
read_entries(struct hf_call *c, struct hf_bundle *b, uint32_t list, struct hf_err *err)
{
	const struct hf_json *d = &b->doc;
	size_t n = hf_json_count(d, list), i = 0;

	if (n > HF_BUNDLE_ITEMS)
		return hf_fail(
		    err, HF_TOO_LONG, "Bundle.entry",
		    "a Bundle has at most %d entries here; split it, or load "
		    "it with homefirst import",
		    HF_BUNDLE_ITEMS);
	b->entries = hf_arena_array(c->arena, n ? n : 1, sizeof *b->entries);
	if (!b->entries)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the Bundle needs too much memory");
	b->n = n;
	if (n == 0)
		return HF_OK;
	for (uint32_t e = list + 1; e < d->nodes[list].next;
	     e = d->nodes[e].next, i++) {
		struct hf_bundle_entry *entry = &b->entries[i];
		struct hf_err why;
		enum hf_rc rc;

		entry->index = i;
		entry->issues.arena = c->arena;
		rc = read_entry(c, d, e, entry, &why);
		if (rc)
			note(b, entry, rc, &why);
	}
	return HF_OK;
}

enum hf_rc
hf_bundle_read(struct hf_call *c, struct hf_bundle *b, struct hf_err *err)
{
	enum hf_rc rc =
	    hf_fhir_body(c, hf_resource_find(HF_SV("Bundle")), &b->doc, err);
	struct hf_sv type;
	uint32_t list;

	if (rc)
		return rc;
	type = hf_json_str(&b->doc, hf_json_member(&b->doc, 0, "type"), c->arena);
	b->transaction = hf_sv_is(type, "transaction");
	if (!b->transaction && !hf_sv_is(type, "batch"))
		return hf_fail(err, HF_INVALID, "Bundle.type",
			       "a Bundle posted here is a transaction or a batch; to "
			       "store one as it is, post it to /fhir/Bundle");
	b->issues.arena = c->arena;
	list = hf_json_member(&b->doc, 0, "entry");
	if (list != HF_JSON_NONE && hf_json_type(&b->doc, list) != HF_JSON_ARRAY)
		return hf_fail(err, HF_INVALID, "Bundle.entry", "entry is an array");
	return read_entries(c, b, list, err);
}

/* "Patient.name[0]" in entry 3 to "Bundle.entry[3].resource.name[0]". */
static void
take_over(struct hf_bundle *b, size_t index, const struct hf_issues *found)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct hf_issue *one = &found->items[i];
		size_t dot = hf_sv_find(one->path, '.');
		struct hf_sv rest = hf_sv_from_at(one->path, dot);
		char path[400];
		int n = snprintf(path, sizeof path, "Bundle.entry[%zu].resource%.*s",
				 index, (int)(rest.n > 300 ? 300 : rest.n), rest.p);

		hf_issue_add(&b->issues, one->severity, one->code,
			     (struct hf_sv){path, (size_t)n}, "%.*s",
			     HF_SV_ARG(one->text));
	}
	b->issues.dropped += found->dropped;
}

bool
hf_bundle_validate(struct hf_call *c, struct hf_bundle *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct hf_bundle_entry *e = &b->entries[i];
		struct hf_issues found = {.arena = c->arena};
		hf_type_id type;

		if (e->ask != HF_ASK_CREATE && e->ask != HF_ASK_PUT)
			continue;
		e->valid = hf_validate(&b->doc, e->node, &found, &type);
		take_over(b, e->index, &found);
	}
	return b->issues.errors == 0;
}

/* plan.c - see plan.h. */
#include "exchange/plan.h"

#include <sodium.h>

bool
hf_plan_is_id(struct hf_sv s)
{
	if (s.n == 0 || s.n > 64)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		      (c >= 'A' && c <= 'Z') || c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* An id from what the resource says, and from how many of the same stand before
 * it in the document. */
static struct hf_sv
content_id(const struct hf_json *doc, uint32_t node, uint32_t again,
	   struct hf_arena *arena)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	struct hf_buf text = {0};
	unsigned char hash[crypto_generichash_BYTES];
	char *id = hf_arena_alloc(arena, 26);

	if (id == NULL)
		return (struct hf_sv){0};
	hf_json_minify(doc, node, &text);
	hf_buf_printf(&text, "%u", again);
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text.p, text.n,
			   NULL, 0);
	hf_buf_free(&text);
	for (size_t i = 0; i < 26; i++)
		id[i] = digits[hash[i] & 31];
	return (struct hf_sv){id, 26};
}

/* "http://server/base/Type/id[/_history/v]" → Type and id; false for another
 * form. */
static bool
split_url(struct hf_sv url, struct hf_sv *type, struct hf_sv *id)
{
	struct hf_sv part[5] = {{0}};
	size_t n = 0;

	while (n < HF_COUNT(part)) {
		size_t at = url.n;

		while (at > 0 && url.p[at - 1] != '/')
			at--;
		part[n++] = hf_sv_from_at(url, at);
		if (at == 0)
			break;
		url.n = at - 1;
	}
	if (n >= 4 && hf_sv_is(part[1], "_history")) {
		*id = part[2];
		*type = part[3];
	} else if (n >= 2) {
		*id = part[0];
		*type = part[1];
	} else {
		return false;
	}
	return hf_plan_is_id(*id) && hf_resource_find(*type) != 0;
}

static void
refuse(struct hf_plan_entry *e, const char *path, struct hf_sv why)
{
	if (e->why.n != 0)
		return;
	e->why = why;
	e->why_path = path;
}

static struct hf_sv
text_of(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv s = hf_json_str(doc, node, arena);

	return s.p ? s : (struct hf_sv){"", 0};
}

/* The type of the resource at e->node; a refusal when it has none. */
static void
read_type(const struct hf_json *doc, struct hf_plan_entry *e, struct hf_arena *arena)
{
	struct hf_sv name;

	if (hf_json_type(doc, e->node) != HF_JSON_OBJECT) {
		refuse(e, "", HF_SV("a resource is a JSON object"));
		return;
	}
	name = text_of(doc, hf_json_member(doc, e->node, "resourceType"), arena);
	e->type = hf_resource_find(name);
	if (name.n == 0)
		refuse(e, "resourceType", HF_SV("it has no resourceType"));
	else if (e->type == 0)
		refuse(e, "resourceType",
		       HF_SV("FHIR R4 has no resource type of this name"));
}

static void
check_size(const struct hf_json *doc, struct hf_plan_entry *e,
	   const struct hf_plan_limits *limits, struct hf_arena *arena)
{
	size_t n = hf_json_raw(doc, e->node).n;

	if (n > limits->resource)
		refuse(e, "",
		       hf_arena_printf(arena,
				       "the resource has %.1f MB and one may have "
				       "%.1f MB: split it, or keep large content "
				       "outside and refer to it",
				       (double)n / 1e6,
				       (double)limits->resource / 1e6));
}

/* Fixes the id: of the resource, of the fullUrl, or of the content. */
static void
read_id(const struct hf_json *doc, struct hf_plan_entry *e, struct hf_arena *arena)
{
	struct hf_sv own = text_of(doc, hf_json_member(doc, e->node, "id"), arena);
	struct hf_sv url = e->full_url, type;

	if (own.n != 0) {
		e->id = own;
		if (!hf_plan_is_id(own))
			refuse(e, "id", HF_SV("an id has 1 to 64 of A-Z a-z 0-9 - ."));
		return;
	}
	if (hf_sv_starts(url, HF_SV("urn:uuid:")) ||
	    hf_sv_starts(url, HF_SV("urn:oid:"))) {
		e->id =
		    hf_sv_from_at(url, hf_sv_starts(url, HF_SV("urn:uuid:")) ? 9 : 8);
		if (hf_plan_is_id(e->id))
			return;
	} else if (split_url(url, &type, &e->id) && hf_resource_find(type) == e->type) {
		return;
	}
	e->id = content_id(doc, e->node, 0, arena);
	if (e->id.p == NULL)
		refuse(e, "", HF_SV("it is too large"));
}

static uint32_t
weak_etag(struct hf_sv s)
{
	int64_t v;

	if (hf_sv_starts(s, HF_SV("W/")))
		s = hf_sv_from_at(s, 2);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = (struct hf_sv){s.p + 1, s.n - 2};
	if (!hf_sv_int(s, &v) || v < 1 || v > UINT32_MAX)
		return 0;
	return (uint32_t)v;
}

/* A DELETE: its url is all there is. */
static void
read_delete(struct hf_plan_entry *e, struct hf_sv url)
{
	size_t q = hf_sv_find(url, '?');
	struct hf_sv type;

	e->op = HF_PLAN_DELETE;
	if (q < url.n) {
		e->op = HF_PLAN_DELETE_IF;
		e->type = hf_resource_find((struct hf_sv){url.p, q});
		e->query = hf_sv_from_at(url, q + 1);
		if (e->type == 0)
			refuse(e, "request.url", HF_SV("it names no resource type"));
	} else if (split_url(url, &type, &e->id)) {
		e->type = hf_resource_find(type);
	} else {
		refuse(e, "request.url", HF_SV("a DELETE names Type/id"));
	}
}

/* What entry.request changes about the plan; false when it only reads. */
static bool
read_request(const struct hf_json *doc, uint32_t request, struct hf_plan_entry *e,
	     struct hf_arena *arena)
{
	struct hf_sv method, url, s, type, id;
	size_t q;

	method = text_of(doc, hf_json_member(doc, request, "method"), arena);
	url = text_of(doc, hf_json_member(doc, request, "url"), arena);
	if (hf_sv_is(method, "GET") || hf_sv_is(method, "HEAD"))
		return false;
	s = text_of(doc, hf_json_member(doc, request, "ifMatch"), arena);
	if (s.n != 0) {
		e->if_match = weak_etag(s);
		if (e->if_match == 0)
			refuse(e, "request.ifMatch", HF_SV("it is no W/\"version\""));
	}
	s = text_of(doc, hf_json_member(doc, request, "ifNoneMatch"), arena);
	e->if_none_match_any = hf_sv_is(s, "*");
	if (hf_sv_is(method, "DELETE")) {
		read_delete(e, url);
		return true;
	}
	q = hf_sv_find(url, '?');
	if (hf_sv_is(method, "POST")) {
		s = text_of(doc, hf_json_member(doc, request, "ifNoneExist"), arena);
		if (s.n != 0) {
			e->op = HF_PLAN_CREATE_IF;
			e->query = s.p[0] == '?' ? hf_sv_from_at(s, 1) : s;
		}
	} else if (hf_sv_is(method, "PUT")) {
		if (q < url.n) {
			e->op = HF_PLAN_PUT_IF;
			e->query = hf_sv_from_at(url, q + 1);
		} else if (split_url(url, &type, &id)) {
			e->id = id;
		} else {
			refuse(e, "request.url", HF_SV("a PUT names Type/id"));
		}
	} else {
		refuse(e, "request.method",
		       HF_SV("import takes POST, PUT, DELETE and passes over GET"));
	}
	return true;
}

/* One entry of a Bundle; false when there is nothing to import in it. */
static bool
read_entry(const struct hf_json *doc, uint32_t entry,
	   const struct hf_plan_limits *limits, struct hf_arena *arena,
	   struct hf_plan_entry *e)
{
	uint32_t request = hf_json_member(doc, entry, "request");
	uint32_t search = hf_json_member(doc, entry, "search");
	struct hf_sv put_id;

	e->node = hf_json_member(doc, entry, "resource");
	e->full_url = text_of(doc, hf_json_member(doc, entry, "fullUrl"), arena);
	if (hf_sv_is(text_of(doc, hf_json_member(doc, search, "mode"), arena),
		     "outcome"))
		return false;
	if (request != HF_JSON_NONE && !read_request(doc, request, e, arena))
		return false;
	if (e->op == HF_PLAN_DELETE || e->op == HF_PLAN_DELETE_IF)
		return true;
	if (e->node == HF_JSON_NONE) {
		refuse(e, "", HF_SV("the entry has no resource"));
		return true;
	}
	read_type(doc, e, arena);
	check_size(doc, e, limits, arena);
	if (e->why.n != 0)
		return true;
	put_id = e->id;
	read_id(doc, e, arena);
	if (put_id.n != 0 && !hf_sv_eq(put_id, e->id)) {
		if (hf_json_member(doc, e->node, "id") != HF_JSON_NONE)
			refuse(e, "request.url",
			       HF_SV("the url and the resource have different ids"));
		e->id = put_id;
	}
	return true;
}

struct seen {
	struct hf_sv id;
	hf_type_id type;
};

static size_t
slot_of(const struct seen *seen, size_t mask, hf_type_id type, struct hf_sv id)
{
	uint64_t h = 0xcbf29ce484222325u ^ type;
	size_t at;

	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 0x100000001b3u;
	for (at = (h ^ h >> 29) & mask; seen[at].type != 0; at = (at + 1) & mask)
		if (seen[at].type == type && hf_sv_eq(seen[at].id, id))
			break;
	return at;
}

/* No id may stand twice in one change: of two entries with the same content the
 * second gets an id of its own, of two others the second is refused. */
static enum hf_rc
check_twice(const struct hf_json *doc, struct hf_arena *arena, struct hf_plan *plan,
	    struct hf_err *err)
{
	size_t size = 16;
	struct seen *seen;

	while (size < plan->n * 2)
		size *= 2;
	seen = hf_arena_array(arena, size, sizeof(*seen));
	if (seen == NULL)
		return hf_fail(err, HF_TOO_LONG, NULL, "the document is too large");
	for (size_t i = 0; i < plan->n; i++) {
		struct hf_plan_entry *e = &plan->entries[i];
		size_t at;

		if (e->why.n != 0 || e->id.n == 0)
			continue;
		at = slot_of(seen, size - 1, e->type, e->id);
		for (uint32_t again = 1; seen[at].type != 0; again++) {
			if (e->node == HF_JSON_NONE || e->full_url.n != 0 ||
			    hf_json_member(doc, e->node, "id") != HF_JSON_NONE) {
				refuse(e, "id",
				       HF_SV("the same resource stands twice in the "
					     "Bundle"));
				break;
			}
			e->id = content_id(doc, e->node, again, arena);
			at = slot_of(seen, size - 1, e->type, e->id);
		}
		if (e->why.n == 0)
			seen[at] = (struct seen){e->id, e->type};
	}
	return HF_OK;
}

static enum hf_rc
read_bundle(const struct hf_json *doc, uint32_t root,
	    const struct hf_plan_limits *limits, struct hf_arena *arena,
	    struct hf_plan *plan, struct hf_err *err)
{
	static const struct {
		const char *type;
		bool whole;
	} kinds[] = {{"transaction", true}, {"collection", true}, {"document", true},
		     {"message", true},	    {"batch", false},	  {"searchset", false}};
	struct hf_sv type = text_of(doc, hf_json_member(doc, root, "type"), arena);
	uint32_t list = hf_json_member(doc, root, "entry"), place = 0;
	uint32_t count = hf_json_count(doc, list);
	size_t k = 0;

	while (k < HF_COUNT(kinds) && !hf_sv_eq(type, hf_sv_from(kinds[k].type)))
		k++;
	if (k == HF_COUNT(kinds))
		return hf_fail(err, HF_INVALID, "Bundle.type",
			       "import takes Bundles of type transaction, batch, "
			       "collection, searchset, document or message");
	if (list != HF_JSON_NONE && hf_json_type(doc, list) != HF_JSON_ARRAY)
		return hf_fail(err, HF_INVALID, "Bundle.entry", "it is a JSON array");
	plan->bundle = true;
	plan->whole = kinds[k].whole;
	plan->entries = hf_arena_array(arena, count + 1, sizeof(*plan->entries));
	if (plan->entries == NULL)
		return hf_fail(err, HF_TOO_LONG, "Bundle.entry", "there are too many");
	if (count == 0)
		return HF_OK;
	for (uint32_t c = list + 1; c < doc->nodes[list].next;
	     c = doc->nodes[c].next, place++) {
		struct hf_plan_entry *e = &plan->entries[plan->n];

		e->place = place;
		if (read_entry(doc, c, limits, arena, e))
			plan->n++;
		else
			memset(e, 0, sizeof(*e));
	}
	return check_twice(doc, arena, plan, err);
}

enum hf_rc
hf_plan_read(const struct hf_json *doc, const struct hf_plan_limits *limits,
	     struct hf_arena *arena, struct hf_plan *out, struct hf_err *err)
{
	uint32_t root = 0;
	struct hf_plan plan = {0};
	struct hf_sv type;
	enum hf_rc rc = HF_OK;

	if (doc->n == 0 || hf_json_type(doc, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL,
			       "a FHIR resource is a JSON object, this is another "
			       "JSON value");
	if (hf_json_member(doc, 0, "rejected") != HF_JSON_NONE) {
		root = hf_json_member(doc, 0, "resource");
		if (root == HF_JSON_NONE)
			return hf_fail(err, HF_INVALID, "resource",
				       "this line of a rejects file has no resource: "
				       "correct the file that it names");
	}
	type = text_of(doc, hf_json_member(doc, root, "resourceType"), arena);
	if (hf_sv_is(type, "Bundle")) {
		rc = read_bundle(doc, root, limits, arena, &plan, err);
	} else {
		plan.entries = HF_NEW(arena, struct hf_plan_entry);
		if (plan.entries == NULL)
			return hf_fail(err, HF_TOO_LONG, NULL, "it is too large");
		plan.n = 1;
		plan.entries[0].node = root;
		read_type(doc, plan.entries, arena);
		check_size(doc, plan.entries, limits, arena);
		if (plan.entries[0].why.n == 0)
			read_id(doc, plan.entries, arena);
	}
	if (rc == HF_OK)
		*out = plan;
	return rc;
}

bool
hf_plan_conditions(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
		   struct hf_sv **refs, size_t *n)
{
	struct hf_sv *list = *refs;
	size_t have = *n;

	for (uint32_t i = node; i < doc->nodes[node].next; i++) {
		const struct hf_json_node *x = &doc->nodes[i];
		struct hf_sv s;
		size_t q, k;

		if (x->type != HF_JSON_STRING || x->key_len != 9 ||
		    !hf_sv_is(hf_json_key(doc, i), "reference"))
			continue;
		s = hf_json_raw(doc, i);
		q = hf_sv_find(s, '?');
		if (q == s.n || hf_resource_find((struct hf_sv){s.p, q}) == 0)
			continue;
		s = hf_json_str(doc, i, arena);
		for (k = 0; k < have && !hf_sv_eq(list[k], s); k++)
			;
		if (k < have)
			continue;
		if ((have & (have - 1)) == 0) { /* full at 0, 1, 2, 4 … */
			struct hf_sv *more =
			    hf_arena_array(arena, have ? have * 2 : 1, sizeof(*more));

			if (more == NULL || s.p == NULL)
				return false;
			if (have != 0)
				memcpy(more, list, have * sizeof(*more));
			list = more;
		}
		list[have++] = s;
	}
	*refs = list;
	*n = have;
	return true;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
unescape(struct hf_sv s, struct hf_arena *arena, struct hf_sv *out)
{
	char *p = hf_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	if (p == NULL)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			int hi = s.n - i > 2 ? hex(s.p[i + 1]) : -1;
			int lo = s.n - i > 2 ? hex(s.p[i + 2]) : -1;

			if (hi < 0 || lo < 0)
				return false;
			p[n++] = (char)(hi * 16 + lo);
			i += 2;
		} else {
			p[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	*out = (struct hf_sv){p, n};
	return true;
}

bool
hf_plan_param(struct hf_sv *rest, struct hf_arena *arena, struct hf_sv *name,
	      struct hf_sv *value)
{
	struct hf_sv pair = hf_sv_cut(rest, '&');
	struct hf_sv left = hf_sv_cut(&pair, '=');

	return left.n != 0 && unescape(left, arena, name) &&
	       unescape(pair, arena, value);
}

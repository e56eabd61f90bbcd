/* fhir_history.c - history of a resource, of a type, of everything, newest first.
 *
 * A page goes on from where the last one ended by commit number and rid, so what
 * is written meanwhile neither moves nor repeats an entry. */
#include "server/fhir.h"
#include "server/limits.h"

void hf_fhir_history_instance(struct hf_call *call);
void hf_fhir_history_type(struct hf_call *call);
void hf_fhir_history_system(struct hf_call *call);

enum { LOOKED_MAX = 10000 }; /* versions looked at for one page of _at */

struct query {
	hf_type_id type;
	hf_rid rid; /* 0: all of type */
	struct hf_sv path;
	size_t count;
	struct hf_sv since_text, at_text; /* as asked, for the links */
	hf_time since;			  /* HF_TIME_MIN: none */
	bool has_at;
	struct hf_date at;
	int64_t before_change; /* the page: 0 is the first */
	hf_rid before_rid;
};

struct page {
	struct hf_version *items;
	size_t n;
	bool more; /* there is another page, after .change and .rid */
	int64_t change;
	hf_rid rid;
};

static enum hf_rc
parse_page(struct hf_sv value, struct query *q, struct hf_err *err)
{
	struct hf_sv rest = value, change = hf_sv_cut(&rest, '-');

	if (!hf_sv_int(change, &q->before_change) || !hf_sv_int(rest, &q->before_rid) ||
	    q->before_change < 1 || q->before_rid < 1)
		return hf_fail(
		    err, HF_INVALID, NULL,
		    "_page is taken from the links of a history as it stands");
	return HF_OK;
}

static enum hf_rc
parse_param(struct hf_call *c, const struct hf_param *p, struct query *q,
	    struct hf_err *err)
{
	struct hf_date date;
	int64_t n;

	if (hf_sv_is(p->name, "_count")) {
		if (!hf_sv_int(p->value, &n) || n < 1)
			return hf_fail(err, HF_INVALID, NULL,
				       "_count is a whole number from 1 on");
		q->count = n > HF_COUNT_MAX ? HF_COUNT_MAX : (size_t)n;
	} else if (hf_sv_is(p->name, "_since")) {
		if (!hf_date_parse(p->value, true, &date))
			return hf_fail(err, HF_INVALID, NULL,
				       "_since is an instant, as in "
				       "2026-01-31T12:00:00Z");
		q->since = date.lo;
		q->since_text = p->value;
	} else if (hf_sv_is(p->name, "_at")) {
		if (!hf_date_parse(p->value, true, &q->at))
			return hf_fail(err, HF_INVALID, NULL,
				       "_at is a date or a date and time");
		q->has_at = true;
		q->at_text = p->value;
	} else if (hf_sv_is(p->name, "_page")) {
		return parse_page(p->value, q, err);
	} else if (!c->prefer.lenient) {
		return hf_fail(err, HF_INVALID, NULL,
			       "the parameter %.*s is not known to history; it takes "
			       "_count, _since and _at",
			       (int)(p->name.n > 64 ? 64 : p->name.n), p->name.p);
	}
	return HF_OK;
}

/* Where the walk begins for _at: behind the last commit before its end. */
static enum hf_rc
fetch(struct hf_call *c, const struct query *q, int64_t change, hf_rid rid, size_t max,
      struct page *out, struct hf_err *err)
{
	return hf_store_history(c->reader, q->type, q->rid, change, rid,
				q->has_at ? HF_TIME_MIN : q->since, max, c->arena,
				&out->items, &out->n, err);
}

/* Was v the newest version at some time within [lo, hi)? */
static enum hf_rc
was_current(struct hf_call *c, const struct hf_version *v, const struct hf_date *at,
	    bool *out, struct hf_err *err)
{
	struct hf_version next;
	enum hf_rc rc;

	*out = v->at < at->hi;
	if (v->at >= at->lo || !*out)
		return HF_OK;
	rc = hf_store_read_rid(c->reader, v->e.rid, v->e.version + 1, c->arena, &next,
			       err);
	if (rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc && rc != HF_GONE)
		return rc;
	*out = next.at > at->lo;
	return HF_OK;
}

/* One page of a history at a time: versions are looked at in blocks. */
static enum hf_rc
collect_at(struct hf_call *c, const struct query *q, struct page *out,
	   struct hf_err *err)
{
	struct hf_version *kept = hf_arena_array(c->arena, q->count + 1, sizeof *kept);
	struct page block = {.change = q->before_change, .rid = q->before_rid};
	size_t n = 0, looked = 0;

	if (!kept)
		return hf_fail(err, HF_TOO_LONG, NULL, "the history is too long");
	do {
		enum hf_rc rc = fetch(c, q, block.change, block.rid, 100, &block, err);

		if (rc)
			return rc;
		for (size_t i = 0; i < block.n && n <= q->count; i++) {
			bool current;

			rc = was_current(c, &block.items[i], &q->at, &current, err);
			if (rc)
				return rc;
			if (current)
				kept[n++] = block.items[i];
			block.change = block.items[i].e.change;
			block.rid = block.items[i].e.rid;
		}
		looked += block.n;
	} while (block.n == 100 && n <= q->count && looked < LOOKED_MAX);
	*out = (struct page){.items = kept, .n = n};
	if (n > q->count) {
		out->n = q->count;
		out->more = true;
		out->change = kept[q->count - 1].e.change;
		out->rid = kept[q->count - 1].e.rid;
	} else if (block.n == 100) {
		/* Not everything was looked at: the next page goes on. */
		out->more = true;
		out->change = block.change;
		out->rid = block.rid;
	}
	return HF_OK;
}

static enum hf_rc
collect(struct hf_call *c, const struct query *q, struct page *out, struct hf_err *err)
{
	enum hf_rc rc;

	*out = (struct page){.n = 0};
	if (q->has_at)
		return collect_at(c, q, out, err);
	rc = fetch(c, q, q->before_change, q->before_rid, q->count + 1, out, err);
	if (rc == HF_OK && out->n > q->count) {
		out->n = q->count;
		out->more = true;
		out->change = out->items[out->n - 1].e.change;
		out->rid = out->items[out->n - 1].e.rid;
	}
	return rc;
}

static void
add(struct hf_buf *query, const char *name, struct hf_sv value)
{
	if (value.n == 0)
		return;
	hf_buf_printf(query, "%s%s=", query->n ? "&" : "", name);
	/* Numbers, dates and zones: only + needs to be written as %2B. */
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '+')
			hf_buf_lit(query, "%2B");
		else
			hf_buf_char(query, value.p[i]);
}

static void
write_link(struct hf_call *c, const struct query *q, const char *relation,
	   int64_t change, hf_rid rid, struct hf_jw *w)
{
	struct hf_buf query = {.cap = 4096};

	hf_buf_printf(&query, "_count=%zu", q->count);
	add(&query, "_since", q->since_text);
	add(&query, "_at", q->at_text);
	if (change)
		hf_buf_printf(&query, "&_page=%lld-%lld", (long long)change,
			      (long long)rid);
	hf_fhir_bundle_link(w, relation, c->base, q->path, hf_buf_view(&query));
	hf_buf_free(&query);
}

/* The request that made this version, as far as the record tells: a create was a
 * POST when the id is one that this server gave. */
static const char *
method_of(struct hf_call *c, const struct hf_version *v)
{
	if (v->e.deleted)
		return "DELETE";
	if (v->e.version == 1 && hf_store_rid_of_id(c->store, v->id) == v->e.rid)
		return "POST";
	return "PUT";
}

static void
write_entry(struct hf_call *c, const struct hf_version *v, struct hf_jw *w)
{
	const char *name = hf_type_get(v->e.type)->name;
	const char *method = method_of(c, v);
	struct hf_sv url = hf_sv_from(name);

	hf_call_saw(c, v->e.rid);
	if (strcmp(method, "POST") != 0)
		url = hf_arena_printf(c->arena, "%s/%.*s", name, HF_SV_ARG(v->id));
	hf_jw_obj(w);
	hf_fhir_entry_resource(w, c->base, v->e.type, v->id, v->body);
	hf_jw_member(w, "request");
	hf_jw_obj(w);
	hf_jw_field(w, "method", hf_sv_from(method));
	hf_jw_field(w, "url", url);
	hf_jw_obj_end(w);
	hf_jw_member(w, "response");
	hf_jw_obj(w);
	hf_jw_field(w, "status",
		    hf_sv_from(hf_fhir_status(v->e.deleted	  ? 204
					      : v->e.version == 1 ? 201
								  : 200)));
	hf_fhir_response_version(w, v->e.version, v->at);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

static void
write_page(struct hf_call *c, const struct query *q, const struct page *page,
	   struct hf_jw *w)
{
	bool whole = q->before_change == 0 && !page->more;

	hf_fhir_bundle_open(w, "history", whole ? (int64_t)page->n : -1);
	hf_jw_member(w, "link");
	hf_jw_arr(w);
	write_link(c, q, "self", q->before_change, q->before_rid, w);
	if (page->more)
		write_link(c, q, "next", page->change, page->rid, w);
	hf_jw_arr_end(w);
	if (page->n) {
		hf_jw_member(w, "entry");
		hf_jw_arr(w);
		for (size_t i = 0; i < page->n; i++)
			write_entry(c, &page->items[i], w);
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
	if (c->audit_hits < 0)
		c->audit_hits = 0;
	c->audit_hits += (int64_t)page->n;
}

/* Where the history is about: type, rid and the path of its links. */
static enum hf_rc
place(struct hf_call *c, const struct hf_history_query *asked, struct query *q,
      struct hf_err *err)
{
	const char *name = asked->type ? hf_type_get(asked->type)->name : NULL;
	struct hf_entry entry;
	enum hf_rc rc;

	q->type = asked->type;
	if (asked->id.n == 0) {
		q->path = name ? hf_arena_printf(c->arena, "%s/_history", name)
			       : HF_SV("_history");
		return HF_OK;
	}
	q->path =
	    hf_arena_printf(c->arena, "%s/%.*s/_history", name, HF_SV_ARG(asked->id));
	rc = hf_store_find(c->reader, asked->type, asked->id, &entry, err);
	/* What was deleted still has its history. */
	if (rc && rc != HF_GONE)
		return rc;
	q->rid = entry.rid;
	return HF_OK;
}

enum hf_rc
hf_fhir_write_history(struct hf_call *c, const struct hf_history_query *asked,
		      struct hf_jw *w, struct hf_err *err)
{
	struct query q = {.count = HF_COUNT_DEFAULT, .since = HF_TIME_MIN};
	struct page page;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < asked->params->n && rc == HF_OK; i++)
		rc = parse_param(c, &asked->params->items[i], &q, err);
	if (rc == HF_OK && q.has_at && q.since != HF_TIME_MIN)
		rc = hf_fail(err, HF_INVALID, NULL, "give _since or _at, not both");
	if (rc == HF_OK)
		rc = place(c, asked, &q, err);
	if (rc == HF_OK)
		rc = collect(c, &q, &page, err);
	if (rc)
		return rc;
	write_page(c, &q, &page, w);
	return HF_OK;
}

static void
history(struct hf_call *c, hf_type_id type, struct hf_sv id)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	struct hf_params params = {c->params, c->n_params};
	struct hf_history_query q = {type, id, &params};
	struct hf_err err;

	if (hf_fhir_write_history(c, &q, &w, &err) != HF_OK)
		hf_call_fail(c, &err);
	else
		hf_call_reply_buf(c, 200);
}

void
hf_fhir_history_instance(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);

	if (!type)
		return;
	c->audit_id = hf_fhir_id_valid(c->arg[1]) ? c->arg[1] : HF_SV("");
	history(c, type, c->arg[1]);
}

void
hf_fhir_history_type(struct hf_call *c)
{
	hf_type_id type = hf_fhir_type(c, 0);

	if (type)
		history(c, type, HF_SV(""));
}

void
hf_fhir_history_system(struct hf_call *c)
{
	history(c, 0, HF_SV(""));
}

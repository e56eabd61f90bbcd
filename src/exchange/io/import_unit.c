/* import_unit.c - from the text of a job to changes that are ready to commit. */
#include "exchange/io/import_impl.h"

#include "base/io/clock.h"
#include "fhir/validate.h"
#include "record/io/search.h"

static const struct hf_plan_limits plan_limits = {.resource = RESOURCE_MAX};

static struct unit *
unit_new(struct job *job, size_t text)
{
	struct unit *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->job = job;
	atomic_fetch_add(&job->refs, 1);
	hf_arena_init(&u->arena, text * 16 + (256u << 20));
	return u;
}

void
hf_import_unit_free(struct unit *u)
{
	if (u == NULL)
		return;
	hf_import_job_unref(u->job);
	hf_arena_free(&u->arena);
	free(u);
}

static struct reject
about(const struct unit *u, const struct ref *r)
{
	return (struct reject){
	    .path = u->job->path,
	    .line = r->line,
	    .entry = u->bundle != NULL ? (int64_t)r->entry->place : -1,
	    .resources = 1,
	    .doc = r->doc,
	    .node = r->entry->node,
	};
}

static struct reject
about_whole(const struct unit *u)
{
	return (struct reject){
	    .path = u->job->path,
	    .line = u->line,
	    .entry = -1,
	    .resources = u->n != 0 ? (int64_t)u->n : 1,
	    .doc = u->bundle,
	    .node = u->bundle != NULL ? 0 : HF_JSON_NONE,
	};
}

void
hf_import_unit_refuse(struct unit *u, const struct hf_err *err)
{
	if (u->whole) {
		struct reject r = about_whole(u);

		hf_import_reject_err(u->job->im, &r, err);
		return;
	}
	for (size_t i = 0; i < u->n; i++) {
		struct reject r = about(u, &u->refs[i]);

		if (!u->refs[i].out)
			hf_import_reject_err(u->job->im, &r, err);
		u->refs[i].out = true;
	}
}

/* ---- checks ---- */

/* Copies the findings about entry r of a Bundle with their place in the Bundle. */
static void
hoist(const struct ref *r, const struct hf_issues *from, struct hf_issues *to)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct hf_issue *x = &from->items[i];
		size_t dot = hf_sv_find(x->path, '.');
		struct hf_sv path;

		path = hf_arena_printf(to->arena, "Bundle.entry[%u].resource%.*s",
				       r->entry->place,
				       HF_SV_ARG(hf_sv_from_at(x->path, dot)));
		hf_issue_add(to, x->severity, x->code, path, "%.*s",
			     HF_SV_ARG(x->text));
	}
}

static void
check_one(struct ref *r, struct hf_issues *found)
{
	struct hf_plan_entry *e = r->entry;

	if (e->why.n != 0)
		hf_issue_add(
		    found, HF_SEV_ERROR, "invalid",
		    hf_arena_printf(found->arena, "%s%s%s",
				    e->type ? hf_type_get(e->type)->name : "Resource",
				    e->why_path && e->why_path[0] ? "." : "",
				    e->why_path ? e->why_path : ""),
		    "%.*s", HF_SV_ARG(e->why));
	else if (e->node != HF_JSON_NONE)
		hf_validate(r->doc, e->node, found, &e->type);
}

/* Validates every resource of u.  False when the unit is refused whole. */
static bool
check_all(struct unit *u)
{
	struct hf_arena scratch = {.cap = 64 << 20}, kept = {.cap = 64 << 20};
	struct hf_issues all = {.arena = &kept};
	bool good = true;

	for (size_t i = 0; i < u->n; i++) {
		struct hf_issues found = {.arena = &scratch};
		struct reject r = about(u, &u->refs[i]);

		check_one(&u->refs[i], &found);
		if (found.errors != 0) {
			good = false;
			if (u->whole) {
				hoist(&u->refs[i], &found, &all);
			} else {
				u->refs[i].out = true;
				hf_import_reject_issues(u->job->im, &r, &found);
			}
		}
		if (found.n != 0)
			hf_arena_reset(&scratch);
	}
	if (!good && u->whole) {
		struct reject r = about_whole(u);

		hf_import_reject_issues(u->job->im, &r, &all);
	}
	hf_arena_free(&scratch);
	hf_arena_free(&kept);
	return good || !u->whole;
}

/* ---- conditions ---- */

enum { PARAMS_MAX = 16 };

struct condition {
	struct unit *unit;
	hf_type_id type;
	struct hf_sv query;
};

static enum hf_rc
search_one(const struct condition *c, struct hf_reader *reader, struct hf_arena *arena,
	   hf_rid *rid, uint32_t *slot, int64_t *value, struct hf_err *err)
{
	struct hf_param params[PARAMS_MAX];
	struct hf_sv query = c->query;
	size_t n = 0;

	while (query.n != 0) {
		if (n == PARAMS_MAX ||
		    !hf_plan_param(&query, arena, &params[n].name, &params[n].value))
			return hf_fail(err, HF_INVALID, "request",
				       "the condition is no list of at most %d "
				       "parameters name=value",
				       PARAMS_MAX);
		n++;
	}
	return hf_search_one(reader, c->type, params, n, HF_SV(""), hf_now(), arena,
			     rid, slot, value, err);
}

/* hf_change_prepare() asks again when nobody else may decide any more. */
static enum hf_rc
ask_again(void *ctx, struct hf_reader *reader, struct hf_arena *arena, hf_rid *rid,
	  struct hf_err *err)
{
	uint32_t slot;
	int64_t value;

	return search_one(ctx, reader, arena, rid, &slot, &value, err);
}

/* Makes the item of a resource that stands under a condition. */
static enum hf_rc
fill_condition(struct unit *u, struct hf_reader *reader, const struct hf_plan_entry *e,
	       struct hf_change_item *item, struct hf_err *err)
{
	struct condition *c = HF_NEW(&u->arena, struct condition);
	enum hf_rc rc;

	if (c == NULL)
		return hf_fail(err, HF_TOO_LONG, NULL, "the document is too large");
	*c = (struct condition){u, e->type, e->query};
	rc = search_one(c, reader, &u->arena, &item->cond_rid, &item->cond_slot,
			&item->cond_value, err);
	item->cond = ask_again;
	item->cond_ctx = c;
	if (rc != HF_OK || item->cond_rid == 0)
		return rc;
	if (e->op == HF_PLAN_CREATE_IF) {
		item->skip = true;
		item->cond_slot = 0; /* nothing is decided: others need not wait */
	} else {
		rc = hf_store_id_at(reader, item->cond_rid, &u->arena, &item->id, err);
	}
	return rc;
}

static enum hf_rc
fill_item(struct unit *u, struct hf_reader *reader, const struct ref *r,
	  struct hf_change_item *item, struct hf_err *err)
{
	const struct hf_plan_entry *e = r->entry;

	*item = (struct hf_change_item){
	    .op = e->node == HF_JSON_NONE ? HF_OP_DELETE : HF_OP_PUT,
	    .type = e->type,
	    .id = e->id,
	    .doc = e->node == HF_JSON_NONE ? NULL : r->doc,
	    .node = e->node,
	    .full_url = e->full_url,
	    .if_match = e->if_match,
	    .if_none_match_any = e->if_none_match_any,
	    .validated = true,
	};
	if (e->op == HF_PLAN_PUT || e->op == HF_PLAN_DELETE)
		return HF_OK;
	return fill_condition(u, reader, e, item, err);
}

/* An item that stands for what "Type?query" means, so that references find it.  It
 * has no slot: many refer to the same at once. */
static enum hf_rc
fill_reference(struct unit *u, struct hf_reader *reader, struct hf_sv text,
	       struct hf_change_item *item, struct hf_err *err)
{
	size_t q = hf_sv_find(text, '?');
	struct condition c = {u, hf_resource_find((struct hf_sv){text.p, q}),
			      hf_sv_from_at(text, q + 1)};
	uint32_t slot;
	int64_t value;
	enum hf_rc rc;

	*item = (struct hf_change_item){
	    .op = HF_OP_PUT,
	    .type = c.type,
	    .full_url = text,
	    .skip = true,
	};
	rc = search_one(&c, reader, &u->arena, &item->cond_rid, &slot, &value, err);
	item->rid = item->cond_rid;
	if (rc == HF_OK && item->cond_rid == 0)
		rc = hf_fail(err, HF_NOT_FOUND, NULL,
			     "a reference to %s by a condition finds nothing: import "
			     "what it means first",
			     hf_type_get(item->type)->name);
	return rc;
}

/* ---- the change ---- */

/* Sets up u->change for what is left.  On failure *bad is the ref to blame (or
 * u->n). */
static enum hf_rc
fill_change(struct unit *u, struct hf_reader *reader, size_t *bad, struct hf_err *err)
{
	const struct hf_import_config *config = u->job->im->config;
	struct hf_change_item *items;
	enum hf_rc rc = HF_OK;
	size_t n = 0;

	*bad = u->n;
	u->unresolved = 0;
	items = hf_arena_array(&u->arena, u->n + u->n_conditions + 1, sizeof(*items));
	u->item_ref = hf_arena_array(&u->arena, u->n + 1, sizeof(*u->item_ref));
	if (items == NULL || u->item_ref == NULL)
		return hf_fail(err, HF_TOO_LONG, NULL, "the document is too large");
	for (size_t i = 0; i < u->n; i++) {
		if (u->refs[i].out)
			continue;
		rc = fill_item(u, reader, &u->refs[i], &items[n], err);
		if (rc != HF_OK) {
			*bad = i;
			return rc;
		}
		if (items[n].op == HF_OP_DELETE && items[n].id.n == 0)
			continue; /* a conditional delete that found nothing */
		u->item_ref[n++] = i;
	}
	u->change = (struct hf_change){
	    .arena = &u->arena,
	    .actor = config->actor,
	    .purpose = config->purpose,
	    .source = HF_SV("import"),
	    .items = items,
	    .issues = &u->issues,
	    .failed_item = SIZE_MAX,
	};
	u->change.n = n;
	for (size_t i = 0; i < u->n_conditions && n != 0; i++) {
		struct hf_change_item *item = &items[u->change.n];

		rc = fill_reference(u, reader, u->conditions[i], item, err);
		if (rc == HF_NOT_FOUND && u->last && !u->whole)
			u->unresolved++;
		else if (rc != HF_OK)
			return rc;
		else
			u->change.n++;
	}
	u->issues = (struct hf_issues){.arena = &u->arena};
	return HF_OK;
}

static size_t
left(const struct unit *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++)
		n += !u->refs[i].out;
	return n;
}

bool
hf_import_unit_blame(struct unit *u, const struct hf_err *err, size_t item)
{
	struct ref *ref;
	struct reject r;

	if (u->whole || item >= u->n || u->item_ref == NULL ||
	    u->refs[u->item_ref[item]].out) {
		hf_import_unit_refuse(u, err);
		return false;
	}
	ref = &u->refs[u->item_ref[item]];
	r = about(u, ref);
	hf_import_reject_err(u->job->im, &r, err);
	ref->out = true;
	return left(u) != 0;
}

/* The reference or resource *bad could not be made an item of the change.  False
 * when nothing is left. */
static bool
drop_bad(struct unit *u, size_t bad, struct hf_err *err)
{
	struct reject r;

	if (u->whole && bad < u->n) {
		struct hf_err in = *err;

		hf_fail(err, in.rc, NULL, "entry %u: %s%s%s", u->refs[bad].entry->place,
			in.path, in.path[0] ? ": " : "", in.text);
	}
	if (u->whole || bad == u->n) {
		hf_import_unit_refuse(u, err);
		return false;
	}
	r = about(u, &u->refs[bad]);
	hf_import_reject_err(u->job->im, &r, err);
	u->refs[bad].out = true;
	return left(u) != 0;
}

/* hf_change_prepare() refused.  False when nothing is left. */
static bool
drop_unprepared(struct unit *u, const struct hf_err *err)
{
	struct reject r = about_whole(u);

	if (!u->whole || u->issues.errors == 0)
		return hf_import_unit_blame(u, err, u->change.failed_item);
	hf_import_reject_issues(u->job->im, &r, &u->issues);
	return false;
}

enum verdict
hf_import_unit_prepare(struct unit *u, struct hf_reader *reader)
{
	struct hf_store *store = u->job->im->config->store;
	struct hf_err err = {0};
	size_t bad;

	for (;;) {
		enum hf_rc rc = fill_change(u, reader, &bad, &err);

		if (rc == HF_NOT_FOUND && bad == u->n)
			return DEFER;
		if (rc == HF_OK && u->change.n == 0)
			return NOTHING;
		if (rc != HF_OK) {
			if (!drop_bad(u, bad, &err))
				return NOTHING;
			continue;
		}
		rc = hf_change_prepare(store, reader, &u->change, &err);
		if (rc == HF_OK)
			return READY;
		if (rc == HF_BUSY && u->tries++ < TRIES_MAX)
			continue;
		if (hf_import_is_fatal(rc)) {
			hf_import_fatal(u->job->im, &err);
			return NOTHING;
		}
		if (!drop_unprepared(u, &err))
			return NOTHING;
	}
}

/* Keeps u for later, as far as there is room; else it is refused. */
static bool
defer(struct unit *u)
{
	struct import *im = u->job->im;
	struct hf_err err;
	bool room;

	pthread_mutex_lock(&im->mu);
	room = im->deferred_bytes < DEFERRED_MAX;
	if (room) {
		u->next = im->deferred;
		im->deferred = u;
		u->job->deferred = true;
	}
	pthread_mutex_unlock(&im->mu);
	if (!room) {
		hf_fail(&err, HF_NOT_FOUND, NULL,
			"too many wait for what they refer to by a condition: import "
			"that first, then this again");
		hf_import_unit_refuse(u, &err);
	}
	return room;
}

void
hf_import_unit_go(struct unit *u, struct hf_reader *reader)
{
	enum verdict v = hf_import_unit_prepare(u, reader);

	if (v == READY) {
		hf_import_submit(u);
		return;
	}
	if (v == DEFER && defer(u)) {
		hf_import_order_leave(u);
		return;
	}
	hf_import_end(u);
}

/* Validates a new unit; it goes to its job's list, or away. */
static void
finish(struct unit *u)
{
	if (u->n == 0 || !check_all(u) || left(u) == 0) {
		hf_import_unit_free(u);
		return;
	}
	for (size_t i = 0; i < u->n; i++)
		if (!u->refs[i].out && u->refs[i].entry->node != HF_JSON_NONE)
			hf_plan_conditions(u->refs[i].doc, u->refs[i].entry->node,
					   &u->arena, &u->conditions, &u->n_conditions);
	*u->job->units_end = u;
	u->job->units_end = &u->next;
}

/* ---- reading ---- */

static bool
add_refs(struct unit *u, const struct hf_json *doc, const struct hf_plan *plan,
	 uint64_t line)
{
	if (u->n + plan->n > u->size) {
		size_t want = u->size ? u->size * 2 : GROUP;
		struct ref *refs;

		if (want < u->n + plan->n)
			want = u->n + plan->n;
		refs = hf_arena_array(&u->arena, want, sizeof(*refs));
		if (refs == NULL)
			return false;
		if (u->n != 0)
			memcpy(refs, u->refs, u->n * sizeof(*refs));
		u->refs = refs;
		u->size = want;
	}
	for (size_t i = 0; i < plan->n; i++)
		u->refs[u->n++] = (struct ref){doc, &plan->entries[i], line, false};
	return true;
}

static void
refuse_text(struct job *job, struct hf_sv text, uint64_t line, const struct hf_err *err)
{
	hf_import_reject_err(job->im,
			     &(struct reject){.path = job->path,
					      .line = line,
					      .entry = -1,
					      .resources = 1,
					      .node = HF_JSON_NONE,
					      .text = line ? text : (struct hf_sv){0}},
			     err);
}

/* What else a text might be, for those who took the wrong file. */
static enum hf_rc
check_kind(struct hf_sv text, struct hf_err *err)
{
	struct hf_sv s = hf_sv_trim(text);

	if (s.n == 0)
		return hf_fail(err, HF_INVALID, NULL, "the file is empty");
	if (s.p[0] == '{' || s.p[0] == '[')
		return HF_OK;
	if (s.p[0] == '<')
		return hf_fail(err, HF_INVALID, NULL,
			       "it is XML or HTML: import takes FHIR as JSON, convert "
			       "it first");
	return hf_fail(err, HF_INVALID, NULL,
		       "it is no FHIR: a JSON document begins with {, this begins with "
		       "byte 0x%02x",
		       (unsigned char)s.p[0]);
}

/* Parses one document and its plan into u's arena. */
static enum hf_rc
read_document(struct unit *u, struct hf_sv text, const struct hf_json **out,
	      struct hf_plan *plan, struct hf_err *err)
{
	const struct hf_json_limits limits = {.bytes = DOCUMENT_MAX};
	struct hf_json *doc = HF_NEW(&u->arena, struct hf_json);
	enum hf_rc rc = check_kind(text, err);

	if (rc == HF_OK && doc == NULL)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "the document is too large");
	if (rc == HF_OK)
		rc = hf_json_parse(text, &limits, &u->arena, doc, err);
	if (rc == HF_OK)
		rc = hf_plan_read(doc, &plan_limits, &u->arena, plan, err);
	*out = doc;
	return rc;
}

static void
one_document(struct job *job, struct hf_sv text, uint64_t line)
{
	struct unit *u = unit_new(job, text.n);
	const struct hf_json *doc;
	struct hf_plan plan;
	struct hf_err err;

	if (u == NULL || read_document(u, text, &doc, &plan, &err) != HF_OK ||
	    (!add_refs(u, doc, &plan, line) &&
	     hf_fail(&err, HF_TOO_LONG, NULL, "the document is too large") != HF_OK)) {
		if (u == NULL)
			hf_fail(&err, HF_FAULT, NULL, "out of memory");
		refuse_text(job, text, line, &err);
		hf_import_unit_free(u);
		return;
	}
	u->line = line;
	u->whole = plan.whole;
	u->bundle = plan.bundle ? doc : NULL;
	finish(u);
}

/* Does u hold the resource of e already? */
static bool
holds(const struct unit *u, const struct hf_plan_entry *e)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->refs[i].entry->type == e->type &&
		    hf_sv_eq(u->refs[i].entry->id, e->id))
			return true;
	return false;
}

/* Adds a line to *u, which is finished first when it is full or holds the same
 * resource already. */
static void
one_line(struct job *job, struct unit **u, struct hf_sv text, uint64_t line)
{
	const struct hf_json *doc;
	struct hf_plan plan;
	struct hf_err err;

	if (*u == NULL)
		*u = unit_new(job, CHUNK);
	if (*u == NULL) {
		hf_fail(&err, HF_FAULT, NULL, "out of memory");
		refuse_text(job, text, line, &err);
		return;
	}
	if (read_document(*u, text, &doc, &plan, &err) != HF_OK) {
		refuse_text(job, text, line, &err);
		return;
	}
	if (plan.bundle || (!job->grouped && holds(*u, &plan.entries[0]))) {
		if ((*u)->n != 0) {
			finish(*u);
			*u = NULL;
		}
		if (plan.bundle)
			one_document(job, text, line);
		else
			one_line(job, u, text, line);
		return;
	}
	if (!add_refs(*u, doc, &plan, line)) {
		hf_fail(&err, HF_TOO_LONG, NULL, "the line is too large");
		refuse_text(job, text, line, &err);
	}
	if ((*u)->n == (job->grouped ? GROUP_MAX : GROUP)) {
		finish(*u);
		*u = NULL;
	}
}

static void
all_lines(struct job *job)
{
	struct hf_sv text = hf_buf_view(&job->text);
	uint64_t line = job->line ? job->line : 1;
	struct unit *u = NULL;

	for (; text.n != 0 && !hf_import_stopped(job->im); line++) {
		struct hf_sv one = hf_sv_trim(hf_sv_cut(&text, '\n'));

		if (one.n != 0) {
			one_line(job, &u, one, line);
		} else if (job->grouped && u != NULL && u->n >= GROUP) {
			finish(u);
			u = NULL;
		}
	}
	if (u != NULL && u->n != 0)
		finish(u);
	else
		hf_import_unit_free(u);
}

/* Reads the file of a job. */
static bool
load(struct job *job)
{
	struct hf_source *source;
	struct hf_err err;
	enum hf_rc rc = hf_source_open(job->file, &source, &err);

	if (rc == HF_OK) {
		rc = hf_source_all(source, DOCUMENT_MAX, &job->text, &err);
		hf_source_close(source);
	}
	if (rc != HF_OK)
		refuse_text(job, (struct hf_sv){0}, 0, &err);
	return rc == HF_OK;
}

void
hf_import_units(struct job *job)
{
	struct hf_sv text;

	if (job->file != NULL && !load(job))
		return;
	text = hf_buf_view(&job->text);
	if (job->lines || hf_import_is_lines(text, job->path))
		all_lines(job);
	else
		one_document(job, text, 0);
}

/* audit_look.c - see audit_look.h. */
#include "server/audit_look.h"

#include "db/db.h"
#include "record/io/desk.h"

enum {
	BATCH = 100,	      /* commits read at once */
	COMMITS_MOST = 20000, /* looked at in one search */
	THINGS = 50
};

enum hf_rc
hf_look_begin(struct hf_look *look, struct hf_store *store,
	      struct hf_audit_finder *finder, struct hf_arena *arena,
	      struct hf_err *err)
{
	*look = (struct hf_look){.store = store, .finder = finder, .arena = arena};
	return hf_reader_get(store, &look->reader, err);
}

void
hf_look_end(struct hf_look *look)
{
	if (look->reader)
		hf_reader_put(look->reader);
	look->reader = NULL;
}

/* ---- spots and ids ---- */

struct hf_sv
hf_look_spot_write(const struct hf_look_spot *s, struct hf_arena *arena)
{
	return hf_arena_printf(
	    arena, "%llu.%llu.%lld", (unsigned long long)s->line.segment,
	    (unsigned long long)s->line.offset, (long long)s->change);
}

static bool
read_number(struct hf_sv text, uint64_t *out)
{
	int64_t v;

	if (!hf_sv_int(text, &v) || v < 0)
		return false;
	*out = (uint64_t)v;
	return true;
}

bool
hf_look_spot_read(struct hf_sv text, struct hf_look_spot *out)
{
	struct hf_sv segment = hf_sv_cut(&text, '.'), offset = hf_sv_cut(&text, '.');
	struct hf_look_spot s;
	uint64_t change;

	if (!read_number(segment, &s.line.segment) ||
	    !read_number(offset, &s.line.offset) || !read_number(text, &change))
		return false;
	s.change = (int64_t)change;
	*out = s;
	return true;
}

static bool
read_id(struct hf_sv id, struct hf_look_spot *out)
{
	struct hf_sv kind = hf_sv_cut(&id, '-'), first = hf_sv_cut(&id, '-');
	struct hf_look_spot s = {.change = 0};
	uint64_t change;

	if (hf_sv_is(kind, "w")) {
		if (!read_number(first, &change) || change == 0 || id.n)
			return false;
		s.change = (int64_t)change;
	} else if (!hf_sv_is(kind, "r") || !read_number(first, &s.line.segment) ||
		   s.line.segment == 0 || !read_number(id, &s.line.offset)) {
		return false;
	}
	*out = s;
	return true;
}

bool
hf_look_is_id(struct hf_sv id)
{
	struct hf_look_spot spot;

	return read_id(id, &spot);
}

/* ---- a commit as an event ---- */

/* Was it noted by a command that gave records out (admin_disclosure.c)? */
static bool
gives_out(struct hf_sv source)
{
	struct hf_sv word = hf_sv_cut(&source, ' ');

	return hf_sv_is(word, "export") || hf_sv_is(word, "backup") ||
	       hf_sv_is(word, "downtime");
}

static enum hf_audit_code
code_of(const struct hf_log_row *row)
{
	if (row->n_items == 0)
		return gives_out(row->source) ? HF_AUDIT_EXPORT : HF_AUDIT_ADMIN;
	if (row->n_items > 1)
		return HF_AUDIT_BATCH;
	if (row->items[0].deleted)
		return HF_AUDIT_DELETE;
	return row->items[0].version == 1 ? HF_AUDIT_CREATE : HF_AUDIT_UPDATE;
}

/* The persons on whose shelves it wrote. */
static bool
shelves_of(const struct hf_log_row *row, struct hf_arena *arena,
	   struct hf_audit_event *e)
{
	int64_t *list = hf_arena_array(arena, row->n_items + 1, sizeof *list);
	size_t n = 0;

	if (!list)
		return false;
	for (size_t i = 0; i < row->n_items; i++) {
		int64_t shelf = HF_RID_SHELF(row->items[i].rid);
		bool known = shelf < HF_SHELF_PERSON;

		for (size_t k = n; k > 0 && !known; k--)
			known = list[k - 1] == shelf;
		if (!known)
			list[n++] = shelf;
	}
	e->shelves = list;
	e->n_shelves = n;
	e->more_shelves = row->more;
	return true;
}

static struct hf_sv
thing(struct hf_look *look, const struct hf_log_item *item)
{
	const char *type = hf_type_get(item->type)->name;
	struct hf_sv id;

	if (hf_store_id_at(look->reader, item->rid, look->arena, &id, NULL) != HF_OK)
		return hf_sv_from(type);
	return hf_arena_printf(look->arena, "%s/%.*s", type, HF_SV_ARG(id));
}

static bool
event_of(struct hf_look *look, const struct hf_log_row *row, struct hf_look_line *out)
{
	struct hf_audit_event e = {.hits = -1};

	if (row->trace.n == 0 || !hf_audit_line_read(row->trace, look->arena, &e))
		e = (struct hf_audit_event){.hits = -1};
	e.at = row->at;
	e.actor = row->actor;
	e.purpose = row->purpose;
	e.status = 200;
	if (e.code == HF_AUDIT_NONE || e.code == HF_AUDIT_CREATE ||
	    e.code == HF_AUDIT_UPDATE || e.code == HF_AUDIT_DELETE)
		e.code = code_of(row);
	/* Without a request the source says what was done: "user add …". */
	if (e.route.n == 0)
		e.route = row->source;
	e.hits = row->n_items ? (int64_t)row->n_items : -1;
	if (!shelves_of(row, look->arena, &e))
		return false;
	if (row->n_items == 1)
		e.what = thing(look, &row->items[0]);
	*out = (struct hf_look_line){
	    .id = hf_arena_printf(look->arena, "w-%lld", (long long)row->change),
	    .e = e};
	out->after.change = row->change;
	return out->id.p != NULL;
}

/* A job of the desk that a request made has the request's own line. */
static bool
is_told_already(const struct hf_log_row *row, const struct hf_look_line *line)
{
	return row->n_items == 0 && row->trace.n && line->e.code != HF_AUDIT_NONE;
}

static bool
add_things(struct hf_look *look, const struct hf_log_row *row, struct hf_look_line *out)
{
	size_t n = row->n_items < THINGS ? row->n_items : THINGS;

	out->things = hf_arena_array(look->arena, n + 1, sizeof *out->things);
	if (!out->things)
		return false;
	for (size_t i = 0; i < n; i++)
		out->things[out->n_things++] = thing(look, &row->items[i]);
	return true;
}

static enum hf_rc
too_large(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "the answer is too large; ask for less");
}

/* Takes those rows of a batch that meet the query. */
static enum hf_rc
take_rows(struct hf_look *look, const struct hf_audit_query *q,
	  const struct hf_log_row *rows, size_t n, size_t max,
	  struct hf_look_line *list, size_t *count, struct hf_err *err)
{
	for (size_t i = 0; i < n && *count < max; i++) {
		struct hf_look_line *line = &list[*count];

		if (!event_of(look, &rows[i], line))
			return too_large(err);
		if (is_told_already(&rows[i], line) || !hf_audit_meets(q, &line->e))
			continue;
		if (!add_things(look, &rows[i], line))
			return too_large(err);
		++*count;
	}
	return HF_OK;
}

static enum hf_rc
find_changes(struct hf_look *look, const struct hf_look_query *query, size_t max,
	     struct hf_look_line *list, size_t *count, struct hf_err *err)
{
	const struct hf_audit_query *q = &query->q;
	bool user = q->actor.n && !hf_sv_starts(q->actor, HF_SV("Practitioner/")) &&
		    !hf_sv_starts(q->actor, HF_SV("Patient/"));
	struct hf_log_query log = {.shelves = q->shelves,
				   .n_shelves = q->n_shelves,
				   .actor = user ? q->actor : HF_SV(""),
				   .before = INT64_MAX,
				   .since = q->from,
				   .to = q->to,
				   .max = BATCH};
	size_t n = BATCH, looked = 0;
	enum hf_rc rc = HF_OK;

	if (query->before.change && query->before.change < log.before)
		log.before = query->before.change;
	for (*count = 0; rc == HF_OK && n == BATCH && *count < max; looked += n) {
		struct hf_log_row *rows;

		if (looked > COMMITS_MOST)
			return hf_fail(err, HF_COSTLY, NULL,
				       "more than %d commits would have to be looked "
				       "at: ask for a person, a user or a shorter time",
				       COMMITS_MOST);
		rc = hf_change_log(look->reader, &log, look->arena, &rows, &n, err);
		if (rc == HF_OK && n) {
			log.before = rows[n - 1].change;
			rc = take_rows(look, q, rows, n, max, list, count, err);
		}
	}
	return rc;
}

/* ---- both ---- */

static enum hf_rc
merge(struct hf_look *look, const struct hf_look_query *query,
      const struct hf_audit_hit *hits, size_t n_hits,
      const struct hf_look_line *changes, size_t n_changes, struct hf_look_line *out,
      size_t *n, struct hf_err *err)
{
	struct hf_look_spot spot = query->before;
	size_t h = 0, c = 0, count = 0;

	while (count < query->max && (h < n_hits || c < n_changes)) {
		struct hf_look_line *line = &out[count++];

		if (c < n_changes && (h == n_hits || changes[c].e.at >= hits[h].e.at)) {
			*line = changes[c++];
			spot.change = line->after.change;
		} else {
			*line = (struct hf_look_line){.e = hits[h].e};
			line->id =
			    hf_arena_printf(look->arena, "r-%llu-%llu",
					    (unsigned long long)hits[h].spot.segment,
					    (unsigned long long)hits[h].spot.offset);
			if (!line->id.p)
				return too_large(err);
			spot.line = hits[h++].spot;
		}
		line->after = spot;
	}
	*n = count;
	return HF_OK;
}

enum hf_rc
hf_look(struct hf_look *look, const struct hf_look_query *query,
	struct hf_look_line **out, size_t *n, bool *more, struct hf_err *err)
{
	size_t room = query->max + 1, n_hits = 0, n_changes = 0;
	struct hf_look_line *changes =
	    hf_arena_array(look->arena, room, sizeof *changes);
	struct hf_look_line *list = hf_arena_array(look->arena, room, sizeof *list);
	struct hf_audit_hit *hits = NULL;
	enum hf_rc rc;

	if (!changes || !list)
		return too_large(err);
	/* One more of each: then it is known whether there is a next page. */
	rc = hf_audit_find(look->finder, &query->q, &query->before.line, room,
			   look->arena, &hits, &n_hits, err);
	if (rc == HF_OK)
		rc = find_changes(look, query, room, changes, &n_changes, err);
	if (rc == HF_OK)
		rc = merge(look, query, hits, n_hits, changes, n_changes, list, n, err);
	if (rc)
		return rc;
	*out = list;
	*more = n_hits + n_changes > *n;
	return HF_OK;
}

enum hf_rc
hf_look_get(struct hf_look *look, struct hf_sv id, struct hf_look_line *out,
	    struct hf_err *err)
{
	struct hf_look_spot spot;
	struct hf_log_row row;
	enum hf_rc rc;

	if (!read_id(id, &spot))
		return hf_fail(err, HF_NOT_FOUND, "id",
			       "there is no such line in the audit");
	if (spot.change == 0) {
		*out = (struct hf_look_line){.id = id, .after = spot};
		return hf_audit_get(look->finder, &spot.line, look->arena, &out->e,
				    err);
	}
	rc = hf_change_log_get(look->reader, spot.change, look->arena, &row, err);
	if (rc == HF_OK && (!event_of(look, &row, out) || !add_things(look, &row, out)))
		rc = too_large(err);
	return rc;
}

/* link_write.c - writing facts about two records, and whose shelf is whose then.
 *
 * Runs in the committer's transaction.  A person is the connected component of the
 * facts that count; its lowest shelf stands in shelf.person of each.  It is made again
 * for the records that a fact touches, and for nobody else. */
#include "record/io/link_int.h"

static const char *const codes[HF_LINK_KINDS] = {
    [HF_LINK_NUMBER] = "number", [HF_LINK_MATCH] = "match", [HF_LINK_HAND] = "hand",
    [HF_LINK_FHIR] = "fhir",	 [HF_LINK_A40] = "a40",
};

const char *
hf_link_kind_code(enum hf_link_kind kind)
{
	return kind < HF_LINK_KINDS ? codes[kind] : "";
}

enum hf_link_kind
hf_link_kind_find(struct hf_sv code)
{
	for (enum hf_link_kind k = 0; k < HF_LINK_KINDS; k++)
		if (hf_sv_eq(code, hf_sv_from(codes[k])))
			return k;
	return HF_LINK_KINDS;
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
}

enum hf_rc
hf_link_read(struct hf_db *db, int64_t shelf, struct hf_arena *arena,
	     struct hf_edge **out, size_t *n, struct hf_err *err)
{
	struct hf_edge *list = NULL;
	size_t count = 0, size = 0;
	struct hf_rows rows;
	enum hf_rc end, rc = hf_db_query(db, HF_Q_RECORD_LINK_NEAR,
					 HF_ARGS(HF_INT(shelf)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		if (count == size) {
			struct hf_edge *more =
			    hf_arena_array(arena, size ? size * 2 : 8, sizeof *more);

			if (!more) {
				rc = no_memory(err);
				break;
			}
			if (count)
				memcpy(more, list, count * sizeof *more);
			list = more;
			size = size ? size * 2 : 8;
		}
		list[count++] = (struct hf_edge){
		    .other = hf_rows_int(&rows, HF_C_RECORD_LINK_NEAR_OTHER),
		    .id = hf_rows_int(&rows, HF_C_RECORD_LINK_NEAR_ID),
		    .said = hf_rows_int(&rows, HF_C_RECORD_LINK_NEAR_SAID),
		    .kind = hf_link_kind_find(
			hf_rows_text(&rows, HF_C_RECORD_LINK_NEAR_KIND)),
		    .linked = hf_sv_is(hf_rows_text(&rows, HF_C_RECORD_LINK_NEAR_STATE),
				       "linked"),
		};
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	*out = list;
	*n = count;
	return rc == HF_OK ? end : rc;
}

bool
hf_link_has(const int64_t *shelves, size_t n, int64_t shelf)
{
	for (size_t i = 0; i < n; i++)
		if (shelves[i] == shelf)
			return true;
	return false;
}

enum hf_rc
hf_link_component(struct hf_db *db, int64_t shelf, struct hf_arena *arena,
		  int64_t **out, size_t *n, struct hf_err *err)
{
	/* A person has few records; the bound is kept where links are made. */
	size_t size = 16, count = 1;
	int64_t *list = hf_arena_array(arena, size, sizeof *list);

	if (!list)
		return no_memory(err);
	list[0] = shelf;
	for (size_t i = 0; i < count; i++) {
		struct hf_edge *edges;
		size_t n_edges;
		enum hf_rc rc = hf_link_read(db, list[i], arena, &edges, &n_edges, err);

		if (rc != HF_OK)
			return rc;
		for (size_t e = 0; e < n_edges; e++) {
			if (!edges[e].linked ||
			    hf_link_has(list, count, edges[e].other))
				continue;
			if (count == size) {
				int64_t *more =
				    hf_arena_array(arena, size * 2, sizeof *more);

				if (!more)
					return no_memory(err);
				memcpy(more, list, count * sizeof *more);
				list = more;
				size *= 2;
			}
			list[count++] = edges[e].other;
		}
	}
	*out = list;
	*n = count;
	return HF_OK;
}

enum hf_rc
hf_link_settle(struct hf_db *db, int64_t shelf, int64_t change, struct hf_arena *arena,
	       size_t *n, struct hf_err *err)
{
	int64_t *list, low = shelf;
	enum hf_rc rc = hf_link_component(db, shelf, arena, &list, n, err);

	if (rc != HF_OK)
		return rc;
	for (size_t i = 0; i < *n; i++)
		low = list[i] < low ? list[i] : low;
	for (size_t i = 0; rc == HF_OK && i < *n; i++)
		rc = hf_db_exec(db, HF_Q_RECORD_SHELF_SET,
				HF_ARGS(HF_INT(low), HF_INT(change), HF_INT(list[i])),
				NULL, err);
	return rc;
}

/* The first of others that shelf was decided not to be one person with. */
static enum hf_rc
apart_from(struct hf_db *db, int64_t shelf, const int64_t *others, size_t n,
	   int64_t *link, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_LINK_APART, HF_ARGS(HF_INT(shelf)), &rows, err);

	if (rc != HF_OK)
		return rc;
	while (*link == 0 && hf_rows_next(&rows))
		if (hf_link_has(others, n,
				hf_rows_int(&rows, HF_C_RECORD_LINK_APART_OTHER)))
			*link = hf_rows_int(&rows, HF_C_RECORD_LINK_APART_ID);
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_link_apart(struct hf_db *db, const int64_t *ones, size_t n_ones,
	      const int64_t *others, size_t n_others, int64_t *link, struct hf_err *err)
{
	bool fewer = n_ones <= n_others;
	enum hf_rc rc = HF_OK;

	*link = 0;
	for (size_t i = 0; rc == HF_OK && *link == 0 && i < (fewer ? n_ones : n_others);
	     i++)
		rc = apart_from(db, fewer ? ones[i] : others[i], fewer ? others : ones,
				fewer ? n_others : n_ones, link, err);
	return rc;
}

/* The shelves of the person whose shelf this is, as shelf.person has it. */
static enum hf_rc
members(struct hf_db *db, int64_t shelf, struct hf_arena *arena, int64_t **out,
	size_t *n, struct hf_err *err)
{
	size_t size = HF_PERSON_MOST + 1;
	int64_t *list = hf_arena_array(arena, size, sizeof *list);
	struct hf_rows rows;
	size_t count = 0;
	enum hf_rc rc;

	if (!list)
		return no_memory(err);
	rc = hf_db_query(db, HF_Q_RECORD_SHELF_PERSON, HF_ARGS(HF_INT(shelf)), &rows,
			 err);
	if (rc != HF_OK)
		return rc;
	while (count < size && hf_rows_next(&rows))
		list[count++] = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && count == 0)
		list[count++] = shelf;
	*out = list;
	*n = count;
	return rc;
}

static enum hf_rc
person_of(struct hf_db *db, int64_t shelf, int64_t *person, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_RECORD_SHELF_GET, HF_ARGS(HF_INT(shelf)), &rows, err);

	if (rc != HF_OK)
		return rc;
	*person = hf_rows_next(&rows) ? hf_rows_int(&rows, 0) : shelf;
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_link_insert(struct hf_db *db, const struct hf_link *l, bool linked, int64_t change,
	       int64_t *id, struct hf_err *err)
{
	bool lower = l->shelf < l->other;
	int64_t last = 0;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_RECORD_LINK_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		last = hf_rows_int(&rows, 0);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		rc = hf_db_exec(
		    db, HF_Q_RECORD_LINK_ADD,
		    HF_ARGS(HF_INT(last + 1), HF_INT(lower ? l->shelf : l->other),
			    HF_INT(lower ? l->other : l->shelf), HF_INT(l->shelf),
			    HF_TEXT(hf_sv_from(hf_link_kind_code(l->kind))),
			    HF_TEXT(linked ? HF_SV("linked") : HF_SV("separated")),
			    HF_INT(l->score), HF_TEXT(l->why), HF_TEXT(l->fields),
			    HF_INT(change)),
		    NULL, err);
	if (id)
		*id = last + 1;
	return rc;
}

enum hf_rc
hf_link_end(struct hf_db *db, int64_t id, struct hf_sv why, int64_t change,
	    struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_RECORD_LINK_END,
			  HF_ARGS(HF_INT(change), HF_TEXT(why), HF_INT(id)), NULL, err);
}

enum hf_rc
hf_review_mark(struct hf_db *db, int64_t shelf, int64_t other, const char *state,
	       hf_time until, int64_t change, struct hf_sv reason, struct hf_err *err)
{
	bool lower = shelf < other;

	return hf_db_exec(db, HF_Q_RECORD_REVIEW_SET,
			  HF_ARGS(HF_TEXT(hf_sv_from(state)), HF_INT(until),
				  HF_INT(change), HF_TEXT(reason),
				  HF_INT(lower ? shelf : other),
				  HF_INT(lower ? other : shelf)),
			  NULL, err);
}

/* ---- what comes with a change ---- */

struct writing {
	struct hf_db *db;
	const struct hf_link *l;
	int64_t change;
	struct hf_arena arena;
	struct hf_edge *edges; /* what counts between shelf and anybody */
	size_t n_edges;
	int64_t *ones, *others; /* the two persons */
	size_t n_ones, n_others;
	struct hf_err *err;
};

static bool
are_apart(const struct writing *w)
{
	for (size_t i = 0; i < w->n_edges; i++)
		if (w->edges[i].other == w->l->other && !w->edges[i].linked)
			return true;
	return false;
}

/* Does the same already stand there?  What a client says, each of the two says for
 * itself. */
static bool
stands(const struct writing *w)
{
	for (size_t i = 0; i < w->n_edges; i++) {
		const struct hf_edge *e = &w->edges[i];

		if (e->other == w->l->other && e->linked && e->kind == w->l->kind &&
		    (e->kind != HF_LINK_FHIR || e->said == w->l->shelf))
			return true;
	}
	return false;
}

static enum hf_rc
are_one(struct writing *w, bool *same)
{
	int64_t one, other;
	enum hf_rc rc = person_of(w->db, w->l->shelf, &one, w->err);

	if (rc == HF_OK)
		rc = person_of(w->db, w->l->other, &other, w->err);
	if (rc == HF_OK)
		*same = one == other;
	return rc;
}

/* The shelves of the two persons together, who were not one: the lowest names them. */
static enum hf_rc
unite(struct writing *w)
{
	int64_t low = w->ones[0] < w->others[0] ? w->ones[0] : w->others[0];
	const int64_t *rest = low == w->ones[0] ? w->others : w->ones;
	size_t n = low == w->ones[0] ? w->n_others : w->n_ones;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc =
		    hf_db_exec(w->db, HF_Q_RECORD_SHELF_SET,
			       HF_ARGS(HF_INT(low), HF_INT(w->change), HF_INT(rest[i])),
			       NULL, w->err);
	return rc;
}

/* May the two persons become one?  If not, what is in the way; NULL when they may. */
static enum hf_rc
obstacle(struct writing *w, const char **why)
{
	int64_t link = 0;
	enum hf_rc rc =
	    members(w->db, w->l->shelf, &w->arena, &w->ones, &w->n_ones, w->err);

	if (rc == HF_OK)
		rc = members(w->db, w->l->other, &w->arena, &w->others, &w->n_others,
			     w->err);
	if (rc == HF_OK)
		rc = hf_link_apart(w->db, w->ones, w->n_ones, w->others, w->n_others,
				   &link, w->err);
	*why = NULL;
	if (link)
		*why = "a person decided that records of these two are of two people";
	else if (w->n_ones + w->n_others > HF_PERSON_MOST)
		*why = "the person would have too many records";
	return rc;
}

static enum hf_rc
review(struct writing *w, struct hf_sv why, bool same)
{
	const struct hf_link *l = w->l;
	bool lower = l->shelf < l->other;
	const char *kind = same ? "conflict" : hf_link_kind_code(l->kind);

	return hf_db_exec(w->db, HF_Q_RECORD_REVIEW_ADD,
			  HF_ARGS(HF_INT(lower ? l->shelf : l->other),
				  HF_INT(lower ? l->other : l->shelf),
				  HF_TEXT(hf_sv_from(kind)), HF_INT(l->score),
				  HF_TEXT(why), HF_TEXT(l->fields), HF_INT(w->change)),
			  NULL, w->err);
}

static enum hf_rc
join(struct writing *w)
{
	const char *why = NULL;
	bool same = false;
	enum hf_rc rc;

	if (stands(w))
		return HF_OK;
	if (are_apart(w))
		return w->l->kind == HF_LINK_FHIR
			   ? review(w,
				    HF_SV("Patient.link says they are one person, "
					  "but a person decided that they are two"),
				    false)
			   : HF_OK;
	rc = are_one(w, &same);
	if (rc == HF_OK && !same)
		rc = obstacle(w, &why);
	if (rc != HF_OK)
		return rc;
	if (why)
		return review(w, hf_sv_from(why), false);
	rc = hf_link_insert(w->db, w->l, true, w->change, NULL, w->err);
	if (rc == HF_OK)
		rc = hf_review_mark(w->db, w->l->shelf, w->l->other, "linked", 0,
				    w->change, w->l->why, w->err);
	return rc == HF_OK && !same ? unite(w) : rc;
}

static enum hf_rc
end(struct writing *w)
{
	const struct hf_link *l = w->l;
	bool any = false;
	size_t n;
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < w->n_edges; i++) {
		const struct hf_edge *e = &w->edges[i];

		if (e->other != l->other || !e->linked || e->kind != l->kind ||
		    (e->kind == HF_LINK_FHIR && e->said != l->shelf))
			continue;
		rc = hf_link_end(w->db, e->id, l->why, w->change, w->err);
		any = true;
	}
	if (rc == HF_OK && any)
		rc = hf_link_settle(w->db, l->shelf, w->change, &w->arena, &n, w->err);
	if (rc == HF_OK && any)
		rc = hf_link_settle(w->db, l->other, w->change, &w->arena, &n, w->err);
	return rc;
}

static enum hf_rc
put_up(struct writing *w)
{
	bool same = false;
	enum hf_rc rc;

	if (are_apart(w))
		return HF_OK;
	rc = are_one(w, &same);
	if (rc != HF_OK || (same && !w->l->anyhow))
		return rc;
	return review(w, w->l->why, same);
}

enum hf_rc
hf_link_write(struct hf_db *db, const struct hf_link *link, int64_t change,
	      struct hf_err *err)
{
	struct writing w = {
	    .db = db,
	    .l = link,
	    .change = change,
	    .arena = {.cap = 64 << 20},
	    .err = err,
	};
	enum hf_rc rc;

	assert(link->shelf != link->other);
	if (link->op == HF_LINK_GONE)
		return hf_db_exec(
		    db, HF_Q_RECORD_REVIEW_GONE,
		    HF_ARGS(
			HF_INT(change), HF_TEXT(link->why),
			HF_INT(link->shelf < link->other ? link->shelf : link->other),
			HF_INT(link->shelf < link->other ? link->other : link->shelf)),
		    NULL, err);
	rc = hf_link_read(db, link->shelf, &w.arena, &w.edges, &w.n_edges, err);
	if (rc == HF_OK && link->op == HF_LINK_JOIN)
		rc = join(&w);
	else if (rc == HF_OK && link->op == HF_LINK_END)
		rc = end(&w);
	else if (rc == HF_OK)
		rc = put_up(&w);
	hf_arena_free(&w.arena);
	return rc;
}

/* check_link.c - is shelf.person what the links say, and does no person hold two
 * records that were decided to be of two people?
 *
 * All links that count and all shelves are read in order; who is connected is worked
 * out anew, in memory: 16 bytes a shelf. */
#include "record/io/check_int.h"

enum { STEP = 20000, SHOWN = 20 };

struct place { /* a shelf; root leads to the lowest of its person */
	int64_t shelf, person;
	size_t root;
};

struct apart {
	int64_t id;
	size_t one, other;
};

struct links {
	struct hf_check *c;
	struct hf_buf places, aparts; /* of struct place, struct apart */
	int64_t shown;
};

static struct place *
places(struct links *l)
{
	return (struct place *)(void *)l->places.p;
}

static size_t
find(const struct links *l, int64_t shelf)
{
	const struct place *p = (const struct place *)(const void *)l->places.p;
	size_t low = 0, high = l->places.n / sizeof *p;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p[mid].shelf == shelf)
			return mid;
		if (p[mid].shelf < shelf)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

static size_t
root(struct links *l, size_t i)
{
	struct place *p = places(l);

	while (p[i].root != i) {
		p[i].root = p[p[i].root].root;
		i = p[i].root;
	}
	return i;
}

static enum hf_rc
read_shelves(struct links *l)
{
	int64_t from = INT64_MIN, n = STEP;

	while (n == STEP) {
		struct hf_rows rows;
		enum hf_rc rc =
		    hf_db_query(l->c->r->db, HF_Q_RECORD_COPY_SHELF,
				HF_ARGS(HF_INT(from), HF_INT(STEP)), &rows, l->c->err);

		if (rc != HF_OK)
			return rc;
		for (n = 0; hf_rows_next(&rows); n++) {
			struct place p = {
			    .shelf = hf_rows_int(&rows, HF_C_RECORD_COPY_SHELF_SHELF),
			    .person = hf_rows_int(&rows, HF_C_RECORD_COPY_SHELF_PERSON),
			    .root = l->places.n / sizeof p,
			};

			from = p.shelf;
			hf_buf_add(&l->places, &p, sizeof p);
		}
		rc = hf_rows_end(&rows, l->c->err);
		if (rc != HF_OK)
			return rc;
	}
	return l->places.failed
		   ? hf_fail(l->c->err, HF_BUSY, NULL, "out of memory: try again")
		   : HF_OK;
}

/* The lower root stands for both. */
static void
connect(struct links *l, size_t one, size_t other)
{
	size_t a = root(l, one), b = root(l, other);

	if (a < b)
		places(l)[b].root = a;
	else
		places(l)[a].root = b;
}

static void
take_link(struct links *l, const struct hf_rows *rows)
{
	size_t one = find(l, hf_rows_int(rows, HF_C_RECORD_CHECK_LINK_LIVE_LOW));
	size_t other = find(l, hf_rows_int(rows, HF_C_RECORD_CHECK_LINK_LIVE_HIGH));
	struct hf_sv state = hf_rows_text(rows, HF_C_RECORD_CHECK_LINK_LIVE_STATE);

	if (one == SIZE_MAX || other == SIZE_MAX)
		return; /* told of by a rule */
	if (hf_sv_is(state, "linked")) {
		connect(l, one, other);
	} else {
		struct apart a = {hf_rows_int(rows, HF_C_RECORD_CHECK_LINK_LIVE_ID),
				  one, other};

		hf_buf_add(&l->aparts, &a, sizeof a);
	}
}

static enum hf_rc
read_links(struct links *l)
{
	int64_t from = INT64_MIN, n = STEP;

	while (n == STEP) {
		struct hf_rows rows;
		enum hf_rc rc =
		    hf_db_query(l->c->r->db, HF_Q_RECORD_CHECK_LINK_LIVE,
				HF_ARGS(HF_INT(from), HF_INT(STEP)), &rows, l->c->err);

		if (rc != HF_OK)
			return rc;
		for (n = 0; hf_rows_next(&rows); n++) {
			from = hf_rows_int(&rows, HF_C_RECORD_CHECK_LINK_LIVE_ID);
			take_link(l, &rows);
		}
		rc = hf_rows_end(&rows, l->c->err);
		if (rc != HF_OK)
			return rc;
	}
	return l->aparts.failed
		   ? hf_fail(l->c->err, HF_BUSY, NULL, "out of memory: try again")
		   : HF_OK;
}

static void
compare(struct links *l)
{
	const struct apart *a = (const struct apart *)(const void *)l->aparts.p;
	size_t n = l->places.n / sizeof(struct place);

	for (size_t i = 0; i < n && l->shown < SHOWN; i++) {
		int64_t low = places(l)[root(l, i)].shelf;

		if (places(l)[i].person == low)
			continue;
		l->shown++;
		hf_check_found(l->c, "shelf",
			       "shelf %lld: it is linked to shelf %lld, but by the "
			       "links its person is %lld",
			       (long long)places(l)[i].shelf,
			       (long long)places(l)[i].person, (long long)low);
	}
	for (size_t i = 0; i < l->aparts.n / sizeof *a && l->shown < SHOWN; i++) {
		if (root(l, a[i].one) != root(l, a[i].other))
			continue;
		l->shown++;
		hf_check_found(l->c, "link",
			       "link %lld says that shelves %lld and %lld are of two "
			       "people, but others make them one",
			       (long long)a[i].id, (long long)places(l)[a[i].one].shelf,
			       (long long)places(l)[a[i].other].shelf);
	}
}

enum hf_rc
hf_check_links(struct hf_check *c)
{
	struct links l = {.c = c};
	enum hf_rc rc = read_shelves(&l);

	if (rc == HF_OK)
		rc = read_links(&l);
	if (rc == HF_OK)
		compare(&l);
	hf_buf_free(&l.places);
	hf_buf_free(&l.aparts);
	return rc;
}

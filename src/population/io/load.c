/* load.c - the whole store into columns.  Names and feeds first, then whose record
 * there is, then stripe by stripe of persons: threads unpack and sort a stripe each,
 * and put it into the columns in turn. */
#include <stdlib.h>
#include <unistd.h>

#include "population/io/load_int.h"
#include "population/own.h"

enum {
	FEEDS_CAP = 64 << 20,
	HEADS_A_STEP = 4096,
	THREADS_MOST = 8,
	SHELVES_FIRST = 1024
};

struct hf_pop_loader *
hf_pop_loader_new(struct hf_store *store)
{
	struct hf_pop_loader *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->store = store;
	l->names = hf_pop_names_new();
	if (!l->names) {
		free(l);
		return NULL;
	}
	hf_arena_init(&l->arena, FEEDS_CAP);
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void
hf_pop_loader_free(struct hf_pop_loader *l)
{
	if (!l)
		return;
	hf_pop_names_free(l->names);
	for (size_t k = 0; k < HF_POP_KINDS; k++)
		free(l->code[k]);
	free(l->person);
	free(l->feeds);
	free(l->shelf);
	free(l->shelves.slot);
	hf_pop_covers_free(&l->covers);
	hf_arena_free(&l->arena);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "not enough memory for the population");
}

/* ---- names ---- */

static enum hf_rc
take_pids(struct hf_pop_loader *l, int64_t ord, struct hf_sv pids, struct hf_err *err)
{
	size_t n = pids.n / HF_POP_PID;
	enum hf_rc rc = HF_OK;
	void *at;

	if (ord < 0 || (size_t)ord != l->n_person || pids.n % HF_POP_PID)
		return hf_fail(err, HF_FAULT, "pop_person",
			       "rows do not follow each other: run homefirst check");
	at = realloc(l->person, (l->n_person + n) * sizeof(*l->person));
	if (!at)
		return no_memory(err);
	l->person = at;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = hf_pop_names_person(l->names,
					 (const uint8_t *)pids.p + i * HF_POP_PID,
					 &l->person[l->n_person + i], NULL, err);
	if (rc == HF_OK)
		l->n_person += n;
	return rc;
}

static enum hf_rc
read_persons(struct hf_pop_loader *l, struct hf_db *db, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_PERSONS,
				    HF_ARGS(HF_INT((int64_t)l->n_person)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows))
		rc = take_pids(l, hf_rows_int(&rows, HF_C_POPULATION_PERSONS_ORD),
			       hf_rows_blob(&rows, HF_C_POPULATION_PERSONS_PIDS), err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
take_text(struct hf_pop_loader *l, enum hf_pop_kind kind, int64_t code,
	  struct hf_sv text, struct hf_err *err)
{
	size_t at = l->n_code[kind] ? l->n_code[kind] : 1;
	uint16_t *wider;

	if (code < 0 || (size_t)code != at)
		return hf_fail(err, HF_FAULT, "pop_code",
			       "rows do not follow each other: run homefirst check");
	wider = realloc(l->code[kind], (at + 1) * sizeof(*wider));
	if (!wider)
		return no_memory(err);
	wider[0] = 0;
	l->code[kind] = wider;
	l->n_code[kind] = at + 1;
	return hf_pop_names_code(l->names, kind, text, true, &wider[at], err);
}

static enum hf_rc
read_codes(struct hf_pop_loader *l, struct hf_db *db, enum hf_pop_kind kind,
	   struct hf_err *err)
{
	int64_t from = l->n_code[kind] ? (int64_t)l->n_code[kind] : 1;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_CODES,
				    HF_ARGS(HF_INT(kind), HF_INT(from)), &rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows))
		rc = take_text(l, kind, hf_rows_int(&rows, HF_C_POPULATION_CODES_CODE),
			       hf_rows_text(&rows, HF_C_POPULATION_CODES_TEXT), err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

enum hf_rc
hf_pop_loader_names(struct hf_pop_loader *l, struct hf_db *db, struct hf_err *err)
{
	enum hf_rc rc = read_persons(l, db, err);

	for (int k = 0; rc == HF_OK && k < HF_POP_KINDS; k++)
		rc = read_codes(l, db, (enum hf_pop_kind)k, err);
	return rc;
}

/* ---- feeds ---- */

static uint64_t
count_rows(struct hf_pop_size *most, const struct hf_rows *rows)
{
	static const int columns[HF_POP_ROWS_KINDS] = {
	    HF_C_POPULATION_FEEDS_EVENTS, HF_C_POPULATION_FEEDS_PERSONS,
	    HF_C_POPULATION_FEEDS_REGISTRATIONS, HF_C_POPULATION_FEEDS_CONDITIONS,
	    HF_C_POPULATION_FEEDS_VALS};
	uint64_t all = 0;

	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++) {
		uint64_t n = (uint64_t)hf_rows_int(rows, columns[k]);

		most->n[k] += n;
		all += n;
	}
	most->pool += (size_t)hf_rows_int(rows, HF_C_POPULATION_FEEDS_POOL);
	return all;
}

/* Does it tell days anew that another one of those known has told? */
static bool
overlaps(const struct hf_pop_loader *l, const struct hf_pop_feed_row *f)
{
	for (size_t i = 0; i < l->n_feeds; i++)
		if (l->feeds[i].from < f->to && f->from < l->feeds[i].to &&
		    hf_sv_eq(l->feeds[i].kind, f->kind) &&
		    hf_sv_eq(l->feeds[i].source, f->source))
			return true;
	return false;
}

static enum hf_rc
take_feed(struct hf_pop_loader *l, const struct hf_rows *rows, size_t *fresh,
	  bool *again, struct hf_err *err)
{
	struct hf_pop_feed_row f = {
	    .id = hf_rows_int(rows, HF_C_POPULATION_FEEDS_ID),
	    .source = hf_arena_sv(&l->arena,
				  hf_rows_text(rows, HF_C_POPULATION_FEEDS_SOURCE)),
	    .kind =
		hf_arena_sv(&l->arena, hf_rows_text(rows, HF_C_POPULATION_FEEDS_KIND)),
	    .from = (uint16_t)hf_rows_int(rows, HF_C_POPULATION_FEEDS_FROM),
	    .to = (uint16_t)hf_rows_int(rows, HF_C_POPULATION_FEEDS_TO),
	};
	void *at;

	if (!f.source.p || !f.kind.p)
		return no_memory(err);
	l->last_feed = f.id;
	if (hf_rows_int(rows, HF_C_POPULATION_FEEDS_STATE) != 1) {
		*again = true; /* replaced since it came, or something else was */
		return HF_OK;
	}
	f.rows = count_rows(&l->most, rows);
	atomic_fetch_add(&l->rows_of, f.rows);
	*again |= overlaps(l, &f);
	at = realloc(l->feeds, (l->n_feeds + 1) * sizeof(*l->feeds));
	if (!at)
		return no_memory(err);
	l->feeds = at;
	l->feeds[l->n_feeds++] = f;
	++*fresh;
	return hf_pop_covers_get(
	    &l->covers, hf_rows_blob(rows, HF_C_POPULATION_FEEDS_COVERS),
	    l->code[HF_POP_PROVIDER], l->n_code[HF_POP_PROVIDER], err);
}

enum hf_rc
hf_pop_loader_feeds(struct hf_pop_loader *l, struct hf_db *db, size_t *fresh,
		    bool *again, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_FEEDS,
				    HF_ARGS(HF_INT(l->last_feed)), &rows, err);
	enum hf_rc end;

	*fresh = 0;
	*again = false;
	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows))
		rc = take_feed(l, &rows, fresh, again, err);
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

/* ---- whose record there is ---- */

static size_t
shelf_slot(const struct hf_pop_shelves *s, int64_t shelf)
{
	size_t i =
	    (size_t)(((uint64_t)shelf * 0x9e3779b97f4a7c15u) >> 32) & (s->size - 1);

	while (s->slot[i].shelf && s->slot[i].shelf != shelf)
		i = (i + 1) & (s->size - 1);
	return i;
}

static bool
shelves_fit(struct hf_pop_shelves *s)
{
	struct hf_pop_shelves wider = {.n = s->n,
				       .size = s->size ? 2 * s->size : SHELVES_FIRST};

	if (2 * (s->n + 1) <= s->size)
		return true;
	wider.slot = calloc(wider.size, sizeof(*wider.slot));
	if (!wider.slot)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->slot[i].shelf)
			wider.slot[shelf_slot(&wider, s->slot[i].shelf)] = s->slot[i];
	free(s->slot);
	*s = wider;
	return true;
}

bool
hf_pop_shelf_person(const struct hf_pop_loader *l, int64_t shelf, uint32_t *out)
{
	size_t at = l->shelves.size ? shelf_slot(&l->shelves, shelf) : 0;

	if (!l->shelves.size || !l->shelves.slot[at].shelf)
		return false;
	*out = l->shelves.slot[at].person;
	return true;
}

bool
hf_pop_shelf_is(struct hf_pop_loader *l, int64_t shelf, uint32_t person)
{
	size_t at;

	if (!shelves_fit(&l->shelves))
		return false;
	if (person >= l->n_shelf) {
		size_t n = person + person / 2 + 64u;
		void *wider = realloc(l->shelf, n * sizeof(*l->shelf));

		if (!wider)
			return false;
		l->shelf = wider;
		memset(l->shelf + l->n_shelf, 0, (n - l->n_shelf) * sizeof(*l->shelf));
		l->n_shelf = n;
	}
	at = shelf_slot(&l->shelves, shelf);
	l->shelves.n += l->shelves.slot[at].shelf == 0;
	l->shelves.slot[at].shelf = shelf;
	l->shelves.slot[at].person = person;
	l->shelf[person] = shelf;
	return true;
}

static enum hf_rc
read_heads(struct hf_pop_loader *l, struct hf_db *db, int64_t *after, size_t *n,
	   struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_POPULATION_RECORD_HEADS,
			HF_ARGS(HF_INT(*after), HF_INT(HEADS_A_STEP)), &rows, err);
	enum hf_rc end;

	*n = 0;
	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		struct hf_pop_own_head head;
		uint32_t person;

		*after = hf_rows_int(&rows, HF_C_POPULATION_RECORD_HEADS_SHELF);
		++*n;
		if (!hf_pop_own_head(
			hf_rows_blob(&rows, HF_C_POPULATION_RECORD_HEADS_HEAD), &head))
			continue; /* nothing any more */
		l->most.n[HF_POP_ROWS_EVENT] += head.n_event;
		l->most.n[HF_POP_ROWS_REGISTRATION] += head.n_reg;
		l->most.n[HF_POP_ROWS_CONDITION] += head.n_cond;
		l->most.n[HF_POP_ROWS_VALUE] += head.n_value;
		l->most.pool += head.n_dx_pool;
		rc = hf_pop_names_person(l->names, head.pid, &person, NULL, err);
		if (rc == HF_OK && !hf_pop_shelf_is(l, *after, person))
			rc = no_memory(err);
		atomic_fetch_add(&l->rows_of, 1);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	return rc == HF_OK ? end : rc;
}

static enum hf_rc
read_shelves(struct hf_pop_loader *l, struct hf_db *db, struct hf_err *err)
{
	int64_t after = INT64_MIN;
	size_t n = HEADS_A_STEP;
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_POPULATION_RECORD_LAST, NULL, &rows, err);

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows)) {
		l->record_change =
		    hf_rows_int(&rows, HF_C_POPULATION_RECORD_LAST_CHANGE);
		l->record_shelf = hf_rows_int(&rows, HF_C_POPULATION_RECORD_LAST_SHELF);
	}
	rc = hf_rows_end(&rows, err);
	while (rc == HF_OK && n == HEADS_A_STEP)
		rc = read_heads(l, db, &after, &n, err);
	return rc;
}

/* ---- stripes ---- */

struct crew {
	struct hf_pop_loader *l;
	struct hf_pop_columns *c;
	uint32_t n_stripes;
	_Atomic uint32_t next;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	uint32_t turn; /* whose part is put next */
	struct hf_pop_size at, most;
	enum hf_rc rc;
	struct hf_err err;
};

static enum hf_rc
gather_stripe(struct hf_pop_gather *g, uint32_t stripe, uint32_t first, uint32_t to,
	      struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	hf_pop_part_empty(g->part);
	for (size_t f = 0; rc == HF_OK && f < g->l->n_feeds; f++)
		rc = hf_pop_gather_feed(g, f, stripe, err);
	for (uint32_t p = first; rc == HF_OK && p < to && p < g->l->n_shelf; p++)
		if (g->l->shelf[p])
			rc = hf_pop_gather_record(g, g->l->shelf[p], p, err);
	if (rc == HF_OK && !hf_pop_part_sort(g->part))
		rc = no_memory(err);
	return rc;
}

/* A record that was changed since they were counted can have more rows. */
static bool
would_fit(const struct hf_pop_size *at, const struct hf_pop_size *most)
{
	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++)
		if (at->n[k] > most->n[k])
			return false;
	return at->pool <= most->pool;
}

static enum hf_rc
put_stripe(struct crew *w, const struct hf_pop_part *part, uint32_t stripe,
	   uint32_t first, uint32_t to, struct hf_err *err)
{
	struct hf_pop_size at;
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&w->lock);
	while (w->turn != stripe && w->rc == HF_OK)
		pthread_cond_wait(&w->turned, &w->lock);
	at = w->at;
	hf_pop_part_size(part, &w->at);
	if (w->rc != HF_OK)
		rc = w->rc;
	else if (!would_fit(&w->at, &w->most))
		rc =
		    hf_fail(err, HF_STALE, NULL, "the store has more rows than before");
	w->turn++;
	pthread_cond_broadcast(&w->turned);
	pthread_mutex_unlock(&w->lock);
	if (rc == HF_OK)
		hf_pop_part_put(part, w->c, first, to, &at);
	return rc;
}

static void
give_up(struct crew *w, enum hf_rc rc, const struct hf_err *err)
{
	pthread_mutex_lock(&w->lock);
	if (w->rc == HF_OK) {
		w->rc = rc;
		w->err = *err;
	}
	pthread_cond_broadcast(&w->turned);
	pthread_mutex_unlock(&w->lock);
}

static void *
work(void *ctx)
{
	struct crew *w = ctx;
	struct hf_reader *r = NULL;
	struct hf_pop_part part = {0};
	struct hf_pop_gather g = {.l = w->l, .part = &part, .kinds = ~0u};
	struct hf_err err = {0};
	enum hf_rc rc = hf_reader_get(w->l->store, &r, &err);

	if (rc == HF_OK)
		g.db = hf_reader_db(r);
	for (uint32_t s;
	     rc == HF_OK && (s = atomic_fetch_add(&w->next, 1)) < w->n_stripes;) {
		uint32_t first = s << HF_POP_STRIPE_BITS;
		uint32_t to = first + (1u << HF_POP_STRIPE_BITS);

		to = to < w->c->n_persons ? to : w->c->n_persons;
		rc = gather_stripe(&g, s, first, to, &err);
		if (rc == HF_OK)
			rc = put_stripe(w, &part, s, first, to, &err);
	}
	if (rc != HF_OK)
		give_up(w, rc, &err);
	hf_pop_gather_free(&g);
	hf_pop_part_free(&part);
	if (r)
		hf_reader_put(r);
	return NULL;
}

static void
work_all(struct crew *w)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[THREADS_MOST];
	size_t n = 0;

	while (n + 1 < THREADS_MOST && (long)n + 1 < cores && n + 1 < w->n_stripes &&
	       pthread_create(&thread[n], NULL, work, w) == 0)
		n++;
	work(w);
	while (n)
		pthread_join(thread[--n], NULL);
}

enum hf_rc
hf_pop_load_all(struct hf_pop_loader *l, struct hf_pop_columns *out, struct hf_err *err)
{
	struct crew w = {.l = l, .c = out, .at = {.pool = 1}};
	struct hf_reader *r = NULL;
	size_t fresh;
	bool again, moved;
	enum hf_rc rc = hf_reader_get(l->store, &r, err);

	if (rc == HF_OK)
		rc = hf_reader_begin(r, err);
	if (rc == HF_OK)
		rc = hf_pop_places_moved(l, r, &moved, err);
	if (rc == HF_OK)
		rc = hf_pop_loader_names(l, hf_reader_db(r), err);
	if (rc == HF_OK)
		rc = hf_pop_loader_feeds(l, hf_reader_db(r), &fresh, &again, err);
	if (rc == HF_OK)
		rc = read_shelves(l, hf_reader_db(r), err);
	l->most.n[HF_POP_ROWS_PERSON] = hf_pop_names_persons(l->names);
	l->most.pool++;
	w.most = l->most;
	if (r) {
		hf_reader_end(r);
		hf_reader_put(r);
	}
	if (rc == HF_OK)
		rc = hf_pop_columns_make(out, &w.most, err);
	if (rc != HF_OK)
		return rc;
	w.n_stripes =
	    (out->n_persons + (1u << HF_POP_STRIPE_BITS) - 1) >> HF_POP_STRIPE_BITS;
	for (uint32_t p = 0; p < out->n_persons; p++)
		memcpy(out->persons[p].pid, hf_pop_names_pid(l->names, p), HF_POP_PID);
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.turned, NULL);
	work_all(&w);
	pthread_cond_destroy(&w.turned);
	pthread_mutex_destroy(&w.lock);
	if (w.rc != HF_OK) {
		hf_pop_columns_clear(out);
		if (err)
			*err = w.err;
		return w.rc;
	}
	hf_pop_columns_close(out, &w.at);
	hf_pop_columns_trim(out, &w.at);
	return HF_OK;
}

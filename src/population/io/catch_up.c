/* catch_up.c - what was committed since columns were read, as a delta to them. */
#include <stdlib.h>

#include "population/io/load_int.h"
#include "population/own.h"

enum {
	RECORDS_A_STEP = 4096, /* changed persons taken at once */
	ROWS_ANEW = 1 << 21    /* more new rows than that: all is read anew */
};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "not enough memory for the population");
}

struct change {
	struct hf_pop_loader *l;
	const struct hf_pop_columns *old;
	struct hf_db *db;
	struct hf_pop_delta *d;
	uint64_t *touched;  /* a bit a person: rows but events are read again */
	uint64_t *recorded; /* a bit a person: events of the record as well */
	size_t n_words;
	bool any;
};

static bool
mark(struct change *ch, uint64_t **bits, uint32_t person)
{
	size_t words = person / 64u + 1u;

	if (words > ch->n_words) {
		size_t n = words + words / 2 + 64;
		uint64_t *a = realloc(ch->touched, n * sizeof(*a));
		uint64_t *b;

		if (!a)
			return false;
		ch->touched = a;
		b = realloc(ch->recorded, n * sizeof(*b));
		if (!b)
			return false;
		ch->recorded = b;
		memset(a + ch->n_words, 0, (n - ch->n_words) * sizeof(*a));
		memset(b + ch->n_words, 0, (n - ch->n_words) * sizeof(*b));
		ch->n_words = n;
	}
	(*bits)[person / 64] |= (uint64_t)1 << (person % 64);
	ch->any = true;
	return true;
}

static bool
marked(const struct change *ch, const uint64_t *bits, uint32_t person)
{
	return person / 64 < ch->n_words && (bits[person / 64] >> (person % 64) & 1);
}

static enum hf_rc
mark_shelf(struct change *ch, int64_t shelf, struct hf_sv body, struct hf_err *err)
{
	struct hf_pop_own_head head;
	uint32_t person;
	enum hf_rc rc = HF_OK;

	/* Who it was about before, whoever it is about now. */
	if (hf_pop_shelf_person(ch->l, shelf, &person)) {
		if (!mark(ch, &ch->touched, person) || !mark(ch, &ch->recorded, person))
			return no_memory(err);
		if (ch->l->shelf[person] == shelf)
			ch->l->shelf[person] = 0;
	}
	if (!hf_pop_own_head(body, &head))
		return HF_OK;
	rc = hf_pop_names_person(ch->l->names, head.pid, &person, NULL, err);
	if (rc == HF_OK &&
	    (!hf_pop_shelf_is(ch->l, shelf, person) ||
	     !mark(ch, &ch->touched, person) || !mark(ch, &ch->recorded, person)))
		rc = no_memory(err);
	return rc;
}

static enum hf_rc
find_records(struct change *ch, bool *more, struct hf_err *err)
{
	struct hf_pop_loader *l = ch->l;
	struct hf_rows rows;
	int64_t n = 0;
	enum hf_rc rc =
	    hf_db_query(ch->db, HF_Q_POPULATION_RECORDS,
			HF_ARGS(HF_INT(l->record_change), HF_INT(l->record_shelf),
				HF_INT(RECORDS_A_STEP)),
			&rows, err);
	enum hf_rc end;

	if (rc != HF_OK)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		l->record_change = hf_rows_int(&rows, HF_C_POPULATION_RECORDS_CHANGE);
		l->record_shelf = hf_rows_int(&rows, HF_C_POPULATION_RECORDS_SHELF);
		n++;
		rc = mark_shelf(ch, l->record_shelf,
				hf_rows_blob(&rows, HF_C_POPULATION_RECORDS_BODY), err);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	*more = n == RECORDS_A_STEP;
	return rc == HF_OK ? end : rc;
}

/* Stripes (of ordinals in the store) that a feed has rows in. */
static enum hf_rc
stripes_of(struct change *ch, size_t feed, uint8_t *in, size_t n, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(ch->db, HF_Q_POPULATION_CHUNK_HEADS,
				    HF_ARGS(HF_INT(ch->l->feeds[feed].id)), &rows, err);

	memset(in, 0, n);
	if (rc != HF_OK)
		return rc;
	while (hf_rows_next(&rows)) {
		int64_t s = hf_rows_int(&rows, HF_C_POPULATION_CHUNK_HEADS_STRIPE);

		if (s >= 0 && (size_t)s < n)
			in[s] = 1;
	}
	return hf_rows_end(&rows, err);
}

static size_t
stripes(const struct hf_pop_loader *l)
{
	return (l->n_person >> HF_POP_STRIPE_BITS) + 1;
}

/* Events of new feeds, and whom their other rows are about. */
static enum hf_rc
take_new_feed(struct change *ch, struct hf_pop_gather *g, size_t feed,
	      struct hf_err *err)
{
	struct hf_pop_part others = {0};
	size_t n = stripes(ch->l);
	uint8_t *in = malloc(n);
	enum hf_rc rc = in ? stripes_of(ch, feed, in, n, err) : no_memory(err);

	for (size_t s = 0; rc == HF_OK && s < n; s++) {
		if (!in[s])
			continue;
		g->kinds = 1u << HF_POP_ROWS_EVENT;
		g->part = &ch->d->part;
		rc = hf_pop_gather_feed(g, feed, (uint32_t)s, err);
		g->kinds = ~(1u << HF_POP_ROWS_EVENT);
		g->part = &others;
		hf_pop_part_empty(&others);
		if (rc == HF_OK)
			rc = hf_pop_gather_feed(g, feed, (uint32_t)s, err);
		for (size_t k = 1; rc == HF_OK && k < HF_POP_ROWS_KINDS; k++)
			for (size_t i = 0; i < others.rows[k].n; i++) {
				uint32_t person; /* the first field of each kind */

				memcpy(&person,
				       others.rows[k].at +
					   i * hf_pop_row_size((enum hf_pop_rows)k),
				       sizeof(person));
				if (!mark(ch, &ch->touched, person))
					rc = no_memory(err);
			}
	}
	g->part = &ch->d->part; /* others ends with this call */
	ch->any |= ch->d->part.rows[HF_POP_ROWS_EVENT].n > 0;
	hf_pop_part_free(&others);
	free(in);
	return rc;
}

/* Old events of the record that are read again, or that a feed tells now. */
static enum hf_rc
find_gone(struct change *ch, bool covers_grew, struct hf_err *err)
{
	const struct hf_pop_columns *c = ch->old;
	size_t room = 0;

	for (uint64_t i = 0; i < c->n_events; i++) {
		void *at;

		if (!(c->ev.flags[i] & HF_POP_F_RECORD))
			continue;
		if (!marked(ch, ch->recorded, c->ev.person[i]) &&
		    !(covers_grew &&
		      hf_pop_covers_has(&ch->l->covers, c->ev.provider[i],
					c->ev.setting[i], c->ev.day[i])))
			continue;
		if (ch->d->n_gone == room) {
			room = room ? 2 * room : 256;
			at = realloc(ch->d->gone, room * sizeof(*ch->d->gone));
			if (!at)
				return no_memory(err);
			ch->d->gone = at;
		}
		ch->d->gone[ch->d->n_gone++] = i;
	}
	return HF_OK;
}

/* All that the store says of those touched, but events of feeds. */
static enum hf_rc
take_touched(struct change *ch, struct hf_pop_gather *g, struct hf_err *err)
{
	size_t n = stripes(ch->l);
	uint8_t *in = calloc(n, 1);
	enum hf_rc rc = in ? HF_OK : no_memory(err);

	for (size_t i = 0; rc == HF_OK && i < ch->l->n_person; i++)
		in[i >> HF_POP_STRIPE_BITS] |=
		    marked(ch, ch->touched, ch->l->person[i]);
	g->part = &ch->d->part;
	g->kinds = ~(1u << HF_POP_ROWS_EVENT);
	g->only = ch->touched;
	for (size_t s = 0; s < n; s++)
		for (size_t f = 0; rc == HF_OK && in[s] && f < ch->l->n_feeds; f++)
			rc = hf_pop_gather_feed(g, f, (uint32_t)s, err);
	for (uint32_t p = 0; rc == HF_OK && p < ch->d->n_persons; p++) {
		if (!marked(ch, ch->touched, p))
			continue;
		ch->d->whole[ch->d->n_whole++] = p;
		g->kinds =
		    marked(ch, ch->recorded, p) ? ~0u : ~(1u << HF_POP_ROWS_EVENT);
		if (p < ch->l->n_shelf && ch->l->shelf[p])
			rc = hf_pop_gather_record(g, ch->l->shelf[p], p, err);
	}
	free(in);
	return rc;
}

/* Whom nothing is said of any more is as nobody knew them. */
static enum hf_rc
forget_silent(struct change *ch, struct hf_err *err)
{
	const struct hf_pop_heap *h = &ch->d->part.rows[HF_POP_ROWS_PERSON];
	const struct hf_pop_about *a = (const void *)h->at;
	size_t k = 0, n = 0;

	for (size_t i = 0; i < ch->d->n_whole; i++) {
		uint32_t p = ch->d->whole[i];
		struct hf_pop_about *none;

		while (k < h->n_key && a[h->key[k].row].person < p)
			k++;
		if (k < h->n_key && a[h->key[k].row].person == p)
			continue;
		none = hf_pop_part_room(&ch->d->part, HF_POP_ROWS_PERSON, 1);
		if (!none)
			return no_memory(err);
		*none = (struct hf_pop_about){
		    p, {.birth = INT16_MIN, .death_day = HF_POP_NONE}};
		memcpy(none->p.pid, hf_pop_names_pid(ch->l->names, p), HF_POP_PID);
		ch->d->part.rows[HF_POP_ROWS_PERSON].n++;
		a = (const void *)h->at;
		n++;
	}
	return n == 0 || hf_pop_part_sort(&ch->d->part) ? HF_OK : no_memory(err);
}

static enum hf_rc
build(struct change *ch, size_t fresh, struct hf_err *err)
{
	struct hf_pop_loader *l = ch->l;
	struct hf_pop_gather g = {.l = l, .db = ch->db};
	uint32_t before = ch->old->n_persons;
	enum hf_rc rc = HF_OK;

	for (size_t f = l->n_feeds - fresh; rc == HF_OK && f < l->n_feeds; f++)
		rc = take_new_feed(ch, &g, f, err);
	ch->d->n_persons = hf_pop_names_persons(l->names);
	for (uint32_t p = before; rc == HF_OK && p < ch->d->n_persons; p++)
		if (!mark(ch, &ch->touched, p))
			rc = no_memory(err);
	ch->d->whole = malloc(((size_t)ch->d->n_persons + 1) * sizeof(*ch->d->whole));
	if (rc == HF_OK && !ch->d->whole)
		rc = no_memory(err);
	if (rc == HF_OK && ch->any)
		rc = find_gone(ch, fresh > 0, err);
	if (rc == HF_OK && ch->any)
		rc = take_touched(ch, &g, err);
	if (rc == HF_OK && !hf_pop_part_sort(&ch->d->part))
		rc = no_memory(err);
	if (rc == HF_OK)
		rc = forget_silent(ch, err);
	hf_pop_gather_free(&g);
	return rc;
}

enum hf_rc
hf_pop_places_moved(struct hf_pop_loader *l, struct hf_reader *r, bool *moved,
		    struct hf_err *err)
{
	/* The newest commit with an organisation is read whole, and may be an import's
	 * with thousands of resources beside it. */
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_version *v;
	size_t n = 0;
	enum hf_rc rc = hf_store_history(r, hf_resource_find(HF_SV("Organization")), 0,
					 0, 0, HF_TIME_MIN, 1, &arena, &v, &n, err);

	*moved = rc == HF_OK && n && v[0].e.change != l->org_change;
	if (*moved)
		l->org_change = v[0].e.change;
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_pop_catch_up(struct hf_pop_loader *l, const struct hf_pop_columns *old,
		struct hf_reader *r, struct hf_pop_delta *d, struct hf_pop_news *news,
		struct hf_err *err)
{
	struct change ch = {.l = l, .old = old, .db = hf_reader_db(r), .d = d};
	uint64_t rows = l->rows_of;
	size_t fresh = 0;
	bool moved = false;
	enum hf_rc rc = hf_pop_places_moved(l, r, &moved, err);

	*news = (struct hf_pop_news){0};
	if (rc == HF_OK)
		rc = hf_pop_loader_names(l, ch.db, err);
	if (rc == HF_OK)
		rc = hf_pop_loader_feeds(l, ch.db, &fresh, &news->again, err);
	news->again |= l->rows_of - rows > ROWS_ANEW;
	if (rc == HF_OK && !news->again)
		rc = find_records(&ch, &news->more, err);
	if (rc == HF_OK && !news->again)
		rc = build(&ch, fresh, err);
	news->any = ch.any || moved;
	free(ch.touched);
	free(ch.recorded);
	return rc;
}

/* feed_stays.c - admissions of a feed looked at together. */
#include <stdlib.h>

#include "population/io/feed_int.h"
#include "population/spell.h"

static bool
room(void **p, size_t *size, size_t want, size_t each)
{
	size_t n = *size ? *size : 1024;
	void *more;

	if (want <= *size)
		return true;
	while (n < want)
		n *= 2;
	more = realloc(*p, n * each);
	if (!more)
		return false;
	*p = more;
	*size = n;
	return true;
}

enum hf_rc
hf_feed_stays_add(struct hf_feed_stays *s, const struct hf_feed_stay *stay,
		  const uint16_t *dx, struct hf_err *err)
{
	void *items = s->items, *pool = s->pool;
	bool good = room(&items, &s->size, s->n + 1, sizeof *s->items);

	s->items = items;
	good =
	    good && room(&pool, &s->size_pool, s->n_pool + stay->n_dx, sizeof *s->pool);
	s->pool = pool;
	if (!good || s->n_pool + stay->n_dx > UINT32_MAX)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for so many spells: send them by the month");
	s->items[s->n] = *stay;
	s->items[s->n++].dx = (uint32_t)s->n_pool;
	for (size_t i = 0; i < stay->n_dx; i++)
		s->pool[s->n_pool++] = dx[i];
	return HF_OK;
}

void
hf_feed_stays_free(struct hf_feed_stays *s)
{
	free(s->items);
	free(s->pool);
	*s = (struct hf_feed_stays){0};
}

static int
in_order(const void *pa, const void *pb)
{
	const struct hf_feed_stay *a = pa, *b = pb;
	int c = hf_pop_event_order(&a->e, &b->e);

	return c ? c : (a->line > b->line) - (a->line < b->line);
}

static bool
same_spell(const struct hf_feed_stay *a, const struct hf_feed_stay *b)
{
	unsigned end = (unsigned)a->e.day + a->e.los;

	if (a->spell && b->spell)
		return a->spell == b->spell;
	/* Without ids: the next episode begins when this one ends. */
	return b->e.day == end && b->e.minute == a->e.end_minute &&
	       b->e.minute != HF_POP_NONE;
}

/* b is a later episode of a's spell. */
static void
join(struct hf_feed_stay *a, const struct hf_feed_stay *b)
{
	unsigned end = (unsigned)b->e.day + b->e.los;

	if (end >= (unsigned)a->e.day + a->e.los) {
		a->e.los = (uint16_t)(end - a->e.day);
		a->e.end_minute = b->e.end_minute;
		a->e.outcome = b->e.outcome;
		a->e.flags |= b->e.flags & (HF_POP_F_OPEN | HF_POP_F_READY_DELAY);
		if (b->e.flags & HF_POP_F_READY_DELAY)
			a->e.wait = b->e.wait;
	}
	if (a->e.cost < INT32_MAX - b->e.cost)
		a->e.cost += b->e.cost;
	if (a->e.setting == HF_POP_DC && a->e.los)
		a->e.setting = HF_POP_EL;
}

static bool
is_birth(const struct hf_pop_event *e)
{
	return e->method == HF_POP_M_82 || e->method == HF_POP_M_83;
}

struct settle {
	struct hf_feed_people *people;
	struct hf_feed_quality *q;
	hf_feed_told *told;
	void *ctx;
	bool episodes;
};

static enum hf_rc
refuse(struct settle *t, struct hf_feed_stay *stay, enum hf_map_field field,
       enum hf_feed_why why, enum hf_feed_finding finding, struct hf_err *err)
{
	stay->refused = true;
	hf_feed_find(t->q, finding, stay->line);
	return t->told(t->ctx, stay->line, field, why, err);
}

/* One stay beside those of the person that were kept before, newest last. */
static enum hf_rc
look(struct settle *t, struct hf_feed_stay **kept, size_t n, struct hf_feed_stay *stay,
     struct hf_err *err)
{
	struct hf_feed_one *one;

	for (size_t i = n; i-- > 0;) {
		struct hf_feed_stay *before = kept[i];

		if (before->e.provider != stay->e.provider)
			continue;
		if (t->episodes && same_spell(before, stay)) {
			join(before, stay);
			stay->refused = true; /* it is part of one that stays */
			hf_feed_find(t->q, HF_FOUND_episodes_joined, stay->line);
			return HF_OK;
		}
		switch (hf_pop_overlap(&before->e, &stay->e)) {
		case HF_POP_SAME:
			return refuse(t, stay, HF_F_START, HF_WHY_TWICE,
				      HF_FOUND_duplicate_rows, err);
		case HF_POP_OVERLAPS:
			return refuse(t, stay, HF_F_START, HF_WHY_OVERLAP,
				      HF_FOUND_overlapping_spells, err);
		case HF_POP_APART:
			break;
		}
	}
	if (!is_birth(&stay->e))
		return HF_OK;
	one = hf_feed_people_get(t->people, stay->e.person);
	if (!one)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	if (one->born)
		return refuse(t, stay, HF_F_METHOD, HF_WHY_TWO_BIRTHS,
			      HF_FOUND_two_births, err);
	one->born = true;
	return HF_OK;
}

enum { LOOK_BACK = 64 }; /* stays of one person that a new one is held against */

enum hf_rc
hf_feed_stays_settle(struct hf_feed_stays *s, bool episodes,
		     struct hf_feed_people *people, struct hf_feed_quality *q,
		     hf_feed_told *told, void *ctx, struct hf_err *err)
{
	struct settle t = {people, q, told, ctx, episodes};
	struct hf_feed_stay *kept[LOOK_BACK];
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	if (s->n)
		qsort(s->items, s->n, sizeof *s->items, in_order);
	for (size_t i = 0; i < s->n && rc == HF_OK; i++) {
		struct hf_feed_stay *stay = &s->items[i];

		if (i == 0 || stay[-1].e.person != stay->e.person)
			n = 0;
		rc = look(&t, kept, n, stay, err);
		if (rc != HF_OK || stay->refused)
			continue;
		if (n == LOOK_BACK)
			memmove(kept, kept + 1, --n * sizeof(struct hf_feed_stay *));
		kept[n++] = stay;
	}
	return rc;
}

/* member.c - practices by ODS code, and the locality each was of at each time. */
#include <stdlib.h>

#include "base/time.h"
#include "place/io/directory.h"
#include "population/io/load_int.h"

enum {
	TURNS_MOST = 4096,
	PLACE_CAP = 256 << 20,
	DAY = 86400000,
	LONDON_NOON = DAY / 2
};

struct members {
	struct hf_pop_columns *c;
	struct hf_arena *texts;
	const struct hf_geography *g;
	uint16_t turns[TURNS_MOST + 1]; /* days, ascending, each once; 0 first */
	size_t n_turns, room;
};

/* The day of London that holds a moment, as the model counts; false: not in it. */
static uint16_t
day_of(hf_time at)
{
	struct hf_civil c = hf_london_civil(at);
	int64_t day = hf_days_from_civil(c.year, c.month, c.day) - HF_POP_DAY_ZERO;

	return day < 0 ? 0 : day >= HF_POP_NONE ? HF_POP_NONE - 1 : (uint16_t)day;
}

static int
by_day(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static enum hf_rc
find_turns(struct members *m, struct hf_err *err)
{
	hf_time *at = malloc(TURNS_MOST * sizeof(*at));
	size_t n, kept = 1;

	if (!at)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	n = hf_geography_turns(m->g, at, TURNS_MOST);
	m->turns[0] = 0;
	for (size_t i = 0; i < n; i++)
		m->turns[1 + i] = day_of(at[i]);
	free(at);
	qsort(m->turns, n + 1, sizeof(*m->turns), by_day);
	for (size_t i = 1; i <= n; i++)
		if (m->turns[i] != m->turns[kept - 1])
			m->turns[kept++] = m->turns[i];
	m->n_turns = kept;
	return HF_OK;
}

static bool
add_member(struct members *m, struct hf_pop_member row)
{
	struct hf_pop_columns *c = m->c;

	if (c->n_members == m->room) {
		size_t room = m->room ? 2 * m->room : 256;
		void *at = realloc(c->member, room * sizeof(*c->member));

		if (!at)
			return false;
		c->member = at;
		m->room = room;
	}
	c->member[c->n_members++] = row;
	return true;
}

static uint16_t
locality_code(const struct hf_pop_columns *c, struct hf_sv id)
{
	for (size_t i = 1; id.n && i < c->locality.n; i++)
		if (hf_sv_eq(c->locality_id[i], id))
			return (uint16_t)i;
	return 0;
}

/* Noon of a day is that day in London, summer or winter. */
static uint16_t
locality_at(const struct members *m, struct hf_sv org, uint16_t day)
{
	hf_time noon = ((int64_t)day + HF_POP_DAY_ZERO) * DAY + LONDON_NOON;

	return locality_code(
	    m->c, hf_geography_of(m->g, org, (struct hf_sv){0}, noon).locality);
}

static bool
add_practice(struct members *m, uint16_t practice, struct hf_sv org)
{
	struct hf_pop_member now = {.practice = practice, .to = HF_POP_NONE};

	for (size_t i = 0; i < m->n_turns; i++) {
		uint16_t locality = locality_at(m, org, m->turns[i]);

		if (locality == now.locality)
			continue;
		now.to = m->turns[i];
		if (now.locality && !add_member(m, now))
			return false;
		now = (struct hf_pop_member){practice, locality, m->turns[i],
					     HF_POP_NONE};
	}
	return now.locality == 0 || add_member(m, now);
}

static int
by_practice(const void *a, const void *b)
{
	const struct hf_pop_member *x = a, *y = b;

	return x->practice != y->practice ? x->practice - y->practice
					  : x->from - y->from;
}

static enum hf_rc
name_localities(struct members *m, struct hf_err *err)
{
	size_t n;
	const struct hf_locality *l = hf_geography_localities(m->g, &n);
	struct hf_pop_columns *c = m->c;

	n = n > HF_POP_CODES_MOST ? HF_POP_CODES_MOST : n;
	c->locality.text = calloc(n + 1, sizeof(struct hf_sv));
	c->locality_id = calloc(n + 1, sizeof(struct hf_sv));
	if (!c->locality.text || !c->locality_id)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	c->locality.n = n + 1;
	for (size_t i = 0; i < n; i++) {
		c->locality.text[i + 1] = hf_arena_sv(m->texts, l[i].name);
		c->locality_id[i + 1] = hf_arena_sv(m->texts, l[i].id);
		if (!c->locality.text[i + 1].p || !c->locality_id[i + 1].p)
			return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	return HF_OK;
}

/* An ODS code is compared as it is written, in upper case. */
static struct hf_sv
upper(struct hf_sv ods, char *room, size_t size)
{
	size_t n = ods.n < size ? ods.n : size;

	for (size_t i = 0; i < n; i++)
		room[i] = (char)(ods.p[i] >= 'a' && ods.p[i] <= 'z' ? ods.p[i] - 32
								    : ods.p[i]);
	return (struct hf_sv){room, n};
}

static enum hf_rc
find_members(struct members *m, struct hf_err *err)
{
	enum hf_rc rc = name_localities(m, err);

	if (rc == HF_OK)
		rc = find_turns(m, err);
	for (size_t i = 0; rc == HF_OK && i < hf_geography_count(m->g); i++) {
		char room[HF_POP_TEXT_MOST];
		struct hf_sv ods, id = hf_geography_at(m->g, i, &ods);
		uint16_t practice = hf_pop_code_of(m->c, HF_POP_PRACTICE,
						   upper(ods, room, sizeof(room)));

		if (practice && !add_practice(m, practice, id))
			rc = hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	if (m->c->n_members)
		qsort(m->c->member, m->c->n_members, sizeof(*m->c->member),
		      by_practice);
	return rc;
}

enum hf_rc
hf_pop_members(struct hf_reader *r, struct hf_pop_columns *c, struct hf_arena *texts,
	       struct hf_err *err)
{
	struct hf_arena arena = {.cap = PLACE_CAP};
	struct members *m = calloc(1, sizeof(*m));
	struct hf_geography *g = NULL;
	enum hf_rc rc;

	if (!m)
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	rc = hf_geography_read(r, &arena, &g, err);
	*m = (struct members){.c = c, .texts = texts, .g = g};
	if (rc == HF_OK)
		rc = find_members(m, err);
	hf_arena_free(&arena);
	free(m);
	return rc;
}

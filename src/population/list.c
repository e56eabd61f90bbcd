/* list.c - who is most in need. */
#include "population/list.h"

#include <stdlib.h>

#include "population/score_int.h"

enum { YEAR = 365 };

int
hf_pop_starts(int wte, int people, int months)
{
	return months > 0 ? (int)((int64_t)wte * people / months) : 0;
}

static const struct hf_pop_registration *
registered(const struct hf_pop_columns *c, uint32_t person, uint16_t day)
{
	for (uint32_t i = c->reg_first[person]; i < c->reg_first[person + 1]; i++)
		if (c->reg[i].from <= day && day < c->reg[i].to)
			return &c->reg[i];
	return NULL;
}

/* locality 0: any of localities. */
static bool
in_locality(const struct hf_pop_columns *c, uint16_t practice, uint16_t locality,
	    const uint8_t *localities, uint16_t day)
{
	for (size_t i = 0; i < c->n_members; i++) {
		const struct hf_pop_member *m = &c->member[i];

		if (m->practice == practice && m->from <= day && day < m->to &&
		    (locality ? m->locality == locality : localities[m->locality]))
			return true;
	}
	return false;
}

bool
hf_pop_in_scope(const struct hf_pop_columns *c, struct hf_pop_scope scope,
		uint32_t person, uint16_t day, uint16_t *practice)
{
	const struct hf_pop_registration *r = registered(c, person, day);

	if (!r || (scope.practice && r->practice != scope.practice) ||
	    ((scope.locality || scope.localities) &&
	     !in_locality(c, r->practice, scope.locality, scope.localities, day)))
		return false;
	if (practice)
		*practice = r->practice;
	return true;
}

struct making {
	const struct hf_pop_list_ask *ask;
	const struct hf_pop_columns *c;
	int column, efi;
	uint8_t least; /* band */
	struct hf_pop_list_of list;
	size_t size;
};

static enum hf_rc
find_score(struct making *m, struct hf_err *err)
{
	const struct hf_pop_list_rule *r = m->ask->rule;
	const struct hf_pop_need *need = m->ask->need;
	const struct hf_pop_score *s;
	size_t score, variant;

	m->column = hf_pop_scorer_find(need->scorer, hf_sv_from(r->score));
	m->efi = hf_pop_scorer_find(need->scorer, HF_SV("efi"));
	if (m->column < 0 || m->efi < 0)
		return hf_fail(err, HF_INVALID, r->id, "there is no score \"%s\"",
			       m->column < 0 ? r->score : "efi");
	if (!*r->band)
		return HF_OK;
	hf_pop_scorer_column(need->scorer, (size_t)m->column, &score, &variant);
	s = &need->defs->scores[score];
	for (size_t i = 0; i < s->n_bands; i++)
		if (strcmp(s->bands[i].id, r->band) == 0)
			m->least = (uint8_t)(i + 1);
	return m->least
		   ? HF_OK
		   : hf_fail(err, HF_INVALID, r->id,
			     "the score \"%s\" has no band \"%s\"", r->score, r->band);
}

/* Whoever is dead is said to be so before anything else of them is. */
static enum hf_pop_why_not
why_not(const struct making *m, uint32_t p)
{
	const struct hf_pop_person *who = &m->c->persons[p];
	const struct hf_pop_need *need = m->ask->need;

	if (who->death_day <= need->day)
		return HF_POP_NOT_DEAD;
	if (who->flags & HF_POP_P_OBJECTS)
		return HF_POP_NOT_OBJECTS;
	if (who->flags & HF_POP_P_UNTRACED)
		return HF_POP_NOT_UNTRACED;
	if (m->ask->caseload && m->ask->caseload[p])
		return HF_POP_NOT_CASELOAD;
	if (hf_pop_age(who, need->day) < m->ask->rule->from_age)
		return HF_POP_NOT_YOUNG;
	if (need->points[m->column][p] <= HF_POP_INCOMPLETE)
		return HF_POP_NOT_UNSCORED;
	if (m->least && need->band[m->column][p] < m->least)
		return HF_POP_NOT_BELOW;
	/* Nobody is in need for whom nothing was found. */
	return need->points[m->column][p] <= 0 ? HF_POP_NOT_BELOW : HF_POP_LISTED;
}

static void
count(struct hf_pop_list_of *l, enum hf_pop_why_not why)
{
	uint32_t *const counts[HF_POP_WHY_NOTS] = {
	    [HF_POP_NOT_DEAD] = &l->dead,
	    [HF_POP_NOT_OBJECTS] = &l->objects,
	    [HF_POP_NOT_UNTRACED] = &l->untraced,
	    [HF_POP_NOT_CASELOAD] = &l->on_caseload,
	    [HF_POP_NOT_YOUNG] = &l->too_young,
	    [HF_POP_NOT_UNSCORED] = &l->unscored,
	    [HF_POP_NOT_BELOW] = &l->below,
	};

	if (counts[why])
		++*counts[why];
}

enum hf_rc
hf_pop_list_status(const struct hf_pop_list_ask *ask, uint32_t person,
		   enum hf_pop_why_not *out, struct hf_err *err)
{
	struct making m = {.ask = ask, .c = ask->need->c};
	enum hf_rc rc = find_score(&m, err);

	if (rc)
		return rc;
	*out = why_not(&m, person);
	if (*out != HF_POP_NOT_DEAD &&
	    !hf_pop_in_scope(m.c, ask->scope, person, ask->need->day, NULL))
		*out = HF_POP_NOT_HERE;
	return HF_OK;
}

static enum hf_rc
put(struct making *m, uint32_t p, uint16_t practice, struct hf_err *err)
{
	const struct hf_pop_need *need = m->ask->need;
	const struct hf_pop_list_rule *r = m->ask->rule;
	struct hf_pop_list_of *l = &m->list;
	int32_t efi = need->points[m->efi][p];

	if (l->n == HF_POP_LISTED_MOST)
		return hf_fail(err, HF_TOO_LONG, r->id,
			       "more than %d people: ask for one practice or locality",
			       HF_POP_LISTED_MOST);
	if (l->n == m->size) {
		size_t size = m->size ? m->size * 2 : 256;
		struct hf_pop_listed *more =
		    realloc(l->people, size * sizeof *l->people);

		if (!more)
			return hf_fail(err, HF_TOO_LONG, r->id, "no memory");
		l->people = more;
		m->size = size;
	}
	l->people[l->n++] = (struct hf_pop_listed){
	    .person = p,
	    .points = need->points[m->column][p],
	    .efi = (int16_t)(efi <= HF_POP_INCOMPLETE ? -1 : efi),
	    .band = need->band[m->column][p],
	    .risk = need->risk[p],
	    .practice = practice,
	    .benefit = m->ask->risk ? m->ask->risk[need->risk[p]] * r->preventable *
					  r->accepts / 10000.0
				    : 0,
	};
	return HF_OK;
}

static int
order(const void *a, const void *b, void *columns)
{
	const struct hf_pop_columns *c = columns;
	const struct hf_pop_listed *x = a, *y = b;

	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	if (x->efi != y->efi)
		return x->efi > y->efi ? -1 : 1;
	return memcmp(c->persons[x->person].pid, c->persons[y->person].pid, HF_POP_PID);
}

enum hf_rc
hf_pop_list_make(const struct hf_pop_list_ask *ask, struct hf_arena *arena,
		 struct hf_pop_list_of *out, struct hf_err *err)
{
	struct making m = {.ask = ask, .c = ask->need->c};
	struct hf_pop_list_of *l = &m.list;
	struct hf_pop_listed *kept;
	enum hf_rc rc = find_score(&m, err);

	for (uint32_t p = 0; rc == HF_OK && p < m.c->n_persons; p++) {
		enum hf_pop_why_not why;
		uint16_t practice;

		if (!hf_pop_in_scope(m.c, ask->scope, p, ask->need->day, &practice))
			continue;
		l->registered++;
		why = why_not(&m, p);
		count(l, why);
		if (why == HF_POP_LISTED)
			rc = put(&m, p, practice, err);
	}
	kept = rc ? NULL : hf_arena_array(arena, l->n ? l->n : 1, sizeof *kept);
	if (rc == HF_OK && !kept)
		rc = hf_fail(err, HF_TOO_LONG, ask->rule->id, "no memory");
	if (rc == HF_OK && l->n) {
		qsort_r(l->people, l->n, sizeof *l->people, order,
			(void *)(uintptr_t)m.c);
		memcpy(kept, l->people, l->n * sizeof *kept);
	}
	free(l->people);
	if (rc)
		return rc;
	l->people = kept;
	l->chosen = l->n < ask->places ? l->n : ask->places;
	for (size_t i = 0; i < l->chosen; i++)
		kept[i].chosen = true;
	*out = *l;
	return HF_OK;
}

enum hf_rc
hf_pop_drivers(const struct hf_pop_need *need, struct hf_sv score, uint32_t person,
	       struct hf_arena *arena, struct hf_pop_evidence out[HF_POP_DRIVERS],
	       size_t *n, struct hf_err *err)
{
	int column = hf_pop_scorer_find(need->scorer, score);
	struct hf_pop_evidence *why;
	struct hf_pop_scored scored;
	size_t all;
	enum hf_rc rc;

	*n = 0;
	if (column < 0)
		return hf_fail(err, HF_INVALID, "score", "there is no such score");
	rc = hf_pop_why(need->scorer, (size_t)column, person, need->day, arena, &why,
			&all, &scored, err);
	while (rc == HF_OK && *n < HF_POP_DRIVERS) {
		struct hf_pop_evidence *best = NULL;

		for (size_t i = 0; i < all; i++)
			if (why[i].points > 0 && why[i].item->parent < 0 &&
			    (!best || why[i].points > best->points))
				best = &why[i];
		if (!best)
			break;
		out[(*n)++] = *best;
		best->points = 0;
	}
	return rc;
}

static bool
is_emergency(const struct hf_pop_events *ev, uint64_t i)
{
	/* 2B is a transfer: the stay goes on elsewhere (decision 31). */
	return ev->setting[i] == HF_POP_NE && ev->method[i] >= HF_POP_M_21 &&
	       ev->method[i] <= HF_POP_M_28 && ev->method[i] != HF_POP_M_2B;
}

uint32_t
hf_pop_emergencies(const struct hf_pop_columns *c, uint32_t person, uint16_t from)
{
	uint32_t n = 0;

	for (uint64_t i = c->ev_first[person]; i < c->ev_first[person + 1]; i++)
		n += c->ev.day[i] > from && c->ev.day[i] - from <= YEAR &&
		     is_emergency(&c->ev, i);
	return n;
}

void
hf_pop_risk_rates(const struct hf_pop_need *need,
		  double out[HF_POP_RISK_PREVENTION + 1])
{
	uint64_t people[HF_POP_RISK_PREVENTION + 1] = {0};
	uint64_t events[HF_POP_RISK_PREVENTION + 1] = {0};

	for (uint32_t p = 0; p < need->c->n_persons; p++) {
		if (!registered(need->c, p, need->day))
			continue;
		people[need->risk[p]]++;
		events[need->risk[p]] += hf_pop_emergencies(need->c, p, need->day);
	}
	out[0] = 0;
	for (size_t i = 1; i <= HF_POP_RISK_PREVENTION; i++)
		out[i] = people[i] ? (double)events[i] / (double)people[i] : 0;
}

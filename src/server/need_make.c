/* need_make.c - a list of people most in need is made. */
#include "server/need_make.h"

#include <stdlib.h>

enum { SCRATCH = 1 << 20, LISTS = 24 };

/* ---- of whom ---- */

static uint16_t
code_of(const struct hf_sv *texts, size_t n, struct hf_sv text)
{
	for (size_t i = 1; i < n; i++)
		if (hf_sv_eq(texts[i], text))
			return (uint16_t)i;
	return 0;
}

static enum hf_rc
of_team(struct hf_hub *hub, hf_time now, const struct hf_pop_columns *c,
	struct hf_sv id, struct hf_arena *arena, struct hf_need_of *out,
	struct hf_err *err)
{
	struct hf_hub_teams teams;
	const struct hf_team *items;
	uint8_t *in;
	enum hf_rc rc =
	    hf_hub_teams(hub, (struct hf_sv){0}, NULL, now, arena, &teams, err);

	if (rc)
		return rc;
	items = teams.directory.items;
	for (size_t i = 0; !out->team && i < teams.directory.n; i++)
		if (hf_sv_eq(items[i].id, id))
			out->team = &items[i];
	if (!out->team)
		return hf_fail(err, HF_INVALID, "scope", "there is no such team");
	for (size_t i = 0; i < teams.directory.n; i++) {
		const struct hf_dispatch_choice *ch = &teams.choices[i];

		if (&teams.directory.items[ch->team] == out->team &&
		    ch->capacity.counted)
			out->slots = ch->capacity.free;
	}
	if (out->team->localities.n == 0)
		return HF_OK; /* the whole place */
	in = hf_arena_array(arena, c->locality.n + 1, 1);
	if (!in)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	for (size_t i = 1; i < c->locality.n; i++)
		in[i] = hf_codes_have(&out->team->localities, c->locality_id[i]);
	out->scope.localities = in;
	return HF_OK;
}

enum hf_rc
hf_need_of_text(struct hf_hub *hub, hf_time now, const struct hf_pop_columns *c,
		struct hf_sv text, struct hf_arena *arena, struct hf_need_of *out,
		struct hf_err *err)
{
	const struct hf_pop_dictionary *practices = &c->dict[HF_POP_PRACTICE];
	struct hf_sv code = text, kind = hf_sv_cut(&code, ':');
	struct hf_pop_scope *s = &out->scope;

	*out = (struct hf_need_of){.slots = -1};
	if (hf_sv_is(kind, "team"))
		return of_team(hub, now, c, code, arena, out, err);
	if (hf_sv_is(kind, "practice"))
		s->practice = code_of(practices->text, practices->n, code);
	else if (hf_sv_is(kind, "locality"))
		s->locality = code_of(c->locality_id, c->locality.n, code);
	if (text.n && !s->practice && !s->locality)
		return hf_fail(err, HF_INVALID, "scope",
			       "expected practice:CODE, locality:ID or team:ID of the "
			       "place");
	return HF_OK;
}

/* ---- how many ---- */

enum hf_rc
hf_need_room(const struct hf_need_making *m, int64_t *places, struct hf_sv *from,
	     struct hf_err *err)
{
	const struct hf_pop_list_rule *r = m->rule;
	int64_t starts = hf_pop_starts(r->wte, r->people, r->months), taken;
	enum hf_rc rc = hf_need_taken_of(
	    m->reader, hf_sv_from(r->id), m->text,
	    m->now - HF_NEED_MONTH_DAYS * (hf_time)86400000, &taken, err);

	if (rc)
		return rc;
	*places = taken < starts ? starts - taken : 0;
	*from = HF_SV("rule");
	if (m->of.slots >= 0 && m->of.slots < *places) {
		*places = m->of.slots;
		*from = HF_SV("slots");
	}
	if (*places > HF_NEED_PLACES)
		*places = HF_NEED_PLACES;
	return HF_OK;
}

/* ---- who ---- */

/* "dementia:250 copd:146" */
static struct hf_sv
reasons_of(const struct hf_need_making *m, uint32_t person, struct hf_arena *arena,
	   struct hf_err *err)
{
	struct hf_pop_evidence drivers[HF_POP_DRIVERS];
	struct hf_arena scratch = {.cap = SCRATCH};
	struct hf_sv out = HF_SV("");
	size_t many = 0;

	if (hf_pop_drivers(m->n->now, hf_sv_from(m->rule->score), person, &scratch,
			   drivers, &many, err) != HF_OK)
		out.p = NULL;
	for (size_t i = 0; out.p && i < many; i++)
		out =
		    hf_arena_printf(arena, "%.*s%s%s:%d", HF_SV_ARG(out), i ? " " : "",
				    drivers[i].item->id, drivers[i].points);
	hf_arena_free(&scratch);
	return out;
}

static enum hf_rc
take(const struct hf_need_making *m, const struct hf_pop_list_of *of,
     struct hf_arena *arena, struct hf_need_list *l, struct hf_err *err)
{
	const struct hf_pop_columns *c = m->n->c;

	l->n = of->chosen + HF_NEED_NEXT < of->n ? of->chosen + HF_NEED_NEXT : of->n;
	l->people = hf_arena_array(arena, l->n ? l->n : 1, sizeof *l->people);
	if (!l->people)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	for (size_t i = 0; i < l->n; i++) {
		const struct hf_pop_listed *p = &of->people[i];
		struct hf_need_person *k = &l->people[i];

		memcpy(k->pid, c->persons[p->person].pid, HF_POP_PID);
		k->practice =
		    hf_arena_sv(arena, c->dict[HF_POP_PRACTICE].text[p->practice]);
		k->reasons = reasons_of(m, p->person, arena, err);
		if (!k->reasons.p || !k->practice.p)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "no memory for the reasons");
		k->points = p->points;
		k->efi = p->efi;
		k->band = p->band;
		k->risk = p->risk;
		k->chosen = p->chosen;
		k->benefit = (int64_t)(p->benefit * 1000 + 0.5);
	}
	l->eligible = (int64_t)of->n;
	l->registered = of->registered;
	l->dead = of->dead;
	l->objects = of->objects;
	l->untraced = of->untraced;
	l->on_caseload = of->on_caseload;
	l->too_young = of->too_young;
	l->below = of->below;
	l->unscored = of->unscored;
	return HF_OK;
}

/* ---- what changed ---- */

/* The newest list of the same rule and scope, id 0: none. */
static enum hf_rc
find_before(const struct hf_need_making *m, struct hf_arena *arena,
	    struct hf_need_list *out, struct hf_err *err)
{
	struct hf_need_list *lists;
	size_t n;
	enum hf_rc rc =
	    hf_need_lists(m->reader, m->text, LISTS, arena, &lists, &n, err);

	*out = (struct hf_need_list){0};
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (hf_sv_eq(lists[i].rule, hf_sv_from(m->rule->id)))
			return hf_need_get(m->reader, lists[i].id, arena, out, err);
	return rc;
}

static enum hf_rc
compare(const struct hf_need_making *m, const struct hf_pop_list_ask *ask,
	const struct hf_pop_list_of *of, struct hf_arena *arena, struct hf_need_list *l,
	struct hf_err *err)
{
	struct hf_need_list old;
	struct hf_pop_stood *stood;
	uint32_t *person;
	enum hf_rc rc = find_before(m, arena, &old, err);

	if (rc || old.id == 0)
		return rc;
	stood = hf_arena_array(arena, old.n + 1, sizeof *stood);
	person = hf_arena_array(arena, old.n + 1, sizeof *person);
	if (!stood || !person)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for what changed");
	for (size_t i = 0; i < old.n; i++) {
		memcpy(stood[i].pid, old.people[i].pid, HF_POP_PID);
		stood[i].chosen = old.people[i].chosen;
		person[i] = hf_pop_person_of(m->n->c, stood[i].pid);
	}
	l->before = old.id;
	return hf_pop_turn_of(&(struct hf_pop_turn_ask){.ask = ask,
							.list = of,
							.before = stood,
							.n_before = old.n,
							.day_before = old.day,
							.person = person},
			      arena, &l->turns, &l->n_turns, err);
}

enum hf_rc
hf_need_make(const struct hf_need_making *m, struct hf_arena *arena,
	     struct hf_need_list *out, struct hf_err *err)
{
	struct hf_pop_list_of of;
	uint8_t *caseload = calloc(m->n->c->n_persons + 1u, 1);
	struct hf_pop_list_ask ask = {.rule = m->rule,
				      .need = m->n->now,
				      .scope = m->of.scope,
				      .caseload = caseload,
				      .risk = m->n->rates};
	enum hf_rc rc =
	    caseload ? hf_need_taken(m->reader, m->n->c,
				     m->now - HF_NEED_TAKEN_DAYS * (hf_time)86400000,
				     caseload, err)
		     : hf_fail(err, HF_BUSY, NULL, "no memory now; try again");

	*out = (struct hf_need_list){.rule = hf_sv_from(m->rule->id),
				     .version = hf_sv_from(m->rule->version),
				     .scope = m->text,
				     .day = m->n->now->day,
				     .data = (int64_t)m->n->version,
				     .places = m->places,
				     .because = m->because,
				     .room = HF_SV("asked")};
	if (rc == HF_OK && m->places == 0)
		rc = hf_need_room(m, &out->places, &out->room, err);
	ask.places = (size_t)out->places;
	if (rc == HF_OK)
		rc = hf_pop_list_make(&ask, arena, &of, err);
	if (rc == HF_OK)
		rc = take(m, &of, arena, out, err);
	if (rc == HF_OK)
		rc = compare(m, &ask, &of, arena, out, err);
	free(caseload);
	return rc;
}

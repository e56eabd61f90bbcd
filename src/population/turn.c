/* turn.c - who entered a list and who left it. */
#include "population/turn.h"

const char *const hf_pop_turn_codes[HF_POP_TURN_WHYS] = {"",
#define HF_TURN(name, code, text) code,
							 HF_POP_TURNS
#undef HF_TURN
};
const char *const hf_pop_turn_texts[HF_POP_TURN_WHYS] = {"",
#define HF_TURN(name, code, text) text,
							 HF_POP_TURNS
#undef HF_TURN
};

static enum hf_pop_turn_why
why_left(enum hf_pop_why_not status)
{
	static const enum hf_pop_turn_why why[HF_POP_WHY_NOTS] = {
	    [HF_POP_LISTED] = HF_POP_TURN_PASSED,
	    [HF_POP_NOT_DEAD] = HF_POP_TURN_DIED,
	    [HF_POP_NOT_OBJECTS] = HF_POP_TURN_OBJECTS,
	    [HF_POP_NOT_UNTRACED] = HF_POP_TURN_OBJECTS,
	    [HF_POP_NOT_CASELOAD] = HF_POP_TURN_CASELOAD,
	    [HF_POP_NOT_YOUNG] = HF_POP_TURN_BELOW,
	    [HF_POP_NOT_UNSCORED] = HF_POP_TURN_BELOW,
	    [HF_POP_NOT_BELOW] = HF_POP_TURN_BELOW,
	    [HF_POP_NOT_HERE] = HF_POP_TURN_MOVED,
	};

	return why[status];
}

/* The place of a person on the new version, 0: none. */
static uint32_t
place_of(const struct hf_pop_list_of *l, uint32_t person)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->people[i].person == person)
			return (uint32_t)i + 1;
	return 0;
}

static enum hf_rc
left(const struct hf_pop_turn_ask *t, size_t i, struct hf_pop_turn *out,
     struct hf_err *err)
{
	enum hf_pop_why_not status = HF_POP_LISTED;
	uint32_t person = t->person[i];
	enum hf_rc rc = HF_OK;

	memcpy(out->pid, t->before[i].pid, HF_POP_PID);
	out->entered = false;
	out->was = (uint32_t)i + 1;
	out->now = person == UINT32_MAX ? 0 : place_of(t->list, person);
	out->why = HF_POP_TURN_GONE;
	if (person != UINT32_MAX) {
		rc = hf_pop_list_status(t->ask, person, &status, err);
		out->why = why_left(status);
	}
	return rc;
}

static void
entered(const struct hf_pop_turn_ask *t, size_t place, size_t was,
	struct hf_pop_turn *out)
{
	const struct hf_pop_columns *c = t->ask->need->c;
	uint32_t person = t->list->people[place].person;

	memcpy(out->pid, c->persons[person].pid, HF_POP_PID);
	out->entered = true;
	out->was = (uint32_t)was;
	out->now = (uint32_t)place + 1;
	out->why = was ? HF_POP_TURN_NEXT
		   : hf_pop_in_scope(c, t->ask->scope, person, t->day_before, NULL)
		       ? HF_POP_TURN_RISEN
		       : HF_POP_TURN_REGISTERED;
}

/* The place that a person had before, 0: none. */
static size_t
before_of(const struct hf_pop_turn_ask *t, uint32_t person)
{
	for (size_t i = 0; i < t->n_before; i++)
		if (t->person[i] == person)
			return i + 1;
	return 0;
}

enum hf_rc
hf_pop_turn_of(const struct hf_pop_turn_ask *t, struct hf_arena *arena,
	       struct hf_pop_turn **out, size_t *n, struct hf_err *err)
{
	const struct hf_pop_list_of *l = t->list;
	struct hf_pop_turn *turns =
	    hf_arena_array(arena, t->n_before + l->chosen + 1, sizeof *turns);
	size_t many = 0;

	if (!turns)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for what changed");
	for (size_t i = 0; i < t->n_before; i++) {
		uint32_t place =
		    t->person[i] == UINT32_MAX ? 0 : place_of(l, t->person[i]);
		enum hf_rc rc;

		if (!t->before[i].chosen || (place && place <= l->chosen))
			continue;
		rc = left(t, i, &turns[many++], err);
		if (rc)
			return rc;
	}
	for (size_t place = 0; place < l->chosen; place++) {
		size_t was = before_of(t, l->people[place].person);

		if (!was || !t->before[was - 1].chosen)
			entered(t, place, was, &turns[many++]);
	}
	*out = turns;
	*n = many;
	return HF_OK;
}

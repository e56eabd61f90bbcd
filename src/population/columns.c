/* columns.c - looking things up in the columns. */
#include "population/columns.h"

uint16_t
hf_pop_practice_on(const struct hf_pop_columns *c, uint32_t person, uint16_t day)
{
	uint16_t practice = 0;

	/* Of two at the same time the one that began later counts. */
	for (uint32_t i = c->reg_first[person]; i < c->reg_first[person + 1]; i++)
		if (c->reg[i].from <= day &&
		    (day < c->reg[i].to || c->reg[i].to == HF_POP_NONE))
			practice = c->reg[i].practice;
	return practice;
}

uint16_t
hf_pop_locality_on(const struct hf_pop_columns *c, uint16_t practice, uint16_t day)
{
	size_t lo = 0, hi = c->n_members;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->member[mid].practice < practice)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < c->n_members && c->member[lo].practice == practice; lo++)
		if (c->member[lo].from <= day &&
		    (day < c->member[lo].to || c->member[lo].to == HF_POP_NONE))
			return c->member[lo].locality;
	return 0;
}

uint16_t
hf_pop_code_of(const struct hf_pop_columns *c, enum hf_pop_kind kind, struct hf_sv text)
{
	const struct hf_pop_dictionary *d = &c->dict[kind];

	for (size_t i = 1; text.n && i < d->n; i++)
		if (hf_sv_eq(d->text[i], text))
			return (uint16_t)i;
	return 0;
}

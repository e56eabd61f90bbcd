/* form_enable.c - is an item asked, by what else was answered (enableWhen)? */
#include "pathway/form_int.h"

/* Where the answers that a condition of an item in a repeating group may look at
 * begin and end. */
static void
scope_of(const struct hf_qn_answers *a, size_t looped, int parent, size_t *from,
	 size_t *to)
{
	int g = parent;

	*from = 0;
	*to = a->n;
	if (looped == 0)
		return;
	while (g >= 0 && a->given[g].item != looped - 1)
		g = a->given[g].parent;
	*from = g < 0 ? a->n : (size_t)g + 1;
	for (*to = *from; *to < a->n && a->given[*to].parent >= g; ++*to)
		continue;
}

static bool
meets(const struct hf_qn_condition *c, const struct hf_qn_value *v)
{
	int cmp = hf_qn_value_cmp(v, &c->answer);

	switch (c->op) {
	case HF_QN_EQUAL:
	case HF_QN_DIFFERS:
		return cmp == 0;
	case HF_QN_ABOVE:
		return cmp == 1;
	case HF_QN_BELOW:
		return cmp == -1;
	case HF_QN_AT_LEAST:
		return cmp == 1 || cmp == 0;
	case HF_QN_AT_MOST:
		return cmp == -1 || cmp == 0;
	case HF_QN_EXISTS:
		break;
	}
	return false;
}

static bool
holds(const struct hf_qn *q, const struct hf_qn_answers *a,
      const struct hf_qn_condition *c, int parent)
{
	size_t from, to;
	bool any = false, exists = false;

	scope_of(a, q->items[c->question].looped, parent, &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct hf_qn_given *g = &a->given[i];

		if (g->item != c->question || !g->enabled)
			continue;
		exists |= g->n_values > 0;
		for (size_t k = 0; k < g->n_values; k++)
			any |= meets(c, &g->values[k]);
	}
	if (c->op == HF_QN_EXISTS)
		return exists == c->answer.b;
	return c->op == HF_QN_DIFFERS ? !any : any;
}

bool
hf_qn_enabled(const struct hf_qn *q, const struct hf_qn_answers *a, size_t item,
	      int parent)
{
	const struct hf_qn_item *it = &q->items[item];

	if (it->n_conditions == 0)
		return true;
	for (size_t i = 0; i < it->n_conditions; i++)
		if (holds(q, a, &it->conditions[i], parent) == it->any)
			return it->any;
	return !it->any;
}

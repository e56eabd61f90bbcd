/* code_list.c - codes of conditions by imported lists. */
#include "population/code_list.h"

#include <stdlib.h>

static int
by_code(const void *a, const void *b)
{
	const struct hf_code_item *x = a, *y = b;
	int c = hf_sv_cmp(x->code, y->code);

	if (c == 0)
		c = (int)x->system - (int)y->system;
	return c ? c : hf_sv_cmp(x->condition, y->condition);
}

void
hf_code_lists_end(struct hf_code_lists *l)
{
	if (l->n)
		qsort(l->items, l->n, sizeof *l->items, by_code);
}

bool
hf_code_lists_has(const struct hf_code_lists *l, enum hf_ref_system system,
		  struct hf_sv condition)
{
	for (size_t i = 0; l && i < l->n_lists; i++)
		if (l->lists[i].system == system &&
		    hf_sv_eq(l->lists[i].condition, condition))
			return true;
	return false;
}

size_t
hf_code_lists_find(const struct hf_code_lists *l, enum hf_ref_system system,
		   struct hf_sv code, const struct hf_code_item **first)
{
	const struct hf_code_item key = {.code = code, .system = system};
	size_t low = 0, high = l ? l->n : 0, n = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_code(&l->items[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (l && low + n < l->n && hf_sv_eq(l->items[low + n].code, code) &&
	       (system == HF_REF_NO_SYSTEM || l->items[low + n].system == system))
		n++;
	*first = n ? &l->items[low] : NULL;
	return n;
}

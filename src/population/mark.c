/* mark.c - when limits may begin anew. */
#include "population/mark.h"

#include <math.h>

const char *const hf_pop_mark_kind_words[] = {"note", "rebase", "freeze"};
const char *const hf_pop_mark_cause_words[] = {"", "shift", "process"};

static size_t
received(const struct hf_ms_spc_point *p, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += isnan(p[i].value) ? 0 : 1;
	return n;
}

enum hf_rc
hf_pop_mark_may_rebase(const struct hf_ms_spc_point *p, size_t n, size_t at,
		       enum hf_pop_mark_cause cause, struct hf_err *err)
{
	size_t first = at, least = cause == HF_POP_CAUSE_PROCESS ? HF_POP_MARK_BEFORE
								 : HF_MS_SHIFT_LENGTH;

	if (at >= n || isnan(p[at].value))
		return hf_fail(err, HF_RULE, "at",
			       "there is no point of this period on the chart");
	while (first > 0 && p[first - 1].group == p[at].group)
		first--;
	if (p[at].group + 1 >= HF_POP_REBASES_MOST)
		return hf_fail(err, HF_RULE, "at",
			       "limits of a chart begin anew at most %d times",
			       HF_POP_REBASES_MOST - 1);
	if (received(p, first, at) < HF_MS_SHIFT_LENGTH)
		return hf_fail(err, HF_RULE, "at",
			       "there are fewer than %d points between the limits "
			       "before and this one",
			       HF_MS_SHIFT_LENGTH);
	if (received(p, at, n) < least)
		return hf_fail(err, HF_RULE, "at",
			       "there are fewer than %zu points from here on: wait "
			       "until the change has lasted",
			       least);
	if (cause == HF_POP_CAUSE_SHIFT && !hf_ms_spc_may_rebase(p, n, at))
		return hf_fail(err, HF_RULE, "at",
			       "no run of %d points on one side of the mean begins "
			       "here: chance alone may do what is seen",
			       HF_MS_SHIFT_LENGTH);
	return HF_OK;
}

enum hf_rc
hf_pop_mark_may_freeze(const struct hf_ms_spc_point *p, size_t n, size_t at,
		       struct hf_err *err)
{
	if (at >= n || received(p, 0, at) < HF_POP_MARK_BEFORE)
		return hf_fail(err, HF_RULE, "at",
			       "limits are frozen of at least %d points before this "
			       "one",
			       HF_POP_MARK_BEFORE);
	return HF_OK;
}

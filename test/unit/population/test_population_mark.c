/* When limits may begin anew, and what stands on a chart that somebody marked.
 * population.md 4.1 "Step change", POP-T20. */
#include "test/hf_test.h"

#include <math.h>

#include "population/mark.h"

static const double twenty[] = {412, 398, 405, 420, 391, 409, 415, 402, 396, 411,
				407, 400, 392, 388, 395, 384, 390, 381, 386};
enum { N = HF_COUNT(twenty), BEFORE = 12 };

static void
draw(struct hf_ms_spc_ask ask, size_t n, struct hf_ms_spc_point *p)
{
	struct hf_ms_spc sum;

	ask.direction = HF_MS_LOWER_BETTER;
	ask.target = NAN;
	assert_true(hf_ms_spc(&ask, twenty, NULL, n, p, &sum));
}

static void
refused(enum hf_rc rc, const struct hf_err *err, const char *says)
{
	assert_int_equal(rc, HF_RULE);
	if (!strstr(err->text, says))
		fail_msg("\"%s\" does not say \"%s\"", err->text, says);
}

HF_TEST(limits_begin_anew_where_a_shift_begins_and_nowhere_else_POP_T20)
{
	struct hf_ms_spc_point p[N];
	struct hf_err err;
	size_t again = BEFORE;

	draw((struct hf_ms_spc_ask){.freeze = BEFORE}, N, p);
	assert_int_equal(hf_pop_mark_may_rebase(p, N, BEFORE, HF_POP_CAUSE_SHIFT, &err),
			 HF_OK);
	refused(hf_pop_mark_may_rebase(p, N, 8, HF_POP_CAUSE_SHIFT, &err), &err,
		"no run of 7");
	refused(hf_pop_mark_may_rebase(p, N, 4, HF_POP_CAUSE_SHIFT, &err), &err,
		"before");
	refused(hf_pop_mark_may_rebase(p, N, N, HF_POP_CAUSE_SHIFT, &err), &err,
		"no point");
	/* Six points are no shift yet. */
	draw((struct hf_ms_spc_ask){.freeze = BEFORE}, N - 1, p);
	refused(hf_pop_mark_may_rebase(p, N - 1, BEFORE, HF_POP_CAUSE_SHIFT, &err),
		&err, "fewer than 7");
	/* With limits that begin anew there, there is nothing to begin anew. */
	draw((struct hf_ms_spc_ask){.rebase = &again, .n_rebase = 1}, N, p);
	assert_true(fabs(p[BEFORE].mean - 388) < 1e-9);
	refused(hf_pop_mark_may_rebase(p, N, BEFORE, HF_POP_CAUSE_SHIFT, &err), &err,
		"before");
}

HF_TEST(a_change_of_process_needs_twelve_points_so_that_limits_are_no_trial)
{
	struct hf_ms_spc_point p[N];
	struct hf_err err;

	draw((struct hf_ms_spc_ask){.freeze = 0}, N, p);
	assert_int_equal(hf_pop_mark_may_rebase(p, N, 7, HF_POP_CAUSE_PROCESS, &err),
			 HF_OK);
	refused(hf_pop_mark_may_rebase(p, N, 8, HF_POP_CAUSE_PROCESS, &err), &err,
		"fewer than 12");
	p[7].value = NAN;
	refused(hf_pop_mark_may_rebase(p, N, 7, HF_POP_CAUSE_PROCESS, &err), &err,
		"no point");
}

HF_TEST(limits_are_frozen_of_twelve_points_or_more)
{
	struct hf_ms_spc_point p[N];
	struct hf_err err;

	draw((struct hf_ms_spc_ask){.freeze = 0}, N, p);
	assert_int_equal(hf_pop_mark_may_freeze(p, N, 12, &err), HF_OK);
	refused(hf_pop_mark_may_freeze(p, N, 11, &err), &err, "at least 12");
	p[3].value = NAN;
	refused(hf_pop_mark_may_freeze(p, N, 12, &err), &err, "at least 12");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		limits_begin_anew_where_a_shift_begins_and_nowhere_else_POP_T20),
	    cmocka_unit_test(
		a_change_of_process_needs_twelve_points_so_that_limits_are_no_trial),
	    cmocka_unit_test(limits_are_frozen_of_twelve_points_or_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

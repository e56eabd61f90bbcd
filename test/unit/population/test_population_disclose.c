/* What may be shown of a count: POP-T30, and tables from which nothing hidden can be
 * reckoned. */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "population/disclose.h"

static void
is(enum hf_pop_sdc sdc, int64_t n, int64_t want) /* want -1: hidden */
{
	struct hf_pop_shown s = hf_pop_show(sdc, n);

	assert_int_equal(s.hidden ? -1 : s.n, want);
}

HF_TEST(small_counts_are_hidden_and_others_rounded_POP_T30)
{
	is(HF_POP_STRICT5, 0, 0);
	is(HF_POP_STRICT5, 1, -1);
	is(HF_POP_STRICT5, 4, -1);
	is(HF_POP_STRICT5, 5, 5);
	is(HF_POP_STRICT5, 7, 5);
	is(HF_POP_STRICT5, 8, 10);
	is(HF_POP_STRICT5, 12, 10);
	is(HF_POP_STRICT5, 13, 15);
	is(HF_POP_STRICT5, 101, 100);
	is(HF_POP_HES7, 0, 0);
	is(HF_POP_HES7, 7, -1);
	is(HF_POP_HES7, 8, 10);
	is(HF_POP_HES7, 12, 10);
	is(HF_POP_TRUE, 3, 3);
}

HF_TEST(a_single_hidden_cell_takes_the_next_smallest_with_it_POP_T30)
{
	static const int64_t row[] = {3, 40, 60};
	struct hf_pop_shown out[8];

	hf_pop_show_table(HF_POP_STRICT5, row, 1, 3, out);
	assert_true(out[0].hidden && out[1].hidden && !out[2].hidden);
	assert_int_equal(out[2].n, 60);
	assert_int_equal(out[3].n, 105);
	/* Nobody else is there to hide behind: the total goes. */
	hf_pop_show_table(HF_POP_STRICT5, (const int64_t[]){0, 4, 0}, 1, 3, out);
	assert_true(out[1].hidden && out[3].hidden);
	hf_pop_show_table(HF_POP_STRICT5, (const int64_t[]){0, 7, 9}, 1, 3, out);
	assert_true(!out[0].hidden && !out[1].hidden && out[1].n == 5);
	assert_int_equal(out[3].n, 15);
}

HF_TEST(no_row_or_column_has_exactly_one_hidden_cell_under_a_shown_total)
{
	struct hf_rng r;

	hf_rng_seed(&r, 30, 1);
	for (int round = 0; round < 5000; round++) {
		size_t rows = 1 + hf_rng_below(&r, 6), cols = 1 + hf_rng_below(&r, 6);
		int64_t cell[36];
		struct hf_pop_shown out[49];

		for (size_t i = 0; i < rows * cols; i++)
			cell[i] = hf_rng_below(&r, hf_rng_below(&r, 3) ? 6 : 60);
		hf_pop_show_table(round % 2 ? HF_POP_STRICT5 : HF_POP_HES7, cell, rows,
				  cols, out);
		for (size_t i = 0; i <= rows; i++) {
			size_t hidden = 0;

			for (size_t c = 0; c < cols; c++)
				hidden += out[i * (cols + 1) + c].hidden;
			if (cols > 1 && !out[i * (cols + 1) + cols].hidden)
				assert_int_not_equal(hidden, 1);
		}
		for (size_t c = 0; c <= cols; c++) {
			size_t hidden = 0;

			for (size_t i = 0; i < rows; i++)
				hidden += out[i * (cols + 1) + c].hidden;
			if (rows > 1 && !out[rows * (cols + 1) + c].hidden)
				assert_int_not_equal(hidden, 1);
		}
		for (size_t i = 0; i < (rows + 1) * (cols + 1); i++)
			assert_true(out[i].hidden || out[i].n % 5 == 0);
	}
}

HF_TEST(shares_rates_and_money_are_of_what_is_shown)
{
	double x = -1;
	int64_t pence = -1;

	assert_true(hf_pop_show_percent(HF_POP_STRICT5, 13, 101, &x));
	assert_float_equal(x, 15.0, 1e-9); /* 15 of 100 */
	assert_false(hf_pop_show_percent(HF_POP_STRICT5, 3, 101, &x));
	assert_false(hf_pop_show_percent(HF_POP_STRICT5, 6, 9, &x));
	assert_true(hf_pop_show_percent(HF_POP_STRICT5, 0, 50, &x));
	assert_float_equal(x, 0.0, 1e-9);
	assert_false(hf_pop_show_percent(HF_POP_TRUE, 0, 0, &x));
	assert_false(hf_pop_show_rate(HF_POP_STRICT5, 9, 1000.0, &x));
	assert_true(hf_pop_show_rate(HF_POP_STRICT5, 12, 1002.0, &x));
	assert_float_equal(x, 0.01, 1e-9);
	assert_false(hf_pop_show_cost(HF_POP_STRICT5, 9, 900000, &pence));
	assert_true(hf_pop_show_cost(HF_POP_STRICT5, 10, 123456789, &pence));
	assert_int_equal(pence, 123500000);
}

static struct hf_pop_person *
some_people(uint32_t n, uint64_t seed)
{
	struct hf_pop_person *p = calloc(n, sizeof(*p));
	struct hf_rng r;

	hf_rng_seed(&r, seed, 2);
	for (uint32_t i = 0; i < n; i++)
		for (size_t b = 0; b < HF_POP_PID; b++)
			p[i].pid[b] = (uint8_t)hf_rng_u32(&r);
	return p;
}

HF_TEST(weights_leave_groups_whole_and_are_the_same_tomorrow)
{
	enum { N = 20000, GROUPS = 12 };
	struct hf_pop_person *p = some_people(N + 1, 4);
	uint16_t *group = calloc(N + 1, sizeof(*group));
	uint8_t *w = calloc(N + 1, 1), *later = calloc(N + 1, 1);
	int64_t sum[GROUPS] = {0}, size[GROUPS] = {0};
	uint32_t moved = 0, of[3] = {0};
	struct hf_err err;

	for (uint32_t i = 0; i <= N; i++)
		group[i] = (uint16_t)(i % 100 == 0 ? 0 : 1 + i % (GROUPS - 1));
	assert_int_equal(hf_pop_weights(p, group, GROUPS, N, w, &err), HF_OK);
	for (uint32_t i = 0; i < N; i++) {
		sum[group[i]] += w[i];
		size[group[i]]++;
		assert_true(w[i] <= 2);
		of[w[i]]++;
	}
	for (size_t g = 0; g < GROUPS; g++)
		assert_int_equal(sum[g], size[g]);
	assert_true(of[0] == of[2] && of[0] > N / 10 && of[0] < N / 5);
	/* Somebody joins: nearly nobody's weight is another. */
	assert_int_equal(hf_pop_weights(p, group, GROUPS, N + 1, later, &err), HF_OK);
	for (uint32_t i = 0; i < N; i++)
		moved += w[i] != later[i];
	assert_true(moved <= 2);
	free(p);
	free(group);
	free(w);
	free(later);
}

HF_TEST_MAIN(
    "population/disclose",
    cmocka_unit_test(small_counts_are_hidden_and_others_rounded_POP_T30),
    cmocka_unit_test(a_single_hidden_cell_takes_the_next_smallest_with_it_POP_T30),
    cmocka_unit_test(no_row_or_column_has_exactly_one_hidden_cell_under_a_shown_total),
    cmocka_unit_test(shares_rates_and_money_are_of_what_is_shown),
    cmocka_unit_test(weights_leave_groups_whole_and_are_the_same_tomorrow))

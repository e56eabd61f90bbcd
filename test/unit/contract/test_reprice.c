/* The promises of contract/reprice.h. */
#include "test/unit/contract/made.h"
#include "test/unit/contract/prices.h"

#include "contract/reprice.h"

enum { N = 20000 };

struct world {
	struct lists lists;
	struct hf_ct_price_book book;
	struct hf_ct_activity *a;
	struct hf_ct_repriced w;
};

static void
begin(struct world *w)
{
	struct made m = {.from = on(2020, 4, 1), .days = 365, .wrong = 200};
	struct hf_ct_list *list = NULL;

	*w = (struct world){.a = calloc(N, sizeof *w->a)};
	lists_begin(&w->lists);
	assert_non_null(w->a);
	assert_int_equal(hf_ct_list_builtin(&w->lists.arena, &list, &w->lists.err),
			 HF_OK);
	hf_ct_price_book_add(&w->book, list, NULL);
	m.list = list;
	hf_rng_seed(&m.rng, 9, 9);
	for (size_t i = 0; i < N; i++)
		made_row(&m, i, HF_CT_ACTS, &w->a[i]);
}

static void
end(struct world *w)
{
	free(w->a);
	lists_end(&w->lists);
}

static enum hf_rc
ask(struct world *w, struct hf_ct_reprice_change c)
{
	return hf_ct_reprice(&w->book, &c, 1, w->a, N, &w->lists.arena, &w->w,
			     &w->lists.err);
}

HF_TEST(without_a_change_both_sides_are_what_lines_add_up_to)
{
	static struct hf_ct_pricer p;
	struct hf_ct_priced line;
	struct world w;
	hf_pence sum = 0;

	begin(&w);
	assert_int_equal(
	    hf_ct_reprice(&w.book, NULL, 0, w.a, N, &w.lists.arena, &w.w, &w.lists.err),
	    HF_OK);
	assert_memory_equal(w.w.before, w.w.after, sizeof w.w.before);
	hf_ct_pricer_init(&p, &w.book, NULL);
	for (size_t i = 0; i < N; i++) {
		hf_ct_price(&p, &w.a[i], &line);
		sum += line.value;
	}
	assert_int_equal(w.w.all_before.value, sum);
	assert_int_equal(w.w.all_before.n, N);
	end(&w);
}

/* The change is what pricing by a list of that price would give, and the book that was
 * there is as it was. */
HF_TEST(a_price_changes_the_lines_it_prices_and_no_others)
{
	struct hf_ct_reprice_change c = {.kind = HF_CT_REPRICE_PRICE,
					 .column = HF_CT_RP_NE,
					 .code = hf_ct_code_of("XX01A"),
					 .price = 250000};
	const struct hf_ct_hrg *row;
	struct world w;

	begin(&w);
	assert_int_equal(ask(&w, c), HF_OK);
	assert_true(w.w.after[HF_CT_POD_NE].value > w.w.before[HF_CT_POD_NE].value);
	assert_int_equal(w.w.after[HF_CT_POD_DC].value, w.w.before[HF_CT_POD_DC].value);
	assert_int_equal(w.w.after[HF_CT_POD_NE].n, w.w.before[HF_CT_POD_NE].n);
	row = hf_ct_list_find(w.book.lists[0], HF_CT_T_HRG, c.code, 0, on(2020, 7, 1));
	assert_int_equal(row->ne, 238000);
	end(&w);
}

HF_TEST(a_factor_and_a_volume)
{
	struct hf_ct_reprice_change f = {.kind = HF_CT_REPRICE_FACTOR,
					 .code = hf_ct_code_of("RZ1"),
					 .rate = 1100000000};
	struct hf_ct_reprice_change v = {
	    .kind = HF_CT_REPRICE_VOLUME, .pod = HF_CT_POD_AE, .rate = 1500000000};
	struct world w;
	hf_pence want, sum = 0;

	begin(&w);
	assert_int_equal(ask(&w, f), HF_OK);
	assert_true(w.w.all_after.value > w.w.all_before.value);
	assert_int_equal(w.w.after[HF_CT_POD_DRUG].value,
			 w.w.before[HF_CT_POD_DRUG].value);
	assert_int_equal(ask(&w, v), HF_OK);
	assert_true(hf_pence_scale(w.w.before[HF_CT_POD_AE].value, v.rate, HF_HALF_AWAY,
				   &want));
	assert_int_equal(w.w.after[HF_CT_POD_AE].value, want);
	assert_int_equal(w.w.after[HF_CT_POD_EL].value, w.w.before[HF_CT_POD_EL].value);
	for (int p = 0; p < HF_CT_PODS; p++)
		sum += w.w.after[p].value - w.w.before[p].value;
	assert_int_equal(sum, w.w.all_after.value - w.w.all_before.value);
	end(&w);
}

HF_TEST(what_no_list_has_is_not_made_up)
{
	struct hf_ct_reprice_change c = {.kind = HF_CT_REPRICE_PRICE,
					 .column = HF_CT_RP_DC,
					 .code = hf_ct_code_of("XX01A"),
					 .price = 250000};
	struct world w;

	begin(&w);
	assert_int_equal(ask(&w, c), HF_NOT_FOUND); /* it has no dc */
	c.code = hf_ct_code_of("XX99Z");
	assert_int_equal(ask(&w, c), HF_NOT_FOUND);
	c.price = -1;
	assert_int_equal(ask(&w, c), HF_INVALID);
	c = (struct hf_ct_reprice_change){.kind = HF_CT_REPRICE_FACTOR,
					  .code = hf_ct_code_of("RZ1"),
					  .rate = 900000000};
	assert_int_equal(ask(&w, c), HF_INVALID);
	c = (struct hf_ct_reprice_change){.kind = HF_CT_REPRICE_VOLUME, .rate = -1};
	assert_int_equal(ask(&w, c), HF_INVALID);
	end(&w);
}

HF_TEST_MAIN("contract/reprice",
	     cmocka_unit_test(without_a_change_both_sides_are_what_lines_add_up_to),
	     cmocka_unit_test(a_price_changes_the_lines_it_prices_and_no_others),
	     cmocka_unit_test(a_factor_and_a_volume),
	     cmocka_unit_test(what_no_list_has_is_not_made_up))

/* The promises of contract/list.h: columns of contract-and-governance.md 1.1, findings
 * with their lines, validity by date, overlapping lists (section 8). */
#include "test/unit/contract/prices.h"

#define MFF MFF_HEADER "RZ1,A trust,1.0423,,\n"

static struct hf_ct_list *
good(struct lists *l, const char *hrg)
{
	struct hf_ct_list *list = NULL;

	assert_int_equal(
	    read_list(l, LIST_OF("T1", "2020-04-01", "2021-03-31"), hrg, MFF, &list),
	    HF_OK);
	return list;
}

static const struct hf_issue *
first_error(const struct lists *l)
{
	size_t i = 0;

	while (i < l->issues.n && l->issues.items[i].severity != HF_SEV_ERROR)
		i++;
	assert_true(i < l->issues.n);
	return &l->issues.items[i];
}

HF_TEST(the_list_that_comes_with_the_program_is_in_order)
{
	struct lists l;
	struct hf_ct_list *list = NULL;
	const struct hf_ct_hrg *h;

	lists_begin(&l);
	assert_int_equal(hf_ct_list_builtin(&l.arena, &list, &l.err), HF_OK);
	assert_sv_equal(list->id, "ILL-2020.1");
	assert_true(list->illustrative);
	h = hf_ct_list_find(list, HF_CT_T_HRG, hf_ct_code_of("XX01A"), 0,
			    on(2020, 7, 1));
	assert_non_null(h);
	assert_int_equal(h->combined, 145000);
	assert_int_equal(h->dc, HF_CT_NO_PRICE);
	assert_int_equal(h->ne, 238000);
	assert_int_equal(h->el_trim, 9);
	assert_int_equal(h->ne_trim, 18);
	assert_int_equal(h->sse_pct, 450000000);
	assert_int_equal(h->sse_price, 107100);
	assert_null(hf_ct_list_find(list, HF_CT_T_HRG, hf_ct_code_of("XX99Z"), 0,
				    on(2020, 7, 1)));
	assert_null(hf_ct_list_find(list, HF_CT_T_HRG, hf_ct_code_of("XX01A"), 0,
				    on(2004, 7, 1)));
	lists_end(&l);
}

/* What happens to the invented place has a price. */
HF_TEST(every_group_that_the_generator_writes_is_in_the_list)
{
	static const char *const groups[] = {
#define HF_ADMISSION(icd, second, simple, middle, complex, ...) simple, middle, complex,
#include "definitions/synthetic/admission.def"
#undef HF_ADMISSION
#define HF_PLANNED(setting, icd, opcs, hrg, ...) hrg,
#include "definitions/synthetic/planned.def"
#undef HF_PLANNED
	    "NZ19B", "NZ30C", "NZ31C", "NZ51C", "PB04D"};
	struct hf_ct_list *list = NULL;
	struct lists l;

	lists_begin(&l);
	assert_int_equal(hf_ct_list_builtin(&l.arena, &list, &l.err), HF_OK);
	for (size_t i = 0; i < HF_COUNT(groups); i++)
		if (!hf_ct_list_find(list, HF_CT_T_HRG, hf_ct_code_of(groups[i]), 0,
				     on(2026, 9, 30)))
			fail_msg("%s has no price", groups[i]);
	lists_end(&l);
}

HF_TEST(a_row_is_found_on_the_days_it_is_valid)
{
	static const char hrg[] =
	    HRG_HEADER "AA01A,New,,200,,,5,,,,,,,,,,,2020-10-01,,GBP\n"
		       "AA01A,Old,,100,,,5,,,,,,,,,,,,2020-09-30,GBP\n"
		       "AA02A,Pence,,12345,,,5,,,,,,,,,,,,,GBX\n";
	struct lists l;
	const struct hf_ct_list *list;
	const struct hf_ct_hrg *h;
	hf_ct_code code = hf_ct_code_of("AA01A");

	lists_begin(&l);
	list = good(&l, hrg);
	assert_int_equal(l.issues.errors, 0);
	h = hf_ct_list_find(list, HF_CT_T_HRG, code, 0, on(2020, 9, 30));
	assert_int_equal(h->combined, 10000);
	assert_int_equal(h->key.line, 3);
	h = hf_ct_list_find(list, HF_CT_T_HRG, code, 0, on(2020, 10, 1));
	assert_int_equal(h->combined, 20000);
	assert_int_equal(h->key.line, 2);
	assert_null(hf_ct_list_find(list, HF_CT_T_HRG, code, 0, on(2021, 4, 1)));
	h = hf_ct_list_find(list, HF_CT_T_HRG, hf_ct_code_of("aa02a"), 0,
			    on(2020, 4, 1));
	assert_int_equal(h->combined, 12345);
	lists_end(&l);
}

/* Each row is the only one with an error, at line 3 between two good ones. */
HF_TEST(a_bad_row_is_a_finding_with_its_line_and_left_out)
{
	static const struct {
		const char *row, *says;
	} bad[] = {
	    {"A 1,,,,,,,,,,,,,,,,,,,GBP", "hrg: takes a code"},
	    {",,,100,,,5,,,,,,,,,,,,,GBP", "hrg: takes a code"},
	    {"BB01A,,,-100,,,5,,,,,,,,,,,,,GBP", "combined: a price is not less"},
	    {"BB01A,,,ten,,,5,,,,,,,,,,,,,GBP", "combined: takes pounds"},
	    {"BB01A,,,1.005,,,5,,,,,,,,,,,,,GBP", "combined: takes pounds"},
	    {"BB01A,,,10000001,,,5,,,,,,,,,,,,,GBP", "combined: more than ten million"},
	    {"BB01A,,,1.5,,,5,,,,,,,,,,,,,GBX", "combined: takes whole pence"},
	    {"BB01A,,,100,,,5,,,,,,,,,,,,,EUR", "currency_unit: takes GBP"},
	    {"BB01A,,,100,,,-5,,,,,,,,,,,,,GBP", "el_trim: takes days"},
	    {"BB01A,,,100,,,,,,20,,,,,,,,,,GBP", "el_trim: the trim point is missing"},
	    {"BB01A,,,,,,,100,,20,,,,,,,,,,GBP", "ne_trim: the trim point is missing"},
	    {"BB01A,,,,,,,2380,18,215,yes,45%,1090,,,,,,,GBP",
	     "sse_price is not sse_pct of ne"},
	    {"BB01A,,,,,,,2380,18,215,yes,45%,,,,,,,,GBP", "sse_price is blank"},
	    {"BB01A,,,,,,,2380,18,215,perhaps,45%,1071,,,,,,,GBP",
	     "sse_applicable: takes yes or no"},
	    {"BB01A,,,,,,,2380,18,215,yes,145%,1071,,,,,,,GBP",
	     "sse_pct: takes a decimal number"},
	    {"BB01A,,,,,,,100,5,20,,,,sometimes,,5,,,,GBP", "bpt_scope: takes replace"},
	    {"BB01A,,,,,,,100,5,20,,,,uplift,,,,,,GBP",
	     "bpt_scope: a best practice without"},
	    {"BB01A,,,,,,,100,5,20,,,,,,5,,,,GBP", "bpt_scope: blank"},
	    {"BB01A,,,100,,,5,,,,,,,,,,,2020-13-01,,GBP", "valid_from: takes a day"},
	    {"BB01A,,,100,,,5,,,,,,,,,,,2020-07-01,2020-06-01,GBP",
	     "valid_to is before valid_from"},
	    {"BB01A,,,100,,,5,,,,,,,,,,,2019-07-01,,GBP",
	     "valid on days that its list is not"},
	    {"BB01A,short", "the row has 2 fields, the header 20"},
	    {"\"BB01A,,,100,,,5,,,,,,,,,,,,,GBP", "the row cannot be read"},
	};
	char text[2048];
	struct lists l;

	lists_begin(&l);
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		const struct hf_ct_list *list;

		snprintf(text, sizeof text,
			 HRG_HEADER "AA01A,,,100,,,5,,,,,,,,,,,,,GBP\n%s\n"
				    "CC01A,,,100,,,5,,,,,,,,,,,,,GBP\n",
			 bad[i].row);
		list = good(&l, text);
		assert_int_equal(l.issues.errors, 1);
		assert_sv_equal(first_error(&l)->path, "hrg.csv:3");
		if (!memmem(first_error(&l)->text.p, first_error(&l)->text.n,
			    bad[i].says, strlen(bad[i].says)))
			fail_msg("%s: %.*s", bad[i].row,
				 HF_SV_ARG(first_error(&l)->text));
		assert_int_equal(list->table[HF_CT_T_HRG].n, 2);
	}
	lists_end(&l);
}

HF_TEST(a_short_stay_price_may_be_a_pound_off)
{
	struct lists l;

	lists_begin(&l);
	good(&l, HRG_HEADER "AA01A,,,,,,,2381,18,215,yes,45%,1070,,,,,,,GBP\n"
			    "AA02A,,,,,,,2381,18,215,yes,45%,1072,,,,,,,GBP\n"
			    "AA03A,,,,,,,2381,18,215,yes,45%,1072.01,,,,,,,GBP\n"
			    "AA04A,,,,,,,2381,18,215,yes,45%,1069.99,,,,,,,GBP\n");
	assert_int_equal(l.issues.errors, 2);
	assert_sv_equal(first_error(&l)->path, "hrg.csv:4");
	assert_sv_equal(l.issues.items[1].path, "hrg.csv:5");
	lists_end(&l);
}

HF_TEST(rows_valid_on_the_same_days_are_both_left_out)
{
	struct lists l;
	const struct hf_ct_list *list;

	lists_begin(&l);
	list = good(&l, HRG_HEADER "AA01A,,,100,,,5,,,,,,,,,,,,2020-09-30,GBP\n"
				   "AA01A,,,200,,,5,,,,,,,,,,,2020-09-30,,GBP\n"
				   "AA02A,,,200,,,5,,,,,,,,,,,,,GBP\n");
	assert_int_equal(l.issues.errors, 1);
	assert_sv_equal(first_error(&l)->path, "hrg.csv:3");
	assert_sv_equal(first_error(&l)->text,
			"AA01A: valid on days that line 2 is valid on too");
	assert_int_equal(list->table[HF_CT_T_HRG].n, 1);
	lists_end(&l);
}

HF_TEST(what_is_no_price_list_is_refused)
{
	static const char hrg[] = HRG_HEADER, mff[] = MFF;
	static const char list[] = LIST_OF("T1", "2020-04-01", "2021-03-31");
	static const struct {
		const char *list, *hrg, *mff, *path;
	} bad[] = {
	    {NULL, hrg, mff, "list.csv"},
	    {list, NULL, mff, "hrg.csv"},
	    {list, hrg, NULL, "mff.csv"},
	    {"setting,value\nid,T1\n", hrg, mff, "list.csv"},
	    {LIST_OF("T 1", "2020-04-01", "2021-03-31"), hrg, mff, "list.csv"},
	    {LIST_OF("T1", "2021-04-01", "2021-03-31"), hrg, mff, "list.csv"},
	    {LIST_OF("T1", "2020-04-01", "2021-03-31") "colour,red\n", hrg, mff,
	     "list.csv"},
	    {LIST_OF("T1", "2020-04-01", "2021-03-31") "id,T2\n", hrg, mff, "list.csv"},
	    {list, "hrg,name\n", mff, "hrg.csv"},
	    {list, "hrg,hrg\n", mff, "hrg.csv"},
	    {list, "code,name\n", mff, "hrg.csv"},
	    {list, "", mff, "hrg.csv"},
	};
	struct lists l;

	lists_begin(&l);
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_ct_list *out = NULL;

		assert_int_equal(
		    read_list(&l, bad[i].list, bad[i].hrg, bad[i].mff, &out),
		    HF_INVALID);
		assert_null(out);
		assert_string_equal(l.err.path, bad[i].path);
	}
	lists_end(&l);
}

HF_TEST(lists_of_the_same_days_are_refused_unless_one_supersedes_the_other)
{
	static const char hrg[] = HRG_HEADER;
	struct hf_ct_list *a = NULL, *b = NULL, *c = NULL, *d = NULL;
	struct hf_ct_price_book book = {0};
	struct lists l;

	lists_begin(&l);
	read_list(&l, LIST_OF("A", "2020-04-01", "2021-03-31"), hrg, MFF, &a);
	read_list(&l, LIST_OF("B", "2021-03-31", "2022-03-31"), hrg, MFF, &b);
	read_list(&l, LIST_OF("C", "2020-10-01", "2020-12-31") "supersedes,A\n", hrg,
		  MFF, &c);
	read_list(&l, LIST_OF("D", "2021-04-01", "2022-03-31"), hrg, MFF, &d);
	assert_int_equal(hf_ct_price_book_add(&book, a, &l.err), HF_OK);
	assert_int_equal(hf_ct_price_book_add(&book, b, &l.err), HF_RULE);
	assert_non_null(strstr(l.err.text, "price lists B and A are valid"));
	assert_int_equal(hf_ct_price_book_add(&book, a, &l.err), HF_EXISTS);
	assert_int_equal(hf_ct_price_book_add(&book, c, &l.err), HF_OK);
	assert_int_equal(hf_ct_price_book_add(&book, d, &l.err), HF_OK);
	assert_int_equal(book.n, 3);
	assert_int_equal(hf_ct_price_book_on(&book, on(2020, 9, 30)), 0);
	assert_int_equal(hf_ct_price_book_on(&book, on(2020, 10, 1)), 1);
	assert_int_equal(hf_ct_price_book_on(&book, on(2021, 1, 1)), 0);
	assert_int_equal(hf_ct_price_book_on(&book, on(2021, 4, 1)), 2);
	assert_int_equal(hf_ct_price_book_on(&book, on(2022, 4, 1)), -1);
	assert_ptr_equal(hf_ct_price_book_find(&book, HF_SV("C")), c);
	assert_null(hf_ct_price_book_find(&book, HF_SV("B")));
	lists_end(&l);
}

HF_TEST(codes_are_kept_as_numbers_that_order_as_they_do)
{
	char text[HF_CT_CODE_TEXT];
	hf_ct_code code = 7;

	assert_true(hf_ct_code_of("AA01A") < hf_ct_code_of("AA01B"));
	assert_true(hf_ct_code_of("AA") < hf_ct_code_of("AA0"));
	assert_string_equal(hf_ct_code_text(hf_ct_code_of("R1h-_.99"), text),
			    "R1H-_.99");
	assert_string_equal(hf_ct_code_text(0, text), "");
	assert_false(hf_ct_code_parse(HF_SV("TOOLONG99"), &code));
	assert_false(hf_ct_code_parse(HF_SV("A B"), &code));
	assert_int_equal(code, 7);
	assert_true(hf_ct_code_parse(HF_SV(""), &code));
	assert_int_equal(code, 0);
}

HF_TEST_MAIN("contract/list",
	     cmocka_unit_test(the_list_that_comes_with_the_program_is_in_order),
	     cmocka_unit_test(every_group_that_the_generator_writes_is_in_the_list),
	     cmocka_unit_test(a_row_is_found_on_the_days_it_is_valid),
	     cmocka_unit_test(a_bad_row_is_a_finding_with_its_line_and_left_out),
	     cmocka_unit_test(a_short_stay_price_may_be_a_pound_off),
	     cmocka_unit_test(rows_valid_on_the_same_days_are_both_left_out),
	     cmocka_unit_test(what_is_no_price_list_is_refused),
	     cmocka_unit_test(
		 lists_of_the_same_days_are_refused_unless_one_supersedes_the_other),
	     cmocka_unit_test(codes_are_kept_as_numbers_that_order_as_they_do))

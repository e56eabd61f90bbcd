/* Rows of a price list as pages show them, and what one version changed of another. */
#include "test/unit/contract/prices.h"

#include "contract/list_show.h"

static struct lists l;

#define ROW(code, name, ne, more)                                                      \
	code "," name ",,,,,," ne ",18,215,no,,,,,,," more "GBP\n"

static struct hf_ct_list *
list_of(const char *id, const char *rows)
{
	struct hf_ct_list *list = NULL;
	char *list_csv = hf_arena_alloc(&l.arena, 400);

	snprintf(list_csv, 400,
		 "setting,value\nid,%s\ntitle,T\nillustrative,yes\nvalid_from,"
		 "2020-04-01\nvalid_to,2021-03-31\n",
		 id);
	if (read_list(&l, list_csv, rows, MFF_HEADER "RZ1,,1.0423,,\n", &list) ||
	    l.issues.errors)
		fail_msg("%s", l.issues.n ? l.issues.items[0].text.p : l.err.text);
	return list;
}

static const char *
changes_of(const struct hf_ct_list *a, const struct hf_ct_list *b)
{
	struct hf_ct_row_change c[10];
	struct hf_buf out = {0};
	struct hf_sv text;
	size_t n = hf_ct_list_changes(a, b, HF_CT_T_HRG, 0, 10, c);

	for (size_t i = 0; i < n; i++)
		hf_ct_row_change_write(HF_CT_T_HRG, &c[i],
				       &(struct hf_jw){.out = &out});
	text = hf_arena_sv(&l.arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return text.n ? hf_arena_cstr(&l.arena, text) : "";
}

HF_TEST(a_row_has_its_columns_and_no_blank_ones)
{
	struct hf_buf out = {0};
	struct hf_ct_list *a;

	lists_begin(&l);
	a = list_of("A", HRG_HEADER ROW("AA01A", "Hip \"new\"", "2380", ",,"));
	hf_ct_row_write(HF_CT_T_HRG, hf_ct_list_row(a, HF_CT_T_HRG, 0),
			&(struct hf_jw){.out = &out});
	assert_sv_equal(hf_buf_view(&out),
			"{\"line\":2,\"from\":\"2020-04-01\",\"to\":\"2021-03-31\","
			"\"hrg\":\"AA01A\",\"name\":\"Hip \\\"new\\\"\",\"ne\":238000,"
			"\"ne_trim\":18,\"perday\":21500,\"sse_applicable\":false}");
	hf_buf_free(&out);
	hf_ct_row_write(HF_CT_T_MFF, hf_ct_list_row(a, HF_CT_T_MFF, 0),
			&(struct hf_jw){.out = &out});
	assert_non_null(strstr(hf_arena_cstr(&l.arena, hf_buf_view(&out)),
			       "\"provider\":\"RZ1\",\"mff\":1.0423}"));
	hf_buf_free(&out);
	lists_end(&l);
}

HF_TEST(a_search_takes_the_beginning_of_a_code_or_part_of_a_name)
{
	const void *row;

	lists_begin(&l);
	row = hf_ct_list_row(
	    list_of("A", HRG_HEADER ROW("AA01A", "Hip repair", "1", ",,")), HF_CT_T_HRG,
	    0);
	assert_true(hf_ct_row_matches(HF_CT_T_HRG, row, HF_SV("")));
	assert_true(hf_ct_row_matches(HF_CT_T_HRG, row, HF_SV("aa01")));
	assert_true(hf_ct_row_matches(HF_CT_T_HRG, row, HF_SV("REPAIR")));
	assert_false(hf_ct_row_matches(HF_CT_T_HRG, row, HF_SV("01a")));
	assert_false(hf_ct_row_matches(HF_CT_T_HRG, row, HF_SV("hip repair and more")));
	lists_end(&l);
}

HF_TEST(what_a_version_changed_is_told_by_code_with_its_columns)
{
	struct hf_ct_list *a, *b;
	const char *said;

	lists_begin(&l);
	a = list_of("A", HRG_HEADER ROW("AA01A", "x", "100", ",,") ROW(
			     "AA02A", "x", "200", ",,") ROW("AA03A", "x", "300", ",,"));
	b = list_of("B", HRG_HEADER ROW("AA02A", "x", "200", ",,") ROW(
			     "AA03A", "y", "310", ",,") ROW("AA04A", "x", "400", ",,"));
	said = changes_of(a, b);
	assert_non_null(strstr(said, "\"code\":\"AA01A\",\"what\":\"removed\""));
	assert_null(strstr(said, "AA02A"));
	assert_non_null(strstr(said, "\"code\":\"AA03A\",\"what\":\"changed\""));
	assert_non_null(strstr(said, "\"columns\":[\"name\",\"ne\"]"));
	assert_non_null(strstr(said, "\"code\":\"AA04A\",\"what\":\"added\""));
	assert_int_equal(hf_ct_list_changes(a, b, HF_CT_T_HRG, 0, 0, NULL), 3);
	assert_string_equal(changes_of(a, a), "");
	assert_int_equal(hf_ct_list_changes(a, b, HF_CT_T_DRUG, 0, 0, NULL), 0);
	lists_end(&l);
}

HF_TEST(tables_have_words)
{
	for (int t = 0; t < HF_CT_TABLES; t++)
		assert_int_equal(
		    hf_ct_table_find(hf_ct_table_word((enum hf_ct_table_name)t)), t);
	assert_int_equal(hf_ct_table_find(HF_SV("list")), HF_CT_TABLES);
	assert_int_equal(hf_ct_table_find(HF_SV("")), HF_CT_TABLES);
}

HF_TEST_MAIN("contract/list_show",
	     cmocka_unit_test(a_row_has_its_columns_and_no_blank_ones),
	     cmocka_unit_test(a_search_takes_the_beginning_of_a_code_or_part_of_a_name),
	     cmocka_unit_test(what_a_version_changed_is_told_by_code_with_its_columns),
	     cmocka_unit_test(tables_have_words))

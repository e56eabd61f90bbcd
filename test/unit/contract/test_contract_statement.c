/* Statements: the layout of section 2.3, the same bytes again, and what does not add
 * up. */
#include "test/unit/contract/contract_test.h"

#include "contract/statement.h"

static struct hf_buf
statement(const struct hf_ct_input *more)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	struct hf_buf out = {0};
	struct hf_err err;

	if (more)
		in[n++] = *more;
	if (hf_ct_statement_write(
		run_to(t, NULL, in, n, "2020-06-30"),
		&(struct hf_ct_statement_about){.quarter = 1,
						.version = 1,
						.by = HF_SV("user/x"),
						.at = 1596240000000,
						.terms_sha = HF_SV("ab")},
		&out, &err))
		fail_msg("%s", err.text);
	return out;
}

HF_TEST(section_2_3_the_quarter_line_by_line)
{
	struct hf_buf b = statement(NULL), csv = {0};
	struct hf_err err;

	assert_int_equal(hf_ct_statement_show(hf_buf_view(&b), "00", NULL, 0, HF_CT_CSV,
					      &arena, &csv, &err),
			 HF_OK);
	hf_buf_char(&csv, '\0');
	assert_non_null(strstr(csv.p, "1,Non-elective (block),24000000.00,"
				      "24000000.00,24000000.00,24655000.00,-655000.00,"
				      "0.00,shadow +2.7292 % on block\r\n"));
	assert_non_null(strstr(csv.p, "2,Elective,15000000.00,15000000.00,"
				      "15170000.00,15640000.00,-470000.00,170000.00,"));
	assert_non_null(strstr(csv.p, "3,Cost & volume,1586749.50,1586749.50,"
				      "1578696.74,1578696.74,0.00,-8052.76,"));
	assert_non_null(strstr(csv.p, "4a,Medicines at cost,3750000.00,"
				      "3750000.00,3750428.71,3750428.71,0.00,428.71,"));
	assert_non_null(strstr(csv.p, "4b,Gain share,0.00,0.00,160560.50,0.00,"
				      "160560.50,160560.50,"));
	assert_non_null(strstr(csv.p, "Total,44336749.50,44336749.50,44659685.95,"
				      "45624125.45,-964439.50,322936.45,"));
	assert_non_null(strstr(csv.p, ",Pathology bundle,923400.00,"));
	hf_buf_free(&csv);
	hf_buf_free(&b);
}

HF_TEST(the_same_inputs_give_the_same_bytes)
{
	struct hf_buf a = statement(NULL), b = statement(NULL);
	char one[HF_CT_SHA_TEXT], two[HF_CT_SHA_TEXT];

	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
	assert_true(hf_ct_sha(hf_buf_view(&a), one));
	assert_true(hf_ct_sha(hf_buf_view(&b), two));
	assert_string_equal(one, two);
	hf_buf_free(&a);
	hf_buf_free(&b);
}

HF_TEST(what_came_after_the_freeze_is_listed)
{
	struct hf_ct_input in = {
	    .seq = 99, .line = 2, .month = 1, .units = 1190, .price = -1};
	struct hf_buf b = statement(&in);

	hf_buf_char(&b, '\0');
	assert_non_null(strstr(b.p, "\"late\":[{\"line\":\"mri\",\"month\":2,"
				    "\"pence\":0,\"units\":3}]"));
	hf_buf_free(&b);
}

HF_TEST(a_total_that_is_not_its_lines_blocks)
{
	struct hf_buf b = statement(NULL);
	struct hf_json doc;
	struct hf_err err;
	char *at;

	assert_int_equal(hf_ct_statement_check(hf_buf_view(&b), &arena, &doc, &err),
			 HF_OK);
	at = memmem(b.p, b.n, "\"earned\":2400000000,", 20);
	assert_non_null(at);
	at[18]++;
	assert_int_equal(hf_ct_statement_check(hf_buf_view(&b), &arena, &doc, &err),
			 HF_RULE);
	assert_int_equal(hf_ct_statement_check(HF_SV("{}"), &arena, &doc, &err),
			 HF_INVALID);
	hf_buf_free(&b);
}

/* Every number of the page is checked against the others, whichever is changed. */
HF_TEST(no_penny_of_a_statement_can_be_changed_alone)
{
	static const char *const changed[] = {
	    "\"account\":2400000000",	"\"shadow\":2465500000",
	    "\"difference\":-65500000", "\"trueUp\":17000000",
	    "\"adjust\":17000000",	"\"withheld\":0",
	    "\"plan\":53413200",	"\"payable\":32293645"};
	struct hf_json doc;
	struct hf_err err;

	for (size_t i = 0; i < HF_COUNT(changed); i++) {
		struct hf_buf b = statement(NULL);
		char *at = memmem(b.p, b.n, changed[i], strlen(changed[i]));

		if (!at)
			fail_msg("%s", changed[i]);
		at[strlen(changed[i]) - 1] ^= 1;
		assert_int_equal(
		    hf_ct_statement_check(hf_buf_view(&b), &arena, &doc, &err),
		    HF_RULE);
		hf_buf_free(&b);
	}
}

HF_TEST(what_has_not_come_is_named_on_the_statement)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_ct_input in[64];
	size_t n = golden_inputs(t, in);
	struct hf_buf out = {0}, csv = {0};
	struct hf_err err;

	assert_int_equal(hf_ct_statement_write(run_to(t, NULL, in, n - 1, "2020-06-30"),
					       &(struct hf_ct_statement_about){
						   .quarter = 1, .version = 1},
					       &out, &err),
			 HF_OK);
	assert_int_equal(hf_ct_statement_show(hf_buf_view(&out), "00", NULL, 0,
					      HF_CT_CSV, &arena, &csv, &err),
			 HF_OK);
	hf_buf_char(&out, '\0');
	hf_buf_char(&csv, '\0');
	assert_non_null(
	    strstr(out.p, "\"missing\":[{\"line\":\"biosimilar\",\"month\":3}]"));
	assert_non_null(
	    strstr(csv.p, "\"Has not come yet, not in the sums\",biosimilar,3,,"));
	hf_buf_free(&out);
	hf_buf_free(&csv);
}

HF_TEST(a_quarter_without_figures_is_refused)
{
	const struct hf_ct_terms *t = shipped("acute-2020");
	struct hf_buf out = {0};
	struct hf_err err;

	assert_int_equal(hf_ct_statement_write(
			     run_to(t, NULL, NULL, 0, "2020-06-30"),
			     &(struct hf_ct_statement_about){.quarter = 1}, &out, &err),
			 HF_RULE);
	assert_int_equal(hf_ct_statement_write(
			     run_to(t, NULL, NULL, 0, "2020-06-29"),
			     &(struct hf_ct_statement_about){.quarter = 1}, &out, &err),
			 HF_RULE);
	hf_buf_free(&out);
}

HF_TEST(a_workbook_and_a_page_are_the_same_bytes_again)
{
	static const enum hf_ct_sheet forms[] = {HF_CT_ODS, HF_CT_PDF};
	struct hf_buf b = statement(NULL);
	struct hf_ct_shown_signature s = {HF_SV("provider"), HF_SV("A <b>"),
					  HF_SV("finance"), 1596240000000};

	for (size_t i = 0; i < HF_COUNT(forms); i++) {
		struct hf_buf out[2] = {{0}, {0}};
		struct hf_err err;

		for (int k = 0; k < 2; k++)
			assert_int_equal(hf_ct_statement_show(hf_buf_view(&b), "00", &s,
							      1, forms[i], &arena,
							      &out[k], &err),
					 HF_OK);
		assert_memory_equal(out[0].p, i ? "%PDF-" : "PK", i ? 5 : 2);
		assert_int_equal(out[0].n, out[1].n);
		assert_memory_equal(out[0].p, out[1].p, out[0].n);
		hf_buf_free(&out[0]);
		hf_buf_free(&out[1]);
	}
	hf_buf_free(&b);
}

HF_TEST_MAIN("contract/statement",
	     cmocka_unit_test_setup(section_2_3_the_quarter_line_by_line, clear),
	     cmocka_unit_test_setup(the_same_inputs_give_the_same_bytes, clear),
	     cmocka_unit_test_setup(what_came_after_the_freeze_is_listed, clear),
	     cmocka_unit_test_setup(a_total_that_is_not_its_lines_blocks, clear),
	     cmocka_unit_test_setup(no_penny_of_a_statement_can_be_changed_alone,
				    clear),
	     cmocka_unit_test_setup(what_has_not_come_is_named_on_the_statement, clear),
	     cmocka_unit_test_setup(a_quarter_without_figures_is_refused, clear),
	     cmocka_unit_test_setup(a_workbook_and_a_page_are_the_same_bytes_again,
				    clear))

/* A fund's return: CON-T14 to the penny, the same bytes for the same ledger, totals
 * that are looked at again, and nothing said that is not in the bytes. */
#include "test/unit/contract/contract_test.h"

#include "contract/pool_return.h"

static struct hf_ct_pool *p;
static struct hf_ct_fund fund;
static struct hf_ct_return_about about;
static struct hf_err err;

static void
prepare(void)
{
	clear(NULL);
	p = NULL;
	for (size_t i = 0; i < hf_n_pools_builtin; i++)
		if (strncmp(hf_pools_builtin[i].name, "better-care-2020", 16) == 0)
			assert_int_equal(hf_ct_pool_load(hf_pools_builtin[i].name,
							 hf_pools_builtin[i].text,
							 &arena, &issues, &p, &err),
					 HF_OK);
	assert_non_null(p);
	fund = (struct hf_ct_fund){.seq = 7, .entries = 5, .done = 3};
	for (size_t i = 0; i < p->n_lines; i++) {
		struct hf_ct_pool_now *n = &fund.lines[i];

		n->budget = n->remaining = p->lines[i].budget;
		assert_true(hf_ct_pool_share(p, i, n));
	}
	fund.received[0] = 560425000;
	about = (struct hf_ct_return_about){.quarter = 1,
					    .version = 2,
					    .by = HF_SV("user/f"),
					    .at = 1596240000000,
					    .narrative = HF_SV("It \"began\".\n=1+1")};
	for (size_t i = 0; i < p->n_metrics; i++)
		about.metrics[i] = (struct hf_ct_metric_now){
		    HF_SV("1.0.0"), HF_SV("00ff"),  HF_SV("%"),
		    HF_SV("ok"),    HF_SV("81.20"), HF_SV("79.00"),
		    HF_SV("83.10"), HF_SV("85"),    HF_SV("105")};
}

static struct hf_sv
bytes(void)
{
	struct hf_buf out = {0};
	struct hf_sv text;

	if (hf_ct_return_write(p, &fund, &about, &out, &err))
		fail_msg("%s", err.text);
	text = hf_arena_sv(&arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return text;
}

static bool
has(struct hf_sv text, const char *part)
{
	return strstr(hf_arena_cstr(&arena, text), part) != NULL;
}

HF_TEST(CON_T14_shares_of_an_overspend_stand_in_the_return)
{
	struct hf_sv text;

	prepare();
	fund.lines[0].actual = 900000000;
	fund.lines[0].remaining = 0;
	assert_true(hf_ct_pool_share(p, 0, &fund.lines[0]));
	text = bytes();
	assert_true(has(text, "\"id\":\"home-first\""));
	assert_true(has(text, "\"outturn\":900000000,\"differs\":60000000,\"nhs\":"
			      "25200000,\"council\":16800000,\"leadAlone\":18000000"));
	assert_true(has(text, "\"planToDate\":210000000"));
	assert_true(has(text, "\"incomeTotal\":{\"plan\":3829700000,\"received\":"
			      "560425000}"));
}

HF_TEST(the_same_ledger_gives_the_same_bytes_and_they_tell_what_they_were_made_with)
{
	struct hf_ct_return_about again;
	struct hf_sv text;

	prepare();
	text = bytes();
	assert_true(hf_sv_eq(text, bytes()));
	assert_int_equal(hf_ct_return_about(text, &arena, &again, &err), HF_OK);
	assert_int_equal(again.quarter, 1);
	assert_int_equal(again.version, 2);
	assert_sv_equal(again.narrative, "It \"began\".\n=1+1");
	assert_sv_equal(again.metrics[4].value, "81.20");
	again.at = about.at;
	about = again;
	assert_true(hf_sv_eq(text, bytes()));
}

HF_TEST(a_total_that_is_not_the_sum_is_found)
{
	static const struct {
		const char *from, *to, *path;
	} cases[] = {
	    {"\"actual\":0,\"accrued\":0,\"outturn\":840000000",
	     "\"actual\":1,\"accrued\":0,\"outturn\":840000000", "actual"},
	    {"\"received\":560425000},", "\"received\":560425001},", "income"},
	    {"\"unallocated\":34700000", "\"unallocated\":34700001", "unallocated"},
	};
	struct hf_sv text;
	struct hf_json d;

	prepare();
	text = bytes();
	assert_int_equal(hf_ct_return_check(text, &arena, &d, &err), HF_OK);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char *copy = hf_arena_cstr(&arena, text);
		char *at = strstr(copy, cases[i].from);

		assert_non_null(at);
		assert_int_equal(strlen(cases[i].from), strlen(cases[i].to));
		memcpy(at, cases[i].to, strlen(cases[i].to));
		assert_int_equal(hf_ct_return_check(hf_sv_from(copy), &arena, &d, &err),
				 HF_RULE);
		assert_string_equal(err.path, cases[i].path);
	}
	assert_int_equal(hf_ct_return_check(HF_SV("{}"), &arena, &d, &err), HF_INVALID);
	assert_int_equal(hf_ct_return_check(HF_SV("[1,"), &arena, &d, &err),
			 HF_INVALID);
}

HF_TEST(files_are_made_of_the_bytes_and_a_formula_is_none)
{
	const struct hf_ct_shown_signature s = {HF_SV("NHS"), HF_SV("Ruth Lane"),
						HF_SV("contract-signatory"), 0};
	static const char *const begins[] = {"What,Value", "PK", "%PDF-"};
	struct hf_sv text;

	prepare();
	text = bytes();
	for (int how = HF_CT_CSV; how <= HF_CT_PDF; how++) {
		struct hf_buf out = {0};

		assert_int_equal(hf_ct_return_show(text, "00", &s, 1,
						   (enum hf_ct_sheet)how, &arena, &out,
						   &err),
				 HF_OK);
		assert_true(hf_sv_starts(hf_buf_view(&out), hf_sv_from(begins[how])));
		if (how == HF_CT_CSV) {
			struct hf_sv csv = hf_arena_sv(&arena, hf_buf_view(&out));

			assert_true(has(csv, "'=1+1"));
			assert_true(has(csv, "Draft: not signed by both partners and "
					     "the board"));
			assert_true(has(csv, "Total,,,37950000.00"));
		}
		hf_buf_free(&out);
	}
}

HF_TEST(a_quarter_is_1_to_4)
{
	struct hf_buf out = {0};

	prepare();
	about.quarter = 5;
	assert_int_equal(hf_ct_return_write(p, &fund, &about, &out, &err), HF_INVALID);
	hf_buf_free(&out);
}

HF_TEST(the_board_signs_by_organisation_and_role)
{
	prepare();
	assert_true(hf_ct_pool_board(p, HF_SV("ZW900"), HF_SV("board-signatory")));
	assert_false(hf_ct_pool_board(p, HF_SV("ZW900"), HF_SV("contract-signatory")));
	assert_false(hf_ct_pool_board(p, HF_SV("QZ9"), HF_SV("board-signatory")));
	assert_false(hf_ct_pool_board(p, HF_SV(""), HF_SV("")));
}

HF_TEST_MAIN(
    "contract/return",
    cmocka_unit_test(CON_T14_shares_of_an_overspend_stand_in_the_return),
    cmocka_unit_test(
	the_same_ledger_gives_the_same_bytes_and_they_tell_what_they_were_made_with),
    cmocka_unit_test(a_total_that_is_not_the_sum_is_found),
    cmocka_unit_test(files_are_made_of_the_bytes_and_a_formula_is_none),
    cmocka_unit_test(a_quarter_is_1_to_4),
    cmocka_unit_test(the_board_signs_by_organisation_and_role))

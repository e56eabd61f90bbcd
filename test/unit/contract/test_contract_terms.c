/* Contract documents: what is refused, by line; and the arithmetic of forms. */
#include "test/unit/contract/contract_test.h"

#define HEAD                                                                           \
	"{\"id\":\"c\",\"version\":\"2\",\"title\":\"T\",\"form\":\"block\","          \
	"\"status\":\"active\",\"rules\":\"2020/21\","
#define SIGNED(name)                                                                   \
	"\"signers\":[\"contract-signatory\"],\"signed\":{\"name\":\"" name            \
	"\",\"role\":\"R\",\"on\":\"2020-03-01\"}}"
#define PARTIES                                                                        \
	"\"parties\":{\"commissioner\":{\"name\":\"A\",\"orgs\":\"QZ9\"," SIGNED(      \
	    "Ann") ",\"provider\":{\"name\":\"B\",\"orgs\":\"RZ1\"," SIGNED("Bob") "}" \
										   ","
#define YEAR "\"from\":\"2020-04-01\",\"to\":\"2021-03-31\","
#define BLOCK                                                                          \
	"{\"id\":\"b\",\"title\":\"B\",\"number\":\"1\",\"kind\":\"block\","           \
	"\"annual\":12}"

static const char *
finding(const char *text)
{
	struct hf_ct_terms *t;
	struct hf_err err;

	clear(NULL);
	if (hf_ct_terms_load("c.json", hf_sv_from(text), &arena, &issues, &t, &err) ==
	    HF_OK)
		return "";
	assert_true(issues.n > 0);
	return hf_arena_cstr(&arena, issues.items[0].text);
}

static void
refused(const char *text, const char *with)
{
	const char *got = finding(text);

	if (!strstr(got, with))
		fail_msg("\"%s\" does not say \"%s\"", got, with);
}

HF_TEST(a_document_in_order_is_read)
{
	assert_string_equal(finding(HEAD PARTIES YEAR "\"components\":[" BLOCK "]}"),
			    "");
}

HF_TEST(shares_that_do_not_add_up_are_refused_with_their_line)
{
	refused(HEAD PARTIES YEAR
		"\"components\":[{\"id\":\"e\",\"title\":\"E\",\"number\":\"2\","
		"\"kind\":\"share\",\"plan\":1,\n\"bands\":[{\"provider\":50,"
		"\"commissioner\":49.9999999}]}]}",
		"add up to 100 %");
	assert_sv_equal(issues.items[0].path, "c.json:2");
	refused(HEAD PARTIES YEAR
		"\"components\":[{\"id\":\"e\",\"title\":\"E\",\"number\":\"2\","
		"\"kind\":\"gain\",\"provider\":60,\"commissioner\":50,\"lines\":[{"
		"\"id\":\"x\",\"title\":\"X\",\"baseline\":2,\"actual\":1}]}]}",
		"add up to 100 %");
	refused(HEAD PARTIES YEAR
		"\"components\":[{\"id\":\"e\",\"title\":\"E\",\"number\":\"2\","
		"\"kind\":\"outcome\",\"pool\":6,\"lines\":[{\"id\":\"x\",\"title\":"
		"\"X\",\"weight\":99,\"threshold\":1,\"target\":2}]}]}",
		"add up to 100");
	refused("{\"id\":\"c\",\"version\":\"2\",\"title\":\"T\",\"form\":\"lead-"
		"provider\",\"head\":12,\"status\":\"active\",\"rules\":\"2020/"
		"21\"," PARTIES YEAR "\"subcontracts\":[{\"id\":\"s\",\"name\":\"S\","
		"\"share\":62}],\"components\":[" BLOCK "]}",
		"add up to 100 %");
}

HF_TEST(bands_without_gap_and_open_at_the_end)
{
#define WITH_BANDS(bands)                                                              \
	HEAD PARTIES YEAR                                                              \
	    "\"components\":[{\"id\":\"e\",\"title\":\"E\",\"number\":\"2\",\"kind\":" \
	    "\"share\",\"plan\":1,\"bands\":[" bands "]}]}"
	refused(WITH_BANDS("{\"to\":2,\"provider\":100},{\"from\":3,\"provider\":100}"),
		"where the one before ends");
	refused(WITH_BANDS("{\"to\":2,\"provider\":100}"), "no end");
	refused(WITH_BANDS(""), "bands are needed");
}

HF_TEST(both_parties_sign_and_not_the_same_person)
{
	refused(HEAD "\"parties\":{\"commissioner\":{\"name\":\"A\",\"orgs\":\"QZ9\","
		     "\"signers\":[\"x\"]},\"provider\":{\"name\":\"B\",\"orgs\":"
		     "\"RZ1\"," SIGNED("Bob") "}," YEAR "\"components\":[" BLOCK "]}",
		"signed by both");
	refused(HEAD "\"parties\":{\"commissioner\":{\"name\":\"A\",\"orgs\":"
		     "\"QZ9\"," SIGNED("Bob") ",\"provider\":{\"name\":\"B\",\"orgs\":"
					      "\"RZ1\"," SIGNED(
						  "Bob") "}," YEAR
							 "\"components\":[" BLOCK "]}",
		"one person cannot sign for both");
	refused(HEAD "\"parties\":{\"commissioner\":{\"name\":\"A\",\"orgs\":"
		     "\"RZ1\"," SIGNED("Ann") ",\"provider\":{\"name\":\"B\",\"orgs\":"
					      "\"RZ1\"," SIGNED(
						  "Bob") "}," YEAR
							 "\"components\":[" BLOCK "]}",
		"both parties");
}

HF_TEST(a_change_within_the_year_needs_both)
{
	static const char text[] =
	    HEAD PARTIES "\"supersedes\":\"1\",\"from\":\"2020-10-01\",\"to\":\"2021-"
			 "03-31\",%s\"components\":[" BLOCK "]}";
	char with[2000];
	int64_t next;
	struct hf_err err;

	snprintf(with, sizeof with, text, "");
	refused(with, "INYEAR_NOT_AGREED");
	snprintf(with, sizeof with, text, "\"joint_approval\":true,");
	assert_string_equal(finding(with), "");
	assert_int_equal(hf_ct_effective(day_of("2020-10-01"), day_of("2020-07-01"),
					 false, &next, &err),
			 HF_RULE);
	assert_string_equal(err.path, "INYEAR_NOT_AGREED");
	assert_int_equal(next, day_of("2021-04-01"));
	assert_int_equal(hf_ct_effective(day_of("2020-10-01"), day_of("2020-07-01"),
					 true, &next, &err),
			 HF_OK);
	assert_int_equal(hf_ct_effective(day_of("2021-04-01"), day_of("2020-07-01"),
					 false, &next, &err),
			 HF_OK);
}

/* A version from 1 October has half a year: April to September are the other's. */
HF_TEST(a_version_that_begins_within_the_year_has_no_plan_before)
{
#define FROM_OCTOBER(plan)                                                             \
	HEAD PARTIES                                                                   \
	    "\"supersedes\":\"1\",\"from\":\"2020-10-01\",\"to\":\"2021-03-31\","      \
	    "\"joint_approval\":true,\"components\":[{\"id\":\"b\",\"title\":\"B\","   \
	    "\"number\":\"1\",\"kind\":\"block\"," plan "}]}"
	static const char text[] = FROM_OCTOBER("\"annual\":600.01");
	struct hf_ct_input in = {.seq = 1, .month = 5, .pence = 1};
	static struct hf_ct_facts facts;
	struct hf_ct_terms *t;
	struct hf_err err;

	clear(NULL);
	assert_int_equal(
	    hf_ct_terms_load("c.json", hf_sv_from(text), &arena, &issues, &t, &err),
	    HF_OK);
	for (int m = 0; m < HF_CT_MONTHS; m++)
		assert_int_equal(t->lines[0].plan[m], m < 6 ? 0 : 10000 + (m == 6));
	assert_int_equal(run_to(t, NULL, NULL, 0, "2020-09-30")->total[5].plan, 0);
	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_INVALID);
	in.month = 6;
	assert_int_equal(hf_ct_facts(t, &in, 1, 1, &facts, &err), HF_OK);
	refused(FROM_OCTOBER("\"plan\":[1,0,0,0,0,0,1,1,1,1,1,1]"),
		"a month that the contract is not of");
	assert_string_equal(finding(FROM_OCTOBER("\"plan\":[0,0,0,0,0,0,1,1,1,1,1,1]")),
			    "");
	assert_string_equal(finding(FROM_OCTOBER("\"plan\":5")), "");
}

HF_TEST(money_has_two_places_and_a_bound)
{
#define WITH_PRICE(price)                                                              \
	HEAD PARTIES YEAR                                                              \
	    "\"components\":[{\"id\":\"v\",\"title\":\"V\",\"number\":\"3\",\"kind\":" \
	    "\"volume\",\"lines\":[{\"id\":\"x\",\"title\":\"X\",\"price\":" price     \
	    ",\"plan\":[1,1,1,1,1,1,1,1,1,1,1,1]}]}]}"
	assert_string_equal(finding(WITH_PRICE("1.25")), "");
	refused(WITH_PRICE("1.255"), "two places");
	refused(WITH_PRICE("-1"), "two places");
	refused(WITH_PRICE("1e40"), "pounds");
	refused(HEAD PARTIES YEAR
		"\"components\":[{\"id\":\"b\",\"title\":\"B\","
		"\"number\":\"1\",\"kind\":\"block\",\"plan\":[1,2]}]}",
		"list of 12");
}

HF_TEST(CON_T10_the_head_contract_is_cut_to_the_penny)
{
	static const hf_pence parts[] = {1345400000, 412300000, 238700000, 108500000,
					 65100000};
	const struct hf_ct_terms *t;
	hf_pence out[HF_CT_PARTS];

	clear(NULL);
	t = shipped("lead-2018");
	for (int m = 0; m < 12; m++)
		assert_int_equal(t->lines[0].plan[m], m < 4 ? 180833334 : 180833333);
	assert_true(hf_ct_parts(t, t->head, out));
	for (size_t i = 0; i < HF_COUNT(parts); i++)
		assert_int_equal(out[i], parts[i]);
}

HF_TEST(CON_T05_bands_share_what_differs)
{
	static const struct {
		int percent;
		hf_pence adjust;
	} cases[] = {{85, -75000000}, {90, -75000000}, {93, -43500000}, {95, -22500000},
		     {97, -7500000},  {98, 0},	       {99, 0},		{100, 0},
		     {102, 0},	      {103, 7500000},  {105, 22500000}, {107, 43500000},
		     {110, 75000000}, {115, 75000000}};
	const struct hf_ct_component *c;

	clear(NULL);
	c = &shipped("acute-2020")->components[1];
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		hf_pence got;

		assert_true(hf_ct_share_adjust(c->bands, c->n_bands, 1500000000,
					       15000000 * cases[i].percent, &got));
		assert_int_equal(got, cases[i].adjust);
	}
}

HF_TEST(CON_T02_T03_marginal_and_blended)
{
	hf_pence got;

	assert_true(hf_ct_marginal(2000000000, 2250000000, 300000000, &got));
	assert_int_equal(got, 2075000000);
	assert_true(hf_ct_marginal(2000000000, 2250000000, 700000000, &got));
	assert_int_equal(got, 2175000000);
	assert_true(hf_ct_blended(2200000000, 2250000000, 200000000, &got));
	assert_int_equal(got, 2210000000);
	assert_true(hf_ct_blended(2200000000, 2100000000, 200000000, &got));
	assert_int_equal(got, 2180000000);
}

HF_TEST(CON_T07_price_volume_and_mix_are_the_whole)
{
	static const struct hf_ct_bridge_row rows[] = {{1000, 1080, 150000, 150000},
						       {400, 390, 320000, 325000}};
	struct hf_ct_bridge b;

	assert_true(hf_ct_bridge(rows, 2, &b));
	assert_int_equal(b.plan, 278000000);
	assert_int_equal(b.actual, 288750000);
	assert_int_equal(b.volume, 13900000);
	assert_int_equal(b.mix, -5100000);
	assert_int_equal(b.price, 1950000);
	assert_int_equal(b.volume + b.mix + b.price, b.actual - b.plan);
	assert_false(hf_ct_bridge(rows, 0, &b));
}

HF_TEST(shipped_contracts_and_rules_are_in_order)
{
	struct hf_ct_rules r;

	clear(NULL);
	for (size_t i = 0; i < hf_n_contracts_builtin; i++) {
		struct hf_ct_terms *t;
		struct hf_err err;

		assert_int_equal(hf_ct_terms_load(hf_contracts_builtin[i].name,
						  hf_contracts_builtin[i].text, &arena,
						  &issues, &t, &err),
				 HF_OK);
	}
	r = shipped_rules("2023/24");
	assert_int_equal(hf_ct_rules_factor(&r), 1017681000);
	r = shipped_rules("2010/11");
	assert_int_equal(r.marginal_rate, 300000000);
}

HF_TEST_MAIN("contract/terms", cmocka_unit_test(a_document_in_order_is_read),
	     cmocka_unit_test(shares_that_do_not_add_up_are_refused_with_their_line),
	     cmocka_unit_test(bands_without_gap_and_open_at_the_end),
	     cmocka_unit_test(both_parties_sign_and_not_the_same_person),
	     cmocka_unit_test(a_change_within_the_year_needs_both),
	     cmocka_unit_test(a_version_that_begins_within_the_year_has_no_plan_before),
	     cmocka_unit_test(money_has_two_places_and_a_bound),
	     cmocka_unit_test(CON_T10_the_head_contract_is_cut_to_the_penny),
	     cmocka_unit_test(CON_T05_bands_share_what_differs),
	     cmocka_unit_test(CON_T02_T03_marginal_and_blended),
	     cmocka_unit_test(CON_T07_price_volume_and_mix_are_the_whole),
	     cmocka_unit_test(shipped_contracts_and_rules_are_in_order))

/* Contracts, ledgers and statements as FHIR: valid by our own tables, and their sums
 * are those of what they are made of. */
#include "test/unit/contract/contract_test.h"

#include "contract/contract_fhir.h"
#include "fhir/validate.h"

static struct hf_json doc;

/* Reads what was written and validates it; the text is freed with the arena. */
static void
take(struct hf_buf *out)
{
	struct hf_issues found = {.arena = &arena};
	struct hf_sv text = hf_arena_sv(&arena, hf_buf_view(out));
	hf_type_id type;

	assert_false(out->failed);
	hf_buf_free(out);
	*out = (struct hf_buf){0};
	assert_int_equal(hf_json_parse(text, NULL, &arena, &doc, NULL), HF_OK);
	if (!hf_validate(&doc, 0, &found, &type))
		fail_msg("%.*s: %.*s in %.*s", HF_SV_ARG(found.items[0].path),
			 HF_SV_ARG(found.items[0].text), HF_SV_ARG(text));
}

static const char *
word(const char *name)
{
	return hf_arena_cstr(
	    &arena, hf_json_str(&doc, hf_json_get(&doc, 0, hf_sv_from(name)), &arena));
}

HF_TEST(each_contract_is_a_valid_Contract)
{
	static const char *const ids[] = {
	    "acute-2020",    "block-2019",   "capitated-2022", "lead-2018",
	    "outcomes-2021", "payment-2021", "payment-2023",   "tariff-2015"};

	for (size_t i = 0; i < HF_COUNT(ids); i++) {
		struct hf_buf out = {0};
		struct hf_ct_terms *t;

		clear(NULL);
		t = shipped(ids[i]);
		hf_ct_contract_fhir(t, &(struct hf_jw){.out = &out});
		take(&out);
		assert_string_equal(word("resourceType"), "Contract");
		assert_string_equal(word("id"), ids[i]);
		assert_int_equal(hf_json_count(&doc, hf_json_member(&doc, 0, "term")),
				 t->n_components);
		assert_int_equal(
		    hf_json_count(&doc, hf_json_member(&doc, 0, "authority")), 2);
	}
}

HF_TEST(ledgers_of_a_contract_a_fund_and_its_lines_are_valid_Accounts)
{
	struct hf_ct_account a = {.entries = 3, .balance = -12345, .line = -1};
	struct hf_buf out = {0};
	struct hf_ct_pool *p = NULL;
	struct hf_err err;
	uint32_t ext, money;

	clear(NULL);
	assert_int_equal(hf_ct_pool_load(hf_pools_builtin[0].name,
					 hf_pools_builtin[0].text, &arena, &issues, &p,
					 &err),
			 HF_OK);
	a.terms = shipped("acute-2020");
	hf_ct_account_fhir(&a, &(struct hf_jw){.out = &out});
	take(&out);
	assert_string_equal(word("id"), "acute-2020");
	ext = hf_json_at(&doc, hf_json_member(&doc, 0, "extension"), 0);
	money = hf_json_member(&doc, ext, "valueMoney");
	assert_sv_equal(hf_json_raw(&doc, hf_json_member(&doc, money, "value")),
			"-123.45");
	a.terms = NULL;
	a.pool = p;
	for (a.line = -1; a.line < (int)p->n_lines; a.line++) {
		hf_ct_account_fhir(&a, &(struct hf_jw){.out = &out});
		take(&out);
		assert_true((hf_json_member(&doc, 0, "partOf") != HF_JSON_NONE) ==
			    (a.line >= 0));
	}
	assert_string_equal(word("id"), "better-care-2020.social-care");
}

/* Section 2.2: the true-up of the golden quarter. */
HF_TEST(a_statement_is_a_valid_Invoice_of_what_is_payable)
{
	static const struct hf_sv by = {"user/p", 6};
	struct hf_buf bytes = {0}, out = {0};
	struct hf_ct_input in[64];
	struct hf_ct_terms *t;
	struct hf_ct_rules rules;
	struct hf_ct_run *run;
	struct hf_err err;
	struct hf_sv text;
	uint32_t net;

	clear(NULL);
	t = shipped("acute-2020");
	rules = shipped_rules(t->rules);
	run = run_to(t, &rules, in, golden_inputs(t, in), "2020-06-30");
	assert_int_equal(
	    hf_ct_statement_write(run,
				  &(struct hf_ct_statement_about){.quarter = 1,
								  .version = 1,
								  .by = by,
								  .at = 1596240000000,
								  .rules = &rules},
				  &bytes, &err),
	    HF_OK);
	text = hf_arena_sv(&arena, hf_buf_view(&bytes));
	hf_buf_free(&bytes);
	assert_int_equal(hf_ct_invoice_fhir(t, HF_SV("2020-Q1"), 1, text, HF_SV("00"),
					    true, &arena, &(struct hf_jw){.out = &out},
					    &err),
			 HF_OK);
	take(&out);
	assert_string_equal(word("id"), "acute-2020.2020-Q1.1");
	assert_string_equal(word("status"), "issued");
	net = hf_json_member(&doc, 0, "totalNet");
	assert_sv_equal(hf_json_raw(&doc, hf_json_member(&doc, net, "value")),
			"322936.45");
	assert_int_equal(hf_ct_invoice_fhir(t, HF_SV("2020-Q1"), 1, HF_SV("{}"),
					    HF_SV("00"), true, &arena,
					    &(struct hf_jw){.out = &out}, &err),
			 HF_INVALID);
	hf_buf_free(&out);
}

HF_TEST_MAIN(
    "contract/fhir", cmocka_unit_test(each_contract_is_a_valid_Contract),
    cmocka_unit_test(ledgers_of_a_contract_a_fund_and_its_lines_are_valid_Accounts),
    cmocka_unit_test(a_statement_is_a_valid_Invoice_of_what_is_payable))

/* Cases of both parties: who may do what, signatures, transfers, and the chain. */
#include "test/unit/contract/contract_test.h"

#include "contract/case.h"

static struct hf_pathway *pathways[HF_CT_CASES];
static struct hf_arena definitions = {.cap = 64 << 20};
static struct hf_ct_case the_case;
static int keys;

static int
fresh(enum hf_ct_case_kind kind)
{
	clear(NULL);
	if (!pathways[kind])
		for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
			const struct hf_definition_text *d = &hf_pathways_builtin[i];
			size_t n = strlen(hf_ct_case_pathway(kind));
			struct hf_err err;

			if (strncmp(d->name, hf_ct_case_pathway(kind), n) == 0 &&
			    hf_pathway_load(d->name, d->text, NULL, &definitions,
					    &issues, &pathways[kind], &err))
				fail_msg("%s", err.text);
		}
	hf_ct_case_init(&the_case, kind, pathways[kind], 5000000, &arena);
	return 0;
}

static int
review(void **state HF_UNUSED)
{
	return fresh(HF_CT_REVIEW);
}

static int
transfer(void **state HF_UNUSED)
{
	return fresh(HF_CT_TRANSFER);
}

static int
posting(void **state HF_UNUSED)
{
	return fresh(HF_CT_POSTING);
}

static int
challenge(void **state HF_UNUSED)
{
	return fresh(HF_CT_CHALLENGE);
}

static int
change(void **state HF_UNUSED)
{
	return fresh(HF_CT_CHANGE);
}

static struct hf_ct_event last;
static struct hf_err err;

/* 6 July 2020. */
static enum hf_rc
step(const char *who, int party, const char *event, const char *facts)
{
	static struct hf_pw_effects effects;

	last = (struct hf_ct_event){.key = hf_arena_printf(&arena, "k%d", ++keys),
				    .event = hf_sv_from(event),
				    .by = hf_sv_from(who),
				    .role = HF_SV("contract-signatory"),
				    .org = HF_SV("RZ1"),
				    .party = party,
				    .signatory = true,
				    .at = 1594026000000 + 1000 * the_case.n,
				    .reason = HF_SV("because"),
				    .facts = hf_sv_from(facts)};
	return hf_ct_case_apply(&the_case, &last, &effects, &err);
}

#define DOES(...)    assert_int_equal(step(__VA_ARGS__), HF_OK)
#define REFUSED(...) assert_int_equal(step(__VA_ARGS__), HF_RULE)

enum { C = HF_CT_COMMISSIONER, P = HF_CT_PROVIDER };

static void
under_review(void)
{
	DOES("user/p", P, "open", "{\"title\":\"NE above plan\",\"component\":\"ne\"}");
	DOES("user/p", P, "triage",
	     "{\"nature\":\"demand\",\"ownerCommissioner\":\"A\",\"ownerProvider\":"
	     "\"B\"}");
	DOES("user/c", C, "begin",
	     "{\"reviewerCommissioner\":\"A\",\"reviewerProvider\":\"B\",\"terms\":"
	     "\"t\"}");
}

HF_TEST(a_response_is_agreed_with_both_signatures)
{
	under_review();
	DOES("user/c", C, "propose",
	     "{\"response\":\"demand-management\",\"impact\":\"fewer\"}");
	DOES("user/c", C, "sign", "");
	REFUSED("user/c", C, "agree", "");
	assert_int_equal(step("user/c2", C, "sign", ""), HF_EXISTS);
	DOES("user/p", P, "sign", "");
	DOES("user/p", P, "agree", "");
	assert_string_equal(hf_ct_case_state(&the_case), "agreed-response");
}

HF_TEST(nobody_signs_for_both_or_without_the_role)
{
	under_review();
	DOES("user/c", C, "propose",
	     "{\"response\":\"deferral\",\"impact\":\"fewer\"}");
	DOES("user/x", C, "sign", "");
	REFUSED("user/x", P, "sign", "");
	assert_string_equal(err.path, "sign");
	assert_int_equal(step("user/y", 7, "sign", ""), HF_FORBIDDEN);
}

HF_TEST(a_new_proposal_takes_the_signatures_away)
{
	under_review();
	DOES("user/c", C, "propose",
	     "{\"response\":\"demand-management\",\"impact\":\"fewer\"}");
	DOES("user/c", C, "sign", "");
	DOES("user/p", P, "sign", "");
	DOES("user/p", P, "propose", "{\"impact\":\"many fewer\"}");
	REFUSED("user/p", P, "agree", "");
	/* Nor can what was signed be changed on the side. */
	REFUSED("user/p", P, "dispute", "{\"impact\":\"none\"}");
}

HF_TEST(what_is_worked_out_is_not_given)
{
	under_review();
	assert_int_equal(step("user/p", P, "propose", "{\"signedCommissioner\":true}"),
			 HF_INVALID);
	assert_int_equal(step("user/p", P, "propose", "{\"nature\":\"weather\"}"),
			 HF_INVALID);
	assert_int_equal(step("user/p", P, "propose", "{\"scale\":\"much\"}"),
			 HF_INVALID);
	assert_int_equal(step("user/p", P, "propose", "{\"effective\":\"soon\"}"),
			 HF_INVALID);
	assert_int_equal(step("user/p", P, "fly", ""), HF_INVALID);
	assert_string_equal(hf_ct_case_state(&the_case), "under-review");
}

HF_TEST(CON_T13_money_moves_only_when_both_agree_to_it_within_the_year)
{
	hf_pence released;

	DOES("user/p", P, "open", "{\"title\":\"Falls service\"}");
	DOES("user/p", P, "propose",
	     "{\"from\":\"ne\",\"to\":\"community\",\"avoided\":600,\"evidence\":\"m\","
	     "\"marginal\":111000,\"releasable\":4000,\"blockChange\":30000000,"
	     "\"effective\":\"2020-10-01\"}");
	assert_true(hf_ct_case_released(&the_case, &released));
	assert_int_equal(released, 26640000);
	DOES("user/c", C, "sign", "");
	DOES("user/p", P, "sign", "");
	REFUSED("user/p", P, "agree", "");
	assert_string_equal(err.path, "INYEAR_NOT_AGREED");
	REFUSED("user/p", P, "transfer", "");
	DOES("user/p", P, "propose", "{\"jointApproval\":true}");
	DOES("user/c", C, "sign", "");
	DOES("user/p", P, "sign", "");
	DOES("user/p", P, "agree", "");
	DOES("user/p", P, "transfer", "");
	assert_string_equal(hf_ct_case_state(&the_case), "transferred");
}

HF_TEST(a_transfer_is_never_more_than_the_agreed_change_of_the_block)
{
	DOES("user/p", P, "open", "{\"title\":\"Falls service\"}");
	DOES("user/p", P, "propose",
	     "{\"from\":\"ne\",\"to\":\"community\",\"avoided\":600,\"evidence\":\"m\","
	     "\"marginal\":111000,\"releasable\":4000,\"blockChange\":26639999,"
	     "\"effective\":\"2021-04-01\"}");
	DOES("user/c", C, "sign", "");
	DOES("user/p", P, "sign", "");
	REFUSED("user/p", P, "agree", "");
}

HF_TEST(who_prepares_an_entry_does_not_approve_it)
{
	static const char entry[] =
	    "{\"title\":\"June\",\"kind\":\"spend\",\"line\":\"hub\",\"period\":202006,"
	    "\"pence\":100,\"document\":\"invoice 7\"}";

	DOES("user/p", P, "open", entry);
	REFUSED("user/p", P, "post", "");
	DOES("user/q", P, "post", "");
	assert_string_equal(hf_ct_case_state(&the_case), "posted");
}

HF_TEST(a_large_virement_and_a_correction_are_signed_by_both)
{
	DOES("user/p", P, "open",
	     "{\"title\":\"Move\",\"kind\":\"virement\",\"line\":\"hub\",\"toLine\":"
	     "\"beds\",\"period\":202006,\"pence\":5000001,\"document\":\"minute\"}");
	REFUSED("user/q", P, "post", "");
	DOES("user/q", P, "sign", "");
	DOES("user/c", C, "sign", "");
	DOES("user/q", P, "post", "");
}

HF_TEST(each_event_carries_the_hash_of_the_one_before)
{
	struct hf_ct_event first;

	DOES("user/p", P, "open", "{\"title\":\"x\"}");
	first = last;
	assert_true(hf_ct_event_holds(&first, "", &arena));
	DOES("user/p", P, "withdraw", "");
	assert_true(hf_ct_event_holds(&last, first.hash, &arena));
	assert_false(hf_ct_event_holds(&last, "", &arena));
	last.reason = HF_SV("another");
	assert_false(hf_ct_event_holds(&last, first.hash, &arena));
}

/* ---- challenges ---- */

static const char claim[] = "{\"title\":\"MRI counted twice\",\"line\":\"mri\","
			    "\"period\":202006,\"pence\":148370,\"grounds\":"
			    "\"duplicate\"}";

HF_TEST(a_challenge_is_raised_by_the_commissioner_with_line_month_sum_and_grounds)
{
	assert_int_equal(step("user/p", P, "open", claim), HF_FORBIDDEN);
	assert_string_equal(err.path, "party");
	assert_int_equal(step("user/c", C, "open", "{\"title\":\"x\"}"), HF_INVALID);
	assert_string_equal(err.path, "line");
	assert_int_equal(step("user/c", C, "open",
			      "{\"title\":\"x\",\"line\":\"mri\",\"period\":202013}"),
			 HF_INVALID);
	assert_string_equal(err.path, "period");
	assert_int_equal(step("user/c", C, "open",
			      "{\"title\":\"x\",\"line\":\"mri\",\"period\":202006,"
			      "\"pence\":0}"),
			 HF_INVALID);
	assert_string_equal(err.path, "pence");
	assert_int_equal(step("user/c", C, "open",
			      "{\"title\":\"x\",\"line\":\"mri\",\"period\":202006,"
			      "\"pence\":1}"),
			 HF_INVALID);
	assert_string_equal(err.path, "grounds");
	DOES("user/c", C, "open", claim);
}

HF_TEST(a_challenge_goes_from_answer_to_settlement)
{
	int64_t pence;

	DOES("user/c", C, "open", claim);
	REFUSED("user/c", C, "answer", "{\"answer\":\"accept\",\"why\":\"x\"}");
	assert_int_equal(step("user/p", P, "answer",
			      "{\"answer\":\"part\",\"why\":\"x\",\"offered\":148370}"),
			 HF_INVALID);
	assert_string_equal(err.path, "offered");
	DOES("user/p", P, "answer",
	     "{\"answer\":\"part\",\"why\":\"seven of ten\",\"offered\":103859}");
	/* The claim stands, and nobody answers in the other's place. */
	REFUSED("user/p", P, "accept", "");
	REFUSED("user/c", C, "accept", "{\"pence\":1}");
	assert_string_equal(err.path, "pence");
	REFUSED("user/c", C, "accept", "{\"offered\":148369}");
	REFUSED("user/c", C, "accept", "{\"answer\":\"accept\"}");
	DOES("user/c", C, "accept", "");
	assert_string_equal(hf_ct_case_state(&the_case), "part-agreed");
	assert_true(hf_ct_case_int(&the_case, "settles", &pence));
	assert_int_equal(pence, 103859);
	REFUSED("user/c", C, "settle", "");
	DOES("user/c", C, "sign", "");
	REFUSED("user/c", P, "sign", "");
	assert_int_equal(step("user/c2", C, "sign", ""), HF_EXISTS);
	REFUSED("user/p", P, "settle", "");
	DOES("user/p", P, "sign", "");
	DOES("user/p", P, "settle", "");
	assert_string_equal(hf_ct_case_state(&the_case), "settled");
}

/* Every event in every state that has no step for it, by each party. */
HF_TEST(a_challenge_takes_no_step_that_its_state_has_not)
{
	static const struct {
		int party;
		const char *event, *facts, *state, *moves; /* that state has */
	} way[] = {
	    {C, "open", claim, "raised", "answer dispute withdraw"},
	    {P, "answer", "{\"answer\":\"reject\",\"why\":\"no\"}", "answered",
	     "accept dispute withdraw"},
	    {C, "dispute", "", "disputed", "answer escalate withdraw"},
	    {P, "escalate", "{\"group\":\"Board\"}", "escalated", "decide withdraw"},
	    {C, "decide", "{\"decision\":\"uphold\",\"minute\":\"7\"}", "agreed",
	     "sign settle"},
	    {C, "sign", "", "agreed", "sign settle"},
	    {P, "sign", "", "agreed", "sign settle"},
	    {C, "settle", "", "settled", ""},
	};

	for (size_t i = 0; i < HF_COUNT(way); i++) {
		const struct hf_pathway *p = the_case.pathway;

		DOES(way[i].party ? "user/p" : "user/c", way[i].party, way[i].event,
		     way[i].facts);
		assert_string_equal(hf_ct_case_state(&the_case), way[i].state);
		for (size_t k = 0; k < p->n_events; k++)
			for (int party = C; party <= P; party++) {
				struct hf_ct_case before = the_case;
				enum hf_rc rc;

				if (hf_sv_among(hf_sv_from(p->events[k]), way[i].moves))
					continue;
				rc = step("user/x", party, p->events[k], "");
				assert_true(rc == HF_RULE || rc == HF_EXISTS);
				assert_memory_equal(&before, &the_case, sizeof before);
			}
	}
}

HF_TEST(what_can_be_said_with_a_step_is_told)
{
	struct hf_ct_event e = {.event = HF_SV("answer"), .party = P};
	hf_pw_set needs, says;
	int why = -1;

	DOES("user/c", C, "open", claim);
	assert_true(hf_ct_case_asks(&the_case, &e, &needs, &says));
	why = hf_pw_fact(the_case.pathway, HF_SV("why"));
	assert_true(needs >> why & 1);
	assert_int_equal(needs & ~says, 0);
	assert_false(says >> hf_pw_fact(the_case.pathway, HF_SV("pence")) & 1);
	assert_false(says >> hf_pw_fact(the_case.pathway, HF_SV("settles")) & 1);
	e.party = C;
	assert_false(hf_ct_case_asks(&the_case, &e, &needs, &says));
}

/* ---- changes, and what a response is expected to do ---- */

HF_TEST(each_party_gives_its_own_view)
{
	DOES("user/p", P, "open", "{\"title\":\"Same-day care\"}");
	DOES("user/p", P, "propose",
	     "{\"kind\":\"counting-change\",\"effective\":\"2020-06-01\","
	     "\"component\":\"ne\",\"pence\":-2000000}");
	REFUSED("user/p", P, "view", "{\"viewCommissioner\":\"agrees\"}");
	assert_string_equal(err.path, "viewCommissioner");
	DOES("user/p", P, "view", "{\"viewProvider\":\"agrees\"}");
	REFUSED("user/p", P, "agree", "");
	DOES("user/c", C, "view",
	     "{\"viewCommissioner\":\"differs\",\"saysCommissioner\":\"half\"}");
	REFUSED("user/c", C, "agree", "");
	DOES("user/c", C, "view", "{\"viewCommissioner\":\"agrees\"}");
	DOES("user/c", C, "agree", "");
	assert_string_equal(hf_ct_case_state(&the_case), "agreed");
}

HF_TEST(a_response_says_month_by_month_what_is_expected_of_it)
{
	struct hf_ct_expected e;

	assert_true(hf_ct_expected(HF_SV("202007:-2500000  202012:5"), &e));
	assert_int_equal(e.n, 2);
	assert_int_equal(e.pence[0], -2500000);
	assert_false(hf_ct_expected(HF_SV("202007"), &e));
	assert_false(hf_ct_expected(HF_SV("202013:1"), &e));
	assert_false(hf_ct_expected(HF_SV("202008:1 202007:1"), &e));
	assert_false(hf_ct_expected(HF_SV(" "), &e));
	under_review();
	DOES("user/c", C, "propose",
	     "{\"response\":\"demand-management\",\"impact\":\"fewer\"}");
	DOES("user/c", C, "sign", "");
	DOES("user/p", P, "sign", "");
	DOES("user/p", P, "agree", ""); /* as those did that are kept from before */
	assert_int_equal(hf_ct_case_new(&the_case, &last, &err), HF_RULE);
	assert_string_equal(err.path, "expected");
}

HF_TEST_MAIN(
    "contract/case",
    cmocka_unit_test_setup(a_response_is_agreed_with_both_signatures, review),
    cmocka_unit_test_setup(nobody_signs_for_both_or_without_the_role, review),
    cmocka_unit_test_setup(a_new_proposal_takes_the_signatures_away, review),
    cmocka_unit_test_setup(what_is_worked_out_is_not_given, review),
    cmocka_unit_test_setup(
	CON_T13_money_moves_only_when_both_agree_to_it_within_the_year, transfer),
    cmocka_unit_test_setup(a_transfer_is_never_more_than_the_agreed_change_of_the_block,
			   transfer),
    cmocka_unit_test_setup(who_prepares_an_entry_does_not_approve_it, posting),
    cmocka_unit_test_setup(a_large_virement_and_a_correction_are_signed_by_both,
			   posting),
    cmocka_unit_test_setup(each_event_carries_the_hash_of_the_one_before, review),
    cmocka_unit_test_setup(
	a_challenge_is_raised_by_the_commissioner_with_line_month_sum_and_grounds,
	challenge),
    cmocka_unit_test_setup(a_challenge_goes_from_answer_to_settlement, challenge),
    cmocka_unit_test_setup(a_challenge_takes_no_step_that_its_state_has_not, challenge),
    cmocka_unit_test_setup(what_can_be_said_with_a_step_is_told, challenge),
    cmocka_unit_test_setup(each_party_gives_its_own_view, change),
    cmocka_unit_test_setup(a_response_says_month_by_month_what_is_expected_of_it,
			   review))

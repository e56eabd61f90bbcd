/* What holds of every decision, over questions drawn at random, and what one costs. */
#include "ask.h"
#include "base/rng.h"
#include "test/hf_test.h"

enum { DRAWS = 200000 };

/* Facts that speak for the user: without one of them nobody sees more. */
static const enum hf_fact for_the_user[] = {
    HF_FACT_VALID,	HF_FACT_MFA,	  HF_FACT_CLIENT_STRONG, HF_FACT_ROLE_ACTIVE,
    HF_FACT_ORG_ACTIVE, HF_FACT_IN_SCOPE, HF_FACT_SUPERVISED,	 HF_FACT_TRAINED,
    HF_FACT_CASE_REF,	HF_FACT_APPROVAL, HF_FACT_CHALLENGE,	 HF_FACT_THREE_TERMS,
    HF_FACT_OWN_TEAM,	HF_FACT_SHARED,	  HF_FACT_LISTED,	 HF_FACT_PROXY_GRANT,
};
/* Facts that speak for the person: with one of them nobody sees more. */
static const enum hf_fact for_the_person[] = {
    HF_FACT_OBJECTION, HF_FACT_NDO,	     HF_FACT_TYPE1,	HF_FACT_WITHHELD,
    HF_FACT_SCOPED,    HF_FACT_CHILD_REVIEW, HF_FACT_OWN_RIGHT,
};

static struct hf_access_ask
draw(struct hf_rng *rng)
{
	struct hf_access_ask ask = ask_for(
	    (enum hf_group)hf_rng_below(rng, HF_GROUPS), HF_REL_NONE,
	    (enum hf_level)hf_rng_below(rng, HF_LEVELS),
	    hf_rng_below(rng, 2) ? HF_PURPOSE_DIRECT
				 : (enum hf_purpose)hf_rng_below(rng, HF_PURPOSES));

	ask.activity = hf_rng_below(rng, 3)
			   ? HF_ACT_READ
			   : (enum hf_activity)hf_rng_below(rng, HF_ACTIVITIES);
	ask.content = (enum hf_content)hf_rng_below(rng, HF_CONTENTS);
	ask.relations = hf_rng_u64(rng) & hf_rng_u64(rng) & (HF_BIT(HF_RELATIONS) - 2);
	ask.tier = (enum hf_tier)hf_rng_below(rng, HF_TIERS);
	/* Most sessions are good, else nothing would be tried behind R1. */
	if (hf_rng_below(rng, 4))
		ask.facts |= hf_rng_u64(rng);
	else
		ask.facts = hf_rng_u64(rng);
	if (hf_rng_below(rng, 2))
		ask.item_org = HF_SV("RZ1");
	if (hf_rng_below(rng, 2))
		ask.ndo_list_at = ask.now - (hf_time)hf_rng_below(rng, 40) * 86400000;
	if (hf_rng_below(rng, 4) == 0)
		ask.glass =
		    (struct hf_glass){(enum hf_reason)hf_rng_below(rng, HF_REASONS),
				      ask.now - (hf_time)hf_rng_below(rng, 90) * 60000};
	return ask;
}

static void
expect_no_wider(const struct hf_access_ask *from, const struct hf_access_ask *to,
		const char *law)
{
	struct hf_access_answer a = decide(from, true), b = decide(to, true);

	if (b.outcome < a.outcome)
		fail_msg("%s: %s level %s content %s purpose %s activity %s tier %s "
			 "relations %llx facts %llx: %s by %s -> %s by %s",
			 law, hf_word(HF_WORDS_GROUP, (int)from->group),
			 hf_word(HF_WORDS_LEVEL, (int)from->level),
			 hf_word(HF_WORDS_CONTENT, (int)from->content),
			 hf_word(HF_WORDS_PURPOSE, (int)from->purpose),
			 hf_word(HF_WORDS_ACTIVITY, (int)from->activity),
			 hf_word(HF_WORDS_TIER, (int)from->tier),
			 (unsigned long long)from->relations,
			 (unsigned long long)from->facts,
			 hf_word(HF_WORDS_ACCESS, (int)a.outcome), a.rule,
			 hf_word(HF_WORDS_ACCESS, (int)b.outcome), b.rule);
}

HF_TEST(more_sensitive_is_never_shown_wider)
{
	static const enum hf_level chains[][2] = {{HF_LEVEL_S0, HF_LEVEL_S1},
						  {HF_LEVEL_S1, HF_LEVEL_S2},
						  {HF_LEVEL_S2, HF_LEVEL_S3},
						  {HF_LEVEL_S1, HF_LEVEL_P}};
	struct hf_rng rng;

	hf_rng_seed(&rng, 1, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask a = draw(&rng), b;
		size_t k = hf_rng_below(&rng, HF_COUNT(chains));

		a.level = chains[k][0];
		b = a;
		b.level = chains[k][1];
		expect_no_wider(&a, &b, "sensitivity");
	}
}

HF_TEST(removing_a_relationship_never_widens)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 2, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask a = draw(&rng), b = a;

		b.relations &= ~HF_BIT(1 + hf_rng_below(&rng, HF_RELATIONS - 1));
		expect_no_wider(&a, &b, "relationship");
	}
}

HF_TEST(a_lesser_agreement_never_widens)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 3, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask a = draw(&rng), b;

		a.item_org = HF_SV("RZ1");
		if (a.tier <= HF_TIER_T0)
			a.tier = HF_TIER_T4;
		b = a;
		b.tier = (enum hf_tier)hf_rng_below(&rng, (uint32_t)a.tier);
		expect_no_wider(&a, &b, "agreement");
		b = a;
		a.item_org = a.org; /* one's own item needs no agreement */
		expect_no_wider(&a, &b, "another organisation");
	}
}

/* What a clinician with a relationship and a share in the item gets of another
 * organisation, told a second time from the words of section 6.2. */
static enum hf_access
by_agreement(enum hf_tier tier, enum hf_content content, enum hf_level level)
{
	static const enum hf_content summary[] = {
	    HF_CONTENT_DEMOGRAPHIC, HF_CONTENT_CONTACT,	 HF_CONTENT_PLAN,
	    HF_CONTENT_ALERT,	    HF_CONTENT_MEDICINE, HF_CONTENT_PROBLEM};
	bool in_summary = false;

	for (size_t i = 0; i < HF_COUNT(summary); i++)
		in_summary = in_summary || content == summary[i];
	if (tier <= HF_TIER_T0 || level == HF_LEVEL_S3 || level == HF_LEVEL_P)
		return HF_DENY;
	if (level == HF_LEVEL_S2 && tier != HF_TIER_T4)
		return HF_MASK;
	if (tier == HF_TIER_T1)
		return content == HF_CONTENT_DEMOGRAPHIC ? HF_ALLOW : HF_MASK;
	return tier == HF_TIER_T2 && !in_summary ? HF_MASK : HF_ALLOW;
}

HF_TEST(each_agreement_shares_what_its_tier_says)
{
	for (int tier = 0; tier < HF_TIERS; tier++)
		for (int c = HF_CONTENT_DEMOGRAPHIC; c <= HF_CONTENT_CLINICAL; c++)
			for (int level = HF_LEVEL_S0; level < HF_LEVELS; level++) {
				struct hf_access_ask ask =
				    ask_for(HF_GROUP_CLIN, HF_REL_REFER,
					    (enum hf_level)level, HF_PURPOSE_DIRECT);

				ask.item_org = HF_SV("RZ1");
				ask.tier = (enum hf_tier)tier;
				ask.content = (enum hf_content)c;
				ask.facts |=
				    HF_BIT(HF_FACT_SHARED) | HF_BIT(HF_FACT_LISTED);
				if (decide(&ask, true).outcome !=
				    by_agreement(ask.tier, ask.content, ask.level))
					fail_msg("T%d %s %s", tier - 1,
						 hf_word(HF_WORDS_CONTENT, c),
						 hf_word(HF_WORDS_LEVEL, level));
			}
}

HF_TEST(facts_for_the_user_never_narrow_and_facts_for_the_person_never_widen)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 4, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask a = draw(&rng), b = a;
		enum hf_fact f =
		    for_the_user[hf_rng_below(&rng, HF_COUNT(for_the_user))];

		a.facts |= HF_BIT(f);
		b.facts &= ~HF_BIT(f);
		expect_no_wider(&a, &b, hf_word_text(HF_WORDS_FACT, (int)f));
		f = for_the_person[hf_rng_below(&rng, HF_COUNT(for_the_person))];
		a = b;
		a.facts &= ~HF_BIT(f);
		b.facts |= HF_BIT(f);
		expect_no_wider(&a, &b, hf_word_text(HF_WORDS_FACT, (int)f));
	}
}

HF_TEST(a_whole_glass_is_never_wider_than_a_broken_one)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 5, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask a = draw(&rng), b = a;

		b.glass = (struct hf_glass){0};
		expect_no_wider(&a, &b, "glass");
	}
}

HF_TEST(what_is_not_said_is_denied_and_every_answer_has_a_rule_and_a_version)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 6, 1);
	for (int i = 0; i < DRAWS; i++) {
		struct hf_access_ask ask = draw(&rng);
		struct hf_access_answer a = decide(&ask, true);

		assert_true(a.rule && a.rule[0] && a.text && a.text[0] && a.right_rule);
		assert_true(a.outcome == HF_DENY || ask.group != HF_GROUP_NONE);
		assert_true(a.outcome == HF_DENY || ask.level != HF_LEVEL_NONE);
		assert_true(a.outcome == HF_DENY || ask.content != HF_CONTENT_NONE);
		assert_true(a.outcome == HF_DENY || ask.activity != HF_ACT_NONE);
		assert_true(a.outcome >= a.right || a.until != 0);
		assert_true(a.glass == (a.reasons != 0));
		assert_true(!a.glass || a.outcome == HF_MASK || a.outcome == HF_BTG);
		/* Without a purpose nobody looks at the rules. */
		if (ask.purpose == HF_PURPOSE_NONE)
			assert_string_equal(a.rule, "R1-purpose");
		else
			assert_ptr_equal(a.version, the_policy()->version);
	}
}

HF_TEST(the_facts_that_are_worked_out_cannot_be_handed_in)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_ADMIN, HF_REL_APPT, HF_LEVEL_S0, HF_PURPOSE_DIRECT);

	ask.activity = HF_ACT_EXPORT;
	ask.facts = UINT64_MAX & ~HF_BIT(HF_FACT_OBJECTION);
	assert_string_equal(decide(&ask, true).rule, "R2");
	assert_string_equal(decide(&ask, false).rule, "R1-audit");
}

HF_TEST_MAIN("access/decide_laws",
	     cmocka_unit_test(more_sensitive_is_never_shown_wider),
	     cmocka_unit_test(removing_a_relationship_never_widens),
	     cmocka_unit_test(a_lesser_agreement_never_widens),
	     cmocka_unit_test(each_agreement_shares_what_its_tier_says),
	     cmocka_unit_test(
		 facts_for_the_user_never_narrow_and_facts_for_the_person_never_widen),
	     cmocka_unit_test(a_whole_glass_is_never_wider_than_a_broken_one),
	     cmocka_unit_test(
		 what_is_not_said_is_denied_and_every_answer_has_a_rule_and_a_version),
	     cmocka_unit_test(the_facts_that_are_worked_out_cannot_be_handed_in))

/* The rows of GOV-T01 (contract and governance, section 6.2), and what the section
 * says besides. */
#include "ask.h"
#include "test/hf_test.h"

#define F(name) HF_BIT(HF_FACT_##name)

static const struct row {
	int row;
	enum hf_group group;
	enum hf_relation_kind relation;
	enum hf_level level;
	enum hf_purpose purpose;
	uint64_t facts; /* besides a good session */
	uint64_t lacks; /* of a good session */
	enum hf_content content;
	enum hf_tier tier; /* said: the item is of another organisation */
	enum hf_access outcome;
	const char *rule;
	bool glass, no_audit;
} rows[] = {
    {.row = 1,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_ALLOW,
     .rule = "R11"},
    {.row = 2,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S2,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_MASK,
     .rule = "R12-other",
     .glass = true},
    {.row = 3,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S2,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(OWN_TEAM),
     .outcome = HF_ALLOW,
     .rule = "R12"},
    {.row = 4,
     .group = HF_GROUP_CLIN,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_BTG,
     .rule = "R18",
     .glass = true},
    {.row = 6,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S3,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_DENY,
     .rule = "R4"},
    {.row = 7,
     .group = HF_GROUP_COORD,
     .relation = HF_REL_HUBCALL,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_MASK,
     .rule = "R14-other"},
    {.row = 8,
     .group = HF_GROUP_COORD,
     .relation = HF_REL_HUBCALL,
     .level = HF_LEVEL_S0,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_ALLOW,
     .rule = "R14"},
    {.row = 9,
     .group = HF_GROUP_COORD,
     .level = HF_LEVEL_S0,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_DENY,
     .rule = "R19"},
    {.row = 10,
     .group = HF_GROUP_ADMIN,
     .relation = HF_REL_APPT,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_DENY,
     .rule = "R16-clinical"},
    {.row = 11,
     .group = HF_GROUP_SOC,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_ALLOW,
     .rule = "R13"},
    {.row = 12,
     .group = HF_GROUP_SOC,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_BTG,
     .rule = "R18",
     .glass = true},
    {.row = 13,
     .group = HF_GROUP_CARE,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_DENY,
     .rule = "R15-other"},
    {.row = 15,
     .group = HF_GROUP_ANALYST,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .outcome = HF_DENY,
     .rule = "default"},
    {.row = 16,
     .group = HF_GROUP_FIN,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_FINANCE,
     .content = HF_CONTENT_ACTIVITY,
     .outcome = HF_PSEUDO,
     .rule = "R8"},
    {.row = 17,
     .group = HF_GROUP_PRIV,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_AUDIT,
     .content = HF_CONTENT_LOG,
     .outcome = HF_ALLOW,
     .rule = "R6"},
    {.row = 18,
     .group = HF_GROUP_PRIV,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_AUDIT,
     .outcome = HF_DENY,
     .rule = "R19"},
    {.row = 19,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(OBJECTION),
     .tier = HF_TIER_T4,
     .outcome = HF_BTG,
     .rule = "R9",
     .glass = true},
    {.row = 20,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(OBJECTION),
     .outcome = HF_ALLOW,
     .rule = "R11"},
    {.row = 21,
     .group = HF_GROUP_PAT,
     .relation = HF_REL_SELF,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_OWN,
     .outcome = HF_ALLOW,
     .rule = "R5"},
    {.row = 22,
     .group = HF_GROUP_PAT,
     .relation = HF_REL_PROXY,
     .level = HF_LEVEL_S2,
     .purpose = HF_PURPOSE_OWN,
     .outcome = HF_DENY,
     .rule = "R19"},
    {.row = 23,
     .group = HF_GROUP_STUD,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(SUPERVISED),
     .outcome = HF_ALLOW,
     .rule = "R17"},
    {.row = 24,
     .group = HF_GROUP_STUD,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S2,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(SUPERVISED),
     .outcome = HF_DENY,
     .rule = "R17-other"},
    {.row = 26,
     .group = HF_GROUP_CLIN,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_RESEARCH,
     .outcome = HF_DENY,
     .rule = "R19"},
    {.row = 29,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .lacks = F(MFA),
     .outcome = HF_DENY,
     .rule = "R1-mfa"},
    {.row = 30,
     .group = HF_GROUP_ANALYST,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_CASEFIND,
     .outcome = HF_PSEUDO,
     .rule = "R7"},
    {.row = 33,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_TRAIN,
     .outcome = HF_DENY,
     .rule = "R20"},
    {.row = 34,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_GPREG,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_RESEARCH,
     .outcome = HF_DENY,
     .rule = "default"},
    {.row = 35,
     .group = HF_GROUP_COORD,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .facts = F(OBJECTION),
     .tier = HF_TIER_T4,
     .outcome = HF_DENY,
     .rule = "R9-others"},
    {.row = 36,
     .group = HF_GROUP_PAT,
     .relation = HF_REL_SELF,
     .level = HF_LEVEL_S3,
     .purpose = HF_PURPOSE_OWN,
     .outcome = HF_ALLOW,
     .rule = "R5"},
    {.row = 37,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .tier = HF_TIER_T1,
     .outcome = HF_MASK,
     .rule = "T1"},
    {.row = 38,
     .group = HF_GROUP_CLIN,
     .relation = HF_REL_CASE,
     .level = HF_LEVEL_S1,
     .purpose = HF_PURPOSE_DIRECT,
     .no_audit = true,
     .outcome = HF_DENY,
     .rule = "R1-audit"},
};

HF_TEST(gov_t01_rows_that_one_question_answers)
{
	for (size_t i = 0; i < HF_COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct hf_access_ask ask =
		    ask_for(r->group, r->relation, r->level, r->purpose);
		struct hf_access_answer a;

		ask.facts = (ask.facts | r->facts) & ~r->lacks;
		if (r->content)
			ask.content = r->content;
		if (r->tier) {
			ask.tier = r->tier;
			ask.item_org = HF_SV("RZ1");
		}
		a = decide(&ask, !r->no_audit);
		if (a.outcome != r->outcome || strcmp(a.rule, r->rule) != 0 ||
		    a.glass != r->glass)
			fail_msg("GOV-T01 row %d: %s by %s, glass %d", r->row,
				 hf_word(HF_WORDS_ACCESS, (int)a.outcome), a.rule,
				 a.glass);
		assert_true(a.text && a.text[0]);
	}
}

HF_TEST(gov_t01_row_5_a_broken_glass_opens_for_60_minutes_and_tells_the_officer)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_NONE, HF_LEVEL_S1, HF_PURPOSE_DIRECT);
	struct hf_access_answer a;

	ask.glass = (struct hf_glass){HF_REASON_EMERGENCY, ask.now};
	ask.now += 60 * 60000 - 1;
	a = decide(&ask, true);
	assert_int_equal(a.outcome, HF_ALLOW);
	assert_string_equal(a.rule, "R18");
	assert_int_equal(a.until, ask.glass.at + 60 * 60000);
	assert_true(a.notes & HF_BIT(HF_NOTE_ALERT));
	assert_int_equal(a.right, HF_BTG);

	ask.now += 1;
	assert_int_equal(decide(&ask, true).outcome, HF_BTG);
	ask.now = ask.glass.at - 1;
	assert_int_equal(decide(&ask, true).outcome, HF_BTG);
}

HF_TEST(a_broken_glass_opens_to_reading_only_and_nothing_restricted_by_law)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_NONE, HF_LEVEL_S2, HF_PURPOSE_DIRECT);

	ask.glass = (struct hf_glass){HF_REASON_VITAL_INTEREST, ask.now};
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.activity = HF_ACT_CHANGE;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.activity = HF_ACT_READ;
	ask.level = HF_LEVEL_S3;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.level = HF_LEVEL_P;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.group = HF_GROUP_COORD;
	ask.level = HF_LEVEL_S1;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
}

HF_TEST(gov_t01_row_14_a_person_with_an_opt_out_is_removed_from_a_planning_list)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_ANALYST, HF_REL_CASE, HF_LEVEL_S1, HF_PURPOSE_PLAN);
	struct hf_access_answer a;

	ask.facts |= F(S251);
	ask.ndo_list_at = ask.now - 86400000;
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);

	ask.facts |= F(NDO);
	a = decide(&ask, true);
	assert_int_equal(a.right, HF_PSEUDO);
	assert_string_equal(a.right_rule, "R7");
	assert_true(a.notes & HF_BIT(HF_NOTE_REMOVED));
	assert_int_equal(a.outcome, HF_DENY);
	assert_string_equal(a.rule, "NDO");
}

HF_TEST(the_national_opt_out_does_not_touch_what_it_does_not_cover)
{
	static const uint64_t outside[] = {F(EXPLICIT_CONSENT), F(ANONYMISED),
					   F(LEGAL_DUTY), F(PUBLIC_INTEREST),
					   F(EXEMPT)};
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_CASE, HF_LEVEL_S1, HF_PURPOSE_DIRECT);

	ask.facts |= F(NDO) | F(TYPE1) | F(GP_ITEM) | F(S251);
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.group = HF_GROUP_ANALYST;
	ask.purpose = HF_PURPOSE_CASEFIND;
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);
	ask.purpose = HF_PURPOSE_PLAN;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	for (size_t i = 0; i < HF_COUNT(outside); i++) {
		struct hf_access_ask free = ask;

		free.facts |= outside[i];
		assert_int_equal(decide(&free, true).outcome, HF_PSEUDO);
	}
	ask.facts &= ~F(S251);
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);
}

HF_TEST(an_opt_out_list_older_than_21_days_blocks_what_the_opt_out_covers)
{
	const hf_time day = 86400000;
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_ANALYST, HF_REL_NONE, HF_LEVEL_S1, HF_PURPOSE_PLAN);

	ask.facts |= F(S251);
	ask.activity = HF_ACT_EXPORT;
	ask.ndo_list_at = ask.now - 21 * day;
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);
	ask.ndo_list_at -= 1;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	assert_string_equal(decide(&ask, true).rule, "NDO-list");
	ask.ndo_list_at = 0;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.ndo_list_at = ask.now + 1;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);

	ask.purpose = HF_PURPOSE_RESEARCH;
	ask.facts |= F(APPROVAL);
	assert_string_equal(decide(&ask, true).rule, "NDO-list");
	ask.group = HF_GROUP_CLIN;
	ask.purpose = HF_PURPOSE_DIRECT;
	ask.activity = HF_ACT_READ;
	ask.relations = HF_BIT(HF_REL_CASE);
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
}

HF_TEST(a_type_1_opt_out_keeps_practice_data_in_the_practice_but_not_from_care)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_ANALYST, HF_REL_NONE, HF_LEVEL_S1, HF_PURPOSE_PLAN);
	struct hf_access_answer a;

	ask.item_org = HF_SV("Z99001");
	ask.tier = HF_TIER_T3;
	ask.facts |= F(TYPE1) | F(GP_ITEM);
	a = decide(&ask, true);
	assert_string_equal(a.rule, "TYPE1");
	assert_true(a.notes & HF_BIT(HF_NOTE_REMOVED));
	ask.facts &= ~F(GP_ITEM); /* a hospital's item */
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);
	ask.facts |= F(GP_ITEM);
	ask.item_org = ask.org; /* inside the practice */
	assert_int_equal(decide(&ask, true).outcome, HF_PSEUDO);
	ask.item_org = HF_SV("Z99001");
	ask.group = HF_GROUP_CLIN;
	ask.purpose = HF_PURPOSE_DIRECT;
	ask.relations = HF_BIT(HF_REL_REFER);
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
}

HF_TEST(gov_t01_row_25_operators_never_see_anything_of_a_person)
{
	for (int c = 0; c < HF_CONTENTS; c++)
		for (int p = 0; p < HF_PURPOSES; p++)
			for (int l = 0; l < HF_LEVELS; l++) {
				struct hf_access_ask ask =
				    ask_for(HF_GROUP_SYS, HF_REL_CASE, (enum hf_level)l,
					    (enum hf_purpose)p);

				ask.content = (enum hf_content)c;
				ask.activity = HF_ACT_OPERATE;
				if (c != HF_CONTENT_OPERATION)
					assert_int_equal(decide(&ask, true).outcome,
							 HF_DENY);
			}
}

HF_TEST(gov_t01_row_30_who_a_case_finding_list_means_is_told_to_relationship_holders)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_ANALYST, HF_REL_CASE, HF_LEVEL_S0, HF_PURPOSE_CASEFIND);

	ask.activity = HF_ACT_REIDENTIFY;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.group = HF_GROUP_CLIN;
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.relations = 0;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
}

/* ---- rows about time ---- */

static const hf_time day = 86400000, now = 1783000000000;

static enum hf_access
with_relation(enum hf_relation_kind kind, hf_time start, hf_time end)
{
	const struct hf_relation r = {
	    .kind = kind, .start = start, .end = end, .org = HF_SV("Z99000")};
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_NONE, HF_LEVEL_S1, HF_PURPOSE_DIRECT);

	ask.relations =
	    hf_relations_of(the_policy(), &r, 1, ask.org, (struct hf_sv){0}, now);
	return decide(&ask, true).outcome;
}

HF_TEST(gov_t01_rows_27_and_28_a_caseload_counts_for_28_days_after_it_closed)
{
	assert_int_equal(with_relation(HF_REL_CASE, now - 400 * day, now - 40 * day),
			 HF_BTG);
	assert_int_equal(with_relation(HF_REL_CASE, now - 400 * day, now - 20 * day),
			 HF_ALLOW);
	assert_int_equal(with_relation(HF_REL_CASE, now - 400 * day, now - 28 * day),
			 HF_BTG);
	assert_int_equal(
	    with_relation(HF_REL_CASE, now - 400 * day, now - 28 * day + 1), HF_ALLOW);
	assert_int_equal(with_relation(HF_REL_CASE, now + 1, HF_TIME_MAX), HF_BTG);
}

HF_TEST(gov_t01_row_31_a_meeting_counts_seven_days_either_side)
{
	hf_time past = now - 9 * day, near = now - 6 * day, soon = now + 6 * day;

	assert_int_equal(with_relation(HF_REL_MDT, past, past), HF_BTG);
	assert_int_equal(with_relation(HF_REL_MDT, near, near), HF_ALLOW);
	assert_int_equal(with_relation(HF_REL_MDT, soon, soon), HF_ALLOW);
}

HF_TEST(gov_t01_row_32_registration_ends_on_the_day_the_patient_leaves)
{
	assert_int_equal(with_relation(HF_REL_GPREG, HF_TIME_MIN, now - 7 * day),
			 HF_BTG);
	assert_int_equal(with_relation(HF_REL_GPREG, HF_TIME_MIN, HF_TIME_MAX),
			 HF_ALLOW);
}

HF_TEST(an_appointment_counts_from_14_days_before_to_90_days_after)
{
	assert_int_equal(with_relation(HF_REL_APPT, now + 14 * day, now + 14 * day),
			 HF_ALLOW);
	assert_int_equal(with_relation(HF_REL_APPT, now + 15 * day, now + 15 * day),
			 HF_BTG);
	assert_int_equal(with_relation(HF_REL_APPT, now - 89 * day, now - 89 * day),
			 HF_ALLOW);
	assert_int_equal(with_relation(HF_REL_APPT, now - 90 * day, now - 90 * day),
			 HF_BTG);
}

HF_TEST(a_relationship_counts_for_its_organisation_and_else_for_its_practitioner)
{
	const struct hf_relation list[] = {
	    {.kind = HF_REL_CASE, .end = HF_TIME_MAX, .org = HF_SV("RZ2")},
	    {.kind = HF_REL_MDT, .end = HF_TIME_MAX, .who = HF_SV("Practitioner/p1")},
	};
	const struct hf_sv nobody = {0}, p1 = HF_SV("Practitioner/p1");
	const struct hf_policy *policy = the_policy();

	assert_int_equal(hf_relations_of(policy, list, 2, HF_SV("rz2"), nobody, now),
			 HF_BIT(HF_REL_CASE));
	assert_int_equal(hf_relations_of(policy, list, 2, HF_SV("RZ1"), p1, now),
			 HF_BIT(HF_REL_MDT));
	assert_int_equal(hf_relations_of(policy, list, 2, HF_SV("RZ1"), nobody, now),
			 0);
	assert_int_equal(hf_relations_of(policy, list, 2, nobody, nobody, now), 0);
}

/* ---- systems (decision 17) ---- */

HF_TEST(a_system_sees_scope_and_relationships_and_tier_together)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_INT, HF_REL_CASE, HF_LEVEL_S1, HF_PURPOSE_DIRECT);
	struct hf_access_ask less;

	assert_string_equal(decide(&ask, true).rule, "R11-system");
	less = ask;
	less.facts &= ~F(IN_SCOPE);
	assert_int_equal(decide(&less, true).outcome, HF_DENY);
	less = ask;
	less.facts &= ~(F(IN_SCOPE) | F(SCOPED)); /* a token without scopes */
	assert_string_equal(decide(&less, true).rule, "R2-system");
	less = ask;
	less.relations = 0;
	assert_int_equal(decide(&less, true).outcome, HF_DENY);
	less = ask;
	less.item_org = HF_SV("RZ1");
	assert_string_equal(decide(&less, true).rule, "T0");
	less.tier = HF_TIER_T1;
	assert_int_equal(decide(&less, true).outcome, HF_MASK);
	less.tier = HF_TIER_T2;
	assert_int_equal(decide(&less, true).outcome, HF_ALLOW);
	less = ask;
	less.facts &= ~F(CLIENT_STRONG);
	assert_string_equal(decide(&less, true).rule, "R1-client");
	less = ask;
	less.facts |= F(OBJECTION);
	less.item_org = HF_SV("RZ1");
	less.tier = HF_TIER_T4;
	assert_string_equal(decide(&less, true).rule, "R9-others");
}

HF_TEST(a_person_is_no_system_and_the_purpose_is_the_session_s)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_GPREG, HF_LEVEL_S1, HF_PURPOSE_DIRECT);
	struct hf_actor actor = {
	    .kind = HF_ACTOR_SYSTEM, .id = HF_SV("c1"), .purpose = HF_SV("DIRECT")};
	struct hf_access_facts facts = {.actor = &actor,
					.need = HF_NEED_CLINICAL,
					.audit_works = true,
					.policy = the_policy(),
					.ask = &ask};

	assert_string_equal(hf_access_decide(&facts).rule, "R0-kind");
	actor.kind = HF_ACTOR_PERSON;
	assert_int_equal(hf_access_decide(&facts).outcome, HF_ALLOW);
	actor.purpose = HF_SV("TRAIN");
	assert_string_equal(hf_access_decide(&facts).rule, "R0-purpose");
}

HF_TEST(tracing_takes_three_terms_and_does_not_open_the_record)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_COORD, HF_REL_NONE, HF_LEVEL_S0, HF_PURPOSE_DIRECT);

	ask.activity = HF_ACT_TRACE;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.facts |= F(THREE_TERMS);
	assert_string_equal(decide(&ask, true).rule, "R18-trace");
	ask.content = HF_CONTENT_PROBLEM;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
}

HF_TEST(what_is_masked_or_behind_glass_is_not_changed)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_CASE, HF_LEVEL_S2, HF_PURPOSE_DIRECT);
	struct hf_access_answer a;

	ask.activity = HF_ACT_CHANGE;
	a = decide(&ask, true);
	assert_int_equal(a.outcome, HF_DENY);
	assert_false(a.glass);
	ask.facts |= F(OWN_TEAM);
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
}

HF_TEST(an_objection_leaves_glass_for_vital_interest_and_the_law_only)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CLIN, HF_REL_CASE, HF_LEVEL_S1, HF_PURPOSE_DIRECT);

	ask.item_org = HF_SV("RZ1");
	ask.tier = HF_TIER_T4;
	ask.facts |= F(OBJECTION);
	assert_int_equal(decide(&ask, true).reasons,
			 HF_BIT(HF_REASON_VITAL_INTEREST) | HF_BIT(HF_REASON_LEGAL));
	ask.glass = (struct hf_glass){HF_REASON_EMERGENCY, ask.now};
	assert_int_equal(decide(&ask, true).outcome, HF_BTG);
	ask.glass.reason = HF_REASON_LEGAL;
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.tier = HF_TIER_T1; /* the agreement still binds */
	assert_int_equal(decide(&ask, true).outcome, HF_MASK);
}

HF_TEST_MAIN(
    "access/decide_rules", cmocka_unit_test(gov_t01_rows_that_one_question_answers),
    cmocka_unit_test(
	gov_t01_row_5_a_broken_glass_opens_for_60_minutes_and_tells_the_officer),
    cmocka_unit_test(
	a_broken_glass_opens_to_reading_only_and_nothing_restricted_by_law),
    cmocka_unit_test(
	gov_t01_row_14_a_person_with_an_opt_out_is_removed_from_a_planning_list),
    cmocka_unit_test(the_national_opt_out_does_not_touch_what_it_does_not_cover),
    cmocka_unit_test(an_opt_out_list_older_than_21_days_blocks_what_the_opt_out_covers),
    cmocka_unit_test(
	a_type_1_opt_out_keeps_practice_data_in_the_practice_but_not_from_care),
    cmocka_unit_test(gov_t01_row_25_operators_never_see_anything_of_a_person),
    cmocka_unit_test(
	gov_t01_row_30_who_a_case_finding_list_means_is_told_to_relationship_holders),
    cmocka_unit_test(
	gov_t01_rows_27_and_28_a_caseload_counts_for_28_days_after_it_closed),
    cmocka_unit_test(gov_t01_row_31_a_meeting_counts_seven_days_either_side),
    cmocka_unit_test(gov_t01_row_32_registration_ends_on_the_day_the_patient_leaves),
    cmocka_unit_test(an_appointment_counts_from_14_days_before_to_90_days_after),
    cmocka_unit_test(
	a_relationship_counts_for_its_organisation_and_else_for_its_practitioner),
    cmocka_unit_test(a_system_sees_scope_and_relationships_and_tier_together),
    cmocka_unit_test(a_person_is_no_system_and_the_purpose_is_the_session_s),
    cmocka_unit_test(tracing_takes_three_terms_and_does_not_open_the_record),
    cmocka_unit_test(what_is_masked_or_behind_glass_is_not_changed),
    cmocka_unit_test(an_objection_leaves_glass_for_vital_interest_and_the_law_only))

/* The promises of access/access.h. */
#include "access/access.h"
#include "test/hf_test.h"

static struct hf_access_answer
decide(const struct hf_actor *actor, enum hf_need need, bool audit)
{
	return hf_access_decide(&(struct hf_access_facts){
	    .actor = actor, .need = need, .audit_works = audit});
}

HF_TEST(the_trial_actor_on_this_machine_may_do_everything)
{
	for (int need = HF_NEED_NOTHING; need <= HF_NEED_OPERATE; need++)
		assert_int_equal(
		    decide(&hf_actor_trial, (enum hf_need)need, true).outcome,
		    HF_ALLOW);
}

HF_TEST(the_trial_actor_from_another_machine_may_do_nothing)
{
	struct hf_actor away = hf_actor_trial;

	away.loopback = false;
	assert_int_equal(decide(&away, HF_NEED_CLINICAL, true).outcome, HF_DENY);
	assert_int_equal(decide(&away, HF_NEED_CHANGE, true).outcome, HF_DENY);
	assert_int_equal(decide(&away, HF_NEED_OPERATE, true).outcome, HF_DENY);
}

HF_TEST(who_cannot_be_named_is_refused)
{
	struct hf_actor nobody = {.kind = HF_ACTOR_NOBODY};
	struct hf_actor nameless = hf_actor_trial;
	struct hf_actor aimless = hf_actor_trial;

	nameless.id = (struct hf_sv){NULL, 0};
	aimless.purpose = (struct hf_sv){NULL, 0};
	assert_int_equal(decide(NULL, HF_NEED_CLINICAL, true).outcome, HF_DENY);
	assert_int_equal(decide(&nobody, HF_NEED_CLINICAL, true).outcome, HF_DENY);
	assert_int_equal(decide(&nameless, HF_NEED_CLINICAL, true).outcome, HF_DENY);
	assert_int_equal(decide(&aimless, HF_NEED_CLINICAL, true).outcome, HF_DENY);
}

HF_TEST(nothing_of_care_is_shown_when_the_audit_cannot_be_written)
{
	assert_int_equal(decide(&hf_actor_trial, HF_NEED_CLINICAL, false).outcome,
			 HF_DENY);
	assert_int_equal(decide(&hf_actor_trial, HF_NEED_CHANGE, false).outcome,
			 HF_DENY);
	assert_int_equal(decide(&hf_actor_trial, HF_NEED_OPERATE, false).outcome,
			 HF_ALLOW);
}

HF_TEST(a_person_or_a_system_is_refused_when_nothing_is_said_of_what_is_asked)
{
	struct hf_actor person = hf_actor_trial;

	person.kind = HF_ACTOR_PERSON;
	assert_int_equal(decide(&person, HF_NEED_CLINICAL, true).outcome, HF_DENY);
	person.kind = HF_ACTOR_SYSTEM;
	assert_int_equal(decide(&person, HF_NEED_CLINICAL, true).outcome, HF_DENY);
}

HF_TEST(what_tells_nothing_of_anybody_is_open_and_every_answer_names_its_rule)
{
	assert_int_equal(decide(NULL, HF_NEED_NOTHING, false).outcome, HF_ALLOW);
	assert_non_null(decide(NULL, HF_NEED_NOTHING, false).rule);
	assert_string_equal(decide(NULL, HF_NEED_CLINICAL, true).rule, "R1-actor");
	assert_string_equal(decide(&hf_actor_trial, HF_NEED_CLINICAL, false).rule,
			    "R1-audit");
}

HF_TEST_MAIN(
    "access/access",
    cmocka_unit_test(the_trial_actor_on_this_machine_may_do_everything),
    cmocka_unit_test(the_trial_actor_from_another_machine_may_do_nothing),
    cmocka_unit_test(who_cannot_be_named_is_refused),
    cmocka_unit_test(nothing_of_care_is_shown_when_the_audit_cannot_be_written),
    cmocka_unit_test(
	a_person_or_a_system_is_refused_when_nothing_is_said_of_what_is_asked),
    cmocka_unit_test(
	what_tells_nothing_of_anybody_is_open_and_every_answer_names_its_rule))

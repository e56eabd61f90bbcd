/* The promises of access/rights.h: agreements, suspensions, glasses, delegations,
 * proxies, the opt-out list. */
#include <pthread.h>
#include <sodium.h>

#include "ask.h"
#include "access/rights.h"
#include "base/rng.h"
#include "test/hf_test.h"

static const hf_time now = 1783000000000, day = 86400000;

static struct hf_rights *
rights_of(const struct hf_rights_lists *lists)
{
	struct hf_rights *r = NULL;

	assert_int_equal(hf_rights_build(lists, &r, NULL), HF_OK);
	return r;
}

static struct hf_agreement
agreed(const char *from, const char *to, enum hf_tier tier)
{
	return (struct hf_agreement){.id = HF_SV("a1"),
				     .from = hf_sv_from(from),
				     .to = hf_sv_from(to),
				     .tier = tier,
				     .start = now - day,
				     .until = now + day,
				     .ended = HF_TIME_MAX};
}

static enum hf_tier
tier_of(const struct hf_agreement *list, size_t n, const char *item, const char *user)
{
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.agreements = list, .n_agreements = n});
	enum hf_tier tier = hf_rights_tier(r, hf_sv_from(item), hf_sv_from(user), now);

	hf_rights_drop(r);
	return tier;
}

HF_TEST(without_an_agreement_nothing_is_shared_but_with_oneself)
{
	assert_int_equal(tier_of(NULL, 0, "RZ1", "RZ2"), HF_TIER_T0);
	assert_int_equal(tier_of(NULL, 0, "RZ1", "RZ1"), HF_TIER_T4);
	assert_int_equal(tier_of(NULL, 0, "rz1", "RZ1"), HF_TIER_T4);
	assert_int_equal(tier_of(NULL, 0, "", "RZ1"), HF_TIER_T0);
	assert_int_equal(tier_of(NULL, 0, "RZ1", ""), HF_TIER_T0);
	assert_int_equal(tier_of(NULL, 0, "", ""), HF_TIER_T0);
}

HF_TEST(an_agreement_goes_one_way_and_case_does_not_matter)
{
	struct hf_agreement a = agreed("rz1", "Rz2", HF_TIER_T3);

	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ2"), HF_TIER_T3);
	assert_int_equal(tier_of(&a, 1, "rz1", "rz2"), HF_TIER_T3);
	assert_int_equal(tier_of(&a, 1, "RZ2", "RZ1"), HF_TIER_T0);
	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ3"), HF_TIER_T0);
	/* Not to know whose an item is, is to take the least of anybody's. */
	assert_int_equal(tier_of(&a, 1, "", "RZ2"), HF_TIER_T0);
}

HF_TEST(the_strictest_agreement_in_force_wins)
{
	struct hf_agreement list[] = {
	    agreed("*", "*", HF_TIER_T4), agreed("RZ1", "*", HF_TIER_T2),
	    agreed("*", "RZ2", HF_TIER_T3), agreed("RZ1", "RZ2", HF_TIER_T4)};

	assert_int_equal(tier_of(list, 4, "RZ1", "RZ2"), HF_TIER_T2);
	assert_int_equal(tier_of(list, 4, "RZ1", "RZ9"), HF_TIER_T2);
	assert_int_equal(tier_of(list, 4, "RZ9", "RZ2"), HF_TIER_T3);
	assert_int_equal(tier_of(list, 4, "RZ8", "RZ9"), HF_TIER_T4);
	assert_int_equal(tier_of(list, 4, "", "RZ9"), HF_TIER_T2);
}

HF_TEST(what_has_not_begun_or_was_ended_says_nothing_and_what_expired_says_T1)
{
	struct hf_agreement a = agreed("RZ1", "RZ2", HF_TIER_T3);
	struct hf_sv ids[2];
	struct hf_rights *r;

	a.start = now + 1;
	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ2"), HF_TIER_T0);
	a.start = now;
	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ2"), HF_TIER_T3);
	a.until = now;
	a.start = now - day;
	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ2"), HF_TIER_T1);
	r = rights_of(&(struct hf_rights_lists){.agreements = &a, .n_agreements = 1});
	assert_int_equal(hf_rights_expired(r, now, ids, 2), 1);
	assert_true(hf_sv_is(ids[0], "a1"));
	assert_int_equal(hf_rights_expired(r, now - 1, NULL, 0), 0);
	hf_rights_drop(r);
	a.ended = now;
	assert_int_equal(tier_of(&a, 1, "RZ1", "RZ2"), HF_TIER_T0);
}

HF_TEST(an_expired_agreement_that_was_renewed_is_forgotten)
{
	struct hf_agreement list[] = {agreed("RZ1", "RZ2", HF_TIER_T2),
				      agreed("RZ1", "RZ2", HF_TIER_T3)};
	struct hf_rights *r;

	list[0].until = now - 1;
	assert_int_equal(tier_of(list, 2, "RZ1", "RZ2"), HF_TIER_T3);
	r = rights_of(&(struct hf_rights_lists){.agreements = list, .n_agreements = 2});
	assert_int_equal(hf_rights_expired(r, now, NULL, 0), 0);
	hf_rights_drop(r);
	/* One of every organisation renews nothing between these two. */
	list[1].from = HF_SV("*");
	assert_int_equal(tier_of(list, 2, "RZ1", "RZ2"), HF_TIER_T1);
}

HF_TEST(T4_of_some_categories_is_T3_for_the_others)
{
	struct hf_agreement a = agreed("RZ1", "RZ2", HF_TIER_T4);
	struct hf_rights *r;

	a.categories = HF_SV("mental substance");
	r = rights_of(&(struct hf_rights_lists){.agreements = &a, .n_agreements = 1});
	assert_int_equal(hf_rights_tier(r, HF_SV("RZ1"), HF_SV("RZ2"), now),
			 HF_TIER_T3);
	assert_int_equal(
	    hf_rights_tier_for(r, HF_SV("RZ1"), HF_SV("RZ2"), HF_SV("substance"), now),
	    HF_TIER_T4);
	assert_int_equal(
	    hf_rights_tier_for(r, HF_SV("RZ1"), HF_SV("RZ2"), HF_SV("hiv"), now),
	    HF_TIER_T3);
	assert_int_equal(
	    hf_rights_tier_for(r, HF_SV("RZ1"), HF_SV("RZ2"), HF_SV("ment"), now),
	    HF_TIER_T3);
	hf_rights_drop(r);
}

/* Is there one between the same two already? */
static bool
is_double(const struct hf_agreement *list, size_t n, const struct hf_agreement *a)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(list[i].from, a->from) && hf_sv_eq(list[i].to, a->to))
			return true;
	return false;
}

/* Laws over lists at random: the least is no more than any; time that passes never
 * widens, when nobody renews. */
HF_TEST(the_least_is_least_and_expiry_never_widens)
{
	static const char *const orgs[] = {"RZ1", "RZ2", "RZ3", "*"};
	struct hf_rng rng;

	hf_rng_seed(&rng, 11, 1);
	for (int round = 0; round < 3000; round++) {
		struct hf_agreement list[6];
		size_t n = 0;
		struct hf_rights *r;

		for (int k = 0; k < 6; k++) {
			list[n] = agreed(orgs[hf_rng_below(&rng, 4)],
					 orgs[hf_rng_below(&rng, 4)],
					 (enum hf_tier)(1 + hf_rng_below(&rng, 5)));
			list[n].until = now + 1 + (hf_time)hf_rng_below(&rng, 5);
			n += !is_double(list, n, &list[n]);
		}
		r = rights_of(
		    &(struct hf_rights_lists){.agreements = list, .n_agreements = n});
		for (int i = 0; i < 9; i++) {
			struct hf_sv item = hf_sv_from(orgs[i / 3]);
			struct hf_sv user = hf_sv_from(orgs[i % 3]);
			enum hf_tier at = hf_rights_tier(r, item, user, now);

			if (i / 3 == i % 3)
				continue;
			assert_true(hf_rights_tier_least(r, user, now) <= at);
			for (hf_time t = now; t < now + 9; t++) {
				enum hf_tier then = hf_rights_tier(r, item, user, t);

				assert_true(then <= at);
				at = then;
			}
		}
		hf_rights_drop(r);
	}
}

HF_TEST(a_suspended_organisation_is_not_active_until_it_is_resumed)
{
	const struct hf_suspension s[] = {{HF_SV("rz1"), now, now + day}};
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.suspensions = s, .n_suspensions = 1});

	assert_true(hf_rights_org_active(r, HF_SV("RZ1"), now - 1));
	assert_false(hf_rights_org_active(r, HF_SV("RZ1"), now));
	assert_false(hf_rights_org_active(r, HF_SV("rz1"), now + day - 1));
	assert_true(hf_rights_org_active(r, HF_SV("RZ1"), now + day));
	assert_true(hf_rights_org_active(r, HF_SV("RZ2"), now));
	assert_true(hf_rights_org_active(r, HF_SV(""), now));
	hf_rights_drop(r);
}

HF_TEST(a_glass_is_of_one_actor_and_one_person_and_ends)
{
	const struct hf_broken g[] = {
	    {HF_SV("user/1"), 7, HF_REASON_EMERGENCY, now - 10, now + 10},
	    {HF_SV("user/1"), 7, HF_REASON_VITAL_INTEREST, now - 20, now + 5},
	    {HF_SV("user/2"), 8, HF_REASON_OTHER, now - 10, now + 10}};
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.glasses = g, .n_glasses = 3});
	const int64_t person[] = {6, 7}, other[] = {8};

	/* What opens more is given first, then what is still open. */
	assert_int_equal(hf_rights_glass(r, HF_SV("user/1"), person, 2, now).reason,
			 HF_REASON_VITAL_INTEREST);
	assert_int_equal(hf_rights_glass(r, HF_SV("user/1"), person, 2, now + 6).reason,
			 HF_REASON_EMERGENCY);
	assert_int_equal(
	    hf_rights_glass(r, HF_SV("user/1"), person, 2, now + 10).reason,
	    HF_REASON_NONE);
	assert_int_equal(hf_rights_glass(r, HF_SV("user/1"), other, 1, now).reason,
			 HF_REASON_NONE);
	assert_int_equal(hf_rights_glass(r, HF_SV("user/1"), person, 1, now).reason,
			 HF_REASON_NONE);
	assert_int_equal(hf_rights_glass(r, HF_SV("user/"), person, 2, now).reason,
			 HF_REASON_NONE);
	hf_rights_drop(r);
}

HF_TEST(a_delegation_counts_while_the_delegator_has_a_relationship_themself)
{
	struct hf_delegation d = {.from = HF_SV("user/1"),
				  .from_org = HF_SV("rz1"),
				  .from_who = HF_SV("Practitioner/p1"),
				  .to = HF_SV("user/2"),
				  .start = now - 1,
				  .until = now + 1};
	const struct hf_relation has[] = {{.kind = HF_REL_CASE,
					   .start = now - day,
					   .end = now + day,
					   .org = HF_SV("RZ1"),
					   .source = HF_SV("EpisodeOfCare/1")}};
	const int64_t shelves[] = {7};
	struct hf_rights_person p = {shelves, 1, has, 1},
				without = {shelves, 1, NULL, 0};
	const struct hf_actor to = {.id = HF_SV("user/2"), .group = HF_GROUP_CLIN},
			      third = {.id = HF_SV("user/3"), .group = HF_GROUP_CLIN};
	const struct hf_policy *policy = the_policy();
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.delegations = &d, .n_delegations = 1});

	assert_true(hf_rights_relations(r, policy, &to, &p, now) ==
		    HF_BIT(HF_REL_DELEG));
	assert_true(hf_rights_relations(r, policy, &to, &without, now) == 0);
	assert_true(hf_rights_relations(r, policy, &third, &p, now) == 0);
	assert_true(hf_rights_relations(r, policy, &to, &p, now + 1) == 0);
	assert_true(hf_rights_relations(r, policy, &to, &p, now - 2) == 0);
	hf_rights_drop(r);
	/* Of one person only. */
	d.shelf = 8;
	r = rights_of(&(struct hf_rights_lists){.delegations = &d, .n_delegations = 1});
	assert_true(hf_rights_relations(r, policy, &to, &p, now) == 0);
	hf_rights_drop(r);
}

HF_TEST(a_delegation_is_not_delegated_further)
{
	const struct hf_delegation d[] = {{.from = HF_SV("user/1"),
					   .from_org = HF_SV("RZ1"),
					   .to = HF_SV("user/2"),
					   .start = 0,
					   .until = HF_TIME_MAX},
					  {.from = HF_SV("user/2"),
					   .from_org = HF_SV("RZ2"),
					   .to = HF_SV("user/3"),
					   .start = 0,
					   .until = HF_TIME_MAX}};
	const struct hf_relation has[] = {{.kind = HF_REL_CASE,
					   .start = now - day,
					   .end = now + day,
					   .org = HF_SV("RZ1")}};
	const int64_t shelves[] = {7};
	struct hf_rights_person p = {shelves, 1, has, 1};
	const struct hf_actor third = {.id = HF_SV("user/3")};
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.delegations = d, .n_delegations = 2});

	assert_true(hf_rights_relations(r, the_policy(), &third, &p, now) == 0);
	hf_rights_drop(r);
}

HF_TEST(a_call_at_the_hub_is_of_the_user_or_the_team_and_lasts_28_days_more)
{
	const struct hf_hub_call h[] = {
	    {HF_SV("CareTeam/t1"), 7, now - day, now + day}};
	const int64_t shelves[] = {7};
	struct hf_rights_person p = {shelves, 1, NULL, 0};
	const struct hf_actor team = {.id = HF_SV("user/1"),
				      .team = HF_SV("CareTeam/t1")},
			      other = {.id = HF_SV("user/1")};
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.hub_calls = h, .n_hub_calls = 1});

	assert_true(hf_rights_relations(r, the_policy(), &team, &p, now) ==
		    HF_BIT(HF_REL_HUBCALL));
	assert_true(hf_rights_relations(r, the_policy(), &other, &p, now) == 0);
	assert_true(hf_rights_relations(r, the_policy(), &team, &p, now + 28 * day) ==
		    HF_BIT(HF_REL_HUBCALL));
	assert_true(hf_rights_relations(r, the_policy(), &team, &p, now + 30 * day) ==
		    0);
	hf_rights_drop(r);
}

/* What a proxy of a person who was born then may see now. */
static uint64_t
granted(int years, bool named, hf_time reviewed, enum hf_group group)
{
	const struct hf_proxy x = {.holder = HF_SV("Patient/m"),
				   .shelf = 7,
				   .contents = HF_BIT(HF_CONTENT_MEDICINE),
				   .start = now - day,
				   .until = now + day,
				   .born = years < 0 ? HF_NO_DAY
						     : now / day - (int64_t)years * 366,
				   .reviewed = reviewed,
				   .named = named};
	const struct hf_actor actor = {
	    .id = HF_SV("user/1"), .who = HF_SV("Patient/m"), .group = group};
	const int64_t shelves[] = {7};
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.proxies = &x, .n_proxies = 1});
	uint64_t contents = hf_rights_proxy(r, &actor, shelves, 1, now);
	struct hf_rights_person p = {shelves, 1, NULL, 0};

	assert_true(hf_rights_relations(r, the_policy(), &actor, &p, now) ==
		    (contents ? HF_BIT(HF_REL_PROXY) : 0));
	hf_rights_drop(r);
	return contents;
}

HF_TEST(a_proxy_sees_what_was_granted_until_the_child_is_old_enough_to_be_asked)
{
	const uint64_t medicine = HF_BIT(HF_CONTENT_MEDICINE);

	assert_true(granted(4, false, HF_TIME_MIN, HF_GROUP_PAT) == medicine);
	assert_true(granted(13, false, HF_TIME_MIN, HF_GROUP_PAT) == 0);
	assert_true(granted(13, false, now - day, HF_GROUP_PAT) == medicine);
	/* Looked at before the child was 11. */
	assert_true(granted(13, false, now - 4 * 366 * day, HF_GROUP_PAT) == 0);
	assert_true(granted(17, false, now - day, HF_GROUP_PAT) == 0);
	assert_true(granted(17, true, HF_TIME_MIN, HF_GROUP_PAT) == medicine);
	assert_true(granted(80, true, HF_TIME_MIN, HF_GROUP_PAT) == medicine);
	assert_true(granted(-1, false, now - day, HF_GROUP_PAT) == 0);
	/* The same person at work is no proxy. */
	assert_true(granted(4, false, HF_TIME_MIN, HF_GROUP_CLIN) == 0);
}

HF_TEST(the_opt_out_list_knows_its_numbers_and_no_others)
{
	unsigned char key[HF_NDO_KEY] = {1}, other[HF_NDO_KEY] = {2};
	int64_t hashes[100];
	struct hf_ndo *ndo = NULL;
	struct hf_rights *r;
	char nhs[16];

	for (int i = 0; i < 100; i++) {
		snprintf(nhs, sizeof(nhs), "%010d", i * 7919);
		hashes[i] = hf_ndo_hash(key, hf_sv_from(nhs));
		assert_true(hashes[i] != 0);
		assert_true(hashes[i] != hf_ndo_hash(other, hf_sv_from(nhs)));
	}
	hashes[99] = hashes[0]; /* twice */
	assert_int_equal(hf_ndo_new(key, hashes, 100, now, &ndo, NULL), HF_OK);
	assert_int_equal(hf_ndo_count(ndo), 99);
	r = rights_of(&(struct hf_rights_lists){.ndo = ndo});
	hf_ndo_drop(ndo); /* the snapshot has its own reference */
	for (int i = 0; i < 98; i++) {
		snprintf(nhs, sizeof(nhs), "%010d", i * 7919);
		assert_true(hf_rights_ndo(r, hf_sv_from(nhs)));
		snprintf(nhs, sizeof(nhs), "%010d", i * 7919 + 1);
		assert_false(hf_rights_ndo(r, hf_sv_from(nhs)));
	}
	assert_true(hf_rights_ndo_list_at(r) == now);
	hf_rights_drop(r);
	r = rights_of(&(struct hf_rights_lists){0});
	assert_false(hf_rights_ndo(r, HF_SV("9990000018")));
	assert_true(hf_rights_ndo_list_at(r) == 0);
	hf_rights_drop(r);
}

static void *
keep_and_drop(void *arg)
{
	for (int i = 0; i < 10000; i++) {
		const struct hf_rights *r = hf_rights_keep(arg);

		assert_int_equal(hf_rights_tier(r, HF_SV("RZ1"), HF_SV("RZ2"), now),
				 HF_TIER_T3);
		hf_rights_drop(r);
	}
	return NULL;
}

HF_TEST(a_snapshot_is_used_by_several_threads)
{
	struct hf_agreement a = agreed("*", "*", HF_TIER_T3);
	struct hf_rights *r =
	    rights_of(&(struct hf_rights_lists){.agreements = &a, .n_agreements = 1});
	pthread_t threads[3];

	for (size_t i = 0; i < HF_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, keep_and_drop, r),
				 0);
	for (size_t i = 0; i < HF_COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	hf_rights_drop(r);
	hf_rights_drop(NULL);
	assert_null(hf_rights_keep(NULL));
}

HF_TEST_MAIN(
    "access/rights",
    cmocka_unit_test(without_an_agreement_nothing_is_shared_but_with_oneself),
    cmocka_unit_test(an_agreement_goes_one_way_and_case_does_not_matter),
    cmocka_unit_test(the_strictest_agreement_in_force_wins),
    cmocka_unit_test(
	what_has_not_begun_or_was_ended_says_nothing_and_what_expired_says_T1),
    cmocka_unit_test(an_expired_agreement_that_was_renewed_is_forgotten),
    cmocka_unit_test(T4_of_some_categories_is_T3_for_the_others),
    cmocka_unit_test(the_least_is_least_and_expiry_never_widens),
    cmocka_unit_test(a_suspended_organisation_is_not_active_until_it_is_resumed),
    cmocka_unit_test(a_glass_is_of_one_actor_and_one_person_and_ends),
    cmocka_unit_test(
	a_delegation_counts_while_the_delegator_has_a_relationship_themself),
    cmocka_unit_test(a_delegation_is_not_delegated_further),
    cmocka_unit_test(
	a_call_at_the_hub_is_of_the_user_or_the_team_and_lasts_28_days_more),
    cmocka_unit_test(
	a_proxy_sees_what_was_granted_until_the_child_is_old_enough_to_be_asked),
    cmocka_unit_test(the_opt_out_list_knows_its_numbers_and_no_others),
    cmocka_unit_test(a_snapshot_is_used_by_several_threads))

/* The promises of sensitivity.json and roles.json: codes that say what is sensitive,
 * what each group and role may do and for which purposes, systems of the place. */
#include "ask.h"
#include "access/scope.h"
#include "base/io/clock.h"
#include "base/rng.h"
#include "test/hf_test.h"

static struct hf_arena arena = {.cap = 16 << 20};

static enum hf_level
level_of(const char *json, const char **category)
{
	const struct hf_category *c;
	struct hf_json doc;
	enum hf_level level;

	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, NULL),
			 HF_OK);
	level = hf_policy_level(the_policy(), &doc, &c);
	/* The quick question has the same answer. */
	assert_true(hf_policy_may_be_sensitive(the_policy(), &doc, 0) == (c != NULL));
	*category = c ? c->code : "";
	return level;
}

static const char *
coded(const char *system, const char *code)
{
	return hf_arena_printf(&arena,
			       "{\"resourceType\":\"Condition\",\"code\":{\"coding\":["
			       "{\"system\":\"%s\",\"code\":\"%s\"}]}}",
			       system, code)
	    .p;
}

HF_TEST(a_code_of_the_value_set_says_what_no_label_says)
{
	static const struct {
		const char *system, *code, *category;
		enum hf_level level;
	} cases[] = {
	    {"http://snomed.info/sct", "86406008", "hiv", HF_LEVEL_S2},
	    {"http://snomed.info/sct", "864060080", "", HF_LEVEL_S1},
	    {"http://snomed.info/sct", "8640600", "", HF_LEVEL_S1},
	    {"http://example.org/own", "86406008", "", HF_LEVEL_S1},
	    {"http://hl7.org/fhir/sid/icd-10", "B20", "hiv", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "B20.6", "hiv", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "B206", "hiv", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "B25", "", HF_LEVEL_S1},
	    {"http://hl7.org/fhir/sid/icd-10", "F02.4", "hiv", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "F02", "", HF_LEVEL_S1},
	    {"http://hl7.org/fhir/sid/icd-10", "F02.3", "", HF_LEVEL_S1},
	    {"http://hl7.org/fhir/sid/icd-10", "A54.0", "sti", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "O04", "termination", HF_LEVEL_S2},
	    {"http://hl7.org/fhir/sid/icd-10", "Z31.2", "reproduction", HF_LEVEL_S3},
	    {"http://snomed.info/sct", "93461009", "gender", HF_LEVEL_S3},
	    {"http://hl7.org/fhir/sid/icd-10", "T74.1", "abuse", HF_LEVEL_P},
	    {"http://read.info/readv2", "A7880.", "hiv", HF_LEVEL_S2},
	    {"http://read.info/readv2", "A788.", "hiv", HF_LEVEL_S2},
	    {"http://read.info/readv2", "A78..", "", HF_LEVEL_S1},
	    {"http://snomed.info/sct", "38341003", "", HF_LEVEL_S1},
	    {"", "86406008", "", HF_LEVEL_S1},
	    {"http://snomed.info/sct", "........................................", "",
	     HF_LEVEL_S1},
	    {"http://snomed.info/sct", "", "", HF_LEVEL_S1},
	};
	const char *c;

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_int_equal(level_of(coded(cases[i].system, cases[i].code), &c),
				 cases[i].level);
		assert_string_equal(c, cases[i].category);
	}
}

HF_TEST(it_is_found_wherever_it_stands_and_the_strictest_wins)
{
	const char *c;

	assert_int_equal(
	    level_of("{\"resourceType\":\"Observation\",\"component\":[{\"code\":"
		     "{\"coding\":[{\"code\":\"165816005\",\"display\":\"x\","
		     "\"system\":\"http://snomed.info/sct\"}]}}]}",
		     &c),
	    HF_LEVEL_S2);
	assert_string_equal(c, "hiv");
	/* A label of one kind and a code of another. */
	assert_int_equal(
	    level_of("{\"meta\":{\"security\":[{\"code\":\"R\"}]},\"reasonCode\":["
		     "{\"coding\":[{\"system\":\"http://snomed.info/sct\","
		     "\"code\":\"93461009\"}]}]}",
		     &c),
	    HF_LEVEL_S3);
	assert_string_equal(c, "gender");
	/* "code" that is no code. */
	assert_int_equal(level_of("{\"code\":{\"text\":\"86406008\"}}", &c),
			 HF_LEVEL_S1);
	assert_int_equal(level_of("{\"code\":\"86406008\"}", &c), HF_LEVEL_S1);
	assert_int_equal(
	    level_of("{\"code\":7,\"system\":\"http://snomed.info/sct\"}", &c),
	    HF_LEVEL_S1);
	assert_int_equal(level_of("[[{\"code\":\"86406008\"}]]", &c), HF_LEVEL_S1);
}

HF_TEST(a_resource_within_a_bundle_is_looked_at_alone)
{
	const char *text = hf_arena_printf(&arena, "{\"entry\":[%s,%s]}",
					   coded("http://snomed.info/sct", "86406008"),
					   coded("http://snomed.info/sct", "38341003"))
			       .p;
	const struct hf_category *c;
	struct hf_json doc;
	uint32_t list;

	assert_int_equal(hf_json_parse(hf_sv_from(text), NULL, &arena, &doc, NULL),
			 HF_OK);
	list = hf_json_member(&doc, 0, "entry");
	assert_int_equal(
	    hf_policy_level_at(the_policy(), &doc, hf_json_at(&doc, list, 0), &c),
	    HF_LEVEL_S2);
	assert_int_equal(
	    hf_policy_level_at(the_policy(), &doc, hf_json_at(&doc, list, 1), &c),
	    HF_LEVEL_S1);
	assert_false(
	    hf_policy_may_be_sensitive(the_policy(), &doc, hf_json_at(&doc, list, 1)));
}

HF_TEST(each_code_stands_once_has_a_display_and_a_category_that_can_be_asked_for)
{
	const struct hf_policy *p = the_policy();
	size_t n = 0;

	for (size_t i = 0; i < p->n_categories; i++) {
		const struct hf_category *c = &p->categories[i];

		assert_ptr_equal(hf_policy_category(p, hf_sv_from(c->code)), c);
		for (size_t k = 0; k < c->n_codes; k++, n++) {
			assert_true(c->codes[k].display.n > 0);
			for (size_t m = 0; m <= i; m++)
				for (size_t o = 0; o < p->categories[m].n_codes; o++) {
					const struct hf_sensitive *a = &c->codes[k];
					const struct hf_sensitive *b =
					    &p->categories[m].codes[o];

					if (a != b && hf_sv_eq(a->code, b->code) &&
					    hf_sv_eq(a->system, b->system))
						fail_msg("%.*s twice",
							 HF_SV_ARG(a->code));
				}
		}
	}
	assert_true(n > 80);
	assert_null(hf_policy_category(p, HF_SV("nothing")));
}

/* GRA 2004 s.22, HFE Act 1990 s.33A: never behind glass, whoever asks. */
HF_TEST(what_the_law_restricts_is_offered_to_nobody_behind_glass)
{
	for (int g = 1; g < HF_GROUPS; g++)
		for (int k = 0; k < HF_RELATIONS; k++) {
			struct hf_access_ask ask =
			    ask_for((enum hf_group)g, (enum hf_relation_kind)k,
				    HF_LEVEL_S3, HF_PURPOSE_DIRECT);
			struct hf_access_answer a;

			ask.glass =
			    (struct hf_glass){HF_REASON_VITAL_INTEREST, ask.now - 1};
			a = decide(&ask, true);
			assert_false(a.glass);
			assert_true(a.until == 0);
			/* Some may see it, nobody by breaking anything. */
			ask.glass = (struct hf_glass){0};
			assert_int_equal(decide(&ask, true).outcome, a.outcome);
		}
}

HF_TEST(looking_through_a_resource_costs_little)
{
	enum { ROUNDS = 20000 };
	struct hf_buf b = {.cap = 64 << 10};
	struct hf_json doc;
	uint64_t best = UINT64_MAX;
	bool any = false;

	hf_buf_lit(&b, "{\"resourceType\":\"Observation\",\"status\":\"final\","
		       "\"component\":[");
	for (int i = 0; i < 20; i++)
		hf_buf_printf(&b,
			      "%s{\"code\":{\"coding\":[{\"system\":\"http://"
			      "loinc.org\",\"code\":\"%d-4\",\"display\":\"x\"}]},"
			      "\"valueQuantity\":{\"value\":%d,\"code\":\"mm\"}}",
			      i ? "," : "", 8000 + i, i);
	hf_buf_lit(&b, "]}");
	assert_int_equal(hf_json_parse(hf_buf_view(&b), NULL, &arena, &doc, NULL),
			 HF_OK);
	for (int round = 0; round < 10; round++) {
		uint64_t begun = hf_mono_ns(), took;

		for (int i = 0; i < ROUNDS / 10; i++)
			any |= hf_policy_may_be_sensitive(the_policy(), &doc, 0);
		took = (hf_mono_ns() - begun) / (ROUNDS / 10);
		best = took < best ? took : best;
	}
	assert_false(any);
	print_message("40 codes of an Observation are looked up in %llu ns\n",
		      (unsigned long long)best);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                 \
    defined(__OPTIMIZE__)
	assert_true(best < 20000);
#endif
	hf_buf_free(&b);
}

/* ---- roles ---- */

HF_TEST(each_group_has_a_purpose_that_it_may_have_and_roles_have_no_more_than_it)
{
	const struct hf_policy *p = the_policy();

	for (int g = 1; g < HF_GROUPS; g++) {
		assert_true(p->purpose[g] != HF_PURPOSE_NONE);
		assert_true(p->purposes[g] & HF_BIT(p->purpose[g]));
		assert_false(p->purposes[g] & HF_BIT(HF_PURPOSE_TRAIN));
	}
	assert_int_equal(p->purpose[HF_GROUP_CLIN], HF_PURPOSE_DIRECT);
	assert_int_equal(p->purpose[HF_GROUP_PAT], HF_PURPOSE_OWN);
	assert_int_equal(p->purpose[HF_GROUP_PRIV], HF_PURPOSE_AUDIT);
	for (size_t i = 0; i < p->n_roles; i++)
		assert_true(
		    (p->roles[i].activities & ~p->activities[p->roles[i].group]) == 0);
	assert_true(hf_policy_role(p, HF_SV("administrator"))->activities &
		    HF_BIT(HF_ACT_ADMINISTER));
	assert_false(hf_policy_role(p, HF_SV("operator"))->activities &
		     HF_BIT(HF_ACT_ADMINISTER));
}

/* Who reaches which routes, by role. */
HF_TEST(each_role_has_its_routes)
{
	static const struct {
		const char *role;
		uint64_t needs;
	} cases[] = {
	    {"named-gp", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_CHANGE) |
			     HF_BIT(HF_NEED_FIGURES)},
	    {"student", HF_BIT(HF_NEED_CLINICAL)},
	    {"receptionist", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_CHANGE)},
	    {"privacy-officer", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_OVERSEE) |
				    HF_BIT(HF_NEED_FIGURES)},
	    {"caldicott", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_OVERSEE) |
			      HF_BIT(HF_NEED_FIGURES)},
	    {"records-officer", HF_BIT(HF_NEED_IDENTIFY)},
	    {"administrator", HF_BIT(HF_NEED_ADMINISTER) | HF_BIT(HF_NEED_OPERATE)},
	    {"operator", HF_BIT(HF_NEED_OPERATE)},
	    {"patient", HF_BIT(HF_NEED_CLINICAL)},
	    {"lay-partner", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_FIGURES)},
	    {"analyst", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_FIGURES)},
	    {"finance", HF_BIT(HF_NEED_CLINICAL) | HF_BIT(HF_NEED_FIGURES) |
			    HF_BIT(HF_NEED_CONTRACT)},
	};
	const struct hf_policy *p = the_policy();

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		const struct hf_role *role =
		    hf_policy_role(p, hf_sv_from(cases[i].role));
		struct hf_actor actor = {
		    .kind = HF_ACTOR_PERSON,
		    .id = HF_SV("user/1"),
		    .role = hf_sv_from(cases[i].role),
		    .group = role->group,
		    .org = HF_SV("RZ1"),
		    .why = p->purpose[role->group],
		    .purpose = hf_sv_from(
			hf_word(HF_WORDS_PURPOSE, (int)p->purpose[role->group])),
		    .facts = GOOD};

		for (int need = HF_NEED_CLINICAL; need <= HF_NEED_CONTRACT; need++) {
			struct hf_access_facts facts = {.actor = &actor,
							.need = (enum hf_need)need,
							.audit_works = true,
							.policy = p};
			bool open =
			    hf_access_route(&facts, 1783000000000).outcome == HF_ALLOW;

			if (open != ((cases[i].needs & HF_BIT(need)) != 0))
				fail_msg("%s, need %d: %d", cases[i].role, need, open);
		}
	}
}

HF_TEST(a_lay_partner_and_an_administrator_see_nothing_of_a_person)
{
	static const enum hf_group groups[] = {HF_GROUP_LAY, HF_GROUP_SYS};

	for (size_t g = 0; g < HF_COUNT(groups); g++)
		for (int c = HF_CONTENT_DEMOGRAPHIC; c <= HF_CONTENT_LOG; c++)
			for (int l = HF_LEVEL_S0; l < HF_LEVELS; l++)
				for (int purpose = 1; purpose < HF_PURPOSES;
				     purpose++) {
					struct hf_access_ask ask = ask_for(
					    groups[g], HF_REL_CASE, (enum hf_level)l,
					    (enum hf_purpose)purpose);

					ask.content = (enum hf_content)c;
					ask.facts = UINT64_MAX;
					assert_int_equal(decide(&ask, true).outcome,
							 HF_DENY);
				}
}

HF_TEST(a_care_worker_knows_whom_they_care_for)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_CARE, HF_REL_HOME, HF_LEVEL_S0, HF_PURPOSE_DIRECT);

	assert_string_equal(decide(&ask, true).rule, "R15-who");
	ask.relations = 0;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
}

/* ---- systems of the place ---- */

static struct hf_access_ask
of_the_place(enum hf_level level, enum hf_activity activity)
{
	struct hf_access_ask ask =
	    ask_for(HF_GROUP_INT, HF_REL_NONE, level, HF_PURPOSE_DIRECT);

	ask.org = (struct hf_sv){NULL, 0};
	ask.item_org = HF_SV("RZ1");
	ask.activity = activity;
	ask.facts |= HF_BIT(HF_FACT_PLACE_WIDE);
	return ask;
}

HF_TEST(a_system_of_the_place_needs_no_relationship_and_no_agreement)
{
	struct hf_access_ask ask = of_the_place(HF_LEVEL_S1, HF_ACT_READ);

	assert_string_equal(decide(&ask, true).rule, "R11-place");
	ask.level = HF_LEVEL_S2;
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.level = HF_LEVEL_S3;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask.level = HF_LEVEL_P;
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	/* What comes in is kept, whatever it is: a record without it is wrong. */
	ask.activity = HF_ACT_CHANGE;
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	ask.level = HF_LEVEL_S3;
	assert_int_equal(decide(&ask, true).outcome, HF_ALLOW);
	/* But it keeps within its scopes, and its proof. */
	ask.facts &= ~HF_BIT(HF_FACT_IN_SCOPE);
	assert_int_equal(decide(&ask, true).outcome, HF_DENY);
	ask = of_the_place(HF_LEVEL_S1, HF_ACT_READ);
	ask.facts &= ~HF_BIT(HF_FACT_CLIENT_STRONG);
	assert_string_equal(decide(&ask, true).rule, "R1-client");
}

/* R3-monitor: the role, the purpose and the scope, each of them. */
HF_TEST(a_system_that_watches_this_one_reads_figures_and_no_record)
{
	static const struct {
		const char *role, *scope;
		enum hf_purpose why;
		uint64_t needs;
	} cases[] = {
	    {"monitor", "operate", HF_PURPOSE_OPERATE, HF_BIT(HF_NEED_OPERATE)},
	    {"monitor", "operate", HF_PURPOSE_DIRECT, 0},
	    {"monitor", "system/*.cruds", HF_PURPOSE_OPERATE, 0},
	    {"monitor", "", HF_PURPOSE_OPERATE, 0},
	    {"system", "operate system/*.cruds", HF_PURPOSE_OPERATE, 0},
	    {"system", "operate system/*.cruds", HF_PURPOSE_DIRECT, 0},
	};
	static const enum hf_need needs[] = {HF_NEED_ADMINISTER, HF_NEED_OVERSEE,
					     HF_NEED_IDENTIFY, HF_NEED_OPERATE};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_scopes scopes;
		struct hf_actor actor = {
		    .kind = HF_ACTOR_SYSTEM,
		    .id = HF_SV("client/1"),
		    .role = hf_sv_from(cases[i].role),
		    .group = HF_GROUP_INT,
		    .why = cases[i].why,
		    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)cases[i].why)),
		    .facts = (GOOD & ~HF_BIT(HF_FACT_IN_SCOPE)) |
			     HF_BIT(HF_FACT_CLIENT_STRONG) | HF_BIT(HF_FACT_SCOPED),
		    .scopes = &scopes};

		assert_int_equal(
		    hf_scopes_parse(hf_sv_from(cases[i].scope), &scopes, NULL), HF_OK);
		for (size_t n = 0; n < HF_COUNT(needs); n++) {
			struct hf_access_facts facts = {.actor = &actor,
							.need = needs[n],
							.audit_works = true,
							.policy = the_policy()};
			struct hf_access_answer a =
			    hf_access_route(&facts, 1783000000000);
			bool open = (cases[i].needs & HF_BIT(needs[n])) != 0;

			if ((a.outcome == HF_ALLOW) != open)
				fail_msg("case %zu, need %d: %s", i, needs[n], a.rule);
			if (open)
				assert_string_equal(a.rule, "R3-monitor");
		}
	}
	for (int c = HF_CONTENT_DEMOGRAPHIC; c < HF_CONTENTS; c++)
		for (int l = 0; l < HF_LEVELS; l++)
			for (int act = 1; act < HF_ACTIVITIES; act++) {
				struct hf_access_ask ask = of_the_place(
				    (enum hf_level)l, (enum hf_activity)act);
				bool figures = c == HF_CONTENT_OPERATION &&
					       l == HF_LEVEL_S0 &&
					       act == HF_ACT_OPERATE;

				ask.purpose = HF_PURPOSE_OPERATE;
				ask.content = (enum hf_content)c;
				ask.relations = HF_BIT(HF_REL_GPREG);
				assert_int_equal(decide(&ask, true).outcome,
						 figures ? HF_ALLOW : HF_DENY);
			}
}

HF_TEST(
    an_objection_closes_the_record_to_a_system_of_the_place_but_not_to_what_comes_in)
{
	struct hf_access_ask ask = of_the_place(HF_LEVEL_S1, HF_ACT_READ);

	ask.facts |= HF_BIT(HF_FACT_OBJECTION);
	assert_string_equal(decide(&ask, true).rule, "R9-others");
	ask.activity = HF_ACT_CHANGE;
	assert_string_equal(decide(&ask, true).rule, "R9-place");
}

HF_TEST(to_serve_the_whole_place_means_nothing_for_people_or_for_one_organisation)
{
	struct hf_rng rng;

	hf_rng_seed(&rng, 21, 1);
	for (int i = 0; i < 100000; i++) {
		struct hf_access_ask a = ask_for(
		    (enum hf_group)hf_rng_below(&rng, HF_GROUPS), HF_REL_NONE,
		    (enum hf_level)hf_rng_below(&rng, HF_LEVELS), HF_PURPOSE_DIRECT);
		struct hf_access_ask b;

		a.content = (enum hf_content)hf_rng_below(&rng, HF_CONTENTS);
		a.tier = (enum hf_tier)hf_rng_below(&rng, HF_TIERS);
		a.activity = (enum hf_activity)hf_rng_below(&rng, HF_ACTIVITIES);
		a.relations = hf_rng_u64(&rng) & (HF_BIT(HF_RELATIONS) - 2);
		if (hf_rng_below(&rng, 2))
			a.item_org = HF_SV("RZ1");
		a.facts &= ~HF_BIT(HF_FACT_PLACE_WIDE);
		b = a;
		b.facts |= HF_BIT(HF_FACT_PLACE_WIDE);
		assert_int_equal(decide(&a, true).outcome, decide(&b, true).outcome);
	}
}

HF_TEST_MAIN(
    "access/sensitive",
    cmocka_unit_test(a_code_of_the_value_set_says_what_no_label_says),
    cmocka_unit_test(it_is_found_wherever_it_stands_and_the_strictest_wins),
    cmocka_unit_test(a_resource_within_a_bundle_is_looked_at_alone),
    cmocka_unit_test(
	each_code_stands_once_has_a_display_and_a_category_that_can_be_asked_for),
    cmocka_unit_test(what_the_law_restricts_is_offered_to_nobody_behind_glass),
    cmocka_unit_test(looking_through_a_resource_costs_little),
    cmocka_unit_test(
	each_group_has_a_purpose_that_it_may_have_and_roles_have_no_more_than_it),
    cmocka_unit_test(each_role_has_its_routes),
    cmocka_unit_test(a_lay_partner_and_an_administrator_see_nothing_of_a_person),
    cmocka_unit_test(a_care_worker_knows_whom_they_care_for),
    cmocka_unit_test(a_system_of_the_place_needs_no_relationship_and_no_agreement),
    cmocka_unit_test(a_system_that_watches_this_one_reads_figures_and_no_record),
    cmocka_unit_test(
	an_objection_closes_the_record_to_a_system_of_the_place_but_not_to_what_comes_in),
    cmocka_unit_test(
	to_serve_the_whole_place_means_nothing_for_people_or_for_one_organisation))

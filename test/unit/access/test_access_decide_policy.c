/* The promises of access/policy.h: the documents, and what is said of wrong ones. */
#include "ask.h"
#include "test/hf_test.h"

HF_TEST(the_documents_of_the_program_are_in_order_and_name_their_versions)
{
	const struct hf_policy *p = the_policy();

	assert_string_equal(p->version, "roles 6, rules 3, sensitivity 2, optouts 1");
	assert_int_equal(hf_policy_role(p, HF_SV("R8001"))->group, HF_GROUP_CLIN);
	assert_int_equal(hf_policy_role(p, HF_SV("R8004"))->group, HF_GROUP_STUD);
	assert_int_equal(hf_policy_role(p, HF_SV("R0001"))->group, HF_GROUP_PRIV);
	assert_int_equal(hf_policy_role(p, HF_SV("R5105"))->group, HF_GROUP_CALD);
	assert_null(hf_policy_role(p, HF_SV("R9999")));
	assert_null(hf_policy_role(p, HF_SV("")));
	for (int g = 1; g < HF_GROUPS; g++)
		assert_true(p->activities[g] != 0);
	/* CHANGE includes READ. */
	assert_true(p->activities[HF_GROUP_CARE] & HF_BIT(HF_ACT_READ));
	assert_false(p->activities[HF_GROUP_CARE] & HF_BIT(HF_ACT_SEARCH));
	/* EXPORT includes SEARCH, which includes READ. */
	assert_true(p->activities[HF_GROUP_FIN] & HF_BIT(HF_ACT_READ));
	assert_int_equal(p->activities[HF_GROUP_NONE], 0);
}

static struct hf_arena arena = {.cap = 4 << 20};

/* Loads with the document doc in place of the built-in one; the first finding. */
static const char *
finding(enum hf_policy_doc doc, const char *text)
{
	struct hf_policy_text docs[HF_POLICY_DOCS];
	struct hf_issues issues = {.arena = &arena};
	struct hf_policy out = {.version = "as it was"};
	struct hf_err err = {0};

	memcpy(docs, hf_policy_builtin, sizeof(docs));
	docs[doc].text = hf_sv_from(text);
	assert_int_equal(hf_policy_load(docs, &arena, &issues, &out, &err), HF_INVALID);
	assert_string_equal(out.version, "as it was");
	assert_true(issues.n > 0);
	return hf_arena_printf(&arena, "%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
			       HF_SV_ARG(issues.items[0].text))
	    .p;
}

/* The rules document with one rule and one limit. */
static const char *
rules_with(const char *rule)
{
	return hf_arena_printf(
		   &arena,
		   "{\"document\": \"rules\", \"version\": \"9\",\n"
		   "\"windows\": [{\"relation\": \"CASE\", \"after_days\": 28}],\n"
		   "\"rules\": [\n%s\n],\n"
		   "\"limits\": [{\"id\": \"T\", \"when\": {\"tier\": [\"T0\"]},"
		   "\"then\": \"DENY\", \"text\": \"none\"}]}",
		   rule)
	    .p;
}

HF_TEST(each_mistake_in_the_rules_is_named_with_its_line)
{
	static const struct {
		const char *rule, *finding;
	} cases[] = {
	    {"{\"id\": \"A\", \"when\": {\"group\": [\"DOCTOR\"]}, \"then\": \"DENY\","
	     "\"text\": \"t\"}",
	     "rules.json:4: \"DOCTOR\" is no group"},
	    {"{\"id\": \"A\", \"when\": {\"group\": [\"CLIN\"]},\n\"then\": \"MAYBE\","
	     "\"text\": \"t\"}",
	     "rules.json:5: \"MAYBE\" is no outcome"},
	    {"{\"id\": \"A\", \"when\": {\"group\": [\"CLIN\"]}, \"then\": \"ALLOW\","
	     "\"text\": \"t\"}",
	     "rules.json:4: rule A opens something: it has to name group, level and "
	     "content"},
	    {"{\"id\": \"A\", \"when\": {\"group\": [\"CLIN\"], \"level\": [\"S1\"],"
	     "\"content\": [\"PLAN\"]}, \"then\": \"BTG\", \"text\": \"t\"}",
	     "rules.json:4: rule A is BTG and offers no glass"},
	    {"{\"id\": \"A\", \"when\": {}, \"then\": \"DENY\", \"text\": \"t\"}",
	     "rules.json:4: \"when\" has to say when the rule matches"},
	    {"{\"id\": \"A\", \"when\": {\"colour\": [\"S1\"]}, \"then\": \"DENY\","
	     "\"text\": \"t\"}",
	     "rules.json:4: \"colour\" has no meaning here"},
	    {"{\"id\": \"A\", \"when\": {\"group\": \"care\"}, \"then\": \"DENY\","
	     "\"text\": \"t\"}",
	     "rules.json:4: there is no set \"care\""},
	    {"{\"id\": \"A\", \"when\": {\"level\": [\"S1\"]}, \"then\": \"DENY\"}",
	     "rules.json:4: a text \"text\" is needed here"},
	    {"{\"id\": \"A\", \"when\": {\"level\": [\"S1\"]}, \"then\": \"DENY\","
	     "\"text\": \"t\"},\n{\"id\": \"A\", \"when\": {\"level\": [\"S2\"]},"
	     "\"then\": \"DENY\", \"text\": \"t\"}",
	     "rules.json:5: there is a rule A already"},
	    {"7", "rules.json:4: an object is needed here"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		assert_string_equal(finding(HF_DOC_RULES, rules_with(cases[i].rule)),
				    cases[i].finding);
}

HF_TEST(a_document_that_is_none_is_named)
{
	assert_string_equal(finding(HF_DOC_OPTOUTS, "[]"),
			    "optouts.json:1: the document is an object");
	assert_string_equal(finding(HF_DOC_ROLES, "{\"document\": \"rules\"}"),
			    "roles.json:1: \"document\" has to be \"roles\"");
	assert_non_null(
	    strstr(finding(HF_DOC_SENSITIVITY, "{"), "sensitivity.json:1: "));
	assert_string_equal(finding(HF_DOC_OPTOUTS,
				    "{\"document\": \"optouts\", \"version\": \"1\",\n"
				    "\"optouts\": [{\"optout\": \"NDO\", \"rules\":\n"
				    "[{\"id\": \"N\", \"when\": {\"level\": [\"S1\"]},"
				    "\"applies\": 1, \"text\": \"t\"}]}]}"),
			    "optouts.json:2: nothing is said about OBJECTION");
}

HF_TEST(a_full_arena_is_said_and_nothing_is_given_out)
{
	for (size_t cap = 1; cap < 1 << 18; cap = cap * 3 / 2 + 1) {
		struct hf_arena small = {.cap = cap};
		struct hf_issues issues = {.arena = &arena};
		struct hf_policy out = {.version = "as it was"};
		struct hf_err err = {0};
		enum hf_rc rc =
		    hf_policy_load(hf_policy_builtin, &small, &issues, &out, &err);

		if (rc == HF_OK)
			assert_string_not_equal(out.version, "as it was");
		else
			assert_string_equal(out.version, "as it was");
		hf_arena_free(&small);
	}
}

static enum hf_level
level_of(const char *json, const char **category)
{
	const struct hf_category *c;
	struct hf_json doc;
	enum hf_level level;

	assert_int_equal(hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, NULL),
			 HF_OK);
	level = hf_policy_level(the_policy(), &doc, &c);
	*category = c ? c->code : NULL;
	return level;
}

HF_TEST(the_strictest_label_tells_how_sensitive_a_resource_is)
{
	const char *c;

	assert_int_equal(level_of("{}", &c), HF_LEVEL_S1);
	assert_null(c);
	assert_int_equal(level_of("{\"meta\":{\"security\":[{\"code\":\"N\"}]}}", &c),
			 HF_LEVEL_S1);
	assert_int_equal(level_of("{\"meta\":{\"security\":[{\"code\":\"R\"}]}}", &c),
			 HF_LEVEL_S2);
	assert_string_equal(c, "restricted");
	assert_int_equal(level_of("{\"meta\":{\"security\":[{\"code\":\"HIV\"},"
				  "{\"code\":\"GENDER\"},{\"code\":\"R\"}]}}",
				  &c),
			 HF_LEVEL_S3);
	assert_string_equal(c, "gender");
	assert_int_equal(level_of("{\"meta\":{\"security\":[{\"code\":\"SDV\"},"
				  "{\"display\":\"x\"},7]}}",
				  &c),
			 HF_LEVEL_P);
	assert_int_equal(level_of("{\"meta\":{\"security\":\"R\"}}", &c), HF_LEVEL_S1);
}

HF_TEST_MAIN(
    "access/decide_policy",
    cmocka_unit_test(the_documents_of_the_program_are_in_order_and_name_their_versions),
    cmocka_unit_test(each_mistake_in_the_rules_is_named_with_its_line),
    cmocka_unit_test(a_document_that_is_none_is_named),
    cmocka_unit_test(a_full_arena_is_said_and_nothing_is_given_out),
    cmocka_unit_test(the_strictest_label_tells_how_sensitive_a_resource_is))

/* Pathways as PlanDefinition and ActivityDefinition: nothing is lost, and what is
 * wrong is named by its element (section 7.7). */
#include "test/hf_test.h"
#include "fhir/validate.h"
#include "pathway/plan_definition.h"

static struct hf_arena arena = {.cap = (size_t)512 << 20};

static void
show(const char *name, const struct hf_issues *issues)
{
	for (size_t i = 0; i < issues->n; i++)
		print_error("%s: %.*s: %.*s\n", name, HF_SV_ARG(issues->items[i].path),
			    HF_SV_ARG(issues->items[i].text));
}

static void export(const char *name, struct hf_sv text, struct hf_buf *out)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};
	enum hf_rc rc = hf_pd_export(name, text, NULL, &arena, &issues, out, &err);

	show(name, &issues);
	assert_int_equal(rc, HF_OK);
}

static struct hf_pathway *
load(const char *name, struct hf_sv text)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pathway *p = NULL;
	struct hf_err err = {0};

	hf_pathway_load(name, text, NULL, &arena, &issues, &p, &err);
	show(name, &issues);
	assert_non_null(p);
	return p;
}

/* What is exported is valid R4. */
static void
check_valid(const char *name, struct hf_sv bundle)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_json doc;
	struct hf_err err;
	hf_type_id type;

	assert_int_equal(hf_json_parse(bundle, NULL, &arena, &doc, &err), HF_OK);
	hf_validate(&doc, 0, &issues, &type);
	show(name, &issues);
	assert_int_equal(issues.n, 0);
}

/* There and back is the same pathway, and there again the same Bundle to the byte:
 * what the pathway's reader does not keep (a target, an approval's role) is there
 * too. */
HF_TEST(what_comes_back_is_the_same_pathway)
{
	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		const char *name = hf_pathways_builtin[i].name;
		struct hf_buf there = {0}, back = {0}, again = {0}, diff = {0};
		struct hf_issues issues = {.arena = &arena};
		struct hf_pathway *a, *b;
		struct hf_err err = {0};
		enum hf_rc rc;

		export(name, hf_pathways_builtin[i].text, &there);
		check_valid(name, hf_buf_view(&there));
		rc = hf_pd_import(hf_buf_view(&there), NULL, &arena, &issues, &back,
				  &err);
		show(name, &issues);
		assert_int_equal(rc, HF_OK);
		a = load(name, hf_pathways_builtin[i].text);
		b = load("back", hf_buf_view(&back));
		hf_pw_diff(a, b, &diff);
		assert_sv_equal(hf_buf_view(&diff), "");
		export("back", hf_buf_view(&back), &again);
		assert_true(hf_sv_eq(hf_buf_view(&there), hf_buf_view(&again)));
		hf_pathway_free(a);
		hf_pathway_free(b);
		hf_buf_free(&there);
		hf_buf_free(&back);
		hf_buf_free(&again);
		hf_buf_free(&diff);
		hf_arena_reset(&arena);
	}
}

/* A small one that has what the shipped ones have not. */
static const char odd[] =
    "{\"id\":\"odd_one\",\"version\":\"2\",\"title\":\"Odd \\\"one\\\"\",\"status\":"
    "\"active\",\"approval\":{\"by\":\"A B\",\"role\":\"clinical-lead\",\"date\":"
    "\"2026-06-01\",\"nextReview\":\"P12M\"},\"subject\":{\"ageMin\":18,\"ageMax\":65},"
    "\"roles\":[\"q\",\"r\"],\"forms\":[\"f\",\"g\"],\"facts\":[{\"id\":\"n\",\"type\":"
    "\"integer\",\"min\":-3,"
    "\"max\":9,\"from\":\"Observation.count()\"}],\"exclude\":[{\"when\":\"%n > 8\","
    "\"title\":\"Too many\"}],\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":"
    "\"b\",\"kind\":\"wait\"},{\"id\":\"z\",\"kind\":\"end\",\"exit\":\"e\"}],"
    "\"steps\":[{\"id\":\"s\",\"title\":\"Go\",\"in\":\"a\",\"on\":\"go\",\"by\":["
    "\"q\","
    "\"r\"],\"do\":[\"task:t_1\",\"notify:q\"],\"to\":\"b\",\"interrupts\":true},"
    "{\"id\":\"u\",\"in\":\"b\",\"on\":\"back\",\"to\":\"@resume\"},{\"id\":\"t\","
    "\"in\":\"*\",\"on\":\"end\",\"to\":\"z\",\"stamp\":\"ended at\"}],"
    "\"clocks\":[{\"id\":\"k\",\"start\":\"a\",\"stop\":\"go\",\"limits\":[{\"when\":"
    "\"%n > 2\",\"limit\":\"P1DT12H\"},{\"limit\":\"PT90M\",\"calendar\":\"working\"}],"
    "\"marks\":[{\"id\":\"m\",\"at\":0.5,\"in\":\"a\",\"do\":\"alert:q\"}],\"again\":"
    "true,\"unless\":\"%n = 0\"},{\"id\":\"l\",\"start\":\"go\",\"stop\":[\"end\"],"
    "\"limit\":\"P2Y\",\"calendar\":\"calendar\"}],\"tasks\":[{\"id\":\"t_1\","
    "\"title\":\"T\",\"owner\":\"q\",\"due\":\"P1M\",\"forms\":[\"f\",\"g\"]}],"
    "\"measures\":[{\"id\":\"m\",\"num\":\"x\",\"den\":\"y\",\"exclude\":\"w\","
    "\"unit\":\"percent\",\"target\":99.5}]}";

HF_TEST(what_no_shipped_pathway_has_comes_back_too)
{
	struct hf_buf there = {0}, back = {0}, again = {0};
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};
	enum hf_rc rc;

	export("odd", hf_sv_from(odd), &there);
	check_valid("odd", hf_buf_view(&there));
	rc = hf_pd_import(hf_buf_view(&there), NULL, &arena, &issues, &back, &err);
	show("odd", &issues);
	assert_int_equal(rc, HF_OK);
	export("back", hf_buf_view(&back), &again);
	assert_true(hf_sv_eq(hf_buf_view(&there), hf_buf_view(&again)));
	hf_buf_char(&there, '\0');
	/* A FHIR id has no underscore; the address and the identifier keep it. */
	assert_non_null(strstr(there.p, "\"id\":\"odd-one\""));
	assert_non_null(strstr(there.p, "ActivityDefinition/odd_one-t_1"));
	/* One number and unit is an offset; a day and 12 hours are two. */
	assert_non_null(strstr(there.p, "\"offsetDuration\":{\"value\":90,"));
	assert_non_null(strstr(there.p, "\"code\":\"min\""));
	assert_non_null(strstr(there.p, "\"timingDuration\":{\"value\":1,"));
	hf_buf_free(&there);
	hf_buf_free(&back);
	hf_buf_free(&again);
}

HF_TEST(a_document_that_is_wrong_is_not_exported)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf out = {0};
	struct hf_err err = {0};

	assert_int_equal(hf_pd_export("x", HF_SV("{\"id\":\"x\"}"), NULL, &arena,
				      &issues, &out, &err),
			 HF_INVALID);
	assert_true(issues.errors > 0);
	assert_int_equal(out.n, 0);
	hf_buf_free(&out);
}

/* One change to the Bundle of the odd one, and the finding it brings. */
static const struct {
	const char *from, *to, *path, *says;
} mistakes[] = {
    {"\"text/fhirpath\",\"expression\":\"%n = 0\"",
     "\"text/cql\",\"expression\":\"%n = 0\"",
     "action[1].action[0].extension[0].extension[2].valueExpression",
     "an expression in text/fhirpath"},
    {"\"named-event\"", "\"periodic\"", "action[0].action[0]",
     "a trigger of the type named-event"},
    {"\"name\":\"back\"}",
     "\"name\":\"gone\"},{\"type\":\"named-event\",\"name\":\"x\"}",
     "action[0].action[1].trigger", "one only"},
    /* What the reader of pathways finds is told of the element. */
    {"\"url\":\"to\",\"valueCode\":\"b\"", "\"url\":\"to\",\"valueCode\":\"c\"",
     "Bundle.entry[0].resource.action[0].action[0]", "there is no state \"c\""},
    {"{\"url\":\"kind\",\"valueCode\":\"wait\"}",
     "{\"url\":\"kind\",\"valueCode\":\"weight\"}", "extension[5]",
     "\"kind\" is start"},
    {"{\"url\":\"kind\",\"valueCode\":\"wait\"}",
     "{\"url\":\"kind\",\"valueString\":\"wait\"}", "extension[5].extension[1]",
     "valueCode is needed"},
    {"{\"url\":\"kind\",\"valueCode\":\"wait\"}",
     "{\"url\":\"sort\",\"valueCode\":\"wait\"}", "extension[5].extension[1]",
     "no place for this"},
    {"\"value\":90,", "\"value\":91,",
     "action[1].action[0].relatedAction[1].offsetDuration", "another duration"},
    {"\"value\":90,", "\"value\":90.5,", "relatedAction[1].offsetDuration",
     "a whole number"},
    {"\"definitionCanonical\":\"https://homefirst.example/ActivityDefinition/"
     "odd_one-t_1|2\"}]}",
     "\"definitionCanonical\":\"https://homefirst.example/ActivityDefinition/x\"}]}",
     "action[2].action[0]", "is not in the Bundle"},
    {"\"kind\":\"Task\"", "\"kind\":\"Task\",\"priority\":\"stat\"",
     "Bundle.entry[1].resource.priority", "no place for this"},
    {"\"status\":\"active\",\"extension\"",
     "\"status\":\"active\",\"goal\":[{\"description\":{\"text\":\"x\"}}],"
     "\"extension\"",
     "Bundle.entry[0].resource.goal", "no place for this"},
    {"pathway-part\",\"code\":\"clocks\"", "pathway-part\",\"code\":\"watches\"",
     "action[1]", "actions are steps, clocks"},
    {"pathway-role\",\"code\":\"q\"}]}},", "pathway-roles\",\"code\":\"q\"}]}},",
     "action[0].action[0].participant[0]", "a code of"},
    {"\"id\":\"step-s\"", "\"id\":\"s\"", "action[0].action[0]", "\"step-ID\""},
    {"depends-on\",\"resource\":\"https://homefirst.example/Questionnaire/f",
     "depends-on\",\"resource\":\"https://other.example/f",
     "Bundle.entry[1].resource.relatedArtifact[0]", "a form is"},
    {"\"resourceType\":\"ActivityDefinition\"", "\"resourceType\":\"Nothing\"",
     "resource", ""},
    {"\"valueRange\"", "\"valueQuantity\"", "useContext[0].value",
     "has no element low"},
};

HF_TEST(each_mistake_is_named_by_its_element)
{
	struct hf_buf there = {0};

	export("odd", hf_sv_from(odd), &there);
	hf_buf_char(&there, '\0');
	for (size_t i = 0; i < HF_COUNT(mistakes); i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_buf bad = {0}, out = {0};
		const char *at = strstr(there.p, mistakes[i].from);
		struct hf_err err = {0};
		bool found = false;

		if (!at)
			print_error("mistake %zu is not there\n", i);
		assert_non_null(at);
		hf_buf_add(&bad, there.p, (size_t)(at - there.p));
		hf_buf_sv(&bad, hf_sv_from(mistakes[i].to));
		hf_buf_sv(&bad, hf_sv_from(at + strlen(mistakes[i].from)));
		assert_int_equal(
		    hf_pd_import(hf_buf_view(&bad), NULL, &arena, &issues, &out, &err),
		    HF_INVALID);
		for (size_t k = 0; k < issues.n && !found; k++)
			found = strstr(hf_arena_cstr(&arena, issues.items[k].path),
				       mistakes[i].path) &&
				strstr(hf_arena_cstr(&arena, issues.items[k].text),
				       mistakes[i].says);
		if (!found) {
			print_error("mistake %zu:\n", i);
			show("found", &issues);
		}
		assert_true(found);
		hf_buf_free(&bad);
		hf_buf_free(&out);
	}
	hf_buf_free(&there);
}

HF_TEST(what_is_no_plan_is_refused)
{
	static const char *const texts[] = {
	    "", "[]", "{\"resourceType\":\"Patient\"}",
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}",
	    "{\"resourceType\":\"PlanDefinition\",\"status\":\"draft\"}"};

	for (size_t i = 0; i < HF_COUNT(texts); i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_buf out = {0};
		struct hf_err err = {0};

		assert_int_equal(hf_pd_import(hf_sv_from(texts[i]), NULL, &arena,
					      &issues, &out, &err),
				 HF_INVALID);
		hf_buf_free(&out);
	}
}

HF_TEST(what_does_not_fit_is_said)
{
	struct hf_arena small = {.cap = 4096};
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf out = {.cap = 100};
	struct hf_err err = {0};

	assert_int_equal(
	    hf_pd_export("odd", hf_sv_from(odd), NULL, &arena, &issues, &out, &err),
	    HF_TOO_LONG);
	assert_int_equal(
	    hf_pd_export("odd", hf_sv_from(odd), NULL, &small, &issues, &out, &err),
	    HF_TOO_LONG);
	hf_arena_free(&small);
	hf_buf_free(&out);
}

HF_TEST_MAIN("pathway/plan", cmocka_unit_test(what_comes_back_is_the_same_pathway),
	     cmocka_unit_test(what_no_shipped_pathway_has_comes_back_too),
	     cmocka_unit_test(a_document_that_is_wrong_is_not_exported),
	     cmocka_unit_test(each_mistake_is_named_by_its_element),
	     cmocka_unit_test(what_is_no_plan_is_refused),
	     cmocka_unit_test(what_does_not_fit_is_said))

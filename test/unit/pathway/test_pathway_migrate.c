/* Running instances and a new version: nobody is stranded without being told. */
#include "test/hf_test.h"
#include "base/rng.h"
#include "pathway/migrate.h"

static struct hf_arena arena = {.cap = (size_t)512 << 20};

/* a -go-> b -on-> c -stop-> z, with a clock from go to stop that c pauses. */
#define DOC(version, b, on, clock, limit, paused)                                      \
	"{\"id\":\"p\",\"version\":\"" version "\",\"title\":\"P\",\"status\":"        \
	"\"draft\",\"roles\":[],\"states\":[{\"id\":\"a\",\"kind\":\"start\"},"        \
	"{\"id\":\"" b "\",\"kind\":\"normal\"},{\"id\":\"c\",\"kind\":\"wait\"},"     \
	"{\"id\":\"z\",\"kind\":\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s1\","   \
	"\"in\":\"a\",\"on\":\"go\",\"to\":\"" b "\"},{\"id\":\"s2\",\"in\":\"" b      \
	"\",\"on\":\"" on "\",\"to\":\"c\"},{\"id\":\"s3\",\"in\":\"c\",\"on\":"       \
	"\"stop\",\"to\":\"z\"}],\"clocks\":[{\"id\":\"" clock                         \
	"\",\"start\":\"go\",\"stop\":\"stop\",\"limit\":\"" limit "\"" paused         \
	",\"marks\":[{\"id\":\"half\",\"at\":0.5,\"do\":\"alert:x\"}]}]}"

#define PAUSED ",\"pausedIn\":\"c\""

static const char old_text[] = DOC("1", "b", "on", "k", "PT2H", PAUSED);
static const char renamed_text[] = DOC("2", "bb", "onwards", "kk", "PT2H", PAUSED);
static const hf_time noon = 1767268800000;

static struct hf_pathway *
load(struct hf_sv text)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pathway *p = NULL;
	struct hf_err err = {0};

	hf_pathway_load("x", text, NULL, &arena, &issues, &p, &err);
	for (size_t i = 0; i < issues.n && !p; i++)
		print_error("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			    HF_SV_ARG(issues.items[i].text));
	assert_non_null(p);
	return p;
}

/* Findings as lines "path: text". */
static enum hf_rc
check(const struct hf_pathway *from, const struct hf_pathway *to, const char *rules,
      struct hf_pw_migration *m, struct hf_buf *found)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_err err = {0};
	enum hf_rc rc = hf_pw_migrate_check(from, to, "r", hf_sv_from(rules), &arena,
					    &issues, m, &err);

	found->n = 0;
	for (size_t i = 0; i < issues.n; i++)
		hf_buf_printf(found, "%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			      HF_SV_ARG(issues.items[i].text));
	hf_buf_char(found, '\0');
	assert_int_equal(rc, issues.errors ? HF_INVALID : HF_OK);
	return rc;
}

static void
fire(const struct hf_pathway *p, struct hf_pw_instance *in, const char *event,
     hf_time at)
{
	static const struct hf_pw_facts none = {.age = -1};
	struct hf_pw_asked a = {
	    .event = hf_pw_event(p, hf_sv_from(event)), .at = at, .facts = &none};
	struct hf_pw_effects effects;
	struct hf_err err;

	assert_int_equal(hf_pw_fire(p, in, &a, &arena, &effects, &err), HF_OK);
}

static void
begin(const struct hf_pathway *p, struct hf_pw_instance *in)
{
	static const struct hf_pw_facts none = {.age = -1};
	struct hf_pw_asked a = {.at = noon, .facts = &none};
	struct hf_pw_effects effects;
	struct hf_err err;

	assert_int_equal(hf_pw_begin(p, &a, &arena, in, &effects, &err), HF_OK);
}

HF_TEST(what_is_gone_strands_instances_unless_a_rule_says_where_they_go)
{
	static const char rules[] =
	    "{\"pathway\":\"p\",\"from\":\"1\",\"to\":\"2\",\"states\":{\"b\":\"bb\"},"
	    "\"events\":{\"on\":\"onwards\"},\"clocks\":{\"k\":\"kk\"}}";
	struct hf_pathway *a = load(hf_sv_from(old_text)),
			  *b = load(hf_sv_from(renamed_text));
	struct hf_pw_migration m;
	struct hf_buf found = {0};

	assert_int_equal(check(a, b, "", &m, &found), HF_INVALID);
	assert_non_null(
	    strstr(found.p, "instances in the state \"b\" would be stranded"));
	assert_non_null(strstr(found.p, "instances that had the event \"on\""));
	assert_non_null(strstr(found.p, "the clock \"k\" of instances would be lost"));
	assert_null(strstr(found.p, "\"c\""));
	assert_int_equal(check(a, b, rules, &m, &found), HF_OK);
	assert_string_equal(found.p, "");
	/* What ends has no one running in it. */
	assert_int_equal(
	    check(b, a,
		  "{\"from\":\"2\",\"to\":\"1\",\"states\":{\"bb\":\"b\"},"
		  "\"events\":{\"onwards\":null},\"clocks\":{\"kk\":null}}",
		  &m, &found),
	    HF_OK);
	hf_buf_free(&found);
	hf_pathway_free(a);
	hf_pathway_free(b);
}

HF_TEST(a_rule_that_is_wrong_is_named_with_its_line)
{
	static const struct {
		const char *rules, *says;
	} cases[] = {
	    {"{\"from\":\"1\",\n\"to\":\"3\"}", "r:1: these rules lead to 3, not to 2"},
	    {"{\"from\":\"9\",\"to\":\"2\"}", "begin with 9"},
	    {"{\"pathway\":\"q\",\"from\":\"1\",\"to\":\"2\"}", "the pathway q"},
	    {"{\"from\":\"1\",\"to\":\"2\",\n\"states\":{\"y\":\"bb\"}}",
	     "r:2: 1 has no state \"y\""},
	    {"{\"from\":\"1\",\"to\":\"2\",\n\"states\":{\"b\":\"y\"}}",
	     "r:2: the id of a state of 2"},
	    {"{\"from\":\"1\",\"to\":\"2\",\"states\":{\"b\":null}}",
	     "the id of a state of 2"},
	    {"{\"from\":\"1\",\"to\":\"2\",\"events\":{\"on\":7}}",
	     "the id of an event of 2 is needed here, or null"},
	    {"{\"from\":\"1\",\"to\":\"2\",\"states\":{\"b\":\"z\"}}",
	     "would come to an end"},
	    {"{\"from\":\"1\",\"to\":\"2\",\"roles\":{}}", "no member \"roles\""},
	    {"[", "r: "},
	};
	struct hf_pathway *a = load(hf_sv_from(old_text)),
			  *b = load(hf_sv_from(renamed_text));
	struct hf_pw_migration m;
	struct hf_buf found = {0};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_int_equal(check(a, b, cases[i].rules, &m, &found), HF_INVALID);
		if (!strstr(found.p, cases[i].says))
			print_error("case %zu: %s\n", i, found.p);
		assert_non_null(strstr(found.p, cases[i].says));
	}
	assert_int_equal(check(a, a, "", &m, &found), HF_INVALID);
	assert_non_null(strstr(found.p, "both are version 1"));
	hf_buf_free(&found);
	hf_pathway_free(a);
	hf_pathway_free(b);
}

HF_TEST(another_limit_is_told_and_those_that_run_keep_theirs)
{
	static const char text[] = DOC("2", "b", "on", "k", "PT3H", PAUSED);
	struct hf_pathway *a = load(hf_sv_from(old_text)), *b = load(hf_sv_from(text));
	struct hf_pw_instance in, out;
	struct hf_pw_migration m;
	struct hf_buf found = {0};

	assert_int_equal(check(a, b, "", &m, &found), HF_OK);
	assert_non_null(strstr(found.p, "the clock \"k\" has another limit now"));
	begin(a, &in);
	fire(a, &in, "go", noon);
	assert_int_equal(hf_pw_migrate(&m, &in, noon + 60000, &out, NULL), HF_OK);
	assert_int_equal(out.runs[0].due, noon + 2 * 3600000);
	hf_buf_free(&found);
	hf_pathway_free(a);
	hf_pathway_free(b);
}

/* 1 of 2 hours gone, paused for an hour: the new version has the clock under another
 * name and does not pause it there. */
HF_TEST(an_instance_goes_on_where_it_was)
{
	static const char text[] = DOC("2", "bb", "onwards", "kk", "PT2H", "");
	static const char rules[] =
	    "{\"from\":\"1\",\"to\":\"2\",\"states\":{\"b\":\"bb\"},"
	    "\"events\":{\"on\":\"onwards\"},\"clocks\":{\"k\":\"kk\"}}";
	struct hf_pathway *a = load(hf_sv_from(old_text)), *b = load(hf_sv_from(text));
	const hf_time hour = 3600000;
	struct hf_pw_instance in, out, ended;
	struct hf_pw_migration m;
	struct hf_pw_effects effects = {0};
	struct hf_buf found = {0};
	struct hf_err err = {0};

	assert_int_equal(check(a, b, rules, &m, &found), HF_OK);
	begin(a, &in);
	fire(a, &in, "go", noon);
	fire(a, &in, "on", noon + hour);
	assert_int_equal(in.runs[0].state, HF_RUN_PAUSED);
	assert_int_equal(hf_pw_migrate(&m, &in, noon + 2 * hour, &out, &err), HF_OK);
	assert_string_equal(b->states[out.state].id, "c");
	assert_int_equal(out.event_at[hf_pw_event(b, HF_SV("onwards"))], noon + hour);
	assert_int_equal(out.n_runs, 1);
	assert_string_equal(b->clocks[out.runs[0].clock].id, "kk");
	assert_int_equal(out.runs[0].state, HF_RUN_RUNNING);
	assert_int_equal(out.runs[0].start, noon);
	assert_int_equal(out.runs[0].paused_ms, hour);
	assert_int_equal(out.runs[0].due, noon + 3 * hour);
	/* The mark at half of it fired before; it does not again. */
	hf_pw_tick(b, &out, noon + 3 * hour, &effects);
	assert_int_equal(effects.n, 0);
	hf_pw_tick(b, &out, noon + 3 * hour + 1, &effects);
	assert_int_equal(effects.n, 1);
	assert_int_equal(effects.items[0].kind, HF_PW_BREACHED);
	fire(b, &out, "stop", noon + 4 * hour);
	assert_true(out.ended);
	/* It has ended and stays where it is. */
	ended = out;
	assert_int_equal(hf_pw_migrate(&m, &out, noon + 5 * hour, &in, &err), HF_RULE);
	assert_memory_equal(&ended, &out, sizeof out);
	hf_buf_free(&found);
	hf_pathway_free(a);
	hf_pathway_free(b);
}

/* A version that differs by its number alone changes no instance, wherever it is. */
HF_TEST(a_new_number_alone_changes_no_instance)
{
	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		struct hf_pathway *a = load(hf_pathways_builtin[i].text), b = *a;
		struct hf_pw_migration m;
		struct hf_buf found = {0};
		struct hf_rng rng;

		b.version = "9.9.9";
		hf_rng_seed(&rng, 1, i);
		assert_int_equal(check(a, &b, "", &m, &found), HF_OK);
		for (int round = 0; round < 50; round++) {
			struct hf_pw_facts facts = {.age = 80};
			struct hf_pw_asked asked = {
			    .at = noon, .roles = UINT64_MAX, .facts = &facts};
			struct hf_pw_effects effects;
			struct hf_pw_instance in, out;
			struct hf_err err;

			hf_pw_begin(a, &asked, &arena, &in, &effects, &err);
			for (int n = 0; n < 60 && !in.ended; n++) {
				asked.event =
				    (int)hf_rng_below(&rng, (uint32_t)a->n_events);
				asked.at += 600000;
				hf_pw_fire(a, &in, &asked, &arena, &effects, &err);
				if (in.ended)
					break;
				assert_int_equal(
				    hf_pw_migrate(&m, &in, asked.at, &out, &err),
				    HF_OK);
				assert_memory_equal(&in, &out, sizeof in);
			}
		}
		hf_buf_free(&found);
		hf_pathway_free(a);
		hf_arena_reset(&arena);
	}
}

HF_TEST_MAIN(
    "pathway/migrate",
    cmocka_unit_test(what_is_gone_strands_instances_unless_a_rule_says_where_they_go),
    cmocka_unit_test(a_rule_that_is_wrong_is_named_with_its_line),
    cmocka_unit_test(another_limit_is_told_and_those_that_run_keep_theirs),
    cmocka_unit_test(an_instance_goes_on_where_it_was),
    cmocka_unit_test(a_new_number_alone_changes_no_instance))

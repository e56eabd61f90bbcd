/* The engine: laws that hold for whatever happens, and what its readers promise. */
#include "test/hf_test.h"
#include "base/rng.h"
#include "pathway/pathway.h"

static struct hf_arena arena = {.cap = 256 << 20};

static const struct hf_definition_text *
text_of(const struct hf_definition_text *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static struct hf_pathway *
load(const char *name)
{
	const struct hf_definition_text *t =
	    text_of(hf_pathways_builtin, hf_n_pathways_builtin, name);
	struct hf_issues issues = {.arena = &arena};
	struct hf_pathway *p = NULL;
	struct hf_err err = {0};

	assert_non_null(t);
	if (hf_pathway_load(name, t->text, NULL, &arena, &issues, &p, &err) != HF_OK)
		for (size_t i = 0; i < issues.n; i++)
			print_error("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
				    HF_SV_ARG(issues.items[i].text));
	assert_non_null(p);
	return p;
}

/* Every shipped definition is in order without a warning, its cases pass, and they
 * take every step. */
HF_TEST(every_definition_is_in_order_and_its_cases_pass)
{
	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		const char *name = hf_pathways_builtin[i].name;
		const struct hf_definition_text *cases =
		    text_of(hf_pathway_cases_builtin, hf_n_pathway_cases_builtin, name);
		struct hf_issues issues = {.arena = &arena};
		struct hf_pw_case_report report;
		struct hf_pathway *p = NULL;
		struct hf_err err = {0};

		assert_int_equal(hf_pathway_load(name, hf_pathways_builtin[i].text,
						 NULL, &arena, &issues, &p, &err),
				 HF_OK);
		assert_non_null(cases);
		hf_pw_cases(p, name, cases->text, &arena, &issues, &report, &err);
		for (size_t k = 0; k < issues.n; k++)
			print_error("%.*s: %.*s\n", HF_SV_ARG(issues.items[k].path),
				    HF_SV_ARG(issues.items[k].text));
		assert_int_equal(issues.n, 0);
		assert_true(report.cases > 0);
		for (size_t s = 0; s < p->n_steps; s++) {
			if (!(report.covered[s / 64] >> s % 64 & 1))
				print_error("%s: no case takes the step %s\n", name,
					    p->steps[s].id);
			assert_true(report.covered[s / 64] >> s % 64 & 1);
		}
		hf_pathway_free(p);
	}
}

/* A case that expects something else fails with its line. */
HF_TEST(a_case_that_does_not_come_true_is_named)
{
	static const char text[] =
	    "{\"pathway\":\"referral\",\"cases\":[{\"title\":\"t\",\"at\":"
	    "\"2026-06-01T09:00:00Z\",\"when\":[\n{\"on\":\"submit\",\"by\":"
	    "\"call-handler\",\"facts\":{\"channel\":\"phone\"},\"state\":\"accepted\","
	    "\"actions\":[\"x:y\"]}]}]}";
	struct hf_issues issues = {.arena = &arena};
	struct hf_pw_case_report report;
	struct hf_pathway *p = load("referral.json");
	struct hf_err err;

	assert_int_equal(
	    hf_pw_cases(p, "c", hf_sv_from(text), &arena, &issues, &report, &err),
	    HF_INVALID);
	assert_int_equal(report.failed, 1);
	assert_int_equal(issues.n, 2);
	assert_sv_equal(issues.items[0].path, "c:2");
	assert_sv_equal(issues.items[0].text, "the state is received, not accepted");
	hf_pathway_free(p);
}

/* ---- whatever happens ---- */

struct happening {
	int event;
	hf_time at;
	hf_pw_set roles;
	struct hf_pw_facts facts;
};

/* A value of a fact that its type allows, or not known. */
static void
random_facts(const struct hf_pathway *p, struct hf_rng *rng, struct hf_pw_facts *f)
{
	f->age = 80;
	for (size_t i = 0; i < p->n_facts; i++) {
		const struct hf_pw_fact *fact = &p->facts[i];

		if (hf_rng_below(rng, 4) == 0)
			f->known &= ~((hf_pw_set)1 << i);
		else
			f->known |= (hf_pw_set)1 << i;
		f->values[i] =
		    (struct hf_pv){.kind = HF_PV_BOOL, .b = hf_rng_below(rng, 3) != 0};
		if (fact->kind == HF_PW_CODE)
			f->values[i] =
			    (struct hf_pv){.kind = HF_PV_STRING,
					   .text = hf_sv_from(fact->codes[hf_rng_below(
					       rng, (uint32_t)fact->n_codes)])};
		if (fact->kind == HF_PW_INTEGER)
			f->values[i] = (struct hf_pv){
			    .kind = HF_PV_INT, .i = fact->min + hf_rng_below(rng, 10)};
	}
}

static void
check_sound(const struct hf_pathway *p, const struct hf_pw_instance *in)
{
	assert_true(in->state < p->n_states);
	assert_int_equal(in->ended, p->states[in->state].kind == HF_PW_END);
	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *r = &in->runs[i];

		/* A clock that has stopped has one end; an instance that has ended has
		 * none that runs; late is breached and met is not. */
		assert_int_equal(r->stopped != 0, r->state > HF_RUN_PAUSED);
		assert_true(!in->ended || r->state > HF_RUN_PAUSED);
		assert_true(r->state != HF_RUN_LATE || r->breached);
		assert_true(r->state != HF_RUN_MET || !r->breached);
		assert_true(r->stopped == 0 || r->stopped >= r->start);
		assert_true(r->paused_ms >= 0);
		for (size_t k = i + 1; k < in->n_runs; k++)
			assert_false(in->runs[k].clock == r->clock &&
				     r->state <= HF_RUN_PAUSED &&
				     in->runs[k].state <= HF_RUN_PAUSED);
	}
}

static void
check_effects(const struct hf_pw_effects *e, size_t stopped[HF_PW_RUNS])
{
	hf_time last = HF_TIME_MIN;
	bool moved = false; /* after that a clock may count from an earlier event */

	for (size_t i = 0; i < e->n; i++) {
		const struct hf_pw_effect *x = &e->items[i];

		moved = moved || x->kind == HF_PW_MOVED;
		assert_true(x->at >= last || moved);
		last = x->at;
		if (x->kind == HF_PW_CLOCK_STOPPED || x->kind == HF_PW_CLOCK_ENDED ||
		    x->kind == HF_PW_CLOCK_SUPERSEDED)
			assert_int_equal(++stopped[x->run], 1); /* never twice */
		if (x->kind == HF_PW_CLOCK_STARTED)
			stopped[x->run] = 0;
	}
}

static void
run_story(const struct hf_pathway *p, uint64_t seed)
{
	enum { EVENTS = 120 };
	static struct happening done[EVENTS];
	struct hf_rng rng;
	struct hf_arena scratch = {.cap = 1 << 20};
	struct hf_pw_instance in, before, again;
	struct hf_pw_effects effects;
	size_t n_done = 0, stopped[HF_PW_RUNS] = {0};
	struct hf_pw_facts facts = {.age = 80};
	struct hf_pw_asked a = {.at = 1780300800000 + (hf_time)(seed * 7919000),
				.facts = &facts};

	hf_rng_seed(&rng, seed, 1);
	hf_pw_begin(p, &a, &scratch, &in, &effects, NULL);
	check_effects(&effects, stopped);
	for (size_t i = 0; i < EVENTS && !in.ended; i++) {
		struct hf_err err = {0};
		enum hf_rc rc;

		random_facts(p, &rng, &facts);
		a.at += hf_rng_below(&rng, 7200000);
		a.event = (int)hf_rng_below(&rng, (uint32_t)p->n_events);
		a.roles = hf_rng_u64(&rng);
		before = in;
		hf_arena_reset(&scratch);
		rc = hf_pw_fire(p, &in, &a, &scratch, &effects, &err);
		if (rc != HF_OK) {
			assert_int_equal(rc, HF_RULE);
			assert_true(err.text[0] != '\0');
			assert_memory_equal(&before, &in, sizeof in);
			continue;
		}
		done[n_done++] = (struct happening){a.event, a.at, a.roles, facts};
		check_effects(&effects, stopped);
		check_sound(p, &in);
		assert_true(hf_pw_next(p, &in) > a.at);
	}
	/* The same events give the same instance. */
	facts = (struct hf_pw_facts){.age = 80};
	a.at = 1780300800000 + (hf_time)(seed * 7919000);
	hf_pw_begin(p, &a, &scratch, &again, &effects, NULL);
	for (size_t i = 0; i < n_done; i++) {
		struct hf_pw_asked b = {.event = done[i].event,
					.at = done[i].at,
					.roles = done[i].roles,
					.facts = &done[i].facts};

		hf_arena_reset(&scratch);
		assert_int_equal(hf_pw_fire(p, &again, &b, &scratch, &effects, NULL),
				 HF_OK);
	}
	assert_memory_equal(&again, &in, sizeof in);
	hf_arena_free(&scratch);
}

HF_TEST(no_sequence_of_events_loses_one_or_stops_a_clock_twice)
{
	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		struct hf_pathway *p = load(hf_pathways_builtin[i].name);

		for (uint64_t seed = 1; seed <= 300; seed++)
			run_story(p, seed);
		hf_pathway_free(p);
	}
}

/* A tick by small steps and one over all of the time do the same. */
HF_TEST(time_fires_the_same_in_many_ticks_and_in_one)
{
	struct hf_pathway *p = load("referral.json");
	struct hf_arena scratch = {.cap = 1 << 20};
	struct hf_pw_facts facts = {.age = 80};
	struct hf_pw_effects effects, all = {.n = 0}, once = {.n = 0};
	struct hf_pw_instance in, slow, fast;
	struct hf_pw_asked a = {.at = 1780300800000, .facts = &facts};
	int channel = hf_pw_fact(p, HF_SV("channel"));
	int asked = hf_pw_fact(p, HF_SV("urgencyAsked"));

	facts.values[channel] =
	    (struct hf_pv){.kind = HF_PV_STRING, .text = HF_SV("phone")};
	facts.values[asked] = (struct hf_pv){.kind = HF_PV_STRING, .text = HF_SV("U1")};
	facts.known = (hf_pw_set)1 << channel | (hf_pw_set)1 << asked;
	hf_pw_begin(p, &a, &scratch, &in, &effects, NULL);
	a.event = hf_pw_event(p, HF_SV("submit"));
	a.roles = ~(hf_pw_set)0;
	assert_int_equal(hf_pw_fire(p, &in, &a, &scratch, &effects, NULL), HF_OK);
	slow = fast = in;
	for (hf_time t = a.at; t <= a.at + 4 * 3600000; t += 7777)
		hf_pw_tick(p, &slow, t, &all);
	hf_pw_tick(p, &fast, a.at + 4 * 3600000, &once);
	assert_int_equal(all.n, once.n);
	for (size_t i = 0; i < all.n; i++) {
		assert_int_equal(all.items[i].kind, once.items[i].kind);
		assert_true(all.items[i].at == once.items[i].at);
		assert_string_equal(all.items[i].what, once.items[i].what);
	}
	assert_memory_equal(&slow, &fast, sizeof slow);
	/* What is due is told before, and nothing is due after all of it. */
	assert_true(hf_pw_next(p, &in) < a.at + 15 * 60000);
	assert_true(hf_pw_next(p, &fast) == HF_TIME_MAX);
	hf_arena_free(&scratch);
	hf_pathway_free(p);
}

/* ---- what is wrong with a definition is found ---- */

#define HEAD                                                                           \
	"{\"id\":\"x\",\"version\":\"1\",\"title\":\"X\",\"status\":\"draft\","        \
	"\"roles\":[\"r\"],\n"

HF_TEST(each_mistake_is_found_with_its_line)
{
	static const struct {
		const char *text, *path, *says;
	} cases[] = {
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},\n{\"id\":\"lost\","
	     "\"kind\":\"normal\"},{\"id\":\"z\",\"kind\":\"end\",\"exit\":\"e\"}],"
	     "\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":\"go\",\"to\":\"z\"},"
	     "{\"id\":\"t\",\"in\":\"lost\",\"on\":\"go\",\"to\":\"z\"}]}",
	     "x:3", "no step leads to the state \"lost\""},
	    {HEAD "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},\n{\"id\":\"deep\","
		  "\"kind\":\"wait\"},{\"id\":\"z\",\"kind\":\"end\",\"exit\":\"e\"}],"
		  "\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":\"go\",\"to\":\"z\"},"
		  "{\"id\":\"t\",\"in\":\"a\",\"on\":\"sink\",\"to\":\"deep\"}]}",
	     "x:3", "no end can be reached from the state \"deep\""},
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"z\",\"kind\":"
	     "\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":"
	     "\"go\",\"by\":\"q\",\"to\":\"z\"}]}",
	     "x:2", "the role \"q\" is none of"},
	    {HEAD
	     "\"facts\":[{\"id\":\"n\",\"type\":\"integer\",\"min\":0,\"max\":9}],"
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"z\",\"kind\":"
	     "\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":"
	     "\"go\",\"when\":\"%n >= 5\",\"to\":\"z\"},\n{\"id\":\"t\",\"in\":\"a\","
	     "\"on\":\"go\",\"when\":\"%n <= 5\",\"to\":\"a\"}]}",
	     "x:3", "can both be taken, with %n = 5"},
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"z\",\"kind\":"
	     "\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":"
	     "\"go\",\"when\":\"%m > 1\",\"to\":\"z\"}]}",
	     "x:2", "no such %variable"},
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"z\",\"kind\":"
	     "\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":"
	     "\"go\",\"do\":\"task:none\",\"to\":\"z\"}]}",
	     "x:2", "there is no task \"none\""},
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"b\",\"kind\":"
	     "\"normal\"},{\"id\":\"z\",\"kind\":\"end\",\"exit\":\"e\"}],\"steps\":["
	     "{\"id\":\"s\",\"in\":\"a\",\"on\":\"go\",\"to\":\"b\"},{\"id\":\"t\","
	     "\"in\":\"a\",\"on\":\"halt\",\"to\":\"z\"},{\"id\":\"u\",\"in\":\"b\","
	     "\"on\":\"end\",\"to\":\"z\"}],\n\"clocks\":[{\"id\":\"k\",\"start\":"
	     "\"go\",\"stop\":\"halt\",\"limit\":\"PT1H\"}]}",
	     "x:3", "can never be stopped"},
	    {HEAD
	     "\"states\":[{\"id\":\"a\",\"kind\":\"start\"},{\"id\":\"z\",\"kind\":"
	     "\"end\",\"exit\":\"e\"}],\"steps\":[{\"id\":\"s\",\"in\":\"a\",\"on\":"
	     "\"go\",\"to\":\"z\"}],\n\"clocks\":[{\"id\":\"k\",\"start\":\"a\","
	     "\"stop\":\"go\",\"limit\":\"2 hours\"}]}",
	     "x:3", "\"limit\" is a duration"},
	    {"{\"id\":\"x\",\"version\":\"1\",\"title\":\"X\",\"status\":\"active\","
	     "\"roles\":[],\"states\":[],\"steps\":[]}",
	     "x:1", "by whom and on which date"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_pathway *p = NULL;
		struct hf_err err;
		bool found = false;

		assert_int_equal(hf_pathway_load("x", hf_sv_from(cases[i].text), NULL,
						 &arena, &issues, &p, &err),
				 HF_INVALID);
		assert_null(p);
		for (size_t k = 0; k < issues.n; k++)
			found = found ||
				(hf_sv_eq(issues.items[k].path,
					  hf_sv_from(cases[i].path)) &&
				 strstr(hf_arena_cstr(&arena, issues.items[k].text),
					cases[i].says));
		if (!found)
			print_error("case %zu: %.*s %.*s\n", i,
				    HF_SV_ARG(issues.items[0].path),
				    HF_SV_ARG(issues.items[0].text));
		assert_true(found);
	}
}

HF_TEST(a_difference_names_what_changed)
{
	const struct hf_definition_text *t =
	    text_of(hf_pathways_builtin, hf_n_pathways_builtin, "referral.json");
	struct hf_pathway *a = load("referral.json"), *b = NULL;
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf out = {.cap = 1 << 20}, copy = {.cap = 1 << 20};
	struct hf_err err;
	char *at;

	hf_pw_diff(a, a, &out);
	assert_int_equal(out.n, 0);
	hf_buf_sv(&copy, t->text);
	hf_buf_char(&copy, '\0');
	at = strstr(copy.p, "\"PT2H\"");
	assert_non_null(at);
	at[3] = '3';
	assert_int_equal(hf_pathway_load("b", (struct hf_sv){copy.p, copy.n - 1}, NULL,
					 &arena, &issues, &b, &err),
			 HF_OK);
	hf_pw_diff(a, b, &out);
	assert_sv_equal(hf_buf_view(&out),
			"~ clock C1: limit PT2H opening -> PT3H opening\n");
	hf_buf_free(&out);
	hf_buf_free(&copy);
	hf_pathway_free(a);
	hf_pathway_free(b);
}

HF_TEST(a_picture_names_every_state)
{
	struct hf_pathway *p = load("referral.json");
	struct hf_buf out = {.cap = 1 << 20};

	hf_pw_draw(p, &out);
	hf_buf_char(&out, '\0');
	assert_false(out.failed);
	for (size_t i = 0; i < p->n_states; i++)
		assert_non_null(strstr(out.p, p->states[i].title));
	hf_buf_free(&out);
	hf_pathway_free(p);
}

HF_TEST_MAIN("pathway/run",
	     cmocka_unit_test(every_definition_is_in_order_and_its_cases_pass),
	     cmocka_unit_test(a_case_that_does_not_come_true_is_named),
	     cmocka_unit_test(no_sequence_of_events_loses_one_or_stops_a_clock_twice),
	     cmocka_unit_test(time_fires_the_same_in_many_ticks_and_in_one),
	     cmocka_unit_test(each_mistake_is_found_with_its_line),
	     cmocka_unit_test(a_difference_names_what_changed),
	     cmocka_unit_test(a_picture_names_every_state))

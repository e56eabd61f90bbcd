/* test_synth_referral.c - the referrals of a synthetic place: that the hub would take
 * every one of them and every move, and that the day looks like a day. */
#include "synth/referral.h"

#include <stdlib.h>

#include "hub/event.h"
#include "hub/intake.h"
#include "hub/words.h"
#include "pathway/pathway.h"
#include "test/hf_test.h"
#include "walk.h"

/* Thursday, 1 October 2026, 14:30 in London. */
static const hf_time afternoon = (hf_time)1790861400000;
static const hf_time hour = 3600000, day = 86400000;

static struct hf_arena arena = {.cap = (size_t)256 << 20};

struct state {
	struct hf_synth_place *place;
	struct hf_synth_referrals *all;
	struct hf_pathway *p;
};

static struct hf_pathway *
pathway(void)
{
	struct hf_issues issues = {.arena = &arena};
	struct hf_pathway *p = NULL;

	for (size_t i = 0; i < hf_n_pathways_builtin; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0)
			assert_int_equal(hf_pathway_load("referral.json",
							 hf_pathways_builtin[i].text,
							 NULL, &arena, &issues, &p,
							 NULL),
					 HF_OK);
	assert_non_null(p);
	return p;
}

static struct state
begin(int64_t people, int64_t count, hf_time now, uint64_t seed)
{
	struct state s = {.place = walk_place(people, 10, 0, seed)};
	struct hf_err err;

	hf_arena_reset(&arena);
	assert_int_equal(hf_synth_referrals_new(s.place, count, now, &s.all, &err),
			 HF_OK);
	s.p = pathway();
	return s;
}

static void
end(struct state *s)
{
	hf_pathway_free(s->p);
	hf_synth_referrals_free(s->all);
	hf_synth_place_free(s->place);
	hf_arena_free(&arena);
}

static struct hf_synth_referral
make(struct state *s, size_t i, struct hf_arena *a)
{
	struct hf_synth_referral r;
	struct hf_err err;

	assert_int_equal(hf_synth_referral_make(s->all, i, a, &r, &err), HF_OK);
	return r;
}

static uint64_t
hash_all(struct state *s)
{
	struct hf_arena a = {.cap = 1 << 20};
	uint64_t h = 0;

	for (size_t i = 0; i < hf_synth_referrals_n(s->all); i++) {
		struct hf_synth_referral r = make(s, i, &a);

		h = walk_hash(h, r.intake);
		for (size_t k = 0; k < r.n; k++) {
			h = walk_hash(h, hf_sv_from(r.moves[k].event));
			h = walk_hash(h, r.moves[k].facts);
			h = walk_hash(h, (struct hf_sv){(const char *)&r.moves[k].at,
							sizeof(hf_time)});
		}
		hf_arena_reset(&a);
	}
	hf_arena_free(&a);
	return h;
}

HF_TEST(the_same_place_and_time_give_the_same_bytes_and_another_seed_others)
{
	struct state a = begin(3000, 300, afternoon, 7), b, c;
	uint64_t first = hash_all(&a), again, other;

	end(&a);
	b = begin(3000, 300, afternoon, 7);
	again = hash_all(&b);
	end(&b);
	c = begin(3000, 300, afternoon, 8);
	other = hash_all(&c);
	end(&c);
	assert_true(first == again);
	assert_true(first != other);
}

/* ---- intakes ---- */

static const char *
text_of(const struct hf_json *doc, const char *path)
{
	return hf_arena_cstr(&arena, walk_text(doc, path));
}

HF_TEST(every_intake_is_one_that_the_hub_can_read)
{
	struct state s = begin(20000, 735, afternoon, 1);
	size_t n = hf_synth_referrals_n(s.all), strangers = 0, phoned = 0, lacking = 0,
	       children = 0, crises = 0, dying = 0, safeguarding = 0, unsafe = 0,
	       interpreters = 0, measured = 0;

	for (size_t i = 0; i < n; i++) {
		struct hf_synth_referral r = make(&s, i, &arena);
		struct hf_issues issues = {.arena = &arena};
		struct hf_intake_gap gaps[HF_INTAKE_GAPS];
		struct hf_intake in;
		struct hf_json doc;
		struct hf_err err = {0};
		size_t gap, mandatory = 0;
		bool complete;

		assert_int_equal(hf_json_parse(r.intake, NULL, &arena, &doc, &err),
				 HF_OK);
		if (hf_intake_read(&doc, 0, &arena, &issues, &in, &err) != HF_OK)
			for (size_t k = 0; k < issues.n; k++)
				print_error("%.*s: %.*s\n%.*s\n",
					    HF_SV_ARG(issues.items[k].path),
					    HF_SV_ARG(issues.items[k].text),
					    HF_SV_ARG(r.intake));
		assert_int_equal(issues.n, 0);
		gap = hf_intake_gaps(&in, -1, gaps);
		for (size_t k = 0; k < gap; k++)
			mandatory += gaps[k].mandatory;
		complete = strstr(r.moves[0].facts.p, "\"complete\":true") != NULL;
		/* section 2.8 transition 1: only the telephone may leave out. */
		if (hf_sv_is(in.channel, "page") && (mandatory > 0 || !complete))
			print_error("%s: %.*s\n", mandatory ? gaps[0].item : "-",
				    HF_SV_ARG(r.intake));
		assert_true(!hf_sv_is(in.channel, "page") ||
			    (mandatory == 0 && complete));
		lacking += mandatory > 0;
		strangers += in.person.id.n == 0;
		phoned += hf_sv_is(in.channel, "phone");
		children += hf_sv_is(in.condition, "child-acute");
		crises += hf_sv_is(in.condition, "mental-health-crisis");
		dying += hf_sv_is(in.condition, "palliative-eol-crisis");
		safeguarding += !hf_sv_is(in.safeguarding, "none");
		unsafe += hf_sv_is(in.scene, "U");
		interpreters += in.interpreter_needed == 1;
		measured += in.n_news2 > 0;
		assert_true(hf_synth_referral_at(s.all, i) == r.moves[0].at);
	}
	assert_in_range(strangers, n * 4 / 100, n * 10 / 100);
	assert_in_range(phoned, n * 30 / 100, n * 65 / 100);
	assert_in_range(lacking, n * 5 / 100, n * 40 / 100);
	assert_in_range(children, n * 2 / 100, n * 8 / 100);
	assert_in_range(crises, n * 2 / 100, n * 8 / 100);
	assert_in_range(dying, n * 2 / 100, n * 9 / 100);
	assert_in_range(safeguarding, n * 3 / 100, n * 10 / 100);
	assert_in_range(unsafe, n * 1 / 100, n * 6 / 100);
	assert_in_range(interpreters, n * 3 / 100, n * 10 / 100);
	assert_in_range(measured, n * 45 / 100, n * 85 / 100);
	end(&s);
}

/* values that can be, and a total where all are there; who is said to be very
 * ill scores more than who is said to be well. */
HF_TEST(news2_goes_with_how_ill_somebody_is)
{
	struct state s = begin(20000, 735, afternoon, 1);
	struct hf_issues issues = {.arena = &arena};
	double total[2] = {0}, n[2] = {0};
	struct hf_score news2 = {0};

	for (size_t i = 0; i < hf_n_scores_builtin; i++)
		if (strcmp(hf_scores_builtin[i].name, "news2.json") == 0)
			assert_int_equal(hf_score_load("news2",
						       hf_scores_builtin[i].text,
						       &arena, &issues, &news2, NULL),
					 HF_OK);
	for (size_t i = 0; i < hf_synth_referrals_n(s.all); i++) {
		struct hf_synth_referral r = make(&s, i, &arena);
		struct hf_intake in;
		struct hf_json doc;
		int score, group;

		hf_json_parse(r.intake, NULL, &arena, &doc, NULL);
		hf_intake_read(&doc, 0, &arena, &issues, &in, NULL);
		assert_int_equal(hf_intake_news2(&in, &news2, 80, &score, NULL), HF_OK);
		if (score < 0)
			continue;
		group = hf_sv_is(in.condition, "palliative-eol-crisis") ? 1
			: hf_sv_is(in.condition, "fall")		? 0
									: -1;
		if (group >= 0) {
			total[group] += score;
			n[group]++;
		}
	}
	assert_true(n[0] > 10 && n[1] > 10);
	assert_true(total[1] / n[1] > total[0] / n[0] + 3);
	end(&s);
}

/* ---- moves ---- */

/* Which list a coded fact of an event is of; HF_HUB_LISTS: none. */
static enum hf_hub_list
list_of(const char *event, struct hf_sv fact)
{
	if (hf_sv_is(fact, "condition"))
		return HF_HUB_CONDITIONS;
	if (hf_sv_is(fact, "skills"))
		return HF_HUB_SKILLS;
	if (hf_sv_is(fact, "downgradeReason"))
		return HF_HUB_DOWNGRADES;
	if (!hf_sv_is(fact, "reason"))
		return HF_HUB_LISTS;
	return strcmp(event, "void") == 0	    ? HF_HUB_LISTS /* a text */
	       : strcmp(event, "reject") == 0	    ? HF_HUB_REJECTIONS
	       : strcmp(event, "team-decline") == 0 ? HF_HUB_DECLINES
						    : HF_HUB_CANCELLATIONS;
}

struct said {
	struct hf_sv value[HF_PW_FACTS]; /* JSON, of all that was said so far */
};

static void
look_up(const char *event, enum hf_hub_list list, struct hf_sv code)
{
	if (!hf_hub_word(list, code))
		print_error("%s: no code %.*s\n", event, HF_SV_ARG(code));
	assert_non_null(hf_hub_word(list, code));
}

/* The codes of a fact are of its list. */
static void
check_codes(const char *event, const struct hf_json *doc, uint32_t node)
{
	enum hf_hub_list list = list_of(event, hf_json_key(doc, node));

	if (list == HF_HUB_LISTS)
		return;
	if (hf_json_type(doc, node) == HF_JSON_STRING)
		look_up(event, list, hf_json_raw(doc, node));
	for (uint32_t c = node + 1; c < doc->nodes[node].next; c = doc->nodes[c].next)
		look_up(event, list, hf_json_raw(doc, c));
}

/* What was said becomes what guards ask: a code or text where the pathway asks for yes
 * or no is yes.  Some facts the hub finds out itself, so nobody says them. */
static void
take(struct said *said, const struct hf_pathway *p, const struct hf_synth_move *m,
     struct hf_pw_facts *facts, struct hf_arena *a)
{
	static const char *const found_out[] = {"duplicate", "capacity",
						"remoteAllowed"};
	struct hf_buf text = {0};
	struct hf_json doc;
	struct hf_err err = {0};
	char comma = '{';

	assert_int_equal(hf_json_parse(m->facts, NULL, a, &doc, &err), HF_OK);
	for (size_t i = 0; i < HF_COUNT(found_out); i++)
		said->value[hf_pw_fact(p, hf_sv_from(found_out[i]))] = HF_SV("true");
	for (uint32_t c = 1; c < doc.n; c = doc.nodes[c].next) {
		int fact = hf_pw_fact(p, hf_json_key(&doc, c));

		assert_true(fact >= 0);
		for (size_t i = 0; i < HF_COUNT(found_out); i++)
			assert_false(
			    hf_sv_eq(hf_json_key(&doc, c), hf_sv_from(found_out[i])));
		check_codes(m->event, &doc, c);
		said->value[fact] = hf_json_source(&doc, c);
		if (p->facts[fact].kind == HF_PW_BOOLEAN &&
		    hf_json_type(&doc, c) >= HF_JSON_STRING)
			said->value[fact] = HF_SV("true");
	}
	for (size_t i = 0; i < p->n_facts; i++) {
		if (said->value[i].n == 0)
			continue;
		hf_buf_printf(&text, "%c\"%s\":%.*s", comma, p->facts[i].id,
			      HF_SV_ARG(said->value[i]));
		comma = ',';
	}
	hf_buf_char(&text, '}');
	assert_int_equal(
	    hf_event_facts(p, hf_arena_sv(a, hf_buf_view(&text)), -1, a, facts, &err),
	    HF_OK);
	hf_buf_free(&text);
}

struct tally {
	size_t states[HF_PW_STATES], steps[HF_PW_STEPS];
	size_t open, breached, soon, late;
};

static void
count(struct tally *t, const struct hf_pathway *p, struct hf_pw_instance *in,
      hf_time now)
{
	struct hf_pw_effects effects;

	hf_pw_tick(p, in, now, &effects);
	t->states[in->state]++;
	t->open += !in->ended;
	for (size_t i = 0; i < in->n_runs; i++) {
		const struct hf_pw_run *run = &in->runs[i];
		bool triage = strcmp(p->clocks[run->clock].id, "C3") == 0;

		t->breached += run->breached;
		if (!triage || run->state != HF_RUN_RUNNING)
			continue;
		t->late += run->breached;
		t->soon += !run->breached && run->due < now + 15 * 60000;
	}
}

/* Fires every move in turn, as the hub would. */
static void
replay(struct state *s, size_t i, struct hf_arena *a, hf_time now, struct tally *t)
{
	struct hf_synth_referral r = make(s, i, a);
	struct hf_pw_instance in;
	struct hf_pw_effects effects;
	struct said said = {0};
	struct hf_hours hours = hf_hours_always;

	for (int d = 0; d < 7; d++)
		hours.week[d].spans[0] = (struct hf_open){8 * 60, 20 * 60};
	assert_true(r.n > 0);
	for (size_t k = 0; k < r.n; k++) {
		const struct hf_synth_move *m = &r.moves[k];
		struct hf_pw_facts facts;
		struct hf_err err = {0};
		int role = hf_pw_role(s->p, hf_sv_from(m->by));
		struct hf_pw_asked asked = {
		    .event = hf_pw_event(s->p, hf_sv_from(m->event)),
		    .at = m->at,
		    .roles = role < 0 ? 0 : (hf_pw_set)1 << role,
		    .facts = &facts,
		    .hours = &hours,
		};

		if (strcmp(m->event, "@message") == 0) {
			assert_true(m->note[0] != '\0' && role >= 0);
			continue;
		}
		assert_true(asked.event >= 0);
		assert_true(role >= 0 || m->by[0] == '\0');
		assert_true(m->at <= now);
		assert_true(k == 0 || m->at >= r.moves[k - 1].at);
		take(&said, s->p, m, &facts, a);
		if (k == 0)
			assert_int_equal(
			    hf_pw_begin(s->p, &asked, a, &in, &effects, &err), HF_OK);
		if (hf_pw_fire(s->p, &in, &asked, a, &effects, &err) != HF_OK)
			print_error("referral %zu, move %zu %s in %s: %s\n", i, k,
				    m->event, s->p->states[in.state].id, err.text);
		assert_int_equal(err.rc, HF_OK);
		assert_true(effects.step >= 0);
		t->steps[effects.step]++;
	}
	count(t, s->p, &in, now);
}

HF_TEST(the_pathway_takes_every_move_and_every_step_is_taken)
{
	struct state s = begin(20000, 735, afternoon, 1);
	struct hf_arena a = {.cap = 1 << 20};
	struct tally t = {0};
	size_t n = hf_synth_referrals_n(s.all), queue = 0;

	for (size_t i = 0; i < n; i++) {
		replay(&s, i, &a, afternoon, &t);
		hf_arena_reset(&a);
	}
	hf_arena_free(&a);
	for (size_t i = 0; i < s.p->n_steps; i++) {
		if (t.steps[i] == 0)
			print_error("nothing takes the step %s\n", s.p->steps[i].id);
		assert_true(t.steps[i] > 0);
	}
	for (size_t i = 0; i < s.p->n_states; i++) {
		if (i != s.p->start && t.states[i] == 0)
			print_error("nothing is in %s\n", s.p->states[i].id);
		assert_true(i == s.p->start || t.states[i] > 0);
	}
	queue = t.states[hf_pw_state(s.p, HF_SV("received"))] +
		t.states[hf_pw_state(s.p, HF_SV("info-requested"))] +
		t.states[hf_pw_state(s.p, HF_SV("in-triage"))];
	assert_in_range(t.open, 200, 450);
	assert_in_range(queue, 10, 60);
	assert_in_range(t.soon, 3, 30);
	assert_in_range(t.late, 0, 12);
	assert_in_range(t.breached, n * 2 / 100, n * 25 / 100);
	end(&s);
}

HF_TEST(nothing_is_later_than_now_and_there_is_always_something_to_triage)
{
	/* Night, Sunday, bank holiday, both changes of the clocks. */
	static const hf_time starts[] = {1790861400000 + 12 * 3600000LL,
					 1790861400000 + 3 * 86400000LL, 1798162200000,
					 1792890000000, 1774746000000};
	struct hf_arena a = {.cap = 1 << 20};

	for (size_t k = 0; k < HF_COUNT(starts); k++) {
		struct state s = begin(5000, 735, starts[k], k + 1);
		struct tally t = {0};
		size_t queue;

		for (size_t i = 0; i < hf_synth_referrals_n(s.all); i++) {
			replay(&s, i, &a, starts[k], &t);
			hf_arena_reset(&a);
		}
		queue = t.states[hf_pw_state(s.p, HF_SV("received"))] +
			t.states[hf_pw_state(s.p, HF_SV("info-requested"))] +
			t.states[hf_pw_state(s.p, HF_SV("in-triage"))];
		assert_in_range(t.soon, 1, 20);
		assert_in_range(queue, 8, 80);
		assert_in_range(t.open, 150, 500);
		end(&s);
	}
	hf_arena_free(&a);
}

HF_TEST(arrivals_follow_the_hours_of_the_week)
{
	struct state s = begin(20000, 7350, afternoon, 1);
	size_t night = 0, peak = 0, weekend = 0, n = hf_synth_referrals_n(s.all);
	hf_time last = 0;

	for (size_t i = 0; i < n; i++) {
		hf_time at = hf_synth_referral_at(s.all, i);
		struct hf_civil c = hf_london_civil(at);

		assert_true(at >= last && at < afternoon);
		assert_true(at > afternoon - 7 * day - hour);
		last = at;
		weekend += hf_weekday(hf_london_day(at)) > 4;
		night += c.hour < 6;
		peak += (c.hour >= 10 && c.hour < 12) || (c.hour >= 14 && c.hour < 16);
	}
	assert_in_range(weekend, n * 18 / 100, n * 24 / 100);
	assert_in_range(night, n * 3 / 100, n * 8 / 100);
	assert_in_range(peak, n * 30 / 100, n * 40 / 100);
	end(&s);
}

HF_TEST(a_duplicate_is_of_the_same_person_and_service_within_72_hours)
{
	struct state s = begin(20000, 735, afternoon, 1);
	size_t found = 0, n = hf_synth_referrals_n(s.all);

	for (size_t i = 0; i < n; i++) {
		struct hf_synth_referral r = make(&s, i, &arena), first;
		struct hf_json doc, other;
		bool same = false;

		if (r.n < 2 || strcmp(r.moves[1].event, "find-duplicate") != 0)
			continue;
		hf_json_parse(r.intake, NULL, &arena, &doc, NULL);
		for (size_t k = i; k-- > 0 && !same;) {
			first = make(&s, k, &arena);
			hf_json_parse(first.intake, NULL, &arena, &other, NULL);
			same = walk_node(&other, "person.id") != HF_JSON_NONE &&
			       strcmp(text_of(&doc, "person.id"),
				      text_of(&other, "person.id")) == 0 &&
			       strcmp(text_of(&doc, "service"),
				      text_of(&other, "service")) == 0 &&
			       r.moves[0].at - first.moves[0].at < 72 * hour;
		}
		assert_true(same);
		found++;
	}
	assert_in_range(found, 5, 40);
	end(&s);
}

HF_TEST(the_usual_number_goes_by_the_people_and_too_many_are_refused)
{
	struct state s = begin(300, 10, afternoon, 1);
	struct hf_synth_referrals *none = NULL;
	struct hf_err err = {0};

	assert_int_equal(hf_synth_referrals_usual(300000), 735);
	assert_int_equal(hf_synth_referrals_usual(600000), 1470);
	assert_int_equal(hf_synth_referrals_usual(20000), 735);
	assert_int_equal(hf_synth_referrals_usual(100), 25);
	assert_int_equal(hf_synth_referrals_usual(1), 1);
	assert_int_equal(hf_synth_referrals_new(s.place, 0, afternoon, &none, &err),
			 HF_INVALID);
	assert_string_equal(err.path, "--referrals");
	assert_int_equal(hf_synth_referrals_new(s.place, HF_SYNTH_REFERRALS_MOST + 1,
						afternoon, &none, &err),
			 HF_INVALID);
	assert_null(none);
	end(&s);
}

HF_TEST_MAIN(
    "synth/referral",
    cmocka_unit_test(
	the_same_place_and_time_give_the_same_bytes_and_another_seed_others),
    cmocka_unit_test(every_intake_is_one_that_the_hub_can_read),
    cmocka_unit_test(news2_goes_with_how_ill_somebody_is),
    cmocka_unit_test(the_pathway_takes_every_move_and_every_step_is_taken),
    cmocka_unit_test(nothing_is_later_than_now_and_there_is_always_something_to_triage),
    cmocka_unit_test(arrivals_follow_the_hours_of_the_week),
    cmocka_unit_test(a_duplicate_is_of_the_same_person_and_service_within_72_hours),
    cmocka_unit_test(the_usual_number_goes_by_the_people_and_too_many_are_refused))

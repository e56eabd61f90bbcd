/* test_synth_activity.c - lives as rows: that a place is like England, that nothing
 * impossible happens, and that an intervention is what it says.  (R: issue 5, "The
 * faithful synthetic place"; definitions/synthetic/england.def.) */
#include "synth/activity.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "england.h"
#include "test/hf_test.h"
#include "walk.h"

static struct hf_synth_activity *
activity(const struct hf_synth_place *place, const struct hf_synth_effect *effects,
	 size_t n)
{
	struct hf_synth_activity_config c = hf_synth_activity_defaults();
	struct hf_synth_activity *a;

	c.effects = effects;
	c.n_effects = n;
	assert_int_equal(hf_synth_activity_new(place, &c, &a, NULL), HF_OK);
	return a;
}

HF_TEST(a_place_of_100000_is_like_england)
{
	struct hf_synth_place *place = walk_place(100000, 0, 0, 1);
	struct hf_synth_activity *a = activity(place, NULL, 0);
	struct england_tally *t = england_new(a);
	struct hf_synth_life life = {0};
	double out[EN_COUNT] = {0};
	int wrong = 0;

	for (int64_t i = 0; i < hf_synth_activity_lives(a); i++) {
		assert_int_equal(hf_synth_activity_make(a, i, &life, NULL), HF_OK);
		england_add(t, &life);
	}
	england_end(t, out);
	for (int i = 0; i < EN_COUNT; i++) {
		const struct england_row *r = &england_rows[i];

		assert_true(r->low <= r->value && r->value <= r->high);
		if (out[i] >= r->low && out[i] <= r->high)
			continue;
		wrong++;
		print_error("%s: %.2f is not in %g ... %g (England: %g)\n", r->id,
			    out[i], r->low, r->high, r->value);
	}
	assert_int_equal(wrong, 0);
	hf_synth_life_free(&life);
	hf_synth_activity_free(a);
	hf_synth_place_free(place);
}

static uint64_t
hash_life(const struct hf_synth_life *l)
{
	uint64_t h =
	    walk_hash(0, (struct hf_sv){(const char *)&l->person, sizeof(l->person)});
#define MORE(p, n)                                                                     \
	h = walk_hash(h, (struct hf_sv){(const char *)(p), (n) * sizeof(*(p))})

	MORE(l->key, strlen(l->key));
	MORE(l->reg, l->n_reg);
	MORE(l->cond, l->n_cond);
	MORE(l->event, l->n_event);
	MORE(l->value, l->n_value);
	MORE(l->dx, l->n_dx);
#undef MORE
	return h;
}

struct half {
	const struct hf_synth_activity *a;
	int64_t from, step;
	uint64_t *hashes;
};

static void *
make_half(void *arg)
{
	struct half *h = arg;
	struct hf_synth_life life = {0};

	for (int64_t i = h->from; i >= 0 && i < hf_synth_activity_lives(h->a);
	     i += h->step) {
		assert_int_equal(hf_synth_activity_make(h->a, i, &life, NULL), HF_OK);
		h->hashes[i] = hash_life(&life);
	}
	hf_synth_life_free(&life);
	return NULL;
}

HF_TEST(a_seed_gives_the_same_lives_in_any_order_and_to_any_threads)
{
	struct hf_synth_place *place = walk_place(3000, 0, 0, 5),
			      *other = walk_place(3000, 0, 0, 6);
	struct hf_synth_activity *a = activity(place, NULL, 0),
				 *b = activity(other, NULL, 0);
	int64_t n = hf_synth_activity_lives(a), same = 0;
	uint64_t *one = calloc((size_t)n, sizeof(*one)),
		 *two = calloc((size_t)n, sizeof(*two)),
		 *three = calloc((size_t)n + 1000, sizeof(*three));
	struct half halves[2] = {{a, 0, 2, two}, {a, 1, 2, two}};
	struct half all = {a, n - 1, -1, one}, others = {b, 0, 1, three};
	pthread_t threads[2];

	make_half(&all);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, make_half, &halves[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_memory_equal(one, two, (size_t)n * sizeof(*one));
	assert_in_range(hf_synth_activity_lives(b), 3000, n + 900);
	make_half(&others);
	for (int64_t i = 0; i < n; i++)
		same += one[i] == three[i];
	assert_int_equal(same, 0);
	free(one);
	free(two);
	free(three);
	hf_synth_activity_free(a);
	hf_synth_activity_free(b);
	hf_synth_place_free(place);
	hf_synth_place_free(other);
}

static bool
is_stay(const struct hf_pop_event *e)
{
	return e->setting == HF_POP_NE || e->setting == HF_POP_EL ||
	       e->setting == HF_POP_DC || e->setting == HF_POP_RDA ||
	       e->setting == HF_POP_MAT || e->setting == HF_POP_VW ||
	       (e->setting == HF_POP_MH && e->cls == 2);
}

static bool
registered(const struct hf_synth_life *l, uint16_t day)
{
	for (size_t i = 0; i < l->n_reg; i++) {
		if (day >= l->reg[i].from && day < l->reg[i].to)
			return true;
	}
	return false;
}

static void
check_event(const struct hf_synth_activity *a, const struct hf_synth_life *l, size_t i)
{
	const struct hf_pop_event *e = &l->event[i];
	uint32_t end = (uint32_t)e->day + e->los;

	assert_in_range(e->setting, HF_POP_AE, HF_POP_SETTINGS - 1);
	assert_in_range(e->day, hf_synth_activity_from(a), hf_synth_activity_to(a) - 1);
	assert_true(end < hf_synth_activity_to(a));
	assert_true(registered(l, e->day));
	assert_true(end <= l->person.death_day);
	assert_true(e->minute < 1440 || e->minute == HF_POP_NONE);
	assert_true(e->end_minute < 1440 || e->end_minute == HF_POP_NONE);
	if (e->los == 0 && e->end_minute != HF_POP_NONE)
		assert_true(e->end_minute >= e->minute);
	assert_true(e->provider < hf_synth_activity_codes(a, HF_POP_PROVIDER));
	assert_true(e->provider > 0);
	assert_true(e->dx < hf_synth_activity_codes(a, HF_POP_ICD10));
	assert_true(e->hrg < hf_synth_activity_codes(a, HF_POP_HRG));
	assert_true(e->proc < hf_synth_activity_codes(a, HF_POP_PROC));
	assert_true(e->specialty < hf_synth_activity_codes(a, HF_POP_SPECIALTY));
	if (e->setting == HF_POP_NE) {
		assert_int_not_equal(e->dx, 0);
		assert_in_range(e->method, HF_POP_M_21, HF_POP_M_28);
		assert_true((e->flags & HF_POP_F_OPEN) || e->outcome != 0);
		assert_true(e->wait == HF_POP_NONE || e->wait <= e->los);
		if (e->outcome == HF_POP_O_DIED)
			assert_int_equal(end, l->person.death_day);
	}
	if (e->dx_more != 0) {
		assert_true(e->dx_more + l->dx[e->dx_more] < l->n_dx);
		assert_in_range(l->dx[e->dx_more], 1, HF_POP_DX_MOST - 1);
	}
	if (i > 0)
		assert_true(l->event[i - 1].day < e->day ||
			    (l->event[i - 1].day == e->day &&
			     l->event[i - 1].minute <= e->minute));
}

/* Nobody is in two beds, nor is a stay begun on the day another ends. */
static void
check_stays(const struct hf_synth_life *l)
{
	const struct hf_pop_event *last = NULL;
	bool died = false;

	for (size_t i = 0; i < l->n_event; i++) {
		const struct hf_pop_event *e = &l->event[i];

		if (!is_stay(e))
			continue;
		assert_false(died);
		if (last)
			assert_true(e->day >= last->day + last->los);
		last = e;
		died = e->setting == HF_POP_NE && e->outcome == HF_POP_O_DIED;
	}
	if (l->person.death_day != HF_POP_NONE &&
	    l->person.death_place == HF_POP_O_HOSPITAL && l->n_event > 0 && last)
		assert_true(died);
}

static void
check_person(const struct hf_synth_activity *a, const struct hf_synth_life *l)
{
	const struct hf_pop_person *p = &l->person;

	assert_true(l->n_reg >= 1);
	for (size_t i = 0; i < l->n_reg; i++) {
		assert_true(l->reg[i].from < l->reg[i].to);
		assert_true(i == 0 || l->reg[i].from == l->reg[i - 1].to);
		assert_in_range(l->reg[i].practice, 1,
				hf_synth_activity_codes(a, HF_POP_PRACTICE) - 1);
	}
	assert_in_range(p->imd, 1, 10);
	assert_in_range(p->lsoa, 1, hf_synth_activity_codes(a, HF_POP_LSOA) - 1);
	assert_true((p->ethnic >= 'A' && p->ethnic <= 'S') || p->ethnic == 'Z');
	assert_int_equal(p->death_day == HF_POP_NONE, p->death_place == 0);
	for (size_t i = 0; i < l->n_cond; i++)
		assert_in_range(l->cond[i].code, 1,
				hf_synth_activity_codes(a, HF_POP_CONDITION) - 1);
	for (size_t i = 0; i < l->n_value; i++)
		assert_true(l->value[i].day >= hf_synth_activity_from(a) &&
			    l->value[i].day < hf_synth_activity_to(a));
}

HF_TEST(nothing_happens_that_cannot)
{
	static const int years[] = {1, 3, 5};

	for (size_t y = 0; y < HF_COUNT(years); y++) {
		struct hf_synth_place *place = walk_place(8000, 0, 0, 20 + y);
		struct hf_synth_activity_config c = hf_synth_activity_defaults();
		struct hf_synth_activity *a;
		struct hf_synth_life life = {0};
		size_t events = 0;

		c.years = years[y];
		c.whole = y == 0;
		assert_int_equal(hf_synth_activity_new(place, &c, &a, NULL), HF_OK);
		for (int64_t i = 0; i < hf_synth_activity_lives(a); i++) {
			assert_int_equal(hf_synth_activity_make(a, i, &life, NULL),
					 HF_OK);
			check_person(a, &life);
			check_stays(&life);
			for (size_t k = 0; k < life.n_event; k++)
				check_event(a, &life, k);
			events += life.n_event;
		}
		assert_true(events > 8000u * (size_t)years[y] * 4);
		hf_synth_life_free(&life);
		hf_synth_activity_free(a);
		hf_synth_place_free(place);
	}
}

static bool
holds(struct hf_sv text, const char *what)
{
	return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

HF_TEST(a_life_is_of_the_person_whose_record_there_is)
{
	struct hf_synth_place *place = walk_place(1500, 200, 0, 9);
	struct hf_synth_activity *a = activity(place, NULL, 0);
	struct hf_synth_life life = {0};
	struct hf_synth_unit unit = {0};
	int dead = 0, hypertension = 0, full = 0;

	for (int64_t i = 0; i < 1500; i++) {
		struct hf_sv patient, all;
		char text[64];
		int month;
		bool condition = false;

		assert_int_equal(hf_synth_activity_make(a, i, &life, NULL), HF_OK);
		assert_int_equal(
		    hf_synth_make(place, hf_synth_orgs(place) + i, &unit, NULL), HF_OK);
		patient = hf_synth_resource(&unit, 0).json;
		all = hf_buf_view(&unit.text);
		month = life.person.birth;
		snprintf(text, sizeof(text), "\"value\":\"%s\"", life.key);
		assert_true(holds(patient, text));
		snprintf(text, sizeof(text), "\"birthDate\":\"%04d-%02d-",
			 1900 + month / 12, month % 12 + 1);
		assert_true(holds(patient, text));
		assert_true(holds(patient, life.person.sex == HF_POP_FEMALE
					       ? "\"gender\":\"female\""
					       : "\"gender\":\"male\""));
		assert_int_equal(holds(patient, "deceasedDateTime"),
				 life.person.death_day != HF_POP_NONE);
		dead += life.person.death_day != HF_POP_NONE;
		if (!hf_synth_is_full(place, i) || !holds(all, "\"Condition\""))
			continue;
		full++;
		for (size_t k = 0; k < life.n_cond; k++)
			condition = condition ||
				    hf_sv_is(hf_synth_activity_code(a, HF_POP_CONDITION,
								    life.cond[k].code),
					     "ltc-hypertension");
		if (holds(all, "Essential hypertension"))
			assert_true(condition);
		hypertension += condition;
	}
	assert_true(dead > 3);
	assert_true(full > 100 && hypertension > 10);
	hf_synth_life_free(&life);
	hf_synth_unit_free(&unit);
	hf_synth_activity_free(a);
	hf_synth_place_free(place);
}

/* Emergency admissions (and nights) by locality, before and from a month. */
static void
count(const struct hf_synth_activity *a, int month, double ne[7][2],
      double nights[7][2])
{
	struct hf_synth_life life = {0};

	for (int64_t i = 0; i < hf_synth_activity_lives(a); i++) {
		assert_int_equal(hf_synth_activity_make(a, i, &life, NULL), HF_OK);
		for (size_t k = 0; k < life.n_event; k++) {
			const struct hf_pop_event *e = &life.event[k];
			size_t r = 0;
			int l, late;

			if (e->setting != HF_POP_NE)
				continue;
			while (e->day >= life.reg[r].to)
				r++;
			l = hf_synth_activity_locality(a, life.reg[r].practice);
			late = hf_synth_activity_month(a, e->day) + 1 >= month;
			ne[l][late]++;
			nights[l][late] += e->los;
		}
	}
	hf_synth_life_free(&life);
}

HF_TEST(an_intervention_takes_what_it_says_and_nothing_elsewhere)
{
	struct hf_synth_place *place = walk_place(60000, 0, 0, 3);
	struct hf_synth_effect e;
	struct hf_synth_activity *without = activity(place, NULL, 0), *with;
	double a[7][2] = {{0}}, b[7][2] = {{0}}, an[7][2] = {{0}}, bn[7][2] = {{0}};

	assert_int_equal(
	    hf_synth_effect_parse(
		HF_SV("locality=Millgate, from-month=13, effect=-20%, los=-10%"), &e,
		NULL),
	    HF_OK);
	with = activity(place, &e, 1);
	count(without, 13, a, an);
	count(with, 13, b, bn);
	for (int l = 0; l < 7; l++) {
		double change = b[l][1] / a[l][1];

		if (l == 1) {
			assert_true(change > 0.77 && change < 0.83);
			assert_true(bn[l][1] / an[l][1] / change > 0.86 &&
				    bn[l][1] / an[l][1] / change < 0.95);
			assert_true(b[l][0] == a[l][0]);
		} else {
			/* Some move to or from Millgate, and take less with them. */
			assert_true(change > 0.99 && change <= 1.01);
		}
	}
	hf_synth_activity_free(without);
	hf_synth_activity_free(with);
	hf_synth_place_free(place);
}

HF_TEST(an_intervention_that_adds_adds)
{
	struct hf_synth_place *place = walk_place(60000, 0, 0, 4);
	struct hf_synth_effect e[2];
	size_t n;
	struct hf_synth_activity *without = activity(place, NULL, 0), *with;
	double a[7][2] = {{0}}, b[7][2] = {{0}}, an[7][2] = {{0}}, bn[7][2] = {{0}};

	assert_int_equal(hf_synth_effects_parse(
			     HF_SV("# what was tried\n\nlocality=1,from-month=7,"
				   "admissions=+15%\r\nlocality=2,from-month=7,"
				   "readmissions=-50%,ae=-3%,ucr=+20% # a team\n"),
			     e, 2, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 2);
	with = activity(place, e, n);
	count(without, 7, a, an);
	count(with, 7, b, bn);
	assert_true(b[0][1] / a[0][1] > 1.07 && b[0][1] / a[0][1] < 1.23);
	assert_true(b[1][1] < a[1][1]);
	hf_synth_activity_free(without);
	hf_synth_activity_free(with);
	hf_synth_place_free(place);
}

HF_TEST(what_is_no_intervention_is_refused_with_what_it_takes)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"", "has a locality"},
	    {"locality=Millgate,from-month=3", "a change"},
	    {"locality=Atlantis,from-month=3,effect=-2%", "locality is a number"},
	    {"locality=8,from-month=3,effect=-2%", "locality is a number"},
	    {"locality=1,from-month=0,effect=-2%", "from-month"},
	    {"locality=1,from-month=x,effect=-2%", "from-month"},
	    {"locality=1,from-month=3,effect=-2", "-2.8%"},
	    {"locality=1,from-month=3,effect=-101%", "-100%"},
	    {"locality=1,from-month=3,effect=%", "-2.8%"},
	    {"locality=1,from-month=3,effect=1.2.3%", "-2.8%"},
	    {"locality=1,from-month=3,readmissions=+2%", "fewer"},
	    {"locality=1,from-month=3,beds=-2%", "no part of an intervention"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_synth_effect e = {.locality = 42};
		struct hf_err err = {0};

		assert_int_equal(
		    hf_synth_effect_parse(hf_sv_from(cases[i].text), &e, &err),
		    HF_INVALID);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_int_equal(e.locality, 42);
	}
}

HF_TEST(an_effect_after_the_last_month_is_refused)
{
	struct hf_synth_place *place = walk_place(500, 0, 0, 1);
	struct hf_synth_activity_config c = hf_synth_activity_defaults();
	struct hf_synth_effect e = {.locality = 1, .from_month = 37, .change = {-0.1}};
	struct hf_synth_activity *a = NULL;
	struct hf_err err = {0};

	c.effects = &e;
	c.n_effects = 1;
	assert_int_equal(hf_synth_activity_new(place, &c, &a, &err), HF_INVALID);
	assert_null(a);
	c.n_effects = 0;
	c.years = 6;
	assert_int_equal(hf_synth_activity_new(place, &c, &a, &err), HF_INVALID);
	hf_synth_place_free(place);
}

HF_TEST(counts_have_the_mean_the_spread_and_the_effect_they_were_asked_for)
{
	const struct hf_synth_effect e = {
	    .locality = 2, .from_month = 13, .change = {-0.028}};
	struct hf_synth_counts_config c = {
	    .people = {30000, 40000, 38000, 35000, 42000, 30000, 45000},
	    .months = 24,
	    .per_thousand = 110,
	    .phi = 2,
	    .year = 2024,
	    .month = 4,
	    .effects = &e,
	    .n_effects = 1,
	};
	uint32_t *out = calloc(24 * 7, sizeof(*out)), *again = calloc(24 * 7, 4);
	double sum[7] = {0}, before = 0, after = 0, others[2] = {0}, m = 0, v = 0;
	int seeds = 400;

	for (int s = 0; s < seeds; s++) {
		assert_int_equal(hf_synth_counts(&c, (uint64_t)s, out, NULL), HF_OK);
		for (int k = 0; k < 24; k++) {
			for (int l = 0; l < 7; l++) {
				double x = out[k * 7 + l];

				sum[l] += x;
				if (l == 2)
					*(k < 12 ? &before : &after) += x;
				else
					others[k >= 12] += x;
			}
		}
		m += out[0];
		v += (double)out[0] * out[0];
	}
	/* 30,000 x 0.110 x 2 years. */
	assert_true(sum[0] / seeds > 6600 * 0.99 && sum[0] / seeds < 6600 * 1.01);
	assert_true(after / before / (others[1] / others[0]) > 0.972 - 0.004 &&
		    after / before / (others[1] / others[0]) < 0.972 + 0.004);
	m /= seeds;
	v = v / seeds - m * m;
	assert_true(v / m > 1.5 && v / m < 2.6);
	assert_int_equal(hf_synth_counts(&c, 399, again, NULL), HF_OK);
	assert_memory_equal(out, again, 24 * 7 * sizeof(*out));
	c.phi = 0.5;
	assert_int_equal(hf_synth_counts(&c, 1, out, NULL), HF_INVALID);
	free(out);
	free(again);
}

HF_TEST(a_nameless_place_may_have_more_people_than_numbers)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_place *place;

	c.people = HF_SYNTH_MOST_NAMELESS + 1;
	c.nameless = true;
	assert_int_equal(hf_synth_place_new(&c, &place, NULL), HF_INVALID);
	c.people = HF_SYNTH_MAX_PEOPLE + 1;
	c.nameless = false;
	assert_int_equal(hf_synth_place_new(&c, &place, NULL), HF_INVALID);
}

HF_TEST_MAIN(
    "synth/activity", cmocka_unit_test(a_place_of_100000_is_like_england),
    cmocka_unit_test(a_seed_gives_the_same_lives_in_any_order_and_to_any_threads),
    cmocka_unit_test(nothing_happens_that_cannot),
    cmocka_unit_test(a_life_is_of_the_person_whose_record_there_is),
    cmocka_unit_test(an_intervention_takes_what_it_says_and_nothing_elsewhere),
    cmocka_unit_test(an_intervention_that_adds_adds),
    cmocka_unit_test(what_is_no_intervention_is_refused_with_what_it_takes),
    cmocka_unit_test(an_effect_after_the_last_month_is_refused),
    cmocka_unit_test(
	counts_have_the_mean_the_spread_and_the_effect_they_were_asked_for),
    cmocka_unit_test(a_nameless_place_may_have_more_people_than_numbers))

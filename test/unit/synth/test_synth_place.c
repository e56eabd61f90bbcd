/* test_synth_place.c - the people of a synthetic place: who they are, that they
 * add up, and that a seed always gives the same. */
#include "synth/synth.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/nhs.h"
#include "test/hf_test.h"
#include "walk.h"

static uint64_t
hash_units(const struct hf_synth_place *place, int64_t from, int64_t to, int64_t step,
	   uint64_t *hashes)
{
	struct hf_synth_unit unit = {0};
	uint64_t all = 0;

	for (int64_t i = from; step > 0 ? i < to : i > to; i += step) {
		assert_int_equal(hf_synth_make(place, i, &unit, NULL), HF_OK);
		hashes[i] = walk_hash(0, hf_buf_view(&unit.text));
		all ^= hashes[i];
	}
	hf_synth_unit_free(&unit);
	return all;
}

HF_TEST(a_seed_gives_the_same_bytes_in_any_order_and_another_seed_gives_others)
{
	struct hf_synth_place *a = walk_place(800, 80, 1, 7),
			      *b = walk_place(800, 80, 1, 7),
			      *c = walk_place(800, 80, 1, 8);
	int64_t n = hf_synth_units(a);
	uint64_t *up = calloc((size_t)n, sizeof(*up)),
		 *down = calloc((size_t)n, sizeof(*up));
	size_t same = 0;

	assert_int_equal(hf_synth_units(b), n);
	hash_units(a, 0, n, 1, up);
	hash_units(b, n - 1, -1, -1, down);
	assert_memory_equal(up, down, (size_t)n * sizeof(*up));
	hash_units(c, 0, n, 1, down);
	for (int64_t i = 0; i < n; i++)
		same += up[i] == down[i];
	assert_int_equal(same, 0);
	free(up);
	free(down);
	hf_synth_place_free(a);
	hf_synth_place_free(b);
	hf_synth_place_free(c);
}

struct half {
	const struct hf_synth_place *place;
	int64_t from;
	uint64_t *hashes;
};

static void *
make_half(void *arg)
{
	struct half *h = arg;

	hash_units(h->place, h->from, hf_synth_units(h->place), 2, h->hashes);
	return NULL;
}

HF_TEST(two_threads_make_what_one_makes)
{
	struct hf_synth_place *place = walk_place(600, 120, 0, 3);
	int64_t n = hf_synth_units(place);
	uint64_t *one = calloc((size_t)n, sizeof(*one)),
		 *two = calloc((size_t)n, sizeof(*one));
	struct half halves[2] = {{place, 0, two}, {place, 1, two}};
	pthread_t threads[2];

	hash_units(place, 0, n, 1, one);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, make_half, &halves[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_memory_equal(one, two, (size_t)n * sizeof(*one));
	free(one);
	free(two);
	hf_synth_place_free(place);
}

HF_TEST(the_lists_of_the_practices_add_up_at_any_size)
{
	static const int64_t sizes[] = {1,   2,	  5,	 6,	 7,	8,
					100, 999, 20000, 264619, 500000};

	for (size_t s = 0; s < HF_COUNT(sizes); s++) {
		struct hf_synth_place *place = walk_place(sizes[s], 0, 0, 11);
		int64_t sum = 0;

		for (int64_t i = 0; i < hf_synth_practices(place); i++) {
			struct hf_synth_practice p = hf_synth_practice(place, i);

			sum += p.list;
			if (sizes[s] >= 200000)
				assert_in_range(p.list, 2000, 20500);
		}
		assert_int_equal(sum, sizes[s]);
		hf_synth_place_free(place);
	}
}

/* What a pass over the patients of a large place finds. */
struct census {
	uint8_t *seen; /* by NHS number, less 9990000000 */
	int64_t by_band[19], women[19], all, bad_number, twice, wrong_practice;
	int64_t no_postcode, same_house;
	struct hf_sv last_line;
	char last[80];
};

static void
count_patient(const struct hf_json *d, int64_t today, struct census *c)
{
	struct hf_nhs nhs;
	struct hf_date born;
	struct hf_sv line = walk_text(d, "address.0.line.0");
	int64_t number;
	int age;

	c->all++;
	if (hf_nhs_parse(walk_text(d, "identifier.0.value"), &nhs, NULL) != HF_OK ||
	    hf_nhs_range(&nhs) != HF_NHS_SYNTHETIC) {
		c->bad_number++;
		return;
	}
	assert_true(hf_sv_int(hf_nhs_sv(&nhs), &number));
	c->twice += c->seen[number - 9990000000]++ > 0;
	assert_true(hf_date_parse(walk_text(d, "birthDate"), false, &born));
	age = hf_age_years(hf_london_day(born.lo), today);
	assert_in_range(age, 0, 110);
	c->by_band[age >= 90 ? 18 : age / 5]++;
	c->women[age >= 90 ? 18 : age / 5] +=
	    hf_sv_is(walk_text(d, "gender"), "female");
	c->wrong_practice += !hf_sv_eq(walk_text(d, "managingOrganization.reference"),
				       walk_text(d, "generalPractitioner.1.reference"));
	c->no_postcode +=
	    !hf_sv_starts(walk_text(d, "address.0.postalCode"), HF_SV("WZ"));
	c->same_house += line.n == strlen(c->last) && !memcmp(line.p, c->last, line.n);
	snprintf(c->last, sizeof(c->last), "%.*s", HF_SV_ARG(line));
}

static void
take_census(int64_t people, struct census *c)
{
	struct hf_synth_place *place = walk_place(people, 0, 0, 5);
	struct hf_synth_unit unit = {0};
	struct hf_arena arena = {.cap = 1 << 20};
	int64_t today = hf_london_day(walk_now);
	struct hf_json doc;

	c->seen = calloc(10000000, 1);
	for (int64_t i = hf_synth_orgs(place); i < hf_synth_units(place); i++) {
		assert_int_equal(hf_synth_make(place, i, &unit, NULL), HF_OK);
		assert_true(hf_sv_is(hf_synth_resource(&unit, 0).type, "Patient"));
		walk_parse(&unit, 0, &arena, &doc);
		count_patient(&doc, today, c);
	}
	free(c->seen);
	hf_arena_free(&arena);
	hf_synth_unit_free(&unit);
	hf_synth_place_free(place);
}

HF_TEST(a_hundred_thousand_people_are_like_england_and_have_numbers_of_their_own)
{
	/* England, census of 2021, by five years of age, in thousandths. */
	static const int england[19] = {54, 59, 61, 57, 61, 66, 70, 67, 64, 62,
					69, 68, 58, 49, 49, 37, 25, 16, 8};
	struct census c = {0};
	int64_t women = 0;

	take_census(100000, &c);
	assert_int_equal(c.all, 100000);
	assert_int_equal(c.bad_number, 0);
	assert_int_equal(c.twice, 0);
	assert_int_equal(c.wrong_practice, 0);
	assert_int_equal(c.no_postcode, 0);
	for (int i = 0; i < 19; i++) {
		women += c.women[i];
		assert_in_range(c.by_band[i], england[i] * 100 - 150,
				england[i] * 100 + 150);
	}
	assert_in_range(women, 50000, 51500);
	/* Of the oldest, two in three are women. */
	assert_in_range(c.women[18] * 100 / c.by_band[18], 63, 73);
	/* Most people share their address with somebody. */
	assert_in_range(c.same_house, 40000, 75000);
}

/* Of each household, what its members say of each other. */
HF_TEST(children_live_with_a_parent_who_is_old_enough)
{
	struct hf_synth_place *place = walk_place(5000, 0, 0, 9);
	struct hf_synth_unit unit = {0};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc;
	int64_t children = 0, with_parent = 0, surnames = 0;

	for (int64_t i = hf_synth_orgs(place); i < hf_synth_units(place); i++) {
		struct hf_sv family;
		char name[64];

		assert_int_equal(hf_synth_make(place, i, &unit, NULL), HF_OK);
		walk_parse(&unit, 0, &arena, &doc);
		if (hf_sv_cmp(walk_text(&doc, "birthDate"), HF_SV("2010-10-02")) < 0)
			continue;
		children++;
		family = walk_text(&doc, "name.0.family");
		snprintf(name, sizeof(name), "%.*s", HF_SV_ARG(family));
		if (unit.n < 2)
			continue;
		walk_parse(&unit, 1, &arena, &doc);
		family = walk_text(&doc, "relationship.0.coding.0.code");
		with_parent += hf_sv_is(family, "MTH") || hf_sv_is(family, "FTH");
		family = walk_text(&doc, "name.0.family");
		surnames += hf_sv_eq(family, hf_sv_from(name));
	}
	assert_in_range(children, 800, 1000);
	assert_true(with_parent * 100 > children * 98);
	assert_true(surnames * 100 > with_parent * 95);
	hf_arena_free(&arena);
	hf_synth_unit_free(&unit);
	hf_synth_place_free(place);
}

HF_TEST(a_setting_that_is_out_of_range_is_named)
{
	static const struct {
		int64_t people, rich;
		int years;
		const char *path;
	} cases[] = {
	    {0, 0, 5, "--people"},   {-3, 0, 5, "--people"}, {909091, 0, 5, "--people"},
	    {100, 17, 5, "--rich"},  {100, -1, 5, "--rich"}, {100, 0, 0, "--years"},
	    {100, 0, 31, "--years"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_synth_config c = hf_synth_defaults();
		struct hf_synth_place *place = (void *)&c;
		struct hf_err err = {0};

		c.people = cases[i].people;
		c.rich = cases[i].rich;
		c.years = cases[i].years;
		assert_int_equal(hf_synth_place_new(&c, &place, &err), HF_INVALID);
		assert_string_equal(err.path, cases[i].path);
		assert_ptr_equal(place, &c);
	}
}

HF_TEST(as_many_people_as_asked_for_have_full_records)
{
	static const int64_t cases[][2] = {{1, 1}, {10, 3}, {5000, 3000}, {7000, -1}};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		int64_t people = cases[i][0], full = cases[i][1], n = 0;
		struct hf_synth_place *place = walk_place(people, full, 0, 2);

		for (int64_t k = 0; k < people; k++)
			n += hf_synth_is_full(place, k);
		assert_int_equal(n, full < 0 ? 3000 : full);
		hf_synth_place_free(place);
	}
}

static enum hf_rc
stop_at(void *ctx, int64_t index, const struct hf_synth_unit *unit, struct hf_err *err)
{
	int64_t *last = ctx;

	assert_true(unit->n > 0);
	if (index == 12)
		return hf_fail(err, HF_FULL, NULL, "no room");
	*last = index;
	return HF_OK;
}

HF_TEST(a_run_goes_in_order_and_ends_with_the_failure_of_its_sink)
{
	struct hf_synth_place *place = walk_place(50, 0, 0, 2);
	struct hf_err err = {0};
	int64_t last = -1;

	assert_int_equal(hf_synth_run(place, 3, 40, stop_at, &last, &err), HF_FULL);
	assert_int_equal(last, 11);
	assert_int_equal(hf_synth_run(place, 13, 40, stop_at, &last, &err), HF_OK);
	assert_int_equal(last, 39);
	hf_synth_place_free(place);
}

HF_TEST_MAIN(
    "synth/place",
    cmocka_unit_test(
	a_seed_gives_the_same_bytes_in_any_order_and_another_seed_gives_others),
    cmocka_unit_test(two_threads_make_what_one_makes),
    cmocka_unit_test(the_lists_of_the_practices_add_up_at_any_size),
    cmocka_unit_test(
	a_hundred_thousand_people_are_like_england_and_have_numbers_of_their_own),
    cmocka_unit_test(children_live_with_a_parent_who_is_old_enough),
    cmocka_unit_test(a_setting_that_is_out_of_range_is_named),
    cmocka_unit_test(as_many_people_as_asked_for_have_full_records),
    cmocka_unit_test(a_run_goes_in_order_and_ends_with_the_failure_of_its_sink))

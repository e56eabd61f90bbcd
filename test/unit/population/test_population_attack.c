/* Somebody who knows all rules asks 1,000 questions about a group of one to four
 * people: sums, complements and differences of cohorts with and without it, averaged.
 *
 * Rounding and hiding alone gives the group away, which shows that the attack is one.
 * With weights (disclose.h) what it can find at best is the sum of the group's weights:
 * whatever that is, more than one number of people may stand behind it, and no finding
 * is right often enough to be relied on. */
#include "test/hf_test.h"

#include "cube_place.h"

enum { PERSONS = 4000, QUESTIONS = 1000, TARGETS = 160 };

static double
ask(const struct hf_pop_dims *d, const struct hf_pop_filters *f)
{
	struct hf_pop_ask q = {.filters = *f, .sdc = HF_POP_STRICT5};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_pop_sums s;
	struct hf_pop_answer a;
	struct hf_err err;
	double n;

	assert_int_equal(hf_pop_sums_make(d, &q, &arena, &s, &err), HF_OK);
	hf_pop_sums_add(d, &q, &s, 0, d->n);
	assert_int_equal(hf_pop_answer(d, &q, &s, &arena, &a, &err), HF_OK);
	assert_true(a.persons.hidden || a.persons.n % 5 == 0);
	n = a.persons.hidden ? 2.5 : (double)a.persons.n;
	hf_arena_free(&arena);
	return n;
}

static uint32_t
true_count(const struct hf_pop_dims *d, const struct hf_pop_filters *f)
{
	uint32_t n = 0;

	for (uint32_t p = 0; p < d->n; p++) {
		bool all = d->in[p];

		for (size_t k = 0; all && k < HF_POP_DIMS; k++)
			all = !(f->on >> k & 1) || f->pass[k][d->of[k][p]];
		n += all;
	}
	return n;
}

/* A group of 1 to 4: one value each of some dimensions of somebody of the place. */
static bool
choose(const struct hf_pop_dims *d, struct hf_rng *r, struct hf_pop_filters *f,
       uint32_t *count)
{
	uint32_t p = hf_rng_below(r, d->n);
	unsigned fixed = 4 + hf_rng_below(r, 2);

	memset(f, 0, sizeof(*f));
	while ((unsigned)__builtin_popcount(f->on) < fixed) {
		size_t k = hf_rng_below(r, HF_POP_DIMS);

		f->on = (uint16_t)(f->on | 1u << k);
		f->pass[k][d->of[k][p]] = 1;
	}
	*count = true_count(d, f);
	return *count >= 1 && *count <= 4;
}

/* The group again and again as what a wider cohort has more than one without it: along
 * one of its dimensions, other values are added to both; of other dimensions nothing or
 * something is left out on both sides together with its complement. */
static double
estimate(const struct hf_pop_dims *d, struct hf_rng *r, const struct hf_pop_filters *x)
{
	double sum = 0;
	int n = 0;

	for (int q = 0; q + 4 <= QUESTIONS; n++) {
		struct hf_pop_filters with = *x, without = *x;
		size_t k, other;

		do
			k = hf_rng_below(r, HF_POP_DIMS);
		while (!(x->on >> k & 1));
		for (size_t v = 0; v < d->values[k]; v++) {
			uint8_t add = (uint8_t)(hf_rng_u32(r) & 1);

			without.pass[k][v] = x->pass[k][v] ? 0 : add;
			with.pass[k][v] = x->pass[k][v] ? 1 : add;
		}
		do
			other = hf_rng_below(r, HF_POP_DIMS);
		while (x->on >> other & 1);
		if (hf_rng_u32(r) & 1) {
			sum += ask(d, &with) - ask(d, &without);
			q += 2;
			continue;
		}
		/* Both halves of a cut through everybody. */
		for (int half = 0; half < 2; half++) {
			with.on = without.on = (uint16_t)(x->on | 1u << other);
			for (size_t v = 0; v < d->values[other]; v++)
				with.pass[other][v] = without.pass[other][v] =
				    (uint8_t)((v & 1) == (size_t)half);
			sum += ask(d, &with) - ask(d, &without);
		}
		q += 4;
	}
	return sum / n;
}

struct tally {
	int tried, right;
	int by_guess[8][8]; /* guess, true count */
};

static void
attack(const struct hf_pop_dims *d, uint64_t seed, int targets, struct tally *t)
{
	struct hf_rng r;

	hf_rng_seed(&r, seed, 1);
	while (t->tried < targets) {
		struct hf_pop_filters x;
		uint32_t count;
		int guess;

		if (!choose(d, &r, &x, &count))
			continue;
		guess = (int)(estimate(d, &r, &x) + 0.5);
		guess = guess < 0 ? 0 : guess > 7 ? 7 : guess;
		t->tried++;
		t->right += guess == (int)count;
		t->by_guess[guess][count]++;
	}
}

HF_TEST(a_thousand_questions_do_not_tell_a_count_of_one_to_four)
{
	struct cube_place p;
	struct tally t = {0};

	cube_place_make(&p, PERSONS, 1);
	attack(&p.d, 77, TARGETS, &t);
	print_message("right %d of %d\n", t.right, t.tried);
	assert_true(t.right * 100 < t.tried * 75);
	for (int g = 1; g <= 4; g++) {
		int seen = 0, kinds = 0;

		for (int n = 0; n < 8; n++) {
			seen += t.by_guess[g][n];
			kinds += t.by_guess[g][n] > 0;
		}
		if (seen >= 10)
			assert_true(kinds > 1);
	}
	cube_place_free(&p);
}

HF_TEST(rounding_and_hiding_alone_would_give_them_away)
{
	struct cube_place p;
	struct tally t = {0};

	cube_place_make(&p, PERSONS, 1);
	memcpy(p.d.weight, p.d.in, p.d.n);
	attack(&p.d, 77, TARGETS / 4, &t);
	print_message("right %d of %d\n", t.right, t.tried);
	assert_true(t.right * 100 > t.tried * 75);
	cube_place_free(&p);
}

/* No two answers of nested cohorts are one to four apart, and asking again says the
 * same. */
HF_TEST(answers_differ_by_nothing_or_by_five_and_more)
{
	struct cube_place p;
	struct hf_rng r;

	cube_place_make(&p, PERSONS, 2);
	hf_rng_seed(&r, 5, 5);
	for (int i = 0; i < 500; i++) {
		struct hf_pop_filters a, b;
		uint32_t count;
		size_t k;
		double x, y;

		choose(&p.d, &r, &a, &count);
		b = a;
		do
			k = hf_rng_below(&r, HF_POP_DIMS);
		while (!(a.on >> k & 1));
		b.on = (uint16_t)(b.on & ~(1u << k));
		x = ask(&p.d, &a);
		y = ask(&p.d, &b);
		assert_true(x == ask(&p.d, &a));
		if (x != 2.5 && y != 2.5)
			assert_true(y - x == 0 || y - x >= 5 || y - x <= -5);
	}
	cube_place_free(&p);
}

HF_TEST_MAIN("population/attack",
	     cmocka_unit_test(a_thousand_questions_do_not_tell_a_count_of_one_to_four),
	     cmocka_unit_test(rounding_and_hiding_alone_would_give_them_away),
	     cmocka_unit_test(answers_differ_by_nothing_or_by_five_and_more))

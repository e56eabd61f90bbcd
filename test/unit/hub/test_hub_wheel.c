/* The timer of the hub: what is due comes once, in order, to the millisecond. */
#include "test/hf_test.h"
#include "base/rng.h"
#include "hub/wheel.h"

#define HOUR ((hf_time)3600000)

static const hf_time noon = 1767268800000; /* 2026-01-01T12:00:00Z */

HF_TEST(what_is_due_comes_in_order_of_time_and_then_of_id)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due d;

	assert_int_equal(hf_wheel_next(&w), HF_TIME_MAX);
	assert_false(hf_wheel_pop(&w, HF_TIME_MAX, &d));
	assert_true(hf_wheel_arm(&w, 7, noon + 2));
	assert_true(hf_wheel_arm(&w, 3, noon + 1));
	assert_true(hf_wheel_arm(&w, 900, noon + 1));
	assert_true(hf_wheel_arm(&w, 0, noon + 3));
	assert_int_equal(hf_wheel_next(&w), noon + 1);
	assert_true(hf_wheel_pop(&w, noon + 2, &d));
	assert_int_equal(d.id, 3);
	assert_int_equal(d.at, noon + 1);
	assert_true(hf_wheel_pop(&w, noon + 2, &d));
	assert_int_equal(d.id, 900);
	assert_true(hf_wheel_pop(&w, noon + 2, &d));
	assert_int_equal(d.id, 7);
	/* A millisecond too early is too early. */
	assert_false(hf_wheel_pop(&w, noon + 2, &d));
	assert_true(hf_wheel_pop(&w, noon + 3, &d));
	assert_int_equal(d.id, 0);
	assert_int_equal(hf_wheel_next(&w), HF_TIME_MAX);
	hf_wheel_free(&w);
}

HF_TEST(arming_again_moves_a_clock_and_cancelling_takes_it_off)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due d;

	assert_true(hf_wheel_arm(&w, 1, noon));
	assert_true(hf_wheel_arm(&w, 2, noon + 10));
	assert_true(hf_wheel_arm(&w, 1, noon + 20));
	assert_int_equal(hf_wheel_at(&w, 1), noon + 20);
	assert_int_equal(hf_wheel_next(&w), noon + 10);
	hf_wheel_cancel(&w, 2);
	hf_wheel_cancel(&w, 2);
	hf_wheel_cancel(&w, 4000000000u);
	assert_int_equal(hf_wheel_at(&w, 2), HF_TIME_MAX);
	assert_int_equal(hf_wheel_at(&w, 4000000000u), HF_TIME_MAX);
	assert_true(hf_wheel_pop(&w, HF_TIME_MAX, &d));
	assert_int_equal(d.id, 1);
	assert_int_equal(w.n, 0);
	/* No time is no clock. */
	assert_true(hf_wheel_arm(&w, 1, noon));
	assert_true(hf_wheel_arm(&w, 1, HF_TIME_MAX));
	assert_int_equal(w.n, 0);
	hf_wheel_free(&w);
}

/* A clock whose mark is done is armed for its next one while the round goes on; after
 * a long sleep all of them come in this round, in order. */
HF_TEST(after_hours_asleep_all_that_was_missed_comes_once_and_in_order)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due d;
	hf_time last = 0;
	size_t popped = 0;

	for (uint32_t i = 0; i < 50; i++)
		assert_true(hf_wheel_arm(&w, i, noon + i * 1000));
	while (hf_wheel_pop(&w, noon + 8 * HOUR, &d)) {
		assert_true(d.at >= last);
		last = d.at;
		popped++;
		assert_true(hf_wheel_arm(&w, d.id, d.at + HOUR));
	}
	/* Each at +0h to +7h, and those of whole seconds past noon not at +8h but the
	 * first, whose eighth hour is exactly now. */
	assert_int_equal(popped, 50 * 8 + 1);
	assert_int_equal(w.n, 50);
	hf_wheel_free(&w);
}

HF_TEST(a_time_of_day_that_is_set_back_loses_nothing)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due d;

	assert_true(hf_wheel_arm(&w, 1, noon + HOUR));
	assert_true(hf_wheel_arm(&w, 2, noon + 3 * HOUR));
	assert_true(hf_wheel_pop(&w, noon + 2 * HOUR, &d));
	/* Back by three hours: what is armed waits for its own time. */
	assert_false(hf_wheel_pop(&w, noon - HOUR, &d));
	assert_true(hf_wheel_arm(&w, 3, noon));
	assert_true(hf_wheel_pop(&w, noon, &d));
	assert_int_equal(d.id, 3);
	assert_false(hf_wheel_pop(&w, noon + 3 * HOUR - 1, &d));
	assert_true(hf_wheel_pop(&w, noon + 3 * HOUR, &d));
	assert_int_equal(d.id, 2);
	hf_wheel_free(&w);
}

HF_TEST(times_at_the_ends_of_what_there_is_are_times)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due d;

	assert_true(hf_wheel_arm(&w, 0, HF_TIME_MAX - 1));
	assert_true(hf_wheel_arm(&w, 1, HF_TIME_MIN));
	assert_true(hf_wheel_pop(&w, HF_TIME_MIN, &d));
	assert_int_equal(d.id, 1);
	assert_false(hf_wheel_pop(&w, HF_TIME_MAX - 2, &d));
	assert_true(hf_wheel_pop(&w, HF_TIME_MAX, &d));
	hf_wheel_free(&w);
}

HF_TEST(room_asked_for_is_there_and_changes_nothing_else)
{
	struct hf_wheel w = {0};
	const struct hf_wheel_due *heap;

	assert_true(hf_wheel_arm(&w, 2, noon));
	assert_true(hf_wheel_room(&w, 5000));
	assert_int_equal(hf_wheel_at(&w, 2), noon);
	heap = w.heap;
	for (uint32_t i = 0; i < 5000; i++)
		assert_true(hf_wheel_arm(&w, i, noon + i));
	assert_ptr_equal(w.heap, heap);
	assert_int_equal(w.n, 5000);
	/* More than there can be memory for leaves it as it was. */
	assert_false(hf_wheel_room(&w, SIZE_MAX / 2));
	assert_int_equal(w.n, 5000);
	hf_wheel_free(&w);
}

/* ---- against a plain array ---- */

enum { IDS = 300 };

struct plain {
	hf_time at[IDS]; /* HF_TIME_MAX: not armed */
};

/* The soonest, by looking at all. */
static int
soonest(const struct plain *p)
{
	int best = -1;

	for (int i = 0; i < IDS; i++)
		if (p->at[i] != HF_TIME_MAX && (best < 0 || p->at[i] < p->at[best]))
			best = i;
	return best;
}

static void
pop_all(struct hf_wheel *w, struct plain *p, hf_time now)
{
	struct hf_wheel_due d;

	while (hf_wheel_pop(w, now, &d)) {
		int s = soonest(p);

		assert_true(s >= 0);
		assert_int_equal(d.id, s);
		assert_int_equal(d.at, p->at[s]);
		assert_true(d.at <= now);
		p->at[s] = HF_TIME_MAX;
	}
	assert_true(soonest(p) < 0 || p->at[soonest(p)] > now);
}

static void
check_same(const struct hf_wheel *w, const struct plain *p)
{
	size_t armed = 0;
	int s = soonest(p);

	for (uint32_t i = 0; i < IDS; i++) {
		assert_int_equal(hf_wheel_at(w, i), p->at[i]);
		armed += p->at[i] != HF_TIME_MAX;
	}
	assert_int_equal(w->n, armed);
	assert_int_equal(hf_wheel_next(w), s < 0 ? HF_TIME_MAX : p->at[s]);
}

/* Whatever is armed, moved and taken off, and however time jumps: the same as a plain
 * array says.  Few different times, so that many fall together. */
HF_TEST(it_says_what_a_plain_array_says)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct hf_wheel w = {0};
		struct plain p;
		struct hf_rng rng;
		hf_time now = noon;

		hf_rng_seed(&rng, seed, 9);
		for (int i = 0; i < IDS; i++)
			p.at[i] = HF_TIME_MAX;
		for (int round = 0; round < 1500; round++) {
			uint32_t id = hf_rng_below(&rng, IDS);
			uint32_t what = hf_rng_below(&rng, 20);

			if (what < 14) {
				p.at[id] = now - HOUR +
					   (hf_time)hf_rng_below(&rng, 40) * HOUR / 8;
				assert_true(hf_wheel_arm(&w, id, p.at[id]));
			} else if (what < 17) {
				p.at[id] = HF_TIME_MAX;
				hf_wheel_cancel(&w, id);
			} else {
				/* On by minutes; now and then hours on, or back. */
				now += what == 17 ? HOUR / 30
				       : what == 18
					   ? (hf_time)hf_rng_below(&rng, 9) * HOUR
					   : -2 * HOUR;
				pop_all(&w, &p, now);
			}
			if (round % 50 == 0)
				check_same(&w, &p);
		}
		pop_all(&w, &p, HF_TIME_MAX);
		assert_int_equal(w.n, 0);
		hf_wheel_free(&w);
	}
}

HF_TEST_MAIN(
    "hub/wheel", cmocka_unit_test(what_is_due_comes_in_order_of_time_and_then_of_id),
    cmocka_unit_test(arming_again_moves_a_clock_and_cancelling_takes_it_off),
    cmocka_unit_test(after_hours_asleep_all_that_was_missed_comes_once_and_in_order),
    cmocka_unit_test(a_time_of_day_that_is_set_back_loses_nothing),
    cmocka_unit_test(times_at_the_ends_of_what_there_is_are_times),
    cmocka_unit_test(room_asked_for_is_there_and_changes_nothing_else),
    cmocka_unit_test(it_says_what_a_plain_array_says))

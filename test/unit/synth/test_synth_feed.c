/* test_synth_feed.c - lives into the store, on both engines: the whole or nothing, and
 * the same for any number of threads. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include <stdlib.h>

#include "record/io/desk.h"
#include "synth/io/activity_feed.h"

static struct hf_err err; /* of the call before */

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

static struct hf_synth_feed_result
feed(struct hf_test_store *t, int64_t people, int threads)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_activity_config ac = hf_synth_activity_defaults();
	const struct hf_pop_key key = {{1, 2, 3}};
	struct hf_synth_feed_config fc = {.key = &key,
					  .actor = HF_SV("generate"),
					  .purpose = HF_SV("HTEST"),
					  .threads = threads};
	struct hf_synth_feed_result r = {0};
	struct hf_synth_activity *a;
	struct hf_synth_place *place;

	c.people = people;
	c.full_records = 0;
	ac.years = 1;
	OK(hf_synth_place_new(&c, &place, &err));
	OK(hf_synth_activity_new(place, &ac, &a, &err));
	OK(hf_pop_store_open(t->store, &fc.store, &err));
	fc.activity = a;
	OK(hf_synth_feed(&fc, &r, &err));
	assert_int_equal(r.lives, hf_synth_activity_lives(a));
	hf_pop_store_close(fc.store);
	hf_synth_activity_free(a);
	hf_synth_place_free(place);
	return r;
}

/* Bytes of a stripe's chunks, in order, folded into one number. */
static uint64_t
fold_stripe(struct hf_test_store *t, int64_t id, int64_t stripe, uint64_t h)
{
	struct hf_rows r;

	OK(hf_db_query(hf_reader_db(t->reader), HF_Q_POPULATION_CHUNKS,
		       HF_ARGS(HF_INT(id), HF_INT(stripe)), &r, &err));
	while (hf_rows_next(&r)) {
		struct hf_sv body = hf_rows_blob(&r, HF_C_POPULATION_CHUNKS_BODY);

		for (size_t i = 0; i < body.n; i++)
			h = (h ^ (unsigned char)body.p[i]) * 1099511628211u;
	}
	OK(hf_rows_end(&r, &err));
	return h;
}

static uint64_t
fold(struct hf_test_store *t, int64_t id, int64_t *rows)
{
	int64_t stripes[64], last = -1;
	uint64_t h = 1469598103934665603u;
	struct hf_rows r;
	int n = 0;

	*rows = 0;
	OK(hf_db_query(hf_reader_db(t->reader), HF_Q_POPULATION_CHUNK_HEADS,
		       HF_ARGS(HF_INT(id)), &r, &err));
	while (hf_rows_next(&r)) {
		int64_t stripe = hf_rows_int(&r, HF_C_POPULATION_CHUNK_HEADS_STRIPE);

		*rows += hf_rows_int(&r, HF_C_POPULATION_CHUNK_HEADS_N);
		assert_true(n < 64);
		if (stripe != last)
			stripes[n++] = last = stripe;
	}
	OK(hf_rows_end(&r, &err));
	for (int i = 0; i < n; i++)
		h = fold_stripe(t, id, stripes[i], h);
	return h;
}

HF_ON_BOTH(lives_are_one_feed_and_the_same_for_any_number_of_threads)
{
	struct hf_synth_feed_result one = feed(t, 700, 1), two;
	int64_t rows, again;
	uint64_t a = fold(t, one.feed, &rows), b;

	assert_true(one.events > 700 * 4);
	/* Rows of persons, registrations, conditions, values and events. */
	assert_true(rows >= one.lives * 2 + one.events + one.conditions + one.values);
	two = feed(t, 700, 3);
	b = fold(t, two.feed, &again);
	assert_true(two.feed > one.feed);
	assert_int_equal(two.events, one.events);
	assert_int_equal(rows, again);
	assert_true(a == b);
}

HF_TEST_MAIN("synth/feed",
	     HF_BOTH(lives_are_one_feed_and_the_same_for_any_number_of_threads))

/* The life of a feed, on both engines. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include <stdlib.h>

#include "population/io/check.h"
#include "population/io/store.h"
#include "record/io/desk.h"

static struct hf_pop_feed_about
about(const char *kind, uint16_t from, uint16_t to, const char *sha)
{
	return (struct hf_pop_feed_about){
	    .actor = HF_SV("user/test"),
	    .purpose = HF_SV("HOPERAT"),
	    .source = HF_SV("RXX"),
	    .kind = hf_sv_from(kind),
	    .from = from,
	    .to = to,
	    .file = HF_SV("spells.csv"),
	    .sha = hf_sv_from(sha),
	    .map = HF_SV("spells|1.0"),
	};
}

static struct hf_err err; /* of the call before */

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

static struct hf_pop_store *
open_store(struct hf_test_store *t)
{
	struct hf_pop_store *p = NULL;

	OK(hf_pop_store_open(t->store, &p, &err));
	return p;
}

/* Persons from on, one event each. */
static struct hf_pop_feed *
feed_of(struct hf_pop_store *p, const struct hf_pop_feed_about *a, uint32_t from,
	uint32_t n)
{
	struct hf_pop_feed *f = NULL;

	OK(hf_pop_feed_open(p, a, &f, &err));
	for (uint32_t i = from; i < from + n; i++) {
		uint8_t pid[HF_POP_PID] = {9};
		struct hf_pop_event e = {.day = a->from, .setting = HF_POP_NE};

		memcpy(pid + 4, &i, sizeof(i));
		OK(hf_pop_feed_person(f, pid, &e.person, NULL, &err));
		OK(hf_pop_feed_code(f, HF_POP_ICD10, HF_SV("I501"), &e.dx, &err));
		e.cost = (int32_t)(i * 2654435761u);
		OK(hf_pop_feed_event(f, &e, NULL, 0, &err));
	}
	return f;
}

static int64_t
count(struct hf_test_store *t, enum hf_query q, const struct hf_arg *args, int column,
      int64_t value)
{
	struct hf_rows rows;
	int64_t n = 0;

	OK(hf_db_query(hf_reader_db(t->reader), q, args, &rows, &err));
	while (hf_rows_next(&rows))
		n += column < 0 || hf_rows_int(&rows, column) == value;
	OK(hf_rows_end(&rows, &err));
	return n;
}

static int64_t
in_state(struct hf_test_store *t, int64_t state)
{
	return count(t, HF_Q_POPULATION_FEEDS, HF_ARGS(HF_INT(0)),
		     HF_C_POPULATION_FEEDS_STATE, state);
}

HF_ON_BOTH(a_later_feed_of_the_same_days_replaces_the_earlier_and_both_stay)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	int64_t one, two, other;

	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 10), &one, &err));
	a = about("ae", 100, 130, "ab");
	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 10), &other, &err));
	a = about("spells", 90, 130, "ac");
	OK(hf_pop_feed_commit(feed_of(p, &a, 5, 10), &two, &err));
	assert_int_equal(one, 1);
	assert_int_equal(two, 3);
	assert_int_equal(in_state(t, 1), 2);
	assert_int_equal(in_state(t, 2), 1);
	assert_int_equal(
	    count(t, HF_Q_POPULATION_CHUNK_HEADS, HF_ARGS(HF_INT(one)), -1, 0), 1);
	/* Part of the days only: neither goes. */
	a = about("spells", 110, 140, "ad");
	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 1), &one, &err));
	assert_int_equal(in_state(t, 1), 3);
	hf_pop_store_close(p);
}

HF_ON_BOTH(the_same_bytes_are_refused_with_the_number_of_the_earlier_feed)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	struct hf_pop_feed *f = NULL, *g;
	int64_t id;

	g = feed_of(p, &a, 7, 1); /* begun before the other ends */
	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 10), &id, &err));
	assert_int_equal(hf_pop_feed_open(p, &a, &f, &err), HF_EXISTS);
	assert_non_null(strstr(err.text, "feed 1"));
	assert_int_equal(hf_pop_feed_commit(g, &id, &err), HF_EXISTS);
	/* As another kind they may come: one file can hold both. */
	a.kind = HF_SV("ae");
	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 10), &id, &err));
	hf_pop_store_close(p);
}

HF_ON_BOTH(a_flex_cut_does_not_replace_the_final_one)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	struct hf_pop_feed *f = NULL;
	int64_t id;

	a.cut = HF_SV("freeze");
	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 10), &id, &err));
	a = about("spells", 120, 150, "ab");
	a.cut = HF_SV("flex");
	assert_int_equal(hf_pop_feed_open(p, &a, &f, &err), HF_RULE);
	hf_pop_store_close(p);
}

HF_ON_BOTH(what_is_wrong_with_a_feed_is_named)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 100, "aa");
	struct hf_pop_feed *f = NULL;
	struct hf_pop_condition c = {.person = 3};

	assert_int_equal(hf_pop_feed_open(p, &a, &f, &err), HF_INVALID);
	assert_string_equal(err.path, "to");
	a.to = 101;
	a.kind.n = 0;
	assert_int_equal(hf_pop_feed_open(p, &a, &f, &err), HF_INVALID);
	assert_string_equal(err.path, "kind");
	a = about("spells", 100, 101, "");
	f = feed_of(p, &a, 0, 3);
	assert_int_equal(hf_pop_feed_condition(f, &c, &err), HF_INVALID);
	hf_pop_feed_drop(f);
	hf_pop_feed_drop(NULL);
	hf_pop_store_close(p);
}

HF_ON_BOTH(codes_and_ordinals_are_the_same_after_a_restart_and_go_with_a_dropped_feed)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	struct hf_pop_feed *f;
	uint8_t pid[HF_POP_PID] = {9};
	uint32_t ord, nine = 9, many = 20000;
	uint16_t code;
	int64_t id;
	bool made;

	OK(hf_pop_feed_commit(feed_of(p, &a, 0, many), &id, &err));
	a.sha = HF_SV("ab");
	hf_pop_feed_drop(feed_of(p, &a, 2 * many, 5));
	hf_pop_store_close(p);
	hf_test_store_reopen(t);
	p = open_store(t);
	f = feed_of(p, &a, 3 * many, 1);
	memcpy(pid + 4, &nine, sizeof(nine));
	OK(hf_pop_feed_person(f, pid, &ord, &made, &err));
	assert_false(made);
	assert_int_equal(ord, 9);
	nine = 3 * many;
	memcpy(pid + 4, &nine, sizeof(nine));
	OK(hf_pop_feed_person(f, pid, &ord, &made, &err));
	assert_int_equal(ord, many);
	OK(hf_pop_feed_code(f, HF_POP_ICD10, HF_SV("I501"), &code, &err));
	assert_int_equal(code, 1);
	OK(hf_pop_feed_code(f, HF_POP_ICD10, HF_SV(""), &code, &err));
	assert_int_equal(code, 0);
	OK(hf_pop_feed_commit(f, &id, &err));
	hf_pop_store_close(p);
}

/* More rows than wait in memory: parts are written before the end. */
HF_ON_BOTH(a_feed_that_is_dropped_or_cut_off_leaves_nothing)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	struct hf_pop_feed *f = NULL;
	uint8_t pid[HF_POP_PID] = {9};
	struct hf_pop_event e = {.day = 100};
	uint64_t noise = 1;
	int64_t chunks = 0;

	OK(hf_pop_feed_open(p, &a, &f, &err));
	OK(hf_pop_feed_person(f, pid, &e.person, NULL, &err));
	for (int i = 0; i < 8000000 && chunks == 0; i++) {
		noise = noise * 6364136223846793005u + 1442695040888963407u;
		e.cost = (int32_t)(noise >> 32);
		e.wait = (uint16_t)(noise >> 16);
		e.hrg = (uint16_t)(noise >> 20);
		e.proc = (uint16_t)(noise >> 24);
		OK(hf_pop_feed_event(f, &e, NULL, 0, &err));
		if (i % 1000000 == 0)
			chunks = count(t, HF_Q_POPULATION_CHUNK_HEADS,
				       HF_ARGS(HF_INT(1)), -1, 0);
	}
	assert_true(chunks > 0);
	assert_int_equal(in_state(t, 1), 0); /* none of it counts yet */
	hf_pop_feed_drop(f);
	assert_int_equal(
	    count(t, HF_Q_POPULATION_CHUNK_HEADS, HF_ARGS(HF_INT(1)), -1, 0), 0);
	assert_int_equal(count(t, HF_Q_POPULATION_FEED_OPEN, NULL, -1, 0), 0);
	hf_pop_store_close(p);
}

static enum hf_rc
put_record(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	   struct hf_err *e)
{
	return hf_pop_record_put(db, 77, change, hf_sv_from(ctx), e);
}

HF_ON_BOTH(what_the_record_says_of_a_person_is_replaced_whole)
{
	char one[] = "one", two[] = "two";
	struct hf_desk_job job = {.actor = HF_SV("homefirst"),
				  .purpose = HF_SV("SYSADMIN"),
				  .what = HF_SV("test"),
				  .write = put_record,
				  .ctx = one,
				  .apart = true};
	struct hf_rows rows;
	int64_t first;

	OK(hf_store_desk(t->store, &job, &err));
	OK(hf_db_query(hf_reader_db(t->reader), HF_Q_POPULATION_RECORDS,
		       HF_ARGS(HF_INT(0), HF_INT(0), HF_INT(10)), &rows, &err));
	assert_true(hf_rows_next(&rows));
	assert_sv_equal(hf_rows_blob(&rows, HF_C_POPULATION_RECORDS_BODY), "one");
	first = hf_rows_int(&rows, HF_C_POPULATION_RECORDS_CHANGE);
	assert_false(hf_rows_next(&rows));
	OK(hf_rows_end(&rows, &err));
	job.ctx = two;
	OK(hf_store_desk(t->store, &job, &err));
	OK(hf_db_query(hf_reader_db(t->reader), HF_Q_POPULATION_RECORDS,
		       HF_ARGS(HF_INT(first), HF_INT(77), HF_INT(10)), &rows, &err));
	assert_true(hf_rows_next(&rows));
	assert_sv_equal(hf_rows_blob(&rows, HF_C_POPULATION_RECORDS_BODY), "two");
	assert_false(hf_rows_next(&rows));
	OK(hf_rows_end(&rows, &err));
}

static enum hf_rc
put_nonsense(void *ctx HF_UNUSED, struct hf_db *db, int64_t change HF_UNUSED,
	     hf_time at HF_UNUSED, struct hf_err *e)
{
	enum hf_rc rc = hf_pop_record_put(db, 78, change, HF_SV("nonsense"), e);

	return rc == HF_OK
		   ? hf_db_exec(db, HF_Q_POPULATION_CHUNK_ADD,
				HF_ARGS(HF_INT(1), HF_INT(0), HF_INT(99), HF_INT(0),
					HF_INT(3), HF_BLOB(HF_SV("nonsense"))),
				NULL, e)
		   : rc;
}

HF_ON_BOTH(what_is_damaged_is_found_by_check)
{
	struct hf_pop_store *p = open_store(t);
	struct hf_pop_feed_about a = about("spells", 100, 130, "aa");
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_pop_check_report r;
	struct hf_desk_job job = {.actor = HF_SV("homefirst"),
				  .purpose = HF_SV("SYSADMIN"),
				  .what = HF_SV("test"),
				  .write = put_nonsense,
				  .apart = true};
	int64_t id;

	OK(hf_pop_feed_commit(feed_of(p, &a, 0, 1000), &id, &err));
	OK(hf_pop_check(t->store, &issues, &r, &err));
	assert_int_equal(r.problems, 0);
	assert_int_equal(r.rows, 1000);
	OK(hf_store_desk(t->store, &job, &err));
	OK(hf_pop_check(t->store, &issues, &r, &err));
	assert_int_equal(r.problems, 2);
	assert_int_equal(issues.n, 2);
	hf_pop_store_close(p);
}

HF_TEST_MAIN(
    "population/store", HF_BOTH(what_is_damaged_is_found_by_check),
    HF_BOTH(a_later_feed_of_the_same_days_replaces_the_earlier_and_both_stay),
    HF_BOTH(the_same_bytes_are_refused_with_the_number_of_the_earlier_feed),
    HF_BOTH(a_flex_cut_does_not_replace_the_final_one),
    HF_BOTH(what_is_wrong_with_a_feed_is_named),
    HF_BOTH(codes_and_ordinals_are_the_same_after_a_restart_and_go_with_a_dropped_feed),
    HF_BOTH(a_feed_that_is_dropped_or_cut_off_leaves_nothing),
    HF_BOTH(what_the_record_says_of_a_person_is_replaced_whole))

/* The explorer over a store, on both engines: what is asked, what is shown. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "population/answer.h"
#include "population/io/explore.h"
#include "population/io/store.h"

static struct hf_err err; /* of the call before */

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

enum { PERSONS = 600, DAY = 13000 };

/* Two practices of 400 and 200; women at the second are four.  Everybody has an
 * admission, persons of the first practice in May 2025 and of the second in June. */
static void
fill(struct hf_test_store *t)
{
	struct hf_pop_feed_about a = {.actor = HF_SV("user/test"),
				      .purpose = HF_SV("PLAN"),
				      .source = HF_SV("RX1"),
				      .kind = HF_SV("register"),
				      .from = DAY - 400,
				      .to = DAY + 1};
	struct hf_pop_store *p = NULL;
	struct hf_pop_feed *f = NULL;
	int64_t id;

	OK(hf_pop_store_open(t->store, &p, &err));
	OK(hf_pop_feed_open(p, &a, &f, &err));
	for (uint32_t i = 0; i < PERSONS; i++) {
		bool second = i >= 400;
		struct hf_pop_person x = {
		    .birth = (int16_t)((1940 - 1900) * 12 + (i % 480)),
		    .death_day = HF_POP_NONE,
		    .sex = (second ? i < 404 : i % 2) ? HF_POP_FEMALE : HF_POP_MALE};
		struct hf_pop_registration r = {.from = 9000, .to = HF_POP_NONE};
		struct hf_pop_event e = {.day = (uint16_t)(second ? 12950 : 12920),
					 .setting = HF_POP_NE,
					 .cost = 200000};
		uint8_t pid[HF_POP_PID] = {0};

		memcpy(pid, &(uint64_t){(i + 1) * 0x9e3779b97f4a7c15u}, 8);
		OK(hf_pop_feed_person(f, pid, &r.person, NULL, &err));
		OK(hf_pop_feed_code(f, HF_POP_PRACTICE,
				    second ? HF_SV("Y02") : HF_SV("Y01"), &r.practice,
				    &err));
		e.person = r.person;
		OK(hf_pop_feed_about_person(f, r.person, &x, &err));
		OK(hf_pop_feed_registration(f, &r, &err));
		OK(hf_pop_feed_event(f, &e, NULL, 0, &err));
	}
	OK(hf_pop_feed_commit(f, &id, &err));
	hf_pop_store_close(p);
}

static char *
csv(const struct hf_pop_view *v, const char *filter, const char *by, const char *events)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_pop_ask ask = {.monthly = events != NULL};
	struct hf_pop_answer a;
	struct hf_buf b = {0};

	if (filter)
		OK(hf_pop_ask_filter(&v->dims, hf_sv_from(filter), &ask, &err));
	OK(hf_pop_ask_by(&v->dims, hf_sv_from(by), &ask, &err));
	if (events)
		OK(hf_pop_ask_events(hf_sv_from(events), &ask, &err));
	OK(hf_pop_view_ask(v, &ask, &arena, &a, &err));
	hf_pop_answer_csv(&v->dims, &ask, &a, &b);
	hf_buf_char(&b, '\0');
	hf_arena_free(&arena);
	return b.p;
}

HF_ON_BOTH(practices_come_out_whole_and_small_cells_hidden)
{
	struct hf_pop_explorer *x = NULL;
	const struct hf_pop_view *v;
	char *text;

	fill(t);
	OK(hf_pop_explorer_open(t->store, false, &x, &err));
	v = hf_pop_view_hold(x);
	assert_int_equal(v->dims.n, PERSONS);
	text = csv(v, NULL, "practice", NULL);
	assert_string_equal(text, "Practice,Persons\nY01,400\nY02,200\nAll,600\n");
	free(text);
	text = csv(v, NULL, "practice", "NE");
	assert_string_equal(text, "Practice,Month,Events,Pence\nY01,2025-05,400,"
				  "80000000\nY02,2025-06,200,40000000\n");
	free(text);
	/* Four women, or what they weigh: never a number of them. */
	text = csv(v, "practice=Y02", "sex", NULL);
	for (int n = 1; n <= 4; n++) {
		char line[24];

		snprintf(line, sizeof(line), "Female,%d\n", n);
		assert_null(strstr(text, line));
	}
	free(text);
	hf_pop_view_release(x, v);
	hf_pop_explorer_close(x);
}

HF_ON_BOTH(a_place_without_anybody_answers_with_nothing)
{
	struct hf_pop_explorer *x = NULL;
	const struct hf_pop_view *v;
	char *text;

	OK(hf_pop_explorer_open(t->store, false, &x, &err));
	v = hf_pop_view_hold(x);
	text = csv(v, NULL, "locality,age", NULL);
	assert_string_equal(text, "Locality,Age,Persons\nAll,,0\n");
	free(text);
	text = csv(v, NULL, "locality", "AE");
	assert_string_equal(text, "Locality,Month,Events,Pence\n");
	free(text);
	hf_pop_view_release(x, v);
	hf_pop_explorer_close(x);
}

struct asker {
	struct hf_pop_explorer *x;
	pthread_t thread;
	int wrong;
};

/* Admissions are the same in every view; attendances are drawn out beside them. */
static void *
ask_on(void *ctx)
{
	struct asker *a = ctx;

	for (int i = 0; i < 30; i++) {
		const struct hf_pop_view *v = hf_pop_view_hold(a->x);
		char *text;

		if (!v) {
			usleep(2000);
			continue;
		}
		text = csv(v, NULL, "practice", i % 2 ? "AE" : "NE");
		a->wrong += i % 2 == 0 && !strstr(text, "Y01,2025-05,400,80000000\n");
		free(text);
		hf_pop_view_release(a->x, v);
	}
	return NULL;
}

/* A&E attendances of nobody in particular, so that there is a newer view. */
static void
one_feed_more(struct hf_test_store *t, uint16_t day)
{
	struct hf_pop_feed_about a = {.actor = HF_SV("user/test"),
				      .purpose = HF_SV("PLAN"),
				      .source = HF_SV("RX2"),
				      .kind = HF_SV("ae"),
				      .from = day,
				      .to = (uint16_t)(day + 1)};
	struct hf_pop_event e = {.day = day, .setting = HF_POP_AE, .cost = 10000};
	struct hf_pop_store *p = NULL;
	struct hf_pop_feed *f = NULL;
	uint8_t pid[HF_POP_PID] = {0};
	int64_t id;

	memcpy(pid, &(uint64_t){0x9e3779b97f4a7c15u}, 8);
	OK(hf_pop_store_open(t->store, &p, &err));
	OK(hf_pop_feed_open(p, &a, &f, &err));
	OK(hf_pop_feed_person(f, pid, &e.person, NULL, &err));
	OK(hf_pop_feed_event(f, &e, NULL, 0, &err));
	OK(hf_pop_feed_commit(f, &id, &err));
	hf_pop_store_close(p);
}

HF_ON_BOTH(who_asks_while_views_change_is_answered_from_one_whole_view)
{
	struct hf_pop_explorer *x = NULL;
	struct asker a[3] = {{NULL}};

	fill(t);
	OK(hf_pop_explorer_open(t->store, true, &x, &err));
	for (size_t i = 0; i < HF_COUNT(a); i++) {
		a[i].x = x;
		assert_int_equal(pthread_create(&a[i].thread, NULL, ask_on, &a[i]), 0);
	}
	for (uint16_t i = 0; i < 3; i++)
		one_feed_more(t, (uint16_t)(12930 + i));
	for (size_t i = 0; i < HF_COUNT(a); i++) {
		pthread_join(a[i].thread, NULL);
		assert_int_equal(a[i].wrong, 0);
	}
	hf_pop_explorer_close(x);
}

HF_TEST_MAIN("population/explore",
	     HF_BOTH(who_asks_while_views_change_is_answered_from_one_whole_view),
	     HF_BOTH(practices_come_out_whole_and_small_cells_hidden),
	     HF_BOTH(a_place_without_anybody_answers_with_nothing))

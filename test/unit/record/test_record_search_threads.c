/* Many ask at once while one writes: answers are whole, and pages end. */
#include <pthread.h>

#include "test_record_search.h"

enum { ASKERS = 3, ROUNDS = 60, WRITES = 60, RECORD = 30 };

struct shared {
	struct place *place;
	_Atomic bool failed;
	_Atomic int writes;
};

static void
observation(char json[400], int i)
{
	snprintf(
	    json, 400,
	    "{\"resourceType\":\"Observation\",\"id\":\"b%d\",\"status\":\"final\","
	    "\"code\":{\"coding\":[{\"code\":\"c%d\"}]},\"subject\":{\"reference\":"
	    "\"Patient/p1\"},\"effectiveDateTime\":\"20%02d-01-01\"}",
	    i, i % 3, 10 + i % 20);
}

static void
put_record(struct place *p)
{
	place_put1(p,
		   "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":"
		   "\"Smith\"}]}");
	for (int i = 0; i < RECORD; i++) {
		char json[400];

		observation(json, i);
		place_put1(p, json);
	}
}

/* Reads all pages of url; the number of hits, or -1. */
static int
count_all(struct place *p, const char *url, const char *type)
{
	struct hf_search_result r;
	char next[600];
	int n = 0;
	enum hf_rc rc = place_ask(p, url, &r);

	while (rc == HF_OK) {
		n += (int)r.n;
		if (r.next.n == 0)
			return n;
		snprintf(next, sizeof next, "%s?%.*s", type, HF_SV_ARG(r.next));
		rc = place_ask(p, next, &r);
	}
	return -1;
}

static void *
ask_on(void *ctx)
{
	struct shared *sh = ctx;
	struct place p = {.store = sh->place->store, .user = HF_SV("asker")};

	hf_arena_init(&p.arena, (size_t)64 << 20);
	if (hf_reader_get(p.store, &p.reader, &p.err) != HF_OK) {
		sh->failed = true;
		return NULL;
	}
	for (int i = 0; i < ROUNDS && !sh->failed; i++) {
		int least = RECORD + sh->writes;
		int in_record = count_all(
		    &p, "Observation?patient=p1&_sort=-date&_count=7", "Observation");
		int across =
		    count_all(&p, "Observation?code=c0,c1,c2&_count=7", "Observation");
		int most = RECORD + sh->writes + 1; /* one may be under way */

		if (in_record < least || in_record > most || across < least ||
		    across > most)
			sh->failed = true;
	}
	hf_reader_put(p.reader);
	hf_arena_free(&p.arena);
	return NULL;
}

static void *
write_on(void *ctx)
{
	struct shared *sh = ctx;
	struct place p = {.store = sh->place->store, .user = HF_SV("writer")};

	hf_arena_init(&p.arena, (size_t)64 << 20);
	if (hf_reader_get(p.store, &p.reader, &p.err) != HF_OK) {
		sh->failed = true;
		return NULL;
	}
	for (int i = 0; i < WRITES && !sh->failed; i++) {
		char json[400];

		observation(json, RECORD + i);
		place_put1(&p, json);
		sh->writes++;
	}
	hf_reader_put(p.reader);
	hf_arena_free(&p.arena);
	return NULL;
}

BOTH(answers_are_whole_while_others_ask_and_write)
{
	struct shared sh = {.place = p};
	pthread_t askers[ASKERS], writer;

	put_record(p);
	assert_int_equal(pthread_create(&writer, NULL, write_on, &sh), 0);
	for (int i = 0; i < ASKERS; i++)
		assert_int_equal(pthread_create(&askers[i], NULL, ask_on, &sh), 0);
	for (int i = 0; i < ASKERS; i++)
		pthread_join(askers[i], NULL);
	pthread_join(writer, NULL);
	assert_false(sh.failed);
	assert_int_equal(sh.writes, WRITES);
	assert_int_equal(count_all(p, "Observation?patient=p1&_count=7", "Observation"),
			 RECORD + WRITES);
}

HF_TEST_MAIN("record/search threads",
	     BOTH_TESTS(answers_are_whole_while_others_ask_and_write))

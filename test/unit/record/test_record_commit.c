/* Laws of commit: whatever way writers interleave, the history replays to the
 * state that is read, and every acknowledged write is in it. */
#include "test/hf_test.h"

#include <pthread.h>

#include "base/rng.h"
#include "record/index.h"
#include "test/support/store.h"

enum { WRITERS = 6, ROUNDS = 60, IDS = 9, ACKS_MOST = WRITERS * ROUNDS * 2 };

struct ack {
	int id;
	uint32_t version, mark; /* mark 0: deleted */
};

struct shared {
	struct hf_store *store;
	pthread_mutex_t lock;
	struct ack acks[ACKS_MOST];
	size_t n_acks, stale, created_at_once;
};

struct writer {
	struct shared *s;
	unsigned number;
	pthread_t thread;
};

static void
id_of(int i, char out[16])
{
	snprintf(out, 16, "p%d", i);
}

static void
remember(struct shared *s, int id, uint32_t version, uint32_t mark)
{
	pthread_mutex_lock(&s->lock);
	assert_true(s->n_acks < ACKS_MOST);
	s->acks[s->n_acks++] = (struct ack){id, version, mark};
	pthread_mutex_unlock(&s->lock);
}

/* Puts or deletes one or two resources in one change. */
static void
write_once(struct writer *w, struct hf_reader *reader, struct hf_rng *rng,
	   uint32_t mark)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_change_item items[2] = {0};
	struct hf_json docs[2];
	int ids[2];
	char names[2][16];
	struct hf_change c = {.arena = &arena,
			      .items = items,
			      .issues = &issues,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_err err = {0};
	enum hf_rc rc;

	c.n = 1 + hf_rng_below(rng, 2);
	ids[0] = (int)hf_rng_below(rng, IDS);
	ids[1] = (ids[0] + 1 + (int)hf_rng_below(rng, IDS - 1)) % IDS;
	for (size_t i = 0; i < c.n; i++) {
		struct hf_sv text;

		id_of(ids[i], names[i]);
		items[i].type = hf_resource_find(HF_SV("Patient"));
		items[i].id = hf_sv_from(names[i]);
		items[i].op = hf_rng_below(rng, 5) ? HF_OP_PUT : HF_OP_DELETE;
		if (hf_rng_below(rng, 4) == 0)
			items[i].if_match = 1 + hf_rng_below(rng, 20);
		text = hf_arena_printf(&arena,
				       "{\"resourceType\":\"Patient\",\"id\":\"%s\","
				       "\"multipleBirthInteger\":%u}",
				       names[i], mark);
		assert_int_equal(hf_json_parse(text, NULL, &arena, &docs[i], NULL),
				 HF_OK);
		if (items[i].op == HF_OP_PUT)
			items[i].doc = &docs[i];
	}
	rc = hf_change_commit(w->s->store, reader, &c, &err);
	if (rc == HF_STALE || rc == HF_NOT_FOUND) {
		__atomic_add_fetch(&w->s->stale, 1, __ATOMIC_RELAXED);
	} else if (rc != HF_OK) {
		fail_msg("%s", err.text);
	} else {
		for (size_t i = 0; i < c.n; i++)
			if (!items[i].unchanged)
				remember(w->s, ids[i], items[i].version,
					 items[i].op == HF_OP_DELETE ? 0 : mark);
	}
	hf_arena_free(&arena);
}

static void *
write_many(void *arg)
{
	struct writer *w = arg;
	struct hf_reader *reader;
	struct hf_rng rng;

	hf_rng_seed(&rng, 20261122, w->number);
	assert_int_equal(hf_reader_get(w->s->store, &reader, NULL), HF_OK);
	for (uint32_t i = 0; i < ROUNDS; i++)
		write_once(w, reader, &rng, 1 + w->number * ROUNDS + i);
	hf_reader_put(reader);
	return NULL;
}

static uint32_t
mark_in(const struct hf_version *v, struct hf_arena *arena)
{
	struct hf_json doc;
	int64_t mark = 0;

	if (v->e.deleted)
		return 0;
	assert_int_equal(hf_json_parse(v->body, NULL, arena, &doc, NULL), HF_OK);
	assert_true(hf_sv_int(
	    hf_json_raw(&doc, hf_json_member(&doc, 0, "multipleBirthInteger")), &mark));
	return (uint32_t)mark;
}

/* Versions of one id run from 1 without a gap, later ones in later commits, and
 * hold what was acknowledged. */
static size_t
check_one(struct hf_test_store *t, struct shared *s, int id)
{
	char name[16];
	struct hf_entry e;
	uint32_t n = 0;
	size_t found = 0;
	int64_t change = INT64_MAX;

	id_of(id, name);
	if (hf_store_find(t->reader, hf_resource_find(HF_SV("Patient")),
			  hf_sv_from(name), &e, NULL) == HF_OK)
		n = e.version;
	for (uint32_t v = n; v > 0; v--) {
		struct hf_version got = {0};
		enum hf_rc rc =
		    hf_store_read(t->reader, HF_SV("Patient"), hf_sv_from(name), v,
				  &t->arena, &got, NULL);
		size_t acks = 0;

		assert_true(rc == HF_OK || rc == HF_GONE);
		assert_int_equal(got.e.version, v);
		assert_true(got.e.change < change);
		change = got.e.change;
		for (size_t i = 0; i < s->n_acks; i++)
			if (s->acks[i].id == id && s->acks[i].version == v) {
				assert_int_equal(s->acks[i].mark,
						 mark_in(&got, &t->arena));
				acks++;
			}
		assert_int_equal(acks, 1);
		found++;
	}
	return found;
}

/* The log of commits, oldest first, leads to the state that is read. */
static void
replay(struct hf_test_store *t)
{
	struct hf_version *log;
	size_t n;
	uint32_t version[IDS] = {0}, mark[IDS] = {0};

	assert_int_equal(hf_store_history(t->reader, 0, 0, 0, 0, HF_TIME_MIN, ACKS_MOST,
					  &t->arena, &log, &n, NULL),
			 HF_OK);
	while (n-- > 0) {
		int64_t id;

		assert_true(hf_sv_int(hf_sv_from_at(log[n].id, 1), &id));
		assert_int_equal(log[n].e.version, version[id] + 1);
		version[id] = log[n].e.version;
		mark[id] = mark_in(&log[n], &t->arena);
	}
	for (int id = 0; id < IDS; id++) {
		char name[16];
		struct hf_version now = {0};

		id_of(id, name);
		hf_store_read(t->reader, HF_SV("Patient"), hf_sv_from(name), 0,
			      &t->arena, &now, NULL);
		assert_int_equal(now.e.version, version[id]);
		if (version[id])
			assert_int_equal(mark_in(&now, &t->arena), mark[id]);
	}
}

static void
writers_interleave(struct hf_test_store *t)
{
	struct shared s = {.store = t->store};
	struct writer writers[WRITERS];
	size_t found = 0;

	pthread_mutex_init(&s.lock, NULL);
	for (unsigned i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.s = &s, .number = i};
		assert_int_equal(
		    pthread_create(&writers[i].thread, NULL, write_many, &writers[i]),
		    0);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	assert_true(s.n_acks > WRITERS * ROUNDS / 2);
	assert_true(s.stale > 0);
	for (int round = 0; round < 2; round++) {
		found = 0;
		for (int id = 0; id < IDS; id++)
			found += check_one(t, &s, id);
		assert_int_equal(found, s.n_acks);
		replay(t);
		hf_test_store_reopen(t);
	}
	pthread_mutex_destroy(&s.lock);
}

HF_TEST(any_interleaving_replays_to_the_same_state_on_sqlite)
{
	struct hf_test_store t;

	assert_true(hf_test_store_open(&t, 0));
	writers_interleave(&t);
	hf_test_store_close(&t);
}

HF_TEST(any_interleaving_replays_to_the_same_state_on_postgresql)
{
	struct hf_test_store t;

	if (!hf_test_store_open(&t, 1))
		skip();
	writers_interleave(&t);
	hf_test_store_close(&t);
}

/* Claims: of many who create under one new id with "only when there is none",
 * exactly one wins. */
static void *
create_once(void *arg)
{
	struct writer *w = arg;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc;
	struct hf_change_item item = {.op = HF_OP_PUT,
				      .id = HF_SV("only"),
				      .if_none_match_any = true,
				      .doc = &doc};
	struct hf_issues issues = {.arena = &arena};
	struct hf_change c = {.arena = &arena,
			      .items = &item,
			      .n = 1,
			      .issues = &issues,
			      .actor = HF_SV("test"),
			      .purpose = HF_SV("TREAT"),
			      .source = HF_SV("test")};
	struct hf_reader *reader;

	item.type = hf_resource_find(HF_SV("Patient"));
	hf_json_parse(HF_SV("{\"resourceType\":\"Patient\",\"id\":\"only\"}"), NULL,
		      &arena, &doc, NULL);
	assert_int_equal(hf_reader_get(w->s->store, &reader, NULL), HF_OK);
	if (hf_change_commit(w->s->store, reader, &c, NULL) == HF_OK)
		__atomic_add_fetch(&w->s->created_at_once, 1, __ATOMIC_RELAXED);
	hf_reader_put(reader);
	hf_arena_free(&arena);
	return NULL;
}

HF_TEST(of_many_creators_exactly_one_wins)
{
	struct hf_test_store t;
	struct shared s = {0};
	struct writer writers[WRITERS];

	assert_true(hf_test_store_open(&t, 0));
	s.store = t.store;
	for (unsigned i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.s = &s, .number = i};
		pthread_create(&writers[i].thread, NULL, create_once, &writers[i]);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	assert_int_equal(s.created_at_once, 1);
	hf_test_store_close(&t);
}

HF_TEST_MAIN("record/commit",
	     cmocka_unit_test(any_interleaving_replays_to_the_same_state_on_sqlite),
	     cmocka_unit_test(any_interleaving_replays_to_the_same_state_on_postgresql),
	     cmocka_unit_test(of_many_creators_exactly_one_wins))

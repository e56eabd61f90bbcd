/* test_record_search.h - a store of one's own and a way to ask it, for the tests of
 * search.  BOTH(name) makes a test for each engine of a function on a place. */
#ifndef HF_TEST_RECORD_SEARCH_H
#define HF_TEST_RECORD_SEARCH_H

#include <stdlib.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/issue.h"
#include "record/io/change.h"
#include "record/io/search.h"
#include "test/hf_test.h"
#include "test/support/pg.h"

enum { PARAMS_MOST = 40 };
#ifndef PLACE_CACHE
#define PLACE_CACHE ((size_t)16 << 20)
#endif

struct place {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_arena arena; /* of the last question */
	char dir[64];
	struct hf_err err;
	struct hf_search_limits limits; /* scan_rows 0: the defaults */
	struct hf_sv user;
};

static inline void
place_open(struct place *p, const char *pg)
{
	struct hf_store_config config = {.create = true, .cache_bytes = PLACE_CACHE};

	*p = (struct place){.dir = "/tmp/hf-search-XXXXXX", .user = HF_SV("tester")};
	hf_arena_init(&p->arena, (size_t)256 << 20);
	if (pg) {
		config.url = pg;
	} else {
		assert_non_null(mkdtemp(p->dir));
		config.data = p->dir;
	}
	if (hf_store_open(&config, &p->store, &p->err) != HF_OK)
		fail_msg("store: %s", p->err.text);
	assert_int_equal(hf_reader_get(p->store, &p->reader, &p->err), HF_OK);
}

static inline void
place_close(struct place *p)
{
	char command[128];

	hf_reader_put(p->reader);
	hf_search_forget(p->store);
	hf_store_close(p->store);
	hf_arena_free(&p->arena);
	if (strchr(p->dir, 'X'))
		return;
	snprintf(command, sizeof command, "rm -rf %s", p->dir);
	assert_int_equal(system(command), 0);
}

/* Puts resources under the ids they carry, all in one change. */
static inline void
place_put(struct place *p, const char *const *json, size_t n)
{
	struct hf_arena arena = {.cap = (size_t)256 << 20};
	struct hf_change_item *items = hf_arena_array(&arena, n, sizeof *items);
	struct hf_issues issues = {.arena = &arena};
	struct hf_change change = {.arena = &arena,
				   .actor = HF_SV("tester"),
				   .purpose = HF_SV("test"),
				   .source = HF_SV("test"),
				   .items = items,
				   .n = n,
				   .issues = &issues};

	for (size_t i = 0; i < n; i++) {
		struct hf_json *doc = HF_NEW(&arena, struct hf_json);
		enum hf_rc rc =
		    hf_json_parse(hf_sv_from(json[i]), NULL, &arena, doc, &p->err);

		if (rc != HF_OK)
			fail_msg("%s in %s", p->err.text, json[i]);
		items[i] = (struct hf_change_item){
		    .op = HF_OP_PUT,
		    .type = hf_resource_find(hf_json_str(
			doc, hf_json_member(doc, 0, "resourceType"), &arena)),
		    .id = hf_json_str(doc, hf_json_member(doc, 0, "id"), &arena),
		    .doc = doc};
	}
	if (hf_change_commit(p->store, p->reader, &change, &p->err) != HF_OK) {
		for (size_t i = 0; i < issues.n; i++)
			print_error("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
				    HF_SV_ARG(issues.items[i].text));
		fail_msg("commit: %s %s", p->err.path, p->err.text);
	}
	hf_arena_free(&arena);
}

static inline void
place_put1(struct place *p, const char *json)
{
	place_put(p, &json, 1);
}

static inline void
place_delete(struct place *p, const char *type, const char *id)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_change_item item = {.op = HF_OP_DELETE,
				      .type = hf_resource_find(hf_sv_from(type)),
				      .id = hf_sv_from(id)};
	struct hf_change change = {.arena = &arena,
				   .actor = HF_SV("tester"),
				   .purpose = HF_SV("test"),
				   .source = HF_SV("test"),
				   .items = &item,
				   .n = 1,
				   .issues = &issues};

	if (hf_change_commit(p->store, p->reader, &change, &p->err) != HF_OK)
		fail_msg("delete: %s", p->err.text);
	hf_arena_free(&arena);
}

static inline int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static inline struct hf_sv
decode(struct hf_sv s, struct hf_arena *arena)
{
	char *out = hf_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n) {
			out[n++] = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct hf_sv){out, n};
}

/* Splits "a=b&c=d"; values are percent-decoded. */
static inline size_t
split_query(struct hf_sv query, struct hf_param *params, struct hf_arena *arena)
{
	size_t n = 0;

	while (query.n) {
		struct hf_sv value = hf_sv_cut(&query, '&'), name;

		name = hf_sv_cut(&value, '=');
		assert_true(n < PARAMS_MOST);
		params[n].name = decode(name, arena);
		params[n++].value = decode(value, arena);
	}
	return n;
}

/* "Type?query" (or "?query" on all types), read. */
static inline enum hf_rc
place_parse(struct place *p, struct hf_sv url, bool lenient, struct hf_search **out)
{
	struct hf_param params[PARAMS_MOST];
	struct hf_sv query = url, type = hf_sv_cut(&query, '?');
	size_t n = split_query(query, params, &p->arena);

	p->err = (struct hf_err){0};
	return hf_search_parse(hf_resource_find(type), params, n, lenient,
			       HF_SV("http://here.test/fhir/"), hf_now(), &p->arena,
			       out, &p->err);
}

/* Asks; what came before in the arena is gone. */
static inline enum hf_rc
place_ask_sv(struct place *p, struct hf_sv url, struct hf_search_result *out)
{
	struct hf_sv copy = {memcpy(malloc(url.n + 1), url.p, url.n), url.n};
	struct hf_search *search;
	enum hf_rc rc;

	hf_arena_free(&p->arena);
	url = hf_arena_sv(&p->arena, copy);
	free((void *)(uintptr_t)copy.p);
	rc = place_parse(p, url, false, &search);
	if (rc == HF_OK && p->limits.scan_rows)
		hf_search_limit(search, &p->limits);
	if (rc == HF_OK)
		rc = hf_search_run(p->store, p->reader, search, p->user, &p->arena, out,
				   &p->err);
	return rc;
}

static inline enum hf_rc
place_ask(struct place *p, const char *url, struct hf_search_result *out)
{
	return place_ask_sv(p, hf_sv_from(url), out);
}

/* The ids of an answer, "a b +c": + stands before what is included. */
static inline struct hf_sv
ids_of(struct place *p, const struct hf_search_result *r)
{
	struct hf_sv out = HF_SV("");

	for (size_t i = 0; i < r->n; i++)
		out = hf_arena_printf(&p->arena, "%.*s%s%s%.*s", HF_SV_ARG(out),
				      i ? " " : "",
				      r->hits[i].mode == HF_MODE_INCLUDE ? "+" : "",
				      HF_SV_ARG(r->hits[i].v.id));
	return out;
}

#define assert_answer(place, url, expected)                                            \
	do {                                                                           \
		struct hf_search_result res_;                                          \
		if (place_ask((place), (url), &res_) != HF_OK)                         \
			fail_msg("%s: %s", (url), (place)->err.text);                  \
		assert_sv_equal(ids_of((place), &res_), (expected));                   \
	} while (0)

#define assert_refused(place, url, rc, words)                                          \
	do {                                                                           \
		struct hf_search_result res_;                                          \
		assert_int_equal(place_ask((place), (url), &res_), (rc));              \
		if (!strstr((place)->err.text, (words)))                               \
			fail_msg("%s: \"%s\" lacks \"%s\"", (url), (place)->err.text,  \
				 (words));                                             \
	} while (0)

#define BOTH(name)                                                                     \
	static void name##_in(struct place *p);                                        \
	HF_TEST(name##_on_sqlite)                                                      \
	{                                                                              \
		struct place p;                                                        \
		place_open(&p, NULL);                                                  \
		name##_in(&p);                                                         \
		place_close(&p);                                                       \
	}                                                                              \
	HF_TEST(name##_on_postgresql)                                                  \
	{                                                                              \
		const char *pg = hf_pg_database();                                     \
		struct place p;                                                        \
		if (!pg)                                                               \
			skip();                                                        \
		place_open(&p, pg);                                                    \
		name##_in(&p);                                                         \
		place_close(&p);                                                       \
	}                                                                              \
	static void name##_in(struct place *p)

#define BOTH_TESTS(name)                                                               \
	cmocka_unit_test(name##_on_sqlite), cmocka_unit_test(name##_on_postgresql)

#endif

/* The import's own part: jobs, order, tries, refusals.  The store here is a stand-in
 * that keeps what it is given in a list; test/e2e/ imports into the real one. */
#include "test/hf_test.h"
#include "exchange/io/import.h"

#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/io/change.h"
#include "record/io/search.h"

/* ---- the stand-in ---- */

struct kept {
	hf_type_id type;
	char id[65];
	char body[400];
};

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static struct kept kept[20000];
static size_t n_kept, n_trained;
static unsigned busy;	   /* so many times a change is told to come again */
static const char *bad_id; /* a resource the committer refuses */
static hf_rid found;	   /* what hf_search_one() finds */
static size_t found_after; /* only from so many kept resources on */
static bool disk_full;
static struct hf_change *queue, **queue_end = &queue;
static bool closing;

enum hf_rc
hf_reader_get(struct hf_store *store, struct hf_reader **out, struct hf_err *err)
{
	(void)store, (void)err;
	*out = NULL;
	return HF_OK;
}

void
hf_reader_put(struct hf_reader *reader)
{
	(void)reader;
}

enum hf_rc
hf_store_stats(struct hf_reader *reader, struct hf_store_stats *out, struct hf_err *err)
{
	(void)reader, (void)err;
	*out = (struct hf_store_stats){.resources = (int64_t)n_kept};
	return HF_OK;
}

enum hf_rc
hf_store_train(struct hf_store *store, const struct hf_sv *samples, size_t n,
	       struct hf_err *err)
{
	(void)store, (void)samples, (void)err;
	n_trained += n;
	return HF_OK;
}

enum hf_rc
hf_store_id_at(struct hf_reader *reader, hf_rid rid, struct hf_arena *arena,
	       struct hf_sv *out, struct hf_err *err)
{
	(void)reader, (void)err;
	*out = hf_arena_printf(arena, "rid-%lld", (long long)rid);
	return HF_OK;
}

enum hf_rc
hf_search_one(struct hf_reader *reader, hf_type_id type, const struct hf_param *params,
	      size_t n, struct hf_sv base, hf_time now, struct hf_arena *arena,
	      hf_rid *rid, uint32_t *slot, int64_t *value, struct hf_err *err)
{
	(void)reader, (void)type, (void)base, (void)now, (void)arena, (void)err;
	assert_int_equal(n, 1);
	assert_sv_equal(params[0].name, "identifier");
	pthread_mutex_lock(&mu);
	*rid = n_kept >= found_after ? found : 0;
	pthread_mutex_unlock(&mu);
	*slot = 1;
	*value = 2;
	return HF_OK;
}

enum hf_rc
hf_change_prepare(struct hf_store *store, struct hf_reader *reader,
		  struct hf_change *change, struct hf_err *err)
{
	(void)store, (void)reader, (void)err;
	assert_true(change->n != 0);
	for (size_t i = 0; i < change->n; i++) {
		assert_true(change->items[i].validated || change->items[i].skip);
		assert_true(change->items[i].id.n != 0 || change->items[i].skip);
	}
	return HF_OK;
}

static void
keep(const struct hf_change_item *x)
{
	struct kept *k = &kept[n_kept];

	if (x->skip || x->doc == NULL)
		return;
	for (size_t i = 0; i < n_kept; i++)
		if (kept[i].type == x->type && hf_sv_eq(x->id, hf_sv_from(kept[i].id)))
			k = &kept[i];
	if (k == &kept[n_kept])
		n_kept++;
	k->type = x->type;
	snprintf(k->id, sizeof(k->id), "%.*s", HF_SV_ARG(x->id));
	snprintf(k->body, sizeof(k->body), "%.*s",
		 HF_SV_ARG(hf_json_raw(x->doc, x->node)));
}

static void
commit(struct hf_change *c)
{
	c->rc = HF_OK;
	if (disk_full) {
		c->rc = hf_fail(&c->err, HF_FAULT, NULL, "the disk is full");
		return;
	}
	if (busy > 0) {
		busy--;
		c->rc = hf_fail(&c->err, HF_BUSY, NULL, "again");
		return;
	}
	for (size_t i = 0; i < c->n; i++)
		if (bad_id != NULL && hf_sv_eq(c->items[i].id, hf_sv_from(bad_id))) {
			c->rc = hf_fail(&c->err, HF_RULE, "Patient.id", "not this one");
			c->failed_item = i;
			return;
		}
	for (size_t i = 0; i < c->n; i++) {
		keep(&c->items[i]);
		c->items[i].created = true;
	}
}

void
hf_change_submit(struct hf_store *store, struct hf_change *change,
		 void (*done)(struct hf_change *, void *), void *ctx)
{
	(void)store;
	change->done = done;
	change->ctx = ctx;
	change->next = NULL;
	pthread_mutex_lock(&mu);
	*queue_end = change;
	queue_end = &change->next;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mu);
}

static void *
committer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&mu);
	for (;;) {
		struct hf_change *c = queue;

		if (c == NULL && closing)
			break;
		if (c == NULL) {
			pthread_cond_wait(&cond, &mu);
			continue;
		}
		queue = c->next;
		if (queue == NULL)
			queue_end = &queue;
		commit(c);
		pthread_mutex_unlock(&mu);
		c->done(c, c->ctx);
		pthread_mutex_lock(&mu);
	}
	pthread_mutex_unlock(&mu);
	return NULL;
}

/* ---- the tests ---- */

static char dir[] = "/tmp/hf-import-XXXXXX";
static struct hf_arena arena;
static struct hf_import_result result;
static struct hf_err failure;
static char rejects[300];

static char *
path_of(const char *name)
{
	struct hf_sv s = hf_arena_printf(&arena, "%s/%s", dir, name);

	assert_non_null(s.p);
	return (char *)(uintptr_t)s.p;
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static char *
get(const char *path)
{
	static char text[100000];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = 0;
	fclose(f);
	return text;
}

static enum hf_rc
import(const char *path)
{
	struct hf_import_config config = {
	    .paths = &path, .n_paths = 1, .threads = 3, .rejects = rejects};
	pthread_t thread;
	enum hf_rc rc;

	unlink(rejects);
	closing = false;
	assert_int_equal(pthread_create(&thread, NULL, committer, NULL), 0);
	rc = hf_import_run(&config, &arena, &result, &failure);
	pthread_mutex_lock(&mu);
	closing = true;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mu);
	pthread_join(thread, NULL);
	return rc;
}

static const struct kept *
kept_of(const char *id)
{
	for (size_t i = 0; i < n_kept; i++)
		if (strcmp(kept[i].id, id) == 0)
			return &kept[i];
	return NULL;
}

#define TWO(type, second)                                                              \
	"{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":["               \
	"{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"a\"}},"                  \
	"{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"b\"" second "}}]}"

HF_TEST(a_bundle_with_one_bad_entry_is_refused_whole_and_names_it)
{
	put("t.json", TWO("transaction", ",\"birthDate\":\"yesterday\""));
	assert_int_equal(import(path_of("t.json")), HF_OK);
	assert_int_equal(n_kept, 0);
	assert_int_equal(result.refused, 2);
	assert_int_equal(result.n_reasons, 1);
	assert_non_null(
	    strstr(result.reasons[0], "Bundle.entry[1].resource.birthDate"));
	assert_non_null(
	    strstr(get(rejects), "\"resource\":{\"resourceType\":\"Bundle\""));
}

HF_TEST(of_a_batch_the_good_entries_are_taken)
{
	put("b.json", TWO("batch", ",\"birthDate\":\"yesterday\""));
	assert_int_equal(import(path_of("b.json")), HF_OK);
	assert_non_null(kept_of("a"));
	assert_null(kept_of("b"));
	assert_int_equal(result.refused, 1);
	assert_int_equal(result.created, 1);
	assert_non_null(strstr(result.reasons[0], "entry 1"));
}

HF_TEST(what_was_refused_can_be_corrected_and_imported)
{
	char *text, *at;

	put("b.json", TWO("batch", ",\"birthDate\":\"yesterday\""));
	assert_int_equal(import(path_of("b.json")), HF_OK);
	text = get(rejects);
	at = strstr(text, "\"yesterday\"");
	assert_non_null(at);
	memcpy(at, "\"2001-02-3\"", 11);
	put("again.ndjson", text);
	assert_int_equal(import(path_of("again.ndjson")), HF_OK);
	assert_int_equal(result.refused, 1);
	text = get(rejects);
	at = strstr(text, "\"2001-02-3\"");
	assert_non_null(at);
	memcpy(at, "\"2001-02\" ", 11 - 1);
	at[10] = ' ';
	put("again.ndjson", text);
	assert_int_equal(import(path_of("again.ndjson")), HF_OK);
	assert_int_equal(result.refused, 0);
	assert_non_null(kept_of("b"));
}

HF_TEST(lines_are_taken_in_groups_and_of_two_with_one_id_the_later_wins)
{
	FILE *f = fopen(path_of("many.ndjson"), "w");

	assert_non_null(f);
	for (int i = 0; i < 15000; i++)
		fprintf(f,
			"{\"resourceType\":\"Patient\",\"id\":\"p%d\",\"language\":"
			"\"l-%d\"}\n%s",
			i % 5000, i / 5000, i % 7 ? "" : "\n");
	fclose(f);
	assert_int_equal(import(path_of("many.ndjson")), HF_OK);
	assert_int_equal(n_kept, 5000);
	assert_int_equal(result.created, 15000);
	assert_int_equal(result.people, 15000);
	for (size_t i = 0; i < n_kept; i++)
		assert_non_null(strstr(kept[i].body, "l-2"));
}

HF_TEST(a_line_that_is_no_json_is_refused_with_its_number)
{
	put("x.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n"
			"{\"resourceType\":\"Patient\",\"id\":\n"
			"{\"resourceType\":\"Patient\",\"id\":\"c\"}\n");
	assert_int_equal(import(path_of("x.ndjson")), HF_OK);
	assert_int_equal(n_kept, 2);
	assert_int_equal(result.refused, 1);
	assert_non_null(strstr(result.reasons[0], "line 2"));
	assert_non_null(strstr(get(rejects), "\"text\":"));
}

HF_TEST(a_change_that_met_another_is_tried_again)
{
	busy = 7;
	put("t.json", TWO("transaction", ""));
	assert_int_equal(import(path_of("t.json")), HF_OK);
	assert_int_equal(n_kept, 2);
	assert_int_equal(result.refused, 0);
	assert_int_equal(busy, 0);
}

HF_TEST(what_the_committer_refuses_of_lines_is_left_out_and_the_rest_goes_on)
{
	bad_id = "b";
	put("x.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n"
			"{\"resourceType\":\"Patient\",\"id\":\"b\"}\n"
			"{\"resourceType\":\"Patient\",\"id\":\"c\"}\n");
	assert_int_equal(import(path_of("x.ndjson")), HF_OK);
	assert_int_equal(n_kept, 2);
	assert_int_equal(result.refused, 1);
	put("t.json", TWO("collection", ""));
	n_kept = 0;
	assert_int_equal(import(path_of("t.json")), HF_OK);
	assert_int_equal(n_kept, 0);
	assert_int_equal(result.refused, 2);
}

HF_TEST(a_failure_of_the_store_ends_the_import_and_is_told)
{
	disk_full = true;
	put("t.json", TWO("transaction", ""));
	assert_int_equal(import(path_of("t.json")), HF_FAULT);
	assert_string_equal(failure.text, "the disk is full");
	assert_int_equal(result.refused, 0);
	assert_int_equal(result.created, 0);
}

#define REFERS                                                                         \
	"{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["            \
	"{\"fullUrl\":\"urn:uuid:e\",\"resource\":{\"resourceType\":\"Flag\","         \
	"\"status\":\"active\",\"code\":{\"text\":\"x\"},\"subject\":"                 \
	"{\"reference\":\"Patient?identifier=a|1\"}}}]}"

HF_TEST(a_reference_by_condition_waits_for_what_it_means)
{
	mkdir(path_of("dir"), 0700);
	put("dir/a.json", REFERS);
	put("dir/b.json", "{\"resourceType\":\"Patient\",\"id\":\"late\"}");
	found = 77;
	found_after = 1;
	assert_int_equal(import(path_of("dir")), HF_OK);
	assert_int_equal(result.refused, 0);
	assert_int_equal(n_kept, 2);
	assert_int_equal(result.created, 2);
}

HF_TEST(a_reference_by_condition_that_finds_nothing_is_refused)
{
	put("r.json", REFERS);
	found = 0;
	assert_int_equal(import(path_of("r.json")), HF_OK);
	assert_int_equal(n_kept, 0);
	assert_int_equal(result.refused, 1);
	assert_non_null(strstr(result.reasons[0], "finds nothing"));
}

HF_TEST(outside_a_transaction_such_a_reference_is_kept_as_it_stands)
{
	put("r.ndjson", "{\"resourceType\":\"Flag\",\"id\":\"f\",\"status\":\"active\","
			"\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":"
			"\"Patient?identifier=a|1\"}}\n");
	assert_int_equal(import(path_of("r.ndjson")), HF_OK);
	assert_int_equal(result.refused, 0);
	assert_int_equal(result.unresolved, 1);
	assert_non_null(strstr(kept_of("f")->body, "Patient?identifier=a|1"));
}

HF_TEST(a_conditional_update_goes_over_what_is_there)
{
	put("u.json",
	    "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
	    "{\"resource\":{\"resourceType\":\"Patient\",\"active\":true},"
	    "\"request\":{\"method\":\"PUT\",\"url\":"
	    "\"Patient?identifier=a|1\"}}]}");
	found = 77;
	assert_int_equal(import(path_of("u.json")), HF_OK);
	assert_int_equal(result.refused, 0);
	assert_non_null(kept_of("rid-77"));
}

HF_TEST(wrong_files_are_told_what_they_are)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
	    {"a.json", "", "empty"},
	    {"b.json", "<html>", "XML"},
	    {"c.json", "\x89PNG\r\n", "0x89"},
	    {"d.json", "[1]", "JSON object"},
	    {"e.json", "{\"resourceType\":\"Bundle\",\"type\":\"history\"}", "type"},
	    {"f.json", "{\"resourceType\":\"Patient\"", "f.json"},
	    {"g.json.gz", "\x1f\x8b\x08", "cut short"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		put(cases[i].name, cases[i].text);
		assert_int_equal(import(path_of(cases[i].name)), HF_OK);
		assert_int_equal(result.refused, 1);
		assert_non_null(strstr(result.reasons[0], cases[i].want));
		assert_int_equal(n_kept, 0);
	}
}

HF_TEST(json_ten_thousand_deep_is_refused)
{
	static char text[20100] = "{\"resourceType\":\"Basic\",\"a\":";

	memset(text + strlen(text), '[', 10000);
	put("deep.json", text);
	assert_int_equal(import(path_of("deep.json")), HF_OK);
	assert_int_equal(result.refused, 1);
	assert_int_equal(n_kept, 0);
}

HF_TEST(an_empty_store_gets_samples_for_its_dictionary)
{
	put("t.json", TWO("transaction", ""));
	assert_int_equal(import(path_of("t.json")), HF_OK);
	assert_int_equal(n_trained, 2);
	assert_int_equal(import(path_of("t.json")), HF_OK);
	assert_int_equal(n_trained, 2);
}

static int
set_up(void **state)
{
	(void)state;
	n_kept = n_trained = 0;
	busy = 0;
	bad_id = NULL;
	found = 0;
	found_after = 0;
	disk_full = false;
	arena = (struct hf_arena){.cap = 64 << 20};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	hf_arena_free(&arena);
	return 0;
}

static int
all_up(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(rejects, sizeof(rejects), "%s/rejects", dir);
	return 0;
}

static int
forget(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static int
all_down(void **state)
{
	(void)state;
	return nftw(dir, forget, 8, FTW_DEPTH | FTW_PHYS);
}

#define ONE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ONE(a_bundle_with_one_bad_entry_is_refused_whole_and_names_it),
	    ONE(of_a_batch_the_good_entries_are_taken),
	    ONE(what_was_refused_can_be_corrected_and_imported),
	    ONE(lines_are_taken_in_groups_and_of_two_with_one_id_the_later_wins),
	    ONE(a_line_that_is_no_json_is_refused_with_its_number),
	    ONE(a_change_that_met_another_is_tried_again),
	    ONE(what_the_committer_refuses_of_lines_is_left_out_and_the_rest_goes_on),
	    ONE(a_failure_of_the_store_ends_the_import_and_is_told),
	    ONE(a_reference_by_condition_waits_for_what_it_means),
	    ONE(a_reference_by_condition_that_finds_nothing_is_refused),
	    ONE(outside_a_transaction_such_a_reference_is_kept_as_it_stands),
	    ONE(a_conditional_update_goes_over_what_is_there),
	    ONE(wrong_files_are_told_what_they_are),
	    ONE(json_ten_thousand_deep_is_refused),
	    ONE(an_empty_store_gets_samples_for_its_dictionary),
	};

	return cmocka_run_group_tests_name("exchange/import", tests, all_up, all_down);
}

/* test_record_identity.c - what is learned of a place is kept, and who is alike is put
 * up: the promises of record/io/identity.h and weights.h, on both engines. */
#include "record/io/identity.h"

#include <time.h>

#include "record/io/match.h"
#include "record/io/store_impl.h"
#include "record/match_model.h"
#include "test/hf_test.h"
#include "test/support/store.h"

static const struct hf_link_by clerk = {
    .actor = {"user/clerk", 10},
    .purpose = {"DIRECT", 6},
    .reason = {"told so by the person at the desk", 33},
};

#define PATIENT(id, more, family, given, birth, line)                                  \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\"," more                        \
	"\"name\":[{\"family\":\"" family "\",\"given\":[\"" given "\"]}],"            \
	"\"gender\":\"female\",\"birthDate\":\"" birth "\",\"address\":[{\"line\":["   \
	"\"" line "\"],\"postalCode\":\"WZ3 4CD\"}]}"

/* One change for all of them. */
static void
put_all(struct hf_test_store *t, const char *const *json, size_t n)
{
	struct hf_err err = {0};

	if (hf_test_put(t, json, n, NULL, &err) != HF_OK)
		fail_msg("%s", err.text);
}

static void
put(struct hf_test_store *t, const char *json)
{
	put_all(t, &json, 1);
}

static int64_t
shelf(struct hf_test_store *t, const char *id)
{
	struct hf_entry e = {0};

	assert_int_equal(
	    hf_store_find(t->reader, hf_patient_type(), hf_sv_from(id), &e, NULL),
	    HF_OK);
	return HF_RID_SHELF(e.rid);
}

static bool
one_person(struct hf_test_store *t, const char *a, const char *b)
{
	int64_t *shelves, other = shelf(t, b);
	size_t n;

	assert_int_equal(
	    hf_store_person(t->reader, shelf(t, a), &t->arena, &shelves, &n, NULL),
	    HF_OK);
	for (size_t i = 0; i < n; i++)
		if (shelves[i] == other)
			return true;
	return false;
}

static struct hf_review
review(struct hf_test_store *t, const char *a, const char *b)
{
	struct hf_review r = {0};

	hf_review_get(t->reader, shelf(t, a), shelf(t, b), &t->arena, &r, NULL);
	return r;
}

static struct hf_identity_report
catch_up(struct hf_test_store *t, size_t most, struct hf_identity_mark *mark,
	 bool *behind)
{
	struct hf_identity_report report = {0};
	struct hf_err err = {0};

	if (hf_identity_catch_up(t->store, t->reader, most, &clerk, mark, behind,
				 &report, &err) != HF_OK)
		fail_msg("%s", err.text);
	return report;
}

/* As a server that starts anew would. */
static struct hf_identity_report
catch_up_all(struct hf_test_store *t)
{
	struct hf_identity_mark mark = {.change = -1};
	bool behind;

	return catch_up(t, 100, &mark, &behind);
}

/* ---- forms ---- */

static enum hf_rc
read_model(const char *text, struct hf_match_model *out)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json doc;
	enum hf_rc rc = hf_json_parse(hf_sv_from(text), NULL, &arena, &doc, NULL);

	if (rc == HF_OK)
		rc = hf_match_model_read(&doc, 0, out, NULL);
	hf_arena_free(&arena);
	return rc;
}

HF_TEST(a_model_comes_back_as_it_was_written)
{
	struct hf_match_model m = hf_match_model_default(), back = {.link = 99};
	struct hf_buf buf = {0};
	struct hf_jw w = {.out = &buf};

	m.prior = -14.25;
	m.link = 6.5;
	m.trained_on = 12345;
	m.m[HF_AGREE_BIRTH_EXACT] = 0.9123456789;
	m.u[HF_AGREE_PHONE_DIFFER] = 0.999;
	hf_match_model_write(&m, &w);
	hf_buf_char(&buf, '\0');
	assert_int_equal(read_model(buf.p, &back), HF_OK);
	assert_memory_equal(&m, &back, sizeof m);
	hf_buf_free(&buf);
}

HF_TEST(a_model_of_another_form_or_with_wrong_figures_is_refused)
{
	static const char *const bad[] = {
	    "{}",
	    "[]",
	    "{\"form\":2,\"trainedOn\":1,\"prior\":0,\"link\":7,\"review\":-3}",
	    "{\"form\":1,\"trainedOn\":-1,\"prior\":0,\"link\":7,\"review\":-3}",
	    "{\"form\":1,\"trainedOn\":1,\"prior\":0,\"link\":-4,\"review\":-3}",
	    "{\"form\":1,\"trainedOn\":1,\"prior\":\"0\",\"link\":7,\"review\":-3}",
	    "{\"form\":1,\"trainedOn\":1,\"prior\":0,\"link\":7,\"review\":-3,"
	    "\"levels\":"
	    "[{\"field\":\"sex\",\"level\":\"SAME\",\"m\":0,\"u\":0.5}]}",
	    "{\"form\":1,\"trainedOn\":1,\"prior\":0,\"link\":7,\"review\":-3,"
	    "\"levels\":"
	    "[{\"level\":\"SAME\",\"m\":0.1,\"u\":0.5}]}",
	};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_match_model m = {.link = 42};

		assert_int_equal(read_model(bad[i], &m), HF_INVALID);
		assert_true(m.link > 41);
	}
}

HF_TEST(what_a_pair_agreed_in_is_kept_as_text)
{
	struct hf_match_result r = {0};
	struct hf_arena arena = {.cap = 1 << 16};
	enum hf_match_level level;
	struct hf_sv text;
	double bits;

	r.level[HF_MATCH_FAMILY] = HF_AGREE_FAMILY_TYPO;
	r.weight[HF_MATCH_FAMILY] = 4.321f;
	r.level[HF_MATCH_SEX] = HF_AGREE_SEX_DIFFER;
	r.weight[HF_MATCH_SEX] = -7.5f;
	text = hf_match_fields(&r, &arena);
	assert_sv_equal(text, "family:TYPO:4.32 sex:DIFFER:-7.50");
	assert_true(hf_match_fields_next(&text, &level, &bits));
	assert_int_equal(level, HF_AGREE_FAMILY_TYPO);
	assert_true(bits > 4.31 && bits < 4.33);
	assert_true(hf_match_fields_next(&text, &level, &bits));
	assert_int_equal(level, HF_AGREE_SEX_DIFFER);
	assert_false(hf_match_fields_next(&text, &level, &bits));
	text = HF_SV("family:NONSENSE:1");
	assert_false(hf_match_fields_next(&text, &level, &bits));
	hf_arena_free(&arena);
}

/* ---- catching up ---- */

HF_ON_BOTH(who_is_alike_is_put_up_after_the_change_and_dropped_when_corrected)
{
	put(t, PATIENT("a", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	put(t, PATIENT("b", "", "Hale", "Molly", "1942-03-05", "14 Orchard Street"));
	put(t, PATIENT("c", "", "Okafor", "Ruth", "1971-08-19", "2 Mill Lane"));
	assert_int_equal(catch_up_all(t).people, 3);
	assert_sv_equal(review(t, "a", "b").state, "open");
	assert_sv_equal(review(t, "a", "b").kind, "match");
	assert_true(review(t, "a", "b").score > 7000);
	assert_non_null(strstr(review(t, "a", "b").fields.p, "given:NICKNAME"));
	assert_false(one_person(t, "a", "b"));
	assert_int_equal(review(t, "a", "c").state.n, 0);
	/* Molly turns out to be somebody else altogether. */
	put(t, PATIENT("b", "", "Hale", "Joanna", "1969-11-30", "14 Orchard Street"));
	assert_int_equal(catch_up_all(t).gone, 1);
	assert_sv_equal(review(t, "a", "b").state, "gone");
	put(t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	catch_up_all(t);
	assert_sv_equal(review(t, "a", "b").state, "open");
}

HF_ON_BOTH(the_matcher_links_by_itself_only_where_the_place_lets_it)
{
	struct hf_match_policy policy = {.link = true, .rate = 5};

	assert_int_equal(hf_match_policy_set(t->store, &policy, &clerk, NULL), HF_OK);
	put(t, PATIENT("a", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	put(t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	catch_up_all(t);
	assert_true(one_person(t, "a", "b"));
	/* What it linked for is gone: it takes its link back, and somebody looks if
	 * it is not plain. */
	put(t, PATIENT("b", "", "Hale", "Ruth", "1942-03-05", "14 Orchard Street"));
	catch_up_all(t);
	assert_false(one_person(t, "a", "b"));
	policy.link = false;
	assert_int_equal(hf_match_policy_set(t->store, &policy, &clerk, NULL), HF_OK);
	put(t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	catch_up_all(t);
	assert_false(one_person(t, "a", "b"));
	assert_sv_equal(review(t, "a", "b").state, "open");
}

HF_ON_BOTH(a_record_like_two_people_is_linked_to_neither)
{
	struct hf_match_policy policy = {.link = true, .rate = 5};

	assert_int_equal(hf_match_policy_set(t->store, &policy, &clerk, NULL), HF_OK);
	put(t, PATIENT("a", HF_TEST_NUMBER("9990000018") ",", "Hale", "Mary",
		       "1942-03-05", "14 High"));
	put(t, PATIENT("b", HF_TEST_NUMBER("9990000026") ",", "Hale", "Mary",
		       "1942-03-05", "14 High"));
	put(t, PATIENT("c", "", "Hale", "Mary", "1942-03-05", "14 High"));
	catch_up_all(t);
	assert_false(one_person(t, "c", "a"));
	assert_false(one_person(t, "c", "b"));
	assert_sv_equal(review(t, "c", "a").state, "open");
	assert_sv_equal(review(t, "c", "b").state, "open");
}

HF_ON_BOTH(two_of_one_number_in_one_change_are_linked_with_it)
{
	static const char *const both[] = {
	    PATIENT("a", HF_TEST_NUMBER("9990000018") ",", "Hale", "Mary", "1942-03-05",
		    "14 High"),
	    PATIENT("b", HF_TEST_NUMBER("9990000018") ",", "Hale", "Mary", "1942-03-05",
		    "14 High"),
	};

	put_all(t, both, 2);
	assert_true(one_person(t, "a", "b"));
	catch_up_all(t);
	assert_true(one_person(t, "a", "b"));
}

HF_ON_BOTH(what_was_decided_is_not_asked_again)
{
	put(t, PATIENT("a", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	put(t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	catch_up_all(t);
	assert_int_equal(hf_link_separate(t->store, shelf(t, "a"), shelf(t, "b"),
					  &clerk, NULL, NULL),
			 HF_OK);
	put(t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "15 Orchard Street"));
	catch_up_all(t);
	assert_sv_equal(review(t, "a", "b").state, "separated");
}

/* One large commit, looked at a few at a time; the next start goes on there. */
HF_ON_BOTH(nobody_of_a_large_change_is_left_out)
{
	static const char *const people[] = {
	    PATIENT("p0", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"),
	    PATIENT("p1", "", "Okafor", "Ruth", "1971-08-19", "2 Mill Lane"),
	    PATIENT("p2", "", "Pennyfather", "Jean", "1931-01-09", "3 Mill Lane"),
	    PATIENT("p3", "", "Quill", "Hilda", "1950-10-19", "4 Mill Lane"),
	    PATIENT("p4", "", "Quill", "Hilda", "1950-10-19", "4 Mill Lane"),
	};
	struct hf_identity_mark mark = {.change = -1};
	bool behind = true;
	int64_t looked = 0;

	put_all(t, people, HF_COUNT(people));
	for (int i = 0; i < 3; i++) {
		assert_true(behind);
		looked += catch_up(t, 2, &mark, &behind).people;
	}
	assert_int_equal(looked, 5);
	assert_false(behind);
	assert_sv_equal(review(t, "p3", "p4").state, "open");
	assert_int_equal(catch_up(t, 2, &mark, &behind).people, 0);
	/* What was found was kept together with how far it had come. */
	assert_true(catch_up_all(t).people < 5);
}

/* ---- the whole place ---- */

/* People of whom no two are alike, but each tenth is there twice. */
static void
make_place(struct hf_test_store *t, int people)
{
	enum { A_CHANGE = 100 };
	static const char *const families[] = {"Ashdown", "Bellwether", "Cantrip",
					       "Dunmore", "Eversley",	"Fairweather",
					       "Garrow",  "Hollin"};
	static const char *const givens[] = {"Agnes", "Bertha", "Clara", "Doris",
					     "Edith", "Flora",	"Greta"};
	char(*json)[700] = calloc(A_CHANGE, sizeof *json);
	const char *list[A_CHANGE];
	size_t n = 0;

	for (int i = 0; i < people; i++) {
		int who = i % 10 == 9 ? i - 1 : i;

		snprintf(
		    json[n], sizeof json[n],
		    "{\"resourceType\":\"Patient\",\"id\":\"n%d\",\"name\":[{"
		    "\"family\":\"%s%c\",\"given\":[\"%s\"]}],\"gender\":\"female\","
		    "\"birthDate\":\"%04d-%02d-%02d\",\"address\":[{\"line\":[\"%d "
		    "Long Road\"],\"postalCode\":\"WZ%d %dCD\"}]}",
		    i, families[who % 8], 'a' + who / 8 % 26, givens[who % 7],
		    1930 + who % 71, 1 + who % 12, 1 + who % 28, who, 1 + who % 9,
		    who % 10);
		list[n] = json[n];
		if (++n == A_CHANGE || i + 1 == people) {
			put_all(t, list, n);
			n = 0;
		}
	}
	free(json);
}

HF_ON_BOTH(a_place_teaches_weights_that_are_kept_and_used)
{
	struct hf_identity_report report = {0};
	struct hf_match_model model = {0};
	struct hf_weights w = {0};
	struct hf_err err = {0};
	int64_t version = 0;

	put(t, PATIENT("a", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	assert_int_equal(hf_weights_read(t->reader, &t->arena, &w, NULL), HF_OK);
	assert_int_equal(w.version, 0);
	assert_int_equal(w.model.trained_on, 0);
	assert_int_equal(hf_identity_train(t->store, t->reader, 7, &clerk, NULL,
					   &version, &model, &report, &err),
			 HF_RULE);
	make_place(t, 1200);
	if (hf_identity_train(t->store, t->reader, 7, &clerk, NULL, &version, &model,
			      &report, &err) != HF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(version, 1);
	assert_int_equal(report.people, 1201);
	assert_int_equal(hf_weights_read(t->reader, &t->arena, &w, NULL), HF_OK);
	assert_int_equal(w.version, 1);
	assert_int_equal(w.people, 1201);
	assert_sv_equal(w.actor, "user/clerk");
	assert_true(w.at > 0);
	for (size_t l = 1; l < HF_AGREES; l++)
		assert_true(w.model.m[l] > model.m[l] * 0.999999 &&
			    w.model.m[l] < model.m[l] * 1.000001);
	/* The same place and seed teach the same. */
	assert_int_equal(hf_identity_train(t->store, t->reader, 7, &clerk, NULL,
					   &version, &model, &report, &err),
			 HF_OK);
	assert_int_equal(version, 2);
	assert_true(memcmp(model.m, w.model.m, sizeof model.m) == 0 ||
		    model.m[HF_AGREE_BIRTH_EXACT] <
			w.model.m[HF_AGREE_BIRTH_EXACT] * 1.000001);
}

HF_ON_BOTH(everybody_who_is_there_twice_is_put_up_once)
{
	struct hf_identity_report report = {0};
	struct hf_identity_mark mark = {.change = -1};
	struct hf_err err = {0};
	int64_t open, later;
	bool behind;

	make_place(t, 400);
	if (hf_identity_run(t->store, t->reader, &clerk, NULL, &report, &err) != HF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(report.people, 400);
	assert_int_equal(report.sure, 40);
	assert_int_equal(report.linked, 0);
	assert_sv_equal(review(t, "n8", "n9").state, "open");
	assert_int_equal(hf_review_count(t->reader, &open, &later, NULL), HF_OK);
	assert_int_equal(open, report.put_up);
	/* Nobody is looked at again one by one. */
	assert_int_equal(catch_up(t, 100, &mark, &behind).people, 0);
	assert_false(behind);
	/* A second time changes nothing. */
	assert_int_equal(hf_link_separate(t->store, shelf(t, "n8"), shelf(t, "n9"),
					  &clerk, NULL, NULL),
			 HF_OK);
	assert_int_equal(
	    hf_identity_run(t->store, t->reader, &clerk, NULL, &report, &err), HF_OK);
	assert_int_equal(hf_review_count(t->reader, &open, &later, NULL), HF_OK);
	assert_int_equal(open, report.put_up - 1);
	assert_sv_equal(review(t, "n8", "n9").state, "separated");
	/* Who was corrected is dropped from the queue. */
	put(t, PATIENT("n19", "", "Underhill", "Zoe", "2001-02-03", "1 Other Street"));
	assert_int_equal(
	    hf_identity_run(t->store, t->reader, &clerk, NULL, &report, &err), HF_OK);
	assert_int_equal(report.gone, 1);
	assert_sv_equal(review(t, "n18", "n19").state, "gone");
}

HF_TEST(the_watch_looks_at_what_comes_in_and_ends_when_told)
{
	struct hf_test_store t;
	struct hf_identity_watch *w;
	bool found = false;

	assert_true(hf_test_store_open(&t, 0));
	w = hf_identity_watch_start(t.store);
	assert_non_null(w);
	put(&t, PATIENT("a", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	put(&t, PATIENT("b", "", "Hale", "Mary", "1942-03-05", "14 Orchard Street"));
	for (int i = 0; i < 200 && !found; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
		found = hf_sv_is(review(&t, "a", "b").state, "open");
	}
	assert_true(found);
	hf_identity_watch_stop(w);
	hf_identity_watch_stop(NULL);
	hf_test_store_close(&t);
}

HF_TEST_MAIN(
    "record/identity", cmocka_unit_test(a_model_comes_back_as_it_was_written),
    cmocka_unit_test(a_model_of_another_form_or_with_wrong_figures_is_refused),
    cmocka_unit_test(what_a_pair_agreed_in_is_kept_as_text),
    HF_BOTH(who_is_alike_is_put_up_after_the_change_and_dropped_when_corrected),
    HF_BOTH(the_matcher_links_by_itself_only_where_the_place_lets_it),
    HF_BOTH(a_record_like_two_people_is_linked_to_neither),
    HF_BOTH(two_of_one_number_in_one_change_are_linked_with_it),
    HF_BOTH(what_was_decided_is_not_asked_again),
    HF_BOTH(nobody_of_a_large_change_is_left_out),
    HF_BOTH(a_place_teaches_weights_that_are_kept_and_used),
    HF_BOTH(everybody_who_is_there_twice_is_put_up_once),
    cmocka_unit_test(the_watch_looks_at_what_comes_in_and_ends_when_told))

/* test_record_link.c - links between records and what takes them back: the promises of
 * record/io/merge.h, on both engines. */
#include <pthread.h>

#include "record/io/check.h"
#include "record/io/store_impl.h"
#include "test/hf_test.h"
#include "test/support/store.h"

static const struct hf_link_by clerk = {
    .actor = {"user/clerk", 10},
    .purpose = {"DIRECT", 6},
    .reason = {"told so by the person at the desk", 33},
};

/* ---- people ---- */

struct person {
	const char *id, *number, *family, *given, *born, *sex, *more;
};

static enum hf_rc
try_person(struct hf_test_store *t, struct person p, struct hf_err *err)
{
	char json[1600];
	const char *list = json;
	int n = snprintf(json, sizeof json,
			 "{\"resourceType\":\"Patient\",\"id\":\"%s\"", p.id);

	if (p.number)
		n += snprintf(
		    json + n, sizeof json - (size_t)n,
		    ",\"identifier\":[{\"extension\":[{\"url\":\"https://"
		    "fhir.hl7.org.uk/"
		    "StructureDefinition/"
		    "Extension-UKCore-NHSNumberVerificationStatus\","
		    "\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}],"
		    "\"system\":\"https://fhir.nhs.uk/Id/"
		    "nhs-number\",\"value\":\"%s\"}]",
		    p.number);
	snprintf(json + n, sizeof json - (size_t)n,
		 ",\"name\":[{\"family\":\"%s\"%s%s%s}]%s%s%s,\"gender\":\"%s\"%s}",
		 p.family ? p.family : "Hale", p.given ? ",\"given\":[\"" : "",
		 p.given ? p.given : "", p.given ? "\"]" : "",
		 p.born ? ",\"birthDate\":\"" : "", p.born ? p.born : "",
		 p.born ? "\"" : "", p.sex ? p.sex : "female", p.more ? p.more : "");
	return hf_test_put(t, &list, 1, NULL, err);
}

static void
put_person(struct hf_test_store *t, struct person p)
{
	struct hf_err err = {0};

	if (try_person(t, p, &err) != HF_OK)
		fail_msg("%s: %s", p.id, err.text);
}

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
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

static size_t
records(struct hf_test_store *t, const char *id)
{
	int64_t *shelves;
	size_t n;

	assert_int_equal(
	    hf_store_person(t->reader, shelf(t, id), &t->arena, &shelves, &n, NULL),
	    HF_OK);
	return n;
}

static bool
one_person(struct hf_test_store *t, const char *a, const char *b)
{
	int64_t *shelves;
	size_t n;

	assert_int_equal(
	    hf_store_person(t->reader, shelf(t, a), &t->arena, &shelves, &n, NULL),
	    HF_OK);
	for (size_t i = 0; i < n; i++)
		if (shelves[i] == shelf(t, b))
			return true;
	return false;
}

static struct hf_link_done
merge(struct hf_test_store *t, const char *a, const char *b, enum hf_rc expect)
{
	struct hf_link_done done = {0};
	struct hf_err err = {0};
	enum hf_rc rc = hf_link_merge(t->store, shelf(t, a), shelf(t, b), HF_LINK_HAND,
				      &clerk, &done, &err);

	if (rc != expect)
		fail_msg("merge %s %s: %d %s", a, b, (int)rc, err.text);
	return done;
}

static struct hf_link_done
undo(struct hf_test_store *t, int64_t link, bool apart, enum hf_rc expect)
{
	struct hf_link_done done = {0};
	struct hf_err err = {0};
	enum hf_rc rc = hf_link_undo(t->store, link, apart, &clerk, &done, &err);

	if (rc != expect)
		fail_msg("undo %lld: %d %s", (long long)link, (int)rc, err.text);
	return done;
}

static void
separate(struct hf_test_store *t, const char *a, const char *b, enum hf_rc expect)
{
	struct hf_err err = {0};
	enum hf_rc rc =
	    hf_link_separate(t->store, shelf(t, a), shelf(t, b), &clerk, NULL, &err);

	if (rc != expect)
		fail_msg("separate %s %s: %d %s", a, b, (int)rc, err.text);
}

/* The newest fact of kind that counts about a person; id 0 when there is none. */
static struct hf_link_fact
fact(struct hf_test_store *t, const char *id, const char *kind)
{
	struct hf_link_fact *facts;
	size_t n;

	assert_int_equal(
	    hf_links_of(t->reader, shelf(t, id), 100, &t->arena, &facts, &n, NULL),
	    HF_OK);
	for (size_t i = 0; i < n; i++)
		if (!facts[i].undone && hf_sv_eq(facts[i].kind, hf_sv_from(kind)))
			return facts[i];
	return (struct hf_link_fact){0};
}

static struct hf_review
review(struct hf_test_store *t, const char *a, const char *b)
{
	struct hf_review r = {0};

	hf_review_get(t->reader, shelf(t, a), shelf(t, b), &t->arena, &r, NULL);
	return r;
}

static bool
waits(struct hf_test_store *t, const char *a, const char *b)
{
	return hf_sv_is(review(t, a, b).state, "open");
}

static void
expect_sound(struct hf_test_store *t)
{
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_check_report r = {0};
	struct hf_err err = {0};

	if (hf_store_check(t->store, NULL, &issues, &r, &err) != HF_OK)
		fail_msg("%s", err.text);
	if (r.problems)
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
}

/* Everything on a person's shelf as it is told, commit times left out. */
static struct hf_sv
content(struct hf_test_store *t, const char *id)
{
	struct hf_entry *entries;
	struct hf_buf all = {0};
	struct hf_sv out;
	size_t n;

	assert_int_equal(
	    hf_store_shelf(t->reader, shelf(t, id), &t->arena, &entries, &n, NULL),
	    HF_OK);
	for (size_t i = 0; i < n; i++) {
		struct hf_version v;
		const char *at;

		assert_int_equal(hf_store_read_rid(t->reader, entries[i].rid, 0,
						   &t->arena, &v, NULL),
				 HF_OK);
		at = memmem(v.body.p, v.body.n, "\"lastUpdated\":\"", 15);
		assert_non_null(at);
		hf_buf_add(&all, v.body.p, (size_t)(at - v.body.p));
		at = memchr(at + 15, '"', (size_t)(v.body.p + v.body.n - at) - 15);
		hf_buf_add(&all, at, (size_t)(v.body.p + v.body.n - at));
	}
	out = hf_arena_sv(&t->arena, hf_buf_view(&all));
	hf_buf_free(&all);
	return out;
}

/* ---- by hand ---- */

HF_ON_BOTH(a_merge_is_undone_after_edits_on_either_side)
{
	struct hf_link_done done;

	put_person(t, (struct person){.id = "a", .given = "Ann", .born = "1940-02-03"});
	put_person(t, (struct person){.id = "b", .given = "Nan", .born = "1940-02-03"});
	assert_false(one_person(t, "a", "b"));
	done = merge(t, "a", "b", HF_OK);
	assert_true(done.one);
	assert_int_equal(done.records, 2);
	assert_true(one_person(t, "b", "a"));
	put(t, "{\"resourceType\":\"Condition\",\"id\":\"c1\",\"subject\":{"
	       "\"reference\":\"Patient/a\"}}");
	put(t, "{\"resourceType\":\"Condition\",\"id\":\"c2\",\"subject\":{"
	       "\"reference\":\"Patient/b\"}}");
	put_person(t,
		   (struct person){.id = "b", .given = "Anna", .born = "1940-02-03"});
	done = undo(t, done.link, false, HF_OK);
	assert_false(done.one);
	assert_int_equal(done.records, 1);
	assert_false(one_person(t, "a", "b"));
	assert_non_null(memmem(content(t, "a").p, content(t, "a").n, "\"c1\"", 4));
	assert_null(memmem(content(t, "a").p, content(t, "a").n, "\"c2\"", 4));
	assert_non_null(memmem(content(t, "b").p, content(t, "b").n, "Anna", 4));
	expect_sound(t);
}

HF_ON_BOTH(what_was_taken_back_stays_with_who_and_why)
{
	struct hf_link_fact *facts;
	int64_t link;
	size_t n;

	put_person(t, (struct person){.id = "a"});
	put_person(t, (struct person){.id = "b"});
	link = merge(t, "a", "b", HF_OK).link;
	undo(t, link, false, HF_OK);
	undo(t, link, false, HF_STALE);
	undo(t, link + 1, false, HF_NOT_FOUND);
	assert_int_equal(
	    hf_links_of(t->reader, shelf(t, "a"), 10, &t->arena, &facts, &n, NULL),
	    HF_OK);
	assert_int_equal(n, 1);
	assert_true(facts[0].undone);
	assert_sv_equal(facts[0].actor, "user/clerk");
	assert_sv_equal(facts[0].undone_actor, "user/clerk");
	assert_sv_equal(facts[0].undone_why, "told so by the person at the desk");
	assert_true(facts[0].undone_at >= facts[0].at && facts[0].at > 0);
}

HF_ON_BOTH(a_merge_that_cannot_be_is_refused_and_changes_nothing)
{
	struct hf_link_by hasty = clerk;
	struct hf_err err = {0};

	put_person(t, (struct person){.id = "a"});
	put_person(t, (struct person){.id = "b"});
	hasty.reason = HF_SV("  because  ");
	assert_int_equal(hf_link_merge(t->store, shelf(t, "a"), shelf(t, "b"),
				       HF_LINK_HAND, &hasty, NULL, &err),
			 HF_RULE);
	assert_string_equal(err.path, "reason");
	assert_int_equal(hf_link_merge(t->store, shelf(t, "a"), shelf(t, "a"),
				       HF_LINK_HAND, &clerk, NULL, &err),
			 HF_RULE);
	assert_int_equal(
	    hf_link_merge(t->store, shelf(t, "a"), 5, HF_LINK_HAND, &clerk, NULL, &err),
	    HF_RULE);
	assert_int_equal(hf_link_part(t->store, shelf(t, "a"), &clerk, NULL, &err),
			 HF_RULE);
	assert_false(one_person(t, "a", "b"));
	merge(t, "a", "b", HF_OK);
	merge(t, "a", "b", HF_EXISTS);
	merge(t, "b", "a", HF_EXISTS);
}

HF_ON_BOTH(each_merge_is_undone_by_itself)
{
	int64_t ab, bc, cd;

	put_person(t, (struct person){.id = "a"});
	put_person(t, (struct person){.id = "b"});
	put_person(t, (struct person){.id = "c"});
	put_person(t, (struct person){.id = "d"});
	ab = merge(t, "a", "b", HF_OK).link;
	cd = merge(t, "c", "d", HF_OK).link;
	bc = merge(t, "b", "c", HF_OK).link;
	assert_int_equal(records(t, "a"), 4);
	/* The merge of two merged persons: each is again what it was. */
	undo(t, bc, false, HF_OK);
	assert_int_equal(records(t, "a"), 2);
	assert_int_equal(records(t, "d"), 2);
	bc = merge(t, "b", "c", HF_OK).link;
	/* The first of three: the others stay together. */
	undo(t, ab, false, HF_OK);
	assert_int_equal(records(t, "a"), 1);
	assert_int_equal(records(t, "b"), 3);
	undo(t, cd, false, HF_OK);
	assert_int_equal(records(t, "b"), 2);
	undo(t, bc, false, HF_OK);
	assert_int_equal(records(t, "b"), 1);
	expect_sound(t);
}

/* ---- decided to be two ---- */

HF_ON_BOTH(a_decision_that_they_are_two_beats_automatic_links)
{
	struct person a = {.id = "a", .number = "9990000018", .born = "1940-02-03"};
	struct person b = a, c = a;

	b.id = "b";
	c.id = "c";
	put_person(t, a);
	put_person(t, b);
	assert_true(one_person(t, "a", "b"));
	/* Taking back by hand what was linked by number is such a decision. */
	undo(t, fact(t, "a", "number").id, false, HF_OK);
	assert_false(one_person(t, "a", "b"));
	assert_int_equal(fact(t, "a", "number").id, 0);
	assert_sv_equal(fact(t, "a", "hand").state, "separated");
	a.given = "Ann";
	b.given = "Ann";
	put_person(t, a);
	put_person(t, b);
	assert_false(one_person(t, "a", "b"));
	assert_false(waits(t, "a", "b"));
	/* A third of the same number may be either's: not both's. */
	put_person(t, c);
	assert_false(one_person(t, "a", "b"));
	assert_true(one_person(t, "c", "a") != one_person(t, "c", "b"));
	assert_true(waits(t, "c", one_person(t, "c", "a") ? "b" : "a"));
	/* By hand either: what stands in the way is named. */
	merge(t, "c", one_person(t, "c", "a") ? "b" : "a", HF_RULE);
	/* A newer decision about just these two is taken. */
	merge(t, "a", "b", HF_OK);
	assert_int_equal(records(t, "a"), 3);
	expect_sound(t);
}

HF_ON_BOTH(two_that_others_connect_are_not_separated_by_one_link)
{
	struct person a = {.id = "a", .number = "9990000018", .born = "1940-02-03"};
	struct person b = a, c = a;
	struct hf_link_done done = {0};

	b.id = "b";
	c.id = "c";
	put_person(t, a);
	put_person(t, b);
	put_person(t, c);
	assert_int_equal(records(t, "a"), 3);
	separate(t, "a", "b", HF_RULE);
	assert_int_equal(records(t, "a"), 3);
	/* One record is taken out whole. */
	assert_int_equal(hf_link_part(t->store, shelf(t, "b"), &clerk, &done, NULL),
			 HF_OK);
	assert_int_equal(done.records, 1);
	assert_int_equal(records(t, "a"), 2);
	b.given = "Beth";
	put_person(t, b);
	put_person(t, c);
	assert_int_equal(records(t, "b"), 1);
	expect_sound(t);
}

/* ---- twins, newborns, wrong numbers ---- */

HF_ON_BOTH(twins_stay_apart_whatever_number_they_were_given)
{
	struct person ann = {
	    .id = "ann", .number = "9990000018", .given = "Ann", .born = "2020-05-06"};
	struct person beth = ann;

	beth.id = "beth";
	beth.given = "Beth";
	put_person(t, ann);
	/* The second got the first one's number at the desk. */
	put_person(t, beth);
	assert_false(one_person(t, "ann", "beth"));
	assert_true(waits(t, "ann", "beth"));
	separate(t, "ann", "beth", HF_OK);
	assert_sv_equal(review(t, "ann", "beth").state, "separated");
	/* Corrected: nothing waits, nothing was ever mixed. */
	beth.number = "9990000026";
	put_person(t, beth);
	assert_false(one_person(t, "ann", "beth"));
	assert_false(waits(t, "ann", "beth"));
	expect_sound(t);
}

HF_ON_BOTH(a_newborn_without_a_number_is_linked_by_hand_and_keeps_the_link_with_it)
{
	struct person cot = {.id = "cot", .given = "Baby", .born = "2026-01-09"};
	struct person named = {.id = "named",
			       .number = "9990000018",
			       .given = "Ruth",
			       .born = "2026-01-09"};
	int64_t link;

	put_person(t, cot);
	put_person(t, named);
	assert_false(one_person(t, "cot", "named"));
	link = merge(t, "cot", "named", HF_OK).link;
	/* The ward's record gets the number later: both say so now. */
	cot.number = named.number;
	cot.given = named.given;
	put_person(t, cot);
	assert_int_not_equal(fact(t, "cot", "number").id, 0);
	/* The merge taken back leaves what the number says. */
	assert_true(undo(t, link, false, HF_OK).one);
	assert_true(one_person(t, "cot", "named"));
	expect_sound(t);
}

HF_ON_BOTH(a_number_given_to_the_wrong_person_comes_right_when_it_is_corrected)
{
	struct person mary = {.id = "mary",
			      .number = "9990000018",
			      .given = "Mary",
			      .born = "1950-07-08"};
	struct person again = mary, wrong = mary;

	again.id = "again";
	wrong.id = "wrong"; /* somebody else, registered as Mary */
	put_person(t, mary);
	put_person(t, again);
	put_person(t, wrong);
	assert_int_equal(records(t, "mary"), 3);
	wrong.number = "9990000026";
	put_person(t, wrong);
	assert_int_equal(records(t, "wrong"), 1);
	assert_int_equal(records(t, "mary"), 2);
	assert_true(one_person(t, "mary", "again"));
	expect_sound(t);
}

HF_ON_BOTH(a_number_that_speaks_against_a_link_by_hand_is_put_up)
{
	struct person a = {
	    .id = "a", .number = "9990000018", .given = "Ann", .born = "1940-02-03"};
	struct person b = {.id = "b", .given = "Ann", .born = "1940-02-03"};
	struct hf_review *list;
	size_t n;

	put_person(t, a);
	put_person(t, b);
	merge(t, "a", "b", HF_OK);
	b.number = "9990000026";
	put_person(t, b);
	/* What somebody decided stands until somebody decides again. */
	assert_true(one_person(t, "a", "b"));
	assert_true(waits(t, "a", "b"));
	assert_int_equal(hf_review_list(t->reader, HF_SV("open"), NULL, 10, &t->arena,
					&list, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 1);
	assert_sv_equal(list[0].kind, "conflict");
	separate(t, "a", "b", HF_OK);
	assert_false(one_person(t, "a", "b"));
	assert_false(waits(t, "a", "b"));
	expect_sound(t);
}

/* ---- the queue ---- */

HF_ON_BOTH(a_pair_waits_until_it_is_decided_and_comes_back_when_the_link_is_undone)
{
	struct person a = {
	    .id = "a", .number = "9990000018", .given = "Ann", .born = "1940-02-03"};
	struct person b = a;
	struct hf_review *list;
	int64_t link, open, later;
	size_t n;

	b.id = "b";
	b.born = "1941-02-03";
	put_person(t, a);
	put_person(t, b);
	assert_true(waits(t, "a", "b"));
	assert_int_equal(hf_review_count(t->reader, &open, &later, NULL), HF_OK);
	assert_int_equal(open, 1);
	assert_int_equal(hf_review_later(t->store, shelf(t, "b"), shelf(t, "a"),
					 hf_now() + 86400000, &clerk, NULL),
			 HF_OK);
	assert_int_equal(hf_review_count(t->reader, &open, &later, NULL), HF_OK);
	assert_int_equal(open, 0);
	assert_int_equal(later, 1);
	assert_int_equal(
	    hf_review_later(t->store, shelf(t, "b"), shelf(t, "a"), 5, &clerk, NULL),
	    HF_RULE);
	/* It comes back on its day, and not before. */
	assert_int_equal(
	    hf_review_wake(t->store, t->reader, hf_now() + 3600000, &clerk, NULL),
	    HF_OK);
	assert_false(waits(t, "a", "b"));
	assert_int_equal(
	    hf_review_wake(t->store, t->reader, hf_now() + 90000000, &clerk, NULL),
	    HF_OK);
	assert_true(waits(t, "a", "b"));
	link = merge(t, "b", "a", HF_OK).link;
	assert_sv_equal(review(t, "a", "b").state, "linked");
	assert_int_equal(hf_review_later(t->store, shelf(t, "b"), shelf(t, "a"),
					 hf_now() + 86400000, &clerk, NULL),
			 HF_NOT_FOUND);
	undo(t, link, false, HF_OK);
	assert_true(waits(t, "a", "b"));
	assert_int_equal(hf_review_list(t->reader, HF_SV("open"), NULL, 10, &t->arena,
					&list, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 1);
	assert_int_equal(hf_review_list(t->reader, HF_SV("open"), &list[0], 10,
					&t->arena, &list, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 0);
}

/* ---- Patient.link ---- */

#define LINK(to, type)                                                                 \
	",\"link\":[{\"other\":{\"reference\":\"Patient/" to "\"},\"type\":\"" type    \
	"\"}]"

HF_ON_BOTH(a_clients_link_is_made_and_taken_back_with_the_element)
{
	static const char *const links[] = {LINK("b", "replaced-by"),
					    LINK("b", "replaces"), LINK("b", "refer"),
					    LINK("b", "seealso")};

	put_person(t, (struct person){.id = "b"});
	for (size_t i = 0; i < HF_COUNT(links); i++) {
		put_person(t, (struct person){.id = "a", .more = links[i]});
		assert_true(one_person(t, "a", "b"));
		assert_sv_equal(fact(t, "a", "fhir").state, "linked");
		/* Of two that say so one is enough. */
		put_person(t,
			   (struct person){.id = "b", .more = LINK("a", "replaces")});
		put_person(t, (struct person){.id = "a"});
		assert_true(one_person(t, "a", "b"));
		put_person(t, (struct person){.id = "b"});
		assert_false(one_person(t, "a", "b"));
	}
	/* Somebody who is not there yet. */
	put_person(t, (struct person){.id = "c", .more = LINK("d", "refer")});
	put_person(t, (struct person){.id = "d"});
	assert_true(one_person(t, "c", "d"));
	expect_sound(t);
}

HF_ON_BOTH(a_clients_link_does_not_come_back_after_somebody_took_it_back)
{
	put_person(t, (struct person){.id = "b"});
	put_person(t, (struct person){.id = "a", .more = LINK("b", "replaced-by")});
	undo(t, fact(t, "a", "fhir").id, false, HF_OK);
	assert_false(one_person(t, "a", "b"));
	/* Another change of the same Patient, which still has its link. */
	put_person(t, (struct person){
			  .id = "a", .given = "Ann", .more = LINK("b", "replaced-by")});
	assert_false(one_person(t, "a", "b"));
	/* Said anew: not linked, but put up. */
	put_person(t, (struct person){.id = "a"});
	put_person(t, (struct person){.id = "a", .more = LINK("b", "replaced-by")});
	assert_false(one_person(t, "a", "b"));
	assert_true(waits(t, "a", "b"));
	expect_sound(t);
}

/* ---- very many ---- */

/* A number that hundreds were given (a test number, say) must not hold up everybody. */
HF_TEST(hundreds_of_one_number_are_linked_in_bounded_time)
{
	enum { MANY = 300 };
	struct hf_test_store t;
	char(*json)[600] = calloc(MANY, sizeof *json);
	const char *list[MANY];
	struct hf_err err = {0};
	hf_time begun = hf_now();

	assert_true(hf_test_store_open(&t, 0));
	for (int i = 0; i < MANY; i++) {
		snprintf(json[i], sizeof json[i],
			 "{\"resourceType\":\"Patient\",\"id\":\"n%d\","
			 "\"identifier\":[{\"extension\":[{\"url\":\"https://"
			 "fhir.hl7.org.uk/StructureDefinition/"
			 "Extension-UKCore-NHSNumberVerificationStatus\","
			 "\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}],"
			 "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":"
			 "\"9990000018\"}],\"birthDate\":\"1950-01-01\",\"name\":[{"
			 "\"family\":\"Test\"}]}",
			 i);
		list[i] = json[i];
	}
	if (hf_test_put(&t, list, MANY, NULL, &err) != HF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(records(&t, "n0"), MANY);
	put_person(&t, (struct person){.id = "last",
				       .number = "9990000018",
				       .family = "Test",
				       .born = "1950-01-01"});
	assert_int_equal(records(&t, "last"), MANY + 1);
	assert_true(hf_now() - begun < 20000);
	expect_sound(&t);
	hf_test_store_close(&t);
	free(json);
}

/* ---- at once ---- */

struct writer {
	struct hf_store *store;
	const char *id;
	unsigned seed;
	enum hf_rc rc;
};

static enum hf_rc
put_number(struct hf_store *store, struct hf_reader *reader, const char *id,
	   const char *number)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_change_item item = {
	    .op = HF_OP_PUT, .type = hf_patient_type(), .id = hf_sv_from(id)};
	struct hf_change change = {.arena = &arena,
				   .actor = HF_SV("test"),
				   .purpose = HF_SV("TREAT"),
				   .source = HF_SV("test"),
				   .items = &item,
				   .n = 1,
				   .issues = &issues};
	struct hf_json doc;
	char json[700];
	enum hf_rc rc;

	snprintf(
	    json, sizeof json,
	    "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"identifier\":[{"
	    "\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
	    "Extension-UKCore-NHSNumberVerificationStatus\","
	    "\"valueCodeableConcept\":{\"coding\":[{\"code\":\"01\"}]}}],"
	    "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"%s\"}],"
	    "\"birthDate\":\"1950-01-01\",\"name\":[{\"family\":\"Hale\"}]}",
	    id, number);
	rc = hf_json_parse(hf_sv_from(json), NULL, &arena, &doc, NULL);
	item.doc = &doc;
	if (rc == HF_OK)
		rc = hf_change_commit(store, reader, &change, NULL);
	hf_arena_free(&arena);
	return rc;
}

/* Gives its Patient one number and the other, many times. */
static void *
change_numbers(void *arg)
{
	static const char *const numbers[] = {"9990000018", "9990000026"};
	struct writer *w = arg;
	struct hf_reader *reader;

	w->rc = hf_reader_get(w->store, &reader, NULL);
	for (int i = 0; w->rc == HF_OK && i < 60; i++) {
		w->seed = w->seed * 1103515245 + 12345;
		w->rc = put_number(w->store, reader, w->id, numbers[w->seed >> 16 & 1]);
		if (w->rc == HF_BUSY)
			w->rc = HF_OK;
	}
	if (w->rc == HF_OK)
		w->rc = put_number(w->store, reader, w->id, numbers[w->seed >> 17 & 1]);
	hf_reader_put(reader);
	return NULL;
}

static bool
has_number(struct hf_test_store *t, const char *id, const char *number)
{
	struct hf_sv text = content(t, id);

	return memmem(text.p, text.n, number, strlen(number)) != NULL;
}

/* Who decides by a number that another is just changing waits for that one. */
HF_ON_BOTH(numbers_that_change_at_once_leave_the_links_that_they_say)
{
	static const char *const who[] = {"a", "b", "c"};
	pthread_t threads[3];
	struct writer writers[3];

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 3; i++) {
			writers[i] = (struct writer){t->store, who[i],
						     round * 100 + i + 1, HF_OK};
			assert_int_equal(pthread_create(&threads[i], NULL,
							change_numbers, &writers[i]),
					 0);
		}
		for (unsigned i = 0; i < 3; i++) {
			pthread_join(threads[i], NULL);
			assert_int_equal(writers[i].rc, HF_OK);
		}
		for (size_t i = 0; i < 3; i++)
			for (size_t k = i + 1; k < 3; k++)
				assert_int_equal(
				    one_person(t, who[i], who[k]),
				    has_number(t, who[i], "9990000018") ==
					has_number(t, who[k], "9990000018"));
		expect_sound(t);
	}
}

/* ---- laws ---- */

enum { PEOPLE = 7, STEPS = 160 };

static const char *const ids[PEOPLE] = {"p0", "p1", "p2", "p3", "p4", "p5", "p6"};

static uint32_t
below(uint64_t *seed, uint32_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % n;
}

/* What connects a and b by hand in the model. */
struct model {
	int64_t link[PEOPLE][PEOPLE]; /* a < b; 0: none */
	bool apart[PEOPLE][PEOPLE];
};

static bool
reaches(const struct model *m, size_t from, size_t to)
{
	bool seen[PEOPLE] = {[0] = false};
	bool more = true;

	seen[from] = true;
	while (more) {
		more = false;
		for (size_t a = 0; a < PEOPLE; a++)
			for (size_t b = a + 1; b < PEOPLE; b++)
				if (m->link[a][b] && seen[a] != seen[b])
					seen[a] = seen[b] = more = true;
	}
	return seen[to];
}

/* Is a decision between the persons of a and b in the way? */
static bool
barred(const struct model *m, size_t a, size_t b)
{
	for (size_t i = 0; i < PEOPLE; i++)
		for (size_t k = 0; k < PEOPLE; k++)
			if (m->apart[i < k ? i : k][i < k ? k : i] &&
			    reaches(m, a, i) && reaches(m, b, k) &&
			    !(i == a && k == b) && !reaches(m, a, b))
				return true;
	return false;
}

static void
edit(struct hf_test_store *t, struct hf_test_store *plain, uint64_t *seed, int step)
{
	char json[200];
	size_t who = below(seed, PEOPLE);

	snprintf(json, sizeof json,
		 "{\"resourceType\":\"Condition\",\"id\":\"c%u\",\"recordedDate\":"
		 "\"2026-01-%02d\",\"subject\":{\"reference\":\"Patient/%s\"}}",
		 (unsigned)below(seed, 20), 1 + step % 28, ids[who]);
	put(t, json);
	put(plain, json);
}

static void
expect_model(struct hf_test_store *t, const struct model *m)
{
	for (size_t a = 0; a < PEOPLE; a++)
		for (size_t b = a + 1; b < PEOPLE; b++)
			if (one_person(t, ids[a], ids[b]) != reaches(m, a, b))
				fail_msg("%s and %s are %s one person", ids[a], ids[b],
					 reaches(m, a, b) ? "not" : "wrongly");
}

static void
step_by_hand(struct hf_test_store *t, struct model *m, uint64_t *seed)
{
	size_t a = below(seed, PEOPLE - 1);
	size_t b = a + 1 + below(seed, (uint32_t)(PEOPLE - 1 - a));
	struct model after = *m;

	switch (below(seed, 4)) {
	case 0:
	case 1:
		if (m->link[a][b]) {
			merge(t, ids[a], ids[b], HF_EXISTS);
		} else if (barred(m, a, b)) {
			merge(t, ids[a], ids[b], HF_RULE);
		} else {
			m->link[a][b] = merge(t, ids[a], ids[b], HF_OK).link;
			m->apart[a][b] = false;
		}
		break;
	case 2:
		if (m->link[a][b])
			undo(t, m->link[a][b], false, HF_OK);
		m->link[a][b] = 0;
		break;
	default:
		after.link[a][b] = 0;
		after.apart[a][b] = true;
		if (reaches(&after, a, b)) {
			separate(t, ids[a], ids[b], HF_RULE);
		} else {
			separate(t, ids[a], ids[b], HF_OK);
			*m = after;
		}
	}
}

/* A person is always what the links that count connect, and no record is other than in
 * a place where nobody ever linked anything. */
static void
law(int engine, uint64_t seed)
{
	struct hf_test_store t, plain;
	struct model m = {0};

	if (!hf_test_store_open(&t, engine))
		skip();
	assert_true(hf_test_store_open(&plain, 0));
	for (size_t i = 0; i < PEOPLE; i++) {
		put_person(&t, (struct person){.id = ids[i]});
		put_person(&plain, (struct person){.id = ids[i]});
	}
	for (int step = 0; step < STEPS; step++) {
		if (below(&seed, 3) == 0)
			edit(&t, &plain, &seed, step);
		else
			step_by_hand(&t, &m, &seed);
		expect_model(&t, &m);
	}
	expect_sound(&t);
	for (size_t i = 0; i < PEOPLE; i++) {
		struct hf_sv a = content(&t, ids[i]), b = content(&plain, ids[i]);

		if (!hf_sv_eq(a, b))
			fail_msg("%s:\n%.*s\n%.*s", ids[i], HF_SV_ARG(a), HF_SV_ARG(b));
	}
	hf_test_store_close(&plain);
	hf_test_store_close(&t);
}

HF_TEST(links_are_undone_as_if_they_had_never_been_on_sqlite)
{
	for (uint64_t seed = 1; seed <= 4; seed++)
		law(0, seed);
}

HF_TEST(links_are_undone_as_if_they_had_never_been_on_postgresql)
{
	law(1, 7);
}

/* Numbers come and go, clients link, people decide: whatever happens, who is one person
 * is what the facts say, and nobody is linked to whom they were decided not to be. */
static void
disorder(int engine, uint64_t seed)
{
	static const char *const numbers[] = {NULL, "9990000018", "9990000026"};
	static const char *const births[] = {"1940-02-03", "1951-02-03"};
	static const char *const more[] = {"", "", LINK("p0", "seealso"),
					   LINK("p3", "replaces")};
	struct hf_test_store t;

	if (!hf_test_store_open(&t, engine))
		skip();
	for (size_t i = 0; i < PEOPLE; i++)
		put_person(&t, (struct person){.id = ids[i]});
	for (int step = 0; step < STEPS; step++) {
		size_t a = below(&seed, PEOPLE), b = below(&seed, PEOPLE);
		struct hf_link_done done;
		enum hf_rc rc = HF_OK;
		struct hf_err err = {0};

		switch (below(&seed, 6)) {
		case 0:
			rc =
			    hf_link_merge(t.store, shelf(&t, ids[a]), shelf(&t, ids[b]),
					  HF_LINK_A40, &clerk, &done, &err);
			break;
		case 1:
			rc = hf_link_separate(t.store, shelf(&t, ids[a]),
					      shelf(&t, ids[b]), &clerk, &done, &err);
			break;
		case 2:
			rc = hf_link_undo(t.store, 1 + below(&seed, 60),
					  below(&seed, 2), &clerk, &done, &err);
			break;
		case 3:
			rc = hf_link_part(t.store, shelf(&t, ids[a]), &clerk, &done,
					  &err);
			break;
		default:
			put_person(&t,
				   (struct person){.id = ids[a],
						   .given = "Ann",
						   .number = numbers[below(&seed, 3)],
						   .born = births[below(&seed, 8) == 0],
						   .more = more[below(&seed, 4)]});
		}
		if (rc != HF_OK && rc != HF_RULE && rc != HF_EXISTS && rc != HF_STALE &&
		    rc != HF_NOT_FOUND)
			fail_msg("step %d: %d %s", step, (int)rc, err.text);
		if (step % 10 == 9)
			expect_sound(&t);
	}
	expect_sound(&t);
	hf_test_store_close(&t);
}

HF_TEST(whatever_happens_persons_are_what_the_facts_say_on_sqlite)
{
	for (uint64_t seed = 11; seed <= 14; seed++)
		disorder(0, seed);
}

HF_TEST(whatever_happens_persons_are_what_the_facts_say_on_postgresql)
{
	disorder(1, 17);
}

HF_TEST_MAIN(
    "record/link", HF_BOTH(a_merge_is_undone_after_edits_on_either_side),
    HF_BOTH(what_was_taken_back_stays_with_who_and_why),
    HF_BOTH(a_merge_that_cannot_be_is_refused_and_changes_nothing),
    HF_BOTH(each_merge_is_undone_by_itself),
    HF_BOTH(a_decision_that_they_are_two_beats_automatic_links),
    HF_BOTH(two_that_others_connect_are_not_separated_by_one_link),
    HF_BOTH(twins_stay_apart_whatever_number_they_were_given),
    HF_BOTH(a_newborn_without_a_number_is_linked_by_hand_and_keeps_the_link_with_it),
    HF_BOTH(a_number_given_to_the_wrong_person_comes_right_when_it_is_corrected),
    HF_BOTH(a_number_that_speaks_against_a_link_by_hand_is_put_up),
    HF_BOTH(a_pair_waits_until_it_is_decided_and_comes_back_when_the_link_is_undone),
    HF_BOTH(a_clients_link_is_made_and_taken_back_with_the_element),
    HF_BOTH(a_clients_link_does_not_come_back_after_somebody_took_it_back),
    cmocka_unit_test(hundreds_of_one_number_are_linked_in_bounded_time),
    HF_BOTH(numbers_that_change_at_once_leave_the_links_that_they_say),
    HF_BOTH(links_are_undone_as_if_they_had_never_been),
    HF_BOTH(whatever_happens_persons_are_what_the_facts_say))

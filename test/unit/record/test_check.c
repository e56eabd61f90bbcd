/* check finds nothing in a store that is right, and whatever is made wrong in it;
 * rebuild makes what is derived again, the same. */
#include "keep.h"

#include "record/io/check.h"
#include "record/io/rebuild.h"

static struct hf_check_report
check(struct hf_test_store *t, struct hf_issues *issues)
{
	struct hf_check_report report = {0};
	struct hf_err err = {0};

	*issues = (struct hf_issues){.arena = &t->arena};
	keep_ok(hf_store_check(t->store, NULL, issues, &report, &err), err);
	assert_int_equal(report.problems, issues->n + issues->dropped);
	return report;
}

static void
expect_clean(struct hf_test_store *t)
{
	struct hf_issues issues;
	struct hf_check_report r = check(t, &issues);

	if (r.problems > 0)
		fail_msg("%lld problems, the first: %.*s", (long long)r.problems,
			 HF_SV_ARG(issues.items[0].text));
}

static void
count_steps(void *ctx, int64_t done, int64_t of)
{
	int64_t *last = ctx;

	assert_true(done >= last[0] && done <= of);
	last[0] = done;
	last[1] = of;
}

KEEP_TEST(an_empty_store_is_right)
{
	struct hf_issues issues;
	struct hf_check_report r = check(t, &issues);

	assert_int_equal(r.problems, 0);
	assert_int_equal(r.resources, 0);
}

KEEP_TEST(a_full_store_is_right_and_counted)
{
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_check_report r = {0};
	struct hf_err err = {0};
	int64_t steps[2] = {0};

	keep_fill(t);
	keep_ok(hf_store_check(t->store,
			       &(struct hf_check_progress){count_steps, steps}, &issues,
			       &r, &err),
		err);
	if (r.problems > 0)
		fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
	assert_int_equal(r.resources, 610);
	assert_int_equal(r.versions, 5);
	assert_int_equal(r.people, 4);
	assert_true(r.changes >= 5);
	assert_true(r.index_rows > 600);
	assert_true(r.mentions >= 1);
	assert_true(r.bytes > 100000);
	assert_int_equal(steps[0], steps[1]);
	assert_int_equal(steps[1], r.resources + r.versions + r.changes);
	hf_test_store_reopen(t);
	expect_clean(t);
}

/* Each makes one thing wrong; table is where it has to be found. */
static const struct harm {
	const char *sql, *table, *text;
	bool mends; /* rebuild sets it right */
} harms[] = {
    {"UPDATE res SET body = (SELECT body FROM zdict) WHERE rid = "
     "(SELECT MAX(rid) FROM res)",
     "res", "cannot be read", false},
    {"UPDATE hist SET dict = 0 WHERE dict <> 0", "hist", "cannot be read", false},
    {"UPDATE res SET dict = 9 WHERE rid = (SELECT MAX(rid) FROM res)", "zdict",
     "dictionary 9", false},
    {"DELETE FROM hist WHERE version = 1", "hist", "are missing", false},
    {"UPDATE hist SET version = 50 WHERE version = 2", "hist", "no newer version",
     false},
    {"DELETE FROM change WHERE change = (SELECT MAX(change) FROM change)", "res",
     "is not recorded", false},
    {"UPDATE change SET actor = 'somebody else' WHERE change = (SELECT MIN(change) "
     "FROM "
     "change)",
     "change", "does not hang on the one before", false},
    {"UPDATE change SET trace = 'x' WHERE change = (SELECT MAX(change) FROM change)",
     "change", "does not hang on the one before", false},
    {"DELETE FROM change WHERE change = (SELECT MIN(change) FROM change)", "change",
     "does not hang on the one before", false},
    {"UPDATE res SET type = 200 WHERE rid = (SELECT MAX(rid) FROM res)", "res",
     "R4 does not have", false},
    {"UPDATE res SET flags = 1 WHERE rid = (SELECT MAX(rid) FROM res)", "change",
     "log of commit", false},
    {"DELETE FROM shelf WHERE shelf = (SELECT MAX(shelf) FROM shelf)", "res",
     "person's shelf that is not there", false},
    {"UPDATE shelf SET person = 5 WHERE shelf = (SELECT MAX(shelf) FROM shelf)",
     "shelf", "linked to shelf 5", false},
    {"UPDATE res SET rid = 17592219598000 WHERE rid = (SELECT MAX(rid) FROM res "
     "WHERE rid < 17592202821632)",
     "res", "belongs on shelf 1048576", false},
    {"INSERT INTO forward VALUES (77, 78)", "forward", "forwarding of 77", false},
    {"INSERT INTO idmap VALUES (5, 6)", "idmap", "leads to 6", false},
    {"DELETE FROM idmap", "idmap", "is missing", false},
    {"INSERT INTO review VALUES (5, 6, 'number', 0, 'x', '', 1, 'open', 0, 0, '')",
     "review", "5 and 6", false},
    {"INSERT INTO link VALUES (77, 5, 6, 5, 'hand', 'linked', 0, 'x', '', 1, 0, '')",
     "link", "link 77 of shelf 5", false},
    {"INSERT INTO link SELECT 78, MIN(shelf), MAX(shelf), MIN(shelf), 'hand', "
     "'linked', 0, 'x', '', (SELECT MIN(change) FROM change), 0, '' FROM shelf",
     "shelf", "by the links its person is", false},
    {"INSERT INTO ct_price_list VALUES ('T1', '', 0, 1, '', 0, 1)", "ct_price_list",
     "price list of commit 1", false},
    {"INSERT INTO ct_price_file VALUES ('T1', 'list.csv', 'x')", "ct_price_list",
     "commit 0", false},
    {"DELETE FROM ix WHERE rid = (SELECT MAX(rid) FROM ix)", "ix", "is missing", true},
    {"DELETE FROM ix", "ix", "is missing", true},
    {"INSERT INTO ix VALUES (1, 2, 3)", "ix", "should not be there", true},
    {"UPDATE ix SET value = value + 1 WHERE rid = (SELECT MAX(rid) FROM ix)", "ix",
     "is missing", true},
    {"DELETE FROM mention", "mention", "is missing", true},
    {"INSERT INTO mention VALUES (5, 6)", "mention", "should not be there", true},
    {"UPDATE tally SET n = n + 1", "tally", "counted as", true},
    {"DELETE FROM tally", "tally", "counted as 0", true},
    {"UPDATE res SET lo = lo + 1 WHERE lo <> 0", "res", "date or signature", true},
    {"UPDATE res SET sig = 0", "res", "date or signature", true},
};

static bool
is_told(const struct hf_issues *issues, const struct harm *h)
{
	for (size_t i = 0; i < issues->n; i++) {
		struct hf_sv s = issues->items[i].text;

		if (hf_sv_eq(issues->items[i].path, hf_sv_from(h->table)) &&
		    memmem(s.p, s.n, h->text, strlen(h->text)))
			return true;
	}
	return false;
}

/* Content of resources never gets into the findings. */
static void
expect_no_content(const struct hf_issues *issues)
{
	for (size_t i = 0; i < issues->n; i++) {
		struct hf_sv s = issues->items[i].text;

		assert_null(memmem(s.p, s.n, "HALE", 4));
		assert_null(memmem(s.p, s.n, "9990000018", 10));
	}
}

static void
try_harm(int engine, const struct harm *h)
{
	struct hf_test_store t;
	struct hf_issues issues;
	struct hf_rebuild_report rebuilt;
	struct hf_err err = {0};
	char *before, *after;

	assert_true(hf_test_store_open(&t, engine));
	keep_fill(&t);
	before = keep_dump(t.store, false);
	keep_raw(&t, h->sql);
	hf_test_store_reopen(&t);
	check(&t, &issues);
	if (!is_told(&issues, h))
		fail_msg("not told: %s (%zu others, first %.*s)", h->sql, issues.n,
			 issues.n ? (int)issues.items[0].text.n : 0,
			 issues.n ? issues.items[0].text.p : "");
	expect_no_content(&issues);
	if (h->mends) {
		keep_ok(hf_store_rebuild(t.store, NULL, &rebuilt, &err), err);
		expect_clean(&t);
		after = keep_dump(t.store, false);
		assert_string_equal(before, after);
		free(after);
	}
	free(before);
	hf_test_store_close(&t);
}

KEEP_TEST(whatever_is_made_wrong_is_found)
{
	for (size_t i = 0; i < HF_COUNT(harms); i++)
		try_harm(engine, &harms[i]);
}

KEEP_TEST(rebuilding_a_store_that_is_right_changes_nothing)
{
	struct hf_rebuild_report r = {0};
	struct hf_err err = {0};
	int64_t steps[2] = {0};
	char *before, *after;

	keep_fill(t);
	before = keep_dump(t->store, false);
	keep_ok(hf_store_rebuild(t->store,
				 &(struct hf_check_progress){count_steps, steps}, &r,
				 &err),
		err);
	after = keep_dump(t->store, false);
	assert_string_equal(before, after);
	assert_int_equal(r.resources, 610);
	assert_int_equal(r.people, 4);
	assert_int_equal(r.marks, 0);
	assert_int_equal(steps[0], 610);
	free(before);
	free(after);
	/* The open store goes on with it. */
	struct hf_store_stats stats;

	keep_ok(hf_store_stats(t->reader, &stats, &err), err);
	assert_int_equal(stats.people, 3); /* the fourth is awaited */
	expect_clean(t);
}

KEEP_TEST(a_body_that_cannot_be_read_stops_rebuilding_with_nothing_changed)
{
	struct hf_rebuild_report r = {.marks = 42};
	struct hf_err err = {0};
	char *before, *after;

	keep_fill(t);
	keep_raw(t, "UPDATE res SET body = (SELECT body FROM zdict) WHERE rid = "
		    "(SELECT MAX(rid) FROM res)");
	hf_test_store_reopen(t);
	before = keep_dump(t->store, false);
	assert_int_equal(hf_store_rebuild(t->store, NULL, &r, &err), HF_FAULT);
	assert_non_null(strstr(err.text, "nothing was changed"));
	assert_int_equal(r.marks, 42);
	after = keep_dump(t->store, false);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

KEEP_TEST(a_store_opened_for_reading_is_checked_and_not_rebuilt)
{
	struct hf_store_config c = {.read_only = true, .cache_bytes = 32 << 20};
	struct hf_rebuild_report rebuilt;
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_check_report r;
	struct hf_store *s = NULL;
	struct hf_err err = {0};

	keep_fill(t);
	c.data = t->url ? NULL : t->folder;
	c.url = t->url;
	keep_ok(hf_store_open(&c, &s, &err), err); /* beside the writing one */
	keep_ok(hf_store_check(s, NULL, &issues, &r, &err), err);
	assert_int_equal(r.problems, 0);
	assert_int_equal(hf_store_rebuild(s, NULL, &rebuilt, &err), HF_FORBIDDEN);
	hf_store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    KEEP_BOTH(an_empty_store_is_right),
	    KEEP_BOTH(a_full_store_is_right_and_counted),
	    KEEP_BOTH(whatever_is_made_wrong_is_found),
	    KEEP_BOTH(rebuilding_a_store_that_is_right_changes_nothing),
	    KEEP_BOTH(a_body_that_cannot_be_read_stops_rebuilding_with_nothing_changed),
	    KEEP_BOTH(a_store_opened_for_reading_is_checked_and_not_rebuilt),
	};

	return cmocka_run_group_tests_name("record/check", tests, NULL, NULL);
}

/* Broken glasses, notices and who changed what, on both engines. */
#include "access/io/audit.h"
#include "record/io/change_log.h"
#include "record/io/glass.h"
#include "record/io/rights.h"
#include "test/hf_test.h"
#include "test/support/store.h"

#include "keep.h"

static const struct hf_glass_by user = {
    {"user/u1", 7}, {"DIRECT", 6}, {"{\"recorded\":\"2026-01-01T00:00:00.000Z\"}", 39}};
static const struct hf_glass_by officer = {{"user/priv", 9}, {"AUDIT", 5}, {NULL, 0}};

static struct hf_glass_row
row_of(char id[HF_GLASS_ID], int64_t shelf)
{
	hf_glass_new_id(id);
	return (struct hf_glass_row){.id = hf_sv_from(id),
				     .actor = user.actor,
				     .role = HF_SV("R8000"),
				     .org = HF_SV("RZ2"),
				     .session = 7,
				     .shelf = shelf,
				     .patient = HF_SV("p1"),
				     .reason = HF_REASON_EMERGENCY,
				     .words = HF_SV("brought in unconscious"),
				     .asked = HF_SV("")};
}

static struct hf_notice *
notices(struct hf_test_store *t, bool all, size_t *n)
{
	struct hf_notice_query q = {.all = all, .before = HF_TIME_MAX, .max = 50};
	struct hf_notice *list;
	struct hf_err err;

	keep_ok(hf_notice_list(t->reader, &q, &t->arena, &list, n, &err), err);
	return list;
}

KEEP_TEST(a_broken_glass_opens_for_an_hour_and_comes_with_its_notice)
{
	const struct hf_rights *rights;
	char id[HF_GLASS_ID];
	struct hf_glass_row row = row_of(id, 1 << 20);
	struct hf_notice *list;
	struct hf_glass glass;
	int64_t shelf = 1 << 20, other = 1 << 21, open, overdue;
	struct hf_err err;
	size_t n;

	keep_ok(hf_glass_break(t->store, &user, &row, &err), err);
	assert_int_equal(row.until - row.start, HF_GLASS_MINUTES * 60000);
	keep_ok(hf_store_rights_get(t->store, &rights, &err), err);
	glass = hf_rights_glass(rights, user.actor, &shelf, 1, row.start + 1);
	assert_int_equal(glass.reason, HF_REASON_EMERGENCY);
	glass = hf_rights_glass(rights, user.actor, &shelf, 1, row.until);
	assert_int_equal(glass.reason, HF_REASON_NONE);
	glass = hf_rights_glass(rights, user.actor, &other, 1, row.start + 1);
	assert_int_equal(glass.reason, HF_REASON_NONE);
	glass = hf_rights_glass(rights, HF_SV("user/u2"), &shelf, 1, row.start + 1);
	assert_int_equal(glass.reason, HF_REASON_NONE);
	hf_rights_drop(rights);
	list = notices(t, false, &n);
	assert_int_equal(n, 1);
	assert_sv_equal(list[0].id, id);
	assert_int_equal(list[0].kind, HF_NOTICE_GLASS);
	assert_int_equal(list[0].recent, 1);
	assert_int_equal(list[0].due, hf_notice_due(row.start));
	assert_sv_equal(list[0].broken.words, "brought in unconscious");
	keep_ok(hf_notice_count(t->reader, row.start, &open, &overdue, &err), err);
	assert_int_equal(open, 1);
	assert_int_equal(overdue, 0);
	keep_ok(hf_notice_count(t->reader, list[0].due + 1, &open, &overdue, &err),
		err);
	assert_int_equal(overdue, 1);
}

KEEP_TEST(a_glass_given_up_is_whole_again)
{
	int64_t shelves[] = {1 << 20, 1 << 21};
	const struct hf_rights *rights;
	char id[2][HF_GLASS_ID];
	struct hf_glass_row one = row_of(id[0], 1 << 20), two = row_of(id[1], 3 << 20);
	struct hf_err err;
	size_t n;

	keep_ok(hf_glass_break(t->store, &user, &one, &err), err);
	keep_ok(hf_glass_break(t->store, &user, &two, &err), err);
	keep_ok(hf_glass_end(t->store, &officer, shelves, 2, &n, &err), err);
	assert_int_equal(n, 0); /* another's */
	keep_ok(hf_glass_end(t->store, &user, shelves, 2, &n, &err), err);
	assert_int_equal(n, 1);
	keep_ok(hf_store_rights_get(t->store, &rights, &err), err);
	assert_int_equal(
	    hf_rights_glass(rights, user.actor, shelves, 2, one.start + 60000).reason,
	    HF_REASON_NONE);
	shelves[0] = 3 << 20;
	assert_int_equal(
	    hf_rights_glass(rights, user.actor, shelves, 1, one.start + 60000).reason,
	    HF_REASON_EMERGENCY);
	hf_rights_drop(rights);
}

KEEP_TEST(how_often_a_user_broke_a_glass_in_a_day_stands_in_the_notice)
{
	struct hf_notice *list;
	bool seen[5] = {false};
	struct hf_err err;
	size_t n;

	for (int i = 0; i < 4; i++) {
		char id[HF_GLASS_ID];
		struct hf_glass_row row = row_of(id, (int64_t)(i + 1) << 20);

		keep_ok(hf_glass_break(t->store, &user, &row, &err), err);
	}
	list = notices(t, false, &n);
	assert_int_equal(n, 4);
	/* Two of one millisecond may stand either way. */
	for (size_t i = 0; i < n; i++) {
		assert_in_range(list[i].recent, 1, 4);
		assert_false(seen[list[i].recent]);
		seen[list[i].recent] = true;
	}
}

KEEP_TEST(a_notice_is_reviewed_once_and_not_by_whom_it_is_about)
{
	char id[HF_GLASS_ID];
	struct hf_glass_row row = row_of(id, 1 << 20);
	struct hf_notice notice, *list;
	struct hf_err err;
	size_t n;

	keep_ok(hf_glass_break(t->store, &user, &row, &err), err);
	assert_int_equal(hf_notice_review(t->store, &user, row.id, HF_NOTICE_JUSTIFIED,
					  HF_SV(""), &err),
			 HF_RULE);
	assert_int_equal(hf_notice_review(t->store, &officer, HF_SV("none"),
					  HF_NOTICE_JUSTIFIED, HF_SV(""), &err),
			 HF_NOT_FOUND);
	keep_ok(hf_notice_review(t->store, &officer, row.id, HF_NOTICE_QUERIED,
				 HF_SV("asked the consultant"), &err),
		err);
	assert_int_equal(hf_notice_review(t->store, &officer, row.id, HF_NOTICE_BREACH,
					  HF_SV(""), &err),
			 HF_RULE);
	keep_ok(hf_notice_get(t->reader, row.id, &t->arena, &notice, &err), err);
	assert_int_equal(notice.outcome, HF_NOTICE_QUERIED);
	assert_sv_equal(notice.reviewer, "user/priv");
	assert_sv_equal(notice.note, "asked the consultant");
	assert_true(notice.reviewed >= row.start);
	notices(t, false, &n);
	assert_int_equal(n, 0);
	list = notices(t, true, &n);
	assert_int_equal(n, 1);
	assert_sv_equal(list[0].id, id);
}

KEEP_TEST(what_is_told_once_is_not_told_again)
{
	struct hf_notice notice = {.id = HF_SV("safeguard-user.u1-7-99"),
				   .kind = HF_NOTICE_SAFEGUARD,
				   .actor = user.actor,
				   .role = HF_SV("social-worker"),
				   .org = HF_SV("E1"),
				   .session = 7,
				   .shelf = 99};
	struct hf_err err;
	size_t n;

	for (int i = 0; i < 3; i++)
		keep_ok(hf_notice_tell(t->store, &user, &notice, &err), err);
	notices(t, false, &n);
	assert_int_equal(n, 1);
}

static size_t
log_of(struct hf_test_store *t, const struct hf_log_query *q, struct hf_log_row **rows)
{
	struct hf_err err;
	size_t n;

	keep_ok(hf_change_log(t->reader, q, &t->arena, rows, &n, &err), err);
	for (size_t i = 1; i < n; i++)
		assert_true((*rows)[i].change < (*rows)[i - 1].change);
	return n;
}

KEEP_TEST(commits_are_found_by_person_by_actor_and_by_time)
{
	static const char *const one[] = {
	    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"active\":true}"};
	static const char *const two[] = {
	    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"active\":false}"};
	static const char *const other[] = {
	    "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"active\":true}"};
	struct hf_log_query q = {.before = INT64_MAX, .to = HF_TIME_MAX, .max = 50};
	char id[HF_GLASS_ID];
	struct hf_glass_row row = row_of(id, 1 << 20);
	struct hf_log_row *rows, got;
	struct hf_change_item *items;
	struct hf_err err;
	int64_t shelf;
	size_t all;

	keep_ok(hf_test_put(t, one, 1, &items, &err), err);
	shelf = HF_RID_SHELF(items[0].rid);
	keep_ok(hf_test_put(t, other, 1, NULL, &err), err);
	keep_ok(hf_test_put(t, two, 1, NULL, &err), err);
	keep_ok(hf_glass_break(t->store, &user, &row, &err), err);
	all = log_of(t, &q, &rows);
	assert_true(all >= 4);
	assert_sv_equal(rows[0].actor, "user/u1");
	assert_sv_equal(rows[0].trace, "{\"recorded\":\"2026-01-01T00:00:00.000Z\"}");
	assert_int_equal(rows[0].n_items, 0);
	assert_int_equal(rows[1].n_items, 1);
	assert_int_equal(rows[1].items[0].version, 2);
	keep_ok(hf_change_log_get(t->reader, rows[1].change, &t->arena, &got, &err),
		err);
	assert_int_equal(got.at, rows[1].at);
	assert_int_equal(
	    hf_change_log_get(t->reader, rows[0].change + 1, &t->arena, &got, &err),
	    HF_NOT_FOUND);
	q.shelves = &shelf;
	q.n_shelves = 1;
	assert_int_equal(log_of(t, &q, &rows), 2);
	q.max = 1;
	assert_int_equal(log_of(t, &q, &rows), 1);
	q.before = rows[0].change;
	assert_int_equal(log_of(t, &q, &rows), 1);
	q.before = rows[0].change;
	assert_int_equal(log_of(t, &q, &rows), 0);
	q = (struct hf_log_query){
	    .actor = user.actor, .before = INT64_MAX, .to = HF_TIME_MAX, .max = 50};
	assert_int_equal(log_of(t, &q, &rows), 1);
	q.to = rows[0].at;
	assert_int_equal(log_of(t, &q, &rows), 0);
	q = (struct hf_log_query){.before = INT64_MAX,
				  .to = HF_TIME_MAX,
				  .since = row.start + 60000,
				  .max = 50};
	assert_int_equal(log_of(t, &q, &rows), 0);
}

HF_TEST_MAIN("record/glass",
	     KEEP_BOTH(a_broken_glass_opens_for_an_hour_and_comes_with_its_notice),
	     KEEP_BOTH(a_glass_given_up_is_whole_again),
	     KEEP_BOTH(how_often_a_user_broke_a_glass_in_a_day_stands_in_the_notice),
	     KEEP_BOTH(a_notice_is_reviewed_once_and_not_by_whom_it_is_about),
	     KEEP_BOTH(what_is_told_once_is_not_told_again),
	     KEEP_BOTH(commits_are_found_by_person_by_actor_and_by_time))

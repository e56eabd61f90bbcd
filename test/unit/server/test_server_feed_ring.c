/* The promises of server/feed_ring.h: ids, what is kept, and where a client goes on. */
#include "server/feed_ring.h"

#include <string.h>

#include "server/feed.h"
#include "test/hf_test.h"

static void
add(struct hf_feed_ring *r, int64_t seq, const char *data)
{
	assert_true(hf_ring_add(r, "row", hf_sv_from(data), seq));
}

static void
assert_at(const struct hf_feed_ring *r, uint64_t at, const char *text)
{
	struct hf_feed_event *e = hf_ring_take(r, at);

	assert_sv_equal(((struct hf_sv){e->text, e->n}), text);
	hf_event_drop(e);
}

/* What the client that says id gets next: an index, or -1 for again. */
static int64_t
next_of(const struct hf_feed_ring *r, const char *id)
{
	struct hf_feed_pos seen;
	uint64_t at;

	assert_true(hf_feed_id_read(hf_sv_from(id), &seen));
	return hf_ring_find(r, seen, &at) ? (int64_t)at : -1;
}

HF_TEST(an_event_is_a_block_of_lines_that_a_browser_takes)
{
	struct hf_feed_ring r;

	hf_ring_init(&r, 0, 0);
	add(&r, 7, "{\"a\":1}");
	assert_at(&r, 0, "event: row\nid: 7\ndata: {\"a\":1}\n\n");
	add(&r, 8, "{\n\t\"a\":\r\n1}");
	assert_at(&r, 1, "event: row\nid: 8\ndata: {\ndata: \t\"a\":\ndata: 1}\n\n");
	add(&r, 9, "");
	assert_at(&r, 2, "event: row\nid: 9\ndata: \n\n");
	hf_ring_free(&r);
}

HF_TEST(ids_go_up_also_when_one_change_has_several_events_or_comes_late)
{
	struct hf_feed_ring r;

	hf_ring_init(&r, 0, 10);
	add(&r, 11, "1");
	add(&r, 11, "2");
	add(&r, 9, "3");
	add(&r, 12, "4");
	assert_at(&r, 0, "event: row\nid: 11\ndata: 1\n\n");
	assert_at(&r, 1, "event: row\nid: 11.1\ndata: 2\n\n");
	assert_at(&r, 2, "event: row\nid: 11.2\ndata: 3\n\n");
	assert_at(&r, 3, "event: row\nid: 12\ndata: 4\n\n");
	assert_int_equal(next_of(&r, "11"), 1);
	assert_int_equal(next_of(&r, "11.1"), 2);
	assert_int_equal(next_of(&r, "11.2"), 3);
	assert_int_equal(next_of(&r, "11.1073741824"), 3); /* all of 11 */
	assert_int_equal(next_of(&r, "12"), 4);
	assert_int_equal(next_of(&r, "4000"), 4);
	hf_ring_free(&r);
}

HF_TEST(who_has_not_seen_what_was_before_the_feed_is_told_so)
{
	struct hf_feed_ring r;

	hf_ring_init(&r, 0, 10);
	assert_int_equal(next_of(&r, "9"), -1);
	/* One more event of 10 may have been lost with the server before. */
	assert_int_equal(next_of(&r, "10"), -1);
	assert_int_equal(next_of(&r, "10.1073741824"), 0);
	assert_int_equal(next_of(&r, "11"), 0);
	hf_ring_free(&r);
}

HF_TEST(the_ring_keeps_the_newest_within_its_bytes)
{
	struct hf_feed_ring r;
	char id[HF_FEED_ID_TEXT];
	struct hf_feed_event *held;

	hf_ring_init(&r, 4000, 0);
	add(&r, 1, "the first");
	held = hf_ring_take(&r, 0);
	for (int64_t seq = 2; seq <= 1000; seq++) {
		add(&r, seq, "something");
		assert_true(r.bytes <= 4000);
	}
	assert_int_equal(r.end, 1000);
	assert_true(r.first > 900);
	hf_feed_id_write((struct hf_feed_pos){(int64_t)r.first, 0}, id);
	assert_int_equal(next_of(&r, id), r.first);
	hf_feed_id_write((struct hf_feed_pos){(int64_t)r.first - 1, 0}, id);
	assert_int_equal(next_of(&r, id), -1);
	/* What somebody has in hand outlives it. */
	assert_memory_equal(held->text, "event: row\nid: 1\n", 17);
	hf_event_drop(held);
	hf_ring_free(&r);
}

HF_TEST(the_newest_stays_however_long_and_what_is_too_long_is_not_taken)
{
	static char text[HF_FEED_EVENT_MAX + 2];
	struct hf_feed_ring r;

	hf_ring_init(&r, 100, 0);
	memset(text, 'x', HF_FEED_EVENT_MAX + 1);
	assert_false(hf_ring_add(&r, "row", hf_sv_from(text), 1));
	assert_int_equal(r.end, 0);
	text[HF_FEED_EVENT_MAX] = '\0';
	add(&r, 1, text);
	add(&r, 2, text);
	assert_int_equal(r.end - r.first, 1);
	hf_ring_free(&r);
}

HF_TEST(after_again_everybody_is_behind_once)
{
	struct hf_feed_ring r;
	uint64_t before;
	char id[HF_FEED_ID_TEXT];

	hf_ring_init(&r, 0, 0);
	add(&r, 5, "x");
	before = r.end;
	hf_ring_again(&r, 5);
	assert_true(before < r.first);
	assert_int_equal(r.first, r.end);
	assert_int_equal(next_of(&r, "5"), -1);
	hf_feed_id_write(r.newest, id);
	assert_string_equal(id, "5.1");
	assert_int_equal(next_of(&r, id), r.end);
	add(&r, 6, "y");
	assert_int_equal(next_of(&r, id), r.end - 1);
	hf_ring_again(&r, 9);
	hf_feed_id_write(r.newest, id);
	assert_string_equal(id, "9");
	hf_ring_free(&r);
}

HF_TEST(an_id_is_read_as_it_was_written_and_nothing_else_is)
{
	static const char *const bad[] = {"",
					  "x",
					  "1.x",
					  "1.-1",
					  "1.2.3",
					  ".1",
					  "1 2",
					  "1.4294967296",
					  "99999999999999999999"};
	struct hf_feed_pos pos = {1, 2};
	char id[HF_FEED_ID_TEXT];

	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_feed_id_read(hf_sv_from(bad[i]), &pos));
	assert_int_equal(pos.seq, 1);
	hf_feed_id_write((struct hf_feed_pos){INT64_MAX, UINT32_MAX}, id);
	assert_true(hf_feed_id_read(hf_sv_from(id), &pos));
	assert_true(pos.seq == INT64_MAX && pos.sub == UINT32_MAX);
	/* "1." is what is left of a torn line; the whole of it is not needed. */
	assert_false(hf_feed_id_read(HF_SV("1."), &pos));
}

HF_TEST_MAIN(
    "server/feed_ring",
    cmocka_unit_test(an_event_is_a_block_of_lines_that_a_browser_takes),
    cmocka_unit_test(ids_go_up_also_when_one_change_has_several_events_or_comes_late),
    cmocka_unit_test(who_has_not_seen_what_was_before_the_feed_is_told_so),
    cmocka_unit_test(the_ring_keeps_the_newest_within_its_bytes),
    cmocka_unit_test(the_newest_stays_however_long_and_what_is_too_long_is_not_taken),
    cmocka_unit_test(after_again_everybody_is_behind_once),
    cmocka_unit_test(an_id_is_read_as_it_was_written_and_nothing_else_is))

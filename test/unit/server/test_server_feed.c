/* The promises of server/feed.h, over real sockets.  Waits are bounded by how long a
 * test may take, never by how fast it should be. */
#include "server/feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "server/http.h"
#include "test/hf_test.h"

enum { PATIENCE_S = 60, MANY = 100, PUBLISHERS = 4, EACH = 400 };

static struct hf_http *http;
static struct hf_feed *feed;
static unsigned life;

static size_t
body_max(struct hf_req *req, void *ctx)
{
	(void)req;
	(void)ctx;
	return 0;
}

static void
refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)ctx;
	hf_reply(req, hf_rc_http(err->rc), HF_SV("refused"));
}

/* /NUMBER: behind this change; /now; /tag/NUMBER: from now on, with a tag. */
static void
handle(struct hf_req *req, void *ctx)
{
	struct hf_feed_ask ask = {.after = HF_FEED_NOW, .lifetime_s = life};
	struct hf_sv path = hf_sv_from_at(hf_req_path(req), 1);

	(void)ctx;
	if (hf_sv_starts(path, HF_SV("tag/")))
		assert(hf_sv_int(hf_sv_from_at(path, 4), &ask.tag));
	else if (!hf_sv_is(path, "now"))
		assert(hf_sv_int(path, &ask.after));
	hf_reply_feed(req, feed, &ask);
}

static int
begin(size_t keep, unsigned lifetime, unsigned request_s)
{
	struct hf_http_config config = {
	    .address = "127.0.0.1",
	    .threads = 2,
	    .timeout_s = 5,
	    .request_s = request_s,
	    .compress = HF_COMPRESS_ALWAYS,
	    .body_max = body_max,
	    .handle = handle,
	    .refuse = refuse,
	};
	struct hf_err err;

	life = lifetime;
	feed = hf_feed_new(keep, 0);
	return feed && hf_http_listen(&config, &http, &err) == HF_OK &&
		       hf_http_start(http, &err) == HF_OK
		   ? 0
		   : -1;
}

static int
start(void **state)
{
	(void)state;
	return begin(0, 0, PATIENCE_S);
}

static int
start_small(void **state)
{
	(void)state;
	return begin(100000, 0, PATIENCE_S);
}

static int
start_short(void **state)
{
	(void)state;
	return begin(0, 1, PATIENCE_S);
}

static int
start_strict(void **state)
{
	(void)state;
	return begin(0, 0, 1);
}

static int
stop(void **state)
{
	(void)state;
	hf_http_stop(http);
	hf_feed_free(feed);
	http = NULL;
	feed = NULL;
	return 0;
}

static void
publish(int64_t seq, const char *data)
{
	hf_feed_publish(feed, "row", hf_sv_from(data), seq);
}

/* ---- a client ---- */

struct client {
	int fd;
	struct hf_buf in; /* as received */
	size_t head;	  /* of it; 0: not there yet */
	size_t chunk;	  /* where the next chunk begins */
	bool whole, gone; /* the last chunk came; the connection ended */
	struct hf_buf text;
	size_t at; /* what was taken of text */
	char id[64], event[64], data[256];
	unsigned retry;
};

static void
dial(struct client *c, const char *path, const char *last, int room)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(hf_http_port(http)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char head[300];
	int n;

	*c = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
	assert_true(c->fd >= 0);
	if (room)
		setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	assert_int_equal(connect(c->fd, (struct sockaddr *)&a, sizeof a), 0);
	n = snprintf(head, sizeof head,
		     "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
		     "%s%s%s\r\n",
		     path, last ? "Last-Event-ID: " : "", last ? last : "",
		     last ? "\r\n" : "");
	assert_int_equal(send(c->fd, head, (size_t)n, MSG_NOSIGNAL), n);
}

static void
hang_up(struct client *c)
{
	close(c->fd);
	hf_buf_free(&c->in);
	hf_buf_free(&c->text);
}

/* Takes chunks off what was received. */
static void
unchunk(struct client *c)
{
	while (!c->whole) {
		char *p = c->in.p + c->chunk, *end;
		size_t left = c->in.n - c->chunk, n, line;

		if (!left || !memchr(p, '\n', left))
			return;
		n = strtoul(p, &end, 16);
		line = (size_t)(end - p) + 2;
		if (left < line + n + 2)
			return;
		c->whole = n == 0;
		hf_buf_add(&c->text, p + line, n);
		c->chunk += line + n + 2;
	}
}

/* Receives something; false when there will be no more, or nothing comes for long. */
static bool
receive(struct client *c)
{
	struct pollfd p = {.fd = c->fd, .events = POLLIN};
	char *to = hf_buf_room(&c->in, 65537), *end;
	ssize_t n;

	if (c->whole || c->gone)
		return false;
	if (poll(&p, 1, PATIENCE_S * 1000) != 1)
		fail_msg("nothing came for long");
	n = recv(c->fd, to, 65536, 0);
	c->gone = n <= 0;
	if (n > 0)
		c->in.n += (size_t)n;
	c->in.p[c->in.n] = '\0';
	if (!c->head && (end = strstr(c->in.p, "\r\n\r\n")) != NULL)
		c->head = c->chunk = (size_t)(end - c->in.p) + 4;
	if (c->head)
		unchunk(c);
	return !c->gone;
}

static void
take_line(struct client *c, struct hf_sv line)
{
	struct hf_sv name = hf_sv_cut(&line, ':');

	line = hf_sv_trim(line);
	if (hf_sv_is(name, "id"))
		snprintf(c->id, sizeof c->id, "%.*s", HF_SV_ARG(line));
	else if (hf_sv_is(name, "event"))
		snprintf(c->event, sizeof c->event, "%.*s", HF_SV_ARG(line));
	else if (hf_sv_is(name, "data"))
		snprintf(c->data, sizeof c->data, "%.*s", HF_SV_ARG(line));
	else if (hf_sv_is(name, "retry"))
		c->retry = (unsigned)strtoul(line.p, NULL, 10);
}

/* The next event as a browser sees it, in event, id and data; false at the end. */
static bool
next(struct client *c)
{
	for (;;) {
		struct hf_sv rest = hf_sv_from_at(hf_buf_view(&c->text), c->at);
		const char *end = rest.n ? memmem(rest.p, rest.n, "\n\n", 2) : NULL;

		if (!end) {
			if (!receive(c))
				return false;
			continue;
		}
		c->at += (size_t)(end - rest.p) + 2;
		rest.n = (size_t)(end - rest.p);
		c->data[0] = c->event[0] = '\0';
		while (rest.p)
			take_line(c, hf_sv_cut(&rest, '\n'));
		if (c->data[0])
			return true;
	}
}

static void
expect(struct client *c, const char *event, const char *id, const char *data)
{
	assert_true(next(c));
	assert_string_equal(c->event, event);
	assert_string_equal(c->id, id);
	assert_string_equal(c->data, data);
}

/* Until the server has answered: what is published then comes as news. */
static void
await_head(struct client *c)
{
	while (c->text.n == 0 && receive(c))
		continue;
	assert_true(c->text.n != 0);
}

static void
await_followers(size_t n)
{
	for (int i = 0; i < PATIENCE_S * 1000 && hf_feed_followers(feed) != n; i++)
		usleep(1000);
	assert_int_equal(hf_feed_followers(feed), n);
}

/* ---- the promises ---- */

HF_TEST(events_come_as_they_are_published_and_as_plain_text)
{
	struct client c;

	publish(1, "\"before\"");
	dial(&c, "/now", NULL, 0);
	await_head(&c);
	assert_non_null(strstr(c.in.p, "HTTP/1.1 200 "));
	assert_non_null(strstr(c.in.p, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(c.in.p, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(c.in.p, "X-Accel-Buffering: no\r\n"));
	assert_null(strstr(c.in.p, "Content-Encoding"));
	for (int i = 2; i < 50; i++) {
		char text[16];

		snprintf(text, sizeof text, "%d", i);
		publish(i, text);
		expect(&c, "row", text, text);
	}
	hang_up(&c);
}

HF_TEST(what_came_behind_the_page_is_sent_first)
{
	struct client c;

	for (int i = 1; i <= 3; i++)
		publish(i, "{}");
	dial(&c, "/1", NULL, 0);
	expect(&c, "row", "2", "{}");
	expect(&c, "row", "3", "{}");
	publish(4, "[]");
	expect(&c, "row", "4", "[]");
	hang_up(&c);
}

HF_TEST(a_client_without_an_event_yet_knows_where_to_go_on)
{
	struct client c;
	char id[64];

	publish(5, "{}");
	dial(&c, "/now", NULL, 0);
	await_head(&c);
	while (!c.id[0] && strstr(c.text.p, "id: "))
		snprintf(c.id, sizeof c.id, "%.*s",
			 (int)strcspn(strstr(c.text.p, "id: ") + 4, "\n"),
			 strstr(c.text.p, "id: ") + 4);
	snprintf(id, sizeof id, "%s", c.id);
	assert_string_equal(id, "5");
	hang_up(&c);
	publish(6, "{}");
	dial(&c, "/now", id, 0);
	expect(&c, "row", "6", "{}");
	hang_up(&c);
}

struct publisher {
	pthread_t thread;
	int number;
	atomic_int *seq;
};

static void *
publish_many(void *arg)
{
	struct publisher *p = arg;
	char text[32];

	for (int i = 0; i < EACH; i++) {
		snprintf(text, sizeof text, "[%d,%d]", p->number, i);
		/* Two of them under one number now and then; late ones by themselves.
		 */
		publish(i % 3 ? atomic_fetch_add(p->seq, 1) + 1 : atomic_load(p->seq),
			text);
		if (i % 8 == 0)
			usleep(1000);
	}
	return NULL;
}

static void
begin_publishers(struct publisher list[PUBLISHERS], atomic_int *seq)
{
	for (int i = 0; i < PUBLISHERS; i++) {
		list[i].number = i;
		list[i].seq = seq;
		assert_int_equal(
		    pthread_create(&list[i].thread, NULL, publish_many, &list[i]), 0);
	}
}

static void
end_publishers(struct publisher list[PUBLISHERS])
{
	for (int i = 0; i < PUBLISHERS; i++)
		pthread_join(list[i].thread, NULL);
}

/* Each publisher's events come in its order, without a gap. */
static void
check_next(const struct client *c, int seen[PUBLISHERS])
{
	int p = c->data[1] - '0', i = (int)strtol(c->data + 3, NULL, 10);

	assert_string_equal(c->event, "row");
	assert_true(p >= 0 && p < PUBLISHERS);
	assert_int_equal(i, seen[p]);
	seen[p]++;
}

HF_TEST(many_publishers_reach_many_followers_each_in_order)
{
	static struct client c[20];
	struct publisher list[PUBLISHERS];
	atomic_int seq = 1;

	for (size_t i = 0; i < HF_COUNT(c); i++) {
		dial(&c[i], "/now", NULL, 0);
		await_head(&c[i]);
	}
	begin_publishers(list, &seq);
	for (size_t i = 0; i < HF_COUNT(c); i++) {
		int seen[PUBLISHERS] = {0};

		for (int n = 0; n < PUBLISHERS * EACH; n++) {
			assert_true(next(&c[i]));
			check_next(&c[i], seen);
		}
		hang_up(&c[i]);
	}
	end_publishers(list);
}

HF_TEST(nothing_is_lost_or_comes_twice_over_reconnections)
{
	int seen[PUBLISHERS] = {0};
	struct publisher list[PUBLISHERS];
	atomic_int seq = 1;
	struct client c;
	char id[64];

	dial(&c, "/now", NULL, 0);
	await_head(&c);
	begin_publishers(list, &seq);
	for (int n = 0; n < PUBLISHERS * EACH; n++) {
		assert_true(next(&c));
		check_next(&c, seen);
		if (n % 37 != 0)
			continue;
		/* Whatever came behind this one is thrown away. */
		snprintf(id, sizeof id, "%s", c.id);
		hang_up(&c);
		dial(&c, "/now", id, 0);
	}
	hang_up(&c);
	end_publishers(list);
}

HF_TEST(who_was_away_too_long_is_told_to_load_again_and_then_follows)
{
	struct client c;

	for (int i = 1; i <= 2000; i++)
		publish(i, "{\"text\":\"about a hundred bytes with all around it\"}");
	dial(&c, "/now", "3", 0);
	expect(&c, "again", "2000", "{}");
	publish(2001, "1");
	expect(&c, "row", "2001", "1");
	hang_up(&c);
	dial(&c, "/now", "not an id", 0);
	expect(&c, "again", "2001", "{}");
	hang_up(&c);
	dial(&c, "/7", NULL, 0);
	expect(&c, "again", "2001", "{}");
	hang_up(&c);
}

HF_TEST(a_slow_reader_keeps_nobody_waiting_and_goes_on_from_the_newest)
{
	struct client slow, quick;
	static char text[20000];
	int64_t before = 0;
	bool again = false;
	char id[64];

	memset(text, 'x', sizeof text - 1);
	dial(&slow, "/now", NULL, 4096);
	await_head(&slow);
	dial(&quick, "/now", NULL, 0);
	await_head(&quick);
	/* 10 MB: more than the sockets and the ring hold. */
	for (int i = 1; i <= 500; i++) {
		publish(i, text);
		if (i % 4 != 0)
			continue;
		for (int j = i - 3; j <= i; j++) {
			snprintf(id, sizeof id, "%d", j);
			assert_true(next(&quick));
			assert_string_equal(quick.id, id);
		}
	}
	publish(501, "\"last\"");
	do {
		int64_t n;

		assert_true(next(&slow));
		assert_true(hf_sv_int(hf_sv_from(slow.id), &n));
		assert_true(n > before);
		/* In order and without a gap, but where it is told. */
		if (strcmp(slow.event, "again") == 0)
			again = true;
		else
			assert_true(again || n == before + 1);
		before = n;
	} while (before < 501);
	assert_true(again);
	publish(502, "\"more\"");
	expect(&slow, "row", "502", "\"more\"");
	hang_up(&slow);
	hang_up(&quick);
}

HF_TEST(who_takes_nothing_for_long_is_hung_up_on_and_who_waits_is_not)
{
	static char text[20000];
	struct client stuck, idle;

	memset(text, 'x', sizeof text - 1);
	dial(&stuck, "/now", NULL, 4096);
	await_head(&stuck);
	dial(&idle, "/now", NULL, 0);
	await_head(&idle);
	for (int i = 1; i <= 500; i++) {
		publish(i, text);
		for (int j = 0; i % 100 == 0 && j < 100; j++)
			assert_true(next(&idle));
	}
	await_followers(1);
	publish(501, "\"last\"");
	expect(&idle, "row", "501", "\"last\"");
	hang_up(&stuck);
	hang_up(&idle);
}

HF_TEST(an_event_that_is_too_long_makes_everybody_load_again)
{
	static char text[HF_FEED_EVENT_MAX + 2];
	struct client c;

	memset(text, 'x', sizeof text - 1);
	publish(1, "{}");
	dial(&c, "/0", NULL, 0);
	expect(&c, "row", "1", "{}");
	publish(2, text);
	expect(&c, "again", "2", "{}");
	hf_feed_again(feed, 2);
	expect(&c, "again", "2.1", "{}");
	publish(3, "{}");
	expect(&c, "row", "3", "{}");
	hang_up(&c);
}

HF_TEST(a_feed_that_ends_ends_its_answers_well_and_takes_no_more)
{
	struct client c;

	dial(&c, "/now", NULL, 0);
	await_head(&c);
	hf_feed_end(feed);
	assert_false(next(&c));
	assert_true(c.whole);
	hang_up(&c);
	dial(&c, "/now", NULL, 0);
	while (!c.head && receive(&c))
		continue;
	assert_non_null(strstr(c.in.p, "HTTP/1.1 204 "));
	hang_up(&c);
}

HF_TEST(a_session_that_ends_takes_its_followers_along_and_no_others)
{
	struct client mine[3], other;

	for (size_t i = 0; i < HF_COUNT(mine); i++) {
		dial(&mine[i], "/tag/7", NULL, 0);
		await_head(&mine[i]);
	}
	dial(&other, "/tag/8", NULL, 0);
	await_head(&other);
	hf_feed_cut(feed, 7);
	publish(1, "{}");
	for (size_t i = 0; i < HF_COUNT(mine); i++) {
		assert_false(next(&mine[i]));
		assert_true(mine[i].whole);
		hang_up(&mine[i]);
	}
	expect(&other, "row", "1", "{}");
	hang_up(&other);
}

HF_TEST(an_answer_has_its_time_and_is_asked_back_soon)
{
	struct client c;
	unsigned patient;

	dial(&c, "/now", NULL, 0);
	await_head(&c);
	publish(1, "{}");
	expect(&c, "row", "1", "{}");
	patient = c.retry;
	assert_false(next(&c));
	assert_true(c.whole);
	assert_true(c.retry < 200 && patient > 1000);
	hang_up(&c);
}

HF_TEST(a_client_that_hangs_up_is_missed_while_nothing_happens)
{
	struct client c[5];

	for (size_t i = 0; i < HF_COUNT(c); i++) {
		dial(&c[i], "/now", NULL, 0);
		await_head(&c[i]);
	}
	await_followers(HF_COUNT(c));
	for (size_t i = 0; i < HF_COUNT(c); i++)
		hang_up(&c[i]);
	await_followers(0);
}

HF_TEST(stopping_ends_all_that_are_open)
{
	static struct client c[MANY];
	struct hf_http_stats stats;
	struct publisher list[PUBLISHERS];
	atomic_int seq = 1;

	for (size_t i = 0; i < MANY; i++) {
		dial(&c[i], "/now", NULL, 0);
		await_head(&c[i]);
	}
	hf_http_stats(http, &stats);
	assert_int_equal(stats.followers, MANY);
	assert_int_equal(stats.suspended, 0);
	begin_publishers(list, &seq);
	hf_http_stop(http);
	assert_int_equal(hf_feed_followers(feed), 0);
	/* Its publishers need not know. */
	end_publishers(list);
	for (size_t i = 0; i < MANY; i++) {
		int seen[PUBLISHERS] = {0};

		while (next(&c[i]))
			check_next(&c[i], seen);
		hang_up(&c[i]);
	}
	hf_feed_free(feed);
	assert_int_equal(start(NULL), 0);
}

#define T(test, how) cmocka_unit_test_setup_teardown(test, how, stop)

HF_TEST_MAIN(
    "server/feed", T(events_come_as_they_are_published_and_as_plain_text, start),
    T(what_came_behind_the_page_is_sent_first, start),
    T(a_client_without_an_event_yet_knows_where_to_go_on, start),
    T(many_publishers_reach_many_followers_each_in_order, start),
    T(nothing_is_lost_or_comes_twice_over_reconnections, start),
    T(who_was_away_too_long_is_told_to_load_again_and_then_follows, start_small),
    T(a_slow_reader_keeps_nobody_waiting_and_goes_on_from_the_newest, start_small),
    T(who_takes_nothing_for_long_is_hung_up_on_and_who_waits_is_not, start_strict),
    T(an_event_that_is_too_long_makes_everybody_load_again, start),
    T(a_feed_that_ends_ends_its_answers_well_and_takes_no_more, start),
    T(a_session_that_ends_takes_its_followers_along_and_no_others, start),
    T(an_answer_has_its_time_and_is_asked_back_soon, start_short),
    T(a_client_that_hangs_up_is_missed_while_nothing_happens, start),
    T(stopping_ends_all_that_are_open, start))

/* The promises of server/http.h, over real sockets. */
#include "server/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/gzip.h"
#include "server/serve.h"
#include "test/hf_test.h"

enum { BODY_MAX = 1000 };

static struct hf_http *http;

static size_t
body_max(struct hf_req *req, void *ctx)
{
	(void)req;
	(void)ctx;
	return BODY_MAX;
}

static void
refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)ctx;
	hf_reply(req, hf_rc_http(err->rc), HF_SV("refused"));
}

static void *
resume_soon(void *arg)
{
	usleep(20000);
	hf_req_resume(arg);
	return NULL;
}

static void
resumed(struct hf_req *req, void *ctx)
{
	(void)ctx;
	hf_reply(req, 201, HF_SV("later"));
}

static void
suspend(struct hf_req *req)
{
	pthread_t thread;

	hf_req_suspend(req, resumed, NULL);
	if (pthread_create(&thread, NULL, resume_soon, req) == 0)
		pthread_detach(thread);
}

struct counter {
	int left;
};

static ptrdiff_t
count_down(void *ctx, char *to, size_t size)
{
	struct counter *c = ctx;

	if (c->left < 0)
		return -1;
	if (c->left == 0)
		return 0;
	c->left--;
	assert(size >= 4);
	memcpy(to, "tick", 4);
	return 4;
}

static void
reply_stream(struct hf_req *req, int n)
{
	struct counter *c = malloc(sizeof *c);

	assert(c);
	c->left = n;
	hf_reply_stream(req, 200, count_down, free, c);
}

static void
handle(struct hf_req *req, void *ctx)
{
	struct hf_buf *out = hf_req_buf(req);
	struct hf_sv path = hf_req_path(req);

	(void)ctx;
	if (hf_sv_is(path, "/later")) {
		suspend(req);
	} else if (hf_sv_is(path, "/stream")) {
		reply_stream(req, 3);
	} else if (hf_sv_is(path, "/broken")) {
		reply_stream(req, -1);
	} else if (hf_sv_is(path, "/long")) {
		for (int i = 0; i < 4000; i++)
			hf_buf_lit(out, "0123456789");
		hf_reply(req, 200, hf_buf_view(out));
	} else {
		hf_buf_printf(out, "%.*s %.*s ?%.*s #",
			      HF_SV_ARG(hf_req_method_name(req)), HF_SV_ARG(path),
			      HF_SV_ARG(hf_req_query(req)));
		hf_buf_sv(out, hf_req_body(req));
		hf_reply_header(req, "X-Test", hf_req_header(req, "X-Ask"));
		hf_reply(req, 200, hf_buf_view(out));
	}
}

static int
start(void **state)
{
	struct hf_http_config config = {
	    .address = "127.0.0.1",
	    .threads = 2,
	    .timeout_s = 5,
	    .compress = HF_COMPRESS_ALWAYS,
	    .body_max = body_max,
	    .handle = handle,
	    .refuse = refuse,
	};
	struct hf_err err;

	(void)state;
	return hf_http_listen(&config, &http, &err) == HF_OK &&
		       hf_http_start(http, &err) == HF_OK
		   ? 0
		   : -1;
}

static int
stop(void **state)
{
	(void)state;
	hf_http_stop(http);
	return 0;
}

static int
dial(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(hf_http_port(http)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = 10};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void
say(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = send(fd, p, n, MSG_NOSIGNAL);

		if (w <= 0)
			return; /* the other side may hang up on purpose */
		p += w;
		n -= (size_t)w;
	}
}

static char answer[200000];

/* Everything until the server closes. */
static size_t
hear(int fd)
{
	size_t n = 0;
	ssize_t r;

	while (n < sizeof answer - 1 &&
	       (r = recv(fd, answer + n, sizeof answer - 1 - n, 0)) > 0)
		n += (size_t)r;
	answer[n] = '\0';
	close(fd);
	return n;
}

static size_t
ask(const char *head, const char *body, size_t n)
{
	int fd = dial();

	say(fd, head, strlen(head));
	say(fd, body, n);
	return hear(fd);
}

#define END "Host: localhost\r\nConnection: close\r\n\r\n"

static int
status(void)
{
	return (int)strtol(answer + 9, NULL, 10);
}

static void
assert_has(const char *text)
{
	if (!strstr(answer, text))
		fail_msg("no \"%s\" in: %.2000s", text, answer);
}

HF_TEST(a_request_is_seen_as_it_was_sent_and_headers_go_both_ways)
{
	ask("GET /a%20b/c?x=%31&y HTTP/1.1\r\nx-ask: hello\r\n" END, "", 0);
	assert_int_equal(status(), 200);
	assert_has("GET /a%20b/c ?x=%31&y #");
	assert_has("X-Test: hello");
}

HF_TEST(a_body_is_whole_when_the_handler_is_called_also_chunked)
{
	ask("POST /p HTTP/1.1\r\nContent-Length: 5\r\n" END, "hello", 5);
	assert_has("POST /p ? #hello");
	ask("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END,
	    "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 20);
	assert_has("POST /p ? #hello");
}

HF_TEST(a_body_in_gzip_is_undone_and_still_bounded)
{
	struct hf_buf gz = {.cap = 0};
	char head[200], zeros[BODY_MAX + 1];

	assert_true(hf_gzip(HF_SV("unpacked"), &gz));
	snprintf(head, sizeof head,
		 "POST /p HTTP/1.1\r\nContent-Encoding: gzip\r\n"
		 "Content-Length: %zu\r\n" END,
		 gz.n);
	ask(head, gz.p, gz.n);
	assert_has("#unpacked");
	gz.n = 0;
	memset(zeros, '0', sizeof zeros);
	assert_true(hf_gzip((struct hf_sv){zeros, sizeof zeros}, &gz));
	assert_true(gz.n < BODY_MAX);
	snprintf(head, sizeof head,
		 "POST /p HTTP/1.1\r\nContent-Encoding: gzip\r\n"
		 "Content-Length: %zu\r\n" END,
		 gz.n);
	ask(head, gz.p, gz.n);
	assert_int_equal(status(), 413);
	ask("POST /p HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 1\r\n" END,
	    "x", 1);
	assert_int_equal(status(), 415);
	hf_buf_free(&gz);
}

HF_TEST(a_body_past_the_limit_is_refused_before_it_is_sent)
{
	ask("POST /p HTTP/1.1\r\nContent-Length: 1001\r\n" END, "", 0);
	assert_int_equal(status(), 413);
	assert_has("refused");
}

HF_TEST(a_chunked_body_past_the_limit_is_refused_too)
{
	static char body[2200];
	size_t n = 0;

	for (int i = 0; i < 11; i++)
		n += (size_t)snprintf(body + n, sizeof body - n, "64\r\n%0100d\r\n", i);
	n += (size_t)snprintf(body + n, sizeof body - n, "0\r\n\r\n");
	ask("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END, body, n);
	assert_int_equal(status(), 413);
}

HF_TEST(a_suspended_request_is_answered_when_it_is_resumed)
{
	ask("GET /later HTTP/1.1\r\n" END, "", 0);
	assert_int_equal(status(), 201);
	assert_has("later");
}

HF_TEST(a_connection_carries_many_requests_of_any_kind)
{
	int fd = dial();
	const char *all = "GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n"
			  "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n"
			  "POST /two HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
			  "2\r\n\r\nhi"
			  "GET /three HTTP/1.1\r\n" END;

	say(fd, all, strlen(all));
	hear(fd);
	assert_has("GET /one");
	assert_has("later");
	assert_has("POST /two ? #hi");
	assert_has("GET /three");
}

HF_TEST(a_streamed_answer_ends_well_or_is_seen_to_be_torn)
{
	ask("GET /stream HTTP/1.1\r\n" END, "", 0);
	assert_has("4\r\ntick\r\n");
	assert_has("\r\n0\r\n\r\n");
	ask("GET /broken HTTP/1.1\r\n" END, "", 0);
	assert_null(strstr(answer, "\r\n0\r\n\r\n"));
}

HF_TEST(an_answer_is_compressed_when_that_is_asked_for)
{
	size_t plain = ask("GET /long HTTP/1.1\r\n" END, "", 0);
	size_t packed =
	    ask("GET /long HTTP/1.1\r\nAccept-Encoding: gzip\r\n" END, "", 0);

	assert_true(plain > 40000);
	assert_true(packed < 2000);
	assert_has("Content-Encoding: gzip");
	assert_has("Vary: Accept-Encoding");
}

HF_TEST(head_has_the_length_and_no_body)
{
	ask("HEAD /long HTTP/1.1\r\n" END, "", 0);
	assert_has("Content-Length: 40000");
	assert_null(strstr(answer, "0123456789"));
}

HF_TEST(clients_that_hang_up_do_no_harm)
{
	for (int i = 0; i < 30; i++) {
		static const char *const parts[] = {
		    ("GET /later HTTP/1.1\r\n" END), "POST /p HTTP/1.1\r\nContent-Len",
		    "POST /p HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf", "\r\n\r\n"};
		int fd = dial();
		const char *part = parts[i % 4];

		say(fd, part, strlen(part));
		close(fd);
	}
	ask("GET /after HTTP/1.1\r\n" END, "", 0);
	assert_int_equal(status(), 200);
}

HF_TEST(stopping_waits_for_suspended_requests)
{
	struct hf_http_stats stats;
	int fd = dial();

	say(fd, "GET /later HTTP/1.1\r\n" END, strlen("GET /later HTTP/1.1\r\n" END));
	do {
		usleep(500);
		hf_http_stats(http, &stats);
	} while (stats.requests == 0);
	hf_http_stop(http);
	hear(fd);
	assert_int_equal(status(), 201);
	assert_int_equal(start(NULL), 0);
}

HF_TEST(a_port_in_use_and_a_bad_address_are_told)
{
	struct hf_http_config config = {
	    .address = "127.0.0.1",
	    .port = hf_http_port(http),
	    .body_max = body_max,
	    .handle = handle,
	    .refuse = refuse,
	};
	struct hf_http *other;
	struct hf_err err;

	assert_int_equal(hf_http_listen(&config, &other, &err), HF_BUSY);
	assert_non_null(strstr(err.text, "in use"));
	config.address = "no.such.address";
	assert_int_equal(hf_http_listen(&config, &other, &err), HF_INVALID);
}

HF_TEST(where_to_listen_is_read_or_refused_with_what_is_expected)
{
	static const struct {
		const char *text;
		enum hf_rc rc;
		const char *address;
		uint16_t port;
	} cases[] = {
	    {"127.0.0.1:9000", HF_OK, "127.0.0.1", 9000},
	    {"localhost:0", HF_OK, "127.0.0.1", 0},
	    {":81", HF_OK, "127.0.0.1", 81},
	    {"", HF_OK, "127.0.0.1", 8080},
	    {"[::1]:9000", HF_OK, "::1", 9000},
	    {"0.0.0.0:9000", HF_OK, "0.0.0.0", 9000},
	    {"[::]:9000", HF_OK, "::", 9000},
	    {"10.1.2.3:9000", HF_OK, "10.1.2.3", 9000},
	    {"example.org:80", HF_INVALID, "", 0},
	    {"127.0.0.1:x", HF_INVALID, "", 0},
	    {"127.0.0.1:65536", HF_INVALID, "", 0},
	    {"127.0.0.1:-1", HF_INVALID, "", 0},
	    {"[::1", HF_INVALID, "", 0},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		char address[48] = "";
		struct hf_err err = {.text = ""};
		uint16_t port = 0;

		assert_int_equal(
		    hf_listen_parse(hf_sv_from(cases[i].text), address, &port, &err),
		    cases[i].rc);
		assert_string_equal(address, cases[i].address);
		assert_int_equal(port, cases[i].port);
	}
}

#define T(test) cmocka_unit_test_setup_teardown(test, start, stop)

HF_TEST_MAIN("server/http",
	     T(a_request_is_seen_as_it_was_sent_and_headers_go_both_ways),
	     T(a_body_is_whole_when_the_handler_is_called_also_chunked),
	     T(a_body_in_gzip_is_undone_and_still_bounded),
	     T(a_body_past_the_limit_is_refused_before_it_is_sent),
	     T(a_chunked_body_past_the_limit_is_refused_too),
	     T(a_suspended_request_is_answered_when_it_is_resumed),
	     T(a_connection_carries_many_requests_of_any_kind),
	     T(a_streamed_answer_ends_well_or_is_seen_to_be_torn),
	     T(an_answer_is_compressed_when_that_is_asked_for),
	     T(head_has_the_length_and_no_body), T(clients_that_hang_up_do_no_harm),
	     T(stopping_waits_for_suspended_requests),
	     T(a_port_in_use_and_a_bad_address_are_told),
	     cmocka_unit_test(where_to_listen_is_read_or_refused_with_what_is_expected))

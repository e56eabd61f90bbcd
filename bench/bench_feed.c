/* bench_feed.c - how long news takes to reach many browsers, and what that costs.
 *
 *   bench_feed [CONNECTIONS [EVENTS_PER_SECOND [SECONDS]]]
 *
 * A server with one feed and a client with so many connections, in one process over
 * real sockets.  Each event is as long as a row of a board.  Prints one line:
 * connections=… per_second=… arrived=… missing=… p50_us=… p99_us=… max_us=…
 * server_core=… client_core=… (shares of a core). */
#include "base/base.h"

#include <arpa/inet.h>
#include <sys/resource.h>

#include "base/io/clock.h"
#include "boards.h"
#include "server/feed.h"
#include "server/http.h"

enum { ROW = 1000, MOST = 1000 };

static struct hf_http *http;
static struct hf_feed *feed;
static unsigned n_conns = 500, rate = 200, seconds = 10;

static size_t
body_max(struct hf_req *req, void *ctx)
{
	(void)req;
	(void)ctx;
	return 0;
}

static void
handle(struct hf_req *req, void *ctx)
{
	(void)ctx;
	hf_reply_feed(req, feed,
		      &(struct hf_feed_ask){.after = HF_FEED_NOW, .lifetime_s = 3600});
}

static void
refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)ctx;
	hf_reply(req, hf_rc_http(err->rc), HF_SV(""));
}

static void
start(void)
{
	struct hf_http_config config = {.address = "127.0.0.1",
					.connections = n_conns + 10,
					.per_address = n_conns + 10,
					.body_max = body_max,
					.handle = handle,
					.refuse = refuse};
	struct hf_err err = {0};

	feed = hf_feed_new(0, 0);
	if (feed && hf_http_listen(&config, &http, &err) == HF_OK &&
	    hf_http_start(http, &err) == HF_OK)
		return;
	fprintf(stderr, "bench_feed: the server does not start: %s\n", err.text);
	exit(1);
}

/* Publishes at an even pace, whatever happens on the other side. */
static void
publish_all(void)
{
	static char text[ROW];
	uint64_t begun = hf_mono_ns(), gap = 1000000000u / rate;

	memset(text, 'x', sizeof text);
	for (unsigned i = 0; i < rate * seconds; i++) {
		uint64_t at = begun + i * gap, now = hf_mono_ns();

		while (now < at) {
			struct timespec rest = {.tv_nsec = (long)(at - now)};

			nanosleep(&rest, NULL);
			now = hf_mono_ns();
		}
		hf_mark_write(text + ROW / 2, now, i);
		hf_feed_publish(feed, "row", (struct hf_sv){text, sizeof text}, i + 1);
	}
}

static void
read_arguments(int argc, char **argv)
{
	unsigned *const to[] = {&n_conns, &rate, &seconds};

	for (int i = 1; i < argc; i++) {
		int64_t n;

		if (i > 3 || !hf_sv_int(hf_sv_from(argv[i]), &n) || n < 1 || n > MOST) {
			fprintf(stderr, "usage: bench_feed [CONNECTIONS "
					"[EVENTS_PER_SECOND [SECONDS]]]\n");
			exit(2);
		}
		*to[i - 1] = (unsigned)n;
	}
}

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

int
main(int argc, char **argv)
{
	static const char *const path = "/";
	struct hf_boards_result r;
	double before, all;
	uint64_t begun;

	read_arguments(argc, argv);
	start();
	hf_boards_start(
	    &(struct hf_boards){.to = {.sin_family = AF_INET,
				       .sin_port = htons(hf_http_port(http)),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
				.n = n_conns,
				.paths = &path,
				.n_paths = 1,
				.marks = (size_t)rate * seconds});
	before = cpu();
	begun = hf_mono_ns();
	publish_all();
	hf_boards_wait(10);
	all = (cpu() - before) / ((double)(hf_mono_ns() - begun) / 1e9);
	hf_boards_end(&r);
	printf("connections=%u per_second=%u arrived=%zu missing=%zu p50_us=%u "
	       "p99_us=%u max_us=%u server_core=%.3f client_core=%.3f\n",
	       n_conns, rate, r.arrived, r.missing, r.p50_us, r.p99_us, r.max_us,
	       all - r.core, r.core);
	hf_http_stop(http);
	hf_feed_free(feed);
	return r.missing ? 1 : 0;
}

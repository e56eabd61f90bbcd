/* bench_feed.c - how long news takes to reach many browsers, and what that costs.
 *
 *   bench_feed [CONNECTIONS [EVENTS_PER_SECOND [SECONDS]]]
 *
 * A server with one feed and a client with so many connections, in one process over
 * real sockets.  Each event is as long as a row of a board and carries when it was
 * published.  Prints one line: connections=… per_second=… arrived=… missing=…
 * p50_us=… p99_us=… max_us=… server_core=… client_core=… (shares of a core). */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "server/feed.h"
#include "server/http.h"

enum { MOST = 5000, ROW = 900, KEEP = 64 };

static const char mark[] = "{\"t\":";
#define MARK (sizeof mark - 1)

struct conn {
	int fd;
	char tail[KEEP]; /* of what was received, in case a mark is cut */
	size_t n;
};

static struct hf_http *http;
static struct hf_feed *feed;
static struct conn conns[MOST];
static unsigned n_conns = 500, rate = 200, seconds = 10;
static uint32_t *took; /* microseconds */
static size_t n_took, took_size;
static atomic_bool done;
static atomic_size_t n_read;

static void
die(const char *what)
{
	fprintf(stderr, "bench_feed: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the server ---- */

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
	struct hf_err err;

	feed = hf_feed_new(0, 0);
	if (!feed || hf_http_listen(&config, &http, &err) != HF_OK ||
	    hf_http_start(http, &err) != HF_OK)
		die("the server");
}

/* Publishes at an even pace, whatever happens on the other side. */
static void
publish_all(void)
{
	static char text[ROW + 1];
	uint64_t begun = hf_mono_ns(), gap = 1000000000u / rate;

	memset(text, 'x', ROW);
	for (unsigned i = 0; i < rate * seconds; i++) {
		uint64_t at = begun + i * gap, now = hf_mono_ns();
		int n;

		while (now < at) {
			struct timespec rest = {.tv_nsec = (long)(at - now)};

			nanosleep(&rest, NULL);
			now = hf_mono_ns();
		}
		n = snprintf(text, ROW, "%s%" PRIu64 ",\"row\":\"", mark, now);
		text[n] = 'x';
		memcpy(text + ROW - 2, "\"}", 2);
		hf_feed_publish(feed, "row", (struct hf_sv){text, ROW}, i + 1);
	}
}

/* ---- the client ---- */

static void
open_conn(struct conn *c, int epoll)
{
	static const char ask[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(hf_http_port(http)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
	    send(c->fd, ask, sizeof ask - 1, MSG_NOSIGNAL) != (ssize_t)sizeof ask - 1)
		die("connect");
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		die("epoll");
}

static void
note(const char *p, uint64_t now)
{
	if (n_took == took_size) {
		took_size = took_size ? took_size * 2 : 1 << 20;
		took = realloc(took, took_size * sizeof *took);
		if (!took)
			die("memory");
	}
	took[n_took++] = (uint32_t)((now - strtoull(p, NULL, 10)) / 1000);
	atomic_store_explicit(&n_read, n_took, memory_order_relaxed);
}

static void
receive(struct conn *c)
{
	static char buf[KEEP + (64 << 10) + 1];
	const char *at = buf, *found;
	ssize_t r;
	size_t n;
	uint64_t now;

	memcpy(buf, c->tail, c->n);
	r = recv(c->fd, buf + c->n, sizeof buf - 1 - c->n, 0);
	if (r <= 0)
		die("the server ended a connection");
	now = hf_mono_ns();
	n = c->n + (size_t)r;
	buf[n] = '\0';
	while ((found = memmem(at, n - (size_t)(at - buf), mark, MARK)) != NULL) {
		at = found;
		/* Its number may not be there yet. */
		if (!memchr(found + MARK, ',', n - (size_t)(found + MARK - buf)))
			break;
		note(found + MARK, now);
		at += MARK;
	}
	c->n = n - (size_t)(at - buf);
	if (!found && c->n > MARK)
		c->n = MARK;
	assert(c->n <= KEEP);
	memcpy(c->tail, buf + n - c->n, c->n);
}

static double
cpu(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void *
listen_all(void *arg)
{
	struct epoll_event ev[64];
	int epoll = *(int *)arg;
	static double used;

	while (!done) {
		int n = epoll_wait(epoll, ev, 64, 100);

		for (int i = 0; i < n; i++)
			receive(ev[i].data.ptr);
	}
	used = cpu(RUSAGE_THREAD);
	return &used;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
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

/* Until all have come, or for as long as one would wait. */
static void
wait_for(size_t wanted)
{
	for (int i = 0; i < 1000 && atomic_load(&n_read) < wanted; i++)
		usleep(10000);
}

int
main(int argc, char **argv)
{
	struct rlimit files;
	pthread_t client;
	double before, all, *used;
	uint64_t begun;
	size_t wanted;
	int epoll;

	read_arguments(argc, argv);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	start();
	epoll = epoll_create1(EPOLL_CLOEXEC);
	for (unsigned i = 0; i < n_conns; i++)
		open_conn(&conns[i], epoll);
	while (hf_feed_followers(feed) < n_conns)
		usleep(1000);
	wanted = (size_t)n_conns * rate * seconds;
	before = cpu(RUSAGE_SELF);
	begun = hf_mono_ns();
	if (pthread_create(&client, NULL, listen_all, &epoll) != 0)
		die("thread");
	publish_all();
	wait_for(wanted);
	all = (cpu(RUSAGE_SELF) - before) / ((double)(hf_mono_ns() - begun) / 1e9);
	done = true;
	pthread_join(client, (void **)&used);
	*used /= (double)(hf_mono_ns() - begun) / 1e9;
	if (n_took == 0)
		die("nothing arrived");
	qsort(took, n_took, sizeof *took, by_size);
	printf("connections=%u per_second=%u arrived=%zu missing=%zu p50_us=%u "
	       "p99_us=%u max_us=%u server_core=%.3f client_core=%.3f\n",
	       n_conns, rate, n_took, wanted - n_took, took[n_took / 2],
	       took[n_took - 1 - n_took / 100], took[n_took - 1], all - *used, *used);
	hf_http_stop(http);
	hf_feed_free(feed);
	return n_took == wanted ? 0 : 1;
}

/* load.c - asks a server over HTTP/1.1 as fast as it answers, and counts.
 *
 *   load ADDR:PORT CONNECTIONS SECONDS REQUESTS [--once | --header LINE]
 *
 * REQUESTS is a file of lines "GET path" or "POST path file" (or PUT); connection k
 * begins at line k and takes every CONNECTIONSth, again and again until SECONDS are
 * over, or with --once each line one time; each request carries LINE.  One thread,
 * epoll, keep-alive; the next request of a connection goes out when its answer is
 * whole.  Prints one line: done=… failed=… seconds=… per_second=… p50_us=… p99_us=…
 * max_us=… bytes=… */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io/clock.h"

enum { CONNECTIONS_MAX = 1024, ANSWER_ROOM = 1 << 16 };

struct request {
	struct hf_buf text;
};

struct conn {
	int fd;
	size_t at;   /* its request */
	size_t sent; /* of the request's text */
	struct hf_buf in;
	size_t head;  /* length of the head when known, else 0 */
	int64_t body; /* length of the body; -1: chunked */
	int status;
	uint64_t begun;
	bool idle; /* nothing left to ask */
};

static struct request *requests;
static size_t n_requests, n_conns;
static struct conn conns[CONNECTIONS_MAX];
static int64_t n_done, n_failed, n_bytes;
static uint32_t *took; /* microseconds of each answer */
static size_t n_took, took_size;
static bool once;
static const char *extra; /* of every request, or NULL */

static void
die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
read_file(const char *path, struct hf_buf *out)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		die(path);
	do {
		char *to = hf_buf_room(out, ANSWER_ROOM);

		if (to == NULL)
			die("memory");
		n = fread(to, 1, ANSWER_ROOM, f);
		out->n += n;
	} while (n != 0);
	fclose(f);
}

static void
add_request(struct hf_sv line, const char *host)
{
	struct hf_sv method = hf_sv_cut(&line, ' '), path = hf_sv_cut(&line, ' ');
	struct hf_buf body = {0}, *b;
	char file[4096];

	if ((n_requests & (n_requests - 1)) == 0) {
		size_t size = n_requests ? n_requests * 2 : 1;

		requests = realloc(requests, size * sizeof(*requests));
		if (requests == NULL)
			die("memory");
	}
	b = &requests[n_requests++].text;
	*b = (struct hf_buf){0};
	hf_buf_printf(b, "%.*s %.*s HTTP/1.1\r\nHost: %s\r\n", HF_SV_ARG(method),
		      HF_SV_ARG(path), host);
	if (extra != NULL)
		hf_buf_printf(b, "%s\r\n", extra);
	if (line.n != 0) {
		snprintf(file, sizeof(file), "%.*s", HF_SV_ARG(line));
		read_file(file, &body);
		hf_buf_printf(b,
			      "Content-Type: application/fhir+json\r\n"
			      "Content-Length: %zu\r\n",
			      body.n);
	}
	hf_buf_lit(b, "\r\n");
	hf_buf_sv(b, hf_buf_view(&body));
	hf_buf_free(&body);
	if (b->failed)
		die("memory");
}

static void
note(struct conn *c)
{
	if (n_took == took_size) {
		took_size = took_size ? took_size * 2 : 1 << 16;
		took = realloc(took, took_size * sizeof(*took));
		if (took == NULL)
			die("memory");
	}
	took[n_took++] = (uint32_t)((hf_mono_ns() - c->begun) / 1000);
	n_done++;
	if (c->status < 200 || c->status > 299) {
		if (n_failed++ == 0)
			fprintf(stderr, "load: first failure: %.*s\n",
				(int)(c->in.n < 600 ? c->in.n : 600), c->in.p);
	}
}

/* Sends as much of the request as goes. */
static void
send_some(struct conn *c)
{
	const struct hf_buf *b = &requests[c->at].text;

	while (c->sent < b->n) {
		ssize_t r = send(c->fd, b->p + c->sent, b->n - c->sent, MSG_NOSIGNAL);

		if (r < 0 && errno == EAGAIN)
			return;
		if (r < 0)
			die("send");
		c->sent += (size_t)r;
	}
}

static void
begin(struct conn *c)
{
	c->sent = 0;
	c->in.n = 0;
	c->head = 0;
	c->begun = hf_mono_ns();
	send_some(c);
}

/* The number after a header's name in the head, -1 when it is not there. */
static int64_t
header(const struct conn *c, const char *name)
{
	const char *p = strcasestr(c->in.p, name);

	if (p == NULL || p >= c->in.p + c->head)
		return -1;
	return strtoll(p + strlen(name), NULL, 10);
}

static void
read_head(struct conn *c)
{
	char *end;

	if (hf_buf_room(&c->in, 1) == NULL)
		die("memory");
	c->in.p[c->in.n] = 0;
	end = strstr(c->in.p, "\r\n\r\n");
	if (end == NULL)
		return;
	c->head = (size_t)(end - c->in.p) + 4;
	c->status = c->in.n > 12 ? (int)strtol(c->in.p + 9, NULL, 10) : 0;
	c->body = header(c, "\r\nContent-Length:");
	if (c->status == 204 || c->status == 304)
		c->body = 0;
}

static bool
is_whole(struct conn *c)
{
	if (c->head == 0)
		read_head(c);
	if (c->head == 0)
		return false;
	if (c->body >= 0)
		return c->in.n >= c->head + (size_t)c->body;
	return c->in.n >= c->head + 5 &&
	       memcmp(c->in.p + c->in.n - 5, "0\r\n\r\n", 5) == 0;
}

/* Reads what is there; goes on to the next request when the answer is whole. */
static void
receive(struct conn *c, uint64_t until)
{
	for (;;) {
		char *to = hf_buf_room(&c->in, ANSWER_ROOM);
		ssize_t r;

		if (to == NULL)
			die("memory");
		r = recv(c->fd, to, ANSWER_ROOM, 0);
		if (r < 0 && errno == EAGAIN)
			return;
		if (r <= 0)
			die("the server closed the connection");
		c->in.n += (size_t)r;
		n_bytes += r;
		if (!is_whole(c))
			continue;
		note(c);
		c->at += n_conns;
		if (c->at >= n_requests) {
			if (once) {
				c->idle = true;
				return;
			}
			c->at %= n_requests;
		}
		if (!once && hf_mono_ns() >= until) {
			c->idle = true;
			return;
		}
		begin(c);
		return;
	}
}

static void
open_conn(struct conn *c, const struct sockaddr_in *to, int epoll)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)to, sizeof(*to)) != 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		die("epoll");
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
run(int epoll, uint64_t until)
{
	for (size_t i = 0; i < n_conns; i++) {
		conns[i].at = i;
		conns[i].idle = i >= n_requests;
		if (!conns[i].idle)
			begin(&conns[i]);
	}
	for (;;) {
		struct epoll_event ev[64];
		int n = epoll_wait(epoll, ev, 64, 30000);
		size_t idle = 0;

		if (n == 0) {
			errno = ETIMEDOUT;
			die("no answer for 30 seconds");
		}
		for (int i = 0; i < n; i++) {
			struct conn *c = ev[i].data.ptr;

			if (c->idle)
				continue;
			if ((ev[i].events & EPOLLOUT) != 0)
				send_some(c);
			if ((ev[i].events & ~(uint32_t)EPOLLOUT) != 0)
				receive(c, until);
		}
		for (size_t i = 0; i < n_conns; i++)
			idle += conns[i].idle;
		if (idle == n_conns)
			return;
	}
}

int
main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct hf_sv host, rest;
	struct hf_buf lines = {0};
	int64_t count, seconds, port;
	char address[64];
	uint64_t begun;
	double s;
	int epoll;

	if (argc < 5 || !hf_sv_int(hf_sv_from(argv[2]), &count) ||
	    !hf_sv_int(hf_sv_from(argv[3]), &seconds) || count < 1 ||
	    count > CONNECTIONS_MAX) {
		fprintf(stderr, "usage: load ADDR:PORT CONNECTIONS SECONDS REQUESTS "
				"[--once | --header LINE]\n");
		return 2;
	}
	if (argc > 6 && strcmp(argv[5], "--header") == 0)
		extra = argv[6];
	once = argc > 5 && strcmp(argv[5], "--once") == 0;
	n_conns = (size_t)count;
	rest = hf_sv_from(argv[1]);
	host = hf_sv_cut(&rest, ':');
	snprintf(address, sizeof(address), "%.*s", HF_SV_ARG(host));
	if (!hf_sv_int(rest, &port) || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		die("address");
	to.sin_port = htons((uint16_t)port);
	read_file(argv[4], &lines);
	for (rest = hf_buf_view(&lines); rest.n != 0;) {
		struct hf_sv line = hf_sv_trim(hf_sv_cut(&rest, '\n'));

		if (line.n != 0)
			add_request(line, argv[1]);
	}
	if (n_requests == 0)
		die("no requests");
	epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < n_conns; i++)
		open_conn(&conns[i], &to, epoll);
	begun = hf_mono_ns();
	run(epoll, begun + (uint64_t)seconds * 1000000000u);
	s = (double)(hf_mono_ns() - begun) / 1e9;
	qsort(took, n_took, sizeof(*took), by_size);
	printf("done=%lld failed=%lld seconds=%.3f per_second=%.1f p50_us=%u p99_us=%u "
	       "max_us=%u bytes=%lld\n",
	       (long long)n_done, (long long)n_failed, s, (double)n_done / s,
	       took[n_took / 2], took[n_took - 1 - n_took / 100], took[n_took - 1],
	       (long long)n_bytes);
	return n_failed != 0 ? 1 : 0;
}

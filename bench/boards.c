/* boards.c - a client that follows a feed on many connections, and measures. */
#include "boards.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io/clock.h"

enum { BLOCK = 128 << 10 };

struct conn {
	int fd;
	bool head, ready;   /* the answer's head has passed; so have first words */
	char tail[HF_MARK]; /* of the text: a mark may be cut */
	size_t n;
	size_t chunk;  /* still to come of it */
	char size[32]; /* of what stands between two, so far */
	size_t n_size;
	unsigned char *seen; /* a bit for each mark */
};

static struct hf_boards b;
static struct conn conns[HF_BOARDS_MOST];
static int epoll;
static pthread_t thread;
static atomic_bool done;
static atomic_size_t n_ready, n_took, n_twice, n_again;
static uint32_t *took; /* microseconds */
static uint64_t begun;
static double used;

static void
die(const char *what)
{
	fprintf(stderr, "boards: %s: %s\n", what, strerror(errno));
	exit(1);
}

void
hf_mark_write(char *to, uint64_t at, unsigned number)
{
	char text[HF_MARK + 1];

	snprintf(text, sizeof text, "@%020" PRIu64 "#%06u", at, number % 1000000);
	memcpy(to, text, HF_MARK);
}

/* ---- what comes ---- */

static void
note(struct conn *c, const char *mark, uint64_t now)
{
	uint64_t sent = strtoull(mark + 1, NULL, 10);
	size_t number = strtoul(mark + 22, NULL, 10);
	unsigned char bit = (unsigned char)(1u << number % 8);

	if (mark[21] != '#' || number >= b.marks)
		return;
	if (c->seen[number / 8] & bit) {
		n_twice++;
		return;
	}
	c->seen[number / 8] |= bit;
	took[n_took] = (uint32_t)((now - sent) / 1000);
	n_took++;
}

static size_t
count(const char *text, size_t n, const char *word)
{
	const char *at = text;
	size_t found = 0;

	while ((at = memmem(at, n - (size_t)(at - text), word, strlen(word))) != NULL) {
		found++;
		at++;
	}
	return found;
}

/* Takes the head and the sizes of the chunks out of what was received, in place; gives
 * what is left of it. */
static size_t
unchunk(struct conn *c, char *p, size_t n)
{
	size_t at = 0, out = 0;

	while (at < n) {
		size_t part = c->chunk < n - at ? c->chunk : n - at;

		if (part != 0) {
			memmove(p + out, p + at, part);
			out += part;
			at += part;
			c->chunk -= part;
			continue;
		}
		/* "\r\n" SIZE "\r\n", or the head up to its empty line. */
		c->size[c->n_size % sizeof c->size] = p[at++];
		c->n_size++;
		if (p[at - 1] != '\n')
			continue;
		if (!c->head) {
			c->head = c->n_size == 2;
			c->n_size = 0;
		} else if (c->n_size > 2) {
			c->size[c->n_size % sizeof c->size] = '\0';
			c->chunk = strtoul(c->size, NULL, 16);
			c->n_size = 0;
			if (c->chunk == 0)
				die("a feed ended");
		}
	}
	return out;
}

static void
receive(struct conn *c)
{
	static char buf[HF_MARK + BLOCK + 1];
	const char *at = buf, *end;
	ssize_t r;
	size_t n;
	uint64_t now;

	memcpy(buf, c->tail, c->n);
	r = recv(c->fd, buf + c->n, BLOCK, 0);
	if (r <= 0)
		die("the server ended a connection");
	now = hf_mono_ns();
	n = unchunk(c, buf + c->n, (size_t)r);
	end = buf + c->n + n;
	n_again += count(buf + c->n, n, "event: again\n");
	if (!c->ready && n != 0) {
		c->ready = true;
		n_ready++;
	}
	while ((at = memmem(at, (size_t)(end - at), "@000", 4)) != NULL &&
	       end - at >= HF_MARK) {
		note(c, at, now);
		at += HF_MARK;
	}
	/* What may be the beginning of a mark. */
	if (!at)
		at = end - (end - buf < 3 ? end - buf : 3);
	c->n = (size_t)(end - at);
	memcpy(c->tail, at, c->n);
}

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void *
listen_all(void *arg)
{
	struct epoll_event ev[64];

	(void)arg;
	while (!done) {
		int n = epoll_wait(epoll, ev, 64, 50);

		for (int i = 0; i < n; i++)
			receive(ev[i].data.ptr);
	}
	used = cpu();
	return NULL;
}

/* ---- beginning and end ---- */

static void
open_conn(struct conn *c, const char *path)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
	char ask[4096];
	int n = snprintf(ask, sizeof ask,
			 "GET %s HTTP/1.1\r\nHost: localhost\r\n"
			 "Accept: text/event-stream\r\n%s\r\n",
			 path, b.headers ? b.headers : "");

	c->seen = calloc(b.marks / 8 + 1, 1);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!c->seen || n < 0 || (size_t)n >= sizeof ask || c->fd < 0 ||
	    connect(c->fd, (const struct sockaddr *)&b.to, sizeof b.to) != 0 ||
	    send(c->fd, ask, (size_t)n, MSG_NOSIGNAL) != n ||
	    fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		die("connect");
}

void
hf_boards_start(const struct hf_boards *boards)
{
	struct rlimit files;

	b = *boards;
	assert(b.n <= HF_BOARDS_MOST);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	took = calloc(b.n * b.marks, sizeof *took);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!took || epoll < 0 || pthread_create(&thread, NULL, listen_all, NULL) != 0)
		die("begin");
	for (size_t i = 0; i < b.n; i++)
		open_conn(&conns[i], b.paths[i % b.n_paths]);
	for (int i = 0; i < 30000 && n_ready < b.n; i++)
		usleep(1000);
	if (n_ready < b.n)
		die("not every connection was answered with a feed");
	begun = hf_mono_ns();
}

void
hf_boards_wait(unsigned seconds)
{
	for (unsigned i = 0; i < seconds * 100 && n_took < b.n * b.marks; i++)
		usleep(10000);
}

static int
by_size(const void *pa, const void *pb)
{
	uint32_t x = *(const uint32_t *)pa, y = *(const uint32_t *)pb;

	return (x > y) - (x < y);
}

void
hf_boards_end(struct hf_boards_result *out)
{
	double seconds = (double)(hf_mono_ns() - begun) / 1e9;
	size_t n;

	done = true;
	pthread_join(thread, NULL);
	n = n_took;
	if (n == 0)
		die("nothing arrived");
	qsort(took, n, sizeof *took, by_size);
	*out = (struct hf_boards_result){.arrived = n,
					 .missing = b.n * b.marks - n,
					 .twice = n_twice,
					 .again = n_again,
					 .p50_us = took[n / 2],
					 .p99_us = took[n - 1 - n / 100],
					 .max_us = took[n - 1],
					 .core = used / seconds};
}

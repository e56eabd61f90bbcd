/* hub_load.c - how long a referral takes from one desk to all the others.
 *
 *   hub_load ADDR:PORT BOARDS PER_SECOND SECONDS BODIES [HEADER...]
 *
 * Opens so many boards (the views triage and open by turns) at a running server and
 * submits referrals at an even pace.  BODIES has bodies of POST /api/hub/referrals, a
 * line each, taken in turn; each has a mark's room in its problem (see boards.h).  What
 * is measured begins when a referral should have been sent, so a server that falls
 * behind is seen to, and ends when its row arrives on a board.  HEADERs go with each
 * request.  Prints one line: boards=… submitted=… failed=… arrived=… missing=…
 * twice=… again=… answer_p50_us=… answer_p99_us=… p50_us=… p99_us=… max_us=…
 * client_core=…; ends with 1 when a referral failed or did not arrive. */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io/clock.h"
#include "boards.h"

enum { DESKS = 64, LINES = 100000, ANSWER = 64 << 10 };

/* Where referrals are written: one under way at a time. */
struct desk {
	int fd;
	bool busy;
	uint64_t since;
	size_t n;
	char answer[ANSWER + 1];
};

static struct desk desks[DESKS];
static struct hf_sv lines[LINES];
static size_t n_lines, n_failed, n_answers;
static struct hf_buf text, headers;
static uint32_t *answers; /* microseconds */
static struct sockaddr_in to = {.sin_family = AF_INET};
static unsigned n_boards, rate, seconds;

static void
die(const char *what)
{
	fprintf(stderr, "hub_load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
read_bodies(const char *path)
{
	FILE *f = fopen(path, "r");
	struct hf_sv rest;
	size_t n;

	if (!f)
		die(path);
	do {
		char *at = hf_buf_room(&text, 1 << 16);

		if (!at)
			die("memory");
		n = fread(at, 1, 1 << 16, f);
		text.n += n;
	} while (n != 0);
	fclose(f);
	for (rest = hf_buf_view(&text); rest.n && n_lines < LINES;) {
		struct hf_sv line = hf_sv_cut(&rest, '\n');

		if (line.n && memmem(line.p, line.n, "@000", 4))
			lines[n_lines++] = line;
	}
	if (n_lines == 0)
		die("no line has a mark");
}

static void
open_desk(struct desk *d)
{
	int on = 1;

	d->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d->fd < 0 || connect(d->fd, (const struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void
submit(struct desk *d, unsigned number, uint64_t due)
{
	static struct hf_buf b;
	struct hf_sv line = lines[number % n_lines];
	size_t mark =
	    (size_t)((const char *)memmem(line.p, line.n, "@000", 4) - line.p);

	b.n = 0;
	hf_buf_printf(&b,
		      "POST /api/hub/referrals HTTP/1.1\r\nHost: localhost\r\n%.*s"
		      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		      HF_SV_ARG(hf_buf_view(&headers)), line.n);
	mark += b.n;
	hf_buf_sv(&b, line);
	if (b.failed || mark + HF_MARK > b.n)
		die("no room for the mark");
	hf_mark_write(b.p + mark, due, number);
	if (send(d->fd, b.p, b.n, MSG_NOSIGNAL) != (ssize_t)b.n)
		die("send");
	d->busy = true;
	d->since = due;
	d->n = 0;
}

static bool
is_whole(struct desk *d)
{
	char *end, *length;

	d->answer[d->n] = '\0';
	end = strstr(d->answer, "\r\n\r\n");
	length = strcasestr(d->answer, "\r\nContent-Length:");
	return end && length &&
	       d->n >= (size_t)(end - d->answer) + 4 + strtoul(length + 17, NULL, 10);
}

static void
receive(struct desk *d)
{
	ssize_t r = recv(d->fd, d->answer + d->n, ANSWER - d->n, MSG_DONTWAIT);

	if (r < 0 && errno == EAGAIN)
		return;
	if (r <= 0)
		die("the server closed a connection");
	d->n += (size_t)r;
	if (!is_whole(d))
		return;
	answers[n_answers++] = (uint32_t)((hf_mono_ns() - d->since) / 1000);
	if (d->answer[9] != '2' && n_failed++ == 0)
		fprintf(stderr, "hub_load: first failure: %.600s\n", d->answer);
	d->busy = false;
}

/* Waits up to ms for answers; gives how many are still to come. */
static size_t
look(int ms)
{
	struct pollfd fds[DESKS];
	size_t busy = 0;

	for (size_t i = 0; i < DESKS; i++)
		fds[i] = (struct pollfd){desks[i].busy ? desks[i].fd : -1, POLLIN, 0};
	if (poll(fds, DESKS, ms) < 0)
		die("poll");
	for (size_t i = 0; i < DESKS; i++) {
		if (fds[i].revents)
			receive(&desks[i]);
		busy += desks[i].busy;
	}
	return busy;
}

static struct desk *
free_desk(void)
{
	for (size_t i = 0; i < DESKS; i++)
		if (!desks[i].busy)
			return &desks[i];
	return NULL;
}

static void
submit_all(void)
{
	uint64_t begun = hf_mono_ns(), gap = 1000000000u / rate;
	unsigned all = rate * seconds;

	for (unsigned i = 0; i < all; i++) {
		uint64_t due = begun + i * gap;
		struct desk *d = free_desk();

		while (hf_mono_ns() < due || !d) {
			(void)look(1);
			d = free_desk();
		}
		submit(d, i, due);
	}
	for (int i = 0; i < 10000 && look(1); i++)
		continue;
}

static int
by_size(const void *pa, const void *pb)
{
	uint32_t x = *(const uint32_t *)pa, y = *(const uint32_t *)pb;

	return (x > y) - (x < y);
}

static void
read_arguments(int argc, char **argv)
{
	unsigned *const numbers[] = {&n_boards, &rate, &seconds};
	struct hf_sv rest = hf_sv_from(argc > 5 ? argv[1] : ""), host;
	bool good = argc > 5;
	int64_t n;
	char address[64];

	host = hf_sv_cut(&rest, ':');
	snprintf(address, sizeof address, "%.*s", HF_SV_ARG(host));
	good = good && hf_sv_int(rest, &n) && n > 0 && n < 65536 &&
	       inet_pton(AF_INET, address, &to.sin_addr) == 1;
	if (good)
		to.sin_port = htons((uint16_t)n);
	for (int i = 0; good && i < 3; i++) {
		good = hf_sv_int(hf_sv_from(argv[i + 2]), &n) && n > 0 &&
		       n <= HF_BOARDS_MOST;
		*numbers[i] = good ? (unsigned)n : 0;
	}
	/* A feed lasts a minute, or a little less. */
	if (!good || seconds > 40) {
		fprintf(stderr, "usage: hub_load ADDR:PORT BOARDS PER_SECOND SECONDS "
				"BODIES [HEADER...]  (SECONDS: at most 40)\n");
		exit(2);
	}
	for (int i = 6; i < argc; i++)
		hf_buf_printf(&headers, "%s\r\n", argv[i]);
	hf_buf_char(&headers, '\0');
	headers.n--;
}

int
main(int argc, char **argv)
{
	static const char *const paths[] = {"/api/hub/events?view=triage",
					    "/api/hub/events?view=open"};
	struct hf_boards_result r;
	unsigned all;

	read_arguments(argc, argv);
	read_bodies(argv[5]);
	all = rate * seconds;
	answers = calloc(all, sizeof *answers);
	if (!answers || headers.failed)
		die("memory");
	for (size_t i = 0; i < DESKS; i++)
		open_desk(&desks[i]);
	hf_boards_start(&(struct hf_boards){.to = to,
					    .n = n_boards,
					    .paths = paths,
					    .n_paths = HF_COUNT(paths),
					    .headers = headers.p,
					    .marks = all});
	submit_all();
	hf_boards_wait(10);
	hf_boards_end(&r);
	qsort(answers, n_answers, sizeof *answers, by_size);
	printf("boards=%u submitted=%u failed=%zu arrived=%zu missing=%zu twice=%zu "
	       "again=%zu answer_p50_us=%u answer_p99_us=%u p50_us=%u p99_us=%u "
	       "max_us=%u client_core=%.3f\n",
	       n_boards, all, n_failed, r.arrived, r.missing, r.twice, r.again,
	       answers[n_answers / 2], answers[n_answers - 1 - n_answers / 100],
	       r.p50_us, r.p99_us, r.max_us, r.core);
	return n_failed || n_answers < all || r.missing ? 1 : 0;
}

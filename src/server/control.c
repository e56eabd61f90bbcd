/* control.c - the control socket. */
#include "server/control.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/io/log.h"

enum {
	STALL_S = 20,	 /* a peer that sends nothing for so long */
	ANSWER_S = 1800, /* how long a command may take */
	OUTPUT_MAX = 256 << 20,
	ARENA_MAX = 512 << 20
};

static const char magic[] = "homefirst admin 1\n";

struct hf_control {
	pthread_t thread;
	int folder, listen, stop;
	struct hf_admin like;
	char *data;
};

/* ---- bytes ---- */

static bool
read_all(int fd, void *p, size_t n)
{
	char *at = p;

	while (n) {
		ssize_t got = recv(fd, at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t put = send(fd, at, n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		at += put;
		n -= (size_t)put;
	}
	return true;
}

static bool
read_u32(int fd, uint32_t *out)
{
	uint32_t le;

	if (!read_all(fd, &le, sizeof le))
		return false;
	*out = le32toh(le);
	return true;
}

static bool
write_u32(int fd, uint32_t v)
{
	uint32_t le = htole32(v);

	return write_all(fd, &le, sizeof le);
}

static bool
read_text(int fd, size_t most, struct hf_arena *arena, struct hf_sv *out)
{
	uint32_t n = 0;
	char *p;

	if (!read_u32(fd, &n) || n > most)
		return false;
	p = hf_arena_alloc(arena, (size_t)n + 1);
	if (!p || !read_all(fd, p, n))
		return false;
	p[n] = '\0';
	*out = (struct hf_sv){p, n};
	return true;
}

static bool
write_text(int fd, struct hf_sv text)
{
	return write_u32(fd, (uint32_t)text.n) && write_all(fd, text.p, text.n);
}

/* Both ends name the socket through the open folder: its path may be longer than a
 * socket's name. */
static struct sockaddr_un
name_in(int folder)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	snprintf(name.sun_path, sizeof name.sun_path, "/proc/self/fd/%d/%s", folder,
		 HF_CONTROL_NAME);
	return name;
}

/* ---- the server's end ---- */

static bool
read_words(int fd, struct hf_arena *arena, struct hf_control_asked *out)
{
	uint32_t n = 0;

	if (!read_u32(fd, &n) || n == 0 || n > HF_ADMIN_ARGS)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct hf_sv word;

		if (!read_text(fd, HF_ADMIN_ARG_MAX, arena, &word) ||
		    memchr(word.p, '\0', word.n))
			return false;
		out->argv[i] = (char *)(uintptr_t)word.p;
	}
	out->argv[n] = NULL;
	out->argc = (int)n;
	return true;
}

static bool
read_files(int fd, struct hf_admin *a)
{
	size_t most = HF_ADMIN_FILE_MAX;
	uint32_t n = 0;

	if (!read_u32(fd, &n) || n > HF_ADMIN_FILES)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct hf_admin_file *f = &a->files[i];

		if (!read_text(fd, 64, a->arena, &f->option) ||
		    !read_text(fd, most, a->arena, &f->text))
			return false;
		most -= f->text.n;
	}
	a->n_files = n;
	return true;
}

bool
hf_control_read(int fd, struct hf_admin *a, struct hf_control_asked *out)
{
	char head[sizeof magic - 1];

	return read_all(fd, head, sizeof head) &&
	       memcmp(head, magic, sizeof head) == 0 && read_words(fd, a->arena, out) &&
	       read_files(fd, a);
}

static void
answer(int fd, const struct hf_buf *out, const struct hf_buf *err, int status)
{
	bool good = write_all(fd, "o", 1) && write_text(fd, hf_buf_view(out)) &&
		    write_all(fd, "e", 1) && write_text(fd, hf_buf_view(err)) &&
		    write_all(fd, "x", 1) && write_u32(fd, (uint32_t)status);

	if (!good)
		hf_log(HF_LOG_WARN, "control", "a command's answer was not taken");
}

static void
free_secret(struct hf_buf *b)
{
	if (b->p)
		sodium_memzero(b->p, b->size);
	hf_buf_free(b);
}

static void
serve_one(const struct hf_control *c, int fd, uid_t uid)
{
	struct hf_arena arena = {.cap = ARENA_MAX};
	struct hf_buf out = {.cap = OUTPUT_MAX}, err = {.cap = 1 << 20};
	struct hf_admin a = c->like;
	struct hf_control_asked asked = {.argc = 0};

	a.arena = &arena;
	a.out = &out;
	a.err = &err;
	a.now = hf_now();
	a.actor = hf_arena_printf(&arena, "operator/%u", (unsigned)uid);
	if (a.actor.p && hf_control_read(fd, &a, &asked)) {
		int status = hf_admin_run(&a, asked.argc, asked.argv);

		if (out.failed || err.failed)
			status = HF_ADMIN_FAILED;
		answer(fd, &out, &err, status);
	}
	free_secret(&out);
	free_secret(&err);
	hf_arena_wipe(&arena);
	hf_arena_free(&arena);
}

/* Who is at the other end?  Only our own user and root are heard. */
static bool
is_ours(int fd, uid_t *uid)
{
	struct ucred who;
	socklen_t n = sizeof who;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
		return false;
	*uid = who.uid;
	return who.uid == 0 || who.uid == geteuid();
}

static void
take_one(const struct hf_control *c)
{
	struct timeval stall = {.tv_sec = STALL_S};
	int fd = accept4(c->listen, NULL, NULL, SOCK_CLOEXEC);
	uid_t uid;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
	if (is_ours(fd, &uid))
		serve_one(c, fd, uid);
	else
		hf_log(HF_LOG_WARN, "control", "another user was refused");
	close(fd);
}

static void *
run(void *arg)
{
	const struct hf_control *c = arg;
	struct pollfd wait[] = {{.fd = c->listen, .events = POLLIN},
				{.fd = c->stop, .events = POLLIN}};

	for (;;) {
		if (poll(wait, HF_COUNT(wait), -1) < 0 && errno != EINTR)
			break;
		if (wait[1].revents)
			break;
		if (wait[0].revents)
			take_one(c);
	}
	return NULL;
}

static enum hf_rc
listen_in(struct hf_control *c, const char *folder, struct hf_err *err)
{
	struct sockaddr_un name;

	c->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	c->listen = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->stop = eventfd(0, EFD_CLOEXEC);
	if (c->folder < 0 || c->listen < 0 || c->stop < 0)
		return hf_fail(err, HF_FAULT, HF_CONTROL_NAME,
			       "cannot make the control socket: %s", strerror(errno));
	name = name_in(c->folder);
	/* What stands there is of a server that is gone: we hold the store. */
	(void)unlinkat(c->folder, HF_CONTROL_NAME, 0);
	if (fchmod(c->listen, 0600) != 0 ||
	    bind(c->listen, (const struct sockaddr *)&name, sizeof name) != 0 ||
	    fchmodat(c->folder, HF_CONTROL_NAME, 0600, 0) != 0 ||
	    listen(c->listen, 16) != 0)
		return hf_fail(err, HF_FAULT, HF_CONTROL_NAME,
			       "cannot listen on the control socket: %s",
			       strerror(errno));
	return HF_OK;
}

static void
forget(struct hf_control *c)
{
	if (c->listen >= 0 && c->folder >= 0)
		(void)unlinkat(c->folder, HF_CONTROL_NAME, 0);
	if (c->listen >= 0)
		close(c->listen);
	if (c->stop >= 0)
		close(c->stop);
	if (c->folder >= 0)
		close(c->folder);
	free(c->data);
	free(c);
}

enum hf_rc
hf_control_start(const char *folder, const struct hf_admin *like,
		 struct hf_control **out, struct hf_err *err)
{
	struct hf_control *c = calloc(1, sizeof *c);
	enum hf_rc rc;

	if (!c)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the control socket");
	c->folder = c->listen = c->stop = -1;
	c->like = *like;
	c->data = strdup(folder);
	c->like.data = c->data;
	rc = c->data ? listen_in(c, folder, err)
		     : hf_fail(err, HF_FAULT, NULL, "no memory for the control socket");
	if (rc == HF_OK && pthread_create(&c->thread, NULL, run, c) != 0)
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for the control socket");
	if (rc) {
		forget(c);
		return rc;
	}
	*out = c;
	return HF_OK;
}

void
hf_control_stop(struct hf_control *c)
{
	uint64_t one = 1;

	if (!c)
		return;
	/* An eventfd takes it unless our descriptors are mixed up. */
	if (write(c->stop, &one, sizeof one) != (ssize_t)sizeof one)
		abort();
	pthread_join(c->thread, NULL);
	forget(c);
}

/* ---- the command's end ---- */

static int
reach(const char *folder)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	struct timeval most = {.tv_sec = ANSWER_S};
	struct sockaddr_un name;

	if (dir < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	name = name_in(dir);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&name, sizeof name) != 0) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	close(dir);
	return fd;
}

static bool
ask(int fd, int argc, char **argv, const struct hf_admin_file *files, size_t n_files)
{
	bool good =
	    write_all(fd, magic, sizeof magic - 1) && write_u32(fd, (uint32_t)argc);

	for (int i = 0; good && i < argc; i++)
		good = write_text(fd, hf_sv_from(argv[i]));
	good = good && write_u32(fd, (uint32_t)n_files);
	for (size_t i = 0; good && i < n_files; i++)
		good = write_text(fd, files[i].option) && write_text(fd, files[i].text);
	return good;
}

static bool
read_answer(int fd, struct hf_buf *output, struct hf_buf *errors, int *status)
{
	char kind;
	uint32_t n = 0;

	while (read_all(fd, &kind, 1) && read_u32(fd, &n)) {
		struct hf_buf *to = kind == 'o' ? output : errors;
		char *room;

		if (kind == 'x') {
			*status = (int)n;
			return true;
		}
		if ((kind != 'o' && kind != 'e') || n > OUTPUT_MAX)
			return false;
		if (n == 0)
			continue;
		room = hf_buf_room(to, n);
		if (!room || !read_all(fd, room, n))
			return false;
		to->n += n;
	}
	return false;
}

bool
hf_control_ask(const char *folder, int argc, char **argv,
	       const struct hf_admin_file *files, size_t n_files, struct hf_buf *output,
	       struct hf_buf *errors, int *status)
{
	int fd = reach(folder);

	if (fd < 0)
		return false;
	*status = HF_ADMIN_FAILED;
	if (!ask(fd, argc, argv, files, n_files) ||
	    !read_answer(fd, output, errors, status))
		hf_buf_lit(errors, "homefirst: the server that holds the store broke "
				   "off; its log says why\n");
	close(fd);
	return true;
}

/* audit.c - the writer of the audit.
 *
 * The newest segment is mapped into memory with its room given by the disk
 * beforehand, so that a line is a copy of some 200 bytes under a lock: what was
 * copied belongs to the kernel and outlives this process.  One thread seals and
 * flushes whenever something was written, and opens the next segment early.  Only
 * that thread touches the chain. */
#include "access/io/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/io/audit_folder.h"
#include "base/io/clock.h"
#include "base/io/log.h"

enum {
	FLUSH_PAUSE_MS = 30, /* lines are gathered this long before a flush */
	LINE_MAX_BYTES = 24 * 1024,
	SEAL_ROOM = 4 * HF_SEAL_LINE_MAX /* kept free at the end of a segment */
};

static const uint64_t ms = 1000000; /* in nanoseconds */

struct segment {
	uint64_t number;
	int fd;
	char *map;
	size_t end; /* bytes written */
};

struct hf_audit {
	int dir, lock;
	unsigned char key[crypto_shorthash_KEYBYTES];
	pthread_t flusher;

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t wake;   /* to the flusher: something was written, or stop */
	pthread_cond_t flushed;
	struct segment now;
	uint64_t dirty_since; /* age of the oldest line not on disk; 0: none */
	uint64_t put, safe;   /* lines written; lines known to be on disk */
	bool stop, failed, full;

	/* of the flusher alone */
	struct hf_chain chain;
	size_t sealed; /* bytes of the segment it is at that seals cover */
};

static bool
map_segment(int dir, struct segment *s, struct hf_err *err)
{
	char name[HF_SEGMENT_NAME];
	int rc;

	hf_segment_name(s->number, name);
	s->fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (s->fd < 0) {
		hf_audit_fail(err, errno, name, "cannot make an audit segment");
		return false;
	}
	rc = posix_fallocate(s->fd, 0, HF_AUDIT_SEGMENT);
	if (rc == 0) {
		s->map = mmap(NULL, HF_AUDIT_SEGMENT, PROT_READ | PROT_WRITE,
			      MAP_SHARED, s->fd, 0);
		if (s->map != MAP_FAILED && fsync(s->fd) == 0 && fsync(dir) == 0)
			return true;
		rc = errno;
		if (s->map != MAP_FAILED)
			munmap(s->map, HF_AUDIT_SEGMENT);
	}
	hf_audit_fail(err, rc, name, "cannot give an audit segment its room");
	unlinkat(dir, name, 0);
	close(s->fd);
	return false;
}

static void
append(struct segment *s, struct hf_sv text)
{
	assert(text.n <= HF_AUDIT_SEGMENT - s->end);
	memcpy(s->map + s->end, text.p, text.n);
	s->end += text.n;
}

static bool
open_segment(int dir, uint64_t number, struct segment *out, struct hf_err *err)
{
	struct segment s = {.number = number};
	struct hf_buf head = {.cap = 256};
	char at[32];

	if (!map_segment(dir, &s, err))
		return false;
	hf_chain_head_line(number, hf_time_format(hf_now(), at, sizeof at), &head);
	append(&s, hf_buf_view(&head));
	hf_buf_free(&head);
	*out = s;
	return true;
}

/* Writes the mark: how far the chain has come on disk. */
static bool
write_mark(const struct hf_audit *a, uint64_t segment)
{
	struct hf_buf mark = {.cap = 256};
	int fd = openat(a->dir, "head", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool ok;

	hf_chain_mark(&a->chain, segment, &mark);
	ok = fd >= 0 && !mark.failed &&
	     pwrite(fd, mark.p, mark.n, 0) == (ssize_t)mark.n && fdatasync(fd) == 0;
	if (fd >= 0)
		close(fd);
	hf_buf_free(&mark);
	return ok;
}

/* Seals [a->sealed, end) of s and puts that and the seal on the disk. */
static bool
seal_and_sync(struct hf_audit *a, struct segment *s, size_t end)
{
	struct hf_buf line = {.cap = HF_SEAL_LINE_MAX};
	bool ok;

	if (!hf_chain_add(&a->chain,
			  (struct hf_sv){s->map + a->sealed, end - a->sealed}))
		return false;
	a->sealed = end;
	hf_chain_seal_line(&a->chain, end, false, &line);
	ok = !line.failed;
	if (ok) {
		pthread_mutex_lock(&a->mutex);
		append(s, hf_buf_view(&line));
		pthread_mutex_unlock(&a->mutex);
		ok = fdatasync(s->fd) == 0 && write_mark(a, s->number);
	}
	hf_buf_free(&line);
	return ok;
}

/* Ends a segment that nobody writes to any more.  Its room is given back. */
static bool
retire(struct hf_audit *a, struct segment *s)
{
	bool ok = seal_and_sync(a, s, s->end);

	munmap(s->map, HF_AUDIT_SEGMENT);
	ok = ftruncate(s->fd, (off_t)s->end) == 0 && fsync(s->fd) == 0 && ok;
	close(s->fd);
	return ok;
}

/* When the segment is half full the next one takes its place. */
static bool
rotate(struct hf_audit *a)
{
	struct segment next, old;
	struct hf_err err;

	if (!open_segment(a->dir, a->now.number + 1, &next, &err)) {
		hf_log(HF_LOG_ERROR, "audit", "%s", err.text);
		return false;
	}
	pthread_mutex_lock(&a->mutex);
	old = a->now;
	a->now = next;
	a->full = false;
	pthread_cond_broadcast(&a->flushed);
	pthread_mutex_unlock(&a->mutex);
	if (!retire(a, &old))
		return false;
	a->sealed = 0;
	return true;
}

/* One round: everything put so far gets on the disk. */
static void
flush_round(struct hf_audit *a)
{
	uint64_t put, now = hf_mono_ns();
	size_t end;
	bool half, ok;

	pthread_mutex_lock(&a->mutex);
	half = a->now.end > HF_AUDIT_SEGMENT / 2;
	pthread_mutex_unlock(&a->mutex);
	/* Without room for another segment this one is filled to its end. */
	if (half && !rotate(a))
		hf_log(HF_LOG_ERROR, "audit", "cannot begin another segment");
	pthread_mutex_lock(&a->mutex);
	put = a->put;
	end = a->now.end;
	pthread_mutex_unlock(&a->mutex);
	ok = seal_and_sync(a, &a->now, end);
	pthread_mutex_lock(&a->mutex);
	if (ok) {
		a->safe = put;
		a->dirty_since = a->put > put ? now : 0;
	} else {
		a->failed = true;
	}
	pthread_cond_broadcast(&a->flushed);
	pthread_mutex_unlock(&a->mutex);
	if (!ok)
		hf_log(HF_LOG_ERROR, "audit",
		       "the audit cannot be flushed to disk: requests are refused "
		       "until the disk is put right and the server started again");
}

static void
pause_ms(unsigned n)
{
	struct timespec t = {.tv_nsec = (long)n * 1000000};

	nanosleep(&t, NULL);
}

static void *
flusher(void *arg)
{
	struct hf_audit *a = arg;

	for (;;) {
		bool stop;

		pthread_mutex_lock(&a->mutex);
		while (!a->stop && (a->dirty_since == 0 || a->failed))
			pthread_cond_wait(&a->wake, &a->mutex);
		stop = a->stop;
		pthread_mutex_unlock(&a->mutex);
		if (stop)
			return NULL;
		pause_ms(FLUSH_PAUSE_MS);
		flush_round(a);
	}
}

static void
until(uint64_t ns, struct timespec *out)
{
	out->tv_sec = (time_t)(ns / 1000000000u);
	out->tv_nsec = (long)(ns % 1000000000u);
}

/* Waits, with the mutex held, until a line of n bytes may be written. */
static enum hf_rc
wait_for_room(struct hf_audit *a, size_t n, struct hf_err *err)
{
	uint64_t now = hf_mono_ns(), patience = now + HF_AUDIT_PATIENCE_MS * ms;
	struct timespec end;

	until(patience, &end);
	while (!a->failed) {
		bool late =
		    a->dirty_since && now > a->dirty_since + HF_AUDIT_FLUSH_MS * ms;

		a->full = n + SEAL_ROOM > HF_AUDIT_SEGMENT - a->now.end;
		if (!late && !a->full)
			return HF_OK;
		if (now >= patience)
			return hf_fail(err, HF_BUSY, NULL,
				       "the audit is not getting to the disk in time; "
				       "try again");
		pthread_cond_timedwait(&a->flushed, &a->mutex, &end);
		now = hf_mono_ns();
	}
	return hf_fail(err, HF_BUSY, NULL,
		       "the audit could not be written to disk; the server has to be "
		       "started again");
}

enum hf_rc
hf_audit_put(struct hf_audit *a, const struct hf_audit_event *event, struct hf_err *err)
{
	static _Thread_local char text[LINE_MAX_BYTES];
	struct hf_buf line = {.p = text, .size = sizeof text, .cap = sizeof text};
	enum hf_rc rc;

	/* cap == size: the buffer never asks for memory of its own. */
	hf_audit_line(event, &line);
	if (line.failed)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the request names more than the audit can hold");
	pthread_mutex_lock(&a->mutex);
	rc = wait_for_room(a, line.n, err);
	if (rc == HF_OK) {
		append(&a->now, hf_buf_view(&line));
		a->put++;
		if (a->dirty_since == 0) {
			a->dirty_since = hf_mono_ns();
			pthread_cond_signal(&a->wake);
		}
	}
	pthread_mutex_unlock(&a->mutex);
	return rc;
}

bool
hf_audit_works(struct hf_audit *a)
{
	bool works;

	pthread_mutex_lock(&a->mutex);
	works = !a->failed && !a->stop && !a->full;
	pthread_mutex_unlock(&a->mutex);
	return works;
}

enum hf_rc
hf_audit_flush(struct hf_audit *a, struct hf_err *err)
{
	struct timespec end;
	enum hf_rc rc = HF_OK;
	uint64_t put;
	int waited = 0;

	until(hf_mono_ns() + HF_AUDIT_PATIENCE_MS * ms, &end);
	pthread_mutex_lock(&a->mutex);
	put = a->put;
	while (a->safe < put && !a->failed && waited == 0)
		waited = pthread_cond_timedwait(&a->flushed, &a->mutex, &end);
	if (a->safe < put)
		rc = hf_fail(err, HF_BUSY, NULL, "the audit did not get to the disk");
	pthread_mutex_unlock(&a->mutex);
	return rc;
}

uint64_t
hf_audit_hash(const struct hf_audit *a, struct hf_sv query)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t v;

	static_assert(sizeof out == sizeof v, "SipHash gives 64 bits");
	crypto_shorthash(out, (const unsigned char *)(query.p ? query.p : ""), query.n,
			 a->key);
	memcpy(&v, out, sizeof v);
	return v ? v : 1;
}

static void
init_locks(struct hf_audit *a)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&a->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&a->wake, NULL);
	pthread_cond_init(&a->flushed, &attr);
	pthread_condattr_destroy(&attr);
}

enum hf_rc
hf_audit_open(const char *folder, struct hf_audit **out, struct hf_err *err)
{
	struct hf_audit *a = calloc(1, sizeof *a);
	uint64_t newest;
	enum hf_rc rc;

	if (!a || sodium_init() < 0) {
		free(a);
		return hf_fail(err, HF_FAULT, NULL, "no memory for the audit");
	}
	rc = hf_folder_open(folder, &a->dir, &a->lock, err);
	if (rc) {
		free(a);
		return rc;
	}
	rc = hf_folder_key(a->dir, a->key, sizeof a->key, err);
	if (rc == HF_OK)
		rc = hf_folder_recover(a->dir, &newest, &a->chain, err);
	if (rc == HF_OK && !open_segment(a->dir, newest + 1, &a->now, err))
		rc = err ? err->rc : HF_FAULT;
	if (rc) {
		close(a->dir);
		close(a->lock);
		free(a);
		return rc;
	}
	init_locks(a);
	if (pthread_create(&a->flusher, NULL, flusher, a) != 0) {
		retire(a, &a->now);
		close(a->dir);
		close(a->lock);
		free(a);
		return hf_fail(err, HF_FAULT, NULL, "no thread for the audit");
	}
	*out = a;
	return HF_OK;
}

void
hf_audit_close(struct hf_audit *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->mutex);
	a->stop = true;
	pthread_cond_signal(&a->wake);
	pthread_mutex_unlock(&a->mutex);
	pthread_join(a->flusher, NULL);
	if (!retire(a, &a->now))
		hf_log(HF_LOG_ERROR, "audit", "the last lines may not be on the disk");
	pthread_cond_destroy(&a->wake);
	pthread_cond_destroy(&a->flushed);
	pthread_mutex_destroy(&a->mutex);
	sodium_memzero(a->key, sizeof a->key);
	close(a->dir);
	close(a->lock);
	free(a);
}

/* audit.c - the writer of the audit.
 *
 * The newest segment is mapped into memory with its room given by the disk
 * beforehand, so that a line is a copy of some 200 bytes under a lock: what was
 * copied belongs to the kernel and outlives this process.  One thread seals and
 * flushes whenever something was written, opens the next segment early and signs the
 * heads.  Only that thread touches the chain. */
#include "access/io/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/io/audit_clerk.h"
#include "access/io/audit_folder.h"
#include "base/io/clock.h"
#include "base/io/log.h"

enum {
	FLUSH_PAUSE_MS = 40, /* lines are gathered this long before a flush */
	LINE_MAX_BYTES = 24 * 1024,
	SEQ_ROOM = 32,			 /* in front of a line, for its number */
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
	int dir, lock, live; /* live: the file "head" */
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct hf_sign_key sign;
	hf_time (*clock)(void);
	pthread_t flusher;
	struct hf_clerk *clerk;

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t wake;   /* to the flusher: something was written, or stop */
	pthread_cond_t flushed;
	struct segment now;
	uint64_t dirty_since; /* age of the oldest line not on disk; 0: none */
	uint64_t put, safe;   /* lines written; lines known to be on disk */
	uint64_t line;	      /* number of the last line in the segments */
	bool stop, failed, full;

	/* of the flusher alone */
	struct hf_chain chain;
	size_t sealed;		 /* bytes of the segment it is at that are linked */
	struct hf_chain at_seal; /* as the last seal says it */
	uint64_t heads;		 /* number of the last signed head */
	uint8_t last_head[HF_HASH_SIZE];
	int64_t day; /* in London, that the next daily head ends */
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
open_segment(const struct hf_audit *a, uint64_t number, struct segment *out,
	     struct hf_err *err)
{
	struct segment s = {.number = number};
	struct hf_buf head = {.cap = 256};
	char at[32];

	if (!map_segment(a->dir, &s, err))
		return false;
	hf_chain_head_line(number, hf_time_format(a->clock(), at, sizeof at), &head);
	append(&s, hf_buf_view(&head));
	hf_buf_free(&head);
	*out = s;
	return true;
}

/* A head that says how far the chain has come on disk. */
static struct hf_head
head_now(const struct hf_audit *a, enum hf_head_why why, uint64_t segment)
{
	struct hf_head h = {.number = a->heads,
			    .why = why,
			    .at = a->clock(),
			    .segment = segment,
			    .chain = a->at_seal};

	h.day = hf_london_day(h.at);
	memcpy(h.before, a->last_head, sizeof h.before);
	return h;
}

/* Writes the live head over the one before: always as many bytes.  It need not be on
 * the disk itself: what it speaks of is, so after a power cut it is at most behind. */
static bool
write_live(const struct hf_audit *a, uint64_t segment)
{
	struct hf_head h = head_now(a, HF_HEAD_LIVE, segment);
	char room[HF_HEAD_MAX];
	struct hf_buf text = {.p = room, .size = sizeof room, .cap = sizeof room};

	hf_head_write(&h, &a->sign, &text);
	return !text.failed && pwrite(a->live, text.p, text.n, 0) == (ssize_t)text.n;
}

/* Signs how far the chain has come into a file of its own.  The chain is not in
 * danger when that fails: it is tried again at the next flush. */
static bool
sign_head(struct hf_audit *a, enum hf_head_why why, int64_t day, uint64_t segment)
{
	struct hf_head h = head_now(a, why, segment);
	struct hf_buf text = {.cap = HF_HEAD_MAX};
	struct hf_err err;
	bool ok;

	if (a->at_seal.seal == 0)
		return true; /* nothing was ever written */
	h.number++;
	h.day = day;
	hf_head_write(&h, &a->sign, &text);
	ok = !text.failed &&
	     hf_heads_add(a->dir, h.number, hf_buf_view(&text), &err) == HF_OK &&
	     hf_head_hash(hf_buf_view(&text), a->last_head);
	hf_buf_free(&text);
	if (!ok) {
		hf_log(HF_LOG_ERROR, "audit", "cannot write a signed head");
		return false;
	}
	a->heads = h.number;
	hf_clerk_head(a->clerk, a->heads);
	return write_live(a, segment) && fdatasync(a->live) == 0;
}

/* Seals [a->sealed, end) of s and puts that and the seal on the disk.  The seal's own
 * line is numbered here unless it was when the segment was taken off. */
static bool
seal_and_sync(struct hf_audit *a, struct segment *s, size_t end, bool numbered)
{
	struct hf_buf line = {.cap = HF_SEAL_LINE_MAX};
	bool ok;

	if (!hf_chain_lines(&a->chain,
			    (struct hf_sv){s->map + a->sealed, end - a->sealed}))
		return false;
	a->chain.seal++;
	a->at_seal = a->chain;
	a->sealed = end;
	hf_chain_seal_line(&a->chain, end, false, &line);
	ok = !line.failed;
	if (ok) {
		pthread_mutex_lock(&a->mutex);
		append(s, hf_buf_view(&line));
		a->line += numbered ? 0 : 1;
		pthread_mutex_unlock(&a->mutex);
		ok = fdatasync(s->fd) == 0 && write_live(a, s->number);
	}
	hf_buf_free(&line);
	return ok;
}

/* Ends a segment that nobody writes to any more.  Its room is given back. */
static bool
retire(struct hf_audit *a, struct segment *s)
{
	bool ok = seal_and_sync(a, s, s->end, true);

	/* The seal's own line is the last link in this segment. */
	ok = ok && hf_chain_lines(&a->chain, (struct hf_sv){s->map + a->sealed,
							    s->end - a->sealed});
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

	if (!open_segment(a, a->now.number + 1, &next, &err)) {
		hf_log(HF_LOG_ERROR, "audit", "%s", err.text);
		return false;
	}
	pthread_mutex_lock(&a->mutex);
	old = a->now;
	a->now = next;
	a->line += 2; /* the seal that ends the old one, the line that begins this */
	a->full = false;
	pthread_cond_broadcast(&a->flushed);
	pthread_mutex_unlock(&a->mutex);
	if (!retire(a, &old))
		return false;
	a->sealed = 0;
	hf_clerk_segment(a->clerk, old.number);
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
	ok = seal_and_sync(a, &a->now, end, false);
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

/* The midnight in London that ends a day. */
static hf_time
midnight_after(int64_t day)
{
	struct hf_civil c = hf_civil_from_time((day + 1) * 86400000);

	return hf_london_time(&c);
}

/* At midnight the day that ended is signed, written to or not. */
static void
end_day(struct hf_audit *a)
{
	int64_t day = hf_london_day(a->clock());
	bool failed;

	if (day == a->day)
		return;
	pthread_mutex_lock(&a->mutex);
	failed = a->failed;
	pthread_mutex_unlock(&a->mutex);
	if (!failed && sign_head(a, HF_HEAD_DAY, a->day, a->now.number))
		a->day = day;
}

static void
pause_ms(unsigned n)
{
	struct timespec t = {.tv_nsec = (long)n * 1000000};

	nanosleep(&t, NULL);
}

/* Waits for lines, the end, or midnight.  True when there are lines to flush. */
static bool
wait_for_lines(struct hf_audit *a, bool *stop)
{
	hf_time midnight = midnight_after(a->day);
	struct timespec t = {.tv_sec = midnight / 1000};
	bool dirty;
	int late = 0;

	pthread_mutex_lock(&a->mutex);
	while (!a->stop && (a->dirty_since == 0 || a->failed) && late == 0)
		late = pthread_cond_timedwait(&a->wake, &a->mutex, &t);
	*stop = a->stop;
	dirty = a->dirty_since != 0 && !a->failed;
	pthread_mutex_unlock(&a->mutex);
	return dirty;
}

static void *
flusher(void *arg)
{
	struct hf_audit *a = arg;
	bool stop;

	for (;;) {
		bool dirty = wait_for_lines(a, &stop);

		if (stop)
			return NULL;
		/* Midnight has come and signing fails, or the clock was put back. */
		pause_ms(dirty ? FLUSH_PAUSE_MS : 1000 / 2);
		if (dirty)
			flush_round(a);
		end_day(a);
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

/* A line of its own memory gets its number in front of its first member, in the room
 * that was kept there. */
static struct hf_sv
number_line(char *line, size_t n, uint64_t seq)
{
	static const char name[] = "{\"seq\":";
	char *start = line; /* from behind the line's brace backward */

	*start = ',';
	do
		*--start = (char)('0' + seq % 10);
	while (seq /= 10);
	start -= sizeof name - 1;
	memcpy(start, name, sizeof name - 1);
	return (struct hf_sv){start, n + (size_t)(line - start)};
}

enum hf_rc
hf_audit_put(struct hf_audit *a, const struct hf_audit_event *event, struct hf_err *err)
{
	static _Thread_local char text[SEQ_ROOM + LINE_MAX_BYTES];
	struct hf_buf line = {
	    .p = text + SEQ_ROOM, .size = LINE_MAX_BYTES, .cap = LINE_MAX_BYTES};
	struct hf_audit_event e = *event;
	enum hf_rc rc;

	e.seq = 0;
	/* cap == size: the buffer never asks for memory of its own. */
	hf_audit_line(&e, &line);
	if (line.failed)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the request names more than the audit can hold");
	pthread_mutex_lock(&a->mutex);
	rc = wait_for_room(a, line.n + SEQ_ROOM, err);
	if (rc == HF_OK) {
		append(&a->now, number_line(line.p, line.n, ++a->line));
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

/* Goes on where the folder's chain ends.  When the live head says that there was
 * more, lines were taken away while nobody wrote: the chain goes on from what was
 * signed, so that the gap shows for ever. */
static enum hf_rc
find_place(struct hf_audit *a, uint64_t *newest, bool *crashed, struct hf_err *err)
{
	struct hf_head live;
	enum hf_rc rc = hf_folder_recover(a->dir, newest, &a->chain, crashed, err);

	if (rc == HF_OK)
		rc = hf_heads_last(a->dir, &a->heads, a->last_head, err);
	if (rc)
		return rc;
	if (hf_heads_live(a->dir, &live) &&
	    memcmp(live.public, a->sign.public, sizeof live.public) == 0) {
		if (live.chain.seal > a->chain.seal || live.segment > *newest) {
			hf_log(HF_LOG_ERROR, "audit",
			       "lines of the audit are missing: run homefirst audit "
			       "verify");
			a->chain = live.chain;
		}
		*newest = live.segment > *newest ? live.segment : *newest;
		if (live.number > a->heads)
			a->heads = live.number;
	}
	a->line = a->chain.line;
	a->at_seal = a->chain;
	return HF_OK;
}

/* That of an earlier version is shorter, so it is written over whole. */
static enum hf_rc
open_live(struct hf_audit *a, struct hf_err *err)
{
	a->live =
	    openat(a->dir, "head", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (a->live < 0)
		return hf_audit_fail(err, errno, "audit/head",
				     "cannot write how far the audit has come");
	return HF_OK;
}

static enum hf_rc
open_folder(struct hf_audit *a, const struct hf_audit_config *c, bool *crashed,
	    struct hf_err *err)
{
	uint64_t newest = 0;
	enum hf_rc rc = hf_folder_open(c->folder, &a->dir, &a->lock, err);

	if (rc == HF_OK)
		rc = hf_folder_key(a->dir, a->key, sizeof a->key, err);
	if (rc == HF_OK)
		rc = hf_heads_key(a->dir, c->sign_key, true, &a->sign, err);
	if (rc == HF_OK)
		rc = find_place(a, &newest, crashed, err);
	if (rc == HF_OK)
		rc = open_live(a, err);
	if (rc == HF_OK)
		rc = hf_clerk_start(c->folder, c->copy_to, a->heads, newest, &a->clerk,
				    err);
	if (rc == HF_OK && !open_segment(a, newest + 1, &a->now, err))
		rc = err && err->rc ? err->rc : HF_FAULT;
	a->line++;
	return rc;
}

static void
free_audit(struct hf_audit *a)
{
	hf_clerk_stop(a->clerk);
	if (a->dir >= 0)
		close(a->dir);
	if (a->lock >= 0)
		close(a->lock);
	if (a->live >= 0)
		close(a->live);
	sodium_memzero(a, sizeof *a);
	free(a);
}

enum hf_rc
hf_audit_open(const struct hf_audit_config *config, struct hf_audit **out,
	      struct hf_err *err)
{
	struct hf_audit *a = calloc(1, sizeof *a);
	bool crashed = false;
	enum hf_rc rc;

	if (!a || sodium_init() < 0) {
		free(a);
		return hf_fail(err, HF_FAULT, NULL, "no memory for the audit");
	}
	a->dir = a->lock = a->live = -1;
	a->clock = config->now ? config->now : hf_now;
	a->day = hf_london_day(a->clock());
	rc = open_folder(a, config, &crashed, err);
	if (rc) {
		free_audit(a);
		return rc;
	}
	init_locks(a);
	if (!seal_and_sync(a, &a->now, a->now.end, false) ||
	    (crashed && !sign_head(a, HF_HEAD_CRASH, a->day, a->now.number)) ||
	    pthread_create(&a->flusher, NULL, flusher, a) != 0) {
		retire(a, &a->now);
		free_audit(a);
		return hf_fail(err, HF_FAULT, NULL, "the audit cannot be begun");
	}
	*out = a;
	return HF_OK;
}

void
hf_audit_close(struct hf_audit *a)
{
	bool ok;

	if (!a)
		return;
	pthread_mutex_lock(&a->mutex);
	a->stop = true;
	pthread_cond_signal(&a->wake);
	pthread_mutex_unlock(&a->mutex);
	pthread_join(a->flusher, NULL);
	ok = !a->failed && retire(a, &a->now) &&
	     sign_head(a, HF_HEAD_CLOSE, hf_london_day(a->clock()), a->now.number);
	if (!ok)
		hf_log(HF_LOG_ERROR, "audit", "the last lines may not be on the disk");
	pthread_cond_destroy(&a->wake);
	pthread_cond_destroy(&a->flushed);
	pthread_mutex_destroy(&a->mutex);
	free_audit(a);
}

enum hf_rc
hf_audit_public_key(const struct hf_audit_config *config,
		    char out[2 * HF_SIGN_PUBLIC + 1], struct hf_err *err)
{
	int dir = open(config->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct hf_sign_key pair;
	enum hf_rc rc;

	if (dir < 0)
		return hf_audit_fail(err, errno, config->folder,
				     "cannot open the audit folder");
	rc = hf_heads_key(dir, config->sign_key, false, &pair, err);
	close(dir);
	if (rc)
		return rc;
	hf_chain_hex(pair.public, sizeof pair.public, out);
	out[2 * HF_SIGN_PUBLIC] = '\0';
	sodium_memzero(&pair, sizeof pair);
	return HF_OK;
}

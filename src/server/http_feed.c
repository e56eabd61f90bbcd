/* http_feed.c - the connections that follow feeds, and the thread that wakes them.
 *
 * Locks: a feeder's before a feed's, a feed's before the library's.  A connection
 * belongs to its feed from the answer until the library lets the response go; while it
 * is waiting, the library does not touch it, so whoever holds the feed's lock and
 * finds it waiting may wake it, exactly once. */
#include "server/feed.h"

#include <errno.h>
#include <poll.h>

#include "base/io/clock.h"
#include "server/feed_ring.h"
#include "server/http_int.h"

enum {
	SWEEP_MS = 1000, /* ends of lives and who hung up are looked for so often */
	BEAT_MS = 15000, /* silence is no longer than this */
	BLOCK = 8 << 10,
	SMALL = 128,
	POLL_AT_ONCE = 64
};

struct follower {
	struct hf_feed *feed;
	struct hf_http *http;
	struct MHD_Connection *conn;
	struct hf_conn *at;
	int64_t tag;
	uint64_t place;	     /* in the ring: what it gets next */
	uint64_t ends, beat; /* ms */
	struct hf_sv left;   /* still to be sent: of small, or of hand */
	struct hf_feed_event *hand;
	char small[SMALL];
	bool waiting; /* suspended */
	bool cut;     /* ends without another byte */
	bool parting; /* its last words are in left */
	struct follower *prev, *next;
};

struct hf_feed {
	pthread_mutex_t lock;
	struct hf_feed_ring ring;
	struct follower *followers;
	size_t n_followers, n_waiting;
	unsigned begun;		  /* followers so far, to spread what they do */
	bool stirred, ended;	  /* stirred: those who wait are to be woken */
	uint64_t woken;		  /* ms: when they were last */
	struct hf_feeder *feeder; /* NULL until it is first followed */
	struct hf_feed *next;	  /* of the feeder's */
};

/* One for each server; its feeds keep it, so they may publish after its end. */
struct hf_feeder {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	unsigned refs;
	bool running, stop, stirred;
	struct hf_feed *feeds;
	pthread_t thread;
};

static uint64_t
now_ms(void)
{
	return hf_mono_ns() / 1000000;
}

/* ---- waking; the feed's lock is held ---- */

static void
wake(struct follower *f)
{
	if (!f->waiting)
		return;
	f->waiting = false;
	f->feed->n_waiting--;
	MHD_resume_connection(f->conn);
}

static void
wake_all(struct hf_feed *feed, uint64_t now)
{
	feed->stirred = false;
	feed->woken = now;
	for (struct follower *f = feed->followers; f; f = f->next)
		wake(f);
}

/* A client that went away is not noticed while it is suspended: look for it, or its
 * place stays taken until the next words to it. */
static void
wake_gone(struct follower **list, nfds_t n)
{
	struct pollfd fds[POLL_AT_ONCE];

	for (nfds_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){.fd = list[i]->at->fd, .events = POLLRDHUP};
	if (n == 0 || poll(fds, n, 0) <= 0)
		return;
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) {
			list[i]->cut = true;
			wake(list[i]);
		}
}

static void
sweep(struct hf_feed *feed, uint64_t now)
{
	struct follower *list[POLL_AT_ONCE];
	nfds_t n = 0;

	for (struct follower *f = feed->followers; f; f = f->next) {
		if (now >= f->ends || now >= f->beat)
			wake(f);
		if (!f->waiting || !f->at)
			continue;
		list[n++] = f;
		if (n == POLL_AT_ONCE) {
			wake_gone(list, n);
			n = 0;
		}
	}
	wake_gone(list, n);
}

/* Does what is due; gives when the next is. */
static uint64_t
tend(struct hf_feed *feed, uint64_t now, bool swept)
{
	uint64_t due = UINT64_MAX;

	pthread_mutex_lock(&feed->lock);
	if (feed->stirred && now >= feed->woken + HF_FEED_GAP_MS)
		wake_all(feed, now);
	else if (feed->stirred)
		due = feed->woken + HF_FEED_GAP_MS;
	if (swept)
		sweep(feed, now);
	pthread_mutex_unlock(&feed->lock);
	return due;
}

/* ---- the feeder ---- */

static void
wait_until(struct hf_feeder *d, uint64_t due)
{
	struct timespec at = {.tv_sec = (time_t)(due / 1000),
			      .tv_nsec = (long)(due % 1000) * 1000000};

	if (due == UINT64_MAX)
		pthread_cond_wait(&d->wake, &d->lock);
	else
		(void)pthread_cond_timedwait(&d->wake, &d->lock, &at);
}

static void *
feed_them(void *arg)
{
	struct hf_feeder *d = arg;
	uint64_t next_sweep = 0;

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		uint64_t now = now_ms(), due = UINT64_MAX;
		bool swept = now >= next_sweep;

		if (swept)
			next_sweep = now + SWEEP_MS;
		d->stirred = false;
		for (struct hf_feed *feed = d->feeds; feed; feed = feed->next) {
			uint64_t at = tend(feed, now, swept);

			due = at < due ? at : due;
		}
		if (d->feeds && next_sweep < due)
			due = next_sweep;
		if (!d->stirred)
			wait_until(d, due);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

static void
stir(struct hf_feeder *d)
{
	pthread_mutex_lock(&d->lock);
	d->stirred = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->lock);
}

static void
drop_feeder(struct hf_feeder *d)
{
	bool last;

	pthread_mutex_lock(&d->lock);
	last = --d->refs == 0;
	pthread_mutex_unlock(&d->lock);
	if (!last)
		return;
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

bool
hf_feeder_new(struct hf_http *http)
{
	struct hf_feeder *d = calloc(1, sizeof *d);
	pthread_condattr_t attr;

	if (!d)
		return false;
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&d->wake, &attr);
	pthread_condattr_destroy(&attr);
	d->refs = 1;
	http->feeder = d;
	return true;
}

bool
hf_feeder_start(struct hf_http *http)
{
	struct hf_feeder *d = http->feeder;

	d->running = pthread_create(&d->thread, NULL, feed_them, d) == 0;
	return d->running;
}

void
hf_feeder_stop(struct hf_http *http)
{
	struct hf_feeder *d = http->feeder;

	assert(http->stopping);
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	pthread_cond_signal(&d->wake);
	for (struct hf_feed *feed = d->feeds; feed; feed = feed->next) {
		pthread_mutex_lock(&feed->lock);
		wake_all(feed, now_ms());
		pthread_mutex_unlock(&feed->lock);
	}
	pthread_mutex_unlock(&d->lock);
	if (d->running)
		pthread_join(d->thread, NULL);
	d->running = false;
}

void
hf_feeder_free(struct hf_http *http)
{
	drop_feeder(http->feeder);
	http->feeder = NULL;
}

/* ---- the feed ---- */

struct hf_feed *
hf_feed_new(size_t keep, int64_t seq)
{
	struct hf_feed *feed = calloc(1, sizeof *feed);

	if (!feed)
		return NULL;
	pthread_mutex_init(&feed->lock, NULL);
	hf_ring_init(&feed->ring, keep, seq);
	return feed;
}

static void
unlink_feed(struct hf_feeder *d, struct hf_feed *feed)
{
	struct hf_feed **at = &d->feeds;

	pthread_mutex_lock(&d->lock);
	while (*at != feed)
		at = &(*at)->next;
	*at = feed->next;
	pthread_mutex_unlock(&d->lock);
}

void
hf_feed_free(struct hf_feed *feed)
{
	if (!feed)
		return;
	assert(!feed->followers);
	if (feed->feeder) {
		unlink_feed(feed->feeder, feed);
		drop_feeder(feed->feeder);
	}
	hf_ring_free(&feed->ring);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

/* There is news: true when the feeder has to be told. */
static bool
stirs(struct hf_feed *feed)
{
	if (feed->stirred || feed->n_waiting == 0)
		return false;
	feed->stirred = true;
	return true;
}

void
hf_feed_publish(struct hf_feed *feed, const char *name, struct hf_sv data, int64_t seq)
{
	bool news;

	pthread_mutex_lock(&feed->lock);
	if (!hf_ring_add(&feed->ring, name, data, seq))
		hf_ring_again(&feed->ring, seq);
	news = stirs(feed);
	pthread_mutex_unlock(&feed->lock);
	if (news)
		stir(feed->feeder);
}

void
hf_feed_again(struct hf_feed *feed, int64_t seq)
{
	bool news;

	pthread_mutex_lock(&feed->lock);
	hf_ring_again(&feed->ring, seq);
	news = stirs(feed);
	pthread_mutex_unlock(&feed->lock);
	if (news)
		stir(feed->feeder);
}

void
hf_feed_cut(struct hf_feed *feed, int64_t tag)
{
	pthread_mutex_lock(&feed->lock);
	for (struct follower *f = feed->followers; f; f = f->next)
		if (f->tag == tag && tag != 0) {
			f->cut = true;
			wake(f);
		}
	pthread_mutex_unlock(&feed->lock);
}

void
hf_feeds_cut(struct hf_http *http, int64_t tag)
{
	struct hf_feeder *d = http->feeder;

	pthread_mutex_lock(&d->lock);
	for (struct hf_feed *feed = d->feeds; feed; feed = feed->next)
		hf_feed_cut(feed, tag);
	pthread_mutex_unlock(&d->lock);
}

void
hf_feed_end(struct hf_feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	feed->ended = true;
	wake_all(feed, now_ms());
	pthread_mutex_unlock(&feed->lock);
}

size_t
hf_feed_followers(struct hf_feed *feed)
{
	size_t n;

	pthread_mutex_lock(&feed->lock);
	n = feed->n_followers;
	pthread_mutex_unlock(&feed->lock);
	return n;
}

/* ---- what a connection gets; the feed's lock is held ---- */

static void
say(struct follower *f, size_t n)
{
	assert(n < sizeof f->small);
	f->left = (struct hf_sv){f->small, n};
}

#define SAY(f, ...) say((f), (size_t)snprintf((f)->small, SMALL, __VA_ARGS__))

/* Its time is up.  It comes back at once, but not all at the same moment; who lost the
 * connection otherwise waits longer, see greet(). */
static bool
part(struct follower *f)
{
	if (f->parting)
		return false;
	f->parting = true;
	SAY(f, "retry: %u\n\n", 20 + f->feed->begun++ % 80);
	return true;
}

static void
say_again(struct follower *f)
{
	char id[HF_FEED_ID_TEXT];

	hf_feed_id_write(f->feed->ring.newest, id);
	f->place = f->feed->ring.end;
	SAY(f, "event: again\nid: %s\ndata: {}\n\n", id);
}

static bool
is_over(const struct follower *f)
{
	return f->cut || f->feed->ended || f->http->stopping;
}

/* Takes up what comes next; false when there is nothing now. */
static bool
take_up(struct follower *f, uint64_t now)
{
	struct hf_feed_ring *ring = &f->feed->ring;

	if (now >= f->ends)
		return part(f);
	if (f->place < ring->first) {
		say_again(f);
	} else if (f->place < ring->end) {
		f->hand = hf_ring_take(ring, f->place++);
		f->left = (struct hf_sv){f->hand->text, f->hand->n};
	} else if (now >= f->beat) {
		SAY(f, ":\n\n");
	} else {
		return false;
	}
	return true;
}

static size_t
fill(struct follower *f, char *to, size_t size, uint64_t now)
{
	size_t n = 0;

	while (n < size && (f->left.n != 0 || take_up(f, now))) {
		size_t part = f->left.n < size - n ? f->left.n : size - n;

		memcpy(to + n, f->left.p, part);
		n += part;
		f->left = hf_sv_from_at(f->left, part);
		if (f->left.n == 0) {
			hf_event_drop(f->hand);
			f->hand = NULL;
		}
	}
	return n;
}

/* Waits for the feeder: the watch over slow clients looks away meanwhile. */
static void
rest(struct follower *f)
{
	hf_conn_step(f->at, HF_STEP_OURS);
	f->waiting = true;
	f->feed->n_waiting++;
	MHD_suspend_connection(f->conn);
}

static ssize_t
follower_read(void *cls, uint64_t pos, char *to, size_t size)
{
	struct follower *f = cls;
	ssize_t result = MHD_CONTENT_READER_END_OF_STREAM;
	uint64_t now = now_ms();

	(void)pos;
	pthread_mutex_lock(&f->feed->lock);
	if (!is_over(f)) {
		result = (ssize_t)fill(f, to, size, now);
		if (result == 0 && f->parting)
			result = MHD_CONTENT_READER_END_OF_STREAM;
		else if (result == 0)
			rest(f);
	}
	pthread_mutex_unlock(&f->feed->lock);
	if (result > 0) {
		f->beat = now + BEAT_MS;
		atomic_fetch_add_explicit(&f->http->bytes_out, result,
					  memory_order_relaxed);
		/* So much, and no more, has to be taken in time. */
		hf_conn_step(f->at, HF_STEP_ANSWER);
		hf_conn_moved(f->at, (size_t)result);
	}
	return result;
}

static void
follower_free(void *cls)
{
	struct follower *f = cls;
	struct hf_feed *feed = f->feed;

	pthread_mutex_lock(&feed->lock);
	assert(!f->waiting);
	if (f->prev)
		f->prev->next = f->next;
	else
		feed->followers = f->next;
	if (f->next)
		f->next->prev = f->prev;
	feed->n_followers--;
	hf_event_drop(f->hand);
	atomic_fetch_sub(&f->http->followers, 1);
	pthread_mutex_unlock(&feed->lock);
	free(f);
}

/* ---- the answer ---- */

/* Where it goes on, told at once: who comes back without having got an event names
 * this place.  A text that is no id of ours stands for a place long gone. */
static void
greet(struct follower *f, struct hf_sv last, int64_t after)
{
	const struct hf_feed_ring *ring = &f->feed->ring;
	struct hf_feed_pos seen = {after, HF_FEED_ALL};
	char id[HF_FEED_ID_TEXT];
	bool known = true;

	if (last.n != 0)
		known = hf_feed_id_read(last, &seen);
	else if (after == HF_FEED_NOW)
		seen = ring->newest;
	if (!known || !hf_ring_find(ring, seen, &f->place)) {
		f->place = ring->end;
		seen = ring->newest;
		known = false;
	}
	hf_feed_id_write(seen, id);
	SAY(f, "retry: %u\n%sid: %s\n%s\n", 1500 + f->feed->begun++ % 50 * 40,
	    known ? "" : "event: again\n", id, known ? "" : "data: {}\n");
}

static void
link_feed(struct hf_feeder *d, struct hf_feed *feed)
{
	pthread_mutex_lock(&d->lock);
	pthread_mutex_lock(&feed->lock);
	if (!feed->feeder) {
		feed->feeder = d;
		d->refs++;
		feed->next = d->feeds;
		d->feeds = feed;
		d->stirred = true;
		pthread_cond_signal(&d->wake);
	}
	assert(feed->feeder == d);
	pthread_mutex_unlock(&feed->lock);
	pthread_mutex_unlock(&d->lock);
}

/* false: the feed has ended. */
static bool
join(struct follower *f, struct hf_sv last, int64_t after, uint64_t now)
{
	struct hf_feed *feed = f->feed;
	bool ended;

	pthread_mutex_lock(&feed->lock);
	ended = feed->ended;
	if (!ended) {
		/* Boards that were opened together do not all come back together. */
		f->ends -= (f->ends - now) / 100 * (feed->begun % 16);
		greet(f, last, after);
		f->next = feed->followers;
		if (f->next)
			f->next->prev = f;
		feed->followers = f;
		feed->n_followers++;
		atomic_fetch_add(&f->http->followers, 1);
	}
	pthread_mutex_unlock(&feed->lock);
	return !ended;
}

void
hf_reply_feed(struct hf_req *r, struct hf_feed *feed, const struct hf_feed_ask *ask)
{
	struct hf_sv last = hf_sv_trim(hf_req_header(r, "Last-Event-ID"));
	struct follower *f = calloc(1, sizeof *f);
	struct MHD_Response *response;
	uint64_t now = now_ms();
	unsigned life = ask->lifetime_s ? ask->lifetime_s : HF_FEED_LIFE_S;

	if (!f) {
		hf_http_queue(r, 503, NULL);
		return;
	}
	*f = (struct follower){.feed = feed,
			       .http = r->http,
			       .conn = r->conn,
			       .at = r->at,
			       .tag = ask->tag,
			       .ends = now + life * (uint64_t)1000,
			       .beat = now + BEAT_MS};
	link_feed(r->http->feeder, feed);
	if (!join(f, last, ask->after, now)) {
		free(f);
		hf_reply(r, 204, HF_SV(""));
		return;
	}
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
						     follower_read, f, follower_free);
	if (!response)
		follower_free(f);
	hf_reply_header(r, "Content-Type", HF_SV("text/event-stream"));
	if (!hf_reply_has_header(r, "Cache-Control"))
		hf_reply_header(r, "Cache-Control", HF_SV("no-store"));
	hf_reply_header(r, "X-Accel-Buffering", HF_SV("no"));
	hf_http_queue(r, 200, response);
}

/* http_feed.c - feeds, and the thread that wakes who follows them. */
#include "server/feed_int.h"

#include <poll.h>

#include "base/io/clock.h"

enum {
	SWEEP_MS = 1000, /* ends of lives and who hung up are looked for so often */
	POLL_AT_ONCE = 64
};

static uint64_t
now_ms(void)
{
	return hf_mono_ns() / 1000000;
}

/* ---- waking; the feed's lock is held ---- */

static void
wake(struct hf_follower *f)
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
	for (struct hf_follower *f = feed->followers; f; f = f->next)
		wake(f);
}

/* A client that went away is not noticed while it is suspended: look for it, or its
 * place stays taken until the next words to it. */
static void
wake_gone(struct hf_follower **list, nfds_t n)
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
	struct hf_follower *list[POLL_AT_ONCE];
	nfds_t n = 0;

	for (struct hf_follower *f = feed->followers; f; f = f->next) {
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
	for (struct hf_follower *f = feed->followers; f; f = f->next)
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

void
hf_feed_link(struct hf_feeder *d, struct hf_feed *feed)
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

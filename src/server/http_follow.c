/* http_follow.c - the connections that follow a feed: what each gets, and when it ends.
 */
#include "server/feed_int.h"

#include "base/io/clock.h"

enum {
	BEAT_MS = 15000, /* silence is no longer than this */
	BLOCK = 8 << 10
};

static uint64_t
now_ms(void)
{
	return hf_mono_ns() / 1000000;
}

/* ---- what a connection gets; the feed's lock is held ---- */

static void
say(struct hf_follower *f, size_t n)
{
	assert(n < sizeof f->small);
	f->left = (struct hf_sv){f->small, n};
}

#define SAY(f, ...)                                                                    \
	say((f), (size_t)snprintf((f)->small, sizeof(f)->small, __VA_ARGS__))

/* Its time is up.  It comes back at once, but not all at the same moment; who lost the
 * connection otherwise waits longer, see greet(). */
static bool
part(struct hf_follower *f)
{
	if (f->parting)
		return false;
	f->parting = true;
	SAY(f, "retry: %u\n\n", 20 + f->feed->begun++ % 80);
	return true;
}

static void
say_again(struct hf_follower *f)
{
	char id[HF_FEED_ID_TEXT];

	hf_feed_id_write(f->feed->ring.newest, id);
	f->place = f->feed->ring.end;
	SAY(f, "event: again\nid: %s\ndata: {}\n\n", id);
}

static bool
is_over(const struct hf_follower *f)
{
	return f->cut || f->feed->ended || f->http->stopping;
}

/* Takes up what comes next; false when there is nothing now. */
static bool
take_up(struct hf_follower *f, uint64_t now)
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
fill(struct hf_follower *f, char *to, size_t size, uint64_t now)
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
rest(struct hf_follower *f)
{
	hf_conn_step(f->at, HF_STEP_OURS);
	f->waiting = true;
	f->feed->n_waiting++;
	MHD_suspend_connection(f->conn);
}

static ssize_t
follower_read(void *cls, uint64_t pos, char *to, size_t size)
{
	struct hf_follower *f = cls;
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
	struct hf_follower *f = cls;
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
greet(struct hf_follower *f, struct hf_sv last, int64_t after)
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

/* false: the feed has ended. */
static bool
join(struct hf_follower *f, struct hf_sv last, int64_t after, uint64_t now)
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
	struct hf_follower *f = calloc(1, sizeof *f);
	struct MHD_Response *response;
	uint64_t now = now_ms();
	unsigned life = ask->lifetime_s ? ask->lifetime_s : HF_FEED_LIFE_S;

	if (!f) {
		hf_http_queue(r, 503, NULL);
		return;
	}
	*f = (struct hf_follower){.feed = feed,
				  .http = r->http,
				  .conn = r->conn,
				  .at = r->at,
				  .tag = ask->tag,
				  .ends = now + life * (uint64_t)1000,
				  .beat = now + BEAT_MS};
	hf_feed_link(r->http->feeder, feed);
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

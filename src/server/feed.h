/* feed.h - what is new, sent to many browsers at once and as it happens (server-sent
 * events, EventSource in a page).
 *
 * A feed keeps the newest events in a ring of so many bytes.  A connection is only a
 * place in that ring and one event in hand: however slow it is, it costs no more, and
 * nobody waits for it.  Who falls behind the ring, or comes back too late, gets
 *     event: again
 * (load all anew), and goes on from the newest.  Else each event comes once and in the
 * order of publishing, over any number of reconnections.
 *
 * The id of an event is SEQ, or SEQ.N for the Nth more that was published under the
 * same SEQ (one change, several events); a client gives it back as it came
 * (Last-Event-ID).  Ids never go down: an event published with a smaller SEQ than the
 * newest counts as one more of the newest.
 *
 * Connections without news are suspended and take no thread.  They are woken
 * together, at most once in HF_FEED_GAP_MS: a single event goes out at once, a flood in
 * batches. */
#ifndef HF_SERVER_FEED_H
#define HF_SERVER_FEED_H

#include "base/base.h"

struct hf_feed;
struct hf_http;
struct hf_req;

enum {
	HF_FEED_GAP_MS = 25,
	HF_FEED_EVENT_MAX = 64 << 10, /* bytes of one event's data */
	HF_FEED_LIFE_S = 60
};
#define HF_FEED_NOW INT64_MIN

/* keep: bytes of the ring, 0 for 4 MB.  seq: the newest change there is; what was
 * before it is not in this feed.  NULL without memory. */
struct hf_feed *hf_feed_new(size_t keep, int64_t seq);
/* After hf_http_stop() of the server it was used in, and when nobody publishes any
 * more. NULL is fine. */
void hf_feed_free(struct hf_feed *feed);

/* Sends an event to all that follow, from any thread; waits for no connection.  name is
 * a word; data is JSON.  An event that is too long, or for which there is no memory,
 * becomes `again` for everybody: late is better than wrong. */
void hf_feed_publish(struct hf_feed *feed, const char *name, struct hf_sv data,
		     int64_t seq);
/* Tells everybody to load all anew, and forgets what is kept. */
void hf_feed_again(struct hf_feed *feed, int64_t seq);

struct hf_feed_ask {
	/* Where a client without a Last-Event-ID goes on: behind this change (that of
	 * the page it has loaded), or HF_FEED_NOW. */
	int64_t after;
	int64_t tag;	     /* for hf_feed_cut(): the session; 0: none */
	unsigned lifetime_s; /* it ends then, or up to 15 % sooner; 0: HF_FEED_LIFE_S */
};
/* Answers a request with the feed, as long as it lasts: 200 text/event-stream, or 204
 * (a browser then stays away) once the feed has ended.  It ends after its lifetime,
 * when it is cut, when the client hangs up, with the feed and with the server. */
void hf_reply_feed(struct hf_req *req, struct hf_feed *feed,
		   const struct hf_feed_ask *ask);

/* Ends the connections with this tag, now: nothing more is sent to them. */
void hf_feed_cut(struct hf_feed *feed, int64_t tag);
/* The same in all feeds of a server. */
void hf_feeds_cut(struct hf_http *http, int64_t tag);
/* Ends all connections; there will be no more. */
void hf_feed_end(struct hf_feed *feed);

/* Connections that follow it now. */
size_t hf_feed_followers(struct hf_feed *feed);

#endif

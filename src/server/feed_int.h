/* feed_int.h - what http_feed.c and http_follow.c share; nobody else includes it.
 *
 * Locks: a feeder's before a feed's, a feed's before the library's.  A connection
 * belongs to its feed from the answer until the library lets the response go; while it
 * is waiting, the library does not touch it, so whoever holds the feed's lock and
 * finds it waiting may wake it, exactly once. */
#ifndef HF_SERVER_FEED_INT_H
#define HF_SERVER_FEED_INT_H

#include "server/feed.h"
#include "server/feed_ring.h"
#include "server/http_int.h"

enum { HF_FOLLOWER_SMALL = 128 };

struct hf_follower {
	struct hf_feed *feed;
	struct hf_http *http;
	struct MHD_Connection *conn;
	struct hf_conn *at;
	int64_t tag;
	uint64_t place;	     /* in the ring: what it gets next */
	uint64_t ends, beat; /* ms */
	struct hf_sv left;   /* still to be sent: of small, or of hand */
	struct hf_feed_event *hand;
	char small[HF_FOLLOWER_SMALL];
	bool waiting; /* suspended */
	bool cut;     /* ends without another byte */
	bool parting; /* its last words are in left */
	struct hf_follower *prev, *next;
};

struct hf_feed {
	pthread_mutex_t lock;
	struct hf_feed_ring ring;
	struct hf_follower *followers;
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

/* Makes it one of the feeder's, when it is not yet. */
void hf_feed_link(struct hf_feeder *feeder, struct hf_feed *feed);

#endif

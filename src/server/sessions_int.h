/* sessions_int.h - what the files behind sessions.h share.
 *
 * An entry is never changed but for seen: another one takes its place.  The lock is
 * taken for reading by look-ups and for writing to put entries in and out; nobody
 * waits for a commit while holding it. */
#ifndef HF_SERVER_SESSIONS_INT_H
#define HF_SERVER_SESSIONS_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "server/sessions.h"

enum { HF_SESSION_BUCKETS = 4096, HF_SESSIONS_MOST = 100000 };

struct hf_session_entry {
	struct hf_session_entry *next; /* in its bucket */
	struct hf_seat seat;	       /* texts stand behind the entry */
	_Atomic hf_time seen;
	_Atomic int over; /* enum hf_session_end: a look-up found that it is over */
	hf_time written;  /* seen, as the store has it; of the clerk alone */
};

struct hf_sessions {
	struct hf_sessions_config config;
	struct hf_account_keys keys;
	pthread_rwlock_t lock;
	struct hf_session_entry *buckets[HF_SESSION_BUCKETS];
	size_t n;
	void (*gone)(void *ctx, int64_t id); /* with ctx, under the lock for writing */
	void *gone_ctx;
	pthread_mutex_t changing; /* one changes an account's sessions at a time */
	pthread_t clerk;
	pthread_mutex_t clerk_lock;
	pthread_cond_t clerk_wake;
	bool clerk_stop, clerk_runs;
};

/* Of an entry's text. */
struct hf_session_entry *hf_session_entry_new(const struct hf_seat *seat);
void hf_session_put(struct hf_sessions *t, struct hf_session_entry *entry);
bool hf_session_is_there(struct hf_sessions *t, int64_t id);
/* Takes the session out of the table and frees its entry. */
void hf_session_drop(struct hf_sessions *t, int64_t id);

/* Reads what a session is of.  HF_NOT_FOUND when the account has ended or is gone, or
 * has no such role (any more). */
enum hf_rc hf_seat_read(struct hf_db *db, const struct hf_policy *policy,
			struct hf_sv account, int64_t role, hf_time now,
			struct hf_arena *arena, struct hf_seat *out,
			struct hf_err *err);

/* The thread that writes when sessions were used, and ends those that are over. */
enum hf_rc hf_session_clerk_start(struct hf_sessions *t, struct hf_err *err);
void hf_session_clerk_stop(struct hf_sessions *t);

#endif

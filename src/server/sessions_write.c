/* sessions_write.c - the table of sessions: beginning, changing, ending. */
#include <sodium.h>

#include "access/io/account.h"
#include "access/io/session.h"
#include "base/io/clock.h"
#include "base/io/log.h"
#include "record/io/desk.h"
#include "server/sessions_int.h"

enum { CLERK_S = 60, ROWS_KEPT_DAYS = 400 };

static const hf_time day = 86400000;

struct job {
	struct hf_sessions *t;
	struct hf_session s;
	const struct hf_seat *others; /* of the account, live before */
	size_t n_others;
	int64_t but;
	const char *why;
};

static enum hf_rc
desk(struct hf_sessions *t, struct hf_sv actor, struct hf_sv what,
     enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			 struct hf_err *err),
     void *ctx, struct hf_err *err)
{
	if (!actor.p || !what.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	return hf_store_desk(t->config.store,
			     &(struct hf_desk_job){.actor = actor,
						   .purpose = HF_SV("SIGN_IN"),
						   .what = what,
						   .write = write,
						   .ctx = ctx,
						   .apart = true},
			     err);
}

/* ---- beginning ---- */

static int
least_lately(const void *pa, const void *pb)
{
	const struct hf_seat *a = pa, *b = pb;

	if (a->s.seen != b->s.seen)
		return a->s.seen < b->s.seen ? -1 : 1;
	return a->s.id < b->s.id ? -1 : 1;
}

static enum hf_rc
write_begin(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *j = ctx;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account a;
	enum hf_rc rc = hf_account_get(db, j->s.account, &arena, &a, err);

	if (rc == HF_OK && a.state != HF_ACCOUNT_ACTIVE)
		rc = hf_fail(err, HF_LOGIN, NULL, "the account has ended");
	if (rc == HF_OK) {
		a.signed_in = at;
		rc = hf_account_set(db, &a, err);
	}
	for (size_t i = 0; rc == HF_OK && i < j->n_others; i++)
		rc = hf_session_end(db, j->others[i].s.id, at,
				    hf_session_end_word(HF_SESSION_ELSEWHERE), err);
	j->s.id = change;
	if (rc == HF_OK)
		rc = hf_session_add(db, &j->s, err);
	hf_arena_free(&arena);
	return rc;
}

/* What the account has above what it may: those used least lately. */
static enum hf_rc
find_surplus(struct job *j, hf_time now, struct hf_arena *arena, struct hf_err *err)
{
	unsigned most = j->t->config.limits.concurrent;
	struct hf_seat *list;
	size_t n;
	enum hf_rc rc = hf_sessions_list(j->t, j->s.account, now, HF_SESSIONS_OF_ONE,
					 arena, &list, &n, err);

	if (rc)
		return rc;
	qsort(list, n, sizeof *list, least_lately);
	j->others = list;
	j->n_others = n >= most ? n - most + 1 : 0;
	return HF_OK;
}

static void
new_token(struct hf_session *s, char text[HF_TOKEN_TEXT + 1])
{
	unsigned char bytes[HF_TOKEN_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	hf_session_token(bytes, text);
	hf_session_hash(hf_sv_from(text), s->token);
	sodium_memzero(bytes, sizeof bytes);
}

static enum hf_rc
read_seat(struct hf_sessions *t, struct hf_seat *seat, hf_time now,
	  struct hf_arena *arena, struct hf_err *err)
{
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(t->config.store, &reader, err);

	if (rc)
		return rc;
	rc = hf_seat_read(hf_reader_db(reader), t->config.policy, seat->s.account,
			  seat->s.role, now, arena, seat, err);
	hf_reader_put(reader);
	if (rc == HF_NOT_FOUND)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "the account or the role has ended");
	return rc;
}

static struct hf_sv
first_purpose(const struct hf_sessions *t, const struct hf_seat *seat)
{
	enum hf_purpose p = t->config.policy->purpose[seat->kind->group];

	return hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)p));
}

static hf_time
idle_of(const struct hf_sessions *t, const struct hf_account_role *role)
{
	return role->flags & HF_ROLE_KIOSK ? t->config.limits.idle_kiosk
					   : t->config.limits.idle;
}

static enum hf_rc
put_seat(struct hf_sessions *t, const struct hf_seat *seat, struct hf_err *err)
{
	struct hf_session_entry *e = hf_session_entry_new(seat);

	if (!e)
		return hf_fail(err, HF_BUSY, NULL, "no memory for the session");
	hf_session_put(t, e);
	return HF_OK;
}

enum hf_rc
hf_sessions_begin(struct hf_sessions *t, const struct hf_session_new *n, hf_time now,
		  char token[HF_TOKEN_TEXT + 1], int64_t *id, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_seat seat = {.s = {.account = n->account,
				     .role = n->role,
				     .method = n->method,
				     .assurance = n->assurance,
				     .address = n->address,
				     .created = now,
				     .seen = now,
				     .proved = n->proved,
				     .until = now + t->config.limits.absolute}};
	struct job j = {.t = t};
	enum hf_rc rc;

	pthread_mutex_lock(&t->changing);
	rc = t->n < HF_SESSIONS_MOST
		 ? HF_OK
		 : hf_fail(err, HF_BUSY, NULL, "too many people are signed in");
	if (rc == HF_OK)
		rc = read_seat(t, &seat, now, &arena, err);
	if (rc == HF_OK) {
		seat.s.idle = idle_of(t, &seat.role);
		seat.s.purpose = first_purpose(t, &seat);
		new_token(&seat.s, token);
		j.s = seat.s;
		rc = find_surplus(&j, now, &arena, err);
	}
	if (rc == HF_OK)
		rc =
		    desk(t, hf_arena_printf(&arena, "user/%.*s", HF_SV_ARG(n->account)),
			 hf_arena_printf(&arena, "session begin %.*s role %lld",
					 HF_SV_ARG(n->method), (long long)n->role),
			 write_begin, &j, err);
	if (rc == HF_OK) {
		seat.s.id = j.s.id;
		for (size_t i = 0; i < j.n_others; i++)
			hf_session_drop(t, j.others[i].s.id);
		rc = put_seat(t, &seat, err);
		*id = seat.s.id;
	}
	pthread_mutex_unlock(&t->changing);
	hf_arena_free(&arena);
	return rc;
}

/* ---- changing ---- */

static enum hf_rc
write_change(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	     struct hf_err *err)
{
	const struct job *j = ctx;

	(void)change;
	(void)at;
	return hf_session_set(db, &j->s, err);
}

static void
apply(struct hf_session *s, const struct hf_session_change *c)
{
	if (c->role)
		s->role = c->role;
	if (c->proved)
		s->proved = c->proved;
	if (c->assurance)
		s->assurance = c->assurance;
	if (c->purpose.n) {
		s->purpose = c->purpose;
		s->case_ref = c->case_ref;
	}
}

enum hf_rc
hf_sessions_change(struct hf_sessions *t, struct hf_sv token,
		   const struct hf_session_change *c, hf_time now,
		   char text[HF_TOKEN_TEXT + 1], struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_seat seat = {0};
	struct job j = {.t = t};
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&t->changing);
	if (hf_sessions_look(t, token, now, true, &arena, &seat) != HF_SESSION_LIVE)
		rc = hf_fail(err, HF_LOGIN, NULL, "the session has ended; sign in");
	if (rc == HF_OK) {
		apply(&seat.s, c);
		rc = read_seat(t, &seat, now, &arena, err);
	}
	if (rc == HF_OK && c->role) {
		/* What was chosen for another role does not go with this one. */
		seat.s.purpose = first_purpose(t, &seat);
		seat.s.case_ref = HF_SV("");
		seat.s.idle = idle_of(t, &seat.role);
	}
	if (rc == HF_OK) {
		new_token(&seat.s, text);
		j.s = seat.s;
		rc = desk(
		    t, hf_arena_printf(&arena, "user/%.*s", HF_SV_ARG(seat.s.account)),
		    hf_arena_printf(&arena, "session %s %lld role %lld %.*s", c->what,
				    (long long)seat.s.id, (long long)seat.s.role,
				    HF_SV_ARG(seat.s.purpose)),
		    write_change, &j, err);
	}
	if (rc == HF_OK) {
		hf_session_drop(t, seat.s.id);
		rc = put_seat(t, &seat, err);
	}
	pthread_mutex_unlock(&t->changing);
	hf_arena_free(&arena);
	return rc;
}

/* ---- ending ---- */

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct job *j = ctx;

	(void)change;
	return hf_session_end(db, j->s.id, at, j->why, err);
}

enum hf_rc
hf_sessions_end(struct hf_sessions *t, int64_t id, enum hf_session_end why,
		struct hf_sv actor, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct job j = {.t = t, .s.id = id, .why = hf_session_end_word(why)};
	enum hf_rc rc = HF_OK;

	if (!hf_session_is_there(t, id))
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no such session");
	if (rc == HF_OK)
		rc = desk(t, actor,
			  hf_arena_printf(&arena, "session end %lld %s", (long long)id,
					  j.why),
			  write_end, &j, err);
	if (rc == HF_OK)
		hf_session_drop(t, id);
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
write_end_others(void *ctx, struct hf_db *db, int64_t change, hf_time at,
		 struct hf_err *err)
{
	const struct job *j = ctx;
	enum hf_rc rc = HF_OK;

	(void)change;
	for (size_t i = 0; rc == HF_OK && i < j->n_others; i++)
		if (j->others[i].s.id != j->but)
			rc = hf_session_end(db, j->others[i].s.id, at, j->why, err);
	return rc;
}

enum hf_rc
hf_sessions_end_others(struct hf_sessions *t, struct hf_sv account, int64_t but,
		       enum hf_session_end why, struct hf_sv actor, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct job j = {.t = t, .but = but, .why = hf_session_end_word(why)};
	struct hf_seat *list = NULL;
	enum hf_rc rc;

	pthread_mutex_lock(&t->changing);
	rc = hf_sessions_list(t, account, hf_now(), HF_SESSIONS_OF_ONE, &arena, &list,
			      &j.n_others, err);
	j.others = list;
	if (rc == HF_OK && j.n_others > (but ? 1u : 0u))
		rc = desk(t, actor,
			  hf_arena_printf(&arena, "session end user/%.*s %s",
					  HF_SV_ARG(account), j.why),
			  write_end_others, &j, err);
	for (size_t i = 0; rc == HF_OK && i < j.n_others; i++)
		if (list[i].s.id != but)
			hf_session_drop(t, list[i].s.id);
	pthread_mutex_unlock(&t->changing);
	hf_arena_free(&arena);
	return rc;
}

/* ---- the clerk ---- */

struct seen {
	int64_t id;
	hf_time seen;
	enum hf_session_end end; /* it is over: why */
};

struct round {
	struct seen *items;
	size_t n, size;
	hf_time now;
	bool forget;
};

/* What there is to write; entries are marked as written. */
static void
gather(struct hf_sessions *t, struct round *r)
{
	pthread_rwlock_rdlock(&t->lock);
	r->items = calloc(t->n + 1, sizeof *r->items);
	r->size = r->items ? t->n : 0;
	for (size_t b = 0; b < HF_SESSION_BUCKETS; b++)
		for (struct hf_session_entry *e = t->buckets[b]; e; e = e->next) {
			struct hf_session s = e->seat.s;
			enum hf_session_end end;

			s.seen = atomic_load(&e->seen);
			end = (enum hf_session_end)atomic_load(&e->over);
			if (end == HF_SESSION_LIVE)
				end = (enum hf_session_end)atomic_load(&e->over);
			if (end == HF_SESSION_LIVE)
				end = hf_session_state(&s, r->now);
			if (r->n == r->size ||
			    (end == HF_SESSION_LIVE && s.seen <= e->written))
				continue;
			r->items[r->n++] = (struct seen){s.id, s.seen, end};
			e->written = s.seen;
		}
	pthread_rwlock_unlock(&t->lock);
}

static enum hf_rc
write_round(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct round *r = ctx;
	enum hf_rc rc = HF_OK;

	(void)change;
	for (size_t i = 0; rc == HF_OK && i < r->n; i++) {
		rc = hf_session_see(db, r->items[i].id, r->items[i].seen, err);
		if (rc == HF_OK && r->items[i].end != HF_SESSION_LIVE)
			rc = hf_session_end(db, r->items[i].id, at,
					    hf_session_end_word(r->items[i].end), err);
	}
	if (rc == HF_OK && r->forget)
		rc = hf_session_forget(db, at - ROWS_KEPT_DAYS * day, err);
	return rc;
}

static void
do_round(struct hf_sessions *t, bool forget)
{
	struct round r = {.now = hf_now(), .forget = forget};
	struct hf_err err;

	gather(t, &r);
	if ((r.n || forget) && desk(t, HF_SV("homefirst"), HF_SV("session seen"),
				    write_round, &r, &err) != HF_OK)
		hf_log(HF_LOG_WARN, "sign-in",
		       "the use of sessions was not written: %s", err.text);
	for (size_t i = 0; i < r.n; i++)
		if (r.items[i].end != HF_SESSION_LIVE)
			hf_session_drop(t, r.items[i].id);
	free(r.items);
}

static void *
clerk(void *arg)
{
	struct hf_sessions *t = arg;
	unsigned rounds = 0;

	pthread_mutex_lock(&t->clerk_lock);
	while (!t->clerk_stop) {
		uint64_t until = hf_mono_ns() + CLERK_S * (uint64_t)1000000000;
		struct timespec at = {.tv_sec = (time_t)(until / 1000000000),
				      .tv_nsec = (long)(until % 1000000000)};

		if (pthread_cond_timedwait(&t->clerk_wake, &t->clerk_lock, &at) == 0 ||
		    t->clerk_stop)
			continue;
		pthread_mutex_unlock(&t->clerk_lock);
		do_round(t, ++rounds % (24 * 60) == 0);
		pthread_mutex_lock(&t->clerk_lock);
	}
	pthread_mutex_unlock(&t->clerk_lock);
	do_round(t, false);
	return NULL;
}

enum hf_rc
hf_session_clerk_start(struct hf_sessions *t, struct hf_err *err)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&t->clerk_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->clerk_wake, &attr);
	pthread_condattr_destroy(&attr);
	t->clerk_runs = pthread_create(&t->clerk, NULL, clerk, t) == 0;
	if (!t->clerk_runs)
		return hf_fail(err, HF_FAULT, NULL, "no thread for the sessions");
	return HF_OK;
}

void
hf_session_clerk_stop(struct hf_sessions *t)
{
	if (!t->clerk_runs)
		return;
	pthread_mutex_lock(&t->clerk_lock);
	t->clerk_stop = true;
	pthread_cond_signal(&t->clerk_wake);
	pthread_mutex_unlock(&t->clerk_lock);
	pthread_join(t->clerk, NULL);
	pthread_cond_destroy(&t->clerk_wake);
	pthread_mutex_destroy(&t->clerk_lock);
}

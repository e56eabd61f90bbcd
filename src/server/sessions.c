/* sessions.c - the table of sessions: looking up. */
#include "server/sessions.h"

#include <sodium.h>

#include "access/io/account.h"
#include "access/io/session.h"
#include "base/io/clock.h"
#include "base/io/log.h"
#include "record/io/desk.h"
#include "server/sessions_int.h"

/* ---- entries ---- */

/* The texts of a seat. */
static size_t
texts_of(struct hf_seat *seat, struct hf_sv *out[])
{
	struct hf_sv *all[] = {
	    &seat->s.account,	   &seat->s.method,  &seat->s.purpose,
	    &seat->s.case_ref,	   &seat->s.address, &seat->login,
	    &seat->name,	   &seat->who,	     &seat->role.account,
	    &seat->role.role,	   &seat->role.org,  &seat->role.team,
	    &seat->role.supervisor};

	memcpy(out, all, sizeof all);
	return HF_COUNT(all);
}

enum { TEXTS = 13 };

struct hf_session_entry *
hf_session_entry_new(const struct hf_seat *seat)
{
	struct hf_seat copy = *seat;
	struct hf_session_entry *e;
	struct hf_sv *texts[TEXTS];
	size_t n = texts_of(&copy, texts), bytes = 0;
	char *at;

	assert(n == TEXTS);
	for (size_t i = 0; i < n; i++)
		bytes += texts[i]->n;
	e = calloc(1, sizeof *e + bytes);
	if (!e)
		return NULL;
	at = (char *)(e + 1);
	for (size_t i = 0; i < n; i++) {
		if (texts[i]->n)
			memcpy(at, texts[i]->p, texts[i]->n);
		texts[i]->p = at;
		at += texts[i]->n;
	}
	copy.s.why = (struct hf_sv){"", 0};
	e->seat = copy;
	atomic_init(&e->seen, copy.s.seen);
	e->written = copy.s.seen;
	return e;
}

static size_t
bucket_of(const unsigned char hash[HF_TOKEN_BYTES])
{
	uint32_t v;

	memcpy(&v, hash, sizeof v);
	return v % HF_SESSION_BUCKETS;
}

void
hf_session_put(struct hf_sessions *t, struct hf_session_entry *e)
{
	struct hf_session_entry **bucket = &t->buckets[bucket_of(e->seat.s.token)];

	pthread_rwlock_wrlock(&t->lock);
	e->next = *bucket;
	*bucket = e;
	t->n++;
	pthread_rwlock_unlock(&t->lock);
}

/* Takes out all that keep() does not want; the write lock is held. */
static void
drop_some(struct hf_sessions *t,
	  bool (*is_it)(const struct hf_seat *s, const void *ctx), const void *ctx)
{
	for (size_t b = 0; b < HF_SESSION_BUCKETS; b++) {
		struct hf_session_entry **at = &t->buckets[b];

		while (*at) {
			struct hf_session_entry *e = *at;

			if (!is_it(&e->seat, ctx)) {
				at = &e->next;
				continue;
			}
			*at = e->next;
			t->n--;
			if (t->gone)
				t->gone(t->gone_ctx, e->seat.s.id);
			sodium_memzero(e->seat.s.token, HF_TOKEN_BYTES);
			free(e);
		}
	}
}

static bool
has_id(const struct hf_seat *s, const void *ctx)
{
	return s->s.id == *(const int64_t *)ctx;
}

static bool
has_account(const struct hf_seat *s, const void *ctx)
{
	return hf_sv_eq(s->s.account, *(const struct hf_sv *)ctx);
}

static bool
is_any(const struct hf_seat *s, const void *ctx)
{
	(void)s;
	(void)ctx;
	return true;
}

void
hf_sessions_watch(struct hf_sessions *t, void (*gone)(void *ctx, int64_t id), void *ctx)
{
	pthread_rwlock_wrlock(&t->lock);
	t->gone = gone;
	t->gone_ctx = ctx;
	pthread_rwlock_unlock(&t->lock);
}

void
hf_session_drop(struct hf_sessions *t, int64_t id)
{
	pthread_rwlock_wrlock(&t->lock);
	drop_some(t, has_id, &id);
	pthread_rwlock_unlock(&t->lock);
}

/* ---- looking up ---- */

/* A copy in arena; false when it is full.  A lock is held. */
static bool
copy_seat(const struct hf_session_entry *e, struct hf_arena *arena, struct hf_seat *out)
{
	struct hf_sv *texts[TEXTS];

	*out = e->seat;
	out->s.seen = atomic_load_explicit(&e->seen, memory_order_relaxed);
	texts_of(out, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		*texts[i] = hf_arena_sv(arena, *texts[i]);
		if (!texts[i]->p)
			return false;
	}
	return true;
}

static struct hf_session_entry *
find(struct hf_sessions *t, const unsigned char hash[HF_TOKEN_BYTES])
{
	struct hf_session_entry *e = t->buckets[bucket_of(hash)];

	while (e && sodium_memcmp(e->seat.s.token, hash, HF_TOKEN_BYTES) != 0)
		e = e->next;
	return e;
}

enum hf_session_end
hf_sessions_look(struct hf_sessions *t, struct hf_sv token, hf_time now, bool touch,
		 struct hf_arena *arena, struct hf_seat *out)
{
	enum hf_session_end state = HF_SESSION_SIGNED_OUT;
	unsigned char hash[HF_TOKEN_BYTES];
	struct hf_session_entry *e;

	if (!hf_session_hash(token, hash))
		return HF_SESSION_SIGNED_OUT;
	pthread_rwlock_rdlock(&t->lock);
	e = find(t, hash);
	if (e && copy_seat(e, arena, out)) {
		state = (enum hf_session_end)atomic_load(&e->over);
		if (state == HF_SESSION_LIVE)
			state = hf_session_state(&out->s, now);
	}
	if (state == HF_SESSION_LIVE && touch && now > out->s.seen) {
		atomic_store_explicit(&e->seen, now, memory_order_relaxed);
		out->s.seen = now;
	}
	pthread_rwlock_unlock(&t->lock);
	return state;
}

void
hf_sessions_over(struct hf_sessions *t, struct hf_sv token, enum hf_session_end why)
{
	unsigned char hash[HF_TOKEN_BYTES];
	struct hf_session_entry *e;

	if (!hf_session_hash(token, hash))
		return;
	pthread_rwlock_rdlock(&t->lock);
	e = find(t, hash);
	if (e)
		atomic_store(&e->over, (int)why);
	pthread_rwlock_unlock(&t->lock);
}

bool
hf_session_is_there(struct hf_sessions *t, int64_t id)
{
	bool there = false;

	pthread_rwlock_rdlock(&t->lock);
	for (size_t b = 0; b < HF_SESSION_BUCKETS && !there; b++)
		for (const struct hf_session_entry *e = t->buckets[b]; e; e = e->next)
			there = there || e->seat.s.id == id;
	pthread_rwlock_unlock(&t->lock);
	return there;
}

static int
by_age(const void *pa, const void *pb)
{
	const struct hf_seat *a = pa, *b = pb;

	return a->s.id < b->s.id ? -1 : a->s.id > b->s.id;
}

enum hf_rc
hf_sessions_list(struct hf_sessions *t, struct hf_sv account, hf_time now, size_t max,
		 struct hf_arena *arena, struct hf_seat **out, size_t *n,
		 struct hf_err *err)
{
	struct hf_seat *list = hf_arena_array(arena, max + 1, sizeof *list);
	size_t at = 0;
	bool good = list != NULL;

	pthread_rwlock_rdlock(&t->lock);
	for (size_t b = 0; good && b < HF_SESSION_BUCKETS; b++)
		for (const struct hf_session_entry *e = t->buckets[b];
		     e && good && at < max; e = e->next) {
			if (account.n && !hf_sv_eq(account, e->seat.s.account))
				continue;
			good = copy_seat(e, arena, &list[at]);
			if (good && atomic_load(&e->over) == HF_SESSION_LIVE &&
			    hf_session_state(&list[at].s, now) == HF_SESSION_LIVE)
				at++;
		}
	pthread_rwlock_unlock(&t->lock);
	if (!good)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the sessions");
	qsort(list, at, sizeof *list, by_age);
	*out = list;
	*n = at;
	return HF_OK;
}

/* ---- what a session is of ---- */

enum hf_rc
hf_seat_read(struct hf_db *db, const struct hf_policy *policy, struct hf_sv account,
	     int64_t role, hf_time now, struct hf_arena *arena, struct hf_seat *out,
	     struct hf_err *err)
{
	struct hf_account a;
	enum hf_rc rc = hf_account_get(db, account, arena, &a, err);

	if (rc == HF_OK)
		rc = hf_account_role_get(db, role, arena, &out->role, err);
	if (rc)
		return rc;
	if (a.state != HF_ACCOUNT_ACTIVE)
		return hf_fail(err, HF_NOT_FOUND, NULL, "the account has ended");
	if (!hf_sv_eq(out->role.account, account) ||
	    !hf_account_role_active(&out->role, now))
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "the account does not have this role now");
	out->kind = hf_policy_role(policy, out->role.role);
	if (!out->kind)
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "the role is no longer in roles.json");
	out->login = a.login;
	out->name = a.name;
	out->who = a.who;
	out->demonstration = a.demonstration;
	out->factor = a.totp.n > 0;
	out->password = a.secret.n > 0;
	return HF_OK;
}

static uint64_t
fact_if(bool is, enum hf_fact fact)
{
	return is ? HF_BIT(fact) : 0;
}

static void
role_actor(const struct hf_policy *policy, const struct hf_seat *seat, bool org_active,
	   hf_time now, struct hf_arena *arena, struct hf_actor *out)
{
	*out = (struct hf_actor){
	    .kind = HF_ACTOR_PERSON,
	    .id = hf_arena_printf(arena, "user/%.*s", HF_SV_ARG(seat->role.account)),
	    .name = seat->name,
	    .role = seat->role.role,
	    .group = seat->kind->group,
	    .org = seat->role.org,
	    .team = seat->role.team,
	    .who = seat->who,
	    .supervisor = seat->role.supervisor,
	    .facts =
		HF_BIT(HF_FACT_VALID) |
		fact_if(hf_account_role_active(&seat->role, now), HF_FACT_ROLE_ACTIVE) |
		fact_if(org_active, HF_FACT_ORG_ACTIVE) |
		fact_if(seat->role.flags & HF_ROLE_TRAINED, HF_FACT_TRAINED),
	};
	out->why = policy->purpose[seat->kind->group];
	out->purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)out->why));
}

void
hf_seat_actor(const struct hf_policy *policy, const struct hf_seat *seat,
	      bool org_active, hf_time now, struct hf_arena *arena,
	      struct hf_actor *out)
{
	int why = hf_word_find(HF_WORDS_PURPOSE, seat->s.purpose);

	role_actor(policy, seat, org_active, now, arena, out);
	if (why > 0) {
		out->why = (enum hf_purpose)why;
		out->purpose = seat->s.purpose;
	}
	out->facts |= fact_if(seat->s.assurance >= 2, HF_FACT_MFA) |
		      fact_if(seat->s.case_ref.n > 0, HF_FACT_CASE_REF);
	out->case_ref = seat->s.case_ref;
	out->session = seat->s.id;
	out->proved = seat->s.proved;
}

enum hf_rc
hf_account_actor(struct hf_db *db, const struct hf_policy *policy, struct hf_sv account,
		 int64_t role, hf_time now, struct hf_arena *arena,
		 struct hf_actor *out, struct hf_err *err)
{
	struct hf_seat seat = {0};
	enum hf_rc rc = hf_seat_read(db, policy, account, role, now, arena, &seat, err);

	if (rc == HF_NOT_FOUND)
		return hf_fail(err, HF_LOGIN, NULL,
			       "the account or its role has ended; sign in again");
	if (rc)
		return rc;
	role_actor(policy, &seat, true, now, arena, out);
	return HF_OK;
}

/* ---- making the table ---- */

/* A session as the store has it; one whose account or role has ended is left out. */
static enum hf_rc
load_one(struct hf_sessions *t, struct hf_db *db, const struct hf_session *s,
	 hf_time seen, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_seat seat = {.s = *s};
	struct hf_session_entry *e;
	enum hf_rc rc = hf_seat_read(db, t->config.policy, s->account, s->role,
				     hf_now(), arena, &seat, err);

	if (rc == HF_NOT_FOUND)
		return HF_OK;
	if (rc)
		return rc;
	if (seen > seat.s.seen)
		seat.s.seen = seen;
	e = hf_session_entry_new(&seat);
	if (!e)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the sessions");
	e->written = s->seen;
	hf_session_put(t, e);
	return HF_OK;
}

static enum hf_rc
load_all(struct hf_sessions *t, struct hf_err *err)
{
	struct hf_reader *reader;
	struct hf_session *list = NULL;
	size_t n = 100;
	int64_t after = 0;
	enum hf_rc rc = hf_reader_get(t->config.store, &reader, err);

	if (rc)
		return rc;
	while (rc == HF_OK && n == 100 && t->n < HF_SESSIONS_MOST) {
		struct hf_arena arena = {.cap = 16 << 20};

		rc = hf_session_open_list(hf_reader_db(reader), after, 100, &arena,
					  &list, &n, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			after = list[i].id;
			rc =
			    load_one(t, hf_reader_db(reader), &list[i], 0, &arena, err);
		}
		hf_arena_free(&arena);
	}
	hf_reader_put(reader);
	return rc;
}

enum hf_rc
hf_sessions_new(const struct hf_sessions_config *config, struct hf_sessions **out,
		struct hf_err *err)
{
	struct hf_sessions *t = calloc(1, sizeof *t);
	pthread_rwlockattr_t attr;
	enum hf_rc rc;

	if (!t)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the sessions");
	t->config = *config;
	/* Else whoever begins a session waits as long as others look theirs up. */
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr,
				      PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&t->lock, &attr);
	pthread_rwlockattr_destroy(&attr);
	pthread_mutex_init(&t->changing, NULL);
	rc = hf_account_keys_read(config->data, &t->keys, err);
	if (rc == HF_OK)
		rc = load_all(t, err);
	if (rc == HF_OK)
		rc = hf_session_clerk_start(t, err);
	if (rc) {
		hf_sessions_free(t);
		return rc;
	}
	*out = t;
	return HF_OK;
}

void
hf_sessions_free(struct hf_sessions *t)
{
	if (!t)
		return;
	hf_session_clerk_stop(t);
	t->gone = NULL;
	drop_some(t, is_any, NULL);
	hf_account_keys_wipe(&t->keys);
	pthread_mutex_destroy(&t->changing);
	pthread_rwlock_destroy(&t->lock);
	free(t);
}

const struct hf_session_limits *
hf_sessions_limits(const struct hf_sessions *t)
{
	return &t->config.limits;
}

const struct hf_account_keys *
hf_sessions_keys(const struct hf_sessions *t)
{
	return &t->keys;
}

/* ---- what changed in the store ---- */

static hf_time
seen_of(const struct hf_seat *list, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].s.id == id)
			return list[i].s.seen;
	return 0;
}

void
hf_sessions_changed(struct hf_sessions *t, struct hf_sv account)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_reader *reader;
	struct hf_session *list = NULL;
	struct hf_seat *before = NULL;
	size_t n = 0, n_before = 0;
	struct hf_err err = {0};
	enum hf_rc rc;

	pthread_mutex_lock(&t->changing);
	(void)hf_sessions_list(t, account, hf_now(), HF_SESSIONS_OF_ONE, &arena,
			       &before, &n_before, NULL);
	/* Out first: should the store not answer, nobody stays signed in by it. */
	pthread_rwlock_wrlock(&t->lock);
	drop_some(t, has_account, &account);
	pthread_rwlock_unlock(&t->lock);
	rc = hf_reader_get(t->config.store, &reader, &err);
	if (rc == HF_OK) {
		rc = hf_session_open_of(hf_reader_db(reader), account, &arena, &list,
					&n, &err);
		for (size_t i = 0; rc == HF_OK && i < n; i++)
			rc = load_one(t, hf_reader_db(reader), &list[i],
				      seen_of(before, n_before, list[i].id), &arena,
				      &err);
		hf_reader_put(reader);
	}
	pthread_mutex_unlock(&t->changing);
	if (rc)
		hf_log(HF_LOG_WARN, "sign-in", "sessions were not read again: %s",
		       err.text);
	hf_arena_free(&arena);
}

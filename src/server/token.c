/* token.c - the table of what was handed out.  Chains of entries by the first bytes
 * of their hash; each entry is one block with its texts behind it. */
#include "server/token.h"

#include <pthread.h>
#include <sodium.h>

#include "access/client.h"

enum { CHAINS = 1 << 14, HASH = 32, TEXTS = 12, PACE_MS = 600 * 1000 };

struct entry {
	struct entry *next;
	uint8_t hash[HASH];
	enum hf_ticket kind;
	bool taken;
	bool open;    /* of somebody who proved nothing: bounded apart */
	double level; /* of a pace: how much of it is used up … */
	hf_time at;   /* … at this time */
	struct hf_grant grant;
	char texts[];
};

struct hf_tokens {
	pthread_mutex_t lock;
	struct entry *chains[CHAINS];
	size_t n[2];  /* of those who proved who they are, and of others */
	size_t sweep; /* sweep: the chain that is looked through next */
};

static void
hash_of(struct hf_sv a, struct hf_sv b, uint8_t out[HASH])
{
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)a.p, a.n);
	if (b.p) {
		crypto_hash_sha256_update(&s, (const unsigned char *)"\0", 1);
		crypto_hash_sha256_update(&s, (const unsigned char *)b.p, b.n);
	}
	crypto_hash_sha256_final(&s, out);
}

static size_t
chain_of(const uint8_t hash[HASH])
{
	return ((size_t)hash[0] << 8 | hash[1]) % CHAINS;
}

/* Pointers to the texts of a grant, in one order. */
static void
texts_of(struct hf_grant *g, struct hf_sv *out[TEXTS])
{
	struct hf_sv *const all[TEXTS] = {&g->client,	 &g->org,    &g->role,
					  &g->purpose,	 &g->name,   &g->account,
					  &g->patient,	 &g->family, &g->redirect,
					  &g->challenge, &g->nonce,  &g->state};

	memcpy(out, all, sizeof all);
}

static struct entry *
entry_of(const struct hf_grant *grant)
{
	struct hf_grant copy = *grant;
	struct hf_sv *texts[TEXTS];
	size_t n = 0;
	struct entry *e;
	char *at;

	texts_of(&copy, texts);
	for (size_t i = 0; i < TEXTS; i++)
		n += texts[i]->n;
	e = calloc(1, sizeof *e + n);
	if (!e)
		return NULL;
	e->grant = copy;
	texts_of(&e->grant, texts);
	at = e->texts;
	for (size_t i = 0; i < TEXTS; i++) {
		if (texts[i]->n)
			memcpy(at, texts[i]->p, texts[i]->n);
		texts[i]->p = at;
		at += texts[i]->n;
	}
	return e;
}

/* A copy that outlives the lock. */
static enum hf_rc
copy_out(const struct entry *e, struct hf_arena *arena, struct hf_grant *out,
	 struct hf_err *err)
{
	struct hf_grant copy = e->grant;
	struct hf_sv *texts[TEXTS];

	texts_of(&copy, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		*texts[i] = hf_arena_sv(arena, *texts[i]);
		if (!texts[i]->p)
			return hf_fail(err, HF_TOO_LONG, NULL, "no room for a token");
	}
	*out = copy;
	return HF_OK;
}

static void
release(struct hf_tokens *t, struct entry **at)
{
	struct entry *e = *at;

	*at = e->next;
	t->n[e->open]--;
	free(e);
}

static void
sweep_chain(struct hf_tokens *t, size_t chain, hf_time now)
{
	struct entry **at = &t->chains[chain];

	while (*at) {
		if ((*at)->grant.until <= now)
			release(t, at);
		else
			at = &(*at)->next;
	}
}

/* Puts e in; false when the table is full.  now is when e was made. */
static bool
put(struct hf_tokens *t, struct entry *e, hf_time now)
{
	size_t chain = chain_of(e->hash);
	size_t most = e->open ? HF_TOKENS_OPEN : HF_TOKENS_MAX;

	for (int i = 0; i < 4; i++)
		sweep_chain(t, t->sweep++ % CHAINS, now);
	if (t->n[e->open] >= most)
		for (size_t i = 0; i < CHAINS; i++)
			sweep_chain(t, i, now);
	if (t->n[e->open] >= most)
		return false;
	e->next = t->chains[chain];
	t->chains[chain] = e;
	t->n[e->open]++;
	return true;
}

static struct entry **
find(struct hf_tokens *t, enum hf_ticket kind, const uint8_t hash[HASH])
{
	struct entry **at = &t->chains[chain_of(hash)];

	while (*at &&
	       !((*at)->kind == kind && sodium_memcmp((*at)->hash, hash, HASH) == 0))
		at = &(*at)->next;
	return at;
}

enum hf_rc
hf_tokens_new(struct hf_tokens **out, struct hf_err *err)
{
	struct hf_tokens *t = calloc(1, sizeof *t);

	if (!t)
		return hf_fail(err, HF_FAULT, NULL, "no memory for tokens");
	pthread_mutex_init(&t->lock, NULL);
	*out = t;
	return HF_OK;
}

void
hf_tokens_free(struct hf_tokens *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < CHAINS; i++)
		while (t->chains[i])
			release(t, &t->chains[i]);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

enum hf_rc
hf_tokens_give(struct hf_tokens *t, enum hf_ticket kind, const struct hf_grant *grant,
	       struct hf_arena *arena, struct hf_sv *ticket, struct hf_err *err)
{
	struct hf_sv text = hf_client_random(arena);
	struct entry *e = text.p ? entry_of(grant) : NULL;
	bool kept;

	if (!e)
		return hf_fail(err, HF_FAULT, NULL, "no memory for a token");
	e->kind = kind;
	e->open = kind == HF_TICKET_ASK || kind == HF_TICKET_OIDC;
	hash_of(text, (struct hf_sv){NULL, 0}, e->hash);
	pthread_mutex_lock(&t->lock);
	kept = put(t, e, grant->issued);
	pthread_mutex_unlock(&t->lock);
	if (!kept) {
		free(e);
		return hf_fail(err, HF_BUSY, NULL,
			       "too many tokens are out; they end within minutes");
	}
	*ticket = text;
	return HF_OK;
}

static enum hf_rc
look(struct hf_tokens *t, enum hf_ticket kind, struct hf_sv ticket, hf_time now,
     bool take, struct hf_arena *arena, struct hf_grant *out, struct hf_err *err)
{
	uint8_t hash[HASH];
	struct entry *e;
	enum hf_rc rc;

	hash_of(ticket, (struct hf_sv){NULL, 0}, hash);
	pthread_mutex_lock(&t->lock);
	e = *find(t, kind, hash);
	if (!e || e->grant.until <= now || (e->taken && !take)) {
		rc = hf_fail(err, HF_LOGIN, NULL,
			     "the token is not known here, or it is over");
	} else {
		rc = copy_out(e, arena, out, err);
		if (rc == HF_OK && e->taken)
			rc = hf_fail(err, HF_STALE, NULL, "it was used before");
		if (take)
			e->taken = true;
	}
	pthread_mutex_unlock(&t->lock);
	return rc;
}

enum hf_rc
hf_tokens_look(struct hf_tokens *t, enum hf_ticket kind, struct hf_sv ticket,
	       hf_time now, struct hf_arena *arena, struct hf_grant *out,
	       struct hf_err *err)
{
	return look(t, kind, ticket, now, false, arena, out, err);
}

enum hf_rc
hf_tokens_take(struct hf_tokens *t, enum hf_ticket kind, struct hf_sv ticket,
	       hf_time now, struct hf_arena *arena, struct hf_grant *out,
	       struct hf_err *err)
{
	return look(t, kind, ticket, now, true, arena, out, err);
}

void
hf_tokens_checked(struct hf_tokens *t, struct hf_sv ticket, uint64_t checked)
{
	uint8_t hash[HASH];
	struct entry *e;

	hash_of(ticket, (struct hf_sv){NULL, 0}, hash);
	pthread_mutex_lock(&t->lock);
	e = *find(t, HF_TICKET_ACCESS, hash);
	if (e)
		e->grant.checked = checked;
	pthread_mutex_unlock(&t->lock);
}

void
hf_tokens_drop(struct hf_tokens *t, struct hf_sv ticket)
{
	uint8_t hash[HASH];
	struct entry **at;

	hash_of(ticket, (struct hf_sv){NULL, 0}, hash);
	pthread_mutex_lock(&t->lock);
	at = find(t, HF_TICKET_ACCESS, hash);
	if (*at)
		release(t, at);
	pthread_mutex_unlock(&t->lock);
}

/* Drops what has text at the same place as which in a grant. */
static void
drop_all(struct hf_tokens *t, size_t offset, struct hf_sv text)
{
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < CHAINS; i++) {
		struct entry **at = &t->chains[i];

		while (*at) {
			struct hf_sv has;

			memcpy(&has, (char *)&(*at)->grant + offset, sizeof has);
			if ((*at)->kind != HF_TICKET_MARK && hf_sv_eq(has, text))
				release(t, at);
			else
				at = &(*at)->next;
		}
	}
	pthread_mutex_unlock(&t->lock);
}

void
hf_tokens_drop_family(struct hf_tokens *t, struct hf_sv family)
{
	if (family.n)
		drop_all(t, offsetof(struct hf_grant, family), family);
}

void
hf_tokens_drop_client(struct hf_tokens *t, struct hf_sv client)
{
	drop_all(t, offsetof(struct hf_grant, client), client);
}

/* ---- marks ---- */

/* The mark of whose and name, made when it is not there; NULL when it cannot be. */
static struct entry *
mark(struct hf_tokens *t, struct hf_sv whose, struct hf_sv name, bool open,
     hf_time until, hf_time now, bool *is_new)
{
	struct entry *e;
	uint8_t hash[HASH];

	hash_of(whose, name, hash);
	e = *find(t, HF_TICKET_MARK, hash);
	*is_new = !e || e->grant.until <= now;
	if (e) {
		if (*is_new)
			*e = (struct entry){
			    .next = e->next, .kind = HF_TICKET_MARK, .open = e->open};
	} else {
		e = calloc(1, sizeof *e);
		if (!e)
			return NULL;
		e->kind = HF_TICKET_MARK;
		e->open = open;
		memcpy(e->hash, hash, HASH);
		e->grant.until = until;
		if (!put(t, e, now)) {
			free(e);
			return NULL;
		}
	}
	memcpy(e->hash, hash, HASH);
	if (*is_new)
		e->grant.until = until;
	return e;
}

bool
hf_tokens_first(struct hf_tokens *t, struct hf_sv whose, struct hf_sv name,
		hf_time until, hf_time now)
{
	bool is_new, kept;

	pthread_mutex_lock(&t->lock);
	kept = mark(t, whose, name, false, until, now, &is_new) != NULL;
	pthread_mutex_unlock(&t->lock);
	return kept && is_new;
}

static bool
pace(struct hf_tokens *t, struct hf_sv whose, bool open, int burst, int a_minute,
     hf_time now)
{
	bool is_new, may = false;
	struct entry *e;

	pthread_mutex_lock(&t->lock);
	e = mark(t, whose, HF_SV("pace"), open, now + PACE_MS, now, &is_new);
	if (e) {
		if (is_new)
			e->at = now;
		e->level -= (double)(now - e->at) * a_minute / 60000;
		if (e->level < 0)
			e->level = 0;
		e->at = now;
		e->grant.until = now + PACE_MS;
		may = e->level + 1 <= burst;
		if (may)
			e->level += 1;
	}
	pthread_mutex_unlock(&t->lock);
	return may;
}

bool
hf_tokens_pace(struct hf_tokens *t, struct hf_sv whose, int burst, int a_minute,
	       hf_time now)
{
	return pace(t, whose, false, burst, a_minute, now);
}

bool
hf_tokens_pace_address(struct hf_tokens *t, struct hf_sv address, int burst,
		       int a_minute, hf_time now)
{
	return pace(t, address, true, burst, a_minute, now);
}

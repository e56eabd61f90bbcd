/* throttle.c - who tries too often to sign in has to wait. */
#include "access/throttle.h"

#include <sodium.h>

static const hf_time second = 1000, forget_after = 15 * 60 * 1000;

enum {
	PAIR_FREE = 5,
	PAIR_MOST_S = 300,
	LOGIN_FREE = 20,
	LOGIN_TURN_S = 5,
	ADDRESS_FREE = 60,
	ADDRESS_TURN_S = 2,
	DEVICE_FREE = 10
};

/* ---- slots ---- */

/* What a counter is of: kind, then up to two texts, hashed with the key. */
static uint64_t
key_of(const struct hf_throttle *t, char kind, struct hf_sv a, struct hf_sv b)
{
	unsigned char text[512], hash[crypto_shorthash_BYTES];
	size_t n = 0;
	uint64_t key;

	a.n = a.n > 200 ? 200 : a.n;
	b.n = b.n > 200 ? 200 : b.n;
	text[n++] = (unsigned char)kind;
	text[n++] = (unsigned char)a.n;
	if (a.n)
		memcpy(text + n, a.p, a.n);
	n += a.n;
	if (b.n)
		memcpy(text + n, b.p, b.n);
	n += b.n;
	_Static_assert(sizeof t->key == crypto_shorthash_KEYBYTES, "one size");
	crypto_shorthash(hash, text, n, t->key);
	memcpy(&key, hash, sizeof key);
	return key ? key : 1;
}

static struct hf_throttle_slot *
ways_of(struct hf_throttle *t, uint64_t key)
{
	size_t sets = HF_THROTTLE_SLOTS / HF_THROTTLE_WAYS;

	return t->slots + key % sets * HF_THROTTLE_WAYS;
}

static bool
is_old(const struct hf_throttle_slot *s, hf_time now)
{
	return s->key == 0 || now - s->last >= forget_after || s->last > now;
}

static struct hf_throttle_slot *
find(struct hf_throttle *t, uint64_t key, hf_time now)
{
	struct hf_throttle_slot *ways = ways_of(t, key);

	for (unsigned i = 0; i < HF_THROTTLE_WAYS; i++)
		if (ways[i].key == key && !is_old(&ways[i], now))
			return &ways[i];
	return NULL;
}

/* The slot of key, taken from the one that is the least loss: an old one, else the
 * one with the fewest failures. */
static struct hf_throttle_slot *
take(struct hf_throttle *t, uint64_t key, hf_time now)
{
	struct hf_throttle_slot *ways = ways_of(t, key), *least = ways;

	for (unsigned i = 0; i < HF_THROTTLE_WAYS; i++) {
		if (ways[i].key == key && !is_old(&ways[i], now))
			return &ways[i];
		if (is_old(&ways[i], now))
			ways[i].failures = 0;
		if (ways[i].failures < least->failures)
			least = &ways[i];
	}
	*least = (struct hf_throttle_slot){.key = key};
	return least;
}

static void
count(struct hf_throttle *t, uint64_t key, hf_time now)
{
	struct hf_throttle_slot *s = take(t, key, now);

	if (s->failures < UINT32_MAX)
		s->failures++;
	s->last = now;
}

static void
drop(struct hf_throttle *t, uint64_t key)
{
	struct hf_throttle_slot *ways = ways_of(t, key);

	for (unsigned i = 0; i < HF_THROTTLE_WAYS; i++)
		if (ways[i].key == key)
			ways[i] = (struct hf_throttle_slot){0};
}

/* ---- the counters ---- */

static uint64_t
key_of_pair(const struct hf_throttle *t, const struct hf_throttle_who *w)
{
	return key_of(t, 'p', w->login, w->address);
}

static uint64_t
key_of_login(const struct hf_throttle *t, struct hf_sv login)
{
	return key_of(t, 'l', login, HF_SV(""));
}

static uint64_t
key_of_address(const struct hf_throttle *t, const struct hf_throttle_who *w)
{
	return key_of(t, 'a', w->address, HF_SV(""));
}

static uint64_t
key_of_device(const struct hf_throttle *t, const struct hf_throttle_who *w)
{
	return key_of(t, 'd', w->device, w->login);
}

/* A known device that did not fail too often itself. */
static bool
is_trusted(struct hf_throttle *t, const struct hf_throttle_who *w, hf_time now)
{
	const struct hf_throttle_slot *s;

	if (w->device.n == 0)
		return false;
	s = find(t, key_of_device(t, w), now);
	return !s || s->failures < DEVICE_FREE;
}

static hf_time
wait_of_pair(const struct hf_throttle_slot *s, hf_time now)
{
	hf_time wait = PAIR_MOST_S * second, until;
	uint32_t over;

	if (!s || s->failures < PAIR_FREE)
		return 0;
	over = s->failures - PAIR_FREE;
	if (over < 8 && (second << (over + 1)) < wait)
		wait = second << (over + 1);
	until = s->last + wait;
	return until > now ? until - now : 0;
}

/* A turn every so often; taken when it is let through. */
static hf_time
wait_for_turn(const struct hf_throttle_slot *s, uint32_t free, hf_time turn,
	      hf_time now)
{
	hf_time until;

	if (!s || s->failures < free)
		return 0;
	until = s->allowed + turn;
	return s->allowed && s->allowed <= now && until > now ? until - now : 0;
}

static hf_time
longer(hf_time a, hf_time b)
{
	return a > b ? a : b;
}

hf_time
hf_throttle_ask(struct hf_throttle *t, const struct hf_throttle_who *w, hf_time now)
{
	struct hf_throttle_slot *login, *address;
	hf_time wait;

	if (is_trusted(t, w, now))
		return 0;
	login = find(t, key_of_login(t, w->login), now);
	address = find(t, key_of_address(t, w), now);
	wait = wait_of_pair(find(t, key_of_pair(t, w), now), now);
	wait =
	    longer(wait, wait_for_turn(login, LOGIN_FREE, LOGIN_TURN_S * second, now));
	wait = longer(
	    wait, wait_for_turn(address, ADDRESS_FREE, ADDRESS_TURN_S * second, now));
	if (wait)
		return wait;
	if (login && login->failures >= LOGIN_FREE)
		login->allowed = now;
	if (address && address->failures >= ADDRESS_FREE)
		address->allowed = now;
	return 0;
}

void
hf_throttle_failed(struct hf_throttle *t, const struct hf_throttle_who *w, hf_time now)
{
	if (is_trusted(t, w, now)) {
		count(t, key_of_device(t, w), now);
		return;
	}
	count(t, key_of_pair(t, w), now);
	count(t, key_of_login(t, w->login), now);
	count(t, key_of_address(t, w), now);
}

void
hf_throttle_passed(struct hf_throttle *t, const struct hf_throttle_who *w)
{
	drop(t, key_of_pair(t, w));
	if (w->device.n)
		drop(t, key_of_device(t, w));
}

void
hf_throttle_forgive(struct hf_throttle *t, struct hf_sv login)
{
	drop(t, key_of_login(t, login));
}

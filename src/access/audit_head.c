/* audit_head.c - see audit_head.h. */
#include "access/audit_head.h"

#include <sodium.h>

#include "fhir/json.h"

static_assert(HF_SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES, "Ed25519");
static_assert(HF_SIGN_SECRET == crypto_sign_SECRETKEYBYTES, "Ed25519");
static_assert(HF_SIGN_SIZE == crypto_sign_BYTES, "Ed25519");
static_assert(HF_SIGN_SEED == crypto_sign_SEEDBYTES, "Ed25519");

static const char signs[] = "homefirst audit head 1\n"; /* what a signature is for */
static const char *const whys[] = {"live", "day", "close", "crash"};

void
hf_sign_key_make(const uint8_t seed[HF_SIGN_SEED], struct hf_sign_key *out)
{
	crypto_sign_seed_keypair(out->public, out->secret, seed);
}

const char *
hf_head_why(enum hf_head_why why)
{
	assert(why < HF_COUNT(whys));
	return whys[why];
}

/* Signs or checks the fixed word and text.  Text is bounded, so it fits. */
static size_t
message(struct hf_sv text, char out[HF_HEAD_MAX + sizeof signs])
{
	assert(text.n <= HF_HEAD_MAX);
	memcpy(out, signs, sizeof signs - 1);
	memcpy(out + sizeof signs - 1, text.p, text.n);
	return sizeof signs - 1 + text.n;
}

static void
field_hex(struct hf_buf *out, const char *name, const uint8_t *bytes, size_t n)
{
	char hex[2 * HF_SIGN_SIZE];

	assert(n <= HF_SIGN_SIZE);
	hf_chain_hex(bytes, n, hex);
	hf_buf_printf(out, ",\"%s\":\"%.*s\"", name, (int)(2 * n), hex);
}

void
hf_head_write(const struct hf_head *h, const struct hf_sign_key *key,
	      struct hf_buf *out)
{
	char at[32], day[32], text[HF_HEAD_MAX + sizeof signs];
	uint8_t sig[HF_SIGN_SIZE];
	size_t begin = out->n, n;

	hf_time_format(h->day * 86400000, day, sizeof day);
	hf_time_format(h->at, at, sizeof at);
	/* Numbers of one width, so that the live head is written over in place. */
	hf_buf_printf(out,
		      "{\"head\":\"%016llx\",\"why\":\"%s\",\"day\":\"%.10s\","
		      "\"signed\":\"%s\",\"segment\":\"%016llx\",\"seal\":\"%016llx\","
		      "\"line\":\"%016llx\"",
		      (unsigned long long)h->number, hf_head_why(h->why), day, at,
		      (unsigned long long)h->segment, (unsigned long long)h->chain.seal,
		      (unsigned long long)h->chain.line);
	field_hex(out, "sha256", h->chain.hash, sizeof h->chain.hash);
	field_hex(out, "before", h->before, sizeof h->before);
	field_hex(out, "key", key->public, sizeof key->public);
	if (out->failed)
		return;
	n = message((struct hf_sv){out->p + begin, out->n - begin}, text);
	crypto_sign_detached(sig, NULL, (const unsigned char *)text, n, key->secret);
	field_hex(out, "signature", sig, sizeof sig);
	hf_buf_lit(out, "}\n");
}

/* The members in their order; a text that is written otherwise is no head. */
static bool
take_text(struct hf_sv *s, const char *name, size_t n, struct hf_sv *out)
{
	char start[32];
	int len = snprintf(start, sizeof start, "\"%s\":\"", name);

	if (!hf_sv_starts(*s, (struct hf_sv){start, (size_t)len}))
		return false;
	*s = hf_sv_from_at(*s, (size_t)len);
	if (n == 0)
		n = hf_sv_find(*s, '"');
	if (s->n < n + 2 || s->p[n] != '"')
		return false;
	*out = (struct hf_sv){s->p, n};
	*s = hf_sv_from_at(*s, n + 1);
	if (s->p[0] == ',')
		*s = hf_sv_from_at(*s, 1);
	return true;
}

static bool
take_number(struct hf_sv *s, const char *name, uint64_t *out)
{
	struct hf_sv text;
	uint8_t bytes[8];
	uint64_t v = 0;

	if (!take_text(s, name, 16, &text) || !hf_chain_unhex(text, bytes, 8))
		return false;
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | bytes[i];
	*out = v;
	return true;
}

static bool
take_bytes(struct hf_sv *s, const char *name, uint8_t *out, size_t n)
{
	struct hf_sv text;

	return take_text(s, name, 2 * n, &text) && hf_chain_unhex(text, out, n);
}

static bool
take_why(struct hf_sv *s, enum hf_head_why *out)
{
	struct hf_sv text;

	if (!take_text(s, "why", 0, &text))
		return false;
	for (size_t i = 0; i < HF_COUNT(whys); i++)
		if (hf_sv_eq(text, hf_sv_from(whys[i]))) {
			*out = (enum hf_head_why)i;
			return true;
		}
	return false;
}

static bool
take_time(struct hf_sv *s, const char *name, size_t n, struct hf_date *out)
{
	struct hf_sv text;

	return take_text(s, name, n, &text) && hf_date_parse(text, false, out);
}

static bool
take_day(struct hf_sv *s, int64_t *out)
{
	struct hf_date date;

	if (!take_time(s, "day", 10, &date))
		return false;
	*out = hf_london_day(date.lo);
	return true;
}

bool
hf_head_read(struct hf_sv text, struct hf_head *out)
{
	struct hf_head h = {0};
	struct hf_sv s = text;
	struct hf_date at;
	uint8_t sig[HF_SIGN_SIZE];
	char signed_text[HF_HEAD_MAX + sizeof signs];
	size_t end, n;

	if (text.n > HF_HEAD_MAX || !hf_sv_starts(s, HF_SV("{")))
		return false;
	s = hf_sv_from_at(s, 1);
	if (!take_number(&s, "head", &h.number) || !take_why(&s, &h.why) ||
	    !take_day(&s, &h.day) || !take_time(&s, "signed", 0, &at) ||
	    !take_number(&s, "segment", &h.segment) ||
	    !take_number(&s, "seal", &h.chain.seal) ||
	    !take_number(&s, "line", &h.chain.line) ||
	    !take_bytes(&s, "sha256", h.chain.hash, sizeof h.chain.hash) ||
	    !take_bytes(&s, "before", h.before, sizeof h.before) ||
	    !take_bytes(&s, "key", h.public, sizeof h.public))
		return false;
	/* The comma before the signature was taken already. */
	end = (size_t)(s.p - text.p) - 1;
	if (!take_bytes(&s, "signature", sig, sizeof sig) || !hf_sv_is(s, "}\n"))
		return false;
	n = message((struct hf_sv){text.p, end}, signed_text);
	if (crypto_sign_verify_detached(sig, (const unsigned char *)signed_text, n,
					h.public) != 0)
		return false;
	h.at = at.lo;
	*out = h;
	return true;
}

bool
hf_head_hash(struct hf_sv text, uint8_t out[HF_HASH_SIZE])
{
	return hf_chain_sha256(text, HF_SV(""), out);
}

void
hf_head_meet(struct hf_head_list *heads, const struct hf_chain *seal, uint64_t segment)
{
	/* Seals come in order and so do heads: a few may state the same one. */
	size_t lo = 0, hi = heads->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (heads->items[mid].chain.seal < seal->seal)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < heads->n && heads->items[lo].chain.seal == seal->seal; lo++) {
		const struct hf_head *h = &heads->items[lo];

		if (h->segment == segment && h->chain.line == seal->line &&
		    memcmp(h->chain.hash, seal->hash, sizeof seal->hash) == 0)
			heads->met[lo] = true;
	}
}

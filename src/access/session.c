/* session.c - how long somebody stays signed in. */
#include "access/session.h"

#include <sodium.h>

static const hf_time minute = 60000;

const struct hf_session_limits hf_session_limits_default = {
    .idle = 15 * minute,
    .idle_kiosk = 5 * minute,
    .absolute = 720 * minute,
    .prove = 5 * minute,
    .pending = 5 * minute,
    .concurrent = 3,
};

static const struct {
	const char *word, *text;
} ends[HF_SESSION_ENDS] = {
    {"", ""},
#define HF_SESSION_END(name, text) {#name, text},
#include "access/session.def"
#undef HF_SESSION_END
};

const char *
hf_session_end_word(enum hf_session_end end)
{
	return ends[end].word;
}

const char *
hf_session_end_text(enum hf_session_end end)
{
	return ends[end].text;
}

enum hf_session_end
hf_session_state(const struct hf_session *s, hf_time now)
{
	if (s->ended) {
		for (int e = 1; e < HF_SESSION_ENDS; e++)
			if (hf_sv_eq(s->why, hf_sv_from(ends[e].word)))
				return (enum hf_session_end)e;
		return HF_SESSION_SIGNED_OUT;
	}
	if (now >= s->until)
		return HF_SESSION_OVER;
	/* A clock that was set back makes no session longer. */
	if (now >= s->seen + s->idle || now < s->created - minute)
		return HF_SESSION_IDLE;
	return HF_SESSION_LIVE;
}

hf_time
hf_session_idle_end(const struct hf_session *s)
{
	hf_time end = s->seen + s->idle;

	return end < s->until ? end : s->until;
}

bool
hf_session_is_proved(hf_time proved, const struct hf_session_limits *limits,
		     hf_time now)
{
	return proved > 0 && proved <= now + minute && now - proved < limits->prove;
}

bool
hf_session_case_ref(struct hf_sv text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' ||
		      c == '_'))
			return false;
	}
	return text.n >= 3 && text.n <= HF_CASE_REF_MAX;
}

void
hf_session_token(const unsigned char bytes[HF_TOKEN_BYTES], char out[HF_TOKEN_TEXT + 1])
{
	_Static_assert(
	    HF_TOKEN_TEXT + 1 ==
		sodium_base64_ENCODED_LEN(HF_TOKEN_BYTES,
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	    "length of the text");
	sodium_bin2base64(out, HF_TOKEN_TEXT + 1, bytes, HF_TOKEN_BYTES,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool
is_token(struct hf_sv t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return t.n == HF_TOKEN_TEXT;
}

bool
hf_session_hash(struct hf_sv token, unsigned char out[HF_TOKEN_BYTES])
{
	_Static_assert(HF_TOKEN_BYTES == crypto_hash_sha256_BYTES, "one size");
	if (!is_token(token))
		return false;
	crypto_hash_sha256(out, (const unsigned char *)token.p, token.n);
	return true;
}

void
hf_session_csrf(struct hf_sv token, char out[HF_CSRF_TEXT + 1])
{
	static const unsigned char what[] = "homefirst csrf 1";
	unsigned char bytes[32];

	assert(token.n == HF_TOKEN_TEXT);
	crypto_generichash(bytes, sizeof bytes, what, sizeof what - 1,
			   (const unsigned char *)token.p, token.n);
	sodium_bin2base64(out, HF_CSRF_TEXT + 1, bytes, sizeof bytes,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

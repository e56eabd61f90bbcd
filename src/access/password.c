/* password.c - what a password must be, and how it is kept. */
#include "access/password.h"

#include <sodium.h>

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* Bytes that begin a character of UTF-8. */
static size_t
characters(struct hf_sv s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
same_at(struct hf_sv text, size_t at, struct hf_sv part)
{
	for (size_t i = 0; i < part.n; i++)
		if (lower(text.p[at + i]) != lower(part.p[i]))
			return false;
	return true;
}

/* Does text hold part, whatever the case?  Short parts do not count. */
static bool
holds(struct hf_sv text, struct hf_sv part)
{
	if (part.n < 4 || part.n > text.n)
		return false;
	for (size_t at = 0; at + part.n <= text.n; at++)
		if (same_at(text, at, part))
			return true;
	return false;
}

static bool
holds_a_word_of(struct hf_sv password, struct hf_sv name)
{
	while (name.n)
		if (holds(password, hf_sv_cut(&name, ' ')))
			return true;
	return false;
}

/* How many different characters, and how many that do not just go on from the one
 * before (aaaa, 1234, dcba). */
static bool
is_monotonous(struct hf_sv p)
{
	bool seen[256] = {false};
	size_t different = 0, turns = 0;

	for (size_t i = 0; i < p.n; i++) {
		unsigned char c = (unsigned char)lower(p.p[i]);
		int step = i ? c - (unsigned char)lower(p.p[i - 1]) : 2;

		different += !seen[c];
		seen[c] = true;
		turns += step < -1 || step > 1;
	}
	return different < 5 || turns < 4;
}

/* What people take when twelve characters are asked for: such a word, and hardly
 * anything besides. */
static bool
is_common(struct hf_sv p)
{
	static const char *const words[] = {
	    "password", "passwort", "passw0rd",	     "p4ssword",  "p@ssword",
	    "qwerty",	"qwertz",   "azerty",	     "letmein",	  "welcome",
	    "iloveyou", "monkey",   "dragon",	     "football",  "liverpool",
	    "arsenal",	"chelsea",  "sunshine",	     "princess",  "superman",
	    "trustno1", "changeme", "administrator", "hospital",  "surgery",
	    "doctor",	"nurse",    "secret",	     "homefirst", "summer",
	    "winter",	"spring",   "autumn",	     "january",	  "february",
	    "october",	"november", "december",	     "christmas", "1q2w3e4r",
	    "asdfgh",
	};
	size_t least = p.n;

	for (size_t i = 0; i < HF_COUNT(words); i++) {
		struct hf_sv word = hf_sv_from(words[i]);
		size_t left = p.n, at = 0;

		/* All of its places are taken off: passwordpassword is common too. */
		while (at + word.n <= p.n)
			if (same_at(p, at, word)) {
				left -= word.n;
				at += word.n;
			} else {
				at++;
			}
		if (left < p.n && left < least)
			least = left;
	}
	return least < p.n && least < 8;
}

enum hf_rc
hf_password_check(struct hf_sv p, struct hf_sv login, struct hf_sv name,
		  struct hf_err *err)
{
	const char *wrong = NULL;

	if (p.n > HF_PASSWORD_MAX)
		return hf_fail(err, HF_RULE, "password",
			       "a password has at most %d bytes", HF_PASSWORD_MAX);
	if (characters(p) < HF_PASSWORD_MIN)
		return hf_fail(err, HF_RULE, "password",
			       "a password has at least %d characters; three or four "
			       "words that do not belong together are easy to keep in "
			       "mind",
			       HF_PASSWORD_MIN);
	if (holds(p, login) || holds_a_word_of(p, name))
		wrong = "it holds your name or login";
	else if (is_monotonous(p))
		wrong = "it repeats a few characters or counts them up";
	else if (is_common(p))
		wrong = "it is one that is tried first";
	if (wrong)
		return hf_fail(err, HF_RULE, "password", "choose another password: %s",
			       wrong);
	return HF_OK;
}

enum hf_rc
hf_password_hash(struct hf_sv password, char out[HF_PASSWORD_STRING],
		 struct hf_err *err)
{
	_Static_assert(HF_PASSWORD_STRING >= crypto_pwhash_STRBYTES, "room for it");
	if (crypto_pwhash_str(out, password.p, password.n, HF_PASSWORD_PASSES,
			      HF_PASSWORD_MEMORY) != 0)
		return hf_fail(err, HF_BUSY, NULL,
			       "no memory to work the password out; try again");
	return HF_OK;
}

/* A string that no password belongs to, with the costs of a good one. */
static bool
spend_the_time(struct hf_sv password)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES] = "homefirst none";
	unsigned char out[32];
	int rc = crypto_pwhash(out, sizeof out, password.p, password.n, salt,
			       HF_PASSWORD_PASSES, HF_PASSWORD_MEMORY,
			       crypto_pwhash_ALG_ARGON2ID13);

	sodium_memzero(out, sizeof out);
	return rc == 0;
}

bool
hf_password_is(struct hf_sv password, struct hf_sv string)
{
	char text[crypto_pwhash_STRBYTES] = {0};
	bool is;

	if (password.n > HF_PASSWORD_MAX)
		password.n = HF_PASSWORD_MAX + 1; /* nobody's: none so long is kept */
	if (string.n == 0 || string.n >= sizeof text ||
	    !hf_sv_starts(string, HF_SV(crypto_pwhash_STRPREFIX))) {
		(void)spend_the_time(password);
		return false;
	}
	memcpy(text, string.p, string.n);
	is = crypto_pwhash_str_verify(text, password.p, password.n) == 0;
	sodium_memzero(text, sizeof text);
	return is;
}

bool
hf_password_is_old(struct hf_sv string)
{
	char text[crypto_pwhash_STRBYTES] = {0};

	if (string.n == 0 || string.n >= sizeof text)
		return true;
	memcpy(text, string.p, string.n);
	return crypto_pwhash_str_needs_rehash(text, HF_PASSWORD_PASSES,
					      HF_PASSWORD_MEMORY) != 0;
}

void
hf_password_one_time(const unsigned char bytes[10], char out[HF_ONE_TIME_LEN + 1])
{
	size_t at = 0;

	for (unsigned i = 0; i < 16; i++) {
		unsigned bit = i * 5, byte = bit / 8, shift = bit % 8;
		unsigned two = (unsigned)bytes[byte] << 8 |
			       (byte + 1 < 10 ? (unsigned)bytes[byte + 1] : 0u);

		if (i && i % 4 == 0)
			out[at++] = '-';
		out[at++] = crockford[two >> (11 - shift) & 31];
	}
	out[at] = '\0';
	assert(at == HF_ONE_TIME_LEN);
}

/* totp.c - one-time codes by time, and recovery codes. */
#include <openssl/evp.h> /* first: base/banned.h poisons a name it uses */
#include <openssl/hmac.h>

#include "access/totp.h"

#include <sodium.h>

uint32_t
hf_totp_code(struct hf_sv secret, int64_t step, unsigned digits)
{
	unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned n = 0, at;
	uint32_t code, limit = 1;

	assert(secret.n <= 64 && digits >= 6 && digits <= 8);
	for (unsigned i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret.p, (int)secret.n, counter, sizeof counter, mac,
		  &n) ||
	    n != 20)
		abort(); /* a library without HMAC-SHA-1 */
	at = mac[19] & 15u;
	code = (uint32_t)(mac[at] & 0x7fu) << 24 | (uint32_t)mac[at + 1] << 16 |
	       (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	sodium_memzero(mac, sizeof mac);
	while (digits--)
		limit *= 10;
	return code % limit;
}

static bool
six_digits(struct hf_sv text, char out[6])
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == ' ')
			continue;
		if (text.p[i] < '0' || text.p[i] > '9' || n == 6)
			return false;
		out[n++] = text.p[i];
	}
	return n == 6;
}

bool
hf_totp_check(struct hf_sv secret, struct hf_sv text, hf_time now, int64_t last,
	      int64_t *step)
{
	int64_t at = now / HF_TOTP_STEP_MS, found = -1;
	char given[6], good[16];

	if (secret.n != HF_TOTP_SECRET || !six_digits(text, given))
		return false;
	for (int64_t s = at - 1; s <= at + 1; s++) {
		snprintf(good, sizeof good, "%06u", hf_totp_code(secret, s, 6));
		if (sodium_memcmp(good, given, 6) == 0 && s > last)
			found = s;
	}
	sodium_memzero(good, sizeof good);
	if (found < 0)
		return false;
	*step = found;
	return true;
}

/* bits of bytes from at on, five at a time. */
static unsigned
five(const unsigned char *bytes, size_t n, size_t at)
{
	size_t byte = at * 5 / 8, shift = at * 5 % 8;
	unsigned two = (unsigned)bytes[byte] << 8 |
		       (byte + 1 < n ? (unsigned)bytes[byte + 1] : 0u);

	return two >> (11 - shift) & 31;
}

void
hf_totp_base32(struct hf_sv secret, char out[HF_TOTP_BASE32])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	assert(secret.n == HF_TOTP_SECRET);
	for (size_t i = 0; i < HF_TOTP_BASE32 - 1; i++)
		out[i] = letters[five((const unsigned char *)secret.p, secret.n, i)];
	out[HF_TOTP_BASE32 - 1] = '\0';
}

static void
put_percent(struct hf_buf *b, struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')
			hf_buf_char(b, (char)c);
		else
			hf_buf_printf(b, "%%%02X", c);
	}
}

struct hf_sv
hf_totp_uri(struct hf_sv secret, struct hf_sv place, struct hf_sv login,
	    struct hf_arena *arena)
{
	char text[HF_TOTP_BASE32];
	struct hf_buf b = {.cap = 2048};
	struct hf_sv out;

	hf_totp_base32(secret, text);
	hf_buf_lit(&b, "otpauth://totp/");
	put_percent(&b, place);
	hf_buf_char(&b, ':');
	put_percent(&b, login);
	hf_buf_printf(&b, "?secret=%s&issuer=", text);
	put_percent(&b, place);
	hf_buf_lit(&b, "&algorithm=SHA1&digits=6&period=30");
	out = b.failed ? (struct hf_sv){NULL, 0} : hf_arena_sv(arena, hf_buf_view(&b));
	sodium_memzero(text, sizeof text);
	if (b.p)
		sodium_memzero(b.p, b.size);
	hf_buf_free(&b);
	return out;
}

/* ---- recovery codes ---- */

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { LETTERS = 12 };

void
hf_recovery_code(const unsigned char bytes[8], char out[HF_RECOVERY_LEN + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < LETTERS; i++) {
		if (i && i % 4 == 0)
			out[n++] = '-';
		out[n++] = crockford[five(bytes, 8, i)];
	}
	out[n] = '\0';
	assert(n == HF_RECOVERY_LEN);
}

static char
as_meant(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 32);
	if (c == 'o')
		return '0';
	return c == 'i' || c == 'l' ? '1' : c;
}

bool
hf_recovery_hash(struct hf_sv typed, const unsigned char key[32],
		 char out[HF_RECOVERY_HASH + 1])
{
	unsigned char hash[HF_RECOVERY_HASH / 2];
	char letters[LETTERS];
	size_t n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		char c = as_meant(typed.p[i]);

		if (c == '-' || c == ' ')
			continue;
		if (n == LETTERS || !memchr(crockford, c, 32))
			return false;
		letters[n++] = c;
	}
	if (n != LETTERS)
		return false;
	crypto_generichash(hash, sizeof hash, (const unsigned char *)letters, LETTERS,
			   key, 32);
	sodium_bin2hex(out, HF_RECOVERY_HASH + 1, hash, sizeof hash);
	sodium_memzero(letters, sizeof letters);
	return true;
}

struct hf_sv
hf_recovery_use(struct hf_sv kept, const char hash[HF_RECOVERY_HASH + 1],
		struct hf_arena *arena)
{
	struct hf_sv rest = kept;
	char *left = hf_arena_alloc(arena, kept.n + 1);
	bool found = false;
	size_t n = 0;

	if (!left)
		return (struct hf_sv){NULL, 0};
	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, ' ');

		if (one.n == HF_RECOVERY_HASH &&
		    sodium_memcmp(one.p, hash, HF_RECOVERY_HASH) == 0) {
			found = true;
			continue;
		}
		if (n)
			left[n++] = ' ';
		memcpy(left + n, one.p, one.n);
		n += one.n;
	}
	if (!found)
		return (struct hf_sv){NULL, 0};
	return (struct hf_sv){left, n};
}

size_t
hf_recovery_left(struct hf_sv kept)
{
	return kept.n ? (kept.n + 1) / (HF_RECOVERY_HASH + 1) : 0;
}

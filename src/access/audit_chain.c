/* audit_chain.c - sealing and checking the audit. */
#include <openssl/evp.h> /* first: base/banned.h poisons a name it uses */

#include "access/audit_chain.h"

static const char seal_start[] = "{\"seal\":";
static const char head_start[] = "{\"segment\":";

bool
hf_chain_sha256(struct hf_sv a, struct hf_sv b, uint8_t out[HF_HASH_SIZE])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t hash[HF_HASH_SIZE];
	unsigned n = 0;
	bool ok;

	if (!md)
		return false;
	ok = EVP_DigestInit_ex(md, EVP_sha256(), NULL) &&
	     EVP_DigestUpdate(md, a.p, a.n) && EVP_DigestUpdate(md, b.p, b.n) &&
	     EVP_DigestFinal_ex(md, hash, &n) && n == sizeof hash;
	EVP_MD_CTX_free(md);
	if (ok)
		memcpy(out, hash, sizeof hash);
	return ok;
}

/* type NULL: md has been used for it before, which spares looking it up. */
static bool
link_line(EVP_MD_CTX *md, const EVP_MD *type, struct hf_chain *chain, struct hf_sv line)
{
	char hex[HF_HASH_HEX];
	unsigned n = 0;

	hf_chain_hex(chain->hash, sizeof chain->hash, hex);
	if (!EVP_DigestInit_ex(md, type, NULL) ||
	    !EVP_DigestUpdate(md, hex, sizeof hex) ||
	    !EVP_DigestUpdate(md, line.p, line.n) ||
	    !EVP_DigestFinal_ex(md, chain->hash, &n))
		return false;
	assert(n == sizeof chain->hash);
	chain->line++;
	return true;
}

bool
hf_chain_lines(struct hf_chain *chain, struct hf_sv bytes)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	const EVP_MD *type = EVP_sha256();
	struct hf_chain next = *chain;
	bool ok = md != NULL;

	for (; ok && bytes.n; type = NULL)
		ok = link_line(md, type, &next, hf_sv_cut(&bytes, '\n'));
	EVP_MD_CTX_free(md);
	if (ok)
		*chain = next;
	return ok;
}

bool
hf_chain_link(struct hf_chain *chain, struct hf_sv line)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct hf_chain next = *chain;
	bool ok = md && link_line(md, EVP_sha256(), &next, line);

	EVP_MD_CTX_free(md);
	if (ok)
		*chain = next;
	return ok;
}

bool
hf_chain_add(struct hf_chain *chain, struct hf_sv bytes)
{
	struct hf_sv before = {(const char *)chain->hash, sizeof chain->hash};

	if (!hf_chain_sha256(before, bytes, chain->hash))
		return false;
	chain->seal++;
	return true;
}

void
hf_chain_hex(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hf_chain_unhex(struct hf_sv text, uint8_t *out, size_t n)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = digit(text.p[2 * i]), low = digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

/* The readers below take what they know off *s, or give false. */
static bool
take(struct hf_sv *s, const char *text)
{
	struct hf_sv t = hf_sv_from(text);

	if (!hf_sv_starts(*s, t))
		return false;
	*s = hf_sv_from_at(*s, t.n);
	return true;
}

static bool
take_number(struct hf_sv *s, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < s->n && i < 18 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		v = v * 10 + (uint64_t)(s->p[i] - '0');
	if (i == 0)
		return false;
	*s = hf_sv_from_at(*s, i);
	*out = v;
	return true;
}

static bool
take_hash(struct hf_sv *s, uint8_t hash[HF_HASH_SIZE])
{
	if (s->n < HF_HASH_HEX ||
	    !hf_chain_unhex((struct hf_sv){s->p, HF_HASH_HEX}, hash, HF_HASH_SIZE))
		return false;
	*s = hf_sv_from_at(*s, HF_HASH_HEX);
	return true;
}

void
hf_chain_seal_line(const struct hf_chain *chain, uint64_t to, bool recovered,
		   struct hf_buf *out)
{
	char hex[HF_HASH_HEX];

	hf_chain_hex(chain->hash, sizeof chain->hash, hex);
	hf_buf_printf(out, "%s%llu,\"to\":%llu,\"line\":%llu,\"sha256\":\"%.*s\"%s}\n",
		      seal_start, (unsigned long long)chain->seal,
		      (unsigned long long)to, (unsigned long long)chain->line,
		      (int)sizeof hex, hex, recovered ? ",\"recovered\":true" : "");
}

bool
hf_chain_seal_parse(struct hf_sv line, struct hf_chain_seal *out)
{
	struct hf_chain_seal seal = {.to = 0};

	if (!take(&line, seal_start) || !take_number(&line, &seal.chain.seal) ||
	    !take(&line, ",\"to\":") || !take_number(&line, &seal.to))
		return false;
	if (take(&line, ",\"line\":") && !take_number(&line, &seal.chain.line))
		return false;
	if (!take(&line, ",\"sha256\":\"") || !take_hash(&line, seal.chain.hash) ||
	    !take(&line, "\""))
		return false;
	seal.recovered = take(&line, ",\"recovered\":true");
	if (!take(&line, "}") || line.n)
		return false;
	*out = seal;
	return true;
}

void
hf_chain_head_line(uint64_t segment, const char *opened, struct hf_buf *out)
{
	hf_buf_printf(out, "%s%llu,\"opened\":\"%s\",\"format\":%d}\n", head_start,
		      (unsigned long long)segment, opened, HF_CHAIN_FORMAT);
}

bool
hf_chain_head_parse(struct hf_sv bytes, uint64_t *segment, unsigned *format)
{
	struct hf_sv s = hf_sv_cut(&bytes, '\n');
	uint64_t number, f;

	if (!take(&s, head_start) || !take_number(&s, &number) ||
	    !take(&s, ",\"opened\":\""))
		return false;
	s = hf_sv_from_at(s, hf_sv_find(s, '"'));
	if (!take(&s, "\",\"format\":") || !take_number(&s, &f) || !take(&s, "}") ||
	    s.n || f < 1 || f > HF_CHAIN_FORMAT)
		return false;
	*segment = number;
	*format = (unsigned)f;
	return true;
}

/* Cuts a line off *rest, newline left out; false when no whole line is left. */
static bool
next_line(struct hf_sv *rest, struct hf_sv *line)
{
	size_t n = hf_sv_find(*rest, '\n');

	if (n == rest->n)
		return false;
	*line = (struct hf_sv){rest->p, n};
	*rest = hf_sv_from_at(*rest, n + 1);
	return true;
}

static size_t
written(struct hf_sv segment)
{
	size_t n = segment.n;

	while (n && segment.p[n - 1] == '\0')
		n--;
	return n;
}

void
hf_chain_tail(struct hf_sv segment, struct hf_chain_tail *out)
{
	struct hf_chain_tail tail = {.end = written(segment)};
	struct hf_sv rest = {segment.p, tail.end}, line;
	uint64_t number;

	if (!hf_chain_head_parse(rest, &number, &tail.format))
		tail.format = HF_CHAIN_FORMAT;
	while (next_line(&rest, &line)) {
		struct hf_chain_seal seal;
		size_t at = (size_t)(line.p - segment.p);

		if (!hf_chain_seal_parse(line, &seal) || seal.to > at)
			continue;
		tail.any = true;
		tail.sealed = seal.to;
		tail.after_seal = at + line.n + 1;
		tail.chain = seal.chain;
	}
	*out = tail;
}

/* audit_chain.c - sealing and checking the audit. */
#include <openssl/evp.h> /* first: base/banned.h poisons a name it uses */

#include "access/audit_chain.h"

static const char seal_start[] = "{\"seal\":";
static const char head_start[] = "{\"segment\":";

bool
hf_chain_add(struct hf_chain *chain, struct hf_sv bytes)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t hash[HF_HASH_SIZE];
	unsigned n = 0;
	bool ok;

	if (!md)
		return false;
	ok = EVP_DigestInit_ex(md, EVP_sha256(), NULL) &&
	     EVP_DigestUpdate(md, chain->hash, sizeof chain->hash) &&
	     EVP_DigestUpdate(md, bytes.p, bytes.n) &&
	     EVP_DigestFinal_ex(md, hash, &n) && n == sizeof hash;
	EVP_MD_CTX_free(md);
	if (!ok)
		return false;
	memcpy(chain->hash, hash, sizeof hash);
	chain->seal++;
	return true;
}

static void
write_hex(const uint8_t hash[HF_HASH_SIZE], char out[HF_HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < HF_HASH_SIZE; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
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
	if (s->n < HF_HASH_HEX)
		return false;
	for (size_t i = 0; i < HF_HASH_SIZE; i++) {
		int high = digit(s->p[2 * i]), low = digit(s->p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (uint8_t)(high * 16 + low);
	}
	*s = hf_sv_from_at(*s, HF_HASH_HEX);
	return true;
}

void
hf_chain_seal_line(const struct hf_chain *chain, uint64_t to, bool recovered,
		   struct hf_buf *out)
{
	char hex[HF_HASH_HEX];

	write_hex(chain->hash, hex);
	hf_buf_printf(out, "%s%llu,\"to\":%llu,\"sha256\":\"%.*s\"%s}\n", seal_start,
		      (unsigned long long)chain->seal, (unsigned long long)to,
		      (int)sizeof hex, hex, recovered ? ",\"recovered\":true" : "");
}

bool
hf_chain_seal_parse(struct hf_sv line, struct hf_chain_seal *out)
{
	struct hf_chain_seal seal = {.to = 0};

	if (!take(&line, seal_start) || !take_number(&line, &seal.chain.seal) ||
	    !take(&line, ",\"to\":") || !take_number(&line, &seal.to) ||
	    !take(&line, ",\"sha256\":\"") || !take_hash(&line, seal.chain.hash) ||
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
	hf_buf_printf(out, "%s%llu,\"opened\":\"%s\",\"format\":1}\n", head_start,
		      (unsigned long long)segment, opened);
}

void
hf_chain_mark(const struct hf_chain *chain, uint64_t segment, struct hf_buf *out)
{
	char hex[HF_HASH_HEX];

	write_hex(chain->hash, hex);
	hf_buf_printf(out, "%s%020llu,\"seal\":%020llu,\"sha256\":\"%.*s\"}\n",
		      head_start, (unsigned long long)segment,
		      (unsigned long long)chain->seal, (int)sizeof hex, hex);
}

/* Numbers there are padded to 20 digits, so that the file is written over in place
 * by one write of one length. */
static bool
take_padded(struct hf_sv *s, uint64_t *out)
{
	if (!take(s, "00"))
		return false;
	return take_number(s, out);
}

bool
hf_chain_mark_parse(struct hf_sv text, struct hf_chain *chain, uint64_t *segment)
{
	struct hf_chain c = {0};
	uint64_t number;

	if (!take(&text, head_start) || !take_padded(&text, &number) ||
	    !take(&text, ",\"seal\":") || !take_padded(&text, &c.seal) ||
	    !take(&text, ",\"sha256\":\"") || !take_hash(&text, c.hash) ||
	    !take(&text, "\"}\n") || text.n)
		return false;
	*chain = c;
	*segment = number;
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

static void
found(struct hf_issues *issues, uint64_t number, size_t at, const char *text)
{
	char path[64];

	snprintf(path, sizeof path, "segment %llu, byte %zu",
		 (unsigned long long)number, at);
	hf_issue_add(issues, HF_SEV_ERROR, "security", hf_sv_from(path), "%s", text);
}

/* The lines that a seal newly covers: whole JSON objects, but where it was made
 * after a crash. */
static void
check_lines(struct hf_sv bytes, size_t from, size_t to, bool recovered, uint64_t number,
	    struct hf_chain_report *report, struct hf_issues *issues)
{
	struct hf_sv rest = {bytes.p + from, to - from}, line;

	while (next_line(&rest, &line)) {
		report->lines++;
		if (!recovered &&
		    (line.n < 2 || line.p[0] != '{' || line.p[line.n - 1] != '}'))
			found(issues, number, (size_t)(line.p - bytes.p),
			      "this line is no JSON object");
	}
	if (rest.n && !recovered)
		found(issues, number, to, "a seal stands inside a line");
}

static bool
check_seal(struct hf_chain *chain, const struct hf_chain_seal *seal, size_t at,
	   size_t from, uint64_t number, struct hf_sv bytes, struct hf_issues *issues)
{
	struct hf_chain next = *chain;

	if (seal->chain.seal != chain->seal + 1)
		found(issues, number, at,
		      "seals are missing, repeated or out of order here");
	if (seal->to < from || seal->to > at) {
		found(issues, number, at, "this seal covers bytes that are not there");
		return false;
	}
	if (!hf_chain_add(&next, (struct hf_sv){bytes.p + from, seal->to - from})) {
		found(issues, number, at, "no memory to check this seal");
		return false;
	}
	if (memcmp(next.hash, seal->chain.hash, sizeof next.hash) != 0)
		found(issues, number, from,
		      "lines from here to the next seal were changed, moved, added "
		      "or taken away");
	return true;
}

static void
check_head(uint64_t number, struct hf_sv bytes, struct hf_issues *issues)
{
	struct hf_sv s = bytes;
	uint64_t says;

	if (!take(&s, head_start) || !take_number(&s, &says))
		found(issues, number, 0, "it does not begin like a segment");
	else if (says != number)
		found(issues, number, 0, "the file has another segment's name");
}

bool
hf_chain_check(struct hf_chain *chain, uint64_t number, struct hf_sv bytes, bool last,
	       struct hf_chain_report *report, struct hf_issues *issues)
{
	size_t before = issues->errors, from = 0, after = 0;
	struct hf_sv rest = {bytes.p, written(bytes)}, line;
	size_t end = rest.n;

	report->segments++;
	check_head(number, bytes, issues);
	while (next_line(&rest, &line)) {
		struct hf_chain_seal seal;
		size_t at = (size_t)(line.p - bytes.p);

		if (!hf_chain_seal_parse(line, &seal))
			continue;
		report->seals++;
		if (check_seal(chain, &seal, at, from, number, bytes, issues)) {
			check_lines(bytes, from, seal.to, seal.recovered, number,
				    report, issues);
			from = seal.to;
		}
		after = at + line.n + 1;
		*chain = seal.chain;
	}
	/* The line of the last seal is covered by the next segment's chain only. */
	if (end > after && !last)
		found(issues, number, after, "lines stand here that no seal covers");
	if (end > after && last)
		report->unsealed += end - after;
	return issues->errors == before;
}

/* audit_index.c - see audit_index.h.
 *
 * File: magic, size, seal, from, to, lines, number of entries (all little-endian),
 * SHA-256 of the entries, the entries. */
#include "access/audit_index.h"

#include <endian.h>

static const char magic[8] = "hfaix 1\n";

enum {
	AT_SIZE = 8,
	AT_SEAL = 16,
	AT_FROM = AT_SEAL + HF_HASH_SIZE,
	AT_TO = AT_FROM + 8,
	AT_LINES = AT_TO + 8,
	AT_N = AT_LINES + 8,
	AT_SUM = AT_N + 8,
	HEAD = AT_SUM + HF_HASH_SIZE,
	SEGMENT_MOST = 1 << 28
};

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "entries are used in place");
static_assert(HEAD % 8 == 0, "entries are aligned");

/* FNV-1a, then mixed so that all bits are used. */
static uint32_t
hash(char kind, struct hf_sv text)
{
	uint32_t h = 2166136261u ^ (uint8_t)kind;

	h *= 16777619u;
	for (size_t i = 0; i < text.n; i++)
		h = (h ^ (uint8_t)text.p[i]) * 16777619u;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

uint32_t
hf_audit_key_shelf(int64_t shelf)
{
	char bytes[8];

	memcpy(bytes, &shelf, sizeof bytes);
	return hash('s', (struct hf_sv){bytes, sizeof bytes});
}

uint32_t
hf_audit_key_actor(struct hf_sv actor)
{
	return hash('a', actor);
}

uint32_t
hf_audit_key_large(void)
{
	return hash('l', HF_SV(""));
}

bool
hf_audit_segment_ended(struct hf_sv segment, uint64_t *size, uint8_t seal[HF_HASH_SIZE])
{
	size_t from = segment.n > HF_SEAL_LINE_MAX ? segment.n - HF_SEAL_LINE_MAX : 0;
	struct hf_sv end = hf_sv_from_at(segment, from);
	struct hf_chain_seal s;
	size_t at, start;

	if (end.n == 0 || end.p[end.n - 1] != '\n')
		return false;
	for (at = end.n - 1; at > 0 && end.p[at - 1] != '\n'; at--)
		continue;
	start = from + at;
	if (!hf_chain_seal_parse((struct hf_sv){end.p + at, end.n - 1 - at}, &s) ||
	    s.to > start)
		return false;
	*size = segment.n;
	memcpy(seal, s.chain.hash, HF_HASH_SIZE);
	return true;
}

/* ---- making ---- */

struct making {
	struct hf_arena arena; /* of one line */
	struct hf_buf entries;
	hf_time from, to;
	uint64_t lines;
};

static void
add(struct making *m, uint32_t key, size_t offset)
{
	struct hf_audit_entry e = {key, (uint32_t)offset};

	hf_buf_add(&m->entries, &e, sizeof e);
}

static void
add_line(struct making *m, const struct hf_audit_event *e, size_t offset)
{
	m->lines++;
	m->from = e->at < m->from ? e->at : m->from;
	m->to = e->at > m->to ? e->at : m->to;
	add(m, hf_audit_key_actor(e->actor), offset);
	if (e->who.n)
		add(m, hf_audit_key_actor(e->who), offset);
	for (size_t i = 0; i < e->n_shelves; i++)
		add(m, hf_audit_key_shelf(e->shelves[i]), offset);
	if (e->more_shelves || e->code == HF_AUDIT_EXPORT)
		add(m, hf_audit_key_large(), offset);
}

/* ---- lines as audit_line.c writes them, without parsing all of them ---- */

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
take_digits(struct hf_sv *s, size_t n, int64_t *out)
{
	int64_t v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = hf_sv_from_at(*s, n);
	*out = v;
	return true;
}

/* 2026-11-22T09:30:00.123Z */
static bool
take_time(struct hf_sv *s, hf_time *out)
{
	int64_t f[7];
	static const struct {
		size_t digits;
		const char *then;
	} parts[] = {{4, "-"}, {2, "-"}, {2, "T"}, {2, ":"},
		     {2, ":"}, {2, "."}, {3, "Z"}};

	for (size_t i = 0; i < HF_COUNT(parts); i++)
		if (!take_digits(s, parts[i].digits, &f[i]) || !take(s, parts[i].then))
			return false;
	if (f[0] == 0 || f[1] < 1 || f[1] > 12 || f[2] < 1 || f[2] > 31 || f[3] > 23 ||
	    f[4] > 59 || f[5] > 59)
		return false;
	*out = hf_days_from_civil((int32_t)f[0], (int)f[1], (int)f[2]) * 86400000 +
	       ((f[3] * 60 + f[4]) * 60 + f[5]) * 1000 + f[6];
	return true;
}

/* A string without escapes up to its closing quote. */
static bool
take_plain(struct hf_sv *s, struct hf_sv *out)
{
	size_t n = hf_sv_find(*s, '"');

	if (n == s->n || memchr(s->p, '\\', n))
		return false;
	*out = (struct hf_sv){s->p, n};
	*s = hf_sv_from_at(*s, n + 1);
	return true;
}

/* What follows a member's name; inside a string a backslash would stand before its
 * quote, so this finds members only. */
static bool
find_member(struct hf_sv line, const char *start, struct hf_sv *out)
{
	const char *at = memmem(line.p, line.n, start, strlen(start));

	if (!at)
		return false;
	*out = hf_sv_from_at(line, (size_t)(at - line.p) + strlen(start));
	return true;
}

/* Reads of a line what the index needs; list has room for HF_AUDIT_SHELVES.  False
 * when it is not just as it is written here: then it is parsed. */
static bool
read_quickly(struct hf_sv line, int64_t *list, struct hf_audit_event *e)
{
	struct hf_sv s = line, rest;
	int64_t seq;

	if (!take(&s, "{\"seq\":") || !take_digits(&s, 1, &seq))
		return false;
	while (take_digits(&s, 1, &seq))
		continue;
	if (!take(&s, ",\"recorded\":\"") || !take_time(&s, &e->at) ||
	    !take(&s, "\",\"agent\":\"") || !take_plain(&s, &e->actor) ||
	    line.p[line.n - 1] != '}')
		return false;
	if (find_member(s, ",\"who\":\"", &rest) && !take_plain(&rest, &e->who))
		return false;
	if (find_member(s, ",\"subtype\":\"export\"", &rest))
		e->code = HF_AUDIT_EXPORT;
	if (!find_member(s, ",\"shelves\":[", &rest))
		return true;
	e->shelves = list;
	do {
		size_t n = 0;

		while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
			n++;
		if (e->n_shelves == HF_AUDIT_SHELVES ||
		    !hf_sv_int((struct hf_sv){rest.p, n}, &list[e->n_shelves++]))
			return false;
		rest = hf_sv_from_at(rest, n);
	} while (take(&rest, ","));
	if (!take(&rest, "]"))
		return false;
	e->more_shelves = take(&rest, ",\"more\":true");
	return true;
}

/* By key, and within one key as they came: by offset.  Keys are hashes, so counting
 * their bytes is quicker than comparing.  False without memory. */
static bool
sort_entries(struct hf_audit_entry *e, size_t n)
{
	struct hf_audit_entry *other = malloc((n + 1) * sizeof *other), *from = e,
			      *to = other, *swap;

	if (!other)
		return false;
	for (unsigned shift = 0; shift < 32; shift += 8) {
		size_t start[257] = {0};

		for (size_t i = 0; i < n; i++)
			start[(from[i].key >> shift & 255) + 1]++;
		for (size_t i = 1; i < HF_COUNT(start); i++)
			start[i] += start[i - 1];
		for (size_t i = 0; i < n; i++)
			to[start[from[i].key >> shift & 255]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	assert(from == e); /* an even number of rounds */
	free(other);
	return true;
}

static void
put_u64(char *at, uint64_t v)
{
	v = htole64(v);
	memcpy(at, &v, sizeof v);
}

static uint64_t
get_u64(const char *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof v);
	return le64toh(v);
}

static bool
write_file(const struct making *m, uint64_t size, const uint8_t seal[HF_HASH_SIZE],
	   struct hf_buf *out)
{
	char head[HEAD];
	struct hf_sv entries = hf_buf_view(&m->entries);

	memcpy(head, magic, sizeof magic);
	put_u64(head + AT_SIZE, size);
	memcpy(head + AT_SEAL, seal, HF_HASH_SIZE);
	put_u64(head + AT_FROM, (uint64_t)m->from);
	put_u64(head + AT_TO, (uint64_t)m->to);
	put_u64(head + AT_LINES, m->lines);
	put_u64(head + AT_N, entries.n / sizeof(struct hf_audit_entry));
	if (!hf_chain_sha256((struct hf_sv){head, AT_SUM}, entries,
			     (uint8_t *)head + AT_SUM))
		return false;
	hf_buf_add(out, head, sizeof head);
	hf_buf_sv(out, entries);
	return !out->failed;
}

bool
hf_audit_index_make(struct hf_sv segment, struct hf_buf *out)
{
	struct making m = {
	    .arena = {.cap = 1 << 20}, .from = HF_TIME_MAX, .to = HF_TIME_MIN};
	int64_t *list = malloc(HF_AUDIT_SHELVES * sizeof *list);
	struct hf_sv rest = segment;
	uint8_t seal[HF_HASH_SIZE];
	uint64_t size;
	bool ok;

	if (!list || segment.n > SEGMENT_MOST ||
	    !hf_audit_segment_ended(segment, &size, seal)) {
		free(list);
		return false;
	}
	while (rest.n) {
		struct hf_sv line = hf_sv_cut(&rest, '\n');
		struct hf_audit_event e = {.at = 0};

		if (read_quickly(line, list, &e)) {
			add_line(&m, &e, (size_t)(line.p - segment.p));
			continue;
		}
		if (hf_audit_line_read(line, &m.arena, &e))
			add_line(&m, &e, (size_t)(line.p - segment.p));
		hf_arena_reset(&m.arena);
	}
	ok = m.entries.n == 0 ||
	     sort_entries((struct hf_audit_entry *)(void *)m.entries.p,
			  m.entries.n / sizeof(struct hf_audit_entry));
	free(list);
	ok = ok && !m.entries.failed && write_file(&m, size, seal, out);
	hf_buf_free(&m.entries);
	hf_arena_free(&m.arena);
	return ok;
}

/* ---- using ---- */

bool
hf_audit_index_open(struct hf_sv file, struct hf_audit_index *out)
{
	struct hf_sv entries = hf_sv_from_at(file, HEAD);
	uint8_t sum[HF_HASH_SIZE];
	struct hf_audit_index x;

	if (file.n < HEAD || memcmp(file.p, magic, sizeof magic) != 0 ||
	    get_u64(file.p + AT_N) != entries.n / sizeof(struct hf_audit_entry) ||
	    entries.n % sizeof(struct hf_audit_entry) != 0 ||
	    !hf_chain_sha256((struct hf_sv){file.p, AT_SUM}, entries, sum) ||
	    memcmp(sum, file.p + AT_SUM, sizeof sum) != 0)
		return false;
	x = (struct hf_audit_index){
	    .size = get_u64(file.p + AT_SIZE),
	    .from = (hf_time)get_u64(file.p + AT_FROM),
	    .to = (hf_time)get_u64(file.p + AT_TO),
	    .lines = get_u64(file.p + AT_LINES),
	    .entries = (const void *)entries.p,
	    .n = entries.n / sizeof(struct hf_audit_entry),
	};
	memcpy(x.seal, file.p + AT_SEAL, sizeof x.seal);
	*out = x;
	return true;
}

/* The first entry of a key or behind it.  Keys are spread evenly, so a few guesses by
 * proportion come close and touch few pages. */
static size_t
lower_bound(const struct hf_audit_index *x, uint32_t key)
{
	size_t lo = 0, hi = x->n;

	for (int guess = 0; guess < 4 && hi - lo > 64; guess++) {
		uint64_t first = x->entries[lo].key, last = x->entries[hi - 1].key;
		size_t at;

		if (key <= first || key > last)
			break;
		at = lo +
		     (size_t)((key - first) * (uint64_t)(hi - lo - 1) / (last - first));
		if (x->entries[at].key < key)
			lo = at + 1;
		else
			hi = at;
	}
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (x->entries[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct hf_audit_entry *
hf_audit_index_find(const struct hf_audit_index *x, uint32_t key, size_t *n)
{
	size_t at = lower_bound(x, key), end = at;

	while (end < x->n && x->entries[end].key == key)
		end++;
	*n = end - at;
	return x->entries + at;
}

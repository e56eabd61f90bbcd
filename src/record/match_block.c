/* match_block.c - which pairs are worth comparing.
 *
 * Records with the same key stand in one block and are compared with each other.
 * The keys are chosen so that a person who is there twice shares at least one with
 * themself whatever one thing is wrong or missing: each leaves out another field.
 * A block beyond BLOCK_MOST is split by a second key; what is beyond even then is
 * left out, and counted.  A pair with several keys in common is compared once. */
#include "record/match_set.h"

enum key_kind {
	KEY_NUMBER,
	KEY_BIRTH,     /* date and the first letter of a name, family or given */
	KEY_NAME_YEAR, /* how the family name sounds, first letter, year */
	KEY_NAME_DAY,  /* … and day and month, in either order */
	KEY_POSTCODE,  /* postcode and first letter of the given name */
	KEY_PHONE,     /* telephone and first letter of the given name */
};

static uint64_t
key_of(enum key_kind kind, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t h = (uint64_t)kind + 1;
	const uint64_t parts[3] = {a, b, c};

	for (size_t i = 0; i < 3; i++) {
		h = (h ^ parts[i]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	/* 48 bits are sorted by; another key's block by chance does no harm. */
	h = h * 0xd6e8feb86659fd93u >> 16;
	return h ? h : 1;
}

static char
initial(const struct hf_match_set *s, hf_word_id id)
{
	return id ? s->words[id].initial : 0;
}

static unsigned
put_key(uint64_t keys[KEYS], unsigned n, uint64_t key)
{
	unsigned at = n;

	for (unsigned i = 0; i < n; i++)
		if (keys[i] == key)
			return n;
	for (; at > 0 && keys[at - 1] > key; at--)
		keys[at] = keys[at - 1];
	keys[at] = key;
	return n + 1;
}

unsigned
hf_match_keys(const struct hf_match_set *s, const struct row *r, uint64_t keys[KEYS])
{
	uint64_t given = (unsigned char)initial(s, r->given[0]);
	uint64_t sound = r->family[0] ? s->words[r->family[0]].sound : 0;
	/* A family name may be somebody's given name: its own letter counts. */
	uint64_t family =
	    r->family[0] ? (unsigned char)word_text(s, r->family[0]).p[0] : 0;
	uint64_t first =
	    r->given[0] ? (unsigned char)word_text(s, r->given[0]).p[0] : 0;
	unsigned n = 0;

	if (r->nhs)
		n = put_key(keys, n, key_of(KEY_NUMBER, r->nhs, 0, 0));
	if (r->birth && family)
		n = put_key(keys, n, key_of(KEY_BIRTH, r->birth, family, 0));
	for (size_t i = 0; i < HF_NAME_GROUPS && r->birth && given; i++) {
		uint16_t group = s->words[r->given[0]].groups[i];

		if (group)
			n = put_key(keys, n,
				    key_of(KEY_BIRTH, r->birth,
					   (unsigned char)hf_nickname_heads[group][0],
					   0));
	}
	if (r->birth && first)
		n = put_key(keys, n, key_of(KEY_BIRTH, r->birth, first, 0));
	if (r->year && sound && given)
		n = put_key(keys, n,
			    key_of(KEY_NAME_YEAR, sound, given, (uint64_t)r->year));
	if (r->day && sound && given) {
		int lo = r->day < r->month ? r->day : r->month;
		int hi = r->day < r->month ? r->month : r->day;

		n = put_key(keys, n,
			    key_of(KEY_NAME_DAY, sound, given,
				   (uint64_t)lo << 5 | (uint64_t)hi));
	}
	for (size_t i = 0; i < HF_MATCH_ADDRESSES && given; i++) {
		if (r->postcode[i])
			n = put_key(keys, n,
				    key_of(KEY_POSTCODE, r->postcode[i], given, 0));
		if (r->phone[i])
			n = put_key(keys, n, key_of(KEY_PHONE, r->phone[i], given, 0));
	}
	assert(n <= KEYS);
	return n;
}

/* ---- sorting ---- */

/* By key, then as they came: four rounds of twelve bits. */
static bool
sort_entries(struct entry *a, size_t n)
{
	enum { BITS = 12, ROUNDS = 4, BINS = 1 << BITS };
	struct entry *b = malloc((n ? n : 1) * sizeof(*b));

	if (!b)
		return false;
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t start[BINS] = {0}, sum = 0;
		unsigned shift = round * BITS;
		struct entry *swap = a;

		for (size_t i = 0; i < n; i++)
			start[a[i].key >> shift & (BINS - 1)]++;
		for (size_t k = 0; k < BINS; k++) {
			size_t here = start[k];

			start[k] = sum;
			sum += here;
		}
		for (size_t i = 0; i < n; i++)
			b[start[a[i].key >> shift & (BINS - 1)]++] = a[i];
		a = b;
		b = swap;
	}
	free(b); /* an even number of rounds: a is the caller's again */
	return true;
}

static size_t
block_end(const struct entry *e, size_t n, size_t from)
{
	size_t to = from + 1;

	while (to < n && e[to].key == e[from].key)
		to++;
	return to;
}

/* ---- blocks that are too big ---- */

static uint64_t
second_key(const struct hf_match_set *s, const struct row *r)
{
	uint64_t name = r->family[0] ? s->words[r->family[0]].sound : 0;

	return key_of(KEY_NAME_YEAR, name, (uint64_t)r->year,
		      (unsigned char)initial(s, r->given[0]));
}

static int
by_second(const void *pa, const void *pb, void *ctx)
{
	const struct entry *a = pa, *b = pb;
	const struct hf_match_set *s = ctx;
	uint64_t x = second_key(s, &s->rows[a->row]);
	uint64_t y = second_key(s, &s->rows[b->row]);

	return x != y ? (x < y ? -1 : 1) : (a->row > b->row) - (a->row < b->row);
}

static int
by_value(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static bool
is_big(const struct hf_match_set *s, uint64_t key)
{
	return s->n_big &&
	       bsearch(&key, s->big, s->n_big, sizeof(key), by_value) != NULL;
}

/* Where the part of a big block that begins at from ends. */
static size_t
part_end(const struct hf_match_set *s, size_t from, size_t end)
{
	uint64_t key = second_key(s, &s->rows[s->entries[from].row]);
	size_t to = from + 1;

	while (to < end && second_key(s, &s->rows[s->entries[to].row]) == key)
		to++;
	return to;
}

static bool
split_big(struct hf_match_set *s)
{
	size_t end;

	for (size_t i = 0; i < s->n_entries; i = end) {
		uint64_t *big;

		end = block_end(s->entries, s->n_entries, i);
		if (end - i <= BLOCK_MOST)
			continue;
		big = realloc(s->big, (s->n_big + 1) * sizeof(*big));
		if (!big)
			return false;
		s->big = big;
		s->big[s->n_big++] = s->entries[i].key;
		qsort_r(s->entries + i, end - i, sizeof(*s->entries), by_second, s);
		for (size_t k = i, to; k < end; k = to) {
			to = part_end(s, k, end);
			if (to - k > BLOCK_MOST)
				s->left_out += to - k;
		}
	}
	return true;
}

size_t
hf_match_left_out(const struct hf_match_set *s)
{
	return s->left_out;
}

enum hf_rc
hf_match_block(struct hf_match_set *s, struct hf_err *err)
{
	uint64_t keys[KEYS];
	size_t n = 0;

	free(s->entries);
	free(s->big);
	s->big = NULL;
	s->n_big = s->n_entries = s->left_out = 0;
	for (size_t i = 0; i < s->n; i++)
		n += hf_match_keys(s, &s->rows[i], keys);
	s->entries = malloc((n ? n : 1) * sizeof(*s->entries));
	if (!s->entries)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to compare records");
	for (size_t i = 0; i < s->n; i++) {
		unsigned k = hf_match_keys(s, &s->rows[i], keys);

		while (k > 0)
			s->entries[s->n_entries++] =
			    (struct entry){.key = keys[--k], .row = (uint32_t)i};
	}
	if (!sort_entries(s->entries, s->n_entries) || !split_big(s))
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory to compare records");
	return HF_OK;
}

/* ---- pairs ---- */

struct block {
	uint32_t row[BLOCK_MOST];
	uint64_t keys[BLOCK_MOST][KEYS];
	unsigned n_keys[BLOCK_MOST];
};

struct run {
	const struct hf_match_set *s;
	const struct hf_match_model *model;
	struct weights w;
	struct memo *memo;
	struct block *block;
	struct hf_match_pairs *pairs;
};

/* Is key the first that two records share?  Keys of big blocks come after all
 * others: two that share one need not be compared there. */
static bool
is_first(const struct hf_match_set *s, const struct block *b, size_t i, size_t k,
	 uint64_t key, bool big)
{
	unsigned x = 0, y = 0;
	uint64_t first_big = 0;

	while (x < b->n_keys[i] && y < b->n_keys[k]) {
		uint64_t p = b->keys[i][x], q = b->keys[k][y];

		if (p == q && !is_big(s, p))
			return p == key;
		if (p == q && !first_big)
			first_big = p;
		x += p <= q;
		y += q <= p;
	}
	return big && first_big == key;
}

static bool
keep(struct hf_match_pairs *pairs, const struct hf_match_pair *pair)
{
	if (pairs->n == pairs->size) {
		size_t size = pairs->size ? pairs->size * 2 : 1024;
		struct hf_match_pair *items =
		    realloc(pairs->items, size * sizeof(*items));

		if (!items)
			return false;
		pairs->items = items;
		pairs->size = size;
	}
	pairs->items[pairs->n++] = *pair;
	return true;
}

static bool
try_pair(struct run *r, uint32_t a, uint32_t b)
{
	const struct row *x = &r->s->rows[a], *y = &r->s->rows[b];
	struct hf_match_pair pair = {.a = a < b ? a : b, .b = a < b ? b : a};
	float weight[HF_MATCH_FIELDS];
	enum hf_match_answer answer;
	enum hf_match_rule rule;
	double sum;

	r->pairs->compared++;
	hf_match_levels(r->s, x, y, r->memo, pair.level);
	sum = hf_match_weigh(r->s, &r->w, x, y, pair.level, weight);
	answer = hf_match_decide(r->model, x, y, pair.level, weight, sum, &rule);
	if (answer == HF_MATCH_SEPARATE)
		return true;
	pair.answer = (uint8_t)answer;
	pair.rule = (uint8_t)rule;
	pair.bits = (float)sum;
	return keep(r->pairs, &pair);
}

static bool
run_block(struct run *r, const struct entry *e, size_t n, bool big)
{
	struct block *b = r->block;

	for (size_t i = 0; i < n; i++) {
		b->row[i] = e[i].row;
		b->n_keys[i] = hf_match_keys(r->s, &r->s->rows[e[i].row], b->keys[i]);
	}
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (is_first(r->s, b, i, k, e->key, big) &&
			    !try_pair(r, b->row[i], b->row[k]))
				return false;
	return true;
}

static bool
run_blocks(struct run *r, unsigned part, unsigned parts)
{
	const struct hf_match_set *s = r->s;
	size_t end, to;

	for (size_t i = 0; i < s->n_entries; i = end) {
		bool big;

		end = block_end(s->entries, s->n_entries, i);
		big = end - i > BLOCK_MOST;
		if (end - i < 2 || s->entries[i].key % parts != part)
			continue;
		for (size_t k = i; k < end; k = to) {
			to = big ? part_end(s, k, end) : end;
			if (to - k <= BLOCK_MOST &&
			    !run_block(r, s->entries + k, to - k, big))
				return false;
		}
	}
	return true;
}

enum hf_rc
hf_match_run(const struct hf_match_set *s, const struct hf_match_model *model,
	     unsigned part, unsigned parts, struct hf_match_pairs *pairs,
	     struct hf_err *err)
{
	struct run r = {
	    .s = s,
	    .model = model,
	    .memo = calloc(1, sizeof(*r.memo)),
	    .block = malloc(sizeof(*r.block)),
	    .pairs = pairs,
	};
	bool ok = r.memo && r.block;

	assert(parts > 0 && part < parts);
	hf_match_weights(s, model, &r.w);
	ok = ok && run_blocks(&r, part, parts);
	free(r.memo);
	free(r.block);
	return ok ? HF_OK
		  : hf_fail(err, HF_TOO_LONG, NULL, "no memory to compare records");
}

void
hf_match_pairs_free(struct hf_match_pairs *pairs)
{
	free(pairs->items);
	*pairs = (struct hf_match_pairs){0};
}

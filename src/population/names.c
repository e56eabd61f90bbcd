/* names.c - open addressing with linear probing, at most half full; a slot holds one
 * more than what it names, 0 is free. */
#include "population/names.h"

#include <stdlib.h>

#include "base/arena.h"

enum { FIRST_SLOTS = 1024, TEXTS_CAP = 64 << 20 };

struct slots {
	uint32_t *at;
	uint32_t mask; /* how many less one, a power of two less one */
};

struct texts {
	struct slots slots;
	struct hf_sv *text; /* [0] is empty */
	size_t n, room;
};

struct hf_pop_names {
	struct slots slots; /* of pseudonyms */
	uint8_t (*pid)[HF_POP_PID];
	uint32_t n, room;
	struct texts kind[HF_POP_KINDS];
	struct hf_arena arena; /* the bytes of texts */
};

static const char *const kind_words[HF_POP_KINDS] = {
    "practice",	 "provider", "LSOA",	  "specialty", "ICD-10",
    "procedure", "HRG",	     "condition", "value"};

struct hf_pop_names *
hf_pop_names_new(void)
{
	struct hf_pop_names *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	hf_arena_init(&n->arena, TEXTS_CAP);
	for (size_t k = 0; k < HF_POP_KINDS; k++) {
		n->kind[k].text = calloc(16, sizeof(struct hf_sv));
		if (!n->kind[k].text) {
			hf_pop_names_free(n);
			return NULL;
		}
		n->kind[k].room = 16;
		n->kind[k].n = 1;
	}
	return n;
}

void
hf_pop_names_free(struct hf_pop_names *n)
{
	if (!n)
		return;
	for (size_t k = 0; k < HF_POP_KINDS; k++) {
		free(n->kind[k].text);
		free(n->kind[k].slots.at);
	}
	free(n->slots.at);
	free(n->pid);
	hf_arena_free(&n->arena);
	free(n);
}

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
}

/* A pseudonym is a keyed hash already; the product spreads what a test invents. */
static uint32_t
hash_pid(const uint8_t *pid)
{
	uint64_t v;

	memcpy(&v, pid, sizeof(v));
	return (uint32_t)((v * 0x9e3779b97f4a7c15u) >> 32);
}

static uint32_t
hash_text(struct hf_sv s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ (h >> 32));
}

static void
place(struct slots *s, uint32_t hash, uint32_t value)
{
	uint32_t i = hash & s->mask;

	while (s->at[i])
		i = (i + 1) & s->mask;
	s->at[i] = value + 1;
}

/* Slots for at least n names, half empty; false out of memory.  The caller places. */
static bool
wider(struct slots *s, uint64_t n)
{
	uint64_t want = s->at ? (uint64_t)s->mask + 1 : FIRST_SLOTS;
	uint32_t *at;

	while (want < 2 * n)
		want *= 2;
	at = calloc(want, sizeof(*at));
	if (!at)
		return false;
	free(s->at);
	*s = (struct slots){at, (uint32_t)(want - 1)};
	return true;
}

static bool
persons_fit(struct hf_pop_names *n)
{
	if (n->n == n->room) {
		uint32_t room = n->room ? 2 * n->room : FIRST_SLOTS;
		void *p = realloc(n->pid, (size_t)room * HF_POP_PID);

		if (!p)
			return false;
		n->pid = p;
		n->room = room;
	}
	if (n->slots.at && (uint64_t)(n->n + 1) * 2 <= (uint64_t)n->slots.mask + 1)
		return true;
	if (!wider(&n->slots, (uint64_t)n->n + 1))
		return false;
	for (uint32_t i = 0; i < n->n; i++)
		place(&n->slots, hash_pid(n->pid[i]), i);
	return true;
}

bool
hf_pop_names_find(const struct hf_pop_names *n, const uint8_t pid[HF_POP_PID],
		  uint32_t *out)
{
	if (!n->slots.at)
		return false;
	for (uint32_t i = hash_pid(pid) & n->slots.mask; n->slots.at[i];
	     i = (i + 1) & n->slots.mask)
		if (memcmp(n->pid[n->slots.at[i] - 1], pid, HF_POP_PID) == 0) {
			*out = n->slots.at[i] - 1;
			return true;
		}
	return false;
}

enum hf_rc
hf_pop_names_person(struct hf_pop_names *n, const uint8_t pid[HF_POP_PID],
		    uint32_t *out, bool *made, struct hf_err *err)
{
	bool there = hf_pop_names_find(n, pid, out);

	if (!there) {
		if (n->n == HF_POP_PERSONS_MOST)
			return hf_fail(err, HF_TOO_LONG, NULL, "more than %u persons",
				       HF_POP_PERSONS_MOST);
		if (!persons_fit(n))
			return no_memory(err);
		memcpy(n->pid[n->n], pid, HF_POP_PID);
		place(&n->slots, hash_pid(pid), n->n);
		*out = n->n++;
	}
	if (made)
		*made = !there;
	return HF_OK;
}

static bool
texts_fit(struct texts *t)
{
	if (t->n == t->room) {
		void *p = realloc(t->text, 2 * t->room * sizeof(struct hf_sv));

		if (!p)
			return false;
		t->text = p;
		t->room *= 2;
	}
	if (t->slots.at && (uint64_t)(t->n + 1) * 2 <= (uint64_t)t->slots.mask + 1)
		return true;
	if (!wider(&t->slots, t->n + 1))
		return false;
	for (size_t i = 1; i < t->n; i++)
		place(&t->slots, hash_text(t->text[i]), (uint32_t)i);
	return true;
}

static enum hf_rc
new_text(struct hf_pop_names *n, enum hf_pop_kind kind, struct hf_sv text,
	 struct hf_err *err)
{
	struct texts *t = &n->kind[kind];
	struct hf_sv copy;

	if (text.n > HF_POP_TEXT_MOST)
		return hf_fail(err, HF_TOO_LONG, kind_words[kind],
			       "a code of %zu bytes; at most %d", text.n,
			       HF_POP_TEXT_MOST);
	if (t->n > HF_POP_CODES_MOST)
		return hf_fail(
		    err, HF_TOO_LONG, kind_words[kind],
		    "more than %d different codes: is the column what the map "
		    "says it is?",
		    HF_POP_CODES_MOST);
	copy = hf_arena_sv(&n->arena, text);
	if (!copy.p || !texts_fit(t))
		return no_memory(err);
	t->text[t->n] = copy;
	place(&t->slots, hash_text(text), (uint32_t)t->n++);
	return HF_OK;
}

enum hf_rc
hf_pop_names_code(struct hf_pop_names *n, enum hf_pop_kind kind, struct hf_sv text,
		  bool make, uint16_t *out, struct hf_err *err)
{
	const struct texts *t = &n->kind[kind];
	enum hf_rc rc;

	*out = 0;
	if (text.n == 0)
		return HF_OK;
	if (t->slots.at)
		for (uint32_t i = hash_text(text) & t->slots.mask; t->slots.at[i];
		     i = (i + 1) & t->slots.mask)
			if (hf_sv_eq(t->text[t->slots.at[i] - 1], text)) {
				*out = (uint16_t)(t->slots.at[i] - 1);
				return HF_OK;
			}
	if (!make)
		return HF_OK;
	rc = new_text(n, kind, text, err);
	if (rc == HF_OK)
		*out = (uint16_t)(t->n - 1);
	return rc;
}

uint32_t
hf_pop_names_persons(const struct hf_pop_names *n)
{
	return n->n;
}

size_t
hf_pop_names_codes(const struct hf_pop_names *n, enum hf_pop_kind kind)
{
	return n->kind[kind].n;
}

const uint8_t *
hf_pop_names_pid(const struct hf_pop_names *n, uint32_t person)
{
	return n->pid[person];
}

struct hf_sv
hf_pop_names_text(const struct hf_pop_names *n, enum hf_pop_kind kind, size_t code)
{
	return n->kind[kind].text[code];
}

struct hf_pop_mark
hf_pop_names_mark(const struct hf_pop_names *n)
{
	struct hf_pop_mark m = {.persons = n->n};

	for (size_t k = 0; k < HF_POP_KINDS; k++)
		m.codes[k] = n->kind[k].n;
	return m;
}

/* Slots are placed anew: a slot that is only freed would cut the runs of others. */
void
hf_pop_names_cut(struct hf_pop_names *n, const struct hf_pop_mark *mark)
{
	if (n->n > mark->persons) {
		n->n = mark->persons;
		memset(n->slots.at, 0, ((size_t)n->slots.mask + 1) * sizeof(uint32_t));
		for (uint32_t i = 0; i < n->n; i++)
			place(&n->slots, hash_pid(n->pid[i]), i);
	}
	for (size_t k = 0; k < HF_POP_KINDS; k++) {
		struct texts *t = &n->kind[k];

		if (t->n <= mark->codes[k])
			continue;
		t->n = mark->codes[k];
		memset(t->slots.at, 0, ((size_t)t->slots.mask + 1) * sizeof(uint32_t));
		for (size_t i = 1; i < t->n; i++)
			place(&t->slots, hash_text(t->text[i]), (uint32_t)i);
	}
}

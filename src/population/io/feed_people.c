/* feed_people.c - what is known within one feed. */
#include "population/io/feed_people.h"

#include <stdlib.h>

static size_t
spread(uint64_t v)
{
	v *= 0x9e3779b97f4a7c15u;
	return (size_t)(v ^ v >> 29);
}

static bool
grow_people(struct hf_feed_people *p)
{
	struct hf_feed_people more = {.size = p->size ? p->size * 2 : 1024, .n = p->n};

	more.slots = calloc(more.size, sizeof *more.slots);
	if (!more.slots)
		return false;
	for (size_t i = 0; i < p->size; i++) {
		size_t at = spread(p->slots[i].ordinal) & (more.size - 1);

		if (!p->slots[i].used)
			continue;
		while (more.slots[at].used)
			at = (at + 1) & (more.size - 1);
		more.slots[at] = p->slots[i];
	}
	free(p->slots);
	*p = more;
	return true;
}

struct hf_feed_one *
hf_feed_people_get(struct hf_feed_people *p, uint32_t ordinal)
{
	size_t at;

	if (p->n * 2 >= p->size && !grow_people(p))
		return NULL;
	at = spread(ordinal) & (p->size - 1);
	while (p->slots[at].used && p->slots[at].ordinal != ordinal)
		at = (at + 1) & (p->size - 1);
	if (!p->slots[at].used) {
		p->slots[at] = (struct hf_feed_one){
		    .ordinal = ordinal,
		    .used = true,
		    .p = {.birth = INT16_MIN, .death_day = HF_POP_NONE}};
		p->n++;
	}
	return &p->slots[at];
}

void
hf_feed_people_free(struct hf_feed_people *p)
{
	free(p->slots);
	*p = (struct hf_feed_people){0};
}

static bool
grow_seen(struct hf_feed_seen *s)
{
	struct hf_feed_seen more = {.size = s->size ? s->size * 2 : 4096, .n = s->n};

	more.slots = calloc(more.size, sizeof *more.slots);
	if (!more.slots)
		return false;
	for (size_t i = 0; i < s->size; i++) {
		size_t at = spread(s->slots[i]) & (more.size - 1);

		if (s->slots[i] == 0)
			continue;
		while (more.slots[at])
			at = (at + 1) & (more.size - 1);
		more.slots[at] = s->slots[i];
	}
	free(s->slots);
	*s = more;
	return true;
}

enum hf_rc
hf_feed_seen_add(struct hf_feed_seen *s, uint64_t hash, bool *before,
		 struct hf_err *err)
{
	size_t at;

	hash = hash ? hash : 1;
	if (s->n * 2 >= s->size && !grow_seen(s))
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for so many rows");
	at = spread(hash) & (s->size - 1);
	while (s->slots[at] && s->slots[at] != hash)
		at = (at + 1) & (s->size - 1);
	*before = s->slots[at] == hash;
	s->slots[at] = hash;
	s->n += !*before;
	return HF_OK;
}

void
hf_feed_seen_free(struct hf_feed_seen *s)
{
	free(s->slots);
	*s = (struct hf_feed_seen){0};
}

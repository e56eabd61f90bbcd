/* part.c - gathering, and sorting by a number made of the row. */
#include "population/part.h"

#include <stdlib.h>

void
hf_pop_part_free(struct hf_pop_part *p)
{
	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++) {
		free(p->rows[k].at);
		free(p->rows[k].key);
	}
	free(p->pool);
	*p = (struct hf_pop_part){0};
}

void
hf_pop_part_empty(struct hf_pop_part *p)
{
	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++)
		p->rows[k].n = p->rows[k].n_key = 0;
	p->n_pool = 0;
}

void *
hf_pop_part_room(struct hf_pop_part *p, enum hf_pop_rows kind, size_t n)
{
	struct hf_pop_heap *h = &p->rows[kind];
	size_t size = hf_pop_row_size(kind), room = h->room ? h->room : 1024;
	void *at;

	while (room < h->n + n)
		room *= 2;
	if (room > h->room) {
		at = realloc(h->at, room * size);
		if (!at)
			return NULL;
		h->at = at;
		h->room = room;
	}
	return h->at + h->n * size;
}

bool
hf_pop_part_pool(struct hf_pop_part *p, size_t n)
{
	size_t room = p->room_pool ? p->room_pool : 1024;
	void *at;

	if (p->n_pool == 0)
		p->n_pool = 1;
	while (room < p->n_pool + n)
		room *= 2;
	if (room > p->room_pool) {
		at = realloc(p->pool, room * sizeof(*p->pool));
		if (!at)
			return false;
		p->pool = at;
		p->room_pool = room;
	}
	return true;
}

/* ---- sorting ---- */

static uint64_t
key_of(enum hf_pop_rows kind, const void *rows, size_t i)
{
	const struct hf_pop_registration *r = rows;
	const struct hf_pop_condition *c = rows;
	const struct hf_pop_value *v = rows;
	const struct hf_pop_event *e = rows;
	const struct hf_pop_about *a = rows;

	switch (kind) {
	case HF_POP_ROWS_EVENT:
		return (uint64_t)e[i].person << 32 | e[i].day;
	case HF_POP_ROWS_REGISTRATION:
		return (uint64_t)r[i].person << 32 | (uint64_t)r[i].from << 16 |
		       r[i].practice;
	case HF_POP_ROWS_CONDITION:
		return (uint64_t)c[i].person << 32 | (uint64_t)c[i].code << 16 |
		       c[i].from;
	case HF_POP_ROWS_VALUE:
		return (uint64_t)v[i].person << 32 | (uint64_t)v[i].code << 16 |
		       v[i].day;
	case HF_POP_ROWS_PERSON:
		return (uint64_t)a[i].person << 32;
	default:
		assert(false);
		return 0;
	}
}

/* Is the row that came before, with the same key, told anew by the one after? */
static bool
told_anew(enum hf_pop_rows kind, const void *rows, uint32_t before, uint32_t after)
{
	const struct hf_pop_value *v = rows;

	if (kind == HF_POP_ROWS_VALUE)
		return v[before].milli == v[after].milli;
	return kind != HF_POP_ROWS_EVENT;
}

static void
leave_out_told_anew(enum hf_pop_rows kind, struct hf_pop_heap *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_key; i++)
		if (i + 1 == h->n_key || h->key[i].k != h->key[i + 1].k ||
		    !told_anew(kind, h->at, h->key[i].row, h->key[i + 1].row))
			h->key[n++] = h->key[i];
	h->n_key = n;
}

/* What the record says fills in what no feed has said; circumstances add up. */
static void
add_record(struct hf_pop_person *p, const struct hf_pop_person *record)
{
	if (p->birth == INT16_MIN)
		p->birth = record->birth;
	if (p->sex == HF_POP_SEX_UNKNOWN)
		p->sex = record->sex;
	if (p->ethnic == 0 || (p->ethnic == 'Z' && record->ethnic))
		p->ethnic = record->ethnic;
	if (p->lsoa == 0)
		p->lsoa = record->lsoa;
	if (p->imd == 0)
		p->imd = record->imd;
	if (p->death_day == HF_POP_NONE) {
		p->death_day = record->death_day;
		p->death_place = record->death_place;
	}
	p->flags |= record->flags;
}

/* One row a person: the last that a feed gave, with what the record adds. */
static void
fold_persons(struct hf_pop_heap *h)
{
	struct hf_pop_about *a = (void *)h->at;
	size_t n = 0;

	for (size_t i = 0; i < h->n_key; i++) {
		struct hf_pop_about *now = &a[h->key[i].row], *kept = NULL;

		if (n && a[h->key[n - 1].row].person == now->person)
			kept = &a[h->key[n - 1].row];
		if (kept && now->p.flags & HF_POP_P_FROM_RECORD)
			add_record(&kept->p, &now->p);
		else if (kept)
			kept->p = now->p;
		else
			h->key[n++] = h->key[i];
	}
	h->n_key = n;
}

static bool
sort_kind(enum hf_pop_rows kind, struct hf_pop_heap *h)
{
	struct hf_pop_key *sorted;

	if (h->room_key < 2 * h->n) {
		free(h->key);
		h->room_key = 2 * h->n;
		h->key = malloc(h->room_key * sizeof(*h->key));
		if (!h->key) {
			h->room_key = 0;
			return false;
		}
	}
	for (size_t i = 0; i < h->n; i++)
		h->key[i] = (struct hf_pop_key){key_of(kind, h->at, i), (uint32_t)i};
	sorted = hf_pop_sort_keys(h->key, h->key + h->n, h->n);
	if (h->n && sorted != h->key)
		memcpy(h->key, sorted, h->n * sizeof(*sorted));
	h->n_key = h->n;
	if (kind == HF_POP_ROWS_PERSON)
		fold_persons(h);
	else if (kind != HF_POP_ROWS_EVENT)
		leave_out_told_anew(kind, h);
	return true;
}

bool
hf_pop_part_sort(struct hf_pop_part *p)
{
	for (int k = 0; k < HF_POP_ROWS_KINDS; k++)
		if (!sort_kind((enum hf_pop_rows)k, &p->rows[k]))
			return false;
	return true;
}

void
hf_pop_part_size(const struct hf_pop_part *p, struct hf_pop_size *add)
{
	for (size_t k = 0; k < HF_POP_ROWS_KINDS; k++)
		if (k != HF_POP_ROWS_PERSON)
			add->n[k] += p->rows[k].n_key;
	if (p->n_pool)
		add->pool += p->n_pool - 1;
}

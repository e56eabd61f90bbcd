/* wheel.c - a heap whose entries know where they are.  heap[0] is the soonest. */
#include "hub/wheel.h"

#include <stdlib.h>

enum { CHILDREN = 4, LEAST = 64 };

void
hf_wheel_free(struct hf_wheel *w)
{
	free(w->heap);
	free(w->place);
	*w = (struct hf_wheel){0};
}

static bool
room_for_ids(struct hf_wheel *w, size_t n)
{
	uint32_t *grown;

	if (n <= w->ids)
		return true;
	if (n > UINT32_MAX) /* places are counted in 32 bits */
		return false;
	grown = reallocarray(w->place, n, sizeof *grown);
	if (!grown)
		return false;
	memset(grown + w->ids, 0, (n - w->ids) * sizeof *grown);
	w->place = grown;
	w->ids = n;
	return true;
}

static bool
room_for_clocks(struct hf_wheel *w, size_t n)
{
	struct hf_wheel_due *grown;

	if (n <= w->size)
		return true;
	grown = reallocarray(w->heap, n, sizeof *grown);
	if (!grown)
		return false;
	w->heap = grown;
	w->size = n;
	return true;
}

bool
hf_wheel_room(struct hf_wheel *w, size_t n)
{
	return room_for_ids(w, n) && room_for_clocks(w, n);
}

static bool
sooner(const struct hf_wheel_due *a, const struct hf_wheel_due *b)
{
	return a->at != b->at ? a->at < b->at : a->id < b->id;
}

static void
put(struct hf_wheel *w, size_t at, struct hf_wheel_due due)
{
	w->heap[at] = due;
	w->place[due.id] = (uint32_t)at + 1;
}

/* The hole at hole is filled with due, or with what has to stand above it. */
static void
sift_up(struct hf_wheel *w, size_t hole, struct hf_wheel_due due)
{
	while (hole > 0) {
		size_t parent = (hole - 1) / CHILDREN;

		if (!sooner(&due, &w->heap[parent]))
			break;
		put(w, hole, w->heap[parent]);
		hole = parent;
	}
	put(w, hole, due);
}

static void
sift_down(struct hf_wheel *w, size_t hole, struct hf_wheel_due due)
{
	for (;;) {
		size_t first = hole * CHILDREN + 1, best = first, last;

		if (first >= w->n)
			break;
		last = first + CHILDREN < w->n ? first + CHILDREN : w->n;
		for (size_t i = first + 1; i < last; i++)
			if (sooner(&w->heap[i], &w->heap[best]))
				best = i;
		if (!sooner(&w->heap[best], &due))
			break;
		put(w, hole, w->heap[best]);
		hole = best;
	}
	put(w, hole, due);
}

/* Puts due where at is, when what stood there is gone. */
static void
settle(struct hf_wheel *w, size_t at, struct hf_wheel_due due)
{
	if (at > 0 && sooner(&due, &w->heap[(at - 1) / CHILDREN]))
		sift_up(w, at, due);
	else
		sift_down(w, at, due);
}

static void
take(struct hf_wheel *w, size_t at)
{
	struct hf_wheel_due last = w->heap[w->n - 1];

	w->place[w->heap[at].id] = 0;
	if (at != --w->n)
		settle(w, at, last);
}

void
hf_wheel_cancel(struct hf_wheel *w, uint32_t id)
{
	if (id < w->ids && w->place[id])
		take(w, w->place[id] - 1);
}

hf_time
hf_wheel_at(const struct hf_wheel *w, uint32_t id)
{
	return id < w->ids && w->place[id] ? w->heap[w->place[id] - 1].at : HF_TIME_MAX;
}

bool
hf_wheel_arm(struct hf_wheel *w, uint32_t id, hf_time at)
{
	struct hf_wheel_due due = {.at = at, .id = id};
	size_t ids = (size_t)id + 1;

	if (at == HF_TIME_MAX) {
		hf_wheel_cancel(w, id);
		return true;
	}
	if (id < w->ids && w->place[id]) {
		settle(w, w->place[id] - 1, due);
		return true;
	}
	if ((ids > w->ids && !room_for_ids(w, ids < LEAST ? LEAST : ids + ids / 2)) ||
	    (w->n == w->size && !room_for_clocks(w, w->n < LEAST ? LEAST : w->n * 2)))
		return false;
	sift_up(w, w->n++, due);
	return true;
}

hf_time
hf_wheel_next(const struct hf_wheel *w)
{
	return w->n ? w->heap[0].at : HF_TIME_MAX;
}

bool
hf_wheel_pop(struct hf_wheel *w, hf_time now, struct hf_wheel_due *out)
{
	if (w->n == 0 || w->heap[0].at > now)
		return false;
	*out = w->heap[0];
	take(w, 0);
	return true;
}

/* feed_ring.c - the events a feed keeps, and where a client goes on. */
#include "server/feed_ring.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "server/feed.h"

enum { KEEP = 4 << 20, FIRST_SLOTS = 64 };

static bool
before(struct hf_feed_pos a, struct hf_feed_pos b)
{
	return a.seq < b.seq || (a.seq == b.seq && a.sub < b.sub);
}

/* Ids never go down, and no two are the same. */
static struct hf_feed_pos
next_pos(const struct hf_feed_ring *r, int64_t seq)
{
	if (seq > r->newest.seq)
		return (struct hf_feed_pos){seq, 0};
	return (struct hf_feed_pos){r->newest.seq, r->newest.sub + 1};
}

void
hf_ring_init(struct hf_feed_ring *r, size_t keep, int64_t seq)
{
	/* Of seq itself nothing is kept either, however many events it had. */
	struct hf_feed_pos all = {seq, HF_FEED_ALL};

	*r = (struct hf_feed_ring){
	    .keep = keep ? keep : KEEP, .newest = all, .lost = all};
}

void
hf_event_drop(struct hf_feed_event *e)
{
	if (e && --e->refs == 0)
		free(e);
}

static struct hf_feed_event **
slot(const struct hf_feed_ring *r, uint64_t at)
{
	return &r->slots[at & (r->size - 1)];
}

static void
evict(struct hf_feed_ring *r)
{
	struct hf_feed_event *e = *slot(r, r->first++);

	r->bytes -= sizeof *e + e->n;
	r->lost = e->pos;
	hf_event_drop(e);
}

void
hf_ring_free(struct hf_feed_ring *r)
{
	while (r->first < r->end)
		evict(r);
	free(r->slots);
	r->slots = NULL;
}

/* Room for one more; events stay at their numbers. */
static bool
grow(struct hf_feed_ring *r)
{
	size_t size = r->size ? r->size * 2 : FIRST_SLOTS;
	struct hf_feed_ring more = *r;

	if (r->end - r->first < r->size)
		return true;
	more.size = size;
	more.slots = malloc(size * sizeof(struct hf_feed_event *));
	if (!more.slots)
		return false;
	for (uint64_t at = r->first; at < r->end; at++)
		*slot(&more, at) = *slot(r, at);
	free(r->slots);
	*r = more;
	return true;
}

/* A line of data for each line of the text.  In JSON a carriage return is white space
 * only; here it would end a line. */
static void
write_data(struct hf_buf *b, struct hf_sv data)
{
	do {
		struct hf_sv line = hf_sv_cut(&data, '\n');

		hf_buf_lit(b, "data: ");
		while (line.n != 0) {
			size_t n = hf_sv_find(line, '\r');

			hf_buf_add(b, line.p, n);
			line = hf_sv_from_at(line, n + 1);
		}
		hf_buf_char(b, '\n');
	} while (data.p);
}

static struct hf_feed_event *
make(const char *name, struct hf_sv data, struct hf_feed_pos pos)
{
	char id[HF_FEED_ID_TEXT];
	struct hf_buf b = {.cap = 0};
	struct hf_feed_event *e;

	hf_feed_id_write(pos, id);
	hf_buf_printf(&b, "event: %s\nid: %s\n", name, id);
	write_data(&b, data);
	hf_buf_char(&b, '\n');
	e = b.failed ? NULL : malloc(sizeof *e + b.n);
	if (e) {
		*e = (struct hf_feed_event){.refs = 1, .pos = pos, .n = b.n};
		memcpy(e->text, b.p, b.n);
	}
	hf_buf_free(&b);
	return e;
}

bool
hf_ring_add(struct hf_feed_ring *r, const char *name, struct hf_sv data, int64_t seq)
{
	struct hf_feed_event *e;

	assert(name[strcspn(name, "\r\n")] == '\0');
	if (data.n > HF_FEED_EVENT_MAX || !grow(r))
		return false;
	e = make(name, data, next_pos(r, seq));
	if (!e)
		return false;
	r->newest = e->pos;
	*slot(r, r->end++) = e;
	r->bytes += sizeof *e + e->n;
	/* The newest stays, however long it is. */
	while (r->bytes > r->keep && r->end - r->first > 1)
		evict(r);
	return true;
}

void
hf_ring_again(struct hf_feed_ring *r, int64_t seq)
{
	while (r->first < r->end)
		evict(r);
	r->newest = next_pos(r, seq);
	r->lost = r->newest;
	/* A number that nobody gets: who has seen all so far is behind now too. */
	r->first = ++r->end;
}

bool
hf_ring_find(const struct hf_feed_ring *r, struct hf_feed_pos seen, uint64_t *at)
{
	uint64_t low = r->first, high = r->end;

	if (before(seen, r->lost))
		return false;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (before(seen, (*slot(r, middle))->pos))
			high = middle;
		else
			low = middle + 1;
	}
	*at = low;
	return true;
}

struct hf_feed_event *
hf_ring_take(const struct hf_feed_ring *r, uint64_t at)
{
	struct hf_feed_event *e;

	assert(at >= r->first && at < r->end);
	e = *slot(r, at);
	e->refs++;
	return e;
}

void
hf_feed_id_write(struct hf_feed_pos pos, char out[HF_FEED_ID_TEXT])
{
	if (pos.sub)
		snprintf(out, HF_FEED_ID_TEXT, "%" PRId64 ".%" PRIu32, pos.seq,
			 pos.sub);
	else
		snprintf(out, HF_FEED_ID_TEXT, "%" PRId64, pos.seq);
}

bool
hf_feed_id_read(struct hf_sv text, struct hf_feed_pos *out)
{
	struct hf_sv seq = hf_sv_cut(&text, '.');
	int64_t n, sub = 0;

	if (!hf_sv_int(seq, &n))
		return false;
	if (text.p && (!hf_sv_int(text, &sub) || sub < 0 || sub > UINT32_MAX))
		return false;
	*out = (struct hf_feed_pos){n, (uint32_t)sub};
	return true;
}

/* hub_lead.c - the referrals that the lead's figures are of, kept by version. */
#include "server/hub_lead.h"

#include <pthread.h>
#include <stdlib.h>

#include "record/hub_task.h"
#include "record/person_text.h"

/* Thirteen months, and a little. */
#define KEPT_MS (400LL * 86400000)

struct kept {
	hf_rid rid;
	uint32_t version;	   /* of the Task */
	struct hf_lead_referral r; /* views lie in .texts of the whole */
};

struct hf_hub_lead {
	struct hf_store *store;
	pthread_mutex_t reading; /* one reads the record at a time */
	struct kept *items;	 /* in the order of rid */
	size_t n, size;
	struct hf_arena texts; /* what items point to */
	size_t replaced;       /* items whose texts lie there for nothing */
	bool loaded;

	pthread_mutex_t lock; /* of todo alone: taken with the hub locked */
	hf_rid *todo;
	size_t n_todo, size_todo;
	bool missed; /* no memory for todo: all is read again */
};

enum hf_rc
hf_hub_lead_new(struct hf_store *store, struct hf_hub_lead **out, struct hf_err *err)
{
	struct hf_hub_lead *lead = calloc(1, sizeof *lead);

	if (!lead)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the lead's figures");
	lead->store = store;
	lead->texts.cap = 512 << 20;
	pthread_mutex_init(&lead->reading, NULL);
	pthread_mutex_init(&lead->lock, NULL);
	*out = lead;
	return HF_OK;
}

void
hf_hub_lead_free(struct hf_hub_lead *lead)
{
	if (!lead)
		return;
	free(lead->items);
	free(lead->todo);
	hf_arena_free(&lead->texts);
	pthread_mutex_destroy(&lead->reading);
	pthread_mutex_destroy(&lead->lock);
	free(lead);
}

/* ---- who finished ---- */

void
hf_hub_lead_changed(struct hf_hub_lead *lead, const struct hf_hub_row *row)
{
	if (row->open)
		return;
	pthread_mutex_lock(&lead->lock);
	if (lead->n_todo == lead->size_todo) {
		size_t size = lead->size_todo ? lead->size_todo * 2 : 256;
		hf_rid *more = realloc(lead->todo, size * sizeof *more);

		if (!more) {
			lead->missed = true;
			pthread_mutex_unlock(&lead->lock);
			return;
		}
		lead->todo = more;
		lead->size_todo = size;
	}
	lead->todo[lead->n_todo++] = row->rid;
	pthread_mutex_unlock(&lead->lock);
}

/* ---- what is kept ---- */

static size_t
place_of(const struct hf_hub_lead *lead, hf_rid rid)
{
	size_t lo = 0, hi = lead->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (lead->items[mid].rid < rid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
copy_text(struct hf_arena *arena, struct hf_sv *text, bool *ok)
{
	if (text->n) {
		*text = hf_arena_sv(arena, *text);
		*ok = *ok && text->p;
	}
}

static bool
copy_referral(const struct hf_lead_referral *from, struct hf_arena *arena,
	      struct hf_lead_referral *to)
{
	bool ok = true;

	*to = *from;
	copy_text(arena, &to->id, &ok);
	copy_text(arena, &to->locality, &ok);
	copy_text(arena, &to->service, &ok);
	copy_text(arena, &to->asked, &ok);
	copy_text(arena, &to->urgency, &ok);
	for (size_t i = 0; i < to->n_breaches; i++) {
		copy_text(arena, &to->breaches[i].reason, &ok);
		copy_text(arena, &to->breaches[i].note, &ok);
	}
	return ok; /* state points to the pathway */
}

/* The place of rid, made when it is not there; NULL without memory. */
static struct kept *
place(struct hf_hub_lead *lead, hf_rid rid)
{
	size_t at = place_of(lead, rid);
	struct kept *more = lead->items;

	if (at < lead->n && more[at].rid == rid) {
		lead->replaced++;
		return &more[at];
	}
	if (lead->n == lead->size) {
		size_t size = lead->size ? lead->size * 2 : 1024;

		more = realloc(lead->items, size * sizeof *more);
		if (!more)
			return NULL;
		lead->items = more;
		lead->size = size;
	}
	memmove(&more[at + 1], &more[at], (lead->n - at) * sizeof *more);
	lead->n++;
	more[at] = (struct kept){.rid = rid};
	return &more[at];
}

/* Reads one Task; what is no referral, or is too old, is left out. */
static enum hf_rc
read_one(struct hf_hub_lead *lead, struct hf_reader *reader, const struct hf_pathway *p,
	 hf_rid rid, hf_time since, struct hf_arena *scratch, struct hf_err *err)
{
	struct hf_lead_referral r = {0};
	struct hf_story story;
	struct hf_version v;
	struct hf_json task;
	struct kept *kept;
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, scratch, &v, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, scratch, &task, err);
	if (rc)
		return rc;
	if (!hf_hub_task_is(&task, 0, "instance", scratch) ||
	    hf_story_read(p, &task, scratch, &story, NULL) != HF_OK)
		return HF_OK; /* another's Task */
	r.id = hf_dig_text(&task, 0, "id", scratch);
	hf_lead_of_story(&story, scratch, &r);
	if (!r.open && r.received < since)
		return HF_OK;
	kept = place(lead, rid);
	if (!kept || !copy_referral(&r, &lead->texts, &kept->r))
		return hf_fail(err, HF_TOO_LONG, NULL, "there are too many referrals");
	kept->version = v.e.version;
	return HF_OK;
}

struct since {
	struct hf_hub_lead *lead;
	const struct hf_pathway *p;
	hf_time at;
};

static enum hf_rc
read_since(void *of, struct hf_reader *reader, hf_rid rid, struct hf_arena *scratch,
	   struct hf_err *err)
{
	const struct since *s = of;

	return read_one(s->lead, reader, s->p, rid, s->at, scratch, err);
}

static enum hf_rc
read_all(struct hf_hub_lead *lead, struct hf_reader *reader, const struct hf_pathway *p,
	 hf_time since, struct hf_err *err)
{
	/* Task.status of the pathway's ends. */
	static const char *const statuses[] = {"completed", "cancelled", "rejected",
					       "entered-in-error"};
	struct since s = {lead, p, since};
	enum hf_rc rc = HF_OK;

	lead->n = lead->replaced = 0;
	lead->loaded = false;
	hf_arena_free(&lead->texts);
	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(statuses); i++)
		rc = hf_hub_each_task(reader, statuses[i], read_since, &s, err);
	lead->loaded = rc == HF_OK;
	return rc;
}

/* Those that finished since; what cannot be read is asked for again. */
static enum hf_rc
read_news(struct hf_hub_lead *lead, struct hf_reader *reader,
	  const struct hf_pathway *p, hf_time since, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = 64 << 20};
	size_t n_todo;
	hf_rid *todo;
	bool missed;
	enum hf_rc rc = HF_OK;

	pthread_mutex_lock(&lead->lock);
	todo = lead->todo;
	n_todo = lead->n_todo;
	missed = lead->missed;
	lead->todo = NULL;
	lead->n_todo = lead->size_todo = 0;
	lead->missed = false;
	pthread_mutex_unlock(&lead->lock);
	/* Begins anew when half of what it keeps is of no use any more. */
	if (!lead->loaded || missed || lead->replaced > lead->n + 10000) {
		rc = read_all(lead, reader, p, since, err);
	} else {
		for (size_t i = 0; rc == HF_OK && i < n_todo; i++) {
			hf_arena_reset(&scratch);
			rc = read_one(lead, reader, p, todo[i], since, &scratch, err);
		}
		lead->loaded = rc == HF_OK;
	}
	hf_arena_free(&scratch);
	free(todo);
	return rc;
}

/* ---- all of them ---- */

struct open_now {
	hf_rid rid;
	uint32_t version;
};
struct opening {
	struct hf_arena *arena;
	struct open_now *items;
	size_t n, size;
	bool full;
};

static bool
note_open(void *ctx, const struct hf_hub_row *row)
{
	struct opening *o = ctx;

	if (o->n == o->size) {
		size_t size = o->size ? o->size * 2 : 256;
		struct open_now *more = hf_arena_array(o->arena, size, sizeof *more);

		if (!more) {
			o->full = true;
			return false;
		}
		if (o->n)
			memcpy(more, o->items, o->n * sizeof *more);
		o->items = more;
		o->size = size;
	}
	o->items[o->n++] = (struct open_now){row->rid, row->version};
	return true;
}

/* A board's row does not have all of the story: what changed is read again. */
static enum hf_rc
read_open(struct hf_hub_lead *lead, struct hf_reader *reader,
	  const struct hf_pathway *p, const struct opening *o, struct hf_err *err)
{
	struct hf_arena scratch = {.cap = 64 << 20};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < o->n; i++) {
		size_t at = place_of(lead, o->items[i].rid);

		if (at < lead->n && lead->items[at].rid == o->items[i].rid &&
		    lead->items[at].version >= o->items[i].version)
			continue;
		hf_arena_reset(&scratch);
		rc = read_one(lead, reader, p, o->items[i].rid, HF_TIME_MIN, &scratch,
			      err);
	}
	hf_arena_free(&scratch);
	return rc;
}

static enum hf_rc
gather(struct hf_hub_lead *lead, struct hf_reader *reader, struct hf_hub *hub,
       hf_time now, struct hf_arena *arena, struct hf_lead_list *out,
       struct hf_err *err)
{
	const struct hf_pathway *p = hf_hub_pathway(hub);
	hf_time since = now - KEPT_MS;
	struct opening o = {.arena = arena};
	enum hf_rc rc;

	/* First who is open, then who finished: nobody falls between the two. */
	hf_hub_rows(hub, note_open, &o);
	rc = o.full ? hf_fail(err, HF_TOO_LONG, NULL, "too many referrals are open")
		    : read_news(lead, reader, p, since, err);
	if (rc == HF_OK)
		rc = read_open(lead, reader, p, &o, err);
	if (rc)
		return rc;
	out->items = hf_arena_array(arena, lead->n + 1, sizeof *out->items);
	out->rids = hf_arena_array(arena, lead->n + 1, sizeof *out->rids);
	if (!out->items || !out->rids)
		return hf_fail(err, HF_TOO_LONG, NULL, "there are too many referrals");
	for (size_t i = 0; i < lead->n; i++) {
		const struct kept *k = &lead->items[i];

		if (!k->r.open && k->r.received < since)
			continue;
		out->rids[out->n] = k->rid;
		if (!copy_referral(&k->r, arena, &out->items[out->n++]))
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "there are too many referrals");
	}
	return HF_OK;
}

enum hf_rc
hf_hub_lead_all(struct hf_hub_lead *lead, struct hf_hub *hub, hf_time now,
		struct hf_arena *arena, struct hf_lead_list *out, struct hf_err *err)
{
	struct hf_reader *reader = NULL;
	enum hf_rc rc = hf_reader_get(lead->store, &reader, err);

	if (rc)
		return rc;
	*out = (struct hf_lead_list){0};
	pthread_mutex_lock(&lead->reading);
	rc = gather(lead, reader, hub, now, arena, out, err);
	pthread_mutex_unlock(&lead->reading);
	hf_reader_put(reader);
	return rc;
}

size_t
hf_hub_lead_measure(struct hf_hub_lead *lead, struct hf_hub *hub, hf_time now,
		    struct hf_opel_value *out, size_t most)
{
	struct hf_arena all = {.cap = 1U << 30};
	struct hf_lead_list list;
	struct hf_lead_figures f;
	size_t n = 0;

	if (most > 0 && hf_hub_lead_all(lead, hub, now, &all, &list, NULL) == HF_OK &&
	    hf_lead_count(list.items, list.n, now, &all, &f, NULL) == HF_OK &&
	    f.months[0].contacts)
		out[n++] = (struct hf_opel_value){
		    HF_SV("community"), HF_SV("two-hours"),
		    hf_decimal_from_int((int64_t)f.months[0].met * 100 /
					f.months[0].contacts)};
	hf_arena_free(&all);
	return n;
}

/* work.c - a change of a referral while it is made: all resources of one event. */
#include "hub/io/hub_int.h"

#include "record/hub_task.h"
#include "record/person_text.h"

/* Whoever asked may be gone by now: what was reserved and the boards do not wait. */
static void
settled(struct hf_change *change, void *ctx)
{
	struct hf_hub_work *work = ctx;

	(void)change;
	hf_hub_done(hf_work_of(work)->hub, work);
}

struct hf_hub_work *
hf_work_make(struct hub_work *w, struct hf_store *store, struct hf_sv base,
	     const struct hf_hub_actor *who, struct hf_arena *arena, struct hf_err *err)
{
	struct hf_hub_work *work = HF_NEW(arena, struct hf_hub_work);

	if (!work || !w) {
		(void)hf_fail(err, HF_TOO_LONG, NULL, "it needs too much memory");
		return NULL;
	}
	*w = (struct hub_work){.store = store,
			       .arena = arena,
			       .task = SIZE_MAX,
			       .issues = {.arena = arena},
			       .err = err};
	work->own = w;
	work->change = (struct hf_change){
	    .arena = arena,
	    .actor = who->id,
	    .purpose = who->purpose.n ? who->purpose : HF_SV("DIRECT"),
	    .source = HF_SV("hub"),
	    .base = base,
	    .items = w->items,
	    .issues = &w->issues,
	};
	return work;
}

struct hf_hub_work *
hf_work_new(struct hf_hub *hub, const struct hf_hub_actor *who, hf_time at,
	    struct hf_arena *arena, struct hf_err *err)
{
	struct hub_work *w = HF_NEW(arena, struct hub_work);
	struct hf_hub_work *work =
	    hf_work_make(w, hub->store, hub->config.base, who, arena, err);

	(void)at;
	if (!work)
		return NULL;
	w->hub = hub;
	work->change.settled = settled;
	work->change.settled_ctx = work;
	return work;
}

struct hf_buf *
hf_work_buf(struct hub_work *w)
{
	struct hf_buf *b = HF_NEW(w->arena, struct hf_buf);

	if (!b) {
		b = &w->none; /* what is written to it is refused by its size */
		b->failed = true;
	}
	b->cap = 4 << 20;
	return b;
}

static struct hf_change_item *
add(struct hub_work *w, struct hf_buf *b, hf_type_id type)
{
	struct hf_json *doc = HF_NEW(w->arena, struct hf_json);
	struct hf_sv text = hf_arena_sv(w->arena, hf_buf_view(b));
	struct hf_change_item *item;

	if (b->failed || !doc || !text.p)
		w->rc = w->rc ? w->rc
			      : hf_fail(w->err, HF_TOO_LONG, NULL,
					"it needs too much memory");
	else if (w->n == HUB_ITEMS)
		w->rc =
		    w->rc ? w->rc
			  : hf_fail(w->err, HF_TOO_LONG, NULL,
				    "one event writes at most %d resources", HUB_ITEMS);
	hf_buf_free(b);
	if (w->rc)
		return NULL;
	w->rc = hf_json_parse(text, NULL, w->arena, doc, w->err);
	if (w->rc)
		return NULL;
	item = &w->items[w->n++];
	*item = (struct hf_change_item){.op = HF_OP_CREATE, .type = type, .doc = doc};
	return item;
}

void
hf_work_add(struct hub_work *w, struct hf_buf *b, hf_type_id type, const char *urn)
{
	struct hf_change_item *item = add(w, b, type);

	if (item && urn)
		item->full_url = hf_sv_from(urn);
}

void
hf_work_put(struct hub_work *w, struct hf_buf *b, hf_type_id type, struct hf_sv id,
	    uint32_t version)
{
	struct hf_change_item *item;

	/* Two events of one change may both be about what stands beside it. */
	for (size_t i = 0; i < w->n; i++)
		if (w->items[i].type == type && hf_sv_eq(w->items[i].id, id)) {
			hf_buf_free(b);
			return;
		}
	item = add(w, b, type);
	if (!item)
		return;
	item->op = HF_OP_PUT;
	item->id = id;
	item->if_match = version;
}

enum hf_rc
hf_work_ready(struct hf_hub_work *work, struct hf_reader *reader, struct hf_err *err)
{
	struct hub_work *w = hf_work_of(work);
	enum hf_rc rc = w->rc;

	w->err = NULL;
	work->change.n = w->n;
	if (rc == HF_OK)
		rc = hf_change_prepare(w->store, reader, &work->change, err);
	if (rc != HF_OK && w->issues.n)
		return hf_fail(err, rc, NULL, "%.*s: %.*s",
			       HF_SV_ARG(w->issues.items[0].path),
			       HF_SV_ARG(w->issues.items[0].text));
	return rc;
}

/* ---- what stands beside ---- */

/* The person's shelf, read once for a change: a long record has thousands of entries,
 * and an event looks for a dozen things. */
static bool
read_shelf(struct hub_work *w, struct hf_reader *plain, int64_t shelf)
{
	enum hf_rc rc;

	if (w->rc)
		return false;
	if (w->shelf_read)
		return true;
	rc = hf_store_shelf(plain, shelf, w->arena, &w->shelf, &w->n_shelf, w->err);
	w->shelf_read = rc == HF_OK;
	w->rc = rc;
	return w->shelf_read;
}

bool
hf_beside(struct hub_work *w, struct hf_reader *plain, int64_t shelf, hf_type_id type,
	  const char *path, struct hf_sv ref, const char *kind, const char *statuses,
	  size_t skip, struct hub_beside *out)
{
	uint64_t sig = kind ? hf_code_sig(hf_sv_from(kind)) : 0;
	struct hf_arena *arena = w->arena;

	if (!read_shelf(w, plain, shelf))
		return false;
	/* Newest first: what is looked for was made lately. */
	for (size_t i = w->n_shelf; i > 0 && !w->rc; i--) {
		const struct hf_entry *e = &w->shelf[i - 1];
		enum hf_rc rc;

		if (e->type != type || (e->sig & sig) != sig)
			continue;
		rc = hf_store_read_rid(plain, e->rid, 0, arena, &out->v, w->err);
		if (rc == HF_NOT_FOUND || rc == HF_GONE)
			continue;
		if (rc == HF_OK)
			rc = hf_json_parse(out->v.body, NULL, arena, &out->doc, w->err);
		w->rc = rc; /* not to find it would leave it open, or make it twice */
		if (rc == HF_OK &&
		    hf_sv_eq(hf_dig_text(&out->doc, 0, path, arena), ref) &&
		    hf_sv_among(hf_dig_text(&out->doc, 0, "status", arena), statuses) &&
		    (!kind || hf_hub_task_is(&out->doc, 0, kind, arena)) && skip-- == 0)
			return true;
	}
	return false;
}

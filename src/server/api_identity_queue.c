/* api_identity_queue.c - the pairs that somebody must look at. */
#include "server/api_identity.h"

#include "record/io/viewer.h"

void hf_api_identity_review(struct hf_call *call);

enum { PAIRS = 20, PAIRS_MOST = 50 };

/* Where the last page ended: "ID,ID". */
static enum hf_rc
read_after(struct hf_call *call, struct hf_review *after, bool *given,
	   struct hf_err *err)
{
	struct hf_sv text = hf_call_take_param(call, HF_SV("after"));
	struct hf_identity_record one, other;
	struct hf_sv id;
	enum hf_rc rc;

	*given = text.n > 0;
	if (!*given)
		return HF_OK;
	id = hf_sv_cut(&text, ',');
	rc = hf_identity_open(call, id, &one, err);
	if (rc == HF_OK)
		rc = hf_identity_open(call, text, &other, err);
	if (rc == HF_OK)
		rc = hf_review_get(call->reader, one.shelf, other.shelf, call->arena,
				   after, err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return hf_fail(err, HF_INVALID, "after",
			       "the list has changed: begin at its first page again");
	return rc;
}

/* A page of the queue as it is put together. */
struct page {
	size_t limit, n;
	struct hf_sv last; /* the pair shown last, as after takes it */
	bool more;
};

static enum hf_rc
write_pair(struct hf_call *call, struct hf_jw *w, const struct hf_review *r,
	   struct page *page, struct hf_err *err)
{
	struct hf_identity_record one, other;
	char text[32];
	enum hf_rc rc = hf_identity_of_shelf(call, r->low, &one, err);

	if (rc == HF_OK)
		rc = hf_identity_of_shelf(call, r->high, &other, err);
	/* Who may not see both is not told of the pair. */
	if (rc || ((one.gone || other.gone) && hf_reader_is_viewed(call->reader)))
		return rc;
	page->n++;
	if (!one.gone && !other.gone)
		page->last = hf_arena_printf(call->arena, "%.*s,%.*s",
					     HF_SV_ARG(one.id), HF_SV_ARG(other.id));
	hf_jw_obj(w);
	hf_jw_field(w, "kind", r->kind);
	hf_jw_field(w, "why", r->why);
	if (r->fields.n) {
		hf_identity_write_score(w, r->score);
		hf_identity_write_fields(w, r->fields);
	}
	hf_jw_field(w, "since", hf_sv_from(hf_time_format(r->at, text, sizeof text)));
	if (r->until)
		hf_jw_field(w, "until",
			    hf_sv_from(hf_time_format(r->until, text, sizeof text)));
	hf_jw_member(w, "one");
	hf_jw_obj(w);
	hf_identity_write_line(call, w, &one);
	hf_jw_obj_end(w);
	hf_jw_member(w, "other");
	hf_jw_obj(w);
	hf_identity_write_line(call, w, &other);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
	return HF_OK;
}

/* Goes through the queue until the page is full: pairs may be left out. */
static enum hf_rc
write_pairs(struct hf_call *call, struct hf_jw *w, struct hf_sv state,
	    const struct hf_review *after, struct page *page, struct hf_err *err)
{
	enum { STEP = 50, STEPS = 20 };
	struct hf_review *list;
	size_t n = STEP;

	for (int step = 0; step < STEPS && n == STEP && !page->more; step++) {
		enum hf_rc rc = hf_review_list(call->reader, state, after, STEP,
					       call->arena, &list, &n, err);

		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			page->more = page->n == page->limit;
			if (page->more)
				break;
			rc = write_pair(call, w, &list[i], page, err);
		}
		if (rc)
			return rc;
		after = n ? &list[n - 1] : after;
	}
	return HF_OK;
}

static enum hf_rc
write_queue(struct hf_call *call, struct hf_sv state, const struct hf_review *after,
	    size_t limit, struct hf_err *err)
{
	struct page page = {.limit = limit};
	int64_t open, later;
	struct hf_jw w;
	enum hf_rc rc = hf_review_count(call->reader, &open, &later, err);

	if (rc)
		return rc;
	hf_api_begin(call, &w);
	hf_jw_field(&w, "state", state);
	hf_api_number(&w, "open", open);
	hf_api_number(&w, "later", later);
	hf_jw_member(&w, "pairs");
	hf_jw_arr(&w);
	rc = write_pairs(call, &w, state, after, &page, err);
	if (rc)
		return rc;
	hf_jw_arr_end(&w);
	if (page.more)
		hf_api_text(&w, "next", page.last);
	call->audit_hits = (int64_t)page.n;
	hf_api_end(call);
	return HF_OK;
}

void
hf_api_identity_review(struct hf_call *call)
{
	struct hf_sv state = hf_call_take_param(call, HF_SV("state"));
	struct hf_review after;
	struct hf_err err;
	size_t limit = 0;
	bool given = false;
	enum hf_rc rc = hf_api_limit(call, PAIRS_MOST, &limit, &err);

	hf_call_take_param(call, HF_SV("limit"));
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (rc == HF_OK)
		rc = read_after(call, &after, &given, &err);
	if (!state.p)
		state = HF_SV("open");
	if (rc == HF_OK && !hf_sv_is(state, "open") && !hf_sv_is(state, "later"))
		rc = hf_fail(&err, HF_INVALID, "state", "state is open or later");
	if (rc == HF_OK && !hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = write_queue(call, state, given ? &after : NULL,
				 limit ? limit : PAIRS, &err);
	if (rc)
		hf_api_fail(call, &err);
}

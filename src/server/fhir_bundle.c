/* fhir_bundle.c - transaction and batch.
 *
 * A transaction is one change, all or nothing, its writes in the order DELETE,
 * POST, PUT; the reads see what it wrote.  Each write of a batch is a change of its
 * own; all are handed over together and so share a flush. */
#include "server/fhir_bundle.h"
#include "server/limits.h"

void hf_fhir_bundle(struct hf_call *call);

enum { ROUNDS_MAX = 8 };

static bool
is_write(const struct hf_bundle_entry *e)
{
	return e->ask >= HF_ASK_CREATE;
}

/* What an entry without a condition does; with one hf_bundle_settle() says it. */
static void
plain_item(const struct hf_bundle *b, struct hf_bundle_entry *e)
{
	static const enum hf_op ops[] = {
	    [HF_ASK_CREATE] = HF_OP_CREATE,
	    [HF_ASK_PUT] = HF_OP_PUT,
	    [HF_ASK_DELETE] = HF_OP_DELETE,
	};
	struct hf_change_item old = e->item;

	e->item = (struct hf_change_item){
	    .op = ops[e->ask],
	    .type = e->type,
	    .id = e->ask == HF_ASK_CREATE ? HF_SV("") : e->id,
	    .doc = e->ask == HF_ASK_DELETE ? NULL : &b->doc,
	    .node = e->node,
	    .full_url = e->full_url,
	    .validated = e->valid,
	    .if_match = old.if_match,
	    .if_none_match_any = old.if_none_match_any,
	};
}

static struct hf_change
new_change(struct hf_call *c, struct hf_change_item *items, size_t n,
	   struct hf_issues *issues)
{
	return (struct hf_change){
	    .arena = c->arena,
	    .actor = c->actor->id,
	    .base = c->base,
	    .purpose = c->actor->purpose,
	    .source = HF_SV("fhir"),
	    .items = items,
	    .n = n,
	    .issues = issues,
	};
}

static void
answer(struct hf_call *c, struct hf_bundle *b)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};

	w.out->cap = HF_ANSWER_MAX;
	hf_bundle_write(c, b, &w);
	hf_call_reply_buf(c, 200);
}

static void
no_memory(struct hf_call *c)
{
	struct hf_err err;

	hf_fail(&err, HF_TOO_LONG, NULL, "the Bundle needs too much memory; split it");
	hf_call_fail(c, &err);
}

/* ---- transaction ---- */

static void
fail_transaction(struct hf_call *c, struct hf_bundle *b, enum hf_rc rc,
		 const struct hf_err *err)
{
	struct hf_err placed = *err;
	size_t item = b->change.failed_item;

	if (b->issues.errors) {
		hf_call_fail_issues(c, rc, &b->issues);
		return;
	}
	if (item < b->change.n && b->of_item && b->of_item[item])
		snprintf(placed.path, sizeof placed.path, "Bundle.entry[%zu]%s%.100s",
			 b->of_item[item]->index, err->path[0] ? "." : "", err->path);
	hf_call_fail(c, &placed);
}

/* Looks up conditions; every entry that fails is a finding. */
static enum hf_rc
settle_all(struct hf_call *c, struct hf_bundle *b, struct hf_err *err)
{
	enum hf_rc first = HF_OK;

	for (size_t i = 0; i < b->n; i++) {
		struct hf_bundle_entry *e = &b->entries[i];
		struct hf_err why;
		char path[64];
		enum hf_rc rc;

		if (!is_write(e))
			continue;
		plain_item(b, e);
		if (!e->conditional)
			continue;
		rc = hf_bundle_settle(c, e, &why);
		if (rc == HF_OK)
			continue;
		snprintf(path, sizeof path, "Bundle.entry[%zu].request", e->index);
		hf_issue_add(&b->issues, HF_SEV_ERROR, hf_rc_issue(rc),
			     hf_sv_from(path), "%s", why.text);
		if (first == HF_OK) {
			first = rc;
			*err = why;
		}
	}
	return first;
}

/* The items of the change: writes in FHIR's order, then references by search. */
static enum hf_rc
gather(struct hf_call *c, struct hf_bundle *b, struct hf_err *err)
{
	static const enum hf_ask order[] = {HF_ASK_DELETE, HF_ASK_CREATE, HF_ASK_PUT};
	size_t references = hf_bundle_count_references(b), n = 0;
	size_t max = b->n + references + 1;
	struct hf_change_item *items = hf_arena_array(c->arena, max, sizeof *items);
	enum hf_rc rc;

	b->of_item = hf_arena_array(c->arena, max, sizeof(struct hf_bundle_entry *));
	if (!items || !b->of_item)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the Bundle needs too much memory");
	for (size_t k = 0; k < HF_COUNT(order); k++)
		for (size_t i = 0; i < b->n; i++) {
			struct hf_bundle_entry *e = &b->entries[i];

			if (e->ask != order[k] || e->none)
				continue;
			b->of_item[n] = e;
			items[n++] = e->item;
		}
	rc = hf_bundle_references(c, b, items, &n, references, err);
	b->change = new_change(c, items, n, &b->issues);
	return rc;
}

static void transaction_round(struct hf_call *c, struct hf_bundle *b);

static void
transaction_done(struct hf_call *c, struct hf_change *change)
{
	struct hf_bundle *b = c->state;

	if (change->rc == HF_BUSY && ++b->rounds < ROUNDS_MAX) {
		transaction_round(c, b);
		return;
	}
	if (change->rc) {
		fail_transaction(c, b, change->rc, &change->err);
		return;
	}
	for (size_t i = 0; i < change->n; i++)
		if (b->of_item[i])
			b->of_item[i]->item = change->items[i];
	answer(c, b);
}

static void
transaction_round(struct hf_call *c, struct hf_bundle *b)
{
	struct hf_err err;
	enum hf_rc rc = settle_all(c, b, &err);

	if (rc == HF_OK)
		rc = gather(c, b, &err);
	if (rc == HF_OK && b->change.n)
		rc = hf_change_prepare(c->store, c->reader, &b->change, &err);
	if (rc == HF_BUSY && ++b->rounds < ROUNDS_MAX)
		transaction_round(c, b);
	else if (rc)
		fail_transaction(c, b, rc, &err);
	else if (b->change.n == 0)
		answer(c, b);
	else
		hf_call_commit(c, &b->change, transaction_done);
}

/* ---- batch ---- */

static void batch_round(struct hf_call *c, struct hf_bundle *b);

static void
batch_done(struct hf_call *c)
{
	struct hf_bundle *b = c->state;
	bool again = false;

	for (size_t i = 0; i < b->n; i++) {
		struct hf_bundle_entry *e = &b->entries[i];

		if (!e->waiting)
			continue;
		e->rc = e->change.rc;
		e->err = e->change.err;
		e->waiting = e->rc == HF_BUSY && e->conditional;
		again = again || e->waiting;
		if (e->ask == HF_ASK_DELETE &&
		    (e->rc == HF_NOT_FOUND || e->rc == HF_GONE)) {
			e->rc = HF_OK;
			e->item.version = 0;
		}
	}
	if (again && ++b->rounds < ROUNDS_MAX)
		batch_round(c, b);
	else
		answer(c, b);
}

/* Makes one entry's change ready; its failure is its own.  True when there is
 * something to commit. */
static bool
prepare_one(struct hf_call *c, struct hf_bundle *b, struct hf_bundle_entry *e)
{
	plain_item(b, e);
	e->rc = HF_OK;
	e->waiting = false;
	if (e->conditional)
		e->rc = hf_bundle_settle(c, e, &e->err);
	if (e->rc || e->none || e->item.skip)
		return false;
	e->change = new_change(c, &e->item, 1, &e->issues);
	e->rc = hf_change_prepare(c->store, c->reader, &e->change, &e->err);
	e->change.rc = e->rc;
	e->change.err = e->err;
	e->waiting = true;
	return e->rc == HF_OK;
}

static void
batch_round(struct hf_call *c, struct hf_bundle *b)
{
	struct hf_call_many *many = hf_call_many_begin(c, batch_done);

	if (!many)
		return;
	for (size_t i = 0; i < b->n; i++) {
		struct hf_bundle_entry *e = &b->entries[i];

		if (!is_write(e) || (b->rounds ? !e->waiting : e->rc != HF_OK))
			continue;
		if (prepare_one(c, b, e))
			hf_call_many_add(many, &e->change);
	}
	hf_call_many_end(many);
}

void
hf_fhir_bundle(struct hf_call *c)
{
	struct hf_bundle *b = HF_NEW(c->arena, struct hf_bundle);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_call_no_params(c))
		return;
	if (!b) {
		no_memory(c);
		return;
	}
	c->state = b;
	rc = hf_bundle_read(c, b, &err);
	if (rc)
		hf_call_fail(c, &err);
	else if (b->issues.errors)
		hf_call_fail_issues(c, HF_INVALID, &b->issues);
	else if (b->transaction && !hf_bundle_validate(c, b))
		hf_call_fail_issues(c, HF_INVALID, &b->issues);
	else if (b->transaction)
		transaction_round(c, b);
	else
		batch_round(c, b);
}

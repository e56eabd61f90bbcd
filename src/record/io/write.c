/* write.c - the second half of preparing a change: from items that have their
 * places to what the committer writes. */
#include "record/io/prepare.h"

/* The id as the kept form carries it: none when it follows from the rid. */
static struct hf_sv
kept_id(const struct hf_prep *p, const struct hf_change_item *it, hf_rid rid)
{
	if (it->op == HF_OP_CREATE || hf_ids_decode(&p->store->ids, it->id) == rid)
		return (struct hf_sv){0};
	return it->id;
}

/* The kept form of an item, in the arena of the change. */
static enum hf_rc
pack_item(struct hf_prep *p, size_t i, struct hf_sv *kept)
{
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_sv id = kept_id(p, it, p->work[i].rid);
	struct hf_buf buf = {0};

	p->resolved = p->unresolved = false;
	if (it->op == HF_OP_DELETE)
		hf_body_tombstone(id, &buf);
	else
		hf_body_pack_from(it->doc, it->node, id, p->work[i].source,
				  hf_prep_resolve, p, &buf);
	if (p->work[i].source.n)
		p->resolved = true; /* it is not what came */
	*kept = (struct hf_sv){NULL, 0};
	if (!buf.failed)
		*kept = hf_arena_sv(p->arena, hf_buf_view(&buf));
	hf_buf_free(&buf);
	if (p->unresolved)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "a reference names its target by a condition (Type?…): "
			       "that is resolved in a transaction or an import only; "
			       "here name it by its id");
	return kept->p ? HF_OK : hf_prep_no_memory(p->err);
}

/* The resource as a reader will see it, parsed. */
static enum hf_rc
parse_kept(struct hf_prep *p, hf_type_id type, struct hf_sv id, struct hf_sv kept,
	   struct hf_json *doc)
{
	size_t bound = hf_body_bound(kept.n);
	struct hf_buf text = {
	    .p = hf_arena_alloc(p->arena, bound), .size = bound, .cap = bound};

	if (!text.p)
		return hf_prep_no_memory(p->err);
	if (!hf_body_unpack(kept, hf_sv_from(hf_type_get(type)->name), id, 1, 0, &text))
		return hf_fail(p->err, HF_FAULT, NULL, "a body cannot be put together");
	return hf_json_parse(hf_buf_view(&text), NULL, p->arena, doc, p->err);
}

/* Rows of a that are not in b. */
static enum hf_rc
minus(struct hf_prep *p, const struct hf_facts *a, const struct hf_facts *b,
      struct hf_ix_row **out, size_t *n)
{
	struct hf_ix_row *rows = hf_arena_array(p->arena, a->n_rows, sizeof *rows);
	size_t count = 0;

	if (!rows)
		return hf_prep_no_memory(p->err);
	for (size_t i = 0; i < a->n_rows; i++) {
		bool there = false;

		for (size_t k = 0; k < b->n_rows && !there; k++)
			there = a->rows[i].slot == b->rows[k].slot &&
				a->rows[i].value == b->rows[k].value;
		if (!there)
			rows[count++] = a->rows[i];
	}
	*out = rows;
	*n = count;
	return HF_OK;
}

/* What the replaced version had: index rows, and the shelves it was mentioned on. */
static enum hf_rc
read_replaced(struct hf_prep *p, size_t i, struct hf_facts *facts, int64_t **mentions,
	      size_t *n)
{
	struct hf_work *w = &p->work[i], now = *w;
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_json doc;
	enum hf_rc rc;

	*facts = (struct hf_facts){0};
	*n = 0;
	if (!w->exists || w->old.e.deleted)
		return HF_OK;
	rc = parse_kept(p, it->type, it->out_id, w->old_kept, &doc);
	if (rc == HF_OK)
		rc =
		    hf_facts_of(it->type, &doc, 0, it->out_id, p->arena, facts, p->err);
	if (rc == HF_OK)
		rc = hf_people_of(it->type, &doc, 0, p->arena, &w->people, p->err);
	w->rid = w->old.e.rid;
	if (rc == HF_OK)
		rc = hf_prep_people_shelves(p, i, mentions, n);
	*w = now;
	return rc;
}

static enum hf_rc
read_new(struct hf_prep *p, size_t i, struct hf_sv kept, struct hf_facts *facts,
	 int64_t *marks)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_json *doc = it->doc;
	uint32_t node = it->node;
	struct hf_json again;
	enum hf_rc rc = HF_OK;

	*facts = (struct hf_facts){0};
	/* Who may know that it was there does not change with its end. */
	*marks = p->work[i].old.e.marks | HF_FLAG_DELETED;
	if (it->op == HF_OP_DELETE)
		return HF_OK;
	if (p->resolved) {
		rc = parse_kept(p, it->type, it->out_id, kept, &again);
		doc = &again;
		node = 0;
	}
	if (rc == HF_OK)
		rc = hf_facts_of(it->type, doc, node, it->out_id, p->arena, facts,
				 p->err);
	if (rc == HF_OK)
		*marks = hf_marks_of(doc, node, false, p->arena);
	return rc;
}

/* The place of the row in res and idmap, and which version it is. */
static void
place_write(const struct hf_prep *p, size_t i, struct hf_write *w)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_work *work = &p->work[i];
	bool was = work->exists && !work->old.e.deleted;

	w->type = it->type;
	w->rid = work->rid;
	w->old_rid = work->exists ? work->old.e.rid : 0;
	w->version = work->exists ? work->old.e.version + 1 : 1;
	w->deleted = it->op == HF_OP_DELETE;
	w->tally = (int)!w->deleted - (int)was;
	if (it->op == HF_OP_CREATE)
		return;
	if (!work->exists && !work->awaited)
		w->id_hash = hf_ids_hash(&p->store->ids, it->type, it->id);
	else if (work->exists && w->rid != w->old_rid)
		w->id_hash_moved = hf_ids_hash(&p->store->ids, it->type, it->id);
}

static enum hf_rc
write_item(struct hf_prep *p, size_t i, struct hf_write *w)
{
	struct hf_change_item *it = &p->change->items[i];
	struct hf_facts before, now;
	int64_t *old_mentions = NULL;
	size_t n_old;
	struct hf_sv kept;
	enum hf_rc rc = pack_item(p, i, &kept);

	place_write(p, i, w);
	it->version = w->version;
	it->created = !w->deleted && w->tally > 0;
	if (rc == HF_OK)
		rc = read_new(p, i, kept, &now, &w->marks);
	if (rc == HF_OK)
		rc = read_replaced(p, i, &before, &old_mentions, &n_old);
	if (rc == HF_OK && w->rid != w->old_rid)
		rc = minus(p, &now, &(struct hf_facts){0}, &w->add, &w->n_add);
	else if (rc == HF_OK)
		rc = minus(p, &now, &before, &w->add, &w->n_add);
	if (rc == HF_OK && w->rid != w->old_rid)
		rc = minus(p, &before, &(struct hf_facts){0}, &w->drop, &w->n_drop);
	else if (rc == HF_OK)
		rc = minus(p, &before, &now, &w->drop, &w->n_drop);
	if (rc == HF_OK && it->op != HF_OP_DELETE)
		rc = hf_prep_people_shelves(p, i, &w->mention, &w->n_mention);
	if (rc == HF_OK && w->n_mention)
		w->marks |= HF_FLAG_SEVERAL;
	if (rc == HF_OK)
		rc = hf_dicts_pack(&p->store->dicts, p->reader->cctx, kept, p->arena,
				   &w->dict, &w->packed, p->err);
	if (rc != HF_OK)
		return rc;
	w->unmention = old_mentions;
	w->n_unmention = n_old;
	w->sig = now.sig;
	w->lo = now.lo;
	w->span = now.hi == HF_TIME_MAX ? -1 : now.hi - now.lo;
	return HF_OK;
}

/* Is the new body the one that stands there already? */
static enum hf_rc
is_unchanged(struct hf_prep *p, size_t i, bool *out)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_work *w = &p->work[i];
	struct hf_sv kept;
	enum hf_rc rc;

	*out = false;
	if (it->op == HF_OP_DELETE)
		*out = w->old.e.deleted;
	if (it->op != HF_OP_PUT || !w->exists || w->old.e.deleted)
		return HF_OK;
	rc = pack_item(p, i, &kept);
	*out = rc == HF_OK && hf_sv_eq(kept, w->old_kept);
	return rc;
}

static enum hf_rc
add_links(struct hf_prep *p, const struct hf_link *links, size_t n)
{
	struct hf_prepared *out = p->out;
	size_t size = p->size_links ? p->size_links : 8;
	struct hf_link *all = out->links;

	while (size < out->n_links + n)
		size *= 2;
	if (size > p->size_links) {
		all = hf_arena_array(p->arena, size, sizeof *all);
		if (!all)
			return hf_prep_no_memory(p->err);
		if (out->n_links)
			memcpy(all, out->links, out->n_links * sizeof *all);
		out->links = all;
		p->size_links = size;
	}
	if (n)
		memcpy(all + out->n_links, links, n * sizeof *all);
	out->n_links += n;
	return HF_OK;
}

static bool
has_shelf(const int64_t *shelves, size_t n, int64_t shelf)
{
	for (size_t i = 0; i < n; i++)
		if (shelves[i] == shelf)
			return true;
	return false;
}

/* Whom the replaced version of a Patient was linked to by itself. */
static enum hf_rc
links_before(struct hf_prep *p, size_t i, int64_t **out, size_t *n)
{
	const struct hf_work *w = &p->work[i];
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_people people;
	struct hf_json doc;
	enum hf_rc rc;

	*out = NULL;
	*n = 0;
	if (!w->exists || w->old.e.deleted)
		return HF_OK;
	rc = parse_kept(p, it->type, it->out_id, w->old_kept, &doc);
	if (rc == HF_OK)
		rc = hf_link_targets(&doc, 0, p->arena, &people, p->err);
	return rc == HF_OK ? hf_prep_shelves(p, i, &people, out, n) : rc;
}

/* Patient.link, whatever its type, says that the other resource is about the same
 * actual person.  What this version says and the one before did not is linked; what it
 * says no more is not. */
static enum hf_rc
link_said(struct hf_prep *p, size_t i)
{
	struct hf_link one = {.kind = HF_LINK_FHIR,
			      .shelf = HF_RID_SHELF(p->work[i].rid)};
	int64_t *before, *now = NULL;
	size_t n_before, n_now = 0;
	enum hf_rc rc = links_before(p, i, &before, &n_before);

	if (rc == HF_OK)
		rc = hf_prep_shelves(p, i, &p->work[i].links, &now, &n_now);
	for (size_t k = 0; rc == HF_OK && k < n_before; k++) {
		one.op = HF_LINK_END;
		one.other = before[k];
		one.why = HF_SV("Patient.link says so no more");
		if (!has_shelf(now, n_now, one.other))
			rc = add_links(p, &one, 1);
	}
	for (size_t k = 0; rc == HF_OK && k < n_now; k++) {
		one.op = HF_LINK_JOIN;
		one.other = now[k];
		one.why = HF_SV("Patient.link says so");
		if (!has_shelf(before, n_before, one.other))
			rc = add_links(p, &one, 1);
	}
	return rc;
}

static int
by_number(const void *pa, const void *pb)
{
	const struct hf_numbered *a = pa, *b = pb;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->item > b->item) - (a->item < b->item);
}

/* The Patients of this change by their number: the store does not know them yet. */
static enum hf_rc
sort_numbers(struct hf_prep *p)
{
	size_t n = 0;

	p->numbered = hf_arena_array(p->arena, p->change->n, sizeof *p->numbered);
	if (!p->numbered)
		return hf_prep_no_memory(p->err);
	for (size_t i = 0; i < p->change->n; i++)
		if (p->work[i].number_now)
			p->numbered[n++] =
			    (struct hf_numbered){p->work[i].number_now, i};
	if (n > 1)
		qsort(p->numbered, n, sizeof *p->numbered, by_number);
	p->n_numbered = n;
	return HF_OK;
}

/* Those with the same number that stand before item i in the change. */
static enum hf_rc
link_within(struct hf_prep *p, size_t i)
{
	enum { MANY = 64 };
	const struct hf_change_item *it = &p->change->items[i];
	uint64_t number = p->work[i].number_now;
	size_t low = 0, high = p->n_numbered;
	enum hf_rc rc = HF_OK;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->numbered[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	/* Of very many with one number the first are enough to link or to doubt. */
	for (size_t end = low + MANY;
	     number && rc == HF_OK && low < p->n_numbered && low < end; low++) {
		size_t k = p->numbered[low].item;
		const struct hf_change_item *other = &p->change->items[k];
		struct hf_link one;

		if (p->numbered[low].number != number || k >= i)
			break;
		if (hf_link_within(it->doc, it->node, HF_RID_SHELF(p->work[i].rid),
				   other->doc, other->node,
				   HF_RID_SHELF(p->work[k].rid), p->arena, &one))
			rc = add_links(p, &one, 1);
	}
	return rc;
}

static enum hf_rc
link_item(struct hf_prep *p, size_t i)
{
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_link *links;
	size_t n = 0;
	enum hf_rc rc = hf_link_decide(p->reader, it->doc, it->node, p->work[i].rid,
				       p->arena, &links, &n, p->err);

	if (rc == HF_OK)
		rc = add_links(p, links, n);
	if (rc == HF_OK)
		rc = link_within(p, i);
	return rc == HF_OK ? link_said(p, i) : rc;
}

enum hf_rc
hf_prep_writes(struct hf_prep *p)
{
	struct hf_prepared *out = p->out;

	out->writes = hf_arena_array(p->arena, p->change->n, sizeof *out->writes);
	if (!out->writes)
		return hf_prep_no_memory(p->err);
	if (sort_numbers(p) != HF_OK)
		return HF_TOO_LONG;
	for (size_t i = 0; i < p->change->n; i++) {
		struct hf_change_item *it = &p->change->items[i];
		bool same = false;
		enum hf_rc rc;

		if (it->skip || it->op == HF_OP_READ)
			continue;
		p->change->failed_item = i;
		rc = is_unchanged(p, i, &same);
		if (rc == HF_OK && same) {
			it->unchanged = true;
			it->rid = p->work[i].old.e.rid;
			it->version = p->work[i].old.e.version;
			continue;
		}
		if (rc == HF_OK)
			rc = write_item(p, i, &out->writes[out->n]);
		if (rc == HF_OK && it->op != HF_OP_DELETE &&
		    it->type == hf_patient_type())
			rc = link_item(p, i);
		if (rc != HF_OK)
			return rc;
		out->n++;
	}
	p->change->failed_item = SIZE_MAX;
	return HF_OK;
}

/* place.c - on whose shelf a resource stands, and the number and id it gets there. */
#include "record/io/prepare.h"

static enum hf_rc
new_shelf(struct hf_prep *p, int64_t id_hash, hf_rid *out)
{
	struct hf_prepared *o = p->out;
	int64_t shelf = atomic_fetch_add(&p->store->next_shelf, 1);

	if (o->n_shelves == p->size_shelves) {
		size_t size = p->size_shelves ? p->size_shelves * 2 : 8;
		struct hf_new_shelf *list =
		    hf_arena_array(p->arena, size, sizeof *list);

		if (!list)
			return hf_prep_no_memory(p->err);
		if (o->n_shelves)
			memcpy(list, o->shelves, o->n_shelves * sizeof *list);
		o->shelves = list;
		p->size_shelves = size;
	}
	o->shelves[o->n_shelves++] = (struct hf_new_shelf){shelf, id_hash};
	*out = HF_RID_MIN(shelf);
	return HF_OK;
}

/* A Patient stands first on a shelf of its own: the one it had, the one kept for
 * it since others spoke of it, or a new one. */
static enum hf_rc
place_patient(struct hf_prep *p, size_t i)
{
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_work *w = &p->work[i];
	enum hf_rc rc = HF_OK;

	if (w->exists) {
		w->rid = w->old.e.rid;
		return HF_OK;
	}
	if (it->op == HF_OP_PUT)
		rc = hf_store_awaited(p->reader,
				      hf_ids_hash(&p->store->ids, it->type, it->id),
				      &w->rid, p->err);
	w->awaited = w->rid != 0;
	if (rc == HF_OK && w->rid == 0)
		rc = new_shelf(p, 0, &w->rid);
	return rc;
}

/* The shelf of the Patient that text means; 0 when it means nobody. */
static enum hf_rc
shelf_of(struct hf_prep *p, struct hf_sv text, int64_t *shelf)
{
	size_t i = hf_prep_patient_item(p, text);
	struct hf_known *k;
	struct hf_sv id;
	enum hf_rc rc = HF_OK;

	*shelf = 0;
	if (i != SIZE_MAX) {
		const struct hf_change_item *it = &p->change->items[i];

		*shelf = HF_RID_SHELF(it->skip ? it->cond_rid : p->work[i].rid);
		return HF_OK;
	}
	id = hf_prep_patient_id(p, text);
	if (id.n == 0)
		return HF_OK;
	k = hf_prep_known(p, id);
	if (!k)
		return hf_prep_no_memory(p->err);
	/* The version that is replaced may speak of somebody the new one does not. */
	if (!k->asked)
		rc = hf_prep_look_up(p, k);
	k->asked = true;
	if (rc == HF_OK && k->rid == 0)
		rc = new_shelf(p, k->hash, &k->rid);
	*shelf = HF_RID_SHELF(k->rid);
	return rc;
}

/* The shelf a resource belongs on: its subject's; a Provenance's target's; else
 * one of those reserved for its type (0). */
static enum hf_rc
find_shelf(struct hf_prep *p, size_t i, int64_t *shelf)
{
	const struct hf_people *people = &p->work[i].people;
	struct hf_sv target = people->target;
	enum hf_rc rc = HF_OK;

	*shelf = 0;
	for (size_t k = 0; rc == HF_OK && k < people->n && *shelf == 0; k++) {
		struct hf_sv text = people->patients[k];

		/* An entry of a Bundle that is stored as it stands would be in
		 * nobody's record. */
		if (p->change->items[i].full_url.n &&
		    hf_sv_starts(text, HF_SV("urn:uuid:")) &&
		    hf_prep_item(p, text) == SIZE_MAX)
			return hf_fail(
			    p->err, HF_INVALID, NULL,
			    "the resource refers to %.*s, and nothing in the "
			    "same Bundle has that fullUrl",
			    (int)(text.n < 64 ? text.n : 64), text.p);
		rc = shelf_of(p, text, shelf);
	}
	if (rc == HF_OK && *shelf == 0 && target.n) {
		size_t at = hf_prep_item(p, target);
		struct hf_sv type = hf_sv_cut(&target, '/');
		hf_type_id t = hf_resource_find(type);
		hf_rid rid = 0;

		target.n = hf_sv_find(target, '/');
		if (at != SIZE_MAX && at < i)
			rid = p->work[at].rid;
		else if (t && target.n)
			rc = hf_store_locate(p->reader, t, target, &rid, p->err);
		*shelf = HF_RID_SHELF(rid);
	}
	if (*shelf < HF_SHELF_PERSON)
		*shelf = 0;
	return rc;
}

static enum hf_rc
place_other(struct hf_prep *p, size_t i)
{
	const struct hf_change_item *it = &p->change->items[i];
	struct hf_work *w = &p->work[i];
	bool fresh = false;
	int64_t shelf;
	enum hf_rc rc = find_shelf(p, i, &shelf);

	if (rc != HF_OK)
		return rc;
	if (w->exists &&
	    (HF_RID_SHELF(w->old.e.rid) == shelf ||
	     (shelf == 0 && HF_RID_SHELF(w->old.e.rid) < HF_SHELF_PERSON))) {
		w->rid = w->old.e.rid;
		return HF_OK;
	}
	for (size_t k = 0; k < p->out->n_shelves; k++)
		fresh |= p->out->shelves[k].shelf == shelf;
	if (shelf)
		return hf_shelves_next(p->store->shelves, p->reader, shelf, fresh,
				       &w->rid, p->err);
	/* Reserved shelves: the type's own number, then every 256th. */
	for (shelf = it->type; shelf < HF_SHELF_PERSON; shelf += HF_TYPES_MOST) {
		rc = hf_shelves_next(p->store->shelves, p->reader, shelf, false,
				     &w->rid, p->err);
		if (rc != HF_FULL)
			return rc;
	}
	return rc;
}

enum hf_rc
hf_prep_place(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++)
		if (hf_prep_writes_body(&p->change->items[i]) &&
		    p->change->items[i].type == hf_patient_type())
			rc = place_patient(p, i);
	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++) {
		struct hf_change_item *it = &p->change->items[i];

		p->change->failed_item = i;
		if (it->op == HF_OP_DELETE && !it->skip)
			p->work[i].rid = p->work[i].old.e.rid;
		else if (hf_prep_writes_body(it) && it->type != hf_patient_type())
			rc = place_other(p, i);
		if (it->skip || it->op == HF_OP_READ)
			continue;
		it->rid = p->work[i].rid;
		it->out_id = it->op == HF_OP_CREATE
				 ? hf_store_id(p->store, it->rid, p->arena)
				 : it->id;
		if (rc == HF_OK && !it->out_id.p)
			rc = hf_prep_no_memory(p->err);
	}
	return rc;
}

enum hf_rc
hf_prep_people_shelves(struct hf_prep *p, size_t i, int64_t **out, size_t *n)
{
	return hf_prep_shelves(p, i, &p->work[i].people, out, n);
}

enum hf_rc
hf_prep_shelves(struct hf_prep *p, size_t i, const struct hf_people *people,
		int64_t **out, size_t *n)
{
	int64_t own = HF_RID_SHELF(p->work[i].rid);
	int64_t *list = hf_arena_array(p->arena, people->n, sizeof *list);
	size_t count = 0;

	if (!list)
		return hf_prep_no_memory(p->err);
	for (size_t k = 0; k < people->n; k++) {
		int64_t shelf;
		bool there = false;
		enum hf_rc rc = shelf_of(p, people->patients[k], &shelf);

		if (rc != HF_OK)
			return rc;
		for (size_t j = 0; j < count; j++)
			there |= list[j] == shelf;
		if (shelf && shelf != own && !there)
			list[count++] = shelf;
	}
	*out = list;
	*n = count;
	return HF_OK;
}

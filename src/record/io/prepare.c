/* prepare.c - making a change ready in the caller's thread: check, claim, give ids,
 * resolve references, pack, index.  What is left for the committer is to write.
 *
 * The order matters: what a change looks up after its claims are taken cannot be
 * changed by another one until this one is done. */
#include "record/io/prepare.h"
#include "record/io/viewer_int.h"

enum hf_rc
hf_prep_no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "the change needs more memory than one request may use: send "
		       "it in parts");
}

static bool
is_id(struct hf_sv id)
{
	if (id.n == 0 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return true;
}

bool
hf_prep_writes_body(const struct hf_change_item *it)
{
	return !it->skip && (it->op == HF_OP_CREATE || it->op == HF_OP_PUT);
}

static bool
names_id(const struct hf_change_item *it)
{
	return !it->skip && it->op != HF_OP_CREATE;
}

/* Is what is asked of one item possible at all? */
static enum hf_rc
check_item(struct hf_prep *p, size_t i, struct hf_err *err)
{
	struct hf_change_item *it = &p->change->items[i];
	struct hf_issues *issues = p->change->issues;
	hf_type_id type = 0;
	struct hf_sv id;

	p->change->failed_item = i;
	if (it->type == 0 || it->type > hf_n_resource_types)
		return hf_fail(err, HF_INVALID, "resourceType",
			       "R4 has no resource type of this name");
	if (names_id(it) && !is_id(it->id))
		return hf_fail(err, HF_INVALID, "id",
			       "an id is 1 to 64 letters, digits, hyphens and full "
			       "stops");
	if (!hf_prep_writes_body(it))
		return HF_OK;
	if (!it->validated && !hf_validate(it->doc, it->node, issues, &type))
		return hf_fail(err, HF_INVALID, NULL,
			       "the resource is not valid R4: see each finding");
	if (!it->validated && type != it->type)
		return hf_fail(err, HF_INVALID, "resourceType",
			       "the resource is a %s, not a %s",
			       hf_type_get(type)->name, hf_type_get(it->type)->name);
	id = hf_json_str(it->doc, hf_json_member(it->doc, it->node, "id"), p->arena);
	if (it->op == HF_OP_PUT && id.n && !hf_sv_eq(id, it->id))
		return hf_fail(err, HF_INVALID, "id",
			       "the id in the resource is not the one it is put under");
	return HF_OK;
}

/* All findings of all items at once; the first failure is the answer. */
static enum hf_rc
check_items(struct hf_prep *p)
{
	enum hf_rc first = HF_OK;
	size_t first_item = SIZE_MAX;

	for (size_t i = 0; i < p->change->n; i++) {
		enum hf_rc rc = check_item(p, i, first == HF_OK ? p->err : NULL);

		if (rc == HF_OK || first != HF_OK)
			continue;
		first = rc;
		first_item = i;
	}
	p->change->failed_item = first_item;
	return first;
}

/* Full URLs and own ids of the items, so that they may refer to each other. */
static size_t
url_place(const struct hf_prep *p, struct hf_sv url)
{
	uint64_t h = 1469598103934665603u;
	size_t i;

	for (size_t k = 0; k < url.n; k++)
		h = (h ^ (unsigned char)url.p[k]) * 1099511628211u;
	i = (size_t)(h ^ h >> 32) & (p->n_urls - 1);
	while (p->urls[i].item && !hf_sv_eq(p->urls[i].url, url))
		i = (i + 1) & (p->n_urls - 1);
	return i;
}

static void
add_url(struct hf_prep *p, struct hf_sv url, size_t item)
{
	size_t at = url_place(p, url);

	if (url.n && !p->urls[at].item) {
		p->urls[at].url = url;
		p->urls[at].item = item + 1;
	}
}

static enum hf_rc
map_urls(struct hf_prep *p)
{
	p->n_urls = 16;
	while (p->n_urls < p->change->n * 4)
		p->n_urls *= 2;
	p->urls = hf_arena_array(p->arena, p->n_urls, sizeof *p->urls);
	if (!p->urls)
		return hf_prep_no_memory(p->err);
	for (size_t i = 0; i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];
		size_t there = hf_prep_item(p, it->full_url);

		if (it->full_url.n && there != SIZE_MAX && !it->skip &&
		    !p->change->items[there].skip) {
			p->change->failed_item = i;
			return hf_fail(p->err, HF_INVALID, "fullUrl",
				       "item %zu has this fullUrl already: what refers "
				       "to it would not be told which is meant (bdl-7)",
				       there);
		}
		add_url(p, it->full_url, i);
		if (it->op == HF_OP_PUT && !it->skip) {
			struct hf_sv own = hf_arena_printf(p->arena, "%s/%.*s",
							   hf_type_get(it->type)->name,
							   HF_SV_ARG(it->id));
			size_t at = url_place(p, own);

			if (!own.p)
				return hf_prep_no_memory(p->err);
			if (p->urls[at].item && p->urls[at].item != i + 1) {
				p->change->failed_item = i;
				return hf_fail(p->err, HF_INVALID, NULL,
					       "%s/%.*s stands twice in one change",
					       hf_type_get(it->type)->name,
					       HF_SV_ARG(it->id));
			}
			add_url(p, own, i);
		}
	}
	return HF_OK;
}

struct written {
	uint64_t key; /* the hash of its id, or its condition */
	size_t item;
};

static int
by_key(const void *a, const void *b)
{
	const struct written *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->item < y->item ? -1 : 1;
}

static uint64_t
condition_key(const struct hf_change_item *it)
{
	return (uint64_t)it->cond_value ^ (uint64_t)it->cond_slot << 32;
}

/* One change makes one version of a resource: of two, whether put or deleted, the
 * later would replace a row that the earlier has changed. */
static enum hf_rc
check_once(struct hf_prep *p)
{
	struct written *all = hf_arena_array(p->arena, p->change->n * 2, sizeof *all);
	size_t n = 0;

	if (!all)
		return hf_prep_no_memory(p->err);
	for (size_t i = 0; i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];

		if (!it->skip && (it->op == HF_OP_PUT || it->op == HF_OP_DELETE))
			all[n++] = (struct written){
			    (uint64_t)hf_ids_hash(&p->store->ids, it->type, it->id), i};
		if (!it->skip && it->cond_slot)
			all[n++] = (struct written){condition_key(it), i};
	}
	if (n > 1)
		qsort(all, n, sizeof *all, by_key);
	for (size_t k = 1; k < n; k++) {
		const struct hf_change_item *it = &p->change->items[all[k].item];

		if (all[k].key != all[k - 1].key)
			continue;
		p->change->failed_item = all[k].item;
		if (it->cond_slot)
			return hf_fail(p->err, HF_INVALID, NULL,
				       "another item of this change stands under the "
				       "same condition, or writes what it matches");
		return hf_fail(p->err, HF_INVALID, NULL,
			       "%s/%.*s stands twice in one change",
			       hf_type_get(it->type)->name, HF_SV_ARG(it->id));
	}
	return HF_OK;
}

/* The item a reference means; SIZE_MAX for none of this change. */
size_t
hf_prep_item(const struct hf_prep *p, struct hf_sv reference)
{
	size_t at = url_place(p, reference);

	return p->urls[at].item ? p->urls[at].item - 1 : SIZE_MAX;
}

static enum hf_rc
read_people(struct hf_prep *p)
{
	for (size_t i = 0; i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];
		enum hf_rc rc = HF_OK;

		p->change->failed_item = i;
		if (hf_prep_writes_body(it))
			rc = hf_people_of(it->type, it->doc, it->node, p->arena,
					  &p->work[i].people, p->err);
		if (rc == HF_OK && hf_prep_writes_body(it) &&
		    it->type == hf_patient_type())
			rc = hf_link_targets(it->doc, it->node, p->arena,
					     &p->work[i].links, p->err);
		if (rc != HF_OK)
			return rc;
	}
	p->change->failed_item = SIZE_MAX;
	return HF_OK;
}

/* What this change has looked up about a Patient that is not in it. */
struct hf_known *
hf_prep_known(struct hf_prep *p, struct hf_sv id)
{
	struct hf_known *k;

	for (k = p->known; k; k = k->next)
		if (hf_sv_eq(k->id, id))
			return k;
	k = HF_NEW(p->arena, struct hf_known);
	if (!k)
		return NULL;
	k->id = id;
	k->hash = hf_ids_hash(&p->store->ids, hf_patient_type(), id);
	k->next = p->known;
	p->known = k;
	return k;
}

/* A reference to our own address without it; any other as it is. */
static struct hf_sv
local(const struct hf_prep *p, struct hf_sv reference)
{
	struct hf_sv base = p->change->base;

	if (base.n && hf_sv_starts(reference, base) && reference.n > base.n + 1 &&
	    reference.p[base.n] == '/')
		return hf_sv_from_at(reference, base.n + 1);
	return reference;
}

struct hf_sv
hf_prep_patient_id(const struct hf_prep *p, struct hf_sv reference)
{
	return hf_patient_of(local(p, reference));
}

/* The item that is the Patient meant by text; SIZE_MAX when it is not in here. */
size_t
hf_prep_patient_item(struct hf_prep *p, struct hf_sv text)
{
	size_t i = hf_prep_item(p, text);
	struct hf_sv id = hf_prep_patient_id(p, text);

	if (i == SIZE_MAX && id.n) {
		struct hf_sv own =
		    hf_arena_printf(p->arena, "Patient/%.*s", HF_SV_ARG(id));

		i = hf_prep_item(p, own);
	}
	return i != SIZE_MAX && p->change->items[i].type == hf_patient_type()
		   ? i
		   : SIZE_MAX;
}

enum hf_rc
hf_prep_look_up(struct hf_prep *p, struct hf_known *k)
{
	enum hf_rc rc =
	    hf_store_locate(p->reader, hf_patient_type(), k->id, &k->rid, p->err);

	if (rc == HF_OK && k->rid == 0)
		rc = hf_store_awaited(p->reader, k->hash, &k->rid, p->err);
	return rc;
}

static enum hf_rc
look_up_each(struct hf_prep *p, const struct hf_people *people)
{
	for (size_t k = 0; k < people->n; k++) {
		struct hf_sv text = people->patients[k];
		struct hf_sv id = hf_prep_patient_id(p, text);
		struct hf_known *one;
		enum hf_rc rc;

		if (id.n == 0 || hf_prep_patient_item(p, text) != SIZE_MAX)
			continue;
		one = hf_prep_known(p, id);
		if (!one)
			return hf_prep_no_memory(p->err);
		if (one->asked)
			continue;
		one->asked = true;
		rc = hf_prep_look_up(p, one);
		if (rc != HF_OK)
			return rc;
	}
	return HF_OK;
}

/* Looks up the people that the items speak of before any claim: those that stand
 * stay where they are; those that do not are claimed and looked up again. */
static enum hf_rc
look_up_people(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++) {
		rc = look_up_each(p, &p->work[i].people);
		if (rc == HF_OK)
			rc = look_up_each(p, &p->work[i].links);
	}
	return rc;
}

/* The number that a Patient has until now: whoever decides by it waits for this change
 * too.  It is looked at again under the claims. */
static enum hf_rc
number_before(struct hf_prep *p, const struct hf_change_item *it, uint64_t *key)
{
	struct hf_sv type = hf_sv_from(hf_type_get(it->type)->name);
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc;

	*key = 0;
	if (it->op != HF_OP_PUT || it->skip || it->type != hf_patient_type())
		return HF_OK;
	rc = hf_store_read(p->reader, type, it->id, 0, p->arena, &v, p->err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, p->arena, &doc, p->err);
	if (rc == HF_OK)
		*key = hf_link_key(&doc, 0);
	return rc;
}

static enum hf_rc
take_claims(struct hf_prep *p)
{
	struct hf_prepared *out = p->out;
	size_t most = p->change->n * 4, n = 0;
	uint64_t *keys;
	enum hf_rc rc = HF_OK;

	for (const struct hf_known *k = p->known; k; k = k->next)
		most++;
	keys = hf_arena_array(p->arena, most, sizeof *keys);
	if (!keys)
		return hf_prep_no_memory(p->err);
	for (size_t i = 0; i < p->change->n; i++) {
		const struct hf_change_item *it = &p->change->items[i];

		if (names_id(it) && it->op != HF_OP_READ)
			keys[n++] =
			    (uint64_t)hf_ids_hash(&p->store->ids, it->type, it->id);
		if (it->cond_slot)
			keys[n++] = condition_key(it);
		if (it->type == hf_patient_type() && hf_prep_writes_body(it)) {
			p->work[i].number_now = hf_link_key(it->doc, it->node);
			keys[n++] = p->work[i].number_now;
		}
		rc = number_before(p, it, &p->work[i].number);
		if (rc != HF_OK)
			return rc;
		if (p->work[i].number)
			keys[n++] = p->work[i].number;
	}
	for (const struct hf_known *k = p->known; k; k = k->next)
		if (k->rid == 0)
			keys[n++] = (uint64_t)k->hash;
	out->claims = keys;
	out->n_claims = n;
	hf_claims_take(&p->store->claims, out->claims, &out->n_claims);
	return HF_OK;
}

/* Under the claims: is it still as the caller and we have found it? */
static enum hf_rc
look_again(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (struct hf_known *k = p->known; rc == HF_OK && k; k = k->next)
		if (k->rid == 0)
			rc = hf_prep_look_up(p, k);
	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++) {
		uint64_t number;

		rc = number_before(p, &p->change->items[i], &number);
		if (rc == HF_OK && number != p->work[i].number)
			rc = hf_fail(p->err, HF_BUSY, NULL,
				     "somebody else changed the number of this Patient "
				     "just now: send it again");
	}
	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++) {
		struct hf_change_item *it = &p->change->items[i];
		hf_rid rid = it->cond_rid;

		if (!it->cond_slot || !it->cond)
			continue;
		p->change->failed_item = i;
		hf_as_viewer(p->reader, p->viewer);
		rc = it->cond(it->cond_ctx, p->reader, p->arena, &rid, p->err);
		hf_as_system(p->reader);
		if (rc == HF_OK && rid != it->cond_rid)
			rc = hf_fail(p->err, HF_BUSY, NULL,
				     "somebody else decided on the same condition "
				     "just now: send it again");
	}
	return rc;
}

/* The current row of what an item replaces, deletes or reads. */
static enum hf_rc
read_old(struct hf_prep *p, size_t i)
{
	struct hf_change_item *it = &p->change->items[i];
	struct hf_work *w = &p->work[i];
	struct hf_sv kept;
	enum hf_rc rc;
	hf_rid rid;

	p->change->failed_item = i;
	rc = hf_store_locate(p->reader, it->type, it->id, &rid, p->err);
	if (rc != HF_OK || rid == 0)
		return rc;
	rc = hf_row_get(p->reader, rid, p->arena, &w->old, p->err);
	if (rc == HF_OK)
		rc = hf_row_kept(p->reader, &w->old, &kept, p->err);
	if (rc != HF_OK)
		return rc;
	w->exists = true;
	w->old_kept = hf_arena_sv(p->arena, kept);
	return w->old_kept.p ? hf_viewer_knows(p, i) : hf_prep_no_memory(p->err);
}

static enum hf_rc
check_old(struct hf_prep *p, size_t i)
{
	const struct hf_change_item *it = &p->change->items[i];
	const struct hf_work *w = &p->work[i];
	bool known = w->exists && !w->hidden, there = known && !w->old.e.deleted;
	const char *type = hf_type_get(it->type)->name;

	if (it->if_match && (!known || w->old.e.version != it->if_match))
		return hf_fail(p->err, HF_STALE, NULL,
			       "%s/%.*s is at version %u now, not %u: read it again "
			       "and repeat the change on that",
			       type, HF_SV_ARG(it->id), known ? w->old.e.version : 0,
			       it->if_match);
	if (it->if_none_match_any && there)
		return hf_fail(p->err, HF_STALE, NULL, "%s/%.*s is there already", type,
			       HF_SV_ARG(it->id));
	if (it->op == HF_OP_DELETE && !known)
		return hf_fail(p->err, HF_NOT_FOUND, NULL, "there is no %s/%.*s", type,
			       HF_SV_ARG(it->id));
	return HF_OK;
}

static enum hf_rc
read_olds(struct hf_prep *p)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < p->change->n; i++) {
		struct hf_change_item *it = &p->change->items[i];

		p->change->failed_item = i;
		if (it->skip || it->op == HF_OP_READ)
			hf_as_viewer(p->reader, p->viewer);
		if (it->skip) {
			rc = hf_store_read_rid(p->reader, it->cond_rid, 0, p->arena,
					       &it->prior, p->err);
			it->rid = it->cond_rid;
			it->out_id = it->prior.id;
			it->version = it->prior.e.version;
			it->unchanged = true;
		} else if (it->op == HF_OP_READ) {
			struct hf_sv type = hf_sv_from(hf_type_get(it->type)->name);

			rc = hf_store_read(p->reader, type, it->id, 0, p->arena,
					   &it->prior, p->err);
			it->rid = it->prior.e.rid;
			it->out_id = it->id;
			it->version = it->prior.e.version;
		} else if (it->op != HF_OP_CREATE) {
			rc = read_old(p, i);
			if (rc == HF_OK)
				rc = check_old(p, i);
		}
		hf_as_system(p->reader);
	}
	if (rc == HF_OK)
		p->change->failed_item = SIZE_MAX;
	return rc;
}

bool
hf_prep_resolve(void *ctx, struct hf_sv reference, struct hf_sv *to)
{
	struct hf_prep *p = ctx;
	size_t i = hf_prep_item(p, reference);
	struct hf_sv text;

	if (i == SIZE_MAX) {
		struct hf_sv type = {reference.p, hf_sv_find(reference, '?')};

		if (type.n < reference.n && hf_resource_find(type))
			p->unresolved = true;
		*to = local(p, reference);
		if (to->n < reference.n)
			p->resolved = true;
		return to->n < reference.n;
	}
	text = hf_arena_printf(p->arena, "%s/%.*s",
			       hf_type_get(p->change->items[i].type)->name,
			       HF_SV_ARG(p->change->items[i].out_id));
	if (!text.p || hf_sv_eq(text, reference))
		return false;
	p->resolved = true;
	*to = text;
	return true;
}

static enum hf_rc
prepare(struct hf_prep *p)
{
	struct hf_change *change = p->change;
	enum hf_rc rc;

	change->failed_item = SIZE_MAX;
	change->prepared = NULL;
	if (p->store->read_only)
		return hf_fail(p->err, HF_FORBIDDEN, NULL,
			       "the store was opened for reading only");
	p->out = HF_NEW(p->arena, struct hf_prepared);
	p->work = hf_arena_array(p->arena, change->n, sizeof *p->work);
	if (!p->out || !p->work)
		return hf_prep_no_memory(p->err);
	rc = check_items(p);
	if (rc == HF_OK)
		rc = check_once(p);
	if (rc == HF_OK)
		rc = map_urls(p);
	if (rc == HF_OK)
		rc = read_people(p);
	if (rc == HF_OK)
		rc = look_up_people(p);
	if (rc == HF_OK)
		rc = take_claims(p);
	if (rc != HF_OK)
		return rc;
	rc = look_again(p);
	if (rc == HF_OK)
		rc = read_olds(p);
	if (rc == HF_OK)
		rc = hf_viewer_sources(p);
	if (rc == HF_OK)
		rc = hf_prep_place(p);
	if (rc == HF_OK)
		rc = hf_viewer_changes(p);
	if (rc == HF_OK)
		rc = hf_prep_hub_alone(p);
	if (rc == HF_OK)
		rc = hf_prep_reports(p);
	if (rc == HF_OK)
		rc = hf_prep_writes(p);
	if (rc == HF_OK)
		rc = hf_viewer_links(p);
	if (rc != HF_OK) {
		hf_claims_give(&p->store->claims, p->out->claims, p->out->n_claims);
		return rc;
	}
	change->prepared = p->out;
	return HF_OK;
}

/* A change looks things up as the system; what its actor may do is asked apart. */
enum hf_rc
hf_change_prepare(struct hf_store *store, struct hf_reader *reader,
		  struct hf_change *change, struct hf_err *err)
{
	struct hf_prep p = {.store = store,
			    .reader = reader,
			    .change = change,
			    .arena = change->arena,
			    .err = err,
			    .viewer = hf_as_system(reader)};
	enum hf_rc rc = prepare(&p);

	hf_as_viewer(reader, p.viewer);
	return rc;
}

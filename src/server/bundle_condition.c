/* bundle_condition.c - what a Bundle names by a search. */
#include "server/fhir_bundle.h"

#include "server/query.h"

enum hf_rc
hf_bundle_settle(struct hf_call *c, struct hf_bundle_entry *e, struct hf_err *err)
{
	struct hf_change_item *item = &e->item;
	struct hf_sv found = {NULL, 0};
	enum hf_rc rc;

	rc = hf_fhir_condition(c, e->type, &e->params, item, err);
	if (rc)
		return rc;
	if (item->cond_rid)
		rc = hf_store_id_at(c->reader, item->cond_rid, c->arena, &found, err);
	if (rc)
		return rc;
	e->none = e->ask == HF_ASK_DELETE && !item->cond_rid;
	item->skip = e->ask == HF_ASK_CREATE && item->cond_rid;
	if (item->skip)
		item->cond_slot = 0; /* nothing is decided: others need not wait */
	if (e->ask == HF_ASK_CREATE)
		return HF_OK;
	if (e->ask == HF_ASK_PUT && found.n && e->body_id.n &&
	    !hf_sv_eq(found, e->body_id))
		return hf_fail(err, HF_INVALID, "resource.id",
			       "the resource that matches has another id than the one "
			       "sent");
	item->id = found.n ? found : e->body_id;
	item->op = e->ask == HF_ASK_DELETE ? HF_OP_DELETE
		   : item->id.n		   ? HF_OP_PUT
					   : HF_OP_CREATE;
	return HF_OK;
}

/* Is node a Reference.reference that is a search? */
static bool
is_search_reference(const struct hf_json *d, uint32_t i)
{
	const struct hf_json_node *n = &d->nodes[i];

	return n->key_len == 9 && n->type == HF_JSON_STRING && n->len > 2 &&
	       memcmp(d->text + n->key, "reference", 9) == 0 &&
	       memchr(d->text + n->off, '?', n->len) != NULL;
}

size_t
hf_bundle_count_references(const struct hf_bundle *b)
{
	size_t n = 0;

	for (uint32_t i = 0; i < b->doc.n; i++)
		n += is_search_reference(&b->doc, i);
	return n;
}

/* The set of those seen already, by text. */
struct seen {
	struct hf_sv *slots;
	size_t mask;
};

static bool
see(struct seen *seen, struct hf_sv text)
{
	uint64_t h = 14695981039346656037u;
	size_t at;

	for (size_t i = 0; i < text.n; i++)
		h = (h ^ (unsigned char)text.p[i]) * 1099511628211u;
	for (at = h & seen->mask; seen->slots[at].p; at = (at + 1) & seen->mask)
		if (hf_sv_eq(seen->slots[at], text))
			return false;
	seen->slots[at] = text;
	return true;
}

static enum hf_rc
look_up(struct hf_call *c, struct hf_sv text, struct hf_change_item *item,
	struct hf_err *err)
{
	struct hf_sv query = text, name = hf_sv_cut(&query, '?');
	struct hf_params params;
	uint32_t slot;
	int64_t value;
	enum hf_rc rc;

	/* Without a cond_slot: many Bundles refer to the same Organization at once. */
	*item = (struct hf_change_item){
	    .op = HF_OP_CREATE,
	    .skip = true,
	    .full_url = text,
	    .type = hf_resource_find(name),
	};
	if (!item->type)
		return hf_fail(err, HF_INVALID, NULL,
			       "a reference by search begins with a resource type");
	rc = hf_fhir_query(c, query, &params, err);
	if (rc)
		return rc;
	if (params.n == 0)
		return hf_fail(err, HF_INVALID, NULL,
			       "a reference by search has a search parameter");
	rc = hf_search_one(c->reader, item->type, params.items, params.n, c->base,
			   c->now, c->arena, &item->cond_rid, &slot, &value, err);
	if (rc)
		return rc;
	if (!item->cond_rid)
		return hf_fail(err, HF_STALE, NULL,
			       "no %s matches this reference by search",
			       hf_type_get(item->type)->name);
	item->rid = item->cond_rid;
	return HF_OK;
}

/* Which entry node stands in. */
static size_t
entry_of(const struct hf_bundle *b, uint32_t node)
{
	for (size_t i = b->n; i > 0; i--)
		if (b->entries[i - 1].node != HF_JSON_NONE &&
		    b->entries[i - 1].node <= node)
			return b->entries[i - 1].index;
	return 0;
}

enum hf_rc
hf_bundle_references(struct hf_call *c, struct hf_bundle *b,
		     struct hf_change_item *items, size_t *n, size_t max,
		     struct hf_err *err)
{
	struct seen seen = {.mask = 63};
	enum hf_rc first = HF_OK;

	if (max == 0)
		return HF_OK;
	while (seen.mask < max * 2)
		seen.mask = seen.mask * 2 + 1;
	seen.slots = hf_arena_array(c->arena, seen.mask + 1, sizeof *seen.slots);
	if (!seen.slots)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the Bundle needs too much memory");
	for (uint32_t i = 0; i < b->doc.n; i++) {
		struct hf_sv text;
		struct hf_err why;
		char path[64];
		enum hf_rc rc;

		if (!is_search_reference(&b->doc, i))
			continue;
		text = hf_json_str(&b->doc, i, c->arena);
		if (!text.p || !see(&seen, text))
			continue;
		rc = look_up(c, text, &items[*n], &why);
		if (rc == HF_OK) {
			++*n;
			continue;
		}
		snprintf(path, sizeof path, "Bundle.entry[%zu].resource",
			 entry_of(b, i));
		hf_issue_add(&b->issues, HF_SEV_ERROR, hf_rc_issue(rc),
			     hf_sv_from(path), "%s", why.text);
		if (first == HF_OK) {
			first = rc;
			hf_fail(err, rc, path, "%s", why.text);
		}
	}
	return first;
}

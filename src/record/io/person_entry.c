/* person_entry.c - one entry whole, with the names of what it refers to. */
#include "record/io/person_int.h"

enum { NAMES = 200 };

struct naming {
	struct who_cache *cache;
	const struct opened *o;
	struct hf_opened *out;
};

/* Keeps the name of the reference at node once. */
static void
name_reference(struct naming *n, uint32_t node)
{
	struct hf_sv ref = hf_json_str(&n->o->doc, node, n->cache->arena);
	struct hf_opened *out = n->out;
	const struct who *w;

	if (out->n_names == NAMES || ref.n == 0)
		return;
	for (size_t i = 0; i < out->n_names; i++)
		if (hf_sv_eq(out->names[i].ref, ref))
			return;
	w = hf_who_get(n->cache, ref);
	if (w && w->name.n)
		out->names[out->n_names++] =
		    (struct hf_source){.ref = ref, .name = w->name};
}

static enum hf_rc
name_all(struct naming *n, struct hf_err *err)
{
	const struct hf_json *doc = &n->o->doc;

	n->out->names = hf_arena_array(n->cache->arena, NAMES, sizeof(*n->out->names));
	if (!n->out->names)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this entry");
	for (uint32_t i = 0; i < doc->n; i++)
		if (hf_sv_is(hf_json_key(doc, i), "reference") &&
		    hf_json_type(doc, i) == HF_JSON_STRING)
			name_reference(n, i);
	return HF_OK;
}

/* The id of the Patient the resource is about, for the audit. */
static struct hf_sv
patient_of(const struct opened *o, struct hf_arena *arena)
{
	struct hf_sv ref;

	if (o->v.e.type == hf_person_type("Patient"))
		return o->v.id;
	ref = hf_who_local(hf_dig_text(
	    &o->doc, 0, "subject.reference|patient.reference|for.reference", arena));
	if (!hf_sv_starts(ref, HF_SV("Patient/")))
		return HF_SV("");
	return hf_sv_from_at(ref, sizeof("Patient/") - 1);
}

enum hf_rc
hf_person_entry(struct hf_store *store, struct hf_reader *reader, struct hf_sv type,
		struct hf_sv id, hf_time now, struct hf_arena *arena,
		struct hf_opened *out, struct hf_err *err)
{
	struct who_cache cache = {.store = store, .reader = reader, .arena = arena};
	struct hf_opened opened = {0};
	struct naming n = {.cache = &cache, .out = &opened};
	struct hf_err from = {0};
	struct opened o;
	enum hf_rc rc;

	if (hf_resource_find(type) == 0)
		return hf_fail(err, HF_NOT_FOUND, NULL, "no entry has this address");
	rc = hf_store_read(reader, type, id, 0, arena, &o.v, &from);
	if (rc == HF_NOT_FOUND)
		return hf_fail(err, rc, NULL, "no entry has this address");
	if (rc == HF_GONE)
		return hf_fail(err, rc, NULL,
			       "this entry was deleted; its earlier versions are kept");
	if (rc == HF_OK)
		rc = hf_json_parse(o.v.body, NULL, arena, &o.doc, &from);
	if (rc)
		return hf_fail(err, rc, from.path, "%s", from.text);
	n.o = &o;
	hf_person_fact(&cache, &o, now, arena, &opened.fact);
	opened.version = o.v;
	opened.patient = patient_of(&o, arena);
	rc = name_all(&n, err);
	if (rc == HF_OK)
		*out = opened;
	return rc;
}

/* person_source.c - where a fact comes from: references followed to names,
 * organisations and settings, each once a request. */
#include "record/io/person_int.h"

#define ODS "https://fhir.nhs.uk/Id/ods-organization-code"

static const struct hf_sv nothing = {NULL, 0};

enum { FOLLOW = 4 }; /* references followed one behind another */

static const struct who *get(struct who_cache *cache, struct hf_sv ref, int depth);

/* ---- settings ---- */

/* Words that tell a setting, the more telling first. */
static const struct {
	const char *word;
	enum hf_setting setting;
} setting_words[] = {
    {"pharmac", HF_SETTING_PHARMACY},	 {"care home", HF_SETTING_HOME},
    {"nursing home", HF_SETTING_HOME},	 {"residential", HF_SETTING_HOME},
    {"hospice", HF_SETTING_HOSPICE},	 {"palliative", HF_SETTING_HOSPICE},
    {"mental", HF_SETTING_MENTAL},	 {"psychiatr", HF_SETTING_MENTAL},
    {"ambulance", HF_SETTING_AMBULANCE}, {"111", HF_SETTING_AMBULANCE},
    {"council", HF_SETTING_SOCIAL},	 {"local authority", HF_SETTING_SOCIAL},
    {"social care", HF_SETTING_SOCIAL},	 {"domiciliary", HF_SETTING_SOCIAL},
    {"home care", HF_SETTING_SOCIAL},	 {"voluntary", HF_SETTING_VOLUNTARY},
    {"charit", HF_SETTING_VOLUNTARY},	 {"gp practice", HF_SETTING_GP},
    {"general pract", HF_SETTING_GP},	 {"general-pract", HF_SETTING_GP},
    {"care-home", HF_SETTING_HOME},	 {"local-auth", HF_SETTING_SOCIAL},
    {"social-care", HF_SETTING_SOCIAL},	 {"surgery", HF_SETTING_GP},
    {"medical practice", HF_SETTING_GP}, {"primary care", HF_SETTING_GP},
    {"prescribing cost", HF_SETTING_GP}, {"community", HF_SETTING_COMMUNITY},
    {"acute", HF_SETTING_HOSPITAL},	 {"hospital", HF_SETTING_HOSPITAL},
    {"infirmary", HF_SETTING_HOSPITAL},	 {"nhs trust", HF_SETTING_HOSPITAL},
};

static enum hf_setting
setting_of(struct hf_sv text)
{
	for (size_t i = 0; i < HF_COUNT(setting_words); i++)
		if (hf_mentions(text, setting_words[i].word))
			return setting_words[i].setting;
	return HF_SETTING_OTHER;
}

static enum hf_setting
setting_of_class(struct hf_sv code)
{
	static const struct {
		const char *code;
		enum hf_setting setting;
	} classes[] = {
	    {"IMP", HF_SETTING_HOSPITAL},    {"ACUTE", HF_SETTING_HOSPITAL},
	    {"NONAC", HF_SETTING_HOSPITAL},  {"EMER", HF_SETTING_HOSPITAL},
	    {"OBSENC", HF_SETTING_HOSPITAL}, {"SS", HF_SETTING_HOSPITAL},
	    {"PRENC", HF_SETTING_HOSPITAL},  {"HH", HF_SETTING_COMMUNITY},
	};

	for (size_t i = 0; i < HF_COUNT(classes); i++)
		if (hf_sv_eq(code, hf_sv_from(classes[i].code)))
			return classes[i].setting;
	return HF_SETTING_OTHER;
}

/* ---- the walk over paths ---- */

static void
each_one(const struct hf_json *doc, uint32_t node, struct hf_sv path,
	 void (*put)(void *ctx, uint32_t node), void *ctx)
{
	struct hf_sv rest = path, member;

	if (node == HF_JSON_NONE)
		return;
	if (hf_json_type(doc, node) == HF_JSON_ARRAY) {
		for (uint32_t c = node + 1; c < doc->nodes[node].next;
		     c = doc->nodes[c].next)
			each_one(doc, c, path, put, ctx);
		return;
	}
	if (path.n == 0) {
		put(ctx, node);
		return;
	}
	member = hf_sv_cut(&rest, '.');
	each_one(doc, hf_json_get(doc, node, member), rest, put, ctx);
}

void
hf_person_each(const struct hf_json *doc, uint32_t node, const char *path,
	       void (*put)(void *ctx, uint32_t node), void *ctx)
{
	struct hf_sv rest = hf_sv_from(path);

	while (rest.n)
		each_one(doc, node, hf_sv_cut(&rest, '|'), put, ctx);
}

/* ---- reading what a reference points to ---- */

struct hf_sv
hf_who_local(struct hf_sv reference)
{
	struct hf_sv s = reference, type;
	size_t slash[2], n = 0;

	for (size_t i = s.n; i > 0 && n < 2; i--) {
		if (s.p[i - 1] != '/')
			continue;
		slash[n++] = i - 1;
		if (n == 1 && i >= 10 && memcmp(s.p + i - 10, "/_history/", 10) == 0) {
			s.n = i - 10;
			i = s.n + 1;
			n = 0;
		}
	}
	if (n == 0)
		return nothing;
	if (n == 2)
		s = hf_sv_from_at(s, slash[1] + 1);
	type = (struct hf_sv){s.p, hf_sv_find(s, '/')};
	return hf_resource_find(type) ? s : nothing;
}

static uint64_t
hash(struct hf_sv s)
{
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

static struct who *
known(struct who_cache *cache, struct hf_sv ref)
{
	struct who *w = cache->buckets[hash(ref) % WHO_BUCKETS];

	while (w && !hf_sv_eq(w->ref, ref))
		w = w->next;
	return w;
}

static struct who *
remember(struct who_cache *cache, struct hf_sv ref)
{
	struct who *w = HF_NEW(cache->arena, struct who);
	size_t at = hash(ref) % WHO_BUCKETS;

	if (!w)
		return NULL;
	w->ref = hf_arena_sv(cache->arena, ref);
	if (!w->ref.p)
		return NULL;
	w->setting = HF_SETTING_OTHER;
	w->next = cache->buckets[at];
	cache->buckets[at] = w;
	cache->n++;
	return w;
}

enum hf_rc
hf_person_read(struct hf_reader *reader, hf_rid rid, struct hf_arena *arena,
	       struct opened *out, struct hf_err *err)
{
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, arena, &out->v, err);

	if (rc)
		return rc;
	return hf_json_parse(out->v.body, NULL, arena, &out->doc, err);
}

/* The organisation behind a reference at path, when there is one. */
static void
belongs(struct who_cache *cache, const struct hf_json *doc, const char *path,
	struct who *w, int depth)
{
	uint32_t at = hf_dig(doc, 0, path);
	struct hf_sv ref =
	    hf_who_local(hf_dig_text(doc, at, "reference", cache->arena));
	const struct who *org =
	    ref.n && depth < FOLLOW ? get(cache, ref, depth + 1) : NULL;

	if (org) {
		w->org = org->org;
		w->org_ref = org->org_ref;
		w->setting = org->setting;
	}
	if (w->org.n == 0)
		w->org = hf_dig_text(doc, at, "display", cache->arena);
}

static void
read_organisation(struct hf_arena *arena, const struct hf_json *doc, struct who *w)
{
	uint32_t types = hf_dig(doc, 0, "type");

	w->name = hf_dig_text(doc, 0, "name", arena);
	w->phone = hf_dig_text(doc, 0, "telecom.value", arena);
	w->org = w->name;
	w->org_ref = w->ref;
	w->setting = HF_SETTING_OTHER;
	if (types != HF_JSON_NONE)
		w->setting =
		    setting_of(hf_json_raw(doc, hf_json_member(doc, 0, "type")));
	if (w->setting == HF_SETTING_OTHER)
		w->setting = setting_of(w->name);
}

static struct hf_sv
best_name(const struct hf_json *doc, bool plain, struct hf_arena *arena)
{
	uint32_t name = hf_name_best(doc, hf_json_member(doc, 0, "name"));

	return name == HF_JSON_NONE ? nothing : hf_name_words(doc, name, plain, arena);
}

static void
read_role(struct who_cache *cache, const struct hf_json *doc, struct who *w, int depth)
{
	uint32_t at = hf_dig(doc, 0, "practitioner");
	struct hf_sv ref =
	    hf_who_local(hf_dig_text(doc, at, "reference", cache->arena));
	const struct who *p;

	w->name = hf_dig_text(doc, at, "display", cache->arena);
	if (w->name.n == 0 && ref.n && depth < FOLLOW) {
		p = get(cache, ref, depth + 1);
		w->name = p ? p->name : nothing;
	}
	if (w->name.n == 0)
		w->name = hf_dig_words(doc, 0, "code", cache->arena);
	belongs(cache, doc, "organization", w, depth);
}

static void
read_who(struct who_cache *cache, const struct opened *o, struct who *w, int depth)
{
	struct hf_sv type = hf_sv_from(hf_type_get(w->type)->name);
	struct hf_arena *a = cache->arena;
	const struct hf_json *doc = &o->doc;

	if (hf_sv_is(type, "Organization")) {
		read_organisation(a, doc, w);
	} else if (hf_sv_is(type, "Practitioner") || hf_sv_is(type, "RelatedPerson")) {
		w->name = best_name(doc, true, a);
		w->phone = hf_dig_text(doc, 0, "telecom.value", a);
	} else if (hf_sv_is(type, "Patient")) {
		w->name = best_name(doc, false, a);
	} else if (hf_sv_is(type, "PractitionerRole")) {
		read_role(cache, doc, w, depth);
	} else if (hf_sv_is(type, "Encounter")) {
		w->name = hf_dig_words(doc, 0, "type|class.display", a);
		belongs(cache, doc, "serviceProvider", w, depth);
		if (w->setting == HF_SETTING_OTHER)
			w->setting =
			    setting_of_class(hf_dig_text(doc, 0, "class.code", a));
	} else {
		w->name = hf_dig_words(
		    doc, 0, "title|name|deviceName.name|code|type|description", a);
		belongs(cache, doc, "managingOrganization|providedBy|organization", w,
			depth);
	}
}

static const struct who *
get(struct who_cache *cache, struct hf_sv ref, int depth)
{
	struct who *w = known(cache, ref);
	size_t slash = hf_sv_find(ref, '/');
	struct hf_entry e;
	struct opened o;

	if (w)
		return w;
	w = remember(cache, ref);
	if (!w)
		return NULL;
	w->type = hf_resource_find((struct hf_sv){w->ref.p, slash});
	/* What cannot be read stays without a name: the page says so. */
	if (hf_store_find(cache->reader, w->type, hf_sv_from_at(w->ref, slash + 1), &e,
			  NULL) ||
	    e.deleted || hf_person_read(cache->reader, e.rid, cache->arena, &o, NULL))
		return w;
	read_who(cache, &o, w, depth);
	return w;
}

const struct who *
hf_who_get(struct who_cache *cache, struct hf_sv reference)
{
	struct hf_sv ref = hf_who_local(reference);

	return ref.n ? get(cache, ref, 0) : NULL;
}

/* Does an Organization carry the code among its identifiers? */
static bool
has_identifier(const struct hf_json *doc, struct hf_sv code)
{
	uint32_t ids = hf_json_member(doc, 0, "identifier");

	if (ids == HF_JSON_NONE || hf_json_type(doc, ids) != HF_JSON_ARRAY)
		return false;
	for (uint32_t c = ids + 1; c < doc->nodes[ids].next; c = doc->nodes[c].next) {
		uint32_t value = hf_json_member(doc, c, "value");

		if (value != HF_JSON_NONE && hf_sv_eq(hf_json_raw(doc, value), code))
			return true;
	}
	return false;
}

const struct who *
hf_who_ods(struct who_cache *cache, struct hf_sv code)
{
	hf_type_id type = hf_person_type("Organization");
	uint32_t slot = hf_index_slot(type, HF_SV("identifier"));
	int64_t key = hf_index_token(nothing, code, true), *values;
	struct hf_sv ref;
	struct who *w;
	hf_rid *rids;
	size_t n = 0;

	if (code.n == 0 || code.n > 32)
		return NULL;
	ref = hf_arena_printf(cache->arena, "ods:%.*s", HF_SV_ARG(code));
	w = known(cache, ref);
	if (w)
		return w;
	w = remember(cache, ref);
	if (!w || slot == 0 ||
	    hf_store_index(cache->reader, slot, key, key, false, key, 0, 8,
			   cache->arena, &values, &rids, &n, NULL))
		return w;
	for (size_t i = 0; i < n; i++) {
		struct opened o;

		if (hf_person_read(cache->reader, rids[i], cache->arena, &o, NULL) ||
		    !has_identifier(&o.doc, code))
			continue;
		w->type = type;
		read_organisation(cache->arena, &o.doc, w);
		w->org_ref = hf_person_ref(&o.v.e, o.v.id, cache->arena);
		return w;
	}
	return w;
}

const struct who *
hf_who_of(struct who_cache *cache, const struct hf_json *doc, uint32_t node)
{
	struct hf_sv ref = hf_dig_text(doc, node, "reference", cache->arena);

	if (ref.n)
		return hf_who_get(cache, ref);
	if (hf_sv_is(hf_dig_text(doc, node, "identifier.system", cache->arena), ODS))
		return hf_who_ods(
		    cache, hf_dig_text(doc, node, "identifier.value", cache->arena));
	return NULL;
}

struct hf_sv
hf_who_name(struct who_cache *cache, const struct hf_json *doc, uint32_t node)
{
	struct hf_sv name = hf_dig_text(doc, node, "display", cache->arena);
	const struct who *w;

	if (name.n)
		return name;
	w = hf_who_of(cache, doc, node);
	return w ? w->name : nothing;
}

/* ---- the source of a fact ---- */

struct source {
	struct who_cache *cache;
	const struct hf_json *doc;
	struct hf_person_fact *fact;
	int seen;
	bool self; /* the person says so */
};

static void
add_source(void *ctx, uint32_t node)
{
	struct source *s = ctx;
	struct hf_person_fact *f = s->fact;
	const struct who *w;
	struct hf_sv name;

	if (s->seen++ >= 8 || hf_json_type(s->doc, node) != HF_JSON_OBJECT)
		return;
	w = hf_who_of(s->cache, s->doc, node);
	name = hf_dig_text(s->doc, node, "display", s->cache->arena);
	if (name.n == 0 && w)
		name = w->name;
	if (w && w->org.n && f->org.n == 0) {
		f->org = w->org;
		f->org_ref = w->org_ref;
		f->setting = w->setting;
	}
	if (w && w->org_ref.n && hf_sv_eq(w->org_ref, w->ref))
		return; /* the organisation itself */
	if (w && w->type == hf_person_type("Organization")) {
		if (f->org.n == 0)
			f->org = name;
		return;
	}
	if (w && w->type == hf_person_type("Patient")) {
		s->self = true;
		return;
	}
	if (f->by.n == 0)
		f->by = name;
}

void
hf_person_source(struct who_cache *cache, const struct opened *o, const char *paths,
		 struct hf_person_fact *out)
{
	struct source s = {.cache = cache, .doc = &o->doc, .fact = out};
	struct hf_sv meta;
	const struct who *w;

	out->setting = HF_SETTING_OTHER;
	hf_person_each(&o->doc, 0, paths, add_source, &s);
	meta = hf_dig_text(&o->doc, 0, "meta.source", cache->arena);
	if (out->org.n == 0 && hf_sv_starts(meta, HF_SV(ODS "/"))) {
		w = hf_who_ods(cache, hf_sv_from_at(meta, sizeof(ODS "/") - 1));
		if (w && w->org.n) {
			out->org = w->org;
			out->org_ref = w->org_ref;
			out->setting = w->setting;
		}
	}
	if (out->org.n == 0 || out->setting == HF_SETTING_OTHER) {
		w = hf_who_of(
		    cache, &o->doc,
		    hf_dig(&o->doc, 0, "encounter|context.encounter|context"));
		if (w && out->org.n == 0) {
			out->org = w->org;
			out->org_ref = w->org_ref;
		}
		if (w && out->setting == HF_SETTING_OTHER)
			out->setting = w->setting;
	}
	if (out->setting == HF_SETTING_OTHER)
		out->setting = setting_of_class(
		    hf_dig_text(&o->doc, 0, "class.code", cache->arena));
	if (s.self && out->by.n == 0 && o->v.e.type != hf_person_type("Appointment"))
		out->by = HF_SV("the person");
}

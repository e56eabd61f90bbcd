/* person.c - a person opened, and the banner. */
#include "record/io/person.h"

#include <stdlib.h>

#include "record/io/person_int.h"

static const struct hf_sv nothing = {NULL, 0};

enum { PATIENTS = 16, ALERTS = 12, ALLERGIES = 40, CARERS = 6, CONTACTS = 6 };

/* ---- opening ---- */

/* Newest first; without a date last; the rid settles the rest. */
static int
newer(const void *pa, const void *pb)
{
	const struct hf_entry *a = pa, *b = pb;

	if (a->lo != b->lo)
		return a->lo == 0 ? 1 : b->lo == 0 ? -1 : a->lo < b->lo ? 1 : -1;
	return a->rid < b->rid ? 1 : a->rid > b->rid ? -1 : 0;
}

struct load {
	struct hf_person *p;
	size_t size;
};

static enum hf_rc
keep(struct load *l, const struct hf_entry *e, size_t n, struct hf_err *err)
{
	struct hf_person *p = l->p;

	if (p->n + n > l->size) {
		size_t size = (p->n + n) * 2;
		struct hf_entry *more = hf_arena_array(p->arena, size, sizeof(*more));

		if (!more)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "the record is too large to be shown");
		if (p->n)
			memcpy(more, p->entries, p->n * sizeof(*more));
		p->entries = more;
		l->size = size;
	}
	memcpy(p->entries + p->n, e, n * sizeof(*e));
	p->n += n;
	return HF_OK;
}

/* What other people's shelves say of this one. */
static enum hf_rc
load_mentions(struct load *l, int64_t shelf, struct hf_err *err)
{
	struct hf_person *p = l->p;
	hf_rid *rids;
	size_t n;
	enum hf_rc rc = hf_store_mentions(p->reader, shelf, p->arena, &rids, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_version v;

		rc = hf_store_read_rid(p->reader, rids[i], 0, p->arena, &v, err);
		if (rc == HF_NOT_FOUND || rc == HF_GONE)
			rc = HF_OK;
		else if (rc == HF_OK)
			rc = keep(l, &v.e, 1, err);
	}
	return rc;
}

static enum hf_rc
load_shelf(struct load *l, int64_t shelf, struct hf_err *err)
{
	struct hf_person *p = l->p;
	struct hf_entry *entries;
	size_t n;
	enum hf_rc rc = hf_store_shelf(p->reader, shelf, p->arena, &entries, &n, err);

	if (rc == HF_OK)
		rc = keep(l, entries, n, err);
	return rc ? rc : load_mentions(l, shelf, err);
}

/* Takes the Patient resources out of the entries; the one asked for comes first. */
static enum hf_rc
take_patients(struct hf_person *p, struct hf_err *err)
{
	hf_type_id patient = hf_person_type("Patient");
	size_t kept = 0;

	p->patients = hf_arena_array(p->arena, PATIENTS, sizeof(*p->patients));
	if (!p->patients)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this person");
	p->n_patients = 1;
	for (size_t i = 0; i < p->n; i++) {
		const struct hf_entry *e = &p->entries[i];
		struct hf_version v;
		bool asked = e->rid == p->rid;
		enum hf_rc rc;

		if (e->type != patient) {
			p->entries[kept++] = *e;
			continue;
		}
		if (!asked && p->n_patients == PATIENTS)
			continue;
		rc = hf_store_read_rid(p->reader, e->rid, 0, p->arena, &v, err);
		if (rc)
			return rc;
		p->patients[asked ? 0 : p->n_patients++] = v;
	}
	p->n = kept;
	if (p->patients[0].body.n == 0)
		return hf_store_read_rid(p->reader, p->rid, 0, p->arena,
					 &p->patients[0], err);
	return HF_OK;
}

static enum hf_rc
load(struct hf_person *p, struct hf_err *err)
{
	struct load l = {.p = p};
	int64_t *shelves;
	size_t n;
	enum hf_rc rc = hf_store_person(p->reader, HF_RID_SHELF(p->rid), p->arena,
					&shelves, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = load_shelf(&l, shelves[i], err);
	if (rc == HF_OK)
		rc = take_patients(p, err);
	if (rc)
		return rc;
	if (p->n)
		qsort(p->entries, p->n, sizeof(*p->entries), newer);
	return hf_json_parse(p->patients[0].body, NULL, p->arena, &p->doc, err);
}

enum hf_rc
hf_person_open(struct hf_store *store, struct hf_reader *reader, struct hf_sv id,
	       hf_time now, struct hf_arena *arena, struct hf_person **out,
	       struct hf_err *err)
{
	struct hf_person *p = HF_NEW(arena, struct hf_person);
	struct hf_entry e;
	enum hf_rc rc;

	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this person");
	*p = (struct hf_person){
	    .who = {.store = store, .reader = reader, .arena = arena},
	    .store = store,
	    .reader = reader,
	    .arena = arena,
	    .now = now,
	};
	rc = hf_store_find(reader, hf_person_type("Patient"), id, &e, err);
	if (rc == HF_NOT_FOUND)
		return hf_fail(err, rc, NULL, "no person has this address");
	if (rc)
		return rc;
	if (e.deleted)
		return hf_fail(err, HF_GONE, NULL,
			       "the record of this person was deleted");
	p->rid = e.rid;
	rc = load(p, err);
	if (rc == HF_OK)
		*out = p;
	return rc;
}

hf_rid
hf_person_rid(const struct hf_person *person)
{
	return person->rid;
}

size_t
hf_person_count(const struct hf_person *person)
{
	return person->n + person->n_patients;
}

/* ---- the banner ---- */

static enum hf_rc
fact_at(struct hf_person *p, const struct hf_entry *e, struct hf_person_fact *out,
	struct opened *o, struct hf_err *err)
{
	enum hf_rc rc = hf_person_read(p->reader, e->rid, p->arena, o, err);

	if (rc == HF_OK)
		hf_person_fact(&p->who, o, p->now, p->arena, out);
	return rc;
}

static bool
is_state(const struct opened *o, struct hf_arena *arena, const char *path,
	 const char *code)
{
	return hf_sv_eq(hf_dig_text(&o->doc, 0, path, arena), hf_sv_from(code));
}

static enum hf_rc
alerts(struct hf_person *p, struct hf_person_banner *b, struct hf_err *err)
{
	hf_type_id flag = hf_person_type("Flag");

	for (size_t i = 0; i < p->n && b->alerts.n < ALERTS; i++) {
		struct hf_person_fact f;
		struct opened o;
		enum hf_rc rc;

		if (p->entries[i].type != flag)
			continue;
		rc = fact_at(p, &p->entries[i], &f, &o, err);
		if (rc)
			return rc;
		if (is_state(&o, p->arena, "status", "active") &&
		    !hf_person_add(&b->alerts, &f, p->arena))
			return hf_fail(err, HF_TOO_LONG, NULL, "too many alerts");
	}
	return HF_OK;
}

/* "No known allergies" as a coded statement (SNOMED CT 716186003 and its kinds). */
static bool
says_none(const struct opened *o, const struct hf_person_fact *f)
{
	static const char *const codes[] = {"716186003", "409137002", "428607008"};
	uint32_t code = hf_json_member(&o->doc, 0, "code");

	for (size_t i = 0; i < HF_COUNT(codes); i++)
		if (hf_has_code(&o->doc, code, hf_sv_from(codes[i])))
			return true;
	return hf_mentions(f->title, "no known");
}

static enum hf_rc
allergies(struct hf_person *p, struct hf_person_banner *b, struct hf_err *err)
{
	hf_type_id type = hf_person_type("AllergyIntolerance");
	bool none = false;

	for (size_t i = 0; i < p->n && b->allergy.n < ALLERGIES; i++) {
		static const char clinical[] = "clinicalStatus.coding.code";
		static const char sure[] = "verificationStatus.coding.code";
		struct hf_person_fact f;
		struct opened o;
		enum hf_rc rc;

		if (p->entries[i].type != type)
			continue;
		rc = fact_at(p, &p->entries[i], &f, &o, err);
		if (rc)
			return rc;
		if (is_state(&o, p->arena, clinical, "resolved") ||
		    is_state(&o, p->arena, clinical, "inactive") ||
		    is_state(&o, p->arena, sure, "refuted") ||
		    is_state(&o, p->arena, sure, "entered-in-error"))
			continue;
		if (says_none(&o, &f))
			none = true;
		else if (!hf_person_add(&b->allergy, &f, p->arena))
			return hf_fail(err, HF_TOO_LONG, NULL, "too many allergies");
	}
	b->allergies = b->allergy.n ? HF_ALLERGY_SOME
		       : none	    ? HF_ALLERGY_NONE_KNOWN
				    : HF_ALLERGY_NONE_RECORDED;
	return HF_OK;
}

static bool
is_carer(const struct hf_json *doc, uint32_t relationship, struct hf_arena *arena)
{
	struct hf_sv text = hf_words(doc, relationship, arena);

	return relationship != HF_JSON_NONE &&
	       (hf_mentions(text, "carer") ||
		hf_mentions(hf_json_raw(doc, relationship), "carer") ||
		hf_mentions(hf_json_raw(doc, relationship), "caregiver"));
}

static void
add_carer(struct hf_person *p, struct hf_person_banner *b, const struct hf_json *doc,
	  uint32_t node, struct hf_sv ref)
{
	uint32_t names = hf_json_member(doc, node, "name");
	uint32_t name = hf_name_best(doc, names);
	struct hf_contact_line *c = &b->carers[b->n_carers];

	*c = (struct hf_contact_line){
	    .ref = ref,
	    .name = name == HF_JSON_NONE ? HF_SV("name not recorded")
					 : hf_name_words(doc, name, true, p->arena),
	    .role = hf_dig_words(doc, node, "relationship", p->arena),
	    .phone = hf_dig_text(doc, node, "telecom.value", p->arena),
	};
	b->n_carers++;
}

static enum hf_rc
carers(struct hf_person *p, struct hf_person_banner *b, struct hf_err *err)
{
	hf_type_id related = hf_person_type("RelatedPerson");
	uint32_t contacts = hf_json_member(&p->doc, 0, "contact");

	b->carers = hf_arena_array(p->arena, CARERS, sizeof(*b->carers));
	if (!b->carers)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this person");
	for (size_t i = 0; i < p->n && b->n_carers < CARERS; i++) {
		const struct hf_entry *e = &p->entries[i];
		struct opened o;
		enum hf_rc rc;

		if (e->type != related)
			continue;
		rc = hf_person_read(p->reader, e->rid, p->arena, &o, err);
		if (rc)
			return rc;
		if (is_carer(&o.doc, hf_json_member(&o.doc, 0, "relationship"),
			     p->arena))
			add_carer(p, b, &o.doc, 0, hf_person_ref(e, o.v.id, p->arena));
	}
	if (contacts == HF_JSON_NONE ||
	    hf_json_type(&p->doc, contacts) != HF_JSON_ARRAY)
		return HF_OK;
	for (uint32_t c = contacts + 1;
	     c < p->doc.nodes[contacts].next && b->n_carers < CARERS;
	     c = p->doc.nodes[c].next)
		if (is_carer(&p->doc, hf_json_member(&p->doc, c, "relationship"),
			     p->arena))
			add_carer(p, b, &p->doc, c, nothing);
	return HF_OK;
}

static enum hf_rc
names_and_phones(struct hf_person *p, struct hf_person_banner *b, struct hf_err *err)
{
	const struct hf_json *doc = &p->doc;
	uint32_t names = hf_json_member(doc, 0, "name");
	uint32_t best = hf_name_best(doc, names);
	uint32_t telecom = hf_json_member(doc, 0, "telecom");

	b->other_names = hf_arena_array(p->arena, CONTACTS, sizeof(*b->other_names));
	b->phones = hf_arena_array(p->arena, CONTACTS, sizeof(*b->phones));
	if (!b->other_names || !b->phones)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this person");
	for (uint32_t c = names == HF_JSON_NONE ? 0 : names + 1;
	     names != HF_JSON_NONE && c < doc->nodes[names].next &&
	     b->n_other_names < CONTACTS;
	     c = doc->nodes[c].next)
		if (c != best)
			b->other_names[b->n_other_names++] =
			    hf_name_words(doc, c, false, p->arena);
	for (uint32_t c = telecom == HF_JSON_NONE ? 0 : telecom + 1;
	     telecom != HF_JSON_NONE && c < doc->nodes[telecom].next &&
	     b->n_phones < CONTACTS;
	     c = doc->nodes[c].next) {
		struct hf_sv value = hf_dig_text(doc, c, "value", p->arena);

		if (value.n &&
		    hf_sv_is(hf_dig_text(doc, c, "system", p->arena), "phone"))
			b->phones[b->n_phones++] = (struct hf_contact_line){
			    .role = hf_dig_text(doc, c, "use", p->arena),
			    .phone = value};
	}
	return HF_OK;
}

/* The UK Core extension NHSCommunication, part interpreterRequired. */
static bool
needs_interpreter(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	uint32_t all = hf_json_member(doc, node, "extension");

	if (all == HF_JSON_NONE || hf_json_type(doc, all) != HF_JSON_ARRAY)
		return false;
	for (uint32_t c = all + 1; c < doc->nodes[all].next; c = doc->nodes[c].next) {
		struct hf_sv url = hf_dig_text(doc, c, "url", arena);

		if (hf_sv_is(url, "interpreterRequired"))
			return hf_sv_is(hf_dig_text(doc, c, "valueBoolean", arena),
					"yes");
		if (hf_mentions(url, "nhscommunication") &&
		    needs_interpreter(doc, c, arena))
			return true;
	}
	return false;
}

enum hf_rc
hf_person_banner(struct hf_person *p, struct hf_person_banner *out, struct hf_err *err)
{
	struct opened patient = {.v = p->patients[0], .doc = p->doc};
	struct hf_person_banner b = {.linked = p->n_patients};
	uint32_t spoken = hf_dig(&p->doc, 0, "communication");
	const struct who *gp;
	enum hf_rc rc;

	hf_person_line(&p->who, &patient, p->now, p->arena, &b.line);
	gp = b.line.practice_ref.n ? hf_who_get(&p->who, b.line.practice_ref) : NULL;
	if (gp)
		b.practice_phone = gp->phone;
	b.language = hf_dig_words(&p->doc, spoken, "language", p->arena);
	b.interpreter = needs_interpreter(&p->doc, 0, p->arena);
	rc = names_and_phones(p, &b, err);
	if (rc == HF_OK)
		rc = alerts(p, &b, err);
	if (rc == HF_OK)
		rc = allergies(p, &b, err);
	if (rc == HF_OK)
		rc = carers(p, &b, err);
	if (rc == HF_OK)
		*out = b;
	return rc;
}

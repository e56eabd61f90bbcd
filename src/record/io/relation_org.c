/* relation_org.c - the organisation behind a reference, and the care homes. */
#include "record/io/relation_int.h"

static const struct hf_sv nothing = {NULL, 0};

enum { FOLLOW = 3, SCAN = 256, LOOKED = 10000 };

static struct hf_sv
upper(struct hf_sv s, struct hf_arena *arena)
{
	char *p = hf_arena_cstr(arena, s);

	for (size_t i = 0; p && i < s.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 'a' + 'A');
	return p ? (struct hf_sv){p, s.n} : nothing;
}

/* Both spellings of the system are in use; we write the first (R-1.14, UK Core). */
static bool
is_ods(struct hf_sv system)
{
	return hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organization-code") ||
	       hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organisation-code");
}

static struct hf_sv
ods_of_identifier(const struct hf_json *doc, uint32_t identifier,
		  struct hf_arena *arena)
{
	struct hf_sv system =
	    hf_json_str(doc, hf_json_member(doc, identifier, "system"), arena);

	if (!is_ods(system))
		return nothing;
	return upper(hf_json_str(doc, hf_json_member(doc, identifier, "value"), arena),
		     arena);
}

struct hf_sv
hf_org_ods(const struct hf_json *org, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(org, 0, "identifier");

	if (list == HF_JSON_NONE)
		return nothing;
	for (uint32_t c = list + 1; c < org->nodes[list].next; c = org->nodes[c].next) {
		struct hf_sv ods = ods_of_identifier(org, c, arena);

		if (ods.n)
			return ods;
	}
	return nothing;
}

bool
hf_org_is_home(const struct hf_json *org)
{
	return hf_has_code(org, hf_json_member(org, 0, "type"), HF_SV("care-home"));
}

struct hf_sv
hf_source_ods_at(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv source = hf_dig_text(doc, node, "meta.source", arena);
	size_t at = source.n;

	while (at > 0 && source.p[at - 1] != '/')
		at--;
	if (at == 0 || !is_ods((struct hf_sv){source.p, at - 1}))
		return nothing;
	return upper(hf_sv_from_at(source, at), arena);
}

struct hf_sv
hf_source_ods(const struct hf_json *resource, struct hf_arena *arena)
{
	return hf_source_ods_at(resource, 0, arena);
}

/* ---- following ---- */

/* Where a resource of the type names its organisation; NULL: it has none. */
static const char *
on_the_way(struct hf_sv type)
{
	if (hf_sv_is(type, "PractitionerRole"))
		return "organization.reference";
	if (hf_sv_is(type, "HealthcareService"))
		return "providedBy.reference";
	if (hf_sv_is(type, "Location") || hf_sv_is(type, "CareTeam"))
		return "managingOrganization.reference";
	return NULL;
}

static void follow(struct parties *ps, struct hf_sv local, int depth,
		   struct party *out);

static void
follow_in(struct parties *ps, const struct hf_json *doc, const char *path, int depth,
	  struct party *out)
{
	struct hf_sv ref = hf_dig_text(doc, 0, path, ps->arena);

	if (ref.n && depth < FOLLOW)
		follow(ps, hf_who_local(ref), depth + 1, out);
}

static void
follow(struct parties *ps, struct hf_sv local, int depth, struct party *out)
{
	struct hf_sv id = local, type = hf_sv_cut(&id, '/');
	struct hf_version v;
	struct hf_json doc;
	const char *path = on_the_way(type);
	bool org = hf_sv_is(type, "Organization");
	enum hf_rc rc;

	if (hf_sv_is(type, "Practitioner"))
		out->who = hf_arena_sv(ps->arena, local);
	if (id.n == 0 || (!org && !path))
		return;
	rc = hf_store_read(ps->reader, type, id, 0, ps->arena, &v, &ps->err);
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, ps->arena, &doc, &ps->err);
	if (rc) {
		if (rc != HF_NOT_FOUND && rc != HF_GONE)
			ps->rc = rc;
		return;
	}
	if (org) {
		out->org_ref = hf_arena_sv(ps->arena, local);
		out->ods = hf_org_ods(&doc, ps->arena);
		out->home = hf_org_is_home(&doc);
		return;
	}
	follow_in(ps, &doc, path, depth, out);
	follow_in(ps, &doc, "practitioner.reference", depth, out);
}

const struct party *
hf_party_of(struct parties *ps, const struct hf_json *doc, uint32_t reference)
{
	static const struct party nobody = {0};
	struct hf_sv ref =
	    hf_json_str(doc, hf_json_member(doc, reference, "reference"), ps->arena);
	struct party *p;

	for (p = ps->known; ref.n && p; p = p->next)
		if (hf_sv_eq(p->ref, ref))
			return p;
	if (reference == HF_JSON_NONE)
		return &nobody;
	p = HF_NEW(ps->arena, struct party);
	if (!p)
		return NULL;
	if (ref.n == 0) {
		p->ods = ods_of_identifier(
		    doc, hf_json_member(doc, reference, "identifier"), ps->arena);
		return p;
	}
	p->ref = hf_arena_sv(ps->arena, ref);
	follow(ps, hf_who_local(ref), 0, p);
	p->next = ps->known;
	ps->known = p;
	return p;
}

/* ---- care homes ---- */

static void
add_home(struct hf_care_homes *homes, const struct opened *o, struct hf_arena *arena)
{
	homes->items[homes->n++] = (struct hf_care_home){
	    .org_ref = hf_person_ref(&o->v.e, o->v.id, arena),
	    .ods = hf_org_ods(&o->doc, arena),
	    .name = hf_dig_text(&o->doc, 0, "name", arena),
	    .postcode = hf_dig_text(&o->doc, 0, "address.postalCode", arena),
	};
}

enum hf_rc
hf_care_homes_read(struct hf_reader *reader, struct hf_arena *arena,
		   struct hf_care_homes *out, struct hf_err *err)
{
	struct hf_care_homes homes = {0};
	size_t size = 0, looked = 0;
	hf_rid after = 0, next = 0;

	do {
		struct hf_entry *entries;
		size_t n = 0;
		enum hf_rc rc =
		    hf_store_scan(reader, hf_person_type("Organization"), after, SCAN,
				  arena, &entries, &n, &next, err);

		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			struct opened o;

			rc = hf_person_read(reader, entries[i].rid, arena, &o, err);
			if (rc == HF_GONE || rc == HF_NOT_FOUND) {
				rc = HF_OK;
				continue;
			}
			if (rc || !hf_org_is_home(&o.doc))
				continue;
			if (homes.n == size) {
				struct hf_care_home *more = hf_arena_array(
				    arena, size ? size * 2 : 16, sizeof(*more));

				if (!more)
					return hf_fail(err, HF_TOO_LONG, NULL,
						       "no memory for the care homes");
				if (homes.n)
					memcpy(more, homes.items,
					       homes.n * sizeof(*more));
				homes.items = more;
				size = size ? size * 2 : 16;
			}
			add_home(&homes, &o, arena);
		}
		if (rc)
			return rc;
		looked += n;
		after = next;
	} while (next != 0 && looked < LOOKED);
	*out = homes;
	return HF_OK;
}

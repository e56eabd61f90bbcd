/* geography.c - the tree of the place: practice, network, locality,
 * partnership, place; each link with the time it holds for. */
#include "place/io/directory.h"

#include <stdlib.h>

#include "place/io/scan.h"
#include "place/place_int.h"
#include "record/person_text.h"

enum {
	ORGANISATIONS_MOST = 200000,
	LOCATIONS_MOST = 400000,
	STEPS = 8,	     /* from a practice to the top */
	POSTCODES_MOST = 200 /* of a locality */
};

/* What matters here of Organization.type. */
enum level {
	LEVEL_PLACE = 1,
	LEVEL_PARTNERSHIP = 2,
	LEVEL_LOCALITY = 4,
	LEVEL_HUB = 8
};

static const struct {
	const char *code;
	enum level level;
} levels[] = {{"system", LEVEL_PLACE},
	      {"place", LEVEL_PLACE},
	      {"partnership", LEVEL_PARTNERSHIP},
	      {"locality", LEVEL_LOCALITY},
	      {"hub", LEVEL_HUB}};

struct link {
	struct hf_sv parent; /* Organization id */
	hf_time from, to;    /* half-open */
	struct link *next;
};

struct org {
	struct hf_sv id, name, ods;
	unsigned levels; /* set of enum level */
	bool active, by_postcode;
	struct link *links;
	struct hf_sv now; /* Organization id of partOf */
	struct hf_sv *postcodes;
	size_t n_postcodes;
	struct hf_sv polygon;
	struct org *next;
};

struct hf_geography {
	struct hf_arena *arena;
	struct org *first;
	struct org **orgs; /* in order of id */
	size_t n;
	struct hf_locality *localities;
	size_t n_localities;
	struct org *hub;
};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the organisations");
}

/* ---- reading an Organization ---- */

static void
add_link(struct hf_reading *r, struct org *o, struct hf_sv parent, hf_time from,
	 hf_time to)
{
	struct link *l = HF_NEW(r->arena, struct link);

	if (!l) {
		r->full = true;
		return;
	}
	*l = (struct link){.parent = parent, .from = from, .to = to, .next = o->links};
	o->links = l;
}

/* One extension "part-of": an organisation and the period it held for. */
static void
take_link(struct hf_reading *r, uint32_t node, struct org *o)
{
	uint32_t list = hf_json_member(r->doc, node, "extension");
	struct hf_date from = {.lo = HF_TIME_MIN}, to = {.hi = HF_TIME_MAX};
	struct hf_sv parent = {0};

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t e = hf_json_at(r->doc, list, i);
		struct hf_sv name = hf_dig_text(r->doc, e, "url", r->arena);

		if (hf_sv_is(name, "organization"))
			parent =
			    hf_ref_id(hf_reading_text(r, e, "valueReference.reference"),
				      "Organization");
		if (!hf_sv_is(name, "period"))
			continue;
		hf_date_parse(hf_reading_text(r, e, "valuePeriod.start"), false, &from);
		hf_date_parse(hf_reading_text(r, e, "valuePeriod.end"), false, &to);
	}
	if (parent.n)
		add_link(r, o, parent, from.lo, to.hi);
}

static void
add_postcode(struct hf_reading *r, struct org *o, struct hf_sv code)
{
	if (!o->postcodes)
		o->postcodes =
		    hf_arena_array(r->arena, POSTCODES_MOST, sizeof *o->postcodes);
	if (!o->postcodes)
		r->full = true;
	else if (code.n && o->n_postcodes < POSTCODES_MOST)
		o->postcodes[o->n_postcodes++] = code;
}

static void
take_extensions(struct hf_reading *r, struct org *o)
{
	uint32_t list = hf_json_member(r->doc, 0, "extension");

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t e = hf_json_at(r->doc, list, i);
		struct hf_sv name = hf_ext_name(r->doc, e);

		if (hf_sv_is(name, "part-of"))
			take_link(r, e, o);
		else if (hf_sv_is(name, "postcode-area"))
			add_postcode(r, o, hf_reading_value(r, e));
		else if (hf_sv_is(name, "assignment-basis"))
			o->by_postcode = hf_sv_is(hf_reading_value(r, e), "postcode");
	}
}

static unsigned
levels_of(const struct hf_json *doc)
{
	uint32_t type = hf_json_member(doc, 0, "type");
	unsigned set = 0;

	for (size_t i = 0; i < HF_COUNT(levels); i++)
		if (hf_has_code(doc, type, hf_sv_from(levels[i].code)))
			set |= levels[i].level;
	return set;
}

static enum hf_rc
take_org(void *ctx, const struct hf_seen *seen, struct hf_err *err)
{
	struct hf_geography *g = ctx;
	struct hf_reading r = {.doc = &seen->doc, .arena = g->arena};
	struct org *o = HF_NEW(g->arena, struct org);
	uint32_t active = hf_json_member(&seen->doc, 0, "active");

	if (!o)
		return no_memory(err);
	o->id = hf_reading_text(&r, 0, "id");
	o->name = hf_reading_text(&r, 0, "name");
	/* It may be a view of the page, which is gone before it is asked for. */
	o->ods = hf_arena_sv(g->arena, hf_place_ods(&seen->doc, g->arena));
	o->levels = levels_of(&seen->doc);
	o->active =
	    active == HF_JSON_NONE || hf_json_type(&seen->doc, active) == HF_JSON_TRUE;
	o->now = hf_ref_id(hf_reading_text(&r, 0, "partOf.reference"), "Organization");
	take_extensions(&r, o);
	/* Without a history it has always been there. */
	if (!o->links && o->now.n)
		add_link(&r, o, o->now, HF_TIME_MIN, HF_TIME_MAX);
	if (r.full)
		return no_memory(err);
	o->next = g->first;
	g->first = o;
	g->n++;
	return HF_OK;
}

/* ---- the tree ---- */

static int
by_id(const void *a, const void *b)
{
	return hf_sv_cmp((*(struct org *const *)a)->id, (*(struct org *const *)b)->id);
}

static struct org *
find(const struct hf_geography *g, struct hf_sv id)
{
	size_t lo = 0, hi = id.n ? g->n : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = hf_sv_cmp(g->orgs[mid]->id, id);

		if (c == 0)
			return g->orgs[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* Before the first link that is known it is taken to have been the first: nobody has
 * said otherwise, and a file of organisations says how things are, not since when. */
static struct org *
parent_at(const struct hf_geography *g, const struct org *o, hf_time at)
{
	const struct link *first = o->links;

	for (const struct link *l = o->links; l; l = l->next) {
		if (l->from <= at && at < l->to)
			return find(g, l->parent);
		if (l->from < first->from)
			first = l;
	}
	return first && at < first->from ? find(g, first->parent) : NULL;
}

/* Itself or what stands above it at a time. */
static struct org *
above(const struct hf_geography *g, struct org *o, enum level level, hf_time at)
{
	for (int i = 0; o && i < STEPS; i++, o = parent_at(g, o, at))
		if (o->levels & (unsigned)level)
			return o;
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	const struct hf_locality *x = a, *y = b;
	int c = hf_sv_cmp(x->name, y->name);

	return c ? c : hf_sv_cmp(x->id, y->id);
}

static enum hf_rc
settle(struct hf_geography *g, struct hf_err *err)
{
	size_t n = 0;

	g->orgs = hf_arena_array(g->arena, g->n + 1, sizeof(struct org *));
	g->localities = NULL;
	if (!g->orgs)
		return no_memory(err);
	for (struct org *o = g->first; o; o = o->next)
		g->orgs[n++] = o;
	qsort(g->orgs, g->n, sizeof(struct org *), by_id);
	for (size_t i = 0; i < g->n; i++) {
		struct org *o = g->orgs[i];

		g->n_localities += o->active && o->levels & LEVEL_LOCALITY;
		if (!g->hub && o->active && o->levels & LEVEL_HUB)
			g->hub = o;
	}
	g->localities =
	    hf_arena_array(g->arena, g->n_localities + 1, sizeof *g->localities);
	if (!g->localities)
		return no_memory(err);
	n = 0;
	for (size_t i = 0; i < g->n; i++) {
		struct org *o = g->orgs[i], *up = NULL;

		if (!o->active || !(o->levels & LEVEL_LOCALITY))
			continue;
		if ((up = find(g, o->now)) != NULL && !(up->levels & LEVEL_PARTNERSHIP))
			up = NULL;
		g->localities[n++] =
		    (struct hf_locality){.id = o->id,
					 .name = o->name,
					 .partnership = up ? up->id : (struct hf_sv){0},
					 .polygon = o->polygon};
	}
	qsort(g->localities, n, sizeof *g->localities, by_name);
	return HF_OK;
}

/* ---- their outlines ---- */

static enum hf_rc
take_location(void *ctx, const struct hf_seen *seen, struct hf_err *err)
{
	struct hf_geography *g = ctx;
	uint32_t list = hf_json_member(&seen->doc, 0, "extension");
	struct hf_sv org;

	for (uint32_t i = 0; i < hf_json_count(&seen->doc, list); i++) {
		uint32_t e = hf_json_at(&seen->doc, list, i);
		struct hf_sv geometry;

		if (!hf_sv_is(hf_dig_text(&seen->doc, e, "url", seen->page),
			      "http://hl7.org/fhir/StructureDefinition/"
			      "location-boundary-geojson"))
			continue;
		org =
		    hf_ref_id(hf_dig_text(&seen->doc, 0,
					  "managingOrganization.reference", seen->page),
			      "Organization");
		geometry = hf_boundary_geometry(
		    hf_dig_text(&seen->doc, e, "valueAttachment.data", seen->page),
		    seen->page);
		for (size_t k = 0; geometry.n && k < g->n_localities; k++) {
			struct hf_locality *l = &g->localities[k];

			if (!hf_sv_eq(l->id, org) || l->polygon.n)
				continue;
			l->polygon = hf_arena_sv(g->arena, geometry);
			if (!l->polygon.p)
				return no_memory(err);
		}
	}
	return HF_OK;
}

enum hf_rc
hf_geography_read(struct hf_reader *reader, struct hf_arena *arena,
		  struct hf_geography **out, struct hf_err *err)
{
	struct hf_geography *g = HF_NEW(arena, struct hf_geography);
	enum hf_rc rc;

	if (!g)
		return no_memory(err);
	g->arena = arena;
	rc =
	    hf_place_each(reader, "Organization", ORGANISATIONS_MOST, take_org, g, err);
	if (rc == HF_OK)
		rc = settle(g, err);
	if (rc == HF_OK && g->n_localities)
		rc = hf_place_each(reader, "Location", LOCATIONS_MOST, take_location, g,
				   err);
	if (rc == HF_OK)
		*out = g;
	return rc;
}

/* ---- asking ---- */

/* The locality that lists the postcode; of those by geography alone, or of all. */
static struct org *
of_postcode(const struct hf_geography *g, struct hf_sv postcode, bool by_geography)
{
	for (size_t i = 0; postcode.n && i < g->n_localities; i++) {
		struct org *o = find(g, g->localities[i].id);

		for (size_t k = 0; k < o->n_postcodes; k++)
			if ((o->by_postcode || !by_geography) &&
			    hf_postcode_in(postcode, o->postcodes[k]))
				return o;
	}
	return NULL;
}

struct hf_belongs
hf_geography_of(const struct hf_geography *g, struct hf_sv practice,
		struct hf_sv postcode, hf_time at)
{
	struct hf_belongs b = {0};
	struct org *p = find(g, practice), *locality, *partnership;

	if (p) {
		b.practice = p->id;
		b.practice_name = p->name;
	}
	locality = of_postcode(g, postcode, true);
	if (!locality)
		locality = above(g, p, LEVEL_LOCALITY, at);
	if (!locality)
		locality = of_postcode(g, postcode, false);
	partnership = above(g, locality ? locality : p, LEVEL_PARTNERSHIP, at);
	if (locality) {
		b.locality = locality->id;
		b.locality_name = locality->name;
	}
	if (partnership) {
		b.partnership = partnership->id;
		b.partnership_name = partnership->name;
	}
	return b;
}

const struct hf_locality *
hf_geography_localities(const struct hf_geography *g, size_t *n)
{
	*n = g->n_localities;
	return g->localities;
}

struct hf_sv
hf_geography_hub(const struct hf_geography *g, struct hf_sv *name)
{
	if (name)
		*name = g->hub ? g->hub->name : (struct hf_sv){0};
	return g->hub ? g->hub->id : (struct hf_sv){0};
}

size_t
hf_geography_count(const struct hf_geography *g)
{
	return g->n;
}

struct hf_sv
hf_geography_at(const struct hf_geography *g, size_t i, struct hf_sv *ods)
{
	*ods = g->orgs[i]->ods;
	return g->orgs[i]->id;
}

size_t
hf_geography_turns(const struct hf_geography *g, hf_time *out, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		for (const struct link *l = g->orgs[i]->links; l; l = l->next) {
			if (l->from != HF_TIME_MIN && n < most)
				out[n++] = l->from;
			if (l->to != HF_TIME_MAX && n < most)
				out[n++] = l->to;
		}
	return n;
}

bool
hf_geography_is_place(const struct hf_geography *g, struct hf_sv id)
{
	const struct org *o = find(g, id);

	return o && o->levels & LEVEL_PLACE;
}

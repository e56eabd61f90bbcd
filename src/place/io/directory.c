/* directory.c - the teams of the record. */
#include "place/io/directory.h"

#include <stdlib.h>

#include "place/io/scan.h"
#include "place/place_int.h"
#include "record/person_text.h"

enum { SERVICES_MOST = 100000 };

/* What a reference of a team leads to; a few for many teams. */
struct known {
	const char *type;
	struct hf_sv id;
	struct hf_sv name,
	    ods; /* of an Organization; of an Endpoint name is the address */
	struct hf_codes localities; /* of a Location */
	bool there, whole;	    /* whole: the Location is that of the place */
	struct known *next;
};

struct gather {
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_geography *geography; /* read when an area is met that needs it */
	struct known *known;
	struct hf_team *items;
	size_t n, size;
};

static enum hf_rc
no_memory(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL,
		       "no memory for the directory of services");
}

static struct hf_sv
keep(struct gather *g, struct hf_sv text)
{
	return text.n ? hf_arena_sv(g->arena, text) : (struct hf_sv){0};
}

/* ---- references ---- */

/* The localities of a Location: that of its organisation, or those below it. */
static enum hf_rc
area_of(struct gather *g, const struct hf_seen *seen, struct known *k,
	struct hf_err *err)
{
	struct hf_sv org = hf_ref_id(
	    hf_dig_text(&seen->doc, 0, "managingOrganization.reference", seen->page),
	    "Organization");
	const struct hf_locality *all;
	size_t n;
	enum hf_rc rc = HF_OK;

	if (!g->geography)
		rc = hf_geography_read(g->reader, g->arena, &g->geography, err);
	if (rc)
		return rc;
	all = hf_geography_localities(g->geography, &n);
	for (size_t i = 0; i < n; i++)
		if (k->localities.n < HF_TEAM_CODES &&
		    (hf_sv_eq(all[i].id, org) || hf_sv_eq(all[i].partnership, org)))
			k->localities.items[k->localities.n++] = all[i].id;
	k->whole = hf_geography_is_place(g->geography, org);
	k->there = k->localities.n > 0 || k->whole;
	return HF_OK;
}

static enum hf_rc
look_up(struct gather *g, struct known *k, struct hf_err *err)
{
	struct hf_arena page;
	struct hf_seen seen;
	enum hf_rc rc;

	hf_arena_init(&page, (size_t)8 << 20);
	rc = hf_place_one(g->reader, k->type, k->id, &page, &seen, err);
	if (rc == HF_OK && strcmp(k->type, "Location") == 0) {
		rc = area_of(g, &seen, k, err);
	} else if (rc == HF_OK) {
		char *upper;

		k->there = true;
		k->name = keep(g, hf_dig_text(&seen.doc, 0, "name|address", &page));
		if (strcmp(k->type, "Endpoint") == 0)
			k->name = keep(g, hf_dig_text(&seen.doc, 0, "address", &page));
		k->ods = hf_place_ods(&seen.doc, &page);
		upper = hf_arena_cstr(g->arena, k->ods);
		for (size_t i = 0; upper && i < k->ods.n; i++)
			if (upper[i] >= 'a' && upper[i] <= 'z')
				upper[i] = (char)(upper[i] - 'a' + 'A');
		k->ods.p = upper;
	}
	hf_arena_free(&page);
	return rc == HF_NOT_FOUND ? HF_OK : rc;
}

static enum hf_rc
know(struct gather *g, const char *type, struct hf_sv id, const struct known **out,
     struct hf_err *err)
{
	static const struct known nothing = {0};
	struct known *k;
	enum hf_rc rc;

	*out = &nothing;
	if (id.n == 0)
		return HF_OK;
	for (k = g->known; k; k = k->next)
		if (strcmp(k->type, type) == 0 && hf_sv_eq(k->id, id)) {
			*out = k;
			return HF_OK;
		}
	k = HF_NEW(g->arena, struct known);
	if (!k)
		return no_memory(err);
	k->type = type;
	k->id = id;
	rc = look_up(g, k, err);
	k->next = g->known;
	g->known = k;
	*out = k;
	return rc;
}

/* ---- teams ---- */

static void
add_localities(struct hf_reading *r, struct hf_team *t, const struct hf_codes *more)
{
	for (size_t i = 0; i < more->n; i++) {
		if (hf_codes_have(&t->localities, more->items[i]))
			continue;
		if (t->localities.n == HF_TEAM_CODES) {
			hf_reading_wrong(r, "coverageArea", "more than 24 localities");
			return;
		}
		t->localities.items[t->localities.n++] = more->items[i];
	}
}

static enum hf_rc
resolve(struct gather *g, struct hf_reading *r, const struct hf_team_refs *refs,
	struct hf_team *t, struct hf_err *err)
{
	const struct known *k;
	bool whole = false;
	enum hf_rc rc = know(g, "Organization", refs->provider, &k, err);

	t->provider = refs->provider;
	t->provider_name = k->name;
	t->ods = k->ods;
	if (rc == HF_OK && refs->provider.n && !k->there)
		hf_reading_wrong(r, "providedBy", "there is no such Organization");
	if (rc == HF_OK)
		rc = know(g, "Endpoint", refs->endpoint, &k, err);
	t->endpoint = k->name;
	for (size_t i = 0; rc == HF_OK && i < refs->areas.n; i++) {
		/* An area that leads nowhere must not make it a team of the whole
		 * place: it is listed by its own id, which nobody lives in. */
		struct hf_codes lost = {.items = {refs->areas.items[i]}, .n = 1};

		rc = know(g, "Location", refs->areas.items[i], &k, err);
		if (rc)
			break;
		if (!k->there)
			hf_reading_wrong(r, "coverageArea",
					 "there is no such Location, or it is not that "
					 "of a locality, a partnership or the place");
		whole |= k->whole;
		add_localities(r, t, k->there ? &k->localities : &lost);
	}
	if (whole)
		t->localities.n = 0;
	return rc;
}

static enum hf_rc
grow(struct gather *g, struct hf_err *err)
{
	size_t size = g->size ? g->size * 2 : 64;
	struct hf_team *more = hf_arena_array(g->arena, size, sizeof *more);

	if (!more)
		return no_memory(err);
	if (g->n)
		memcpy(more, g->items, g->n * sizeof *more);
	g->items = more;
	g->size = size;
	return HF_OK;
}

static enum hf_rc
take_service(void *ctx, const struct hf_seen *seen, struct hf_err *err)
{
	struct gather *g = ctx;
	struct hf_reading r = {
	    .doc = &seen->doc,
	    .arena = g->arena,
	    .issues = g->issues,
	    .at = hf_arena_printf(seen->page, "HealthcareService/%.*s",
				  HF_SV_ARG(seen->v.id)),
	};
	struct hf_team_refs refs;
	enum hf_rc rc = HF_OK;

	if (g->n == g->size)
		rc = grow(g, err);
	if (rc || !hf_team_read(&r, &g->items[g->n], &refs))
		return rc;
	if (g->n == HF_DIRECTORY_MOST)
		return hf_fail(
		    err, HF_TOO_LONG, NULL,
		    "a place has at most %d teams that can be sent a referral",
		    HF_DIRECTORY_MOST);
	rc = resolve(g, &r, &refs, &g->items[g->n], err);
	if (rc == HF_OK && r.full)
		rc = no_memory(err);
	g->n += rc == HF_OK;
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	return hf_sv_cmp(((const struct hf_team *)a)->id,
			 ((const struct hf_team *)b)->id);
}

enum hf_rc
hf_directory_read(struct hf_reader *reader, struct hf_arena *arena,
		  struct hf_issues *issues, struct hf_directory *out,
		  struct hf_err *err)
{
	struct gather g = {.reader = reader, .arena = arena, .issues = issues};
	enum hf_rc rc = hf_place_each(reader, "HealthcareService", SERVICES_MOST,
				      take_service, &g, err);

	if (rc)
		return rc;
	if (g.n)
		qsort(g.items, g.n, sizeof *g.items, by_id);
	*out = (struct hf_directory){.items = g.items, .n = g.n};
	return HF_OK;
}

/* person_line.c - who somebody is, in the words of a banner or a search result. */
#include "record/io/person_int.h"

static const struct hf_sv nothing = {NULL, 0};

#define NHS_NUMBER "https://fhir.nhs.uk/Id/nhs-number"

/* The present address: home, else the first that is not old. */
static uint32_t
best_address(const struct hf_json *doc)
{
	uint32_t all = hf_json_member(doc, 0, "address"), best = HF_JSON_NONE;

	if (all == HF_JSON_NONE || hf_json_type(doc, all) != HF_JSON_ARRAY)
		return HF_JSON_NONE;
	for (uint32_t c = all + 1; c < doc->nodes[all].next; c = doc->nodes[c].next) {
		uint32_t at = hf_json_member(doc, c, "use");
		struct hf_sv use = at == HF_JSON_NONE ? nothing : hf_json_raw(doc, at);

		if (hf_sv_is(use, "home"))
			return c;
		if (best == HF_JSON_NONE && !hf_sv_is(use, "old"))
			best = c;
	}
	return best;
}

/* The status that travels with an NHS number (UK Core, R-1.13), in words. */
static struct hf_sv
number_status(const struct hf_json *doc, uint32_t identifier, bool *verified)
{
	static const char *const words[] = {
	    "",
	    "verified",
	    "not traced",
	    "trace required",
	    "trace found none or several",
	    "trace to be resolved",
	    "trace in progress",
	    "not present",
	    "trace postponed (baby under six weeks)",
	};
	uint32_t value = hf_dig(doc, identifier, "extension.valueCodeableConcept");

	*verified = false;
	for (int k = 1; k < (int)HF_COUNT(words); k++) {
		char code[3] = {'0', (char)('0' + k), '\0'};

		if (!hf_has_code(doc, value, hf_sv_from(code)))
			continue;
		*verified = k == 1;
		return hf_sv_from(words[k]);
	}
	return HF_SV("not verified");
}

static void
number_of(const struct hf_json *doc, struct hf_arena *arena, struct hf_person_line *out)
{
	uint32_t ids = hf_json_member(doc, 0, "identifier");
	struct hf_nhs nhs;
	char text[16];

	if (ids == HF_JSON_NONE || hf_json_type(doc, ids) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = ids + 1; c < doc->nodes[ids].next; c = doc->nodes[c].next) {
		struct hf_sv value = hf_dig_text(doc, c, "value", arena);

		if (!hf_sv_is(hf_dig_text(doc, c, "system", arena), NHS_NUMBER) ||
		    value.n == 0 || hf_sv_is(hf_dig_text(doc, c, "use", arena), "old"))
			continue;
		out->number_status = number_status(doc, c, &out->verified);
		if (hf_nhs_parse(value, &nhs, NULL) == HF_OK) {
			hf_nhs_format(&nhs, text, sizeof(text));
			out->number = hf_arena_sv(arena, hf_sv_from(text));
			return;
		}
		out->number = value;
		out->number_status = HF_SV("not a valid NHS number");
		out->verified = false;
	}
}

static struct hf_sv
sex_words(struct hf_sv code)
{
	static const char *const words[][2] = {{"female", "Female"},
					       {"male", "Male"},
					       {"other", "Other"},
					       {"unknown", "Not known"}};

	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(code, hf_sv_from(words[i][0])))
			return hf_sv_from(words[i][1]);
	return nothing;
}

static void
life(const struct hf_json *doc, hf_time now, struct hf_arena *arena,
     struct hf_person_line *out)
{
	struct hf_sv died = hf_dig_text(doc, 0, "deceasedDateTime", arena);
	struct hf_sv dead = hf_dig_text(doc, 0, "deceasedBoolean", arena);
	struct hf_date d;

	out->born = hf_dig_text(doc, 0, "birthDate", arena);
	out->born_text = hf_date_words(out->born, arena);
	out->deceased = died.n || hf_sv_is(dead, "yes");
	out->died = hf_date_words(died, arena);
	if (!out->deceased)
		out->age = hf_age_words(out->born, now, arena);
	else if (hf_date_parse(died, false, &d))
		out->age = hf_age_words(out->born, d.lo, arena);
}

static void
practice(struct who_cache *cache, const struct hf_json *doc, struct hf_person_line *out)
{
	uint32_t all = hf_json_member(doc, 0, "generalPractitioner");

	if (all == HF_JSON_NONE || hf_json_type(doc, all) != HF_JSON_ARRAY)
		return;
	for (uint32_t c = all + 1; c < doc->nodes[all].next; c = doc->nodes[c].next) {
		const struct who *w = hf_who_of(cache, doc, c);
		struct hf_sv name = hf_dig_text(doc, c, "display", cache->arena);

		if (w && w->org.n) {
			out->practice = w->org;
			out->practice_ref = w->org_ref;
			return;
		}
		if (out->practice.n == 0)
			out->practice = name.n ? name : w ? w->name : nothing;
	}
}

void
hf_person_line(struct who_cache *cache, const struct opened *patient, hf_time now,
	       struct hf_arena *arena, struct hf_person_line *out)
{
	const struct hf_json *doc = &patient->doc;
	uint32_t name = hf_name_best(doc, hf_json_member(doc, 0, "name"));

	*out = (struct hf_person_line){
	    .rid = patient->v.e.rid,
	    .shelf = HF_RID_SHELF(patient->v.e.rid),
	    .id = patient->v.id,
	};
	if (name != HF_JSON_NONE)
		out->name = hf_name_words(doc, name, false, arena);
	if (out->name.n == 0)
		out->name = HF_SV("Name not recorded");
	life(doc, now, arena, out);
	out->sex = sex_words(hf_dig_text(doc, 0, "gender", arena));
	number_of(doc, arena, out);
	out->address = hf_address_words(doc, best_address(doc), arena);
	practice(cache, doc, out);
}

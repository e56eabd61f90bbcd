/* team_read.c - a team out of a HealthcareService (docs/interfaces/directory.md). */
#include "place/place_int.h"
#include "record/person_text.h"

enum { AGE_MOST = 130, TRAVEL_MOST = 24 * 60, RESERVE_USUAL = 25, TRAVEL_USUAL = 20 };

static const char *const urgency_codes[] = {"U0", "U1", "U2", "U3",
					    "U4", "U5", "U6", "A0"};

static void
add_code(struct hf_reading *r, struct hf_codes *list, struct hf_sv code,
	 const char *where)
{
	if (code.n == 0 || code.n > 64)
		hf_reading_wrong(r, where, "expected a code of at most 64 letters");
	else if (hf_codes_have(list, code))
		return;
	else if (list->n == HF_TEAM_CODES)
		hf_reading_wrong(r, where, "more than 24 codes; the rest is left out");
	else
		list->items[list->n++] = code;
}

/* ---- extensions ---- */

static void
take_urgency(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	struct hf_sv code = hf_reading_value(r, node);

	for (size_t i = 0; i < HF_COUNT(urgency_codes); i++) {
		if (hf_sv_eq(code, hf_sv_from(urgency_codes[i]))) {
			add_code(r, &t->urgencies, code, "extension(urgency)");
			return;
		}
	}
	hf_reading_wrong(r, "extension(urgency)", "expected U0 to U6, or A0");
}

static void
take_referrer(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	add_code(r, &t->referrers, hf_reading_value(r, node), "extension(referrer)");
}

static void
take_excluded(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	add_code(r, &t->conditions_out, hf_reading_value(r, node),
		 "extension(condition-excluded)");
}

static void
take_postcode(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	add_code(r, &t->postcodes, hf_reading_value(r, node),
		 "extension(postcode-area)");
}

/* A whole number from 0 to most; false and a finding when it is none. */
static bool
number(struct hf_reading *r, struct hf_sv text, int most, const char *where, int *out)
{
	int64_t v;

	if (!hf_sv_int(text, &v) || v < 0 || v > most) {
		hf_reading_wrong(r, where, "expected a whole number in range");
		return false;
	}
	*out = (int)v;
	return true;
}

static void
take_ages(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	static const char where[] = "extension(age-range)";
	struct hf_sv low = hf_reading_text(r, node, "valueRange.low.value");
	struct hf_sv high = hf_reading_text(r, node, "valueRange.high.value");
	int min = 0, max = AGE_MOST;

	if (low.n && !number(r, low, AGE_MOST, where, &min))
		return;
	if (high.n && !number(r, high, AGE_MOST, where, &max))
		return;
	if (min > max) {
		hf_reading_wrong(r, where, "low is above high");
		return;
	}
	t->age_min = min;
	t->age_max = max;
}

static void
take_sex(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	struct hf_sv code = hf_reading_value(r, node);

	if (hf_sv_is(code, "male") || hf_sv_is(code, "female"))
		t->sex = code;
	else
		hf_reading_wrong(r, "extension(sex)", "expected male or female");
}

static void
take_reserve(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	number(r, hf_reading_value(r, node), 100, "extension(urgent-reserve)",
	       &t->reserved_percent);
}

static void
take_travel(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	number(r, hf_reading_value(r, node), TRAVEL_MOST, "extension(travel-minutes)",
	       &t->travel_min);
}

static void
take_travel_far(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	number(r, hf_reading_value(r, node), TRAVEL_MOST,
	       "extension(travel-minutes-far)", &t->travel_far_min);
}

static void
take_verified(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	struct hf_date d;

	if (hf_date_parse(hf_reading_value(r, node), false, &d) &&
	    d.precision == HF_PREC_DAY)
		t->verified = hf_london_day(d.lo);
	else
		hf_reading_wrong(r, "extension(last-verified)", "expected a date");
}

/* */
static void
take_inherited(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	static const char where[] = "extension(inherited-caseload)";
	uint32_t list = hf_json_member(r->doc, node, "extension");
	struct hf_date d;

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t e = hf_json_at(r->doc, list, i);
		struct hf_sv name = hf_dig_text(r->doc, e, "url", r->arena);
		struct hf_sv value = hf_reading_value(r, e);

		if (hf_sv_is(name, "people"))
			number(r, value, 1000000, where, &t->inherited);
		else if (hf_sv_is(name, "exit-plan") && hf_date_parse(value, false, &d))
			t->inherited_until = value;
		else
			hf_reading_wrong(r, where,
					 "expected people and exit-plan, a date");
	}
}

static void
take_nothing(struct hf_reading *r HF_UNUSED, uint32_t node HF_UNUSED,
	     struct hf_team *t HF_UNUSED)
{
}

static const struct {
	const char *name;
	void (*take)(struct hf_reading *r, uint32_t node, struct hf_team *t);
} extensions[] = {
    {"urgency", take_urgency},
    {"referrer", take_referrer},
    {"condition-excluded", take_excluded},
    {"postcode-area", take_postcode},
    {"age-range", take_ages},
    {"sex", take_sex},
    {"capacity", hf_team_part_read},
    {"urgent-reserve", take_reserve},
    {"travel-minutes", take_travel},
    {"travel-minutes-far", take_travel_far},
    {"last-verified", take_verified},
    {"inherited-caseload", take_inherited},
    {"open-on-bank-holidays", take_nothing}, /* team_hours.c */
};

static void
take_extension(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	struct hf_sv name = hf_ext_name(r->doc, node);

	if (name.n == 0)
		return;
	for (size_t i = 0; i < HF_COUNT(extensions); i++) {
		if (hf_sv_eq(name, hf_sv_from(extensions[i].name))) {
			extensions[i].take(r, node, t);
			return;
		}
	}
	hf_reading_wrong(r, "extension", "an extension of ours that is none of a team");
}

/* ---- elements ---- */

/* The codes of one of our code systems in an array of CodeableConcepts, or of what has
 * one as member. */
static void
take_coded(struct hf_reading *r, const char *element, const char *member,
	   const char *system, struct hf_codes *out)
{
	uint32_t list = hf_json_get(r->doc, 0, hf_sv_from(element));

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t one = hf_json_at(r->doc, list, i);
		uint32_t concept =
		    member ? hf_json_get(r->doc, one, hf_sv_from(member)) : one;
		uint32_t codings = hf_json_member(r->doc, concept, "coding");

		for (uint32_t k = 0; k < hf_json_count(r->doc, codings); k++) {
			uint32_t c = hf_json_at(r->doc, codings, k);

			if (hf_sv_eq(hf_dig_text(r->doc, c, "system", r->arena),
				     hf_sv_from(system)))
				add_code(r, out, hf_reading_text(r, c, "code"),
					 element);
		}
	}
}

static struct hf_sv
phone_of(struct hf_reading *r)
{
	uint32_t list = hf_json_member(r->doc, 0, "telecom");

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t t = hf_json_at(r->doc, list, i);

		if (hf_sv_is(hf_dig_text(r->doc, t, "system", r->arena), "phone"))
			return hf_reading_text(r, t, "value");
	}
	return (struct hf_sv){0};
}

static void
take_refs(struct hf_reading *r, struct hf_team_refs *refs)
{
	uint32_t areas = hf_json_member(r->doc, 0, "coverageArea");

	*refs = (struct hf_team_refs){
	    .provider = hf_ref_id(hf_reading_text(r, 0, "providedBy.reference"),
				  "Organization"),
	    .endpoint =
		hf_ref_id(hf_reading_text(r, 0, "endpoint.reference"), "Endpoint"),
	};
	if (refs->provider.n == 0)
		hf_reading_wrong(r, "providedBy",
				 "expected a reference to an Organization");
	for (uint32_t i = 0; i < hf_json_count(r->doc, areas); i++)
		add_code(r, &refs->areas,
			 hf_ref_id(hf_reading_text(r, hf_json_at(r->doc, areas, i),
						   "reference"),
				   "Location"),
			 "coverageArea");
}

bool
hf_team_read(struct hf_reading *r, struct hf_team *out, struct hf_team_refs *refs)
{
	uint32_t list = hf_json_member(r->doc, 0, "extension");
	uint32_t active = hf_json_member(r->doc, 0, "active");
	struct hf_codes services = {0};
	bool dispatchable = false;
	struct hf_team t = {
	    .age_max = AGE_MOST,
	    .reserved_percent = RESERVE_USUAL,
	    .travel_min = TRAVEL_USUAL,
	    .travel_far_min = -1,
	    .verified = INT64_MIN,
	};

	for (uint32_t i = 0; i < hf_json_count(r->doc, list) && !dispatchable; i++)
		dispatchable = hf_sv_is(
		    hf_ext_name(r->doc, hf_json_at(r->doc, list, i)), "urgency");
	if (!dispatchable)
		return false;
	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++)
		take_extension(r, hf_json_at(r->doc, list, i), &t);
	if (t.travel_far_min < 0)
		t.travel_far_min = t.travel_min * 2;
	t.id = hf_reading_text(r, 0, "id");
	t.name = hf_reading_text(r, 0, "name");
	if (t.name.n == 0)
		hf_reading_wrong(r, "name", "missing");
	t.active =
	    active == HF_JSON_NONE || hf_json_type(r->doc, active) == HF_JSON_TRUE;
	/* None of the urgencies could be read: it can be sent none. */
	if (t.urgencies.n == 0)
		t.active = false;
	t.phone = phone_of(r);
	take_coded(r, "type", NULL, "https://homefirst.example/CodeSystem/service",
		   &services);
	if (services.n)
		t.service = services.items[0];
	take_coded(r, "characteristic", NULL,
		   "https://homefirst.example/CodeSystem/skill", &t.skills);
	take_coded(r, "eligibility", "code",
		   "https://homefirst.example/CodeSystem/condition-group",
		   &t.conditions_in);
	take_refs(r, refs);
	hf_team_hours_read(r, &t.hours);
	*out = t;
	return true;
}

/* reading.c - texts, extensions and references of a resource that is read. */
#include "place/place_int.h"
#include "record/person_text.h"

void
hf_reading_wrong(struct hf_reading *r, const char *where, const char *what)
{
	char path[160];
	size_t n = r->at.n < 100 ? r->at.n : 100;
	struct hf_sv text = {path, n};

	if (!r->issues)
		return;
	memcpy(path, r->at.p, n);
	path[text.n++] = '.';
	for (size_t i = 0; where[i] && text.n < sizeof path; i++)
		path[text.n++] = where[i];
	hf_issue_add(r->issues, HF_SEV_WARNING, "value", text, "%s", what);
}

static struct hf_sv
keep(struct hf_reading *r, struct hf_sv text)
{
	struct hf_sv kept = {0};

	if (text.n == 0)
		return kept;
	kept = hf_arena_sv(r->arena, text);
	if (!kept.p) {
		r->full = true;
		kept.n = 0;
	}
	return kept;
}

struct hf_sv
hf_reading_text(struct hf_reading *r, uint32_t node, const char *path)
{
	return keep(r, hf_dig_text(r->doc, node, path, r->arena));
}

struct hf_sv
hf_reading_value(struct hf_reading *r, uint32_t node)
{
	return hf_reading_text(r, node,
			       "valueCode|valueCoding.code|"
			       "valueCodeableConcept.coding.code|valueString|valueDate|"
			       "valueTime|valueInteger|valuePositiveInt|"
			       "valueUnsignedInt|valueBoolean");
}

struct hf_sv
hf_ext_name(const struct hf_json *doc, uint32_t node)
{
	struct hf_sv base = HF_SV(HF_PLACE_EXT);
	uint32_t url = hf_json_member(doc, node, "url");
	struct hf_sv text;

	if (url == HF_JSON_NONE || hf_json_type(doc, url) != HF_JSON_STRING)
		return (struct hf_sv){0};
	text = hf_json_raw(doc, url);
	return hf_sv_starts(text, base) ? hf_sv_from_at(text, base.n)
					: (struct hf_sv){0};
}

struct hf_sv
hf_ref_id(struct hf_sv ref, const char *type)
{
	struct hf_sv want = hf_sv_from(type);

	while (ref.n) {
		struct hf_sv part = hf_sv_cut(&ref, '/');

		if (hf_sv_eq(part, want) && ref.n) {
			ref.n = hf_sv_find(ref, '/');
			return ref.n <= 64 ? ref : (struct hf_sv){0};
		}
	}
	return (struct hf_sv){0};
}

int
hf_minutes_of(struct hf_sv t, bool end)
{
	int64_t hour, minute;

	if (t.n < 5 || t.p[2] != ':' || (t.n > 5 && t.p[5] != ':') ||
	    !hf_sv_int((struct hf_sv){t.p, 2}, &hour) ||
	    !hf_sv_int((struct hf_sv){t.p + 3, 2}, &minute) || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59)
		return -1;
	/* FHIR has no 24:00, and 23:59:59 is how some say it. */
	if (end && ((hour == 0 && minute == 0) || (hour == 23 && minute == 59)))
		return 1440;
	return (int)(hour * 60 + minute);
}

int
hf_weekday_of(struct hf_sv code)
{
	static const char days[] = "montuewedthufrisatsun";

	if (code.n != 3)
		return -1;
	for (int i = 0; i < 7; i++)
		if (memcmp(code.p, days + 3 * i, 3) == 0)
			return i;
	return -1;
}

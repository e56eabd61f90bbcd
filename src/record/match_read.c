/* match_read.c - who a FHIR Patient says somebody is. */
#include "base/time.h"
#include "record/match.h"

#define NHS_SYSTEM    "https://fhir.nhs.uk/Id/nhs-number"
#define STATUS_SUFFIX "NHSNumberVerificationStatus"

struct reading {
	const struct hf_json *d;
	struct hf_arena *arena;
};

static struct hf_sv
text_of(const struct reading *r, uint32_t node)
{
	return hf_json_str(r->d, node, r->arena);
}

#define text_at(r, node, lit) text_of((r), hf_json_member((r)->d, (node), lit))

/* Is there an extension of this identifier that says 01, present and verified? */
static bool
says_verified(const struct reading *r, uint32_t identifier)
{
	uint32_t list = hf_json_member(r->d, identifier, "extension");

	for (uint32_t k = 0; k < hf_json_count(r->d, list); k++) {
		uint32_t ext = hf_json_at(r->d, list, k);
		uint32_t concept = hf_json_member(r->d, ext, "valueCodeableConcept");
		uint32_t codings = hf_json_member(r->d, concept, "coding");
		struct hf_sv code = text_at(r, hf_json_at(r->d, codings, 0), "code");

		if (hf_sv_ends(text_at(r, ext, "url"), HF_SV(STATUS_SUFFIX)) &&
		    (hf_sv_is(code, "01") ||
		     hf_sv_is(code, "number-present-and-verified")))
			return true;
	}
	return false;
}

/* The first number that holds; one that is "old" counts for nothing. */
static void
read_number(const struct reading *r, uint32_t patient, struct hf_match_person *out)
{
	uint32_t list = hf_json_member(r->d, patient, "identifier");

	for (uint32_t k = 0; k < hf_json_count(r->d, list) && !out->has_nhs; k++) {
		uint32_t id = hf_json_at(r->d, list, k);

		if (!hf_sv_is(text_at(r, id, "system"), NHS_SYSTEM) ||
		    hf_sv_is(text_at(r, id, "use"), "old") ||
		    hf_nhs_parse(text_at(r, id, "value"), &out->nhs, NULL) != HF_OK)
			continue;
		out->has_nhs = true;
		out->verified = says_verified(r, id);
	}
}

static bool
is_former(struct hf_sv use)
{
	return hf_sv_is(use, "old") || hf_sv_is(use, "maiden");
}

static void
add_family(struct hf_match_person *out, struct hf_sv family)
{
	for (size_t i = 0; i < HF_MATCH_NAMES && family.n; i++) {
		if (hf_sv_eq(out->family[i], family))
			return;
		if (out->family[i].n == 0) {
			out->family[i] = family;
			return;
		}
	}
}

static void
read_name(const struct reading *r, uint32_t name, struct hf_match_person *out)
{
	uint32_t given = hf_json_member(r->d, name, "given");
	struct hf_sv first = text_of(r, hf_json_at(r->d, given, 0));

	add_family(out, text_at(r, name, "family"));
	if (out->given[0].n == 0)
		for (uint32_t i = 0; i < HF_MATCH_NAMES; i++)
			out->given[i] = text_of(r, hf_json_at(r->d, given, i));
	else if (first.n && !hf_sv_eq(first, out->given[0]))
		out->usual = first;
}

/* What is borne today comes first: twice over the names. */
static void
read_names(const struct reading *r, uint32_t patient, struct hf_match_person *out)
{
	uint32_t list = hf_json_member(r->d, patient, "name");
	uint32_t n = hf_json_count(r->d, list);

	for (int round = 0; round < 2; round++)
		for (uint32_t k = 0; k < n && k < 16; k++) {
			uint32_t name = hf_json_at(r->d, list, k);
			struct hf_sv use = text_at(r, name, "use");
			bool later = is_former(use) || hf_sv_is(use, "nickname");

			if (later == (round == 1))
				read_name(r, name, out);
		}
}

static void
read_address(const struct reading *r, uint32_t address, size_t at,
	     struct hf_match_person *out)
{
	uint32_t lines = hf_json_member(r->d, address, "line");
	struct hf_sv line = text_of(r, hf_json_at(r->d, lines, 0));
	struct hf_sv more = text_of(r, hf_json_at(r->d, lines, 1));

	/* The house may stand on the first line, its flat or name before it. */
	if (more.n && more.p[0] >= '0' && more.p[0] <= '9')
		line = hf_arena_printf(r->arena, "%.*s %.*s", HF_SV_ARG(line),
				       HF_SV_ARG(more));
	out->address[at].line = line;
	out->address[at].postcode = text_at(r, address, "postalCode");
}

static void
read_addresses(const struct reading *r, uint32_t patient, struct hf_match_person *out)
{
	uint32_t list = hf_json_member(r->d, patient, "address");
	uint32_t count = hf_json_count(r->d, list);
	size_t n = 0;

	for (int round = 0; round < 2; round++)
		for (uint32_t k = 0; k < count && k < 16; k++) {
			uint32_t a = hf_json_at(r->d, list, k);
			struct hf_sv use = text_at(r, a, "use");
			bool later = hf_sv_is(use, "old") || hf_sv_is(use, "temp");

			if (later == (round == 1) && n < HF_MATCH_ADDRESSES)
				read_address(r, a, n++, out);
		}
}

static void
read_phones(const struct reading *r, uint32_t patient, struct hf_match_person *out)
{
	uint32_t list = hf_json_member(r->d, patient, "telecom");
	size_t n = 0;

	for (uint32_t k = 0; k < hf_json_count(r->d, list) && k < 32; k++) {
		uint32_t t = hf_json_at(r->d, list, k);
		struct hf_sv system = text_at(r, t, "system");

		if ((hf_sv_is(system, "phone") || hf_sv_is(system, "sms")) &&
		    n < HF_MATCH_ADDRESSES)
			out->phone[n++] = text_at(r, t, "value");
	}
}

void
hf_match_read_birth(struct hf_sv text, struct hf_match_person *out)
{
	struct hf_date d;
	struct hf_sv rest = text;
	int64_t year, month, day;

	if (!hf_date_parse(text, false, &d) || text.n > 10 ||
	    !hf_sv_int(hf_sv_cut(&rest, '-'), &year))
		return;
	out->year = (int16_t)year;
	out->month = out->day = 0;
	if (hf_sv_int(hf_sv_cut(&rest, '-'), &month))
		out->month = (int8_t)month;
	if (hf_sv_int(rest, &day))
		out->day = (int8_t)day;
}

static enum hf_match_sex
read_sex(struct hf_sv code)
{
	return hf_sv_is(code, "male")	  ? HF_SEX_MALE
	       : hf_sv_is(code, "female") ? HF_SEX_FEMALE
	       : hf_sv_is(code, "other")  ? HF_SEX_OTHER
					  : HF_SEX_UNKNOWN;
}

void
hf_match_read(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	      struct hf_match_person *out)
{
	const struct reading r = {doc, arena};
	uint32_t multiple = hf_json_member(doc, node, "multipleBirthInteger");
	int64_t order;

	*out = (struct hf_match_person){0};
	read_number(&r, node, out);
	read_names(&r, node, out);
	read_addresses(&r, node, out);
	read_phones(&r, node, out);
	hf_match_read_birth(text_at(&r, node, "birthDate"), out);
	out->sex = read_sex(text_at(&r, node, "gender"));
	if (multiple != HF_JSON_NONE && hf_sv_int(hf_json_raw(doc, multiple), &order) &&
	    order > 0 && order < 20)
		out->order = (uint8_t)order;
}

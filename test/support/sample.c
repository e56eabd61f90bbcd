/* sample.c - valid resources of any type, made from the tables.
 *
 * Levels: resources and their backbone elements are level 0, a datatype in them
 * level 1 and so on.  Up to level FULL all elements are written, below only what
 * must be there, which ends the recursion of the types. */
#include "test/support/sample.h"

#include "fhir/json.h"

enum { FULL = 2 };

struct sample {
	struct hf_jw w;
	uint32_t variant;
	uint32_t count; /* of values written; makes them differ */
	bool contained; /* references to #within resolve here */
};

/* The types that a value stands in, innermost first. */
struct nest {
	const struct nest *up;
	hf_type_id type;
};

static void write_object(struct sample *s, hf_type_id type, unsigned level,
			 const struct nest *up);
static void write_value(struct sample *s, const struct hf_elem *e, hf_type_id type,
			unsigned level, const struct nest *up);

static uint32_t
next(struct sample *s)
{
	return s->count++ + s->variant;
}

#define PICK(list, n) ((list)[(n) % HF_COUNT(list)])

/* Values as JSON source, so that escapes are written in every way JSON has. */
static const char *const strings[] = {
    "\"plain\"",
    "\"Zo\xc3\xab O'Brien-\xc5\x81ukasz\"",
    "\"quote \\\" backslash \\\\ slash \\/ and /\"",
    "\"\\u00e9scaped \\u20ac \\ud83d\\ude00\"",
    "\"\xf0\x9f\x98\x80 beyond the BMP \xe2\x80\xa8\"",
    "\"line\\nfeed\\ttab\\r\\n\"",
    "\" leading and trailing \"",
    "\"\\u003cb\\u003e&amp;\"",
    "\"1.00\"",
    "\"null\"",
};
static const char *const decimals[] = {
    "1.00", "0.000", "-0.0100", "1.0E-5", "123456789012345678.123456789",
    "0",    "-0",    "1e3",	"3.14",	  "100"};
static const char *const integers[] = {"0", "-2147483648", "2147483647", "-1"};
static const char *const unsigneds[] = {"0", "2147483647", "7"};
static const char *const positives[] = {"1", "2147483647", "42"};
static const char *const dates[] = {"\"2026\"", "\"2026-02\"", "\"2024-02-29\"",
				    "\"1912-04-30\""};
static const char *const date_times[] = {"\"2026-11-22T09:30:00.123456789+01:00\"",
					 "\"2026\"",
					 "\"1951-06\"",
					 "\"2026-03-29\"",
					 "\"2026-10-25T01:30:00Z\"",
					 "\"2026-10-25T01:30:00-05:30\""};
static const char *const instants[] = {"\"2015-02-07T13:28:17.239+02:00\"",
				       "\"2026-11-22T09:30:00Z\"",
				       "\"2026-11-22T09:30:00.1Z\""};
static const char *const times[] = {"\"00:00:00\"", "\"23:59:59.999999\"",
				    "\"14:30:00.50\""};
static const char *const uris[] = {"\"http://example.org/a?b=c&d=%20\"",
				   "\"urn:oid:2.16.840.1.113883.2.1.4.1\"",
				   "\"https:\\/\\/fhir.nhs.uk\\/Id\\/nhs-number\"",
				   "\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\""};
static const char *const canonicals[] = {
    "\"http://example.org/StructureDefinition/a|1.0.0\"",
    "\"http://example.org/ValueSet/b#c\""};
static const char *const base64s[] = {"\"SGVsbG8=\"", "\"\\/+8A\"", "\"AA==\"",
				      "\"SGVs\\nbG8h\""};
static const char *const markdowns[] = {"\"# Title\\n\\n* one\\n* **two**\"",
					"\"a | b\\n--|--\\n\xc2\xa3 | \xe2\x82\xac\""};
/* The longest id there may be. */
#define LONG_ID "\"0123456789012345678901234567890123456789012345678901234567890123\""
static const char *const ids[] = {"\"a\"", "\"A-1.b\"", LONG_ID};
static const char *const codes[] = {"\"en-GB\"", "\"two words\"", "\"c-1\""};
#define LONG_DIV                                                                       \
	"\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>\xc3\xa9 &amp; <b>x</b>" \
	"</p></div>\""
static const char *const divs[] = {LONG_DIV, "\"<div>\\n<br/>\\u00a0</div>\""};

static const char *
source_of(enum hf_form form, uint32_t n)
{
	switch (form) {
	case HF_FORM_BASE64_BINARY:
		return PICK(base64s, n);
	case HF_FORM_BOOLEAN:
		return n & 1 ? "true" : "false";
	case HF_FORM_CANONICAL:
		return PICK(canonicals, n);
	case HF_FORM_CODE:
		return PICK(codes, n);
	case HF_FORM_DATE:
		return PICK(dates, n);
	case HF_FORM_DATE_TIME:
		return PICK(date_times, n);
	case HF_FORM_DECIMAL:
		return PICK(decimals, n);
	case HF_FORM_ID:
		return PICK(ids, n);
	case HF_FORM_INSTANT:
		return PICK(instants, n);
	case HF_FORM_INTEGER:
		return PICK(integers, n);
	case HF_FORM_MARKDOWN:
		return PICK(markdowns, n);
	case HF_FORM_OID:
		return "\"urn:oid:1.2.3.0.42\"";
	case HF_FORM_POSITIVE_INT:
		return PICK(positives, n);
	case HF_FORM_STRING:
		return PICK(strings, n);
	case HF_FORM_TIME:
		return PICK(times, n);
	case HF_FORM_UNSIGNED_INT:
		return PICK(unsigneds, n);
	case HF_FORM_URI:
	case HF_FORM_URL:
		return PICK(uris, n);
	case HF_FORM_UUID:
		return "\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\"";
	case HF_FORM_XHTML:
		return PICK(divs, n);
	default:
		abort(); /* no primitive */
	}
}

/* Code n of a closed value set, going round. */
static bool
bound_code(uint16_t binding, uint32_t n, struct hf_sv *system, struct hf_sv *code)
{
	uint32_t size = 0;

	while (hf_binding_code(binding, size, system, code))
		size++;
	return size && hf_binding_code(binding, n % size, system, code);
}

static void
write_primitive(struct sample *s, const struct hf_elem *e, hf_type_id type)
{
	enum hf_form form = hf_type_get(type)->form;
	struct hf_sv system, code;
	uint32_t n = next(s);

	if (form == HF_FORM_CODE && e->binding &&
	    bound_code(e->binding, n, &system, &code))
		hf_jw_str(&s->w, code);
	else
		hf_jw_raw(&s->w, hf_sv_from(source_of(form, n)));
}

/* id and one extension, as the "_name" half of a primitive. */
static void
write_extra(struct sample *s)
{
	hf_jw_obj(&s->w);
	hf_jw_field(&s->w, "id", HF_SV("p"));
	hf_jw_member(&s->w, "extension");
	hf_jw_arr(&s->w);
	hf_jw_obj(&s->w);
	hf_jw_field(&s->w, "url", HF_SV("http://example.org/of-a-primitive"));
	hf_jw_member(&s->w, "valueDecimal");
	hf_jw_raw(&s->w, hf_sv_from(PICK(decimals, next(s))));
	hf_jw_obj_end(&s->w);
	hf_jw_arr_end(&s->w);
	hf_jw_obj_end(&s->w);
}

static void
json_name(const struct hf_elem *e, hf_type_id type, char name[96])
{
	const char *suffix = hf_type_get(type)->name;
	int n = snprintf(name, 96, "%s%s", e->name, e->choice ? suffix : "");

	assert(n > 0 && n < 96);
	if (e->choice && suffix[0] >= 'a')
		name[strlen(e->name)] = (char)(suffix[0] - 'a' + 'A');
}

/* An extension with a value of type. */
static void
write_extension(struct sample *s, hf_type_id type, unsigned level,
		const struct nest *up)
{
	hf_type_id ext = hf_type_find(HF_SV("Extension"));
	const struct hf_elem *value = hf_elem_by_name(ext, HF_SV("value"));
	char name[96];

	json_name(value, type, name);
	hf_jw_obj(&s->w);
	hf_jw_field(&s->w, "id", HF_SV("e"));
	hf_jw_field(&s->w, "url", HF_SV("http://example.org/extension"));
	hf_jw_key(&s->w, hf_sv_from(name));
	write_value(s, value, type, level, up);
	hf_jw_obj_end(&s->w);
}

/* The extensions of a resource: in variant 0 one with each type of value and one
 * that has extensions itself. */
static void
write_extensions(struct sample *s, unsigned level, const struct nest *up)
{
	hf_type_id ext = hf_type_find(HF_SV("Extension"));
	const struct hf_elem *value = hf_elem_by_name(ext, HF_SV("value"));
	bool all = level == 0 && !up->up && s->variant == 0;

	hf_jw_arr(&s->w);
	if (!all) {
		hf_type_id type = hf_elem_type(value, (uint16_t)(next(s) % 20));

		write_extension(s, type, level + 1, up);
	}
	for (uint16_t k = 0; all && k < value->n_types; k++)
		write_extension(s, hf_elem_type(value, k), level + 1, up);
	if (all) {
		hf_jw_obj(&s->w);
		hf_jw_field(&s->w, "url", HF_SV("http://example.org/complex"));
		hf_jw_member(&s->w, "extension");
		hf_jw_arr(&s->w);
		write_extension(s, hf_elem_type(value, 0), FULL, up);
		hf_jw_arr_end(&s->w);
		hf_jw_obj_end(&s->w);
	}
	hf_jw_arr_end(&s->w);
}

static void
write_reference(struct sample *s, const struct hf_elem *e, unsigned level)
{
	uint32_t n = next(s);
	char text[128];

	hf_jw_obj(&s->w);
	if (e->n_targets) {
		/* Scattered: n is often odd or even at one place in all variants. */
		uint32_t k = n * 2654435761u >> 16;
		hf_type_id t = hf_elem_target(e, (uint16_t)(k % e->n_targets));

		if (t > hf_n_resource_types) /* Resource and its like: any */
			t = hf_resource_find(HF_SV("Patient"));
		snprintf(text, sizeof(text), "%s/target-%u%s", hf_type_get(t)->name,
			 n % 7, n % 5 ? "" : "/_history/2");
		hf_jw_field(&s->w, "reference", hf_sv_from(text));
		if (level <= FULL)
			hf_jw_field(&s->w, "type", hf_sv_from(hf_type_get(t)->name));
	} else {
		static const char *const any[] = {
		    "#within", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
		    "https://example.org/fhir/Patient/1", "Organization/RX8",
		    "urn:oid:1.2.3"};

		hf_jw_field(&s->w, "reference",
			    hf_sv_from(PICK(any, s->contained ? n : n % 4 + 1)));
	}
	if (level <= FULL) {
		hf_jw_field(&s->w, "id", HF_SV("r"));
		hf_jw_member(&s->w, "display");
		hf_jw_raw(&s->w, hf_sv_from(PICK(strings, n)));
		hf_jw_member(&s->w, "identifier");
		write_object(s, hf_type_find(HF_SV("Identifier")), FULL + 1, NULL);
		hf_jw_member(&s->w, "extension");
		write_extensions(s, FULL, NULL);
	}
	hf_jw_obj_end(&s->w);
}

/* A concept of a required binding. */
static bool
write_concept(struct sample *s, const struct hf_elem *e)
{
	struct hf_sv system, code;

	if (!e->binding || !bound_code(e->binding, next(s), &system, &code))
		return false;
	hf_jw_obj(&s->w);
	hf_jw_member(&s->w, "coding");
	hf_jw_arr(&s->w);
	hf_jw_obj(&s->w);
	hf_jw_field(&s->w, "system", system);
	hf_jw_field(&s->w, "code", code);
	hf_jw_obj_end(&s->w);
	hf_jw_arr_end(&s->w);
	hf_jw_obj_end(&s->w);
	return true;
}

/* A resource within another, small. */
static void
write_inner(struct sample *s, const struct hf_elem *e)
{
	bool within = strcmp(e->name, "contained") == 0;
	hf_type_id type = (hf_type_id)(1 + next(s) * 37 % hf_n_resource_types);

	if (within)
		type = hf_resource_find(HF_SV("Observation"));
	hf_jw_raw(&s->w, HF_SV("")); /* the comma; the rest is written past w */
	hf_sample_least(type, within ? HF_SV("within") : HF_SV("inner"), s->w.out);
}

static void
write_value(struct sample *s, const struct hf_elem *e, hf_type_id type, unsigned level,
	    const struct nest *up)
{
	const struct hf_type *t = hf_type_get(type);

	if (t->kind == HF_KIND_PRIMITIVE)
		write_primitive(s, e, type);
	else if (t->form == HF_FORM_REFERENCE)
		write_reference(s, e, level + 1);
	else if (t->form == HF_FORM_RESOURCE)
		write_inner(s, e);
	else if (t->form != HF_FORM_CODEABLE_CONCEPT || !write_concept(s, e))
		write_object(s, type, t->kind == HF_KIND_BACKBONE ? level : level + 1,
			     up);
}

/* "_name" beside the value: for some primitives, each variant others.  A repeating
 * one has null for the first entry. */
static void
maybe_extra(struct sample *s, const struct hf_elem *e, const char *name, uint32_t n)
{
	char extra[97];

	if ((next(s) + s->variant) % 4)
		return;
	snprintf(extra, sizeof(extra), "_%s", name);
	hf_jw_key(&s->w, hf_sv_from(extra));
	if (!e->many) {
		write_extra(s);
		return;
	}
	hf_jw_arr(&s->w);
	for (uint32_t i = 1; i < n; i++)
		hf_jw_null(&s->w);
	write_extra(s);
	hf_jw_arr_end(&s->w);
}

static void
write_element(struct sample *s, const struct hf_elem *e, unsigned level,
	      const struct nest *up)
{
	hf_type_id type = hf_elem_type(e, (uint16_t)(s->variant % e->n_types));
	bool primitive = hf_type_get(type)->kind == HF_KIND_PRIMITIVE;
	uint32_t n = e->many && level == 0 ? 2 : 1;
	char name[96];

	json_name(e, type, name);
	hf_jw_key(&s->w, hf_sv_from(name));
	if (hf_type_get(type)->form == HF_FORM_EXTENSION) {
		write_extensions(s, level, up);
		return;
	}
	if (strcmp(name, "contained") == 0)
		n = 1; /* ids within a resource differ */
	if (e->many)
		hf_jw_arr(&s->w);
	for (uint32_t i = 0; i < n; i++)
		write_value(s, e, type, level, up);
	if (e->many)
		hf_jw_arr_end(&s->w);
	if (primitive && level == 0 && strcmp(name, "id") != 0)
		maybe_extra(s, e, name, n);
}

static bool
is_above(hf_type_id type, const struct nest *up)
{
	unsigned n = 0;

	for (; up; up = up->up)
		n += up->type == type;
	return n > 1;
}

/* Whether an element is written in an object at level. */
static bool
wanted(const struct hf_elem *e, unsigned level, const struct nest *up)
{
	bool extension = hf_type_get(hf_elem_type(e, 0))->form == HF_FORM_EXTENSION;

	if (e->min > 0)
		return true;
	if (level > FULL || is_above(hf_elem_type(e, 0), up))
		return false;
	return level < FULL || (!extension && strcmp(e->name, "id") != 0);
}

/* The element that keeps an object from being empty: the first that has a value of
 * its own. */
static const struct hf_elem *
fallback(hf_type_id type)
{
	for (uint16_t k = 0; k < hf_type_get(type)->n_elem; k++) {
		const struct hf_elem *e = hf_elem_get(type, k);
		enum hf_form form = hf_type_get(hf_elem_type(e, 0))->form;

		if (strcmp(e->name, "id") != 0 && form != HF_FORM_EXTENSION)
			return e;
	}
	return NULL;
}

/* The members of an object; level 0 counts only for resources and backbones. */
static void
write_members(struct sample *s, hf_type_id type, unsigned level, const struct nest *up)
{
	struct nest nest = {up, type};
	const struct hf_elem *e;
	bool any = false;

	for (uint16_t k = 0; k < hf_type_get(type)->n_elem; k++) {
		e = hf_elem_get(type, k);
		if (!wanted(e, level, &nest))
			continue;
		write_element(s, e, level, &nest);
		any = true;
	}
	e = fallback(type);
	if (!any && e)
		write_element(s, e, level, &nest);
}

static void
write_object(struct sample *s, hf_type_id type, unsigned level, const struct nest *up)
{
	hf_jw_obj(&s->w);
	if (hf_type_get(type)->form == HF_FORM_EXTENSION) {
		hf_jw_field(&s->w, "url", HF_SV("http://example.org/least"));
		hf_jw_field(&s->w, "valueString", HF_SV("least"));
	} else {
		write_members(s, type, level, up);
	}
	hf_jw_obj_end(&s->w);
}

void
hf_sample_write(hf_type_id type, uint32_t variant, struct hf_buf *out)
{
	const struct hf_type *t = hf_type_get(type);
	struct sample s = {.w = {.out = out}, .variant = variant};
	struct nest nest = {NULL, type};
	char id[32];

	assert(t->kind == HF_KIND_RESOURCE);
	s.contained = hf_elem_by_name(type, HF_SV("contained")) != NULL;
	snprintf(id, sizeof(id), "sample-%u", variant);
	hf_jw_obj(&s.w);
	hf_jw_field(&s.w, "resourceType", hf_sv_from(t->name));
	hf_jw_field(&s.w, "id", hf_sv_from(id));
	for (uint16_t k = 0; k < t->n_elem; k++) {
		const struct hf_elem *e = hf_elem_get(type, k);

		if (strcmp(e->name, "id") != 0)
			write_element(&s, e, 0, &nest);
	}
	hf_jw_obj_end(&s.w);
}

void
hf_sample_least(hf_type_id type, struct hf_sv id, struct hf_buf *out)
{
	const struct hf_type *t = hf_type_get(type);
	struct sample s = {.w = {.out = out}};
	struct nest nest = {NULL, type};

	assert(t->kind == HF_KIND_RESOURCE);
	hf_jw_obj(&s.w);
	hf_jw_field(&s.w, "resourceType", hf_sv_from(t->name));
	hf_jw_field(&s.w, "id", id);
	for (uint16_t k = 0; k < t->n_elem; k++) {
		const struct hf_elem *e = hf_elem_get(type, k);

		if (e->min > 0)
			write_element(&s, e, FULL + 1, &nest);
	}
	hf_jw_obj_end(&s.w);
}

/* The most choices of one element in type and what it is made of, without
 * extensions, whose choices all stand in variant 0. */
static uint32_t
most_choices(hf_type_id type, uint8_t *seen)
{
	uint32_t most = 1;

	if (seen[type] || hf_type_get(type)->form == HF_FORM_EXTENSION)
		return 1;
	seen[type] = 1;
	for (uint16_t k = 0; k < hf_type_get(type)->n_elem; k++) {
		const struct hf_elem *e = hf_elem_get(type, k);

		if (e->n_types > most)
			most = e->n_types;
		for (uint16_t i = 0; i < e->n_types; i++) {
			uint32_t n = most_choices(hf_elem_type(e, i), seen);

			if (n > most)
				most = n;
		}
	}
	return most;
}

uint32_t
hf_sample_variants(hf_type_id type)
{
	uint8_t seen[1024] = {0};

	return most_choices(type, seen);
}

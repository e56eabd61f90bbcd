/* spvalue_read.c - from the data types of R4 to values for search, by kind of
 * parameter (R4 search, tables in 3.1.1.4.7 to 3.1.1.4.13). */
#include "fhir/spvalue_impl.h"

struct hf_sv
hf_sp_system(struct hf_sv system)
{
	if (hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organisation-code"))
		return HF_SV("https://fhir.nhs.uk/Id/ods-organization-code");
	return system;
}

bool
hf_sp_is_nhs_number(struct hf_sv system)
{
	return hf_sv_is(system, "https://fhir.nhs.uk/Id/nhs-number");
}

static bool
is_between_digits(char c)
{
	return c == ' ' || c == '-' || c == '(' || c == ')' || c == '.';
}

struct hf_sv
hf_sp_squeeze(struct hf_sv s, struct hf_arena *arena)
{
	size_t n = 0;
	char *p;

	for (size_t i = 0; i < s.n; i++)
		n += !is_between_digits(s.p[i]);
	if (n == s.n)
		return s;
	p = hf_arena_alloc(arena, n + 1);
	if (!p)
		return (struct hf_sv){NULL, 0};
	n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (!is_between_digits(s.p[i]))
			p[n++] = s.p[i];
	return (struct hf_sv){p, n};
}

bool
hf_sp_equal_nocase(struct hf_sv a, struct hf_sv b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char c = a.p[i], d = b.p[i];

		c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		d = (char)(d >= 'A' && d <= 'Z' ? d + 32 : d);
		if (c != d)
			return false;
	}
	return true;
}

struct sp_ref
hf_sp_ref_split(struct hf_sv text)
{
	static const struct hf_sv history = {"/_history/", 10};
	struct sp_ref r = {0};
	size_t end = text.n, slash, start;

	if (!text.p)
		return r;
	for (size_t i = 0; i + history.n <= text.n; i++) {
		if (memcmp(text.p + i, history.p, history.n) == 0) {
			end = i;
			r.version = hf_sv_from_at(text, i + history.n);
			break;
		}
	}
	for (slash = end; slash > 0 && text.p[slash - 1] != '/'; slash--)
		;
	if (slash < 2 || slash == end)
		return (struct sp_ref){0};
	for (start = slash - 1; start > 0 && text.p[start - 1] != '/'; start--)
		;
	r.type = hf_resource_find((struct hf_sv){text.p + start, slash - 1 - start});
	if (r.type == 0)
		return (struct sp_ref){0};
	r.id = (struct hf_sv){text.p + slash, end - slash};
	r.base = (struct hf_sv){text.p, start > 0 ? start - 1 : 0};
	return r;
}

bool
hf_sp_add(struct sp_read *r, const struct hf_spv *v)
{
	struct hf_spvs *out = r->out;

	if (out->n == out->size) {
		size_t size = out->size ? out->size * 2 : 2;
		struct hf_spv *items = hf_arena_alloc(r->arena, size * sizeof *items);

		if (!items)
			return false;
		if (out->n)
			memcpy(items, out->items, out->n * sizeof *items);
		out->items = items;
		out->size = size;
	}
	out->items[out->n++] = *v;
	return true;
}

/* The string at node; p NULL when it is none or the arena is full. */
struct hf_sv
hf_sp_string_at(struct sp_read *r, const struct hf_json *doc, uint32_t node)
{
	struct hf_sv s = hf_json_str(doc, node, r->arena);

	if (!s.p && node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_STRING)
		r->full = true;
	return s;
}

/* The text of a primitive. */
struct hf_sv
hf_sp_text_at(struct sp_read *r, const struct hf_pv *v)
{
	struct hf_sv s;

	if (v->doc && v->kind == HF_PV_NODE &&
	    hf_json_type(v->doc, v->node) == HF_JSON_STRING)
		return hf_sp_string_at(r, v->doc, v->node);
	s = hf_pv_text(v, r->arena);
	if (!s.p && v->kind != HF_PV_NODE)
		r->full = true;
	return s;
}

static struct hf_sv
squeeze(struct sp_read *r, struct hf_sv s)
{
	struct hf_sv out = hf_sp_squeeze(s, r->arena);

	if (!out.p && s.p)
		r->full = true;
	return out;
}

/* The string member of the object at node: n 0 when there is none. */
struct hf_sv
hf_sp_text_of(struct sp_read *r, const struct hf_json *doc, uint32_t node,
	      struct hf_sv name)
{
	return hf_sp_string_at(r, doc, hf_json_get(doc, node, name));
}

/* The member as a value to read on its own; its node is NONE when absent. */
struct hf_pv
hf_sp_member(const struct hf_pv *v, struct hf_sv name)
{
	struct hf_pv m = {.kind = HF_PV_NODE, .doc = v->doc, .extra = HF_JSON_NONE};

	m.node = hf_json_get(v->doc, v->node, name);
	return m;
}

/* ---- token ---- */

static bool
add_coding(struct sp_read *r, const struct hf_pv *coding)
{
	struct hf_spv v = hf_sp_value_at(coding);

	v.system = hf_sp_system(TEXT(r, coding, "system"));
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, coding, "code");
	v.text = TEXT(r, coding, "display");
	return hf_sp_add(r, &v);
}

static bool
add_concept(struct sp_read *r, const struct hf_pv *concept)
{
	struct hf_pv list = hf_sp_member(concept, HF_SV("coding")), coding = list;
	struct hf_spv words = hf_sp_value_at(concept);

	if (hf_sp_is_array(&list)) {
		uint32_t end = list.doc->nodes[list.node].next;

		for (coding.node = list.node + 1; coding.node < end;
		     coding.node = list.doc->nodes[coding.node].next)
			if (!add_coding(r, &coding))
				return false;
	}
	words.text = TEXT(r, concept, "text");
	return words.text.n == 0 || hf_sp_add(r, &words);
}

static bool
add_identifier(struct sp_read *r, const struct hf_pv *identifier)
{
	struct hf_spv v = hf_sp_value_at(identifier);
	struct hf_pv type = hf_sp_member(identifier, HF_SV("type"));

	v.system = hf_sp_system(TEXT(r, identifier, "system"));
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, identifier, "value");
	v.digits = hf_sp_is_nhs_number(v.system);
	if (v.digits)
		v.code = squeeze(r, v.code);
	if (type.node != HF_JSON_NONE)
		v.text = TEXT(r, &type, "text");
	return hf_sp_add(r, &v);
}

/* The system of a ContactPoint is its use; what kind it is (phone) stands in ident
 * and is taken for a system as well. */
static bool
add_contact(struct sp_read *r, const struct hf_pv *contact)
{
	struct hf_spv v = hf_sp_value_at(contact);

	v.system = TEXT(r, contact, "use");
	v.ident = TEXT(r, contact, "system");
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, contact, "value");
	v.digits = !hf_sv_is(v.ident, "email") && !hf_sv_is(v.ident, "url");
	if (v.digits)
		v.code = squeeze(r, v.code);
	return hf_sp_add(r, &v);
}

static bool
read_token(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = hf_sp_value_at(pv);

	switch (shape) {
	case SHAPE_CODING:
		return add_coding(r, pv);
	case SHAPE_CONCEPT:
		return add_concept(r, pv);
	case SHAPE_IDENTIFIER:
		return add_identifier(r, pv);
	case SHAPE_CONTACT:
		return add_contact(r, pv);
	default:
		break;
	}
	v.code = hf_sp_text_at(r, pv);
	v.implied = shape == SHAPE_CODE || shape == SHAPE_BOOLEAN;
	v.exact = shape == SHAPE_URI;
	if (shape == SHAPE_CODE)
		v.binding = r->binding;
	else if (shape == SHAPE_BOOLEAN)
		v.system = HF_SV("http://hl7.org/fhir/special-values");
	return v.code.p == NULL || hf_sp_add(r, &v);
}

/* ---- string ---- */

/* Each string of the members called names, an array's one by one. */
static bool
add_strings(struct sp_read *r, const struct hf_pv *pv, const char *const *names,
	    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct hf_pv m = hf_sp_member(pv, hf_sv_from(names[i]));
		struct hf_spv v = hf_sp_value_at(pv);
		uint32_t end;

		if (m.node == HF_JSON_NONE)
			continue;
		end = m.doc->nodes[m.node].next;
		if (hf_sp_is_array(&m))
			m.node++;
		for (; m.node < end; m.node = m.doc->nodes[m.node].next) {
			v.text = hf_sp_string_at(r, m.doc, m.node);
			if (v.text.n && !hf_sp_add(r, &v))
				return false;
		}
	}
	return true;
}

static bool
read_string(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	static const char *const name[] = {"text", "family", "given", "prefix",
					   "suffix"};
	static const char *const address[] = {
	    "text", "line", "city", "district", "state", "postalCode", "country"};
	struct hf_spv v = hf_sp_value_at(pv);

	if (shape == SHAPE_HUMAN_NAME)
		return add_strings(r, pv, name, HF_COUNT(name));
	if (shape == SHAPE_ADDRESS)
		return add_strings(r, pv, address, HF_COUNT(address));
	v.text = hf_sp_text_at(r, pv);
	return v.text.n == 0 || hf_sp_add(r, &v);
}

/* ---- reference and uri ---- */

static void
name_target(struct hf_spv *v)
{
	/* The version of a canonical is not part of the id. */
	struct sp_ref ref =
	    hf_sp_ref_split((struct hf_sv){v->text.p, hf_sv_find(v->text, '|')});

	v->ref_type = ref.type;
	v->code = ref.id;
}

static bool
add_reference(struct sp_read *r, const struct hf_pv *reference)
{
	struct hf_pv identifier = hf_sp_member(reference, HF_SV("identifier"));
	struct hf_spv v = hf_sp_value_at(reference);

	v.text = TEXT(r, reference, "reference");
	name_target(&v);
	if (v.ref_type == 0)
		v.ref_type = hf_resource_find(TEXT(r, reference, "type"));
	if (identifier.node != HF_JSON_NONE) {
		v.system = hf_sp_system(TEXT(r, &identifier, "system"));
		v.has_system = v.system.n > 0;
		v.ident = TEXT(r, &identifier, "value");
		v.digits = hf_sp_is_nhs_number(v.system);
		if (v.digits)
			v.ident = squeeze(r, v.ident);
	}
	return (v.text.n == 0 && v.ident.n == 0) || hf_sp_add(r, &v);
}

static bool
read_reference(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = hf_sp_value_at(pv);

	if (shape == SHAPE_REFERENCE)
		return add_reference(r, pv);
	if (shape == SHAPE_RESOURCE && pv->node != HF_JSON_NONE) {
		/* A resource in a Bundle stands for a reference to itself. */
		v.code = TEXT(r, pv, "id");
		v.ref_type = pv->type;
		v.text =
		    hf_arena_printf(r->arena, "%s/%.*s", hf_type_get(pv->type)->name,
				    HF_SV_ARG(v.code));
		return v.code.n == 0 || hf_sp_add(r, &v);
	}
	v.text = hf_sp_text_at(r, pv);
	name_target(&v);
	return v.text.n == 0 || hf_sp_add(r, &v);
}

static bool
read_uri(struct sp_read *r, const struct hf_pv *pv)
{
	struct hf_spv v = hf_sp_value_at(pv);

	v.text = hf_sp_text_at(r, pv);
	return v.text.n == 0 || hf_sp_add(r, &v);
}

/* What an Extension holds: the value of value[x]. */
static bool
open_extension(struct hf_pv *v)
{
	const struct hf_json *doc = v->doc;

	for (uint32_t c = v->node + 1; c < doc->nodes[v->node].next;
	     c = doc->nodes[c].next) {
		struct hf_sv key = hf_json_key(doc, c);
		hf_type_id type;

		if (!hf_sv_starts(key, HF_SV("value")) ||
		    !hf_elem_find(v->type, key, &type))
			continue;
		v->type = type;
		v->node = c;
		v->extra = HF_JSON_NONE;
		return true;
	}
	return false;
}

/* Whether values of shape are JSON objects. */
static bool
wants_object(enum hf_sp_shape shape)
{
	return shape >= SHAPE_CODING;
}

static bool
read_kind(struct sp_read *r, const struct hf_pv *v, enum hf_sp_shape shape)
{
	switch (r->sp->kind) {
	case HF_SP_TOKEN:
		return read_token(r, v, shape);
	case HF_SP_STRING:
		return read_string(r, v, shape);
	case HF_SP_DATE:
		return hf_sp_read_date(r, v, shape);
	case HF_SP_NUMBER:
	case HF_SP_QUANTITY:
		return hf_sp_read_number(r, v, shape);
	case HF_SP_REFERENCE:
		return read_reference(r, v, shape);
	case HF_SP_URI:
		return read_uri(r, v);
	default:
		return true;
	}
}

static enum hf_sp_shape
computed_shape(const struct hf_pv *v)
{
	switch (v->kind) {
	case HF_PV_BOOL:
		return SHAPE_BOOLEAN;
	case HF_PV_INT:
	case HF_PV_DECIMAL:
		return SHAPE_NUMBER;
	case HF_PV_DATE:
		return SHAPE_DATE;
	default:
		return SHAPE_TEXT;
	}
}

bool
hf_sp_read_value(struct sp_read *r, const struct hf_pv *given)
{
	enum hf_sp_shape shape;
	struct hf_pv v = *given;

	if (v.kind != HF_PV_NODE) {
		v.doc = NULL;
		v.node = HF_JSON_NONE;
		return read_kind(r, &v, computed_shape(&v)) && !r->full;
	}
	if (v.node == HF_JSON_NONE)
		return true;
	shape = hf_sp_shape(v.type);
	if (shape == SHAPE_EXTENSION && hf_json_type(v.doc, v.node) == HF_JSON_OBJECT) {
		if (!open_extension(&v))
			return true;
		shape = hf_sp_shape(v.type);
	}
	/* What is not valid has no value. */
	if (shape == SHAPE_EXTENSION ||
	    wants_object(shape) != (hf_json_type(v.doc, v.node) == HF_JSON_OBJECT))
		return true;
	return read_kind(r, &v, shape) && !r->full;
}

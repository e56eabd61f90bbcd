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

/* A value at v, to be filled in. */
static struct hf_spv
value_at(const struct hf_pv *v)
{
	return (struct hf_spv){.doc = v->doc, .node = v->node};
}

static bool
add(struct sp_read *r, const struct hf_spv *v)
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
static struct hf_sv
string_at(struct sp_read *r, const struct hf_json *doc, uint32_t node)
{
	struct hf_sv s = hf_json_str(doc, node, r->arena);

	if (!s.p && node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_STRING)
		r->full = true;
	return s;
}

/* The text of a primitive. */
static struct hf_sv
text_at(struct sp_read *r, const struct hf_pv *v)
{
	if (v->kind == HF_PV_NODE && hf_json_type(v->doc, v->node) == HF_JSON_STRING)
		return string_at(r, v->doc, v->node);
	return hf_pv_text(v, r->arena);
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
static struct hf_sv
text_of(struct sp_read *r, const struct hf_json *doc, uint32_t node, struct hf_sv name)
{
	return string_at(r, doc, hf_json_get(doc, node, name));
}
#define TEXT(r, v, lit) text_of((r), (v)->doc, (v)->node, HF_SV(lit))

/* The member as a value to read on its own; its node is NONE when absent. */
static struct hf_pv
member(const struct hf_pv *v, struct hf_sv name)
{
	struct hf_pv m = {.kind = HF_PV_NODE, .doc = v->doc, .extra = HF_JSON_NONE};

	m.node = hf_json_get(v->doc, v->node, name);
	return m;
}

static bool
is_array(const struct hf_pv *v)
{
	return v->node != HF_JSON_NONE &&
	       hf_json_type(v->doc, v->node) == HF_JSON_ARRAY;
}

/* ---- token ---- */

static bool
add_coding(struct sp_read *r, const struct hf_pv *coding)
{
	struct hf_spv v = value_at(coding);

	v.system = hf_sp_system(TEXT(r, coding, "system"));
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, coding, "code");
	v.text = TEXT(r, coding, "display");
	return add(r, &v);
}

static bool
add_concept(struct sp_read *r, const struct hf_pv *concept)
{
	struct hf_pv list = member(concept, HF_SV("coding")), coding = list;
	struct hf_spv words = value_at(concept);

	if (is_array(&list)) {
		uint32_t end = list.doc->nodes[list.node].next;

		for (coding.node = list.node + 1; coding.node < end;
		     coding.node = list.doc->nodes[coding.node].next)
			if (!add_coding(r, &coding))
				return false;
	}
	words.text = TEXT(r, concept, "text");
	return words.text.n == 0 || add(r, &words);
}

static bool
add_identifier(struct sp_read *r, const struct hf_pv *identifier)
{
	struct hf_spv v = value_at(identifier);
	struct hf_pv type = member(identifier, HF_SV("type"));

	v.system = hf_sp_system(TEXT(r, identifier, "system"));
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, identifier, "value");
	v.digits = hf_sp_is_nhs_number(v.system);
	if (v.digits)
		v.code = squeeze(r, v.code);
	if (type.node != HF_JSON_NONE)
		v.text = TEXT(r, &type, "text");
	return add(r, &v);
}

/* The system of a ContactPoint is its use; what kind it is (phone) stands in ident
 * and is taken for a system as well. */
static bool
add_contact(struct sp_read *r, const struct hf_pv *contact)
{
	struct hf_spv v = value_at(contact);

	v.system = TEXT(r, contact, "use");
	v.ident = TEXT(r, contact, "system");
	v.has_system = v.system.n > 0;
	v.code = TEXT(r, contact, "value");
	v.digits = !hf_sv_is(v.ident, "email") && !hf_sv_is(v.ident, "url");
	if (v.digits)
		v.code = squeeze(r, v.code);
	return add(r, &v);
}

static bool
read_token(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = value_at(pv);

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
	v.code = text_at(r, pv);
	v.implied = shape == SHAPE_CODE || shape == SHAPE_BOOLEAN;
	v.exact = shape == SHAPE_URI;
	if (shape == SHAPE_CODE)
		v.binding = r->binding;
	else if (shape == SHAPE_BOOLEAN)
		v.system = HF_SV("http://hl7.org/fhir/special-values");
	return v.code.p == NULL || add(r, &v);
}

/* ---- string ---- */

/* Each string of the members called names, an array's one by one. */
static bool
add_strings(struct sp_read *r, const struct hf_pv *pv, const char *const *names,
	    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct hf_pv m = member(pv, hf_sv_from(names[i]));
		struct hf_spv v = value_at(pv);
		uint32_t end;

		if (m.node == HF_JSON_NONE)
			continue;
		end = m.doc->nodes[m.node].next;
		if (is_array(&m))
			m.node++;
		for (; m.node < end; m.node = m.doc->nodes[m.node].next) {
			v.text = string_at(r, m.doc, m.node);
			if (v.text.n && !add(r, &v))
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
	struct hf_spv v = value_at(pv);

	if (shape == SHAPE_HUMAN_NAME)
		return add_strings(r, pv, name, HF_COUNT(name));
	if (shape == SHAPE_ADDRESS)
		return add_strings(r, pv, address, HF_COUNT(address));
	v.text = text_at(r, pv);
	return v.text.n == 0 || add(r, &v);
}

/* ---- date ---- */

static bool
date_of(struct sp_read *r, const struct hf_pv *v, struct hf_date *out)
{
	return v->node != HF_JSON_NONE &&
	       hf_date_parse(string_at(r, v->doc, v->node), false, out);
}

/* The span of a Period; false when it has neither end. */
static bool
period_of(struct sp_read *r, const struct hf_pv *period, struct hf_date *out)
{
	struct hf_pv start = member(period, HF_SV("start"));
	struct hf_pv end = member(period, HF_SV("end"));
	struct hf_date lo, hi;
	bool has_lo = date_of(r, &start, &lo), has_hi = date_of(r, &end, &hi);

	if (!has_lo && !has_hi)
		return false;
	*out = has_lo ? lo : hi;
	out->lo = has_lo ? lo.lo : HF_TIME_MIN;
	out->hi = has_hi ? hi.hi : HF_TIME_MAX;
	/* One that ends before it begins is known by its beginning. */
	if (has_lo && out->hi < lo.hi)
		out->hi = lo.hi;
	return true;
}

/* The outer limits of a Timing: its events and its bounds. */
static bool
timing_of(struct sp_read *r, const struct hf_pv *timing, struct hf_date *out)
{
	struct hf_pv event = member(timing, HF_SV("event")), bounds = {0};
	struct hf_pv repeat = member(timing, HF_SV("repeat"));
	struct hf_date d, all = {.lo = HF_TIME_MAX, .hi = HF_TIME_MIN};
	bool any = false;

	if (is_array(&event)) {
		uint32_t end = event.doc->nodes[event.node++].next;

		for (; event.node < end;
		     event.node = event.doc->nodes[event.node].next) {
			if (!date_of(r, &event, &d))
				continue;
			if (!any)
				all.precision = d.precision;
			any = true;
			all.lo = d.lo < all.lo ? d.lo : all.lo;
			all.hi = d.hi > all.hi ? d.hi : all.hi;
		}
	}
	if (repeat.node != HF_JSON_NONE)
		bounds = member(&repeat, HF_SV("boundsPeriod"));
	if (repeat.node != HF_JSON_NONE && bounds.node != HF_JSON_NONE &&
	    period_of(r, &bounds, &d)) {
		any = true;
		all.lo = d.lo < all.lo ? d.lo : all.lo;
		all.hi = d.hi > all.hi ? d.hi : all.hi;
	}
	*out = all;
	return any;
}

static bool
read_date(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = value_at(pv);
	bool any;

	if (shape == SHAPE_PERIOD)
		any = period_of(r, pv, &v.date);
	else if (shape == SHAPE_TIMING)
		any = timing_of(r, pv, &v.date);
	else
		any = hf_date_parse(text_at(r, pv), false, &v.date);
	return !any || add(r, &v);
}

/* ---- number and quantity ---- */

static struct hf_sv
number_of(const struct hf_pv *v, struct hf_sv name)
{
	uint32_t n = hf_json_get(v->doc, v->node, name);

	if (n == HF_JSON_NONE || hf_json_type(v->doc, n) != HF_JSON_NUMBER)
		return (struct hf_sv){NULL, 0};
	return hf_json_raw(v->doc, n);
}

static void
unit_of(struct sp_read *r, const struct hf_pv *quantity, struct hf_spv *v)
{
	v->system = TEXT(r, quantity, "system");
	v->has_system = v->system.n > 0;
	v->code = TEXT(r, quantity, "code");
	v->unit = TEXT(r, quantity, "unit");
}

/* A comparator leaves one end open: "<5" is all that is below 5. */
static void
apply_comparator(struct hf_sv comparator, struct hf_spv *v)
{
	if (comparator.n == 0)
		return;
	v->is_range = true;
	if (comparator.p[0] == '<') {
		v->high = v->number;
		v->high_open = comparator.n == 1;
		v->number = (struct hf_sv){NULL, 0};
	} else {
		v->low_open = comparator.n == 1;
	}
}

static bool
add_quantity(struct sp_read *r, const struct hf_pv *quantity)
{
	struct hf_spv v = value_at(quantity);

	v.number = number_of(quantity, HF_SV("value"));
	if (v.number.n == 0)
		return true;
	unit_of(r, quantity, &v);
	apply_comparator(TEXT(r, quantity, "comparator"), &v);
	return add(r, &v);
}

static bool
add_range(struct sp_read *r, const struct hf_pv *range)
{
	struct hf_pv low = member(range, HF_SV("low")),
		     high = member(range, HF_SV("high"));
	struct hf_spv v = value_at(range);

	v.is_range = true;
	if (high.node != HF_JSON_NONE) {
		v.high = number_of(&high, HF_SV("value"));
		unit_of(r, &high, &v);
	}
	if (low.node != HF_JSON_NONE) {
		v.number = number_of(&low, HF_SV("value"));
		unit_of(r, &low, &v);
	}
	return (v.number.n == 0 && v.high.n == 0) || add(r, &v);
}

static bool
add_money(struct sp_read *r, const struct hf_pv *money)
{
	struct hf_spv v = value_at(money);

	v.number = number_of(money, HF_SV("value"));
	v.code = TEXT(r, money, "currency");
	if (v.code.n) {
		v.system = HF_SV("urn:iso:std:iso:4217");
		v.has_system = true;
	}
	return v.number.n == 0 || add(r, &v);
}

static struct hf_sv
format(struct sp_read *r, struct hf_decimal d)
{
	char text[HF_DECIMAL_TEXT];
	size_t n = hf_decimal_format(d, text);

	return n ? hf_arena_sv(r->arena, (struct hf_sv){text, n})
		 : (struct hf_sv){NULL, 0};
}

/* The least and the greatest sample of SampledData as a range. */
static bool
add_samples(struct sp_read *r, const struct hf_pv *sampled)
{
	struct hf_sv data = TEXT(r, sampled, "data"), factor_text, one;
	struct hf_decimal zero = {0}, factor = {1, 0}, lo = {0}, hi = {0}, d;
	struct hf_pv origin = member(sampled, HF_SV("origin"));
	struct hf_spv v = value_at(sampled);
	bool any = false;

	factor_text = number_of(sampled, HF_SV("factor"));
	if (origin.node != HF_JSON_NONE) {
		unit_of(r, &origin, &v);
		hf_decimal_parse(number_of(&origin, HF_SV("value")), &zero);
	}
	if (factor_text.n && !hf_decimal_parse(factor_text, &factor))
		return true;
	while (data.n) {
		one = hf_sv_cut(&data, ' ');
		/* E, L and U are no samples: error, below and above the limits. */
		if (!hf_decimal_parse(one, &d) || !hf_decimal_mul(d, factor, &d) ||
		    !hf_decimal_add(d, zero, &d))
			continue;
		if (!any || hf_decimal_cmp(d, lo) < 0)
			lo = d;
		if (!any || hf_decimal_cmp(d, hi) > 0)
			hi = d;
		any = true;
	}
	v.is_range = true;
	v.number = format(r, lo);
	v.high = format(r, hi);
	return !any || v.number.n == 0 || v.high.n == 0 || add(r, &v);
}

static bool
read_number(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = value_at(pv);

	switch (shape) {
	case SHAPE_QUANTITY:
		return add_quantity(r, pv);
	case SHAPE_RANGE:
		return add_range(r, pv);
	case SHAPE_MONEY:
		return add_money(r, pv);
	case SHAPE_SAMPLED:
		return add_samples(r, pv);
	case SHAPE_NUMBER:
		v.number = text_at(r, pv);
		return v.number.n == 0 || add(r, &v);
	default:
		return true;
	}
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
	struct hf_pv identifier = member(reference, HF_SV("identifier"));
	struct hf_spv v = value_at(reference);

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
	return (v.text.n == 0 && v.ident.n == 0) || add(r, &v);
}

static bool
read_reference(struct sp_read *r, const struct hf_pv *pv, enum hf_sp_shape shape)
{
	struct hf_spv v = value_at(pv);

	if (shape == SHAPE_REFERENCE)
		return add_reference(r, pv);
	if (shape == SHAPE_RESOURCE && pv->node != HF_JSON_NONE) {
		/* A resource in a Bundle stands for a reference to itself. */
		v.code = TEXT(r, pv, "id");
		v.ref_type = pv->type;
		v.text =
		    hf_arena_printf(r->arena, "%s/%.*s", hf_type_get(pv->type)->name,
				    HF_SV_ARG(v.code));
		return v.code.n == 0 || add(r, &v);
	}
	v.text = text_at(r, pv);
	name_target(&v);
	return v.text.n == 0 || add(r, &v);
}

static bool
read_uri(struct sp_read *r, const struct hf_pv *pv)
{
	struct hf_spv v = value_at(pv);

	v.text = text_at(r, pv);
	return v.text.n == 0 || add(r, &v);
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
		return read_date(r, v, shape);
	case HF_SP_NUMBER:
	case HF_SP_QUANTITY:
		return read_number(r, v, shape);
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

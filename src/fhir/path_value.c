/* path_value.c - what a value is: types, System values of nodes, lists. */
#include "fhir/path_impl.h"

enum hf_path_prim
hf_path_prim(hf_type_id type)
{
	static const uint8_t prims[] = {
	    [HF_FORM_BOOLEAN] = PRIM_BOOL,	 [HF_FORM_DATE] = PRIM_DATE,
	    [HF_FORM_DATE_TIME] = PRIM_DATETIME, [HF_FORM_DECIMAL] = PRIM_DECIMAL,
	    [HF_FORM_INSTANT] = PRIM_DATETIME,	 [HF_FORM_INTEGER] = PRIM_INT,
	    [HF_FORM_POSITIVE_INT] = PRIM_INT,	 [HF_FORM_TIME] = PRIM_TIME,
	    [HF_FORM_UNSIGNED_INT] = PRIM_INT,	 [HF_FORM_XHTML] = PRIM_STRING,
	};
	static const char *const quantities[] = {"Quantity", "Age", "Count", "Distance",
						 "Duration"};
	const struct hf_type *t;

	if (type == 0)
		return PRIM_NONE;
	t = hf_type_get(type);
	if (t->kind == HF_KIND_PRIMITIVE)
		return prims[t->form] ? (enum hf_path_prim)prims[t->form] : PRIM_STRING;
	for (size_t i = 0; t->kind == HF_KIND_COMPLEX && i < HF_COUNT(quantities); i++)
		if (strcmp(quantities[i], t->name) == 0)
			return PRIM_QUANTITY;
	return PRIM_NONE;
}

bool
hf_path_type_named(struct hf_sv space, struct hf_sv name, struct path_type *out)
{
	static const struct {
		const char *name;
		struct path_type type;
	} system[] = {
	    {"Boolean", {.kind = HF_PV_BOOL}},
	    {"Integer", {.kind = HF_PV_INT}},
	    {"Decimal", {.kind = HF_PV_DECIMAL}},
	    {"String", {.kind = HF_PV_STRING}},
	    {"Date", {.kind = HF_PV_DATE}},
	    {"DateTime", {.kind = HF_PV_DATE, .datetime = true}},
	    {"Time", {.kind = HF_PV_TIME}},
	    {"Quantity", {.kind = HF_PV_QUANTITY}},
	};
	struct path_type t = {.kind = HF_PV_NODE};

	/* A plain "Quantity" is both FHIR's and System's. */
	for (size_t i = 0; !hf_sv_is(space, "FHIR") && i < HF_COUNT(system); i++)
		if (hf_sv_eq(name, hf_sv_from(system[i].name)))
			t = system[i].type;
	if (!hf_sv_is(space, "System"))
		t.id = hf_type_find(name);
	if (t.id == 0 && t.kind == HF_PV_NODE)
		return false;
	*out = t;
	return true;
}

bool
hf_path_is(const struct hf_pv *v, struct path_type type)
{
	if (v->kind == HF_PV_NODE)
		return type.id != 0 && v->type != 0 && hf_type_is(v->type, type.id);
	return v->kind == type.kind && (v->kind != HF_PV_DATE || v->b == type.datetime);
}

hf_type_id
hf_path_resource_type(const struct hf_json *doc, uint32_t node)
{
	uint32_t name = hf_json_member(doc, node, "resourceType");

	if (name == HF_JSON_NONE || hf_json_type(doc, name) != HF_JSON_STRING)
		return 0;
	return hf_resource_find(hf_json_raw(doc, name));
}

struct hf_sv
hf_path_string(struct path_ev *ev, const struct hf_json *doc, uint32_t node)
{
	struct hf_sv s = hf_json_str(doc, node, ev->arena);

	if (!s.p && node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_STRING)
		ev->full = true;
	return s;
}

struct hf_sv
hf_path_unit(struct hf_sv unit)
{
	static const struct {
		const char *word, *code;
	} words[] = {
	    {"year", "a"}, {"month", "mo"},   {"week", "wk"},  {"day", "d"},
	    {"hour", "h"}, {"minute", "min"}, {"second", "s"}, {"millisecond", "ms"},
	};
	struct hf_sv one = unit;

	if (unit.n > 3 && unit.p[unit.n - 1] == 's')
		one.n--;
	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(one, hf_sv_from(words[i].word)))
			return hf_sv_from(words[i].code);
	return unit;
}

bool
hf_path_decimal(const struct hf_pv *v, struct hf_decimal *out)
{
	if (v->kind == HF_PV_INT) {
		*out = hf_decimal_from_int(v->i);
		return true;
	}
	return hf_decimal_parse(v->text, out);
}

/* Milliseconds in one of a unit of time; 0 for other units.  Years and months are
 * of no fixed length. */
static int64_t
unit_ms(struct hf_sv unit)
{
	static const struct {
		const char *code;
		int64_t ms;
	} units[] = {{"wk", 604800000}, {"d", 86400000}, {"h", 3600000},
		     {"min", 60000},	{"s", 1000},	 {"ms", 1}};

	for (size_t i = 0; i < HF_COUNT(units); i++)
		if (hf_sv_eq(unit, hf_sv_from(units[i].code)))
			return units[i].ms;
	return 0;
}

/* Months in a year or a month; 0 for other units. */
static int64_t
unit_months(struct hf_sv unit)
{
	return hf_sv_is(unit, "a") ? 12 : hf_sv_is(unit, "mo") ? 1 : 0;
}

/* Is it a word of the calendar ("year") as against a code ('a')? */
static bool
is_word(struct hf_sv unit)
{
	return !hf_sv_eq(unit, hf_path_unit(unit));
}

/* Two amounts of time, by the calendar; false when they have no common measure. */
static bool
same_time(struct hf_sv ua, struct hf_sv ub, struct hf_decimal *x, struct hf_decimal *y)
{
	int64_t a = unit_ms(ua), b = unit_ms(ub);

	if (!a || !b) {
		a = unit_months(ua);
		b = unit_months(ub);
	}
	return a && b && hf_decimal_mul(*x, hf_decimal_from_int(a), x) &&
	       hf_decimal_mul(*y, hf_decimal_from_int(b), y);
}

bool
hf_path_same_unit(const struct hf_pv *a, const struct hf_pv *b, struct hf_decimal *x,
		  struct hf_decimal *y)
{
	struct hf_sv one = HF_SV("1");
	struct hf_sv wa = a->kind == HF_PV_QUANTITY ? a->unit : one;
	struct hf_sv wb = b->kind == HF_PV_QUANTITY ? b->unit : one;
	struct hf_sv ua = hf_path_unit(wa), ub = hf_path_unit(wb);
	struct hf_ucum ka, kb;

	if (!hf_path_decimal(a, x) || !hf_path_decimal(b, y))
		return false;
	if (is_word(wa) || is_word(wb)) {
		/* A year of the calendar is no 'a', which is 365.25 days. */
		if (is_word(wa) != is_word(wb) && (unit_months(ua) || unit_months(ub)))
			return false;
		return same_time(ua, ub, x, y);
	}
	if (hf_sv_eq(ua, ub))
		return true;
	return hf_ucum_parse(ua, &ka) && hf_ucum_parse(ub, &kb) &&
	       hf_ucum_align(*x, &ka, *y, &kb, x, y);
}

/* A Quantity's number and unit; false without a number. */
static bool
quantity(struct path_ev *ev, const struct hf_pv *v, struct hf_pv *out)
{
	uint32_t number = hf_json_member(v->doc, v->node, "value");
	uint32_t unit = hf_json_member(v->doc, v->node, "code");
	struct hf_pv q = {.kind = HF_PV_QUANTITY, .unit = HF_SV("1")};

	if (number == HF_JSON_NONE || hf_json_type(v->doc, number) != HF_JSON_NUMBER)
		return false;
	q.text = hf_json_raw(v->doc, number);
	if (unit == HF_JSON_NONE)
		unit = hf_json_member(v->doc, v->node, "unit");
	if (unit != HF_JSON_NONE && hf_json_type(v->doc, unit) == HF_JSON_STRING)
		q.unit = hf_path_string(ev, v->doc, unit);
	*out = q;
	return q.unit.p != NULL;
}

static bool
number(struct hf_sv text, enum hf_path_prim prim, struct hf_pv *out)
{
	struct hf_pv v = {.kind = HF_PV_DECIMAL, .text = text};

	if (prim != PRIM_DECIMAL && hf_sv_int(text, &v.i))
		v.kind = HF_PV_INT;
	else if (prim == PRIM_INT)
		return false;
	*out = v;
	return true;
}

static bool
string(struct path_ev *ev, const struct hf_pv *v, enum hf_path_prim prim,
       struct hf_pv *out)
{
	struct hf_pv s = {.kind = HF_PV_STRING};

	s.text = hf_path_string(ev, v->doc, v->node);
	if (prim == PRIM_DATE || prim == PRIM_DATETIME) {
		s.kind = HF_PV_DATE;
		s.b = prim == PRIM_DATETIME;
	} else if (prim == PRIM_TIME) {
		s.kind = HF_PV_TIME;
	} else if (prim != PRIM_STRING && prim != PRIM_NONE) {
		return false;
	}
	*out = s;
	return s.text.p != NULL;
}

bool
hf_path_system(struct path_ev *ev, const struct hf_pv *v, struct hf_pv *out)
{
	enum hf_path_prim prim;

	if (v->kind != HF_PV_NODE) {
		*out = *v;
		return true;
	}
	if (v->node == HF_JSON_NONE)
		return false;
	prim = hf_path_prim(v->type);
	switch (hf_json_type(v->doc, v->node)) {
	case HF_JSON_TRUE:
	case HF_JSON_FALSE:
		if (prim != PRIM_BOOL && v->type != 0)
			return false;
		*out =
		    (struct hf_pv){.kind = HF_PV_BOOL,
				   .b = hf_json_type(v->doc, v->node) == HF_JSON_TRUE};
		return true;
	case HF_JSON_NUMBER:
		if (prim != PRIM_INT && prim != PRIM_DECIMAL && v->type != 0)
			return false;
		return number(hf_json_raw(v->doc, v->node), prim, out);
	case HF_JSON_STRING:
		return string(ev, v, prim, out);
	case HF_JSON_OBJECT:
		return prim == PRIM_QUANTITY && quantity(ev, v, out);
	default:
		return false;
	}
}

struct hf_sv
hf_pv_text(const struct hf_pv *v, struct hf_arena *arena)
{
	struct hf_sv none = {NULL, 0};

	switch (v->kind) {
	case HF_PV_BOOL:
		return v->b ? HF_SV("true") : HF_SV("false");
	case HF_PV_INT:
		return hf_arena_printf(arena, "%lld", (long long)v->i);
	case HF_PV_NODE:
		break;
	default:
		return v->text;
	}
	if (v->node == HF_JSON_NONE)
		return none;
	switch (hf_json_type(v->doc, v->node)) {
	case HF_JSON_STRING:
		return hf_json_str(v->doc, v->node, arena);
	case HF_JSON_NUMBER:
	case HF_JSON_TRUE:
	case HF_JSON_FALSE:
		return hf_json_raw(v->doc, v->node);
	default:
		return none;
	}
}

enum hf_rc
hf_path_full(struct path_ev *ev)
{
	return hf_fail(ev->err, HF_TOO_LONG, NULL,
		       "the expression needs more memory than it may have here");
}

enum hf_rc
hf_path_fail(struct path_ev *ev, const struct path_node *n, const char *what)
{
	return hf_fail(ev->err, HF_INVALID, NULL,
		       "the expression fails at column %u: %s", n->column, what);
}

enum hf_rc
hf_path_push(struct path_ev *ev, struct hf_pvs *list, const struct hf_pv *v)
{
	if (list->n == list->size) {
		size_t size = list->size ? list->size * 2 : 4;
		struct hf_pv *items = hf_arena_alloc(ev->arena, size * sizeof *items);

		if (!items)
			return hf_path_full(ev);
		if (list->n)
			memcpy(items, list->items, list->n * sizeof *items);
		list->items = items;
		list->size = size;
	}
	list->items[list->n++] = *v;
	return HF_OK;
}

enum hf_rc
hf_path_push_bool(struct path_ev *ev, struct hf_pvs *list, bool b)
{
	return hf_path_push(ev, list, &(struct hf_pv){.kind = HF_PV_BOOL, .b = b});
}

enum hf_rc
hf_path_push_int(struct path_ev *ev, struct hf_pvs *list, int64_t i)
{
	return hf_path_push(ev, list, &(struct hf_pv){.kind = HF_PV_INT, .i = i});
}

enum hf_rc
hf_path_push_str(struct path_ev *ev, struct hf_pvs *list, struct hf_sv s)
{
	if (!s.p)
		return hf_path_full(ev);
	return hf_path_push(ev, list, &(struct hf_pv){.kind = HF_PV_STRING, .text = s});
}

enum hf_rc
hf_path_push_decimal(struct path_ev *ev, struct hf_pvs *list, struct hf_decimal d)
{
	struct hf_pv v = {.kind = HF_PV_DECIMAL};
	char text[HF_DECIMAL_TEXT];
	size_t n = hf_decimal_format(d, text);

	if (n == 0)
		return HF_OK; /* beyond what can be shown: empty */
	v.text = hf_arena_sv(ev->arena, (struct hf_sv){text, n});
	return v.text.p ? hf_path_push(ev, list, &v) : hf_path_full(ev);
}

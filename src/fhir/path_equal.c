/* path_equal.c - when two values are equal (=) or equivalent (~). */
#include "fhir/path_impl.h"

static bool
number_equal(struct hf_sv a, struct hf_sv b)
{
	struct hf_decimal x, y;

	if (hf_decimal_parse(a, &x) && hf_decimal_parse(b, &y))
		return hf_decimal_cmp(x, y) == 0;
	return hf_sv_eq(a, b); /* longer than a decimal may be: as text */
}

/* The same JSON value, whatever the order of members.  False also when the
 * evaluation has no steps left, which then fails at its next step. */
static bool
json_equal(struct path_ev *ev, const struct hf_json *da, uint32_t a,
	   const struct hf_json *db, uint32_t b)
{
	enum hf_json_type type = hf_json_type(da, a);

	if (type != hf_json_type(db, b) || hf_path_spend(ev, 1) != HF_OK)
		return false;
	if (type == HF_JSON_NUMBER)
		return number_equal(hf_json_raw(da, a), hf_json_raw(db, b));
	if (type == HF_JSON_STRING) {
		if (!da->nodes[a].escaped && !db->nodes[b].escaped)
			return hf_sv_eq(hf_json_raw(da, a), hf_json_raw(db, b));
		return hf_sv_eq(hf_path_string(ev, da, a), hf_path_string(ev, db, b));
	}
	if (type != HF_JSON_ARRAY && type != HF_JSON_OBJECT)
		return true;
	if (hf_json_count(da, a) != hf_json_count(db, b))
		return false;
	for (uint32_t c = a + 1, d = b + 1; c < da->nodes[a].next;
	     c = da->nodes[c].next) {
		if (type == HF_JSON_OBJECT)
			d = hf_json_get(db, b, hf_json_key(da, c));
		if (d == HF_JSON_NONE || !json_equal(ev, da, c, db, d))
			return false;
		d = db->nodes[d].next;
	}
	return true;
}

static bool
is_number(const struct hf_pv *v)
{
	return v->kind == HF_PV_INT || v->kind == HF_PV_DECIMAL;
}

static enum path_tri
tri(bool b)
{
	return b ? TRI_TRUE : TRI_FALSE;
}

static enum path_tri
date_equal(const struct hf_pv *a, const struct hf_pv *b)
{
	bool time = a->kind == HF_PV_TIME, empty;
	struct path_date x, y;
	int c;

	if (!hf_path_date_parse(a->text, time, &x) ||
	    !hf_path_date_parse(b->text, time, &y))
		return tri(hf_sv_eq(a->text, b->text));
	c = hf_path_date_cmp(&x, &y, &empty);
	return empty && c == 0 ? TRI_EMPTY : tri(c == 0);
}

static enum path_tri
quantity_equal(const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_decimal x, y;

	/* Without conversion nothing is known of other units. */
	if (!hf_path_same_unit(a, b, &x, &y))
		return TRI_EMPTY;
	return tri(hf_decimal_cmp(x, y) == 0);
}

static enum path_tri
system_equal(const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_decimal x, y;

	if (a->kind == HF_PV_INT && b->kind == HF_PV_INT)
		return tri(a->i == b->i);
	if (is_number(a) && is_number(b))
		return tri(hf_path_decimal(a, &x) && hf_path_decimal(b, &y) &&
			   hf_decimal_cmp(x, y) == 0);
	if ((a->kind == HF_PV_QUANTITY &&
	     (b->kind == HF_PV_QUANTITY || is_number(b))) ||
	    (b->kind == HF_PV_QUANTITY && is_number(a)))
		return quantity_equal(a, b);
	if (a->kind != b->kind)
		return TRI_FALSE;
	if (a->kind == HF_PV_BOOL)
		return tri(a->b == b->b);
	if (a->kind == HF_PV_DATE || a->kind == HF_PV_TIME)
		return date_equal(a, b);
	return tri(hf_sv_eq(a->text, b->text) &&
		   (a->kind != HF_PV_TYPE || hf_sv_eq(a->unit, b->unit)));
}

static bool
same_place(const struct hf_pv *a, const struct hf_pv *b)
{
	return a->kind == HF_PV_NODE && b->kind == HF_PV_NODE && a->doc == b->doc &&
	       a->node == b->node && a->extra == b->extra && a->node != HF_JSON_NONE;
}

static enum path_tri
node_equal(struct path_ev *ev, const struct hf_pv *a, const struct hf_pv *b)
{
	if (a->kind != HF_PV_NODE || b->kind != HF_PV_NODE || a->node == HF_JSON_NONE ||
	    b->node == HF_JSON_NONE)
		return TRI_FALSE;
	return tri(json_equal(ev, a->doc, a->node, b->doc, b->node));
}

enum path_tri
hf_path_item_equal(struct path_ev *ev, const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_pv x, y;

	if (same_place(a, b))
		return TRI_TRUE;
	if (!hf_path_system(ev, a, &x) || !hf_path_system(ev, b, &y))
		return node_equal(ev, a, b);
	return system_equal(&x, &y);
}

/* Case and the length of white space do not count. */
static bool
string_equiv(struct hf_sv a, struct hf_sv b)
{
	size_t i = 0, j = 0;

	a = hf_sv_trim(a);
	b = hf_sv_trim(b);
	while (i < a.n && j < b.n) {
		char c = a.p[i++], d = b.p[j++];

		c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		d = (char)(d >= 'A' && d <= 'Z' ? d + 32 : d);
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		if (d == '\t' || d == '\n' || d == '\r')
			d = ' ';
		if (c != d)
			return false;
		while (c == ' ' && i < a.n && strchr(" \t\r\n", a.p[i]))
			i++;
		while (d == ' ' && j < b.n && strchr(" \t\r\n", b.p[j]))
			j++;
	}
	return i == a.n && j == b.n;
}

/* Both rounded to the places of the one that has fewer. */
static bool
number_equiv(const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_decimal x, y;
	int32_t places;

	if (!hf_path_decimal(a, &x) || !hf_path_decimal(b, &y))
		return hf_sv_eq(a->text, b->text);
	places = x.scale < y.scale ? x.scale : y.scale;
	if (places < 0)
		places = 0;
	return hf_decimal_cmp(hf_decimal_round(x, places),
			      hf_decimal_round(y, places)) == 0;
}

/* In one unit as numbers; in two of one kind to the fewer digits of both. */
static bool
quantity_equiv(const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_pv one = *a, other = *b;
	struct hf_decimal x, y;

	/* Words of the calendar are as good as their codes here. */
	one.unit = hf_path_unit(a->unit);
	other.unit = hf_path_unit(b->unit);
	if (hf_sv_eq(one.unit, other.unit))
		return number_equiv(a, b);
	return hf_path_same_unit(&one, &other, &x, &y) && hf_decimal_cmp(x, y) == 0;
}

bool
hf_path_item_equiv(struct path_ev *ev, const struct hf_pv *a, const struct hf_pv *b)
{
	struct hf_pv x, y;

	if (same_place(a, b))
		return true;
	if (!hf_path_system(ev, a, &x) || !hf_path_system(ev, b, &y))
		return node_equal(ev, a, b) == TRI_TRUE;
	if (x.kind == HF_PV_STRING && y.kind == HF_PV_STRING)
		return string_equiv(x.text, y.text);
	if (is_number(&x) && is_number(&y))
		return number_equiv(&x, &y);
	if (x.kind == HF_PV_QUANTITY && y.kind == HF_PV_QUANTITY)
		return quantity_equiv(&x, &y);
	return system_equal(&x, &y) == TRI_TRUE;
}

bool
hf_path_has(struct path_ev *ev, const struct hf_pvs *list, const struct hf_pv *v)
{
	for (size_t i = 0; i < list->n; i++)
		if (hf_path_item_equal(ev, &list->items[i], v) == TRI_TRUE)
			return true;
	return false;
}

enum hf_rc
hf_path_push_new(struct path_ev *ev, struct hf_pvs *list, const struct hf_pv *v)
{
	if (hf_path_spend(ev, list->n) != HF_OK)
		return HF_TOO_LONG;
	return hf_path_has(ev, list, v) ? HF_OK : hf_path_push(ev, list, v);
}

enum path_tri
hf_path_lists_equal(struct path_ev *ev, const struct hf_pvs *a, const struct hf_pvs *b)
{
	enum path_tri all = TRI_TRUE;

	if (a->n == 0 || b->n == 0)
		return TRI_EMPTY;
	if (a->n != b->n)
		return TRI_FALSE;
	for (size_t i = 0; i < a->n; i++) {
		enum path_tri t = hf_path_item_equal(ev, &a->items[i], &b->items[i]);

		if (t == TRI_FALSE)
			return t;
		if (t == TRI_EMPTY)
			all = t;
	}
	return all;
}

enum hf_rc
hf_path_lists_equiv(struct path_ev *ev, const struct hf_pvs *a, const struct hf_pvs *b,
		    bool *out)
{
	bool *used = hf_arena_array(ev->arena, b->n ? b->n : 1, sizeof *used);

	if (!used)
		return hf_path_full(ev);
	*out = a->n == b->n;
	for (size_t i = 0; *out && i < a->n; i++) {
		bool found = false;

		if (hf_path_spend(ev, b->n) != HF_OK)
			return HF_TOO_LONG;
		for (size_t j = 0; !found && j < b->n; j++)
			if (!used[j] &&
			    hf_path_item_equiv(ev, &a->items[i], &b->items[j]))
				found = used[j] = true;
		*out = found;
	}
	return HF_OK;
}

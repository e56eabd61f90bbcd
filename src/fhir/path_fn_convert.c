/* path_fn_convert.c - functions from one type to another, and on numbers. */
#include "fhir/path_impl.h"

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f HF_UNUSED, const struct hf_pvs *in,       \
			struct hf_pvs *out)

/* Each conversion sets *v to the converted value; false when it cannot be. */
typedef bool (*convert)(struct path_ev *ev, struct hf_pv *v);

static bool
to_string(struct path_ev *ev, struct hf_pv *v)
{
	struct hf_sv text = hf_pv_text(v, ev->arena);

	/* Words of the calendar stand without quotes. */
	if (v->kind == HF_PV_QUANTITY)
		text = hf_arena_printf(ev->arena,
				       hf_sv_eq(v->unit, hf_path_unit(v->unit))
					   ? "%.*s '%.*s'"
					   : "%.*s %.*s",
				       HF_SV_ARG(v->text), HF_SV_ARG(v->unit));
	*v = (struct hf_pv){.kind = HF_PV_STRING, .text = text};
	ev->full |= text.p == NULL;
	return text.p != NULL;
}

static bool
to_integer(struct path_ev *ev HF_UNUSED, struct hf_pv *v)
{
	int64_t i;

	if (v->kind == HF_PV_INT)
		return true;
	if (v->kind == HF_PV_BOOL) {
		i = v->b;
	} else if (v->kind != HF_PV_STRING || !hf_sv_int(v->text, &i)) {
		return false;
	}
	*v = (struct hf_pv){.kind = HF_PV_INT, .i = i};
	return true;
}

/* Text of a number as toDecimal() takes it: without an exponent. */
static bool
plain_number(struct hf_sv s, struct hf_decimal *d)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == 'e' || s.p[i] == 'E')
			return false;
	return hf_decimal_parse(s, d);
}

static bool
to_decimal(struct path_ev *ev, struct hf_pv *v)
{
	struct hf_decimal d;

	if (v->kind == HF_PV_DECIMAL)
		return true;
	if (v->kind == HF_PV_BOOL)
		v->text = v->b ? HF_SV("1.0") : HF_SV("0.0");
	else if (v->kind == HF_PV_INT)
		v->text = hf_pv_text(v, ev->arena);
	else if (v->kind != HF_PV_STRING || !plain_number(v->text, &d))
		return false;
	v->kind = HF_PV_DECIMAL;
	ev->full |= v->text.p == NULL;
	return v->text.p != NULL;
}

static bool
to_boolean(struct path_ev *ev HF_UNUSED, struct hf_pv *v)
{
	static const struct {
		const char *text;
		bool b;
	} words[] = {{"true", true}, {"t", true},   {"yes", true},    {"y", true},
		     {"1", true},    {"1.0", true}, {"false", false}, {"f", false},
		     {"no", false},  {"n", false},  {"0", false},     {"0.0", false}};
	struct hf_decimal d;

	if (v->kind == HF_PV_BOOL)
		return true;
	if (v->kind == HF_PV_INT || v->kind == HF_PV_DECIMAL) {
		if (v->kind == HF_PV_INT)
			d = hf_decimal_from_int(v->i);
		else if (!hf_decimal_parse(v->text, &d))
			return false;
		if (hf_decimal_cmp(d, hf_decimal_from_int(0)) != 0 &&
		    hf_decimal_cmp(d, hf_decimal_from_int(1)) != 0)
			return false;
		*v = (struct hf_pv){.kind = HF_PV_BOOL, .b = d.m != 0};
		return true;
	}
	for (size_t i = 0; v->kind == HF_PV_STRING && i < HF_COUNT(words); i++) {
		if (v->text.n != strlen(words[i].text) ||
		    strncasecmp(v->text.p, words[i].text, v->text.n) != 0)
			continue;
		*v = (struct hf_pv){.kind = HF_PV_BOOL, .b = words[i].b};
		return true;
	}
	return false;
}

static bool
to_date(struct path_ev *ev HF_UNUSED, struct hf_pv *v)
{
	struct path_date d;
	size_t t;

	if ((v->kind != HF_PV_STRING && v->kind != HF_PV_DATE) ||
	    !hf_path_date_parse(v->text, false, &d))
		return false;
	t = hf_sv_find(v->text, 'T');
	*v = (struct hf_pv){.kind = HF_PV_DATE, .text = {v->text.p, t}};
	return true;
}

static bool
to_datetime(struct path_ev *ev HF_UNUSED, struct hf_pv *v)
{
	struct path_date d;

	if ((v->kind != HF_PV_STRING && v->kind != HF_PV_DATE) ||
	    !hf_path_date_parse(v->text, false, &d))
		return false;
	*v = (struct hf_pv){.kind = HF_PV_DATE, .text = v->text, .b = true};
	return true;
}

static bool
to_time(struct path_ev *ev HF_UNUSED, struct hf_pv *v)
{
	struct path_date d;

	if (v->kind == HF_PV_STRING && v->text.n && v->text.p[0] == 'T')
		v->text = hf_sv_from_at(v->text, 1);
	if ((v->kind != HF_PV_STRING && v->kind != HF_PV_TIME) ||
	    !hf_path_date_parse(v->text, true, &d))
		return false;
	*v = (struct hf_pv){.kind = HF_PV_TIME, .text = v->text};
	return true;
}

/* "4 'mg'", "4 days", "4": a number, a blank and a unit. */
static bool
to_quantity(struct path_ev *ev, struct hf_pv *v)
{
	struct hf_sv number, unit;
	struct hf_decimal d;

	if (v->kind == HF_PV_QUANTITY)
		return true;
	if (v->kind == HF_PV_STRING) {
		unit = v->text;
		number = hf_sv_cut(&unit, ' ');
		unit = hf_sv_trim(unit);
		if (!plain_number(number, &d))
			return false;
		if (unit.n >= 2 && unit.p[0] == '\'' && unit.p[unit.n - 1] == '\'')
			unit = (struct hf_sv){unit.p + 1, unit.n - 2};
		else if (unit.n && hf_sv_eq(unit, hf_path_unit(unit)))
			return false;
	} else if (to_decimal(ev, v)) {
		number = v->text;
		unit = HF_SV("");
	} else {
		return false;
	}
	*v = (struct hf_pv){
	    .kind = HF_PV_QUANTITY, .text = number, .unit = unit.n ? unit : HF_SV("1")};
	return true;
}

static enum hf_rc
run(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in, convert to,
    struct hf_pvs *out)
{
	struct hf_pv v;
	bool has;
	enum hf_rc rc = hf_path_single(ev, n, in, &v, &has);

	if (rc != HF_OK || !has || v.kind == HF_PV_NODE || !to(ev, &v))
		return rc;
	return hf_path_push(ev, out, &v);
}

FN(hf_path_fn_to_string)
{
	return run(ev, n, in, to_string, out);
}

FN(hf_path_fn_to_integer)
{
	return run(ev, n, in, to_integer, out);
}

FN(hf_path_fn_to_decimal)
{
	return run(ev, n, in, to_decimal, out);
}

FN(hf_path_fn_to_boolean)
{
	return run(ev, n, in, to_boolean, out);
}

FN(hf_path_fn_to_date)
{
	return run(ev, n, in, to_date, out);
}

FN(hf_path_fn_to_datetime)
{
	return run(ev, n, in, to_datetime, out);
}

FN(hf_path_fn_to_time)
{
	return run(ev, n, in, to_time, out);
}

FN(hf_path_fn_to_quantity)
{
	return run(ev, n, in, to_quantity, out);
}

/* convertsToX() asks whether toX() would give something. */
FN(hf_path_fn_converts)
{
	static const struct {
		const char *name;
		convert to;
	} all[] = {
	    {"convertsToBoolean", to_boolean},	 {"convertsToDate", to_date},
	    {"convertsToDateTime", to_datetime}, {"convertsToDecimal", to_decimal},
	    {"convertsToInteger", to_integer},	 {"convertsToQuantity", to_quantity},
	    {"convertsToString", to_string},	 {"convertsToTime", to_time},
	};
	const char *name = hf_path_fn_get(n->fn)->name;
	struct hf_pvs r = {0};
	enum hf_rc rc = HF_OK;

	if (in->n == 0)
		return HF_OK;
	for (size_t i = 0; i < HF_COUNT(all); i++)
		if (strcmp(all[i].name, name) == 0)
			rc = run(ev, n, in, all[i].to, &r);
	return rc == HF_OK ? hf_path_push_bool(ev, out, r.n > 0) : rc;
}

/* The one number of the input, whole or with its unit kept in *v. */
static enum hf_rc
number(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in,
       struct hf_pv *v, struct hf_decimal *d, bool *has)
{
	enum hf_rc rc = hf_path_single(ev, n, in, v, has);

	*d = (struct hf_decimal){0};
	if (rc != HF_OK || !*has)
		return rc;
	if (v->kind == HF_PV_INT)
		*d = hf_decimal_from_int(v->i);
	else if (v->kind != HF_PV_DECIMAL && v->kind != HF_PV_QUANTITY)
		return hf_path_fail(ev, n, "expected a number");
	else if (!hf_decimal_parse(v->text, d))
		*has = false;
	return HF_OK;
}

static enum hf_rc
push_like(struct path_ev *ev, const struct hf_pv *like, struct hf_decimal d,
	  struct hf_pvs *out)
{
	size_t before = out->n;
	int64_t whole;
	enum hf_rc rc;

	if (like->kind == HF_PV_INT)
		return hf_decimal_int(d, &whole) ? hf_path_push_int(ev, out, whole)
						 : HF_OK;
	rc = hf_path_push_decimal(ev, out, d);
	if (rc == HF_OK && out->n > before && like->kind == HF_PV_QUANTITY) {
		out->items[before].kind = HF_PV_QUANTITY;
		out->items[before].unit = like->unit;
	}
	return rc;
}

FN(hf_path_fn_abs)
{
	struct hf_decimal d;
	struct hf_pv v;
	bool has;
	enum hf_rc rc = number(ev, n, in, &v, &d, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (d.m < 0)
		d.m = -d.m;
	return push_like(ev, &v, d, out);
}

/* The whole number below (-1), above (1) or towards zero (0). */
static enum hf_rc
whole(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in, int way,
      struct hf_pvs *out)
{
	struct hf_decimal d;
	struct hf_pv v;
	int64_t i;
	bool has;
	enum hf_rc rc = number(ev, n, in, &v, &d, &has);

	if (rc != HF_OK || !has || !hf_decimal_int(d, &i))
		return rc;
	if (way < 0 && hf_decimal_cmp(d, hf_decimal_from_int(i)) < 0)
		i--;
	if (way > 0 && hf_decimal_cmp(d, hf_decimal_from_int(i)) > 0)
		i++;
	return hf_path_push_int(ev, out, i);
}

FN(hf_path_fn_ceiling)
{
	return whole(ev, n, in, 1, out);
}

FN(hf_path_fn_floor)
{
	return whole(ev, n, in, -1, out);
}

FN(hf_path_fn_truncate)
{
	return whole(ev, n, in, 0, out);
}

FN(hf_path_fn_round)
{
	struct hf_pvs arg = {0};
	struct hf_pv v, places = {.i = 0};
	struct hf_decimal d;
	bool has, has_places;
	enum hf_rc rc = number(ev, n, in, &v, &d, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (n->n) {
		if ((rc = hf_path_value(ev, n, 0, f, &arg)) != HF_OK ||
		    (rc = hf_path_single(ev, n, &arg, &places, &has_places)) != HF_OK)
			return rc;
		if (!has_places || places.kind != HF_PV_INT || places.i < 0 ||
		    places.i > HF_DECIMAL_DIGITS)
			return hf_path_fail(ev, n,
					    "round() takes a number of places, 0 "
					    "to 36");
	}
	return push_like(ev, &v, hf_decimal_round(d, (int32_t)places.i), out);
}

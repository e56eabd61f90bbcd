/* ucum.c - codes of UCUM taken apart down to base units. */
#include "fhir/ucum.h"

enum { NEST_MOST = 12, POWER_MOST = 60, OWN_DIMENSION = HF_UCUM_DIMENSIONS - 1 };

static const char base_units[][4] = {"m", "s", "g", "rad", "K", "C", "cd"};

static const struct unit {
	const char *code;
	bool metric;
	const char *number, *of;
} units[] = {
#define HF_UNIT(code, metric, number, of) {code, metric, number, of},
#include "fhir/ucum.def"
#undef HF_UNIT
};

static const struct {
	char text[3];
	int8_t power;
} prefixes[] = {
    {"Y", 24}, {"Z", 21},  {"E", 18},  {"P", 15},  {"T", 12},  {"G", 9},   {"M", 6},
    {"k", 3},  {"h", 2},   {"da", 1},  {"d", -1},  {"c", -2},  {"m", -3},  {"u", -6},
    {"n", -9}, {"p", -12}, {"f", -15}, {"a", -18}, {"z", -21}, {"y", -24},
};

/* Units that compare with themselves alone: arbitrary ones (table 24) and scales that
 * are no multiples (tables 23, 26); those that take prefixes first. */
static const char *const own_units[] = {
    "[iU]",	     "[IU]",	  "B",	       "Np",	   "[arb'U]",	  "[USP'U]",
    "[GPL'U]",	     "[MPL'U]",	  "[APL'U]",   "[CFU]",	   "[PFU]",	  "[FFU]",
    "[pH]",	     "[ELU]",	  "[EU]",      "[bdsk'U]", "[Amb'a'1'U]", "[knk'U]",
    "[mclg'U]",	     "[todd'U]",  "[dye'U]",   "[smgy'U]", "[AU]",	  "[BAU]",
    "[Lf]",	     "[TCID_50]", "[CCID_50]", "[EID_50]", "[D'ag'U]",	  "[p'diop]",
    "[m/s2/Hz^0.5]", "[hnsf'U]",  "[hp'_X]",   "[hp'_C]",  "[hp'_M]",	  "[S]",
    "[car_Au]",
};
enum { OWN_METRIC = 4 };

static const struct hf_decimal one = {.m = 1};

static struct hf_ucum
unity(void)
{
	return (struct hf_ucum){.num = one, .den = one};
}

/* Zeros at the end go to the scale, so that products stay short. */
static struct hf_decimal
strip(struct hf_decimal d)
{
	while (d.m != 0 && d.m % 10 == 0) {
		d.m /= 10;
		d.scale--;
	}
	return d;
}

static bool
times(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	if (!hf_decimal_mul(a, b, out))
		return false;
	*out = strip(*out);
	return true;
}

/* *to becomes to * by^power. */
static bool
multiply(struct hf_ucum *to, const struct hf_ucum *by, int power)
{
	bool up = power > 0;

	if (by->own) {
		if (to->own && to->own != by->own)
			return false;
		to->own = by->own;
	}
	for (int i = 0; i < (up ? power : -power); i++) {
		if (!times(to->num, up ? by->num : by->den, &to->num) ||
		    !times(to->den, up ? by->den : by->num, &to->den))
			return false;
	}
	for (size_t i = 0; i < HF_UCUM_DIMENSIONS; i++)
		to->dim[i] = (int16_t)(to->dim[i] + by->dim[i] * power);
	/* A scale with a zero of its own is no factor of anything else. */
	to->zero = (struct hf_decimal){0};
	return true;
}

static bool parse_term(struct hf_sv s, unsigned nest, struct hf_ucum *out);

static bool
find_base(struct hf_sv code, struct hf_ucum *out)
{
	for (size_t i = 0; i < HF_COUNT(base_units); i++) {
		if (!hf_sv_eq(code, hf_sv_from(base_units[i])))
			continue;
		*out = unity();
		out->dim[i] = 1;
		return true;
	}
	return false;
}

/* Degrees: K = (x + zero) * num / den. */
static bool
find_degrees(struct hf_sv code, struct hf_ucum *out)
{
	bool celsius = hf_sv_is(code, "Cel");

	if (!celsius && !hf_sv_is(code, "[degF]"))
		return false;
	*out = unity();
	out->dim[4] = 1;
	if (celsius) {
		out->zero = (struct hf_decimal){.m = 27315, .scale = 2};
	} else {
		out->zero = (struct hf_decimal){.m = 45967, .scale = 2};
		out->num.m = 5;
		out->den.m = 9;
	}
	return true;
}

static bool
find_own(struct hf_sv code, bool prefixed, struct hf_ucum *out)
{
	size_t n = prefixed ? OWN_METRIC : HF_COUNT(own_units);

	/* The international unit has two codes. */
	if (hf_sv_is(code, "[IU]"))
		code = HF_SV("[iU]");
	for (size_t i = 0; i < n; i++) {
		if (!hf_sv_eq(code, hf_sv_from(own_units[i])))
			continue;
		*out = unity();
		out->own = (uint32_t)i + 1;
		out->dim[OWN_DIMENSION] = 1;
		return true;
	}
	return false;
}

/* A unit without prefix. */
static bool
find_atom(struct hf_sv code, bool prefixed, unsigned nest, struct hf_ucum *out)
{
	if (find_base(code, out) || find_own(code, prefixed, out) ||
	    (!prefixed && find_degrees(code, out)))
		return true;
	for (size_t i = 0; i < HF_COUNT(units); i++) {
		const struct unit *u = &units[i];
		struct hf_decimal number;

		if (!hf_sv_eq(code, hf_sv_from(u->code)) || (prefixed && !u->metric))
			continue;
		return hf_decimal_parse(hf_sv_from(u->number), &number) &&
		       parse_term(hf_sv_from(u->of), nest + 1, out) &&
		       times(out->num, strip(number), &out->num);
	}
	return false;
}

static bool
find_unit(struct hf_sv code, unsigned nest, struct hf_ucum *out)
{
	if (code.n == 0 || nest > NEST_MOST)
		return false;
	if (find_atom(code, false, nest, out))
		return true;
	for (size_t i = 0; i < HF_COUNT(prefixes); i++) {
		struct hf_sv prefix = hf_sv_from(prefixes[i].text);
		struct hf_decimal factor = {.m = 1, .scale = -prefixes[i].power};

		if (code.n > prefix.n && hf_sv_starts(code, prefix) &&
		    find_atom(hf_sv_from_at(code, prefix.n), true, nest, out))
			return times(out->num, factor, &out->num);
	}
	return false;
}

/* The end of the component that begins at at: brackets and annotations are whole. */
static size_t
component_end(struct hf_sv s, size_t at)
{
	int round = 0, square = 0;
	bool note = false;

	for (; at < s.n; at++) {
		char c = s.p[at];

		if (note) {
			note = c != '}';
			continue;
		}
		note = c == '{';
		round += (c == '(') - (c == ')');
		square += (c == '[') - (c == ']');
		if (round < 0 || square < 0)
			return s.n + 1;
		if (round == 0 && square == 0 && (c == '.' || c == '/'))
			break;
	}
	return round || square || note ? s.n + 1 : at;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the annotation and the exponent off the end of a component. */
static bool
take_power(struct hf_sv *s, int *power)
{
	size_t n = s->n, first;
	int v = 0;

	*power = 1;
	if (n && s->p[n - 1] == '}') {
		size_t open = hf_sv_find(*s, '{');

		s->n = n = open;
	}
	for (first = n; first > 0 && is_digit(s->p[first - 1]); first--)
		;
	if (first == n || first == 0)
		return true; /* none, or a number alone */
	if (n - first > 2)
		return false;
	for (size_t i = first; i < n; i++)
		v = v * 10 + (s->p[i] - '0');
	if (first > 1 && (s->p[first - 1] == '-' || s->p[first - 1] == '+')) {
		v = s->p[first - 1] == '-' ? -v : v;
		first--;
	}
	s->n = first;
	*power = v;
	return v <= POWER_MOST && v >= -POWER_MOST;
}

static bool
parse_component(struct hf_sv s, unsigned nest, struct hf_ucum *out)
{
	struct hf_ucum unit;
	int power;

	*out = unity();
	if (s.n == 0)
		return false;
	if (s.p[0] == '{' && s.p[s.n - 1] == '}')
		return hf_sv_find(s, '}') == s.n - 1; /* an annotation is 1 */
	if (!take_power(&s, &power) || s.n == 0)
		return false;
	if (s.p[0] == '(' && s.p[s.n - 1] == ')') {
		if (!parse_term((struct hf_sv){s.p + 1, s.n - 2}, nest + 1, &unit))
			return false;
	} else if (is_digit(s.p[0]) && !hf_sv_is(s, "10*") && !hf_sv_is(s, "10^")) {
		unit = unity();
		for (size_t i = 0; i < s.n; i++)
			if (!is_digit(s.p[i]))
				return false;
		if (!hf_decimal_parse(s, &unit.num) || unit.num.m == 0)
			return false;
		unit.num = strip(unit.num);
	} else if (!find_unit(s, nest, &unit)) {
		return false;
	}
	if (power == 1) {
		*out = unit;
		return true;
	}
	return multiply(out, &unit, power);
}

static bool
parse_term(struct hf_sv s, unsigned nest, struct hf_ucum *out)
{
	size_t at = 0;
	bool over = false, alone = true;

	if (nest > NEST_MOST || s.n == 0)
		return false;
	*out = unity();
	if (s.p[0] == '/') {
		over = true;
		alone = false;
		at = 1;
	}
	for (;;) {
		size_t end = component_end(s, at);
		struct hf_ucum unit;

		if (end > s.n ||
		    !parse_component((struct hf_sv){s.p + at, end - at}, nest, &unit))
			return false;
		if (alone && end == s.n) {
			*out = unit;
			return true;
		}
		alone = false;
		if (!multiply(out, &unit, over ? -1 : 1))
			return false;
		if (end == s.n)
			return true;
		over = s.p[end] == '/';
		at = end + 1;
	}
}

bool
hf_ucum_parse(struct hf_sv code, struct hf_ucum *out)
{
	enum { CODE_MOST = 200 };

	return code.n <= CODE_MOST && parse_term(code, 0, out);
}

bool
hf_ucum_same_kind(const struct hf_ucum *a, const struct hf_ucum *b)
{
	return a->own == b->own && memcmp(a->dim, b->dim, sizeof a->dim) == 0;
}

/* (v + zero) * num * by */
static bool
scaled(struct hf_decimal v, const struct hf_ucum *u, struct hf_decimal by,
       struct hf_decimal *out)
{
	return (u->zero.m == 0 || hf_decimal_add(v, u->zero, &v)) &&
	       hf_decimal_mul(v, u->num, &v) && hf_decimal_mul(v, by, out);
}

bool
hf_ucum_align(struct hf_decimal a, const struct hf_ucum *ua, struct hf_decimal b,
	      const struct hf_ucum *ub, struct hf_decimal *x, struct hf_decimal *y)
{
	return hf_ucum_same_kind(ua, ub) && scaled(a, ua, ub->den, x) &&
	       scaled(b, ub, ua->den, y);
}

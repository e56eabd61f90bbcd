/* spvalue_parse.c - "name:modifier=a,b" of a query read into a test. */
#include "fhir/spvalue_impl.h"

enum { MOST_OPERANDS = 5000 };

struct reading {
	const struct hf_sp *sp;
	struct hf_sp_test *test;
	hf_time now;
	struct hf_arena *arena;
	struct hf_err *err;
};

static enum hf_rc
full(const struct reading *r)
{
	return hf_fail(r->err, HF_TOO_LONG, r->sp->code,
		       "search parameter %s: the value is too long", r->sp->code);
}

static enum hf_rc
refuse(const struct reading *r, const char *what)
{
	return hf_fail(r->err, HF_INVALID, r->sp->code, "search parameter %s: %s",
		       r->sp->code, what);
}

/* Index of the first sep that no backslash stands before; s.n without one. */
static size_t
find_plain(struct hf_sv s, char sep)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == sep)
			return i;
	}
	return s.n;
}

/* Takes what stands before the first plain sep off *rest.  False at its end. */
static bool
cut_plain(struct hf_sv *rest, char sep, struct hf_sv *part)
{
	size_t at;

	if (!rest->p)
		return false;
	at = find_plain(*rest, sep);
	*part = (struct hf_sv){rest->p, at};
	*rest = at < rest->n ? hf_sv_from_at(*rest, at + 1) : (struct hf_sv){NULL, 0};
	return true;
}

/* Backslashes before , | $ and \ taken off; p NULL when the arena is full. */
static struct hf_sv
unescape(const struct reading *r, struct hf_sv s)
{
	size_t n = 0;
	char *p;

	if (s.n == 0)
		return HF_SV("");
	if (hf_sv_find(s, '\\') == s.n)
		return s;
	p = hf_arena_alloc(r->arena, s.n);
	for (size_t i = 0; p && i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && strchr(",|$\\", s.p[i + 1]))
			i++;
		p[n++] = s.p[i];
	}
	return (struct hf_sv){p, n};
}

/* Cuts s at plain bars into at most most parts; the number of parts, most + 1 for
 * too many, 0 when the arena is full. */
static size_t
split_bars(const struct reading *r, struct hf_sv s, struct hf_sv *parts, size_t most)
{
	struct hf_sv part;
	size_t n = 0;

	while (cut_plain(&s, '|', &part)) {
		if (n == most)
			return most + 1;
		parts[n] = unescape(r, part);
		if (!parts[n++].p)
			return 0; /* the arena is full */
	}
	return n;
}

/* ---- tokens ---- */

/* Puts system|code (given n parts: 1 or 2) into *o. */
static enum hf_rc
set_token(const struct reading *r, const struct hf_sv *parts, size_t n,
	  struct hf_sp_operand *o)
{
	struct hf_sv code = parts[n - 1];

	o->system_given = n > 1;
	if (n > 1)
		o->value.system = hf_sp_system(parts[0]);
	o->code_given = code.n > 0;
	if (!o->code_given && o->value.system.n == 0)
		return refuse(r, "neither a code nor a system is given");
	o->squeezed = hf_sp_squeeze(code, r->arena);
	if (!o->squeezed.p)
		return full(r);
	o->value.code = code;
	return HF_OK;
}

static enum hf_rc
parse_token(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	struct hf_sv parts[3];
	size_t n = split_bars(r, raw, parts, 3);

	if (r->test->modifier == HF_MOD_TEXT) {
		o->folded = hf_fold(o->value.text, r->arena);
		if (!o->folded.p)
			return full(r);
		return o->folded.n ? HF_OK
				   : refuse(r, "the text has no letter and no digit");
	}
	if (n == 0)
		return full(r);
	if (r->test->modifier == HF_MOD_OF_TYPE) {
		if (n != 3 || parts[1].n == 0 || parts[2].n == 0)
			return refuse(r, ":of-type takes system|code|value, all of the "
					 "identifier");
		o->value.ident = parts[2];
		return set_token(r, parts, 2, o);
	}
	if (n > 2)
		return refuse(r, "there is more than one | in the value; a bar that "
				 "belongs to a code is written \\|");
	return set_token(r, parts, n, o);
}

/* ---- strings and uris ---- */

static enum hf_rc
parse_string(const struct reading *r, struct hf_sp_operand *o)
{
	o->folded = hf_fold(o->value.text, r->arena);
	if (!o->folded.p)
		return full(r);
	if (o->folded.n == 0 && r->test->modifier != HF_MOD_EXACT)
		return refuse(r, "the value has no letter and no digit to search for");
	return HF_OK;
}

/* ---- prefixes, numbers, dates ---- */

static bool
take_prefix(struct hf_sv *s, enum hf_sp_prefix *out)
{
	static const char names[][3] = {
	    [HF_PRE_EQ] = "eq", [HF_PRE_NE] = "ne", [HF_PRE_GT] = "gt",
	    [HF_PRE_LT] = "lt", [HF_PRE_GE] = "ge", [HF_PRE_LE] = "le",
	    [HF_PRE_SA] = "sa", [HF_PRE_EB] = "eb", [HF_PRE_AP] = "ap",
	};

	*out = HF_PRE_EQ;
	if (s->n == 0 || s->p[0] < 'a' || s->p[0] > 'z')
		return true;
	for (size_t i = 0; s->n >= 2 && i < HF_COUNT(names); i++) {
		if (memcmp(s->p, names[i], 2) != 0)
			continue;
		*out = (enum hf_sp_prefix)i;
		*s = hf_sv_from_at(*s, 2);
		return true;
	}
	return false;
}

/* The range that the digits of text leave open: 100 is [99.5, 100.5).  In a number
 * with an exponent two digits count at least, as R4's own example has it. */
static bool
open_range(struct hf_sv text, struct hf_sp_operand *o)
{
	struct hf_decimal half = {5, o->point.scale + 1};
	bool exponent =
	    hf_sv_find(text, 'e') < text.n || hf_sv_find(text, 'E') < text.n;

	if (exponent && o->point.m > -10 && o->point.m < 10)
		half.scale++;
	return hf_decimal_sub(o->point, half, &o->low) &&
	       hf_decimal_add(o->point, half, &o->high);
}

/* A tenth of the number to both sides. */
static bool
near_range(struct hf_sp_operand *o)
{
	struct hf_decimal tenth = o->point;

	tenth.scale++;
	if (tenth.m < 0)
		tenth.m = -tenth.m;
	return hf_decimal_sub(o->point, tenth, &o->low) &&
	       hf_decimal_add(o->point, tenth, &o->high);
}

static enum hf_rc
set_number(const struct reading *r, struct hf_sv text, struct hf_sp_operand *o)
{
	o->value.number = text;
	if (!hf_decimal_parse(text, &o->point))
		return refuse(r, "expected a number such as 5.4, gt5.4 or 5.4e-3");
	if (o->prefix == HF_PRE_AP ? !near_range(o) : !open_range(text, o))
		return refuse(r, "the number has too many digits");
	return HF_OK;
}

static enum hf_rc
parse_number(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	if (!take_prefix(&raw, &o->prefix))
		return refuse(r,
			      "a number may begin with eq, ne, gt, lt, ge, le, sa, eb "
			      "or ap, with nothing else");
	return set_number(r, raw, o);
}

static enum hf_rc
parse_quantity(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	struct hf_sv parts[3];
	size_t n;

	if (!take_prefix(&raw, &o->prefix))
		return refuse(r,
			      "a quantity may begin with eq, ne, gt, lt, ge, le, sa, "
			      "eb or ap, with nothing else");
	n = split_bars(r, raw, parts, 3);
	if (n == 0)
		return full(r);
	if (n != 1 && n != 3)
		return refuse(r, "expected number, number|system|code or number||code");
	if (n == 3) {
		o->value.system = parts[1];
		o->value.code = parts[2];
		o->system_given = parts[1].n > 0;
		o->code_given = parts[2].n > 0;
	}
	return set_number(r, parts[0], o);
}

/* A tenth of the time between now and the date to both sides. */
static void
widen(struct hf_date *d, hf_time now)
{
	hf_time away = d->lo > now ? d->lo - now : d->hi < now ? now - d->hi : 0;

	d->lo -= away / 10;
	d->hi += away / 10;
}

static enum hf_rc
parse_date(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	size_t blank;

	if (!take_prefix(&raw, &o->prefix))
		return refuse(r, "a date may begin with eq, ne, gt, lt, ge, le, sa, eb "
				 "or ap, with nothing else");
	/* The + of a zone arrives as a blank when it was not percent-encoded. */
	blank = hf_sv_find(raw, ' ');
	if (blank < raw.n && blank > 0) {
		char *p = hf_arena_cstr(r->arena, raw);

		if (!p)
			return full(r);
		p[blank] = '+';
		raw.p = p;
	}
	if (!hf_date_parse(raw, true, &o->value.date))
		return refuse(r, "expected a date: YYYY, YYYY-MM, YYYY-MM-DD or "
				 "YYYY-MM-DDThh:mm[:ss][zone]");
	if (o->prefix == HF_PRE_AP)
		widen(&o->value.date, r->now);
	return HF_OK;
}

/* ---- references ---- */

static bool
is_target(const struct hf_sp *sp, hf_type_id type)
{
	for (uint16_t k = 0; k < sp->n_targets; k++)
		if (hf_sp_target(sp, k) == type)
			return true;
	return sp->n_targets == 0;
}

/* A FHIR id: 1 to 64 letters, digits, - and points. */
static bool
is_id(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

static enum hf_rc
parse_reference(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	struct hf_sv text = o->value.text, parts[3];
	size_t bar = hf_sv_find(text, '|'), n;
	struct sp_ref ref;

	if (r->test->modifier == HF_MOD_IDENTIFIER) {
		n = split_bars(r, raw, parts, 2);
		if (n == 0)
			return full(r);
		if (n > 2)
			return refuse(r, ":identifier takes system|value");
		return set_token(r, parts, n, o);
	}
	if (bar < text.n) {
		o->version = hf_sv_from_at(text, bar + 1);
		text.n = bar;
	}
	ref = hf_sp_ref_split(text);
	if (ref.type) {
		o->value.ref_type = ref.type;
		o->value.code = ref.id;
		o->url_base = ref.base;
		if (ref.version.n)
			o->version = ref.version;
	} else if (is_id(text)) {
		o->value.code = text;
	}
	o->value.text = text;
	if (r->test->modifier == HF_MOD_TYPE &&
	    (o->value.code.n == 0 || o->url_base.n ||
	     (ref.type && ref.type != r->test->mod_type)))
		return refuse(r,
			      "after a type as modifier comes the id of a resource of "
			      "that type");
	return HF_OK;
}

/* ---- the whole ---- */

#define KIND(k) (1u << HF_SP_##k)
static const struct modifier {
	const char *name;
	enum hf_sp_modifier modifier;
	unsigned kinds;
	bool unserved; /* in R4, but needs what is not here */
} modifiers[] = {
    {"missing", HF_MOD_MISSING, ~0u, false},
    {"exact", HF_MOD_EXACT, KIND(STRING), false},
    {"contains", HF_MOD_CONTAINS, KIND(STRING), false},
    {"text", HF_MOD_TEXT, KIND(TOKEN), false},
    {"not", HF_MOD_NOT, KIND(TOKEN), false},
    {"above", HF_MOD_ABOVE, KIND(URI), false},
    {"below", HF_MOD_BELOW, KIND(URI), false},
    {"above", HF_MOD_ABOVE, KIND(TOKEN) | KIND(REFERENCE), true},
    {"below", HF_MOD_BELOW, KIND(TOKEN) | KIND(REFERENCE), true},
    {"in", HF_MOD_IN, KIND(TOKEN), true},
    {"not-in", HF_MOD_NOT_IN, KIND(TOKEN), true},
    {"of-type", HF_MOD_OF_TYPE, KIND(TOKEN), false},
    {"identifier", HF_MOD_IDENTIFIER, KIND(REFERENCE), false},
};

static enum hf_rc
parse_modifier(const struct reading *r, struct hf_sv name)
{
	struct hf_sp_test *t = r->test;
	hf_type_id type;

	if (name.n == 0)
		return HF_OK;
	for (size_t i = 0; i < HF_COUNT(modifiers); i++) {
		const struct modifier *m = &modifiers[i];

		if (!hf_sv_eq(name, hf_sv_from(m->name)) ||
		    (m->kinds & 1u << r->sp->kind) == 0)
			continue;
		t->modifier = m->modifier;
		if (m->unserved)
			return hf_fail(r->err, HF_INVALID, r->sp->code,
				       "search parameter %s: :%s needs a terminology "
				       "service, which is not here; name the codes "
				       "themselves",
				       r->sp->code, m->name);
		return HF_OK;
	}
	type = r->sp->kind == HF_SP_REFERENCE ? hf_resource_find(name) : 0;
	if (type && is_target(r->sp, type)) {
		t->modifier = HF_MOD_TYPE;
		t->mod_type = type;
		return HF_OK;
	}
	return hf_fail(r->err, HF_INVALID, r->sp->code,
		       "search parameter %s has no modifier :%.*s", r->sp->code,
		       (int)(name.n > 40 ? 40 : name.n), name.p);
}

static enum hf_rc
parse_operand(const struct reading *r, struct hf_sv raw, struct hf_sp_operand *o)
{
	if (raw.n == 0)
		return refuse(r, "a value is empty; give one, or leave the parameter "
				 "out");
	o->value.text = unescape(r, raw);
	if (!o->value.text.p)
		return full(r);
	switch (r->sp->kind) {
	case HF_SP_TOKEN:
		return parse_token(r, raw, o);
	case HF_SP_STRING:
		return parse_string(r, o);
	case HF_SP_DATE:
		return parse_date(r, raw, o);
	case HF_SP_NUMBER:
		return parse_number(r, raw, o);
	case HF_SP_QUANTITY:
		return parse_quantity(r, raw, o);
	case HF_SP_REFERENCE:
		return parse_reference(r, raw, o);
	case HF_SP_URI:
		return HF_OK;
	default:
		return refuse(r, "searching by it is not served");
	}
}

static size_t
count_operands(struct hf_sv value)
{
	struct hf_sv part;
	size_t n = 0;

	while (cut_plain(&value, ',', &part))
		n++;
	return n;
}

static enum hf_rc
parse_missing(const struct reading *r, struct hf_sv value)
{
	if (!hf_sv_is(value, "true") && !hf_sv_is(value, "false"))
		return refuse(r, ":missing takes true or false");
	r->test->missing = hf_sv_is(value, "true");
	return HF_OK;
}

enum hf_rc
hf_sp_test_parse(const struct hf_sp *sp, struct hf_sv modifier, struct hf_sv value,
		 hf_time now, struct hf_arena *arena, struct hf_sp_test *out,
		 struct hf_err *err)
{
	struct hf_sp_test test = {.sp = sp};
	struct reading r = {sp, &test, now, arena, err};
	size_t n;
	struct hf_sv raw;
	enum hf_rc rc;

	if (!value.p)
		value = HF_SV("");
	if (sp->kind == HF_SP_COMPOSITE || sp->kind == HF_SP_SPECIAL ||
	    sp->expression_id == 0)
		return refuse(&r, "searching by it is not served");
	if ((rc = parse_modifier(&r, modifier)) != HF_OK)
		return rc;
	if (test.modifier == HF_MOD_MISSING) {
		if ((rc = parse_missing(&r, value)) == HF_OK)
			*out = test;
		return rc;
	}
	n = count_operands(value);
	if (n > MOST_OPERANDS)
		return refuse(&r, "there are more than 5,000 values");
	test.any = hf_arena_array(arena, n, sizeof *test.any);
	if (!test.any)
		return full(&r);
	while (cut_plain(&value, ',', &raw))
		if ((rc = parse_operand(&r, raw, &test.any[test.n_any++])) != HF_OK)
			return rc;
	*out = test;
	return HF_OK;
}

/* spvalue_match.c - does a value meet an operand?  R4 search, 3.1.1.4.4 to .13. */
#include "fhir/spvalue_impl.h"

/* ---- string, token ---- */

/* Tells no; *full is set when the arena was. */
static struct hf_sv
fold(struct hf_sv s, struct hf_arena *arena, bool *full)
{
	struct hf_sv f = hf_fold(s, arena);

	if (!f.p)
		*full = true;
	return f;
}

static bool
holds(struct hf_sv s, struct hf_sv part)
{
	return s.n >= part.n && s.n && memmem(s.p, s.n, part.p, part.n) != NULL;
}

static bool
match_string(const struct hf_sp_test *t, const struct hf_sp_operand *o,
	     const struct hf_spv *v, struct hf_arena *arena, bool *full)
{
	if (t->modifier == HF_MOD_EXACT)
		return hf_sv_eq(v->text, o->value.text);
	if (t->modifier == HF_MOD_CONTAINS)
		return holds(fold(v->text, arena, full), o->folded);
	return hf_sv_starts(fold(v->text, arena, full), o->folded);
}

static bool
match_system(const struct hf_sp_operand *o, const struct hf_spv *v)
{
	if (!o->system_given)
		return true;
	if (o->value.system.n == 0)
		return !v->has_system;
	if (v->has_system || v->ident.n)
		return hf_sv_eq(v->system, o->value.system) ||
		       hf_sv_eq(v->ident, o->value.system);
	if (!v->implied)
		return false;
	if (v->system.n)
		return hf_sv_eq(v->system, o->value.system);
	return v->binding == 0 ||
	       hf_binding_check(v->binding, o->value.system, v->code) != HF_BIND_OUT;
}

/* A code against the operand's: in a system that is known to mind it, case counts;
 * where it is not known, too much is found rather than too little. */
static bool
match_code(const struct hf_sp_operand *o, struct hf_sv code, const struct hf_spv *v)
{
	if (code.n == 0)
		return false;
	if (v->exact || hf_sv_is(v->system, "http://unitsofmeasure.org"))
		return hf_sv_eq(code, o->value.code);
	return hf_sp_equal_nocase(code, v->digits ? o->squeezed : o->value.code);
}

/* Has the Identifier at v's place a type with this coding, and this value? */
static bool
match_of_type(const struct hf_sp_operand *o, const struct hf_spv *v,
	      struct hf_arena *arena, bool *full)
{
	const struct hf_json *d = v->doc;
	uint32_t list;
	struct hf_sv value =
	    v->digits ? hf_sp_squeeze(o->value.ident, arena) : o->value.ident;

	if (!d)
		return false;
	list = hf_json_member(d, hf_json_member(d, v->node, "type"), "coding");
	if (!value.p)
		*full = true;
	if (list == HF_JSON_NONE || !hf_sp_equal_nocase(v->code, value))
		return false;
	for (uint32_t c = list + 1; c < d->nodes[list].next; c = d->nodes[c].next) {
		struct hf_sv system =
		    hf_json_str(d, hf_json_member(d, c, "system"), arena);
		struct hf_sv code = hf_json_str(d, hf_json_member(d, c, "code"), arena);

		if (hf_sv_eq(hf_sp_system(system), o->value.system) &&
		    hf_sp_equal_nocase(code, o->value.code))
			return true;
	}
	return false;
}

static bool
match_token(const struct hf_sp_test *t, const struct hf_sp_operand *o,
	    const struct hf_spv *v, struct hf_arena *arena, bool *full)
{
	if (t->modifier == HF_MOD_TEXT)
		return v->text.n && holds(fold(v->text, arena, full), o->folded);
	if (t->modifier == HF_MOD_OF_TYPE)
		return match_of_type(o, v, arena, full);
	return match_system(o, v) && (!o->code_given || match_code(o, v->code, v));
}

/* ---- date ---- */

static bool
match_date(const struct hf_sp_operand *o, const struct hf_spv *v)
{
	const struct hf_date *q = &o->value.date, *d = &v->date;
	bool equal = q->lo <= d->lo && d->hi <= q->hi;

	switch (o->prefix) {
	case HF_PRE_EQ:
		return equal;
	case HF_PRE_NE:
		return !equal;
	case HF_PRE_GT:
		return d->hi > q->hi;
	case HF_PRE_LT:
		return d->lo < q->lo;
	case HF_PRE_GE:
		return equal || d->hi > q->hi;
	case HF_PRE_LE:
		return equal || d->lo < q->lo;
	case HF_PRE_SA:
		return d->lo >= q->hi;
	case HF_PRE_EB:
		return d->hi <= q->lo;
	case HF_PRE_AP:
		return d->lo < q->hi && q->lo < d->hi;
	}
	return false;
}

/* ---- number, quantity ---- */

/* A value as a range: a single number is one from itself to itself. */
struct span {
	struct hf_decimal lo, hi;
	bool has_lo, has_hi, lo_open, hi_open;
};

static bool
span_of(const struct hf_spv *v, struct span *s)
{
	*s = (struct span){.lo_open = v->low_open, .hi_open = v->high_open};
	s->has_lo = hf_decimal_parse(v->number, &s->lo);
	if (v->is_range) {
		s->has_hi = hf_decimal_parse(v->high, &s->hi);
		/* An end that cannot be read is not an open one. */
		return (s->has_lo || v->number.n == 0) && (s->has_hi || v->high.n == 0);
	}
	s->hi = s->lo;
	s->has_hi = s->has_lo;
	return s->has_lo;
}

/* Order of the upper end to x: an open end at x is below it. */
static int
upper(const struct span *s, struct hf_decimal x)
{
	int c = s->has_hi ? hf_decimal_cmp(s->hi, x) : 1;

	return c == 0 && s->hi_open ? -1 : c;
}

static int
lower(const struct span *s, struct hf_decimal x)
{
	int c = s->has_lo ? hf_decimal_cmp(s->lo, x) : -1;

	return c == 0 && s->lo_open ? 1 : c;
}

static bool
match_number(const struct hf_sp_operand *o, const struct hf_spv *v)
{
	struct span s;
	bool equal;

	if (!span_of(v, &s))
		return false;
	equal = lower(&s, o->low) >= 0 && upper(&s, o->high) < 0;
	switch (o->prefix) {
	case HF_PRE_EQ:
		return equal;
	case HF_PRE_NE:
		return !equal;
	case HF_PRE_GT:
		return upper(&s, o->point) > 0;
	case HF_PRE_LT:
		return lower(&s, o->point) < 0;
	case HF_PRE_GE:
		return upper(&s, o->point) >= 0;
	case HF_PRE_LE:
		return lower(&s, o->point) <= 0;
	case HF_PRE_SA:
		return lower(&s, o->point) > 0;
	case HF_PRE_EB:
		return upper(&s, o->point) < 0;
	case HF_PRE_AP:
		return lower(&s, o->high) <= 0 && upper(&s, o->low) >= 0;
	}
	return false;
}

static bool
match_quantity(const struct hf_sp_operand *o, const struct hf_spv *v)
{
	if (o->system_given && !hf_sv_eq(v->system, o->value.system))
		return false;
	if (o->code_given && !hf_sv_eq(v->code, o->value.code) &&
	    (o->system_given || !hf_sv_eq(v->unit, o->value.code)))
		return false;
	return match_number(o, v);
}

/* ---- reference, uri ---- */

static struct hf_sv
without_slash(struct hf_sv s)
{
	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

/* s before its first |, and what stands after it. */
static struct hf_sv
cut_version(struct hf_sv s, struct hf_sv *version)
{
	size_t bar = hf_sv_find(s, '|');

	*version = hf_sv_from_at(s, bar < s.n ? bar + 1 : bar);
	s.n = bar;
	return s;
}

static bool
match_reference(const struct hf_sp_test *t, const struct hf_sp_operand *o,
		const struct hf_spv *v, struct hf_sv base)
{
	struct hf_sv version, text, op_base = o->url_base;
	struct sp_ref ref;
	hf_type_id type = o->value.ref_type;

	if (t->modifier == HF_MOD_IDENTIFIER) {
		struct hf_spv token = *v;

		token.ident = (struct hf_sv){NULL, 0};
		return (v->ident.n || v->has_system) && match_system(o, &token) &&
		       (!o->code_given || match_code(o, v->ident, v));
	}
	if (v->text.n == 0)
		return false;
	base = without_slash(base);
	text = cut_version(v->text, &version);
	ref = hf_sp_ref_split(text);
	if (ref.version.n)
		version = ref.version;
	if (o->version.n && !hf_sv_eq(o->version, version))
		return false;
	if (o->value.code.n == 0)
		return hf_sv_eq(text, o->value.text);
	/* The server's own address before a reference says nothing. */
	if (base.n && hf_sv_eq(ref.base, base))
		ref.base.n = 0;
	if (base.n && hf_sv_eq(op_base, base))
		op_base.n = 0;
	if (t->modifier == HF_MOD_TYPE)
		type = t->mod_type;
	return ref.type != 0 && (type == 0 || ref.type == type) &&
	       hf_sv_eq(ref.base, op_base) && hf_sv_eq(ref.id, o->value.code);
}

/* Is part the whole of s or a beginning of it that ends between two segments? */
static bool
is_above(struct hf_sv part, struct hf_sv s)
{
	return hf_sv_starts(s, part) && part.n &&
	       (s.n == part.n || part.p[part.n - 1] == '/' ||
		strchr("/?#|", s.p[part.n]) != NULL);
}

static bool
match_uri(const struct hf_sp_test *t, const struct hf_sp_operand *o,
	  const struct hf_spv *v)
{
	struct hf_sv version;

	if (t->modifier == HF_MOD_BELOW)
		return is_above(o->value.text, v->text);
	if (t->modifier == HF_MOD_ABOVE)
		return is_above(v->text, o->value.text);
	return hf_sv_eq(v->text, o->value.text) ||
	       hf_sv_eq(cut_version(v->text, &version), o->value.text);
}

/* ---- the whole ---- */

static bool
match_value(const struct hf_sp_test *t, const struct hf_sp_operand *o,
	    const struct hf_spv *v, struct hf_sv base, struct hf_arena *arena,
	    bool *full)
{
	switch (t->sp->kind) {
	case HF_SP_STRING:
		return match_string(t, o, v, arena, full);
	case HF_SP_TOKEN:
		return match_token(t, o, v, arena, full);
	case HF_SP_DATE:
		return match_date(o, v);
	case HF_SP_NUMBER:
		return match_number(o, v);
	case HF_SP_QUANTITY:
		return match_quantity(o, v);
	case HF_SP_REFERENCE:
		return match_reference(t, o, v, base);
	case HF_SP_URI:
		return match_uri(t, o, v);
	default:
		return false;
	}
}

enum hf_rc
hf_sp_test_match(const struct hf_sp_test *t, const struct hf_json *doc, uint32_t node,
		 struct hf_sv base, struct hf_arena *arena, bool *out,
		 struct hf_err *err)
{
	struct hf_spvs values = {0};
	bool any = false, full = false;
	enum hf_rc rc = hf_sp_values(t->sp, doc, node, arena, &values, err);

	if (rc != HF_OK)
		return rc;
	if (t->modifier == HF_MOD_MISSING) {
		*out = (values.n == 0) == t->missing;
		return HF_OK;
	}
	for (size_t i = 0; !any && i < values.n; i++)
		for (size_t k = 0; !any && k < t->n_any; k++)
			any = match_value(t, &t->any[k], &values.items[i], base, arena,
					  &full);
	if (full)
		return hf_fail(err, HF_TOO_LONG, t->sp->code,
			       "the resource is too large to search here");
	*out = any != (t->modifier == HF_MOD_NOT);
	return HF_OK;
}

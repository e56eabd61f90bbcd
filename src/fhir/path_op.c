/* path_op.c - operators of two sides. */
#include "fhir/path_impl.h"

/* The sides of an operator as single System values. */
struct sides {
	struct hf_pv a, b;
	bool has_a, has_b;
};

static enum hf_rc
push_tri(struct path_ev *ev, struct hf_pvs *out, enum path_tri t)
{
	return t == TRI_EMPTY ? HF_OK : hf_path_push_bool(ev, out, t == TRI_TRUE);
}

/* Truth tables; rows and columns in the order of enum path_tri: F, T, empty. */
static const uint8_t logic[4][3][3] = {
    [PATH_OR] = {{TRI_FALSE, TRI_TRUE, TRI_EMPTY},
		 {TRI_TRUE, TRI_TRUE, TRI_TRUE},
		 {TRI_EMPTY, TRI_TRUE, TRI_EMPTY}},
    [PATH_XOR] = {{TRI_FALSE, TRI_TRUE, TRI_EMPTY},
		  {TRI_TRUE, TRI_FALSE, TRI_EMPTY},
		  {TRI_EMPTY, TRI_EMPTY, TRI_EMPTY}},
    [PATH_AND] = {{TRI_FALSE, TRI_FALSE, TRI_FALSE},
		  {TRI_FALSE, TRI_TRUE, TRI_EMPTY},
		  {TRI_FALSE, TRI_EMPTY, TRI_EMPTY}},
    [PATH_IMPLIES] = {{TRI_TRUE, TRI_TRUE, TRI_TRUE},
		      {TRI_FALSE, TRI_TRUE, TRI_EMPTY},
		      {TRI_EMPTY, TRI_TRUE, TRI_EMPTY}},
};

static enum hf_rc
run_logic(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	  struct hf_pvs *out)
{
	struct path_frame left = *f, right = *f;
	struct hf_pvs a = {0}, b = {0};
	enum path_tri x, y;
	enum hf_rc rc;

	if ((rc = hf_path_run(ev, n->a, &left, &a)) != HF_OK ||
	    (rc = hf_path_truth(ev, n, &a, &x)) != HF_OK)
		return rc;
	/* Where the left side decides, the right one is not run. */
	if (logic[n->fn][x][TRI_FALSE] == logic[n->fn][x][TRI_TRUE] && x != TRI_EMPTY)
		return push_tri(ev, out, logic[n->fn][x][TRI_FALSE]);
	if ((rc = hf_path_run(ev, n->b, &right, &b)) != HF_OK ||
	    (rc = hf_path_truth(ev, n, &b, &y)) != HF_OK)
		return rc;
	return push_tri(ev, out, logic[n->fn][x][y]);
}

static enum hf_rc
run_equal(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *a,
	  const struct hf_pvs *b, struct hf_pvs *out)
{
	enum path_tri t;
	enum hf_rc rc;
	bool same;

	if (n->fn == PATH_EQ || n->fn == PATH_NE) {
		t = hf_path_lists_equal(ev, a, b);
		if (t != TRI_EMPTY && n->fn == PATH_NE)
			t = t == TRI_TRUE ? TRI_FALSE : TRI_TRUE;
		return push_tri(ev, out, t);
	}
	rc = hf_path_lists_equiv(ev, a, b, &same);
	return rc == HF_OK ? hf_path_push_bool(ev, out, same == (n->fn == PATH_EQUIV))
			   : rc;
}

static enum hf_rc
run_member(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *one,
	   const struct hf_pvs *list, struct hf_pvs *out)
{
	if (one->n == 0)
		return HF_OK;
	if (one->n > 1)
		return hf_path_fail(ev, n,
				    "in and contains ask about one value, but there "
				    "are several");
	if (hf_path_spend(ev, list->n) != HF_OK)
		return HF_TOO_LONG;
	return hf_path_push_bool(ev, out, hf_path_has(ev, list, &one->items[0]));
}

static bool
is_number(const struct hf_pv *v)
{
	return v->kind == HF_PV_INT || v->kind == HF_PV_DECIMAL;
}

static bool
quantity_or_number(const struct hf_pv *v)
{
	return is_number(v) || v->kind == HF_PV_QUANTITY;
}

/* The order of two values; *empty when it cannot be known. */
static enum hf_rc
compare(struct path_ev *ev, const struct path_node *n, const struct sides *s, int *cmp,
	bool *empty)
{
	const struct hf_pv *a = &s->a, *b = &s->b;
	struct hf_decimal x, y;

	*empty = false;
	if (quantity_or_number(a) && quantity_or_number(b)) {
		*empty = !hf_path_same_unit(a, b, &x, &y);
		*cmp = *empty ? 0 : hf_decimal_cmp(x, y);
		return HF_OK;
	}
	if (a->kind == HF_PV_STRING && b->kind == HF_PV_STRING) {
		*cmp = hf_sv_cmp(a->text, b->text);
		return HF_OK;
	}
	if (a->kind == b->kind && (a->kind == HF_PV_DATE || a->kind == HF_PV_TIME)) {
		struct path_date p, q;

		*empty = !hf_path_date_parse(a->text, a->kind == HF_PV_TIME, &p) ||
			 !hf_path_date_parse(b->text, b->kind == HF_PV_TIME, &q);
		if (!*empty)
			*cmp = hf_path_date_cmp(&p, &q, empty);
		/* An order found in the fields that both have stands. */
		if (*empty && *cmp != 0)
			*empty = p.zoned != q.zoned && p.fields > 3 && q.fields > 3;
		return HF_OK;
	}
	return hf_path_fail(ev, n, "values of different types have no order");
}

static enum hf_rc
run_compare(struct path_ev *ev, const struct path_node *n, const struct sides *s,
	    struct hf_pvs *out)
{
	int cmp = 0;
	enum hf_rc rc;
	bool empty, yes;

	if (!s->has_a || !s->has_b)
		return HF_OK;
	rc = compare(ev, n, s, &cmp, &empty);
	if (rc != HF_OK || empty)
		return rc;
	yes = n->fn == PATH_LT	 ? cmp < 0
	      : n->fn == PATH_GT ? cmp > 0
	      : n->fn == PATH_LE ? cmp <= 0
				 : cmp >= 0;
	return hf_path_push_bool(ev, out, yes);
}

static enum hf_rc
run_concat(struct path_ev *ev, const struct path_node *n, const struct sides *s,
	   struct hf_pvs *out)
{
	struct hf_sv a = s->has_a ? s->a.text : HF_SV("");
	struct hf_sv b = s->has_b ? s->b.text : HF_SV("");
	char *p;

	if ((s->has_a && s->a.kind != HF_PV_STRING) ||
	    (s->has_b && s->b.kind != HF_PV_STRING))
		return hf_path_fail(ev, n,
				    "only strings can be joined; use toString()");
	if (hf_path_spend(ev, (a.n + b.n) / 64) != HF_OK)
		return HF_TOO_LONG;
	p = hf_arena_alloc(ev->arena, a.n + b.n + 1);
	if (!p)
		return hf_path_full(ev);
	if (a.n)
		memcpy(p, a.p, a.n);
	if (b.n)
		memcpy(p + a.n, b.p, b.n);
	return hf_path_push_str(ev, out, (struct hf_sv){p, a.n + b.n});
}

/* Whole numbers; overflow and division by 0 are empty. */
static enum hf_rc
int_math(struct path_ev *ev, uint8_t op, int64_t a, int64_t b, struct hf_pvs *out)
{
	int64_t v = 0;
	bool over;

	switch (op) {
	case PATH_ADD:
		over = __builtin_add_overflow(a, b, &v);
		break;
	case PATH_SUB:
		over = __builtin_sub_overflow(a, b, &v);
		break;
	case PATH_MUL:
		over = __builtin_mul_overflow(a, b, &v);
		break;
	default:
		over = b == 0 || (a == INT64_MIN && b == -1);
		if (!over)
			v = op == PATH_DIV ? a / b : a % b;
		break;
	}
	return over ? HF_OK : hf_path_push_int(ev, out, v);
}

/* a - b * trunc(a / b), exactly; false when it does not fit. */
static bool
decimal_mod(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	struct hf_decimal q;
	int64_t whole;

	return hf_decimal_div(a, b, &q) && hf_decimal_int(q, &whole) &&
	       hf_decimal_mul(b, hf_decimal_from_int(whole), &q) &&
	       hf_decimal_sub(a, q, out);
}

static bool
decimal_math(uint8_t op, struct hf_decimal a, struct hf_decimal b,
	     struct hf_decimal *out)
{
	switch (op) {
	case PATH_ADD:
		return hf_decimal_add(a, b, out);
	case PATH_SUB:
		return hf_decimal_sub(a, b, out);
	case PATH_MUL:
		return hf_decimal_mul(a, b, out);
	case PATH_DIVIDE:
		return hf_decimal_div(a, b, out);
	default:
		return decimal_mod(a, b, out);
	}
}

static enum hf_rc
number_math(struct path_ev *ev, const struct path_node *n, const struct sides *s,
	    struct hf_pvs *out)
{
	struct hf_decimal a, b, d;
	int64_t whole;

	if (s->a.kind == HF_PV_INT && s->b.kind == HF_PV_INT && n->fn != PATH_DIVIDE)
		return int_math(ev, n->fn, s->a.i, s->b.i, out);
	if (!hf_path_decimal(&s->a, &a) || !hf_path_decimal(&s->b, &b))
		return HF_OK;
	if (n->fn == PATH_DIV) {
		if (!hf_decimal_div(a, b, &d) || !hf_decimal_int(d, &whole))
			return HF_OK;
		return hf_path_push_int(ev, out, whole);
	}
	if (!decimal_math(n->fn, a, b, &d))
		return HF_OK;
	return hf_path_push_decimal(ev, out, d);
}

/* The sum of two amounts of one kind in the finer of the two units. */
static bool
add_units(uint8_t op, const struct hf_pv *a, const struct hf_pv *b,
	  struct hf_decimal *out, struct hf_sv *unit)
{
	struct hf_sv ua = hf_path_unit(a->unit), ub = hf_path_unit(b->unit);
	struct hf_decimal x, y, one = hf_decimal_from_int(1), fa, fb;
	struct hf_ucum ka, kb;
	bool finer;

	*unit = a->unit;
	if (!hf_path_decimal(a, &x) || !hf_path_decimal(b, &y))
		return false;
	if (hf_sv_eq(ua, ub))
		return decimal_math(op, x, y, out);
	if (!hf_ucum_parse(ua, &ka) || !hf_ucum_parse(ub, &kb) || ka.zero.m ||
	    kb.zero.m || !hf_ucum_align(one, &ka, one, &kb, &fa, &fb))
		return false;
	finer = hf_decimal_cmp(fa, fb) <= 0;
	*unit = finer ? a->unit : b->unit;
	if (!hf_ucum_align(x, &ka, y, &kb, &x, &y) || !decimal_math(op, x, y, &x))
		return false;
	return hf_decimal_div(x, finer ? fa : fb, out);
}

/* The unit of a product or a quotient; a plain number has unit 1. */
static struct hf_sv
join_units(struct path_ev *ev, uint8_t op, struct hf_sv a, struct hf_sv b)
{
	a = hf_path_unit(a);
	b = hf_path_unit(b);
	if (hf_sv_is(b, "1"))
		return a;
	if (op == PATH_DIVIDE && hf_sv_eq(a, b))
		return HF_SV("1");
	if (hf_sv_is(a, "1") && op == PATH_MUL)
		return b;
	return hf_arena_printf(ev->arena,
			       op == PATH_MUL ? "(%.*s).(%.*s)" : "%.*s/(%.*s)",
			       HF_SV_ARG(a), HF_SV_ARG(b));
}

/* Sums of one kind, products and quotients. */
static enum hf_rc
quantity_math(struct path_ev *ev, const struct path_node *n, const struct sides *s,
	      struct hf_pvs *out)
{
	struct hf_pv a = s->a, b = s->b, v = {.kind = HF_PV_QUANTITY};
	struct hf_decimal x, y, d;
	char text[HF_DECIMAL_TEXT];
	size_t len;

	if (n->fn == PATH_DIV || n->fn == PATH_MOD)
		return hf_path_fail(ev, n, "this cannot be reckoned with a quantity");
	if (a.kind != HF_PV_QUANTITY)
		a.unit = HF_SV("1");
	if (b.kind != HF_PV_QUANTITY)
		b.unit = HF_SV("1");
	if (n->fn == PATH_ADD || n->fn == PATH_SUB) {
		if (!add_units(n->fn, &a, &b, &d, &v.unit))
			return HF_OK;
	} else {
		if (!hf_path_decimal(&a, &x) || !hf_path_decimal(&b, &y) ||
		    !decimal_math(n->fn, x, y, &d))
			return HF_OK;
		v.unit = join_units(ev, n->fn, a.unit, b.unit);
		if (!v.unit.p)
			return hf_path_full(ev);
	}
	len = hf_decimal_format(d, text);
	if (len == 0)
		return HF_OK;
	v.text = hf_arena_sv(ev->arena, (struct hf_sv){text, len});
	return v.text.p ? hf_path_push(ev, out, &v) : hf_path_full(ev);
}

static enum hf_rc
run_math(struct path_ev *ev, const struct path_node *n, const struct sides *s,
	 struct hf_pvs *out)
{
	const struct hf_pv *a = &s->a, *b = &s->b;
	bool sum = n->fn == PATH_ADD || n->fn == PATH_SUB;

	if (!s->has_a || !s->has_b)
		return HF_OK;
	if (is_number(a) && is_number(b))
		return number_math(ev, n, s, out);
	if (n->fn == PATH_ADD && a->kind == HF_PV_STRING && b->kind == HF_PV_STRING)
		return run_concat(ev, n, s, out);
	if (sum && (a->kind == HF_PV_DATE || a->kind == HF_PV_TIME) &&
	    b->kind == HF_PV_QUANTITY)
		return hf_path_date_add(ev, n, a, b, n->fn == PATH_SUB, out);
	if (quantity_or_number(a) && quantity_or_number(b))
		return quantity_math(ev, n, s, out);
	return hf_path_fail(ev, n,
			    "these two types cannot be reckoned with each other");
}

enum hf_rc
hf_path_binary(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	       struct hf_pvs *out)
{
	struct path_frame left = *f, right = *f;
	struct hf_pvs a = {0}, b = {0};
	struct sides s;
	enum hf_rc rc;

	if (n->fn <= PATH_IMPLIES)
		return run_logic(ev, n, f, out);
	if ((rc = hf_path_run(ev, n->a, &left, &a)) != HF_OK ||
	    (rc = hf_path_run(ev, n->b, &right, &b)) != HF_OK)
		return rc;
	if (n->fn == PATH_IN)
		return run_member(ev, n, &a, &b, out);
	if (n->fn == PATH_CONTAINS)
		return run_member(ev, n, &b, &a, out);
	if (n->fn <= PATH_NOT_EQUIV)
		return run_equal(ev, n, &a, &b, out);
	if ((rc = hf_path_single(ev, n, &a, &s.a, &s.has_a)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &b, &s.b, &s.has_b)) != HF_OK)
		return rc;
	if (n->fn <= PATH_GE)
		return run_compare(ev, n, &s, out);
	if (n->fn == PATH_AMP)
		return run_concat(ev, n, &s, out);
	return run_math(ev, n, &s, out);
}

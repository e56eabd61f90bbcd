/* path_fn.c - the table of functions, and those that act on lists. */
#include "fhir/path_impl.h"

enum hf_rc
hf_path_value(struct path_ev *ev, const struct path_node *n, unsigned k,
	      struct path_frame *f, struct hf_pvs *out)
{
	struct path_frame mine = *f;

	assert(k < n->n);
	return hf_path_run(ev, ev->path->args[n->b + k], &mine, out);
}

enum hf_rc
hf_path_lambda(struct path_ev *ev, const struct path_node *n, unsigned k,
	       const struct path_frame *f, const struct hf_pvs *in, size_t i,
	       const struct hf_pvs *total, struct hf_pvs *out)
{
	struct path_frame each = {&in->items[i], (int64_t)i, total, f->defined};

	return hf_path_value(ev, n, k, &each, out);
}

/* The truth of the first argument for item i. */
static enum hf_rc
test(struct path_ev *ev, const struct path_node *n, const struct path_frame *f,
     const struct hf_pvs *in, size_t i, enum path_tri *out)
{
	struct hf_pvs r = {0};
	enum hf_rc rc = hf_path_lambda(ev, n, 0, f, in, i, NULL, &r);

	return rc == HF_OK ? hf_path_truth(ev, n, &r, out) : rc;
}

static enum hf_rc
append(struct path_ev *ev, struct hf_pvs *out, const struct hf_pvs *from, size_t first,
       size_t end)
{
	enum hf_rc rc = hf_path_spend(ev, end > first ? end - first : 0);

	for (size_t i = first; rc == HF_OK && i < end; i++)
		rc = hf_path_push(ev, out, &from->items[i]);
	return rc;
}

#define FN(name)                                                                       \
	static enum hf_rc name(struct path_ev *ev HF_UNUSED,                           \
			       const struct path_node *n HF_UNUSED,                    \
			       struct path_frame *f HF_UNUSED,                         \
			       const struct hf_pvs *in HF_UNUSED, struct hf_pvs *out)

FN(fn_where)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		enum path_tri t;

		rc = test(ev, n, f, in, i, &t);
		if (rc == HF_OK && t == TRI_TRUE)
			rc = hf_path_push(ev, out, &in->items[i]);
	}
	return rc;
}

FN(fn_exists)
{
	struct hf_pvs hits = {0};
	enum hf_rc rc = HF_OK;

	if (n->n)
		rc = fn_where(ev, n, f, in, &hits);
	return rc == HF_OK ? hf_path_push_bool(ev, out, (n->n ? hits.n : in->n) > 0)
			   : rc;
}

FN(fn_empty)
{
	return hf_path_push_bool(ev, out, in->n == 0);
}

FN(fn_not)
{
	enum path_tri t;
	enum hf_rc rc = hf_path_truth(ev, n, in, &t);

	return rc != HF_OK || t == TRI_EMPTY
		   ? rc
		   : hf_path_push_bool(ev, out, t == TRI_FALSE);
}

FN(fn_all)
{
	for (size_t i = 0; i < in->n; i++) {
		enum path_tri t;
		enum hf_rc rc = test(ev, n, f, in, i, &t);

		if (rc != HF_OK)
			return rc;
		if (t != TRI_TRUE)
			return hf_path_push_bool(ev, out, false);
	}
	return hf_path_push_bool(ev, out, true);
}

/* allTrue, anyTrue, allFalse, anyFalse: want is looked for; found is the answer
 * when it is there. */
static enum hf_rc
look_for(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in,
	 bool want, bool found, struct hf_pvs *out)
{
	for (size_t i = 0; i < in->n; i++) {
		struct hf_pv v;

		if (!hf_path_system(ev, &in->items[i], &v) || v.kind != HF_PV_BOOL)
			return hf_path_fail(ev, n, "every value must be true or false");
		if (v.b == want)
			return hf_path_push_bool(ev, out, found);
	}
	return hf_path_push_bool(ev, out, !found);
}

FN(fn_all_true)
{
	return look_for(ev, n, in, false, false, out);
}

FN(fn_any_true)
{
	return look_for(ev, n, in, true, true, out);
}

FN(fn_all_false)
{
	return look_for(ev, n, in, true, false, out);
}

FN(fn_any_false)
{
	return look_for(ev, n, in, false, true, out);
}

FN(fn_count)
{
	return hf_path_push_int(ev, out, (int64_t)in->n);
}

FN(fn_distinct)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++)
		rc = hf_path_push_new(ev, out, &in->items[i]);
	return rc;
}

FN(fn_is_distinct)
{
	struct hf_pvs once = {0};
	enum hf_rc rc = fn_distinct(ev, n, f, in, &once);

	return rc == HF_OK ? hf_path_push_bool(ev, out, once.n == in->n) : rc;
}

FN(fn_first)
{
	return append(ev, out, in, 0, in->n ? 1 : 0);
}

FN(fn_last)
{
	return append(ev, out, in, in->n ? in->n - 1 : 0, in->n);
}

FN(fn_tail)
{
	return append(ev, out, in, 1, in->n);
}

FN(fn_single)
{
	if (in->n > 1)
		return hf_path_fail(ev, n, "single() found several values");
	return append(ev, out, in, 0, in->n);
}

/* Argument 0 as a count: below 0 is 0, *has false when it is empty. */
static enum hf_rc
count_arg(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	  size_t *count, bool *has)
{
	struct hf_pvs arg = {0};
	struct hf_pv v;
	enum hf_rc rc;

	if ((rc = hf_path_value(ev, n, 0, f, &arg)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &arg, &v, has)) != HF_OK || !*has)
		return rc;
	if (v.kind != HF_PV_INT)
		return hf_path_fail(ev, n, "expected a whole number");
	*count = v.i < 0 ? 0 : (size_t)v.i;
	return HF_OK;
}

FN(fn_skip)
{
	size_t count = 0;
	bool has;
	enum hf_rc rc = count_arg(ev, n, f, &count, &has);

	if (rc != HF_OK || !has)
		return rc;
	return append(ev, out, in, count < in->n ? count : in->n, in->n);
}

FN(fn_take)
{
	size_t count = 0;
	bool has;
	enum hf_rc rc = count_arg(ev, n, f, &count, &has);

	if (rc != HF_OK || !has)
		return rc;
	return append(ev, out, in, 0, count < in->n ? count : in->n);
}

FN(fn_combine)
{
	enum hf_rc rc = append(ev, out, in, 0, in->n);

	return rc == HF_OK ? hf_path_value(ev, n, 0, f, out) : rc;
}

FN(fn_union)
{
	struct hf_pvs both = {0};
	enum hf_rc rc = fn_combine(ev, n, f, in, &both);

	return rc == HF_OK ? fn_distinct(ev, n, f, &both, out) : rc;
}

FN(fn_intersect)
{
	struct hf_pvs other = {0};
	enum hf_rc rc = hf_path_value(ev, n, 0, f, &other);

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		rc = hf_path_spend(ev, other.n);
		if (rc == HF_OK && hf_path_has(ev, &other, &in->items[i]))
			rc = hf_path_push_new(ev, out, &in->items[i]);
	}
	return rc;
}

FN(fn_exclude)
{
	struct hf_pvs other = {0};
	enum hf_rc rc = hf_path_value(ev, n, 0, f, &other);

	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		rc = hf_path_spend(ev, other.n);
		if (rc == HF_OK && !hf_path_has(ev, &other, &in->items[i]))
			rc = hf_path_push(ev, out, &in->items[i]);
	}
	return rc;
}

/* Is every item of a in b? */
static enum hf_rc
subset(struct path_ev *ev, const struct hf_pvs *a, const struct hf_pvs *b,
       struct hf_pvs *out)
{
	for (size_t i = 0; i < a->n; i++) {
		if (hf_path_spend(ev, b->n) != HF_OK)
			return HF_TOO_LONG;
		if (!hf_path_has(ev, b, &a->items[i]))
			return hf_path_push_bool(ev, out, false);
	}
	return hf_path_push_bool(ev, out, true);
}

FN(fn_subset_of)
{
	struct hf_pvs other = {0};
	enum hf_rc rc = hf_path_value(ev, n, 0, f, &other);

	return rc == HF_OK ? subset(ev, in, &other, out) : rc;
}

FN(fn_superset_of)
{
	struct hf_pvs other = {0};
	enum hf_rc rc = hf_path_value(ev, n, 0, f, &other);

	return rc == HF_OK ? subset(ev, &other, in, out) : rc;
}

FN(fn_select)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++)
		rc = hf_path_lambda(ev, n, 0, f, in, i, NULL, out);
	return rc;
}

/* What argument 0 gives of each item, then of that, until nothing new comes. */
FN(fn_repeat)
{
	struct hf_pvs todo = {0};
	enum hf_rc rc = append(ev, &todo, in, 0, in->n);

	for (size_t i = 0; rc == HF_OK && i < todo.n; i++) {
		struct hf_pvs found = {0};

		rc = hf_path_lambda(ev, n, 0, f, &todo, i, NULL, &found);
		for (size_t j = 0; rc == HF_OK && j < found.n; j++) {
			size_t before = out->n;

			rc = hf_path_push_new(ev, out, &found.items[j]);
			if (rc == HF_OK && out->n > before)
				rc = hf_path_push(ev, &todo, &found.items[j]);
		}
	}
	return rc;
}

/* The same without asking whether it is new: it ends by itself or by the bound. */
FN(fn_repeat_all)
{
	struct hf_pvs todo = {0};
	enum hf_rc rc = append(ev, &todo, in, 0, in->n);

	for (size_t i = 0; rc == HF_OK && i < todo.n; i++) {
		struct hf_pvs found = {0};

		rc = hf_path_lambda(ev, n, 0, f, &todo, i, NULL, &found);
		if (rc == HF_OK)
			rc = append(ev, out, &found, 0, found.n);
		if (rc == HF_OK)
			rc = append(ev, &todo, &found, 0, found.n);
	}
	return rc;
}

/* Names the input, or what argument 1 gives of it, for what follows. */
FN(fn_define_variable)
{
	struct path_defined *d = HF_NEW(ev->arena, struct path_defined);
	struct path_frame one = *f;
	bool has;
	enum hf_rc rc;

	if (!d)
		return hf_path_full(ev);
	rc = hf_path_arg_text(ev, n, 0, f, &d->name, &has);
	if (rc == HF_OK && (!has || d->name.n == 0))
		return hf_path_fail(ev, n, "defineVariable() takes a name");
	for (size_t i = 0; rc == HF_OK && i < ev->env->n_vars; i++)
		has = has && !hf_sv_eq(d->name, ev->env->vars[i].name);
	for (const struct path_defined *b = f->defined; b; b = b->before)
		has = has && !hf_sv_eq(d->name, b->name);
	if (rc == HF_OK &&
	    (!has || hf_sv_is(d->name, "context") || hf_sv_is(d->name, "resource") ||
	     hf_sv_is(d->name, "rootResource") || hf_sv_is(d->name, "ucum") ||
	     hf_sv_is(d->name, "sct") || hf_sv_is(d->name, "loinc")))
		return hf_path_fail(ev, n, "the variable has a value already");
	if (rc == HF_OK && n->n > 1) {
		if (in->n)
			one.self = &in->items[0];
		rc = hf_path_value(ev, n, 1, &one, &d->value);
	} else if (rc == HF_OK) {
		rc = append(ev, &d->value, in, 0, in->n);
	}
	if (rc != HF_OK)
		return rc;
	d->before = f->defined;
	f->defined = d;
	return append(ev, out, in, 0, in->n);
}

/* The first of the arguments that is not empty. */
FN(fn_coalesce)
{
	enum hf_rc rc = HF_OK;

	for (unsigned k = 0; rc == HF_OK && k < n->n && out->n == 0; k++)
		rc = hf_path_value(ev, n, k, f, out);
	return rc;
}

FN(fn_aggregate)
{
	struct hf_pvs total = {0};
	enum hf_rc rc = HF_OK;

	if (n->n > 1)
		rc = hf_path_value(ev, n, 1, f, &total);
	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		struct hf_pvs next = {0};

		rc = hf_path_lambda(ev, n, 0, f, in, i, &total, &next);
		total = next;
	}
	return rc == HF_OK ? append(ev, out, &total, 0, total.n) : rc;
}

FN(fn_children)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < in->n; i++)
		rc = hf_path_children(ev, &in->items[i], out);
	return rc;
}

FN(fn_descendants)
{
	enum hf_rc rc = fn_children(ev, n, f, in, out);

	for (size_t i = 0; rc == HF_OK && i < out->n; i++) {
		struct hf_pv v = out->items[i]; /* the list may move */

		rc = hf_path_children(ev, &v, out);
	}
	return rc;
}

FN(fn_iif)
{
	struct path_frame one = {in->n ? &in->items[0] : f->self, 0, f->total,
				 f->defined};
	struct hf_pvs r = {0};
	enum path_tri t;
	enum hf_rc rc;

	if (in->n > 1)
		return hf_path_fail(ev, n,
				    "iif() asks about one value, but there are "
				    "several");
	if ((rc = hf_path_value(ev, n, 0, &one, &r)) != HF_OK ||
	    (rc = hf_path_truth(ev, n, &r, &t)) != HF_OK)
		return rc;
	if (t == TRI_TRUE)
		return hf_path_value(ev, n, 1, &one, out);
	return n->n > 2 ? hf_path_value(ev, n, 2, &one, out) : HF_OK;
}

/* Tells nobody: what it would tell is from a record. */
FN(fn_trace)
{
	return append(ev, out, in, 0, in->n);
}

/* Sorted by name in bytes; a new function is a new line. */
static const struct path_fn fns[] = {
    {"abs", hf_path_fn_abs, 0, 0, ARG_NONE, false},
    {"aggregate", fn_aggregate, 1, 2, ARG_LAMBDA, false},
    {"all", fn_all, 1, 1, ARG_LAMBDA, false},
    {"allFalse", fn_all_false, 0, 0, ARG_NONE, false},
    {"allTrue", fn_all_true, 0, 0, ARG_NONE, false},
    {"anyFalse", fn_any_false, 0, 0, ARG_NONE, false},
    {"anyTrue", fn_any_true, 0, 0, ARG_NONE, false},
    {"as", NULL, 1, 1, ARG_TYPE, false},
    {"ceiling", hf_path_fn_ceiling, 0, 0, ARG_NONE, false},
    {"checkModifiers", hf_path_fn_check_modifiers, 0, 8, ARG_VALUE, true},
    {"children", fn_children, 0, 0, ARG_NONE, false},
    {"coalesce", fn_coalesce, 1, 8, ARG_VALUE, false},
    {"combine", fn_combine, 1, 1, ARG_VALUE, false},
    {"comparable", hf_path_fn_comparable, 1, 1, ARG_VALUE, false},
    {"conformsTo", hf_path_fn_conforms_to, 1, 1, ARG_VALUE, false},
    {"contains", hf_path_fn_contains, 1, 1, ARG_VALUE, false},
    {"convertsToBoolean", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToDate", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToDateTime", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToDecimal", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToInteger", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToQuantity", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToString", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"convertsToTime", hf_path_fn_converts, 0, 0, ARG_NONE, false},
    {"count", fn_count, 0, 0, ARG_NONE, false},
    {"decode", hf_path_fn_decode, 1, 1, ARG_VALUE, false},
    {"defineVariable", fn_define_variable, 1, 2, ARG_VALUE, true},
    {"descendants", fn_descendants, 0, 0, ARG_NONE, false},
    {"distinct", fn_distinct, 0, 0, ARG_NONE, true},
    {"empty", fn_empty, 0, 0, ARG_NONE, false},
    {"encode", hf_path_fn_encode, 1, 1, ARG_VALUE, false},
    {"endsWith", hf_path_fn_ends, 1, 1, ARG_VALUE, false},
    {"escape", hf_path_fn_escape, 1, 1, ARG_VALUE, false},
    {"exclude", fn_exclude, 1, 1, ARG_VALUE, true},
    {"exists", fn_exists, 0, 1, ARG_LAMBDA, false},
    {"exp", hf_path_fn_exp, 0, 0, ARG_NONE, false},
    {"extension", hf_path_fn_extension, 1, 1, ARG_VALUE, false},
    {"first", fn_first, 0, 0, ARG_NONE, true},
    {"floor", hf_path_fn_floor, 0, 0, ARG_NONE, false},
    {"getValue", hf_path_fn_get_value, 0, 0, ARG_NONE, false},
    {"hasExtension", hf_path_fn_has_extension, 1, 1, ARG_VALUE, false},
    {"hasValue", hf_path_fn_has_value, 0, 0, ARG_NONE, false},
    {"highBoundary", hf_path_fn_high_boundary, 0, 1, ARG_VALUE, false},
    {"htmlChecks", hf_path_fn_html_checks, 0, 0, ARG_NONE, false},
    {"iif", fn_iif, 2, 3, ARG_LAMBDA, false},
    {"indexOf", hf_path_fn_index_of, 1, 1, ARG_VALUE, false},
    {"intersect", fn_intersect, 1, 1, ARG_VALUE, true},
    {"is", NULL, 1, 1, ARG_TYPE, false},
    {"isDistinct", fn_is_distinct, 0, 0, ARG_NONE, false},
    {"join", hf_path_fn_join, 0, 1, ARG_VALUE, false},
    {"last", fn_last, 0, 0, ARG_NONE, true},
    {"lastIndexOf", hf_path_fn_last_index_of, 1, 1, ARG_VALUE, false},
    {"length", hf_path_fn_length, 0, 0, ARG_NONE, false},
    {"ln", hf_path_fn_ln, 0, 0, ARG_NONE, false},
    {"log", hf_path_fn_log, 1, 1, ARG_VALUE, false},
    {"lowBoundary", hf_path_fn_low_boundary, 0, 1, ARG_VALUE, false},
    {"lower", hf_path_fn_lower, 0, 0, ARG_NONE, false},
    {"matches", hf_path_fn_matches, 1, 1, ARG_VALUE, false},
    {"matchesFull", hf_path_fn_matches_full, 1, 1, ARG_VALUE, false},
    {"memberOf", hf_path_fn_member_of, 1, 1, ARG_VALUE, false},
    {"not", fn_not, 0, 0, ARG_NONE, false},
    {"now", hf_path_fn_now, 0, 0, ARG_NONE, false},
    {"ofType", NULL, 1, 1, ARG_TYPE, false},
    {"power", hf_path_fn_power, 1, 1, ARG_VALUE, false},
    {"precision", hf_path_fn_precision, 0, 0, ARG_NONE, false},
    {"repeat", fn_repeat, 1, 1, ARG_LAMBDA, false},
    {"repeatAll", fn_repeat_all, 1, 1, ARG_LAMBDA, false},
    {"replace", hf_path_fn_replace, 2, 2, ARG_VALUE, false},
    {"replaceMatches", hf_path_fn_replace_matches, 2, 2, ARG_VALUE, false},
    {"resolve", hf_path_fn_resolve, 0, 0, ARG_NONE, false},
    {"round", hf_path_fn_round, 0, 1, ARG_VALUE, false},
    {"select", fn_select, 1, 1, ARG_LAMBDA, false},
    {"single", fn_single, 0, 0, ARG_NONE, true},
    {"skip", fn_skip, 1, 1, ARG_VALUE, true},
    {"split", hf_path_fn_split, 1, 1, ARG_VALUE, false},
    {"sqrt", hf_path_fn_sqrt, 0, 0, ARG_NONE, false},
    {"startsWith", hf_path_fn_starts, 1, 1, ARG_VALUE, false},
    {"subsetOf", fn_subset_of, 1, 1, ARG_VALUE, false},
    {"substring", hf_path_fn_substring, 1, 2, ARG_VALUE, false},
    {"supersetOf", fn_superset_of, 1, 1, ARG_VALUE, false},
    {"tail", fn_tail, 0, 0, ARG_NONE, true},
    {"take", fn_take, 1, 1, ARG_VALUE, true},
    {"toBoolean", hf_path_fn_to_boolean, 0, 0, ARG_NONE, false},
    {"toChars", hf_path_fn_to_chars, 0, 0, ARG_NONE, false},
    {"toDate", hf_path_fn_to_date, 0, 0, ARG_NONE, false},
    {"toDateTime", hf_path_fn_to_datetime, 0, 0, ARG_NONE, false},
    {"toDecimal", hf_path_fn_to_decimal, 0, 0, ARG_NONE, false},
    {"toInteger", hf_path_fn_to_integer, 0, 0, ARG_NONE, false},
    {"toQuantity", hf_path_fn_to_quantity, 0, 0, ARG_NONE, false},
    {"toString", hf_path_fn_to_string, 0, 0, ARG_NONE, false},
    {"toTime", hf_path_fn_to_time, 0, 0, ARG_NONE, false},
    {"today", hf_path_fn_today, 0, 0, ARG_NONE, false},
    {"trace", fn_trace, 1, 2, ARG_LAMBDA, true},
    {"trim", hf_path_fn_trim, 0, 0, ARG_NONE, false},
    {"truncate", hf_path_fn_truncate, 0, 0, ARG_NONE, false},
    {"type", hf_path_fn_type, 0, 0, ARG_NONE, false},
    {"unescape", hf_path_fn_unescape, 1, 1, ARG_VALUE, false},
    {"union", fn_union, 1, 1, ARG_VALUE, false},
    {"upper", hf_path_fn_upper, 0, 0, ARG_NONE, false},
    {"where", fn_where, 1, 1, ARG_LAMBDA, true},
};

int
hf_path_fn_find(struct hf_sv name)
{
	size_t lo = 0, hi = HF_COUNT(fns);

	static_assert(HF_COUNT(fns) <= 256, "a node keeps its function in a byte");
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = hf_sv_cmp(name, hf_sv_from(fns[mid].name));

		if (c == 0)
			return (int)mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

const struct path_fn *
hf_path_fn_get(uint8_t fn)
{
	assert(fn < HF_COUNT(fns));
	return &fns[fn];
}

/* path_fn_math.c - functions whose results are no exact decimals: in double
 * precision, written with as many digits as tell the value. */
#include "fhir/path_impl.h"

#include <math.h>
#include <stdlib.h>

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f HF_UNUSED, const struct hf_pvs *in,       \
			struct hf_pvs *out)

static double
double_of(struct hf_decimal d)
{
	char text[HF_DECIMAL_TEXT];

	return hf_decimal_format(d, text) ? strtod(text, NULL) : (double)NAN;
}

/* The shortest text that reads as v again, as a decimal. */
static enum hf_rc
push_double(struct path_ev *ev, double v, struct hf_pvs *out)
{
	struct hf_decimal d;
	char text[40];

	if (!isfinite(v))
		return HF_OK; /* there is no such number: empty */
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	if (!hf_decimal_parse(hf_sv_from(text), &d))
		return HF_OK;
	return hf_path_push_decimal(ev, out, d);
}

static enum hf_rc
one_number(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *list,
	   struct hf_pv *v, struct hf_decimal *d, bool *has)
{
	enum hf_rc rc = hf_path_single(ev, n, list, v, has);

	*d = (struct hf_decimal){0};
	if (rc != HF_OK || !*has)
		return rc;
	if (v->kind != HF_PV_INT && v->kind != HF_PV_DECIMAL)
		return hf_path_fail(ev, n, "expected a number");
	*has = hf_path_decimal(v, d);
	return HF_OK;
}

static enum hf_rc
apply(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in,
      double (*fn)(double), struct hf_pvs *out)
{
	struct hf_decimal d;
	struct hf_pv v;
	bool has;
	enum hf_rc rc = one_number(ev, n, in, &v, &d, &has);

	return rc == HF_OK && has ? push_double(ev, fn(double_of(d)), out) : rc;
}

FN(hf_path_fn_exp)
{
	return apply(ev, n, in, exp, out);
}

FN(hf_path_fn_ln)
{
	return apply(ev, n, in, log, out);
}

FN(hf_path_fn_sqrt)
{
	return apply(ev, n, in, sqrt, out);
}

/* The input and argument 0, both numbers. */
static enum hf_rc
two_numbers(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	    const struct hf_pvs *in, struct hf_pv v[2], struct hf_decimal d[2],
	    bool *has)
{
	struct hf_pvs arg = {0};
	bool has_arg = false;
	enum hf_rc rc = one_number(ev, n, in, &v[0], &d[0], has);

	if (rc == HF_OK)
		rc = hf_path_value(ev, n, 0, f, &arg);
	if (rc == HF_OK)
		rc = one_number(ev, n, &arg, &v[1], &d[1], &has_arg);
	*has = *has && has_arg;
	return rc;
}

FN(hf_path_fn_log)
{
	struct hf_decimal d[2];
	struct hf_pv v[2];
	bool has;
	enum hf_rc rc = two_numbers(ev, n, f, in, v, d, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (d[1].m == 2 && d[1].scale == 0)
		return push_double(ev, log2(double_of(d[0])), out);
	if (d[1].m == 10 && d[1].scale == 0)
		return push_double(ev, log10(double_of(d[0])), out);
	return push_double(ev, log(double_of(d[0])) / log(double_of(d[1])), out);
}

/* d to the whole power, exactly; false when it has too many digits. */
static bool
whole_power(struct hf_decimal d, int64_t power, struct hf_decimal *out)
{
	enum { POWER_MOST = 200 };
	struct hf_decimal v = hf_decimal_from_int(1);

	if (power < 0 || power > POWER_MOST)
		return false;
	while (power-- > 0)
		if (!hf_decimal_mul(v, d, &v))
			return false;
	*out = v;
	return true;
}

FN(hf_path_fn_power)
{
	struct hf_decimal d[2], exact;
	struct hf_pv v[2];
	int64_t whole;
	bool has;
	enum hf_rc rc = two_numbers(ev, n, f, in, v, d, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (v[1].kind == HF_PV_INT && whole_power(d[0], v[1].i, &exact)) {
		if (v[0].kind == HF_PV_INT && hf_decimal_int(exact, &whole))
			return hf_path_push_int(ev, out, whole);
		return hf_path_push_decimal(ev, out, exact);
	}
	return push_double(ev, pow(double_of(d[0]), double_of(d[1])), out);
}

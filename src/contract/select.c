/* select.c - see select.h. */
#include "contract/select.h"

/* The bytes that a code fills, from the highest. */
static hf_ct_code
mask_of(hf_ct_code code)
{
	hf_ct_code mask = 0;

	for (; code; code <<= 8)
		mask = mask >> 8 | (hf_ct_code)0xff << 56;
	return mask;
}

static bool
begins(hf_ct_code code, hf_ct_code prefix)
{
	return (code & mask_of(prefix)) == prefix;
}

static bool
any_begins(hf_ct_code code, const hf_ct_code *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins(code, prefixes[i]))
			return true;
	return false;
}

static bool
is_prefix(enum hf_ct_dim d)
{
	return d == HF_CT_BY_SPECIALTY || d == HF_CT_BY_HRG;
}

static bool
passes(const struct hf_ct_choice *c, enum hf_ct_dim d, hf_ct_code code)
{
	if (is_prefix(d))
		return (c->n == 0 || any_begins(code, c->of, c->n)) &&
		       !any_begins(code, c->except, c->n_except);
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i] == code)
			return true;
	return c->n == 0;
}

bool
hf_ct_selects(const struct hf_ct_select *s, const struct hf_ct_activity *a,
	      const struct hf_ct_priced *p)
{
	const hf_ct_code codes[HF_CT_DIMS] = {[HF_CT_BY_SPECIALTY] = a->specialty,
					      [HF_CT_BY_HRG] = a->hrg,
					      [HF_CT_BY_PROVIDER] = a->provider,
					      [HF_CT_BY_COMMISSIONER] =
						  a->commissioner};

	if (!s || (s->pods && !(s->pods >> p->pod & 1)) ||
	    (s->kinds && !(s->kinds >> a->kind & 1)))
		return false;
	for (int d = 0; d < HF_CT_DIMS; d++)
		if (!passes(&s->by[d], (enum hf_ct_dim)d, codes[d]))
			return false;
	return true;
}

/* ---- could two claim one row? ---- */

/* Is there a code that begins with longer and neither leaves out?  What is left out
 * under it leaves something of it. */
static bool
is_left(const struct hf_ct_choice *a, const struct hf_ct_choice *b, hf_ct_code longer)
{
	return !any_begins(longer, a->except, a->n_except) &&
	       !any_begins(longer, b->except, b->n_except);
}

static bool
prefixes_meet(const struct hf_ct_choice *a, const struct hf_ct_choice *b)
{
	static const hf_ct_code all = 0;
	const hf_ct_code *x = a->n ? a->of : &all, *y = b->n ? b->of : &all;
	size_t nx = a->n ? a->n : 1, ny = b->n ? b->n : 1;

	for (size_t i = 0; i < nx; i++)
		for (size_t k = 0; k < ny; k++) {
			bool under = begins(y[k], x[i]);

			if ((under || begins(x[i], y[k])) &&
			    is_left(a, b, under ? y[k] : x[i]))
				return true;
		}
	return false;
}

static bool
words_meet(const struct hf_ct_choice *a, const struct hf_ct_choice *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (a->of[i] == b->of[k])
				return true;
	return a->n == 0 || b->n == 0;
}

bool
hf_ct_select_meet(const struct hf_ct_select *a, const struct hf_ct_select *b)
{
	if (!a || !b || (a->pods && b->pods && !(a->pods & b->pods)) ||
	    (a->kinds && b->kinds && !(a->kinds & b->kinds)))
		return false;
	for (int d = 0; d < HF_CT_DIMS; d++)
		if (is_prefix((enum hf_ct_dim)d) ? !prefixes_meet(&a->by[d], &b->by[d])
						 : !words_meet(&a->by[d], &b->by[d]))
			return false;
	return true;
}

/* list_row.c - a row of a price list: its fields read and checked. */
#include "contract/list_int.h"

#include <ctype.h>

#define COL(table, name) HF_CT_C_##table##_##name

static void
code(struct hf_ct_reader *r, enum hf_ct_column c, hf_ct_code *out)
{
	struct hf_sv s = hf_ct_field(r, c);

	if (s.n == 0 || !hf_ct_code_parse(s, out))
		hf_ct_find_error(r,
				 "%s: takes a code of at most eight letters and "
				 "digits",
				 hf_ct_column_name(c));
}

/* Pounds unless the row's currency_unit says pence; blank is no price. */
static hf_pence
price(struct hf_ct_reader *r, enum hf_ct_column c, bool in_pence)
{
	struct hf_sv s = hf_ct_field(r, c);
	hf_pence v = HF_CT_NO_PRICE;
	int64_t n;
	bool good = true;

	if (s.n == 0)
		return HF_CT_NO_PRICE;
	if (in_pence) {
		good = hf_sv_int(s, &n);
		v = good ? n : 0;
	} else {
		good = hf_pence_parse(s, &v);
	}
	if (!good)
		hf_ct_find_error(r, "%s: takes %s, or nothing for no price",
				 hf_ct_column_name(c),
				 in_pence ? "whole pence" : "pounds with two places");
	else if (v < 0)
		hf_ct_find_error(r, "%s: a price is not less than nothing",
				 hf_ct_column_name(c));
	else if (v > HF_CT_PRICE_MOST)
		hf_ct_find_error(r, "%s: more than ten million pounds",
				 hf_ct_column_name(c));
	return r->bad ? HF_CT_NO_PRICE : v;
}

static bool
in_pence(struct hf_ct_reader *r, enum hf_ct_column c)
{
	struct hf_sv s = hf_ct_field(r, c);

	if (!hf_sv_among(s, "GBP GBX"))
		hf_ct_find_error(r, "%s: takes GBP for pounds or GBX for pence",
				 hf_ct_column_name(c));
	return hf_sv_is(s, "GBX");
}

static int32_t
trim(struct hf_ct_reader *r, enum hf_ct_column c)
{
	struct hf_sv s = hf_ct_field(r, c);
	int64_t n;

	if (s.n == 0)
		return HF_CT_NO_PRICE;
	if (hf_sv_int(s, &n) && n >= 0 && n <= 9999)
		return (int32_t)n;
	hf_ct_find_error(r, "%s: takes days from 0 to 9999", hf_ct_column_name(c));
	return HF_CT_NO_PRICE;
}

/* lo and hi are in HF_RATE_ONE. */
static hf_rate
rate(struct hf_ct_reader *r, enum hf_ct_column c, hf_rate lo, hf_rate hi)
{
	struct hf_sv s = hf_ct_field(r, c);
	char a[HF_MONEY_TEXT], b[HF_MONEY_TEXT];
	hf_rate v = 0;

	if (!hf_rate_parse(s, &v) || v < lo || v > hi)
		hf_ct_find_error(r, "%s: takes a decimal number from %s to %s",
				 hf_ct_column_name(c), hf_rate_text(lo, a, sizeof a),
				 hf_rate_text(hi, b, sizeof b));
	return v;
}

static void
yes(struct hf_ct_reader *r, enum hf_ct_column c, bool *out)
{
	struct hf_sv s = hf_ct_field(r, c);

	if (s.n)
		hf_ct_value_yes(r, hf_ct_column_name(c), s, out);
}

/* Blank: as the list.  A row is valid on no day that its list is not. */
static void
validity(struct hf_ct_reader *r, enum hf_ct_column from, enum hf_ct_column to,
	 struct hf_ct_key *key)
{
	struct hf_sv a = hf_ct_field(r, from), b = hf_ct_field(r, to);

	key->line = (uint32_t)r->line;
	key->from = r->list->from;
	key->to = r->list->to;
	if (a.n && !hf_ct_value_date(r, "valid_from", a, &key->from))
		return;
	if (b.n && !hf_ct_value_date(r, "valid_to", b, &key->to))
		return;
	if (key->to < key->from)
		hf_ct_find_error(r, "valid_to is before valid_from");
	else if (key->from < r->list->from || key->to > r->list->to)
		hf_ct_find_error(r, "the row is valid on days that its list is not");
}

/* Contract 1.1: refused when more than a pound from what the percentage gives; source
 * files round to whole pounds. */
static void
check_sse(struct hf_ct_reader *r, struct hf_ct_hrg *h)
{
	hf_pence want, off;
	char text[HF_MONEY_TEXT];

	if (!h->sse_applicable)
		return;
	if (h->ne == HF_CT_NO_PRICE || h->sse_price == HF_CT_NO_PRICE) {
		hf_ct_find_error(r, "a short stay emergency price applies, but ne or "
				    "sse_price is blank");
		return;
	}
	if (!hf_round_div((hf_i128)h->ne * h->sse_pct, 100 * (hf_i128)HF_RATE_ONE,
			  HF_HALF_AWAY, &want))
		want = 0;
	want *= 100;
	off = h->sse_price > want ? h->sse_price - want : want - h->sse_price;
	if (off > 100)
		hf_ct_find_error(
		    r, "sse_price is not sse_pct of ne: that is %s",
		    hf_pence_text(want, HF_PENCE_POUNDS, text, sizeof text));
}

/* A day rate without the day it begins on would have to be guessed. */
static void
check_trim(struct hf_ct_reader *r, const struct hf_ct_hrg *h)
{
	bool el = h->el != HF_CT_NO_PRICE || h->combined != HF_CT_NO_PRICE;
	bool ne = h->ne != HF_CT_NO_PRICE;

	if (h->perday != HF_CT_NO_PRICE) {
		if (el && h->el_trim == HF_CT_NO_PRICE)
			hf_ct_find_error(r, "el_trim: the trim point is missing, and "
					    "perday is paid from it on");
		if (ne && h->ne_trim == HF_CT_NO_PRICE)
			hf_ct_find_error(r, "ne_trim: the trim point is missing, and "
					    "perday is paid from it on");
	} else if (h->el_trim != HF_CT_NO_PRICE || h->ne_trim != HF_CT_NO_PRICE) {
		hf_ct_find_warning(r, "perday: blank, so that a stay beyond the trim "
				      "point has no price");
	}
}

static void
bpt(struct hf_ct_reader *r, struct hf_ct_hrg *h, bool pence)
{
	struct hf_sv scope = hf_ct_field(r, COL(HRG, bpt_scope));

	h->bpt_area = hf_ct_field(r, COL(HRG, bpt_area));
	h->bpt_ne = price(r, COL(HRG, bpt_price_ne), pence);
	h->bpt_el = price(r, COL(HRG, bpt_price_el), pence);
	if (hf_sv_is(scope, "replace"))
		h->bpt_scope = HF_CT_BPT_REPLACE;
	else if (hf_sv_is(scope, "uplift"))
		h->bpt_scope = HF_CT_BPT_UPLIFT;
	else if (scope.n)
		hf_ct_find_error(r, "bpt_scope: takes replace, uplift or nothing");
	if (h->bpt_scope != HF_CT_BPT_NONE && h->bpt_ne == HF_CT_NO_PRICE &&
	    h->bpt_el == HF_CT_NO_PRICE)
		hf_ct_find_error(r, "bpt_scope: a best practice without a price");
	if (scope.n == 0 &&
	    (h->bpt_ne != HF_CT_NO_PRICE || h->bpt_el != HF_CT_NO_PRICE))
		hf_ct_find_error(r, "bpt_scope: blank, but there is a best practice "
				    "price: say replace or uplift");
}

static void
make_hrg(struct hf_ct_reader *r, struct hf_ct_hrg *h)
{
	bool pence = in_pence(r, COL(HRG, currency_unit));

	code(r, COL(HRG, hrg), &h->key.code);
	validity(r, COL(HRG, valid_from), COL(HRG, valid_to), &h->key);
	h->name = hf_ct_field(r, COL(HRG, name));
	h->oproc = price(r, COL(HRG, oproc), pence);
	h->combined = price(r, COL(HRG, combined), pence);
	h->dc = price(r, COL(HRG, dc), pence);
	h->el = price(r, COL(HRG, el), pence);
	h->ne = price(r, COL(HRG, ne), pence);
	h->perday = price(r, COL(HRG, perday), pence);
	h->sse_price = price(r, COL(HRG, sse_price), pence);
	h->el_trim = trim(r, COL(HRG, el_trim));
	h->ne_trim = trim(r, COL(HRG, ne_trim));
	yes(r, COL(HRG, sse_applicable), &h->sse_applicable);
	if (hf_ct_field(r, COL(HRG, sse_pct)).n)
		h->sse_pct = rate(r, COL(HRG, sse_pct), 0, HF_RATE_ONE);
	bpt(r, h, pence);
	if (r->bad)
		return;
	check_sse(r, h);
	check_trim(r, h);
}

static void
make_attendance(struct hf_ct_reader *r, struct hf_ct_attendance *a)
{
	bool pence = in_pence(r, COL(OUTPATIENT, currency_unit));
	struct hf_sv which = hf_ct_field(r, COL(OUTPATIENT, attendance));

	code(r, COL(OUTPATIENT, function), &a->key.code);
	validity(r, COL(OUTPATIENT, valid_from), COL(OUTPATIENT, valid_to), &a->key);
	a->key.sub = hf_sv_is(which, "first") ? HF_CT_OP_FIRST : HF_CT_OP_FOLLOW_UP;
	if (!hf_sv_among(which, "first follow_up"))
		hf_ct_find_error(r, "attendance: takes first or follow_up");
	a->single = price(r, COL(OUTPATIENT, single), pence);
	a->multi = price(r, COL(OUTPATIENT, multi), pence);
	if (a->single == HF_CT_NO_PRICE && a->multi == HF_CT_NO_PRICE)
		hf_ct_find_error(r, "single, multi: a row without a price");
}

static void
make_item(struct hf_ct_reader *r, bool unbundled, struct hf_ct_item *it)
{
	bool pence = in_pence(r, unbundled ? COL(UNBUNDLED, currency_unit)
					   : COL(AE, currency_unit));

	it->mff = true;
	if (unbundled) {
		code(r, COL(UNBUNDLED, hrg), &it->key.code);
		validity(r, COL(UNBUNDLED, valid_from), COL(UNBUNDLED, valid_to),
			 &it->key);
		it->name = hf_ct_field(r, COL(UNBUNDLED, name));
		it->unit = hf_ct_field(r, COL(UNBUNDLED, unit));
		it->price = price(r, COL(UNBUNDLED, price), pence);
		yes(r, COL(UNBUNDLED, mff), &it->mff);
	} else {
		code(r, COL(AE, hrg), &it->key.code);
		validity(r, COL(AE, valid_from), COL(AE, valid_to), &it->key);
		it->name = hf_ct_field(r, COL(AE, name));
		it->price = price(r, COL(AE, price), pence);
	}
	if (it->price == HF_CT_NO_PRICE && !r->bad)
		hf_ct_find_error(r, "price: blank");
}

static void
make_drug(struct hf_ct_reader *r, struct hf_ct_item *it)
{
	code(r, COL(DRUG, code), &it->key.code);
	validity(r, COL(DRUG, valid_from), COL(DRUG, valid_to), &it->key);
	it->name = hf_ct_field(r, COL(DRUG, name));
	it->price = HF_CT_NO_PRICE;
}

static void
make_mff(struct hf_ct_reader *r, struct hf_ct_mff *m)
{
	code(r, COL(MFF, provider), &m->key.code);
	validity(r, COL(MFF, valid_from), COL(MFF, valid_to), &m->key);
	m->name = hf_ct_field(r, COL(MFF, name));
	/* Contract 1.1: a payment index of at least 1. */
	m->mff = rate(r, COL(MFF, mff), HF_RATE_ONE, 2 * HF_RATE_ONE);
}

static void
make_topup(struct hf_ct_reader *r, struct hf_ct_topup *t)
{
	static const char *const services[] = {
#define HF_CT_SPECIAL(name, bit, code, text) [bit] = code,
#include "contract/special.def"
#undef HF_CT_SPECIAL
	};
	struct hf_sv s = hf_ct_field(r, COL(TOPUP, service));

	code(r, COL(TOPUP, provider), &t->key.code);
	validity(r, COL(TOPUP, valid_from), COL(TOPUP, valid_to), &t->key);
	while (t->key.sub < HF_COUNT(services) &&
	       !hf_sv_eq(s, hf_sv_from(services[t->key.sub])))
		t->key.sub++;
	if (t->key.sub == HF_COUNT(services))
		hf_ct_find_error(r, "service: no specialised service is called so");
	t->percent = rate(r, COL(TOPUP, percent), 0, HF_RATE_ONE);
}

void
hf_ct_row_make(struct hf_ct_reader *r, enum hf_ct_table_name table, void *row)
{
	switch (table) {
	case HF_CT_T_HRG:
		make_hrg(r, row);
		break;
	case HF_CT_T_OUTPATIENT:
		make_attendance(r, row);
		break;
	case HF_CT_T_AE:
	case HF_CT_T_UNBUNDLED:
		make_item(r, table == HF_CT_T_UNBUNDLED, row);
		break;
	case HF_CT_T_DRUG:
		make_drug(r, row);
		break;
	case HF_CT_T_MFF:
		make_mff(r, row);
		break;
	case HF_CT_T_TOPUP:
		make_topup(r, row);
		break;
	case HF_CT_TABLES:
		break;
	}
}

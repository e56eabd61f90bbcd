/* trace_text.c - a trace in words: what came in, the rule, the arithmetic before and
 * after the one rounding. */
#include "base/time.h"
#include "contract/price_int.h"

struct teller {
	const int64_t *v;
	const struct hf_ct_price_book *book;
	const struct hf_ct_activity *a;
	const struct hf_ct_priced *priced;
	struct hf_buf *out;
};

static void
money(struct teller *t, int64_t v)
{
	char text[HF_MONEY_TEXT];

	hf_buf_printf(t->out, "%s",
		      hf_pence_text(v, HF_PENCE_POUNDS, text, sizeof text));
}

static void
rate(struct teller *t, int64_t v)
{
	char text[HF_MONEY_TEXT];

	hf_buf_printf(t->out, "%s", hf_rate_text(v, text, sizeof text));
}

static void
date(struct teller *t, int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);

	hf_buf_printf(t->out, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

static const struct hf_ct_list *
list_of(const struct teller *t)
{
	return t->priced->list < t->book->n ? t->book->lists[t->priced->list] : NULL;
}

static void
line(struct teller *t, const char *file, int64_t n)
{
	hf_buf_printf(t->out, " (%s line %lld)", file, (long long)n);
}

static void
days(struct teller *t, int64_t n)
{
	hf_buf_printf(t->out, "%lld %s", (long long)n, n == 1 ? "day" : "days");
}

static void
tell_list(struct teller *t)
{
	const struct hf_ct_list *list = list_of(t);

	hf_buf_printf(t->out, "Price list %.*s%s, for ",
		      HF_SV_ARG(list ? list->id : HF_SV("unknown")),
		      list && list->illustrative ? " (illustrative)" : "");
	date(t, t->v[0]);
	hf_buf_lit(t->out, ", the day of discharge or attendance.");
}

static void
tell_year_end(struct teller *t)
{
	char text[HF_MONEY_TEXT];

	hf_buf_lit(t->out, "The stay began on ");
	date(t, t->v[0]);
	hf_buf_printf(t->out,
		      ", before the end of a financial year; all of it belongs to %s, "
		      "when it ended on ",
		      hf_fy_text(hf_period_of(t->v[1]).fy, text, sizeof text));
	date(t, t->v[1]);
	hf_buf_char(t->out, '.');
}

static void
tell_stay(struct teller *t)
{
	static const char *const what[] = {"critical care", "rehabilitation",
					   "specialist palliative care",
					   "days that are not the spell's own"};
	int64_t off = 0;

	hf_buf_lit(t->out, "Length of stay ");
	days(t, t->v[0]);
	for (size_t i = 0; i < HF_COUNT(what); i++) {
		if (t->v[i + 1] == 0)
			continue;
		hf_buf_printf(t->out, " - %lld %s", (long long)t->v[i + 1], what[i]);
		off += t->v[i + 1];
	}
	if (off) {
		hf_buf_lit(t->out, " = ");
		days(t, t->v[6]);
		if (off > t->v[0])
			hf_buf_lit(t->out, " (not less than 0)");
	}
	hf_buf_char(t->out, '.');
	if (t->v[5])
		hf_buf_printf(t->out,
			      " Of a long stay, %lld days after being ready to go are "
			      "not counted (this list says so).",
			      (long long)t->v[5]);
}

static void
tell_basis(struct teller *t)
{
	hf_buf_printf(t->out, "Admission method %s (%s), class %lld, length of stay ",
		      hf_ct_method_code((uint8_t)t->v[1]),
		      hf_ct_method_text((uint8_t)t->v[1]), (long long)t->v[2]);
	days(t, t->v[3]);
	hf_buf_printf(t->out, ": %s, %s.", hf_ct_pod_code((uint8_t)t->v[0]),
		      hf_ct_pod_text((uint8_t)t->v[0]));
}

static void
tell_code(struct teller *t, enum hf_ct_table_name table)
{
	const struct hf_ct_list *list = list_of(t);
	const void *row =
	    list ? hf_ct_list_find(list, table, t->a->hrg, 0, t->a->day) : NULL;
	struct hf_sv name = {0};
	char text[HF_CT_CODE_TEXT];

	if (row)
		name = table == HF_CT_T_HRG ? ((const struct hf_ct_hrg *)row)->name
					    : ((const struct hf_ct_item *)row)->name;
	hf_buf_printf(t->out, "%s%s%.*s", hf_ct_code_text(t->a->hrg, text),
		      name.n ? " " : "", HF_SV_ARG(name));
}

static void
tell_base(struct teller *t)
{
	static const char *const columns[] = {
#define HF_CT_BASE(name, column) #column,
#include "contract/base.def"
#undef HF_CT_BASE
	};

	tell_code(t, HF_CT_T_HRG);
	hf_buf_printf(t->out,
		      ", price %s: ", t->v[0] < HF_CT_BASES ? columns[t->v[0]] : "");
	money(t, t->v[1]);
	line(t, "hrg.csv", t->v[2]);
	hf_buf_char(t->out, '.');
}

static void
tell_sse(struct teller *t)
{
	hf_buf_printf(t->out, "Short-stay emergency: age %lld, ", (long long)t->v[0]);
	days(t, t->v[1]);
	hf_buf_lit(t->out, ": the price is ");
	money(t, t->v[2]);
	hf_buf_lit(t->out, ", and no long-stay payment.");
}

static void
tell_sse_not(struct teller *t)
{
	const struct hf_ct_list *list = list_of(t);

	hf_buf_lit(t->out, "No short-stay emergency: ");
	switch ((enum hf_ct_sse_not)t->v[0]) {
	case HF_CT_SSE_METHOD:
		hf_buf_printf(t->out, "admission method %s is no emergency.",
			      hf_ct_method_code((uint8_t)t->v[1]));
		break;
	case HF_CT_SSE_AGE:
		hf_buf_printf(t->out, "age %lld is under %d.", (long long)t->v[1],
			      list ? list->sse_min_age : 0);
		break;
	case HF_CT_SSE_DAYS:
		days(t, t->v[1]);
		hf_buf_lit(t->out, " is more than 1.");
		break;
	case HF_CT_SSE_LIST:
		hf_buf_lit(t->out, "the list has none for this group");
		line(t, "hrg.csv", t->v[1]);
		hf_buf_char(t->out, '.');
		break;
	case HF_CT_SSE_PROCEDURE:
		hf_buf_lit(t->out, "the group came from a procedure.");
		break;
	}
}

static void
tell_met(struct teller *t)
{
	hf_buf_printf(t->out, "Best practice met, told by %s: ",
		      t->v[0] == HF_CT_F_BPT_SUS ? "the national feed"
		      : t->v[0] == HF_CT_F_BPT_LOCAL
			  ? "the local database"
			  : "the national feed and the local "
			    "database");
}

static void
tell_bpt(struct teller *t, bool uplift)
{
	tell_met(t);
	if (!uplift) {
		hf_buf_lit(t->out, "its price ");
		money(t, t->v[1]);
		hf_buf_lit(t->out, " is in place of the base.");
		return;
	}
	money(t, t->v[2] - t->v[1]);
	hf_buf_lit(t->out, " + ");
	money(t, t->v[1]);
	hf_buf_lit(t->out, " = ");
	money(t, t->v[2]);
	hf_buf_char(t->out, '.');
}

static void
tell_long(struct teller *t)
{
	hf_buf_lit(t->out, "Long stay: ");
	days(t, t->v[0]);
	hf_buf_printf(t->out, " - trim point %lld = ", (long long)t->v[1]);
	days(t, t->v[0] - t->v[1]);
	hf_buf_lit(t->out, " x ");
	money(t, t->v[2]);
	hf_buf_lit(t->out, " = ");
	money(t, t->v[3]);
	hf_buf_char(t->out, '.');
}

static void
tell_long_not(struct teller *t)
{
	hf_buf_lit(t->out, "No long-stay payment: ");
	if (t->v[1] == HF_CT_NO_PRICE) {
		hf_buf_lit(t->out, "the list has no trim point and no day rate.");
		return;
	}
	days(t, t->v[0]);
	hf_buf_printf(t->out, ", trim point %lld.", (long long)t->v[1]);
}

/* v thousand-millionths of a penny as pence with their fraction. */
static void
fine(struct teller *t, int64_t v)
{
	rate(t, v);
	hf_buf_lit(t->out, "p");
}

static void
tell_topup(struct teller *t)
{
	static const char *const services[] = {
#define HF_CT_SPECIAL(name, bit, code, text) [bit] = text,
#include "contract/special.def"
#undef HF_CT_SPECIAL
	};

	hf_buf_printf(t->out, "Top-up for %s: ",
		      t->v[0] < HF_CT_SPECIALS ? services[t->v[0]] : "");
	rate(t, t->v[1]);
	hf_buf_lit(t->out, " x ");
	money(t, t->v[2]);
	hf_buf_lit(t->out, " = ");
	fine(t, (int64_t)((hf_i128)t->v[1] * t->v[2]));
	hf_buf_lit(t->out, ", not on the long stay; the highest one only.");
}

/* Exact: up to 18 places of a penny. */
static void
tell_mff(struct teller *t)
{
	hf_i128 product = (hf_i128)t->v[1] * t->v[0];
	hf_i128 one = (hf_i128)HF_RATE_ONE * HF_RATE_ONE;
	char text[32], places[24];
	int n;

	if (t->v[0] == HF_RATE_ONE)
		hf_buf_lit(t->out, "No market forces factor is applied, or it is 1: ");
	else
		hf_buf_lit(t->out, "Market forces factor: ");
	fine(t, t->v[1]);
	hf_buf_lit(t->out, " x ");
	rate(t, t->v[0]);
	snprintf(text, sizeof text, "%lld", (long long)(product / one));
	snprintf(places, sizeof places, "%018lld", (long long)(product % one));
	for (n = 18; n > 0 && places[n - 1] == '0'; n--)
		places[n - 1] = '\0';
	hf_buf_printf(t->out, " = %s%s%sp.", text, n ? "." : "", places);
}

static void
tell_round(struct teller *t)
{
	hf_buf_printf(t->out, "Rounded once, half %s: %lldp = ",
		      t->v[0] == HF_HALF_EVEN ? "to even" : "away from zero",
		      (long long)t->v[1]);
	money(t, t->v[1]);
	hf_buf_char(t->out, '.');
}

static void
tell_op(struct teller *t)
{
	char text[HF_CT_CODE_TEXT];

	hf_buf_printf(t->out, "Treatment function %s, %s attendance, %s: ",
		      hf_ct_code_text(t->a->kind == HF_CT_ACT_AE && list_of(t)
					  ? list_of(t)->ae_follow_up
					  : t->a->specialty,
				      text),
		      t->v[0] == HF_CT_OP_FIRST ? "first" : "follow-up",
		      t->v[1] ? "several professionals" : "one professional");
	money(t, t->v[2]);
	line(t, "outpatient.csv", t->v[3]);
	hf_buf_char(t->out, '.');
}

static void
tell_group(struct teller *t)
{
	hf_buf_printf(t->out,
		      "Highest investigation category %lld, treatment category %lld: "
		      "%s.",
		      (long long)t->v[0], (long long)t->v[1],
		      (size_t)t->v[2] < hf_ct_n_vb ? hf_ct_vb_codes[t->v[2]] : "");
}

static void
tell_priced(struct teller *t, const char *what, const char *file, bool code,
	    enum hf_ct_table_name table)
{
	hf_buf_printf(t->out, "%s", what);
	if (code) {
		hf_buf_char(t->out, ' ');
		tell_code(t, table);
	}
	hf_buf_lit(t->out, ": ");
	money(t, t->v[0]);
	line(t, file, t->v[1]);
	hf_buf_char(t->out, '.');
}

static void
tell_item(struct teller *t)
{
	hf_buf_lit(t->out, "Unbundled ");
	tell_code(t, HF_CT_T_UNBUNDLED);
	hf_buf_printf(t->out, ": %lld x ", (long long)t->v[1]);
	money(t, t->v[0]);
	line(t, "unbundled.csv", t->v[3]);
	hf_buf_printf(t->out, ", %s the market forces factor.",
		      t->v[2] ? "with" : "without");
}

static void
tell_at_cost(struct teller *t)
{
	hf_buf_lit(t->out, "On the list of medicines and devices paid at cost: ");
	tell_code(t, HF_CT_T_DRUG);
	hf_buf_printf(t->out, ", %lld for ", (long long)t->v[1]);
	money(t, t->v[0]);
	hf_buf_lit(t->out, ", without the market forces factor.");
}

static void
tell(struct teller *t, enum hf_ct_step_code code)
{
	switch (code) {
	case HF_CT_STEP_LIST:
		tell_list(t);
		break;
	case HF_CT_STEP_YEAR_END:
		tell_year_end(t);
		break;
	case HF_CT_STEP_STAY:
		tell_stay(t);
		break;
	case HF_CT_STEP_BASIS:
		tell_basis(t);
		break;
	case HF_CT_STEP_BASE:
		tell_base(t);
		break;
	case HF_CT_STEP_SSE:
		tell_sse(t);
		break;
	case HF_CT_STEP_SSE_NOT:
		tell_sse_not(t);
		break;
	case HF_CT_STEP_BPT_REPLACE:
	case HF_CT_STEP_BPT_UPLIFT:
		tell_bpt(t, code == HF_CT_STEP_BPT_UPLIFT);
		break;
	case HF_CT_STEP_BPT_NOT:
		hf_buf_lit(t->out, "Best practice is not told to be met: the base "
				   "price stays.");
		break;
	case HF_CT_STEP_LONG:
		tell_long(t);
		break;
	case HF_CT_STEP_LONG_NOT:
		tell_long_not(t);
		break;
	case HF_CT_STEP_TOPUP:
		tell_topup(t);
		break;
	case HF_CT_STEP_MFF:
		tell_mff(t);
		break;
	case HF_CT_STEP_ROUND:
		tell_round(t);
		break;
	case HF_CT_STEP_OP:
		tell_op(t);
		break;
	case HF_CT_STEP_OP_INTERNAL:
		hf_buf_lit(t->out, "Referred by another consultant of this provider: "
				   "this list counts it as a follow-up.");
		break;
	case HF_CT_STEP_OP_DNA:
		hf_buf_lit(t->out, "Not attended: nothing is paid.");
		break;
	case HF_CT_STEP_OP_PROCEDURE:
		tell_priced(t, "Procedure in place of the attendance,", "hrg.csv", true,
			    HF_CT_T_HRG);
		break;
	case HF_CT_STEP_AE_GROUP:
		tell_group(t);
		break;
	case HF_CT_STEP_AE_SIMPLEST:
		hf_buf_printf(t->out,
			      "Department of type %lld: the price of the simplest "
			      "group, VB11Z.",
			      (long long)t->v[0]);
		break;
	case HF_CT_STEP_AE_FOLLOW_UP:
		hf_buf_lit(t->out, "A planned follow-up in A&E is paid as an "
				   "outpatient follow-up.");
		break;
	case HF_CT_STEP_AE:
		tell_priced(t, "A&E attendance, price", "ae.csv",
			    t->a->hrg && t->a->cls < 3, HF_CT_T_AE);
		break;
	case HF_CT_STEP_ITEM:
		tell_item(t);
		break;
	case HF_CT_STEP_AT_COST:
		tell_at_cost(t);
		break;
	case HF_CT_STEP_PROBLEM:
		hf_buf_printf(t->out,
			      "LOCAL, value \xc2\xa3"
			      "0.00: %s (%s).",
			      hf_ct_problem_text((uint8_t)t->v[0]),
			      hf_ct_problem_code((uint8_t)t->v[0]));
		break;
	case HF_CT_STEP_END:
	case HF_CT_STEPS:
		break;
	}
}

void
hf_ct_step_text(const struct hf_ct_trace_step *step,
		const struct hf_ct_price_book *book, const struct hf_ct_activity *a,
		const struct hf_ct_priced *priced, struct hf_buf *out)
{
	struct teller t = {
	    .v = step->v, .book = book, .a = a, .priced = priced, .out = out};

	tell(&t, step->code);
}

void
hf_ct_trace_text(struct hf_sv traces, const struct hf_ct_price_book *book,
		 const struct hf_ct_activity *a, const struct hf_ct_priced *priced,
		 struct hf_buf *out)
{
	struct hf_sv rest = hf_sv_from_at(traces, priced->trace);
	struct hf_ct_trace_step step;

	while (hf_ct_step_next(&rest, &step)) {
		hf_buf_printf(out, "%s: ", hf_ct_step_clause(step.code));
		hf_ct_step_text(&step, book, a, priced, out);
		hf_buf_char(out, '\n');
	}
}

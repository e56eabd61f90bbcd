/* price.c - one line: which list, which kind, the market forces factor, the rounding.
 */
#include "contract/price_int.h"

void
hf_ct_pricer_init(struct hf_ct_pricer *p, const struct hf_ct_price_book *book,
		  struct hf_buf *traces)
{
	*p = (struct hf_ct_pricer){.book = book, .traces = traces, .only = -1};
	for (size_t i = 0; i < HF_CT_DAYS_KEPT; i++)
		p->days[i].day = INT32_MIN;
}

void
hf_ct_pricer_only(struct hf_ct_pricer *p, const struct hf_ct_list *list)
{
	int at = 0;

	while ((size_t)at < p->book->n && p->book->lists[at] != list)
		at++;
	assert((size_t)at < p->book->n);
	p->only = at;
	for (size_t i = 0; i < HF_CT_DAYS_KEPT; i++)
		p->days[i].day = INT32_MIN;
}

/* Activity comes by day or nearly, so what a day gives is worth keeping. */
static const struct hf_ct_day *
day_of(struct hf_ct_pricer *p, int32_t day)
{
	struct hf_ct_day *d = &p->days[(uint32_t)day % HF_CT_DAYS_KEPT];

	if (d->day != day || day == INT32_MIN) {
		struct hf_period period = hf_period_of(day);
		int list = p->only >= 0 ? p->only : hf_ct_price_book_on(p->book, day);

		d->day = day;
		d->fy = period.fy;
		d->period = period.period;
		d->list = list < 0 ? HF_CT_NO_LIST : (uint8_t)list;
	}
	return d;
}

/* Subtotal in thousand-millionths of a penny; false when it is beyond reason. */
static bool
subtotal(const struct hf_ct_work *w, int64_t *all, int64_t *without_excess)
{
	hf_i128 base = (hf_i128)w->price * (HF_RATE_ONE + w->topup);
	hf_i128 sum = base + (hf_i128)w->excess_value * HF_RATE_ONE;

	if (sum > INT64_MAX)
		return false;
	*all = (int64_t)sum;
	*without_excess = (int64_t)base;
	return true;
}

static enum hf_ct_problem
finish(struct hf_ct_work *w, hf_rate mff)
{
	static const hf_i128 den = (hf_i128)HF_RATE_ONE * HF_RATE_ONE;
	enum hf_rounding how = w->list->rounding;
	struct hf_ct_priced *out = w->out;
	int64_t all, base;
	hf_pence without;

	if (!subtotal(w, &all, &base) ||
	    !hf_round_div((hf_i128)all * mff, den, how, &out->value))
		return HF_CT_P_TOO_LARGE;
	HF_CT_TELL(w, MFF, mff, all);
	HF_CT_TELL(w, ROUND, how, out->value);
	out->xbd = 0;
	if (w->excess_value == 0)
		return HF_CT_P_NONE;
	if (!hf_round_div((hf_i128)base * mff, den, how, &without))
		return HF_CT_P_TOO_LARGE;
	out->xbd = out->value - without;
	return HF_CT_P_NONE;
}

enum hf_ct_problem
hf_ct_price_mff(struct hf_ct_work *w)
{
	const struct hf_ct_mff *m =
	    hf_ct_list_find(w->list, HF_CT_T_MFF, w->a->provider, 0, w->a->day);

	return m ? finish(w, m->mff) : HF_CT_P_NO_MFF;
}

enum hf_ct_problem
hf_ct_price_plain(struct hf_ct_work *w)
{
	return finish(w, HF_RATE_ONE);
}

static enum hf_ct_problem
by_kind(struct hf_ct_work *w)
{
	if (w->a->kind == HF_CT_ACT_SPELL && w->a->flags & HF_CT_F_OPEN)
		return HF_CT_P_UNFINISHED;
	if (w->out->list == HF_CT_NO_LIST)
		return HF_CT_P_NO_LIST;
	HF_CT_TELL(w, LIST, w->a->day);
	switch (w->a->kind) {
	case HF_CT_ACT_SPELL:
		return hf_ct_price_spell(w);
	case HF_CT_ACT_OUTPATIENT:
		return hf_ct_price_outpatient(w);
	case HF_CT_ACT_AE:
		return hf_ct_price_ae(w);
	case HF_CT_ACT_UNBUNDLED:
		return hf_ct_price_unbundled(w);
	case HF_CT_ACT_DRUG:
		return hf_ct_price_drug(w);
	default:
		return HF_CT_P_UNKNOWN;
	}
}

static void
keep_trace(struct hf_ct_work *w)
{
	struct hf_buf *traces = w->pricer->traces;

	*w->at++ = HF_CT_STEP_END;
	/* An offset has 32 bits; 4 GB of traces are some hundred million lines. */
	if (traces->n > UINT32_MAX)
		traces->failed = true;
	w->out->trace = (uint32_t)traces->n;
	hf_buf_add(traces, w->bytes, (size_t)(w->at - w->bytes));
}

void
hf_ct_price(struct hf_ct_pricer *p, const struct hf_ct_activity *a,
	    struct hf_ct_priced *out)
{
	const struct hf_ct_day *day = day_of(p, a->day);
	struct hf_ct_work w;
	enum hf_ct_problem problem;

	*out = (struct hf_ct_priced){
	    .fy = day->fy, .period = day->period, .list = day->list};
	/* Its bytes are left as they are: a line writes what it needs. */
	w.pricer = p;
	w.list = day->list == HF_CT_NO_LIST ? NULL : p->book->lists[day->list];
	w.a = a;
	w.out = out;
	w.at = p->traces ? w.bytes : NULL;
	w.topup = 0;
	w.price = w.excess_value = 0;
	problem = by_kind(&w);
	if (problem != HF_CT_P_NONE) {
		out->value = out->xbd = 0;
		out->excess = 0;
		HF_CT_TELL(&w, PROBLEM, problem);
	}
	out->problem = (uint8_t)problem;
	if (w.at)
		keep_trace(&w);
}

void
hf_ct_price_all(struct hf_ct_pricer *p, const struct hf_ct_activity *a, size_t n,
		struct hf_ct_priced *out)
{
	for (size_t i = 0; i < n; i++)
		hf_ct_price(p, &a[i], &out[i]);
}

static const struct {
	const char *code, *text;
	enum hf_ct_group group;
} pods[] = {
#define HF_CT_POD(name, code, group, text) {code, text, HF_CT_G_##group},
#include "contract/pod.def"
#undef HF_CT_POD
};

static const struct {
	const char *code, *text;
} problems[] = {
#define HF_CT_PROBLEM(name, code, text) {code, text},
#include "contract/problem.def"
#undef HF_CT_PROBLEM
};

const char *
hf_ct_pod_code(uint8_t pod)
{
	return pods[pod < HF_CT_PODS ? pod : 0].code;
}

const char *
hf_ct_pod_text(uint8_t pod)
{
	return pods[pod < HF_CT_PODS ? pod : 0].text;
}

enum hf_ct_group
hf_ct_pod_group(uint8_t pod)
{
	return pods[pod < HF_CT_PODS ? pod : 0].group;
}

const char *
hf_ct_problem_code(uint8_t problem)
{
	return problems[problem < HF_CT_PROBLEMS ? problem : HF_CT_P_UNKNOWN].code;
}

const char *
hf_ct_problem_text(uint8_t problem)
{
	return problems[problem < HF_CT_PROBLEMS ? problem : HF_CT_P_UNKNOWN].text;
}

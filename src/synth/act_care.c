/* act_care.c - care outside hospital: community, urgent response, mental health, social
 * care, general practice, tests and prescriptions. */
#include "synth/act.h"

static struct hf_pop_event *
contact(struct making *m, enum hf_pop_setting s, int day, enum hours h, int pounds)
{
	struct hf_pop_event *e = hf_act_event(m, s, day, hf_act_draw_minute(m, h));

	e->basis = HF_POP_B_REFERENCE;
	e->cost = pounds * 100;
	return e;
}

typedef void tell_one(struct making *m, int day);

static void
each(struct making *m, enum rate r, enum hf_synth_effect_kind k, tell_one *tell)
{
	double bound = k == HF_SYNTH_UCR ? m->a->bound_ucr : 1;
	int n;

	hf_act_stream(m, r);
	n = hf_act_times(m, r, m->from, m->until, bound);
	for (int i = 0; i < n; i++) {
		int day = hf_act_draw_day(m, r, m->from, m->until);

		if (hf_act_away(m, day))
			continue;
		if (k == HF_SYNTH_UCR &&
		    hf_rng_unit(&m->rng) * bound >= hf_act_change(m, k, day))
			continue;
		tell(m, day);
	}
}

static void
tell_community(struct making *m, int day)
{
	/* contacts of act_book.c by 0-17, 18-64, 65 and over, and pounds */
	static const int8_t kind[10][3] = {
	    {0, 22, 58}, {22, 0, 0}, {38, 0, 0}, {4, 34, 11}, {0, 12, 9},
	    {0, 6, 11},	 {0, 16, 5}, {30, 2, 1}, {0, 4, 4},   {6, 4, 1}};
	static const int16_t pounds[10] = {60,	146, 96,  79,  77,
					   115, 120, 166, 145, 155};
	int band = m->years_old < 18 ? 0 : m->years_old < 65 ? 1 : 2, k = 0;
	int at = (int)hf_rng_below(&m->rng, 100);
	struct hf_pop_event *e;

	while (k < 9 && at >= kind[k][band])
		at -= kind[k++][band];
	e = contact(m, HF_POP_COM, day, HOURS_WORK, pounds[k]);
	e->provider = ACT_ONE(m, COMMUNITY);
	e->hrg = act_code(m->a, CODE_CONTACT + k);
}

/* The 2-hour standard is 70 %; England is well above it. */
static void
tell_response(struct making *m, int day)
{
	struct hf_pop_event *e = contact(m, HF_POP_UCR, day, HOURS_ANY, 126);

	e->provider = ACT_ONE(m, COMMUNITY);
	e->wait = (uint16_t)hf_act_about(&m->rng, 68, 0.58);
	e->dx = ACT_ONE(m, R69);
	e->flags = HF_POP_F_URGENT;
	e->outcome = HF_POP_O_HOME;
}

static void
tell_mind(struct making *m, int day)
{
	struct hf_pop_event *e = contact(m, HF_POP_MH, day, HOURS_WORK, 306);

	e->cls = 1;
	e->provider = ACT_ONE(m, MENTAL);
	e->specialty = ACT_ONE(m, PSYCHIATRY);
}

static void
social(struct making *m, int day, int cls, int los, int pounds)
{
	struct hf_pop_event *e = contact(m, HF_POP_ASC, day, HOURS_WORK, pounds);
	int days = (int)(m->a->last - m->a->first);

	e->cls = (uint8_t)cls;
	e->provider = ACT_ONE(m, COUNCIL);
	if (los > 0 && day + los >= m->to) {
		los = m->to - 1 - day;
		e->flags = m->to == days && m->died == INT32_MAX ? HF_POP_F_OPEN : 0;
	}
	e->los = (uint16_t)(los < 0 ? 0 : los);
	e->outcome = m->care_home ? HF_POP_O_CARE_HOME : HF_POP_O_HOME;
	e->basis = HF_POP_B_LOCAL;
}

/* An assessment, and for some what follows from it. */
static void
tell_social(struct making *m, int day)
{
	uint32_t u = hf_rng_below(&m->rng, 100);
	int weeks = 4 + (int)(60 * hf_rng_exp(&m->rng));

	weeks = weeks > 500 ? 500 : weeks;
	social(m, day, 1, 0, 180);
	if (m->care_home && u < 60)
		social(m, day, u < 32 ? 4 : 5, weeks * 7, 780 * weeks);
	else if (u < 12 && m->years_old >= 55)
		social(m, day, 2, 35, 2200);
	else if (u < 34)
		social(m, day, 3, weeks * 7, 320 * weeks);
	else if (u < 39)
		social(m, day, 6, weeks * 7, 300 * weeks);
}

static void
tell_practice(struct making *m, int day)
{
	struct hf_pop_event *e = contact(m, HF_POP_GP, day, HOURS_WORK, 42);

	/* Codes of practices stand after those of the others: act_book.c. */
	e->provider = (uint16_t)(hf_act_practice_on(m, day) + 6);
	e->cls = hf_rng_below(&m->rng, 100) < 45 ? 1 : 2;
}

static void
tell_test(struct making *m, int day)
{
	static const struct {
		uint8_t share;
		int16_t minutes, pounds;
	} test[] = {{26, 1250, 3},  {24, 1250, 2},  {14, 1900, 3},  {12, 1300, 2},
		    {10, 2900, 45}, {3, 9500, 124}, {6, 11500, 81}, {5, 700, 69}};
	enum { CT = 5, MRI = 8 }; /* of tests in act_book.c */
	uint32_t at = hf_rng_below(&m->rng, 100);
	struct hf_pop_event *e;
	size_t k = 0;
	bool urgent = hf_rng_below(&m->rng, 100) < 14;

	while (k < HF_COUNT(test) - 1 && at >= test[k].share)
		at -= test[k++].share;
	e = contact(m, HF_POP_DIAG, day, HOURS_WORK, test[k].pounds);
	e->provider = ACT_ONE(m, ACUTE);
	e->proc = act_code(m->a, CODE_TEST + (int)k);
	if (k == CT && at == 0 && m->years_old >= 19) { /* one scan in three */
		e->proc = act_code(m->a, CODE_TEST + MRI);
		e->hrg = act_code(m->a, CODE_MRI);
	}
	e->flags = urgent ? HF_POP_F_URGENT : 0;
	e->wait = (uint16_t)hf_act_about(&m->rng,
					 test[k].minutes / (urgent ? 4.0 : 1.0), 0.7);
}

/* A call or visit within the week after an emergency stay, of one in three of the old.
 */
static void
follow_up(struct making *m, int left)
{
	int day = left + 1 + (int)hf_rng_below(&m->rng, 6);
	bool old = m->years_old >= 65;
	uint32_t u = hf_rng_below(&m->rng, 100);

	if (day >= m->until || hf_act_away(m, day))
		return;
	if (u < (old ? 22u : 6u))
		tell_community(m, day);
	else if (u < (old ? 38u : 20u))
		tell_practice(m, day);
}

/* Reablement after a stay that ends with it: within two days, for up to six weeks. */
static void
after_stays(struct making *m)
{
	size_t n = m->life->n_event;

	hf_act_stream(m, 43);
	for (size_t i = 0; i < n; i++) {
		const struct hf_pop_event *e = &m->life->event[i];
		bool reabled;
		int day;

		if (e->setting != HF_POP_NE || (e->flags & HF_POP_F_OPEN) ||
		    e->outcome == HF_POP_O_DIED)
			continue;
		day = e->day + e->los - hf_act_pop_day(m, 0);
		reabled = e->outcome == HF_POP_O_REABLEMENT;
		follow_up(m, day);
		if (!reabled)
			continue;
		day += (int)hf_rng_below(&m->rng, 3);
		if (day < m->until && !hf_act_away(m, day + 1))
			social(m, day, 2, 20 + (int)hf_rng_below(&m->rng, 23), 2200);
	}
}

void
hf_act_care(struct making *m)
{
	after_stays(m);
	each(m, RATE_COM, HF_SYNTH_EFFECT_KINDS, tell_community);
	each(m, RATE_UCR, HF_SYNTH_UCR, tell_response);
	each(m, RATE_MH, HF_SYNTH_EFFECT_KINDS, tell_mind);
	each(m, RATE_ASC, HF_SYNTH_EFFECT_KINDS, tell_social);
	each(m, RATE_GP, HF_SYNTH_EFFECT_KINDS, tell_practice);
	each(m, RATE_DIAG, HF_SYNTH_EFFECT_KINDS, tell_test);
}

/* A row for each medicine on repeat and year (less some days, so that each year has
 * one), or month in the whole. */
void
hf_act_prescribed(struct making *m)
{
	int step = m->a->config.whole ? 28 : 340;

	hf_act_stream(m, 44);
	for (int i = 0; i < hf_act_n_chemicals; i++) {
		int day = m->from + (int)hf_rng_below(&m->rng, (uint32_t)step);

		if (!(m->meds & ((uint64_t)1 << i)))
			continue;
		for (; day < m->until; day += step) {
			struct hf_pop_event *e =
			    contact(m, HF_POP_RX, day, HOURS_WORK, 8);

			e->provider = (uint16_t)(hf_act_practice_on(m, day) + 6);
			e->proc = act_code(m->a, CODE_MED + i);
			e->minute = HF_POP_NONE;
		}
	}
}

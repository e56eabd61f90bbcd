/* act_ward.c - emergency stays: why, for how long, and what is said at the end. */
#include <math.h>

#include "synth/act_stay.h"

/* Nights of an emergency stay: none, or long-tailed, by age (nine bands): percent of
 * none, and tenths of the mean of all. */
static int
nights(struct making *m, int percent)
{
	static const int8_t none[ACT_BANDS] = {50, 55, 48, 42, 39, 34, 28, 22, 17};
	static const int16_t mean[ACT_BANDS] = {12, 10, 13, 19, 28, 46, 64, 84, 96};
	double zero = none[m->band] / 100.0 *
		      (percent < 60    ? 1.2
		       : percent > 120 ? 0.4
				       : 1);
	double long_mean, z = hf_rng_normal(&m->rng);

	zero = zero > 0.9 ? 0.9 : zero;
	if (hf_act_chance(&m->rng, zero))
		return 0;
	long_mean = mean[m->band] / 10.0 * percent / 100 / (1 - none[m->band] / 100.0);
	long_mean = long_mean < 1.2 ? 0.7 : long_mean - 0.5;
	z = exp(log(long_mean) - 0.5 + z);
	return z > 150 ? 150 : 1 + (int)z;
}

static const struct ne_row *
reason(struct making *m, int day)
{
	const struct hf_synth_activity *a = m->a;
	int band = hf_act_band6(m->years_old), total = 0, at;
	int weight[ACT_NE_ROWS] = {0};

	for (int i = 0; i < a->n_ne; i++) {
		const struct ne_row *r = &a->ne[i];
		double w = r->weight[band] * 100;

		if (r->need != LTC_NONE)
			w *= m->has & LTC_BIT(r->need) ? 1.7 : 0.5;
		w *= 1 + (r->winter / 100.0 - 1) * a->winter[day] / 100;
		weight[i] = w < 0 ? 0 : (int)w;
		total += weight[i];
	}
	at = (int)hf_rng_below(&m->rng, (uint32_t)total);
	for (int i = 0; i < a->n_ne; i++) {
		if (at < weight[i])
			return &a->ne[i];
		at -= weight[i];
	}
	return &a->ne[0];
}

void
hf_act_further(struct making *m, struct hf_pop_event *e, const struct ne_row *r)
{
	uint16_t dx[HF_POP_DX_MOST - 1];
	size_t n = 0;

	if (r && r->fall)
		dx[n++] = act_code(m->a, CODE_FALL + (int)hf_rng_below(&m->rng, 4));
	else if (r && r->second)
		dx[n++] = r->second;
	for (int i = 0; i < LTC_COUNT && n < HF_COUNT(dx); i++) {
		uint16_t code = act_code(m->a, CODE_DX + i);

		if (!(m->has & LTC_BIT(i)) || code == 0 || code == e->dx ||
		    hf_rng_below(&m->rng, 100) >= 82)
			continue;
		dx[n++] = code;
	}
	hf_act_dx(m, e, dx, n);
}

/* A quarter do not come through A&E: from GP, clinic, or otherwise. */
static enum hf_pop_method
other_way(struct making *m)
{
	uint32_t u = hf_rng_below(&m->rng, 100);

	return u < 42	? HF_POP_M_22
	       : u < 45 ? HF_POP_M_23
	       : u < 62 ? HF_POP_M_24
	       : u < 64 ? HF_POP_M_2A
			: HF_POP_M_2D;
}

static void
leave(struct making *m, struct hf_pop_event *e)
{
	uint32_t u = hf_rng_below(&m->rng, 1000);
	bool old = m->years_old >= 65;

	if (m->care_home)
		e->outcome = HF_POP_O_CARE_HOME;
	else if (u < 15)
		e->outcome = HF_POP_O_LEFT;
	else if (u < 33)
		e->outcome = HF_POP_O_HOSPITAL;
	else if (old && e->los >= 4 && u < 120)
		e->outcome = HF_POP_O_REABLEMENT;
	else if (m->years_old >= 78 && e->los >= 8 && u < 150)
		e->outcome = HF_POP_O_CARE_HOME;
	else
		e->outcome = HF_POP_O_HOME;
	/* An eighth of beds of adults: ready, and still there (acute discharge
	 * statistics). */
	e->wait = 0;
	if (m->years_old >= 18 && e->los >= 4 &&
	    hf_act_chance(&m->rng, old ? 0.5 : 0.3)) {
		int wait = 1 + (int)(5.2 * hf_rng_exp(&m->rng));

		e->wait = (uint16_t)(wait > e->los - 1 ? e->los - 1 : wait);
	}
	e->flags |= HF_POP_F_READY_DELAY;
}

static void
measure(struct making *m, const struct hf_pop_event *e, int day)
{
	const struct hf_synth_activity *a = m->a;
	bool anaemic = (m->has & LTC_BIT(LTC_EFI_ANAEMIA)) != 0;
	int hb = (anaemic	       ? 102
		  : m->years_old >= 75 ? 122
				       : 131) +
		 (int)(13 * hf_rng_normal(&m->rng));
	int na = 138 + (int)(3.4 * hf_rng_normal(&m->rng));

	if (e->los >= 1 && m->years_old >= 18) {
		hf_act_value(m, act_code(a, CODE_ONE + ONE_HB), day, hb * 1000);
		hf_act_value(m, act_code(a, CODE_ONE + ONE_NA), day, na * 1000);
	}
	if (hf_rng_below(&m->rng, 100) < 18) {
		uint32_t u = hf_rng_below(&m->rng, 1000);
		/* 1 very good ... 5 very poor, 6 does not know: of inpatients 94 %
		 * say good and 3 % poor. */
		int fft = u < 760   ? 1
			  : u < 938 ? 2
			  : u < 964 ? 3
			  : u < 978 ? 4
			  : u < 992 ? 5
				    : 6;

		hf_act_value(m, ACT_ONE(m, FFT), day, fft * 1000);
	}
}

static int
complexity(const struct making *m)
{
	int n = m->n_ltc + m->deficits / 4;

	return n < 2 ? 0 : n < 6 ? 1 : 2;
}

static void
price(struct hf_pop_event *e, int short_pounds, int long_pounds, int a_night)
{
	e->basis = HF_POP_B_REFERENCE;
	e->cost = 100 * (e->los < 2 ? short_pounds : long_pounds + a_night * e->los);
}

int
hf_act_close(struct making *m, struct hf_pop_event *e, int day, int los)
{
	int days = (int)(m->a->last - m->a->first), end = day + los;

	if (end >= m->to && m->died == INT32_MAX && m->to == days) {
		end = days - 1;
		if (day + los > end) {
			e->flags |= HF_POP_F_OPEN;
			e->outcome = HF_POP_O_UNKNOWN;
			e->end_minute = HF_POP_NONE;
		}
	} else if (end >= m->until) {
		end = m->until - 1 < day ? day : m->until - 1;
	}
	e->los = (uint16_t)(end - day);
	return end;
}

void
hf_act_end_minute(struct making *m, struct hf_pop_event *e)
{
	int at = hf_act_draw_minute(m, HOURS_WORK);

	at = at + 120 > 1439 ? 1439 : at + 120;
	if (e->los == 0 && at <= e->minute)
		at = e->minute + 30 +
		     (int)hf_rng_below(&m->rng, (uint32_t)(1440 - e->minute));
	e->end_minute = (uint16_t)(at > 1439 ? 1439 : at);
}

void
hf_act_readmit(struct making *m, struct act_list *l, const struct hf_pop_event *e,
	       int end, bool planned, uint32_t key)
{
	static const int8_t percent[ACT_BANDS] = {8, 7, 7, 8, 9, 10, 10, 10, 10};
	double p = percent[m->band] / 100.0 * (planned ? 0.28 : 1) *
		   (0.55 + 0.45 * m->habit) * (m->n_ltc > 3 ? 1.25 : 1);
	int day = end + 1 + (int)(8.5 * hf_rng_exp(&m->rng));
	bool comes = hf_act_chance(&m->rng, p);

	if (!comes || e->outcome == HF_POP_O_DIED || day > end + 29 || day >= m->to ||
	    !hf_act_chance(&m->rng, hf_act_change(m, HF_SYNTH_READMISSIONS, day)))
		return;
	hf_act_put(l, day, ACT_READMIT, key * 2654435761u + 1);
}

int
hf_act_emergency(struct making *m, struct act_list *l, const struct act_maybe *c)
{
	bool last = c->what == ACT_LAST, through = hf_rng_below(&m->rng, 1000) < 748;
	double more =
	    hf_act_change(m, HF_SYNTH_ADMISSIONS, c->day) * (last ? m->a->bound : 1);
	double keep = hf_rng_unit(&m->rng);
	const struct ne_row *r = reason(m, c->day);
	int day = c->day, minute = hf_act_draw_minute(m, HOURS_ANY), los, end;
	struct hf_pop_event *e;

	/* What follows from a stay that was kept out is not there to be kept out. */
	if (c->what != ACT_READMIT && keep >= more / m->a->bound) {
		/* Who does not come to die dies at home. */
		if (last)
			m->death_place =
			    m->care_home ? HF_POP_O_CARE_HOME : HF_POP_O_HOME;
		return -1;
	}
	if (r->fall && !last &&
	    !hf_act_chance(&m->rng, hf_act_change(m, HF_SYNTH_FALLS, day)))
		return -1;
	if (through)
		hf_act_attend(m, day, minute, true, r->icd, &day, &minute);
	e = hf_act_event(m, HF_POP_NE, day, minute);
	e->method = (uint8_t)(through ? HF_POP_M_21 : other_way(m));
	e->source = m->care_home ? HF_POP_O_CARE_HOME : HF_POP_O_HOME;
	e->provider = ACT_ONE(m, ACUTE);
	e->specialty = m->years_old < 16 ? ACT_ONE(m, PAEDIATRIC) : r->specialty;
	e->dx = r->icd;
	e->hrg = r->hrg[complexity(m)];
	los = nights(m, r->los);
	los = (int)(los * hf_act_change(m, HF_SYNTH_LOS, day) +
		    (hf_act_change(m, HF_SYNTH_LOS, day) == 1 ? 0
							      : hf_rng_unit(&m->rng)));
	if (last) {
		e->los = (uint16_t)(m->died - day);
		e->outcome = HF_POP_O_DIED;
		end = m->died;
	} else {
		e->los = (uint16_t)los;
		leave(m, e);
		end = hf_act_close(m, e, day, los);
		if (e->wait != HF_POP_NONE && e->wait > e->los)
			e->wait = e->los;
	}
	if (!(e->flags & HF_POP_F_OPEN))
		hf_act_end_minute(m, e);
	price(e, 825, 1500, 560);
	if (e->los >= 5 && hf_rng_below(&m->rng, 100) < 5)
		e->excluded = (uint8_t)(1 + hf_rng_below(&m->rng, 4));
	hf_act_further(m, e, r);
	measure(m, e, end);
	hf_act_readmit(m, l, e, end, false, c->key);
	return end;
}

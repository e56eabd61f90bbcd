/* act_contact.c - A&E, ambulance, 111 and outpatients. */
#include "synth/act.h"

/* Minutes in the department: of type 1 some three in five leave within four hours, of
 * the others nearly all (monthly A&E returns). */
static int
minutes_in(struct making *m, int type, bool admitted)
{
	int n = type != 1  ? hf_act_about(&m->rng, 78, 0.55)
		: admitted ? hf_act_about(&m->rng, 365, 0.72)
			   : hf_act_about(&m->rng, 178, 0.52);

	return n < 5 ? 5 : n > 2800 ? 2800 : n;
}

static bool
conveyed(struct making *m, int type, bool admitted)
{
	static const int8_t percent[ACT_BANDS] = {8, 9, 11, 19, 20, 26, 38, 54, 72};
	int p = percent[m->band] + (admitted ? 18 : -3);

	return hf_rng_below(&m->rng, 100) < (uint32_t)(type == 1 ? (p < 0 ? 0 : p) : 0);
}

static void
ambulance(struct making *m, int day, int minute, int what, uint16_t dx)
{
	static const int16_t pounds[] = {489, 364, 62};
	struct hf_pop_event *e = hf_act_event(m, HF_POP_AMB, day, minute);

	e->provider = ACT_ONE(m, AMBULANCE);
	e->dx = dx;
	e->flags = what == 0 ? HF_POP_F_CONVEYED : 0;
	e->wait = (uint16_t)hf_act_about(&m->rng, 31, 0.7); /* minutes to arrive */
	e->basis = HF_POP_B_REFERENCE;
	e->cost = pounds[what] * 100;
	e->cls = (uint8_t)(what + 1);
}

void
hf_act_attend(struct making *m, int day, int minute, bool admitted, uint16_t dx,
	      int *end_day, int *end_minute)
{
	uint32_t u = hf_rng_below(&m->rng, 1000);
	/* Of those who go home: type 1 more than half, type 2 a thirtieth, the rest
	 * minor injuries. */
	int type = admitted || u < 535 ? 1 : u < 562 ? 2 : 3;
	int stay = minutes_in(m, type, admitted);
	bool by_ambulance = conveyed(m, type, admitted);
	struct hf_pop_event *e;
	int end;

	if (by_ambulance) {
		int call = minute - 55 - (int)hf_rng_below(&m->rng, 40);

		ambulance(m, day, call < 0 ? 0 : call, 0, dx);
	}
	e = hf_act_event(m, HF_POP_AE, day, minute);
	end = minute + stay;
	/* Not past the end of the time here. */
	if (day + end / 1440 >= m->to || end > 2 * 1440)
		end = end / 1440 > 0 && day + 1 < m->to && end > 2 * 1440 ? 2879 : 1439;
	if (end <= minute)
		end = minute;
	e->cls = (uint8_t)type;
	e->los = (uint16_t)(end / 1440);
	e->end_minute = (uint16_t)(end % 1440);
	e->wait = (uint16_t)(end - minute); /* arrival to departure */
	e->provider = ACT_ONE(m, ACUTE);
	e->specialty = ACT_ONE(m, EMERGENCY);
	e->dx = dx;
	e->hrg = type == 1 ? ACT_ONE(m, VB) : ACT_ONE(m, VB_LESS);
	e->outcome = (uint8_t)(admitted				? HF_POP_O_ADMITTED
			       : hf_rng_below(&m->rng, 100) < 5 ? HF_POP_O_LEFT
			       : m->care_home			? HF_POP_O_CARE_HOME
								: HF_POP_O_HOME);
	e->flags = by_ambulance ? HF_POP_F_CONVEYED : 0;
	e->basis = HF_POP_B_REFERENCE;
	e->cost = type == 1 ? (admitted ? 39000 : 31000) : 14000;
	*end_day = day + end / 1440;
	*end_minute = end % 1440;
}

/* One in twenty comes back within a week, beside who would anyway: 8.7 % of all
 * attendances (NHS Digital, Hospital Accident and Emergency Activity 2019/20). */
static void
return_soon(struct making *m, int day, int minute)
{
	int again = day + 1 + (int)hf_rng_below(&m->rng, 6);
	bool comes = hf_act_chance(&m->rng, 0.055 * (0.5 + 0.5 * m->habit));

	if (comes && again < m->until && !hf_act_away(m, again))
		hf_act_attend(m, again, minute, false, ACT_ONE(m, R69), &day, &minute);
}

static void
emergencies(struct making *m)
{
	int n, day, minute;
	size_t first;

	hf_act_stream(m, RATE_AE);
	n = hf_act_times(m, RATE_AE, m->from, m->until, 0.95 * m->a->bound_ae);
	for (int i = 0; i < n; i++) {
		int at = hf_act_draw_day(m, RATE_AE, m->from, m->until);
		int hour = hf_act_draw_minute(m, HOURS_ANY);
		double keep = hf_rng_unit(&m->rng);
		/* A crisis of mental health in one of forty of working age. */
		bool crisis =
		    m->years_old >= 14 &&
		    hf_act_chance(&m->rng, m->has & LTC_BIT(LTC_SMI) ? 0.18 : 0.018);

		if (keep * m->a->bound_ae >= hf_act_change(m, HF_SYNTH_AE, at) ||
		    hf_act_away(m, at))
			continue;
		first = m->life->n_event;
		hf_act_attend(m, at, hour, false,
			      crisis ? ACT_ONE(m, F439) : ACT_ONE(m, R69), &day,
			      &minute);
		return_soon(m, at, hour);
		if (!crisis || m->life->failed)
			continue;
		/* An ambulance may stand before it. */
		while (m->life->event[first].setting != HF_POP_AE)
			first++;
		m->life->event[first].flags |= HF_POP_F_CRISIS;
		struct hf_pop_event *e =
		    hf_act_event(m, HF_POP_MH, at, hour + 20 > 1439 ? 1439 : hour + 20);
		e->cls = 3;
		e->provider = ACT_ONE(m, MENTAL);
		e->specialty = ACT_ONE(m, PSYCHIATRY);
		e->dx = ACT_ONE(m, F439);
		e->flags = HF_POP_F_CRISIS | HF_POP_F_URGENT;
		e->wait = (uint16_t)hf_act_about(&m->rng, 44, 0.7);
		e->basis = HF_POP_B_REFERENCE;
		e->cost = 30600;
	}
}

static void
calls(struct making *m)
{
	int n;

	hf_act_stream(m, RATE_AMB);
	n = hf_act_times(m, RATE_AMB, m->from, m->until, 1);
	for (int i = 0; i < n; i++) {
		int day = hf_act_draw_day(m, RATE_AMB, m->from, m->until);

		if (!hf_act_away(m, day))
			ambulance(m, day, hf_act_draw_minute(m, HOURS_ANY),
				  hf_rng_below(&m->rng, 100) < 65 ? 1 : 2,
				  ACT_ONE(m, R69));
	}
	hf_act_stream(m, RATE_C111);
	n = hf_act_times(m, RATE_C111, m->from, m->until, 1);
	for (int i = 0; i < n; i++) {
		int day = hf_act_draw_day(m, RATE_C111, m->from, m->until);
		struct hf_pop_event *e;

		if (hf_act_away(m, day))
			continue;
		e = hf_act_event(m, HF_POP_111, day, hf_act_draw_minute(m, HOURS_ANY));
		e->provider = ACT_ONE(m, 111);
		e->wait = (uint16_t)hf_act_about(&m->rng, 2, 1.2);
		e->cost = 1800;
		e->basis = HF_POP_B_REFERENCE;
	}
}

static void
outpatients(struct making *m)
{
	/* clinics of act_book.c: weights at 0-17, 18-64, 65 and over */
	static const int8_t clinic[15][3] = {
	    {12, 12, 10}, {8, 6, 20}, {6, 7, 8},  {2, 7, 6},  {1, 5, 10},
	    {12, 5, 5},	  {0, 12, 3}, {2, 4, 7},  {1, 3, 4},  {2, 6, 5},
	    {2, 4, 4},	  {1, 4, 6},  {6, 14, 8}, {42, 0, 0}, {3, 11, 14}};
	int band = m->years_old < 18 ? 0 : m->years_old < 65 ? 1 : 2, n;

	hf_act_stream(m, RATE_OP);
	n = hf_act_times(m, RATE_OP, m->from, m->until, 1);
	for (int i = 0; i < n; i++) {
		int day = hf_act_draw_day(m, RATE_OP, m->from, m->until);
		uint32_t u = hf_rng_below(&m->rng, 100);
		int at = (int)hf_rng_below(&m->rng, 100);
		struct hf_pop_event *e;
		int k = 0;

		if (hf_act_away(m, day))
			continue;
		while (k < 14 && at >= clinic[k][band])
			at -= clinic[k++][band];
		e = hf_act_event(m, HF_POP_OP, day, hf_act_draw_minute(m, HOURS_WORK));
		e->cls = (uint8_t)(u < 23   ? 1
				   : u < 62 ? 2
				   : u < 78 ? 3
				   : u < 93 ? 4
					    : 5);
		e->provider = ACT_ONE(m, ACUTE);
		e->specialty = act_code(m->a, CODE_OP + k);
		if (e->cls == 3)
			e->hrg = act_code(m->a, CODE_OPPROC + k);
		e->flags = u % 9 == 0 ? HF_POP_F_URGENT : 0;
		e->basis = HF_POP_B_REFERENCE;
		e->cost = e->cls == 3	? 23200
			  : e->cls == 5 ? 0
			  : e->cls == 4 ? 9800
					: 17500;
	}
}

void
hf_act_contacts(struct making *m)
{
	emergencies(m);
	calls(m);
	outpatients(m);
}

/* act_stay.c - stays: emergency, planned, maternity, mental health, virtual ward.
 *
 * What may become a stay is drawn first, put in order of days, and then told one after
 * the other: nobody is in two beds.  Each has random numbers of its own, so that one
 * that is kept out by an intervention changes no other but those it stood in the way
 * of, and the readmissions that would have followed. */
#include "synth/act_stay.h"

void
hf_act_put(struct act_list *l, int day, enum act_what what, uint32_t key)
{
	int i;

	if (l->n == ACT_MAYBES)
		return;
	for (i = l->n++; i > 0 && l->at[i - 1].day > day; i--)
		l->at[i] = l->at[i - 1];
	l->at[i] = (struct act_maybe){day, what, key};
}

bool
hf_act_away(const struct making *m, int day)
{
	for (int i = 0; i < m->n_stays; i++) {
		if (day >= m->stays[i].from && day <= m->stays[i].to)
			return true;
	}
	return false;
}

static void
stayed(struct making *m, int from, int to)
{
	if (m->n_stays < ACT_STAYS)
		m->stays[m->n_stays++] = (struct stay){from, to};
}

static const struct planned_row *
plan(struct making *m, enum rate setting)
{
	const struct hf_synth_activity *a = m->a;
	int band = m->years_old < 18 ? 0 : m->years_old < 65 ? 1 : 2, total = 0, at;
	int weight[64] = {0};

	for (int i = 0; i < a->n_planned; i++) {
		const struct planned_row *r = &a->planned[i];
		double w = r->setting == setting ? r->weight[band] * 10 : 0;

		if (r->need != LTC_NONE)
			w *= m->has & LTC_BIT(r->need) ? 4 : 0.5;
		weight[i] = (int)w;
		total += weight[i];
	}
	at = total == 0 ? 0 : (int)hf_rng_below(&m->rng, (uint32_t)total);
	for (int i = 0; i < a->n_planned; i++) {
		if (at < weight[i])
			return &a->planned[i];
		at -= weight[i];
	}
	return &a->planned[0];
}

static int
tell_planned(struct making *m, struct act_list *l, const struct act_maybe *c)
{
	static const enum hf_pop_setting setting[] = {
	    [ACT_DC] = HF_POP_DC, [ACT_EL] = HF_POP_EL, [ACT_RDA] = HF_POP_RDA};
	static const enum rate rate[] = {
	    [ACT_DC] = RATE_DC, [ACT_EL] = RATE_EL, [ACT_RDA] = RATE_RDA};
	const struct planned_row *r = plan(m, rate[c->what]);
	int minute = hf_act_draw_minute(m, HOURS_MORNING), end = c->day;
	struct hf_pop_event *e = hf_act_event(m, setting[c->what], c->day, minute);

	e->method = (uint8_t)(hf_rng_below(&m->rng, 100) < 62	? HF_POP_M_11
			      : hf_rng_below(&m->rng, 100) < 40 ? HF_POP_M_12
								: HF_POP_M_13);
	e->source = HF_POP_O_HOME;
	e->outcome = m->care_home ? HF_POP_O_CARE_HOME : HF_POP_O_HOME;
	e->provider = ACT_ONE(m, ACUTE);
	e->specialty = m->years_old < 16 ? ACT_ONE(m, PAEDIATRIC) : r->specialty;
	e->dx = r->icd;
	e->proc = r->proc;
	e->hrg = r->hrg;
	e->flags = hf_rng_below(&m->rng, 100) < 30 ? HF_POP_F_BPT : 0;
	if (c->what == ACT_EL)
		end = hf_act_close(m, e, c->day,
				   hf_act_about(&m->rng, r->nights * 0.9 + 0.3, 0.75));
	if (!(e->flags & HF_POP_F_OPEN))
		hf_act_end_minute(m, e);
	e->basis = HF_POP_B_REFERENCE;
	e->cost = r->pounds * 100;
	if (c->what != ACT_RDA)
		hf_act_further(m, e, NULL);
	if (c->what == ACT_EL) {
		/* Health before and half a year after, in thousandths. */
		int before = 480 + (int)(180 * hf_rng_normal(&m->rng));

		if (r->need == LTC_PAIN && end + 180 < m->to) {
			hf_act_value(m, ACT_ONE(m, EQ5D), c->day, before);
			before += 250 + (int)(170 * hf_rng_normal(&m->rng));
			hf_act_value(m, ACT_ONE(m, EQ5D), end + 180,
				     before > 1000 ? 1000 : before);
		}
		hf_act_readmit(m, l, e, end, true, c->key);
	}
	return end;
}

static int
tell_other(struct making *m, const struct act_maybe *c)
{
	bool mind = c->what == ACT_MH;
	struct hf_pop_event *e = hf_act_event(m, mind ? HF_POP_MH : HF_POP_VW, c->day,
					      hf_act_draw_minute(m, HOURS_WORK));
	int los = mind ? hf_act_about(&m->rng, 24, 0.9)
		       : 1 + (int)(8 * hf_rng_exp(&m->rng)),
	    end;

	e->provider = mind ? ACT_ONE(m, MENTAL) : ACT_ONE(m, COMMUNITY);
	e->specialty = mind ? ACT_ONE(m, PSYCHIATRY) : 0;
	e->cls = mind ? 2 : 0;
	e->dx = mind ? ACT_ONE(m, F329) : 0;
	e->source = HF_POP_O_HOME;
	e->outcome = HF_POP_O_HOME;
	end = hf_act_close(m, e, c->day, los > 200 ? 200 : los);
	if (!(e->flags & HF_POP_F_OPEN))
		hf_act_end_minute(m, e);
	e->basis = HF_POP_B_REFERENCE;
	e->cost = 100 * (mind ? 450 : 60) * (e->los + 1);
	return end;
}

static void
draw(struct making *m, struct act_list *l, enum rate r, enum act_what what,
     double factor, int to)
{
	int n;

	hf_act_stream(m, r);
	n = hf_act_times(m, r, m->from, to, factor);
	for (int i = 0; i < n; i++) {
		int day = hf_act_draw_day(m, r, m->from, to);

		hf_act_put(l, day, what, hf_rng_u32(&m->rng));
	}
}

/* The last illness: the stay in which somebody dies, and others shortly before. */
static int
last_illness(struct making *m, struct act_list *l)
{
	int to = m->to, los, n, from;

	if (m->died == INT32_MAX || m->died < 0 ||
	    m->died >= (int)(m->a->last - m->a->first))
		return to;
	hf_act_stream(m, 40);
	if (m->death_place == HF_POP_O_HOSPITAL) {
		los = (int)(9.5 * hf_rng_exp(&m->rng));
		to = m->died - los;
		to = to < m->from ? m->from : to;
		hf_act_put(l, to, ACT_LAST, 7);
	}
	from = m->died - 90 < m->from ? m->from : m->died - 90;
	n = hf_act_poisson(&m->rng,
			   (m->years_old < 40 ? 0.25 : 0.5) * hf_rng_exp(&m->rng));
	for (int i = 0; i < n && to > from; i++)
		hf_act_put(l, from + (int)hf_rng_below(&m->rng, (uint32_t)(to - from)),
			   ACT_NE, hf_rng_u32(&m->rng));
	return to;
}

static int
tell(struct making *m, struct act_list *l, const struct act_maybe *c)
{
	hf_rng_seed(&m->rng, m->a->place->config.seed ^ c->key,
		    ((uint64_t)1 << 41) + (uint64_t)m->index);
	switch (c->what) {
	case ACT_NE:
	case ACT_READMIT:
	case ACT_LAST:
		return hf_act_emergency(m, l, c);
	case ACT_DC:
	case ACT_EL:
	case ACT_RDA:
		return tell_planned(m, l, c);
	case ACT_BIRTH:
		hf_act_birth(m, c->day);
		return m->stays[m->n_stays - 1].to;
	default:
		return tell_other(m, c);
	}
}

void
hf_act_stays(struct making *m)
{
	struct act_list l = {.n = 0};
	int born[4], births, to, free, end;
	/* Emergencies beside those that follow from another, and those of the end. */
	static const double rest[ACT_BANDS] = {1.02, 1.02, 0.86, 0.83, 0.82,
					       0.81, 0.75, 0.71, 0.65};
	bool ends;

	m->n_stays = 0;
	to = last_illness(m, &l);
	m->until = to;
	free = hf_act_born(m);
	ends = m->died != INT32_MAX && l.n > 0 && m->death_place == HF_POP_O_HOSPITAL;
	births = hf_act_births(m, born, 4);
	for (int i = 0; i < births; i++)
		hf_act_put(&l, born[i], ACT_BIRTH, (uint32_t)i);
	draw(m, &l, RATE_NE, ACT_NE, rest[m->band] * m->a->bound, to);
	draw(m, &l, RATE_DC, ACT_DC, 1, to);
	draw(m, &l, RATE_EL, ACT_EL, 1, to);
	draw(m, &l, RATE_RDA, ACT_RDA, 1, to);
	draw(m, &l, RATE_VW, ACT_VW, 1, to);
	hf_act_stream(m, 41);
	if (hf_act_chance(&m->rng, (m->has & LTC_BIT(LTC_SMI) ? 0.09 : 0.0006) *
				       (m->years_old < 18 ? 0.3 : 1)) &&
	    to > m->from)
		hf_act_put(&l, hf_act_draw_day(m, RATE_MH, m->from, to), ACT_MH, 3);
	for (int i = 0; i < l.n; i++) {
		struct act_maybe c = l.at[i];

		if (c.day >= m->to && c.what != ACT_LAST)
			continue;
		if (ends && c.what != ACT_LAST && c.day >= to)
			continue;
		if (c.day <= free && c.what != ACT_LAST && c.what != ACT_BIRTH)
			continue;
		if (c.what == ACT_LAST && c.day <= free)
			c.day = free < m->died ? free + 1 : m->died;
		if (c.what == ACT_BIRTH && c.day <= free)
			continue;
		/* Nothing reaches into the last stay. */
		end = tell(m, &l, &c);
		if (end < 0)
			continue;
		if (c.what != ACT_BIRTH)
			stayed(m, c.day, end);
		free = end > free ? end : free;
	}
}

/* framework_event.c - is an event one that a selector means, and what followed it? */
#include "population/framework_plan.h"
#include "population/spell.h"

static bool
has_bit(uint32_t bits, unsigned at)
{
	return bits == 0 || (bits >> at & 1);
}

static bool
stays_below(const struct hf_pop_select *s, const struct hf_pop_events *ev, uint64_t i)
{
	int64_t minutes;

	if (s->hours < 0)
		return true;
	if (ev->minute[i] == HF_POP_NONE || ev->end_minute[i] == HF_POP_NONE)
		return ev->los[i] <= s->hours_nights;
	if ((ev->los[i] - 1) * 24 > s->hours) /* longer, whatever the clock did */
		return false;
	minutes = hf_pop_elapsed(ev->day[i], ev->minute[i],
				 (uint32_t)ev->day[i] + ev->los[i], ev->end_minute[i]);
	return minutes >= 0 && minutes < s->hours * 60;
}

static bool
waits_within(const struct hf_pop_select *s, uint16_t wait)
{
	if (s->wait_from == HF_POP_NONE && s->wait_to == HF_POP_NONE)
		return true;
	return wait != HF_POP_NONE && wait >= s->wait_from && wait <= s->wait_to;
}

static bool
codes_fit(const struct hf_pop_select *s, struct look *l)
{
	for (size_t k = 0; k < s->n_codes; k++) {
		const struct hf_pop_code_test *c = &s->codes[k];

		if (!(l->have >> c->doc & 1)) {
			l->sets[c->doc] =
			    hf_pop_matcher_event(l->plan->matchers[c->doc], l->event);
			l->have |= UINT32_C(1) << c->doc;
		}
		if (((l->sets[c->doc] & c->sets) != 0) == c->none)
			return false;
	}
	return true;
}

static bool
specialty_fits(const struct hf_pop_select *s, const struct hf_pop_columns *c,
	       uint64_t i)
{
	struct hf_sv text;

	if (s->n_not_specialties == 0)
		return true;
	text = c->dict[HF_POP_SPECIALTY].text[c->ev.specialty[i]];
	for (size_t k = 0; k < s->n_not_specialties; k++)
		if (hf_sv_eq(text, hf_sv_from(s->not_specialties[k])))
			return false;
	return true;
}

bool
hf_pop_selects(const struct hf_pop_select *s, struct look *l, bool rest)
{
	const struct hf_pop_events *ev = &l->plan->c->ev;
	uint64_t i = l->event;

	if (!rest && (!has_bit(s->settings, ev->setting[i]) ||
		      !has_bit(s->methods, ev->method[i]) ||
		      !has_bit(s->classes, ev->cls[i] & 15)))
		return false;
	if ((s->age_from > 0 || s->age_to < HF_POP_AGE_MOST) &&
	    (l->age < s->age_from || l->age > s->age_to))
		return false;
	if (ev->los[i] < s->los_from || ev->los[i] > s->los_to)
		return false;
	if ((ev->flags[i] & s->flags_all) != s->flags_all ||
	    (ev->flags[i] & s->flags_none))
		return false;
	if (!has_bit(s->outcomes, ev->outcome[i]) ||
	    !has_bit(s->sources, ev->source[i]))
		return false;
	if (s->months && !(s->months >> (l->plan->month_of[ev->day[i]] % 12) & 1))
		return false;
	return waits_within(s, ev->wait[i]) && stays_below(s, ev, i) &&
	       specialty_fits(s, l->plan->c, i) && codes_fit(s, l);
}

static bool
is_stay(uint8_t setting)
{
	return setting == HF_POP_NE || setting == HF_POP_EL || setting == HF_POP_MAT;
}

static uint32_t
end_of(const struct hf_pop_events *ev, uint64_t i)
{
	return (uint32_t)ev->day[i] + ev->los[i];
}

/* Is stay a's discharge before that of b?  By day, time, then order in the person. */
static bool
ends_before(const struct hf_pop_events *ev, uint64_t a, uint64_t b)
{
	uint32_t x = end_of(ev, a), y = end_of(ev, b);
	uint16_t mx = ev->end_minute[a], my = ev->end_minute[b];

	if (x != y)
		return x < y;
	if (mx != HF_POP_NONE && my != HF_POP_NONE && mx != my)
		return mx < my;
	return a < b;
}

/* Does stay r begin after stay i ended?  On one day times decide where both are known,
 * else the order; so a stay is never its own readmission. */
static bool
begins_after(const struct hf_pop_events *ev, uint64_t r, uint64_t i)
{
	if (ev->day[r] != end_of(ev, i))
		return ev->day[r] > end_of(ev, i);
	if (ev->minute[r] != HF_POP_NONE && ev->end_minute[i] != HF_POP_NONE &&
	    ev->minute[r] != ev->end_minute[i])
		return ev->minute[r] > ev->end_minute[i];
	return r > i;
}

/* The latest discharge of the person before stay r is that of i; discharges are those
 * of stays, and of whatever else the measure is about (day cases). */
static bool
attached(const struct hf_pop_events *ev, uint64_t first, uint64_t to, uint64_t r,
	 uint64_t i, uint32_t settings)
{
	for (uint64_t k = first; k < to && ev->day[k] <= ev->day[r]; k++) {
		if (k == r || k == i ||
		    !(is_stay(ev->setting[k]) || (settings >> ev->setting[k] & 1)))
			continue;
		if (begins_after(ev, r, k) && ends_before(ev, i, k))
			return false;
	}
	return true;
}

static bool
selected(const struct hf_pop_plan *plan, const struct hf_pop_select *s, uint32_t person,
	 uint64_t event)
{
	struct look l = {.plan = plan, .event = event};

	l.age = hf_pop_plan_age(plan, person, plan->c->ev.day[event]);
	return hf_pop_selects(s, &l, false);
}

/* Whether the days in which something may follow are over in the data.  They are asked
 * for first: what has followed already is no more known than what has not yet, and to
 * count the one without the other would show everybody coming back in the last weeks.
 */
static bool
is_over(const struct hf_pop_plan *plan, const struct hf_pop_link *k, uint64_t i)
{
	return end_of(&plan->c->ev, i) + k->within <= plan->c->day_last;
}

/* *which: the readmission, where there is one. */
static int
again(const struct hf_pop_plan *plan, const struct hf_pop_link *k, uint64_t i,
      uint32_t settings, uint64_t *which)
{
	const struct hf_pop_events *ev = &plan->c->ev;
	uint32_t person = ev->person[i], end = end_of(ev, i);
	uint64_t first = plan->c->ev_first[person], to = plan->c->ev_first[person + 1];

	if (!is_over(plan, k, i))
		return -1;
	for (uint64_t r = first; r < to && ev->day[r] <= end + k->within; r++)
		if (r != i && is_stay(ev->setting[r]) && ev->day[r] >= end + k->from &&
		    begins_after(ev, r, i) && selected(plan, &k->event, person, r) &&
		    attached(ev, first, to, r, i, settings)) {
			*which = r;
			return 1;
		}
	return 0;
}

static int
then(const struct hf_pop_plan *plan, const struct hf_pop_link *k, uint64_t i)
{
	const struct hf_pop_events *ev = &plan->c->ev;
	uint32_t person = ev->person[i], end = end_of(ev, i);
	uint64_t to = plan->c->ev_first[person + 1];

	if (!is_over(plan, k, i))
		return -1;
	for (uint64_t r = i + 1; r < to && ev->day[r] <= end + k->within; r++)
		if (ev->day[r] >= end + k->from && selected(plan, &k->event, person, r))
			return 1;
	return 0;
}

/* Lives in a care home on the day: a placement that began by then, whenever that was,
 * and had not ended; one without an end known still goes on. */
static bool
in_care_home(const struct hf_pop_events *ev, uint64_t r, uint32_t day)
{
	return ev->setting[r] == HF_POP_ASC && (ev->cls[r] == 4 || ev->cls[r] == 5) &&
	       ev->day[r] <= day &&
	       ((ev->flags[r] & HF_POP_F_OPEN) || ev->los[r] == 0 ||
		end_of(ev, r) > day);
}

/* At home on the day: alive, no stay over that night, in no care home (population.md
 * 3.7).  Whom the last stay before sent to a care home is not at home. */
static int
home_at(const struct hf_pop_plan *plan, const struct hf_pop_link *k, uint64_t i)
{
	const struct hf_pop_events *ev = &plan->c->ev;
	const struct hf_pop_person *p = &plan->c->persons[ev->person[i]];
	uint32_t day = end_of(ev, i) + k->within;
	uint64_t to = plan->c->ev_first[ev->person[i] + 1], last = i;

	if (!is_over(plan, k, i))
		return -1;
	if (p->death_day != HF_POP_NONE && p->death_day <= day)
		return 0;
	for (uint64_t r = plan->c->ev_first[ev->person[i]]; r < to && ev->day[r] <= day;
	     r++) {
		if (in_care_home(ev, r, day))
			return 0;
		if (!is_stay(ev->setting[r]) || r == i)
			continue;
		if (end_of(ev, r) > day || (ev->flags[r] & HF_POP_F_OPEN))
			return 0;
		last = ends_before(ev, last, r) ? r : last;
	}
	return ev->outcome[last] != HF_POP_O_CARE_HOME;
}

bool
hf_pop_readmission(const struct hf_pop_plan *plan, const struct hf_pop_measure *m,
		   uint64_t event, uint64_t *which)
{
	return m->link.kind == HF_POP_AGAIN &&
	       again(plan, &m->link, event, m->base.settings, which) == 1;
}

int
hf_pop_linked(const struct hf_pop_plan *plan, const struct hf_pop_measure *m,
	      uint64_t event)
{
	const struct hf_pop_link *k = &m->link;
	uint64_t which;

	switch (k->kind) {
	case HF_POP_AGAIN:
		return again(plan, k, event, m->base.settings, &which);
	case HF_POP_THEN:
		return then(plan, k, event);
	case HF_POP_HOME_AT:
		return home_at(plan, k, event);
	case HF_POP_NO_LINK:
		break;
	}
	return 1;
}

size_t
hf_pop_often_days(const struct hf_pop_plan *plan, const struct hf_pop_often *o,
		  uint32_t person, uint16_t *days, size_t most)
{
	const struct hf_pop_events *ev = &plan->c->ev;
	uint64_t to = plan->c->ev_first[person + 1];
	size_t n = 0;

	for (uint64_t i = plan->c->ev_first[person]; i < to && n < most; i++)
		if (has_bit(o->event.settings, ev->setting[i]) &&
		    selected(plan, &o->event, person, i))
			days[n++] = ev->day[i];
	return n;
}

unsigned
hf_pop_count_often(const struct hf_pop_plan *plan, const struct hf_pop_often *o,
		   uint32_t person, uint16_t day)
{
	uint16_t days[OFTEN_DAYS];
	size_t n = hf_pop_often_days(plan, o, person, days, OFTEN_DAYS);
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		count += days[i] <= day && (uint32_t)days[i] + o->within > day;
	return count;
}

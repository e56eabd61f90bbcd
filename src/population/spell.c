/* spell.c - admissions. */
#include "population/spell.h"

#include "base/time.h"

bool
hf_pop_elective(enum hf_pop_method method)
{
	return method >= HF_POP_M_11 && method <= HF_POP_M_13;
}

bool
hf_pop_emergency(enum hf_pop_method method)
{
	return method >= HF_POP_M_21 && method <= HF_POP_M_28;
}

static bool
maternal(enum hf_pop_method method)
{
	return method == HF_POP_M_31 || method == HF_POP_M_32 ||
	       method == HF_POP_M_82 || method == HF_POP_M_83;
}

enum hf_pop_setting
hf_pop_pod(enum hf_pop_method method, int class, unsigned nights,
	   enum hf_pop_pod_note *note)
{
	*note = HF_POD_FINE;
	if (class == 3 || class == 4)
		return HF_POP_RDA;
	if (class == 5 || maternal(method))
		return HF_POP_MAT;
	if (hf_pop_elective(method) && class == 2) {
		if (nights == 0)
			return HF_POP_DC;
		*note = HF_POD_DAY_CASE_STAYED;
		return HF_POP_EL;
	}
	if (hf_pop_elective(method))
		return HF_POP_EL;
	if (hf_pop_emergency(method) || method == HF_POP_M_81)
		return HF_POP_NE;
	*note = HF_POD_UNKNOWN;
	return HF_POP_UNK;
}

unsigned
hf_pop_bed_days(const struct hf_pop_event *e, uint16_t from, uint16_t to)
{
	unsigned first = e->day > from ? e->day : from;
	unsigned last = (unsigned)e->day + e->los;

	if (last > to)
		last = to;
	return last > first ? last - first : 0;
}

static hf_time
instant(uint32_t day, uint16_t minute)
{
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);

	c.hour = (int8_t)(minute / 60);
	c.minute = (int8_t)(minute % 60);
	return hf_london_time(&c);
}

int64_t
hf_pop_elapsed(uint16_t day_a, uint16_t minute_a, uint32_t day_b, uint16_t minute_b)
{
	hf_time a = instant(day_a, minute_a), b = instant(day_b, minute_b);

	/* The clock goes back: what it says comes again an hour later. */
	if (b < a && day_a == day_b &&
	    hf_london_offset(b) != hf_london_offset(b + 3600000))
		b += 3600000;
	return b < a ? -1 : (b - a) / 60000;
}

int64_t
hf_pop_minutes(const struct hf_pop_event *e)
{
	if (e->minute == HF_POP_NONE || e->end_minute == HF_POP_NONE ||
	    e->los == HF_POP_NONE)
		return -1;
	return hf_pop_elapsed(e->day, e->minute, (uint32_t)e->day + e->los,
			      e->end_minute);
}

static bool
admission(const struct hf_pop_event *e)
{
	return e->setting >= HF_POP_EL && e->setting <= HF_POP_MAT;
}

static bool
transfer(const struct hf_pop_event *left, const struct hf_pop_event *came)
{
	return left->outcome == HF_POP_O_HOSPITAL ||
	       came->source == HF_POP_O_HOSPITAL || came->method == HF_POP_M_2B ||
	       came->method == HF_POP_M_81;
}

static unsigned
last_day(const struct hf_pop_event *e)
{
	return (unsigned)e->day + (e->los == HF_POP_NONE ? 0 : e->los);
}

void
hf_pop_cip(const struct hf_pop_event *e, size_t n, const struct hf_pop_cip_rules *rules,
	   uint32_t *cip)
{
	size_t before = n; /* the admission that ended last */

	for (size_t i = 0; i < n; i++) {
		cip[i] = (uint32_t)i;
		if (!admission(&e[i]))
			continue;
		if (before < n && e[i].day >= last_day(&e[before]) &&
		    e[i].day - last_day(&e[before]) <= rules->days &&
		    !(e[before].flags & HF_POP_F_OPEN) &&
		    e[before].outcome != HF_POP_O_DIED &&
		    (!rules->needs_transfer || transfer(&e[before], &e[i])))
			cip[i] = cip[before];
		if (before == n || last_day(&e[i]) >= last_day(&e[before]))
			before = i;
	}
}

int
hf_pop_event_order(const void *pa, const void *pb)
{
	const struct hf_pop_event *a = pa, *b = pb;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->minute != b->minute)
		return a->minute < b->minute ? -1 : 1;
	return (a->provider > b->provider) - (a->provider < b->provider);
}

enum hf_pop_overlap
hf_pop_overlap(const struct hf_pop_event *a, const struct hf_pop_event *b)
{
	if (a->provider != b->provider)
		return HF_POP_APART;
	if (a->day == b->day && a->minute == b->minute && a->los == b->los &&
	    a->end_minute == b->end_minute)
		return HF_POP_SAME;
	return b->day < last_day(a) ? HF_POP_OVERLAPS : HF_POP_APART;
}

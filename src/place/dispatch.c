/* dispatch.c - which team should be asked first: what stands against each, the
 * points of each, and their order. */
#include "place/place_int.h"

enum {
	MINUTE_MS = 60000,
	DAY_MS = 86400000,
	POINT = 100,		   /* scores are in hundredths */
	NO_CLOCK_MS = DAY_MS,	   /* arrivals are measured against, without a clock */
	LATE_MS = 120 * MINUTE_MS, /* and when it is over */
	PARTS_MOST = 4 * HF_SLOT_DAYS /* parts of days looked at for a free slot */
};

const struct hf_dispatch_weights hf_dispatch_weights = {
    .continuity = 40, .locality = 25, .arrival = 25, .load = 10};

static const struct {
	enum hf_dispatch_bar bar;
	const char *text;
} bar_texts[] = {
    {HF_BAR_INACTIVE, "it does not take referrals now"},
    {HF_BAR_AREA, "it does not cover this area"},
    {HF_BAR_CLOSED, "it is closed and cannot be there in time"},
    {HF_BAR_URGENCY, "it does not offer this urgency"},
    {HF_BAR_AGE, "it does not see people of this age"},
    {HF_BAR_SEX, "it does not see people of this sex"},
    {HF_BAR_SKILLS, "it lacks a skill that is needed"},
    {HF_BAR_CONDITION, "it does not take this condition"},
    {HF_BAR_REFERRER, "it does not take referrals from this source"},
    {HF_BAR_CAPACITY, "it has no free slot in time"},
    {HF_BAR_EXCLUDED, "the person does not want it, or it was asked already"},
    {HF_BAR_LEAD, "routine work at OPEL 3 or 4 needs a lead's approval"},
};
static_assert(HF_COUNT(bar_texts) == HF_DISPATCH_BARS, "a text for each bar");

const char *
hf_dispatch_bar_text(enum hf_dispatch_bar bar)
{
	for (size_t i = 0; i < HF_COUNT(bar_texts); i++)
		if (bar_texts[i].bar == bar)
			return bar_texts[i].text;
	return "";
}

static bool
level_between(struct hf_sv code, char lowest, char highest)
{
	return code.n == 2 && code.p[0] == 'U' && code.p[1] >= lowest &&
	       code.p[1] <= highest;
}

bool
hf_urgency_urgent(struct hf_sv code)
{
	return level_between(code, '0', '4');
}

bool
hf_urgency_routine(struct hf_sv code)
{
	return level_between(code, '5', '6');
}

/* ---- what stands against a team, but for time ---- */

static bool
postcode_listed(const struct hf_codes *listed, struct hf_sv postcode)
{
	for (size_t i = 0; i < listed->n; i++)
		if (hf_postcode_in(postcode, listed->items[i]))
			return true;
	return false;
}

static bool
whole_place(const struct hf_team *t)
{
	return t->localities.n == 0 && t->postcodes.n == 0;
}

static bool
listed_here(const struct hf_team *t, const struct hf_dispatch_ask *ask)
{
	return (ask->locality.n && hf_codes_have(&t->localities, ask->locality)) ||
	       (ask->postcode.n && postcode_listed(&t->postcodes, ask->postcode));
}

/* Whether the team's area leaves the person out, as far as it is known where they
 * are. */
static bool
elsewhere(const struct hf_team *t, const struct hf_dispatch_ask *ask)
{
	if (whole_place(t) || listed_here(t, ask))
		return false;
	if (t->localities.n && ask->locality.n == 0)
		return false;
	return (t->localities.n && ask->locality.n) ||
	       (t->postcodes.n && ask->postcode.n);
}

static bool
lacks_skill(const struct hf_team *t, const struct hf_dispatch_ask *ask)
{
	for (size_t i = 0; i < ask->skills.n; i++)
		if (!hf_codes_have(&t->skills, ask->skills.items[i]))
			return true;
	return false;
}

/* Whether a restricted list leaves a known value out. */
static bool
left_out(const struct hf_codes *list, struct hf_sv value)
{
	return list->n && value.n && !hf_codes_have(list, value);
}

static uint32_t
bars_of(const struct hf_team *t, const struct hf_dispatch_ask *ask)
{
	bool sex_known = hf_sv_is(ask->sex, "male") || hf_sv_is(ask->sex, "female");
	const struct {
		bool is;
		enum hf_dispatch_bar bar;
	} checks[] = {
	    {!t->active, HF_BAR_INACTIVE},
	    {elsewhere(t, ask), HF_BAR_AREA},
	    {left_out(&t->urgencies, ask->urgency), HF_BAR_URGENCY},
	    {ask->age >= 0 && (ask->age < t->age_min || ask->age > t->age_max),
	     HF_BAR_AGE},
	    {t->sex.n && sex_known && !hf_sv_eq(t->sex, ask->sex), HF_BAR_SEX},
	    {lacks_skill(t, ask), HF_BAR_SKILLS},
	    {left_out(&t->conditions_in, ask->condition) ||
		 (ask->condition.n &&
		  hf_codes_have(&t->conditions_out, ask->condition)),
	     HF_BAR_CONDITION},
	    {left_out(&t->referrers, ask->source), HF_BAR_REFERRER},
	    {hf_codes_have(&ask->excluded, t->id) ||
		 (t->provider.n && hf_codes_have(&ask->excluded, t->provider)),
	     HF_BAR_EXCLUDED},
	    {ask->opel >= 3 && hf_urgency_routine(ask->urgency) && !ask->lead,
	     HF_BAR_LEAD},
	};
	uint32_t bars = 0;

	for (size_t i = 0; i < HF_COUNT(checks); i++)
		if (checks[i].is)
			bars |= checks[i].bar;
	return bars;
}

/* ---- when it can be there ---- */

static hf_time
minute_of(int64_t day, int minute)
{
	struct hf_civil c = hf_civil_from_time((day + minute / 1440) * DAY_MS);

	minute %= 1440;
	c.hour = (int8_t)(minute / 60);
	c.minute = (int8_t)(minute % 60);
	return hf_london_time(&c);
}

/* The first instant from at on when a slot is free and the team is open; HF_TIME_MAX
 * when there is none up to last or within a week.  *committed: what is left of it then.
 */
static hf_time
free_slot(const struct hf_team *t, const struct hf_dispatch_ask *ask, hf_time at,
	  hf_time last, int *committed, struct hf_capacity *capacity)
{
	bool urgent = hf_urgency_urgent(ask->urgency);
	hf_time end = at + (hf_time)HF_SLOT_DAYS * DAY_MS;

	if (last < end)
		end = last;
	for (int i = 0; i < PARTS_MOST && at <= end; i++) {
		struct hf_civil local = hf_london_civil(at);
		int64_t day = hf_london_day(at);
		int weekday = hf_weekday(day);
		const struct hf_day_part *p =
		    hf_team_part(t, weekday, local.hour * 60 + local.minute);
		struct hf_capacity c =
		    hf_part_capacity(t, p, weekday, *committed, urgent, ask->opel);
		hf_time begins = p ? minute_of(day, p->from) : at;

		if (i == 0)
			*capacity = c;
		begins = hf_hours_next(&t->hours, begins < at ? at : begins);
		if (p && c.free > 0 && begins <= end &&
		    begins < minute_of(day, p->to)) {
			*capacity = c;
			return begins;
		}
		/* Those who wait fill this part before the next. */
		*committed -= c.staffed < *committed ? c.staffed : *committed;
		at = hf_hours_next(&t->hours, minute_of(day, p ? p->to : 1440));
	}
	return HF_TIME_MAX;
}

/* Fills in arrival and capacity; gives the bars of time. */
static uint32_t
arrive(const struct hf_team *t, const struct hf_dispatch_ask *ask, int committed,
       struct hf_dispatch_choice *c)
{
	bool near = whole_place(t) || listed_here(t, ask);
	hf_time travel =
	    (hf_time)(near ? t->travel_min : t->travel_far_min) * MINUTE_MS;
	hf_time last = ask->due < ask->now ? ask->now : ask->due, at, set_off, there;
	uint32_t late;

	c->arrival = HF_TIME_MAX;
	c->capacity = hf_part_capacity(t, NULL, 0, committed,
				       hf_urgency_urgent(ask->urgency), ask->opel);
	at = hf_hours_next(&t->hours, ask->now);
	if (at == HF_TIME_MAX)
		return HF_BAR_CLOSED;
	set_off = at;
	if (t->n_parts) {
		/* At night the figures shown are those of the next opening. */
		set_off = free_slot(t, ask, at, at > last ? at : last, &committed,
				    &c->capacity);
		if (set_off == HF_TIME_MAX)
			return at > last ? HF_BAR_CAPACITY | HF_BAR_CLOSED
					 : HF_BAR_CAPACITY;
	}
	late = set_off > at ? HF_BAR_CAPACITY : HF_BAR_CLOSED;
	there = hf_hours_next(&t->hours, set_off + travel);
	if (there == HF_TIME_MAX)
		return HF_BAR_CLOSED;
	/* It would have shut on the way: it sets off when it opens again. */
	if (there != set_off + travel) {
		set_off = there;
		there += travel;
		late = HF_BAR_CLOSED;
	}
	c->arrival = there;
	return there > last && set_off > ask->now ? late : 0;
}

/* ---- points ---- */

static int
share(int weight, int64_t part, int64_t whole)
{
	if (whole <= 0 || part <= 0)
		return 0;
	if (part > whole)
		part = whole;
	/* Both in minutes or slots, so that nothing can be too large. */
	return (int)(part * weight * POINT / whole);
}

static int
arrival_points(const struct hf_dispatch_ask *ask, hf_time arrival, int weight)
{
	hf_time time = ask->due == HF_TIME_MAX ? NO_CLOCK_MS
		       : ask->due <= ask->now  ? LATE_MS
					       : ask->due - ask->now;

	if (arrival == HF_TIME_MAX)
		return 0;
	return share(weight, (time - (arrival - ask->now)) / 1000, time / 1000);
}

static int
load_points(const struct hf_capacity *c, int weight)
{
	return c->counted ? share(weight, c->free, c->staffed) : weight * POINT / 2;
}

static void
judge(const struct hf_team *t, int committed, const struct hf_dispatch_ask *ask,
      const struct hf_dispatch_weights *w, struct hf_dispatch_choice *c)
{
	bool current = ask->current.n && hf_sv_eq(ask->current, t->id);

	c->bars = bars_of(t, ask);
	c->bars |= arrive(t, ask, committed, c);
	c->parts[0] = current ? w->continuity * POINT : 0;
	c->parts[1] = listed_here(t, ask) ? w->locality * POINT : 0;
	c->parts[2] = arrival_points(ask, c->arrival, w->arrival);
	c->parts[3] = load_points(&c->capacity, w->load);
	c->score = c->parts[0] + c->parts[1] + c->parts[2] + c->parts[3];
}

/* ---- order ---- */

/* Below 0 when a stands before b; never 0 for two teams with ids of their own. */
static int
before(const struct hf_directory *d, const struct hf_dispatch_choice *a,
       const struct hf_dispatch_choice *b)
{
	int bars = __builtin_popcount(a->bars) - __builtin_popcount(b->bars);

	if (bars)
		return bars;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->arrival != b->arrival)
		return a->arrival < b->arrival ? -1 : 1;
	return hf_sv_cmp(d->items[a->team].id, d->items[b->team].id);
}

/* Heapsort: qsort() may allocate. */
static void
sift(const struct hf_directory *d, struct hf_dispatch_choice *c, size_t at, size_t n)
{
	struct hf_dispatch_choice moved = c[at];

	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && before(d, &c[child], &c[child + 1]) < 0)
			child++;
		if (before(d, &moved, &c[child]) >= 0)
			break;
		c[at] = c[child];
	}
	c[at] = moved;
}

static void
sort(const struct hf_directory *d, struct hf_dispatch_choice *c, size_t n)
{
	for (size_t i = n / 2; i > 0; i--)
		sift(d, c, i - 1, n);
	for (size_t i = n; i > 1; i--) {
		struct hf_dispatch_choice last = c[i - 1];

		c[i - 1] = c[0];
		c[0] = last;
		sift(d, c, 0, i - 1);
	}
}

void
hf_dispatch_rank(const struct hf_directory *directory, const int *committed,
		 const struct hf_dispatch_ask *ask,
		 const struct hf_dispatch_weights *weights,
		 struct hf_dispatch_choice *out)
{
	for (size_t i = 0; i < directory->n; i++) {
		out[i] = (struct hf_dispatch_choice){.team = (uint32_t)i};
		judge(&directory->items[i], committed[i], ask, weights, &out[i]);
	}
	sort(directory, out, directory->n);
}

/* team_hours.c - when a team is open, and its slots, out of a HealthcareService.
 *
 * What is open on a day is kept as spans that do not touch, in order. */
#include "place/place_int.h"
#include "record/person_text.h"

enum { DAY_MINUTES = 1440, DAY_MS = 86400000, MINUTE_MS = 60000, LONG_DAYS = 400 };

/* Puts spans in order and makes one of those that touch. */
static void
tidy(struct hf_open_day *d)
{
	uint8_t n = 0;

	for (uint8_t i = 1; i < d->n; i++) {
		struct hf_open s = d->spans[i];
		uint8_t k = i;

		for (; k > 0 && d->spans[k - 1].from > s.from; k--)
			d->spans[k] = d->spans[k - 1];
		d->spans[k] = s;
	}
	for (uint8_t i = 0; i < d->n; i++) {
		if (n && d->spans[i].from <= d->spans[n - 1].to) {
			if (d->spans[i].to > d->spans[n - 1].to)
				d->spans[n - 1].to = d->spans[i].to;
		} else {
			d->spans[n++] = d->spans[i];
		}
	}
	d->n = n;
}

static bool
add_span(struct hf_open_day *d, int from, int to)
{
	if (from >= to)
		return true;
	if (d->n == HF_OPEN_MOST)
		return false;
	d->spans[d->n++] = (struct hf_open){(int16_t)from, (int16_t)to};
	tidy(d);
	return true;
}

/* Takes [from, to) out of a day. */
static bool
cut_span(struct hf_open_day *d, int from, int to)
{
	struct hf_open_day was = *d;
	bool ok = true;

	d->n = 0;
	for (uint8_t i = 0; i < was.n; i++) {
		struct hf_open s = was.spans[i];

		ok &= add_span(d, s.from, s.to < from ? s.to : from);
		ok &= add_span(d, s.from > to ? s.from : to, s.to);
	}
	return ok;
}

/* ---- the week ---- */

static bool
add_day(struct hf_hours *h, int day, int from, int to)
{
	if (from < to)
		return add_span(&h->week[day], from, to);
	/* Over midnight: the rest is the next day's. */
	return add_span(&h->week[day], from, DAY_MINUTES) &&
	       add_span(&h->week[(day + 1) % 7], 0, to);
}

static void
add_time(struct hf_reading *r, uint32_t node, struct hf_hours *h)
{
	uint32_t days = hf_json_member(r->doc, node, "daysOfWeek");
	uint32_t all = hf_json_member(r->doc, node, "allDay");
	struct hf_sv start = hf_reading_text(r, node, "availableStartTime");
	struct hf_sv end = hf_reading_text(r, node, "availableEndTime");
	int from = 0, to = DAY_MINUTES;
	bool fits = true;

	if (all == HF_JSON_NONE || hf_json_type(r->doc, all) != HF_JSON_TRUE) {
		from = hf_minutes_of(start, false);
		to = hf_minutes_of(end, true);
	}
	if (from < 0 || to < 0 || from == to) {
		hf_reading_wrong(r, "availableTime",
				 "expected allDay, or availableStartTime and "
				 "availableEndTime as hh:mm:ss");
		return;
	}
	for (int d = 0; d < 7 && days == HF_JSON_NONE; d++)
		fits &= add_day(h, d, from, to);
	for (uint32_t i = 0; i < hf_json_count(r->doc, days); i++) {
		int d = hf_weekday_of(
		    hf_json_str(r->doc, hf_json_at(r->doc, days, i), r->arena));

		if (d < 0)
			hf_reading_wrong(
			    r, "availableTime.daysOfWeek",
			    "expected mon, tue, wed, thu, fri, sat or sun");
		else
			fits &= add_day(h, d, from, to);
	}
	if (!fits)
		hf_reading_wrong(r, "availableTime",
				 "more than 4 openings in a day; the rest is left out");
}

/* ---- exceptions ---- */

/* The exception for a day, made out of what the day would be; NULL: too many. */
static struct hf_open_day *
exception(struct hf_hours *h, int64_t day)
{
	size_t at = 0;
	struct hf_open_day usual = *hf_hours_of(h, day);

	while (at < h->n_exceptions && h->exceptions[at].day < day)
		at++;
	if (at < h->n_exceptions && h->exceptions[at].day == day)
		return &h->exceptions[at].open;
	if (h->n_exceptions == HF_EXCEPTIONS_MOST)
		return NULL;
	memmove(&h->exceptions[at + 1], &h->exceptions[at],
		(h->n_exceptions - at) * sizeof h->exceptions[0]);
	h->n_exceptions++;
	h->exceptions[at].day = day;
	h->exceptions[at].open = usual;
	return &h->exceptions[at].open;
}

static int
minute_on(hf_time t, int64_t day)
{
	struct hf_civil c;

	if (hf_london_day(t) != day)
		return hf_london_day(t) < day ? 0 : DAY_MINUTES;
	c = hf_london_civil(t);
	return c.hour * 60 + c.minute + (c.second || c.ms ? 1 : 0);
}

static void
close_for(struct hf_reading *r, uint32_t node, struct hf_hours *h)
{
	struct hf_sv start = hf_reading_text(r, node, "during.start");
	struct hf_sv end = hf_reading_text(r, node, "during.end");
	struct hf_date from, to;
	int64_t first, last;

	if (!hf_date_parse(start, false, &from) || !hf_date_parse(end, false, &to) ||
	    to.hi <= from.lo) {
		hf_reading_wrong(r, "notAvailable.during",
				 "expected a start and an end after it");
		return;
	}
	/* An end with a time of day is that instant; a day is all of it. */
	if (to.precision >= HF_PREC_MINUTE)
		to.hi = to.lo;
	first = hf_london_day(from.lo);
	last = hf_london_day(to.hi - 1);
	if (last - first > LONG_DAYS) {
		hf_reading_wrong(r, "notAvailable.during",
				 "longer than a year: set active to false");
		return;
	}
	for (int64_t d = first; d <= last; d++) {
		struct hf_open_day *o = hf_hours_of(h, d)->n ? exception(h, d) : NULL;

		if (!hf_hours_of(h, d)->n)
			continue; /* closed as it is */
		if (!o || !cut_span(o, minute_on(from.lo, d), minute_on(to.hi, d))) {
			hf_reading_wrong(r, "notAvailable",
					 "more than 64 days of exceptions; the rest is "
					 "left out");
			return;
		}
	}
}

static void
bank_holidays(struct hf_reading *r, struct hf_hours *h)
{
	uint32_t list = hf_json_member(r->doc, 0, "extension");

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t e = hf_json_at(r->doc, list, i);

		if (hf_sv_is(hf_ext_name(r->doc, e), "open-on-bank-holidays"))
			h->holiday_as_week = hf_sv_is(hf_reading_value(r, e), "yes");
	}
}

void
hf_team_hours_read(struct hf_reading *r, struct hf_hours *out)
{
	uint32_t times = hf_json_member(r->doc, 0, "availableTime");
	uint32_t closed = hf_json_member(r->doc, 0, "notAvailable");

	*out = (struct hf_hours){0};
	if (hf_json_count(r->doc, times) == 0) {
		hf_reading_wrong(r, "availableTime",
				 "missing: taken to be open on working days from 09:00 "
				 "to 17:00");
		*out = hf_hours_working;
	}
	for (uint32_t i = 0; i < hf_json_count(r->doc, times); i++)
		add_time(r, hf_json_at(r->doc, times, i), out);
	bank_holidays(r, out);
	for (uint32_t i = 0; i < hf_json_count(r->doc, closed); i++)
		close_for(r, hf_json_at(r->doc, closed, i), out);
}

/* ---- slots ---- */

static struct hf_day_part *
part_of(struct hf_team *t, int from, int to)
{
	for (size_t i = 0; i < t->n_parts; i++)
		if (t->parts[i].from == from && t->parts[i].to == to)
			return &t->parts[i];
	for (size_t i = 0; i < t->n_parts; i++)
		if (from < t->parts[i].to && t->parts[i].from < to)
			return NULL;
	if (t->n_parts == HF_TEAM_PARTS)
		return NULL;
	t->parts[t->n_parts] =
	    (struct hf_day_part){.from = (int16_t)from, .to = (int16_t)to};
	return &t->parts[t->n_parts++];
}

void
hf_team_part_read(struct hf_reading *r, uint32_t node, struct hf_team *t)
{
	uint32_t list = hf_json_member(r->doc, node, "extension");
	int from = -1, to = -1;
	int64_t slots = -1;
	unsigned days = 0;
	struct hf_day_part *part;

	for (uint32_t i = 0; i < hf_json_count(r->doc, list); i++) {
		uint32_t e = hf_json_at(r->doc, list, i);
		struct hf_sv name = hf_dig_text(r->doc, e, "url", r->arena);
		struct hf_sv value = hf_reading_value(r, e);
		int day = hf_weekday_of(value);

		if (hf_sv_is(name, "from"))
			from = hf_minutes_of(value, false);
		else if (hf_sv_is(name, "to"))
			to = hf_minutes_of(value, true);
		else if (hf_sv_is(name, "slots") && !hf_sv_int(value, &slots))
			slots = -1;
		else if (hf_sv_is(name, "day") && day >= 0)
			days |= 1u << day;
	}
	if (from < 0 || to <= from || slots < 0 || slots > 1000) {
		hf_reading_wrong(r, "extension(capacity)",
				 "expected from, a later to on the same day, and slots "
				 "from 0 to 1000");
		return;
	}
	part = part_of(t, from, to);
	if (!part) {
		hf_reading_wrong(r, "extension(capacity)",
				 "parts of the day overlap, or there are more than 4");
		return;
	}
	for (int d = 0; d < 7; d++)
		if (days == 0 || days & 1u << d)
			part->staffed[d] = (int16_t)slots;
}

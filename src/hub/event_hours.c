/* event_hours.c - opening hours as a line of text. */
#include "hub/event.h"

static void
write_day(struct hf_buf *b, const struct hf_open_day *day)
{
	for (uint8_t i = 0; i < day->n; i++)
		hf_buf_printf(b, "%s%02d%02d-%02d%02d", i ? "+" : "",
			      day->spans[i].from / 60, day->spans[i].from % 60,
			      day->spans[i].to / 60, day->spans[i].to % 60);
}

struct hf_sv
hf_hours_write(const struct hf_hours *h, struct hf_arena *arena)
{
	struct hf_buf b = {.cap = 16384};
	struct hf_sv out;

	for (int d = 0; d < 7; d++) {
		if (d)
			hf_buf_char(&b, ',');
		write_day(&b, &h->week[d]);
	}
	hf_buf_char(&b, ';');
	if (h->holiday_as_week)
		hf_buf_lit(&b, "week");
	else
		write_day(&b, &h->holiday);
	for (uint16_t i = 0; i < h->n_exceptions; i++) {
		struct hf_civil c = hf_civil_from_time(h->exceptions[i].day * 86400000);

		hf_buf_printf(&b, ";%04d-%02d-%02d=", c.year, c.month, c.day);
		write_day(&b, &h->exceptions[i].open);
	}
	out = hf_arena_sv(arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

/* "0830" → 510; below 0 when it is no time of the day. */
static int
minutes(struct hf_sv s)
{
	int64_t n;

	if (s.n != 4 || !hf_sv_int(s, &n) || n < 0 || n > 2400 || n % 100 > 59)
		return -1;
	return (int)(n / 100 * 60 + n % 100);
}

static bool
read_day(struct hf_sv text, struct hf_open_day *out)
{
	*out = (struct hf_open_day){0};
	while (text.n) {
		struct hf_sv span = hf_sv_cut(&text, '+');
		struct hf_sv first = hf_sv_cut(&span, '-');
		int from = minutes(first), to = minutes(span);

		if (from < 0 || to <= from || out->n == HF_OPEN_MOST)
			return false;
		out->spans[out->n++] = (struct hf_open){(int16_t)from, (int16_t)to};
	}
	return true;
}

bool
hf_hours_read(struct hf_sv text, struct hf_hours *out)
{
	struct hf_sv week = hf_sv_cut(&text, ';');
	struct hf_sv holiday = hf_sv_cut(&text, ';');
	struct hf_date date;

	*out = (struct hf_hours){.holiday_as_week = hf_sv_is(holiday, "week")};
	for (int d = 0; d < 7; d++)
		if (!read_day(hf_sv_cut(&week, ','), &out->week[d]))
			return false;
	if (!out->holiday_as_week && !read_day(holiday, &out->holiday))
		return false;
	while (text.n) {
		struct hf_sv open = hf_sv_cut(&text, ';');
		struct hf_sv day = hf_sv_cut(&open, '=');
		uint16_t i = out->n_exceptions;

		if (i == HF_EXCEPTIONS_MOST || !hf_date_parse(day, false, &date) ||
		    !read_day(open, &out->exceptions[i].open))
			return false;
		/* The day by its UTC fields: noon in London is of the same day. */
		out->exceptions[i].day = hf_london_day(date.lo + 12 * 3600000);
		out->n_exceptions++;
	}
	return true;
}

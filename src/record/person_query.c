/* person_query.c - what somebody typed to find a person, taken apart.
 *
 * The text is cut into words of letters, digits and the marks that stand inside
 * dates; then each position is tried in turn as NHS number, date, postcode, name. */
#include "record/person_query.h"

#include "fhir/spvalue.h"

enum { WORDS = 24 };

struct word {
	struct hf_sv s;
	bool digits, letters; /* nothing but */
};

struct words {
	struct word w[WORDS];
	size_t n;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, apostrophes and anything beyond ASCII make names; a hyphen, slash or
 * dot beside a digit belongs to a number, and one inside a name to the name. */
static void
cut_words(struct hf_sv text, struct words *out)
{
	size_t i = 0;

	out->n = 0;
	while (i < text.n && out->n < WORDS) {
		struct word w = {.digits = true, .letters = true};
		size_t from;

		while (i < text.n && strchr(" ,;\t/.-", text.p[i]))
			i++;
		from = i;
		while (i < text.n && !strchr(" ,;\t/.", text.p[i])) {
			if (text.p[i] == '-' &&
			    (is_digit(text.p[i - 1]) ||
			     (i + 1 < text.n && is_digit(text.p[i + 1]))))
				break;
			w.digits = w.digits && is_digit(text.p[i]);
			w.letters = w.letters && !is_digit(text.p[i]);
			i++;
		}
		if (i == from)
			break;
		w.s = (struct hf_sv){text.p + from, i - from};
		out->w[out->n++] = w;
	}
}

/* ---- NHS number ---- */

/* Ten digits in one to four words beginning at at; gives how many words. */
static size_t
take_number(const struct words *ws, size_t at, struct hf_person_query *q)
{
	char digits[11];
	size_t n = 0;

	for (size_t k = at; k < ws->n && k < at + 4 && ws->w[k].digits; k++) {
		struct hf_sv s = ws->w[k].s;

		if (n + s.n > 10)
			return 0;
		memcpy(digits + n, s.p, s.n);
		n += s.n;
		if (n < 10)
			continue;
		if (hf_nhs_parse((struct hf_sv){digits, 10}, &q->number, NULL)) {
			q->hint = HF_SV("The NHS number is not a valid one: its check "
					"digit does not fit. Check the digits.");
			return k - at + 1;
		}
		q->has_number = true;
		return k - at + 1;
	}
	return 0;
}

/* ---- dates ---- */

static int
month_of(struct hf_sv s)
{
	static const char *const names[] = {
	    "january", "february", "march",	"april",   "may",      "june",
	    "july",    "august",   "september", "october", "november", "december"};

	if (s.n < 3)
		return 0;
	for (int m = 0; m < 12; m++) {
		size_t k = 0;

		while (k < s.n && names[m][k] && (s.p[k] | 32) == names[m][k])
			k++;
		if (k == s.n)
			return m + 1;
	}
	return hf_sv_is(s, "sept") || hf_sv_is(s, "Sept") ? 9 : 0;
}

/* "3", "03", "3rd" */
static int
day_of(struct hf_sv s)
{
	int n = 0;
	size_t k = 0;

	while (k < s.n && k < 2 && is_digit(s.p[k]))
		n = n * 10 + (s.p[k++] - '0');
	if (k == 0 || n < 1 || n > 31)
		return 0;
	if (k == s.n)
		return n;
	s = hf_sv_from_at(s, k);
	return hf_sv_is(s, "st") || hf_sv_is(s, "nd") || hf_sv_is(s, "rd") ||
		       hf_sv_is(s, "th")
		   ? n
		   : 0;
}

static int
number_of(const struct word *w)
{
	int64_t v;

	return w->digits && w->s.n <= 4 && hf_sv_int(w->s, &v) ? (int)v : -1;
}

/* Adds the days that day (0: any), month (0: any), year mean.  False for a day
 * that is in no calendar, or to come. */
static bool
add_birth(struct hf_person_query *q, int day, int month, int year, int64_t today,
	  struct hf_arena *arena)
{
	static const char *const names[] = {
	    "January", "February", "March",	"April",   "May",      "June",
	    "July",    "August",   "September", "October", "November", "December"};
	struct hf_person_birth b;

	if (q->n_births == HF_PERSON_BIRTHS || year < 1870 || year > 2200 ||
	    month < 0 || month > 12 || (day && day > hf_month_days(year, month)))
		return false;
	if (month == 0) {
		b.first = hf_days_from_civil(year, 1, 1);
		b.last = hf_days_from_civil(year, 12, 31);
		b.text = hf_arena_printf(arena, "%d", year);
	} else if (day == 0) {
		b.first = hf_days_from_civil(year, month, 1);
		b.last = b.first + hf_month_days(year, month) - 1;
		b.text = hf_arena_printf(arena, "%s %d", names[month - 1], year);
	} else {
		b.first = b.last = hf_days_from_civil(year, month, day);
		b.text =
		    hf_arena_printf(arena, "%d %s %d", day, names[month - 1], year);
	}
	if (b.first > today)
		return false;
	q->births[q->n_births++] = b;
	return true;
}

/* A year of two digits means both centuries it can. */
static bool
add_births(struct hf_person_query *q, int day, int month, const struct word *year,
	   int64_t today, struct hf_arena *arena)
{
	int y = number_of(year);
	bool any;

	if (y < 0 || (year->s.n != 4 && year->s.n != 2))
		return false;
	if (year->s.n == 4)
		return add_birth(q, day, month, y, today, arena);
	any = add_birth(q, day, month, 1900 + y, today, arena);
	return add_birth(q, day, month, 2000 + y, today, arena) || any;
}

/* "3mar1942" and "mar1942" in one word. */
static bool
take_glued(const struct words *ws, size_t at, struct hf_person_query *q, int64_t today,
	   struct hf_arena *arena)
{
	struct hf_sv s = ws->w[at].s, day = {s.p, 0}, name, year;

	while (day.n < s.n && is_digit(s.p[day.n]))
		day.n++;
	name = (struct hf_sv){s.p + day.n, 0};
	while (day.n + name.n < s.n && is_ascii_letter(name.p[name.n]))
		name.n++;
	year = hf_sv_from_at(s, day.n + name.n);
	if (month_of(name) == 0 || day.n > 2 || year.n != 4)
		return false;
	return add_births(q, day.n ? day_of(day) : 0, month_of(name),
			  &(struct word){.s = year, .digits = true}, today, arena);
}

/* Six or eight digits: 03031942, 19420303, 030342. */
static bool
take_digits(const struct words *ws, size_t at, struct hf_person_query *q, int64_t today,
	    struct hf_arena *arena)
{
	struct hf_sv s = ws->w[at].s;
	struct word part[3];
	static const uint8_t cuts[][3] = {{2, 2, 4}, {4, 2, 2}, {2, 2, 2}};

	for (size_t k = 0; k < HF_COUNT(cuts); k++) {
		size_t from = 0;
		bool year_first = cuts[k][0] == 4;

		if ((size_t)(cuts[k][0] + cuts[k][1] + cuts[k][2]) != s.n)
			continue;
		for (int i = 0; i < 3; i++) {
			part[i] = (struct word){{s.p + from, cuts[k][i]}, true, false};
			from += cuts[k][i];
		}
		if (day_of(part[year_first ? 2 : 0].s) && number_of(&part[1]) >= 1 &&
		    add_births(q, day_of(part[year_first ? 2 : 0].s),
			       number_of(&part[1]), &part[year_first ? 0 : 2], today,
			       arena))
			return true;
	}
	return false;
}

/* Three words in the shape of a whole date, whether there is such a day or not. */
static bool
looks_like_day(const struct word *w, size_t left)
{
	bool month;

	if (left < 3)
		return false;
	month = (w[1].digits && w[1].s.n <= 2) || month_of(w[1].s);
	if (w[0].digits && w[0].s.n == 4)
		return w[1].digits && w[1].s.n <= 2 && w[2].digits && w[2].s.n <= 2;
	return month && is_digit(w[0].s.p[0]) && w[0].s.n <= 4 &&
	       (w[0].s.n <= 2 || !w[0].digits) && w[2].digits &&
	       (w[2].s.n == 4 || w[2].s.n == 2);
}

/* A date beginning at at; gives how many words. */
static size_t
take_date(const struct words *ws, size_t at, struct hf_person_query *q, int64_t today,
	  struct hf_arena *arena)
{
	const struct word *w = ws->w + at;
	size_t left = ws->n - at;
	int m;

	if (q->n_births)
		return 0;
	if (looks_like_day(w, left)) {
		bool year_first = w[0].digits && w[0].s.n == 4;
		int day = day_of(w[year_first ? 2 : 0].s);

		m = w[1].digits ? number_of(&w[1]) : month_of(w[1].s);
		if (day == 0 || m < 1 ||
		    !add_births(q, day, m, &w[year_first ? 0 : 2], today, arena))
			q->hint = HF_SV("What looks like a date of birth is no day of "
					"the past. Write the day before the month, as "
					"in 3/12/1942.");
		return 3;
	}
	if (left >= 2 && month_of(w[0].s) && w[1].s.n == 4 &&
	    add_births(q, 0, month_of(w[0].s), &w[1], today, arena))
		return 2;
	if (left >= 2 && w[0].digits && w[0].s.n <= 2 && w[1].s.n == 4 &&
	    number_of(&w[0]) >= 1 && number_of(&w[0]) <= 12 &&
	    add_births(q, 0, number_of(&w[0]), &w[1], today, arena))
		return 2;
	if (take_glued(ws, at, q, today, arena))
		return 1;
	if (w[0].digits && w[0].s.n == 4 && add_births(q, 0, 0, w, today, arena))
		return 1;
	return w[0].digits && take_digits(ws, at, q, today, arena) ? 1 : 0;
}

/* ---- postcodes ---- */

static char
shape(char c)
{
	return is_digit(c) ? '9' : is_ascii_letter(c) ? 'A' : '?';
}

static bool
has_shape(struct hf_sv s, const char *const *shapes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < s.n && shapes[i][k] && shape(s.p[k]) == shapes[i][k])
			k++;
		if (k == s.n && shapes[i][k] == '\0')
			return true;
	}
	return false;
}

static bool
is_outward(struct hf_sv s)
{
	static const char *const shapes[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};

	return has_shape(s, shapes, HF_COUNT(shapes));
}

static bool
is_inward(struct hf_sv s)
{
	static const char *const shapes[] = {"9AA"};

	return has_shape(s, shapes, 1);
}

static size_t
take_postcode(const struct words *ws, size_t at, struct hf_person_query *q,
	      struct hf_arena *arena)
{
	struct hf_sv s = ws->w[at].s, in = {NULL, 0};
	size_t used = 1;

	if (q->postcode.n)
		return 0;
	if (at + 1 < ws->n && is_outward(s) && is_inward(ws->w[at + 1].s)) {
		in = ws->w[at + 1].s;
		used = 2;
	} else if (s.n >= 5 && is_inward(hf_sv_from_at(s, s.n - 3)) &&
		   is_outward((struct hf_sv){s.p, s.n - 3})) {
		in = hf_sv_from_at(s, s.n - 3);
		s.n -= 3;
	} else if (!is_outward(s)) {
		return 0;
	}
	q->postcode_whole = in.n != 0;
	q->postcode = hf_fold(hf_arena_printf(arena, "%.*s%s%.*s", HF_SV_ARG(s),
					      in.n ? " " : "", HF_SV_ARG(in)),
			      arena);
	return used;
}

/* ---- all of it ---- */

static void
take_name(struct word *w, struct hf_person_query *q, struct hf_arena *arena)
{
	struct hf_sv folded = hf_sv_trim(hf_fold(w->s, arena));

	if (folded.n == 0)
		return;
	if (w->digits) {
		if (q->hint.n == 0)
			q->hint = HF_SV("A number in what you typed is neither a date "
					"of birth nor the ten digits of an NHS number; "
					"it was left out.");
		return;
	}
	if (q->n_names < HF_PERSON_NAMES)
		q->names[q->n_names++] = folded;
}

enum hf_rc
hf_person_query_parse(struct hf_sv text, int64_t today, struct hf_arena *arena,
		      struct hf_person_query *out, struct hf_err *err)
{
	struct hf_person_query q = {0};
	struct words ws;

	text = hf_sv_trim(text);
	if (text.n > HF_PERSON_Q_MAX)
		return hf_fail(err, HF_TOO_LONG, "q",
			       "the search is longer than %d bytes; a name, a date of "
			       "birth, an NHS number or a postcode is enough",
			       HF_PERSON_Q_MAX);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return hf_fail(err, HF_INVALID, "q",
				       "the search holds a control character; type it "
				       "again without");
	cut_words(text, &ws);
	for (size_t at = 0; at < ws.n;) {
		size_t used = q.has_number ? 0 : take_number(&ws, at, &q);

		if (used == 0)
			used = take_date(&ws, at, &q, today, arena);
		if (used == 0)
			used = take_postcode(&ws, at, &q, arena);
		if (used == 0) {
			take_name(&ws.w[at], &q, arena);
			used = 1;
		}
		at += used;
	}
	*out = q;
	return HF_OK;
}

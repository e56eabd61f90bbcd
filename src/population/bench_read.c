/* bench_read.c - a row of a published table. */
#include "population/bench.h"

#include "base/time.h"
#include "population/map_int.h"
#include "population/model.h"

enum { ORG_MOST = 12 };
static const int64_t value_most = INT64_C(1000000000000); /* thousandths */

static const char *const why_names[HF_BENCH_WHYS] = {
    [HF_BENCH_FINE] = "fine",
    [HF_BENCH_HELD_BACK] = "held-back",
    [HF_BENCH_MISSING] = "missing",
    [HF_BENCH_SHAPE] = "shape",
    [HF_BENCH_NO_ORG] = "no-organisation",
    [HF_BENCH_BAD_ORG] = "bad-organisation",
    [HF_BENCH_BAD_PERIOD] = "period-unreadable",
    [HF_BENCH_TWICE] = "twice",
    [HF_BENCH_NOT_A_NUMBER] = "not-a-number",
    [HF_BENCH_NEGATIVE] = "negative",
    [HF_BENCH_TOO_LARGE] = "too-large",
    [HF_BENCH_NOT_WITHIN] = "part-above-whole",
};
static const char *const why_texts[HF_BENCH_WHYS] = {
    [HF_BENCH_FINE] = "fine",
    [HF_BENCH_HELD_BACK] = "the source shows no number here",
    [HF_BENCH_MISSING] = "nothing is there",
#define HF_BENCH_WHY(name, text) [HF_BENCH_##name] = text,
#include "population/bench_why.def"
#undef HF_BENCH_WHY
};

const char *
hf_bench_why_name(enum hf_bench_why why)
{
	return why_names[why];
}

const char *
hf_bench_why_text(enum hf_bench_why why)
{
	return why_texts[why];
}

/* ---- the header ---- */

static enum hf_rc
find(const struct hf_bench_map *map, const struct hf_bench_column *c,
     const struct hf_csv_row *row, bool *taken, int *out, struct hf_err *err)
{
	char fold[HF_BENCH_TEXT] = "";

	*out = -1;
	if (c->position) {
		if (c->position <= row->n)
			*out = (int)c->position - 1;
	} else {
		for (size_t k = 0; k < c->n_names && *out < 0; k++)
			for (size_t i = 0; i < row->n; i++) {
				struct hf_sv name = {
				    fold,
				    hf_map_fold(row->fields[i], fold, sizeof fold)};

				if (!hf_sv_eq(name, c->names[k]))
					continue;
				if (*out >= 0)
					return hf_fail(err, HF_INVALID, c->id,
						       "the header has the column "
						       "\"%.*s\" twice",
						       HF_SV_ARG(row->fields[i]));
				*out = (int)i;
			}
	}
	if (*out >= 0)
		taken[*out] = true;
	else if (!c->optional)
		return hf_fail(err, HF_INVALID, c->id,
			       "the map %s needs a column for \"%s\", and the file "
			       "has none that it knows: give the map its name",
			       map->id, c->id);
	return HF_OK;
}

enum hf_rc
hf_bench_bind(const struct hf_bench_map *map, const struct hf_csv_row *header,
	      struct hf_bench_bound *out, struct hf_err *err)
{
	bool taken[HF_CSV_FIELDS] = {false};
	enum hf_rc rc = HF_OK;

	*out =
	    (struct hf_bench_bound){.map = map, .width = map->headless ? 0 : header->n};
	for (int r = 0; r < HF_BENCH_ROLES && rc == HF_OK; r++) {
		out->role[r] = -1;
		if (map->role[r].id)
			rc =
			    find(map, &map->role[r], header, taken, &out->role[r], err);
	}
	for (size_t i = 0; i < map->n_columns && rc == HF_OK; i++)
		rc = find(map, &map->columns[i], header, taken, &out->column[i], err);
	for (size_t i = 0; i < header->n; i++)
		out->unread += !taken[i] && header->fields[i].n > 0;
	return rc;
}

/* ---- periods ---- */

static const char *const months[12] = {"january",   "february", "march",    "april",
				       "may",	    "june",	"july",	    "august",
				       "september", "october",	"november", "december"};

static char
low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
word_at(struct hf_sv text, size_t at, const char *word, size_t n)
{
	if (at + n > text.n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (low(text.p[at + i]) != word[i])
			return false;
	return true;
}

static bool
digits(struct hf_sv text, size_t *at, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++, ++*at) {
		if (*at >= text.n || text.p[*at] < '0' || text.p[*at] > '9')
			return false;
		*out = *out * 10 + text.p[*at] - '0';
	}
	return true;
}

static bool
month_word(struct hf_sv text, size_t *at, bool whole, int *out)
{
	for (int m = 0; m < 12; m++) {
		size_t n = whole ? strlen(months[m]) : 3;

		if (word_at(text, *at, months[m], n)) {
			*at += n;
			*out = m + 1;
			return true;
		}
	}
	return false;
}

bool
hf_bench_period(const char *format, struct hf_sv text, uint16_t *from, uint16_t *to)
{
	int year = 0, month = 0, day = 1;
	size_t at = 0;
	int64_t first, next;

	while (*format) {
		bool ok;

		if (strncmp(format, "YYYY", 4) == 0) {
			ok = digits(text, &at, 4, &year);
			format += 4;
		} else if (strncmp(format, "MMMM", 4) == 0) {
			ok = month_word(text, &at, true, &month);
			format += 4;
		} else if (strncmp(format, "MMM", 3) == 0) {
			ok = month_word(text, &at, false, &month);
			format += 3;
		} else if (strncmp(format, "MM", 2) == 0) {
			ok = digits(text, &at, 2, &month);
			format += 2;
		} else if (strncmp(format, "DD", 2) == 0) {
			ok = digits(text, &at, 2, &day);
			format += 2;
		} else {
			ok = at < text.n && low(text.p[at++]) == low(*format++);
		}
		if (!ok)
			return false;
	}
	if (at != text.n || year < 1990 || year > 2150 || month < 1 || month > 12 ||
	    day < 1 || day > 31)
		return false;
	first = hf_days_from_civil(year, month, 1) - HF_POP_DAY_ZERO;
	next = hf_days_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1) -
	       HF_POP_DAY_ZERO;
	if (day > next - first)
		return false;
	*from = (uint16_t)first;
	*to = (uint16_t)next;
	return true;
}

/* ---- values ---- */

static bool
among(const struct hf_sv *words, size_t n, struct hf_sv s)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(words[i], s))
			return true;
	return false;
}

/* "1,354,645" and "12.5": thousandths. */
static enum hf_bench_why
number(struct hf_sv text, int64_t *out)
{
	if (!hf_map_milli(text, out))
		return HF_BENCH_NOT_A_NUMBER;
	if (*out < 0)
		return HF_BENCH_NEGATIVE;
	return *out > value_most ? HF_BENCH_TOO_LARGE : HF_BENCH_FINE;
}

static enum hf_bench_why
value(const struct hf_bench_map *m, struct hf_sv text, int64_t *out)
{
	char room[64];
	struct hf_sv word;

	if (text.n == 0)
		return HF_BENCH_MISSING;
	word = hf_map_lower_to(text, room, sizeof room);
	if (among(m->suppressed, m->n_suppressed, word))
		return HF_BENCH_HELD_BACK;
	if (among(m->missing, m->n_missing, word))
		return HF_BENCH_MISSING;
	return number(text, out);
}

/* Columns that a month's file does not have count 0, but not all of them. */
static void
side(const struct hf_bench_side *s, const enum hf_bench_why *why,
     const struct hf_bench_row *row, struct hf_bench_cell *cell, int64_t *out)
{
	bool any = false;

	*out = 0;
	for (size_t i = 0; i < s->n; i++) {
		uint8_t c = s->terms[i].column;

		/* What is wrong comes before what is not there. */
		if (why[c] > cell->why) {
			cell->why = why[c];
			cell->column = c;
		}
		if (why[c] != HF_BENCH_FINE || row->values[c] == INT64_MIN)
			continue;
		any = true;
		*out += s->terms[i].minus ? -row->values[c] : row->values[c];
	}
	if (cell->why == HF_BENCH_FINE && !any)
		cell->why = HF_BENCH_MISSING;
	if (cell->why == HF_BENCH_FINE && *out < 0)
		cell->why = HF_BENCH_NEGATIVE;
}

static void
read_cells(const struct hf_bench_map *m, const enum hf_bench_why *why,
	   struct hf_bench_row *out)
{
	for (size_t f = 0; f < m->n_figures; f++) {
		struct hf_bench_cell *cell = &out->cells[f];

		*cell = (struct hf_bench_cell){.column = -1, .of = -1};
		side(&m->figures[f].count, why, out, cell, &cell->count);
		if (m->figures[f].of.n)
			side(&m->figures[f].of, why, out, cell, &cell->of);
		if (cell->why == HF_BENCH_FINE && m->figures[f].within &&
		    cell->count > cell->of)
			cell->why = HF_BENCH_NOT_WITHIN;
	}
}

static struct hf_sv
role(const struct hf_bench_bound *b, const struct hf_csv_row *csv, enum hf_bench_role r)
{
	struct hf_sv s = b->role[r] < 0 || (size_t)b->role[r] >= csv->n
			     ? (struct hf_sv){NULL, 0}
			     : csv->fields[b->role[r]];

	if (s.n > HF_BENCH_TEXT)
		s.n = HF_BENCH_TEXT;
	return s;
}

static bool
is_code(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (s.p[i] >= 'a' && s.p[i] <= 'z')))
			return false;
	return s.n > 0 && s.n <= ORG_MOST;
}

static enum hf_bench_why
read_period(const struct hf_bench_bound *b, const struct hf_csv_row *csv,
	    struct hf_bench_row *out)
{
	struct hf_sv text = role(b, csv, HF_BENCH_PERIOD);

	if (b->role[HF_BENCH_PERIOD] < 0)
		return out->to > out->from ? HF_BENCH_FINE : HF_BENCH_BAD_PERIOD;
	for (size_t i = 0; i < b->map->n_formats; i++)
		if (hf_bench_period(b->map->formats[i], text, &out->from, &out->to))
			return HF_BENCH_FINE;
	return HF_BENCH_BAD_PERIOD;
}

static bool
nothing(const struct hf_csv_row *csv)
{
	for (size_t i = 0; i < csv->n; i++)
		if (csv->fields[i].n)
			return false;
	return true;
}

enum hf_bench_why
hf_bench_read(const struct hf_bench_bound *bound, const struct hf_csv_row *csv,
	      uint16_t from, uint16_t to, struct hf_bench_row *out,
	      enum hf_bench_role *blame)
{
	const struct hf_bench_map *m = bound->map;
	enum hf_bench_why why[HF_BENCH_COLUMNS], wrong;
	char room[64];

	*out = (struct hf_bench_row){.from = from, .to = to};
	*blame = HF_BENCH_ROLES;
	out->empty = nothing(csv);
	if (out->empty)
		return HF_BENCH_FINE;
	if (csv->n < bound->width)
		return HF_BENCH_SHAPE;
	for (size_t i = 0; i < m->n_columns; i++) {
		int at = bound->column[i];

		out->values[i] = INT64_MIN;
		why[i] = at < 0 ? HF_BENCH_FINE
			 : (size_t)at >= csv->n
			     ? HF_BENCH_MISSING
			     : value(m, csv->fields[at], &out->values[i]);
	}
	read_cells(m, why, out);
	out->org = role(bound, csv, HF_BENCH_ORG);
	out->name = role(bound, csv, HF_BENCH_NAME);
	out->parent = role(bound, csv, HF_BENCH_PARENT);
	*blame = HF_BENCH_ORG;
	if (out->org.n == 0)
		return HF_BENCH_NO_ORG;
	out->total =
	    among(m->totals, m->n_totals, hf_map_lower_to(out->org, room, sizeof room));
	if (out->total)
		return HF_BENCH_FINE;
	if (!is_code(out->org))
		return HF_BENCH_BAD_ORG;
	*blame = HF_BENCH_PERIOD;
	wrong = read_period(bound, csv, out);
	if (wrong == HF_BENCH_FINE)
		*blame = HF_BENCH_ROLES;
	return wrong;
}

/* feed_row.c - the fields of one row read by their map. */
#include "population/feed.h"
#include "population/map_int.h"

static const struct {
	const char *name, *text;
} whys[HF_WHYS] = {
    [HF_WHY_FINE] = {"fine", ""},
#define HF_WHY(name, text) [HF_WHY_##name] = {#name, text},
#include "population/feed_why.def"
#undef HF_WHY
};

const char *
hf_feed_why_text(enum hf_feed_why why)
{
	return whys[why].text;
}

const char *
hf_feed_why_name(enum hf_feed_why why)
{
	return whys[why].name;
}

struct hf_sv
hf_feed_icd10(struct hf_sv text, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < 7; i++) {
		char c = text.p[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			out[n++] = c;
		else if (c != '.' && c != '-' && c != '*' && c != '+')
			return (struct hf_sv){out, 0};
	}
	/* Fifth and sixth characters mark site, dagger and asterisk; X fills. */
	if (n > 4 && (out[n - 1] == 'D' || out[n - 1] == 'A'))
		n--;
	while (n > 3 && out[n - 1] == 'X')
		n--;
	if (n < 3 || out[0] < 'A' || out[0] > 'Z' || out[1] < '0' || out[1] > '9' ||
	    ((out[2] < '0' || out[2] > '9') && (out[2] < 'A' || out[2] > 'B')))
		n = 0;
	return (struct hf_sv){out, n};
}

static bool
code_ok(enum hf_pop_kind kind, struct hf_sv s)
{
	char icd[8];

	if (kind == HF_POP_ICD10)
		return hf_feed_icd10(s, icd).n != 0;
	if (s.n == 0 || s.n > 20)
		return kind >= HF_POP_CONDITION || kind == HF_POP_SPECIALTY
			   ? s.n != 0 && s.n <= 64
			   : false;
	if (kind == HF_POP_SPECIALTY || kind == HF_POP_CONDITION ||
	    kind == HF_POP_VALUE)
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') ||
		      (kind == HF_POP_PROC && strchr(".- ", s.p[i]))))
			return false;
	return true;
}

static const struct hf_map_code *
translate(const struct hf_map_column *col, struct hf_sv folded)
{
	for (size_t lo = 0, hi = col->n_codes; lo < hi;) {
		size_t mid = (lo + hi) / 2;
		int c = hf_sv_cmp(col->codes[mid].from, folded);

		if (c == 0)
			return &col->codes[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* "20-24 yrs" is 20 to 24: the age in its middle, in thousandths of a year. */
static bool
read_age(struct hf_sv s, int64_t *out)
{
	int64_t lo = 0, hi;
	size_t i = 0;

	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i < 3; i++)
		lo = lo * 10 + s.p[i] - '0';
	if (i == 0 || lo > 130)
		return false;
	hi = lo;
	if (i < s.n && s.p[i] == '-') {
		hi = 0;
		for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && hi < 200; i++)
			hi = hi * 10 + s.p[i] - '0';
		if (hi < lo || hi > 130)
			return false;
	}
	*out = (lo + hi + 1) * 500;
	return true;
}

static enum hf_feed_why
read_person(const struct hf_map *map, struct hf_sv s)
{
	struct hf_nhs nhs;

	if (map->local)
		return s.n <= 64 ? HF_WHY_FINE : HF_WHY_CODE;
	return hf_nhs_parse(s, &nhs, NULL) == HF_OK ? HF_WHY_FINE : HF_WHY_NHS;
}

static bool
read_clock(struct hf_sv s, uint16_t *minute)
{
	unsigned h, m;

	if (s.n == 4 && !memchr(s.p, ':', 4)) { /* 0930 */
		h = (unsigned)(s.p[0] - '0') * 10 + (unsigned)(s.p[1] - '0');
		m = (unsigned)(s.p[2] - '0') * 10 + (unsigned)(s.p[3] - '0');
	} else if (s.n >= 5 && s.p[2] == ':') {
		h = (unsigned)(s.p[0] - '0') * 10 + (unsigned)(s.p[1] - '0');
		m = (unsigned)(s.p[3] - '0') * 10 + (unsigned)(s.p[4] - '0');
	} else {
		return false;
	}
	if (h > 23 || m > 59 || (s.n > 5 && s.p[5] != ':'))
		return false;
	*minute = (uint16_t)(h * 60 + m);
	return true;
}

static enum hf_feed_why
read_word(const struct hf_map_column *col, struct hf_sv s, struct hf_feed_row *out)
{
	int v = hf_map_word((enum hf_map_set)hf_map_field_of(col->field), s);

	out->num[col->field] = v;
	return v < 0 ? HF_WHY_WORD : HF_WHY_FINE;
}

static enum hf_feed_why
read_number(const struct hf_map_column *col, struct hf_sv s, struct hf_feed_row *out)
{
	enum hf_map_type type = hf_map_field_type(col->field);
	int64_t v;

	if (type == HF_MAP_AGE)
		return read_age(s, &out->num[col->field]) ? HF_WHY_FINE : HF_WHY_NUMBER;
	if (type == HF_MAP_MONEY && hf_sv_starts(s, HF_SV("\xc2\xa3")))
		s = hf_sv_from_at(s, 2);
	if (!hf_map_milli(s, &v))
		return HF_WHY_NUMBER;
	if (type == HF_MAP_COUNT &&
	    (v % 1000 || v < 0 || v / 1000 > hf_map_field_of(col->field)))
		return HF_WHY_NUMBER;
	out->num[col->field] = type == HF_MAP_COUNT   ? v / 1000
			       : type == HF_MAP_MONEY ? v / 10
						      : v;
	return v > (int64_t)INT32_MAX * 10 || v < (int64_t)INT32_MIN * 10
		   ? HF_WHY_NUMBER
		   : HF_WHY_FINE;
}

static enum hf_feed_why
read_value(const struct hf_map *map, const struct hf_map_column *col, struct hf_sv s,
	   struct hf_feed_row *out)
{
	enum hf_map_field f = col->field;

	out->text[f] = s;
	switch (hf_map_field_type(f)) {
	case HF_MAP_PERSON:
		return read_person(map, s);
	case HF_MAP_DATE:
		return hf_map_date(map, s, &out->when[f]) ? HF_WHY_FINE : HF_WHY_DATE;
	case HF_MAP_TIME:
		return read_clock(s, &out->when[f].minute) ? HF_WHY_FINE : HF_WHY_DATE;
	case HF_MAP_WORD:
		return read_word(col, s, out);
	case HF_MAP_CODE:
		return code_ok((enum hf_pop_kind)hf_map_field_of(f), s) ? HF_WHY_FINE
									: HF_WHY_CODE;
	case HF_MAP_COUNT:
	case HF_MAP_NUMBER:
	case HF_MAP_MONEY:
	case HF_MAP_AGE:
		return read_number(col, s, out);
	case HF_MAP_TEXT:
		break;
	}
	return HF_WHY_FINE;
}

enum state { THERE, MISSING, HIDDEN, WRONG };

static enum state
read_field(const struct hf_map *map, const struct hf_map_column *col, struct hf_sv s,
	   struct hf_feed_row *out, enum hf_feed_why *why)
{
	char small[96];
	struct hf_sv folded = {small, 0};
	const struct hf_map_code *code;

	*why = HF_WHY_FINE;
	if (s.n == 0)
		return MISSING;
	if (s.n <= sizeof small)
		folded = hf_map_lower_to(s, small, sizeof small);
	if (folded.n && hf_map_listed(map->missing, map->n_missing, folded))
		return MISSING;
	if (folded.n && hf_map_listed(map->suppressed, map->n_suppressed, folded))
		return HIDDEN;
	if (folded.n && hf_map_listed(col->defaults, col->n_defaults, folded))
		out->plain |= (uint64_t)1 << col->field;
	code = folded.n ? translate(col, folded) : NULL;
	if (code && code->text.n == 0)
		return MISSING;
	if (code) {
		out->num[col->field] = code->value;
		out->text[col->field] = code->text;
		return THERE;
	}
	*why = read_value(map, col, s, out);
	return *why == HF_WHY_FINE ? THERE : WRONG;
}

static void
more_dx(const struct hf_map *map, const struct hf_map_column *col, struct hf_sv s,
	struct hf_feed_row *out)
{
	uint64_t bit = (uint64_t)1 << HF_F_DX_MORE;
	enum hf_feed_why why;

	switch (read_field(map, col, s, out, &why)) {
	case THERE:
		out->there |= bit;
		if (out->n_dx < HF_MAP_DX)
			out->dx[out->n_dx++] = out->text[HF_F_DX_MORE];
		else
			out->dx_left_out++;
		break;
	case WRONG:
		out->wrong |= bit;
		out->why[HF_F_DX_MORE] = (uint8_t)why;
		break;
	case HIDDEN:
		out->hidden |= bit;
		break;
	case MISSING:
		break;
	}
}

enum hf_feed_why
hf_feed_read(const struct hf_map_bound *bound, const struct hf_csv_row *csv,
	     uint64_t line, struct hf_feed_row *out, enum hf_map_field *field)
{
	const struct hf_map *map = bound->map;
	enum hf_feed_why refused = HF_WHY_FINE, why;

	out->line = line;
	out->there = out->missing = out->hidden = out->wrong = out->plain = 0;
	out->n_dx = out->dx_left_out = 0;
	*field = HF_FIELDS;
	if (bound->width && csv->n != bound->width)
		return HF_WHY_WIDTH;
	for (size_t i = 0; i < bound->n; i++) {
		const struct hf_map_column *col = &map->columns[bound->col[i].column];
		uint64_t bit = (uint64_t)1 << col->field;
		enum state state;

		if (bound->col[i].at >= csv->n)
			return HF_WHY_WIDTH;
		if (col->field == HF_F_DX_MORE) {
			more_dx(map, col, csv->fields[bound->col[i].at], out);
			continue;
		}
		state = read_field(map, col, csv->fields[bound->col[i].at], out, &why);
		if (state == THERE)
			out->there |= bit;
		else if (state == MISSING)
			out->missing |= bit;
		else if (state == HIDDEN)
			out->hidden |= bit;
		else
			out->wrong |= bit;
		out->why[col->field] = (uint8_t)why;
		/* A person without a valid number is counted, not refused. */
		if (state == THERE || !col->required || refused != HF_WHY_FINE ||
		    col->field == HF_F_PERSON)
			continue;
		*field = col->field;
		refused = state == WRONG    ? why
			  : state == HIDDEN ? HF_WHY_HIDDEN
					    : HF_WHY_NEEDED;
	}
	return refused;
}

bool
hf_feed_shifted(const struct hf_map_bound *bound, const struct hf_csv_row *csv)
{
	const struct hf_map *map = bound->map;

	for (int by = -1; by <= 1; by += 2) {
		struct hf_feed_row row = {0};
		size_t wrong = 0, mended = 0;

		for (size_t i = 0; i < bound->n; i++) {
			const struct hf_map_column *col =
			    &map->columns[bound->col[i].column];
			size_t at = bound->col[i].at;
			enum hf_feed_why why;

			if (at >= csv->n ||
			    hf_map_field_type(col->field) == HF_MAP_TEXT)
				continue;
			if (read_field(map, col, csv->fields[at], &row, &why) != WRONG)
				continue;
			wrong++;
			at = (size_t)((long)at + by);
			if (at < csv->n &&
			    read_field(map, col, csv->fields[at], &row, &why) == THERE)
				mended++;
		}
		if (mended >= 2 && mended * 3 >= wrong * 2)
			return true;
	}
	return false;
}

void
hf_feed_who(const struct hf_map *map, const struct hf_feed_row *row,
	    struct hf_feed_who *out)
{
	*out = (struct hf_feed_who){0};
	if (map->local) {
		if (HF_HAS(row, PERSON))
			out->local = row->text[HF_F_PERSON];
		return;
	}
	if (HF_HAS(row, PERSON) &&
	    hf_nhs_parse(row->text[HF_F_PERSON], &out->nhs, NULL) == HF_OK) {
		bool doubted =
		    HF_HAS(row, NHS_STATUS) && row->num[HF_F_NHS_STATUS] != 1;

		out->unverified = doubted;
		out->traced = !doubted || map->link_unverified;
	}
	if (!out->traced && HF_HAS(row, PERSON))
		out->local = row->text[HF_F_PERSON];
}

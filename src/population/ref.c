/* ref.c - lists that others publish. */
#include "population/ref.h"

#include <stdlib.h>

#include "base/time.h"
#include "population/codeset.h"
#include "population/map_int.h"

const char *const hf_ref_kind_words[HF_REF_KINDS] = {"codes", "weights", "deprivation",
						     "parents", "capacity"};
const char *const hf_ref_system_words[HF_REF_SYSTEMS] = {"", "snomed", "ctv3", "readv2",
							 "icd10"};

const char *
hf_ref_finding_name(enum hf_ref_finding f)
{
	static const char *const names[] = {
#define HF_REF_FINDING(name, text) #name,
#include "population/ref_finding.def"
#undef HF_REF_FINDING
	};
	return names[f];
}

const char *
hf_ref_finding_text(enum hf_ref_finding f)
{
	static const char *const texts[] = {
#define HF_REF_FINDING(name, text) text,
#include "population/ref_finding.def"
#undef HF_REF_FINDING
	};
	return texts[f];
}

/* Names of columns as hf_map_fold() leaves them, between blanks; which must be there.
 */
static const struct {
	const char *names;
	bool needed;
} columns[HF_REF_KINDS][HF_REF_COLUMNS] = {
    [HF_REF_CODES] = {{"code snomedctid snomedcode conceptid ctv3id ctv3code readcode "
		       "readv2code icd10 icd10code icdcode",
		       true},
		      {"status", false},
		      {"active", false}},
    [HF_REF_WEIGHTS] = {{"code icd10 icd10code icdcode", true},
			{"weight points score", true}},
    [HF_REF_DEPRIVATION] = {{"lsoa11cd lsoa21cd lsoa lsoacode lsoacode2011", true},
			    {"imddecile originaldecile decile "
			     "indexofmultipledeprivationdecile",
			     true}},
    [HF_REF_PARENTS] = {{"organisation organisationcode orgcode practicecode code",
			 true},
			{"icbcode icb23cdh stpcode parent parentcode board", true},
			{"icbname stpname parentname boardname", false}},
    [HF_REF_CAPACITY] = {
	{"service", true}, {"from", true}, {"to", false}, {"places beds", true}}};

static void
find(struct hf_ref_reader *r, enum hf_ref_finding f, uint64_t line)
{
	if (r->found[f] < HF_REF_LINES)
		r->lines[f][r->found[f]] = line;
	r->found[f]++;
}

/* ---- codes ---- */

/* Verhoeff 1969: the dihedral group of the pentagon. */
static bool
verhoeff(struct hf_sv s)
{
	static const char d[10][11] = {
	    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
	    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
	static const char p[8][11] = {"0123456789", "1576283094", "5803796142",
				      "8916043527", "9453126870", "4286573901",
				      "2793806415", "7046913258"};
	int c = 0;

	for (size_t i = 0; i < s.n; i++)
		c = d[c][p[i % 8][s.p[s.n - 1 - i] - '0'] - '0'] - '0';
	return c == 0;
}

bool
hf_ref_snomed(struct hf_sv code, bool *other)
{
	*other = false;
	if (code.n < 6 || code.n > 18 || code.p[0] == '0')
		return false;
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
	if (!verhoeff(code))
		return false;
	*other = code.p[code.n - 2] != '0';
	return !*other;
}

/* Five characters, dots only behind the others. */
static bool
is_read(struct hf_sv s)
{
	bool dots = false;

	if (s.n != 5 || s.p[0] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			    (c >= 'a' && c <= 'z');

		if (!word && c != '.')
			return false;
		if (dots && word)
			return false;
		dots |= c == '.';
	}
	return true;
}

bool
hf_ref_code_ok(enum hf_ref_system system, struct hf_sv code)
{
	struct hf_pop_pattern p;
	bool other;

	switch (system) {
	case HF_REF_SNOMED:
		return hf_ref_snomed(code, &other);
	case HF_REF_CTV3:
	case HF_REF_READV2:
		return is_read(code);
	case HF_REF_ICD10:
		return code.n >= 3 && hf_pop_pattern_read(code, &p) &&
		       memcmp(p.from, p.to, p.n) == 0;
	default:
		return false;
	}
}

bool
hf_ref_file_name(struct hf_sv file, struct hf_sv *name, struct hf_sv *version,
		 enum hf_ref_system *system)
{
	struct hf_sv rest = file, part[4];
	size_t n = 0;

	for (; n < 4 && rest.p; n++)
		part[n] = hf_sv_cut(&rest, '.');
	if (rest.p || n < 3 || !hf_sv_among(part[n - 1], "txt csv tsv"))
		return false;
	*system = HF_REF_NO_SYSTEM;
	for (int i = 1; i < HF_REF_SYSTEMS; i++)
		if (hf_sv_eq(part[n - 2], hf_sv_from(hf_ref_system_words[i])))
			*system = (enum hf_ref_system)i;
	*name = part[0];
	*version = n == 4 ? part[1] : (struct hf_sv){"", 0};
	return *system != HF_REF_NO_SYSTEM && name->n > 0;
}

/* ---- columns ---- */

static bool
is_word(struct hf_sv name, const char *names)
{
	return name.n > 0 && hf_sv_among(name, names);
}

/* A file without a header: codes first, as published; or the 27 columns of ODS. */
static bool
headless(struct hf_ref_reader *r, const struct hf_csv_row *row)
{
	bool other;

	if (r->kind == HF_REF_CODES && (hf_ref_code_ok(r->system, row->fields[0]) ||
					hf_ref_snomed(row->fields[0], &other))) {
		r->column[0] = 0;
		return true;
	}
	if (r->kind == HF_REF_PARENTS && row->n >= 20) {
		r->column[0] = 0;
		r->column[1] = 3;
		return true;
	}
	return false;
}

static enum hf_rc
set_columns(struct hf_ref_reader *r, const struct hf_csv_row *row, bool *is_header,
	    struct hf_err *err)
{
	char fold[128] = "";

	*is_header = true;
	for (int c = 0; c < HF_REF_COLUMNS; c++) {
		r->column[c] = -1;
		for (size_t i = 0; columns[r->kind][c].names && i < row->n; i++) {
			struct hf_sv name = {
			    fold, hf_map_fold(row->fields[i], fold, sizeof fold)};

			if (r->column[c] < 0 &&
			    is_word(name, columns[r->kind][c].names))
				r->column[c] = (int)i;
		}
	}
	for (int c = 0; c < HF_REF_COLUMNS; c++) {
		if (!columns[r->kind][c].needed || r->column[c] >= 0)
			continue;
		*is_header = false;
		for (int k = 0; k < HF_REF_COLUMNS; k++)
			r->column[k] = -1;
		if (headless(r, row))
			return HF_OK;
		return hf_fail(err, HF_INVALID, hf_ref_kind_words[r->kind],
			       "the file has no column that is called one of: %s",
			       columns[r->kind][c].names);
	}
	return HF_OK;
}

static struct hf_sv
field(const struct hf_ref_reader *r, const struct hf_csv_row *row, int c)
{
	return r->column[c] >= 0 && (size_t)r->column[c] < row->n
		   ? row->fields[r->column[c]]
		   : (struct hf_sv){"", 0};
}

/* ---- rows of each kind ---- */

static bool
is_lsoa(struct hf_sv s)
{
	if (s.n != 9 || !strchr("EWSN", s.p[0]) || s.p[1] != '0' || s.p[2] != '1')
		return false;
	for (size_t i = 3; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool
is_org(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] >= 'A' && s.p[i] <= 'Z')))
			return false;
	return s.n >= 3 && s.n <= 12;
}

static bool
is_day(struct hf_sv s)
{
	struct hf_date d;

	return hf_date_parse(s, false, &d) && d.precision == HF_PREC_DAY;
}

static bool
is_retired(const struct hf_ref_reader *r, const struct hf_csv_row *row)
{
	char room[32];
	struct hf_sv status = hf_map_lower_to(field(r, row, 1), room, sizeof room);

	if (hf_sv_among(status, "retired inactive erroneous obsolete outdated"))
		return true;
	status = hf_map_lower_to(field(r, row, 2), room, sizeof room);
	return hf_sv_among(status, "0 false no inactive");
}

/* "F05.9" and "F059" are one. */
static struct hf_sv
without_dot(struct hf_sv s, struct hf_arena *arena)
{
	char *out = hf_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < s.n; i++)
		if (s.p[i] != '.')
			out[n++] = s.p[i] >= 'a' && s.p[i] <= 'z'
				       ? (char)(s.p[i] - 'a' + 'A')
				       : s.p[i];
	return (struct hf_sv){out, n};
}

static bool
take_code(struct hf_ref_reader *r, const struct hf_csv_row *row, uint64_t line,
	  struct hf_ref_entry *e)
{
	bool other = false;

	if (r->system == HF_REF_ICD10)
		e->key = without_dot(e->key, r->arena);
	if (!hf_ref_code_ok(r->system, e->key)) {
		if (r->system == HF_REF_SNOMED)
			hf_ref_snomed(e->key, &other);
		find(r, other ? HF_REF_FOUND_not_a_concept : HF_REF_FOUND_bad_key,
		     line);
		return false;
	}
	if (is_retired(r, row))
		find(r, HF_REF_FOUND_retired, line);
	return true;
}

static bool
whole(struct hf_sv s, int64_t low, int64_t high, int64_t *out)
{
	return hf_map_milli(s, out) && *out % 1000 == 0 && (*out /= 1000) >= low &&
	       *out <= high;
}

/* An organisation's code, which is no number. */
static bool
is_published(struct hf_sv s)
{
	return is_org(s) && !(s.p[0] >= '0' && s.p[0] <= '9');
}

static bool
take_value(struct hf_ref_reader *r, const struct hf_csv_row *row, uint64_t line,
	   struct hf_ref_entry *e)
{
	int64_t v;
	bool key = true, value = true;

	switch (r->kind) {
	case HF_REF_WEIGHTS:
		e->key = without_dot(e->key, r->arena);
		key = hf_ref_code_ok(HF_REF_ICD10, e->key);
		value = hf_map_milli(field(r, row, 1), &v) && v > 0 && v <= 1000000;
		if (value)
			e->value = hf_arena_printf(r->arena, "%lld", (long long)v);
		break;
	case HF_REF_DEPRIVATION:
		key = is_lsoa(e->key);
		value = whole(field(r, row, 1), 1, 10, &v);
		if (value)
			e->value = hf_arena_printf(r->arena, "%lld", (long long)v);
		break;
	case HF_REF_PARENTS:
		key = is_org(e->key);
		e->value = field(r, row, 1);
		e->more = field(r, row, 2);
		value = is_org(e->value);
		break;
	default: /* capacity */
		value = is_day(field(r, row, 1)) &&
			(field(r, row, 2).n == 0 || is_day(field(r, row, 2)));
		e->more = field(r, row, 2);
		/* ISO days compare as they are written. */
		value = value &&
			(e->more.n == 0 || hf_sv_cmp(field(r, row, 1), e->more) <= 0);
		value = value && (whole(field(r, row, 3), 1, 1000000, &v) ||
				  is_published(field(r, row, 3)));
		key = e->key.n < 64 && hf_sv_find(e->key, '@') == e->key.n;
		if (value && key) {
			e->key =
			    hf_arena_printf(r->arena, "%.*s@%.*s", HF_SV_ARG(e->key),
					    HF_SV_ARG(field(r, row, 1)));
			e->value = field(r, row, 3);
		}
	}
	if (!key || !value)
		find(r, key ? HF_REF_FOUND_bad_value : HF_REF_FOUND_bad_key, line);
	return key && value;
}

static enum hf_rc
keep(struct hf_ref_reader *r, const struct hf_ref_entry *e, struct hf_err *err)
{
	if (r->n == HF_REF_ENTRIES_MOST)
		return hf_fail(err, HF_TOO_LONG, NULL, "a list has at most %d entries",
			       HF_REF_ENTRIES_MOST);
	if (r->n == r->size) {
		size_t size = r->size ? r->size * 2 : 1024;
		struct hf_ref_entry *more = realloc(r->entries, size * sizeof *more);

		if (!more)
			return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
		r->entries = more;
		r->size = size;
	}
	r->entries[r->n++] = (struct hf_ref_entry){hf_arena_sv(r->arena, e->key),
						   hf_arena_sv(r->arena, e->value),
						   hf_arena_sv(r->arena, e->more)};
	return HF_OK;
}

enum hf_rc
hf_ref_take(struct hf_ref_reader *r, const struct hf_csv_row *row, uint64_t line,
	    struct hf_err *err)
{
	struct hf_ref_entry e = {.value = {"", 0}, .more = {"", 0}};
	bool fine, header = false;

	if (!r->begun) {
		enum hf_rc rc = set_columns(r, row, &header, err);

		if (rc != HF_OK)
			return rc;
		r->begun = true;
		if (header)
			return HF_OK;
	}
	r->rows++;
	e.key = field(r, row, 0);
	if (e.key.n == 0) {
		find(r, HF_REF_FOUND_empty, line);
		return HF_OK;
	}
	fine = r->kind == HF_REF_CODES ? take_code(r, row, line, &e)
				       : take_value(r, row, line, &e);
	return fine ? keep(r, &e, err) : HF_OK;
}

/* ---- the whole ---- */

static int
by_key(const void *a, const void *b)
{
	const struct hf_ref_entry *x = a, *y = b;
	int c = hf_sv_cmp(x->key, y->key);

	return c ? c : (x->key.p > y->key.p) - (x->key.p < y->key.p);
}

void
hf_ref_end(struct hf_ref_reader *r)
{
	size_t n = 0;

	if (r->n)
		qsort(r->entries, r->n, sizeof *r->entries, by_key);
	for (size_t i = 0; i < r->n; i++) {
		struct hf_ref_entry *e = &r->entries[i], *last;

		last = n ? &r->entries[n - 1] : NULL;
		if (last && hf_sv_eq(last->key, e->key)) {
			bool same = hf_sv_eq(last->value, e->value);

			find(r,
			     same ? HF_REF_FOUND_duplicate : HF_REF_FOUND_contradiction,
			     0);
			continue;
		}
		if (last && r->kind == HF_REF_CAPACITY) {
			struct hf_sv a = last->key, b = e->key;
			struct hf_sv one = hf_sv_cut(&a, '@'), two = hf_sv_cut(&b, '@');

			if (hf_sv_eq(one, two) &&
			    (last->more.n == 0 || hf_sv_cmp(last->more, b) >= 0))
				find(r, HF_REF_FOUND_overlap, 0);
		}
		r->entries[n++] = *e;
	}
	r->n = n;
}

void
hf_ref_reader_free(struct hf_ref_reader *r)
{
	free(r->entries);
	r->entries = NULL;
	r->n = r->size = 0;
}

void
hf_ref_write(const struct hf_ref_reader *r, struct hf_buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct hf_ref_entry *e = &r->entries[i];
		const struct hf_sv parts[3] = {e->key, e->value, e->more};

		for (int k = 0; k < 3; k++) {
			for (size_t j = 0; j < parts[k].n; j++) {
				char c = parts[k].p[j];

				hf_buf_char(out, c == '\t' || c == '\n' ? ' ' : c);
			}
			hf_buf_char(out, k < 2 ? '\t' : '\n');
		}
	}
}

bool
hf_ref_line(struct hf_sv *rest, struct hf_ref_entry *out)
{
	struct hf_sv line;

	if (rest->n == 0)
		return false;
	line = hf_sv_cut(rest, '\n');
	out->key = hf_sv_cut(&line, '\t');
	out->value = hf_sv_cut(&line, '\t');
	out->more = line;
	return true;
}

/* ods.c - what a row of an ODS file says. */
#include "exchange/ods.h"

#include "base/time.h"

enum {
	/* Columns of the 27 that ODS files share, from 0. */
	COL_CODE = 0,
	COL_NAME = 1,
	COL_LINE = 4, /* three of them */
	COL_CITY = 7,
	COL_DISTRICT = 8,
	COL_POSTCODE = 9,
	COL_OPENED = 10,
	COL_CLOSED = 11,
	COL_STATUS = 12,
	COL_PHONE = 17,
	COL_SETTING = 25,
	COLUMNS = 27
};

static const struct {
	const char *name, *file; /* file: how it begins */
	const char *header[8];
	size_t least; /* of the columns in the header, that have to be there */
} maps[HF_ODS_MAPS] = {
    [HF_ODS_EPRACCUR] = {"ods-epraccur", "epraccur", {0}, 0},
    [HF_ODS_ETR] = {"ods-etr", "etr", {0}, 0},
    [HF_ODS_SUCC] = {"ods-succ", "succ", {0}, 0},
    [HF_ODS_PCN] = {"ods-pcn",
		    "",
		    {"PRACTICE_CODE", "PCN_CODE", "EXTRACT_DATE", "PCN_NAME",
		     "PRACTICE_NAME", "PRACTICE_POSTCODE"},
		    3},
    [HF_ODS_TREE] = {"tree", "", {"code", "part_of", "from"}, 2},
};

int
hf_ods_map_find(struct hf_sv name)
{
	for (size_t i = 0; i < HF_COUNT(maps); i++)
		if (hf_sv_eq(name, hf_sv_from(maps[i].name)))
			return (int)i;
	return -1;
}

bool
hf_ods_header(enum hf_ods_map map, const struct hf_csv_row *row,
	      struct hf_ods_columns *out)
{
	bool all = maps[map].least > 0;

	for (size_t k = 0; k < HF_COUNT(maps[map].header); k++) {
		const char *name = maps[map].header[k];

		out->at[k] = -1;
		for (size_t i = 0; name && i < row->n; i++)
			if (hf_sv_eq(row->fields[i], hf_sv_from(name)))
				out->at[k] = (int)i;
		all &= k >= maps[map].least || out->at[k] >= 0;
	}
	return all;
}

int
hf_ods_map_guess(struct hf_sv file, const struct hf_csv_row *first)
{
	struct hf_ods_columns columns;
	size_t at = file.n;

	while (at > 0 && file.p[at - 1] != '/')
		at--;
	file = hf_sv_from_at(file, at);
	for (int i = 0; i < HF_ODS_MAPS; i++) {
		if (maps[i].least && hf_ods_header((enum hf_ods_map)i, first, &columns))
			return i;
		if (maps[i].file[0] && hf_sv_starts(file, hf_sv_from(maps[i].file)))
			return i;
	}
	return -1;
}

/* ---- fields ---- */

static enum hf_rc
wrong(struct hf_err *err, size_t column, const char *what)
{
	char path[24];

	snprintf(path, sizeof path, "column %zu", column + 1);
	return hf_fail(err, HF_INVALID, path, "%s", what);
}

static enum hf_rc
take_code(const struct hf_csv_row *row, size_t column, struct hf_arena *arena,
	  struct hf_sv *out, struct hf_err *err)
{
	struct hf_sv s = column < row->n ? row->fields[column] : (struct hf_sv){0};
	char *p = hf_arena_cstr(arena, s);

	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "no memory for the organisations");
	for (size_t i = 0; i < s.n; i++) {
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 'a' + 'A');
		if (!(p[i] >= 'A' && p[i] <= 'Z') && !(p[i] >= '0' && p[i] <= '9'))
			s.n = 0;
	}
	if (s.n < 2 || s.n > HF_ODS_CODE_MAX)
		return wrong(err, column,
			     "expected an ODS code of 2 to 12 letters and digits");
	*out = (struct hf_sv){p, s.n};
	return HF_OK;
}

/* 20171031, 2017-10-31 or 01Jan2022; nothing is nothing. */
static enum hf_rc
take_date(const struct hf_csv_row *row, size_t column, struct hf_arena *arena,
	  struct hf_sv *out, struct hf_err *err)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct hf_sv s = column < row->n ? row->fields[column] : (struct hf_sv){0};
	struct hf_date date;
	char text[32];

	*out = (struct hf_sv){0};
	if (s.n == 0)
		return HF_OK;
	if (s.n == 8) {
		snprintf(text, sizeof text, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
	} else if (s.n == 9) {
		char month[4] = {(char)(s.p[2] | 32), (char)(s.p[3] | 32),
				 (char)(s.p[4] | 32), 0};
		const char *at = strstr(months, month);

		snprintf(text, sizeof text, "%.4s-%02d-%.2s", s.p + 5,
			 at && (at - months) % 3 == 0 ? (int)(at - months) / 3 + 1 : 0,
			 s.p);
	} else {
		snprintf(text, sizeof text, "%.*s", (int)(s.n < 11 ? s.n : 11), s.p);
	}
	if (!hf_date_parse(hf_sv_from(text), false, &date) ||
	    date.precision != HF_PREC_DAY)
		return wrong(err, column,
			     "expected a date as YYYYMMDD, YYYY-MM-DD or 01Jan2022");
	*out = hf_arena_sv(arena, hf_sv_from(text));
	return out->p
		   ? HF_OK
		   : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the organisations");
}

/* ---- rows ---- */

static enum hf_rc
take_details(enum hf_ods_map map, const struct hf_csv_row *row, struct hf_arena *arena,
	     struct hf_ods_fact *f, struct hf_err *err)
{
	const struct hf_sv *c = row->fields;
	enum hf_rc rc = HF_OK;

	if (row->n != COLUMNS)
		return hf_fail(err, HF_INVALID, NULL,
			       "expected 27 columns, there are %zu", row->n);
	f->details = true;
	f->name = c[COL_NAME];
	for (int i = 0; i < HF_ODS_LINES; i++)
		f->lines[i] = c[COL_LINE + i];
	f->city = c[COL_CITY];
	f->district = c[COL_DISTRICT];
	f->postcode = c[COL_POSTCODE];
	f->phone = c[COL_PHONE];
	if (f->name.n == 0)
		return wrong(err, COL_NAME, "expected a name");
	rc = take_date(row, COL_OPENED, arena, &f->opened, err);
	if (rc == HF_OK)
		rc = take_date(row, COL_CLOSED, arena, &f->closed, err);
	if (rc == HF_OK && f->closed.n && f->opened.n &&
	    hf_sv_cmp(f->closed, f->opened) < 0)
		rc = wrong(err, COL_CLOSED, "it closed before it opened");
	f->active = f->closed.n == 0;
	f->kind = "nhs-trust";
	f->text = "NHS trust";
	if (rc || map != HF_ODS_EPRACCUR)
		return rc;
	if (!hf_sv_is(c[COL_STATUS], "A") && !hf_sv_is(c[COL_STATUS], "C") &&
	    !hf_sv_is(c[COL_STATUS], "D") && !hf_sv_is(c[COL_STATUS], "P"))
		return wrong(err, COL_STATUS, "expected the status A, C, D or P");
	f->active = hf_sv_is(c[COL_STATUS], "A");
	f->kind = "prescribing-cost-centre";
	f->text = "Prescribing cost centre";
	if (hf_sv_is(c[COL_SETTING], "4")) {
		f->kind = "general-practice";
		f->text = "GP practice";
	}
	return HF_OK;
}

static enum hf_rc
take_successor(const struct hf_csv_row *row, struct hf_arena *arena,
	       struct hf_ods_fact *f, struct hf_err *err)
{
	enum hf_rc rc;

	if (row->n < 4)
		return hf_fail(err, HF_INVALID, NULL,
			       "expected 4 columns or more, there are %zu", row->n);
	rc = take_code(row, 1, arena, &f->successor, err);
	if (rc == HF_OK)
		rc = take_date(row, 3, arena, &f->succeeded, err);
	if (rc == HF_OK && hf_sv_eq(f->code, f->successor))
		rc = wrong(err, 1, "an organisation does not succeed itself");
	return rc;
}

static struct hf_sv
at_column(const struct hf_csv_row *row, int column)
{
	return column >= 0 && (size_t)column < row->n ? row->fields[column]
						      : (struct hf_sv){0};
}

static enum hf_rc
take_network(const struct hf_ods_columns *at, const struct hf_csv_row *row,
	     struct hf_arena *arena, struct hf_ods_fact *f, struct hf_err *err)
{
	f->kind = "general-practice";
	f->text = "GP practice";
	f->details = f->only_new = f->active = true;
	f->name = at_column(row, at->at[4]);
	f->postcode = at_column(row, at->at[5]);
	if (f->name.n == 0)
		f->name = f->code;
	/* "U" is "Unallocated": nothing is said. */
	if (hf_sv_is(at_column(row, at->at[1]), "U"))
		return HF_OK;
	f->parent_name = at_column(row, at->at[3]);
	f->parent_new = true;
	return take_code(row, (size_t)at->at[1], arena, &f->parent, err);
}

enum hf_rc
hf_ods_row(enum hf_ods_map map, const struct hf_ods_columns *columns,
	   const struct hf_csv_row *row, struct hf_arena *arena,
	   struct hf_ods_fact *out, struct hf_err *err)
{
	struct hf_ods_fact f = {0};
	bool header = maps[map].least > 0;
	enum hf_rc rc = take_code(row, header ? (size_t)columns->at[0] : COL_CODE,
				  arena, &f.code, err);

	if (rc == HF_OK && (map == HF_ODS_EPRACCUR || map == HF_ODS_ETR))
		rc = take_details(map, row, arena, &f, err);
	if (rc == HF_OK && map == HF_ODS_SUCC)
		rc = take_successor(row, arena, &f, err);
	if (rc == HF_OK && map == HF_ODS_PCN)
		rc = take_network(columns, row, arena, &f, err);
	if (rc == HF_OK && map == HF_ODS_TREE)
		rc = take_code(row, (size_t)columns->at[1], arena, &f.parent, err);
	if (rc == HF_OK && header && columns->at[2] >= 0)
		rc = take_date(row, (size_t)columns->at[2], arena, &f.from, err);
	if (rc == HF_OK && hf_sv_eq(f.code, f.parent))
		rc = wrong(err, (size_t)columns->at[1],
			   "an organisation is not part of itself");
	if (rc == HF_OK)
		*out = f;
	return rc;
}

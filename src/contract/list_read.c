/* list_read.c - the files of a price list. */
#include "contract/list_int.h"

#include <stdarg.h>

static const struct column {
	uint8_t table;
	const char *name;
} columns[] = {
#define HF_CT_COLUMN(table, name) {HF_CT_T_##table, #name},
#include "contract/column.def"
#undef HF_CT_COLUMN
};

static const struct table {
	const char *file;
	uint32_t stride;
	bool need;
} tables[] = {
#define HF_CT_TABLE(name, file, row, need) {file, sizeof(struct hf_ct_##row), need},
#include "contract/table.def"
#undef HF_CT_TABLE
};

union any_row {
#define HF_CT_TABLE(name, file, row, need) struct hf_ct_##row as_##name;
#include "contract/table.def"
#undef HF_CT_TABLE
};

const char *
hf_ct_column_name(enum hf_ct_column c)
{
	return columns[c].name;
}

const char *
hf_ct_table_file(enum hf_ct_table_name table)
{
	return tables[table].file;
}

static void
find(struct hf_ct_reader *r, enum hf_severity how, const char *fmt, va_list ap)
{
	char path[64], text[300];

	snprintf(path, sizeof path, "%s:%llu", r->file, (unsigned long long)r->line);
	vsnprintf(text, sizeof text, fmt, ap);
	hf_issue_add(r->issues, how, how == HF_SEV_ERROR ? "invalid" : "informational",
		     hf_sv_from(path), "%s", text);
}

void
hf_ct_find_error(struct hf_ct_reader *r, const char *fmt, ...)
{
	va_list ap;

	r->bad = true;
	va_start(ap, fmt);
	find(r, HF_SEV_ERROR, fmt, ap);
	va_end(ap);
}

void
hf_ct_find_warning(struct hf_ct_reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(r, HF_SEV_WARNING, fmt, ap);
	va_end(ap);
}

struct hf_sv
hf_ct_field(const struct hf_ct_reader *r, enum hf_ct_column c)
{
	struct hf_sv s = r->row.fields[r->at[c]];

	return hf_sv_is(s, "-") || hf_sv_is(s, "\xe2\x80\x93") ? (struct hf_sv){NULL, 0}
							       : s;
}

enum { NOWHERE = HF_CSV_FIELDS };

static enum hf_rc
place_column(struct hf_ct_reader *r, enum hf_ct_column first, enum hf_ct_column end,
	     size_t i, struct hf_err *err)
{
	struct hf_sv name = r->row.fields[i];

	for (enum hf_ct_column c = first; c < end; c++) {
		if (!hf_sv_eq(name, hf_sv_from(columns[c].name)))
			continue;
		if (r->at[c] != NOWHERE)
			return hf_fail(err, HF_INVALID, r->file,
				       "the column %s is there twice", columns[c].name);
		r->at[c] = i;
		return HF_OK;
	}
	return hf_fail(err, HF_INVALID, r->file, "column %zu is none of this file's",
		       i + 1);
}

enum hf_rc
hf_ct_header_read(struct hf_ct_reader *r, enum hf_ct_column first,
		  enum hf_ct_column end, struct hf_csv *csv, struct hf_err *err)
{
	enum hf_rc rc = hf_csv_next(csv, r->arena, &r->row, err);

	if (rc != HF_OK)
		return hf_fail(err, rc, r->file, "the header cannot be read");
	for (enum hf_ct_column c = first; c < end; c++)
		r->at[c] = NOWHERE;
	for (size_t i = 0; i < r->row.n; i++) {
		rc = place_column(r, first, end, i, err);
		if (rc != HF_OK)
			return rc;
	}
	for (enum hf_ct_column c = first; c < end; c++)
		if (r->at[c] == NOWHERE)
			return hf_fail(err, HF_INVALID, r->file,
				       "the column %s is missing", columns[c].name);
	return HF_OK;
}

static enum hf_ct_column
first_column(unsigned table)
{
	enum hf_ct_column c = 0;

	while (c < HF_CT_COLUMNS && columns[c].table != table)
		c++;
	return c;
}

static enum hf_ct_column
end_column(unsigned table)
{
	enum hf_ct_column c = first_column(table);

	while (c < HF_CT_COLUMNS && columns[c].table == table)
		c++;
	return c;
}

static void
one_row(struct hf_ct_reader *r, enum hf_ct_table_name table, size_t width)
{
	struct hf_ct_rows *rows = &r->list->table[table];
	union any_row row;

	if (r->row.n != width) {
		hf_ct_find_error(r, "the row has %zu fields, the header %zu", r->row.n,
				 width);
		return;
	}
	memset(&row, 0, sizeof row);
	hf_ct_row_make(r, table, &row);
	if (!r->bad)
		memcpy(rows->rows + (size_t)rows->n++ * rows->stride, &row,
		       rows->stride);
}

/* No more rows than lines. */
static size_t
lines_of(struct hf_sv text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static enum hf_rc
read_table(struct hf_ct_reader *r, enum hf_ct_table_name table, struct hf_sv text,
	   struct hf_err *err)
{
	struct hf_ct_rows *rows = &r->list->table[table];
	struct hf_csv csv = {.rest = text};
	enum hf_ct_column first = first_column(table), end = end_column(table);
	size_t most = lines_of(text), width;
	enum hf_rc rc = hf_ct_header_read(r, first, end, &csv, err);

	if (rc != HF_OK)
		return rc;
	if (most > HF_CT_ROWS_MOST)
		return hf_fail(err, HF_TOO_LONG, r->file, "more than %d rows",
			       HF_CT_ROWS_MOST);
	width = r->row.n;
	rows->stride = tables[table].stride;
	rows->rows = hf_arena_array(r->arena, most, rows->stride);
	if (!rows->rows)
		return hf_fail(err, HF_TOO_LONG, r->file, "the price list is too long");
	for (;;) {
		rc = hf_csv_next(&csv, r->arena, &r->row, NULL);
		r->line = csv.line;
		r->bad = false;
		if (rc != HF_OK)
			hf_ct_find_error(r, "the row cannot be read: a quote that is "
					    "not closed, or no UTF-8");
		else if (r->row.n == 0)
			break;
		else
			one_row(r, table, width);
	}
	return hf_ct_rows_index(r, rows, err);
}

static const struct hf_ct_file *
file_named(const struct hf_ct_file *files, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(files[i].name, hf_sv_from(name)))
			return &files[i];
	return NULL;
}

static enum hf_rc
check_files(const struct hf_ct_file *files, size_t n, struct hf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		bool known = hf_sv_is(files[i].name, "list.csv");

		for (size_t t = 0; t < HF_COUNT(tables); t++)
			known |= hf_sv_eq(files[i].name, hf_sv_from(tables[t].file));
		if (!known)
			return hf_fail(err, HF_INVALID, NULL,
				       "file %zu is none that a price list has", i + 1);
		if (files[i].text.n > HF_CT_FILE_MOST)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "file %zu is larger than %d bytes", i + 1,
				       HF_CT_FILE_MOST);
	}
	return HF_OK;
}

static enum hf_rc
read_files(struct hf_ct_reader *r, const struct hf_ct_file *files, size_t n,
	   struct hf_err *err)
{
	const struct hf_ct_file *file = file_named(files, n, "list.csv");
	enum hf_rc rc = HF_OK;

	r->file = "list.csv";
	if (!file)
		return hf_fail(err, HF_INVALID, r->file, "the file is missing");
	rc = hf_ct_settings_read(r, file->text, err);
	for (size_t t = 0; rc == HF_OK && t < HF_COUNT(tables); t++) {
		r->file = tables[t].file;
		file = file_named(files, n, r->file);
		if (file)
			rc = read_table(r, (enum hf_ct_table_name)t, file->text, err);
		else if (tables[t].need)
			rc = hf_fail(err, HF_INVALID, r->file, "the file is missing");
	}
	return rc;
}

enum hf_rc
hf_ct_list_read(const struct hf_ct_file *files, size_t n, struct hf_arena *arena,
		struct hf_issues *issues, struct hf_ct_list **out, struct hf_err *err)
{
	struct hf_ct_reader *r = HF_NEW(arena, struct hf_ct_reader);
	enum hf_rc rc = check_files(files, n, err);

	if (rc != HF_OK)
		return rc;
	if (!r || !(r->list = HF_NEW(arena, struct hf_ct_list)))
		return hf_fail(err, HF_TOO_LONG, NULL, "the price list is too long");
	r->arena = arena;
	r->issues = issues;
	rc = read_files(r, files, n, err);
	if (rc == HF_OK)
		*out = r->list;
	return rc;
}

enum hf_rc
hf_ct_list_builtin(struct hf_arena *arena, struct hf_ct_list **out, struct hf_err *err)
{
	struct hf_ct_file files[HF_CT_TABLES + 1];
	struct hf_issues issues = {.arena = arena};
	size_t n = hf_n_prices_ill_builtin;
	enum hf_rc rc;

	assert(n <= HF_COUNT(files));
	for (size_t i = 0; i < n; i++)
		files[i] =
		    (struct hf_ct_file){hf_sv_from(hf_prices_ill_builtin[i].name),
					hf_prices_ill_builtin[i].text};
	rc = hf_ct_list_read(files, n, arena, &issues, out, err);
	assert(rc != HF_OK || issues.errors == 0);
	return rc;
}

/* sheet.h - tables as a finance department or an analyst files them: CSV (RFC 4180), a
 * workbook (OpenDocument 1.2) and a document to print and sign (PDF).  Pure.
 *
 * A book is made once and written in any of the three.  The same book gives the same
 * bytes: no clock, no machine's name and no random number goes in. */
#ifndef HF_SHEET_SHEET_H
#define HF_SHEET_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum hf_cell_kind {
	HF_CELL_TEXT,
	HF_CELL_NUMBER, /* a decimal as text, "-1234.50": kept to the digit */
	HF_CELL_DATE	/* "2020-04-30" */
};

enum {
	HF_SHEETS_MOST = 64,
	HF_COLUMNS_MOST = 64,
	HF_SHEET_ROWS_MOST = 1000000, /* of a workbook's sheet */
	HF_PDF_ROWS_MOST = 5000	      /* of a printed table: more is a workbook's */
};

struct hf_cell {
	enum hf_cell_kind kind;
	struct hf_sv text; /* empty: nothing in it */
};

struct hf_row {
	struct hf_row *next;
	bool strong;	       /* a total */
	struct hf_cell cell[]; /* as many as the sheet has columns */
};

struct hf_column {
	struct hf_sv head;
	int share; /* of the printed width; 0: 10 */
};

struct hf_sheet {
	struct hf_sheet *next;
	struct hf_sv name;
	struct hf_column column[HF_COLUMNS_MOST];
	size_t n_columns, n_rows;
	struct hf_row *first, *last;
	size_t filled; /* cells of the last row */
};

struct hf_line {
	struct hf_line *next;
	struct hf_sv text;
};

struct hf_book {
	struct hf_arena *arena; /* everything is copied into it */
	struct hf_sv title, foot;
	struct hf_line *lines, *last_line; /* said under the title */
	struct hf_sheet *sheets, *last_sheet;
	size_t n_sheets;
	bool refused; /* a limit was reached, or a cell is wrong: writing says so */
};

/* foot: on each printed page, the hash of what it says for instance. */
struct hf_book *hf_book_make(struct hf_arena *arena, struct hf_sv title,
			     struct hf_sv foot);
void hf_book_say(struct hf_book *b, struct hf_sv line);

/* All columns are named before the first row. */
struct hf_sheet *hf_book_sheet(struct hf_book *b, struct hf_sv name);
void hf_sheet_column(struct hf_book *b, struct hf_sheet *s, struct hf_sv head,
		     int share);

/* Begins a row; the cells follow from the left, those not given are empty. */
void hf_sheet_row(struct hf_book *b, struct hf_sheet *s, bool strong);
void hf_sheet_text(struct hf_book *b, struct hf_sheet *s, struct hf_sv text);
void hf_sheet_int(struct hf_book *b, struct hf_sheet *s, int64_t n);
/* pence as pounds: 123456 is 1234.56. */
void hf_sheet_pence(struct hf_book *b, struct hf_sheet *s, int64_t pence);
/* v with as many places, 0 … 9; not a number: an empty cell. */
void hf_sheet_real(struct hf_book *b, struct hf_sheet *s, double v, int places);
void hf_sheet_date(struct hf_book *b, struct hf_sheet *s, struct hf_sv date);

/* One sheet with its heads, lines ended by CR LF.  A text that a spreadsheet would take
 * for a formula (begins with = + - @ or a tab) gets an apostrophe before it. */
enum hf_rc hf_sheet_csv(const struct hf_book *b, const struct hf_sheet *s,
			struct hf_buf *out, struct hf_err *err);
/* All of its sheets, an empty line between two. */
enum hf_rc hf_book_csv(const struct hf_book *b, struct hf_buf *out, struct hf_err *err);
/* application/vnd.oasis.opendocument.spreadsheet, a sheet a table. */
enum hf_rc hf_book_ods(const struct hf_book *b, struct hf_buf *out, struct hf_err *err);
/* application/pdf, A4 across: title, lines, tables; pages numbered.  What Windows-1252
 * has no sign for is printed as "?". */
enum hf_rc hf_book_pdf(const struct hf_book *b, struct hf_buf *out, struct hf_err *err);

/* A number as it is read: "-1,234.50".  At least 48 bytes in buf; gives buf. */
char *hf_number_grouped(struct hf_sv number, char *buf, size_t size);

#endif

/* csv.c - a sheet as comma-separated values (RFC 4180). */
#include "sheet/sheet.h"

#include <string.h>

static void
put_text(struct hf_buf *out, struct hf_sv s)
{
	bool formula = s.n > 0 && strchr("=+-@\t", s.p[0]) != NULL;
	bool quote = formula;
	for (size_t i = 0; i < s.n && !quote; i++)
		quote = strchr("\",\r\n", s.p[i]) != NULL && s.p[i] != 0;
	if (!quote) {
		hf_buf_sv(out, s);
		return;
	}
	hf_buf_char(out, '"');
	if (formula)
		hf_buf_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			hf_buf_char(out, '"');
		hf_buf_char(out, s.p[i]);
	}
	hf_buf_char(out, '"');
}

enum hf_rc
hf_sheet_csv(const struct hf_book *b, const struct hf_sheet *s, struct hf_buf *out,
	     struct hf_err *err)
{
	if (b->refused)
		return hf_fail(err, HF_TOO_LONG, "sheet",
			       "a sheet has too many rows, columns or cells");
	for (size_t i = 0; i < s->n_columns; i++) {
		if (i > 0)
			hf_buf_char(out, ',');
		put_text(out, s->column[i].head);
	}
	hf_buf_add(out, "\r\n", 2);
	for (const struct hf_row *r = s->first; r; r = r->next) {
		for (size_t i = 0; i < s->n_columns; i++) {
			if (i > 0)
				hf_buf_char(out, ',');
			if (r->cell[i].kind == HF_CELL_TEXT)
				put_text(out, r->cell[i].text);
			else
				hf_buf_sv(out, r->cell[i].text);
		}
		hf_buf_add(out, "\r\n", 2);
	}
	return HF_OK;
}

enum hf_rc
hf_book_csv(const struct hf_book *b, struct hf_buf *out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (const struct hf_sheet *s = b->sheets; rc == HF_OK && s; s = s->next) {
		if (s != b->sheets)
			hf_buf_lit(out, "\r\n");
		rc = hf_sheet_csv(b, s, out, err);
	}
	return rc;
}

/* csv.h - rows of a CSV file (RFC 4180): fields in quotes or not, CRLF or LF, divided
 * by a comma or what the file has in its place.  Pure. */
#ifndef HF_BASE_CSV_H
#define HF_BASE_CSV_H

#include "base/arena.h"
#include "base/err.h"

enum { HF_CSV_FIELDS = 400, HF_CSV_FIELD_MAX = 4096 };

struct hf_csv {
	struct hf_sv rest; /* what is not read yet */
	uint64_t line;	   /* of the row given last, from 1 */
	uint64_t next;	   /* line that rest begins with; 0 before the first row */
	char separator;	   /* 0: a comma */
};

struct hf_csv_row {
	struct hf_sv
	    fields[HF_CSV_FIELDS]; /* blanks around them taken off; "" undone */
	size_t n;
	struct hf_sv text; /* as it stands, without its line end */
};

/* The next row; empty lines are passed over.  out->n 0: the end.  Fields are views of
 * the text or lie in arena.  HF_INVALID: a quote that is not closed, text after one, a
 * field that is no UTF-8, too many or too long fields; rest stands after the row's line
 * then, so that reading can go on. */
enum hf_rc hf_csv_next(struct hf_csv *csv, struct hf_arena *arena,
		       struct hf_csv_row *out, struct hf_err *err);

#endif

/* activity_read.h - activity as a CSV file, one thing done a row.  Pure.
 * docs/interfaces/prices.md has the columns. */
#ifndef HF_CONTRACT_ACTIVITY_READ_H
#define HF_CONTRACT_ACTIVITY_READ_H

#include "base/csv.h"
#include "base/issue.h"
#include "contract/activity.h"

enum hf_ct_field {
#define HF_CT_FIELD(name) HF_CT_FIELD_##name,
#include "contract/activity.def"
#undef HF_CT_FIELD
	HF_CT_FIELDS
};

struct hf_ct_activity_reader {
	struct hf_csv csv;
	struct hf_arena *arena; /* of one row: it is reset */
	size_t at[HF_CT_FIELDS];
	size_t width;
	struct hf_csv_row row;
};

/* Reads the header.  HF_INVALID: a column is unknown or stands twice, or id, kind or
 * day is missing.  Borrows text; arena is the reader's alone. */
enum hf_rc hf_ct_activity_begin(struct hf_ct_activity_reader *r, struct hf_sv text,
				struct hf_arena *arena, struct hf_err *err);

/* The next row into *out.  HF_OK; HF_INVALID: this row is wrong, err->path is its line
 * and err->text what is wrong with it, and reading may go on; HF_NOT_FOUND: the end. */
enum hf_rc hf_ct_activity_next(struct hf_ct_activity_reader *r,
			       struct hf_ct_activity *out, struct hf_err *err);

const char *hf_ct_act_word(uint8_t kind); /* "spell" */

#endif

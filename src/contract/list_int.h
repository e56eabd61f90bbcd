/* list_int.h - inside contract: what the parts of the reader of price lists share. */
#ifndef HF_CONTRACT_LIST_INT_H
#define HF_CONTRACT_LIST_INT_H

#include "base/csv.h"
#include "contract/list.h"

enum { HF_CT_T_LIST = HF_CT_TABLES }; /* list.csv: settings, not rows */

enum hf_ct_column {
#define HF_CT_COLUMN(table, name) HF_CT_C_##table##_##name,
#include "contract/column.def"
#undef HF_CT_COLUMN
	HF_CT_COLUMNS
};

struct hf_ct_reader {
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_ct_list *list;
	const char *file;
	struct hf_csv_row row;
	uint64_t line;
	size_t at[HF_CT_COLUMNS]; /* where in a row */
	bool bad;		  /* the row at hand */
};

const char *hf_ct_column_name(enum hf_ct_column c);
/* A finding about the row at hand; an error spoils it. */
void hf_ct_find_error(struct hf_ct_reader *r, const char *fmt, ...) HF_PRINTF(2, 3);
void hf_ct_find_warning(struct hf_ct_reader *r, const char *fmt, ...) HF_PRINTF(2, 3);
/* The field of a column; "-" is empty (contract 1.1). */
struct hf_sv hf_ct_field(const struct hf_ct_reader *r, enum hf_ct_column c);

/* Values of settings and rows; each makes its finding.  what names it in the text. */
bool hf_ct_value_date(struct hf_ct_reader *r, const char *what, struct hf_sv s,
		      int32_t *out);
bool hf_ct_value_yes(struct hf_ct_reader *r, const char *what, struct hf_sv s,
		     bool *out);

/* Makes the row at hand in *row, which is cleared and large enough for any. */
void hf_ct_row_make(struct hf_ct_reader *r, enum hf_ct_table_name table, void *row);
/* list.csv */
enum hf_rc hf_ct_settings_read(struct hf_ct_reader *r, struct hf_sv text,
			       struct hf_err *err);
/* Sorts, finds what overlaps (both rows are taken out), makes the hash. */
enum hf_rc hf_ct_rows_index(struct hf_ct_reader *r, struct hf_ct_rows *rows,
			    struct hf_err *err);
/* Reads the header: HF_INVALID when a column is missing, twice there or unknown. */
enum hf_rc hf_ct_header_read(struct hf_ct_reader *r, enum hf_ct_column first,
			     enum hf_ct_column end, struct hf_csv *csv,
			     struct hf_err *err);

#endif

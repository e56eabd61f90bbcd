/* list_show.h - rows of a price list as pages show them, and what a version changed of
 * the one before it.  Pure.  docs/interfaces/prices.md. */
#ifndef HF_CONTRACT_LIST_SHOW_H
#define HF_CONTRACT_LIST_SHOW_H

#include "contract/list.h"
#include "fhir/json.h"

enum { HF_CT_CELLS = 20 };

/* One field of a row, but for its validity. */
struct hf_ct_cell {
	const char *name; /* of its column, "ne_trim" */
	enum hf_ct_cell_kind {
		HF_CT_CELL_TEXT,
		HF_CT_CELL_PENCE,
		HF_CT_CELL_DAYS,
		HF_CT_CELL_RATE,
		HF_CT_CELL_YES
	} kind;
	int64_t n;	   /* HF_CT_NO_PRICE of pence and days: blank */
	struct hf_sv text; /* of HF_CT_CELL_TEXT; n 0: blank */
};

/* Fields of a row into out; how many.  code holds the text of its code and is to live
 * as long as they do. */
size_t hf_ct_row_cells(enum hf_ct_table_name table, const void *row,
		       char code[HF_CT_CODE_TEXT], struct hf_ct_cell out[HF_CT_CELLS]);
/* {line, from, to, …}: pence and days as whole numbers, rates as decimal numbers; a
 * blank field is left out. */
void hf_ct_row_write(enum hf_ct_table_name table, const void *row, struct hf_jw *w);
/* Does a row's code begin with q, or its name hold it?  Small and capital letters are
 * the same; an empty q finds every row. */
bool hf_ct_row_matches(enum hf_ct_table_name table, const void *row, struct hf_sv q);

/* A row that one version has and the other has not (NULL), or has otherwise. */
struct hf_ct_row_change {
	const void *before, *after;
};

/* What after changed of before, by code: those from and below from + most into out; n
 * is how many there are in all.  Rows of one code are taken in the order of validity;
 * a validity that is the whole of either version's is no difference. */
size_t hf_ct_list_changes(const struct hf_ct_list *before,
			  const struct hf_ct_list *after, enum hf_ct_table_name table,
			  size_t from, size_t most, struct hf_ct_row_change *out);
/* {code, what: "added"|"removed"|"changed", before, after, columns [names]}. */
void hf_ct_row_change_write(enum hf_ct_table_name table,
			    const struct hf_ct_row_change *c, struct hf_jw *w);

/* "hrg": the table's word in addresses; its file without the end.  HF_CT_TABLES: none
 * of that word. */
enum hf_ct_table_name hf_ct_table_find(struct hf_sv word);
struct hf_sv hf_ct_table_word(enum hf_ct_table_name table);

#endif

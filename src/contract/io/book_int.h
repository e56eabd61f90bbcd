/* book_int.h - between the files of the book. */
#ifndef HF_CONTRACT_IO_BOOK_INT_H
#define HF_CONTRACT_IO_BOOK_INT_H

#include "contract/io/book.h"

/* A text that is there, also when it is empty: columns take no NULL. */
#define HF_CT_TEXT(s) HF_TEXT((s).p ? (s) : HF_SV(""))

/* Within a job: adds one figure under the number seq (book_input.c). */
enum hf_rc hf_ct_book_input_add(struct hf_db *db, const struct hf_ct_terms *t,
				const struct hf_ct_input *in, struct hf_sv source,
				int64_t seq, int64_t change, hf_time at,
				struct hf_err *err);
/* The newest number of a contract's figures; 0: there are none. */
enum hf_rc hf_ct_book_input_last(struct hf_db *db, struct hf_sv contract, int64_t *out,
				 struct hf_err *err);
/* Reads a row of HF_Q_CONTRACT_INPUT_LIST; false when its line is no more. */
bool hf_ct_book_input_row(const struct hf_rows *rows, const struct hf_ct_terms *t,
			  struct hf_ct_input *in);

#endif

/* list.h - a version of a price list: what each thing costs, from when to when, the
 * market forces factor of each provider, top-ups, and the few rules that lists differ
 * in.  Pure.  contract-and-governance.md 1.1; docs/interfaces/prices.md.
 *
 * A version is some CSV files (table.def, column.def).  What always holds of one that
 * was read: rows of a table stand by code, then by from; two of a code are never valid
 * on one day; no price is negative or above HF_CT_PRICE_MOST; a version is never
 * changed once made. */
#ifndef HF_CONTRACT_LIST_H
#define HF_CONTRACT_LIST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/issue.h"
#include "contract/activity.h"
#include "fhir/doc.h" /* struct hf_definition_text */

enum {
	HF_CT_NO_PRICE = -1, /* also of a trim point */
	HF_CT_ROWS_MOST = 100000,
	HF_CT_FILE_MOST = 32 << 20,   /* bytes */
	HF_CT_PRICE_MOST = 1000000000 /* pence: ten million pounds */
};

enum hf_ct_table_name {
#define HF_CT_TABLE(name, file, row, need) HF_CT_T_##name,
#include "contract/table.def"
#undef HF_CT_TABLE
	HF_CT_TABLES
};

/* What every row begins with. */
struct hf_ct_key {
	hf_ct_code code;
	uint32_t sub;	  /* attendance, service; else 0 */
	int32_t from, to; /* days since 1970, both within */
	uint32_t line;	  /* of its file */
};

enum hf_ct_bpt_scope {
	HF_CT_BPT_NONE,
	HF_CT_BPT_REPLACE, /* the price when met, in place of the base */
	HF_CT_BPT_UPLIFT   /* added to the base when met */
};

struct hf_ct_hrg {
	struct hf_ct_key key;
	hf_pence oproc, combined, dc, el, ne, perday, sse_price, bpt_ne, bpt_el;
	hf_rate sse_pct;
	int32_t el_trim, ne_trim; /* days */
	bool sse_applicable;
	enum hf_ct_bpt_scope bpt_scope;
	struct hf_sv name, bpt_area;
};

struct hf_ct_attendance { /* key.sub: HF_CT_OP_FIRST or HF_CT_OP_FOLLOW_UP */
	struct hf_ct_key key;
	hf_pence single, multi;
};

struct hf_ct_item {
	struct hf_ct_key key;
	hf_pence price; /* of a medicine none: it is paid at cost */
	bool mff;	/* is the price multiplied by it? */
	struct hf_sv name, unit;
};

struct hf_ct_mff {
	struct hf_ct_key key; /* code: the provider */
	hf_rate mff;
	struct hf_sv name;
};

struct hf_ct_topup {
	struct hf_ct_key key; /* sub: ordinal of the service's bit */
	hf_rate percent;      /* 12 % is 0.12 */
};

struct hf_ct_rows {
	char *rows; /* stride bytes each, a struct hf_ct_key first */
	uint32_t n, stride;
	uint32_t *slot; /* hash of code and sub to its first row, less 1; 0 none */
	uint32_t mask;
};

struct hf_ct_list {
	struct hf_sv id, title, supersedes, source;
	bool illustrative;
	int32_t from, to;
	enum hf_rounding rounding;
	uint8_t sse_min_age;	 /* 1.2 step 3 */
	bool exclude_delayed;	 /* 1.2 step 1 */
	bool internal_follow_up; /* 1.5: an internal referral counts as follow-up */
	hf_ct_code ae_follow_up; /* 1.5: treatment function of a planned follow-up */
	struct hf_ct_rows table[HF_CT_TABLES];
};

struct hf_ct_file {
	struct hf_sv name, text; /* "hrg.csv" */
};

/* Reads a version.  Findings go to issues with the path "hrg.csv:12"; a row with an
 * error is left out, and *out holds the others: who must have all of it looks at
 * issues->errors.  Texts of *out are views of the files, or lie in arena.
 * HF_INVALID: a file that has to be there is not, list.csv has an error, or a header is
 * not the table's; HF_TOO_LONG: a file, its rows or the arena is beyond a bound. */
enum hf_rc hf_ct_list_read(const struct hf_ct_file *files, size_t n,
			   struct hf_arena *arena, struct hf_issues *issues,
			   struct hf_ct_list **out, struct hf_err *err);

/* The row of a code valid on a day; NULL: none. */
const void *hf_ct_list_find(const struct hf_ct_list *list, enum hf_ct_table_name table,
			    hf_ct_code code, uint32_t sub, int32_t day);

/* Row i of a table, from 0. */
const void *hf_ct_list_row(const struct hf_ct_list *list, enum hf_ct_table_name table,
			   uint32_t i);
const char *hf_ct_table_file(enum hf_ct_table_name table);

/* ILL-2020.1, the illustrative list that comes with the program: its files. */
extern const struct hf_definition_text hf_prices_ill_builtin[];
extern const size_t hf_n_prices_ill_builtin;
/* Reads it; it is right, so a failure is one of ours or of memory. */
enum hf_rc hf_ct_list_builtin(struct hf_arena *arena, struct hf_ct_list **out,
			      struct hf_err *err);

enum { HF_CT_LISTS_MOST = 64 };

/* Versions of which one is valid on each day: the book that prices are looked up in. */
struct hf_ct_price_book {
	const struct hf_ct_list *lists[HF_CT_LISTS_MOST];
	size_t n;
};

/* Puts a version into the book.  HF_EXISTS: its id is there already; HF_RULE: its
 * validity overlaps that of one it does not supersede (the text names both);
 * HF_TOO_LONG: the book is full.  Borrows the list. */
enum hf_rc hf_ct_price_book_add(struct hf_ct_price_book *book,
				const struct hf_ct_list *list, struct hf_err *err);
/* Valid on the day, not superseded on it; its ordinal, or -1. */
int hf_ct_price_book_on(const struct hf_ct_price_book *book, int32_t day);
/* By id; NULL: none. */
const struct hf_ct_list *hf_ct_price_book_find(const struct hf_ct_price_book *book,
					       struct hf_sv id);

#endif

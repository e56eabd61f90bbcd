/* ods.h - the files of the Organisation Data Service (ODS), row by row, and what they
 * make of an Organization (R-1.2, R-1.14; docs/interfaces/directory.md).  Pure. */
#ifndef HF_EXCHANGE_ODS_H
#define HF_EXCHANGE_ODS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/csv.h"
#include "fhir/json.h"

enum hf_ods_map {
	HF_ODS_EPRACCUR, /* GP practices and prescribing cost centres, 27 columns */
	HF_ODS_ETR,	 /* NHS trusts, the same columns */
	HF_ODS_SUCC,	 /* who succeeds whom: code, successor, reason, date */
	HF_ODS_PCN,	 /* practice and its network, with a header */
	HF_ODS_TREE,	 /* ours: code,part_of,from with a header */
	HF_ODS_MAPS
};

/* "ods-epraccur", "ods-etr", "ods-succ", "ods-pcn", "tree"; -1. */
int hf_ods_map_find(struct hf_sv name);
/* By the first row's header, else by how the file is called; -1: neither tells. */
int hf_ods_map_guess(struct hf_sv file, const struct hf_csv_row *first);

enum { HF_ODS_CODE_MAX = 12, HF_ODS_LINES = 3 };

/* What a row says; views of the row, codes and dates in arena. */
struct hf_ods_fact {
	struct hf_sv code;	 /* upper case */
	const char *kind, *text; /* of a new organisation */
	bool details;		 /* name … closed are said */
	bool only_new;		 /* … for one that is new alone */
	bool active;
	struct hf_sv name, lines[HF_ODS_LINES], city, district, postcode, phone;
	struct hf_sv opened, closed;	  /* "2017-10-31"; n 0: not said */
	struct hf_sv parent, parent_name; /* code of what it is part of */
	bool parent_new;	/* a parent that is not there is made, as a network */
	struct hf_sv from;	/* since when; n 0: not said */
	struct hf_sv successor; /* code */
	struct hf_sv succeeded; /* when */
};

/* Where the columns of a header stand; filled in from it. */
struct hf_ods_columns {
	int at[8];
};
/* True when the map has a header, and this row is it. */
bool hf_ods_header(enum hf_ods_map map, const struct hf_csv_row *row,
		   struct hf_ods_columns *out);
/* Reads a row.  HF_INVALID names the column (err->path "column 11") and what is wrong.
 */
enum hf_rc hf_ods_row(enum hf_ods_map map, const struct hf_ods_columns *columns,
		      const struct hf_csv_row *row, struct hf_arena *arena,
		      struct hf_ods_fact *out, struct hf_err *err);

/* ---- organisations ---- */

struct hf_ods_link {
	struct hf_sv parent;   /* "Organization/id" */
	struct hf_sv from, to; /* dates that both count; n 0: open */
	struct hf_ods_link *next;
};
struct hf_ods_successor {
	struct hf_sv code, from;
	struct hf_ods_successor *next;
};

/* An organisation as it is and as rows change it.  All lies in one arena. */
struct hf_ods_org {
	struct hf_sv code, id;
	struct hf_sv body; /* as stored; n 0: new */
	struct hf_json doc;
	bool open; /* doc and what follows is filled in */
	const char *kind, *text;
	struct hf_sv name, phone;
	struct hf_sv lines[HF_ODS_LINES], city, district, postcode;
	bool active, details;
	struct hf_sv opened, closed;
	struct hf_ods_link *links, **links_end; /* oldest first */
	struct hf_ods_successor *successors, **successors_end;
};

/* Reads the body, if there is one.  HF_TOO_LONG: no memory. */
enum hf_rc hf_ods_open(struct hf_ods_org *org, struct hf_arena *arena,
		       struct hf_err *err);
/* Takes the row's details and successor over. */
enum hf_rc hf_ods_take(struct hf_ods_org *org, const struct hf_ods_fact *fact,
		       struct hf_arena *arena, struct hf_err *err);
/* Is part of parent ("Organization/id") since from (n 0: not said).  What it was part
 * of before stays with its period.  HF_RULE: a later assignment is there already. */
enum hf_rc hf_ods_assign(struct hf_ods_org *org, struct hf_sv parent, struct hf_sv from,
			 struct hf_arena *arena, struct hf_err *err);
/* Appends the Organization as one line without its end.  The same content gives the
 * same bytes, and so does what was written before. */
void hf_ods_write(const struct hf_ods_org *org, struct hf_buf *out);

#endif

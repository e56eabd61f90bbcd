/* fill.h - which figures priced activity makes of the months of a contract: those that
 * are new, and in a sentence each what is in no figure.  Pure.
 *
 * What always holds: a figure that stands already as it would be made again is not made
 * again; a frozen month is never changed: what differs after it is a late figure. */
#ifndef HF_CONTRACT_FILL_H
#define HF_CONTRACT_FILL_H

#include "contract/assign.h"
#include "contract/show.h"

struct hf_ct_fill_ask {
	int first, last; /* months, 0 is April */
	bool freeze;	 /* the final cut */
	/* Where the activity came from and what priced it: "feeds 1; prices ILL". */
	struct hf_sv origin;
};

enum hf_ct_note_kind {
	HF_CT_NOTE_PROBLEM, /* could not be priced */
	HF_CT_NOTE_NONE,    /* priced, and of no line */
	HF_CT_NOTE_LATE,    /* differs from what was frozen */
	HF_CT_NOTE_EMPTY    /* a line that says no activity: figures come otherwise */
};

struct hf_ct_note {
	enum hf_ct_note_kind kind;
	uint8_t month, line, problem; /* line, problem: of those kinds */
	int64_t rows;
	hf_pence pence;
};

enum { HF_CT_NOTES = HF_CT_MONTHS * (HF_CT_PROBLEMS + 1 + HF_CT_LINES) };

struct hf_ct_fill_plan {
	struct hf_ct_kept *rows; /* to be kept; .seq is not set */
	size_t n, unchanged, n_notes;
	struct hf_ct_note *notes;
};

/* What is to be kept beside kept (any order).  HF_TOO_LONG: no memory in arena;
 * HF_INVALID: no such months. */
enum hf_rc hf_ct_fill_plan(const struct hf_ct_terms *t, const struct hf_ct_filling *f,
			   const struct hf_ct_kept *kept, size_t n_kept,
			   const struct hf_ct_fill_ask *ask, struct hf_arena *arena,
			   struct hf_ct_fill_plan *out, struct hf_err *err);

/* A note as a sentence. */
void hf_ct_note_text(const struct hf_ct_terms *t, const struct hf_ct_note *note,
		     struct hf_buf *out);
/* {month, line, rows, units, pence, cut, source} and the notes, as two arrays "rows"
 * and "notes" in an object that is open. */
void hf_ct_fill_write(const struct hf_ct_terms *t, const struct hf_ct_fill_plan *plan,
		      struct hf_jw *w);
/* "2026-07" of a month of a financial year. */
char *hf_ct_month_text(int fy, int month, char *buf, size_t size);

#endif

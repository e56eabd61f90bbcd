/* show.h - a run as JSON, for pages and the command alike; how a figure came about; and
 * what if something were otherwise.  Pure.  docs/interfaces/contract.md. */
#ifndef HF_CONTRACT_SHOW_H
#define HF_CONTRACT_SHOW_H

#include "contract/run.h"
#include "fhir/json.h"

/* Members of the overview, inside an object that is open: heading, components, total,
 * effect, bridge, parts, late. */
void hf_ct_run_write(const struct hf_ct_run *run, struct hf_jw *w);
/* {plan, account, earned, shadow, unitsPlan, units}. */
void hf_ct_amounts_write(const struct hf_ct_amounts *a, struct hf_jw *w);
void hf_ct_effect_write(const struct hf_ct_effect *e, struct hf_jw *w);
void hf_ct_deviation_write(const struct hf_ct_deviation *d, struct hf_jw *w);
void hf_ct_late_write(const struct hf_ct_run *run, struct hf_jw *w);
/* "2020-06-30" of days since 1970-01-01; buf holds 16 bytes. */
char *hf_ct_day_text(int64_t day, char *buf, size_t size);
void hf_ct_int(struct hf_jw *w, const char *name, int64_t v);
void hf_ct_text(struct hf_jw *w, const char *name, const char *text);

/* A figure as it is kept, with where it came from. */
struct hf_ct_kept {
	struct hf_ct_input in;
	struct hf_sv source;
};

/* How the year to date of a line came about, members inside an object that is open:
 * inputs (all that came; counts says which do), steps with their arithmetic, result. */
void hf_ct_workings_write(const struct hf_ct_run *run, const struct hf_ct_kept *kept,
			  size_t n, size_t line, int month, struct hf_jw *w);

/* ---- what if ---- */

enum { HF_CT_CHANGES = 64 };
enum hf_ct_change_kind {
	HF_CT_CHANGE_PLAN,   /* .rate times the plan of a line */
	HF_CT_CHANGE_VOLUME, /* .rate times what was done */
	HF_CT_CHANGE_PRICE,  /* .pence for one, of volume and gain */
	HF_CT_CHANGE_BAND    /* .rate is the commissioner's, of .at of a component */
};
struct hf_ct_change {
	enum hf_ct_change_kind kind;
	size_t line; /* or component */
	size_t at;
	hf_rate rate;
	hf_pence pence;
};

/* Runs the same facts with changes: *out is a run of copies in arena, which lie there.
 * HF_INVALID for a change of what is not there, HF_RULE when a sum does not fit. */
enum hf_rc hf_ct_what_if(const struct hf_ct_run *run, const struct hf_ct_rules *rules,
			 int64_t day, const struct hf_ct_change *changes, size_t n,
			 struct hf_arena *arena, struct hf_ct_run **out,
			 struct hf_err *err);
/* What the change does to both parties and the system: money paid is moved between
 * them, activity costs the provider. */
struct hf_ct_effect hf_ct_between(const struct hf_ct_run *before,
				  const struct hf_ct_run *after);

#endif

/* record.h - what the record says of one person, as rows of the model.  Pure: resources
 * come in one after the other, in whatever order; the rows come out in one order.
 *
 * What it takes: Patient, Encounter, Condition, MedicationRequest, Observation,
 * Procedure (the opt-out alone), EpisodeOfCare, Flag, and Tasks of the hub.  Tables say
 * what codes mean: record_code.def.  A resource that is wrong, cancelled or of no time
 * gives no row. */
#ifndef HF_POPULATION_RECORD_H
#define HF_POPULATION_RECORD_H

#include "base/nhs.h"
#include "base/time.h"
#include "fhir/json.h"
#include "population/code_list.h"
#include "population/own.h"
#include "population/pid.h"

struct hf_record_known { /* what a resource can refer to outside the person */
	/* The ODS code of "Organization/…" or of a Practitioner's; n 0: not known. */
	struct hf_sv (*ods)(void *ctx, struct hf_sv reference);
	void *ctx;
	/* What codes mean by imported lists, in place of those of record_code.def;
	 * NULL: there are none. */
	const struct hf_code_lists *codes;
};

struct hf_record_rows;

/* Begins; rows and texts lie in arena.  NULL: the arena is full. */
struct hf_record_rows *hf_record_rows_new(struct hf_arena *arena,
					  const struct hf_record_known *known);
/* One resource.  HF_TOO_LONG when the arena is full. */
enum hf_rc hf_record_rows_take(struct hf_record_rows *r, const struct hf_json *doc,
			       struct hf_err *err);
/* The NHS number that the person is known by: of the first Patient with one that is
 * valid and not doubted; false: none. */
bool hf_record_rows_nhs(const struct hf_record_rows *r, struct hf_nhs *out);
/* Ends: rows in their order in *out, which points into the arena.  The pseudonym is the
 * caller's to set; objects: the person is on the list of the national data opt-out. */
enum hf_rc hf_record_rows_end(struct hf_record_rows *r, bool objects,
			      struct hf_pop_own *out, struct hf_err *err);

/* Types that hf_record_rows_take() looks at, divided by blanks. */
extern const char hf_record_types[];

#endif

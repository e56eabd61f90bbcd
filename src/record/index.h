/* index.h - what the record keeps beside a body so that it is found: index rows,
 * the signature of its codes, its clinical date, the people it speaks of.  Pure,
 * once hf_index_setup() has run.
 *
 * Everything here can be made again from the body; `homefirst rebuild` does. */
#ifndef HF_RECORD_INDEX_H
#define HF_RECORD_INDEX_H

#include "fhir/spvalue.h"
#include "record/index_table.h"

/* Builds the plan of each type from the tables; call it before any thread starts.
 * HF_FAULT names a pair of definitions/search-index that R4 does not have. */
enum hf_rc hf_index_setup(struct hf_err *err);

struct hf_ix_row {
	uint32_t slot;
	int64_t value;
};

struct hf_facts {
	struct hf_ix_row *rows; /* no two alike */
	size_t n_rows;
	uint64_t sig;
	hf_time lo, hi; /* both 0: no date; hi HF_TIME_MAX: without end */
};

/* The facts of the resource at node, whose id is id (an identifier that says the
 * same makes no row).  Everything lies in arena. */
enum hf_rc hf_facts_of(hf_type_id type, const struct hf_json *doc, uint32_t node,
		       struct hf_sv id, struct hf_arena *arena, struct hf_facts *out,
		       struct hf_err *err);

/* Whom a resource speaks of: the texts of its references that name a Patient or may
 * turn out to ("urn:uuid:…", "Patient?…"), the subject first.  A Provenance without
 * any goes with its first target instead. */
struct hf_people {
	struct hf_sv *patients;
	size_t n;
	struct hf_sv target; /* the text of that reference */
};
enum { HF_PEOPLE_MOST = 256 };

enum hf_rc hf_people_of(hf_type_id type, const struct hf_json *doc, uint32_t node,
			struct hf_arena *arena, struct hf_people *out,
			struct hf_err *err);

/* The id in "Patient/ID" or "Patient/ID/_history/V"; n 0 for any other text: an
 * absolute reference means somebody of another server. */
struct hf_sv hf_patient_of(struct hf_sv reference);

/* Whether resources of a type stand on persons' shelves when they name a Patient. */
bool hf_type_is_personal(hf_type_id type);
/* The search parameter that the clinical date of a type is taken from: the k-th
 * that counts (the next when the one before has no value); NULL past the last. */
const struct hf_sp *hf_main_date(hf_type_id type, unsigned k);
/* The search parameter whose codes make the signature; NULL when there is none. */
const struct hf_sp *hf_main_code(hf_type_id type);

/* Slot of the first line of a pair in definitions/search-index; 0 for none. */
uint32_t hf_index_slot(hf_type_id type, struct hf_sv param);
/* The type a slot is of; 0 for none. */
hf_type_id hf_index_type(uint32_t slot);
/* Values of index rows.  A string stands by its first 8 bytes, so a prefix is the
 * range from _string to _string_end.  A token stands by its code alone, without
 * blanks, hyphens and case; the caller tests system and spelling itself. */
int64_t hf_index_string(struct hf_sv folded);
int64_t hf_index_string_end(struct hf_sv folded);
int64_t hf_index_token(struct hf_sv system, struct hf_sv code, bool any_system);
int64_t hf_index_reference(hf_type_id type, struct hf_sv id);
/* A resource with code c, in whatever case, has all bits of hf_code_sig(c) in its
 * signature. */
uint64_t hf_code_sig(struct hf_sv code);

#endif

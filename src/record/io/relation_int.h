/* relation_int.h - inside the reading of relationships: what references mean. */
#ifndef HF_RECORD_IO_RELATION_INT_H
#define HF_RECORD_IO_RELATION_INT_H

#include "record/io/person_int.h"
#include "record/io/relation.h"

/* What a reference in a relationship leads to. */
struct party {
	struct hf_sv ref;     /* as it was asked for */
	struct hf_sv org_ref; /* "Organization/id" */
	struct hf_sv ods;     /* its code, upper case */
	struct hf_sv who;     /* "Practitioner/id" */
	bool home;	      /* the organisation is a care home */
	struct party *next;
};

struct hf_care_home {
	struct hf_sv org_ref, ods, name, postcode;
};

struct parties {
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct party *known;
	enum hf_rc rc; /* what the store failed with, if it did */
	struct hf_err err;
};

/* Follows a Reference element to an organisation and a practitioner; NULL when the
 * arena is full.  What is not there leads nowhere; when the store fails, rc and err
 * of *ps are set. */
const struct party *hf_party_of(struct parties *ps, const struct hf_json *doc,
				uint32_t reference);

/* The ODS code of an Organization, upper case; n 0: none.  Is it a care home? */
struct hf_sv hf_org_ods(const struct hf_json *org, struct hf_arena *arena);
bool hf_org_is_home(const struct hf_json *org);

#endif

/* person_key.h - whom somebody means who need not see the record: for questions about
 * access, choices and the audit, asked by an id or an NHS number. */
#ifndef HF_RECORD_IO_PERSON_KEY_H
#define HF_RECORD_IO_PERSON_KEY_H

#include "record/io/store.h"

/* *id is the id of a Patient, in arena: text itself when it is no NHS number, else
 * that of a Patient who has this number and is not the same person as another who
 * does.  Looks past what the caller may see, and tells nothing but the id.
 * HF_NOT_FOUND when nobody has the number, HF_RULE when separate people do. */
enum hf_rc hf_person_key(struct hf_store *store, struct hf_sv text,
			 struct hf_arena *arena, struct hf_sv *id, struct hf_err *err);

#endif

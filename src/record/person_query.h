/* person_query.h - what somebody typed to find a person, taken apart.
 *
 * Parts may stand in any order: an NHS number with or without blanks, a date of
 * birth in the spellings people use (day before month, as in Britain), a postcode
 * or its first half, and names.  Pure. */
#ifndef HF_RECORD_PERSON_QUERY_H
#define HF_RECORD_PERSON_QUERY_H

#include "base/nhs.h"
#include "base/time.h"
#include "base/arena.h"

enum { HF_PERSON_NAMES = 6, HF_PERSON_BIRTHS = 2, HF_PERSON_Q_MAX = 200 };

/* A day, month or year of birth as days since 1970-01-01, first and last. */
struct hf_person_birth {
	int64_t first, last;
	struct hf_sv text; /* "3 March 1942", "March 1942", "1942" */
};

struct hf_person_query {
	bool has_number;
	struct hf_nhs number;
	/* Two when the century is open ("3/3/12"); any of them will do. */
	struct hf_person_birth births[HF_PERSON_BIRTHS];
	size_t n_births;
	struct hf_sv postcode; /* "wz1 2ab" or the first half "wz1"; n 0: none */
	bool postcode_whole;
	struct hf_sv names[HF_PERSON_NAMES]; /* folded; each starts a word of a name */
	size_t n_names;
	struct hf_sv hint; /* what could not be read, in a sentence; n 0: nothing */
};

/* Takes text apart; today (days since 1970-01-01) settles the century of "42".
 * HF_TOO_LONG past HF_PERSON_Q_MAX bytes; HF_INVALID for text that is no UTF-8
 * without control characters.  Everything lies in arena. */
enum hf_rc hf_person_query_parse(struct hf_sv text, int64_t today,
				 struct hf_arena *arena, struct hf_person_query *out,
				 struct hf_err *err);

#endif

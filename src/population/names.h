/* names.h - who has which ordinal and which text which code: two hash tables that only
 * grow at the end.  Pure; one thread at a time. */
#ifndef HF_POPULATION_NAMES_H
#define HF_POPULATION_NAMES_H

#include "base/err.h"
#include "population/model.h"

enum {
	HF_POP_CODES_MOST = 65534,
	HF_POP_TEXT_MOST = 64,	       /* bytes of a text with a code */
	HF_POP_PERSONS_MOST = 1u << 28 /* 268 million */
};

struct hf_pop_names;

struct hf_pop_names *hf_pop_names_new(void); /* NULL out of memory */
void hf_pop_names_free(struct hf_pop_names *n);

/* The code of text: made when new and make; 0 for empty text, and when it is not there
 * and not to be made.  HF_TOO_LONG beyond HF_POP_CODES_MOST or HF_POP_TEXT_MOST,
 * HF_BUSY out of memory. */
enum hf_rc hf_pop_names_code(struct hf_pop_names *n, enum hf_pop_kind kind,
			     struct hf_sv text, bool make, uint16_t *out,
			     struct hf_err *err);
/* The ordinal of a pseudonym, made when new; *made says so (NULL is fine). */
enum hf_rc hf_pop_names_person(struct hf_pop_names *n, const uint8_t pid[HF_POP_PID],
			       uint32_t *out, bool *made, struct hf_err *err);
/* The ordinal of a pseudonym; false when it has none. */
bool hf_pop_names_find(const struct hf_pop_names *n, const uint8_t pid[HF_POP_PID],
		       uint32_t *out);

uint32_t hf_pop_names_persons(const struct hf_pop_names *n);
/* With the 0, so at least 1: codes are 1 … count - 1. */
size_t hf_pop_names_codes(const struct hf_pop_names *n, enum hf_pop_kind kind);
/* Good until the next name is made. */
const uint8_t *hf_pop_names_pid(const struct hf_pop_names *n, uint32_t person);
struct hf_sv hf_pop_names_text(const struct hf_pop_names *n, enum hf_pop_kind kind,
			       size_t code);

/* How many there are of each; what came after a mark can be forgotten. */
struct hf_pop_mark {
	uint32_t persons;
	size_t codes[HF_POP_KINDS];
};
struct hf_pop_mark hf_pop_names_mark(const struct hf_pop_names *n);
void hf_pop_names_cut(struct hf_pop_names *n, const struct hf_pop_mark *mark);

#endif

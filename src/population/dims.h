/* dims.h - what the explorer asks persons by: twelve dimensions on a day, a byte a
 * person each.  Pure.  Value 0 of each is "not known". */
#ifndef HF_POPULATION_DIMS_H
#define HF_POPULATION_DIMS_H

#include "base/arena.h"
#include "population/columns.h"

enum hf_pop_dim {
#define HF_POP_DIM(name, word, text) HF_POP_DIM_##name,
#include "population/dims.def"
#undef HF_POP_DIM
	HF_POP_DIMS
};

enum { HF_POP_DIM_VALUES = 256 };

struct hf_pop_dims {
	const struct hf_pop_columns *c;
	uint16_t day;
	uint32_t n;
	uint8_t *of[HF_POP_DIMS]; /* by ordinal */
	uint8_t *weight;	  /* 0, 1 or 2; 0 for who is not of the place */
	uint8_t *in; /* 1: alive and registered on the day, and of the place */
	size_t values[HF_POP_DIMS];			      /* how many, with the 0 */
	struct hf_sv *code[HF_POP_DIMS], *label[HF_POP_DIMS]; /* by value */
	struct hf_arena arena;				      /* the above */
};

extern const char *const hf_pop_dim_word[HF_POP_DIMS]; /* "age", "locality" … */
extern const char *const hf_pop_dim_text[HF_POP_DIMS]; /* "Age", "Locality" … */
/* HF_POP_DIMS when there is none. */
enum hf_pop_dim hf_pop_dim_find(struct hf_sv word);

/* Reckons all of them but segment, frailty and risk, which are 0 for everybody until
 * hf_pop_dims_set().  Borrows c.  HF_BUSY out of memory.  Free with
 * hf_pop_dims_free(). */
enum hf_rc hf_pop_dims_make(const struct hf_pop_columns *c, uint16_t day,
			    struct hf_pop_dims *out, struct hf_err *err);
void hf_pop_dims_free(struct hf_pop_dims *d);

/* Puts values of dim that somebody else has reckoned: value[] by ordinal, each below n;
 * code and label by value, copied. */
enum hf_rc hf_pop_dims_set(struct hf_pop_dims *d, enum hf_pop_dim dim,
			   const uint8_t *value, const struct hf_sv *code,
			   const struct hf_sv *label, size_t n, struct hf_err *err);

#endif

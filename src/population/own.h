/* own.h - what the record itself says of one person: the same rows as a feed's, in one
 * body that needs nothing else to be read (codes are of a dictionary of its own).
 * Pure. */
#ifndef HF_POPULATION_OWN_H
#define HF_POPULATION_OWN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "population/columns.h"
#include "population/model.h"

/* Fields named person in the rows are ignored, and 0 when unpacked. */
struct hf_pop_own {
	struct hf_pop_person person; /* with the pseudonym */
	struct hf_pop_registration *reg;
	size_t n_reg;
	struct hf_pop_condition *cond;
	size_t n_cond;
	struct hf_pop_value *value;
	size_t n_value;
	struct hf_pop_event *event; /* dx_more: offset into dx_pool, 0 none */
	size_t n_event;
	uint16_t *dx_pool; /* at dx_more: how many, then the codes; [0] is unused */
	size_t n_dx_pool;
	struct hf_pop_dictionary dict[HF_POP_KINDS]; /* n 0: nothing yet */
};

/* The code of text in own's dictionary, made when new (copied to arena); 0 for empty
 * text.  HF_TOO_LONG past the arena's cap or 65,534 codes. */
enum hf_rc hf_pop_own_code(struct hf_pop_own *own, struct hf_arena *arena,
			   enum hf_pop_kind kind, struct hf_sv text, uint16_t *out,
			   struct hf_err *err);

/* Appends the packed body to out.  HF_BUSY out of memory; HF_INVALID for a code that
 * the dictionary has not. */
enum hf_rc hf_pop_pack(const struct hf_pop_own *own, struct hf_buf *out,
		       struct hf_err *err);
/* What can be told of a packed body by its first HF_POP_OWN_HEAD bytes; false when it
 * is none. */
enum { HF_POP_OWN_HEAD = 40 };
struct hf_pop_own_head {
	uint8_t pid[HF_POP_PID];
	uint32_t n_event, n_reg, n_cond, n_value, n_dx_pool;
};
bool hf_pop_own_head(struct hf_sv body, struct hf_pop_own_head *out);
/* Everything lies in arena.  HF_INVALID for bytes that hf_pop_pack() did not make. */
enum hf_rc hf_pop_unpack(struct hf_sv body, struct hf_arena *arena,
			 struct hf_pop_own *out, struct hf_err *err);

#endif

/* match_model.h - what was learned of a place as JSON, and what two records agreed in
 * as a line of text: the forms in which both are kept.  Pure. */
#ifndef HF_RECORD_MATCH_MODEL_H
#define HF_RECORD_MATCH_MODEL_H

#include "record/match.h"

/* The name of a level in match_level.def: "EXACT"; "" for HF_AGREE_NONE. */
const char *hf_match_level_code(enum hf_match_level level);
/* HF_AGREE_NONE when the field has no level of that name. */
enum hf_match_level hf_match_level_find(struct hf_sv field, struct hf_sv code);

/* {"form":1,"trainedOn":…,"prior":…,"link":…,"review":…,"levels":[{"field":"family",
 * "level":"EXACT","m":…,"u":…} …]}, the value where w stands. */
void hf_match_model_write(const struct hf_match_model *model, struct hf_jw *w);
/* Reads what hf_match_model_write() wrote.  Levels it does not name (it may be of an
 * older version) keep their defaults.  HF_INVALID for another form, a share that is not
 * between 0 and 1, or a threshold that is no number. */
enum hf_rc hf_match_model_read(const struct hf_json *doc, uint32_t node,
			       struct hf_match_model *out, struct hf_err *err);

/* "family:EXACT:9.31 birth:TYPO:4.02 …": what a pair agreed and differed in, with bits.
 * p NULL without memory. */
struct hf_sv hf_match_fields(const struct hf_match_result *result,
			     struct hf_arena *arena);
/* Takes the first off *rest; false at its end or when it is broken. */
bool hf_match_fields_next(struct hf_sv *rest, enum hf_match_level *level, double *bits);

#endif

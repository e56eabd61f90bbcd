/* comment_keep.h - comments in the store: masked and coded before they come here. */
#ifndef HF_POPULATION_IO_COMMENT_KEEP_H
#define HF_POPULATION_IO_COMMENT_KEEP_H

#include "base/arena.h"
#include "population/io/keep.h"

enum { HF_POP_DIGEST = 32, HF_POP_COMMENTS_MOST = 20000 /* read at once */ };

struct hf_pop_comment {
	uint8_t digest[HF_POP_DIGEST]; /* of what was sent, with the key of the store */
	uint16_t day;
	int64_t rating; /* 0: none */
	bool quote;
	unsigned masked;
	struct hf_sv asked, service, body, themes, scheme;
};

/* Adds those that are not there yet and says how many; each batch waits until it is
 * durable, so that sending the same again after a failure adds the rest. */
enum hf_rc hf_pop_comments_keep(struct hf_store *store, const struct hf_need_by *by,
				const struct hf_pop_comment *items, size_t n,
				size_t *added, struct hf_err *err);
/* Those of days [from, to), the latest first, at most HF_POP_COMMENTS_MOST; in arena.
 */
enum hf_rc hf_pop_comments_read(struct hf_reader *reader, uint16_t from, uint16_t to,
				struct hf_arena *arena, struct hf_pop_comment **out,
				size_t *n, struct hf_err *err);

#endif

/* feed_comments.h - the comments of a feed: masked and coded row by row, kept before
 * the feed is.  Within feed_import.c. */
#ifndef HF_POPULATION_IO_FEED_COMMENTS_H
#define HF_POPULATION_IO_FEED_COMMENTS_H

#include "population/feed.h"
#include "population/io/comment_keep.h"
#include "population/io/key.h"
#include "population/pid.h"
#include "population/theme.h"

struct hf_feed_comments {
	struct hf_arena arena;
	struct hf_pop_themes themes;
	struct hf_pop_comment *items;
	size_t n, size;
	bool loaded;
};

/* Codes and masks the comment of row, and adds it; said of each theme for the values of
 * who wrote it.  HF_BUSY out of memory, HF_FAULT when the lists are wrong. */
enum hf_rc hf_feed_comment(struct hf_feed_comments *c, const struct hf_pop_key *key,
			   const struct hf_feed_row *row, struct hf_sv asked,
			   enum hf_pop_said said[HF_POP_THEMES], struct hf_err *err);
void hf_feed_comments_free(struct hf_feed_comments *c);

#endif

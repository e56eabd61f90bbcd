/* feed_text.h - the bytes of a file as UTF-8, however they are encoded: UTF-8,
 * UTF-16 by its first two bytes, Windows-1252 where the map says so.  Pure. */
#ifndef HF_POPULATION_FEED_TEXT_H
#define HF_POPULATION_FEED_TEXT_H

#include "base/buf.h"

struct hf_feed_text {
	bool windows1252; /* what is no UTF-8 is of that table; else it stays */
	/* of its own */
	enum { HF_TEXT_NEW, HF_TEXT_BYTES, HF_TEXT_UTF16LE, HF_TEXT_UTF16BE } as;
	unsigned char left[4];
	size_t n_left;
};

/* Appends what in says to out; last: nothing follows.  A half of a character waits for
 * the next piece. */
void hf_feed_text(struct hf_feed_text *t, struct hf_sv in, bool last,
		  struct hf_buf *out);

/* What rows are divided by: the one of , ; | and tab that stands most often outside
 * quotes in the first line that has any; a comma when none of the first twenty has. */
char hf_feed_separator(struct hf_sv text);

#endif

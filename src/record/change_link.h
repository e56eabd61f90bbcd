/* change_link.h - the rows of change as a chain: link = SHA-256(link of the row before
 * || the row).  Pure.
 *
 * The first row hangs on 32 zero bytes.  Each part of a row is hashed with its length
 * before it (8 bytes, least first), so that no two rows are hashed alike. */
#ifndef HF_RECORD_CHANGE_LINK_H
#define HF_RECORD_CHANGE_LINK_H

#include "base/base.h"

enum { HF_CHANGE_LINK = 32 };

struct hf_change_row {
	int64_t change;
	struct hf_sv actor, purpose, source, items, trace;
};

void hf_change_link(const unsigned char before[HF_CHANGE_LINK],
		    const struct hf_change_row *row, unsigned char out[HF_CHANGE_LINK]);

#endif

/* index_table.h - the pairs of type and search parameter that have index rows.
 *
 * Made at build time from definitions/search-index, in the order of that file.
 * A pair stands once for each kind of row it has: a date has two lines, one for
 * short values (by their start) and one for long ones (by their end). */
#ifndef HF_RECORD_INDEX_TABLE_H
#define HF_RECORD_INDEX_TABLE_H

#include "base/time.h"

enum hf_index_kind {
	HF_INDEX_TOKEN,	    /* hash of each code, whatever its system */
	HF_INDEX_STRING,    /* first 8 bytes of each folded value */
	HF_INDEX_DATE,	    /* lo of each value with hi - lo <= HF_INDEX_SHORT */
	HF_INDEX_DATE_LONG, /* hi of each other value (HF_TIME_MAX: it goes on) */
	HF_INDEX_REFERENCE, /* each target; a canonical by its text before '|' */
	HF_INDEX_URI	    /* hash of each value */
};

/* Values that span more are "long": few, so that a range over starts need reach
 * back only this far for what began before it. */
#define HF_INDEX_SHORT ((hf_time)48 * 3600 * 1000)

struct hf_index_pair {
	uint32_t slot; /* stored in databases: stable */
	const char *type, *param;
	enum hf_index_kind kind;
};

extern const struct hf_index_pair hf_index_pairs[];
extern const size_t hf_n_index_pairs;

#endif

/* check.h - is what the store has of the population what it should be? */
#ifndef HF_POPULATION_IO_CHECK_H
#define HF_POPULATION_IO_CHECK_H

#include "base/issue.h"
#include "record/io/store.h"

struct hf_pop_check_report {
	int64_t feeds, rows, records, problems;
};

/* Unpacks every chunk of each feed and compares rows with what the feed says of
 * itself; looks whether ordinals and codes follow each other, and unpacks what the
 * record says of each person; whether files of published figures and lists have as
 * much as they say.  Findings name feeds and shelves, nobody. */
enum hf_rc hf_pop_check(struct hf_store *store, struct hf_issues *issues,
			struct hf_pop_check_report *out, struct hf_err *err);

#endif

/* identity_int.h - what the files behind identity.h share. */
#ifndef HF_RECORD_IO_IDENTITY_INT_H
#define HF_RECORD_IO_IDENTITY_INT_H

#include "record/io/identity.h"
#include "record/io/store_impl.h"

/* Facts to be written, a few hundred a job. */
struct hf_facts_out {
	struct hf_store *store;
	const struct hf_link_by *by;
	struct hf_arena arena;
	struct hf_link *links;
	size_t n, size;
	int64_t mark; /* -1, or where catching up stands: kept with what is written */
	struct hf_identity_report *report;
};

/* Adds one; texts are copied.  Writes what waits when there is much of it. */
enum hf_rc hf_facts_add(struct hf_facts_out *f, const struct hf_link *link,
			struct hf_err *err);
enum hf_rc hf_facts_flush(struct hf_facts_out *f, struct hf_err *err);
void hf_facts_free(struct hf_facts_out *f);

/* What becomes of an answer about two records. */
struct hf_link hf_identity_fact(const struct hf_match_result *r, int64_t shelf,
				int64_t other, bool automatic, struct hf_arena *arena);

#define HF_IDENTITY_MARK HF_SV("identity.mark")

#endif

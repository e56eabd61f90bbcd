/* weights.h - what the matcher has learned of this place, kept: recorded, never made
 * again by rebuild.  The newest counts. */
#ifndef HF_RECORD_IO_WEIGHTS_H
#define HF_RECORD_IO_WEIGHTS_H

#include "record/io/merge.h"
#include "record/match.h"

struct hf_weights {
	int64_t version; /* 0: nothing was learned, the defaults count */
	hf_time at;
	struct hf_sv actor;
	int64_t people, pairs; /* learned from */
	struct hf_match_model model;
};

/* The weights that count.  Views lie in arena.  HF_INVALID when what is kept cannot be
 * read. */
enum hf_rc hf_weights_read(struct hf_reader *reader, struct hf_arena *arena,
			   struct hf_weights *out, struct hf_err *err);
/* Keeps a model as the newest; *version (NULL is fine) is its number. */
enum hf_rc hf_weights_keep(struct hf_store *store, const struct hf_match_model *model,
			   int64_t people, int64_t pairs, const struct hf_link_by *by,
			   int64_t *version, struct hf_err *err);

/* What the place lets the matcher do by itself. */
struct hf_match_policy {
	bool link; /* link what it is sure of; else that waits for somebody too */
	unsigned
	    rate; /* Patients that changed, looked at a second by a server; 0: none */
};
enum { HF_MATCH_RATE = 20, HF_MATCH_RATE_MOST = 1000 };
/* Links nothing, and HF_MATCH_RATE, until somebody says otherwise. */
enum hf_rc hf_match_policy_read(struct hf_reader *reader, struct hf_match_policy *out,
				struct hf_err *err);
enum hf_rc hf_match_policy_set(struct hf_store *store,
			       const struct hf_match_policy *policy,
			       const struct hf_link_by *by, struct hf_err *err);

#endif

/* ref_kept.h - lists that others publish, in the store. */
#ifndef HF_POPULATION_IO_REF_KEPT_H
#define HF_POPULATION_IO_REF_KEPT_H

#include "base/time.h"
#include "population/io/feed_reader.h"
#include "population/code_list.h"
#include "population/columns.h"
#include "population/need.h"
#include "population/ref.h"
#include "record/io/store.h"

struct hf_ref_about {
	enum hf_ref_kind kind;
	enum hf_ref_system system;
	struct hf_sv name, version, source, licence, file;
};

struct hf_ref_result {
	int64_t id; /* 0: not taken */
	size_t n;   /* entries */
	uint64_t rows, found[HF_REF_FINDINGS];
	uint64_t lines[HF_REF_FINDINGS][HF_REF_LINES];
};

/* Takes a file as a list; it counts in place of an earlier one of the same kind, name
 * and system.  most_refused: percent of rows.  HF_INVALID: its columns are not known or
 * it says nothing; HF_RULE: too much of it is refused. */
enum hf_rc hf_ref_add(struct hf_store *store, const struct hf_ref_about *about,
		      const struct hf_feed_bytes *bytes, unsigned most_refused,
		      struct hf_ref_result *out, struct hf_err *err);
/* It counts no more.  HF_NOT_FOUND. */
enum hf_rc hf_ref_end_list(struct hf_store *store, int64_t id, struct hf_err *err);

struct hf_ref_kept {
	int64_t id, n, replaced_by;
	struct hf_sv kind, name, system, version, source, licence, file, sha, found;
	hf_time at;
};
enum hf_rc hf_ref_lists(struct hf_reader *reader, struct hf_arena *arena,
			struct hf_ref_kept **out, size_t *n, struct hf_err *err);

struct hf_ref_now { /* a list that counts, with what it says */
	int64_t id, n;
	struct hf_sv name, system, version, source, body;
};
/* Those of one kind, oldest first. */
enum hf_rc hf_ref_now(struct hf_reader *reader, enum hf_ref_kind kind,
		      struct hf_arena *arena, struct hf_ref_now **out, size_t *n,
		      struct hf_err *err);

/* The codes of conditions that somebody reads, by all lists that count. */
enum hf_rc hf_ref_codes(struct hf_reader *reader, struct hf_arena *arena,
			struct hf_code_lists *out, struct hf_err *err);
/* A number that is another whenever these lists are others. */
enum hf_rc hf_ref_codes_state(struct hf_reader *reader, int64_t *out,
			      struct hf_err *err);

/* Puts imported tables of weights into the scores of their names.  HF_INVALID names the
 * score that one cannot be of. */
enum hf_rc hf_ref_weights(struct hf_store *store, struct hf_pop_defs *defs,
			  struct hf_err *err);

/* Sets the decile of persons whose small area is known and whose decile is not, by the
 * newest list of deprivation. */
enum hf_rc hf_ref_deprive(struct hf_reader *reader, struct hf_pop_columns *c,
			  struct hf_err *err);

/* Who belongs to whom by all lists of members, the newest first; sorted by who. */
enum hf_rc hf_ref_parents(struct hf_reader *reader, struct hf_arena *arena,
			  struct hf_peer_parent **out, size_t *n, struct hf_err *err);

#endif

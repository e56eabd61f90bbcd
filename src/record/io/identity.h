/* identity.h - the matcher over a whole place, and over whoever changed of late.
 *
 * Pairs with one verified NHS number and nothing against it are linked.  What else the
 * matcher is sure of is linked when the place lets it (weights.h), and put up to be
 * looked at when not; what it doubts is put up.  What a person decided stands. */
#ifndef HF_RECORD_IO_IDENTITY_H
#define HF_RECORD_IO_IDENTITY_H

#include "record/io/weights.h"

struct hf_identity_progress {
	void (*step)(void *ctx, const char *what, int64_t done, int64_t of);
	void *ctx;
};

struct hf_identity_report {
	int64_t people;	  /* records looked at */
	int64_t compared; /* pairs */
	int64_t left_out; /* records in no block small enough to compare */
	int64_t sure;	  /* pairs the matcher would link */
	int64_t unsure;	  /* pairs it would have looked at */
	int64_t linked; /* links asked for: of one number, or where the place lets it */
	int64_t put_up; /* pairs put up, or that waited already */
	int64_t gone;	/* pairs that need no look any more */
};

/* Learns from all records of the place and keeps what was learned as the newest
 * weights.  The same records and seed teach the same.  HF_RULE with fewer than 1,000
 * records: the defaults are better. */
enum hf_rc hf_identity_train(struct hf_store *store, struct hf_reader *reader,
			     uint64_t seed, const struct hf_link_by *by,
			     const struct hf_identity_progress *progress,
			     int64_t *version, struct hf_match_model *model,
			     struct hf_identity_report *out, struct hf_err *err);

/* Compares all records with the newest weights. */
enum hf_rc hf_identity_run(struct hf_store *store, struct hf_reader *reader,
			   const struct hf_link_by *by,
			   const struct hf_identity_progress *progress,
			   struct hf_identity_report *out, struct hf_err *err);

/* Where catching up stands. */
struct hf_identity_mark {
	int64_t change; /* all Patients of this commit and those before were looked at;
			 * -1: where the store remembers it stopped */
	int64_t done;	/* Patients of the next commit that were */
	size_t looked;	/* Patients since the store was told */
};

/* Looks at the Patients that changed since *mark, at most most of them, oldest first;
 * *mark is where to go on then, and *behind says that there is more.  Costs one search
 * for matches each: at most HF_MATCH_CANDIDATES records opened. */
enum hf_rc hf_identity_catch_up(struct hf_store *store, struct hf_reader *reader,
				size_t most, const struct hf_link_by *by,
				struct hf_identity_mark *mark, bool *behind,
				struct hf_identity_report *out, struct hf_err *err);

/* A thread that catches up as changes come in, at the rate of the policy.  NULL without
 * memory; stop waits for it, NULL is fine. */
struct hf_identity_watch;
struct hf_identity_watch *hf_identity_watch_start(struct hf_store *store);
void hf_identity_watch_stop(struct hf_identity_watch *watch);

#endif

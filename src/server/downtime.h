/* downtime.h - the downtime pack made again and again while the server runs (HZ13).
 *
 * It is written to a folder and never served: who reads it does so because nothing
 * answers.  Each is noted in the audit before it is written. */
#ifndef HF_SERVER_DOWNTIME_H
#define HF_SERVER_DOWNTIME_H

#include "record/io/store.h"

enum { HF_DOWNTIME_EVERY_S = 300 };

struct hf_downtimes;

/* Starts the thread that makes one at once, and then every_s seconds after the last.
 * The folder is looked at first: failures as of hf_downtime_check(). */
enum hf_rc hf_downtimes_start(struct hf_store *store, const char *dir, unsigned every_s,
			      struct hf_downtimes **out, struct hf_err *err);
/* Finishes what is under way.  NULL is fine. */
void hf_downtimes_stop(struct hf_downtimes *d);

struct hf_downtimes_status {
	hf_time made;	  /* when the last was made; 0: none yet */
	int64_t failures; /* since the start */
	bool stale;	  /* three were due since */
};
void hf_downtimes_status(struct hf_downtimes *d, hf_time now,
			 struct hf_downtimes_status *out);

#endif

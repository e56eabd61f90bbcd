/* call_reader.h - the reader that each thread has, and a snapshot it may hold.
 *
 * Beginning and ending a read transaction costs SQLite four locks of the file, a
 * fifth of a read by id.  So a thread that reads by id holds its snapshot as long as
 * nothing was committed, and never much longer than HF_HOLD_MS: an old snapshot
 * keeps the write-ahead log from being folded back.  One thread lets go for all. */
#ifndef HF_SERVER_CALL_READER_H
#define HF_SERVER_CALL_READER_H

#include "record/io/store.h"

enum { HF_HOLD_MS = 50 };

struct hf_readers; /* of one server */

enum hf_rc hf_readers_new(struct hf_store *store, struct hf_readers **out,
			  struct hf_err *err);
/* After all threads that read have ended.  NULL is fine. */
void hf_readers_free(struct hf_readers *readers);

/* This thread's reader, without a snapshot.  It shows nothing of anybody's record until
 * hf_call_look() says for whom it looks. */
enum hf_rc hf_readers_get(struct hf_readers *readers, struct hf_reader **out,
			  struct hf_err *err);
/* This thread's reader within a snapshot that shows all that is acknowledged.
 * Nobody touches it until hf_readers_done(), which comes soon and in this thread.
 * keep false: something failed, the snapshot may be of no more use. */
enum hf_rc hf_readers_hold(struct hf_readers *readers, struct hf_reader **out,
			   struct hf_err *err);
void hf_readers_done(struct hf_readers *readers, bool keep);

#endif

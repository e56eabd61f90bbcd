/* session.h (io) - sessions as rows.  Those that write are called within a job of the
 * desk. */
#ifndef HF_ACCESS_IO_SESSION_H
#define HF_ACCESS_IO_SESSION_H

#include "access/session.h"
#include "db/db.h"

/* Sessions that nobody has ended, with ids above after; at most limit. */
enum hf_rc hf_session_open_list(struct hf_db *db, int64_t after, size_t limit,
				struct hf_arena *arena, struct hf_session **out,
				size_t *n, struct hf_err *err);
/* Those of one account, at most HF_SESSIONS_OF_ONE. */
enum { HF_SESSIONS_OF_ONE = 100 };
enum hf_rc hf_session_open_of(struct hf_db *db, struct hf_sv account,
			      struct hf_arena *arena, struct hf_session **out,
			      size_t *n, struct hf_err *err);
enum hf_rc hf_session_add(struct hf_db *db, const struct hf_session *s,
			  struct hf_err *err);
/* Token, role, assurance, purpose, case reference, seen, proved, idle. */
enum hf_rc hf_session_set(struct hf_db *db, const struct hf_session *s,
			  struct hf_err *err);
enum hf_rc hf_session_see(struct hf_db *db, int64_t id, hf_time seen,
			  struct hf_err *err);
enum hf_rc hf_session_end(struct hf_db *db, int64_t id, hf_time at, const char *why,
			  struct hf_err *err);
/* All of an account, or those under one role (0: any). */
enum hf_rc hf_session_end_account(struct hf_db *db, struct hf_sv account, int64_t role,
				  hf_time at, const char *why, struct hf_err *err);
/* Rows of sessions that ended before a time go. */
enum hf_rc hf_session_forget(struct hf_db *db, hf_time before, struct hf_err *err);

#endif

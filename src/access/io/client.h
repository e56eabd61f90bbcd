/* client.h (io) - clients and refresh tokens as rows of the store.
 *
 * Those that write are called within a job of the desk (record/io/desk.h); they only
 * run statements.  What is read lies in arena. */
#ifndef HF_ACCESS_IO_CLIENT_H
#define HF_ACCESS_IO_CLIENT_H

#include "access/client.h"
#include "db/db.h"

/* HF_NOT_FOUND when there is none. */
enum hf_rc hf_client_get(struct hf_db *db, struct hf_sv id, struct hf_arena *arena,
			 struct hf_client *out, struct hf_err *err);
/* All of them by name, ended ones too. */
enum hf_rc hf_client_list(struct hf_db *db, struct hf_arena *arena,
			  struct hf_client **out, size_t *n, struct hf_err *err);
enum hf_rc hf_client_add(struct hf_db *db, const struct hf_client *client,
			 struct hf_err *err);
/* Ends it and revokes its refresh tokens.  HF_NOT_FOUND when there is none that has
 * not ended. */
enum hf_rc hf_client_end(struct hf_db *db, struct hf_sv id, hf_time at,
			 struct hf_err *err);
/* Puts another secret (its hash) in place.  HF_NOT_FOUND as above. */
enum hf_rc hf_client_set_secret(struct hf_db *db, struct hf_sv id, struct hf_sv hash,
				struct hf_err *err);

struct hf_refresh {
	struct hf_sv hash; /* SHA-256 of the token, base64url */
	struct hf_sv family, client, account, scopes, patient;
	int64_t role, session;
	hf_time created, until, used, ended; /* used, ended 0: not */
};
/* HF_NOT_FOUND when there is none. */
enum hf_rc hf_refresh_get(struct hf_db *db, struct hf_sv hash, struct hf_arena *arena,
			  struct hf_refresh *out, struct hf_err *err);
enum hf_rc hf_refresh_add(struct hf_db *db, const struct hf_refresh *refresh,
			  struct hf_err *err);
/* Marks it as replaced.  HF_STALE when it is already, or revoked. */
enum hf_rc hf_refresh_use(struct hf_db *db, struct hf_sv hash, hf_time at,
			  struct hf_err *err);
enum hf_rc hf_refresh_end_family(struct hf_db *db, struct hf_sv family, hf_time at,
				 struct hf_err *err);

#endif

/* account.h (io) - accounts and their roles as rows of the store.
 *
 * Those that write are called within a job of the desk (record/io/desk.h), which
 * says who does it; they only run statements.  What is read lies in arena. */
#ifndef HF_ACCESS_IO_ACCOUNT_H
#define HF_ACCESS_IO_ACCOUNT_H

#include "access/account.h"
#include "db/db.h"

/* HF_NOT_FOUND when there is none. */
enum hf_rc hf_account_get(struct hf_db *db, struct hf_sv id, struct hf_arena *arena,
			  struct hf_account *out, struct hf_err *err);
enum hf_rc hf_account_by_login(struct hf_db *db, struct hf_sv login,
			       struct hf_arena *arena, struct hf_account *out,
			       struct hf_err *err);
/* By issuer and subject of an OpenID provider; when they name nobody and sds is not
 * empty, by the national user id of an account that has no subject yet: *first is
 * set then (NULL is fine) and the caller binds it. */
enum hf_rc hf_account_by_subject(struct hf_db *db, struct hf_sv issuer,
				 struct hf_sv subject, struct hf_sv sds,
				 struct hf_arena *arena, struct hf_account *out,
				 bool *first, struct hf_err *err);
/* Accounts in order of their login from after on, at most limit. */
enum hf_rc hf_account_list(struct hf_db *db, struct hf_sv after, size_t limit,
			   struct hf_arena *arena, struct hf_account **out, size_t *n,
			   struct hf_err *err);
/* Those of the demonstration, in the order they were made. */
enum hf_rc hf_account_demonstration(struct hf_db *db, size_t limit,
				    struct hf_arena *arena, struct hf_account **out,
				    size_t *n, struct hf_err *err);

/* A new id: "k3…", twelve letters and digits by chance. */
struct hf_sv hf_account_new_id(struct hf_arena *arena);
/* HF_EXISTS when the login, or the subject, is taken. */
enum hf_rc hf_account_add(struct hf_db *db, const struct hf_account *account,
			  struct hf_err *err);
/* Writes all but id, login, created and demonstration. */
enum hf_rc hf_account_set(struct hf_db *db, const struct hf_account *account,
			  struct hf_err *err);

enum hf_rc hf_account_roles(struct hf_db *db, struct hf_sv account,
			    struct hf_arena *arena, struct hf_account_role **out,
			    size_t *n, struct hf_err *err);
enum hf_rc hf_account_role_get(struct hf_db *db, int64_t id, struct hf_arena *arena,
			       struct hf_account_role *out, struct hf_err *err);
/* Gives role->id.  HF_EXISTS when the account has the same role at the same
 * organisation in that time, HF_TOO_LONG when it has HF_ACCOUNT_ROLES_MAX. */
enum hf_rc hf_account_role_add(struct hf_db *db, struct hf_account_role *role,
			       struct hf_err *err);
enum hf_rc hf_account_role_end(struct hf_db *db, int64_t id, hf_time until,
			       struct hf_err *err);

#endif

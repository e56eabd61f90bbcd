/* account.c - accounts and their roles as rows. */
#include "access/io/account.h"

#include <sodium.h>

/* What was left out is empty, not NULL. */
static struct hf_arg
text_of(struct hf_sv s)
{
	return HF_TEXT(s.p ? s : HF_SV(""));
}

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the account");
}

/* All queries that give accounts have the same columns. */
static bool
read_account(const struct hf_rows *r, struct hf_arena *arena, struct hf_account *a)
{
	struct {
		struct hf_sv *to;
		int column;
	} text[] = {
	    {&a->id, HF_C_ACCESS_ACCOUNT_GET_ID},
	    {&a->login, HF_C_ACCESS_ACCOUNT_GET_LOGIN},
	    {&a->name, HF_C_ACCESS_ACCOUNT_GET_NAME},
	    {&a->who, HF_C_ACCESS_ACCOUNT_GET_WHO},
	    {&a->secret, HF_C_ACCESS_ACCOUNT_GET_SECRET},
	    {&a->recovery, HF_C_ACCESS_ACCOUNT_GET_RECOVERY},
	    {&a->issuer, HF_C_ACCESS_ACCOUNT_GET_ISSUER},
	    {&a->subject, HF_C_ACCESS_ACCOUNT_GET_SUBJECT},
	    {&a->sds, HF_C_ACCESS_ACCOUNT_GET_SDS},
	};

	for (size_t i = 0; i < HF_COUNT(text); i++) {
		*text[i].to = hf_arena_sv(arena, hf_rows_text(r, text[i].column));
		if (!text[i].to->p)
			return false;
	}
	a->totp = hf_arena_sv(arena, hf_rows_blob(r, HF_C_ACCESS_ACCOUNT_GET_TOTP));
	a->state = (enum hf_account_state)hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_STATE);
	a->demonstration = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_DEMONSTRATION) != 0;
	a->secret_at = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_SECRET_AT);
	a->secret_until = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_SECRET_UNTIL);
	a->totp_step = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_TOTP_STEP);
	a->created = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_CREATED);
	a->ended = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_ENDED);
	a->signed_in = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_GET_SIGNED_IN);
	return a->totp.p != NULL;
}

static enum hf_rc
one_account(struct hf_db *db, enum hf_query q, const struct hf_arg *args,
	    struct hf_arena *arena, struct hf_account *out, struct hf_err *err)
{
	struct hf_account a = {0};
	struct hf_rows rows;
	bool found, good = true;
	enum hf_rc rc = hf_db_query(db, q, args, &rows, err);

	if (rc)
		return rc;
	found = hf_rows_next(&rows);
	if (found)
		good = read_account(&rows, arena, &a);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such account");
	if (!good)
		return no_room(err);
	*out = a;
	return HF_OK;
}

enum hf_rc
hf_account_get(struct hf_db *db, struct hf_sv id, struct hf_arena *arena,
	       struct hf_account *out, struct hf_err *err)
{
	return one_account(db, HF_Q_ACCESS_ACCOUNT_GET, HF_ARGS(HF_TEXT(id)), arena,
			   out, err);
}

enum hf_rc
hf_account_by_login(struct hf_db *db, struct hf_sv login, struct hf_arena *arena,
		    struct hf_account *out, struct hf_err *err)
{
	return one_account(db, HF_Q_ACCESS_ACCOUNT_LOGIN, HF_ARGS(HF_TEXT(login)),
			   arena, out, err);
}

enum hf_rc
hf_account_by_subject(struct hf_db *db, struct hf_sv issuer, struct hf_sv subject,
		      struct hf_sv sds, struct hf_arena *arena, struct hf_account *out,
		      bool *first, struct hf_err *err)
{
	struct hf_account a = {0};
	enum hf_rc rc = HF_NOT_FOUND;

	if (first)
		*first = false;
	if (subject.n && issuer.n)
		rc = one_account(db, HF_Q_ACCESS_ACCOUNT_SUBJECT,
				 HF_ARGS(HF_TEXT(issuer), HF_TEXT(subject)), arena, out,
				 err);
	if (rc != HF_NOT_FOUND)
		return rc;
	if (sds.n)
		rc = one_account(db, HF_Q_ACCESS_ACCOUNT_SDS, HF_ARGS(HF_TEXT(sds)),
				 arena, &a, err);
	if (rc == HF_OK && a.subject.n)
		rc = HF_NOT_FOUND;
	if (rc == HF_NOT_FOUND)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such account");
	if (rc)
		return rc;
	if (first)
		*first = true;
	*out = a;
	return HF_OK;
}

static enum hf_rc
read_list(struct hf_db *db, enum hf_query q, const struct hf_arg *args, size_t limit,
	  struct hf_arena *arena, struct hf_account **out, size_t *n,
	  struct hf_err *err)
{
	struct hf_account *list = hf_arena_array(arena, limit + 1, sizeof *list);
	struct hf_rows rows;
	bool good = true;
	size_t at = 0;
	enum hf_rc rc;

	if (!list)
		return no_room(err);
	rc = hf_db_query(db, q, args, &rows, err);
	if (rc)
		return rc;
	while (good && at < limit && hf_rows_next(&rows))
		good = read_account(&rows, arena, &list[at++]);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!good)
		return no_room(err);
	*out = list;
	*n = at;
	return HF_OK;
}

enum hf_rc
hf_account_list(struct hf_db *db, struct hf_sv after, size_t limit,
		struct hf_arena *arena, struct hf_account **out, size_t *n,
		struct hf_err *err)
{
	return read_list(db, HF_Q_ACCESS_ACCOUNT_LIST,
			 HF_ARGS(text_of(after), HF_INT((int64_t)limit)), limit, arena,
			 out, n, err);
}

enum hf_rc
hf_account_demonstration(struct hf_db *db, size_t limit, struct hf_arena *arena,
			 struct hf_account **out, size_t *n, struct hf_err *err)
{
	return read_list(db, HF_Q_ACCESS_ACCOUNT_DEMONSTRATION,
			 HF_ARGS(HF_INT((int64_t)limit)), limit, arena, out, n, err);
}

struct hf_sv
hf_account_new_id(struct hf_arena *arena)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char id[12];
	unsigned char by_chance[sizeof id];

	randombytes_buf(by_chance, sizeof by_chance);
	for (size_t i = 0; i < sizeof id; i++)
		id[i] = letters[by_chance[i] & 31];
	return hf_arena_sv(arena, (struct hf_sv){id, sizeof id});
}

static enum hf_rc
refuse_taken(struct hf_db *db, const struct hf_account *a, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account other;
	enum hf_rc rc = HF_NOT_FOUND;

	if (a->subject.n)
		rc = one_account(db, HF_Q_ACCESS_ACCOUNT_SUBJECT,
				 HF_ARGS(HF_TEXT(a->issuer), HF_TEXT(a->subject)),
				 &arena, &other, err);
	if (rc == HF_OK && hf_sv_eq(other.id, a->id))
		rc = HF_NOT_FOUND;
	hf_arena_free(&arena);
	if (rc == HF_OK)
		return hf_fail(err, HF_EXISTS, "subject",
			       "another account has this subject of the provider");
	return rc == HF_NOT_FOUND ? HF_OK : rc;
}

enum hf_rc
hf_account_add(struct hf_db *db, const struct hf_account *a, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account other;
	enum hf_rc rc = hf_account_by_login(db, a->login, &arena, &other, err);

	if (rc == HF_OK)
		rc = hf_fail(err, HF_EXISTS, "login",
			     "the login is taken by user/%.*s%s", HF_SV_ARG(other.id),
			     other.state == HF_ACCOUNT_ENDED
				 ? ", which has ended: let it begin again, or choose "
				   "another login"
				 : "");
	else if (rc == HF_NOT_FOUND)
		rc = refuse_taken(db, a, err);
	hf_arena_free(&arena);
	if (rc)
		return rc;
	return hf_db_exec(
	    db, HF_Q_ACCESS_ACCOUNT_ADD,
	    HF_ARGS(text_of(a->id), text_of(a->login), text_of(a->name),
		    text_of(a->who), HF_INT(a->state), HF_INT(a->demonstration),
		    text_of(a->secret), HF_INT(a->secret_at), HF_INT(a->secret_until),
		    HF_BLOB(a->totp.p ? a->totp : HF_SV("")), HF_INT(a->totp_step),
		    text_of(a->recovery), text_of(a->issuer), text_of(a->subject),
		    text_of(a->sds), HF_INT(a->created), HF_INT(a->ended),
		    HF_INT(a->signed_in)),
	    NULL, err);
}

enum hf_rc
hf_account_set(struct hf_db *db, const struct hf_account *a, struct hf_err *err)
{
	enum hf_rc rc = refuse_taken(db, a, err);

	if (rc)
		return rc;
	return hf_db_exec(
	    db, HF_Q_ACCESS_ACCOUNT_SET,
	    HF_ARGS(text_of(a->name), text_of(a->who), HF_INT(a->state),
		    text_of(a->secret), HF_INT(a->secret_at), HF_INT(a->secret_until),
		    HF_BLOB(a->totp.p ? a->totp : HF_SV("")), HF_INT(a->totp_step),
		    text_of(a->recovery), text_of(a->issuer), text_of(a->subject),
		    text_of(a->sds), HF_INT(a->ended), HF_INT(a->signed_in),
		    text_of(a->id)),
	    NULL, err);
}

/* ---- roles ---- */

static bool
read_role(const struct hf_rows *r, struct hf_arena *arena, struct hf_account_role *out)
{
	struct {
		struct hf_sv *to;
		int column;
	} text[] = {
	    {&out->account, HF_C_ACCESS_ACCOUNT_ROLE_GET_ACCOUNT},
	    {&out->role, HF_C_ACCESS_ACCOUNT_ROLE_GET_ROLE},
	    {&out->org, HF_C_ACCESS_ACCOUNT_ROLE_GET_ORG},
	    {&out->team, HF_C_ACCESS_ACCOUNT_ROLE_GET_TEAM},
	    {&out->supervisor, HF_C_ACCESS_ACCOUNT_ROLE_GET_SUPERVISOR},
	};

	for (size_t i = 0; i < HF_COUNT(text); i++) {
		*text[i].to = hf_arena_sv(arena, hf_rows_text(r, text[i].column));
		if (!text[i].to->p)
			return false;
	}
	out->id = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_ROLE_GET_ID);
	out->flags = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_ROLE_GET_FLAGS);
	out->since = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_ROLE_GET_SINCE);
	out->until = hf_rows_int(r, HF_C_ACCESS_ACCOUNT_ROLE_GET_UNTIL);
	return true;
}

enum hf_rc
hf_account_roles(struct hf_db *db, struct hf_sv account, struct hf_arena *arena,
		 struct hf_account_role **out, size_t *n, struct hf_err *err)
{
	struct hf_account_role *list =
	    hf_arena_array(arena, HF_ACCOUNT_ROLES_MAX, sizeof *list);
	struct hf_rows rows;
	bool good = true;
	size_t at = 0;
	enum hf_rc rc;

	if (!list)
		return no_room(err);
	rc = hf_db_query(db, HF_Q_ACCESS_ACCOUNT_ROLE_LIST, HF_ARGS(HF_TEXT(account)),
			 &rows, err);
	if (rc)
		return rc;
	while (good && at < HF_ACCOUNT_ROLES_MAX && hf_rows_next(&rows))
		good = read_role(&rows, arena, &list[at++]);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!good)
		return no_room(err);
	*out = list;
	*n = at;
	return HF_OK;
}

enum hf_rc
hf_account_role_get(struct hf_db *db, int64_t id, struct hf_arena *arena,
		    struct hf_account_role *out, struct hf_err *err)
{
	struct hf_account_role role = {0};
	struct hf_rows rows;
	bool found, good = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_ACCESS_ACCOUNT_ROLE_GET,
				    HF_ARGS(HF_INT(id)), &rows, err);

	if (rc)
		return rc;
	found = hf_rows_next(&rows);
	if (found)
		good = read_role(&rows, arena, &role);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, "role",
			       "the account has no role of this number");
	if (!good)
		return no_room(err);
	*out = role;
	return HF_OK;
}

static enum hf_rc
next_role_id(struct hf_db *db, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_ACCESS_ACCOUNT_ROLE_LAST, NULL, &rows, err);

	if (rc)
		return rc;
	*out = 1;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, HF_C_ACCESS_ACCOUNT_ROLE_LAST_LAST) + 1;
	return hf_rows_end(&rows, err);
}

static enum hf_rc
refuse_twice(struct hf_db *db, const struct hf_account_role *role, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_account_role *list;
	size_t n;
	enum hf_rc rc = hf_account_roles(db, role->account, &arena, &list, &n, err);

	if (rc == HF_OK && n == HF_ACCOUNT_ROLES_MAX)
		rc = hf_fail(err, HF_TOO_LONG, "role",
			     "the account has had %d roles, the most that are kept",
			     HF_ACCOUNT_ROLES_MAX);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (hf_sv_eq(list[i].role, role->role) &&
		    hf_sv_eq(list[i].org, role->org) && list[i].since < role->until &&
		    role->since < list[i].until)
			rc = hf_fail(err, HF_EXISTS, "role",
				     "the account has this role there already, as "
				     "number %lld",
				     (long long)list[i].id);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_account_role_add(struct hf_db *db, struct hf_account_role *role, struct hf_err *err)
{
	enum hf_rc rc = refuse_twice(db, role, err);

	if (rc == HF_OK)
		rc = next_role_id(db, &role->id, err);
	if (rc)
		return rc;
	return hf_db_exec(
	    db, HF_Q_ACCESS_ACCOUNT_ROLE_ADD,
	    HF_ARGS(HF_INT(role->id), text_of(role->account), text_of(role->role),
		    text_of(role->org), text_of(role->team), text_of(role->supervisor),
		    HF_INT(role->flags), HF_INT(role->since), HF_INT(role->until)),
	    NULL, err);
}

enum hf_rc
hf_account_role_end(struct hf_db *db, int64_t id, hf_time until, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_ACCOUNT_ROLE_END,
			  HF_ARGS(HF_INT(until), HF_INT(id)), NULL, err);
}

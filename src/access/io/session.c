/* session.c - sessions as rows. */
#include "access/io/session.h"

/* All queries that give sessions have the same columns. */
static bool
read_session(const struct hf_rows *r, struct hf_arena *arena, struct hf_session *s)
{
	struct {
		struct hf_sv *to;
		int column;
	} text[] = {
	    {&s->account, HF_C_ACCESS_SESSION_OPEN_ACCOUNT},
	    {&s->method, HF_C_ACCESS_SESSION_OPEN_METHOD},
	    {&s->purpose, HF_C_ACCESS_SESSION_OPEN_PURPOSE},
	    {&s->case_ref, HF_C_ACCESS_SESSION_OPEN_CASE_REF},
	    {&s->address, HF_C_ACCESS_SESSION_OPEN_ADDRESS},
	    {&s->why, HF_C_ACCESS_SESSION_OPEN_WHY},
	};
	struct hf_sv token = hf_rows_blob(r, HF_C_ACCESS_SESSION_OPEN_TOKEN);

	for (size_t i = 0; i < HF_COUNT(text); i++) {
		*text[i].to = hf_arena_sv(arena, hf_rows_text(r, text[i].column));
		if (!text[i].to->p)
			return false;
	}
	if (token.n == sizeof s->token)
		memcpy(s->token, token.p, sizeof s->token);
	s->id = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_ID);
	s->role = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_ROLE);
	s->assurance = (int)hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_ASSURANCE);
	s->created = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_CREATED);
	s->seen = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_SEEN);
	s->proved = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_PROVED);
	s->until = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_UNTIL);
	s->idle = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_IDLE);
	s->ended = hf_rows_int(r, HF_C_ACCESS_SESSION_OPEN_ENDED);
	return true;
}

static enum hf_rc
read_all(struct hf_db *db, enum hf_query q, const struct hf_arg *args, size_t limit,
	 struct hf_arena *arena, struct hf_session **out, size_t *n, struct hf_err *err)
{
	struct hf_session *list = hf_arena_array(arena, limit + 1, sizeof *list);
	struct hf_rows rows;
	bool good = true;
	size_t at = 0;
	enum hf_rc rc;

	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the sessions");
	rc = hf_db_query(db, q, args, &rows, err);
	if (rc)
		return rc;
	while (good && at < limit && hf_rows_next(&rows))
		good = read_session(&rows, arena, &list[at++]);
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !good)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the sessions");
	if (rc)
		return rc;
	*out = list;
	*n = at;
	return HF_OK;
}

enum hf_rc
hf_session_open_list(struct hf_db *db, int64_t after, size_t limit,
		     struct hf_arena *arena, struct hf_session **out, size_t *n,
		     struct hf_err *err)
{
	return read_all(db, HF_Q_ACCESS_SESSION_OPEN,
			HF_ARGS(HF_INT(after), HF_INT((int64_t)limit)), limit, arena,
			out, n, err);
}

enum hf_rc
hf_session_open_of(struct hf_db *db, struct hf_sv account, struct hf_arena *arena,
		   struct hf_session **out, size_t *n, struct hf_err *err)
{
	return read_all(db, HF_Q_ACCESS_SESSION_OPEN_ACCOUNT, HF_ARGS(HF_TEXT(account)),
			HF_SESSIONS_OF_ONE, arena, out, n, err);
}

static struct hf_arg
text_of(struct hf_sv s)
{
	return HF_TEXT(s.p ? s : HF_SV(""));
}

static struct hf_arg
token_of(const struct hf_session *s)
{
	return HF_BLOB(((struct hf_sv){(const char *)s->token, sizeof s->token}));
}

enum hf_rc
hf_session_add(struct hf_db *db, const struct hf_session *s, struct hf_err *err)
{
	return hf_db_exec(
	    db, HF_Q_ACCESS_SESSION_ADD,
	    HF_ARGS(HF_INT(s->id), token_of(s), text_of(s->account), HF_INT(s->role),
		    text_of(s->method), HF_INT(s->assurance), text_of(s->purpose),
		    text_of(s->case_ref), text_of(s->address), HF_INT(s->created),
		    HF_INT(s->seen), HF_INT(s->proved), HF_INT(s->until),
		    HF_INT(s->idle), HF_INT(s->ended), text_of(s->why)),
	    NULL, err);
}

enum hf_rc
hf_session_set(struct hf_db *db, const struct hf_session *s, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_SESSION_SET,
			  HF_ARGS(token_of(s), HF_INT(s->role), HF_INT(s->assurance),
				  text_of(s->purpose), text_of(s->case_ref),
				  HF_INT(s->seen), HF_INT(s->proved), HF_INT(s->idle),
				  HF_INT(s->id)),
			  NULL, err);
}

enum hf_rc
hf_session_see(struct hf_db *db, int64_t id, hf_time seen, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_SESSION_SEEN,
			  HF_ARGS(HF_INT(seen), HF_INT(id)), NULL, err);
}

enum hf_rc
hf_session_end(struct hf_db *db, int64_t id, hf_time at, const char *why,
	       struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_SESSION_END,
			  HF_ARGS(HF_INT(at), HF_TEXT(hf_sv_from(why)), HF_INT(id)),
			  NULL, err);
}

enum hf_rc
hf_session_end_account(struct hf_db *db, struct hf_sv account, int64_t role, hf_time at,
		       const char *why, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_SESSION_END_ACCOUNT,
			  HF_ARGS(HF_INT(at), HF_TEXT(hf_sv_from(why)),
				  HF_TEXT(account), HF_INT(role)),
			  NULL, err);
}

enum hf_rc
hf_session_forget(struct hf_db *db, hf_time before, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_SESSION_FORGET, HF_ARGS(HF_INT(before)), NULL,
			  err);
}

/* client.c (io) - clients and refresh tokens as rows of the store. */
#include "access/io/client.h"

#define C(column) HF_C_ACCESS_CLIENT_GET_##column
#define R(column) HF_C_ACCESS_REFRESH_GET_##column

/* Copies of what a row shows; false when the arena is full. */
static bool
take(const struct hf_rows *rows, int column, bool blob, struct hf_arena *arena,
     struct hf_sv *out)
{
	*out = hf_arena_sv(arena, blob ? hf_rows_blob(rows, column)
				       : hf_rows_text(rows, column));
	return out->p != NULL;
}

static bool
read_client(const struct hf_rows *rows, struct hf_arena *arena, struct hf_client *c)
{
	c->is_public = hf_sv_is(hf_rows_text(rows, C(KIND)), "public");
	c->created = hf_rows_int(rows, C(CREATED));
	c->ended = hf_rows_int(rows, C(ENDED));
	return take(rows, C(ID), false, arena, &c->id) &&
	       take(rows, C(NAME), false, arena, &c->name) &&
	       take(rows, C(SECRET), true, arena, &c->secret) &&
	       take(rows, C(JWKS), false, arena, &c->jwks) &&
	       take(rows, C(JWKS_URI), false, arena, &c->jwks_uri) &&
	       take(rows, C(SCOPES), false, arena, &c->scopes) &&
	       take(rows, C(REDIRECTS), false, arena, &c->redirects) &&
	       take(rows, C(ORG), false, arena, &c->org) &&
	       take(rows, C(ROLE), false, arena, &c->role) &&
	       take(rows, C(PURPOSE), false, arena, &c->purpose);
}

static enum hf_rc
no_room(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "there is no room to list this");
}

enum hf_rc
hf_client_get(struct hf_db *db, struct hf_sv id, struct hf_arena *arena,
	      struct hf_client *out, struct hf_err *err)
{
	struct hf_client c = {0};
	struct hf_rows rows;
	bool found, whole = true;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_ACCESS_CLIENT_GET, HF_ARGS(HF_TEXT(id)), &rows, err);

	if (rc)
		return rc;
	found = hf_rows_next(&rows);
	if (found)
		whole = read_client(&rows, arena, &c);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, "client", "there is no such client");
	if (!whole)
		return no_room(err);
	*out = c;
	return HF_OK;
}

enum hf_rc
hf_client_list(struct hf_db *db, struct hf_arena *arena, struct hf_client **out,
	       size_t *n, struct hf_err *err)
{
	struct hf_buf list = {.cap = (size_t)16 << 20};
	struct hf_client c = {0}, *kept = NULL;
	struct hf_rows rows;
	bool whole = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_ACCESS_CLIENT_LIST, NULL, &rows, err);

	if (rc)
		return rc;
	while (whole && hf_rows_next(&rows)) {
		whole = read_client(&rows, arena, &c);
		hf_buf_add(&list, &c, sizeof c);
	}
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK) {
		kept = hf_arena_alloc(arena, list.n);
		if (!whole || list.failed || !kept)
			rc = no_room(err);
	}
	if (rc == HF_OK) {
		if (list.n)
			memcpy(kept, list.p, list.n);
		*out = kept;
		*n = list.n / sizeof c;
	}
	hf_buf_free(&list);
	return rc;
}

enum hf_rc
hf_client_add(struct hf_db *db, const struct hf_client *c, struct hf_err *err)
{
	return hf_db_exec(
	    db, HF_Q_ACCESS_CLIENT_ADD,
	    HF_ARGS(HF_TEXT(c->id), HF_TEXT(c->name),
		    HF_TEXT(c->is_public ? HF_SV("public") : HF_SV("confidential")),
		    HF_BLOB(c->secret), HF_TEXT(c->jwks), HF_TEXT(c->jwks_uri),
		    HF_TEXT(c->scopes), HF_TEXT(c->redirects), HF_TEXT(c->org),
		    HF_TEXT(c->role), HF_TEXT(c->purpose), HF_INT(c->created)),
	    NULL, err);
}

static enum hf_rc
touched_one(enum hf_rc rc, int64_t changed, struct hf_err *err)
{
	if (rc == HF_OK && changed != 1)
		return hf_fail(err, HF_NOT_FOUND, "client",
			       "there is no such client, or it has ended");
	return rc;
}

enum hf_rc
hf_client_end(struct hf_db *db, struct hf_sv id, hf_time at, struct hf_err *err)
{
	int64_t changed = 0;
	enum hf_rc rc = hf_db_exec(db, HF_Q_ACCESS_CLIENT_END,
				   HF_ARGS(HF_TEXT(id), HF_INT(at)), &changed, err);

	rc = touched_one(rc, changed, err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_ACCESS_REFRESH_END_CLIENT,
				HF_ARGS(HF_TEXT(id), HF_INT(at)), NULL, err);
	return rc;
}

enum hf_rc
hf_client_set_secret(struct hf_db *db, struct hf_sv id, struct hf_sv hash,
		     struct hf_err *err)
{
	int64_t changed = 0;
	enum hf_rc rc = hf_db_exec(db, HF_Q_ACCESS_CLIENT_SECRET,
				   HF_ARGS(HF_TEXT(id), HF_BLOB(hash)), &changed, err);

	return touched_one(rc, changed, err);
}

/* ---- refresh tokens ---- */

static bool
read_refresh(const struct hf_rows *rows, struct hf_arena *arena, struct hf_refresh *r)
{
	r->role = hf_rows_int(rows, R(ROLE));
	r->session = hf_rows_int(rows, R(SESSION));
	r->created = hf_rows_int(rows, R(CREATED));
	r->until = hf_rows_int(rows, R(UNTIL));
	r->used = hf_rows_int(rows, R(USED));
	r->ended = hf_rows_int(rows, R(ENDED));
	return take(rows, R(FAMILY), false, arena, &r->family) &&
	       take(rows, R(CLIENT), false, arena, &r->client) &&
	       take(rows, R(ACCOUNT), false, arena, &r->account) &&
	       take(rows, R(SCOPES), false, arena, &r->scopes) &&
	       take(rows, R(PATIENT), false, arena, &r->patient);
}

enum hf_rc
hf_refresh_get(struct hf_db *db, struct hf_sv hash, struct hf_arena *arena,
	       struct hf_refresh *out, struct hf_err *err)
{
	struct hf_refresh r = {.hash = hash};
	struct hf_rows rows;
	bool found, whole = true;
	enum hf_rc rc = hf_db_query(db, HF_Q_ACCESS_REFRESH_GET, HF_ARGS(HF_TEXT(hash)),
				    &rows, err);

	if (rc)
		return rc;
	found = hf_rows_next(&rows);
	if (found)
		whole = read_refresh(&rows, arena, &r);
	rc = hf_rows_end(&rows, err);
	if (rc)
		return rc;
	if (!found)
		return hf_fail(err, HF_NOT_FOUND, NULL, "there is no such token");
	if (!whole)
		return no_room(err);
	*out = r;
	return HF_OK;
}

enum hf_rc
hf_refresh_add(struct hf_db *db, const struct hf_refresh *r, struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_REFRESH_ADD,
			  HF_ARGS(HF_TEXT(r->hash), HF_TEXT(r->family),
				  HF_TEXT(r->client), HF_TEXT(r->account),
				  HF_INT(r->role), HF_INT(r->session),
				  HF_TEXT(r->scopes), HF_TEXT(r->patient),
				  HF_INT(r->created), HF_INT(r->until)),
			  NULL, err);
}

enum hf_rc
hf_refresh_use(struct hf_db *db, struct hf_sv hash, hf_time at, struct hf_err *err)
{
	int64_t changed = 0;
	enum hf_rc rc = hf_db_exec(db, HF_Q_ACCESS_REFRESH_USE,
				   HF_ARGS(HF_TEXT(hash), HF_INT(at)), &changed, err);

	if (rc == HF_OK && changed != 1)
		return hf_fail(err, HF_STALE, NULL, "the token was used before");
	return rc;
}

enum hf_rc
hf_refresh_end_family(struct hf_db *db, struct hf_sv family, hf_time at,
		      struct hf_err *err)
{
	return hf_db_exec(db, HF_Q_ACCESS_REFRESH_END_FAMILY,
			  HF_ARGS(HF_TEXT(family), HF_INT(at)), NULL, err);
}

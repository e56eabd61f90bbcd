/* auth_code.c - tokens for a user: of a code, and of a refresh token.
 *
 * A code and a refresh token are each good once.  Whoever brings one a second time
 * brings down all that came of the same consent: one of the two is a thief, and
 * nobody can say which.  Done in threads of the desk, for commits are waited for. */
#include "server/auth.h"

#include <sodium.h>

#include "access/io/client.h"
#include "access/jwt.h"
#include "record/io/desk.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/token.h"

enum {
	SESSIONS = 20,
	USER_TOKEN_MS = 600 * 1000,
	ID_TOKEN_S = 300,
};
#define OFFLINE_MS ((hf_time)30 * 24 * 3600 * 1000)
#define ONLINE_MS  ((hf_time)12 * 3600 * 1000)

struct job {
	struct hf_call *call;
	const struct hf_auth_form *form;
	const struct hf_auth_client *client;
	/* what came of it; error NULL: tokens */
	const char *error;
	struct hf_err err;
	struct hf_grant grant; /* of the access token */
	struct hf_actor actor;
	struct hf_sv access, refresh, id_token;
	/* for the desk */
	struct hf_refresh old, next; /* old.hash.n 0: none */
	bool online, offline;
};

static bool
fail(struct job *j, const char *error, const char *text)
{
	j->error = error;
	hf_fail(&j->err, HF_INVALID, NULL, "%s", text);
	return false;
}

static bool
fail_err(struct job *j)
{
	j->error = "invalid_grant";
	return false;
}

/* ---- small things ---- */

static struct hf_sv
hash_text(struct hf_sv text, struct hf_arena *arena)
{
	uint8_t hash[HF_CLIENT_SECRET];

	hf_client_hash(text, hash);
	return hf_b64u_encode((struct hf_sv){(char *)hash, sizeof hash}, arena);
}

bool
hf_auth_session_live(struct hf_call *c, struct hf_sv account, int64_t session)
{
	struct hf_seat *seats = NULL;
	struct hf_err err;
	size_t n = 0;

	if (hf_sessions_list(c->server->sign->sessions, account, c->now, SESSIONS,
			     c->arena, &seats, &n, &err) != HF_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		if (seats[i].s.id == session)
			return true;
	return false;
}

/* ---- the desk ---- */

static enum hf_rc
write_refresh(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	struct job *j = ctx;
	enum hf_rc rc = HF_OK;

	(void)change;
	if (j->old.hash.n)
		rc = hf_refresh_use(db, j->old.hash, at, err);
	if (rc == HF_OK && j->next.hash.n)
		rc = hf_refresh_add(db, &j->next, err);
	return rc;
}

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct hf_sv *family = ctx;

	(void)change;
	return hf_refresh_end_family(db, *family, at, err);
}

static enum hf_rc
desk(struct job *j, const char *what,
     enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			 struct hf_err *err),
     void *ctx)
{
	struct hf_call *c = j->call;
	struct hf_desk_job job = {
	    .actor = c->who.id,
	    .purpose = j->grant.purpose.n ? j->grant.purpose : HF_SV("DIRECT"),
	    .what = hf_arena_printf(c->arena, "token %s client/%.*s", what,
				    HF_SV_ARG(j->client->client.id)),
	    .write = write,
	    .ctx = ctx,
	};

	return hf_store_desk(c->store, &job, &j->err);
}

/* All that came of one consent is good for nothing from now on. */
static void
end_family(struct job *j, struct hf_sv family)
{
	struct hf_err err = j->err;

	hf_tokens_drop_family(j->call->server->tokens, family);
	(void)desk(j, "revoke", write_end, &family);
	j->err = err;
}

/* ---- what is given out ---- */

/* May the user still do anything?  Fills in who they are. */
static bool
check_user(struct job *j)
{
	struct hf_call *c = j->call;
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(c->store, &reader, &j->err);

	if (rc)
		return fail_err(j);
	rc = hf_account_actor(hf_reader_db(reader), &c->server->policy,
			      j->grant.account, j->grant.account_role, c->now, c->arena,
			      &j->actor, &j->err);
	hf_reader_put(reader);
	if (rc)
		return fail(j, "invalid_grant",
			    "the user may not sign in any more, or not in this role");
	if (!j->offline && !hf_auth_session_live(c, j->grant.account, j->grant.session))
		return fail(j, "invalid_grant", "the user has signed out");
	return true;
}

static void
write_claim_time(struct hf_jw *w, const char *name, hf_time t)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_int(w, t / 1000);
}

static bool
make_id_token(struct job *j)
{
	struct hf_call *c = j->call;
	const struct hf_grant *g = &j->grant;
	struct hf_buf claims = {.cap = 8192};
	struct hf_jw w = {.out = &claims};
	enum hf_rc rc;

	if (!(g->scopes.flags & HF_SCOPE_OPENID))
		return true;
	hf_jw_obj(&w);
	hf_jw_field(&w, "iss", hf_auth_base(c));
	hf_jw_field(&w, "sub", g->account);
	hf_jw_field(&w, "aud", g->client);
	write_claim_time(&w, "iat", c->now);
	write_claim_time(&w, "exp", c->now + ID_TOKEN_S * 1000);
	if (g->signed_in)
		write_claim_time(&w, "auth_time", g->signed_in);
	if (g->nonce.n)
		hf_jw_field(&w, "nonce", g->nonce);
	hf_jw_field(&w, "at_hash",
		    hf_jwt_at_hash_make(HF_JWS_ES384, j->access, c->arena));
	if (g->scopes.flags & HF_SCOPE_FHIR_USER && j->actor.who.n)
		hf_jw_field(&w, "fhirUser",
			    hf_arena_printf(c->arena, "%.*s/%.*s", HF_SV_ARG(c->base),
					    HF_SV_ARG(j->actor.who)));
	if (g->scopes.flags & HF_SCOPE_PROFILE)
		hf_jw_field(&w, "name", j->actor.name);
	hf_jw_obj_end(&w);
	rc = hf_jws_sign(&c->server->token_key->keys[0], HF_JWS_ES384, HF_SV("JWT"),
			 hf_buf_view(&claims), c->arena, &j->id_token, &j->err);
	hf_buf_free(&claims);
	return rc == HF_OK || fail(j, "server_error", "the id token cannot be signed");
}

/* A refresh token in place of the old one, if any is to be given. */
static bool
make_refresh(struct job *j)
{
	struct hf_call *c = j->call;
	const struct hf_grant *g = &j->grant;
	struct hf_buf scopes = {.cap = (size_t)64 << 10};
	enum hf_rc rc;

	if (!j->online && !j->offline)
		return true;
	j->refresh = hf_client_random(c->arena);
	hf_scopes_write(&g->scopes, &scopes);
	j->next = (struct hf_refresh){
	    .hash = hash_text(j->refresh, c->arena),
	    .family = g->family,
	    .client = g->client,
	    .account = g->account,
	    /* What was granted stays, also when less is asked for once. */
	    .scopes = j->old.hash.n ? j->old.scopes : hf_buf_view(&scopes),
	    .patient = g->patient,
	    .role = g->account_role,
	    .session = g->session,
	    .created = c->now,
	    .until = c->now + (j->offline ? OFFLINE_MS : ONLINE_MS),
	};
	rc = desk(j, j->old.hash.n ? "refresh" : "grant", write_refresh, j);
	hf_buf_free(&scopes);
	if (rc == HF_STALE) {
		end_family(j, g->family);
		return fail(j, "invalid_grant", "the refresh token was used before");
	}
	return rc == HF_OK || fail_err(j);
}

static void
give(struct job *j)
{
	struct hf_call *c = j->call;
	struct hf_grant *g = &j->grant;

	j->offline = g->scopes.flags & HF_SCOPE_OFFLINE;
	j->online = !j->offline && g->scopes.flags & HF_SCOPE_ONLINE;
	g->issued = c->now;
	g->until = c->now + USER_TOKEN_MS;
	g->checked = hf_store_desk_jobs(c->store);
	if (!check_user(j) || !make_refresh(j))
		return;
	if (hf_tokens_give(c->server->tokens, HF_TICKET_ACCESS, g, c->arena, &j->access,
			   &j->err) != HF_OK) {
		j->error = "temporarily_unavailable";
		return;
	}
	(void)make_id_token(j);
}

/* ---- of a code ---- */

static bool
verifier_fits(struct job *j, struct hf_sv challenge)
{
	struct hf_sv verifier = hf_auth_value(j->form, "code_verifier"), made;

	if (verifier.n < 43 || verifier.n > 128)
		return false;
	made = hash_text(verifier, j->call->arena);
	return made.n == challenge.n && sodium_memcmp(made.p, challenge.p, made.n) == 0;
}

static void
run_code(struct hf_call *c, void *ctx)
{
	struct job *j = ctx;
	struct hf_sv code = hf_auth_value(j->form, "code");
	struct hf_sv uri = hf_auth_value(j->form, "redirect_uri");
	struct hf_grant *g = &j->grant;
	enum hf_rc rc = hf_tokens_take(c->server->tokens, HF_TICKET_CODE, code, c->now,
				       c->arena, g, &j->err);

	if (rc == HF_STALE) {
		end_family(j, g->family);
		fail(j, "invalid_grant",
		     "the code was used before: what came of it is "
		     "revoked");
	} else if (rc) {
		fail(j, "invalid_grant", "the code is not known, or it is over");
	} else if (!hf_sv_eq(g->client, j->client->client.id) ||
		   !hf_sv_eq(g->redirect, uri)) {
		fail(j, "invalid_grant",
		     "the code was given to another app, or for another address");
	} else if (!verifier_fits(j, g->challenge)) {
		fail(j, "invalid_grant", "code_verifier does not fit (RFC 7636, 4.6)");
	} else {
		give(j);
	}
}

/* ---- of a refresh token ---- */

/* Reads the row into old; false: it is no good. */
static bool
read_refresh(struct job *j, struct hf_sv token)
{
	struct hf_call *c = j->call;
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(c->store, &reader, &j->err);

	if (rc)
		return fail_err(j);
	rc = hf_refresh_get(hf_reader_db(reader), hash_text(token, c->arena), c->arena,
			    &j->old, &j->err);
	hf_reader_put(reader);
	if (rc || !hf_sv_eq(j->old.client, j->client->client.id))
		return fail(j, "invalid_grant", "the refresh token is not known");
	if (j->old.used) {
		end_family(j, j->old.family);
		return fail(j, "invalid_grant",
			    "the refresh token was used before: what came of it is "
			    "revoked");
	}
	if (j->old.ended || j->old.until <= c->now)
		return fail(j, "invalid_grant", "the refresh token is over");
	return true;
}

/* What was granted, or less of it; never more than the client may have now. */
static bool
read_scopes(struct job *j, struct hf_scopes *out)
{
	struct hf_sv text = hf_auth_value(j->form, "scope");
	struct hf_scopes granted, asked;

	if (hf_scopes_parse(j->old.scopes, &granted, &j->err) != HF_OK)
		return fail_err(j);
	granted = hf_scopes_meet(&granted, &j->client->scopes);
	asked = granted;
	if (text.p && hf_scopes_parse(text, &asked, &j->err) != HF_OK) {
		j->error = "invalid_scope";
		return false;
	}
	if (!hf_scopes_within(&asked, &granted))
		return fail(j, "invalid_scope", "that is more than was granted");
	*out = asked;
	/* Whether it may go on was granted with the consent. */
	out->flags |= granted.flags & (HF_SCOPE_OFFLINE | HF_SCOPE_ONLINE);
	return true;
}

static void
run_refresh(struct hf_call *c, void *ctx)
{
	struct job *j = ctx;
	struct hf_sv token = hf_auth_value(j->form, "refresh_token");
	const struct hf_client *k = &j->client->client;
	struct hf_scopes scopes;

	if (token.n != 43 || !read_refresh(j, token)) {
		if (!j->error)
			fail(j, "invalid_grant", "the refresh token is not known");
		return;
	}
	if (!read_scopes(j, &scopes))
		return;
	j->grant = (struct hf_grant){
	    .client = k->id,
	    .name = k->name,
	    .purpose = k->purpose,
	    .account = j->old.account,
	    .patient = j->old.patient,
	    .family = j->old.family,
	    .account_role = j->old.role,
	    .session = j->old.session,
	    .strong = true, /* the consent was given with a second factor */
	    .scopes = scopes,
	};
	(void)c;
	give(j);
}

/* ---- answering ---- */

static void
answer(struct hf_call *c, void *ctx)
{
	struct job *j = ctx;
	struct hf_buf scopes = {.cap = (size_t)64 << 10};
	struct hf_jw w;

	c->who.behalf = j->actor.id;
	if (j->error) {
		hf_auth_fail(c, j->error, j->err.text);
		return;
	}
	hf_scopes_write(&j->grant.scopes, &scopes);
	hf_auth_begin(c, &w);
	hf_jw_field(&w, "access_token", j->access);
	hf_jw_field(&w, "token_type", HF_SV("Bearer"));
	hf_jw_member(&w, "expires_in");
	hf_jw_int(&w, USER_TOKEN_MS / 1000);
	hf_jw_field(&w, "scope", hf_buf_view(&scopes));
	hf_buf_free(&scopes);
	if (j->refresh.n)
		hf_jw_field(&w, "refresh_token", j->refresh);
	if (j->id_token.n)
		hf_jw_field(&w, "id_token", j->id_token);
	if (j->grant.patient.n) {
		hf_jw_field(&w, "patient",
			    hf_sv_from_at(j->grant.patient, strlen("Patient/")));
		hf_jw_member(&w, "need_patient_banner");
		hf_jw_bool(&w, true);
	}
	hf_auth_end(c, &w);
}

static void
refused(struct hf_call *c, const struct hf_err *err)
{
	hf_auth_fail_err(c, "invalid_request", err);
}

static void
start(struct hf_call *c, const struct hf_auth_form *form,
      const struct hf_auth_client *client, void (*run)(struct hf_call *call, void *ctx))
{
	struct job *j = HF_NEW(c->arena, struct job);

	if (!j || (!client->proved && !client->client.is_public)) {
		hf_auth_fail(c, "invalid_request", "the request is too large");
		return;
	}
	if (c->server->open_loopback) {
		hf_auth_fail(c, "unauthorized_client",
			     "nobody signs in to this server (--open-loopback)");
		return;
	}
	*j = (struct job){.call = c, .form = form, .client = client};
	hf_call_work(c, c->server->sign->desk, run, answer, refused, j);
}

void
hf_auth_grant_code(struct hf_call *c, const struct hf_auth_form *form,
		   const struct hf_auth_client *client)
{
	start(c, form, client, run_code);
}

void
hf_auth_grant_refresh(struct hf_call *c, const struct hf_auth_form *form,
		      const struct hf_auth_client *client)
{
	start(c, form, client, run_refresh);
}

/* auth_client.c - which client asks, and is it really that one?
 *
 * Every way that fails answers the same, so that nobody learns which clients there
 * are.  A client that is not known is asked for its secret all the same. */
#include "server/auth.h"

#include <sodium.h>

#include "access/jwt.h"
#include "record/io/desk.h"
#include "server/call_reader.h"
#include "server/keyring.h"
#include "server/query.h"
#include "server/serve.h"
#include "server/token.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
static const char not_known[] =
    "the client is not known, has ended, or did not prove itself";

struct asking {
	struct hf_call *call;
	const struct hf_auth_form *form;
	struct hf_auth_client found;
	/* of an assertion whose keys are fetched */
	struct hf_jws jws;
	struct hf_jwt jwt;
	enum hf_rc rc;
	const char *said; /* what the client is told */
	struct hf_err err;
	void (*then)(struct hf_call *call, const struct hf_auth_form *form,
		     const struct hf_auth_client *client);
};

/* ---- what it says it is ---- */

struct claim {
	struct hf_sv id, secret, assertion;
};

/* Both halves of Basic are form-encoded before they are joined (RFC 6749, 2.3.1). */
static bool
read_basic(struct hf_call *c, struct hf_sv header, struct claim *out)
{
	size_t n = 0;
	struct hf_sv rest, id;
	struct hf_err err;
	char *text = hf_arena_alloc(c->arena, header.n + 1);

	if (!text ||
	    sodium_base642bin((unsigned char *)text, header.n, header.p, header.n, NULL,
			      &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	rest = (struct hf_sv){text, n};
	id = hf_sv_cut(&rest, ':');
	return hf_percent_decode(id, true, c->arena, &out->id, &err) == HF_OK &&
	       hf_percent_decode(rest, true, c->arena, &out->secret, &err) == HF_OK;
}

/* False: it has answered. */
static bool
read_claim(struct hf_call *c, const struct hf_auth_form *form, struct claim *out)
{
	struct hf_sv header = hf_req_header(c->req, "Authorization");
	struct hf_sv id = hf_auth_value(form, "client_id");
	struct hf_sv type = hf_auth_value(form, "client_assertion_type");
	struct hf_sv secret = hf_auth_value(form, "client_secret");
	int ways;

	*out = (struct claim){.id = id,
			      .secret = secret,
			      .assertion = hf_auth_value(form, "client_assertion")};
	ways = (header.p != NULL) + (secret.p != NULL) + (out->assertion.p != NULL);
	if (ways > 1) {
		hf_auth_fail(c, "invalid_request",
			     "a client proves itself in one way, not in two");
		return false;
	}
	if (header.p) {
		struct hf_sv word = hf_sv_cut(&header, ' ');

		if (word.n != 5 || strncasecmp(word.p, "Basic", 5) != 0 ||
		    !read_basic(c, header, out) || (id.p && !hf_sv_eq(id, out->id))) {
			hf_auth_fail(c, "invalid_client", not_known);
			return false;
		}
	}
	if ((out->assertion.p != NULL) != (type.p != NULL) ||
	    (type.p && !hf_sv_is(type, ASSERTION_TYPE))) {
		hf_auth_fail(
		    c, "invalid_request",
		    "client_assertion goes with client_assertion_type " ASSERTION_TYPE);
		return false;
	}
	return true;
}

/* ---- is it that one ---- */

static enum hf_rc
find(struct hf_call *c, struct hf_sv id, struct hf_client *out, struct hf_err *err)
{
	struct hf_reader *reader = c->reader;
	enum hf_rc rc = HF_OK;

	if (!reader)
		rc = hf_readers_get(c->server->readers, &reader, err);
	if (rc == HF_OK)
		rc = hf_client_get(hf_reader_db(reader), id, c->arena, out, err);
	if (rc == HF_OK && out->ended)
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "ended");
	return rc;
}

/* It is: from here on it is the actor of the call, for the audit too. */
static void
go_on(struct asking *a)
{
	struct hf_call *c = a->call;
	const struct hf_client *client = &a->found.client;
	struct hf_err err;

	c->who.kind = HF_ACTOR_SYSTEM;
	c->who.id = hf_arena_printf(c->arena, "client/%.*s", HF_SV_ARG(client->id));
	c->who.role = client->role;
	c->who.org = client->org;
	c->who.purpose = client->purpose;
	if (hf_scopes_parse(client->scopes, &a->found.scopes, &err) != HF_OK) {
		hf_auth_fail_err(c, "server_error", &err);
		return;
	}
	if (!hf_tokens_pace(c->server->tokens, c->who.id, HF_AUTH_BURST,
			    HF_AUTH_A_MINUTE, c->now)) {
		hf_fail(&err, HF_TOO_MANY, NULL,
			"this client asks too often; keep a token until it ends");
		hf_auth_fail_err(c, "invalid_request", &err);
		return;
	}
	a->then(c, a->form, &a->found);
}

static void
by_secret(struct asking *a, struct hf_sv secret)
{
	a->found.proved = hf_client_proves(&a->found.client, secret);
	if (a->found.proved)
		go_on(a);
	else
		hf_auth_fail(a->call, "invalid_client", not_known);
}

/* ---- private_key_jwt (RFC 7523; SMART Backend Services) ---- */

/* An assertion that was made before we started may have been used then: what was
 * used is remembered in memory alone. */
static enum hf_rc
check_start(const struct hf_call *c, const struct hf_jwt *jwt, struct hf_err *err)
{
	hf_time started = c->server->started;

	if (jwt->iat == HF_TIME_MIN ? c->now < started + HF_ASSERTION_LIFE_MS
				    : jwt->iat + 1000 <= started)
		return hf_fail(err, HF_LOGIN, NULL,
			       "this service began a moment ago: make a new assertion, "
			       "with the time it was made (iat)");
	return HF_OK;
}

static enum hf_rc
check_assertion(struct asking *a, struct hf_err *err)
{
	const struct hf_jwt *jwt = &a->jwt;
	struct hf_call *c = a->call;
	struct hf_sv id = a->found.client.id;
	struct hf_sv aud = hf_auth_url(c, "/auth/token");
	struct hf_jwt_want want = {.iss = id,
				   .sub = id,
				   .aud = &aud,
				   .n_aud = 1,
				   .now = c->now,
				   .life = HF_ASSERTION_LIFE_MS,
				   .need_jti = true};
	enum hf_rc rc = hf_jwt_check(jwt, &want, err);

	if (rc == HF_OK)
		rc = check_start(c, jwt, err);
	if (rc == HF_OK && !hf_tokens_first(c->server->tokens, id, jwt->jti,
					    jwt->exp + HF_JWT_SKEW_MS, c->now))
		rc = hf_fail(err, HF_LOGIN, "jti", "this assertion was used before");
	return rc;
}

/* Looks at the assertion with the client's keys.  The client is told what is wrong
 * once the signature is right, and nothing before. */
static void
judge(struct asking *a, const struct hf_jwks *keys)
{
	if (hf_jws_verify(&a->jws, keys, &a->err) != HF_OK) {
		a->rc = HF_LOGIN;
		a->said = not_known;
	} else {
		a->rc = check_assertion(a, &a->err);
		a->said = a->err.text;
	}
}

static void
answer_assertion(struct asking *a)
{
	a->found.proved = a->rc == HF_OK;
	if (a->found.proved)
		go_on(a);
	else if (a->rc == HF_BUSY)
		hf_auth_fail_err(a->call, "invalid_client", &a->err);
	else
		hf_auth_fail(a->call, "invalid_client", a->said);
}

static void
resumed(struct hf_req *req, void *ctx)
{
	(void)req;
	answer_assertion(ctx);
}

/* In the thread that got the keys. */
static void
got_keys(void *ctx, const struct hf_jwks *keys, const struct hf_err *err)
{
	struct asking *a = ctx;

	if (keys)
		judge(a, keys);
	else
		a->rc = hf_fail(&a->err, HF_BUSY, "jwks_uri", "%s", err->text);
	hf_req_resume(a->call->req);
}

static void
by_assertion(struct asking *a, struct hf_sv text)
{
	struct hf_call *c = a->call;
	const struct hf_client *client = &a->found.client;
	struct hf_jwks *keys = NULL;
	struct hf_sv said = hf_auth_value(a->form, "client_id");
	struct hf_err err;

	if (hf_jws_read(text, c->arena, &a->jws, &err) != HF_OK ||
	    hf_jwt_read(a->jws.payload, c->arena, &a->jwt, &err) != HF_OK) {
		hf_auth_fail(c, "invalid_client", err.text);
		return;
	}
	if ((said.p && !hf_sv_eq(said, a->jwt.iss)) ||
	    find(c, a->jwt.iss, &a->found.client, &err) != HF_OK ||
	    (client->jwks.n == 0 && client->jwks_uri.n == 0)) {
		hf_auth_fail(c, "invalid_client", not_known);
		return;
	}
	if (client->jwks_uri.n) {
		hf_req_suspend(c->req, resumed, a);
		hf_keyring_ask(c->server->keyring, client->jwks_uri, a->jws.kid,
			       a->jws.alg, c->now, got_keys, a);
		return;
	}
	if (hf_jwks_parse(client->jwks, HF_JWKS_STRICT, &keys, &err) != HF_OK) {
		hf_auth_fail(c, "invalid_client", not_known);
		return;
	}
	judge(a, keys);
	hf_jwks_free(keys);
	answer_assertion(a);
}

void
hf_auth_client(struct hf_call *c, const struct hf_auth_form *form,
	       void (*then)(struct hf_call *call, const struct hf_auth_form *form,
			    const struct hf_auth_client *client))
{
	struct asking *a = HF_NEW(c->arena, struct asking);
	struct claim claim;
	struct hf_err err;

	if (!a) {
		hf_auth_fail(c, "invalid_request", "the request is too large");
		return;
	}
	*a = (struct asking){.call = c, .form = form, .then = then};
	if (!read_claim(c, form, &claim))
		return;
	if (claim.assertion.p) {
		by_assertion(a, claim.assertion);
		return;
	}
	if (!claim.id.p || find(c, claim.id, &a->found.client, &err) != HF_OK) {
		hf_auth_fail(c, "invalid_client", not_known);
		return;
	}
	if (claim.secret.p)
		by_secret(a, claim.secret);
	else if (a->found.client.is_public)
		go_on(a);
	else
		hf_auth_fail(c, "invalid_client", not_known);
}

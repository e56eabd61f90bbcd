/* auth_oidc.c - signing in at an OpenID provider: there and back (OpenID Connect core,
 * authorization code with PKCE).
 *
 * What is sent there is bound to the browser by a cookie and used once.  Asking the
 * provider goes on in the fetcher's threads; the request is suspended meanwhile. */
#include "server/auth_oidc.h"

#include <sodium.h>

#include "server/fetch.h"
#include "server/keyring.h"
#include "server/query.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_auth_oidc_start(struct hf_call *call);
void hf_auth_oidc_callback(struct hf_call *call);

#define COOKIE "hf-oidc"

enum { ASK_LIFE_MS = 600 * 1000 };

/* ---- small things ---- */

static struct hf_sv
hash_text(struct hf_sv text, struct hf_arena *arena)
{
	uint8_t hash[HF_CLIENT_SECRET];

	hf_client_hash(text, hash);
	return hf_b64u_encode((struct hf_sv){(char *)hash, sizeof hash}, arena);
}

static void
add(struct hf_buf *out, const char *name, struct hf_sv value)
{
	if (value.n == 0)
		return;
	hf_buf_printf(out, "%s%s=", out->n ? "&" : "", name);
	hf_percent_encode(value, "", out);
}

static void
redirect(struct hf_call *c, struct hf_sv to)
{
	hf_call_header(c, "Location", to);
	hf_call_header(c, "Cache-Control", HF_SV("no-store"));
	hf_call_header(c, "Referrer-Policy", HF_SV("no-referrer"));
	hf_call_reply(c, 302, "text/plain", HF_SV(""));
}

/* Binds what was asked to this browser; empty takes it away. */
static void
set_cookie(struct hf_call *c, struct hf_sv value)
{
	struct hf_sv text =
	    hf_arena_printf(c->arena,
			    COOKIE "=%.*s; Path=/auth/oidc; Max-Age=%d; HttpOnly; "
				   "SameSite=Lax%s",
			    HF_SV_ARG(value), value.n ? ASK_LIFE_MS / 1000 : 0,
			    hf_req_secure(c->req) ? "; Secure" : "");

	if (text.p)
		hf_call_header(c, "Set-Cookie", text);
}

static struct hf_sv
cookie_of(const struct hf_call *c)
{
	struct hf_sv rest = hf_req_header(c->req, "Cookie");

	while (rest.n) {
		struct hf_sv one = hf_sv_trim(hf_sv_cut(&rest, ';'));

		if (hf_sv_starts(one, HF_SV(COOKIE "=")))
			return hf_sv_from_at(one, sizeof COOKIE);
	}
	return (struct hf_sv){NULL, 0};
}

static struct hf_sv
callback_url(const struct hf_call *c)
{
	return hf_auth_url(c, "/auth/oidc/callback");
}

/* ---- there ---- */

struct start {
	struct hf_call *call;
	struct hf_sv back;
	bool prove, found;
	struct hf_oidc_site site;
	struct hf_err err;
};

static void
go_to_provider(struct start *s)
{
	struct hf_call *c = s->call;
	const struct hf_oidc_provider *p = s->site.provider;
	struct hf_sv verifier = hf_client_random(c->arena);
	struct hf_sv nonce = hf_client_random(c->arena);
	struct hf_sv cookie = hf_client_random(c->arena), ticket;
	struct hf_grant grant = {.client = p->id,
				 .redirect = s->back,
				 .challenge = verifier,
				 .nonce = nonce,
				 .state = hash_text(cookie, c->arena),
				 .name = s->prove ? HF_SV("prove") : HF_SV(""),
				 .issued = c->now,
				 .until = c->now + ASK_LIFE_MS};
	struct hf_buf query = {.cap = 8192};
	struct hf_sv to;

	if (!verifier.p || !nonce.p || !cookie.p ||
	    hf_tokens_give(c->server->tokens, HF_TICKET_OIDC, &grant, c->arena, &ticket,
			   &s->err) != HF_OK) {
		hf_call_fail(c, &s->err);
		return;
	}
	add(&query, "response_type", HF_SV("code"));
	add(&query, "client_id", p->client_id);
	add(&query, "redirect_uri", callback_url(c));
	add(&query, "scope", p->scopes);
	add(&query, "state", ticket);
	add(&query, "nonce", nonce);
	add(&query, "code_challenge", hash_text(verifier, c->arena));
	add(&query, "code_challenge_method", HF_SV("S256"));
	add(&query, "acr_values", p->acr_values);
	if (s->prove) {
		add(&query, "prompt", HF_SV("login"));
		add(&query, "max_age", HF_SV("0"));
	}
	to = hf_arena_printf(c->arena, "%.*s%c%.*s", HF_SV_ARG(p->authorization),
			     memchr(p->authorization.p, '?', p->authorization.n) ? '&'
										 : '?',
			     (int)query.n, query.p);
	hf_buf_free(&query);
	set_cookie(c, cookie);
	redirect(c, to);
}

static void
start_resumed(struct hf_req *req, void *ctx)
{
	struct start *s = ctx;

	(void)req;
	if (s->found)
		go_to_provider(s);
	else
		redirect(s->call, HF_SV("/sign-in?error=provider"));
}

static void
start_found(void *ctx, const struct hf_oidc_site *site, const struct hf_err *err)
{
	struct start *s = ctx;

	s->found = site != NULL;
	if (site)
		s->site = *site;
	else
		s->err = *err;
	hf_req_resume(s->call->req);
}

void
hf_auth_oidc_start(struct hf_call *c)
{
	struct start *s = HF_NEW(c->arena, struct start);
	struct hf_sv back = hf_call_take_param(c, HF_SV("return"));
	struct hf_sv prove = hf_call_take_param(c, HF_SV("prove"));
	int i = hf_oidc_find(c->server->oidc, c->arg[0]);
	struct hf_err err;

	if (!s || i < 0) {
		hf_fail(&err, HF_NOT_FOUND, NULL,
			"there is no such provider to sign in at");
		hf_call_fail(c, &err);
		return;
	}
	if (!hf_call_no_params(c))
		return;
	if (!hf_tokens_pace_address(c->server->tokens, hf_sign_address(c),
				    HF_OPEN_BURST, HF_OPEN_A_MINUTE, c->now)) {
		hf_fail(&err, HF_TOO_MANY, NULL,
			"too many sign-ins are begun from your network; try again in a "
			"minute");
		hf_call_fail(c, &err);
		return;
	}
	*s = (struct start){.call = c,
			    .back = hf_oidc_return_ok(back) ? back : HF_SV("/"),
			    .prove = hf_sv_is(prove, "1")};
	hf_req_suspend(c->req, start_resumed, s);
	hf_oidc_ask(c->server->oidc, (size_t)i, c->server->fetcher, c->now, start_found,
		    s);
}

/* ---- and back ---- */

void
hf_oidc_back(struct hf_call *c, struct hf_sv to)
{
	set_cookie(c, HF_SV(""));
	redirect(c, to);
}

void
hf_oidc_failed(struct hf_oidc_run *r)
{
	struct hf_call *c = r->call;
	struct hf_err err;
	struct hf_sv to;

	/* Who it was nobody knows for sure: the provider and the step are noted. */
	to = hf_arena_printf(c->arena, "oidc/%.*s %s", HF_SV_ARG(r->ask.client),
			     r->word);
	if (hf_call_event(c, HF_AUDIT_SIGN_IN, to, 401, &err) != HF_OK) {
		hf_call_fail(c, &err);
		return;
	}
	to = hf_arena_printf(c->arena, "/sign-in?error=%s", r->word);
	/* What is not of this browser does not end the sign-in that is. */
	if (strcmp(r->word, "expired") == 0)
		redirect(c, to);
	else
		hf_oidc_back(c, to);
}

static void
fail(struct hf_oidc_run *r, enum hf_rc rc, const char *word)
{
	r->rc = rc;
	r->word = word;
	hf_req_resume(r->call->req);
}

static void
on_userinfo(void *ctx, const struct hf_fetch_answer *answer)
{
	struct hf_oidc_run *r = ctx;
	struct hf_oidc_answer told = {.jws = &r->jws,
				      .jwt = &r->jwt,
				      .access_token = r->access_token,
				      .nonce = r->ask.nonce,
				      .now = r->call->now};
	enum hf_rc rc = HF_OK;

	if (answer && (answer->rc != HF_OK || answer->status != 200)) {
		fail(r, HF_BUSY, "provider");
		return;
	}
	if (answer) {
		told.userinfo = hf_arena_sv(r->call->arena, answer->body);
		rc = told.userinfo.p ? HF_OK : HF_TOO_LONG;
	}
	if (rc == HF_OK)
		rc = hf_oidc_person(r->site.provider, &told, r->call->arena, &r->person,
				    &r->err);
	if (rc)
		fail(r, rc, "refused");
	else
		hf_req_resume(r->call->req);
}

static void
ask_userinfo(struct hf_oidc_run *r)
{
	struct hf_fetch_ask ask = {.url = r->site.provider->userinfo,
				   .bearer = r->access_token};

	if (ask.url.n == 0)
		on_userinfo(r, NULL);
	else if (hf_fetch(r->call->server->fetcher, &ask, on_userinfo, r, &r->err) !=
		 HF_OK)
		fail(r, HF_BUSY, "provider");
}

static void
on_keys(void *ctx, const struct hf_jwks *keys, const struct hf_err *err)
{
	struct hf_oidc_run *r = ctx;

	(void)err;
	if (!keys)
		fail(r, HF_BUSY, "provider");
	else if (hf_jws_verify(&r->jws, keys, &r->err) != HF_OK)
		fail(r, HF_LOGIN, "refused");
	else
		ask_userinfo(r);
}

static bool
read_tokens(struct hf_oidc_run *r, struct hf_sv body)
{
	struct hf_json_limits limits = {.bytes = 64 << 10, .depth = 8, .nodes = 256};
	struct hf_arena *arena = r->call->arena;
	struct hf_json doc;

	body = hf_arena_sv(arena, body);
	if (!body.p || hf_json_parse(body, &limits, arena, &doc, &r->err) != HF_OK)
		return false;
	r->id_token = hf_json_str(&doc, hf_json_member(&doc, 0, "id_token"), arena);
	r->access_token =
	    hf_json_str(&doc, hf_json_member(&doc, 0, "access_token"), arena);
	return r->id_token.n && r->access_token.n &&
	       hf_jws_read(r->id_token, arena, &r->jws, &r->err) == HF_OK &&
	       hf_jwt_read(r->jws.payload, arena, &r->jwt, &r->err) == HF_OK;
}

static void
on_tokens(void *ctx, const struct hf_fetch_answer *answer)
{
	struct hf_oidc_run *r = ctx;
	struct hf_call *c = r->call;

	if (answer->rc != HF_OK || answer->status >= 500)
		fail(r, HF_BUSY, "provider");
	else if (answer->status != 200 || !read_tokens(r, answer->body))
		fail(r, HF_LOGIN, "refused");
	else
		hf_keyring_ask(c->server->keyring, r->site.provider->jwks, r->jws.kid,
			       r->jws.alg, c->now, on_keys, r);
}

/* Our own assertion for a provider that knows our key (RFC 7523). */
static struct hf_sv
own_assertion(struct hf_oidc_run *r)
{
	static const enum hf_jws_alg by_kind[] = {
	    [HF_JWK_RSA] = HF_JWS_RS256,
	    [HF_JWK_P256] = HF_JWS_ES256,
	    [HF_JWK_P384] = HF_JWS_ES384,
	    [HF_JWK_ED25519] = HF_JWS_EDDSA,
	};
	const struct hf_jwk *key = &r->site.key->keys[0];
	const struct hf_oidc_provider *p = r->site.provider;
	struct hf_call *c = r->call;
	struct hf_buf claims = {.cap = 4096};
	struct hf_jw w = {.out = &claims};
	struct hf_sv out = {NULL, 0};

	hf_jw_obj(&w);
	hf_jw_field(&w, "iss", p->client_id);
	hf_jw_field(&w, "sub", p->client_id);
	hf_jw_field(&w, "aud", p->token);
	hf_jw_field(&w, "jti", hf_client_random(c->arena));
	hf_jw_member(&w, "iat");
	hf_jw_int(&w, c->now / 1000);
	hf_jw_member(&w, "exp");
	hf_jw_int(&w, c->now / 1000 + 120);
	hf_jw_obj_end(&w);
	(void)hf_jws_sign(key, key->alg ? key->alg : by_kind[key->kind], HF_SV("JWT"),
			  hf_buf_view(&claims), c->arena, &out, &r->err);
	hf_buf_free(&claims);
	return out;
}

static void
ask_tokens(struct hf_oidc_run *r)
{
	struct hf_call *c = r->call;
	const struct hf_oidc_provider *p = r->site.provider;
	struct hf_fetch_ask ask = {.url = p->token};
	struct hf_buf form = {.cap = 32768}, basic = {.cap = 2048};
	enum hf_rc rc;

	add(&form, "grant_type", HF_SV("authorization_code"));
	add(&form, "code", r->code);
	add(&form, "redirect_uri", callback_url(c));
	add(&form, "code_verifier", r->ask.challenge);
	add(&form, "client_id", p->client_id);
	if (r->site.key) {
		add(&form, "client_assertion_type",
		    HF_SV("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
		add(&form, "client_assertion", own_assertion(r));
	} else {
		hf_percent_encode(p->client_id, "", &basic);
		hf_buf_char(&basic, ':');
		hf_percent_encode(r->site.secret, "", &basic);
		ask.basic = hf_buf_view(&basic);
	}
	ask.form = hf_buf_view(&form);
	rc = form.failed || basic.failed
		 ? HF_TOO_LONG
		 : hf_fetch(c->server->fetcher, &ask, on_tokens, r, &r->err);
	if (basic.p)
		sodium_memzero(basic.p, basic.n);
	hf_buf_free(&basic);
	hf_buf_free(&form);
	if (rc)
		fail(r, HF_BUSY, "provider");
}

static void
on_site(void *ctx, const struct hf_oidc_site *site, const struct hf_err *err)
{
	struct hf_oidc_run *r = ctx;

	(void)err;
	if (!site) {
		fail(r, HF_BUSY, "provider");
		return;
	}
	r->site = *site;
	ask_tokens(r);
}

static void
too_many(struct hf_call *c, const struct hf_err *err)
{
	hf_call_fail(c, err);
}

static void
resumed(struct hf_req *req, void *ctx)
{
	struct hf_oidc_run *r = ctx;

	(void)req;
	if (r->rc)
		hf_oidc_failed(r);
	else
		hf_call_work(r->call, r->call->server->sign->desk, hf_oidc_sign_in,
			     hf_oidc_signed_in, too_many, r);
}

/* What came back belongs to what this browser was sent with. */
static bool
take_ask(struct hf_oidc_run *r, struct hf_sv state)
{
	struct hf_call *c = r->call;
	struct hf_sv cookie = cookie_of(c), hash;

	if (hf_tokens_take(c->server->tokens, HF_TICKET_OIDC, state, c->now, c->arena,
			   &r->ask, &r->err) != HF_OK)
		return false;
	hash = hash_text(cookie, c->arena);
	return cookie.n && hash.n == r->ask.state.n &&
	       sodium_memcmp(hash.p, r->ask.state.p, hash.n) == 0;
}

void
hf_auth_oidc_callback(struct hf_call *c)
{
	struct hf_oidc_run *r = HF_NEW(c->arena, struct hf_oidc_run);
	struct hf_sv state = hf_call_param(c, HF_SV("state"));
	struct hf_sv issuer = hf_call_param(c, HF_SV("iss"));
	struct hf_err err;
	int i;

	if (!r) {
		hf_fail(&err, HF_TOO_LONG, NULL, "the request needs too much memory");
		hf_call_fail(c, &err);
		return;
	}
	r->call = c;
	r->code = hf_call_param(c, HF_SV("code"));
	if (!take_ask(r, state)) {
		r->ask = (struct hf_grant){.client = HF_SV("unknown")};
		r->word = "expired";
		hf_oidc_failed(r);
		return;
	}
	r->prove = hf_sv_is(r->ask.name, "prove");
	i = hf_oidc_find(c->server->oidc, r->ask.client);
	if (i < 0 || r->code.n == 0 ||
	    (issuer.p &&
	     !hf_sv_eq(issuer, hf_oidc_at(c->server->oidc, (size_t)i)->issuer))) {
		/* The provider said no (error), or another one answered (RFC 9207). */
		r->word = "refused";
		hf_oidc_failed(r);
		return;
	}
	hf_req_suspend(c->req, resumed, r);
	hf_oidc_ask(c->server->oidc, (size_t)i, c->server->fetcher, c->now, on_site, r);
}

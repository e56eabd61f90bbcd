/* auth_token.c - POST /auth/token, /auth/introspect, /auth/revoke. */
#include "server/auth.h"

#include "record/io/desk.h"
#include "server/serve.h"
#include "server/token.h"

void hf_auth_token(struct hf_call *call);
void hf_auth_introspect(struct hf_call *call);
void hf_auth_revoke(struct hf_call *call);

/* ---- a token for the client itself ---- */

/* What it asked for and may have on the system's level; false: it has answered. */
static bool
system_scopes(struct hf_call *c, const struct hf_auth_form *form,
	      const struct hf_auth_client *client, struct hf_scopes *out)
{
	struct hf_sv text = hf_auth_value(form, "scope");
	struct hf_scopes asked = client->scopes;
	struct hf_err err;

	if (text.p && hf_scopes_parse(text, &asked, &err) != HF_OK) {
		hf_auth_fail(c, "invalid_scope", err.text);
		return false;
	}
	*out = hf_scopes_meet(&asked, &client->scopes);
	out->flags &= HF_SCOPE_OPERATE;
	memset(out->cruds[HF_SCOPE_PATIENT], 0, sizeof out->cruds[0]);
	memset(out->cruds[HF_SCOPE_USER], 0, sizeof out->cruds[0]);
	if (hf_scopes_empty(out)) {
		hf_auth_fail(c, "invalid_scope",
			     "none of the scopes asked for is one that this client may "
			     "have for itself (system/…, operate)");
		return false;
	}
	return true;
}

static void
answer(struct hf_call *c, struct hf_sv token, const struct hf_grant *grant)
{
	struct hf_buf scopes = {.cap = (size_t)64 << 10};
	struct hf_jw w;

	hf_scopes_write(&grant->scopes, &scopes);
	hf_auth_begin(c, &w);
	hf_jw_field(&w, "access_token", token);
	hf_jw_field(&w, "token_type", HF_SV("Bearer"));
	hf_jw_member(&w, "expires_in");
	hf_jw_int(&w, (grant->until - grant->issued) / 1000);
	hf_jw_field(&w, "scope", hf_buf_view(&scopes));
	hf_buf_free(&scopes);
	hf_auth_end(c, &w);
}

static void
grant_client(struct hf_call *c, const struct hf_auth_form *form,
	     const struct hf_auth_client *client)
{
	const struct hf_client *k = &client->client;
	struct hf_grant grant = {.client = k->id,
				 .org = k->org,
				 .role = k->role,
				 .purpose = k->purpose,
				 .name = k->name,
				 .issued = c->now,
				 .until = c->now + HF_TOKEN_LIFE_MS,
				 .checked = hf_store_desk_jobs(c->store)};
	struct hf_sv token;
	struct hf_err err;

	if (!client->proved) {
		hf_auth_fail(c, "unauthorized_client",
			     "a public client gets no token for itself");
		return;
	}
	if (!system_scopes(c, form, client, &grant.scopes))
		return;
	if (hf_tokens_give(c->server->tokens, HF_TICKET_ACCESS, &grant, c->arena,
			   &token, &err) != HF_OK)
		hf_auth_fail_err(c, "invalid_request", &err);
	else
		answer(c, token, &grant);
}

static void
grant(struct hf_call *c, const struct hf_auth_form *form,
      const struct hf_auth_client *client)
{
	struct hf_sv type = hf_auth_value(form, "grant_type");

	if (hf_sv_is(type, "client_credentials"))
		grant_client(c, form, client);
	else if (hf_sv_is(type, "authorization_code"))
		hf_auth_grant_code(c, form, client);
	else if (hf_sv_is(type, "refresh_token"))
		hf_auth_grant_refresh(c, form, client);
	else
		hf_auth_fail(c, "unsupported_grant_type",
			     "grant_type is client_credentials, authorization_code or "
			     "refresh_token");
}

void
hf_auth_token(struct hf_call *c)
{
	struct hf_auth_form *form = HF_NEW(c->arena, struct hf_auth_form);

	if (!form || !hf_auth_form(c, form))
		return;
	if (!hf_auth_value(form, "grant_type").p)
		hf_auth_fail(c, "invalid_request", "grant_type is missing");
	else
		hf_auth_client(c, form, grant);
}

/* ---- what a token is worth (RFC 7662) ---- */

static void
introspect(struct hf_call *c, const struct hf_auth_form *form,
	   const struct hf_auth_client *client)
{
	struct hf_buf scopes = {.cap = (size_t)64 << 10};
	struct hf_grant g;
	struct hf_err err;
	struct hf_jw w;
	bool active;

	if (!client->proved) {
		hf_auth_fail(c, "invalid_client",
			     "only a client that proves itself may ask this");
		return;
	}
	/* A client learns of its own tokens and of no other's. */
	active = hf_tokens_look(c->server->tokens, HF_TICKET_ACCESS,
				hf_auth_value(form, "token"), c->now, c->arena, &g,
				&err) == HF_OK &&
		 hf_sv_eq(g.client, client->client.id);
	hf_auth_begin(c, &w);
	hf_jw_member(&w, "active");
	hf_jw_bool(&w, active);
	if (active) {
		hf_scopes_write(&g.scopes, &scopes);
		hf_jw_field(&w, "scope", hf_buf_view(&scopes));
		hf_jw_field(&w, "client_id", g.client);
		hf_jw_field(&w, "token_type", HF_SV("Bearer"));
		hf_jw_member(&w, "exp");
		hf_jw_int(&w, g.until / 1000);
		hf_jw_member(&w, "iat");
		hf_jw_int(&w, g.issued / 1000);
		hf_jw_field(&w, "iss", hf_auth_base(c));
		hf_jw_field(&w, "sub", g.account.n ? g.account : g.client);
		if (g.patient.n)
			hf_jw_field(&w, "patient",
				    hf_sv_from_at(g.patient, strlen("Patient/")));
	}
	hf_buf_free(&scopes);
	hf_auth_end(c, &w);
}

void
hf_auth_introspect(struct hf_call *c)
{
	struct hf_auth_form *form = HF_NEW(c->arena, struct hf_auth_form);

	if (form && hf_auth_form(c, form))
		hf_auth_client(c, form, introspect);
}

/* ---- giving a token back (RFC 7009): 200 whether there was one or not ---- */

static void
revoke(struct hf_call *c, const struct hf_auth_form *form,
       const struct hf_auth_client *client)
{
	struct hf_sv token = hf_auth_value(form, "token");
	struct hf_grant g;
	struct hf_err err;
	struct hf_jw w;

	if (!token.p) {
		hf_auth_fail(c, "invalid_request", "token is missing");
		return;
	}
	if (hf_tokens_look(c->server->tokens, HF_TICKET_ACCESS, token, c->now, c->arena,
			   &g, &err) == HF_OK &&
	    hf_sv_eq(g.client, client->client.id))
		hf_tokens_drop(c->server->tokens, token);
	hf_auth_begin(c, &w);
	hf_auth_end(c, &w);
}

void
hf_auth_revoke(struct hf_call *c)
{
	struct hf_auth_form *form = HF_NEW(c->arena, struct hf_auth_form);

	if (form && hf_auth_form(c, form))
		hf_auth_client(c, form, revoke);
}

/* auth_smart.c - GET /auth/authorize, /auth/consent and its answer, POST /auth/launch
 * (SMART App Launch 2).
 *
 * What an app asks for is checked once and kept as a ticket; the pages carry only the
 * ticket.  Nothing is sent to an address that its client did not register. */
#include "server/auth_smart.h"

#include <sodium.h>

#include "record/io/desk.h"
#include "record/io/person.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/call_reader.h"
#include "server/query.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_auth_authorize(struct hf_call *call);
void hf_auth_consent(struct hf_call *call);
void hf_auth_consent_people(struct hf_call *call);
void hf_auth_consent_answer(struct hf_call *call);
void hf_auth_launch(struct hf_call *call);

enum { PEOPLE = 20 };

/* ---- going elsewhere ---- */

static void
redirect(struct hf_call *c, int status, struct hf_sv to)
{
	hf_call_header(c, "Location", to);
	hf_call_header(c, "Cache-Control", HF_SV("no-store"));
	hf_call_header(c, "Referrer-Policy", HF_SV("no-referrer"));
	hf_call_reply(c, status, "text/plain", HF_SV(""));
}

static void
add(struct hf_buf *out, char *between, const char *name, struct hf_sv value)
{
	if (value.n == 0)
		return;
	hf_buf_printf(out, "%c%s=", *between, name);
	hf_percent_encode(value, "", out);
	*between = '&';
}

void
hf_smart_sign_in(struct hf_call *c, struct hf_sv path)
{
	struct hf_buf to = {.cap = 4096};
	char between = '?';

	hf_buf_lit(&to, "/sign-in");
	add(&to, &between, "return", path);
	redirect(c, 302, hf_arena_sv(c->arena, hf_buf_view(&to)));
	hf_buf_free(&to);
}

static void
go_back(struct hf_call *c, const struct hf_grant *ask, const char *name,
	struct hf_sv value, const char *text)
{
	struct hf_buf to = {.cap = 8192};
	char between = hf_sv_find(ask->redirect, '?') < ask->redirect.n ? '&' : '?';

	hf_buf_sv(&to, ask->redirect);
	add(&to, &between, name, value);
	add(&to, &between, "error_description", hf_sv_from(text));
	add(&to, &between, "state", ask->state);
	add(&to, &between, "iss", hf_auth_base(c));
	redirect(c, 303, hf_arena_sv(c->arena, hf_buf_view(&to)));
	hf_buf_free(&to);
}

void
hf_smart_back(struct hf_call *c, const struct hf_grant *ask, const char *name,
	      struct hf_sv value)
{
	go_back(c, ask, name, value, NULL);
}

void
hf_smart_refuse(struct hf_call *c, const struct hf_grant *ask, const char *error,
		const char *text)
{
	go_back(c, ask, "error", hf_sv_from(error), text);
}

/* ---- the user ---- */

bool
hf_smart_user(struct hf_call *c, struct hf_smart_user *out)
{
	struct hf_sv cookie;
	struct hf_err err;

	if (c->actor->kind != HF_ACTOR_PERSON ||
	    hf_sign_cookie(c, &cookie, &err) != HF_OK || !cookie.p ||
	    hf_sessions_look(c->server->sign->sessions, cookie, c->now, true, c->arena,
			     &out->seat) != HF_SESSION_LIVE)
		return false;
	hf_session_csrf(cookie, out->csrf);
	return true;
}

/* ---- what the app asks ---- */

static bool
find_client(struct hf_call *c, struct hf_sv id, struct hf_client *out)
{
	struct hf_reader *reader = c->reader;
	struct hf_err err;

	/* Taking the thread's reader again would take the viewer off it. */
	return id.p &&
	       (reader || hf_readers_get(c->server->readers, &reader, &err) == HF_OK) &&
	       hf_client_get(hf_reader_db(reader), id, c->arena, out, &err) == HF_OK &&
	       out->ended == 0;
}

static bool
twice(const struct hf_call *c)
{
	for (size_t i = 0; i < c->n_params; i++)
		for (size_t k = i + 1; k < c->n_params; k++)
			if (hf_sv_eq(c->params[i].name, c->params[k].name))
				return true;
	return false;
}

static bool
is_challenge(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (s.p[i] >= 'a' && s.p[i] <= 'z') ||
		      (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
		      s.p[i] == '_'))
			return false;
	return s.n == 43;
}

/* What can be told to the app; NULL when it is well asked. */
static const char *
wrong_request(struct hf_call *c, const char **text)
{
	struct hf_sv aud = hf_call_param(c, HF_SV("aud"));

	*text = "response_type is code";
	if (!hf_sv_is(hf_call_param(c, HF_SV("response_type")), "code"))
		return "unsupported_response_type";
	*text = "PKCE is needed: code_challenge of S256 (RFC 7636)";
	if (!hf_sv_is(hf_call_param(c, HF_SV("code_challenge_method")), "S256") ||
	    !is_challenge(hf_call_param(c, HF_SV("code_challenge"))))
		return "invalid_request";
	*text = "aud is the FHIR base address of this server";
	if (!hf_sv_eq(aud, c->base) &&
	    !(hf_sv_ends(aud, HF_SV("/")) && aud.n == c->base.n + 1 &&
	      hf_sv_starts(aud, c->base)))
		return "invalid_request";
	*text = "state is needed";
	if (hf_call_param(c, HF_SV("state")).n == 0)
		return "invalid_request";
	*text = "prompt=none is not done: the user is asked";
	if (hf_sv_is(hf_call_param(c, HF_SV("prompt")), "none"))
		return "interaction_required";
	return NULL;
}

/* What it asks for and may have for a user. */
static const char *
read_scopes(struct hf_call *c, const struct hf_client *client, struct hf_grant *ask,
	    const char **text)
{
	struct hf_scopes asked, allowed;
	struct hf_err *err = HF_NEW(c->arena, struct hf_err);

	*text = "the scopes of this app are no longer understood";
	if (!err || hf_scopes_parse(client->scopes, &allowed, err) != HF_OK)
		return "server_error";
	if (hf_scopes_parse(hf_call_param(c, HF_SV("scope")), &asked, err) != HF_OK) {
		*text = err->text;
		return "invalid_scope";
	}
	ask->scopes = hf_scopes_meet(&asked, &allowed);
	ask->scopes.flags &= ~(uint32_t)HF_SCOPE_OPERATE;
	memset(ask->scopes.cruds[HF_SCOPE_SYSTEM], 0, sizeof ask->scopes.cruds[0]);
	*text = "none of the scopes asked for is one that this app may have";
	return hf_scopes_empty(&ask->scopes) ? "invalid_scope" : NULL;
}

/* An EHR launch says who started it and for whom. */
static const char *
read_launch(struct hf_call *c, struct hf_grant *ask, const char **text)
{
	struct hf_sv launch = hf_call_param(c, HF_SV("launch"));
	struct hf_grant given;
	struct hf_err err;

	if (launch.n == 0) {
		ask->scopes.flags &= ~(uint32_t)HF_SCOPE_LAUNCH;
		return NULL;
	}
	*text = "the launch is not known, over, or was for another app";
	if (!(ask->scopes.flags & HF_SCOPE_LAUNCH) ||
	    hf_tokens_take(c->server->tokens, HF_TICKET_LAUNCH, launch, c->now,
			   c->arena, &given, &err) != HF_OK ||
	    !hf_sv_eq(given.client, ask->client))
		return "invalid_request";
	ask->patient = given.patient;
	ask->account = given.account;
	return NULL;
}

void
hf_auth_authorize(struct hf_call *c)
{
	struct hf_sv redirect_uri = hf_call_param(c, HF_SV("redirect_uri")), ticket;
	struct hf_client client;
	struct hf_grant ask;
	struct hf_err err;
	const char *error, *text = "";

	if (!hf_tokens_pace_address(c->server->tokens, hf_sign_address(c),
				    HF_OPEN_BURST, HF_OPEN_A_MINUTE, c->now)) {
		hf_smart_page_error(c, 429,
				    "Too much is asked from your network. Try "
				    "again in a minute.");
		return;
	}
	if (twice(c) ||
	    !find_client(c, hf_call_param(c, HF_SV("client_id")), &client)) {
		hf_smart_page_error(c, 400, "No app is known here by this name.");
		return;
	}
	if (!hf_client_may_redirect(&client, redirect_uri)) {
		hf_smart_page_error(c, 400,
				    "The address that the app wants the answer at is "
				    "not one that it registered.");
		return;
	}
	ask = (struct hf_grant){.client = client.id,
				.name = client.name,
				.purpose = client.purpose,
				.redirect = redirect_uri,
				.state = hf_call_param(c, HF_SV("state")),
				.nonce = hf_call_param(c, HF_SV("nonce")),
				.challenge = hf_call_param(c, HF_SV("code_challenge")),
				.issued = c->now,
				.until = c->now + HF_CONSENT_LIFE_MS};
	error = wrong_request(c, &text);
	if (!error)
		error = read_scopes(c, &client, &ask, &text);
	if (!error)
		error = read_launch(c, &ask, &text);
	if (!error && (ask.state.n > 1024 || ask.nonce.n > 1024)) {
		error = "invalid_request";
		text = "state or nonce is too long";
		ask.state.n = 0;
	}
	if (error)
		hf_smart_refuse(c, &ask, error, text);
	else if (hf_tokens_give(c->server->tokens, HF_TICKET_ASK, &ask, c->arena,
				&ticket, &err) != HF_OK)
		hf_smart_refuse(c, &ask, "temporarily_unavailable", err.text);
	else
		redirect(c, 302,
			 hf_arena_printf(c->arena, "/auth/consent?ask=%.*s",
					 HF_SV_ARG(ticket)));
}

/* ---- asking the user ---- */

bool
hf_smart_needs_patient(const struct hf_grant *ask)
{
	return ask->patient.n == 0 &&
	       (ask->scopes.flags & HF_SCOPE_LAUNCH_PATIENT ||
		hf_scopes_has_level(&ask->scopes, HF_SCOPE_PATIENT));
}

/* The ticket of the page and who is there; false: it has answered. */
static bool
read_ask(struct hf_call *c, struct hf_sv ticket, struct hf_grant *ask,
	 struct hf_smart_user *user)
{
	struct hf_err err;

	if (hf_tokens_look(c->server->tokens, HF_TICKET_ASK, ticket, c->now, c->arena,
			   ask, &err) != HF_OK) {
		hf_smart_page_error(
		    c, 400,
		    "The question was answered before, or it waited too "
		    "long. Start again in the app.");
		return false;
	}
	if (!hf_smart_user(c, user)) {
		hf_smart_sign_in(c, hf_arena_printf(c->arena, "/auth/consent?ask=%.*s",
						    HF_SV_ARG(ticket)));
		return false;
	}
	if (ask->account.n && !hf_sv_eq(ask->account, user->seat.s.account)) {
		hf_smart_page_error(c, 403, "The app was started by somebody else.");
		return false;
	}
	return true;
}

void
hf_auth_consent(struct hf_call *c)
{
	struct hf_sv ticket = hf_call_param(c, HF_SV("ask"));
	struct hf_smart_user *user = HF_NEW(c->arena, struct hf_smart_user);
	struct hf_grant ask;

	if (user && read_ask(c, ticket, &ask, user))
		hf_smart_consent_page(c, ticket, &ask, user, HF_SV(""), NULL);
}

void
hf_auth_consent_people(struct hf_call *c)
{
	struct hf_sv ticket = hf_call_param(c, HF_SV("ask"));
	struct hf_sv query = hf_call_param(c, HF_SV("q"));
	struct hf_smart_user *user = HF_NEW(c->arena, struct hf_smart_user);
	struct hf_person_found found = {0};
	struct hf_grant ask;
	struct hf_err err;

	c->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!user || !read_ask(c, ticket, &ask, user))
		return;
	if (query.n && hf_person_find(c->store, c->reader, query, HF_SV(""), PEOPLE,
				      c->now, c->arena, &found, &err) != HF_OK)
		found.n = 0;
	c->audit_hits = (int64_t)found.n;
	hf_smart_consent_page(c, ticket, &ask, user, query, &found);
}

/* ---- the answer ---- */

/* Is it somebody whom this user may see? */
static bool
may_see(struct hf_call *c, struct hf_sv id)
{
	const struct hf_rights *rights;
	struct hf_reader *reader;
	struct hf_version version;
	struct hf_err err;
	bool seen;

	if (hf_call_rights(c, &rights, &err) != HF_OK ||
	    hf_readers_get(c->server->readers, &reader, &err) != HF_OK)
		return false;
	hf_call_look(c, reader);
	seen = hf_store_read(reader, HF_SV("Patient"), id, 0, c->arena, &version,
			     &err) == HF_OK;
	return seen;
}

/* What the code is for; n 0 of *code: it has answered. */
static struct hf_sv
give_code(struct hf_call *c, struct hf_grant *ask, const struct hf_smart_user *user)
{
	struct hf_sv code = {NULL, 0};
	struct hf_err err;

	ask->account = user->seat.s.account;
	ask->account_role = user->seat.s.role;
	ask->session = user->seat.s.id;
	ask->signed_in = user->seat.s.created;
	ask->purpose = user->seat.s.purpose;
	ask->strong = user->seat.s.assurance >= 2;
	ask->family = hf_client_random(c->arena);
	ask->issued = c->now;
	ask->until = c->now + HF_CODE_LIFE_MS;
	if (hf_tokens_give(c->server->tokens, HF_TICKET_CODE, ask, c->arena, &code,
			   &err) != HF_OK) {
		hf_smart_refuse(c, ask, "temporarily_unavailable", err.text);
		return (struct hf_sv){NULL, 0};
	}
	return code;
}

void
hf_auth_consent_answer(struct hf_call *c)
{
	struct hf_auth_form form;
	struct hf_smart_user *user = HF_NEW(c->arena, struct hf_smart_user);
	struct hf_sv ticket, csrf, patient, code;
	struct hf_grant ask;
	struct hf_err err;

	if (!user || !hf_auth_form(c, &form))
		return;
	ticket = hf_auth_value(&form, "ask");
	csrf = hf_auth_value(&form, "csrf");
	patient = hf_auth_value(&form, "patient");
	if (!read_ask(c, ticket, &ask, user))
		return;
	if (csrf.n != HF_CSRF_TEXT ||
	    sodium_memcmp(csrf.p, user->csrf, HF_CSRF_TEXT) != 0) {
		hf_smart_page_error(c, 403,
				    "The answer did not come from this server's page.");
		return;
	}
	if (hf_sv_is(hf_auth_value(&form, "answer"), "allow") &&
	    hf_smart_needs_patient(&ask)) {
		if (!patient.n || !may_see(c, patient)) {
			hf_smart_page_error(c, 404, "There is no such person here.");
			return;
		}
		ask.patient =
		    hf_arena_printf(c->arena, "Patient/%.*s", HF_SV_ARG(patient));
	}
	patient = ask.patient;
	if (hf_tokens_take(c->server->tokens, HF_TICKET_ASK, ticket, c->now, c->arena,
			   &ask, &err) != HF_OK) {
		hf_smart_page_error(c, 400, "The question was answered before.");
		return;
	}
	ask.patient = patient;
	if (!hf_sv_is(hf_auth_value(&form, "answer"), "allow")) {
		hf_smart_refuse(c, &ask, "access_denied", "the user said no");
		return;
	}
	code = give_code(c, &ask, user);
	if (code.n)
		hf_smart_back(c, &ask, "code", code);
}

/* ---- starting an app from a record ---- */

void
hf_auth_launch(struct hf_call *c)
{
	struct hf_smart_user *user = HF_NEW(c->arena, struct hf_smart_user);
	struct hf_sv id = {NULL, 0}, patient, launch;
	struct hf_client client;
	struct hf_version version;
	struct hf_grant grant;
	struct hf_json doc;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc = hf_api_body(c, "client patient", &doc, &err);

	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "client", 1, 64, &id, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "patient", 1, 64, &patient, &err);
	if (rc == HF_OK && (!user || !hf_smart_user(c, user)))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "an app is started by somebody who is signed in");
	if (rc == HF_OK && !find_client(c, id, &client))
		rc = hf_fail(&err, HF_NOT_FOUND, "client", "there is no such app");
	if (rc == HF_OK)
		rc = hf_store_read(c->reader, HF_SV("Patient"), patient, 0, c->arena,
				   &version, &err);
	if (rc == HF_OK) {
		grant =
		    (struct hf_grant){.client = client.id,
				      .account = user->seat.s.account,
				      .patient = hf_arena_printf(
					  c->arena, "Patient/%.*s", HF_SV_ARG(patient)),
				      .issued = c->now,
				      .until = c->now + HF_LAUNCH_LIFE_MS};
		rc = hf_tokens_give(c->server->tokens, HF_TICKET_LAUNCH, &grant,
				    c->arena, &launch, &err);
	}
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "launch", launch);
	hf_jw_field(&w, "iss", c->base);
	hf_api_end(c);
}

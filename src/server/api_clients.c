/* api_clients.c - administration of systems and apps that ask for tokens.
 *
 * Whoever changes anything has proved who they are within the last minutes; what is
 * secret is told once, in the answer to whoever made it. */
#include "server/api.h"
#include "server/api_body.h"
#include "server/call_reader.h"
#include "server/clients.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/token.h"

#include "record/io/desk.h"

void hf_api_clients(struct hf_call *call);
void hf_api_client_add(struct hf_call *call);
void hf_api_client_secret(struct hf_call *call);
void hf_api_client_end(struct hf_call *call);

enum { NAME_MAX_CHARS = 100, LIST_MAX = 50 };

struct act {
	struct hf_call *call;
	struct hf_clients_by by;
	struct hf_client client;
	struct hf_sv secret;
	enum hf_rc rc;
	struct hf_err err;
	enum hf_rc (*work)(struct act *a);
};

/* ---- the list ---- */

void
hf_api_clients(struct hf_call *c)
{
	struct hf_client *list = NULL;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	hf_call_take_param(c, HF_SV("limit"));
	hf_call_take_param(c, HF_SV("after"));
	if (!hf_api_no_params(c))
		return;
	if (hf_client_list(hf_reader_db(c->reader), c->arena, &list, &n, &err) !=
	    HF_OK) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "items");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		hf_clients_write(&list[i], &w);
	hf_jw_arr_end(&w);
	hf_api_end(c);
}

/* ---- changes ---- */

/* Reads the body; NULL: it has answered. */
static struct act *
begin(struct hf_call *c, const char *members, struct hf_json *doc)
{
	struct act *a = HF_NEW(c->arena, struct act);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return NULL;
	rc = hf_sign_proved(c, &err);
	if (rc) {
		hf_api_fail_as(c, &err, "proof");
		return NULL;
	}
	rc = a ? hf_api_body(c, members, doc, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return NULL;
	}
	a->call = c;
	a->by = (struct hf_clients_by){.store = c->store,
				       .actor = c->actor->id,
				       .purpose = c->actor->purpose,
				       .trace = hf_call_trace(c),
				       .arena = c->arena,
				       .now = c->now};
	return a;
}

static void
run(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;

	(void)c;
	a->rc = a->work(a);
}

static void
answer(struct hf_call *c, void *ctx)
{
	struct act *a = ctx;
	struct hf_jw w;

	if (a->rc) {
		/* Options of the command are members here. */
		if (a->err.path[0] == '-')
			memmove(a->err.path, a->err.path + 2, strlen(a->err.path) - 1);
		if (strcmp(a->err.path, "scope") == 0)
			snprintf(a->err.path, sizeof a->err.path, "scopes");
		if (strcmp(a->err.path, "redirect") == 0)
			snprintf(a->err.path, sizeof a->err.path, "redirects");
		hf_api_fail(c, &a->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "id", a->client.id);
	if (a->secret.n)
		hf_jw_field(&w, "secret", a->secret);
	hf_api_end(c);
}

static void
start(struct act *a, enum hf_rc (*work)(struct act *a))
{
	a->work = work;
	hf_call_work(a->call, a->call->server->sign->desk, run, answer, NULL, a);
}

/* ---- a new one ---- */

/* A list of texts as one text with sep between. */
static enum hf_rc
join(struct hf_call *c, const struct hf_json *doc, const char *name, char sep,
     struct hf_sv *out, struct hf_err *err)
{
	uint32_t list = hf_json_get(doc, 0, hf_sv_from(name));

	*out = HF_SV("");
	if (list == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(doc, list) != HF_JSON_ARRAY ||
	    hf_json_count(doc, list) > LIST_MAX)
		return hf_fail(err, HF_INVALID, name,
			       "a list of at most %d texts is needed", LIST_MAX);
	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		struct hf_sv one = hf_json_str(doc, hf_json_at(doc, list, i), c->arena);

		if (one.n == 0 || memchr(one.p, sep, one.n))
			return hf_fail(err, HF_INVALID, name,
				       "a list of texts without blanks is needed");
		*out = i ? hf_arena_printf(c->arena, "%.*s%c%.*s", HF_SV_ARG(*out), sep,
					   HF_SV_ARG(one))
			 : one;
		if (!out->p)
			return hf_fail(err, HF_TOO_LONG, name, "that is too much");
	}
	return HF_OK;
}

static enum hf_rc
add(struct act *a)
{
	return hf_clients_add(&a->by, &a->client, &a->secret, &a->err);
}

void
hf_api_client_add(struct hf_call *c)
{
	struct hf_json doc;
	struct act *a = begin(
	    c, "name scopes org purpose role redirects keys jwksUri public", &doc);
	uint32_t keys, is_public;
	enum hf_rc rc;

	if (!a)
		return;
	keys = hf_json_member(&doc, 0, "keys");
	is_public = hf_json_member(&doc, 0, "public");
	rc = hf_api_body_text(c, &doc, "name", 1, NAME_MAX_CHARS, &a->client.name,
			      &a->err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "org", 0, 12, &a->client.org, &a->err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "purpose", 0, 16, &a->client.purpose,
				      &a->err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "role", 0, 64, &a->client.role, &a->err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "jwksUri", 0, HF_CLIENT_URI,
				      &a->client.jwks_uri, &a->err);
	if (rc == HF_OK)
		rc = join(c, &doc, "scopes", ' ', &a->client.scopes, &a->err);
	if (rc == HF_OK)
		rc = join(c, &doc, "redirects", '\n', &a->client.redirects, &a->err);
	if (rc == HF_OK && a->client.role.n &&
	    !hf_policy_role(&c->server->policy, a->client.role))
		rc = hf_fail(&a->err, HF_INVALID, "role",
			     "the documents have no such role");
	if (rc) {
		hf_api_fail(c, &a->err);
		return;
	}
	if (keys != HF_JSON_NONE)
		a->client.jwks = hf_json_source(&doc, keys);
	a->client.is_public =
	    is_public != HF_JSON_NONE && hf_json_type(&doc, is_public) == HF_JSON_TRUE;
	start(a, add);
}

/* ---- one that is there ---- */

static enum hf_rc
secret(struct act *a)
{
	return hf_clients_secret(&a->by, a->client.id, &a->secret, &a->err);
}

void
hf_api_client_secret(struct hf_call *c)
{
	struct hf_json doc;
	struct act *a = begin(c, "", &doc);

	if (!a)
		return;
	a->client.id = c->arg[0];
	start(a, secret);
}

static enum hf_rc
end(struct act *a)
{
	enum hf_rc rc = hf_clients_end(&a->by, a->client.id, &a->err);

	if (rc == HF_OK)
		hf_tokens_drop_client(a->call->server->tokens, a->client.id);
	return rc;
}

void
hf_api_client_end(struct hf_call *c)
{
	struct hf_json doc;
	struct act *a = begin(c, "reason", &doc);

	if (!a)
		return;
	a->client.id = c->arg[0];
	start(a, end);
}

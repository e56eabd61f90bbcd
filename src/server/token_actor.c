/* token_actor.c - who asks with a bearer token. */
#include "server/token.h"

#include "access/io/client.h"
#include "record/io/desk.h"
#include "record/io/rights.h"
#include "server/auth.h"
#include "server/call.h"
#include "server/call_reader.h"
#include "server/serve.h"
#include "server/sessions.h"

static enum hf_rc
refuse(struct hf_err *err)
{
	return hf_fail(
	    err, HF_LOGIN, NULL,
	    "the access token is not known, over, or revoked: get a new one");
}

/* Something was administered since the token was made or last looked up: is its
 * client still there? */
static enum hf_rc
check_client(struct hf_call *c, struct hf_sv bearer, const struct hf_grant *g,
	     struct hf_err *err)
{
	uint64_t jobs = hf_store_desk_jobs(c->store);
	struct hf_client client;
	struct hf_reader *reader;
	enum hf_rc rc;

	if (g->checked == jobs)
		return HF_OK;
	rc = hf_readers_get(c->server->readers, &reader, err);
	if (rc == HF_OK)
		rc = hf_client_get(hf_reader_db(reader), g->client, c->arena, &client,
				   err);
	if (rc == HF_NOT_FOUND || (rc == HF_OK && client.ended)) {
		hf_tokens_drop_client(c->server->tokens, g->client);
		return refuse(err);
	}
	if (rc == HF_OK)
		hf_tokens_checked(c->server->tokens, bearer, jobs);
	return rc;
}

/* Is the organisation that the client acts for active?  The whole place is. */
static enum hf_rc
org_is_active(struct hf_call *c, struct hf_sv org, bool *active, struct hf_err *err)
{
	const struct hf_rights *rights;
	enum hf_rc rc;

	*active = true;
	if (org.n == 0)
		return HF_OK;
	rc = hf_store_rights_get(c->store, &rights, err);
	if (rc)
		return rc;
	*active = hf_rights_org_active(rights, org, c->now);
	hf_rights_drop(rights);
	return HF_OK;
}

static enum hf_rc
system_actor(struct hf_call *c, const struct hf_grant *g, struct hf_actor *out,
	     struct hf_err *err)
{
	const struct hf_role *role = hf_policy_role(&c->server->policy, g->role);
	uint64_t facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_CLIENT_STRONG) |
			 HF_BIT(HF_FACT_SCOPED);
	int why = hf_word_find(HF_WORDS_PURPOSE, g->purpose);
	bool active;
	enum hf_rc rc = org_is_active(c, g->org, &active, err);

	if (rc)
		return rc;
	if (role)
		facts |= HF_BIT(HF_FACT_ROLE_ACTIVE);
	if (active)
		facts |= HF_BIT(HF_FACT_ORG_ACTIVE);
	if (g->org.n == 0)
		facts |= HF_BIT(HF_FACT_PLACE_WIDE);
	*out = (struct hf_actor){
	    .kind = HF_ACTOR_SYSTEM,
	    .id = hf_arena_printf(c->arena, "client/%.*s", HF_SV_ARG(g->client)),
	    .purpose = g->purpose,
	    .loopback = hf_req_from_loopback(c->req),
	    .name = g->name,
	    .role = g->role,
	    .group = role ? role->group : HF_GROUP_NONE,
	    .org = g->org,
	    .why = why > 0 ? (enum hf_purpose)why : HF_PURPOSE_NONE,
	    .facts = facts,
	    .behalf = g->org,
	};
	return out->id.p ? HF_OK : refuse(err);
}

/* A user through an app: as they would be in a session, under the scopes. */
static enum hf_rc
user_actor(struct hf_call *c, const struct hf_grant *g, struct hf_actor *out,
	   struct hf_err *err)
{
	int why = hf_word_find(HF_WORDS_PURPOSE, g->purpose);
	struct hf_reader *reader;
	bool active;
	enum hf_rc rc;

	/* Without leave to go on, it ends with the session it came of. */
	if (!(g->scopes.flags & HF_SCOPE_OFFLINE) &&
	    !hf_auth_session_live(c, g->account, g->session))
		return refuse(err);
	rc = hf_readers_get(c->server->readers, &reader, err);
	if (rc == HF_OK)
		rc = hf_account_actor(hf_reader_db(reader), &c->server->policy,
				      g->account, g->account_role, c->now, c->arena,
				      out, err);
	if (rc == HF_OK)
		rc = org_is_active(c, out->org, &active, err);
	if (rc)
		return rc == HF_LOGIN ? refuse(err) : rc;
	out->facts |= HF_BIT(HF_FACT_SCOPED);
	out->facts &= ~(HF_BIT(HF_FACT_MFA) | HF_BIT(HF_FACT_ORG_ACTIVE));
	if (g->strong)
		out->facts |= HF_BIT(HF_FACT_MFA);
	if (active)
		out->facts |= HF_BIT(HF_FACT_ORG_ACTIVE);
	if (why > 0) {
		out->why = (enum hf_purpose)why;
		out->purpose = g->purpose;
	}
	out->loopback = hf_req_from_loopback(c->req);
	out->behalf = hf_arena_printf(c->arena, "client/%.*s", HF_SV_ARG(g->client));
	return HF_OK;
}

enum hf_rc
hf_token_actor(struct hf_call *c, struct hf_sv bearer, struct hf_actor *out,
	       struct hf_err *err)
{
	struct hf_grant *g = HF_NEW(c->arena, struct hf_grant);
	struct hf_actor actor;
	enum hf_rc rc;

	if (!g || bearer.n != 43)
		return refuse(err);
	rc = hf_tokens_look(c->server->tokens, HF_TICKET_ACCESS, bearer, c->now,
			    c->arena, g, err);
	if (rc)
		return rc == HF_LOGIN ? refuse(err) : rc;
	rc = check_client(c, bearer, g, err);
	if (rc == HF_OK)
		rc = g->account.n ? user_actor(c, g, &actor, err)
				  : system_actor(c, g, &actor, err);
	if (rc)
		return rc;
	actor.scopes = &g->scopes;
	actor.patient = g->patient;
	*out = actor;
	return HF_OK;
}

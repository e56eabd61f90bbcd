/* oidc_config.c - how OpenID providers are set up. */
#include "access/oidc.h"

#include "access/client.h"

struct reading {
	const struct hf_json *doc;
	uint32_t node;
	struct hf_arena *arena;
	struct hf_oidc_provider *p;
	size_t number;
	struct hf_err *err;
};

static enum hf_rc
refuse(const struct reading *r, const char *member, const char *why)
{
	char path[80];

	snprintf(path, sizeof path, "providers[%zu].%s", r->number, member);
	return hf_fail(r->err, HF_INVALID, path, "%s", why);
}

static uint32_t
get(const struct reading *r, const char *member)
{
	return hf_json_get(r->doc, r->node, hf_sv_from(member));
}

/* Texts: where they go, and whether they have to be there. */
static enum hf_rc
read_texts(struct reading *r)
{
	struct hf_oidc_provider *p = r->p;
	const struct {
		const char *name;
		struct hf_sv *to;
		bool needed;
	} texts[] = {
	    {"id", &p->id, true},
	    {"name", &p->name, true},
	    {"issuer", &p->issuer, true},
	    {"clientId", &p->client_id, true},
	    {"clientSecretFile", &p->secret_file, false},
	    {"clientKeyFile", &p->key_file, false},
	    {"scopes", &p->scopes, false},
	    {"acrValues", &p->acr_values, false},
	    {"rolesClaim", &p->roles_claim, false},
	    {"roleCodeMember", &p->code_member, false},
	    {"roleOrgMember", &p->org_member, false},
	    {"userClaim", &p->user_claim, false},
	    {"nameClaim", &p->name_claim, false},
	    {"authorizationEndpoint", &p->authorization, false},
	    {"tokenEndpoint", &p->token, false},
	    {"userinfoEndpoint", &p->userinfo, false},
	    {"jwksUri", &p->jwks, false},
	};

	for (size_t i = 0; i < HF_COUNT(texts); i++) {
		uint32_t node = get(r, texts[i].name);
		struct hf_sv text = hf_json_str(r->doc, node, r->arena);

		if (node == HF_JSON_NONE && !texts[i].needed)
			continue;
		if (text.n == 0 || text.n > HF_CLIENT_URI)
			return refuse(r, texts[i].name, "a text is needed here");
		*texts[i].to = text;
	}
	return HF_OK;
}

static enum hf_rc
read_words(struct reading *r, const char *member, struct hf_sv *list, size_t *n)
{
	uint32_t node = get(r, member), count;

	if (node == HF_JSON_NONE)
		return HF_OK;
	count = hf_json_count(r->doc, node);
	if (hf_json_type(r->doc, node) != HF_JSON_ARRAY || count > HF_OIDC_WORDS)
		return refuse(r, member, "a list of at most 16 texts is needed here");
	for (uint32_t i = 0; i < count; i++) {
		list[i] = hf_json_str(r->doc, hf_json_at(r->doc, node, i), r->arena);
		if (list[i].n == 0)
			return refuse(r, member, "a list of texts is needed here");
	}
	*n = count;
	return HF_OK;
}

static enum hf_rc
read_level(struct reading *r, const char *member, int *out)
{
	uint32_t node = get(r, member);
	int64_t level;

	if (node == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(r->doc, node) != HF_JSON_NUMBER ||
	    !hf_sv_int(hf_json_raw(r->doc, node), &level) || level < 0 || level > 3)
		return refuse(r, member, "a number from 0 to 3 is needed here");
	*out = (int)level;
	return HF_OK;
}

static enum hf_rc
read_roles(struct reading *r)
{
	uint32_t node = get(r, "roles");
	struct hf_oidc_provider *p = r->p;

	if (node == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(r->doc, node) != HF_JSON_OBJECT)
		return refuse(r, "roles",
			      "an object of its role codes and ours is "
			      "needed here");
	for (uint32_t i = node + 1; i < r->doc->nodes[node].next;
	     i = r->doc->nodes[i].next) {
		struct hf_sv to = hf_json_str(r->doc, i, r->arena);

		if (p->n_roles == HF_OIDC_ROLES || to.n == 0)
			return refuse(r, "roles", "at most 64 codes, each a text");
		p->roles[p->n_roles++] =
		    (struct hf_oidc_pair){hf_json_key(r->doc, i), to};
	}
	return HF_OK;
}

static enum hf_rc
refuse_unknown(struct reading *r)
{
	static const char *const known[] = {"id",
					    "name",
					    "issuer",
					    "clientId",
					    "clientSecretFile",
					    "clientKeyFile",
					    "scopes",
					    "acrValues",
					    "rolesClaim",
					    "roleCodeMember",
					    "roleOrgMember",
					    "userClaim",
					    "nameClaim",
					    "authorizationEndpoint",
					    "tokenEndpoint",
					    "userinfoEndpoint",
					    "jwksUri",
					    "acr",
					    "amr",
					    "authenticationAssurance",
					    "idAssurance",
					    "create",
					    "roles"};

	for (uint32_t i = r->node + 1; i < r->doc->nodes[r->node].next;
	     i = r->doc->nodes[i].next) {
		struct hf_sv name = hf_json_key(r->doc, i);
		bool found = false;

		for (size_t k = 0; k < HF_COUNT(known) && !found; k++)
			found = hf_sv_eq(name, hf_sv_from(known[k]));
		if (!found) {
			char text[64];

			snprintf(text, sizeof text, "%.*s",
				 (int)(name.n > 60 ? 60 : name.n), name.p);
			return refuse(r, text, "there is no such member");
		}
	}
	return HF_OK;
}

static enum hf_rc
check(struct reading *r)
{
	struct hf_oidc_provider *p = r->p;
	const struct {
		const char *name;
		struct hf_sv url;
	} urls[] = {{"issuer", p->issuer},
		    {"authorizationEndpoint", p->authorization},
		    {"tokenEndpoint", p->token},
		    {"userinfoEndpoint", p->userinfo},
		    {"jwksUri", p->jwks}};

	for (size_t i = 0; i < p->id.n; i++)
		if (!((p->id.p[i] >= 'a' && p->id.p[i] <= 'z') ||
		      (p->id.p[i] >= '0' && p->id.p[i] <= '9') || p->id.p[i] == '-'))
			return refuse(r, "id", "small letters, digits and - only");
	if (p->id.n > 32 || hf_sv_is(p->id, "callback"))
		return refuse(r, "id", "at most 32 characters, and not callback");
	for (size_t i = 0; i < HF_COUNT(urls); i++)
		if (urls[i].url.n && !hf_client_safe_url(urls[i].url))
			return refuse(r, urls[i].name,
				      "https:// is needed (http:// on this machine "
				      "alone)");
	if ((p->secret_file.n > 0) == (p->key_file.n > 0))
		return refuse(r, "clientSecretFile",
			      "clientSecretFile or clientKeyFile is needed, one of "
			      "them");
	return HF_OK;
}

static enum hf_rc
read_provider(struct reading *r)
{
	struct hf_oidc_provider *p = r->p;
	uint32_t create;
	enum hf_rc rc = HF_OK;

	*p = (struct hf_oidc_provider){
	    .scopes = HF_SV("openid profile nationalrbacaccess associatedorgs"),
	    .roles_claim = HF_SV("nhsid_nrbac_roles"),
	    .code_member = HF_SV("role_code"),
	    .org_member = HF_SV("org_code"),
	    .user_claim = HF_SV("nhsid_useruid"),
	    .name_claim = HF_SV("name"),
	};
	if (hf_json_type(r->doc, r->node) != HF_JSON_OBJECT)
		return refuse(r, "", "a provider is an object");
	rc = refuse_unknown(r);
	if (rc == HF_OK)
		rc = read_texts(r);
	if (rc == HF_OK)
		rc = read_words(r, "acr", p->acr, &p->n_acr);
	if (rc == HF_OK)
		rc = read_words(r, "amr", p->amr, &p->n_amr);
	if (rc == HF_OK)
		rc = read_level(r, "authenticationAssurance", &p->assurance);
	if (rc == HF_OK)
		rc = read_level(r, "idAssurance", &p->id_assurance);
	if (rc == HF_OK)
		rc = read_roles(r);
	if (rc)
		return rc;
	create = get(r, "create");
	p->create =
	    create != HF_JSON_NONE && hf_json_type(r->doc, create) == HF_JSON_TRUE;
	return check(r);
}

enum hf_rc
hf_oidc_config(struct hf_sv text, struct hf_arena *arena, struct hf_oidc_provider **out,
	       size_t *n, struct hf_err *err)
{
	struct hf_json_limits limits = {
	    .bytes = HF_OIDC_CONFIG, .depth = 8, .nodes = 4096};
	struct hf_json *doc = HF_NEW(arena, struct hf_json);
	struct reading r = {.doc = doc, .arena = arena, .err = err};
	struct hf_oidc_provider *list;
	uint32_t node, count;
	enum hf_rc rc =
	    doc ? hf_json_parse(text, &limits, arena, doc, err) : HF_TOO_LONG;

	if (rc)
		return rc;
	node = hf_json_member(doc, 0, "providers");
	count = hf_json_count(doc, node);
	if (node == HF_JSON_NONE || hf_json_type(doc, node) != HF_JSON_ARRAY ||
	    count == 0 || count > HF_OIDC_PROVIDERS)
		return hf_fail(err, HF_INVALID, "providers",
			       "a list of 1 to %d providers is needed",
			       HF_OIDC_PROVIDERS);
	list = hf_arena_array(arena, count, sizeof *list);
	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
	for (uint32_t i = 0; i < count; i++) {
		r.node = hf_json_at(doc, node, i);
		r.p = &list[i];
		r.number = i;
		rc = read_provider(&r);
		for (uint32_t k = 0; k < i && rc == HF_OK; k++)
			if (hf_sv_eq(list[k].id, list[i].id))
				rc = refuse(&r, "id", "another provider has this id");
		if (rc)
			return rc;
	}
	*out = list;
	*n = count;
	return HF_OK;
}

/* ---- discovery ---- */

enum hf_rc
hf_oidc_discovery(struct hf_sv text, struct hf_arena *arena, struct hf_oidc_provider *p,
		  struct hf_err *err)
{
	struct hf_json_limits limits = {.bytes = 256 << 10, .depth = 16, .nodes = 8192};
	struct hf_json doc;
	struct hf_oidc_provider found = *p;
	const struct {
		const char *name;
		struct hf_sv *to;
	} urls[] = {{"authorization_endpoint", &found.authorization},
		    {"token_endpoint", &found.token},
		    {"userinfo_endpoint", &found.userinfo},
		    {"jwks_uri", &found.jwks}};
	enum hf_rc rc = hf_json_parse(text, &limits, arena, &doc, err);

	if (rc)
		return rc;
	if (!hf_sv_eq(hf_json_str(&doc, hf_json_member(&doc, 0, "issuer"), arena),
		      p->issuer))
		return hf_fail(err, HF_INVALID, "issuer",
			       "the discovery document is of another issuer");
	for (size_t i = 0; i < HF_COUNT(urls); i++) {
		struct hf_sv url = hf_json_str(
		    &doc, hf_json_get(&doc, 0, hf_sv_from(urls[i].name)), arena);

		if (urls[i].to->n == 0)
			*urls[i].to = url;
		/* User-info may be missing: then the id token says it all. */
		if (urls[i].to->n ? !hf_client_safe_url(*urls[i].to)
				  : urls[i].to != &found.userinfo)
			return hf_fail(err, HF_INVALID, urls[i].name,
				       "the discovery document lacks an https address");
	}
	*p = found;
	return HF_OK;
}

/* oidc.c - what a provider's tokens say of who signed in. */
#include "access/oidc.h"

#include "access/client.h"

static struct hf_sv
text_at(const struct hf_json *doc, uint32_t node, struct hf_sv name,
	struct hf_arena *arena)
{
	return hf_json_str(doc, hf_json_get(doc, node, name), arena);
}

/* ---- assurance ---- */

/* A level as number or text, out of the id token or else the user-info; 0: none. */
static int
level_of(const struct hf_json *token, const struct hf_json *info, struct hf_sv name)
{
	const struct hf_json *docs[] = {token, info};

	for (size_t i = 0; i < HF_COUNT(docs); i++) {
		uint32_t node = docs[i] ? hf_json_get(docs[i], 0, name) : HF_JSON_NONE;
		int64_t level;

		if (node != HF_JSON_NONE &&
		    hf_sv_int(hf_json_raw(docs[i], node), &level))
			return level > 0 && level < 10 ? (int)level : 0;
	}
	return 0;
}

static bool
is_in(const struct hf_sv *list, size_t n, struct hf_sv word)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(list[i], word))
			return true;
	return false;
}

static bool
has_amr(const struct hf_oidc_provider *p, const struct hf_json *token,
	struct hf_arena *arena)
{
	uint32_t node = hf_json_member(token, 0, "amr");
	bool list = node != HF_JSON_NONE && hf_json_type(token, node) == HF_JSON_ARRAY;
	uint32_t n = list ? hf_json_count(token, node) : 1;

	for (uint32_t i = 0; i < n; i++)
		if (is_in(p->amr, p->n_amr,
			  hf_json_str(token, list ? hf_json_at(token, node, i) : node,
				      arena)))
			return true;
	return false;
}

static enum hf_rc
check_assurance(const struct hf_oidc_provider *p, const struct hf_json *token,
		const struct hf_json *info, struct hf_arena *arena,
		struct hf_oidc_person *out, struct hf_err *err)
{
	int level = level_of(token, info, HF_SV("authentication_assurance_level"));
	int id_level = level_of(token, info, HF_SV("id_assurance_level"));

	if (p->n_acr &&
	    !is_in(p->acr, p->n_acr, text_at(token, 0, HF_SV("acr"), arena)))
		return hf_fail(
		    err, HF_LOGIN, "acr",
		    "the provider did not sign the person in the way that is "
		    "asked for (acr)");
	if (level < p->assurance)
		return hf_fail(err, HF_LOGIN, "authentication_assurance_level",
			       "the sign-in is weaker than asked for: level %d, not %d",
			       level, p->assurance);
	if (id_level < p->id_assurance)
		return hf_fail(err, HF_LOGIN, "id_assurance_level",
			       "who the person is was checked less than asked for: "
			       "level %d, not %d",
			       id_level, p->id_assurance);
	if (p->n_amr && !has_amr(p, token, arena))
		return hf_fail(err, HF_LOGIN, "amr",
			       "the person signed in by a means that is not accepted "
			       "here (amr)");
	out->assurance = level >= 1 && level <= 3 ? level : (p->n_acr ? 2 : 1);
	return HF_OK;
}

/* ---- roles ---- */

/* "S8000:G8000:R8001" to R8001, then by the map. */
static struct hf_sv
our_role(const struct hf_oidc_provider *p, struct hf_sv code)
{
	struct hf_sv last = code;

	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] == ':')
			last = hf_sv_from_at(code, i + 1);
	for (size_t i = 0; i < p->n_roles; i++)
		if (hf_sv_eq(p->roles[i].from, code) ||
		    hf_sv_eq(p->roles[i].from, last))
			return p->roles[i].to;
	return last;
}

static bool
is_ods(struct hf_sv org)
{
	for (size_t i = 0; i < org.n; i++)
		if (!((org.p[i] >= 'A' && org.p[i] <= 'Z') ||
		      (org.p[i] >= '0' && org.p[i] <= '9')))
			return false;
	return org.n <= 12;
}

static bool
has_role(const struct hf_oidc_person *person, struct hf_sv code, struct hf_sv org)
{
	for (size_t i = 0; i < person->n_roles; i++)
		if (hf_sv_eq(person->roles[i].code, code) &&
		    hf_sv_eq(person->roles[i].org, org))
			return true;
	return false;
}

/* Roles that are not well formed are no roles. */
static void
read_roles(const struct hf_oidc_provider *p, const struct hf_json *doc,
	   struct hf_arena *arena, struct hf_oidc_person *out)
{
	uint32_t list = hf_json_get(doc, 0, p->roles_claim);

	if (list == HF_JSON_NONE || hf_json_type(doc, list) != HF_JSON_ARRAY)
		return;
	for (uint32_t i = 0;
	     i < hf_json_count(doc, list) && out->n_roles < HF_OIDC_ROLES; i++) {
		uint32_t node = hf_json_at(doc, list, i);
		struct hf_sv code =
		    our_role(p, text_at(doc, node, p->code_member, arena));
		struct hf_sv org = text_at(doc, node, p->org_member, arena);

		if (code.n == 0 || code.n > 64 || !is_ods(org) ||
		    has_role(out, code, org))
			continue;
		out->roles[out->n_roles++] = (struct hf_oidc_role){code, org};
	}
}

/* ---- the person ---- */

static enum hf_rc
read_userinfo(const struct hf_oidc_answer *a, struct hf_arena *arena,
	      struct hf_json *doc, struct hf_err *err)
{
	struct hf_json_limits limits = {
	    .bytes = 256 << 10, .depth = 16, .nodes = 16384};
	enum hf_rc rc = hf_json_parse(a->userinfo, &limits, arena, doc, err);

	if (rc)
		return rc;
	if (hf_json_type(doc, 0) != HF_JSON_OBJECT ||
	    !hf_sv_eq(text_at(doc, 0, HF_SV("sub"), arena), a->jwt->sub))
		return hf_fail(err, HF_LOGIN, "userinfo.sub",
			       "the user-info is about another subject (OpenID Connect "
			       "core, 5.3.2)");
	return HF_OK;
}

static struct hf_sv
either(const struct hf_json *token, const struct hf_json *info, struct hf_sv name,
       struct hf_arena *arena)
{
	struct hf_sv out =
	    info ? text_at(info, 0, name, arena) : (struct hf_sv){NULL, 0};

	return out.n ? out : text_at(token, 0, name, arena);
}

static enum hf_rc
check_token(const struct hf_oidc_provider *p, const struct hf_oidc_answer *a,
	    struct hf_arena *arena, struct hf_err *err)
{
	struct hf_jwt_want want = {.iss = p->issuer,
				   .aud = &p->client_id,
				   .n_aud = 1,
				   .nonce = a->nonce,
				   .now = a->now,
				   .need_iat = true,
				   .only_aud = true};
	enum hf_rc rc = hf_jwt_check(a->jwt, &want, err);

	if (rc)
		return rc;
	if (a->jwt->iat < a->now - 600 * 1000)
		return hf_fail(err, HF_LOGIN, "iat",
			       "the token was made more than ten minutes ago");
	if (a->jwt->sub.n == 0 || a->jwt->sub.n > 255)
		return hf_fail(err, HF_LOGIN, "sub", "the token has no subject");
	if (a->jwt->at_hash.p &&
	    !hf_jwt_at_hash(a->jws->alg, a->access_token, a->jwt->at_hash, arena))
		return hf_fail(err, HF_LOGIN, "at_hash",
			       "the access token is not the one that goes with the id "
			       "token");
	return HF_OK;
}

enum hf_rc
hf_oidc_person(const struct hf_oidc_provider *p, const struct hf_oidc_answer *a,
	       struct hf_arena *arena, struct hf_oidc_person *out, struct hf_err *err)
{
	const struct hf_json *token = &a->jwt->body;
	struct hf_json info;
	uint32_t when = hf_json_member(token, 0, "auth_time");
	int64_t seconds;
	enum hf_rc rc = check_token(p, a, arena, err);

	memset(out, 0, sizeof *out);
	if (rc == HF_OK && a->userinfo.n)
		rc = read_userinfo(a, arena, &info, err);
	if (rc == HF_OK)
		rc = check_assurance(p, token, a->userinfo.n ? &info : NULL, arena, out,
				     err);
	if (rc)
		return rc;
	out->subject = a->jwt->sub;
	out->name = either(token, a->userinfo.n ? &info : NULL, p->name_claim, arena);
	out->user = either(token, a->userinfo.n ? &info : NULL, p->user_claim, arena);
	if (when != HF_JSON_NONE && hf_sv_int(hf_json_raw(token, when), &seconds) &&
	    seconds > 0 && seconds < INT64_C(1) << 40)
		out->signed_in = seconds * 1000;
	read_roles(p, a->userinfo.n ? &info : token, arena, out);
	return HF_OK;
}

bool
hf_oidc_return_ok(struct hf_sv path)
{
	if (path.n == 0 || path.n > 512 || path.p[0] != '/' ||
	    (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')))
		return false;
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] <= ' ' || path.p[i] > '~' ||
		    strchr("\"<>\\^`{|}", path.p[i]))
			return false;
	return true;
}

/* client.c - systems and apps that may ask for tokens. */
#include "access/client.h"

#include <sodium.h>

#include "access/jwk.h"
#include "access/words.h"

void
hf_client_hash(struct hf_sv secret, uint8_t out[HF_CLIENT_SECRET])
{
	crypto_hash_sha256(out, (const unsigned char *)secret.p, secret.n);
}

bool
hf_client_proves(const struct hf_client *client, struct hf_sv secret)
{
	uint8_t hash[HF_CLIENT_SECRET];

	hf_client_hash(secret, hash);
	return client->secret.n == sizeof hash &&
	       sodium_memcmp(hash, client->secret.p, sizeof hash) == 0;
}

struct hf_sv
hf_client_random(struct hf_arena *arena)
{
	char bytes[HF_CLIENT_SECRET];
	struct hf_sv out;

	randombytes_buf(bytes, sizeof bytes);
	out = hf_b64u_encode((struct hf_sv){bytes, sizeof bytes}, arena);
	sodium_memzero(bytes, sizeof bytes);
	return out;
}

/* ---- addresses ---- */

static bool
is_plain(struct hf_sv uri)
{
	for (size_t i = 0; i < uri.n; i++)
		if (uri.p[i] <= ' ' || uri.p[i] > '~' ||
		    strchr("\"<>\\^`{|}#", uri.p[i]))
			return false;
	return uri.n > 0 && uri.n <= HF_CLIENT_URI;
}

/* What stands between :// and the next slash. */
static struct hf_sv
authority_of(struct hf_sv url, struct hf_sv scheme)
{
	struct hf_sv rest = hf_sv_from_at(url, scheme.n);
	size_t end = 0;

	while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
		end++;
	return (struct hf_sv){rest.p, end};
}

static bool
is_this_machine(struct hf_sv authority)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};

	for (size_t i = 0; i < HF_COUNT(hosts); i++) {
		struct hf_sv host = hf_sv_from(hosts[i]), port;
		int64_t number;

		if (!hf_sv_starts(authority, host))
			continue;
		port = hf_sv_from_at(authority, host.n);
		if (port.n == 0)
			return true;
		return port.p[0] == ':' && hf_sv_int(hf_sv_from_at(port, 1), &number) &&
		       number > 0 && number < 65536;
	}
	return false;
}

bool
hf_client_safe_url(struct hf_sv url)
{
	struct hf_sv host;

	if (!is_plain(url))
		return false;
	if (hf_sv_starts(url, HF_SV("http://")))
		return is_this_machine(authority_of(url, HF_SV("http://")));
	if (!hf_sv_starts(url, HF_SV("https://")))
		return false;
	host = authority_of(url, HF_SV("https://"));
	return host.n > 0 && hf_sv_find(host, '@') == host.n;
}

/* com.example.app:/back, as RFC 8252 7.1 has it: a name with a dot, turned round. */
static bool
is_app_scheme(struct hf_sv uri)
{
	size_t colon = hf_sv_find(uri, ':');
	struct hf_sv scheme = {uri.p, colon};

	if (!is_plain(uri) || colon == uri.n || hf_sv_find(scheme, '.') == scheme.n)
		return false;
	for (size_t i = 0; i < scheme.n; i++) {
		char c = scheme.p[i];

		if (!((c >= 'a' && c <= 'z') ||
		      (i > 0 && ((c >= '0' && c <= '9') || c == '.' || c == '-'))))
			return false;
	}
	return true;
}

bool
hf_client_may_redirect(const struct hf_client *client, struct hf_sv uri)
{
	struct hf_sv rest = client->redirects;

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, '\n');

		if (one.n && hf_sv_eq(one, uri))
			return true;
	}
	return false;
}

/* ---- registering ---- */

static enum hf_rc
refuse(struct hf_err *err, const char *option, const char *why)
{
	return hf_fail(err, HF_INVALID, option, "%s", why);
}

static enum hf_rc
check_name(const struct hf_client *c, struct hf_err *err)
{
	for (size_t i = 0; i < c->name.n; i++)
		if ((unsigned char)c->name.p[i] < ' ' || c->name.p[i] == 127)
			return refuse(err, "--name",
				      "a name has no control characters");
	if (c->name.n == 0 || c->name.n > 100)
		return refuse(err, "--name", "a name of 1 to 100 bytes is needed");
	return HF_OK;
}

static enum hf_rc
check_redirects(const struct hf_client *c, struct hf_err *err)
{
	struct hf_sv rest = c->redirects;
	size_t n = 0;

	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, '\n');

		if (!hf_client_safe_url(one) && !(c->is_public && is_app_scheme(one)))
			return refuse(err, "--redirect",
				      "expected https://…, http://127.0.0.1…, or for "
				      "a public client a scheme with a dot "
				      "(com.example.app:/back), without #");
		if (++n > HF_CLIENT_REDIRECTS)
			return refuse(err, "--redirect", "at most ten are kept");
	}
	if (n == 0 && c->is_public)
		return refuse(err, "--redirect",
			      "a public client needs an address that answers go to");
	return HF_OK;
}

static enum hf_rc
check_keys(const struct hf_client *c, struct hf_err *err)
{
	struct hf_jwks *keys = NULL;
	struct hf_err why;
	enum hf_rc rc;

	if (c->is_public && (c->jwks.n || c->jwks_uri.n))
		return refuse(err, "--public",
			      "a public client has no keys: leave --public or the keys "
			      "out");
	if (c->jwks.n && c->jwks_uri.n)
		return refuse(err, "--jwks", "give --jwks or --jwks-uri, not both");
	if (c->jwks_uri.n && !hf_client_safe_url(c->jwks_uri))
		return refuse(err, "--jwks-uri", "expected https://…");
	if (c->jwks.n == 0)
		return HF_OK;
	rc = hf_jwks_parse(c->jwks, HF_JWKS_STRICT, &keys, &why);
	hf_jwks_free(keys);
	if (rc)
		return hf_fail(err, rc, "--jwks", "%s: %s", why.path, why.text);
	return HF_OK;
}

static enum hf_rc
check_scopes(const struct hf_client *c, struct hf_err *err)
{
	struct hf_scopes scopes;
	struct hf_err why;
	bool for_user, for_itself;

	if (hf_scopes_parse(c->scopes, &scopes, &why) != HF_OK)
		return refuse(err, "--scope", why.text);
	if (hf_scopes_empty(&scopes))
		return refuse(err, "--scope",
			      "at least one scope is needed, as system/Patient.rs");
	for_user = (scopes.flags & ~(uint32_t)HF_SCOPE_OPERATE) ||
		   hf_scopes_has_level(&scopes, HF_SCOPE_USER) ||
		   hf_scopes_has_level(&scopes, HF_SCOPE_PATIENT);
	if (for_user && c->redirects.n == 0)
		return refuse(err, "--redirect",
			      "scopes of a user or person need an address that answers "
			      "go to");
	for_itself = (scopes.flags & HF_SCOPE_OPERATE) ||
		     hf_scopes_has_level(&scopes, HF_SCOPE_SYSTEM);
	if (c->is_public && for_itself)
		return refuse(err, "--scope",
			      "a public client cannot prove itself: it gets no system "
			      "scopes");
	return HF_OK;
}

static enum hf_rc
check_words(const struct hf_client *c, struct hf_err *err)
{
	if (hf_word_find(HF_WORDS_PURPOSE, c->purpose) <= HF_PURPOSE_NONE)
		return refuse(err, "--purpose",
			      "expected DIRECT, SAFEGUARD, PLAN, CASEFIND, FINANCE, "
			      "AUDIT, RESEARCH, TRAIN or OPERATE");
	for (size_t i = 0; i < c->org.n; i++)
		if (!((c->org.p[i] >= 'A' && c->org.p[i] <= 'Z') ||
		      (c->org.p[i] >= '0' && c->org.p[i] <= '9')))
			return refuse(err, "--org",
				      "an ODS code has letters and digits only");
	if (c->org.n > 12)
		return refuse(err, "--org", "an ODS code has at most 12 characters");
	return HF_OK;
}

enum hf_rc
hf_client_check(const struct hf_client *c, struct hf_err *err)
{
	enum hf_rc rc = check_name(c, err);

	if (rc == HF_OK)
		rc = check_words(c, err);
	if (rc == HF_OK)
		rc = check_redirects(c, err);
	if (rc == HF_OK)
		rc = check_keys(c, err);
	if (rc == HF_OK)
		rc = check_scopes(c, err);
	return rc;
}

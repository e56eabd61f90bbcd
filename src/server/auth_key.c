/* auth_key.c - the key that signs our id tokens, and what we say of ourselves. */
#include "server/auth.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/serve.h"

void hf_auth_jwks(struct hf_call *call);
void hf_auth_smart(struct hf_call *call);
void hf_auth_openid(struct hf_call *call);

enum { KEY_FILE = 4096 };

/* ---- the file ---- */

static enum hf_rc
write_whole(int fd, struct hf_sv text, const char *path, struct hf_err *err)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return hf_fail(err, errno == ENOSPC ? HF_FULL : HF_FAULT, path,
				       "the key could not be written: %s",
				       strerror(errno));
		text = hf_sv_from_at(text, (size_t)n);
	}
	return fsync(fd) == 0
		   ? HF_OK
		   : hf_fail(err, HF_FAULT, path, "the key could not be written: %s",
			     strerror(errno));
}

/* Makes the file under another name and moves it, so that half a key is never
 * read. */
static enum hf_rc
make_key(const char *path, struct hf_err *err)
{
	struct hf_arena arena = {.cap = 1 << 16};
	char temporary[4200];
	struct hf_sv json;
	enum hf_rc rc = hf_jwk_make(&arena, &json, err);
	int fd = -1;

	if (rc == HF_OK) {
		snprintf(temporary, sizeof temporary, "%s.new", path);
		(void)unlink(temporary);
		fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		rc = fd < 0
			 ? hf_fail(err, HF_FAULT, path,
				   "the key could not be written: %s", strerror(errno))
			 : write_whole(fd, json, path, err);
	}
	if (fd >= 0)
		close(fd);
	if (rc == HF_OK && rename(temporary, path) != 0)
		rc = hf_fail(err, HF_FAULT, path, "the key could not be written: %s",
			     strerror(errno));
	hf_arena_wipe(&arena);
	hf_arena_free(&arena);
	return rc;
}

static enum hf_rc
read_key(const char *path, struct hf_jwks **out, struct hf_err *err)
{
	char text[KEY_FILE];
	struct stat st;
	struct hf_err why;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = -1;
	enum hf_rc rc;

	if (fd < 0)
		return hf_fail(err, errno == ENOENT ? HF_NOT_FOUND : HF_FORBIDDEN, path,
			       "the key cannot be read: %s", strerror(errno));
	if (fstat(fd, &st) == 0 && (st.st_mode & 077) == 0)
		n = read(fd, text, sizeof text);
	close(fd);
	if (n < 0)
		return hf_fail(err, HF_FORBIDDEN, path,
			       "others may read the key that signs id tokens: take it "
			       "away and start again, then a new one is made");
	rc = hf_jwks_parse((struct hf_sv){text, (size_t)n}, HF_JWKS_OWN, out, &why);
	sodium_memzero(text, sizeof text);
	if (rc)
		return hf_fail(err, HF_INVALID, path, "this is no key of ours: %s",
			       why.text);
	return HF_OK;
}

enum hf_rc
hf_auth_key_read(const char *data, struct hf_jwks **out, struct hf_err *err)
{
	char path[4160];
	enum hf_rc rc;
	int n = snprintf(path, sizeof path, "%s/keys", data);

	if (n < 0 || n > 4096)
		return hf_fail(err, HF_INVALID, "--data", "the path is too long");
	(void)mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/keys/token.jwk", data);
	rc = read_key(path, out, err);
	if (rc == HF_NOT_FOUND) {
		rc = make_key(path, err);
		if (rc == HF_OK)
			rc = read_key(path, out, err);
	}
	return rc;
}

/* ---- what we say of ourselves ---- */

void
hf_auth_jwks(struct hf_call *c)
{
	struct hf_buf *out = hf_req_buf(c->req);
	struct hf_jw w = {.out = out};

	if (!hf_call_no_params(c))
		return;
	out->n = 0;
	hf_jwks_write(c->server->token_key, &w);
	hf_call_header(c, "Cache-Control", HF_SV("public, max-age=3600"));
	hf_call_reply(c, 200, "application/json; charset=utf-8", hf_buf_view(out));
}

static void
write_url(struct hf_call *c, struct hf_jw *w, const char *name, const char *path)
{
	hf_jw_kv(w, hf_sv_from(name), hf_auth_url(c, path));
}

static void
write_list(struct hf_jw *w, const char *name, const char *const *words, size_t n)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		hf_jw_str(w, hf_sv_from(words[i]));
	hf_jw_arr_end(w);
}

#define LIST(w, name, ...)                                                             \
	write_list((w), (name), (const char *const[]){__VA_ARGS__},                    \
		   HF_COUNT(((const char *const[]){__VA_ARGS__})))

/* What both documents say. */
static void
write_service(struct hf_call *c, struct hf_jw *w)
{
	hf_jw_field(w, "issuer", hf_auth_base(c));
	write_url(c, w, "jwks_uri", "/auth/jwks");
	write_url(c, w, "authorization_endpoint", "/auth/authorize");
	write_url(c, w, "token_endpoint", "/auth/token");
	write_url(c, w, "introspection_endpoint", "/auth/introspect");
	write_url(c, w, "revocation_endpoint", "/auth/revoke");
	LIST(w, "token_endpoint_auth_methods_supported", "client_secret_basic",
	     "client_secret_post", "private_key_jwt");
	LIST(w, "token_endpoint_auth_signing_alg_values_supported", "RS384", "ES384",
	     "RS256", "PS256", "ES256", "EdDSA");
	LIST(w, "grant_types_supported", "authorization_code", "client_credentials",
	     "refresh_token");
	LIST(w, "response_types_supported", "code");
	LIST(w, "scopes_supported", "openid", "fhirUser", "profile", "launch",
	     "launch/patient", "offline_access", "online_access", "patient/*.cruds",
	     "user/*.cruds", "system/*.cruds", "operate");
	LIST(w, "code_challenge_methods_supported", "S256");
}

void
hf_auth_smart(struct hf_call *c)
{
	struct hf_jw w;

	if (!hf_call_no_params(c))
		return;
	hf_auth_begin(c, &w);
	write_service(c, &w);
	LIST(&w, "capabilities", "launch-ehr", "launch-standalone", "client-public",
	     "client-confidential-symmetric", "client-confidential-asymmetric",
	     "sso-openid-connect", "context-ehr-patient", "context-standalone-patient",
	     "context-banner", "permission-offline", "permission-online",
	     "permission-patient", "permission-user", "permission-v1", "permission-v2");
	hf_auth_end(c, &w);
}

void
hf_auth_openid(struct hf_call *c)
{
	struct hf_jw w;

	if (!hf_call_no_params(c))
		return;
	hf_auth_begin(c, &w);
	write_service(c, &w);
	LIST(&w, "subject_types_supported", "public");
	LIST(&w, "id_token_signing_alg_values_supported", "ES384");
	LIST(&w, "claims_supported", "iss", "sub", "aud", "exp", "iat", "auth_time",
	     "nonce", "at_hash", "fhirUser", "name");
	hf_auth_end(c, &w);
}

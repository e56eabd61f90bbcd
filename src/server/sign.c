/* sign.c - who is it that asks. */
#include "server/sign.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <strings.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "server/org_names.h"
#include "server/serve.h"
#include "server/token.h"

/* ---- what signing in needs ---- */

static unsigned
hashing_threads(void)
{
	/* A quarter of the cores: the queue waits, other requests do not. */
	long n = sysconf(_SC_NPROCESSORS_ONLN) / 4;

	return n < 1 ? 1 : n > 8 ? 8 : (unsigned)n;
}

enum hf_rc
hf_sign_new(const struct hf_sign_config *config, struct hf_sign **out,
	    struct hf_err *err)
{
	struct hf_sign *s = calloc(1, sizeof *s);
	enum hf_rc rc;

	if (!s)
		return hf_fail(err, HF_FAULT, NULL, "no memory for sign-in");
	pthread_mutex_init(&s->throttle_lock, NULL);
	s->demonstration = config->demonstration;
	s->throttle = calloc(1, sizeof *s->throttle);
	s->pendings = hf_pendings_new();
	s->orgs = hf_org_cache_new();
	rc = s->throttle && s->pendings && s->orgs
		 ? HF_OK
		 : hf_fail(err, HF_FAULT, NULL, "no memory for sign-in");
	if (rc == HF_OK)
		rc = hf_sessions_new(
		    &(struct hf_sessions_config){.store = config->store,
						 .policy = config->policy,
						 .data = config->data,
						 .limits = config->limits},
		    &s->sessions, err);
	if (rc == HF_OK) {
		randombytes_buf(s->throttle->key, sizeof s->throttle->key);
		rc =
		    hf_works_new(hashing_threads(), HF_HASHING_WAITS, &s->hashing, err);
	}
	if (rc == HF_OK)
		rc = hf_works_new(2, HF_DESK_WAITS, &s->desk, err);
	if (rc) {
		hf_sign_free(s);
		return rc;
	}
	*out = s;
	return HF_OK;
}

void
hf_sign_free(struct hf_sign *s)
{
	if (!s)
		return;
	hf_works_free(s->hashing);
	hf_works_free(s->desk);
	hf_sessions_free(s->sessions);
	hf_pendings_free(s->pendings);
	hf_org_cache_free(s->orgs);
	free(s->throttle);
	pthread_mutex_destroy(&s->throttle_lock);
	free(s);
}

/* ---- cookies ---- */

static const char *
session_name(const struct hf_call *c)
{
	return hf_req_secure(c->req) ? "__Host-homefirst" : "homefirst";
}

static const char *
device_name(const struct hf_call *c)
{
	return hf_req_secure(c->req) ? "__Secure-homefirst-device" : "homefirst-device";
}

/* The first cookie called name; *n is how many there are. */
static struct hf_sv
cookie(const struct hf_call *c, const char *name, unsigned *n)
{
	struct hf_sv rest = hf_req_header(c->req, "Cookie"), found = {NULL, 0};

	*n = 0;
	while (rest.n) {
		struct hf_sv value = hf_sv_cut(&rest, ';');
		struct hf_sv key = hf_sv_trim(hf_sv_cut(&value, '='));

		if (!hf_sv_eq(key, hf_sv_from(name)) || !value.p)
			continue;
		if (++*n == 1)
			found = hf_sv_trim(value);
	}
	return found;
}

enum hf_rc
hf_sign_cookie(const struct hf_call *c, struct hf_sv *out, struct hf_err *err)
{
	unsigned n;

	*out = cookie(c, session_name(c), &n);
	if (n > 1)
		return hf_fail(
		    err, HF_LOGIN, NULL,
		    "there are two cookies of this name: take the cookies of "
		    "this site away and sign in again");
	return HF_OK;
}

struct hf_sv
hf_sign_device(const struct hf_call *c)
{
	unsigned n;

	return cookie(c, device_name(c), &n);
}

/* Lax, not Strict: who follows a link to this server, or comes back from a provider of
 * sign-in, arrives signed in.  What changes anything needs the session's own token
 * beside the cookie (docs/adr/0012). */
void
hf_sign_set_cookie(struct hf_call *c, const char *token)
{
	bool secure = hf_req_secure(c->req);
	struct hf_sv text = hf_arena_printf(
	    c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", session_name(c),
	    token ? token : "", secure ? "; Secure" : "", token ? "" : "; Max-Age=0");

	if (text.p)
		hf_call_header(c, "Set-Cookie", text);
}

/* ---- devices ---- */

enum {
	DEVICE_BYTES = 9,
	DEVICE_TEXT = 12, /* of those, base64url */
	DEVICE_TAG = 24,  /* bytes */
	DEVICE_TAG_TEXT = 32,
	DEVICE_ENTRY = DEVICE_TEXT + DEVICE_TAG_TEXT,
	DEVICE_LOGINS = 8, /* kept in one browser */
	DEVICE_DAYS = 180
};

/* What binds a device's number to a login, with a key of the server. */
static void
device_tag(const struct hf_call *c, struct hf_sv number, struct hf_sv login,
	   char out[DEVICE_TAG_TEXT + 1])
{
	const struct hf_account_keys *keys =
	    hf_sessions_keys(c->server->sign->sessions);
	unsigned char tag[DEVICE_TAG];
	crypto_generichash_state state;

	crypto_generichash_init(&state, keys->device, sizeof keys->device, sizeof tag);
	crypto_generichash_update(&state, (const unsigned char *)number.p, number.n);
	crypto_generichash_update(&state, (const unsigned char *)login.p, login.n);
	crypto_generichash_final(&state, tag, sizeof tag);
	sodium_bin2base64(out, DEVICE_TAG_TEXT + 1, tag, sizeof tag,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool
is_of_login(const struct hf_call *c, struct hf_sv entry, struct hf_sv login)
{
	char tag[DEVICE_TAG_TEXT + 1];

	if (entry.n != DEVICE_ENTRY)
		return false;
	device_tag(c, (struct hf_sv){entry.p, DEVICE_TEXT}, login, tag);
	return sodium_memcmp(tag, entry.p + DEVICE_TEXT, DEVICE_TAG_TEXT) == 0;
}

struct hf_sv
hf_sign_known_device(const struct hf_call *c, struct hf_sv login)
{
	struct hf_sv rest = hf_sign_device(c), found = {"", 0};

	for (unsigned i = 0; rest.n && i < DEVICE_LOGINS; i++) {
		struct hf_sv entry = hf_sv_cut(&rest, '.');

		if (is_of_login(c, entry, login))
			found = (struct hf_sv){entry.p, DEVICE_TEXT};
	}
	return found;
}

/* The new one first, then those of other logins. */
void
hf_sign_set_device(struct hf_call *c, struct hf_sv login)
{
	unsigned char bytes[DEVICE_BYTES];
	char number[DEVICE_TEXT + 1], tag[DEVICE_TAG_TEXT + 1];
	struct hf_sv rest = hf_sign_device(c), text;

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(number, sizeof number, bytes, sizeof bytes,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	device_tag(c, hf_sv_from(number), login, tag);
	text = hf_arena_printf(c->arena, "%s=%s%s", device_name(c), number, tag);
	for (unsigned i = 1; text.p && rest.n && i < DEVICE_LOGINS; i++) {
		struct hf_sv entry = hf_sv_cut(&rest, '.');

		if (entry.n == DEVICE_ENTRY && !is_of_login(c, entry, login))
			text = hf_arena_printf(c->arena, "%.*s.%.*s", HF_SV_ARG(text),
					       HF_SV_ARG(entry));
	}
	if (text.p)
		text = hf_arena_printf(
		    c->arena,
		    "%.*s; Path=/auth; HttpOnly; SameSite=Strict; Max-Age=%d%s",
		    HF_SV_ARG(text), DEVICE_DAYS * 86400,
		    hf_req_secure(c->req) ? "; Secure" : "");
	if (text.p)
		hf_call_header(c, "Set-Cookie", text);
}

/* ---- who asks ---- */

static bool
is_safe(const struct hf_call *c)
{
	enum hf_method m = hf_req_method(c->req);

	return m == HF_GET || m == HF_HEAD || m == HF_OPTIONS;
}

enum hf_rc
hf_sign_forgery(const struct hf_call *c, struct hf_sv token, struct hf_err *err)
{
	struct hf_sv given = hf_req_header(c->req, "X-CSRF-Token");
	char good[HF_CSRF_TEXT + 1];

	hf_session_csrf(token, good);
	if (given.n == HF_CSRF_TEXT && sodium_memcmp(given.p, good, HF_CSRF_TEXT) == 0)
		return HF_OK;
	return hf_fail(err, HF_FORBIDDEN, "X-CSRF-Token",
		       "a request that changes something carries the token of its "
		       "session: load the page again");
}

/* What a page does by itself.  An EventSource sends no headers of ours, but always says
 * what it is. */
static bool
is_background(const struct hf_call *c)
{
	return hf_req_header(c->req, "X-Background").p != NULL ||
	       hf_sv_is(hf_sv_trim(hf_req_header(c->req, "Accept")),
			"text/event-stream");
}

static enum hf_rc
ended(enum hf_session_end why, struct hf_err *err)
{
	return hf_fail(err, HF_LOGIN, NULL, "the session has ended (%s); sign in again",
		       hf_session_end_text(why));
}

static enum hf_rc
session_actor(struct hf_call *c, struct hf_sv token, struct hf_actor *out,
	      struct hf_err *err)
{
	bool nothing = !c->route || c->route->need == HF_NEED_NOTHING;
	struct hf_seat seat;
	enum hf_session_end state =
	    hf_sessions_look(c->server->sign->sessions, token, c->now,
			     !nothing && !is_background(c), c->arena, &seat);
	const struct hf_rights *rights;
	bool active;
	enum hf_rc rc;

	if (state != HF_SESSION_LIVE && nothing)
		return HF_OK;
	if (state != HF_SESSION_LIVE)
		return ended(state, err);
	rc = hf_call_rights(c, &rights, err);
	if (rc)
		return rc;
	active =
	    seat.role.org.n == 0 || hf_rights_org_active(rights, seat.role.org, c->now);
	if (!hf_account_role_active(&seat.role, c->now) || !active) {
		state = active ? HF_SESSION_ROLE : HF_SESSION_ORG;
		hf_sessions_over(c->server->sign->sessions, token, state);
		return nothing ? HF_OK : ended(state, err);
	}
	hf_seat_actor(&c->server->policy, &seat, active, c->now, c->arena, out);
	out->loopback = hf_req_from_loopback(c->req);
	return is_safe(c) || nothing ? HF_OK : hf_sign_forgery(c, token, err);
}

hf_time
hf_sign_left(struct hf_call *c)
{
	hf_time now = hf_now();
	struct hf_sv token;
	struct hf_seat seat;

	if (hf_sign_cookie(c, &token, NULL) != HF_OK ||
	    hf_sessions_look(c->server->sign->sessions, token, now, false, c->arena,
			     &seat) != HF_SESSION_LIVE)
		return 0;
	return hf_session_idle_end(&seat.s) - now;
}

enum hf_rc
hf_sign_actor(struct hf_call *c, struct hf_actor *out, struct hf_err *err)
{
	struct hf_sv header = hf_req_header(c->req, "Authorization"), token;
	struct hf_sv word = hf_sv_cut(&header, ' ');
	bool bearer = word.n == 6 && strncasecmp(word.p, "Bearer", 6) == 0;
	enum hf_rc rc;

	if (c->server->open_loopback) {
		*out = hf_actor_trial;
		out->loopback = hf_req_from_loopback(c->req);
		return HF_OK;
	}
	rc = hf_sign_cookie(c, &token, err);
	if (rc)
		return rc;
	if (bearer && token.n)
		return hf_fail(err, HF_LOGIN, NULL,
			       "send a token or a session's cookie, not both");
	if (bearer)
		return hf_token_actor(c, hf_sv_trim(header), out, err);
	*out = (struct hf_actor){.kind = HF_ACTOR_NOBODY,
				 .loopback = hf_req_from_loopback(c->req)};
	return token.n ? session_actor(c, token, out, err) : HF_OK;
}

/* ---- for routes ---- */

enum hf_rc
hf_sign_proved(const struct hf_call *c, struct hf_err *err)
{
	if (c->actor->kind == HF_ACTOR_TRIAL)
		return HF_OK;
	if (c->actor->kind == HF_ACTOR_PERSON &&
	    hf_session_is_proved(c->actor->proved,
				 hf_sessions_limits(c->server->sign->sessions), c->now))
		return HF_OK;
	return hf_fail(err, HF_FORBIDDEN, "proof",
		       "prove who you are once more (POST /auth/prove): it was longer "
		       "ago than this needs");
}

struct hf_sv
hf_sign_address(struct hf_call *c)
{
	struct hf_sv text = hf_req_peer(c->req);
	const char *cstr = hf_arena_cstr(c->arena, text);
	unsigned char a[16];

	if (!cstr || inet_pton(AF_INET6, cstr, a) != 1)
		return text;
	if (memcmp(a, "\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0)
		return hf_arena_printf(c->arena, "%u.%u.%u.%u", a[12], a[13], a[14],
				       a[15]);
	return hf_arena_printf(c->arena, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64",
			       a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
}

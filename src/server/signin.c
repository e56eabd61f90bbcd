/* signin.c - people sign in: reading the request, working it out in a pool, ending in
 * a session. */
#include "server/signin.h"

#include <sodium.h>

#include "access/io/account.h"
#include "base/io/clock.h"
#include "record/io/desk.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/serve.h"

void hf_auth_sign_in(struct hf_call *call);
void hf_auth_demonstration(struct hf_call *call);

/* ---- the request ---- */

static void
fail(struct hf_call *c, const struct hf_err *err)
{
	hf_api_fail(c, err);
}

static enum hf_rc
text_of(struct hf_call *c, const struct hf_json *d, const char *name, size_t most,
	struct hf_sv *out, struct hf_err *err)
{
	uint32_t i = hf_json_get(d, 0, hf_sv_from(name));
	struct hf_sv text;

	if (i == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(d, i) != HF_JSON_STRING)
		return hf_fail(err, HF_INVALID, name, "expected a text");
	text = hf_json_str(d, i, c->arena);
	if (!text.p)
		return hf_fail(err, HF_TOO_LONG, name, "no memory for the request");
	if (text.n > most || memchr(text.p, '\0', text.n))
		return hf_fail(err, HF_INVALID, name,
			       "at most %zu bytes are taken here", most);
	*out = text;
	return HF_OK;
}

static enum hf_rc
read_role(const struct hf_json *d, struct hf_call *c, int64_t *out, struct hf_err *err)
{
	uint32_t i = hf_json_member(d, 0, "role");
	struct hf_sv text;

	if (i == HF_JSON_NONE)
		return HF_OK;
	text = hf_json_type(d, i) == HF_JSON_STRING ? hf_json_str(d, i, c->arena)
						    : hf_json_raw(d, i);
	if (!text.p || !hf_sv_int(text, out) || *out <= 0)
		return hf_fail(err, HF_INVALID, "role",
			       "expected the number of a role, as the session lists "
			       "them");
	return HF_OK;
}

static enum hf_rc
read_body(struct hf_signin_job *j, struct hf_err *err)
{
	struct hf_call *c = j->call;
	struct hf_json d;
	const struct {
		const char *name;
		size_t most;
		struct hf_sv *to;
	} texts[] = {
	    {"login", 256, &j->login},	  {"password", 1024, &j->password},
	    {"code", 64, &j->code},	  {"recovery", 64, &j->recovery},
	    {"purpose", 32, &j->purpose}, {"caseRef", HF_CASE_REF_MAX, &j->case_ref},
	};
	enum hf_rc rc = hf_api_body(
	    c, "login password code recovery role purpose caseRef", &d, err);

	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(texts); i++)
		rc = text_of(c, &d, texts[i].name, texts[i].most, texts[i].to, err);
	return rc == HF_OK ? read_role(&d, c, &j->role, err) : rc;
}

/* Signing in does nothing to the session that the browser may have, unless it goes
 * well. */
static bool
begins_anew(const struct hf_call *c)
{
	return c->route->handler == hf_auth_sign_in ||
	       c->route->handler == hf_auth_demonstration;
}

static enum hf_rc
read_cookie(struct hf_signin_job *j, struct hf_err *err)
{
	struct hf_call *c = j->call;
	struct hf_sign *s = c->server->sign;
	enum hf_rc rc = hf_sign_cookie(c, &j->token, err);

	if (rc || !hf_session_hash(j->token, j->hash))
		return rc;
	j->has_pending = hf_pending_get(s->pendings, j->hash, c->now, &j->pending);
	j->has_seat = hf_sessions_look(s->sessions, j->token, c->now, false, c->arena,
				       &j->seat) == HF_SESSION_LIVE &&
		      c->actor->kind == HF_ACTOR_PERSON;
	/* A half-way sign-in needs no such token: its cookie goes with no request of
	 * another site, and there is nothing yet to be forged. */
	if (!j->has_seat || c->route->need != HF_NEED_NOTHING || begins_anew(c))
		return HF_OK;
	return hf_sign_forgery(c, j->token, err);
}

struct hf_signin_job *
hf_signin_begin(struct hf_call *c)
{
	struct hf_signin_job *j = HF_NEW(c->arena, struct hf_signin_job);
	struct hf_err err;
	enum hf_rc rc = HF_OK;

	if (!j)
		rc = hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	else if (c->server->open_loopback)
		rc = hf_fail(&err, HF_RULE, NULL,
			     "this server leaves signing in out (--open-loopback)");
	if (rc == HF_OK) {
		j->call = c;
		rc = read_body(j, &err);
	}
	if (rc == HF_OK)
		rc = read_cookie(j, &err);
	if (rc == HF_OK) {
		j->address = hf_sign_address(c);
		return j;
	}
	fail(c, &err);
	return NULL;
}

static void
forget_secrets(struct hf_signin_job *j)
{
	struct hf_sv body = hf_req_body(j->call->req);
	const struct hf_sv all[] = {body, j->password, j->code, j->recovery};

	for (size_t i = 0; i < HF_COUNT(all); i++)
		if (all[i].n)
			sodium_memzero((void *)(uintptr_t)all[i].p, all[i].n);
	sodium_memzero(j->pending.secret, sizeof j->pending.secret);
}

/* ---- in a pool ---- */

struct run {
	struct hf_signin_job *job;
	void (*work)(struct hf_signin_job *job);
	void (*finish)(struct hf_signin_job *job);
};

static void
work(struct hf_call *c, void *ctx)
{
	struct run *r = ctx;

	(void)c;
	r->work(r->job);
	forget_secrets(r->job);
}

static void
done(struct hf_call *c, void *ctx)
{
	struct run *r = ctx;

	(void)c;
	if (r->job->rc)
		hf_signin_fail(r->job);
	else
		r->finish(r->job);
}

static void
refused(struct hf_call *c, const struct hf_err *err)
{
	hf_call_header(c, "Retry-After", HF_SV("5"));
	hf_api_fail(c, err);
}

void
hf_signin_run(struct hf_signin_job *j, struct hf_works *pool,
	      void (*do_it)(struct hf_signin_job *job),
	      void (*finish)(struct hf_signin_job *job))
{
	struct run *r = HF_NEW(j->call->arena, struct run);

	if (!r) {
		j->rc = hf_fail(&j->err, HF_BUSY, NULL, "no memory now; try again");
		hf_signin_fail(j);
		return;
	}
	*r = (struct run){j, do_it, finish};
	hf_call_work(j->call, pool, work, done, refused, r);
}

void
hf_signin_fail(struct hf_signin_job *j)
{
	char seconds[24];

	forget_secrets(j);
	if (j->wait) {
		snprintf(seconds, sizeof seconds, "%lld",
			 (long long)((j->wait + 999) / 1000));
		hf_call_header(j->call, "Retry-After", hf_sv_from(seconds));
	}
	if (strcmp(j->err.path, "proof") == 0)
		hf_api_fail_as(j->call, &j->err, "proof");
	else
		hf_api_fail(j->call, &j->err);
}

/* ---- answers ---- */

void
hf_signin_welcome(struct hf_call *c, const struct hf_signin_passed *p)
{
	hf_sign_set_cookie(c, p->token);
	if (p->step == HF_STEP_DONE && p->login.n)
		hf_sign_set_device(c, p->login);
	c->who.id = hf_arena_printf(c->arena, "user/%.*s", HF_SV_ARG(p->account));
	c->who.session = p->session;
}

void
hf_signin_answer_step(struct hf_signin_job *j)
{
	struct hf_call *c = j->call;
	struct hf_jw w;

	if (j->passed.step)
		hf_signin_welcome(c, &j->passed);
	else if (j->new_token[0])
		hf_sign_set_cookie(c, j->new_token);
	hf_api_begin(c, &w);
	hf_jw_field(
	    &w, "step",
	    hf_sv_from(hf_step_word(j->passed.step ? j->passed.step : j->step)));
	if (j->codes.n) {
		struct hf_sv rest = j->codes;

		hf_jw_member(&w, "recovery");
		hf_jw_arr(&w);
		while (rest.n)
			hf_jw_str(&w, hf_sv_cut(&rest, ' '));
		hf_jw_arr_end(&w);
	}
	if (j->recovery.n)
		hf_api_number(&w, "recoveryLeft", (int64_t)j->recovery_left);
	hf_api_end(c);
	sodium_memzero(j->new_token, sizeof j->new_token);
	sodium_memzero(j->passed.token, sizeof j->passed.token);
}

/* ---- half-way ---- */

static void
new_token(unsigned char hash[HF_TOKEN_BYTES], char text[HF_TOKEN_TEXT + 1])
{
	unsigned char bytes[HF_TOKEN_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	hf_session_token(bytes, text);
	hf_session_hash(hf_sv_from(text), hash);
	sodium_memzero(bytes, sizeof bytes);
}

enum hf_rc
hf_signin_keep(struct hf_signin_job *j, const struct hf_pending *pending,
	       struct hf_err *err)
{
	struct hf_pendings *all = j->call->server->sign->pendings;
	unsigned char hash[HF_TOKEN_BYTES];

	new_token(hash, j->new_token);
	if (!hf_pending_put(all, hash, pending))
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	if (j->has_pending)
		hf_pending_drop(all, j->hash);
	return HF_OK;
}

static void
copy_text(char *to, size_t size, struct hf_sv from)
{
	snprintf(to, size, "%.*s", HF_SV_ARG(from));
}

static enum hf_rc
keep_for_role(struct hf_call *c, const struct hf_signin_proof *p,
	      const struct hf_account *a, struct hf_signin_passed *out,
	      struct hf_err *err)
{
	struct hf_sign *s = c->server->sign;
	struct hf_pending pending = {
	    .assurance = p->assurance,
	    .step = HF_STEP_ROLE,
	    .until = c->now + hf_sessions_limits(s->sessions)->pending,
	};
	unsigned char hash[HF_TOKEN_BYTES];

	copy_text(pending.account, sizeof pending.account, a->id);
	copy_text(pending.method, sizeof pending.method, p->method);
	copy_text(pending.login, sizeof pending.login, a->login);
	new_token(hash, out->token);
	if (!hf_pending_put(s->pendings, hash, &pending))
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	out->step = HF_STEP_ROLE;
	return HF_OK;
}

static enum hf_rc
begin_session(struct hf_call *c, const struct hf_signin_proof *p, int64_t role,
	      struct hf_signin_passed *out, struct hf_err *err)
{
	struct hf_session_new n = {.account = p->account,
				   .role = role,
				   .method = p->method,
				   .address = hf_req_peer(c->req),
				   .assurance = p->assurance,
				   .proved = c->now};
	enum hf_rc rc = hf_sessions_begin(c->server->sign->sessions, &n, c->now,
					  out->token, &out->session, err);

	if (rc == HF_OK)
		out->step = HF_STEP_DONE;
	return rc;
}

void
hf_signin_leave(struct hf_call *c)
{
	struct hf_sign *s = c->server->sign;
	struct hf_sv token;
	struct hf_seat seat;
	struct hf_err err;

	if (hf_sign_cookie(c, &token, &err) != HF_OK ||
	    hf_sessions_look(s->sessions, token, c->now, false, c->arena, &seat) !=
		HF_SESSION_LIVE)
		return;
	(void)hf_sessions_end(
	    s->sessions, seat.s.id, HF_SESSION_AGAIN,
	    hf_arena_printf(c->arena, "user/%.*s", HF_SV_ARG(seat.s.account)), &err);
}

enum hf_rc
hf_signin_pass(struct hf_call *c, const struct hf_signin_proof *p,
	       struct hf_signin_passed *out, struct hf_err *err)
{
	struct hf_account_role *roles;
	struct hf_reader *reader;
	struct hf_account a;
	size_t n = 0, active = 0;
	int64_t role = p->role;
	enum hf_rc rc = hf_reader_get(c->store, &reader, err);

	if (rc)
		return rc;
	rc = hf_account_get(hf_reader_db(reader), p->account, c->arena, &a, err);
	if (rc == HF_OK)
		rc = hf_account_roles(hf_reader_db(reader), p->account, c->arena,
				      &roles, &n, err);
	hf_reader_put(reader);
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (hf_account_role_active(&roles[i], c->now)) {
			active++;
			if (active == 1 && p->role == 0)
				role = roles[i].id;
		}
	if (rc == HF_OK && (active == 0 || a.state != HF_ACCOUNT_ACTIVE))
		rc = hf_fail(err, HF_FORBIDDEN, NULL,
			     "the account has no role at present; whoever administers "
			     "users can give it one");
	if (rc)
		return rc;
	out->account = a.id;
	out->login = a.login;
	hf_signin_leave(c);
	if (active > 1 && p->role == 0)
		return keep_for_role(c, p, &a, out, err);
	return begin_session(c, p, role, out, err);
}

enum hf_rc
hf_signin_proved(struct hf_call *c, char token[HF_TOKEN_TEXT + 1], struct hf_err *err)
{
	struct hf_session_change change = {.what = "prove", .proved = c->now};
	struct hf_sv old;
	enum hf_rc rc = hf_sign_cookie(c, &old, err);

	if (rc)
		return rc;
	return hf_sessions_change(c->server->sign->sessions, old, &change, c->now,
				  token, err);
}

/* ---- tries ---- */

struct hf_throttle_who
hf_signin_who(const struct hf_signin_job *j, struct hf_sv login)
{
	return (struct hf_throttle_who){.login = login,
					.address = j->address,
					.device = hf_sign_known_device(j->call, login)};
}

enum hf_rc
hf_signin_may_try(struct hf_signin_job *j, struct hf_sv login, struct hf_err *err)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_throttle_who who = hf_signin_who(j, login);

	pthread_mutex_lock(&s->throttle_lock);
	j->wait = hf_throttle_ask(s->throttle, &who, hf_now());
	pthread_mutex_unlock(&s->throttle_lock);
	if (j->wait == 0)
		return HF_OK;
	return hf_fail(err, HF_TOO_MANY, NULL,
		       "too many tries went wrong from here; wait %lld seconds",
		       (long long)((j->wait + 999) / 1000));
}

void
hf_signin_count(struct hf_signin_job *j, struct hf_sv login, bool good)
{
	struct hf_sign *s = j->call->server->sign;
	struct hf_throttle_who who = hf_signin_who(j, login);

	pthread_mutex_lock(&s->throttle_lock);
	if (good)
		hf_throttle_passed(s->throttle, &who);
	else
		hf_throttle_failed(s->throttle, &who, hf_now());
	pthread_mutex_unlock(&s->throttle_lock);
}

/* ---- accounts ---- */

enum hf_rc
hf_signin_account(struct hf_signin_job *j, struct hf_account *out, struct hf_err *err)
{
	struct hf_sv id =
	    j->has_pending ? hf_sv_from(j->pending.account) : j->seat.s.account;
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(j->call->store, &reader, err);

	if (rc)
		return rc;
	rc = hf_account_get(hf_reader_db(reader), id, j->call->arena, out, err);
	hf_reader_put(reader);
	if (rc == HF_OK && out->state != HF_ACCOUNT_ACTIVE)
		rc = hf_fail(err, HF_LOGIN, NULL, "the account has ended");
	return rc;
}

struct change {
	struct hf_sv account;
	enum hf_rc (*change)(struct hf_account *a, void *ctx, struct hf_err *err);
	void *ctx;
};

static enum hf_rc
write_change(void *ctx, struct hf_db *db, int64_t number, hf_time at,
	     struct hf_err *err)
{
	struct change *c = ctx;
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_account a;
	enum hf_rc rc = hf_account_get(db, c->account, &arena, &a, err);

	(void)number;
	(void)at;
	if (rc == HF_OK && a.state != HF_ACCOUNT_ACTIVE)
		rc = hf_fail(err, HF_LOGIN, NULL, "the account has ended");
	if (rc == HF_OK)
		rc = c->change(&a, c->ctx, err);
	if (rc == HF_OK)
		rc = hf_account_set(db, &a, err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_signin_change(struct hf_signin_job *j, struct hf_sv account, const char *what,
		 enum hf_rc (*change)(struct hf_account *a, void *ctx,
				      struct hf_err *err),
		 void *ctx, struct hf_err *err)
{
	struct hf_arena *arena = j->call->arena;
	struct change c = {account, change, ctx};
	struct hf_desk_job job = {
	    .actor = hf_arena_printf(arena, "user/%.*s", HF_SV_ARG(account)),
	    .purpose = HF_SV("SIGN_IN"),
	    .what = hf_arena_printf(arena, "account %s user/%.*s", what,
				    HF_SV_ARG(account)),
	    .write = write_change,
	    .apart = true,
	    .ctx = &c,
	};

	if (!job.actor.p || !job.what.p)
		return hf_fail(err, HF_BUSY, NULL, "no memory now; try again");
	return hf_store_desk(j->call->store, &job, err);
}

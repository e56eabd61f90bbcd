/* api_session.c - GET /api/session: who is signed in and what they may choose; for
 * whoever is not, how to sign in.  Asking does not lengthen a session. */
#include <stdlib.h>

#include "access/io/account.h"
#include "record/io/desk.h"
#include "server/api.h"
#include "server/call_reader.h"
#include "server/demo.h"
#include "server/oidc.h"
#include "server/org_names.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_session(struct hf_call *call);

enum { DEMONSTRATION = 100 };

/* What the answer is made of. */
struct facts {
	struct hf_call *call;
	const struct hf_org_names *orgs;
	struct hf_sv token;
	unsigned char hash[HF_TOKEN_BYTES];
	bool has_seat, has_pending;
	struct hf_seat seat;
	struct hf_pending pending;
	struct hf_account_role *roles;
	size_t n_roles;
};

static void
put_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(hf_time_format(t, text, sizeof text)));
}

/* ---- reading ---- */

static bool
allows(const struct hf_call *c, enum hf_need need)
{
	struct hf_access_facts facts = {.actor = c->actor,
					.need = need,
					.audit_works = true,
					.policy = &c->server->policy};

	return hf_access_route(&facts, c->now).outcome == HF_ALLOW;
}

static void
read_cookie(struct facts *f)
{
	struct hf_call *c = f->call;
	struct hf_sign *s = c->server->sign;
	struct hf_err err;

	if (hf_sign_cookie(c, &f->token, &err) != HF_OK ||
	    !hf_session_hash(f->token, f->hash))
		return;
	f->has_seat = c->actor->kind == HF_ACTOR_PERSON &&
		      hf_sessions_look(s->sessions, f->token, c->now, false, c->arena,
				       &f->seat) == HF_SESSION_LIVE;
	f->has_pending =
	    !f->has_seat && hf_pending_get(s->pendings, f->hash, c->now, &f->pending);
}

static enum hf_rc
read_facts(struct facts *f, struct hf_err *err)
{
	struct hf_call *c = f->call;
	struct hf_sv account;
	enum hf_rc rc = hf_readers_get(c->server->readers, &c->reader, err);

	if (rc == HF_OK)
		rc = hf_org_names_get(c, &f->orgs, err);
	if (rc)
		return rc;
	read_cookie(f);
	account = f->has_seat ? f->seat.s.account : hf_sv_from(f->pending.account);
	if (rc == HF_OK && (f->has_seat || f->has_pending))
		rc = hf_account_roles(hf_reader_db(c->reader), account, c->arena,
				      &f->roles, &f->n_roles, err);
	return rc;
}

/* ---- writing ---- */

static void
put_notices(const struct hf_call *c, struct hf_jw *w)
{
	hf_jw_member(w, "notices");
	hf_jw_arr(w);
	if (c->server->open_loopback) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", HF_SV("trial"));
		hf_jw_field(
		    w, "text",
		    HF_SV("Trial: nobody signs in here, so this server answers "
			  "this machine only. Do not put records of real people "
			  "into it."));
		hf_jw_obj_end(w);
	} else if (c->server->sign->demonstration) {
		hf_jw_obj(w);
		hf_jw_field(w, "code", HF_SV("demonstration"));
		hf_jw_field(w, "text",
			    HF_SV("Demonstration: anybody at this machine can sign in "
				  "as the users of the demonstration. Do not put "
				  "records of real people into it."));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_role(const struct facts *f, struct hf_jw *w, const struct hf_account_role *r)
{
	const struct hf_role *kind = hf_policy_role(&f->call->server->policy, r->role);

	hf_jw_obj(w);
	hf_api_number(w, "id", r->id);
	hf_jw_field(w, "role", kind ? hf_sv_from(kind->name) : r->role);
	hf_jw_field(w, "roleCode", r->role);
	hf_api_text(w, "org", hf_org_names_of(f->orgs, r->org));
	hf_api_text(w, "orgCode", r->org);
	hf_api_flag(w, "current", f->has_seat && r->id == f->seat.role.id);
	hf_jw_obj_end(w);
}

static void
put_roles(const struct facts *f, struct hf_jw *w)
{
	hf_jw_member(w, "roles");
	hf_jw_arr(w);
	for (size_t i = 0; i < f->n_roles; i++)
		if (hf_account_role_active(&f->roles[i], f->call->now))
			put_role(f, w, &f->roles[i]);
	hf_jw_arr_end(w);
}

static int
by_rank(const void *pa, const void *pb)
{
	const struct hf_account *a = pa, *b = pb;
	size_t ra = hf_demo_rank(a->login), rb = hf_demo_rank(b->login);

	return ra == rb ? hf_sv_cmp(a->login, b->login) : ra < rb ? -1 : 1;
}

/* Demonstration users, when they may be signed in by a click. */
static enum hf_rc
put_demonstration(struct facts *f, struct hf_jw *w, struct hf_err *err)
{
	struct hf_call *c = f->call;
	struct hf_db *db = hf_reader_db(c->reader);
	struct hf_account *list;
	size_t n = 0;
	enum hf_rc rc = HF_OK;

	hf_jw_member(w, "demonstration");
	hf_jw_arr(w);
	if (c->server->sign->demonstration && hf_req_from_loopback(c->req))
		rc = hf_account_demonstration(db, DEMONSTRATION, c->arena, &list, &n,
					      err);
	if (rc == HF_OK && n)
		qsort(list, n, sizeof *list, by_rank);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_account_role *roles;
		const struct hf_role *kind = NULL;
		size_t n_roles = 0;

		if (list[i].state != HF_ACCOUNT_ACTIVE)
			continue;
		rc = hf_account_roles(db, list[i].id, c->arena, &roles, &n_roles, err);
		if (rc == HF_OK && n_roles)
			kind = hf_policy_role(&c->server->policy, roles[0].role);
		if (!kind)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "login", list[i].login);
		hf_jw_field(w, "name", list[i].name);
		hf_jw_field(w, "role", hf_sv_from(kind->name));
		hf_api_text(w, "org", hf_org_names_of(f->orgs, roles[0].org));
		hf_api_text(w, "sees", hf_demo_sees(list[i].login));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	return rc;
}

static void
put_providers(const struct hf_call *c, struct hf_jw *w)
{
	const struct hf_oidc *oidc = c->server->oidc;

	for (size_t i = 0; i < hf_oidc_count(oidc); i++) {
		const struct hf_oidc_provider *p = hf_oidc_at(oidc, i);

		hf_jw_obj(w);
		hf_jw_field(w, "id", p->id);
		hf_jw_field(w, "name", p->name);
		hf_jw_obj_end(w);
	}
}

static enum hf_rc
put_signed_out(struct facts *f, struct hf_jw *w, struct hf_err *err)
{
	enum hf_rc rc;

	if (f->has_pending && !f->pending.signed_in) {
		hf_jw_field(w, "step", hf_sv_from(hf_step_word(f->pending.step)));
		if (f->pending.step == HF_STEP_ROLE)
			put_roles(f, w);
	}
	hf_jw_member(w, "signIn");
	hf_jw_obj(w);
	hf_api_flag(w, "local", true);
	hf_jw_member(w, "providers");
	hf_jw_arr(w);
	put_providers(f->call, w);
	hf_jw_arr_end(w);
	rc = put_demonstration(f, w, err);
	hf_jw_obj_end(w);
	return rc;
}

static const char *
proof_kind(const struct facts *f)
{
	if (f->seat.demonstration)
		return "demonstration";
	if (!hf_sv_is(f->seat.s.method, "local"))
		return "provider";
	return f->seat.factor ? "code" : "password";
}

static void
put_session(const struct facts *f, struct hf_jw *w)
{
	const struct hf_session *s = &f->seat.s;
	const struct hf_session_limits *limits =
	    hf_sessions_limits(f->call->server->sign->sessions);
	char csrf[HF_CSRF_TEXT + 1];

	hf_session_csrf(f->token, csrf);
	hf_jw_field(w, "csrf", hf_sv_from(csrf));
	hf_jw_member(w, "session");
	hf_jw_obj(w);
	put_time(w, "idleEnds", hf_session_idle_end(s));
	put_time(w, "ends", s->until);
	hf_api_number(w, "idleSeconds", s->idle / 1000);
	if (hf_session_is_proved(s->proved, limits, f->call->now))
		put_time(w, "proved", s->proved);
	hf_jw_field(w, "proof", hf_sv_from(proof_kind(f)));
	hf_api_number(w, "proofSeconds", limits->prove / 1000);
	hf_jw_obj_end(w);
	hf_api_flag(w, "passwordOnly", s->assurance < 2);
}

static void
put_words(struct hf_jw *w, const char *name, enum hf_vocabulary of, uint64_t set)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (int i = 1; i < hf_words_count(of); i++)
		if (set & HF_BIT(i))
			hf_jw_str(w, hf_sv_from(hf_word(of, i)));
	hf_jw_arr_end(w);
}

static void
put_needs(const struct hf_call *c, struct hf_jw *w)
{
	static const struct {
		enum hf_need need;
		const char *word;
	} needs[] = {{HF_NEED_CLINICAL, "CLINICAL"},	 {HF_NEED_CHANGE, "CHANGE"},
		     {HF_NEED_ADMINISTER, "ADMINISTER"}, {HF_NEED_OVERSEE, "OVERSEE"},
		     {HF_NEED_IDENTIFY, "IDENTIFY"},	 {HF_NEED_OPERATE, "OPERATE"},
		     {HF_NEED_FIGURES, "FIGURES"},	 {HF_NEED_CONTRACT, "CONTRACT"},
		     {HF_NEED_PRICES, "PRICES"}};

	hf_jw_member(w, "needs");
	hf_jw_arr(w);
	for (size_t i = 0; i < HF_COUNT(needs); i++)
		if (allows(c, needs[i].need))
			hf_jw_str(w, hf_sv_from(needs[i].word));
	hf_jw_arr_end(w);
}

static void
put_purposes(const struct facts *f, struct hf_jw *w)
{
	uint64_t set = f->call->server->policy.purposes[f->seat.kind->group];

	if (!(f->seat.role.flags & HF_ROLE_TRAINED))
		set &= ~HF_BIT(HF_PURPOSE_SAFEGUARD);
	hf_jw_member(w, "purposes");
	hf_jw_arr(w);
	for (int i = 1; i < HF_PURPOSES; i++)
		if (set & HF_BIT(i)) {
			hf_jw_obj(w);
			hf_jw_field(w, "code",
				    hf_sv_from(hf_word(HF_WORDS_PURPOSE, i)));
			hf_jw_field(w, "text",
				    hf_sv_from(hf_word_text(HF_WORDS_PURPOSE, i)));
			hf_jw_obj_end(w);
		}
	hf_jw_arr_end(w);
}

static void
put_actor(const struct facts *f, struct hf_jw *w)
{
	const struct hf_actor *a = f->call->actor;
	int group = (int)a->group, why = (int)a->why;

	hf_jw_member(w, "actor");
	hf_jw_obj(w);
	hf_jw_field(w, "id", a->id);
	hf_jw_field(w, "name", a->name);
	hf_jw_field(w, "login", f->seat.login);
	hf_jw_field(w, "role", hf_sv_from(f->seat.kind->name));
	hf_jw_field(w, "roleCode", a->role);
	hf_jw_field(w, "group", hf_sv_from(hf_word(HF_WORDS_GROUP, group)));
	hf_api_text(w, "org", hf_org_names_of(f->orgs, a->org));
	hf_api_text(w, "orgCode", a->org);
	hf_api_text(w, "who", a->who);
	hf_jw_field(w, "purpose", a->purpose);
	hf_jw_field(w, "purposeText", hf_sv_from(hf_word_text(HF_WORDS_PURPOSE, why)));
	hf_api_text(w, "caseRef", a->case_ref);
	hf_jw_obj_end(w);
	put_needs(f->call, w);
	put_words(w, "activities", HF_WORDS_ACTIVITY,
		  f->call->server->policy.activities[a->group]);
	put_roles(f, w);
	put_purposes(f, w);
}

static void
put_trial(const struct facts *f, struct hf_jw *w)
{
	hf_jw_member(w, "actor");
	hf_jw_obj(w);
	hf_jw_field(w, "name", HF_SV("the trial user"));
	hf_jw_field(w, "role", HF_SV("sees everything"));
	hf_jw_obj_end(w);
	put_needs(f->call, w);
}

static enum hf_rc
write_answer(struct facts *f, struct hf_err *err)
{
	struct hf_call *c = f->call;
	bool trial = c->actor->kind == HF_ACTOR_TRIAL;
	enum hf_rc rc = HF_OK;
	struct hf_jw w;

	hf_api_begin(c, &w);
	hf_jw_field(&w, "version", HF_SV(HF_VERSION));
	hf_api_text(&w, "place", hf_org_place(f->orgs));
	put_time(&w, "now", c->now);
	hf_api_flag(&w, "signedIn", trial || f->has_seat);
	hf_api_flag(&w, "trial", trial);
	put_notices(c, &w);
	if (trial) {
		put_trial(f, &w);
	} else if (f->has_seat) {
		put_actor(f, &w);
		put_session(f, &w);
	} else {
		rc = put_signed_out(f, &w, err);
	}
	if (rc == HF_OK)
		hf_api_end(c);
	return rc;
}

void
hf_api_session(struct hf_call *call)
{
	struct facts f = {.call = call};
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	if (read_facts(&f, &err) != HF_OK || write_answer(&f, &err) != HF_OK)
		hf_api_fail(call, &err);
	hf_org_names_drop(f.orgs);
}

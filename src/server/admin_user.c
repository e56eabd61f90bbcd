/* admin_user.c - homefirst user: accounts of people who sign in. */
#include "server/admin.h"

#include <sodium.h>

#include "access/io/account.h"
#include "fhir/json.h"
#include "record/io/person.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/users.h"

int hf_admin_user_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_show(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_role_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_role_end(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_end(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_reset(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_again(struct hf_admin *a, int argc, char **argv);
int hf_admin_user_unlock(struct hf_admin *a, int argc, char **argv);

enum { PAGE = 500, ORGANISATIONS = 1000 };

static struct hf_users
users_of(struct hf_admin *a)
{
	return (struct hf_users){.store = a->store,
				 .sessions =
				     a->server ? a->server->sign->sessions : NULL,
				 .policy = a->policy,
				 .actor = a->actor,
				 .purpose = HF_SV("OPERATE"),
				 .arena = a->arena,
				 .now = a->now};
}

/* ---- options of a role ---- */

struct role_options {
	const char *role, *org, *team, *supervisor;
	hf_time since, until;
	bool trained, kiosk;
};

/* clang-format off */
#define ROLE_OPTIONS(r)                                                            \
	{"role", HF_ADMIN_TEXT, &(r)->role}, {"org", HF_ADMIN_TEXT, &(r)->org},    \
	{"team", HF_ADMIN_TEXT, &(r)->team},                                       \
	{"supervisor", HF_ADMIN_TEXT, &(r)->supervisor},                           \
	{"from", HF_ADMIN_TIME, &(r)->since}, {"until", HF_ADMIN_TIME, &(r)->until}, \
	{"trained", HF_ADMIN_FLAG, &(r)->trained},                                 \
	{"kiosk", HF_ADMIN_FLAG, &(r)->kiosk}
/* clang-format on */

static struct hf_account_role
role_of(const struct hf_admin *a, const struct role_options *o)
{
	return (struct hf_account_role){
	    .role = hf_sv_from(o->role),
	    .org = hf_sv_from(o->org),
	    .team = hf_sv_from(o->team),
	    .supervisor = hf_sv_from(o->supervisor),
	    .flags =
		(o->trained ? HF_ROLE_TRAINED : 0) | (o->kiosk ? HF_ROLE_KIOSK : 0),
	    .since = o->since ? o->since : a->now,
	    .until = o->until ? o->until : HF_TIME_MAX,
	};
}

/* A password in a file may end with a line feed. */
static struct hf_sv
first_line(struct hf_sv text)
{
	text = hf_sv_cut(&text, '\n');
	if (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	return text;
}

static void
say_one_time(struct hf_admin *a, char text[HF_ONE_TIME_LEN + 1])
{
	if (text[0])
		hf_buf_printf(a->out,
			      "password (shown once; it is good for %d days, until "
			      "another is chosen with it): %s\n",
			      HF_ONE_TIME_DAYS, text);
	sodium_memzero(text, HF_ONE_TIME_LEN + 1);
}

/* A slip in the code gives a role that nobody has anything for. */
static void
warn_unknown(struct hf_admin *a, struct hf_sv org)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_org_line *orgs;
	bool found = org.n == 0, more = false;
	size_t n = 0;

	if (hf_place_organisations(a->store, a->reader, ORGANISATIONS, &arena, &orgs,
				   &n, &more, NULL) != HF_OK)
		found = true;
	for (size_t i = 0; !found && i < n; i++)
		found = hf_sv_eq(orgs[i].code, org);
	if (!found && !more)
		hf_buf_printf(a->err,
			      "note: the record has no organisation with the ODS code "
			      "%.*s\n",
			      HF_SV_ARG(org));
	hf_arena_free(&arena);
}

int
hf_admin_user_add(struct hf_admin *a, int argc, char **argv)
{
	const char *login = NULL, *name = NULL, *who = NULL, *issuer = NULL;
	const char *subject = NULL, *sds = NULL;
	struct role_options role = {0};
	struct hf_user_new user = {0};
	struct hf_users u = users_of(a);
	struct hf_sv id, password = {NULL, 0};
	char one_time[HF_ONE_TIME_LEN + 1];
	const struct hf_admin_opt opts[] = {
	    {"login", HF_ADMIN_TEXT, &login},
	    {"name", HF_ADMIN_TEXT, &name},
	    {"practitioner", HF_ADMIN_TEXT, &who},
	    {"password-file", HF_ADMIN_FILE, &password},
	    {"issuer", HF_ADMIN_TEXT, &issuer},
	    {"subject", HF_ADMIN_TEXT, &subject},
	    {"sds-user-id", HF_ADMIN_TEXT, &sds},
	    ROLE_OPTIONS(&role),
	};
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!login || !name)
		return hf_admin_misuse(a, "say --login and --name");
	if (!issuer != !subject)
		return hf_admin_misuse(a, "--issuer and --subject go together");
	if (!role.role && (role.org || role.team || role.supervisor))
		return hf_admin_misuse(a, "say --role too");
	user = (struct hf_user_new){.login = hf_sv_from(login),
				    .name = hf_sv_from(name),
				    .who = hf_sv_from(who),
				    .password = first_line(password),
				    .issuer = hf_sv_from(issuer),
				    .subject = hf_sv_from(subject),
				    .sds = hf_sv_from(sds)};
	if (password.p && user.password.n == 0)
		return hf_admin_misuse(a, "--password-file: the file is empty");
	if (role.role)
		user.role = role_of(a, &role);
	if (hf_users_add(&u, &user, &id, one_time, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "user/%.*s added\n", HF_SV_ARG(id));
	warn_unknown(a, user.role.org);
	say_one_time(a, one_time);
	return HF_ADMIN_DONE;
}

/* ---- lists ---- */

static const char *
state_word(const struct hf_account *a)
{
	if (a->state == HF_ACCOUNT_ENDED)
		return "ended";
	return a->signed_in || a->demonstration ? "active" : "new";
}

static void
put_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	if (t == 0 || t == HF_TIME_MAX)
		return;
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(hf_time_format(t, text, sizeof text)));
}

static void
put_text(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

static void
put_role(struct hf_jw *w, const struct hf_account_role *r, const struct hf_policy *p,
	 hf_time now)
{
	const struct hf_role *kind = hf_policy_role(p, r->role);

	hf_jw_obj(w);
	hf_jw_member(w, "id");
	hf_jw_int(w, r->id);
	hf_jw_field(w, "role", r->role);
	put_text(w, "name", hf_sv_from(kind ? kind->name : NULL));
	put_text(w, "org", r->org);
	put_text(w, "team", r->team);
	put_text(w, "supervisor", r->supervisor);
	put_time(w, "from", r->since);
	put_time(w, "until", r->until);
	hf_jw_member(w, "active");
	hf_jw_bool(w, hf_account_role_active(r, now));
	hf_jw_member(w, "trained");
	hf_jw_bool(w, (r->flags & HF_ROLE_TRAINED) != 0);
	hf_jw_member(w, "kiosk");
	hf_jw_bool(w, (r->flags & HF_ROLE_KIOSK) != 0);
	hf_jw_obj_end(w);
}

static void
put_user(struct hf_admin *a, struct hf_jw *w, const struct hf_account *u,
	 const struct hf_account_role *roles, size_t n)
{
	hf_jw_obj(w);
	hf_jw_field(w, "id", u->id);
	hf_jw_field(w, "login", u->login);
	hf_jw_field(w, "name", u->name);
	put_text(w, "practitioner", u->who);
	hf_jw_field(w, "state", hf_sv_from(state_word(u)));
	hf_jw_member(w, "demonstration");
	hf_jw_bool(w, u->demonstration);
	hf_jw_member(w, "factor");
	hf_jw_bool(w, u->totp.n > 0);
	put_text(w, "issuer", u->issuer);
	put_text(w, "subject", u->subject);
	put_time(w, "created", u->created);
	put_time(w, "lastSignIn", u->signed_in);
	put_time(w, "ended", u->ended);
	hf_jw_member(w, "roles");
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		put_role(w, &roles[i], a->policy, a->now);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
print_user(struct hf_admin *a, const struct hf_account *u,
	   const struct hf_account_role *roles, size_t n)
{
	hf_buf_printf(a->out, "%-13.*s %-24.*s %-7s %-7s", HF_SV_ARG(u->id),
		      HF_SV_ARG(u->login), state_word(u),
		      u->demonstration ? "demo" : (u->totp.n ? "factor" : "-"));
	for (size_t i = 0; i < n; i++)
		if (hf_account_role_active(&roles[i], a->now))
			hf_buf_printf(a->out, " %.*s@%.*s", HF_SV_ARG(roles[i].role),
				      HF_SV_ARG(roles[i].org));
	hf_buf_char(a->out, '\n');
}

struct listing {
	bool json;
	const char *state;
	struct hf_jw w;
};

static enum hf_rc
list_page(struct hf_admin *a, struct listing *l, struct hf_sv *after, size_t *n,
	  struct hf_err *err)
{
	struct hf_arena arena = {.cap = 256 << 20};
	struct hf_db *db = hf_reader_db(a->reader);
	struct hf_account *list;
	enum hf_rc rc = hf_account_list(db, *after, PAGE, &arena, &list, n, err);

	for (size_t i = 0; rc == HF_OK && i < *n; i++) {
		struct hf_account_role *roles;
		size_t n_roles;

		if (l->state && strcmp(l->state, state_word(&list[i])) != 0)
			continue;
		rc = hf_account_roles(db, list[i].id, &arena, &roles, &n_roles, err);
		if (rc == HF_OK && l->json)
			put_user(a, &l->w, &list[i], roles, n_roles);
		else if (rc == HF_OK)
			print_user(a, &list[i], roles, n_roles);
	}
	if (rc == HF_OK && *n)
		*after = hf_arena_sv(a->arena, list[*n - 1].login);
	hf_arena_free(&arena);
	return rc;
}

int
hf_admin_user_list(struct hf_admin *a, int argc, char **argv)
{
	struct listing l = {.w.out = a->out};
	const struct hf_admin_opt opts[] = {{"json", HF_ADMIN_FLAG, &l.json},
					    {"state", HF_ADMIN_TEXT, &l.state}};
	struct hf_sv after = HF_SV("");
	struct hf_err err;
	size_t n = PAGE;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (l.json)
		hf_jw_arr(&l.w);
	else
		hf_buf_printf(a->out, "%-13s %-24s %-7s %-7s %s\n", "ID", "LOGIN",
			      "STATE", "FACTOR", "ROLES");
	while (n == PAGE)
		if (list_page(a, &l, &after, &n, &err) != HF_OK)
			return hf_admin_fail(a, &err);
	if (l.json) {
		hf_jw_arr_end(&l.w);
		hf_buf_char(a->out, '\n');
	}
	return HF_ADMIN_DONE;
}

/* ---- one account ---- */

/* The account that the first plain word names, by login or id. */
static bool
named(struct hf_admin *a, const char *word, struct hf_account *out, int *status)
{
	struct hf_err err;

	if (!word) {
		*status = hf_admin_misuse(a, "say which account: its login or id");
		return false;
	}
	if (hf_users_find(hf_reader_db(a->reader), hf_sv_from(word), a->arena, out,
			  &err) != HF_OK) {
		*status = hf_admin_fail(a, &err);
		return false;
	}
	return true;
}

int
hf_admin_user_show(struct hf_admin *a, int argc, char **argv)
{
	const char *word = NULL;
	struct hf_account_role *roles;
	struct hf_jw w = {.out = a->out};
	struct hf_account u;
	struct hf_err err;
	int status;
	size_t n;

	if (!hf_admin_options(a, NULL, 0, argc, argv, &word, 1, NULL))
		return HF_ADMIN_MISUSED;
	if (!named(a, word, &u, &status))
		return status;
	if (hf_account_roles(hf_reader_db(a->reader), u.id, a->arena, &roles, &n,
			     &err) != HF_OK)
		return hf_admin_fail(a, &err);
	put_user(a, &w, &u, roles, n);
	hf_buf_char(a->out, '\n');
	return HF_ADMIN_DONE;
}

int
hf_admin_user_role_add(struct hf_admin *a, int argc, char **argv)
{
	const char *word = NULL;
	struct role_options o = {0};
	const struct hf_admin_opt opts[] = {ROLE_OPTIONS(&o)};
	struct hf_users u = users_of(a);
	struct hf_account_role role;
	struct hf_account account;
	struct hf_err err;
	int64_t id;
	int status;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, &word, 1, NULL))
		return HF_ADMIN_MISUSED;
	if (!o.role)
		return hf_admin_misuse(a, "say which role: --role");
	if (!named(a, word, &account, &status))
		return status;
	role = role_of(a, &o);
	if (hf_users_role_add(&u, account.id, &role, &id, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "role %lld added to user/%.*s\n", (long long)id,
		      HF_SV_ARG(account.id));
	warn_unknown(a, role.org);
	return HF_ADMIN_DONE;
}

int
hf_admin_user_role_end(struct hf_admin *a, int argc, char **argv)
{
	const char *words[2] = {NULL, NULL};
	hf_time at = 0;
	const struct hf_admin_opt opts[] = {{"at", HF_ADMIN_TIME, &at}};
	struct hf_users u = users_of(a);
	struct hf_account account;
	struct hf_err err;
	int64_t role = 0;
	int status;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, words, 2, NULL))
		return HF_ADMIN_MISUSED;
	if (!words[1] || !hf_sv_int(hf_sv_from(words[1]), &role) || role <= 0)
		return hf_admin_misuse(a,
				       "say which account and the number of its role "
				       "(user show)");
	if (!named(a, words[0], &account, &status))
		return status;
	if (hf_users_role_end(&u, account.id, role, at, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "role %lld of user/%.*s ends\n", (long long)role,
		      HF_SV_ARG(account.id));
	return HF_ADMIN_DONE;
}

int
hf_admin_user_end(struct hf_admin *a, int argc, char **argv)
{
	const char *word = NULL;
	struct hf_users u = users_of(a);
	struct hf_account account;
	struct hf_err err;
	int status;

	if (!hf_admin_options(a, NULL, 0, argc, argv, &word, 1, NULL))
		return HF_ADMIN_MISUSED;
	if (!named(a, word, &account, &status))
		return status;
	if (hf_users_end(&u, account.id, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "user/%.*s has ended, with its roles and sessions\n",
		      HF_SV_ARG(account.id));
	return HF_ADMIN_DONE;
}

static int
with_new_secret(struct hf_admin *a, int argc, char **argv,
		enum hf_rc (*act)(struct hf_users *u, struct hf_sv account,
				  char one_time[HF_ONE_TIME_LEN + 1],
				  struct hf_err *err),
		const char *said)
{
	const char *word = NULL;
	char one_time[HF_ONE_TIME_LEN + 1];
	struct hf_users u = users_of(a);
	struct hf_account account;
	struct hf_err err;
	int status;

	if (!hf_admin_options(a, NULL, 0, argc, argv, &word, 1, NULL))
		return HF_ADMIN_MISUSED;
	if (!named(a, word, &account, &status))
		return status;
	if (act(&u, account.id, one_time, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "user/%.*s %s\n", HF_SV_ARG(account.id), said);
	say_one_time(a, one_time);
	return HF_ADMIN_DONE;
}

int
hf_admin_user_reset(struct hf_admin *a, int argc, char **argv)
{
	return with_new_secret(a, argc, argv, hf_users_reset,
			       "has no second factor and no session any more");
}

int
hf_admin_user_again(struct hf_admin *a, int argc, char **argv)
{
	return with_new_secret(a, argc, argv, hf_users_again,
			       "is active again, without any role");
}

int
hf_admin_user_unlock(struct hf_admin *a, int argc, char **argv)
{
	const char *word = NULL;
	struct hf_account account;
	struct hf_sign *s;
	int status;

	if (!hf_admin_options(a, NULL, 0, argc, argv, &word, 1, NULL))
		return HF_ADMIN_MISUSED;
	if (!named(a, word, &account, &status))
		return status;
	if (!a->server) {
		hf_buf_lit(a->out, "no server runs here: nobody is slowed down\n");
		return HF_ADMIN_DONE;
	}
	s = a->server->sign;
	pthread_mutex_lock(&s->throttle_lock);
	hf_throttle_forgive(s->throttle, account.login);
	pthread_mutex_unlock(&s->throttle_lock);
	hf_buf_printf(a->out, "tries for user/%.*s begin anew\n",
		      HF_SV_ARG(account.id));
	return HF_ADMIN_DONE;
}

/* The promises of server/sessions.h and server/users.h, on both engines. */
#include "test/hf_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/io/account.h"
#include "access/io/session.h"
#include "base/io/clock.h"
#include "server/sessions.h"
#include "server/users.h"
#include "test/support/store.h"

struct place {
	struct hf_test_store t;
	struct hf_arena arena;
	struct hf_policy policy;
	struct hf_sessions *sessions;
	struct hf_users users;
	char data[64];
};

static void
open_sessions(struct place *p, unsigned concurrent)
{
	struct hf_session_limits limits = hf_session_limits_default;
	struct hf_err err;

	limits.concurrent = concurrent;
	assert_int_equal(
	    hf_sessions_new(&(struct hf_sessions_config){.store = p->t.store,
							 .policy = &p->policy,
							 .data = p->data,
							 .limits = limits},
			    &p->sessions, &err),
	    HF_OK);
	p->users = (struct hf_users){.store = p->t.store,
				     .sessions = p->sessions,
				     .policy = &p->policy,
				     .actor = HF_SV("operator/0"),
				     .purpose = HF_SV("OPERATE"),
				     .arena = &p->arena,
				     .now = hf_now()};
}

static bool
open_place(struct place *p, int engine)
{
	struct hf_issues issues = {.arena = &p->arena};
	struct hf_err err;

	memset(p, 0, sizeof *p);
	p->arena.cap = 64 << 20;
	if (!hf_test_store_open(&p->t, engine))
		return false;
	snprintf(p->data, sizeof p->data, "/tmp/hf-sessions-XXXXXX");
	assert_non_null(mkdtemp(p->data));
	assert_int_equal(
	    hf_policy_load(hf_policy_builtin, &p->arena, &issues, &p->policy, &err),
	    HF_OK);
	open_sessions(p, 3);
	return true;
}

static void
close_place(struct place *p)
{
	char path[128];

	hf_sessions_free(p->sessions);
	hf_test_store_close(&p->t);
	snprintf(path, sizeof path, "%s/keys/account.key", p->data);
	unlink(path);
	snprintf(path, sizeof path, "%s/keys", p->data);
	rmdir(path);
	rmdir(p->data);
	hf_arena_free(&p->arena);
}

static struct hf_sv
add(struct place *p, const char *login, const char *role, const char *org)
{
	struct hf_user_new user = {.login = hf_sv_from(login),
				   .name = HF_SV("Test Person"),
				   .role = {.role = hf_sv_from(role),
					    .org = hf_sv_from(org),
					    .since = p->users.now,
					    .until = HF_TIME_MAX}};
	char once[HF_ONE_TIME_LEN + 1];
	struct hf_err err;
	struct hf_sv id = {NULL, 0};

	assert_int_equal(hf_users_add(&p->users, &user, &id, once, &err), HF_OK);
	assert_int_equal(strlen(once), HF_ONE_TIME_LEN);
	return id;
}

static int64_t
begin(struct place *p, struct hf_sv account, int64_t role, hf_time now,
      char token[HF_TOKEN_TEXT + 1])
{
	struct hf_session_new n = {.account = account,
				   .role = role,
				   .method = HF_SV("local"),
				   .address = HF_SV("127.0.0.1"),
				   .assurance = 2,
				   .proved = now};
	struct hf_err err = {0};
	int64_t id = 0;

	assert_int_equal(hf_sessions_begin(p->sessions, &n, now, token, &id, &err),
			 HF_OK);
	assert_true(id > 0);
	return id;
}

static enum hf_session_end
look(struct place *p, const char *token, hf_time now, struct hf_seat *out)
{
	struct hf_seat seat;

	return hf_sessions_look(p->sessions, hf_sv_from(token), now, true, &p->arena,
				out ? out : &seat);
}

/* Who was told to be gone. */
struct gone {
	int64_t ids[32];
	size_t n;
};

static void
note_gone(void *ctx, int64_t id)
{
	struct gone *g = ctx;

	assert_true(g->n < HF_COUNT(g->ids));
	g->ids[g->n++] = id;
}

static int
times_gone(const struct gone *g, int64_t id)
{
	int n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->ids[i] == id;
	return n;
}

static void
check_life(int engine)
{
	struct place p;
	struct hf_sv ada;
	char token[HF_TOKEN_TEXT + 1], next[HF_TOKEN_TEXT + 1];
	struct hf_session_change change = {.what = "prove"};
	struct hf_seat seat;
	struct hf_actor actor;
	struct hf_err err;
	struct gone gone = {.n = 0};
	hf_time now;
	int64_t id;

	if (!open_place(&p, engine)) {
		skip();
		return;
	}
	now = p.users.now;
	hf_sessions_watch(p.sessions, note_gone, &gone);
	ada = add(&p, "ada", "named-gp", "Y1");
	id = begin(&p, ada, 1, now, token);
	assert_int_equal(look(&p, token, now + 1000, &seat), HF_SESSION_LIVE);
	assert_true(seat.s.id == id && seat.s.seen == now + 1000);
	hf_seat_actor(&p.policy, &seat, true, now, &p.arena, &actor);
	assert_int_equal(actor.group, HF_GROUP_CLIN);
	assert_true(hf_sv_is(actor.org, "Y1"));
	assert_int_equal(actor.why, HF_PURPOSE_DIRECT);
	assert_true(actor.facts & HF_BIT(HF_FACT_MFA));
	assert_true(actor.facts & HF_BIT(HF_FACT_ROLE_ACTIVE));
	/* A change gives another token; the one of before is no good. */
	change.proved = now + 2000;
	assert_int_equal(hf_sessions_change(p.sessions, hf_sv_from(token), &change,
					    now + 2000, next, &err),
			 HF_OK);
	assert_int_equal(times_gone(&gone, id), 1);
	assert_int_equal(look(&p, token, now + 3000, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(look(&p, next, now + 3000, &seat), HF_SESSION_LIVE);
	assert_true(seat.s.id == id && seat.s.proved == now + 2000);
	/* It outlives the process, with when it was last used. */
	hf_sessions_free(p.sessions);
	open_sessions(&p, 3);
	assert_int_equal(look(&p, token, now + 4000, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(look(&p, next, now + 4000, &seat), HF_SESSION_LIVE);
	assert_true(seat.s.proved == now + 2000);
	assert_int_equal(look(&p, next, now + 4000 + 15 * 60000, NULL),
			 HF_SESSION_IDLE);
	/* Ended it stays ended, also for the next process. */
	hf_sessions_watch(p.sessions, note_gone, &gone);
	assert_int_equal(hf_sessions_end(p.sessions, id, HF_SESSION_SIGNED_OUT,
					 HF_SV("user/x"), &err),
			 HF_OK);
	assert_int_equal(times_gone(&gone, id), 2);
	assert_int_equal(look(&p, next, now + 5000, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(hf_sessions_end(p.sessions, id, HF_SESSION_SIGNED_OUT,
					 HF_SV("user/x"), &err),
			 HF_NOT_FOUND);
	hf_sessions_free(p.sessions);
	open_sessions(&p, 3);
	assert_int_equal(look(&p, next, now + 5000, NULL), HF_SESSION_SIGNED_OUT);
	close_place(&p);
}

HF_TEST(a_session_changes_its_token_outlives_the_process_and_ends_on_sqlite)
{
	check_life(0);
}

HF_TEST(a_session_changes_its_token_outlives_the_process_and_ends_on_postgresql)
{
	check_life(1);
}

static void
check_leaving(int engine)
{
	struct place p;
	struct hf_sv ada, bea;
	char a[HF_TOKEN_TEXT + 1], a2[HF_TOKEN_TEXT + 1], b[HF_TOKEN_TEXT + 1];
	char once[HF_ONE_TIME_LEN + 1];
	struct gone gone = {.n = 0};
	struct hf_account_role role = {
	    .role = HF_SV("clinical-lead"), .org = HF_SV("Y2"), .until = HF_TIME_MAX};
	struct hf_session_new n = {.method = HF_SV("local"), .assurance = 2};
	struct hf_account account;
	struct hf_err err;
	int64_t other = 0, id;
	hf_time now;

	if (!open_place(&p, engine)) {
		skip();
		return;
	}
	now = p.users.now;
	ada = add(&p, "ada", "named-gp", "Y1");
	bea = add(&p, "bea", "named-gp", "Y1");
	role.since = now;
	assert_int_equal(hf_users_role_add(&p.users, ada, &role, &other, &err), HF_OK);
	/* The same role twice at once is refused. */
	assert_int_equal(hf_users_role_add(&p.users, ada, &role, &id, &err), HF_EXISTS);
	begin(&p, ada, 1, now, a);
	begin(&p, ada, other, now, a2);
	id = begin(&p, bea, 2, now, b);
	hf_sessions_watch(p.sessions, note_gone, &gone);
	/* A mover: the role's sessions end, the others stay. */
	assert_int_equal(hf_users_role_end(&p.users, ada, 1, 0, &err), HF_OK);
	assert_int_equal(look(&p, a, now + 1, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(look(&p, a2, now + 1, NULL), HF_SESSION_LIVE);
	assert_int_equal(hf_users_role_end(&p.users, ada, 1, 0, &err), HF_RULE);
	assert_int_equal(hf_users_role_end(&p.users, bea, other, 0, &err),
			 HF_NOT_FOUND);
	/* Somebody else's role begins no session. */
	n.account = bea;
	n.role = other;
	assert_int_equal(hf_sessions_begin(p.sessions, &n, now, a, &id, &err),
			 HF_FORBIDDEN);
	/* A leaver. */
	assert_int_equal(hf_users_end(&p.users, ada, &err), HF_OK);
	assert_int_equal(look(&p, a2, now + 2, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(look(&p, b, now + 2, NULL), HF_SESSION_LIVE);
	assert_true(gone.n >= 2 && times_gone(&gone, id) == 0);
	hf_sessions_watch(p.sessions, NULL, NULL);
	assert_int_equal(hf_users_end(&p.users, ada, &err), HF_RULE);
	assert_int_equal(hf_users_role_add(&p.users, ada, &role, &id, &err), HF_RULE);
	assert_int_equal(hf_users_reset(&p.users, ada, once, &err), HF_RULE);
	assert_string_equal(once, "");
	/* And back, with nothing of before. */
	assert_int_equal(hf_users_again(&p.users, ada, once, &err), HF_OK);
	assert_int_equal(strlen(once), HF_ONE_TIME_LEN);
	assert_int_equal(hf_users_find(hf_reader_db(p.t.reader), HF_SV("ADA"), &p.arena,
				       &account, &err),
			 HF_OK);
	assert_int_equal(account.state, HF_ACCOUNT_ACTIVE);
	assert_true(hf_password_is(hf_sv_from(once), account.secret));
	/* The registration authority: sessions end, a new password is given. */
	assert_int_equal(hf_users_reset(&p.users, bea, once, &err), HF_OK);
	assert_int_equal(look(&p, b, now + 3, NULL), HF_SESSION_SIGNED_OUT);
	close_place(&p);
}

HF_TEST(movers_and_leavers_lose_their_sessions_on_sqlite)
{
	check_leaving(0);
}

HF_TEST(movers_and_leavers_lose_their_sessions_on_postgresql)
{
	check_leaving(1);
}

HF_TEST(an_account_has_no_more_sessions_than_it_may)
{
	struct place p;
	struct hf_sv ada;
	char token[6][HF_TOKEN_TEXT + 1];
	struct hf_seat *list;
	struct hf_err err;
	hf_time now;
	size_t n;

	assert_true(open_place(&p, 0));
	now = p.users.now;
	ada = add(&p, "ada", "named-gp", "Y1");
	for (int i = 0; i < 3; i++)
		begin(&p, ada, 1, now + i, token[i]);
	/* The first is used again: the second is the one used least lately. */
	assert_int_equal(look(&p, token[0], now + 100, NULL), HF_SESSION_LIVE);
	begin(&p, ada, 1, now + 200, token[3]);
	assert_int_equal(look(&p, token[1], now + 201, NULL), HF_SESSION_SIGNED_OUT);
	assert_int_equal(look(&p, token[0], now + 201, NULL), HF_SESSION_LIVE);
	assert_int_equal(hf_sessions_list(p.sessions, ada, now + 300, 100, &p.arena,
					  &list, &n, &err),
			 HF_OK);
	assert_int_equal(n, 3);
	assert_int_equal(hf_sessions_end_others(p.sessions, ada, list[0].s.id,
						HF_SESSION_RESET, HF_SV("user/x"),
						&err),
			 HF_OK);
	assert_int_equal(hf_sessions_list(p.sessions, ada, now + 300, 100, &p.arena,
					  &list, &n, &err),
			 HF_OK);
	assert_int_equal(n, 1);
	close_place(&p);
}

HF_TEST(what_a_look_up_found_over_is_over)
{
	struct place p;
	char token[HF_TOKEN_TEXT + 1];
	struct hf_sv ada;
	hf_time now;

	assert_true(open_place(&p, 0));
	now = p.users.now;
	ada = add(&p, "ada", "named-gp", "Y1");
	begin(&p, ada, 1, now, token);
	hf_sessions_over(p.sessions, hf_sv_from(token), HF_SESSION_ORG);
	assert_int_equal(look(&p, token, now + 1, NULL), HF_SESSION_ORG);
	/* The clerk writes so at the latest when the server ends. */
	hf_sessions_free(p.sessions);
	open_sessions(&p, 3);
	assert_int_equal(look(&p, token, now + 2, NULL), HF_SESSION_SIGNED_OUT);
	close_place(&p);
}

HF_TEST(who_shares_machines_has_a_short_idle_time)
{
	struct place p;
	struct hf_sv id = {NULL, 0};
	char token[HF_TOKEN_TEXT + 1], once[HF_ONE_TIME_LEN + 1];
	struct hf_user_new user = {.login = HF_SV("ward"),
				   .name = HF_SV("Ward"),
				   .role = {.role = HF_SV("R8003"),
					    .org = HF_SV("Y1"),
					    .flags = HF_ROLE_KIOSK,
					    .until = HF_TIME_MAX}};
	struct hf_err err;
	hf_time now;

	assert_true(open_place(&p, 0));
	now = user.role.since = p.users.now;
	assert_int_equal(hf_users_add(&p.users, &user, &id, once, &err), HF_OK);
	begin(&p, id, 1, now, token);
	assert_int_equal(look(&p, token, now + 5 * 60000, NULL), HF_SESSION_IDLE);
	close_place(&p);
}

/* ---- many at once ---- */

struct crowd {
	struct place *p;
	struct hf_sv account;
	char token[HF_TOKEN_TEXT + 1];
	_Atomic int rounds;
	_Atomic bool stop;
};

static void *
look_on(void *arg)
{
	struct crowd *c = arg;
	struct hf_arena arena = {.cap = 1 << 20};

	while (!atomic_load(&c->stop)) {
		struct hf_seat seat, *list;
		size_t n;

		if (hf_sessions_look(c->p->sessions, hf_sv_from(c->token), hf_now(),
				     true, &arena, &seat) == HF_SESSION_LIVE)
			assert_true(hf_sv_eq(seat.s.account, c->account));
		assert_int_equal(hf_sessions_list(c->p->sessions, c->account, hf_now(),
						  10, &arena, &list, &n, NULL),
				 HF_OK);
		atomic_fetch_add(&c->rounds, 1);
		hf_arena_reset(&arena);
	}
	hf_arena_free(&arena);
	return NULL;
}

HF_TEST(sessions_are_looked_up_while_others_begin_change_and_end)
{
	enum { LOOKERS = 3, TURNS = 20 };
	struct place p;
	struct crowd c[LOOKERS];
	pthread_t threads[LOOKERS];
	char token[HF_TOKEN_TEXT + 1], next[HF_TOKEN_TEXT + 1];
	struct hf_session_change change = {.what = "prove", .proved = 1};
	struct hf_err err;
	struct hf_sv ada;

	assert_true(open_place(&p, 0));
	ada = add(&p, "ada", "named-gp", "Y1");
	for (size_t i = 0; i < LOOKERS; i++) {
		memset(&c[i], 0, sizeof c[i]);
		c[i].p = &p;
		c[i].account = ada;
		begin(&p, ada, 1, hf_now(), c[i].token);
		assert_int_equal(pthread_create(&threads[i], NULL, look_on, &c[i]), 0);
	}
	for (int i = 0; i < TURNS; i++) {
		int64_t id = begin(&p, ada, 1, hf_now(), token);

		assert_int_equal(hf_sessions_change(p.sessions, hf_sv_from(token),
						    &change, hf_now(), next, &err),
				 HF_OK);
		hf_sessions_changed(p.sessions, ada);
		hf_sessions_over(p.sessions, hf_sv_from(next), HF_SESSION_ROLE);
		assert_int_equal(hf_sessions_end(p.sessions, id, HF_SESSION_SIGNED_OUT,
						 HF_SV("user/x"), &err),
				 HF_OK);
	}
	for (size_t i = 0; i < LOOKERS; i++) {
		atomic_store(&c[i].stop, true);
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(atomic_load(&c[i].rounds) > 0);
	}
	close_place(&p);
}

HF_TEST(a_role_says_what_it_lacks)
{
	static const struct {
		const char *role, *org, *supervisor, *path;
	} bad[] = {
	    {"no-such-role", "Y1", "", "role"},	 {"named-gp", "", "", "org"},
	    {"named-gp", "y1", "", "org"},	 {"system", "Y1", "", "role"},
	    {"patient", "", "", "practitioner"}, {"R8004", "Y1", "", "supervisor"}};
	struct place p;
	char once[HF_ONE_TIME_LEN + 1];
	struct hf_sv id;
	struct hf_err err;

	assert_true(open_place(&p, 0));
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_user_new user = {
		    .login = HF_SV("x"),
		    .name = HF_SV("X"),
		    .role = {.role = hf_sv_from(bad[i].role),
			     .org = hf_sv_from(bad[i].org),
			     .supervisor = hf_sv_from(bad[i].supervisor),
			     .since = 1,
			     .until = HF_TIME_MAX}};

		assert_int_equal(hf_users_add(&p.users, &user, &id, once, &err),
				 HF_INVALID);
		assert_string_equal(err.path, bad[i].path);
	}
	close_place(&p);
}

HF_TEST_MAIN(
    "server/sessions",
    cmocka_unit_test(
	a_session_changes_its_token_outlives_the_process_and_ends_on_sqlite),
    cmocka_unit_test(
	a_session_changes_its_token_outlives_the_process_and_ends_on_postgresql),
    cmocka_unit_test(movers_and_leavers_lose_their_sessions_on_sqlite),
    cmocka_unit_test(movers_and_leavers_lose_their_sessions_on_postgresql),
    cmocka_unit_test(an_account_has_no_more_sessions_than_it_may),
    cmocka_unit_test(what_a_look_up_found_over_is_over),
    cmocka_unit_test(who_shares_machines_has_a_short_idle_time),
    cmocka_unit_test(sessions_are_looked_up_while_others_begin_change_and_end),
    cmocka_unit_test(a_role_says_what_it_lacks))

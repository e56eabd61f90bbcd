/* Many move referrals at once while the clocks run: nothing is lost, no slot stays
 * taken, and the table says what the record says. */
#include "hub_place.h"

#include <pthread.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "hub/io/hub_int.h"

enum { THREADS = 8, EACH = 25 };

struct mover {
	struct place_at *f;
	pthread_t thread;
	struct hf_sv ids[EACH];
	char kept[EACH][72];
	struct hf_err err;
	size_t wrong;
};

static bool
is_for_now(enum hf_rc rc, const struct hf_err *err)
{
	return rc == HF_STALE || (rc == HF_RULE && strcmp(err->path, "team") == 0);
}

static void
one_move(struct mover *m, struct hf_reader *reader, struct hf_arena *arena, size_t i,
	 const struct hf_hub_actor *who, const char *event, const char *facts,
	 const char *team)
{
	struct hf_hub_move move = {.id = m->ids[i],
				   .event = hf_sv_from(event),
				   .facts = hf_sv_from(facts),
				   .note = HF_SV("why"),
				   .team = hf_sv_from(team)};
	struct hf_hub_work *work;
	enum hf_rc rc = HF_STALE;

	if (m->wrong)
		return; /* its error is the one to tell */
	/* The clocks may be faster, or all slots of the team be reserved just now. */
	for (int tries = 0; is_for_now(rc, &m->err) && tries < 200; tries++) {
		if (tries)
			usleep(2000);
		hf_arena_reset(arena);
		move.at = hf_now();
		rc = hf_hub_move(m->f->hub, reader, who, &move, arena, &work, &m->err);
		if (rc == HF_OK)
			rc = hf_hub_commit(m->f->hub, reader, work, &m->err);
	}
	m->wrong += rc != HF_OK;
}

static void
one_submit(struct mover *m, struct hf_reader *reader, struct hf_arena *arena, size_t i)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_hub_work *work;
	struct hf_intake in;
	struct hf_json doc;
	enum hf_rc rc;

	hf_arena_reset(arena);
	rc = hf_json_parse(
	    i % 2
		? HF_SV("{\"person\":{\"id\":\"p2\"},\"asked\":\"U5\"," INTAKE "}")
		: HF_SV("{\"person\":{\"unknown\":true},\"asked\":\"U5\"," INTAKE "}"),
	    NULL, arena, &doc, &m->err);
	if (rc == HF_OK)
		rc = hf_intake_read(&doc, 0, arena, &issues, &in, &m->err);
	/* Long ago, so that its clocks warn and run out while it is moved. */
	if (rc == HF_OK)
		rc = hf_hub_submit(m->f->hub, reader, &m->f->hub_user, &in,
				   hf_now() - 30 * 86400000LL, arena, &work, &m->err);
	if (rc == HF_OK)
		rc = hf_hub_commit(m->f->hub, reader, work, &m->err);
	m->wrong += rc != HF_OK;
	if (rc == HF_OK)
		snprintf(m->kept[i], sizeof m->kept[i], "%.*s", HF_SV_ARG(work->id));
	m->ids[i] = hf_sv_from(m->kept[i]);
}

static void *
move_them(void *arg)
{
	struct mover *m = arg;
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_reader *reader;
	const struct hf_hub_actor *hub = &m->f->hub_user, *team = &m->f->team_user;
	struct hf_hub_teams teams;

	if (hf_reader_get(m->f->t.store, &reader, &m->err) != HF_OK) {
		m->wrong++;
		return NULL;
	}
	for (size_t i = 0; i < EACH; i++)
		one_submit(m, reader, &arena, i);
	for (size_t i = 0; i < EACH; i++) {
		one_move(m, reader, &arena, i, hub, "open-triage", "", "");
		one_move(m, reader, &arena, i, hub, "accept",
			 "{\"urgency\":\"U5\",\"condition\":\"fall\",\"skills\":"
			 "[\"nursing\"]}",
			 "");
		hf_arena_reset(&arena);
		m->wrong += hf_hub_teams(m->f->hub, m->ids[i], NULL, hf_now(), &arena,
					 &teams, &m->err) != HF_OK;
		one_move(m, reader, &arena, i, hub, "allocate", "", "t2");
		one_move(m, reader, &arena, i, team, "team-accept", "", "");
		if (i % 2)
			one_move(m, reader, &arena, i, hub, "cancel",
				 "{\"reason\":\"patient\"}", "");
	}
	hf_reader_put(reader);
	hf_arena_free(&arena);
	return NULL;
}

static bool
count_row(void *ctx, const struct hf_hub_row *row)
{
	size_t *n = ctx;

	*n += row->open;
	return true;
}

/* The table after all of it, and what another hub reads from the record. */
static void
compare(struct place_at *f, const struct mover *movers)
{
	struct hf_hub_config config = {.store = f->t.store};
	struct hf_hub *again;
	struct hf_hub_row a, b;
	size_t n = 0, m = 0;

	assert_int_equal(hf_hub_open(&config, &again, &f->err), HF_OK);
	hf_hub_rows(f->hub, count_row, &n);
	hf_hub_rows(again, count_row, &m);
	assert_int_equal(n, m);
	assert_int_equal(n, THREADS * ((EACH + 1) / 2));
	for (size_t t = 0; t < THREADS; t++)
		for (size_t i = 0; i < EACH; i += 2) {
			assert_true(
			    hf_hub_row(f->hub, movers[t].ids[i], &f->t.arena, &a));
			assert_true(
			    hf_hub_row(again, movers[t].ids[i], &f->t.arena, &b));
			assert_int_equal(a.version, b.version);
			assert_int_equal(a.state, b.state);
			assert_true(a.wake == b.wake);
			assert_sv_equal(a.team, "t2");
		}
	hf_hub_close(again);
}

static void
slots_are_free(struct place_at *f)
{
	struct hf_hub_teams teams;

	assert_int_equal(hf_hub_teams(f->hub, (struct hf_sv){0}, NULL, hf_now(),
				      &f->t.arena, &teams, &f->err),
			 HF_OK);
	/* U5 with nobody on the way holds none. */
	for (size_t i = 0; i < teams.directory.n; i++)
		assert_int_equal(teams.committed[i], 0);
}

ON_BOTH(eight_move_two_hundred_referrals_while_the_clocks_run)
{
	struct hf_hub_config config = {
	    .store = f->t.store, .changed = told, .ctx = f, .clocks = true};
	struct mover movers[THREADS] = {0};

	hf_hub_close(f->hub);
	assert_int_equal(hf_hub_open(&config, &f->hub, &f->err), HF_OK);
	for (size_t t = 0; t < THREADS; t++) {
		movers[t].f = f;
		assert_int_equal(
		    pthread_create(&movers[t].thread, NULL, move_them, &movers[t]), 0);
	}
	for (size_t t = 0; t < THREADS; t++)
		pthread_join(movers[t].thread, NULL);
	for (size_t t = 0; t < THREADS; t++)
		if (movers[t].wrong)
			fail_msg("%zu: %s: %s", movers[t].wrong, movers[t].err.path,
				 movers[t].err.text);
	hf_clock_stop(f->hub);
	compare(f, movers);
	slots_are_free(f);
}

HF_TEST_MAIN("hub/threads",
	     cmocka_unit_test(eight_move_two_hundred_referrals_while_the_clocks_run))

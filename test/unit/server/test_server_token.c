/* The promises of server/token.h. */
#include "test/hf_test.h"

#include <pthread.h>

#include "server/token.h"

static struct hf_arena arena = {.cap = 64 << 20};
static const hf_time now = 1767268800000;

static struct hf_grant
grant_of(const char *client)
{
	return (struct hf_grant){.client = hf_sv_from(client),
				 .family = HF_SV("family"),
				 .patient = HF_SV("Patient/p1"),
				 .issued = now,
				 .until = now + 1000};
}

static struct hf_sv
give(struct hf_tokens *t, enum hf_ticket kind, const struct hf_grant *g)
{
	struct hf_sv ticket;
	struct hf_err err;

	assert_int_equal(hf_tokens_give(t, kind, g, &arena, &ticket, &err), HF_OK);
	assert_int_equal(ticket.n, 43);
	return ticket;
}

static enum hf_rc
look(struct hf_tokens *t, enum hf_ticket kind, struct hf_sv ticket, hf_time at,
     struct hf_grant *out)
{
	struct hf_err err = {0};
	enum hf_rc rc = hf_tokens_look(t, kind, ticket, at, &arena, out, &err);

	assert_true(rc == HF_OK || err.text[0]);
	return rc;
}

static struct hf_tokens *
table(void)
{
	struct hf_tokens *t;
	struct hf_err err;

	assert_int_equal(hf_tokens_new(&t, &err), HF_OK);
	return t;
}

HF_TEST(a_token_gives_its_grant_until_its_time_is_over)
{
	struct hf_tokens *t = table();
	struct hf_grant g = grant_of("c1"), out;
	struct hf_sv one = give(t, HF_TICKET_ACCESS, &g);
	struct hf_sv two = give(t, HF_TICKET_ACCESS, &g);

	assert_false(hf_sv_eq(one, two));
	assert_int_equal(look(t, HF_TICKET_ACCESS, one, now + 999, &out), HF_OK);
	assert_sv_equal(out.client, "c1");
	assert_sv_equal(out.patient, "Patient/p1");
	assert_int_equal(out.account.n, 0);
	assert_int_equal(look(t, HF_TICKET_ACCESS, one, now + 1000, &out), HF_LOGIN);
	assert_int_equal(look(t, HF_TICKET_CODE, two, now, &out), HF_LOGIN);
	assert_int_equal(look(t, HF_TICKET_ACCESS, HF_SV("x"), now, &out), HF_LOGIN);
	assert_int_equal(look(t, HF_TICKET_ACCESS, HF_SV(""), now, &out), HF_LOGIN);
	hf_tokens_free(t);
}

HF_TEST(a_code_is_taken_once_and_the_second_time_tells_what_it_was_for)
{
	struct hf_tokens *t = table();
	struct hf_grant g = grant_of("c1"), out;
	struct hf_sv code = give(t, HF_TICKET_CODE, &g);
	struct hf_err err;

	assert_int_equal(
	    hf_tokens_take(t, HF_TICKET_CODE, code, now, &arena, &out, &err), HF_OK);
	memset(&out, 0, sizeof out);
	assert_int_equal(
	    hf_tokens_take(t, HF_TICKET_CODE, code, now, &arena, &out, &err), HF_STALE);
	assert_sv_equal(out.family, "family");
	assert_int_equal(look(t, HF_TICKET_CODE, code, now, &out), HF_LOGIN);
	assert_int_equal(
	    hf_tokens_take(t, HF_TICKET_CODE, code, now + 1000, &arena, &out, &err),
	    HF_LOGIN);
	hf_tokens_free(t);
}

HF_TEST(dropping_takes_away_what_is_meant_and_nothing_else)
{
	struct hf_tokens *t = table();
	struct hf_grant a = grant_of("a"), b = grant_of("b"), out;
	struct hf_sv a1, a2, b1;

	b.family = HF_SV("other");
	a1 = give(t, HF_TICKET_ACCESS, &a);
	a2 = give(t, HF_TICKET_ACCESS, &a);
	b1 = give(t, HF_TICKET_ACCESS, &b);
	hf_tokens_drop(t, a1);
	assert_int_equal(look(t, HF_TICKET_ACCESS, a1, now, &out), HF_LOGIN);
	assert_int_equal(look(t, HF_TICKET_ACCESS, a2, now, &out), HF_OK);
	hf_tokens_drop_family(t, HF_SV("family"));
	assert_int_equal(look(t, HF_TICKET_ACCESS, a2, now, &out), HF_LOGIN);
	assert_int_equal(look(t, HF_TICKET_ACCESS, b1, now, &out), HF_OK);
	/* No family is not a family. */
	hf_tokens_drop_family(t, HF_SV(""));
	assert_int_equal(look(t, HF_TICKET_ACCESS, b1, now, &out), HF_OK);
	hf_tokens_drop_client(t, HF_SV("b"));
	assert_int_equal(look(t, HF_TICKET_ACCESS, b1, now, &out), HF_LOGIN);
	hf_tokens_free(t);
}

HF_TEST(a_name_is_new_once_for_each_owner_and_again_when_its_time_is_over)
{
	struct hf_tokens *t = table();

	assert_true(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 1000, now));
	assert_false(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 1000, now + 1));
	assert_true(hf_tokens_first(t, HF_SV("d"), HF_SV("j"), now + 1000, now));
	/* "c" "j" is not "cj" "". */
	assert_true(hf_tokens_first(t, HF_SV("cj"), HF_SV(""), now + 1000, now));
	assert_true(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 3000, now + 1000));
	assert_false(
	    hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 3000, now + 2000));
	hf_tokens_free(t);
}

HF_TEST(a_pace_lets_a_burst_through_and_then_so_many_a_minute)
{
	struct hf_tokens *t = table();
	int n = 0;

	for (int i = 0; i < 20; i++)
		n += hf_tokens_pace(t, HF_SV("c"), 10, 60, now);
	assert_int_equal(n, 10);
	assert_true(hf_tokens_pace(t, HF_SV("other"), 10, 60, now));
	assert_true(hf_tokens_pace(t, HF_SV("c"), 10, 60, now + 1000));
	assert_false(hf_tokens_pace(t, HF_SV("c"), 10, 60, now + 1000));
	for (int i = n = 0; i < 20; i++)
		n += hf_tokens_pace(t, HF_SV("c"), 10, 60, now + 3600 * 1000);
	assert_int_equal(n, 10);
	hf_tokens_free(t);
}

HF_TEST(the_table_is_bounded_and_what_is_over_makes_room)
{
	struct hf_tokens *t = table();
	struct hf_arena own = {.cap = 64 << 20};
	struct hf_grant g = grant_of("c");
	struct hf_sv ticket;
	struct hf_err err = {0};

	for (int i = 0; i < HF_TOKENS_MAX; i++) {
		assert_int_equal(
		    hf_tokens_give(t, HF_TICKET_ACCESS, &g, &own, &ticket, &err),
		    HF_OK);
		hf_arena_reset(&own);
	}
	assert_int_equal(hf_tokens_give(t, HF_TICKET_ACCESS, &g, &own, &ticket, &err),
			 HF_BUSY);
	assert_false(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 1000, now));
	g.issued = now + 2000;
	g.until = now + 4000;
	assert_int_equal(hf_tokens_give(t, HF_TICKET_ACCESS, &g, &own, &ticket, &err),
			 HF_OK);
	assert_true(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 9000, now + 2000));
	hf_arena_free(&own);
	hf_tokens_free(t);
}

HF_TEST(who_has_proved_nothing_takes_no_room_from_others)
{
	struct hf_tokens *t = table();
	struct hf_arena own = {.cap = 64 << 20};
	struct hf_grant g = grant_of("c");
	struct hf_sv ticket;
	struct hf_err err = {0};
	char name[32];

	for (int i = 0; i < HF_TOKENS_OPEN - 10; i++) {
		enum hf_ticket kind = i % 2 ? HF_TICKET_ASK : HF_TICKET_OIDC;

		assert_int_equal(hf_tokens_give(t, kind, &g, &own, &ticket, &err),
				 HF_OK);
		hf_arena_reset(&own);
	}
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof name, "192.0.2.%d", i);
		assert_true(hf_tokens_pace_address(t, hf_sv_from(name), 5, 5, now));
	}
	assert_false(hf_tokens_pace_address(t, HF_SV("198.51.100.1"), 5, 5, now));
	assert_true(hf_tokens_pace_address(t, HF_SV("192.0.2.1"), 5, 5, now));
	assert_int_equal(hf_tokens_give(t, HF_TICKET_ASK, &g, &own, &ticket, &err),
			 HF_BUSY);
	assert_int_equal(hf_tokens_give(t, HF_TICKET_ACCESS, &g, &own, &ticket, &err),
			 HF_OK);
	assert_true(hf_tokens_first(t, HF_SV("c"), HF_SV("j"), now + 1000, now));
	hf_arena_free(&own);
	hf_tokens_free(t);
}

/* ---- many at once ---- */

struct crowd {
	struct hf_tokens *t;
	int number, first;
};

static void *
work(void *ctx)
{
	struct crowd *c = ctx;
	struct hf_arena own = {.cap = 8 << 20};
	struct hf_err err;
	char name[32];

	for (int i = 0; i < 500; i++) {
		struct hf_grant g = grant_of("c"), out;
		struct hf_sv ticket;

		if (hf_tokens_give(c->t, HF_TICKET_ACCESS, &g, &own, &ticket, &err) ||
		    hf_tokens_look(c->t, HF_TICKET_ACCESS, ticket, now, &own, &out,
				   &err))
			abort();
		if (i % 3 == 0)
			hf_tokens_drop(c->t, ticket);
		if (i % 100 == 0)
			hf_tokens_drop_family(c->t, HF_SV("nobody"));
		snprintf(name, sizeof name, "%d", i);
		c->first +=
		    hf_tokens_first(c->t, HF_SV("c"), hf_sv_from(name), now + 1, now);
		hf_arena_reset(&own);
	}
	hf_arena_free(&own);
	return NULL;
}

HF_TEST(of_many_threads_that_bring_one_name_one_is_the_first)
{
	struct crowd crowd[4];
	pthread_t threads[4];
	struct hf_tokens *t = table();
	int first = 0;

	for (int i = 0; i < 4; i++) {
		crowd[i] = (struct crowd){t, i, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, work, &crowd[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		first += crowd[i].first;
	}
	assert_int_equal(first, 500);
	hf_tokens_free(t);
}

HF_TEST_MAIN(
    "server/token", cmocka_unit_test(a_token_gives_its_grant_until_its_time_is_over),
    cmocka_unit_test(a_code_is_taken_once_and_the_second_time_tells_what_it_was_for),
    cmocka_unit_test(dropping_takes_away_what_is_meant_and_nothing_else),
    cmocka_unit_test(a_name_is_new_once_for_each_owner_and_again_when_its_time_is_over),
    cmocka_unit_test(a_pace_lets_a_burst_through_and_then_so_many_a_minute),
    cmocka_unit_test(the_table_is_bounded_and_what_is_over_makes_room),
    cmocka_unit_test(who_has_proved_nothing_takes_no_room_from_others),
    cmocka_unit_test(of_many_threads_that_bring_one_name_one_is_the_first))

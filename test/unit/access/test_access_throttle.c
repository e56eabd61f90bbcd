/* The promises of access/throttle.h: who guesses waits, and nobody else. */
#include "test/hf_test.h"

#include <stdlib.h>

#include "access/throttle.h"

static const hf_time second = 1000, minute = 60000, noon = 1800000000000;

static struct hf_throttle *
new_throttle(void)
{
	struct hf_throttle *t = calloc(1, sizeof *t);

	assert_non_null(t);
	memset(t->key, 7, sizeof t->key);
	return t;
}

static struct hf_throttle_who
who(const char *login, const char *address)
{
	return (struct hf_throttle_who){hf_sv_from(login), hf_sv_from(address),
					HF_SV("")};
}

static struct hf_throttle_who
known(const char *login, const char *address)
{
	struct hf_throttle_who w = who(login, address);

	w.device = HF_SV("device-00001");
	return w;
}

HF_TEST(after_five_failures_each_next_one_doubles_the_wait)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who w = who("ada", "192.0.2.1");
	hf_time now = noon, last = 0;

	for (int i = 0; i < 5; i++) {
		assert_int_equal(hf_throttle_ask(t, &w, now), 0);
		hf_throttle_failed(t, &w, now);
	}
	for (int i = 0; i < 10; i++) {
		hf_time wait = hf_throttle_ask(t, &w, now);

		assert_true(wait > 0 && wait <= 5 * minute);
		assert_true(wait >= last);
		assert_true(i == 0 || wait == 2 * last || wait == 5 * minute);
		last = wait;
		/* Not a moment earlier, and then at once. */
		assert_true(hf_throttle_ask(t, &w, now + wait - 1) > 0);
		now += wait;
		assert_int_equal(hf_throttle_ask(t, &w, now), 0);
		hf_throttle_failed(t, &w, now);
	}
	assert_int_equal(last, 5 * minute);
	/* It is forgotten after a quarter of an hour. */
	assert_int_equal(hf_throttle_ask(t, &w, now + 15 * minute), 0);
	free(t);
}

HF_TEST(guessing_one_login_from_one_place_stops_neither_others_nor_elsewhere)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who bad = who("ada", "192.0.2.1");

	for (int i = 0; i < 12; i++)
		hf_throttle_failed(t, &bad, noon);
	assert_true(hf_throttle_ask(t, &bad, noon) > 0);
	assert_int_equal(
	    hf_throttle_ask(
		t, &(struct hf_throttle_who){HF_SV("bea"), bad.address, HF_SV("")},
		noon),
	    0);
	bad.address = HF_SV("192.0.2.2");
	assert_int_equal(hf_throttle_ask(t, &bad, noon), 0);
	free(t);
}

HF_TEST(whatever_the_world_tries_a_known_device_is_let_in)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who ada = known("ada", "198.51.100.1");
	char address[32];
	hf_time now = noon;

	/* Ten thousand places guess, one of them the owner's own network. */
	for (int i = 0; i < 10000; i++) {
		struct hf_throttle_who w;

		snprintf(address, sizeof address, "10.%d.%d.1", i / 256, i % 256);
		w = who("ada", i % 3 ? address : "198.51.100.1");
		hf_throttle_failed(t, &w, now);
		now += 10;
		assert_int_equal(hf_throttle_ask(t, &ada, now), 0);
	}
	free(t);
}

HF_TEST(a_login_guessed_from_everywhere_gets_a_turn_every_five_seconds)
{
	struct hf_throttle *t = new_throttle();
	hf_time now = noon;
	unsigned through = 0;
	char address[32];

	for (int i = 0; i < 20; i++) {
		struct hf_throttle_who w;

		snprintf(address, sizeof address, "10.0.%d.1", i);
		w = who("ada", address);
		assert_int_equal(hf_throttle_ask(t, &w, now), 0);
		hf_throttle_failed(t, &w, now);
	}
	/* A minute of tries from ever new places, ten a second. */
	for (int i = 0; i < 600; i++) {
		struct hf_throttle_who w;

		snprintf(address, sizeof address, "10.1.%d.%d", i / 250, i % 250);
		w = who("ada", address);
		if (hf_throttle_ask(t, &w, now) == 0) {
			through++;
			hf_throttle_failed(t, &w, now);
		}
		now += 100;
	}
	assert_in_range(through, 10, 13);
	/* Unlocked by an administrator it begins anew. */
	hf_throttle_forgive(t, HF_SV("ada"));
	assert_int_equal(
	    hf_throttle_ask(
		t,
		&(struct hf_throttle_who){HF_SV("ada"), HF_SV("10.9.9.9"), HF_SV("")},
		now),
	    0);
	free(t);
}

HF_TEST(an_address_that_guesses_all_logins_gets_a_turn_every_two_seconds)
{
	struct hf_throttle *t = new_throttle();
	hf_time now = noon;
	unsigned through = 0;
	char login[32];

	for (int i = 0; i < 660; i++) {
		struct hf_throttle_who w;

		snprintf(login, sizeof login, "user%d", i);
		w = who(login, "192.0.2.1");
		if (hf_throttle_ask(t, &w, now) == 0) {
			through++;
			hf_throttle_failed(t, &w, now);
		}
		now += 100;
	}
	/* Sixty, then one in two seconds for the other minute. */
	assert_in_range(through, 88, 92);
	free(t);
}

HF_TEST(a_stolen_device_cookie_gives_ten_guesses)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who thief = known("ada", "203.0.113.9");
	int n = 0;

	while (n < 100 && hf_throttle_ask(t, &thief, noon + n) == 0) {
		hf_throttle_failed(t, &thief, noon + n);
		n++;
	}
	/* Ten as a known device, then as many as anybody else. */
	assert_in_range(n, 15, 15);
	free(t);
}

HF_TEST(who_got_in_begins_anew)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who w = who("ada", "192.0.2.1");

	for (int i = 0; i < 8; i++)
		hf_throttle_failed(t, &w, noon);
	assert_true(hf_throttle_ask(t, &w, noon) > 0);
	hf_throttle_passed(t, &w);
	assert_int_equal(hf_throttle_ask(t, &w, noon), 0);
	free(t);
}

HF_TEST(counters_that_count_are_kept_when_many_new_ones_come)
{
	struct hf_throttle *t = new_throttle();
	struct hf_throttle_who w = who("ada", "192.0.2.1");
	char login[32], address[32];

	for (int i = 0; i < 40; i++)
		hf_throttle_failed(t, &w, noon);
	/* Two failures each from a hundred thousand others do not push it out. */
	for (int i = 0; i < 100000; i++) {
		struct hf_throttle_who o;

		snprintf(login, sizeof login, "u%d", i);
		snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16, i >> 8 & 255,
			 i & 255);
		o = who(login, address);
		hf_throttle_failed(t, &o, noon + i % 1000);
	}
	assert_true(hf_throttle_ask(t, &w, noon + second) > 0);
	free(t);
}

HF_TEST(any_text_may_be_a_login_and_an_address)
{
	struct hf_throttle *t = new_throttle();
	char long_text[4096];
	struct hf_throttle_who w = {{long_text, sizeof long_text},
				    {long_text, sizeof long_text},
				    {long_text, sizeof long_text}};

	memset(long_text, 'x', sizeof long_text);
	for (int i = 0; i < 30; i++)
		hf_throttle_failed(t, &w, noon);
	assert_true(hf_throttle_ask(t, &w, noon) > 0);
	w = (struct hf_throttle_who){{NULL, 0}, {NULL, 0}, {NULL, 0}};
	assert_int_equal(hf_throttle_ask(t, &w, noon), 0);
	hf_throttle_failed(t, &w, noon);
	hf_throttle_passed(t, &w);
	free(t);
}

HF_TEST_MAIN(
    "access/throttle",
    cmocka_unit_test(after_five_failures_each_next_one_doubles_the_wait),
    cmocka_unit_test(
	guessing_one_login_from_one_place_stops_neither_others_nor_elsewhere),
    cmocka_unit_test(whatever_the_world_tries_a_known_device_is_let_in),
    cmocka_unit_test(a_login_guessed_from_everywhere_gets_a_turn_every_five_seconds),
    cmocka_unit_test(an_address_that_guesses_all_logins_gets_a_turn_every_two_seconds),
    cmocka_unit_test(a_stolen_device_cookie_gives_ten_guesses),
    cmocka_unit_test(who_got_in_begins_anew),
    cmocka_unit_test(counters_that_count_are_kept_when_many_new_ones_come),
    cmocka_unit_test(any_text_may_be_a_login_and_an_address))

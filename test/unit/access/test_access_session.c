/* The promises of access/session.h. */
#include "test/hf_test.h"

#include "access/session.h"

static const hf_time minute = 60000, noon = 1800000000000;

static struct hf_session
session(void)
{
	return (struct hf_session){.id = 1,
				   .created = noon,
				   .seen = noon,
				   .proved = noon,
				   .until = noon + 720 * minute,
				   .idle = 15 * minute};
}

HF_TEST(a_session_lives_while_it_is_used_and_never_past_its_end)
{
	struct hf_session s = session();

	assert_int_equal(hf_session_state(&s, noon), HF_SESSION_LIVE);
	assert_int_equal(hf_session_state(&s, noon + 15 * minute - 1), HF_SESSION_LIVE);
	assert_int_equal(hf_session_state(&s, noon + 15 * minute), HF_SESSION_IDLE);
	/* Used every ten minutes it goes on, but for twelve hours only. */
	for (hf_time t = noon; t < s.until; t += 10 * minute) {
		assert_int_equal(hf_session_state(&s, t), HF_SESSION_LIVE);
		s.seen = t;
		assert_true(hf_session_idle_end(&s) <= s.until);
	}
	s.seen = s.until - 1;
	assert_int_equal(hf_session_state(&s, s.until - 1), HF_SESSION_LIVE);
	assert_int_equal(hf_session_state(&s, s.until), HF_SESSION_OVER);
}

HF_TEST(the_states_only_get_later_as_time_goes_by)
{
	struct hf_session s = session();
	bool ended = false;

	for (hf_time t = noon; t < noon + 800 * minute; t += minute / 2) {
		bool live = hf_session_state(&s, t) == HF_SESSION_LIVE;

		assert_false(ended && live);
		ended = ended || !live;
	}
	assert_true(ended);
}

HF_TEST(a_clock_set_back_makes_no_session_longer)
{
	struct hf_session s = session();

	assert_int_equal(hf_session_state(&s, noon - 10 * minute), HF_SESSION_IDLE);
	assert_false(
	    hf_session_is_proved(noon, &hf_session_limits_default, noon - 10 * minute));
}

HF_TEST(what_was_ended_stays_so_and_says_why)
{
	struct hf_session s = session();

	for (int e = 1; e < HF_SESSION_ENDS; e++) {
		s.ended = noon;
		s.why = hf_sv_from(hf_session_end_word((enum hf_session_end)e));
		assert_int_equal(hf_session_state(&s, noon), e);
		assert_true(hf_session_end_text((enum hf_session_end)e)[0]);
	}
}

HF_TEST(a_proof_is_fresh_for_five_minutes)
{
	const struct hf_session_limits *l = &hf_session_limits_default;

	assert_true(hf_session_is_proved(noon, l, noon));
	assert_true(hf_session_is_proved(noon, l, noon + 5 * minute - 1));
	assert_false(hf_session_is_proved(noon, l, noon + 5 * minute));
	assert_false(hf_session_is_proved(0, l, noon));
	/* A proof from the future is none. */
	assert_false(hf_session_is_proved(noon + 2 * minute, l, noon));
}

HF_TEST(a_token_is_43_letters_and_only_its_hash_is_kept)
{
	unsigned char bytes[HF_TOKEN_BYTES], hash[HF_TOKEN_BYTES],
	    other[HF_TOKEN_BYTES];
	char text[HF_TOKEN_TEXT + 1];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 7 + 3);
	hf_session_token(bytes, text);
	assert_int_equal(strlen(text), HF_TOKEN_TEXT);
	assert_true(hf_session_hash(hf_sv_from(text), hash));
	assert_memory_not_equal(hash, bytes, sizeof hash);
	text[10] = text[10] == 'A' ? 'B' : 'A';
	assert_true(hf_session_hash(hf_sv_from(text), other));
	assert_memory_not_equal(hash, other, sizeof hash);
}

HF_TEST(what_cannot_be_a_token_has_no_hash)
{
	unsigned char hash[HF_TOKEN_BYTES];
	char text[64];

	memset(text, 'A', sizeof text);
	assert_false(hf_session_hash((struct hf_sv){NULL, 0}, hash));
	assert_false(hf_session_hash((struct hf_sv){text, 42}, hash));
	assert_false(hf_session_hash((struct hf_sv){text, 44}, hash));
	assert_true(hf_session_hash((struct hf_sv){text, 43}, hash));
	text[5] = ';';
	assert_false(hf_session_hash((struct hf_sv){text, 43}, hash));
	text[5] = '\0';
	assert_false(hf_session_hash((struct hf_sv){text, 43}, hash));
}

HF_TEST(the_token_against_forgery_goes_with_one_session)
{
	char a[HF_CSRF_TEXT + 1], b[HF_CSRF_TEXT + 1], token[64];

	memset(token, 'A', sizeof token);
	hf_session_csrf((struct hf_sv){token, HF_TOKEN_TEXT}, a);
	hf_session_csrf((struct hf_sv){token, HF_TOKEN_TEXT}, b);
	assert_string_equal(a, b);
	assert_int_equal(strlen(a), HF_CSRF_TEXT);
	token[0] = 'B';
	hf_session_csrf((struct hf_sv){token, HF_TOKEN_TEXT}, b);
	assert_string_not_equal(a, b);
}

HF_TEST(a_case_reference_is_short_and_plain)
{
	static const char *const good[] = {"SG1", "SG-2026/17", "a.b_c"};
	static const char *const bad[] = {"", "ab", "has blanks", "<x>", "a;b", "é12"};
	char longest[HF_CASE_REF_MAX + 2];

	for (size_t i = 0; i < HF_COUNT(good); i++)
		assert_true(hf_session_case_ref(hf_sv_from(good[i])));
	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_session_case_ref(hf_sv_from(bad[i])));
	memset(longest, 'x', sizeof longest);
	assert_true(hf_session_case_ref((struct hf_sv){longest, HF_CASE_REF_MAX}));
	assert_false(hf_session_case_ref((struct hf_sv){longest, HF_CASE_REF_MAX + 1}));
}

HF_TEST_MAIN("access/session",
	     cmocka_unit_test(a_session_lives_while_it_is_used_and_never_past_its_end),
	     cmocka_unit_test(the_states_only_get_later_as_time_goes_by),
	     cmocka_unit_test(a_clock_set_back_makes_no_session_longer),
	     cmocka_unit_test(what_was_ended_stays_so_and_says_why),
	     cmocka_unit_test(a_proof_is_fresh_for_five_minutes),
	     cmocka_unit_test(a_token_is_43_letters_and_only_its_hash_is_kept),
	     cmocka_unit_test(what_cannot_be_a_token_has_no_hash),
	     cmocka_unit_test(the_token_against_forgery_goes_with_one_session),
	     cmocka_unit_test(a_case_reference_is_short_and_plain))

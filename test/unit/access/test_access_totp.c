/* The promises of access/totp.h. */
#include "test/hf_test.h"

#include "access/totp.h"

static const struct hf_sv rfc_secret = {"12345678901234567890", 20};

HF_TEST(the_codes_are_those_of_rfc_6238)
{
	/* Appendix B, SHA-1, eight digits. */
	static const struct {
		int64_t seconds;
		uint32_t code;
	} cases[] = {{59, 94287082},	     {1111111109, 7081804},
		     {1111111111, 14050471}, {1234567890, 89005924},
		     {2000000000, 69279037}, {20000000000, 65353130}};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		assert_int_equal(hf_totp_code(rfc_secret, cases[i].seconds / 30, 8),
				 cases[i].code);
}

static struct hf_sv
code_at(int64_t step, char buf[16])
{
	snprintf(buf, 16, "%06u", hf_totp_code(rfc_secret, step, 6));
	return hf_sv_from(buf);
}

HF_TEST(a_code_counts_in_its_step_and_the_ones_beside_it_and_once)
{
	const int64_t step = 50000000;
	const hf_time now = step * HF_TOTP_STEP_MS + 12345;
	char buf[16];
	int64_t got = 0;

	for (int64_t s = step - 3; s <= step + 3; s++) {
		bool good = hf_totp_check(rfc_secret, code_at(s, buf), now, 0, &got);

		assert_int_equal(good, s >= step - 1 && s <= step + 1);
		if (good)
			assert_true(got == s);
	}
	/* Used: neither it nor an older one. */
	assert_false(hf_totp_check(rfc_secret, code_at(step, buf), now, step, &got));
	assert_false(
	    hf_totp_check(rfc_secret, code_at(step - 1, buf), now, step, &got));
	assert_true(hf_totp_check(rfc_secret, code_at(step + 1, buf), now, step, &got));
}

HF_TEST(a_code_is_six_digits_and_blanks)
{
	static const char *const bad[] = {"",	    "12345",   "1234567",     "12345a",
					  "-12345", "12 34 5", "１２３４５６"};
	const hf_time now = 50000000 * (hf_time)HF_TOTP_STEP_MS;
	char buf[16], blanks[32];
	int64_t step;

	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(
		    hf_totp_check(rfc_secret, hf_sv_from(bad[i]), now, 0, &step));
	code_at(50000000, buf);
	snprintf(blanks, sizeof blanks, " %.3s %.3s ", buf, buf + 3);
	assert_true(hf_totp_check(rfc_secret, hf_sv_from(blanks), now, 0, &step));
	/* A secret of another length is none of ours. */
	assert_false(
	    hf_totp_check((struct hf_sv){"123", 3}, hf_sv_from(buf), now, 0, &step));
}

HF_TEST(a_secret_is_shown_in_base_32_and_as_an_address)
{
	struct hf_arena arena = {.cap = 65536};
	char text[HF_TOTP_BASE32];
	struct hf_sv uri;

	hf_totp_base32(rfc_secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	uri = hf_totp_uri(rfc_secret, HF_SV("home first"), HF_SV("a@b"), &arena);
	assert_true(hf_sv_is(uri, "otpauth://totp/home%20first:a%40b?secret="
				  "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=home%20first"
				  "&algorithm=SHA1&digits=6&period=30"));
	hf_arena_free(&arena);
}

HF_TEST(a_recovery_code_is_found_however_it_is_typed_and_used_once)
{
	struct hf_arena arena = {.cap = 65536};
	static const unsigned char key[32] = {1}, other_key[32] = {2};
	char codes[3][HF_RECOVERY_LEN + 1], hash[3][HF_RECOVERY_HASH + 1];
	char again[HF_RECOVERY_HASH + 1], typed[32];
	struct hf_sv kept, left;

	for (unsigned char i = 0; i < 3; i++) {
		const unsigned char bytes[8] = {i, 0x10, 0x42, 7, 8, 9, 250, 255};

		hf_recovery_code(bytes, codes[i]);
		assert_int_equal(strlen(codes[i]), HF_RECOVERY_LEN);
		assert_true(hf_recovery_hash(hf_sv_from(codes[i]), key, hash[i]));
	}
	kept = hf_arena_printf(&arena, "%s %s %s", hash[0], hash[1], hash[2]);
	assert_int_equal(hf_recovery_left(kept), 3);
	/* Capitals, blanks for dashes, o for 0 and l for 1. */
	for (size_t i = 0; i <= HF_RECOVERY_LEN; i++) {
		char c = codes[1][i];

		typed[i] = (char)(c == '-' ? ' ' : c == '0' ? 'O' : c == '1' ? 'l' : c);
	}
	assert_true(hf_recovery_hash(hf_sv_from(typed), key, again));
	assert_string_equal(again, hash[1]);
	left = hf_recovery_use(kept, again, &arena);
	assert_int_equal(hf_recovery_left(left), 2);
	assert_null(hf_recovery_use(left, again, &arena).p);
	/* Of another server's key it is another. */
	assert_true(hf_recovery_hash(hf_sv_from(codes[1]), other_key, again));
	assert_string_not_equal(again, hash[1]);
	left = hf_recovery_use(left, hash[0], &arena);
	left = hf_recovery_use(left, hash[2], &arena);
	assert_non_null(left.p);
	assert_int_equal(hf_recovery_left(left), 0);
	hf_arena_free(&arena);
}

HF_TEST(what_is_no_recovery_code_is_refused)
{
	static const unsigned char key[32] = {1};
	static const char *const bad[] = {"", "abcd", "abcd-efgh-jkmn-p",
					  "abcd-efgh-jkm!", "uuuu-uuuu-uuuu"};
	char hash[HF_RECOVERY_HASH + 1];

	for (size_t i = 0; i < HF_COUNT(bad); i++)
		assert_false(hf_recovery_hash(hf_sv_from(bad[i]), key, hash));
}

HF_TEST_MAIN(
    "access/totp", cmocka_unit_test(the_codes_are_those_of_rfc_6238),
    cmocka_unit_test(a_code_counts_in_its_step_and_the_ones_beside_it_and_once),
    cmocka_unit_test(a_code_is_six_digits_and_blanks),
    cmocka_unit_test(a_secret_is_shown_in_base_32_and_as_an_address),
    cmocka_unit_test(a_recovery_code_is_found_however_it_is_typed_and_used_once),
    cmocka_unit_test(what_is_no_recovery_code_is_refused))

/* The promises of access/password.h. */
#include "test/hf_test.h"

#include "access/password.h"

static enum hf_rc
check(const char *password, struct hf_err *err)
{
	return hf_password_check(hf_sv_from(password), HF_SV("a.lovelace"),
				 HF_SV("Ada Byron Lovelace"), err);
}

HF_TEST(what_says_too_little_or_too_much_is_no_password)
{
	static const char *const bad[] = {
	    "",
	    "elevenchars",
	    "aaaaaaaaaaaaaaaa",
	    "abcdefghijklmnop",
	    "9876543210987654",
	    "ababababababab",
	    "password12345",
	    "PasswordPassword1",
	    "xa.lovelacex 99 b",
	    "my LOVELACE secrets",
	    "byron's best poems",
	    "Welcome12345!",
	};
	struct hf_err err;

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		assert_int_equal(check(bad[i], &err), HF_RULE);
		assert_string_equal(err.path, "password");
		/* The sentence never holds it. */
		assert_true(bad[i][0] == '\0' || !strstr(err.text, bad[i]));
	}
}

HF_TEST(twelve_characters_of_anything_else_are_one)
{
	static const char *const good[] = {"correct horse battery", "kf83!ls0Zpq2",
					   "zwölf Bücher und", "ünïcödéñßłøœæþ"};
	char longest[HF_PASSWORD_MAX + 2];
	struct hf_err err;

	for (size_t i = 0; i < HF_COUNT(good); i++)
		assert_int_equal(check(good[i], &err), HF_OK);
	for (size_t i = 0; i < sizeof longest - 1; i++)
		longest[i] = (char)('!' + i * 7 % 90);
	longest[HF_PASSWORD_MAX] = '\0';
	assert_int_equal(check(longest, &err), HF_OK);
	longest[HF_PASSWORD_MAX] = 'x';
	longest[HF_PASSWORD_MAX + 1] = '\0';
	assert_int_equal(check(longest, &err), HF_RULE);
}

HF_TEST(a_string_knows_its_password_and_no_other)
{
	char a[HF_PASSWORD_STRING], b[HF_PASSWORD_STRING];
	struct hf_sv p = HF_SV("correct horse battery");

	assert_int_equal(hf_password_hash(p, a, NULL), HF_OK);
	assert_int_equal(hf_password_hash(p, b, NULL), HF_OK);
	assert_string_not_equal(a, b); /* each its own salt */
	assert_true(strstr(a, "$argon2id$v=19$m=19456,t=2,p=1$") == a);
	assert_true(hf_password_is(p, hf_sv_from(a)));
	assert_false(hf_password_is(HF_SV("correct horse batterz"), hf_sv_from(a)));
	assert_false(hf_password_is(HF_SV(""), hf_sv_from(a)));
	assert_false(hf_password_is_old(hf_sv_from(a)));
	assert_true(hf_password_is_old(HF_SV("$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhb"
					     "HQ$AAAAAAAAAAAAAAAAAAAAAA")));
}

HF_TEST(an_empty_or_broken_string_is_nobodys)
{
	static const char *const strings[] = {"", "x", "$argon2id$",
					      "$argon2id$v=19$m=1",
					      "$2b$10$abcdefghijklmnopqrstuv"};

	for (size_t i = 0; i < HF_COUNT(strings); i++) {
		assert_false(hf_password_is(HF_SV(""), hf_sv_from(strings[i])));
		assert_false(
		    hf_password_is(HF_SV("some password"), hf_sv_from(strings[i])));
	}
}

HF_TEST(a_one_time_password_has_80_bits_in_four_groups)
{
	unsigned char bytes[10];
	char a[HF_ONE_TIME_LEN + 1], b[HF_ONE_TIME_LEN + 1];

	memset(bytes, 0, sizeof bytes);
	hf_password_one_time(bytes, a);
	assert_string_equal(a, "0000-0000-0000-0000");
	memset(bytes, 0xff, sizeof bytes);
	hf_password_one_time(bytes, a);
	assert_string_equal(a, "zzzz-zzzz-zzzz-zzzz");
	/* Every bit counts. */
	memset(bytes, 0, sizeof bytes);
	hf_password_one_time(bytes, a);
	for (unsigned bit = 0; bit < 80; bit++) {
		bytes[bit / 8] = (unsigned char)(1u << bit % 8);
		hf_password_one_time(bytes, b);
		assert_string_not_equal(a, b);
		bytes[bit / 8] = 0;
	}
}

HF_TEST_MAIN("access/password",
	     cmocka_unit_test(what_says_too_little_or_too_much_is_no_password),
	     cmocka_unit_test(twelve_characters_of_anything_else_are_one),
	     cmocka_unit_test(a_string_knows_its_password_and_no_other),
	     cmocka_unit_test(an_empty_or_broken_string_is_nobodys),
	     cmocka_unit_test(a_one_time_password_has_80_bits_in_four_groups))

/* The promises of access/account.h and access/io/keys.h. */
#include "test/hf_test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/account.h"
#include "access/io/keys.h"

HF_TEST(a_login_is_folded_and_plain)
{
	static const char *const bad[] = {"",	 "  ",	 "a b", "é",
					  "a/b", "a\tb", "<x>", "a'b"};
	struct hf_arena arena = {.cap = 65536};
	char longest[HF_LOGIN_MAX + 2];
	struct hf_sv out = {NULL, 0};
	struct hf_err err;

	assert_int_equal(hf_login_fold(HF_SV(" Ada.Love-1_X@Y "), &arena, &out, &err),
			 HF_OK);
	assert_true(hf_sv_is(out, "ada.love-1_x@y"));
	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		assert_int_equal(hf_login_fold(hf_sv_from(bad[i]), &arena, &out, &err),
				 HF_INVALID);
		assert_string_equal(err.path, "login");
	}
	memset(longest, 'a', sizeof longest);
	assert_int_equal(
	    hf_login_fold((struct hf_sv){longest, HF_LOGIN_MAX}, &arena, &out, &err),
	    HF_OK);
	assert_int_equal(hf_login_fold((struct hf_sv){longest, HF_LOGIN_MAX + 1},
				       &arena, &out, &err),
			 HF_INVALID);
	hf_arena_free(&arena);
}

HF_TEST(an_account_names_what_is_wrong_with_it)
{
	struct hf_account a = {.name = HF_SV("Ada"), .who = HF_SV("Practitioner/p-1")};
	struct hf_err err;

	assert_int_equal(hf_account_check(&a, &err), HF_OK);
	a.who = HF_SV("Patient/x");
	assert_int_equal(hf_account_check(&a, &err), HF_OK);
	a.who = HF_SV("Practitioner/");
	assert_int_equal(hf_account_check(&a, &err), HF_INVALID);
	a.who = HF_SV("Observation/1");
	assert_int_equal(hf_account_check(&a, &err), HF_INVALID);
	assert_string_equal(err.path, "practitioner");
	a = (struct hf_account){.name = HF_SV("A\nB")};
	assert_int_equal(hf_account_check(&a, &err), HF_INVALID);
	assert_string_equal(err.path, "name");
	a.name = HF_SV("");
	assert_int_equal(hf_account_check(&a, &err), HF_INVALID);
}

HF_TEST(a_role_is_active_from_its_beginning_until_before_its_end)
{
	struct hf_account_role r = {.org = HF_SV("RX1"), .since = 100, .until = 200};
	struct hf_err err;

	assert_int_equal(hf_account_role_check(&r, &err), HF_OK);
	assert_false(hf_account_role_active(&r, 99));
	assert_true(hf_account_role_active(&r, 100));
	assert_true(hf_account_role_active(&r, 199));
	assert_false(hf_account_role_active(&r, 200));
	r.until = 100;
	assert_int_equal(hf_account_role_check(&r, &err), HF_INVALID);
	assert_string_equal(err.path, "until");
	r.until = 200;
	r.org = HF_SV("rx1");
	assert_int_equal(hf_account_role_check(&r, &err), HF_INVALID);
	r.org = HF_SV("RX1");
	r.team = HF_SV("Team/1");
	assert_int_equal(hf_account_role_check(&r, &err), HF_INVALID);
	r.team = HF_SV("CareTeam/1");
	r.supervisor = HF_SV("Patient/1");
	assert_int_equal(hf_account_role_check(&r, &err), HF_INVALID);
	r.supervisor = HF_SV("Practitioner/1");
	r.flags = 64;
	assert_int_equal(hf_account_role_check(&r, &err), HF_INVALID);
}

static void
in_folder(char path[64])
{
	snprintf(path, 64, "/tmp/hf-keys-XXXXXX");
	assert_non_null(mkdtemp(path));
}

static void
drop_folder(const char *path)
{
	char text[128];

	snprintf(text, sizeof text, "%s/keys/account.key", path);
	unlink(text);
	snprintf(text, sizeof text, "%s/keys", path);
	rmdir(text);
	rmdir(path);
}

HF_TEST(a_key_is_made_once_and_only_its_owner_reads_it)
{
	struct hf_account_keys a, b;
	unsigned char one[HF_KEY_BYTES], again[HF_KEY_BYTES], other[HF_KEY_BYTES];
	char data[64], file[128];
	struct hf_err err;
	struct stat st;

	in_folder(data);
	snprintf(file, sizeof file, "%s/keys/account.key", data);
	assert_int_equal(hf_account_keys_read(data, &a, &err), HF_OK);
	assert_int_equal(hf_account_keys_read(data, &b, &err), HF_OK);
	/* What a browser locks its visits with: the user's own, the same each time. */
	hf_account_visits_key(&a, HF_SV("user/1"), one);
	hf_account_visits_key(&b, HF_SV("user/1"), again);
	hf_account_visits_key(&a, HF_SV("user/2"), other);
	assert_memory_equal(one, again, HF_KEY_BYTES);
	assert_memory_not_equal(one, other, HF_KEY_BYTES);
	assert_memory_not_equal(one, a.visits, HF_KEY_BYTES);
	assert_memory_equal(&a, &b, sizeof a);
	assert_memory_not_equal(a.seal, a.recovery, sizeof a.seal);
	assert_memory_not_equal(a.seal, a.device, sizeof a.seal);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	chmod(file, 0640);
	assert_int_equal(hf_account_keys_read(data, &b, &err), HF_FORBIDDEN);
	chmod(file, 0600);
	assert_int_equal(truncate(file, 31), 0);
	assert_int_equal(hf_account_keys_read(data, &b, &err), HF_INVALID);
	drop_folder(data);
}

HF_TEST(what_is_sealed_opens_for_its_account_with_its_key_alone)
{
	struct hf_arena arena = {.cap = 65536};
	struct hf_account_keys keys = {.seal = {1}}, other = {.seal = {2}};
	struct hf_sv plain = HF_SV("12345678901234567890"), sealed, again;
	unsigned char out[20];
	char *bytes;
	struct hf_err err;

	sealed = hf_account_seal(&keys, HF_SV("abc"), plain, &arena);
	again = hf_account_seal(&keys, HF_SV("abc"), plain, &arena);
	assert_int_equal(sealed.n, plain.n + HF_SEALED_MORE);
	assert_memory_not_equal(sealed.p, again.p, sealed.n);
	assert_null(memmem(sealed.p, sealed.n, plain.p, 8));
	assert_int_equal(
	    hf_account_unseal(&keys, HF_SV("abc"), sealed, out, sizeof out, &err),
	    HF_OK);
	assert_memory_equal(out, plain.p, sizeof out);
	/* Another account's row, another key, another length, any changed byte. */
	assert_int_equal(
	    hf_account_unseal(&keys, HF_SV("abd"), sealed, out, sizeof out, &err),
	    HF_INVALID);
	assert_int_equal(
	    hf_account_unseal(&other, HF_SV("abc"), sealed, out, sizeof out, &err),
	    HF_INVALID);
	assert_int_equal(hf_account_unseal(&keys, HF_SV("abc"),
					   (struct hf_sv){sealed.p, sealed.n - 1}, out,
					   sizeof out, &err),
			 HF_INVALID);
	bytes = hf_arena_cstr(&arena, sealed);
	for (size_t i = 0; i < sealed.n; i++) {
		bytes[i] = (char)(bytes[i] ^ 1);
		assert_int_equal(hf_account_unseal(&keys, HF_SV("abc"),
						   (struct hf_sv){bytes, sealed.n}, out,
						   sizeof out, &err),
				 HF_INVALID);
		bytes[i] = (char)(bytes[i] ^ 1);
	}
	hf_arena_free(&arena);
}

HF_TEST_MAIN("access/account", cmocka_unit_test(a_login_is_folded_and_plain),
	     cmocka_unit_test(an_account_names_what_is_wrong_with_it),
	     cmocka_unit_test(a_role_is_active_from_its_beginning_until_before_its_end),
	     cmocka_unit_test(a_key_is_made_once_and_only_its_owner_reads_it),
	     cmocka_unit_test(what_is_sealed_opens_for_its_account_with_its_key_alone))

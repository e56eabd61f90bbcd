/* Scopes: what is asked, what is granted, what is refused by name. */
#include "test/hf_test.h"

#include "access/scope.h"

static struct hf_scopes
scopes_of(const char *text)
{
	struct hf_scopes s;
	struct hf_err err = {0};
	enum hf_rc rc = hf_scopes_parse(hf_sv_from(text), &s, &err);

	if (rc)
		print_message("%s\n", err.text);
	assert_int_equal(rc, HF_OK);
	return s;
}

static void
assert_written(const struct hf_scopes *s, const char *expect)
{
	struct hf_buf out = {0};

	hf_scopes_write(s, &out);
	hf_buf_char(&out, '\0');
	assert_string_equal(out.p, expect);
	hf_buf_free(&out);
}

HF_TEST(scopes_are_read_and_written_in_one_form)
{
	static const char *const cases[][2] = {
	    {"system/Patient.rs", "system/Patient.rs"},
	    {"  openid   fhirUser ", "openid fhirUser"},
	    {"patient/*.cruds patient/Observation.r", "patient/*.cruds"},
	    {"user/Task.r user/Task.s", "user/Task.rs"},
	    {"user/*.r user/Task.rs", "user/*.r user/Task.s"},
	    {"patient/Observation.read", "patient/Observation.rs"},
	    {"patient/Observation.write", "patient/Observation.cud"},
	    {"system/*.*", "system/*.cruds"},
	    {"launch/patient offline_access launch",
	     "launch launch/patient offline_access"},
	    {"system/Patient.r operate", "operate system/Patient.r"},
	    {"", ""},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_scopes s = scopes_of(cases[i][0]), again;

		assert_written(&s, cases[i][1]);
		again = scopes_of(cases[i][1]);
		assert_memory_equal(&s, &again, sizeof s);
	}
}

HF_TEST(what_is_not_understood_is_refused_by_name)
{
	static const char *const bad[] = {
	    "patient/Observation.sr", /* not in order */
	    "patient/Observation.rr", /* twice */
	    "patient/Observation.",   /* nothing */
	    "patient/Observation",    /* no dot */
	    "patient/Observation.R",  /* capitals */
	    "patient/Observation.rx",
	    "patient/Nothing.rs",
	    "patient/observation.rs",
	    "/Observation.rs",
	    "everyone/Observation.rs",
	    "patient/Observation.rs.rs",
	    "patient/Resource.rs",
	    "launch/encounter",
	    "email",
	    "*",
	    "user/*.rs\tuser/Task.rs",
	};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_scopes s;
		struct hf_err err = {0};

		assert_int_equal(hf_scopes_parse(hf_sv_from(bad[i]), &s, &err),
				 HF_INVALID);
		assert_string_equal(err.path, "scope");
		assert_int_equal(strncmp(err.text, bad[i], strlen(bad[i])), 0);
	}
}

HF_TEST(a_scope_that_narrows_by_a_query_is_refused_and_never_widened)
{
	struct hf_scopes s = {.flags = 99};
	struct hf_err err = {0};

	assert_int_equal(
	    hf_scopes_parse(HF_SV("patient/Observation.rs?category=laboratory"), &s,
			    &err),
	    HF_INVALID);
	assert_non_null(strstr(err.text, "query"));
	assert_int_equal(s.flags, 99);
}

HF_TEST(a_scope_allows_its_letters_of_its_type_and_no_more)
{
	hf_type_id obs = hf_resource_find(HF_SV("Observation"));
	hf_type_id task = hf_resource_find(HF_SV("Task"));
	struct hf_scopes s = scopes_of("user/Observation.rs user/Task.cu patient/*.s");

	assert_true(hf_scopes_allow(&s, obs, HF_CRUD_R));
	assert_true(hf_scopes_allow(&s, obs, HF_CRUD_R | HF_CRUD_S));
	assert_false(hf_scopes_allow(&s, obs, HF_CRUD_C));
	assert_false(hf_scopes_allow(&s, task, HF_CRUD_R));
	assert_true(hf_scopes_allow(&s, task, HF_CRUD_C));
	assert_true(hf_scopes_allow(&s, task, HF_CRUD_S));
	assert_true(hf_scopes_allow(&s, 0, HF_CRUD_S));
	assert_false(hf_scopes_allow(&s, 0, HF_CRUD_R));
	assert_false(hf_scopes_allow(&s, obs, 0));
	assert_false(hf_scopes_allow_at(&s, HF_SCOPE_SYSTEM, obs, HF_CRUD_S));
	assert_false(hf_scopes_allow(&s, HF_SCOPE_TYPES, HF_CRUD_S));
	/* Letters of two levels do not add up to one right. */
	assert_false(hf_scopes_allow(&s, task, HF_CRUD_C | HF_CRUD_S));
	assert_true(hf_scopes_has_level(&s, HF_SCOPE_USER));
	assert_false(hf_scopes_has_level(&s, HF_SCOPE_SYSTEM));
}

HF_TEST(what_is_granted_is_asked_and_allowed)
{
	static const char *const cases[][3] = {
	    {"system/*.rs", "system/Patient.cruds", "system/Patient.rs"},
	    {"system/Patient.cruds", "system/*.rs", "system/Patient.rs"},
	    {"system/Patient.rs", "user/Patient.rs", ""},
	    {"openid fhirUser launch", "openid launch/patient", "openid"},
	    {"user/*.cruds", "user/*.r user/Task.cu", "user/*.r user/Task.cu"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_scopes a = scopes_of(cases[i][0]), b = scopes_of(cases[i][1]);
		struct hf_scopes both = hf_scopes_meet(&a, &b);
		struct hf_scopes other = hf_scopes_meet(&b, &a);

		assert_written(&both, cases[i][2]);
		assert_memory_equal(&both, &other, sizeof both);
		assert_true(hf_scopes_within(&both, &a));
		assert_true(hf_scopes_within(&both, &b));
		assert_int_equal(hf_scopes_empty(&both), cases[i][2][0] == '\0');
	}
}

HF_TEST(scopes_are_told_in_plain_words)
{
	struct hf_scopes s =
	    scopes_of("patient/Observation.rs openid user/*.r operate");
	struct hf_buf out = {0};

	hf_scopes_words(&s, &out);
	hf_buf_char(&out, '\0');
	assert_string_equal(out.p, "read, search for Observation of the person you "
				   "choose\nread everything that you may see\n"
				   "know that it is you\n"
				   "read figures about the running server\n");
	hf_buf_free(&out);
}

HF_TEST(there_is_room_for_all_resource_types)
{
	assert_true(hf_n_resource_types < HF_SCOPE_TYPES);
}

HF_TEST_MAIN(
    "access/scope", cmocka_unit_test(scopes_are_read_and_written_in_one_form),
    cmocka_unit_test(what_is_not_understood_is_refused_by_name),
    cmocka_unit_test(a_scope_that_narrows_by_a_query_is_refused_and_never_widened),
    cmocka_unit_test(a_scope_allows_its_letters_of_its_type_and_no_more),
    cmocka_unit_test(what_is_granted_is_asked_and_allowed),
    cmocka_unit_test(scopes_are_told_in_plain_words),
    cmocka_unit_test(there_is_room_for_all_resource_types))

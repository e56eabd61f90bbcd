/* hf_test.h - cmocka behind two macros: tests are sentences about behaviour. */
#ifndef HF_TEST_H
#define HF_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

#define HF_TEST(name) static void name(void **state HF_UNUSED)

#define HF_TEST_MAIN(group, ...)                                                       \
	int main(void)                                                                 \
	{                                                                              \
		const struct CMUnitTest tests[] = {__VA_ARGS__};                       \
		return cmocka_run_group_tests_name(group, tests, NULL, NULL);          \
	}

/* Compares a view with a C string; the failure shows both. */
#define assert_sv_equal(sv, cstr)                                                      \
	do {                                                                           \
		struct hf_sv got_ = (sv);                                              \
		char *copy_ = strndup(got_.p ? got_.p : "", got_.n);                   \
		assert_string_equal(copy_, (cstr));                                    \
		free(copy_);                                                           \
	} while (0)

#endif

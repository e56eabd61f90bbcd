/* test_fhir_sp_sample.c - each search parameter of each type finds a value in some
 * sample of the type: its expression was cut rightly and means something. */
#include "fhir/spvalue.h"
#include "test/hf_test.h"
#include "test/support/sample.h"

enum { VARIANTS = 60 };

static struct hf_arena json_arena = {.cap = 64u << 20};
static struct hf_arena value_arena = {.cap = 16u << 20};

/* Left out of search: they have no expression, or need more than one value. */
static bool
left_out(const struct hf_sp *sp)
{
	return sp->expression_id == 0 || sp->kind == HF_SP_SPECIAL ||
	       sp->kind == HF_SP_COMPOSITE;
}

/* Asks the parameters of type that have found nothing yet; gives how many still
 * have not. */
static size_t
ask(hf_type_id type, const struct hf_json *doc, bool *found)
{
	uint16_t first, n;
	size_t left = 0;

	hf_sp_of_type(type, &first, &n);
	for (uint16_t i = 0; i < n; i++) {
		const struct hf_sp *sp = hf_sp_get((uint16_t)(first + i));
		struct hf_spvs values = {0};
		struct hf_err err = {0};

		if (found[i] || left_out(sp))
			continue;
		hf_arena_reset(&value_arena);
		if (hf_sp_values(sp, doc, 0, &value_arena, &values, &err) != HF_OK)
			fail_msg("%s %s: %s", hf_type_get(type)->name, sp->code,
				 err.text);
		found[i] = values.n > 0;
		left += values.n == 0;
	}
	return left;
}

static void
ask_samples(hf_type_id type)
{
	bool found[256] = {false};
	size_t left = 1;

	for (uint32_t v = 0; v < VARIANTS && left; v++) {
		struct hf_buf b = {0};
		struct hf_json doc;

		hf_arena_reset(&json_arena);
		hf_sample_write(type, v, &b);
		assert_int_equal(
		    hf_json_parse(hf_buf_view(&b), NULL, &json_arena, &doc, NULL),
		    HF_OK);
		left = ask(type, &doc, found);
		hf_buf_free(&b);
	}
	if (left)
		fail_msg("%zu search parameters of %s find nothing", left,
			 hf_type_get(type)->name);
}

HF_TEST(every_search_parameter_finds_a_value_in_some_sample)
{
	struct hf_err err = {0};
	size_t n = 0;

	assert_int_equal(hf_sp_setup(&err), HF_OK);
	for (hf_type_id type = 1; type <= hf_n_resource_types; type++)
		ask_samples(type);
	for (uint16_t id = 1; id <= hf_n_sps(); id++)
		n += !left_out(hf_sp_get(id));
	print_message("%zu search parameters of %u types\n", n, hf_n_resource_types);
	hf_sp_teardown();
	hf_arena_free(&json_arena);
	hf_arena_free(&value_arena);
}

HF_TEST_MAIN("fhir/sp_sample",
	     cmocka_unit_test(every_search_parameter_finds_a_value_in_some_sample))

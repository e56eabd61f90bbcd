/* fuzz_spvalue.c - any bytes as a search condition, on any resource: two bytes
 * choose the parameter, one line is the modifier, one the value, the rest the
 * resource.  Nothing crashes; a refusal has a sentence. */
#include "fhir/spvalue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char sample[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{"
    "\"system\":\"s\",\"code\":\"c\",\"display\":\"d\"}],\"text\":\"t\"},\"subject\":"
    "{\"reference\":\"Patient/p\"},\"effectiveDateTime\":\"2024-05-06T07:08:09Z\","
    "\"valueQuantity\":{\"value\":5.4,\"system\":\"u\",\"code\":\"mg\"},"
    "\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":"
    "\"999 000 0018\"}]}";

static void
check(enum hf_rc rc, const struct hf_err *err)
{
	if (rc != HF_OK && ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err->text[0]))
		abort();
}

static void
match(const struct hf_sp_test *test, struct hf_sv text, struct hf_arena *arena)
{
	struct hf_err err = {0};
	struct hf_json doc;
	struct hf_sv key;
	bool found;

	if (hf_json_parse(text, NULL, arena, &doc, NULL) != HF_OK)
		return;
	check(hf_sp_test_match(test, &doc, 0, HF_SV("http://me/fhir"), arena, &found,
			       &err),
	      &err);
	check(hf_sp_sort_key(test->sp, &doc, 0, false, arena, &key, &err), &err);
	check(hf_sp_sort_key(test->sp, &doc, 0, true, arena, &key, &err), &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 8u << 20};
	struct hf_sv rest = {(const char *)data, size}, modifier, value;
	struct hf_err err = {0};
	struct hf_sp_test test;
	const struct hf_sp *sp;
	enum hf_rc rc;

	if (size < 2)
		return 0;
	if (hf_sp_setup(&err) != HF_OK)
		abort();
	sp = hf_sp_get((uint16_t)(1 + (data[0] | data[1] << 8) % hf_n_sps()));
	rest = hf_sv_from_at(rest, 2);
	modifier = hf_sv_cut(&rest, '\n');
	value = hf_sv_cut(&rest, '\n');
	rc = hf_sp_test_parse(sp, modifier, value, 1767268800000, &arena, &test, &err);
	check(rc, &err);
	if (rc == HF_OK) {
		match(&test, hf_sv_from(sample), &arena);
		if (rest.n)
			match(&test, rest, &arena);
	}
	hf_arena_free(&arena);
	return 0;
}

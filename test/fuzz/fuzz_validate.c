/* fuzz_validate.c - any bytes: parsed and validated without a crash, and what is
 * found is a valid OperationOutcome itself. */
#include "fhir/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The outcome of the findings, validated: it must be clean. */
static void
check_outcome(const struct hf_issues *found)
{
	struct hf_arena arena = {.cap = 16u << 20}, findings = {.cap = 1u << 20};
	struct hf_issues issues = {.arena = &findings};
	struct hf_buf b = {0};
	struct hf_json doc;
	hf_type_id type;

	hf_outcome_write(&b, found);
	if (hf_json_parse(hf_buf_view(&b), NULL, &arena, &doc, NULL) != HF_OK ||
	    !hf_validate(&doc, 0, &issues, &type))
		abort();
	hf_buf_free(&b);
	hf_arena_free(&arena);
	hf_arena_free(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 16u << 20}, findings = {.cap = 4u << 20};
	struct hf_issues issues = {.arena = &findings};
	struct hf_sv text = {(const char *)data, size};
	struct hf_json doc;
	hf_type_id type;

	if (hf_json_parse(text, NULL, &arena, &doc, NULL) == HF_OK) {
		bool ok = hf_validate(&doc, 0, &issues, &type);

		if (ok != (issues.errors == 0))
			abort();
		if (issues.n)
			check_outcome(&issues);
	}
	hf_arena_free(&arena);
	hf_arena_free(&findings);
	return 0;
}

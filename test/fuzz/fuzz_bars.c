/* fuzz_bars.c - any bytes: read as a BaRS message without a crash, and whatever is
 * answered is valid. */
#include "fhir/validate.h"
#include "hub/bars_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_valid(struct hf_buf *out)
{
	struct hf_arena arena = {.cap = 64u << 20}, findings = {.cap = 1u << 20};
	struct hf_issues issues = {.arena = &findings};
	struct hf_json doc;
	hf_type_id type;

	if (out->failed || hf_json_parse(hf_buf_view(out), NULL, &arena, &doc, NULL) ||
	    !hf_validate(&doc, 0, &issues, &type))
		abort();
	hf_buf_free(out);
	hf_arena_free(&arena);
	hf_arena_free(&findings);
}

static void
answer(const struct hf_bars *b, const struct hf_issues *issues, struct hf_arena *arena)
{
	struct hf_buf out = {0};
	struct hf_sv *ids = hf_arena_array(arena, b->n, sizeof *ids);

	for (size_t i = 0; i < b->n; i++)
		ids[i] = HF_SV("00000000-0000-4000-8000-000000000001");
	hf_bars_write_answer(
	    &out, b,
	    &(struct hf_bars_answer){
		.ids = ids,
		.encounter = HF_SV("00000000-0000-4000-8000-000000000002"),
		.status = "planned",
		.outcome = HF_SV("00000000-0000-4000-8000-000000000003"),
		.issues = issues});
	check_valid(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 32u << 20}, findings = {.cap = 4u << 20};
	struct hf_issues issues = {.arena = &findings};
	struct hf_sv text = {(const char *)data, size};
	struct hf_intake intake;
	struct hf_bars bars;
	struct hf_buf out = {0};
	struct hf_json doc;

	if (hf_json_parse(text, NULL, &arena, &doc, NULL) == HF_OK) {
		enum hf_rc rc = hf_bars_read(&doc, 0, &arena, &issues, &bars, NULL);

		if (rc == HF_OK) {
			if (issues.errors)
				abort();
			hf_bars_intake(&bars, &arena, &issues, &intake, NULL);
			if (issues.errors)
				abort();
			answer(&bars, &issues, &arena);
		} else if (issues.n) {
			hf_bars_write_issues(&out, &issues);
			check_valid(&out);
		}
	}
	hf_arena_free(&arena);
	hf_arena_free(&findings);
	return 0;
}

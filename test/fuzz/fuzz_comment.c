/* Comments and reports of others: whatever somebody wrote is coded and masked without a
 * fault, a mask leaves no long number, and a report that is taken can be read. */
#include <stdlib.h>

#include "population/framework_outside.h"
#include "population/theme.h"
#include "record/measure_report.h"

static struct hf_arena lists;
static struct hf_pop_themes themes;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
load(void)
{
	struct hf_issues issues = {.arena = &lists};

	hf_arena_init(&lists, 8 << 20);
	if (!hf_pop_themes_load(hf_themes_builtin[0].name, hf_themes_builtin[0].text,
				&lists, &issues, &themes))
		abort();
}

static void
comment(struct hf_sv text)
{
	enum hf_pop_said said[HF_POP_THEMES];
	struct hf_buf out = {0};
	size_t digits = 0;

	hf_pop_themes_code(&themes, text, said);
	for (size_t i = 0; i < themes.n; i++)
		if (said[i] > HF_POP_BAD)
			abort();
	hf_pop_comment_mask(&themes, text, &out);
	for (size_t i = 0; i < out.n; i++) {
		digits = out.p[i] >= '0' && out.p[i] <= '9' ? digits + 1 : 0;
		if (digits >= 10)
			abort();
	}
	hf_buf_free(&out);
}

static void
report(struct hf_sv text)
{
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_pop_outside out;
	struct hf_err err = {0};
	struct hf_json doc;

	if (hf_json_parse(text, NULL, &arena, &doc, &err) == HF_OK) {
		enum hf_rc rc = hf_measure_report_check(&doc, 0, &arena, &err);

		if (rc != HF_OK && (rc != HF_RULE || !err.text[0]))
			abort();
		if (hf_pop_outside_read(&doc, &arena, &out) &&
		    out.n_strata > HF_POP_OUTSIDE_STRATA)
			abort();
	}
	hf_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};

	if (themes.n == 0)
		load();
	comment(text);
	report(text);
	return 0;
}

/* fuzz_form.c - any bytes as a form, and as answers to one: the first line chooses, the
 * rest is the document.  Nothing crashes, runs long or gives another failure than those
 * promised. */
#include "pathway/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hf_forms forms;
static struct hf_arena kept = {.cap = 64u << 20};

static void
answer(const struct hf_qn *q, struct hf_sv text, bool whole)
{
	struct hf_arena arena = {.cap = 16u << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_qn_asked asked = {.whole = whole, .age = 70, .now = 1767268800000};
	struct hf_score_value values[HF_SCORE_ITEMS + HF_SCORE_CHOICES];
	const struct hf_score *score = hf_forms_score(&forms, hf_sv_from(q->score));
	struct hf_score_result result;
	struct hf_json doc;
	struct hf_qn_answers a;
	struct hf_err err = {0};

	if (hf_json_parse(text, NULL, &arena, &doc, NULL) == HF_OK &&
	    hf_json_type(&doc, 0) == HF_JSON_OBJECT) {
		enum hf_rc rc =
		    hf_qn_check(q, &doc, 0, &asked, &arena, &issues, &a, &err);

		if (rc != HF_OK && rc != HF_TOO_LONG)
			abort();
		if (rc == HF_OK && score) {
			size_t n = hf_qn_score_values(q, score, &a, values);

			rc = hf_score_run(score, 70, values, n, &result, &err);
			/* What passed the form has no values that its score refuses. */
			if (rc == HF_INVALID && issues.errors == 0)
				abort();
		}
	}
	hf_arena_free(&arena);
}

static void
load(struct hf_sv text)
{
	struct hf_arena arena = {.cap = 16u << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_qn *q = NULL;
	struct hf_err err = {0};
	enum hf_rc rc = hf_qn_load("f.json", text, &arena, &issues, &q, &err);

	if (rc == HF_OK) {
		answer(q, text, true);
		hf_qn_free(q);
	} else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || q) {
		abort();
	} else if (rc == HF_INVALID && issues.errors == 0) {
		abort();
	}
	hf_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv rest = {(const char *)data, size}, line = hf_sv_cut(&rest, '\n');
	struct hf_issues issues = {.arena = &kept};
	struct hf_err err = {0};
	const struct hf_qn *q;

	if (!forms.n_forms && hf_forms_load(&kept, &issues, &forms, &err) != HF_OK)
		abort();
	q = hf_forms_find(&forms, line);
	if (q) {
		answer(q, rest, true);
		answer(q, rest, false);
	} else {
		load(rest);
	}
	return 0;
}

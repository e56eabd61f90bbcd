/* fuzz_score.c - any bytes as a score.  What reads well scores: with what each item
 * could be the total is where the score says that totals are. */
#include <stdlib.h>

#include "pathway/score.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hf_sv
some_value(const struct hf_score_item *i)
{
	if (i->kind == HF_SCORE_CODE)
		return i->n_codes ? hf_sv_from(i->codes[0].code) : HF_SV("");
	return HF_SV("12");
}

static void
run(const struct hf_score *s)
{
	struct hf_score_value values[HF_SCORE_ITEMS + HF_SCORE_CHOICES];
	struct hf_score_result r;
	struct hf_err err = {0};
	size_t n = 0;
	enum hf_rc rc;

	for (size_t i = 0; i < s->n_items; i++)
		values[n++] = (struct hf_score_value){hf_sv_from(s->items[i].id),
						      some_value(&s->items[i])};
	for (size_t i = 0; i < s->n_choices; i++)
		values[n++] = (struct hf_score_value){
		    hf_sv_from(s->choices[i].id),
		    s->choices[i].n_codes ? hf_sv_from(s->choices[i].codes[0].code)
					  : HF_SV("")};
	rc = hf_score_run(s, 40, values, n, &r, &err);
	if (rc != HF_OK && rc != HF_INVALID && rc != HF_RULE)
		abort();
	if (rc == HF_OK && r.complete &&
	    (r.total < s->total_min || r.total > s->total_max))
		abort();
	/* Without anything it is partial, and never a number. */
	rc = hf_score_run(s, 40, NULL, 0, &r, &err);
	if (rc == HF_OK && r.complete && s->n_items)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_score score;
	struct hf_err err = {0};
	enum hf_rc rc = hf_score_load("x", (struct hf_sv){(const char *)data, size},
				      &arena, &issues, &score, &err);

	if (rc == HF_OK)
		run(&score);
	else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0] ||
		 (rc == HF_INVALID && issues.errors == 0))
		abort();
	hf_arena_free(&arena);
	return 0;
}

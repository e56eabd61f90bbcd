/* fuzz_measure.c - any bytes as a document of a measure, and as a published comparison.
 * What reads well holds what measures hold, is written again, and is counted over a
 * place of one person. */
#include <math.h>
#include <stdlib.h>

#include "population/framework_compare.h"
#include "population/framework_fhir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One woman, one emergency admission. */
static struct hf_pop_columns *
place(void)
{
	static struct hf_pop_columns c;
	static struct hf_sv text[3] = {{"", 0}, {"X", 1}, {"Y", 1}};
	static struct hf_pop_person person = {
	    .birth = 600, .death_day = 11000, .sex = HF_POP_FEMALE};
	static struct hf_pop_registration reg = {0, 1, 0, HF_POP_NONE};
	static uint32_t zero[2], one[2] = {0, 1}, u32[1];
	static uint64_t events[2] = {0, 1};
	static int32_t cost[1];
	static uint16_t day[1] = {10900}, u16[1], los[1] = {3}, pool[1];
	static uint8_t setting[1] = {HF_POP_NE}, method[1] = {HF_POP_M_21}, u8[1];

	if (c.n_persons)
		return &c;
	c = (struct hf_pop_columns){.n_persons = 1,
				    .n_events = 1,
				    .persons = &person,
				    .ev_first = events,
				    .reg = &reg,
				    .reg_first = one,
				    .cond_first = zero,
				    .value_first = zero,
				    .dx_pool = pool,
				    .day_first = 10800,
				    .day_last = 11500};
	c.ev = (struct hf_pop_events){.person = u32,
				      .dx_more = u32,
				      .cost = cost,
				      .day = day,
				      .minute = u16,
				      .los = los,
				      .end_minute = u16,
				      .wait = u16,
				      .provider = u16,
				      .specialty = u16,
				      .hrg = u16,
				      .dx = u16,
				      .proc = u16,
				      .setting = setting,
				      .method = method,
				      .cls = u8,
				      .flags = u8,
				      .source = u8,
				      .outcome = u8,
				      .excluded = u8,
				      .basis = u8};
	for (int k = 0; k < HF_POP_KINDS; k++)
		c.dict[k] = (struct hf_pop_dictionary){text, 3};
	c.locality = c.dict[0];
	c.locality_id = text;
	return &c;
}

static void
count(const struct hf_pop_framework *f)
{
	const struct hf_pop_count_ask ask = {.measures = 1,
					     .grain = HF_POP_QUARTER,
					     .from = 10800,
					     .to = 11500,
					     .frozen = HF_POP_NONE};
	struct hf_pop_plan *plan;
	struct hf_pop_tally *tally;
	struct hf_pop_figure figure;

	if (hf_pop_plan_new(place(), f, &ask, &plan, NULL) != HF_OK)
		abort();
	if (hf_pop_tally_new(plan, &tally, NULL) != HF_OK ||
	    hf_pop_tally_persons(plan, tally, 0, 1, NULL) != HF_OK ||
	    hf_pop_tally_done(plan, tally, NULL) != HF_OK)
		abort();
	for (size_t i = 0; i < hf_pop_plan_periods(plan); i++) {
		hf_pop_figure(plan, tally, 0, 1, i, i + 1, &figure);
		if (figure.value.low > figure.value.value + 1e-9 ||
		    figure.value.high < figure.value.value - 1e-9)
			abort();
	}
	hf_pop_tally_free(tally);
	hf_pop_plan_free(plan);
}

static void
measure(struct hf_sv text)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	const struct hf_definition_text one = {"x", text};
	struct hf_pop_framework f;
	struct hf_buf out = {0};
	struct hf_err err = {0};
	struct hf_jw w = {.out = &out};
	enum hf_rc rc =
	    hf_pop_framework_load(&one, 1, hf_codesets_builtin, hf_n_codesets_builtin,
				  &arena, &issues, &f, &err);

	if (rc == HF_OK) {
		count(&f);
		hf_pop_measure_json(&f, &f.measures[0], &w);
		w.comma = false;
		hf_pop_measure_fhir(&f, &f.measures[0], HF_SV("http://x/fhir"), &w);
	} else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0]) {
		abort();
	}
	hf_buf_free(&out);
	hf_arena_free(&arena);
}

static void
comparison(struct hf_sv text)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_pop_comparison c;
	struct hf_buf out = {0};
	enum hf_rc rc = hf_pop_comparison_load("x", text, &arena, &issues, &c, NULL);

	if (rc == HF_OK)
		hf_pop_comparison_text(&c, &out);
	else if (rc == HF_INVALID && issues.errors == 0)
		abort();
	hf_buf_free(&out);
	hf_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};

	measure(text);
	comparison(text);
	return 0;
}

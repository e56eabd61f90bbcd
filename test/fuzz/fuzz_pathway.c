/* fuzz_pathway.c - any bytes as a pathway, and as a Bundle that holds one.  What reads
 * well goes to FHIR and comes back the same; what does not has a finding. */
#include <stdlib.h>

#include "pathway/migrate.h"
#include "pathway/plan_definition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_failed(enum hf_rc rc, const struct hf_issues *issues, const struct hf_err *err)
{
	if (rc != HF_INVALID && rc != HF_TOO_LONG)
		abort();
	if (!err->text[0] || (rc == HF_INVALID && issues->errors == 0))
		abort();
}

/* Every state and event is asked, so that every guard is. */
static void
run(const struct hf_pathway *p, struct hf_arena *arena)
{
	struct hf_pw_facts facts = {.age = 70};
	struct hf_pw_asked a = {
	    .at = 1767268800000, .roles = UINT64_MAX, .facts = &facts};
	struct hf_pw_effects effects;
	struct hf_pw_instance in;
	struct hf_err err;

	(void)hf_pw_fits(p, &facts, arena);
	hf_pw_begin(p, &a, arena, &in, &effects, &err);
	for (size_t i = 0; i < 3 * p->n_events; i++) {
		a.event = (int)(i % p->n_events);
		a.at += 600000;
		(void)hf_pw_fire(p, &in, &a, arena, &effects, &err);
		(void)hf_pw_next(p, &in);
	}
}

static void
there_and_back(struct hf_sv text, struct hf_arena *arena, const struct hf_pathway *p)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_buf there = {.cap = 8 << 20}, back = {.cap = 8 << 20};
	struct hf_buf diff = {.cap = 8 << 20};
	struct hf_pathway *again = NULL;
	struct hf_err err = {0};

	if (hf_pd_export("x", text, NULL, arena, &issues, &there, &err) == HF_OK) {
		enum hf_rc rc = hf_pd_import(hf_buf_view(&there), NULL, arena, &issues,
					     &back, &err);

		if (rc == HF_OK && hf_pathway_load("x", hf_buf_view(&back), NULL, arena,
						   &issues, &again, &err) == HF_OK) {
			hf_pw_diff(p, again, &diff);
			if (diff.n)
				abort();
		} else if (rc != HF_OK) {
			check_failed(rc, &issues, &err);
		}
	}
	hf_pathway_free(again);
	hf_buf_free(&there);
	hf_buf_free(&back);
	hf_buf_free(&diff);
}

static void
as_document(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_buf svg = {.cap = 8 << 20};
	struct hf_pw_case_report report;
	struct hf_pw_migration m;
	struct hf_pathway *p = NULL;
	struct hf_err err = {0};
	enum hf_rc rc = hf_pathway_load("x", text, NULL, arena, &issues, &p, &err);

	if (rc != HF_OK) {
		check_failed(rc, &issues, &err);
		return;
	}
	hf_pw_draw(p, &svg);
	hf_buf_free(&svg);
	run(p, arena);
	there_and_back(text, arena, p);
	(void)hf_pw_cases(p, "x", text, arena, &issues, &report, &err);
	(void)hf_pw_migrate_check(p, p, "x", text, arena, &issues, &m, &err);
	hf_pathway_free(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_buf out = {.cap = 8 << 20};
	struct hf_err err = {0};

	if (memmem(data, size, "resourceType", 12)) {
		enum hf_rc rc = hf_pd_import(text, NULL, &arena, &issues, &out, &err);

		if (rc != HF_OK && (rc != HF_INVALID || !err.text[0]) &&
		    rc != HF_TOO_LONG)
			abort();
	} else {
		as_document(text, &arena);
	}
	hf_buf_free(&out);
	hf_arena_free(&arena);
	return 0;
}

/* contract_test.h - shipped contracts loaded, for tests; the golden months. */
#ifndef HF_TEST_CONTRACT_H
#define HF_TEST_CONTRACT_H

#include "test/hf_test.h"

#include "contract/run.h"

static struct hf_arena arena;
static struct hf_issues issues;

static inline int
clear(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	arena = (struct hf_arena){.cap = 64 << 20};
	issues = (struct hf_issues){.arena = &arena};
	return 0;
}

static inline struct hf_ct_terms *
shipped(const char *id)
{
	struct hf_ct_terms *t = NULL;
	struct hf_err err;

	for (size_t i = 0; i < hf_n_contracts_builtin; i++) {
		const struct hf_definition_text *d = &hf_contracts_builtin[i];

		if (strncmp(d->name, id, strlen(id)) == 0 &&
		    hf_ct_terms_load(d->name, d->text, &arena, &issues, &t, &err))
			fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].path),
				 HF_SV_ARG(issues.items[0].text));
	}
	assert_non_null(t);
	return t;
}

static inline struct hf_ct_rules
shipped_rules(const char *id)
{
	struct hf_ct_rules r = {0};
	struct hf_err err;

	for (size_t i = 0; i < hf_n_contract_rules_builtin; i++) {
		const struct hf_definition_text *d = &hf_contract_rules_builtin[i];

		if (hf_ct_rules_load(d->name, d->text, &arena, &issues, &r, &err))
			fail_msg("%.*s", HF_SV_ARG(issues.items[0].text));
		if (strcmp(r.id, id) == 0)
			return r;
	}
	fail_msg("no rules of %s", id);
	return r;
}

/* Section 2.2. */
static const struct golden {
	const char *line;
	int64_t units[3];
	hf_pence pence[3];
} golden[] = {
    {"ne", {0}, {824000000, 831000000, 810500000}},
    {"elective", {0}, {501000000, 515000000, 548000000}},
    {"mri", {1204, 1187, 1251}, {0}},
    {"pathology", {88410, 90125, 87960}, {0}},
    {"audiology", {142, 151, 149}, {0}},
    {"medicines", {0}, {125043117, 119822005, 130177749}},
    {"biosimilar", {410, 425, 433}, {0}},
};

static inline size_t
golden_inputs(const struct hf_ct_terms *t, struct hf_ct_input *out)
{
	size_t n = 0;

	for (int m = 0; m < 3; m++)
		for (size_t i = 0; i < HF_COUNT(golden); i++) {
			int line = hf_ct_line_find(t, hf_sv_from(golden[i].line));

			assert_true(line >= 0);
			out[n] = (struct hf_ct_input){.seq = (int64_t)n + 1,
						      .line = (uint8_t)line,
						      .month = (uint8_t)m,
						      .freeze = true,
						      .units = golden[i].units[m],
						      .pence = golden[i].pence[m],
						      .price = -1};
			n++;
		}
	return n;
}

static inline int64_t
day_of(const char *text)
{
	struct hf_date d;

	assert_true(hf_date_parse(hf_sv_from(text), false, &d));
	return hf_london_day(d.lo);
}

static inline struct hf_ct_run *
run_to(const struct hf_ct_terms *t, const struct hf_ct_rules *rules,
       const struct hf_ct_input *in, size_t n, const char *day)
{
	struct hf_ct_facts *facts = HF_NEW(&arena, struct hf_ct_facts);
	struct hf_ct_run *run = HF_NEW(&arena, struct hf_ct_run);
	struct hf_err err = {0};

	if (hf_ct_facts(t, in, n, INT64_MAX, facts, &err) ||
	    hf_ct_run(t, rules, facts, day_of(day), run, &err))
		fail_msg("%s: %s", err.path, err.text);
	return run;
}

#endif

/* fuzz_contract.c - any bytes as a contract, a pooled fund, rules of a year, a
 * statement, a monthly pack, what is expected of a response, or the facts of a
 * challenge.  What reads well runs: a total is its lines, both effects are the
 * system's. */
#include <stdlib.h>

#include "contract/library.h"
#include "contract/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Figures that are plausible, or as large as may be. */
static size_t
some_inputs(const struct hf_ct_terms *t, struct hf_ct_input *in, bool large)
{
	size_t n = 0;

	for (size_t l = 0; l < t->n_lines; l++)
		for (int m = 0; m < HF_CT_MONTHS; m++, n++)
			in[n] = (struct hf_ct_input){
			    .seq = (int64_t)n + 1,
			    .line = (uint8_t)l,
			    .month = (uint8_t)m,
			    .units = large ? INT64_C(1000000000000) : 100 + m,
			    .pence = large ? INT64_C(100000000000000) : 1000000 * m,
			    .price = -1,
			    .result = hf_decimal_from_int(m)};
	return n;
}

static void
check_run(const struct hf_ct_run *r)
{
	for (int m = 0; m < r->months; m++) {
		struct hf_ct_effect e = hf_ct_effects(r, m);
		hf_pence sum = 0;

		for (size_t c = 0; c < r->terms->n_components; c++)
			sum += r->components[c][m].sum.earned;
		if (sum != r->total[m].earned ||
		    e.provider + e.commissioner != e.system)
			abort();
	}
}

/* The charts and all else of a pack that a run says. */
static void
pack(const struct hf_ct_run *r)
{
	struct hf_buf out = {.cap = 4 << 20};
	struct hf_jw w = {.out = &out};

	hf_jw_obj(&w);
	hf_ct_pack_run(r, r->months - 1, &w);
	hf_jw_obj_end(&w);
	hf_buf_free(&out);
}

static void
run(const struct hf_ct_terms *t, struct hf_arena *arena, bool large)
{
	struct hf_ct_input *in =
	    hf_arena_array(arena, HF_CT_LINES * HF_CT_MONTHS, sizeof *in);
	struct hf_ct_facts *facts = HF_NEW(arena, struct hf_ct_facts);
	struct hf_ct_run *r = HF_NEW(arena, struct hf_ct_run);
	struct hf_ct_statement_about about = {.quarter = 4, .version = 1};
	struct hf_buf out = {.cap = 1 << 20};
	struct hf_json d;
	struct hf_err err = {0};
	enum hf_rc rc;

	if (!in || !facts || !r)
		return;
	rc = hf_ct_facts(t, in, some_inputs(t, in, large), INT64_MAX, facts, &err);
	if (rc == HF_OK)
		rc = hf_ct_run(t, NULL, facts, hf_period_first(t->fy, 13) - 1, r, &err);
	if (rc != HF_OK && rc != HF_RULE)
		abort();
	if (rc == HF_OK) {
		check_run(r);
		pack(r);
		rc = hf_ct_statement_write(r, &about, &out, &err);
		if (rc == HF_OK &&
		    hf_ct_statement_check(hf_buf_view(&out), arena, &d, &err) != HF_OK)
			abort();
	}
	hf_buf_free(&out);
}

/* As the facts of a challenge that is raised: refused, or it stands with its sum. */
static void
claim(struct hf_sv text, struct hf_arena *arena)
{
	static struct hf_arena kept = {.cap = 256 << 20};
	static struct hf_ct_library lib;
	struct hf_issues issues = {.arena = &kept};
	struct hf_ct_event e = {.key = HF_SV("1"),
				.event = HF_SV("open"),
				.by = HF_SV("user/c"),
				.role = HF_SV("contract-signatory"),
				.org = HF_SV("QZ9"),
				.reason = HF_SV(""),
				.party = HF_CT_COMMISSIONER,
				.at = 1594026000000,
				.facts = text};
	struct hf_pw_effects effects;
	struct hf_ct_case c;
	struct hf_err err = {0};
	int64_t pence = 0;

	if (!lib.n_contracts && hf_ct_library_load(&kept, &issues, &lib, &err) != HF_OK)
		abort();
	hf_ct_case_init(&c, HF_CT_CHALLENGE, lib.pathways[HF_CT_CHALLENGE], 0, arena);
	if (hf_ct_case_apply(&c, &e, &effects, &err) != HF_OK) {
		if (c.n != 0 || !err.text[0])
			abort();
	} else if (!hf_ct_case_int(&c, "pence", &pence) || pence <= 0) {
		abort();
	}
}

static void
beside(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_buf out = {.cap = 4 << 20};
	struct hf_ct_expected e;
	struct hf_err err = {0};

	if (hf_ct_expected(text, &e) && (e.n == 0 || e.n > HF_CT_EXPECTED))
		abort();
	(void)hf_ct_pack_show(text, "00", HF_CT_CSV, arena, &out, &err);
	hf_buf_free(&out);
	claim(text, arena);
}

static void
check_rc(enum hf_rc rc, const struct hf_issues *issues, const struct hf_err *err)
{
	if (rc != HF_OK && ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err->text[0] ||
			    (rc == HF_INVALID && issues->errors == 0)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_ct_terms *t;
	struct hf_ct_pool *p;
	struct hf_ct_rules r;
	struct hf_json d;
	struct hf_err err = {0};
	enum hf_rc rc = hf_ct_terms_load("x", text, &arena, &issues, &t, &err);

	check_rc(rc, &issues, &err);
	if (rc == HF_OK) {
		run(t, &arena, false);
		run(t, &arena, true);
	}
	issues.n = issues.errors = 0;
	rc = hf_ct_pool_load("x", text, &arena, &issues, &p, &err);
	check_rc(rc, &issues, &err);
	issues.n = issues.errors = 0;
	check_rc(hf_ct_rules_load("x", text, &arena, &issues, &r, &err), &issues, &err);
	(void)hf_ct_statement_check(text, &arena, &d, &err);
	beside(text, &arena);
	hf_arena_free(&arena);
	return 0;
}

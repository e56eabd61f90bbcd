/* Laws that hold of any contract of any form: made at random, with figures that come in
 * any order, late, twice, or not at all.  issue 6: a total equals its lines at every
 * level; month by month equals the year at once; the same bytes again; both parties'
 * effects are the system's. */
#include "test/unit/contract/contract_test.h"

#include "base/rng.h"
#include "contract/statement.h"

enum { ROUNDS = 60, INPUTS = 600 };

static struct hf_rng rng;

static uint32_t
below(uint32_t n)
{
	return hf_rng_below(&rng, n);
}

/* ---- a contract ---- */

static void
put_split(struct hf_buf *b)
{
	unsigned mine = below(10001);

	hf_buf_printf(b, "\"provider\":%u.%02u,\"commissioner\":%u.%02u", mine / 100,
		      mine % 100, (10000 - mine) / 100, (10000 - mine) % 100);
}

static void
put_bands(struct hf_buf *b, const char *name)
{
	unsigned n = 1 + below(4), to = 0;

	hf_buf_printf(b, ",\"%s\":[", name);
	for (unsigned i = 0; i < n; i++) {
		hf_buf_printf(b, "%s{", i ? "," : "");
		if (i + 1 < n) {
			to += 1 + below(8);
			hf_buf_printf(b, "\"to\":%u,", to);
		}
		put_split(b);
		if (below(2)) {
			hf_buf_lit(b, ",\"under\":{");
			put_split(b);
			hf_buf_char(b, '}');
		}
		hf_buf_char(b, '}');
	}
	hf_buf_char(b, ']');
}

static void
put_plan(struct hf_buf *b)
{
	if (below(2)) {
		hf_buf_printf(b, ",\"annual\":%u.%02u,\"phasing\":\"%s\"",
			      below(90000000), below(100), below(2) ? "days" : "equal");
		return;
	}
	hf_buf_lit(b, ",\"plan\":[");
	for (int m = 0; m < 12; m++)
		hf_buf_printf(b, "%s%u.%02u", m ? "," : "", below(9000000), below(100));
	hf_buf_char(b, ']');
}

static void
put_lines(struct hf_buf *b, int c, enum hf_ct_kind kind)
{
	unsigned n = 1 + below(3), weight = 100;

	hf_buf_lit(b, ",\"lines\":[");
	for (unsigned i = 0; i < n; i++) {
		hf_buf_printf(b, "%s{\"id\":\"l%d-%u\",\"title\":\"Line\"",
			      i ? "," : "", c, i);
		if (kind == HF_CT_VOLUME)
			hf_buf_printf(b, ",\"price\":%u.%02u,\"plan\":%u", below(900),
				      below(100), below(3) ? below(9000) : 0);
		else if (kind == HF_CT_GAIN)
			hf_buf_printf(b, ",\"baseline\":%u.%02u,\"actual\":%u.%02u",
				      below(900), below(100), below(900), below(100));
		else if (kind == HF_CT_OUTCOME) {
			unsigned mine = i + 1 == n ? weight : below(weight);

			weight -= mine;
			hf_buf_printf(b,
				      ",\"weight\":%u,\"threshold\":%u.5,\"target\":%u,"
				      "\"least\":%u",
				      mine, below(100), below(100), below(60));
		} else
			put_plan(b);
		hf_buf_char(b, '}');
	}
	hf_buf_char(b, ']');
}

static void
put_component(struct hf_buf *b, int c, enum hf_ct_kind kind)
{
	hf_buf_printf(b,
		      "%s{\"id\":\"c%d\",\"title\":\"Part\",\"number\":\"%d\","
		      "\"kind\":\"%s\"",
		      c ? "," : "", c, c, hf_ct_kind_word(kind));
	if (below(4))
		hf_buf_printf(b, ",\"marginal_cost\":%u", below(150));
	if (kind == HF_CT_CORRIDOR) {
		hf_buf_printf(b, ",\"persons\":%u,\"per_head\":%u", 1 + below(300000),
			      below(2000));
		put_bands(b, "tiers");
	} else if (kind == HF_CT_BLOCK && below(2)) {
		put_plan(b);
		hf_buf_printf(b, ",\"marginal_baseline\":%u", below(50000000));
	} else {
		put_lines(b, c, kind);
	}
	if (kind == HF_CT_SHARE) {
		put_bands(b, "bands");
		hf_buf_printf(b, ",\"review_beyond\":%u", 1 + below(20));
	}
	if (kind == HF_CT_GAIN) {
		hf_buf_char(b, ',');
		put_split(b);
	}
	if (kind == HF_CT_OUTCOME)
		hf_buf_printf(b, ",\"pool\":%u.%02u", below(9000000), below(100));
	hf_buf_char(b, '}');
}

/* The kinds that a form is made of; any of them may stand in any. */
static void
put_components(struct hf_buf *b, enum hf_ct_form form)
{
	static const enum hf_ct_kind first[HF_CT_FORMS] = {
	    [HF_CT_ALIGNED_INCENTIVE] = HF_CT_SHARE,
	    [HF_CT_ALIGNED_PAYMENT] = HF_CT_SHARE,
	    [HF_CT_BLOCK_CONTRACT] = HF_CT_BLOCK,
	    [HF_CT_COST_AND_VOLUME] = HF_CT_VOLUME,
	    [HF_CT_LEAD_PROVIDER] = HF_CT_BLOCK,
	    [HF_CT_OUTCOME_BASED] = HF_CT_OUTCOME,
	    [HF_CT_CAPITATED] = HF_CT_CORRIDOR};
	int n = 1 + (int)below(5);

	if (form == HF_CT_LEAD_PROVIDER) {
		hf_buf_lit(b, "{\"id\":\"c0\",\"title\":\"Head\",\"number\":\"1\","
			      "\"kind\":\"block\",\"annual\":21700000}");
		return;
	}
	for (int c = 0; c < n; c++)
		put_component(b, c,
			      c ? (enum hf_ct_kind)below(HF_CT_KINDS) : first[form]);
}

static struct hf_ct_terms *
contract(enum hf_ct_form form)
{
	struct hf_buf b = {0};
	struct hf_ct_terms *t = NULL;
	struct hf_sv text;
	struct hf_err err;

	hf_buf_printf(
	    &b,
	    "{\"id\":\"c\",\"version\":\"1\",\"title\":\"C\",\"form\":\"%s\","
	    "\"status\":"
	    "\"draft\",\"summary\":\"S\",\"from\":\"2019-04-01\",\"to\":\"2020-03-31\","
	    "\"rules\":\"2018/19\",\"parties\":{\"commissioner\":{\"name\":\"A\","
	    "\"orgs\":[\"QZ9\"],\"signers\":[\"s\"]},\"provider\":{\"name\":\"B\","
	    "\"orgs\":[\"RZ1\"],\"signers\":[\"s\"]}},",
	    hf_ct_form_word(form));
	if (form == HF_CT_LEAD_PROVIDER)
		hf_buf_lit(&b, "\"head\":21700000,\"subcontracts\":[{\"id\":\"a\","
			       "\"name\":\"A\",\"share\":62.5},{\"id\":\"b\",\"name\":"
			       "\"B\",\"share\":37.5}],");
	hf_buf_lit(&b, "\"components\":[");
	put_components(&b, form);
	hf_buf_lit(&b, "]}");
	text = hf_arena_sv(&arena, hf_buf_view(&b));
	hf_buf_free(&b);
	if (hf_ct_terms_load("random", text, &arena, &issues, &t, &err)) {
		if (issues.n && memmem(issues.items[0].text.p, issues.items[0].text.n,
				       "differs from it", 15))
			return NULL; /* threshold and target fell together */
		fail_msg("%.*s: %.*s", HF_SV_ARG(issues.items[0].text),
			 HF_SV_ARG(text));
	}
	return t;
}

/* ---- figures ---- */

static size_t
figures(const struct hf_ct_terms *t, struct hf_ct_input *in)
{
	size_t n = 100 + below(INPUTS - 100);

	for (size_t i = 0; i < n; i++) {
		in[i] = (struct hf_ct_input){
		    .seq = (int64_t)i + 1,
		    .line = (uint8_t)below((uint32_t)t->n_lines),
		    .month = (uint8_t)below(12),
		    .freeze = below(3) == 0,
		    .units = below(20000),
		    .pence = (int64_t)below(900000000) - below(50000000),
		    .price = below(2) ? -1 : (hf_pence)below(90000),
		    .hold = below(5) == 0};
		in[i].result.m = below(100000);
		in[i].result.scale = 3;
	}
	return n;
}

static void
shuffle(struct hf_ct_input *in, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = below((uint32_t)i);
		struct hf_ct_input x = in[k];

		in[k] = in[i - 1];
		in[i - 1] = x;
	}
}

/* ---- laws ---- */

static void
add(struct hf_ct_amounts *sum, const struct hf_ct_amounts *a)
{
	sum->plan += a->plan;
	sum->account += a->account;
	sum->earned += a->earned;
	sum->shadow += a->shadow;
	sum->units_plan += a->units_plan;
	sum->units += a->units;
}

static void
totals_are_their_lines(const struct hf_ct_run *r)
{
	for (int m = 0; m < r->months; m++) {
		struct hf_ct_amounts all = {0};
		struct hf_ct_effect e = hf_ct_effects(r, m);

		for (size_t c = 0; c < r->terms->n_components; c++) {
			const struct hf_ct_component *def = &r->terms->components[c];
			const struct hf_ct_component_ytd *y = &r->components[c][m];
			struct hf_ct_amounts sum = {0};

			for (int l = 0; l < def->n; l++)
				add(&sum, &r->lines[def->first + l][m]);
			sum.earned += y->adjust;
			sum.shadow -= y->withheld;
			assert_memory_equal(&sum, &y->sum, sizeof sum);
			assert_true(y->expected <= y->sum.plan);
			add(&all, &y->sum);
		}
		assert_memory_equal(&all, &r->total[m], sizeof all);
		assert_int_equal(e.provider + e.commissioner, e.system);
	}
}

static void
months_are_the_year(const struct hf_ct_terms *t, const struct hf_ct_rules *rules,
		    const struct hf_ct_run *whole)
{
	struct hf_ct_run *r = HF_NEW(&arena, struct hf_ct_run);
	struct hf_ct_amounts sum = {0};
	struct hf_err err;

	for (int m = 0; m < 12; m++) {
		struct hf_ct_amounts month = hf_ct_month(whole->total, m);

		assert_int_equal(hf_ct_run(t, rules, whole->facts,
					   hf_period_first(t->fy, m + 2) - 1, r, &err),
				 HF_OK);
		for (int k = 0; k <= m; k++) {
			assert_memory_equal(&r->total[k], &whole->total[k],
					    sizeof r->total[k]);
			for (size_t c = 0; c < t->n_components; c++)
				assert_memory_equal(&r->components[c][k],
						    &whole->components[c][k],
						    sizeof r->components[c][k]);
		}
		add(&sum, &month);
	}
	assert_memory_equal(&sum, &whole->total[11], sizeof sum);
}

static void
quarters_are_the_year_in_the_same_bytes(const struct hf_ct_run *whole,
					const struct hf_ct_rules *rules)
{
	const struct hf_ct_terms *t = whole->terms;
	struct hf_ct_run *r = HF_NEW(&arena, struct hf_ct_run);
	hf_pence paid = 0;
	struct hf_err err;

	for (int q = 1; q <= 4; q++) {
		struct hf_ct_statement_about about = {
		    .quarter = q, .version = 1, .rules = rules};
		struct hf_buf out[2] = {{0}, {0}};
		struct hf_json d;
		int64_t v = 0;

		assert_int_equal(hf_ct_run(t, rules, whole->facts,
					   hf_ct_quarter_end(t->fy, q), r, &err),
				 HF_OK);
		for (int k = 0; k < 2; k++)
			if (hf_ct_statement_write(r, &about, &out[k], &err))
				break; /* nothing came in the quarter */
		if (out[1].n == 0) {
			const struct hf_ct_amounts two[HF_CT_MONTHS] = {
			    q > 1 ? r->total[q * 3 - 4] : (struct hf_ct_amounts){0},
			    r->total[q * 3 - 1]};

			paid +=
			    hf_ct_month(two, 1).earned - hf_ct_month(two, 1).account;
			continue;
		}
		assert_int_equal(out[0].n, out[1].n);
		assert_memory_equal(out[0].p, out[1].p, out[0].n);
		if (hf_ct_statement_check(hf_buf_view(&out[0]), &arena, &d, &err))
			fail_msg("%s", err.text);
		assert_true(
		    hf_sv_int(hf_json_raw(&d, hf_json_member(&d, 0, "payable")), &v));
		paid += v;
		hf_buf_free(&out[0]);
		hf_buf_free(&out[1]);
	}
	assert_int_equal(paid, whole->total[11].earned - whole->total[11].account);
}

HF_TEST(laws_hold_of_contracts_of_every_form)
{
	static struct hf_ct_input in[INPUTS];
	struct hf_ct_rules rules;
	int tried[HF_CT_FORMS] = {0};

	hf_rng_seed(&rng, 606, 0);
	for (int i = 0; i < ROUNDS * HF_CT_FORMS; i++) {
		enum hf_ct_form form = (enum hf_ct_form)(i % HF_CT_FORMS);
		const struct hf_ct_run *r, *again;
		const struct hf_ct_terms *t;
		size_t n;

		clear(NULL);
		t = contract(form);
		if (!t)
			continue;
		rules = shipped_rules("2018/19");
		tried[form]++;
		n = figures(t, in);
		r = run_to(t, &rules, in, n, "2020-03-31");
		totals_are_their_lines(r);
		months_are_the_year(t, &rules, r);
		quarters_are_the_year_in_the_same_bytes(r, &rules);
		/* The order in which figures are read is nothing. */
		shuffle(in, n);
		again = run_to(t, &rules, in, n, "2020-03-31");
		assert_memory_equal(again->total, r->total, sizeof r->total);
		assert_memory_equal(again->components, r->components,
				    sizeof r->components);
		assert_memory_equal(again->hold, r->hold, sizeof r->hold);
	}
	for (int f = 0; f < HF_CT_FORMS; f++)
		assert_true(tried[f] > ROUNDS / 2);
}

HF_TEST_MAIN("contract/forms",
	     cmocka_unit_test_setup(laws_hold_of_contracts_of_every_form, clear))

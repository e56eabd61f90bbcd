/* What is kept of contracts, on both engines: inputs, cases, ledger, statements. */
#include "test/unit/contract/contract_test.h"
#include "test/support/store.h"

#include <pthread.h>

#include "base/rng.h"
#include "contract/io/book.h"
#include "record/io/desk.h"

static struct hf_ct_library lib;
static struct hf_arena lib_arena = {.cap = 128 << 20};
static struct hf_err err;
static size_t acute;

static const struct hf_ct_by commissioner = {.user = {"user/c", 6},
					     .role = {"contract-signatory", 18},
					     .org = {"QZ9", 3},
					     .purpose = {"FINANCE", 7},
					     .trace = {"", 0},
					     .party = HF_CT_COMMISSIONER,
					     .signatory = true,
					     .trial = true};
static const struct hf_ct_by provider = {.user = {"user/p", 6},
					 .role = {"contract-signatory", 18},
					 .org = {"RZ1", 3},
					 .purpose = {"FINANCE", 7},
					 .trace = {"", 0},
					 .party = HF_CT_PROVIDER,
					 .signatory = true,
					 .trial = true};

static void
prepared(struct hf_test_store *t)
{
	const struct hf_ct_terms *terms;
	struct hf_ct_input in[64];
	int64_t first;

	clear(NULL);
	if (!lib.n_contracts &&
	    hf_ct_library_load(&lib_arena, &issues, &lib, &err) != HF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(
	    hf_ct_library_contract(&lib, HF_SV("acute-2020"), &terms, &acute, &err),
	    HF_OK);
	if (hf_ct_book_put(t->store, &provider, terms, in, golden_inputs(terms, in),
			   HF_SV("golden.csv"), &first, &err))
		fail_msg("%s", err.text);
	assert_int_equal(first, 1);
}

static struct hf_db *
db(struct hf_test_store *t)
{
	return hf_reader_db(t->reader);
}

static struct hf_ct_statement
a_statement(struct hf_test_store *t, int quarter, hf_time at)
{
	struct hf_ct_statement s;

	if (hf_ct_book_prepare(t->store, db(t), &provider, &lib, acute, quarter, at,
			       &arena, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static enum hf_rc
sign(struct hf_test_store *t, const struct hf_ct_by *by,
     const struct hf_ct_statement *s, bool *agreed)
{
	struct hf_ct_sign g = {.contract = HF_SV("acute-2020"),
			       .quarter = s->quarter,
			       .version = s->version,
			       .hash = s->hash,
			       .jws = HF_SV("a.b.c"),
			       .at = s->at + 1};
	enum hf_rc rc = hf_ct_book_sign(t->store, by, &lib, &g, &err);

	if (agreed)
		*agreed = g.agreed;
	return rc;
}

HF_ON_BOTH_AFTER(prepared, what_is_kept_runs_to_the_penny)
{
	struct hf_ct_run *r;

	assert_int_equal(hf_ct_book_run(db(t), &lib, acute, INT64_MAX,
					day_of("2020-06-30"), &arena, &r, &err),
			 HF_OK);
	assert_int_equal(r->total[2].earned, 4465968595);
	assert_int_equal(r->total[2].shadow, 4562412545);
}

HF_ON_BOTH_AFTER(prepared, both_sign_and_the_money_is_posted_and_the_months_closed)
{
	struct hf_ct_statement s = a_statement(t, 1, 1596240000000), again;
	struct hf_ct_entry *e;
	hf_pence to_provider = 0, sum = 0;
	bool agreed;
	size_t n;

	assert_int_equal(sign(t, &provider, &s, &agreed), HF_OK);
	assert_false(agreed);
	assert_int_equal(sign(t, &provider, &s, NULL), HF_EXISTS);
	assert_int_equal(sign(t, &commissioner, &s, &agreed), HF_OK);
	assert_true(agreed);
	assert_int_equal(
	    hf_ct_book_entries(db(t), HF_SV("acute-2020"), &arena, &e, &n, &err),
	    HF_OK);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < e[i].n_legs; k++) {
			sum += e[i].legs[k].pence;
			if (hf_sv_is(e[i].legs[k].party, "provider"))
				to_provider += e[i].legs[k].pence;
		}
	assert_int_equal(sum, 0);
	assert_int_equal(to_provider, 4465968595);
	/* A signed statement never changes, and no other takes its place. */
	assert_int_equal(hf_ct_book_statement(db(t), HF_SV("acute-2020"),
					      HF_SV("2020-Q1"), 0, &arena, &again,
					      &err),
			 HF_OK);
	assert_true(hf_sv_eq(again.body, s.body));
	assert_int_equal(again.n_signatures, 2);
	assert_int_equal(hf_ct_book_prepare(t->store, db(t), &provider, &lib, acute, 1,
					    1596240000009, &arena, &again, &err),
			 HF_RULE);
}

HF_ON_BOTH_AFTER(prepared, a_statement_is_made_again_to_the_byte_after_more_came_in)
{
	struct hf_ct_statement s = a_statement(t, 1, 1596240000000);
	const struct hf_ct_terms *terms = lib.contracts[acute];
	struct hf_ct_input late = {.line = 2, .month = 0, .units = 1300, .price = -1};
	int64_t first;

	assert_int_equal(hf_ct_book_again(db(t), &lib, acute, &s, &arena, &err), HF_OK);
	assert_int_equal(hf_ct_book_put(t->store, &provider, terms, &late, 1,
					HF_SV("late"), &first, &err),
			 HF_OK);
	assert_int_equal(hf_ct_book_again(db(t), &lib, acute, &s, &arena, &err), HF_OK);
}

HF_ON_BOTH_AFTER(prepared, only_what_was_looked_at_is_signed)
{
	struct hf_ct_statement s = a_statement(t, 1, 1596240000000), next;
	struct hf_ct_by one = commissioner;

	next = a_statement(t, 1, 1596240000500);
	assert_int_equal(next.version, 2);
	assert_int_equal(sign(t, &provider, &s, NULL), HF_STALE);
	s = next;
	s.hash = HF_SV("00");
	assert_int_equal(sign(t, &provider, &s, NULL), HF_STALE);
	assert_int_equal(sign(t, &provider, &next, NULL), HF_OK);
	one.user = provider.user;
	assert_int_equal(sign(t, &one, &next, NULL), HF_RULE);
	one = commissioner;
	one.signatory = false;
	assert_int_equal(sign(t, &one, &next, NULL), HF_FORBIDDEN);
	one = commissioner;
	one.trial = false; /* no such account has the role any more */
	assert_int_equal(sign(t, &one, &next, NULL), HF_FORBIDDEN);
	assert_string_equal(err.path, "role");
}

struct racer {
	struct hf_test_store *t;
	struct hf_ct_by by;
	const struct hf_ct_statement *s;
	enum hf_rc rc;
	bool agreed;
};

static void *
race(void *arg)
{
	struct racer *r = arg;
	struct hf_ct_sign g = {.contract = HF_SV("acute-2020"),
			       .quarter = r->s->quarter,
			       .version = r->s->version,
			       .hash = r->s->hash,
			       .jws = HF_SV("a.b.c"),
			       .at = r->s->at + 1};
	struct hf_err mine;

	r->rc = hf_ct_book_sign(r->t->store, &r->by, &lib, &g, &mine);
	r->agreed = g.agreed;
	return NULL;
}

HF_ON_BOTH_AFTER(prepared, people_who_sign_at_once_each_get_one_clear_answer)
{
	struct hf_ct_statement s = a_statement(t, 1, 1596240000000);
	struct racer r[4] = {{t, provider, &s, HF_FAULT, false},
			     {t, provider, &s, HF_FAULT, false},
			     {t, commissioner, &s, HF_FAULT, false},
			     {t, commissioner, &s, HF_FAULT, false}};
	pthread_t threads[4];
	int good = 0, there = 0, agreed = 0;

	r[1].by.user = HF_SV("user/p2");
	r[3].by.user = HF_SV("user/c2");
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, race, &r[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		good += r[i].rc == HF_OK;
		there += r[i].rc == HF_EXISTS;
		agreed += r[i].agreed;
	}
	assert_int_equal(good, 2);
	assert_int_equal(there, 2);
	assert_int_equal(agreed, 1);
}

/* ---- corrections ---- */

/* A fixed part and half of what differs from the plan of the elective part. */
static size_t
payment(const struct hf_ct_terms **terms)
{
	size_t at;

	assert_int_equal(
	    hf_ct_library_contract(&lib, HF_SV("payment-2021"), terms, &at, &err),
	    HF_OK);
	return at;
}

static void
put_elective(struct hf_test_store *t, const struct hf_ct_terms *terms, int month,
	     hf_pence over)
{
	struct hf_ct_input in[2] = {0};
	int64_t first;

	for (size_t l = 0; l < 2; l++)
		in[l] = (struct hf_ct_input){.line = (uint8_t)l,
					     .month = (uint8_t)month,
					     .pence = terms->lines[l].plan[month] +
						      (l ? over : 0),
					     .price = -1};
	if (hf_ct_book_put(t->store, &provider, terms, in, 2, HF_SV("flex"), &first,
			   &err))
		fail_msg("%s", err.text);
}

/* Prepares and signs a quarter; what it says is to be paid. */
static int64_t
settle(struct hf_test_store *t, size_t at, int quarter, hf_time now)
{
	struct hf_ct_statement s;
	struct hf_ct_sign g = {
	    .contract = HF_SV("payment-2021"), .jws = HF_SV("a.b.c"), .at = now + 1};
	struct hf_json d;
	int64_t v;

	if (hf_ct_book_prepare(t->store, db(t), &provider, &lib, at, quarter, now,
			       &arena, &s, &err))
		fail_msg("%s", err.text);
	g.quarter = s.quarter;
	g.version = s.version;
	g.hash = s.hash;
	assert_int_equal(hf_ct_book_sign(t->store, &provider, &lib, &g, &err), HF_OK);
	if (hf_ct_book_sign(t->store, &commissioner, &lib, &g, &err))
		fail_msg("%s: %s", err.path, err.text);
	assert_true(g.agreed);
	assert_int_equal(hf_ct_statement_check(s.body, &arena, &d, &err), HF_OK);
	assert_true(hf_sv_int(hf_json_raw(&d, hf_json_member(&d, 0, "payable")), &v));
	return v;
}

static hf_pence
posted_to_provider(struct hf_test_store *t, const char *contract)
{
	struct hf_ct_entry *e;
	hf_pence sum = 0;
	size_t n;

	assert_int_equal(
	    hf_ct_book_entries(db(t), hf_sv_from(contract), &arena, &e, &n, &err),
	    HF_OK);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < e[i].n_legs; k++)
			if (hf_sv_is(e[i].legs[k].party, "provider"))
				sum += e[i].legs[k].pence;
	return sum;
}

/* Money comes once: what a statement corrected the next one leaves alone, and in the
 * end what was posted is what was earned. */
HF_ON_BOTH_AFTER(prepared, a_quarter_is_corrected_once)
{
	const struct hf_ct_terms *terms;
	size_t at = payment(&terms);
	struct hf_sv draft;
	struct hf_ct_run *r;

	for (int m = 0; m < 9; m++)
		put_elective(t, terms, m, 0);
	assert_int_equal(settle(t, at, 1, 1630000000000), 0);
	put_elective(t, terms, 1, 1000000);
	/* What would be said says the same before it is. */
	assert_int_equal(
	    hf_ct_book_draft(db(t), &lib, at, 2, HF_SV("x"), &arena, &draft, &err),
	    HF_OK);
	assert_non_null(memmem(draft.p, draft.n, "\"payable\":500000}", 17));
	assert_int_equal(settle(t, at, 2, 1640000000000), 500000);
	assert_int_equal(settle(t, at, 3, 1650000000000), 0);
	assert_int_equal(hf_ct_book_run(db(t), &lib, at, INT64_MAX,
					day_of("2021-12-31"), &arena, &r, &err),
			 HF_OK);
	assert_int_equal(posted_to_provider(t, "payment-2021"), r->total[8].earned);
}

/* Whatever changes of months that are settled, what was posted by the end of the year
 * is what the year earned, and no statement says anything else afterwards. */
HF_ON_BOTH_AFTER(prepared, the_ledger_of_a_year_is_what_the_year_earned)
{
	const struct hf_ct_terms *terms;
	size_t at = payment(&terms);
	struct hf_ct_statement s[5], again;
	struct hf_ct_run *r;
	struct hf_rng rng;
	char text[16];

	hf_rng_seed(&rng, 12, 0);
	for (int q = 1; q <= 4; q++) {
		for (int m = q * 3 - 3; m < q * 3; m++)
			put_elective(t, terms, m, hf_rng_below(&rng, 90000000));
		for (int i = 0; i < 4 && q > 1; i++) /* of quarters before */
			put_elective(t, terms,
				     (int)hf_rng_below(&rng, (uint32_t)(q * 3 - 3)),
				     (hf_pence)hf_rng_below(&rng, 90000000) - 40000000);
		settle(t, at, q, 1630000000000 + q);
		assert_int_equal(hf_ct_book_statement(db(t), HF_SV("payment-2021"),
						      hf_sv_from(hf_ct_quarter_text(
							  2021, q, text, sizeof text)),
						      0, &arena, &s[q], &err),
				 HF_OK);
		assert_int_equal(hf_ct_book_run(db(t), &lib, at, INT64_MAX,
						hf_ct_quarter_end(2021, q), &arena, &r,
						&err),
				 HF_OK);
		assert_int_equal(posted_to_provider(t, "payment-2021"),
				 r->total[q * 3 - 1].earned);
	}
	for (int q = 1; q <= 4; q++) { /* a signed statement never changes */
		assert_int_equal(hf_ct_book_statement(db(t), HF_SV("payment-2021"),
						      hf_sv_from(hf_ct_quarter_text(
							  2021, q, text, sizeof text)),
						      0, &arena, &again, &err),
				 HF_OK);
		assert_true(hf_sv_eq(again.body, s[q].body));
		if (hf_ct_book_again(db(t), &lib, at, &again, &arena, &err))
			fail_msg("%d: %s", q, err.text);
	}
}

/* ---- cases ---- */

static enum hf_rc
step(struct hf_test_store *t, const struct hf_ct_by *by, struct hf_ct_step *s,
     const char *key, const char *event, const char *facts)
{
	s->key = hf_sv_from(key);
	s->event = hf_sv_from(event);
	s->reason = HF_SV("because");
	s->facts = hf_sv_from(facts);
	return hf_ct_book_step(t->store, by, &lib, s, &err);
}

#define DOES(...)                                                                      \
	do {                                                                           \
		if (step(t, __VA_ARGS__) != HF_OK)                                     \
			fail_msg("%s: %s", err.path, err.text);                        \
	} while (0)

HF_ON_BOTH_AFTER(prepared, CON_T13_a_transfer_posts_both_lines_or_none)
{
	struct hf_ct_step s = {.kind = HF_CT_TRANSFER,
			       .subject = HF_SV("transfer/1"),
			       .contract = HF_SV("acute-2020")};
	struct hf_ct_entry *e;
	struct hf_ct_event *events;
	struct hf_ct_case c;
	struct hf_sv contract;
	size_t n;

	DOES(&provider, &s, "1", "open", "{\"title\":\"Falls service\"}");
	DOES(&provider, &s, "2", "propose",
	     "{\"from\":\"ne\",\"to\":\"community\",\"avoided\":600,\"evidence\":\"m\","
	     "\"marginal\":111000,\"releasable\":4000,\"blockChange\":30000000,"
	     "\"effective\":\"2100-10-01\",\"jointApproval\":true}");
	DOES(&provider, &s, "3", "sign", "");
	DOES(&commissioner, &s, "4", "sign", "");
	assert_int_equal(step(t, &provider, &s, "5", "transfer", ""), HF_RULE);
	DOES(&provider, &s, "6", "agree", "");
	DOES(&provider, &s, "7", "transfer", "");
	DOES(&provider, &s, "7", "transfer", "");
	assert_true(s.again);
	assert_sv_equal(s.state, "transferred");
	assert_int_equal(step(t, &provider, &s, "7", "spend", ""), HF_EXISTS);
	assert_int_equal(
	    hf_ct_book_entries(db(t), HF_SV("acute-2020"), &arena, &e, &n, &err),
	    HF_OK);
	assert_int_equal(n, 2);
	assert_int_equal(e[0].period, 210010);
	assert_sv_equal(e[0].line, "ne");
	assert_sv_equal(e[1].line, "community");
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2; k++)
			if (!hf_sv_is(e[i].legs[k].party, "commissioner"))
				assert_int_equal(e[i].legs[k].pence,
						 i ? 26640000 : -26640000);
	assert_int_equal(hf_ct_book_case(db(t), &lib, HF_SV("transfer/1"), &arena, &c,
					 &contract, &events, &n, &err),
			 HF_OK);
	assert_int_equal(n, 6);
	for (size_t i = 0; i < n; i++)
		assert_true(
		    hf_ct_event_holds(&events[i], i ? events[i - 1].hash : "", &arena));
}

HF_ON_BOTH_AFTER(prepared, an_entry_is_taken_back_by_another_once)
{
	struct hf_ct_by other = commissioner;
	struct hf_ct_step s = {.kind = HF_CT_POSTING,
			       .subject = HF_SV("posting/1"),
			       .contract = HF_SV("better-care-2020")};
	struct hf_ct_entry *e;
	size_t n;

	other.user = HF_SV("user/c2");
	DOES(&commissioner, &s, "1", "open",
	     "{\"title\":\"June\",\"kind\":\"accrual\",\"line\":\"hub\",\"period\":"
	     "202012,\"pence\":100,\"document\":\"goods 7\",\"party\":\"nhs\"}");
	assert_int_equal(step(t, &commissioner, &s, "2", "post", ""), HF_RULE);
	DOES(&other, &s, "2", "post", "");
	assert_int_equal(
	    hf_ct_book_entries(db(t), HF_SV("better-care-2020"), &arena, &e, &n, &err),
	    HF_OK);
	assert_int_equal(n, 2); /* an accrual is reversed in the next month */
	assert_int_equal(e[1].period, 202101);
	assert_int_equal(e[1].reverses, e[0].id);
	s.subject = HF_SV("posting/2");
	DOES(&commissioner, &s, "1", "open",
	     "{\"title\":\"back\",\"kind\":\"correction\",\"line\":\"hub\",\"period\":"
	     "202012,\"pence\":0,\"document\":\"x\",\"reverses\":1}");
	DOES(&commissioner, &s, "2", "sign", "");
	DOES(&provider, &s, "3", "sign", "");
	assert_int_equal(step(t, &other, &s, "4", "post", ""), HF_RULE);
	assert_string_equal(err.path, "reverses");
	s.subject = HF_SV("posting/3");
	DOES(&commissioner, &s, "1", "open",
	     "{\"title\":\"x\",\"kind\":\"spend\",\"line\":\"nothing\",\"period\":"
	     "202012,\"pence\":1,\"document\":\"x\",\"party\":\"nhs\"}");
	assert_int_equal(step(t, &other, &s, "2", "post", ""), HF_INVALID);
	assert_string_equal(err.path, "line");
}

/* ---- the fund ---- */

static int postings;

/* Posts an entry that one proposes, both sign and another approves. */
static enum hf_rc
posted(struct hf_test_store *t, const char *contract, const char *facts)
{
	struct hf_ct_by other = commissioner;
	struct hf_ct_step s = {.kind = HF_CT_POSTING, .contract = hf_sv_from(contract)};
	char *subject = hf_arena_alloc(&arena, 40);

	snprintf(subject, 40, "posting/f%d", ++postings);
	s.subject = hf_sv_from(subject);
	other.user = HF_SV("user/c2");
	if (step(t, &commissioner, &s, "1", "open", facts) ||
	    step(t, &commissioner, &s, "2", "sign", "") ||
	    step(t, &provider, &s, "3", "sign", ""))
		return err.rc;
	return step(t, &other, &s, "4", "post", "");
}

#define ENTRY(kind, line, period, pence, more)                                         \
	"{\"title\":\"x\",\"document\":\"x\",\"kind\":\"" kind "\",\"line\":\"" line   \
	"\",\"period\":" period ",\"pence\":" pence ",\"party\":\"nhs\"" more "}"

static struct hf_ct_pool_now
fund_line(struct hf_test_store *t, const char *line, hf_pence *moved)
{
	const struct hf_ct_pool *p =
	    hf_ct_library_pool(&lib, HF_SV("better-care-2020"));
	struct hf_ct_pool_now now;
	struct hf_ct_entry *e;
	size_t n;

	assert_int_equal(
	    hf_ct_book_entries(db(t), HF_SV("better-care-2020"), &arena, &e, &n, &err),
	    HF_OK);
	assert_true(hf_ct_fund_line(
	    p, e, n, (size_t)hf_ct_pool_find(p, hf_sv_from(line)), &now, moved));
	return now;
}

HF_ON_BOTH_AFTER(prepared, what_a_fund_takes_back_is_as_if_it_had_not_been)
{
	const char *fund = "better-care-2020";
	hf_pence moved, received;
	struct hf_ct_entry *e;
	struct hf_ct_pool_now now;
	size_t n;

	assert_int_equal(
	    posted(t, fund,
		   ENTRY("virement", "hub", "202004", "500", ",\"toLine\":\"carers\"")),
	    HF_OK);
	now = fund_line(t, "carers", &moved);
	assert_int_equal(moved, 500);
	assert_int_equal(fund_line(t, "hub", &moved).budget, 720000000 - 500);
	assert_int_equal(
	    posted(t, fund,
		   ENTRY("correction", "hub", "202004", "0", ",\"reverses\":1")),
	    HF_OK);
	now = fund_line(t, "hub", &moved);
	assert_int_equal(now.budget, 720000000);
	assert_int_equal(now.actual, 0);
	assert_int_equal(fund_line(t, "carers", &moved).budget, 145000000);
	assert_int_equal(
	    posted(t, fund, ENTRY("contribution", "minimum", "202004", "900", "")),
	    HF_OK);
	assert_int_equal(
	    posted(t, fund,
		   ENTRY("correction", "minimum", "202004", "0", ",\"reverses\":3")),
	    HF_OK);
	assert_int_equal(
	    hf_ct_book_entries(db(t), hf_sv_from(fund), &arena, &e, &n, &err), HF_OK);
	assert_true(hf_ct_fund_received(e, n, "minimum", &received));
	assert_int_equal(received, 0);
}

/* An accrual stands at the end of its month, and is gone when the next has begun. */
HF_ON_BOTH_AFTER(prepared, an_accrual_stands_until_the_next_month_begins)
{
	const char *fund = "better-care-2020";
	struct hf_ct_pool_now now;
	hf_pence moved;

	assert_int_equal(posted(t, fund, ENTRY("accrual", "hub", "202004", "700", "")),
			 HF_OK);
	now = fund_line(t, "hub", &moved);
	assert_int_equal(now.accrued, 700);
	assert_int_equal(now.remaining, 660000000);
	assert_int_equal(posted(t, fund, ENTRY("spend", "hub", "202005", "650", "")),
			 HF_OK);
	now = fund_line(t, "hub", &moved);
	assert_int_equal(now.accrued, 0);
	assert_int_equal(now.actual, 650);
	assert_int_equal(now.outturn, 650 + 600000000);
}

HF_ON_BOTH_AFTER(prepared, ring_fenced_money_stays_in_its_ring)
{
	const char *fund = "better-care-2020";
	struct hf_ct_entry *e;
	size_t n;

	assert_int_equal(posted(t, fund,
				ENTRY("virement", "adaptations", "202004", "1",
				      ",\"toLine\":\"hub\"")),
			 HF_RULE);
	assert_string_equal(err.path, "toLine");
	/* The other way round is the same money. */
	assert_int_equal(posted(t, fund,
				ENTRY("virement", "hub", "202004", "-1",
				      ",\"toLine\":\"adaptations\"")),
			 HF_INVALID);
	assert_string_equal(err.path, "pence");
	/* What was added to the ring may leave it again, and no more. */
	assert_int_equal(posted(t, fund,
				ENTRY("virement", "hub", "202004", "5",
				      ",\"toLine\":\"adaptations\"")),
			 HF_OK);
	assert_int_equal(posted(t, fund,
				ENTRY("virement", "adaptations", "202004", "6",
				      ",\"toLine\":\"hub\"")),
			 HF_RULE);
	assert_int_equal(posted(t, fund,
				ENTRY("virement", "adaptations", "202004", "5",
				      ",\"toLine\":\"hub\"")),
			 HF_OK);
	/* A line gives no more than it has; a fund's books are of its year. */
	assert_int_equal(posted(t, fund,
				ENTRY("virement", "carers", "202004", "145000001",
				      ",\"toLine\":\"hub\"")),
			 HF_RULE);
	assert_int_equal(posted(t, fund, ENTRY("spend", "hub", "202104", "1", "")),
			 HF_INVALID);
	assert_string_equal(err.path, "period");
	assert_int_equal(
	    posted(t, fund, ENTRY("contribution", "minimum", "202004", "-1", "")),
	    HF_INVALID);
	assert_int_equal(
	    hf_ct_book_entries(db(t), hf_sv_from(fund), &arena, &e, &n, &err), HF_OK);
	assert_int_equal(n, 2);
}

HF_ON_BOTH_AFTER(prepared, a_transfer_is_taken_back_whole)
{
	struct hf_ct_step s = {.kind = HF_CT_TRANSFER,
			       .subject = HF_SV("transfer/9"),
			       .contract = HF_SV("acute-2020")};
	struct hf_ct_entry *e;
	hf_pence community = 0;
	size_t n;

	DOES(&provider, &s, "1", "open", "{\"title\":\"Falls service\"}");
	DOES(&provider, &s, "2", "propose",
	     "{\"from\":\"nowhere\",\"to\":\"community\",\"avoided\":600,\"evidence\":"
	     "\"m\",\"marginal\":111000,\"releasable\":4000,\"blockChange\":30000000,"
	     "\"effective\":\"2100-10-01\"}");
	DOES(&provider, &s, "3", "sign", "");
	DOES(&commissioner, &s, "4", "sign", "");
	DOES(&provider, &s, "5", "agree", "");
	/* A line that the contract has not: nothing is posted and the case stays. */
	assert_int_equal(step(t, &provider, &s, "6", "transfer", ""), HF_INVALID);
	assert_string_equal(err.path, "from");
	s.subject = HF_SV("transfer/10");
	DOES(&provider, &s, "1", "open", "{\"title\":\"Falls service\"}");
	DOES(&provider, &s, "2", "propose",
	     "{\"from\":\"ne\",\"to\":\"community\",\"avoided\":600,\"evidence\":"
	     "\"m\",\"marginal\":111000,\"releasable\":4000,\"blockChange\":30000000,"
	     "\"effective\":\"2100-10-01\"}");
	DOES(&provider, &s, "3", "sign", "");
	DOES(&commissioner, &s, "4", "sign", "");
	DOES(&provider, &s, "5", "agree", "");
	DOES(&provider, &s, "6", "transfer", "");
	assert_int_equal(
	    posted(t, "acute-2020",
		   ENTRY("correction", "ne", "209911", "0", ",\"reverses\":1")),
	    HF_OK);
	assert_int_equal(
	    hf_ct_book_entries(db(t), HF_SV("acute-2020"), &arena, &e, &n, &err),
	    HF_OK);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < e[i].n_legs; k++)
			if (hf_sv_is(e[i].legs[k].party, "community"))
				community += e[i].legs[k].pence;
	assert_int_equal(community, 0);
	assert_int_equal(
	    posted(t, "acute-2020",
		   ENTRY("correction", "ne", "209911", "0", ",\"reverses\":2")),
	    HF_RULE);
}

HF_TEST_MAIN("contract/book", HF_BOTH(what_is_kept_runs_to_the_penny),
	     HF_BOTH(both_sign_and_the_money_is_posted_and_the_months_closed),
	     HF_BOTH(a_statement_is_made_again_to_the_byte_after_more_came_in),
	     HF_BOTH(only_what_was_looked_at_is_signed),
	     HF_BOTH(people_who_sign_at_once_each_get_one_clear_answer),
	     HF_BOTH(a_quarter_is_corrected_once),
	     HF_BOTH(the_ledger_of_a_year_is_what_the_year_earned),
	     HF_BOTH(CON_T13_a_transfer_posts_both_lines_or_none),
	     HF_BOTH(an_entry_is_taken_back_by_another_once),
	     HF_BOTH(what_a_fund_takes_back_is_as_if_it_had_not_been),
	     HF_BOTH(an_accrual_stands_until_the_next_month_begins),
	     HF_BOTH(ring_fenced_money_stays_in_its_ring),
	     HF_BOTH(a_transfer_is_taken_back_whole))

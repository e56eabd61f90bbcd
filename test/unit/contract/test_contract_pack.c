/* The monthly pack on both engines: its parts, the same bytes of the same day, as a
 * file; what followed from a response; until when a month can be challenged; the
 * register. */
#include "test/unit/contract/contract_test.h"
#include "test/support/store.h"

#include "base/io/clock.h"
#include "contract/io/book_int.h"
#include "contract/io/oversight.h"
#include "contract/pack.h"
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
}

static struct hf_db *
db(struct hf_test_store *t)
{
	return hf_reader_db(t->reader);
}

static struct hf_sv
pack_at(struct hf_test_store *t, int month, hf_time at)
{
	const struct hf_ct_pack_ask ask = {
	    .lib = &lib, .at = acute, .month = month, .as_at = at};
	struct hf_sv body = {0};

	if (hf_ct_pack_make(db(t), &ask, &arena, &body, &err))
		fail_msg("%s: %s", err.path, err.text);
	return body;
}

static void
does(struct hf_test_store *t, const struct hf_ct_by *by, enum hf_ct_case_kind kind,
     const char *subject, const char *key, const char *event, const char *facts)
{
	struct hf_ct_step s = {.kind = kind,
			       .subject = hf_sv_from(subject),
			       .contract = HF_SV("acute-2020"),
			       .key = hf_sv_from(key),
			       .event = hf_sv_from(event),
			       .reason = HF_SV("because"),
			       .facts = hf_sv_from(facts)};

	if (hf_ct_book_step(t->store, by, &lib, &s, &err))
		fail_msg("%s: %s", err.path, err.text);
}

static bool
holds(struct hf_sv body, const char *text)
{
	return memmem(body.p, body.n, text, strlen(text)) != NULL;
}

HF_ON_BOTH_AFTER(prepared, a_pack_has_its_parts_and_the_gap_of_the_golden_months)
{
	static const char *const parts[] = {
	    "\"dashboard\":{",	"\"deviations\":[",	"\"charts\":[",
	    "\"gap\":{",	"\"measures\":null",	"\"change\":[]",
	    "\"review\":[]",	"\"decisions\":[]",	"\"action\":[]",
	    "\"quality\":{",	"\"responses\":[]",	"\"register\":{",
	    "\"challenge\":[]", "\"gapYtd\":-96443950", /* section 2.2 */
	    "\"sum\":0",	"\"trial\":true"};
	struct hf_sv body = pack_at(t, 0, hf_now());

	for (size_t i = 0; i < HF_COUNT(parts); i++)
		if (!holds(body, parts[i]))
			fail_msg("no %s", parts[i]);
	assert_true(holds(body, "\"month\":3"));
	assert_true(holds(pack_at(t, 2, hf_now()), "\"gapYtd\":-77126812"));
}

HF_ON_BOTH_AFTER(prepared, a_month_without_figures_by_that_day_has_no_pack)
{
	struct hf_ct_pack_ask ask = {
	    .lib = &lib, .at = acute, .month = 4, .as_at = hf_now()};
	struct hf_sv body;

	assert_int_equal(hf_ct_pack_make(db(t), &ask, &arena, &body, &err), HF_INVALID);
	assert_string_equal(err.path, "month");
	ask.month = 3;
	ask.as_at = 1000;
	assert_int_equal(hf_ct_pack_make(db(t), &ask, &arena, &body, &err), HF_INVALID);
}

/* What comes later changes nothing of a pack that was filed. */
HF_ON_BOTH_AFTER(prepared, a_pack_of_a_day_stays_the_same_to_the_byte)
{
	const struct hf_ct_terms *terms = lib.contracts[acute];
	struct hf_ct_input late = {.line = 2, .month = 0, .units = 1300, .price = -1};
	hf_time day = hf_now();
	struct hf_sv before = pack_at(t, 3, day);
	int64_t first;

	while (hf_now() == day)
		continue;
	does(t, &provider, HF_CT_CHANGE, "change/1", "1", "open",
	     "{\"title\":\"Same-day care\"}");
	assert_int_equal(hf_ct_book_put(t->store, &provider, terms, &late, 1,
					HF_SV("late"), &first, &err),
			 HF_OK);
	assert_true(hf_sv_eq(pack_at(t, 3, day), before));
	assert_false(hf_sv_eq(pack_at(t, 3, hf_now()), before));
	assert_true(holds(pack_at(t, 3, hf_now()), "Same-day care"));
}

HF_ON_BOTH_AFTER(prepared, a_pack_is_filed_in_three_forms_of_the_same_bytes)
{
	static const char *const begins[] = {"Heading\r\n", "PK", "%PDF-"};
	struct hf_sv body;

	does(t, &provider, HF_CT_CHANGE, "change/1", "1", "open",
	     "{\"title\":\"=SUM(A1)\"}");
	body = pack_at(t, 3, hf_now());
	for (int how = HF_CT_CSV; how <= HF_CT_PDF; how++) {
		struct hf_buf one = {.cap = 8 << 20}, two = {.cap = 8 << 20};

		assert_int_equal(hf_ct_pack_show(body, "00", (enum hf_ct_sheet)how,
						 &arena, &one, &err),
				 HF_OK);
		assert_int_equal(hf_ct_pack_show(body, "00", (enum hf_ct_sheet)how,
						 &arena, &two, &err),
				 HF_OK);
		assert_true(hf_sv_eq(hf_buf_view(&one), hf_buf_view(&two)));
		assert_memory_equal(one.p, begins[how], strlen(begins[how]));
		if (how == HF_CT_CSV) /* a spreadsheet takes it for no formula */
			assert_true(holds(hf_buf_view(&one), "'=SUM(A1)"));
		hf_buf_free(&one);
		hf_buf_free(&two);
	}
	assert_int_not_equal(hf_ct_pack_show(HF_SV("{\"a\":"), "00", HF_CT_CSV, &arena,
					     &(struct hf_buf){.cap = 1000}, &err),
			     HF_OK);
}

/* June differs from plan by 105,000; April and May by 275,000 on average. */
HF_ON_BOTH_AFTER(prepared, what_followed_a_response_stands_beside_what_was_expected)
{
	static const struct {
		const char *event, *facts;
		int party;
	} steps[] = {
	    {"open", "{\"title\":\"NE\",\"component\":\"ne\"}", 1},
	    {"triage",
	     "{\"nature\":\"demand\",\"ownerCommissioner\":\"A\",\"ownerProvider\":"
	     "\"B\"}",
	     1},
	    {"begin",
	     "{\"reviewerCommissioner\":\"A\",\"reviewerProvider\":\"B\",\"terms\":"
	     "\"t\"}",
	     0},
	    {"propose",
	     "{\"response\":\"demand-management\",\"impact\":\"fewer\",\"effective\":"
	     "\"2020-06-01\",\"expected\":\"202006:-5000000 202007:-7500000\"}",
	     0},
	    {"sign", "", 0},
	    {"sign", "", 1},
	    {"agree", "", 1}};
	char key[4];

	for (size_t i = 0; i < HF_COUNT(steps); i++) {
		snprintf(key, sizeof key, "%zu", i);
		does(t, steps[i].party ? &provider : &commissioner, HF_CT_REVIEW,
		     "review/1", key, steps[i].event, steps[i].facts);
	}
	assert_true(
	    holds(pack_at(t, 3, hf_now()),
		  "{\"period\":202006,\"expected\":-5000000,\"before\":27500000,"
		  "\"differs\":10500000,\"actual\":-17000000},"
		  "{\"period\":202007,\"expected\":-7500000}"));
	assert_true(holds(pack_at(t, 3, hf_now()), "\"event\":\"Agree the response\""));
	/* In May nothing of it was known. */
	assert_true(holds(pack_at(t, 2, hf_now()),
			  "{\"period\":202006,\"expected\":-5000000}"));
}

HF_ON_BOTH_AFTER(prepared, the_register_adds_up_with_the_ledger)
{
	static const char moved[] =
	    "{\"from\":\"ne\",\"to\":\"community\",\"avoided\":600,\"evidence\":\"m\","
	    "\"marginal\":111000,\"releasable\":4000,\"blockChange\":30000000,"
	    "\"communityCost\":20000000,\"effective\":\"2100-10-01\"}";
	struct hf_sv body;

	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "1", "open",
	     "{\"title\":\"Falls service\"}");
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "2", "propose", moved);
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "3", "sign", "");
	does(t, &commissioner, HF_CT_TRANSFER, "transfer/1", "4", "sign", "");
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "5", "agree", "");
	assert_true(holds(pack_at(t, 3, hf_now()), "\"acute\":0,\"community\":0"));
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "6", "transfer", "");
	body = pack_at(t, 3, hf_now());
	assert_true(
	    holds(body, "\"acute\":-26640000,\"community\":26640000,\"sum\":0"));
	assert_true(holds(body, "\"released\":26640000,\"net\":6640000"));
	assert_true(holds(
	    body, "{\"state\":\"transferred\",\"schemes\":1,\"released\":26640000}"));
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "7", "spend",
	     "{\"spent\":26000000}");
	does(t, &provider, HF_CT_TRANSFER, "transfer/1", "8", "evaluate",
	     "{\"finding\":\"as planned\"}");
	body = pack_at(t, 3, hf_now());
	assert_true(holds(body, "\"spent\":26000000"));
	assert_true(holds(
	    body, "{\"state\":\"evaluated\",\"schemes\":1,\"released\":26640000}"));
}

/* 15 working days after the freeze cut came. */
HF_ON_BOTH_AFTER(prepared, the_freeze_window_ends_so_many_working_days_after_the_cut)
{
	struct hf_ct_event e = {
	    .key = HF_SV("1"),
	    .event = HF_SV("open"),
	    .by = HF_SV("user/c"),
	    .role = HF_SV("contract-signatory"),
	    .org = HF_SV("QZ9"),
	    .party = HF_CT_COMMISSIONER,
	    .at = hf_now(),
	    .facts = HF_SV("{\"title\":\"x\",\"line\":\"mri\",\"period\":202006,"
			   "\"pence\":1,\"grounds\":\"data\"}")};
	const hf_time day = 86400000;
	struct hf_pw_effects effects;
	struct hf_ct_case c;

	hf_ct_case_init(&c, HF_CT_CHALLENGE, lib.pathways[HF_CT_CHALLENGE], 0, &arena);
	assert_int_equal(hf_ct_case_apply(&c, &e, &effects, &err), HF_OK);
	assert_int_equal(
	    hf_ct_book_window(db(t), &lib, HF_SV("acute-2020"), &c, e.at, &err), HF_OK);
	assert_int_equal(hf_ct_book_window(db(t), &lib, HF_SV("acute-2020"), &c,
					   e.at + 18 * day, &err),
			 HF_OK);
	/* Of 40 days no more than 15 can be free of work. */
	assert_int_equal(hf_ct_book_window(db(t), &lib, HF_SV("acute-2020"), &c,
					   e.at + 40 * day, &err),
			 HF_RULE);
	assert_string_equal(err.path, "FREEZE_WINDOW");
	assert_int_equal(hf_ct_book_window(db(t), &lib, HF_SV("none"), &c, e.at, &err),
			 HF_NOT_FOUND);
}

HF_TEST_MAIN("contract/pack",
	     HF_BOTH(a_pack_has_its_parts_and_the_gap_of_the_golden_months),
	     HF_BOTH(a_month_without_figures_by_that_day_has_no_pack),
	     HF_BOTH(a_pack_of_a_day_stays_the_same_to_the_byte),
	     HF_BOTH(a_pack_is_filed_in_three_forms_of_the_same_bytes),
	     HF_BOTH(what_followed_a_response_stands_beside_what_was_expected),
	     HF_BOTH(the_register_adds_up_with_the_ledger),
	     HF_BOTH(the_freeze_window_ends_so_many_working_days_after_the_cut))

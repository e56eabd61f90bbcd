/* The rules of prices told twice: contract/price.h against price_oracle.sql, row by
 * row, with 0 pence between them; and laws that hold for any activity.
 *
 *   test_contract_oracle [ROWS]     100,000 rows unless told: 1000000 is the whole test
 */
#include "test/unit/contract/made.h"
#include "test/unit/contract/prices.h"

#include <sqlite3.h>

#include "contract/trace.h"

static size_t n_rows = 100000;

struct world {
	struct lists lists;
	struct hf_ct_price_book book;
	struct hf_ct_activity *a;
	struct hf_ct_priced *out;
	struct hf_buf traces;
	size_t n;
};

/* A second version that supersedes the first for some months, with what that has not:
 * rows that end, a price without a day rate, best practice in place of the base, delays
 * taken off, a factor with six places. */
static const char second_list[] =
    "setting,value\nid,T2\ntitle,Test\nillustrative,yes\nvalid_from,2020-10-01\n"
    "valid_to,2021-01-31\nsupersedes,ILL-2020.1\nexclude_delayed,yes\n"
    "internal_referral,first\nsse_min_age,16\nae_follow_up,100\n";
static const char second_hrg[] = HRG_HEADER
    "XX01A,,,1500.55,,,9,2400.33,18,215.05,yes,45%,1080.15,,,,,,2020-11-30,GBP\n"
    "XX01A,,,1600,,,9,2500,18,,yes,70%,1750,,,,,2020-12-01,,GBP\n"
    "XX02B,,170.99,,820.01,1960,6,2750,14,230,no,,,replace,day case,3000,1700,,,GBP\n"
    "XX03C,,,,,5100,,5600,,,no,,,uplift,hip,1335,100,,,GBP\n"
    "DZ11V,,,,,999.99,3,1234.56,0,99.99,yes,25%,308.64,uplift,x,10.01,,,,GBP\n";
static const char second_mff[] = MFF_HEADER "RZ1,,1.042345,,2020-12-31\n"
					    "RZ1,,1.1,2021-01-01,\n"
					    "RZ2,,1,,\n";
static const char second_op[] =
    "function,attendance,single,multi,valid_from,valid_to,currency_unit\n"
    "100,first,185.55,,,,GBP\n100,follow_up,92.11,140,,,GBP\n300,first,200,250,,,GBP\n";
static const char second_topup[] =
    "provider,service,percent,valid_from,valid_to\n"
    "RZ1,ORTHO,12.34%,,2020-11-15\nRZ1,SPINAL,0.3333,,\nRZ2,CANCER,5%,,\n";
static const char second_ae[] = "hrg,name,price,valid_from,valid_to,currency_unit\n"
				"VB11Z,,7055,,,GBX\nVB03Z,,25000,,2020-12-24,GBX\n";

static void
two_lists(struct world *w)
{
	const struct hf_ct_file files[] = {
	    {HF_SV("list.csv"), hf_sv_from(second_list)},
	    {HF_SV("hrg.csv"), hf_sv_from(second_hrg)},
	    {HF_SV("mff.csv"), hf_sv_from(second_mff)},
	    {HF_SV("outpatient.csv"), hf_sv_from(second_op)},
	    {HF_SV("topup.csv"), hf_sv_from(second_topup)},
	    {HF_SV("ae.csv"), hf_sv_from(second_ae)},
	};
	struct hf_ct_list *first = NULL, *second = NULL;

	assert_int_equal(hf_ct_list_builtin(&w->lists.arena, &first, &w->lists.err),
			 HF_OK);
	assert_int_equal(hf_ct_list_read(files, HF_COUNT(files), &w->lists.arena,
					 &w->lists.issues, &second, &w->lists.err),
			 HF_OK);
	assert_int_equal(w->lists.issues.errors, 0);
	assert_int_equal(hf_ct_price_book_add(&w->book, first, &w->lists.err), HF_OK);
	assert_int_equal(hf_ct_price_book_add(&w->book, second, &w->lists.err), HF_OK);
}

static void
begin(struct world *w)
{
	struct made m = {.wrong = 150};
	struct hf_ct_pricer p;

	*w = (struct world){.n = n_rows};
	lists_begin(&w->lists);
	two_lists(w);
	w->a = calloc(w->n, sizeof *w->a);
	w->out = calloc(w->n, sizeof *w->out);
	assert_true(w->a && w->out);
	hf_rng_seed(&m.rng, 20201, 6);
	for (size_t i = 0; i < w->n; i++) {
		/* A month or so at a time under one list, mostly by its codes. */
		bool second = i * 12 / w->n >= 6 && i * 12 / w->n < 10;

		m.list = w->book.lists[second && made_chance(&m, 85)];
		m.from = on(2020, second ? 10 : 4, 1);
		m.days = second ? 123 : 183;
		made_row(&m, i, HF_CT_ACTS, &w->a[i]);
		if (made_wrong(&m))
			w->a[i].day = on(2004, 1, 1) + (int32_t)i % 1000;
	}
	hf_ct_pricer_init(&p, &w->book, &w->traces);
	hf_ct_price_all(&p, w->a, w->n, w->out);
	assert_false(w->traces.failed);
}

static void
end(struct world *w)
{
	free(w->a);
	free(w->out);
	hf_buf_free(&w->traces);
	lists_end(&w->lists);
}

/* ---- into SQLite ---- */

static void
run(sqlite3 *db, const char *sql)
{
	char *wrong = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &wrong) != SQLITE_OK)
		fail_msg("%s", wrong);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	return s;
}

static void
put_int(sqlite3_stmt *s, int *at, int64_t v)
{
	sqlite3_bind_int64(s, ++*at, v);
}

/* A price or trim point that is not there is NULL. */
static void
put_price(sqlite3_stmt *s, int *at, int64_t v)
{
	++*at;
	if (v != HF_CT_NO_PRICE)
		sqlite3_bind_int64(s, *at, v);
	else
		sqlite3_bind_null(s, *at);
}

static void
put_code(sqlite3_stmt *s, int *at, hf_ct_code code)
{
	char text[HF_CT_CODE_TEXT];

	sqlite3_bind_text(s, ++*at, hf_ct_code_text(code, text), -1, SQLITE_TRANSIENT);
}

static void
insert(sqlite3_stmt *s)
{
	assert_int_equal(sqlite3_step(s), SQLITE_DONE);
	sqlite3_reset(s);
}

static const char schema[] =
    "CREATE TABLE list(ord, id, supersedes, first, last, min_age, no_delays, internal,"
    " ae_function);"
    "CREATE TABLE method(method PRIMARY KEY, kind);"
    "CREATE TABLE hrg(list, hrg, first, last, oproc, combined, dc, el, ne, perday,"
    " sse_price, bpt_ne, bpt_el, el_trim, ne_trim, sse, scope);"
    "CREATE INDEX hrg_x ON hrg(list, hrg);"
    "CREATE TABLE outpatient(list, fn, first, last, attendance, single, multi);"
    "CREATE INDEX outpatient_x ON outpatient(list, fn, attendance);"
    "CREATE TABLE ae(list, hrg, first, last, price, uses_mff);"
    "CREATE INDEX ae_x ON ae(list, hrg);"
    "CREATE TABLE unbundled(list, hrg, first, last, price, uses_mff);"
    "CREATE INDEX unbundled_x ON unbundled(list, hrg);"
    "CREATE TABLE drug(list, code, first, last, price, uses_mff);"
    "CREATE INDEX drug_x ON drug(list, code);"
    "CREATE TABLE mff(list, provider, first, last, mff);"
    "CREATE INDEX mff_x ON mff(list, provider);"
    "CREATE TABLE topup(list, provider, first, last, service, percent);"
    "CREATE INDEX topup_x ON topup(list, provider);"
    "CREATE TABLE activity(id INTEGER PRIMARY KEY, kind, hrg, provider, specialty, "
    "cost,"
    " day, admitted, quantity, critical, rehab, palliative, other, delayed, flags,"
    " method, age, cls, specialised, investigation, treatment);";

static const char *const inserts[HF_CT_TABLES] = {
    [HF_CT_T_HRG] = "INSERT INTO hrg VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [HF_CT_T_OUTPATIENT] = "INSERT INTO outpatient VALUES(?,?,?,?,?,?,?)",
    [HF_CT_T_AE] = "INSERT INTO ae VALUES(?,?,?,?,?,?)",
    [HF_CT_T_UNBUNDLED] = "INSERT INTO unbundled VALUES(?,?,?,?,?,?)",
    [HF_CT_T_DRUG] = "INSERT INTO drug VALUES(?,?,?,?,?,?)",
    [HF_CT_T_MFF] = "INSERT INTO mff VALUES(?,?,?,?,?)",
    [HF_CT_T_TOPUP] = "INSERT INTO topup VALUES(?,?,?,?,?,?)",
};

static void
put_hrg(sqlite3_stmt *s, int *at, const struct hf_ct_hrg *h)
{
	const hf_pence prices[] = {h->oproc,  h->combined,  h->dc,     h->el,	 h->ne,
				   h->perday, h->sse_price, h->bpt_ne, h->bpt_el};

	for (size_t i = 0; i < HF_COUNT(prices); i++)
		put_price(s, at, prices[i]);
	put_price(s, at, h->el_trim);
	put_price(s, at, h->ne_trim);
	put_int(s, at, h->sse_applicable);
	put_int(s, at, (int)h->bpt_scope);
}

static void
put_row(sqlite3_stmt *s, int64_t ord, enum hf_ct_table_name table, const void *row)
{
	const struct hf_ct_key *k = row;
	const struct hf_ct_attendance *o = row;
	const struct hf_ct_item *it = row;
	int at = 0;

	put_int(s, &at, ord);
	put_code(s, &at, k->code);
	put_int(s, &at, k->from);
	put_int(s, &at, k->to);
	if (table == HF_CT_T_HRG) {
		put_hrg(s, &at, row);
	} else if (table == HF_CT_T_OUTPATIENT) {
		put_int(s, &at, k->sub);
		put_price(s, &at, o->single);
		put_price(s, &at, o->multi);
	} else if (table == HF_CT_T_MFF) {
		put_int(s, &at, ((const struct hf_ct_mff *)row)->mff / 1000);
	} else if (table == HF_CT_T_TOPUP) {
		put_int(s, &at, k->sub);
		put_int(s, &at, ((const struct hf_ct_topup *)row)->percent / 100000);
	} else {
		put_price(s, &at, it->price);
		put_int(s, &at, it->mff);
	}
	insert(s);
}

static void
put_list(sqlite3 *db, const struct hf_ct_list *l, int64_t ord)
{
	sqlite3_stmt *s = prepare(db, "INSERT INTO list VALUES(?,?,?,?,?,?,?,?,?)");
	int at = 0;

	put_int(s, &at, ord);
	sqlite3_bind_text(s, ++at, l->id.p, (int)l->id.n, SQLITE_TRANSIENT);
	sqlite3_bind_text(s, ++at, l->supersedes.p, (int)l->supersedes.n,
			  SQLITE_TRANSIENT);
	put_int(s, &at, l->from);
	put_int(s, &at, l->to);
	put_int(s, &at, l->sse_min_age);
	put_int(s, &at, l->exclude_delayed);
	put_int(s, &at, l->internal_follow_up);
	put_code(s, &at, l->ae_follow_up);
	insert(s);
	sqlite3_finalize(s);
	for (int t = 0; t < HF_CT_TABLES; t++) {
		s = prepare(db, inserts[t]);
		for (uint32_t i = 0; i < l->table[t].n; i++)
			put_row(s, ord, (enum hf_ct_table_name)t,
				hf_ct_list_row(l, (enum hf_ct_table_name)t, i));
		sqlite3_finalize(s);
	}
}

static void
put_activity(sqlite3 *db, const struct world *w)
{
	sqlite3_stmt *s =
	    prepare(db, "INSERT INTO activity VALUES(?,?,?,?,?,?,?,?,?,?,?,"
			"?,?,?,?,?,?,?,?,?,?)");

	for (size_t i = 0; i < w->n; i++) {
		const struct hf_ct_activity *a = &w->a[i];
		int at = 0;

		put_int(s, &at, (int64_t)a->id);
		put_int(s, &at, a->kind);
		put_code(s, &at, a->hrg);
		put_code(s, &at, a->provider);
		put_code(s, &at, a->specialty);
		put_int(s, &at, a->cost);
		put_int(s, &at, a->day);
		put_int(s, &at, a->admitted);
		put_int(s, &at, a->quantity);
		put_int(s, &at, a->critical);
		put_int(s, &at, a->rehab);
		put_int(s, &at, a->palliative);
		put_int(s, &at, a->other);
		put_int(s, &at, a->delayed);
		put_int(s, &at, a->flags);
		put_int(s, &at, a->method);
		put_int(s, &at, a->age);
		put_int(s, &at, a->cls);
		put_int(s, &at, a->specialised);
		put_int(s, &at, a->investigation);
		put_int(s, &at, a->treatment);
		insert(s);
	}
	sqlite3_finalize(s);
}

static void
put_methods(sqlite3 *db)
{
	static const char *const kinds[] = {"UNKNOWN", "ELECTIVE", "EMERGENCY",
					    "OTHER"};
	sqlite3_stmt *s = prepare(db, "INSERT INTO method VALUES(?,?)");

	for (uint8_t i = 0; i < HF_CT_METHODS; i++) {
		sqlite3_bind_int(s, 1, i);
		sqlite3_bind_text(s, 2, kinds[hf_ct_method_kind(i)], -1, SQLITE_STATIC);
		insert(s);
	}
	sqlite3_finalize(s);
}

static char *
oracle_sql(void)
{
	FILE *f = fopen(HF_TEST_ORACLE, "re");
	char *text = calloc(1, 1 << 16);
	size_t n;

	assert_non_null(f);
	assert_non_null(text);
	n = fread(text, 1, (1 << 16) - 1, f);
	assert_true(n > 0);
	fclose(f);
	return text;
}

static void
fail_row(const struct world *w, size_t i, int64_t pence, const char *problem)
{
	struct hf_buf out = {0};

	hf_ct_trace_text(hf_buf_view(&w->traces), &w->book, &w->a[i], &w->out[i], &out);
	fail_msg("row %zu: %lld %s by C, %lld %s by SQL\n%.*s", i,
		 (long long)w->out[i].value, hf_ct_problem_code(w->out[i].problem),
		 (long long)pence, problem, (int)out.n, out.p);
}

HF_TEST(c_and_sql_price_every_row_alike)
{
	char *sql = oracle_sql();
	size_t i = 0, problems = 0;
	sqlite3 *db = NULL;
	sqlite3_stmt *s;
	struct world w;

	begin(&w);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	run(db, schema);
	run(db, "BEGIN");
	put_methods(db);
	for (size_t l = 0; l < w.book.n; l++)
		put_list(db, w.book.lists[l], (int64_t)l);
	put_activity(db, &w);
	run(db, "COMMIT");
	s = prepare(db, sql);
	for (; sqlite3_step(s) == SQLITE_ROW; i++) {
		int64_t pence = sqlite3_column_int64(s, 1);
		const char *problem = (const char *)sqlite3_column_text(s, 2);

		assert_int_equal(sqlite3_column_int64(s, 0), i);
		problems += problem[0] != '\0';
		if (pence != w.out[i].value ||
		    strcmp(problem, hf_ct_problem_code(w.out[i].problem)) != 0)
			fail_row(&w, i, pence, problem);
	}
	assert_int_equal(i, w.n);
	print_message("# figure: %zu rows, 0 pence of difference, %zu with a problem\n",
		      w.n, problems);
	sqlite3_finalize(s);
	sqlite3_close(db);
	free(sql);
	end(&w);
}

HF_TEST(every_problem_is_met_and_every_point_of_delivery)
{
	size_t problems[HF_CT_PROBLEMS] = {0}, pods[HF_CT_PODS] = {0};
	struct world w;

	begin(&w);
	for (size_t i = 0; i < w.n; i++) {
		problems[w.out[i].problem]++;
		pods[w.out[i].pod]++;
	}
	for (int i = 0; i < HF_CT_PROBLEMS; i++)
		/* These cannot come of a list that was read, or of rows made here. */
		if (i != HF_CT_P_NO_TRIM && i != HF_CT_P_TOO_LARGE && problems[i] == 0)
			fail_msg("%s is never met", hf_ct_problem_code((uint8_t)i));
	for (int i = 0; i < HF_CT_PODS; i++)
		if (pods[i] == 0)
			fail_msg("%s is never met", hf_ct_pod_code((uint8_t)i));
	end(&w);
}

HF_TEST(pricing_again_gives_the_same_bytes)
{
	struct hf_buf traces = {0};
	struct hf_ct_pricer p;
	struct hf_ct_priced *again;
	struct world w;

	begin(&w);
	again = calloc(w.n, sizeof *again);
	assert_non_null(again);
	hf_ct_pricer_init(&p, &w.book, &traces);
	hf_ct_price_all(&p, w.a, w.n, again);
	assert_memory_equal(again, w.out, w.n * sizeof *again);
	assert_int_equal(traces.n, w.traces.n);
	assert_memory_equal(traces.p, w.traces.p, traces.n);
	free(again);
	hf_buf_free(&traces);
	end(&w);
}

/* Whatever is in a trace, its last amount is the line's. */
HF_TEST(a_trace_ends_in_what_the_line_is_worth)
{
	struct world w;

	begin(&w);
	for (size_t i = 0; i < w.n; i++) {
		struct hf_sv rest =
		    hf_sv_from_at(hf_buf_view(&w.traces), w.out[i].trace);
		struct hf_ct_trace_step step, last = {.code = HF_CT_STEP_END};

		while (hf_ct_step_next(&rest, &step))
			last = step;
		if (w.out[i].problem)
			assert_true(last.code == HF_CT_STEP_PROBLEM &&
				    last.v[0] == w.out[i].problem);
		else if (last.code == HF_CT_STEP_ROUND)
			assert_int_equal(last.v[1], w.out[i].value);
		else if (last.code == HF_CT_STEP_AT_COST)
			assert_int_equal(last.v[0], w.out[i].value);
		else
			assert_int_equal(last.code, HF_CT_STEP_OP_DNA);
		assert_true(w.out[i].xbd >= 0 && w.out[i].xbd <= w.out[i].value);
	}
	end(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(c_and_sql_price_every_row_alike),
	    cmocka_unit_test(every_problem_is_met_and_every_point_of_delivery),
	    cmocka_unit_test(pricing_again_gives_the_same_bytes),
	    cmocka_unit_test(a_trace_ends_in_what_the_line_is_worth),
	};

	if (argc > 1)
		n_rows = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests_name("contract/oracle", tests, NULL, NULL);
}

/* Twelve months of many contracts, reckoned a second time in SQL: not a penny between
 * them, component by component and month by month. */
#include "test/unit/contract/contract_test.h"

#include <sqlite3.h>
#include <stdarg.h>

#include "base/rng.h"

enum { ROUNDS = 300 };

static sqlite3 *db;

static void
sql(const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
}

static void put(const char *fmt, ...) HF_PRINTF(1, 2);

static void
put(const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	sql(text);
}

static const char schema[] = "CREATE TABLE component (ord, kind, provider, base);"
			     "CREATE TABLE band (component, lo, hi, over, under);"
			     "CREATE TABLE line (ord, component, price, actual);"
			     "CREATE TABLE plan (line, month, pence);"
			     "CREATE TABLE fact (line, month, units, pence, price);"
			     "CREATE TABLE rate (percent);";

static int64_t
percent(hf_rate rate)
{
	return rate / (HF_RATE_ONE / 100);
}

static void
put_component(const struct hf_ct_terms *t, size_t i)
{
	const struct hf_ct_component *c = &t->components[i];

	put("INSERT INTO component VALUES (%zu, '%s', %lld, %lld)", i,
	    hf_ct_kind_word(c->kind), (long long)percent(c->provider),
	    (long long)c->marginal_baseline);
	for (size_t b = 0; b < c->n_bands; b++) {
		char hi[24] = "NULL";

		if (c->bands[b].to != INT64_MAX)
			snprintf(hi, sizeof hi, "%lld",
				 (long long)percent(c->bands[b].to));
		put("INSERT INTO band VALUES (%zu, %lld, %s, %lld, %lld)", i,
		    (long long)percent(c->bands[b].from), hi,
		    (long long)percent(c->bands[b].over),
		    (long long)percent(c->bands[b].under));
	}
}

static void
put_terms(const struct hf_ct_terms *t)
{
	for (size_t i = 0; i < t->n_components; i++)
		put_component(t, i);
	for (size_t l = 0; l < t->n_lines; l++) {
		const struct hf_ct_line *line = &t->lines[l];

		put("INSERT INTO line VALUES (%zu, %d, %lld, %lld)", l, line->component,
		    (long long)line->price, (long long)line->actual);
		for (int m = 0; m < HF_CT_MONTHS; m++)
			put("INSERT INTO plan VALUES (%zu, %d, %lld)", l, m,
			    (long long)line->plan[m]);
	}
}

/* The plan, more or less by up to a quarter, so that every band is met. */
static hf_pence
about(struct hf_rng *rng, hf_pence plan)
{
	return plan / 1000 * (750 + hf_rng_below(rng, 500)) +
	       (int64_t)hf_rng_below(rng, 1000);
}

static size_t
make_facts(const struct hf_ct_terms *t, struct hf_rng *rng, struct hf_ct_input *in)
{
	size_t n = 0;

	for (size_t l = 0; l < t->n_lines; l++)
		for (int m = 0; m < HF_CT_MONTHS; m++) {
			enum hf_ct_kind kind =
			    t->components[t->lines[l].component].kind;
			bool units = kind == HF_CT_VOLUME || kind == HF_CT_GAIN;
			bool price = kind == HF_CT_GAIN && hf_rng_below(rng, 2);
			struct hf_ct_input *i = &in[n];
			char paid[24] = "NULL";

			*i = (struct hf_ct_input){.seq = (int64_t)++n,
						  .line = (uint8_t)l,
						  .month = (uint8_t)m,
						  .freeze = true,
						  .price = -1};
			if (units)
				i->units = (int64_t)hf_rng_below(rng, 120000);
			else
				i->pence = about(rng, t->lines[l].plan[m]);
			if (price)
				i->price = (int64_t)hf_rng_below(rng, 50000);
			if (i->price >= 0)
				snprintf(paid, sizeof paid, "%lld",
					 (long long)i->price);
			put("INSERT INTO fact VALUES (%zu, %d, %lld, %lld, %s)", l, m,
			    (long long)i->units, (long long)i->pence, paid);
		}
	return n;
}

static size_t
compare(const struct hf_ct_run *r, const char *query)
{
	sqlite3_stmt *stmt;
	size_t n = 0;

	if (sqlite3_prepare_v2(db, query, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const struct hf_ct_amounts *a =
		    &r->components[sqlite3_column_int(stmt, 0)]
				  [sqlite3_column_int(stmt, 1)]
				      .sum;

		assert_int_equal(a->plan, sqlite3_column_int64(stmt, 2));
		assert_int_equal(a->earned, sqlite3_column_int64(stmt, 3));
		assert_int_equal(a->shadow, sqlite3_column_int64(stmt, 4));
		n++;
	}
	sqlite3_finalize(stmt);
	return n;
}

static void
compare_year(const char *id, const char *rules, const char *end, const char *query,
	     struct hf_rng *rng)
{
	struct hf_ct_terms *t = shipped(id);
	struct hf_ct_rules r = shipped_rules(rules);
	struct hf_ct_input in[HF_CT_LINES * HF_CT_MONTHS];
	size_t n;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	sql(schema);
	sql("BEGIN");
	put_terms(t);
	if (r.marginal)
		put("INSERT INTO rate VALUES (%lld)",
		    (long long)percent(r.marginal_rate));
	n = make_facts(t, rng, in);
	sql("COMMIT");
	assert_int_equal(compare(run_to(t, &r, in, n, end), query),
			 t->n_components * HF_CT_MONTHS);
	sqlite3_close(db);
}

static char query[16384];

HF_TEST(twelve_months_in_sql_differ_by_no_penny)
{
	FILE *f = fopen(HF_TEST_CONTRACT_ORACLE, "re");
	struct hf_rng rng;

	assert_non_null(f);
	query[fread(query, 1, sizeof query - 1, f)] = '\0';
	fclose(f);
	hf_rng_seed(&rng, 2020, 0);
	for (int i = 0; i < ROUNDS; i++) {
		clear(NULL);
		compare_year("acute-2020", "2020/21", "2021-03-31", query, &rng);
		compare_year("tariff-2015", "2015/16", "2016-03-31", query, &rng);
		compare_year("payment-2021", "2021/22", "2022-03-31", query, &rng);
	}
	print_message("%d contract years compared with the second implementation\n",
		      ROUNDS * 3);
}

HF_TEST_MAIN("contract/oracle_run",
	     cmocka_unit_test(twelve_months_in_sql_differ_by_no_penny))

/* Everybody's need at once: equal to a second implementation in SQL over the same rows,
 * the same with any number of threads, and bands by rank. */
#include "test/hf_test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "population/io/reckon.h"
#include "support/pop.h"

enum { PEOPLE = 100000 };

static struct hf_pop_defs defs;
static struct hf_test_pop *pop;
static const struct hf_pop_columns *c;

static const char *const codes[] = {
#define HF_POP_COND(name, code, title, efi, cms, group) code,
#include "population/conditions.def"
#undef HF_POP_COND
};

static void
make_person(struct hf_rng *r, uint16_t today)
{
	static const char *const dx[] = {
	    "I501", "E112", "E119", "E11",  "C780", "C509", "K703", "K721", "F009",
	    "I10X", "J440", "N184", "I252", "I131", "G821", "B24X", "Z992", "K250",
	    "M059", "G450", "R074", "S720", "W190", "I429", "I424", "C80X", "P290"};
	uint32_t p = hf_test_person(
	    pop,
	    (struct hf_pop_person){
		.birth = hf_rng_below(r, 200) ? (int16_t)(hf_rng_below(r, 1200) + 240)
					      : INT16_MIN,
		.death_day = hf_rng_below(r, 50)
				 ? HF_POP_NONE
				 : (uint16_t)(today - 300 + hf_rng_below(r, 600)),
		.sex = (uint8_t)hf_rng_below(r, HF_POP_SEXES),
		.flags = (uint8_t)(hf_rng_below(r, 100) ? 0 : HF_POP_P_HOMELESS)});
	uint32_t n = hf_rng_below(r, 3) ? hf_rng_below(r, 3) : hf_rng_below(r, 20);

	for (; n > 0; n--) {
		uint16_t from = (uint16_t)(hf_rng_below(r, today + 500u));

		hf_test_condition(pop, p, codes[hf_rng_below(r, HF_COUNT(codes))],
				  hf_rng_below(r, 40) ? from : HF_POP_NONE,
				  hf_rng_below(r, 4)
				      ? HF_POP_NONE
				      : (uint16_t)(from + hf_rng_below(r, 2000)));
	}
	for (n = hf_rng_below(r, 3); n > 0; n--) {
		char text[80];
		int at = 0;

		for (uint32_t k = 1 + hf_rng_below(r, 6); k > 0; k--)
			at +=
			    snprintf(text + at, sizeof text - (size_t)at, "%s%s",
				     at ? " " : "", dx[hf_rng_below(r, HF_COUNT(dx))]);
		hf_test_event(
		    pop,
		    (struct hf_pop_event){
			.person = p,
			.setting = hf_rng_below(r, 2) ? HF_POP_NE : HF_POP_DC,
			.day = (uint16_t)(today - 2200 + hf_rng_below(r, 2300))},
		    text, NULL);
	}
	for (n = hf_rng_below(r, 4) ? 0 : hf_rng_below(r, 12); n > 0; n--) {
		char chemical[12];

		snprintf(chemical, sizeof chemical, "%04uB", hf_rng_below(r, 30));
		hf_test_event(
		    pop,
		    (struct hf_pop_event){
			.person = p,
			.setting = HF_POP_RX,
			.day = (uint16_t)(today - 450 + hf_rng_below(r, 500))},
		    NULL, chemical);
	}
	for (n = hf_rng_below(r, 3); n > 0; n--)
		hf_test_value(
		    pop, p, "hb",
		    (uint16_t)(today - 900 + 2 * n + 7 * hf_rng_below(r, 150)),
		    90000 + (int32_t)hf_rng_below(r, 70000));
}

static int
make(void **state HF_UNUSED)
{
	struct hf_err err;
	struct hf_rng r;

	if (hf_pop_defs_load(&defs, &err))
		fail_msg("%s", err.text);
	pop = hf_test_pop_new();
	hf_rng_seed(&r, 17, 0);
	for (size_t i = 0; i < PEOPLE; i++)
		make_person(&r, hf_day_of("2021-06-20"));
	c = hf_test_columns(pop);
	return 0;
}

static int
unmake(void **state HF_UNUSED)
{
	hf_test_pop_free(pop);
	hf_pop_defs_free(&defs);
	return 0;
}

static void
run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why))
		fail_msg("%s", why);
}

static void
run_file(sqlite3 *db, const char *name)
{
	char path[400], *text;
	FILE *f;
	long n;

	snprintf(path, sizeof path, HF_TEST_SQL "/%s", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	text = calloc((size_t)n + 1, 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)n, f), n);
	fclose(f);
	run(db, text);
	free(text);
}

/* Puts a row: numbers, and one text (NULL: none) as the last. */
static void
put(sqlite3_stmt *s, const int64_t *numbers, int n, struct hf_sv text)
{
	for (int i = 0; i < n; i++)
		sqlite3_bind_int64(s, i + 1, numbers[i]);
	if (text.p)
		sqlite3_bind_text(s, n + 1, text.p, (int)text.n, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(s), SQLITE_DONE);
	sqlite3_reset(s);
}

static sqlite3_stmt *
prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	return s;
}

static void
export_events(sqlite3 *db)
{
	sqlite3_stmt *dx = prepared(db, "INSERT INTO dx VALUES (?, ?, ?)");
	sqlite3_stmt *rx = prepared(db, "INSERT INTO rx VALUES (?, ?, ?)");

	for (uint64_t i = 0; i < c->n_events; i++) {
		int64_t row[] = {c->ev.person[i], c->ev.day[i]};
		const uint16_t *more = c->dx_pool + c->ev.dx_more[i];

		if (c->ev.setting[i] == HF_POP_RX) {
			put(rx, row, 2, c->dict[HF_POP_PROC].text[c->ev.proc[i]]);
			continue;
		}
		put(dx, row, 2, c->dict[HF_POP_ICD10].text[c->ev.dx[i]]);
		for (size_t k = 1; c->ev.dx_more[i] && k <= more[0]; k++)
			put(dx, row, 2, c->dict[HF_POP_ICD10].text[more[k]]);
	}
	sqlite3_finalize(dx);
	sqlite3_finalize(rx);
}

static void
export_people(sqlite3 *db)
{
	sqlite3_stmt *person = prepared(db, "INSERT INTO person VALUES (?,?,?,?,?)");
	sqlite3_stmt *cond = prepared(db, "INSERT INTO cond VALUES (?,?,?,?)");
	sqlite3_stmt *value = prepared(db, "INSERT INTO value VALUES (?,?,?,?)");

	for (uint32_t p = 0; p < c->n_persons; p++) {
		const struct hf_pop_person *x = &c->persons[p];
		int64_t row[] = {p, x->birth, x->death_day, x->sex, x->flags};

		put(person, row, 5, (struct hf_sv){0});
		for (uint32_t i = c->cond_first[p]; i < c->cond_first[p + 1]; i++) {
			int64_t k[] = {p, c->cond[i].from, c->cond[i].to};

			put(cond, k, 3,
			    c->dict[HF_POP_CONDITION].text[c->cond[i].code]);
		}
		for (uint32_t i = c->value_first[p]; i < c->value_first[p + 1]; i++) {
			int64_t v[] = {p, c->value[i].day, c->value[i].milli};

			put(value, v, 3, c->dict[HF_POP_VALUE].text[c->value[i].code]);
		}
	}
	sqlite3_finalize(person);
	sqlite3_finalize(cond);
	sqlite3_finalize(value);
}

static sqlite3 *
exported(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	run(db, "CREATE TABLE person(id INTEGER PRIMARY KEY, birth, death, sex, flags);"
		"CREATE TABLE cond(person, since, until, code);"
		"CREATE TABLE dx(person, day, code); CREATE TABLE rx(person, day, "
		"chemical);"
		"CREATE TABLE value(person, day, milli, code);"
		"CREATE TABLE asof(day, month); BEGIN");
	export_people(db);
	export_events(db);
	run(db, "CREATE INDEX v ON value(person, code, day); COMMIT");
	return db;
}

/* What SQL says of one person. */
struct row {
	int64_t deficits, band, w87, w11, number;
};

static int64_t
number(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL
		   ? HF_POP_NOT_SCORED
		   : sqlite3_column_int64(s, column);
}

static void
compare(const struct hf_pop_need *need, uint32_t p, const struct row *sql)
{
	const struct hf_pop_scheme *nwl = NULL;
	size_t at = 0;

	for (size_t i = 0; i < defs.n_schemes; i++)
		if (strcmp(defs.schemes[i].id, "nw-london") == 0) {
			nwl = &defs.schemes[i];
			at = i;
		}
	assert_non_null(nwl);

#define POINTS(name) need->points[hf_pop_scorer_find(need->scorer, HF_SV(name))][p]
	if (POINTS("efi") != sql->deficits || POINTS("charlson:w87") != sql->w87 ||
	    POINTS("charlson:w11") != sql->w11 ||
	    need->band[hf_pop_scorer_find(need->scorer, HF_SV("efi"))][p] !=
		sql->band ||
	    nwl->segments[need->segment[at][p]].number != sql->number)
		fail_msg("person %u: efi %d and %lld, charlson %d and %lld, segment %d "
			 "and %lld",
			 p, POINTS("efi"), (long long)sql->deficits,
			 POINTS("charlson:w87"), (long long)sql->w87,
			 nwl->segments[need->segment[at][p]].number,
			 (long long)sql->number);
#undef POINTS
}

HF_TEST(a_second_implementation_in_sql_gives_the_same_for_100000_people)
{
	uint16_t today = hf_day_of("2021-06-20");
	sqlite3 *db = exported();
	struct hf_pop_need *need;
	sqlite3_stmt *s;
	char text[100];
	uint32_t n = 0, severe = 0, groups = 0;

	snprintf(text, sizeof text, "INSERT INTO asof VALUES (%u, %d)", today,
		 hf_month_of("2021-06-20"));
	run(db, text);
	run_file(db, "efi.sql");
	run_file(db, "charlson.sql");
	run_file(db, "segment.sql");
	assert_int_equal(hf_pop_need_reckon(&defs, c, today, 2, &need, NULL), HF_OK);
	s = prepared(db, "SELECT e.deficits, e.band, k.w87, k.w11, g.number FROM efi e "
			 "JOIN charlson k ON k.person = e.person "
			 "JOIN segment g ON g.person = e.person ORDER BY e.person");
	for (; sqlite3_step(s) == SQLITE_ROW; n++) {
		struct row r = {number(s, 0), number(s, 1), number(s, 2), number(s, 3),
				number(s, 4)};

		compare(need, n, &r);
		severe += r.band == 4;
		groups |= 1u << r.number;
	}
	assert_int_equal(n, PEOPLE);
	assert_true(severe > 100);	  /* so that the test sees all bands … */
	assert_int_equal(groups, 0xfffe); /* … and all 15 groups */
	sqlite3_finalize(s);
	sqlite3_close(db);
	hf_pop_need_free(need);
}

HF_TEST(any_number_of_threads_reckons_the_same)
{
	struct hf_pop_need *one, *five;
	uint16_t today = hf_day_of("2021-06-20");

	assert_int_equal(hf_pop_need_reckon(&defs, c, today, 1, &one, NULL), HF_OK);
	assert_int_equal(hf_pop_need_reckon(&defs, c, today, 5, &five, NULL), HF_OK);
	for (size_t k = 0; k < hf_pop_scorer_columns(one->scorer); k++)
		assert_memory_equal(one->points[k], five->points[k],
				    PEOPLE * sizeof *one->points[k]);
	assert_memory_equal(one->risk, five->risk, PEOPLE);
	assert_memory_equal(one->ltcs, five->ltcs, PEOPLE);
	hf_pop_need_free(one);
	hf_pop_need_free(five);
}

/* Others by the same seed, then some are changed and some come to it. */
static struct hf_test_pop *
changed(const uint32_t *who, size_t n, size_t more)
{
	struct hf_test_pop *first = pop, *other = hf_test_pop_new();
	uint16_t today = hf_day_of("2021-06-20");
	struct hf_rng r;

	pop = other;
	hf_rng_seed(&r, 17, 0);
	for (size_t i = 0; i < PEOPLE; i++)
		make_person(&r, today);
	for (size_t i = 0; i < n; i++) {
		hf_test_condition(pop, who[i], codes[i % HF_COUNT(codes)], 9000,
				  HF_POP_NONE);
		hf_test_event(pop,
			      (struct hf_pop_event){.person = who[i],
						    .setting = HF_POP_NE,
						    .day = (uint16_t)(today - 9)},
			      "I501 F009", NULL);
	}
	for (size_t i = 0; i < more; i++)
		make_person(&r, today);
	pop = first;
	return other;
}

HF_TEST(law_reckoned_again_of_who_changed_is_as_reckoned_anew)
{
	static const uint32_t who[] = {99999, 5, 77, 40000, 5, 31337};
	uint16_t day = hf_day_of("2021-06-20");
	struct hf_test_pop *other = changed(who, HF_COUNT(who), 3);
	const struct hf_pop_columns *after = hf_test_columns(other);
	struct hf_pop_need *before, *again, *anew;
	size_t people = PEOPLE + 3, differ = 0;

	assert_int_equal(hf_pop_need_reckon(&defs, c, day, 2, &before, NULL), HF_OK);
	assert_int_equal(
	    hf_pop_need_again(before, after, who, HF_COUNT(who), &again, NULL), HF_OK);
	assert_int_equal(hf_pop_need_reckon(&defs, after, day, 2, &anew, NULL), HF_OK);
	for (size_t k = 0; k < hf_pop_scorer_columns(anew->scorer); k++) {
		assert_memory_equal(again->points[k], anew->points[k],
				    people * sizeof *anew->points[k]);
		assert_memory_equal(again->band[k], anew->band[k], people);
		differ += memcmp(again->points[k], before->points[k],
				 PEOPLE * sizeof *anew->points[k]) != 0;
	}
	for (size_t k = 0; k < defs.n_schemes; k++)
		assert_memory_equal(again->segment[k], anew->segment[k], people);
	assert_memory_equal(again->ltcs, anew->ltcs, people);
	assert_memory_equal(again->chemicals, anew->chemicals, people);
	assert_memory_equal(again->risk, anew->risk, people);
	assert_true(differ > 0); /* something changed at all */
	hf_pop_need_free(before);
	hf_pop_need_free(again);
	hf_pop_need_free(anew);
	hf_test_pop_free(other);
}

HF_TEST(section_2_5_bands_of_risk_go_by_rank_and_equals_share_one)
{
	struct hf_pop_need *need;
	size_t count[HF_POP_RISK_PREVENTION + 1] = {0}, scored;
	int at;

	assert_int_equal(
	    hf_pop_need_reckon(&defs, c, hf_day_of("2021-06-20"), 2, &need, NULL),
	    HF_OK);
	at = hf_pop_scorer_find(need->scorer, HF_SV("cms"));
	for (uint32_t p = 0; p < PEOPLE; p++)
		count[need->risk[p]]++;
	scored = PEOPLE - count[HF_POP_RISK_NONE];
	assert_true(count[HF_POP_RISK_CASE] * 200 >= scored);
	assert_true(count[HF_POP_RISK_CASE] * 100 < scored);
	assert_true((count[HF_POP_RISK_CASE] + count[HF_POP_RISK_DISEASE]) * 20 >=
		    scored);
	for (uint32_t p = 1; p < PEOPLE; p++)
		if (need->points[at][p] > need->points[at][p - 1] &&
		    need->risk[p - 1] != HF_POP_RISK_NONE)
			assert_true(need->risk[p] <= need->risk[p - 1]);
	hf_pop_need_free(need);
}

HF_TEST(section_2_6_transitions_count_everybody_once)
{
	struct hf_pop_need *need;
	uint16_t from = hf_day_of("2021-05-20"), to = hf_day_of("2021-06-20");
	uint32_t moved[HF_POP_SEGMENTS * HF_POP_SEGMENTS], all = 0, stayed = 0,
							   alive = 0;
	size_t n = defs.schemes[0].n;

	assert_int_equal(hf_pop_need_reckon(&defs, c, to, 2, &need, NULL), HF_OK);
	assert_int_equal(hf_pop_transitions(need, 0, from, to, moved, NULL), HF_OK);
	for (size_t i = 0; i < n * n; i++)
		all += moved[i];
	for (size_t i = 0; i < n; i++)
		stayed += moved[i * n + i];
	for (uint32_t p = 0; p < PEOPLE; p++)
		alive += c->persons[p].death_day > to;
	assert_int_equal(all, alive);
	assert_true(stayed < all);
	hf_pop_need_free(need);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_second_implementation_in_sql_gives_the_same_for_100000_people),
	    cmocka_unit_test(any_number_of_threads_reckons_the_same),
	    cmocka_unit_test(law_reckoned_again_of_who_changed_is_as_reckoned_anew),
	    cmocka_unit_test(section_2_5_bands_of_risk_go_by_rank_and_equals_share_one),
	    cmocka_unit_test(section_2_6_transitions_count_everybody_once),
	};

	return cmocka_run_group_tests_name("population/need", tests, make, unmake);
}

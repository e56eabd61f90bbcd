/* The promises of population/feed.h. */
#include "test/hf_test.h"

#include "population/feed.h"

static struct hf_arena arena = {.cap = 16 << 20};
static struct hf_map map;

static void
use(enum hf_feed_kind kind)
{
	struct hf_issues issues = {.arena = &arena};

	for (size_t i = 0; i < hf_n_maps_builtin; i++) {
		assert_int_equal(hf_map_load(hf_maps_builtin[i].name,
					     hf_maps_builtin[i].text, &arena, &issues,
					     &map, NULL),
				 HF_OK);
		if (map.kind == kind)
			return;
	}
	fail_msg("no map of this kind");
}

static void
split(const char *line, struct hf_csv_row *row)
{
	struct hf_csv csv = {.rest = hf_sv_from(line)};

	assert_int_equal(hf_csv_next(&csv, &arena, row, NULL), HF_OK);
}

static enum hf_feed_why
read(const char *header, const char *line, struct hf_feed_row *row,
     enum hf_map_field *field)
{
	struct hf_csv_row h, r;
	struct hf_map_bound b;
	struct hf_err err = {0};

	split(header, &h);
	if (hf_map_bind(&map, &h, &b, &err) != HF_OK)
		fail_msg("%s", err.text);
	split(line, &r);
	return hf_feed_read(&b, &r, 2, row, field);
}

#define SPELL                                                                          \
	"NHS_NUMBER,NHS_NUMBER_STATUS,ADMIDATE,ADMITIME,DISDATE,DISTIME,ADMIMETH,"     \
	"CLASSPAT,DISDEST,DIAG_01,DIAG_02,DIAG_03,COST\n"

static enum hf_feed_why
spell(const char *line, struct hf_pop_event *e, unsigned *notes)
{
	struct hf_feed_row row = {0};
	enum hf_map_field field;
	enum hf_feed_why why = read(SPELL, line, &row, &field);

	return why ? why : hf_feed_event(&map, &row, e, notes, &field);
}

HF_TEST(a_spell_is_read_with_its_kind_nights_and_outcome)
{
	struct hf_pop_event e;
	unsigned notes;

	use(HF_FEED_SPELLS);
	assert_int_equal(spell("9434765919,01,2024-01-30,23:15,2024-02-02,1005,21,1,54,"
			       "I50.1,E119,F03X,\"\xc2\xa3"
			       "1,850.50\"\n",
			       &e, &notes),
			 HF_WHY_FINE);
	assert_int_equal(e.setting, HF_POP_NE);
	assert_int_equal(e.los, 3);
	assert_int_equal(e.minute, 23 * 60 + 15);
	assert_int_equal(e.end_minute, 10 * 60 + 5);
	assert_int_equal(e.outcome, HF_POP_O_CARE_HOME);
	assert_int_equal(e.cost, 185050);
	assert_int_equal(e.basis, HF_POP_B_LOCAL);
	assert_int_equal(notes, 0);
	assert_int_equal(spell(",,2024-01-30,,2024-02-02,,11,2,19,,,,\n", &e, &notes),
			 HF_WHY_FINE);
	assert_int_equal(e.setting, HF_POP_EL);
	assert_int_equal(notes, HF_NOTE_DAY_CASE_STAYED | HF_NOTE_NO_TIME);
	assert_int_equal(spell(",,2024-01-30,,,,99,1,,,,,\n", &e, &notes), HF_WHY_FINE);
	assert_int_equal(e.setting, HF_POP_UNK);
	assert_true(e.flags & HF_POP_F_OPEN);
	assert_int_equal(notes, HF_NOTE_NO_POD);
}

HF_TEST(what_cannot_be_is_refused_with_its_reason)
{
	struct hf_pop_event e;
	unsigned notes;

	use(HF_FEED_SPELLS);
	assert_int_equal(spell(",,2024-02-30,,,,21,1,,,,,\n", &e, &notes), HF_WHY_DATE);
	assert_int_equal(spell(",,2024-02-03,,2024-02-02,,21,1,,,,,\n", &e, &notes),
			 HF_WHY_BACKWARDS);
	assert_int_equal(
	    spell(",,2024-02-03,10:00,2024-02-03,09:00,21,1,,,,,\n", &e, &notes),
	    HF_WHY_BACKWARDS);
	assert_int_equal(spell(",,2024-02-03,,,,zz,1,,,,,\n", &e, &notes), HF_WHY_WORD);
	assert_int_equal(spell(",,2024-02-03,,,,*,1,,,,,\n", &e, &notes),
			 HF_WHY_HIDDEN);
	assert_int_equal(spell(",,2024-02-03,,,,,1,,,,,\n", &e, &notes), HF_WHY_NEEDED);
	assert_int_equal(spell(",,1901-02-03,,,,21,1,,,,,\n", &e, &notes),
			 HF_WHY_RANGE);
	assert_int_equal(spell(",,2024-02-03,,,,21\n", &e, &notes), HF_WHY_WIDTH);
}

HF_TEST(a_row_whose_values_stand_one_column_off_looks_so)
{
	struct hf_csv_row h, r;
	struct hf_map_bound b;

	use(HF_FEED_SPELLS);
	split(SPELL, &h);
	assert_int_equal(hf_map_bind(&map, &h, &b, NULL), HF_OK);
	split("01,2024-01-30,23:15,2024-02-02,10:05,21,1,54,I501,E119,F03,,x\n", &r);
	assert_true(hf_feed_shifted(&b, &r));
	split("9434765919,01,2024-01-30,,2024-02-02,,21,1,54,I501,,,\n", &r);
	assert_false(hf_feed_shifted(&b, &r));
	split("9434765919,01,soon,,2024-02-02,,21,1,54,I501,,,\n", &r);
	assert_false(hf_feed_shifted(&b, &r));
}

/* Section 8 and HZ of a wrong person linked: a number that the source doubts, or that
 * fails its check digit, links nobody. */
HF_TEST(only_a_valid_number_that_nobody_doubts_links_a_person_POP_T31)
{
	struct hf_feed_row row = {0};
	enum hf_map_field field;
	struct hf_feed_who who;

	use(HF_FEED_SPELLS);
	read(SPELL, "943 476 5919,01,2024-01-30,,,,21,1,,,,,\n", &row, &field);
	hf_feed_who(&map, &row, &who);
	assert_true(who.traced);
	read(SPELL, "9434765919,02,2024-01-30,,,,21,1,,,,,\n", &row, &field);
	hf_feed_who(&map, &row, &who);
	assert_false(who.traced);
	assert_true(who.unverified);
	map.link_unverified = true;
	hf_feed_who(&map, &row, &who);
	assert_true(who.traced);
	assert_int_equal(
	    read(SPELL, "9434765918,01,2024-01-30,,,,21,1,,,,,\n", &row, &field),
	    HF_WHY_FINE);
	hf_feed_who(&map, &row, &who);
	assert_false(who.traced);
	read(SPELL, "0000000000,01,2024-01-30,,,,21,1,,,,,\n", &row, &field);
	hf_feed_who(&map, &row, &who);
	assert_false(who.traced);
}

HF_TEST(diagnoses_lose_dots_daggers_and_fillers)
{
	char out[8];

	assert_sv_equal(hf_feed_icd10(HF_SV("i50.1"), out), "I501");
	assert_sv_equal(hf_feed_icd10(HF_SV("E109D"), out), "E109");
	assert_sv_equal(hf_feed_icd10(HF_SV("F03X"), out), "F03");
	assert_sv_equal(hf_feed_icd10(HF_SV("I10"), out), "I10");
	assert_int_equal(hf_feed_icd10(HF_SV("10I"), out).n, 0);
	assert_int_equal(hf_feed_icd10(HF_SV("I5"), out).n, 0);
}

HF_TEST(two_months_of_birth_leave_none)
{
	struct hf_feed_row row = {0};
	struct hf_pop_person p = {.birth = INT16_MIN, .death_day = HF_POP_NONE};
	enum hf_map_field field;
	const char *header = "NHS_NUMBER,DATE_OF_BIRTH,SEX,GP_PRACTICE,REGISTERED_FROM,"
			     "HOUSEBOUND,ETHNICITY\n";

	use(HF_FEED_REGISTER);
	read(header, "9434765919,1940-05-17,2,C87001,2010-01-01,Y,A\n", &row, &field);
	assert_true(hf_feed_person(&row, &p));
	assert_int_equal(p.birth, 40 * 12 + 4);
	assert_int_equal(p.sex, HF_POP_FEMALE);
	assert_int_equal(p.ethnic, 'A');
	assert_int_equal(p.flags, HF_POP_P_HOUSEBOUND);
	read(header, "9434765919,1940-06-17,2,C87001,2010-01-01,,\n", &row, &field);
	assert_false(hf_feed_person(&row, &p));
	assert_int_equal(p.birth, INT16_MIN);
	read(header, "9434765919,1940-05-17,2,C87001,2010-01-01,,\n", &row, &field);
	assert_true(hf_feed_person(&row, &p));
	assert_int_equal(p.birth, INT16_MIN);
}

static uint16_t
wait_of(enum hf_feed_kind kind, const char *header, const char *line)
{
	struct hf_feed_row row = {0};
	enum hf_map_field field;
	struct hf_pop_event e;
	unsigned notes;

	use(kind);
	assert_int_equal(read(header, line, &row, &field), HF_WHY_FINE);
	assert_int_equal(hf_feed_event(&map, &row, &e, &notes, &field), HF_WHY_FINE);
	return e.wait;
}

/* Two hours and four are told by clocks, and by those that went by. */
HF_TEST(a_wait_is_from_arrival_to_departure_and_not_known_without_times)
{
	static const char ae[] =
	    "NHS_NUMBER,ARRIVALDATE,ARRIVALTIME,DEPDATE,DEPTIME,AEDEPTTYPE";
	static const char ucr[] = "NHS_NUMBER,UCR_CLOCK_START,UCR_CLOCK_START_TIME,"
				  "UCR_FIRST_CONTACT,UCR_FIRST_CONTACT_TIME";

	assert_int_equal(
	    wait_of(HF_FEED_AE, ae, "9434765919,2024-03-10,22:00,2024-03-11,02:00,01"),
	    240);
	assert_int_equal(
	    wait_of(HF_FEED_AE, ae, "9434765919,2024-10-26,23:00,2024-10-27,02:30,01"),
	    270);
	assert_int_equal(wait_of(HF_FEED_AE, ae, "9434765919,2024-03-10,22:00,,,01"),
			 HF_POP_NONE);
	assert_int_equal(
	    wait_of(HF_FEED_AE, ae, "9434765919,2024-03-10,22:00,2024-03-11,,01"),
	    HF_POP_NONE);
	assert_int_equal(
	    wait_of(HF_FEED_UCR, ucr, "9434765919,2024-03-10,10:00,2024-03-10,12:00"),
	    120);
	assert_int_equal(
	    wait_of(HF_FEED_UCR, ucr, "9434765919,2024-03-10,,2024-03-10,12:00"),
	    HF_POP_NONE);
	assert_int_equal(
	    wait_of(HF_FEED_UCR, ucr, "9434765919,2024-03-31,00:30,2024-03-31,03:15"),
	    105);
}

HF_TEST_MAIN(
    "population/feed",
    cmocka_unit_test(a_spell_is_read_with_its_kind_nights_and_outcome),
    cmocka_unit_test(what_cannot_be_is_refused_with_its_reason),
    cmocka_unit_test(a_row_whose_values_stand_one_column_off_looks_so),
    cmocka_unit_test(only_a_valid_number_that_nobody_doubts_links_a_person_POP_T31),
    cmocka_unit_test(diagnoses_lose_dots_daggers_and_fillers),
    cmocka_unit_test(two_months_of_birth_leave_none),
    cmocka_unit_test(a_wait_is_from_arrival_to_departure_and_not_known_without_times))

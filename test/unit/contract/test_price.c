/* The promises of contract/price.h: CON-T01, CON-T04, the boundaries of section 8 and
 * each thing that keeps a line from being priced. */
#include "test/unit/contract/prices.h"

#include "contract/trace.h"

struct priced {
	struct lists lists;
	struct hf_ct_price_book book;
	struct hf_buf traces;
	struct hf_ct_pricer pricer;
	struct hf_ct_priced out;
	char text[4096];
};

static struct hf_ct_list *
builtin(struct lists *l)
{
	static struct hf_ct_list *list;

	assert_int_equal(hf_ct_list_builtin(&l->arena, &list, &l->err), HF_OK);
	return list;
}

static void
begin(struct priced *p)
{
	*p = (struct priced){0};
	lists_begin(&p->lists);
	assert_int_equal(
	    hf_ct_price_book_add(&p->book, builtin(&p->lists), &p->lists.err), HF_OK);
	hf_ct_pricer_init(&p->pricer, &p->book, &p->traces);
}

static void
end(struct priced *p)
{
	hf_buf_free(&p->traces);
	lists_end(&p->lists);
}

static hf_pence
value(struct priced *p, struct hf_ct_activity a)
{
	struct hf_buf out = {0};

	hf_ct_price(&p->pricer, &a, &p->out);
	hf_ct_trace_text(hf_buf_view(&p->traces), &p->book, &a, &p->out, &out);
	snprintf(p->text, sizeof p->text, "%.*s", (int)out.n, out.p ? out.p : "");
	hf_buf_free(&out);
	return p->out.value;
}

static void
assert_says(const struct priced *p, const char *what)
{
	if (!strstr(p->text, what))
		fail_msg("\"%s\" is not in:\n%s", what, p->text);
}

/* A spell at RZ1 (MFF 1.0423) that ended on 1 July 2020. */
static struct hf_ct_activity
spell(const char *hrg, const char *method, uint8_t age, int los)
{
	struct hf_ct_activity a = {.kind = HF_CT_ACT_SPELL,
				   .hrg = hf_ct_code_of(hrg),
				   .provider = hf_ct_code_of("RZ1"),
				   .day = on(2020, 7, 1),
				   .admitted = on(2020, 7, 1) - los,
				   .quantity = 1,
				   .cls = 1,
				   .age = age};

	assert_true(hf_ct_method_parse(hf_sv_from(method), &a.method));
	return a;
}

static struct hf_ct_activity
of_class(struct hf_ct_activity a, uint8_t cls)
{
	a.cls = cls;
	return a;
}

HF_TEST(con_t01_admitted_spells)
{
	struct priced p;
	struct hf_ct_activity a;

	begin(&p);
	assert_int_equal(value(&p, spell("XX01A", "21", 78, 6)), 248067);  /* a */
	assert_int_equal(value(&p, spell("XX01A", "21", 45, 1)), 111630);  /* b */
	assert_int_equal(value(&p, spell("XX01A", "21", 17, 0)), 248067);  /* c */
	assert_int_equal(value(&p, spell("XX01A", "21", 78, 25)), 404934); /* d */
	assert_int_equal(p.out.excess, 7);
	assert_int_equal(p.out.xbd, 404934 - 248067);
	assert_int_equal(value(&p, spell("XX01A", "21", 78, 18)), 248067); /* e */
	a = spell("XX01A", "21", 78, 25);
	a.critical = 1;
	a.rehab = 1;
	a.palliative = 1;
	a.other = 1;
	assert_int_equal(value(&p, a), 315296); /* f */
	a = spell("XX01A", "21", 78, 25);
	a.specialised = HF_CT_SP_ORTHOPAEDIC | HF_CT_SP_CHILDREN; /* 12 %, 11 % */
	assert_int_equal(value(&p, a), 434702);			  /* g */
	assert_int_equal(value(&p, spell("XX01A", "81", 78, 1)), 248067); /* h */
	assert_int_equal(p.out.pod, HF_CT_POD_NEL);
	assert_int_equal(value(&p, of_class(spell("XX02B", "11", 60, 0), 2)),
			 85469); /* i */
	assert_int_equal(p.out.pod, HF_CT_POD_DC);
	assert_int_equal(value(&p, spell("XX02B", "11", 60, 8)), 252237); /* j */
	assert_int_equal(p.out.pod, HF_CT_POD_EL);
	assert_int_equal(value(&p, spell("XX01A", "12", 60, 0)), 151134); /* k */
	assert_int_equal(p.out.pod, HF_CT_POD_EL);
	a = spell("XX03C", "21", 85, 20);
	a.flags = HF_CT_F_BPT_LOCAL;
	assert_int_equal(value(&p, a), 722835); /* l */
	a = (struct hf_ct_activity){.kind = HF_CT_ACT_OUTPATIENT,
				    .hrg = hf_ct_code_of("XX02B"),
				    .provider = hf_ct_code_of("RZ1"),
				    .day = on(2020, 7, 1),
				    .cls = HF_CT_OP_PROCEDURE};
	assert_int_equal(value(&p, a), 16677);			     /* m */
	assert_int_equal(value(&p, spell("XX99Z", "21", 78, 6)), 0); /* n */
	assert_int_equal(p.out.problem, HF_CT_P_NO_HRG);
	assert_int_equal(p.out.pod, HF_CT_POD_NE);
	end(&p);
}

HF_TEST(con_t04_outpatient_attendances)
{
	struct hf_ct_activity a = {.kind = HF_CT_ACT_OUTPATIENT,
				   .provider = hf_ct_code_of("RZ1"),
				   .specialty = hf_ct_code_of("100"),
				   .day = on(2020, 7, 1),
				   .cls = HF_CT_OP_FIRST};
	struct priced p;
	hf_pence sum;

	begin(&p);
	sum = 2 * value(&p, a);
	assert_int_equal(p.out.pod, HF_CT_POD_OPFA);
	a.cls = HF_CT_OP_FOLLOW_UP;
	sum += 5 * value(&p, a);
	assert_int_equal(p.out.pod, HF_CT_POD_OPFUP);
	assert_int_equal(sum, 86511);
	/* An internal referral counts as a follow-up by this list. */
	a.cls = HF_CT_OP_FIRST;
	a.flags = HF_CT_F_INTERNAL;
	assert_int_equal(value(&p, a), 9589);
	a.flags = HF_CT_F_MULTI;
	assert_int_equal(value(&p, a), 25536); /* 245 * 1.0423 = 255.3635 */
	a.flags = HF_CT_F_NOT_CONSULTANT;
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NOT_CONSULTANT);
	a.cls = HF_CT_OP_DNA;
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NONE);
	a.cls = HF_CT_OP_NOT_FACE;
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NOT_FACE);
	end(&p);
}

HF_TEST(ae_groups_by_investigation_and_treatment)
{
	/* treatment 0 … 5 of each investigation category; NULL: no group */
	static const char *const want[4][6] = {
	    {"VB11Z", NULL, NULL, NULL, NULL, "VB01Z"},
	    {NULL, "VB09Z", "VB09Z", "VB06Z", "VB06Z", "VB01Z"},
	    {NULL, "VB08Z", "VB07Z", "VB05Z", "VB04Z", "VB01Z"},
	    {NULL, "VB03Z", "VB03Z", "VB03Z", "VB02Z", "VB01Z"}};
	struct hf_ct_activity a = {.kind = HF_CT_ACT_AE,
				   .provider = hf_ct_code_of("RZ9"), /* MFF 1 */
				   .day = on(2020, 7, 1),
				   .cls = 1};
	struct priced p;
	const struct hf_ct_list *list;

	begin(&p);
	list = p.book.lists[0];
	for (uint8_t i = 0; i < 4; i++)
		for (uint8_t t = 0; t < 6; t++) {
			const struct hf_ct_item *row = NULL;
			hf_pence got;

			a.investigation = i;
			a.treatment = t;
			got = value(&p, a);
			if (want[i][t])
				row = hf_ct_list_find(list, HF_CT_T_AE,
						      hf_ct_code_of(want[i][t]), 0,
						      a.day);
			assert_int_equal(p.out.problem,
					 row ? HF_CT_P_NONE : HF_CT_P_NO_GROUP);
			assert_int_equal(got, row ? row->price : 0);
			if (row)
				assert_says(&p, want[i][t]);
		}
	a.flags = HF_CT_F_DENTAL;
	assert_int_equal(value(&p, a), 9500);
	a.flags = HF_CT_F_DEAD | HF_CT_F_DENTAL;
	assert_int_equal(value(&p, a), 10500);
	a.flags = 0;
	a.cls = 3; /* the simplest only */
	assert_int_equal(value(&p, a), 7000);
	a.cls = 5;
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_SDEC);
	a.cls = 1;
	a.hrg = hf_ct_code_of("VB07Z"); /* the grouper's word counts */
	assert_int_equal(value(&p, a), 16500);
	a.flags = HF_CT_F_PLANNED;
	assert_int_equal(p.out.pod, HF_CT_POD_AE);
	value(&p, a);
	assert_int_equal(p.out.pod, HF_CT_POD_OPFUP);
	assert_says(&p, "Treatment function 180, follow-up");
	end(&p);
}

HF_TEST(the_trim_point_is_still_within)
{
	static const struct {
		int los, excess;
		hf_pence v;
	} cases[] = {{17, 0, 248067}, {18, 0, 248067}, {19, 1, 270477}};
	struct priced p;

	begin(&p);
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_int_equal(value(&p, spell("XX01A", "21", 60, cases[i].los)),
				 cases[i].v);
		assert_int_equal(p.out.excess, cases[i].excess);
	}
	end(&p);
}

HF_TEST(a_short_stay_is_of_grown_up_emergencies_of_up_to_a_day)
{
	struct priced p;
	struct hf_ct_activity a;

	begin(&p);
	assert_int_equal(value(&p, spell("XX01A", "21", 18, 1)), 248067);
	assert_says(&p, "age 18 is under 19");
	assert_int_equal(value(&p, spell("XX01A", "21", 19, 1)), 111630);
	assert_int_equal(value(&p, spell("XX01A", "2D", 19, 0)), 111630);
	assert_int_equal(value(&p, spell("XX01A", "28", 19, 2)), 248067);
	assert_int_equal(value(&p, spell("XX01A", "31", 30, 1)), 248067);
	assert_int_equal(value(&p, spell("XX02B", "21", 30, 1)), 286633);
	a = spell("XX01A", "21", 50, 1);
	a.flags = HF_CT_F_PROCEDURE;
	assert_int_equal(value(&p, a), 248067);
	/* Two days of which one was critical care. */
	a = spell("XX01A", "21", 50, 2);
	a.critical = 1;
	assert_int_equal(value(&p, a), 111630);
	a.critical = 5;
	assert_int_equal(value(&p, a), 111630);
	assert_says(&p, "2 days - 5 critical care = 0 days (not less than 0)");
	end(&p);
}

HF_TEST(a_day_case_stays_no_night)
{
	struct priced p;

	begin(&p);
	/* Class 2 with a night is elective. */
	assert_int_equal(value(&p, of_class(spell("XX02B", "11", 60, 1), 2)), 204291);
	assert_int_equal(p.out.pod, HF_CT_POD_EL);
	/* The combined price where a day case has none of its own. */
	assert_int_equal(value(&p, of_class(spell("XX01A", "13", 60, 0), 2)), 151134);
	assert_int_equal(p.out.pod, HF_CT_POD_DC);
	/* Never from elective to non-elective. */
	assert_int_equal(value(&p, of_class(spell("XX03C", "11", 60, 0), 2)), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NO_PRICE);
	end(&p);
}

HF_TEST(what_cannot_be_priced_is_worth_nothing_and_says_why)
{
	struct priced p;
	struct hf_ct_activity a;

	begin(&p);
#define REFUSED(activity, why)                                                         \
	do {                                                                           \
		assert_int_equal(value(&p, (activity)), 0);                            \
		assert_int_equal(p.out.problem, HF_CT_P_##why);                        \
		assert_says(&p, "LOCAL, value £0.00: ");                               \
		assert_says(&p, #why);                                                 \
	} while (0)
	REFUSED(spell("XX01A", "99", 60, 3), METHOD);
	REFUSED(spell("XX01A", "", 60, 3), METHOD);
	REFUSED(of_class(spell("XX01A", "11", 60, 0), 3), REGULAR);
	REFUSED(of_class(spell("XX01A", "11", 60, 0), 4), REGULAR);
	REFUSED(spell("XX01A", "21", 60, -1), NEGATIVE);
	REFUSED(spell("XX01A", "21", HF_CT_NOT_KNOWN, 1), AGE);
	REFUSED(spell("", "21", 60, 1), UNCODED);
	a = spell("XX01A", "21", 60, 9);
	a.rehab = -1;
	REFUSED(a, NEGATIVE);
	a = spell("XX01A", "21", 60, 9);
	a.flags = HF_CT_F_OPEN;
	REFUSED(a, UNFINISHED);
	a = spell("XX01A", "21", 60, 9);
	a.provider = hf_ct_code_of("RX9");
	REFUSED(a, NO_MFF);
	a.day = on(1999, 1, 9);
	a.admitted = on(1999, 1, 1);
	REFUSED(a, NO_LIST);
	REFUSED(((struct hf_ct_activity){.kind = 77, .day = on(2020, 7, 1)}), UNKNOWN);
	a = (struct hf_ct_activity){.kind = HF_CT_ACT_UNBUNDLED,
				    .hrg = hf_ct_code_of("DZ45Z"),
				    .provider = hf_ct_code_of("RZ1"),
				    .day = on(2020, 7, 1),
				    .quantity = -1};
	REFUSED(a, NEGATIVE);
	a = (struct hf_ct_activity){.kind = HF_CT_ACT_DRUG,
				    .hrg = hf_ct_code_of("XXD01"),
				    .provider = hf_ct_code_of("RZ1"),
				    .day = on(2020, 7, 1),
				    .cost = -5,
				    .quantity = 1};
	REFUSED(a, NEGATIVE);
	a.cost = 5;
	a.hrg = hf_ct_code_of("XXD99");
	REFUSED(a, NOT_LISTED);
#undef REFUSED
	/* An age that does not matter need not be known. */
	assert_int_equal(value(&p, spell("XX01A", "21", HF_CT_NOT_KNOWN, 6)), 248067);
	end(&p);
}

HF_TEST(items_and_medicines)
{
	struct priced p;
	struct hf_ct_activity a = {.kind = HF_CT_ACT_UNBUNDLED,
				   .hrg = hf_ct_code_of("DZ45Z"),
				   .provider = hf_ct_code_of("RZ1"),
				   .day = on(2020, 7, 1),
				   .quantity = 3};
	const struct hf_ct_item *row;
	hf_pence want;

	begin(&p);
	row = hf_ct_list_find(p.book.lists[0], HF_CT_T_UNBUNDLED, a.hrg, 0, a.day);
	assert_non_null(row);
	assert_true(hf_pence_scale(3 * row->price, 1042300000, HF_HALF_AWAY, &want));
	assert_int_equal(value(&p, a), want);
	assert_int_equal(p.out.pod, HF_CT_POD_UNB);
	a.quantity = 0;
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NONE);
	a.kind = HF_CT_ACT_DRUG;
	a.hrg = hf_ct_code_of("XXD01");
	a.cost = 123456;
	a.quantity = 4;
	assert_int_equal(value(&p, a), 123456); /* at cost, without MFF */
	a.quantity = INT32_MAX;
	a.kind = HF_CT_ACT_UNBUNDLED;
	a.hrg = hf_ct_code_of("DZ45Z");
	assert_int_equal(value(&p, a), 0);
	assert_int_equal(p.out.problem, HF_CT_P_TOO_LARGE);
	end(&p);
}

HF_TEST(a_stay_over_a_year_end_belongs_to_the_year_it_ended_in)
{
	static const char hrg[] = HRG_HEADER "AA01A,One,,,,,,%s,10,100,,,,,,,,,,GBP\n";
	static const char mff[] = MFF_HEADER "RZ1,,1,,\n";
	struct hf_ct_list *a = NULL, *b = NULL;
	struct hf_ct_activity row = spell("AA01A", "21", 70, 9);
	char text[512];
	struct priced p;

	p = (struct priced){0};
	lists_begin(&p.lists);
	snprintf(text, sizeof text, hrg, "100");
	assert_int_equal(read_list(&p.lists, LIST_OF("A", "2019-04-01", "2020-03-31"),
				   text, mff, &a),
			 HF_OK);
	snprintf(text, sizeof text, hrg, "200");
	assert_int_equal(read_list(&p.lists, LIST_OF("B", "2020-04-01", "2021-03-31"),
				   text, mff, &b),
			 HF_OK);
	hf_ct_price_book_add(&p.book, a, NULL);
	hf_ct_price_book_add(&p.book, b, NULL);
	hf_ct_pricer_init(&p.pricer, &p.book, &p.traces);
	row.admitted = on(2020, 3, 25);
	row.day = on(2020, 3, 31);
	assert_int_equal(value(&p, row), 10000);
	assert_int_equal(p.out.fy, 2019);
	assert_int_equal(p.out.period, 12);
	row.day = on(2020, 4, 1);
	assert_int_equal(value(&p, row), 20000);
	assert_int_equal(p.out.fy, 2020);
	assert_int_equal(p.out.period, 1);
	assert_says(&p, "Price list B");
	assert_says(&p, "The stay began on 2020-03-25, before the end of a financial "
			"year; all of it belongs to 2020/21");
	hf_ct_pricer_only(&p.pricer, a);
	assert_int_equal(value(&p, row), 0); /* A's rows end with A */
	assert_int_equal(p.out.problem, HF_CT_P_NO_HRG);
	end(&p);
}

HF_TEST(a_list_may_take_delays_off_long_stays)
{
	static const char hrg[] = HRG_HEADER "AA01A,One,,,,,,100,10,10,,,,,,,,,,GBP\n";
	struct hf_ct_list *list = NULL;
	struct hf_ct_activity row = spell("AA01A", "21", 70, 15);
	struct priced p;

	row.delayed = 3;
	p = (struct priced){0};
	lists_begin(&p.lists);
	assert_int_equal(
	    read_list(&p.lists,
		      LIST_OF("A", "2020-04-01", "2021-03-31") "exclude_delayed,yes\n",
		      hrg, MFF_HEADER "RZ1,,1,,\n", &list),
	    HF_OK);
	hf_ct_price_book_add(&p.book, list, NULL);
	hf_ct_pricer_init(&p.pricer, &p.book, &p.traces);
	assert_int_equal(value(&p, row), 12000);
	assert_says(&p, "3 days after being ready to go are not counted");
	list->exclude_delayed = false;
	assert_int_equal(value(&p, row), 15000);
	end(&p);
}

HF_TEST(a_best_practice_price_may_stand_in_for_the_base)
{
	static const char hrg[] =
	    HRG_HEADER "AA01A,One,,,80,100,10,,,,,,,replace,day case,,120,,,GBP\n";
	struct hf_ct_list *list = NULL;
	struct hf_ct_activity row = of_class(spell("AA01A", "11", 70, 0), 2);
	struct priced p;

	p = (struct priced){0};
	lists_begin(&p.lists);
	read_list(&p.lists, LIST_OF("A", "2020-04-01", "2021-03-31"), hrg,
		  MFF_HEADER "RZ1,,1,,\n", &list);
	hf_ct_price_book_add(&p.book, list, NULL);
	hf_ct_pricer_init(&p.pricer, &p.book, &p.traces);
	assert_int_equal(value(&p, row), 8000);
	assert_says(&p, "Best practice is not told to be met");
	row.flags = HF_CT_F_BPT_SUS;
	assert_int_equal(value(&p, row), 12000);
	assert_says(&p, "told by the national feed");
	/* A stay beyond a trim point without a day rate is not guessed at. */
	row = spell("AA01A", "11", 70, 11);
	assert_int_equal(value(&p, row), 0);
	assert_int_equal(p.out.problem, HF_CT_P_NO_PERDAY);
	end(&p);
}

HF_TEST(a_trace_is_read_line_by_line)
{
	static const char want[] =
	    "1.2: Price list ILL-2020.1 (illustrative), for 2020-07-01, the day of "
	    "discharge or attendance.\n"
	    "1.2 step 1: Length of stay 29 days - 4 critical care = 25 days.\n"
	    "1.2 step 2: Admission method 21 (emergency, A&E), class 1, length of stay "
	    "29 days: NE, non-elective, emergency.\n"
	    "1.2 step 2: XX01A Illustrative medical group, price ne: £2,380.00 "
	    "(hrg.csv "
	    "line 2).\n"
	    "1.2 step 3: No short-stay emergency: 25 days is more than 1.\n"
	    "1.2 step 5: Long stay: 25 days - trim point 18 = 7 days x £215.00 = "
	    "£1,505.00.\n"
	    "1.2 step 6: Top-up for specialised orthopaedics: 0.12 x £2,380.00 = "
	    "28560p, not on the long stay; the highest one only.\n"
	    "1.2 step 7: Market forces factor: 417060p x 1.0423 = 434701.638p.\n"
	    "1.2 step 7: Rounded once, half away from zero: 434702p = £4,347.02.\n";
	struct hf_ct_activity a = spell("XX01A", "21", 78, 29);
	struct priced p;

	begin(&p);
	a.critical = 4;
	a.specialised = HF_CT_SP_ORTHOPAEDIC;
	assert_int_equal(value(&p, a), 434702); /* CON-T01 g */
	assert_string_equal(p.text, want);
	end(&p);
}

HF_TEST(no_bytes_are_mistaken_for_a_trace)
{
	static const unsigned char bad[][4] = {
	    {0xff, 1, 2, 3}, {HF_CT_STEP_BASE, 2, 0x80, 0x80}, {0, 1, 2, 3}};
	struct hf_ct_trace_step step;

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_sv rest = {(const char *)bad[i], sizeof bad[i]};

		assert_false(hf_ct_step_next(&rest, &step));
	}
}

HF_TEST_MAIN("contract/price", cmocka_unit_test(con_t01_admitted_spells),
	     cmocka_unit_test(con_t04_outpatient_attendances),
	     cmocka_unit_test(ae_groups_by_investigation_and_treatment),
	     cmocka_unit_test(the_trim_point_is_still_within),
	     cmocka_unit_test(a_short_stay_is_of_grown_up_emergencies_of_up_to_a_day),
	     cmocka_unit_test(a_day_case_stays_no_night),
	     cmocka_unit_test(what_cannot_be_priced_is_worth_nothing_and_says_why),
	     cmocka_unit_test(items_and_medicines),
	     cmocka_unit_test(a_stay_over_a_year_end_belongs_to_the_year_it_ended_in),
	     cmocka_unit_test(a_list_may_take_delays_off_long_stays),
	     cmocka_unit_test(a_best_practice_price_may_stand_in_for_the_base),
	     cmocka_unit_test(a_trace_is_read_line_by_line),
	     cmocka_unit_test(no_bytes_are_mistaken_for_a_trace))

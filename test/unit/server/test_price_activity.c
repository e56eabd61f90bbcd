/* The promises of server/price_activity.h: events of the population, priced. */
#include "test/hf_test.h"

#include "base/time.h"
#include "contract/price.h"
#include "server/price_activity.h"

enum { N = 6 };

/* Columns of a person born in July 1942, by hand. */
struct world {
	struct hf_pop_columns c;
	struct hf_pop_person person;
	uint32_t person_of[N];
	uint16_t day[N], los[N], wait[N], provider[N], specialty[N], hrg[N];
	uint8_t setting[N], method[N], cls[N], flags[N], excluded[N];
	struct hf_sv providers[3], specialties[2], hrgs[4];
};

static uint16_t
on(int y, int m, int d)
{
	return (uint16_t)(hf_days_from_civil(y, m, d) - HF_POP_DAY_ZERO);
}

static void
event(struct world *w, uint8_t setting, uint16_t day, uint16_t los, uint8_t method,
      uint8_t cls, uint16_t hrg)
{
	uint64_t i = w->c.n_events++;

	assert_true(i < N);
	w->setting[i] = setting;
	w->day[i] = day;
	w->los[i] = los;
	w->method[i] = method;
	w->cls[i] = cls;
	w->hrg[i] = hrg;
	w->provider[i] = 1;
	w->specialty[i] = 1;
	w->wait[i] = HF_POP_NONE;
}

static void
begin(struct world *w)
{
	*w = (struct world){
	    .person = {.birth = (1942 - 1900) * 12 + 6, .death_day = HF_POP_NONE},
	    .providers = {{0}, HF_SV("RZ1"), HF_SV("TOO LONG TO BE A CODE")},
	    .specialties = {{0}, HF_SV("100")},
	    .hrgs = {{0}, HF_SV("XX01A"), HF_SV("VB07Z"), HF_SV("XX02B")}};
	w->c =
	    (struct hf_pop_columns){.n_persons = 1,
				    .persons = &w->person,
				    .ev = {.person = w->person_of,
					   .day = w->day,
					   .los = w->los,
					   .wait = w->wait,
					   .provider = w->provider,
					   .specialty = w->specialty,
					   .hrg = w->hrg,
					   .setting = w->setting,
					   .method = w->method,
					   .cls = w->cls,
					   .flags = w->flags,
					   .excluded = w->excluded},
				    .dict = {[HF_POP_PROVIDER] = {w->providers, 3},
					     [HF_POP_SPECIALTY] = {w->specialties, 2},
					     [HF_POP_HRG] = {w->hrgs, 4}}};
	event(w, HF_POP_NE, on(2020, 6, 2), 29, HF_POP_M_21, 1, 1); /* ends 1 July */
	w->excluded[0] = 4;
	event(w, HF_POP_OP, on(2020, 7, 1), 0, 0, 1, 0);
	event(w, HF_POP_AE, on(2020, 7, 1), 0, 0, 1, 2);
	event(w, HF_POP_COM, on(2020, 7, 1), 0, 0, 0, 0);
	event(w, HF_POP_DC, on(2020, 7, 1), 0, HF_POP_M_12, 0, 3);
	event(w, HF_POP_NE, on(2020, 7, 1), 2, HF_POP_M_21, 1, 1);
	w->provider[5] = 2;
}

HF_TEST(stays_contacts_and_attendances_are_priced_and_nothing_else)
{
	struct hf_arena arena = {.cap = (size_t)64 << 20};
	struct hf_ct_price_book book = {0};
	struct hf_ct_list *list = NULL;
	struct hf_ct_activity *a = NULL;
	static struct hf_ct_pricer p;
	struct hf_ct_priced out;
	struct world w;
	size_t n = 0;

	begin(&w);
	assert_int_equal(hf_ct_list_builtin(&arena, &list, NULL), HF_OK);
	assert_int_equal(hf_ct_price_book_add(&book, list, NULL), HF_OK);
	hf_ct_pricer_init(&p, &book, NULL);
	assert_int_equal(hf_price_activity(&w.c, INT32_MIN, INT32_MAX, &a, &n, NULL),
			 HF_OK);
	assert_int_equal(n, 5);
	assert_int_equal(a[0].age, 77);
	assert_int_equal(a[0].other, 4);
	hf_ct_price(&p, &a[0], &out);
	assert_int_equal(out.value, 404934); /* CON-T01 d */
	assert_int_equal(out.period, 4);     /* July: of the discharge */
	hf_ct_price(&p, &a[1], &out);
	assert_int_equal(out.value, 19283); /* CON-T04 */
	hf_ct_price(&p, &a[2], &out);
	assert_int_equal(out.value, 17198); /* VB07Z: 165 * 1.0423 */
	hf_ct_price(&p, &a[3], &out);
	assert_int_equal(out.value, 85469); /* CON-T01 i: class from the setting */
	assert_int_equal(a[3].id, 4);
	hf_ct_price(&p, &a[4], &out);
	assert_int_equal(out.problem, HF_CT_P_NO_MFF); /* no code of ours */
	free(a);
	hf_arena_free(&arena);
}

HF_TEST(an_event_is_of_the_day_it_ends_on)
{
	int32_t july = HF_POP_DAY_ZERO + on(2020, 7, 1);
	struct hf_ct_activity *a = NULL;
	struct world w;
	size_t n = 9;

	begin(&w);
	assert_int_equal(hf_price_activity(&w.c, july, july + 1, &a, &n, NULL), HF_OK);
	assert_int_equal(n, 4); /* the last stay ends on 3 July */
	free(a);
	assert_int_equal(hf_price_activity(&w.c, 0, july, &a, &n, NULL), HF_OK);
	assert_int_equal(n, 0);
	free(a);
}

/* One after the other: each row of a stay, [from, nights), and what it is found to be.
 */
static uint16_t
readmitted(uint8_t index_setting, uint8_t index_method, int gap, uint8_t method,
	   const char *icd, uint8_t outcome)
{
	uint16_t end_minute[N] = {0}, minute[N] = {0}, dx[N] = {0};
	uint32_t dx_more[N] = {0};
	uint64_t first[2] = {0, 2};
	uint8_t out[N] = {0};
	struct hf_sv icds[2] = {{0}, hf_sv_from(icd)};
	struct hf_ct_activity *a = NULL;
	uint16_t flags;
	struct world w;
	size_t n = 0;

	begin(&w);
	w.c.n_events = 0;
	event(&w, index_setting, on(2021, 1, 8), 2, index_method, 1, 1);
	event(&w, HF_POP_NE, (uint16_t)(on(2021, 1, 10) + gap), 3, method, 1, 1);
	w.flags[0] = w.flags[1] = 0;
	dx[1] = 1;
	out[0] = outcome;
	w.c.ev.dx = dx;
	w.c.ev.dx_more = dx_more;
	w.c.ev.outcome = out;
	w.c.ev.minute = minute;
	w.c.ev.end_minute = end_minute;
	w.c.ev_first = first;
	w.c.dict[HF_POP_ICD10] = (struct hf_pop_dictionary){icds, 2};
	assert_int_equal(hf_price_activity(&w.c, INT32_MIN, INT32_MAX, &a, &n, NULL),
			 HF_OK);
	hf_price_readmissions(&w.c, a, n);
	assert_int_equal(n, 2);
	assert_int_equal(a[0].flags, 0); /* the first is nobody's readmission */
	flags = a[1].flags;
	free(a);
	return flags;
}

HF_TEST(POP_T14_a_payment_rule_looks_at_emergencies_within_30_days)
{
	assert_int_equal(readmitted(HF_POP_EL, HF_POP_M_11, 29, HF_POP_M_21, "J440", 1),
			 HF_CT_F_READM_EL);
	assert_int_equal(readmitted(HF_POP_DC, HF_POP_M_12, 30, HF_POP_M_22, "J440", 1),
			 HF_CT_F_READM_EL);
	assert_int_equal(readmitted(HF_POP_EL, HF_POP_M_11, 31, HF_POP_M_21, "J440", 1),
			 0);
	assert_int_equal(readmitted(HF_POP_NE, HF_POP_M_21, 0, HF_POP_M_21, "J440", 1),
			 HF_CT_F_READM_OTHER);
}

HF_TEST(what_the_payment_rule_leaves_out_is_no_readmission)
{
	static const char *const icd[] = {"C509", "D471", "O80", "Z491", "V031"};

	for (size_t i = 0; i < HF_COUNT(icd); i++)
		assert_int_equal(
		    readmitted(HF_POP_EL, HF_POP_M_11, 5, HF_POP_M_21, icd[i], 1), 0);
	assert_int_equal(readmitted(HF_POP_EL, HF_POP_M_11, 5, HF_POP_M_2B, "J440", 1),
			 0); /* a transfer */
	assert_int_equal(readmitted(HF_POP_EL, HF_POP_M_11, 5, HF_POP_M_11, "J440", 1),
			 0); /* planned */
	assert_int_equal(
	    readmitted(HF_POP_EL, HF_POP_M_11, 5, HF_POP_M_21, "J440", HF_POP_O_LEFT),
	    0);
	assert_int_equal(readmitted(HF_POP_RDA, HF_POP_M_11, 5, HF_POP_M_21, "J440", 1),
			 0);
}

HF_TEST_MAIN(
    "server/price_activity",
    cmocka_unit_test(POP_T14_a_payment_rule_looks_at_emergencies_within_30_days),
    cmocka_unit_test(what_the_payment_rule_leaves_out_is_no_readmission),
    cmocka_unit_test(stays_contacts_and_attendances_are_priced_and_nothing_else),
    cmocka_unit_test(an_event_is_of_the_day_it_ends_on))

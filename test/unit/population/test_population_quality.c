/* The promises of population/quality.h, pid.h and feed_text.h: sections 7 and 8. */
#include "test/hf_test.h"

#include "population/dqmi.h"
#include "population/feed_text.h"
#include "population/pid.h"
#include "population/quality.h"

#include <math.h>

static void
near(double got, double want, double by)
{
	if (fabs(got - want) > by)
		fail_msg("%f is not %f", got, want);
}

/* POP-T32 */
HF_TEST(the_published_example_of_the_dqmi_comes_out)
{
	const double items[] = {.94, 1, .76, 0, .8, .45, .935, 1, 1, 1, .98, .835};
	const double third = 1.0 / 3;
	const double coverage[] = {1,	  1,	     1,		third,
				   third, third,     third,	third,
				   third, 2 * third, 2 * third, 2 * third};
	const struct hf_dq_item item = {2500, 2400, 100, 20};

	near(hf_dqmi(items, 12, coverage, 12), 47.15, 0.005);
	near(hf_dq_item_score(&item), 94.0, 1e-9);
	near(hf_dq_item_score(&(struct hf_dq_item){2500, 2400, 50, 20}), 96.0, 1e-9);
	near(hf_dq_item_score(&(struct hf_dq_item){10, 1, 10, 0}), 0, 1e-9);
	near(hf_dq_item_score(&(struct hf_dq_item){0}), 0, 1e-9);
	near(hf_dqmi(items, 0, coverage, 12), 0, 1e-9);
}

/* RFC 4231 test case 1 with a key of 32 bytes is not given there; what counts is that
 * the number alone goes in, and that another key, source or kind of id gives another.
 */
HF_TEST(pseudonyms_are_of_the_number_and_the_key_alone_POP_T31)
{
	struct hf_pop_key a = {{1}}, b = {{2}};
	struct hf_nhs nhs, other;
	uint8_t x[HF_POP_PID], y[HF_POP_PID];

	assert_int_equal(hf_nhs_parse(HF_SV("943 476 5919"), &nhs, NULL), HF_OK);
	assert_int_equal(hf_nhs_parse(HF_SV("9434765919"), &other, NULL), HF_OK);
	assert_int_equal(hf_nhs_parse(HF_SV("0000000000"), &other, NULL), HF_INVALID);
	hf_pop_pid(&a, &nhs, x);
	hf_pop_pid(&a, &other, y);
	assert_memory_equal(x, y, HF_POP_PID);
	hf_pop_pid(&b, &nhs, y);
	assert_memory_not_equal(x, y, HF_POP_PID);
	hf_pop_pid_local(&a, HF_SV(""), HF_SV("9434765919"), y);
	assert_memory_not_equal(x, y, HF_POP_PID);
	hf_pop_pid_local(&a, HF_SV("RFR"), HF_SV("1"), x);
	hf_pop_pid_local(&a, HF_SV("RF"), HF_SV("R1"), y);
	assert_memory_not_equal(x, y, HF_POP_PID);
}

static void
expect_text(const char *in, size_t n, bool windows, const char *want)
{
	/* All at once, and byte by byte. */
	for (size_t step = 1; step <= n; step += n > 1 ? n - 1 : 1) {
		struct hf_feed_text t = {.windows1252 = windows};
		struct hf_buf out = {0};

		for (size_t i = 0; i < n; i += step)
			hf_feed_text(
			    &t, (struct hf_sv){in + i, i + step < n ? step : n - i},
			    i + step >= n, &out);
		assert_sv_equal(hf_buf_view(&out), want);
		hf_buf_free(&out);
	}
}

HF_TEST(text_is_utf8_however_it_came)
{
	expect_text("caf\xc3\xa9", 5, false, "caf\xc3\xa9");
	expect_text("caf\xe9 \x80 \xc3\xa9", 9, true,
		    "caf\xc3\xa9 \xe2\x82\xac \xc3\xa9");
	expect_text("\xff\xfe"
		    "a\0\xe9\0\x3d\xd8\x00\xde",
		    10, false, "a\xc3\xa9\xf0\x9f\x98\x80");
	expect_text("\xfe\xff\0a\0b", 6, false, "ab");
	assert_int_equal(hf_feed_separator(HF_SV("a;b;\"c,d,e,f\"\n,,,,,")), ';');
	assert_int_equal(hf_feed_separator(HF_SV("a\tb")), '\t');
	assert_int_equal(hf_feed_separator(HF_SV("a")), ',');
}

HF_TEST(a_feed_with_a_tenth_of_unknown_numbers_is_not_to_be_published)
{
	struct hf_feed_quality *q = test_calloc(1, sizeof *q);
	struct hf_pop_event e = {.day = 12418}; /* 2024-01-01 */
	struct hf_buf out = {0};

	q->rows = q->taken = q->events = 100;
	q->linked = 90;
	q->from = 12418;
	q->to = 12418 + 60; /* January and February */
	for (int i = 0; i < 100; i++)
		hf_feed_quality_event(q, &e, 12418 + 9);
	hf_feed_quality_end(q);
	assert_false(hf_feed_publishable(q));
	assert_int_equal(q->found[HF_FOUND_linkage_low].n, 10);
	assert_int_equal(q->found[HF_FOUND_months_missing].n, 1);
	near(hf_feed_coverage(q), 0.5, 1e-9);
	hf_feed_quality_write(q, &out);
	assert_non_null(strstr(out.p, "\"publishable\":false"));
	assert_non_null(strstr(out.p, "\"daysToArrivalMedian\":9"));
	hf_buf_free(&out);
	q->linked = 95;
	q->to = 12418 + 31;
	assert_true(hf_feed_publishable(q));
	test_free(q);
}

/* The day is 2025-01-15: months 2024-01 to 2024-12 count.  Two sources of A&E, one of
 * which sent half of the year; spells are expected and missing. */
HF_TEST(pop_t32_datasets_and_fields_make_one_figure_and_what_is_missing_lowers_coverage)
{
	static const char all[] =
	    "{\"items\":[{\"field\":\"ethnic\",\"records\":2500,\"valid\":2400,"
	    "\"defaults\":100,\"threshold\":20}],\"months\":[{\"month\":\"2023-12\","
	    "\"n\":9},{\"month\":\"2024-01\",\"n\":1},{\"month\":\"2024-02\",\"n\":1},"
	    "{\"month\":\"2024-03\",\"n\":1},{\"month\":\"2024-04\",\"n\":1},"
	    "{\"month\":\"2024-05\",\"n\":1},{\"month\":\"2024-06\",\"n\":1},"
	    "{\"month\":\"2025-01\",\"n\":9}]}";
	static const char half[] =
	    "{\"items\":[{\"field\":\"ethnic\",\"records\":500,\"valid\":500,"
	    "\"defaults\":0,\"threshold\":20},{\"field\":\"practice\",\"records\":100,"
	    "\"valid\":50,\"defaults\":0,\"threshold\":5}],"
	    "\"months\":[{\"month\":\"2024-07\",\"n\":1},{\"month\":\"2024-08\","
	    "\"n\":1},{\"month\":\"2024-09\",\"n\":0}]}";
	const struct hf_dqmi_feed feeds[] = {
	    {HF_SV("ae"), HF_SV("RXA"), hf_sv_from(all), 12418, 12784},
	    {HF_SV("ae"), HF_SV("RXB"), hf_sv_from(half), 12418, 12784},
	    {HF_SV("ae"), HF_SV("RXB"), HF_SV("no JSON"), 12418, 12784},
	    {HF_SV("generated"), HF_SV("x"), HF_SV("{}"), 12418, 12784}};
	struct hf_dqmi *d = test_calloc(1, sizeof *d);
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_buf out = {0};
	struct hf_jw w = {.out = &out};
	const struct hf_dqmi_set *ae = &d->sets[HF_FEED_AE];

	d->sets[HF_FEED_SPELLS].expected = true;
	hf_dqmi_reckon(d, feeds, HF_COUNT(feeds), 12798, &arena);
	assert_int_equal(ae->due, 24);
	assert_int_equal(ae->received, 8);
	/* Pooled: 3,000 records, 2,900 valid, 100 defaults of which 60 are allowed. */
	near(hf_dq_item_score(&ae->items[HF_F_ETHNIC]), 100 * (2900 - 40) / 3000.0,
	     1e-9);
	near(hf_dq_item_score(&ae->items[HF_F_PRACTICE]), 50, 1e-9);
	assert_int_equal(d->sets[HF_FEED_SPELLS].due, 12);
	assert_int_equal(d->sets[HF_FEED_SPELLS].received, 0);
	near(d->items, (2860 / 3000.0 + 0.5) / 2, 1e-9);
	near(d->coverage, (8 / 24.0 + 0) / 2, 1e-9);
	near(d->score, 100 * d->items * d->coverage, 1e-9);
	hf_dqmi_write(d, &w);
	assert_non_null(strstr(out.p, "\"kind\":\"spells\",\"received\":0"));
	hf_buf_free(&out);
	hf_arena_free(&arena);
	test_free(d);
}

HF_TEST(nothing_received_has_no_score)
{
	struct hf_dqmi *d = test_calloc(1, sizeof *d);
	struct hf_arena arena = {.cap = 1 << 20};

	d->sets[HF_FEED_SPELLS].expected = true;
	hf_dqmi_reckon(d, NULL, 0, 12798, &arena);
	assert_true(isnan(d->score));
	test_free(d);
}

HF_TEST_MAIN(
    "population/quality",
    cmocka_unit_test(
	pop_t32_datasets_and_fields_make_one_figure_and_what_is_missing_lowers_coverage),
    cmocka_unit_test(nothing_received_has_no_score),
    cmocka_unit_test(the_published_example_of_the_dqmi_comes_out),
    cmocka_unit_test(pseudonyms_are_of_the_number_and_the_key_alone_POP_T31),
    cmocka_unit_test(text_is_utf8_however_it_came),
    cmocka_unit_test(a_feed_with_a_tenth_of_unknown_numbers_is_not_to_be_published))

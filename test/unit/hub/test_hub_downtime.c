/* The pages of the downtime pack say all that they have to, and nothing can be put into
 * them (HZ13). */
#include "test/hf_test.h"
#include "hub/downtime.h"

static const hf_time noon = 1795348800000; /* Sunday 22 November 2026, 12:00 */
static const hf_time minute = 60000;

#define T(lit)                                                                         \
	{                                                                              \
		lit, sizeof(lit) - 1                                                   \
	}

static struct hf_downtime_team team = {.id = T("t1"),
				       .name = T("North & West"),
				       .provider = T("Trust"),
				       .phone = T("01632 960000"),
				       .free = 3};

static struct hf_downtime_entry
entry(struct hf_sv id, struct hf_sv of)
{
	return (struct hf_downtime_entry){
	    .id = id,
	    .team = of,
	    .team_name = HF_SV("North & West"),
	    .name = HF_SV("HALE, <b>Margaret</b>"),
	    .born = HF_SV("03-Mar-1942"),
	    .age = HF_SV("84y"),
	    .nhs = HF_SV("9991234567"),
	    .state = HF_SV("On the way"),
	    .problem = HF_SV("Fall \"at home\""),
	    .received = noon - 60 * minute,
	    .since = noon - 10 * minute,
	    .next = HF_TIME_MAX,
	};
}

static const char *
page(const struct hf_downtime *p, const struct hf_downtime_team *of)
{
	static struct hf_buf b;

	b.n = 0;
	if (of == (const void *)p)
		hf_downtime_index(p, &b);
	else
		hf_downtime_page(p, of, &b);
	hf_buf_char(&b, '\0');
	assert_false(b.failed);
	return b.p;
}

static const char *
first(const struct hf_downtime *p)
{
	return page(p, (const void *)p);
}

#define HAS(text, part) assert_non_null(strstr((text), (part)))
#define NOT(text, part) assert_null(strstr((text), (part)))

HF_TEST(a_page_says_when_it_was_made_and_from_when_on_it_is_out_of_date)
{
	struct hf_downtime p = {.at = noon, .every_minutes = 5};

	HAS(page(&p, NULL), "Made at 12:00 on Sunday 22 Nov 2026.");
	HAS(page(&p, NULL), "A new one is made every 5 minutes");
	HAS(page(&p, NULL), "If it is after <strong>12:10</strong> now");
	HAS(first(&p), "If it is after <strong>12:10</strong> now");
	p.every_minutes = 30;
	HAS(page(&p, NULL), "If it is after <strong>13:00</strong> now");
	p.every_minutes = 0;
	HAS(page(&p, NULL), "It was made once and is not made again");
	/* In summer as the clocks on the wall are. */
	p.at = 1782126000000; /* 11:00 UTC on 22 June 2026 */
	HAS(page(&p, NULL), "Made at 12:00 on Monday 22 Jun 2026.");
}

HF_TEST(a_team_has_its_own_referrals_and_the_hub_has_those_of_no_team)
{
	struct hf_downtime_entry e[] = {entry(HF_SV("x111111"), HF_SV("t1")),
					entry(HF_SV("x222222"), HF_SV(""))};
	struct hf_downtime p = {
	    .at = noon, .entries = e, .n = 2, .teams = &team, .n_teams = 1};
	const char *text = page(&p, &team);

	HAS(text, "Referral 111111");
	NOT(text, "Referral 222222");
	HAS(text, "1 open referral,");
	HAS(text, "Telephone: 01632 960000. Free slots: 3");
	HAS(text, "NHS number 999 123 4567");
	HAS(text, "03-Mar-1942 (84y)");
	HAS(text, "On the way since 11:50");
	text = page(&p, NULL);
	HAS(text, "Referral 222222");
	NOT(text, "Referral 111111");
	HAS(page(&(struct hf_downtime){.at = noon}, &team),
	    "There was no open referral here");
}

HF_TEST(clocks_say_when_they_run_out_and_how_late_they_are)
{
	struct hf_downtime_entry e = entry(HF_SV("x111111"), HF_SV("t1"));
	struct hf_downtime p = {
	    .at = noon, .entries = &e, .n = 1, .teams = &team, .n_teams = 1};
	const char *text;

	e.n_clocks = 4;
	e.clocks[0] = (struct hf_downtime_clock){
	    .title = HF_SV("2 hours"), .start = noon, .due = noon + 95 * minute};
	e.clocks[1] = (struct hf_downtime_clock){
	    .title = HF_SV("Triage"), .start = noon, .due = noon - 25 * minute};
	e.clocks[2] = (struct hf_downtime_clock){.title = HF_SV("18 weeks"),
						 .start = noon,
						 .due = noon + 60 * 1440 * minute,
						 .paused = true};
	e.clocks[3] = (struct hf_downtime_clock){
	    .title = HF_SV("Opening"), .start = noon, .due = HF_TIME_MAX};
	text = page(&p, &team);
	HAS(text, "<strong>13:35</strong>, <span>in 1 h 35 min</span>");
	HAS(text, "<strong>11:35</strong>, <span class=\"late\">late by 25 min</span>");
	HAS(text, "12:00 on Thu 21 Jan 2027</strong>, <span>in 60 days</span> (it "
		  "stands still)");
	HAS(text, "no end is known");
	/* The first page leads with what runs out first, to its place on the page. */
	text = first(&p);
	HAS(text, "11:35");
	HAS(text, "href=\"team-t1.html#r-111111\"");
	NOT(text, "13:35");
	HAS(page(&p, &team), "id=\"r-111111\"");
	/* Two hours sharp are kept at two hours. */
	e.clocks[1].due = noon;
	HAS(page(&p, &team), "in 0 min");
}

HF_TEST(nothing_that_was_typed_becomes_part_of_the_page)
{
	struct hf_downtime_entry e = entry(HF_SV("x1\"><i>1"), HF_SV("t1"));
	struct hf_downtime p = {.at = noon,
				.hub = HF_SV("<script>alert(1)</script>"),
				.entries = &e,
				.n = 1,
				.teams = &team,
				.n_teams = 1};
	const char *text;

	e.facts[0] = (struct hf_downtime_fact){HF_SV("Access"), HF_SV("'<img src=x>")};
	e.n_facts = 1;
	text = page(&p, &team);
	HAS(text, "HALE, &lt;b&gt;Margaret&lt;/b&gt;");
	HAS(text, "Fall &quot;at home&quot;");
	HAS(text, "&#39;&lt;img src=x&gt;");
	HAS(text, "North &amp; West");
	NOT(text, "<img");
	NOT(text, "<b>");
	NOT(text, "<i>");
	NOT(first(&p), "<script");
}

/* It is read where there is no network: nothing is loaded from anywhere. */
HF_TEST(a_page_needs_nothing_but_itself)
{
	struct hf_downtime_entry e = entry(HF_SV("x111111"), HF_SV("t1"));
	struct hf_downtime p = {
	    .at = noon, .entries = &e, .n = 1, .teams = &team, .n_teams = 1};

	NOT(page(&p, &team), "src=");
	NOT(page(&p, &team), "<link");
	NOT(page(&p, &team), "<script");
	NOT(page(&p, &team), "http");
	NOT(page(&p, &team), "url(");
	NOT(first(&p), "http");
}

HF_TEST(names_of_files_have_nothing_in_them_that_a_folder_could_misread)
{
	char name[HF_DOWNTIME_NAME];
	char longest[65] = {0};

	hf_downtime_file(HF_SV(""), name);
	assert_string_equal(name, "hub.html");
	hf_downtime_file(HF_SV("../../etc/passwd"), name);
	assert_string_equal(name, "team-______etc_passwd.html");
	hf_downtime_file(HF_SV("a-B9.c"), name);
	assert_string_equal(name, "team-a-B9_c.html");
	memset(longest, 'x', 64);
	hf_downtime_file(hf_sv_from(longest), name);
	assert_int_equal(strlen(name), 5 + 64 + 5);
}

HF_TEST_MAIN(
    "hub/downtime",
    cmocka_unit_test(a_page_says_when_it_was_made_and_from_when_on_it_is_out_of_date),
    cmocka_unit_test(a_team_has_its_own_referrals_and_the_hub_has_those_of_no_team),
    cmocka_unit_test(clocks_say_when_they_run_out_and_how_late_they_are),
    cmocka_unit_test(nothing_that_was_typed_becomes_part_of_the_page),
    cmocka_unit_test(a_page_needs_nothing_but_itself),
    cmocka_unit_test(names_of_files_have_nothing_in_them_that_a_folder_could_misread))

/* Comments coded to themes and masked.  population.md 3.7, 7.  The examples are made
 * up; none was looked at when the lists of words were written but the first six. */
#include "test/hf_test.h"

#include "population/theme.h"

static struct hf_arena arena;
static struct hf_pop_themes themes;

static int
set_up(void **state HF_UNUSED)
{
	struct hf_issues issues = {.arena = &arena};

	hf_arena_init(&arena, 8 << 20);
	assert_int_equal(hf_n_themes_builtin, 1);
	if (hf_pop_themes_load(hf_themes_builtin[0].name, hf_themes_builtin[0].text,
			       &arena, &issues, &themes))
		return 0;
	for (size_t i = 0; i < issues.n; i++)
		print_message("%.*s: %.*s\n", HF_SV_ARG(issues.items[i].path),
			      HF_SV_ARG(issues.items[i].text));
	return -1;
}

static int
tear_down(void **state HF_UNUSED)
{
	hf_arena_free(&arena);
	return 0;
}

/* "waiting:bad staff:good" */
static const struct {
	const char *comment, *themes;
} examples[] = {
    {"The nurses were kind but I waited six hours.", "staff:good waiting:bad"},
    {"Nobody listened to me.", "communication:bad"},
    {"No complaints about the food.", "place:good"},
    {"The ward was not clean.", "place:bad"},
    {"Seen quickly and the doctor explained everything clearly.",
     "waiting:good staff:good communication:good"},
    {"Nothing to say.", ""},
    {"Reception staff were rude on the phone, I could not get through for ages.",
     "staff:bad getting-in:bad"},
    {"Discharged too late and the transport never came. Awful.", "going-home:bad"},
    {"I was involved in every decision, which was great.", "say:good"},
    {"Lovely team, thank you all.", "staff:good"},
    {"The waiting room was crowded and noisy.", "waiting:bad place:bad"},
    {"My operation went well, the surgeon was brilliant.", "treatment:good staff:good"},
    {"Letter went to the wrong address.", "communication:bad"},
    {"Easy to book, though parking was impossible.", "place:bad"},
    {"They didn't ask what I wanted and decided without me.", "say:neither"},
    {"In pain all night, nobody gave me my tablets.", "treatment:bad"},
    {"The physio was professional and polite.", "staff:good"},
    {"Sent home with no follow up and no care package, let down.", "going-home:bad"},
    {"Appointment on time, clean clinic.", "getting-in:good place:good"},
    {"Doctor was dismissive. Nurse was wonderful.", "staff:neither"},
    {"Food inedible.", "place:bad"},
    {"Wait was fine.", "waiting:neither"},
    {"I couldn't fault the staff.", "staff:good"},
    {"Kept up to date the whole time, very reassuring.", "communication:good"},
    {"The medication made me feel worse.", "treatment:bad"},
    {"Handover between the hospital and my GP was a shambles.", "going-home:bad"},
    {"On hold for ages to make an appointment.", "getting-in:bad"},
    {"My carers are always late and rushed.", "staff:bad"},
    {"Five stars.", ""},
    {"The consultant answered all my questions.",
     "staff:neither communication:neither"},
};

/* How many of what was coded are right, and how many of what is right were coded. */
HF_TEST(what_is_coded_is_right_nine_times_in_ten)
{
	size_t right = 0, coded = 0, wanted = 0;

	for (size_t i = 0; i < HF_COUNT(examples); i++) {
		enum hf_pop_said said[HF_POP_THEMES];
		struct hf_sv rest = hf_sv_from(examples[i].themes);

		hf_pop_themes_code(&themes, hf_sv_from(examples[i].comment), said);
		while (rest.n) {
			hf_sv_cut(&rest, ' ');
			wanted++;
		}
		for (size_t k = 0; k < themes.n; k++) {
			char word[64];

			if (said[k] == HF_POP_UNSAID)
				continue;
			snprintf(word, sizeof word, "%s:%s", themes.items[k].id,
				 hf_pop_said_words[said[k]]);
			coded++;
			if (hf_sv_among(hf_sv_from(word), examples[i].themes))
				right++;
			else
				print_message("\"%s\" is coded %s\n",
					      examples[i].comment, word);
		}
	}
	print_message("%zu coded, %zu right; %zu were to be coded\n", coded, right,
		      wanted);
	assert_true(right * 10 >= coded * 9);
	assert_true(right * 10 >= wanted * 8);
}

HF_TEST(a_negation_turns_what_is_near_it_and_in_its_clause)
{
	static const struct {
		const char *comment;
		enum hf_pop_said staff;
	} t[] = {{"staff were good", HF_POP_GOOD},
		 {"staff were not good", HF_POP_BAD},
		 {"staff weren\xe2\x80\x99t very good", HF_POP_BAD},
		 {"staff were never rude", HF_POP_GOOD},
		 {"not that it matters a great deal, staff were good", HF_POP_GOOD},
		 {"no fuss. staff were good", HF_POP_GOOD},
		 {"staff were good and rude", HF_POP_NEITHER},
		 {"staff", HF_POP_NEITHER},
		 {"STAFF WERE RUDE", HF_POP_BAD},
		 {"the wards", HF_POP_UNSAID},
		 {"", HF_POP_UNSAID}};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		enum hf_pop_said said[HF_POP_THEMES];

		hf_pop_themes_code(&themes, hf_sv_from(t[i].comment), said);
		if (said[1] != t[i].staff)
			fail_msg("\"%s\" is %d", t[i].comment, said[1]);
	}
}

HF_TEST(what_may_name_somebody_is_taken_out)
{
	static const struct {
		const char *in, *out;
		unsigned n;
	} t[] = {
	    {"Nurse Patel was kind.", "Nurse [name] was kind.", 1},
	    {"Dr. Ann-Marie O'Brien helped", "Dr. [name] helped", 1},
	    {"Thanks to susan and john!", "Thanks to [name] and [name]!", 2},
	    {"My NHS number is 943 476 5919.", "My NHS number is [number].", 1},
	    {"I am x1234567 on ward 7b, or 99a1234567.",
	     "I am [number] on ward 7b, or [number].", 2},
	    {"\xf9\x37\x37\x37\x37\x37\x37\x37\x37\x37\x37", "[number]", 1},
	    {"Call me on 07700 900123 or (0121) 496-0123",
	     "Call me on [number] or ([number]", 2},
	    {"born 12/03/1950 in ward 7", "born [date] in ward 7", 1},
	    {"I live at SW1A 1AA, flat 3", "I live at [postcode], flat 3", 1},
	    {"m1 1ae and ec1a 1bb", "[postcode] and [postcode]", 2},
	    {"write to a.b@example.org or www.example.org/x",
	     "write to [address] or [address]", 2},
	    {"We met Grzegorz on Tuesday at the NHS hospital",
	     "We met [name] on Tuesday at the NHS hospital", 1},
	    {"my name is grace", "my name is grace", 0}, /* not caught: see docs */
	    {"John's bed. Waited 6 hours in A&E", "[name] bed. Waited 6 hours in A&E",
	     1},
	    {"", "", 0},
	    {"Very good", "Very good", 0},
	};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		struct hf_buf out = {0};
		unsigned n = hf_pop_comment_mask(&themes, hf_sv_from(t[i].in), &out);

		if (!hf_sv_eq(hf_buf_view(&out), hf_sv_from(t[i].out)) || n != t[i].n)
			fail_msg("\"%s\" is \"%.*s\" (%u)", t[i].in,
				 HF_SV_ARG(hf_buf_view(&out)), n);
		hf_buf_free(&out);
	}
}

HF_TEST(mistakes_of_the_lists_are_findings)
{
	static const char *const bad[] = {"{}",
					  ("{\"id\":\"a\",\"version\":\"1\",\"title\":"
					   "\"t\",\"source\":\"s\",\"colour\":1}"),
					  "{\"good\":[\"Good\"]}", "{\"good\":[]}",
					  "{\"themes\":[{\"id\":\"x\"}]}"};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_issues issues = {.arena = &arena};
		struct hf_pop_themes out;

		assert_false(hf_pop_themes_load("x.json", hf_sv_from(bad[i]), &arena,
						&issues, &out));
		assert_true(issues.errors > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_coded_is_right_nine_times_in_ten),
	    cmocka_unit_test(a_negation_turns_what_is_near_it_and_in_its_clause),
	    cmocka_unit_test(what_may_name_somebody_is_taken_out),
	    cmocka_unit_test(mistakes_of_the_lists_are_findings),
	};

	return cmocka_run_group_tests_name("population/theme", tests, set_up,
					   tear_down);
}

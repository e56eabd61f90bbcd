/* Lists of people most in need in the store, on both engines. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include "population/io/keep.h"
#include "support/pop.h"

static struct hf_err err;

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

static const struct hf_need_by by = {
    .actor = {"user/x", 6}, .org = {"F81001", 6}, .purpose = {"DIRECT", 6}};

static int64_t
keep_two(struct hf_test_store *t)
{
	struct hf_need_person people[] = {
	    {.pid = {1},
	     .practice = HF_SV("F81001"),
	     .reasons = HF_SV("dementia:250 copd:146"),
	     .points = 396,
	     .efi = 9,
	     .risk = 1,
	     .chosen = true,
	     .benefit = 123},
	    {.pid = {2}, .practice = HF_SV("F81001"), .reasons = HF_SV(""), .efi = -1},
	};
	struct hf_need_list list = {.rule = HF_SV("most-in-need"),
				    .version = HF_SV("1.0.0"),
				    .scope = HF_SV("practice:F81001"),
				    .day = 11000,
				    .data = 7,
				    .places = 45,
				    .eligible = 2,
				    .registered = 10,
				    .objects = 1,
				    .below = 7,
				    .people = people,
				    .n = 2};
	int64_t id = 0;

	OK(hf_need_keep(t->store, &by, &list, &id, &err));
	return id;
}

HF_ON_BOTH(section_2_7_a_list_comes_out_as_it_was_made)
{
	int64_t id = keep_two(t);
	struct hf_need_list l, *lists;
	size_t n;

	OK(hf_need_get(t->reader, id, &t->arena, &l, &err));
	assert_sv_equal(l.rule, "most-in-need");
	assert_sv_equal(l.version, "1.0.0");
	assert_sv_equal(l.made_by, "user/x");
	assert_int_equal(l.day, 11000);
	assert_int_equal(l.registered, 10);
	assert_int_equal(l.objects, 1);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.people[0].pid[0], 1);
	assert_int_equal(l.people[0].benefit, 123);
	assert_true(l.people[0].chosen);
	assert_sv_equal(l.people[0].reasons, "dementia:250 copd:146");
	assert_int_equal(l.people[1].efi, -1);
	assert_int_equal(l.people[1].answer.n, 0);
	assert_true(keep_two(t) > id);
	OK(hf_need_lists(t->reader, HF_SV("practice:F81001"), 10, &t->arena, &lists, &n,
			 &err));
	assert_int_equal(n, 2);
	assert_true(lists[0].id > lists[1].id);
	OK(hf_need_lists(t->reader, HF_SV("practice:F81002"), 10, &t->arena, &lists, &n,
			 &err));
	assert_int_equal(n, 0);
	assert_int_equal(hf_need_get(t->reader, 99, &t->arena, &l, &err), HF_NOT_FOUND);
}

HF_ON_BOTH(section_2_7_the_latest_answer_about_somebody_counts)
{
	int64_t id = keep_two(t);
	struct hf_need_list l;

	OK(hf_need_answer(t->store, &by, id, 1, HF_SV("proposed"), HF_SV(""),
			  HF_SV("Task/1"), &err));
	OK(hf_need_answer(t->store, &by, id, 1, HF_SV("declined"), HF_SV("prefers not"),
			  HF_SV(""), &err));
	OK(hf_need_get(t->reader, id, &t->arena, &l, &err));
	assert_sv_equal(l.people[0].answer, "declined");
	assert_sv_equal(l.people[0].reason, "prefers not");
	assert_int_equal(l.people[1].answer.n, 0);
	assert_int_equal(hf_need_answer(t->store, &by, id, 3, HF_SV("declined"),
					HF_SV(""), HF_SV(""), &err),
			 HF_NOT_FOUND);
	assert_int_equal(hf_need_answer(t->store, &by, id, 1, HF_SV("maybe"), HF_SV(""),
					HF_SV(""), &err),
			 HF_INVALID);
}

HF_ON_BOTH(section_2_7_who_was_proposed_or_accepted_is_on_a_caseload)
{
	int64_t id = keep_two(t);
	struct hf_test_pop *pop = hf_test_pop_new();
	const struct hf_pop_columns *c;
	uint8_t caseload[3] = {0};

	hf_test_person(pop, (struct hf_pop_person){.pid = {2}});
	hf_test_person(pop, (struct hf_pop_person){.pid = {9}});
	hf_test_person(pop, (struct hf_pop_person){.pid = {1}});
	c = hf_test_columns(pop);
	OK(hf_need_answer(t->store, &by, id, 1, HF_SV("declined"), HF_SV(""), HF_SV(""),
			  &err));
	OK(hf_need_answer(t->store, &by, id, 1, HF_SV("accepted"), HF_SV(""), HF_SV(""),
			  &err));
	OK(hf_need_answer(t->store, &by, id, 2, HF_SV("proposed"), HF_SV(""), HF_SV(""),
			  &err));
	OK(hf_need_answer(t->store, &by, id, 2, HF_SV("unsuitable"), HF_SV(""),
			  HF_SV(""), &err));
	OK(hf_need_taken(t->reader, c, 0, caseload, &err));
	assert_int_equal(caseload[0], 0);
	assert_int_equal(caseload[1], 0);
	assert_int_equal(caseload[2], 1);
	caseload[2] = 0;
	OK(hf_need_taken(t->reader, c, HF_TIME_MAX, caseload, &err));
	assert_int_equal(caseload[2], 0);
	hf_test_pop_free(pop);
}

HF_TEST_MAIN("population/keep", HF_BOTH(section_2_7_a_list_comes_out_as_it_was_made),
	     HF_BOTH(section_2_7_the_latest_answer_about_somebody_counts),
	     HF_BOTH(section_2_7_who_was_proposed_or_accepted_is_on_a_caseload))

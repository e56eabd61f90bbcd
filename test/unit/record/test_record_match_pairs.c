/* test_record_match_pairs.c - all pairs of a set: what blocks find, what training
 * learns, how links are settled; and reading people from FHIR. */
#include <math.h>

#include "base/rng.h"
#include "record/match.h"
#include "test/hf_test.h"

static struct hf_match_person
person(struct hf_rng *rng)
{
	static char text[4][32];
	struct hf_match_person p = {
	    .year = (int16_t)(1930 + hf_rng_below(rng, 90)),
	    .month = (int8_t)(1 + hf_rng_below(rng, 12)),
	    .day = (int8_t)(1 + hf_rng_below(rng, 28)),
	    .sex = hf_rng_below(rng, 2) ? HF_SEX_MALE : HF_SEX_FEMALE,
	};

	for (int i = 0; i < 2; i++) {
		char *t = text[i];

		t[0] = (char)('A' + hf_rng_below(rng, 12));
		t[1] = "aeiou"[hf_rng_below(rng, 5)];
		t[2] = "bdlmnrst"[hf_rng_below(rng, 8)];
		t[3] = "aeiou"[hf_rng_below(rng, 5)];
		t[4] = "nrst"[hf_rng_below(rng, 4)];
		t[5] = 0;
	}
	snprintf(text[2], 32, "%u Mill Lane", hf_rng_below(rng, 900));
	snprintf(text[3], 32, "WR1 %u%c%c", hf_rng_below(rng, 10),
		 'A' + (int)hf_rng_below(rng, 20), 'A' + (int)hf_rng_below(rng, 20));
	p.family[0] = hf_sv_from(text[0]);
	p.given[0] = hf_sv_from(text[1]);
	p.address[0].line = hf_sv_from(text[2]);
	p.address[0].postcode = hf_sv_from(text[3]);
	return p;
}

/* n people, every tenth twice: record 2k + 1 … is the second of the one before. */
static struct hf_match_set *
people(int n, uint32_t *second)
{
	struct hf_match_set *s = hf_match_set_new();
	struct hf_rng rng;
	uint32_t at = 0;

	hf_rng_seed(&rng, 5, 1);
	for (int i = 0; i < n; i++) {
		struct hf_match_person p = person(&rng);

		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
		second[at++] = UINT32_MAX;
		if (i % 10)
			continue;
		if (i % 20)
			p.day = (int8_t)(p.day == 28 ? 27 : p.day + 1);
		else
			p.address[0].line = HF_SV("2 Elm Road");
		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
		second[at] = at - 1;
		at++;
	}
	hf_match_set_weigh(s);
	assert_int_equal(hf_match_block(s, NULL), HF_OK);
	return s;
}

HF_TEST(blocks_find_what_comparing_everybody_finds)
{
	enum { N = 600 };
	static uint32_t second[N * 2];
	struct hf_match_set *s = people(N, second);
	struct hf_match_model model = hf_match_model_default();
	struct hf_match_pairs pairs = {0};
	size_t links = 0, found = 0;

	assert_int_equal(hf_match_run(s, &model, 0, 1, &pairs, NULL), HF_OK);
	for (size_t a = 0; a < hf_match_set_count(s); a++)
		for (size_t b = a + 1; b < hf_match_set_count(s); b++) {
			struct hf_match_result r;

			hf_match_compare(s, &model, a, b, &r);
			links += r.answer == HF_MATCH_LINK;
		}
	for (size_t i = 0; i < pairs.n; i++) {
		found += pairs.items[i].answer == HF_MATCH_LINK;
		assert_true(pairs.items[i].a < pairs.items[i].b);
	}
	assert_int_equal(found, links);
	assert_true(links >= N / 10 - 3);
	/* Far fewer comparisons than pairs. */
	assert_true(pairs.compared * 20 < (size_t)N * N / 2);
	hf_match_pairs_free(&pairs);
	hf_match_set_free(s);
}

HF_TEST(a_pair_is_compared_once_and_in_one_part_only)
{
	enum { N = 3000 };
	static uint32_t second[N * 2];
	struct hf_match_set *s = people(N, second);
	struct hf_match_model model = hf_match_model_default();
	struct hf_match_pairs whole = {0}, parts = {0};

	assert_int_equal(hf_match_run(s, &model, 0, 1, &whole, NULL), HF_OK);
	for (unsigned part = 0; part < 3; part++)
		assert_int_equal(hf_match_run(s, &model, part, 3, &parts, NULL), HF_OK);
	assert_int_equal(whole.n, parts.n);
	assert_int_equal(whole.compared, parts.compared);
	assert_int_equal(hf_match_settle(s, &whole, NULL), HF_OK);
	assert_int_equal(hf_match_settle(s, &parts, NULL), HF_OK);
	for (size_t i = 0; i < whole.n; i++) {
		assert_int_equal(whole.items[i].a, parts.items[i].a);
		assert_int_equal(whole.items[i].b, parts.items[i].b);
		assert_int_equal(whole.items[i].answer, parts.items[i].answer);
		if (i)
			assert_true(whole.items[i].a > whole.items[i - 1].a ||
				    whole.items[i].b > whole.items[i - 1].b);
	}
	hf_match_pairs_free(&whole);
	hf_match_pairs_free(&parts);
	hf_match_set_free(s);
}

HF_TEST(a_block_too_big_is_split_and_what_is_left_out_is_counted)
{
	struct hf_match_set *s = hf_match_set_new();
	struct hf_match_model model = hf_match_model_default();
	struct hf_match_pairs pairs = {0};
	struct hf_rng rng;

	hf_rng_seed(&rng, 9, 1);
	for (int i = 0; i < 1000; i++) {
		struct hf_match_person p = person(&rng);

		p.phone[0] = HF_SV("01632 960000"); /* the switchboard */
		p.given[0] = HF_SV("Anna");
		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	}
	hf_match_set_weigh(s);
	assert_int_equal(hf_match_block(s, NULL), HF_OK);
	assert_int_equal(hf_match_left_out(s), 0);
	assert_int_equal(hf_match_run(s, &model, 0, 1, &pairs, NULL), HF_OK);
	assert_true(pairs.compared < 100000);
	hf_match_pairs_free(&pairs);
	hf_match_set_free(s);

	s = hf_match_set_new();
	for (int i = 0; i < 400; i++) {
		struct hf_match_person p = {.family = {HF_SV("Hale")},
					    .given = {HF_SV("Anna")},
					    .year = 1950,
					    .month = 1,
					    .day = 2};

		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	}
	hf_match_set_weigh(s);
	assert_int_equal(hf_match_block(s, NULL), HF_OK);
	assert_true(hf_match_left_out(s) >= 400);
	hf_match_set_free(s);
}

HF_TEST(training_learns_what_the_place_is_like)
{
	enum { N = 8000 };
	static uint32_t second[N * 2];
	struct hf_match_set *s = people(N, second);
	struct hf_match_model model, again, plain = hf_match_model_default();
	double odds;

	assert_int_equal(hf_match_train(s, 1, &model, NULL), HF_OK);
	assert_int_equal(hf_match_train(s, 1, &again, NULL), HF_OK);
	assert_memory_equal(&model, &again, sizeof model);
	assert_true(model.trained_on > 0);
	/* Half of the second records have a date of birth with a slip. */
	assert_true(model.m[HF_AGREE_BIRTH_SLIP] > 5 * plain.m[HF_AGREE_BIRTH_SLIP]);
	/* 800 pairs of one person. */
	odds = log2(800.0) - log2(8800.0) - log2(8800.0 / 2);
	assert_true(fabs(model.prior - odds) < 1.5);
	for (size_t f = 0; f < HF_MATCH_FIELDS; f++) {
		double m = 0;

		for (unsigned l = 1; l < HF_AGREES; l++)
			if (hf_match_level_field(l) == f)
				m += model.m[l];
		assert_true(fabs(m - 1) < 0.01);
	}
	hf_match_set_free(s);
}

HF_TEST(few_records_leave_the_weights_near_the_defaults)
{
	enum { N = 30 };
	static uint32_t second[N * 2];
	struct hf_match_set *s = people(N, second);
	struct hf_match_model model, plain = hf_match_model_default();

	assert_int_equal(hf_match_train(s, 1, &model, NULL), HF_OK);
	for (unsigned l = 1; l < HF_AGREES; l++)
		assert_true(fabs(model.m[l] - plain.m[l]) < 0.12);
	assert_true(model.prior == 0);
	hf_match_set_free(s);
	s = hf_match_set_new();
	hf_match_set_weigh(s);
	assert_int_equal(hf_match_block(s, NULL), HF_OK);
	assert_int_equal(hf_match_train(s, 1, &model, NULL), HF_OK);
	hf_match_set_free(s);
}

static void
add_number(struct hf_match_person *p, const char *text)
{
	assert_int_equal(hf_nhs_parse(hf_sv_from(text), &p->nhs, NULL), HF_OK);
	p->has_nhs = p->verified = true;
}

/* Mary twice with two numbers, and once without. */
HF_TEST(a_record_like_two_people_is_linked_to_neither)
{
	struct hf_match_set *s = hf_match_set_new();
	struct hf_match_model model = hf_match_model_default();
	struct hf_match_pairs pairs = {0};
	struct hf_rng rng;
	struct hf_match_person p;

	hf_rng_seed(&rng, 2, 1);
	for (int i = 0; i < 2000; i++) {
		p = person(&rng);
		assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	}
	p = (struct hf_match_person){
	    .family = {HF_SV("Hale")},
	    .given = {HF_SV("Mary")},
	    .year = 1942,
	    .month = 3,
	    .day = 5,
	    .sex = HF_SEX_FEMALE,
	    .address = {{HF_SV("14 Orchard Street"), HF_SV("WZ3 4CD")}},
	};
	assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	add_number(&p, "9990000018");
	assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	add_number(&p, "9990000026");
	assert_int_equal(hf_match_set_add(s, &p, NULL), HF_OK);
	hf_match_set_weigh(s);
	assert_int_equal(hf_match_block(s, NULL), HF_OK);
	assert_int_equal(hf_match_run(s, &model, 0, 1, &pairs, NULL), HF_OK);
	assert_int_equal(hf_match_settle(s, &pairs, NULL), HF_OK);
	for (size_t i = 0; i < pairs.n; i++)
		if (pairs.items[i].a >= 2000)
			assert_int_equal(pairs.items[i].answer, HF_MATCH_REVIEW);
	assert_true(pairs.n >= 3);
	hf_match_pairs_free(&pairs);
	hf_match_set_free(s);
}

static struct hf_match_person
read_json(const char *text, struct hf_arena *arena)
{
	struct hf_match_person p;
	struct hf_json doc;

	assert_int_equal(hf_json_parse(hf_sv_from(text), NULL, arena, &doc, NULL),
			 HF_OK);
	hf_match_read(&doc, 0, arena, &p);
	return p;
}

HF_TEST(a_patient_is_read_as_the_standards_write_it)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_match_person p = read_json(
	    "{\"resourceType\":\"Patient\",\"identifier\":[{\"use\":\"old\",\"system\":"
	    "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9990000026\"},{"
	    "\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
	    "Extension-UKCore-NHSNumberVerificationStatus\",\"valueCodeableConcept\":{"
	    "\"coding\":[{\"code\":\"01\"}]}}],\"system\":"
	    "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"999 000 0018\"}],"
	    "\"name\":[{\"use\":\"maiden\",\"family\":\"Thorne\"},{\"use\":"
	    "\"official\",\"family\":\"Hale\",\"given\":[\"Mary\",\"Ellen\"]},{\"use\":"
	    "\"nickname\",\"given\":[\"Molly\"]}],\"gender\":\"female\",\"birthDate\":"
	    "\"1942-03\",\"multipleBirthInteger\":2,\"telecom\":[{\"system\":\"email\","
	    "\"value\":\"m@example.org\"},{\"system\":\"phone\",\"value\":"
	    "\"01632 960123\"}],\"address\":[{\"use\":\"old\",\"postalCode\":"
	    "\"WR1 1AA\"},{\"line\":[\"Flat 2\",\"14 Orchard Street\"],\"postalCode\":"
	    "\"WZ3 4CD\"}]}",
	    &arena);

	assert_true(p.has_nhs && p.verified);
	assert_string_equal(p.nhs.d, "9990000018");
	assert_sv_equal(p.family[0], "Hale");
	assert_sv_equal(p.family[1], "Thorne");
	assert_sv_equal(p.given[0], "Mary");
	assert_sv_equal(p.given[1], "Ellen");
	assert_sv_equal(p.usual, "Molly");
	assert_int_equal(p.year, 1942);
	assert_int_equal(p.month, 3);
	assert_int_equal(p.day, 0);
	assert_int_equal(p.sex, HF_SEX_FEMALE);
	assert_int_equal(p.order, 2);
	assert_sv_equal(p.phone[0], "01632 960123");
	assert_sv_equal(p.address[0].line, "Flat 2 14 Orchard Street");
	assert_sv_equal(p.address[0].postcode, "WZ3 4CD");
	assert_sv_equal(p.address[1].postcode, "WR1 1AA");
	hf_arena_free(&arena);
}

HF_TEST(a_patient_that_says_nothing_is_read_as_nobody)
{
	static const char *const texts[] = {
	    "{}",
	    "[]",
	    "{\"name\":{},\"identifier\":3,\"birthDate\":\"yesterday\",\"address\":[1]"
	    "}",
	    "{\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\","
	    "\"value\":\"9990000019\"}],\"birthDate\":\"2020-02-31\"}",
	};
	struct hf_arena arena = {.cap = 1 << 20};

	for (size_t i = 0; i < HF_COUNT(texts); i++) {
		struct hf_match_person p = read_json(texts[i], &arena);

		assert_false(p.has_nhs);
		assert_int_equal(p.year, 0);
		assert_int_equal(p.family[0].n, 0);
	}
	hf_arena_free(&arena);
}

HF_TEST_MAIN("record/match_pairs",
	     cmocka_unit_test(blocks_find_what_comparing_everybody_finds),
	     cmocka_unit_test(a_pair_is_compared_once_and_in_one_part_only),
	     cmocka_unit_test(a_block_too_big_is_split_and_what_is_left_out_is_counted),
	     cmocka_unit_test(training_learns_what_the_place_is_like),
	     cmocka_unit_test(few_records_leave_the_weights_near_the_defaults),
	     cmocka_unit_test(a_record_like_two_people_is_linked_to_neither),
	     cmocka_unit_test(a_patient_is_read_as_the_standards_write_it),
	     cmocka_unit_test(a_patient_that_says_nothing_is_read_as_nobody))

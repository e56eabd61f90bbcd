/* Lists that others publish: how they are read and kept.  Population.md 2.1: code lists
 * are data with a version.  All lists here are made up; the SNOMED CT ids are of
 * concepts that record_code.def has. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include "population/io/ref_kept.h"

static struct hf_err err;

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

HF_TEST(a_snomed_id_has_its_check_digit_and_is_of_a_concept)
{
	bool other;

	assert_true(hf_ref_snomed(HF_SV("161898004"), &other));
	assert_true(hf_ref_snomed(HF_SV("1064811000000103"), &other));
	assert_false(hf_ref_snomed(HF_SV("161898005"), &other));
	assert_false(other);
	assert_false(hf_ref_snomed(HF_SV("16189"), &other));
	assert_false(hf_ref_snomed(HF_SV("16189800x"), &other));
	/* 301485011 is a description (partition 01). */
	assert_false(hf_ref_snomed(HF_SV("301485011"), &other));
	assert_true(other);
}

HF_TEST(codes_of_other_systems_are_looked_at_too)
{
	assert_true(hf_ref_code_ok(HF_REF_CTV3, HF_SV("TC...")));
	assert_true(hf_ref_code_ok(HF_REF_READV2, HF_SV("8HTl.")));
	assert_false(hf_ref_code_ok(HF_REF_CTV3, HF_SV("T.C..")));
	assert_false(hf_ref_code_ok(HF_REF_CTV3, HF_SV("TC..")));
	assert_true(hf_ref_code_ok(HF_REF_ICD10, HF_SV("F059")));
	assert_false(hf_ref_code_ok(HF_REF_ICD10, HF_SV("F0-F1")));
}

HF_TEST(a_file_says_by_its_name_what_it_is)
{
	struct hf_sv name, version;
	enum hf_ref_system system;

	assert_true(
	    hf_ref_file_name(HF_SV("efi-falls.snomed.txt"), &name, &version, &system));
	assert_sv_equal(name, "efi-falls");
	assert_int_equal(version.n, 0);
	assert_int_equal(system, HF_REF_SNOMED);
	assert_true(
	    hf_ref_file_name(HF_SV("asthma.v1.ctv3.txt"), &name, &version, &system));
	assert_sv_equal(version, "v1");
	assert_false(hf_ref_file_name(HF_SV("asthma.csv"), &name, &version, &system));
}

/* ---- files ---- */

struct file {
	const char *text;
	size_t at;
};

static enum hf_rc
open_file(void *ctx, struct hf_err *e)
{
	(void)e;
	((struct file *)ctx)->at = 0;
	return HF_OK;
}

static enum hf_rc
read_file(void *ctx, char *to, size_t n, size_t *got, struct hf_err *e)
{
	struct file *f = ctx;
	size_t left = strlen(f->text) - f->at;

	(void)e;
	*got = left < n ? left : n;
	memcpy(to, f->text + f->at, *got);
	f->at += *got;
	return HF_OK;
}

static enum hf_rc
add(struct hf_test_store *t, enum hf_ref_kind kind, enum hf_ref_system system,
    const char *name, const char *text, struct hf_ref_result *r)
{
	struct file f = {.text = text};
	const struct hf_feed_bytes bytes = {open_file, read_file, &f};
	const struct hf_ref_about about = {.kind = kind,
					   .system = system,
					   .name = hf_sv_from(name),
					   .version = HF_SV("v1"),
					   .source = HF_SV("X"),
					   .licence = HF_SV("made up"),
					   .file = HF_SV("made-up.csv")};

	return hf_ref_add(t->store, &about, &bytes, 60, r, &err);
}

HF_ON_BOTH(bad_codes_duplicates_and_retired_ones_are_findings_not_wrong_lists)
{
	struct hf_ref_result r;
	struct hf_ref_now *now;
	size_t n;

	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "efi-falls",
	       "code,term,status\n161898004,Falls,\n161898004,Falls again,\n"
	       "161898005,mistyped,\n301485011,a description,\n"
	       "217082002,Accidental fall,inactive\n,,\n",
	       &r));
	assert_int_equal(r.n, 2);
	assert_int_equal(r.found[HF_REF_FOUND_duplicate], 1);
	assert_int_equal(r.found[HF_REF_FOUND_bad_key], 1);
	assert_int_equal(r.lines[HF_REF_FOUND_bad_key][0], 4);
	assert_int_equal(r.found[HF_REF_FOUND_not_a_concept], 1);
	assert_int_equal(r.found[HF_REF_FOUND_retired], 1);
	assert_int_equal(r.found[HF_REF_FOUND_unread], 0);
	OK(hf_ref_now(t->reader, HF_REF_CODES, &t->arena, &now, &n, &err));
	assert_int_equal(n, 1);
	assert_sv_equal(now[0].name, "efi-falls");
	assert_sv_equal(now[0].system, "snomed");
	assert_sv_equal(now[0].version, "v1");
	assert_sv_equal(now[0].body, "161898004\t\t\n217082002\t\t\n");
}

HF_ON_BOTH(a_later_list_of_the_same_name_counts_in_place_of_the_earlier)
{
	struct hf_ref_result r;
	struct hf_ref_now *now;
	size_t n;

	/* A file of codes without a header. */
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "efi-falls", "161898004\tFalls\n", &r));
	OK(add(t, HF_REF_CODES, HF_REF_CTV3, "efi-falls", "TC...\tFall\n", &r));
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "efi-falls", "217082002\tFall\n", &r));
	OK(hf_ref_now(t->reader, HF_REF_CODES, &t->arena, &now, &n, &err));
	assert_int_equal(n, 2);
	assert_sv_equal(now[0].system, "ctv3");
	assert_sv_equal(now[1].body, "217082002\t\t\n");
	OK(hf_ref_end_list(t->store, r.id, &err));
	assert_int_equal(hf_ref_end_list(t->store, r.id, &err), HF_NOT_FOUND);
	OK(hf_ref_now(t->reader, HF_REF_CODES, &t->arena, &now, &n, &err));
	assert_int_equal(n, 1);
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "no-such-condition", "161898004\tx\n",
	       &r));
	assert_int_equal(r.found[HF_REF_FOUND_unread], 1);
}

HF_ON_BOTH(weights_deciles_and_places_have_values_that_can_be)
{
	struct hf_ref_result r;
	struct hf_ref_now *now;
	size_t n;

	OK(add(t, HF_REF_WEIGHTS, HF_REF_NO_SYSTEM, "hfrs",
	       "ICD-10 code,Weight\nF00,7.1\nw19,3.2\nX99,none\n", &r));
	assert_int_equal(r.n, 2);
	assert_int_equal(r.found[HF_REF_FOUND_bad_value], 1);
	OK(hf_ref_now(t->reader, HF_REF_WEIGHTS, &t->arena, &now, &n, &err));
	assert_sv_equal(now[0].body, "F00\t7100\t\nW19\t3200\t\n");
	OK(add(t, HF_REF_DEPRIVATION, HF_REF_NO_SYSTEM, "",
	       "LSOA11CD,IMD_Decile\nE01000001,9\nE01000002,11\nE01000001,8\n", &r));
	assert_int_equal(r.n, 1);
	assert_int_equal(r.found[HF_REF_FOUND_contradiction], 1);
	assert_int_equal(r.found[HF_REF_FOUND_bad_value], 1);
	OK(hf_ref_now(t->reader, HF_REF_DEPRIVATION, &t->arena, &now, &n, &err));
	assert_sv_equal(now[0].body, "E01000001\t9\t\n"); /* the first counts */
	OK(add(t, HF_REF_CAPACITY, HF_REF_NO_SYSTEM, "",
	       "service,from,to,places\nvirtual-ward,2024-04-01,2025-03-31,40\n"
	       "virtual-ward,2025-03-01,,60\nvirtual-ward,2026-02-30,,1\n",
	       &r));
	assert_int_equal(r.n, 2);
	assert_int_equal(r.found[HF_REF_FOUND_overlap], 1);
	assert_int_equal(
	    add(t, HF_REF_CAPACITY, HF_REF_NO_SYSTEM, "", "service,places\nx,1\n", &r),
	    HF_INVALID);
	assert_int_equal(r.id, 0);
}

HF_ON_BOTH(who_belongs_to_whom_is_of_all_lists_and_the_newest_counts)
{
	struct hf_ref_result r;
	struct hf_peer_parent *p;
	size_t n;

	OK(add(t, HF_REF_PARENTS, HF_REF_NO_SYSTEM, "a",
	       "PRACTICE_CODE,STP_CODE,STP_NAME\nF81001,QAA,Old\nF81002,QAA,Old\n",
	       &r));
	OK(add(t, HF_REF_PARENTS, HF_REF_NO_SYSTEM, "b",
	       "PRACTICE_CODE,ICB_CODE,ICB_NAME\nF81002,QBB,New\n", &r));
	OK(hf_ref_parents(t->reader, &t->arena, &p, &n, &err));
	assert_int_equal(n, 2);
	assert_sv_equal(p[0].org, "F81001");
	assert_sv_equal(p[0].parent, "QAA");
	assert_sv_equal(p[1].parent, "QBB");
	assert_sv_equal(p[1].name, "New");
}

HF_ON_BOTH(section_2_1_lists_say_what_codes_mean_and_a_change_of_them_is_known)
{
	struct hf_ref_result r;
	struct hf_code_lists lists;
	const struct hf_code_item *item;
	int64_t before, after;

	OK(hf_ref_codes_state(t->reader, &before, &err));
	assert_int_equal(before, 0);
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "efi-falls",
	       "161898004\tFalls\n217082002\tFall\n", &r));
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "efi-dizziness", "161898004\tx\n", &r));
	OK(add(t, HF_REF_CODES, HF_REF_CTV3, "efi-falls", "TC...\tFall\n", &r));
	OK(add(t, HF_REF_CODES, HF_REF_SNOMED, "read-by-nobody", "22298006\tx\n", &r));
	OK(hf_ref_codes(t->reader, &t->arena, &lists, &err));
	assert_int_equal(lists.n_lists, 3);
	/* One code may be of two conditions. */
	assert_int_equal(
	    hf_code_lists_find(&lists, HF_REF_SNOMED, HF_SV("161898004"), &item), 2);
	assert_sv_equal(item[0].condition, "efi-dizziness");
	assert_sv_equal(item[1].condition, "efi-falls");
	assert_int_equal(
	    hf_code_lists_find(&lists, HF_REF_SNOMED, HF_SV("TC..."), &item), 0);
	assert_int_equal(
	    hf_code_lists_find(&lists, HF_REF_NO_SYSTEM, HF_SV("TC..."), &item), 1);
	assert_int_equal(
	    hf_code_lists_find(&lists, HF_REF_NO_SYSTEM, HF_SV("22298006"), &item), 0);
	assert_true(hf_code_lists_has(&lists, HF_REF_SNOMED, HF_SV("efi-falls")));
	assert_false(hf_code_lists_has(&lists, HF_REF_CTV3, HF_SV("efi-dizziness")));
	assert_false(hf_code_lists_has(NULL, HF_REF_SNOMED, HF_SV("efi-falls")));
	OK(hf_ref_codes_state(t->reader, &before, &err));
	OK(hf_ref_end_list(t->store, r.id, &err));
	OK(hf_ref_codes_state(t->reader, &after, &err));
	assert_int_not_equal(before, after);
}

HF_ON_BOTH(imd_a_decile_is_that_of_the_small_area_where_none_is_told)
{
	static struct hf_sv text[] = {
	    {"", 0}, {"E01000001", 9}, {"E01000002", 9}, {"E01999999", 9}};
	struct hf_pop_person persons[] = {
	    {.lsoa = 1}, {.lsoa = 2, .imd = 5}, {.lsoa = 2}, {.lsoa = 3}, {.lsoa = 0}};
	struct hf_pop_columns c = {.n_persons = 5, .persons = persons};
	struct hf_ref_result r;

	c.dict[HF_POP_LSOA] = (struct hf_pop_dictionary){text, 4};
	OK(hf_ref_deprive(t->reader, &c, &err)); /* without a list nothing changes */
	assert_int_equal(persons[0].imd, 0);
	OK(add(t, HF_REF_DEPRIVATION, HF_REF_NO_SYSTEM, "",
	       "lsoa,decile\nE01000001,9\nE01000002,2\n", &r));
	OK(hf_ref_deprive(t->reader, &c, &err));
	assert_int_equal(persons[0].imd, 9);
	assert_int_equal(persons[1].imd, 5); /* told by the register */
	assert_int_equal(persons[2].imd, 2);
	assert_int_equal(persons[3].imd, 0);
	assert_int_equal(persons[4].imd, 0);
}

/* Weights of POP-T03; X99 is made up. */
HF_ON_BOTH(pop_t03_an_imported_table_is_the_score_and_says_so)
{
	struct hf_ref_result r;
	struct hf_pop_defs defs;
	const struct hf_pop_score *s = NULL;

	OK(add(t, HF_REF_WEIGHTS, HF_REF_NO_SYSTEM, "hfrs",
	       "code,weight\nF00,7.1\nW19,3.2\nX99,0.05\n", &r));
	OK(add(t, HF_REF_WEIGHTS, HF_REF_NO_SYSTEM, "no-such-score",
	       "code,weight\nF00,1\n", &r));
	OK(hf_pop_defs_load(&defs, &err));
	OK(hf_ref_weights(t->store, &defs, &err));
	for (size_t i = 0; i < defs.n_scores; i++)
		if (strcmp(defs.scores[i].id, "hfrs") == 0)
			s = &defs.scores[i];
	assert_non_null(s);
	assert_string_equal(s->version, "0.1.0+v1");
	assert_string_equal(s->title, "Hospital Frailty Risk Score");
	assert_non_null(strstr(s->note, "3 weights"));
	assert_int_equal(s->n_items, 3);
	/* Tenths of a point, so that 5 and 15 are met exactly; 0.05 is 0.1. */
	assert_int_equal(s->items[0].points[0] + s->items[1].points[0], 103);
	assert_int_equal(s->items[2].points[0], 1);
	assert_true(hf_pop_list_fits(&s->items[1].icd10, HF_SV("W190")));
	assert_int_equal(hf_pop_band_of_points(s, 0, 103, 80), 2); /* intermediate */
	hf_pop_defs_free(&defs);
}

HF_TEST_MAIN(
    "population/ref", HF_BOTH(pop_t03_an_imported_table_is_the_score_and_says_so),
    cmocka_unit_test(a_snomed_id_has_its_check_digit_and_is_of_a_concept),
    cmocka_unit_test(codes_of_other_systems_are_looked_at_too),
    cmocka_unit_test(a_file_says_by_its_name_what_it_is),
    HF_BOTH(bad_codes_duplicates_and_retired_ones_are_findings_not_wrong_lists),
    HF_BOTH(a_later_list_of_the_same_name_counts_in_place_of_the_earlier),
    HF_BOTH(weights_deciles_and_places_have_values_that_can_be),
    HF_BOTH(who_belongs_to_whom_is_of_all_lists_and_the_newest_counts),
    HF_BOTH(section_2_1_lists_say_what_codes_mean_and_a_change_of_them_is_known),
    HF_BOTH(imd_a_decile_is_that_of_the_small_area_where_none_is_told))

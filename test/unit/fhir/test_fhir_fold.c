/* hf_fold: names that people write differently meet. */
#include "test/hf_test.h"
#include "fhir/spvalue.h"

static const struct {
	const char *name, *folded;
} cases[] = {
    {"", ""},
    {"Smith", "smith"},
    {"  Mary   Ann ", "mary ann"},
    {"Jean-Luc", "jean luc"},
    {"Ó'Brien", "o brien"},
    {"O’Brien", "o brien"},
    {"OʼBrien", "o brien"},
    {"St. John-Smythe, Jr.", "st john smythe jr"},
    {"Łukasz", "lukasz"},
    {"Wójcik", "wojcik"},
    {"Żółć", "zolc"},
    {"Ørsted", "orsted"},
    {"Straße", "strasse"},
    {"STRASSE", "strasse"},
    {"Müller", "muller"},
    {"Mu\xcc\x88ller", "muller"}, /* combining diaeresis */
    {"Æthelred", "aethelred"},
    {"Œuvre", "oeuvre"},
    {"Þórr", "thorr"},
    {"Guðrún", "gudrun"},
    {"Çelik", "celik"},
    {"İnan", "inan"},
    {"Işık", "isik"},
    {"Ğül", "gul"},
    {"Nguyễn", "nguyen"},
    {"Nguye\xcc\x82\xcc\x83n", "nguyen"}, /* the same, decomposed */
    {"Đỗ Mười", "do muoi"},
    {"Brontë", "bronte"},
    {"Zoë", "zoe"},
    {"Siân", "sian"},
    {"Dŵr", "dwr"},
    {"Gruffudd Ŷr", "gruffudd yr"},
    {"Ní Cháthasaigh", "ni chathasaigh"},
    {"Dvořák", "dvorak"},
    {"Škvorecký", "skvorecky"},
    {"Čapek", "capek"},
    {"Košice ĄĘ", "kosice ae"},
    {"Ștefan Ț", "stefan t"},
    {"Muñoz", "munoz"},
    {"Mañana", "manana"},
    {"Jõao", "joao"},
    {"François", "francois"},
    {"ẞ", "ss"},	 /* capital sharp s */
    {"ﬁnn", "finn"},	 /* ligature fi */
    {"Ｓmith", "smith"}, /* full width S */
    {"Ad\xc3\xa9"
     "b\xe1\xbb\x8d\xcc\x80",
     "adebo"},
    {"Иван", "иван"},
    {"Γιάννης", "γιαννησ"},
    {"مُحَمّد", "محمد"}, /* Muhammad, vowels off */
    {"李小龙", "李小龙"},
    {"김", "김"},   /* Kim in Hangul */
    {"a😀b", "a b"}, /* a picture */
    {"LS1 4AP", "ls1 4ap"},
    {"---", ""},
};

HF_TEST(names_are_folded_to_plain_lower_case)
{
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_arena arena = {.cap = 1 << 16};

		assert_sv_equal(hf_fold(hf_sv_from(cases[i].name), &arena),
				cases[i].folded);
		hf_arena_free(&arena);
	}
}

HF_TEST(what_is_folded_stays_so)
{
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_arena arena = {.cap = 1 << 16};
		struct hf_sv once = hf_fold(hf_sv_from(cases[i].name), &arena);

		assert_true(hf_sv_eq(hf_fold(once, &arena), once));
		hf_arena_free(&arena);
	}
	/* And for every character of the first plane. */
	for (uint32_t c = 0x80; c < 0x10000; c++) {
		char s[3];
		size_t n = 0;
		struct hf_arena arena = {.cap = 1 << 16};
		struct hf_sv once;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		if (c < 0x800) {
			s[n++] = (char)(0xc0 | c >> 6);
		} else {
			s[n++] = (char)(0xe0 | c >> 12);
			s[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		}
		s[n++] = (char)(0x80 | (c & 0x3f));
		once = hf_fold((struct hf_sv){s, n}, &arena);
		assert_true(once.n <= 8);
		if (!hf_sv_eq(hf_fold(once, &arena), once))
			fail_msg("U+%04X is not stable", c);
		hf_arena_free(&arena);
	}
}

HF_TEST(bytes_that_are_no_text_do_no_harm)
{
	static const char *const bad[] = {
	    "\xff",	"\xc3",	       "a\xe2\x80", "\x80\x80", "\xf4\x90\x80\x80",
	    "\xc0\x80", "\xed\xa0\x80"};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_arena arena = {.cap = 1 << 16};

		assert_non_null(hf_fold(hf_sv_from(bad[i]), &arena).p);
		hf_arena_free(&arena);
	}
}

HF_TEST(a_full_arena_gives_nothing)
{
	struct hf_arena arena = {.cap = 64};
	char big[400];

	memset(big, 'a', sizeof big);
	assert_null(hf_fold((struct hf_sv){big, sizeof big}, &arena).p);
	hf_arena_free(&arena);
}

HF_TEST_MAIN("fhir/fold", cmocka_unit_test(names_are_folded_to_plain_lower_case),
	     cmocka_unit_test(what_is_folded_stays_so),
	     cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
	     cmocka_unit_test(a_full_arena_gives_nothing))

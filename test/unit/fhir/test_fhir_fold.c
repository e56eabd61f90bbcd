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
    {"\xc3\x93'Brien", "o brien"},
    {"O\xe2\x80\x99" "Brien", "o brien"},
    {"O\xca\xbc" "Brien", "o brien"},
    {"St. John-Smythe, Jr.", "st john smythe jr"},
    {"\xc5\x81ukasz", "lukasz"},		  /* Łukasz */
    {"W\xc3\xb3jcik", "wojcik"},		  /* Wójcik */
    {"\xc5\xbb" "\xc3\xb3\xc5\x82\xc4\x87", "zolc"},  /* Żółć */
    {"\xc3\x98rsted", "orsted"},		  /* Ørsted */
    {"Stra\xc3\x9f" "e", "strasse"},		  /* Straße */
    {"STRASSE", "strasse"},
    {"M\xc3\xbcller", "muller"},		  /* Müller */
    {"Mu\xcc\x88ller", "muller"},		  /* combining diaeresis */
    {"\xc3\x86thelred", "aethelred"},		  /* Æthelred */
    {"\xc5\x92uvre", "oeuvre"},
    {"\xc3\x9e\xc3\xb3rr", "thorr"},		  /* Þórr */
    {"Gu\xc3\xb0r\xc3\xban", "gudrun"},		  /* Guðrún */
    {"\xc3\x87" "elik", "celik"},		  /* Çelik */
    {"\xc4\xb0nan", "inan"},			  /* İnan */
    {"I\xc5\x9f\xc4\xb1k", "isik"},		  /* Işık */
    {"\xc4\x9e\xc3\xbcl", "gul"},		  /* Ğül */
    {"Nguy\xe1\xbb\x85n", "nguyen"},		  /* Nguyễn, precomposed */
    {"Nguye\xcc\x82\xcc\x83n", "nguyen"},	  /* the same, decomposed */
    {"\xc4\x90\xe1\xbb\x97 M\xc6\xb0\xe1\xbb\x9di", "do muoi"}, /* Đỗ Mười */
    {"Bront\xc3\xab", "bronte"},
    {"Zo\xc3\xab", "zoe"},
    {"Si\xc3\xa2n", "sian"},
    {"D\xc5\xb5r", "dwr"},			  /* Dŵr */
    {"Gruffudd \xc5\xb6r", "gruffudd yr"},	  /* Ŷr */
    {"N\xc3\xad Ch\xc3\xa1thasaigh", "ni chathasaigh"},
    {"Dvo\xc5\x99\xc3\xa1k", "dvorak"},
    {"\xc5\xa0kvoreck\xc3\xbd", "skvorecky"},
    {"\xc4\x8c" "apek", "capek"},
    {"Ko\xc5\xa1ice \xc4\x84\xc4\x98", "kosice ae"},
    {"\xc8\x98tefan \xc8\x9a", "stefan t"},	  /* Ștefan Ț */
    {"Mu\xc3\xb1oz", "munoz"},
    {"Ma\xc3\xb1" "ana", "manana"},
    {"J\xc3\xb5" "ao", "joao"},
    {"Fran\xc3\xa7ois", "francois"},
    {"\xe1\xba\x9e", "ss"},			  /* capital sharp s */
    {"\xef\xac\x81nn", "finn"},			  /* ligature fi */
    {"\xef\xbc\xb3mith", "smith"},		  /* full width S */
    {"Ad\xc3\xa9" "b\xe1\xbb\x8d\xcc\x80", "adebo"}, /* Yoruba ọ̀ */
    {"\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd"},
    {"\xce\x93\xce\xb9\xce\xac\xce\xbd\xce\xbd\xce\xb7\xcf\x82",
     "\xce\xb3\xce\xb9\xce\xb1\xce\xbd\xce\xbd\xce\xb7\xcf\x83"}, /* Γιάννης */
    {"\xd9\x85\xd9\x8f\xd8\xad\xd9\x8e\xd9\x85\xd9\x91\xd8\xaf",
     "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf"},	  /* Muhammad, vowels off */
    {"\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99", "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99"},
    {"\xea\xb9\x80", "\xea\xb9\x80"},		  /* Kim in Hangul */
    {"a\xf0\x9f\x98\x80" "b", "a b"},		  /* a picture */
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
	static const char *const bad[] = {"\xff", "\xc3", "a\xe2\x80", "\x80\x80",
					  "\xf4\x90\x80\x80", "\xc0\x80", "\xed\xa0\x80"};

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

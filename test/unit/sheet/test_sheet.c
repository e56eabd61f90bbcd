/* The promises of sheet/sheet.h: the same book in three forms, and the same bytes. */
#include "test/hf_test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "sheet/sheet.h"

static struct hf_book *
book(struct hf_arena *a, size_t rows)
{
	struct hf_book *b =
	    hf_book_make(a, HF_SV("Statement \xc2\xa3"), HF_SV("hash 00"));
	hf_book_say(b, HF_SV("Quarter 1 \xe2\x80\x93 draft <not signed> & so on"));
	struct hf_sheet *s = hf_book_sheet(b, HF_SV("Lines [1/2]"));
	hf_sheet_column(b, s, HF_SV("Line"), 30);
	hf_sheet_column(b, s, HF_SV("Plan \xc2\xa3"), 10);
	hf_sheet_column(b, s, HF_SV("From"), 10);
	for (size_t i = 0; i < rows; i++) {
		hf_sheet_row(b, s, i + 1 == rows);
		hf_sheet_text(b, s, HF_SV("=1+1, \"quoted\" <a&b>"));
		hf_sheet_pence(b, s, i == 0 ? -5 : 4433674950 + (int64_t)i);
		hf_sheet_date(b, s, HF_SV("2020-04-30"));
	}
	return b;
}

HF_TEST(a_number_is_grouped_by_thousands)
{
	static const char *const pairs[][2] = {
	    {"0", "0"},
	    {"-12", "-12"},
	    {"999", "999"},
	    {"1000", "1,000"},
	    {"-1234.5", "-1,234.5"},
	    {"1234567.8901", "1,234,567.8901"},
	    {"-100000", "-100,000"},
	    {"", ""},
	};
	char buf[48];
	for (size_t i = 0; i < HF_COUNT(pairs); i++)
		assert_string_equal(
		    hf_number_grouped(hf_sv_from(pairs[i][0]), buf, sizeof buf),
		    pairs[i][1]);
	assert_true(strlen(hf_number_grouped(
			HF_SV("1234567890123456789012345678901234567890123456789012"),
			buf, sizeof buf)) < sizeof buf);
}

HF_TEST(csv_keeps_pence_and_disarms_formulas)
{
	struct hf_arena a;
	struct hf_buf out = {0};
	hf_arena_init(&a, 1 << 20);
	struct hf_book *b = book(&a, 2);
	struct hf_err err;
	assert_int_equal(hf_sheet_csv(b, b->sheets, &out, &err), HF_OK);
	hf_buf_char(&out, 0);
	assert_string_equal(
	    out.p, "Line,Plan \xc2\xa3,From\r\n"
		   "\"'=1+1, \"\"quoted\"\" <a&b>\",-0.05,2020-04-30\r\n"
		   "\"'=1+1, \"\"quoted\"\" <a&b>\",44336749.51,2020-04-30\r\n");
	hf_buf_free(&out);
	hf_arena_free(&a);
}

HF_TEST(a_real_has_its_places_and_no_minus_nought)
{
	struct hf_arena a;
	hf_arena_init(&a, 1 << 20);
	struct hf_book *b = hf_book_make(&a, HF_SV("t"), HF_SV(""));
	struct hf_sheet *s = hf_book_sheet(b, HF_SV("s"));
	for (int i = 0; i < 4; i++)
		hf_sheet_column(b, s, HF_SV("c"), 0);
	hf_sheet_row(b, s, false);
	hf_sheet_real(b, s, 102.9149, 2);
	hf_sheet_real(b, s, -0.0001, 2);
	hf_sheet_real(b, s, (double)NAN, 2);
	hf_sheet_int(b, s, INT64_MIN);
	struct hf_buf out = {0};
	struct hf_err err;
	assert_int_equal(hf_sheet_csv(b, s, &out, &err), HF_OK);
	hf_buf_char(&out, 0);
	assert_string_equal(out.p, "c,c,c,c\r\n102.91,0.00,,-9223372036854775808\r\n");
	hf_buf_free(&out);
	hf_arena_free(&a);
}

/* The entry at an index, NUL-terminated. */
static void
entry(const struct hf_buf *ods, zip_uint64_t at, const char *name, char *buf,
      size_t size)
{
	zip_source_t *src = zip_source_buffer_create(ods->p, ods->n, 0, NULL);
	zip_t *z = zip_open_from_source(src, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
	assert_non_null(z);
	assert_string_equal(zip_get_name(z, at, 0), name);
	zip_file_t *f = zip_fopen_index(z, at, 0);
	zip_int64_t n = zip_fread(f, buf, size - 1);
	assert_true(n > 0);
	buf[n] = 0;
	zip_fclose(f);
	zip_close(z);
}

HF_TEST(a_workbook_is_an_opendocument_package_and_the_same_twice)
{
	static char text[65536];
	struct hf_arena a;
	struct hf_buf one = {0}, two = {0};
	struct hf_err err;
	hf_arena_init(&a, 1 << 22);
	struct hf_book *b = book(&a, 3);
	assert_int_equal(hf_book_ods(b, &one, &err), HF_OK);
	assert_int_equal(hf_book_ods(b, &two, &err), HF_OK);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.p, two.p, one.n);
	/* part 3, 3.3: the media type first, stored, readable at byte 38 */
	entry(&one, 0, "mimetype", text, sizeof text);
	assert_memory_equal(one.p + 38, text, strlen(text));
	entry(&one, 1, "content.xml", text, sizeof text);
	assert_non_null(strstr(text, "office:value=\"44336749.52\""));
	assert_non_null(strstr(text, "<text:p>44,336,749.52</text:p>"));
	assert_non_null(strstr(text, "table:name=\"Lines 12\""));
	assert_non_null(strstr(text, "&lt;not signed&gt; &amp; so on"));
	assert_non_null(strstr(text, "<text:p>=1+1,")); /* a text, not a formula */
	entry(&one, 2, "META-INF/manifest.xml", text, sizeof text);
	hf_buf_free(&one);
	hf_buf_free(&two);
	hf_arena_free(&a);
}

HF_TEST(a_document_has_pages_and_is_the_same_twice)
{
	struct hf_arena a;
	struct hf_buf one = {0}, two = {0};
	struct hf_err err;
	hf_arena_init(&a, 1 << 22);
	struct hf_book *b = book(&a, 120);
	assert_int_equal(hf_book_pdf(b, &one, &err), HF_OK);
	assert_int_equal(hf_book_pdf(b, &two, &err), HF_OK);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.p, two.p, one.n);
	assert_memory_equal(one.p, "%PDF-1.", 7);
	hf_buf_char(&one, 0);
	assert_non_null(memmem(one.p, one.n, "/Count 4", 8));
	hf_buf_free(&one);
	hf_buf_free(&two);
	hf_arena_free(&a);
}

HF_TEST(too_much_is_refused_in_every_form)
{
	struct hf_arena a;
	struct hf_buf out = {0};
	struct hf_err err;
	hf_arena_init(&a, 1 << 24);
	struct hf_book *b = book(&a, HF_PDF_ROWS_MOST + 1);
	assert_int_equal(hf_book_pdf(b, &out, &err), HF_TOO_LONG);
	assert_int_equal(hf_book_ods(b, &out, &err), HF_OK);
	hf_sheet_int(b, b->sheets, 1); /* a fourth cell of three */
	assert_int_equal(hf_book_ods(b, &out, &err), HF_TOO_LONG);
	assert_int_equal(hf_sheet_csv(b, b->sheets, &out, &err), HF_TOO_LONG);
	hf_buf_free(&out);
	hf_arena_free(&a);
}

HF_TEST_MAIN("sheet/sheet", cmocka_unit_test(a_number_is_grouped_by_thousands),
	     cmocka_unit_test(csv_keeps_pence_and_disarms_formulas),
	     cmocka_unit_test(a_real_has_its_places_and_no_minus_nought),
	     cmocka_unit_test(a_workbook_is_an_opendocument_package_and_the_same_twice),
	     cmocka_unit_test(a_document_has_pages_and_is_the_same_twice),
	     cmocka_unit_test(too_much_is_refused_in_every_form))

/* ods.c - a book as a workbook: OpenDocument 1.2 part 1 (spreadsheet) in the package of
 * part 3, a ZIP file whose first entry is the media type, not compressed. */
#include "sheet/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define ODS_TYPE "application/vnd.oasis.opendocument.spreadsheet"

static const char manifest[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<manifest:manifest "
    "xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
    "manifest:version=\"1.2\">"
    "<manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"" ODS_TYPE
    "\"/><manifest:file-entry manifest:full-path=\"content.xml\" "
    "manifest:media-type=\"text/xml\"/></manifest:manifest>\n";

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<office:document-content "
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
    "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" "
    "xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" "
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
    "office:version=\"1.2\"><office:automatic-styles>"
    "<style:style style:name=\"strong\" style:family=\"table-cell\">"
    "<style:text-properties fo:font-weight=\"bold\"/></style:style>";

/* One number style for each count of places, with and without emphasis. */
static void
number_styles(struct hf_buf *x)
{
	for (int places = 0; places <= 9; places++) {
		hf_buf_printf(
		    x,
		    "<number:number-style style:name=\"N%d\"><number:number "
		    "number:decimal-places=\"%d\" number:min-decimal-places=\"%d\""
		    " number:min-integer-digits=\"1\" number:grouping=\"true\"/>"
		    "</number:number-style>",
		    places, places, places);
		for (int strong = 0; strong < 2; strong++)
			hf_buf_printf(x,
				      "<style:style style:name=\"n%d%s\" "
				      "style:family=\"table-cell\" "
				      "style:data-style-name=\"N%d\">%s</style:style>",
				      places, strong ? "s" : "", places,
				      strong ? "<style:text-properties "
					       "fo:font-weight=\"bold\"/>"
					     : "");
	}
}

static void
text_cell(struct hf_buf *x, struct hf_sv text, bool strong)
{
	hf_buf_printf(x, "<table:table-cell%s office:value-type=\"string\"><text:p>",
		      strong ? " table:style-name=\"strong\"" : "");
	hf_buf_html(x, text);
	hf_buf_lit(x, "</text:p></table:table-cell>");
}

static void
cell(struct hf_buf *x, const struct hf_cell *c, bool strong)
{
	char grouped[48];
	if (c->text.n == 0) {
		hf_buf_lit(x, "<table:table-cell/>");
	} else if (c->kind == HF_CELL_NUMBER) {
		size_t point = hf_sv_find(c->text, '.');
		int places = point < c->text.n ? (int)(c->text.n - point - 1) : 0;
		hf_buf_printf(x,
			      "<table:table-cell table:style-name=\"n%d%s\" "
			      "office:value-type=\"float\" office:value=\"%.*s\">"
			      "<text:p>%s</text:p></table:table-cell>",
			      places > 9 ? 9 : places, strong ? "s" : "",
			      (int)c->text.n, c->text.p,
			      hf_number_grouped(c->text, grouped, sizeof grouped));
	} else {
		text_cell(x, c->text, strong); /* dates sort as they are written */
	}
}

static void
table(struct hf_buf *x, const struct hf_sheet *s)
{
	hf_buf_lit(x, "<table:table table:name=\"");
	for (size_t i = 0; i < s->name.n; i++) /* signs no table's name may have */
		if (strchr("[]*?:/\\'", s->name.p[i]) == NULL)
			hf_buf_html(x, (struct hf_sv){s->name.p + i, 1});
	hf_buf_printf(x,
		      "\"><table:table-column table:number-columns-repeated=\"%zu\"/>"
		      "<table:table-header-rows><table:table-row>",
		      s->n_columns);
	for (size_t i = 0; i < s->n_columns; i++)
		text_cell(x, s->column[i].head, true);
	hf_buf_lit(x, "</table:table-row></table:table-header-rows>");
	for (const struct hf_row *r = s->first; r; r = r->next) {
		hf_buf_lit(x, "<table:table-row>");
		for (size_t i = 0; i < s->n_columns; i++)
			cell(x, &r->cell[i], r->strong);
		hf_buf_lit(x, "</table:table-row>");
	}
	hf_buf_lit(x, "</table:table>");
}

/* The title and what is said under it: a sheet of its own, the first. */
static void
about(struct hf_buf *x, const struct hf_book *b)
{
	hf_buf_lit(x, "<table:table table:name=\"About\"><table:table-column/>"
		      "<table:table-row>");
	text_cell(x, b->title, true);
	hf_buf_lit(x, "</table:table-row>");
	for (const struct hf_line *l = b->lines; l; l = l->next) {
		hf_buf_lit(x, "<table:table-row>");
		text_cell(x, l->text, false);
		hf_buf_lit(x, "</table:table-row>");
	}
	hf_buf_lit(x, "<table:table-row>");
	text_cell(x, b->foot, false);
	hf_buf_lit(x, "</table:table-row></table:table>");
}

static void
content(struct hf_buf *x, const struct hf_book *b)
{
	hf_buf_add(x, head, sizeof head - 1);
	number_styles(x);
	hf_buf_lit(x, "</office:automatic-styles><office:body><office:spreadsheet>");
	about(x, b);
	for (const struct hf_sheet *s = b->sheets; s; s = s->next)
		table(x, s);
	hf_buf_lit(x,
		   "</office:spreadsheet></office:body></office:document-content>\n");
}

/* The bytes stay the caller's until the package is closed. */
static bool
entry(zip_t *z, const char *name, const void *bytes, size_t n, int method)
{
	zip_source_t *src = zip_source_buffer(z, bytes, n, 0);
	if (!src)
		return false;
	zip_int64_t at = zip_file_add(z, name, src, ZIP_FL_ENC_UTF_8);
	if (at < 0) {
		zip_source_free(src);
		return false;
	}
	/* 1980-01-01 in MS-DOS: the same book is the same bytes. */
	return zip_set_file_compression(z, (zip_uint64_t)at, method, 6) == 0 &&
	       zip_file_set_dostime(z, (zip_uint64_t)at, 0, 0x21, 0) == 0;
}

/* What was written into src, added to out. */
static bool
take(zip_source_t *src, struct hf_buf *out)
{
	if (zip_source_open(src) != 0)
		return false;
	bool good = zip_source_seek(src, 0, SEEK_END) == 0;
	zip_int64_t n = good ? zip_source_tell(src) : -1;
	good = n > 0 && zip_source_seek(src, 0, SEEK_SET) == 0;
	if (good) {
		char *to = hf_buf_room(out, (size_t)n);
		good = zip_source_read(src, to, (zip_uint64_t)n) == n;
		if (good)
			out->n += (size_t)n;
	}
	zip_source_close(src);
	return good;
}

enum hf_rc
hf_book_ods(const struct hf_book *b, struct hf_buf *out, struct hf_err *err)
{
	if (b->refused)
		return hf_fail(err, HF_TOO_LONG, "sheet",
			       "a sheet has too many rows, columns or cells");
	struct hf_buf x = {0};
	content(&x, b);
	bool good = false;
	zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *z = src ? zip_open_from_source(src, ZIP_TRUNCATE, NULL) : NULL;
	if (z) {
		zip_source_keep(src);
		good =
		    entry(z, "mimetype", ODS_TYPE, sizeof ODS_TYPE - 1, ZIP_CM_STORE) &&
		    entry(z, "content.xml", x.p, x.n, ZIP_CM_DEFLATE) &&
		    entry(z, "META-INF/manifest.xml", manifest, sizeof manifest - 1,
			  ZIP_CM_DEFLATE);
		if (!good || zip_close(z) != 0) {
			zip_discard(z);
			good = false;
		}
		good = good && take(src, out);
	}
	if (src)
		zip_source_free(src);
	hf_buf_free(&x);
	return good ? HF_OK
		    : hf_fail(err, HF_FAULT, "sheet",
			      "the workbook could not be written");
}

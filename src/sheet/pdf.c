/* pdf.c - a book as a document to print and sign: A4 across, in Helvetica. */
#include "sheet/sheet.h"

#include <hpdf.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 40, WIDE = 842, HIGH = 595, PT = 8, LEAD = 12, TEXT_MOST = 512 };

struct paper {
	HPDF_Doc doc;
	HPDF_Page page;
	HPDF_Font plain, bold;
	float y; /* where the next line stands */
	int n_pages;
	const struct hf_book *book;
	jmp_buf wrong;
};

static void
on_error(HPDF_STATUS error, HPDF_STATUS detail, void *of)
{
	(void)error;
	(void)detail;
	struct paper *p = of;
	longjmp(p->wrong, 1);
}

struct sign {
	uint32_t from;
	unsigned char to;
};

/* Where Windows-1252 is not Latin-1, what texts of ours use. */
static const struct sign signs[] = {
    {0x20ac, 0x80}, {0x2026, 0x85}, {0x2018, 0x91}, {0x2019, 0x92}, {0x201c, 0x93},
    {0x201d, 0x94}, {0x2022, 0x95}, {0x2013, 0x96}, {0x2014, 0x97}, {0x2122, 0x99},
    {0x2212, '-'},  {0x202f, ' '},  {0x2009, ' '},
};

/* The next character of UTF-8 that was checked when it came in; U+FFFD if not. */
static uint32_t
next_char(struct hf_sv s, size_t *at)
{
	unsigned char c = (unsigned char)s.p[(*at)++];
	if (c < 0x80)
		return c;
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	uint32_t v = more == 3 ? c & 7u : more == 2 ? c & 15u : c & 31u;
	if (more == 0)
		return 0xfffd;
	for (; more > 0; more--) {
		if (*at == s.n || ((unsigned char)s.p[*at] & 0xc0) != 0x80)
			return 0xfffd;
		v = v << 6 | ((unsigned char)s.p[(*at)++] & 63u);
	}
	return v;
}

static unsigned char
to_1252(uint32_t c)
{
	if ((c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff))
		return (unsigned char)c;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (signs[i].from == c)
			return signs[i].to;
	return '?';
}

/* As much as fits into buf, NUL-terminated. */
static const char *
printable(struct hf_sv s, char buf[TEXT_MOST])
{
	size_t n = 0;
	for (size_t at = 0; at < s.n && n + 1 < TEXT_MOST;)
		buf[n++] = (char)to_1252(next_char(s, &at));
	buf[n] = 0;
	return buf;
}

static void
put(struct paper *p, HPDF_Font font, float size, float x, float y, const char *text)
{
	HPDF_Page_SetFontAndSize(p->page, font, size);
	HPDF_Page_BeginText(p->page);
	HPDF_Page_TextOut(p->page, x, y, text);
	HPDF_Page_EndText(p->page);
}

static void
page(struct paper *p)
{
	char buf[TEXT_MOST], number[24];
	p->page = HPDF_AddPage(p->doc);
	HPDF_Page_SetSize(p->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_LANDSCAPE);
	snprintf(number, sizeof number, "page %d", ++p->n_pages);
	put(p, p->plain, PT - 1, MARGIN, MARGIN - 18, printable(p->book->foot, buf));
	put(p, p->plain, PT - 1, WIDE - MARGIN - 40, MARGIN - 18, number);
	p->y = HIGH - MARGIN;
}

/* Room for a line; a new page where there is none.  True when the page is new. */
static bool
line(struct paper *p, float high)
{
	bool turned = p->y - high < MARGIN;
	if (turned)
		page(p);
	p->y -= high;
	return turned;
}

/* Cuts text where it is too wide, with three points. */
static void
fit(struct paper *p, HPDF_Font font, char *text, float wide)
{
	HPDF_Page_SetFontAndSize(p->page, font, PT);
	size_t n = strlen(text);
	if (HPDF_Page_TextWidth(p->page, text) <= wide)
		return;
	while (n > 0) {
		text[--n] = 0;
		text[n > 0 ? n - 1 : 0] = n > 0 ? (char)0x85 : 0;
		if (HPDF_Page_TextWidth(p->page, text) <= wide)
			return;
	}
}

static void
cells(struct paper *p, const struct hf_sheet *s, const struct hf_row *r)
{
	int all = 0;
	for (size_t i = 0; i < s->n_columns; i++)
		all += s->column[i].share;
	float x = MARGIN;
	for (size_t i = 0; i < s->n_columns; i++) {
		float wide = (float)(WIDE - 2 * MARGIN) * (float)s->column[i].share /
			     (float)(all > 0 ? all : 1);
		char text[TEXT_MOST], grouped[48];
		bool strong = !r || r->strong;
		bool number = r ? r->cell[i].kind == HF_CELL_NUMBER
				: s->first && s->first->cell[i].kind == HF_CELL_NUMBER;
		struct hf_sv says = r ? r->cell[i].text : s->column[i].head;
		if (r && number)
			says = hf_sv_from(
			    hf_number_grouped(says, grouped, sizeof grouped));
		HPDF_Font font = strong ? p->bold : p->plain;
		printable(says, text);
		fit(p, font, text, wide - 6);
		float off = number ? wide - 6 - HPDF_Page_TextWidth(p->page, text) : 0;
		if (*text)
			put(p, font, PT, x + off, p->y, text);
		x += wide;
	}
}

static void
rule(struct paper *p, float y)
{
	HPDF_Page_SetLineWidth(p->page, 0.5F);
	HPDF_Page_MoveTo(p->page, MARGIN, y);
	HPDF_Page_LineTo(p->page, WIDE - MARGIN, y);
	HPDF_Page_Stroke(p->page);
}

static void
heads(struct paper *p, const struct hf_sheet *s)
{
	line(p, LEAD);
	cells(p, s, NULL);
	rule(p, p->y - 3);
	p->y -= 3;
}

static void
table(struct paper *p, const struct hf_sheet *s)
{
	char buf[TEXT_MOST];
	line(p, 3 * LEAD); /* a name is not left alone at the foot */
	p->y += LEAD;
	put(p, p->bold, PT + 2, MARGIN, p->y, printable(s->name, buf));
	p->y -= 2;
	heads(p, s);
	for (const struct hf_row *r = s->first; r; r = r->next) {
		if (line(p, LEAD)) {
			p->y += LEAD;
			heads(p, s);
			line(p, LEAD);
		}
		if (r->strong)
			rule(p, p->y + PT);
		cells(p, s, r);
	}
	p->y -= LEAD;
}

static void
write_book(struct paper *p)
{
	char buf[TEXT_MOST];
	HPDF_SetCompressionMode(p->doc, HPDF_COMP_ALL);
	p->plain = HPDF_GetFont(p->doc, "Helvetica", "WinAnsiEncoding");
	p->bold = HPDF_GetFont(p->doc, "Helvetica-Bold", "WinAnsiEncoding");
	page(p);
	line(p, 18);
	put(p, p->bold, 16, MARGIN, p->y, printable(p->book->title, buf));
	p->y -= 4;
	for (const struct hf_line *l = p->book->lines; l; l = l->next) {
		line(p, LEAD);
		put(p, p->plain, PT + 1, MARGIN, p->y, printable(l->text, buf));
	}
	p->y -= LEAD;
	for (const struct hf_sheet *s = p->book->sheets; s; s = s->next)
		table(p, s);
	HPDF_SaveToStream(p->doc);
}

enum hf_rc
hf_book_pdf(const struct hf_book *b, struct hf_buf *out, struct hf_err *err)
{
	size_t rows = 0;
	for (const struct hf_sheet *s = b->sheets; s; s = s->next)
		rows += s->n_rows;
	if (b->refused || rows > HF_PDF_ROWS_MOST)
		return hf_fail(err, HF_TOO_LONG, "sheet",
			       "more rows than are printed; ask for a workbook or CSV");
	struct paper p = {.book = b};
	enum hf_rc rc = HF_OK;
	p.doc = HPDF_New(on_error, &p);
	if (p.doc && setjmp(p.wrong) == 0) {
		write_book(&p);
		HPDF_UINT32 n = HPDF_GetStreamSize(p.doc);
		HPDF_BYTE *to = (HPDF_BYTE *)hf_buf_room(out, n);
		HPDF_ReadFromStream(p.doc, to, &n);
		out->n += n;
	} else {
		rc = hf_fail(err, HF_FAULT, "sheet",
			     "the document could not be written");
	}
	if (p.doc)
		HPDF_Free(p.doc);
	return rc;
}

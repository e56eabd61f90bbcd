/* sheet.c - a book is filled. */
#include "sheet/sheet.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct hf_book *
hf_book_make(struct hf_arena *arena, struct hf_sv title, struct hf_sv foot)
{
	struct hf_book *b = hf_arena_zalloc(arena, sizeof *b);
	b->arena = arena;
	b->title = hf_arena_sv(arena, title);
	b->foot = hf_arena_sv(arena, foot);
	return b;
}

void
hf_book_say(struct hf_book *b, struct hf_sv line)
{
	struct hf_line *l = hf_arena_zalloc(b->arena, sizeof *l);
	l->text = hf_arena_sv(b->arena, line);
	if (b->last_line)
		b->last_line->next = l;
	else
		b->lines = l;
	b->last_line = l;
}

struct hf_sheet *
hf_book_sheet(struct hf_book *b, struct hf_sv name)
{
	struct hf_sheet *s = hf_arena_zalloc(b->arena, sizeof *s);
	s->name = hf_arena_sv(b->arena, name);
	if (b->n_sheets == HF_SHEETS_MOST) {
		b->refused = true;
		return s; /* is in no book */
	}
	b->n_sheets++;
	if (b->last_sheet)
		b->last_sheet->next = s;
	else
		b->sheets = s;
	b->last_sheet = s;
	return s;
}

void
hf_sheet_column(struct hf_book *b, struct hf_sheet *s, struct hf_sv head, int share)
{
	if (s->n_columns == HF_COLUMNS_MOST || s->first) {
		b->refused = true;
		return;
	}
	s->column[s->n_columns++] = (struct hf_column){
	    .head = hf_arena_sv(b->arena, head), .share = share > 0 ? share : 10};
}

void
hf_sheet_row(struct hf_book *b, struct hf_sheet *s, bool strong)
{
	if (s->n_rows == HF_SHEET_ROWS_MOST) {
		b->refused = true;
		return;
	}
	struct hf_row *r =
	    hf_arena_zalloc(b->arena, sizeof *r + s->n_columns * sizeof r->cell[0]);
	r->strong = strong;
	if (s->last)
		s->last->next = r;
	else
		s->first = r;
	s->last = r;
	s->n_rows++;
	s->filled = 0;
}

/* text is the book's own already. */
static void
put(struct hf_book *b, struct hf_sheet *s, enum hf_cell_kind kind, struct hf_sv text)
{
	if (!s->last || s->filled == s->n_columns) {
		b->refused = true;
		return;
	}
	s->last->cell[s->filled++] = (struct hf_cell){.kind = kind, .text = text};
}

void
hf_sheet_text(struct hf_book *b, struct hf_sheet *s, struct hf_sv text)
{
	put(b, s, HF_CELL_TEXT, hf_arena_sv(b->arena, text));
}

void
hf_sheet_date(struct hf_book *b, struct hf_sheet *s, struct hf_sv date)
{
	put(b, s, HF_CELL_DATE, hf_arena_sv(b->arena, date));
}

void
hf_sheet_int(struct hf_book *b, struct hf_sheet *s, int64_t n)
{
	put(b, s, HF_CELL_NUMBER, hf_arena_printf(b->arena, "%" PRId64, n));
}

void
hf_sheet_pence(struct hf_book *b, struct hf_sheet *s, int64_t pence)
{
	uint64_t size = pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
	put(b, s, HF_CELL_NUMBER,
	    hf_arena_printf(b->arena, "%s%" PRIu64 ".%02u", pence < 0 ? "-" : "",
			    size / 100, (unsigned)(size % 100)));
}

void
hf_sheet_real(struct hf_book *b, struct hf_sheet *s, double v, int places)
{
	if (!isfinite(v) || fabs(v) >= 1e18) {
		put(b, s, HF_CELL_NUMBER, (struct hf_sv){0});
		return;
	}
	int n = places < 0 ? 0 : places > 9 ? 9 : places;
	struct hf_sv text = hf_arena_printf(b->arena, "%.*f", n, v);
	if (text.p[0] == '-' && strspn(text.p, "-0.") == text.n)
		text = hf_sv_from_at(text, 1); /* no minus nought */
	put(b, s, HF_CELL_NUMBER, text);
}

char *
hf_number_grouped(struct hf_sv number, char *buf, size_t size)
{
	size_t sign = number.n > 0 && number.p[0] == '-';
	size_t whole = hf_sv_find(number, '.');
	size_t out = 0;
	for (size_t i = 0; i < number.n && out + 2 < size; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0)
			buf[out++] = ',';
		buf[out++] = number.p[i];
	}
	buf[out] = 0;
	return buf;
}

/* statement_show.c - a statement as a book of sheets: CSV, workbook or printed page. */
#include "contract/statement.h"

struct paper {
	struct hf_json d;
	struct hf_arena *arena;
	struct hf_book *book;
	struct hf_sheet *sheet;
};

static struct hf_sv
text_of(const struct paper *p, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(&p->d, object, hf_sv_from(name));

	if (node == HF_JSON_NONE)
		return HF_SV("");
	if (hf_json_type(&p->d, node) == HF_JSON_NUMBER)
		return hf_json_raw(&p->d, node);
	return hf_json_str(&p->d, node, p->arena);
}

static void
put_text(struct paper *p, uint32_t object, const char *name)
{
	hf_sheet_text(p->book, p->sheet, text_of(p, object, name));
}

static void
put_money(struct paper *p, uint32_t object, const char *name)
{
	int64_t v = 0;

	hf_sv_int(text_of(p, object, name), &v);
	hf_sheet_pence(p->book, p->sheet, v);
}

static void
begin(struct paper *p, const char *name, const char *const *heads, const int *shares)
{
	p->sheet = hf_book_sheet(p->book, hf_sv_from(name));
	for (size_t i = 0; heads[i]; i++)
		hf_sheet_column(p->book, p->sheet, hf_sv_from(heads[i]), shares[i]);
}

/* ---- the heading ---- */

static const struct {
	const char *name, *member;
} heading[] = {{"Contract", "contract"},
	       {"Contract version", "contractVersion"},
	       {"Commissioner", "commissioner"},
	       {"Provider", "provider"},
	       {"Quarter", "quarter"},
	       {"Version", "version"},
	       {"From", "from"},
	       {"To", "to"},
	       {"Data cut", "cut"},
	       {"Price list", "prices"},
	       {"Rules", "rules"},
	       {"Prepared by", "preparedBy"},
	       {"Prepared at", "preparedAt"}};

static void
say_heading(struct paper *p)
{
	for (size_t i = 0; i < HF_COUNT(heading); i++)
		hf_book_say(p->book, hf_arena_printf(
					 p->arena, "%s: %.*s", heading[i].name,
					 HF_SV_ARG(text_of(p, 0, heading[i].member))));
}

/* Files of one table have no lines above it: what heads it is a table too. */
static void
put_heading(struct paper *p, struct hf_sv hash)
{
	static const char *const heads[] = {"What", "Value", NULL};
	static const int shares[] = {10, 30};

	begin(p, "Heading", heads, shares);
	for (size_t i = 0; i < HF_COUNT(heading); i++) {
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, hf_sv_from(heading[i].name));
		put_text(p, 0, heading[i].member);
	}
	hf_sheet_row(p->book, p->sheet, false);
	hf_sheet_text(p->book, p->sheet, HF_SV("SHA-256"));
	hf_sheet_text(p->book, p->sheet, hash);
}

/* ---- the lines ---- */

static void
money_row(struct paper *p, uint32_t node, struct hf_sv number, struct hf_sv title,
	  bool strong)
{
	static const char *const members[] = {"plan",	"account",    "earned",
					      "shadow", "difference", "trueUp"};

	hf_sheet_row(p->book, p->sheet, strong);
	hf_sheet_text(p->book, p->sheet, number);
	hf_sheet_text(p->book, p->sheet, title);
	for (size_t i = 0; i < HF_COUNT(members); i++)
		put_money(p, node, members[i]);
	put_text(p, node, "note");
}

static void
put_lines(struct paper *p)
{
	static const char *const heads[] = {
	    "Line",	  "Title",   "Plan",	"On account", "Earned",
	    "Shadow PbR", "AIC-PbR", "True-up", "Note",	      NULL};
	static const int shares[] = {4, 22, 13, 13, 13, 13, 12, 12, 18};
	uint32_t components = hf_json_member(&p->d, 0, "components");

	begin(p, "Statement", heads, shares);
	for (uint32_t i = 0; i < hf_json_count(&p->d, components); i++) {
		uint32_t c = hf_json_at(&p->d, components, i);
		uint32_t list = hf_json_member(&p->d, c, "lines");
		uint32_t n = hf_json_count(&p->d, list);

		money_row(p, c, text_of(p, c, "number"), text_of(p, c, "title"), false);
		for (uint32_t l = 0; n > 1 && l < n; l++) {
			uint32_t line = hf_json_at(&p->d, list, l);

			money_row(p, line, HF_SV(""), text_of(p, line, "title"), false);
		}
	}
	money_row(p, hf_json_member(&p->d, 0, "total"), HF_SV(""), HF_SV("Total"),
		  true);
}

/* What arrived after the freeze, what is corrected, and what is to be paid. */
static void
put_rest(struct paper *p)
{
	static const char *const heads[] = {"What",  "Line",   "Month",
					    "Units", "Pounds", NULL};
	static const int shares[] = {30, 20, 8, 10, 14};
	uint32_t late = hf_json_member(&p->d, 0, "late");
	uint32_t back = hf_json_member(&p->d, 0, "corrections");
	uint32_t missing = hf_json_member(&p->d, 0, "missing");

	begin(p, "Corrections", heads, shares);
	for (uint32_t i = 0; i < hf_json_count(&p->d, late); i++) {
		uint32_t l = hf_json_at(&p->d, late, i);

		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet,
			      HF_SV("Arrived after the freeze, not counted"));
		put_text(p, l, "line");
		put_text(p, l, "month");
		put_text(p, l, "units");
		put_money(p, l, "pence");
	}
	for (uint32_t i = 0; i < hf_json_count(&p->d, missing); i++) {
		uint32_t l = hf_json_at(&p->d, missing, i);

		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet,
			      HF_SV("Has not come yet, not in the sums"));
		put_text(p, l, "line");
		put_text(p, l, "month");
		hf_sheet_text(p->book, p->sheet, HF_SV(""));
		hf_sheet_text(p->book, p->sheet, HF_SV(""));
	}
	for (uint32_t i = 0; i < hf_json_count(&p->d, back); i++) {
		uint32_t c = hf_json_at(&p->d, back, i);

		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet,
			      HF_SV("Correction of earlier quarters"));
		put_text(p, c, "component");
		hf_sheet_text(p->book, p->sheet, HF_SV(""));
		hf_sheet_text(p->book, p->sheet, HF_SV(""));
		put_money(p, c, "pence");
	}
	hf_sheet_row(p->book, p->sheet, true);
	hf_sheet_text(p->book, p->sheet, HF_SV("To be paid to the provider"));
	for (int i = 0; i < 3; i++)
		hf_sheet_text(p->book, p->sheet, HF_SV(""));
	put_money(p, 0, "payable");
}

static void
put_signatures(struct paper *p, const struct hf_ct_shown_signature *s, size_t n)
{
	static const char *const heads[] = {"Signed for", "Name", "Role", "At", NULL};
	static const int shares[] = {20, 25, 25, 25};

	begin(p, "Signatures", heads, shares);
	for (size_t i = 0; i < n; i++) {
		char at[32];

		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, s[i].party);
		hf_sheet_text(p->book, p->sheet, s[i].name);
		hf_sheet_text(p->book, p->sheet, s[i].role);
		hf_sheet_text(p->book, p->sheet,
			      hf_sv_from(hf_time_format(s[i].at, at, sizeof at)));
	}
	if (n < HF_CT_PARTIES) {
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, HF_SV("Draft: not signed by both"));
	}
}

/* ---- the file ---- */

enum hf_rc
hf_ct_statement_show(struct hf_sv bytes, const char *hash,
		     const struct hf_ct_shown_signature *signatures, size_t n,
		     enum hf_ct_sheet how, struct hf_arena *arena, struct hf_buf *out,
		     struct hf_err *err)
{
	struct paper p = {.arena = arena};
	enum hf_rc rc = hf_ct_statement_check(bytes, arena, &p.d, err);

	if (rc)
		return rc;
	p.book = hf_book_make(arena, text_of(&p, 0, "title"),
			      hf_arena_printf(arena, "SHA-256 %s", hash));
	if (!p.book)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the statement");
	if (how == HF_CT_PDF)
		say_heading(&p);
	else
		put_heading(&p, hf_sv_from(hash));
	put_lines(&p);
	put_rest(&p);
	put_signatures(&p, signatures, n);
	switch (how) {
	case HF_CT_CSV:
		return hf_book_csv(p.book, out, err);
	case HF_CT_ODS:
		return hf_book_ods(p.book, out, err);
	case HF_CT_PDF:
		break;
	}
	return hf_book_pdf(p.book, out, err);
}

/* pool_return_show.c - a fund's return as a book of sheets: CSV, workbook or printed
 * page, made of the bytes that are signed. */
#include "contract/pool_return.h"

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

/* Cells of a row: members that are text, then members that are money.  A strong one is
 * the total, which has no name of its own. */
static void
put_row(struct paper *p, uint32_t node, bool strong, const char *const *texts,
	const char *const *money)
{
	hf_sheet_row(p->book, p->sheet, strong);
	for (size_t i = 0; texts[i]; i++)
		hf_sheet_text(p->book, p->sheet,
			      strong && i == 0 ? HF_SV("Total")
					       : text_of(p, node, texts[i]));
	for (size_t i = 0; money[i]; i++) {
		int64_t v = 0;

		hf_sv_int(text_of(p, node, money[i]), &v);
		hf_sheet_pence(p->book, p->sheet, v);
	}
}

static void
begin(struct paper *p, const char *name, const char *const *heads, const int *shares)
{
	p->sheet = hf_book_sheet(p->book, hf_sv_from(name));
	for (size_t i = 0; heads[i]; i++)
		hf_sheet_column(p->book, p->sheet, hf_sv_from(heads[i]), shares[i]);
}

static const struct {
	const char *name, *member;
} heading[] = {{"Fund", "fund"},
	       {"Fund version", "fundVersion"},
	       {"Host", "host"},
	       {"NHS", "nhs"},
	       {"Council", "council"},
	       {"Board", "board"},
	       {"Quarter", "quarter"},
	       {"Version", "version"},
	       {"From", "from"},
	       {"To", "to"},
	       {"Entries of the ledger", "entries"},
	       {"Prepared by", "preparedBy"},
	       {"Prepared at", "preparedAt"}};

static void
put_heading(struct paper *p, struct hf_sv hash, bool printed)
{
	static const char *const heads[] = {"What", "Value", NULL};
	static const int shares[] = {10, 30};

	if (!printed)
		begin(p, "Heading", heads, shares);
	for (size_t i = 0; i < HF_COUNT(heading); i++) {
		struct hf_sv v = text_of(p, 0, heading[i].member);

		if (printed) {
			hf_book_say(p->book,
				    hf_arena_printf(p->arena, "%s: %.*s",
						    heading[i].name, HF_SV_ARG(v)));
			continue;
		}
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, hf_sv_from(heading[i].name));
		hf_sheet_text(p->book, p->sheet, v);
	}
	if (printed)
		return;
	hf_sheet_row(p->book, p->sheet, false);
	hf_sheet_text(p->book, p->sheet, HF_SV("SHA-256"));
	hf_sheet_text(p->book, p->sheet, hash);
}

static void
put_income(struct paper *p)
{
	static const char *const heads[] = {"Source", "Title",	  "From", "Only for",
					    "Plan",   "Received", NULL};
	static const int shares[] = {12, 30, 10, 10, 14, 14};
	static const char *const texts[] = {"id", "title", "party", "ringFence", NULL};
	static const char *const money[] = {"plan", "received", NULL};
	uint32_t list = hf_json_member(&p->d, 0, "income");

	begin(p, "Income", heads, shares);
	for (uint32_t i = 0; i < hf_json_count(&p->d, list); i++)
		put_row(p, hf_json_at(&p->d, list, i), false, texts, money);
	put_row(p, hf_json_member(&p->d, 0, "incomeTotal"), true, texts, money);
}

static void
put_lines(struct paper *p)
{
	static const char *const heads[] = {
	    "Line",	    "Title",	     "Leads",	   "Budget",  "Virements",
	    "Plan to date", "Actual",	     "Accrued",	   "Outturn", "Differs",
	    "NHS bears",    "Council bears", "Lead alone", "Repaid",  NULL};
	static const int shares[] = {9, 16, 7, 11, 9, 11, 11, 9, 11, 10, 10, 10, 9, 8};
	static const char *const texts[] = {"id", "title", "lead", NULL};
	static const char *const money[] = {
	    "budget",  "virements", "planToDate", "actual",    "accrued", "outturn",
	    "differs", "nhs",	    "council",	  "leadAlone", "repaid",  NULL};
	uint32_t list = hf_json_member(&p->d, 0, "lines");

	begin(p, "Expenditure", heads, shares);
	for (uint32_t i = 0; i < hf_json_count(&p->d, list); i++)
		put_row(p, hf_json_at(&p->d, list, i), false, texts, money);
	put_row(p, hf_json_member(&p->d, 0, "total"), true, texts, money);
}

static void
put_metrics(struct paper *p)
{
	static const char *const heads[] = {"Metric",  "Measure", "Definition", "Hash",
					    "Unit",    "Value",	  "Low",	"High",
					    "Counted", "Out of",  "Status",	NULL};
	static const int shares[] = {24, 18, 8, 16, 16, 9, 9, 9, 9, 9, 10};
	static const char *const texts[] = {"title",   "measure", "definition", "hash",
					    "unit",    "value",	  "low",	"high",
					    "counted", "outOf",	  "status",	NULL};
	static const char *const none[] = {NULL};
	uint32_t list = hf_json_member(&p->d, 0, "metrics");

	begin(p, "Metrics", heads, shares);
	for (uint32_t i = 0; i < hf_json_count(&p->d, list); i++)
		put_row(p, hf_json_at(&p->d, list, i), false, texts, none);
}

static void
put_narrative(struct paper *p)
{
	static const char *const heads[] = {"Narrative", NULL};
	static const int shares[] = {100};
	struct hf_sv rest = text_of(p, 0, "narrative");

	begin(p, "Narrative", heads, shares);
	while (rest.p) {
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, hf_sv_cut(&rest, '\n'));
	}
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
	if (n > HF_CT_PARTIES)
		return;
	hf_sheet_row(p->book, p->sheet, false);
	hf_sheet_text(p->book, p->sheet,
		      HF_SV("Draft: not signed by both partners and the board"));
}

enum hf_rc
hf_ct_return_show(struct hf_sv bytes, const char *hash,
		  const struct hf_ct_shown_signature *signatures, size_t n,
		  enum hf_ct_sheet how, struct hf_arena *arena, struct hf_buf *out,
		  struct hf_err *err)
{
	struct paper p = {.arena = arena};
	enum hf_rc rc = hf_ct_return_check(bytes, arena, &p.d, err);

	if (rc)
		return rc;
	p.book = hf_book_make(arena, text_of(&p, 0, "title"),
			      hf_arena_printf(arena, "SHA-256 %s", hash));
	if (!p.book)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the return");
	put_heading(&p, hf_sv_from(hash), how == HF_CT_PDF);
	put_income(&p);
	put_lines(&p);
	put_metrics(&p);
	put_narrative(&p);
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

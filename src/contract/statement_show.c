/* statement_show.c - a statement as CSV, as a flat OpenDocument spreadsheet, and as a
 * page to print. */
#include "contract/statement.h"

enum { COLUMNS = 9 };

struct sheet {
	struct hf_json d;
	struct hf_arena *arena;
	enum hf_ct_sheet how;
	struct hf_buf *out;
	const char *hash;
	const struct hf_ct_shown_signature *signatures;
	size_t n;
};

struct cell {
	struct hf_sv text;
	bool money;
	int64_t pence;
};

static const char *const headings[COLUMNS] = {"Line",	    "Title",   "Plan",
					      "On account", "Earned",  "Shadow PbR",
					      "AIC−PbR",    "True-up", "Note"};

static struct hf_sv
text_of(const struct sheet *s, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(&s->d, object, hf_sv_from(name));

	if (node == HF_JSON_NONE)
		return HF_SV("");
	if (hf_json_type(&s->d, node) == HF_JSON_NUMBER)
		return hf_json_raw(&s->d, node);
	return hf_json_str(&s->d, node, s->arena);
}

static struct cell
text_cell(struct hf_sv text)
{
	return (struct cell){.text = text};
}

static struct cell
money_cell(const struct sheet *s, uint32_t object, const char *name)
{
	struct cell c = {.money = true};

	hf_sv_int(text_of(s, object, name), &c.pence);
	return c;
}

/* ---- one row in each form ---- */

/* What a spreadsheet would take for a formula is made text. */
static void
csv_text(struct hf_buf *out, struct hf_sv text)
{
	bool formula = text.n && strchr("=+-@\t\r", text.p[0]);

	hf_buf_char(out, '"');
	if (formula)
		hf_buf_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			hf_buf_char(out, '"');
		hf_buf_char(out, text.p[i]);
	}
	hf_buf_char(out, '"');
}

static void
csv_cell(struct hf_buf *out, const struct cell *c)
{
	char text[HF_MONEY_TEXT];

	if (c->money)
		hf_buf_printf(
		    out, "%s",
		    hf_pence_text(c->pence, HF_PENCE_PLAIN, text, sizeof text));
	else
		csv_text(out, c->text);
}

static void
fods_cell(struct hf_buf *out, const struct cell *c)
{
	char text[HF_MONEY_TEXT];

	if (c->money) {
		hf_pence_text(c->pence, HF_PENCE_PLAIN, text, sizeof text);
		hf_buf_printf(out,
			      "<table:table-cell table:style-name=\"money\" "
			      "office:value-type=\"float\" office:value=\"%s\">"
			      "<text:p>%s</text:p></table:table-cell>",
			      text, text);
		return;
	}
	hf_buf_lit(out, "<table:table-cell office:value-type=\"string\"><text:p>");
	hf_buf_html(out, c->text);
	hf_buf_lit(out, "</text:p></table:table-cell>");
}

static void
html_cell(struct hf_buf *out, const struct cell *c, bool heading)
{
	char text[HF_MONEY_TEXT];

	hf_buf_printf(out, "<%s%s>",
		      heading	 ? "th scope=\"col\""
		      : c->money ? "td class=\"money\""
				 : "td",
		      "");
	if (c->money)
		hf_buf_printf(
		    out, "%s",
		    hf_pence_text(c->pence, HF_PENCE_POUNDS, text, sizeof text));
	else
		hf_buf_html(out, c->text);
	hf_buf_printf(out, "</%s>", heading ? "th" : "td");
}

static void
row(struct sheet *s, const struct cell *cells, size_t n, bool heading)
{
	if (s->how == HF_CT_FODS)
		hf_buf_lit(s->out, "<table:table-row>");
	if (s->how == HF_CT_HTML)
		hf_buf_lit(s->out, "<tr>");
	for (size_t i = 0; i < n; i++) {
		if (s->how == HF_CT_CSV && i)
			hf_buf_char(s->out, ',');
		if (s->how == HF_CT_CSV)
			csv_cell(s->out, &cells[i]);
		else if (s->how == HF_CT_FODS)
			fods_cell(s->out, &cells[i]);
		else
			html_cell(s->out, &cells[i], heading);
	}
	if (s->how == HF_CT_CSV)
		hf_buf_lit(s->out, "\r\n");
	else if (s->how == HF_CT_FODS)
		hf_buf_lit(s->out, "</table:table-row>\n");
	else
		hf_buf_lit(s->out, "</tr>\n");
}

/* ---- the parts ---- */

static void
pair(struct sheet *s, const char *name, struct hf_sv value)
{
	row(s, (struct cell[]){text_cell(hf_sv_from(name)), text_cell(value)}, 2,
	    false);
}

static void
heading(struct sheet *s)
{
	static const struct {
		const char *name, *member;
	} rows[] = {{"Statement", "title"},
		    {"Contract", "contract"},
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

	for (size_t i = 0; i < HF_COUNT(rows); i++)
		pair(s, rows[i].name, text_of(s, 0, rows[i].member));
	pair(s, "SHA-256", hf_sv_from(s->hash));
}

static void
money_row(struct sheet *s, uint32_t node, struct hf_sv number, struct hf_sv title)
{
	static const char *const members[] = {"plan",	"account",    "earned",
					      "shadow", "difference", "trueUp"};
	struct cell cells[COLUMNS] = {text_cell(number), text_cell(title)};

	for (size_t i = 0; i < HF_COUNT(members); i++)
		cells[2 + i] = money_cell(s, node, members[i]);
	cells[COLUMNS - 1] = text_cell(text_of(s, node, "note"));
	row(s, cells, COLUMNS, false);
}

static void
lines(struct sheet *s)
{
	uint32_t components = hf_json_member(&s->d, 0, "components");
	struct cell head[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		head[i] = text_cell(hf_sv_from(headings[i]));
	row(s, head, COLUMNS, true);
	for (uint32_t i = 0; i < hf_json_count(&s->d, components); i++) {
		uint32_t c = hf_json_at(&s->d, components, i);
		uint32_t list = hf_json_member(&s->d, c, "lines");

		money_row(s, c, text_of(s, c, "number"), text_of(s, c, "title"));
		if (hf_json_count(&s->d, list) < 2)
			continue;
		for (uint32_t l = 0; l < hf_json_count(&s->d, list); l++) {
			uint32_t line = hf_json_at(&s->d, list, l);

			money_row(s, line, HF_SV(""), text_of(s, line, "title"));
		}
	}
	money_row(s, hf_json_member(&s->d, 0, "total"), HF_SV(""), HF_SV("Total"));
}

static void
late(struct sheet *s)
{
	uint32_t list = hf_json_member(&s->d, 0, "late");

	for (uint32_t i = 0; i < hf_json_count(&s->d, list); i++) {
		uint32_t l = hf_json_at(&s->d, list, i);

		row(s,
		    (struct cell[]){
			text_cell(HF_SV("Arrived after the freeze, not counted")),
			text_cell(text_of(s, l, "line")),
			text_cell(hf_arena_printf(s->arena, "month %.*s",
						  HF_SV_ARG(text_of(s, l, "month")))),
			money_cell(s, l, "pence"),
			text_cell(hf_arena_printf(s->arena, "%.*s units",
						  HF_SV_ARG(text_of(s, l, "units"))))},
		    5, false);
	}
}

static void
signatures(struct sheet *s)
{
	for (size_t i = 0; i < s->n; i++) {
		char at[32];

		row(s,
		    (struct cell[]){text_cell(HF_SV("Signed")),
				    text_cell(s->signatures[i].party),
				    text_cell(s->signatures[i].name),
				    text_cell(s->signatures[i].role),
				    text_cell(hf_sv_from(hf_time_format(
					s->signatures[i].at, at, sizeof at)))},
		    5, false);
	}
	if (s->n == 0)
		pair(s, "Signed", HF_SV("nobody yet: draft"));
}

static const char fods_before[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<office:document "
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
    "xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" "
    "office:version=\"1.3\" "
    "office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">\n"
    "<office:automatic-styles><number:number-style style:name=\"two\">"
    "<number:number number:decimal-places=\"2\" number:min-decimal-places=\"2\" "
    "number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>"
    "<style:style style:name=\"money\" style:family=\"table-cell\" "
    "style:data-style-name=\"two\"/></office:automatic-styles>\n"
    "<office:body><office:spreadsheet><table:table table:name=\"Statement\">\n";
static const char fods_after[] =
    "</table:table></office:spreadsheet></office:body></office:document>\n";
static const char html_before[] =
    "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
    "<title>Reconciliation statement</title><style>"
    "body{font:11pt/1.4 Arial,sans-serif;margin:2cm}table{border-collapse:collapse;"
    "width:100%;margin-bottom:1em}th,td{border-bottom:1px solid #768692;padding:3px "
    "6px;text-align:left;vertical-align:top}.money{text-align:right;"
    "font-variant-numeric:tabular-nums;white-space:nowrap}@page{size:A4 landscape}"
    "</style></head><body><h1>Reconciliation statement</h1>\n<table>\n";
static const char html_after[] = "</table>\n</body></html>\n";

static void
next_part(struct sheet *s)
{
	if (s->how == HF_CT_HTML)
		hf_buf_lit(s->out, "</table>\n<table>\n");
	else if (s->how == HF_CT_CSV)
		hf_buf_lit(s->out, "\r\n");
	else
		hf_buf_lit(s->out,
			   "<table:table-row><table:table-cell/></table:table-row>\n");
}

enum hf_rc
hf_ct_statement_show(struct hf_sv bytes, const char *hash,
		     const struct hf_ct_shown_signature *signed_by, size_t n,
		     enum hf_ct_sheet how, struct hf_arena *arena, struct hf_buf *out,
		     struct hf_err *err)
{
	struct sheet s = {.arena = arena,
			  .how = how,
			  .out = out,
			  .hash = hash,
			  .signatures = signed_by,
			  .n = n};
	enum hf_rc rc = hf_ct_statement_check(bytes, arena, &s.d, err);

	if (rc)
		return rc;
	if (how != HF_CT_CSV)
		hf_buf_sv(out,
			  hf_sv_from(how == HF_CT_FODS ? fods_before : html_before));
	heading(&s);
	next_part(&s);
	lines(&s);
	next_part(&s);
	late(&s);
	signatures(&s);
	if (how != HF_CT_CSV)
		hf_buf_sv(out, hf_sv_from(how == HF_CT_FODS ? fods_after : html_after));
	return out->failed
		   ? hf_fail(err, HF_TOO_LONG, NULL, "the statement is too long")
		   : HF_OK;
}

/* pack_show.c - a monthly pack as a book of sheets: CSV, workbook or printed pages,
 * made of its bytes alone.  contract-and-governance.md 2.4. */
#include "contract/pack.h"

enum { NODES = 400000 };

struct paper {
	struct hf_json d;
	struct hf_arena *arena;
	struct hf_book *book;
	struct hf_sheet *sheet;
};

/* How a member of a row is shown. */
enum how { TEXT, MONEY, NUMBER, MONTH };
struct field {
	const char *head, *member;
	enum how how;
	int share;
};

static struct hf_sv
text_of(const struct paper *p, uint32_t object, const char *name)
{
	uint32_t node = hf_json_get(&p->d, object, hf_sv_from(name));
	enum hf_json_type type =
	    node == HF_JSON_NONE ? HF_JSON_NULL : hf_json_type(&p->d, node);

	switch (type) {
	case HF_JSON_STRING:
		return hf_json_str(&p->d, node, p->arena);
	case HF_JSON_NUMBER:
		return hf_json_raw(&p->d, node);
	case HF_JSON_TRUE:
		return HF_SV("yes");
	case HF_JSON_FALSE:
		return HF_SV("no");
	default:
		return HF_SV("");
	}
}

/* A member by its path, as "deviation.why"; HF_JSON_NONE is passed through. */
static struct hf_sv
deep_text(const struct paper *p, uint32_t object, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);

	for (;;) {
		struct hf_sv name = hf_sv_cut(&rest, '.');

		if (rest.n == 0)
			return text_of(p, object, hf_arena_cstr(p->arena, name));
		object = hf_json_get(&p->d, object, name);
		if (object == HF_JSON_NONE)
			return HF_SV("");
	}
}

static struct hf_sv
month_name(struct hf_sv number)
{
	static const char *const months[] = {
	    "April",   "May",	   "June",     "July",	  "August",   "September",
	    "October", "November", "December", "January", "February", "March"};
	int64_t v;

	return hf_sv_int(number, &v) && v >= 1 && v <= 12 ? hf_sv_from(months[v - 1])
							  : number;
}

static struct hf_sv
shown(const struct paper *p, const struct field *f)
{
	struct hf_sv text = text_of(p, 0, f->member);

	return f->how == MONTH ? month_name(text) : text;
}

static void
put_field(struct paper *p, uint32_t object, const struct field *f)
{
	struct hf_sv text = deep_text(p, object, f->member);
	int64_t v;

	if (text.n && f->how == MONEY && hf_sv_int(text, &v))
		hf_sheet_pence(p->book, p->sheet, v);
	else if (text.n && f->how == NUMBER && hf_sv_int(text, &v))
		hf_sheet_int(p->book, p->sheet, v);
	else
		hf_sheet_text(p->book, p->sheet,
			      f->how == MONTH ? month_name(text) : text);
}

static void
begin(struct paper *p, const char *name, const struct field *f, size_t n)
{
	p->sheet = hf_book_sheet(p->book, hf_sv_from(name));
	for (size_t i = 0; i < n; i++)
		hf_sheet_column(p->book, p->sheet, hf_sv_from(f[i].head), f[i].share);
}

static void
put_row(struct paper *p, uint32_t object, const struct field *f, size_t n, bool strong)
{
	hf_sheet_row(p->book, p->sheet, strong);
	for (size_t i = 0; i < n; i++)
		put_field(p, object, &f[i]);
}

static uint32_t
member(const struct paper *p, uint32_t object, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);

	while (object != HF_JSON_NONE && rest.n)
		object = hf_json_get(&p->d, object, hf_sv_cut(&rest, '.'));
	return object;
}

static size_t
count(const struct paper *p, uint32_t list)
{
	return list == HF_JSON_NONE || hf_json_type(&p->d, list) != HF_JSON_ARRAY
		   ? 0
		   : hf_json_count(&p->d, list);
}

/* A sheet of a list whose items are objects; one line when it is empty. */
static void
put_list(struct paper *p, const char *name, const char *path, const struct field *f,
	 size_t n)
{
	uint32_t list = member(p, 0, path);
	size_t rows = count(p, list);

	begin(p, name, f, n);
	for (size_t i = 0; i < rows; i++)
		put_row(p, hf_json_at(&p->d, list, (uint32_t)i), f, n, false);
	if (rows == 0) {
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, HF_SV("None"));
	}
}

#define LIST(p, name, path, fields) put_list(p, name, path, fields, HF_COUNT(fields))

/* ---- (1) and (2): what was earned against plan ---- */

static const struct field heading[] = {{"Contract", "contract", TEXT, 0},
				       {"Version", "contractVersion", TEXT, 0},
				       {"Commissioner", "commissioner", TEXT, 0},
				       {"Provider", "provider", TEXT, 0},
				       {"Year", "year", TEXT, 0},
				       {"Month", "month", MONTH, 0},
				       {"To", "to", TEXT, 0},
				       {"As at", "asAt", TEXT, 0},
				       {"Newest figure", "inputs", TEXT, 0}};

static void
put_heading(struct paper *p, bool lines, const char *hash)
{
	static const struct field two[] = {{"What", "", TEXT, 10},
					   {"Value", "", TEXT, 30}};

	if (!lines)
		begin(p, "Heading", two, 2);
	for (size_t i = 0; i < HF_COUNT(heading); i++) {
		if (lines) {
			hf_book_say(p->book, hf_arena_printf(
						 p->arena, "%s: %.*s", heading[i].head,
						 HF_SV_ARG(shown(p, &heading[i]))));
			continue;
		}
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, hf_sv_from(heading[i].head));
		put_field(p, 0, &heading[i]);
	}
	if (lines)
		return;
	hf_sheet_row(p->book, p->sheet, false);
	hf_sheet_text(p->book, p->sheet, HF_SV("SHA-256"));
	hf_sheet_text(p->book, p->sheet, hf_sv_from(hash));
}

/* Plan, earned and tariff of a month, or of the year to date. */
static void
put_amounts(struct paper *p, uint32_t object, int64_t month, bool year)
{
	static const struct field names[] = {
	    {"", "plan", MONEY, 0}, {"", "earned", MONEY, 0}, {"", "shadow", MONEY, 0}};
	uint32_t of = year ? member(p, object, "ytd")
			   : hf_json_at(&p->d, member(p, object, "months"),
					(uint32_t)(month - 1));

	for (size_t i = 0; i < HF_COUNT(names); i++)
		put_field(p, of, &names[i]);
}

/* What follows the amounts of a component: of the month its level, of the year its
 * forecast. */
static void
put_beside(struct paper *p, uint32_t component, int64_t month, bool year)
{
	static const struct field forecast[] = {{"", "forecast.earned.runRate", MONEY,
						 0},
						{"", "forecast.earned.back", MONEY, 0}},
				  level[] = {{"", "level", TEXT, 0},
					     {"", "why", TEXT, 0}};
	uint32_t d =
	    hf_json_at(&p->d, member(p, component, "deviation"), (uint32_t)(month - 1));

	for (size_t i = 0; i < 2; i++)
		put_field(p, year ? component : d, year ? &forecast[i] : &level[i]);
}

static void
put_plan(struct paper *p, const char *name, const struct field *heads, size_t n,
	 bool year)
{
	uint32_t list = member(p, 0, "dashboard.components");
	int64_t month = 1;

	hf_sv_int(text_of(p, 0, "month"), &month);
	begin(p, name, heads, n);
	for (size_t i = 0; i < count(p, list); i++) {
		uint32_t c = hf_json_at(&p->d, list, (uint32_t)i);

		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, text_of(p, c, "number"));
		hf_sheet_text(p->book, p->sheet, text_of(p, c, "title"));
		put_amounts(p, c, month, year);
		put_beside(p, c, month, year);
	}
	hf_sheet_row(p->book, p->sheet, true);
	hf_sheet_text(p->book, p->sheet, HF_SV(""));
	hf_sheet_text(p->book, p->sheet, HF_SV("Total"));
	put_amounts(p, member(p, 0, "dashboard.total"), month, year);
}

static void
put_dashboard(struct paper *p)
{
	static const struct field month[] = {
	    {"No", "", TEXT, 4},      {"Component", "", TEXT, 20},
	    {"Plan", "", TEXT, 13},   {"Earned", "", TEXT, 13},
	    {"Tariff", "", TEXT, 13}, {"Level", "", TEXT, 7},
	    {"Why", "", TEXT, 40}};
	static const struct field year[] = {{"No", "", TEXT, 4},
					    {"Component", "", TEXT, 20},
					    {"Plan", "", TEXT, 13},
					    {"Earned", "", TEXT, 13},
					    {"Tariff", "", TEXT, 13},
					    {"Year as it goes on", "", TEXT, 16},
					    {"Year back to plan", "", TEXT, 16}};

	put_plan(p, "The month against plan", month, HF_COUNT(month), false);
	put_plan(p, "The year to date, and forecast", year, HF_COUNT(year), true);
}

/* ---- (3): charts ---- */

static void
put_charts(struct paper *p)
{
	static const struct field heads[] = {
	    {"Line", "", TEXT, 22}, {"Unit", "", TEXT, 8},   {"Month", "", TEXT, 10},
	    {"Value", "", TEXT, 8}, {"Mean", "", TEXT, 8},   {"Lower", "", TEXT, 8},
	    {"Upper", "", TEXT, 8}, {"Signal", "", TEXT, 12}};
	static const struct field point[] = {
	    {"", "month", MONTH, 0}, {"", "value", TEXT, 0}, {"", "mean", TEXT, 0},
	    {"", "low", TEXT, 0},    {"", "high", TEXT, 0},  {"", "label", TEXT, 0}};
	uint32_t list = member(p, 0, "charts");

	begin(p, "Charts", heads, HF_COUNT(heads));
	for (size_t i = 0; i < count(p, list); i++) {
		uint32_t c = hf_json_at(&p->d, list, (uint32_t)i),
			 points = member(p, c, "chart.points");

		for (size_t m = 0; m < count(p, points); m++) {
			uint32_t at = hf_json_at(&p->d, points, (uint32_t)m);

			hf_sheet_row(p->book, p->sheet, false);
			hf_sheet_text(p->book, p->sheet, text_of(p, c, "title"));
			hf_sheet_text(p->book, p->sheet,
				      hf_sv_is(deep_text(p, c, "chart.unit"), "percent")
					  ? HF_SV("% of plan")
					  : HF_SV("pounds"));
			for (size_t k = 0; k < HF_COUNT(point); k++)
				put_field(p, at, &point[k]);
		}
	}
}

/* ---- (5): measures ---- */

static void
put_measures(struct paper *p)
{
	static const struct field fields[] = {{"Measure", "measure.title", TEXT, 26},
					      {"Version", "measure.version", TEXT, 6},
					      {"Definition", "measure.hash", TEXT, 12},
					      {"Unit", "measure.unit", TEXT, 14},
					      {"Status", "all.total.status", TEXT, 10},
					      {"Counted", "all.total.n", TEXT, 8},
					      {"Value", "all.total.value", TEXT, 8},
					      {"Lower", "all.total.low", TEXT, 8},
					      {"Upper", "all.total.high", TEXT, 8},
					      {"Chart", "all.spc.variation", TEXT, 12}};
	struct hf_sv why = deep_text(p, 0, "measures.why");

	if (why.n) {
		begin(p, "Pathway measures", fields, HF_COUNT(fields));
		hf_sheet_row(p->book, p->sheet, false);
		hf_sheet_text(p->book, p->sheet, why);
		return;
	}
	LIST(p, "Pathway measures", "measures.measures", fields);
}

/* ---- the others ---- */

static void
put_lists(struct paper *p)
{
	static const struct field gap[] = {{"Month", "month", MONTH, 10},
					   {"Earned", "earned", MONEY, 14},
					   {"Shadow tariff", "shadow", MONEY, 14},
					   {"Gap", "gap", MONEY, 14},
					   {"Gap, year", "gapYtd", MONEY, 14}};
	static const struct field by[] = {{"Component", "title", TEXT, 20},
					  {"Earned", "earned", MONEY, 14},
					  {"Shadow tariff", "shadow", MONEY, 14},
					  {"Gap", "gap", MONEY, 14},
					  {"Gap, year", "gapYtd", MONEY, 14}};
	static const struct field change[] = {
	    {"What", "title", TEXT, 22},
	    {"Kind", "facts.kind", TEXT, 12},
	    {"Component", "facts.component", TEXT, 8},
	    {"From", "facts.effective", TEXT, 8},
	    {"A month", "facts.pence", MONEY, 10},
	    {"Activity", "facts.activity", NUMBER, 6},
	    {"Commissioner", "facts.viewCommissioner", TEXT, 9},
	    {"says", "facts.saysCommissioner", TEXT, 16},
	    {"Provider", "facts.viewProvider", TEXT, 9},
	    {"says", "facts.saysProvider", TEXT, 16},
	    {"State", "stateTitle", TEXT, 10}};
	static const struct field review[] = {
	    {"Issue", "title", TEXT, 24},
	    {"Component", "facts.component", TEXT, 8},
	    {"State", "stateTitle", TEXT, 12},
	    {"Nature", "facts.nature", TEXT, 10},
	    {"Scale", "facts.scale", MONEY, 12},
	    {"Owner, commissioner", "facts.ownerCommissioner", TEXT, 14},
	    {"Owner, provider", "facts.ownerProvider", TEXT, 14},
	    {"Response", "facts.response", TEXT, 14}};
	static const struct field challenge[] = {
	    {"Challenge", "title", TEXT, 24},
	    {"Line", "facts.line", TEXT, 10},
	    {"Month", "facts.period", TEXT, 8},
	    {"Grounds", "facts.grounds", TEXT, 10},
	    {"Claimed", "facts.pence", MONEY, 12},
	    {"Gives back", "facts.settles", MONEY, 12},
	    {"State", "stateTitle", TEXT, 12}};
	static const struct field decision[] = {
	    {"At", "at", TEXT, 12},	     {"About", "title", TEXT, 24},
	    {"Decision", "event", TEXT, 14}, {"Reason", "reason", TEXT, 26},
	    {"By", "by.name", TEXT, 14},     {"Party", "party", TEXT, 10}};
	static const struct field action[] = {{"Decision or action", "title", TEXT, 28},
					      {"Kind", "facts.kind", TEXT, 8},
					      {"Owner", "facts.owner", TEXT, 14},
					      {"By", "facts.dueOn", TEXT, 10},
					      {"Meeting", "facts.group", TEXT, 14},
					      {"State", "stateTitle", TEXT, 10}};
	static const struct field missing[] = {
	    {"Line without figures", "title", TEXT, 24}, {"Month", "month", MONTH, 12}};
	static const struct field late[] = {
	    {"Line, after the freeze", "line", TEXT, 24},
	    {"Month", "month", MONTH, 12},
	    {"Units", "units", NUMBER, 10},
	    {"Pounds", "pence", MONEY, 12}};
	static const struct field scheme[] = {
	    {"Scheme", "title", TEXT, 20},
	    {"State", "stateTitle", TEXT, 10},
	    {"Baseline", "baseline", NUMBER, 7},
	    {"Avoided", "avoided", NUMBER, 7},
	    {"at least", "avoidedLow", NUMBER, 7},
	    {"at most", "avoidedHigh", NUMBER, 7},
	    {"Evidence", "evidence", TEXT, 22},
	    {"One costs", "marginal", MONEY, 9},
	    {"Released", "released", MONEY, 11},
	    {"Block change", "blockChange", MONEY, 11},
	    {"Community", "communityCost", MONEY, 11},
	    {"Net", "net", MONEY, 11},
	    {"From", "effective", TEXT, 9},
	    {"Spent", "spent", MONEY, 10}};
	static const struct field state[] = {{"State", "state", TEXT, 14},
					     {"Schemes", "schemes", NUMBER, 8},
					     {"Released", "released", MONEY, 14}};

	LIST(p, "Gap to the tariff", "gap.months", gap);
	LIST(p, "Gap by component", "gap.components", by);
	put_measures(p);
	LIST(p, "Drivers and counting", "cases.change", change);
	LIST(p, "Emergent issues", "cases.review", review);
	LIST(p, "Challenges", "cases.challenge", challenge);
	LIST(p, "Decisions", "decisions", decision);
	LIST(p, "Actions", "cases.action", action);
	LIST(p, "Missing figures", "quality.missing", missing);
	LIST(p, "Late figures", "quality.late", late);
	LIST(p, "Reinvestment", "register.lines", scheme);
	LIST(p, "Reinvestment by state", "register.states", state);
}

/* What responses were expected to do, and what followed. */
static void
put_responses(struct paper *p)
{
	static const struct field fields[] = {{"Response", "", TEXT, 28},
					      {"Component", "", TEXT, 10},
					      {"Month", "period", TEXT, 8},
					      {"Expected", "expected", MONEY, 12},
					      {"Followed", "actual", MONEY, 12}};
	uint32_t list = member(p, 0, "responses");

	begin(p, "What followed", fields, HF_COUNT(fields));
	for (size_t i = 0; i < count(p, list); i++) {
		uint32_t r = hf_json_at(&p->d, list, (uint32_t)i),
			 months = member(p, r, "expected");

		for (size_t m = 0; m < count(p, months); m++) {
			hf_sheet_row(p->book, p->sheet, false);
			hf_sheet_text(p->book, p->sheet, text_of(p, r, "title"));
			hf_sheet_text(p->book, p->sheet, text_of(p, r, "component"));
			for (size_t k = 2; k < HF_COUNT(fields); k++)
				put_field(p, hf_json_at(&p->d, months, (uint32_t)m),
					  &fields[k]);
		}
	}
}

/* ---- the file ---- */

static enum hf_rc
write_csv(const struct hf_book *book, struct hf_buf *out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (const struct hf_sheet *s = book->sheets; rc == HF_OK && s; s = s->next) {
		if (s != book->sheets)
			hf_buf_lit(out, "\r\n");
		hf_buf_sv(out, s->name);
		hf_buf_lit(out, "\r\n");
		rc = hf_sheet_csv(book, s, out, err);
	}
	return rc;
}

enum hf_rc
hf_ct_pack_show(struct hf_sv bytes, const char *hash, enum hf_ct_sheet how,
		struct hf_arena *arena, struct hf_buf *out, struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = 32 << 20, .depth = 16, .nodes = NODES};
	struct paper p = {.arena = arena};
	enum hf_rc rc = hf_json_parse(bytes, &limits, arena, &p.d, err);

	if (rc)
		return rc;
	p.book = hf_book_make(arena,
			      hf_arena_printf(arena, "Monthly pack: %.*s",
					      HF_SV_ARG(text_of(&p, 0, "title"))),
			      hf_arena_printf(arena, "SHA-256 %s", hash));
	if (!p.book)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the pack");
	put_heading(&p, how == HF_CT_PDF, hash);
	put_dashboard(&p);
	put_charts(&p);
	put_lists(&p);
	put_responses(&p);
	if (how == HF_CT_CSV)
		return write_csv(p.book, out, err);
	return how == HF_CT_ODS ? hf_book_ods(p.book, out, err)
				: hf_book_pdf(p.book, out, err);
}

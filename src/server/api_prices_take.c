/* api_prices_take.c - a price list that somebody sends: looked at without keeping it,
 * or kept; and one thing done, priced with its trace (docs/interfaces/prices.md). */
#include "contract/activity_read.h"
#include "contract/charge.h"
#include "contract/trace.h"
#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/api_prices.h"
#include "server/sign.h"

void hf_api_prices_check(struct hf_call *call);
void hf_api_prices_import(struct hf_call *call);
void hf_api_prices_price(struct hf_call *call);

enum { FINDINGS = 500, ROW_BYTES = 64 << 10, TRACE_BYTES = 64 << 10 };

/* ---- what was sent ---- */

struct sent {
	struct hf_ct_file files[HF_CT_FILES];
	size_t n;
	struct hf_issues issues;
	struct hf_ct_list *list; /* NULL: it could not be read at all */
	char sha[HF_CT_SHA_TEXT];
	struct hf_sv actor, purpose, trace;
	enum hf_rc rc;
	struct hf_err err;
};

static bool
is_file(struct hf_sv name)
{
	if (hf_sv_is(name, "list.csv"))
		return true;
	for (int t = 0; t < HF_CT_TABLES; t++)
		if (hf_sv_eq(name,
			     hf_sv_from(hf_ct_table_file((enum hf_ct_table_name)t))))
			return true;
	return false;
}

static enum hf_rc
take_files(struct hf_call *c, struct sent *s, struct hf_err *err)
{
	struct hf_json d;
	uint32_t files;
	enum hf_rc rc = hf_api_body_of(c, "files", HF_PRICES_MAX, &d, err);

	if (rc)
		return rc;
	files = hf_json_get(&d, 0, HF_SV("files"));
	if (files == HF_JSON_NONE || hf_json_type(&d, files) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "files",
			       "an object of files by their names is needed");
	for (uint32_t i = files + 1; i < d.nodes[files].next; i = d.nodes[i].next) {
		struct hf_ct_file *f = &s->files[s->n];

		if (!is_file(hf_json_key(&d, i)))
			return hf_fail(err, HF_INVALID, "files",
				       "a price list has list.csv, hrg.csv, mff.csv, "
				       "outpatient.csv, ae.csv, unbundled.csv, "
				       "drug.csv and topup.csv: another file was sent");
		if (hf_json_type(&d, i) != HF_JSON_STRING)
			return hf_fail(err, HF_INVALID, "files",
				       "the text of each file is needed");
		assert(s->n < HF_CT_FILES); /* names differ: the parser sees to it */
		f->name = hf_json_key(&d, i);
		f->text = hf_json_str(&d, i, c->arena);
		if (!f->text.p)
			return hf_fail(err, HF_TOO_LONG, "files", "they are too long");
		s->n++;
	}
	return s->n ? HF_OK
		    : hf_fail(err, HF_INVALID, "files", "no file of a list was sent");
}

static struct sent *
begin(struct hf_call *c)
{
	struct sent *s = HF_NEW(c->arena, struct sent);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return NULL;
	rc = s ? take_files(c, s, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return NULL;
	}
	s->issues = (struct hf_issues){.arena = c->arena, .max = FINDINGS};
	return s;
}

/* Reads the list; what keeps it from being read at all is a finding as well. */
static void
read_sent(struct hf_call *c, struct sent *s)
{
	struct hf_err err;

	if (hf_ct_list_read(s->files, s->n, c->arena, &s->issues, &s->list, &err)) {
		s->list = NULL;
		if (s->issues.errors == 0)
			hf_issue_add(&s->issues, HF_SEV_ERROR, "invalid",
				     hf_sv_from(err.path), "%s", err.text);
	}
	hf_ct_prices_sha(s->files, s->n, s->sha);
}

/* ---- looking at it ---- */

static enum hf_rc
look_beside(struct hf_call *c, struct sent *s, struct hf_err *err)
{
	struct hf_prices_look *look = HF_NEW(c->arena, struct hf_prices_look);
	struct hf_err why;
	enum hf_rc rc = look ? hf_prices_look(c, look, err)
			     : hf_fail(err, HF_BUSY, NULL, "no memory; try again");
	bool none = rc == HF_OK && look->n && look->versions[0].at == 0;

	if (rc == HF_OK && s->list && !none &&
	    hf_ct_prices_fit(look->versions, look->n, s->list, &why) != HF_OK)
		hf_issue_add(&s->issues, HF_SEV_ERROR, "business-rule",
			     HF_SV("list.csv"), "%s", why.text);
	return rc;
}

static void
put_findings(struct hf_jw *w, const struct hf_issues *issues)
{
	hf_ct_int(w, "errors", (int64_t)issues->errors);
	hf_ct_int(w, "dropped", (int64_t)issues->dropped);
	hf_jw_member(w, "findings");
	hf_jw_arr(w);
	for (size_t i = 0; i < issues->n; i++) {
		const struct hf_issue *f = &issues->items[i];

		hf_jw_obj(w);
		hf_ct_text(w, "severity", hf_severity_code(f->severity));
		hf_jw_field(w, "at", f->path);
		hf_jw_field(w, "text", f->text);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
put_sent(struct hf_jw *w, const struct sent *s)
{
	const struct hf_ct_price_version v = {.id = s->list->id,
					      .supersedes = s->list->supersedes,
					      .sha = hf_sv_from(s->sha),
					      .from = s->list->from,
					      .to = s->list->to,
					      .at = 0};
	char text[HF_MONEY_TEXT];

	hf_jw_field(w, "id", v.id);
	hf_ct_text(w, "from", hf_ct_day_text(v.from, text, sizeof text));
	hf_ct_text(w, "to", hf_ct_day_text(v.to, text, sizeof text));
	hf_api_text(w, "supersedes", v.supersedes);
	hf_jw_field(w, "sha256", v.sha);
	hf_prices_put_list(w, s->list);
}

void
hf_api_prices_check(struct hf_call *c)
{
	struct sent *s = begin(c);
	struct hf_err err;
	struct hf_jw w;

	if (!s)
		return;
	read_sent(c, s);
	if (look_beside(c, s, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_member(&w, "good");
	hf_jw_bool(&w, s->list && s->issues.errors == 0);
	if (s->list) {
		hf_jw_member(&w, "list");
		hf_jw_obj(&w);
		put_sent(&w, s);
		hf_jw_obj_end(&w);
	}
	put_findings(&w, &s->issues);
	hf_api_end(c);
}

/* ---- keeping it ---- */

static void
run_import(struct hf_call *c, void *ctx)
{
	struct sent *s = ctx;

	s->rc = hf_ct_prices_keep(c->store, s->actor, s->purpose, s->trace, s->list,
				  s->files, s->n, &s->err);
}

static void
answer_import(struct hf_call *c, void *ctx)
{
	const struct sent *s = ctx;
	struct hf_jw w;

	if (s->rc) {
		hf_api_fail(c, &s->err);
		return;
	}
	hf_api_begin(c, &w);
	put_sent(&w, s);
	hf_api_end(c);
}

void
hf_api_prices_import(struct hf_call *c)
{
	struct sent *s = begin(c);
	struct hf_err err;
	enum hf_rc rc = HF_OK;

	if (!s)
		return;
	if (!hf_prices_may_import(c))
		rc = hf_fail(&err, HF_FORBIDDEN, "organisation",
			     "price lists are brought in by the organisation that "
			     "commissions: yours commissions no contract here");
	if (rc == HF_OK)
		read_sent(c, s);
	if (rc == HF_OK && (!s->list || s->issues.errors))
		rc = hf_fail(
		    &err, HF_RULE, "files",
		    "the list has %zu errors and nothing of it was kept; the "
		    "first, %s: %s",
		    s->issues.errors,
		    s->issues.n ? hf_arena_cstr(c->arena, s->issues.items[0].path) : "",
		    s->issues.n ? hf_arena_cstr(c->arena, s->issues.items[0].text)
				: "");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	s->actor = c->actor->id;
	s->purpose = c->actor->purpose;
	s->trace = hf_call_trace(c);
	hf_call_work(c, c->server->sign->desk, run_import, answer_import, hf_api_fail,
		     s);
}

/* ---- pricing one ---- */

static const char *const fields[] = {
#define HF_CT_FIELD(name) #name,
#include "contract/activity.def"
#undef HF_CT_FIELD
};

/* The members as the row of an activity file, so that one reader decides what is right
 * in a file and here. */
static enum hf_rc
row_of(struct hf_call *c, const struct hf_json *d, struct hf_buf *out,
       struct hf_err *err)
{
	for (size_t f = 0; f < HF_COUNT(fields); f++)
		hf_buf_printf(out, "%s%s", f ? "," : "", fields[f]);
	hf_buf_char(out, '\n');
	for (size_t f = 0; f < HF_COUNT(fields); f++) {
		struct hf_sv text = HF_SV("");
		enum hf_rc rc = hf_api_body_text(c, d, fields[f], 0, 200, &text, err);

		if (rc)
			return rc;
		if (f == HF_CT_FIELD_id && text.n == 0)
			text = HF_SV("1");
		hf_buf_printf(out, "%s\"", f ? "," : "");
		for (size_t i = 0; i < text.n; i++) {
			if (text.p[i] == '"')
				hf_buf_char(out, '"');
			hf_buf_char(out, text.p[i]);
		}
		hf_buf_char(out, '"');
	}
	hf_buf_char(out, '\n');
	return out->failed ? hf_fail(err, HF_TOO_LONG, NULL, "it is too long") : HF_OK;
}

static enum hf_rc
take_activity(struct hf_call *c, struct hf_ct_activity *out, struct hf_err *err)
{
	struct hf_buf text = {.cap = ROW_BYTES};
	struct hf_arena arena = {.cap = ROW_BYTES};
	struct hf_ct_activity_reader *r =
	    HF_NEW(c->arena, struct hf_ct_activity_reader);
	struct hf_json d;
	enum hf_rc rc = r ? hf_api_body(c,
#define HF_CT_FIELD(name) #name " "
#include "contract/activity.def"
#undef HF_CT_FIELD
					, &d, err)
			  : hf_fail(err, HF_BUSY, NULL, "no memory; try again");

	if (rc == HF_OK)
		rc = row_of(c, &d, &text, err);
	if (rc == HF_OK)
		rc = hf_ct_activity_begin(r, hf_buf_view(&text), &arena, err);
	if (rc == HF_OK)
		rc = hf_ct_activity_next(r, out, err);
	hf_buf_free(&text);
	hf_arena_free(&arena);
	return rc;
}

static void
put_steps(struct hf_jw *w, struct hf_sv traces, const struct hf_ct_price_book *book,
	  const struct hf_ct_activity *a, const struct hf_ct_priced *line)
{
	struct hf_buf text = {.cap = TRACE_BYTES};
	struct hf_ct_trace_step step;

	hf_jw_member(w, "steps");
	hf_jw_arr(w);
	while (hf_ct_step_next(&traces, &step)) {
		text.n = 0;
		hf_ct_step_text(&step, book, a, line, &text);
		hf_jw_obj(w);
		hf_ct_text(w, "clause", hf_ct_step_clause(step.code));
		hf_jw_field(w, "text", hf_buf_view(&text));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
	hf_buf_free(&text);
}

static void
put_priced(struct hf_jw *w, const struct hf_ct_price_book *book,
	   const struct hf_ct_activity *a, const struct hf_ct_priced *line)
{
	char text[HF_MONEY_TEXT];

	hf_ct_int(w, "value", line->value);
	hf_ct_int(w, "excessValue", line->xbd);
	hf_ct_int(w, "excessDays", line->excess);
	hf_jw_member(w, "pod");
	hf_jw_obj(w);
	hf_ct_text(w, "code", hf_ct_pod_code(line->pod));
	hf_ct_text(w, "text", hf_ct_pod_text(line->pod));
	hf_jw_obj_end(w);
	if (line->problem) {
		hf_jw_member(w, "problem");
		hf_jw_obj(w);
		hf_ct_text(w, "code", hf_ct_problem_code(line->problem));
		hf_ct_text(w, "text", hf_ct_problem_text(line->problem));
		hf_jw_obj_end(w);
	}
	hf_ct_text(w, "year", hf_fy_text(line->fy, text, sizeof text));
	hf_ct_int(w, "month", line->period);
	hf_jw_member(w, "chargeItem");
	hf_ct_charge_item(w, book, a, line);
}

/* Which list is this day's?  Another than the one asked: that is said. */
static void
put_day(struct hf_jw *w, const struct hf_prices_look *look,
	const struct hf_ct_list *list, int32_t day)
{
	const struct hf_ct_price_version *on =
	    hf_ct_prices_on(look->versions, look->n, day);

	hf_jw_field(w, "list", list->id);
	if (on)
		hf_jw_field(w, "listOfDay", on->id);
	hf_jw_member(w, "validOnDay");
	hf_jw_bool(w, list->from <= day && day <= list->to);
}

void
hf_api_prices_price(struct hf_call *c)
{
	struct hf_prices_look *look = HF_NEW(c->arena, struct hf_prices_look);
	struct hf_ct_pricer *pricer = HF_NEW(c->arena, struct hf_ct_pricer);
	const struct hf_ct_price_version *v;
	struct hf_ct_price_book book = {0};
	struct hf_buf traces = {.cap = TRACE_BYTES};
	struct hf_ct_activity a = {0};
	struct hf_ct_priced line;
	struct hf_ct_list *list;
	struct hf_err err;
	struct hf_jw w;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return;
	rc = look && pricer ? take_activity(c, &a, &err)
			    : hf_fail(&err, HF_BUSY, NULL, "no memory; try again");
	if (rc == HF_OK)
		rc = hf_prices_find(c, look, &v, &list, &err);
	if (rc == HF_OK)
		rc = hf_ct_price_book_add(&book, list, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_ct_pricer_init(pricer, &book, &traces);
	hf_ct_pricer_only(pricer, list);
	hf_ct_price(pricer, &a, &line);
	hf_api_begin(c, &w);
	put_day(&w, look, list, a.day);
	put_priced(&w, &book, &a, &line);
	put_steps(&w, hf_buf_view(&traces), &book, &a, &line);
	hf_buf_free(&traces);
	hf_api_end(c);
}

/* api_contract_pack.c - the monthly pack, to look at and to file, and the reinvestment
 * register. */
#include "contract/pack.h"
#include "server/contract.h"
#include "server/contract_activity.h"
#include "server/serve.h"

void hf_api_contract_pack(struct hf_call *call);
void hf_api_contract_register(struct hf_call *call);

static const struct {
	const char *word, *type;
	enum hf_ct_sheet how;
} files[] = {
    {"csv", "text/csv; charset=utf-8", HF_CT_CSV},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet", HF_CT_ODS},
    {"pdf", "application/pdf", HF_CT_PDF},
};

/* A day up to whose end it goes; without one up to the end of today, so that the same
 * day gives the same clocks. */
static enum hf_rc
take_day(struct hf_sv text, hf_time now, hf_time *out, struct hf_err *err)
{
	struct hf_civil today = hf_london_civil(now);
	struct hf_date d;
	char buf[16];

	snprintf(buf, sizeof buf, "%04d-%02d-%02d", (int)today.year, today.month,
		 today.day);
	if (!text.p)
		text = hf_sv_from(buf);
	if (!hf_date_parse(text, false, &d) || d.precision != HF_PREC_DAY)
		return hf_fail(err, HF_INVALID, "at", "a day as 2020-07-31 is needed");
	*out = d.hi - 1;
	return HF_OK;
}

static enum hf_rc
take_month(struct hf_sv text, int *out, struct hf_err *err)
{
	int64_t v = 0;

	if (text.p && (!hf_sv_int(text, &v) || v < 1 || v > HF_CT_MONTHS))
		return hf_fail(err, HF_INVALID, "month", "a month is 1 (April) to 12");
	*out = (int)v;
	return HF_OK;
}

/* {"accruals":{…}} is written as members; the pack takes their value. */
static enum hf_rc
take_accruals(struct hf_call *c, const struct hf_ct_terms *t, struct hf_sv *out,
	      struct hf_err *err)
{
	const struct hf_sv begins = HF_SV("{\"accruals\":");
	struct hf_buf b = {.cap = 4 << 20};
	struct hf_jw w = {.out = &b};
	struct hf_sv all;
	enum hf_rc rc;

	hf_jw_obj(&w);
	rc = hf_contract_put_accruals(c, t, &w, err);
	hf_jw_obj_end(&w);
	all = hf_buf_view(&b);
	if (rc == HF_OK && !b.failed && hf_sv_starts(all, begins))
		*out = hf_arena_sv(
		    c->arena, (struct hf_sv){all.p + begins.n, all.n - begins.n - 1});
	hf_buf_free(&b);
	return rc;
}

static enum hf_rc
make(struct hf_call *c, struct hf_ct_pack_ask *ask, struct hf_sv *body,
     struct hf_err *err)
{
	const struct hf_contract_source source = hf_contract_source(c);
	struct hf_db *db = hf_reader_db(c->reader);
	int last;
	enum hf_rc rc = hf_ct_pack_month(db, ask, c->arena, &last, err);

	if (rc == HF_OK && ask->month == 0)
		ask->month = last;
	if (rc == HF_OK)
		rc = hf_contract_pack_measures(&source, ask->lib->contracts[ask->at],
					       ask->month, &ask->measures, err);
	if (rc == HF_OK)
		rc =
		    take_accruals(c, ask->lib->contracts[ask->at], &ask->accruals, err);
	return rc ? rc : hf_ct_pack_make(db, ask, c->arena, body, err);
}

static enum hf_rc
reply_file(struct hf_call *c, const struct hf_ct_pack_ask *ask, struct hf_sv body,
	   size_t file, struct hf_err *err)
{
	struct hf_buf out = {.cap = 16 << 20};
	char hash[HF_CT_SHA_TEXT];
	struct hf_sv bytes;
	enum hf_rc rc =
	    hf_ct_sha(body, hash)
		? hf_ct_pack_show(body, hash, files[file].how, c->arena, &out, err)
		: hf_fail(err, HF_FAULT, NULL, "the pack has no hash");

	bytes = hf_arena_sv(c->arena, hf_buf_view(&out));
	hf_buf_free(&out);
	if (rc == HF_OK && !bytes.p)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for the pack");
	if (rc)
		return rc;
	hf_call_header(c, "Content-Disposition",
		       hf_arena_printf(c->arena,
				       "attachment; filename=\"%s-pack-%02d.%s\"",
				       ask->lib->contracts[ask->at]->id, ask->month,
				       files[file].word));
	hf_call_reply(c, 200, files[file].type, bytes);
	return HF_OK;
}

void
hf_api_contract_pack(struct hf_call *c)
{
	struct hf_sv month = hf_call_take_param(c, HF_SV("month"));
	struct hf_sv at = hf_call_take_param(c, HF_SV("at"));
	struct hf_sv format = hf_call_take_param(c, HF_SV("format"));
	bool json = !format.p || hf_sv_is(format, "json");
	struct hf_ct_pack_ask ask = {0};
	struct hf_contract_ask a;
	struct hf_sv body;
	struct hf_err err;
	size_t file = 0;
	enum hf_rc rc;

	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &a))
		return;
	while (file < HF_COUNT(files) &&
	       !hf_sv_eq(format, hf_sv_from(files[file].word)))
		file++;
	ask.lib = a.lib;
	ask.at = a.at;
	rc = json || file < HF_COUNT(files)
		 ? take_month(month, &ask.month, &err)
		 : hf_fail(&err, HF_INVALID, "format", "it is json, csv, ods or pdf");
	if (rc == HF_OK)
		rc = take_day(at, c->now, &ask.as_at, &err);
	if (rc == HF_OK)
		rc = make(c, &ask, &body, &err);
	if (rc == HF_OK && json)
		hf_call_reply(c, 200, "application/json", body);
	else if (rc == HF_OK)
		rc = reply_file(c, &ask, body, file, &err);
	if (rc)
		hf_api_fail(c, &err);
}

void
hf_api_contract_register(struct hf_call *c)
{
	const struct hf_ct_shower s = {
	    .db = hf_reader_db(c->reader), .arena = c->arena, .now = c->now};
	struct hf_contract_ask a;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(c) || !hf_contract_begin_terms(c, &a))
		return;
	hf_api_begin(c, &w);
	if (hf_ct_register_write(&s, a.lib, a.terms, HF_TIME_MAX, &w, &err))
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

/* api_audit.c - the audit for the pages, and who looked at a person's record. */
#include "record/io/person_key.h"
#include "server/api.h"
#include "server/audit_query.h"
#include "server/audit_report.h"
#include "server/serve.h"

void hf_api_audit(struct hf_call *call);
void hf_api_access_report(struct hf_call *call);
void hf_api_own_access_report(struct hf_call *call);

enum { PEOPLE = 20 };

static void
write_time(struct hf_jw *w, const char *name, hf_time at)
{
	char text[32];

	hf_jw_kv(w, hf_sv_from(name),
		 hf_sv_from(hf_time_format(at, text, sizeof text)));
}

static void
write_people(struct hf_jw *w, struct hf_look *look, const struct hf_audit_event *e)
{
	size_t n = 0;

	if (e->n_shelves == 0)
		return;
	hf_jw_member(w, "people");
	hf_jw_arr(w);
	for (size_t i = 0; i < e->n_shelves && n < PEOPLE; i++) {
		struct hf_sv id = hf_look_patient(look, e->shelves[i]);

		if (id.n == 0)
			continue;
		hf_jw_str(w, id);
		n++;
	}
	hf_jw_arr_end(w);
	hf_api_number(w, "peopleCount", (int64_t)e->n_shelves);
	hf_api_flag(w, "morePeople", e->more_shelves);
}

static void
write_line(struct hf_jw *w, struct hf_look *look, const struct hf_look_line *line)
{
	const struct hf_audit_event *e = &line->e;
	char action = hf_audit_action(e->code);

	hf_jw_obj(w);
	hf_jw_field(w, "id", line->id);
	write_time(w, "at", e->at);
	hf_jw_field(w, "user", e->actor);
	hf_api_text(w, "name", hf_look_name(look, e->actor));
	hf_api_text(w, "role", e->role);
	hf_api_text(w, "org", e->org);
	hf_api_text(w, "orgName", hf_look_org(look, e->org));
	hf_api_text(w, "behalf", e->behalf);
	hf_jw_field(w, "kind", hf_sv_from(hf_audit_subtype(e->code)));
	hf_jw_field(w, "action", ((struct hf_sv){&action, 1}));
	hf_jw_field(w, "what", hf_look_words(line, look->arena));
	hf_api_text(w, "why", hf_look_why(e, look->arena));
	hf_api_text(w, "entity", e->what);
	write_people(w, look, e);
	hf_api_text(w, "parameters", e->names);
	if (e->hits >= 0)
		hf_api_number(w, "hits", e->hits);
	hf_api_text(w, "purpose", e->purpose);
	hf_api_text(w, "relationships", e->relations);
	hf_api_text(w, "glass", e->glass);
	hf_api_text(w, "case", e->case_ref);
	hf_api_text(w, "decision", e->decision);
	hf_api_text(w, "rule", e->rule);
	hf_api_text(w, "policy", e->policy);
	hf_api_text(w, "notes", e->notes);
	if (e->session)
		hf_api_number(w, "session", e->session);
	hf_api_text(w, "address", e->address);
	hf_api_text(w, "request", e->request);
	hf_jw_member(w, "status");
	hf_jw_int(w, e->status);
	hf_jw_obj_end(w);
}

void
hf_api_audit(struct hf_call *call)
{
	struct hf_look_line *lines = NULL;
	struct hf_look look = {0};
	struct hf_look_query query;
	bool more = false;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;
	enum hf_rc rc =
	    hf_look_begin(&look, call->store, call->server->finder, call->arena, &err);

	if (rc == HF_OK)
		rc = hf_audit_query_api(call, &look, &query, &err);
	if (rc == HF_OK && !hf_api_no_params(call)) {
		hf_look_end(&look);
		return;
	}
	for (size_t i = 0; rc == HF_OK && i < query.q.n_shelves; i++)
		hf_call_saw(call, HF_RID_MIN(query.q.shelves[i]));
	if (rc == HF_OK)
		rc = hf_look(&look, &query, &lines, &n, &more, &err);
	if (rc) {
		hf_look_end(&look);
		hf_api_fail(call, &err);
		return;
	}
	call->audit_hits = (int64_t)n;
	hf_api_begin(call, &w);
	hf_jw_member(&w, "lines");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		write_line(&w, &look, &lines[i]);
	hf_jw_arr_end(&w);
	if (more && n)
		hf_jw_field(&w, "next",
			    hf_look_spot_write(&lines[n - 1].after, call->arena));
	hf_look_end(&look);
	hf_api_end(call);
}

/* ---- who looked ---- */

static void
send_report(struct hf_call *call, const struct hf_report *r, bool csv)
{
	struct hf_buf *out = hf_req_buf(call->req);

	out->n = 0;
	if (csv)
		hf_report_csv(r, out);
	else
		hf_report_json(r, out);
	if (out->failed) {
		struct hf_err err;

		hf_fail(&err, HF_TOO_LONG, NULL,
			"the report is too large; ask for a shorter time");
		hf_api_fail(call, &err);
		return;
	}
	hf_call_header(call, "Cache-Control", HF_SV("no-store"));
	if (csv)
		hf_call_header(call, "Content-Disposition",
			       HF_SV("attachment; filename=\"access-report.csv\""));
	hf_call_reply(call, 200,
		      csv ? "text/csv; charset=utf-8"
			  : "application/json; charset=utf-8",
		      hf_buf_view(out));
}

/* Reads the report on report->patient for the time that was asked, and sends it. */
static void
answer_report(struct hf_call *call, struct hf_report *report)
{
	struct hf_sv format = hf_call_take_param(call, HF_SV("format"));
	struct hf_look look = {0};
	struct hf_err err;
	enum hf_rc rc;

	report->policy = &call->server->policy;
	report->from = HF_TIME_MIN;
	report->to = HF_TIME_MAX;
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = report->patient;
	rc = hf_audit_query_time(call, &report->from, &report->to, &err);
	if (rc == HF_OK && format.n && !hf_sv_is(format, "csv") &&
	    !hf_sv_is(format, "json"))
		rc = hf_fail(&err, HF_INVALID, "format", "it is json or csv");
	if (rc == HF_OK && !hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = hf_look_begin(&look, call->store, call->server->finder,
				   call->arena, &err);
	if (rc == HF_OK && !report->own)
		rc = hf_person_key(call->store, report->patient, call->arena,
				   &report->patient, &err);
	if (rc == HF_OK)
		rc = hf_report_read(&look, report, &err);
	hf_look_end(&look);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	for (size_t i = 0; i < report->n_shelves; i++)
		hf_call_saw(call, HF_RID_MIN(report->shelves[i]));
	call->audit_hits = (int64_t)report->n;
	send_report(call, report, hf_sv_is(format, "csv"));
}

void
hf_api_access_report(struct hf_call *call)
{
	struct hf_report report = {.patient = call->arg[0]};

	answer_report(call, &report);
}

/* Is it the person themself who asks, in their own session?  What they may have of
 * their record an app or somebody who acts for them may not: the names of all who
 * looked are told to nobody else but the privacy officer. */
static enum hf_rc
is_themself(const struct hf_actor *a, struct hf_err *err)
{
	if (a->kind != HF_ACTOR_PERSON || a->group != HF_GROUP_PAT)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "this report is for the person whose record it is; for "
			       "anybody else's record ask the privacy officer");
	if (!hf_sv_is(a->role, "patient"))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "somebody who acts for a person does not get the report "
			       "on who looked at their record; the person has it "
			       "themself, and the privacy officer gives it out");
	if (a->scopes)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "an app does not get this report; sign in to homefirst "
			       "yourself");
	if (!hf_sv_starts(a->who, HF_SV("Patient/")))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "your user is not joined to a record; ask the practice "
			       "that gave you this user");
	return HF_OK;
}

void
hf_api_own_access_report(struct hf_call *call)
{
	struct hf_report report = {.patient = call->actor->who, .own = true};
	struct hf_err err;

	if (is_themself(call->actor, &err)) {
		hf_api_fail(call, &err);
		return;
	}
	hf_sv_cut(&report.patient, '/');
	answer_report(call, &report);
}

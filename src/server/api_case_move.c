/* api_case_move.c - somebody begins a pathway for a person, moves it, or says that
 * something of it was done. */
#include "record/io/viewer.h"
#include "server/api_case.h"

#include "record/io/change.h"
#include "server/api_body.h"
#include "server/serve.h"

void hf_api_pathway_begin(struct hf_call *call);
void hf_api_instance_move(struct hf_call *call);
void hf_api_instance_done(struct hf_call *call);

enum { TEXT_MOST = 2000 };

static void
committed(struct hf_call *call, struct hf_change *change)
{
	struct hf_hub_work *work = call->state;
	struct hf_hub_actor who = hf_api_hub_actor(call);
	const struct hf_case_row *row;
	struct hf_jw w;

	hf_caseload_done(call->server->caseload, work);
	if (change->rc != HF_OK) {
		hf_api_hub_fail(call, &change->err);
		return;
	}
	row = hf_caseload_work_row(work);
	call->audit_type = hf_resource_find(HF_SV("Task"));
	call->audit_id = row->id;
	hf_call_saw(call, row->rid);
	hf_api_begin(call, &w);
	hf_jw_member(&w, "instance");
	hf_case_json_row(&w, row, hf_case_roles(row->def->p, &who), call->now);
	hf_api_end(call);
}

static void
answer(struct hf_call *call, enum hf_rc rc, struct hf_hub_work *work,
       const struct hf_err *err)
{
	if (rc) {
		hf_api_hub_fail(call, err);
		return;
	}
	call->state = work;
	hf_call_commit(call, &work->change, committed);
}

static enum hf_rc
read_facts(const struct hf_json *doc, struct hf_sv *out, struct hf_err *err)
{
	uint32_t facts = hf_json_member(doc, 0, "facts");

	if (facts == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(doc, facts) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "facts", "expected an object");
	*out = hf_json_source(doc, facts);
	return HF_OK;
}

/* A pathway makes a case of its own: whoever sees a person only through a broken glass
 * would keep seeing them by it.  HF_FORBIDDEN then. */
static enum hf_rc
not_by_glass(struct hf_call *call, struct hf_sv patient, struct hf_err *err)
{
	struct hf_viewer_person person = {0};
	int64_t shelf = 0;
	enum hf_rc rc = hf_viewer_shelf(call->reader, patient, &shelf, err);

	if (rc == HF_OK && shelf && hf_reader_is_viewed(call->reader))
		rc = hf_viewer_person(call->reader, shelf, &person, err);
	if (rc == HF_OK && person.broken.reason != HF_REASON_NONE &&
	    person.relations == 0)
		rc = hf_fail(
		    err, HF_FORBIDDEN, NULL,
		    "you see this person through a broken glass only; a pathway "
		    "is begun by who looks after them");
	return rc;
}

void
hf_api_pathway_begin(struct hf_call *call)
{
	struct hf_case_begin ask = {.patient = call->arg[0], .at = call->now};
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_work *work = NULL;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = call->arg[0];
	rc = hf_api_body(call, "pathway facts note team", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "pathway", 1, 64, &ask.pathway, &err);
	if (rc == HF_OK)
		rc =
		    hf_api_body_text(call, &doc, "note", 0, TEXT_MOST, &ask.note, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "team", 0, 64, &ask.team, &err);
	if (rc == HF_OK)
		rc = read_facts(&doc, &ask.facts, &err);
	if (rc == HF_OK)
		rc = not_by_glass(call, ask.patient, &err);
	if (rc == HF_OK)
		rc = hf_caseload_begin(call->server->caseload, call->reader, &who, &ask,
				       call->arena, &work, &err);
	answer(call, rc, work, &err);
}

static void
move(struct hf_call *call, const struct hf_case_move *m)
{
	struct hf_hub_actor who = hf_api_hub_actor(call);
	struct hf_hub_work *work = NULL;
	struct hf_err err;
	enum hf_rc rc = hf_caseload_move(call->server->caseload, call->reader, &who, m,
					 call->arena, &work, &err);

	answer(call, rc, work, &err);
}

void
hf_api_instance_move(struct hf_call *call)
{
	struct hf_case_move m = {.id = call->arg[0], .at = call->now};
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "version event facts note", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_version(&doc, &m.version, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "event", 1, 64, &m.event, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, TEXT_MOST, &m.note, &err);
	if (rc == HF_OK)
		rc = read_facts(&doc, &m.facts, &err);
	/* Those are the program's own. */
	if (rc == HF_OK && m.event.p[0] == '@')
		rc = hf_fail(&err, HF_INVALID, "event", "there is no such move");
	if (rc)
		hf_api_fail(call, &err);
	else
		move(call, &m);
}

void
hf_api_instance_done(struct hf_call *call)
{
	struct hf_case_move m = {
	    .id = call->arg[0], .event = HF_SV(HF_CASE_DONE), .at = call->now};
	struct hf_buf given = {.cap = 4096};
	struct hf_jw w = {.out = &given};
	struct hf_sv part = {0}, status = {0};
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = hf_api_body(call, "version task status note", &doc, &err);
	if (rc == HF_OK)
		rc = hf_api_body_version(&doc, &m.version, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "task", 1, HF_CASE_KEY, &part, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "status", 0, 20, &status, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, TEXT_MOST, &m.note, &err);
	if (rc == HF_OK && status.n && !hf_sv_is(status, "completed") &&
	    !hf_sv_is(status, "cancelled"))
		rc = hf_fail(&err, HF_INVALID, "status",
			     "expected completed or cancelled");
	/* What is not to be done any more needs a reason. */
	if (rc == HF_OK && hf_sv_is(status, "cancelled") && m.note.n == 0)
		rc = hf_fail(&err, HF_INVALID, "note", "say why it is not done");
	if (rc == HF_OK) {
		hf_jw_obj(&w);
		hf_jw_field(&w, "part", part);
		hf_jw_field(&w, "status", status.n ? status : HF_SV("completed"));
		hf_jw_obj_end(&w);
		m.facts = hf_arena_sv(call->arena, hf_buf_view(&given));
		if (given.failed || !m.facts.p)
			rc = hf_fail(&err, HF_TOO_LONG, "task", "it is too long");
	}
	hf_buf_free(&given);
	if (rc)
		hf_api_fail(call, &err);
	else
		move(call, &m);
}

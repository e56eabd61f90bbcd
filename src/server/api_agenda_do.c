/* api_agenda_do.c - putting somebody on a team's agenda, and saying what was agreed.
 * docs/interfaces/need.md. */
#include "record/io/change.h"
#include "server/api_body.h"
#include "server/api_need.h"
#include "server/outcomes.h"
#include "server/proposal.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/work.h"

void hf_api_agenda_add(struct hf_call *call);
void hf_api_agenda_answer(struct hf_call *call);

struct doing {
	struct hf_proposal p;
	struct hf_sv reason, measure, outcome;
	uint32_t version;
	struct hf_json doc;
	struct hf_change_item item;
	struct hf_issues issues;
	struct hf_change change;
	struct hf_need_by by;
	int64_t list, pos; /* the place on a list it came from; 0: none */
	enum hf_rc rc;
	struct hf_err err;
};

static enum hf_rc
ready(struct hf_call *call, struct doing *d, enum hf_op op, struct hf_err *err)
{
	enum hf_rc rc;

	d->issues = (struct hf_issues){.arena = call->arena};
	d->item = (struct hf_change_item){.op = op,
					  .type = hf_resource_find(HF_SV("Task")),
					  .id = d->p.id,
					  .if_match = d->version,
					  .doc = &d->doc};
	d->change = (struct hf_change){.arena = call->arena,
				       .actor = call->actor->id,
				       .purpose = call->actor->purpose,
				       .source = HF_SV("need"),
				       .trace = d->by.trace,
				       .base = call->base,
				       .items = &d->item,
				       .n = 1,
				       .issues = &d->issues};
	rc = hf_change_prepare(call->store, call->reader, &d->change, err);
	if (rc && d->issues.n)
		return hf_fail(err, rc, NULL, "%.*s",
			       HF_SV_ARG(d->issues.items[0].text));
	return rc;
}

static void
answer(struct hf_call *call, struct doing *d)
{
	struct hf_jw w;

	call->audit_id = d->p.patient;
	hf_api_begin(call, &w);
	hf_jw_field(&w, "task", d->p.id.n ? d->p.id : d->item.out_id);
	hf_jw_member(&w, "version");
	hf_jw_int(&w, d->item.version);
	hf_api_text(&w, "outcome", d->outcome);
	hf_api_end(call);
}

static void
added(struct hf_call *call, struct hf_change *change)
{
	struct doing *d = call->state;

	if (change->rc != HF_OK) {
		hf_api_fail(call, &change->err);
		return;
	}
	hf_call_saw(call, d->item.rid);
	answer(call, d);
}

static enum hf_rc
read_new(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc = hf_api_body(call, "patient team reason measure", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "patient", 1, 64, &d->p.patient, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "team", 1, 64, &d->p.team, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "reason", 0, HF_PROPOSAL_REASON,
				      &d->reason, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "measure", 0, 64, &d->measure, err);
	if (rc == HF_OK && !hf_hub_has_team(call->server->hub, d->p.team))
		rc = hf_fail(err, HF_INVALID, "team",
			     "say to which team: its id, as /api/hub/teams gives it");
	return rc;
}

/* Where they were proposed from, in words of ours: no text of the page is kept but the
 * reason. */
static enum hf_rc
set_title(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	const struct hf_pop_framework *f =
	    hf_outcomes_framework(call->server->outcomes);
	int k = d->measure.n ? hf_pop_framework_find(f, d->measure) : -1;

	if (d->measure.n && k < 0)
		return hf_fail(err, HF_INVALID, "measure",
			       "there is no measure of this id");
	d->p.title = k < 0 ? HF_SV("Proposed by name")
			   : hf_arena_printf(call->arena, "Behind the figure: %s",
					     f->measures[k].title);
	return HF_OK;
}

/* The person has to be one whom the caller may see, glass or not. */
static enum hf_rc
check_person(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	struct hf_entry entry;
	enum hf_rc rc;

	hf_need_look(call);
	rc = hf_store_find(call->reader, hf_resource_find(HF_SV("Patient")),
			   d->p.patient, &entry, err);
	return rc == HF_NOT_FOUND || rc == HF_GONE
		   ? hf_fail(err, HF_NOT_FOUND, "patient",
			     "there is nobody of this id whom you may propose")
		   : rc;
}

void
hf_api_agenda_add(struct hf_call *call)
{
	struct doing *d = HF_NEW(call->arena, struct doing);
	struct hf_err err;
	enum hf_rc rc = d ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now");

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_api_no_params(call))
		return;
	if (rc == HF_OK && !hf_need_names(call))
		rc = hf_fail(&err, HF_FORBIDDEN, NULL,
			     "people are proposed by who looks after them");
	if (rc == HF_OK)
		rc = read_new(call, d, &err);
	if (rc == HF_OK)
		rc = set_title(call, d, &err);
	if (rc == HF_OK)
		rc = check_person(call, d, &err);
	if (rc == HF_OK)
		rc = hf_proposal_once(call->reader, d->p.team, d->p.patient, &err);
	if (rc == HF_OK)
		rc = hf_proposal_new(call, &d->p, d->reason, &d->doc, &err);
	if (rc == HF_OK) {
		d->by = hf_need_by(call);
		rc = ready(call, d, HF_OP_CREATE, &err);
	}
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->state = d;
	hf_call_commit(call, &d->change, added);
}

/* ---- POST /api/population/agenda/{task} ---- */

static void
keep(struct hf_call *call, void *ctx)
{
	struct doing *d = ctx;

	d->rc = hf_need_answer(
	    call->store, &d->by, d->list, d->pos, d->outcome, d->reason,
	    hf_arena_printf(call->arena, "Task/%.*s", HF_SV_ARG(d->p.id)), &d->err);
}

static void
kept(struct hf_call *call, void *ctx)
{
	struct doing *d = ctx;

	if (d->rc)
		hf_api_fail(call, &d->err);
	else
		answer(call, d);
}

/* The Task is written; the list that they came from is told. */
static void
agreed(struct hf_call *call, struct hf_change *change)
{
	struct doing *d = call->state;

	if (change->rc != HF_OK) {
		hf_api_fail(call, &change->err);
		return;
	}
	if (d->list == 0 || hf_sv_is(d->outcome, "later")) {
		answer(call, d);
		return;
	}
	hf_call_work(call, call->server->sign->desk, keep, kept, hf_api_fail, d);
}

static enum hf_rc
read_agreed(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc = hf_api_body(call, "version outcome note", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_version(&doc, &d->version, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "outcome", 1, 20, &d->outcome, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, HF_PROPOSAL_REASON,
				      &d->reason, err);
	if (rc == HF_OK &&
	    !hf_sv_among(d->outcome, "accepted declined unsuitable later"))
		rc = hf_fail(err, HF_INVALID, "outcome",
			     "expected accepted, declined, unsuitable or later");
	if (rc == HF_OK && d->reason.n == 0 &&
	    hf_sv_among(d->outcome, "declined unsuitable"))
		rc = hf_fail(err, HF_INVALID, "note", "say why, in a few words");
	return rc;
}

static enum hf_rc
find_task(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc;

	hf_need_look(call);
	rc = hf_store_read(call->reader, HF_SV("Task"), call->arg[0], 0, call->arena,
			   &v, err);
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, call->arena, &doc, err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE ||
	    (rc == HF_OK && !hf_proposal_read(&doc, call->arena, &d->p)))
		return hf_fail(err, HF_NOT_FOUND, NULL,
			       "there is no proposal of this id that you may see");
	if (rc == HF_OK && !hf_proposal_open(&d->p))
		rc = hf_fail(err, HF_EXISTS, NULL,
			     "it has been talked about: the agenda is newer than what "
			     "you saw");
	if (rc == HF_OK && d->version == 0)
		d->version = v.e.version;
	return rc;
}

/* Later ones stay open, with the note. */
static enum hf_rc
write_agreed(struct hf_call *call, struct doing *d, struct hf_err *err)
{
	struct hf_proposal *p = &d->p;

	if (!hf_sv_is(d->outcome, "later")) {
		p->outcome = d->outcome;
		p->status = hf_sv_is(d->outcome, "accepted") ? HF_SV("completed")
							     : HF_SV("rejected");
	}
	p->modified = hf_proposal_time(call);
	if (d->reason.n && p->n_notes == HF_PROPOSAL_NOTES)
		return hf_fail(err, HF_TOO_LONG, "note",
			       "there are %d notes already: write it into the record",
			       HF_PROPOSAL_NOTES);
	if (d->reason.n)
		p->notes[p->n_notes++] = d->reason;
	return hf_proposal_doc(p, call->arena, &d->doc, err);
}

void
hf_api_agenda_answer(struct hf_call *call)
{
	struct doing *d = HF_NEW(call->arena, struct doing);
	struct hf_err err;
	enum hf_rc rc = d ? HF_OK : hf_fail(&err, HF_BUSY, NULL, "no memory now");

	call->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_api_no_params(call))
		return;
	if (rc == HF_OK)
		rc = read_agreed(call, d, &err);
	if (rc == HF_OK)
		rc = find_task(call, d, &err);
	if (rc == HF_OK)
		rc = hf_need_of_task(
		    call->reader,
		    hf_arena_printf(call->arena, "Task/%.*s", HF_SV_ARG(d->p.id)),
		    &d->list, &d->pos, &err);
	if (rc == HF_OK)
		rc = write_agreed(call, d, &err);
	if (rc == HF_OK) {
		d->by = hf_need_by(call);
		rc = ready(call, d, HF_OP_PUT, &err);
	}
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->state = d;
	hf_call_commit(call, &d->change, agreed);
}

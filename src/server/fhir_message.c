/* fhir_message.c - $process-message: referrals that come as BaRS messages.
 *
 * What is asked is read, what is known of the request is looked up, and one function
 * decides (hub/bars.h).  A new request is kept first and then made a referral; when the
 * server stops in between, the sender's next try goes on from there.  What moves a
 * referral that is there moves it first, because the hub may refuse; then it is kept.
 */
#include "hub/bars_write.h"
#include "hub/io/bars.h"
#include "server/fhir.h"
#include "server/limits.h"
#include "server/serve.h"

#include "access/scope.h"

void hf_fhir_process_message(struct hf_call *call);

enum { ROUNDS_MAX = 8 };

struct message {
	struct hf_json doc;
	struct hf_issues issues;
	struct hf_bars bars;
	struct hf_bars_case k;
	struct hf_intake intake;
	struct hf_hub_actor who;
	enum hf_bars_outcome outcome;
	struct hf_change change;
	struct hf_sv *ids;
	struct hf_hub_work *work;
	size_t warnings, flags; /* how many reading found */
	unsigned rounds;
	struct hf_sv claimed; /* id of the request that nobody else works on */
};

/* ---- answers ---- */

/* The call is answered: others may work on the request. */
static void
reply(struct hf_call *c, int status)
{
	struct message *m = c->state;

	if (m && m->claimed.n)
		hf_bars_release(c->server->hub, m->claimed);
	hf_call_reply_buf(c, status);
}

static void
reply_fault(struct hf_call *c, struct hf_bars_fault fault, struct hf_sv text,
	    struct hf_sv path)
{
	struct hf_buf *out = hf_req_buf(c->req);

	out->n = 0;
	reply(c, hf_bars_write_fault(out, fault, text, path));
}

static void
reply_failure(struct hf_call *c, const struct hf_err *err)
{
	struct hf_bars_fault fault = hf_bars_fault(hf_rc_issue(err->rc));

	if (err->rc == HF_MEDIA || err->rc == HF_NOT_ACCEPTABLE)
		fault.status = hf_rc_http(err->rc);
	reply_fault(c, fault, hf_sv_from(err->text), hf_sv_from(err->path));
}

static void
reply_issues(struct hf_call *c, const struct hf_issues *issues)
{
	struct hf_buf *out = hf_req_buf(c->req);

	out->n = 0;
	reply(c, hf_bars_write_issues(out, issues));
}

/* The outcome as it was first told. */
static void
reply_outcome(struct hf_call *c)
{
	struct message *m = c->state;
	const struct hf_bars_fault *told = &hf_bars_outcomes[m->outcome];
	struct hf_buf *out = hf_req_buf(c->req);
	bool referral = m->bars.ask == HF_BARS_REFER;

	c->audit_type = hf_resource_find(HF_SV("ServiceRequest"));
	c->audit_id = m->k.id;
	if (m->k.patient_rid)
		hf_call_saw(c, m->k.patient_rid);
	if (told->status != 200) {
		reply_fault(c, *told, hf_sv_from(told->text), HF_SV(""));
		return;
	}
	if (m->outcome == HF_BARS_EARLY)
		hf_issue_add(&m->issues, HF_SEV_WARNING, told->issue,
			     HF_SV("MessageHeader.reason"), "%s", told->text);
	out->n = 0;
	out->cap = HF_ANSWER_MAX;
	hf_bars_write_answer(
	    out, &m->bars,
	    &(struct hf_bars_answer){
		.ids = m->ids,
		.encounter = referral ? m->k.encounter : (struct hf_sv){0},
		.status = "planned",
		.received = m->k.received,
		.outcome = hf_bars_id(&m->k.owner, "outcome", m->k.message, c->arena),
		.issues = &m->issues,
	    });
	reply(c, 200);
}

/* ---- who may ---- */

/* A system needs the scope to create MessageHeaders; people need a role that refers.
 * What the message holds is then written by the hub, under ids that are the sender's
 * alone: no right to read or write anything else comes with it. */
static bool
may_send(struct hf_call *c)
{
	const struct hf_actor *a = c->actor;
	hf_type_id header = hf_resource_find(HF_SV("MessageHeader"));

	if (a->kind == HF_ACTOR_TRIAL)
		return true;
	if (a->scopes && !hf_scopes_allow(a->scopes, header, HF_CRUD_C))
		return false;
	return a->kind == HF_ACTOR_SYSTEM
		   ? a->scopes != NULL
		   : hf_hub_roles_of(c->server->hub, a->role) != 0;
}

static struct hf_hub_actor
actor_of(struct hf_call *c, const struct message *m)
{
	struct hf_sv name = m->k.owner.sender;

	return (struct hf_hub_actor){
	    .id = c->actor->id,
	    .name = name.n ? name : c->actor->name,
	    .role = HF_SV("system"),
	    .ods = m->bars.sender_ods,
	    .purpose = c->actor->purpose,
	    .roles = hf_hub_roles_of(c->server->hub, HF_SV("system")),
	    .anywhere = true,
	};
}

/* ---- steps ---- */

static void once(struct hf_call *c);

static void
moved(struct hf_call *c, struct hf_change *change)
{
	struct message *m = c->state;

	hf_hub_done(c->server->hub, m->work);
	if (change->rc == HF_STALE && ++m->rounds < ROUNDS_MAX)
		once(c);
	else if (change->rc)
		reply_failure(c, &change->err);
	else
		reply_outcome(c);
}

static void
submit(struct hf_call *c)
{
	struct message *m = c->state;
	struct hf_err err;

	m->intake.person.id = m->k.patient;
	m->intake.foreign = m->k.id;
	if (hf_hub_submit(c->server->hub, c->reader, &m->who, &m->intake, c->now,
			  c->arena, &m->work, &err) != HF_OK)
		reply_failure(c, &err);
	else
		hf_call_commit(c, &m->work->change, moved);
}

static void
kept(struct hf_call *c, struct hf_change *change)
{
	struct message *m = c->state;

	/* Another message of this request was faster: it is known now. */
	if (change->rc == HF_STALE && ++m->rounds < ROUNDS_MAX)
		once(c);
	else if (change->rc)
		reply_failure(c, &change->err);
	else if (m->outcome == HF_BARS_MADE || m->outcome == HF_BARS_EARLY)
		submit(c);
	else
		reply_outcome(c);
}

static enum hf_rc
prepare(struct hf_call *c, struct message *m, struct hf_reader *plain, bool commit,
	struct hf_err *err)
{
	enum hf_rc rc;

	m->change = (struct hf_change){
	    .arena = c->arena,
	    .actor = c->actor->id,
	    .purpose = c->actor->purpose,
	    .base = c->base,
	    .source = HF_SV("bars"),
	    .issues = HF_NEW(c->arena, struct hf_issues),
	};
	if (!m->change.issues)
		return hf_fail(err, HF_TOO_LONG, NULL, "the message is too large");
	m->change.issues->arena = c->arena;
	rc = hf_bars_keep(&m->k, m->outcome, &m->issues, m->k.received, c->arena,
			  &m->change, &m->ids, err);
	if (rc || !commit)
		return rc;
	return hf_change_prepare(c->store, plain, &m->change, err);
}

/* Keeps it; only to know the ids when it was kept before. */
static void
keep(struct hf_call *c, bool commit)
{
	struct message *m = c->state;
	struct hf_reader *plain;
	struct hf_err err;
	enum hf_rc rc = hf_reader_get(c->store, &plain, &err);

	if (rc == HF_OK) {
		rc = prepare(c, m, plain, commit, &err);
		hf_reader_put(plain);
	}
	if (rc && m->change.issues && m->change.issues->errors)
		reply_issues(c, m->change.issues);
	else if (rc) {
		m->change.rc = rc;
		m->change.err = err;
		kept(c, &m->change);
	} else if (commit)
		hf_call_commit(c, &m->change, kept);
	else if (m->outcome == HF_BARS_MADE || m->outcome == HF_BARS_EARLY)
		submit(c);
	else
		reply_outcome(c);
}

static void
moved_first(struct hf_call *c, struct hf_change *change)
{
	struct message *m = c->state;

	hf_hub_done(c->server->hub, m->work);
	if (change->rc == HF_STALE && ++m->rounds < ROUNDS_MAX)
		once(c);
	else if (change->rc)
		reply_failure(c, &change->err);
	else
		keep(c, true);
}

static enum hf_rc
move(struct hf_call *c, struct message *m, struct hf_err *err)
{
	bool voided = m->outcome == HF_BARS_VOIDED;
	struct hf_hub_move step = {
	    .id = m->k.task,
	    .event = voided ? HF_SV("void") : HF_SV("cancel"),
	    .facts = voided ? HF_SV("{\"reason\":\"entered in error by its sender\"}")
			    : HF_SV("{\"reason\":\"referrer\"}"),
	    .note = HF_SV("Taken back by its sender."),
	    .at = c->now,
	};
	struct hf_reader *plain;
	enum hf_rc rc;

	if (m->outcome == HF_BARS_AMENDED) {
		m->intake.person.id = m->k.patient;
		m->intake.foreign = m->k.id;
		return hf_hub_amend(c->server->hub, &m->who, m->k.task, &m->intake,
				    c->now, c->arena, &m->work, err);
	}
	rc = hf_reader_get(c->store, &plain, err);
	if (rc == HF_OK) {
		rc = hf_hub_move(c->server->hub, plain, &m->who, &step, c->arena,
				 &m->work, err);
		hf_reader_put(plain);
	}
	return rc;
}

/* The referral moves, and then the message is kept.  When it cannot (somebody arrived a
 * moment ago), the message is kept for what it is. */
static void
move_and_keep(struct hf_call *c)
{
	struct message *m = c->state;
	struct hf_err err;
	enum hf_rc rc = move(c, m, &err);

	if (rc == HF_OK) {
		hf_call_commit(c, &m->work->change, moved_first);
		return;
	}
	if (rc == HF_STALE && ++m->rounds < ROUNDS_MAX) {
		once(c);
		return;
	}
	if (rc != HF_RULE && rc != HF_FORBIDDEN) {
		reply_failure(c, &err);
		return;
	}
	m->outcome = m->outcome == HF_BARS_AMENDED ? HF_BARS_LATE : HF_BARS_CONTACT;
	keep(c, true);
}

static void
act(struct hf_call *c)
{
	struct message *m = c->state;
	bool open = m->k.known.referral && m->k.known.open;

	switch (m->outcome) {
	case HF_BARS_AMENDED:
		move_and_keep(c);
		return;
	case HF_BARS_CANCELLED:
	case HF_BARS_VOIDED:
		if (open) {
			move_and_keep(c);
			return;
		}
		break;
	default:
		break;
	}
	keep(c, true);
}

/* ---- what it is ---- */

/* Taken before: the same answer, but for a retry as the standard has it (the same
 * X-Request-ID), whose sender waits to hear that it arrived. */
static void
answer_again(struct hf_call *c)
{
	struct message *m = c->state;
	bool made = m->k.before == HF_BARS_MADE || m->k.before == HF_BARS_EARLY;

	m->outcome = m->k.before;
	if (made && !m->k.known.referral && !m->k.known.withdrawn) {
		keep(c, false); /* the server stopped before the referral */
		return;
	}
	if (m->k.same_header) {
		reply_fault(c, hf_bars_fault("duplicate"),
			    HF_SV("This message has been received and processed."),
			    HF_SV(""));
		return;
	}
	if (hf_bars_keep(&m->k, m->outcome, &m->issues, m->k.received, c->arena,
			 &m->change, &m->ids, &m->change.err) != HF_OK)
		reply_failure(c, &m->change.err);
	else
		reply_outcome(c);
}

/* What has to be said of a referral that is taken. */
static void
warn(struct message *m)
{
	if (m->bars.ask == HF_BARS_REFER && m->bars.breach != HF_TIME_MIN &&
	    m->bars.breach < m->k.received) {
		hf_issue_add(&m->issues, HF_SEV_WARNING, "business-rule",
			     HF_SV("ServiceRequest.occurrencePeriod.end"),
			     "the breach time had passed when the message came: the "
			     "referral is taken, and shown as late");
		if (m->intake.n_flags < HF_INTAKE_FLAGS)
			m->intake.flags[m->intake.n_flags++] = (struct hf_intake_flag){
			    HF_SV("API"), HF_SV("The sender's breach time had passed "
						"when the message came")};
	}
}

static enum hf_rc
look(struct hf_call *c, struct message *m, struct hf_err *err)
{
	struct hf_reader *plain;
	enum hf_rc rc = hf_reader_get(c->store, &plain, err);

	if (rc)
		return rc;
	m->issues.n = m->warnings;
	m->intake.n_flags = m->flags;
	m->k.received = c->now;
	rc = hf_bars_look(c->server->hub, plain, &m->k, c->arena, err);
	/* What is taken back is taken back wherever it went. */
	if (rc == HF_OK && (!m->k.known.there || m->bars.ask == HF_BARS_REFER))
		rc = hf_bars_service(c->server->hub, plain, &m->bars, c->now, c->arena,
				     &m->intake.service, err);
	hf_reader_put(plain);
	if (rc == HF_NOT_FOUND)
		return hf_fail(err, HF_RULE, "ServiceRequest.performer", "%s",
			       "the message is for another service: none of this place "
			       "has this dos-service-id or organisation");
	return rc;
}

/* The standard's own code for a message that comes again too soon. */
static void
reply_early(struct hf_call *c, const struct hf_err *err)
{
	reply_fault(c,
		    (struct hf_bars_fault){
			.status = 425, .code = "REC_TOO_EARLY", .issue = "duplicate"},
		    hf_sv_from(err->text), HF_SV(""));
}

static void
once(struct hf_call *c)
{
	struct message *m = c->state;
	struct hf_err err;
	enum hf_rc rc = look(c, m, &err);

	/* What was read before the request was ours alone is read again. */
	if (rc == HF_OK && m->claimed.n == 0) {
		if (hf_bars_claim(c->server->hub, m->k.id, &err) != HF_OK) {
			reply_early(c, &err);
			return;
		}
		m->claimed = m->k.id;
		rc = look(c, m, &err);
	}
	if (rc) {
		reply_failure(c, &err);
		return;
	}
	warn(m);
	if (m->k.again) {
		answer_again(c);
		return;
	}
	m->outcome = hf_bars_decide(&m->bars, &m->k.known);
	act(c);
}

static enum hf_rc
read_message(struct hf_call *c, struct message *m, struct hf_err *err)
{
	enum hf_rc rc = hf_fhir_body(c, 0, &m->doc, err);

	m->issues.arena = c->arena;
	if (rc == HF_OK && hf_req_body(c->req).n > HF_BARS_BYTES)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "a message has at most %d bytes",
			     HF_BARS_BYTES);
	if (rc == HF_OK)
		rc = hf_bars_read(&m->doc, 0, c->arena, &m->issues, &m->bars, err);
	if (rc == HF_OK && m->bars.ask == HF_BARS_REFER)
		rc = hf_bars_intake(&m->bars, c->arena, &m->issues, &m->intake, err);
	m->warnings = m->issues.n;
	m->flags = m->intake.n_flags;
	return rc;
}

void
hf_fhir_process_message(struct hf_call *c)
{
	struct message *m = HF_NEW(c->arena, struct message);
	struct hf_sv correlation = hf_req_header(c->req, "X-Correlation-ID"), name;
	struct hf_err err;
	enum hf_rc rc;

	assert(m); /* see new_call() */
	c->audit_type = hf_resource_find(HF_SV("MessageHeader"));
	if (!hf_call_no_params(c))
		return;
	if (correlation.n && correlation.n <= 128)
		hf_call_header(c, "X-Correlation-ID", correlation);
	if (!may_send(c)) {
		(void)hf_fail(&err, HF_FORBIDDEN, NULL,
			      "messages are sent by systems with a scope to create "
			      "MessageHeader, and by people whose role refers");
		reply_failure(c, &err);
		return;
	}
	rc = read_message(c, m, &err);
	if (rc == HF_OK && hf_hub_self(c->server->hub, &name).n == 0)
		rc = hf_fail(&err, HF_RULE, NULL,
			     "this place has no hub that takes referrals");
	if (rc) {
		if (m->issues.errors)
			reply_issues(c, &m->issues);
		else
			reply_failure(c, &err);
		return;
	}
	m->k = (struct hf_bars_case){
	    .bars = &m->bars,
	    .owner = {c->actor->org.n ? c->actor->org : c->actor->id,
		      m->bars.sender_ods},
	    .header = hf_req_header(c->req, "X-Request-Id"),
	};
	if (m->k.header.n > 128)
		m->k.header.n = 128;
	m->who = actor_of(c, m);
	c->state = m;
	once(c);
}

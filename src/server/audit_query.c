/* audit_query.c - see audit_query.h. */
#include "server/audit_query.h"

#include "access/audit_fhir.h"
#include "record/io/desk.h"
#include "record/io/person_key.h"
#include "server/api.h"
#include "server/users.h"

enum { COUNT = 20, COUNT_MOST = 200 };

static enum hf_rc
bad(struct hf_err *err, const char *name, const char *text)
{
	return hf_fail(err, HF_INVALID, name, "%s", text);
}

/* "Patient/abc", "abc" or an NHS number to the shelves of that person. */
static enum hf_rc
read_person(struct hf_look *look, struct hf_sv id, struct hf_audit_query *q,
	    struct hf_err *err)
{
	int64_t *shelves;
	enum hf_rc rc;

	if (hf_sv_starts(id, HF_SV("Patient/")))
		id = hf_sv_from_at(id, 8);
	rc = hf_person_key(look->store, id, look->arena, &id, err);
	if (rc == HF_OK)
		rc = hf_look_person(look, id, &shelves, &q->n_shelves, err);
	if (rc == HF_OK)
		q->shelves = shelves;
	return rc;
}

static enum hf_rc
read_count(struct hf_sv text, const char *name, size_t *out, struct hf_err *err)
{
	int64_t n;

	if (!hf_sv_int(text, &n) || n < 1)
		return bad(err, name, "it is a whole number from 1 on");
	*out = n < COUNT_MOST ? (size_t)n : COUNT_MOST;
	return HF_OK;
}

static enum hf_rc
read_outcome(struct hf_sv text, int *out, struct hf_err *err)
{
	if (text.n != 1 || !memchr("048", text.p[0], 3))
		return bad(err, "outcome", "it is 0 (done), 4 (refused) or 8 (failed)");
	*out = text.p[0] - '0';
	return HF_OK;
}

static enum hf_rc
read_action(struct hf_sv text, char *out, struct hf_err *err)
{
	if (text.n != 1 || !memchr("CRUDE", text.p[0], 5))
		return bad(err, "action", "it is C, R, U, D or E");
	*out = text.p[0];
	return HF_OK;
}

static enum hf_rc
read_codes(uint64_t set, const char *name, struct hf_audit_query *q, struct hf_err *err)
{
	if (set == 0)
		return bad(err, name, "there is no such code in the audit");
	q->codes = q->codes ? q->codes & set : set;
	/* Two that exclude each other find nothing. */
	if (q->codes == 0)
		q->codes = UINT64_C(1) << 63;
	return HF_OK;
}

/* date with eq, ge, gt, le or lt; several narrow it. */
static enum hf_rc
read_date(struct hf_sv text, struct hf_audit_query *q, struct hf_err *err)
{
	struct hf_sv prefix = {text.p, 2};
	hf_time from = HF_TIME_MIN, to = HF_TIME_MAX;
	struct hf_date d;
	bool has = text.n > 2 && text.p[0] >= 'a' && text.p[0] <= 'z';

	if (!hf_date_parse(has ? hf_sv_from_at(text, 2) : text, true, &d))
		return bad(err, "date", "it is no FHIR date");
	if (!has || hf_sv_is(prefix, "eq")) {
		from = d.lo;
		to = d.hi;
	} else if (hf_sv_is(prefix, "ge")) {
		from = d.lo;
	} else if (hf_sv_is(prefix, "gt") || hf_sv_is(prefix, "sa")) {
		from = d.hi;
	} else if (hf_sv_is(prefix, "le")) {
		to = d.hi;
	} else if (hf_sv_is(prefix, "lt") || hf_sv_is(prefix, "eb")) {
		to = d.lo;
	} else {
		return bad(err, "date", "eq, ge, gt, le and lt stand before a date");
	}
	q->from = from > q->from ? from : q->from;
	q->to = to < q->to ? to : q->to;
	return HF_OK;
}

static enum hf_rc
read_entity(struct hf_look *look, struct hf_sv value, struct hf_audit_query *q,
	    struct hf_err *err)
{
	if (hf_sv_starts(value, HF_SV("Patient/")))
		return read_person(look, value, q, err);
	q->what = value;
	return HF_OK;
}

bool
hf_audit_query_takes(struct hf_sv name)
{
	static const char *const names[] = {"action",  "address", "agent",   "altid",
					    "date",    "entity",  "outcome", "patient",
					    "subtype", "type"};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (hf_sv_eq(name, hf_sv_from(names[i])))
			return true;
	return false;
}

/* A code that is none finds nothing: so FHIR has it. */
static enum hf_rc
or_nothing(enum hf_rc rc, struct hf_audit_query *q)
{
	if (rc)
		q->codes = UINT64_C(1) << 63;
	return HF_OK;
}

static enum hf_rc
read_fhir(struct hf_look *look, const struct hf_param *p, struct hf_look_query *out,
	  struct hf_err *err)
{
	struct hf_audit_query *q = &out->q;
	struct hf_sv v = p->value;

	if (hf_sv_is(p->name, "_count"))
		return read_count(v, "_count", &out->max, err);
	if (hf_sv_is(p->name, "_page"))
		return hf_look_spot_read(v, &out->before)
			   ? HF_OK
			   : bad(err, "_page", "it is not one of ours");
	if (hf_sv_is(p->name, "patient"))
		return read_person(look, v, q, err);
	if (hf_sv_is(p->name, "agent") || hf_sv_is(p->name, "altid")) {
		q->actor = v;
		return HF_OK;
	}
	if (hf_sv_is(p->name, "date"))
		return read_date(v, q, err);
	if (hf_sv_is(p->name, "action"))
		return or_nothing(read_action(v, &q->action, err), q);
	if (hf_sv_is(p->name, "type"))
		return or_nothing(read_codes(hf_audit_fhir_type(v), "type", q, err), q);
	if (hf_sv_is(p->name, "subtype"))
		return or_nothing(
		    read_codes(hf_audit_fhir_subtype(v), "subtype", q, err), q);
	if (hf_sv_is(p->name, "outcome"))
		return or_nothing(read_outcome(v, &q->outcome, err), q);
	if (hf_sv_is(p->name, "entity"))
		return read_entity(look, v, q, err);
	if (hf_sv_is(p->name, "address")) {
		q->address = v;
		return HF_OK;
	}
	return hf_fail(err, HF_INVALID, NULL,
		       "the audit is searched by patient, agent, altid, date, action, "
		       "type, subtype, outcome, entity, address, _count and _page");
}

enum hf_rc
hf_audit_query_fhir(struct hf_call *call, struct hf_look *look,
		    struct hf_look_query *out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	*out = (struct hf_look_query){.q = hf_audit_query_all, .max = COUNT};
	for (size_t i = 0; i < call->n_params && rc == HF_OK; i++) {
		if (call->params[i].value.n == 0)
			return bad(err, "value", "a parameter has no value");
		rc = read_fhir(look, &call->params[i], out, err);
	}
	return rc;
}

enum hf_rc
hf_audit_query_time(struct hf_call *call, hf_time *from, hf_time *to,
		    struct hf_err *err)
{
	struct hf_sv a = hf_call_take_param(call, HF_SV("from"));
	struct hf_sv b = hf_call_take_param(call, HF_SV("to"));
	struct hf_date d;

	if (a.n) {
		if (!hf_date_parse(a, true, &d))
			return bad(err, "from", "it is no date, as in 2026-11-22");
		*from = d.lo;
	}
	if (b.n) {
		if (!hf_date_parse(b, true, &d))
			return bad(err, "to", "it is no date, as in 2026-11-22");
		*to = d.hi;
	}
	return HF_OK;
}

/* A login for the id that the audit knows; any other text stays as it is. */
static struct hf_sv
actor_of(struct hf_look *look, struct hf_sv text)
{
	struct hf_account account;
	struct hf_err err;

	if (text.n == 0 || memchr(text.p, '/', text.n) ||
	    hf_users_find(hf_reader_db(look->reader), text, look->arena, &account,
			  &err) != HF_OK)
		return text;
	return hf_arena_printf(look->arena, "user/%.*s", HF_SV_ARG(account.id));
}

enum hf_rc
hf_audit_query_api(struct hf_call *call, struct hf_look *look,
		   struct hf_look_query *out, struct hf_err *err)
{
	struct hf_sv person = hf_call_take_param(call, HF_SV("person"));
	struct hf_sv action = hf_call_take_param(call, HF_SV("action"));
	struct hf_sv kind = hf_call_take_param(call, HF_SV("kind"));
	struct hf_sv outcome = hf_call_take_param(call, HF_SV("outcome"));
	struct hf_sv glass = hf_call_take_param(call, HF_SV("glass"));
	struct hf_sv before = hf_call_take_param(call, HF_SV("before"));
	struct hf_sv user = hf_call_take_param(call, HF_SV("user"));
	enum hf_rc rc;

	*out = (struct hf_look_query){.q = hf_audit_query_all};
	out->q.actor = actor_of(look, user);
	out->q.glass = hf_sv_is(glass, "1");
	rc = hf_api_limit(call, COUNT_MOST, &out->max, err);
	(void)hf_call_take_param(call, HF_SV("limit"));
	if (out->max == 0)
		out->max = 50;
	if (rc == HF_OK)
		rc = hf_audit_query_time(call, &out->q.from, &out->q.to, err);
	if (rc == HF_OK && person.n)
		rc = read_person(look, person, &out->q, err);
	if (rc == HF_OK && action.n)
		rc = read_action(action, &out->q.action, err);
	if (rc == HF_OK && kind.n)
		rc = read_codes(hf_audit_fhir_subtype(kind), "kind", &out->q, err);
	if (rc == HF_OK && outcome.n)
		rc = read_outcome(outcome, &out->q.outcome, err);
	if (rc == HF_OK && before.n && !hf_look_spot_read(before, &out->before))
		rc = bad(err, "before", "give what \"next\" of the page before said");
	return rc;
}

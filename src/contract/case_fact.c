/* case_fact.c - what whoever takes a step says of a case: which facts, of what kind,
 * and who may say them with which event. */
#include "contract/case_int.h"

/* What only a proposal may say: the signatures are for it. */
static const char proposed_facts[] =
    "response impact effective expected jointApproval leadCommissioner leadProvider "
    "from to baseline avoided avoidedLow avoidedHigh evidence evidenceMeasure "
    "evidenceHash evidenceArea evidenceOver evidenceMethod marginal releasable "
    "blockChange communityCost kind line toLine period pence party reverses document";
/* What nobody says: it is worked out. */
static const char own_facts[] =
    "inYear withinBlock otherPerson bothNeeded settles signedCommissioner "
    "signedProvider";
/* Of some kinds: with which events something is said, so that nobody says it later or
 * in another's place (who takes the event is the pathway's). */
static const struct {
	enum hf_ct_case_kind kind;
	const char *facts, *events, *text;
} said_with[] = {
    {HF_CT_CHALLENGE, "title line period pence grounds evidence", "open",
     "what is challenged stands: withdraw it and raise another"},
    {HF_CT_CHALLENGE, "answer why", "answer", "it is of the provider's answer"},
    {HF_CT_CHALLENGE, "offered", "answer decide",
     "it is of the answer, or of the decision"},
    {HF_CT_CHALLENGE, "decision minute", "decide", "it is of the decision"},
    {HF_CT_CHALLENGE, "group", "escalate", "it is named when it is escalated"},
    {HF_CT_CHANGE, "component activity neutral", "open propose",
     "it is of what is said to have changed: say that again"},
    {HF_CT_ACTION, "title owner dueOn", "open propose",
     "owner and day are named together"},
};
/* What one party alone says of itself. */
static const char *const party_facts[HF_CT_PARTIES] = {
    [HF_CT_COMMISSIONER] = "viewCommissioner saysCommissioner",
    [HF_CT_PROVIDER] = "viewProvider saysProvider"};

static const int64_t number_most = 100000000000000;

static bool
is_month(int64_t v)
{
	return v >= 200001 && v <= 209912 && v % 100 >= 1 && v % 100 <= 12;
}

bool
hf_ct_expected(struct hf_sv text, struct hf_ct_expected *out)
{
	struct hf_sv rest = text;

	out->n = 0;
	while (rest.n) {
		struct hf_sv one = hf_sv_cut(&rest, ' '), pence = one;
		struct hf_sv month = hf_sv_cut(&pence, ':');
		int64_t period, v;

		if (one.n == 0)
			continue;
		if (out->n == HF_CT_EXPECTED || !hf_sv_int(month, &period) ||
		    !is_month(period) || !hf_sv_int(pence, &v) || v > number_most ||
		    v < -number_most || (out->n && period <= out->period[out->n - 1]))
			return false;
		out->period[out->n] = period;
		out->pence[out->n++] = v;
	}
	return out->n > 0;
}

static enum hf_rc
may_say(enum hf_ct_case_kind kind, const struct hf_pw_fact *fact,
	const struct hf_ct_event *e, struct hf_err *err)
{
	struct hf_sv name = hf_sv_from(fact->id);

	for (size_t i = 0; i < HF_COUNT(said_with); i++)
		if (said_with[i].kind == kind &&
		    hf_sv_among(name, said_with[i].facts) &&
		    !hf_sv_among(e->event, said_with[i].events))
			return hf_fail(err, HF_RULE, fact->id, "%s", said_with[i].text);
	if (hf_sv_among(name, party_facts[1 - e->party]))
		return hf_fail(err, HF_RULE, fact->id,
			       "each party says this for itself alone");
	if (hf_sv_among(name, proposed_facts) && !hf_sv_among(e->event, "open propose"))
		return hf_fail(err, HF_RULE, fact->id,
			       "it is of the proposal: make a new proposal");
	return HF_OK;
}

/* ---- facts that are given ---- */

static enum hf_rc
check_text(const struct hf_pw_fact *f, struct hf_sv text, struct hf_err *err)
{
	struct hf_ct_expected months;
	struct hf_date date;

	if (text.n == 0 || text.n > HF_CT_REASON)
		return hf_fail(err, HF_INVALID, f->id, "a text has 1 to %d characters",
			       HF_CT_REASON);
	if (hf_sv_is(hf_sv_from(f->id), "expected") && !hf_ct_expected(text, &months))
		return hf_fail(err, HF_INVALID, f->id,
			       "months and pence as 202007:-2500000 202008:-2500000 "
			       "are needed, 1 to %d, in order",
			       HF_CT_EXPECTED);
	if (hf_sv_among(hf_sv_from(f->id), "effective reviewOn dueOn") &&
	    (!hf_date_parse(text, false, &date) || date.precision != HF_PREC_DAY))
		return hf_fail(err, HF_INVALID, f->id, "a day as 2020-10-01 is needed");
	if (f->kind != HF_PW_CODE)
		return HF_OK;
	for (size_t i = 0; i < f->n_codes; i++)
		if (hf_sv_eq(text, hf_sv_from(f->codes[i])))
			return HF_OK;
	return hf_fail(err, HF_INVALID, f->id, "it is none of the words known here");
}

static enum hf_rc
read_value(struct hf_ct_case *c, const struct hf_pw_fact *f, const struct hf_json *d,
	   uint32_t node, struct hf_pv *out, struct hf_err *err)
{
	enum hf_json_type type = hf_json_type(d, node);

	*out = (struct hf_pv){0};
	if (f->kind == HF_PW_BOOLEAN &&
	    (type == HF_JSON_TRUE || type == HF_JSON_FALSE)) {
		out->kind = HF_PV_BOOL;
		out->b = type == HF_JSON_TRUE;
		return HF_OK;
	}
	if (f->kind == HF_PW_INTEGER && type == HF_JSON_NUMBER &&
	    hf_sv_int(hf_json_raw(d, node), &out->i) && out->i <= number_most &&
	    out->i >= -number_most) {
		out->kind = HF_PV_INT;
		return HF_OK;
	}
	if ((f->kind == HF_PW_STRING || f->kind == HF_PW_CODE) &&
	    type == HF_JSON_STRING) {
		out->kind = HF_PV_STRING;
		out->text = hf_sv_trim(hf_json_str(d, node, c->arena));
		return check_text(f, out->text, err);
	}
	return hf_fail(err, HF_INVALID, f->id,
		       "it is not the kind of value that is needed");
}

static enum hf_rc
take_fact(struct hf_ct_case *c, const struct hf_json *d, uint32_t node,
	  const struct hf_ct_event *e, struct hf_err *err)
{
	struct hf_sv name = hf_json_key(d, node);
	int f = hf_pw_fact(c->pathway, name);
	struct hf_pv v;
	enum hf_rc rc;

	if (f < 0)
		return hf_fail(err, HF_INVALID, "facts", "there is no such fact here");
	if (hf_sv_among(name, own_facts))
		return hf_fail(err, HF_INVALID, c->pathway->facts[f].id,
			       "it is worked out, and not given");
	rc = may_say(c->kind, &c->pathway->facts[f], e, err);
	if (rc)
		return rc;
	if (hf_json_type(d, node) == HF_JSON_NULL) {
		c->facts.known &= ~((hf_pw_set)1 << f);
		return HF_OK;
	}
	rc = read_value(c, &c->pathway->facts[f], d, node, &v, err);
	if (rc)
		return rc;
	c->facts.values[f] = v;
	c->facts.known |= (hf_pw_set)1 << f;
	return HF_OK;
}

enum hf_rc
hf_ct_case_take_facts(struct hf_ct_case *c, const struct hf_ct_event *e,
		      struct hf_err *err)
{
	static const struct hf_json_limits limits = {
	    .bytes = HF_CT_FACTS_BYTES, .depth = 2, .nodes = 100};
	struct hf_json d;
	enum hf_rc rc = HF_OK;

	if (e->facts.n == 0)
		return HF_OK;
	rc = hf_json_parse(e->facts, &limits, c->arena, &d, err);
	if (rc)
		return rc;
	if (hf_json_type(&d, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "facts", "facts are an object");
	for (uint32_t i = 1; rc == HF_OK && i < d.nodes[0].next; i = d.nodes[i].next)
		rc = take_fact(c, &d, i, e, err);
	return rc;
}

/* ---- what could be said ---- */

/* Adds the facts that a guard names: "%id". */
static void
add_asked(const struct hf_pathway *p, const char *guard, hf_pw_set *out)
{
	const char *at = guard;

	while (at && (at = strchr(at, '%'))) {
		size_t n = strspn(++at, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		int f = hf_pw_fact(p, (struct hf_sv){at, n});

		if (f >= 0)
			*out |= (hf_pw_set)1 << f;
		at += n;
	}
}

bool
hf_ct_case_asks(const struct hf_ct_case *c, const struct hf_ct_event *e,
		hf_pw_set *needs, hf_pw_set *says)
{
	const struct hf_pathway *p = c->pathway;
	int event = hf_pw_event(p, e->event);
	hf_pw_set roles = hf_ct_case_roles(c, e);
	bool could = false;
	struct hf_err err;

	*needs = *says = 0;
	for (size_t i = 0; event >= 0 && !c->in.ended && i < p->n_steps; i++) {
		const struct hf_pw_step *s = &p->steps[i];

		if (s->event != event || !(s->in >> c->in.state & 1) ||
		    (s->by && !(s->by & roles)))
			continue;
		could = true;
		add_asked(p, s->when.text, needs);
	}
	if (could && c->kind == HF_CT_REVIEW && hf_sv_is(e->event, "propose"))
		add_asked(p, "%component %effective %expected", needs);
	for (size_t f = 0; could && f < p->n_facts; f++)
		if (!hf_sv_among(hf_sv_from(p->facts[f].id), own_facts) &&
		    may_say(c->kind, &p->facts[f], e, &err) == HF_OK)
			*says |= (hf_pw_set)1 << f;
	*needs &= *says;
	return could;
}

/* ---- a challenge ---- */

static enum hf_rc
check_raised(const struct hf_ct_case *c, const struct hf_ct_event *e,
	     struct hf_err *err)
{
	int64_t period, pence;

	if (e->party != HF_CT_COMMISSIONER)
		return hf_fail(err, HF_FORBIDDEN, "party",
			       "a challenge is raised by the commissioner");
	if (!hf_ct_case_text(c, "line").p)
		return hf_fail(err, HF_INVALID, "line", "name the line");
	if (!hf_ct_case_int(c, "period", &period) || !is_month(period))
		return hf_fail(err, HF_INVALID, "period",
			       "a month as 202004 is needed");
	if (!hf_ct_case_int(c, "pence", &pence) || pence <= 0)
		return hf_fail(err, HF_INVALID, "pence",
			       "say how much is claimed back, more than 0");
	if (!hf_ct_case_text(c, "grounds").p)
		return hf_fail(err, HF_INVALID, "grounds", "name the grounds");
	return HF_OK;
}

enum hf_rc
hf_ct_case_check_challenge(const struct hf_ct_case *c, const struct hf_ct_event *e,
			   struct hf_err *err)
{
	const char *said = hf_sv_is(e->event, "answer") ? "answer" : "decision";
	int64_t pence = 0, offered = 0;

	if (hf_sv_is(e->event, "open"))
		return check_raised(c, e, err);
	if (!hf_sv_among(e->event, "answer decide") ||
	    !hf_sv_is(hf_ct_case_text(c, said), "part"))
		return HF_OK;
	hf_ct_case_int(c, "pence", &pence);
	if (!hf_ct_case_int(c, "offered", &offered) || offered <= 0 || offered >= pence)
		return hf_fail(err, HF_INVALID, "offered",
			       "a part is more than 0 and less than what is claimed");
	return HF_OK;
}

/* case.c - events of a case, applied by the pathway engine.  See case.h. */
#include "contract/case_int.h"

static const struct {
	const char *word, *pathway;
} kinds[HF_CT_CASES] = {
    [HF_CT_REVIEW] = {"review", "contract-review"},
    [HF_CT_TRANSFER] = {"transfer", "contract-transfer"},
    [HF_CT_POSTING] = {"posting", "contract-posting"},
    [HF_CT_CHALLENGE] = {"challenge", "contract-challenge"},
    [HF_CT_CHANGE] = {"change", "contract-change"},
    [HF_CT_ACTION] = {"action", "contract-action"},
};

/* Responses that move money. */
static const char money_responses[] = "marginal-rate re-baseline transfer deferral "
				      "waiting-list-initiative";

const char *
hf_ct_case_word(enum hf_ct_case_kind kind)
{
	return kinds[kind].word;
}

const char *
hf_ct_case_pathway(enum hf_ct_case_kind kind)
{
	return kinds[kind].pathway;
}

enum hf_ct_case_kind
hf_ct_case_find(struct hf_sv word)
{
	int k = 0;

	while (k < HF_CT_CASES && !hf_sv_eq(word, hf_sv_from(kinds[k].word)))
		k++;
	return (enum hf_ct_case_kind)k;
}

void
hf_ct_case_init(struct hf_ct_case *c, enum hf_ct_case_kind kind,
		const struct hf_pathway *pathway, hf_pence both_above,
		struct hf_arena *arena)
{
	*c = (struct hf_ct_case){.kind = kind,
				 .pathway = pathway,
				 .arena = arena,
				 .facts = {.age = -1},
				 .both_above = both_above};
}

/* ---- asking ---- */

const char *
hf_ct_case_state(const struct hf_ct_case *c)
{
	return c->n ? c->pathway->states[c->in.state].id : "";
}

static const struct hf_pv *
known(const struct hf_ct_case *c, const char *fact)
{
	int f = hf_pw_fact(c->pathway, hf_sv_from(fact));

	return f >= 0 && c->facts.known >> f & 1 ? &c->facts.values[f] : NULL;
}

struct hf_sv
hf_ct_case_text(const struct hf_ct_case *c, const char *fact)
{
	const struct hf_pv *v = known(c, fact);

	return v && v->kind == HF_PV_STRING ? v->text : (struct hf_sv){0};
}

bool
hf_ct_case_int(const struct hf_ct_case *c, const char *fact, int64_t *out)
{
	const struct hf_pv *v = known(c, fact);

	if (!v || v->kind != HF_PV_INT)
		return false;
	*out = v->i;
	return true;
}

bool
hf_ct_case_true(const struct hf_ct_case *c, const char *fact)
{
	const struct hf_pv *v = known(c, fact);

	return v && v->kind == HF_PV_BOOL && v->b;
}

bool
hf_ct_case_released(const struct hf_ct_case *c, hf_pence *out)
{
	int64_t avoided, marginal, releasable;
	hf_pence whole;

	return hf_ct_case_int(c, "avoided", &avoided) &&
	       hf_ct_case_int(c, "marginal", &marginal) &&
	       hf_ct_case_int(c, "releasable", &releasable) &&
	       hf_pence_times(marginal, avoided, &whole) &&
	       hf_pence_ratio(whole, releasable, 10000, HF_HALF_AWAY, out);
}

/* ---- facts that are worked out ---- */

static void
set_bool(struct hf_ct_case *c, const char *fact, bool v)
{
	int f = hf_pw_fact(c->pathway, hf_sv_from(fact));

	if (f < 0)
		return;
	c->facts.values[f] = (struct hf_pv){.kind = HF_PV_BOOL, .b = v};
	c->facts.known |= (hf_pw_set)1 << f;
}

static void
set_int(struct hf_ct_case *c, const char *fact, int64_t v)
{
	int f = hf_pw_fact(c->pathway, hf_sv_from(fact));

	if (f < 0)
		return;
	c->facts.values[f] = (struct hf_pv){.kind = HF_PV_INT, .i = v};
	c->facts.known |= (hf_pw_set)1 << f;
}

/* What a challenge gives back: as the provider answered, or as it was decided. */
static void
settle(struct hf_ct_case *c)
{
	struct hf_sv said = hf_ct_case_text(c, "decision");
	int64_t pence = 0;

	if (!said.p)
		said = hf_ct_case_text(c, "answer");
	if (c->kind == HF_CT_CHALLENGE && said.p &&
	    (hf_sv_among(said, "reject dismiss") ||
	     hf_ct_case_int(c, hf_sv_is(said, "part") ? "offered" : "pence", &pence)))
		set_int(c, "settles", pence);
}

/* Does it change money of the financial year it is decided in? */
static bool
in_year(const struct hf_ct_case *c, hf_time at)
{
	struct hf_sv text = hf_ct_case_text(c, "effective");
	struct hf_sv response = hf_ct_case_text(c, "response");
	struct hf_date day;
	struct hf_err err;
	int64_t next;

	if (!text.p || !hf_date_parse(text, false, &day) ||
	    (c->kind == HF_CT_REVIEW && !hf_sv_among(response, money_responses)))
		return false;
	return hf_ct_effective(hf_london_day(day.lo), hf_london_day(at), false, &next,
			       &err) != HF_OK;
}

static void
work_out(struct hf_ct_case *c, const struct hf_ct_event *e)
{
	hf_pence released, most = 0, pence = 0;
	bool within = hf_ct_case_released(c, &released) &&
		      hf_ct_case_int(c, "blockChange", &most) && released > 0 &&
		      released <= most;
	bool moves = hf_sv_is(hf_ct_case_text(c, "kind"), "virement");
	bool ours = hf_sv_among(hf_ct_case_text(c, "kind"), "correction settlement");

	settle(c);
	hf_ct_case_int(c, "pence", &pence);
	set_bool(c, "inYear", in_year(c, e->at));
	set_bool(c, "withinBlock", within);
	set_bool(c, "otherPerson",
		 c->proposed_by.n && !hf_sv_eq(c->proposed_by, e->by));
	set_bool(c, "bothNeeded",
		 ours || (moves && (pence > c->both_above || pence < -c->both_above)));
	set_bool(c, "signedCommissioner", c->signer[HF_CT_COMMISSIONER].n > 0);
	set_bool(c, "signedProvider", c->signer[HF_CT_PROVIDER].n > 0);
}

/* ---- signing ---- */

static enum hf_rc
sign(struct hf_ct_case *c, const struct hf_ct_event *e, struct hf_err *err)
{
	struct hf_sv other = c->signer[1 - e->party];

	if (!e->signatory)
		return hf_fail(err, HF_FORBIDDEN, "sign",
			       "this role does not sign for the party");
	if (c->signer[e->party].n)
		return hf_fail(err, HF_EXISTS, "sign",
			       "the party has signed it already");
	if (hf_sv_eq(other, e->by))
		return hf_fail(err, HF_RULE, "sign",
			       "one person cannot sign for both parties");
	c->signer[e->party] = e->by;
	c->signed_at[e->party] = e->at;
	return HF_OK;
}

hf_pw_set
hf_ct_case_roles(const struct hf_ct_case *c, const struct hf_ct_event *e)
{
	static const char *const roles[HF_CT_PARTIES][2] = {
	    [HF_CT_COMMISSIONER] = {"contract-commissioner",
				    "contract-commissioner-signatory"},
	    [HF_CT_PROVIDER] = {"contract-provider", "contract-provider-signatory"}};
	hf_pw_set set = 0;

	for (int i = 0; i < (e->signatory ? 2 : 1); i++) {
		int r = hf_pw_role(c->pathway, hf_sv_from(roles[e->party][i]));

		if (r >= 0)
			set |= (hf_pw_set)1 << r;
	}
	return set;
}

/* ---- applying ---- */

static bool
hash_of(const struct hf_ct_event *e, const char *before, struct hf_buf *b,
	char out[HF_CT_SHA_TEXT])
{
	struct hf_jw w = {.out = b};

	hf_jw_obj(&w);
	hf_jw_member(&w, "seq");
	hf_jw_int(&w, e->seq);
	hf_jw_field(&w, "key", e->key);
	hf_jw_field(&w, "event", e->event);
	hf_jw_field(&w, "by", e->by);
	hf_jw_field(&w, "role", e->role);
	hf_jw_field(&w, "org", e->org);
	hf_jw_member(&w, "party");
	hf_jw_int(&w, e->party);
	hf_jw_member(&w, "at");
	hf_jw_int(&w, e->at);
	hf_jw_field(&w, "reason", e->reason);
	hf_jw_field(&w, "facts", e->facts);
	hf_jw_field(&w, "from", e->from);
	hf_jw_field(&w, "to", e->to);
	hf_jw_field(&w, "before", hf_sv_from(before));
	hf_jw_obj_end(&w);
	return !b->failed && hf_ct_sha(hf_buf_view(b), out);
}

bool
hf_ct_event_holds(const struct hf_ct_event *e, const char *before,
		  struct hf_arena *arena)
{
	struct hf_buf b = {.cap = 1 << 20};
	char hash[HF_CT_SHA_TEXT];
	bool good = hash_of(e, before, &b, hash) && strcmp(hash, e->hash) == 0;

	(void)arena;
	hf_buf_free(&b);
	return good;
}

static enum hf_rc
check_event(const struct hf_ct_case *c, const struct hf_ct_event *e, struct hf_err *err)
{
	bool opens = hf_sv_is(e->event, "open");

	if (e->party != HF_CT_COMMISSIONER && e->party != HF_CT_PROVIDER)
		return hf_fail(err, HF_FORBIDDEN, "party",
			       "this organisation is of no party of the contract");
	if (e->key.n == 0 || e->key.n > HF_CT_KEY)
		return hf_fail(
		    err, HF_INVALID, "key",
		    "a key has 1 to %d characters: the same for a second try",
		    HF_CT_KEY);
	if (e->reason.n > HF_CT_REASON || (e->reason.n == 0 && !opens))
		return hf_fail(err, HF_INVALID, "reason",
			       "a reason of 1 to %d characters is needed",
			       HF_CT_REASON);
	if (opens != (c->n == 0))
		return hf_fail(err, HF_RULE, "event",
			       opens ? "it is open already" : "it is not open yet");
	return HF_OK;
}

static enum hf_rc
fire(struct hf_ct_case *c, const struct hf_ct_event *e, struct hf_pw_effects *effects,
     struct hf_err *err)
{
	struct hf_arena scratch = {.cap = 1 << 20};
	struct hf_pw_asked asked = {.event = hf_pw_event(c->pathway, e->event),
				    .at = e->at,
				    .roles = hf_ct_case_roles(c, e),
				    .facts = &c->facts};
	enum hf_rc rc;

	if (c->n == 0)
		rc = hf_ct_case_text(c, "title").p
			 ? hf_pw_begin(c->pathway, &asked, &scratch, &c->in, effects,
				       err)
			 : hf_fail(err, HF_INVALID, "title", "a title is needed");
	else if (asked.event < 0)
		rc = hf_fail(err, HF_INVALID, "event", "there is no such event here");
	else
		rc = hf_pw_fire(c->pathway, &c->in, &asked, &scratch, effects, err);
	hf_arena_free(&scratch);
	return rc;
}

static enum hf_rc
apply(struct hf_ct_case *c, struct hf_ct_event *e, struct hf_pw_effects *effects,
      struct hf_err *err)
{
	bool proposes = hf_sv_is(e->event, "open") || hf_sv_is(e->event, "propose");
	enum hf_rc rc = check_event(c, e, err);

	if (rc == HF_OK)
		rc = hf_ct_case_take_facts(c, e, err);
	if (rc == HF_OK && c->kind == HF_CT_CHALLENGE)
		rc = hf_ct_case_check_challenge(c, e, err);
	if (rc)
		return rc;
	if (proposes) {
		c->proposed_by = e->by;
		memset(c->signer, 0, sizeof c->signer);
	}
	if (hf_sv_is(e->event, "sign")) {
		rc = sign(c, e, err);
		if (rc)
			return rc;
	}
	work_out(c, e);
	if (hf_sv_among(e->event, "agree implement") && hf_ct_case_true(c, "inYear") &&
	    !hf_ct_case_true(c, "jointApproval"))
		return hf_fail(err, HF_RULE, "INYEAR_NOT_AGREED",
			       "it would change money within the financial year, and "
			       "both parties have not approved that");
	return fire(c, e, effects, err);
}

/* Rules that are younger than cases that are kept: what was done before stands. */
enum hf_rc
hf_ct_case_new(const struct hf_ct_case *c, const struct hf_ct_event *e,
	       struct hf_err *err)
{
	if (c->kind != HF_CT_REVIEW || !hf_sv_is(e->event, "agree"))
		return HF_OK;
	if (!hf_ct_case_text(c, "expected").p)
		return hf_fail(err, HF_RULE, "expected",
			       "a response says what effect is expected of it, month "
			       "by month: propose it again with that");
	if (!hf_ct_case_text(c, "effective").p)
		return hf_fail(err, HF_RULE, "effective",
			       "a response says from which day on it takes effect: "
			       "propose it again with that");
	return HF_OK;
}

enum hf_rc
hf_ct_case_apply(struct hf_ct_case *c, struct hf_ct_event *e,
		 struct hf_pw_effects *effects, struct hf_err *err)
{
	struct hf_ct_case before = *c;
	struct hf_buf b = {.cap = 1 << 20};
	enum hf_rc rc;

	e->seq = c->n + 1;
	e->from = hf_sv_from(hf_ct_case_state(c));
	rc = apply(c, e, effects, err);
	if (rc == HF_OK) {
		c->n++;
		e->to = hf_sv_from(hf_ct_case_state(c));
		if (c->n == 1) {
			c->opened = e->at;
			c->opened_by = e->by;
		}
		if (!hash_of(e, before.hash, &b, e->hash))
			rc = hf_fail(err, HF_FAULT, NULL, "the event has no hash");
		memcpy(c->hash, e->hash, sizeof c->hash);
	}
	if (rc)
		*c = before;
	hf_buf_free(&b);
	return rc;
}

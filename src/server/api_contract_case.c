/* api_contract_case.c - reviews, transfers and postings: looking at them, opening one,
 * and each next step.  The book decides (contract/io/book.h). */
#include "contract/pack.h"
#include "record/io/desk.h"
#include "server/api_body.h"
#include "server/contract.h"
#include "server/serve.h"
#include "server/sign.h"

void hf_api_contract_cases(struct hf_call *call);
void hf_api_contract_case_open(struct hf_call *call);
void hf_api_contract_case(struct hf_call *call);
void hf_api_contract_case_step(struct hf_call *call);
void hf_api_contract_evidence(struct hf_call *call);

struct act {
	struct hf_contract_ask a;
	struct hf_ct_step step;
	struct hf_sv evidence; /* facts with what a measure showed; n 0: none */
	enum hf_rc rc;
	struct hf_err err;
};

/* ---- looking ---- */

static bool
take_kind(struct hf_call *c, struct hf_sv word, enum hf_ct_case_kind *out)
{
	struct hf_err err;

	*out = hf_ct_case_find(word);
	if (*out != HF_CT_CASES)
		return true;
	hf_fail(&err, HF_INVALID, "kind",
		"it is review, transfer, posting, challenge, change or action");
	hf_api_fail(c, &err);
	return false;
}

void
hf_api_contract_cases(struct hf_call *c)
{
	struct hf_sv word = hf_call_take_param(c, HF_SV("kind"));
	enum hf_ct_case_kind kind = HF_CT_CASES;
	struct hf_contract_ask a;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(c) || !hf_contract_begin(c, &a) ||
	    (word.p && !take_kind(c, word, &kind)))
		return;
	hf_api_begin(c, &w);
	if (hf_contract_cases(c, &a, &w, "cases", kind, false, &err))
		hf_api_fail(c, &err);
	else
		hf_api_end(c);
}

static bool
put_event(struct hf_call *c, struct hf_jw *w, const struct hf_ct_event *e,
	  const char *before)
{
	static const char *const parties[] = {"commissioner", "provider"};
	bool holds = hf_ct_event_holds(e, before, c->arena);

	hf_jw_obj(w);
	hf_ct_int(w, "seq", e->seq);
	hf_jw_field(w, "event", e->event);
	hf_contract_user(c, w, "by", e->by);
	hf_jw_field(w, "role", e->role);
	hf_jw_field(w, "org", e->org);
	hf_ct_text(w, "party", parties[e->party == HF_CT_PROVIDER]);
	hf_write_time(w, "at", e->at);
	hf_jw_field(w, "reason", e->reason);
	if (e->facts.n) {
		hf_jw_member(w, "facts");
		hf_jw_raw(w, e->facts);
	}
	hf_jw_field(w, "from", e->from);
	hf_jw_field(w, "to", e->to);
	hf_ct_text(w, "hash", e->hash);
	hf_jw_obj_end(w);
	return holds;
}

static void
put_facts(struct hf_jw *w, const char *name, const struct hf_pathway *p, hf_pw_set set)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	for (size_t f = 0; f < p->n_facts; f++)
		if (set >> f & 1)
			hf_jw_str(w, hf_sv_from(p->facts[f].id));
	hf_jw_arr_end(w);
}

/* One event: can it be taken as things stand, could it with what it needs to know, and
 * what may be said with it. */
static void
put_move(struct hf_jw *w, const struct hf_ct_case *k, const struct hf_ct_event *look,
	 size_t i)
{
	struct hf_ct_case copy = *k;
	struct hf_ct_event e = *look;
	struct hf_pw_effects effects;
	struct hf_err err = {0};
	hf_pw_set needs, says;
	bool ok, could;

	e.event = hf_sv_from(k->pathway->events[i]);
	could = hf_ct_case_asks(k, &e, &needs, &says);
	ok = hf_ct_case_apply(&copy, &e, &effects, &err) == HF_OK &&
	     hf_ct_case_new(&copy, &e, &err) == HF_OK;
	hf_jw_obj(w);
	hf_ct_text(w, "event", k->pathway->events[i]);
	hf_ct_text(w, "title", k->pathway->event_titles[i]);
	hf_jw_member(w, "allowed");
	hf_jw_bool(w, ok);
	hf_jw_member(w, "asks");
	hf_jw_bool(w, !ok && could && needs);
	if (ok || could) {
		put_facts(w, "needs", k->pathway, needs);
		put_facts(w, "says", k->pathway, says);
	}
	if (!ok)
		hf_ct_text(w, "why", err.text);
	hf_jw_obj_end(w);
}

/* What could be done now by whoever asks, and why not. */
static void
put_moves(struct hf_call *c, struct hf_jw *w, const struct hf_contract_ask *a,
	  const struct hf_ct_case *k)
{
	const struct hf_ct_event look = {.key = HF_SV("look"),
					 .by = a->by.user,
					 .role = a->by.role,
					 .org = a->by.org,
					 .party = a->by.party,
					 .signatory = a->by.signatory,
					 .at = c->now,
					 .reason = HF_SV("look")};

	hf_jw_member(w, "moves");
	hf_jw_arr(w);
	for (size_t i = 0; i < k->pathway->n_events; i++)
		put_move(w, k, &look, i);
	hf_jw_arr_end(w);
}

static void
put_wants(struct hf_jw *w, const struct hf_pathway *p)
{
	static const char *const types[] = {"boolean", "integer", "decimal", "code",
					    "string"};

	hf_jw_member(w, "wants");
	hf_jw_arr(w);
	for (size_t f = 0; f < p->n_facts; f++) {
		hf_jw_obj(w);
		hf_ct_text(w, "fact", p->facts[f].id);
		hf_ct_text(w, "title", p->facts[f].title);
		hf_ct_text(w, "type", types[p->facts[f].kind]);
		if (p->facts[f].n_codes) {
			hf_jw_member(w, "codes");
			hf_jw_arr(w);
			for (size_t i = 0; i < p->facts[f].n_codes; i++)
				hf_jw_str(w, hf_sv_from(p->facts[f].codes[i]));
			hf_jw_arr_end(w);
		}
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static struct hf_sv
subject_of(struct hf_call *c)
{
	return hf_arena_printf(c->arena, "%.*s/%.*s", HF_SV_ARG(c->arg[1]),
			       HF_SV_ARG(c->arg[2]));
}

/* Of a response: what was expected of it, month by month, and what followed. */
static void
put_followed(struct hf_call *c, struct hf_jw *w, const struct hf_contract_ask *a,
	     const struct hf_ct_case *k)
{
	struct hf_ct_run *run;
	struct hf_err err;
	int64_t day;

	if (k->kind == HF_CT_REVIEW && a->terms && hf_ct_case_text(k, "expected").p &&
	    hf_contract_run(c, a, (struct hf_sv){0}, &run, &day, &err) == HF_OK)
		hf_ct_pack_followed(run, run->months - 1, k, w);
}

void
hf_api_contract_case(struct hf_call *c)
{
	struct hf_contract_ask a;
	struct hf_ct_event *events;
	struct hf_ct_case k;
	struct hf_sv contract, subject = subject_of(c);
	bool chain = true;
	struct hf_err err;
	struct hf_jw w;
	size_t n;
	enum hf_rc rc;

	if (!hf_api_no_params(c) || !hf_contract_begin(c, &a))
		return;
	rc = hf_ct_book_case(hf_reader_db(c->reader), a.lib, subject, c->arena, &k,
			     &contract, &events, &n, &err);
	if (rc == HF_OK && !hf_sv_eq(contract, a.id))
		rc = hf_fail(&err, HF_NOT_FOUND, NULL, "there is no such case");
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	hf_api_begin(c, &w);
	hf_contract_case(c, &w, subject, &k, a.pool);
	hf_jw_member(&w, "events");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		chain &= put_event(c, &w, &events[i], i ? events[i - 1].hash : "");
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "chain");
	hf_jw_bool(&w, chain);
	put_followed(c, &w, &a, &k);
	put_moves(c, &w, &a, &k);
	put_wants(&w, k.pathway);
	hf_api_end(c);
}

/* ---- doing ---- */

static void
run(struct hf_call *c, void *ctx)
{
	struct act *x = ctx;

	x->rc = hf_ct_book_step(c->store, &x->a.by, x->a.lib, &x->step, &x->err);
}

static void
answer(struct hf_call *c, void *ctx)
{
	const struct act *x = ctx;
	struct hf_jw w;

	if (x->rc) {
		hf_api_fail(c, &x->err);
		return;
	}
	hf_api_begin(c, &w);
	hf_jw_field(&w, "subject", x->step.subject);
	hf_jw_field(&w, "state", x->step.state);
	hf_ct_int(&w, "seq", x->step.seq);
	hf_jw_member(&w, "again");
	hf_jw_bool(&w, x->step.again);
	hf_api_end(c);
}

/* The facts as they came, without white space: that is what is hashed and kept. */
/* What evidence says is reckoned by the server, and never typed. */
static bool
says_evidence(const struct hf_json *doc, uint32_t facts)
{
	static const char *const names[] = {"evidenceMeasure", "evidenceHash",
					    "evidenceArea", "evidenceOver",
					    "evidenceMethod"};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (hf_json_get(doc, facts, hf_sv_from(names[i])) != HF_JSON_NONE)
			return true;
	return false;
}

static enum hf_rc
take_facts(struct hf_call *c, const struct hf_json *doc, struct hf_sv *out,
	   struct hf_err *err)
{
	uint32_t node = hf_json_member(doc, 0, "facts");
	struct hf_buf b = {.cap = HF_CT_FACTS_BYTES};

	*out = HF_SV("");
	if (node == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(doc, node) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, "facts", "facts are an object");
	if (says_evidence(doc, node))
		return hf_fail(err, HF_INVALID, "facts",
			       "evidence of a measure is reckoned: ask for it");
	hf_json_minify(doc, node, &b);
	if (!b.failed)
		*out = hf_arena_sv(c->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out->n ? HF_OK : hf_fail(err, HF_TOO_LONG, "facts", "they are too long");
}

static void
go(struct hf_call *c, struct act *x, const struct hf_json *doc)
{
	struct hf_err err;
	enum hf_rc rc =
	    hf_api_body_text(c, doc, "key", 1, HF_CT_KEY, &x->step.key, &err);

	if (rc == HF_OK)
		rc = hf_api_body_text(c, doc, "reason", 0, HF_CT_REASON / 2,
				      &x->step.reason, &err);
	if (rc == HF_OK)
		rc = take_facts(c, doc, &x->step.facts, &err);
	if (x->evidence.n)
		x->step.facts = x->evidence;
	x->step.contract = x->a.id;
	if (rc)
		hf_api_fail(c, &err);
	else
		hf_call_work(c, c->server->sign->desk, run, answer, hf_api_fail, x);
}

static struct act *
begin(struct hf_call *c, const char *members, struct hf_json *doc)
{
	struct act *x = HF_NEW(c->arena, struct act);
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(c))
		return NULL;
	rc = x ? hf_api_body(c, members, doc, &err)
	       : hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
	if (rc) {
		hf_api_fail(c, &err);
		return NULL;
	}
	return hf_contract_begin(c, &x->a) ? x : NULL;
}

/* The same key of the same user opens the same case: a second try finds it. */
static struct hf_sv
new_subject(struct hf_call *c, const struct act *x, struct hf_sv key)
{
	char sha[HF_CT_SHA_TEXT];
	struct hf_sv text =
	    hf_arena_printf(c->arena, "%.*s %.*s %.*s", HF_SV_ARG(x->a.id),
			    HF_SV_ARG(x->a.by.user), HF_SV_ARG(key));

	if (!text.p || !hf_ct_sha(text, sha))
		return (struct hf_sv){0};
	return hf_arena_printf(c->arena, "%s/%.20s", hf_ct_case_word(x->step.kind),
			       sha);
}

void
hf_api_contract_case_open(struct hf_call *c)
{
	struct hf_json doc;
	struct hf_sv kind, key;
	struct hf_err err;
	struct act *x = begin(c, "kind key reason facts", &doc);
	enum hf_rc rc;

	if (!x)
		return;
	rc = hf_api_body_text(c, &doc, "kind", 1, 20, &kind, &err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, &doc, "key", 1, HF_CT_KEY, &key, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	if (!take_kind(c, kind, &x->step.kind))
		return;
	x->step.subject = new_subject(c, x, key);
	x->step.event = HF_SV("open");
	go(c, x, &doc);
}

void
hf_api_contract_case_step(struct hf_call *c)
{
	struct hf_json doc;
	struct hf_err err;
	struct act *x = begin(c, "event key reason facts", &doc);

	if (!x || !take_kind(c, c->arg[1], &x->step.kind))
		return;
	if (hf_api_body_text(c, &doc, "event", 1, 64, &x->step.event, &err)) {
		hf_api_fail(c, &err);
		return;
	}
	x->step.subject = subject_of(c);
	go(c, x, &doc);
}

/* ---- evidence ---- */

/* The facts that were given and those of the evidence, as one object. */
static enum hf_rc
merge(struct hf_call *c, struct hf_sv given, const struct hf_contract_evidence *e,
      bool opportunity, struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf b = {.cap = HF_CT_FACTS_BYTES};
	struct hf_jw w = {.out = &b};
	struct hf_sv own;

	hf_jw_obj(&w);
	hf_ct_int(&w, "baseline", e->baseline);
	hf_ct_int(&w, "avoided", e->avoided);
	hf_ct_int(&w, "avoidedLow", e->low);
	hf_ct_int(&w, "avoidedHigh", e->high);
	hf_jw_field(&w, "evidence", e->words);
	hf_jw_field(&w, "evidenceMeasure", e->measure);
	hf_ct_text(&w, "evidenceHash", e->hash);
	hf_jw_field(&w, "evidenceArea", e->area);
	hf_jw_field(&w, "evidenceOver", e->over);
	hf_ct_text(&w, "evidenceMethod", opportunity ? "opportunity" : "difference");
	hf_jw_obj_end(&w);
	own = hf_buf_view(&b);
	*out = b.failed	     ? (struct hf_sv){NULL, 0}
	       : given.n > 2 ? hf_arena_printf(c->arena, "%.*s,%.*s", (int)given.n - 1,
					       given.p, (int)own.n - 1, own.p + 1)
			     : hf_arena_sv(c->arena, own);
	hf_buf_free(&b);
	return out->p && out->n <= HF_CT_FACTS_BYTES
		   ? HF_OK
		   : hf_fail(err, HF_TOO_LONG, "facts", "they are too long");
}

static bool
types_evidence(const struct hf_json *doc)
{
	uint32_t node = hf_json_member(doc, 0, "facts");
	static const char *const names[] = {"baseline", "avoided", "avoidedLow",
					    "avoidedHigh", "evidence"};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (hf_json_get(doc, node, hf_sv_from(names[i])) != HF_JSON_NONE)
			return true;
	return false;
}

static enum hf_rc
take_ask(struct hf_call *c, const struct hf_json *doc,
	 struct hf_contract_evidence_ask *ask, struct hf_err *err)
{
	struct {
		const char *name;
		size_t least;
		struct hf_sv *out;
	} texts[] = {{"measure", 1, &ask->measure}, {"by", 1, &ask->by},
		     {"area", 1, &ask->area},	    {"from", 1, &ask->from},
		     {"to", 1, &ask->to},	    {"baseline", 0, &ask->baseline}};
	struct hf_sv method = {0};
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(texts); i++)
		rc = hf_api_body_text(c, doc, texts[i].name, texts[i].least, 80,
				      texts[i].out, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(c, doc, "method", 1, 20, &method, err);
	if (rc == HF_OK && !hf_sv_among(method, "difference opportunity"))
		rc = hf_fail(err, HF_INVALID, "method",
			     "it is difference or opportunity");
	if (rc == HF_OK && types_evidence(doc))
		rc = hf_fail(err, HF_INVALID, "facts",
			     "what was avoided is reckoned from the measure here");
	ask->opportunity = hf_sv_is(method, "opportunity");
	return rc;
}

/* Proposes a scheme again with what a measure shows of it. */
void
hf_api_contract_evidence(struct hf_call *c)
{
	struct hf_contract_evidence_ask ask = {0};
	struct hf_contract_evidence e;
	struct hf_json doc;
	struct hf_sv given;
	struct hf_err err;
	struct act *x =
	    begin(c, "key reason facts measure by area from to baseline method", &doc);
	const struct hf_contract_source source = hf_contract_source(c);
	enum hf_rc rc;

	if (!x || !take_kind(c, c->arg[1], &x->step.kind))
		return;
	rc = x->step.kind == HF_CT_TRANSFER
		 ? take_ask(c, &doc, &ask, &err)
		 : hf_fail(&err, HF_INVALID, "kind", "evidence is of a transfer");
	if (rc == HF_OK)
		rc = take_facts(c, &doc, &given, &err);
	if (rc == HF_OK)
		rc = hf_contract_evidence(&source, &ask, &e, &err);
	if (rc == HF_OK)
		rc = merge(c, given, &e, ask.opportunity, &x->evidence, &err);
	if (rc) {
		hf_api_fail(c, &err);
		return;
	}
	x->step.subject = subject_of(c);
	x->step.event = HF_SV("propose");
	go(c, x, &doc);
}

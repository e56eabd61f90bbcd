/* api_choices.c - a person's choices about sharing: what is recorded, where each
 * applies and where not, and recording one; and why somebody may see a record. */
#include "base/nhs.h"
#include "record/io/change.h"
#include "record/io/person_key.h"
#include "record/io/rights.h"
#include "record/io/why.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/serve.h"
#include "server/sharing_write.h"

void hf_api_choices(struct hf_call *call);
void hf_api_choose(struct hf_call *call);
void hf_api_why(struct hf_call *call);

/* ---- what is chosen ---- */

struct choices {
	struct hf_relations relations;
	bool ndo; /* on the list */
	hf_time list_at;
	bool ndo_known; /* this user is told */
};

/* Where an opt-out applies, and where not, in the words of optouts.json. */
static void
write_where(struct hf_jw *w, const struct hf_rules *rules)
{
	for (int applies = 1; applies >= 0; applies--) {
		hf_jw_key(w, applies ? HF_SV("applies") : HF_SV("appliesNot"));
		hf_jw_arr(w);
		for (size_t i = 0; i < rules->n; i++)
			if ((rules->items[i].then == HF_DENY) == (applies == 1))
				hf_jw_str(w, hf_sv_from(rules->items[i].text));
		hf_jw_arr_end(w);
	}
}

static void
write_choice(struct hf_jw *w, const char *name, struct hf_sv ref,
	     const struct hf_rules *rules)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_api_flag(w, "on", ref.n != 0);
	hf_api_text(w, "ref", ref);
	write_where(w, rules);
	hf_jw_obj_end(w);
}

static void
write_ndo(struct hf_jw *w, const struct choices *c, const struct hf_policy *policy,
	  hf_time now)
{
	hf_jw_member(w, "ndo");
	hf_jw_obj(w);
	if (c->ndo_known)
		hf_api_flag(w, "on", c->ndo);
	if (c->list_at)
		hf_write_time(w, "listAt", c->list_at);
	hf_api_flag(w, "stale",
		    c->list_at == 0 || now - c->list_at > policy->ndo_list_age);
	write_where(w, &policy->optouts[1]);
	hf_jw_obj_end(w);
}

/* Parties the person has consented to, by name of the Consent. */
static void
write_consents(struct hf_jw *w, const struct choices *c, const struct hf_policy *policy,
	       hf_time now)
{
	hf_jw_member(w, "consents");
	hf_jw_arr(w);
	for (size_t i = 0; i < c->relations.n; i++) {
		const struct hf_relation *r = &c->relations.items[i];

		if (r->kind != HF_REL_CONSENT)
			continue;
		hf_jw_obj(w);
		hf_jw_field(w, "ref", r->source);
		hf_api_text(w, "org", r->org.n ? r->org : r->org_ref);
		hf_api_text(w, "practitioner", r->who);
		hf_write_time(w, "from", r->start);
		hf_write_time(w, "to", r->end);
		hf_api_flag(w, "counts", hf_relation_counts(policy, r, now));
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
answer(struct hf_call *call, const struct choices *c)
{
	const struct hf_policy *policy = &call->server->policy;
	struct hf_jw w;

	hf_api_begin(call, &w);
	write_choice(&w, "objection", c->relations.objection, &policy->optouts[0]);
	write_choice(&w, "type1", c->relations.type1, &policy->optouts[2]);
	write_ndo(&w, c, policy, call->now);
	write_consents(&w, c, policy, call->now);
	hf_api_end(call);
}

/* Is a number of the Patient on the list? */
static bool
on_list(struct hf_call *call, const struct hf_rights *rights, const struct hf_json *doc)
{
	uint32_t list = hf_json_member(doc, 0, "identifier");

	if (list == HF_JSON_NONE || hf_json_type(doc, list) != HF_JSON_ARRAY)
		return false;
	for (uint32_t i = list + 1; i < doc->nodes[list].next; i = doc->nodes[i].next) {
		struct hf_sv system =
		    hf_json_str(doc, hf_json_member(doc, i, "system"), call->arena);
		struct hf_sv value =
		    hf_json_str(doc, hf_json_member(doc, i, "value"), call->arena);
		struct hf_nhs nhs;

		if (hf_sv_is(system, "https://fhir.nhs.uk/Id/nhs-number") &&
		    hf_nhs_parse(value, &nhs, NULL) == HF_OK &&
		    hf_rights_ndo(rights, hf_nhs_sv(&nhs)))
			return true;
	}
	return false;
}

/* The choices of a person whom this user may see.  The opt-out from other uses is
 * nothing that those who care for the person need: the person is told theirs. */
static enum hf_rc
read_choices(struct hf_call *call, struct choices *out, struct hf_err *err)
{
	struct hf_reader *plain = NULL;
	const struct hf_rights *rights = NULL;
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_store_read(call->reader, HF_SV("Patient"), call->arg[0], 0,
				      call->arena, &v, err);

	*out = (struct choices){.ndo_known = call->actor->group == HF_GROUP_PAT ||
					     call->actor->kind == HF_ACTOR_TRIAL};
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, call->arena, &doc, err);
	if (rc == HF_OK)
		rc = hf_call_rights(call, &rights, err);
	/* Choices count whoever may read the entries that say so. */
	if (rc == HF_OK)
		rc = hf_reader_get(call->store, &plain, err);
	if (rc == HF_OK)
		rc = hf_relations_read(plain, call->arg[0], NULL, call->arena,
				       &out->relations, err);
	hf_reader_put(plain);
	if (rc)
		return rc;
	hf_call_saw(call, v.e.rid);
	out->ndo = on_list(call, rights, &doc);
	out->list_at = hf_rights_ndo_list_at(rights);
	return HF_OK;
}

void
hf_api_choices(struct hf_call *call)
{
	struct choices c;
	struct hf_err err;

	if (!hf_api_no_params(call))
		return;
	if (read_choices(call, &c, &err) != HF_OK)
		hf_api_fail(call, &err);
	else
		answer(call, &c);
}

/* ---- recording one ---- */

struct choosing {
	struct hf_json doc;
	struct hf_issues issues;
	struct hf_change_item item;
	struct hf_change change;
};

/* Text for a narrative: its marks escaped. */
static struct hf_sv
escaped(struct hf_call *call, struct hf_sv text)
{
	struct hf_buf b = {.cap = 8192};
	struct hf_sv out;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '&')
			hf_buf_lit(&b, "&amp;");
		else if (text.p[i] == '<')
			hf_buf_lit(&b, "&lt;");
		else if (text.p[i] == '>')
			hf_buf_lit(&b, "&gt;");
		else
			hf_buf_char(&b, text.p[i]);
	}
	out = hf_arena_sv(call->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out;
}

static void
coding(struct hf_jw *w, struct hf_sv system, struct hf_sv code, struct hf_sv display)
{
	hf_jw_obj(w);
	hf_jw_member(w, "coding");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "system", system);
	hf_jw_field(w, "code", code);
	hf_api_text(w, "display", display);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
narrative(struct hf_call *call, struct hf_jw *w, struct hf_sv note)
{
	if (note.n == 0)
		return;
	hf_jw_member(w, "text");
	hf_jw_obj(w);
	hf_jw_field(w, "status", HF_SV("additional"));
	hf_jw_field(
	    w, "div",
	    hf_arena_printf(call->arena,
			    "<div xmlns=\"http://www.w3.org/1999/xhtml\">%.*s</div>",
			    HF_SV_ARG(escaped(call, note))));
	hf_jw_obj_end(w);
}

static void
reference(struct hf_jw *w, const char *name, struct hf_sv ref)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_field(w, "reference", ref);
	hf_jw_obj_end(w);
}

/* An objection to sharing, or its withdrawal, is a Consent about everybody. */
static void
write_objection(struct hf_call *call, struct hf_jw *w, bool on, struct hf_sv note)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Consent"));
	narrative(call, w, note);
	hf_jw_field(w, "status", HF_SV("active"));
	hf_jw_member(w, "scope");
	coding(w, HF_SV("http://terminology.hl7.org/CodeSystem/consentscope"),
	       HF_SV("patient-privacy"), HF_SV("Privacy Consent"));
	hf_jw_member(w, "category");
	hf_jw_arr(w);
	coding(w, HF_SV("http://loinc.org"), HF_SV("59284-0"),
	       HF_SV("Patient Consent"));
	hf_jw_arr_end(w);
	reference(
	    w, "patient",
	    hf_arena_printf(call->arena, "Patient/%.*s", HF_SV_ARG(call->arg[0])));
	hf_write_time(w, "dateTime", call->now);
	if (hf_sv_starts(call->actor->who, HF_SV("Practitioner/"))) {
		hf_jw_member(w, "performer");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "reference", call->actor->who);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
	hf_jw_member(w, "policyRule");
	coding(w, HF_SV("http://terminology.hl7.org/CodeSystem/v3-ActCode"),
	       on ? HF_SV("OPTOUT") : HF_SV("OPTIN"), HF_SV(""));
	hf_jw_member(w, "provision");
	hf_jw_obj(w);
	hf_jw_field(w, "type", on ? HF_SV("deny") : HF_SV("permit"));
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

/* A Type 1 opt-out, or its withdrawal, is a coded entry of the practice's. */
static void
write_type1(struct hf_call *call, struct hf_jw *w, bool on, struct hf_sv note)
{
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("Observation"));
	narrative(call, w, note);
	hf_jw_field(w, "status", HF_SV("final"));
	hf_jw_member(w, "code");
	coding(w, HF_SV("http://snomed.info/sct"),
	       on ? HF_SV("827241000000103") : HF_SV("827261000000102"), HF_SV(""));
	reference(
	    w, "subject",
	    hf_arena_printf(call->arena, "Patient/%.*s", HF_SV_ARG(call->arg[0])));
	hf_write_time(w, "effectiveDateTime", call->now);
	hf_jw_obj_end(w);
}

static enum hf_rc
read_choice(struct hf_call *call, bool *type1, bool *on, struct hf_sv *note,
	    struct hf_err *err)
{
	struct hf_sv choice;
	struct hf_json doc;
	uint32_t node;
	enum hf_rc rc = hf_api_body(call, "choice on note", &doc, err);

	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "choice", 1, 32, &choice, err);
	if (rc == HF_OK)
		rc = hf_api_body_text(call, &doc, "note", 0, 500, note, err);
	if (rc)
		return rc;
	*type1 = hf_sv_is(choice, "type1");
	if (!*type1 && !hf_sv_is(choice, "objection"))
		return hf_fail(err, HF_INVALID, "choice",
			       "what is recorded here is \"objection\" or \"type1\"");
	node = hf_json_member(&doc, 0, "on");
	*on = node != HF_JSON_NONE && hf_json_type(&doc, node) == HF_JSON_TRUE;
	if (node == HF_JSON_NONE || (!*on && hf_json_type(&doc, node) != HF_JSON_FALSE))
		return hf_fail(err, HF_INVALID, "on", "expected true or false");
	return HF_OK;
}

static void
chosen(struct hf_call *call, struct hf_change *change)
{
	struct choices c;
	struct hf_err err = change->err;

	if (change->rc != HF_OK || read_choices(call, &c, &err) != HF_OK)
		hf_api_fail(call, &err);
	else
		answer(call, &c);
}

static enum hf_rc
make_change(struct hf_call *call, struct choosing *x, bool type1, bool on,
	    struct hf_sv note, struct hf_err *err)
{
	struct hf_buf b = {.cap = 64 * 1024};
	struct hf_jw w = {.out = &b};
	struct hf_sv text;
	enum hf_rc rc;

	if (type1)
		write_type1(call, &w, on, note);
	else
		write_objection(call, &w, on, note);
	text = b.failed ? (struct hf_sv){NULL, 0}
			: hf_arena_sv(call->arena, hf_buf_view(&b));
	hf_buf_free(&b);
	if (!text.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this change");
	rc = hf_json_parse(text, NULL, call->arena, &x->doc, err);
	if (rc)
		return rc;
	x->issues.arena = call->arena;
	x->item = (struct hf_change_item){
	    .op = HF_OP_CREATE,
	    .type = hf_resource_find(type1 ? HF_SV("Observation") : HF_SV("Consent")),
	    .doc = &x->doc};
	x->change = (struct hf_change){.arena = call->arena,
				       .actor = call->actor->id,
				       .purpose = call->actor->purpose,
				       .source = HF_SV("choice"),
				       .trace = hf_call_trace(call),
				       .base = call->base,
				       .items = &x->item,
				       .n = 1,
				       .issues = &x->issues};
	rc = hf_change_prepare(call->store, call->reader, &x->change, err);
	if (rc && x->issues.n)
		return hf_fail(err, rc, NULL, "%.*s",
			       HF_SV_ARG(x->issues.items[0].text));
	return rc;
}

void
hf_api_choose(struct hf_call *call)
{
	struct choosing *x = HF_NEW(call->arena, struct choosing);
	struct hf_version v;
	struct hf_sv note;
	bool type1 = false, on = false;
	struct hf_err err;
	enum hf_rc rc;

	if (!hf_api_no_params(call))
		return;
	rc = x ? read_choice(call, &type1, &on, &note, &err)
	       : hf_fail(&err, HF_TOO_LONG, NULL, "no memory for this change");
	/* Nobody records for a person whom they may not see. */
	if (rc == HF_OK)
		rc = hf_store_read(call->reader, HF_SV("Patient"), call->arg[0], 0,
				   call->arena, &v, &err);
	if (rc == HF_OK)
		rc = make_change(call, x, type1, on, note, &err);
	if (rc)
		hf_api_fail(call, &err);
	else
		hf_call_commit(call, &x->change, chosen);
}

/* ---- why ---- */

static struct hf_sv
param(struct hf_call *call, const char *name)
{
	struct hf_sv v = hf_call_take_param(call, hf_sv_from(name));

	return v.p ? v : HF_SV("");
}

/* Whoever oversees access asks about anybody: answered from the whole record, in ids,
 * codes and times. */
void
hf_api_why(struct hf_call *call)
{
	struct hf_why_form form = {
	    .person = param(call, "person"),
	    .role = param(call, "role"),
	    .org = param(call, "org"),
	    .user = param(call, "user"),
	    .from = param(call, "from"),
	    .purpose = param(call, "purpose"),
	};
	struct hf_sv at = param(call, "at");
	const struct hf_rights *rights;
	struct hf_reader *plain = NULL;
	struct hf_why *why = HF_NEW(call->arena, struct hf_why);
	struct hf_date date;
	struct hf_err err = {0};
	struct hf_jw w;
	enum hf_rc rc = HF_OK;

	if (!hf_api_no_params(call))
		return;
	if (!why)
		rc = hf_fail(&err, HF_TOO_LONG, NULL, "no memory for the question");
	else if (form.person.n == 0)
		rc = hf_fail(&err, HF_INVALID, "person", "say whose record");
	else if (at.n && !hf_date_parse(at, true, &date))
		rc = hf_fail(&err, HF_INVALID, "at", "this is no time");
	else if (at.n)
		form.at = date.lo;
	if (rc == HF_OK)
		rc = hf_person_key(call->store, form.person, call->arena, &form.person,
				   &err);
	if (rc == HF_OK)
		rc = hf_call_rights(call, &rights, &err);
	if (rc == HF_OK)
		rc = hf_reader_get(call->store, &plain, &err);
	if (rc == HF_OK)
		rc = hf_why_read(plain, &call->server->policy, rights, &form, call->now,
				 call->arena, why, &err);
	hf_reader_put(plain);
	if (rc) {
		hf_api_fail(call, &err);
		return;
	}
	call->audit_type = hf_resource_find(HF_SV("Patient"));
	call->audit_id = form.person;
	hf_api_begin(call, &w);
	hf_why_write(why, &w);
	hf_api_end(call);
}

/* fhir_merge.c - Patient/$merge: two Patients are one person.
 *
 * In the shape of R5: the input is a Parameters with source-patient and target-patient
 * (references to Patients of this server), preview, and reason (ours); the answer is a
 * Parameters with input, outcome and result, the target as it stands.  No resource is
 * changed: the two are linked, and the link can be taken back. */
#include "fhir/validate.h"
#include "record/io/match.h"
#include "record/io/merge.h"
#include "record/match_model.h"
#include "server/fhir.h"
#include "server/limits.h"

void hf_fhir_merge(struct hf_call *call);

struct merge {
	struct hf_json doc;
	struct hf_sv source, target; /* references */
	struct hf_sv reason;
	bool preview;
	struct hf_version source_v, target_v;
};

static enum hf_rc
read_reference(struct hf_call *c, struct merge *m, uint32_t node, struct hf_sv *out,
	       struct hf_err *err)
{
	uint32_t value = hf_json_member(&m->doc, node, "valueReference");
	struct hf_sv text;

	if (out->n)
		return hf_fail(err, HF_INVALID, "Parameters.parameter",
			       "a Patient to merge is given twice");
	if (value == HF_JSON_NONE)
		return hf_fail(err, HF_INVALID, "Parameters.parameter",
			       "source-patient and target-patient are valueReference");
	text =
	    hf_json_str(&m->doc, hf_json_member(&m->doc, value, "reference"), c->arena);
	if (hf_sv_starts(text, c->base) && text.n > c->base.n + 1)
		text = hf_sv_from_at(text, c->base.n + 1);
	*out = hf_patient_of(text);
	if (out->n == 0)
		return hf_fail(err, HF_INVALID, "Parameters.parameter",
			       "name a Patient of this server: Patient/ID");
	return HF_OK;
}

static enum hf_rc
read_parameter(struct hf_call *c, struct merge *m, uint32_t node, struct hf_err *err)
{
	const struct hf_json *d = &m->doc;
	struct hf_sv name = hf_json_str(d, hf_json_member(d, node, "name"), c->arena);
	uint32_t value;

	if (hf_sv_is(name, "source-patient"))
		return read_reference(c, m, node, &m->source, err);
	if (hf_sv_is(name, "target-patient"))
		return read_reference(c, m, node, &m->target, err);
	if (hf_sv_is(name, "preview")) {
		value = hf_json_member(d, node, "valueBoolean");
		if (value == HF_JSON_NONE)
			return hf_fail(err, HF_INVALID, "Parameters.parameter",
				       "preview is a valueBoolean");
		m->preview = hf_json_type(d, value) == HF_JSON_TRUE;
		return HF_OK;
	}
	if (hf_sv_is(name, "reason")) {
		m->reason =
		    hf_json_str(d, hf_json_member(d, node, "valueString"), c->arena);
		return HF_OK;
	}
	return hf_fail(err, HF_INVALID, "Parameters.parameter",
		       "$merge takes source-patient, target-patient, preview and "
		       "reason; identifiers and a result-patient are not known to it");
}

static enum hf_rc
read_input(struct hf_call *c, struct merge *m, struct hf_err *err)
{
	uint32_t list = hf_json_member(&m->doc, 0, "parameter");
	enum hf_rc rc = HF_OK;

	for (uint32_t i = 0; i < hf_json_count(&m->doc, list) && rc == HF_OK; i++)
		rc = read_parameter(c, m, hf_json_at(&m->doc, list, i), err);
	if (rc == HF_OK && (m->source.n == 0 || m->target.n == 0))
		return hf_fail(err, HF_INVALID, "Parameters.parameter",
			       "$merge needs source-patient and target-patient");
	if (m->reason.n == 0)
		m->reason = HF_SV("asked for by Patient/$merge");
	return rc;
}

static enum hf_rc
read_patient(struct hf_call *c, struct hf_sv id, struct hf_version *out,
	     struct hf_err *err)
{
	enum hf_rc rc =
	    hf_store_read(c->reader, HF_SV("Patient"), id, 0, c->arena, out, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return hf_fail(err, HF_RULE, "Parameters.parameter",
			       "there is no Patient/%.*s to merge", HF_SV_ARG(id));
	if (rc == HF_OK)
		hf_call_saw(c, out->e.rid);
	return rc;
}

static void
write_outcome(struct hf_jw *w, const char *severity, struct hf_sv text)
{
	hf_jw_obj(w);
	hf_jw_field(w, "name", HF_SV("outcome"));
	hf_jw_member(w, "resource");
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("OperationOutcome"));
	hf_jw_member(w, "issue");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "severity", hf_sv_from(severity));
	hf_jw_field(w, "code", HF_SV("informational"));
	hf_jw_field(w, "diagnostics", text);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

static void
reply(struct hf_call *c, const struct merge *m, const char *severity, struct hf_sv text)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};

	w.out->cap = HF_ANSWER_MAX;
	hf_jw_obj(&w);
	hf_jw_field(&w, "resourceType", HF_SV("Parameters"));
	hf_jw_member(&w, "parameter");
	hf_jw_arr(&w);
	hf_jw_obj(&w);
	hf_jw_field(&w, "name", HF_SV("input"));
	hf_jw_member(&w, "resource");
	hf_jw_raw(&w, hf_json_raw(&m->doc, 0));
	hf_jw_obj_end(&w);
	write_outcome(&w, severity, text);
	hf_jw_obj(&w);
	hf_jw_field(&w, "name", HF_SV("result"));
	hf_jw_member(&w, "resource");
	hf_jw_raw(&w, m->target_v.body);
	hf_jw_obj_end(&w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
	hf_call_reply_buf(c, 200);
}

/* What the matcher thinks of it, and nothing is written. */
static enum hf_rc
preview(struct hf_call *c, const struct merge *m, struct hf_err *err)
{
	struct hf_match_result r;
	enum hf_rc rc;

	if (m->source_v.e.rid == m->target_v.e.rid)
		return hf_fail(err, HF_RULE, NULL, "both are the same Patient");
	rc = hf_match_two(c->reader, m->source_v.e.rid, m->target_v.e.rid, c->arena, &r,
			  err);
	if (rc)
		return rc;
	reply(
	    c, m, r.answer == HF_MATCH_SEPARATE ? "warning" : "information",
	    hf_arena_printf(c->arena,
			    "nothing was changed; the matcher says %s (%s), %.1f bits: "
			    "%.*s",
			    hf_match_answer_code(r.answer), hf_match_rule_text(r.rule),
			    r.bits, HF_SV_ARG(hf_match_fields(&r, c->arena))));
	return HF_OK;
}

static enum hf_rc
merge(struct hf_call *c, const struct merge *m, struct hf_err *err)
{
	struct hf_link_by by = {.actor = c->actor->id,
				.purpose = c->actor->purpose,
				.reason = m->reason,
				.trace = hf_call_trace(c)};
	struct hf_link_done done;
	enum hf_rc rc = hf_link_merge(c->store, HF_RID_SHELF(m->source_v.e.rid),
				      HF_RID_SHELF(m->target_v.e.rid), HF_LINK_HAND,
				      &by, &done, err);

	if (rc)
		return rc;
	reply(c, m, "information",
	      hf_arena_printf(c->arena,
			      "linked (link %lld): the person has %zu records; no "
			      "resource was changed",
			      (long long)done.link, done.records));
	return HF_OK;
}

void
hf_fhir_merge(struct hf_call *c)
{
	struct hf_issues issues = {.arena = c->arena};
	hf_type_id type = 0, wanted = hf_resource_find(HF_SV("Parameters"));
	struct merge m = {0};
	struct hf_err err;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_call_no_params(c))
		return;
	rc = hf_fhir_body(c, wanted, &m.doc, &err);
	if (rc == HF_OK && !hf_validate(&m.doc, 0, &issues, &type)) {
		hf_call_fail_issues(c, HF_INVALID, &issues);
		return;
	}
	if (rc == HF_OK)
		rc = read_input(c, &m, &err);
	if (rc == HF_OK)
		rc = read_patient(c, m.source, &m.source_v, &err);
	if (rc == HF_OK)
		rc = read_patient(c, m.target, &m.target_v, &err);
	if (rc == HF_OK)
		rc = m.preview ? preview(c, &m, &err) : merge(c, &m, &err);
	if (rc)
		hf_call_fail(c, &err);
}

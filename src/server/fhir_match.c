/* fhir_match.c - Patient/$match: who in the record may this person be?
 *
 * The input is a Parameters with resource (a Patient, as much of it as is known),
 * onlyCertainMatches and count, or the Patient alone.  The answer is a searchset: each
 * entry has a score and a match-grade, the best first. */
#include <stdio.h>

#include "fhir/validate.h"
#include "record/io/match.h"
#include "record/io/search.h"
#include "server/fhir.h"
#include "server/limits.h"

void hf_fhir_match(struct hf_call *call);

enum { COUNT_DEFAULT = 20 };

#define GRADE_URL "http://hl7.org/fhir/StructureDefinition/match-grade"

struct question {
	struct hf_json doc;
	uint32_t patient; /* node */
	bool only_certain;
	int64_t count;
};

static enum hf_rc
read_parameter(struct hf_call *c, struct question *q, uint32_t node, struct hf_err *err)
{
	const struct hf_json *d = &q->doc;
	struct hf_sv name = hf_json_str(d, hf_json_member(d, node, "name"), c->arena);
	uint32_t value;

	if (hf_sv_is(name, "resource")) {
		value = hf_json_member(d, node, "resource");
		if (q->patient != HF_JSON_NONE)
			return hf_fail(err, HF_INVALID, "Parameters.parameter",
				       "resource is given twice");
		if (value == HF_JSON_NONE)
			return hf_fail(err, HF_INVALID, "Parameters.parameter",
				       "the parameter resource holds no resource");
		q->patient = value;
		return HF_OK;
	}
	if (hf_sv_is(name, "onlyCertainMatches")) {
		value = hf_json_member(d, node, "valueBoolean");
		if (value == HF_JSON_NONE)
			return hf_fail(err, HF_INVALID, "Parameters.parameter",
				       "onlyCertainMatches is a valueBoolean");
		q->only_certain = hf_json_type(d, value) == HF_JSON_TRUE;
		return HF_OK;
	}
	if (hf_sv_is(name, "count")) {
		value = hf_json_member(d, node, "valueInteger");
		if (value == HF_JSON_NONE ||
		    !hf_sv_int(hf_json_raw(d, value), &q->count) || q->count < 1)
			return hf_fail(err, HF_INVALID, "Parameters.parameter",
				       "count is a valueInteger, 1 or more");
		return HF_OK;
	}
	if (c->prefer.lenient)
		return HF_OK;
	return hf_fail(err, HF_INVALID, "Parameters.parameter",
		       "$match takes resource, onlyCertainMatches and count; another "
		       "parameter is not known to it");
}

static enum hf_rc
read_parameters(struct hf_call *c, struct question *q, struct hf_err *err)
{
	uint32_t list = hf_json_member(&q->doc, 0, "parameter");
	enum hf_rc rc = HF_OK;

	q->patient = HF_JSON_NONE;
	for (uint32_t i = 0; i < hf_json_count(&q->doc, list) && rc == HF_OK; i++)
		rc = read_parameter(c, q, hf_json_at(&q->doc, list, i), err);
	if (rc)
		return rc;
	if (q->patient == HF_JSON_NONE)
		return hf_fail(err, HF_INVALID, "Parameters.parameter",
			       "$match needs a parameter resource with a Patient");
	return HF_OK;
}

/* Reads and validates what is asked; false when the call has been answered. */
static bool
read_question(struct hf_call *c, struct question *q)
{
	struct hf_issues issues = {.arena = c->arena};
	hf_type_id type = 0, patient = hf_resource_find(HF_SV("Patient"));
	struct hf_sv name;
	struct hf_err err;
	enum hf_rc rc = hf_fhir_body(c, 0, &q->doc, &err);

	if (rc == HF_OK && !hf_validate(&q->doc, 0, &issues, &type)) {
		hf_call_fail_issues(c, HF_INVALID, &issues);
		return false;
	}
	if (rc == HF_OK && type == hf_resource_find(HF_SV("Parameters")))
		rc = read_parameters(c, q, &err);
	if (rc == HF_OK) {
		name = hf_json_str(&q->doc,
				   hf_json_member(&q->doc, q->patient, "resourceType"),
				   c->arena);
		if (hf_resource_find(name) != patient)
			rc = hf_fail(&err, HF_INVALID, NULL,
				     "$match looks for a Patient: give one, or a "
				     "Parameters with one as resource");
	}
	if (rc)
		hf_call_fail(c, &err);
	return rc == HF_OK;
}

static const char *
grade_of(const struct hf_match_hit *hit)
{
	if (hit->certain)
		return "certain";
	return hit->r.answer == HF_MATCH_LINK || hit->r.probability >= 0.5 ? "probable"
									   : "possible";
}

/* 1 is for what is certain. */
static double
score_of(const struct hf_match_hit *hit)
{
	if (hit->certain && hit->r.rule == HF_RULE_NUMBER)
		return 1;
	return hit->certain || hit->r.probability < 0.99 ? hit->r.probability : 0.99;
}

/* Of whoever was traced without a relationship no more than tells who it is. */
static struct hf_sv
least_of(struct hf_call *c, const struct hf_match_hit *hit)
{
	struct hf_param least = {HF_SV("_elements"),
				 HF_SV("id,name,birthDate,gender,identifier,"
				       "generalPractitioner")};
	struct hf_version whole, v = hit->v;
	struct hf_search *search;
	struct hf_err err;
	enum hf_rc rc =
	    hf_store_read_rid(c->reader, v.e.rid, 0, c->arena, &whole, &err);

	if (rc == HF_OK)
		return v.body;
	rc = hf_search_parse(v.e.type, &least, 1, false, c->base, c->now, c->arena,
			     &search, &err);
	if (rc == HF_OK)
		rc = hf_search_trim(search, c->arena, &v, &err);
	return rc == HF_OK ? v.body : HF_SV("{\"resourceType\":\"Patient\"}");
}

static void
write_hit(struct hf_call *c, struct hf_jw *w, const struct hf_match_hit *hit)
{
	char score[16];

	hf_call_saw(c, hit->v.e.rid);
	snprintf(score, sizeof(score), "%.4f", score_of(hit));
	hf_jw_obj(w);
	hf_fhir_entry_resource(w, c->base, hit->v.e.type, hit->v.id, least_of(c, hit));
	hf_jw_member(w, "search");
	hf_jw_obj(w);
	hf_jw_member(w, "extension");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "url", HF_SV(GRADE_URL));
	hf_jw_field(w, "valueCode", hf_sv_from(grade_of(hit)));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_field(w, "mode", HF_SV("match"));
	hf_jw_member(w, "score");
	hf_jw_raw(w, hf_sv_from(score));
	hf_jw_obj_end(w);
	hf_jw_obj_end(w);
}

static void
write_note(struct hf_jw *w, const char *text)
{
	hf_jw_obj(w);
	hf_jw_member(w, "resource");
	hf_jw_obj(w);
	hf_jw_field(w, "resourceType", HF_SV("OperationOutcome"));
	hf_jw_member(w, "issue");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "severity", HF_SV("warning"));
	hf_jw_field(w, "code", HF_SV("incomplete"));
	hf_jw_field(w, "diagnostics", hf_sv_from(text));
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
	hf_jw_raw(w, HF_SV("\"search\":{\"mode\":\"outcome\"}"));
	hf_jw_obj_end(w);
}

static const char several[] =
    "several people match for certain: with onlyCertainMatches none of them is given";
static const char common[] =
    "what was given is so common that not everybody who shares it was compared: give "
    "more, such as a date of birth or a postcode";

static void
reply(struct hf_call *c, const struct question *q, const struct hf_match_found *found)
{
	struct hf_jw w = {.out = hf_req_buf(c->req)};
	bool clash = q->only_certain && found->people > 1;
	size_t n = 0;

	w.out->cap = HF_ANSWER_MAX;
	if (!clash)
		while (n < found->n && (!q->only_certain || found->hits[n].certain))
			n++;
	hf_fhir_bundle_open(&w, "searchset", (int64_t)n);
	if (n || clash || found->beyond) {
		hf_jw_member(&w, "entry");
		hf_jw_arr(&w);
		for (size_t i = 0; i < n; i++)
			write_hit(c, &w, &found->hits[i]);
		if (clash)
			write_note(&w, several);
		if (found->beyond)
			write_note(&w, common);
		hf_jw_arr_end(&w);
	}
	hf_jw_obj_end(&w);
	c->audit_hits = (int64_t)n;
	hf_call_reply_buf(c, 200);
}

static bool
is_there(const struct question *q, uint32_t node, const char *member)
{
	return hf_json_get(&q->doc, node, hf_sv_from(member)) != HF_JSON_NONE;
}

/* How many terms somebody is looked for by. */
static size_t
terms_of(const struct question *q)
{
	static const char *const terms[] = {"birthDate", "gender", "address", "telecom",
					    "identifier"};
	static const char *const parts[] = {"family", "given"};
	uint32_t names = hf_json_member(&q->doc, q->patient, "name");
	size_t n = 0;

	for (size_t i = 0; i < HF_COUNT(terms); i++)
		if (is_there(q, q->patient, terms[i]))
			n++;
	for (size_t i = 0; i < HF_COUNT(parts) && hf_json_count(&q->doc, names); i++)
		if (is_there(q, hf_json_at(&q->doc, names, 0), parts[i]))
			n++;
	return n;
}

void
hf_fhir_match(struct hf_call *c)
{
	struct question q = {.count = COUNT_DEFAULT};
	struct hf_match_found found = {0};
	enum hf_activity was;
	struct hf_err err;
	size_t most;
	enum hf_rc rc;

	c->audit_type = hf_resource_find(HF_SV("Patient"));
	if (!hf_call_no_params(c) || !read_question(c, &q))
		return;
	most = q.count > HF_MATCH_CANDIDATES ? HF_MATCH_CANDIDATES : (size_t)q.count;
	was = hf_reader_does(c->reader, HF_ACT_READ);
	if (hf_reader_may_trace(c->reader))
		hf_reader_traces(c->reader, terms_of(&q));
	rc = hf_match_find(c->reader, &q.doc, q.patient, most, c->arena, &found, &err);
	hf_reader_does(c->reader, was);
	if (rc)
		hf_call_fail(c, &err);
	else
		reply(c, &q, &found);
}

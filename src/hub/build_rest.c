/* build_rest.c - what stands beside a referral: who did what, what was told, risks,
 * measures, episode and contact. */
#include "hub/build_int.h"
#include "hub/intake_int.h"

static const struct hf_sv nothing = {NULL, 0};

void
hf_build_provenance(const struct hf_build *b, struct hf_sv event, struct hf_sv title,
		    struct hf_sv reason)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Provenance");
	hf_jw_member(&w, "target");
	hf_jw_arr(&w);
	hf_jw_obj(&w);
	hf_jw_field(&w, "reference", b->task);
	hf_jw_obj_end(&w);
	if (b->request.n) {
		hf_jw_obj(&w);
		hf_jw_field(&w, "reference", b->request);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_fhir_put_at(&w, "recorded", b->recorded ? b->recorded : b->at);
	hf_fhir_put_coded(&w, "activity", "pathway-event", event, title, false);
	hf_fhir_put_coded(&w, "reason", "", nothing, reason, true);
	hf_jw_member(&w, "agent");
	hf_jw_arr(&w);
	hf_jw_obj(&w);
	hf_fhir_put_coded(&w, "role", "role", b->role, nothing, true);
	hf_fhir_put_who(&w, "who", b);
	hf_jw_obj_end(&w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

void
hf_build_communication(const struct hf_build *b, const char *category, struct hf_sv to,
		       struct hf_sv to_name, struct hf_sv text)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Communication");
	hf_fhir_put_refs(&w, "partOf", b->task, nothing);
	hf_jw_field(&w, "status", HF_SV("completed"));
	hf_fhir_put_coded(&w, "category", "hub-communication", hf_sv_from(category),
			  nothing, true);
	hf_fhir_put_ref(&w, "subject", b->patient, nothing);
	hf_fhir_put_refs(&w, "about", b->request, nothing);
	hf_fhir_put_at(&w, "sent", b->at);
	hf_fhir_put_refs(&w, "recipient", to, to_name);
	if (b->who.n)
		hf_fhir_put_who(&w, "sender", b);
	else
		hf_fhir_put_ref(&w, "sender", b->hub, b->hub_name);
	hf_jw_member(&w, "payload");
	hf_jw_arr(&w);
	hf_jw_obj(&w);
	hf_jw_field(&w, "contentString", text);
	hf_jw_obj_end(&w);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

void
hf_build_flag(const struct hf_build *b, struct hf_sv category, struct hf_sv text)
{
	const struct hf_hub_word *word = hf_hub_word(HF_HUB_FLAGS, category);
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Flag");
	if (hf_sv_is(category, "SG"))
		hf_fhir_put_withheld(&w);
	hf_jw_field(&w, "status", HF_SV("active"));
	hf_jw_member(&w, "category");
	hf_jw_arr(&w);
	hf_fhir_put_concept(&w, "https://fhir.nhs.uk/CodeSystem/flag-categories-bars",
			    category, word ? hf_sv_from(word->text) : nothing);
	hf_jw_arr_end(&w);
	hf_jw_member(&w, "code");
	hf_jw_obj(&w);
	hf_jw_field(&w, "text",
		    text.n ? text
		    : word ? hf_sv_from(word->text)
			   : category);
	hf_jw_obj_end(&w);
	hf_fhir_put_ref(&w, "subject", b->patient, nothing);
	hf_jw_member(&w, "period");
	hf_jw_obj(&w);
	hf_fhir_put_at(&w, "start", b->at);
	hf_jw_obj_end(&w);
	hf_jw_obj_end(&w);
}

/* ---- measures ---- */

static void
put_survey(struct hf_jw *w, const struct hf_build *b, hf_time at)
{
	hf_jw_field(w, "status", HF_SV("final"));
	hf_jw_member(w, "category");
	hf_jw_arr(w);
	hf_fhir_put_concept(
	    w, "http://terminology.hl7.org/CodeSystem/observation-category",
	    HF_SV("survey"), HF_SV("Survey"));
	hf_jw_arr_end(w);
	hf_fhir_put_ref(w, "subject", b->patient, nothing);
	hf_fhir_put_at(w, "effectiveDateTime", at);
	if (b->who.n) {
		hf_jw_member(w, "performer");
		hf_jw_arr(w);
		hf_jw_obj(w);
		hf_jw_field(w, "reference", b->who);
		hf_jw_obj_end(w);
		hf_jw_arr_end(w);
	}
}

struct measure {
	const char *item, *sct, *title, *unit;
};

/* Section 3.3: SNOMED CT codes of the parts of NEWS2. */
static const struct measure measures[] = {
    {"respiration", "86290005", "Respiratory rate", "/min"},
    {"spo2", "103228002", "Oxygen saturation", "%"},
    {"oxygen", "", "Inspired oxygen", ""},
    {"systolic", "271649006", "Systolic blood pressure", "mm[Hg]"},
    {"pulse", "364075005", "Heart rate", "/min"},
    {"consciousness", "1104441000000107", "ACVPU", ""},
    {"temperature", "386725007", "Body temperature", "Cel"},
    {"scale", "", "SpO2 scale in use", ""},
};

static void
put_component(struct hf_jw *w, const struct measure *m, struct hf_sv value)
{
	hf_jw_obj(w);
	hf_jw_member(w, "code");
	if (*m->sct)
		hf_fhir_put_concept(w, "http://snomed.info/sct", hf_sv_from(m->sct),
				    hf_sv_from(m->title));
	else
		hf_fhir_put_concept(w, HF_HUB_CODES "news2-item", hf_sv_from(m->item),
				    hf_sv_from(m->title));
	if (*m->unit) {
		hf_jw_member(w, "valueQuantity");
		hf_jw_obj(w);
		hf_jw_member(w, "value");
		hf_jw_raw(w, value);
		hf_jw_field(w, "unit", hf_sv_from(m->unit));
		hf_jw_field(w, "system", HF_SV("http://unitsofmeasure.org"));
		hf_jw_field(w, "code", hf_sv_from(m->unit));
		hf_jw_obj_end(w);
	} else {
		hf_jw_field(w, "valueString", value);
	}
	hf_jw_obj_end(w);
}

void
hf_build_news2(const struct hf_build *b, const struct hf_score *score,
	       const struct hf_score_value *values, size_t n,
	       const struct hf_score_result *result, hf_time taken)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Observation");
	put_survey(&w, b, taken);
	hf_jw_member(&w, "code");
	hf_fhir_put_concept(&w, "http://snomed.info/sct", HF_SV("1104051000000101"),
			    HF_SV("NEWS2 total score"));
	if (result->complete) {
		/* Without all parts there is no total. */
		hf_jw_member(&w, "valueQuantity");
		hf_jw_obj(&w);
		hf_jw_member(&w, "value");
		hf_jw_int(&w, result->total);
		hf_jw_field(&w, "unit", HF_SV("score"));
		hf_jw_field(&w, "system", HF_SV("http://unitsofmeasure.org"));
		hf_jw_field(&w, "code", HF_SV("{ScoreOf}"));
		hf_jw_obj_end(&w);
		if (result->level >= 0)
			hf_fhir_put_coded(
			    &w, "interpretation", "news2-level",
			    hf_sv_from(score->levels[result->level].id),
			    hf_sv_from(score->levels[result->level].title), true);
	} else {
		hf_jw_member(&w, "dataAbsentReason");
		hf_fhir_put_concept(&w,
				    "http://terminology.hl7.org/CodeSystem/"
				    "data-absent-reason",
				    HF_SV("unknown"), HF_SV("Partial: no total"));
	}
	hf_jw_member(&w, "component");
	hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < HF_COUNT(measures); k++)
			if (hf_sv_eq(values[i].id, hf_sv_from(measures[k].item)))
				put_component(&w, &measures[k], values[i].value);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

void
hf_build_cfs(const struct hf_build *b, int cfs)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Observation");
	put_survey(&w, b, b->at);
	hf_jw_member(&w, "code");
	hf_fhir_put_concept(&w, HF_HUB_CODES "score", HF_SV("cfs"),
			    HF_SV("Clinical Frailty Scale"));
	hf_jw_member(&w, "valueInteger");
	hf_jw_int(&w, cfs);
	hf_jw_obj_end(&w);
}

/* ---- what was said ---- */

static void
put_answer(struct hf_jw *w, const struct hf_intake *in,
	   const struct hf_intake_item *item)
{
	hf_jw_obj(w);
	hf_jw_field(w, "linkId", hf_sv_from(item->path));
	hf_jw_field(w, "text", hf_sv_from(item->text));
	hf_jw_member(w, "answer");
	hf_jw_arr(w);
	hf_jw_obj(w);
	if (item->kind == HF_ITEM_YES) {
		hf_jw_member(w, "valueBoolean");
		hf_jw_bool(w, *hf_intake_number(in, item) == 1);
	} else if (item->kind == HF_ITEM_NUMBER) {
		hf_jw_member(w, "valueInteger");
		hf_jw_int(w, *hf_intake_number(in, item));
	} else {
		hf_jw_field(w, "valueString", *hf_intake_text(in, item));
	}
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

static void
put_value(struct hf_jw *w, struct hf_sv id, struct hf_sv value)
{
	hf_jw_obj(w);
	hf_jw_field(w, "linkId", id);
	hf_jw_member(w, "answer");
	hf_jw_arr(w);
	hf_jw_obj(w);
	hf_jw_field(w, "valueString", value);
	hf_jw_obj_end(w);
	hf_jw_arr_end(w);
	hf_jw_obj_end(w);
}

void
hf_build_answers(const struct hf_build *b, const struct hf_intake *in)
{
	struct hf_jw w;
	char id[64];

	hf_fhir_put_begin(&w, b->out, "QuestionnaireResponse");
	if (hf_intake_withheld(in))
		hf_fhir_put_withheld(&w);
	hf_jw_field(&w, "questionnaire", HF_SV(CANON "Questionnaire/referral"));
	hf_jw_field(&w, "status", HF_SV("completed"));
	hf_fhir_put_ref(&w, "subject", b->patient, nothing);
	hf_fhir_put_at(&w, "authored", b->at);
	if (b->who.n)
		hf_fhir_put_ref(&w, "author", b->who, nothing);
	hf_jw_member(&w, "item");
	hf_jw_arr(&w);
	for (size_t i = 0; i < hf_n_intake_items; i++)
		if (hf_intake_has(in, &hf_intake_items[i]))
			put_answer(&w, in, &hf_intake_items[i]);
	for (size_t i = 0; i < in->n_news2; i++) {
		snprintf(id, sizeof id, "news2.%.*s",
			 (int)(in->news2[i].id.n < 40 ? in->news2[i].id.n : 40),
			 in->news2[i].id.p);
		put_value(&w, hf_sv_from(id), in->news2[i].value);
	}
	if (in->news2_at.n)
		put_value(&w, HF_SV("news2.at"), in->news2_at);
	hf_jw_arr_end(&w);
	hf_jw_obj_end(&w);
}

/* ---- episode and contact ---- */

void
hf_build_episode(const struct hf_build *b, struct hf_sv org, struct hf_sv team)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "EpisodeOfCare");
	hf_jw_field(&w, "status", HF_SV("active"));
	hf_fhir_put_coded(&w, "type", "", nothing, team, true);
	hf_fhir_put_ref(&w, "patient", b->patient, nothing);
	hf_fhir_put_ref(&w, "managingOrganization", org, nothing);
	hf_jw_member(&w, "period");
	hf_jw_obj(&w);
	hf_fhir_put_at(&w, "start", b->at);
	hf_jw_obj_end(&w);
	hf_fhir_put_refs(&w, "referralRequest", b->request, nothing);
	hf_jw_obj_end(&w);
}

void
hf_build_episode_of(const struct hf_build *b, const struct hf_pathway *p,
		    struct hf_sv org, struct hf_sv org_name)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "EpisodeOfCare");
	hf_jw_field(&w, "status", HF_SV("active"));
	hf_fhir_put_coded(&w, "type", "pathway", hf_sv_from(p->id),
			  hf_sv_from(p->title), true);
	hf_fhir_put_ref(&w, "patient", b->patient, nothing);
	hf_fhir_put_ref(&w, "managingOrganization", org, org_name);
	hf_jw_member(&w, "period");
	hf_jw_obj(&w);
	hf_fhir_put_at(&w, "start", b->at);
	hf_jw_obj_end(&w);
	hf_jw_obj_end(&w);
}

static void
put_period(struct hf_jw *w, const struct hf_json *doc, hf_time end)
{
	uint32_t start = hf_json_member(doc, hf_json_member(doc, 0, "period"), "start");

	hf_jw_member(w, "period");
	hf_jw_obj(w);
	if (start != HF_JSON_NONE) {
		hf_jw_member(w, "start");
		hf_jw_raw(w, hf_json_source(doc, start));
	}
	hf_fhir_put_at(w, "end", end);
	hf_jw_obj_end(w);
}

void
hf_build_episode_end(const struct hf_build *b, const struct hf_json *doc)
{
	struct hf_jw w = {.out = b->out};

	hf_fhir_put_copy(&w, doc, "status period");
	hf_jw_field(&w, "status", HF_SV("finished"));
	put_period(&w, doc, b->at);
	hf_jw_obj_end(&w);
}

void
hf_build_encounter(const struct hf_build *b, struct hf_sv org, struct hf_sv episode,
		   bool person)
{
	struct hf_jw w;

	hf_fhir_put_begin(&w, b->out, "Encounter");
	hf_jw_field(&w, "status", HF_SV("in-progress"));
	hf_jw_member(&w, "class");
	hf_jw_obj(&w);
	hf_jw_field(&w, "system",
		    HF_SV("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
	hf_jw_field(&w, "code", person ? HF_SV("HH") : HF_SV("VR"));
	hf_jw_field(&w, "display", person ? HF_SV("home health") : HF_SV("virtual"));
	hf_jw_obj_end(&w);
	hf_fhir_put_ref(&w, "subject", b->patient, nothing);
	hf_fhir_put_refs(&w, "episodeOfCare", episode, nothing);
	hf_fhir_put_refs(&w, "basedOn", b->request, nothing);
	if (b->who.n) {
		hf_jw_member(&w, "participant");
		hf_jw_arr(&w);
		hf_jw_obj(&w);
		hf_fhir_put_ref(&w, "individual", b->who, b->who_name);
		hf_jw_obj_end(&w);
		hf_jw_arr_end(&w);
	}
	hf_jw_member(&w, "period");
	hf_jw_obj(&w);
	hf_fhir_put_at(&w, "start", b->at);
	hf_jw_obj_end(&w);
	hf_fhir_put_ref(&w, "serviceProvider", org, nothing);
	hf_jw_obj_end(&w);
}

void
hf_build_encounter_end(const struct hf_build *b, const struct hf_json *doc,
		       struct hf_sv outcome)
{
	const struct hf_hub_word *word = hf_hub_word(HF_HUB_OUTCOMES, outcome);
	struct hf_jw w = {.out = b->out};

	hf_fhir_put_copy(&w, doc, "status period reasonCode");
	hf_jw_field(&w, "status", HF_SV("finished"));
	put_period(&w, doc, b->at);
	hf_fhir_put_coded(&w, "reasonCode", "contact-outcome", outcome,
			  word ? hf_sv_from(word->text) : nothing, true);
	hf_jw_obj_end(&w);
}

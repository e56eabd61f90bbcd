/* clinical.c - problems, medicines and procedures, as whoever records them. */
#include "synth/story.h"

uint32_t
hf_put_condition(struct tale *t, const struct concept *what, struct hf_sv icd,
		 hf_time onset, hf_time end, const struct org *org, int staff,
		 uint32_t encounter, bool problem)
{
#define CLINICAL(code, text)                                                           \
	"{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"                \
			       "condition-clinical",                                   \
			       code, text) "]}"
#define CATEGORY(code, text)                                                           \
	"[{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"               \
				"condition-category",                                  \
				code, text) "]}]"
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "Condition", seq, org);
	key(o, "clinicalStatus");
	if (end)
		json(o, CLINICAL("resolved", "Resolved"));
	else
		json(o, CLINICAL("active", "Active"));
	raw(o, "verificationStatus",
	    "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"
				   "condition-ver-status",
				   "confirmed", "Confirmed") "]}");
	key(o, "category");
	if (problem)
		json(o, CATEGORY("problem-list-item", "Problem List Item"));
	else
		json(o, CATEGORY("encounter-diagnosis", "Encounter Diagnosis"));
	key(o, "code");
	hf_put_codings(o, what->coding, icd, what->text);
	hf_put_subject(o);
	if (encounter) {
		key(o, "encounter");
		hf_put_own(o, "Encounter", encounter);
	}
	key(o, "onsetDateTime");
	if (problem)
		hf_put_day(o, hf_london_day(onset));
	else
		hf_put_time(o, onset);
	if (end) {
		key(o, "abatementDateTime");
		hf_put_day(o, hf_london_day(end));
	}
	key(o, "recordedDate");
	hf_put_time(o, onset);
	key(o, "recorder");
	hf_put_staff(o, org, staff);
	key(o, "asserter");
	hf_put_staff(o, org, staff);
	hf_out_end(o);
	return seq;
#undef CLINICAL
#undef CATEGORY
}

static void
put_dosage(struct tale *t, const struct medicine_row *m)
{
	arr(t->o);
	obj(t->o);
	key(t->o, "text");
	hf_put_sv(t->o, m->dose);
	obj_end(t->o);
	arr_end(t->o);
}

static void
put_statement(struct tale *t, const struct medicine_row *m, hf_time from,
	      const struct org *org, uint32_t request)
{
	struct out *o = t->o;

	hf_out_begin(o, "MedicationStatement", hf_out_next(o), org);
	key(o, "basedOn");
	arr(o);
	hf_put_own(o, "MedicationRequest", request);
	arr_end(o);
	member(o, "status", "active");
	key(o, "medicationCodeableConcept");
	hf_out_concept(o, &m->what);
	hf_put_subject(o);
	key(o, "effectivePeriod");
	hf_put_span(o, from, 0);
	key(o, "dateAsserted");
	hf_put_time(o, from);
	key(o, "informationSource");
	hf_put_org(o, org);
	key(o, "dosage");
	put_dosage(t, m);
	hf_out_end(o);
}

/* A repeat that is still current is also stated as taken. */
void
hf_put_medicine(struct tale *t, enum medicine which, hf_time at, const struct org *org,
		int staff, uint32_t encounter, uint32_t condition, bool repeat)
{
	const struct medicine_row *m = &hf_medicine_table[which];
	bool current = repeat && at > t->to - DAYS(365) && !person_dead(t->p);
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "MedicationRequest", seq, org);
	member(o, "status", current ? "active" : "completed");
	member(o, "intent", "order");
	key(o, "medicationCodeableConcept");
	hf_out_concept(o, &m->what);
	hf_put_subject(o);
	if (encounter) {
		key(o, "encounter");
		hf_put_own(o, "Encounter", encounter);
	}
	key(o, "authoredOn");
	hf_put_time(o, at);
	key(o, "requester");
	hf_put_staff(o, org, staff);
	if (condition) {
		key(o, "reasonReference");
		arr(o);
		hf_put_own(o, "Condition", condition);
		arr_end(o);
	}
	key(o, "courseOfTherapyType");
	if (repeat)
		json(o, "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"
					       "medicationrequest-course-of-therapy",
					       "continuous",
					       "Continuous long term therapy") "]}");
	else
		json(o, "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"
					       "medicationrequest-course-of-therapy",
					       "acute",
					       "Short course (acute) therapy") "]}");
	key(o, "dosageInstruction");
	put_dosage(t, m);
	key(o, "dispenseRequest");
	obj(o);
	if (repeat)
		raw(o, "numberOfRepeatsAllowed", "12");
	key(o, "quantity");
	obj(o);
	key(o, "value");
	hf_put_int(o, m->quantity);
	key(o, "unit");
	hf_put_sv(o, m->unit);
	obj_end(o);
	key(o, "performer");
	hf_put_org(o, hf_out_org(o, ORG_PHARMACY, t->p->house->area));
	obj_end(o);
	hf_out_end(o);
	if (current)
		put_statement(t, m, at, org, seq);
}

void
hf_put_procedure(struct tale *t, enum sct what, hf_time at, const struct org *org,
		 int staff, uint32_t encounter)
{
	struct out *o = t->o;

	hf_out_begin(o, "Procedure", hf_out_next(o), org);
	member(o, "status", "completed");
	key(o, "code");
	hf_put_sct(o, what);
	hf_put_subject(o);
	if (encounter) {
		key(o, "encounter");
		hf_put_own(o, "Encounter", encounter);
	}
	key(o, "performedDateTime");
	hf_put_time(o, at);
	key(o, "performer");
	arr(o);
	obj(o);
	key(o, "actor");
	hf_put_staff(o, org, staff);
	key(o, "onBehalfOf");
	hf_put_org(o, org);
	obj_end(o);
	arr_end(o);
	hf_out_end(o);
}

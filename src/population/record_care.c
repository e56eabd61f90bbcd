/* record_care.c - the rows of the record: Patient, Encounter, EpisodeOfCare, Task. */
#include "population/map.h"
#include "population/record_int.h"
#include "population/spell.h"
#include "record/hub_task.h"

static const struct {
	struct hf_sv sct;
	uint8_t setting, cls;
} contacts[] = {
#define HF_REC_CONDITION(sct, code)
#define HF_REC_VALUE(sct, code)
#define HF_REC_CONTACT(sct, setting, cls) {{sct, sizeof(sct) - 1}, setting, cls},
#include "population/record_code.def"
#undef HF_REC_CONDITION
#undef HF_REC_VALUE
#undef HF_REC_CONTACT
};

/* ---- Patient ---- */

static void
take_nhs(struct hf_record_rows *r, const struct hf_json *d)
{
	uint32_t list = hf_json_member(d, 0, "identifier");

	for (uint32_t i = 0; i < hf_json_count(d, list) && !r->has_nhs; i++) {
		uint32_t id = hf_json_at(d, list, i);
		struct hf_sv system =
		    hf_json_str(d, hf_json_member(d, id, "system"), r->arena);
		struct hf_sv status = hf_record_extension(
		    r, d, id, "Extension-UKCore-NHSNumberVerificationStatus");

		/* One whose check nobody has told is taken; one that was doubted
		 * is not. */
		if (hf_sv_is(system, "https://fhir.nhs.uk/Id/nhs-number") &&
		    (status.n == 0 || hf_sv_is(status, "01")) &&
		    hf_nhs_parse(hf_record_text(r, d, id, "value"), &r->nhs, NULL) ==
			HF_OK)
			r->has_nhs = true;
	}
}

static void
take_practice(struct hf_record_rows *r, const struct hf_json *d)
{
	uint32_t list = hf_json_member(d, 0, "generalPractitioner");
	struct hf_sv ods = {NULL, 0};

	for (uint32_t i = 0; i < hf_json_count(d, list) && ods.n == 0; i++) {
		struct hf_sv ref =
		    hf_record_text(r, d, hf_json_at(d, list, i), "reference");

		if (hf_sv_starts(ref, HF_SV("Organization/")))
			ods = hf_record_ods(r, ref);
	}
	if (ods.n == 0)
		return;
	r->own.reg = HF_NEW(r->arena, struct hf_pop_registration);
	if (!r->own.reg) {
		r->full = true;
		return;
	}
	/* The record does not say since when. */
	*r->own.reg = (struct hf_pop_registration){
	    .practice = hf_record_own_code(r, HF_POP_PRACTICE, ods), .to = HF_POP_NONE};
	r->own.n_reg = 1;
}

void
hf_record_patient(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_pop_person *p = &r->own.person;
	struct hf_sv birth = hf_record_text(r, d, 0, "birthDate");
	struct hf_sv dead = hf_record_text(r, d, 0, "deceasedDateTime");
	struct hf_date date;
	uint16_t minute;
	int v;

	take_nhs(r, d);
	/* Of several records of one person the first speaks for the person. */
	if (r->has_patient)
		return;
	r->has_patient = true;
	if (hf_date_parse(birth, false, &date) && date.precision >= HF_PREC_MONTH) {
		struct hf_civil c = hf_london_civil(date.lo);

		p->birth = (int16_t)((c.year - 1900) * 12 + c.month - 1);
	}
	v = hf_map_word(HF_SET_SEX, hf_record_text(r, d, 0, "gender"));
	p->sex = v < 0 ? HF_POP_SEX_UNKNOWN : (uint8_t)v;
	v = hf_map_word(HF_SET_ETHNIC, hf_record_extension(
					   r, d, 0, "Extension-UKCore-EthnicCategory"));
	p->ethnic = v < 0 ? 0 : (uint8_t)v;
	hf_record_when(dead, &p->death_day, &minute);
	take_practice(r, d);
}

/* ---- Encounter ---- */

static void
take_diagnoses(struct hf_record_rows *r, const struct hf_json *d,
	       struct hf_record_event *e)
{
	uint32_t list = hf_json_member(d, 0, "diagnosis");

	for (uint32_t i = 0; i < hf_json_count(d, list) && e->n_dx < HF_RECORD_DX; i++)
		e->dx[e->n_dx++] =
		    hf_record_text(r, d, hf_json_at(d, list, i), "condition.reference");
}

static void
admission(struct hf_record_rows *r, const struct hf_json *d, struct hf_pop_event *e)
{
	uint32_t stay = hf_json_member(d, 0, "hospitalization");
	struct hf_sv method =
	    hf_record_extension(r, d, stay, "Extension-UKCore-AdmissionMethod");
	struct hf_sv by =
	    hf_record_extension(r, d, 0, "Extension-UKCore-DischargeMethod");
	enum hf_pop_pod_note note;
	int v;

	if (method.n == 0)
		method =
		    hf_record_extension(r, d, 0, "Extension-UKCore-AdmissionMethod");
	v = hf_map_word(HF_SET_METHOD, method);
	e->method = v < 0 ? HF_POP_M_UNKNOWN : (uint8_t)v;
	v = hf_map_word(HF_SET_OUTCOME,
			hf_record_text(r, d, stay, "dischargeDisposition.coding.code"));
	e->outcome = v < 0 ? HF_POP_O_UNKNOWN : (uint8_t)v;
	v = hf_map_word(HF_SET_OUTCOME,
			hf_record_text(r, d, stay, "admitSource.coding.code"));
	e->source = v < 0 ? HF_POP_O_UNKNOWN : (uint8_t)v;
	v = hf_map_word(HF_SET_LEFT_BY, by);
	if (v == 4 || v == 5)
		e->outcome = HF_POP_O_DIED;
	/* The record has no patient classification: an ordinary admission. */
	e->cls = 1;
	e->setting =
	    (uint8_t)hf_pop_pod((enum hf_pop_method)e->method, 1, e->los, &note);
}

static void
contact(struct hf_record_rows *r, const struct hf_json *d, struct hf_sv class,
	struct hf_pop_event *e)
{
	uint32_t type = hf_json_member(d, 0, "type");
	struct hf_sv sct = hf_record_code(r, d, type, "/sct");

	e->setting = hf_sv_is(class, "HH") ? HF_POP_COM : HF_POP_UNK;
	for (size_t i = 0; i < HF_COUNT(contacts); i++)
		if (hf_sv_eq(contacts[i].sct, sct)) {
			e->setting = contacts[i].setting;
			e->cls = contacts[i].cls;
		}
	/* A follow-up at home is a visit; one on the telephone is not face to face. */
	if (e->setting == HF_POP_OP && hf_sv_is(class, "HH")) {
		e->setting = HF_POP_COM;
		e->cls = 1;
	} else if (e->setting == HF_POP_OP && hf_sv_is(class, "VR")) {
		e->cls = 4;
	} else if (hf_sv_is(class, "VR") &&
		   hf_sv_starts(hf_record_text(r, d, type, "text"), HF_SV("NHS 111"))) {
		e->setting = HF_POP_111;
		e->cls = 0;
	}
}

void
hf_record_encounter(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_sv class = hf_record_text(r, d, 0, "class.code");
	struct hf_sv status = hf_record_text(r, d, 0, "status");
	struct hf_sv end = hf_record_text(r, d, 0, "period.end");
	struct hf_record_event *e;
	uint16_t day, minute, last;

	if (!hf_sv_among(status, "finished in-progress onleave arrived triaged") ||
	    !hf_record_when(hf_record_text(r, d, 0, "period.start"), &day, &minute))
		return;
	e = hf_record_event(r);
	if (!e)
		return;
	e->e.day = day;
	e->e.minute = minute;
	if (hf_record_when(end, &last, &e->e.end_minute) && last >= day)
		e->e.los = (uint16_t)(last - day);
	else if (!hf_sv_is(status, "finished"))
		e->e.flags |= HF_POP_F_OPEN;
	e->id = hf_record_text(r, d, 0, "id");
	e->part_of = hf_record_text(r, d, 0, "partOf.reference");
	e->e.provider = hf_record_own_code(
	    r, HF_POP_PROVIDER,
	    hf_record_ods(r, hf_record_text(r, d, 0, "serviceProvider.reference")));
	take_diagnoses(r, d, e);
	if (hf_sv_among(class, "IMP ACUTE NONAC"))
		admission(r, d, &e->e);
	else if (hf_sv_is(class, "EMER")) {
		int64_t wait = e->e.flags & HF_POP_F_OPEN ? -1 : hf_pop_minutes(&e->e);

		e->e.setting = HF_POP_AE;
		e->e.cls = 1;
		/* From arrival to departure, as of a feed. */
		if (wait >= 0)
			e->e.wait =
			    wait >= HF_POP_NONE ? HF_POP_NONE - 1 : (uint16_t)wait;
	} else {
		contact(r, d, class, &e->e);
	}
}

/* ---- EpisodeOfCare: a virtual ward is the only one that is a stay ---- */

void
hf_record_episode(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_sv text = hf_record_text(r, d, 0, "type.text");
	struct hf_sv status = hf_record_text(r, d, 0, "status");
	struct hf_record_event *e;
	uint16_t day, minute, last;

	if (!hf_sv_starts(text, HF_SV("Virtual ward")) ||
	    !hf_sv_among(status, "active onhold finished") ||
	    !hf_record_when(hf_record_text(r, d, 0, "period.start"), &day, &minute))
		return;
	e = hf_record_event(r);
	if (!e)
		return;
	e->e.setting = HF_POP_VW;
	e->e.day = day;
	e->e.minute = minute;
	if (hf_record_when(hf_record_text(r, d, 0, "period.end"), &last,
			   &e->e.end_minute) &&
	    last >= day)
		e->e.los = (uint16_t)(last - day);
	else
		e->e.flags |= HF_POP_F_OPEN;
	e->e.provider = hf_record_own_code(
	    r, HF_POP_PROVIDER,
	    hf_record_ods(r,
			  hf_record_text(r, d, 0, "managingOrganization.reference")));
}

/* ---- a referral of the hub: urgent community response ---- */

struct story {
	struct hf_sv asked, accepted; /* urgency */
	hf_time submitted, contact;   /* HF_TIME_MIN: not yet */
};

static void
take_input(struct hf_record_rows *r, const struct hf_json *d, uint32_t input,
	   struct story *s)
{
	struct hf_sv code = hf_record_text(r, d, input, "type.coding.code");
	struct hf_sv text = hf_record_text(r, d, input, "valueString");
	struct hf_json inner;
	struct hf_date at;
	struct hf_sv urgency;

	if (!hf_sv_among(code, "submit accept retriage start-contact") ||
	    hf_json_parse(text, NULL, r->arena, &inner, NULL) != HF_OK ||
	    !hf_date_parse(hf_record_text(r, &inner, 0, "at"), false, &at))
		return;
	urgency = hf_record_text(r, &inner, 0, "facts.urgency");
	if (hf_sv_is(code, "submit")) {
		s->submitted = at.lo;
		s->asked = hf_record_text(r, &inner, 0, "facts.urgencyAsked");
	} else if (hf_sv_is(code, "start-contact")) {
		if (s->contact == HF_TIME_MIN)
			s->contact = at.lo;
	} else if (urgency.n) {
		s->accepted = urgency;
	}
}

static struct hf_civil
civil(hf_time t, uint16_t *day, uint16_t *minute)
{
	struct hf_civil c = hf_london_civil(t);
	int64_t n = hf_london_day(t) - HF_POP_DAY_ZERO;

	*day = n < 0 || n >= HF_POP_NONE ? HF_POP_NONE : (uint16_t)n;
	*minute = (uint16_t)(c.hour * 60 + c.minute);
	return c;
}

/* Being on a pathway is the case with a person while it is open: "path-frailty". */
static void
take_pathway(struct hf_record_rows *r, const struct hf_json *d)
{
	struct hf_sv canonical = hf_record_text(r, d, 0, "instantiatesCanonical");
	struct hf_sv id = hf_sv_cut(&canonical, '|'), last = {0};
	struct hf_sv status = hf_record_text(r, d, 0, "status");
	uint16_t from, to = HF_POP_NONE, minute;
	char code[64];

	while (id.n)
		last = hf_sv_cut(&id, '/');
	if (last.n == 0 || last.n > sizeof code - 6 ||
	    hf_sv_among(status, "entered-in-error draft rejected") ||
	    !hf_record_when(hf_record_text(r, d, 0, "authoredOn"), &from, &minute))
		return;
	if (hf_sv_among(status, "completed cancelled failed") &&
	    (!hf_record_when(hf_record_text(r, d, 0, "lastModified"), &to, &minute) ||
	     to < from))
		to = from;
	snprintf(code, sizeof code, HF_POP_PATHWAY_PREFIX "%.*s", HF_SV_ARG(last));
	hf_record_has(r, hf_sv_from(code), from, to);
}

void
hf_record_task(struct hf_record_rows *r, const struct hf_json *d)
{
	uint32_t list = hf_json_member(d, 0, "input");
	struct story s = {.submitted = HF_TIME_MIN, .contact = HF_TIME_MIN};
	struct hf_record_event *e;
	hf_time wait;

	if (hf_hub_task_is(d, 0, "instance", r->arena) ||
	    hf_hub_task_is(d, 0, "pathway", r->arena))
		take_pathway(r, d);
	if (!hf_hub_task_is(d, 0, "instance", r->arena))
		return;
	for (uint32_t i = 0; i < hf_json_count(d, list); i++)
		take_input(r, d, hf_json_at(d, list, i), &s);
	/* The clock C1: the urgency that was accepted, else the one asked for. */
	if (s.submitted == HF_TIME_MIN || s.contact == HF_TIME_MIN ||
	    !hf_sv_is(s.accepted.n ? s.accepted : s.asked, "U1"))
		return;
	e = hf_record_event(r);
	if (!e)
		return;
	e->e.setting = HF_POP_UCR;
	civil(s.contact, &e->e.day, &e->e.minute);
	wait = (s.contact - s.submitted) / 60000;
	e->e.wait = wait < 0		  ? HF_POP_NONE
		    : wait >= HF_POP_NONE ? HF_POP_NONE - 1
					  : (uint16_t)wait;
	e->e.provider = hf_record_own_code(
	    r, HF_POP_PROVIDER,
	    hf_record_ods(r, hf_record_text(r, d, 0, "owner.reference")));
}

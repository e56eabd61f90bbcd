/* hospital.c - emergencies from the first call to the follow-up, and clinics.
 *
 * An emergency hangs together: call or ambulance, emergency department, wards with
 * their observations, diagnosis, procedure, discharge summary, referral to the
 * community, message to the practice and, for some, a clinic afterwards. */
#include "synth/story.h"

#include <stdio.h>

#define ADMITTED_BY(code, text)                                                        \
	"[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"                     \
	"Extension-UKCore-AdmissionMethod\",\"valueCodeableConcept\":{\"coding\":"     \
	"[" CODING("https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland", \
		   code, text) "]}}]"
#define LEFT_BY(code, text)                                                            \
	"[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"                     \
	"Extension-UKCore-DischargeMethod\",\"valueCodeableConcept\":{\"coding\":"     \
	"[" CODING("https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland", \
		   code, text) "]}}]"
#define WENT_TO(code, text)                                                            \
	"{\"coding\":[" CODING("https://fhir.hl7.org.uk/CodeSystem/"                   \
			       "UKCore-DischargeDestinationEngland",                   \
			       code, text) "]}"

struct spell {
	const struct spell_row *what;
	hf_time arrived, moved, left; /* left 0: still in hospital */
	hf_time end;		      /* left, or the end of the years told */
	uint32_t ed, stay, diagnosis;
	int staff;
	bool admitted, died;
};

static const struct spell_row *
draw_spell(struct tale *t, int age)
{
	int band = age < 18 ? 0 : age < 65 ? 1 : age < 80 ? 2 : 3;
	uint32_t total = 0, at;

	for (size_t i = 0; i < hf_n_spells; i++)
		total += hf_spell_table[i].weight[band];
	at = hf_draw_below(t, total);
	for (size_t i = 0;; i++) {
		if (at < hf_spell_table[i].weight[band])
			return &hf_spell_table[i];
		at -= hf_spell_table[i].weight[band];
	}
}

/* Somebody was rung first. */
static void
tell_call(struct tale *t, const struct spell *s)
{
	bool ambulance =
	    t->p->age >= 70 ? hf_draw_chance(t, 65) : hf_draw_chance(t, 25);
	const struct org *org =
	    hf_out_org(t->o, ambulance ? ORG_AMBULANCE : ORG_111, 0);
	hf_time at = s->arrived - MINUTES(60 + hf_draw_below(t, 60));

	if (!ambulance && !hf_draw_chance(t, 40))
		return;
	if (at < t->from)
		return;
	hf_put_contact(t, &(struct contact){
			      .class = ambulance ? "HH" : "VR",
			      .type = ambulance ? SCT_AMBULANCE_RIDE : SCT_TELEPHONE,
			      .text = ambulance ? "999 ambulance, taken to hospital"
						: "NHS 111 call, sent to hospital",
			      .start = at,
			      .end = at + MINUTES(ambulance ? 55 : 14),
			      .org = org,
			      .staff = (int)hf_draw_below(t, 6),
			      .complaint = s->what->complaint,
			  });
	if (ambulance)
		hf_put_news2(t, at + MINUTES(20), org, 0, 0,
			     4 + (int)hf_draw_below(t, 5));
}

static void
put_location(struct out *o, const struct org *org, uint32_t ward, hf_time from,
	     hf_time to)
{
	obj(o);
	key(o, "location");
	hf_put_place(o, org, SEQ_WARD + ward);
	member(o, "status", to ? "completed" : "active");
	key(o, "period");
	hf_put_span(o, from, to);
	obj_end(o);
}

static void
tell_department(struct tale *t, struct spell *s, bool admitted)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	struct contact c = {
	    .class = "EMER",
	    .type = SCT_EMERGENCY,
	    .text = "Emergency department attendance",
	    .start = s->arrived,
	    .end = s->moved,
	    .org = trust,
	    .staff = 1 + 5 * (int)hf_draw_below(t, 8),
	    .site = SEQ_WARD + HF_WARD_ED,
	    .reason = NULL,
	    .complaint = s->what->complaint,
	};

	s->ed = hf_put_contact(t, &c);
	hf_put_news2(t, s->arrived + MINUTES(10), trust, c.staff, s->ed,
		     admitted ? 3 + (int)hf_draw_below(t, 6)
			      : (int)hf_draw_below(t, 3));
	if (admitted || hf_draw_chance(t, 40))
		hf_put_bloods(t, s->arrived + MINUTES(45), trust, c.staff, s->ed,
			      HF_CARE_BLOOD | HF_CARE_KIDNEY | HF_CARE_INFECTION);
	if (!admitted)
		s->diagnosis = hf_put_condition(
		    t, &s->what->what, s->what->icd, s->arrived,
		    s->moved + DAYS(9) < t->to ? s->moved + DAYS(9) : 0, trust, c.staff,
		    s->ed, false);
}

static void
put_stay_end(struct tale *t, const struct spell *s)
{
	struct out *o = t->o;

	key(o, "hospitalization");
	obj(o);
	raw(o, "extension",
	    ADMITTED_BY("21",
			"Emergency Admission: Emergency Care Department or dental "
			"casualty department of the Health Care Provider"));
	if (s->died)
		raw(o, "dischargeDisposition",
		    WENT_TO("79", "Not applicable - Patient died or stillbirth"));
	else if (s->left && t->p->house->kind == HOUSE_CARE_HOME)
		raw(o, "dischargeDisposition",
		    WENT_TO("85",
			    "Non-NHS (other than Local Authority) run Care Home"));
	else if (s->left)
		raw(o, "dischargeDisposition",
		    WENT_TO("19", "Usual place of residence"));
	obj_end(o);
}

/* The stay, from the assessment unit to the ward. */
static void
put_stay(struct tale *t, struct spell *s)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	struct contact c = {.reason = &s->what->what};
	hf_time moved = s->moved + HOURS(20 + hf_draw_below(t, 20));
	struct out *o = t->o;

	s->stay = hf_out_next(o);
	hf_out_begin(o, "Encounter", s->stay, trust);
	if (s->died)
		raw(o, "extension", LEFT_BY("4", "Patient died"));
	else if (s->left)
		raw(o, "extension",
		    LEFT_BY("1", "Patient discharged on clinical advice or with "
				 "clinical consent"));
	member(o, "status", s->left ? "finished" : "in-progress");
	raw(o, "class",
	    CODING("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP",
		   "inpatient encounter"));
	key(o, "type");
	arr(o);
	hf_put_codings(o, hf_sct_table[SCT_WARD_STAY].coding, (struct hf_sv){0},
		       HF_SV("Emergency admission"));
	arr_end(o);
	hf_put_subject(o);
	key(o, "participant");
	arr(o);
	obj(o);
	key(o, "individual");
	hf_put_staff(o, trust, s->staff);
	obj_end(o);
	arr_end(o);
	key(o, "period");
	hf_put_span(o, s->moved, s->left);
	hf_put_reason(t, &c);
	key(o, "diagnosis");
	arr(o);
	obj(o);
	key(o, "condition");
	hf_put_own(o, "Condition", s->diagnosis);
	obj_end(o);
	arr_end(o);
	put_stay_end(t, s);
	key(o, "location");
	arr(o);
	if (s->what->ward == HF_WARD_AMU || moved >= s->end) {
		put_location(o, trust, HF_WARD_AMU, s->moved, s->left);
	} else {
		put_location(o, trust, HF_WARD_AMU, s->moved, moved);
		put_location(o, trust, s->what->ward, moved, s->left);
	}
	arr_end(o);
	key(o, "serviceProvider");
	hf_put_org(o, trust);
	key(o, "partOf");
	hf_put_own(o, "Encounter", s->ed);
	hf_out_end(o);
}

/* Twice a day on the ward, better each day unless the person dies. */
static void
tell_ward(struct tale *t, struct spell *s)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	int64_t rounds = (s->end - s->moved) / HOURS(12);
	int64_t step = rounds > 20 ? 4 : rounds > 6 ? 2 : 1;
	hf_time theatre = s->moved + HOURS(26);
	enum medicine medicine;

	for (int64_t i = 1; i < rounds; i += step) {
		int ill =
		    s->died ? 4 + (int)(5 * i / rounds) : 6 - (int)(6 * i / rounds);

		hf_put_news2(t,
			     s->moved + i * HOURS(12) + MINUTES(hf_draw_below(t, 90)),
			     trust, 3 + 5 * (int)hf_draw_below(t, 8), s->stay, ill);
	}
	for (hf_time at = s->moved + HOURS(20); at < s->end; at += DAYS(3))
		hf_put_bloods(t, at, trust, s->staff, s->stay,
			      HF_CARE_BLOOD | HF_CARE_KIDNEY | HF_CARE_INFECTION);
	if (s->what->procedure != SCT_NONE && theatre < s->end)
		hf_put_procedure(t, s->what->procedure, theatre, trust, s->staff,
				 s->stay);
	medicine = hf_medicine_instead(t, s->what->medicine);
	if (medicine != MED_NONE)
		hf_put_medicine(t, medicine, s->moved, trust, s->staff, s->stay,
				s->diagnosis, false);
	if (t->p->age >= 75 && s->moved + HOURS(3) < s->end)
		hf_put_frailty(t, s->moved + HOURS(3), trust, s->staff, s->stay);
}

static void
put_summary(struct tale *t, const struct spell *s)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	int days = (int)((s->end - s->arrived) / DAYS(1));
	char text[700];
	int n = snprintf(
	    text, sizeof(text),
	    "Discharge summary\n\nReason for admission: %.*s\nDiagnosis: %.*s\n"
	    "Length of stay: %d days\n\nCourse: seen in the emergency department and "
	    "admitted. Treated on the ward%s. %s\n\nFor the GP: %s\n",
	    HF_SV_ARG(s->what->complaint), HF_SV_ARG(s->what->what.text), days,
	    s->what->procedure != SCT_NONE ? ", with a procedure (see the record)" : "",
	    s->died ? "Despite treatment the person died in hospital."
		    : "Improved and was medically fit to leave.",
	    s->died	      ? "Please tell those involved in care at home."
	    : t->frailty >= 5 ? "Please review medicines within two weeks. Community "
				"nursing and therapy have been asked to visit."
			      : "Please repeat blood tests in two weeks.");

	hf_put_letter(t, SCT_DISCHARGE_SUMMARY, trust, s->staff, s->left, s->stay,
		      (struct hf_sv){text, (size_t)n});
}

/* Discharge to assess: community visits, home care, and a clinic. */
static void
tell_after(struct tale *t, const struct spell *s)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	const struct org *nurses = hf_out_org(t->o, ORG_COMMUNITY, 0);
	hf_time clinic = s->left + DAYS(35 + hf_draw_below(t, 20)) + HOURS(10);
	uint32_t asked, episode;
	int visits = t->frailty >= 5 ? 4 + (int)hf_draw_below(t, 7) : 0;

	hf_put_message(
	    t, trust, t->p->practice, s->left,
	    HF_SV("Discharged home today; the discharge summary is attached to "
		  "the record."));
	if (visits) {
		hf_time end = s->left + DAYS(3 * visits + 1);

		asked =
		    hf_put_referral(t, SCT_REFERRAL, "Urgent community response", trust,
				    s->staff, nurses, s->left, true, &s->what->what);
		hf_put_task(t, trust, nurses, s->left, end < t->to,
			    "First visit within two days of discharge", asked);
		episode = hf_put_episode(t, nurses, 2, s->left, end < t->to ? end : 0,
					 "Discharge to assess");
		for (int i = 0; i < visits; i++) {
			hf_time at = hf_clinic_time(t, s->left + DAYS(1 + 3 * i));
			uint32_t seen;

			if (at + MINUTES(40) > t->to || at < s->left ||
			    hf_tale_away(t, at, at + HOURS(1)))
				continue;
			seen = hf_put_contact(
			    t, &(struct contact){
				   .class = "HH",
				   .type = SCT_HOME_VISIT,
				   .text = i % 2 ? "Therapy visit at home"
						 : "Community nurse visit",
				   .start = at,
				   .end = at + MINUTES(40),
				   .org = nurses,
				   .staff = i % 2 ? 2 : (int)hf_draw_below(t, 2),
				   .reason = &s->what->what,
				   .asked_by = asked,
				   .episode = episode,
			       });
			hf_put_vitals(t, at, nurses, 0, seen);
			if (i % 2)
				hf_put_procedure(t, SCT_EXERCISE_THERAPY, at, nurses, 2,
						 seen);
		}
	}
	if (!hf_draw_chance(t, 45))
		return;
	if (clinic < t->to)
		clinic = hf_clinic_time(t, clinic);
	else if (person_dead(t->p))
		return;
	if (hf_tale_away(t, clinic, clinic + HOURS(1)))
		return;
	hf_put_appointment(t, trust, s->staff, clinic,
			   "Follow-up clinic after admission", 0);
	if (clinic + MINUTES(20) < t->to)
		hf_put_contact(t, &(struct contact){
				      .class = "AMB",
				      .type = SCT_FOLLOW_UP,
				      .text = "Outpatient follow-up after admission",
				      .start = clinic,
				      .end = clinic + MINUTES(20),
				      .org = trust,
				      .staff = s->staff,
				      .reason = &s->what->what,
				  });
}

static void
tell_admission(struct tale *t, struct spell *s)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);

	s->diagnosis = hf_put_condition(t, &s->what->what, s->what->icd, s->arrived,
					s->left, trust, s->staff, s->ed, false);
	put_stay(t, s);
	tell_ward(t, s);
	if (!s->left)
		return;
	put_summary(t, s);
	if (!s->died)
		tell_after(t, s);
}

/* Attendances a year. */
static double
emergencies_a_year(const struct tale *t, int age)
{
	double n = age < 5    ? 0.5
		   : age < 18 ? 0.22
		   : age < 65 ? 0.22
		   : age < 80 ? 0.27
			      : 0.4;

	n += 0.03 * t->n_conditions + (t->frailty > 5 ? 0.2 : 0);
	return n * (1 + (5.5 - t->p->decile) * 0.06);
}

/* From arrival to leaving.  False when it would not fit into the years told or
 * meets another stay. */
static bool
plan_spell(struct tale *t, hf_time arrived, struct spell *s)
{
	int age = hf_tale_age(t, arrived), mean;
	hf_time days, left;

	arrived -= arrived % MINUTES(1);
	*s = (struct spell){.arrived = arrived, .what = draw_spell(t, age)};
	mean = s->what->days;
	s->moved = arrived + MINUTES(90 + hf_draw_below(t, 300));
	s->admitted = mean > 0 || (age >= 80 && hf_draw_chance(t, 30));
	days = (hf_time)(mean * 0.5 + mean * 0.5 * hf_rng_exp(&t->rng));
	/* People leave a ward by day. */
	left = DAYS(hf_london_day(s->moved + DAYS(days > 60 ? 61 : days + 1))) +
	       HOURS(10) + MINUTES(hf_draw_below(t, 480));
	if (!s->admitted)
		left = s->moved;
	s->died = person_dead(t->p) && left > t->to;
	s->left = s->died ? t->to : left > t->to ? 0 : left;
	s->end = s->left ? s->left : t->to;
	s->staff = 2 * (int)hf_draw_below(t, 2) + 5 * (int)hf_draw_below(t, 8);
	return arrived >= t->from && s->moved + HOURS(4) <= t->to &&
	       !hf_tale_away(t, arrived - HOURS(3), s->end + HOURS(12));
}

/* All are planned before any is told, so that what follows one keeps clear of the
 * others. */
void
hf_tell_emergencies(struct tale *t)
{
	struct spell spells[MAX_STAYS];
	int n_spells = 0;

	for (hf_time year = t->from; year < t->to; year += DAYS(365)) {
		hf_time end = year + DAYS(365) < t->to ? year + DAYS(365) : t->to;
		double span = (double)(end - year);
		double mean = emergencies_a_year(t, hf_tale_age(t, year)) * span /
			      (double)DAYS(365);

		for (int i = hf_draw_poisson(t, mean); i > 0; i--) {
			double u = hf_rng_unit(&t->rng);
			struct spell *s = &spells[n_spells];

			if (n_spells == MAX_STAYS ||
			    !plan_spell(t, year + (hf_time)(u * span), s))
				continue;
			hf_tale_stay(t, s->arrived, s->end);
			n_spells++;
		}
	}
	for (int i = 0; i < n_spells; i++) {
		tell_call(t, &spells[i]);
		tell_department(t, &spells[i], spells[i].admitted);
		if (spells[i].admitted)
			tell_admission(t, &spells[i]);
	}
}

/* What a practice refers to a hospital clinic for. */
static const struct clinic {
	const char *name, *letter;
	unsigned care; /* who goes; 0: anybody */
	enum sct refer, procedure;
	int8_t percent; /* of them a year */
} clinics[] = {
    {"Orthopaedic clinic",
     "Seen in the orthopaedic clinic. Physiotherapy first; surgery was discussed.",
     HF_CARE_FALLS, SCT_REFER_MSK, SCT_NONE, 9},
    {"Eye clinic", "Seen in the eye clinic. Cataract surgery was offered.",
     HF_CARE_EYES, SCT_REFER_EYES, SCT_NONE, 30},
    {"Cardiology clinic",
     "Seen in the cardiology clinic. Echocardiogram done; medicines adjusted.",
     HF_CARE_HEART, SCT_REFERRAL, SCT_ECHO, 22},
    {"Oncology clinic",
     "Seen in the oncology clinic. Stable; next review in six months.", HF_CARE_CANCER,
     SCT_REFERRAL, SCT_NONE, 85},
    {"Falls clinic",
     "Seen in the falls clinic. Strength and balance programme advised.", HF_CARE_FALLS,
     SCT_REFER_FALLS, SCT_NONE, 10},
    {"Gastroenterology clinic",
     "Colonoscopy done, no abnormality found. Discharged to the practice.", 0,
     SCT_REFERRAL, SCT_COLONOSCOPY, 2},
    {"General outpatient clinic", "Seen in clinic. Discharged to the practice.", 0,
     SCT_REFERRAL, SCT_NONE, 7},
};

static void
tell_clinic(struct tale *t, const struct clinic *c, hf_time at)
{
	const struct org *trust = hf_out_org(t->o, ORG_ACUTE, 0);
	hf_time seen_at = at + DAYS(28 + hf_draw_below(t, 80));
	int staff = 2 * (int)hf_draw_below(t, 2) + 5 * (int)hf_draw_below(t, 8);
	uint32_t asked, seen;

	asked = hf_put_referral(t, c->refer, c->name, t->p->practice, t->p->gp, trust,
				at, false, NULL);
	if (seen_at + DAYS(3) >= t->to) {
		/* Still waiting. */
		if (!person_dead(t->p))
			hf_put_appointment(t, trust, staff, seen_at + DAYS(4), c->name,
					   asked);
		return;
	}
	seen_at = hf_clinic_time(t, seen_at);
	if (hf_tale_away(t, seen_at, seen_at + HOURS(1)))
		return;
	hf_put_appointment(t, trust, staff, seen_at, c->name, asked);
	seen = hf_put_contact(t, &(struct contact){
				     .class = "AMB",
				     .type = SCT_OUTPATIENT,
				     .text = c->name,
				     .start = seen_at,
				     .end = seen_at + MINUTES(20),
				     .org = trust,
				     .staff = staff,
				     .asked_by = asked,
				 });
	if (c->procedure != SCT_NONE)
		hf_put_procedure(t, c->procedure, seen_at, trust, staff, seen);
	hf_put_letter(t, SCT_OUTPATIENT_LETTER, trust, staff, seen_at + MINUTES(15),
		      seen, hf_sv_from(c->letter));
}

void
hf_tell_outpatients(struct tale *t)
{
	for (hf_time year = t->from; year < t->to; year += DAYS(365)) {
		if (hf_tale_age(t, year) < 16)
			continue;
		for (size_t i = 0; i < HF_COUNT(clinics); i++) {
			const struct clinic *c = &clinics[i];
			hf_time at = year + DAYS(hf_draw_below(t, 360)) + HOURS(15);

			if ((c->care && !(t->care & c->care)) || at >= t->to)
				continue;
			if (hf_draw_chance(t, (uint32_t)c->percent))
				tell_clinic(t, c, hf_clinic_time(t, at));
		}
	}
}

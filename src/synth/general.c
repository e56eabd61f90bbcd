/* general.c - general practice: problems, medicines, consultations, vaccinations. */
#include "synth/story.h"

#include <stdio.h>

/* When a long-term condition began: up to twenty years before the end. */
static hf_time
onset_of(struct tale *t, const struct condition_row *c)
{
	int64_t born = t->p->born, day = hf_london_day(t->to);
	int64_t back = 30 + (int64_t)hf_draw_below(t, 20 * 365);
	/* Not before the age at which it first occurs. */
	int first = c->chance[0] ? 1 : c->chance[1] ? 18 : c->chance[2] ? 40 : 60;

	day -= back;
	if (day < born + first * 366)
		day = born + first * 366 + (int64_t)hf_draw_below(t, 300);
	if (DAYS(day) > t->to - DAYS(1))
		return t->to - HOURS(20);
	return DAYS(day) + HOURS(11);
}

static void
put_allergy(struct tale *t, enum sct what, const char *category, hf_time at)
{
	struct out *o = t->o;

	hf_out_begin(o, "AllergyIntolerance", hf_out_next(o), t->p->practice);
	raw(o, "clinicalStatus",
	    "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"
				   "allergyintolerance-clinical",
				   "active", "Active") "]}");
	raw(o, "verificationStatus",
	    "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"
				   "allergyintolerance-verification",
				   "confirmed", "Confirmed") "]}");
	if (category) {
		key(o, "category");
		arr(o);
		hf_put_str(o, category);
		arr_end(o);
		member(o, "criticality",
		       what == SCT_PEANUT || what == SCT_PENICILLIN ? "high" : "low");
	}
	key(o, "code");
	hf_put_sct(o, what);
	hf_put_patient(o);
	key(o, "recordedDate");
	hf_put_time(o, at);
	key(o, "recorder");
	hf_put_staff(o, t->p->practice, t->p->gp);
	if (what == SCT_PENICILLIN)
		raw(o, "reaction",
		    "[{\"manifestation\":[{\"text\":\"Rash\"}],"
		    "\"severity\":\"moderate\"}]");
	hf_out_end(o);
}

static void
tell_allergies(struct tale *t)
{
	bool any = t->allergic_to_penicillin || t->allergic_to_aspirin;

	if (t->allergic_to_penicillin)
		put_allergy(t, SCT_PENICILLIN, "medication", hf_draw_day(t));
	if (t->allergic_to_aspirin)
		put_allergy(t, SCT_ASPIRIN, "medication", hf_draw_day(t));
	if (hf_draw_chance(t, 3)) {
		put_allergy(t, hf_draw_chance(t, 60) ? SCT_PEANUT : SCT_EGG, "food",
			    hf_draw_day(t));
		any = true;
	}
	if (hf_draw_chance(t, 5)) {
		put_allergy(t, hf_draw_chance(t, 80) ? SCT_GRASS_POLLEN : SCT_LATEX,
			    "environment", hf_draw_day(t));
		any = true;
	}
	if (!any && hf_draw_chance(t, 75))
		put_allergy(t, SCT_NO_KNOWN_ALLERGY, NULL, hf_draw_day(t));
}

/* Nothing twice, and nothing a pharmacist would ring about. */
static bool
suits(const struct tale *t, enum medicine m)
{
	if (m == MED_NONE || t->given[m])
		return false;
	switch (m) {
	case MED_BISOPROLOL:
		return !t->has[COND_ASTHMA];
	case MED_METFORMIN:
		return t->egfr >= 30;
	case MED_ASPIRIN_75: /* one of these is enough */
	case MED_CLOPIDOGREL:
		return !t->given[MED_APIXABAN] && !t->given[MED_ASPIRIN_75] &&
		       !t->given[MED_CLOPIDOGREL] &&
		       !(m == MED_ASPIRIN_75 && t->allergic_to_aspirin);
	case MED_PARACETAMOL: /* in co-codamol too */
		return !t->given[MED_CO_CODAMOL];
	case MED_CO_CODAMOL:
		return !t->given[MED_PARACETAMOL];
	default:
		return true;
	}
}

void
hf_tell_conditions(struct tale *t)
{
	tell_allergies(t);
	for (size_t i = 0; i < hf_n_conditions; i++) {
		const struct condition_row *c = &hf_condition_table[i];
		hf_time onset;

		if (!t->has[i])
			continue;
		onset = onset_of(t, c);
		t->condition[i] =
		    hf_put_condition(t, &c->what, (struct hf_sv){0}, onset, 0,
				     t->p->practice, t->p->gp, 0, true);
		for (int m = 0; m < 3; m++) {
			if (!suits(t, c->medicines[m]) ||
			    (m > 0 && !hf_draw_chance(t, 60)))
				continue;
			t->given[c->medicines[m]] = true;
			/* Authorised again each year. */
			for (hf_time at = onset > t->from ? onset : t->from; at < t->to;
			     at += DAYS(365))
				hf_put_medicine(t, c->medicines[m], at, t->p->practice,
						t->p->gp, 0, t->condition[i], true);
		}
	}
}

static const struct illness_row *
draw_illness(struct tale *t, int age)
{
	int band = age < 5 ? 0 : age < 18 ? 1 : age < 65 ? 2 : 3;
	uint32_t total = 0, at;

	for (size_t i = 0; i < hf_n_illnesses; i++)
		total += hf_illness_table[i].weight[band];
	at = hf_draw_below(t, total);
	for (size_t i = 0;; i++) {
		if (at < hf_illness_table[i].weight[band])
			return &hf_illness_table[i];
		at -= hf_illness_table[i].weight[band];
	}
}

enum medicine
hf_medicine_instead(const struct tale *t, enum medicine m)
{
	switch (m) {
	case MED_AMOXICILLIN:
	case MED_AMOXICILLIN_LIQUID:
	case MED_FLUCLOXACILLIN:
	case MED_CO_AMOXICLAV:
	case MED_PIPERACILLIN:
		return t->allergic_to_penicillin ? MED_CLARITHROMYCIN : m;
	case MED_ASPIRIN_75:
		return t->allergic_to_aspirin ? MED_CLOPIDOGREL : m;
	case MED_NITROFURANTOIN: /* not with weak kidneys */
		return t->egfr < 45 ? MED_TRIMETHOPRIM : m;
	case MED_PARACETAMOL: /* in co-codamol already */
		return t->given[MED_CO_CODAMOL] ? MED_NONE : m;
	default:
		return m;
	}
}

/* A consultation about something new. */
static void
tell_illness(struct tale *t, hf_time at)
{
	static const struct way {
		const char *class, *text;
		enum sct type;
		int minutes;
	} call = {"VR", "GP telephone consultation", SCT_TELEPHONE, 8},
	  home = {"HH", "GP home visit", SCT_HOME_VISIT, 20},
	  surgery = {"AMB", "GP consultation", SCT_CONSULTATION, 12};
	const struct illness_row *ill = draw_illness(t, hf_tale_age(t, at));
	const struct way *way = hf_draw_chance(t, 35)			   ? &call
				: t->frailty >= 6 && hf_draw_chance(t, 50) ? &home
									   : &surgery;
	enum medicine m = hf_medicine_instead(t, ill->medicine);
	const struct org *practice = t->p->practice;
	hf_time over = at + DAYS(7 + hf_draw_below(t, 21));
	uint32_t gps = (uint32_t)practice->staff - 2, seen;
	int staff = hf_draw_chance(t, 70) ? t->p->gp : (int)hf_draw_below(t, gps);

	if (hf_tale_away(t, at, at + HOURS(1)))
		return;
	seen = hf_put_contact(t, &(struct contact){
				     .class = way->class,
				     .type = way->type,
				     .text = way->text,
				     .start = at,
				     .end = at + MINUTES(way->minutes),
				     .org = practice,
				     .staff = staff,
				     .reason = &ill->what,
				 });
	/* Not every consultation is coded as a problem of its own. */
	if (hf_draw_chance(t, 55))
		hf_put_condition(t, &ill->what, (struct hf_sv){0}, at,
				 over < t->to ? over : 0, practice, staff, seen, false);
	if (m != MED_NONE && hf_draw_chance(t, 65))
		hf_put_medicine(t, m, at, practice, staff, seen, 0, false);
	if (way != &call && hf_draw_chance(t, 45) && hf_tale_age(t, at) >= 16)
		hf_put_vitals(t, at, practice, staff, seen);
}

/* The yearly check of long-term conditions, with the practice nurse. */
static void
tell_review(struct tale *t, hf_time at)
{
	const struct org *practice = t->p->practice;
	int nurse = practice->staff - 1;
	const struct concept *why = NULL;
	uint32_t seen;

	if (hf_tale_away(t, at, at + HOURS(1)))
		return;
	for (size_t i = 0; i < hf_n_conditions; i++) {
		if (t->has[i] && (!why || hf_draw_chance(t, 30)))
			why = &hf_condition_table[i].what;
	}
	seen = hf_put_contact(
	    t, &(struct contact){
		   .class = "AMB",
		   .type = SCT_CHECK_UP,
		   .text = why ? "Long-term condition review" : "Health check",
		   .start = at,
		   .end = at + MINUTES(20),
		   .org = practice,
		   .staff = nurse,
		   .reason = why,
	       });
	hf_put_vitals(t, at, practice, nurse, seen);
	hf_put_body(t, at, seen);
	if (hf_tale_age(t, at) >= 16)
		hf_put_smoking(t, at, seen);
	hf_put_bloods(t, at, practice, nurse, seen, t->care);
	if (t->has[COND_COPD] && hf_draw_chance(t, 60))
		hf_put_procedure(t, SCT_SPIROMETRY, at, practice, nurse, seen);
	if (hf_tale_age(t, at) >= 65)
		hf_put_frailty(t, at, practice, nurse, seen);
	if ((t->care & HF_CARE_MIND) && hf_tale_age(t, at) >= 16)
		hf_put_phq9(t, at, practice, nurse, seen);
}

/* Consultations a year: many for the very young and the old and ill. */
static double
visits_a_year(const struct tale *t, int age)
{
	double n = age < 5    ? 4.5
		   : age < 18 ? 1.6
		   : age < 65 ? 2.0
		   : age < 80 ? 3.2
			      : 4.5;

	n *= t->p->female && age >= 16 && age < 65 ? 1.35 : 1;
	return (n + 0.55 * t->n_conditions) * (1 + (5.5 - t->p->decile) * 0.03);
}

void
hf_tell_practice(struct tale *t)
{
	for (hf_time year = t->from; year < t->to; year += DAYS(365)) {
		hf_time end = year + DAYS(365) < t->to ? year + DAYS(365) : t->to;
		double share = (double)(end - year) / (double)DAYS(365);
		int age = hf_tale_age(t, year);
		int n = hf_draw_poisson(t, visits_a_year(t, age) * share);

		for (int i = 0; i < n; i++) {
			double u = hf_rng_unit(&t->rng);

			tell_illness(
			    t, hf_clinic_time(
				   t, year + (hf_time)(u * (double)(end - year))));
		}
		if (end - year < DAYS(200))
			continue;
		if (t->n_conditions > 0 ||
		    (age >= 40 && age < 75 && hf_draw_chance(t, 20)))
			tell_review(t, hf_clinic_time(
					   t, year + DAYS(30 + hf_draw_below(t, 120))));
		/* Diabetes and kidneys are looked at twice a year. */
		if (t->care & (HF_CARE_SUGAR | HF_CARE_KIDNEY)) {
			hf_time at =
			    hf_clinic_time(t, year + DAYS(180 + hf_draw_below(t, 20)));

			if (hf_tale_away(t, at, at + HOURS(1)))
				continue;
			hf_put_bloods(t, at, t->p->practice, t->p->practice->staff - 1,
				      0, t->care & (HF_CARE_SUGAR | HF_CARE_KIDNEY));
		}
	}
}

static void
put_vaccine(struct tale *t, enum sct what, const char *product, hf_time at,
	    const struct org *org)
{
	struct out *o = t->o;
	char lot[12];

	snprintf(lot, sizeof(lot), "%c%05u", (char)('A' + hf_draw_below(t, 26)),
		 hf_draw_below(t, 100000));
	hf_out_begin(o, "Immunization", hf_out_next(o), org);
	key(o, "extension");
	json_open(o,
		  "[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/"
		  "Extension-UKCore-VaccinationProcedure\",\"valueCodeableConcept\":");
	hf_put_sct(o, what);
	glue(o, "}]");
	member(o, "status", "completed");
	key(o, "vaccineCode");
	hf_put_codings(o, (struct hf_sv){0}, (struct hf_sv){0}, hf_sv_from(product));
	hf_put_patient(o);
	key(o, "occurrenceDateTime");
	hf_put_time(o, at);
	raw(o, "primarySource", "true");
	member(o, "lotNumber", lot);
	key(o, "performer");
	arr(o);
	obj(o);
	key(o, "actor");
	hf_put_org(o, org);
	obj_end(o);
	arr_end(o);
	hf_out_end(o);
}

/* The time on a birthday; 0 when it is not in the years told. */
static hf_time
birthday(struct tale *t, int days)
{
	hf_time at = DAYS(t->p->born + days) + HOURS(10);

	return at > t->from && at < t->to ? at : 0;
}

void
hf_tell_vaccines(struct tale *t)
{
	const struct org *practice = t->p->practice;
	const struct org *shop = hf_out_org(t->o, ORG_PHARMACY, t->p->house->area);
	bool at_risk = t->care & (HF_CARE_LUNGS | HF_CARE_SUGAR | HF_CARE_KIDNEY);
	struct hf_civil first = hf_london_civil(t->from), last = hf_london_civil(t->to);
	hf_time at;

	for (int year = first.year; year <= last.year; year++) {
		int age;

		at = DAYS(hf_days_from_civil(year, 10, 1) + hf_draw_below(t, 55)) +
		     HOURS(11);
		if (at < t->from || at > t->to)
			continue;
		age = hf_tale_age(t, at);
		if (age >= 65 ? hf_draw_chance(t, 80)
			      : (at_risk && hf_draw_chance(t, 50)) ||
				    (age >= 2 && age <= 10 && hf_draw_chance(t, 50)))
			put_vaccine(t, SCT_FLU_JAB, "Seasonal influenza vaccine", at,
				    age >= 16 && hf_draw_chance(t, 30) ? shop
								       : practice);
	}
	at = birthday(t, 375 + (int)hf_draw_below(t, 30));
	if (at && hf_draw_chance(t, 90))
		put_vaccine(t, SCT_MMR_1, "Measles, mumps and rubella vaccine", at,
			    practice);
	at = birthday(t, 1240 + (int)hf_draw_below(t, 60));
	if (at && hf_draw_chance(t, 86))
		put_vaccine(t, SCT_MMR_2, "Measles, mumps and rubella vaccine", at,
			    practice);
	at = birthday(t, 65 * 365 + 60);
	if (at && hf_draw_chance(t, 70))
		put_vaccine(t, SCT_PNEUMOCOCCAL, "Pneumococcal polysaccharide vaccine",
			    at, practice);
	at = birthday(t, 70 * 365 + 90);
	if (at && hf_draw_chance(t, 55))
		put_vaccine(t, SCT_SHINGLES, "Shingles vaccine", at, practice);
	/* The first doses of 2021, where the years told reach back that far. */
	at = DAYS(hf_days_from_civil(2021, 1, 10) +
		  (t->p->age > 80 ? 0 : 90 - t->p->age) * 2) +
	     HOURS(12);
	if (at > t->from && at + DAYS(77) < t->to && hf_tale_age(t, at) >= 18 &&
	    hf_draw_chance(t, 85)) {
		put_vaccine(t, SCT_COVID_1, "COVID-19 vaccine", at, practice);
		put_vaccine(t, SCT_COVID_2, "COVID-19 vaccine", at + DAYS(77),
			    practice);
	}
}

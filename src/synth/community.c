/* community.c - care outside hospital: nurses, council, mental health, voluntary
 * organisations, plans, alerts; and very long records. */
#include "synth/story.h"

#include <stdio.h>

/* Visits at home every so many days. */
static void
tell_visits(struct tale *t, const struct org *org, int staff, hf_time from, hf_time to,
	    int every, int most, const char *what, uint32_t episode, uint32_t asked)
{
	for (int i = 0; i < most; i++) {
		hf_time at = hf_clinic_time(t, from + DAYS(every * i));
		uint32_t seen;

		if (from + DAYS(every * i) >= to)
			return;
		if (at + MINUTES(45) > to || at < from ||
		    hf_tale_away(t, at, at + HOURS(1)))
			continue;
		seen = hf_put_contact(
		    t, &(struct contact){
			   .class = "HH",
			   .type = SCT_HOME_VISIT,
			   .text = what,
			   .start = at,
			   .end = at + MINUTES(30 + hf_draw_below(t, 15)),
			   .org = org,
			   .staff = staff,
			   .episode = episode,
			   .asked_by = asked,
		       });
		if (org->kind == ORG_COMMUNITY && hf_draw_chance(t, 50))
			hf_put_vitals(t, at, org, staff, seen);
		if (org->kind == ORG_COMMUNITY && hf_draw_chance(t, 40))
			hf_put_procedure(t, SCT_WOUND_CARE, at, org, staff, seen);
	}
}

/* A stretch of community nursing each year for those who need it. */
static void
tell_nursing(struct tale *t)
{
	const struct org *nurses = hf_out_org(t->o, ORG_COMMUNITY, 0);
	uint32_t percent = t->frailty >= 6 ? 55 : t->frailty == 5 ? 25 : 6;

	if (t->frailty < 4 && !(t->care & HF_CARE_NURSE))
		return;
	for (hf_time year = t->from; year < t->to; year += DAYS(365)) {
		hf_time at = hf_clinic_time(t, year + DAYS(hf_draw_below(t, 300)));
		hf_time end = at + DAYS(56 + hf_draw_below(t, 120));
		int staff = 5 * (int)hf_draw_below(t, 5) + (int)hf_draw_below(t, 2);
		uint32_t asked, episode;

		if (!hf_draw_chance(t, percent) || at < year)
			continue;
		/* What would begin later than now began lately, and goes on. */
		if (at + DAYS(5) > t->to) {
			at = hf_clinic_time(t, t->to - DAYS(5 + hf_draw_below(t, 45)));
			end = at + DAYS(56 + hf_draw_below(t, 120));
		}
		asked =
		    hf_put_referral(t, SCT_REFERRAL, "Community nursing",
				    t->p->practice, t->p->gp, nurses, at, false, NULL);
		if (at + DAYS(3) > t->to)
			continue;
		episode = hf_put_episode(t, nurses, staff, at, end < t->to ? end : 0,
					 "Community nursing caseload");
		tell_visits(t, nurses, staff, at + DAYS(2), end < t->to ? end : t->to,
			    7, 14, "Community nurse visit", episode, asked);
	}
}

static void
put_plan(struct tale *t, const struct org *org, int staff, hf_time at,
	 const char *title, const char *text, uint32_t goal)
{
	struct out *o = t->o;

	hf_out_begin(o, "CarePlan", hf_out_next(o), org);
	member(o, "status", person_dead(t->p) ? "completed" : "active");
	member(o, "intent", "plan");
	key(o, "category");
	hf_put_sct1(o, SCT_CARE_PLAN);
	member(o, "title", title);
	member(o, "description", text);
	hf_put_subject(o);
	key(o, "period");
	hf_put_span(o, at, person_dead(t->p) ? t->to : 0);
	key(o, "created");
	hf_put_time(o, at);
	key(o, "author");
	hf_put_staff(o, org, staff);
	if (t->care_team) {
		key(o, "careTeam");
		arr(o);
		hf_put_own(o, "CareTeam", t->care_team);
		arr_end(o);
	}
	if (goal) {
		key(o, "goal");
		arr(o);
		hf_put_own(o, "Goal", goal);
		arr_end(o);
	}
	hf_out_end(o);
}

static uint32_t
put_goal(struct tale *t, const struct org *org, int staff, hf_time at, const char *text)
{
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "Goal", seq, org);
	member(o, "lifecycleStatus", person_dead(t->p) ? "cancelled" : "active");
	key(o, "description");
	hf_put_codings(o, (struct hf_sv){0}, (struct hf_sv){0}, hf_sv_from(text));
	hf_put_subject(o);
	key(o, "startDate");
	hf_put_day(o, hf_london_day(at));
	key(o, "expressedBy");
	hf_put_staff(o, org, staff);
	hf_out_end(o);
	return seq;
}

/* Help from the council, and home care that goes on. */
static void
tell_council(struct tale *t)
{
	const struct org *council = hf_out_org(t->o, ORG_COUNCIL, 0);
	const struct org *home_care =
	    hf_out_org(t->o, ORG_DOMICILIARY, t->p->house->area);
	bool in_home = t->p->house->kind == HOUSE_CARE_HOME;
	hf_time at = hf_draw_day(t), assessed = hf_clinic_time(t, at + DAYS(12));
	int worker = 5 * (int)hf_draw_below(t, 2);
	uint32_t asked, episode;

	if (t->frailty < 6 && !hf_draw_chance(t, t->frailty == 5 ? 25 : 1))
		return;
	if (t->p->age < 50)
		return;
	asked = hf_put_referral(t, SCT_REFER_SOCIAL, "Care and support assessment",
				t->p->practice, t->p->gp, council, at, false, NULL);
	hf_put_task(t, t->p->practice, council, at, assessed + HOURS(2) < t->to,
		    "Care and support assessment", asked);
	if (assessed + HOURS(2) > t->to || assessed < at ||
	    hf_tale_away(t, assessed, assessed + HOURS(2)))
		return;
	episode = hf_put_episode(t, council, worker, assessed,
				 person_dead(t->p) ? t->to : 0, "Adult social care");
	hf_put_contact(t, &(struct contact){
			      .class = "HH",
			      .type = SCT_HOME_VISIT,
			      .text = "Care and support assessment",
			      .start = assessed,
			      .end = assessed + MINUTES(75),
			      .org = council,
			      .staff = worker,
			      .episode = episode,
			      .asked_by = asked,
			  });
	put_plan(t, council, worker, assessed, "Care and support plan",
		 in_home ? "Lives in the care home; the home provides personal care. "
			   "Reviewed each year."
			 : "Two home care calls a day: washing, dressing, a hot meal, "
			   "prompting medicines. Reviewed each year.",
		 0);
	for (hf_time year = assessed + DAYS(365); year + HOURS(2) < t->to;
	     year += DAYS(365)) {
		if (hf_tale_away(t, year, year + HOURS(2)))
			continue;
		hf_put_contact(t, &(struct contact){
				      .class = "HH",
				      .type = SCT_FOLLOW_UP,
				      .text = "Yearly review of care and support",
				      .start = year,
				      .end = year + MINUTES(50),
				      .org = council,
				      .staff = worker,
				      .episode = episode,
				  });
	}
	if (!in_home)
		tell_visits(t, home_care, 0, assessed + DAYS(9), t->to, 60, 12,
			    "Home care supervisor's visit", episode, 0);
}

static void
tell_therapy(struct tale *t, hf_time at, const char *team, bool memory)
{
	const struct org *trust = hf_out_org(t->o, ORG_MENTAL, 0);
	int staff = memory ? 2 : 5 * (int)hf_draw_below(t, 2),
	    visits = 4 + (int)hf_draw_below(t, 6);
	hf_time end = at + DAYS(30 + visits * 14);
	uint32_t asked =
	    hf_put_referral(t, memory ? SCT_REFER_MEMORY : SCT_REFER_CMHT, team,
			    t->p->practice, t->p->gp, trust, at, false, NULL);
	uint32_t episode;

	if (at + DAYS(20) > t->to)
		return;
	/* The team labels what it writes: others see that it is there, not what. */
	if (!memory)
		t->o->label = "PSY";
	episode =
	    hf_put_episode(t, trust, staff, at + DAYS(18), end < t->to ? end : 0, team);
	for (int i = 0; i < visits; i++) {
		hf_time seen_at = hf_clinic_time(t, at + DAYS(20 + 14 * i));
		uint32_t seen;

		if (at + DAYS(20 + 14 * i) > t->to || seen_at + MINUTES(60) > t->to)
			break;
		if (hf_tale_away(t, seen_at, seen_at + HOURS(1)))
			continue;
		seen = hf_put_contact(t, &(struct contact){
					     .class = i % 3 == 2 ? "VR" : "AMB",
					     .type = SCT_FOLLOW_UP,
					     .text = team,
					     .start = seen_at,
					     .end = seen_at + MINUTES(50),
					     .org = trust,
					     .staff = staff,
					     .asked_by = asked,
					     .episode = episode,
					 });
		if (!memory && i % 2 == 0)
			hf_put_phq9(t, seen_at, trust, staff, seen);
		if (!memory && hf_draw_chance(t, 60))
			hf_put_procedure(t, SCT_CBT, seen_at, trust, 3, seen);
	}
	if (end < t->to)
		hf_put_letter(t, SCT_CLINICAL_LETTER, trust, staff, end, 0,
			      memory
				  ? HF_SV("Memory clinic: assessment complete. "
					  "Post-diagnostic support arranged with the "
					  "voluntary sector.")
				  : HF_SV("Discharged from the community mental health "
					  "team. Relapse signs and contacts are in the "
					  "plan."));
	t->o->label = NULL;
}

static void
tell_mind(struct tale *t)
{
	if (t->p->age < 16)
		return;
	if ((t->care & HF_CARE_MEMORY) && hf_draw_chance(t, 70))
		tell_therapy(t, hf_draw_day(t), "Memory clinic", true);
	if ((t->care & HF_CARE_CMHT) ||
	    ((t->care & HF_CARE_MIND) && hf_draw_chance(t, 16)))
		tell_therapy(t, hf_draw_day(t), "Community mental health team", false);
}

/* Social prescribing, and the hospice at the end of life. */
static void
tell_others(struct tale *t)
{
	const struct org *charity = hf_out_org(t->o, ORG_VOLUNTARY, t->p->house->area);
	const struct org *hospice = hf_out_org(t->o, ORG_HOSPICE, 0);
	hf_time at = hf_draw_day(t), last = t->to - DAYS(40);
	uint32_t asked, episode;

	if (t->p->age >= 18 && hf_draw_chance(t, t->frailty >= 4 ? 22 : 4)) {
		asked =
		    hf_put_referral(t, SCT_REFER_PRESCRIBER, "Social prescribing",
				    t->p->practice, t->p->gp, charity, at, false, NULL);
		tell_visits(t, charity, 0, at + DAYS(9), t->to, 21, 4,
			    "Social prescriber's visit", 0, asked);
	}
	if (!person_dead(t->p) || !hf_draw_chance(t, 45) || last < t->from)
		return;
	asked = hf_put_referral(t, SCT_REFERRAL, "Hospice at home", t->p->practice,
				t->p->gp, hospice, last, true, NULL);
	episode = hf_put_episode(t, hospice, 0, last, t->to, "Hospice at home");
	tell_visits(t, hospice, 0, last + DAYS(1), t->to, 4, 10, "Hospice nurse visit",
		    episode, asked);
}

void
hf_tell_community(struct tale *t)
{
	tell_nursing(t);
	tell_council(t);
	tell_mind(t);
	tell_others(t);
}

static void
put_flag(struct tale *t, const char *category, struct hf_sv coding, const char *text,
	 const struct org *org, hf_time at)
{
	struct out *o = t->o;

	hf_out_begin(o, "Flag", hf_out_next(o), org);
	member(o, "status", person_dead(t->p) ? "inactive" : "active");
	key(o, "category");
	json_open(o,
		  "[{\"coding\":[{\"system\":"
		  "\"http://terminology.hl7.org/CodeSystem/flag-category\",\"code\":");
	hf_put_str(o, category);
	glue(o, "}]}]");
	key(o, "code");
	hf_put_codings(o, coding, (struct hf_sv){0}, hf_sv_from(text));
	hf_put_subject(o);
	key(o, "period");
	hf_put_span(o, at, person_dead(t->p) ? t->to : 0);
	key(o, "author");
	hf_put_org(o, org);
	hf_out_end(o);
}

static void
tell_flags(struct tale *t)
{
	const struct org *practice = t->p->practice;
	const struct org *council = hf_out_org(t->o, ORG_COUNCIL, 0);
	bool alone = t->p->house->kind == HOUSE_SINGLE;
	char safe[80];

	if (alone && t->p->age >= 65 && hf_draw_chance(t, 75))
		put_flag(t, "contact", hf_sct_table[SCT_LIVES_ALONE].coding,
			 "Lives alone", practice, hf_draw_day(t));
	if (t->frailty >= 6 && alone && hf_draw_chance(t, 70)) {
		snprintf(safe, sizeof(safe),
			 "Key safe at the %s door; ring the office for the code",
			 hf_draw_below(t, 2) ? "front" : "side");
		put_flag(t, "contact", (struct hf_sv){0}, safe, council,
			 hf_draw_day(t));
	}
	if (t->frailty >= 7 && hf_draw_chance(t, 60))
		put_flag(t, "clinical", hf_sct_table[SCT_NOT_FOR_CPR].coding,
			 "Not for cardiopulmonary resuscitation; form with the person",
			 practice, hf_draw_day(t));
	if ((t->care & HF_CARE_FALLS) && t->frailty >= 5 && hf_draw_chance(t, 60))
		put_flag(t, "safety", (struct hf_sv){0}, "At risk of falls",
			 hf_out_org(t->o, ORG_COMMUNITY, 0), hf_draw_day(t));
	if (t->has[COND_LEARNING_DISABILITY] || t->has[COND_AUTISM] ||
	    (t->has[COND_HEARING_LOSS] && hf_draw_chance(t, 30)))
		put_flag(t, "admin", hf_sct_table[SCT_ADJUSTMENT].coding,
			 t->has[COND_HEARING_LOSS]
			     ? "Reasonable adjustment: face the person, speak clearly, "
			       "write things down"
			     : "Reasonable adjustment: longer appointment, quiet place "
			       "to wait",
			 practice, hf_draw_day(t));
	if (t->frailty >= 5 && hf_draw_chance(t, 5))
		put_flag(t, "safety", (struct hf_sv){0},
			 "Dog at the address; ask for it to be shut away", council,
			 hf_draw_day(t));
}

static void
put_team_member(struct tale *t, const char *role, const struct org *org, int staff)
{
	struct out *o = t->o;

	obj(o);
	key(o, "role");
	arr(o);
	hf_put_codings(o, (struct hf_sv){0}, (struct hf_sv){0}, hf_sv_from(role));
	arr_end(o);
	key(o, "member");
	hf_put_staff(o, org, staff);
	key(o, "onBehalfOf");
	hf_put_org(o, org);
	obj_end(o);
}

static void
tell_team(struct tale *t, hf_time at)
{
	const struct org *practice = t->p->practice;
	struct out *o = t->o;

	t->care_team = hf_out_next(o);
	hf_out_begin(o, "CareTeam", t->care_team, practice);
	member(o, "status", person_dead(t->p) ? "inactive" : "active");
	member(o, "name", "People involved in care");
	hf_put_subject(o);
	key(o, "period");
	hf_put_span(o, at, person_dead(t->p) ? t->to : 0);
	key(o, "participant");
	arr(o);
	put_team_member(t, "Named GP", practice, t->p->gp);
	put_team_member(t, "Care coordinator", practice, practice->staff - 1);
	if (t->frailty >= 5)
		put_team_member(t, "Community nurse", hf_out_org(o, ORG_COMMUNITY, 0),
				0);
	if (t->frailty >= 6)
		put_team_member(t, "Social worker", hf_out_org(o, ORG_COUNCIL, 0), 0);
	if (t->care & HF_CARE_MEMORY)
		put_team_member(t, "Memory clinic nurse", hf_out_org(o, ORG_MENTAL, 0),
				2);
	if (t->p->house->kind == HOUSE_CARE_HOME)
		put_team_member(t, "Care home nurse",
				hf_out_org(o, ORG_CARE_HOME, t->p->house->home), 0);
	arr_end(o);
	key(o, "managingOrganization");
	arr(o);
	hf_put_org(o, practice);
	arr_end(o);
	hf_out_end(o);
}

static void
tell_consent(struct tale *t, hf_time at)
{
	struct out *o = t->o;

	hf_out_begin(o, "Consent", hf_out_next(o), t->p->practice);
	member(o, "status", "active");
	raw(o, "scope",
	    "{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/consentscope",
				   "patient-privacy", "Privacy Consent") "]}");
	raw(o, "category",
	    "[{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/v3-ActCode",
				    "INFA", "information access") "]}]");
	hf_put_patient(o);
	key(o, "dateTime");
	hf_put_time(o, at);
	key(o, "organization");
	arr(o);
	hf_put_org(o, t->p->practice);
	arr_end(o);
	raw(o, "policyRule", "{\"text\":\"Shared care record of the place\"}");
	key(o, "provision");
	obj(o);
	member(o, "type", hf_draw_chance(t, 97) ? "permit" : "deny");
	obj_end(o);
	hf_out_end(o);
}

void
hf_tell_plans(struct tale *t)
{
	static const char *const matters[] = {
	    "Staying in my own home, and seeing my grandchildren on Sundays.",
	    "Getting out into the garden, and not being a burden on my daughter.",
	    "Being told things plainly, and having the same nurse when I can.",
	    "Going to the mosque on Fridays, and being free of pain.",
	    "My dog, my music, and a cup of tea made properly.",
	    "Walking to the shop on my own again.",
	};
	hf_time at;
	uint32_t goal;

	tell_flags(t);
	if (t->p->age >= 18 && hf_draw_chance(t, 30))
		tell_consent(t, hf_draw_day(t));
	if (t->frailty < 4 && t->n_conditions < 4)
		return;
	at = hf_draw_day(t);
	tell_team(t, at);
	goal = put_goal(t, t->p->practice, t->p->gp, at,
			matters[hf_draw_below(t, HF_COUNT(matters))]);
	put_plan(t, t->p->practice, t->p->gp, at, "What matters to me",
		 matters[hf_draw_below(t, HF_COUNT(matters))], goal);
	if (t->frailty >= 6)
		put_plan(
		    t, t->p->practice, t->p->gp, at, "Contingency plan",
		    "If more unwell: ring the urgent community response team before "
		    "999 unless there is chest pain, a stroke or a serious injury. "
		    "Treat at home where possible.",
		    0);
	if (!person_dead(t->p) && hf_draw_chance(t, 60))
		hf_put_appointment(t, t->p->practice, t->p->gp,
				   t->to + DAYS(2 + hf_draw_below(t, 40)),
				   "Review with the GP", 0);
}

/* A fortnight on a virtual ward: observations twice a day, a visit each day. */
static void
tell_virtual_ward(struct tale *t, hf_time from, hf_time to)
{
	const struct org *nurses = hf_out_org(t->o, ORG_COMMUNITY, 0);
	uint32_t episode = hf_put_episode(t, nurses, 4, from, to, "Virtual ward");

	for (hf_time day = from; day + HOURS(20) < to; day += DAYS(1)) {
		int64_t past = (day - from) / DAYS(1);
		hf_time at = hf_clinic_time(t, day + HOURS(2));
		uint32_t seen;

		if (at < from || at + HOURS(9) > to ||
		    hf_tale_away(t, at, at + HOURS(9)))
			continue;
		seen = hf_put_contact(
		    t,
		    &(struct contact){
			.class = past % 2 ? "VR" : "HH",
			.type = past % 2 ? SCT_TELEPHONE : SCT_HOME_VISIT,
			.text = past % 2 ? "Virtual ward call" : "Virtual ward visit",
			.start = at,
			.end = at + MINUTES(30),
			.org = nurses,
			.staff = 4,
			.episode = episode,
		    });
		hf_put_news2(t, at, nurses, 4, seen, past < 6 ? 5 - (int)past : 0);
		hf_put_news2(t, at + HOURS(8), nurses, 4, 0,
			     past < 6 ? 5 - (int)past : 0);
	}
}

void
hf_tell_rich(struct tale *t, size_t resources)
{
	hf_time span = t->to - t->from;

	/* A round is some 240 resources; the limit ends it in a short life. */
	for (int round = 0; round < 1000 && t->o->unit->n < resources; round++) {
		double u = hf_rng_unit(&t->rng);
		hf_time from = t->from + (hf_time)((double)(span - DAYS(16)) * u);

		if (span < DAYS(20))
			return;
		if (hf_tale_away(t, from, from + DAYS(15)))
			continue;
		hf_tale_stay(t, from, from + DAYS(15));
		tell_virtual_ward(t, from, from + DAYS(14));
	}
}

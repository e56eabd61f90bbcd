/* referral_intake.c - what a referrer says: the body of POST /api/hub/referrals. */
#include "fhir/json.h"
#include "synth/referral_int.h"

#include <stdio.h>

struct intake {
	const struct hf_synth_referrals *all;
	const struct plan *plan;
	const struct kind_row *kind;
	const struct source_row *source;
	const struct person *p; /* NULL: nobody of the record */
	struct hf_rng rng;
	struct hf_buf buf;
	struct hf_jw w;
	int age;
	bool urgent, complete;
};

static bool
chance(struct intake *in, uint32_t percent)
{
	return hf_rng_below(&in->rng, 100) < percent;
}

static int
between(struct intake *in, int lo, int hi)
{
	return lo + (int)hf_rng_below(&in->rng, (uint32_t)(hi - lo + 1));
}

static const char *
any(struct intake *in, const char *const *list, size_t n)
{
	return list[hf_rng_below(&in->rng, (uint32_t)n)];
}
#define ANY(in, list) any((in), (list), HF_COUNT(list))

static void
text(struct intake *in, const char *key, const char *value)
{
	if (value[0] != '\0')
		hf_jw_kv(&in->w, hf_sv_from(key), hf_sv_from(value));
}

static void
number(struct intake *in, const char *key, int64_t value)
{
	hf_jw_key(&in->w, hf_sv_from(key));
	hf_jw_int(&in->w, value);
}

static void
yes_no(struct intake *in, const char *key, bool value)
{
	hf_jw_key(&in->w, hf_sv_from(key));
	hf_jw_bool(&in->w, value);
}

static void
instant(struct intake *in, const char *key, hf_time at)
{
	char buf[32];

	text(in, key, hf_time_format(at - at % 1000, buf, sizeof(buf)));
}

/* A mandatory item: on the telephone one or another is not there. */
static bool
given(struct intake *in)
{
	if (in->plan->channel != BY_PHONE || !chance(in, 7))
		return true;
	in->complete = false;
	return false;
}

/* ---- the person ---- */

static void
stranger(struct intake *in)
{
	static const char *const family[] = {"Ashdown", "Kowalska", "Fenwick",
					     "Osei",	"Birkett",  "Mistry"};
	int year = hf_london_civil(in->all->now).year - in->age;
	bool female = chance(in, 55);
	char buf[64];

	snprintf(buf, sizeof(buf), "%04d-%02d-%02d", year, between(in, 1, 9),
		 between(in, 1, 28));
	text(in, "family", ANY(in, family));
	text(in, "given",
	     hf_synth_name_given(NAMES_BRITISH, female, year, hf_rng_u32(&in->rng)));
	text(in, "born", buf);
	text(in, "sex", female ? "female" : "male");
	text(in, "nhsStatus", "03"); /* trace required */
	snprintf(buf, sizeof(buf), "07700 900%03d", between(in, 0, 999));
	if (given(in))
		text(in, "phone", buf);
	snprintf(buf, sizeof(buf), "%d %s", between(in, 1, 120),
		 hf_synth_name_street(hf_rng_u32(&in->rng)));
	text(in, "address", buf);
	hf_synth_place_postcode(in->all->place,
				hf_rng_below(&in->rng, in->all->place->n_areas),
				hf_rng_below(&in->rng, 60), buf);
	text(in, "postcode", buf);
}

static void
put_person(struct intake *in)
{
	hf_jw_member(&in->w, "person");
	hf_jw_obj(&in->w);
	if (in->p) {
		text(in, "id", in->p->id);
	} else if (chance(in, 30)) {
		yes_no(in, "unknown", true); /* */
		text(in, "sex", chance(in, 50) ? "female" : "male");
		in->complete = false;
	} else {
		stranger(in);
	}
	hf_jw_obj_end(&in->w);
}

/* ---- the referrer ---- */

static const struct org *
org_of(struct intake *in)
{
	const struct hf_synth_place *place = in->all->place;
	uint32_t n = hf_rng_u32(&in->rng);

	if (in->source->org == ORG_KINDS)
		return NULL;
	if (in->p && in->source->org == ORG_PRACTICE)
		return in->p->practice;
	if (in->p && in->source->org == ORG_CARE_HOME)
		return place_org(place, ORG_CARE_HOME, in->p->house->home);
	return place_org(place, in->source->org, n);
}

static void
put_referrer(struct intake *in)
{
	const struct org *org = org_of(in);
	bool female = chance(in, 60);
	char buf[96];

	hf_jw_member(&in->w, "referrer");
	hf_jw_obj(&in->w);
	if (org)
		text(in, "org", org->ods);
	else
		in->complete = false;
	snprintf(buf, sizeof(buf), "%s %s",
		 hf_synth_name_given(NAMES_BRITISH, female, 1980, hf_rng_u32(&in->rng)),
		 hf_synth_name_family(NAMES_BRITISH, hf_rng_u32(&in->rng)));
	if (in->plan->source != FROM_SELF)
		text(in, "name", buf);
	if (chance(in, 90))
		text(in, "role", in->source->roles[chance(in, 35)]);
	snprintf(buf, sizeof(buf), "01632 960%03d", between(in, 0, 999));
	text(in, "phone", buf);
	hf_jw_obj_end(&in->w);
}

/* ---- NEWS2 ---- */

static int
within(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* Values that go with how ill somebody is: 0 well … 10 very ill. */
static void
put_news2(struct intake *in)
{
	int ill = between(in, in->kind->ill_min, in->kind->ill_max);
	bool confused = strcmp(in->kind->condition, "confusion-delirium") == 0;
	bool lungs = chance(in, 5), oxygen = ill >= 7 && chance(in, 60);
	bool partial = in->plan->channel == BY_PHONE && chance(in, 25);
	char buf[16];

	hf_jw_member(&in->w, "news2");
	hf_jw_obj(&in->w);
	number(in, "respiration", 14 + ill * 3 / 2 + between(in, 0, 3));
	number(in, "spo2",
	       lungs ? between(in, 88, 92)
		     : within(98 - ill * 3 / 4 - between(in, 0, 2), 86, 99));
	text(in, "scale", lungs ? "2" : "1");
	text(in, "oxygen", oxygen ? "oxygen" : "air");
	if (!partial)
		number(in, "systolic", 134 - 4 * ill + between(in, -8, 22));
	number(in, "pulse", 72 + 5 * ill + between(in, -4, 14));
	text(in, "consciousness", (confused && chance(in, 80)) || ill >= 9 ? "C" : "A");
	snprintf(buf, sizeof(buf), "%.1f", 36.5 + ill * 0.2 + between(in, 0, 6) / 10.0);
	if (!partial || chance(in, 50)) {
		hf_jw_member(&in->w, "temperature");
		hf_jw_raw(&in->w, hf_sv_from(buf));
	}
	instant(in, "at", in->plan->at - between(in, 5, 40) * (hf_time)60000);
	hf_jw_obj_end(&in->w);
}

/* ---- what else is said ---- */

static void
put_clinical(struct intake *in)
{
	static const char *const medicines[] = {
	    "On repeat: amlodipine, atorvastatin", "Bisoprolol, furosemide, apixaban",
	    "Paracetamol when needed", "Metformin, ramipril, aspirin",
	    "Weekly box from the pharmacy"};
	static const char *const allergies[] = {
	    "None known", "None known", "Penicillin: rash", "Trimethoprim: sickness"};
	int cfs = in->age >= 90 ? 6 : in->age >= 80 ? 5 : in->age >= 70 ? 4 : 3;

	/* NEWS2 is for adults; those who measure must say it of an urgent one. */
	if (in->age >= 16 && (in->urgent || chance(in, 25)))
		put_news2(in);
	else if (in->urgent)
		in->complete = false;
	if (in->p && in->p->house->kind == HOUSE_CARE_HOME)
		cfs = 7;
	if (strcmp(in->kind->condition, "palliative-eol-crisis") == 0)
		cfs = chance(in, 50) ? 9 : 8;
	else
		cfs += between(in, -1, 1);
	if (in->age >= 65 && chance(in, 80))
		number(in, "cfs", cfs);
	text(in, "history", in->kind->history);
	if (in->age >= 16 && chance(in, 70))
		text(in, "medicines", ANY(in, medicines));
	if (chance(in, 85))
		text(in, "allergies", ANY(in, allergies));
	if (chance(in, 6))
		text(in, "infection", "Diarrhoea in the household since yesterday");
}

static void
put_risks(struct intake *in)
{
	static const char *const worries[] = {
	    "Bruises that nobody explains; concern raised with the council",
	    "Self-neglect: no heating, food out of date",
	    "Money is missing, a neighbour has the bank card",
	    "Child protection plan in the household"};
	static const char *const dangers[] = {
	    "Threatening to staff in March, two visit",
	    "Son drinks and shouts, call before going in"};
	static const char *const ways[] = {
	    "Key safe by the front door; the number is with the control room",
	    "Key safe at the back",
	    "Dog, friendly but loud; ask to shut it in",
	    "Two flights of stairs, no lift",
	    "Slow to the door, let it ring",
	    "Warden opens between 8 and 18 o'clock"};
	bool unsafe = chance(in, 3);

	text(in, "safeguarding", chance(in, 6) ? ANY(in, worries) : "none");
	if (in->plan->source == FROM_999 || chance(in, 70))
		text(in, "scene", unsafe ? "U" : chance(in, 5) ? "UNK" : "S");
	else if (unsafe)
		text(in, "scene", "U");
	if (unsafe)
		text(in, "loneWorker", ANY(in, dangers));
	if (chance(in, 45))
		text(in, "access", ANY(in, ways));
	if (in->p && chance(in, 80))
		yes_no(in, "alone", in->p->house->n == 1);
}

static void
put_wishes(struct intake *in)
{
	static const char *const languages[] = {"Urdu", "Polish", "Punjabi", "Arabic",
						"Cantonese"};
	bool eol = strcmp(in->kind->condition, "palliative-eol-crisis") == 0;

	if (given(in))
		yes_no(in, "consentRefer", true);
	yes_no(in, "consentShare", !chance(in, 3));
	if (strcmp(in->kind->condition, "confusion-delirium") == 0)
		text(in, "capacity",
		     "Lacks capacity for this now; in the person's best interests");
	else if (chance(in, 60))
		text(in, "capacity", "Has capacity");
	if (eol ? chance(in, 80) : in->age >= 75 && chance(in, 25))
		text(in, "respect",
		     eol ? "ReSPECT: comfort, at home, not for resuscitation"
			 : "ReSPECT: hospital if it can be mended");
	if (chance(in, 8))
		text(in, "adjustments", "Hard of hearing, speak slowly");
	if (chance(in, 6)) {
		text(in, "language", ANY(in, languages));
		yes_no(in, "interpreter", true);
	}
	if (in->age < 16)
		text(in, "support", "Parents at home");
	else if (in->p && in->p->house->kind == HOUSE_CARE_HOME)
		text(in, "support", "Care home staff");
	else if (chance(in, 60))
		text(in, "support",
		     chance(in, 50) ? "Carers four times a day" : "Family close by");
}

static void
put_request(struct intake *in)
{
	static const char *const onsets[] = {"Today", "Since yesterday",
					     "Over the last three days",
					     "Slowly, over some weeks"};
	static const char *const tried[] = {
	    "GP advice on the telephone", "Paracetamol and fluids",
	    "111 last night, told to wait", "The family did what it could"};
	const char *problem = in->kind->problems[hf_rng_below(&in->rng, PROBLEMS)];

	instant(in, "decided", in->plan->at - between(in, 2, 25) * (hf_time)60000);
	text(in, "service", in->kind->service);
	text(in, "asked", hf_ref_urgency(in->plan->asked));
	if (given(in))
		text(in, "expectation",
		     in->plan->asked == URGENCY_A0 ? "Advice to the referrer"
		     : in->urgent ? "A visit, so that hospital can be avoided"
				  : "Assessment and a plan");
	text(in, "problem", problem);
	text(in, "condition", in->kind->condition);
	text(in, "onset", onsets[in->urgent ? between(in, 0, 2) : between(in, 2, 3)]);
	if (chance(in, 50))
		text(in, "tried", ANY(in, tried));
	if (in->urgent)
		text(in, "location",
		     in->p && in->p->house->kind == HOUSE_CARE_HOME ? "Care home"
								    : "At home");
}

bool
hf_ref_intake(const struct hf_synth_referrals *all, size_t i, const struct person *p,
	      struct hf_arena *arena, struct hf_sv *out, bool *complete)
{
	static const char *const channels[] = {"page", "phone", "message"};
	const struct plan *plan = &all->plans[i];
	struct intake in = {
	    .all = all,
	    .plan = plan,
	    .kind = &hf_kind_rows[plan->kind],
	    .source = &hf_source_rows[plan->source],
	    .p = p,
	    .urgent = plan->asked <= 3,
	    .complete = true,
	};
	bool ok;

	hf_ref_rng(all, i, 1, &in.rng);
	in.w.out = &in.buf;
	in.age = p ? p->age
		   : between(&in, in.kind->age_min < 60 ? in.kind->age_min : 60,
			     in.kind->age_max < 95 ? in.kind->age_max : 95);
	hf_jw_obj(&in.w);
	put_person(&in);
	text(&in, "channel", channels[plan->channel]);
	text(&in, "source", in.source->code);
	put_referrer(&in);
	put_request(&in);
	put_clinical(&in);
	put_risks(&in);
	put_wishes(&in);
	hf_jw_obj_end(&in.w);
	*out = hf_arena_sv(arena, hf_buf_view(&in.buf));
	*complete = in.complete;
	ok = !in.buf.failed && out->p != NULL;
	hf_buf_free(&in.buf);
	return ok;
}

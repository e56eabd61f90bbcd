/* observe.c - observations: vital signs, body, blood tests, scores. */
#include "synth/story.h"

#define CATEGORY(code, text)                                                           \
	"[{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/"               \
				"observation-category",                                \
				code, text) "]}]"
#define VITAL	   CATEGORY("vital-signs", "Vital Signs")
#define LABORATORY CATEGORY("laboratory", "Laboratory")
#define SURVEY	   CATEGORY("survey", "Survey")
#define SOCIAL	   CATEGORY("social-history", "Social History")

struct sight {
	hf_time at;
	const struct org *org;
	int staff;
	uint32_t encounter;
};

/* Everything of an observation but its value. */
static uint32_t
begin(struct tale *t, const struct sight *s, struct hf_sv category, struct hf_sv code,
      struct hf_sv loinc, struct hf_sv text)
{
	struct out *o = t->o;
	uint32_t seq = hf_out_next(o);

	hf_out_begin(o, "Observation", seq, s->org);
	member(o, "status", "final");
	key(o, "category");
	hf_jw_raw(&o->w, category);
	key(o, "code");
	hf_put_codings(o, code, loinc, text);
	hf_put_subject(o);
	if (s->encounter) {
		key(o, "encounter");
		hf_put_own(o, "Encounter", s->encounter);
	}
	key(o, "effectiveDateTime");
	hf_put_time(o, s->at);
	hf_out_who(t, "performer", s->org, s->staff);
	return seq;
}

struct measure {
	enum sct code;
	const char *loinc; /* coding JSON, or NULL */
	const char *unit, *ucum;
	int scale;
	const char *low, *high; /* of the reference range, or NULL */
};

static void
put_quantity(struct out *o, int v, const struct measure *m)
{
	obj(o);
	key(o, "value");
	if (m->scale)
		hf_put_dec(o, v, m->scale);
	else
		hf_put_int(o, v);
	member(o, "unit", m->unit);
	member(o, "system", "http://unitsofmeasure.org");
	member(o, "code", m->ucum);
	obj_end(o);
}

static void
put_range(struct out *o, const struct measure *m)
{
	if (!m->low && !m->high)
		return;
	key(o, "referenceRange");
	arr(o);
	obj(o);
	if (m->low) {
		key(o, "low");
		obj(o);
		key(o, "value");
		hf_jw_raw(&o->w, hf_sv_from(m->low));
		obj_end(o);
	}
	if (m->high) {
		key(o, "high");
		obj(o);
		key(o, "value");
		hf_jw_raw(&o->w, hf_sv_from(m->high));
		obj_end(o);
	}
	obj_end(o);
	arr_end(o);
}

static uint32_t
put_measure(struct tale *t, const struct sight *s, struct hf_sv category,
	    const struct measure *m, int v)
{
	uint32_t seq = begin(t, s, category, hf_sct_table[m->code].coding,
			     hf_sv_from(m->loinc), (struct hf_sv){0});

	key(t->o, "valueQuantity");
	put_quantity(t->o, v, m);
	put_range(t->o, m);
	hf_out_end(t->o);
	return seq;
}

static const struct measure pulse = {SCT_PULSE,
				     LOINC_CODING("8867-4", "Heart rate"),
				     "beats per minute",
				     "/min",
				     0,
				     NULL,
				     NULL};
static const struct measure weight = {
    SCT_WEIGHT, LOINC_CODING("29463-7", "Body weight"), "kg", "kg", 1, NULL, NULL};
static const struct measure height = {
    SCT_HEIGHT, LOINC_CODING("8302-2", "Body height"), "cm", "cm", 0, NULL, NULL};
static const struct measure bmi = {
    SCT_BMI, LOINC_CODING("39156-5", "Body mass index (BMI) [Ratio]"),
    "kg/m2", "kg/m2",
    1,	     NULL,
    NULL};
static const struct measure breaths = {SCT_RESP_RATE,
				       LOINC_CODING("9279-1", "Respiratory rate"),
				       "breaths per minute",
				       "/min",
				       0,
				       NULL,
				       NULL};
static const struct measure oxygen = {
    SCT_SPO2, LOINC_CODING("2708-6", "Oxygen saturation in Arterial blood"),
    "%",      "%",
    0,	      NULL,
    NULL};
static const struct measure warmth = {SCT_TEMPERATURE,
				      LOINC_CODING("8310-5", "Body temperature"),
				      "degrees Celsius",
				      "Cel",
				      1,
				      NULL,
				      NULL};
static const struct measure news = {SCT_NEWS2, NULL, "score", "{score}", 0, NULL, NULL};

static void
put_pressure(struct tale *t, const struct sight *s, int systolic, int diastolic)
{
	static const struct measure part = {SCT_BP, NULL, "mmHg", "mm[Hg]",
					    0,	    NULL, NULL};
	struct out *o = t->o;

	begin(t, s, HF_SV(VITAL), hf_sct_table[SCT_BP].coding,
	      HF_SV(LOINC_CODING("85354-9",
				 "Blood pressure panel with all children optional")),
	      (struct hf_sv){0});
	key(o, "component");
	arr(o);
	obj(o);
	key(o, "code");
	hf_put_codings(o, hf_sct_table[SCT_SYSTOLIC].coding,
		       HF_SV(LOINC_CODING("8480-6", "Systolic blood pressure")),
		       (struct hf_sv){0});
	key(o, "valueQuantity");
	put_quantity(o, systolic, &part);
	obj_end(o);
	obj(o);
	key(o, "code");
	hf_put_codings(o, hf_sct_table[SCT_DIASTOLIC].coding,
		       HF_SV(LOINC_CODING("8462-4", "Diastolic blood pressure")),
		       (struct hf_sv){0});
	key(o, "valueQuantity");
	put_quantity(o, diastolic, &part);
	obj_end(o);
	arr_end(o);
	hf_out_end(o);
}

void
hf_put_vitals(struct tale *t, hf_time at, const struct org *org, int staff,
	      uint32_t encounter)
{
	struct sight s = {at, org, staff, encounter};
	int systolic = hf_draw_around(t, t->systolic, 9, 84, 210);

	put_pressure(t, &s, systolic,
		     hf_draw_around(t, systolic * 58 / 100 + 2, 5, 44, 120));
	if (hf_draw_chance(t, 50))
		put_measure(t, &s, HF_SV(VITAL), &pulse,
			    hf_draw_around(t, 74, 9, 46, 130));
}

/* Children grow: the share of their adult height in thousandths. */
static int
grown(int age)
{
	return age >= 18 ? 1000 : age == 0 ? 360 : 420 + age * 32;
}

void
hf_put_body(struct tale *t, hf_time at, uint32_t encounter)
{
	struct sight s = {at, t->p->practice, t->p->practice->staff - 1, encounter};
	int share = grown(hf_tale_age(t, at)), h = t->height * share / 1000;
	int w = hf_draw_around(t, t->weight, t->weight / 60 + 1, 30, 2400);

	if (share < 1000)
		w = (int)((int64_t)w * share / 1000 * share / 1000);
	put_measure(t, &s, HF_SV(VITAL), &weight, w);
	if (hf_draw_chance(t, 60) || share < 1000)
		put_measure(t, &s, HF_SV(VITAL), &height, h);
	put_measure(t, &s, HF_SV(VITAL), &bmi, w * 10000 / (h * h));
}

static void
put_coded(struct tale *t, const struct sight *s, struct hf_sv category, enum sct what,
	  enum sct value)
{
	begin(t, s, category, hf_sct_table[what].coding, (struct hf_sv){0},
	      (struct hf_sv){0});
	key(t->o, "valueCodeableConcept");
	hf_put_sct(t->o, value);
	hf_out_end(t->o);
}

void
hf_put_smoking(struct tale *t, hf_time at, uint32_t encounter)
{
	struct sight s = {at, t->p->practice, t->p->practice->staff - 1, encounter};

	put_coded(t, &s, HF_SV(SOCIAL), SCT_SMOKING, t->smoking);
}

static void
put_score(struct tale *t, const struct sight *s, enum sct what, const char *name, int v)
{
	begin(t, s, HF_SV(SURVEY), hf_sct_table[what].coding, (struct hf_sv){0},
	      hf_sv_from(name));
	key(t->o, "valueInteger");
	hf_put_int(t->o, v);
	hf_out_end(t->o);
}

void
hf_put_frailty(struct tale *t, hf_time at, const struct org *org, int staff,
	       uint32_t encounter)
{
	struct sight s = {at, org, staff, encounter};

	put_score(t, &s, SCT_FRAILTY, "Clinical Frailty Scale (Rockwood)", t->frailty);
}

void
hf_put_phq9(struct tale *t, hf_time at, const struct org *org, int staff,
	    uint32_t encounter)
{
	static const char *const questions[9] = {
	    "Little interest or pleasure in doing things",
	    "Feeling down, depressed, or hopeless",
	    "Trouble falling or staying asleep, or sleeping too much",
	    "Feeling tired or having little energy",
	    "Poor appetite or overeating",
	    "Feeling bad about yourself",
	    "Trouble concentrating on things",
	    "Moving or speaking slowly, or being restless",
	    "Thoughts of being better off dead or of self-harm",
	};
	struct sight s = {at, org, staff, encounter};
	struct out *o = t->o;
	int total = 0, low = (int)hf_draw_below(t, 2);

	hf_out_begin(o, "QuestionnaireResponse", hf_out_next(o), org);
	member(o, "status", "completed");
	hf_put_subject(o);
	key(o, "encounter");
	hf_put_own(o, "Encounter", encounter);
	key(o, "authored");
	hf_put_time(o, at);
	key(o, "author");
	hf_put_staff(o, org, staff);
	key(o, "item");
	arr(o);
	for (int i = 0; i < 9; i++) {
		int v =
		    i == 8 ? (int)hf_draw_chance(t, 6) : low + (int)hf_draw_below(t, 3);
		char link[2] = {(char)('1' + i), '\0'};

		total += v;
		obj(o);
		member(o, "linkId", link);
		member(o, "text", questions[i]);
		key(o, "answer");
		arr(o);
		obj(o);
		key(o, "valueInteger");
		hf_put_int(o, v);
		obj_end(o);
		arr_end(o);
		obj_end(o);
	}
	arr_end(o);
	hf_out_end(o);
	put_score(t, &s, SCT_PHQ9, "PHQ-9 total score", total);
}

/* One blood test: who gets it (enum care), its mean and spread. */
static const struct test {
	unsigned when;
	struct measure m;
	int mean, sd, lo, hi;
} tests[] = {
    {HF_CARE_KIDNEY,
     {SCT_SODIUM, NULL, "mmol/L", "mmol/L", 0, "133", "146"},
     139,
     3,
     118,
     152},
    {HF_CARE_KIDNEY,
     {SCT_POTASSIUM, NULL, "mmol/L", "mmol/L", 1, "3.5", "5.3"},
     44,
     4,
     28,
     65},
    {HF_CARE_KIDNEY,
     {SCT_CREATININE, NULL, "umol/L", "umol/L", 0, "45", "110"},
     0,
     6,
     40,
     420},
    {HF_CARE_KIDNEY,
     {SCT_EGFR, NULL, "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", 0, "90", NULL},
     0,
     4,
     8,
     115},
    {HF_CARE_SUGAR,
     {SCT_HBA1C, NULL, "mmol/mol", "mmol/mol", 0, "20", "41"},
     0,
     5,
     28,
     130},
    {HF_CARE_SUGAR | HF_CARE_BP,
     {SCT_CHOLESTEROL, NULL, "mmol/L", "mmol/L", 1, NULL, "5.0"},
     47,
     9,
     22,
     92},
    {HF_CARE_BLOOD,
     {SCT_HAEMOGLOBIN, NULL, "g/L", "g/L", 0, "120", "170"},
     131,
     13,
     68,
     178},
    {HF_CARE_BLOOD,
     {SCT_WHITE_CELLS, NULL, "10*9/L", "10*9/L", 1, "4.0", "11.0"},
     72,
     17,
     18,
     240},
    {HF_CARE_BLOOD,
     {SCT_PLATELETS, NULL, "10*9/L", "10*9/L", 0, "150", "400"},
     252,
     55,
     60,
     640},
    {HF_CARE_BLOOD, {SCT_ALT, NULL, "U/L", "U/L", 0, NULL, "41"}, 26, 9, 6, 190},
    {HF_CARE_INFECTION, {SCT_CRP, NULL, "mg/L", "mg/L", 0, NULL, "5"}, 64, 55, 1, 380},
    {HF_CARE_THYROID,
     {SCT_TSH, NULL, "mU/L", "m[IU]/L", 1, "0.4", "4.5"},
     27,
     11,
     1,
     120},
};

static int
test_mean(const struct tale *t, const struct test *test)
{
	switch (test->m.code) {
	case SCT_EGFR:
		return t->egfr;
	case SCT_CREATININE:
		return 6900 / (t->egfr > 12 ? t->egfr : 12);
	case SCT_HBA1C:
		return t->hba1c;
	default:
		return test->mean;
	}
}

void
hf_put_bloods(struct tale *t, hf_time at, const struct org *org, int staff,
	      uint32_t encounter, unsigned wanted)
{
	struct sight s = {at, org, staff, encounter};
	uint32_t results[HF_COUNT(tests)];
	struct out *o = t->o;
	size_t n = 0;

	for (size_t i = 0; i < HF_COUNT(tests); i++) {
		const struct test *x = &tests[i];

		if (!(x->when & wanted))
			continue;
		results[n++] = put_measure(
		    t, &s, HF_SV(LABORATORY), &x->m,
		    hf_draw_around(t, test_mean(t, x), x->sd, x->lo, x->hi));
	}
	if (n == 0)
		return;
	hf_out_begin(o, "DiagnosticReport", hf_out_next(o), org);
	member(o, "status", "final");
	raw(o, "category",
	    "[{\"coding\":[" CODING("http://terminology.hl7.org/CodeSystem/v2-0074",
				    "LAB", "Laboratory") "]}]");
	raw(o, "code", "{\"text\":\"Blood tests\"}");
	hf_put_subject(o);
	if (encounter) {
		key(o, "encounter");
		hf_put_own(o, "Encounter", encounter);
	}
	key(o, "effectiveDateTime");
	hf_put_time(o, at);
	key(o, "performer");
	arr(o);
	hf_put_org(o,
		   hf_out_org(o, ORG_ACUTE, 0)); /* the laboratory is the hospital's */
	arr_end(o);
	key(o, "result");
	arr(o);
	for (size_t i = 0; i < n; i++)
		hf_put_own(o, "Observation", results[i]);
	arr_end(o);
	hf_out_end(o);
}

/* NEWS2, scale 1 for oxygen (Royal College of Physicians, 2017). */
struct signs {
	int breaths, oxygen, systolic, pulse, warmth; /* warmth in 0.1 degrees */
	bool on_oxygen, alert;
};

static int
news2(const struct signs *v)
{
	int score = 0;

	score += v->breaths <= 8    ? 3
		 : v->breaths <= 11 ? 1
		 : v->breaths <= 20 ? 0
		 : v->breaths <= 24 ? 2
				    : 3;
	score += v->oxygen <= 91 ? 3 : v->oxygen <= 93 ? 2 : v->oxygen <= 95 ? 1 : 0;
	score += v->on_oxygen ? 2 : 0;
	score += v->systolic <= 90    ? 3
		 : v->systolic <= 100 ? 2
		 : v->systolic <= 110 ? 1
		 : v->systolic <= 219 ? 0
				      : 3;
	score += v->pulse <= 40	   ? 3
		 : v->pulse <= 50  ? 1
		 : v->pulse <= 90  ? 0
		 : v->pulse <= 110 ? 1
		 : v->pulse <= 130 ? 2
				   : 3;
	score += v->alert ? 0 : 3;
	score += v->warmth <= 350   ? 3
		 : v->warmth <= 360 ? 1
		 : v->warmth <= 380 ? 0
		 : v->warmth <= 390 ? 1
				    : 2;
	return score;
}

void
hf_put_news2(struct tale *t, hf_time at, const struct org *org, int staff,
	     uint32_t encounter, int ill)
{
	struct sight s = {at, org, staff, encounter};
	struct signs v = {
	    .breaths = hf_draw_around(t, 16 + ill, 2, 9, 38),
	    .oxygen = hf_draw_around(t, 97 - ill * 2 / 3, 1, 84, 100),
	    .systolic = hf_draw_around(t, t->systolic - ill * 3, 9, 74, 215),
	    .pulse = hf_draw_around(t, 74 + ill * 4, 8, 42, 165),
	    .warmth = hf_draw_around(t, 367 + ill * 2, 4, 345, 405),
	    .alert = !hf_draw_chance(t, (uint32_t)ill * 2),
	};

	v.on_oxygen = v.oxygen < 94 && hf_draw_chance(t, 70);
	put_measure(t, &s, HF_SV(VITAL), &breaths, v.breaths);
	put_measure(t, &s, HF_SV(VITAL), &oxygen, v.oxygen);
	put_coded(t, &s, HF_SV(VITAL), SCT_ON_OXYGEN,
		  v.on_oxygen ? SCT_ON_OXYGEN : SCT_ROOM_AIR);
	put_pressure(t, &s, v.systolic, v.systolic * 58 / 100 + 2);
	put_measure(t, &s, HF_SV(VITAL), &pulse, v.pulse);
	put_coded(t, &s, HF_SV(VITAL), SCT_ACVPU, v.alert ? SCT_ALERT : SCT_CONFUSED);
	put_measure(t, &s, HF_SV(VITAL), &warmth, v.warmth);
	put_measure(t, &s, HF_SV(SURVEY), &news, news2(&v));
}

/* act_book.c - the codes of the rows, a dictionary a kind, and the tables with them. */
#include <stdio.h>
#include <stdlib.h>

#include "synth/act.h"

/* admission.def and planned.def as text. */
static const struct {
	const char *icd, *second, *hrg[3], *specialty;
	int16_t weight[6];
	enum ltc need;
	int16_t los, winter;
} admissions[] = {
#define HF_ADMISSION(icd, second, h0, h1, h2, specialty, a, b, c, d, e, f, need, los,  \
		     winter)                                                           \
	{icd,	     second, {h0, h1, h2}, specialty, {a, b, c, d, e, f},              \
	 LTC_##need, los,    winter},
#include "synthetic/admission.def"
#undef HF_ADMISSION
};
_Static_assert(HF_COUNT(admissions) <= ACT_NE_ROWS, "as many as there is room for");

static const struct {
	enum rate setting;
	const char *icd, *proc, *hrg, *specialty;
	int16_t weight[3];
	enum ltc need;
	int16_t nights, pounds;
} planned[] = {
#define HF_PLANNED(setting, icd, proc, hrg, specialty, a, b, c, need, nights, pounds)  \
	{RATE_##setting, icd,	     proc,   hrg,   specialty,                         \
	 {a, b, c},	 LTC_##need, nights, pounds},
#include "synthetic/planned.def"
#undef HF_PLANNED
};

static const char *const medicines[] = {
#define HF_CHEMICAL(code, ...) code,
#include "synthetic/chemical.def"
#undef HF_CHEMICAL
};

/* What a condition is coded as beside the reason of an admission. */
static const struct {
	enum ltc ltc;
	const char *icd;
} further[] = {
    {LTC_HYPERTENSION, "I10X"},
    {LTC_ANXIETY_DEPRESSION, "F329"},
    {LTC_PAIN, "M549"},
    {LTC_HEARING, "H919"},
    {LTC_IBS, "K589"},
    {LTC_ASTHMA, "J459"},
    {LTC_DIABETES, "E119"},
    {LTC_CHD, "I259"},
    {LTC_CKD, "N183"},
    {LTC_CONSTIPATION, "K590"},
    {LTC_COPD, "J449"},
    {LTC_CONNECTIVE, "M069"},
    {LTC_CANCER, "C80X"},
    {LTC_ALCOHOL, "F102"},
    {LTC_HEART_FAILURE, "I509"},
    {LTC_DEMENTIA, "F03X"},
    {LTC_SMI, "F209"},
    {LTC_EPILEPSY, "G409"},
    {LTC_AF, "I489"},
    {LTC_STROKE, "I693"},
    {LTC_LD, "F819"},
    {LTC_DISABILITY, "G819"},
    {LTC_HOMELESS, "Z590"},
    {LTC_PALLIATIVE, "Z515"},
    {LTC_EFI_ARTHRITIS, "M199"},
    {LTC_EFI_OSTEOPOROSIS, "M819"},
    {LTC_EFI_PARKINSONS, "G20X"},
    {LTC_EFI_THYROID, "E039"},
    {LTC_EFI_PVD, "I739"},
    {LTC_EFI_FALLS, "R296"},
    {LTC_EFI_MOBILITY, "R268"},
    {LTC_EFI_COGNITIVE, "R413"},
    {LTC_EFI_INCONTINENCE, "R32X"},
    {LTC_EFI_ANAEMIA, "D649"},
    {LTC_EFI_SKIN_ULCER, "L97X"},
    {LTC_EFI_VISION, "H547"},
    {LTC_EFI_VALVE, "I38X"},
    {LTC_EFI_CARE, "Z741"},
    {LTC_EFI_SOCIAL, "Z602"},
    {LTC_EFI_WEIGHT_LOSS, "R634"},
};

static const char *const falls[] = {"W010", "W180", "W190", "W050"};
static const char *const clinics[] = {"110", "130", "330", "301", "320",
				      "120", "502", "101", "340", "100",
				      "400", "303", "650", "420", "300"};
/* What a procedure in the clinic is grouped to; empty: nobody codes it here. */
static const char *const procedures[] = {"HC64C", "BZ34C", "JC43C", "FE32Z", "",
					 "CD03A", "MA31Z", "LB72A", "",	     "JC43C",
					 "HC64C", "SA44A", "",	    "",	     "JC43C"};
_Static_assert(HF_COUNT(procedures) == HF_COUNT(clinics), "one a clinic");
static const char *const tests[] = {"FBC",  "UE", "HBA1C", "LFT",
				    "XRAY", "CT", "US",	   "ECG"};
static const char *const contacts[] = {"N02AF", "N12",	 "N03G",  "A08A1", "A09A",
				       "IC03",	"N08AF", "A13C1", "N06AF", "N21AF"};

static const struct {
	enum one one;
	enum hf_pop_kind kind;
	const char *text;
} ones[] = {
    {ONE_MATERNITY, HF_POP_SPECIALTY, "501"},
    {ONE_PAEDIATRIC, HF_POP_SPECIALTY, "420"},
    {ONE_EMERGENCY, HF_POP_SPECIALTY, "180"},
    {ONE_PSYCHIATRY, HF_POP_SPECIALTY, "710"},
    {ONE_Z380, HF_POP_ICD10, "Z380"},
    {ONE_O800, HF_POP_ICD10, "O800"},
    {ONE_O829, HF_POP_ICD10, "O829"},
    {ONE_O471, HF_POP_ICD10, "O471"},
    {ONE_NZ30, HF_POP_HRG, "NZ30C"},
    {ONE_NZ31, HF_POP_HRG, "NZ31C"},
    {ONE_NZ51, HF_POP_HRG, "NZ51C"},
    {ONE_NZ19, HF_POP_HRG, "NZ19B"},
    {ONE_PB04, HF_POP_HRG, "PB04D"},
    {ONE_Z515, HF_POP_ICD10, "Z515"},
    {ONE_F439, HF_POP_ICD10, "F439"},
    {ONE_F329, HF_POP_ICD10, "F329"},
    {ONE_R69, HF_POP_ICD10, "R69X"},
    {ONE_VB, HF_POP_HRG, "VB08Z"},
    {ONE_VB_LESS, HF_POP_HRG, "VB11Z"},
    {ONE_HB, HF_POP_VALUE, "hb"},
    {ONE_NA, HF_POP_VALUE, "na"},
    {ONE_FFT, HF_POP_VALUE, "fft"},
    {ONE_EQ5D, HF_POP_VALUE, "eq5d"},
    {ONE_Z602, HF_POP_ICD10, "Z602"},
    {ONE_C80, HF_POP_ICD10, "C80X"},
};

/* The code of text, added when new; 0 for empty.  False in *ok: no memory. */
static uint16_t
add(struct hf_synth_activity *a, enum hf_pop_kind kind, struct hf_sv text, bool look,
    bool *ok)
{
	struct book *b = &a->book[kind];

	if (text.n == 0 || !*ok)
		return 0;
	for (size_t i = 1; look && i < b->n; i++) {
		if (hf_sv_eq(b->text[i], text))
			return (uint16_t)i;
	}
	if (b->n + 1 >= b->max) {
		size_t max = b->max == 0 ? 64 : b->max * 2;
		struct hf_sv *more = realloc(b->text, max * sizeof(*more));

		if (!more) {
			*ok = false;
			return 0;
		}
		b->text = more;
		b->max = max;
	}
	if (b->n == 0)
		b->text[b->n++] = (struct hf_sv){"", 0};
	b->text[b->n] = text;
	return (uint16_t)b->n++;
}

#define ADD(kind, text) add(a, HF_POP_##kind, hf_sv_from(text), true, ok)

static void
add_places(struct hf_synth_activity *a, bool *ok)
{
	const struct hf_synth_place *p = a->place;
	static const enum org_kind who[] = {
	    [ONE_ACUTE] = ORG_ACUTE,	     [ONE_COMMUNITY] = ORG_COMMUNITY,
	    [ONE_MENTAL] = ORG_MENTAL,	     [ONE_COUNCIL] = ORG_COUNCIL,
	    [ONE_AMBULANCE] = ORG_AMBULANCE, [ONE_111] = ORG_111};

	for (size_t i = 0; i < HF_COUNT(who); i++)
		a->codes[CODE_ONE + i] = ADD(PROVIDER, place_org(p, who[i], 0)->ods);
	/* A practice is 1 + its number, as practice and as provider 7 + it. */
	for (int32_t i = 0; i < p->count[ORG_PRACTICE]; i++) {
		struct hf_sv ods =
		    hf_sv_from(place_org(p, ORG_PRACTICE, (uint32_t)i)->ods);

		add(a, HF_POP_PRACTICE, ods, false, ok);
		add(a, HF_POP_PROVIDER, ods, false, ok);
	}
	for (uint32_t i = 0; i < p->n_areas; i++) {
		snprintf(a->lsoas[i], sizeof(a->lsoas[i]), "E019%05u", i % 100000);
		add(a, HF_POP_LSOA, hf_sv_from(a->lsoas[i]), false, ok);
	}
}

static void
add_tables(struct hf_synth_activity *a, bool *ok)
{
	for (size_t i = 0; i < HF_COUNT(admissions); i++) {
		struct ne_row *r = &a->ne[a->n_ne++];
		const char *second = admissions[i].second;

		*r = (struct ne_row){
		    .icd = ADD(ICD10, admissions[i].icd),
		    .specialty = ADD(SPECIALTY, admissions[i].specialty),
		    .need = admissions[i].need,
		    .los = admissions[i].los,
		    .winter = admissions[i].winter,
		    .fall = strcmp(second, "W") == 0,
		};
		if (!r->fall)
			r->second = ADD(ICD10, second);
		for (int k = 0; k < 3; k++)
			r->hrg[k] = ADD(HRG, admissions[i].hrg[k]);
		memcpy(r->weight, admissions[i].weight, sizeof(r->weight));
	}
	for (size_t i = 0; i < HF_COUNT(planned); i++) {
		struct planned_row *r = &a->planned[a->n_planned++];

		*r = (struct planned_row){
		    .setting = planned[i].setting,
		    .icd = ADD(ICD10, planned[i].icd),
		    .proc = ADD(PROC, planned[i].proc),
		    .hrg = ADD(HRG, planned[i].hrg),
		    .specialty = ADD(SPECIALTY, planned[i].specialty),
		    .need = planned[i].need,
		    .nights = planned[i].nights,
		    .pounds = planned[i].pounds,
		};
		memcpy(r->weight, planned[i].weight, sizeof(r->weight));
	}
}

static void
add_lists(struct hf_synth_activity *a, bool *ok)
{
	for (size_t i = 0; i < HF_COUNT(further); i++)
		a->codes[CODE_DX + (int)further[i].ltc] = ADD(ICD10, further[i].icd);
	for (size_t i = 0; i < HF_COUNT(falls); i++)
		a->codes[CODE_FALL + i] = ADD(ICD10, falls[i]);
	for (size_t i = 0; i < HF_COUNT(medicines); i++)
		a->codes[CODE_MED + i] = ADD(PROC, medicines[i]);
	for (size_t i = 0; i < HF_COUNT(clinics); i++)
		a->codes[CODE_OP + i] = ADD(SPECIALTY, clinics[i]);
	for (size_t i = 0; i < HF_COUNT(procedures); i++)
		if (*procedures[i])
			a->codes[CODE_OPPROC + i] = ADD(HRG, procedures[i]);
	for (size_t i = 0; i < HF_COUNT(tests); i++)
		a->codes[CODE_TEST + i] = ADD(PROC, tests[i]);
	for (size_t i = 0; i < HF_COUNT(contacts); i++)
		a->codes[CODE_CONTACT + i] = ADD(HRG, contacts[i]);
	for (size_t i = 0; i < HF_COUNT(ones); i++)
		a->codes[CODE_ONE + (int)ones[i].one] =
		    add(a, ones[i].kind, hf_sv_from(ones[i].text), true, ok);
		/* A condition is 1 + its place in the list. */
#define HF_POP_COND(name, code, ...) add(a, HF_POP_CONDITION, HF_SV(code), false, ok);
#include "population/conditions.def"
#undef HF_POP_COND
}

_Static_assert(HF_COUNT(medicines) <= 50, "CODE_MED has room for 50");

bool
hf_act_book(struct hf_synth_activity *a)
{
	bool ok = true;

	a->codes = calloc(CODE_ALL, sizeof(*a->codes));
	a->planned = calloc(HF_COUNT(planned), sizeof(*a->planned));
	a->lsoas = calloc(a->place->n_areas, sizeof(*a->lsoas));
	if (!a->codes || !a->planned || !a->lsoas)
		return false;
	add_places(a, &ok);
	add_tables(a, &ok);
	add_lists(a, &ok);
	return ok;
}

size_t
hf_synth_activity_codes(const struct hf_synth_activity *a, enum hf_pop_kind kind)
{
	return a->book[kind].n;
}

struct hf_sv
hf_synth_activity_code(const struct hf_synth_activity *a, enum hf_pop_kind kind,
		       uint16_t code)
{
	if (code >= a->book[kind].n)
		return (struct hf_sv){"", 0};
	return a->book[kind].text[code];
}

int
hf_synth_activity_locality(const struct hf_synth_activity *a, uint16_t practice)
{
	assert(practice >= 1);
	return place_org(a->place, ORG_PRACTICE, practice - 1u)->locality;
}

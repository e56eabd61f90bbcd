/* codes.h - inside synth: the code tables of definitions/codes as C tables.
 * The JSON of each coding is put together by the compiler. */
#ifndef HF_SYNTH_CODES_H
#define HF_SYNTH_CODES_H

#include "base/base.h"

#define CODING(system, code, term)                                                     \
	"{\"system\":\"" system "\",\"code\":\"" code "\",\"display\":\"" term "\"}"
#define SCT_CODING(code, term)	 CODING("http://snomed.info/sct", code, term)
#define ICD_CODING(code, term)	 CODING("http://hl7.org/fhir/sid/icd-10", code, term)
#define DMD_CODING(code, term)	 CODING("https://dmd.nhs.uk", code, term)
#define LOINC_CODING(code, term) CODING("http://loinc.org", code, term)

enum sct {
#define HF_SCT(name, code, term) SCT_##name,
#include "codes/finding.def"
#undef HF_SCT
	SCT_COUNT,
	SCT_NONE = SCT_COUNT
};

enum medicine {
#define HF_MEDICINE(name, code, product, dose, n, unit) MED_##name,
#include "codes/medicine.def"
#undef HF_MEDICINE
	MED_COUNT,
	MED_NONE = MED_COUNT
};

/* What is checked, and who is involved. */
enum care {
	HF_CARE_BP = 1,
	HF_CARE_KIDNEY = 2,
	HF_CARE_SUGAR = 4,
	HF_CARE_LUNGS = 8,
	HF_CARE_BLOOD = 16,
	HF_CARE_THYROID = 32,
	HF_CARE_MIND = 64,
	HF_CARE_MEMORY = 128,
	HF_CARE_NURSE = 256,
	HF_CARE_FALLS = 512,
	HF_CARE_CANCER = 1024,
	HF_CARE_EYES = 2048,
	HF_CARE_CMHT = 4096,
	HF_CARE_HEART = 16384,
	HF_CARE_INFECTION = 8192 /* of no condition: asked for in hospital */
};

enum ward {
	HF_WARD_ED,
	HF_WARD_AMU,
	HF_WARD_MEDICINE,
	HF_WARD_ELDERLY,
	HF_WARD_CARDIOLOGY,
	HF_WARD_STROKE,
	HF_WARD_ORTHOPAEDICS,
	HF_WARD_SURGERY,
	HF_WARD_CHILDREN,
	HF_WARD_CLINIC,
	HF_WARD_COUNT
};

/* text is the display; coding is its JSON, empty when there is no code. */
struct concept {
	struct hf_sv text, coding;
};

struct medicine_row {
	struct concept what;
	struct hf_sv dose, unit;
	int quantity;
};

struct condition_row {
	struct concept what;
	struct hf_sv icd;
	int16_t chance[5]; /* per thousand by age */
	int16_t women, slope;
	uint16_t care;
	enum medicine medicines[3];
};

struct illness_row {
	struct concept what;
	uint8_t weight[4];
	enum medicine medicine;
};

struct spell_row {
	struct concept what;
	struct hf_sv icd;
	uint8_t weight[4];
	int8_t days;
	enum ward ward;
	enum sct procedure;
	enum medicine medicine;
	struct hf_sv complaint;
};

extern const struct concept hf_sct_table[SCT_COUNT];
extern const struct medicine_row hf_medicine_table[MED_COUNT];
extern const struct condition_row hf_condition_table[];
extern const size_t hf_n_conditions;
extern const struct illness_row hf_illness_table[];
extern const size_t hf_n_illnesses;
extern const struct spell_row hf_spell_table[];
extern const size_t hf_n_spells;

enum condition {
#define HF_CONDITION(name, ...) COND_##name,
#include "codes/condition.def"
#undef HF_CONDITION
	COND_COUNT
};

#endif

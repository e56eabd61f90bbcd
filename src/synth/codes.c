/* codes.c - the code tables, from definitions/codes. */
#include "synth/codes.h"

const struct concept hf_sct_table[SCT_COUNT] = {
#define HF_SCT(name, code, term)                                                       \
	{{term, sizeof(term) - 1},                                                     \
	 {SCT_CODING(code, term), sizeof(SCT_CODING(code, term)) - 1}},
#include "codes/finding.def"
#undef HF_SCT
};

#define SV(text)                                                                       \
	{                                                                              \
		text, sizeof(text) - 1                                                 \
	}
/* Empty when the code is "". */
#define SV_IF(code, text)                                                              \
	{                                                                              \
		text, sizeof(code) == 1 ? 0 : sizeof(text) - 1                         \
	}
#define CONCEPT(code, term)                                                            \
	{                                                                              \
		SV(term), SV(SCT_CODING(code, term))                                   \
	}

const struct medicine_row hf_medicine_table[MED_COUNT] = {
#define HF_MEDICINE(name, code, product, dose, n, unit)                                \
	{{SV(product), SV_IF(code, DMD_CODING(code, product))}, SV(dose), SV(unit), n},
#include "codes/medicine.def"
#undef HF_MEDICINE
};

const struct condition_row hf_condition_table[] = {
#define HF_CONDITION(name, code, term, icd, title, a, b, c, d, e, women, slope, care,  \
		     m1, m2, m3)                                                       \
	{CONCEPT(code, term),                                                          \
	 SV_IF(icd, ICD_CODING(icd, title)),                                           \
	 {a, b, c, d, e},                                                              \
	 women,                                                                        \
	 slope,                                                                        \
	 care,                                                                         \
	 {MED_##m1, MED_##m2, MED_##m3}},
#include "codes/condition.def"
#undef HF_CONDITION
};
const size_t hf_n_conditions = HF_COUNT(hf_condition_table);

const struct illness_row hf_illness_table[] = {
#define HF_ILLNESS(code, term, a, b, c, d, medicine)                                   \
	{CONCEPT(code, term), {a, b, c, d}, MED_##medicine},
#include "codes/illness.def"
#undef HF_ILLNESS
};
const size_t hf_n_illnesses = HF_COUNT(hf_illness_table);

const struct spell_row hf_spell_table[] = {
#define HF_SPELL(code, term, icd, title, a, b, c, d, days, ward, procedure, medicine,  \
		 complaint)                                                            \
	{CONCEPT(code, term),                                                          \
	 SV(ICD_CODING(icd, title)),                                                   \
	 {a, b, c, d},                                                                 \
	 days,                                                                         \
	 ward,                                                                         \
	 SCT_##procedure,                                                              \
	 MED_##medicine,                                                               \
	 SV(complaint)},
#include "codes/spell.def"
#undef HF_SPELL
};
const size_t hf_n_spells = HF_COUNT(hf_spell_table);

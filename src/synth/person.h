/* person.h - inside synth: everything about one person that follows from the place.
 * The same facts come out whoever asks, so members of a household agree. */
#ifndef HF_SYNTH_PERSON_H
#define HF_SYNTH_PERSON_H

#include "synth/place.h"

enum ethnic {
#define HF_ETHNIC(name, code, text, names, share) ETHNIC_##name,
#include "synth/ethnic.def"
#undef HF_ETHNIC
	ETHNIC_COUNT
};

enum names {
	NAMES_BRITISH,
	NAMES_EUROPEAN,
	NAMES_MUSLIM,
	NAMES_INDIAN,
	NAMES_AFRICAN,
	NAMES_CARIBBEAN,
	NAMES_CHINESE,
	NAMES_COUNT
};

struct person {
	int64_t index;
	const struct soul *soul;
	const struct household *house;
	const struct org *practice;
	int32_t practice_at; /* index of the practice among all organisations */
	int64_t born, died;  /* days; died is INT64_MAX for the living */
	int age;	     /* at now, or at death */
	bool female, married, widowed;
	enum ethnic ethnic;
	const char *given, *middle, *family, *title;
	struct hf_nhs nhs;
	int decile;
	int gp; /* which of the practice's staff */
	char id[37];
	char line1[80], line2[64], postcode[12];
	char mobile[16], landline[16];
};

/* Facts of person index. */
void hf_synth_person_load(const struct hf_synth_place *place, int64_t index,
			  struct person *out);

static inline bool
person_dead(const struct person *p)
{
	return p->died != INT64_MAX;
}

/* Names: any n gives one; men's and women's names change with the year of birth. */
const char *hf_synth_name_given(enum names kind, bool female, int born_year,
				uint32_t n);
const char *hf_synth_name_family(enum names kind, uint32_t n);
const char *hf_synth_name_street(uint32_t n);
enum names hf_synth_ethnic_names(enum ethnic e);
const char *hf_synth_ethnic_code(enum ethnic e);
const char *hf_synth_ethnic_text(enum ethnic e);
enum ethnic hf_synth_ethnic_pick(struct hf_rng *rng, int decile);

#endif

/* model.c - ages and bands of the person-level model. */
#include "base/time.h"
#include "population/columns.h"

int
hf_pop_age(const struct hf_pop_person *p, uint16_t day)
{
	if (p->birth == INT16_MIN || day == HF_POP_NONE)
		return -1;
	struct hf_civil c =
	    hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);
	int month = (c.year - 1900) * 12 + c.month - 1;
	return month < p->birth ? -1 : (month - p->birth) / 12;
}

enum hf_pop_band
hf_pop_band_of(int age)
{
	if (age < 0)
		return HF_POP_AGE_UNKNOWN;
	if (age < 5)
		return HF_POP_0_4;
	if (age < 18)
		return HF_POP_5_17;
	if (age < 65)
		return HF_POP_18_64;
	if (age < 75)
		return HF_POP_65_74;
	return age < 85 ? HF_POP_75_84 : HF_POP_85;
}

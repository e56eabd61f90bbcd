/* act_need.c - what people have: long-term conditions, medicines, deficits of frailty,
 * and how much likelier all that makes an event.
 *
 * Conditions and the frailty scale are drawn as for the record (story.c), so both say
 * the same of a person; the rest is drawn here. */
#include <math.h>

#include "synth/act.h"

const struct rate_row hf_act_rate[RATE_COUNT] = {
#define HF_RATE(name, a, b, c, d, e, f, g, h, i, deficit, deprivation, habit, season,  \
		weekend, thin)                                                         \
	{{a, b, c, d, e, f, g, h, i},                                                  \
	 deficit,                                                                      \
	 deprivation,                                                                  \
	 habit,                                                                        \
	 season,                                                                       \
	 weekend,                                                                      \
	 thin},
#include "synthetic/rate.def"
#undef HF_RATE
};

const struct chemical hf_act_chemical[] = {
#define HF_CHEMICAL(code, name, need, those, adult, old)                               \
	{LTC_##need, those, adult, old},
#include "synthetic/chemical.def"
#undef HF_CHEMICAL
};
const int hf_act_n_chemicals = HF_COUNT(hf_act_chemical);

static const struct {
	enum ltc ltc;
	uint8_t efi;
} deficit_of[] = {
#define HF_POP_COND(name, code, title, efi, ...) {LTC_##name, efi},
#include "population/conditions.def"
#undef HF_POP_COND
};

/* Of the record's conditions, what they are here. */
static const struct {
	enum condition cond;
	enum ltc ltc;
} same[] = {
    {COND_HYPERTENSION, LTC_HYPERTENSION},
    {COND_DIABETES_1, LTC_DIABETES},
    {COND_DIABETES_2, LTC_DIABETES},
    {COND_ASTHMA, LTC_ASTHMA},
    {COND_COPD, LTC_COPD},
    {COND_HEART_FAILURE, LTC_HEART_FAILURE},
    {COND_ATRIAL_FIBRILLATION, LTC_AF},
    {COND_HEART_DISEASE, LTC_CHD},
    {COND_STROKE, LTC_STROKE},
    {COND_CKD_3, LTC_CKD},
    {COND_OA_KNEE, LTC_EFI_ARTHRITIS},
    {COND_OA_HIP, LTC_EFI_ARTHRITIS},
    {COND_OSTEOPOROSIS, LTC_EFI_OSTEOPOROSIS},
    {COND_DEPRESSION, LTC_ANXIETY_DEPRESSION},
    {COND_ANXIETY, LTC_ANXIETY_DEPRESSION},
    {COND_DEMENTIA, LTC_DEMENTIA},
    {COND_VASCULAR_DEMENTIA, LTC_DEMENTIA},
    {COND_HYPOTHYROIDISM, LTC_EFI_THYROID},
    {COND_PARKINSONS, LTC_EFI_PARKINSONS},
    {COND_EPILEPSY, LTC_EPILEPSY},
    {COND_RHEUMATOID, LTC_CONNECTIVE},
    {COND_BREAST_CANCER, LTC_CANCER},
    {COND_PROSTATE_CANCER, LTC_CANCER},
    {COND_COLON_CANCER, LTC_CANCER},
    {COND_ANAEMIA, LTC_EFI_ANAEMIA},
    {COND_HEARING_LOSS, LTC_HEARING},
    {COND_CATARACT, LTC_EFI_VISION},
    {COND_SCHIZOPHRENIA, LTC_SMI},
    {COND_BIPOLAR, LTC_SMI},
    {COND_LEARNING_DISABILITY, LTC_LD},
};

/* Of the rest, per 10,000 at 0-17, 18-49, 50-64, 65-79, 80 and over, and percent more
 * in the most deprived tenth than in the least. */
static const struct {
	enum ltc ltc;
	int16_t chance[5], slope;
} others[] = {
    {LTC_PAIN, {0, 600, 1500, 2100, 2600}, 80},
    {LTC_IBS, {20, 420, 420, 380, 300}, 0},
    {LTC_CONSTIPATION, {60, 70, 140, 420, 1100}, 40},
    {LTC_ALCOHOL, {0, 210, 320, 190, 70}, 110},
    {LTC_CANCER, {6, 40, 170, 300, 420}, -10},
    {LTC_DISABILITY, {25, 40, 70, 90, 90}, 60},
    {LTC_HOMELESS, {3, 28, 18, 2, 0}, 150},
    {LTC_CONTINUING, {6, 0, 0, 0, 0}, 40},
};

/* Deficits that are no disease of the record, by how common they are. */
static const struct {
	enum ltc ltc;
	uint8_t weight;
} functional[] = {
    {LTC_EFI_FALLS, 12},      {LTC_EFI_DYSPNOEA, 9},	 {LTC_EFI_DIZZINESS, 9},
    {LTC_EFI_MOBILITY, 9},    {LTC_EFI_INCONTINENCE, 8}, {LTC_EFI_ACTIVITY, 5},
    {LTC_EFI_VISION, 6},      {LTC_EFI_SLEEP, 6},	 {LTC_EFI_SOCIAL, 6},
    {LTC_EFI_URINARY, 8},     {LTC_EFI_FOOT, 6},	 {LTC_EFI_SKIN_ULCER, 3},
    {LTC_EFI_WEIGHT_LOSS, 4}, {LTC_EFI_HYPOTENSION, 6},	 {LTC_EFI_FRACTURE, 6},
    {LTC_EFI_COGNITIVE, 6},   {LTC_EFI_HOUSEBOUND, 3},	 {LTC_EFI_CARE, 4},
    {LTC_EFI_VALVE, 4},	      {LTC_EFI_PVD, 4},		 {LTC_EFI_PEPTIC, 4},
    {LTC_EFI_ARTHRITIS, 6},   {LTC_EFI_OSTEOPOROSIS, 4}, {LTC_EFI_ANAEMIA, 4},
};

static int
band5(int age)
{
	return age < 18 ? 0 : age < 50 ? 1 : age < 65 ? 2 : age < 80 ? 3 : 4;
}

static int
count_deficits(uint64_t has)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < HF_COUNT(deficit_of); i++) {
		if (has & LTC_BIT(deficit_of[i].ltc))
			seen |= (uint64_t)1 << deficit_of[i].efi;
	}
	return __builtin_popcountll(seen & ~(uint64_t)1);
}

static void
draw_others(struct making *m)
{
	int band = band5(m->p.age);

	for (size_t i = 0; i < HF_COUNT(others); i++) {
		double p = others[i].chance[band] / 10000.0 *
			   (1 + others[i].slope / 100.0 * (5.5 - m->p.decile) / 9);

		if (hf_rng_unit(&m->rng) < p)
			m->has |= LTC_BIT(others[i].ltc);
	}
	/* Most deaths are seen to come for some months. */
	if (m->died != INT32_MAX && hf_act_chance(&m->rng, m->p.age > 50 ? 0.45 : 0.2))
		m->has |= LTC_BIT(LTC_PALLIATIVE);
	if (m->p.age >= 75 && hf_act_chance(&m->rng, 0.015))
		m->has |= LTC_BIT(LTC_PALLIATIVE);
}

static void
draw_medicines(struct making *m)
{
	m->meds = 0;
	m->n_meds = 0;
	for (int i = 0; i < hf_act_n_chemicals; i++) {
		const struct chemical *c = &hf_act_chemical[i];
		double u = hf_rng_unit(&m->rng) * 100;
		int percent = m->has & LTC_BIT(c->need) ? c->those
			      : m->p.age < 18		? 0
			      : m->p.age < 65		? c->adult
							: c->old;

		if (u >= percent)
			continue;
		m->meds |= (uint64_t)1 << i;
		m->n_meds++;
	}
}

/* How many deficits by age and the scale in the record: so that of those of 65 and over
 * about half are fit, a third mildly, an eighth moderately and 3 % severely frail. */
static int
deficits_wanted(struct making *m, int scale)
{
	double age = m->p.age, z = hf_rng_normal(&m->rng), want;

	if (age < 40)
		return scale > 3 ? scale - 3 : 0;
	if (age < 65)
		want = 0.07 * (age - 40) + 0.6 * (scale - 2) + 0.9 * z;
	else
		want = 3.4 + 0.16 * (age - 65) + 1.0 * (scale - 4) + 3.0 * z +
		       (m->died != INT32_MAX ? 2 : 0);
	return want < 0 ? 0 : want > 24 ? 24 : (int)(want + 0.5);
}

static void
draw_deficits(struct making *m, int scale)
{
	int want = deficits_wanted(m, scale), have = count_deficits(m->has), total = 0;

	have += m->n_meds >= ACT_MED_LEAST;
	for (size_t i = 0; i < HF_COUNT(functional); i++)
		total += functional[i].weight;
	for (int tries = 0; have < want && tries < 80; tries++) {
		int at = (int)hf_rng_below(&m->rng, (uint32_t)total);
		size_t i = 0;

		while (at >= functional[i].weight)
			at -= functional[i++].weight;
		if (m->has & LTC_BIT(functional[i].ltc))
			continue;
		m->has |= LTC_BIT(functional[i].ltc);
		have = count_deficits(m->has) + (m->n_meds >= ACT_MED_LEAST);
	}
	m->deficits = have;
}

void
hf_act_need(struct making *m)
{
	struct tale t;

	hf_tale_begin(&t, &m->a->place->config, &m->p, 3);
	m->has = 0;
	for (size_t i = 0; i < HF_COUNT(same); i++) {
		if (t.has[same[i].cond])
			m->has |= LTC_BIT(same[i].ltc);
	}
	hf_act_stream(m, 62);
	draw_others(m);
	draw_medicines(m);
	if (m->care_home)
		m->has |= LTC_BIT(LTC_EFI_CARE);
	draw_deficits(m, t.frailty);
	m->n_ltc = __builtin_popcountll(m->has & (LTC_BIT(LTC_EFI_ACTIVITY) - 1));
	/* Gamma of mean 1 and shape 2: some use every service more than others. */
	m->habit = (hf_rng_exp(&m->rng) + hf_rng_exp(&m->rng)) / 2;
	if (m->habit < 0.15)
		m->habit = 0.15;
}

double
hf_act_log_risk(const struct making *m, enum rate r)
{
	const struct rate_row *row = &hf_act_rate[r];
	int burden = m->years_old < 65 ? m->n_ltc * 2 : m->deficits;

	burden = burden > 18 ? 18 : burden;
	return row->deficit / 1000.0 * burden +
	       row->deprivation / 1000.0 * (5.5 - m->p.decile) / 9 *
		   (m->years_old < 65 ? 1.6 : 1) +
	       row->habit / 100.0 * log(m->habit);
}

/* ---- what is usual at each age ---- */

/* Somebody of an age, of England's deprivation: every decile alike. */
static void
reference(struct making *m, int age, int n)
{
	struct soul *soul = (struct soul *)(uintptr_t)m->p.soul;
	struct household *house = (struct household *)(uintptr_t)m->p.house;

	m->index = ((int64_t)1 << 30) + age * 1000 + n;
	m->p.index = m->index;
	m->p.age = age;
	m->p.born = m->a->last - age * 365 - age / 4 - 180;
	m->p.died = INT64_MAX;
	m->p.female = n % 2;
	m->p.decile = n / 2 % 10 + 1;
	soul->age = (uint8_t)age;
	house->kind = age > 80 && n % 9 == 0 ? HOUSE_CARE_HOME : HOUSE_SINGLE;
	m->care_home = house->kind == HOUSE_CARE_HOME;
	m->died = INT32_MAX;
	m->years_old = age;
	hf_act_need(m);
}

bool
hf_act_normalise(struct hf_synth_activity *a)
{
	static const uint8_t ages[ACT_BANDS][2] = {{0, 0},   {1, 4},   {5, 17},
						   {18, 34}, {35, 49}, {50, 64},
						   {65, 74}, {75, 84}, {85, 95}};
	enum { EACH = 800 };
	/* The same yardstick for every place: not of its seed. */
	struct hf_synth_place yard = {.config = a->place->config};
	struct hf_synth_activity on = *a;
	struct soul soul = {0};
	struct household house = {0};
	struct making m = {.a = &on, .p = {.soul = &soul, .house = &house}};

	yard.config.seed = 20260101;
	on.place = &yard;
	for (int b = 0; b < ACT_BANDS; b++) {
		double sum[RATE_COUNT] = {0};

		for (int n = 0; n < EACH; n++) {
			int span = ages[b][1] - ages[b][0] + 1;

			reference(&m, ages[b][0] + n % span, n / span);
			for (int r = 0; r < RATE_COUNT; r++)
				sum[r] += exp(hf_act_log_risk(&m, (enum rate)r));
		}
		for (int r = 0; r < RATE_COUNT; r++)
			a->norm[r][b] = sum[r] / EACH;
	}
	return true;
}

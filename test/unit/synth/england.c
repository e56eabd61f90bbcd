/* england.c - see england.h.  Rates are over person-time, ages those of the event's day
 * and, of people, of the window's middle. */
#include "england.h"

#include <stdlib.h>

#include "population/columns.h"

const struct england_row england_rows[EN_COUNT] = {
#define HF_ENGLAND(id, value, low, high, known, what, source)                          \
	{#id, what, value, low, high},
#include "synthetic/england.def"
#undef HF_ENGLAND
};

static const struct {
	const char *code;
	uint8_t efi;
} conditions[] = {
#define HF_POP_COND(name, code, title, efi, ...) {code, efi},
#include "population/conditions.def"
#undef HF_POP_COND
};

enum { SEEN = 64 };

struct england_tally {
	const struct hf_synth_activity *a;
	uint16_t from, to;
	double years, years_band[6], years_decile[11], years_fifth[2][6];
	double settings[HF_POP_SETTINGS], ne_band[6], ne_zero, ne_nights, ne_85_nights;
	double ne_ae, ne_winter, ne_summer, ne_acs, ne_falls, ne_hip, ne_child_zero;
	double ne_fifth[2][6];
	double ae_type1, ae_within, ae_type1_within, ae_monday, ae_decile[11];
	double ae_returns, ready, no_delay;
	double conveyed, births, discharges, readmitted, ucr_within, vw_days;
	double deaths, deaths_band[6], died[HF_POP_OUTCOMES], three, winter_deaths;
	double op_attended, practices, list, living, living_65, living_85;
	double living_17, living_18, living_6, adults;
	double has[SEEN];
	double efi[4], efi_years[4], efi_ne[4];
};

struct england_tally *
england_new(const struct hf_synth_activity *a)
{
	struct england_tally *t = calloc(1, sizeof(*t));

	t->a = a;
	t->from = hf_synth_activity_from(a);
	t->to = hf_synth_activity_to(a);
	t->practices = (double)hf_synth_activity_codes(a, HF_POP_PRACTICE) - 1;
	return t;
}

static int
month_of(uint16_t day)
{
	return hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000).month;
}

/* population.md 3.4, the 19 conditions of the NHS Institute, by primary diagnosis. */
static bool
is_acs(struct hf_sv icd)
{
	static const char *const codes[] = {
	    "J10",  "J11",  "J13",  "J14",  "J153", "J154", "J157", "J159", "J168",
	    "J181", "J188", "J45",  "J46",  "I110", "I50",  "J81",  "I10",  "I119",
	    "J41",  "J42",  "J43",  "J44",  "J47",  "I20",  "I240", "I248", "I249",
	    "D501", "D508", "D509", "E40",  "E41",  "E42",  "E43",  "E550", "E643",
	    "E86",  "K522", "K528", "K529", "N10",  "N11",  "N12",  "N136", "K250",
	    "K251", "K252", "K254", "K255", "K256", "L03",  "L04",  "L080", "L088",
	    "L089", "L88",  "L980", "N70",  "N73",  "N74",  "H66",  "H67",  "J02",
	    "J03",  "J06",  "J312", "A690", "K02",  "K03",  "K04",  "K05",  "K06",
	    "K08",  "K12",  "K13",  "G40",  "G41",  "O15",  "R56",  "E101", "E111"};

	for (size_t i = 0; i < HF_COUNT(codes); i++) {
		if (hf_sv_starts(icd, hf_sv_from(codes[i])))
			return true;
	}
	return false;
}

static struct hf_sv
icd_of(const struct england_tally *t, uint16_t code)
{
	return hf_synth_activity_code(t->a, HF_POP_ICD10, code);
}

static bool
has_fall(const struct england_tally *t, const struct hf_synth_life *l,
	 const struct hf_pop_event *e)
{
	for (size_t i = 0; e->dx_more != 0 && i < l->dx[e->dx_more]; i++) {
		struct hf_sv icd = icd_of(t, l->dx[e->dx_more + 1 + i]);

		if (hf_sv_starts(icd, HF_SV("W0")) || hf_sv_starts(icd, HF_SV("W1")))
			return true;
	}
	return false;
}

static void
add_emergency(struct england_tally *t, const struct hf_synth_life *l,
	      const struct hf_pop_event *e, int band, int efi)
{
	struct hf_sv icd = icd_of(t, e->dx);
	int month = month_of(e->day), fifth = (l->person.imd + 1) / 2;

	t->ne_band[band]++;
	t->ne_zero += e->los == 0;
	t->ne_nights += e->los;
	t->ne_85_nights += band == HF_POP_85 ? e->los : 0;
	t->ne_ae += e->method == HF_POP_M_21;
	t->ne_winter += month == 12 || month < 3;
	t->ne_summer += month > 5 && month < 9;
	t->ne_acs += is_acs(icd);
	t->ne_fifth[band >= HF_POP_65_74][fifth]++;
	t->ne_child_zero += band <= HF_POP_5_17 && e->los == 0;
	if (band >= HF_POP_65_74) {
		t->ne_falls += icd.n > 0 && (icd.p[0] == 'S' || icd.p[0] == 'T') &&
			       has_fall(t, l, e);
		t->ne_hip += hf_sv_starts(icd, HF_SV("S720"));
		t->efi_ne[efi]++;
	}
}

static void
add_attendance(struct england_tally *t, const struct hf_synth_life *l,
	       const struct hf_pop_event *e)
{
	bool within = e->los * 1440 + e->end_minute - e->minute <= 240;

	t->ae_type1 += e->cls == 1;
	t->ae_within += within;
	t->ae_type1_within += within && e->cls == 1;
	t->ae_monday += hf_weekday((int64_t)e->day + HF_POP_DAY_ZERO) == 0;
	t->ae_decile[l->person.imd]++;
}

static bool
is_spell(const struct hf_pop_event *e)
{
	return e->setting == HF_POP_NE || e->setting == HF_POP_EL;
}

/* READM_STAT of population.md 3.3 without its exclusions but day cases. */
static void
add_readmissions(struct england_tally *t, const struct hf_synth_life *l)
{
	const struct hf_pop_event *last = NULL;

	for (size_t i = 0; i < l->n_event; i++) {
		const struct hf_pop_event *e = &l->event[i];

		if (!is_spell(e))
			continue;
		if (last && e->setting == HF_POP_NE &&
		    e->day - last->day - last->los < 30)
			t->readmitted++;
		last = e->outcome == HF_POP_O_DIED ? NULL : e;
		/* Discharges of the last month have no month after them. */
		t->discharges += last && e->day + e->los + 30 < t->to;
		if (e->day + e->los + 30 >= t->to)
			last = NULL;
	}
}

static int
efi_of(const struct england_tally *t, const struct hf_synth_life *l)
{
	uint64_t deficits = 0, meds = 0;
	int n;

	for (size_t i = 0; i < l->n_cond; i++)
		deficits |= (uint64_t)1 << conditions[l->cond[i].code - 1].efi;
	for (size_t i = 0; i < l->n_event; i++) {
		if (l->event[i].setting == HF_POP_RX &&
		    l->event[i].day + 366 * 3 >= t->to)
			meds |= (uint64_t)1 << (l->event[i].proc % 64);
	}
	deficits |= (uint64_t)(__builtin_popcountll(meds) >= 5) << 26;
	n = __builtin_popcountll(deficits & ~(uint64_t)1);
	return n <= 4 ? 0 : n <= 8 ? 1 : n <= 12 ? 2 : 3;
}

static void
add_death(struct england_tally *t, const struct hf_synth_life *l)
{
	const struct hf_pop_person *p = &l->person;
	int band = (int)hf_pop_band_of(hf_pop_age(p, p->death_day));
	int month = month_of(p->death_day), last = 0;

	if (p->death_day < t->from || p->death_day >= t->to)
		return;
	for (size_t i = 0; i < l->n_event; i++)
		last += l->event[i].setting == HF_POP_NE &&
			l->event[i].day + 90 >= p->death_day;
	t->deaths++;
	t->deaths_band[band]++;
	t->died[p->death_place]++;
	t->three += last >= 3;
	t->winter_deaths += month == 12 || month < 4;
}

static void
add_living(struct england_tally *t, const struct hf_synth_life *l, int efi)
{
	const struct hf_pop_person *p = &l->person;
	int age = hf_pop_age(p, t->to);

	if (p->death_day != HF_POP_NONE || l->reg[l->n_reg - 1].to != HF_POP_NONE)
		return;
	t->living++;
	t->living_65 += age >= 65;
	t->living_85 += age >= 85;
	t->living_17 += age >= 17;
	t->living_18 += age >= 18;
	t->living_6 += age >= 6;
	if (age >= 65)
		t->efi[efi]++;
	for (size_t i = 0; i < l->n_cond; i++)
		t->has[l->cond[i].code - 1]++;
}

void
england_add(struct england_tally *t, const struct hf_synth_life *l)
{
	const struct hf_pop_person *p = &l->person;
	uint16_t from = l->reg[0].from, to = l->reg[l->n_reg - 1].to;
	int efi = efi_of(t, l), fifth = (p->imd + 1) / 2;
	uint16_t last_ae = 0;

	from = from < t->from ? t->from : from;
	to = to > t->to ? t->to : to;
	for (uint16_t d = from; d < to; d = (uint16_t)(d + 10)) {
		uint16_t until = (uint16_t)(d + 10 < to ? d + 10 : to);
		double years = (until - d) / 365.25;
		int band = (int)hf_pop_band_of(hf_pop_age(p, d));

		if (band > 5)
			band = 0;
		t->years += years;
		t->years_band[band] += years;
		t->years_decile[p->imd] += years;
		t->years_fifth[band >= HF_POP_65_74][fifth] += years;
		if (band >= HF_POP_65_74)
			t->efi_years[efi] += years;
	}
	for (size_t i = 0; i < l->n_event; i++) {
		const struct hf_pop_event *e = &l->event[i];
		int band = (int)hf_pop_band_of(hf_pop_age(p, e->day));

		t->settings[e->setting]++;
		if (e->setting == HF_POP_NE)
			add_emergency(t, l, e, band, efi);
		if (e->setting == HF_POP_AE)
			add_attendance(t, l, e);
		if (e->setting == HF_POP_AE) {
			t->ae_returns += last_ae != 0 && e->day - last_ae <= 7;
			last_ae = e->day;
		}
		if (e->setting == HF_POP_NE && band > HF_POP_5_17 &&
		    (e->flags & HF_POP_F_READY_DELAY) && !(e->flags & HF_POP_F_OPEN)) {
			t->ready++;
			t->no_delay += e->wait == 0;
		}
		t->conveyed +=
		    e->setting == HF_POP_AMB && (e->flags & HF_POP_F_CONVEYED) != 0;
		t->op_attended += e->setting == HF_POP_OP && e->cls != 5;
		t->births += e->setting == HF_POP_MAT && e->method == HF_POP_M_82;
		t->ucr_within += e->setting == HF_POP_UCR && e->wait <= 120;
		t->vw_days += e->setting == HF_POP_VW ? e->los : 0;
	}
	add_readmissions(t, l);
	if (p->death_day != HF_POP_NONE)
		add_death(t, l);
	add_living(t, l, efi);
}

static double
has(const struct england_tally *t, const char *code, double of)
{
	for (size_t i = 0; i < HF_COUNT(conditions); i++) {
		if (strcmp(conditions[i].code, code) == 0)
			return 100 * t->has[i] / of;
	}
	return -1;
}

static void
end_hospital(struct england_tally *t, double *out)
{
	const double *s = t->settings, ae = s[HF_POP_AE], ne = s[HF_POP_NE];
	double days = (t->to - t->from) / 365.25, decile[11], child;

	for (int d = 1; d <= 10; d++)
		decile[d] = t->ae_decile[d] / t->years_decile[d];
	child = t->ne_band[0] + t->ne_band[1];
	out[EN_ne_per_1000] = 1000 * ne / t->years;
	out[EN_ae_per_1000] = 1000 * ae / t->years;
	out[EN_ae_type1_share] = 100 * t->ae_type1 / ae;
	out[EN_ae_conversion] = 100 * t->ne_ae / t->ae_type1;
	out[EN_ne_through_ae] = 100 * t->ne_ae / ne;
	out[EN_ae_within_4h] = 100 * t->ae_within / ae;
	out[EN_ae_type1_within_4h] = 100 * t->ae_type1_within / t->ae_type1;
	out[EN_ne_winter_ratio] = t->ne_winter / 90.25 / (t->ne_summer / 92);
	out[EN_ae_monday] = 100 * t->ae_monday / ae;
	out[EN_ae_returns] = 100 * t->ae_returns / ae;
	out[EN_left_when_ready] = 100 * t->no_delay / t->ready;
	out[EN_ae_imd_ratio] = decile[1] / decile[10];
	for (int k = 0; k < 2; k++)
		out[k == 0 ? EN_ne_imd_ratio_under_65 : EN_ne_imd_ratio_65] =
		    t->ne_fifth[k][1] / t->years_fifth[k][1] /
		    (t->ne_fifth[k][5] / t->years_fifth[k][5]);
	out[EN_dc_per_1000] = 1000 * s[HF_POP_DC] / t->years;
	out[EN_el_per_1000] = 1000 * s[HF_POP_EL] / t->years;
	out[EN_rda_per_1000] = 1000 * s[HF_POP_RDA] / t->years;
	for (int b = 0; b < 6; b++)
		out[EN_ne_0_4 + b] = 1000 * t->ne_band[b] / t->years_band[b];
	out[EN_ne_child_share] = 100 * child / ne;
	out[EN_ne_acs_share] = 100 * t->ne_acs / ne;
	out[EN_ne_mean_los] = t->ne_nights / ne;
	out[EN_ne_zero_los] = 100 * t->ne_zero / ne;
	out[EN_ne_85_mean_los] = t->ne_85_nights / t->ne_band[5];
	out[EN_readmitted] = 100 * t->readmitted / t->discharges;
	out[EN_falls_65] = 100000 * t->ne_falls /
			   (t->years_band[3] + t->years_band[4] + t->years_band[5]);
	out[EN_hip_65] = 100000 * t->ne_hip /
			 (t->years_band[3] + t->years_band[4] + t->years_band[5]);
	out[EN_child_zero_share] = 100 * t->ne_child_zero / child;
	out[EN_vw_per_100000] =
	    t->vw_days / 365.25 / days * 100000 / (t->living_18 + 1e-9);
}

static void
end_care(struct england_tally *t, double *out)
{
	const double *s = t->settings;
	double thin = 8;

	out[EN_com_per_1000] = 1000 * s[HF_POP_COM] / t->years;
	out[EN_mh_per_1000] = 1000 * s[HF_POP_MH] / t->years;
	out[EN_amb_per_1000] = 1000 * s[HF_POP_AMB] / t->years;
	out[EN_amb_conveyed_per_1000] = 1000 * t->conveyed / t->years;
	out[EN_op_per_1000] = 1000 * t->op_attended / t->years;
	out[EN_c111_per_1000] = 1000 * s[HF_POP_111] / t->years;
	out[EN_gp_per_1000] = 1000 * s[HF_POP_GP] / t->years * thin;
	out[EN_ucr_per_1000] = 1000 * s[HF_POP_UCR] / t->years;
	out[EN_ucr_within_2h] = 100 * t->ucr_within / s[HF_POP_UCR];
}

static void
end_people(struct england_tally *t, double *out)
{
	double old = t->efi[0] + t->efi[1] + t->efi[2] + t->efi[3];

	out[EN_births_per_1000] = 1000 * t->births / t->years;
	out[EN_deaths_per_1000] = 1000 * t->deaths / t->years;
	out[EN_deaths_65_74] = 1000 * t->deaths_band[3] / t->years_band[3];
	out[EN_deaths_75_84] = 1000 * t->deaths_band[4] / t->years_band[4];
	out[EN_deaths_85] = 1000 * t->deaths_band[5] / t->years_band[5];
	out[EN_died_hospital] = 100 * t->died[HF_POP_O_HOSPITAL] / t->deaths;
	out[EN_died_home] = 100 * t->died[HF_POP_O_HOME] / t->deaths;
	out[EN_died_care_home] = 100 * t->died[HF_POP_O_CARE_HOME] / t->deaths;
	out[EN_died_hospice] = 100 * t->died[HF_POP_O_HOSPICE] / t->deaths;
	out[EN_three_last_90] = 100 * t->three / t->deaths;
	out[EN_deaths_winter_ratio] =
	    t->winter_deaths / 121.25 / ((t->deaths - t->winter_deaths) / 244);
	out[EN_list_size] = t->living / t->practices;
	out[EN_aged_65] = 100 * t->living_65 / t->living;
	out[EN_aged_85] = 100 * t->living_85 / t->living;
	out[EN_has_hypertension] = has(t, "ltc-hypertension", t->living);
	out[EN_has_diabetes] = has(t, "ltc-diabetes", t->living_17);
	out[EN_has_asthma] = has(t, "ltc-asthma", t->living_6);
	out[EN_has_copd] = has(t, "ltc-copd", t->living);
	out[EN_has_chd] = has(t, "ltc-chd", t->living);
	out[EN_has_af] = has(t, "ltc-atrial-fibrillation", t->living);
	out[EN_has_stroke] = has(t, "ltc-stroke-tia", t->living);
	out[EN_has_heart_failure] = has(t, "ltc-heart-failure", t->living);
	out[EN_has_dementia] = has(t, "ltc-dementia", t->living);
	out[EN_has_smi] = has(t, "ltc-smi", t->living);
	out[EN_has_epilepsy] = has(t, "ltc-epilepsy", t->living_18);
	out[EN_has_ckd] = has(t, "ltc-ckd", t->living_18);
	out[EN_has_cancer] = has(t, "ltc-cancer", t->living);
	out[EN_has_ld] = has(t, "ltc-learning-disability", t->living);
	for (int k = 0; k < 4; k++)
		out[EN_efi_fit + k] = 100 * t->efi[k] / old;
	out[EN_efi_risk_severe] =
	    t->efi_ne[3] / t->efi_years[3] / (t->efi_ne[0] / t->efi_years[0]);
}

void
england_end(struct england_tally *t, double out[EN_COUNT])
{
	end_hospital(t, out);
	end_care(t, out);
	end_people(t, out);
	free(t);
}

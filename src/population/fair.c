/* fair.c - does a list treat groups alike? */
#include "population/fair.h"

static const struct {
	const char *names[HF_POP_FAIR_GROUPS + 1];
	int n;
} bys[HF_POP_FAIR_BYS] = {
    [HF_POP_BY_IMD] = {{"", "Most deprived fifth", "Second fifth", "Third fifth",
			"Fourth fifth", "Least deprived fifth", "Not known"},
		       6},
    [HF_POP_BY_ETHNICITY] = {{"", "White", "Mixed", "Asian", "Black", "Other",
			      "Not known or not stated"},
			     6},
    [HF_POP_BY_SEX] = {{"", "Men", "Women", "Other or not known"}, 3},
};

int
hf_pop_fair_groups(enum hf_pop_fair_by by)
{
	return bys[by].n;
}

const char *
hf_pop_fair_name(enum hf_pop_fair_by by, int group)
{
	return group > 0 && group <= bys[by].n ? bys[by].names[group] : "";
}

/* population.md 1.2: Chinese (R) falls under Other; missing is a group of its own. */
static int
ethnic_group(uint8_t code)
{
	static const char *const letters[] = {"ABC", "DEFG", "HJKL", "MNP", "RS"};

	for (int i = 0; code && i < (int)HF_COUNT(letters); i++)
		if (strchr(letters[i], code))
			return i + 1;
	return 6;
}

int
hf_pop_fair_group(enum hf_pop_fair_by by, const struct hf_pop_person *p)
{
	if (by == HF_POP_BY_IMD)
		return p->imd >= 1 && p->imd <= 10 ? (p->imd + 1) / 2 : 6;
	if (by == HF_POP_BY_ETHNICITY)
		return ethnic_group(p->ethnic);
	return p->sex == HF_POP_MALE ? 1 : p->sex == HF_POP_FEMALE ? 2 : 3;
}

/* The least over the most of shares; false when fewer than two groups have enough. */
static bool
ratio(const uint32_t *part, const uint32_t *whole, size_t n, double *out, int *lowest,
      int *highest)
{
	double least = 2, most = -1;
	int compared = 0;

	for (size_t i = 0; i < n; i++) {
		double share;

		if (whole[i] < HF_POP_FAIR_LEAST)
			continue;
		share = (double)part[i] / whole[i];
		compared++;
		if (share < least) {
			least = share;
			*lowest = (int)i + 1;
		}
		if (share > most) {
			most = share;
			*highest = (int)i + 1;
		}
	}
	*out = most > 0 ? least / most : 1;
	return compared > 1;
}

static bool
is_few(uint32_t n)
{
	return n >= 1 && n <= 4;
}

void
hf_pop_fair_judge(struct hf_pop_fair *f)
{
	uint32_t part[HF_POP_FAIR_GROUPS], whole[HF_POP_FAIR_GROUPS];

	for (size_t i = 0; i < f->n; i++) {
		part[i] = f->groups[i].both;
		whole[i] = f->groups[i].outcome;
	}
	f->compared =
	    ratio(part, whole, f->n, &f->least_ratio, &f->lowest, &f->highest);
	f->alert = f->compared && f->least_ratio < 0.80;
	f->few = f->compared &&
		 (is_few(part[f->lowest - 1]) || is_few(part[f->highest - 1]));
}

/* Among people of equal need (one band of risk): the worst ratio of shares chosen. */
static void
judge_strata(const struct hf_pop_fair_row *rows, size_t n, struct hf_pop_fair *f)
{
	uint32_t part[HF_POP_RISK_PREVENTION + 1][HF_POP_FAIR_GROUPS] = {{0}};
	uint32_t whole[HF_POP_RISK_PREVENTION + 1][HF_POP_FAIR_GROUPS] = {{0}};

	f->strata_ratio = 1;
	for (size_t i = 0; i < n; i++) {
		whole[rows[i].risk][rows[i].group - 1]++;
		part[rows[i].risk][rows[i].group - 1] += rows[i].chosen;
	}
	for (size_t r = 1; r <= HF_POP_RISK_PREVENTION; r++) {
		int lowest, highest;
		double here;

		if (!ratio(part[r], whole[r], f->n, &here, &lowest, &highest))
			continue;
		f->strata_compared = true;
		if (here < f->strata_ratio) {
			f->strata_ratio = here;
			f->strata_few =
			    is_few(part[r][lowest - 1]) || is_few(part[r][highest - 1]);
		}
	}
	f->strata_alert = f->strata_compared && f->strata_ratio < 0.80;
}

void
hf_pop_fair_check(const struct hf_pop_fair_row *rows, size_t n, size_t groups,
		  struct hf_pop_fair *out)
{
	struct hf_pop_fair f = {.n = groups};
	double people[HF_POP_RISK_PREVENTION + 1] = {0};
	double outcomes[HF_POP_RISK_PREVENTION + 1] = {0};

	for (size_t i = 0; i < n; i++) {
		struct hf_pop_fair_group *g = &f.groups[rows[i].group - 1];

		g->people++;
		g->chosen += rows[i].chosen;
		g->outcome += rows[i].outcome;
		g->both += rows[i].chosen && rows[i].outcome;
		people[rows[i].risk]++;
		outcomes[rows[i].risk] += rows[i].outcome;
	}
	for (size_t i = 0; i < n; i++)
		f.groups[rows[i].group - 1].expected +=
		    outcomes[rows[i].risk] / people[rows[i].risk];
	hf_pop_fair_judge(&f);
	judge_strata(rows, n, &f);
	*out = f;
}

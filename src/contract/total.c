/* total.c - priced lines added up. */
#include "contract/total.h"

bool
hf_ct_sum_add(struct hf_ct_sum *sum, const struct hf_ct_sum *one)
{
	sum->n += one->n;
	sum->excess += one->excess;
	return hf_pence_add(&sum->value, one->value) &&
	       hf_pence_add(&sum->xbd, one->xbd);
}

static struct hf_ct_year *
year_of(struct hf_ct_totals *t, int16_t fy)
{
	size_t i = t->n_years;

	for (size_t k = 0; k < t->n_years; k++)
		if (t->years[k].fy == fy)
			return &t->years[k];
	if (t->n_years == HF_CT_YEARS_MOST)
		return NULL;
	for (; i > 0 && t->years[i - 1].fy > fy; i--)
		t->years[i] = t->years[i - 1];
	t->n_years++;
	memset(&t->years[i], 0, sizeof t->years[i]);
	t->years[i].fy = fy;
	return &t->years[i];
}

static bool
roll_up(struct hf_ct_totals *t)
{
	bool good = true;

	for (size_t y = 0; y < t->n_years; y++)
		for (size_t m = 0; m < 12; m++)
			for (size_t p = 0; p < HF_CT_PODS; p++)
				good = hf_ct_sum_add(&t->pods[p],
						     &t->years[y].pods[m][p]) &&
				       good;
	for (size_t p = 0; p < HF_CT_PODS; p++)
		good = hf_ct_sum_add(&t->all, &t->pods[p]) && good;
	return good;
}

enum hf_rc
hf_ct_total(const struct hf_ct_priced *lines, size_t n, struct hf_arena *arena,
	    struct hf_ct_totals *out, struct hf_err *err)
{
	struct hf_ct_totals t = {0};
	struct hf_ct_year *year = NULL;

	t.years = hf_arena_array(arena, HF_CT_YEARS_MOST, sizeof *t.years);
	if (!t.years)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the totals");
	for (size_t i = 0; i < n; i++) {
		const struct hf_ct_priced *l = &lines[i];
		const struct hf_ct_sum one = {1, l->excess, l->value, l->xbd};

		if (!year || year->fy != l->fy)
			year = year_of(&t, l->fy);
		if (!year)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "activity of more than %d years",
				       HF_CT_YEARS_MOST);
		t.problems[l->problem]++;
		if (!hf_ct_sum_add(&year->pods[l->period - 1][l->pod], &one))
			return hf_fail(err, HF_TOO_LONG, NULL, "a total is too large");
	}
	if (!roll_up(&t))
		return hf_fail(err, HF_TOO_LONG, NULL, "a total is too large");
	*out = t;
	return HF_OK;
}

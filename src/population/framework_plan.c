/* framework_plan.c - a question made ready: periods, areas, which measures an event may
 * be of. */
#include "population/framework_plan.h"

#include <stdlib.h>

#include "base/time.h"

const char *const hf_pop_grain_words[HF_POP_GRAINS] = {"day",	  "week", "month",
						       "quarter", "year", "whole"};

static struct hf_civil
civil(int32_t day)
{
	return hf_civil_from_time(((int64_t)day + HF_POP_DAY_ZERO) * 86400000);
}

static int32_t
day_of(int year, int month, int day)
{
	return (int32_t)(hf_days_from_civil(year, month, day) - HF_POP_DAY_ZERO);
}

/* The first day of the period that day is in. */
static int32_t
floor_of(enum hf_pop_grain grain, int32_t day)
{
	struct hf_civil c = civil(day);

	switch (grain) {
	case HF_POP_WEEK:
		return day - hf_weekday((int64_t)day + HF_POP_DAY_ZERO);
	case HF_POP_MONTH:
		return day_of(c.year, c.month, 1);
	case HF_POP_QUARTER:
		return day_of(c.year, (c.month - 1) / 3 * 3 + 1, 1);
	case HF_POP_YEAR:
		return day_of(c.month < 4 ? c.year - 1 : c.year, 4, 1);
	default:
		return day;
	}
}

static int32_t
next_of(enum hf_pop_grain grain, int32_t first)
{
	static const int32_t beyond[] = {1, 7, 31, 92, 366};

	return floor_of(grain, first + beyond[grain]);
}

static enum hf_rc
set_periods(struct hf_pop_plan *p, struct hf_err *err)
{
	int32_t at = floor_of(p->ask.grain, p->ask.from);
	bool whole = p->ask.grain == HF_POP_WHOLE;

	if (p->ask.to <= p->ask.from)
		return hf_fail(err, HF_INVALID, "to",
			       "the range is empty: \"to\" has to be after \"from\"");
	for (p->n_periods = 0; at < p->ask.to; p->n_periods++) {
		if (p->n_periods == HF_POP_PERIODS_MOST)
			return hf_fail(err, HF_COSTLY, "grain",
				       "at most %d periods: ask for a shorter range "
				       "or longer periods",
				       HF_POP_PERIODS_MOST);
		int32_t next = whole ? p->ask.to : next_of(p->ask.grain, at);

		if (at < 0 || next >= HF_POP_NONE)
			return hf_fail(err, HF_INVALID, "from",
				       "the range has to lie within 1990 to 2168");
		p->period[p->n_periods] = (uint16_t)at;
		at = next;
	}
	p->period[p->n_periods] = (uint16_t)at;
	p->from = p->period[0];
	p->to = (uint16_t)at;
	return HF_OK;
}

static enum hf_rc
set_steps(struct hf_pop_plan *p, struct hf_err *err)
{
	size_t most = p->n_periods + (size_t)(p->to - p->from) / 28 + 4;

	p->steps = calloc(most, sizeof *p->steps);
	p->step_of = malloc(DAYS * sizeof *p->step_of);
	p->month_of = malloc(DAYS * sizeof *p->month_of);
	if (!p->steps || !p->step_of || !p->month_of)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the question");
	struct hf_civil c = civil(0);
	int32_t next = 0;
	int month = (c.year - 1900) * 12 + c.month - 2;

	for (int32_t day = 0; day < DAYS; day++) {
		if (day == next) {
			month++;
			next += hf_month_days(1900 + month / 12, month % 12 + 1);
		}
		p->month_of[day] = (int16_t)month;
		p->step_of[day] = NO_STEP;
	}
	for (size_t i = 0; i < p->n_periods; i++)
		for (uint16_t day = p->period[i]; day < p->period[i + 1]; day++) {
			struct step *last = &p->steps[p->n_steps ? p->n_steps - 1 : 0];

			if (p->n_steps == 0 || last->period != i ||
			    last->month != p->month_of[day]) {
				assert(p->n_steps < most);
				last = &p->steps[p->n_steps++];
				*last = (struct step){.from = day,
						      .period = (uint16_t)i,
						      .month = p->month_of[day]};
			}
			last->to = (uint16_t)(day + 1);
			p->step_of[day] = (uint16_t)(p->n_steps - 1);
		}
	return HF_OK;
}

int
hf_pop_plan_age(const struct hf_pop_plan *p, uint32_t person, uint16_t day)
{
	int16_t birth = p->c->persons[person].birth;

	if (birth == INT16_MIN || p->month_of[day] < birth)
		return -1;
	return (p->month_of[day] - birth) / 12;
}

static bool
bit(uint32_t bits, unsigned at)
{
	return bits == 0 || (bits >> at & 1);
}

/* Which measures an event of each setting, method and class may be of. */
static void
set_candidates(struct hf_pop_plan *p)
{
	for (size_t k = 0; k < p->f->n; k++) {
		const struct hf_pop_measure *m = &p->f->measures[k];
		uint64_t me = UINT64_C(1) << k;

		if (!(p->ask.measures & me))
			continue;
		if (m->scale == HF_POP_RATE || m->scale == HF_POP_CENSUS ||
		    m->of == HF_POP_OF_PERSONS)
			p->needs_time |= me;
		p->deaths |= m->of == HF_POP_OF_DEATHS ? me : 0;
		p->values |= m->of == HF_POP_OF_VALUES ? me : 0;
		p->persons |= m->of == HF_POP_OF_PERSONS ? me : 0;
		for (unsigned s = 0; m->of == HF_POP_OF_EVENTS && s < HF_POP_SETTINGS;
		     s++) {
			if (!(m->base.settings >> s & 1))
				continue;
			p->of_setting[s] |= me;
			for (unsigned w = 0; w < HF_POP_METHODS; w++)
				for (unsigned c = 0; c < CLASSES; c++)
					if (bit(m->base.methods, w) &&
					    bit(m->base.classes, c))
						p->candidates[s][w][c] |= me;
		}
	}
}

static uint16_t
code_of(const struct hf_pop_dictionary *d, const char *text)
{
	for (size_t i = 1; i < d->n; i++)
		if (hf_sv_eq(d->text[i], hf_sv_from(text)))
			return (uint16_t)i;
	return 0;
}

static void
set_strata(struct hf_pop_plan *p)
{
	for (unsigned sex = 0; sex < HF_POP_SEXES; sex++)
		for (int age = 0; age <= HF_POP_AGE_MOST; age++)
			p->stratum[sex][age] =
			    hf_pop_stratum((enum hf_pop_sex)sex, age);
}

static bool
set_chapters(struct hf_pop_plan *p)
{
	const struct hf_pop_dictionary *d = &p->c->dict[HF_POP_ICD10];

	p->chapter = calloc(d->n + 1, sizeof *p->chapter);
	for (size_t i = 1; p->chapter && i < d->n; i++)
		p->chapter[i] = hf_pop_chapter(d->text[i]);
	return p->chapter != NULL;
}

static enum hf_rc
set_measures(struct hf_pop_plan *p, struct hf_err *err)
{
	size_t cells = 0, most = HF_POP_COUNT_CELLS;

	p->candidates = calloc(HF_POP_SETTINGS, sizeof *p->candidates);
	if (!p->candidates)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the measures");
	set_candidates(p);
	set_strata(p);
	if (!set_chapters(p))
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the measures");
	for (size_t k = 0; k < p->f->n; k++) {
		if (!(p->ask.measures >> k & 1))
			continue;
		p->strata[k] = p->f->measures[k].standardise ? HF_POP_STRATA
			       : p->f->measures[k].indirect  ? HF_POP_INDIRECT
							     : 1;
		p->offset[k] = cells;
		cells += p->n_areas * p->n_periods * p->strata[k];
		p->value_code[k] =
		    code_of(&p->c->dict[HF_POP_VALUE], p->f->measures[k].value);
	}
	p->cells = cells;
	if (cells > most || p->n_areas * p->n_periods * HF_POP_STRATA > most)
		return hf_fail(err, HF_COSTLY, "measures",
			       "too many figures at once: ask for fewer measures, "
			       "periods or areas");
	for (size_t i = 0; i < p->f->n_docs; i++) {
		enum hf_rc rc =
		    hf_pop_matcher_new(&p->f->docs[i], p->c, &p->matchers[i], err);

		if (rc)
			return rc;
	}
	return HF_OK;
}

enum hf_rc
hf_pop_plan_new(const struct hf_pop_columns *c, const struct hf_pop_framework *f,
		const struct hf_pop_count_ask *ask, struct hf_pop_plan **out,
		struct hf_err *err)
{
	struct hf_pop_plan *p = calloc(1, sizeof *p);
	enum hf_rc rc;

	if (!p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the question");
	p->c = c;
	p->f = f;
	p->ask = *ask;
	rc = set_periods(p, err);
	if (rc == HF_OK)
		rc = set_steps(p, err);
	if (rc == HF_OK)
		rc = hf_pop_plan_set_areas(p, err);
	if (rc == HF_OK)
		rc = set_measures(p, err);
	if (rc == HF_OK)
		*out = p;
	else
		hf_pop_plan_free(p);
	return rc;
}

void
hf_pop_plan_free(struct hf_pop_plan *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < HF_POP_CODE_DOCS; i++)
		hf_pop_matcher_free(p->matchers[i]);
	free(p->candidates);
	free(p->member_first);
	free(p->area_of);
	free(p->pathway_of);
	free(p->pathway_id);
	free(p->pathway_name);
	free(p->chapter);
	free(p->month_of);
	free(p->step_of);
	free(p->steps);
	free(p);
}

size_t
hf_pop_plan_periods(const struct hf_pop_plan *p)
{
	return p->n_periods;
}

uint16_t
hf_pop_plan_period(const struct hf_pop_plan *p, size_t i)
{
	return p->period[i];
}

void
hf_pop_plan_label(const struct hf_pop_plan *p, size_t i, char out[16])
{
	struct hf_civil c = civil(p->period[i]);
	unsigned year = (unsigned)c.year % 10000, month = (unsigned)c.month % 100;

	switch (p->ask.grain) {
	case HF_POP_MONTH:
		snprintf(out, 16, "%04u-%02u", year, month);
		break;
	case HF_POP_QUARTER:
		snprintf(out, 16, "%04u-Q%u", year, (month + 2) / 3);
		break;
	case HF_POP_YEAR:
		snprintf(out, 16, "%04u/%02u", year, (year + 1) % 100);
		break;
	default:
		snprintf(out, 16, "%04u-%02u-%02u", year, month, (unsigned)c.day % 100);
	}
}

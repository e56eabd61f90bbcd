/* opel.c - values to bands, sums and levels. */
#include "place/opel.h"

enum { DAY_MS = 86400000, DAYS_LOOKED = 2 };

/* The highest band that begins at or below the value. */
static int
band_score(const struct hf_opel_parameter *p, struct hf_decimal value)
{
	size_t i = p->n_bands - 1;

	while (i > 0 && hf_decimal_cmp(value, p->bands[i].from) < 0)
		i--;
	return p->bands[i].score;
}

static int
level_of(const struct hf_opel_thresholds *t, int score)
{
	int level = 1;

	while (level < HF_OPEL_LEVELS && score >= t->from[level - 1])
		level++;
	return level;
}

/* A sum over a part of the weights as though the rest were like it, to the nearest. */
static int
scaled(int sum, int known, int all)
{
	return known ? (sum * all + known / 2) / known : 0;
}

static int
percent(int part, int all)
{
	return all ? part * 100 / all : 0;
}

static bool
find(const struct hf_opel *o, const struct hf_opel_value *v, size_t *pillar,
     size_t *parameter)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct hf_opel_pillar *p = &o->pillars[i];

		if (!hf_sv_eq(v->pillar, hf_sv_from(p->id)))
			continue;
		for (size_t k = 0; k < p->n; k++)
			if (hf_sv_eq(v->parameter, hf_sv_from(p->parameters[k].id))) {
				*pillar = i;
				*parameter = k;
				return true;
			}
	}
	return false;
}

static void
judge_pillar(const struct hf_opel *o, size_t i, struct hf_opel_result *out)
{
	const struct hf_opel_pillar *p = &o->pillars[i];
	int sum = 0, known = 0, all = 0;

	for (size_t k = 0; k < p->n; k++) {
		int weight = p->parameters[k].weight;

		all += weight;
		if (!out->pillars[i].parameters[k].known)
			continue;
		known += weight;
		sum += weight * out->pillars[i].parameters[k].score;
	}
	out->pillars[i].known = percent(known, all);
	out->pillars[i].score = scaled(sum, known, all);
	if (known && out->pillars[i].known >= o->least)
		out->pillars[i].level = level_of(&p->levels, out->pillars[i].score);
}

void
hf_opel_evaluate(const struct hf_opel *o, const struct hf_opel_value *values, size_t n,
		 struct hf_opel_result *out)
{
	int sum = 0, known = 0, all = 0;

	*out = (struct hf_opel_result){0};
	for (size_t i = 0; i < n; i++) {
		size_t at, k;

		if (!find(o, &values[i], &at, &k)) {
			out->strangers++;
			continue;
		}
		out->pillars[at].parameters[k].known = true;
		out->pillars[at].parameters[k].value = values[i].value;
		out->pillars[at].parameters[k].score =
		    band_score(&o->pillars[at].parameters[k], values[i].value);
	}
	for (size_t i = 0; i < o->n; i++) {
		judge_pillar(o, i, out);
		all += o->pillars[i].weight;
		if (out->pillars[i].level == 0)
			continue;
		known += o->pillars[i].weight;
		sum += o->pillars[i].weight * out->pillars[i].level;
	}
	out->score = scaled(sum, known, all);
	if (known && percent(known, all) >= o->least)
		out->level = level_of(&o->overall, out->score);
}

hf_time
hf_opel_next(const struct hf_opel *o, hf_time now)
{
	int64_t day = hf_london_day(now);

	for (int64_t d = day; d <= day + DAYS_LOOKED; d++) {
		for (size_t i = 0; i < o->n_times; i++) {
			struct hf_civil c = hf_civil_from_time(d * DAY_MS);
			hf_time at;

			c.hour = (int8_t)(o->times[i] / 60);
			c.minute = (int8_t)(o->times[i] % 60);
			at = hf_london_time(&c);
			if (at > now)
				return at;
		}
	}
	return HF_TIME_MAX;
}

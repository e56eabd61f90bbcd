/* effect.c - interventions as text, and counts with a known truth. */
#include "synth/effect.h"

#include <math.h>

#include "synth/act.h"

static const struct {
	const char *key;
	enum hf_synth_effect_kind kind;
	bool only_less;
} keys[] = {
    {"effect", HF_SYNTH_ADMISSIONS, false},
    {"admissions", HF_SYNTH_ADMISSIONS, false},
    {"readmissions", HF_SYNTH_READMISSIONS, true},
    {"falls", HF_SYNTH_FALLS, true},
    {"los", HF_SYNTH_LOS, false},
    {"ae", HF_SYNTH_AE, false},
    {"ucr", HF_SYNTH_UCR, false},
};

static const char name[] = "--intervention";

static struct hf_sv
trimmed(struct hf_sv s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = hf_sv_from_at(s, 1);
	while (s.n > 0 &&
	       (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* The part before mark, and *rest what follows it. */
static struct hf_sv
before(struct hf_sv s, char mark, struct hf_sv *rest)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == mark) {
			*rest = hf_sv_from_at(s, i + 1);
			s.n = i;
			return s;
		}
	}
	*rest = (struct hf_sv){s.p + s.n, 0};
	return s;
}

/* "-2.8%" to -0.028: at most three digits before the point and three after. */
static bool
percent(struct hf_sv s, double *out)
{
	double v = 0, scale = 1;
	bool minus = s.n > 0 && s.p[0] == '-', point = false, any = false;
	size_t digits = 0;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		s = hf_sv_from_at(s, 1);
	if (s.n == 0 || s.p[s.n - 1] != '%')
		return false;
	s.n--;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || ++digits > 6)
			return false;
		any = true;
		v = v * 10 + (s.p[i] - '0');
		scale *= point ? 10 : 1;
	}
	v /= scale * 100;
	if (!any || v > 1)
		return false;
	*out = minus ? -v : v;
	return true;
}

static enum hf_rc
take_locality(struct hf_sv value, int *out, struct hf_err *err)
{
	int64_t n;

	for (int i = 0; i < HF_SYNTH_LOCALITIES; i++) {
		if (hf_sv_eq(value, hf_sv_from(hf_synth_locality_name(i)))) {
			*out = i;
			return HF_OK;
		}
	}
	if (hf_sv_int(value, &n) && n >= 1 && n <= HF_SYNTH_LOCALITIES) {
		*out = (int)n - 1;
		return HF_OK;
	}
	return hf_fail(err, HF_INVALID, name,
		       "locality is a number from 1 to %d or a name as %s",
		       HF_SYNTH_LOCALITIES, hf_synth_locality_name(0));
}

static enum hf_rc
take(struct hf_sv key, struct hf_sv value, struct hf_synth_effect *e,
     struct hf_err *err)
{
	int64_t n;

	if (hf_sv_is(key, "locality"))
		return take_locality(value, &e->locality, err);
	if (hf_sv_is(key, "from-month")) {
		if (!hf_sv_int(value, &n) || n < 1 || n > HF_SYNTH_MONTHS_MOST)
			return hf_fail(err, HF_INVALID, name,
				       "from-month is a number from 1");
		e->from_month = (int)n;
		return HF_OK;
	}
	for (size_t i = 0; i < HF_COUNT(keys); i++) {
		double v;

		if (!hf_sv_eq(key, hf_sv_from(keys[i].key)))
			continue;
		if (!percent(value, &v))
			return hf_fail(err, HF_INVALID, name,
				       "%s takes a change as -2.8%%, between -100%% "
				       "and +100%%",
				       keys[i].key);
		if (v > 0 && keys[i].only_less)
			return hf_fail(err, HF_INVALID, name,
				       "%s can only become fewer", keys[i].key);
		e->change[keys[i].kind] = v;
		return HF_OK;
	}
	key.n = key.n > 40 ? 40 : key.n;
	return hf_fail(err, HF_INVALID, name,
		       "\"%.*s\" is no part of an intervention: locality, from-month, "
		       "effect, readmissions, falls, los, ae, ucr",
		       HF_SV_ARG(key));
}

enum hf_rc
hf_synth_effect_parse(struct hf_sv text, struct hf_synth_effect *out,
		      struct hf_err *err)
{
	struct hf_synth_effect e = {.locality = -1};
	bool any = false;

	while (text.n > 0) {
		struct hf_sv part = before(text, ',', &text), value,
			     key = before(part, '=', &value);
		enum hf_rc rc = take(trimmed(key), trimmed(value), &e, err);

		if (rc != HF_OK)
			return rc;
	}
	for (int k = 0; k < HF_SYNTH_EFFECT_KINDS; k++)
		any = any || e.change[k] != 0;
	if (e.locality < 0 || e.from_month == 0 || !any)
		return hf_fail(err, HF_INVALID, name,
			       "an intervention has a locality, a from-month and a "
			       "change, as locality=Millgate,from-month=19,"
			       "effect=-2.8%%");
	*out = e;
	return HF_OK;
}

enum hf_rc
hf_synth_effects_parse(struct hf_sv text, struct hf_synth_effect *out, size_t max,
		       size_t *n, struct hf_err *err)
{
	*n = 0;
	while (text.n > 0) {
		struct hf_sv rest, line = before(text, '\n', &text);
		enum hf_rc rc;

		line = trimmed(before(line, '#', &rest));
		if (line.n == 0)
			continue;
		if (*n == max)
			return hf_fail(err, HF_INVALID, name,
				       "at most %zu interventions", max);
		rc = hf_synth_effect_parse(line, &out[*n], err);
		if (rc != HF_OK)
			return rc;
		++*n;
	}
	return HF_OK;
}

/* ---- counts ---- */

/* Marsaglia and Tsang 2000; shape is at least 1. */
static double
gamma_of(struct hf_rng *rng, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

	for (;;) {
		double x = hf_rng_normal(rng), v = 1 + c * x, u;

		if (v <= 0)
			continue;
		v = v * v * v;
		u = 1 - hf_rng_unit(rng);
		if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v;
	}
}

static enum hf_rc
check_counts(const struct hf_synth_counts_config *c, struct hf_err *err)
{
	if (c->months < 1 || c->months > HF_SYNTH_MONTHS_MOST)
		return hf_fail(err, HF_INVALID, "months", "1 to %d months",
			       HF_SYNTH_MONTHS_MOST);
	if (c->month < 1 || c->month > 12 || c->year < 1900 || c->year > 2500)
		return hf_fail(err, HF_INVALID, "month", "a month of 1900 to 2500");
	if (!(c->per_thousand > 0) || c->per_thousand > 10000)
		return hf_fail(err, HF_INVALID, "per_thousand", "above 0, to 10,000");
	if (!(c->phi >= 1) || c->phi > 100)
		return hf_fail(err, HF_INVALID, "phi", "1 to 100");
	for (int l = 0; l < HF_SYNTH_LOCALITIES; l++) {
		if (c->people[l] < 0 || c->people[l] > 100000000)
			return hf_fail(err, HF_INVALID, "people", "0 to 100 million");
	}
	return HF_OK;
}

static double
effect_on(const struct hf_synth_counts_config *c, int locality, int month)
{
	double by = 1;

	for (size_t i = 0; i < c->n_effects; i++) {
		const struct hf_synth_effect *e = &c->effects[i];

		if (e->locality == locality && month + 1 >= e->from_month)
			by *= 1 + e->change[HF_SYNTH_ADMISSIONS];
	}
	return by;
}

enum hf_rc
hf_synth_counts(const struct hf_synth_counts_config *c, uint64_t seed, uint32_t *out,
		struct hf_err *err)
{
	enum hf_rc rc = check_counts(c, err);
	struct hf_rng rng;

	if (rc != HF_OK)
		return rc;
	hf_rng_seed(&rng, seed, 77);
	for (int m = 0; m < c->months; m++) {
		int month = (c->month - 1 + m) % 12 + 1;
		int year = c->year + (c->month - 1 + m) / 12;
		double days = hf_month_days(year, month);
		double season = 1 + hf_act_rate[RATE_NE].season / 100.0 *
					cos(2 * 3.14159265358979 * (month - 1) / 12);
		double rate = c->per_thousand / 1000 * days / 365.25 * season *
			      pow(1 + c->growth, m / 12.0);

		for (int l = 0; l < HF_SYNTH_LOCALITIES; l++) {
			double mean = (double)c->people[l] * rate * effect_on(c, l, m);

			if (c->phi > 1 && mean / (c->phi - 1) >= 1)
				mean =
				    gamma_of(&rng, mean / (c->phi - 1)) * (c->phi - 1);
			out[m * HF_SYNTH_LOCALITIES + l] =
			    (uint32_t)hf_act_poisson(&rng, mean);
		}
	}
	return HF_OK;
}

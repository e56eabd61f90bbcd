/* rate.c - counts and rates with their intervals. */
#include "measure/rate.h"

#include <math.h>

struct hf_ms_interval
hf_ms_byar(double count, double confidence)
{
	double z = hf_ms_z(confidence), low, high, o = count + 1.0;

	low = count * pow(1.0 - 1.0 / (9.0 * count) - z / (3.0 * sqrt(count)), 3.0);
	high = o * pow(1.0 - 1.0 / (9.0 * o) + z / (3.0 * sqrt(o)), 3.0);
	return (struct hf_ms_interval){count, low < 0.0 ? NAN : low, high};
}

struct hf_ms_interval
hf_ms_poisson(double count, double confidence)
{
	double tail = (1.0 - confidence) / 2.0;

	return (struct hf_ms_interval){count, hf_ms_chi2_q(tail, 2.0 * count) / 2.0,
				       hf_ms_chi2_q(1.0 - tail, 2.0 * count + 2.0) /
					   2.0};
}

struct hf_ms_interval
hf_ms_count(double count, double confidence)
{
	if (!(count >= 0.0))
		return (struct hf_ms_interval){NAN, NAN, NAN};
	return count < HF_MS_EXACT_BELOW ? hf_ms_poisson(count, confidence)
					 : hf_ms_byar(count, confidence);
}

struct hf_ms_interval
hf_ms_rate(double count, double n, double per, double confidence)
{
	struct hf_ms_interval i = hf_ms_count(count, confidence);
	double scale = n > 0.0 ? per / n : NAN;

	return (struct hf_ms_interval){i.value * scale, i.low * scale, i.high * scale};
}

struct hf_ms_interval
hf_ms_wilson(double x, double n, double confidence)
{
	double z = hf_ms_z(confidence), root, under;

	if (!(n > 0.0) || !(x >= 0.0) || x > n)
		return (struct hf_ms_interval){NAN, NAN, NAN};
	root = z * sqrt(z * z + 4.0 * x * (1.0 - x / n));
	under = 2.0 * (n + z * z);
	return (struct hf_ms_interval){x / n, (2.0 * x + z * z - root) / under,
				       (2.0 * x + z * z + root) / under};
}

struct hf_ms_standard
hf_ms_dsr(const struct hf_ms_stratum *s, size_t n, double per, bool recurring,
	  double confidence)
{
	struct hf_ms_standard out = {0};
	struct hf_ms_interval count;
	double weights = 0.0, sum = 0.0, variance = 0.0, spread;

	for (size_t i = 0; i < n; i++) {
		double w = s[i].weight;

		out.events += s[i].events;
		if (!(s[i].population > 0.0)) {
			out.empty++;
			continue;
		}
		out.population += s[i].population;
		weights += w;
		w /= s[i].population;
		sum += w * s[i].events;
		variance += w * w *
			    (recurring && s[i].squares > s[i].events ? s[i].squares
								     : s[i].events);
	}
	out.withheld = out.events < HF_MS_EXACT_BELOW || !(weights > 0.0);
	out.rate = (struct hf_ms_interval){NAN, NAN, NAN};
	if (out.withheld)
		return out;
	count = hf_ms_byar(out.events, confidence);
	spread = sqrt(variance / out.events) / weights;
	out.rate.value = per * sum / weights;
	out.rate.low = out.rate.value + per * spread * (count.low - out.events);
	out.rate.high = out.rate.value + per * spread * (count.high - out.events);
	return out;
}

struct hf_ms_indirect
hf_ms_sar(const struct hf_ms_stratum *s, const double *reference, size_t n,
	  double confidence)
{
	struct hf_ms_indirect out = {0};

	for (size_t i = 0; i < n; i++) {
		out.observed += s[i].events;
		out.expected += reference[i] * s[i].population;
	}
	out.ratio = hf_ms_rate(out.observed, out.expected, 100.0, confidence);
	return out;
}

/* European Commission, Revision of the European Standard Population (2013). */
const double hf_ms_esp2013[HF_MS_ESP_BANDS] = {5000, 5500, 5500, 5500, 6000, 6000, 6500,
					       7000, 7000, 7000, 7000, 6500, 6000, 5500,
					       5000, 4000, 2500, 1500, 1000};

/* 0-4, 5-17 (15-17 is three fifths of 15-19), 18-64, 65-74, 75-84, 85+. */
const double hf_ms_esp2013_collapsed[HF_MS_ESP_COLLAPSED] = {5000,  14300, 61200,
							     10500, 6500,  2500};

size_t
hf_ms_esp_band(int age)
{
	size_t band = age < 0 ? 0 : (size_t)age / 5;

	return band < HF_MS_ESP_BANDS ? band : HF_MS_ESP_BANDS - 1;
}

void
hf_ms_fft(const double answers[6], double confidence, struct hf_ms_interval *positive,
	  struct hf_ms_interval *negative)
{
	double all = 0.0;

	for (size_t i = 0; i < 6; i++)
		all += answers[i];
	*positive = hf_ms_wilson(answers[0] + answers[1], all, confidence);
	*negative = hf_ms_wilson(answers[3] + answers[4], all, confidence);
}

double
hf_ms_slope(const double *rate, const double *population, size_t n, double *relative)
{
	double all = 0.0, before = 0.0, mx = 0.0, my = 0.0, sxy = 0.0, sxx = 0.0;

	for (size_t i = 0; i < n; i++)
		all += population[i];
	*relative = NAN;
	if (n < 3 || !(all > 0.0))
		return NAN;
	for (size_t i = 0; i < n; i++) {
		mx += (before + population[i] / 2.0) / all * population[i];
		my += rate[i] * population[i];
		before += population[i];
	}
	mx /= all;
	my /= all;
	before = 0.0;
	for (size_t i = 0; i < n; i++) {
		double x = (before + population[i] / 2.0) / all - mx;

		sxy += population[i] * x * (rate[i] - my);
		sxx += population[i] * x * x;
		before += population[i];
	}
	*relative = sxy / sxx / my;
	return sxy / sxx;
}

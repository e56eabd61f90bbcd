/* rate.h - counts, rates and proportions with their intervals.  Pure.
 * population.md 3.1; methods of the public-health indicator methods package. */
#ifndef HF_MEASURE_RATE_H
#define HF_MEASURE_RATE_H

#include "measure/quantile.h"

enum { HF_MS_EXACT_BELOW = 10 }; /* counts below: exact Poisson, no standardising */

/* Interval of a Poisson count by Byar's approximation (Breslow & Day 1987) and exactly,
 * by chi-square (Garwood 1936).  A negative lower bound is NAN. */
struct hf_ms_interval hf_ms_byar(double count, double confidence);
struct hf_ms_interval hf_ms_poisson(double count, double confidence);
/* Byar from 10 on, exact below (POP-T11). */
struct hf_ms_interval hf_ms_count(double count, double confidence);

/* count / n * per.  All NAN when n is not above 0: missing is not zero. */
struct hf_ms_interval hf_ms_rate(double count, double n, double per, double confidence);

/* Proportion x of n, 0 … 1, by Wilson 1927.  NAN when n is 0 or x is not within n. */
struct hf_ms_interval hf_ms_wilson(double x, double n, double confidence);

/* One stratum of a standardisation: events among population (persons or person-years),
 * with its weight in the standard population. */
struct hf_ms_stratum {
	double events, population, weight;
	/* Of persons with f events: the sum of f * f, for the variance of events that
	 * recur in one person.  0: not known. */
	double squares;
};

struct hf_ms_standard {
	struct hf_ms_interval rate;
	double events, population;
	size_t empty;  /* strata without population: left out, their weight with them */
	bool withheld; /* fewer than 10 events: the rate is NAN */
};

/* Directly standardised rate with Dobson's interval (Dobson 1991, POP-T12).  recurring:
 * the variance counts persons (squares), not events; it is never smaller. */
struct hf_ms_standard hf_ms_dsr(const struct hf_ms_stratum *s, size_t n, double per,
				bool recurring, double confidence);

/* Indirectly standardised ratio, 100 observed / expected with Byar's interval of the
 * observed over expected (POP-T13); reference: rate of each stratum.  For comparing
 * with the reference only, never of areas with each other. */
struct hf_ms_indirect {
	double observed, expected;
	struct hf_ms_interval ratio;
};
struct hf_ms_indirect hf_ms_sar(const struct hf_ms_stratum *s, const double *reference,
				size_t n, double confidence);

/* European Standard Population 2013 in its 19 bands 0-4 … 85-89, 90+ and collapsed to
 * the bands of the platform (population.md 3.1); each sums to 100,000. */
enum { HF_MS_ESP_BANDS = 19, HF_MS_ESP_COLLAPSED = 6 };
extern const double hf_ms_esp2013[HF_MS_ESP_BANDS];
extern const double hf_ms_esp2013_collapsed[HF_MS_ESP_COLLAPSED];
/* Index in hf_ms_esp2013 of an age in completed years. */
size_t hf_ms_esp_band(int age);

/* Friends and Family (POP-T16): answers from very good to very poor, then don't know.
 * Shares of all answers, 0 … 1, with Wilson's interval. */
void hf_ms_fft(const double answers[6], double confidence,
	       struct hf_ms_interval *positive, struct hf_ms_interval *negative);

/* Slope index of inequality over n groups from most to least deprived, by population-
 * weighted regression of the rate on the mid-point of the fractional rank; *relative is
 * its ratio to the mean rate.  NAN with fewer than 3 groups. */
double hf_ms_slope(const double *rate, const double *population, size_t n,
		   double *relative);

#endif

/* quantile.c - distributions by their integrals, quantiles by turning them round. */
#include "measure/quantile.h"

#include <float.h>
#include <math.h>

double
hf_ms_normal_p(double x)
{
	return 0.5 * erfc(-x / sqrt(2.0));
}

/* The upper tail is turned round by Newton's rule on erfc(), which keeps its digits far
 * out; the start is right to a tenth or so and five steps are enough. */
double
hf_ms_normal_q(double p)
{
	double tail = p < 0.5 ? p : 1.0 - p, x;

	if (!(p > 0.0 && p < 1.0))
		return NAN;
	if (p == 0.5)
		return 0.0;
	x = tail < 0.02 ? sqrt(-2.0 * log(tail)) - 0.5 : (0.5 - tail) * 2.5;
	for (int i = 0; i < 60; i++) {
		double over = 0.5 * erfc(x / sqrt(2.0)) - tail;
		double slope = exp(-0.5 * x * x) / sqrt(2.0 * 3.14159265358979323846);
		/* Halley's term: the curve bends as x does. */
		double u = over / slope, step = u / (1.0 - 0.5 * u * x);

		if (fabs(step) > 0.5)
			step = step < 0 ? -0.5 : 0.5;
		x += step;
		if (fabs(step) < 1e-15 * (1.0 + fabs(x)))
			break;
	}
	return p < 0.5 ? -x : x;
}

double
hf_ms_z(double confidence)
{
	return hf_ms_normal_q(0.5 + confidence / 2.0);
}

/* By its series below a + 1, by Lentz's continued fraction of the other tail above. */
double
hf_ms_gamma_p(double a, double x)
{
	double lead, sum, term, k = a;

	if (!(a > 0.0) || !(x >= 0.0))
		return NAN;
	if (x == 0.0)
		return 0.0;
	lead = exp(a * log(x) - x - lgamma(a));
	if (x < a + 1.0) {
		sum = term = 1.0 / a;
		while (term > sum * DBL_EPSILON / 4) {
			k += 1.0;
			sum += term *= x / k;
		}
		return lead * sum;
	}
	double b = x + 1.0 - a, c = 1.0 / DBL_MIN, d = 1.0 / b, h = d;

	for (int i = 1; i < 100000; i++) {
		double an = -(double)i * ((double)i - a), change;

		b += 2.0;
		d = an * d + b;
		d = 1.0 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
		c = b + an / c;
		c = fabs(c) < DBL_MIN ? DBL_MIN : c;
		h *= change = d * c;
		if (fabs(change - 1.0) < DBL_EPSILON)
			break;
	}
	return 1.0 - lead * h;
}

/* The x >= 0 where the rising function f(x, arg) reaches p. */
static double
turn(double (*f)(double x, double arg), double arg, double p)
{
	double low = 0.0, high = 1.0;

	while (f(high, arg) < p && high < 1e12)
		high *= 2.0;
	for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
		double mid = 0.5 * (low + high);

		if (f(mid, arg) < p)
			low = mid;
		else
			high = mid;
	}
	return 0.5 * (low + high);
}

static double
chi2_p(double x, double df)
{
	return hf_ms_gamma_p(df / 2.0, x / 2.0);
}

double
hf_ms_chi2_q(double p, double df)
{
	if (!(p >= 0.0 && p < 1.0) || !(df >= 0.0))
		return NAN;
	return p == 0.0 || df == 0.0 ? 0.0 : turn(chi2_p, df, p);
}

/* Continued fraction of the regularised incomplete beta function I_x(a, b). */
static double
beta_p(double x, double a, double b)
{
	double lead, c = 1.0, d, h;

	if (x <= 0.0 || x >= 1.0)
		return x <= 0.0 ? 0.0 : 1.0;
	if (x > (a + 1.0) / (a + b + 2.0))
		return 1.0 - beta_p(1.0 - x, b, a);
	lead = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	d = 1.0 - (a + b) * x / (a + 1.0);
	h = d = 1.0 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
	for (int i = 1; i < 10000; i++) {
		double m = i, change = 1.0;
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd =
		    -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		for (int k = 0; k < 2; k++) {
			double an = k ? odd : even;

			d = 1.0 + an * d;
			d = 1.0 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
			c = 1.0 + an / c;
			c = fabs(c) < DBL_MIN ? DBL_MIN : c;
			h *= change = d * c;
		}
		if (fabs(change - 1.0) < DBL_EPSILON)
			break;
	}
	return lead * h / a;
}

double
hf_ms_t_p(double t, double df)
{
	double tail;

	if (!(df > 0.0) || isnan(t))
		return NAN;
	tail = 0.5 * beta_p(df / (df + t * t), df / 2.0, 0.5);
	return t > 0.0 ? 1.0 - tail : tail;
}

double
hf_ms_t_q(double p, double df)
{
	double x;

	if (!(p > 0.0 && p < 1.0) || !(df > 0.0))
		return NAN;
	if (p == 0.5)
		return 0.0;
	x = turn(hf_ms_t_p, df, p < 0.5 ? 1.0 - p : p);
	return p < 0.5 ? -x : x;
}

double
hf_ms_quantile(const double *sorted, size_t n, double p)
{
	double h, low;
	size_t i;

	if (n == 0 || !(p >= 0.0 && p <= 1.0))
		return NAN;
	h = (double)(n - 1) * p;
	low = floor(h);
	i = (size_t)low;
	return i + 1 < n ? sorted[i] + (h - low) * (sorted[i + 1] - sorted[i])
			 : sorted[n - 1];
}

double
hf_ms_mean(const double *x, size_t n)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return n ? sum / (double)n : NAN;
}

double
hf_ms_sd(const double *x, size_t n)
{
	double mean = hf_ms_mean(x, n), sum = 0.0;

	for (size_t i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return n > 1 ? sqrt(sum / (double)(n - 1)) : NAN;
}

struct hf_ms_interval
hf_ms_mean_t(const double *x, size_t n, double confidence)
{
	double mean = hf_ms_mean(x, n), half = NAN;

	if (n > 1)
		half = hf_ms_t_q(0.5 + confidence / 2.0, (double)(n - 1)) *
		       hf_ms_sd(x, n) / sqrt((double)n);
	return (struct hf_ms_interval){mean, mean - half, mean + half};
}

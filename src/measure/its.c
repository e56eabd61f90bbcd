/* its.c - interrupted time series: least squares with errors that follow each other
 * (Newey & West 1987). */
#include "measure/compare.h"

#include <math.h>

enum { K = HF_MS_ITS_TERMS };

static void
row_of(size_t t, size_t at, double row[K])
{
	row[0] = 1.0;
	row[1] = (double)t;
	row[2] = t >= at;
	row[3] = t >= at ? (double)(t - at) : 0.0;
}

/* Turns a round, by Gauss and Jordan with the greatest pivot; false when it cannot. */
static bool
invert(double a[K][K], double out[K][K])
{
	for (size_t i = 0; i < K; i++)
		for (size_t j = 0; j < K; j++)
			out[i][j] = i == j;
	for (size_t c = 0; c < K; c++) {
		size_t best = c;

		for (size_t r = c + 1; r < K; r++)
			if (fabs(a[r][c]) > fabs(a[best][c]))
				best = r;
		if (fabs(a[best][c]) < 1e-12)
			return false;
		for (size_t j = 0; j < K; j++) {
			double x = a[c][j], y = out[c][j];

			a[c][j] = a[best][j];
			a[best][j] = x;
			out[c][j] = out[best][j];
			out[best][j] = y;
		}
		double pivot = a[c][c];

		for (size_t j = 0; j < K; j++) {
			a[c][j] /= pivot;
			out[c][j] /= pivot;
		}
		for (size_t r = 0; r < K; r++) {
			double f = r == c ? 0.0 : a[r][c];

			for (size_t j = 0; j < K; j++) {
				a[r][j] -= f * a[c][j];
				out[r][j] -= f * out[c][j];
			}
		}
	}
	return true;
}

static double
residual(const double *y, size_t t, size_t at, const double beta[K])
{
	double row[K], e = y[t];

	row_of(t, at, row);
	for (size_t i = 0; i < K; i++)
		e -= row[i] * beta[i];
	return e;
}

/* The middle of the sandwich: sums over pairs up to lag apart, by Bartlett's weights.
 */
static void
meat(const double *y, size_t n, size_t at, size_t lag, const double beta[K],
     double out[K][K])
{
	memset(out, 0, sizeof(double[K][K]));
	for (size_t l = 0; l <= lag; l++) {
		double w = 1.0 - (double)l / (double)(lag + 1);

		for (size_t t = l; t < n; t++) {
			double a[K], b[K];
			double e =
			    residual(y, t, at, beta) * residual(y, t - l, at, beta) * w;

			row_of(t, at, a);
			row_of(t - l, at, b);
			for (size_t i = 0; i < K; i++)
				for (size_t j = 0; j < K; j++)
					out[i][j] +=
					    l == 0 ? e * a[i] * b[j]
						   : e * (a[i] * b[j] + b[i] * a[j]);
		}
	}
}

static void
multiply(double a[K][K], double b[K][K], double out[K][K])
{
	for (size_t i = 0; i < K; i++)
		for (size_t j = 0; j < K; j++) {
			out[i][j] = 0.0;
			for (size_t k = 0; k < K; k++)
				out[i][j] += a[i][k] * b[k][j];
		}
}

static struct hf_ms_interval
around(double value, double variance, double t)
{
	double half = t * sqrt(variance > 0.0 ? variance : 0.0);

	return (struct hf_ms_interval){value, value - half, value + half};
}

bool
hf_ms_its(const double *y, size_t n, size_t at, size_t lag, double confidence,
	  struct hf_ms_its *out)
{
	double xx[K][K] = {{0}}, xy[K] = {0}, inverse[K][K], m[K][K], half[K][K];
	double v[K][K], beta[K] = {0}, row[K], t, after;

	if (at < 4 || at > n || n - at < 4)
		return false;
	for (size_t i = 0; i < n; i++) {
		row_of(i, at, row);
		for (size_t a = 0; a < K; a++) {
			xy[a] += row[a] * y[i];
			for (size_t b = 0; b < K; b++)
				xx[a][b] += row[a] * row[b];
		}
	}
	if (!invert(xx, inverse))
		return false;
	for (size_t a = 0; a < K; a++)
		for (size_t b = 0; b < K; b++)
			beta[a] += inverse[a][b] * xy[b];
	if (lag == 0)
		lag = (size_t)(4.0 * pow((double)n / 100.0, 2.0 / 9.0));
	lag = lag < n ? lag : n - 1;
	meat(y, n, at, lag, beta, m);
	multiply(inverse, m, half);
	multiply(half, inverse, v);
	/* The correction for few points, as common tools have it. */
	for (size_t a = 0; a < K; a++)
		for (size_t b = 0; b < K; b++)
			v[a][b] *= (double)n / (double)(n - K);
	t = hf_ms_t_q(0.5 + confidence / 2.0, (double)(n - K));
	after = (double)(n - 1 - at);
	out->lag = lag;
	out->level = around(beta[0], v[0][0], t);
	out->slope = around(beta[1], v[1][1], t);
	out->step = around(beta[2], v[2][2], t);
	out->bend = around(beta[3], v[3][3], t);
	out->effect_last =
	    around(beta[2] + after * beta[3],
		   v[2][2] + 2.0 * after * v[2][3] + after * after * v[3][3], t);
	return true;
}

/* rate_say.c - intervals asked for on standard input, one a line, for
 * rate_epitools.mjs.
 *
 *   in:  byar|exact X CONFIDENCE, wilson X N CONFIDENCE, dsr N (EVENTS PEOPLE WEIGHT)*N
 *   out: value low high (dsr: the rate alone) */
#include <stdio.h>
#include <string.h>

#include "measure/rate.h"

enum { MOST = 64 };

int
main(void)
{
	static struct hf_ms_stratum s[MOST];
	struct hf_ms_interval i;
	char what[16];
	double x, n, c;
	size_t k;

	while (scanf("%15s", what) == 1) {
		if (strcmp(what, "dsr") == 0) {
			if (scanf("%zu", &k) != 1 || k > MOST)
				return 2;
			for (size_t j = 0; j < k; j++)
				if (scanf("%lf %lf %lf", &s[j].events, &s[j].population,
					  &s[j].weight) != 3)
					return 2;
			i = hf_ms_dsr(s, k, 1, false, 0.95).rate;
		} else if (strcmp(what, "wilson") == 0) {
			if (scanf("%lf %lf %lf", &x, &n, &c) != 3)
				return 2;
			i = hf_ms_wilson(x, n, c);
		} else {
			if (scanf("%lf %lf", &x, &c) != 2)
				return 2;
			i = strcmp(what, "byar") == 0 ? hf_ms_byar(x, c)
						      : hf_ms_poisson(x, c);
		}
		printf("%.12g %.12g %.12g\n", i.value, i.low, i.high);
	}
	return 0;
}

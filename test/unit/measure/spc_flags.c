/* spc_flags.c - charts read from standard input, what the program says of them to
 * standard output: for spc_second.mjs, which says it again in its own way.
 *
 *   in:  CHART TREND FREEZE SCREEN N REBASES and so many indexes, then N values, and
 * for p and u N sizes out: RULES:SIDE for each point, then VARIATION of a chart where
 * lower is better */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/spc.h"

enum { MOST = 512 };

static double
number(void)
{
	char word[64];

	if (scanf("%63s", word) != 1)
		exit(2);
	return word[0] == '-' && !word[1] ? NAN : strtod(word, NULL);
}

int
main(void)
{
	static double x[MOST], size[MOST];
	static struct hf_ms_spc_point p[MOST];
	unsigned kind, screen;
	size_t n;

	while (scanf("%u", &kind) == 1) {
		struct hf_ms_spc_ask ask = {.chart = (enum hf_ms_chart)kind,
					    .direction = HF_MS_LOWER_BETTER,
					    .target = NAN};
		bool sized = kind == HF_MS_P || kind == HF_MS_U ||
			     kind == HF_MS_P_PRIME || kind == HF_MS_U_PRIME;
		struct hf_ms_spc sum;
		size_t at[8];

		if (scanf("%u %u %u %zu", &ask.trend, &ask.freeze, &screen, &n) != 4 ||
		    n > MOST)
			return 2;
		ask.screen = screen;
		if (scanf("%zu", &ask.n_rebase) != 1 || ask.n_rebase > 8)
			return 2;
		for (size_t i = 0; i < ask.n_rebase; i++)
			if (scanf("%zu", &at[i]) != 1)
				return 2;
		ask.rebase = at;
		for (size_t i = 0; i < n; i++)
			x[i] = number();
		for (size_t i = 0; sized && i < n; i++)
			size[i] = number();
		if (!hf_ms_spc(&ask, x, sized ? size : NULL, n, p, &sum))
			return 3;
		for (size_t i = 0; i < n; i++)
			printf("%u:%d ", p[i].rules, p[i].side);
		printf("%s\n", hf_ms_variation_words[sum.variation]);
	}
	return 0;
}

/* bench_dispatch.c - ranking the teams of a large directory for one referral.
 *
 *   bench_dispatch [TEAMS [ROUNDS]]     prints microseconds a ranking, over referrals
 *                                       of all hours, urgencies and localities */
#include <stdio.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "base/rng.h"
#include "place/directory.h"

enum { LOCALITIES = 40, DAY_MS = 86400000, HOUR_MS = 3600000 };

static const char *const skills[] = {"nursing",	   "wound",    "catheter",
				     "palliative", "mobility", "equipment"};
static const char *const conditions[] = {"fall", "frailty-decompensation",
					 "urgent-catheter", "wound-care"};
static const char *const urgencies[] = {"U1", "U2", "U3", "U4", "U5", "U6"};
static char localities[LOCALITIES][8];

static struct hf_codes
some(struct hf_rng *rng, const char *const *of, uint32_t n, uint32_t most)
{
	struct hf_codes c = {.n = 1 + hf_rng_below(rng, most)};
	uint32_t from = hf_rng_below(rng, n);

	for (uint32_t i = 0; i < c.n; i++)
		c.items[i] = hf_sv_from(of[(from + i) % n]);
	return c;
}

/* Day teams, late teams and teams of the night; some of the whole place. */
static void
make(struct hf_team *t, int i, struct hf_rng *rng, char id[16])
{
	static const int16_t hours[3][2] = {{480, 1200}, {840, 1320}, {0, 1440}};
	const int16_t *h = hours[i % 8 == 7 ? 2 : i % 3 == 2];

	snprintf(id, 16, "team-%06u", hf_rng_below(rng, 1000000));
	*t = (struct hf_team){.id = hf_sv_from(id),
			      .age_min = i % 9 == 0 ? 0 : 18,
			      .age_max = i % 9 == 0 ? 17 : 130,
			      .skills = some(rng, skills, 6, 6),
			      .conditions_in = some(rng, conditions, 4, 4),
			      .urgencies = some(rng, urgencies, 6, 5),
			      .reserved_percent = 25,
			      .travel_min = 10 + (int)hf_rng_below(rng, 30),
			      .travel_far_min = 60,
			      .n_parts = 2,
			      .active = true};
	for (uint32_t k = hf_rng_below(rng, 5); i % 6 && k < 5; k++)
		t->localities.items[t->localities.n++] =
		    hf_sv_from(localities[hf_rng_below(rng, LOCALITIES)]);
	t->parts[0] = (struct hf_day_part){.from = h[0], .to = 960};
	t->parts[1] = (struct hf_day_part){.from = 960, .to = h[1]};
	for (int d = 0; d < 7; d++) {
		t->hours.week[d] =
		    (struct hf_open_day){.spans = {{h[0], h[1]}}, .n = 1};
		t->parts[0].staffed[d] = t->parts[1].staffed[d] =
		    (int16_t)(4 + hf_rng_below(rng, 10));
	}
}

static struct hf_dispatch_ask
ask(struct hf_rng *rng)
{
	hf_time now = 1780272000000 + (hf_time)hf_rng_below(rng, 24 * 7) * HOUR_MS;

	return (struct hf_dispatch_ask){
	    .locality = hf_sv_from(localities[hf_rng_below(rng, LOCALITIES)]),
	    .postcode = HF_SV("ZX1 2AB"),
	    .age = (int)hf_rng_below(rng, 100),
	    .sex = HF_SV("female"),
	    .urgency = hf_sv_from(urgencies[hf_rng_below(rng, 6)]),
	    .condition = hf_sv_from(conditions[hf_rng_below(rng, 4)]),
	    .source = HF_SV("gp"),
	    .skills = some(rng, skills, 6, 2),
	    .now = now,
	    .due = hf_rng_below(rng, 4) ? now + 2 * HOUR_MS : HF_TIME_MAX,
	    .opel = 1 + (int)hf_rng_below(rng, 4)};
}

int
main(int argc, char **argv)
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 500;
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 2000;
	struct hf_team *teams;
	struct hf_dispatch_choice *out;
	int *committed;
	char(*ids)[16];
	uint64_t all = 0, longest = 0;
	size_t may = 0;
	struct hf_rng rng;

	if (n < 1 || n > HF_DIRECTORY_MOST || rounds < 1)
		return 2;
	teams = calloc((size_t)n, sizeof *teams);
	out = calloc((size_t)n, sizeof *out);
	committed = calloc((size_t)n, sizeof *committed);
	ids = calloc((size_t)n, sizeof *ids);
	if (!teams || !out || !committed || !ids)
		return 1;
	hf_rng_seed(&rng, 1, 1);
	for (int i = 0; i < LOCALITIES; i++)
		snprintf(localities[i], sizeof localities[i], "loc-%02d", i);
	for (int i = 0; i < n; i++) {
		make(&teams[i], i, &rng, ids[i]);
		committed[i] = (int)hf_rng_below(&rng, 14);
	}
	for (long i = 0; i < rounds; i++) {
		struct hf_directory d = {.items = teams, .n = (size_t)n};
		struct hf_dispatch_ask a = ask(&rng);
		uint64_t begun = hf_mono_ns(), took;

		hf_dispatch_rank(&d, committed, &a, &hf_dispatch_weights, out);
		took = hf_mono_ns() - begun;
		all += took;
		longest = took > longest ? took : longest;
		may += out[0].bars == 0;
	}
	printf("ranking of %ld teams %.1f us, longest %.1f us; a team in %.0f %%\n", n,
	       (double)all / (double)rounds / 1e3, (double)longest / 1e3,
	       100.0 * (double)may / (double)rounds);
	free(teams);
	free(out);
	free(committed);
	free(ids);
	return 0;
}

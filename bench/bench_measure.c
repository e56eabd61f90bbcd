/* bench_measure.c - the whole framework over a place of a million people and twenty
 * million events, counted and standardised.
 *
 *   bench_measure [PEOPLE [EVENTS [THREADS]]]
 *
 * The place is made of random numbers here: what costs time is how many persons, events
 * and cells there are, not what they mean. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "population/io/framework_run.h"

enum { LOCALITIES = 50, PRACTICES = 150, MONTHS = 36, DAY_FIRST = 12053 /* 2023 */ };

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct hf_sv
name(const char *fmt, unsigned i)
{
	char *text = malloc(24);

	assert(text);
	snprintf(text, 24, fmt, i);
	return hf_sv_from(text);
}

static void
dictionary(struct hf_pop_dictionary *d, const char *fmt, unsigned n)
{
	d->text = calloc(n + 1, sizeof *d->text);
	d->n = n + 1;
	assert(d->text);
	for (unsigned i = 1; i <= n; i++)
		d->text[i] = name(fmt, i);
}

/* Shares of settings in a thousand, about those of a place. */
static uint8_t
setting(struct hf_rng *r)
{
	static const struct {
		uint8_t setting;
		uint16_t upto;
	} of[] = {{HF_POP_GP, 420},  {HF_POP_RX, 640},	 {HF_POP_OP, 760},
		  {HF_POP_COM, 840}, {HF_POP_DIAG, 910}, {HF_POP_AE, 955},
		  {HF_POP_NE, 970},  {HF_POP_DC, 980},	 {HF_POP_EL, 984},
		  {HF_POP_MH, 990},  {HF_POP_UCR, 993},	 {HF_POP_VW, 995},
		  {HF_POP_ASC, 998}, {HF_POP_AMB, 1000}};
	uint32_t x = hf_rng_below(r, 1000);

	for (size_t i = 0; i < HF_COUNT(of); i++)
		if (x < of[i].upto)
			return of[i].setting;
	return HF_POP_GP;
}

static void
make_event(struct hf_pop_columns *c, uint64_t i, uint32_t person, uint16_t day,
	   struct hf_rng *r)
{
	struct hf_pop_events *e = &c->ev;

	e->person[i] = person;
	e->day[i] = day;
	e->setting[i] = setting(r);
	e->minute[i] = (uint16_t)hf_rng_below(r, 1440);
	e->end_minute[i] = (uint16_t)hf_rng_below(r, 1440);
	e->wait[i] = (uint16_t)hf_rng_below(r, 3000);
	e->los[i] = e->setting[i] == HF_POP_NE || e->setting[i] == HF_POP_VW
			? (uint16_t)hf_rng_below(r, 14)
			: 0;
	e->method[i] = e->setting[i] == HF_POP_NE   ? HF_POP_M_21
		       : e->setting[i] == HF_POP_EL ? HF_POP_M_11
						    : HF_POP_M_UNKNOWN;
	e->cls[i] = (uint8_t)(1 + hf_rng_below(r, 3));
	e->outcome[i] = (uint8_t)(1 + hf_rng_below(r, 8));
	e->dx[i] = (uint16_t)(1 + hf_rng_below(r, 1000));
	e->provider[i] = 1;
}

static int
by_day(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

#define ALLOC(p, n)                                                                    \
	do {                                                                           \
		(p) = calloc((n), sizeof *(p));                                        \
		assert(p);                                                             \
	} while (0)

static void
alloc_events(struct hf_pop_events *e, uint64_t n)
{
	ALLOC(e->person, n);
	ALLOC(e->dx_more, n);
	ALLOC(e->cost, n);
	ALLOC(e->day, n);
	ALLOC(e->minute, n);
	ALLOC(e->los, n);
	ALLOC(e->end_minute, n);
	ALLOC(e->wait, n);
	ALLOC(e->provider, n);
	ALLOC(e->specialty, n);
	ALLOC(e->hrg, n);
	ALLOC(e->dx, n);
	ALLOC(e->proc, n);
	ALLOC(e->setting, n);
	ALLOC(e->method, n);
	ALLOC(e->cls, n);
	ALLOC(e->flags, n);
	ALLOC(e->source, n);
	ALLOC(e->outcome, n);
	ALLOC(e->excluded, n);
	ALLOC(e->basis, n);
}

static void
make_areas(struct hf_pop_columns *c)
{
	for (int k = 0; k < HF_POP_KINDS; k++)
		dictionary(&c->dict[k], "X%03u", k == HF_POP_PRACTICE ? PRACTICES : 1);
	free(c->dict[HF_POP_ICD10].text);
	dictionary(&c->dict[HF_POP_ICD10], "J%03u", 1000);
	dictionary(&c->locality, "Locality %u", LOCALITIES);
	c->locality_id = c->locality.text;
	ALLOC(c->member, PRACTICES);
	for (uint16_t i = 0; i < PRACTICES; i++)
		c->member[i] = (struct hf_pop_member){
		    (uint16_t)(i + 1), (uint16_t)(i % LOCALITIES + 1), 0, HF_POP_NONE};
	c->n_members = PRACTICES;
}

static void
make(struct hf_pop_columns *c, uint32_t people, uint64_t events)
{
	struct hf_rng r;
	uint64_t at = 0;

	hf_rng_seed(&r, 1, 1);
	c->n_persons = people;
	c->n_events = events;
	alloc_events(&c->ev, events);
	ALLOC(c->persons, people);
	ALLOC(c->ev_first, people + 1);
	ALLOC(c->reg, people);
	ALLOC(c->reg_first, people + 1);
	ALLOC(c->cond_first, people + 1);
	ALLOC(c->value_first, people + 1);
	ALLOC(c->dx_pool, 1);
	make_areas(c);
	for (uint32_t p = 0; p < people; p++) {
		uint64_t n = (events - at) / (people - p), some = n;
		uint16_t days[1024];

		if (n > 1 && p + 1 < people)
			some = hf_rng_below(&r, (uint32_t)(2 * n));
		some = some > 1024 ? 1024 : some;
		if (p + 1 == people && events - at <= 1024)
			some = events - at;
		c->persons[p] = (struct hf_pop_person){
		    .birth = (int16_t)(300 + hf_rng_below(&r, 1150)),
		    .death_day = HF_POP_NONE,
		    .sex = (uint8_t)(1 + hf_rng_below(&r, 2)),
		    .imd = (uint8_t)(1 + hf_rng_below(&r, 10))};
		c->reg[p] = (struct hf_pop_registration){
		    p, (uint16_t)(1 + hf_rng_below(&r, PRACTICES)), 0, HF_POP_NONE};
		c->reg_first[p + 1] = p + 1;
		for (uint64_t k = 0; k < some; k++)
			days[k] = (uint16_t)(DAY_FIRST + hf_rng_below(&r, 1096));
		qsort(days, some, sizeof *days, by_day);
		c->ev_first[p] = at;
		for (uint64_t k = 0; k < some; k++)
			make_event(c, at++, p, days[k], &r);
	}
	c->n_events = c->ev_first[people] = at;
	c->day_first = DAY_FIRST;
	c->day_last = DAY_FIRST + 1095;
}

static void
figures(const struct hf_pop_plan *plan, const struct hf_pop_tally *t,
	const struct hf_pop_framework *f, uint64_t measures, size_t *n, double *sum)
{
	for (size_t k = 0; k < f->n; k++)
		for (size_t a = 1; measures >> k & 1 && a < hf_pop_plan_areas(plan);
		     a++)
			for (size_t i = 0; i < hf_pop_plan_periods(plan); i++) {
				struct hf_pop_figure x;

				hf_pop_figure(plan, t, k, a, i, i + 1, &x);
				*sum += x.counted > 0 ? x.counted : 0;
				++*n;
			}
}

int
main(int argc, char **argv)
{
	uint32_t people = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
	uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000000;
	unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_pop_framework f;
	struct hf_pop_columns *c = calloc(1, sizeof *c);
	struct hf_pop_count_ask ask = {.by = HF_POP_BY_LOCALITY,
				       .grain = HF_POP_MONTH,
				       .from = DAY_FIRST,
				       .to = DAY_FIRST + 1096,
				       .frozen = HF_POP_NONE};
	double best = 1e9;

	assert(c);
	if (hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				  hf_codesets_builtin, hf_n_codesets_builtin, &arena,
				  &issues, &f, NULL) != HF_OK)
		return 1;
	make(c, people, events);
	ask.measures = (UINT64_C(1) << f.n) - 1;
	printf(
	    "%u people, %llu events, %zu measures, %d areas, %d months, %u threads\n",
	    people, (unsigned long long)c->n_events, f.n, LOCALITIES, MONTHS, threads);
	for (int round = 0; round < 5; round++) {
		struct hf_pop_plan *plan;
		struct hf_pop_tally *t;
		double at = seconds(), counted, done, sum = 0;
		size_t n = 0;

		if (hf_pop_plan_new(c, &f, &ask, &plan, NULL) != HF_OK ||
		    hf_pop_run(plan, threads, &t, NULL) != HF_OK)
			return 1;
		counted = seconds();
		figures(plan, t, &f, ask.measures, &n, &sum);
		done = seconds();
		printf(
		    "counted in %.0f ms, %zu figures in %.0f ms: %.0f ms (sum %.0f)\n",
		    1e3 * (counted - at), n, 1e3 * (done - counted), 1e3 * (done - at),
		    sum);
		best = done - at < best ? done - at : best;
		hf_pop_tally_free(t);
		hf_pop_plan_free(plan);
	}
	printf("{\"measure_framework_ms\": %.0f}\n", 1e3 * best);
	return 0;
}

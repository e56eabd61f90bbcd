/* bench_need.c - how long all scores and segments of everybody take.
 *
 * bench_need [PEOPLE [EVENTS [THREADS [ROUNDS]]]]: an invented population in memory
 * with about as many stays, visits and medicines as a place has; prints the best of
 * ROUNDS. What the people are like does not matter here, only how much there is to look
 * at. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/io/clock.h"
#include "base/rng.h"
#include "population/io/reckon.h"

enum { CHANGED = 100, ICD = 9000, CHEMICALS = 600, DAY = 11000, DAYS = 1095 };

static struct hf_pop_columns c;

static void *
room(size_t n, size_t each)
{
	void *p = calloc(n + 1, each);

	if (!p) {
		fprintf(stderr, "bench_need: no memory\n");
		exit(1);
	}
	return p;
}

static void
dictionary(enum hf_pop_kind kind, size_t n)
{
	struct hf_sv *text = room(n, sizeof *text);

	text[0] = HF_SV("");
	for (size_t i = 1; i < n; i++) {
		char *s = room(16, 1);
		int len = kind == HF_POP_ICD10
			      ? snprintf(s, 16, "%c%02zu%zu", (int)('A' + i % 26),
					 i / 26 % 100, i / 2600 % 10)
			      : snprintf(s, 16, "%07zu", i);

		text[i] = (struct hf_sv){s, (size_t)len};
	}
	c.dict[kind] = (struct hf_pop_dictionary){text, n};
}

static void
conditions(void)
{
	static const char *const codes[] = {
	    "",
#define HF_POP_COND(name, code, title, efi, cms, group) code,
#include "population/conditions.def"
#undef HF_POP_COND
	};
	struct hf_sv *text = room(HF_COUNT(codes), sizeof *text);

	for (size_t i = 0; i < HF_COUNT(codes); i++)
		text[i] = hf_sv_from(codes[i]);
	c.dict[HF_POP_CONDITION] = (struct hf_pop_dictionary){text, HF_COUNT(codes)};
}

/* Shares of a hundred events: 8 stays, 12 visits, 55 medicines, the rest others. */
static void
event(struct hf_rng *r, uint64_t i)
{
	uint32_t kind = hf_rng_below(r, 100);

	c.ev.setting[i] = kind < 6    ? HF_POP_NE
			  : kind < 8  ? HF_POP_EL
			  : kind < 20 ? HF_POP_AE
			  : kind < 75 ? HF_POP_RX
				      : HF_POP_GP;
	c.ev.method[i] = HF_POP_M_21;
	if (kind < 8) {
		c.ev.dx[i] = (uint16_t)(1 + hf_rng_below(r, ICD - 1));
		c.ev.dx_more[i] = 1 + 6 * hf_rng_below(r, 10000);
		c.ev.los[i] = (uint16_t)hf_rng_below(r, 12);
	}
	if (c.ev.setting[i] == HF_POP_RX)
		c.ev.proc[i] = (uint16_t)(1 + hf_rng_below(r, CHEMICALS - 1));
}

static void
make(uint32_t people, uint64_t events)
{
	struct hf_rng r;
	uint64_t at = 0;
	uint32_t conds = 0;

	hf_rng_seed(&r, 1, 0);
	c.n_persons = people;
	c.n_events = events;
	c.persons = room(people, sizeof *c.persons);
	c.ev_first = room(people + 1, sizeof *c.ev_first);
	c.cond_first = room(people + 1, sizeof *c.cond_first);
	c.value_first = room(people + 1, sizeof *c.value_first);
	c.cond = room((size_t)people * 4, sizeof *c.cond);
	c.value = room(1, sizeof *c.value);
	c.ev.day = room(events, 2);
	c.ev.los = room(events, 2);
	c.ev.dx = room(events, 2);
	c.ev.proc = room(events, 2);
	c.ev.specialty = room(events, 2);
	c.ev.dx_more = room(events, 4);
	c.ev.setting = room(events, 1);
	c.ev.method = room(events, 1);
	c.ev.cls = room(events, 1);
	c.ev.flags = room(events, 1);
	c.ev.outcome = room(events, 1);
	c.dx_pool = room(60001, 2);
	for (size_t i = 1; i + 6 <= 60001; i += 6) {
		c.dx_pool[i] = 5;
		for (size_t k = 1; k < 6; k++)
			c.dx_pool[i + k] = (uint16_t)(1 + hf_rng_below(&r, ICD - 1));
	}
	for (uint32_t p = 0; p < people; p++) {
		uint64_t end = (uint64_t)(p + 1) * events / people;
		uint32_t n = hf_rng_below(&r, 5);

		c.persons[p].birth = (int16_t)hf_rng_below(&r, 1100);
		c.persons[p].birth = (int16_t)(c.persons[p].birth + 330);
		c.persons[p].death_day = HF_POP_NONE;
		c.ev_first[p] = at;
		for (uint64_t first = at; at < end; at++) {
			event(&r, at);
			c.ev.day[at] = (uint16_t)(DAY - DAYS +
						  DAYS * (at - first) / (end - first));
		}
		c.cond_first[p] = conds;
		for (uint32_t k = 0; k < n && k < 4; k++)
			c.cond[conds++] = (struct hf_pop_condition){
			    p, (uint16_t)(1 + k * 15 + hf_rng_below(&r, 15)), 9000,
			    HF_POP_NONE};
	}
	c.ev_first[people] = at;
	c.cond_first[people] = conds;
	dictionary(HF_POP_ICD10, ICD);
	dictionary(HF_POP_PROC, CHEMICALS);
	dictionary(HF_POP_SPECIALTY, 60);
	dictionary(HF_POP_VALUE, 10);
	conditions();
}

/* What a commit about a few people costs: seconds. */
static double
again(const struct hf_pop_need *before)
{
	uint32_t who[CHANGED];
	struct hf_pop_need *need;
	struct hf_err err = {0};
	double from = (double)hf_mono_ns() / 1e9;

	for (uint32_t i = 0; i < CHANGED; i++)
		who[i] = (uint32_t)((uint64_t)i * 7919 % c.n_persons);
	if (hf_pop_need_again(before, &c, who, CHANGED, &need, &err)) {
		fprintf(stderr, "bench_need: %s\n", err.text);
		exit(1);
	}
	hf_pop_need_free(need);
	return (double)hf_mono_ns() / 1e9 - from;
}

int
main(int argc, char **argv)
{
	uint32_t people = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
	uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000000;
	unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;
	int rounds = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 3;
	struct hf_pop_defs defs;
	struct hf_err err = {0};
	double best = 1e9, best_again = 1e9;
	size_t columns = 0;

	if (people == 0 || events < people || rounds < 1) {
		fprintf(stderr,
			"usage: bench_need [PEOPLE [EVENTS [THREADS [ROUNDS]]]]\n");
		return 2;
	}
	if (hf_pop_defs_load(&defs, &err)) {
		fprintf(stderr, "bench_need: %s\n", err.text);
		return 1;
	}
	make(people, events);
	for (int i = 0; i < rounds; i++) {
		struct hf_pop_need *need;
		double from = (double)hf_mono_ns() / 1e9, took, again_took;

		if (hf_pop_need_reckon(&defs, &c, DAY, threads, &need, &err)) {
			fprintf(stderr, "bench_need: %s\n", err.text);
			return 1;
		}
		took = (double)hf_mono_ns() / 1e9 - from;
		best = took < best ? took : best;
		again_took = again(need);
		best_again = again_took < best_again ? again_took : best_again;
		columns = hf_pop_scorer_columns(need->scorer);
		hf_pop_need_free(need);
	}
	printf("need: %zu scores, %zu schemes of %u people, %llu events, %u threads: "
	       "%.2f s\n",
	       columns, defs.n_schemes, people, (unsigned long long)events, threads,
	       best);
	printf("need: again of %d who changed: %.3f s\n", CHANGED, best_again);
	hf_pop_defs_free(&defs);
	return 0;
}

/* bench_pathway.c - referrals moved through their pathway, and the hub's timer.
 *
 *   bench_pathway [TRANSITIONS [CLOCKS]]     1,000,000 of each
 *
 * Prints two lines, each the best of three on one core: transitions a second, with
 * guards, clocks, marks and breaches; and the seconds that it takes to arm CLOCKS, to
 * arm them again and to take off all that is due, with the bytes they need. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "hub/wheel.h"
#include "pathway/pathway.h"

/* A move of a walk: the event, minutes after the one before, facts from then on. */
struct move {
	const char *event;
	int minutes;
	const char *facts; /* "urgency=U1 complete" */
};

/* From intake to outcome as it goes well, with a team that declines and a door that
 * stays shut, with a question to the referrer, and an ambulance. */
static const struct move walks[][16] = {
    {{"submit", 0, "channel=page complete urgencyAsked=U1"},
     {"open-triage", 4, ""},
     {"accept", 6, "urgency=U1 condition skills"},
     {"allocate", 5, "capacity"},
     {"team-accept", 9, ""},
     {"set-off", 10, ""},
     {"start-contact", 30, "inPerson clinical news2"},
     {"record-outcome", 45, "outcome=stayed-home-no-service ongoing=no"}},
    {{"submit", 0, "channel=phone urgencyAsked=U3"},
     {"open-triage", 12, ""},
     {"accept", 8, "urgency=U3 condition skills"},
     {"allocate", 20, "capacity"},
     {"team-decline", 25, "reason"},
     {"allocate", 10, ""},
     {"team-accept", 20, ""},
     {"set-off", 100, ""},
     {"no-access", 30, ""},
     {"safe-and-well", 40, "safeAndWell found=try-again"},
     {"team-accept", 10, ""},
     {"start-contact", 60, "inPerson clinical news2"},
     {"record-outcome", 50, "outcome=virtual-ward ongoing"},
     {"hand-over", 600, "receiverAccepts"}},
    {{"submit", 0, "channel=page complete urgencyAsked=U4"},
     {"ask-information", 30, "missing"},
     {"supply-information", 300, "missing=no"},
     {"open-triage", 20, ""},
     {"accept", 15, "urgency=U4 condition skills"},
     {"retriage", 60, "urgency=U2"},
     {"allocate", 5, "capacity"},
     {"team-accept", 40, ""},
     {"call-999", 5, "lifeThreatening script"},
     {"ambulance-outcome", 50, "conveyed=no"},
     {"allocate", 20, ""},
     {"team-accept", 10, ""},
     {"set-off", 30, ""},
     {"start-contact", 20, "inPerson clinical news2"},
     {"discharge", 50, "summary"}},
};

enum { WALKS = HF_COUNT(walks), MOVES = HF_COUNT(walks[0]), BEST_OF = 3 };

struct ready {
	int event[WALKS][MOVES]; /* -1: the walk is over */
	struct hf_pw_facts facts[WALKS][MOVES];
};

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
give(const struct hf_pathway *p, struct hf_sv word, struct hf_pw_facts *facts)
{
	struct hf_sv id = hf_sv_cut(&word, '=');
	int fact = hf_pw_fact(p, id);

	assert(fact >= 0);
	facts->known |= (hf_pw_set)1 << fact;
	facts->values[fact] = (struct hf_pv){.kind = HF_PV_STRING, .text = word};
	if (p->facts[fact].kind == HF_PW_BOOLEAN)
		facts->values[fact] =
		    (struct hf_pv){.kind = HF_PV_BOOL, .b = !hf_sv_is(word, "no")};
}

static void
make_ready(const struct hf_pathway *p, struct ready *r)
{
	for (size_t w = 0; w < WALKS; w++) {
		struct hf_pw_facts facts = {.age = 82};

		for (size_t m = 0; m < MOVES; m++) {
			struct hf_sv rest = hf_sv_from(walks[w][m].facts);

			r->event[w][m] = -1;
			if (!walks[w][m].event)
				continue;
			while (rest.n)
				give(p, hf_sv_cut(&rest, ' '), &facts);
			r->facts[w][m] = facts;
			r->event[w][m] = hf_pw_event(p, hf_sv_from(walks[w][m].event));
			assert(r->event[w][m] >= 0);
		}
	}
}

/* One referral from its first move to its last; gives how many there were. */
static size_t
walk(const struct hf_pathway *p, const struct ready *r, size_t w, hf_time begun,
     const struct hf_hours *hours, struct hf_arena *scratch)
{
	struct hf_pw_asked asked = {.at = begun, .roles = UINT64_MAX, .hours = hours};
	struct hf_pw_effects effects;
	struct hf_pw_instance in;
	struct hf_err err;
	size_t m;

	hf_pw_begin(p, &asked, scratch, &in, &effects, &err);
	for (m = 0; m < MOVES && r->event[w][m] >= 0; m++) {
		asked.at += walks[w][m].minutes * (hf_time)60000;
		asked.event = r->event[w][m];
		asked.facts = &r->facts[w][m];
		hf_arena_reset(scratch);
		if (hf_pw_fire(p, &in, &asked, scratch, &effects, &err) != HF_OK) {
			fprintf(stderr, "%s: %s\n", walks[w][m].event, err.text);
			exit(1);
		}
	}
	assert(in.ended);
	return m;
}

static double
transitions(const struct hf_pathway *p, size_t least)
{
	static struct ready ready;
	struct hf_arena scratch = {.cap = 1 << 20};
	struct hf_hours hours = {.holiday_as_week = true};
	double best = 0;

	for (int d = 0; d < 7; d++)
		hours.week[d] =
		    (struct hf_open_day){.spans = {{8 * 60, 20 * 60}}, .n = 1};
	make_ready(p, &ready);
	for (int i = 0; i < BEST_OF; i++) {
		hf_time at = 1780300000000; /* a morning of June 2026 */
		double begun = cpu_seconds(), each;
		size_t n = 0;

		for (size_t k = 0; n < least; k++, at += 61000)
			n += walk(p, &ready, k % WALKS, at, &hours, &scratch);
		each = (double)n / (cpu_seconds() - begun);
		best = each > best ? each : best;
	}
	hf_arena_free(&scratch);
	return best;
}

/* Times within two days, in no order. */
static hf_time *
make_times(size_t n)
{
	hf_time *at = calloc(n, sizeof *at);
	struct hf_rng rng;

	hf_rng_seed(&rng, 1, 1);
	for (size_t i = 0; at && i < n; i++)
		at[i] = 1780300000000 + hf_rng_below(&rng, 2 * 86400000);
	return at;
}

static void
time_wheel(const hf_time *at, size_t n, double took[3], size_t *bytes)
{
	struct hf_wheel w = {0};
	struct hf_wheel_due due;
	double t0 = cpu_seconds(), t1, t2, t3;
	size_t popped = 0;

	for (size_t i = 0; i < n; i++)
		if (!hf_wheel_arm(&w, (uint32_t)i, at[i]))
			exit(1);
	t1 = cpu_seconds();
	for (size_t i = 0; i < n; i++)
		hf_wheel_arm(&w, (uint32_t)i, at[n - 1 - i]);
	t2 = cpu_seconds();
	while (hf_wheel_pop(&w, HF_TIME_MAX, &due))
		popped++;
	t3 = cpu_seconds();
	assert(popped == n);
	took[0] = t1 - t0 < took[0] ? t1 - t0 : took[0];
	took[1] = t2 - t1 < took[1] ? t2 - t1 : took[1];
	took[2] = t3 - t2 < took[2] ? t3 - t2 : took[2];
	*bytes = w.size * sizeof *w.heap + w.ids * sizeof *w.place;
	hf_wheel_free(&w);
}

int
main(int argc, char **argv)
{
	long moves = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	long clocks = argc > 2 ? strtol(argv[2], NULL, 10) : 1000000;
	double took[3] = {1e9, 1e9, 1e9};
	struct hf_arena arena = {.cap = (size_t)64 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_pathway *p = NULL;
	struct hf_err err;
	size_t bytes = 0;
	hf_time *at;

	if (moves < 1 || clocks < 1 || clocks > 100000000)
		return 2;
	for (size_t i = 0; i < hf_n_pathways_builtin && !p; i++)
		if (strcmp(hf_pathways_builtin[i].name, "referral.json") == 0 &&
		    hf_pathway_load("referral", hf_pathways_builtin[i].text, NULL,
				    &arena, &issues, &p, &err) != HF_OK)
			return 1;
	at = make_times((size_t)clocks);
	if (!p || !at)
		return 1;
	printf("transitions per_second=%.0f\n", transitions(p, (size_t)moves));
	for (int i = 0; i < BEST_OF; i++)
		time_wheel(at, (size_t)clocks, took, &bytes);
	printf("timer clocks=%ld arm_s=%.4f again_s=%.4f due_s=%.4f bytes=%zu\n",
	       clocks, took[0], took[1], took[2], bytes);
	free(at);
	hf_pathway_free(p);
	hf_arena_free(&arena);
	return 0;
}

/* bench_viewer.c - what deciding on each row costs: the same reads and searches through
 * a reader that a GP looks through and through one that sees everything, by turns.
 *
 *   bench_viewer DATA ODS     prints "read=PERCENT search=PERCENT" more processor time
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/io/clock.h"
#include "record/io/rights.h"
#include "record/io/search.h"
#include "record/io/viewer.h"

enum { IDS = 4000, PEOPLE = 400, ROUNDS = 9 };

static struct hf_store *store;
static struct hf_reader *reader;
static struct hf_arena kept = {.cap = 64 << 20}, arena = {.cap = 256 << 20};
static struct hf_sv ids[IDS], people[PEOPLE];
static size_t n_ids, n_people;
static struct hf_err err;
static const struct hf_viewer *eyes; /* set for each request, as a server does */

static void
die(const char *what)
{
	fprintf(stderr, "bench_viewer: %s: %s\n", what, err.text);
	exit(1);
}

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
search(const char *type, const struct hf_param *params, size_t n,
       struct hf_search_result *out)
{
	struct hf_search *s;

	if (hf_search_parse(hf_resource_find(hf_sv_from(type)), params, n, false,
			    HF_SV(""), hf_now(), &arena, &s, &err) != HF_OK ||
	    hf_search_run(store, reader, s, HF_SV("bench"), &arena, out, &err) != HF_OK)
		die("search");
}

static void
collect(const char *type, const struct hf_param *params, size_t n, struct hf_sv *list,
	size_t *n_list, size_t most)
{
	struct hf_search_result r;

	search(type, params, n, &r);
	for (size_t i = 0; i < r.n && *n_list < most; i++)
		list[(*n_list)++] = hf_arena_sv(&kept, r.hits[i].v.id);
	hf_arena_reset(&arena);
}

static double
reads(void)
{
	double begun = cpu();

	if (hf_reader_begin(reader, &err) != HF_OK)
		die("begin");
	for (size_t i = 0; i < n_ids; i++) {
		struct hf_version v;

		hf_reader_as(reader, eyes);
		if (hf_store_read(reader, HF_SV("Observation"), ids[i], 0, &arena, &v,
				  &err) != HF_OK)
			die("read");
		hf_arena_reset(&arena);
	}
	hf_reader_end(reader);
	return cpu() - begun;
}

static double
searches(void)
{
	double begun = cpu();

	for (size_t i = 0; i < n_people; i++) {
		struct hf_param params[] = {{HF_SV("patient"), people[i]},
					    {HF_SV("code"), HF_SV("27113001")}};
		struct hf_search_result r;

		hf_reader_as(reader, eyes);
		search("Observation", params, 2, &r);
		hf_arena_reset(&arena);
	}
	return cpu() - begun;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median of how much more it takes with the viewer, in %. */
static double
more(double (*run)(void), const struct hf_viewer *viewer)
{
	double r[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		double with, without;

		eyes = viewer;
		with = run();
		eyes = NULL;
		without = run();
		r[i] = (with / without - 1) * 100;
	}
	qsort(r, ROUNDS, sizeof *r, by_size);
	return r[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	struct hf_store_config config = {.data = argc > 2 ? argv[1] : NULL};
	struct hf_arena rules = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &rules};
	struct hf_policy policy;
	const struct hf_rights *rights;
	struct hf_actor gp = {.kind = HF_ACTOR_PERSON,
			      .id = HF_SV("user/bench"),
			      .purpose = HF_SV("DIRECT"),
			      .group = HF_GROUP_CLIN,
			      .org = hf_sv_from(argc > 2 ? argv[2] : ""),
			      .who = HF_SV("Practitioner/bench"),
			      .why = HF_PURPOSE_DIRECT,
			      .facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) |
				       HF_BIT(HF_FACT_ROLE_ACTIVE) |
				       HF_BIT(HF_FACT_ORG_ACTIVE)};
	struct hf_viewer viewer = {.actor = &gp,
				   .policy = &policy,
				   .activity = HF_ACT_READ,
				   .audit_works = true,
				   .now = hf_now()};
	struct hf_param all[] = {{HF_SV("_count"), HF_SV("400")}};

	if (argc < 3) {
		fprintf(stderr, "usage: bench_viewer DATA ODS\n");
		return 2;
	}
	if (hf_store_open(&config, &store, &err) != HF_OK ||
	    hf_reader_get(store, &reader, &err) != HF_OK ||
	    hf_policy_load(hf_policy_builtin, &rules, &issues, &policy, &err) ||
	    hf_store_rights_get(store, &rights, &err) != HF_OK)
		die("store");
	viewer.rights = rights;
	hf_reader_as(reader, &viewer);
	collect("Patient", all, 1, people, &n_people, PEOPLE);
	for (size_t i = 0; i < n_people; i++) {
		struct hf_param of[] = {{HF_SV("patient"), people[i]},
					{HF_SV("_count"), HF_SV("50")}};

		collect("Observation", of, 2, ids, &n_ids, IDS);
	}
	if (n_ids == 0)
		die("nothing may be seen");
	more(reads, &viewer); /* warm */
	printf("read=%.1f search=%.1f ids=%zu people=%zu\n", more(reads, &viewer),
	       more(searches, &viewer), n_ids, n_people);
	hf_rights_drop(rights);
	hf_reader_put(reader);
	hf_search_forget(store);
	hf_store_close(store);
	return 0;
}

/* bench_synth.c - how fast a synthetic place is made, as NDJSON in memory, and the
 * activity of its people as rows.
 *
 * bench_synth [PEOPLE [FULL [THREADS]]]: prints people, resources, bytes, seconds.
 * bench_synth activity [PEOPLE [YEARS [THREADS]]]: lives, events, seconds.  What the
 * store adds to it is told by homefirst generate --activity-only. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io/clock.h"
#include "synth/activity.h"
#include "synth/synth.h"

struct part {
	const struct hf_synth_place *place;
	int64_t first, step;
	size_t resources, bytes;
	pthread_t thread;
};

/* Every step-th unit: what a thread of several makes. */
static void *
make(void *arg)
{
	struct part *p = arg;
	struct hf_synth_unit unit = {0};

	for (int64_t i = p->first; i < hf_synth_units(p->place); i += p->step) {
		if (hf_synth_make(p->place, i, &unit, NULL) != HF_OK)
			break;
		p->resources += unit.n;
		p->bytes += unit.text.n;
	}
	hf_synth_unit_free(&unit);
	return NULL;
}

static int64_t
argument(int argc, char **argv, int at, int64_t otherwise)
{
	int64_t v = otherwise;

	if (at < argc && !hf_sv_int(hf_sv_from(argv[at]), &v))
		v = -1;
	return v;
}

struct lives {
	const struct hf_synth_activity *a;
	int64_t first, step;
	size_t events;
	pthread_t thread;
};

static void *
live(void *arg)
{
	struct lives *l = arg;
	struct hf_synth_life life = {0};

	for (int64_t i = l->first; i < hf_synth_activity_lives(l->a); i += l->step) {
		if (hf_synth_activity_make(l->a, i, &life, NULL) != HF_OK)
			break;
		l->events += life.n_event;
	}
	hf_synth_life_free(&life);
	return NULL;
}

static int
activity(int argc, char **argv)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_activity_config ac = hf_synth_activity_defaults();
	struct hf_synth_place *place;
	struct hf_synth_activity *a;
	struct lives parts[16] = {0};
	int64_t threads = argument(argc, argv, 4, 1);
	struct hf_err err = {0};
	size_t events = 0;
	uint64_t begun = hf_mono_ns();
	double seconds;

	c.people = argument(argc, argv, 2, 100000);
	c.nameless = true;
	c.full_records = 0;
	ac.years = (int)argument(argc, argv, 3, 3);
	if (threads < 1 || threads > (int64_t)HF_COUNT(parts) ||
	    hf_synth_place_new(&c, &place, &err) != HF_OK ||
	    hf_synth_activity_new(place, &ac, &a, &err) != HF_OK) {
		fprintf(stderr, "%s: %s\n", err.path, err.text);
		return 1;
	}
	for (int64_t i = 0; i < threads; i++) {
		parts[i] = (struct lives){.a = a, .first = i, .step = threads};
		if (pthread_create(&parts[i].thread, NULL, live, &parts[i]) != 0)
			return 1;
	}
	for (int64_t i = 0; i < threads; i++) {
		pthread_join(parts[i].thread, NULL);
		events += parts[i].events;
	}
	seconds = (double)(hf_mono_ns() - begun) / 1e9;
	printf("activity: %lld people, %lld lives, %zu events, %lld thread%s: %.2f s, "
	       "%.0f events/s\n",
	       (long long)c.people, (long long)hf_synth_activity_lives(a), events,
	       (long long)threads, threads == 1 ? "" : "s", seconds,
	       (double)events / seconds);
	hf_synth_activity_free(a);
	hf_synth_place_free(place);
	return 0;
}

int
main(int argc, char **argv)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_place *place;
	struct hf_err err = {0};
	struct part parts[16] = {0};
	int64_t threads = argument(argc, argv, 3, 1);
	size_t resources = 0, bytes = 0;
	uint64_t begun = hf_mono_ns(), built;
	double seconds;

	if (argc > 1 && strcmp(argv[1], "activity") == 0)
		return activity(argc, argv);
	c.people = argument(argc, argv, 1, 100000);
	c.full_records = argument(argc, argv, 2, 3000);
	if (threads < 1 || threads > (int64_t)HF_COUNT(parts) || c.full_records < 0) {
		fprintf(stderr, "usage: bench_synth [PEOPLE [FULL [THREADS]]]\n");
		return 2;
	}
	if (hf_synth_place_new(&c, &place, &err) != HF_OK) {
		fprintf(stderr, "%s: %s\n", err.path, err.text);
		return 1;
	}
	built = hf_mono_ns();
	for (int64_t i = 0; i < threads; i++) {
		parts[i] = (struct part){.place = place, .first = i, .step = threads};
		if (pthread_create(&parts[i].thread, NULL, make, &parts[i]) != 0)
			return 1;
	}
	for (int64_t i = 0; i < threads; i++) {
		pthread_join(parts[i].thread, NULL);
		resources += parts[i].resources;
		bytes += parts[i].bytes;
	}
	seconds = (double)(hf_mono_ns() - built) / 1e9;
	printf(
	    "synth: %lld people, %zu resources, %.0f MB, %lld thread%s: place %.2f s, "
	    "records %.2f s, %.0f resources/s\n",
	    (long long)c.people, resources, (double)bytes / 1e6, (long long)threads,
	    threads == 1 ? "" : "s", (double)(built - begun) / 1e9, seconds,
	    (double)resources / (seconds > 0 ? seconds : 0.001));
	hf_synth_place_free(place);
	return 0;
}

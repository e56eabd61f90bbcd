/* bench_population - a place of a million people and twenty million events: written as
 * feeds, read into memory, a change taken in, and the explorer's questions.
 *
 *     bench_population FOLDER [PERSONS [EVENTS]]
 *
 * Prints one line a figure: name, value, unit. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/rng.h"
#include "population/cube.h"
#include "population/io/live.h"
#include "population/io/store.h"
#include "population/own.h"
#include "record/io/desk.h"

static void
need(enum hf_rc rc, const struct hf_err *err)
{
	if (rc == HF_OK)
		return;
	fprintf(stderr, "%s: %s\n", err->path, err->text);
	exit(1);
}

static double
since(uint64_t began)
{
	return (double)(hf_mono_ns() - began) / 1e6;
}

/* Memory of this process alone: without the pages of files. */
static long
resident_mb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %ld kB", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb / 1024;
}

static void
pid_of(uint32_t n, uint8_t pid[HF_POP_PID])
{
	uint64_t a = (n + 1) * 0x9e3779b97f4a7c15u,
		 b = (a ^ (a >> 29)) * 0xbf58476d1ce4e5b9u;

	memcpy(pid, &b, 8);
	memcpy(pid + 8, &a, 8);
}

static void
write_register(struct hf_pop_store *p, uint32_t persons)
{
	struct hf_pop_feed_about a = {.actor = HF_SV("bench"),
				      .purpose = HF_SV("PLAN"),
				      .source = HF_SV("bench"),
				      .kind = HF_SV("register"),
				      .from = 12000,
				      .to = 13096};
	struct hf_pop_feed *f = NULL;
	struct hf_err err;
	struct hf_rng r;
	int64_t id;

	hf_rng_seed(&r, 1, 1);
	need(hf_pop_feed_open(p, &a, &f, &err), &err);
	for (uint32_t i = 0; i < persons; i++) {
		struct hf_pop_person x = {.birth = (int16_t)hf_rng_below(&r, 1180),
					  .death_day = HF_POP_NONE,
					  .sex = (uint8_t)(1 + (hf_rng_u32(&r) & 1)),
					  .imd = (uint8_t)(1 + hf_rng_below(&r, 10)),
					  .ethnic =
					      (uint8_t)('A' + hf_rng_below(&r, 8))};
		struct hf_pop_registration reg = {.from = 9000, .to = HF_POP_NONE};
		uint8_t pid[HF_POP_PID];
		char text[16];

		pid_of(i, pid);
		need(hf_pop_feed_person(f, pid, &reg.person, NULL, &err), &err);
		snprintf(text, sizeof(text), "Y%05u", hf_rng_below(&r, 120));
		need(hf_pop_feed_code(f, HF_POP_PRACTICE, hf_sv_from(text),
				      &reg.practice, &err),
		     &err);
		need(hf_pop_feed_about_person(f, reg.person, &x, &err), &err);
		need(hf_pop_feed_registration(f, &reg, &err), &err);
		for (uint32_t k = hf_rng_below(&r, 5); k-- > 0;) {
			struct hf_pop_condition c = {
			    .person = reg.person, .from = 10000, .to = HF_POP_NONE};

			snprintf(text, sizeof(text), "ltc-%u", hf_rng_below(&r, 20));
			need(hf_pop_feed_code(f, HF_POP_CONDITION, hf_sv_from(text),
					      &c.code, &err),
			     &err);
			need(hf_pop_feed_condition(f, &c, &err), &err);
		}
	}
	need(hf_pop_feed_commit(f, &id, &err), &err);
}

/* As a file comes: in order of days, persons at random. */
static void
write_events(struct hf_pop_store *p, uint32_t persons, uint32_t n, uint16_t from,
	     uint16_t to)
{
	struct hf_pop_feed_about a = {.actor = HF_SV("bench"),
				      .purpose = HF_SV("PLAN"),
				      .source = HF_SV("bench"),
				      .kind = HF_SV("events"),
				      .from = from,
				      .to = to};
	struct hf_pop_feed *f = NULL;
	struct hf_err err;
	struct hf_rng r;
	int64_t id;

	hf_rng_seed(&r, from, 2);
	need(hf_pop_feed_open(p, &a, &f, &err), &err);
	for (uint32_t i = 0; i < n; i++) {
		struct hf_pop_event e = {
		    .day = (uint16_t)(from + (uint64_t)i * (uint64_t)(to - from) / n),
		    .minute = (uint16_t)hf_rng_below(&r, 1440),
		    .los = (uint16_t)hf_rng_below(&r, 8),
		    .end_minute = HF_POP_NONE,
		    .wait = HF_POP_NONE,
		    .cost = (int32_t)hf_rng_below(&r, 400000),
		    .setting = (uint8_t)(1 + hf_rng_below(&r, HF_POP_SETTINGS - 1)),
		};
		uint8_t pid[HF_POP_PID];
		uint16_t dx[2];
		char text[16];

		pid_of(hf_rng_below(&r, persons), pid);
		need(hf_pop_feed_person(f, pid, &e.person, NULL, &err), &err);
		snprintf(text, sizeof(text), "R%02u", hf_rng_below(&r, 12));
		need(hf_pop_feed_code(f, HF_POP_PROVIDER, hf_sv_from(text), &e.provider,
				      &err),
		     &err);
		snprintf(text, sizeof(text), "I%03u", hf_rng_below(&r, 900));
		need(hf_pop_feed_code(f, HF_POP_ICD10, hf_sv_from(text), &e.dx, &err),
		     &err);
		dx[0] = dx[1] = e.dx;
		need(hf_pop_feed_event(f, &e, dx, i % 10 == 0 ? 2 : 0, &err), &err);
	}
	need(hf_pop_feed_commit(f, &id, &err), &err);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
ask(const char *name, const struct hf_pop_dims *d, const struct hf_pop_ask *q)
{
	double ms[31];

	for (size_t i = 0; i < HF_COUNT(ms); i++) {
		struct hf_arena arena = {.cap = 256 << 20};
		struct hf_pop_sums s;
		struct hf_pop_answer a;
		struct hf_err err;
		uint64_t began = hf_mono_ns();

		need(hf_pop_sums_make(d, q, &arena, &s, &err), &err);
		hf_pop_sums_add(d, q, &s, 0, d->n);
		need(hf_pop_answer(d, q, &s, &arena, &a, &err), &err);
		ms[i] = since(began);
		hf_arena_free(&arena);
	}
	qsort(ms, HF_COUNT(ms), sizeof(*ms), by_size);
	printf("%s %.2f ms, one thread, median of %zu\n", name, ms[HF_COUNT(ms) / 2],
	       HF_COUNT(ms));
}

static enum hf_rc
put_one(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	struct hf_err *err)
{
	return hf_pop_record_put(db, 4711, change, hf_buf_view(ctx), err);
}

static void
change_one(struct hf_store *store, struct hf_pop_live *live)
{
	struct hf_pop_own own = {.person = {.birth = 500, .death_day = HF_POP_NONE}};
	struct hf_buf body = {0};
	struct hf_desk_job job = {.actor = HF_SV("bench"),
				  .purpose = HF_SV("PLAN"),
				  .what = HF_SV("bench"),
				  .write = put_one,
				  .ctx = &body,
				  .apart = true};
	struct hf_pop_live_state s, now;
	struct hf_err err;
	uint64_t began;

	pid_of(77, own.person.pid);
	own.person.flags = HF_POP_P_CARER;
	need(hf_pop_pack(&own, &body, &err), &err);
	hf_pop_live_state(live, &s);
	began = hf_mono_ns();
	need(hf_store_desk(store, &job, &err), &err);
	do {
		usleep(2000);
		hf_pop_live_state(live, &now);
	} while (now.version == s.version);
	printf("change_visible %.0f ms\n", since(began));
	hf_buf_free(&body);
}

static void
questions(const struct hf_pop_columns *c)
{
	static const char *const filters[] = {"age=65-74,75-84,85+", "sex=female",
					      "imd=1,2,3", "ltcs=1,2,3,4,5+"};
	struct hf_pop_dims d;
	struct hf_err err;
	uint64_t began = hf_mono_ns();

	need(hf_pop_dims_make(c, 13000, &d, &err), &err);
	printf("dimensions %.0f ms\n", since(began));
	struct hf_pop_ask q = {0};
	for (size_t i = 0; i < HF_COUNT(filters); i++)
		need(hf_pop_ask_filter(&d, hf_sv_from(filters[i]), &q, &err), &err);
	struct hf_pop_ask events = {.settings = ~0u, .monthly = true};
	struct hf_pop_ask all = {.histograms = true}, some = q;

	need(hf_pop_ask_by(&d, HF_SV("practice,age,ethnic"), &q, &err), &err);
	ask("filter4_by3", &d, &q);
	ask("histograms12", &d, &all);
	some.histograms = true;
	ask("histograms12_filter4", &d, &some);
	need(hf_pop_ask_by(&d, HF_SV("practice"), &events, &err), &err);
	ask("monthly_all_events", &d, &events);
	events.filters = some.filters;
	ask("monthly_cohort", &d, &events);
	hf_pop_dims_free(&d);
}

int
main(int argc, char **argv)
{
	struct hf_store_config config = {
	    .data = argc > 1 ? argv[1] : NULL, .create = true, .cache_bytes = 64 << 20};
	uint32_t persons = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000000;
	uint32_t events = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 20000000;
	struct hf_store *store = NULL;
	struct hf_pop_store *p = NULL;
	struct hf_pop_live *live = NULL;
	struct hf_pop_live_state s;
	const struct hf_pop_columns *c;
	struct hf_err err;
	struct rusage use;
	uint64_t began = hf_mono_ns();

	if (argc < 2) {
		fprintf(stderr, "bench_population FOLDER [PERSONS [EVENTS]]\n");
		return 2;
	}
	need(hf_store_open(&config, &store, &err), &err);
	need(hf_pop_store_open(store, &p, &err), &err);
	write_register(p, persons);
	printf("write_register %.0f ms\n", since(began));
	began = hf_mono_ns();
	for (uint16_t m = 0; m < 4; m++)
		write_events(p, persons, events / 4, (uint16_t)(12000 + m * 274),
			     (uint16_t)(12274 + m * 274));
	printf("write_events %.0f ms, %.0f rows/s\n", since(began),
	       events / since(began) * 1000);
	hf_pop_store_close(p);
	hf_store_close(store);
	store = NULL;
	config.create = false;
	need(hf_store_open(&config, &store, &err), &err);
	printf("before_load %ld MB resident\n", resident_mb());
	began = hf_mono_ns();
	need(hf_pop_live_open(store, true, &live, &err), &err);
	while ((c = hf_pop_hold(live)) == NULL)
		usleep(10000);
	hf_pop_live_state(live, &s);
	printf(
	    "load %.0f ms, %u persons, %llu events, columns %llu MB, resident %ld MB\n",
	    since(began), c->n_persons, (unsigned long long)c->n_events,
	    (unsigned long long)s.bytes >> 20, resident_mb());
	getrusage(RUSAGE_SELF, &use);
	printf("peak_load %ld MB\n", use.ru_maxrss / 1024);
	questions(c);
	hf_pop_release(live, c);
	change_one(store, live);
	change_one(store, live);
	getrusage(RUSAGE_SELF, &use);
	printf("peak_all %ld MB\n", use.ru_maxrss / 1024);
	hf_pop_live_close(live);
	hf_store_close(store);
	return 0;
}

/* Columns out of the store, on both engines: all read anew and changes taken in one by
 * one give the same; who holds columns sees them unchanged. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "population/io/live.h"
#include "population/io/store.h"
#include "population/own.h"
#include "record/io/desk.h"

static struct hf_err err; /* of the call before */

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

static void
pid_of(uint32_t n, uint8_t pid[HF_POP_PID])
{
	memset(pid, 0, HF_POP_PID);
	memcpy(pid, &(uint64_t){(n + 1) * 0x9e3779b97f4a7c15u}, 8);
	memcpy(pid + 8, &n, sizeof(n));
}

static void
wait_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* ---- what columns say, without ordinals or codes ---- */

static struct hf_sv
text(const struct hf_pop_columns *c, enum hf_pop_kind kind, uint16_t code)
{
	assert_true(code == 0 || code < c->dict[kind].n);
	return code ? c->dict[kind].text[code] : HF_SV("-");
}

static void
say_event(const struct hf_pop_columns *c, uint64_t i, struct hf_buf *b)
{
	const struct hf_pop_events *e = &c->ev;

	hf_buf_printf(b, " e%u/%u/%d/%u/%u/%u %.*s %.*s %.*s", e->day[i], e->setting[i],
		      e->cost[i], e->los[i], e->flags[i], e->wait[i],
		      HF_SV_ARG(text(c, HF_POP_PROVIDER, e->provider[i])),
		      HF_SV_ARG(text(c, HF_POP_ICD10, e->dx[i])),
		      HF_SV_ARG(text(c, HF_POP_HRG, e->hrg[i])));
	for (size_t d = 1; e->dx_more[i] && d <= c->dx_pool[e->dx_more[i]]; d++)
		hf_buf_printf(
		    b, "+%.*s",
		    HF_SV_ARG(text(c, HF_POP_ICD10, c->dx_pool[e->dx_more[i] + d])));
}

struct line {
	uint8_t pid[HF_POP_PID];
	char *text;
};

static int
by_pid(const void *a, const void *b)
{
	return memcmp(((const struct line *)a)->pid, ((const struct line *)b)->pid,
		      HF_POP_PID);
}

static char *
say_person(const struct hf_pop_columns *c, uint32_t p)
{
	const struct hf_pop_person *x = &c->persons[p];
	struct hf_buf b = {0};

	hf_buf_printf(&b, "%d %u %u %u %u %.*s", x->birth, x->death_day, x->sex,
		      x->flags, x->imd, HF_SV_ARG(text(c, HF_POP_LSOA, x->lsoa)));
	for (uint32_t i = c->reg_first[p]; i < c->reg_first[p + 1]; i++) {
		assert_int_equal(c->reg[i].person, p);
		hf_buf_printf(&b, " r%.*s/%u/%u",
			      HF_SV_ARG(text(c, HF_POP_PRACTICE, c->reg[i].practice)),
			      c->reg[i].from, c->reg[i].to);
	}
	/* By code, which is a number of memory: as a sum. */
	uint64_t sum = 0;
	for (uint32_t i = c->cond_first[p]; i < c->cond_first[p + 1]; i++) {
		struct hf_sv t = text(c, HF_POP_CONDITION, c->cond[i].code);

		assert_int_equal(c->cond[i].person, p);
		sum += (uint64_t)(uint8_t)t.p[t.n - 1] * 7919u + c->cond[i].from * 31u +
		       c->cond[i].to;
	}
	for (uint32_t i = c->value_first[p]; i < c->value_first[p + 1]; i++) {
		assert_int_equal(c->value[i].person, p);
		sum +=
		    (uint64_t)c->value[i].day * 1000003u + (uint32_t)c->value[i].milli;
	}
	hf_buf_printf(&b, " s%llu", (unsigned long long)sum);
	uint16_t day = 0;
	struct hf_buf one = {0};
	/* Events of one day stand in the order of their coming: as a sum of each. */
	uint64_t of_day = 0;
	for (uint64_t i = c->ev_first[p]; i < c->ev_first[p + 1]; i++) {
		uint64_t h = 1469598103934665603u;

		assert_int_equal(c->ev.person[i], p);
		assert_true(c->ev.day[i] >= day);
		if (c->ev.day[i] != day) {
			hf_buf_printf(&b, " d%u:%llu", day, (unsigned long long)of_day);
			of_day = 0;
		}
		day = c->ev.day[i];
		one.n = 0;
		say_event(c, i, &one);
		for (size_t k = 0; k < one.n; k++)
			h = (h ^ (uint8_t)one.p[k]) * 1099511628211u;
		of_day += h;
	}
	hf_buf_printf(&b, " d%u:%llu", day, (unsigned long long)of_day);
	hf_buf_free(&one);
	hf_buf_char(&b, '\0');
	return b.p;
}

static char *
say_all(const struct hf_pop_columns *c)
{
	struct line *l = calloc(c->n_persons + 1, sizeof(*l));
	struct hf_buf b = {0};

	for (uint32_t p = 0; p < c->n_persons; p++) {
		memcpy(l[p].pid, c->persons[p].pid, HF_POP_PID);
		l[p].text = say_person(c, p);
	}
	qsort(l, c->n_persons, sizeof(*l), by_pid);
	for (uint32_t p = 0; p < c->n_persons; p++) {
		/* Of whom nothing is known any more only a full reading says nothing.
		 */
		if (strcmp(l[p].text, "-32768 65535 0 0 0 - s0 d0:0") != 0)
			hf_buf_printf(&b, "%02x%02x%02x %s\n", l[p].pid[0], l[p].pid[1],
				      l[p].pid[8], l[p].text);
		free(l[p].text);
	}
	for (size_t i = 0; i < c->n_members; i++)
		hf_buf_printf(
		    &b, "m %.*s %.*s %u %u\n",
		    HF_SV_ARG(text(c, HF_POP_PRACTICE, c->member[i].practice)),
		    HF_SV_ARG(c->locality.text[c->member[i].locality]),
		    c->member[i].from, c->member[i].to);
	hf_buf_printf(&b, "%llu events", (unsigned long long)c->n_events);
	hf_buf_char(&b, '\0');
	free(l);
	return b.p;
}

/* ---- what is written ---- */

static const char *const providers[] = {"RX1", "RX2", "RX3"};
static const char *const dx[] = {"I501", "E112", "J449", "N390"};

struct hand {
	struct hf_test_store *t;
	struct hf_pop_store *p;
	struct hf_rng rng;
	uint32_t persons;
	int shas;
};

static void
feed(struct hand *h, const char *kind, uint16_t from, uint16_t to, uint32_t rows)
{
	char sha[24];
	struct hf_pop_feed_about a = {.actor = HF_SV("user/test"),
				      .purpose = HF_SV("HOPERAT"),
				      .source = HF_SV("RX1"),
				      .kind = hf_sv_from(kind),
				      .from = from,
				      .to = to};
	struct hf_pop_feed *f = NULL;
	int64_t id;

	snprintf(sha, sizeof(sha), "sha%d", h->shas++);
	a.sha = hf_sv_from(sha);
	OK(hf_pop_feed_open(h->p, &a, &f, &err));
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t n = hf_rng_below(&h->rng, h->persons), person;
		uint8_t pid[HF_POP_PID];
		uint16_t more[3], k = (uint16_t)hf_rng_below(&h->rng, 3);
		char practice[8];

		pid_of(n, pid);
		OK(hf_pop_feed_person(f, pid, &person, NULL, &err));
		if (strcmp(kind, "register") == 0) {
			struct hf_pop_person p = {
			    .birth = (int16_t)hf_rng_below(&h->rng, 1400),
			    .death_day = HF_POP_NONE,
			    .sex = HF_POP_MALE};
			struct hf_pop_registration r = {
			    .person = person,
			    .from = (uint16_t)hf_rng_below(&h->rng, 50),
			    .to = HF_POP_NONE};
			struct hf_pop_condition c = {.person = person,
						     .from = (uint16_t)(from + i % 9),
						     .to = to};

			snprintf(practice, sizeof(practice), "Y%02u",
				 hf_rng_below(&h->rng, 6));
			OK(hf_pop_feed_code(f, HF_POP_PRACTICE, hf_sv_from(practice),
					    &r.practice, &err));
			OK(hf_pop_feed_code(f, HF_POP_CONDITION,
					    k ? HF_SV("ltc-a") : HF_SV("ltc-b"),
					    &c.code, &err));
			OK(hf_pop_feed_about_person(f, person, &p, &err));
			OK(hf_pop_feed_registration(f, &r, &err));
			OK(hf_pop_feed_condition(f, &c, &err));
			continue;
		}
		struct hf_pop_event e = {
		    .person = person,
		    .day =
			(uint16_t)(from + hf_rng_below(&h->rng, (uint32_t)(to - from))),
		    .setting = HF_POP_NE,
		    .cost = (int32_t)hf_rng_below(&h->rng, 100000),
		};
		OK(hf_pop_feed_code(f, HF_POP_PROVIDER, hf_sv_from(providers[0]),
				    &e.provider, &err));
		OK(hf_pop_feed_code(f, HF_POP_ICD10, hf_sv_from(dx[k]), &e.dx, &err));
		for (uint16_t d = 0; d < k; d++)
			OK(hf_pop_feed_code(f, HF_POP_ICD10, hf_sv_from(dx[d + 1]),
					    &more[d], &err));
		OK(hf_pop_feed_event(f, &e, more, k, &err));
	}
	OK(hf_pop_feed_commit(f, &id, &err));
}

struct put {
	int64_t shelf;
	struct hf_buf body;
};

static enum hf_rc
put_record(void *ctx, struct hf_db *db, int64_t change, hf_time at HF_UNUSED,
	   struct hf_err *e)
{
	struct put *p = ctx;

	return hf_pop_record_put(db, p->shelf, change, hf_buf_view(&p->body), e);
}

static void
record(struct hand *h, uint32_t person, bool there)
{
	struct put put = {.shelf = 1000 + person};
	struct hf_desk_job job = {.actor = HF_SV("homefirst"),
				  .purpose = HF_SV("SYSADMIN"),
				  .what = HF_SV("test"),
				  .write = put_record,
				  .ctx = &put,
				  .apart = true};
	struct hf_arena a = {.cap = 1 << 20};
	struct hf_pop_own own = {.person = {.birth = 700, .death_day = HF_POP_NONE}};
	uint32_t n = 1 + hf_rng_below(&h->rng, 4);

	pid_of(person, own.person.pid);
	own.person.flags = HF_POP_P_CARER;
	hf_pop_own_code(&own, &a, HF_POP_LSOA, HF_SV("E01"), &own.person.lsoa, &err);
	own.event = hf_arena_array(&a, n, sizeof(*own.event));
	own.value = hf_arena_array(&a, 1, sizeof(*own.value));
	own.n_value = 1;
	own.value[0].milli = (int32_t)hf_rng_below(&h->rng, 1000);
	hf_pop_own_code(&own, &a, HF_POP_VALUE, HF_SV("hb"), &own.value[0].code, &err);
	own.n_event = n;
	for (uint32_t i = 0; i < n; i++) {
		own.event[i].day = (uint16_t)hf_rng_below(&h->rng, 400);
		own.event[i].setting = HF_POP_NE;
		hf_pop_own_code(&own, &a, HF_POP_PROVIDER,
				hf_sv_from(providers[hf_rng_below(&h->rng, 3)]),
				&own.event[i].provider, &err);
	}
	if (there)
		OK(hf_pop_pack(&own, &put.body, &err));
	else
		hf_buf_lit(&put.body, "");
	OK(hf_store_desk(h->t->store, &job, &err));
	hf_buf_free(&put.body);
	hf_arena_free(&a);
}

/* What somebody sees who reads everything now. */
static char *
anew(struct hf_test_store *t)
{
	struct hf_pop_live *live = NULL;
	const struct hf_pop_columns *c;
	char *all;

	OK(hf_pop_live_open(t->store, false, &live, &err));
	c = hf_pop_hold(live);
	all = say_all(c);
	hf_pop_release(live, c);
	hf_pop_live_close(live);
	return all;
}

/* Waits, not long, until the one that follows says the same. */
static void
follows(struct hf_pop_live *live, struct hf_test_store *t)
{
	char *want = anew(t), *got = NULL;

	for (int i = 0; i < 200; i++) {
		const struct hf_pop_columns *c = hf_pop_hold(live);

		free(got);
		got = c ? say_all(c) : NULL;
		hf_pop_release(live, c);
		if (got && strcmp(got, want) == 0)
			break;
		wait_ms(50);
	}
	assert_string_equal(got, want);
	free(got);
	free(want);
}

HF_ON_BOTH(what_is_committed_is_taken_in_as_if_all_were_read_anew)
{
	struct hand h = {.t = t, .persons = 300};
	struct hf_pop_live *live = NULL;
	uint16_t from = 0;

	hf_rng_seed(&h.rng, 11, 3);
	OK(hf_pop_store_open(t->store, &h.p, &err));
	feed(&h, "register", 0, 30, 250);
	feed(&h, "spells", 0, 30, 900);
	record(&h, 3, true);
	record(&h, 299, true);
	OK(hf_pop_live_open(t->store, true, &live, &err));
	follows(live, t);
	for (int round = 0; round < 12; round++) {
		switch (round % 6) {
		case 0: /* the next month */
			from = (uint16_t)(from + 30);
			feed(&h, "spells", from, (uint16_t)(from + 30), 300);
			break;
		case 1:
			record(&h, hf_rng_below(&h.rng, 320), true);
			record(&h, 3, true);
			break;
		case 2: /* a month is sent again, corrected */
			feed(&h, "spells", from, (uint16_t)(from + 30), 200);
			break;
		case 3: /* persons that nobody knew */
			h.persons += 40;
			feed(&h, "register", from, (uint16_t)(from + 31), 60);
			record(&h, h.persons + 7, true);
			break;
		case 4:
			record(&h, 3, false);
			break;
		default: /* half of the days are told anew */
			feed(&h, "spells", (uint16_t)(from + 15), (uint16_t)(from + 45),
			     100);
		}
		follows(live, t);
	}
	hf_pop_live_close(live);
	hf_pop_store_close(h.p);
}

HF_ON_BOTH(events_of_the_record_that_a_feed_tells_are_counted_once)
{
	struct hand h = {.t = t, .persons = 50};
	struct hf_pop_live *live = NULL;
	struct hf_pop_live_state s;
	const struct hf_pop_columns *c;
	uint64_t records = 0;

	hf_rng_seed(&h.rng, 5, 3);
	OK(hf_pop_store_open(t->store, &h.p, &err));
	for (uint32_t i = 0; i < 30; i++)
		record(&h, i, true);
	feed(&h, "spells", 0, 390, 2000); /* of RX1, in all of 13 months */
	OK(hf_pop_live_open(t->store, false, &live, &err));
	c = hf_pop_hold(live);
	hf_pop_live_state(live, &s);
	for (uint64_t i = 0; i < c->n_events; i++)
		if (c->ev.flags[i] & HF_POP_F_RECORD) {
			records++;
			if (c->ev.day[i] < 390)
				assert_false(hf_sv_is(
				    text(c, HF_POP_PROVIDER, c->ev.provider[i]),
				    "RX1"));
		}
	assert_true(s.duplicates > 0 && records > 0);
	assert_int_equal(c->n_events, 2000 + records);
	hf_pop_release(live, c);
	hf_pop_live_close(live);
	hf_pop_store_close(h.p);
}

static void *
read_on(void *ctx)
{
	struct hf_pop_live *live = ctx;

	for (int i = 0; i < 40; i++) {
		const struct hf_pop_columns *c = hf_pop_hold(live);
		char *one = c ? say_all(c) : NULL, *two;

		wait_ms(10);
		two = c ? say_all(c) : NULL;
		assert_true((!one && !two) || strcmp(one, two) == 0);
		free(one);
		free(two);
		hf_pop_release(live, c);
	}
	return NULL;
}

HF_ON_BOTH(who_holds_columns_sees_them_unchanged)
{
	struct hand h = {.t = t, .persons = 100};
	struct hf_pop_live *live = NULL;
	pthread_t readers[2];

	hf_rng_seed(&h.rng, 6, 3);
	OK(hf_pop_store_open(t->store, &h.p, &err));
	feed(&h, "register", 0, 30, 100);
	OK(hf_pop_live_open(t->store, true, &live, &err));
	for (size_t i = 0; i < HF_COUNT(readers); i++)
		pthread_create(&readers[i], NULL, read_on, live);
	for (uint32_t i = 0; i < 20; i++) {
		record(&h, i, true);
		if (i % 5 == 0)
			feed(&h, "spells", (uint16_t)(i * 6), (uint16_t)(i * 6 + 30),
			     100);
		wait_ms(20);
	}
	for (size_t i = 0; i < HF_COUNT(readers); i++)
		pthread_join(readers[i], NULL);
	follows(live, t);
	hf_pop_live_close(live);
	hf_pop_store_close(h.p);
}

/* a practice belongs to a locality for a time. */
HF_ON_BOTH(a_practice_that_moved_belongs_where_it_was_then)
{
#define EXT "\"https://homefirst.example/StructureDefinition/"
#define KIND                                                                           \
	"\"type\":[{\"coding\":[{\"system\":"                                          \
	"\"https://homefirst.example/CodeSystem/provider-kind\",\"code\":"
	static const char *const place[] = {
	    "{\"resourceType\":\"Organization\",\"id\":\"oak\"," KIND
	    "\"locality\"}]}],\"name\":\"Oak\"}",
	    "{\"resourceType\":\"Organization\",\"id\":\"elm\"," KIND
	    "\"locality\"}]}],\"name\":\"Elm\"}",
	    "{\"resourceType\":\"Organization\",\"id\":\"mill\"," KIND
	    "\"general-practice\"}]}],\"identifier\":[{\"system\":"
	    "\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"y01\"}],"
	    "\"name\":\"Mill\",\"extension\":[{\"url\":" EXT
	    "part-of\",\"extension\":[{\"url\":\"organization\",\"valueReference\":{"
	    "\"reference\":\"Organization/oak\"}},{\"url\":\"period\",\"valuePeriod\":{"
	    "\"start\":\"1990-01-01\",\"end\":\"1990-04-10\"}}]},{\"url\":" EXT
	    "part-of\",\"extension\":[{\"url\":\"organization\",\"valueReference\":{"
	    "\"reference\":\"Organization/elm\"}},{\"url\":\"period\",\"valuePeriod\":{"
	    "\"start\":\"1990-04-11\"}}]}]}",
	};
	struct hand h = {.t = t, .persons = 100};
	struct hf_pop_live *live = NULL;
	const struct hf_pop_columns *c;
	uint16_t mill;

	OK(hf_test_put(t, place, HF_COUNT(place), NULL, &err));
	hf_rng_seed(&h.rng, 6, 3);
	OK(hf_pop_store_open(t->store, &h.p, &err));
	feed(&h, "register", 0, 30, 100);
	OK(hf_pop_live_open(t->store, false, &live, &err));
	c = hf_pop_hold(live);
	mill = hf_pop_code_of(c, HF_POP_PRACTICE, HF_SV("Y01"));
	assert_int_not_equal(mill, 0);
	assert_sv_equal(c->locality.text[hf_pop_locality_on(c, mill, 5)], "Oak");
	assert_sv_equal(c->locality.text[hf_pop_locality_on(c, mill, 99)], "Oak");
	assert_sv_equal(c->locality.text[hf_pop_locality_on(c, mill, 100)], "Elm");
	assert_int_equal(hf_pop_locality_on(c, (uint16_t)(mill + 1), 100), 0);
	hf_pop_release(live, c);
	hf_pop_live_close(live);
	hf_pop_store_close(h.p);
}

HF_TEST_MAIN("population/columns",
	     HF_BOTH(what_is_committed_is_taken_in_as_if_all_were_read_anew),
	     HF_BOTH(events_of_the_record_that_a_feed_tells_are_counted_once),
	     HF_BOTH(who_holds_columns_sees_them_unchanged),
	     HF_BOTH(a_practice_that_moved_belongs_where_it_was_then))

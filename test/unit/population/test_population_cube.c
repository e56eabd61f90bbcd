/* The fast loops against plain ones, and the words of a question. */
#include "test/hf_test.h"

#include "cube_place.h"

enum { PERSONS = 10000, EVENTS = 60000 };

static void
add_events(struct cube_place *p)
{
	struct hf_rng r;
	struct hf_pop_columns *c = &p->c;
	uint64_t i = 0;

	hf_rng_seed(&r, 3, 3);
	c->ev_first = calloc(PERSONS + 1, sizeof(*c->ev_first));
	c->ev.day = calloc(EVENTS, sizeof(uint16_t));
	c->ev.setting = calloc(EVENTS, 1);
	c->ev.cost = calloc(EVENTS, sizeof(int32_t));
	for (uint32_t n = 0; n < PERSONS; n++) {
		uint64_t to = (uint64_t)(n + 1) * EVENTS / PERSONS;

		c->ev_first[n] = i;
		for (; i < to; i++) {
			c->ev.day[i] = (uint16_t)(9000 + hf_rng_below(&r, 400));
			c->ev.setting[i] = (uint8_t)hf_rng_below(&r, HF_POP_SETTINGS);
			c->ev.cost[i] = (int32_t)hf_rng_below(&r, 500000);
		}
	}
	c->ev_first[PERSONS] = c->n_events = EVENTS;
	c->day_first = 9000;
	c->day_last = 9399;
}

static void
remove_events(struct cube_place *p)
{
	free(p->c.ev_first);
	free(p->c.ev.day);
	free(p->c.ev.setting);
	free(p->c.ev.cost);
}

static void
any_filters(const struct hf_pop_dims *d, struct hf_rng *r, struct hf_pop_filters *f)
{
	memset(f, 0, sizeof(*f));
	for (size_t k = 0; k < HF_POP_DIMS; k++) {
		if (hf_rng_below(r, 3))
			continue;
		f->on = (uint16_t)(f->on | 1u << k);
		for (size_t v = 0; v < d->values[k]; v++)
			f->pass[k][v] = hf_rng_below(r, 3) > 0;
	}
}

static bool
passes(const struct hf_pop_dims *d, const struct hf_pop_filters *f, uint32_t p,
       size_t but)
{
	for (size_t k = 0; k < HF_POP_DIMS; k++)
		if (k != but && f->on >> k & 1 && !f->pass[k][d->of[k][p]])
			return false;
	return true;
}

HF_TEST(tables_histograms_and_months_are_what_plain_loops_count)
{
	struct cube_place p;
	struct hf_rng r;

	cube_place_make(&p, PERSONS, 8);
	add_events(&p);
	hf_rng_seed(&r, 12, 1);
	for (int round = 0; round < 40; round++) {
		struct hf_pop_ask q = {
		    .n_by = hf_rng_below(&r, 4),
		    .histograms = true,
		    .sdc = round % 2 ? HF_POP_TRUE : HF_POP_STRICT5,
		    .by = {HF_POP_DIM_AGE, HF_POP_DIM_IMD, HF_POP_DIM_SEX}};
		const uint8_t *w = round % 2 ? p.d.in : p.d.weight;
		struct hf_arena arena = {.cap = 64 << 20};
		struct hf_pop_setting_rows drawn[HF_POP_SETTINGS] = {0};
		uint64_t count[HF_POP_SETTINGS];
		struct hf_pop_sums s, t;
		struct hf_err err;

		any_filters(&p.d, &r, &q.filters);
		if (q.n_by <= 1) {
			q.settings = hf_rng_u32(&r) & ((1u << HF_POP_SETTINGS) - 1);
			q.settings |= 2;
			q.monthly = true;
			q.from = 9100;
			q.to = (uint16_t)(9101 + hf_rng_below(&r, 300));
		}
		assert_int_equal(hf_pop_sums_make(&p.d, &q, &arena, &s, &err), HF_OK);
		assert_int_equal(hf_pop_sums_make(&p.d, &q, &arena, &t, &err), HF_OK);
		/* The first share reads some settings by themselves, where it ends
		 * within a block; the second, where it begins there. */
		hf_pop_setting_count(&p.c, count);
		for (unsigned k = 0; k < HF_POP_SETTINGS; k++) {
			assert_int_equal(
			    hf_pop_setting_rows_make(&p.c, (enum hf_pop_setting)k,
						     count[k], &drawn[k], &err),
			    HF_OK);
			s.drawn[k] = (round >> k % 3) & 1 ? &drawn[k] : NULL;
			t.drawn[k] = (round >> k % 4) & 1 ? &drawn[k] : NULL;
		}
		hf_pop_sums_add(&p.d, &q, &s, 0, 4321); /* two threads' shares */
		hf_pop_sums_add(&p.d, &q, &t, 4321, PERSONS);
		hf_pop_sums_merge(&s, &t);
		for (uint32_t i = 0; i < PERSONS; i++) {
			size_t cell = 0;

			for (size_t k = 0; k < HF_POP_DIMS; k++)
				if (passes(&p.d, &q.filters, i, k))
					s.hist[k][p.d.of[k][i]] -= w[i];
			if (!passes(&p.d, &q.filters, i, HF_POP_DIMS))
				continue;
			for (size_t b = 0; b < q.n_by; b++)
				cell = cell * p.d.values[q.by[b]] + p.d.of[q.by[b]][i];
			s.cell[cell] -= w[i];
			for (uint64_t e = p.c.ev_first[i];
			     q.settings && e < p.c.ev_first[i + 1]; e++) {
				size_t at = q.n_by ? p.d.of[q.by[0]][i] * s.months : 0;

				if (!(q.settings >> p.c.ev.setting[e] & 1) ||
				    p.c.ev.day[e] < q.from || p.c.ev.day[e] >= q.to)
					continue;
				at += s.month[p.c.ev.day[e] - q.from];
				s.n[at] -= w[i];
				s.cost[at] -= (int64_t)p.c.ev.cost[e] * w[i];
			}
		}
		for (size_t i = 0; i < s.n_cells; i++)
			assert_int_equal(s.cell[i], 0);
		for (size_t k = 0; k < HF_POP_DIMS; k++)
			for (size_t v = 0; v < HF_POP_DIM_VALUES; v++)
				assert_int_equal(s.hist[k][v], 0);
		for (size_t i = 0; i < s.rows * s.months; i++) {
			assert_int_equal(s.n[i], 0);
			assert_int_equal(s.cost[i], 0);
		}
		for (unsigned k = 0; k < HF_POP_SETTINGS; k++)
			hf_pop_setting_rows_free(&drawn[k]);
		hf_arena_free(&arena);
	}
	remove_events(&p);
	cube_place_free(&p);
}

HF_TEST(what_is_wrong_in_a_question_is_named)
{
	struct cube_place p;
	struct hf_pop_ask q = {0};
	struct hf_err err = {0};

	cube_place_make(&p, 100, 8);
	assert_int_equal(hf_pop_ask_filter(&p.d, HF_SV("age=v1,v3"), &q, &err), HF_OK);
	assert_int_equal(hf_pop_ask_filter(&p.d, HF_SV("age=v3,v5"), &q, &err), HF_OK);
	assert_true(q.filters.pass[HF_POP_DIM_AGE][3]);
	assert_false(q.filters.pass[HF_POP_DIM_AGE][1] ||
		     q.filters.pass[HF_POP_DIM_AGE][5]);
	assert_int_equal(hf_pop_ask_filter(&p.d, HF_SV("age"), &q, &err), HF_INVALID);
	assert_int_equal(hf_pop_ask_filter(&p.d, HF_SV("name=v1"), &q, &err),
			 HF_INVALID);
	assert_string_equal(err.path, "dimension");
	assert_int_equal(hf_pop_ask_filter(&p.d, HF_SV("sex=v1,"), &q, &err),
			 HF_INVALID);
	assert_int_equal(hf_pop_ask_by(&p.d, HF_SV("age,sex,age"), &q, &err),
			 HF_INVALID);
	assert_int_equal(hf_pop_ask_by(&p.d, HF_SV("age,sex,imd,home"), &q, &err),
			 HF_INVALID);
	assert_int_equal(hf_pop_ask_by(&p.d, HF_SV("age,sex"), &q, &err), HF_OK);
	assert_int_equal(hf_pop_ask_events(HF_SV("NE,XX"), &q, &err), HF_INVALID);
	assert_int_equal(hf_pop_ask_events(HF_SV("NE,AE"), &q, &err), HF_OK);
	assert_int_equal(hf_pop_ask_check(&p.d, &q, &err), HF_INVALID);
	assert_string_equal(err.path, "by");
	q = (struct hf_pop_ask){.monthly = true};
	assert_int_equal(hf_pop_ask_check(&p.d, &q, &err), HF_INVALID);
	cube_place_free(&p);
}

HF_TEST_MAIN("population/cube",
	     cmocka_unit_test(tables_histograms_and_months_are_what_plain_loops_count),
	     cmocka_unit_test(what_is_wrong_in_a_question_is_named))

/* Rows come out of a chunk, and a person out of a body, as they went in. */
#include "test/hf_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "population/names.h"
#include "population/own.h"
#include "population/packer.h"

static struct hf_pop_event
any_event(struct hf_rng *r)
{
	return (struct hf_pop_event){
	    .person = hf_rng_below(r, 100000),
	    .cost = (int32_t)hf_rng_u32(r),
	    .day = (uint16_t)hf_rng_below(r, 400),
	    .minute =
		hf_rng_below(r, 2) ? HF_POP_NONE : (uint16_t)hf_rng_below(r, 1440),
	    .los = (uint16_t)hf_rng_below(r, 90),
	    .end_minute = HF_POP_NONE,
	    .wait = (uint16_t)hf_rng_u32(r),
	    .provider = 3,
	    .specialty = (uint16_t)hf_rng_below(r, 80),
	    .hrg = (uint16_t)hf_rng_below(r, 2000),
	    .dx = (uint16_t)hf_rng_below(r, 12000),
	    .proc = (uint16_t)hf_rng_below(r, 9000),
	    .setting = (uint8_t)hf_rng_below(r, HF_POP_SETTINGS),
	    .method = (uint8_t)hf_rng_below(r, HF_POP_METHODS),
	    .cls = (uint8_t)hf_rng_below(r, 6),
	    .flags = (uint8_t)hf_rng_u32(r),
	    .source = 1,
	    .outcome = 5,
	    .excluded = 2,
	    .basis = HF_POP_B_PLICS,
	};
}

HF_TEST(events_come_out_in_the_order_of_persons_and_days_with_their_diagnoses)
{
	enum { N = 40000 };
	struct hf_pop_packer p = {0};
	struct hf_err err = {0};
	struct hf_rng r;
	struct hf_buf raw = {0};
	uint64_t in_sum = 0, out_sum = 0, last = 0;
	size_t seen = 0;

	hf_rng_seed(&r, 7, 1);
	for (size_t i = 0; i < N; i++) {
		struct hf_pop_event e = any_event(&r);
		uint16_t dx[HF_POP_DX_MOST - 1];
		size_t n = hf_rng_below(&r, 3) ? 0 : hf_rng_below(&r, HF_POP_DX_MOST);

		for (size_t d = 0; d < n; d++) {
			dx[d] = (uint16_t)hf_rng_u32(&r);
			in_sum += dx[d] * (d + 1);
		}
		in_sum +=
		    (uint32_t)e.cost + e.hrg + (uint64_t)e.dx * e.person + e.flags;
		assert_int_equal(
		    hf_pop_packer_add(&p, HF_POP_ROWS_EVENT, &e, dx, n, &err), HF_OK);
	}
	assert_int_equal(hf_pop_packer_pack(&p, &err), HF_OK);
	assert_int_equal(p.total[HF_POP_ROWS_EVENT], N);
	for (size_t c = 0; c < p.n_chunks; c++) {
		const struct hf_pop_chunk *ch = &p.chunks[c];
		struct hf_pop_planes h;
		struct hf_sv planes;
		size_t n_dx = 1;

		assert_int_equal(
		    hf_pop_chunk_open((struct hf_sv){p.packed.p + ch->at, ch->len},
				      ch->kind, ch->n, &raw, &planes, &err),
		    HF_OK);
		assert_int_equal(hf_pop_planes_head(planes, &h, &err), HF_OK);
		struct hf_pop_event *e = calloc(h.n, sizeof(*e));
		uint16_t *pool = calloc(h.n_dx + 1, sizeof(*pool));
		assert_int_equal(
		    hf_pop_planes_get(&planes, ch->kind, e, pool, &n_dx, &err), HF_OK);
		assert_int_equal(n_dx, h.n_dx + 1);
		for (size_t i = 0; i < h.n; i++) {
			uint64_t key = (uint64_t)e[i].person << 16 | e[i].day;

			assert_int_equal(e[i].person >> HF_POP_STRIPE_BITS, ch->stripe);
			assert_true(key >= last);
			last = key;
			out_sum += (uint32_t)e[i].cost + e[i].hrg +
				   (uint64_t)e[i].dx * e[i].person + e[i].flags;
			for (size_t d = 0; e[i].dx_more && d < pool[e[i].dx_more]; d++)
				out_sum += pool[e[i].dx_more + 1 + d] * (d + 1);
		}
		seen += h.n;
		free(e);
		free(pool);
	}
	assert_int_equal(seen, N);
	assert_int_equal(out_sum, in_sum);
	hf_buf_free(&raw);
	hf_pop_packer_free(&p);
}

static void
fill(struct hf_pop_own *own, struct hf_arena *a)
{
	static const uint8_t pid[HF_POP_PID] = {1, 2, 3};
	struct hf_err err;
	uint16_t code;

	memcpy(own->person.pid, pid, sizeof(pid));
	own->person.birth = 600;
	own->person.sex = HF_POP_FEMALE;
	own->person.death_day = HF_POP_NONE;
	assert_int_equal(hf_pop_own_code(own, a, HF_POP_LSOA, HF_SV("E01000001"),
					 &own->person.lsoa, &err),
			 HF_OK);
	own->reg = hf_arena_array(a, 1, sizeof(*own->reg));
	own->n_reg = 1;
	hf_pop_own_code(own, a, HF_POP_PRACTICE, HF_SV("Y00001"), &own->reg[0].practice,
			&err);
	own->reg[0].to = HF_POP_NONE;
	own->event = hf_arena_array(a, 2, sizeof(*own->event));
	own->n_event = 2;
	own->dx_pool = hf_arena_array(a, 4, sizeof(uint16_t));
	own->n_dx_pool = 4;
	hf_pop_own_code(own, a, HF_POP_ICD10, HF_SV("I501"), &own->event[0].dx, &err);
	hf_pop_own_code(own, a, HF_POP_ICD10, HF_SV("E112"), &code, &err);
	own->dx_pool[1] = 2;
	own->dx_pool[2] = code;
	own->dx_pool[3] = own->event[0].dx;
	own->event[0].dx_more = 1;
	own->event[0].cost = -5;
	own->event[1].day = 9;
}

HF_TEST(a_person_of_the_record_comes_out_as_it_went_in)
{
	struct hf_arena a = {.cap = 1 << 20};
	struct hf_pop_own own = {0}, got = {0};
	struct hf_buf body = {0};
	struct hf_err err = {0};

	fill(&own, &a);
	assert_int_equal(hf_pop_pack(&own, &body, &err), HF_OK);
	assert_int_equal(hf_pop_unpack(hf_buf_view(&body), &a, &got, &err), HF_OK);
	assert_memory_equal(got.person.pid, own.person.pid, HF_POP_PID);
	assert_int_equal(got.person.birth, 600);
	assert_sv_equal(got.dict[HF_POP_LSOA].text[got.person.lsoa], "E01000001");
	assert_sv_equal(got.dict[HF_POP_PRACTICE].text[got.reg[0].practice], "Y00001");
	assert_int_equal(got.n_event, 2);
	assert_int_equal(got.event[0].cost, -5);
	assert_int_equal(got.dx_pool[got.event[0].dx_more], 2);
	assert_sv_equal(
	    got.dict[HF_POP_ICD10].text[got.dx_pool[got.event[0].dx_more + 1]], "E112");
	assert_int_equal(got.event[1].dx_more, 0);
	hf_buf_free(&body);
	hf_arena_free(&a);
}

HF_TEST(a_code_that_the_dictionary_has_not_is_refused)
{
	struct hf_arena a = {.cap = 1 << 20};
	struct hf_pop_own own = {0};
	struct hf_buf body = {0};
	struct hf_err err = {0};

	fill(&own, &a);
	own.event[1].hrg = 1;
	assert_int_equal(hf_pop_pack(&own, &body, &err), HF_INVALID);
	own.event[1].hrg = 0;
	own.event[0].dx_more = 3;
	assert_int_equal(hf_pop_pack(&own, &body, &err), HF_INVALID);
	hf_buf_free(&body);
	hf_arena_free(&a);
}

HF_TEST(bytes_that_were_damaged_are_refused_or_give_rows_that_hold_together)
{
	struct hf_arena a = {.cap = 8 << 20};
	struct hf_pop_own own = {0}, got;
	struct hf_buf body = {0};
	struct hf_err err = {0};

	fill(&own, &a);
	assert_int_equal(hf_pop_pack(&own, &body, &err), HF_OK);
	for (size_t i = 0; i < body.n; i++) {
		struct hf_arena b = {.cap = 64 << 20};

		body.p[i] = (char)(body.p[i] ^ 0x55);
		if (hf_pop_unpack(hf_buf_view(&body), &b, &got, &err) == HF_OK)
			for (size_t e = 0; e < got.n_event; e++)
				assert_true(got.event[e].dx < got.dict[HF_POP_ICD10].n);
		body.p[i] = (char)(body.p[i] ^ 0x55);
		assert_int_not_equal(
		    hf_pop_unpack((struct hf_sv){body.p, i}, &b, &got, &err), HF_OK);
		hf_arena_free(&b);
	}
	hf_buf_free(&body);
	hf_arena_free(&a);
}

HF_TEST(names_keep_their_numbers_as_they_grow_and_are_forgotten_from_the_end)
{
	struct hf_pop_names *n = hf_pop_names_new();
	struct hf_pop_mark mark = {0};
	struct hf_err err;

	for (uint32_t i = 0; i < 5000; i++) {
		uint8_t pid[HF_POP_PID] = {0};
		char text[16];
		uint32_t ord;
		uint16_t code;
		bool made;

		if (i == 3000)
			mark = hf_pop_names_mark(n);
		memcpy(pid + 8, &i, sizeof(i)); /* all of one hash */
		memcpy(pid, &(uint32_t){i % 512}, sizeof(i));
		assert_int_equal(hf_pop_names_person(n, pid, &ord, &made, &err), HF_OK);
		assert_true(made && ord == i);
		snprintf(text, sizeof(text), "c%u", i);
		hf_pop_names_code(n, HF_POP_HRG, hf_sv_from(text), true, &code, &err);
		assert_int_equal(code, i + 1);
	}
	hf_pop_names_cut(n, &mark);
	assert_int_equal(hf_pop_names_persons(n), 3000);
	for (uint32_t i = 0; i < 5000; i++) {
		uint8_t pid[HF_POP_PID] = {0};
		char text[16];
		uint32_t ord = 0;
		uint16_t code;

		memcpy(pid + 8, &i, sizeof(i));
		memcpy(pid, &(uint32_t){i % 512}, sizeof(i));
		assert_int_equal(hf_pop_names_find(n, pid, &ord), i < 3000);
		snprintf(text, sizeof(text), "c%u", i);
		hf_pop_names_code(n, HF_POP_HRG, hf_sv_from(text), false, &code, &err);
		assert_int_equal(code, i < 3000 ? i + 1 : 0);
	}
	hf_pop_names_free(n);
}

HF_TEST_MAIN("population/pack",
	     cmocka_unit_test(
		 events_come_out_in_the_order_of_persons_and_days_with_their_diagnoses),
	     cmocka_unit_test(a_person_of_the_record_comes_out_as_it_went_in),
	     cmocka_unit_test(a_code_that_the_dictionary_has_not_is_refused),
	     cmocka_unit_test(
		 bytes_that_were_damaged_are_refused_or_give_rows_that_hold_together),
	     cmocka_unit_test(
		 names_keep_their_numbers_as_they_grow_and_are_forgotten_from_the_end))

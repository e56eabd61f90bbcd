/* cube_place.h - a place of persons with twelve random dimensions, for tests. */
#ifndef HF_TEST_CUBE_PLACE_H
#define HF_TEST_CUBE_PLACE_H

#include <stdlib.h>

#include "base/rng.h"
#include "population/cube.h"

struct cube_place {
	struct hf_pop_columns c;
	struct hf_pop_dims d;
	struct hf_pop_person *persons;
	uint16_t *group;
};

static inline void
cube_place_make(struct cube_place *p, uint32_t n, uint64_t seed)
{
	static const size_t values[HF_POP_DIMS] = {8, 12, 7, 4, 11, 6,
						   6, 9,  5, 5, 4,  2};
	struct hf_rng r;
	struct hf_err err;

	*p = (struct cube_place){.d = {.n = n}};
	hf_rng_seed(&r, seed, 9);
	hf_arena_init(&p->d.arena, 1 << 28);
	p->persons = calloc(n, sizeof(*p->persons));
	p->group = calloc(n, sizeof(*p->group));
	p->c.n_persons = n;
	p->c.persons = p->persons;
	p->d.c = &p->c;
	p->d.in = hf_arena_array(&p->d.arena, n + 64u, 1);
	p->d.weight = hf_arena_array(&p->d.arena, n + 64u, 1);
	for (size_t k = 0; k < HF_POP_DIMS; k++) {
		p->d.values[k] = values[k];
		p->d.of[k] = hf_arena_array(&p->d.arena, n + 64u, 1);
		p->d.code[k] = hf_arena_array(&p->d.arena, 16, sizeof(struct hf_sv));
		p->d.label[k] = hf_arena_array(&p->d.arena, 16, sizeof(struct hf_sv));
		for (size_t v = 0; v < values[k]; v++)
			p->d.code[k][v] = p->d.label[k][v] =
			    hf_arena_printf(&p->d.arena, "v%zu", v);
	}
	for (uint32_t i = 0; i < n; i++) {
		for (size_t b = 0; b < HF_POP_PID; b++)
			p->persons[i].pid[b] = (uint8_t)hf_rng_u32(&r);
		for (size_t k = 0; k < HF_POP_DIMS; k++) {
			/* Small values are rarer. */
			uint32_t a = hf_rng_below(&r, (uint32_t)values[k]),
				 b = hf_rng_below(&r, (uint32_t)values[k]);

			p->d.of[k][i] = (uint8_t)(a > b ? a : b);
		}
		p->d.in[i] = hf_rng_below(&r, 40) != 0;
		p->group[i] = p->d.of[HF_POP_DIM_PRACTICE][i];
	}
	if (hf_pop_weights(p->persons, p->group, 16, n, p->d.weight, &err) != HF_OK)
		abort();
	for (uint32_t i = 0; i < n; i++)
		p->d.weight[i] = p->d.in[i] ? p->d.weight[i] : 0;
}

static inline void
cube_place_free(struct cube_place *p)
{
	hf_arena_free(&p->d.arena);
	free(p->persons);
	free(p->group);
}

#endif

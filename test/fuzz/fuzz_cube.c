/* fuzz_cube.c - any bytes as a question to the population: lines that begin with f, b
 * or e are a filter, dimensions, settings.  What is taken is answered, and no shown
 * count is one to four. */
#include <stdlib.h>

#include "population/cube.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PERSONS = 64 };

static struct hf_pop_columns columns;
static struct hf_pop_dims dims;

static void
make_place(void)
{
	static struct hf_pop_person persons[PERSONS];
	static uint16_t group[PERSONS];
	static uint64_t first[PERSONS + 1];

	columns = (struct hf_pop_columns){
	    .n_persons = PERSONS, .persons = persons, .ev_first = first};
	dims = (struct hf_pop_dims){.c = &columns, .n = PERSONS};
	hf_arena_init(&dims.arena, 1 << 24);
	dims.in = hf_arena_array(&dims.arena, 2 * PERSONS, 1);
	dims.weight = hf_arena_array(&dims.arena, 2 * PERSONS, 1);
	for (size_t k = 0; k < HF_POP_DIMS; k++) {
		dims.values[k] = k == HF_POP_DIM_PRACTICE ? 256 : 3 + k;
		dims.of[k] = hf_arena_array(&dims.arena, 2 * PERSONS, 1);
		dims.code[k] = hf_arena_array(&dims.arena, 256, sizeof(struct hf_sv));
		dims.label[k] = hf_arena_array(&dims.arena, 256, sizeof(struct hf_sv));
		for (size_t v = 0; v < dims.values[k]; v++)
			dims.code[k][v] = hf_arena_printf(&dims.arena, "%zu", v);
	}
	for (uint32_t p = 0; p < PERSONS; p++) {
		dims.in[p] = 1;
		persons[p].pid[0] = (uint8_t)(p * 37);
		for (size_t k = 0; k < HF_POP_DIMS; k++)
			dims.of[k][p] = (uint8_t)(p * (k + 7) % dims.values[k]);
	}
	if (hf_pop_weights(persons, group, 1, PERSONS, dims.weight, NULL) != HF_OK)
		abort();
}

static enum hf_rc
read_ask(struct hf_sv text, struct hf_pop_ask *ask, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && text.n) {
		struct hf_sv line = hf_sv_cut(&text, '\n'),
			     rest = hf_sv_from_at(line, 1);

		switch (line.n ? line.p[0] : '\0') {
		case 'f':
			rc = hf_pop_ask_filter(&dims, rest, ask, err);
			break;
		case 'b':
			rc = hf_pop_ask_by(&dims, rest, ask, err);
			break;
		case 'e':
			rc = hf_pop_ask_events(rest, ask, err);
			break;
		case 'm':
			ask->monthly = true;
			break;
		default:
			ask->histograms = true;
		}
	}
	return rc == HF_OK ? hf_pop_ask_check(&dims, ask, err) : rc;
}

static void
look_at(struct hf_pop_shown s)
{
	if (s.hidden ? s.n != 0 : s.n < 0 || s.n % 5)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 64 << 20};
	struct hf_pop_ask ask = {0};
	struct hf_pop_sums sums;
	struct hf_pop_answer a;
	struct hf_err err = {0};
	enum hf_rc rc;

	if (dims.n == 0)
		make_place();
	rc = read_ask((struct hf_sv){(const char *)data, size}, &ask, &err);
	if (rc == HF_OK)
		rc = hf_pop_sums_make(&dims, &ask, &arena, &sums, &err);
	if (rc != HF_OK) {
		if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0])
			abort();
		hf_arena_free(&arena);
		return 0;
	}
	hf_pop_sums_add(&dims, &ask, &sums, 0, dims.n);
	if (hf_pop_answer(&dims, &ask, &sums, &arena, &a, &err) == HF_OK) {
		look_at(a.persons);
		for (size_t i = 0; i < a.n_rows; i++)
			look_at(a.rows[i].n);
	}
	hf_arena_free(&arena);
	return 0;
}

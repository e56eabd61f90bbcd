/* explore_ask.c - a question to a view, shared among threads. */
#include "population/io/explore.h"

#include <pthread.h>
#include <unistd.h>

enum {
	THREADS_MOST = 4,
	PERSONS_A_THREAD = 200000, /* fewer are not worth one */
	PART_CAP = 64 << 20
};

struct share {
	const struct hf_pop_view *v;
	const struct hf_pop_ask *ask;
	struct hf_pop_sums sums;
	struct hf_arena arena;
	uint32_t from, to;
	pthread_t thread;
	bool runs;
};

static void *
take_share(void *ctx)
{
	struct share *s = ctx;

	hf_pop_sums_add(&s->v->dims, s->ask, &s->sums, s->from, s->to);
	return NULL;
}

static size_t
worth(const struct hf_pop_view *v)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = v->dims.n / PERSONS_A_THREAD + 1;

	n = n > THREADS_MOST ? THREADS_MOST : n;
	return cores > 0 && (size_t)cores < n ? (size_t)cores : n;
}

enum hf_rc
hf_pop_view_ask(const struct hf_pop_view *v, const struct hf_pop_ask *ask,
		struct hf_arena *arena, struct hf_pop_answer *out, struct hf_err *err)
{
	struct share share[THREADS_MOST] = {0};
	size_t n = worth(v);
	const struct hf_pop_setting_rows *drawn[HF_POP_SETTINGS] = {NULL};
	enum hf_rc rc = hf_pop_ask_check(&v->dims, ask, err);

	if (rc == HF_OK && ask->settings)
		hf_pop_drawn_get(v->drawn, ask->settings, drawn);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		share[i].v = v;
		share[i].ask = ask;
		share[i].arena.cap = PART_CAP;
		share[i].from = (uint32_t)((uint64_t)v->dims.n * i / n);
		share[i].to = (uint32_t)((uint64_t)v->dims.n * (i + 1) / n);
		rc = hf_pop_sums_make(&v->dims, ask, &share[i].arena, &share[i].sums,
				      err);
		memcpy(share[i].sums.drawn, drawn, sizeof(drawn));
	}
	for (size_t i = 1; rc == HF_OK && i < n; i++)
		share[i].runs =
		    pthread_create(&share[i].thread, NULL, take_share, &share[i]) == 0;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (!share[i].runs)
			take_share(&share[i]);
	for (size_t i = 1; rc == HF_OK && i < n; i++) {
		if (share[i].runs)
			pthread_join(share[i].thread, NULL);
		hf_pop_sums_merge(&share[0].sums, &share[i].sums);
	}
	if (rc == HF_OK)
		rc = hf_pop_answer(&v->dims, ask, &share[0].sums, arena, out, err);
	for (size_t i = 0; i < n; i++)
		hf_arena_free(&share[i].arena);
	return rc;
}

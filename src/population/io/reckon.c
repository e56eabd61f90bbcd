/* reckon.c - everybody's need on a day.  Threads take people a few thousand at a time,
 * so that none waits long for the last. */
#include "population/io/reckon.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { AT_A_TIME = 4096, THREADS_MOST = 8 };

struct job {
	struct hf_pop_need *need;
	atomic_uint next;
	atomic_bool failed;
};

static void *
work(void *arg)
{
	struct job *j = arg;
	uint32_t people = j->need->c->n_persons;
	struct hf_pop_scratch *x = hf_pop_scratch_new(j->need->scorer);

	if (!x) {
		j->failed = true;
		return NULL;
	}
	for (;;) {
		uint32_t from = atomic_fetch_add(&j->next, AT_A_TIME);

		if (from >= people)
			break;
		hf_pop_need_some(j->need, x, from,
				 people - from < AT_A_TIME ? people : from + AT_A_TIME);
	}
	hf_pop_scratch_free(x);
	return NULL;
}

enum hf_rc
hf_pop_need_reckon(const struct hf_pop_defs *defs, const struct hf_pop_columns *c,
		   uint16_t day, unsigned threads, struct hf_pop_need **out,
		   struct hf_err *err)
{
	struct job j = {0};
	pthread_t others[THREADS_MOST];
	unsigned started = 0;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	enum hf_rc rc = hf_pop_need_new(defs, c, day, &j.need, err);

	if (rc)
		return rc;
	if (threads == 0)
		threads = cores > 0 ? (unsigned)cores : 1;
	if (threads > THREADS_MOST)
		threads = THREADS_MOST;
	/* This thread is one of them; fewer than asked for do as well. */
	while (started + 1 < threads &&
	       pthread_create(&others[started], NULL, work, &j) == 0)
		started++;
	work(&j);
	while (started > 0)
		pthread_join(others[--started], NULL);
	rc = j.failed ? hf_fail(err, HF_TOO_LONG, "need", "no memory")
		      : hf_pop_need_rank(j.need, HF_SV("cms"), err);
	if (rc) {
		hf_pop_need_free(j.need);
		return rc;
	}
	*out = j.need;
	return HF_OK;
}

static void
copy(struct hf_pop_need *n, const struct hf_pop_need *before)
{
	size_t people = before->c->n_persons;

	for (size_t k = 0; k < hf_pop_scorer_columns(n->scorer); k++) {
		memcpy(n->points[k], before->points[k], people * sizeof *n->points[k]);
		memcpy(n->band[k], before->band[k], people);
	}
	for (size_t k = 0; k < n->defs->n_schemes; k++)
		memcpy(n->segment[k], before->segment[k], people);
	memcpy(n->ltcs, before->ltcs, people);
	memcpy(n->chemicals, before->chemicals, people);
}

enum hf_rc
hf_pop_need_again(const struct hf_pop_need *before, const struct hf_pop_columns *c,
		  const uint32_t *persons, size_t n, struct hf_pop_need **out,
		  struct hf_err *err)
{
	struct hf_pop_need *need;
	struct hf_pop_scratch *x;
	enum hf_rc rc = hf_pop_need_new(before->defs, c, before->day, &need, err);

	if (rc)
		return rc;
	x = hf_pop_scratch_new(need->scorer);
	if (x) {
		copy(need, before);
		for (size_t i = 0; i < n; i++)
			hf_pop_need_some(need, x, persons[i], persons[i] + 1);
		hf_pop_need_some(need, x, before->c->n_persons, c->n_persons);
	}
	hf_pop_scratch_free(x);
	rc = x ? hf_pop_need_rank(need, HF_SV("cms"), err)
	       : hf_fail(err, HF_TOO_LONG, "need", "no memory");
	if (rc) {
		hf_pop_need_free(need);
		return rc;
	}
	*out = need;
	return HF_OK;
}

/* framework_run.c - persons cut into parts of as many events, a thread each. */
#include "population/io/framework_run.h"

#include <pthread.h>
#include <unistd.h>

#include "population/framework_plan.h"

enum { THREADS = 16 };

struct part {
	const struct hf_pop_plan *plan;
	struct hf_pop_tally *tally;
	uint32_t from, to;
	enum hf_rc rc;
	struct hf_err err;
	pthread_t thread;
	bool started;
};

static void *
work(void *arg)
{
	struct part *p = arg;

	p->rc = hf_pop_tally_new(p->plan, &p->tally, &p->err);
	if (p->rc == HF_OK)
		p->rc =
		    hf_pop_tally_persons(p->plan, p->tally, p->from, p->to, &p->err);
	return NULL;
}

/* The first person whose events begin at or after event at. */
static uint32_t
person_at(const struct hf_pop_columns *c, uint64_t at)
{
	uint32_t low = 0, high = c->n_persons;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (c->ev_first[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static unsigned
how_many(const struct hf_pop_columns *c, unsigned threads)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (threads == 0)
		threads = cores > 0 ? (unsigned)cores : 1;
	if (threads > THREADS)
		threads = THREADS;
	return c->n_persons < 10000 ? 1 : threads;
}

enum hf_rc
hf_pop_run(const struct hf_pop_plan *plan, unsigned threads, struct hf_pop_tally **out,
	   struct hf_err *err)
{
	const struct hf_pop_columns *c = plan->c;
	unsigned n = how_many(c, threads);
	struct part parts[THREADS] = {0};
	enum hf_rc rc = HF_OK;

	for (unsigned i = 0; i < n; i++) {
		struct part *p = &parts[i];

		p->plan = plan;
		p->from = i ? parts[i - 1].to : 0;
		p->to =
		    i + 1 < n ? person_at(c, c->n_events / n * (i + 1)) : c->n_persons;
		p->started = i > 0 && pthread_create(&p->thread, NULL, work, p) == 0;
	}
	for (unsigned i = 0; i < n; i++)
		if (!parts[i].started)
			work(&parts[i]);
	for (unsigned i = 0; i < n; i++) {
		if (parts[i].started)
			pthread_join(parts[i].thread, NULL);
		if (rc == HF_OK && parts[i].rc != HF_OK) {
			rc = parts[i].rc;
			if (err)
				*err = parts[i].err;
		}
	}
	for (unsigned i = 1; i < n && rc == HF_OK; i++)
		rc = hf_pop_tally_add(plan, parts[0].tally, parts[i].tally, err);
	if (rc == HF_OK)
		rc = hf_pop_tally_done(plan, parts[0].tally, err);
	for (unsigned i = rc == HF_OK ? 1 : 0; i < n; i++)
		hf_pop_tally_free(parts[i].tally);
	if (rc == HF_OK)
		*out = parts[0].tally;
	return rc;
}

/* framework_run.c - persons cut into parts of as many events, a thread each. */
#include "population/io/framework_run.h"

#include <pthread.h>
#include <stdlib.h>
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

/* Counts one plan and puts its periods at [at, at + n) of every measure and area. */
static enum hf_rc
count_into(struct hf_pop_report *r, struct hf_pop_plan *plan, size_t at, size_t n,
	   unsigned threads, struct hf_err *err)
{
	struct hf_pop_tally *t;
	enum hf_rc rc = hf_pop_run(plan, threads, &t, err);

	if (rc)
		return rc;
	for (size_t m = 0; m < r->n_measures; m++)
		for (size_t a = 0; a < r->n_areas; a++)
			for (size_t i = 0; i < n; i++)
				hf_pop_figure(plan, t, r->measure[m], a, i, i + 1,
					      hf_pop_report_at(r, m, a, at + i));
	hf_pop_tally_free(t);
	return HF_OK;
}

/* A plan of one period. */
static enum hf_rc
whole_plan(const struct hf_pop_report *r, uint16_t from, uint16_t to,
	   struct hf_pop_plan **out, struct hf_err *err)
{
	struct hf_pop_ask ask = r->ask.ask;

	ask.grain = HF_POP_WHOLE;
	ask.from = from;
	ask.to = to;
	return hf_pop_plan_new(r->c, r->f, &ask, out, err);
}

/* The last twelve whole months of the series that the data cover. */
static void
set_total(struct hf_pop_report *r)
{
	uint16_t from, to, last = hf_pop_plan_period(r->series, r->n_periods);

	if (r->ask.total_to > r->ask.total_from)
		return;
	hf_pop_report_range(r->c, HF_POP_TOTAL_MONTHS, &from, &to);
	if (last < to) {
		struct hf_pop_columns upto = *r->c;

		upto.day_last = (uint16_t)(last - 1);
		hf_pop_report_range(&upto, HF_POP_TOTAL_MONTHS, &from, &to);
	}
	r->ask.total_from = from;
	r->ask.total_to = to;
}

static enum hf_rc
make_plans(struct hf_pop_report *r, struct hf_err *err)
{
	enum hf_rc rc = hf_pop_plan_new(r->c, r->f, &r->ask.ask, &r->series, err);

	if (rc)
		return rc;
	r->n_areas = hf_pop_plan_areas(r->series);
	r->n_periods = hf_pop_plan_periods(r->series);
	set_total(r);
	rc = whole_plan(r, r->ask.total_from, r->ask.total_to, &r->total, err);
	if (rc == HF_OK && (r->ask.baseline_from || r->ask.baseline_to))
		rc = whole_plan(r, r->ask.baseline_from, r->ask.baseline_to,
				&r->baseline, err);
	if (rc)
		return rc;
	r->figures = calloc(r->n_measures * r->n_areas * (r->n_periods + 2) + 1,
			    sizeof *r->figures);
	return r->figures ? HF_OK
			  : hf_fail(err, HF_TOO_LONG, NULL, "no memory for a report");
}

enum hf_rc
hf_pop_report_run(const struct hf_pop_columns *c, const struct hf_pop_framework *f,
		  const struct hf_pop_report_ask *ask, unsigned threads,
		  struct hf_pop_report **out, struct hf_err *err)
{
	struct hf_pop_report *r = calloc(1, sizeof *r);
	enum hf_rc rc;

	if (!r)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for a report");
	r->c = c;
	r->f = f;
	r->ask = *ask;
	for (size_t k = 0; k < f->n; k++)
		if (ask->ask.measures >> k & 1)
			r->measure[r->n_measures++] = (uint8_t)k;
	rc = make_plans(r, err);
	if (rc == HF_OK)
		rc = count_into(r, r->series, 0, r->n_periods, threads, err);
	if (rc == HF_OK)
		rc = count_into(r, r->total, r->n_periods, 1, threads, err);
	if (rc == HF_OK && r->baseline)
		rc = count_into(r, r->baseline, r->n_periods + 1, 1, threads, err);
	if (rc) {
		hf_pop_report_free(r);
		return rc;
	}
	if (ask->disclose)
		hf_pop_report_disclose(r);
	*out = r;
	return HF_OK;
}

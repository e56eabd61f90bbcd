/* import.c - see import.h; import_impl.h tells how the work is divided. */
#include "exchange/io/import_impl.h"

#include <malloc.h>
#include <unistd.h>

#include "base/io/clock.h"

enum { THREADS_MAX = 64 };

bool
hf_import_stopped(struct import *im)
{
	bool stop;

	pthread_mutex_lock(&im->mu);
	stop = im->stop;
	pthread_mutex_unlock(&im->mu);
	return stop;
}

void
hf_import_fatal(struct import *im, const struct hf_err *err)
{
	pthread_mutex_lock(&im->mu);
	if (!im->stop)
		im->fatal = *err;
	im->stop = true;
	pthread_cond_broadcast(&im->work);
	pthread_cond_broadcast(&im->room);
	pthread_mutex_unlock(&im->mu);
}

bool
hf_import_is_fatal(enum hf_rc rc)
{
	return rc == HF_FAULT || rc == HF_FULL || rc == HF_BUSY;
}

/* ---- jobs ---- */

static void
tell_progress(struct import *im)
{
	struct hf_import_progress now = im->progress;

	if (im->config->progress == NULL)
		return;
	pthread_mutex_unlock(&im->mu);
	im->config->progress(im->config->progress_ctx, &now);
	pthread_mutex_lock(&im->mu);
}

static void
refuse_deferred(struct unit *u)
{
	struct hf_err err;

	hf_fail(&err, HF_NOT_FOUND, NULL,
		"a reference by a condition (Type?...) finds nothing: import what it "
		"means, then this again");
	hf_import_unit_refuse(u, &err);
}

/* Units that met another change: once more.  mu is held. */
static void
try_again(struct import *im)
{
	struct unit *u = im->again;
	enum verdict v;

	if (u == NULL)
		return;
	im->again = u->next;
	u->next = NULL;
	pthread_mutex_unlock(&im->mu);
	v = hf_import_stopped(im) ? NOTHING : hf_import_unit_prepare(u, im->reader);

	if (v == DEFER)
		refuse_deferred(u);
	if (v == READY)
		hf_import_submit(u);
	else
		hf_import_end(u);
	pthread_mutex_lock(&im->mu);
}

/* Waits a tenth of a second at most; mu is held. */
static void
wait_room(struct import *im)
{
	struct timespec until;

	if (im->again != NULL) {
		try_again(im);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 100000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&im->room, &im->mu, &until);
	tell_progress(im);
}

void
hf_import_push(struct import *im, struct job *job)
{
	if (job->text.n > job->counted)
		job->counted = job->text.n;
	if (job->lines)
		job->ticket = ++im->tickets;
	pthread_mutex_lock(&im->mu);
	while (im->jobs_out != im->jobs_held &&
	       (im->jobs_out - im->jobs_held >= RING ||
		im->bytes_out + job->counted > BYTES_MAX))
		wait_room(im);
	while (im->again != NULL)
		try_again(im);
	im->jobs_out++;
	im->bytes_out += job->counted;
	*im->end = job;
	im->end = &job->next;
	pthread_cond_signal(&im->work);
	pthread_mutex_unlock(&im->mu);
}

void
hf_import_drain(struct import *im)
{
	pthread_mutex_lock(&im->mu);
	while (im->jobs_out != im->jobs_held || im->units_out != 0)
		wait_room(im);
	pthread_mutex_unlock(&im->mu);
}

void
hf_import_job_unref(struct job *job)
{
	struct import *im = job->im;

	if (atomic_fetch_sub(&job->refs, 1) != 1)
		return;
	pthread_mutex_lock(&im->mu);
	im->jobs_out--;
	if (job->held) {
		im->jobs_held--;
		im->deferred_bytes -= job->counted;
	} else {
		im->bytes_out -= job->counted;
	}
	im->progress.bytes += job->disk;
	pthread_cond_broadcast(&im->room);
	pthread_mutex_unlock(&im->mu);
	hf_buf_free(&job->text);
	free(job);
}

/* ---- commits ---- */

static void
count(struct import *im, const struct unit *u)
{
	static hf_type_id patient;
	struct hf_import_result *res = im->result;
	const struct hf_change *c = &u->change;

	if (patient == 0)
		patient = hf_resource_find(HF_SV("Patient"));
	pthread_mutex_lock(&im->mu);
	res->unresolved += (int64_t)u->unresolved;
	for (size_t i = 0; i < c->n; i++) {
		const struct hf_change_item *x = &c->items[i];

		if (x->skip && x->doc == NULL)
			continue; /* only there for a reference */
		im->progress.resources++;
		if (x->op == HF_OP_DELETE) {
			if (x->unchanged)
				res->unchanged++;
			else
				res->deleted++;
			continue;
		}
		res->people += x->type == patient;
		if (x->unchanged || x->skip) {
			res->unchanged++;
			continue;
		}
		if (x->created)
			res->created++;
		else
			res->updated++;
		if (x->type < HF_COUNT(res->by_type))
			res->by_type[x->type]++;
	}
	pthread_mutex_unlock(&im->mu);
}

void
hf_import_end(struct unit *u)
{
	struct import *im = u->job->im;
	bool submitted = u->submitted;

	hf_import_order_leave(u);
	/* Before it is counted off: a job that is held is not waited for, and freeing
	 * its last unit takes the lock that the import ends with. */
	hf_import_unit_free(u);
	if (!submitted)
		return;
	pthread_mutex_lock(&im->mu);
	im->units_out--;
	pthread_cond_broadcast(&im->room);
	pthread_mutex_unlock(&im->mu);
}

/* Called by the committer. */
static void
done(struct hf_change *change, void *ctx)
{
	struct unit *u = ctx;
	struct import *im = u->job->im;
	bool again = false;

	if (change->rc == HF_OK) {
		count(im, u);
	} else if (change->rc == HF_BUSY && u->tries < TRIES_MAX) {
		u->tries++;
		again = true;
	} else if (hf_import_is_fatal(change->rc)) {
		hf_import_fatal(im, &change->err);
	} else {
		again = hf_import_unit_blame(u, &change->err, change->failed_item);
	}
	pthread_mutex_lock(&im->mu);
	if (again) {
		u->next = im->again;
		im->again = u;
		pthread_cond_broadcast(&im->room);
	}
	pthread_mutex_unlock(&im->mu);
	if (!again)
		hf_import_end(u);
}

void
hf_import_submit(struct unit *u)
{
	struct import *im = u->job->im;

	if (!u->submitted) {
		u->submitted = true;
		pthread_mutex_lock(&im->mu);
		im->units_out++;
		pthread_mutex_unlock(&im->mu);
	}
	hf_change_submit(im->config->store, &u->change, done, u);
}

/* What only a deferred unit keeps is not waited for. */
static void
hold(struct job *job)
{
	struct import *im = job->im;

	pthread_mutex_lock(&im->mu);
	if (job->deferred) {
		job->held = true;
		im->jobs_held++;
		im->bytes_out -= job->counted;
		im->deferred_bytes += job->counted;
		pthread_cond_broadcast(&im->room);
	}
	pthread_mutex_unlock(&im->mu);
}

/* A job from its text to the committer. */
static void
work_on(struct import *im, struct job *job, struct hf_reader *reader)
{
	struct unit *u, *next;

	if (!hf_import_stopped(im))
		hf_import_units(job);
	hf_import_order_enter(job);
	for (u = job->units; u != NULL; u = next) {
		next = u->next;
		u->next = NULL;
		if (hf_import_stopped(im))
			hf_import_end(u);
		else
			hf_import_unit_go(u, reader);
	}
	hold(job);
	hf_import_job_unref(job);
}

static void *
worker(void *arg)
{
	struct import *im = arg;
	struct hf_reader *reader;
	struct hf_err err;

	if (hf_reader_get(im->config->store, &reader, &err) != HF_OK) {
		hf_import_fatal(im, &err);
		reader = NULL;
	}
	pthread_mutex_lock(&im->mu);
	for (;;) {
		struct job *job = im->first;

		if (job == NULL && im->closed)
			break;
		if (job == NULL) {
			pthread_cond_wait(&im->work, &im->mu);
			continue;
		}
		im->first = job->next;
		if (im->first == NULL)
			im->end = &im->first;
		pthread_mutex_unlock(&im->mu);
		work_on(im, job, reader);
		pthread_mutex_lock(&im->mu);
	}
	pthread_mutex_unlock(&im->mu);
	hf_reader_put(reader);
	return NULL;
}

/* ---- what waits for others ---- */

static struct unit *
turned(struct unit *list)
{
	struct unit *out = NULL, *next;

	for (; list != NULL; list = next) {
		next = list->next;
		list->next = out;
		out = list;
	}
	return out;
}

/* Tries those that wait once more, in the order in which they came.  True when one
 * of them got through. */
static bool
settle_round(struct import *im, bool last)
{
	struct unit *list = turned(im->deferred), *next;
	bool moved = false;

	im->deferred = NULL;
	for (; list != NULL; list = next) {
		enum verdict v;

		next = list->next;
		list->next = NULL;
		list->last = last;
		v = hf_import_stopped(im) ? NOTHING
					  : hf_import_unit_prepare(list, im->reader);
		if (v == READY) {
			hf_import_submit(list);
		} else if (v == DEFER && !last) {
			list->next = im->deferred;
			im->deferred = list;
		} else {
			if (v == DEFER)
				refuse_deferred(list);
			hf_import_unit_free(list);
		}
		moved |= v != DEFER;
	}
	hf_import_drain(im);
	return moved;
}

/* Units that refer by a condition to what was not there: again as long as one of
 * them gets through.  What is left keeps such references as they stand, but a
 * transaction is refused. */
static void
settle_deferred(struct import *im)
{
	while (im->deferred != NULL && settle_round(im, false))
		;
	if (im->deferred != NULL)
		settle_round(im, true);
}

/* ---- the whole ---- */

/* Only an empty store is trained: samples are taken then. */
static enum hf_rc
check_empty(struct import *im, struct hf_err *err)
{
	struct hf_store_stats *stats = calloc(1, sizeof(*stats));
	enum hf_rc rc;

	if (stats == NULL)
		return hf_fail(err, HF_FAULT, NULL, "out of memory");
	rc = hf_store_stats(im->reader, stats, err);
	im->trained = stats->resources != 0;
	free(stats);
	return rc;
}

static void
run(struct import *im)
{
	pthread_t threads[THREADS_MAX];
	unsigned want = im->config->threads, n = 0;
	struct hf_err err;

	/* Texts and arenas come and go by the megabyte: kept, not given back and
	 * faulted in again page by page. */
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);

	if (want == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);

		want = cores > 0 ? (unsigned)cores : 1;
	}
	if (want > THREADS_MAX)
		want = THREADS_MAX;
	while (n < want && pthread_create(&threads[n], NULL, worker, im) == 0)
		n++;
	if (n == 0) {
		hf_fail(&err, HF_FAULT, NULL, "no thread could be started");
		hf_import_fatal(im, &err);
	} else {
		hf_import_feed(im);
		hf_import_drain(im);
		settle_deferred(im);
		hf_import_drain(im);
	}
	pthread_mutex_lock(&im->mu);
	im->closed = true;
	pthread_cond_broadcast(&im->work);
	pthread_mutex_unlock(&im->mu);
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

enum hf_rc
hf_import_run(const struct hf_import_config *config, struct hf_arena *arena,
	      struct hf_import_result *out, struct hf_err *err)
{
	struct import im = {.config = config, .arena = arena, .result = out};
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc = HF_OK;

	*out = (struct hf_import_result){0};
	if (config->feed == NULL)
		rc = hf_source_list_read(config->paths, config->n_paths, arena,
					 &im.list, err);
	if (rc == HF_OK)
		rc = hf_reader_get(config->store, &im.reader, err);
	if (rc != HF_OK)
		return rc;
	rc = check_empty(&im, err);
	if (rc != HF_OK) {
		hf_reader_put(im.reader);
		return rc;
	}
	im.end = &im.first;
	im.progress.bytes_total = config->feed ? config->feed->total : im.list.bytes;
	pthread_mutex_init(&im.mu, NULL);
	hf_import_order_init(&im.order);
	pthread_mutex_init(&im.reject_mu, NULL);
	pthread_cond_init(&im.work, NULL);
	pthread_cond_init(&im.room, NULL);
	run(&im);
	hf_reader_put(im.reader);
	out->files = (int64_t)im.list.n;
	out->bytes = im.list.bytes;
	out->passed_over = (int64_t)im.list.passed_over;
	if (im.stop)
		rc = hf_fail(err, im.fatal.rc, im.fatal.path, "%s", im.fatal.text);
	if (im.rejects != NULL && fclose(im.rejects) != 0 && rc == HF_OK)
		rc = hf_fail(err, HF_FAULT, config->rejects,
			     "the rejects file could not be written to its end");
	out->seconds = (double)(hf_mono_ns() - begun) / 1e9;
	pthread_cond_destroy(&im.room);
	pthread_cond_destroy(&im.work);
	pthread_mutex_destroy(&im.reject_mu);
	hf_import_order_free(&im.order);
	pthread_mutex_destroy(&im.mu);
	return rc;
}

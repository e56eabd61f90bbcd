/* downtime.c - a thread that makes the downtime pack. */
#include "server/downtime.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "hub/io/downtime.h"
#include "record/io/desk.h"

enum { DUE_MISSED = 3 };

struct hf_downtimes {
	struct hf_store *store;
	char *dir;
	unsigned every_s;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	bool stop;
	hf_time begun, made;
	int64_t failures;
};

/* The row of change that every job has is the note. */
static enum hf_rc
write_nothing(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	(void)ctx;
	(void)db;
	(void)change;
	(void)at;
	(void)err;
	return HF_OK;
}

static enum hf_rc
make(struct hf_downtimes *d, hf_time now, struct hf_err *err)
{
	const struct hf_desk_job note = {.actor = HF_SV("homefirst"),
					 .purpose = HF_SV("OPERATE"),
					 .what = HF_SV("downtime"),
					 .write = write_nothing,
					 .apart = true};
	struct hf_downtime_report report;
	enum hf_rc rc = hf_store_desk(d->store, &note, err);

	if (rc == HF_OK)
		rc = hf_downtime_make(d->store, d->dir, now,
				      (int)((d->every_s + 59) / 60), &report, err);
	return rc;
}

/* Waits for the next; false: to stop. */
static bool
pause_between(struct hf_downtimes *d)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += d->every_s;
	while (!d->stop && pthread_cond_timedwait(&d->wake, &d->lock, &until) == 0)
		;
	return !d->stop;
}

static void *
run(void *ctx)
{
	struct hf_downtimes *d = ctx;

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		hf_time now = hf_now();
		struct hf_err err = {0};
		enum hf_rc rc;

		pthread_mutex_unlock(&d->lock);
		rc = make(d, now, &err);
		if (rc)
			hf_log(HF_LOG_ERROR, "server",
			       "the downtime pack was not made: %s%s%s", err.path,
			       *err.path ? ": " : "", err.text);
		pthread_mutex_lock(&d->lock);
		d->failures += rc != HF_OK;
		if (rc == HF_OK)
			d->made = now;
		if (!pause_between(d))
			break;
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

static void
drop(struct hf_downtimes *d)
{
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->lock);
	free(d->dir);
	free(d);
}

enum hf_rc
hf_downtimes_start(struct hf_store *store, const char *dir, unsigned every_s,
		   struct hf_downtimes **out, struct hf_err *err)
{
	struct hf_downtimes *d;
	pthread_condattr_t attr;
	enum hf_rc rc = hf_downtime_check(dir, err);

	if (rc)
		return rc;
	d = calloc(1, sizeof *d);
	if (!d)
		return hf_fail(err, HF_FAULT, NULL, "no memory to start");
	d->store = store;
	d->dir = strdup(dir);
	d->every_s = every_s ? every_s : HF_DOWNTIME_EVERY_S;
	d->begun = hf_now();
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&d->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (!d->dir || pthread_create(&d->thread, NULL, run, d) != 0) {
		drop(d);
		return hf_fail(err, HF_FAULT, NULL, "no thread for the downtime pack");
	}
	*out = d;
	return HF_OK;
}

void
hf_downtimes_stop(struct hf_downtimes *d)
{
	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	drop(d);
}

void
hf_downtimes_status(struct hf_downtimes *d, hf_time now,
		    struct hf_downtimes_status *out)
{
	hf_time last;

	pthread_mutex_lock(&d->lock);
	last = d->made ? d->made : d->begun;
	*out = (struct hf_downtimes_status){
	    .made = d->made,
	    .failures = d->failures,
	    .stale = now - last > DUE_MISSED * (hf_time)d->every_s * 1000};
	pthread_mutex_unlock(&d->lock);
}

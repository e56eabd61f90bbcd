/* audit_clerk.c - see audit_clerk.h. */
#include "access/io/audit_clerk.h"

#include <fcntl.h>
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "access/io/audit_find.h"
#include "access/io/audit_folder.h"
#include "base/io/log.h"

enum { RETRY_SECONDS = 60 };

struct hf_clerk {
	int dir, copies; /* copies: -1 for none */
	pthread_t thread;

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t wake;
	uint64_t heads, segments; /* the newest there are */
	bool stop;

	uint64_t copied, indexed; /* of the thread alone */
};

/* Copies heads in order; false when one could not be. */
static bool
copy_heads(struct hf_clerk *c, uint64_t heads)
{
	while (c->copies >= 0 && c->copied < heads) {
		char name[HF_SEGMENT_NAME], text[HF_HEAD_MAX + 1];
		struct hf_err err;
		size_t n;
		enum hf_rc rc;

		hf_head_name(c->copied + 1, name);
		rc = hf_heads_read(c->dir, name, text, &n, &err);
		/* One that is missing here is for verify to tell. */
		if (rc == HF_OK)
			rc = hf_heads_add(c->copies, c->copied + 1,
					  (struct hf_sv){text, n}, &err);
		else if (rc == HF_NOT_FOUND)
			rc = HF_OK;
		if (rc) {
			hf_log(HF_LOG_ERROR, "audit",
			       "a signed head cannot be copied: %s: %s", err.path,
			       err.text);
			return false;
		}
		c->copied++;
	}
	return true;
}

static bool
is_stopped(struct hf_clerk *c)
{
	bool stop;

	pthread_mutex_lock(&c->mutex);
	stop = c->stop;
	pthread_mutex_unlock(&c->mutex);
	return stop;
}

/* Indexes retired segments.  One that cannot be is made when somebody looks into it,
 * or at the next start. */
static void
index_segments(struct hf_clerk *c, uint64_t segments)
{
	while (c->indexed < segments && !is_stopped(c))
		(void)hf_audit_index_segment(c->dir, ++c->indexed, NULL);
}

/* Waits for work; behind: some is left that failed, try again after a while. */
static bool
wait_for_work(struct hf_clerk *c, bool behind, uint64_t *heads, uint64_t *segments)
{
	struct timespec t;
	int late = 0;
	bool stop;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += RETRY_SECONDS;
	pthread_mutex_lock(&c->mutex);
	while (!c->stop && *heads == c->heads && *segments == c->segments && late == 0)
		late = behind ? pthread_cond_timedwait(&c->wake, &c->mutex, &t)
			      : pthread_cond_wait(&c->wake, &c->mutex);
	*heads = c->heads;
	*segments = c->segments;
	stop = c->stop;
	pthread_mutex_unlock(&c->mutex);
	return !stop;
}

static void *
clerk(void *arg)
{
	struct hf_clerk *c = arg;
	uint64_t heads = 0, segments = 0;
	bool behind = false;

	/* Whoever asks something now goes first. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
	do {
		behind = !copy_heads(c, heads);
		index_segments(c, segments);
	} while (wait_for_work(c, behind, &heads, &segments));
	copy_heads(c, heads);
	return NULL;
}

enum hf_rc
hf_clerk_start(const char *folder, const char *copy_to, uint64_t heads,
	       uint64_t segments, struct hf_clerk **out, struct hf_err *err)
{
	struct hf_clerk *c = calloc(1, sizeof *c);
	enum hf_rc rc = HF_OK;

	if (!c)
		return hf_fail(err, HF_FAULT, NULL, "no memory for the audit");
	c->copies = -1;
	c->heads = heads;
	c->segments = segments;
	c->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		rc = hf_audit_fail(err, errno, folder, "cannot open the audit folder");
	if (rc == HF_OK && copy_to) {
		c->copies = open(copy_to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (c->copies < 0)
			rc = hf_audit_fail(err, errno, copy_to,
					   "cannot open the folder for copies of "
					   "signed heads");
		else if (faccessat(c->copies, ".", W_OK, 0) != 0)
			rc = hf_audit_fail(err, errno, copy_to,
					   "cannot write signed heads there");
	}
	pthread_mutex_init(&c->mutex, NULL);
	pthread_cond_init(&c->wake, NULL);
	if (rc == HF_OK && pthread_create(&c->thread, NULL, clerk, c) != 0)
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for the audit");
	if (rc == HF_OK) {
		*out = c;
		return HF_OK;
	}
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->mutex);
	if (c->dir >= 0)
		close(c->dir);
	if (c->copies >= 0)
		close(c->copies);
	free(c);
	return rc;
}

void
hf_clerk_stop(struct hf_clerk *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->mutex);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->mutex);
	pthread_join(c->thread, NULL);
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->mutex);
	close(c->dir);
	if (c->copies >= 0)
		close(c->copies);
	free(c);
}

void
hf_clerk_head(struct hf_clerk *c, uint64_t number)
{
	pthread_mutex_lock(&c->mutex);
	c->heads = number;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->mutex);
}

void
hf_clerk_segment(struct hf_clerk *c, uint64_t number)
{
	pthread_mutex_lock(&c->mutex);
	c->segments = number;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->mutex);
}

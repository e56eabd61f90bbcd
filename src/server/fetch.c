/* fetch.c - asking other servers, by libcurl. */
#include "server/fetch.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "access/client.h"

struct job {
	struct job *next;
	char *url, *form, *bearer, *basic; /* NULL: none */
	size_t form_n;
	void (*done)(void *ctx, const struct hf_fetch_answer *answer);
	void *ctx;
};

struct hf_fetcher {
	pthread_t threads[HF_FETCH_THREADS];
	int n_threads;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct job *first, **last;
	size_t waiting;
	atomic_bool stopping;
	char *ca;
};

/* What comes in, and whether the fetcher is to stop. */
struct coming {
	struct hf_fetcher *fetcher;
	struct hf_buf body;
};

static char *
copy(struct hf_sv s)
{
	return s.n ? strndup(s.p, s.n) : NULL;
}

static void
free_secret(char *s)
{
	if (s)
		sodium_memzero(s, strlen(s));
	free(s);
}

static void
job_free(struct job *j)
{
	if (j->form)
		sodium_memzero(j->form, j->form_n);
	free(j->form);
	free_secret(j->bearer);
	free_secret(j->basic);
	free(j->url);
	free(j);
}

/* ---- one request ---- */

static size_t
on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct coming *in = ctx;

	hf_buf_add(&in->body, data, size * n);
	return in->body.failed ? 0 : size * n;
}

static int
on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct coming *in = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return in->fetcher->stopping;
}

static void
set_up(CURL *curl, struct hf_fetcher *f, const struct job *j, struct coming *in)
{
	/* What is asked of whom was checked; redirects would go elsewhere. */
	curl_easy_setopt(curl, CURLOPT_URL, j->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)HF_FETCH_MS);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)HF_FETCH_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (f->ca)
		curl_easy_setopt(curl, CURLOPT_CAINFO, f->ca);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "homefirst/" HF_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, in);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, in);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	if (j->form) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, j->form);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)j->form_n);
	}
	if (j->basic) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERPWD, j->basic);
	}
	if (j->bearer) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, j->bearer);
	}
}

static void
run(struct hf_fetcher *f, CURL *curl, struct curl_slist *headers, const struct job *j)
{
	struct coming in = {.fetcher = f, .body = {.cap = HF_FETCH_BYTES}};
	struct hf_fetch_answer answer = {0};
	const char *type = NULL;
	long status = 0;
	CURLcode code;

	curl_easy_reset(curl);
	set_up(curl, f, j, &in);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(curl);
	if (code != CURLE_OK) {
		answer.rc = hf_fail(&answer.err, in.body.failed ? HF_TOO_LONG : HF_BUSY,
				    NULL, "the other server did not answer: %s",
				    in.body.failed ? "its answer is too long"
						   : curl_easy_strerror(code));
	} else {
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
		answer.status = (int)status;
		answer.type = hf_sv_from(type);
		answer.body = hf_buf_view(&in.body);
	}
	j->done(j->ctx, &answer);
	if (in.body.p)
		sodium_memzero(in.body.p, in.body.n);
	hf_buf_free(&in.body);
}

/* ---- the threads ---- */

/* The next job; NULL when the fetcher stops. */
static struct job *
take(struct hf_fetcher *f)
{
	struct job *j;

	pthread_mutex_lock(&f->lock);
	while (!f->first && !f->stopping)
		pthread_cond_wait(&f->more, &f->lock);
	j = f->stopping ? NULL : f->first;
	if (j) {
		f->first = j->next;
		if (!f->first)
			f->last = &f->first;
		f->waiting--;
	}
	pthread_mutex_unlock(&f->lock);
	return j;
}

static void *
work(void *ctx)
{
	struct hf_fetcher *f = ctx;
	CURL *curl = curl_easy_init();
	struct curl_slist *headers =
	    curl_slist_append(NULL, "Accept: application/json, application/jwt");
	struct job *j;

	while ((j = take(f))) {
		struct hf_fetch_answer none = {0};

		if (curl && headers) {
			run(f, curl, headers, j);
		} else {
			none.rc = hf_fail(&none.err, HF_FAULT, NULL, "no memory");
			j->done(j->ctx, &none);
		}
		job_free(j);
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return NULL;
}

enum hf_rc
hf_fetcher_new(const char *ca, struct hf_fetcher **out, struct hf_err *err)
{
	struct hf_fetcher *f = calloc(1, sizeof *f);

	if (!f || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return hf_fail(err, HF_FAULT, NULL, "libcurl does not start");
	}
	f->ca = ca ? strdup(ca) : NULL;
	f->last = &f->first;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->more, NULL);
	while (f->n_threads < HF_FETCH_THREADS &&
	       pthread_create(&f->threads[f->n_threads], NULL, work, f) == 0)
		f->n_threads++;
	if (f->n_threads == 0) {
		hf_fetcher_free(f);
		return hf_fail(err, HF_FAULT, NULL, "no threads to ask others with");
	}
	*out = f;
	return HF_OK;
}

void
hf_fetcher_free(struct hf_fetcher *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stopping = true;
	pthread_cond_broadcast(&f->more);
	pthread_mutex_unlock(&f->lock);
	for (int i = 0; i < f->n_threads; i++)
		pthread_join(f->threads[i], NULL);
	while (f->first) {
		struct job *j = f->first;
		struct hf_fetch_answer none = {0};

		f->first = j->next;
		none.rc = hf_fail(&none.err, HF_BUSY, NULL, "this server is stopping");
		j->done(j->ctx, &none);
		job_free(j);
	}
	pthread_cond_destroy(&f->more);
	pthread_mutex_destroy(&f->lock);
	curl_global_cleanup();
	free(f->ca);
	free(f);
}

static struct job *
job_of(const struct hf_fetch_ask *ask)
{
	struct job *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->url = copy(ask->url);
	j->form = copy(ask->form);
	j->form_n = ask->form.n;
	j->bearer = copy(ask->bearer);
	j->basic = copy(ask->basic);
	if (!j->url || (ask->form.n && !j->form) || (ask->bearer.n && !j->bearer) ||
	    (ask->basic.n && !j->basic)) {
		job_free(j);
		return NULL;
	}
	return j;
}

enum hf_rc
hf_fetch(struct hf_fetcher *f, const struct hf_fetch_ask *ask,
	 void (*done)(void *ctx, const struct hf_fetch_answer *answer), void *ctx,
	 struct hf_err *err)
{
	struct job *j;
	bool full;

	if (!hf_client_safe_url(ask->url))
		return hf_fail(err, HF_INVALID, NULL,
			       "only https:// is asked, and http:// on this machine");
	j = job_of(ask);
	if (!j)
		return hf_fail(err, HF_FAULT, NULL, "no memory to ask with");
	j->done = done;
	j->ctx = ctx;
	pthread_mutex_lock(&f->lock);
	full = f->waiting >= HF_FETCH_QUEUE || f->stopping;
	if (!full) {
		*f->last = j;
		f->last = &j->next;
		f->waiting++;
		pthread_cond_signal(&f->more);
	}
	pthread_mutex_unlock(&f->lock);
	if (full) {
		job_free(j);
		return hf_fail(err, HF_BUSY, NULL,
			       "too many wait for other servers; try again soon");
	}
	return HF_OK;
}

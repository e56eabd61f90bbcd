/* fetch.h - asking other servers: OpenID providers, and clients' keys.
 *
 * Done in threads of its own, so that a slow provider holds up nobody else.  Only
 * https://, and http:// to this machine; no redirects are followed; size and time are
 * bounded; at most HF_FETCH_QUEUE wait. */
#ifndef HF_SERVER_FETCH_H
#define HF_SERVER_FETCH_H

#include "base/buf.h"
#include "base/err.h"

enum {
	HF_FETCH_THREADS = 2,
	HF_FETCH_QUEUE = 64,
	HF_FETCH_BYTES = 256 << 10, /* of an answer */
	HF_FETCH_MS = 5000,	    /* for all of it */
	HF_FETCH_CONNECT_MS = 3000,
};

struct hf_fetcher;

struct hf_fetch_ask {
	struct hf_sv url;
	struct hf_sv form;   /* p NULL: GET; else POST of a form */
	struct hf_sv bearer; /* n 0: none */
	struct hf_sv basic;  /* "id:secret", both form-encoded; n 0: none */
};

struct hf_fetch_answer {
	enum hf_rc rc; /* HF_OK: there is an answer, whatever its status */
	struct hf_err err;
	int status;
	struct hf_sv type; /* Content-Type */
	struct hf_sv body;
};

/* ca: file of certificates to trust instead of the system's; NULL: the system's. */
enum hf_rc hf_fetcher_new(const char *ca, struct hf_fetcher **out, struct hf_err *err);
/* What waits is answered with HF_BUSY, what is under way is broken off.  NULL is
 * fine. */
void hf_fetcher_free(struct hf_fetcher *fetcher);

/* Asks; done is called once from another thread, and what answer points to is gone
 * when it returns.  HF_BUSY, and done is not called, when too many wait; HF_INVALID for
 * an address that is not asked. */
enum hf_rc hf_fetch(struct hf_fetcher *fetcher, const struct hf_fetch_ask *ask,
		    void (*done)(void *ctx, const struct hf_fetch_answer *answer),
		    void *ctx, struct hf_err *err);

#endif

/* http_int.h - what the files behind http.h share; nobody else includes it.
 *
 * http.c listens and takes what the library calls; http_conn.c watches connections;
 * http_body.c gathers bodies; http_reply.c answers; http_feed.c and http_follow.c
 * keep some of the answers open; http_pool.c keeps requests to use again. */
#ifndef HF_SERVER_HTTP_INT_H
#define HF_SERVER_HTTP_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http.h"
#include "server/peer.h"
#include "server/tls.h"

enum { HF_HEADERS_MAX = 24, HF_ARENA_BASE = 64 << 20 };

enum hf_stage {
	HF_STAGE_URI,  /* the request line is there */
	HF_STAGE_BODY, /* the head was looked at, the body comes in */
	HF_STAGE_HANDLED,
	HF_STAGE_SUSPENDED,
	HF_STAGE_REPLIED
};

/* What a connection is waiting for; each step has its time, see http_conn.c. */
enum hf_step {
	HF_STEP_WAIT, /* for TLS, or for a request line */
	HF_STEP_HEAD,
	HF_STEP_BODY,
	HF_STEP_OURS, /* for us */
	HF_STEP_ANSWER
};

struct hf_conn {
	struct hf_http *http;
	int fd;
	struct hf_addr addr;
	bool proxied;		     /* from a proxy that is believed */
	bool spoke;		     /* its first byte was looked at */
	atomic_int step;	     /* enum hf_step … */
	atomic_ullong since;	     /* … from then on, in ms … */
	atomic_ullong bytes;	     /* … that moved so many */
	struct hf_conn *prev, *next; /* in http->conns */
};

struct hf_header {
	const char *name;
	char *value;
};

struct hf_req {
	struct hf_http *http;
	struct MHD_Connection *conn;
	struct hf_conn *at;
	enum hf_stage stage;
	enum hf_method method;
	struct hf_sv method_name, path, query;
	struct hf_arena arena;
	struct hf_buf body, plain, out, zipped;
	size_t body_max, counted; /* bytes of body in http->body_bytes */
	size_t answer;		  /* bytes of the answer's body */
	bool too_long;
	struct hf_header headers[HF_HEADERS_MAX];
	size_t n_headers;
	int status;
	void *user;
	void (*resumed)(struct hf_req *req, void *ctx);
	void *resumed_ctx;
	void (*ended)(void *ctx); /* hf_req_at_end() */
	void *ended_ctx;
	struct hf_req *next; /* in the pool of its thread */
};

struct hf_http {
	struct hf_http_config config;
	struct MHD_Daemon *daemon;
	int fd;
	uint16_t port;
	atomic_bool stopping;
	atomic_llong requests, bytes_in, bytes_out, active, suspended, body_bytes;
	atomic_llong by_class[6];
	atomic_llong refused, ended; /* connections: too many of one house, too slow */
	atomic_llong followers;	     /* of feeds */
	struct hf_feeder *feeder;
	pthread_mutex_t conns_lock;
	struct hf_conn *conns;
	pthread_t watcher;
	pthread_mutex_t watch_lock;
	pthread_cond_t watch_wake;
	bool watching, watch_stop;
};

/* http_conn.c */
void hf_conns_init(struct hf_http *http);
bool hf_conns_watch(struct hf_http *http); /* false: no thread */
void hf_conns_end(struct hf_http *http);   /* ends the watch */
void hf_conns_free(struct hf_http *http);  /* after the last connection has gone */
void hf_conn_notify(void *cls, struct MHD_Connection *conn, void **context,
		    enum MHD_ConnectionNotificationCode what);
struct hf_conn *hf_conn_of(struct MHD_Connection *conn);
/* What it waits for now; NULL is fine. */
void hf_conn_step(struct hf_conn *conn, enum hf_step step);
void hf_conn_moved(struct hf_conn *conn, size_t n);
/* What GnuTLS calls for the certificate. */
int hf_conn_certificate(gnutls_session_t session, const gnutls_datum_t *names,
			int n_names, const gnutls_pk_algorithm_t *kinds, int n_kinds,
			gnutls_pcert_st **chain, unsigned *n, gnutls_privkey_t *key);

/* http_reply.c: adds the headers, hands the response over and lets it go; NULL, without
 * memory, closes the connection. */
void hf_http_queue(struct hf_req *req, int status, struct MHD_Response *response);

/* http_feed.c */
bool hf_feeder_new(struct hf_http *http);   /* false: no memory */
bool hf_feeder_start(struct hf_http *http); /* false: no thread */
/* Wakes all followers, for good: http->stopping is set, so they end. */
void hf_feeder_stop(struct hf_http *http);
void hf_feeder_free(struct hf_http *http); /* after the last request */

/* A request of this thread's pool, empty; NULL without memory. */
struct hf_req *hf_http_take(struct hf_http *http);
void hf_http_give_back(struct hf_req *req);
/* Frees what this thread keeps. */
void hf_http_forget_thread(void);

/* Looks at the head: may answer at once when the body is too long. */
void hf_http_begin_body(struct hf_req *req, const char *method);
enum MHD_Result hf_http_more_body(struct hf_req *req, const char *data, size_t n);
/* The body is whole: hands the request to the handler. */
void hf_http_handle(struct hf_req *req);

#endif

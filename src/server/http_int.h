/* http_int.h - what the files behind http.h share; nobody else includes it.
 *
 * http.c listens and takes what the library calls; http_body.c gathers bodies;
 * http_reply.c answers; http_pool.c keeps requests to use again. */
#ifndef HF_SERVER_HTTP_INT_H
#define HF_SERVER_HTTP_INT_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "server/http.h"

enum { HF_HEADERS_MAX = 16, HF_ARENA_BASE = 64 << 20 };

enum hf_stage {
	HF_STAGE_URI,  /* the request line is there */
	HF_STAGE_BODY, /* the head was looked at, the body comes in */
	HF_STAGE_HANDLED,
	HF_STAGE_SUSPENDED,
	HF_STAGE_REPLIED
};

struct hf_header {
	const char *name;
	char *value;
};

struct hf_req {
	struct hf_http *http;
	struct MHD_Connection *conn;
	enum hf_stage stage;
	enum hf_method method;
	struct hf_sv method_name, path, query;
	struct hf_arena arena;
	struct hf_buf body, plain, out, zipped;
	size_t body_max, counted; /* bytes of body in http->body_bytes */
	bool too_long;
	struct hf_header headers[HF_HEADERS_MAX];
	size_t n_headers;
	int status;
	void *user;
	void (*resumed)(struct hf_req *req, void *ctx);
	void *resumed_ctx;
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
};

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

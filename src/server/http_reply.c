/* http_reply.c - a request as the handler sees it, and its answer. */
#include "server/http_int.h"

#include "base/io/log.h"
#include "server/gzip.h"
#include "server/header.h"

enum { STREAM_BLOCK = 64 << 10, GZIP_FROM = 1024 };

/* ---- replies ---- */

void
hf_reply_header(struct hf_req *r, const char *name, struct hf_sv value)
{
	char *copy;

	assert(r->n_headers < HF_HEADERS_MAX && r->stage != HF_STAGE_REPLIED);
	copy = hf_arena_cstr(&r->arena, value);
	if (copy)
		r->headers[r->n_headers++] = (struct hf_header){name, copy};
}

bool
hf_reply_has_header(const struct hf_req *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return true;
	return false;
}

void
hf_http_queue(struct hf_req *r, int status, struct MHD_Response *response)
{
	assert(r->stage != HF_STAGE_REPLIED && status >= 200 && status < 600);
	r->stage = HF_STAGE_REPLIED;
	r->status = status;
	hf_conn_step(r->at, HF_STEP_ANSWER);
	hf_conn_moved(r->at, r->answer);
	atomic_fetch_add_explicit(&r->http->by_class[status / 100], 1,
				  memory_order_relaxed);
	if (!response)
		return; /* no memory: the connection is closed */
	for (size_t i = 0; i < r->n_headers; i++)
		MHD_add_response_header(response, r->headers[i].name,
					r->headers[i].value);
	if (r->http->stopping)
		MHD_add_response_header(response, "Connection", "close");
	if (MHD_queue_response(r->conn, (unsigned)status, response) != MHD_YES)
		hf_log(HF_LOG_WARN, "server", "a reply could not be queued");
	MHD_destroy_response(response);
}

static bool
may_compress(const struct hf_req *r, struct hf_sv body)
{
	if (body.n < GZIP_FROM || r->http->config.compress == HF_COMPRESS_NEVER)
		return false;
	if (r->http->config.compress == HF_COMPRESS_AUTO && hf_req_from_loopback(r))
		return false;
	if (hf_reply_has_header(r, "Content-Encoding"))
		return false;
	return hf_accepts_gzip(hf_req_header(r, "Accept-Encoding"));
}

void
hf_reply(struct hf_req *r, int status, struct hf_sv body)
{
	static char nothing[1];

	if (may_compress(r, body) && hf_gzip(body, &r->zipped) &&
	    r->zipped.n < body.n) {
		body = hf_buf_view(&r->zipped);
		hf_reply_header(r, "Content-Encoding", HF_SV("gzip"));
		hf_reply_header(r, "Vary", HF_SV("Accept-Encoding"));
	}
	atomic_fetch_add_explicit(&r->http->bytes_out, (long long)body.n,
				  memory_order_relaxed);
	r->answer = body.n;
	hf_http_queue(r, status,
		      MHD_create_response_from_buffer(
			  body.n, body.n ? (void *)(uintptr_t)body.p : nothing,
			  MHD_RESPMEM_PERSISTENT));
}

struct stream {
	ptrdiff_t (*read)(void *ctx, char *to, size_t size);
	void (*done)(void *ctx);
	void *ctx;
	struct hf_http *http;
	struct hf_conn *at;
};

static ssize_t
stream_read(void *cls, uint64_t pos, char *to, size_t size)
{
	struct stream *s = cls;
	ptrdiff_t n = s->read(s->ctx, to, size);

	(void)pos;
	if (n < 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	atomic_fetch_add_explicit(&s->http->bytes_out, n, memory_order_relaxed);
	hf_conn_moved(s->at, (size_t)n);
	return n;
}

static void
stream_free(void *cls)
{
	struct stream *s = cls;

	if (s->done)
		s->done(s->ctx);
	free(s);
}

void
hf_reply_stream(struct hf_req *r, int status,
		ptrdiff_t (*read)(void *ctx, char *to, size_t size),
		void (*done)(void *ctx), void *ctx)
{
	struct stream *s = malloc(sizeof *s);
	struct MHD_Response *response = NULL;

	if (s) {
		*s = (struct stream){read, done, ctx, r->http, r->at};
		response = MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, s, stream_free);
	}
	if (!response) {
		if (done)
			done(ctx);
		free(s);
	}
	hf_http_queue(r, status, response);
}

/* ---- the request ---- */

enum hf_method
hf_req_method(const struct hf_req *r)
{
	return r->method;
}

struct hf_sv
hf_req_method_name(const struct hf_req *r)
{
	return r->method_name;
}

struct hf_sv
hf_req_path(const struct hf_req *r)
{
	return r->path;
}

struct hf_sv
hf_req_query(const struct hf_req *r)
{
	return r->query;
}

struct hf_sv
hf_req_header(const struct hf_req *r, const char *name)
{
	return hf_sv_from(MHD_lookup_connection_value(r->conn, MHD_HEADER_KIND, name));
}

struct hf_sv
hf_req_body(const struct hf_req *r)
{
	return hf_buf_view(r->plain.n ? &r->plain : &r->body);
}

struct hf_arena *
hf_req_arena(struct hf_req *r)
{
	return &r->arena;
}

struct hf_buf *
hf_req_buf(struct hf_req *r)
{
	return &r->out;
}

void
hf_req_set_user(struct hf_req *r, void *user)
{
	r->user = user;
}

void *
hf_req_user(const struct hf_req *r)
{
	return r->user;
}

void
hf_req_at_end(struct hf_req *req, void (*ended)(void *ctx), void *ctx)
{
	assert(!req->ended);
	req->ended = ended;
	req->ended_ctx = ctx;
}

void
hf_req_let_go(struct hf_req *req)
{
	if (req->ended)
		req->ended(req->ended_ctx);
	req->ended = NULL;
}

void
hf_req_suspend(struct hf_req *r, void (*resumed)(struct hf_req *req, void *ctx),
	       void *ctx)
{
	assert(r->stage == HF_STAGE_HANDLED);
	r->stage = HF_STAGE_SUSPENDED;
	r->resumed = resumed;
	r->resumed_ctx = ctx;
	atomic_fetch_add(&r->http->suspended, 1);
	MHD_suspend_connection(r->conn);
}

void
hf_req_resume(struct hf_req *r)
{
	/* Once it is resumed the request may end at any moment. */
	struct hf_http *http = r->http;

	MHD_resume_connection(r->conn);
	atomic_fetch_sub(&http->suspended, 1);
}

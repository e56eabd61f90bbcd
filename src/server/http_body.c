/* http_body.c - from the head of a request to its whole body. */
#include <strings.h>

#include "server/gzip.h"
#include "server/http_int.h"

enum {
	ARENA_PER_BODY = 12,   /* an arena may take this many times the body more */
	FIRST_BODY = 64 << 10, /* room given before any of a body has come */
	DISCARD_MAX = 64 << 20 /* of a body that is refused, before hanging up */
};

static enum hf_method
method_of(struct hf_sv name)
{
	static const char *const names[] = {"GET",   "HEAD",   "POST",	 "PUT",
					    "PATCH", "DELETE", "OPTIONS"};

	for (unsigned i = 0; i < HF_COUNT(names); i++)
		if (hf_sv_eq(name, hf_sv_from(names[i])))
			return (enum hf_method)i;
	return HF_METHOD_OTHER;
}

static void
refuse(struct hf_req *r, enum hf_rc rc, const char *text)
{
	struct hf_err err;

	hf_fail(&err, rc, NULL, "%s", text);
	r->http->config.refuse(r, &err, r->http->config.ctx);
}

static void
refuse_length(struct hf_req *r)
{
	struct hf_err err;

	if (r->body_max == 0)
		hf_fail(&err, HF_TOO_LONG, NULL, "no body is expected here");
	else
		hf_fail(&err, HF_TOO_LONG, NULL,
			"the body is longer than %zu bytes, the most that is taken "
			"here; split it, or load it with homefirst import",
			r->body_max);
	r->http->config.refuse(r, &err, r->http->config.ctx);
}

static enum MHD_Result
count_length(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	(void)value;
	if (strcasecmp(name, "Content-Length") == 0 ||
	    strcasecmp(name, "Transfer-Encoding") == 0)
		++*(int *)ctx;
	return MHD_YES;
}

/* Two lengths, or a length and chunks: a proxy in front may believe one and we the
 * other, and the rest of the body would pass for the next request. */
static bool
length_is_ambiguous(struct hf_req *r)
{
	int n = 0;

	MHD_get_connection_values(r->conn, MHD_HEADER_KIND, count_length, &n);
	return n > 1;
}

/* The head is there: is the body welcome? */
void
hf_http_begin_body(struct hf_req *r, const char *method)
{
	struct hf_http *http = r->http;
	struct hf_sv length = hf_req_header(r, "Content-Length");
	int64_t n = 0;

	r->stage = HF_STAGE_BODY;
	hf_conn_step(r->at, HF_STEP_BODY);
	r->method_name = hf_arena_sv(&r->arena, hf_sv_from(method));
	r->method = method_of(r->method_name);
	r->body_max = http->config.body_max(r, http->config.ctx);
	if (length.p && !hf_sv_int(length, &n))
		n = INT64_MAX; /* the library refuses it too */
	if (length.p && length_is_ambiguous(r)) {
		refuse(r, HF_INVALID,
		       "the request tells its length twice; give one Content-Length, "
		       "or Transfer-Encoding: chunked");
		return;
	}
	if (n > 0 && (uint64_t)n > r->body_max) {
		refuse_length(r);
		return;
	}
	if (n > 0) {
		hf_buf_room(&r->body, (size_t)n < FIRST_BODY ? (size_t)n : FIRST_BODY);
		r->body.failed = false;
	}
}

enum MHD_Result
hf_http_more_body(struct hf_req *r, const char *data, size_t n)
{
	struct hf_http *http = r->http;
	long long all;

	hf_conn_moved(r->at, n);
	atomic_fetch_add_explicit(&http->bytes_in, (long long)n, memory_order_relaxed);
	if (r->too_long || r->body.n + n > r->body_max) {
		r->too_long = true;
		r->counted += n;
		atomic_fetch_add_explicit(&http->body_bytes, (long long)n,
					  memory_order_relaxed);
		return r->counted > r->body_max + DISCARD_MAX ? MHD_NO : MHD_YES;
	}
	r->counted += n;
	all = atomic_fetch_add_explicit(&http->body_bytes, (long long)n,
					memory_order_relaxed);
	hf_buf_add(&r->body, data, n);
	if (r->body.failed || (size_t)all + n > http->config.memory)
		r->body.failed = true;
	return MHD_YES;
}

/* Undoes gzip when the body came so. */
static enum hf_rc
unpack(struct hf_req *r, struct hf_err *err)
{
	struct hf_sv how = hf_sv_trim(hf_req_header(r, "Content-Encoding"));

	if (how.n == 0 || hf_sv_is(how, "identity") || r->body.n == 0)
		return HF_OK;
	if (!hf_sv_is(how, "gzip"))
		return hf_fail(err, HF_MEDIA, NULL,
			       "Content-Encoding may be gzip or left out");
	return hf_gunzip(hf_buf_view(&r->body), r->body_max, &r->plain, err);
}

void
hf_http_handle(struct hf_req *r)
{
	struct hf_http *http = r->http;
	struct hf_err err;

	r->stage = HF_STAGE_HANDLED;
	hf_conn_step(r->at, HF_STEP_OURS);
	if (r->body.failed) {
		refuse(r, HF_BUSY, "too many large bodies at once; try again later");
		return;
	}
	if (r->too_long) {
		refuse_length(r);
		return;
	}
	if (http->stopping) {
		refuse(r, HF_BUSY, "the server is stopping");
		return;
	}
	if (unpack(r, &err) != HF_OK) {
		http->config.refuse(r, &err, http->config.ctx);
		return;
	}
	r->arena.cap = HF_ARENA_BASE + ARENA_PER_BODY * hf_req_body(r).n;
	http->config.handle(r, http->config.ctx);
}

/* http.c - libmicrohttpd behind http.h.
 *
 * Rules found by measuring: epoll, one pool thread per core, 32 KB of memory per
 * connection, bodies gathered in buffers of our own, SIGPIPE ignored. */
#include "server/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "server/gzip.h"
#include "server/header.h"

enum {
	ARENA_BASE = 64 << 20,	/* an arena may take this, … */
	ARENA_PER_BODY = 12,	/* … and this many times the body */
	KEEP_BYTES = 1 << 20,	/* buffers up to this size are used again */
	KEEP_REQUESTS = 64,	/* per thread */
	FIRST_BODY = 64 << 10,	/* room given before any of a body has come */
	DISCARD_MAX = 64 << 20, /* of a body that is refused, before hanging up */
	HEADERS_MAX = 16,
	STREAM_BLOCK = 64 << 10,
	GZIP_FROM = 1024,
	DRAIN_MS = 30000
};

enum stage {
	STAGE_URI,  /* the request line is there */
	STAGE_BODY, /* the head was looked at, the body comes in */
	STAGE_HANDLED,
	STAGE_SUSPENDED,
	STAGE_REPLIED
};

struct header {
	const char *name;
	char *value;
};

struct hf_req {
	struct hf_http *http;
	struct MHD_Connection *conn;
	enum stage stage;
	enum hf_method method;
	struct hf_sv method_name, path, query;
	struct hf_arena arena;
	struct hf_buf body, plain, out, zipped;
	size_t body_max, counted; /* bytes of body in http->body_bytes */
	bool too_long;
	struct header headers[HEADERS_MAX];
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

/* What a thread keeps: requests to use again, and the handler's slot. */
struct worker {
	struct hf_http_slot slot;
	struct hf_req *pool;
	unsigned n_pool;
};

static pthread_key_t worker_key;
static pthread_once_t worker_once = PTHREAD_ONCE_INIT;

static void
free_request(struct hf_req *r)
{
	hf_arena_free(&r->arena);
	hf_buf_free(&r->body);
	hf_buf_free(&r->plain);
	hf_buf_free(&r->out);
	hf_buf_free(&r->zipped);
	free(r);
}

static void
free_worker(void *p)
{
	struct worker *w = p;

	if (w->slot.free)
		w->slot.free(w->slot.p);
	while (w->pool) {
		struct hf_req *r = w->pool;

		w->pool = r->next;
		free_request(r);
	}
	free(w);
}

static void
make_key(void)
{
	/* Without a key no thread could keep anything: give up at once. */
	if (pthread_key_create(&worker_key, free_worker) != 0)
		abort();
}

static struct worker *
this_worker(void)
{
	static _Thread_local struct worker *mine;

	if (mine && pthread_getspecific(worker_key) == mine)
		return mine;
	pthread_once(&worker_once, make_key);
	mine = calloc(1, sizeof *mine);
	if (mine)
		pthread_setspecific(worker_key, mine);
	return mine;
}

struct hf_http_slot *
hf_http_thread_slot(void)
{
	struct worker *w = this_worker();

	return w ? &w->slot : NULL;
}

static struct hf_req *
take_request(struct hf_http *http)
{
	struct worker *w = this_worker();
	struct hf_req *r = w ? w->pool : NULL;

	if (r) {
		w->pool = r->next;
		w->n_pool--;
	} else {
		r = calloc(1, sizeof *r);
		if (!r)
			return NULL;
		hf_arena_init(&r->arena, ARENA_BASE);
	}
	r->http = http;
	return r;
}

static void
shrink(struct hf_buf *b)
{
	if (b->size > KEEP_BYTES)
		hf_buf_free(b);
	b->n = 0;
	b->cap = 0;
	b->failed = false;
}

static void
give_back(struct hf_req *r)
{
	struct worker *w = this_worker();
	struct hf_req clean;

	if (!w || w->n_pool >= KEEP_REQUESTS) {
		free_request(r);
		return;
	}
	hf_arena_reset(&r->arena);
	r->arena.cap = ARENA_BASE;
	shrink(&r->body);
	shrink(&r->plain);
	shrink(&r->out);
	shrink(&r->zipped);
	clean = (struct hf_req){
	    .arena = r->arena,
	    .body = r->body,
	    .plain = r->plain,
	    .out = r->out,
	    .zipped = r->zipped,
	    .next = w->pool,
	};
	*r = clean;
	w->pool = r;
	w->n_pool++;
}

/* ---- replies ---- */

void
hf_reply_header(struct hf_req *r, const char *name, struct hf_sv value)
{
	char *copy;

	assert(r->n_headers < HEADERS_MAX && r->stage != STAGE_REPLIED);
	copy = hf_arena_cstr(&r->arena, value);
	if (copy)
		r->headers[r->n_headers++] = (struct header){name, copy};
}

/* Adds the headers, hands the response over and lets it go. */
static void
queue(struct hf_req *r, int status, struct MHD_Response *response)
{
	assert(r->stage != STAGE_REPLIED && status >= 200 && status < 600);
	r->stage = STAGE_REPLIED;
	r->status = status;
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
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, "Content-Encoding") == 0)
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
	queue(r, status,
	      MHD_create_response_from_buffer(
		  body.n, body.n ? (void *)(uintptr_t)body.p : nothing,
		  MHD_RESPMEM_PERSISTENT));
}

struct stream {
	ptrdiff_t (*read)(void *ctx, char *to, size_t size);
	void (*done)(void *ctx);
	void *ctx;
	struct hf_http *http;
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
		*s = (struct stream){read, done, ctx, r->http};
		response = MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, s, stream_free);
	}
	if (!response) {
		if (done)
			done(ctx);
		free(s);
	}
	queue(r, status, response);
}

bool
hf_req_replied(const struct hf_req *r)
{
	return r->stage == STAGE_REPLIED;
}

int
hf_req_status(const struct hf_req *r)
{
	return r->status;
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

bool
hf_req_from_loopback(const struct hf_req *r)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(r->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info ? info->client_addr : NULL;

	if (a && a->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)a;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	if (a && a->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)a;

		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return false;
}

void
hf_req_suspend(struct hf_req *r, void (*resumed)(struct hf_req *req, void *ctx),
	       void *ctx)
{
	assert(r->stage == STAGE_HANDLED);
	r->stage = STAGE_SUSPENDED;
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

/* ---- what the library calls ---- */

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

static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct hf_http *http = cls;
	struct hf_req *r = take_request(http);
	struct hf_sv text;
	size_t question;

	atomic_fetch_add_explicit(&http->active, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&http->requests, 1, memory_order_relaxed);
	if (!r)
		return NULL;
	r->conn = conn;
	text = hf_arena_sv(&r->arena, hf_sv_from(uri));
	question = hf_sv_find(text, '?');
	r->path = (struct hf_sv){text.p, question};
	r->query = hf_sv_from_at(text, question + 1);
	return r;
}

static void
on_completed(void *cls, struct MHD_Connection *conn, void **con_cls,
	     enum MHD_RequestTerminationCode why)
{
	struct hf_http *http = cls;
	struct hf_req *r = *con_cls;

	(void)conn;
	(void)why;
	if (r) {
		atomic_fetch_sub_explicit(&http->body_bytes, (long long)r->counted,
					  memory_order_relaxed);
		give_back(r);
	}
	*con_cls = NULL;
	atomic_fetch_sub_explicit(&http->active, 1, memory_order_relaxed);
}

/* The library must not undo %xx: query.c does, with checks. */
static size_t
leave_as_it_is(void *cls, struct MHD_Connection *conn, char *text)
{
	(void)cls;
	(void)conn;
	return strlen(text);
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

/* The head is there: is the body welcome? */
static void
begin_body(struct hf_req *r, const char *method)
{
	struct hf_http *http = r->http;
	struct hf_sv length = hf_req_header(r, "Content-Length");
	int64_t n = 0;

	r->stage = STAGE_BODY;
	r->method_name = hf_arena_sv(&r->arena, hf_sv_from(method));
	r->method = method_of(r->method_name);
	r->body_max = http->config.body_max(r, http->config.ctx);
	if (length.p && !hf_sv_int(length, &n))
		n = INT64_MAX; /* the library refuses it too */
	if (n > 0 && (uint64_t)n > r->body_max) {
		refuse_length(r);
		return;
	}
	if (n > 0) {
		hf_buf_room(&r->body, (size_t)n < FIRST_BODY ? (size_t)n : FIRST_BODY);
		r->body.failed = false;
	}
}

static enum MHD_Result
more_body(struct hf_req *r, const char *data, size_t n)
{
	struct hf_http *http = r->http;
	long long all;

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

static void
handle(struct hf_req *r)
{
	struct hf_http *http = r->http;
	struct hf_err err;

	r->stage = STAGE_HANDLED;
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
	r->arena.cap = ARENA_BASE + ARENA_PER_BODY * hf_req_body(r).n;
	http->config.handle(r, http->config.ctx);
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
	   const char *version, const char *data, size_t *n, void **con_cls)
{
	struct hf_req *r = *con_cls;

	(void)cls;
	(void)conn;
	(void)url;
	(void)version;
	if (!r)
		return MHD_NO;
	switch (r->stage) {
	case STAGE_URI:
		begin_body(r, method);
		return MHD_YES;
	case STAGE_BODY:
		if (*n) {
			enum MHD_Result result = more_body(r, data, *n);

			*n = 0;
			return result;
		}
		handle(r);
		break;
	case STAGE_SUSPENDED:
		r->stage = STAGE_HANDLED;
		r->resumed(r, r->resumed_ctx);
		break;
	case STAGE_HANDLED:
	case STAGE_REPLIED:
		return MHD_NO;
	}
	/* A handler that neither replied nor suspended has a mistake. */
	assert(r->stage == STAGE_REPLIED || r->stage == STAGE_SUSPENDED);
	return MHD_YES;
}

static void
on_log(void *cls, const char *fmt, va_list ap)
{
	char text[256];

	(void)cls;
	vsnprintf(text, sizeof text, fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	hf_log(HF_LOG_DEBUG, "server", "%s", text);
}

/* ---- listening ---- */

static enum hf_rc
bind_failed(int number, const struct hf_http_config *c, struct hf_err *err)
{
	if (number == EADDRINUSE)
		return hf_fail(err, HF_BUSY, NULL,
			       "%s port %u is in use by another program; stop it or "
			       "choose another port with --listen ADDR:PORT",
			       c->address, c->port);
	if (number == EACCES)
		return hf_fail(
		    err, HF_FORBIDDEN, NULL,
		    "this user may not listen on port %u; ports from 1024 on "
		    "are free to use",
		    c->port);
	return hf_fail(err, HF_INVALID, NULL, "cannot listen on %s port %u: %s",
		       c->address, c->port, strerror(number));
}

static enum hf_rc
listen_on(const struct hf_http_config *c, int *out, struct hf_err *err)
{
	struct addrinfo hints = {.ai_flags =
				     AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char port[8];
	int fd, one = 1, number = 0;

	snprintf(port, sizeof port, "%u", c->port);
	if (getaddrinfo(c->address, port, &hints, &found) != 0)
		return hf_fail(err, HF_INVALID, NULL,
			       "%s is not an address; give numbers, as in 127.0.0.1",
			       c->address);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0)
		number = errno;
	freeaddrinfo(found);
	if (number) {
		if (fd >= 0)
			close(fd);
		return bind_failed(number, c, err);
	}
	*out = fd;
	return HF_OK;
}

static uint16_t
port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a = {.any = {0}};
	socklen_t n = sizeof a;

	if (getsockname(fd, &a.any, &n) != 0)
		return 0;
	return ntohs(a.any.sa_family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port);
}

static unsigned
cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 2;
	return (unsigned)CPU_COUNT(&set);
}

static void
defaults(struct hf_http_config *c)
{
	if (c->threads == 0)
		c->threads = cores() < 2 ? 2 : cores();
	if (c->connections == 0)
		c->connections = 1024;
	if (c->timeout_s == 0)
		c->timeout_s = 60;
	if (c->memory == 0)
		c->memory = (size_t)512 << 20;
}

enum hf_rc
hf_http_listen(const struct hf_http_config *config, struct hf_http **out,
	       struct hf_err *err)
{
	struct hf_http *h = calloc(1, sizeof *h);
	enum hf_rc rc;

	if (!h)
		return hf_fail(err, HF_FAULT, NULL, "no memory to listen");
	h->config = *config;
	defaults(&h->config);
	rc = listen_on(&h->config, &h->fd, err);
	if (rc) {
		free(h);
		return rc;
	}
	signal(SIGPIPE, SIG_IGN);
	h->port = port_of(h->fd);
	h->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_ERROR_LOG,
	    0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, h,
	    MHD_OPTION_LISTEN_SOCKET, h->fd, MHD_OPTION_THREAD_POOL_SIZE,
	    h->config.threads, MHD_OPTION_CONNECTION_LIMIT, h->config.connections,
	    MHD_OPTION_CONNECTION_TIMEOUT, h->config.timeout_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_URI_LOG_CALLBACK,
	    on_uri, h, MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (!h->daemon) {
		close(h->fd);
		free(h);
		return hf_fail(err, HF_FAULT, NULL, "the HTTP threads did not start");
	}
	*out = h;
	return HF_OK;
}

uint16_t
hf_http_port(const struct hf_http *http)
{
	return http->port;
}

/* Requests under way get their answers, within reason. */
static void
drain(struct hf_http *h)
{
	uint64_t end = hf_mono_ns() + DRAIN_MS * (uint64_t)1000000;
	/* What is still coming in has less time than what waits for a commit. */
	uint64_t soon = hf_mono_ns() + 2000 * (uint64_t)1000000;
	struct timespec pause = {.tv_nsec = 2000000};

	while (hf_mono_ns() < end &&
	       (h->suspended > 0 || (h->active > 0 && hf_mono_ns() < soon)))
		nanosleep(&pause, NULL);
}

void
hf_http_stop(struct hf_http *h)
{
	struct worker *w;

	if (!h)
		return;
	h->stopping = true;
	MHD_quiesce_daemon(h->daemon);
	drain(h);
	if (h->suspended > 0) {
		/* Stopping the library now would be a fault of ours. */
		hf_log(HF_LOG_ERROR, "server", "%lld requests never ended",
		       (long long)h->suspended);
		return;
	}
	MHD_stop_daemon(h->daemon);
	close(h->fd);
	free(h);
	/* Requests that ended here, in this thread, were kept here. */
	pthread_once(&worker_once, make_key);
	w = pthread_getspecific(worker_key);
	if (w) {
		pthread_setspecific(worker_key, NULL);
		free_worker(w);
	}
}

void
hf_http_stats(const struct hf_http *h, struct hf_http_stats *out)
{
	*out = (struct hf_http_stats){
	    .requests = h->requests,
	    .bytes_in = h->bytes_in,
	    .bytes_out = h->bytes_out,
	    .active = h->active,
	    .suspended = h->suspended,
	};
	for (size_t i = 0; i < HF_COUNT(out->by_class); i++)
		out->by_class[i] = h->by_class[i];
}

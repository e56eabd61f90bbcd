/* http.c - listening, and what libmicrohttpd calls.
 *
 * Rules found by measuring: epoll, a pool of threads, 32 KB of memory per
 * connection, bodies gathered in buffers of our own, SIGPIPE ignored. */
#include "server/http_int.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io/clock.h"
#include "base/io/log.h"

enum { DRAIN_MS = 30000 };

/* ---- what the library calls ---- */

static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct hf_http *http = cls;
	struct hf_req *r = hf_http_take(http);
	struct hf_sv text;
	size_t question;

	atomic_fetch_add_explicit(&http->active, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&http->requests, 1, memory_order_relaxed);
	if (!r)
		return NULL;
	r->conn = conn;
	r->at = hf_conn_of(conn);
	hf_conn_step(r->at, HF_STEP_HEAD);
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
		hf_conn_step(r->at, HF_STEP_WAIT);
		atomic_fetch_sub_explicit(&http->body_bytes, (long long)r->counted,
					  memory_order_relaxed);
		hf_http_give_back(r);
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
	case HF_STAGE_URI:
		hf_http_begin_body(r, method);
		return MHD_YES;
	case HF_STAGE_BODY:
		if (*n) {
			enum MHD_Result result = hf_http_more_body(r, data, *n);

			*n = 0;
			return result;
		}
		hf_http_handle(r);
		break;
	case HF_STAGE_SUSPENDED:
		r->stage = HF_STAGE_HANDLED;
		r->resumed(r, r->resumed_ctx);
		break;
	case HF_STAGE_HANDLED:
	case HF_STAGE_REPLIED:
		return MHD_NO;
	}
	/* A handler that neither replied nor suspended has a mistake. */
	assert(r->stage == HF_STAGE_REPLIED || r->stage == HF_STAGE_SUSPENDED);
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
	/* More than cores: a slow search must not keep all others waiting, and it costs
	 * a read nothing that could be measured. */
	if (c->threads == 0)
		c->threads = cores() < 2 ? 4 : 2 * cores();
	if (c->connections == 0)
		c->connections = 1024;
	if (c->per_address == 0)
		c->per_address = 256;
	if (c->timeout_s == 0)
		c->timeout_s = 60;
	if (c->request_s == 0)
		c->request_s = 20;
	if (c->memory == 0)
		c->memory = (size_t)512 << 20;
}

enum hf_rc
hf_http_listen(const struct hf_http_config *config, struct hf_http **out,
	       struct hf_err *err)
{
	struct hf_http *h = calloc(1, sizeof *h);
	enum hf_rc rc;

	if (!h || !hf_feeder_new(h)) {
		free(h);
		return hf_fail(err, HF_FAULT, NULL, "no memory to listen");
	}
	h->config = *config;
	defaults(&h->config);
	rc = listen_on(&h->config, &h->fd, err);
	if (rc) {
		hf_feeder_free(h);
		free(h);
		return rc;
	}
	h->port = port_of(h->fd);
	hf_conns_init(h);
	*out = h;
	return HF_OK;
}

/* The options that TLS adds to the library's. */
static void
tls_options(const struct hf_tls *tls, struct MHD_OptionItem out[4])
{
	const char *ca = hf_tls_client_ca(tls);
	size_t n = 0;

	out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0,
					   (void *)(uintptr_t)hf_tls_priorities};
	out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
					   (void *)(uintptr_t)hf_conn_certificate};
	if (ca)
		out[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0,
						   (void *)(uintptr_t)ca};
	out[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

enum hf_rc
hf_http_start(struct hf_http *h, struct hf_err *err)
{
	struct MHD_OptionItem tls[4] = {{MHD_OPTION_END, 0, NULL}};
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_PEDANTIC_CHECKS | MHD_USE_ERROR_LOG;

	if (h->config.tls) {
		tls_options(h->config.tls, tls);
		flags |= MHD_USE_TLS;
	}
	signal(SIGPIPE, SIG_IGN);
	h->daemon = MHD_start_daemon(
	    flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, h,
	    MHD_OPTION_LISTEN_SOCKET, h->fd, MHD_OPTION_THREAD_POOL_SIZE,
	    h->config.threads, MHD_OPTION_CONNECTION_LIMIT, h->config.connections,
	    MHD_OPTION_CONNECTION_TIMEOUT, h->config.timeout_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_URI_LOG_CALLBACK,
	    on_uri, h, MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, hf_conn_notify, h,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, tls,
	    MHD_OPTION_END);
	if (!h->daemon || !hf_conns_watch(h) || !hf_feeder_start(h))
		return hf_fail(err, HF_FAULT, NULL, "the HTTP threads did not start");
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
	if (!h)
		return;
	h->stopping = true;
	if (h->daemon) {
		MHD_quiesce_daemon(h->daemon);
		hf_feeder_stop(h);
		drain(h);
	}
	if (h->suspended > 0) {
		/* Stopping the library now would be a fault of ours. */
		hf_log(HF_LOG_ERROR, "server", "%lld requests never ended",
		       (long long)h->suspended);
		return;
	}
	hf_conns_end(h);
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	hf_feeder_free(h);
	close(h->fd);
	hf_conns_free(h);
	free(h);
	/* Requests that ended here, in this thread, were kept here. */
	hf_http_forget_thread();
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
	    .refused = h->refused,
	    .ended = h->ended,
	    .followers = h->followers,
	};
	for (size_t i = 0; i < HF_COUNT(out->by_class); i++)
		out->by_class[i] = h->by_class[i];
}

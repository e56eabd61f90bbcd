/* http_conn.c - connections: how many an address may have, how long each step of a
 * request may take, and what TLS asks of one.
 *
 * The library closes a connection on which nothing happens.  Who sends a byte a second
 * keeps it open for ever: a watch ends what takes longer than its step may.  What waits
 * for us (a commit, a search) has no limit here. */
#include <errno.h>
#include <sys/socket.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "server/http_int.h"

enum {
	BYTES_PER_S = 16 << 10, /* a body comes or goes at least as fast */
	WATCH_S = 1,
	TLS_HANDSHAKE = 0x16 /* the first byte of a record that begins TLS */
};

static uint64_t
now_ms(void)
{
	return hf_mono_ns() / 1000000;
}

struct hf_conn *
hf_conn_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void
hf_conn_step(struct hf_conn *c, enum hf_step step)
{
	if (!c)
		return;
	atomic_store_explicit(&c->bytes, 0, memory_order_relaxed);
	atomic_store_explicit(&c->since, now_ms(), memory_order_relaxed);
	atomic_store_explicit(&c->step, (int)step, memory_order_relaxed);
}

void
hf_conn_moved(struct hf_conn *c, size_t n)
{
	if (c)
		atomic_fetch_add_explicit(&c->bytes, n, memory_order_relaxed);
}

/* ---- TLS ---- */

/* Somebody speaks HTTP where TLS is spoken: a sentence helps more than an alert.  What
 * was sent is read first, or hanging up would take the sentence away. */
static void
say_use_https(int fd)
{
	static const char text[] =
	    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Connection: close\r\nContent-Length: 49\r\n\r\n"
	    "This port speaks HTTPS: begin with https:// here\n";
	char rest[4096];

	for (int i = 0; i < 16 && recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0; i++)
		continue;
	(void)send(fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static ssize_t
tls_pull(gnutls_transport_ptr_t ptr, void *buf, size_t n)
{
	struct hf_conn *c = ptr;
	ssize_t r = recv(c->fd, buf, n, 0);

	if (r <= 0 || c->spoke)
		return r;
	c->spoke = true;
	if (*(unsigned char *)buf != TLS_HANDSHAKE) {
		say_use_https(c->fd);
		return 0; /* the end, as the library sees it */
	}
	return r;
}

static gnutls_session_t
session_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	return info ? info->tls_session : NULL;
}

int
hf_conn_certificate(gnutls_session_t session, const gnutls_datum_t *names, int n_names,
		    const gnutls_pk_algorithm_t *kinds, int n_kinds,
		    gnutls_pcert_st **chain, unsigned *n, gnutls_privkey_t *key)
{
	/* The library keeps its connection there. */
	struct hf_conn *c = hf_conn_of(gnutls_session_get_ptr(session));

	(void)names;
	(void)n_names;
	(void)kinds;
	(void)n_kinds;
	if (!c)
		return -1;
	hf_tls_pair(c->http->config.tls, chain, n, key);
	return 0;
}

bool
hf_req_client_cert(const struct hf_req *r, char out[HF_TLS_THUMB])
{
	return r->http->config.tls && hf_tls_thumbprint(session_of(r->conn), out);
}

/* ---- coming and going ---- */

static int
fd_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static void
address_of(struct MHD_Connection *conn, struct hf_addr *out)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	hf_addr_of(info ? info->client_addr : NULL, out);
}

/* How many connections come from the house of c; the lock is held. */
static unsigned
count_house(const struct hf_http *h, const struct hf_conn *c)
{
	unsigned n = 0;

	for (const struct hf_conn *o = h->conns; o; o = o->next)
		n += hf_addr_same_house(&o->addr, &c->addr);
	return n;
}

static void
link_conn(struct hf_http *h, struct hf_conn *c)
{
	bool full;

	pthread_mutex_lock(&h->conns_lock);
	c->next = h->conns;
	if (c->next)
		c->next->prev = c;
	h->conns = c;
	/* A proxy stands for many. */
	full = !c->proxied && count_house(h, c) > h->config.per_address;
	pthread_mutex_unlock(&h->conns_lock);
	if (full) {
		atomic_fetch_add_explicit(&h->refused, 1, memory_order_relaxed);
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void
begin(struct hf_http *h, struct MHD_Connection *conn, void **context)
{
	struct hf_conn *c = calloc(1, sizeof *c);
	gnutls_session_t session = h->config.tls ? session_of(conn) : NULL;

	if (!c) {
		shutdown(fd_of(conn), SHUT_RDWR);
		return;
	}
	c->http = h;
	c->fd = fd_of(conn);
	address_of(conn, &c->addr);
	c->proxied = hf_nets_have(&h->config.proxies, &c->addr);
	hf_conn_step(c, HF_STEP_WAIT);
	if (session) {
		gnutls_transport_set_ptr2(session, c,
					  (gnutls_transport_ptr_t)(intptr_t)c->fd);
		gnutls_transport_set_pull_function(session, tls_pull);
	}
	*context = c;
	link_conn(h, c);
}

static void
end(struct hf_http *h, struct hf_conn *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&h->conns_lock);
	if (c->prev)
		c->prev->next = c->next;
	else
		h->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	pthread_mutex_unlock(&h->conns_lock);
	free(c);
}

void
hf_conn_notify(void *cls, struct MHD_Connection *conn, void **context,
	       enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		begin(cls, conn, context);
	} else {
		end(cls, *context);
		*context = NULL;
	}
}

/* ---- the watch ---- */

/* Milliseconds that c may spend on its step; 0: as long as it likes. */
static uint64_t
allowance(const struct hf_http_config *config, const struct hf_conn *c)
{
	uint64_t request = config->request_s * (uint64_t)1000;
	uint64_t bytes = atomic_load_explicit(&c->bytes, memory_order_relaxed);

	switch ((enum hf_step)atomic_load_explicit(&c->step, memory_order_relaxed)) {
	case HF_STEP_WAIT:
		/* Whoever is silent is closed by the library at its time-out. */
		return config->timeout_s * (uint64_t)1000 + request;
	case HF_STEP_HEAD:
		return request;
	case HF_STEP_BODY:
	case HF_STEP_ANSWER:
		return request + bytes * 1000 / BYTES_PER_S;
	case HF_STEP_OURS:
		break;
	}
	return 0;
}

static void
look_round(struct hf_http *h)
{
	uint64_t now = now_ms();

	pthread_mutex_lock(&h->conns_lock);
	for (struct hf_conn *c = h->conns; c; c = c->next) {
		uint64_t since = atomic_load_explicit(&c->since, memory_order_relaxed);
		uint64_t may = allowance(&h->config, c);

		if (may == 0 || now < since || now - since <= may)
			continue;
		/* The library sees the end and cleans up in its own thread. */
		shutdown(c->fd, SHUT_RDWR);
		atomic_fetch_add_explicit(&h->ended, 1, memory_order_relaxed);
		hf_conn_step(c, HF_STEP_OURS);
	}
	pthread_mutex_unlock(&h->conns_lock);
}

static void *
watch(void *arg)
{
	struct hf_http *h = arg;
	struct timespec until;

	pthread_mutex_lock(&h->watch_lock);
	while (!h->watch_stop) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += WATCH_S;
		if (pthread_cond_timedwait(&h->watch_wake, &h->watch_lock, &until) ==
		    ETIMEDOUT)
			look_round(h);
	}
	pthread_mutex_unlock(&h->watch_lock);
	return NULL;
}

void
hf_conns_init(struct hf_http *h)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&h->conns_lock, NULL);
	pthread_mutex_init(&h->watch_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->watch_wake, &attr);
	pthread_condattr_destroy(&attr);
}

bool
hf_conns_watch(struct hf_http *h)
{
	h->watching = pthread_create(&h->watcher, NULL, watch, h) == 0;
	return h->watching;
}

void
hf_conns_end(struct hf_http *h)
{
	if (h->watching) {
		pthread_mutex_lock(&h->watch_lock);
		h->watch_stop = true;
		pthread_cond_signal(&h->watch_wake);
		pthread_mutex_unlock(&h->watch_lock);
		pthread_join(h->watcher, NULL);
		h->watching = false;
	}
}

void
hf_conns_free(struct hf_http *h)
{
	assert(!h->conns && !h->watching);
	pthread_cond_destroy(&h->watch_wake);
	pthread_mutex_destroy(&h->watch_lock);
	pthread_mutex_destroy(&h->conns_lock);
}

/* ---- who asks ---- */

bool
hf_req_from_loopback(const struct hf_req *r)
{
	return r->at && !r->at->proxied && hf_addr_is_loopback(&r->at->addr);
}

bool
hf_req_secure(const struct hf_req *r)
{
	struct hf_sv proto;

	if (r->http->config.tls)
		return true;
	if (!r->at || !r->at->proxied)
		return false;
	proto = hf_forwarded_last(hf_req_header(r, "X-Forwarded-Proto"));
	return hf_sv_is(proto, "https");
}

struct hf_sv
hf_req_host(const struct hf_req *r)
{
	struct hf_sv host = {NULL, 0};

	if (r->at && r->at->proxied)
		host = hf_forwarded_last(hf_req_header(r, "X-Forwarded-Host"));
	return host.n ? host : hf_req_header(r, "Host");
}

struct hf_sv
hf_req_peer(struct hf_req *r)
{
	char *buf = hf_arena_alloc(&r->arena, HF_ADDR_TEXT);
	struct hf_addr a;

	if (!buf || !r->at)
		return HF_SV("unknown");
	a = r->at->addr;
	if (r->at->proxied)
		(void)hf_forwarded_for(hf_req_header(r, "X-Forwarded-For"),
				       &r->http->config.proxies, &a);
	return hf_addr_write(&a, buf);
}

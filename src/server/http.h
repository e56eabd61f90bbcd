/* http.h - HTTP/1.1 for the rest of the server; the only file that knows which
 * library speaks it (libmicrohttpd).
 *
 * A pool of threads runs the handler, one request at a time each.  The body is
 * whole when the handler is called.  A request has one arena, freed after its
 * reply has gone out; what a reply points to may lie there.  A handler either
 * replies before it returns, or suspends the request and arranges that
 * hf_req_resume() is called exactly once, from any thread; the function given to
 * hf_req_suspend() then runs in the request's own thread and replies. */
#ifndef HF_SERVER_HTTP_H
#define HF_SERVER_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"
#include "server/peer.h"
#include "server/tls.h"

struct hf_http; /* a listening server */
struct hf_req;	/* one request under way */

enum hf_method {
	HF_GET,
	HF_HEAD,
	HF_POST,
	HF_PUT,
	HF_PATCH,
	HF_DELETE,
	HF_OPTIONS,
	HF_METHOD_OTHER
};

enum hf_compress {
	HF_COMPRESS_AUTO,   /* when asked, but not for a peer on this machine */
	HF_COMPRESS_ALWAYS, /* when asked */
	HF_COMPRESS_NEVER
};

struct hf_http_config {
	const char *address;  /* numeric: "127.0.0.1", "::1" */
	uint16_t port;	      /* 0: any free one, see hf_http_port() */
	unsigned threads;     /* 0: two for each core it may use, at least 4 */
	unsigned connections; /* at most at once; 0: 1,024 */
	unsigned per_address; /* of those from one address; 0: 256 */
	unsigned timeout_s;   /* idle connections are closed; 0: 60 */
	/* A head takes at most so long, and a body or an answer that much and a second
	 * more for each 16 KB; 0: 20. */
	unsigned request_s;
	struct hf_tls *tls;	/* borrowed; NULL: plain HTTP */
	struct hf_nets proxies; /* whose X-Forwarded-… headers are believed */
	size_t memory;		/* most that all requests' bodies hold; 0: 512 MB */
	enum hf_compress compress;
	/* Asked when the head of a request is there: the most bytes of body it may
	 * have (after gzip is undone). */
	size_t (*body_max)(struct hf_req *req, void *ctx);
	void (*handle)(struct hf_req *req, void *ctx);
	/* The body is too long or cannot be read, or the server is too full: called
	 * in place of handle; replies with the failure in the caller's format. */
	void (*refuse)(struct hf_req *req, const struct hf_err *err, void *ctx);
	void *ctx;
};

/* Binds and listens; connections wait until hf_http_start().  HF_BUSY when the port is
 * in use, HF_FORBIDDEN when this user may not have it, HF_INVALID for a bad address. */
enum hf_rc hf_http_listen(const struct hf_http_config *config, struct hf_http **out,
			  struct hf_err *err);
/* Starts the threads: from here on the handler is called, so whatever it looks at
 * is set up before.  HF_FAULT when they do not start; stop it all the same. */
enum hf_rc hf_http_start(struct hf_http *http, struct hf_err *err);
uint16_t hf_http_port(const struct hf_http *http);
/* Takes no new connections, waits for suspended requests, ends.  NULL is fine. */
void hf_http_stop(struct hf_http *http);

/* The request.  Views live as long as the request. */
enum hf_method hf_req_method(const struct hf_req *req);
struct hf_sv hf_req_method_name(const struct hf_req *req);
struct hf_sv hf_req_path(const struct hf_req *req);  /* as sent, %xx not undone */
struct hf_sv hf_req_query(const struct hf_req *req); /* behind ?, as sent */
struct hf_sv hf_req_header(const struct hf_req *req,
			   const char *name); /* p NULL: none */
struct hf_sv hf_req_body(const struct hf_req *req);
struct hf_arena *hf_req_arena(struct hf_req *req);
/* Its own output buffer, empty to begin with; big ones are reused, so an answer
 * written here and given to hf_reply() costs no copy. */
struct hf_buf *hf_req_buf(struct hf_req *req);
/* Did it come from this machine, and not through a proxy? */
bool hf_req_from_loopback(const struct hf_req *req);
/* Did nobody listen on the way: TLS here, or at a proxy that says so? */
bool hf_req_secure(const struct hf_req *req);
/* The address of the client, behind proxies that are believed; in the arena. */
struct hf_sv hf_req_peer(struct hf_req *req);
/* The name it used for us: Host, or what a proxy that is believed says; p NULL: none.
 */
struct hf_sv hf_req_host(const struct hf_req *req);
/* The thumbprint of the client's certificate, see hf_tls_thumbprint(). */
bool hf_req_client_cert(const struct hf_req *req, char out[HF_TLS_THUMB]);
/* A place for the layer above to keep its own state of this request. */
void hf_req_set_user(struct hf_req *req, void *user);
void *hf_req_user(const struct hf_req *req);
/* Calls ended(ctx) once when the request is over, whatever became of it: for what a
 * request holds that is not memory.  One function a request. */
void hf_req_at_end(struct hf_req *req, void (*ended)(void *ctx), void *ctx);

/* Calls it now: an answer that stays open must not hold that. */
void hf_req_let_go(struct hf_req *req);

/* The reply: any number of headers, then exactly one of hf_reply, hf_reply_stream.
 * name is a literal; value is copied. */
void hf_reply_header(struct hf_req *req, const char *name, struct hf_sv value);
bool hf_reply_has_header(const struct hf_req *req, const char *name);
/* body lives until the request ends: in its arena, its buffer, or for ever. */
void hf_reply(struct hf_req *req, int status, struct hf_sv body);
/* A body of unknown length: read is called in the request's thread for up to
 * size bytes; it gives how many it wrote, 0 at the end, -1 to break off (the
 * client sees a torn answer, never a short one as if whole).  done (NULL is fine)
 * is called once, whatever happens. */
void hf_reply_stream(struct hf_req *req, int status,
		     ptrdiff_t (*read)(void *ctx, char *to, size_t size),
		     void (*done)(void *ctx), void *ctx);

/* Suspend before handing work to another thread.  resumed runs later. */
void hf_req_suspend(struct hf_req *req, void (*resumed)(struct hf_req *req, void *ctx),
		    void *ctx);
void hf_req_resume(struct hf_req *req);

/* What the handler keeps per thread; free is called when the thread ends. */
struct hf_http_slot {
	void *p;
	void (*free)(void *p);
};
/* This thread's slot: zero to begin with. */
struct hf_http_slot *hf_http_thread_slot(void);

struct hf_http_stats {
	int64_t requests, bytes_in, bytes_out; /* since the start */
	int64_t active, suspended;	       /* now */
	int64_t by_class[6];		       /* answers 1xx … 5xx at 1 … 5 */
	int64_t refused, ended; /* connections: too many of one address, too slow */
	int64_t followers;	/* connections that follow a feed; active too */
};
void hf_http_stats(const struct hf_http *http, struct hf_http_stats *out);

#endif

/* serve.h - the server as a whole: opens the store and the audit, listens, and
 * ends cleanly when it is told to. */
#ifndef HF_SERVER_SERVE_H
#define HF_SERVER_SERVE_H

#include <stdatomic.h>

#include "access/io/audit.h"
#include "access/policy.h"
#include "record/io/store.h"
#include "server/http.h"

enum { HF_ROUTES_MAX = 96 }; /* lines routes.def may have */

/* What the handlers share.  Only counters change once it runs. */
struct hf_server {
	struct hf_store *store;
	struct hf_audit *audit;
	struct hf_readers *readers; /* server/call_reader.h */
	struct hf_http *http;
	struct hf_arena policy_arena;
	struct hf_policy policy; /* the rules of access, as they were built in */
	bool open_loopback;	 /* nobody signs in: see struct hf_serve_config */
	hf_time started;
	atomic_bool ready;
	struct {
		atomic_llong calls, ns, failed; /* failed: status 500 and above */
	} routes[HF_ROUTES_MAX];
	atomic_llong denied;
};

struct hf_serve_config {
	const char *data;   /* folder: the SQLite store, and audit/ in any case */
	const char *url;    /* postgresql://…, or NULL */
	const char *listen; /* "127.0.0.1:8080", "[::1]:0"; NULL: the first */
	bool create;	    /* make the store when there is none */
	unsigned threads;   /* 0: see struct hf_http_config */
	size_t cache_bytes; /* 0: see struct hf_store_config */
	enum hf_compress compress;
	bool open_loopback; /* leave signing in out; loopback addresses only */
	bool quiet;	    /* do not print where it listens */
};

/* Serves until SIGTERM or SIGINT, then finishes what is under way.  Prints one line
 * with the addresses to stdout as soon as it answers.  Until sign-in exists
 * (part 2) only loopback addresses are taken: any other is HF_RULE.  Failures to
 * open or to listen come with a sentence that says what to do. */
enum hf_rc hf_serve(const struct hf_serve_config *config, struct hf_err *err);

/* The same in two steps, for tests and tools that go on with other things. */
enum hf_rc hf_server_start(const struct hf_serve_config *config, struct hf_server **out,
			   struct hf_err *err);
void hf_server_stop(struct hf_server *server); /* NULL is fine */

/* "127.0.0.1:8080" or "[::1]:8080" or ":8080" apart.  HF_INVALID with what is
 * expected; HF_RULE when it is no loopback address. */
enum hf_rc hf_listen_parse(struct hf_sv text, char address[48], uint16_t *port,
			   struct hf_err *err);

#endif

/* serve.c - the server as a whole. */
#include "server/serve.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/io/clock.h"
#include "base/io/log.h"
#include "fhir/spvalue.h"
#include "record/io/search.h"
#include "server/call.h"
#include "server/call_reader.h"
#include "server/header.h"

enum { DEFAULT_PORT = 8080 };

enum hf_rc
hf_listen_parse(struct hf_sv text, char address[48], uint16_t *port, struct hf_err *err)
{
	struct hf_sv host = text, rest;
	int64_t number = DEFAULT_PORT;
	size_t colon;

	if (hf_sv_starts(text, HF_SV("["))) {
		size_t close = hf_sv_find(text, ']');

		host = (struct hf_sv){text.p + 1, close - 1};
		if (close == text.n)
			number = -1; /* never closed */
		rest = hf_sv_from_at(text, close + 1);
	} else {
		colon = hf_sv_find(text, ':');
		host.n = colon;
		rest = hf_sv_from_at(text, colon);
	}
	if (rest.n && (rest.p[0] != ':' || !hf_sv_int(hf_sv_from_at(rest, 1), &number)))
		number = -1;
	if (host.n == 0 || hf_sv_is(host, "localhost"))
		host = HF_SV("127.0.0.1");
	if (number < 0 || number > 65535 || host.n > 47)
		return hf_fail(
		    err, HF_INVALID, "--listen",
		    "expected ADDR:PORT, as in 127.0.0.1:8080 or [::1]:8080");
	if (!hf_sv_is(host, "::1") && !hf_host_is_loopback(host))
		return hf_fail(
		    err, HF_RULE, "--listen",
		    "%.*s can be reached from other machines, and there is no "
		    "sign-in yet: until there is, the server listens on "
		    "127.0.0.1 or [::1] only",
		    HF_SV_ARG(host));
	memcpy(address, host.p, host.n);
	address[host.n] = '\0';
	*port = (uint16_t)number;
	return HF_OK;
}

static enum hf_rc
open_audit(const struct hf_serve_config *config, struct hf_audit **out,
	   struct hf_err *err)
{
	char folder[4096];
	int n;

	if (!config->data)
		return hf_fail(err, HF_INVALID, "--data",
			       "the audit needs a folder: give --data DIR, also beside "
			       "--store URL");
	/* With PostgreSQL nobody else makes the folder. */
	if (config->url)
		(void)mkdir(config->data, 0700);
	n = snprintf(folder, sizeof folder, "%s/audit", config->data);
	if (n < 0 || (size_t)n >= sizeof folder)
		return hf_fail(err, HF_INVALID, "--data", "the path is too long");
	return hf_audit_open(folder, out, err);
}

static enum hf_rc
open_store(const struct hf_serve_config *config, struct hf_store **out,
	   struct hf_err *err)
{
	struct hf_store_config store = {
	    .data = config->url ? NULL : config->data,
	    .url = config->url,
	    .create = config->create,
	    .cache_bytes = config->cache_bytes,
	};

	return hf_store_open(&store, out, err);
}

/* The rules that were built in have been checked by the tests: findings are ours. */
static enum hf_rc
load_policy(struct hf_server *s, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &s->policy_arena};

	s->policy_arena.cap = (size_t)16 << 20;
	return hf_policy_load(hf_policy_builtin, &s->policy_arena, &issues, &s->policy,
			      err);
}

enum hf_rc
hf_server_start(const struct hf_serve_config *config, struct hf_server **out,
		struct hf_err *err)
{
	struct hf_server *s;
	char address[48];
	uint16_t port;
	enum hf_rc rc;

	rc = hf_listen_parse(hf_sv_from(config->listen), address, &port, err);
	if (rc)
		return rc;
	s = calloc(1, sizeof *s);
	if (!s)
		return hf_fail(err, HF_FAULT, NULL, "no memory to start");
	assert(hf_n_routes <= HF_ROUTES_MAX);
	s->started = hf_now();
	s->open_loopback = config->open_loopback;
	rc = hf_sp_setup(err);
	if (rc == HF_OK)
		rc = load_policy(s, err);
	if (rc == HF_OK)
		rc = open_store(config, &s->store, err);
	if (rc == HF_OK)
		rc = hf_readers_new(s->store, &s->readers, err);
	if (rc == HF_OK)
		rc = open_audit(config, &s->audit, err);
	if (rc == HF_OK) {
		struct hf_http_config http = {
		    .address = address,
		    .port = port,
		    .threads = config->threads,
		    .compress = config->compress,
		    .body_max = hf_call_body_max,
		    .handle = hf_call_handle,
		    .refuse = hf_call_refuse,
		    .ctx = s,
		};

		rc = hf_http_listen(&http, &s->http, err);
		s->ready = rc == HF_OK;
		if (rc == HF_OK)
			rc = hf_http_start(s->http, err);
	}
	if (rc) {
		hf_server_stop(s);
		return rc;
	}
	*out = s;
	return HF_OK;
}

void
hf_server_stop(struct hf_server *s)
{
	if (!s)
		return;
	s->ready = false;
	hf_http_stop(s->http);
	hf_readers_free(s->readers);
	if (s->store) {
		hf_search_forget(s->store);
		hf_store_close(s->store);
	}
	hf_audit_close(s->audit);
	hf_sp_teardown();
	hf_arena_free(&s->policy_arena);
	free(s);
}

static void
say_where(const struct hf_serve_config *config, const struct hf_server *s)
{
	const char *host = "127.0.0.1";
	unsigned port = hf_http_port(s->http);

	if (config->quiet)
		return;
	if (config->listen && strchr(config->listen, '['))
		host = "[::1]";
	printf("homefirst " HF_VERSION " serves http://%s:%u/ (FHIR at "
	       "http://%s:%u/fhir) to this machine only, until there is sign-in.  "
	       "Ctrl-C stops it.\n",
	       host, port, host, port);
	fflush(stdout);
}

enum hf_rc
hf_serve(const struct hf_serve_config *config, struct hf_err *err)
{
	struct hf_server *s = NULL;
	sigset_t stop, before;
	enum hf_rc rc;
	int got;

	/* Blocked before any thread starts, so that none but this one takes them. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, &before);
	rc = hf_server_start(config, &s, err);
	if (rc == HF_OK) {
		assert(s);
		say_where(config, s);
		sigwait(&stop, &got);
		hf_log(HF_LOG_INFO, "server", "stopping");
		hf_server_stop(s);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

/* serve.c - the server as a whole. */
#include "server/outcomes.h"
#include "server/serve.h"

#include <pthread.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "access/io/policy.h"
#include "base/io/clock.h"
#include "base/io/log.h"
#include "fhir/spvalue.h"
#include "population/io/explore.h"
#include "population/io/record.h"
#include "record/io/identity.h"
#include "record/io/standing.h"
#include "record/io/search.h"
#include "server/auth.h"
#include "server/alert.h"
#include "server/call.h"
#include "server/call_reader.h"
#include "server/feed.h"
#include "server/fetch.h"
#include "server/keyring.h"
#include "server/need_live.h"
#include "server/oidc.h"
#include "server/harden.h"
#include "server/header.h"
#include "server/hub_lead.h"
#include "server/hub_live.h"
#include "server/contract.h"
#include "server/control.h"
#include "server/downtime.h"
#include "server/redirect.h"
#include "server/sign.h"
#include "server/token.h"

static enum hf_rc
open_audit(const struct hf_serve_config *config, struct hf_server *s,
	   struct hf_err *err)
{
	char folder[4096];
	enum hf_rc rc;
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
	rc = hf_audit_open(&(struct hf_audit_config){.folder = folder,
						     .sign_key = config->audit_key,
						     .copy_to = config->audit_copy},
			   &s->audit, err);
	s->alerts = hf_alerts_new();
	if (rc == HF_OK && !s->alerts)
		rc = hf_fail(err, HF_FAULT, NULL, "no memory to start");
	return rc ? rc : hf_audit_finder_new(folder, &s->finder, err);
}

/* That the server begins or ends is in the audit too. */
static enum hf_rc
say(struct hf_server *s, enum hf_audit_code code, struct hf_err *err)
{
	struct hf_audit_event e = {
	    .at = hf_now(),
	    .actor = HF_SV("homefirst"),
	    .purpose = HF_SV("OPERATE"),
	    .code = code,
	    .what = s->open_loopback ? HF_SV("open-loopback") : HF_SV(""),
	    .hits = -1,
	    .status = 200,
	    .policy = hf_sv_from(s->policy.version),
	};

	return hf_audit_put(s->audit, &e, err);
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

/* The rules of access: findings in a place's own documents go to the log, each with
 * its line, and the server does not start. */
static enum hf_rc
load_policy(const char *dir, struct hf_server *s, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &s->policy_arena};
	enum hf_rc rc;

	s->policy_arena.cap = (size_t)32 << 20;
	rc = hf_policy_read(dir, &s->policy_arena, &issues, &s->policy, err);
	for (size_t i = 0; rc && i < issues.n; i++)
		hf_log(HF_LOG_ERROR, "access", "%.*s: %.*s",
		       HF_SV_ARG(issues.items[i].path),
		       HF_SV_ARG(issues.items[i].text));
	if (rc == HF_OK)
		hf_log(HF_LOG_INFO, "access", "rules: %s", s->policy.version);
	return rc;
}

/* The forms come with the program and were checked when it was built. */
static enum hf_rc
load_forms(struct hf_server *s, struct hf_err *err)
{
	struct hf_issues issues = {.arena = &s->form_arena};
	enum hf_rc rc;

	s->form_arena.cap = (size_t)64 << 20;
	rc = hf_forms_load(&s->form_arena, &issues, &s->forms, err);
	for (size_t i = 0; rc && i < issues.n; i++)
		hf_log(HF_LOG_ERROR, "forms", "%.*s: %.*s",
		       HF_SV_ARG(issues.items[i].path),
		       HF_SV_ARG(issues.items[i].text));
	return rc;
}

static enum hf_rc
open_tls(const struct hf_listen_config *net, struct hf_tls **out, struct hf_err *err)
{
	struct hf_tls_config tls = {net->tls_cert, net->tls_key, net->tls_client_ca};

	return net->tls_cert ? hf_tls_new(&tls, out, err) : HF_OK;
}

/* Whoever signed out is not told any more, also not what was asked for before. */
static void
session_gone(void *ctx, int64_t id)
{
	hf_feeds_cut(ctx, id);
}

static enum hf_rc
start_http(const struct hf_serve_config *config, const struct hf_listen *where,
	   struct hf_server *s, struct hf_err *err)
{
	struct hf_http_config http = {
	    .address = where->address,
	    .port = where->port,
	    .threads = config->threads,
	    .connections = config->net.connections,
	    .per_address = config->net.per_address,
	    .timeout_s = config->net.idle_s,
	    .request_s = config->net.request_s,
	    .tls = s->tls,
	    .proxies = where->proxies,
	    .compress = config->compress,
	    .body_max = hf_call_body_max,
	    .handle = hf_call_handle,
	    .refuse = hf_call_refuse,
	    .ctx = s,
	};
	enum hf_rc rc = hf_http_listen(&http, &s->http, err);

	s->ready = rc == HF_OK;
	if (rc == HF_OK) {
		hf_sessions_watch(s->sign->sessions, session_gone, s->http);
		rc = hf_http_start(s->http, err);
	}
	if (rc == HF_OK && config->net.http_redirect)
		rc = hf_redirect_start(where->redirect_address, where->redirect_port,
				       &s->site, &s->redirect, err);
	return rc;
}

static enum hf_rc
open_sign(const struct hf_serve_config *config, struct hf_server *s, struct hf_err *err)
{
	struct hf_sign_config sign = {.store = s->store,
				      .policy = &s->policy,
				      .data = config->data,
				      .limits = config->sessions,
				      .demonstration = config->demonstration};

	if (sign.limits.absolute == 0)
		sign.limits = hf_session_limits_default;
	return hf_sign_new(&sign, &s->sign, err);
}

static enum hf_rc
open_control(const struct hf_serve_config *config, struct hf_server *s,
	     struct hf_err *err)
{
	struct hf_admin like = {.store = s->store, .server = s, .policy = &s->policy};

	return hf_control_start(config->data, &like, &s->control, err);
}

static void
hub_changed(void *ctx, const struct hf_hub_row *row, bool was_open)
{
	struct hf_server *s = ctx;

	hf_hub_live_changed(s->live, row, was_open);
	hf_hub_lead_changed(s->lead, row);
}

static size_t
hub_measure(void *ctx, struct hf_hub *hub, hf_time now, struct hf_opel_value *out,
	    size_t most)
{
	struct hf_server *s = ctx;

	return hf_hub_lead_measure(s->lead, hub, now, out, most);
}

/* The hub tells its boards; those are there before anything moves. */
static enum hf_rc
open_hub(struct hf_server *s, struct hf_err *err)
{
	struct hf_hub_config hub = {.store = s->store,
				    .clocks = true,
				    .changed = hub_changed,
				    .measure = hub_measure,
				    .ctx = s};
	enum hf_rc rc = hf_hub_lead_new(s->store, &s->lead, err);

	if (rc)
		return rc;
	s->live = hf_hub_live_new(s);
	if (!s->live)
		return hf_fail(err, HF_FAULT, NULL, "no thread for the boards");
	return hf_hub_open(&hub, &s->hub, err);
}

/* What nobody has approved begins on trial alone. */
static enum hf_rc
open_caseload(const struct hf_serve_config *config, struct hf_server *s,
	      struct hf_err *err)
{
	struct hf_caseload_config caseload = {
	    .store = s->store,
	    .hub = s->hub,
	    .folder = config->pathways,
	    .drafts = config->demonstration || config->open_loopback,
	    .clocks = true,
	};

	return hf_caseload_open(&caseload, &s->caseload, err);
}

/* Accounts without a secret are for whoever sits at this machine. */
static enum hf_rc
check_demonstration(const struct hf_serve_config *config, const struct hf_listen *where,
		    struct hf_err *err)
{
	struct hf_sv address = hf_sv_from(where->address);

	if (!config->demonstration)
		return HF_OK;
	if ((!hf_sv_is(address, "::1") && !hf_host_is_loopback(address)) ||
	    config->net.behind_proxy)
		return hf_fail(err, HF_RULE, "--demonstration",
			       "other machines could sign in by a click: listen on "
			       "127.0.0.1 or [::1] without a proxy, or leave "
			       "--demonstration out");
	return HF_OK;
}

enum hf_rc
hf_server_start(const struct hf_serve_config *config, struct hf_server **out,
		struct hf_err *err)
{
	struct hf_server *s;
	struct hf_listen where;
	enum hf_rc rc;

	rc = hf_listen_read(&config->net, config->open_loopback, &where, err);
	if (rc == HF_OK)
		rc = check_demonstration(config, &where, err);
	if (rc)
		return rc;
	s = calloc(1, sizeof *s);
	if (!s)
		return hf_fail(err, HF_FAULT, NULL, "no memory to start");
	assert(hf_n_routes <= HF_ROUTES_MAX);
	s->started = hf_now();
	s->open_loopback = config->open_loopback;
	if (getrandom(&s->request_seed, sizeof s->request_seed, 0) < 0)
		s->request_seed = (uint64_t)s->started;
	s->site = where.site;
	rc = hf_sp_setup(err);
	if (rc == HF_OK)
		rc = load_policy(config->access, s, err);
	if (rc == HF_OK)
		rc = load_forms(s, err);
	if (rc == HF_OK)
		rc = hf_contracts_new(&s->contracts, err);
	if (rc == HF_OK)
		rc = open_store(config, &s->store, err);
	if (rc == HF_OK)
		rc = hf_readers_new(s->store, &s->readers, err);
	if (rc == HF_OK)
		rc = open_audit(config, s, err);
	if (rc == HF_OK)
		rc = hf_tokens_new(&s->tokens, err);
	if (rc == HF_OK)
		rc = hf_auth_key_read(config->data, &s->token_key, err);
	if (rc == HF_OK)
		rc = hf_fetcher_new(config->outbound_ca, &s->fetcher, err);
	if (rc == HF_OK)
		rc = hf_keyring_new(s->fetcher, &s->keyring, err);
	if (rc == HF_OK && config->oidc)
		rc = hf_oidc_open(config->oidc, &s->oidc, err);
	if (rc == HF_OK)
		rc = say(s, HF_AUDIT_START, err);
	if (rc == HF_OK)
		rc = open_tls(&config->net, &s->tls, err);
	if (rc == HF_OK)
		rc = open_sign(config, s, err);
	if (rc == HF_OK)
		rc = open_hub(s, err);
	if (rc == HF_OK)
		rc = open_caseload(config, s, err);
	if (rc == HF_OK)
		rc = hf_pop_explorer_open(s->store, true, &s->population, err);
	if (rc == HF_OK)
		rc = hf_need_live_open(s->store, hf_pop_explorer_live(s->population),
				       &s->need, err);
	if (rc == HF_OK)
		rc = hf_outcomes_open(hf_pop_explorer_live(s->population), &s->outcomes,
				      err);
	if (rc == HF_OK)
		rc = start_http(config, &where, s, err);
	if (rc == HF_OK)
		rc = open_control(config, s, err);
	if (rc == HF_OK && !(s->watch = hf_identity_watch_start(s->store)))
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for matching");
	if (rc == HF_OK && !(s->rows = hf_pop_follow_start(s->store)))
		rc = hf_fail(err, HF_FAULT, NULL, "no thread for the population");
	if (rc == HF_OK && config->downtime)
		rc = hf_downtimes_start(s->store, config->downtime,
					config->downtime_every_s, &s->downtimes, err);
	if (rc) {
		hf_server_stop(s);
		return rc;
	}
	if (!s->open_loopback)
		hf_standings_warm(s->store, &s->policy);
	*out = s;
	return HF_OK;
}

void
hf_server_stop(struct hf_server *s)
{
	if (!s)
		return;
	s->ready = false;
	hf_control_stop(s->control);
	hf_identity_watch_stop(s->watch);
	hf_pop_follow_stop(s->rows);
	hf_downtimes_stop(s->downtimes);
	hf_http_stop(s->redirect);
	if (s->sign)
		hf_sessions_watch(s->sign->sessions, NULL, NULL);
	hf_http_stop(s->http);
	hf_outcomes_close(s->outcomes);
	hf_need_live_close(s->need);
	hf_pop_explorer_close(s->population);
	hf_caseload_close(s->caseload);
	hf_hub_close(s->hub);
	hf_hub_live_free(s->live);
	hf_hub_lead_free(s->lead);
	hf_sign_free(s->sign);
	hf_tls_free(s->tls);
	hf_readers_free(s->readers);
	if (s->store) {
		hf_search_forget(s->store);
		hf_store_close(s->store);
	}
	if (s->audit)
		(void)say(s, HF_AUDIT_STOP, NULL);
	hf_audit_finder_free(s->finder);
	hf_alerts_free(s->alerts);
	hf_audit_close(s->audit);
	hf_fetcher_free(s->fetcher);
	hf_keyring_free(s->keyring);
	hf_oidc_close(s->oidc);
	hf_tokens_free(s->tokens);
	hf_jwks_free(s->token_key);
	hf_sp_teardown();
	hf_contracts_free(s->contracts);
	hf_forms_free(&s->forms);
	hf_arena_free(&s->form_arena);
	hf_arena_free(&s->policy_arena);
	free(s);
}

static void
say_where(const struct hf_serve_config *config, const struct hf_server *s)
{
	const char *listen = config->net.listen ? config->net.listen : "127.0.0.1";
	const char *scheme = s->tls ? "https" : "http";
	size_t n = listen[0] == '[' ? strcspn(listen, "]") + 1 : strcspn(listen, ":");
	unsigned port = hf_http_port(s->http);

	if (config->quiet)
		return;
	printf("homefirst " HF_VERSION " serves %s://%.*s:%u/ (FHIR at "
	       "%s://%.*s:%u/fhir).%s  Ctrl-C stops it.\n",
	       scheme, (int)n, listen, port, scheme, (int)n, listen, port,
	       s->open_loopback ? "  Nobody signs in: only for trials." : "");
	fflush(stdout);
}

/* A kernel without such filters serves as well, with one wall less. */
static void
harden(void)
{
	struct hf_err err;

	if (hf_harden(&err) != HF_OK)
		hf_log(HF_LOG_WARN, "server", "%s", err.text);
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
		harden();
		say_where(config, s);
		sigwait(&stop, &got);
		hf_log(HF_LOG_INFO, "server", "stopping");
		hf_server_stop(s);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

/* health.c - is it alive, is it ready, and its figures for Prometheus. */
#include "base/io/clock.h"
#include "server/call.h"
#include "server/downtime.h"
#include "server/serve.h"

void hf_health_live(struct hf_call *call);
void hf_health_ready(struct hf_call *call);
void hf_metrics(struct hf_call *call);

static const char text_type[] = "text/plain; charset=utf-8";

void
hf_health_live(struct hf_call *c)
{
	hf_call_reply(c, 200, text_type, HF_SV("alive\n"));
}

/* An old pack is no reason to send people elsewhere, so it is ready all the same. */
static struct hf_sv
ready_text(struct hf_server *s)
{
	struct hf_downtimes_status status = {0};

	if (s->downtimes)
		hf_downtimes_status(s->downtimes, hf_now(), &status);
	return status.stale ? HF_SV("ready\nthe downtime pack is out of date\n")
			    : HF_SV("ready\n");
}

void
hf_health_ready(struct hf_call *c)
{
	if (!c->server->ready)
		hf_call_reply(c, 503, text_type, HF_SV("starting\n"));
	else if (!hf_audit_works(c->server->audit))
		hf_call_reply(c, 503, text_type,
			      HF_SV("the audit cannot be written\n"));
	else
		hf_call_reply(c, 200, text_type, ready_text(c->server));
}

static void
head(struct hf_buf *out, const char *name, const char *type, const char *help)
{
	hf_buf_printf(out, "# HELP homefirst_%s %s\n# TYPE homefirst_%s %s\n", name,
		      help, name, type);
}

static void
one(struct hf_buf *out, const char *name, const char *type, const char *help, int64_t v)
{
	head(out, name, type, help);
	hf_buf_printf(out, "homefirst_%s %lld\n", name, (long long)v);
}

static void
write_http(struct hf_buf *out, const struct hf_http_stats *s)
{
	one(out, "http_requests_total", "counter", "Requests that came in.",
	    s->requests);
	one(out, "http_received_bytes_total", "counter", "Bytes of request bodies.",
	    s->bytes_in);
	one(out, "http_sent_bytes_total", "counter", "Bytes of answers' bodies.",
	    s->bytes_out);
	one(out, "http_active", "gauge", "Requests under way.", s->active);
	one(out, "http_suspended", "gauge", "Requests that wait for a commit.",
	    s->suspended);
	one(out, "http_followers", "gauge",
	    "Connections that follow a feed; they count as under way too.",
	    s->followers);
	one(out, "http_connections_refused_total", "counter",
	    "Connections beyond what one address may have.", s->refused);
	one(out, "http_connections_ended_total", "counter",
	    "Connections that took too long over a request.", s->ended);
	head(out, "http_answers_total", "counter", "Answers by class of status.");
	for (int i = 2; i < 6; i++)
		hf_buf_printf(out,
			      "homefirst_http_answers_total{class=\"%dxx\"} %lld\n", i,
			      (long long)s->by_class[i]);
}

static void
write_routes(struct hf_buf *out, struct hf_server *s)
{
	head(out, "route_calls_total", "counter", "Answers by route.");
	for (size_t i = 0; i < hf_n_routes; i++)
		if (s->routes[i].calls)
			hf_buf_printf(out,
				      "homefirst_route_calls_total{route=\"%s\","
				      "method=\"%s\"} %lld\n",
				      hf_routes[i].name,
				      hf_method_name(hf_routes[i].method),
				      (long long)s->routes[i].calls);
	head(out, "route_seconds_total", "counter",
	     "Time from head to answer, by route.");
	for (size_t i = 0; i < hf_n_routes; i++)
		if (s->routes[i].calls)
			hf_buf_printf(out,
				      "homefirst_route_seconds_total{route=\"%s\","
				      "method=\"%s\"} %.6f\n",
				      hf_routes[i].name,
				      hf_method_name(hf_routes[i].method),
				      (double)s->routes[i].ns / 1e9);
	head(out, "route_failed_total", "counter", "Answers of status 500 and above.");
	for (size_t i = 0; i < hf_n_routes; i++)
		if (s->routes[i].failed)
			hf_buf_printf(out,
				      "homefirst_route_failed_total{route=\"%s\","
				      "method=\"%s\"} %lld\n",
				      hf_routes[i].name,
				      hf_method_name(hf_routes[i].method),
				      (long long)s->routes[i].failed);
}

static void
write_tls(struct hf_buf *out, struct hf_tls *tls)
{
	struct hf_tls_status status;

	if (!tls)
		return;
	hf_tls_status(tls, &status);
	one(out, "tls_certificate_expires_seconds", "gauge",
	    "When the certificate expires, in seconds since 1970.",
	    status.expires / 1000);
	one(out, "tls_reloads_total", "counter", "Certificates that were renewed.",
	    status.reloads);
	one(out, "tls_reload_failures_total", "counter",
	    "New certificates that were no good.", status.failures);
}

static void
write_downtime(struct hf_buf *out, struct hf_downtimes *downtimes)
{
	struct hf_downtimes_status status;
	hf_time now = hf_now();

	if (!downtimes)
		return;
	hf_downtimes_status(downtimes, now, &status);
	if (status.made)
		one(out, "downtime_pack_age_seconds", "gauge",
		    "Since the last downtime pack was made.",
		    (now - status.made) / 1000);
	one(out, "downtime_pack_stale", "gauge",
	    "1 when the last three downtime packs are missing.", status.stale);
	one(out, "downtime_pack_failures_total", "counter",
	    "Downtime packs that were not made.", status.failures);
}

void
hf_metrics(struct hf_call *c)
{
	struct hf_buf *out = hf_req_buf(c->req);
	struct hf_http_stats stats;
	int64_t change = 0;
	struct hf_err err;

	if (!hf_call_no_params(c))
		return;
	hf_http_stats(c->server->http, &stats);
	write_http(out, &stats);
	write_tls(out, c->server->tls);
	write_downtime(out, c->server->downtimes);
	write_routes(out, c->server);
	one(out, "denied_total", "counter", "Requests that access refused.",
	    c->server->denied);
	if (hf_store_last_change(c->reader, &change, &err) == HF_OK)
		one(out, "commit_number", "gauge", "The newest commit.", change);
	one(out, "audit_works", "gauge", "1 when the audit can be written.",
	    hf_audit_works(c->server->audit));
	one(out, "uptime_seconds", "gauge", "Since the start.",
	    (hf_now() - c->server->started) / 1000);
	hf_call_reply(c, 200, "text/plain; version=0.0.4; charset=utf-8",
		      hf_buf_view(out));
}

/* call.c - one request on its way through route, access, handler, audit, reply. */
#include "server/call.h"

#include "access/io/audit.h"
#include "base/io/clock.h"
#include "base/io/log.h"
#include "fhir/validate.h"
#include "record/io/rights.h"
#include "server/call_int.h"
#include "server/call_reader.h"
#include "server/feed.h"
#include "server/fhir.h"
#include "server/limits.h"
#include "server/pretty.h"
#include "server/query.h"
#include "server/serve.h"
#include "server/sign.h"

static const char json_type[] = "application/fhir+json; charset=utf-8";

/* ---- answers ---- */

static void
count(struct hf_call *c, int status)
{
	size_t i;

	if (!c->route)
		return;
	i = (size_t)(c->route - hf_routes);
	assert(i < HF_ROUTES_MAX);
	atomic_fetch_add_explicit(&c->server->routes[i].calls, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&c->server->routes[i].ns,
				  (long long)(hf_mono_ns() - c->began),
				  memory_order_relaxed);
	if (status >= 500)
		atomic_fetch_add_explicit(&c->server->routes[i].failed, 1,
					  memory_order_relaxed);
}

/* What every answer tells a browser.  Pages say more than this about themselves; all
 * else is data: nothing in it is run or framed, and no cache keeps it. */
static void
protect(struct hf_call *c)
{
	hf_reply_header(c->req, "X-Content-Type-Options", HF_SV("nosniff"));
	if (!hf_reply_has_header(c->req, "Content-Security-Policy"))
		hf_reply_header(c->req, "Content-Security-Policy",
				HF_SV("default-src 'none'; frame-ancestors 'none'"));
	if (!hf_reply_has_header(c->req, "Cache-Control"))
		hf_reply_header(c->req, "Cache-Control", HF_SV("no-store"));
	if (!hf_reply_has_header(c->req, "Referrer-Policy"))
		hf_reply_header(c->req, "Referrer-Policy", HF_SV("same-origin"));
	if (hf_req_secure(c->req))
		hf_reply_header(c->req, "Strict-Transport-Security",
				HF_SV("max-age=31536000"));
}

/* Sends, with nothing more to be decided. */
static void
deliver(struct hf_call *c, int status, const char *type, struct hf_sv body)
{
	if (body.n)
		hf_reply_header(c->req, "Content-Type", hf_sv_from(type));
	hf_reply_header(c->req, "X-Request-Id", c->request);
	protect(c);
	count(c, status);
	hf_reply(c->req, status, body);
}

static void
send_failure(struct hf_call *c, const struct hf_err *err)
{
	struct hf_buf *out = hf_req_buf(c->req);
	int status = hf_rc_http(err->rc);

	out->n = 0;
	out->cap = 0;
	out->failed = false;
	hf_outcome_write_err(out, err);
	if (status == 503)
		hf_reply_header(c->req, "Retry-After", HF_SV("1"));
	if (status >= 500)
		hf_log(HF_LOG_WARN, "server", "%s: %d %s: %s",
		       c->route ? c->route->name : "-", status, err->path, err->text);
	if (status == 401)
		hf_reply_header(c->req, "WWW-Authenticate",
				HF_SV("Bearer realm=\"homefirst\""));
	deliver(c, status, json_type, hf_buf_view(out));
}

static void
reply(struct hf_call *c, int status, const char *type, struct hf_sv body,
      const char *rule)
{
	struct hf_err err;

	if (hf_call_wants_audit(c, status) &&
	    hf_call_audit(c, status, rule, &err) != HF_OK)
		send_failure(c, &err);
	else
		deliver(c, status, type, body);
}

void
hf_call_reply(struct hf_call *c, int status, const char *content_type,
	      struct hf_sv body)
{
	reply(c, status, content_type, body, NULL);
}

/* Not beyond the idle time of the session: who comes back is asked anew. */
static unsigned
feed_life(struct hf_call *c, unsigned asked)
{
	hf_time left = hf_sign_left(c) / 1000 + 1;
	unsigned life = asked ? asked : HF_FEED_LIFE_S;

	return left < life ? (unsigned)left : life;
}

void
hf_call_reply_feed(struct hf_call *c, struct hf_feed *feed,
		   const struct hf_feed_ask *ask)
{
	struct hf_feed_ask as = *ask;
	struct hf_err err;

	if (hf_call_wants_audit(c, 200) && hf_call_audit(c, 200, NULL, &err) != HF_OK) {
		send_failure(c, &err);
		return;
	}
	hf_reply_header(c->req, "X-Request-Id", c->request);
	protect(c);
	count(c, 200);
	if (as.tag != 0)
		as.lifetime_s = feed_life(c, as.lifetime_s);
	/* What was agreed when it began is not kept for as long as it lasts. */
	c->rights = NULL;
	hf_req_let_go(c->req);
	hf_reply_feed(c->req, feed, &as);
	/* A session that ended since it was looked up was cut before it was there. */
	if (as.tag != 0 && hf_sign_left(c) == 0)
		hf_feed_cut(feed, as.tag);
}

void
hf_call_reply_buf(struct hf_call *c, int status)
{
	struct hf_buf *out = hf_req_buf(c->req);
	struct hf_err err;

	if (out->failed) {
		hf_fail(&err, HF_TOO_LONG, NULL,
			"the answer is longer than this server gives at once; ask for "
			"less with _count, _type or _since");
		hf_call_fail(c, &err);
		return;
	}
	if (c->pretty) {
		struct hf_sv nice = hf_pretty(hf_buf_view(out), c->arena);

		hf_call_reply(c, status, json_type, nice.p ? nice : hf_buf_view(out));
		return;
	}
	hf_call_reply(c, status, json_type, hf_buf_view(out));
}

static void
fail_with_rule(struct hf_call *c, const struct hf_err *err, const char *rule)
{
	struct hf_err failed;
	int status = hf_rc_http(err->rc);

	if (hf_call_wants_audit(c, status) &&
	    hf_call_audit(c, status, rule, &failed) != HF_OK)
		send_failure(c, &failed);
	else
		send_failure(c, err);
}

void
hf_call_fail(struct hf_call *c, const struct hf_err *err)
{
	fail_with_rule(c, err, NULL);
}

void
hf_call_fail_issues(struct hf_call *c, enum hf_rc rc, const struct hf_issues *issues)
{
	struct hf_buf *out = hf_req_buf(c->req);

	out->n = 0;
	hf_outcome_write(out, issues);
	hf_call_reply_buf(c, hf_rc_http(rc));
}

/* ---- parameters ---- */

struct hf_sv
hf_call_param(const struct hf_call *c, struct hf_sv name)
{
	for (size_t i = 0; i < c->n_params; i++)
		if (hf_sv_eq(c->params[i].name, name))
			return c->params[i].value;
	return (struct hf_sv){NULL, 0};
}

struct hf_sv
hf_call_take_param(struct hf_call *c, struct hf_sv name)
{
	for (size_t i = 0; i < c->n_params; i++) {
		struct hf_sv value = c->params[i].value;

		if (!hf_sv_eq(c->params[i].name, name))
			continue;
		c->n_params--;
		memmove(c->params + i, c->params + i + 1,
			(c->n_params - i) * sizeof *c->params);
		return value.p ? value : HF_SV("");
	}
	return (struct hf_sv){NULL, 0};
}

bool
hf_call_no_params(struct hf_call *c)
{
	struct hf_err err;

	if (c->n_params == 0 || c->prefer.lenient)
		return true;
	hf_fail(&err, HF_INVALID, NULL,
		"the parameter %.*s is not known here; leave it out, or send Prefer: "
		"handling=lenient to have it ignored",
		(int)(c->params[0].name.n > 64 ? 64 : c->params[0].name.n),
		c->params[0].name.p);
	hf_call_fail(c, &err);
	return false;
}

/* ---- the way in ---- */

static bool
under_fhir(const struct hf_call *c)
{
	struct hf_sv path = hf_req_path(c->req);

	return hf_sv_is(path, "/fhir") || hf_sv_starts(path, HF_SV("/fhir/"));
}

/* Is the request meant for us?  Whether we are alive may be asked by any name. */
static enum hf_rc
check_site(const struct hf_call *c, struct hf_err *err)
{
	enum hf_method method = hf_req_method(c->req);
	struct hf_site_ask ask = {
	    .host = hf_req_host(c->req),
	    .origin = hf_req_header(c->req, "Origin"),
	    .fetch_site = hf_req_header(c->req, "Sec-Fetch-Site"),
	    .changes = method != HF_GET && method != HF_HEAD && method != HF_OPTIONS,
	    .secure = hf_req_secure(c->req),
	    .from_loopback = hf_req_from_loopback(c->req),
	};

	if (hf_sv_starts(hf_req_path(c->req), HF_SV("/health/")))
		return HF_OK;
	return hf_site_check(&c->server->site, &ask, err);
}

static enum hf_rc
check_format(struct hf_call *c, struct hf_err *err)
{
	struct hf_sv format = hf_call_take_param(c, HF_SV("_format"));
	struct hf_sv pretty = hf_call_take_param(c, HF_SV("_pretty"));
	enum hf_media media;

	if (pretty.p && !hf_sv_is(pretty, "true") && !hf_sv_is(pretty, "false"))
		return hf_fail(err, HF_INVALID, NULL, "_pretty is true or false");
	c->pretty = pretty.p && hf_sv_is(pretty, "true");
	if (format.p && hf_sv_ends(format, HF_SV("fhir json")))
		media = HF_MEDIA_JSON; /* a + that came through as a blank */
	else
		media = format.p ? hf_media_of(format)
				 : hf_accept(hf_req_header(c->req, "Accept"));
	if (media == HF_MEDIA_JSON)
		return HF_OK;
	return hf_fail(err, HF_NOT_ACCEPTABLE, NULL,
		       "this server speaks FHIR in JSON only: ask for "
		       "application/fhir+json");
}

static enum hf_rc
read_request(struct hf_call *c, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < HF_ROUTE_ARGS && rc == HF_OK; i++)
		if (c->arg[i].p)
			rc = hf_percent_decode(c->arg[i], false, c->arena, &c->arg[i],
					       err);
	if (rc == HF_OK)
		rc = hf_query_parse(hf_req_query(c->req), c->arena, &c->params,
				    &c->n_params, err);
	if (rc == HF_OK)
		rc = hf_prefer_parse(hf_req_header(c->req, "Prefer"), &c->prefer, err);
	if (rc == HF_OK && under_fhir(c))
		rc = check_format(c, err);
	return rc;
}

static void
name_ourselves(struct hf_call *c)
{
	struct hf_sv base = hf_site_base(&c->server->site, hf_req_host(c->req),
					 hf_req_secure(c->req), c->arena);

	c->base = hf_arena_printf(c->arena, "%.*s/fhir", HF_SV_ARG(base));
}

/* True when the call may go on; else it is answered. */
static bool
allowed(struct hf_call *c)
{
	struct hf_access_facts facts = {
	    .actor = c->actor,
	    .need = c->route->need,
	    .audit_works = hf_audit_works(c->server->audit),
	    .policy = &c->server->policy,
	};
	struct hf_access_answer answer = hf_access_route(&facts, c->now);
	enum hf_rc rc = HF_FORBIDDEN;
	struct hf_err err;

	if (answer.outcome == HF_ALLOW)
		return true;
	atomic_fetch_add_explicit(&c->server->denied, 1, memory_order_relaxed);
	if (c->actor->kind == HF_ACTOR_NOBODY)
		rc = HF_LOGIN;
	else if (!facts.audit_works)
		rc = HF_BUSY;
	hf_fail(&err, rc, NULL, "%s (rule %s)%s", answer.text, answer.rule,
		rc == HF_LOGIN ? "; sign in, or send a token" : "");
	fail_with_rule(c, &err, answer.rule);
	return false;
}

static void
drop_rights(void *rights)
{
	hf_rights_drop(rights);
}

enum hf_rc
hf_call_rights(struct hf_call *c, const struct hf_rights **out, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (!c->rights) {
		rc = hf_store_rights_get(c->store, &c->rights, err);
		if (rc == HF_OK)
			hf_req_at_end(c->req, drop_rights, (void *)c->rights);
	}
	if (rc == HF_OK)
		*out = c->rights;
	return rc;
}

static enum hf_activity
activity_of(enum hf_need need)
{
	switch (need) {
	case HF_NEED_IDENTIFY:
		return HF_ACT_IDENTIFY;
	case HF_NEED_OPERATE:
		return HF_ACT_OPERATE;
	default:
		return HF_ACT_READ;
	}
}

void
hf_call_look(struct hf_call *c, struct hf_reader *reader)
{
	struct hf_viewer *v = &c->viewer;

	if (c->actor->kind == HF_ACTOR_TRIAL) {
		hf_reader_as(reader, NULL);
		return;
	}
	*v = (struct hf_viewer){.actor = c->actor,
				.policy = &c->server->policy,
				.rights = c->rights,
				.activity = activity_of(c->route->need),
				.audit_works = true,
				.now = c->now,
				.seen = &c->seen};
	hf_reader_as(reader, v);
}

static void
unknown_path(struct hf_call *c)
{
	struct hf_err err;

	hf_fail(&err, HF_NOT_FOUND, NULL, "there is nothing at this address");
	hf_call_fail(c, &err);
}

static void
wrong_method(struct hf_call *c)
{
	struct hf_sv allow = hf_route_allow(c->allow, c->arena);
	struct hf_err err;

	hf_reply_header(c->req, "Allow", allow);
	if (hf_req_method(c->req) == HF_OPTIONS) {
		hf_call_reply(c, 204, json_type, HF_SV(""));
		return;
	}
	hf_fail(&err, HF_NOT_ALLOWED, NULL, "this address takes %.*s only",
		HF_SV_ARG(allow));
	hf_call_fail(c, &err);
}

static struct hf_call *
new_call(struct hf_req *req, struct hf_server *server)
{
	struct hf_arena *arena = hf_req_arena(req);
	struct hf_call *c = HF_NEW(arena, struct hf_call);

	/* The arena is new and has room for megabytes: only a machine without memory
	 * fails here, and then nothing can be answered. */
	assert(c);
	c->req = req;
	c->arena = arena;
	c->server = server;
	c->store = server->store;
	c->actor = &c->who;
	c->began = hf_mono_ns();
	c->now = hf_now();
	c->audit_hits = -1;
	hf_call_name_request(c);
	return c;
}

size_t
hf_call_body_max(struct hf_req *req, void *ctx)
{
	struct hf_call *c = new_call(req, ctx);

	hf_req_set_user(req, c);
	c->matched = hf_route_match(hf_req_method(req), hf_req_path(req), &c->route,
				    c->arg, &c->allow) == HF_MATCHED;
	/* An unknown address is told so whatever it was sent. */
	return c->matched ? c->route->body_max : HF_FORM_MAX;
}

void
hf_call_refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)ctx;
	hf_call_fail(hf_req_user(req), err);
}

static bool
wants_reader(const struct hf_route *route)
{
	return route->need != HF_NEED_NOTHING && route->handler != hf_fhir_read &&
	       route->handler != hf_fhir_vread;
}

void
hf_call_handle(struct hf_req *req, void *ctx)
{
	struct hf_call *c = hf_req_user(req);
	struct hf_err err;
	enum hf_rc rc;

	(void)ctx;
	rc = check_site(c, &err);
	if (rc == HF_OK && c->matched) {
		name_ourselves(c);
		rc = read_request(c, &err);
	}
	if (rc == HF_OK)
		rc = hf_sign_actor(c, &c->who, &err);
	if (rc) {
		hf_call_fail(c, &err);
		return;
	}
	if (!c->matched) {
		if (c->allow)
			wrong_method(c);
		else
			unknown_path(c);
		return;
	}
	if (!allowed(c))
		return;
	if (c->route->need != HF_NEED_NOTHING && c->actor->kind != HF_ACTOR_TRIAL) {
		const struct hf_rights *rights;

		rc = hf_call_rights(c, &rights, &err);
		if (rc) {
			hf_call_fail(c, &err);
			return;
		}
	}
	if (wants_reader(c->route)) {
		rc = hf_readers_get(c->server->readers, &c->reader, &err);
		if (rc) {
			hf_call_fail(c, &err);
			return;
		}
		hf_call_look(c, c->reader);
	}
	c->route->handler(c);
}

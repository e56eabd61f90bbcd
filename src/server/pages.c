/* pages.c - the pages' files: one HTML page for every address of a page, and the
 * script, style sheet and icon it names.
 *
 * Files with a hash in their name never change and may be kept for ever; the page
 * is asked for each time and answered by its ETag. */
#include "server/assets.h"
#include "server/call.h"

void hf_page(struct hf_call *call);
void hf_page_asset(struct hf_call *call);
void hf_page_missing(struct hf_call *call);
void hf_page_worker(struct hf_call *call);

/* Nothing but this server; no inline script or style; not in somebody's frame. */
#define PAGE_POLICY                                                                    \
	"default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; " \
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; "                  \
	"form-action 'self'; frame-ancestors 'none'"

/* A worker has a policy of its own: it fetches from here and does nothing else. */
#define WORKER	      "sw.js"
#define WORKER_POLICY "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"

const struct hf_asset *
hf_asset_find(struct hf_sv name)
{
	for (size_t i = 0; i < hf_n_assets; i++)
		if (hf_sv_eq(name, hf_sv_from(hf_assets[i].name)))
			return &hf_assets[i];
	return NULL;
}

/* Does a comma list hold token (as written or with q above 0)? */
static bool
accepts(struct hf_sv list, struct hf_sv token)
{
	while (list.n) {
		struct hf_sv one = hf_sv_trim(hf_sv_cut(&list, ','));
		struct hf_sv name = hf_sv_trim(hf_sv_cut(&one, ';'));
		struct hf_sv q = hf_sv_trim(one);

		if (hf_sv_eq(name, token))
			return !hf_sv_is(q, "q=0") && !hf_sv_is(q, "q=0.0");
	}
	return false;
}

static void
send(struct hf_call *call, const struct hf_asset *a, int status, const char *keep)
{
	struct hf_sv asked = hf_req_header(call->req, "If-None-Match");
	struct hf_sv coding = hf_req_header(call->req, "Accept-Encoding");
	struct hf_sv body = {a->body, (size_t)(a->body_end - a->body)};

	hf_call_header(call, "ETag", hf_sv_from(a->etag));
	hf_call_header(call, "Cache-Control", hf_sv_from(keep));
	hf_call_header(call, "Vary", HF_SV("Accept-Encoding"));
	hf_call_header(call, "Referrer-Policy", HF_SV("same-origin"));
	if (status == 200 && hf_sv_eq(asked, hf_sv_from(a->etag))) {
		hf_call_reply(call, 304, a->type, HF_SV(""));
		return;
	}
	if (accepts(coding, HF_SV("gzip"))) {
		hf_call_header(call, "Content-Encoding", HF_SV("gzip"));
		body = (struct hf_sv){a->gz, (size_t)(a->gz_end - a->gz)};
	}
	hf_call_reply(call, status, a->type, body);
}

static void
send_page(struct hf_call *call, int status)
{
	const struct hf_asset *page = hf_asset_find(HF_SV("index.html"));

	assert(page != NULL);
	hf_call_header(call, "Content-Security-Policy", HF_SV(PAGE_POLICY));
	hf_call_header(call, "Permissions-Policy",
		       HF_SV("camera=(), microphone=(), geolocation=()"));
	send(call, page, status, "no-cache");
}

void
hf_page(struct hf_call *call)
{
	send_page(call, 200);
}

void
hf_page_asset(struct hf_call *call)
{
	const struct hf_asset *a = hf_asset_find(call->arg[0]);
	struct hf_err err;

	if (!a || hf_sv_is(call->arg[0], "index.html") ||
	    hf_sv_is(call->arg[0], WORKER)) {
		hf_fail(&err, HF_NOT_FOUND, NULL,
			"no such file; load the page again to get the present ones");
		hf_call_fail(call, &err);
		return;
	}
	send(call, a, 200, "public, max-age=31536000, immutable");
}

/* The service worker of the day list.  It stands at the root, but its scope is what the
 * page names when it registers it: /hub/day.  It is asked for each time, so that a new
 * one is there as soon as we are. */
void
hf_page_worker(struct hf_call *call)
{
	const struct hf_asset *worker = hf_asset_find(HF_SV(WORKER));

	assert(worker != NULL);
	hf_call_header(call, "Content-Security-Policy", HF_SV(WORKER_POLICY));
	send(call, worker, 200, "no-cache");
}

/* An address nobody knows: a page that says so for a browser, else an error. */
void
hf_page_missing(struct hf_call *call)
{
	struct hf_sv accept = hf_req_header(call->req, "Accept");
	struct hf_err err;

	if (accepts(accept, HF_SV("text/html"))) {
		send_page(call, 404);
		return;
	}
	hf_fail(&err, HF_NOT_FOUND, NULL, "there is nothing at this address");
	hf_call_fail(call, &err);
}

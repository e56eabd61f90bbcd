/* fuzz_http.c - any bytes where the server reads what a client or a disk gives it:
 * the first byte chooses which.  Nothing crashes, and what is decoded, matched or
 * undone keeps the promises of its header. */
#include "access/audit_head.h"
#include "access/audit_line.h"
#include "record/io/search.h"
#include "server/gzip.h"
#include "server/header.h"
#include "server/listen.h"
#include "server/pretty.h"
#include "server/query.h"
#include "server/route.h"
#include "server/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static const struct hf_route table[] = {
    {.name = "a", .method = HF_GET, .pattern = "/fhir/{type}/{id}/_history/{version}"},
    {.name = "b", .method = HF_GET, .pattern = "/fhir/{type}/{id}"},
    {.name = "c", .method = HF_POST, .pattern = "/fhir"},
    {.name = "d", .method = HF_GET, .pattern = "/assets/{path*}"},
};

/* Parts lie within the path, and none that is between slashes holds one. */
static void
fuzz_route(struct hf_sv path)
{
	const struct hf_route *route = NULL;
	struct hf_sv args[HF_ROUTE_ARGS] = {{NULL, 0}};
	unsigned allow;

	if (hf_route_match_in(table, HF_COUNT(table), HF_GET, path, &route, args,
			      &allow) != HF_MATCHED)
		return;
	for (size_t i = 0; i < HF_ROUTE_ARGS && args[i].p; i++) {
		check(args[i].n > 0 && args[i].p >= path.p &&
		      args[i].p + args[i].n <= path.p + path.n);
		check(route == &table[3] || !memchr(args[i].p, '/', args[i].n));
	}
}

/* What is decoded is UTF-8 without NUL, and encodes to what decodes the same. */
static void
fuzz_query(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_param *params = NULL;
	struct hf_err err = {.text = ""};
	size_t n = 0;

	if (hf_query_parse(text, arena, &params, &n, &err) != HF_OK) {
		check(err.text[0] != '\0');
		return;
	}
	check(n <= HF_QUERY_PARAMS);
	for (size_t i = 0; i < n; i++) {
		struct hf_buf out = {.cap = 1 << 20};
		struct hf_sv back, value = params[i].value;

		check(hf_utf8_valid(value) &&
		      !memchr(value.p ? value.p : "", 0, value.n));
		hf_percent_encode(value, "", &out);
		check(hf_percent_decode(hf_buf_view(&out), true, arena, &back, NULL) ==
		      HF_OK);
		check(hf_sv_eq(back, value));
		hf_buf_free(&out);
	}
}

static void
fuzz_headers(struct hf_sv text)
{
	struct hf_prefer prefer;
	char date[32];
	uint32_t v;
	hf_time t, again;

	(void)hf_prefer_parse(text, &prefer, NULL);
	(void)hf_media_of(text);
	(void)hf_accept(text);
	(void)hf_accepts_gzip(text);
	(void)hf_host_is_loopback(text);
	(void)hf_origin_is_loopback(text);
	if (hf_etag_version(text, &v))
		check(v > 0 && hf_etag_list_has(text, v));
	if (hf_http_date_parse(text, &t))
		check(hf_http_date_parse(hf_http_date_write(t, date, sizeof date),
					 &again) &&
		      again == t);
}

static void
fuzz_gzip(struct hf_sv text)
{
	struct hf_buf packed = {.cap = 0}, plain = {.cap = 0};

	(void)hf_gunzip(text, 1 << 16, &plain, NULL);
	plain.n = 0;
	check(hf_gzip(text, &packed));
	check(hf_gunzip(hf_buf_view(&packed), text.n, &plain, NULL) == HF_OK);
	check(hf_sv_eq(hf_buf_view(&plain), text));
	hf_buf_free(&packed);
	hf_buf_free(&plain);
}

/* A segment of any bytes is checked without harm. */
static void
fuzz_segment(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_issues issues = {.arena = arena};
	struct hf_chain_check chain = {.issues = &issues};
	struct hf_audit_event event;
	struct hf_chain_tail tail;
	struct hf_head head;

	hf_chain_tail(text, &tail);
	check(tail.end <= text.n && tail.after_seal <= tail.end &&
	      tail.sealed <= tail.end);
	(void)hf_chain_check(&chain, 1, text, true);
	(void)hf_head_read(text, &head);
	(void)hf_audit_line_read(text, arena, &event);
}

/* What a proxy says, and names of hosts: who is told to be behind a proxy is none, and
 * what is no name of ours is refused. */
static void
fuzz_site(struct hf_sv text, struct hf_arena *arena)
{
	struct hf_nets proxies = {.n = 0};
	struct hf_addr who;
	struct hf_site site = {.host = "care.example.org", .secure = true};
	struct hf_site_ask ask = {.secure = true};
	struct hf_err err = {.text = ""};
	char buf[HF_ADDR_TEXT], address[48], *url;
	uint16_t port;

	(void)hf_nets_parse(HF_SV("10.0.0.0/8,2001:db8::/32"), &proxies, &err);
	if (hf_forwarded_for(text, &proxies, &who)) {
		check(!hf_nets_have(&proxies, &who));
		check(hf_addr_parse(hf_addr_write(&who, buf), &who));
	}
	(void)hf_forwarded_last(text);
	(void)hf_nets_parse(text, &proxies, &err);
	(void)hf_listen_parse(text, address, &port, &err);
	ask.host = hf_sv_cut(&text, '\n');
	ask.origin = hf_sv_cut(&text, '\n');
	if (hf_site_check(&site, &ask, &err) == HF_OK && ask.host.p)
		check(ask.host.n >= 5); /* [::1], localhost, 127…, ours */
	url = hf_arena_cstr(arena, ask.host);
	if (url && hf_site_parse(url, &site, &err) == HF_OK)
		check(strlen(site.host) > 0 && !strchr(site.host, '/'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_sv text = {(const char *)data, size};

	if (size == 0)
		return 0;
	text = hf_sv_from_at(text, 1);
	switch (data[0] % 7) {
	case 0:
		fuzz_route(text);
		break;
	case 1:
		fuzz_query(text, &arena);
		break;
	case 2:
		fuzz_headers(text);
		break;
	case 3:
		fuzz_gzip(text);
		break;
	case 4:
		fuzz_segment(text, &arena);
		break;
	case 5:
		fuzz_site(text, &arena);
		break;
	default:
		(void)hf_pretty(text, &arena);
	}
	hf_arena_free(&arena);
	return 0;
}

/* site.c - what this server is called from outside, and which requests are for it. */
#include "server/site.h"

#include <strings.h>

#include "server/header.h"

static bool
same_host(struct hf_sv a, struct hf_sv b)
{
	return a.n == b.n && a.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* A port that the scheme implies says nothing. */
static struct hf_sv
without_default_port(struct hf_sv host, bool secure)
{
	struct hf_sv port = secure ? HF_SV(":443") : HF_SV(":80");

	if (hf_sv_ends(host, port))
		host.n -= port.n;
	return host;
}

/* A name of letters, digits, dots, hyphens and brackets of IPv6, and a port. */
static bool
is_host(struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr(".-:[]", c)))
			return false;
	}
	return s.n > 0 && s.p[0] != ':';
}

/* Takes "https://" or "http://" off. */
static bool
cut_scheme(struct hf_sv *url, bool *secure)
{
	*secure = hf_sv_starts(*url, HF_SV("https://"));
	if (!*secure && !hf_sv_starts(*url, HF_SV("http://")))
		return false;
	*url = hf_sv_from_at(*url, *secure ? 8 : 7);
	return true;
}

enum hf_rc
hf_site_parse(const char *public_url, struct hf_site *out, struct hf_err *err)
{
	struct hf_sv rest = hf_sv_from(public_url);
	struct hf_site site = {.host = ""};

	if (!public_url) {
		*out = site;
		return HF_OK;
	}
	if (hf_sv_ends(rest, HF_SV("/")))
		rest.n--;
	if (!cut_scheme(&rest, &site.secure) || !is_host(rest) ||
	    rest.n >= sizeof site.host)
		return hf_fail(err, HF_INVALID, "--public-url",
			       "expected https://NAME or https://NAME:PORT, as people "
			       "type it, without a path");
	if (!site.secure && !hf_host_is_loopback(rest))
		return hf_fail(err, HF_INVALID, "--public-url",
			       "a name that other machines use begins with https://");
	rest = without_default_port(rest, site.secure);
	memcpy(site.host, rest.p, rest.n);
	*out = site;
	return HF_OK;
}

static bool
is_us(const struct hf_site *site, struct hf_sv host, bool secure)
{
	return hf_host_is_loopback(host) ||
	       same_host(without_default_port(host, secure), hf_sv_from(site->host));
}

/* Is the page that asks one of ours? */
static bool
is_ours(const struct hf_site *site, const struct hf_site_ask *ask)
{
	struct hf_sv rest = ask->origin, host;
	bool secure;

	if (site->open && hf_origin_is_loopback(ask->origin))
		return true;
	if (!cut_scheme(&rest, &secure) || secure != ask->secure)
		return false;
	rest = without_default_port(rest, secure);
	host = without_default_port(ask->host, ask->secure);
	return same_host(rest, host) ||
	       (site->secure == secure && same_host(rest, hf_sv_from(site->host)));
}

enum hf_rc
hf_site_check(const struct hf_site *site, const struct hf_site_ask *ask,
	      struct hf_err *err)
{
	if (!ask->secure && !ask->from_loopback)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "this server answers over HTTPS only");
	if (ask->host.p && !is_us(site, ask->host, ask->secure))
		return hf_fail(
		    err, HF_FORBIDDEN, NULL,
		    "this server does not go by that name: use the one it was "
		    "set up with%s",
		    site->host[0] ? "" : " (localhost, 127.0.0.1, [::1])");
	if (ask->origin.p && !is_ours(site, ask))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "pages of other sites may not use this server");
	if (ask->changes && hf_sv_is(ask->fetch_site, "cross-site"))
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "pages of other sites may not change anything here");
	return HF_OK;
}

struct hf_sv
hf_site_base(const struct hf_site *site, struct hf_sv host, bool secure,
	     struct hf_arena *arena)
{
	if (!host.n)
		host = site->host[0] ? hf_sv_from(site->host) : HF_SV("localhost");
	return hf_arena_printf(arena, "%s://%.*s", secure ? "https" : "http",
			       HF_SV_ARG(host));
}

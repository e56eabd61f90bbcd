/* listen.c - where the server listens, who may reach it, and the rules for that. */
#include "server/listen.h"

#include "server/header.h"

enum { DEFAULT_PORT = 8080 };

enum hf_rc
hf_listen_parse(struct hf_sv text, char address[48], uint16_t *port, struct hf_err *err)
{
	struct hf_sv host = text, rest;
	int64_t number = DEFAULT_PORT;
	struct hf_addr a;
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
	if (number < 0 || number > 65535 || host.n > 47 || !hf_addr_parse(host, &a))
		return hf_fail(
		    err, HF_INVALID, "--listen",
		    "expected ADDR:PORT, as in 127.0.0.1:8080 or [::1]:8080");
	memcpy(address, host.p, host.n);
	address[host.n] = '\0';
	*port = (uint16_t)number;
	return HF_OK;
}

static bool
is_local(const char *address)
{
	struct hf_addr a;

	return hf_addr_parse(hf_sv_from(address), &a) && hf_addr_is_loopback(&a);
}

/* Nobody signs in: then nobody but this machine gets in, by no way. */
static enum hf_rc
check_open(const struct hf_listen_config *c, const struct hf_listen *l,
	   struct hf_err *err)
{
	if (!is_local(l->address))
		return hf_fail(
		    err, HF_RULE, "--open-loopback",
		    "%s can be reached from other machines, and with "
		    "--open-loopback nobody signs in: listen on 127.0.0.1 or "
		    "[::1], or leave --open-loopback out",
		    l->address);
	if (c->behind_proxy || c->insecure_listen)
		return hf_fail(
		    err, HF_RULE, "--open-loopback",
		    "a proxy lets other machines in, and with --open-loopback "
		    "nobody signs in: leave one of them out");
	return HF_OK;
}

static enum hf_rc
check_reach(const struct hf_listen_config *c, const struct hf_listen *l,
	    struct hf_err *err)
{
	bool local = is_local(l->address);

	if (!local && !c->tls_cert && !c->insecure_listen)
		return hf_fail(
		    err, HF_RULE, "--listen",
		    "%s can be reached from other machines, and what goes there has to "
		    "be encrypted: give --tls-cert and --tls-key, or listen on "
		    "127.0.0.1 or [::1], or say with --insecure-listen and "
		    "--behind-proxy that a proxy in front does TLS",
		    l->address);
	if (c->insecure_listen && !c->behind_proxy)
		return hf_fail(err, HF_INVALID, "--insecure-listen",
			       "say with --behind-proxy in which network the proxy is "
			       "that does TLS");
	if ((!local || c->behind_proxy) && !c->public_url)
		return hf_fail(err, HF_INVALID, "--public-url",
			       "say under which address people reach this server: "
			       "--public-url https://NAME");
	return HF_OK;
}

static enum hf_rc
check_tls(const struct hf_listen_config *c, const struct hf_listen *l,
	  struct hf_err *err)
{
	if (!c->tls_cert != !c->tls_key)
		return hf_fail(err, HF_INVALID, "--tls-cert",
			       "--tls-cert and --tls-key go together");
	if (c->tls_client_ca && !c->tls_cert)
		return hf_fail(err, HF_INVALID, "--tls-client-ca",
			       "certificates of clients come with TLS: give --tls-cert "
			       "and --tls-key");
	if (c->http_redirect && !(c->tls_cert && c->public_url && l->site.secure))
		return hf_fail(err, HF_INVALID, "--http-redirect",
			       "it sends to --public-url https://NAME, served with "
			       "--tls-cert and --tls-key: give all three");
	return HF_OK;
}

enum hf_rc
hf_listen_read(const struct hf_listen_config *c, bool open, struct hf_listen *out,
	       struct hf_err *err)
{
	struct hf_listen l = {.port = 0};
	enum hf_rc rc;

	rc = hf_listen_parse(hf_sv_from(c->listen), l.address, &l.port, err);
	if (rc == HF_OK && c->http_redirect)
		rc = hf_listen_parse(hf_sv_from(c->http_redirect), l.redirect_address,
				     &l.redirect_port, err);
	if (rc == HF_OK && c->behind_proxy)
		rc = hf_nets_parse(hf_sv_from(c->behind_proxy), &l.proxies, err);
	if (rc == HF_OK)
		rc = hf_site_parse(c->public_url, &l.site, err);
	if (rc == HF_OK && open)
		rc = check_open(c, &l, err);
	if (rc == HF_OK)
		rc = check_reach(c, &l, err);
	if (rc == HF_OK)
		rc = check_tls(c, &l, err);
	if (rc)
		return rc;
	l.site.open = open;
	*out = l;
	return HF_OK;
}

/* redirect.c - a plain HTTP port that does nothing but send to the HTTPS one. */
#include "server/redirect.h"

static size_t
no_body(struct hf_req *req, void *ctx)
{
	(void)req;
	(void)ctx;
	return 0;
}

static void
plain(struct hf_req *req, int status, struct hf_sv text)
{
	hf_reply_header(req, "Content-Type", HF_SV("text/plain; charset=utf-8"));
	hf_reply_header(req, "X-Content-Type-Options", HF_SV("nosniff"));
	hf_reply(req, status, text);
}

static void
refuse(struct hf_req *req, const struct hf_err *err, void *ctx)
{
	(void)err;
	(void)ctx;
	plain(req, 403, HF_SV("This server answers over HTTPS only.\n"));
}

/* The target is the one that was set up, whatever Host says; a path that could be taken
 * for another server's name begins with one slash like any other. */
static void
send_on(struct hf_req *req, void *ctx)
{
	const struct hf_site *site = ctx;
	enum hf_method method = hf_req_method(req);
	struct hf_sv path = hf_req_path(req), query = hf_req_query(req);

	if (method != HF_GET && method != HF_HEAD) {
		refuse(req, NULL, ctx);
		return;
	}
	if (!hf_sv_starts(path, HF_SV("/")))
		path = HF_SV("/");
	hf_reply_header(req, "Location",
			hf_arena_printf(hf_req_arena(req), "https://%s%.*s%s%.*s",
					site->host, HF_SV_ARG(path), query.n ? "?" : "",
					HF_SV_ARG(query)));
	plain(req, 308, HF_SV("This server answers over HTTPS only.\n"));
}

enum hf_rc
hf_redirect_start(const char *address, uint16_t port, const struct hf_site *site,
		  struct hf_http **out, struct hf_err *err)
{
	struct hf_http_config config = {
	    .address = address,
	    .port = port,
	    .threads = 2,
	    .connections = 64,
	    .timeout_s = 10,
	    .request_s = 5,
	    .compress = HF_COMPRESS_NEVER,
	    .body_max = no_body,
	    .handle = send_on,
	    .refuse = refuse,
	    .ctx = (void *)(uintptr_t)site,
	};
	enum hf_rc rc = hf_http_listen(&config, out, err);

	return rc ? rc : hf_http_start(*out, err);
}

/* auth_form.c - forms that come to the token service, and answers in its form. */
#include "server/auth.h"

#include "server/header.h"
#include "server/query.h"

bool
hf_auth_form(struct hf_call *c, struct hf_auth_form *out)
{
	struct hf_err err;

	out->items = NULL;
	out->n = 0;
	if (hf_media_of(hf_req_header(c->req, "Content-Type")) != HF_MEDIA_FORM) {
		hf_auth_fail(c, "invalid_request",
			     "the body is application/x-www-form-urlencoded");
		return false;
	}
	if (hf_req_query(c->req).n) {
		hf_auth_fail(c, "invalid_request",
			     "what is asked stands in the body, not in the address");
		return false;
	}
	if (hf_query_parse(hf_req_body(c->req), c->arena, &out->items, &out->n, &err) !=
	    HF_OK) {
		hf_auth_fail(c, "invalid_request", "the form cannot be read");
		return false;
	}
	for (size_t i = 0; i < out->n; i++)
		for (size_t k = i + 1; k < out->n; k++)
			if (hf_sv_eq(out->items[i].name, out->items[k].name)) {
				hf_auth_fail(c, "invalid_request",
					     "a parameter stands twice");
				return false;
			}
	return true;
}

struct hf_sv
hf_auth_value(const struct hf_auth_form *form, const char *name)
{
	for (size_t i = 0; i < form->n; i++)
		if (hf_sv_eq(form->items[i].name, hf_sv_from(name)))
			return form->items[i].value.n ? form->items[i].value
						      : (struct hf_sv){NULL, 0};
	return (struct hf_sv){NULL, 0};
}

static void
no_store(struct hf_call *c)
{
	hf_call_header(c, "Cache-Control", HF_SV("no-store"));
	hf_call_header(c, "Pragma", HF_SV("no-cache"));
}

static void
send(struct hf_call *c, int status)
{
	no_store(c);
	hf_call_reply(c, status, "application/json; charset=utf-8",
		      hf_buf_view(hf_req_buf(c->req)));
}

static void
fail_with(struct hf_call *c, int status, const char *error, const char *text)
{
	struct hf_jw w;

	hf_auth_begin(c, &w);
	hf_jw_field(&w, "error", hf_sv_from(error));
	hf_jw_field(&w, "error_description", hf_sv_from(text));
	hf_jw_obj_end(&w);
	send(c, status);
}

void
hf_auth_fail(struct hf_call *c, const char *error, const char *text)
{
	bool client = strcmp(error, "invalid_client") == 0;

	if (client)
		hf_call_header(c, "WWW-Authenticate",
			       HF_SV("Basic realm=\"homefirst\""));
	fail_with(c, client ? 401 : 400, error, text);
}

void
hf_auth_fail_err(struct hf_call *c, const char *error, const struct hf_err *err)
{
	int status = hf_rc_http(err->rc);

	if (status == 503 || status == 429) {
		hf_call_header(c, "Retry-After", HF_SV("10"));
		fail_with(c, status, "temporarily_unavailable", err->text);
	} else if (status >= 500) {
		fail_with(c, status, "server_error", err->text);
	} else {
		hf_auth_fail(c, error, err->text);
	}
}

void
hf_auth_begin(struct hf_call *c, struct hf_jw *w)
{
	struct hf_buf *out = hf_req_buf(c->req);

	out->n = 0;
	out->failed = false;
	*w = (struct hf_jw){.out = out};
	hf_jw_obj(w);
}

void
hf_auth_end(struct hf_call *c, struct hf_jw *w)
{
	hf_jw_obj_end(w);
	send(c, 200);
}

struct hf_sv
hf_auth_base(const struct hf_call *c)
{
	return (struct hf_sv){c->base.p, c->base.n - strlen("/fhir")};
}

struct hf_sv
hf_auth_url(const struct hf_call *c, const char *path)
{
	struct hf_sv base = hf_auth_base(c);

	return hf_arena_printf(c->arena, "%.*s%s", HF_SV_ARG(base), path);
}

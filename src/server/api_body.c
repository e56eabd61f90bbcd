/* api_body.c - see api_body.h. */
#include "server/api_body.h"

enum hf_rc
hf_api_body(struct hf_call *call, const char *members, struct hf_json *out,
	    struct hf_err *err)
{
	return hf_api_body_of(call, members, 64 * 1024, out, err);
}

enum hf_rc
hf_api_body_of(struct hf_call *call, const char *members, size_t bytes,
	       struct hf_json *out, struct hf_err *err)
{
	const struct hf_json_limits limits = {.bytes = bytes, .depth = 8};
	struct hf_sv type = hf_req_header(call->req, "Content-Type");
	enum hf_rc rc;

	if (hf_media_of(type) != HF_MEDIA_JSON)
		return hf_fail(err, HF_MEDIA, NULL,
			       "send it as JSON, with Content-Type: application/json");
	rc = hf_json_parse(hf_req_body(call->req), &limits, call->arena, out, err);
	if (rc)
		return rc;
	if (hf_json_type(out, 0) != HF_JSON_OBJECT)
		return hf_fail(err, HF_INVALID, NULL, "send one JSON object");
	for (uint32_t i = 1; i < out->nodes[0].next; i = out->nodes[i].next)
		if (!hf_sv_among(hf_json_key(out, i), members))
			return hf_fail(err, HF_INVALID, NULL,
				       "the members taken here are: %s", members);
	return HF_OK;
}

static size_t
characters(struct hf_sv text)
{
	size_t n = 0;

	/* The parser took valid UTF-8 only. */
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

enum hf_rc
hf_api_body_text(struct hf_call *call, const struct hf_json *doc, const char *name,
		 size_t min, size_t max, struct hf_sv *out, struct hf_err *err)
{
	uint32_t i = hf_json_get(doc, 0, hf_sv_from(name));
	struct hf_sv text = {NULL, 0};
	size_t n;

	if (i != HF_JSON_NONE) {
		if (hf_json_type(doc, i) != HF_JSON_STRING)
			return hf_fail(err, HF_INVALID, name, "expected a text");
		text = hf_json_str(doc, i, call->arena);
		if (!text.p)
			return hf_fail(err, HF_TOO_LONG, name, "it is too long");
	}
	text = hf_sv_trim(text);
	n = characters(text);
	if (n < min || n > max || memchr(text.p ? text.p : "", 0, text.n))
		return hf_fail(err, HF_INVALID, name,
			       "it takes %zu to %zu characters, and has %zu", min, max,
			       n);
	*out = text.p ? text : HF_SV("");
	return HF_OK;
}

enum hf_rc
hf_api_body_version(const struct hf_json *doc, uint32_t *out, struct hf_err *err)
{
	uint32_t node = hf_json_member(doc, 0, "version");
	int64_t n = 0;

	*out = 0;
	if (node == HF_JSON_NONE)
		return HF_OK;
	if (hf_json_type(doc, node) != HF_JSON_NUMBER ||
	    !hf_sv_int(hf_json_raw(doc, node), &n) || n < 0 || n > UINT32_MAX)
		return hf_fail(err, HF_INVALID, "version", "expected a number");
	*out = (uint32_t)n;
	return HF_OK;
}

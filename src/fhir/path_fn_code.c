/* path_fn_code.c - strings in other clothes: hexadecimal, base64, HTML, JSON. */
#include "base/buf.h"
#include "fhir/path_impl.h"

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f, const struct hf_pvs *in,                 \
			struct hf_pvs *out)

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* ---- each way: text to out; false when it cannot be read ---- */

static bool
to_hex(struct hf_sv s, struct hf_buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		hf_buf_printf(out, "%02x", (unsigned)(unsigned char)s.p[i]);
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
from_hex(struct hf_sv s, struct hf_buf *out)
{
	if (s.n % 2)
		return false;
	for (size_t i = 0; i < s.n; i += 2) {
		int hi = hex_digit(s.p[i]), lo = hex_digit(s.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		hf_buf_char(out, (char)(hi << 4 | lo));
	}
	return true;
}

static void
to_64(struct hf_sv s, const char *digits, struct hf_buf *out)
{
	for (size_t i = 0; i < s.n; i += 3) {
		size_t have = s.n - i < 3 ? s.n - i : 3;
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < have ? (unsigned char)s.p[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			hf_buf_char(out,
				    k <= have ? digits[v >> (18 - 6 * k) & 63] : '=');
	}
}

static bool
to_base64(struct hf_sv s, struct hf_buf *out)
{
	to_64(s, base64, out);
	return true;
}

static bool
to_base64url(struct hf_sv s, struct hf_buf *out)
{
	to_64(s, base64url, out);
	return true;
}

static bool
from_64(struct hf_sv s, const char *digits, struct hf_buf *out)
{
	uint32_t v = 0;
	unsigned bits = 0;

	while (s.n && s.p[s.n - 1] == '=')
		s.n--;
	if (s.n % 4 == 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] ? strchr(digits, s.p[i]) : NULL;

		if (!at)
			return false;
		v = v << 6 | (uint32_t)(at - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			hf_buf_char(out, (char)(v >> bits & 255));
		}
	}
	return true;
}

static bool
from_base64(struct hf_sv s, struct hf_buf *out)
{
	return from_64(s, base64, out);
}

static bool
from_base64url(struct hf_sv s, struct hf_buf *out)
{
	return from_64(s, base64url, out);
}

static const struct {
	char c;
	const char *name;
} entities[] = {
    {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}, {'&', "&amp;"}};

static bool
to_html(struct hf_sv s, struct hf_buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *name = NULL;

		for (size_t k = 0; k < HF_COUNT(entities); k++)
			if (entities[k].c == s.p[i])
				name = entities[k].name;
		if (name)
			hf_buf_sv(out, hf_sv_from(name));
		else
			hf_buf_char(out, s.p[i]);
	}
	return true;
}

static bool
from_html(struct hf_sv s, struct hf_buf *out)
{
	while (s.n) {
		size_t taken = 1;
		char c = s.p[0];

		for (size_t k = 0; c == '&' && k < HF_COUNT(entities); k++) {
			struct hf_sv name = hf_sv_from(entities[k].name);

			if (hf_sv_starts(s, name)) {
				c = entities[k].c;
				taken = name.n;
				break;
			}
		}
		hf_buf_char(out, c);
		s = hf_sv_from_at(s, taken);
	}
	return true;
}

/* JSON's escapes, without the quotes around. */
static bool
to_json(struct hf_sv s, struct hf_buf *out)
{
	struct hf_buf quoted = {0};
	struct hf_jw w = {.out = &quoted};

	hf_jw_str(&w, s);
	if (!quoted.failed && quoted.n >= 2)
		hf_buf_add(out, quoted.p + 1, quoted.n - 2);
	else
		out->failed = true;
	hf_buf_free(&quoted);
	return true;
}

static bool
from_json(struct hf_sv s, struct hf_buf *out)
{
	struct hf_arena arena = {.cap = 8 << 20};
	struct hf_buf quoted = {0};
	struct hf_json doc;
	struct hf_sv text = {NULL, 0};

	hf_buf_lit(&quoted, "\"");
	hf_buf_sv(&quoted, s);
	hf_buf_lit(&quoted, "\"");
	if (!quoted.failed &&
	    hf_json_parse(hf_buf_view(&quoted), NULL, &arena, &doc, NULL) == HF_OK)
		text = hf_json_str(&doc, 0, &arena);
	if (text.p)
		hf_buf_sv(out, text);
	hf_buf_free(&quoted);
	hf_arena_free(&arena);
	return text.p != NULL;
}

/* ---- the functions ---- */

struct way {
	const char *name;
	bool (*to)(struct hf_sv s, struct hf_buf *out);
};

/* Runs the way that argument 0 names; what cannot be read is empty, a name that is
 * none an error. */
static enum hf_rc
run(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
    const struct hf_pvs *in, const struct way *ways, size_t n_ways, struct hf_pvs *out)
{
	enum { MOST = 4 << 20 };
	struct hf_buf buf = {.cap = MOST};
	struct hf_sv text, name;
	bool has, has_name = false, read;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &text, &has);

	if (rc == HF_OK)
		rc = hf_path_arg_text(ev, n, 0, f, &name, &has_name);
	if (rc != HF_OK || !has || !has_name)
		return rc;
	for (size_t i = 0; i < n_ways; i++) {
		if (!hf_sv_eq(name, hf_sv_from(ways[i].name)))
			continue;
		read = ways[i].to(text, &buf);
		if (buf.failed)
			rc = hf_path_full(ev);
		else if (read)
			rc = hf_path_push_str(
			    ev, out,
			    hf_arena_sv(ev->arena,
					buf.n ? hf_buf_view(&buf) : HF_SV("")));
		hf_buf_free(&buf);
		return rc == HF_OK ? hf_path_spend(ev, text.n / 64) : rc;
	}
	return hf_path_fail(ev, n, "this kind of encoding is not known");
}

FN(hf_path_fn_encode)
{
	static const struct way ways[] = {
	    {"hex", to_hex}, {"base64", to_base64}, {"urlbase64", to_base64url}};

	return run(ev, n, f, in, ways, HF_COUNT(ways), out);
}

FN(hf_path_fn_decode)
{
	static const struct way ways[] = {
	    {"hex", from_hex}, {"base64", from_base64}, {"urlbase64", from_base64url}};

	return run(ev, n, f, in, ways, HF_COUNT(ways), out);
}

FN(hf_path_fn_escape)
{
	static const struct way ways[] = {{"html", to_html}, {"json", to_json}};

	return run(ev, n, f, in, ways, HF_COUNT(ways), out);
}

FN(hf_path_fn_unescape)
{
	static const struct way ways[] = {{"html", from_html}, {"json", from_json}};

	return run(ev, n, f, in, ways, HF_COUNT(ways), out);
}

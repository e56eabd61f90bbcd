/* jsonw.c - JSON out: an append-only writer, and copying without white space. */
#include "fhir/json.h"

static void
before_value(struct hf_jw *w)
{
	if (w->comma)
		hf_buf_char(w->out, ',');
	w->comma = true;
}

void
hf_jw_obj(struct hf_jw *w)
{
	before_value(w);
	hf_buf_char(w->out, '{');
	w->comma = false;
}

void
hf_jw_obj_end(struct hf_jw *w)
{
	hf_buf_char(w->out, '}');
	w->comma = true;
}

void
hf_jw_arr(struct hf_jw *w)
{
	before_value(w);
	hf_buf_char(w->out, '[');
	w->comma = false;
}

void
hf_jw_arr_end(struct hf_jw *w)
{
	hf_buf_char(w->out, ']');
	w->comma = true;
}

void
hf_jw_key(struct hf_jw *w, struct hf_sv key)
{
	char *to = hf_buf_room(w->out, key.n + 4);

	if (!to)
		return;
	if (w->comma)
		*to++ = ',';
	*to++ = '"';
	memcpy(to, key.p, key.n);
	to += key.n;
	*to++ = '"';
	*to++ = ':';
	w->out->n = (size_t)(to - w->out->p);
	w->comma = false;
}

static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c != '"' && c != '\\';
}

static void
put_escape(struct hf_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[] = "\\u0000";

	switch (c) {
	case '"':
		hf_buf_lit(out, "\\\"");
		return;
	case '\\':
		hf_buf_lit(out, "\\\\");
		return;
	case '\n':
		hf_buf_lit(out, "\\n");
		return;
	case '\r':
		hf_buf_lit(out, "\\r");
		return;
	case '\t':
		hf_buf_lit(out, "\\t");
		return;
	default:
		text[4] = hex[c >> 4];
		text[5] = hex[c & 15];
		hf_buf_add(out, text, 6);
	}
}

/* How many bytes of s need no escape; eight at a time. */
static size_t
plain_prefix(struct hf_sv s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		uint64_t v, quote, slash, low;

		memcpy(&v, s.p + i, 8);
		quote = v ^ ones * '"';
		slash = v ^ ones * '\\';
		/* The top bit of a byte that is 0, or below a blank, and now and then
		 * of one above such a byte: those are looked at one by one. */
		low = (v - ones * ' ') & ~v;
		if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) | low) &
		    tops)
			break;
	}
	while (i < s.n && is_plain((unsigned char)s.p[i]))
		i++;
	return i;
}

void
hf_jw_str(struct hf_jw *w, struct hf_sv s)
{
	size_t from = 0, plain = plain_prefix(s);

	before_value(w);
	if (plain == s.n) {
		char *to = hf_buf_room(w->out, s.n + 2);

		if (!to)
			return;
		*to++ = '"';
		if (s.n)
			memcpy(to, s.p, s.n);
		to[s.n] = '"';
		w->out->n += s.n + 2;
		return;
	}
	hf_buf_char(w->out, '"');
	for (size_t i = plain; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_plain(c))
			continue;
		hf_buf_add(w->out, s.p + from, i - from);
		put_escape(w->out, c);
		from = i + 1;
	}
	hf_buf_add(w->out, s.p + from, s.n - from);
	hf_buf_char(w->out, '"');
}

void
hf_jw_int(struct hf_jw *w, int64_t v)
{
	char text[24], *at = text + sizeof text;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--at = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--at = '-';
	before_value(w);
	hf_buf_add(w->out, at, (size_t)(text + sizeof text - at));
}

void
hf_jw_bool(struct hf_jw *w, bool v)
{
	before_value(w);
	hf_buf_sv(w->out, v ? HF_SV("true") : HF_SV("false"));
}

void
hf_jw_null(struct hf_jw *w)
{
	before_value(w);
	hf_buf_lit(w->out, "null");
}

void
hf_jw_raw(struct hf_jw *w, struct hf_sv json)
{
	before_value(w);
	hf_buf_sv(w->out, json);
}

void
hf_jw_kv(struct hf_jw *w, struct hf_sv key, struct hf_sv value)
{
	hf_jw_key(w, key);
	hf_jw_str(w, value);
}

/* One pass over the source: blanks outside strings are left out. */
void
hf_json_minify(const struct hf_json *d, uint32_t i, struct hf_buf *out)
{
	struct hf_sv s = hf_json_source(d, i);
	const char *p = s.p, *end = s.p + s.n;
	char *to = hf_buf_room(out, s.n);

	if (!to)
		return;
	while (p < end) {
		const char *from = p;

		if (*p == '"') {
			for (p++; *p != '"'; p++)
				if (*p == '\\')
					p++;
			p++;
		} else if (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') {
			p++;
			continue;
		} else {
			p++;
		}
		memcpy(to, from, (size_t)(p - from));
		to += p - from;
	}
	out->n = (size_t)(to - out->p);
}

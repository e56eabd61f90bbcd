/* query.c - query strings and forms. */
#include "server/query.h"

#include "record/io/search.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* How many bytes the sequence at p takes and the range of its second byte; 0 when
 * no sequence begins like this. */
static size_t
utf8_length(unsigned char first, unsigned char *lo, unsigned char *hi)
{
	*lo = 0x80;
	*hi = 0xBF;
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF) {
		*lo = first == 0xE0 ? 0xA0 : 0x80;
		*hi = first == 0xED ? 0x9F : 0xBF;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*lo = first == 0xF0 ? 0x90 : 0x80;
		*hi = first == 0xF4 ? 0x8F : 0xBF;
		return 4;
	}
	return 0;
}

bool
hf_utf8_valid(struct hf_sv text)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0; i < text.n;) {
		unsigned char lo, hi;
		size_t n = utf8_length(p[i], &lo, &hi);

		if (n == 0 || n > text.n - i)
			return false;
		if (n > 1 && (p[i + 1] < lo || p[i + 1] > hi))
			return false;
		for (size_t k = 2; k < n; k++)
			if ((p[i + k] & 0xC0) != 0x80)
				return false;
		i += n;
	}
	return true;
}

static bool
needs_decoding(struct hf_sv text, bool plus_is_blank)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '%' || (plus_is_blank && text.p[i] == '+') ||
		    (unsigned char)text.p[i] >= 0x80 || text.p[i] == '\0')
			return true;
	return false;
}

enum hf_rc
hf_percent_decode(struct hf_sv text, bool plus_is_blank, struct hf_arena *arena,
		  struct hf_sv *out, struct hf_err *err)
{
	size_t n = 0;
	char *to;

	if (!needs_decoding(text, plus_is_blank)) {
		*out = text;
		return HF_OK;
	}
	to = hf_arena_alloc(arena, text.n + 1);
	if (!to)
		return hf_fail(err, HF_TOO_LONG, NULL, "the address is too long");
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%') {
			int high = i + 2 < text.n ? hex(text.p[i + 1]) : -1;
			int low = i + 2 < text.n ? hex(text.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return hf_fail(err, HF_INVALID, NULL,
					       "%% in an address is followed by two "
					       "hexadecimal digits");
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		if (c == '\0')
			return hf_fail(err, HF_INVALID, NULL,
				       "an address holds no NUL byte");
		to[n++] = c;
	}
	if (!hf_utf8_valid((struct hf_sv){to, n}))
		return hf_fail(err, HF_INVALID, NULL, "an address is UTF-8 text");
	*out = (struct hf_sv){to, n};
	return HF_OK;
}

void
hf_percent_encode(struct hf_sv text, const char *safe, struct hf_buf *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') ||
			     (c != '\0' && (strchr("-._~", c) || strchr(safe, c)));

		if (plain) {
			hf_buf_char(out, (char)c);
		} else {
			char x[3] = {'%', digits[c >> 4], digits[c & 15]};

			hf_buf_add(out, x, 3);
		}
	}
}

static size_t
count_pairs(struct hf_sv query)
{
	size_t n = 1;

	for (size_t i = 0; i < query.n; i++)
		n += query.p[i] == '&';
	return n;
}

enum hf_rc
hf_query_parse(struct hf_sv query, struct hf_arena *arena, struct hf_param **params,
	       size_t *n, struct hf_err *err)
{
	size_t most = *n + count_pairs(query), at = *n;
	struct hf_param *list;

	if (query.n == 0)
		return HF_OK;
	if (most > HF_QUERY_PARAMS)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "a query has at most %d parameters", HF_QUERY_PARAMS);
	list = hf_arena_array(arena, most, sizeof *list);
	if (!list)
		return hf_fail(err, HF_TOO_LONG, NULL, "the query is too long");
	if (at)
		memcpy(list, *params, at * sizeof *list);
	while (query.n) {
		struct hf_sv value = hf_sv_cut(&query, '&');
		struct hf_sv name;
		enum hf_rc rc;

		if (value.n == 0)
			continue;
		name = hf_sv_cut(&value, '=');
		if (name.n == 0)
			return hf_fail(err, HF_INVALID, NULL,
				       "a query parameter has a name before =");
		rc = hf_percent_decode(name, true, arena, &list[at].name, err);
		if (rc)
			return rc;
		rc = hf_percent_decode(value, true, arena, &list[at].value, err);
		if (rc)
			return rc;
		at++;
	}
	*params = list;
	*n = at;
	return HF_OK;
}

/* path_lex.c - FHIRPath tokens.  Strings and quoted names lose their escapes in
 * place, which never makes them longer. */
#include "fhir/path_impl.h"

enum hf_rc
hf_path_lex_fail(const struct hf_path_lex *lex, const char *what)
{
	return hf_fail(lex->err, HF_INVALID, NULL,
		       "the expression is wrong at column %zu: %s", lex->column, what);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       is_digit(c);
}

static char
peek(const struct hf_path_lex *lex, size_t ahead)
{
	size_t i = lex->at + ahead;

	return i < lex->n ? lex->text[i] : '\0';
}

/* White space and both kinds of comment. */
static enum hf_rc
skip_blank(struct hf_path_lex *lex)
{
	for (;;) {
		char c = peek(lex, 0);

		if (lex->at >= lex->n)
			return HF_OK;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			lex->at++;
		} else if (c == '/' && peek(lex, 1) == '/') {
			while (lex->at < lex->n && lex->text[lex->at] != '\n')
				lex->at++;
		} else if (c == '/' && peek(lex, 1) == '*') {
			lex->column = lex->at + 1;
			lex->at += 2;
			while (lex->at < lex->n &&
			       !(peek(lex, 0) == '*' && peek(lex, 1) == '/'))
				lex->at++;
			if (lex->at >= lex->n)
				return hf_path_lex_fail(lex,
							"the comment has no end, */");
			lex->at += 2;
		} else {
			return HF_OK;
		}
	}
}

/* Four hexadecimal digits at lex->at; -1 when they are not there. */
static int
hex4(struct hf_path_lex *lex)
{
	int v = 0;

	for (size_t i = 0; i < 4; i++) {
		char c = peek(lex, i);

		if (is_digit(c))
			v = v * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	lex->at += 4;
	return v;
}

static size_t
put_utf8(char *p, int c)
{
	if (c < 0x80) {
		p[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (char)(0xc0 | c >> 6);
		p[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (char)(0xe0 | c >> 12);
		p[1] = (char)(0x80 | (c >> 6 & 0x3f));
		p[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | c >> 18);
	p[1] = (char)(0x80 | (c >> 12 & 0x3f));
	p[2] = (char)(0x80 | (c >> 6 & 0x3f));
	p[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* "\uXXXX", the backslash and u read already; pairs of surrogates become one. */
static enum hf_rc
unescape_unicode(struct hf_path_lex *lex, char *to, size_t *n)
{
	int c = hex4(lex);

	if (c >= 0xd800 && c <= 0xdbff && peek(lex, 0) == '\\' && peek(lex, 1) == 'u') {
		int low;

		lex->at += 2;
		low = hex4(lex);
		if (low < 0xdc00 || low > 0xdfff)
			return hf_path_lex_fail(lex, "\\u names half a character");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	if (c <= 0 || (c >= 0xd800 && c <= 0xdfff))
		return hf_path_lex_fail(lex, "\\u needs four hexadecimal digits of a "
					     "character");
	*n = put_utf8(to, c);
	return HF_OK;
}

/* The rest of 'string' or `name`, with the opening quote read. */
static enum hf_rc
quoted(struct hf_path_lex *lex, char quote)
{
	static const char from[] = "'\"`rnft\\/", to[] = "'\"`\r\n\f\t\\/";
	char *start = lex->text + lex->at, *out = start;

	for (;;) {
		char c = peek(lex, 0);
		const char *hit;
		size_t n = 0;

		if (lex->at >= lex->n)
			return hf_path_lex_fail(lex, "the quoted text has no end");
		lex->at++;
		if (c == quote)
			break;
		if (c != '\\') {
			*out++ = c;
			continue;
		}
		c = peek(lex, 0);
		lex->at++;
		hit = c ? strchr(from, c) : NULL;
		if (hit) {
			*out++ = to[hit - from];
		} else if (c == 'u') {
			if (unescape_unicode(lex, out, &n) != HF_OK)
				return HF_INVALID;
			out += n;
		} else {
			return hf_path_lex_fail(lex,
						"a backslash is followed by none of "
						"' \" ` \\ / f n r t u");
		}
	}
	lex->sv = (struct hf_sv){start, (size_t)(out - start)};
	return HF_OK;
}

/* Characters of a date, dateTime or time after '@'. */
static enum hf_rc
date(struct hf_path_lex *lex)
{
	size_t from = ++lex->at;
	bool time = peek(lex, 0) == 'T', clock = time;
	struct path_date d;

	lex->tok = time ? TOK_TIME : TOK_DATE;
	for (;; lex->at++) {
		char c = peek(lex, 0);

		if (c == 'T')
			clock = true;
		if (is_digit(c) || c == 'T' || (clock && c == ':') ||
		    (clock && !time && (c == 'Z' || c == '+')))
			continue;
		/* "-" belongs to a date, and to a zone only when digits and a colon
		 * follow; "." only before a digit of the fraction. */
		if (c == '-' && is_digit(peek(lex, 1)) &&
		    (!clock || (!time && peek(lex, 3) == ':')))
			continue;
		if (c == '.' && clock && is_digit(peek(lex, 1)))
			continue;
		break;
	}
	lex->sv = (struct hf_sv){lex->text + from, lex->at - from};
	if (time)
		lex->sv = hf_sv_from_at(lex->sv, 1);
	if (!hf_path_date_parse(lex->sv, time, &d))
		return hf_path_lex_fail(lex, "this is no date, dateTime or time");
	return HF_OK;
}

static enum hf_rc
variable(struct hf_path_lex *lex)
{
	size_t from = ++lex->at;
	char c = peek(lex, 0);
	bool dashes;

	lex->tok = TOK_VAR;
	if (c == '`' || c == '\'') {
		lex->at++;
		return quoted(lex, c);
	}
	/* The older %vs-name and %ext-name need no quotes. */
	dashes = hf_sv_starts((struct hf_sv){lex->text + from, lex->n - from},
			      HF_SV("vs-")) ||
		 hf_sv_starts((struct hf_sv){lex->text + from, lex->n - from},
			      HF_SV("ext-"));
	while (is_word(peek(lex, 0)) || (dashes && peek(lex, 0) == '-'))
		lex->at++;
	if (lex->at == from)
		return hf_path_lex_fail(lex, "expected a name after %");
	lex->sv = (struct hf_sv){lex->text + from, lex->at - from};
	return HF_OK;
}

static enum hf_rc
number(struct hf_path_lex *lex)
{
	size_t from = lex->at;

	lex->tok = TOK_INT;
	while (is_digit(peek(lex, 0)))
		lex->at++;
	if (peek(lex, 0) == '.' && is_digit(peek(lex, 1))) {
		lex->tok = TOK_DECIMAL;
		lex->at++;
		while (is_digit(peek(lex, 0)))
			lex->at++;
	}
	lex->sv = (struct hf_sv){lex->text + from, lex->at - from};
	if (is_word(peek(lex, 0)))
		return hf_path_lex_fail(lex, "a number runs into a name");
	return HF_OK;
}

static enum hf_rc
symbol(struct hf_path_lex *lex)
{
	static const char *const two[] = {"<=", ">=", "!=", "!~"};
	char c = peek(lex, 0);
	size_t n = 1;

	for (size_t i = 0; i < HF_COUNT(two); i++)
		if (c == two[i][0] && peek(lex, 1) == two[i][1])
			n = 2;
	if (n == 1 && !strchr(".,()[]{}+-*/&|<>=~", c))
		return hf_path_lex_fail(lex, "this character has no meaning here");
	lex->tok = TOK_SYM;
	lex->sv = (struct hf_sv){lex->text + lex->at, n};
	lex->at += n;
	return HF_OK;
}

enum hf_rc
hf_path_lex(struct hf_path_lex *lex)
{
	size_t from;
	char c;

	if (skip_blank(lex) != HF_OK)
		return HF_INVALID;
	from = lex->at;
	lex->column = from + 1;
	if (lex->at >= lex->n) {
		lex->tok = TOK_END;
		lex->sv = HF_SV("");
		return HF_OK;
	}
	c = peek(lex, 0);
	if (is_digit(c))
		return number(lex);
	if (c == '\'' || c == '`') {
		lex->tok = c == '`' ? TOK_QUOTED_NAME : TOK_STRING;
		lex->at++;
		return quoted(lex, c);
	}
	if (c == '@')
		return date(lex);
	if (c == '%')
		return variable(lex);
	if (c != '$' && !is_word(c))
		return c ? symbol(lex)
			 : hf_path_lex_fail(lex, "a NUL byte stands here");
	lex->tok = c == '$' ? TOK_DOLLAR : TOK_NAME;
	lex->at++;
	while (is_word(peek(lex, 0)))
		lex->at++;
	lex->sv = (struct hf_sv){lex->text + from, lex->at - from};
	return HF_OK;
}

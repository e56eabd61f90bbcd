/* json.c - one pass over the input into a tape of nodes; no recursion. */
#include "fhir/json.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { DEPTH_MOST = 256, DEPTH_DEFAULT = 64, PAIRWISE = 12 };

struct parser {
	const char *text;
	size_t at, len;
	struct hf_json_node *nodes;
	uint32_t n, size, most;
	struct hf_arena *arena;
	struct hf_err *err;
	unsigned depth, deepest;
	uint32_t open[DEPTH_MOST]; /* nodes of the arrays and objects we are in */
};

static enum hf_rc
wrong(struct parser *p, const char *expected)
{
	size_t line = 1;

	for (size_t i = 0; i < p->at && i < p->len; i++)
		line += p->text[i] == '\n';
	if (p->at >= p->len)
		return hf_fail(p->err, HF_INVALID, NULL,
			       "the JSON ends too early, at byte %zu (line %zu): "
			       "expected %s",
			       p->at, line, expected);
	return hf_fail(p->err, HF_INVALID, NULL,
		       "this is not JSON at byte %zu (line %zu): expected %s", p->at,
		       line, expected);
}

static void
skip_blank(struct parser *p)
{
	while (p->at < p->len) {
		char c = p->text[p->at];

		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
#ifdef __SSE2__
		/* Pretty-printed input is mostly indentation. */
		if (p->len - p->at >= 16) {
			__m128i v = _mm_loadu_si128((const __m128i *)(p->text + p->at));
			__m128i blank = _mm_or_si128(
			    _mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
			    _mm_or_si128(
				_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')),
				_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')),
					     _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')))));
			unsigned other = ~(unsigned)_mm_movemask_epi8(blank) & 0xffffu;

			p->at += other ? (size_t)__builtin_ctz(other) : 16;
			continue;
		}
#endif
		p->at++;
	}
}

/* Stops at the first quote, backslash, control or high byte from i on. */
static size_t
plain_run(const char *text, size_t i, size_t len)
{
#ifdef __SSE2__
	while (i + 16 <= len) {
		__m128i v = _mm_loadu_si128((const __m128i *)(text + i));
		/* Signed compare: bytes from 0x80 on are negative, so "less than
		 * blank" finds controls and high bytes alike. */
		__m128i stop =
		    _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
				 _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
					      _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
		unsigned mask = (unsigned)_mm_movemask_epi8(stop);

		if (mask)
			return i + (size_t)__builtin_ctz(mask);
		i += 16;
	}
#endif
	while (i < len) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' || c == '"' || c == '\\' || c >= 0x80)
			break;
		i++;
	}
	return i;
}

/* Length of the UTF-8 sequence at s (n bytes left), 0 when it is not valid:
 * Unicode 15, table 3-7, so no overlong forms and no surrogates. */
static size_t
utf8_len(const unsigned char *s, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		len = 2;
	} else if (s[0] >= 0xe0 && s[0] <= 0xef) {
		len = 3;
		if (s[0] == 0xe0)
			low = 0xa0;
		if (s[0] == 0xed)
			high = 0x9f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		len = 4;
		if (s[0] == 0xf0)
			low = 0x90;
		if (s[0] == 0xf4)
			high = 0x8f;
	} else {
		return 0;
	}
	if (n < len || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return len;
}

/* Four hexadecimal digits at s; -1 when they are not. */
static int
hex4(const char *s, size_t n)
{
	int v = 0;

	if (n < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		char c = s[i];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return v;
}

/* The escape at p->at (on the backslash); moves past it. */
static enum hf_rc
read_escape(struct parser *p)
{
	int high, low;

	if (p->at + 1 >= p->len) {
		p->at = p->len;
		return wrong(p, "the rest of an escape");
	}
	switch (p->text[p->at + 1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		p->at += 2;
		return HF_OK;
	case 'u':
		break;
	default:
		return wrong(p,
			     "an escape that JSON has (\\\" \\\\ \\/ \\b \\f \\n \\r "
			     "\\t \\uXXXX)");
	}
	high = hex4(p->text + p->at + 2, p->len - p->at - 2);
	if (high < 0)
		return wrong(p, "four hexadecimal digits after \\u");
	if (high >= 0xdc00 && high <= 0xdfff)
		return wrong(p, "a high surrogate before a low one");
	p->at += 6;
	if (high < 0xd800 || high > 0xdbff)
		return HF_OK;
	if (p->len - p->at < 6 || p->text[p->at] != '\\' || p->text[p->at + 1] != 'u')
		return wrong(p, "a low surrogate after a high one");
	low = hex4(p->text + p->at + 2, p->len - p->at - 2);
	if (low < 0xdc00 || low > 0xdfff)
		return wrong(p, "a low surrogate after a high one");
	p->at += 6;
	return HF_OK;
}

/* A string from its opening quote; off and len are what stands inside. */
static enum hf_rc
read_string(struct parser *p, uint32_t *off, uint32_t *len, bool *escaped)
{
	size_t from = ++p->at;

	*escaped = false;
	for (;;) {
		unsigned char c;

		p->at = plain_run(p->text, p->at, p->len);
		if (p->at >= p->len)
			return wrong(p, "the closing quote of a string");
		c = (unsigned char)p->text[p->at];
		if (c == '"')
			break;
		if (c == '\\') {
			enum hf_rc rc = read_escape(p);

			if (rc != HF_OK)
				return rc;
			*escaped = true;
		} else if (c >= 0x80) {
			size_t n = utf8_len((const unsigned char *)p->text + p->at,
					    p->len - p->at);

			if (n == 0)
				return wrong(p, "valid UTF-8");
			p->at += n;
		} else {
			return wrong(p, "no raw control character in a string (use an "
					"escape such as \\n)");
		}
	}
	*off = (uint32_t)from;
	*len = (uint32_t)(p->at - from);
	p->at++;
	return HF_OK;
}

static bool
is_digit(const struct parser *p)
{
	return p->at < p->len && p->text[p->at] >= '0' && p->text[p->at] <= '9';
}

static enum hf_rc
read_digits(struct parser *p)
{
	if (!is_digit(p))
		return wrong(p, "a digit");
	while (is_digit(p))
		p->at++;
	return HF_OK;
}

/* RFC 8259 section 6: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static enum hf_rc
read_number(struct parser *p)
{
	enum hf_rc rc = HF_OK;

	if (p->text[p->at] == '-')
		p->at++;
	if (p->at < p->len && p->text[p->at] == '0') {
		p->at++;
		if (is_digit(p))
			return wrong(p, "no digit after a leading zero");
	} else {
		rc = read_digits(p);
	}
	if (rc == HF_OK && p->at < p->len && p->text[p->at] == '.') {
		p->at++;
		rc = read_digits(p);
	}
	if (rc == HF_OK && p->at < p->len &&
	    (p->text[p->at] == 'e' || p->text[p->at] == 'E')) {
		p->at++;
		if (p->at < p->len && (p->text[p->at] == '+' || p->text[p->at] == '-'))
			p->at++;
		rc = read_digits(p);
	}
	return rc;
}

static enum hf_rc
grow(struct parser *p)
{
	uint64_t size = (uint64_t)p->size * 2;
	struct hf_json_node *nodes;

	if (p->n >= p->most)
		return hf_fail(p->err, HF_TOO_LONG, NULL,
			       "the JSON has more than %u values; send it in parts",
			       p->most);
	if (size > p->most)
		size = p->most;
	nodes = hf_arena_alloc(p->arena, (size_t)size * sizeof *nodes);
	if (!nodes)
		return hf_fail(p->err, HF_TOO_LONG, NULL,
			       "the JSON needs more memory than one request may use; "
			       "send it in parts");
	memcpy(nodes, p->nodes, (size_t)p->n * sizeof *nodes);
	p->nodes = nodes;
	p->size = (uint32_t)size;
	return HF_OK;
}

static bool
same_key(const struct parser *p, uint32_t a, uint32_t b)
{
	const struct hf_json_node *x = &p->nodes[a], *y = &p->nodes[b];

	return x->key_len == y->key_len &&
	       memcmp(p->text + x->key, p->text + y->key, x->key_len) == 0;
}

static enum hf_rc
duplicate(struct parser *p, uint32_t i)
{
	p->at = p->nodes[i].key;
	return hf_fail(p->err, HF_INVALID, NULL,
		       "the name \"%.*s\" stands twice in one JSON object (byte %zu): "
		       "keep one",
		       p->nodes[i].key_len > 64 ? 64 : (int)p->nodes[i].key_len,
		       p->text + p->nodes[i].key, p->at);
}

/* Duplicate names among the many members of object o, by an open hash table. */
static enum hf_rc
check_many_keys(struct parser *p, uint32_t o, uint32_t count)
{
	uint32_t size = 32, *table;
	struct hf_arena scratch = {.cap = SIZE_MAX};
	enum hf_rc rc = HF_OK;

	while (size < count * 2)
		size *= 2;
	table = hf_arena_array(&scratch, size, sizeof *table);
	if (!table)
		return hf_fail(p->err, HF_TOO_LONG, NULL, "out of memory");
	for (uint32_t c = o + 1; c < p->n && rc == HF_OK; c = p->nodes[c].next) {
		uint64_t h = 1469598103934665603u;
		uint32_t slot;

		for (uint32_t k = 0; k < p->nodes[c].key_len; k++)
			h = (h ^ (unsigned char)p->text[p->nodes[c].key + k]) *
			    1099511628211u;
		slot = (uint32_t)(h ^ h >> 32) & (size - 1);
		while (table[slot] && !same_key(p, table[slot], c))
			slot = (slot + 1) & (size - 1);
		if (table[slot])
			rc = duplicate(p, c);
		table[slot] = c;
	}
	hf_arena_free(&scratch);
	return rc;
}

static enum hf_rc
check_keys(struct parser *p, uint32_t o)
{
	uint32_t kids[PAIRWISE], n = 0, count = 0;

	for (uint32_t c = o + 1; c < p->n; c = p->nodes[c].next)
		if (++count <= PAIRWISE)
			kids[n++] = c;
	if (count > PAIRWISE)
		return check_many_keys(p, o, count);
	for (uint32_t a = 1; a < n; a++)
		for (uint32_t b = 0; b < a; b++)
			if (same_key(p, kids[a], kids[b]))
				return duplicate(p, kids[a]);
	return HF_OK;
}

static bool
in_object(const struct parser *p)
{
	return p->depth > 0 && p->nodes[p->open[p->depth - 1]].type == HF_JSON_OBJECT;
}

/* The name and colon of a member, into node. */
static enum hf_rc
read_key(struct parser *p, struct hf_json_node *node)
{
	uint32_t off, len;
	bool escaped;
	enum hf_rc rc;

	if (p->at >= p->len || p->text[p->at] != '"')
		return wrong(p, "a name in quotes");
	rc = read_string(p, &off, &len, &escaped);
	if (rc != HF_OK)
		return rc;
	if (escaped || len == 0 || len > UINT16_MAX) {
		p->at = off;
		return wrong(p, "a name of 1 to 65535 bytes without escapes");
	}
	node->key = off;
	node->key_len = (uint16_t)len;
	skip_blank(p);
	if (p->at >= p->len || p->text[p->at] != ':')
		return wrong(p, "a colon after a name");
	p->at++;
	skip_blank(p);
	return HF_OK;
}

static enum hf_rc
read_word(struct parser *p, const char *word, size_t n)
{
	if (p->len - p->at < n || memcmp(p->text + p->at, word, n) != 0)
		return wrong(p, "a value");
	p->at += n;
	return HF_OK;
}

static enum hf_rc
read_scalar(struct parser *p, struct hf_json_node *node)
{
	size_t from = p->at;
	bool escaped = false;
	enum hf_rc rc;

	switch (p->text[p->at]) {
	case '"':
		node->type = HF_JSON_STRING;
		rc = read_string(p, &node->off, &node->len, &escaped);
		node->escaped = escaped;
		return rc;
	case 't':
		node->type = HF_JSON_TRUE;
		rc = read_word(p, "true", 4);
		break;
	case 'f':
		node->type = HF_JSON_FALSE;
		rc = read_word(p, "false", 5);
		break;
	case 'n':
		node->type = HF_JSON_NULL;
		rc = read_word(p, "null", 4);
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		node->type = HF_JSON_NUMBER;
		rc = read_number(p);
		break;
	default:
		return wrong(p, "a value");
	}
	node->off = (uint32_t)from;
	node->len = (uint32_t)(p->at - from);
	return rc;
}

/* Closes the innermost array or object, whose bracket is at p->at. */
static enum hf_rc
close_one(struct parser *p)
{
	uint32_t o = p->open[p->depth - 1];
	enum hf_rc rc = HF_OK;

	p->at++;
	p->nodes[o].len = (uint32_t)(p->at - p->nodes[o].off);
	if (p->nodes[o].type == HF_JSON_OBJECT)
		rc = check_keys(p, o);
	p->nodes[o].next = p->n;
	p->depth--;
	return rc;
}

/* One value (its name first, in an object); an array or object is only opened. */
static enum hf_rc
read_value(struct parser *p)
{
	struct hf_json_node node = {0};
	enum hf_rc rc = HF_OK;
	char c;

	if (p->n == p->size && (rc = grow(p)) != HF_OK)
		return rc;
	if (in_object(p) && (rc = read_key(p, &node)) != HF_OK)
		return rc;
	if (p->at >= p->len)
		return wrong(p, "a value");
	c = p->text[p->at];
	if (c == '{' || c == '[') {
		if (p->depth == p->deepest)
			return hf_fail(p->err, HF_TOO_LONG, NULL,
				       "the JSON is nested more than %u deep at byte "
				       "%zu",
				       p->deepest, p->at);
		node.type = c == '{' ? HF_JSON_OBJECT : HF_JSON_ARRAY;
		node.off = (uint32_t)p->at++;
		p->open[p->depth++] = p->n;
		p->nodes[p->n++] = node;
		return HF_OK;
	}
	rc = read_scalar(p, &node);
	node.next = p->n + 1;
	p->nodes[p->n++] = node;
	return rc;
}

static enum hf_rc
parse(struct parser *p)
{
	bool fresh = true; /* nothing yet in the innermost array or object */
	enum hf_rc rc;

	skip_blank(p);
	if (p->at >= p->len)
		return wrong(p, "a value");
	rc = read_value(p);
	while (rc == HF_OK && p->depth > 0) {
		char close = in_object(p) ? '}' : ']';

		skip_blank(p);
		if (p->at < p->len && p->text[p->at] == close) {
			rc = close_one(p);
			continue;
		}
		fresh = p->n == p->open[p->depth - 1] + 1;
		if (!fresh) {
			if (p->at >= p->len || p->text[p->at] != ',')
				return wrong(p, close == '}' ? "a comma or }"
							     : "a comma or ]");
			p->at++;
			skip_blank(p);
		}
		rc = read_value(p);
	}
	if (rc != HF_OK)
		return rc;
	skip_blank(p);
	return p->at == p->len ? HF_OK : wrong(p, "nothing after the value");
}

enum hf_rc
hf_json_parse(struct hf_sv text, const struct hf_json_limits *limits,
	      struct hf_arena *arena, struct hf_json *out, struct hf_err *err)
{
	static const struct hf_json_limits none;
	struct parser p = {.text = text.p, .len = text.n, .arena = arena, .err = err};
	enum hf_rc rc;
	size_t most;

	if (!limits)
		limits = &none;
	most = limits->bytes ? limits->bytes : UINT32_MAX - 1;
	if (text.n > most || text.n >= UINT32_MAX)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "%zu bytes of JSON; at most %zu are read at once",
			       text.n, most);
	p.deepest = limits->depth ? limits->depth : DEPTH_DEFAULT;
	if (p.deepest > DEPTH_MOST)
		p.deepest = DEPTH_MOST;
	p.most = limits->nodes ? limits->nodes : UINT32_MAX - 1;
	p.size = (uint32_t)(text.n / 24 + 16);
	p.nodes = hf_arena_alloc(arena, p.size * sizeof *p.nodes);
	if (!p.nodes)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the JSON needs more memory than one request may use; "
			       "send it in parts");
	rc = parse(&p);
	if (rc != HF_OK)
		return rc;
	*out =
	    (struct hf_json){.text = text.p, .len = text.n, .nodes = p.nodes, .n = p.n};
	return HF_OK;
}

struct hf_sv
hf_json_source(const struct hf_json *d, uint32_t i)
{
	struct hf_sv s = hf_json_raw(d, i);

	if (d->nodes[i].type == HF_JSON_STRING)
		return (struct hf_sv){s.p - 1, s.n + 2};
	return s;
}

uint32_t
hf_json_get(const struct hf_json *d, uint32_t i, struct hf_sv key)
{
	if (i == HF_JSON_NONE || d->nodes[i].type != HF_JSON_OBJECT)
		return HF_JSON_NONE;
	for (uint32_t c = i + 1; c < d->nodes[i].next; c = d->nodes[c].next)
		if (d->nodes[c].key_len == key.n &&
		    memcmp(d->text + d->nodes[c].key, key.p, key.n) == 0)
			return c;
	return HF_JSON_NONE;
}

uint32_t
hf_json_at(const struct hf_json *d, uint32_t i, uint32_t at)
{
	if (i == HF_JSON_NONE || d->nodes[i].type != HF_JSON_ARRAY)
		return HF_JSON_NONE;
	for (uint32_t c = i + 1; c < d->nodes[i].next; c = d->nodes[c].next)
		if (at-- == 0)
			return c;
	return HF_JSON_NONE;
}

uint32_t
hf_json_count(const struct hf_json *d, uint32_t i)
{
	uint32_t n = 0;

	if (i == HF_JSON_NONE || d->nodes[i].type < HF_JSON_ARRAY)
		return 0;
	for (uint32_t c = i + 1; c < d->nodes[i].next; c = d->nodes[c].next)
		n++;
	return n;
}

static char *
put_utf8(char *to, unsigned v)
{
	if (v < 0x80) {
		*to++ = (char)v;
	} else if (v < 0x800) {
		*to++ = (char)(0xc0 | v >> 6);
		*to++ = (char)(0x80 | (v & 0x3f));
	} else if (v < 0x10000) {
		*to++ = (char)(0xe0 | v >> 12);
		*to++ = (char)(0x80 | (v >> 6 & 0x3f));
		*to++ = (char)(0x80 | (v & 0x3f));
	} else {
		*to++ = (char)(0xf0 | v >> 18);
		*to++ = (char)(0x80 | (v >> 12 & 0x3f));
		*to++ = (char)(0x80 | (v >> 6 & 0x3f));
		*to++ = (char)(0x80 | (v & 0x3f));
	}
	return to;
}

/* Undoes the escape at s (past the backslash); the parser has checked it. */
static const char *
unescape_one(const char *s, char **to)
{
	static const char from[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	unsigned v;

	if (*s != 'u') {
		*(*to)++ = means[strchr(from, *s) - from];
		return s + 1;
	}
	v = (unsigned)hex4(s + 1, 4);
	s += 5;
	if (v >= 0xd800 && v <= 0xdbff) {
		v = 0x10000 + ((v - 0xd800) << 10) +
		    ((unsigned)hex4(s + 2, 4) - 0xdc00);
		s += 6;
	}
	*to = put_utf8(*to, v);
	return s;
}

struct hf_sv
hf_json_str(const struct hf_json *d, uint32_t i, struct hf_arena *arena)
{
	struct hf_sv raw;
	const char *s, *end;
	char *out, *to;

	if (i == HF_JSON_NONE || d->nodes[i].type != HF_JSON_STRING)
		return (struct hf_sv){NULL, 0};
	raw = hf_json_raw(d, i);
	if (!d->nodes[i].escaped)
		return raw;
	out = to = hf_arena_alloc(arena, raw.n + 1);
	if (!out)
		return (struct hf_sv){NULL, 0};
	for (s = raw.p, end = raw.p + raw.n; s < end;) {
		if (*s == '\\')
			s = unescape_one(s + 1, &to);
		else
			*to++ = *s++;
	}
	*to = '\0';
	return (struct hf_sv){out, (size_t)(to - out)};
}

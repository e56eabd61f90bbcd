/* pretty.c - JSON with line breaks. */
#include "server/pretty.h"

#include "base/buf.h"

static void
new_line(struct hf_buf *out, unsigned depth)
{
	hf_buf_char(out, '\n');
	for (unsigned i = 0; i < depth; i++)
		hf_buf_lit(out, "  ");
}

/* The string that begins at json.p[i], quotes included. */
static size_t
string_length(struct hf_sv json, size_t i)
{
	size_t n = 1;

	while (i + n < json.n && json.p[i + n] != '"')
		n += json.p[i + n] == '\\' ? 2 : 1;
	return i + n < json.n ? n + 1 : json.n - i;
}

static void
one(struct hf_sv json, size_t i, unsigned *depth, struct hf_buf *out)
{
	char c = json.p[i];
	bool empty = i + 1 < json.n && (json.p[i + 1] == '}' || json.p[i + 1] == ']');

	if (c == '}' || c == ']') {
		bool was_empty =
		    i > 0 && (json.p[i - 1] == '{' || json.p[i - 1] == '[');

		*depth -= *depth > 0;
		if (!was_empty)
			new_line(out, *depth);
	}
	hf_buf_char(out, c);
	if (c == ':')
		hf_buf_char(out, ' ');
	if (c == '{' || c == '[')
		++*depth;
	if (c == ',' || ((c == '{' || c == '[') && !empty))
		new_line(out, *depth);
}

struct hf_sv
hf_pretty(struct hf_sv json, struct hf_arena *arena)
{
	struct hf_buf out = {.cap = json.n * 8 + 1024};
	struct hf_sv text = {NULL, 0};
	unsigned depth = 0;

	for (size_t i = 0; i < json.n;) {
		if (json.p[i] == '"') {
			size_t n = string_length(json, i);

			hf_buf_add(&out, json.p + i, n);
			i += n;
		} else {
			one(json, i++, &depth, &out);
		}
	}
	hf_buf_char(&out, '\n');
	if (!out.failed)
		text = hf_arena_sv(arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return text;
}

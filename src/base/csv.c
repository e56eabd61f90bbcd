/* csv.c - rows of a CSV file. */
#include "base/csv.h"

/* Bytes of the UTF-8 character at s; 0 when it is none.  Control characters are none.
 */
static size_t
utf8_at(struct hf_sv s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80		? 1
		   : (c & 0xe0) == 0xc0 ? 2
		   : (c & 0xf0) == 0xe0 ? 3
		   : (c & 0xf8) == 0xf0 ? 4
					: 0;

	if (n == 0 || n > s.n || c == 0xc0 || c == 0xc1 || c > 0xf4 ||
	    (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool
is_utf8(struct hf_sv s)
{
	while (s.n) {
		size_t n = utf8_at(s);

		if (n == 0)
			return false;
		s = hf_sv_from_at(s, n);
	}
	return true;
}

/* The field in quotes that *s begins with; *s stands behind its last quote. */
static const char *
quoted(struct hf_sv *s, struct hf_arena *arena, struct hf_sv *out)
{
	size_t end = 1, doubled = 0;
	char *p;

	for (; end < s->n; end++) {
		if (s->p[end] != '"')
			continue;
		if (end + 1 >= s->n || s->p[end + 1] != '"')
			break;
		doubled++;
		end++;
	}
	if (end >= s->n)
		return "a quote is not closed";
	*out = (struct hf_sv){s->p + 1, end - 1};
	*s = hf_sv_from_at(*s, end + 1);
	if (doubled == 0)
		return NULL;
	p = hf_arena_alloc(arena, out->n);
	if (!p)
		return "no memory";
	end = 0;
	for (size_t i = 0; i < out->n; i++) {
		p[end++] = out->p[i];
		i += out->p[i] == '"';
	}
	*out = (struct hf_sv){p, end};
	return NULL;
}

static bool
at_end(struct hf_sv s)
{
	return s.n == 0 || s.p[0] == '\n' ||
	       (s.p[0] == '\r' && s.n > 1 && s.p[1] == '\n');
}

static const char *
field(struct hf_sv *s, char separator, struct hf_arena *arena, struct hf_sv *out)
{
	size_t n = 0;

	if (s->n && s->p[0] == '"') {
		const char *wrong = quoted(s, arena, out);

		if (wrong)
			return wrong;
		if (!at_end(*s) && s->p[0] != separator)
			return "text stands after a closing quote";
	} else {
		while (n < s->n && s->p[n] != separator && s->p[n] != '\n')
			n++;
		*out = (struct hf_sv){s->p, n};
		*s = hf_sv_from_at(*s, n);
	}
	*out = hf_sv_trim(*out);
	if (out->n > HF_CSV_FIELD_MAX)
		return "a field is too long";
	return is_utf8(*out) ? NULL : "a field is no UTF-8 text";
}

static void
skip_line(struct hf_sv *s)
{
	*s = hf_sv_from_at(*s, hf_sv_find(*s, '\n') + 1);
}

static void
count_lines(struct hf_csv *csv, const char *from)
{
	for (; from < csv->rest.p; from++)
		csv->next += *from == '\n';
}

enum hf_rc
hf_csv_next(struct hf_csv *csv, struct hf_arena *arena, struct hf_csv_row *out,
	    struct hf_err *err)
{
	char separator = csv->separator ? csv->separator : ',';
	const char *wrong = NULL, *from;

	if (csv->next == 0) {
		csv->next = 1;
		if (hf_sv_starts(csv->rest, HF_SV("\xef\xbb\xbf")))
			csv->rest = hf_sv_from_at(csv->rest, 3);
	}
	while (csv->rest.n && at_end(csv->rest)) {
		skip_line(&csv->rest);
		csv->next++;
	}
	out->n = 0;
	out->text = csv->rest;
	csv->line = csv->next;
	from = csv->rest.p;
	while (csv->rest.n) {
		if (out->n == HF_CSV_FIELDS) {
			wrong = "more than 400 fields";
			break;
		}
		wrong = field(&csv->rest, separator, arena, &out->fields[out->n++]);
		if (wrong || at_end(csv->rest))
			break;
		csv->rest = hf_sv_from_at(csv->rest, 1);
		/* A comma at the very end leaves an empty field. */
		if (csv->rest.n == 0 && out->n < HF_CSV_FIELDS)
			out->fields[out->n++] = (struct hf_sv){0};
	}
	if (wrong) {
		/* A quote that is not closed would take the rest of the file with it.
		 */
		csv->rest = out->text;
		out->n = 0;
	}
	out->text.n =
	    wrong ? hf_sv_find(out->text, '\n') : (size_t)(csv->rest.p - out->text.p);
	if (csv->rest.n)
		skip_line(&csv->rest);
	if (from)
		count_lines(csv, from);
	return wrong ? hf_fail(err, HF_INVALID, NULL, "%s", wrong) : HF_OK;
}

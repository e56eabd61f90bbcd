/* person_text.c - FHIR data types in the words a clinician reads. */
#include "record/person_text.h"

static const struct hf_sv nothing = {NULL, 0};

/* ---- finding ---- */

/* One alternative: members from node, arrays by the first element that leads on. */
static uint32_t
dig_one(const struct hf_json *doc, uint32_t node, struct hf_sv path)
{
	struct hf_sv rest = path, member;

	if (node == HF_JSON_NONE)
		return HF_JSON_NONE;
	if (hf_json_type(doc, node) == HF_JSON_ARRAY) {
		for (uint32_t c = node + 1; c < doc->nodes[node].next;
		     c = doc->nodes[c].next) {
			uint32_t found = dig_one(doc, c, path);

			if (found != HF_JSON_NONE)
				return found;
		}
		return HF_JSON_NONE;
	}
	if (path.n == 0)
		return node;
	member = hf_sv_cut(&rest, '.');
	return dig_one(doc, hf_json_get(doc, node, member), rest);
}

uint32_t
hf_dig(const struct hf_json *doc, uint32_t node, const char *path)
{
	struct hf_sv rest = hf_sv_from(path);

	while (rest.n) {
		uint32_t found = dig_one(doc, node, hf_sv_cut(&rest, '|'));

		if (found != HF_JSON_NONE)
			return found;
	}
	return HF_JSON_NONE;
}

static struct hf_sv
primitive(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	if (node == HF_JSON_NONE)
		return nothing;
	switch (hf_json_type(doc, node)) {
	case HF_JSON_STRING:
		return hf_sv_trim(hf_json_str(doc, node, arena));
	case HF_JSON_NUMBER:
		return hf_json_raw(doc, node);
	case HF_JSON_TRUE:
		return HF_SV("yes");
	case HF_JSON_FALSE:
		return HF_SV("no");
	default:
		return nothing;
	}
}

struct hf_sv
hf_dig_text(const struct hf_json *doc, uint32_t node, const char *path,
	    struct hf_arena *arena)
{
	return primitive(doc, hf_dig(doc, node, path), arena);
}

bool
hf_has_code(const struct hf_json *doc, uint32_t node, struct hf_sv code)
{
	uint32_t in;

	if (node == HF_JSON_NONE)
		return false;
	if (hf_json_type(doc, node) == HF_JSON_ARRAY) {
		for (uint32_t c = node + 1; c < doc->nodes[node].next;
		     c = doc->nodes[c].next)
			if (hf_has_code(doc, c, code))
				return true;
		return false;
	}
	in = hf_json_member(doc, node, "coding");
	if (in != HF_JSON_NONE)
		return hf_has_code(doc, in, code);
	in = hf_json_member(doc, node, "code");
	return in != HF_JSON_NONE && hf_sv_eq(hf_json_raw(doc, in), code);
}

bool
hf_mentions(struct hf_sv text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.n; i++) {
		size_t k = 0;

		while (k < n) {
			char c = text.p[i + k];

			if (c >= 'A' && c <= 'Z')
				c = (char)(c + 32);
			if (c != word[k])
				break;
			k++;
		}
		if (k == n)
			return true;
	}
	return false;
}

/* ---- names and addresses ---- */

/* Appends the strings of an array (or one string), sep between. */
static void
join(struct hf_buf *out, const struct hf_json *doc, uint32_t node, const char *sep,
     struct hf_arena *arena)
{
	bool array = node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_ARRAY;
	uint32_t first = array ? node + 1 : node;
	uint32_t end = node == HF_JSON_NONE ? 0 : doc->nodes[node].next;

	for (uint32_t c = first; c < end; c = doc->nodes[c].next) {
		struct hf_sv s = primitive(doc, c, arena);

		if (s.n == 0)
			continue;
		if (out->n)
			hf_buf_add(out, sep, strlen(sep));
		hf_buf_sv(out, s);
		if (!array)
			return;
	}
}

static struct hf_sv
taken(struct hf_buf *out, struct hf_arena *arena)
{
	struct hf_sv s = nothing;

	if (!out->failed && out->n)
		s = hf_arena_sv(arena, hf_buf_view(out));
	hf_buf_free(out);
	return s;
}

/* Upper case of ASCII and of the Latin-1 letters in UTF-8 (é → É). */
static void
add_upper(struct hf_buf *out, struct hf_sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool latin = i > 0 && (unsigned char)s.p[i - 1] == 0xc3;

		if (c >= 'a' && c <= 'z')
			c = (unsigned char)(c - 32);
		else if (latin && c >= 0xa0 && c <= 0xbe && c != 0xb7)
			c = (unsigned char)(c - 32);
		hf_buf_char(out, (char)c);
	}
}

struct hf_sv
hf_name_words(const struct hf_json *doc, uint32_t node, bool plain,
	      struct hf_arena *arena)
{
	struct hf_sv family = hf_dig_text(doc, node, "family", arena);
	uint32_t given = hf_json_member(doc, node, "given");
	uint32_t prefix = hf_json_member(doc, node, "prefix");
	struct hf_buf out = {.cap = 512}, first = {.cap = 256}, title = {.cap = 64};

	join(&first, doc, given, " ", arena);
	join(&title, doc, prefix, " ", arena);
	if (family.n == 0 && first.n == 0) {
		hf_buf_sv(&out, hf_dig_text(doc, node, "text", arena));
	} else if (plain) {
		hf_buf_sv(&out, hf_buf_view(&title));
		if (out.n && first.n)
			hf_buf_char(&out, ' ');
		hf_buf_sv(&out, hf_buf_view(&first));
		if (out.n && family.n)
			hf_buf_char(&out, ' ');
		hf_buf_sv(&out, family);
	} else {
		add_upper(&out, family);
		if (family.n && first.n)
			hf_buf_lit(&out, ", ");
		hf_buf_sv(&out, hf_buf_view(&first));
		if (title.n)
			hf_buf_printf(&out, " (%.*s)", (int)title.n, title.p);
	}
	hf_buf_free(&first);
	hf_buf_free(&title);
	return taken(&out, arena);
}

uint32_t
hf_name_best(const struct hf_json *doc, uint32_t names)
{
	uint32_t best = HF_JSON_NONE;
	int best_rank = 9;

	if (names == HF_JSON_NONE || hf_json_type(doc, names) != HF_JSON_ARRAY)
		return names;
	for (uint32_t c = names + 1; c < doc->nodes[names].next;
	     c = doc->nodes[c].next) {
		uint32_t at = hf_json_member(doc, c, "use");
		struct hf_sv use = at == HF_JSON_NONE ? nothing : hf_json_raw(doc, at);
		int rank = hf_sv_is(use, "usual")      ? 0
			   : hf_sv_is(use, "official") ? 1
			   : use.n == 0		       ? 2
			   : hf_sv_is(use, "old")      ? 5
			   : hf_sv_is(use, "maiden")   ? 5
						       : 3;

		if (rank < best_rank) {
			best = c;
			best_rank = rank;
		}
	}
	return best;
}

struct hf_sv
hf_address_words(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	static const char *const parts[] = {"line", "city", "district", "postalCode"};
	struct hf_buf out = {.cap = 512};

	for (size_t i = 0; i < HF_COUNT(parts); i++)
		join(&out, doc, hf_json_get(doc, node, hf_sv_from(parts[i])), ", ",
		     arena);
	if (out.n == 0)
		hf_buf_sv(&out, hf_dig_text(doc, node, "text", arena));
	return taken(&out, arena);
}

/* ---- values ---- */

/* The unit as it is written on a chart; the code tells it exactly. */
static struct hf_sv
unit_words(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	static const char *const units[][2] = {
	    {"/min", "/min"},
	    {"{beats}/min", "/min"},
	    {"{breaths}/min", "/min"},
	    {"Cel", "°C"},
	    {"mm[Hg]", "mmHg"},
	    {"kg/m2", "kg/m²"},
	    {"mL/min/{1.73_m2}", "mL/min/1.73 m²"},
	    {"{score}", ""},
	    {"1", ""},
	    {"%", "%"},
	};
	struct hf_sv code = hf_dig_text(doc, node, "code", arena);

	for (size_t i = 0; i < HF_COUNT(units); i++)
		if (hf_sv_eq(code, hf_sv_from(units[i][0])))
			return hf_sv_from(units[i][1]);
	return hf_dig_text(doc, node, "unit|code", arena);
}

static struct hf_sv
quantity(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv value = hf_dig_text(doc, node, "value", arena);
	struct hf_sv unit = unit_words(doc, node, arena);
	struct hf_sv than = hf_dig_text(doc, node, "comparator", arena);

	if (value.n == 0)
		return nothing;
	if (unit.n == 0)
		return hf_arena_printf(arena, "%.*s%.*s", HF_SV_ARG(than),
				       HF_SV_ARG(value));
	return hf_arena_printf(arena, "%.*s%.*s%s%.*s", HF_SV_ARG(than),
			       HF_SV_ARG(value), strchr("%/", unit.p[0]) ? "" : " ",
			       HF_SV_ARG(unit));
}

static struct hf_sv
pair(const struct hf_json *doc, uint32_t a, uint32_t b, const char *between,
     struct hf_arena *arena)
{
	struct hf_sv x = hf_words(doc, a, arena), y = hf_words(doc, b, arena);

	if (x.n == 0 || y.n == 0)
		return x.n ? x : y;
	return hf_arena_printf(arena, "%.*s%s%.*s", HF_SV_ARG(x), between,
			       HF_SV_ARG(y));
}

static struct hf_sv concept(const struct hf_json *doc, uint32_t node,
			    struct hf_arena *arena)
{
	struct hf_sv s = hf_dig_text(doc, node, "text", arena);

	if (s.n == 0)
		s = hf_dig_text(doc, node, "coding.display", arena);
	return s.n ? s : hf_dig_text(doc, node, "coding.code", arena);
}

static bool
has(const struct hf_json *doc, uint32_t node, const char *member)
{
	return hf_json_get(doc, node, hf_sv_from(member)) != HF_JSON_NONE;
}

static struct hf_sv
object_words(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	if (has(doc, node, "coding"))
	return concept(doc, node, arena);
	if (has(doc, node, "family") || has(doc, node, "given"))
		return hf_name_words(doc, node, true, arena);
	if (has(doc, node, "postalCode") || has(doc, node, "line"))
		return hf_address_words(doc, node, arena);
	if (has(doc, node, "low") || has(doc, node, "high"))
		return pair(doc, hf_json_member(doc, node, "low"),
			    hf_json_member(doc, node, "high"), " to ", arena);
	if (has(doc, node, "numerator"))
		return pair(doc, hf_json_member(doc, node, "numerator"),
			    hf_json_member(doc, node, "denominator"), " per ", arena);
	if (has(doc, node, "start") || has(doc, node, "end"))
		return pair(doc, hf_json_member(doc, node, "start"),
			    hf_json_member(doc, node, "end"), " to ", arena);
	if (has(doc, node, "value"))
		return quantity(doc, node, arena);
	if (has(doc, node, "reference"))
		return hf_dig_text(doc, node, "display", arena);
	return hf_dig_text(doc, node, "text|display|name|code", arena);
}

struct hf_sv
hf_words(const struct hf_json *doc, uint32_t node, struct hf_arena *arena)
{
	struct hf_sv s = nothing;

	if (node == HF_JSON_NONE)
		return nothing;
	switch (hf_json_type(doc, node)) {
	case HF_JSON_OBJECT:
		return object_words(doc, node, arena);
	case HF_JSON_ARRAY:
		for (uint32_t c = node + 1; c < doc->nodes[node].next && s.n == 0;
		     c = doc->nodes[c].next)
			s = hf_words(doc, c, arena);
		return s;
	default:
		return primitive(doc, node, arena);
	}
}

struct hf_sv
hf_dig_words(const struct hf_json *doc, uint32_t node, const char *path,
	     struct hf_arena *arena)
{
	struct hf_sv rest = hf_sv_from(path), s = nothing;

	while (rest.n && s.n == 0)
		s = hf_words(doc, dig_one(doc, node, hf_sv_cut(&rest, '|')), arena);
	return s;
}

/* bars_json.c - finding one's way in a message: paths, references, code systems. */
#include "hub/bars_int.h"

uint32_t
hf_bars_at(const struct hf_json *doc, uint32_t node, struct hf_sv path)
{
	while (path.n && node != HF_JSON_NONE) {
		node = hf_json_get(doc, node, hf_sv_cut(&path, '.'));
		if (node != HF_JSON_NONE && hf_json_type(doc, node) == HF_JSON_ARRAY)
			node = hf_json_at(doc, node, 0);
	}
	return node;
}

struct hf_sv
hf_bars_text(const struct hf_json *doc, uint32_t node, struct hf_sv path,
	     struct hf_arena *arena)
{
	return hf_sv_trim(hf_json_str(doc, hf_bars_at(doc, node, path), arena));
}

static struct hf_sv
join(struct hf_arena *arena, struct hf_sv a, struct hf_sv b)
{
	if (a.n == 0 || b.n == 0)
		return a.n ? a : b;
	return hf_arena_printf(arena, "%.*s; %.*s", HF_SV_ARG(a), HF_SV_ARG(b));
}

struct hf_sv
hf_bars_words(const struct hf_json *doc, uint32_t concept, struct hf_arena *arena)
{
	struct hf_sv text = hf_bars_get(doc, concept, "text", arena);
	uint32_t codings = hf_json_member(doc, concept, "coding");

	if (text.n)
		return text;
	for (uint32_t i = 0; i < hf_json_count(doc, codings) && i < 8; i++)
		text = join(
		    arena, text,
		    hf_bars_get(doc, hf_json_at(doc, codings, i), "display", arena));
	return text.n ? text : hf_bars_get(doc, concept, "coding.code", arena);
}

struct hf_sv
hf_bars_code(const struct hf_json *doc, uint32_t concept, struct hf_sv name,
	     struct hf_arena *arena)
{
	uint32_t codings = hf_json_member(doc, concept, "coding");

	for (uint32_t i = 0; i < hf_json_count(doc, codings); i++) {
		uint32_t coding = hf_json_at(doc, codings, i);

		if (hf_sv_ends(hf_bars_get(doc, coding, "system", arena), name))
			return hf_bars_get(doc, coding, "code", arena);
	}
	return HF_SV("");
}

/* ---- identifier systems ---- */

static bool
same_letters(struct hf_sv a, struct hf_sv b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		unsigned char x = (unsigned char)a.p[i], y = (unsigned char)b.p[i];

		if (x != y &&
		    ((x | 32) != (y | 32) || (x | 32) < 'a' || (x | 32) > 'z'))
			return false;
	}
	return true;
}

bool
hf_bars_system(struct hf_sv text, struct hf_sv name)
{
	static const struct hf_sv base = {"://fhir.nhs.uk/Id/", 18};
	struct hf_sv scheme = {text.p, hf_sv_find(text, ':')};
	struct hf_sv rest = hf_sv_from_at(text, scheme.n);
	struct hf_sv last = hf_sv_from_at(rest, base.n);

	if (!same_letters(scheme, HF_SV("http")) &&
	    !same_letters(scheme, HF_SV("https")))
		return false;
	if (rest.n < base.n || !same_letters((struct hf_sv){rest.p, base.n}, base))
		return false;
	if (hf_sv_is(name, "ods-organization-code") &&
	    same_letters(last, HF_SV("ods-organisation-code")))
		return true;
	return same_letters(last, name);
}

struct hf_sv
hf_bars_identifier(const struct hf_json *doc, uint32_t resource, struct hf_sv name,
		   struct hf_arena *arena)
{
	uint32_t list = hf_json_member(doc, resource, "identifier");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		uint32_t one = hf_json_at(doc, list, i);

		if (hf_bars_system(hf_bars_get(doc, one, "system", arena), name))
			return hf_bars_get(doc, one, "value", arena);
	}
	return HF_SV("");
}

struct hf_sv
hf_bars_ods(const struct hf_json *doc, uint32_t resource, struct hf_arena *arena)
{
	struct hf_sv ods =
	    hf_bars_identifier(doc, resource, HF_SV("ods-organization-code"), arena);
	char *p = hf_arena_cstr(arena, ods);

	for (size_t i = 0; p && i < ods.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return hf_sv_from(p);
}

/* ---- references ---- */

static bool
is_type_and_id(const struct hf_bars_entry *e, struct hf_sv reference)
{
	struct hf_sv type = hf_sv_cut(&reference, '/');

	return e->id.n && hf_sv_eq(reference, e->id) &&
	       hf_sv_eq(type, hf_sv_from(hf_type_get(e->type)->name));
}

size_t
hf_bars_find(const struct hf_bars *b, struct hf_sv reference)
{
	if (reference.n == 0)
		return SIZE_MAX;
	for (size_t i = 0; i < b->n; i++)
		if (hf_sv_eq(b->entries[i].full_url, reference))
			return i;
	for (size_t i = 0; i < b->n; i++)
		if (is_type_and_id(&b->entries[i], reference))
			return i;
	return SIZE_MAX;
}

size_t
hf_bars_follow(const struct hf_bars *b, uint32_t node, struct hf_sv path,
	       hf_type_id type, struct hf_arena *arena)
{
	uint32_t at = hf_bars_at(b->doc, node, path);
	size_t i = hf_bars_find(b, hf_bars_get(b->doc, at, "reference", arena));

	return i != SIZE_MAX && type && b->entries[i].type != type ? SIZE_MAX : i;
}

struct hf_sv
hf_bars_path(struct hf_arena *arena, size_t entry, const char *element)
{
	return hf_arena_printf(arena, "Bundle.entry[%zu].resource%s%s", entry,
			       *element ? "." : "", element);
}

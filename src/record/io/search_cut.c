/* search_cut.c - a resource cut down as _summary and _elements ask.
 *
 * What is kept stands byte for byte as it stood.  resourceType, id, meta and what
 * must be there are always kept, and meta.tag says that the rest is missing. */
#include "record/io/search_int.h"

enum { MAX_DEPTH = 32 };

#define SUBSETTED                                                                      \
	"{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ObservationValue\","   \
	"\"code\":\"SUBSETTED\"}"

/* The name an element goes by for _elements and the tables: "_x" is x. */
static struct hf_sv
plain_name(struct hf_sv key)
{
	return key.n && key.p[0] == '_' ? hf_sv_from_at(key, 1) : key;
}

static bool
asked_for(const struct hf_search *s, hf_type_id type, struct hf_sv key,
	  const struct hf_elem *e)
{
	struct hf_sv name = hf_sv_from(e ? e->name : NULL);

	for (size_t i = 0; i < s->elements.n; i++) {
		struct hf_sv rest = s->elements.items[i], head = hf_sv_cut(&rest, '.');
		hf_type_id named = hf_resource_find(head);

		if (named && named != type)
			continue;
		if (named)
			head = hf_sv_cut(&rest, '.');
		/* Only the base element of a longer path is looked at (R4 3.1.1.5.9).
		 */
		if (hf_sv_eq(head, key) || (name.n && hf_sv_eq(head, name)))
			return true;
	}
	return false;
}

static bool
kept(const struct hf_search *s, hf_type_id type, struct hf_sv key)
{
	struct hf_sv name = plain_name(key);
	hf_type_id of;
	const struct hf_elem *e = hf_elem_find(type, name, &of);

	if (hf_sv_is(name, "resourceType") || hf_sv_is(name, "id") ||
	    hf_sv_is(name, "meta"))
		return true;
	if (s->elements.n)
		return (e && e->min > 0) || asked_for(s, type, name, e);
	switch (s->summary) {
	case HF_SUMMARY_TRUE:
		return e && (e->summary || e->min > 0);
	case HF_SUMMARY_TEXT:
		return (e && e->min > 0) || hf_sv_is(name, "text");
	case HF_SUMMARY_DATA:
		return !hf_sv_is(name, "text");
	default:
		return true;
	}
}

/* meta with the tag added; node HF_JSON_NONE when there is none. */
static void
write_meta(const struct hf_json *d, uint32_t node, struct hf_jw *w)
{
	bool tagged = false;

	hf_jw_member(w, "meta");
	hf_jw_obj(w);
	if (node != HF_JSON_NONE && hf_json_type(d, node) == HF_JSON_OBJECT) {
		for (uint32_t c = node + 1; c < d->nodes[node].next;
		     c = d->nodes[c].next) {
			struct hf_sv key = hf_json_key(d, c);

			hf_jw_key(w, key);
			if (!hf_sv_is(key, "tag") ||
			    hf_json_type(d, c) != HF_JSON_ARRAY) {
				hf_jw_raw(w, hf_json_source(d, c));
				continue;
			}
			tagged = true;
			hf_jw_arr(w);
			for (uint32_t t = c + 1; t < d->nodes[c].next;
			     t = d->nodes[t].next)
				hf_jw_raw(w, hf_json_source(d, t));
			hf_jw_raw(w, HF_SV(SUBSETTED));
			hf_jw_arr_end(w);
		}
	}
	if (!tagged) {
		hf_jw_member(w, "tag");
		hf_jw_arr(w);
		hf_jw_raw(w, HF_SV(SUBSETTED));
		hf_jw_arr_end(w);
	}
	hf_jw_obj_end(w);
}

static bool
in_summary(const struct hf_json *d, uint32_t node, hf_type_id owner, hf_type_id *of)
{
	const struct hf_elem *e =
	    hf_elem_find(owner, plain_name(hf_json_key(d, node)), of);

	return e && (e->summary || e->min > 0);
}

/* An object of which nothing would be left is kept whole: {} is no element. */
static bool
has_summary(const struct hf_json *d, uint32_t node, hf_type_id type)
{
	hf_type_id of;

	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next)
		if (in_summary(d, c, type, &of))
			return true;
	return false;
}

static void write_summary(const struct hf_json *d, uint32_t node, hf_type_id type,
			  unsigned depth, struct hf_jw *w);

/* A backbone element keeps only its own summary elements; data types are whole. */
static void
write_part(const struct hf_json *d, uint32_t node, hf_type_id of, unsigned depth,
	   struct hf_jw *w)
{
	bool backbone =
	    of && depth < MAX_DEPTH && hf_type_get(of)->kind == HF_KIND_BACKBONE;

	if (backbone && hf_json_type(d, node) == HF_JSON_OBJECT &&
	    has_summary(d, node, of)) {
		write_summary(d, node, of, depth + 1, w);
	} else if (backbone && hf_json_type(d, node) == HF_JSON_ARRAY) {
		hf_jw_arr(w);
		for (uint32_t c = node + 1; c < d->nodes[node].next;
		     c = d->nodes[c].next)
			write_part(d, c, of, depth, w);
		hf_jw_arr_end(w);
	} else {
		hf_jw_raw(w, hf_json_source(d, node));
	}
}

static void
write_summary(const struct hf_json *d, uint32_t node, hf_type_id type, unsigned depth,
	      struct hf_jw *w)
{
	hf_jw_obj(w);
	for (uint32_t c = node + 1; c < d->nodes[node].next; c = d->nodes[c].next) {
		hf_type_id of = 0;

		if (!in_summary(d, c, type, &of))
			continue;
		hf_jw_key(w, hf_json_key(d, c));
		write_part(d, c, of, depth, w);
	}
	hf_jw_obj_end(w);
}

static void
write_cut(const struct hf_search *s, hf_type_id type, const struct hf_json *d,
	  struct hf_jw *w)
{
	bool meta = false;

	hf_jw_obj(w);
	for (uint32_t c = 1; c < d->nodes[0].next; c = d->nodes[c].next) {
		struct hf_sv key = hf_json_key(d, c);
		hf_type_id of = 0;

		if (!kept(s, type, key))
			continue;
		if (hf_sv_is(key, "meta")) {
			write_meta(d, c, w);
			meta = true;
			continue;
		}
		hf_jw_key(w, key);
		if (s->summary == HF_SUMMARY_TRUE) {
			hf_elem_find(type, plain_name(key), &of);
			write_part(d, c, of, 0, w);
		} else {
			hf_jw_raw(w, hf_json_source(d, c));
		}
	}
	if (!meta)
		write_meta(d, HF_JSON_NONE, w);
	hf_jw_obj_end(w);
}

enum hf_rc
hf_search_cut(const struct hf_search *s, hf_type_id type, const struct hf_json *doc,
	      struct hf_arena *arena, struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf buf = {0};
	struct hf_jw w = {.out = &buf};
	struct hf_sv copy = {0};

	assert(doc->n > 0 && hf_json_type(doc, 0) == HF_JSON_OBJECT);
	write_cut(s, type, doc, &w);
	if (!buf.failed)
		copy = hf_arena_sv(arena, hf_buf_view(&buf));
	hf_buf_free(&buf);
	if (!copy.p)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the page is too large; ask for fewer with _count");
	*out = copy;
	return HF_OK;
}

enum hf_rc
hf_search_trim(const struct hf_search *s, struct hf_arena *arena, struct hf_version *v,
	       struct hf_err *err)
{
	struct hf_json doc;
	enum hf_rc rc;

	if (s->elements.n == 0 &&
	    (s->summary == HF_SUMMARY_FALSE || s->summary == HF_SUMMARY_COUNT))
		return HF_OK;
	rc = hf_json_parse(v->body, NULL, arena, &doc, err);
	return rc == HF_OK ? hf_search_cut(s, v->e.type, &doc, arena, &v->body, err)
			   : rc;
}

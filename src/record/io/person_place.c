/* person_place.c - the organisations of the place, by name. */
#include <stdlib.h>

#include "record/io/person_int.h"

enum { SCAN = 256 };

static int
by_name(const void *pa, const void *pb)
{
	const struct hf_org_line *a = pa, *b = pb;
	int order = hf_sv_cmp(a->name, b->name);

	return order ? order : hf_sv_cmp(a->ref, b->ref);
}

static void
organisation(struct who_cache *cache, const struct opened *o, struct hf_org_line *out)
{
	struct hf_arena *arena = cache->arena;
	const struct hf_json *doc = &o->doc;
	struct hf_sv ref = hf_person_ref(&o->v.e, o->v.id, arena);
	const struct who *w = hf_who_get(cache, ref);

	*out = (struct hf_org_line){
	    .ref = ref,
	    .name = hf_dig_text(doc, 0, "name", arena),
	    .kind = hf_dig_words(doc, 0, "type", arena),
	    .code = hf_dig_text(doc, 0, "identifier.value", arena),
	    .address = hf_address_words(doc, hf_dig(doc, 0, "address"), arena),
	    .part_of = hf_who_name(cache, doc, hf_dig(doc, 0, "partOf")),
	    .setting = w ? w->setting : HF_SETTING_OTHER,
	    .closed = hf_sv_is(hf_dig_text(doc, 0, "active", arena), "no"),
	};
	if (out->name.n == 0)
		out->name = HF_SV("Name not recorded");
}

enum hf_rc
hf_place_organisations(struct hf_store *store, struct hf_reader *reader, size_t max,
		       struct hf_arena *arena, struct hf_org_line **out, size_t *n,
		       bool *more, struct hf_err *err)
{
	struct who_cache cache = {.store = store, .reader = reader, .arena = arena};
	struct hf_org_line *lines = hf_arena_array(arena, max, sizeof(*lines));
	hf_rid after = 0, next = 0;
	size_t got = 0;

	if (!lines)
		return hf_fail(err, HF_TOO_LONG, NULL, "no memory for the list");
	*more = false;
	do {
		struct hf_entry *entries;
		size_t k = 0;
		enum hf_rc rc =
		    hf_store_scan(reader, hf_person_type("Organization"), after, SCAN,
				  arena, &entries, &k, &next, err);

		for (size_t i = 0; rc == HF_OK && i < k && got < max; i++) {
			struct opened o;

			rc = hf_person_read(reader, entries[i].rid, arena, &o, err);
			if (rc == HF_OK)
				organisation(&cache, &o, &lines[got++]);
			else if (rc == HF_GONE || rc == HF_NOT_FOUND)
				rc = HF_OK;
		}
		if (rc)
			return rc;
		*more = got == max && (next != 0 || k > 0);
		after = next;
	} while (next != 0 && got < max);
	if (got)
		qsort(lines, got, sizeof(*lines), by_name);
	*out = lines;
	*n = got;
	return HF_OK;
}

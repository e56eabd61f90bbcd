/* scan.c - all resources of a type, one after the other. */
#include "place/io/scan.h"
#include "record/person_text.h"

enum { PAGE = 256, PAGE_BYTES = 64 << 20 };

static enum hf_rc
open_entry(struct hf_reader *reader, hf_rid rid, struct hf_arena *page,
	   struct hf_seen *out, struct hf_err *err)
{
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, page, &out->v, err);

	out->page = page;
	return rc ? rc : hf_json_parse(out->v.body, NULL, page, &out->doc, err);
}

static enum hf_rc
page_of(struct hf_reader *reader, hf_type_id type, hf_rid *after, struct hf_arena *page,
	size_t *left, hf_take *take, void *ctx, struct hf_err *err)
{
	struct hf_entry *entries;
	size_t n;
	enum hf_rc rc =
	    hf_store_scan(reader, type, *after, PAGE, page, &entries, &n, after, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_seen seen;

		rc = open_entry(reader, entries[i].rid, page, &seen, err);
		if (rc == HF_GONE || rc == HF_NOT_FOUND) {
			rc = HF_OK;
			continue;
		}
		if (rc == HF_OK && (*left)-- == 0)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "more resources of a type than a place has: is "
				       "this the store of a place?");
		if (rc == HF_OK)
			rc = take(ctx, &seen, err);
	}
	return rc;
}

enum hf_rc
hf_place_each(struct hf_reader *reader, const char *type, size_t most, hf_take *take,
	      void *ctx, struct hf_err *err)
{
	struct hf_arena page;
	hf_rid after = 0;
	enum hf_rc rc;

	hf_arena_init(&page, PAGE_BYTES);
	do {
		hf_arena_reset(&page);
		rc = page_of(reader, hf_resource_find(hf_sv_from(type)), &after, &page,
			     &most, take, ctx, err);
	} while (rc == HF_OK && after != 0);
	hf_arena_free(&page);
	return rc;
}

enum hf_rc
hf_place_one(struct hf_reader *reader, const char *type, struct hf_sv id,
	     struct hf_arena *page, struct hf_seen *out, struct hf_err *err)
{
	enum hf_rc rc =
	    hf_store_read(reader, hf_sv_from(type), id, 0, page, &out->v, err);

	out->page = page;
	if (rc == HF_OK)
		rc = hf_json_parse(out->v.body, NULL, page, &out->doc, err);
	return rc == HF_GONE ? HF_NOT_FOUND : rc;
}

struct hf_sv
hf_place_ods(const struct hf_json *org, struct hf_arena *arena)
{
	uint32_t list = hf_json_member(org, 0, "identifier");

	for (uint32_t i = 0; i < hf_json_count(org, list); i++) {
		uint32_t one = hf_json_at(org, list, i);
		struct hf_sv system = hf_dig_text(org, one, "system", arena);

		/* Both spellings are in use. */
		if (hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organization-code") ||
		    hf_sv_is(system, "https://fhir.nhs.uk/Id/ods-organisation-code"))
			return hf_dig_text(org, one, "value", arena);
	}
	return (struct hf_sv){0};
}

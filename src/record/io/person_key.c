/* person_key.c - the Patient that an id or an NHS number names. */
#include "record/io/person_key.h"

#include "base/nhs.h"
#include "record/index.h"
#include "record/person_text.h"

enum { NEAR = 64 };

/* An index row is a candidate: its resource says whether it has the number. */
static enum hf_rc
has_number(struct hf_reader *reader, hf_rid rid, const struct hf_nhs *nhs,
	   struct hf_arena *arena, struct hf_version *v, bool *has, struct hf_err *err)
{
	struct hf_json doc;
	uint32_t list;
	enum hf_rc rc = hf_store_read_rid(reader, rid, 0, arena, v, err);

	*has = false;
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v->body, NULL, arena, &doc, err);
	if (rc)
		return rc;
	list = hf_json_member(&doc, 0, "identifier");
	for (uint32_t i = 0; i < hf_json_count(&doc, list); i++) {
		struct hf_sv value =
		    hf_dig_text(&doc, hf_json_at(&doc, list, i), "value", arena);
		struct hf_nhs one;

		if (value.n && hf_nhs_parse(value, &one, NULL) == HF_OK &&
		    hf_sv_eq(hf_nhs_sv(&one), hf_nhs_sv(nhs)))
			*has = true;
	}
	return HF_OK;
}

/* Is the shelf one of those of a person? */
static enum hf_rc
is_same(struct hf_reader *reader, int64_t person, int64_t shelf, struct hf_arena *arena,
	bool *same, struct hf_err *err)
{
	int64_t *shelves;
	size_t n = 0;
	enum hf_rc rc = hf_store_person(reader, person, arena, &shelves, &n, err);

	*same = false;
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		if (shelves[i] == shelf)
			*same = true;
	return rc;
}

static enum hf_rc
of_number(struct hf_reader *reader, const struct hf_nhs *nhs, struct hf_arena *arena,
	  struct hf_sv *id, struct hf_err *err)
{
	int64_t key = hf_index_token((struct hf_sv){NULL, 0}, hf_nhs_sv(nhs), true);
	uint32_t slot =
	    hf_index_slot(hf_resource_find(HF_SV("Patient")), HF_SV("identifier"));
	int64_t *values, found = 0;
	hf_rid *rids;
	size_t n = 0;
	enum hf_rc rc = hf_store_index(reader, slot, key, key, false, key, 0, NEAR,
				       arena, &values, &rids, &n, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_version v;
		bool has = false, same = false;

		rc = has_number(reader, rids[i], nhs, arena, &v, &has, err);
		if (rc || !has)
			continue;
		if (found)
			rc = is_same(reader, found, HF_RID_SHELF(rids[i]), arena, &same,
				     err);
		if (rc == HF_OK && found && !same)
			return hf_fail(err, HF_RULE, "person",
				       "several people are recorded with this number: "
				       "give the id of a record");
		if (!found)
			*id = v.id;
		found = HF_RID_SHELF(rids[i]);
	}
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, "person",
			     "nobody here is recorded with this NHS number");
	return rc;
}

enum hf_rc
hf_person_key(struct hf_store *store, struct hf_sv text, struct hf_arena *arena,
	      struct hf_sv *id, struct hf_err *err)
{
	struct hf_reader *reader;
	struct hf_nhs nhs;
	enum hf_rc rc;

	*id = text;
	if (hf_nhs_parse(text, &nhs, NULL) != HF_OK)
		return HF_OK;
	/* A reader of its own: what the caller may see does not count here. */
	rc = hf_reader_get(store, &reader, err);
	if (rc)
		return rc;
	rc = of_number(reader, &nhs, arena, id, err);
	hf_reader_put(reader);
	return rc;
}

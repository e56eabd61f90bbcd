/* link.c - whose record is this?  Two records with the same verified NHS number,
 * agreeing birth date and no conflict of name or sex are one person; with a
 * conflict they are put up for review.  What a conflict is says
 * hf_match_number_rule(), for the matcher and for here. */
#include "record/io/store_impl.h"
#include "record/match.h"

uint64_t
hf_link_key(const struct hf_json *doc, uint32_t node)
{
	struct hf_arena arena = {.cap = 1024 * 1024};
	struct hf_match_person who;
	uint64_t key = 0;

	hf_match_read(doc, node, &arena, &who);
	if (who.has_nhs)
		key = (uint64_t)hf_index_token((struct hf_sv){0}, hf_nhs_sv(&who.nhs),
					       true);
	hf_arena_free(&arena);
	return key;
}

/* Who agrees with one record of a person but is in conflict with another is not
 * linked to that person. */
static enum hf_rc
heed_conflicts(struct hf_reader *r, struct hf_link *links, size_t n,
	       struct hf_arena *arena, struct hf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		int64_t *shelves;
		size_t count;
		enum hf_rc rc;

		if (links[i].review || links[i].undo)
			continue;
		rc = hf_store_person(r, links[i].other, arena, &shelves, &count, err);
		if (rc != HF_OK)
			return rc;
		for (size_t k = 0; k < n; k++)
			for (size_t j = 0; j < count && links[k].conflict; j++)
				if (links[k].other == shelves[j]) {
					links[i].review = true;
					links[i].why = links[k].why;
				}
	}
	return HF_OK;
}

struct ground {
	size_t for_it, against;
	int64_t conflicting; /* the shelf of one that speaks against it */
};

/* What another record of the same person says to what this one says now. */
static enum hf_rc
weigh(struct hf_reader *r, const struct hf_match_person *who, int64_t shelf,
      struct hf_arena *arena, struct ground *g, struct hf_err *err)
{
	struct hf_match_person them;
	struct hf_version other;
	struct hf_json d;
	enum hf_rc rc = hf_store_read_rid(r, HF_RID_MIN(shelf), 0, arena, &other, err);

	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(other.body, NULL, arena, &d, err);
	if (rc != HF_OK)
		return rc;
	hf_match_read(&d, 0, arena, &them);
	if (!who->verified || !them.verified)
		return HF_OK;
	if (strcmp(them.nhs.d, who->nhs.d) == 0 &&
	    hf_match_number_rule(who, &them) == HF_RULE_NUMBER) {
		g->for_it++;
	} else {
		g->against++;
		g->conflicting = shelf;
	}
	return HF_OK;
}

/* A link made as records came in is undone when its ground is gone: a number, a
 * birth date, a sex or a name was corrected (H-001). */
static enum hf_rc
undo_groundless(struct hf_reader *r, const struct hf_match_person *who, int64_t shelf,
		struct hf_arena *arena, struct hf_link *out, size_t *n,
		struct hf_err *err)
{
	static const char *const why =
	    "the NHS number, birth date, sex or name that linked it was changed";
	struct ground g = {0};
	int64_t *shelves;
	size_t count;
	enum hf_rc rc = hf_store_person(r, shelf, arena, &shelves, &count, err);

	for (size_t i = 1; rc == HF_OK && i < count; i++)
		rc = weigh(r, who, shelves[i], arena, &g, err);
	if (rc != HF_OK || count < 2 || (g.for_it > 0 && g.against == 0))
		return rc;
	out[(*n)++] = (struct hf_link){.shelf = shelf, .why = why, .undo = true};
	out[(*n)++] =
	    (struct hf_link){.shelf = shelf,
			     .other = g.conflicting ? g.conflicting : shelves[1],
			     .why = why,
			     .review = true};
	return HF_OK;
}

enum hf_rc
hf_link_decide(struct hf_reader *r, const struct hf_json *doc, uint32_t node,
	       hf_rid rid, struct hf_arena *arena, struct hf_link *out, size_t *n,
	       struct hf_err *err)
{
	enum { CANDIDATES = 64 };
	struct hf_match_person who;
	uint32_t slot = hf_index_slot(hf_patient_type(), HF_SV("identifier"));
	int64_t *values;
	hf_rid *rids;
	size_t found = 0;
	enum hf_rc rc = HF_OK;

	*n = 0;
	hf_match_read(doc, node, arena, &who);
	rc = undo_groundless(r, &who, HF_RID_SHELF(rid), arena, out, n, err);
	if (rc == HF_OK && who.verified) {
		int64_t v =
		    hf_index_token((struct hf_sv){0}, hf_nhs_sv(&who.nhs), true);

		rc = hf_store_index(r, slot, v, v, false, v, -1, CANDIDATES, arena,
				    &values, &rids, &found, err);
	}
	for (size_t i = 0; rc == HF_OK && i < found && *n < HF_LINKS_MOST; i++) {
		struct hf_version other;
		struct hf_match_person them;
		enum hf_match_rule rule;
		struct hf_json d;

		if (rids[i] == rid)
			continue;
		rc = hf_store_read_rid(r, rids[i], 0, arena, &other, err);
		if (rc == HF_OK)
			rc = hf_json_parse(other.body, NULL, arena, &d, err);
		if (rc != HF_OK)
			break;
		hf_match_read(&d, 0, arena, &them);
		if (!them.verified || strcmp(them.nhs.d, who.nhs.d) != 0)
			continue;
		rule = hf_match_number_rule(&who, &them);
		out[(*n)++] = (struct hf_link){
		    .shelf = HF_RID_SHELF(rid),
		    .other = HF_RID_SHELF(rids[i]),
		    .why = hf_match_rule_text(rule),
		    .review = rule != HF_RULE_NUMBER,
		    .conflict = rule != HF_RULE_NUMBER,
		};
	}
	return rc == HF_OK ? heed_conflicts(r, out, *n, arena, err) : rc;
}

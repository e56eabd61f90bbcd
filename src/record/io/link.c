/* link.c - whose record is this?  Two records with the same verified NHS number,
 * agreeing birth date and no conflict of name or sex are one person; with a
 * conflict they are put up for review.  What a conflict is says
 * hf_match_number_rule(), for the matcher and for here. */
#include "record/io/link_int.h"
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

enum hf_rc
hf_link_targets(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
		struct hf_people *out, struct hf_err *err)
{
	uint32_t list = hf_json_member(doc, node, "link");
	size_t n = list == HF_JSON_NONE ? 0 : hf_json_count(doc, list);

	*out = (struct hf_people){0};
	if (n == 0)
		return HF_OK;
	if (n > HF_PEOPLE_MOST)
		return hf_fail(err, HF_TOO_LONG, "Patient.link",
			       "a Patient is linked to at most %d others by itself",
			       (int)HF_PEOPLE_MOST);
	out->patients = hf_arena_array(arena, n, sizeof *out->patients);
	if (!out->patients)
		return hf_fail(err, HF_TOO_LONG, NULL, "out of memory");
	for (uint32_t i = 0; i < n; i++) {
		uint32_t other = hf_json_member(doc, hf_json_at(doc, list, i), "other");
		struct hf_sv text =
		    hf_json_str(doc, hf_json_member(doc, other, "reference"), arena);

		if (text.n)
			out->patients[out->n++] = text;
	}
	return HF_OK;
}

struct decide {
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct hf_err *err;
	struct hf_match_person who;
	hf_rid rid;
	int64_t shelf;
	struct hf_link *links;
	size_t n, size;
};

static enum hf_rc
add(struct decide *d, struct hf_link link)
{
	if (d->n == d->size) {
		size_t size = d->size ? d->size * 2 : 8;
		struct hf_link *more = hf_arena_array(d->arena, size, sizeof *more);

		if (!more)
			return hf_fail(d->err, HF_TOO_LONG, NULL, "out of memory");
		if (d->n)
			memcpy(more, d->links, d->n * sizeof *more);
		d->links = more;
		d->size = size;
	}
	link.shelf = d->shelf;
	link.kind = HF_LINK_NUMBER;
	d->links[d->n++] = link;
	return HF_OK;
}

/* Who the Patient at rid is; *there is false when it is gone. */
static enum hf_rc
read_who(struct decide *d, hf_rid rid, struct hf_match_person *out, bool *there)
{
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_store_read_rid(d->reader, rid, 0, d->arena, &v, d->err);

	*there = rc == HF_OK;
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, d->arena, &doc, d->err);
	if (rc == HF_OK)
		hf_match_read(&doc, 0, d->arena, out);
	return rc;
}

/* Who agrees with one record of a person but is in conflict with another is not
 * linked to that person. */
static enum hf_rc
heed_conflicts(struct decide *d, size_t from)
{
	for (size_t i = from; i < d->n; i++) {
		int64_t *shelves;
		size_t count;
		enum hf_rc rc;

		if (d->links[i].op != HF_LINK_JOIN)
			continue;
		rc = hf_store_person(d->reader, d->links[i].other, d->arena, &shelves,
				     &count, d->err);
		if (rc != HF_OK)
			return rc;
		for (size_t k = from; k < d->n; k++)
			for (size_t j = 0; j < count && d->links[k].conflict; j++)
				if (d->links[k].other == shelves[j]) {
					d->links[i].op = HF_LINK_REVIEW;
					d->links[i].why = d->links[k].why;
				}
	}
	return HF_OK;
}

enum ground { GROUND_NONE, GROUND_FOR, GROUND_AGAINST };

/* What another record of the same person says to what this one says now. */
static enum hf_rc
weigh(struct decide *d, int64_t shelf, enum ground *out, const char **why)
{
	struct hf_match_person them;
	enum hf_match_rule rule;
	bool there;
	enum hf_rc rc = read_who(d, HF_RID_MIN(shelf), &them, &there);

	*out = GROUND_NONE;
	if (rc != HF_OK || !there || !d->who.verified || !them.verified)
		return rc;
	rule = hf_match_number_rule(&d->who, &them);
	*why = strcmp(them.nhs.d, d->who.nhs.d) != 0
		   ? "their verified NHS numbers differ"
		   : hf_match_rule_text(rule);
	*out = strcmp(them.nhs.d, d->who.nhs.d) == 0 && rule == HF_RULE_NUMBER
		   ? GROUND_FOR
		   : GROUND_AGAINST;
	return HF_OK;
}

static const char lost[] =
    "the NHS number, birth date, sex or name that linked it was changed";

struct against { /* a record of the same person that is in conflict with this one */
	int64_t shelf; /* 0: none */
	const char *why;
};

/* Takes back the links by number that have lost their ground.  With one record of the
 * person against it all of them go. */
static enum hf_rc
take_back(struct decide *d, const int64_t *others, const enum ground *ground, size_t n,
	  const struct against *against)
{
	struct hf_link tell = {
	    .op = HF_LINK_REVIEW, .other = against->shelf, .why = hf_sv_from(lost)};
	struct hf_edge *edges;
	size_t n_edges, taken = 0;
	enum hf_rc rc =
	    hf_link_read(d->reader->db, d->shelf, d->arena, &edges, &n_edges, d->err);

	for (size_t e = 0; rc == HF_OK && e < n_edges; e++) {
		bool holds = false;

		if (!edges[e].linked || edges[e].kind != HF_LINK_NUMBER)
			continue;
		for (size_t i = 0; i < n && !against->shelf; i++)
			holds |= others[i] == edges[e].other && ground[i] == GROUND_FOR;
		if (holds)
			continue;
		taken++;
		rc = add(d, (struct hf_link){.op = HF_LINK_END,
					     .other = edges[e].other,
					     .why = hf_sv_from(lost)});
		if (rc == HF_OK && !against->shelf)
			rc = add(d, (struct hf_link){.op = HF_LINK_REVIEW,
						     .other = edges[e].other,
						     .why = hf_sv_from(lost)});
	}
	if (rc != HF_OK || !against->shelf)
		return rc;
	tell.anyhow = taken == 0;
	if (tell.anyhow)
		tell.why = hf_arena_printf(d->arena, "the two are linked, but: %s",
					   against->why);
	return tell.why.p ? add(d, tell)
			  : hf_fail(d->err, HF_TOO_LONG, NULL, "out of memory");
}

/* A link made as records came in is undone when its ground is gone: a number, a
 * birth date, a sex or a name was corrected (H-001).  Links that somebody made stay;
 * what speaks against them is put up. */
static enum hf_rc
undo_groundless(struct decide *d)
{
	enum ground *ground;
	struct against against = {0};
	int64_t *shelves;
	size_t count, held = 0;
	enum hf_rc rc =
	    hf_store_person(d->reader, d->shelf, d->arena, &shelves, &count, d->err);

	if (rc != HF_OK || count < 2)
		return rc;
	ground = hf_arena_array(d->arena, count, sizeof *ground);
	if (!ground)
		return hf_fail(d->err, HF_TOO_LONG, NULL, "out of memory");
	for (size_t i = 1; rc == HF_OK && i < count; i++) {
		const char *why = NULL;

		rc = weigh(d, shelves[i], &ground[i], &why);
		held += ground[i] == GROUND_FOR;
		if (ground[i] == GROUND_AGAINST && !against.shelf)
			against = (struct against){shelves[i], why};
	}
	if (rc != HF_OK || held == count - 1)
		return rc;
	return take_back(d, shelves + 1, ground + 1, count - 1, &against);
}

/* Everybody with the same number. */
static enum hf_rc
link_number(struct decide *d)
{
	enum { CANDIDATES = 64 };
	uint32_t slot = hf_index_slot(hf_patient_type(), HF_SV("identifier"));
	int64_t *values,
	    v = hf_index_token((struct hf_sv){0}, hf_nhs_sv(&d->who.nhs), true);
	hf_rid *rids;
	size_t found = 0, from = d->n;
	enum hf_rc rc = hf_store_index(d->reader, slot, v, v, false, v, -1, CANDIDATES,
				       d->arena, &values, &rids, &found, d->err);

	for (size_t i = 0; rc == HF_OK && i < found; i++) {
		struct hf_match_person them;
		enum hf_match_rule rule;
		bool there;

		if (rids[i] == d->rid)
			continue;
		rc = read_who(d, rids[i], &them, &there);
		if (rc != HF_OK)
			break;
		if (!there || !them.verified || strcmp(them.nhs.d, d->who.nhs.d) != 0)
			continue;
		rule = hf_match_number_rule(&d->who, &them);
		rc = add(
		    d, (struct hf_link){
			   .op = rule == HF_RULE_NUMBER ? HF_LINK_JOIN : HF_LINK_REVIEW,
			   .other = HF_RID_SHELF(rids[i]),
			   .why = hf_sv_from(hf_match_rule_text(rule)),
			   .conflict = rule != HF_RULE_NUMBER,
		       });
	}
	return rc == HF_OK ? heed_conflicts(d, from) : rc;
}

bool
hf_link_within(const struct hf_json *doc, uint32_t node, int64_t shelf,
	       const struct hf_json *other_doc, uint32_t other_node, int64_t other,
	       struct hf_arena *arena, struct hf_link *out)
{
	struct hf_match_person who, them;
	enum hf_match_rule rule;

	hf_match_read(doc, node, arena, &who);
	hf_match_read(other_doc, other_node, arena, &them);
	if (!who.verified || !them.verified || strcmp(who.nhs.d, them.nhs.d) != 0 ||
	    shelf == other)
		return false;
	rule = hf_match_number_rule(&who, &them);
	*out = (struct hf_link){
	    .op = rule == HF_RULE_NUMBER ? HF_LINK_JOIN : HF_LINK_REVIEW,
	    .kind = HF_LINK_NUMBER,
	    .shelf = shelf,
	    .other = other,
	    .why = hf_sv_from(hf_match_rule_text(rule)),
	    .conflict = rule != HF_RULE_NUMBER,
	    .anyhow = rule != HF_RULE_NUMBER,
	};
	return true;
}

enum hf_rc
hf_link_decide(struct hf_reader *r, const struct hf_json *doc, uint32_t node,
	       hf_rid rid, struct hf_arena *arena, struct hf_link **out, size_t *n,
	       struct hf_err *err)
{
	struct decide d = {.reader = r,
			   .arena = arena,
			   .err = err,
			   .rid = rid,
			   .shelf = HF_RID_SHELF(rid)};
	enum hf_rc rc;

	hf_match_read(doc, node, arena, &d.who);
	rc = undo_groundless(&d);
	if (rc == HF_OK && d.who.verified)
		rc = link_number(&d);
	*out = d.links;
	*n = d.n;
	return rc;
}

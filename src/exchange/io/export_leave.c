/* export_leave.c - whom a disclosure leaves out. */
#include "exchange/io/export_leave.h"

#include <stdlib.h>

#include "access/access.h"
#include "base/nhs.h"
#include "record/io/relation.h"

enum { STEP = 2000 };

/* A set of numbers that grows; 0 is in none. */
struct set {
	int64_t *slots;
	size_t n, size;
};

struct hf_leave {
	struct set shelves, rids;
};

static int64_t *
slot_of(int64_t *slots, size_t size, int64_t v)
{
	size_t i = (size_t)((uint64_t)v * 0x9e3779b97f4a7c15u >> 20) & (size - 1);

	while (slots[i] != 0 && slots[i] != v)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static bool
has(const struct set *s, int64_t v)
{
	return s->n != 0 && *slot_of(s->slots, s->size, v) == v;
}

static bool
add(struct set *s, int64_t v)
{
	int64_t *slot;

	if (2 * (s->n + 1) > s->size) {
		size_t size = s->size ? 2 * s->size : 64;
		int64_t *more = calloc(size, sizeof(*more));

		if (!more)
			return false;
		for (size_t i = 0; i < s->size; i++)
			if (s->slots[i] != 0)
				*slot_of(more, size, s->slots[i]) = s->slots[i];
		free(s->slots);
		s->slots = more;
		s->size = size;
	}
	slot = slot_of(s->slots, s->size, v);
	s->n += *slot == 0;
	*slot = v;
	return true;
}

struct looking {
	struct hf_reader *reader;
	const struct hf_disclosure *what;
	struct hf_leave *leave;
	struct hf_arena arena;
	int64_t people;
	struct hf_err *err;
};

static enum hf_rc
no_memory(struct looking *l)
{
	return hf_fail(l->err, HF_TOO_LONG, NULL,
		       "no memory for those who are left out");
}

/* What the decision says of a person with these choices: the one that every disclosure
 * asks. */
static struct hf_access_answer
decide(const struct hf_disclosure *d, bool ndo, bool type1)
{
	enum hf_group group =
	    d->purpose == HF_PURPOSE_FINANCE ? HF_GROUP_FIN : HF_GROUP_ANALYST;
	const struct hf_actor actor = {
	    .kind = HF_ACTOR_PERSON,
	    .id = HF_SV("export"),
	    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)d->purpose)),
	};
	struct hf_access_ask ask = {
	    .group = group,
	    .org = d->to,
	    .purpose = d->purpose,
	    .activity = HF_ACT_EXPORT,
	    .content =
		group == HF_GROUP_FIN ? HF_CONTENT_ACTIVITY : HF_CONTENT_CLINICAL,
	    .level = HF_LEVEL_S1,
	    .tier = HF_TIER_T4, /* agreements are about care */
	    .facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) |
		     HF_BIT(HF_FACT_ROLE_ACTIVE) | HF_BIT(HF_FACT_ORG_ACTIVE) |
		     HF_BIT(HF_FACT_APPROVAL) | HF_BIT(HF_FACT_GP_ITEM) |
		     HF_BIT(d->basis),
	    .ndo_list_at = hf_rights_ndo_list_at(d->rights),
	    .now = d->now,
	};

	if (ndo)
		ask.facts |= HF_BIT(HF_FACT_NDO);
	if (type1)
		ask.facts |= HF_BIT(HF_FACT_TYPE1);
	return hf_access_decide(&(struct hf_access_facts){.actor = &actor,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = true,
							  .policy = d->policy,
							  .ask = &ask});
}

static bool
is_removed(const struct hf_disclosure *d, bool ndo, bool type1)
{
	return decide(d, ndo, type1).notes & HF_BIT(HF_NOTE_REMOVED);
}

/* ---- one person ---- */

static bool
on_list(struct looking *l, const struct hf_json *doc)
{
	uint32_t list = hf_json_member(doc, 0, "identifier");

	if (list == HF_JSON_NONE || hf_json_type(doc, list) != HF_JSON_ARRAY)
		return false;
	for (uint32_t i = list + 1; i < doc->nodes[list].next; i = doc->nodes[i].next) {
		struct hf_sv system =
		    hf_json_str(doc, hf_json_member(doc, i, "system"), &l->arena);
		struct hf_sv value =
		    hf_json_str(doc, hf_json_member(doc, i, "value"), &l->arena);
		struct hf_nhs nhs;

		if (hf_sv_is(system, "https://fhir.nhs.uk/Id/nhs-number") &&
		    hf_nhs_parse(value, &nhs, NULL) == HF_OK &&
		    hf_rights_ndo(l->what->rights, hf_nhs_sv(&nhs)))
			return true;
	}
	return false;
}

/* Everything of the person with this shelf, and what speaks of them elsewhere. */
static enum hf_rc
leave_out(struct looking *l, int64_t shelf)
{
	int64_t *shelves;
	size_t n;
	enum hf_rc rc;

	if (has(&l->leave->shelves, shelf))
		return HF_OK;
	rc = hf_store_person(l->reader, shelf, &l->arena, &shelves, &n, l->err);
	l->people++;
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		hf_rid *rids;
		size_t n_rids;

		if (!add(&l->leave->shelves, shelves[i]))
			return no_memory(l);
		rc = hf_store_mentions(l->reader, shelves[i], &l->arena, &rids, &n_rids,
				       l->err);
		for (size_t k = 0; rc == HF_OK && k < n_rids; k++)
			if (!add(&l->leave->rids, rids[k]))
				return no_memory(l);
	}
	return rc;
}

static enum hf_rc
look_at_patient(struct looking *l, const struct hf_entry *e)
{
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = hf_store_read_rid(l->reader, e->rid, 0, &l->arena, &v, l->err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &l->arena, &doc, l->err);
	if (rc == HF_OK && on_list(l, &doc))
		rc = leave_out(l, HF_RID_SHELF(e->rid));
	return rc;
}

/* An entry that may be about a Type 1 opt-out: what counts is the newest of all. */
static enum hf_rc
look_at_type1(struct looking *l, const struct hf_entry *e)
{
	struct hf_relations relations;
	int64_t shelf = HF_RID_SHELF(e->rid), *shelves;
	size_t n;
	enum hf_rc rc;

	if (shelf < HF_SHELF_PERSON || has(&l->leave->shelves, shelf))
		return HF_OK;
	rc = hf_store_person(l->reader, shelf, &l->arena, &shelves, &n, l->err);
	if (rc == HF_OK)
		rc = hf_relations_read_shelves(l->reader, shelves, n, NULL, NULL,
					       l->what->now, &l->arena, &relations,
					       l->err);
	if (rc == HF_OK && relations.type1.n)
		rc = leave_out(l, shelf);
	return rc;
}

static enum hf_rc
look_at_all(struct looking *l, bool ndo, bool type1)
{
	hf_type_id patient = hf_resource_find(HF_SV("Patient"));
	enum hf_rc rc = HF_OK;
	hf_rid at = 0;

	do {
		struct hf_entry *e;
		size_t n;

		rc = hf_store_scan(l->reader, 0, at, STEP, &l->arena, &e, &n, &at,
				   l->err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			if (e[i].deleted)
				continue;
			if (ndo && e[i].type == patient)
				rc = look_at_patient(l, &e[i]);
			else if (type1 && hf_relation_may_be_type1(&e[i]))
				rc = look_at_type1(l, &e[i]);
		}
		hf_arena_reset(&l->arena);
	} while (rc == HF_OK && at != 0);
	return rc;
}

enum hf_rc
hf_leave_new(struct hf_reader *reader, const struct hf_disclosure *what,
	     struct hf_leave **out, int64_t *n, struct hf_err *err)
{
	struct looking l = {.reader = reader,
			    .what = what,
			    .arena = {.cap = (size_t)1 << 30},
			    .err = err};
	struct hf_access_answer a = decide(what, false, false);
	enum hf_rc rc;

	if (a.outcome == HF_DENY)
		return hf_fail(err, HF_RULE, "--purpose", "%s (rule %s)", a.text,
			       a.rule);
	l.leave = calloc(1, sizeof(*l.leave));
	if (!l.leave)
		return no_memory(&l);
	rc = look_at_all(&l, is_removed(what, true, false),
			 is_removed(what, false, true));
	hf_arena_free(&l.arena);
	if (rc) {
		hf_leave_free(l.leave);
		return rc;
	}
	*out = l.leave;
	*n = l.people;
	return HF_OK;
}

void
hf_leave_free(struct hf_leave *leave)
{
	if (!leave)
		return;
	free(leave->shelves.slots);
	free(leave->rids.slots);
	free(leave);
}

bool
hf_leave_has(const struct hf_leave *leave, hf_rid rid)
{
	return has(&leave->shelves, HF_RID_SHELF(rid)) || has(&leave->rids, rid);
}

/* viewer_person.c - how persons stand to a viewer, and a person as a whole. */
#include "record/io/standing.h"
#include "record/io/viewer_sight.h"

static bool
same_class(const struct hf_class *a, const struct hf_class *b)
{
	return a->relations == b->relations && a->facts == b->facts &&
	       a->granted == b->granted && a->glass.reason == b->glass.reason &&
	       a->glass.at == b->glass.at && a->reach == b->reach;
}

static uint32_t
hf_sight_class(struct hf_sight *s, const struct hf_class *like)
{
	for (size_t i = 0; i < s->n_classes; i++)
		if (same_class(&s->classes[i], like))
			return (uint32_t)i;
	if (s->n_classes == HF_SIGHT_CLASSES) {
		s->n_classes = 0;
		s->generation++;
	}
	s->classes[s->n_classes] = *like;
	return (uint32_t)s->n_classes++;
}

/* The shelf of "Patient/ID"; 0: there is no such. */
enum hf_rc
hf_sight_shelf(struct hf_reader *r, struct hf_sv reference, int64_t *shelf,
	       struct hf_err *err)
{
	struct hf_sv id = hf_patient_of(reference);
	const struct hf_viewer *v = hf_as_system(r);
	hf_rid rid = 0;
	enum hf_rc rc = HF_OK;

	if (id.n)
		rc = hf_store_locate(r, hf_patient_type(), id, &rid, err);
	if (rc == HF_OK && id.n && rid == 0)
		rc = hf_store_awaited(
		    r, hf_ids_hash(&r->store->ids, hf_patient_type(), id), &rid, err);
	hf_as_viewer(r, v);
	if (rc == HF_OK)
		*shelf = HF_RID_SHELF(rid);
	return rc;
}

/* The shelves of the actor and of the token's person are asked for once. */
static enum hf_rc
know_myself(struct hf_reader *r, struct hf_err *err)
{
	const struct hf_actor *a = r->viewer->actor;
	struct hf_sight *s = r->sight;
	enum hf_rc rc = HF_OK;

	if (s->self < 0 && (a->group != HF_GROUP_PAT || a->who.n == 0))
		s->self = 0;
	if (s->only < 0 && a->patient.n == 0)
		s->only = 0;
	if (s->self < 0)
		rc = hf_sight_shelf(r, a->who, &s->self, err);
	if (rc == HF_OK && s->only < 0)
		rc = hf_sight_shelf(r, a->patient, &s->only, err);
	return rc;
}

struct hf_classing {
	const struct hf_reader *r;
	struct hf_class k;
};

static bool
has_shelf(const struct hf_standing *st, int64_t shelf)
{
	for (size_t i = 0; i < st->n_shelves; i++)
		if (shelf && st->shelves[i] == shelf)
			return true;
	return false;
}

static void
classify(void *ctx, const struct hf_standing *st)
{
	struct hf_classing *c = ctx;
	const struct hf_viewer *v = c->r->viewer;
	const struct hf_sight *s = c->r->sight;
	const struct hf_actor *a = v->actor;
	struct hf_class *k = &c->k;

	k->relations = hf_relations_of(v->policy, st->relations, st->n_relations,
				       a->org, a->who, v->now);
	if (v->rights) {
		struct hf_rights_person p = {st->shelves, st->n_shelves, st->relations,
					     st->n_relations};

		k->relations |=
		    hf_rights_relations(v->rights, v->policy, a, &p, v->now);
		if (!v->no_glass)
			k->glass = hf_rights_glass(v->rights, a->id, st->shelves,
						   st->n_shelves, v->now);
		if (k->relations & HF_BIT(HF_REL_PROXY))
			k->granted = hf_rights_proxy(v->rights, a, st->shelves,
						     st->n_shelves, v->now);
	}
	if (has_shelf(st, s->self))
		k->relations |= HF_BIT(HF_REL_SELF);
	if (st->objection)
		k->facts |= HF_BIT(HF_FACT_OBJECTION);
	if (st->type1)
		k->facts |= HF_BIT(HF_FACT_TYPE1);
	if (a->supervisor.n &&
	    hf_relations_of(v->policy, st->relations, st->n_relations, a->org,
			    a->supervisor, v->now))
		k->facts |= HF_BIT(HF_FACT_SUPERVISED);
	k->reach = has_shelf(st, s->only) || has_shelf(st, s->self);
}

enum hf_rc
hf_sight_person(struct hf_reader *r, int64_t shelf, struct hf_class **out,
		struct hf_err *err)
{
	struct hf_sight *s = r->sight;
	size_t at =
	    (uint64_t)shelf * 0x9e3779b97f4a7c15u >> 32 & (HF_SIGHT_PERSONS - 1);
	struct hf_classing c = {.r = r};
	uint32_t k;
	enum hf_rc rc;

	if (s->persons[at].shelf == shelf &&
	    s->persons[at].generation == s->generation) {
		*out = &s->classes[s->persons[at].class];
		return HF_OK;
	}
	rc = know_myself(r, err);
	if (rc == HF_OK)
		rc = hf_standing_of(r, shelf, r->viewer->policy, r->viewer->now,
				    classify, &c, err);
	if (rc != HF_OK)
		return rc;
	k = hf_sight_class(s, &c.k);
	s->persons[at].shelf = shelf;
	s->persons[at].generation = s->generation;
	s->persons[at].class = k;
	*out = &s->classes[k];
	return HF_OK;
}

/* What is about nobody: whoever's organisation wrote it has a relationship with it,
 * nobody else. */
struct hf_class *
hf_sight_nobody(struct hf_reader *r, unsigned org)
{
	struct hf_class like = {
	    .relations = org == HF_ORG_OWN ? HF_BIT(HF_REL_CASE) : 0,
	    .reach = true,
	};

	return &r->sight->classes[hf_sight_class(r->sight, &like)];
}

/* A person who comes to be in this very change. */
struct hf_class *
hf_sight_newcomer(struct hf_reader *r)
{
	struct hf_class like = {.relations = HF_BIT(HF_REL_CASE)};

	return &r->sight->classes[hf_sight_class(r->sight, &like)];
}

/* ---- a person as a whole ---- */

/* The best and the worst that organisations may share. */
static const unsigned extremes[] = {HF_ORG_OWN, 1 + HF_TIER_T4};

static void
offer(const struct hf_reader *r, const struct hf_class *k, struct hf_viewer_person *out)
{
	static const struct {
		enum hf_content content;
		enum hf_level level;
	} asked[] = {{HF_CONTENT_DEMOGRAPHIC, HF_LEVEL_S0},
		     {HF_CONTENT_CLINICAL, HF_LEVEL_S1},
		     {HF_CONTENT_CLINICAL, HF_LEVEL_S2}};

	for (size_t i = 0; i < HF_COUNT(asked); i++)
		for (size_t o = 0; o < HF_COUNT(extremes); o++) {
			struct hf_thing t = {HF_ACT_READ, asked[i].content,
					     asked[i].level, extremes[o], 0};
			struct hf_access_answer a = hf_sight_answer(r, k, &t);

			out->glass |= a.glass;
			out->reasons |= a.reasons;
			if (a.until > out->until)
				out->until = a.until;
		}
}

static void
describe(const struct hf_reader *r, const struct hf_class *k,
	 struct hf_viewer_person *out)
{
	bool first = true;

	*out = (struct hf_viewer_person){.broken = k->glass};
	for (size_t o = 0; o < HF_COUNT(extremes); o++) {
		struct hf_thing t = {HF_ACT_READ, HF_CONTENT_DEMOGRAPHIC, HF_LEVEL_S0,
				     extremes[o], 0};
		struct hf_access_answer a = hf_sight_answer(r, k, &t);

		if (first || a.outcome < out->outcome) {
			out->outcome = a.outcome;
			out->rule = a.rule;
			out->text = a.text;
		}
		first = false;
	}
	out->relations = k->relations;
	for (int c = HF_CONTENT_NONE + 1; c < HF_CONTENTS; c++) {
		struct hf_thing t = {HF_ACT_READ, (enum hf_content)c,
				     c == HF_CONTENT_DEMOGRAPHIC ||
					     c == HF_CONTENT_CONTACT
					 ? HF_LEVEL_S0
					 : HF_LEVEL_S1,
				     HF_ORG_OWN, 0};

		if (hf_sight_answer(r, k, &t).outcome == HF_ALLOW)
			out->contents |= HF_BIT(c);
	}
	offer(r, k, out);
}

enum hf_rc
hf_viewer_stranger(struct hf_reader *r, struct hf_viewer_person *out,
		   struct hf_err *err)
{
	static const struct hf_class stranger;

	if (hf_sees_all(r) || !r->sight)
		return hf_no_sight(err);
	describe(r, &stranger, out);
	return HF_OK;
}

enum hf_rc
hf_viewer_person(struct hf_reader *r, int64_t shelf, struct hf_viewer_person *out,
		 struct hf_err *err)
{
	struct hf_viewer_person p;
	struct hf_class *k;
	enum hf_rc rc;

	if (hf_sees_all(r) || !r->sight)
		return hf_no_sight(err);
	rc = hf_sight_person(r, shelf, &k, err);
	if (rc != HF_OK)
		return rc;
	describe(r, k, &p);
	if (p.outcome != HF_ALLOW && p.broken.reason == HF_REASON_NONE)
		return hf_viewer_stranger(r, out, err);
	*out = p;
	return HF_OK;
}

enum hf_rc
hf_viewer_shelf(struct hf_reader *r, struct hf_sv patient_id, int64_t *shelf,
		struct hf_err *err)
{
	const struct hf_viewer *v = hf_as_system(r);
	hf_rid rid = 0;
	enum hf_rc rc = hf_store_locate(r, hf_patient_type(), patient_id, &rid, err);

	hf_as_viewer(r, v);
	if (rc == HF_OK)
		*shelf = HF_RID_SHELF(rid);
	return rc;
}

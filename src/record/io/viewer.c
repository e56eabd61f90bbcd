/* viewer.c - who looks through a reader, and the decision on each thing.
 *
 * Persons are put into classes: those with the same relationships, choices and glass
 * are decided alike, so that a decision is made once for a class, a kind of content and
 * what its organisation shares, and then looked up.  Only what is labelled, or speaks
 * of several persons, is opened to decide on it. */
#include "record/io/viewer_int.h"

#include <stdlib.h>

#include "access/scope.h"
#include "record/io/person_int.h"
#include "record/io/standing.h"

enum { PERSONS = 512, CLASSES = 64, TIERS = 64, OWN = 0, ORG_CLASSES = 1 + HF_TIERS };

static const size_t open_most = (size_t)64 << 20;
static const struct hf_sv nothing = {NULL, 0};

/* All persons who are alike to this viewer. */
struct class
{
	uint64_t relations, facts, granted;
	struct hf_glass glass;
	bool reach; /* scopes for one person's record reach it */
	uint8_t outcome[HF_CONTENTS][2][ORG_CLASSES]; /* S0, S1; enum hf_access + 1 */
	uint8_t any[HF_CONTENTS];		      /* 0: not known, 1 no, 2 yes */
};

struct hf_sight {
	uint32_t generation; /* what is of another does not count */
	enum hf_activity activity;
	unsigned letters; /* of a scope, that it needs */
	struct hf_access_ask ask;
	int64_t ods;	    /* the actor's organisation, packed */
	int64_t self, only; /* shelves: of the actor, of the token; -1: not asked */
	size_t n_classes;
	struct class classes[CLASSES];
	struct {
		int64_t shelf;
		uint32_t generation, class;
	} persons[PERSONS];
	struct {
		int64_t ods;
		uint32_t generation, class;
	} tiers[TIERS];
};

/* ---- what a type is ---- */

struct kind {
	uint8_t content, level; /* 0: not set up */
	bool directory;
};

static struct kind kinds[HF_TYPES_MOST];

static void
set_up_kinds(void)
{
	for (hf_type_id t = 1; t <= hf_n_resource_types; t++)
		kinds[t] = (struct kind){HF_CONTENT_CLINICAL, HF_LEVEL_S1, false};
#define HF_CONTENT_OF(type, what, how)                                                 \
	kinds[hf_person_type(#type)].content = HF_CONTENT_##what;                      \
	kinds[hf_person_type(#type)].level = HF_LEVEL_##how;
#define HF_DIRECTORY(type) kinds[hf_person_type(#type)].directory = true;
#include "record/io/viewer_content.def"
#undef HF_CONTENT_OF
#undef HF_DIRECTORY
}

static const struct kind *
kind_of(hf_type_id type)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_up_kinds);
	assert(type > 0 && type <= hf_n_resource_types);
	return &kinds[type];
}

/* ---- setting a viewer ---- */

static unsigned
letters_of(enum hf_activity activity)
{
	return activity == HF_ACT_SEARCH || activity == HF_ACT_TRACE ? HF_CRUD_S
								     : HF_CRUD_R;
}

static void
forget(struct hf_sight *s)
{
	s->generation++;
	s->n_classes = 0;
	s->self = s->only = -1;
}

void
hf_reader_as(struct hf_reader *r, const struct hf_viewer *viewer)
{
	struct hf_sight *s = r->sight;

	r->viewer = viewer;
	if (!viewer)
		return;
	if (!s)
		s = r->sight = calloc(1, sizeof *s);
	if (!s)
		return; /* each question fails then */
	forget(s);
	s->activity = viewer->activity;
	s->letters = letters_of(viewer->activity);
	s->ask = hf_access_ask_of(viewer->actor, viewer->now);
	s->ask.ndo_list_at = viewer->rights ? hf_rights_ndo_list_at(viewer->rights) : 0;
	s->ods = hf_ods_pack(viewer->actor->org);
}

bool
hf_reader_is_viewed(const struct hf_reader *r)
{
	return r->viewer != NULL;
}

bool
hf_operates(const struct hf_reader *r)
{
	return r->viewer && r->viewer->activity == HF_ACT_OPERATE;
}

enum hf_activity
hf_reader_does(struct hf_reader *r, enum hf_activity activity)
{
	enum hf_activity was;

	if (!r->viewer || !r->sight)
		return activity;
	was = r->sight->activity;
	if (was != activity) {
		r->sight->activity = activity;
		r->sight->letters = letters_of(activity);
		r->sight->ask.facts &= ~HF_BIT(HF_FACT_THREE_TERMS);
		r->sight->n_classes = 0;
		r->sight->generation++;
	}
	return was;
}

enum hf_activity
hf_reader_traces(struct hf_reader *r, size_t terms)
{
	enum hf_activity was = hf_reader_does(r, HF_ACT_TRACE);

	if (r->viewer && r->sight && terms >= 3)
		r->sight->ask.facts |= HF_BIT(HF_FACT_THREE_TERMS);
	return was;
}

bool
hf_reader_may_trace(const struct hf_reader *r)
{
	const struct hf_viewer *v = r->viewer;

	return !v || (v->policy->activities[v->actor->group] & HF_BIT(HF_ACT_TRACE));
}

static enum hf_rc
no_sight(struct hf_err *err)
{
	return hf_fail(err, HF_BUSY, NULL, "no memory to decide on who may see this");
}

/* ---- one answer ---- */

static void
note(const struct hf_viewer *v, const struct class *k, enum hf_content content,
     const struct hf_access_answer *a)
{
	struct hf_seen *seen = v->seen;

	if (!seen)
		return;
	if (!seen->rule || a->outcome > seen->strictest) {
		seen->strictest = a->outcome;
		seen->rule = a->rule;
	}
	if (a->outcome == HF_ALLOW) {
		seen->relations |= k->relations;
		seen->notes |= a->notes;
		if (a->until)
			seen->reason = k->glass.reason;
	} else if (k->relations && (a->outcome == HF_MASK || a->outcome == HF_BTG)) {
		seen->masked |= HF_BIT(content);
		if (a->glass)
			seen->masked_glass |= HF_BIT(content);
	}
}

struct thing {
	enum hf_activity activity;
	enum hf_content content;
	enum hf_level level;
	unsigned org; /* OWN, or 1 + enum hf_tier */
	uint64_t facts;
};

static struct hf_access_answer
answer(const struct hf_reader *r, const struct class *k, const struct thing *t)
{
	const struct hf_viewer *v = r->viewer;
	struct hf_access_ask ask = r->sight->ask;

	ask.activity = t->activity;
	ask.content = t->content;
	ask.level = t->level;
	ask.relations = k->relations;
	ask.facts |= k->facts | t->facts | HF_BIT(HF_FACT_IN_SCOPE);
	if (k->granted & HF_BIT(t->content))
		ask.facts |= HF_BIT(HF_FACT_PROXY_GRANT);
	ask.glass = k->glass;
	ask.item_org = t->org == OWN ? v->actor->org : nothing;
	ask.tier = t->org == OWN ? HF_TIER_T4 : (enum hf_tier)(t->org - 1);
	/* What an agreement of the highest tier covers was agreed to be shared. */
	if (ask.tier == HF_TIER_T4 && t->org != OWN)
		ask.facts |= HF_BIT(HF_FACT_SHARED);
	return hf_access_decide(&(struct hf_access_facts){
	    .actor = v->actor,
	    .need = HF_NEED_CLINICAL,
	    .audit_works = v->audit_works,
	    .policy = v->policy,
	    .ask = &ask,
	});
}

/* Of what is not labelled: looked up. */
static bool
is_open(const struct hf_reader *r, struct class *k, enum hf_content content,
	enum hf_level level, unsigned org)
{
	uint8_t *at = &k->outcome[content][level == HF_LEVEL_S1][org];

	if (*at == 0) {
		struct thing t = {r->sight->activity, content, level, org, 0};
		struct hf_access_answer a = answer(r, k, &t);

		note(r->viewer, k, content, &a);
		*at = (uint8_t)(a.outcome + 1);
	}
	return *at == HF_ALLOW + 1;
}

/* Could anything of this content be seen of persons of the class, whatever its labels
 * and its organisation? */
static bool
is_any(const struct hf_reader *r, struct class *k, enum hf_content content)
{
	static const uint64_t all = HF_BIT(HF_FACT_OWN_TEAM) | HF_BIT(HF_FACT_SHARED);

	if (k->any[content] == 0) {
		k->any[content] = 1;
		for (int level = HF_LEVEL_S0; level < HF_LEVELS; level++)
			for (unsigned org = 0; org < ORG_CLASSES; org++) {
				struct thing t = {r->sight->activity, content,
						  (enum hf_level)level, org, all};

				if (org == 1 + HF_TIER_NONE ||
				    answer(r, k, &t).outcome != HF_ALLOW)
					continue;
				k->any[content] = 2;
				return true;
			}
	}
	return k->any[content] == 2;
}

/* ---- persons ---- */

static bool
same_class(const struct class *a, const struct class *b)
{
	return a->relations == b->relations && a->facts == b->facts &&
	       a->granted == b->granted && a->glass.reason == b->glass.reason &&
	       a->glass.at == b->glass.at && a->reach == b->reach;
}

static uint32_t
class_like(struct hf_sight *s, const struct class *like)
{
	for (size_t i = 0; i < s->n_classes; i++)
		if (same_class(&s->classes[i], like))
			return (uint32_t)i;
	if (s->n_classes == CLASSES) {
		s->n_classes = 0;
		s->generation++;
	}
	s->classes[s->n_classes] = *like;
	return (uint32_t)s->n_classes++;
}

/* The shelf of "Patient/ID"; 0: there is no such. */
static enum hf_rc
shelf_of_patient(struct hf_reader *r, struct hf_sv reference, int64_t *shelf,
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
		rc = shelf_of_patient(r, a->who, &s->self, err);
	if (rc == HF_OK && s->only < 0)
		rc = shelf_of_patient(r, a->patient, &s->only, err);
	return rc;
}

struct classing {
	const struct hf_reader *r;
	struct class k;
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
	struct classing *c = ctx;
	const struct hf_viewer *v = c->r->viewer;
	const struct hf_sight *s = c->r->sight;
	const struct hf_actor *a = v->actor;
	struct class *k = &c->k;

	k->relations = hf_relations_of(v->policy, st->relations, st->n_relations,
				       a->org, a->who, v->now);
	if (v->rights) {
		struct hf_rights_person p = {st->shelves, st->n_shelves, st->relations,
					     st->n_relations};

		k->relations |=
		    hf_rights_relations(v->rights, v->policy, a, &p, v->now);
		k->glass = hf_rights_glass(v->rights, a->id, st->shelves, st->n_shelves,
					   v->now);
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

static enum hf_rc
person_of(struct hf_reader *r, int64_t shelf, struct class **out, struct hf_err *err)
{
	struct hf_sight *s = r->sight;
	size_t at = (uint64_t)shelf * 0x9e3779b97f4a7c15u >> 32 & (PERSONS - 1);
	struct classing c = {.r = r};
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
	k = class_like(s, &c.k);
	s->persons[at].shelf = shelf;
	s->persons[at].generation = s->generation;
	s->persons[at].class = k;
	*out = &s->classes[k];
	return HF_OK;
}

/* What is about nobody: whoever's organisation wrote it has a relationship with it,
 * nobody else. */
static struct class *
nobody(struct hf_reader *r, unsigned org)
{
	struct class like = {
	    .relations = org == OWN ? HF_BIT(HF_REL_CASE) : 0,
	    .reach = true,
	};

	return &r->sight->classes[class_like(r->sight, &like)];
}

/* A person who comes to be in this very change. */
static struct class *
newcomer(struct hf_reader *r)
{
	struct class like = {.relations = HF_BIT(HF_REL_CASE)};

	return &r->sight->classes[class_like(r->sight, &like)];
}

/* ---- organisations and scopes ---- */

static unsigned
org_of(struct hf_reader *r, struct hf_sv ods, const struct hf_category *category)
{
	const struct hf_viewer *v = r->viewer;
	struct hf_sv mine = v->actor->org;
	enum hf_tier tier = HF_TIER_T0;

	if (ods.n && hf_sv_eq(ods, mine))
		return OWN;
	if (v->rights && category)
		tier = hf_rights_tier_for(v->rights, ods, mine,
					  hf_sv_from(category->code), v->now);
	else if (v->rights)
		tier = hf_rights_tier(v->rights, ods, mine, v->now);
	return 1 + (unsigned)tier;
}

static unsigned
org_of_marks(struct hf_reader *r, int64_t marks)
{
	struct hf_sight *s = r->sight;
	int64_t ods = hf_marks_ods(marks);
	size_t at = (uint64_t)ods * 0x9e3779b97f4a7c15u >> 40 & (TIERS - 1);
	char text[HF_ODS_PACKED];

	if (ods && ods == s->ods)
		return OWN;
	if (s->tiers[at].ods == ods && s->tiers[at].generation == s->generation)
		return s->tiers[at].class;
	s->tiers[at].ods = ods;
	s->tiers[at].generation = s->generation;
	s->tiers[at].class =
	    org_of(r, (struct hf_sv){text, hf_ods_unpack(ods, text)}, NULL);
	return s->tiers[at].class;
}

/* Scopes for one person's record reach that person's, and what is about nobody. */
static bool
in_scope(const struct hf_reader *r, hf_type_id type, unsigned letters, bool in_reach)
{
	const struct hf_actor *a = r->viewer->actor;
	const struct hf_scopes *scopes = a->scopes;

	if (!scopes)
		return a->kind != HF_ACTOR_SYSTEM &&
		       !(a->facts & HF_BIT(HF_FACT_SCOPED)) &&
		       (a->patient.n == 0 || in_reach);
	if (hf_scopes_allow_at(scopes, HF_SCOPE_USER, type, letters) ||
	    hf_scopes_allow_at(scopes, HF_SCOPE_SYSTEM, type, letters))
		return true;
	return in_reach && hf_scopes_allow_at(scopes, HF_SCOPE_PATIENT, type, letters);
}

/* ---- what only the body tells ---- */

static bool
is_labelled(const struct hf_json *doc, uint32_t node, const char *code)
{
	uint32_t meta = hf_json_member(doc, node, "meta");
	uint32_t list = hf_json_member(doc, meta, "security");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++) {
		uint32_t c = hf_json_member(doc, hf_json_at(doc, list, i), "code");

		if (c != HF_JSON_NONE && hf_json_type(doc, c) == HF_JSON_STRING &&
		    hf_sv_eq(hf_json_raw(doc, c), hf_sv_from(code)))
			return true;
	}
	return false;
}

/* Does the resource name the user, or the user's team? */
static bool
names_us(const struct hf_json *doc, uint32_t node, const struct hf_actor *a)
{
	for (uint32_t i = node; i < doc->nodes[node].next; i++) {
		struct hf_sv text;

		if (hf_json_type(doc, i) != HF_JSON_STRING ||
		    !hf_sv_is(hf_json_key(doc, i), "reference"))
			continue;
		text = hf_json_raw(doc, i);
		if ((a->team.n && hf_sv_eq(text, a->team)) ||
		    (a->who.n && hf_sv_eq(text, a->who)))
			return true;
	}
	return false;
}

/* Care workers have today's plan and the medicines to give, not plans and medicines. */
static enum hf_content
for_care(enum hf_content content, hf_type_id type, const struct hf_json *doc,
	 uint32_t node, hf_time now)
{
	uint32_t at = hf_json_member(doc, node, "status");
	struct hf_sv status = at == HF_JSON_NONE ? nothing : hf_json_raw(doc, at);
	uint32_t period = hf_json_member(doc, node, "period");
	uint32_t start = hf_json_member(doc, period, "start");
	uint32_t end = hf_json_member(doc, period, "end");
	struct hf_date d;

	if (content == HF_CONTENT_MEDICINE)
		return type == hf_person_type("MedicationAdministration") ||
			       hf_sv_is(status, "active")
			   ? HF_CONTENT_DOSE
			   : content;
	if (content != HF_CONTENT_PLAN || !hf_sv_is(status, "active") ||
	    type != hf_person_type("CarePlan"))
		return content;
	if (start != HF_JSON_NONE &&
	    (!hf_date_parse(hf_json_raw(doc, start), false, &d) || d.lo > now))
		return content;
	if (end != HF_JSON_NONE &&
	    (!hf_date_parse(hf_json_raw(doc, end), false, &d) || d.hi < now))
		return content;
	return HF_CONTENT_TODAY;
}

static enum hf_level
stricter(enum hf_level base, enum hf_level labelled)
{
	return labelled == HF_LEVEL_S1 ? base : labelled;
}

/* What a body is asked for as. */
static struct thing
thing_of(struct hf_reader *r, hf_type_id type, const struct hf_json *doc, uint32_t node,
	 struct hf_sv given, struct hf_arena *arena, enum hf_activity activity)
{
	const struct hf_viewer *v = r->viewer;
	const struct kind *kind = kind_of(type);
	const struct hf_category *category = NULL;
	struct hf_sv ods = given.n ? given : hf_source_ods_at(doc, node, arena);
	struct thing t = {.activity = activity,
			  .content = (enum hf_content)kind->content,
			  .level = (enum hf_level)kind->level};

	t.level =
	    stricter(t.level, hf_policy_level_at(v->policy, doc, node, &category));
	t.org = org_of(r, ods, t.level == HF_LEVEL_S2 ? category : NULL);
	if (t.org == OWN && (v->actor->team.n == 0 || names_us(doc, node, v->actor)))
		t.facts |= HF_BIT(HF_FACT_OWN_TEAM);
	if (is_labelled(doc, node, "NOPAT"))
		t.facts |= HF_BIT(HF_FACT_WITHHELD);
	if (v->actor->group == HF_GROUP_CARE)
		t.content = for_care(t.content, type, doc, node, v->now);
	return t;
}

/* The classes of all whom a resource on shelf speaks of; n 0: nobody. */
static enum hf_rc
shelves_of(struct hf_reader *r, hf_type_id type, int64_t shelf,
	   const struct hf_json *doc, struct hf_arena *arena, int64_t **out, size_t *n,
	   struct hf_err *err)
{
	struct hf_people people;
	enum hf_rc rc = hf_people_of(type, doc, 0, arena, &people, err);
	int64_t *list;

	if (rc != HF_OK)
		return rc;
	list = hf_arena_array(arena, people.n + 1, sizeof *list);
	if (!list)
		return no_sight(err);
	*n = 0;
	if (shelf >= HF_SHELF_PERSON)
		list[(*n)++] = shelf;
	for (size_t i = 0; rc == HF_OK && i < people.n; i++) {
		int64_t one = 0;

		rc = shelf_of_patient(r, people.patients[i], &one, err);
		if (rc == HF_OK && one && one != shelf)
			list[(*n)++] = one;
	}
	*out = list;
	return rc;
}

/* The strictest answer of all persons. */
static enum hf_rc
answer_all(struct hf_reader *r, const struct thing *t, hf_type_id type,
	   unsigned letters, const int64_t *shelves, const bool *fresh, size_t n,
	   struct hf_access_answer *out, struct hf_err *err)
{
	static const struct hf_access_answer no_scope = {
	    .outcome = HF_DENY,
	    .rule = "R2-scope",
	    .text = "the scopes of the token do not cover it"};
	struct hf_access_answer worst = {.outcome = HF_ALLOW};

	for (size_t i = 0; i < n || (n == 0 && i == 0); i++) {
		struct hf_access_answer a = no_scope;
		struct class *k;
		enum hf_rc rc = HF_OK;

		if (n == 0)
			k = nobody(r, t->org);
		else if (fresh && fresh[i])
			k = newcomer(r);
		else
			rc = person_of(r, shelves[i], &k, err);
		if (rc != HF_OK)
			return rc;
		if (in_scope(r, type, letters, k->reach)) {
			a = answer(r, k, t);
			note(r->viewer, k, t->content, &a);
		}
		if (i == 0 || a.outcome > worst.outcome)
			worst = a;
	}
	*out = worst;
	return HF_OK;
}

static enum hf_rc
sees_body(struct hf_reader *r, hf_type_id type, int64_t shelf,
	  const struct hf_json *doc, struct hf_arena *arena, bool *out,
	  struct hf_err *err)
{
	enum hf_activity activity = r->sight->activity;
	struct thing t = thing_of(r, type, doc, 0, nothing, arena, activity);
	struct hf_access_answer a = {.outcome = HF_DENY};
	int64_t *shelves = NULL;
	size_t n = 0;
	enum hf_rc rc = shelves_of(r, type, shelf, doc, arena, &shelves, &n, err);

	if (rc == HF_OK)
		rc = answer_all(r, &t, type, r->sight->letters, shelves, NULL, n, &a,
				err);
	*out = rc == HF_OK && a.outcome == HF_ALLOW;
	return rc;
}

/* The newest version that has a body. */
static enum hf_rc
open_living(struct hf_reader *r, hf_rid rid, struct hf_arena *arena,
	    struct hf_version *v, struct hf_err *err)
{
	const struct hf_viewer *viewer = hf_as_system(r);
	enum hf_rc rc = hf_store_read_rid(r, rid, 0, arena, v, err);

	for (uint32_t k = rc == HF_GONE ? v->e.version : 0; rc == HF_GONE && k > 1; k--)
		rc = hf_store_read_rid(r, rid, k - 1, arena, v, err);
	hf_as_viewer(r, viewer);
	return rc;
}

static enum hf_rc
sees_opened(struct hf_reader *r, const struct hf_entry *e, bool *out,
	    struct hf_err *err)
{
	struct hf_arena arena = {.cap = open_most};
	struct hf_version v;
	struct hf_json doc;
	enum hf_rc rc = open_living(r, e->rid, &arena, &v, err);

	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, &arena, &doc, err);
	if (rc == HF_OK)
		rc =
		    sees_body(r, e->type, HF_RID_SHELF(e->rid), &doc, &arena, out, err);
	hf_arena_free(&arena);
	/* What never had a body tells nothing to anybody. */
	return rc == HF_NOT_FOUND || rc == HF_GONE ? HF_OK : rc;
}

/* ---- the questions ---- */

static bool
needs_body(const struct hf_reader *r, const struct hf_entry *e)
{
	static const int64_t special = HF_FLAG_LABELLED | HF_FLAG_SEVERAL | HF_FLAG_FAR;
	enum hf_content content = (enum hf_content)kind_of(e->type)->content;

	if (!(e->marks & HF_FLAG_KNOWN) || (e->marks & special))
		return true;
	return r->viewer->actor->group == HF_GROUP_CARE &&
	       (content == HF_CONTENT_PLAN || content == HF_CONTENT_MEDICINE);
}

enum hf_rc
hf_sees(struct hf_reader *r, const struct hf_entry *e, bool *out, struct hf_err *err)
{
	int64_t shelf = HF_RID_SHELF(e->rid);
	const struct kind *kind;
	struct class *k;
	unsigned org;
	enum hf_rc rc = HF_OK;

	*out = hf_sees_all(r);
	if (*out)
		return HF_OK;
	if (!r->sight)
		return no_sight(err);
	kind = kind_of(e->type);
	if (shelf < HF_SHELF_PERSON && kind->directory) {
		*out = in_scope(r, e->type, r->sight->letters, true);
		return HF_OK;
	}
	if (needs_body(r, e))
		return sees_opened(r, e, out, err);
	org = org_of_marks(r, e->marks);
	if (shelf < HF_SHELF_PERSON)
		k = nobody(r, org);
	else
		rc = person_of(r, shelf, &k, err);
	if (rc == HF_OK && in_scope(r, e->type, r->sight->letters, k->reach))
		*out = is_open(r, k, (enum hf_content)kind->content,
			       (enum hf_level)kind->level, org);
	return rc;
}

enum hf_rc
hf_sees_change(struct hf_reader *r, const struct hf_entry *e, unsigned letter,
	       bool *out, struct hf_err *err)
{
	enum hf_activity was = hf_reader_does(r, HF_ACT_CHANGE);
	enum hf_rc rc;

	if (r->sight)
		r->sight->letters = letter;
	rc = hf_sees(r, e, out, err);
	hf_reader_does(r, was);
	return rc;
}

enum hf_rc
hf_sees_version(struct hf_reader *r, const struct hf_version *v, bool *out,
		struct hf_err *err)
{
	struct hf_arena arena = {.cap = open_most};
	int64_t shelf = HF_RID_SHELF(v->e.rid);
	struct hf_json doc;
	enum hf_rc rc;

	*out = hf_sees_all(r) || v->body.n == 0 ||
	       (shelf < HF_SHELF_PERSON && kind_of(v->e.type)->directory);
	if (*out)
		return HF_OK;
	if (!r->sight)
		return no_sight(err);
	rc = hf_json_parse(v->body, NULL, &arena, &doc, err);
	if (rc == HF_OK)
		rc = sees_body(r, v->e.type, shelf, &doc, &arena, out, err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_sees_which(struct hf_reader *r, struct hf_entry *entries, size_t *n,
	      struct hf_err *err)
{
	size_t kept = 0;

	if (hf_sees_all(r))
		return HF_OK;
	for (size_t i = 0; i < *n; i++) {
		bool sees;
		enum hf_rc rc = hf_sees(r, &entries[i], &sees, err);

		if (rc != HF_OK)
			return rc;
		if (sees)
			entries[kept++] = entries[i];
	}
	*n = kept;
	return HF_OK;
}

enum hf_rc
hf_sees_any(struct hf_reader *r, int64_t shelf, hf_type_id type, bool *out,
	    struct hf_err *err)
{
	struct class *k;
	enum hf_content content;
	enum hf_rc rc;

	*out = hf_sees_all(r) || shelf < HF_SHELF_PERSON;
	if (*out)
		return HF_OK;
	if (!r->sight)
		return no_sight(err);
	rc = person_of(r, shelf, &k, err);
	if (rc != HF_OK)
		return rc;
	content = (enum hf_content)kind_of(type)->content;
	*out = is_any(r, k, content);
	if (!*out && r->viewer->actor->group == HF_GROUP_CARE)
		*out = is_any(r, k, HF_CONTENT_TODAY) || is_any(r, k, HF_CONTENT_DOSE);
	return HF_OK;
}

enum hf_rc
hf_viewer_decide(struct hf_reader *r, const struct hf_doing *d,
		 struct hf_access_answer *out, struct hf_err *err)
{
	struct hf_arena arena = {.cap = open_most};
	struct thing t;
	enum hf_rc rc;

	if (!r->sight)
		return no_sight(err);
	t = thing_of(r, d->type, d->doc, d->node, d->ods, &arena, d->activity);
	rc =
	    answer_all(r, &t, d->type, d->letter, d->shelves, d->fresh, d->n, out, err);
	hf_arena_free(&arena);
	return rc;
}

/* ---- a person as a whole ---- */

/* The best and the worst that organisations may share. */
static const unsigned extremes[] = {OWN, 1 + HF_TIER_T4};

static void
offer(const struct hf_reader *r, const struct class *k, struct hf_viewer_person *out)
{
	static const struct {
		enum hf_content content;
		enum hf_level level;
	} asked[] = {{HF_CONTENT_DEMOGRAPHIC, HF_LEVEL_S0},
		     {HF_CONTENT_CLINICAL, HF_LEVEL_S1},
		     {HF_CONTENT_CLINICAL, HF_LEVEL_S2}};

	for (size_t i = 0; i < HF_COUNT(asked); i++)
		for (size_t o = 0; o < HF_COUNT(extremes); o++) {
			struct thing t = {HF_ACT_READ, asked[i].content, asked[i].level,
					  extremes[o], 0};
			struct hf_access_answer a = answer(r, k, &t);

			out->glass |= a.glass;
			out->reasons |= a.reasons;
			if (a.until > out->until)
				out->until = a.until;
		}
}

static void
describe(const struct hf_reader *r, const struct class *k, struct hf_viewer_person *out)
{
	bool first = true;

	*out = (struct hf_viewer_person){.broken = k->glass};
	for (size_t o = 0; o < HF_COUNT(extremes); o++) {
		struct thing t = {HF_ACT_READ, HF_CONTENT_DEMOGRAPHIC, HF_LEVEL_S0,
				  extremes[o], 0};
		struct hf_access_answer a = answer(r, k, &t);

		if (first || a.outcome < out->outcome) {
			out->outcome = a.outcome;
			out->rule = a.rule;
			out->text = a.text;
		}
		first = false;
	}
	out->relations = k->relations;
	for (int c = HF_CONTENT_NONE + 1; c < HF_CONTENTS; c++) {
		struct thing t = {HF_ACT_READ, (enum hf_content)c,
				  c == HF_CONTENT_DEMOGRAPHIC || c == HF_CONTENT_CONTACT
				      ? HF_LEVEL_S0
				      : HF_LEVEL_S1,
				  OWN, 0};

		if (answer(r, k, &t).outcome == HF_ALLOW)
			out->contents |= HF_BIT(c);
	}
	offer(r, k, out);
}

enum hf_rc
hf_viewer_stranger(struct hf_reader *r, struct hf_viewer_person *out,
		   struct hf_err *err)
{
	static const struct class stranger;

	if (hf_sees_all(r) || !r->sight)
		return no_sight(err);
	describe(r, &stranger, out);
	return HF_OK;
}

enum hf_rc
hf_viewer_person(struct hf_reader *r, int64_t shelf, struct hf_viewer_person *out,
		 struct hf_err *err)
{
	struct hf_viewer_person p;
	struct class *k;
	enum hf_rc rc;

	if (hf_sees_all(r) || !r->sight)
		return no_sight(err);
	rc = person_of(r, shelf, &k, err);
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

/* viewer_item.c - may the viewer see this resource? */
#include "record/io/person_int.h"
#include "record/io/relation.h"
#include "record/io/viewer_sight.h"

static const size_t open_most = (size_t)64 << 20;
static const struct hf_sv nothing = {NULL, 0};

/* ---- organisations and scopes ---- */

static unsigned
org_of(struct hf_reader *r, struct hf_sv ods, const struct hf_category *category)
{
	const struct hf_viewer *v = r->viewer;
	struct hf_sv mine = v->actor->org;
	enum hf_tier tier = HF_TIER_T0;

	if (ods.n && hf_sv_eq(ods, mine))
		return HF_ORG_OWN;
	if (v->rights && category)
		tier = hf_rights_tier_for(v->rights, ods, mine,
					  hf_sv_from(category->code), v->now);
	else if (v->rights)
		tier = hf_rights_tier(v->rights, ods, mine, v->now);
	return 1 + (unsigned)tier;
}

enum hf_rc
hf_viewer_may(struct hf_reader *r, int64_t shelf, enum hf_content content,
	      enum hf_level level, struct hf_sv ods, bool *may, struct hf_err *err)
{
	struct hf_class *k;
	enum hf_rc rc = HF_OK;

	*may = hf_sees_all(r);
	if (*may)
		return HF_OK;
	if (!r->sight)
		return hf_no_sight(err);
	rc = hf_sight_person(r, shelf, &k, err);
	if (rc == HF_OK)
		*may = hf_sight_open(r, k, content, level, org_of(r, ods, NULL));
	return rc;
}

static unsigned
org_of_marks(struct hf_reader *r, int64_t marks)
{
	struct hf_sight *s = r->sight;
	int64_t ods = hf_marks_ods(marks);
	size_t at = (uint64_t)ods * 0x9e3779b97f4a7c15u >> 40 & (HF_SIGHT_TIERS - 1);
	char text[HF_ODS_PACKED];

	if (ods && ods == s->ods)
		return HF_ORG_OWN;
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
static struct hf_thing
thing_of(struct hf_reader *r, hf_type_id type, const struct hf_json *doc, uint32_t node,
	 struct hf_sv given, struct hf_arena *arena, enum hf_activity activity)
{
	const struct hf_viewer *v = r->viewer;
	const struct hf_kind *kind = hf_sight_kind(type);
	const struct hf_category *category = NULL;
	struct hf_sv ods = given.n ? given : hf_source_ods_at(doc, node, arena);
	struct hf_thing t = {.activity = activity,
			     .content = (enum hf_content)kind->content,
			     .level = (enum hf_level)kind->level};

	t.level =
	    stricter(t.level, hf_policy_level_at(v->policy, doc, node, &category));
	t.org = org_of(r, ods, t.level == HF_LEVEL_S2 ? category : NULL);
	if (t.org == HF_ORG_OWN &&
	    (v->actor->team.n == 0 || names_us(doc, node, v->actor)))
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
		return hf_no_sight(err);
	*n = 0;
	if (shelf >= HF_SHELF_PERSON)
		list[(*n)++] = shelf;
	for (size_t i = 0; rc == HF_OK && i < people.n; i++) {
		int64_t one = 0;

		rc = hf_sight_shelf(r, people.patients[i], &one, err);
		if (rc == HF_OK && one && one != shelf)
			list[(*n)++] = one;
	}
	*out = list;
	return rc;
}

/* The strictest answer of all persons. */
static enum hf_rc
answer_all(struct hf_reader *r, const struct hf_thing *t, hf_type_id type,
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
		struct hf_class *k;
		enum hf_rc rc = HF_OK;

		if (n == 0)
			k = hf_sight_nobody(r, t->org);
		else if (fresh && fresh[i])
			k = hf_sight_newcomer(r);
		else
			rc = hf_sight_person(r, shelves[i], &k, err);
		if (rc != HF_OK)
			return rc;
		if (in_scope(r, type, letters, k->reach)) {
			a = hf_sight_answer(r, k, t);
			hf_sight_note(r->viewer, k, t->content, &a);
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
	struct hf_thing t = thing_of(r, type, doc, 0, nothing, arena, activity);
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
	enum hf_content content = (enum hf_content)hf_sight_kind(e->type)->content;

	if (!(e->marks & HF_FLAG_KNOWN) || (e->marks & special) ||
	    r->viewer->policy->own_sensitivity)
		return true;
	return r->viewer->actor->group == HF_GROUP_CARE &&
	       (content == HF_CONTENT_PLAN || content == HF_CONTENT_MEDICINE);
}

enum hf_rc
hf_sees(struct hf_reader *r, const struct hf_entry *e, bool *out, struct hf_err *err)
{
	int64_t shelf = HF_RID_SHELF(e->rid);
	const struct hf_kind *kind;
	struct hf_class *k;
	unsigned org;
	enum hf_rc rc = HF_OK;

	*out = hf_sees_all(r);
	if (*out)
		return HF_OK;
	if (!r->sight)
		return hf_no_sight(err);
	kind = hf_sight_kind(e->type);
	if (shelf < HF_SHELF_PERSON && kind->directory) {
		*out = in_scope(r, e->type, r->sight->letters, true);
		return HF_OK;
	}
	if (needs_body(r, e))
		return sees_opened(r, e, out, err);
	org = org_of_marks(r, e->marks);
	if (shelf < HF_SHELF_PERSON)
		k = hf_sight_nobody(r, org);
	else
		rc = hf_sight_person(r, shelf, &k, err);
	if (rc == HF_OK && in_scope(r, e->type, r->sight->letters, k->reach))
		*out = hf_sight_open(r, k, (enum hf_content)kind->content,
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
	       (shelf < HF_SHELF_PERSON && hf_sight_kind(v->e.type)->directory);
	if (*out)
		return HF_OK;
	if (!r->sight)
		return hf_no_sight(err);
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
	struct hf_class *k;
	enum hf_content content;
	enum hf_rc rc;

	*out = hf_sees_all(r) || shelf < HF_SHELF_PERSON;
	if (*out)
		return HF_OK;
	if (!r->sight)
		return hf_no_sight(err);
	rc = hf_sight_person(r, shelf, &k, err);
	if (rc != HF_OK)
		return rc;
	content = (enum hf_content)hf_sight_kind(type)->content;
	*out = hf_sight_any(r, k, content);
	if (!*out && r->viewer->actor->group == HF_GROUP_CARE)
		*out = hf_sight_any(r, k, HF_CONTENT_TODAY) ||
		       hf_sight_any(r, k, HF_CONTENT_DOSE);
	return HF_OK;
}

enum hf_rc
hf_viewer_decide(struct hf_reader *r, const struct hf_doing *d,
		 struct hf_access_answer *out, struct hf_err *err)
{
	struct hf_arena arena = {.cap = open_most};
	struct hf_thing t;
	enum hf_rc rc;

	if (!r->sight)
		return hf_no_sight(err);
	t = thing_of(r, d->type, d->doc, d->node, d->ods, &arena, d->activity);
	rc =
	    answer_all(r, &t, d->type, d->letter, d->shelves, d->fresh, d->n, out, err);
	hf_arena_free(&arena);
	return rc;
}

/* why.c - why may this role see this person, or not? */
#include "record/io/why.h"

#include <stdlib.h>

#include "access/io/account.h"
#include "record/io/desk.h"

/* The facts of a session or token that passes R1; everything else is not so. */
static uint64_t
assumed(enum hf_group group, struct hf_sv org)
{
	uint64_t facts = HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_ROLE_ACTIVE) |
			 HF_BIT(HF_FACT_ORG_ACTIVE) | HF_BIT(HF_FACT_GP_ITEM);

	if (group == HF_GROUP_INT)
		return facts | HF_BIT(HF_FACT_CLIENT_STRONG) | HF_BIT(HF_FACT_SCOPED) |
		       HF_BIT(HF_FACT_IN_SCOPE) |
		       (org.n == 0 ? HF_BIT(HF_FACT_PLACE_WIDE) : 0);
	return facts | HF_BIT(HF_FACT_MFA);
}

size_t
hf_why_lines(const struct hf_why *why)
{
	return HF_CONTENT_OPERATION - 1 + why->policy->n_categories;
}

struct hf_why_line
hf_why_line_at(const struct hf_why *why, size_t i)
{
	if (i >= HF_CONTENT_OPERATION - 1) {
		const struct hf_category *c =
		    &why->policy->categories[i - (HF_CONTENT_OPERATION - 1)];

		return (struct hf_why_line){HF_CONTENT_CLINICAL, c->level, c};
	}
	return (struct hf_why_line){
	    (enum hf_content)(i + 1),
	    i + 1 == HF_CONTENT_DEMOGRAPHIC ? HF_LEVEL_S0 : HF_LEVEL_S1, NULL};
}

struct hf_access_answer
hf_why_decide(const struct hf_why *why, const struct hf_why_line *line, bool own)
{
	struct hf_access_ask ask = why->ask;
	const struct hf_actor actor = {
	    .kind = ask.group == HF_GROUP_INT ? HF_ACTOR_SYSTEM : HF_ACTOR_PERSON,
	    .id = HF_SV("why"),
	    .purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)ask.purpose)),
	};

	ask.content = line->content;
	ask.level = line->level;
	if (why->granted & HF_BIT(line->content))
		ask.facts |= HF_BIT(HF_FACT_PROXY_GRANT);
	if (own) {
		ask.item_org = ask.org;
		ask.facts |= HF_BIT(HF_FACT_OWN_TEAM);
	} else {
		ask.item_org = why->from;
		if (line->category && !why->tier_asked)
			ask.tier = hf_rights_tier_for(why->rights, why->from, ask.org,
						      hf_sv_from(line->category->code),
						      ask.now);
		/* What is agreed is shared; see viewer.c. */
		if (ask.tier == HF_TIER_T4 && !hf_sv_eq(why->from, ask.org))
			ask.facts |= HF_BIT(HF_FACT_SHARED);
	}
	return hf_access_decide(&(struct hf_access_facts){.actor = &actor,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = true,
							  .policy = why->policy,
							  .ask = &ask});
}

/* ---- the form ---- */

struct reading {
	struct hf_reader *reader;
	const struct hf_policy *policy;
	struct hf_why_form form;
	struct hf_arena *arena;
	struct hf_actor actor;
	struct hf_err *err;
};

/* The user's account, by login or id: what the form does not say comes from it. */
static enum hf_rc
read_user(struct reading *r, hf_time now)
{
	struct hf_db *db = hf_reader_db(r->reader);
	struct hf_sv text = r->form.user;
	struct hf_account account;
	struct hf_account_role *roles;
	size_t n;
	enum hf_rc rc = HF_NOT_FOUND;

	if (hf_sv_starts(text, HF_SV("user/")))
		text = hf_sv_from_at(text, 5);
	else
		rc = hf_account_by_login(db, text, r->arena, &account, NULL);
	if (rc)
		rc = hf_account_get(db, text, r->arena, &account, NULL);
	if (rc)
		return hf_fail(r->err, HF_INVALID, "user", "there is no such account");
	r->actor.id = hf_arena_printf(r->arena, "user/%.*s", HF_SV_ARG(account.id));
	if (r->form.who.n == 0)
		r->form.who = account.who;
	rc = hf_account_roles(db, account.id, r->arena, &roles, &n, r->err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		if (!hf_account_role_active(&roles[i], now) ||
		    (r->form.role.n && !hf_sv_eq(r->form.role, roles[i].role)) ||
		    (r->form.org.n && !hf_sv_eq(r->form.org, roles[i].org)))
			continue;
		r->form.role = roles[i].role;
		r->form.org = roles[i].org;
		if (r->form.team.n == 0)
			r->form.team = roles[i].team;
		break;
	}
	return rc;
}

static enum hf_rc
read_words(struct reading *r, hf_time now, struct hf_why *out)
{
	const struct hf_policy *policy = r->policy;
	struct hf_why_form *f = &r->form;
	int purpose, tier = hf_word_find(HF_WORDS_TIER, f->tier);

	out->role = hf_policy_role(policy, f->role);
	if (!out->role)
		return hf_fail(r->err, HF_INVALID, "role",
			       f->role.n ? "there is no role with this code in "
					   "roles.json"
					 : "say the role, or a user who has one now");
	purpose = f->purpose.n ? hf_word_find(HF_WORDS_PURPOSE, f->purpose)
			       : (int)policy->purpose[out->role->group];
	if (purpose <= 0)
		return hf_fail(r->err, HF_INVALID, "purpose",
			       "there is no such purpose");
	if (f->tier.n && tier <= 0)
		return hf_fail(r->err, HF_INVALID, "tier", "a tier is T0 to T4");
	if (f->org.n == 0 && out->role->group != HF_GROUP_PAT &&
	    out->role->group != HF_GROUP_INT)
		return hf_fail(r->err, HF_INVALID, "org",
			       "say the ODS code of the organisation");
	r->actor.group = out->role->group;
	r->actor.org = f->org;
	r->actor.team = f->team;
	r->actor.who = f->who;
	out->tier_asked = f->tier.n != 0;
	out->ask = (struct hf_access_ask){
	    .group = out->role->group,
	    .org = f->org,
	    .purpose = (enum hf_purpose)purpose,
	    .activity = HF_ACT_READ,
	    .tier = f->tier.n ? (enum hf_tier)tier : HF_TIER_NONE,
	    .facts = assumed(out->role->group, f->org),
	    .now = f->at ? f->at : now,
	};
	return HF_OK;
}

/* ---- the person ---- */

/* What ends last comes first; the source settles the rest. */
static int
later(const void *pa, const void *pb)
{
	const struct hf_relation *a = pa, *b = pb;

	if (a->end != b->end)
		return a->end < b->end ? 1 : -1;
	return hf_sv_cmp(a->source, b->source);
}

/* What agreements, glasses and delegations add. */
static enum hf_rc
add_rights(struct reading *r, struct hf_why *out)
{
	struct hf_access_ask *ask = &out->ask;
	struct hf_rights_person p = {.relations = out->relations.items,
				     .n_relations = out->relations.n};
	int64_t *shelves;
	struct hf_entry entry;
	enum hf_rc rc = hf_store_find(r->reader, hf_resource_find(HF_SV("Patient")),
				      r->form.person, &entry, r->err);

	if (rc == HF_OK)
		rc = hf_store_person(r->reader, HF_RID_SHELF(entry.rid), r->arena,
				     &shelves, &p.n_shelves, r->err);
	if (rc)
		return rc;
	p.shelves = shelves;
	out->stored =
	    hf_rights_relations(out->rights, out->policy, &r->actor, &p, ask->now) &
	    ~ask->relations;
	ask->relations |= out->stored;
	out->granted =
	    hf_rights_proxy(out->rights, &r->actor, shelves, p.n_shelves, ask->now);
	ask->glass =
	    hf_rights_glass(out->rights, r->actor.id, shelves, p.n_shelves, ask->now);
	ask->ndo_list_at = hf_rights_ndo_list_at(out->rights);
	if (!hf_rights_org_active(out->rights, ask->org, ask->now))
		ask->facts &= ~HF_BIT(HF_FACT_ORG_ACTIVE);
	if (!out->tier_asked)
		ask->tier = hf_rights_tier(out->rights, out->from, ask->org, ask->now);
	return HF_OK;
}

static enum hf_rc
read_person(struct reading *r, struct hf_why *out)
{
	struct hf_sv self =
	    hf_arena_printf(r->arena, "Patient/%.*s", HF_SV_ARG(r->form.person));
	struct hf_care_homes homes;
	enum hf_rc rc = hf_care_homes_read(r->reader, r->arena, &homes, r->err);

	if (rc == HF_OK)
		rc = hf_relations_read(r->reader, r->form.person, &homes, r->arena,
				       &out->relations, r->err);
	if (rc)
		return rc;
	if (out->relations.n)
		qsort(out->relations.items, out->relations.n,
		      sizeof(*out->relations.items), later);
	out->ask.relations =
	    hf_relations_of(out->policy, out->relations.items, out->relations.n,
			    out->ask.org, r->form.who, out->ask.now);
	if (r->form.who.n && hf_sv_eq(self, r->form.who))
		out->ask.relations |= HF_BIT(HF_REL_SELF);
	if (out->relations.objection.n)
		out->ask.facts |= HF_BIT(HF_FACT_OBJECTION);
	if (out->relations.type1.n)
		out->ask.facts |= HF_BIT(HF_FACT_TYPE1);
	return add_rights(r, out);
}

enum hf_rc
hf_why_read(struct hf_reader *reader, const struct hf_policy *policy,
	    const struct hf_rights *rights, const struct hf_why_form *form, hf_time now,
	    struct hf_arena *arena, struct hf_why *out, struct hf_err *err)
{
	struct reading r = {.reader = reader,
			    .policy = policy,
			    .form = *form,
			    .arena = arena,
			    .err = err};
	struct hf_why why = {.policy = policy,
			     .rights = rights,
			     .person = form->person,
			     .from = form->from};
	enum hf_rc rc = form->user.n ? read_user(&r, now) : HF_OK;

	if (rc == HF_OK)
		rc = read_words(&r, now, &why);
	if (rc)
		return rc;
	rc = hf_reader_begin(reader, err);
	if (rc == HF_OK) {
		rc = read_person(&r, &why);
		hf_reader_end(reader);
	}
	why.user = r.actor.id;
	why.who = r.form.who;
	if (rc == HF_OK)
		*out = why;
	return rc;
}

/* ---- as JSON ---- */

static void
put_time(struct hf_jw *j, struct hf_sv key, hf_time t)
{
	char buf[32];

	hf_jw_key(j, key);
	if (t == HF_TIME_MIN || t == HF_TIME_MAX)
		hf_jw_null(j);
	else
		hf_jw_str(j, hf_sv_from(hf_time_format(t, buf, sizeof(buf))));
}

static void
put_words(struct hf_jw *j, enum hf_vocabulary of, uint64_t set)
{
	hf_jw_arr(j);
	for (int i = 1; i < hf_words_count(of); i++)
		if (set & HF_BIT(i))
			hf_jw_str(j, hf_sv_from(hf_word(of, i)));
	hf_jw_arr_end(j);
}

static void
put_answer(struct hf_jw *j, struct hf_sv key, const struct hf_access_answer *a)
{
	hf_jw_key(j, key);
	hf_jw_obj(j);
	hf_jw_field(j, "outcome",
		    hf_sv_from(hf_word(HF_WORDS_ACCESS, (int)a->outcome)));
	hf_jw_field(j, "rule", hf_sv_from(a->rule));
	hf_jw_field(j, "text", hf_sv_from(a->text));
	hf_jw_member(j, "breakGlass");
	put_words(j, HF_WORDS_REASON, a->glass ? a->reasons : 0);
	hf_jw_member(j, "notes");
	put_words(j, HF_WORDS_NOTE, a->notes);
	hf_jw_obj_end(j);
}

static void
put_relation(struct hf_jw *j, const struct hf_why *why, const struct hf_relation *r)
{
	hf_jw_obj(j);
	hf_jw_field(j, "kind", hf_sv_from(hf_word(HF_WORDS_RELATION, (int)r->kind)));
	hf_jw_field(j, "text",
		    hf_sv_from(hf_word_text(HF_WORDS_RELATION, (int)r->kind)));
	put_time(j, HF_SV("from"), r->start);
	put_time(j, HF_SV("to"), r->end);
	put_time(j, HF_SV("until"), hf_relation_until(why->policy, r));
	hf_jw_member(j, "counts");
	hf_jw_bool(j, hf_relation_counts(why->policy, r, why->ask.now));
	hf_jw_field(j, "source", r->source);
	if (r->who.n)
		hf_jw_field(j, "practitioner", r->who);
	hf_jw_field(j, "reason", hf_sv_from(r->reason));
	hf_jw_obj_end(j);
}

/* Relationships that administration keeps: their kind alone. */
static void
put_stored(struct hf_jw *j, uint64_t kinds)
{
	for (int k = 1; k < HF_RELATIONS; k++) {
		if (!(kinds & HF_BIT(k)))
			continue;
		hf_jw_obj(j);
		hf_jw_field(j, "kind", hf_sv_from(hf_word(HF_WORDS_RELATION, k)));
		hf_jw_field(j, "text", hf_sv_from(hf_word_text(HF_WORDS_RELATION, k)));
		hf_jw_member(j, "counts");
		hf_jw_bool(j, true);
		hf_jw_field(j, "reason", HF_SV("kept by administration"));
		hf_jw_obj_end(j);
	}
}

static void
put_relations(const struct hf_why *why, struct hf_jw *j)
{
	size_t others = 0;

	hf_jw_member(j, "relationships");
	hf_jw_arr(j);
	for (size_t i = 0; i < why->relations.n; i++) {
		const struct hf_relation *r = &why->relations.items[i];

		if (hf_relation_is_of(r, why->ask.org, why->who))
			put_relation(j, why, r);
		else
			others++;
	}
	put_stored(j, why->stored);
	hf_jw_arr_end(j);
	hf_jw_member(j, "relationshipsWithOthers");
	hf_jw_int(j, (int64_t)others);
}

static void
put_decisions(const struct hf_why *why, struct hf_jw *j)
{
	hf_jw_member(j, "decisions");
	hf_jw_arr(j);
	for (size_t i = 0; i < hf_why_lines(why); i++) {
		struct hf_why_line l = hf_why_line_at(why, i);
		struct hf_access_answer own = hf_why_decide(why, &l, true);
		struct hf_access_answer other = hf_why_decide(why, &l, false);
		const char *text = l.category
				       ? l.category->name
				       : hf_word_text(HF_WORDS_CONTENT, (int)l.content);

		hf_jw_obj(j);
		hf_jw_field(j, "content",
			    hf_sv_from(hf_word(HF_WORDS_CONTENT, (int)l.content)));
		hf_jw_field(j, "text", hf_sv_from(text));
		hf_jw_field(j, "level",
			    hf_sv_from(hf_word(HF_WORDS_LEVEL, (int)l.level)));
		if (l.category)
			hf_jw_field(j, "category", hf_sv_from(l.category->code));
		put_answer(j, HF_SV("own"), &own);
		put_answer(j, HF_SV("others"), &other);
		hf_jw_obj_end(j);
	}
	hf_jw_arr_end(j);
}

/* In a sentence: of the record in general, as problems of the organisation's own. */
static void
put_summary(const struct hf_why *why, struct hf_jw *j)
{
	static const char *const says[] = {[HF_ALLOW] = "Yes: ",
					   [HF_MASK] = "Not this: ",
					   [HF_PSEUDO] = "Without identity: ",
					   [HF_BTG] = "Only by breaking the glass: ",
					   [HF_DENY] = "No: "};
	const struct hf_why_line line = {HF_CONTENT_PROBLEM, HF_LEVEL_S1, NULL};
	struct hf_access_answer a = hf_why_decide(why, &line, true);
	char text[400];

	snprintf(text, sizeof(text), "%s%s.", says[a.outcome], a.text);
	hf_jw_field(j, "answer", hf_sv_from(text));
	hf_jw_member(j, "rule");
	hf_jw_obj(j);
	hf_jw_field(j, "id", hf_sv_from(a.rule));
	hf_jw_field(j, "text", hf_sv_from(a.text));
	hf_jw_field(j, "version", hf_sv_from(why->policy->version));
	hf_jw_obj_end(j);
}

static void
put_glass(const struct hf_why *why, struct hf_jw *j)
{
	if (why->ask.glass.reason == HF_REASON_NONE)
		return;
	hf_jw_member(j, "glass");
	hf_jw_obj(j);
	hf_jw_field(j, "reason",
		    hf_sv_from(hf_word(HF_WORDS_REASON, (int)why->ask.glass.reason)));
	put_time(j, HF_SV("at"), why->ask.glass.at);
	hf_jw_obj_end(j);
}

void
hf_why_write(const struct hf_why *why, struct hf_jw *j)
{
	const struct hf_access_ask *ask = &why->ask;

	hf_jw_field(j, "person", why->person);
	if (why->user.n)
		hf_jw_field(j, "user", why->user);
	hf_jw_field(j, "role", hf_sv_from(why->role->code));
	hf_jw_field(j, "roleName", hf_sv_from(why->role->name));
	hf_jw_field(j, "group", hf_sv_from(hf_word(HF_WORDS_GROUP, (int)ask->group)));
	hf_jw_field(j, "organisation", ask->org);
	hf_jw_field(j, "purpose",
		    hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)ask->purpose)));
	put_time(j, HF_SV("at"), ask->now);
	if (why->from.n)
		hf_jw_field(j, "others", why->from);
	hf_jw_field(j, "tier", hf_sv_from(hf_word(HF_WORDS_TIER, (int)ask->tier)));
	hf_jw_field(j, "tierText",
		    hf_sv_from(hf_word_text(HF_WORDS_TIER, (int)ask->tier)));
	hf_jw_member(j, "suspended");
	hf_jw_bool(j, !(ask->facts & HF_BIT(HF_FACT_ORG_ACTIVE)));
	hf_jw_field(j, "version", hf_sv_from(why->policy->version));
	hf_jw_field(j, "objection", why->relations.objection);
	hf_jw_field(j, "type1", why->relations.type1);
	put_glass(why, j);
	put_summary(why, j);
	put_relations(why, j);
	put_decisions(why, j);
}

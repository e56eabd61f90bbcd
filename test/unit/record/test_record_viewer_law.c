/* Non-interference: for random stores, viewers and questions, what a viewer is answered
 * is what they would be answered if all that they may not see had never been written.
 *
 * What may be seen is worked out here for each resource by itself, from its text, the
 * relationships read from the record and hf_access_decide().  Then a second store is
 * made without the rest, and both are asked the same.  Whose relationships somebody has
 * is a fact beside the resources it was read from, which may be hidden themselves: the
 * second store is told it (hf_standing_of() is wrapped). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "access/scope.h"
#include "base/io/clock.h"
#include "base/rng.h"
#include "record/io/match.h"
#include "record/io/person.h"
#include "record/io/search.h"
#include "record/io/standing.h"
#include "record/io/store_impl.h"
#include "record/io/viewer.h"
#include "test/support/store.h"

enum { PEOPLE = 5, RESOURCES = 70, TEXT = 1024, ORGS = 3 };

#define ODS_URL "https://fhir.nhs.uk/Id/ods-organization-code"

static const char *const orgs[ORGS] = {"A1", "B2", "C3"};
static struct hf_policy policy;
static struct hf_rng rng;
static hf_time now;

static uint32_t
pick(uint32_t n)
{
	return hf_rng_below(&rng, n);
}

static bool
chance(unsigned percent)
{
	return pick(100) < percent;
}

/* ---- a world ---- */

struct resource {
	char type[32], id[16], text[2][TEXT];
	int n_texts;
	bool deleted;
	int people[2], n_people;
	bool visible;
};

struct world {
	struct resource list[RESOURCES];
	size_t n;
};

static const char *
date_in_days(int days)
{
	static char text[4][40];
	static unsigned at;
	char *to = text[at++ % 4];

	hf_time_format(now + (hf_time)days * 86400000, to, 40);
	return to;
}

/* meta, with a source and labels, or without. */
static const char *
meta(void)
{
	static char text[256];
	static const char *const labels[] = {"R", "V", "HIV", "NOPAT", "SDV", "odd"};
	const char *source = chance(85) ? orgs[pick(ORGS)] : NULL;
	const char *label = chance(20) ? labels[pick(HF_COUNT(labels))] : NULL;

	snprintf(text, sizeof text, "\"meta\":{%s%s%s%s%s%s%s},",
		 source ? "\"source\":\"" ODS_URL "/" : "", source ? source : "",
		 source ? "\"" : "", source && label ? "," : "",
		 label ? "\"security\":[{\"code\":\"" : "", label ? label : "",
		 label ? "\"}]" : "");
	if (!source && !label)
		text[0] = 0;
	return text;
}

static void
write_patient(struct resource *r, char *out, int k)
{
	static const char *const families[] = {"Abel", "Abbott", "Baker"};

	snprintf(out, TEXT,
		 "{\"resourceType\":\"Patient\",\"id\":\"%s\",%s\"name\":[{\"family\":"
		 "\"%s\",\"given\":[\"G%d\"]}],\"birthDate\":\"19%d0-0%d-11\","
		 "\"gender\":\"female\",\"generalPractitioner\":[{\"reference\":"
		 "\"Organization/o%u\"}]}",
		 r->id, meta(), families[pick(3)], k, 4 + k, 1 + (int)pick(3),
		 pick(ORGS));
}

/* What comes after resourceType, id, meta and the subject. */
static void
write_rest(const char *type, char *out, size_t size)
{
	const char *start = date_in_days(-100),
		   *end = date_in_days(chance(50) ? -10 : -40);
	char period[120];

	snprintf(period, sizeof period, "\"period\":{\"start\":\"%s\"%s%s%s}", start,
		 chance(40) ? "" : ",\"end\":\"", end, "\"");
	if (period[strlen(period) - 2] == '"' && !strstr(period, "end"))
		snprintf(period, sizeof period, "\"period\":{\"start\":\"%s\"}", start);
	if (strcmp(type, "Observation") == 0)
		snprintf(out, size,
			 "\"status\":\"%s\",\"code\":{\"coding\":[{\"system\":\"s\","
			 "\"code\":\"c%u\"}]},\"effectiveDateTime\":\"%s\"",
			 chance(50) ? "final" : "amended", pick(3),
			 date_in_days(-(int)pick(50)));
	else if (strcmp(type, "Condition") == 0)
		snprintf(out, size, "\"code\":{\"coding\":[{\"code\":\"c%u\"}]}",
			 pick(3));
	else if (strcmp(type, "Flag") == 0)
		snprintf(out, size, "\"status\":\"active\",\"code\":{\"text\":\"f\"}");
	else if (strcmp(type, "AllergyIntolerance") == 0)
		snprintf(out, size, "\"code\":{\"text\":\"nuts %u\"}", pick(9));
	else if (strcmp(type, "MedicationRequest") == 0)
		snprintf(
		    out, size,
		    "\"status\":\"%s\",\"intent\":\"order\","
		    "\"medicationCodeableConcept\":{\"text\":\"m\"},\"authoredOn\":"
		    "\"%s\"",
		    chance(50) ? "active" : "stopped", date_in_days(-(int)pick(50)));
	else if (strcmp(type, "CarePlan") == 0)
		snprintf(out, size, "\"status\":\"active\",\"intent\":\"plan\",%s",
			 period);
	else if (strcmp(type, "DocumentReference") == 0)
		snprintf(out, size,
			 "\"status\":\"current\",\"content\":[{\"attachment\":{"
			 "\"title\":\"l\"}}]");
	else if (strcmp(type, "EpisodeOfCare") == 0)
		snprintf(out, size,
			 "\"status\":\"active\",%s,\"managingOrganization\":{"
			 "\"reference\":\"Organization/o%u\"}",
			 period, pick(ORGS));
	else if (strcmp(type, "Encounter") == 0)
		snprintf(out, size,
			 "\"status\":\"finished\",\"class\":{\"code\":\"IMP\"},%s,"
			 "\"serviceProvider\":{\"reference\":\"Organization/o%u\"}",
			 period, pick(ORGS));
	else if (strcmp(type, "ServiceRequest") == 0)
		snprintf(out, size,
			 "\"status\":\"%s\",\"intent\":\"order\",\"authoredOn\":\"%s\","
			 "\"performer\":[{\"reference\":\"Organization/o%u\"}]",
			 chance(50) ? "active" : "completed", date_in_days(-30),
			 pick(ORGS));
	else /* Consent */
		snprintf(out, size,
			 "\"status\":\"active\",\"scope\":{\"coding\":[{\"code\":"
			 "\"patient-privacy\"}]},\"category\":[{\"text\":\"c\"}],"
			 "\"dateTime\":\"%s\",\"policyRule\":{\"text\":\"p\"},"
			 "\"provision\":{\"type\":\"%s\"}",
			 date_in_days(-(int)pick(50)), chance(60) ? "deny" : "permit");
}

static const char *
subject_of(const char *type)
{
	static const char *const patient[] = {"AllergyIntolerance", "EpisodeOfCare",
					      "Consent"};

	for (size_t i = 0; i < HF_COUNT(patient); i++)
		if (strcmp(type, patient[i]) == 0)
			return "patient";
	return "subject";
}

static void
write_text(struct resource *r, char *out)
{
	char rest[400], subject[80] = "", second[80] = "";

	if (strcmp(r->type, "Appointment") == 0) {
		if (r->n_people > 1)
			snprintf(second, sizeof second,
				 ",{\"actor\":{\"reference\":\"Patient/p%d\"},"
				 "\"status\":\"accepted\"}",
				 r->people[1]);
		snprintf(out, TEXT,
			 "{\"resourceType\":\"Appointment\",\"id\":\"%s\",%s\"status\":"
			 "\"booked\",\"start\":\"%s\",\"end\":\"%s\",\"participant\":[{"
			 "\"actor\":{\"reference\":\"Patient/p%d\"},\"status\":"
			 "\"accepted\"}%s,{\"actor\":{\"reference\":\"Location/l%u"
			 "\"},\"status\":\"accepted\"}]}",
			 r->id, meta(), date_in_days(-5), date_in_days(-4),
			 r->people[0], second, pick(ORGS));
		return;
	}
	write_rest(r->type, rest, sizeof rest);
	if (r->n_people)
		snprintf(subject, sizeof subject,
			 "\"%s\":{\"reference\":\"Patient/p%d\"},", subject_of(r->type),
			 r->people[0]);
	snprintf(out, TEXT, "{\"resourceType\":\"%s\",\"id\":\"%s\",%s%s%s}", r->type,
		 r->id, meta(), subject, rest);
}

static void
make_world(struct world *w)
{
	static const char *const types[] = {"Observation",
					    "Observation",
					    "Observation",
					    "Condition",
					    "Flag",
					    "CarePlan",
					    "AllergyIntolerance",
					    "MedicationRequest",
					    "DocumentReference",
					    "EpisodeOfCare",
					    "Encounter",
					    "ServiceRequest",
					    "Consent",
					    "Appointment"};

	*w = (struct world){0};
	for (int o = 0; o < ORGS; o++) {
		struct resource *r = &w->list[w->n++];

		snprintf(r->type, sizeof r->type, "Organization");
		snprintf(r->id, sizeof r->id, "o%d", o);
		snprintf(r->text[0], TEXT,
			 "{\"resourceType\":\"Organization\",\"id\":\"o%d\",\"name\":"
			 "\"Org %d\",\"identifier\":[{\"system\":\"" ODS_URL
			 "\",\"value\":\"%s\"}]}",
			 o, o, orgs[o]);
		r->n_texts = 1;
	}
	for (int o = 0; o < ORGS; o++) {
		struct resource *r = &w->list[w->n++];

		snprintf(r->type, sizeof r->type, "Location");
		snprintf(r->id, sizeof r->id, "l%d", o);
		snprintf(r->text[0], TEXT,
			 "{\"resourceType\":\"Location\",\"id\":\"l%d\","
			 "\"managingOrganization\":{\"reference\":\"Organization/o%d"
			 "\"}}",
			 o, o);
		r->n_texts = 1;
	}
	for (int k = 0; k < PEOPLE; k++) {
		struct resource *r = &w->list[w->n++];

		snprintf(r->type, sizeof r->type, "Patient");
		snprintf(r->id, sizeof r->id, "p%d", k);
		r->people[r->n_people++] = k;
		r->n_texts = 1 + chance(20);
		for (int v = 0; v < r->n_texts; v++)
			write_patient(r, r->text[v], k);
	}
	while (w->n < RESOURCES) {
		struct resource *r = &w->list[w->n++];

		snprintf(r->type, sizeof r->type, "%s", types[pick(HF_COUNT(types))]);
		snprintf(r->id, sizeof r->id, "r%zu", w->n);
		if (strcmp(r->type, "Observation") != 0 || chance(90))
			r->people[r->n_people++] = (int)pick(PEOPLE);
		if (strcmp(r->type, "Appointment") == 0 && chance(30))
			r->people[r->n_people++] = (int)pick(PEOPLE);
		r->n_texts = 1 + chance(20);
		for (int v = 0; v < r->n_texts; v++)
			write_text(r, r->text[v]);
		r->deleted = chance(8);
	}
}

/* ---- stores ---- */

static void
delete_one(struct hf_test_store *t, const struct resource *r)
{
	struct hf_issues issues = {.arena = &t->arena};
	struct hf_change_item item = {.op = HF_OP_DELETE,
				      .type = hf_resource_find(hf_sv_from(r->type)),
				      .id = hf_sv_from(r->id)};
	struct hf_change change = {.arena = &t->arena,
				   .actor = HF_SV("test"),
				   .purpose = HF_SV("test"),
				   .source = HF_SV("test"),
				   .items = &item,
				   .n = 1,
				   .issues = &issues};
	struct hf_err err = {0};

	if (hf_change_commit(t->store, t->reader, &change, &err) != HF_OK)
		fail_msg("delete %s: %s", r->id, err.text);
}

/* The shelves of all people, before anything is known of them: so that they are the
 * same in both stores. */
static enum hf_rc
write_shelves(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	struct hf_store *s = ctx;
	enum hf_rc rc = HF_OK;

	(void)at;
	for (int k = 0; rc == HF_OK && k < PEOPLE; k++) {
		char id[8];
		int64_t shelf = HF_SHELF_PERSON + 1 + k;

		snprintf(id, sizeof id, "p%d", k);
		rc = hf_db_exec(db, HF_Q_RECORD_SHELF_ADD,
				HF_ARGS(HF_INT(shelf), HF_INT(shelf), HF_INT(change)),
				NULL, err);
		if (rc == HF_OK)
			rc = hf_db_exec(
			    db, HF_Q_RECORD_IDMAP_ADD,
			    HF_ARGS(HF_INT(hf_ids_hash(&s->ids, hf_patient_type(),
						       hf_sv_from(id))),
				    HF_INT(HF_RID_MIN(shelf))),
			    NULL, err);
	}
	return rc;
}

static int64_t
shelf_of(int k)
{
	return HF_SHELF_PERSON + 1 + k;
}

static bool
open_store(struct hf_test_store *t, int engine)
{
	struct hf_desk_job job = {.actor = HF_SV("test"),
				  .purpose = HF_SV("test"),
				  .what = HF_SV("shelves"),
				  .write = write_shelves};
	struct hf_err err = {0};

	if (!hf_test_store_open(t, engine))
		return false;
	atomic_store(&t->store->next_shelf, HF_SHELF_PERSON + 1 + PEOPLE);
	job.ctx = t->store;
	if (hf_store_desk(t->store, &job, &err) != HF_OK)
		fail_msg("%s", err.text);
	return true;
}

static void
fill(struct hf_test_store *t, const struct world *w, bool all)
{
	for (int v = 0; v < 2; v++)
		for (size_t i = 0; i < w->n; i++) {
			const struct resource *r = &w->list[i];
			const char *text = r->text[v];
			struct hf_err err = {0};

			if (v >= r->n_texts || (!all && !r->visible))
				continue;
			if (hf_test_put(t, &text, 1, NULL, &err) != HF_OK)
				fail_msg("%s: %s", text, err.text);
		}
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].deleted && (all || w->list[i].visible))
			delete_one(t, &w->list[i]);
}

/* ---- facts of the people, and the wrapped question for them ---- */

static struct {
	struct hf_arena arena;
	int64_t shelves[PEOPLE];
	struct hf_relations relations[PEOPLE];
	struct hf_standing standings[PEOPLE];
} facts;
static const struct hf_store *told; /* the store that is told the facts */

enum hf_rc __real_hf_standing_of(struct hf_reader *reader, int64_t shelf,
				 const struct hf_policy *policy_given, hf_time at,
				 void (*with)(void *, const struct hf_standing *),
				 void *ctx, struct hf_err *err);
enum hf_rc __wrap_hf_standing_of(struct hf_reader *reader, int64_t shelf,
				 const struct hf_policy *policy_given, hf_time at,
				 void (*with)(void *, const struct hf_standing *),
				 void *ctx, struct hf_err *err);

enum hf_rc
__wrap_hf_standing_of(struct hf_reader *reader, int64_t shelf,
		      const struct hf_policy *policy_given, hf_time at,
		      void (*with)(void *, const struct hf_standing *), void *ctx,
		      struct hf_err *err)
{
	if (reader->store != told)
		return __real_hf_standing_of(reader, shelf, policy_given, at, with, ctx,
					     err);
	assert_in_range(shelf, shelf_of(0), shelf_of(PEOPLE - 1));
	with(ctx, &facts.standings[shelf - shelf_of(0)]);
	return HF_OK;
}

static void
read_facts(struct hf_test_store *t)
{
	struct hf_err err = {0};

	hf_arena_free(&facts.arena);
	facts.arena.cap = (size_t)64 << 20;
	for (int k = 0; k < PEOPLE; k++) {
		struct hf_relations *list = &facts.relations[k];

		facts.shelves[k] = shelf_of(k);
		if (hf_relations_read_shelves(t->reader, &facts.shelves[k], 1, NULL,
					      NULL, 0, &facts.arena, list, &err))
			fail_msg("%s", err.text);
		facts.standings[k] = (struct hf_standing){
		    .shelves = &facts.shelves[k],
		    .n_shelves = 1,
		    .relations = list->items,
		    .n_relations = list->n,
		    .objection = list->objection.n > 0,
		    .type1 = list->type1.n > 0,
		};
	}
}

/* ---- viewers ---- */

struct eyes {
	struct hf_actor actor;
	struct hf_scopes scopes;
	struct hf_viewer viewer;
	struct hf_rights *rights;
};

static void
make_rights(struct eyes *e)
{
	static const enum hf_tier tiers[] = {HF_TIER_T0, HF_TIER_T1, HF_TIER_T2,
					     HF_TIER_T3, HF_TIER_T4};
	struct hf_agreement agreements[ORGS * ORGS];
	struct hf_broken glass = {.actor = e->actor.id,
				  .shelf = shelf_of((int)pick(PEOPLE)),
				  .reason = chance(50) ? HF_REASON_EMERGENCY
						       : HF_REASON_VITAL_INTEREST,
				  .start = now - 60000,
				  .until = now + 60000};
	struct hf_rights_lists lists = {
	    .agreements = agreements, .glasses = &glass, .n_glasses = chance(40)};
	struct hf_err err = {0};

	for (int a = 0; a < ORGS; a++)
		for (int b = 0; b < ORGS; b++)
			if (a != b && chance(70))
				agreements[lists.n_agreements++] =
				    (struct hf_agreement){
					.id = HF_SV("agreement/x"),
					.from = hf_sv_from(orgs[a]),
					.to = hf_sv_from(orgs[b]),
					.tier = tiers[pick(HF_COUNT(tiers))],
					.start = now - 86400000,
					.until = HF_TIME_MAX,
					.ended = HF_TIME_MAX};
	assert_int_equal(hf_rights_build(&lists, &e->rights, &err), HF_OK);
}

static void
make_eyes(struct eyes *e)
{
	static const struct {
		enum hf_group group;
		enum hf_purpose why;
		uint64_t facts;
	} kinds[] = {
	    {HF_GROUP_CLIN, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_CLIN, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_SOC, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_CARE, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_COORD, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_ADMIN, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_PHARM, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_PAT, HF_PURPOSE_OWN, 0},
	    {HF_GROUP_INT, HF_PURPOSE_DIRECT, 0},
	    {HF_GROUP_CLIN, HF_PURPOSE_SAFEGUARD,
	     HF_BIT(HF_FACT_TRAINED) | HF_BIT(HF_FACT_CASE_REF)},
	    {HF_GROUP_PRIV, HF_PURPOSE_AUDIT, HF_BIT(HF_FACT_CASE_REF)},
	    {HF_GROUP_ANALYST, HF_PURPOSE_PLAN, 0},
	};
	static const char *const scopes[] = {"system/*.rs", "system/Patient.r "
							    "system/Observation.rs"};
	size_t i = pick(HF_COUNT(kinds));
	struct hf_actor *a = &e->actor;
	struct hf_err err = {0};

	*e = (struct eyes){
	    .actor = {
		.kind = HF_ACTOR_PERSON,
		.id = HF_SV("user/u"),
		.group = kinds[i].group,
		.org = hf_sv_from(orgs[pick(ORGS)]),
		.team = chance(30) ? HF_SV("CareTeam/t") : (struct hf_sv){NULL, 0},
		.who = HF_SV("Practitioner/u"),
		.why = kinds[i].why,
		.facts = kinds[i].facts | HF_BIT(HF_FACT_VALID) | HF_BIT(HF_FACT_MFA) |
			 HF_BIT(HF_FACT_ROLE_ACTIVE) | HF_BIT(HF_FACT_ORG_ACTIVE)}};
	a->purpose = hf_sv_from(hf_word(HF_WORDS_PURPOSE, (int)a->why));
	if (a->group == HF_GROUP_PAT) {
		a->who = HF_SV("Patient/p1");
		a->org.n = 0;
	}
	if (a->group == HF_GROUP_INT) {
		a->kind = HF_ACTOR_SYSTEM;
		a->facts |= HF_BIT(HF_FACT_CLIENT_STRONG) | HF_BIT(HF_FACT_SCOPED);
		assert_int_equal(
		    hf_scopes_parse(hf_sv_from(scopes[pick(2)]), &e->scopes, &err),
		    HF_OK);
		a->scopes = &e->scopes;
	}
	make_rights(e);
	e->viewer = (struct hf_viewer){.actor = a,
				       .policy = &policy,
				       .rights = e->rights,
				       .activity = HF_ACT_READ,
				       .audit_works = true,
				       .now = now};
}

/* ---- what may be seen, worked out by itself ---- */

static const struct {
	const char *type;
	enum hf_content content;
	enum hf_level level;
} contents[] = {
    {"Patient", HF_CONTENT_DEMOGRAPHIC, HF_LEVEL_S0},
    {"Observation", HF_CONTENT_CLINICAL, HF_LEVEL_S1},
    {"Condition", HF_CONTENT_PROBLEM, HF_LEVEL_S1},
    {"Flag", HF_CONTENT_ALERT, HF_LEVEL_S1},
    {"AllergyIntolerance", HF_CONTENT_ALERT, HF_LEVEL_S1},
    {"CarePlan", HF_CONTENT_PLAN, HF_LEVEL_S1},
    {"MedicationRequest", HF_CONTENT_MEDICINE, HF_LEVEL_S1},
    {"DocumentReference", HF_CONTENT_LETTER, HF_LEVEL_S1},
    {"EpisodeOfCare", HF_CONTENT_CLINICAL, HF_LEVEL_S1},
    {"Encounter", HF_CONTENT_CLINICAL, HF_LEVEL_S1},
    {"ServiceRequest", HF_CONTENT_CLINICAL, HF_LEVEL_S1},
    {"Consent", HF_CONTENT_CLINICAL, HF_LEVEL_S1},
    {"Appointment", HF_CONTENT_APPOINTMENT, HF_LEVEL_S1},
};

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* Care workers: the plan of today, the medicines that are given. */
static enum hf_content
of_today(enum hf_content content, const char *text)
{
	if (content == HF_CONTENT_MEDICINE && has(text, "\"status\":\"active\""))
		return HF_CONTENT_DOSE;
	if (content == HF_CONTENT_PLAN && !has(text, "\"end\":"))
		return HF_CONTENT_TODAY; /* all that have an end are over */
	return content;
}

static bool
allows(const struct eyes *e, struct hf_access_ask *ask, int k)
{
	const struct hf_actor *a = &e->actor;
	const struct hf_standing *st = &facts.standings[k];
	struct hf_rights_person p = {st->shelves, 1, st->relations, st->n_relations};

	ask->relations = hf_relations_of(&policy, st->relations, st->n_relations,
					 a->org, a->who, now) |
			 hf_rights_relations(e->rights, &policy, a, &p, now);
	ask->glass = hf_rights_glass(e->rights, a->id, st->shelves, 1, now);
	if (a->group == HF_GROUP_PAT && k == 1)
		ask->relations |= HF_BIT(HF_REL_SELF);
	ask->facts &= ~HF_BIT(HF_FACT_OBJECTION);
	if (st->objection)
		ask->facts |= HF_BIT(HF_FACT_OBJECTION);
	return hf_access_decide(&(struct hf_access_facts){.actor = a,
							  .need = HF_NEED_CLINICAL,
							  .audit_works = true,
							  .policy = &policy,
							  .ask = ask})
		   .outcome == HF_ALLOW;
}

static bool
may_see(const struct eyes *e, const struct resource *r, enum hf_activity activity)
{
	const struct hf_actor *a = &e->actor;
	const char *text = r->text[r->n_texts - 1];
	struct hf_access_ask ask = hf_access_ask_of(a, now);
	struct hf_arena arena = {.cap = 1 << 20};
	const struct hf_category *category = NULL;
	struct hf_json doc;
	enum hf_level level;
	bool own, all = true;
	unsigned letter = activity == HF_ACT_SEARCH ? HF_CRUD_S : HF_CRUD_R;
	size_t i = 0;

	if (a->scopes &&
	    !hf_scopes_allow(a->scopes, hf_resource_find(hf_sv_from(r->type)), letter))
		return false;
	if (strcmp(r->type, "Organization") == 0 || strcmp(r->type, "Location") == 0)
		return true;
	while (strcmp(contents[i].type, r->type) != 0)
		i++;
	assert_int_equal(hf_json_parse(hf_sv_from(text), NULL, &arena, &doc, NULL),
			 HF_OK);
	level = hf_policy_level(&policy, &doc, &category);
	ask.activity = activity;
	ask.facts |= HF_BIT(HF_FACT_IN_SCOPE);
	ask.content = contents[i].content;
	if (a->group == HF_GROUP_CARE)
		ask.content = of_today(ask.content, text);
	ask.level = level == HF_LEVEL_S1 ? contents[i].level : level;
	ask.item_org = hf_source_ods(&doc, &arena);
	own = ask.item_org.n && hf_sv_eq(ask.item_org, a->org);
	ask.tier = own ? HF_TIER_T4
		   : level == HF_LEVEL_S2 && category
		       ? hf_rights_tier_for(e->rights, ask.item_org, a->org,
					    hf_sv_from(category->code), now)
		       : hf_rights_tier(e->rights, ask.item_org, a->org, now);
	if (own && a->team.n == 0)
		ask.facts |= HF_BIT(HF_FACT_OWN_TEAM);
	if (!own && ask.tier == HF_TIER_T4)
		ask.facts |= HF_BIT(HF_FACT_SHARED);
	if (has(text, "NOPAT"))
		ask.facts |= HF_BIT(HF_FACT_WITHHELD);
	for (int k = 0; k < r->n_people; k++)
		all = all && allows(e, &ask, r->people[k]);
	if (r->n_people == 0) {
		ask.relations = own ? HF_BIT(HF_REL_CASE) : 0;
		all =
		    hf_access_decide(&(struct hf_access_facts){.actor = a,
							       .need = HF_NEED_CLINICAL,
							       .audit_works = true,
							       .policy = &policy,
							       .ask = &ask})
			.outcome == HF_ALLOW;
	}
	hf_arena_free(&arena);
	return all;
}

/* ---- asking ---- */

struct asking {
	struct hf_test_store *t;
	struct hf_arena arena; /* of one question */
	struct hf_buf *out;
};

/* When it was written is not the same in both stores. */
static void
tell_body(struct asking *q, struct hf_sv body)
{
	static const char key[] = "\"lastUpdated\":\"";
	const char *p = body.n ? memmem(body.p, body.n, key, sizeof key - 1) : NULL;
	size_t at = p ? (size_t)(p - body.p) + sizeof key - 1 : body.n;

	hf_buf_sv(q->out, (struct hf_sv){body.p, at});
	if (p)
		hf_buf_sv(q->out, hf_sv_from_at(body, at + 24));
	hf_buf_char(q->out, '\n');
}

static void
tell_version(struct asking *q, const struct hf_version *v)
{
	hf_buf_printf(q->out, " %s/%.*s v%u %s ", hf_type_get(v->e.type)->name,
		      HF_SV_ARG(v->id), v->e.version, v->e.deleted ? "deleted" : "");
	tell_body(q, v->body);
}

static void
tell_failure(struct asking *q, enum hf_rc rc, const struct hf_err *err)
{
	hf_buf_printf(q->out, " %d %s: %s\n", (int)rc, err->path, err->text);
}

static void
ask_reads(struct asking *q, const char *type, const char *id)
{
	for (uint32_t version = 0; version < 4; version++) {
		struct hf_version v;
		struct hf_err err = {0};
		enum hf_rc rc =
		    hf_store_read(q->t->reader, hf_sv_from(type), hf_sv_from(id),
				  version, &q->arena, &v, &err);

		hf_buf_printf(q->out, "read %s/%s %u:", type, id, version);
		if (rc == HF_OK)
			tell_version(q, &v);
		else
			tell_failure(q, rc, &err);
	}
}

static void
ask_history(struct asking *q, const char *type, const char *id, size_t page)
{
	hf_type_id t = type ? hf_resource_find(hf_sv_from(type)) : 0;
	int64_t change = 0;
	struct hf_entry e = {0};
	struct hf_err err = {0};
	size_t n = 1;
	enum hf_rc rc = HF_OK;
	hf_rid rid = 0;

	hf_buf_printf(q->out, "history %s/%s\n", type ? type : "", id ? id : "");
	if (id)
		rc = hf_store_find(q->t->reader, t, hf_sv_from(id), &e, &err);
	while (rc == HF_OK && n > 0) {
		struct hf_version *v;

		rc = hf_store_history(q->t->reader, t, e.rid, change, rid, HF_TIME_MIN,
				      page, &q->arena, &v, &n, &err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			tell_version(q, &v[i]);
			change = v[i].e.change;
			rid = v[i].e.rid;
		}
		if (id)
			break;
	}
	if (rc != HF_OK)
		tell_failure(q, rc, &err);
}

static bool
put_version(void *ctx, const struct hf_version *v)
{
	tell_version(ctx, v);
	return true;
}

static void
ask_everything(struct asking *q, int k)
{
	struct hf_everything what = {
	    .since = HF_TIME_MIN, .start = HF_TIME_MIN, .end = HF_TIME_MAX};
	struct hf_entry e;
	struct hf_err err = {0};
	char id[8];
	enum hf_rc rc;

	snprintf(id, sizeof id, "p%d", k);
	hf_buf_printf(q->out, "everything %s\n", id);
	rc = hf_store_find(q->t->reader, hf_patient_type(), hf_sv_from(id), &e, &err);
	what.patient = e.rid;
	if (rc == HF_OK)
		rc = hf_search_everything(q->t->reader, &what, &q->arena, put_version,
					  q, &err);
	if (rc != HF_OK)
		tell_failure(q, rc, &err);
}

static void
tell_facts(struct asking *q, const char *name, const struct hf_person_facts *f)
{
	hf_buf_printf(q->out, " %s", name);
	for (size_t i = 0; i < f->n; i++)
		hf_buf_printf(q->out, " %.*s=%.*s", HF_SV_ARG(f->items[i].id),
			      HF_SV_ARG(f->items[i].title));
	hf_buf_char(q->out, '\n');
}

static void
ask_person(struct asking *q, int k)
{
	struct hf_person_banner b;
	struct hf_person_summary s;
	struct hf_timeline line;
	struct hf_timeline_query all = {.kind = -1, .setting = -1, .limit = 200};
	struct hf_person *p;
	struct hf_err err = {0};
	char id[8];
	enum hf_rc rc;

	snprintf(id, sizeof id, "p%d", k);
	hf_buf_printf(q->out, "person %s\n", id);
	rc = hf_person_open(q->t->store, q->t->reader, hf_sv_from(id), now, &q->arena,
			    &p, &err);
	if (rc == HF_OK)
		rc = hf_person_banner(p, &b, &err);
	if (rc == HF_OK)
		rc = hf_person_summary(p, &s, &err);
	if (rc == HF_OK)
		rc = hf_person_timeline(p, &all, &line, &err);
	if (rc != HF_OK) {
		tell_failure(q, rc, &err);
		return;
	}
	hf_buf_printf(q->out, " %zu %.*s %.*s allergies %d\n", hf_person_count(p),
		      HF_SV_ARG(b.line.name), HF_SV_ARG(b.line.practice),
		      (int)b.allergies);
	tell_facts(q, "alerts", &b.alerts);
	tell_facts(q, "allergy", &b.allergy);
	tell_facts(q, "problems", &s.problems);
	tell_facts(q, "medicines", &s.medicines);
	tell_facts(q, "plans", &s.plans);
	tell_facts(q, "timeline", &line.facts);
	hf_buf_printf(q->out, " %lld\n", (long long)line.total);
}

static void
ask_people(struct asking *q, const char *text)
{
	struct hf_person_found found;
	struct hf_err err = {0};
	enum hf_rc rc =
	    hf_person_find(q->t->store, q->t->reader, hf_sv_from(text),
			   (struct hf_sv){NULL, 0}, 3, now, &q->arena, &found, &err);

	hf_buf_printf(q->out, "people %s\n", text);
	if (rc != HF_OK) {
		tell_failure(q, rc, &err);
		return;
	}
	for (size_t i = 0; i < found.n; i++)
		hf_buf_printf(q->out, " %.*s %d %.*s\n", HF_SV_ARG(found.lines[i].id),
			      found.lines[i].score, HF_SV_ARG(found.lines[i].match));
	hf_buf_printf(q->out, " more %d next %d hint %.*s\n", found.more,
		      found.next.n > 0, HF_SV_ARG(found.hint));
}

static void
ask_match(struct asking *q)
{
	static const char who[] =
	    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Abel\",\"given\":["
	    "\"G1\"]}],\"birthDate\":\"1950-01-11\",\"gender\":\"female\"}";
	struct hf_match_found found = {0};
	struct hf_json doc;
	struct hf_err err = {0};
	enum hf_rc rc = hf_json_parse(hf_sv_from(who), NULL, &q->arena, &doc, &err);

	if (rc == HF_OK)
		rc = hf_match_find(q->t->reader, &doc, 0, 20, &q->arena, &found, &err);
	hf_buf_printf(q->out, "match\n");
	if (rc != HF_OK)
		tell_failure(q, rc, &err);
	for (size_t i = 0; rc == HF_OK && i < found.n; i++)
		hf_buf_printf(q->out, " %.*s %.6f\n", HF_SV_ARG(found.hits[i].v.id),
			      found.hits[i].r.probability);
}

static void
ask_stats(struct asking *q)
{
	struct hf_store_stats stats;
	struct hf_err err = {0};

	assert_int_equal(hf_store_stats(q->t->reader, &stats, &err), HF_OK);
	hf_buf_printf(q->out, "stats %lld %lld\n", (long long)stats.people,
		      (long long)stats.resources);
}

/* All pages of a query: "code=c1&_count=2". */
static void
ask_search(struct asking *q, const char *type, const char *query)
{
	struct hf_param params[16];
	struct hf_sv rest = hf_sv_from(query), page = {NULL, 0};
	size_t n = 0;
	enum hf_rc rc = HF_OK;
	struct hf_err err = {0};

	while (rest.n) {
		struct hf_sv value = hf_sv_cut(&rest, '&'),
			     name = hf_sv_cut(&value, '=');

		params[n++] = (struct hf_param){name, value};
	}
	hf_buf_printf(q->out, "search %s?%s\n", type, query);
	do {
		struct hf_search_result found;
		struct hf_search *s;
		size_t at;

		params[n] = (struct hf_param){HF_SV("_page"), page};
		rc = hf_search_parse(hf_resource_find(hf_sv_from(type)), params,
				     n + (page.n > 0), false, HF_SV(""), now, &q->arena,
				     &s, &err);
		if (rc == HF_OK)
			rc = hf_search_run(q->t->store, q->t->reader, s, HF_SV("u"),
					   &q->arena, &found, &err);
		if (rc != HF_OK)
			break;
		hf_buf_printf(q->out, " page of %zu total %lld\n", found.n,
			      (long long)found.total);
		for (size_t i = 0; i < found.n; i++) {
			hf_buf_printf(q->out, " %d", (int)found.hits[i].mode);
			tell_version(q, &found.hits[i].v);
		}
		at = found.next.n;
		while (at > 0 && found.next.p[at - 1] != '=')
			at--;
		page = hf_sv_from_at(found.next, at);
	} while (page.n);
	if (rc != HF_OK)
		tell_failure(q, rc, &err);
}

static const struct {
	const char *type, *query;
} searches[] = {
    {"Patient", ""},
    {"Patient", "_count=2&_total=accurate"},
    {"Patient", "_count=2&_total=estimate"},
    {"Patient", "family=Ab&_count=1&_total=accurate"},
    {"Patient", "family=Abel"},
    {"Patient", "birthdate=gt1960&_sort=birthdate"},
    {"Patient", "_summary=count"},
    {"Patient", "general-practitioner=Organization/o1"},
    {"Patient", "_include=Patient:general-practitioner"},
    {"Patient", "_revinclude=Observation:patient&_revinclude=Appointment:patient"},
    {"Patient", "_revinclude=Observation:subject&_count=2"},
    {"Observation", "_count=3&_total=accurate"},
    {"Observation", "_count=4&_total=estimate&code=c1"},
    {"Observation", "code=c1"},
    {"Observation", "code=c1&_summary=count"},
    {"Observation", "_summary=count"},
    {"Observation", "status=final&_sort=-date&_count=3"},
    {"Observation", "_sort=date"},
    {"Observation", "date=gt2020-01-01&_count=5&_sort=date"},
    {"Observation", "patient=p0"},
    {"Observation", "patient=p1&_count=2&_total=accurate"},
    {"Observation", "subject=Patient/p2&_sort=-date"},
    {"Observation", "patient=p1,p2,p3&code=c0,c1"},
    {"Observation", "patient=p4&_summary=count"},
    {"Observation", "patient=p3&_count=1&_total=estimate"},
    {"Condition", "_count=1&_total=estimate"},
    {"Observation", "subject:missing=true"},
    {"Observation", "_security=R"},
    {"Observation", "_source=" ODS_URL "/B2"},
    {"Observation", "_include=Observation:subject"},
    {"Observation", "_include=Observation:*&_count=3"},
    {"Observation", "code:not=c1"},
    {"Observation", "_id=r10,r11,r12,r13,r14,r15,r16,r17,r18"},
    {"Condition", "code=c2"},
    {"Condition", "patient=p3"},
    {"Flag", "patient=p2&_include=Flag:patient"},
    {"AllergyIntolerance", "_total=accurate"},
    {"MedicationRequest", "status=active&_sort=authoredon"},
    {"CarePlan", "date=gt2020-01-01&_sort=-date"},
    {"DocumentReference", "patient=p1,p4"},
    {"EpisodeOfCare", "organization=Organization/o1"},
    {"Encounter", "date=gt2020-01-01&_sort=date&_count=2"},
    {"ServiceRequest", "performer=Organization/o2"},
    {"Consent", ""},
    {"Appointment", "patient=p0,p1"},
    {"Appointment", "_include=Appointment:patient&_count=2"},
    {"Appointment", "date=gt2020-01-01&_sort=date"},
    {"Organization", "_revinclude=EpisodeOfCare:organization"},
    {"Organization", "_revinclude=Patient:general-practitioner&_count=1"},
    {"Organization", "identifier=B2"},
    {"", "_type=Patient,Flag,Observation&_count=4"},
    {"", "_type=Condition&_lastUpdated=gt2020-01-01"},
};

/* Each question is asked without and within a snapshot of the caller's. */
static struct hf_sv
observe(struct hf_test_store *t, const struct world *w, enum hf_activity activity,
	struct hf_buf *out)
{
	struct asking q = {.t = t, .arena = {.cap = (size_t)256 << 20}, .out = out};
	struct hf_err err = {0};

	*out = (struct hf_buf){0};
	for (size_t i = 0; activity == HF_ACT_SEARCH && i < HF_COUNT(searches); i++) {
		ask_search(&q, searches[i].type, searches[i].query);
		hf_arena_reset(&q.arena);
	}
	if (activity == HF_ACT_SEARCH)
		goto out;
	for (size_t i = 0; i < w->n; i++) {
		bool within = i % 2;

		if (within)
			assert_int_equal(hf_reader_begin(t->reader, &err), HF_OK);
		ask_reads(&q, w->list[i].type, w->list[i].id);
		ask_history(&q, w->list[i].type, w->list[i].id, 5);
		if (within)
			hf_reader_end(t->reader);
		hf_arena_reset(&q.arena);
	}
	ask_reads(&q, "Patient", "never");
	ask_history(&q, NULL, NULL, 7);
	ask_history(&q, "Observation", NULL, 3);
	ask_history(&q, "Patient", NULL, 50);
	for (int k = 0; k < PEOPLE; k++) {
		ask_everything(&q, k);
		ask_person(&q, k);
		hf_arena_reset(&q.arena);
	}
	ask_people(&q, "");
	ask_people(&q, "ab");
	ask_people(&q, "abel g1");
	ask_people(&q, "baker 11/1/1950");
	ask_match(&q);
	ask_stats(&q);
out:
	hf_arena_free(&q.arena);
	return hf_buf_view(out);
}

static void
compare(struct hf_sv a, struct hf_sv b, uint64_t seed, const struct eyes *e)
{
	size_t same = 0, line = 0;

	while (same < a.n && same < b.n && a.p[same] == b.p[same]) {
		if (a.p[same] == '\n')
			line = same + 1;
		same++;
	}
	if (same == a.n && same == b.n)
		return;
	while (line > 0 && line + 300 > same)
		line--;
	print_message("with all:\n%.*s\n\nwithout:\n%.*s\n",
		      (int)(a.n - line > 1200 ? 1200 : a.n - line), a.p + line,
		      (int)(b.n - line > 1200 ? 1200 : b.n - line), b.p + line);
	fail_msg("seed %llu, %s of %.*s for %.*s", (unsigned long long)seed,
		 hf_word(HF_WORDS_GROUP, (int)e->actor.group), HF_SV_ARG(e->actor.org),
		 HF_SV_ARG(e->actor.purpose));
}

/* How much the worlds hide, so that the test is known to test something. */
static size_t n_hidden, n_shown;

static void
compare_for(int engine, struct hf_test_store *full, struct world *w, uint64_t seed,
	    const struct eyes *e, enum hf_activity activity)
{
	struct hf_test_store less;
	struct hf_buf with_all, without;

	for (size_t i = 0; i < w->n; i++) {
		w->list[i].visible = may_see(e, &w->list[i], activity);
		n_hidden += !w->list[i].visible;
		n_shown += w->list[i].visible;
	}
	assert_true(open_store(&less, engine));
	fill(&less, w, false);
	told = less.store;
	hf_reader_as(full->reader, &e->viewer);
	hf_reader_as(less.reader, &e->viewer);
	observe(full, w, activity, &with_all);
	observe(&less, w, activity, &without);
	compare(hf_buf_view(&with_all), hf_buf_view(&without), seed, e);
	hf_reader_as(full->reader, NULL);
	hf_buf_free(&with_all);
	hf_buf_free(&without);
	hf_search_forget(less.store);
	hf_test_store_close(&less);
	told = NULL;
}

static void
worlds(int engine, uint64_t first, uint64_t n, int viewers)
{
	static struct world w;

	now = hf_now();
	for (uint64_t seed = first; seed < first + n; seed++) {
		struct hf_test_store full;

		hf_rng_seed(&rng, seed, 7);
		if (!open_store(&full, engine)) {
			skip();
			return;
		}
		make_world(&w);
		fill(&full, &w, true);
		read_facts(&full);
		for (int v = 0; v < viewers; v++) {
			struct eyes e;

			make_eyes(&e);
			compare_for(engine, &full, &w, seed, &e, HF_ACT_READ);
			compare_for(engine, &full, &w, seed, &e, HF_ACT_SEARCH);
			hf_rights_drop(e.rights);
		}
		hf_search_forget(full.store);
		hf_test_store_close(&full);
	}
	hf_arena_free(&facts.arena);
}

static void
load_policy(void)
{
	static struct hf_arena arena = {.cap = 16 << 20};
	struct hf_issues issues = {.arena = &arena};

	if (!policy.version)
		assert_int_equal(
		    hf_policy_load(hf_policy_builtin, &arena, &issues, &policy, NULL),
		    HF_OK);
}

/* HF_LAW_WORLDS=N asks N worlds instead of the few that every run has. */
static uint64_t
as_many(uint64_t usual)
{
	const char *s = getenv("HF_LAW_WORLDS");

	return s ? strtoull(s, NULL, 10) : usual;
}

HF_TEST(what_is_hidden_changes_no_answer)
{
	load_policy();
	n_hidden = n_shown = 0;
	worlds(0, 1, as_many(8), 5);
	assert_in_range(n_hidden * 100 / (n_hidden + n_shown), 20, 90);
}

HF_TEST(what_is_hidden_changes_no_answer_on_postgresql)
{
	load_policy();
	worlds(1, 100, 2, 3);
}

HF_TEST_MAIN("record/viewer_law", cmocka_unit_test(what_is_hidden_changes_no_answer),
	     cmocka_unit_test(what_is_hidden_changes_no_answer_on_postgresql))

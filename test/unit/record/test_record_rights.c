/* What is agreed and chosen, kept in the store: the snapshot follows each job, and the
 * rows of GOV-T01 come out right from what stands in the record and the tables, with
 * nothing handed in. */
#include "test/hf_test.h"

#include "access/io/account.h"
#include "base/io/clock.h"
#include "record/io/glass.h"
#include "record/io/rights.h"
#include "record/io/sharing.h"
#include "record/io/why.h"
#include "test/support/store.h"

static const hf_time day = 86400000;

static struct hf_arena policy_arena = {.cap = 16 << 20};

static const struct hf_policy *
policy(void)
{
	static struct hf_policy p;
	struct hf_issues issues = {.arena = &policy_arena};

	if (!p.version)
		assert_int_equal(
		    hf_policy_load(hf_policy_builtin, &policy_arena, &issues, &p, NULL),
		    HF_OK);
	return &p;
}

/* ---- a place with one person ---- */

static void
put(struct hf_test_store *t, const char *json)
{
	struct hf_err err = {0};

	if (hf_test_put(t, &json, 1, NULL, &err) != HF_OK)
		fail_msg("%s: %s", json, err.text);
}

/* "2026-11-22", n days from now. */
static const char *
on(struct hf_test_store *t, int n)
{
	char text[32];

	hf_time_format(hf_now() + n * day, text, sizeof(text));
	return hf_arena_printf(&t->arena, "%.10s", text).p;
}

#define ORG(id, code)                                                                  \
	"{\"resourceType\":\"Organization\",\"id\":\"" id                              \
	"\",\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-"    \
	"code\",\"value\":\"" code "\"}]}"

static void
put_patient(struct hf_test_store *t, const char *practice)
{
	put(t, hf_arena_printf(&t->arena,
			       "{\"resourceType\":\"Patient\",\"id\":\"p1\","
			       "\"birthDate\":\"1950-01-01\",\"identifier\":[{"
			       "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\","
			       "\"value\":\"9990000018\"}]%s%s%s}",
			       practice ? ",\"generalPractitioner\":[{\"reference\":"
					  "\"Organization/"
					: "",
			       practice ? practice : "", practice ? "\"}]" : "")
		   .p);
}

static bool
open_place(struct hf_test_store *t, int engine)
{
	if (!hf_test_store_open(t, engine)) {
		skip();
		return false;
	}
	put(t, ORG("gp", "Y00001"));
	put(t, ORG("nurses", "RZ2"));
	put(t, ORG("other", "RZ3"));
	put_patient(t, "gp");
	return true;
}

static void
put_case(struct hf_test_store *t, const char *org, int from, int to)
{
	put(t, hf_arena_printf(
		   &t->arena,
		   "{\"resourceType\":\"EpisodeOfCare\",\"id\":\"e-%s\",\"status\":"
		   "\"%s\",\"patient\":{\"reference\":\"Patient/p1\"},"
		   "\"managingOrganization\":{\"reference\":\"Organization/%s\"},"
		   "\"period\":{\"start\":\"%s\"%s%s%s}}",
		   org, to ? "finished" : "active", org, on(t, from),
		   to ? ",\"end\":\"" : "", to ? on(t, to) : "", to ? "\"" : "")
		   .p);
}

static void
put_objection(struct hf_test_store *t, bool deny)
{
	put(t, hf_arena_printf(
		   &t->arena,
		   "{\"resourceType\":\"Consent\",\"id\":\"c1\",\"status\":\"active\","
		   "\"scope\":{\"coding\":[{\"code\":\"patient-privacy\"}]},"
		   "\"category\":[{\"coding\":[{\"system\":\"http://loinc.org\","
		   "\"code\":\"59284-0\"}]}],\"patient\":{\"reference\":"
		   "\"Patient/p1\"},\"dateTime\":\"%s\",\"policyRule\":{\"coding\":"
		   "[{\"code\":\"OPTOUT\"}]},\"provision\":{\"type\":\"%s\"}}",
		   on(t, -1), deny ? "deny" : "permit")
		   .p);
}

/* ---- jobs ---- */

static void
do_job(struct hf_test_store *t, enum hf_rc prepared, struct hf_sharing *s,
       const struct hf_err *why)
{
	struct hf_err err = {0};

	if (prepared != HF_OK)
		fail_msg("%s: %s", why->path, why->text);
	s->job.actor = HF_SV("user/admin");
	s->job.purpose = HF_SV("OPERATE");
	if (hf_store_desk(t->store, &s->job, &err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
}

static struct hf_sv
agree(struct hf_test_store *t, const char *from, const char *to, const char *tier)
{
	struct hf_agreement_form f = {.from = hf_sv_from(from),
				      .to = hf_sv_from(to),
				      .tier = hf_sv_from(tier),
				      .until = hf_now() + 30 * day,
				      .dsa = HF_SV("DSA-1"),
				      .dpia = HF_SV("DPIA-1")};
	struct hf_sharing s;
	struct hf_err err = {0};

	do_job(t, hf_sharing_agreement(&f, policy(), hf_now(), &t->arena, &s, &err), &s,
	       &err);
	return s.id;
}

static const struct hf_rights *
rights_now(struct hf_test_store *t)
{
	const struct hf_rights *r = NULL;

	assert_int_equal(hf_store_rights_get(t->store, &r, NULL), HF_OK);
	return r;
}

struct account_job {
	const char *id, *role, *org, *who;
};

static enum hf_rc
write_account(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	const struct account_job *j = ctx;
	struct hf_account a = {.id = hf_sv_from(j->id),
			       .login = hf_sv_from(j->id),
			       .name = HF_SV("Test Person"),
			       .who = hf_sv_from(j->who),
			       .state = HF_ACCOUNT_ACTIVE,
			       .secret = HF_SV(""),
			       .totp = HF_SV(""),
			       .recovery = HF_SV(""),
			       .issuer = HF_SV(""),
			       .subject = HF_SV(""),
			       .sds = HF_SV(""),
			       .created = at};
	struct hf_account_role r = {.account = hf_sv_from(j->id),
				    .role = hf_sv_from(j->role),
				    .org = hf_sv_from(j->org),
				    .team = HF_SV(""),
				    .supervisor = HF_SV(""),
				    .since = at - day,
				    .until = HF_TIME_MAX};
	enum hf_rc rc = hf_account_add(db, &a, err);

	(void)change;
	return rc ? rc : hf_account_role_add(db, &r, err);
}

static void
add_account(struct hf_test_store *t, const char *id, const char *role, const char *org,
	    const char *who)
{
	struct account_job j = {id, role, org, who};
	struct hf_sharing s = {
	    .job = {.what = HF_SV("user add"), .write = write_account, .ctx = &j}};

	do_job(t, HF_OK, &s, NULL);
}

/* ---- questions ---- */

struct asking {
	const char *role, *org, *user, *who, *from, *team;
	enum hf_content content;
	enum hf_level level;
	const char *category;
};

static struct hf_access_answer
ask(struct hf_test_store *t, const struct asking *q)
{
	const struct hf_rights *rights = rights_now(t);
	struct hf_why_form form = {.person = HF_SV("p1"),
				   .role = hf_sv_from(q->role),
				   .org = hf_sv_from(q->org),
				   .user = hf_sv_from(q->user),
				   .who = hf_sv_from(q->who),
				   .team = hf_sv_from(q->team),
				   .from = hf_sv_from(q->from)};
	struct hf_why_line line = {
	    .content = q->content ? q->content : HF_CONTENT_PROBLEM,
	    .level = q->level ? q->level : HF_LEVEL_S1,
	    .category = q->category
			    ? hf_policy_category(policy(), hf_sv_from(q->category))
			    : NULL};
	struct hf_access_answer a;
	struct hf_why why;
	struct hf_err err = {0};

	if (hf_why_read(t->reader, policy(), rights, &form, hf_now(), &t->arena, &why,
			&err) != HF_OK)
		fail_msg("%s: %s", err.path, err.text);
	a = hf_why_decide(&why, &line, q->from == NULL);
	hf_rights_drop(rights);
	return a;
}

#define EXPECT(t, want_outcome, want_rule, ...)                                        \
	do {                                                                           \
		struct hf_access_answer got_ =                                         \
		    ask((t), &(struct asking){__VA_ARGS__});                           \
		assert_string_equal(got_.rule, want_rule);                             \
		assert_int_equal(got_.outcome, want_outcome);                          \
	} while (0)

/* ---- GOV-T01 ---- */

static void
check_relations(int engine)
{
	struct hf_test_store t;

	if (!open_place(&t, engine))
		return;
	/* 1 GP, GPREG */
	EXPECT(&t, HF_ALLOW, "R11", .role = "named-gp", .org = "Y00001");
	/* 4, 12 no relationship: BTG; 9 a navigator: DENY */
	EXPECT(&t, HF_BTG, "R18", .role = "ed-doctor", .org = "RZ3");
	EXPECT(&t, HF_BTG, "R18", .role = "social-worker", .org = "RZ3");
	EXPECT(&t, HF_DENY, "R19", .role = "call-handler", .org = "RZ3");
	/* 6 very restricted: nobody, and no glass */
	EXPECT(&t, HF_DENY, "R4", .role = "named-gp", .org = "Y00001",
	       .level = HF_LEVEL_S3);
	/* 3 sensitive of the own team; 2 of another team of the same organisation */
	put_case(&t, "nurses", -20, 0);
	EXPECT(&t, HF_ALLOW, "R12", .role = "R8001", .org = "RZ2",
	       .level = HF_LEVEL_S2);
	EXPECT(&t, HF_MASK, "R12-other", .role = "R8001", .org = "RZ2", .from = "RZ2",
	       .level = HF_LEVEL_S2);
	/* 11, 13 */
	EXPECT(&t, HF_ALLOW, "R13", .role = "social-worker", .org = "RZ2");
	EXPECT(&t, HF_DENY, "R15-other", .role = "home-care-worker", .org = "RZ2");
	/* 28 closed 20 days ago: still; 27 closed 40 days ago: no longer */
	put_case(&t, "nurses", -60, -20);
	EXPECT(&t, HF_ALLOW, "R11", .role = "R8001", .org = "RZ2");
	put_case(&t, "nurses", -60, -40);
	EXPECT(&t, HF_BTG, "R18", .role = "R8001", .org = "RZ2");
	/* 32 the person left the practice */
	put_patient(&t, NULL);
	EXPECT(&t, HF_BTG, "R18", .role = "named-gp", .org = "Y00001");
	/* 21, 36 the person themself */
	EXPECT(&t, HF_ALLOW, "R5", .role = "patient", .org = "", .who = "Patient/p1");
	EXPECT(&t, HF_ALLOW, "R5", .role = "patient", .org = "", .who = "Patient/p1",
	       .level = HF_LEVEL_S3);
	/* 25 */
	EXPECT(&t, HF_DENY, "R2", .role = "operator", .org = "RZ2");
	hf_test_store_close(&t);
}

static void
check_agreements(int engine)
{
	struct hf_test_store t;
	struct hf_sharing s;
	struct hf_sv id;
	struct hf_err err = {0};

	if (!open_place(&t, engine))
		return;
	put_case(&t, "nurses", -20, 0);
	EXPECT(&t, HF_DENY, "T0", .role = "R8001", .org = "RZ2", .from = "Y00001");
	/* 37 */
	id = agree(&t, "Y00001", "RZ2", "T1");
	EXPECT(&t, HF_MASK, "T1", .role = "R8001", .org = "RZ2", .from = "Y00001");
	EXPECT(&t, HF_ALLOW, "R11", .role = "R8001", .org = "RZ2", .from = "Y00001",
	       .content = HF_CONTENT_DEMOGRAPHIC, .level = HF_LEVEL_S0);
	do_job(&t, hf_sharing_agreement_end(id, &t.arena, &s, &err), &s, &err);
	EXPECT(&t, HF_DENY, "T0", .role = "R8001", .org = "RZ2", .from = "Y00001");
	agree(&t, "*", "RZ2", "T3");
	EXPECT(&t, HF_ALLOW, "R11", .role = "R8001", .org = "RZ2", .from = "Y00001",
	       .content = HF_CONTENT_CLINICAL);
	EXPECT(&t, HF_MASK, "R12-other", .role = "R8001", .org = "RZ2",
	       .from = "Y00001", .level = HF_LEVEL_S2, .category = "hiv");
	/* A system of one organisation is held to its agreements. */
	EXPECT(&t, HF_ALLOW, "R11-system", .role = "system", .org = "RZ2",
	       .from = "Y00001");
	/* 20, 19, 35: objection */
	put_objection(&t, true);
	EXPECT(&t, HF_BTG, "R9", .role = "R8001", .org = "RZ2", .from = "Y00001");
	EXPECT(&t, HF_DENY, "R9-others", .role = "call-handler", .org = "RZ2",
	       .from = "Y00001");
	EXPECT(&t, HF_ALLOW, "R11", .role = "named-gp", .org = "Y00001");
	assert_true(
	    ask(&t, &(struct asking){.role = "R8001", .org = "RZ2", .from = "Y00001"})
		.reasons ==
	    (HF_BIT(HF_REASON_VITAL_INTEREST) | HF_BIT(HF_REASON_LEGAL)));
	put_objection(&t, false);
	EXPECT(&t, HF_ALLOW, "R11", .role = "R8001", .org = "RZ2", .from = "Y00001");
	/* Suspended: nothing, whatever else is so. */
	do_job(&t,
	       hf_sharing_suspend(HF_SV("rz2"), HF_SV("incident"), 0, hf_now(),
				  &t.arena, &s, &err),
	       &s, &err);
	EXPECT(&t, HF_DENY, "R1-org", .role = "R8001", .org = "RZ2");
	do_job(&t, hf_sharing_resume(HF_SV("RZ2"), &t.arena, &s, &err), &s, &err);
	EXPECT(&t, HF_ALLOW, "R11", .role = "R8001", .org = "RZ2");
	hf_test_store_close(&t);
}

static int64_t
shelf_of(struct hf_test_store *t)
{
	struct hf_entry e;

	assert_int_equal(hf_store_find(t->reader, hf_resource_find(HF_SV("Patient")),
				       HF_SV("p1"), &e, NULL),
			 HF_OK);
	return HF_RID_SHELF(e.rid);
}

static void
check_people(int engine)
{
	struct hf_test_store t;
	struct hf_sharing s;
	struct hf_err err = {0};
	struct hf_delegation_form d = {.from = HF_SV("gp1"),
				       .to = HF_SV("user/locum1"),
				       .until = hf_now() + day,
				       .reason = HF_SV("leave")};
	struct hf_proxy_form p = {.holder = HF_SV("daughter"),
				  .person = HF_SV("p1"),
				  .relationship = HF_SV("daughter"),
				  .contents = HF_SV("MEDICINE"),
				  .until = hf_now() + day};
	struct hf_glass_by by = {.actor = HF_SV("user/ed1"),
				 .purpose = HF_SV("DIRECT")};
	struct hf_glass_row glass = {.id = HF_SV("glass1"),
				     .actor = HF_SV("user/ed1"),
				     .role = HF_SV("ed-doctor"),
				     .org = HF_SV("RZ3"),
				     .patient = HF_SV("p1"),
				     .reason = HF_REASON_EMERGENCY,
				     .words = HF_SV("found on the floor, no history"),
				     .asked = HF_SV("")};

	if (!open_place(&t, engine))
		return;
	add_account(&t, "gp1", "named-gp", "Y00001", "");
	add_account(&t, "locum1", "named-gp", "Y00002", "");
	add_account(&t, "ed1", "ed-doctor", "RZ3", "");
	add_account(&t, "daughter", "proxy", "", "");
	add_account(&t, "hub1", "call-handler", "RZ3", "");
	/* DELEG: only while the delegator has a relationship. */
	EXPECT(&t, HF_BTG, "R18", .user = "locum1");
	do_job(&t, hf_sharing_delegate(t.reader, &d, hf_now(), &t.arena, &s, &err), &s,
	       &err);
	EXPECT(&t, HF_ALLOW, "R11", .user = "locum1");
	put_patient(&t, NULL);
	EXPECT(&t, HF_BTG, "R18", .user = "locum1");
	put_patient(&t, "gp");
	do_job(&t, hf_sharing_delegate_end(s.id, &t.arena, &s, &err), &s, &err);
	EXPECT(&t, HF_BTG, "R18", .user = "locum1");
	/* 5 after breaking the glass; S3 stays closed */
	glass.shelf = shelf_of(&t);
	assert_int_equal(hf_glass_break(t.store, &by, &glass, &err), HF_OK);
	EXPECT(&t, HF_ALLOW, "R18", .user = "ed1");
	EXPECT(&t, HF_DENY, "R4", .user = "ed1", .level = HF_LEVEL_S3);
	EXPECT(&t, HF_BTG, "R18", .user = "locum1");
	/* 8, 7 at the hub */
	EXPECT(&t, HF_DENY, "R19", .user = "hub1");
	do_job(&t,
	       hf_sharing_hub_call(HF_SV("user/hub1"), shelf_of(&t), hf_now(),
				   hf_now() + day, &t.arena, &s, &err),
	       &s, &err);
	EXPECT(&t, HF_ALLOW, "R14", .user = "hub1", .content = HF_CONTENT_DEMOGRAPHIC,
	       .level = HF_LEVEL_S0);
	EXPECT(&t, HF_MASK, "R14-other", .user = "hub1");
	/* 22 a proxy sees nothing that was not granted, and has to be named */
	EXPECT(&t, HF_DENY, "R19", .user = "daughter", .content = HF_CONTENT_MEDICINE);
	do_job(&t, hf_sharing_proxy(t.reader, &p, hf_now(), &t.arena, &s, &err), &s,
	       &err);
	EXPECT(&t, HF_DENY, "R19", .user = "daughter", .content = HF_CONTENT_MEDICINE);
	p.named = true;
	do_job(&t, hf_sharing_proxy(t.reader, &p, hf_now(), &t.arena, &s, &err), &s,
	       &err);
	EXPECT(&t, HF_ALLOW, "R5-proxy", .user = "daughter",
	       .content = HF_CONTENT_MEDICINE);
	EXPECT(&t, HF_DENY, "R19", .user = "daughter", .content = HF_CONTENT_PROBLEM);
	hf_test_store_close(&t);
}

/* ---- the snapshot ---- */

static enum hf_rc
write_nothing(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	(void)ctx;
	(void)db;
	(void)change;
	(void)at;
	(void)err;
	return HF_OK;
}

static void
check_snapshot(int engine)
{
	struct hf_sharing s = {0};
	const hf_time now = hf_now();
	const struct hf_rights *before, *after;
	struct hf_ndo_report report;
	struct hf_ndo_state state;
	struct hf_test_store t;
	struct hf_err err = {0};

	if (!open_place(&t, engine))
		return;
	before = rights_now(&t);
	after = rights_now(&t);
	assert_ptr_equal(before, after); /* nothing happened: the same */
	hf_rights_drop(after);
	/* A job apart, as of a session, is no reason to read it again. */
	s.job = (struct hf_desk_job){
	    .what = HF_SV("session"), .write = write_nothing, .apart = true};
	do_job(&t, HF_OK, &s, NULL);
	after = rights_now(&t);
	assert_ptr_equal(before, after);
	hf_rights_drop(after);
	agree(&t, "*", "*", "T2");
	after = rights_now(&t);
	assert_ptr_not_equal(before, after);
	/* Who holds the old one sees what it said. */
	assert_int_equal(hf_rights_tier(before, HF_SV("RZ2"), HF_SV("RZ3"), hf_now()),
			 HF_TIER_T0);
	assert_int_equal(hf_rights_tier(after, HF_SV("RZ2"), HF_SV("RZ3"), hf_now()),
			 HF_TIER_T2);
	hf_rights_drop(before);
	hf_rights_drop(after);
	/* The opt-out list: a bad one changes nothing, a new one replaces the old. */
	assert_int_equal(hf_sharing_ndo_import(t.store, policy(), HF_SV("user/a"),
					       HF_SV("OPERATE"),
					       HF_SV("9990000018\n999 000 0026\n"),
					       now - day, now, &report, &err),
			 HF_OK);
	assert_int_equal(report.numbers, 2);
	assert_int_equal(hf_sharing_ndo_import(t.store, policy(), HF_SV("user/a"),
					       HF_SV("OPERATE"), HF_SV("12"), now - day,
					       now, &report, &err),
			 HF_INVALID);
	assert_int_equal(hf_sharing_ndo_import(t.store, policy(), HF_SV("user/a"),
					       HF_SV("OPERATE"), HF_SV(""),
					       now - 22 * day, now, &report, &err),
			 HF_INVALID);
	hf_test_store_reopen(&t);
	after = rights_now(&t);
	assert_true(hf_rights_ndo(after, HF_SV("9990000018")));
	assert_true(hf_rights_ndo(after, HF_SV("9990000026")));
	assert_false(hf_rights_ndo(after, HF_SV("9990000034")));
	assert_true(hf_rights_ndo_list_at(after) == now - day);
	assert_int_equal(hf_rights_tier(after, HF_SV("RZ2"), HF_SV("RZ3"), hf_now()),
			 HF_TIER_T2);
	hf_rights_drop(after);
	assert_int_equal(hf_sharing_ndo_import(t.store, policy(), HF_SV("user/a"),
					       HF_SV("OPERATE"), HF_SV("9990000034"),
					       now, hf_now(), &report, &err),
			 HF_OK);
	after = rights_now(&t);
	assert_false(hf_rights_ndo(after, HF_SV("9990000018")));
	assert_true(hf_rights_ndo(after, HF_SV("9990000034")));
	hf_rights_drop(after);
	assert_int_equal(hf_sharing_ndo_state(hf_reader_db(t.reader), &state, &err),
			 HF_OK);
	assert_true(state.there && state.n == 1);
	hf_test_store_close(&t);
}

#define BOTH(name)                                                                     \
	static void name##_sqlite(void **state HF_UNUSED)                              \
	{                                                                              \
		check_##name(0);                                                       \
	}                                                                              \
	static void name##_pgsql(void **state HF_UNUSED)                               \
	{                                                                              \
		check_##name(1);                                                       \
	}
BOTH(relations)
BOTH(agreements)
BOTH(people)
BOTH(snapshot)

/* ---- what is refused ---- */

HF_TEST(a_form_that_is_wrong_names_its_field)
{
	static const struct {
		struct hf_agreement_form f;
		const char *field;
	} cases[] = {
	    {{.from = {"RZ 1", 4}, .to = {"*", 1}, .tier = {"T0", 2}}, "from"},
	    {{.from = {"RZ1", 3}, .to = {"", 0}, .tier = {"T0", 2}}, "to"},
	    {{.from = {"RZ1", 3}, .to = {"rz1", 3}, .tier = {"T0", 2}}, "to"},
	    {{.from = {"RZ1", 3}, .to = {"*", 1}, .tier = {"T5", 2}}, "tier"},
	    {{.from = {"RZ1", 3}, .to = {"*", 1}, .tier = {"", 0}}, "tier"},
	    {{.from = {"RZ1", 3}, .to = {"*", 1}, .tier = {"T1", 2}}, "until"},
	};
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_sharing s;
	struct hf_err err;

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		assert_int_equal(hf_sharing_agreement(&cases[i].f, policy(), hf_now(),
						      &arena, &s, &err),
				 HF_INVALID);
		assert_string_equal(err.path, cases[i].field);
	}
	assert_int_equal(hf_sharing_agreement_end(HF_SV("../x"), &arena, &s, &err),
			 HF_INVALID);
	assert_int_equal(
	    hf_sharing_suspend(HF_SV("RZ1"), HF_SV(""), 0, hf_now(), &arena, &s, &err),
	    HF_INVALID);
	assert_int_equal(
	    hf_sharing_hub_call(HF_SV("me"), HF_SHELF_PERSON, 1, 2, &arena, &s, &err),
	    HF_INVALID);
	hf_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(relations_sqlite),
	    cmocka_unit_test(relations_pgsql),
	    cmocka_unit_test(agreements_sqlite),
	    cmocka_unit_test(agreements_pgsql),
	    cmocka_unit_test(people_sqlite),
	    cmocka_unit_test(people_pgsql),
	    cmocka_unit_test(snapshot_sqlite),
	    cmocka_unit_test(snapshot_pgsql),
	    cmocka_unit_test(a_form_that_is_wrong_names_its_field),
	};

	return cmocka_run_group_tests_name("record/rights", tests, NULL, NULL);
}

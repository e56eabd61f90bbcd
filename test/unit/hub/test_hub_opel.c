/* The level of pressure as the hub records and uses it, on both engines: R-2.20 (what
 * is recorded, when it is worked out again, who may say another level) and R-2.21 (what
 * level 3 does to capacity and to routine work). */
#include "test/hf_test.h"

#include <stdlib.h>

#include "hub/io/opel.h"
#include "record/person_text.h"
#include "test/support/store.h"

#define EXT "\"https://homefirst.example/StructureDefinition/"
#define KIND(k)                                                                        \
	"\"type\":[{\"coding\":[{\"system\":"                                          \
	"\"https://homefirst.example/CodeSystem/provider-kind\",\"code\":\"" k         \
	"\"}]}]"
#define ODS(code)                                                                      \
	"\"identifier\":[{\"system\":"                                                 \
	"\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"" code "\"}]"

/* Ten slots all day, 20 percent kept for urgent referrals. */
static const char *const place[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"place\"," KIND("place") "}",
    "{\"resourceType\":\"Organization\",\"id\":\"hub\"," KIND("hub") "," ODS(
	"ZH1") ",\"name\":\"The "
	       "Hub\",\"partOf\":{\"reference\":\"Organization/place\"}}",
    "{\"resourceType\":\"Organization\",\"id\":\"trust\"," KIND("community") "," ODS(
	"RZ2") ",\"name\":\"Trust\"}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"dr\"}",
    ("{\"resourceType\":\"HealthcareService\",\"id\":\"t1\",\"active\":true,"
     "\"providedBy\":{\"reference\":\"Organization/trust\"},\"type\":[{\"coding\":"
     "[{\"system\":\"https://homefirst.example/CodeSystem/"
     "service\",\"code\":\"ucr\"}]}]"
     ",\"characteristic\":[{\"coding\":[{\"system\":"
     "\"https://homefirst.example/CodeSystem/skill\",\"code\":\"nursing\"}]}]"
     ",\"name\":\"Team One\",\"availableTime\":[{\"allDay\":true}],"
     "\"extension\":[{\"url\":" EXT "urgency\",\"valueCode\":\"U1\"},{\"url\":" EXT
     "urgency\",\"valueCode\":\"U6\"},{\"url\":" EXT
     "open-on-bank-holidays\",\"valueBoolean\":true},{\"url\":" EXT
     "urgent-reserve\",\"valueInteger\":20},{\"url\":" EXT
     "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":\"00:00:00\"},"
     "{\"url\":\"to\",\"valueTime\":\"00:00:00\"},{\"url\":\"slots\","
     "\"valueInteger\":10}]}]}"),
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Hale\"}],"
    "\"birthDate\":\"1940-05-01\",\"gender\":\"female\"}",
};

struct at_hub {
	struct hf_test_store t;
	struct hf_hub *hub;
	struct hf_hub_actor lead, dispatcher;
	hf_time at;
	struct hf_err err;
};

static size_t
two_hours(void *ctx, struct hf_hub *hub, hf_time now, struct hf_opel_value *out,
	  size_t most)
{
	(void)ctx;
	(void)hub;
	(void)now;
	assert_true(most > 0);
	out[0] = (struct hf_opel_value){HF_SV("community"), HF_SV("two-hours"),
					hf_decimal_from_int(65)};
	return 1;
}

static struct hf_hub_actor
actor(const struct at_hub *f, const char *role, const char *name)
{
	struct hf_hub_actor a = {.id = HF_SV("user/1"),
				 .who = HF_SV("Practitioner/dr"),
				 .name = hf_sv_from(name),
				 .role = hf_sv_from(role),
				 .ods = HF_SV("ZH1"),
				 .purpose = HF_SV("DIRECT")};

	a.roles = hf_hub_roles_of(f->hub, a.role);
	return a;
}

static void
open_hub(struct at_hub *f)
{
	struct hf_hub_config config = {.store = f->t.store, .measure = two_hours};

	if (hf_hub_open(&config, &f->hub, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	f->lead = actor(f, "clinical-lead", "Dr Lead");
	f->dispatcher = actor(f, "dispatcher", "Dee Patch");
}

static bool
begin(struct at_hub *f, int engine)
{
	*f = (struct at_hub){.at = 1780308000000}; /* Monday 1 June 2026, 10:00 UTC */
	if (!hf_test_store_open(&f->t, engine))
		return false;
	if (hf_test_put(&f->t, place, HF_COUNT(place), NULL, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	open_hub(f);
	return true;
}

static void
end(struct at_hub *f)
{
	hf_hub_close(f->hub);
	hf_test_store_close(&f->t);
}

#define ON_BOTH(name)                                                                  \
	static void name##_on(struct at_hub *f);                                       \
	HF_TEST(name)                                                                  \
	{                                                                              \
		struct at_hub f;                                                       \
                                                                                       \
		for (int engine = 0; engine < 2; engine++) {                           \
			if (!begin(&f, engine))                                        \
				continue;                                              \
			name##_on(&f);                                                 \
			end(&f);                                                       \
		}                                                                      \
	}                                                                              \
	static void name##_on(struct at_hub *f)

/* What is sent, as it would be by a page. */
static enum hf_rc
try_say(struct at_hub *f, const struct hf_hub_actor *who, const char *json)
{
	struct hf_json *doc = HF_NEW(&f->t.arena, struct hf_json);
	struct hf_opel_said *said = HF_NEW(&f->t.arena, struct hf_opel_said);
	struct hf_hub_work *work;
	enum hf_rc rc;

	assert_int_equal(
	    hf_json_parse(hf_sv_from(json), NULL, &f->t.arena, doc, &f->err), HF_OK);
	rc = hf_opel_said_read(hf_hub_opel_document(f->hub), doc, &f->t.arena, said,
			       &f->err);
	if (rc == HF_OK)
		rc = hf_hub_opel_say(f->hub, who, said, f->at, &f->t.arena, &work,
				     &f->err);
	return rc ? rc : hf_hub_commit(f->hub, f->t.reader, work, &f->err);
}

static void
say(struct at_hub *f, const char *json)
{
	f->at += 60000;
	if (try_say(f, &f->lead, json) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
}

static struct hf_opel_state
now(struct at_hub *f)
{
	struct hf_opel_state s;

	assert_int_equal(hf_hub_opel(f->hub, f->at, &f->t.arena, &s, &f->err), HF_OK);
	return s;
}

static const struct hf_opel_input *
input(struct at_hub *f, const struct hf_opel_state *s, const char *pillar,
      const char *parameter)
{
	const struct hf_opel *o = hf_hub_opel_document(f->hub);

	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0;
		     strcmp(o->pillars[i].id, pillar) == 0 && k < o->pillars[i].n; k++)
			if (strcmp(o->pillars[i].parameters[k].id, parameter) == 0)
				return &s->inputs[i][k];
	fail_msg("%s/%s is no parameter", pillar, parameter);
	return NULL;
}

/* All pillars at their worst: level 4. */
#define WORST                                                                          \
	"{\"inputs\":{\"community/beds\":99,\"community/absence\":20,"                 \
	"\"community/discharges\":40,\"community/ucr-free\":0,"                        \
	"\"acute/beds\":99.5,\"acute/four-hours\":50,\"acute/handover\":60,"           \
	"\"mental-health/beds\":100,\"mental-health/crisis-waits\":12,"                \
	"\"nhs111/abandoned\":30,\"nhs111/answer\":400}}"

/* ---- R-2.20 ---- */

ON_BOTH(R_2_20_level_inputs_scores_and_author_of_an_override_are_recorded)
{
	struct hf_opel_state s, *all;
	const struct hf_opel_input *in;
	struct hf_entry *entries;
	struct hf_version v;
	struct hf_json doc;
	hf_rid next = 0;
	size_t n;

	say(f, WORST);
	say(f, "{\"override\":{\"level\":3,\"reason\":\" Mutual aid agreed \"}}");
	assert_int_equal(hf_store_scan(f->t.reader,
				       hf_resource_find(HF_SV("Observation")), 0, 100,
				       &f->t.arena, &entries, &n, &next, &f->err),
			 HF_OK);
	assert_int_equal(n, 2);
	assert_int_equal(
	    hf_store_read_rid(f->t.reader, entries[1].rid, 0, &f->t.arena, &v, &f->err),
	    HF_OK);
	assert_int_equal(hf_json_parse(v.body, NULL, &f->t.arena, &doc, &f->err),
			 HF_OK);
#define SAYS(path, text)                                                               \
	assert_true(hf_sv_is(hf_dig_text(&doc, 0, path, &f->t.arena), text))
	SAYS("code.coding.system", "https://homefirst.example/CodeSystem/opel");
	SAYS("code.coding.code", "level");
	SAYS("focus.reference", "Organization/hub");
	SAYS("performer.reference", "Practitioner/dr");
	SAYS("valueInteger", "3");
	SAYS("note.authorReference.reference", "Practitioner/dr");
	SAYS("note.text", "Mutual aid agreed");
	SAYS("method.text", "demonstration|1.0.0");
#undef SAYS
	/* And it is read back as it was. */
	assert_int_equal(hf_hub_opel_history(f->hub, 0, &f->t.arena, &all, &n, &f->err),
			 HF_OK);
	assert_int_equal(n, 2);
	s = all[0];
	assert_int_equal(s.level, 3);
	assert_int_equal(s.computed, 4);
	assert_int_equal(s.set.level, 3);
	assert_true(s.set.at == f->at && hf_sv_is(s.set.by, "Dr Lead"));
	assert_int_equal(all[1].level, 4);
	assert_int_equal(all[1].set.level, 0);
	in = input(f, &s, "acute", "beds");
	assert_true(in->known && in->given && hf_sv_is(in->by, "Dr Lead"));
	assert_int_equal(in->score, 4);
	assert_int_equal(
	    hf_decimal_cmp(in->value, (struct hf_decimal){.m = 995, .scale = 1}), 0);
	assert_true(in->at == f->at - 60000);
	in = input(f, &s, "community", "two-hours");
	assert_true(in->known && !in->given);
	assert_int_equal(in->score, 3);
}

ON_BOTH(R_2_20_it_is_worked_out_again_at_the_fixed_times_of_london)
{
	hf_time one = 1780315200000; /* 13:00 in London is 12:00 UTC */
	bool wrote;

	say(f, "{\"inputs\":{\"community/absence\":1}}");
	assert_true(hf_hub_opel_next(f->hub) == one);
	assert_int_equal(hf_hub_opel_tick(f->hub, f->at + 1, &wrote, &f->err), HF_OK);
	assert_false(wrote);
	assert_int_equal(hf_hub_opel_tick(f->hub, one, &wrote, &f->err), HF_OK);
	assert_true(wrote);
	assert_true(hf_hub_opel_next(f->hub) == one + 5 * 3600000);
	f->at = one + 1;
	assert_true(now(f).at == one);
	/* Once. */
	assert_int_equal(hf_hub_opel_tick(f->hub, one + 1, &wrote, &f->err), HF_OK);
	assert_false(wrote);
	/* After a restart that slept through 18:00, at once. */
	hf_hub_close(f->hub);
	hf_test_store_reopen(&f->t);
	open_hub(f);
	assert_true(hf_hub_opel_next(f->hub) == one + 5 * 3600000);
	assert_int_equal(hf_hub_opel_tick(f->hub, one + 9 * 3600000, &wrote, &f->err),
			 HF_OK);
	assert_true(wrote);
}

ON_BOTH(R_2_20_what_was_given_counts_for_a_day_and_a_level_until_it_is_lifted)
{
	struct hf_opel_state s;
	hf_time given;

	say(f, WORST);
	given = f->at;
	say(f, "{\"override\":{\"level\":2,\"reason\":\"tried out\"}}");
	assert_int_equal(hf_hub_opel_tick(f->hub,
					  given + HF_OPEL_GIVEN_MS + 8 * 3600000, NULL,
					  &f->err),
			 HF_OK);
	f->at = given + HF_OPEL_GIVEN_MS + 8 * 3600000;
	s = now(f);
	assert_false(input(f, &s, "acute", "beds")->known);
	assert_int_equal(s.computed, 0); /* of two values of one pillar none is made */
	assert_int_equal(s.level, 2);
	say(f, "{\"override\":null}");
	s = now(f);
	assert_int_equal(s.level, 0);
	assert_int_equal(s.set.level, 0);
	/* A value is taken back; what the hub measures takes its place. */
	say(f, "{\"inputs\":{\"community/ucr-free\":3}}");
	s = now(f);
	assert_true(input(f, &s, "community", "ucr-free")->given);
	say(f, "{\"inputs\":{\"community/ucr-free\":null}}");
	s = now(f);
	assert_true(input(f, &s, "community", "ucr-free")->known);
	assert_false(input(f, &s, "community", "ucr-free")->given);
	assert_int_equal(hf_decimal_cmp(input(f, &s, "community", "ucr-free")->value,
					hf_decimal_from_int(100)),
			 0);
}

ON_BOTH(R_2_20_another_level_of_the_values_is_noticed_between_the_fixed_times)
{
	bool wrote;

	say(f, WORST);
	/* 23 hours on the fixed times have all passed; then the values are too old. */
	assert_int_equal(
	    hf_hub_opel_tick(f->hub, f->at + HF_OPEL_GIVEN_MS - 1000, &wrote, &f->err),
	    HF_OK);
	assert_true(wrote);
	assert_int_equal(
	    hf_hub_opel_tick(f->hub, f->at + HF_OPEL_GIVEN_MS + 1000, &wrote, &f->err),
	    HF_OK);
	assert_false(wrote); /* looked at a moment ago */
	assert_int_equal(hf_hub_opel_tick(f->hub, f->at + HF_OPEL_GIVEN_MS + 15 * 60000,
					  &wrote, &f->err),
			 HF_OK);
	assert_true(wrote);
	f->at += HF_OPEL_GIVEN_MS + 20 * 60000;
	assert_int_equal(now(f).level, 0);
}

ON_BOTH(R_2_20_only_the_lead_of_the_hub_says_it)
{
	struct hf_hub_actor other = f->lead;
	const char *said = "{\"inputs\":{\"acute/beds\":90}}";

	assert_int_equal(try_say(f, &f->dispatcher, said), HF_FORBIDDEN);
	other.ods = HF_SV("RZ2"); /* a lead of somewhere else */
	assert_int_equal(try_say(f, &other, said), HF_FORBIDDEN);
	assert_int_equal(try_say(f, &f->lead, said), HF_OK);
}

ON_BOTH(what_is_said_wrongly_is_named)
{
	static const struct {
		const char *said, *path;
	} wrong[] = {
	    {"{}", "inputs"},
	    {"{\"inputs\":[1]}", "inputs"},
	    {"{\"inputs\":{\"acute/none\":1}}", "inputs"},
	    {"{\"inputs\":{\"beds\":1}}", "inputs"},
	    {"{\"inputs\":{\"acute/beds\":\"90\"}}", "inputs"},
	    {"{\"inputs\":{\"acute/beds\":-1}}", "inputs"},
	    {"{\"inputs\":{\"acute/beds\":201}}", "inputs"},
	    {"{\"inputs\":{\"community/discharges\":1e99}}", "inputs"},
	    {"{\"override\":3}", "override"},
	    {"{\"override\":{\"level\":3}}", "override"},
	    {"{\"override\":{\"level\":5,\"reason\":\"x\"}}", "override.level"},
	    {"{\"override\":{\"level\":\"3\",\"reason\":\"x\"}}", "override.level"},
	    {"{\"override\":{\"level\":3,\"reason\":\"  \"}}", "override.reason"},
	    {"{\"override\":{\"level\":3,\"reason\":7}}", "override.reason"},
	};

	for (size_t i = 0; i < HF_COUNT(wrong); i++) {
		assert_int_equal(try_say(f, &f->lead, wrong[i].said), HF_INVALID);
		assert_string_equal(f->err.path, wrong[i].path);
	}
	assert_int_equal(now(f).at, 0); /* nothing was recorded */
}

ON_BOTH(two_who_record_at_once_do_not_lose_what_the_other_said)
{
	struct hf_opel_said a = {.sets = true, .level = 3, .reason = HF_SV("a")};
	struct hf_opel_said b = {.sets = true, .level = 4, .reason = HF_SV("b")};
	struct hf_hub_work *first, *second;

	assert_int_equal(
	    hf_hub_opel_say(f->hub, &f->lead, &a, f->at, &f->t.arena, &first, &f->err),
	    HF_OK);
	assert_int_equal(
	    hf_hub_opel_say(f->hub, &f->lead, &b, f->at, &f->t.arena, &second, &f->err),
	    HF_BUSY);
	assert_int_equal(hf_hub_commit(f->hub, f->t.reader, first, &f->err), HF_OK);
	assert_int_equal(
	    hf_hub_opel_say(f->hub, &f->lead, &b, f->at, &f->t.arena, &second, &f->err),
	    HF_OK);
	assert_int_equal(hf_hub_commit(f->hub, f->t.reader, second, &f->err), HF_OK);
	assert_int_equal(now(f).level, 4);
}

/* ---- R-2.21 ---- */

static struct hf_capacity
capacity(struct at_hub *f)
{
	struct hf_hub_teams teams;

	assert_int_equal(hf_hub_teams(f->hub, (struct hf_sv){0}, NULL, f->at,
				      &f->t.arena, &teams, &f->err),
			 HF_OK);
	assert_int_equal(teams.directory.n, 1);
	return teams.choices[0].capacity;
}

ON_BOTH(R_2_21_at_3_the_urgent_reserve_is_40_percent_also_after_a_restart)
{
	assert_int_equal(capacity(f).reserved, 2);
	say(f, "{\"override\":{\"level\":2,\"reason\":\"x\"}}");
	assert_int_equal(capacity(f).reserved, 2);
	say(f, "{\"override\":{\"level\":3,\"reason\":\"x\"}}");
	assert_int_equal(capacity(f).reserved, 4);
	assert_int_equal(capacity(f).free, 6);
	hf_hub_close(f->hub);
	hf_test_store_reopen(&f->t);
	open_hub(f);
	assert_int_equal(now(f).level, 3);
	assert_true(hf_sv_is(now(f).set.reason, "x"));
	assert_int_equal(capacity(f).reserved, 4);
	say(f, "{\"override\":null}");
	assert_int_equal(capacity(f).reserved, 2);
}

#define INTAKE                                                                         \
	"\"channel\":\"page\",\"source\":\"gp\",\"referrer\":{\"org\":\"A1\","         \
	"\"phone\":\"1\"},\"decided\":\"2026-06-01T09:00:00Z\",\"service\":\"ucr\","   \
	"\"expectation\":\"visit\",\"problem\":\"fell\",\"condition\":\"fall\","       \
	"\"consentRefer\":true,\"consentShare\":true}"

static enum hf_rc
try_move(struct at_hub *f, struct hf_sv id, const struct hf_hub_actor *who,
	 const char *event, const char *facts, const char *team)
{
	struct hf_hub_move move = {.id = id,
				   .event = hf_sv_from(event),
				   .facts = hf_sv_from(facts),
				   .note = HF_SV("why"),
				   .team = hf_sv_from(team),
				   .at = f->at += 60000};
	struct hf_hub_work *work;
	enum hf_rc rc =
	    hf_hub_move(f->hub, f->t.reader, who, &move, &f->t.arena, &work, &f->err);

	return rc ? rc : hf_hub_commit(f->hub, f->t.reader, work, &f->err);
}

/* A referral of this urgency, accepted. */
static struct hf_sv
accepted(struct at_hub *f, const char *urgency)
{
	struct hf_issues issues = {.arena = &f->t.arena};
	struct hf_json *doc = HF_NEW(&f->t.arena, struct hf_json);
	struct hf_sv text = hf_arena_printf(
	    &f->t.arena, "{\"person\":{\"id\":\"p1\"},\"asked\":\"%s\"," INTAKE,
	    urgency);
	struct hf_hub_work *work;
	struct hf_intake in;

	assert_int_equal(hf_json_parse(text, NULL, &f->t.arena, doc, &f->err), HF_OK);
	assert_int_equal(hf_intake_read(doc, 0, &f->t.arena, &issues, &in, &f->err),
			 HF_OK);
	if (hf_hub_submit(f->hub, f->t.reader, &f->lead, &in, f->at, &f->t.arena, &work,
			  &f->err) != HF_OK ||
	    hf_hub_commit(f->hub, f->t.reader, work, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	text = hf_arena_printf(&f->t.arena,
			       "{\"urgency\":\"%s\",\"condition\":\"fall\",\"skills\":["
			       "\"nursing\"],\"downgradeReason\":\"clinical-picture\"}",
			       urgency);
	assert_int_equal(try_move(f, work->id, &f->lead, "open-triage", "", ""), HF_OK);
	if (try_move(f, work->id, &f->lead, "accept", hf_arena_cstr(&f->t.arena, text),
		     "") != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	return work->id;
}

ON_BOTH(R_2_21_at_3_routine_work_is_allocated_by_the_lead_alone)
{
	struct hf_sv routine = accepted(f, "U6"), urgent;
	struct hf_hub_teams teams;

	say(f, "{\"override\":{\"level\":3,\"reason\":\"x\"}}");
	/* Neither does a reason stand in for the lead. */
	assert_int_equal(try_move(f, routine, &f->dispatcher, "allocate", "", "t1"),
			 HF_RULE);
	assert_string_equal(f->err.path, "team");
	assert_int_equal(hf_hub_teams(f->hub, routine, &f->dispatcher, f->at,
				      &f->t.arena, &teams, &f->err),
			 HF_OK);
	assert_true(teams.choices[0].bars & HF_BAR_LEAD);
	assert_int_equal(hf_hub_teams(f->hub, routine, &f->lead, f->at, &f->t.arena,
				      &teams, &f->err),
			 HF_OK);
	assert_int_equal(teams.choices[0].bars, 0);
	assert_int_equal(try_move(f, routine, &f->lead, "allocate", "", "t1"), HF_OK);
	/* Urgent work goes on. */
	urgent = accepted(f, "U1");
	assert_int_equal(try_move(f, urgent, &f->dispatcher, "allocate", "", "t1"),
			 HF_OK);
}

ON_BOTH(R_2_21_below_3_the_dispatcher_allocates_routine_work)
{
	struct hf_sv routine = accepted(f, "U6");

	say(f, "{\"override\":{\"level\":2,\"reason\":\"x\"}}");
	assert_int_equal(try_move(f, routine, &f->dispatcher, "allocate", "", "t1"),
			 HF_OK);
}

HF_TEST_MAIN(
    "hub/opel",
    cmocka_unit_test(R_2_20_level_inputs_scores_and_author_of_an_override_are_recorded),
    cmocka_unit_test(R_2_20_it_is_worked_out_again_at_the_fixed_times_of_london),
    cmocka_unit_test(
	R_2_20_what_was_given_counts_for_a_day_and_a_level_until_it_is_lifted),
    cmocka_unit_test(
	R_2_20_another_level_of_the_values_is_noticed_between_the_fixed_times),
    cmocka_unit_test(R_2_20_only_the_lead_of_the_hub_says_it),
    cmocka_unit_test(what_is_said_wrongly_is_named),
    cmocka_unit_test(two_who_record_at_once_do_not_lose_what_the_other_said),
    cmocka_unit_test(R_2_21_at_3_the_urgent_reserve_is_40_percent_also_after_a_restart),
    cmocka_unit_test(R_2_21_at_3_routine_work_is_allocated_by_the_lead_alone),
    cmocka_unit_test(R_2_21_below_3_the_dispatcher_allocates_routine_work))

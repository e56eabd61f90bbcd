/* What only the hub may do: Tasks of the hub are written by nobody else, time's own
 * moves by no user, and a referral that cannot be read is not lost silently. */
#include "hub_place.h"

#include "hub/event.h"

#define CODED(system, code)                                                            \
	"\"code\":{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define OURS "https://homefirst.example/CodeSystem/pathway-task"
#define TASK(more)                                                                     \
	"{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\","    \
	"\"for\":{\"reference\":\"Patient/p1\"}," more "}"

static enum hf_rc
change(struct place_at *f, const char *source, enum hf_op op, struct hf_sv id,
       const char *json)
{
	struct hf_issues issues = {.arena = &f->t.arena};
	struct hf_json *doc = HF_NEW(&f->t.arena, struct hf_json);
	struct hf_change_item item = {
	    .op = op, .type = hf_resource_find(HF_SV("Task")), .id = id};
	struct hf_change c = {.arena = &f->t.arena,
			      .actor = HF_SV("user/1"),
			      .purpose = HF_SV("TREAT"),
			      .source = hf_sv_from(source),
			      .items = &item,
			      .n = 1,
			      .issues = &issues};

	if (*json) {
		assert_int_equal(
		    hf_json_parse(hf_sv_from(json), NULL, &f->t.arena, doc, &f->err),
		    HF_OK);
		item.doc = doc;
	}
	return hf_change_commit(f->t.store, f->t.reader, &c, &f->err);
}

static enum hf_rc
create(struct place_at *f, const char *json)
{
	return change(f, "fhir", HF_OP_CREATE, (struct hf_sv){0}, json);
}

ON_BOTH(a_task_of_the_hub_is_made_and_changed_by_the_hub_alone)
{
	static const char *const kinds[] = {
	    TASK(CODED(OURS, "instance")),
	    TASK(CODED(OURS, "offer")),
	    TASK(CODED(OURS, "alert")),
	    TASK(CODED(OURS, "breach")),
	    TASK(CODED(OURS, "\\u0069nstance")),
	    TASK("\"code\":{\"coding\":[{\"system\":\"urn:x\",\"code\":\"y\"},"
		 "{\"code\":\"offer\",\"system\":\"" OURS "\"}]}"),
	    TASK("\"partOf\":[{\"reference\":\"Task/1\"}]," CODED(OURS, "work"))};
	struct hf_sv id = submit(f, P1);
	struct hf_sv put = hf_arena_printf(
	    &f->t.arena,
	    "{\"resourceType\":\"Task\",\"id\":\"%.*s\",\"status\":\"completed\","
	    "\"intent\":\"order\",\"for\":{\"reference\":\"Patient/p1\"}}",
	    HF_SV_ARG(id));

	for (size_t i = 0; i < HF_COUNT(kinds); i++) {
		assert_int_equal(create(f, kinds[i]), HF_RULE);
		assert_non_null(strstr(f->err.text, "by the hub alone"));
	}
	/* Nor is it made into something else, or taken away. */
	assert_int_equal(change(f, "fhir", HF_OP_PUT, id, put.p), HF_RULE);
	assert_int_equal(change(f, "bars", HF_OP_PUT, id, put.p), HF_RULE);
	assert_int_equal(change(f, "fhir", HF_OP_DELETE, id, ""), HF_RULE);
	assert_string_equal(state(f, id), "received");
	move(f, id, &f->hub_user, "open-triage", "", "");
}

ON_BOTH(other_tasks_are_whoever_writes_them)
{
	assert_int_equal(create(f, TASK(CODED("urn:other", "instance"))), HF_OK);
	assert_int_equal(create(f, TASK(CODED(OURS, "work"))), HF_OK); /* of a form */
	assert_int_equal(create(f, TASK("\"code\":{\"text\":\"call\"}")), HF_OK);
	/* An export of another place is taken over. */
	assert_int_equal(change(f, "import", HF_OP_PUT, HF_SV("of-another"),
				"{\"resourceType\":\"Task\",\"id\":\"of-another\","
				"\"status\":\"completed\",\"intent\":\"order\"," CODED(
				    OURS, "instance") "}"),
			 HF_OK);
}

ON_BOTH(a_task_that_only_looks_like_a_referral_is_none)
{
	struct hf_sv id = HF_SV("forged");

	assert_int_equal(
	    change(f, "fhir", HF_OP_PUT, id,
		   "{\"resourceType\":\"Task\",\"id\":\"forged\",\"status\":"
		   "\"requested\",\"intent\":\"order\",\"for\":{\"reference\":"
		   "\"Patient/p1\"}," CODED(
		       "urn:other",
		       "instance") ",\"input\":[{\"type\":{\"coding\":[{\"system\":"
				   "\"https://homefirst.example/CodeSystem/"
				   "pathway-event\","
				   "\"code\":\"submit\"}]},\"valueString\":"
				   "\"{\\\"at\\\":\\\"2026-06-01T09:00:00Z\\\","
				   "\\\"facts\\\":{"
				   "\\\"channel\\\":\\\"phone\\\"}}\"}]}"),
	    HF_OK);
	assert_int_equal(try_move(f, id, &f->hub_user, "open-triage", "", ""),
			 HF_NOT_FOUND);
	hf_hub_close(f->hub);
	open_hub(f);
	assert_string_equal(state(f, id), "(ended)");
}

/* ---- what nobody does ---- */

ON_BOTH(transitions_5_and_14_time_does_what_is_times_and_a_team_declines_itself)
{
	struct hf_sv id = submit(f, P1), two;

	move(f, id, &f->hub_user, "ask-information", "{\"missing\":true}", "");
	assert_int_equal(try_move(f, id, &f->hub_user, "information-timeout", "", ""),
			 HF_FORBIDDEN);
	assert_string_equal(state(f, id), "info-requested");
	two = accepted(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\"," INTAKE "}");
	move(f, two, &f->hub_user, "allocate", "", "t2");
	assert_int_equal(try_move(f, two, &f->hub_user, "team-decline",
				  "{\"reason\":\"capacity\"}", ""),
			 HF_FORBIDDEN);
	assert_string_equal(state(f, two), "allocated");
	move(f, two, &f->team_user, "team-decline", "{\"reason\":\"capacity\"}", "");
	assert_string_equal(state(f, two), "accepted");
}

ON_BOTH(transition_19_an_empty_news2_is_none)
{
	struct hf_sv id = accepted(f, P1);

	move(f, id, &f->hub_user, "allocate", "", "t2");
	move(f, id, &f->team_user, "team-accept", "", "");
	move(f, id, &f->team_user, "start-contact", "{\"inPerson\":true}", "");
	assert_int_equal(
	    try_move(f, id, &f->team_user, "record-outcome",
		     "{\"outcome\":\"stayed-home-no-service\",\"clinical\":true,"
		     "\"ongoing\":false,\"news2\":{\"at\":\"2026-06-01T10:00:00Z\"}}",
		     ""),
	    HF_INVALID);
}

ON_BOTH(messages_leave_room_for_what_moves_a_referral)
{
	struct hf_sv id = hf_arena_sv(&f->t.arena, submit(f, P1));
	enum hf_rc rc = HF_OK;
	size_t n = 1; /* events */

	for (; rc == HF_OK && n < HF_EVENTS_MOST; n += rc == HF_OK)
		rc = try_move(f, id, &f->hub_user, "@message", "", "");
	assert_int_equal(rc, HF_TOO_LONG);
	assert_int_equal(n, HF_EVENTS_MOST - HF_EVENTS_KEPT);
	move(f, id, &f->hub_user, "open-triage", "", "");
	f->at += 3 * 86400000LL;
	assert_int_equal(hf_hub_tick(f->hub, f->t.reader, f->at, &n, &f->err), HF_OK);
	assert_int_equal(n, 1);
}

ON_BOTH(transition_10_it_is_redirected_to_a_team_that_there_is)
{
	struct hf_sv id = submit(f, P1);

	move(f, id, &f->hub_user, "open-triage", "", "");
	assert_int_equal(try_move(f, id, &f->hub_user, "redirect",
				  "{\"receiverAccepts\":true}", "nobody"),
			 HF_INVALID);
	move(f, id, &f->hub_user, "redirect", "{\"receiverAccepts\":true}", "t2");
	assert_string_equal(state(f, id), "(ended)");
}

/* ---- whose it is ---- */

ON_BOTH(an_nhs_number_alone_does_not_tell_a_referrer_whose_it_is)
{
	static const char *const known[] = {
	    "{\"resourceType\":\"Patient\",\"id\":\"p3\"," HF_TEST_NUMBER(
		"9434765919") ",\"name\":[{\"family\":\"Secret\"}],\"birthDate\":"
			      "\"1950-05-01\"}"};
	struct hf_hub_row row;
	struct hf_sv id;

	if (hf_test_put(&f->t, known, 1, NULL, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
#define NUMBER "\"nhs\":\"9434765919\",\"nhsStatus\":\"01\""
	/* Whoever takes the call may look. */
	id = submit(f, "{\"person\":{" NUMBER "},\"channel\":\"phone\"}");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_sv_equal(row.patient, "p3");
	f->hub_user.ods = HF_SV("RZ2");
	id = submit(f, "{\"person\":{" NUMBER
		       ",\"born\":\"1950-05-01\"},\"channel\":\"phone\"}");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_sv_equal(row.patient, "p3");
	id = submit(f, "{\"person\":{" NUMBER "},\"channel\":\"phone\"}");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_false(hf_sv_is(row.patient, "p3"));
	assert_int_equal(row.born.n, 0);
	assert_sv_equal(row.name, "Unknown person");
}

/* ---- what is told late ---- */

static void
done_later(struct hf_change *change, void *ctx)
{
	size_t *n = ctx;

	(void)change;
	(*n)++;
}

ON_BOTH(a_change_that_nobody_waits_for_frees_its_slot_and_is_on_the_boards)
{
	struct hf_sv one = accepted(f, P1);
	struct hf_sv two =
	    accepted(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\"," INTAKE "}");
	struct hf_err gone;
	struct hf_hub_work *work;
	size_t n = 0, told;

	/* It could not be handed over: the single slot of Team One is free again. */
	assert_int_equal(prepare(f, one, &f->hub_user, "allocate", "", "t1", 0, &work),
			 HF_OK);
	hf_fail(&gone, HF_TOO_LONG, NULL, "too much memory");
	hf_change_drop(f->t.store, &work->change, &gone);
	assert_string_equal(state(f, one), "accepted");
	/* Whoever asked is gone when it is done: nobody calls hf_hub_done(). */
	told = f->told;
	assert_int_equal(prepare(f, two, &f->hub_user, "allocate", "", "t1", 0, &work),
			 HF_OK);
	hf_change_submit(f->t.store, &work->change, done_later, &n);
	move(f, one, &f->hub_user, "allocate", "", "t2"); /* after it, in order */
	assert_int_equal(n, 1);
	assert_int_equal(f->told, told + 2);
	assert_string_equal(state(f, two), "allocated");
	hf_hub_done(f->hub, work); /* again does nothing */
	assert_int_equal(f->told, told + 2);
}

/* ---- a referral that cannot be read ---- */

static enum hf_rc
reopen(struct place_at *f, bool strays)
{
	struct hf_hub_config config = {.store = f->t.store, .strays = strays};

	hf_hub_close(f->hub);
	f->hub = NULL;
	return hf_hub_open(&config, &f->hub, &f->err);
}

#define STRANGE(id, status)                                                            \
	"{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"" status "\","      \
	"\"intent\":\"order\",\"for\":{\"reference\":\"Patient/p1\"}," CODED(          \
	    OURS, "instance") ",\"input\":[{\"type\":{\"coding\":[{\"system\":"        \
			      "\"https://homefirst.example/CodeSystem/"                \
			      "pathway-event\",\"code\":"                              \
			      "\"beam-up\"}]},\"valueString\":"                        \
			      "\"{\\\"at\\\":\\\"2026-06-01T09:00:00Z\\\"}\"}]}"

ON_BOTH(HZ3_HZ14_a_hub_does_not_start_without_a_referral_that_it_cannot_read)
{
	struct hf_sv id = hf_arena_sv(&f->t.arena, submit(f, P1));

	assert_int_equal(change(f, "import", HF_OP_PUT, HF_SV("strange-1"),
				STRANGE("strange-1", "accepted")),
			 HF_OK);
	assert_int_equal(change(f, "import", HF_OP_PUT, HF_SV("strange-2"),
				STRANGE("strange-2", "requested")),
			 HF_OK);
	assert_int_equal(reopen(f, false), HF_RULE);
	assert_non_null(strstr(f->err.text, "2 open referrals cannot be read"));
	assert_non_null(strstr(f->err.text, "Task/strange-2")); /* the first found */
	assert_non_null(strstr(f->err.text, "entered-in-error"));
	/* The pack for downtime is made of what can be read. */
	assert_int_equal(reopen(f, true), HF_OK);
	assert_string_equal(state(f, id), "received");
	/* Ended as the words say, it starts. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(change(f, "import", HF_OP_PUT,
					i ? HF_SV("strange-1") : HF_SV("strange-2"),
					i ? STRANGE("strange-1", "entered-in-error")
					  : STRANGE("strange-2", "entered-in-error")),
				 HF_OK);
	assert_int_equal(reopen(f, false), HF_OK);
	assert_string_equal(state(f, id), "received");
}

HF_TEST_MAIN(
    "hub/guard",
    cmocka_unit_test(a_task_of_the_hub_is_made_and_changed_by_the_hub_alone),
    cmocka_unit_test(other_tasks_are_whoever_writes_them),
    cmocka_unit_test(a_task_that_only_looks_like_a_referral_is_none),
    cmocka_unit_test(
	transitions_5_and_14_time_does_what_is_times_and_a_team_declines_itself),
    cmocka_unit_test(transition_19_an_empty_news2_is_none),
    cmocka_unit_test(messages_leave_room_for_what_moves_a_referral),
    cmocka_unit_test(transition_10_it_is_redirected_to_a_team_that_there_is),
    cmocka_unit_test(an_nhs_number_alone_does_not_tell_a_referrer_whose_it_is),
    cmocka_unit_test(
	a_change_that_nobody_waits_for_frees_its_slot_and_is_on_the_boards),
    cmocka_unit_test(
	HZ3_HZ14_a_hub_does_not_start_without_a_referral_that_it_cannot_read))

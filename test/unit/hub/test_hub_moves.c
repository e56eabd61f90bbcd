/* Referrals over the record, on both engines: transitions with their guards, clocks
 * that fire once, who is faster, the last slot, what is written, and a restart. */
#include "hub_place.h"

/* ---- the whole way, and what it leaves ---- */

ON_BOTH(a_referral_goes_its_whole_way_and_the_record_says_so)
{
	struct hf_sv id = accepted(f, P1);

	assert_int_equal(count(f, "ServiceRequest", "", "active"), 1);
	assert_int_equal(count(f, "Flag", "SG", "active"), 1);
	assert_int_equal(count(f, "QuestionnaireResponse", "", "completed"), 1);
	move(f, id, &f->hub_user, "allocate", "", "t2");
	assert_int_equal(count(f, "Task", "offer", "requested"), 1);
	move(f, id, &f->team_user, "team-accept", "", "");
	assert_int_equal(count(f, "Task", "offer", "accepted"), 1);
	assert_int_equal(count(f, "EpisodeOfCare", "", "active"), 1);
	move(f, id, &f->team_user, "set-off", "", "");
	move(f, id, &f->team_user, "start-contact", "{\"inPerson\":true}", "");
	assert_int_equal(count(f, "Encounter", "", "in-progress"), 1);
	move(f, id, &f->team_user, "record-outcome",
	     "{\"outcome\":\"stayed-home-ongoing-care\",\"clinical\":true,\"ongoing\":"
	     "true,\"news2\":{\"respiration\":16,\"spo2\":97,\"oxygen\":\"air\","
	     "\"systolic\":130,\"pulse\":70,\"consciousness\":\"A\",\"temperature\":"
	     "36.5}}",
	     "");
	assert_int_equal(count(f, "Encounter", "", "finished"), 1);
	assert_int_equal(count(f, "Observation", "1104051000000101", "final"), 1);
	{
		struct hf_hub_row row;

		assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
		assert_int_equal(row.news2, 0);
	}
	move(f, id, &f->team_user, "hand-over", "{\"receiverAccepts\":true}", "");
	assert_string_equal(state(f, id), "(ended)");
	assert_int_equal(count(f, "ServiceRequest", "", "completed"), 1);
	assert_int_equal(count(f, "EpisodeOfCare", "", "finished"), 1);
	assert_int_equal(count(f, "Task", "instance", "completed"), 1);
	assert_int_equal(count(f, "Provenance", "", ""), 9);
	/* the referrer was told of acceptance and of the end. */
	assert_int_equal(count(f, "Communication", "notice", "completed"), 2);
	assert_int_equal(f->gone, 1);
}

ON_BOTH(R_2_5_a_person_who_is_unknown_is_taken)
{
	struct hf_sv id =
	    submit(f, "{\"person\":{\"unknown\":true},\"asked\":\"U1\"," INTAKE "}");
	struct hf_hub_row row;

	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_sv_equal(row.name, "Unknown person");
	assert_true(row.patient.n != 0);
	assert_int_equal(count(f, "Patient", "", ""), 3);
}

ON_BOTH(transition_1_what_is_mandatory_is_named_and_the_phone_may_leave_it_out)
{
	struct hf_sv id;

	assert_int_equal(
	    try_submit(f, "{\"person\":{\"id\":\"p1\"},\"channel\":\"page\"}", &id),
	    HF_RULE);
	assert_non_null(strstr(f->err.text, "Call-back number"));
	assert_int_equal(
	    try_submit(f, "{\"person\":{\"id\":\"p1\"},\"channel\":\"phone\"}", &id),
	    HF_OK);
}

ON_BOTH(transition_2_a_duplicate_is_one_of_the_same_person_and_service_within_72_hours)
{
	struct hf_sv one = submit(f, P1), two, other;

	f->at += 71 * 3600000LL;
	two = submit(f, P1);
	other = submit(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\"," INTAKE "}");
	assert_int_equal(try_move(f, other, &f->hub_user, "find-duplicate", "", ""),
			 HF_RULE);
	assert_int_equal(try_move(f, one, &f->hub_user, "find-duplicate", "", ""),
			 HF_RULE); /* it is the older */
	move(f, two, &f->hub_user, "find-duplicate", "", "");
	assert_string_equal(state(f, two), "(ended)");
	f->at += 2 * 3600000LL;
	two = submit(f, P1);
	assert_int_equal(try_move(f, two, &f->hub_user, "find-duplicate", "", ""),
			 HF_RULE);
}

ON_BOTH(R_2_10_less_urgent_than_asked_needs_a_coded_reason)
{
	struct hf_sv id = submit(f, P1);

	move(f, id, &f->hub_user, "open-triage", "", "");
	assert_int_equal(
	    try_move(f, id, &f->hub_user, "accept",
		     "{\"urgency\":\"U3\",\"condition\":\"fall\",\"skills\":"
		     "[\"nursing\"]}",
		     ""),
	    HF_RULE);
	assert_int_equal(
	    try_move(f, id, &f->hub_user, "accept",
		     "{\"urgency\":\"U3\",\"condition\":\"fall\",\"skills\":"
		     "[\"nursing\"],\"downgradeReason\":\"because\"}",
		     ""),
	    HF_INVALID);
	move(f, id, &f->hub_user, "accept",
	     "{\"urgency\":\"U3\",\"condition\":\"fall\",\"skills\":[\"nursing\"],"
	     "\"downgradeReason\":\"care-in-place\"}",
	     "");
	assert_string_equal(state(f, id), "accepted");
}

ON_BOTH(roles_count_where_their_organisation_is)
{
	struct hf_sv id = submit(f, P1);
	struct hf_hub_actor elsewhere = f->hub_user;

	elsewhere.ods = HF_SV("RZ2");
	assert_int_equal(try_move(f, id, &elsewhere, "open-triage", "", ""),
			 HF_FORBIDDEN);
	assert_non_null(strstr(f->err.text, "triage clinician"));
	move(f, id, &f->hub_user, "open-triage", "", "");
	/* Nobody may say what the hub finds out itself. */
	assert_int_equal(
	    try_move(f, id, &f->hub_user, "accept", "{\"capacity\":true}", ""),
	    HF_INVALID);
	assert_int_equal(try_move(f, id, &f->hub_user, "fly", "", ""), HF_INVALID);
}

static size_t
tick(struct place_at *f)
{
	size_t n = 0;

	if (hf_hub_tick(f->hub, f->t.reader, f->at, &n, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	return n;
}

ON_BOTH(R_2_19_a_rejection_stays_the_hubs_until_it_is_acknowledged)
{
	struct hf_sv id = submit(f, P1);
	struct hf_hub_row row;

	move(f, id, &f->hub_user, "open-triage", "", "");
	assert_int_equal(
	    try_move(f, id, &f->hub_user, "reject", "{\"reason\":\"40\"}", ""),
	    HF_RULE);
	move(f, id, &f->hub_user, "reject",
	     "{\"reason\":\"40\",\"alternative\":\"Falls clinic, 01632 960001\"}", "");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_int_equal(row.team.n, 0); /* nobody else has it */
	/* No clock runs but that of the referrer's taking it back. */
	for (size_t i = 0; i < row.n_clocks; i++)
		assert_true(
		    (row.clocks[i].state == HF_RUN_RUNNING) ==
		    (strcmp(hf_hub_pathway(f->hub)->clocks[row.clocks[i].clock].id,
			    "acknowledgement") == 0));
	f->at += 15 * 60000;
	assert_int_equal(tick(f), 0); /* 15:00 keeps the limit of U1 */
	f->at += 1;
	assert_int_equal(tick(f), 1);
	assert_int_equal(count(f, "Task", "alert", "requested"), 1);
	assert_int_equal(count(f, "Task", "breach", "requested"), 1);
	assert_int_equal(tick(f), 0);
	assert_string_equal(state(f, id), "rejected");
	move(f, id, &f->hub_user, "acknowledge", "", "");
	assert_string_equal(state(f, id), "(ended)");
	assert_int_equal(tick(f), 0);
}

/* ---- who is faster ---- */

ON_BOTH(of_two_who_move_it_at_once_one_wins_and_the_other_is_told)
{
	struct hf_sv id = submit(f, P1);
	struct hf_hub_work *work;

	assert_int_equal(prepare(f, id, &f->hub_user, "open-triage", "", "", 1, &work),
			 HF_OK);
	assert_int_equal(hf_hub_commit(f->hub, f->t.reader, work, &f->err), HF_OK);
	assert_int_equal(prepare(f, id, &f->hub_user, "open-triage", "", "", 1, &work),
			 HF_STALE);
	assert_non_null(strstr(f->err.text, "somebody was faster"));
}

ON_BOTH(of_two_who_allocate_the_last_slot_one_wins_and_the_other_is_told)
{
	struct hf_sv one = accepted(f, P1);
	struct hf_sv two =
	    accepted(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\"," INTAKE "}");
	struct hf_hub_work *first, *second;

	/* Team One has a single slot; the first has not been committed yet. */
	assert_int_equal(prepare(f, one, &f->hub_user, "allocate", "", "t1", 0, &first),
			 HF_OK);
	assert_int_equal(
	    prepare(f, two, &f->hub_user, "allocate", "", "t1", 0, &second), HF_RULE);
	assert_non_null(strstr(f->err.text, "no free slot"));
	assert_int_equal(hf_hub_commit(f->hub, f->t.reader, first, &f->err), HF_OK);
	assert_int_equal(try_move(f, two, &f->hub_user, "allocate", "", "t1"), HF_RULE);
	/* Declined, it is free again. */
	move(f, one, &f->team_user, "team-decline", "{\"reason\":\"capacity\"}", "");
	move(f, two, &f->hub_user, "allocate", "", "t1");
	assert_string_equal(state(f, two), "allocated");
}

ON_BOTH(R_2_15_a_team_that_does_not_fit_is_asked_with_a_reason_only)
{
	struct hf_sv id =
	    submit(f, "{\"person\":{\"id\":\"p1\"},\"asked\":\"U5\"," INTAKE "}");
	struct hf_hub_move m = {
	    .id = id, .event = HF_SV("allocate"), .team = HF_SV("t2")};
	struct hf_hub_work *work;

	move(f, id, &f->hub_user, "open-triage", "", "");
	move(f, id, &f->hub_user, "accept",
	     "{\"urgency\":\"U5\",\"condition\":\"fall\",\"skills\":[\"nursing\"]}",
	     "");
	m.at = f->at;
	assert_int_equal(hf_hub_move(f->hub, f->t.reader, &f->hub_user, &m, &f->t.arena,
				     &work, &f->err),
			 HF_RULE);
	assert_non_null(strstr(f->err.text, "give a reason"));
	move(f, id, &f->hub_user, "allocate", "", "t2"); /* with a note */
	assert_string_equal(state(f, id), "allocated");
}

/* ---- clocks ---- */

ON_BOTH(R_2_8_the_clock_of_triage_warns_and_is_late_once)
{
	struct hf_sv id = submit(f, P1);
	struct hf_hub_row row;

	assert_int_equal(tick(f), 0);
	f->at += 10 * 60000; /* two thirds of 15 minutes */
	assert_int_equal(tick(f), 1);
	assert_int_equal(count(f, "Task", "alert", "requested"), 1);
	assert_int_equal(tick(f), 0);
	f->at += 5 * 60000;
	assert_int_equal(tick(f), 0); /* 15:00 keeps the limit */
	f->at += 1;
	assert_int_equal(tick(f), 1);
	assert_int_equal(count(f, "Task", "breach", "requested"), 1);
	assert_int_equal(tick(f), 0);
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	/* A reason is given once, and then no longer asked for. */
	move(f, id, &f->hub_user, "@breach",
	     "{\"clock\":\"C3\",\"reason\":\"triage-delay\"}", "");
	assert_int_equal(count(f, "Task", "breach", "completed"), 1);
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	for (size_t i = 0; i < row.n_clocks; i++)
		assert_true(!row.clocks[i].breached || row.clocks[i].reasoned);
}

ON_BOTH(R_2_18_the_ladder_of_the_two_hour_clock_rises_step_by_step)
{
	struct hf_sv id = accepted(f, P1);
	hf_time start = f->at - 2 * 60000; /* when it was submitted */

	f->at = start + 60 * 60000;
	assert_int_equal(tick(f), 1); /* T+60, unallocated: dispatcher */
	assert_int_equal(count(f, "Task", "alert", "requested"), 1);
	f->at = start + 90 * 60000;
	assert_int_equal(tick(f), 1); /* T+90, not on the way: team lead */
	f->at = start + 105 * 60000;
	assert_int_equal(tick(f), 1); /* T+105: clinical lead, call the person */
	assert_int_equal(count(f, "Task", "alert", "requested"), 3);
	assert_int_equal(count(f, "Task", "work", "requested"), 1);
	f->at = start + 120 * 60000;
	assert_int_equal(tick(f), 0);
	f->at += 1;
	assert_int_equal(tick(f), 1);
	assert_int_equal(count(f, "Task", "breach", "requested"), 1);
	/* Somebody looks after it: the alerts are done, the reason is still asked. */
	move(f, id, &f->hub_user, "allocate", "", "t2");
	assert_int_equal(count(f, "Task", "alert", "requested"), 0);
	assert_int_equal(count(f, "Task", "breach", "requested"), 1);
}

ON_BOTH(R_2_17_an_offer_that_is_not_answered_goes_to_the_next_team_and_then_to_the_lead)
{
	struct hf_sv id = accepted(f, P1);
	struct hf_hub_row row;

	move(f, id, &f->hub_user, "allocate", "", "t1");
	f->at += 30 * 60000 + 1;
	tick(f);
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_string_equal(state(f, id), "allocated");
	assert_false(hf_sv_is(row.team, "t1"));
	assert_int_equal(count(f, "Task", "offer", "rejected"), 1);
	f->at += 31 * 60000;
	tick(f);
	/* Two have not taken it: back to the dispatcher, and to the clinical lead. */
	assert_string_equal(state(f, id), "accepted");
	assert_true(count(f, "Task", "alert", "requested") >= 2);
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_int_equal(row.refused.n, 2);
}

ON_BOTH(transition_5_no_reply_leads_into_triage_and_the_wait_is_shown_net)
{
	struct hf_sv id = submit(f, P1);
	struct hf_hub_row row;

	move(f, id, &f->hub_user, "ask-information", "{\"missing\":true}", "");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	f->at += 30 * 60000 + 1;
	tick(f);
	assert_string_equal(state(f, id), "in-triage");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	for (size_t i = 0; i < row.n_clocks; i++)
		if (strcmp(hf_hub_pathway(f->hub)->clocks[row.clocks[i].clock].id,
			   "C3") == 0)
			assert_true(row.clocks[i].paused_ms >= 30 * 60000);
}

ON_BOTH(R_2_13_what_becomes_urgent_later_starts_a_clock_of_its_own)
{
	struct hf_sv id =
	    submit(f, "{\"person\":{\"id\":\"p1\"},\"asked\":\"U3\"," INTAKE "}");
	struct hf_hub_row row;
	size_t c1 = 0;

	move(f, id, &f->hub_user, "open-triage", "", "");
	move(f, id, &f->hub_user, "accept",
	     "{\"urgency\":\"U3\",\"condition\":\"fall\",\"skills\":[\"nursing\"]}",
	     "");
	f->at += 3 * 3600000LL;
	move(f, id, &f->hub_user, "retriage", "{\"urgency\":\"U1\"}", "");
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	for (size_t i = 0; i < row.n_clocks; i++)
		if (strcmp(hf_hub_pathway(f->hub)->clocks[row.clocks[i].clock].id,
			   "C1") == 0) {
			c1++;
			assert_true(row.clocks[i].start == f->at);
			assert_true(row.clocks[i].due == f->at + 7200000);
		}
	assert_int_equal(c1, 1);
}

/* ---- a restart ---- */

ON_BOTH(a_restart_that_slept_fires_what_it_missed_once)
{
	struct hf_sv one = accepted(f, P1);
	struct hf_hub_row before, after;

	submit(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\"," INTAKE "}");
	assert_true(hf_hub_row(f->hub, one, &f->t.arena, &before));
	one = hf_arena_sv(&f->t.arena, one);
	hf_hub_close(f->hub);
	hf_test_store_reopen(&f->t);
	open_hub(f);
	assert_true(hf_hub_row(f->hub, one, &f->t.arena, &after));
	assert_int_equal(after.state, before.state);
	assert_true(after.next == before.next && after.wake == before.wake);
	assert_int_equal(after.version, before.version);
	f->at += 5 * 3600000LL;
	assert_int_equal(tick(f), 2);
	/* Each its marks and its two late clocks: C1 of both, C3 of the one in triage.
	 */
	assert_int_equal(count(f, "Task", "breach", "requested"), 3);
	assert_int_equal(tick(f), 0);
	hf_hub_close(f->hub);
	hf_test_store_reopen(&f->t);
	open_hub(f);
	assert_int_equal(tick(f), 0);
	assert_int_equal(count(f, "Task", "breach", "requested"), 3);
}

ON_BOTH(a_team_that_closes_while_an_offer_is_out_does_not_keep_it)
{
	static const char closed[] =
	    "{\"resourceType\":\"HealthcareService\",\"id\":\"t2\",\"active\":false,"
	    "\"providedBy\":{\"reference\":\"Organization/trust\"},\"name\":\"Team "
	    "Two\",\"extension\":[{\"url\":" EXT "urgency\",\"valueCode\":\"U1\"}]}";
	const char *const more[] = {closed};
	struct hf_sv id = accepted(f, P1);
	struct hf_hub_row row;

	move(f, id, &f->hub_user, "allocate", "", "t2");
	if (hf_test_put(&f->t, more, 1, NULL, &f->err) != HF_OK)
		fail_msg("%s", f->err.text);
	f->at += 30 * 60000 + 1;
	tick(f); /* nobody answered: offered on, and not to the closed one */
	assert_true(hf_hub_row(f->hub, id, &f->t.arena, &row));
	assert_string_equal(state(f, id), "allocated");
	assert_false(hf_sv_is(row.team, "t2"));
	move(f, id, &f->team_user, "team-decline", "{\"reason\":\"closed\"}", "");
	assert_int_equal(try_move(f, id, &f->hub_user, "allocate", "", "t2"), HF_RULE);
}

static uint32_t
bars_of(struct place_at *f, struct hf_sv referral, const char *team)
{
	struct hf_hub_teams teams;

	assert_int_equal(hf_hub_teams(f->hub, referral, &f->hub_user, f->at,
				      &f->t.arena, &teams, &f->err),
			 HF_OK);
	for (size_t i = 0; i < teams.directory.n; i++)
		if (hf_sv_eq(teams.directory.items[teams.choices[i].team].id,
			     hf_sv_from(team)))
			return teams.choices[i].bars;
	fail_msg("no team %s", team);
	return 0;
}

ON_BOTH(R_2_15_a_service_that_the_person_refused_is_barred)
{
	struct hf_sv none = submit(f, P1);
	struct hf_sv some =
	    submit(f, "{\"person\":{\"id\":\"p2\"},\"asked\":\"U1\",\"flags\":["
		      "{\"category\":\"RS\",\"text\":\"Does not want team two "
		      "again\"}]," INTAKE "}");

	assert_int_equal(bars_of(f, none, "t2") & HF_BAR_EXCLUDED, 0);
	assert_true(bars_of(f, some, "t2") & HF_BAR_EXCLUDED);
	assert_int_equal(bars_of(f, some, "t3") & HF_BAR_EXCLUDED, 0);
}

HF_TEST_MAIN(
    "hub/moves", cmocka_unit_test(a_referral_goes_its_whole_way_and_the_record_says_so),
    cmocka_unit_test(R_2_15_a_service_that_the_person_refused_is_barred),
    cmocka_unit_test(R_2_5_a_person_who_is_unknown_is_taken),
    cmocka_unit_test(
	transition_1_what_is_mandatory_is_named_and_the_phone_may_leave_it_out),
    cmocka_unit_test(
	transition_2_a_duplicate_is_one_of_the_same_person_and_service_within_72_hours),
    cmocka_unit_test(R_2_10_less_urgent_than_asked_needs_a_coded_reason),
    cmocka_unit_test(roles_count_where_their_organisation_is),
    cmocka_unit_test(R_2_19_a_rejection_stays_the_hubs_until_it_is_acknowledged),
    cmocka_unit_test(of_two_who_move_it_at_once_one_wins_and_the_other_is_told),
    cmocka_unit_test(of_two_who_allocate_the_last_slot_one_wins_and_the_other_is_told),
    cmocka_unit_test(R_2_15_a_team_that_does_not_fit_is_asked_with_a_reason_only),
    cmocka_unit_test(R_2_8_the_clock_of_triage_warns_and_is_late_once),
    cmocka_unit_test(R_2_18_the_ladder_of_the_two_hour_clock_rises_step_by_step),
    cmocka_unit_test(
	R_2_17_an_offer_that_is_not_answered_goes_to_the_next_team_and_then_to_the_lead),
    cmocka_unit_test(transition_5_no_reply_leads_into_triage_and_the_wait_is_shown_net),
    cmocka_unit_test(R_2_13_what_becomes_urgent_later_starts_a_clock_of_its_own),
    cmocka_unit_test(a_restart_that_slept_fires_what_it_missed_once),
    cmocka_unit_test(a_team_that_closes_while_an_offer_is_out_does_not_keep_it))

/* The promises of hub/bars.h and hub/bars_write.h: what a BaRS message says, what is
 * wrong with one, and what becomes of it (R-1.13, R-1.14, R-2.5, R-2.6, R-2.7, section
 * 2.7 of the domain's page on coordination). */
#include <stdio.h>
#include <stdlib.h>

#include "test/hf_test.h"

#include "fhir/validate.h"
#include "hub/bars.h"
#include "hub/bars_id.h"
#include "hub/bars_write.h"

/* A message of test/support/bars with some texts put in place of others. */
struct message {
	struct hf_arena arena;
	struct hf_issues issues;
	struct hf_json doc;
	struct hf_bars bars;
	struct hf_intake intake;
	enum hf_rc rc, intake_rc;
	struct hf_err err;
};

static struct hf_sv
file_text(struct hf_arena *arena, const char *folder, const char *name)
{
	char path[400];
	FILE *f;
	char *text = hf_arena_alloc(arena, 1 << 20);
	size_t n;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f)
		return (struct hf_sv){0};
	n = fread(text, 1, 1 << 20, f);
	fclose(f);
	return (struct hf_sv){text, n};
}

static struct hf_sv
replaced(struct hf_arena *arena, struct hf_sv in, const char *from, const char *to)
{
	struct hf_buf out = {0};
	struct hf_sv wanted = hf_sv_from(from), result;
	bool found = false;

	while (in.n) {
		if (hf_sv_starts(in, wanted)) {
			hf_buf_sv(&out, hf_sv_from(to));
			in = hf_sv_from_at(in, wanted.n);
			found = true;
		} else {
			hf_buf_char(&out, *in.p);
			in = hf_sv_from_at(in, 1);
		}
	}
	if (!found)
		fail_msg("nothing to replace: %s", from);
	result = hf_arena_sv(arena, hf_buf_view(&out));
	hf_buf_free(&out);
	return result;
}

static struct message *
read_text(struct message *m, struct hf_sv text)
{
	m->issues.arena = &m->arena;
	assert_int_equal(hf_json_parse(text, NULL, &m->arena, &m->doc, &m->err), HF_OK);
	m->rc = hf_bars_read(&m->doc, 0, &m->arena, &m->issues, &m->bars, &m->err);
	m->intake_rc = HF_INVALID;
	if (m->rc == HF_OK)
		m->intake_rc = hf_bars_intake(&m->bars, &m->arena, &m->issues,
					      &m->intake, &m->err);
	return m;
}

/* from and to in turn, NULL at the end. */
static struct message *
read_with(struct message *m, const char *name, const char *const *changes)
{
	struct hf_sv text;

	*m = (struct message){.arena = {.cap = 64 << 20}};
	text = file_text(&m->arena, HF_TEST_BARS, name);
	assert_true(text.n > 0);
	for (; changes && *changes; changes += 2)
		text = replaced(&m->arena, text, changes[0], changes[1]);
	return read_text(m, text);
}
#define READ(m, name, ...)                                                             \
	read_with((m), (name), (const char *const[]){__VA_ARGS__ NULL})

static bool
found(const struct message *m, enum hf_severity severity, const char *code,
      const char *path)
{
	for (size_t i = 0; i < m->issues.n; i++)
		if (m->issues.items[i].severity == severity &&
		    strcmp(m->issues.items[i].code, code) == 0 &&
		    hf_sv_eq(m->issues.items[i].path, hf_sv_from(path)))
			return true;
	for (size_t i = 0; i < m->issues.n; i++)
		fprintf(stderr, "%s %s %.*s: %.*s\n",
			hf_severity_code(m->issues.items[i].severity),
			m->issues.items[i].code, HF_SV_ARG(m->issues.items[i].path),
			HF_SV_ARG(m->issues.items[i].text));
	return false;
}

HF_TEST(a_message_says_who_asks_whom_for_what)
{
	struct message m;

	READ(&m, "new.json", );
	assert_int_equal(m.rc, HF_OK);
	assert_int_equal(m.issues.n, 0);
	assert_int_equal(m.bars.reason, HF_BARS_NEW);
	assert_int_equal(m.bars.ask, HF_BARS_REFER);
	assert_sv_equal(m.bars.message, "b0000001-0000-4000-8000-000000000000");
	assert_sv_equal(m.bars.keys[0], "00000002-0000-4000-8000-000000000000");
	assert_sv_equal(m.bars.dos, "2000000001");
	assert_sv_equal(m.bars.use_case, "a4t3");
	assert_sv_equal(m.bars.category, "validation");
	assert_int_equal(m.bars.breach - m.bars.authored, 2 * 3600 * 1000);
	hf_arena_free(&m.arena);
}

HF_TEST(ods_codes_are_read_in_both_spellings_and_any_case)
{
	struct message m;

	/* "ods-organisation-code" and "rx9", "id" and "y99991". */
	READ(&m, "new.json", );
	assert_sv_equal(m.bars.sender_ods, "RX9");
	assert_sv_equal(m.bars.target_ods, "RZZ");
	assert_sv_equal(m.intake.person.practice, "Y99991");
	hf_arena_free(&m.arena);
}

HF_TEST(the_dos_service_id_is_read_with_http_and_https)
{
	struct message m;

	assert_true(hf_bars_system(HF_SV("http://fhir.nhs.uk/Id/dos-service-id"),
				   HF_SV("dos-service-id")));
	assert_true(hf_bars_system(HF_SV("https://fhir.nhs.uk/Id/dos-service-id"),
				   HF_SV("dos-service-id")));
	assert_false(
	    hf_bars_system(HF_SV("https://fhir.nhs.uk.example/Id/dos-service-id"),
			   HF_SV("dos-service-id")));
	assert_false(hf_bars_system(HF_SV("dos-service-id"), HF_SV("dos-service-id")));
	assert_false(hf_bars_system(HF_SV(""), HF_SV("dos-service-id")));
	/* The destination and the performer have to be one service. */
	READ(&m, "new.json", "dos-service-id|2000000001",
	     "dos-service-id|2000000002", );
	assert_int_equal(m.rc, HF_INVALID);
	assert_true(found(&m, HF_SEV_ERROR, "invariant",
			  "Bundle.entry[0].resource.destination.endpoint"));
	hf_arena_free(&m.arena);
}

HF_TEST(the_minimum_data_set_is_read_from_a_message)
{
	struct message m;
	const struct hf_intake *in = &m.intake;

	READ(&m, "new.json", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_sv_equal(in->person.family, "Quillfeather");
	assert_sv_equal(in->person.given, "Dorothea May");
	assert_sv_equal(in->person.born, "1941-02-03");
	assert_sv_equal(in->person.sex, "female");
	assert_sv_equal(in->person.nhs, "9990000018");
	assert_sv_equal(in->person.nhs_status, "01");
	assert_sv_equal(in->person.phone, "07700 900001"); /* rank 1 */
	assert_sv_equal(in->person.address, "4 Invented Row, Testham");
	assert_sv_equal(in->person.postcode, "ZZ1 1AA");
	assert_sv_equal(in->person.ethnic, "A");
	assert_false(in->person.unknown);
	assert_sv_equal(in->channel, "message");
	assert_sv_equal(in->source, "999");
	assert_sv_equal(in->referrer.org, "RX9");
	assert_sv_equal(in->referrer.name, "Sam Hobday");
	assert_sv_equal(in->referrer.role, "Administrative healthcare staff");
	assert_sv_equal(in->referrer.phone, "01632 960101");
	assert_sv_equal(in->decided, "2026-01-15T09:00:00+00:00");
	assert_sv_equal(in->problem, "Falls");
	assert_sv_equal(in->cdss, "SG1044 Falls; Dx0125 Emergency Ambulance Response "
				  "(Category 4); C4 Cat4 Less urgent");
	assert_sv_equal(in->history,
			"Fell in the kitchen, no injury seen, cannot get up.");
	assert_int_equal(in->n_news2, 1);
	assert_sv_equal(in->news2[0].id, "respiration");
	assert_sv_equal(in->news2[0].value, "18");
	assert_int_equal(in->alone, 1);
	assert_int_equal(in->consent_share, 1);
	assert_int_equal(in->consent_refer, 1);
	assert_sv_equal(in->language, "English");
	assert_sv_equal(in->support, "Ada Quillfeather 07700 900002");
	assert_sv_equal(in->latitude, "53.7997");
	assert_sv_equal(in->uprn, "0000000001");
	assert_true(in->breach > 0);
	hf_arena_free(&m.arena);
}

HF_TEST(the_urgency_asked_for_is_told_by_priority_or_by_the_time_given) /* 2.3 */
{
	static const struct {
		const char *end, *urgency;
	} cases[] = {
	    {"2026-01-15T11:00:00+00:00", "U1"}, {"2026-01-15T11:00:01+00:00", "U2"},
	    {"2026-01-15T13:00:00+00:00", "U2"}, {"2026-01-16T09:00:00+00:00", "U3"},
	    {"2026-01-17T09:00:00+00:00", "U4"}, {"2026-01-20T09:00:00+00:00", ""},
	};
	struct message m;

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		READ(&m, "new.json", "2026-01-15T11:00:00+00:00", cases[i].end, );
		assert_sv_equal(m.intake.asked, cases[i].urgency);
		hf_arena_free(&m.arena);
	}
	READ(&m, "new.json",
	     "\"authoredOn\":", "\"priority\": \"routine\", \"authoredOn\":", );
	assert_sv_equal(m.intake.asked, "U6");
	hf_arena_free(&m.arena);
}

HF_TEST(safeguarding_and_scene_safety_are_told_apart) /* */
{
	struct message m;

	READ(&m, "new.json", );
	assert_sv_equal(m.intake.safeguarding,
			"Unspecified Safeguarding Concern Identified");
	assert_sv_equal(m.intake.scene, "U");
	hf_arena_free(&m.arena);
	/* A scene whose code is none of ours is not taken as safe. */
	READ(&m, "new.json", "scene-safety-codes-bars", "scene-words", );
	assert_sv_equal(m.intake.scene, "UNK");
	hf_arena_free(&m.arena);
}

HF_TEST(a_person_without_a_number_and_an_unknown_one_are_accepted) /* */
{
	struct message m;

	READ(&m, "new.json", "https://fhir.nhs.uk/Id/nhs-number",
	     "https://ambulance.example/Id/person", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_int_equal(m.intake.person.nhs.n, 0);
	assert_false(m.intake.person.unknown);
	hf_arena_free(&m.arena);
	READ(&m, "unknown.json", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_true(m.intake.person.unknown);
	assert_sv_equal(m.intake.problem, "Falls");
	hf_arena_free(&m.arena);
}

HF_TEST(numbers_that_are_not_verified_or_wrong_are_not_used) /* */
{
	struct message m;

	READ(&m, "new.json", "number-present-and-verified", "trace-required", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_int_equal(m.intake.person.nhs.n, 0);
	assert_sv_equal(m.intake.person.nhs_status, "03");
	assert_true(found(&m, HF_SEV_WARNING, "business-rule",
			  "Bundle.entry[5].resource.identifier"));
	hf_arena_free(&m.arena);
	READ(&m, "new.json", "number-present-and-verified",
	     "number-present-but-not-traced", );
	assert_sv_equal(m.intake.person.nhs, "9990000018");
	assert_sv_equal(m.intake.person.nhs_status, "02");
	hf_arena_free(&m.arena);
	READ(&m, "new.json", "9990000018", "9990000019", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_int_equal(m.intake.person.nhs.n, 0);
	assert_true(
	    found(&m, HF_SEV_WARNING, "value", "Bundle.entry[5].resource.identifier"));
	hf_arena_free(&m.arena);
}

HF_TEST(a_position_that_is_the_wrong_way_round_is_not_used)
{
	struct message m;

	READ(&m, "new.json", "\"longitude\": -1.5491", "\"longitude\": 53.7997",
	     "\"latitude\": 53.7997", "\"latitude\": -1.5491", );
	assert_int_equal(m.intake_rc, HF_OK);
	assert_int_equal(m.intake.latitude.n, 0);
	assert_true(
	    found(&m, HF_SEV_WARNING, "value", "Bundle.entry[9].resource.position"));
	hf_arena_free(&m.arena);
}

HF_TEST(what_is_wrong_is_told_by_element)
{
	static const struct {
		const char *from, *to, *code, *path;
		int status;
	} cases[] = {
	    {"\"servicerequest-request\"", "\"booking-request\"", "not-supported",
	     "Bundle.entry[0].resource.eventCoding", 501},
	    {"\"servicerequest-request\"", "\"servicerequest-response\"",
	     "not-supported", "Bundle.entry[0].resource.eventCoding", 501},
	    {"\"type\": \"message\"", "\"type\": \"collection\"", "value",
	     "Bundle.type", 400},
	    {"\"new\"", "\"urgent\"", "value", "Bundle.entry[0].resource.reason", 400},
	    {"\"plan\"", "\"order\"", "value", "Bundle.entry[1].resource.intent", 400},
	    {"\"2026-01-15T11:00:00+00:00\"", "\"2026-01-15T08:00:00+00:00\"", "value",
	     "Bundle.entry[1].resource.occurrencePeriod.end", 400},
	    {"\"new\"", "\"delete\"", "invariant", "Bundle.entry[1].resource.status",
	     400},
	    {"\"fullUrl\": \"urn:uuid:00000003", "\"fullUrl\": \"urn:uuid:00000023",
	     "required", "Bundle.entry[1].resource.subject", 400},
	    {"\"fullUrl\": \"urn:uuid:00000002", "\"fullUrl\": \"urn:uuid:00000022",
	     "required", "Bundle.entry[0].resource.focus", 400},
	    {"\"fullUrl\": \"urn:uuid:00000004", "\"fullUrl\": \"urn:uuid:00000006",
	     "invariant", "Bundle.entry[3].fullUrl", 400},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct message m;
		struct hf_buf out = {0};

		READ(&m, "new.json", cases[i].from, cases[i].to, );
		if (m.rc != HF_INVALID ||
		    !found(&m, HF_SEV_ERROR, cases[i].code, cases[i].path))
			fail_msg("case %zu", i);
		assert_int_equal(hf_bars_write_issues(&out, &m.issues),
				 cases[i].status);
		hf_buf_free(&out);
		hf_arena_free(&m.arena);
	}
}

HF_TEST(only_three_statuses_are_taken)
{
	static const struct {
		const char *status;
		enum hf_rc rc;
		enum hf_bars_ask ask;
	} cases[] = {
	    {"\"revoked\"", HF_OK, HF_BARS_CANCEL},
	    {"\"entered-in-error\"", HF_OK, HF_BARS_VOID},
	    {"\"active\"", HF_OK, HF_BARS_REFER},
	    {"\"on-hold\"", HF_INVALID, 0},
	    {"\"draft\"", HF_INVALID, 0},
	    {"\"completed\"", HF_INVALID, 0},
	    {"\"unknown\"", HF_INVALID, 0},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct message m;

		READ(&m, "revoked.json", "\"revoked\"", cases[i].status, );
		assert_int_equal(m.rc, cases[i].rc);
		if (m.rc == HF_OK)
			assert_int_equal(m.bars.ask, cases[i].ask);
		else
			assert_true(found(&m, HF_SEV_ERROR, "value",
					  "Bundle.entry[1].resource.status"));
		hf_arena_free(&m.arena);
	}
}

HF_TEST(a_message_that_takes_back_is_no_referral)
{
	struct message m;

	READ(&m, "revoked.json", );
	assert_int_equal(m.rc, HF_OK);
	assert_int_equal(m.intake_rc, HF_RULE);
	hf_arena_free(&m.arena);
}

/* ---- ids ---- */

HF_TEST(an_id_is_of_its_sender_and_of_what_they_call_the_thing)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_bars_owner a = {HF_SV("RX9"), HF_SV("RX9")};
	struct hf_bars_owner b = {HF_SV("RX8"), HF_SV("RX9")};
	struct hf_bars_owner joined = {HF_SV("RX"), HF_SV("9RX9")};
	struct hf_sv one = hf_bars_id(&a, "request", HF_SV("1"), &arena);
	struct hf_sv cut = {one.p, 35};

	assert_int_equal(one.n, 36);
	assert_true(hf_sv_eq(one, hf_bars_id(&a, "request", HF_SV("1"), &arena)));
	assert_false(hf_sv_eq(one, hf_bars_id(&a, "request", HF_SV("2"), &arena)));
	assert_false(hf_sv_eq(one, hf_bars_id(&a, "patient", HF_SV("1"), &arena)));
	assert_true(hf_bars_id_is_of(&a, one));
	assert_true(hf_bars_id_is_of(&a, hf_bars_id(&a, "x", HF_SV("y"), &arena)));
	assert_false(hf_bars_id_is_of(&b, one));
	assert_false(hf_bars_id_is_of(&joined, one));
	assert_false(hf_bars_id_is_of(&a, cut));
	assert_false(hf_bars_id_is_of(&a, HF_SV("")));
	hf_arena_free(&arena);
}

/* ---- what becomes of it ---- */

HF_TEST(what_becomes_of_a_message_depends_on_what_is_there)
{
	enum { T = 1000 };
	static const struct hf_bars_known nothing = {.at = HF_TIME_MIN};
	static const struct hf_bars_known open = {true, 0,    T,     false,
						  true, true, false, false};
	static const struct hf_bars_known seen = {true, 0,    T,    false,
						  true, true, true, false};
	static const struct hf_bars_known over = {true, 0,     T,    false,
						  true, false, true, false};
	static const struct hf_bars_known back = {true, 0,     T,     false,
						  true, false, false, true};
	static const struct hf_bars_known bare = {true,	 0,	T,     false,
						  false, false, false, false};
	static const struct hf_bars_known gone = {true, 0,     T,     true,
						  true, false, false, false};
	static const struct hf_bars_known early = {true,  0,	 T,	true,
						   false, false, false, false};
	static const struct {
		enum hf_bars_reason reason;
		enum hf_bars_ask ask;
		hf_time at;
		const struct hf_bars_known *known;
		enum hf_bars_outcome outcome;
	} cases[] = {
	    {HF_BARS_NEW, HF_BARS_REFER, T, &nothing, HF_BARS_MADE},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T, &nothing, HF_BARS_EARLY},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T + 1, &open, HF_BARS_AMENDED},
	    {HF_BARS_NEW, HF_BARS_REFER, T - 1, &open, HF_BARS_OLDER},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T - 1, &open, HF_BARS_OLDER},
	    {HF_BARS_UPDATE, HF_BARS_REFER, HF_TIME_MIN, &open, HF_BARS_AMENDED},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T + 1, &seen, HF_BARS_AMENDED},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T + 1, &over, HF_BARS_LATE},
	    /* The message was kept, and the server stopped before the referral. */
	    {HF_BARS_NEW, HF_BARS_REFER, T, &bare, HF_BARS_MADE},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &nothing, HF_BARS_AWAITED},
	    {HF_BARS_DELETE, HF_BARS_VOID, T + 1, &open, HF_BARS_VOIDED},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &open, HF_BARS_CANCELLED},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T - 1, &open, HF_BARS_OLDER},
	    {HF_BARS_DELETE, HF_BARS_VOID, T + 1, &seen, HF_BARS_CONTACT},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &over, HF_BARS_LATE},
	    /* Cancelled, and the server stopped before the message was kept. */
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &back, HF_BARS_CANCELLED},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &gone, HF_BARS_CANCELLED},
	    {HF_BARS_NEW, HF_BARS_REFER, T - 1, &early, HF_BARS_WITHDRAWN},
	    {HF_BARS_NEW, HF_BARS_REFER, HF_TIME_MIN, &early, HF_BARS_WITHDRAWN},
	    {HF_BARS_UPDATE, HF_BARS_REFER, T + 1, &early, HF_BARS_MADE},
	    {HF_BARS_UPDATE, HF_BARS_CANCEL, T + 1, &early, HF_BARS_AWAITED},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_bars b = {
		    .reason = cases[i].reason, .ask = cases[i].ask, .at = cases[i].at};

		if (hf_bars_decide(&b, cases[i].known) != cases[i].outcome)
			fail_msg("case %zu: %d", i, hf_bars_decide(&b, cases[i].known));
	}
}

HF_TEST(version_numbers_count_before_times)
{
	struct hf_bars_known known = {
	    .there = true, .number = 3, .at = 1000, .referral = true, .open = true};
	struct hf_bars b = {.reason = HF_BARS_UPDATE, .number = 2, .at = 2000};

	assert_int_equal(hf_bars_decide(&b, &known), HF_BARS_OLDER);
	b.number = 4;
	assert_int_equal(hf_bars_decide(&b, &known), HF_BARS_AMENDED);
}

/* ---- what is answered ---- */

static void
check_valid(struct message *m, const struct hf_buf *out, struct hf_json *doc)
{
	hf_type_id type;
	size_t before = m->issues.n;

	assert_false(out->failed);
	assert_int_equal(hf_json_parse(hf_buf_view(out), NULL, &m->arena, doc, &m->err),
			 HF_OK);
	if (!hf_validate(doc, 0, &m->issues, &type))
		for (size_t i = before; i < m->issues.n; i++)
			fail_msg("%.*s: %.*s", HF_SV_ARG(m->issues.items[i].path),
				 HF_SV_ARG(m->issues.items[i].text));
}

static struct hf_sv
at(struct message *m, const struct hf_json *doc, uint32_t entry, const char *name)
{
	uint32_t e = hf_json_at(doc, hf_json_member(doc, 0, "entry"), entry);
	uint32_t r = hf_json_member(doc, e, "resource");

	return hf_json_str(doc, hf_json_get(doc, r, hf_sv_from(name)), &m->arena);
}

HF_TEST(the_answer_is_the_message_with_our_ids_and_our_encounter)
{
	struct message m;
	struct hf_buf out = {0};
	struct hf_json doc;
	struct hf_sv *ids;
	uint32_t n;

	READ(&m, "new.json", );
	ids = hf_arena_array(&m.arena, m.bars.n, sizeof *ids);
	ids[m.bars.request] = HF_SV("11111111-0000-4000-8000-000000000000");
	hf_issue_add(&m.issues, HF_SEV_WARNING, "business-rule",
		     HF_SV("Bundle.entry[1].resource.occurrencePeriod.end"), "late");
	hf_bars_write_answer(
	    &out, &m.bars,
	    &(struct hf_bars_answer){
		.ids = ids,
		.encounter = HF_SV("22222222-0000-4000-8000-000000000000"),
		.status = "planned",
		.received = 1768467600000,
		.outcome = HF_SV("33333333-0000-4000-8000-000000000000"),
		.issues = &m.issues,
	    });
	check_valid(&m, &out, &doc);
	n = hf_json_count(&doc, hf_json_member(&doc, 0, "entry"));
	assert_int_equal(n, m.bars.n + 2);
	assert_sv_equal(at(&m, &doc, 1, "id"), "11111111-0000-4000-8000-000000000000");
	assert_sv_equal(at(&m, &doc, n - 2, "status"), "planned");
	assert_sv_equal(at(&m, &doc, n - 1, "resourceType"), "OperationOutcome");
	hf_buf_free(&out);
	hf_arena_free(&m.arena);
}

HF_TEST(a_response_is_sent_on_a_decision_and_never_on_an_attempt)
{
	static const struct {
		const char *event, *to;
		enum hf_bars_stage stage;
	} cases[] = {
	    {"submit", "received", HF_BARS_SILENT},
	    {"open-triage", "in-triage", HF_BARS_SILENT},
	    {"accept", "accepted", HF_BARS_ACCEPTED},
	    {"reject", "rejected", HF_BARS_REJECTED},
	    {"advise", "advised", HF_BARS_FINISHED},
	    {"allocate", "allocated", HF_BARS_SILENT},
	    {"team-accept", "team-accepted", HF_BARS_SILENT},
	    {"set-off", "en-route", HF_BARS_SILENT},
	    {"no-access", "failed-contact", HF_BARS_SILENT},
	    {"safe-and-well", "allocated", HF_BARS_SILENT},
	    {"safe-and-well", "closed", HF_BARS_FINISHED},
	    {"start-contact", "in-contact", HF_BARS_SILENT},
	    {"record-outcome", "in-treatment", HF_BARS_SILENT},
	    {"record-outcome", "completed", HF_BARS_FINISHED},
	    {"hand-over", "handed-over", HF_BARS_FINISHED},
	    {"discharge", "completed", HF_BARS_FINISHED},
	    {"call-999", "escalated-999", HF_BARS_TRIAGED},
	    {"ambulance-outcome", "accepted", HF_BARS_SILENT},
	    {"@time", "in-triage", HF_BARS_SILENT},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_bars_step step = {.event = hf_sv_from(cases[i].event),
					    .to = hf_sv_from(cases[i].to)};

		assert_int_equal(hf_bars_stage_of(&step), cases[i].stage);
	}
	assert_int_equal(hf_bars_stage_of(&(struct hf_bars_step){
			     .event = HF_SV("cancel"), .sender = true}),
			 HF_BARS_SILENT);
}

HF_TEST(rejections_have_the_codes_of_the_standard)
{
	assert_string_equal(hf_bars_rejection(HF_SV("22")), "RRNA");
	assert_string_equal(hf_bars_rejection(HF_SV("27")), "FC");
	assert_string_equal(hf_bars_rejection(HF_SV("40")), "OTH");
	assert_string_equal(hf_bars_rejection(HF_SV("")), "OTH");
}

/* The response to new.json, in one stage. */
static struct hf_json
respond(struct message *m, enum hf_bars_stage stage, struct hf_buf *out)
{
	static const char patient[] =
	    "{\"resourceType\":\"Patient\",\"id\":\"aaaaaaaa-0000-4000-8000-"
	    "000000000000\"}";
	static const char request[] =
	    "{\"resourceType\":\"ServiceRequest\",\"id\":\"bbbbbbbb-0000-4000-8000-"
	    "000000000000\",\"status\":\"active\",\"intent\":\"plan\",\"subject\":{"
	    "\"reference\":\"Patient/aaaaaaaa-0000-4000-8000-000000000000\"}}";
	struct hf_json docs[2], doc;
	struct hf_bars_part parts[] = {
	    {&docs[0], 0, HF_SV("Patient"),
	     HF_SV("aaaaaaaa-0000-4000-8000-000000000000")},
	    {&docs[1], 0, HF_SV("ServiceRequest"),
	     HF_SV("bbbbbbbb-0000-4000-8000-000000000000")},
	};
	struct hf_bars_step step = {.event = HF_SV("reject"),
				    .at = 1768467600000,
				    .reason = HF_SV("27"),
				    .note = HF_SV("Nobody answered.")};

	*m = (struct message){.arena = {.cap = 16 << 20}};
	m->issues.arena = &m->arena;
	hf_json_parse(hf_sv_from(patient), NULL, &m->arena, &docs[0], NULL);
	hf_json_parse(hf_sv_from(request), NULL, &m->arena, &docs[1], NULL);
	hf_bars_write_response(
	    out,
	    &(struct hf_bars_response){
		.stage = stage,
		.step = &step,
		.id = HF_SV("cccccccc-0000-4000-8000-000000000000"),
		.header = HF_SV("dddddddd-0000-4000-8000-000000000000"),
		.to = HF_SV("b0000001-0000-4000-8000-000000000000"),
		.encounter = HF_SV("eeeeeeee-0000-4000-8000-000000000000"),
		.plan = HF_SV("ffffffff-0000-4000-8000-000000000000"),
		.case_number = HF_SV("T1"),
		.standard = HF_SV("1.1.0"),
		.definition_kind = HF_SV("validation"),
		.from = HF_SV("https://fhir.nhs.uk/Id/dos-service-id|2000000001"),
		.reply_to = HF_SV("https://fhir.nhs.uk/Id/dos-service-id|2000000099"),
		.patient = HF_SV("aaaaaaaa-0000-4000-8000-000000000000"),
		.parts = parts,
		.n_parts = 2,
	    });
	check_valid(m, out, &doc);
	return doc;
}

HF_TEST(responses_carry_the_status_that_the_standard_gives_them)
{
	static const struct {
		enum hf_bars_stage stage;
		const char *status, *definition, *plan;
	} cases[] = {
	    {HF_BARS_ACCEPTED, "in-progress", "validation-interim", NULL},
	    {HF_BARS_REJECTED, "cancelled", "validation-interim", NULL},
	    {HF_BARS_FINISHED, "finished", "validation-full", "completed"},
	    {HF_BARS_TRIAGED, "triaged", "validation-full", "active"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct message m;
		struct hf_buf out = {0};
		struct hf_json doc = respond(&m, cases[i].stage, &out);
		uint32_t n = hf_json_count(&doc, hf_json_member(&doc, 0, "entry"));

		assert_int_equal(n, cases[i].plan ? 5 : 4);
		assert_sv_equal(at(&m, &doc, 3, "status"), cases[i].status);
		assert_true(hf_sv_ends(at(&m, &doc, 0, "definition"),
				       hf_sv_from(cases[i].definition)));
		if (cases[i].plan)
			assert_sv_equal(at(&m, &doc, 4, "status"), cases[i].plan);
		/* References point within the message. */
		assert_null(memmem(out.p, out.n, "\"Patient/", 9));
		if (cases[i].stage == HF_BARS_REJECTED) {
			assert_non_null(memmem(out.p, out.n, "\"FC\"", 4));
			assert_non_null(memmem(out.p, out.n, "Nobody answered.", 16));
		}
		hf_buf_free(&out);
		hf_arena_free(&m.arena);
	}
}

/* ---- the examples of the standard, when they are there ---- */

HF_TEST(the_published_examples_are_read_or_refused_for_what_they_are)
{
	static const struct {
		const char *name;
		enum hf_rc rc;
	} files[] = {
	    {"process_message/request/ValidationRequest_POST_.json", HF_OK},
	    /* Its references are no UUIDs, and its endpoints are placeholders. */
	    {"process_message/response/ValidationRequest_HTTP_Response_.json",
	     HF_INVALID},
	    {"process_message/request/ValidationResponse_POST_.json", HF_INVALID},
	    {"process_message/POST-body.json", HF_INVALID}, /* a booking */
	};

	for (size_t i = 0; i < HF_COUNT(files); i++) {
		struct message m = {.arena = {.cap = 64 << 20}};
		struct hf_sv text = file_text(&m.arena, HF_TEST_SHARED, files[i].name);

		if (text.n == 0) {
			hf_arena_free(&m.arena);
			skip();
		}
		read_text(&m, text);
		if (m.rc != files[i].rc)
			for (size_t k = 0; k < m.issues.n; k++)
				fprintf(stderr, "%.*s: %.*s\n",
					HF_SV_ARG(m.issues.items[k].path),
					HF_SV_ARG(m.issues.items[k].text));
		assert_int_equal(m.rc, files[i].rc);
		if (m.rc == HF_OK) {
			assert_int_equal(m.intake_rc, HF_OK);
			assert_sv_equal(m.bars.dos, "111111111");
			assert_sv_equal(m.intake.scene, "S");
			/* Published with latitude and longitude exchanged. */
			assert_int_equal(m.intake.latitude.n, 0);
		}
		hf_arena_free(&m.arena);
	}
}

HF_TEST_MAIN(
    "hub/bars", cmocka_unit_test(a_message_says_who_asks_whom_for_what),
    cmocka_unit_test(ods_codes_are_read_in_both_spellings_and_any_case),
    cmocka_unit_test(the_dos_service_id_is_read_with_http_and_https),
    cmocka_unit_test(the_minimum_data_set_is_read_from_a_message),
    cmocka_unit_test(the_urgency_asked_for_is_told_by_priority_or_by_the_time_given),
    cmocka_unit_test(safeguarding_and_scene_safety_are_told_apart),
    cmocka_unit_test(a_person_without_a_number_and_an_unknown_one_are_accepted),
    cmocka_unit_test(numbers_that_are_not_verified_or_wrong_are_not_used),
    cmocka_unit_test(a_position_that_is_the_wrong_way_round_is_not_used),
    cmocka_unit_test(what_is_wrong_is_told_by_element),
    cmocka_unit_test(only_three_statuses_are_taken),
    cmocka_unit_test(a_message_that_takes_back_is_no_referral),
    cmocka_unit_test(an_id_is_of_its_sender_and_of_what_they_call_the_thing),
    cmocka_unit_test(what_becomes_of_a_message_depends_on_what_is_there),
    cmocka_unit_test(version_numbers_count_before_times),
    cmocka_unit_test(the_answer_is_the_message_with_our_ids_and_our_encounter),
    cmocka_unit_test(a_response_is_sent_on_a_decision_and_never_on_an_attempt),
    cmocka_unit_test(rejections_have_the_codes_of_the_standard),
    cmocka_unit_test(responses_carry_the_status_that_the_standard_gives_them),
    cmocka_unit_test(the_published_examples_are_read_or_refused_for_what_they_are))

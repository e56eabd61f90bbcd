/* hub_place.h - a small place with a hub and three teams, and short words for what is
 * done in it.  For the tests of moves. */
#ifndef HF_TEST_HUB_PLACE_H
#define HF_TEST_HUB_PLACE_H

#include "test/hf_test.h"

#include <stdlib.h>

#include "hub/io/hub.h"
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
#define TEAM(id, name, slots)                                                          \
	("{\"resourceType\":\"HealthcareService\",\"id\":\"" id "\",\"active\":true,"  \
	 "\"providedBy\":{\"reference\":\"Organization/"                               \
	 "trust\"},\"type\":[{\"coding\":"                                             \
	 "[{\"system\":\"https://homefirst.example/CodeSystem/service\",\"code\":"     \
	 "\"ucr\"}]}],\"characteristic\":[{\"coding\":[{\"system\":\"https://"         \
	 "homefirst.example/CodeSystem/"                                               \
	 "skill\",\"code\":\"nursing\"}]}],\"name\":\"" name                           \
	 "\",\"availableTime\":[{\"allDay\":true}],"                                   \
	 "\"extension\":[{\"url\":" EXT                                                \
	 "urgency\",\"valueCode\":\"U1\"},{\"url\":" EXT                               \
	 "urgency\",\"valueCode\":\"U2\"},{\"url\":" EXT                               \
	 "open-on-bank-holidays\",\"valueBoolean\":true},{\"url\":" EXT                \
	 "urgent-reserve\",\"valueInteger\":0},{\"url\":" EXT                          \
	 "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":\"00:00:00\"},"    \
	 "{\"url\":\"to\",\"valueTime\":\"00:00:00\"},{\"url\":\"slots\","             \
	 "\"valueInteger\":" slots "}]}]}")

static const char *const place[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"place\"," KIND("place") "}",
    "{\"resourceType\":\"Organization\",\"id\":\"hub\"," KIND("hub") "," ODS(
	"ZH1") ",\"name\":\"The "
	       "Hub\",\"partOf\":{\"reference\":\"Organization/place\"}}",
    "{\"resourceType\":\"Organization\",\"id\":\"trust\"," KIND("community") "," ODS(
	"RZ2") ",\"name\":\"Trust\"}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"dr\"}",
    TEAM("t1", "Team One", "1"),
    TEAM("t2", "Team Two", "5"),
    TEAM("t3", "Team Three", "5"),
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Hale\"}],"
    "\"birthDate\":\"1940-05-01\",\"gender\":\"female\"}",
    "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"birthDate\":\"1950-05-01\"}",
};

struct place_at {
	struct hf_test_store t;
	struct hf_hub *hub;
	struct hf_hub_actor hub_user, team_user, system;
	hf_time at;
	struct hf_err err;
	size_t told; /* rows that were told of */
	size_t gone;
};

static inline void
told(void *ctx, const struct hf_hub_row *row, bool was_open)
{
	struct place_at *f = ctx;

	(void)was_open;
	f->told++;
	f->gone += !row->open;
}

static inline void
open_hub(struct place_at *f)
{
	struct hf_hub_config config = {.store = f->t.store, .changed = told, .ctx = f};

	if (hf_hub_open(&config, &f->hub, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	f->hub_user = (struct hf_hub_actor){.id = HF_SV("user/1"),
					    .who = HF_SV("Practitioner/dr"),
					    .name = HF_SV("Dr A"),
					    .role = HF_SV("clinical-lead"),
					    .ods = HF_SV("ZH1"),
					    .purpose = HF_SV("DIRECT")};
	f->hub_user.roles = hf_hub_roles_of(f->hub, HF_SV("clinical-lead")) |
			    hf_hub_roles_of(f->hub, HF_SV("call-handler"));
	f->team_user = f->hub_user;
	f->team_user.id = HF_SV("user/2");
	f->team_user.role = HF_SV("team-lead");
	f->team_user.ods = HF_SV("RZ2");
	f->team_user.roles = hf_hub_roles_of(f->hub, HF_SV("team-lead"));
}

static inline bool
begin(struct place_at *f, int engine)
{
	*f = (struct place_at){.at = 1780308000000}; /* Monday 1 June 2026, 10:00 UTC */
	if (!hf_test_store_open(&f->t, engine))
		return false;
	if (hf_test_put(&f->t, place, HF_COUNT(place), NULL, &f->err) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	open_hub(f);
	return true;
}

static inline void
end(struct place_at *f)
{
	hf_hub_close(f->hub);
	hf_test_store_close(&f->t);
}

#define INTAKE                                                                         \
	"\"channel\":\"page\",\"source\":\"gp\",\"referrer\":{\"org\":\"A1\","         \
	"\"phone\":\"1\"},\"decided\":\"2026-06-01T09:00:00Z\",\"service\":\"ucr\","   \
	"\"expectation\":\"visit\",\"problem\":\"fell\",\"condition\":\"fall\","       \
	"\"consentRefer\":true,\"consentShare\":true,\"safeguarding\":\"neglect\""
#define P1 "{\"person\":{\"id\":\"p1\"},\"asked\":\"U1\"," INTAKE "}"

static inline enum hf_rc
try_submit(struct place_at *f, const char *json, struct hf_sv *id)
{
	struct hf_issues issues = {.arena = &f->t.arena};
	struct hf_json *doc = HF_NEW(&f->t.arena, struct hf_json);
	struct hf_hub_work *work;
	struct hf_intake in;
	enum hf_rc rc;

	assert_int_equal(
	    hf_json_parse(hf_sv_from(json), NULL, &f->t.arena, doc, &f->err), HF_OK);
	rc = hf_intake_read(doc, 0, &f->t.arena, &issues, &in, &f->err);
	if (rc == HF_OK)
		rc = hf_hub_submit(f->hub, f->t.reader, &f->hub_user, &in, f->at,
				   &f->t.arena, &work, &f->err);
	if (rc == HF_OK)
		rc = hf_hub_commit(f->hub, f->t.reader, work, &f->err);
	if (rc == HF_OK)
		*id = work->id;
	return rc;
}

static inline struct hf_sv
submit(struct place_at *f, const char *json)
{
	struct hf_sv id = {NULL, 0};

	if (try_submit(f, json, &id) != HF_OK)
		fail_msg("%s: %s", f->err.path, f->err.text);
	return id;
}

static inline enum hf_rc
prepare(struct place_at *f, struct hf_sv id, const struct hf_hub_actor *who,
	const char *event, const char *facts, const char *team, uint32_t version,
	struct hf_hub_work **work)
{
	struct hf_hub_move move = {.id = id,
				   .version = version,
				   .event = hf_sv_from(event),
				   .facts = hf_sv_from(facts),
				   .note = HF_SV("why"),
				   .team = hf_sv_from(team),
				   .at = f->at};

	return hf_hub_move(f->hub, f->t.reader, who, &move, &f->t.arena, work, &f->err);
}

static inline enum hf_rc
try_move(struct place_at *f, struct hf_sv id, const struct hf_hub_actor *who,
	 const char *event, const char *facts, const char *team)
{
	struct hf_hub_work *work;
	enum hf_rc rc = prepare(f, id, who, event, facts, team, 0, &work);

	return rc ? rc : hf_hub_commit(f->hub, f->t.reader, work, &f->err);
}

static inline void
move(struct place_at *f, struct hf_sv id, const struct hf_hub_actor *who,
     const char *event, const char *facts, const char *team)
{
	f->at += 60000;
	if (try_move(f, id, who, event, facts, team) != HF_OK)
		fail_msg("%s: %s: %s", event, f->err.path, f->err.text);
}

static inline const char *
state(struct place_at *f, struct hf_sv id)
{
	struct hf_hub_row row;

	return hf_hub_row(f->hub, id, &f->t.arena, &row)
		   ? hf_hub_pathway(f->hub)->states[row.state].id
		   : "(ended)";
}

/* How many current resources of a type say words, in their code or category, and
 * have a status. */
static inline size_t
count(struct place_at *f, const char *type, const char *kind, const char *status)
{
	struct hf_entry *entries;
	hf_type_id t = hf_resource_find(hf_sv_from(type));
	hf_rid next = 0;
	size_t n = 0, found = 0;

	assert_int_equal(hf_store_scan(f->t.reader, t, 0, 10000, &f->t.arena, &entries,
				       &n, &next, &f->err),
			 HF_OK);
	for (size_t i = 0; i < n; i++) {
		struct hf_version v;
		struct hf_json doc;

		assert_int_equal(hf_store_read_rid(f->t.reader, entries[i].rid, 0,
						   &f->t.arena, &v, &f->err),
				 HF_OK);
		assert_int_equal(
		    hf_json_parse(v.body, NULL, &f->t.arena, &doc, &f->err), HF_OK);
		found +=
		    (!*kind ||
		     hf_sv_eq(hf_dig_text(&doc, 0,
					  "code.coding.code|category.coding.code",
					  &f->t.arena),
			      hf_sv_from(kind))) &&
		    (!*status || hf_sv_eq(hf_dig_text(&doc, 0, "status", &f->t.arena),
					  hf_sv_from(status)));
	}
	return found;
}

static inline struct hf_sv
accepted(struct place_at *f, const char *json)
{
	struct hf_sv id = submit(f, json);

	move(f, id, &f->hub_user, "open-triage", "", "");
	move(f, id, &f->hub_user, "accept",
	     "{\"urgency\":\"U1\",\"condition\":\"fall\",\"skills\":[\"nursing\"],"
	     "\"downgradeReason\":\"clinical-picture\"}",
	     "");
	return id;
}

#define ON_BOTH(name)                                                                  \
	static void name##_on(struct place_at *f);                                     \
	HF_TEST(name)                                                                  \
	{                                                                              \
		struct place_at f;                                                     \
                                                                                       \
		for (int engine = 0; engine < 2; engine++) {                           \
			if (!begin(&f, engine))                                        \
				continue;                                              \
			name##_on(&f);                                                 \
			end(&f);                                                       \
		}                                                                      \
	}                                                                              \
	static void name##_on(struct place_at *f)

#endif

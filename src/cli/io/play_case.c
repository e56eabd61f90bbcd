/* play_case.c - some people of a synthetic place on pathways, at several states. */
#include "cli/io/play_case.h"

#include "hub/io/caseload.h"
#include "record/io/change.h"
#include "record/io/person.h"
#include "record/person_text.h"

enum { HOUR = 3600000, STEPS = 8, LOOK = 4000 };

/* How one goes: who does what, so many hours after the step before. */
static const struct course {
	const char *pathway;
	int age_min, age_max; /* of whom it is told */
	int begun;	      /* hours back */
	const char *facts, *note;
	struct {
		const char *event, *role;
		int after;
		const char *facts;
	} steps[STEPS];
} courses[] = {
    {"frailty",
     78,
     110,
     60,
     "{\"cfs\":6,\"declinedPathway\":false}",
     "Asked for by the practice after a fall",
     {{"start", "care-coordinator", 3, NULL}}},
    {"frailty",
     75,
     110,
     24 * 20,
     "{\"cfs\":5,\"declinedPathway\":false}",
     "",
     {{"start", "care-coordinator", 5, NULL},
      {"@done", "care-coordinator", 1,
       "{\"part\":\"work:invite\",\"status\":\"completed\"}"},
      {"agreed", "care-coordinator", 48, NULL}}},
    {"frailty",
     80,
     110,
     24 * 45,
     "{\"cfs\":6,\"declinedPathway\":false}",
     "",
     {{"start", "care-coordinator", 4, NULL},
      {"agreed", "care-coordinator", 30, NULL},
      {"cga-signed", "community-nurse", 24 * 9, "{\"cfs\":6}"},
      {"plan-agreed", "care-coordinator", 24 * 5, NULL},
      {"mdt-decided", "named-gp", 24 * 4, NULL}}},
    {"frailty",
     82,
     110,
     24 * 34,
     "{\"cfs\":7,\"declinedPathway\":false}",
     "",
     {{"start", "care-coordinator", 4, NULL},
      {"agreed", "care-coordinator", 24, NULL}}}, /* its assessment is late */
    {"end-of-life",
     70,
     110,
     30,
     "{\"surprise\":false,\"consent\":true}",
     "",
     {{"offer", "named-gp", 2, NULL}}},
    {"end-of-life",
     74,
     110,
     24 * 12,
     "{\"surprise\":false,\"consent\":true,\"stage\":\"B\"}",
     "",
     {{"offer", "named-gp", 20, NULL},
      {"agree", "named-gp", 50, "{\"consent\":true,\"stage\":\"B\"}"}}},
    {"end-of-life",
     80,
     110,
     24 * 9,
     "{\"surprise\":false,\"consent\":true,\"stage\":\"C\"}",
     "",
     {{"offer", "named-gp", 6, NULL},
      {"agree", "key-worker", 24,
       "{\"consent\":true,\"stage\":\"C\",\"medicinesHome\":false}"},
      {"medicines-home", "community-nurse", 20, "{\"medicinesHome\":true}"},
      {"stage-set", "palliative-nurse", 24 * 6, "{\"stage\":\"D\"}"}}},
    {"urgent-community-response",
     65,
     110,
     3,
     "{\"condition\":\"fall\",\"atHome\":true,\"lifeThreatening\":false,"
     "\"mentalHealthOnly\":false,\"news2\":3}",
     "",
     {{"set-off", "practitioner", 1, NULL}, {"contact", "practitioner", 1, NULL}}},
    {"cyp-short-stay",
     2,
     15,
     20,
     "{\"problem\":\"wheeze\",\"redFlag\":false,\"spo2\":96,\"under3mFever\":false,"
     "\"apnoea\":false,\"pews\":2}",
     "",
     {{"visit-asked", "triage-clinician", 1, NULL},
      {"seen", "children-nurse", 2, "{\"safetyNet\":true}"}}},
    {"mental-health-crisis",
     18,
     64,
     5,
     "{\"priority\":\"2\",\"site\":\"community\"}",
     "",
     {{"triage", "mh-practitioner", 0, NULL}}},
    {"long-term-conditions",
     45,
     80,
     24 * 60,
     "{\"conditions\":2}",
     "",
     {{"invite", "practice-nurse", 10, NULL},
      {"attend", "practice-nurse", 24 * 12, NULL},
      {"reviewed", "practice-nurse", 1,
       "{\"goals\":true,\"actionPlan\":true,\"rescueMedicines\":true}"}}},
    {"long-term-conditions",
     50,
     85,
     24 * 30,
     "{\"conditions\":3}",
     "",
     {{"invite", "care-coordinator", 8, NULL}}},
};

struct playing {
	struct hf_store *store;
	struct hf_caseload *cl;
	struct hf_reader *reader;
	struct hf_arena arena;
	hf_time now;
	struct hf_arena names;
	struct hf_sv practice, trust; /* reference; ODS code */
	int64_t of_practice, of_all;  /* shelves looked at up to there */
	struct hf_case_play *out;
};

static struct hf_hub_actor
actor(const struct playing *p, const char *role)
{
	return (struct hf_hub_actor){.id = HF_SV("homefirst"),
				     .name = HF_SV("Demonstration"),
				     .role = hf_sv_from(role),
				     .ods = p->trust,
				     .purpose = HF_SV("DIRECT"),
				     .anywhere = true};
}

/* Of whom a course is told: the age, alive, and of the practice if it is given. */
static bool
suits(struct playing *p, const struct hf_json *doc, const struct course *c,
      struct hf_sv practice)
{
	struct hf_sv text =
	    hf_json_str(doc, hf_json_member(doc, 0, "birthDate"), &p->arena);
	struct hf_date born;
	int age = -1;

	if (hf_date_parse(text, false, &born))
		age = hf_age_years(hf_london_day(born.lo), hf_london_day(p->now));
	return age >= c->age_min && age <= c->age_max &&
	       hf_json_member(doc, 0, "deceasedDateTime") == HF_JSON_NONE &&
	       (practice.n == 0 ||
		hf_sv_eq(practice, hf_dig_text(doc, 0, "generalPractitioner.reference",
					       &p->arena)));
}

/* The next person from *shelf on; false at the end of what is looked through. */
static bool
next_person(struct playing *p, const struct course *c, struct hf_sv practice,
	    int64_t *shelf, struct hf_sv *id)
{
	for (int looked = 0; looked < LOOK; looked++) {
		struct hf_version v;
		struct hf_json doc;

		if (hf_store_read_rid(p->reader, HF_RID_MIN((*shelf)++), 0, &p->arena,
				      &v, NULL) != HF_OK ||
		    hf_json_parse(v.body, NULL, &p->arena, &doc, NULL) != HF_OK ||
		    !suits(p, &doc, c, practice))
			continue;
		*id = v.id;
		return true;
	}
	return false;
}

/* Whoever signs in at the demonstration's practice and community trust sees them. */
static enum hf_rc
find_orgs(struct playing *p, struct hf_err *err)
{
	struct hf_org_line *orgs;
	size_t n;
	bool more;
	enum hf_rc rc = hf_place_organisations(p->store, p->reader, 500, &p->names,
					       &orgs, &n, &more, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		if (orgs[i].closed || orgs[i].code.n == 0)
			continue;
		if (p->practice.n == 0 && hf_sv_is(orgs[i].kind, "GP practice"))
			p->practice = orgs[i].ref;
		if (p->trust.n == 0 && hf_sv_is(orgs[i].kind, "Community health trust"))
			p->trust = orgs[i].code;
	}
	return rc;
}

/* Clocks fire at their time, before what comes after it. */
static enum hf_rc
go(struct playing *p, const struct course *c, struct hf_sv patient, struct hf_err *err)
{
	struct hf_hub_actor who = actor(p, c->steps[0].role);
	struct hf_case_begin ask = {.pathway = hf_sv_from(c->pathway),
				    .patient = patient,
				    .facts = hf_sv_from(c->facts),
				    .note = hf_sv_from(c->note),
				    .at = p->now - (hf_time)c->begun * HOUR};
	struct hf_hub_work *work;
	hf_time at = ask.at;
	struct hf_sv id;
	enum hf_rc rc =
	    hf_caseload_begin(p->cl, p->reader, &who, &ask, &p->arena, &work, err);

	if (rc == HF_OK)
		rc = hf_caseload_commit(p->cl, NULL, work, err);
	if (rc)
		return rc;
	id = work->id;
	p->out->begun++;
	for (size_t i = 0; i < STEPS && c->steps[i].event; i++) {
		struct hf_case_move m = {.id = id,
					 .event = hf_sv_from(c->steps[i].event)};

		at += (hf_time)c->steps[i].after * HOUR;
		if (at > p->now)
			break;
		m.at = at;
		if (c->steps[i].event[0] == '@')
			m.note = HF_SV("The letter went out");
		if (c->steps[i].facts)
			m.facts = hf_sv_from(c->steps[i].facts);
		who = actor(p, c->steps[i].role);
		rc = hf_caseload_tick(p->cl, at, NULL, err);
		if (rc == HF_OK)
			rc = hf_caseload_move(p->cl, p->reader, &who, &m, &p->arena,
					      &work, err);
		if (rc == HF_OK)
			rc = hf_caseload_commit(p->cl, NULL, work, err);
		if (rc)
			return rc;
		p->out->moves++;
	}
	return hf_caseload_tick(p->cl, p->now, NULL, err);
}

enum hf_rc
hf_play_cases(struct hf_store *store, size_t rounds, hf_time now,
	      struct hf_case_play *out, struct hf_err *err)
{
	struct playing p = {.store = store,
			    .arena = {.cap = 256 << 20},
			    .names = {.cap = 64 << 20},
			    .now = now,
			    .of_practice = HF_SHELF_PERSON,
			    .of_all = HF_SHELF_PERSON,
			    .out = out};
	struct hf_hub_config hub_config = {.store = store};
	struct hf_hub *hub = NULL;
	enum hf_rc rc = hf_hub_open(&hub_config, &hub, err);

	*out = (struct hf_case_play){0};
	if (rc == HF_OK)
		rc = hf_caseload_open(&(struct hf_caseload_config){.store = store,
								   .hub = hub,
								   .drafts = true},
				      &p.cl, err);
	if (rc == HF_OK)
		rc = hf_reader_get(store, &p.reader, err);
	if (rc == HF_OK)
		rc = find_orgs(&p, err);
	for (size_t i = 0; rc == HF_OK && i < rounds * HF_COUNT(courses); i++) {
		const struct course *c = &courses[i % HF_COUNT(courses)];
		struct hf_sv patient;

		hf_arena_reset(&p.arena);
		if (!next_person(&p, c, p.practice, &p.of_practice, &patient) &&
		    !next_person(&p, c, (struct hf_sv){0}, &p.of_all, &patient))
			continue;
		rc = go(&p, c, patient, err);
		/* Who is on it already is left where they are. */
		if (rc == HF_RULE)
			rc = HF_OK;
	}
	hf_reader_put(p.reader);
	hf_caseload_close(p.cl);
	hf_hub_close(hub);
	hf_arena_free(&p.arena);
	hf_arena_free(&p.names);
	return rc;
}

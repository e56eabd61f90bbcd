/* test_synth_record.c - the records of a synthetic place: well formed, hanging
 * together, and within the lives of the people they are about. */
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>

#include "fhir/validate.h"
#include "test/hf_test.h"
#include "walk.h"

/* The place all these tests walk through. */
enum { PEOPLE = 4000, FULL = 500 };

struct visit {
	const struct hf_synth_unit *unit;
	int64_t index;
	struct hf_json doc;
	struct hf_sv type, id;
	hf_time born, died; /* of the person, the whole day; orgs: all time */
	void *ctx;
};

static void
person_span(struct visit *v)
{
	struct hf_date d;

	v->born = HF_TIME_MIN;
	v->died = HF_TIME_MAX;
	if (!hf_sv_is(v->type, "Patient"))
		return;
	assert_true(hf_date_parse(walk_text(&v->doc, "birthDate"), false, &d));
	v->born = d.lo;
	if (hf_date_parse(walk_text(&v->doc, "deceasedDateTime"), false, &d))
		v->died = d.hi;
}

/* Calls see for every resource of the place. */
static void
for_all(void (*see)(struct visit *v), void *ctx)
{
	struct hf_synth_place *place = walk_place(PEOPLE, FULL, 1, 4);
	struct hf_synth_unit unit = {0};
	struct hf_arena arena = {.cap = 1 << 22};

	for (int64_t i = 0; i < hf_synth_units(place); i++) {
		struct visit v = {.unit = &unit, .index = i, .ctx = ctx};

		assert_int_equal(hf_synth_make(place, i, &unit, NULL), HF_OK);
		for (size_t k = 0; k < unit.n; k++) {
			walk_parse(&unit, k, &arena, &v.doc);
			v.type = hf_synth_resource(&unit, k).type;
			v.id = hf_synth_resource(&unit, k).id;
			if (k == 0)
				person_span(&v);
			see(&v);
		}
	}
	hf_arena_free(&arena);
	hf_synth_unit_free(&unit);
	hf_synth_place_free(place);
}

struct validity {
	struct hf_arena arena;
	int64_t n, bad, mislabelled;
};

static void
validate(struct visit *v)
{
	struct validity *t = v->ctx;
	struct hf_issues issues = {.arena = &t->arena};
	hf_type_id type = 0;

	hf_arena_reset(&t->arena);
	t->n++;
	t->mislabelled += !hf_sv_eq(walk_text(&v->doc, "resourceType"), v->type) ||
			  !hf_sv_eq(walk_text(&v->doc, "id"), v->id);
	hf_validate(&v->doc, 0, &issues, &type);
	if (issues.n == 0)
		return;
	if (t->bad++ < 10)
		print_message("%.*s: %.*s: %.*s\n", HF_SV_ARG(v->type),
			      HF_SV_ARG(issues.items[0].path),
			      HF_SV_ARG(issues.items[0].text));
}

HF_TEST(every_resource_validates_without_a_finding)
{
	struct validity t = {.arena = {.cap = 1 << 22}};

	for_all(validate, &t);
	hf_arena_free(&t.arena);
	assert_true(t.n > 50000);
	assert_int_equal(t.bad, 0);
	assert_int_equal(t.mislabelled, 0);
}

/* An open-addressed set of "Type/id", by hash alone: two passes over the place. */
struct ids {
	uint64_t *slots;
	size_t size, n, twice;
	size_t references, dangling;
};

static bool
put_id(struct ids *s, uint64_t h, bool add)
{
	for (size_t i = h % s->size;; i = (i + 1) % s->size) {
		if (s->slots[i] == h)
			return true;
		if (s->slots[i])
			continue;
		if (add)
			s->slots[i] = h;
		return false;
	}
}

static void
learn(struct visit *v)
{
	struct ids *s = v->ctx;
	uint64_t h = walk_hash(walk_hash(walk_hash(0, v->type), HF_SV("/")), v->id);

	s->twice += put_id(s, h, true);
	s->n++;
	assert_true(s->n < s->size / 2);
}

static void
look_up(void *ctx, struct hf_sv key, struct hf_sv text)
{
	struct ids *s = ctx;

	if (!hf_sv_is(key, "reference"))
		return;
	s->references++;
	if (put_id(s, walk_hash(0, text), false))
		return;
	if (s->dangling++ < 10)
		print_message("nothing there: %.*s\n", HF_SV_ARG(text));
}

static void
check_references(struct visit *v)
{
	walk_strings(&v->doc, 0, look_up, v->ctx);
}

HF_TEST(ids_are_unique_and_every_reference_leads_somewhere)
{
	struct ids s = {.size = 1 << 20};

	s.slots = calloc(s.size, sizeof(*s.slots));
	for_all(learn, &s);
	assert_int_equal(s.twice, 0);
	for_all(check_references, &s);
	assert_true(s.references > 200000);
	assert_int_equal(s.dangling, 0);
	free(s.slots);
}

struct times {
	struct visit *visit;
	int64_t seen, early, late;
};

static bool
is_one_of(struct hf_sv key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (hf_sv_eq(key, hf_sv_from(names[i])))
			return true;
	}
	return false;
}

static void
check_time(void *ctx, struct hf_sv key, struct hf_sv text)
{
	static const char *const dates[] = {"start",
					    "end",
					    "effectiveDateTime",
					    "authoredOn",
					    "recordedDate",
					    "onsetDateTime",
					    "abatementDateTime",
					    "sent",
					    "occurrenceDateTime",
					    "performedDateTime",
					    "date",
					    "created",
					    "authored",
					    "startDate",
					    "dateTime",
					    "lastModified",
					    "dateAsserted",
					    "creation"};
	struct times *t = ctx;
	struct visit *v = t->visit;
	struct hf_date d;

	if (!is_one_of(key, dates, HF_COUNT(dates)))
		return;
	assert_true(hf_date_parse(text, false, &d));
	t->seen++;
	if (d.hi <= v->born) {
		if (t->early++ < 5)
			print_message("before birth: %.*s.%.*s %.*s\n",
				      HF_SV_ARG(v->type), HF_SV_ARG(key),
				      HF_SV_ARG(text));
	}
	/* Only an appointment may lie ahead, and not a dead person's. */
	if (d.lo > v->died ||
	    (d.lo > walk_now &&
	     (v->died != HF_TIME_MAX || !hf_sv_is(v->type, "Appointment")))) {
		if (t->late++ < 5)
			print_message("too late: %.*s.%.*s %.*s\n", HF_SV_ARG(v->type),
				      HF_SV_ARG(key), HF_SV_ARG(text));
	}
}

static void
check_times(struct visit *v)
{
	struct times *t = v->ctx;

	t->visit = v;
	walk_strings(&v->doc, 0, check_time, t);
}

HF_TEST(nothing_happens_before_birth_after_death_or_after_now)
{
	struct times t = {0};

	for_all(check_times, &t);
	assert_true(t.seen > 60000);
	assert_int_equal(t.early, 0);
	assert_int_equal(t.late, 0);
}

struct stays {
	int64_t done, open, without_ward, without_diagnosis, without_cause, summaries,
	    icd, contacts, organisations;
};

static void
count_stay(struct visit *v)
{
	struct stays *s = v->ctx;
	struct hf_sv class = walk_text(&v->doc, "class.code");

	if (hf_sv_is(v->type, "DocumentReference"))
		s->summaries +=
		    hf_sv_is(walk_text(&v->doc, "type.coding.0.code"), "373942005");
	if (hf_sv_is(v->type, "Condition"))
		s->icd += hf_sv_is(walk_text(&v->doc, "code.coding.1.system"),
				   "http://hl7.org/fhir/sid/icd-10");
	if (!hf_sv_is(v->type, "Encounter"))
		return;
	s->contacts++;
	s->organisations += hf_sv_starts(
	    walk_text(&v->doc, "serviceProvider.reference"), HF_SV("Organization/"));
	if (!hf_sv_is(class, "IMP"))
		return;
	if (hf_sv_is(walk_text(&v->doc, "status"), "finished"))
		s->done++;
	else
		s->open++;
	s->without_ward += !walk_text(&v->doc, "location.0.location.reference").p;
	s->without_diagnosis +=
	    !walk_text(&v->doc, "diagnosis.0.condition.reference").p;
	s->without_cause += !walk_text(&v->doc, "partOf.reference").p;
}

HF_TEST(a_hospital_stay_has_a_cause_a_ward_a_diagnosis_and_a_summary)
{
	struct stays s = {0};

	for_all(count_stay, &s);
	assert_true(s.done > 100);
	assert_int_equal(s.without_ward, 0);
	assert_int_equal(s.without_diagnosis, 0);
	assert_int_equal(s.without_cause, 0);
	assert_int_equal(s.summaries, s.done);
	assert_true(s.icd >= s.done + s.open);
	assert_int_equal(s.organisations, s.contacts);
}

/* NEWS2 by the table of the Royal College of Physicians (2017), scale 1: each
 * limit is the highest value that still has the score before it. */
struct limit {
	const char *code;
	int scale; /* the value's decimals */
	struct {
		int upto, score;
	} steps[7];
};

static const struct limit limits[] = {
    {"86290005", 1, {{8, 3}, {11, 1}, {20, 0}, {24, 2}, {9999, 3}}},
    {"431314004", 1, {{91, 3}, {93, 2}, {95, 1}, {9999, 0}}},
    {"78564009", 1, {{40, 3}, {50, 1}, {90, 0}, {110, 1}, {130, 2}, {9999, 3}}},
    {"276885007", 10, {{350, 3}, {360, 1}, {380, 0}, {390, 1}, {9999, 2}}},
};

struct early {
	int score, parts;
	int64_t totals, wrong, at[21];
};

static int
tenths(struct hf_sv number, int scale)
{
	return (int)(strtod(number.p, NULL) * scale + 0.5);
}

static void
add_part(struct early *e, const struct hf_json *d, struct hf_sv code)
{
	for (size_t i = 0; i < HF_COUNT(limits); i++) {
		struct hf_sv value = walk_text(d, "valueQuantity.value");
		int step = 0;

		if (!hf_sv_eq(code, hf_sv_from(limits[i].code)) || !value.p)
			continue;
		while (tenths(value, limits[i].scale) > limits[i].steps[step].upto)
			step++;
		e->score += limits[i].steps[step].score;
		e->parts++;
	}
}

static void
add_up(struct visit *v)
{
	struct early *e = v->ctx;
	struct hf_sv code = walk_text(&v->doc, "code.coding.0.code"), value;

	if (!hf_sv_is(v->type, "Observation") || !code.p)
		return;
	if (hf_sv_is(code, "86290005")) { /* the first of a set */
		e->score = 0;
		e->parts = 0;
	}
	add_part(e, &v->doc, code);
	value = walk_text(&v->doc, "valueCodeableConcept.coding.0.code");
	if (hf_sv_is(code, "371825009"))
		e->score += hf_sv_is(value, "371825009") ? 2 : 0;
	if (hf_sv_is(code, "1104441000000107"))
		e->score += hf_sv_is(value, "248234008") ? 0 : 3;
	if (hf_sv_is(code, "75367002")) {
		int upper =
		    tenths(walk_text(&v->doc, "component.0.valueQuantity.value"), 1);

		e->score += upper <= 90	   ? 3
			    : upper <= 100 ? 2
			    : upper <= 110 ? 1
			    : upper <= 219 ? 0
					   : 3;
	}
	if (!hf_sv_is(code, "1104051000000101"))
		return;
	e->totals++;
	assert_int_equal(e->parts, 4);
	e->wrong += tenths(walk_text(&v->doc, "valueQuantity.value"), 1) != e->score;
	e->at[e->score]++;
}

HF_TEST(a_news2_total_is_the_sum_of_its_parts)
{
	struct early e = {0};
	int64_t high = 0;

	for_all(add_up, &e);
	assert_true(e.totals > 1000);
	assert_int_equal(e.wrong, 0);
	for (int i = 7; i < 21; i++)
		high += e.at[i];
	/* Some are very ill, most are not. */
	assert_in_range(high * 100 / e.totals, 2, 35);
	assert_true(e.at[0] > 0);
}

/* Of the person at hand: stays in hospital, and what is given and not borne. */
struct life {
	int64_t person;
	struct {
		hf_time from, to;
	} stays[80], visits[3000];
	size_t n_stays, n_visits, n_active;
	char names[40][160];
	int64_t penicillins;
	bool no_penicillin;
	int64_t in_two_places, twice, harmful, allergic, stays_in_all;
};

static bool
is_penicillin(struct hf_sv name)
{
	return hf_sv_starts(name, HF_SV("Amoxicillin")) ||
	       hf_sv_starts(name, HF_SV("Flucloxacillin")) ||
	       hf_sv_starts(name, HF_SV("Co-amoxiclav")) ||
	       hf_sv_starts(name, HF_SV("Piperacillin"));
}

static void
end_life(struct life *l)
{
	for (size_t i = 0; i < l->n_stays; i++) {
		for (size_t k = 0; k < l->n_stays; k++)
			l->in_two_places += k != i &&
					    l->stays[i].from < l->stays[k].to &&
					    l->stays[i].to > l->stays[k].from;
		for (size_t k = 0; k < l->n_visits; k++)
			l->in_two_places += l->stays[i].from < l->visits[k].from &&
					    l->stays[i].to > l->visits[k].to;
	}
	l->stays_in_all += (int64_t)l->n_stays;
	l->harmful += l->no_penicillin ? l->penicillins : 0;
	l->penicillins = 0;
	l->n_stays = l->n_visits = l->n_active = 0;
	l->no_penicillin = false;
}

static void
note_medicine(struct life *l, const struct hf_json *d)
{
	struct hf_sv name = walk_text(d, "medicationCodeableConcept.text");

	l->penicillins += is_penicillin(name);
	if (!hf_sv_is(walk_text(d, "status"), "active"))
		return;
	for (size_t i = 0; i < l->n_active; i++)
		l->twice += hf_sv_eq(name, hf_sv_from(l->names[i]));
	assert_true(l->n_active < HF_COUNT(l->names));
	snprintf(l->names[l->n_active++], sizeof(l->names[0]), "%.*s", HF_SV_ARG(name));
}

static void
follow(struct visit *v)
{
	struct life *l = v->ctx;
	struct hf_sv class = walk_text(&v->doc, "class.code");
	struct hf_date from, to = {.hi = HF_TIME_MAX};

	if (v->index != l->person)
		end_life(l);
	l->person = v->index;
	if (hf_sv_is(v->type, "AllergyIntolerance") &&
	    hf_sv_is(walk_text(&v->doc, "code.coding.0.code"), "91936005")) {
		l->no_penicillin = true;
		l->allergic++;
	}
	if (hf_sv_is(v->type, "MedicationRequest"))
		note_medicine(l, &v->doc);
	if (!hf_sv_is(v->type, "Encounter"))
		return;
	assert_true(hf_date_parse(walk_text(&v->doc, "period.start"), false, &from));
	hf_date_parse(walk_text(&v->doc, "period.end"), false, &to);
	if (hf_sv_is(class, "IMP")) {
		assert_true(l->n_stays < HF_COUNT(l->stays));
		l->stays[l->n_stays].from = from.lo;
		l->stays[l->n_stays++].to = to.hi;
	} else {
		assert_true(l->n_visits < HF_COUNT(l->visits));
		l->visits[l->n_visits].from = from.lo;
		l->visits[l->n_visits++].to = to.hi;
	}
}

HF_TEST(nobody_is_in_two_places_or_given_what_they_must_not_have)
{
	struct life *l = calloc(1, sizeof(*l));

	l->person = -1;
	for_all(follow, l);
	end_life(l);
	assert_true(l->stays_in_all > 100);
	assert_true(l->allergic > 10);
	assert_int_equal(l->in_two_places, 0);
	assert_int_equal(l->twice, 0);
	assert_int_equal(l->harmful, 0);
	free(l);
}

static void
learn_numbers(struct visit *v)
{
	struct ids *s = v->ctx;
	struct hf_sv value = walk_text(&v->doc, "identifier.0.value");

	if (!value.p)
		return;
	s->twice += put_id(
	    s,
	    walk_hash(walk_hash(0, walk_text(&v->doc, "identifier.0.system")), value),
	    true);
	s->n++;
}

HF_TEST(no_two_people_staff_organisations_or_sites_share_an_identifier)
{
	struct ids s = {.size = 1 << 16};

	s.slots = calloc(s.size, sizeof(*s.slots));
	for_all(learn_numbers, &s);
	assert_true(s.n > PEOPLE);
	assert_int_equal(s.twice, 0);
	free(s.slots);
}

struct kinds {
	int64_t by_type[64];
	const char *types[64];
	size_t n;
};

static void
count_type(struct visit *v)
{
	struct kinds *k = v->ctx;
	size_t i = 0;

	while (i < k->n && !hf_sv_eq(v->type, hf_sv_from(k->types[i])))
		i++;
	if (i == k->n) {
		assert_true(k->n < HF_COUNT(k->types));
		/* Types are string literals of the generator. */
		k->types[k->n++] = v->type.p;
	}
	k->by_type[i]++;
}

HF_TEST(a_place_has_all_the_kinds_of_resource_that_pages_show)
{
	static const char *const wanted[] = {"Organization",
					     "Location",
					     "HealthcareService",
					     "Practitioner",
					     "PractitionerRole",
					     "CareTeam",
					     "Patient",
					     "RelatedPerson",
					     "Condition",
					     "MedicationRequest",
					     "MedicationStatement",
					     "AllergyIntolerance",
					     "Observation",
					     "Encounter",
					     "Procedure",
					     "Immunization",
					     "DiagnosticReport",
					     "ServiceRequest",
					     "CarePlan",
					     "Goal",
					     "Flag",
					     "Appointment",
					     "Task",
					     "Communication",
					     "DocumentReference",
					     "EpisodeOfCare",
					     "QuestionnaireResponse",
					     "Consent"};
	struct kinds k = {0};

	for_all(count_type, &k);
	for (size_t i = 0; i < HF_COUNT(wanted); i++) {
		size_t at = 0;

		while (at < k.n && strcmp(k.types[at], wanted[i]) != 0)
			at++;
		if (at == k.n || k.by_type[at] < 5)
			fail_msg("too few of %s", wanted[i]);
	}
}

HF_TEST(a_rich_record_is_as_long_as_asked_for_and_the_others_are_not)
{
	struct hf_synth_place *place = walk_place(PEOPLE, FULL, 2, 4);
	struct hf_synth_unit unit = {0};
	size_t longest_other = 0;
	int rich = 0;

	for (int64_t i = 0; i < PEOPLE; i++) {
		assert_int_equal(
		    hf_synth_make(place, hf_synth_orgs(place) + i, &unit, NULL), HF_OK);
		if (hf_synth_is_rich(place, i)) {
			rich++;
			assert_in_range(unit.n, 5000, 5600);
		} else if (unit.n > longest_other) {
			longest_other = unit.n;
		}
		if (!hf_synth_is_full(place, i))
			assert_in_range(unit.n, 1, 3);
	}
	assert_int_equal(rich, 2);
	assert_in_range(longest_other, 400, 4000);
	hf_synth_unit_free(&unit);
	hf_synth_place_free(place);
}

HF_TEST_MAIN(
    "synth/record", cmocka_unit_test(every_resource_validates_without_a_finding),
    cmocka_unit_test(ids_are_unique_and_every_reference_leads_somewhere),
    cmocka_unit_test(nothing_happens_before_birth_after_death_or_after_now),
    cmocka_unit_test(a_hospital_stay_has_a_cause_a_ward_a_diagnosis_and_a_summary),
    cmocka_unit_test(a_news2_total_is_the_sum_of_its_parts),
    cmocka_unit_test(nobody_is_in_two_places_or_given_what_they_must_not_have),
    cmocka_unit_test(no_two_people_staff_organisations_or_sites_share_an_identifier),
    cmocka_unit_test(a_place_has_all_the_kinds_of_resource_that_pages_show),
    cmocka_unit_test(a_rich_record_is_as_long_as_asked_for_and_the_others_are_not))

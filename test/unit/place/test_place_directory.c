/* Teams and the tree of the place out of the record, on both engines: what each element
 * of docs/interfaces/directory.md means. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include "place/io/directory.h"

#include <stdlib.h>

#define EXT "\"https://homefirst.example/StructureDefinition/"
#define KIND                                                                           \
	"\"type\":[{\"coding\":[{\"system\":"                                          \
	"\"https://homefirst.example/CodeSystem/provider-kind\",\"code\":"

#define URGENCY(u) "{\"url\":" EXT "urgency\",\"valueCode\":\"" u "\"}"

static const char *const place[] = {
    "{\"resourceType\":\"Organization\",\"id\":\"place\"," KIND "\"place\"}]}],"
    "\"name\":\"Place\"}",
    "{\"resourceType\":\"Organization\",\"id\":\"north\"," KIND "\"partnership\"}]}],"
    "\"name\":\"North\",\"partOf\":{\"reference\":\"Organization/place\"}}",
    "{\"resourceType\":\"Organization\",\"id\":\"south\"," KIND "\"partnership\"}]}],"
    "\"name\":\"South\",\"partOf\":{\"reference\":\"Organization/place\"}}",
    "{\"resourceType\":\"Organization\",\"id\":\"oak\"," KIND "\"locality\"}]}],"
    "\"name\":\"Oak\",\"partOf\":{\"reference\":\"Organization/north\"},"
    "\"extension\":[{\"url\":" EXT "postcode-area\",\"valueString\":\"ZX1\"}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"ash\"," KIND "\"locality\"}]}],"
    "\"name\":\"Ash\",\"partOf\":{\"reference\":\"Organization/north\"},"
    "\"extension\":[{\"url\":" EXT "assignment-basis\",\"valueCode\":\"postcode\"},"
    "{\"url\":" EXT "postcode-area\",\"valueString\":\"ZX2 4\"}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"elm\"," KIND "\"locality\"}]}],"
    "\"name\":\"Elm\",\"partOf\":{\"reference\":\"Organization/south\"}}",
    "{\"resourceType\":\"Organization\",\"id\":\"net\"," KIND "\"pcn\"}]}],"
    "\"name\":\"Net\",\"partOf\":{\"reference\":\"Organization/oak\"}}",
    /* Moved from a network of Oak to Elm itself on 1 April 2026. */
    "{\"resourceType\":\"Organization\",\"id\":\"mill\"," KIND
    "\"general-practice\"}]}],\"name\":\"Mill\","
    "\"partOf\":{\"reference\":\"Organization/elm\"},\"extension\":[{\"url\":" EXT
    "part-of\",\"extension\":[{\"url\":\"organization\",\"valueReference\":{"
    "\"reference\":\"Organization/net\"}},{\"url\":\"period\",\"valuePeriod\":{"
    "\"end\":\"2026-03-31\"}}]},{\"url\":" EXT
    "part-of\",\"extension\":[{\"url\":\"organization\",\"valueReference\":{"
    "\"reference\":\"Organization/elm\"}},{\"url\":\"period\",\"valuePeriod\":{"
    "\"start\":\"2026-04-01\"}}]}]}",
    /* Known since 2025; closed to everybody from 2027 on. */
    "{\"resourceType\":\"Organization\",\"id\":\"yew\"," KIND
    "\"general-practice\"}]}],\"name\":\"Yew\",\"extension\":[{\"url\":" EXT
    "part-of\",\"extension\":[{\"url\":\"organization\",\"valueReference\":{"
    "\"reference\":\"Organization/elm\"}},{\"url\":\"period\",\"valuePeriod\":{"
    "\"start\":\"2025-01-01\",\"end\":\"2026-12-31\"}}]}]}",
    "{\"resourceType\":\"Organization\",\"id\":\"trust\"," KIND "\"community\"}]}],"
    "\"identifier\":[{\"system\":"
    "\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"rz2\"}],"
    "\"name\":\"Trust\"}",
    "{\"resourceType\":\"Organization\",\"id\":\"hub\"," KIND "\"hub\"}]}],"
    "\"name\":\"The Hub\"}",
    /* {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]} */
    "{\"resourceType\":\"Location\",\"id\":\"loc-oak\",\"managingOrganization\":{"
    "\"reference\":\"Organization/oak\"},\"extension\":[{\"url\":"
    "\"http://hl7.org/fhir/StructureDefinition/location-boundary-geojson\","
    "\"valueAttachment\":{\"contentType\":\"application/geo+json\",\"data\":"
    "\"eyJ0eXBlIjoiUG9seWdvbiIsImNvb3JkaW5hdGVzIjpbW1swLDBdLFsxLDBdLFsxLDFdLFswLDBd"
    "XV19\"}}]}",
    /* "no polygon" */
    "{\"resourceType\":\"Location\",\"id\":\"loc-elm\",\"managingOrganization\":{"
    "\"reference\":\"Organization/elm\"},\"extension\":[{\"url\":"
    "\"http://hl7.org/fhir/StructureDefinition/location-boundary-geojson\","
    "\"valueAttachment\":{\"contentType\":\"application/geo+json\",\"data\":"
    "\"bm8gcG9seWdvbg==\"}}]}",
    "{\"resourceType\":\"Location\",\"id\":\"loc-north\",\"managingOrganization\":{"
    "\"reference\":\"Organization/north\"}}",
    "{\"resourceType\":\"Location\",\"id\":\"loc-place\",\"managingOrganization\":{"
    "\"reference\":\"Organization/place\"}}",
    "{\"resourceType\":\"Endpoint\",\"id\":\"end\",\"status\":\"active\","
    "\"connectionType\":{\"code\":\"hl7-fhir-msg\"},\"payloadType\":[{\"text\":\"x\"}],"
    "\"address\":\"https://ucr.example/fhir\"}",
};

/* All there is to say of a team. */
static const char full[] =
    "{\"resourceType\":\"HealthcareService\",\"id\":\"b-full\",\"active\":true,"
    "\"providedBy\":{\"reference\":\"Organization/trust\"},"
    "\"type\":[{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"1\"},"
    "{\"system\":\"https://homefirst.example/CodeSystem/service\",\"code\":\"ucr\"}]}],"
    "\"name\":\"UCR North\",\"coverageArea\":[{\"reference\":\"Location/loc-north\"}],"
    "\"characteristic\":[{\"coding\":[{\"system\":"
    "\"https://homefirst.example/CodeSystem/skill\",\"code\":\"iv\"}]},{\"coding\":[{"
    "\"system\":\"https://homefirst.example/CodeSystem/skill\",\"code\":\"wound\"}]}],"
    "\"eligibility\":[{\"code\":{\"coding\":[{\"system\":"
    "\"https://homefirst.example/CodeSystem/condition-group\",\"code\":\"fall\"}]}}],"
    "\"telecom\":[{\"system\":\"email\",\"value\":\"a@b.example\"},"
    "{\"system\":\"phone\",\"value\":\"01632 960001\"}],"
    "\"availableTime\":[{\"daysOfWeek\":[\"mon\",\"tue\"],\"availableStartTime\":"
    "\"08:00:00\",\"availableEndTime\":\"20:00:00\"},{\"daysOfWeek\":[\"sun\"],"
    "\"availableStartTime\":\"20:00:00\",\"availableEndTime\":\"08:00:00\"},"
    "{\"daysOfWeek\":[\"sat\"],\"allDay\":true}],"
    "\"notAvailable\":[{\"description\":\"training\",\"during\":{\"start\":"
    "\"2026-06-09\",\"end\":\"2026-06-09\"}},{\"description\":\"move\",\"during\":{"
    "\"start\":\"2026-06-15T12:00:00+01:00\",\"end\":\"2026-06-16T09:00:00+01:00\"}}],"
    "\"endpoint\":[{\"reference\":\"Endpoint/end\"}],"
    "\"extension\":[" URGENCY("U1") "," URGENCY(
	"U2") ","
	      "{\"url\":" EXT "referrer\",\"valueCode\":\"gp\"},"
	      "{\"url\":" EXT "condition-excluded\",\"valueCode\":\"urgent-diabetes\"},"
	      "{\"url\":" EXT "postcode-area\",\"valueString\":\"ZX9\"},"
	      "{\"url\":" EXT
	      "age-range\",\"valueRange\":{\"low\":{\"value\":18},\"high\":{"
	      "\"value\":99}}},"
	      "{\"url\":" EXT "sex\",\"valueCode\":\"female\"},"
	      "{\"url\":" EXT
	      "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":"
	      "\"08:00:00\"},{\"url\":\"to\",\"valueTime\":\"14:00:00\"},{\"url\":"
	      "\"slots\","
	      "\"valueInteger\":6}]},"
	      "{\"url\":" EXT
	      "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":"
	      "\"08:00:00\"},{\"url\":\"to\",\"valueTime\":\"14:00:00\"},{\"url\":"
	      "\"day\","
	      "\"valueCode\":\"sat\"},{\"url\":\"day\",\"valueCode\":\"sun\"},{\"url\":"
	      "\"slots\","
	      "\"valueInteger\":2}]},"
	      "{\"url\":" EXT
	      "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":"
	      "\"14:00:00\"},{\"url\":\"to\",\"valueTime\":\"00:00:00\"},{\"url\":"
	      "\"slots\","
	      "\"valueInteger\":3}]},"
	      "{\"url\":" EXT "urgent-reserve\",\"valueInteger\":50},"
	      "{\"url\":" EXT "travel-minutes\",\"valueInteger\":15},"
	      "{\"url\":" EXT "travel-minutes-far\",\"valueInteger\":45},"
	      "{\"url\":" EXT "open-on-bank-holidays\",\"valueBoolean\":true},"
	      "{\"url\":" EXT "inherited-caseload\",\"extension\":[{\"url\":\"people\","
	      "\"valueInteger\":31},{\"url\":\"exit-plan\",\"valueDate\":\"2026-12-"
	      "31\"}]},"
	      "{\"url\":" EXT "last-verified\",\"valueDate\":\"2026-05-01\"}]}";

/* Nothing but what makes it a team. */
static const char bare[] =
    "{\"resourceType\":\"HealthcareService\",\"id\":\"a-bare\",\"name\":\"Bare\","
    "\"providedBy\":{\"reference\":\"Organization/trust\"},"
    "\"extension\":[" URGENCY("U5") "]}";

static const char service[] =
    "{\"resourceType\":\"HealthcareService\",\"id\":\"c-clinic\",\"name\":\"Clinic\"}";

struct fixture {
	struct hf_test_store t;
	struct hf_directory d;
	struct hf_issues issues;
	struct hf_geography *g;
};

static bool
set_up(struct fixture *f, int engine, const char *const *more, size_t n)
{
	struct hf_err err = {0};

	*f = (struct fixture){0};
	if (!hf_test_store_open(&f->t, engine))
		return false;
	f->issues.arena = &f->t.arena;
	if (hf_test_put(&f->t, place, HF_COUNT(place), NULL, &err) ||
	    hf_test_put(&f->t, more, n, NULL, &err) ||
	    hf_directory_read(f->t.reader, &f->t.arena, &f->issues, &f->d, &err) ||
	    hf_geography_read(f->t.reader, &f->t.arena, &f->g, &err))
		fail_msg("%s: %s", err.path, err.text);
	return true;
}

static hf_time
at(int year, int month, int day, int hour, int minute)
{
	struct hf_civil c = {.year = year,
			     .month = (int8_t)month,
			     .day = (int8_t)day,
			     .hour = (int8_t)hour,
			     .minute = (int8_t)minute};

	return hf_london_time(&c);
}

static bool
finding(const struct hf_issues *list, const char *path)
{
	for (size_t i = 0; i < list->n; i++)
		if (hf_sv_ends(list->items[i].path, hf_sv_from(path)))
			return true;
	return false;
}

static int engines[] = {0, 1};

#define BOTH(name)                                                                     \
	{#name " [sqlite]", name, NULL, NULL, &engines[0]},                            \
	{                                                                              \
#name " [postgresql]", name, NULL, NULL, &engines[1]                   \
	}

static void
R_2_14_every_element_of_an_entry_is_read(void **state)
{
	const char *const teams[] = {full, bare, service};
	struct fixture f;
	const struct hf_team *t;

	if (!set_up(&f, *(int *)*state, teams, HF_COUNT(teams)))
		skip();
	assert_int_equal(f.d.n, 2);
	t = &f.d.items[1];
	assert_sv_equal(t->id, "b-full");
	assert_sv_equal(t->name, "UCR North");
	assert_sv_equal(t->service, "ucr");
	assert_sv_equal(t->provider, "trust");
	assert_sv_equal(t->provider_name, "Trust");
	assert_sv_equal(t->ods, "RZ2");
	/* The localities of the partnership, by name. */
	assert_int_equal(t->localities.n, 2);
	assert_sv_equal(t->localities.items[0], "ash");
	assert_sv_equal(t->localities.items[1], "oak");
	assert_sv_equal(t->postcodes.items[0], "ZX9");
	assert_int_equal(t->age_min, 18);
	assert_int_equal(t->age_max, 99);
	assert_sv_equal(t->sex, "female");
	assert_sv_equal(t->referrers.items[0], "gp");
	assert_int_equal(t->conditions_in.n, 1);
	assert_sv_equal(t->conditions_in.items[0], "fall");
	assert_sv_equal(t->conditions_out.items[0], "urgent-diabetes");
	assert_int_equal(t->skills.n, 2);
	assert_sv_equal(t->skills.items[1], "wound");
	assert_int_equal(t->urgencies.n, 2);
	assert_int_equal(t->n_parts, 2);
	assert_int_equal(t->parts[0].staffed[0], 6);
	assert_int_equal(t->parts[0].staffed[6], 2);
	assert_int_equal(t->parts[1].to, 1440);
	assert_int_equal(t->reserved_percent, 50);
	assert_int_equal(t->travel_min, 15);
	assert_int_equal(t->travel_far_min, 45);
	assert_int_equal(t->inherited, 31);
	assert_sv_equal(t->inherited_until, "2026-12-31");
	assert_sv_equal(t->phone, "01632 960001");
	assert_sv_equal(t->endpoint, "https://ucr.example/fhir");
	assert_true(t->verified == hf_days_from_civil(2026, 5, 1));
	assert_true(t->active);
	/* Of the bare one there is a finding about its hours alone. */
	assert_int_equal(f.issues.n, 1);
	assert_sv_equal(f.issues.items[0].path,
			"HealthcareService/a-bare.availableTime");
	t = &f.d.items[0];
	assert_int_equal(t->localities.n + t->postcodes.n + t->skills.n, 0);
	assert_int_equal(t->age_max, 130);
	assert_int_equal(t->reserved_percent, 25);
	assert_int_equal(t->travel_far_min, 2 * t->travel_min);
	assert_true(t->verified == INT64_MIN);
	assert_true(hf_hours_open(&t->hours, at(2026, 6, 1, 9, 0)));
	assert_false(hf_hours_open(&t->hours, at(2026, 6, 1, 8, 59)));
	hf_test_store_close(&f.t);
}

static void
R_2_14_opening_times_and_exceptions_are_those_of_the_entry(void **state)
{
	static const struct {
		int day, hour, minute;
		bool open;
	} june[] = {{1, 7, 59, true},	{2, 7, 59, false},  {1, 8, 0, true},
		    {1, 19, 59, true},	{1, 20, 0, false},  {3, 12, 0, false},
		    {6, 0, 0, true},			    /* Saturday, all day */
		    {7, 0, 0, false},			    /* Sunday from 20:00 … */
		    {7, 20, 0, true},	{8, 7, 59, true},   /* … over midnight */
		    {9, 12, 0, false},			    /* training */
		    {15, 11, 59, true}, {15, 12, 0, false}, /* from noon to nine the
							       next day */
		    {16, 8, 59, false}, {16, 9, 0, true}};
	const char *const teams[] = {full};
	const struct hf_hours *h;
	struct fixture f;

	if (!set_up(&f, *(int *)*state, teams, 1))
		skip();
	h = &f.d.items[0].hours;
	for (size_t i = 0; i < HF_COUNT(june); i++)
		if (hf_hours_open(h, at(2026, 6, june[i].day, june[i].hour,
					june[i].minute)) != june[i].open)
			fail_msg("%d June %d:%02d", june[i].day, june[i].hour,
				 june[i].minute);
	/* Spring bank holiday, Monday 25 May: as on a Monday. */
	assert_true(hf_hours_open(h, at(2026, 5, 25, 9, 0)));
	assert_int_equal(h->n_exceptions, 3);
	hf_test_store_close(&f.t);
}

static void
what_is_wrong_in_an_entry_is_named_and_left_out(void **state)
{
	static const char wrong[] =
	    "{\"resourceType\":\"HealthcareService\",\"id\":\"w\","
	    "\"coverageArea\":[{\"reference\":\"Location/nowhere\"}],"
	    "\"availableTime\":[{\"daysOfWeek\":[\"mon\"],\"availableStartTime\":"
	    "\"08:00:00\"}],"
	    "\"notAvailable\":[{\"description\":\"x\",\"during\":{\"start\":"
	    "\"2026-06-09\"}}],"
	    "\"extension\":[" URGENCY("U1") "," URGENCY(
		"U9") ","
		      "{\"url\":" EXT
		      "age-range\",\"valueRange\":{\"low\":{\"value\":65},"
		      "\"high\":{\"value\":18}}},"
		      "{\"url\":" EXT
		      "capacity\",\"extension\":[{\"url\":\"from\",\"valueTime\":"
		      "\"20:00:00\"},{\"url\":\"to\",\"valueTime\":\"08:00:00\"},{"
		      "\"url\":\"slots\","
		      "\"valueInteger\":6}]},"
		      "{\"url\":" EXT "urgent-reserve\",\"valueInteger\":101},"
		      "{\"url\":" EXT "travel-minutes\",\"valueInteger\":-5},"
		      "{\"url\":" EXT "sex\",\"valueCode\":\"f\"},"
		      "{\"url\":" EXT "last-verified\",\"valueDate\":\"2026\"},"
		      "{\"url\":" EXT "colour\",\"valueCode\":\"red\"}]}";
	static const char none[] =
	    "{\"resourceType\":\"HealthcareService\",\"id\":\"x\",\"name\":\"X\","
	    "\"availableTime\":[{\"allDay\":true}],\"extension\":[" URGENCY(
		"soon") "]}";
	static const char *const paths[] = {"w.coverageArea",
					    "w.availableTime",
					    "w.notAvailable.during",
					    "w.extension(urgency)",
					    "w.extension(age-range)",
					    "w.extension(capacity)",
					    "w.extension(urgent-reserve)",
					    "w.extension(travel-minutes)",
					    "w.extension(sex)",
					    "w.extension(last-verified)",
					    "w.extension",
					    "w.name",
					    "w.providedBy",
					    "x.extension(urgency)"};
	const char *const teams[] = {wrong, none};
	const struct hf_team *t;
	struct fixture f;

	if (!set_up(&f, *(int *)*state, teams, HF_COUNT(teams)))
		skip();
	for (size_t i = 0; i < HF_COUNT(paths); i++)
		if (!finding(&f.issues, paths[i]))
			fail_msg("no finding for %s", paths[i]);
	t = &f.d.items[0];
	assert_int_equal(t->urgencies.n, 1);
	assert_int_equal(t->age_min, 0);
	assert_int_equal(t->n_parts, 0);
	assert_int_equal(t->reserved_percent, 25);
	/* A team of an area nobody knows does not become one of the whole place. */
	assert_int_equal(t->localities.n, 1);
	assert_false(f.d.items[1].active);
	hf_test_store_close(&f.t);
}

static void
a_team_of_the_place_covers_everybody(void **state)
{
	static const char whole[] =
	    "{\"resourceType\":\"HealthcareService\",\"id\":\"w\",\"name\":\"W\","
	    "\"providedBy\":{\"reference\":\"Organization/trust\"},"
	    "\"coverageArea\":[{\"reference\":\"Location/loc-oak\"},{\"reference\":"
	    "\"Location/loc-place\"}],\"availableTime\":[{\"allDay\":true}],"
	    "\"extension\":[" URGENCY("U1") "]}";
	const char *const teams[] = {whole};
	struct fixture f;

	if (!set_up(&f, *(int *)*state, teams, 1))
		skip();
	assert_int_equal(f.issues.n, 0);
	assert_int_equal(f.d.items[0].localities.n, 0);
	hf_test_store_close(&f.t);
}

static void
R_1_1_a_person_belongs_by_practice_or_by_postcode(void **state)
{
	static const struct {
		const char *practice, *postcode, *locality, *partnership;
	} cases[] = {
	    {"mill", "", "elm", "south"},
	    /* Oak goes by practice: its postcode does not count for who has one. */
	    {"mill", "ZX1 1AA", "elm", "south"},
	    {"", "ZX1 1AA", "oak", "north"},
	    /* Ash goes by geography. */
	    {"mill", "ZX2 4BB", "ash", "north"},
	    {"mill", "ZX2 5BB", "elm", "south"},
	    {"trust", "ZX1 1AA", "oak", "north"},
	    {"nobody", "", "", ""},
	    {"", "", "", ""},
	};
	struct fixture f;

	if (!set_up(&f, *(int *)*state, NULL, 0))
		skip();
	for (size_t i = 0; i < HF_COUNT(cases); i++) {
		struct hf_belongs b = hf_geography_of(
		    f.g, hf_sv_from(cases[i].practice), hf_sv_from(cases[i].postcode),
		    at(2026, 6, 1, 12, 0));

		assert_sv_equal(b.locality, cases[i].locality);
		assert_sv_equal(b.partnership, cases[i].partnership);
	}
	hf_test_store_close(&f.t);
}

static void
R_1_2_a_move_does_not_change_where_people_were(void **state)
{
	struct fixture f;
	struct hf_belongs b;

	if (!set_up(&f, *(int *)*state, NULL, 0))
		skip();
	b = hf_geography_of(f.g, HF_SV("mill"), HF_SV(""), at(2026, 3, 31, 23, 59));
	assert_sv_equal(b.locality, "oak");
	assert_sv_equal(b.locality_name, "Oak");
	assert_sv_equal(b.practice_name, "Mill");
	b = hf_geography_of(f.g, HF_SV("mill"), HF_SV(""), at(2026, 4, 1, 0, 0));
	assert_sv_equal(b.locality, "elm");
	assert_sv_equal(b.partnership_name, "South");
	/* Before anybody wrote it down it was where it was first; after the end
	 * nowhere. */
	b = hf_geography_of(f.g, HF_SV("yew"), HF_SV(""), at(2024, 6, 1, 12, 0));
	assert_sv_equal(b.locality, "elm");
	b = hf_geography_of(f.g, HF_SV("yew"), HF_SV(""), at(2027, 1, 1, 0, 0));
	assert_int_equal(b.locality.n, 0);
	hf_test_store_close(&f.t);
}

static void
localities_come_with_their_outlines_and_the_hub_is_found(void **state)
{
	const struct hf_locality *l;
	struct hf_sv name;
	struct fixture f;
	size_t n;

	if (!set_up(&f, *(int *)*state, NULL, 0))
		skip();
	l = hf_geography_localities(f.g, &n);
	assert_int_equal(n, 3);
	assert_sv_equal(l[0].name, "Ash");
	assert_sv_equal(l[1].name, "Elm");
	assert_sv_equal(l[2].name, "Oak");
	assert_sv_equal(l[2].partnership, "north");
	assert_sv_equal(
	    l[2].polygon,
	    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}");
	assert_int_equal(l[1].polygon.n, 0);
	assert_sv_equal(hf_geography_hub(f.g, &name), "hub");
	assert_sv_equal(name, "The Hub");
	assert_true(hf_geography_is_place(f.g, HF_SV("place")));
	assert_false(hf_geography_is_place(f.g, HF_SV("oak")));
	hf_test_store_close(&f.t);
}

static void
a_store_without_any_gives_none(void **state)
{
	struct hf_test_store t;
	struct hf_directory d;
	struct hf_geography *g;
	struct hf_err err;
	size_t n;

	if (!hf_test_store_open(&t, *(int *)*state))
		skip();
	assert_int_equal(hf_directory_read(t.reader, &t.arena, NULL, &d, &err), HF_OK);
	assert_int_equal(d.n, 0);
	assert_int_equal(hf_geography_read(t.reader, &t.arena, &g, &err), HF_OK);
	assert_int_equal(hf_geography_hub(g, NULL).n, 0);
	hf_geography_localities(g, &n);
	assert_int_equal(n, 0);
	assert_int_equal(hf_geography_of(g, HF_SV("x"), HF_SV("ZX1 1AA"), 0).locality.n,
			 0);
	hf_test_store_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH(R_2_14_every_element_of_an_entry_is_read),
	    BOTH(R_2_14_opening_times_and_exceptions_are_those_of_the_entry),
	    BOTH(what_is_wrong_in_an_entry_is_named_and_left_out),
	    BOTH(a_team_of_the_place_covers_everybody),
	    BOTH(R_1_1_a_person_belongs_by_practice_or_by_postcode),
	    BOTH(R_1_2_a_move_does_not_change_where_people_were),
	    BOTH(localities_come_with_their_outlines_and_the_hub_is_found),
	    BOTH(a_store_without_any_gives_none),
	};

	return cmocka_run_group_tests_name("place/directory", tests, NULL, NULL);
}

/* The directory of the invented place: it reads without a finding, somebody may be
 * asked for each condition of the hub, and the localities tile their map. */
#include "test/hf_test.h"
#include "test/support/store.h"

#include "hub/words.h"
#include "place/io/directory.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>

static struct {
	struct hf_test_store t;
	struct hf_directory d;
	struct hf_issues issues;
	struct hf_geography *g;
	hf_time noon; /* of a working day */
} f;

static enum hf_rc
put_unit(void *ctx, int64_t index HF_UNUSED, const struct hf_synth_unit *unit,
	 struct hf_err *err)
{
	const char **json = calloc(unit->n, sizeof *json);
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < unit->n; i++)
		json[i] = hf_arena_cstr(&f.t.arena, hf_synth_resource(unit, i).json);
	rc = hf_test_put(ctx, json, unit->n, NULL, err);
	free(json);
	return rc;
}

static int
set_up(void **state HF_UNUSED)
{
	struct hf_synth_config c = hf_synth_defaults();
	struct hf_synth_place *place;
	struct hf_err err = {0};

	c.people = 1000;
	c.full_records = 0;
	f.noon = c.now + 2 * 3600000; /* Thursday 2026-10-01, 12:00 in London */
	if (!hf_test_store_open(&f.t, 0) || hf_synth_place_new(&c, &place, &err))
		return -1;
	if (hf_synth_run(place, 0, hf_synth_orgs(place), put_unit, &f.t, &err)) {
		fprintf(stderr, "%s: %s\n", err.path, err.text);
		return -1;
	}
	hf_synth_place_free(place);
	f.issues.arena = &f.t.arena;
	if (hf_directory_read(f.t.reader, &f.t.arena, &f.issues, &f.d, &err) ||
	    hf_geography_read(f.t.reader, &f.t.arena, &f.g, &err))
		return -1;
	return 0;
}

static int
tear_down(void **state HF_UNUSED)
{
	hf_test_store_close(&f.t);
	return 0;
}

HF_TEST(the_directory_reads_without_a_finding)
{
	size_t stale = 0, inherited = 0;

	for (size_t i = 0; i < f.issues.n; i++)
		fail_msg("%.*s: %.*s", HF_SV_ARG(f.issues.items[i].path),
			 HF_SV_ARG(f.issues.items[i].text));
	assert_in_range(f.d.n, 25, 60);
	for (size_t i = 0; i < f.d.n; i++) {
		const struct hf_team *t = &f.d.items[i];

		assert_true(t->active && t->n_parts && t->skills.n && t->phone.n &&
			    t->ods.n && t->provider_name.n);
		assert_non_null(hf_hub_word(HF_HUB_SERVICES, t->service));
		for (size_t k = 0; k < t->skills.n; k++)
			assert_non_null(hf_hub_word(HF_HUB_SKILLS, t->skills.items[k]));
		for (size_t k = 0; k < t->conditions_in.n; k++)
			assert_non_null(
			    hf_hub_word(HF_HUB_CONDITIONS, t->conditions_in.items[k]));
		for (size_t k = 0; k < t->conditions_out.n; k++)
			assert_non_null(
			    hf_hub_word(HF_HUB_CONDITIONS, t->conditions_out.items[k]));
		stale += hf_team_stale(t, f.noon);
		inherited += t->inherited > 0;
	}
	assert_in_range(stale, 1, 4);
	assert_int_equal(inherited, 1);
}

/* What is asked for most of each condition, by day and by night. */
static const struct need {
	const char *condition, *skill, *urgency;
	int age;
	bool by_night;
} needs[] = {
    {"fall", "falls-lift", "U1", 82, true},
    {"frailty-decompensation", "nursing", "U1", 85, true},
    {"reduced-function", "physiotherapy", "U2", 78, false},
    {"palliative-eol-crisis", "palliative", "U1", 70, true},
    {"urgent-equipment", "equipment", "U1", 75, false},
    {"confusion-delirium", "nursing", "U1", 84, true},
    {"urgent-catheter", "catheter", "U1", 79, true},
    {"urgent-diabetes", "diabetes", "U1", 66, true},
    {"unpaid-carer-breakdown", "personal-care", "U1", 80, false},
    {"other-suitable", "nursing", "U1", 60, true},
    {"mental-health-crisis", "mental-health", "U1", 34, true},
    {"child-acute", "paediatric", "U1", 4, false},
    {"reablement", "occupational-therapy", "U4", 81, false},
    {"long-term-condition", "nursing", "U3", 64, false},
    {"wound-care", "wound", "U5", 72, false},
    {"routine-community", "physiotherapy", "U6", 68, false},
};

HF_TEST(for_each_condition_of_the_hub_somebody_may_be_asked)
{
	struct hf_dispatch_choice *c = calloc(f.d.n, sizeof *c);
	int *committed = calloc(f.d.n, sizeof *committed);
	const struct hf_locality *localities;
	size_t n_localities, n_conditions;

	localities = hf_geography_localities(f.g, &n_localities);
	hf_hub_words(HF_HUB_CONDITIONS, &n_conditions);
	assert_int_equal(HF_COUNT(needs), n_conditions);
	for (size_t i = 0; i < HF_COUNT(needs) * n_localities * 2; i++) {
		const struct need *n = &needs[i / 2 / n_localities];
		bool night = i % 2;
		hf_time now = night ? f.noon + 12 * 3600000 : f.noon;
		struct hf_dispatch_ask ask = {
		    .locality = localities[i / 2 % n_localities].id,
		    .age = n->age,
		    .urgency = hf_sv_from(n->urgency),
		    .condition = hf_sv_from(n->condition),
		    .skills = {.items = {hf_sv_from(n->skill)}, .n = 1},
		    .now = now,
		    .due = hf_sv_is(hf_sv_from(n->urgency), "U1") ? now + 7200000
								  : HF_TIME_MAX,
		};

		assert_non_null(hf_hub_word(HF_HUB_CONDITIONS, ask.condition));
		if (night && !n->by_night)
			continue;
		hf_dispatch_rank(&f.d, committed, &ask, &hf_dispatch_weights, c);
		if (c[0].bars)
			fail_msg("nobody for %s in locality %zu%s: 0x%x", n->condition,
				 i / 2 % n_localities, night ? " by night" : "",
				 c[0].bars);
	}
	free(c);
	free(committed);
}

HF_TEST(there_is_a_hub_of_the_place)
{
	struct hf_sv name, hub = hf_geography_hub(f.g, &name);

	assert_true(hub.n > 0);
	assert_true(hf_sv_ends(name, HF_SV("Care Co-ordination Hub")));
}

/* ---- the map ---- */

enum { EDGES = 128 };

struct edge {
	char from[32], to[32];
};

static size_t
edges_of(struct hf_sv polygon, struct edge *edges, size_t n, double *area)
{
	struct hf_arena arena = {.cap = 1 << 20};
	struct hf_json d;
	uint32_t ring;
	double twice = 0;

	assert_int_equal(hf_json_parse(polygon, NULL, &arena, &d, NULL), HF_OK);
	ring = hf_json_at(&d, hf_json_member(&d, 0, "coordinates"), 0);
	for (uint32_t i = 0; i + 1 < hf_json_count(&d, ring); i++, n++) {
		struct hf_sv a = hf_json_raw(&d, hf_json_at(&d, ring, i));
		struct hf_sv b = hf_json_raw(&d, hf_json_at(&d, ring, i + 1));
		double x, y, u, v;

		assert_true(n < EDGES && a.n < 32 && b.n < 32);
		snprintf(edges[n].from, 32, "%.*s", HF_SV_ARG(a));
		snprintf(edges[n].to, 32, "%.*s", HF_SV_ARG(b));
		assert_int_equal(sscanf(edges[n].from, "[%lf,%lf]", &x, &y), 2);
		assert_int_equal(sscanf(edges[n].to, "[%lf,%lf]", &u, &v), 2);
		twice += x * v - u * y;
	}
	*area = twice / 2;
	hf_arena_free(&arena);
	return n;
}

/* Against the sun, as RFC 7946 has it; each edge is met once from the other side, or
 * is of the coast, and the coast is one line. */
HF_TEST(the_localities_tile_their_map)
{
	static struct edge edges[EDGES];
	const struct hf_locality *l;
	size_t n = 0, localities, coast = 0;

	l = hf_geography_localities(f.g, &localities);
	assert_int_equal(localities, 7);
	for (size_t i = 0; i < localities; i++) {
		double area = 0;

		n = edges_of(l[i].polygon, edges, n, &area);
		assert_true(area > 0.001);
	}
	for (size_t i = 0; i < n; i++) {
		size_t same = 0, back = 0, on = 0;

		for (size_t k = 0; k < n; k++) {
			same += strcmp(edges[i].from, edges[k].from) == 0 &&
				strcmp(edges[i].to, edges[k].to) == 0;
			back += strcmp(edges[i].from, edges[k].to) == 0 &&
				strcmp(edges[i].to, edges[k].from) == 0;
			on += strcmp(edges[i].to, edges[k].from) == 0;
		}
		assert_int_equal(same, 1);
		assert_true(back <= 1 && on >= 1);
		coast += back == 0;
	}
	assert_in_range(coast, 10, 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_directory_reads_without_a_finding),
	    cmocka_unit_test(for_each_condition_of_the_hub_somebody_may_be_asked),
	    cmocka_unit_test(there_is_a_hub_of_the_place),
	    cmocka_unit_test(the_localities_tile_their_map),
	};

	return cmocka_run_group_tests_name("place/invented", tests, set_up, tear_down);
}

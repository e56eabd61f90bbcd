/* The place beside its peers: population.md 5 (POP-T22).  All figures are made up. */
#include "test/hf_test.h"

#include <math.h>

#include "measure/peers.h"
#include "population/peer.h"

static struct hf_err err;

#define OK(call)                                                                       \
	do {                                                                           \
		if ((call) != HF_OK)                                                   \
			fail_msg("%s: %s %s", #call, err.path, err.text);              \
	} while (0)

#define HEAD                                                                           \
	"{\"id\":\"g\",\"version\":\"1\",\"title\":\"G\",\"source\":\"S\","            \
	"\"frozen\":\"2026-01-01\","

static void
load(const char *text, struct hf_arena *arena, struct hf_peer_group *out)
{
	struct hf_issues issues = {.arena = arena};

	OK(hf_peer_group_load("g.json", hf_sv_from(text), arena, &issues, out, &err));
}

HF_TEST(the_groups_that_are_built_in_load_and_compare_measures_that_are_there)
{
	struct hf_arena arena = {.cap = 32 << 20};
	struct hf_issues issues = {.arena = &arena};
	struct hf_pop_framework f;

	OK(hf_pop_framework_load(hf_measures_builtin, hf_n_measures_builtin,
				 hf_codesets_builtin, hf_n_codesets_builtin, &arena,
				 &issues, &f, &err));
	for (size_t i = 0; i < hf_n_peers_builtin; i++) {
		struct hf_peer_group g;

		OK(hf_peer_group_load(hf_peers_builtin[i].name,
				      hf_peers_builtin[i].text, &arena, &issues, &g,
				      &err));
		for (size_t k = 0; k < g.n_compares; k++)
			assert_true(hf_pop_framework_find(
					&f, hf_sv_from(g.compares[k].measure)) >= 0);
	}
	hf_arena_free(&arena);
}

HF_TEST(each_mistake_in_a_group_of_peers_is_named)
{
	static const char *const bad[][2] = {
	    {HEAD
	     "\"of\":\"trusts\",\"compare\":[{\"measure\":\"m\",\"figure\":\"f\"}]}",
	     "organisations or boards"},
	    {HEAD "\"of\":\"boards\",\"compare\":[]}", "compares measures"},
	    {"{\"id\":\"g\",\"version\":\"1\",\"title\":\"G\",\"source\":\"S\","
	     "\"frozen\":\"soon\",\"of\":\"boards\","
	     "\"compare\":[{\"measure\":\"m\",\"figure\":\"f\"}]}",
	     "is a day"},
	    {HEAD "\"of\":\"boards\",\"named\":[\"QAA\"],\"nearest\":{\"to\":\"QAA\","
		  "\"features\":[\"x\"]},"
		  "\"compare\":[{\"measure\":\"m\",\"figure\":\"f\"}]}",
	     "not both"},
	};

	for (size_t i = 0; i < HF_COUNT(bad); i++) {
		struct hf_arena arena = {.cap = 1 << 20};
		struct hf_issues issues = {.arena = &arena};
		struct hf_peer_group g;

		assert_int_equal(hf_peer_group_load("g.json", hf_sv_from(bad[i][0]),
						    &arena, &issues, &g, NULL),
				 HF_INVALID);
		assert_non_null(
		    strstr(hf_arena_cstr(&arena, issues.items[0].text), bad[i][1]));
		hf_arena_free(&arena);
	}
}

/* ---- a place ---- */

struct place {
	struct hf_arena arena;
	struct hf_pop_measure m;
	struct hf_pop_framework f;
	struct hf_pop_figure figure;
	struct hf_pop_report r;
	struct hf_bench_value v[64], over[64];
	struct hf_peer_input in;
	struct hf_peers out;
};

/* 365 days from 2024-01-01 (day 12418). */
enum { FROM = 12418, DAYS = 365 };
static const char *const names[] = {"QAA", "QBB", "QCC", "QDD", "QEE", "QFF",
				    "QGG", "QHH", "QII", "QJJ", "QKK", "QLL"};

static void
place_open(struct place *p, enum hf_pop_scale scale, enum hf_ms_direction direction,
	   struct hf_ms_interval own, double of)
{
	memset(p, 0, sizeof *p);
	p->arena.cap = 8 << 20;
	p->m = (struct hf_pop_measure){.id = "m",
				       .scale = scale,
				       .per = scale == HF_POP_RATE ? 1000 : 100,
				       .direction = direction,
				       .places = NAN,
				       .price = {185000, 0.6, 0}};
	p->f = (struct hf_pop_framework){.measures = &p->m, .n = 1};
	p->figure = (struct hf_pop_figure){
	    .value = own, .out_of = of, .counted = own.value * of / p->m.per};
	p->r =
	    (struct hf_pop_report){.f = &p->f,
				   .ask = {.total_from = FROM, .total_to = FROM + DAYS},
				   .n_measures = 1,
				   .n_areas = 1,
				   .figures = &p->figure};
	p->in.figure.v = p->v;
	p->in.over.v = p->over;
}

static void
place_add(struct place *p, const char *org, double num, double den, double over)
{
	p->v[p->in.figure.n++] = (struct hf_bench_value){.org = hf_sv_from(org),
							 .name = hf_sv_from(org),
							 .from = FROM,
							 .to = FROM + DAYS,
							 .num = num,
							 .den = den,
							 .feed = 3};
	if (over > 0)
		p->over[p->in.over.n++] =
		    (struct hf_bench_value){.org = hf_sv_from(org),
					    .from = 10000,
					    .to = 10031,
					    .num = over,
					    .den = NAN,
					    .feed = 4};
}

static void
reckon(struct place *p, const char *text)
{
	struct hf_peer_group *g = HF_NEW(&p->arena, struct hf_peer_group);

	load(text, &p->arena, g);
	OK(hf_peers_reckon(g, &g->compares[0], &p->r, 0, &p->in, &p->arena, &p->out,
			   &err));
}

#define RATE                                                                           \
	HEAD "\"of\":\"organisations\",\"compare\":[{\"measure\":\"m\","               \
	     "\"figure\":\"f\",\"over\":\"o\"}]}"
#define SHARE                                                                          \
	HEAD "\"of\":\"organisations\",\"compare\":[{\"measure\":\"m\","               \
	     "\"figure\":\"f\"}]}"

HF_TEST(pop_t22_the_opportunity_at_median_and_better_quarter_with_range_and_money)
{
	static const double rates[] = {92.1,  97.4,  99.8,  101.2, 103.5,
				       105.0, 108.8, 112.6, 118.3, 121.9};
	struct place *p = calloc(1, sizeof *p);

	place_open(p, HF_POP_RATE, HF_MS_LOWER_BETTER,
		   (struct hf_ms_interval){115.6, 114.3, 116.9}, 262000);
	for (size_t i = 0; i < HF_COUNT(rates); i++)
		place_add(p, names[i], rates[i] * 1000 * DAYS / 365.25, NAN, 1e6);
	reckon(p, RATE);
	assert_int_equal(p->out.n, 10);
	assert_true(fabs(p->out.median - 104.25) < 1e-6);
	assert_true(fabs(p->out.better_quarter - 100.15) < 1e-6);
	assert_true(p->out.has_gain);
	assert_true(fabs(p->out.gain[0].events.value - 2973.7) < 0.05);
	assert_true(fabs(p->out.gain[1].events.value - 4047.9) < 0.05);
	assert_true(fabs(p->out.gain[1].money.marginal / 100 - 4493169) < 1);
	assert_true(fabs(p->out.gain[0].money.marginal / 100 - 3300807) < 1);
	assert_true(p->out.gain[0].money.releasable == 0);
	/* The range is that of the own rate. */
	assert_true(fabs(p->out.gain[0].events.low - (114.3 - 104.25) * 262) < 0.05);
	assert_true(fabs(p->out.gain[0].events.high - (116.9 - 104.25) * 262) < 0.05);
	/* Worse than the median with its whole interval; the quarter begins at 111.65.
	 */
	assert_int_equal(p->out.position, HF_PEER_WORST_QUARTER);
	assert_true(p->out.phi > 1);
	assert_int_equal(p->out.n_feeds, 2);
	hf_arena_free(&p->arena);
	free(p);
}

HF_TEST(a_share_that_is_better_when_higher_has_more_to_gain_and_never_below_0)
{
	struct place *p = calloc(1, sizeof *p);

	place_open(p, HF_POP_SHARE, HF_MS_HIGHER_BETTER,
		   (struct hf_ms_interval){70, 69, 71}, 10000);
	for (int i = 0; i < 5; i++)
		place_add(p, names[i], 60 + 5 * i, 100, 0); /* 60 … 80 */
	reckon(p, SHARE);
	assert_true(p->out.median == 70 && p->out.better_quarter == 75);
	assert_int_equal(p->out.position, HF_PEER_AROUND);
	assert_true(p->out.gain[0].events.value == 0);
	assert_true(fabs(p->out.gain[0].events.high - 100) < 1e-9);
	assert_true(fabs(p->out.gain[1].events.value - 500) < 1e-9);
	assert_true(fabs(p->out.gain[1].events.low - 400) < 1e-9);
	/* Each peer has its interval, and they stand by code. */
	for (size_t i = 0; i < p->out.n; i++) {
		const struct hf_peer *q = &p->out.peers[i];

		assert_true(q->value.low < q->value.value &&
			    q->value.high > q->value.value);
		assert_true(i == 0 || hf_sv_cmp(q[-1].org, q->org) < 0);
	}
	hf_arena_free(&p->arena);
	free(p);
}

HF_TEST(nobody_is_his_own_peer_and_who_is_left_out_is_named)
{
	struct place *p = calloc(1, sizeof *p);

	place_open(p, HF_POP_SHARE, HF_MS_LOWER_BETTER,
		   (struct hf_ms_interval){50, 49, 51}, 1000);
	for (int i = 0; i < 5; i++)
		place_add(p, names[i], 10, 100, 0);
	place_add(p, "QZZ", NAN, NAN, 0); /* held back */
	reckon(p, HEAD "\"of\":\"organisations\",\"leaveOut\":[\"QAA\"],\"compare\":[{"
		       "\"measure\":\"m\",\"figure\":\"f\"}]}");
	assert_int_equal(p->out.n, 4);
	assert_int_equal(p->out.n_left, 2);
	assert_sv_equal(p->out.left[0].org, "QAA");
	assert_string_equal(p->out.left[0].why, "the place's own");
	assert_sv_equal(p->out.left[1].org, "QZZ");
	/* Named, and in none of the files. */
	reckon(p, HEAD "\"of\":\"organisations\",\"named\":[\"QBB\",\"QCC\",\"QXX\"],"
		       "\"compare\":[{\"measure\":\"m\",\"figure\":\"f\"}]}");
	assert_int_equal(p->out.n, 2);
	assert_true(isnan(p->out.median)); /* fewer than four have none */
	assert_int_equal(p->out.position, HF_PEER_UNKNOWN);
	assert_false(p->out.has_gain);
	assert_int_equal(p->out.n_left, 1);
	assert_sv_equal(p->out.left[0].org, "QXX");
	hf_arena_free(&p->arena);
	free(p);
}

HF_TEST(boards_are_the_sums_of_who_belongs_to_them)
{
	static const struct hf_peer_parent parents[] = {
	    {{"F81001", 6}, {"QAA", 3}, {"First", 5}},
	    {{"RXA", 3}, {"QAA", 3}, {"First", 5}},
	    {{"RXB", 3}, {"QAA", 3}, {"First", 5}},
	};
	struct place *p = calloc(1, sizeof *p);

	place_open(p, HF_POP_RATE, HF_MS_LOWER_BETTER,
		   (struct hf_ms_interval){100, 90, 110}, 1000);
	place_add(p, "F81001", NAN, NAN, 36525);
	p->in.figure.n = 0; /* a practice has people, and no attendances */
	place_add(p, "RXA", 300, NAN, 0);
	place_add(p, "RXB", 65, NAN, 0);
	place_add(p, "RXC", 65, NAN, 0); /* belongs to nobody */
	p->in.parents = parents;
	p->in.n_parents = 3;
	reckon(p, HEAD "\"of\":\"boards\",\"compare\":[{\"measure\":\"m\","
		       "\"figure\":\"f\",\"over\":\"o\"}]}");
	assert_int_equal(p->out.n, 1);
	assert_sv_equal(p->out.peers[0].org, "QAA");
	assert_sv_equal(p->out.peers[0].name, "First");
	assert_true(p->out.peers[0].num == 365);
	assert_true(fabs(p->out.peers[0].value.value - 10) < 1e-9);
	hf_arena_free(&p->arena);
	free(p);
}

HF_TEST(the_nearest_are_those_most_alike_and_without_features_all)
{
	static struct hf_bench_value age[8];
	struct place *p = calloc(1, sizeof *p);
	static const char text[] =
	    HEAD "\"of\":\"organisations\",\"nearest\":{\"to\":\"QAA\",\"n\":2,"
		 "\"features\":[\"age\"]},"
		 "\"compare\":[{\"measure\":\"m\",\"figure\":\"f\"}]}";

	place_open(p, HF_POP_SHARE, HF_MS_LOWER_BETTER,
		   (struct hf_ms_interval){50, 49, 51}, 1000);
	for (int i = 0; i < 6; i++) {
		place_add(p, names[i], 10 + i, 100, 0);
		age[i] = (struct hf_bench_value){.org = hf_sv_from(names[i]),
						 .num = i == 0 ? 18 : 10 + 3 * i};
	}
	reckon(p, text); /* nothing known of anybody: all but the own */
	assert_int_equal(p->out.n, 5);
	p->in.features[0].v = age;
	p->in.features[0].n = 6;
	/* 13 16 19 22 25 beside 18: QDD (19) and QCC (16). */
	reckon(p, text);
	assert_int_equal(p->out.n, 2);
	assert_sv_equal(p->out.peers[0].org, "QCC");
	assert_sv_equal(p->out.peers[1].org, "QDD");
	hf_arena_free(&p->arena);
	free(p);
}

HF_TEST_MAIN(
    "population/peer",
    cmocka_unit_test(
	the_groups_that_are_built_in_load_and_compare_measures_that_are_there),
    cmocka_unit_test(each_mistake_in_a_group_of_peers_is_named),
    cmocka_unit_test(
	pop_t22_the_opportunity_at_median_and_better_quarter_with_range_and_money),
    cmocka_unit_test(
	a_share_that_is_better_when_higher_has_more_to_gain_and_never_below_0),
    cmocka_unit_test(nobody_is_his_own_peer_and_who_is_left_out_is_named),
    cmocka_unit_test(boards_are_the_sums_of_who_belongs_to_them),
    cmocka_unit_test(the_nearest_are_those_most_alike_and_without_features_all))

/* Peers, opportunity, funnels, queues, scenarios: POP-T22 … POP-T29. */
#include "test/hf_test.h"
#include "measure/peers.h"
#include "measure/queue.h"
#include "test/unit/measure/near.h"

HF_TEST(POP_T22_the_size_of_the_opportunity_and_its_money)
{
	static const double peers[] = {92.1,  97.4,  99.8,  101.2, 103.5,
				       105.0, 108.8, 112.6, 118.3, 121.9};
	struct hf_ms_interval own = hf_ms_rate(30287.2, 262000, 1000, 0.95), o;
	struct hf_ms_money m;
	double q1 = hf_ms_quantile(peers, 10, 0.25);

	assert_near(own.value, 115.6, 1e-9);
	assert_near(q1, 100.15, 1e-9);
	assert_near(hf_ms_quantile(peers, 10, 0.5), 104.25, 1e-9);
	o = hf_ms_opportunity(own, q1, 262000, 1000);
	assert_near(o.value, 4047.9, 0.05);
	assert_true(o.low < o.value && o.value < o.high);
	m = hf_ms_opportunity_money(o.value, 185000, 0.6, 0);
	assert_near(m.marginal / 100, 4493169, 0.5);
	assert_near(m.releasable, 0, 0);
	o = hf_ms_opportunity(own, 104.25, 262000, 1000);
	assert_near(o.value, 2973.7, 0.05);
	m = hf_ms_opportunity_money(o.value, 185000, 0.6, 0);
	assert_near(m.marginal / 100, 3300807, 0.5);
	/* Better than the target is no negative opportunity. */
	o = hf_ms_opportunity(own, 150, 262000, 1000);
	assert_near(o.value, 0, 0);
	assert_near(o.low, 0, 0);
	/* Of what is not known it is not known, and not nothing. */
	o = hf_ms_opportunity((struct hf_ms_interval){NAN, NAN, NAN}, 150, 262000,
			      1000);
	assert_true(isnan(o.value) && isnan(o.low) && isnan(o.high));
}

HF_TEST(nearest_peers_are_by_distance_then_by_order)
{
	static const double features[] = {0, 0, 1, 1, 5, 5, 1, 1, NAN, 0.5};
	size_t order[4];
	double scratch[5 + 4];

	hf_ms_nearest(features, 5, 2, 0, order, scratch);
	assert_int_equal(order[0], 4);
	assert_int_equal(order[1], 1);
	assert_int_equal(order[2], 3);
	assert_int_equal(order[3], 2);
}

HF_TEST(POP_T23_funnel_limits)
{
	static const struct {
		double n, low95, high95, low998, high998;
	} t[] = {{100, .0720, .2080, .0328, .2472},
		 {400, .1060, .1740, .0864, .1936},
		 {1000, .1185, .1615, .1061, .1739}};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		struct hf_ms_interval f = hf_ms_funnel_share(0.14, t[i].n, 0.95, 1);

		assert_near(f.low, t[i].low95, 5e-5);
		assert_near(f.high, t[i].high95, 5e-5);
		f = hf_ms_funnel_share(0.14, t[i].n, 0.998, 1);
		assert_near(f.low, t[i].low998, 6e-5); /* text takes z 3.09 */
		assert_near(f.high, t[i].high998, 6e-5);
	}
	struct hf_ms_interval r = hf_ms_funnel_ratio(100, 0.95, 1);

	/* Exact limits stand near the normal 0.804 and 1.196. */
	assert_near(r.low, 0.804, 0.015);
	assert_near(r.high, 1.196, 0.025);
	/* On the limit a count's own interval just reaches what was expected. */
	assert_near(hf_ms_poisson(100 * r.high, 0.95).low, 100, 1e-6);
	assert_near(hf_ms_poisson(100 * r.low, 0.95).high, 100, 1e-6);
	r = hf_ms_funnel_ratio(100, 0.998, 1);
	assert_near(r.low, 0.691, 0.03);
	assert_near(r.high, 1.309, 0.04);
	r = hf_ms_funnel_ratio(0.5, 0.95, 1);
	assert_near(r.low, 0, 1e-9);
	assert_true(hf_ms_funnel_ratio(100, 0.95, 4).high > 1.35);
}

HF_TEST(POP_T24_over_dispersion)
{
	static const double z[] = {-1.2, .4, 2.6, -.8, 1.9, -2.4, .1, 3.1, -.6, .9};
	static const double value[] = {1, 2, 3, 4}, se[] = {1, 1, 1, 1};
	double scratch[10];

	assert_near(hf_ms_phi(z, 10, 0, scratch), 2.916, 5e-4);
	assert_true(hf_ms_phi(z, 10, 0.1, scratch) < 2.916);
	/* Sum of squares 5, three degrees: (5 - 3) / (4 - 1). */
	assert_near(hf_ms_tau2(value, se, 4, 2.5), 2.0 / 3, 1e-12);
	assert_near(hf_ms_tau2(value, se, 1, 1), 0, 0);
}

HF_TEST(POP_T25_littles_law)
{
	assert_near(hf_ms_little(6, 8.5), 51, 1e-12);
	assert_near(hf_ms_places(51, 0.8), 64, 0);
	assert_near(hf_ms_places(40, 0.8), 50, 0);
}

HF_TEST(POP_T26_waiting_by_erlang_c)
{
	static const struct {
		double arrivals, minutes;
		unsigned c;
		double load, waits, wq, over, over_t; /* over: share waiting > t h */
	} t[] = {
	    {4, 40, 3, .8889, .7975, 95.70, .6211, 0.5},
	    {4, 40, 4, .6667, .3784, 11.353, .1392, 0.5},
	    {4, 40, 5, .5333, .1616, 2.771, .0281, 0.5},
	    {2, 90, 4, .75, .5094, 45.85, 1 - .8657, 2},
	    {2, 90, 5, .60, .2362, 10.627, 1 - .9836, 2},
	    {2, 90, 6, .50, .0991, 2.974, 1 - .9982, 2},
	};
	struct hf_ms_queue q;

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		double services = 60 / t[i].minutes;

		assert_true(hf_ms_erlang_c(t[i].arrivals, services, t[i].c, &q));
		assert_near(q.load, t[i].load, 5e-5);
		assert_near(q.waits, t[i].waits, 5e-5);
		assert_near(60 * q.mean_wait, t[i].wq, 5e-3);
		assert_near(
		    hf_ms_wait_over(&q, t[i].arrivals, services, t[i].c, t[i].over_t),
		    t[i].over, 5e-5);
		assert_near(q.mean_queue, t[i].arrivals * q.mean_wait, 1e-12);
	}
	/* A queue that grows without end has no mean. */
	assert_false(hf_ms_erlang_c(4, 1, 4, &q));
	assert_false(hf_ms_erlang_c(5, 1, 4, &q));
	assert_false(hf_ms_erlang_c(1, 1, 0, &q));
}

HF_TEST(POP_T27_turned_away_by_erlang_b)
{
	static const struct {
		unsigned c;
		double away, occupancy;
	} t[] = {{51, .10383, .896},
		 {56, .05366, .862},
		 {60, .02679, .827},
		 {64, .01113, .788}};

	for (size_t i = 0; i < HF_COUNT(t); i++) {
		double b = hf_ms_erlang_b(51, t[i].c);

		assert_near(b, t[i].away, 5e-6);
		assert_near(51 * (1 - b) / t[i].c, t[i].occupancy, 5e-4);
	}
}

HF_TEST(POP_T29_a_bend_against_growth_still_leaves_growth)
{
	static const struct hf_ms_scenario s = {28000, .019, .012, .18,
						.20,   .60,  4.2,  .92};
	static const struct {
		double ramp, unchanged, share, after, avoided, beds;
	} t[] = {{.33, 28874.4, .007128, 28668.6, 205.8, 2.57},
		 {.67, 29776.1, .014472, 29345.2, 430.9, 5.39},
		 {1.0, 30705.9, .021600, 30042.7, 663.2, 8.30}};

	for (unsigned i = 0; i < HF_COUNT(t); i++) {
		struct hf_ms_year y = hf_ms_scenario_year(&s, i + 1, t[i].ramp);

		assert_near(y.unchanged, t[i].unchanged, 0.05);
		assert_near(y.share, t[i].share, 5e-7);
		assert_near(y.after, t[i].after, 0.05);
		assert_near(y.avoided, t[i].avoided, 0.05);
		assert_near(y.beds, t[i].beds, 0.005);
	}
}

HF_TEST_MAIN("measure/peers",
	     cmocka_unit_test(POP_T22_the_size_of_the_opportunity_and_its_money),
	     cmocka_unit_test(nearest_peers_are_by_distance_then_by_order),
	     cmocka_unit_test(POP_T23_funnel_limits),
	     cmocka_unit_test(POP_T24_over_dispersion),
	     cmocka_unit_test(POP_T25_littles_law),
	     cmocka_unit_test(POP_T26_waiting_by_erlang_c),
	     cmocka_unit_test(POP_T27_turned_away_by_erlang_b),
	     cmocka_unit_test(POP_T29_a_bend_against_growth_still_leaves_growth))

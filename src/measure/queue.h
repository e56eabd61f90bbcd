/* queue.h - demand against capacity by formula, and scenarios of growth.  Pure.
 * population.md 6.  Poisson arrivals, exponential service, nobody gives up, steady
 * state: a result is approximate and labelled so. */
#ifndef HF_MEASURE_QUEUE_H
#define HF_MEASURE_QUEUE_H

#include "base/base.h"

/* Little's law: how many are in, of arrivals a day and days each stays (POP-T25), and
 * places that are needed for it at an occupancy. */
double hf_ms_little(double arrivals, double stay);
double hf_ms_places(double inside, double occupancy); /* whole, upwards */

/* Share turned away of offered load a (Erlang) over c places: Erlang B (POP-T27). */
double hf_ms_erlang_b(double a, unsigned c);

struct hf_ms_queue {
	double load;	   /* rho = a / c */
	double waits;	   /* share who wait at all: Erlang C */
	double mean_wait;  /* in the unit of time of the rates */
	double mean_queue; /* how many wait */
};
/* False when load is 1 or more: the queue grows without end and has no mean (POP-T26).
 * arrivals and services (of one server) per unit of time. */
bool hf_ms_erlang_c(double arrivals, double services, unsigned c,
		    struct hf_ms_queue *out);
/* Share who wait longer than t. */
double hf_ms_wait_over(const struct hf_ms_queue *q, double arrivals, double services,
		       unsigned c, double t);

/* A scenario (POP-T29): growth of two kinds a year, and a share that is avoided. */
struct hf_ms_scenario {
	double baseline;
	double growth_people, growth_other; /* a year, 0.019 */
	double scope, avoidable, reach;	    /* shares */
	double stay, occupancy;		    /* days; share */
};
struct hf_ms_year {
	double unchanged, share, after, avoided, beds;
};
/* Year y from 1; ramp: how far the scheme has come in that year, 0 … 1. */
struct hf_ms_year hf_ms_scenario_year(const struct hf_ms_scenario *s, unsigned y,
				      double ramp);

#endif

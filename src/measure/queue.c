/* queue.c - Little, Erlang, growth. */
#include "measure/queue.h"

#include <math.h>

double
hf_ms_little(double arrivals, double stay)
{
	return arrivals * stay;
}

double
hf_ms_places(double inside, double occupancy)
{
	/* 51 / 0.8 is a hair above 63.75 or below: whole numbers stay whole. */
	return occupancy > 0.0 ? ceil(inside / occupancy - 1e-9) : NAN;
}

double
hf_ms_erlang_b(double a, unsigned c)
{
	double b = 1.0;

	for (unsigned k = 1; k <= c; k++)
		b = a * b / (k + a * b);
	return b;
}

bool
hf_ms_erlang_c(double arrivals, double services, unsigned c, struct hf_ms_queue *out)
{
	double a = arrivals / services, load, b;

	if (!(arrivals >= 0.0 && services > 0.0) || c == 0 || !(a < c))
		return false;
	load = a / c;
	b = hf_ms_erlang_b(a, c);
	out->load = load;
	out->waits = b / (1.0 - load * (1.0 - b));
	out->mean_wait = out->waits / (c * services - arrivals);
	out->mean_queue = arrivals * out->mean_wait;
	return true;
}

double
hf_ms_wait_over(const struct hf_ms_queue *q, double arrivals, double services,
		unsigned c, double t)
{
	return q->waits * exp(-(c * services - arrivals) * t);
}

struct hf_ms_year
hf_ms_scenario_year(const struct hf_ms_scenario *s, unsigned y, double ramp)
{
	double factor = (1.0 + s->growth_people) * (1.0 + s->growth_other);
	struct hf_ms_year out;

	out.unchanged = s->baseline * pow(factor, y);
	out.share = s->scope * s->avoidable * s->reach * ramp;
	out.after = out.unchanged * (1.0 - out.share);
	out.avoided = out.unchanged - out.after;
	out.beds = out.avoided * s->stay / 365.0 / s->occupancy;
	return out;
}

/* peer_int.h - what the files of peer.h share. */
#ifndef HF_POPULATION_PEER_INT_H
#define HF_POPULATION_PEER_INT_H

#include "population/peer.h"

#define HF_PEER_CONFIDENCE 0.95

struct hf_peer_sum { /* of one peer */
	struct hf_sv org, name;
	double num, den, over, least;
	double month[HF_PEER_MONTHS]; /* num / den of each; NAN none */
	unsigned months, without;     /* that it has a value of, or a row without one */
};

struct hf_peer_work {
	const struct hf_peer_group *g;
	const struct hf_peer_compare *c;
	const struct hf_pop_measure *m;
	const struct hf_peer_input *in;
	struct hf_arena *arena;
	struct hf_peers *out;
	struct hf_peer_sum *sums;
	size_t n;
	uint16_t first[HF_PEER_MONTHS], end[HF_PEER_MONTHS]; /* of the months: days */
	size_t n_months;
	double days; /* of the place's own total */
};

/* An interval times by. */
struct hf_ms_interval hf_peer_times(struct hf_ms_interval i, double by);
/* value with how one month differs from another, where people are counted on a day. */
struct hf_ms_interval hf_peer_of_months(double value, const double *month,
					size_t months, double by);

/* peer_stand.c: the place's own figure; median and quarters of the peers; the limits of
 * the funnel; and, after these, where the place stands and what it has to gain. */
void hf_peer_own(struct hf_peer_work *w, const struct hf_pop_report *r, size_t m);
enum hf_rc hf_peer_quarters(struct hf_peer_work *w, struct hf_err *err);
enum hf_rc hf_peer_funnel(struct hf_peer_work *w, struct hf_err *err);
void hf_peer_stand(struct hf_peer_work *w);

#endif

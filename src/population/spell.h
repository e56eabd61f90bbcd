/* spell.h - admissions: what kind they are, how long, and which are one stay.  Pure.
 * population.md 1.1. */
#ifndef HF_POPULATION_SPELL_H
#define HF_POPULATION_SPELL_H

#include <stddef.h>

#include "population/model.h"

enum hf_pop_pod_note { HF_POD_FINE, HF_POD_DAY_CASE_STAYED, HF_POD_UNKNOWN };

/* The setting of an admission by method, patient classification (1 … 5, 0 not known)
 * and nights, by the rules in their order. */
enum hf_pop_setting hf_pop_pod(enum hf_pop_method method, int class, unsigned nights,
			       enum hf_pop_pod_note *note);

bool hf_pop_emergency(enum hf_pop_method method); /* 21-25, 2A-2D, 28 */
bool hf_pop_elective(enum hf_pop_method method);  /* 11-13 */

/* Midnights of [day, day + los) within [from, to). */
unsigned hf_pop_bed_days(const struct hf_pop_event *e, uint16_t from, uint16_t to);

/* Minutes that went by between two times of London's clock, also over the nights in
 * which it is changed; -1 when b lies before a.  In the hour that comes twice b is the
 * second when it would lie before a else. */
int64_t hf_pop_elapsed(uint16_t day_a, uint16_t minute_a, uint32_t day_b,
		       uint16_t minute_b);
/* Minutes from start to end, as they went by; -1 when either has no time (3.6 goes by
 * days then), or the end lies before the start. */
int64_t hf_pop_minutes(const struct hf_pop_event *e);

struct hf_pop_cip_rules {
	uint8_t days;	     /* between discharge and admission, at most: 2 */
	bool needs_transfer; /* a destination, source or method that shows one */
};
#define HF_POP_CIP_DEFAULT                                                             \
	((struct hf_pop_cip_rules){.days = 2, .needs_transfer = true})

/* Of the events of one person, in order of day then minute: *cip[i] is the index of the
 * first spell of the continuous stay that event i is of; of an event that is no
 * admission, itself. */
void hf_pop_cip(const struct hf_pop_event *e, size_t n,
		const struct hf_pop_cip_rules *rules, uint32_t *cip);

/* Orders events of persons by person, day, minute, provider; for qsort. */
int hf_pop_event_order(const void *a, const void *b);

/* How two stays of one person at one provider stand to each other, a not after b. */
enum hf_pop_overlap {
	HF_POP_APART,
	HF_POP_SAME,	/* the same start and end */
	HF_POP_OVERLAPS /* b begins a day or more before a ends */
};
enum hf_pop_overlap hf_pop_overlap(const struct hf_pop_event *a,
				   const struct hf_pop_event *b);

#endif

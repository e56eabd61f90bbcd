/* activity.h - what happened to the people of a synthetic place, as rows of the
 * person-level model: persons, registrations, conditions, events and values of some
 * years, without documents.  Pure.  docs/interfaces/generate.md.
 *
 * The people are those of the place (same NHS number, birth, sex, practice, conditions
 * and frailty as their records), and after them those who lived there in these years
 * and are no more on a list: who died earlier than the records go back, who moved away.
 * A life depends on (place, config, index) and nothing else, so lives can be made in
 * any order and by several threads.  Rates are those of definitions/synthetic, which a
 * test holds against published English figures. */
#ifndef HF_SYNTH_ACTIVITY_H
#define HF_SYNTH_ACTIVITY_H

#include "population/model.h"
#include "synth/effect.h"
#include "synth/synth.h"

struct hf_synth_activity_config {
	int years;  /* 1 ... 5 whole years of months before this month */
	bool whole; /* also what is thinned otherwise: rate.def */
	const struct hf_synth_effect *effects; /* borrowed until ..._new() is back */
	size_t n_effects;
};

struct hf_synth_activity;

/* Three years, thinned, no effects. */
struct hf_synth_activity_config hf_synth_activity_defaults(void);

/* Borrows place.  HF_INVALID names the setting that is out of range; HF_TOO_LONG when
 * there is no memory.  Free with hf_synth_activity_free(). */
enum hf_rc hf_synth_activity_new(const struct hf_synth_place *place,
				 const struct hf_synth_activity_config *config,
				 struct hf_synth_activity **out, struct hf_err *err);
void hf_synth_activity_free(struct hf_synth_activity *a); /* NULL is fine */

/* Lives there are: the place's people and who is no more on a list. */
int64_t hf_synth_activity_lives(const struct hf_synth_activity *a);
/* Days covered, [from, to), as in model.h; the month of a day, from 0. */
uint16_t hf_synth_activity_from(const struct hf_synth_activity *a);
uint16_t hf_synth_activity_to(const struct hf_synth_activity *a);
int hf_synth_activity_month(const struct hf_synth_activity *a, uint16_t day);

/* Codes of the rows below, a dictionary a kind: 0 is "", texts live as long as a. */
size_t hf_synth_activity_codes(const struct hf_synth_activity *a,
			       enum hf_pop_kind kind);
struct hf_sv hf_synth_activity_code(const struct hf_synth_activity *a,
				    enum hf_pop_kind kind, uint16_t code);
/* Locality 0 ... 6 of a practice code. */
int hf_synth_activity_locality(const struct hf_synth_activity *a, uint16_t practice);

/* One life.  The caller's, zeroed at first and used again and again; freed with
 * hf_synth_life_free().  person.pid is left zero: the pseudonym is made of key, the NHS
 * number where there is one and a text that can be none otherwise.  Rows have person 0.
 * An event's further diagnoses are at dx[dx_more]: how many, then the codes. */
struct hf_synth_life {
	struct hf_pop_person person;
	char key[40];
	struct hf_pop_registration reg[2];
	struct hf_pop_condition cond[64];
	struct hf_pop_event *event; /* by day, minute */
	struct hf_pop_value *value;
	uint16_t *dx;
	size_t n_reg, n_cond, n_event, n_value, n_dx;
	size_t max_event, max_value, max_dx;
	bool failed; /* out of memory */
};

/* Makes life index anew.  Safe from several threads with a life each.  HF_TOO_LONG when
 * there is no memory; index is below hf_synth_activity_lives(). */
enum hf_rc hf_synth_activity_make(const struct hf_synth_activity *a, int64_t index,
				  struct hf_synth_life *life, struct hf_err *err);
void hf_synth_life_free(struct hf_synth_life *life);

#endif

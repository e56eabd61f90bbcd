/* list.h - who is most in need: people registered in a practice, a locality or a place,
 * ordered by a score, as many chosen as there is room for.  Pure.  population.md 2.7.
 *
 * What always holds of a list:
 *   - nobody on it is dead, objects, is untraced, or is on a caseload already;
 *   - everybody who is registered there is either on it or counted under one reason why
 *     not, so that the counts add up;
 *   - its order is that of score, then eFI, then pseudonym: the same rows again give
 * the same list. */
#ifndef HF_POPULATION_LIST_H
#define HF_POPULATION_LIST_H

#include "population/need.h"

enum { HF_POP_LISTS_MOST = 8, HF_POP_DRIVERS = 3, HF_POP_LISTED_MOST = 100000 };

struct hf_pop_list_rule {
	const char *id, *version, *title, *source, *purpose;
	const char *score, *band, *outcome, *note; /* band "": all */
	int from_age;
	int wte, people, months;  /* of a caseload */
	int preventable, accepts; /* percent */
};

/* Reads a document of definitions/need-lists.  HF_INVALID: all mistakes are in issues,
 * with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_list_load_rule(const char *name, struct hf_sv text,
				 struct hf_arena *arena, struct hf_issues *issues,
				 struct hf_pop_list_rule *out, struct hf_err *err);

extern const struct hf_definition_text hf_need_lists_builtin[];
extern const size_t hf_n_need_lists_builtin;

/* Places that become free a month: wte × people ÷ months, whole ones (Little's law,
 * POP-T09).  0 when months is not above 0. */
int hf_pop_starts(int wte, int people, int months);

struct hf_pop_scope { /* of one of these; none: everybody who is registered */
	uint16_t practice, locality;
	const uint8_t
	    *localities; /* by code, not 0: one of a team's; NULL: not asked */
};

/* Is a person registered within scope on a day?  *practice: where (NULL is fine). */
bool hf_pop_in_scope(const struct hf_pop_columns *c, struct hf_pop_scope scope,
		     uint32_t person, uint16_t day, uint16_t *practice);

/* Why somebody who is registered within the scope could not be chosen. */
enum hf_pop_why_not {
	HF_POP_LISTED, /* they could */
	HF_POP_NOT_DEAD,
	HF_POP_NOT_OBJECTS,
	HF_POP_NOT_UNTRACED,
	HF_POP_NOT_CASELOAD,
	HF_POP_NOT_YOUNG,
	HF_POP_NOT_UNSCORED,
	HF_POP_NOT_BELOW,
	HF_POP_NOT_HERE, /* not registered within the scope */
	HF_POP_WHY_NOTS
};

struct hf_pop_listed {
	uint32_t person;
	int32_t points;
	int16_t efi; /* deficits, -1: not scored */
	uint8_t band, risk;
	bool chosen; /* within the places */
	uint16_t practice;
	double
	    benefit; /* events of the rule's outcome that help may prevent in a year */
};

struct hf_pop_list_of {
	struct hf_pop_listed *people; /* in order */
	size_t n, chosen;
	/* Everybody registered: n and these. */
	uint32_t registered, dead, objects, untraced, on_caseload, too_young, below,
	    unscored;
};

struct hf_pop_list_ask {
	const struct hf_pop_list_rule *rule;
	const struct hf_pop_need *need; /* as of the day of the list */
	struct hf_pop_scope scope;
	size_t places;		 /* how many are chosen */
	const uint8_t *caseload; /* by ordinal, not 0: on one; NULL: nobody is */
	const double *risk;	 /* of HF_POP_RISK_PREVENTION + 1 bands: expected events
				  * a person and year; NULL: not known, benefit is 0 */
};

/* HF_INVALID: the rule's score or band is not there.  HF_TOO_LONG: more than
 * HF_POP_LISTED_MOST, or no memory.  out lies in arena. */
enum hf_rc hf_pop_list_make(const struct hf_pop_list_ask *ask, struct hf_arena *arena,
			    struct hf_pop_list_of *out, struct hf_err *err);

/* Of one person, by the same rules in the same order.  Errors as above. */
enum hf_rc hf_pop_list_status(const struct hf_pop_list_ask *ask, uint32_t person,
			      enum hf_pop_why_not *out, struct hf_err *err);

/* The top reasons for somebody's points, most points first, at most HF_POP_DRIVERS; the
 * order of the document breaks ties. */
enum hf_rc hf_pop_drivers(const struct hf_pop_need *need, struct hf_sv score,
			  uint32_t person, struct hf_arena *arena,
			  struct hf_pop_evidence out[HF_POP_DRIVERS], size_t *n,
			  struct hf_err *err);

/* Emergency admissions a person and year in each band of risk, counted over the 365
 * days after need->day by who was in the band on it: out[band], and out[0] of nobody.
 */
void hf_pop_risk_rates(const struct hf_pop_need *need,
		       double out[HF_POP_RISK_PREVENTION + 1]);
/* How many emergency admissions began within (from, from + 365]. */
uint32_t hf_pop_emergencies(const struct hf_pop_columns *c, uint32_t person,
			    uint16_t from);

#endif

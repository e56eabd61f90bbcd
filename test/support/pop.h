/* pop.h - a population in memory for tests: rows put in any order, sorted when asked
 * for.  Days are since HF_POP_DAY_ZERO; hf_day_of("2021-03-04") gives one. */
#ifndef HF_TEST_SUPPORT_POP_H
#define HF_TEST_SUPPORT_POP_H

#include "population/columns.h"

struct hf_test_pop;

struct hf_test_pop *hf_test_pop_new(void);
void hf_test_pop_free(struct hf_test_pop *p);

uint16_t hf_day_of(const char *date);
int16_t hf_month_of(const char *date); /* of birth */

uint16_t hf_test_code(struct hf_test_pop *p, enum hf_pop_kind kind, const char *text);
/* Gives the ordinal.  pid: when it is all 0, made of the ordinal. */
uint32_t hf_test_person(struct hf_test_pop *p, struct hf_pop_person person);
/* dx: "I501 E112", the first is the primary; proc: NULL or a code. */
void hf_test_event(struct hf_test_pop *p, struct hf_pop_event event, const char *dx,
		   const char *proc);
void hf_test_registered(struct hf_test_pop *p, uint32_t person, const char *practice,
			uint16_t from, uint16_t to);
void hf_test_condition(struct hf_test_pop *p, uint32_t person, const char *code,
		       uint16_t from, uint16_t to);
void hf_test_value(struct hf_test_pop *p, uint32_t person, const char *code,
		   uint16_t day, int32_t milli);
void hf_test_locality(struct hf_test_pop *p, const char *practice, const char *id,
		      uint16_t from, uint16_t to);
/* Sorts, and lends the columns until the next row is put. */
const struct hf_pop_columns *hf_test_columns(struct hf_test_pop *p);

#endif

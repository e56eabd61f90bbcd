/* workday.h - working days in England and Wales: not Saturday, Sunday or a bank
 * holiday.  Bank holidays are reckoned by rule (Banking and Financial Dealings Act
 * 1971 and proclamations); what was proclaimed for single years is a table. */
#ifndef HF_BASE_WORKDAY_H
#define HF_BASE_WORKDAY_H

#include "base/time.h"

/* Days are counted since 1970-01-01; good for the years 1978 to 2199. */
bool hf_bank_holiday(int64_t day);
bool hf_workday(int64_t day);
/* The day that is n working days after day, which itself does not count. */
int64_t hf_workdays_after(int64_t day, int n);

/* Easter Sunday of a year (Gregorian). */
int64_t hf_easter(int32_t year);

#endif

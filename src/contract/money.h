/* money.h - money in whole pence, rates as exact decimals, one rounding, shares that
 * add up, and the NHS financial year.  Pure.  contract-and-governance.md section 5.
 *
 * What always holds: nothing here is a binary float; a sum or product that does not
 * fit is refused (false), and the output is left alone then. */
#ifndef HF_CONTRACT_MONEY_H
#define HF_CONTRACT_MONEY_H

#include "base/base.h"
#include "fhir/decimal.h" /* hf_i128 */

typedef int64_t hf_pence;
/* A factor, share or percentage in thousand-millionths: 1.0423 is 1042300000. */
typedef int64_t hf_rate;

#define HF_RATE_ONE ((hf_rate)1000000000)

/* How halves are rounded; kept beside what was reckoned with it. */
enum hf_rounding {
	HF_HALF_AWAY, /* 2.5 is 3, -2.5 is -3: contracts and statements */
	HF_HALF_EVEN  /* 2.5 is 2, -2.5 is -2: statistical allocation */
};

/* ---- reckoning ---- */

/* num / den rounded once.  False when den is 0 or the result does not fit. */
bool hf_round_div(hf_i128 num, hf_i128 den, enum hf_rounding how, int64_t *out);
/* amount * rate, multiplied in 128 bits, rounded once. */
bool hf_pence_scale(hf_pence amount, hf_rate rate, enum hf_rounding how, hf_pence *out);
/* amount * num / den likewise: for counts and shares that are no decimals. */
bool hf_pence_ratio(hf_pence amount, int64_t num, int64_t den, enum hf_rounding how,
		    hf_pence *out);
/* *sum += v; false leaves *sum alone. */
bool hf_pence_add(hf_pence *sum, hf_pence v);
bool hf_pence_sub(hf_pence *sum, hf_pence v);
/* units * price: exact. */
bool hf_pence_times(hf_pence price, int64_t units, hf_pence *out);

enum { HF_SHARES_MOST = 1024 };

/* Cuts total by weights so that the parts add up to it: each rounded towards zero,
 * then a penny each to the largest remainders, the first among equals.  A negative
 * total gives the parts of its opposite, negated.  False when n is 0 or more than
 * HF_SHARES_MOST, a weight is negative, or all are 0. */
bool hf_pence_allocate(hf_pence total, const int64_t *weights, size_t n, hf_pence *out);

/* ---- text ---- */

/* "1.0423", "-0.5", "45 %" (0.45); at most nine places, seven of a percentage.  No
 * exponent, no blank but before %. */
bool hf_rate_parse(struct hf_sv text, hf_rate *out);
/* Shortest plain decimal, NUL-terminated; buf holds at least HF_MONEY_TEXT bytes.
 * Returns buf. */
char *hf_rate_text(hf_rate rate, char *buf, size_t size);

/* "1234.5", "£1,234.56", "-£3", "(1,234.56)": pounds with at most two places; commas
 * only where thousands end; minus (also U+2212) before the pound sign, or brackets. */
bool hf_pence_parse(struct hf_sv text, hf_pence *out);

enum hf_pence_style {
	HF_PENCE_PLAIN,	  /* -1234.56: CSV and JSON */
	HF_PENCE_POUNDS,  /* -£1,234.56 */
	HF_PENCE_BRACKETS /* (£1,234.56) */
};
enum { HF_MONEY_TEXT = 40 };

/* NUL-terminated in buf of at least HF_MONEY_TEXT bytes; gives buf. */
char *hf_pence_text(hf_pence v, enum hf_pence_style style, char *buf, size_t size);

/* ---- the financial year: 1 April to 31 March, periods 1 (April) to 12 ---- */

struct hf_period {
	int16_t fy;    /* the year it starts in: 2020 is 2020/21 */
	int8_t period; /* 1 … 12 */
};

/* Of a day in London, as days since 1970-01-01. */
struct hf_period hf_period_of(int64_t day);
/* First day of a period; of period 13 the first day of the next year. */
int64_t hf_period_first(int fy, int period);
/* "2020/21"; buf holds at least HF_MONEY_TEXT bytes.  Gives buf. */
char *hf_fy_text(int fy, char *buf, size_t size);
/* "2020/21", and "2020"; the two years have to follow each other. */
bool hf_fy_parse(struct hf_sv text, int *out);

#endif

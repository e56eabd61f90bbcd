/* ucum.h - units of measure in the case-sensitive codes of UCUM: what a code is made
 * of, so that quantities of different units can be compared.  Pure.
 *
 * Source: The Unified Code for Units of Measure, tables 1 to 26.  What is held are
 * the units of medicine, trade and everyday life; a code that is not held is not
 * known, which is no error of the resource. */
#ifndef HF_FHIR_UCUM_H
#define HF_FHIR_UCUM_H

#include "fhir/decimal.h"

/* m s g rad K C cd, and one for units that compare with themselves alone. */
enum { HF_UCUM_DIMENSIONS = 8 };

struct hf_ucum {
	/* One of the unit is num / den of the base units' product. */
	struct hf_decimal num, den;
	int16_t dim[HF_UCUM_DIMENSIONS];
	uint32_t own; /* which unit that compares with itself alone; 0: none */
	/* Degrees: zero of the scale in its own unit, added before the factor. */
	struct hf_decimal zero;
};

/* Takes a code apart: "mg/dL", "mm[Hg]", "10*3/uL", "/min", "kg.m/s2", "{beats}/min".
 * False when it is none, holds a unit that is not known, or leaves 36 digits. */
bool hf_ucum_parse(struct hf_sv code, struct hf_ucum *out);

/* Do they measure the same kind of thing? */
bool hf_ucum_same_kind(const struct hf_ucum *a, const struct hf_ucum *b);

/* The two amounts a (of unit ua) and b (of ub) as numbers that compare like them.
 * False when they are of different kinds or leave 36 digits. */
bool hf_ucum_align(struct hf_decimal a, const struct hf_ucum *ua, struct hf_decimal b,
		   const struct hf_ucum *ub, struct hf_decimal *x,
		   struct hf_decimal *y);

#endif

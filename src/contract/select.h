/* select.h - which activity is a line's: what a contract says of it, and which line a
 * priced row belongs to.  Pure.
 *
 * What always holds of terms that were read: no row that could come is claimed by two
 * lines, so the lines of a row are one or none. */
#ifndef HF_CONTRACT_SELECT_H
#define HF_CONTRACT_SELECT_H

#include "contract/price.h"

enum hf_ct_dim { /* what of a row is looked at; a row passes when each does */
		 HF_CT_BY_SPECIALTY, /* begins with one of these */
		 HF_CT_BY_HRG,	     /* likewise */
		 HF_CT_BY_PROVIDER,  /* is one of these */
		 HF_CT_BY_COMMISSIONER,
		 HF_CT_DIMS
};

enum { HF_CT_CHOICES = 16 };

struct hf_ct_choice {
	hf_ct_code of[HF_CT_CHOICES];	  /* none: any */
	hf_ct_code except[HF_CT_CHOICES]; /* of prefixes only */
	uint8_t n, n_except;
};

struct hf_ct_select {
	uint32_t pods; /* bits by enum hf_ct_pod; 0: any */
	uint8_t kinds; /* bits by enum hf_ct_act; 0: any */
	struct hf_ct_choice by[HF_CT_DIMS];
};

/* Does the row fall under it?  Nothing does under NULL. */
bool hf_ct_selects(const struct hf_ct_select *s, const struct hf_ct_activity *a,
		   const struct hf_ct_priced *p);
/* Could one row fall under both?  Never of NULL. */
bool hf_ct_select_meet(const struct hf_ct_select *a, const struct hf_ct_select *b);

#endif

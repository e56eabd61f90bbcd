/* intake_int.h - the minimum data set as a table. */
#ifndef HF_HUB_INTAKE_INT_H
#define HF_HUB_INTAKE_INT_H

#include "hub/intake.h"
#include "hub/words.h"

enum hf_intake_kind {
	HF_ITEM_TEXT,
	HF_ITEM_CODE,
	HF_ITEM_NUMBER,
	HF_ITEM_YES,
	HF_ITEM_TIME
};

/* See intake.def. */
enum hf_intake_need {
	HF_ITEM_NEED_M,
	HF_ITEM_NEED_P,
	HF_ITEM_NEED_C,
	HF_ITEM_NEED_S,
	HF_ITEM_NEED_R,
	HF_ITEM_NEED_F,
	HF_ITEM_NEED_N
};

struct hf_intake_item {
	const char *path;
	enum hf_intake_kind kind;
	size_t offset;
	enum hf_hub_list list; /* HF_HUB_LISTS: none */
	enum hf_intake_need need;
	const char *text;
};

extern const struct hf_intake_item hf_intake_items[];
extern const size_t hf_n_intake_items;

/* The field of an item: texts, codes and times; numbers and yes or no. */
struct hf_sv *hf_intake_text(const struct hf_intake *in,
			     const struct hf_intake_item *item);
int *hf_intake_number(const struct hf_intake *in, const struct hf_intake_item *item);
/* Is anything said? */
bool hf_intake_has(const struct hf_intake *in, const struct hf_intake_item *item);

#endif

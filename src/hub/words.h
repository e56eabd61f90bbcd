/* words.h - the code lists of the hub (docs/interfaces/hub.md, GET /api/hub). */
#ifndef HF_HUB_WORDS_H
#define HF_HUB_WORDS_H

#include "base/base.h"

enum hf_hub_list {
	HF_HUB_URGENCIES,
	HF_HUB_CONDITIONS, /* section 2.4, with the mental-health and child groups */
	HF_HUB_SOURCES,	   /* */
	HF_HUB_SKILLS,
	HF_HUB_OUTCOMES,
	HF_HUB_REJECTIONS, /* directory rejection codes and RRNA, FC, OTH */
	HF_HUB_CANCELLATIONS,
	HF_HUB_DOWNGRADES, /* */
	HF_HUB_DECLINES,   /* */
	HF_HUB_BREACHES,   /* */
	HF_HUB_FLAGS,	   /* section 2.2 */
	HF_HUB_SERVICES,
	HF_HUB_LISTS
};

struct hf_hub_word {
	const char *code, *text;
	const char *more; /* urgencies: the target in words; else "" */
};

extern const char *const hf_hub_list_names[HF_HUB_LISTS]; /* "urgencies" … */
/* The list; *n its length. */
const struct hf_hub_word *hf_hub_words(enum hf_hub_list list, size_t *n);
/* NULL when there is none of this code. */
const struct hf_hub_word *hf_hub_word(enum hf_hub_list list, struct hf_sv code);

#endif

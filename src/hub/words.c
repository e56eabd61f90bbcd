/* words.c - the code lists of the hub. */
#include "hub/words.h"

/* Which list each line of words.def is of: those of one list stand together. */
static const enum hf_hub_list list_of[] = {
#define HF_HUB_WORD(list, code, text, more) HF_HUB_##list,
#include "hub/words.def"
#undef HF_HUB_WORD
};

static const struct hf_hub_word words[] = {
#define HF_HUB_WORD(list, code, text, more) {code, text, more},
#include "hub/words.def"
#undef HF_HUB_WORD
};

const char *const hf_hub_list_names[HF_HUB_LISTS] = {
    [HF_HUB_URGENCIES] = "urgencies",
    [HF_HUB_CONDITIONS] = "conditions",
    [HF_HUB_SOURCES] = "sources",
    [HF_HUB_SKILLS] = "skills",
    [HF_HUB_OUTCOMES] = "outcomes",
    [HF_HUB_REJECTIONS] = "rejections",
    [HF_HUB_CANCELLATIONS] = "cancellations",
    [HF_HUB_DOWNGRADES] = "downgrades",
    [HF_HUB_DECLINES] = "declines",
    [HF_HUB_BREACHES] = "breaches",
    [HF_HUB_FLAGS] = "flags",
    [HF_HUB_SERVICES] = "services",
};

const struct hf_hub_word *
hf_hub_words(enum hf_hub_list list, size_t *n)
{
	size_t first = 0;

	while (first < HF_COUNT(words) && list_of[first] != list)
		first++;
	*n = 0;
	while (first + *n < HF_COUNT(words) && list_of[first + *n] == list)
		++*n;
	return words + first;
}

const struct hf_hub_word *
hf_hub_word(enum hf_hub_list list, struct hf_sv code)
{
	size_t n;
	const struct hf_hub_word *w = hf_hub_words(list, &n);

	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(code, hf_sv_from(w[i].code)))
			return &w[i];
	return NULL;
}

/* words.c - the words of the vocabulary and what they mean. */
#include "access/words.h"

struct word {
	const char *word, *text;
};

static const struct word groups[] = {
    {"", "no role group"},
#define HF_GROUP(name, text) {#name, text},
#include "access/words.def"
#undef HF_GROUP
};
static const struct word relations[] = {
    {"", "no relationship"},
#define HF_RELATION(name, text) {#name, text},
#include "access/words.def"
#undef HF_RELATION
};
static const struct word levels[] = {
    {"", "not classified"},
#define HF_LEVEL(name, text) {#name, text},
#include "access/words.def"
#undef HF_LEVEL
};
static const struct word contents[] = {
    {"", "not classified"},
#define HF_CONTENT(name, text) {#name, text},
#include "access/words.def"
#undef HF_CONTENT
};
static const struct word purposes[] = {
    {"", "no purpose"},
#define HF_PURPOSE(name, text) {#name, text},
#include "access/words.def"
#undef HF_PURPOSE
};
static const struct word activities[] = {
    {"", "nothing"},
#define HF_ACTIVITY(name, reads, text) {#name, text},
#include "access/words.def"
#undef HF_ACTIVITY
};
static const struct word tiers[] = {
    {"", "no agreement"},
#define HF_TIER(name, text) {#name, text},
#include "access/words.def"
#undef HF_TIER
};
static const struct word facts[] = {
    {"", ""},
#define HF_FACT(name, text) {#name, text},
#include "access/words.def"
#undef HF_FACT
};
static const struct word reasons[] = {
    {"", "no reason"},
#define HF_REASON(name, text) {#name, text},
#include "access/words.def"
#undef HF_REASON
};
static const struct word notes[] = {
    {"", ""},
#define HF_NOTE(name, text) {#name, text},
#include "access/words.def"
#undef HF_NOTE
};
static const struct word outcomes[] = {
    [HF_ALLOW] = {"ALLOW", "it is shown"},
    [HF_MASK] = {"MASK", "it is shown with marked gaps"},
    [HF_PSEUDO] = {"PSEUDO", "it is shown without identity"},
    [HF_BTG] = {"BTG", "only by breaking the glass"},
    [HF_DENY] = {"DENY", "it is not shown"},
};

static const struct {
	const char *name;
	const struct word *words;
	int n;
} vocabularies[] = {
    [HF_WORDS_GROUP] = {"group", groups, HF_GROUPS},
    [HF_WORDS_RELATION] = {"relation", relations, HF_RELATIONS},
    [HF_WORDS_LEVEL] = {"level", levels, HF_LEVELS},
    [HF_WORDS_CONTENT] = {"content", contents, HF_CONTENTS},
    [HF_WORDS_PURPOSE] = {"purpose", purposes, HF_PURPOSES},
    [HF_WORDS_ACTIVITY] = {"activity", activities, HF_ACTIVITIES},
    [HF_WORDS_TIER] = {"tier", tiers, HF_TIERS},
    [HF_WORDS_FACT] = {"fact", facts, HF_FACTS},
    [HF_WORDS_REASON] = {"reason", reasons, HF_REASONS},
    [HF_WORDS_NOTE] = {"note", notes, HF_NOTES},
    [HF_WORDS_ACCESS] = {"outcome", outcomes, HF_DENY + 1},
};

_Static_assert(HF_FACTS < 64, "the facts have to fit a set");

int
hf_word_find(enum hf_vocabulary of, struct hf_sv word)
{
	for (int i = 0; i < vocabularies[of].n; i++)
		if (hf_sv_eq(word, hf_sv_from(vocabularies[of].words[i].word)))
			return i;
	return -1;
}

const char *
hf_word(enum hf_vocabulary of, int enumerator)
{
	assert(enumerator >= 0 && enumerator < vocabularies[of].n);
	return vocabularies[of].words[enumerator].word;
}

const char *
hf_word_text(enum hf_vocabulary of, int enumerator)
{
	assert(enumerator >= 0 && enumerator < vocabularies[of].n);
	return vocabularies[of].words[enumerator].text;
}

const char *
hf_vocabulary_name(enum hf_vocabulary of)
{
	return vocabularies[of].name;
}

int
hf_words_count(enum hf_vocabulary of)
{
	return vocabularies[of].n;
}

bool
hf_activity_reads(enum hf_activity activity)
{
	static const bool reads[] = {
	    false,
#define HF_ACTIVITY(name, reads, text) reads,
#include "access/words.def"
#undef HF_ACTIVITY
	};

	return reads[activity];
}

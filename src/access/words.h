/* words.h - the vocabulary of access: enumerators and sets of them, from words.def.
 *
 * 0 is "not said" everywhere, and no rule that allows anything takes it.  A set is
 * a word with bit HF_BIT(enumerator). */
#ifndef HF_ACCESS_WORDS_H
#define HF_ACCESS_WORDS_H

#include "base/base.h"

enum hf_group {
	HF_GROUP_NONE,
#define HF_GROUP(name, text) HF_GROUP_##name,
#include "access/words.def"
#undef HF_GROUP
	HF_GROUPS
};

enum hf_relation_kind {
	HF_REL_NONE,
#define HF_RELATION(name, text) HF_REL_##name,
#include "access/words.def"
#undef HF_RELATION
	HF_RELATIONS
};

enum hf_level {
	HF_LEVEL_NONE,
#define HF_LEVEL(name, text) HF_LEVEL_##name,
#include "access/words.def"
#undef HF_LEVEL
	HF_LEVELS
};

enum hf_content {
	HF_CONTENT_NONE,
#define HF_CONTENT(name, text) HF_CONTENT_##name,
#include "access/words.def"
#undef HF_CONTENT
	HF_CONTENTS
};

enum hf_purpose {
	HF_PURPOSE_NONE,
#define HF_PURPOSE(name, text) HF_PURPOSE_##name,
#include "access/words.def"
#undef HF_PURPOSE
	HF_PURPOSES
};

enum hf_activity {
	HF_ACT_NONE,
#define HF_ACTIVITY(name, reads, text) HF_ACT_##name,
#include "access/words.def"
#undef HF_ACTIVITY
	HF_ACTIVITIES
};

enum hf_tier {
	HF_TIER_NONE, /* no agreement is known: as T0 */
#define HF_TIER(name, text) HF_TIER_##name,
#include "access/words.def"
#undef HF_TIER
	HF_TIERS
};

enum hf_fact {
	HF_FACT_NONE,
#define HF_FACT(name, text) HF_FACT_##name,
#include "access/words.def"
#undef HF_FACT
	HF_FACTS
};

enum hf_reason {
	HF_REASON_NONE,
#define HF_REASON(name, text) HF_REASON_##name,
#include "access/words.def"
#undef HF_REASON
	HF_REASONS
};

enum hf_note {
	HF_NOTE_NONE,
#define HF_NOTE(name, text) HF_NOTE_##name,
#include "access/words.def"
#undef HF_NOTE
	HF_NOTES
};

/* From the mildest to the strictest: the stricter of two wins. */
enum hf_access {
	HF_ALLOW,
	HF_MASK,   /* shown with marked gaps */
	HF_PSEUDO, /* shown without identity */
	HF_BTG,	   /* only by breaking the glass */
	HF_DENY
};

#define HF_BIT(e) ((uint64_t)1 << (e))

enum hf_vocabulary {
	HF_WORDS_GROUP,
	HF_WORDS_RELATION,
	HF_WORDS_LEVEL,
	HF_WORDS_CONTENT,
	HF_WORDS_PURPOSE,
	HF_WORDS_ACTIVITY,
	HF_WORDS_TIER,
	HF_WORDS_FACT,
	HF_WORDS_REASON,
	HF_WORDS_NOTE,
	HF_WORDS_ACCESS,
	HF_VOCABULARIES
};

/* The enumerator called word ("CLIN"); -1 when there is none.  "" is none. */
int hf_word_find(enum hf_vocabulary of, struct hf_sv word);
/* The word of an enumerator, "" for "not said"; its meaning in plain English. */
const char *hf_word(enum hf_vocabulary of, int enumerator);
const char *hf_word_text(enum hf_vocabulary of, int enumerator);
/* "group", "relation" …: what the vocabulary is called in the documents. */
const char *hf_vocabulary_name(enum hf_vocabulary of);
/* How many enumerators, "not said" included. */
int hf_words_count(enum hf_vocabulary of);

bool hf_activity_reads(enum hf_activity activity);

#endif

/* policy_load.h - what the files that read the documents of access share. */
#ifndef HF_ACCESS_POLICY_LOAD_H
#define HF_ACCESS_POLICY_LOAD_H

#include "access/policy.h"

enum {
	RULES_MAX = 200,
	WORDS_MAX = 500,
	CODES_MAX = 20000, /* of one category */
	CODE_MAX = 20,	   /* bytes of one */
	DAYS_MAX = 3660
};

struct hf_load {
	struct hf_arena *arena;
	struct hf_issues *issues;
	const char *file;
	struct hf_sv text;
	struct hf_json doc;
	uint32_t sets; /* member "sets" of the document */
	struct hf_policy *out;
	bool full; /* the arena is */
};

/* A finding at node, with the line of the document. */
void hf_load_wrong(struct hf_load *l, uint32_t node, const char *fmt, ...)
    HF_PRINTF(3, 4);
/* A copy that lives as long as the policy; "" when the member is no text, which is
 * wrong where it is needed. */
const char *hf_load_text(struct hf_load *l, uint32_t object, struct hf_sv name,
			 bool needed);
#define HF_LOAD_TEXT(l, object, lit) hf_load_text((l), (object), HF_SV(lit), true)
/* The enumerator that the member names; -1 and wrong when it is none. */
int hf_load_word(struct hf_load *l, uint32_t object, struct hf_sv name,
		 enum hf_vocabulary of);
/* The same of the text at node. */
int hf_load_word_at(struct hf_load *l, uint32_t node, enum hf_vocabulary of);
/* The set that a list of words is, or the set of the document that it names. */
uint64_t hf_load_set(struct hf_load *l, uint32_t node, enum hf_vocabulary of);
/* The list that a value is: itself, or the set that it names. */
uint32_t hf_load_list(struct hf_load *l, uint32_t node);
/* The member that is a list of 1 to max objects; HF_JSON_NONE and wrong otherwise. */
uint32_t hf_load_array(struct hf_load *l, uint32_t object, struct hf_sv name,
		       uint32_t max);
/* Room for what a list holds, size bytes each; NULL: the arena is full. */
void *hf_load_room(struct hf_load *l, uint32_t list, size_t size);
/* Names every member of object that is not in the list names ("a b c"). */
void hf_load_only(struct hf_load *l, uint32_t object, const char *names);

/* policy_roles.c: roles.json */
void hf_load_roles(struct hf_load *l);
/* policy_sensitivity.c: sensitivity.json */
void hf_load_sensitivity(struct hf_load *l);

#endif

/* person_text.h - FHIR data types in the words a clinician reads.
 *
 * Pure.  Results are views into the document where that is possible, else they lie
 * in the arena; p is NULL when there is nothing to say or the arena is full. */
#ifndef HF_RECORD_PERSON_TEXT_H
#define HF_RECORD_PERSON_TEXT_H

#include "base/time.h"
#include "fhir/json.h"

/* Follows a path of member names from node: "a.b|c" is the first of a.b and c that
 * is there; an array on the way stands for its first element that leads on.
 * HF_JSON_NONE when there is none. */
uint32_t hf_dig(const struct hf_json *doc, uint32_t node, const char *path);
/* The string, number or boolean at path as text. */
struct hf_sv hf_dig_text(const struct hf_json *doc, uint32_t node, const char *path,
			 struct hf_arena *arena);

/* Any value in words, by what it looks like: CodeableConcept, Coding, Reference
 * (its display), Quantity, Range, Ratio, HumanName, Address, Period, Annotation,
 * Identifier, ContactPoint and primitives. */
struct hf_sv hf_words(const struct hf_json *doc, uint32_t node, struct hf_arena *arena);
/* The first of "a|b" that can be said. */
struct hf_sv hf_dig_words(const struct hf_json *doc, uint32_t node, const char *path,
			  struct hf_arena *arena);

/* Does a CodeableConcept (or Coding, or an array of them) at node hold the code? */
bool hf_has_code(const struct hf_json *doc, uint32_t node, struct hf_sv code);

/* "HALE, Margaret Ann (Mrs)" as the NHS writes it on a banner; with plain, "Dr
 * Margaret Hale".  node is a HumanName. */
struct hf_sv hf_name_words(const struct hf_json *doc, uint32_t node, bool plain,
			   struct hf_arena *arena);
/* The HumanName to show of an array: usual, else official, else the first that is
 * neither old nor a nickname; HF_JSON_NONE when there is none. */
uint32_t hf_name_best(const struct hf_json *doc, uint32_t names);
struct hf_sv hf_address_words(const struct hf_json *doc, uint32_t node,
			      struct hf_arena *arena);

/* "03-Mar-1942", "Mar-1942", "1942" of a FHIR date; n 0 when it is none. */
struct hf_sv hf_date_words(struct hf_sv text, struct hf_arena *arena);
/* "Tuesday 3 March 2026", "March 2026", "2026". */
struct hf_sv hf_day_words(struct hf_sv text, struct hf_arena *arena);
/* "2026-03-03" in London, or the partial date itself. */
struct hf_sv hf_day_key(struct hf_sv text, struct hf_arena *arena);
/* "14:05" in London; n 0 when the text has no time of day. */
struct hf_sv hf_clock_words(struct hf_sv text, struct hf_arena *arena);
/* "84y", "13m", "5d" as on a banner (NHS Common User Interface): days under four
 * weeks, weeks under one year … ; n 0 when birth is not known to the day. */
struct hf_sv hf_age_words(struct hf_sv born, hf_time at, struct hf_arena *arena);

/* ASCII-insensitive: does text contain word? */
bool hf_mentions(struct hf_sv text, const char *word);

#endif

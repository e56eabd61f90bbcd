/* person_int.h - inside the person view: what its files share. */
#ifndef HF_RECORD_IO_PERSON_INT_H
#define HF_RECORD_IO_PERSON_INT_H

#include "record/io/person.h"
#include "record/person_text.h"

enum { WHO_BUCKETS = 512 };

/* What a reference points to, in words.  Kept for the length of a request. */
struct who {
	struct hf_sv ref; /* "Type/id", or "ods:CODE" */
	hf_type_id type;
	struct hf_sv name;
	struct hf_sv org, org_ref; /* the organisation it is or belongs to */
	struct hf_sv phone;
	enum hf_setting setting;
	struct who *next;
};

struct who_cache {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_arena *arena;
	struct who *buckets[WHO_BUCKETS];
	size_t n;
};

struct hf_person {
	struct who_cache who;
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_arena *arena;
	hf_time now;
	hf_rid rid;		  /* the Patient asked for */
	struct hf_entry *entries; /* newest first, Patient left out */
	size_t n;
	struct hf_version *patients; /* the one asked for first */
	size_t n_patients;
	struct hf_json doc; /* of patients[0] */
};

/* A body read and parsed; views in the arena given. */
struct opened {
	struct hf_version v;
	struct hf_json doc;
};

/* Reads rid.  HF_NOT_FOUND and HF_GONE as from the store. */
enum hf_rc hf_person_read(struct hf_reader *reader, hf_rid rid, struct hf_arena *arena,
			  struct opened *out, struct hf_err *err);

/* What a reference text ("Organization/x", absolute or with a version) points to;
 * NULL when the arena is full.  What is not there has an empty name. */
const struct who *hf_who_get(struct who_cache *cache, struct hf_sv reference);
/* What a Reference element points to: its reference, else its identifier. */
const struct who *hf_who_of(struct who_cache *cache, const struct hf_json *doc,
			    uint32_t node);
/* The organisation with an ODS code. */
const struct who *hf_who_ods(struct who_cache *cache, struct hf_sv code);
/* The name of a Reference element: its display, else what it points to. */
struct hf_sv hf_who_name(struct who_cache *cache, const struct hf_json *doc,
			 uint32_t node);
/* Cuts "…/Type/id/_history/v" to "Type/id"; n 0 when it is no such reference. */
struct hf_sv hf_who_local(struct hf_sv reference);

/* Calls put for each value at the paths ("a.b|c"), arrays taken apart. */
void hf_person_each(const struct hf_json *doc, uint32_t node, const char *path,
		    void (*put)(void *ctx, uint32_t node), void *ctx);

enum hf_person_kind hf_person_kind_of(hf_type_id type);
/* Fills a fact from an opened entry; views lie in arena or in o. */
void hf_person_fact(struct who_cache *cache, const struct opened *o, hf_time now,
		    struct hf_arena *arena, struct hf_person_fact *out);
/* Where a resource comes from: organisation, person, setting. */
void hf_person_source(struct who_cache *cache, const struct opened *o,
		      const char *paths, struct hf_person_fact *out);
/* The value of an Observation in words. */
struct hf_sv hf_person_value(const struct hf_json *doc, struct hf_arena *arena);

/* The place of an Observation among the well-known ones; how many there are when it
 * is none of them. */
int hf_person_rank(const struct hf_json *doc);

/* Which of the terms typed a Patient agrees with, all of them or 0; points for how
 * well go into *score. */
enum { AGREES_NAME = 1, AGREES_BIRTH = 2, AGREES_NUMBER = 4, AGREES_POSTCODE = 8 };
int hf_person_agrees(const struct hf_person_query *q, const struct hf_json *doc,
		     struct hf_arena *arena, int *score);

/* Adds a fact; false when the arena is full. */
bool hf_person_add(struct hf_person_facts *facts, const struct hf_person_fact *fact,
		   struct hf_arena *arena);
/* "Type/id" */
struct hf_sv hf_person_ref(const struct hf_entry *e, struct hf_sv id,
			   struct hf_arena *arena);

/* The part of the banner that a search result shows too. */
void hf_person_line(struct who_cache *cache, const struct opened *patient, hf_time now,
		    struct hf_arena *arena, struct hf_person_line *out);

hf_type_id hf_person_type(const char *name); /* asserts that it exists */

#endif

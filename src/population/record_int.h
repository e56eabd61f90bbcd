/* record_int.h - what the files of the rows of the record share. */
#ifndef HF_POPULATION_RECORD_INT_H
#define HF_POPULATION_RECORD_INT_H

#include "population/record.h"

enum { HF_RECORD_DX = 8 }; /* diagnoses of one Encounter that are looked up */

struct hf_record_event { /* an event until its references are resolved */
	struct hf_pop_event e;
	struct hf_sv id, part_of;
	struct hf_sv dx[HF_RECORD_DX]; /* "Condition/…" */
	uint8_t n_dx;
	struct hf_record_event *next;
};

struct hf_record_condition { /* a Condition by its id, with its ICD-10 code */
	struct hf_sv id;
	uint16_t icd10;
	struct hf_record_condition *next;
};

struct hf_record_cond {
	struct hf_pop_condition c;
	struct hf_record_cond *next;
};

struct hf_record_value {
	struct hf_pop_value v;
	struct hf_record_value *next;
};

struct hf_record_rows {
	struct hf_arena *arena;
	const struct hf_record_known *known;
	struct hf_pop_own own;
	bool has_patient, has_nhs, full;
	struct hf_nhs nhs;
	struct hf_record_event *events;
	struct hf_record_condition *conditions;
	struct hf_record_cond *conds;
	struct hf_record_value *values;
	size_t n_events, n_conds, n_values;
	hf_time type1_at; /* newest entry about the Type 1 opt-out */
	bool type1;
};

/* The node at a path of names divided by dots; of a list its first element. */
uint32_t hf_record_at(const struct hf_json *d, uint32_t node, const char *path);
struct hf_sv hf_record_text(struct hf_record_rows *r, const struct hf_json *d,
			    uint32_t node, const char *path);
/* The code of a CodeableConcept in a system that ends in end (SNOMED: "sct"). */
struct hf_sv hf_record_code(struct hf_record_rows *r, const struct hf_json *d,
			    uint32_t concept, const char *end);
/* The code of an extension whose address ends in end, at node. */
struct hf_sv hf_record_extension(struct hf_record_rows *r, const struct hf_json *d,
				 uint32_t node, const char *end);
/* A FHIR date as day and minute in London; false: none, or before 1990. */
bool hf_record_when(struct hf_sv text, uint16_t *day, uint16_t *minute);
uint16_t hf_record_own_code(struct hf_record_rows *r, enum hf_pop_kind kind,
			    struct hf_sv text);
struct hf_sv hf_record_ods(struct hf_record_rows *r, struct hf_sv reference);
/* The next event, with its times not known; NULL sets full. */
struct hf_record_event *hf_record_event(struct hf_record_rows *r);

/* Somebody has this of the model's own codes, from and to as days. */
void hf_record_has(struct hf_record_rows *r, struct hf_sv code, uint16_t from,
		   uint16_t to);
void hf_record_patient(struct hf_record_rows *r, const struct hf_json *d);
void hf_record_encounter(struct hf_record_rows *r, const struct hf_json *d);
void hf_record_episode(struct hf_record_rows *r, const struct hf_json *d);
void hf_record_task(struct hf_record_rows *r, const struct hf_json *d);

#endif

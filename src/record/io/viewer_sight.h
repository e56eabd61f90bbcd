/* viewer_sight.h - what is known of a viewer while they look, shared by viewer.c,
 * viewer_person.c and viewer_item.c; nobody else includes it. */
#ifndef HF_RECORD_IO_VIEWER_SIGHT_H
#define HF_RECORD_IO_VIEWER_SIGHT_H

#include "access/scope.h"
#include "record/io/viewer_int.h"

enum {
	HF_SIGHT_PERSONS = 512,
	HF_SIGHT_CLASSES = 64,
	HF_SIGHT_TIERS = 64,
	HF_ORG_OWN = 0, /* else 1 + enum hf_tier */
	HF_ORG_CLASSES = 1 + HF_TIERS
};

/* All persons who are alike to this viewer. */
struct hf_class {
	uint64_t relations, facts, granted;
	struct hf_glass glass;
	bool reach; /* scopes for one person's record reach it */
	uint8_t outcome[HF_CONTENTS][2]
		       [HF_ORG_CLASSES]; /* S0, S1; enum hf_access + 1 */
	uint8_t any[HF_CONTENTS];	 /* 0: not known, 1 no, 2 yes */
};

struct hf_sight {
	uint32_t generation; /* what is of another does not count */
	enum hf_activity activity;
	unsigned letters; /* of a scope, that it needs */
	struct hf_access_ask ask;
	int64_t ods;	    /* the actor's organisation, packed */
	int64_t self, only; /* shelves: of the actor, of the token; -1: not asked */
	size_t n_classes;
	struct hf_class classes[HF_SIGHT_CLASSES];
	struct {
		int64_t shelf;
		uint32_t generation, class;
	} persons[HF_SIGHT_PERSONS];
	struct {
		int64_t ods;
		uint32_t generation, class;
	} tiers[HF_SIGHT_TIERS];
};

/* What a type is, see viewer_content.def. */
struct hf_kind {
	uint8_t content, level; /* 0: not set up */
	bool directory;
};

/* One question, but for the person. */
struct hf_thing {
	enum hf_activity activity;
	enum hf_content content;
	enum hf_level level;
	unsigned org; /* HF_ORG_OWN, or 1 + enum hf_tier */
	uint64_t facts;
};

/* ---- viewer.c ---- */

const struct hf_kind *hf_sight_kind(hf_type_id type);
enum hf_rc hf_no_sight(struct hf_err *err);
struct hf_access_answer hf_sight_answer(const struct hf_reader *r,
					const struct hf_class *k,
					const struct hf_thing *t);
/* Notes an answer for the audit. */
void hf_sight_note(const struct hf_viewer *v, const struct hf_class *k,
		   enum hf_content content, const struct hf_access_answer *a);
/* Of what is not labelled: looked up. */
bool hf_sight_open(const struct hf_reader *r, struct hf_class *k,
		   enum hf_content content, enum hf_level level, unsigned org);
/* Could anything of this content be seen of persons of the class, whatever its labels
 * and its organisation? */
bool hf_sight_any(const struct hf_reader *r, struct hf_class *k,
		  enum hf_content content);

/* ---- viewer_person.c ---- */

/* The class of whoever a shelf is of.  Good until the next is asked for. */
enum hf_rc hf_sight_person(struct hf_reader *r, int64_t shelf, struct hf_class **out,
			   struct hf_err *err);
/* What is about nobody: whoever's organisation wrote it has a relationship with it,
 * nobody else. */
struct hf_class *hf_sight_nobody(struct hf_reader *r, unsigned org);
/* A person who comes to be in this very change. */
struct hf_class *hf_sight_newcomer(struct hf_reader *r);
/* The shelf of "Patient/ID", there or awaited; 0: there is no such. */
enum hf_rc hf_sight_shelf(struct hf_reader *r, struct hf_sv reference, int64_t *shelf,
			  struct hf_err *err);

#endif

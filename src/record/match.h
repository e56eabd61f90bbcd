/* match.h - are two records of one person?
 *
 * The model is Fellegi and Sunter's: each field agrees on some level, each level
 * has a weight in bits, log2(m/u), and the sum with the odds beforehand is the
 * score.  Names, dates, addresses and telephone numbers weigh by how rare the value
 * is among the people known.  Rules stand above the score (match_rule.def): what
 * one household shares, however rare, never links two people.  Pure: a set is made,
 * filled and asked; the same records, seed and model give the same answers.
 *
 * What always holds of an answer LINK:
 *   - the two do not differ in sex, and have not two valid NHS numbers;
 *   - a given name agrees (as it stands, as another form of it, or but for a slip),
 *     and so does the date of birth (wholly, or but for a slip, or as far as it is
 *     known);
 *   - the two answer the same whichever comes first. */
#ifndef HF_RECORD_MATCH_H
#define HF_RECORD_MATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/nhs.h"
#include "fhir/json.h"

enum hf_match_field {
	HF_MATCH_NUMBER,
	HF_MATCH_FAMILY,
	HF_MATCH_GIVEN,
	HF_MATCH_MIDDLE,
	HF_MATCH_BIRTH,
	HF_MATCH_SEX,
	HF_MATCH_PLACE,
	HF_MATCH_PHONE,
	HF_MATCH_FIELDS
};

enum hf_match_level {
	HF_AGREE_NONE, /* one of the two does not say */
#define HF_AGREE(field, name, m, u, text) HF_AGREE_##field##_##name,
#include "record/match_level.def"
#undef HF_AGREE
	HF_AGREES
};

enum hf_match_rule {
#define HF_MATCH_RULE(name, text) HF_RULE_##name,
#include "record/match_rule.def"
#undef HF_MATCH_RULE
	HF_MATCH_RULES
};

enum hf_match_answer { HF_MATCH_SEPARATE, HF_MATCH_REVIEW, HF_MATCH_LINK };

enum hf_match_sex { HF_SEX_UNKNOWN, HF_SEX_MALE, HF_SEX_FEMALE, HF_SEX_OTHER };

enum {
	HF_MATCH_NAMES = 3,	/* family names, given names kept */
	HF_MATCH_ADDRESSES = 2, /* addresses and telephone numbers kept */
};

/* One record's identity as it was written; views are borrowed, n 0 is not known. */
struct hf_match_person {
	struct hf_nhs nhs;
	bool has_nhs, verified;		     /* verified: status 01 */
	struct hf_sv family[HF_MATCH_NAMES]; /* of today first */
	struct hf_sv given[HF_MATCH_NAMES];  /* first, then middle names */
	struct hf_sv usual;		     /* another first name */
	int16_t year;			     /* 0: not known */
	int8_t month, day;		     /* 0: not known */
	enum hf_match_sex sex;
	struct {
		struct hf_sv line, postcode;
	} address[HF_MATCH_ADDRESSES];
	struct hf_sv phone[HF_MATCH_ADDRESSES];
	uint8_t order; /* which child of a multiple birth; 0: not known */
};

/* Reads the Patient at node.  An NHS number that fails its check is as none.  Texts
 * with escapes lie in arena, others in the document. */
void hf_match_read(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
		   struct hf_match_person *out);
/* The day of birth of a FHIR date; leaves out alone when it is none. */
void hf_match_read_birth(struct hf_sv text, struct hf_match_person *out);

/* What speaks against two records with the same verified NHS number being one
 * person: HF_RULE_NUMBER when nothing does, else HF_RULE_NUMBER_….  Dates of birth
 * that are not known, or not known to the day, speak against it.  The one rule for
 * links made as records come in and for the matcher. */
enum hf_match_rule hf_match_number_rule(const struct hf_match_person *a,
					const struct hf_match_person *b);

struct hf_match_model {
	double m[HF_AGREES], u[HF_AGREES];
	double prior;	     /* log2 odds that two people taken at random are one;
			      * 0: from the number of people */
	double link, review; /* at least so many bits */
	size_t trained_on;   /* pairs; 0: the figures of match_level.def */
};

/* The figures of match_level.def; LINK from 7 bits (0.992 for the least sure link)
 * and REVIEW from -3 bits (0.11) on. */
struct hf_match_model hf_match_model_default(void);

struct hf_match_result {
	enum hf_match_answer answer;
	enum hf_match_rule rule;
	double bits;	    /* log2 of the odds that the two are one person */
	double probability; /* the same as 0 … 1 */
	uint8_t level[HF_MATCH_FIELDS];
	float weight[HF_MATCH_FIELDS];
};

const char *hf_match_field_code(enum hf_match_field field); /* "family" */
const char *hf_match_level_text(enum hf_match_level level);
enum hf_match_field hf_match_level_field(enum hf_match_level level);
const char *hf_match_rule_text(enum hf_match_rule rule);
const char *hf_match_answer_code(enum hf_match_answer answer); /* "link" … */

/* ---- a set of records ---- */

struct hf_match_set;

/* An empty set; NULL without memory.  Free with hf_match_set_free(). */
struct hf_match_set *hf_match_set_new(void);
void hf_match_set_free(struct hf_match_set *set); /* NULL is fine */
/* Adds a record; the first is number 0.  HF_TOO_LONG without memory. */
enum hf_rc hf_match_set_add(struct hf_match_set *set, const struct hf_match_person *p,
			    struct hf_err *err);
size_t hf_match_set_count(const struct hf_match_set *set);

/* For a set that is a part of a larger whole: how many people that has, and how many
 * of them share a value that stands in the set (values that do not are left). */
enum hf_match_value {
	HF_VALUE_FAMILY,
	HF_VALUE_GIVEN,
	HF_VALUE_POSTCODE,
	HF_VALUE_LINE,
	HF_VALUE_PHONE,
	HF_VALUE_BIRTH, /* text YYYY-MM-DD */
};
void hf_match_set_people(struct hf_match_set *set, size_t people);
void hf_match_set_known(struct hf_match_set *set, enum hf_match_value kind,
			struct hf_sv text, size_t people);

/* Weighs the values by how many share them; to be called after the last record and
 * before anything below.  May be called again after more records. */
void hf_match_set_weigh(struct hf_match_set *set);

/* Compares two records of the set. */
void hf_match_compare(const struct hf_match_set *set,
		      const struct hf_match_model *model, size_t a, size_t b,
		      struct hf_match_result *out);

/* ---- all pairs of a set ---- */

struct hf_match_pair {
	uint32_t a, b; /* a < b */
	float bits;
	uint8_t answer, rule; /* never SEPARATE */
	uint8_t level[HF_MATCH_FIELDS];
};

struct hf_match_pairs {
	struct hf_match_pair *items;
	size_t n, size;
	size_t compared;
};
void hf_match_pairs_free(struct hf_match_pairs *pairs);

/* Makes the blocks within which records are compared: those with the same key of
 * some kind (match_block.c).  HF_TOO_LONG without memory. */
enum hf_rc hf_match_block(struct hf_match_set *set, struct hf_err *err);
/* Records that stand in no block small enough to compare, for one kind of key or
 * another: what blocking left out. */
size_t hf_match_left_out(const struct hf_match_set *set);

/* Learns m, u and the odds beforehand from the set's own pairs, after
 * hf_match_block().  With few pairs the figures stay near those of
 * match_level.def.  HF_TOO_LONG without memory. */
enum hf_rc hf_match_train(const struct hf_match_set *set, uint64_t seed,
			  struct hf_match_model *out, struct hf_err *err);

/* Compares the pairs of part (0 … parts - 1) of all blocks; parts may run at once
 * in threads of their own.  Appends to *pairs. */
enum hf_rc hf_match_run(const struct hf_match_set *set,
			const struct hf_match_model *model, unsigned part,
			unsigned parts, struct hf_match_pairs *pairs,
			struct hf_err *err);

/* Puts the pairs of all parts in order and takes back links that cannot all be
 * true: when a record may be one of several people, the link stands only if it is
 * better by far, else all go to review; no chain of links joins two valid NHS
 * numbers. */
enum hf_rc hf_match_settle(const struct hf_match_set *set, struct hf_match_pairs *pairs,
			   struct hf_err *err);

#endif

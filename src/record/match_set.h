/* match_set.h - inside the matcher: records as rows of numbers, values as words.
 *
 * Each distinct value (a name, a postcode, a date) is one word; a row holds words,
 * so that to compare is mostly to compare numbers. */
#ifndef HF_RECORD_MATCH_SET_H
#define HF_RECORD_MATCH_SET_H

#include "record/match.h"
#include "record/match_name.h"

typedef uint32_t hf_word_id; /* 0: none */

enum word_kind { WORD_NAME, WORD_POSTCODE, WORD_LINE, WORD_PHONE, WORD_BIRTH };
enum { USE_MAIN, USE_GIVEN }; /* names are counted as family and as given names */

struct word {
	uint32_t off, sound;
	uint16_t len;
	uint16_t groups[HF_NAME_GROUPS];
	uint16_t
	    guess[HF_NAME_GROUPS]; /* without groups: of what it may be a slip of */
	uint8_t kind;
	char initial;	   /* of the name it is a form of, first */
	uint32_t count[2]; /* rows with it */
	uint32_t known[2]; /* people with it in the whole; 0: count */
	float bits[2];	   /* log2 of the share of people with it */
};

struct row {
	uint64_t nhs; /* 0: none */
	hf_word_id family[HF_MATCH_NAMES], given[2], usual;
	hf_word_id postcode[HF_MATCH_ADDRESSES], line[HF_MATCH_ADDRESSES];
	hf_word_id phone[HF_MATCH_ADDRESSES], birth;
	uint32_t house[HF_MATCH_ADDRESSES]; /* the numbers in a line; 0: none */
	int16_t year;
	int8_t month, day;
	uint8_t sex, order;
	bool verified;
};

struct entry { /* row stands in the block of key */
	uint64_t key;
	uint32_t row;
};

enum { KEYS = 14, BLOCK_MOST = 300 };

struct hf_match_set {
	struct row *rows;
	size_t n, size;
	struct word *words; /* from 1 */
	size_t n_words, words_size;
	char *text;
	size_t text_n, text_size;
	hf_word_id *slots; /* hash table over words */
	size_t n_slots;
	size_t people; /* of the whole; 0: n */
	struct hf_arena scratch;
	/* blocks */
	struct entry *entries; /* by key */
	size_t n_entries;
	uint64_t *big; /* keys of blocks beyond BLOCK_MOST, in order */
	size_t n_big, left_out;
};

/* A memory of comparisons of names, one for each thread; NULL is fine. */
enum { MEMO_SIZE = 1 << 16 };
struct memo {
	uint64_t pair[MEMO_SIZE];
	uint8_t alike[MEMO_SIZE];
};

static inline struct hf_sv
word_text(const struct hf_match_set *s, hf_word_id id)
{
	return (struct hf_sv){s->text + s->words[id].off, s->words[id].len};
}

static inline size_t
set_people(const struct hf_match_set *s)
{
	return s->people > s->n ? s->people : s->n;
}

/* The word of a folded text; 0 when it has none. */
hf_word_id hf_match_word(const struct hf_match_set *s, enum word_kind kind,
			 struct hf_sv text);

/* Levels of two rows. */
void hf_match_levels(const struct hf_match_set *s, const struct row *a,
		     const struct row *b, struct memo *memo,
		     uint8_t level[HF_MATCH_FIELDS]);
/* Weight in bits of each level; bits of their sum and the odds beforehand. */
struct weights {
	float level[HF_AGREES]; /* log2(m/u) */
	float m[HF_AGREES];	/* log2(m) */
	double prior;
};
void hf_match_weights(const struct hf_match_set *s, const struct hf_match_model *model,
		      struct weights *out);
double hf_match_weigh(const struct hf_match_set *s, const struct weights *w,
		      const struct row *a, const struct row *b,
		      const uint8_t level[HF_MATCH_FIELDS],
		      float weight[HF_MATCH_FIELDS]);
/* What keeps two from being one person, whatever else agrees: HF_RULE_SCORE for
 * nothing. */
enum hf_match_rule hf_match_apart(const struct row *a, const struct row *b,
				  const uint8_t level[HF_MATCH_FIELDS]);
enum hf_match_answer hf_match_decide(const struct hf_match_model *model,
				     const struct row *a, const struct row *b,
				     const uint8_t level[HF_MATCH_FIELDS],
				     const float weight[HF_MATCH_FIELDS], double bits,
				     enum hf_match_rule *rule);

/* The keys of a row, ascending and no two alike; gives how many. */
unsigned hf_match_keys(const struct hf_match_set *s, const struct row *r,
		       uint64_t keys[KEYS]);

#endif

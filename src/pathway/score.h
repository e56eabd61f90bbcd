/* score.h - clinical scores as versioned tables with exact rules.  Pure.
 *
 * A score is a document of definitions/scores: items, each with the points of its
 * bands or codes, bands of the total, and what a single item raises.  A total is
 * given only when every item is there; else the answer is partial and names
 * what is missing. */
#ifndef HF_PATHWAY_SCORE_H
#define HF_PATHWAY_SCORE_H

#include "fhir/doc.h"

enum hf_score_kind { HF_SCORE_NUMBER, HF_SCORE_CODE };

enum { HF_SCORE_ITEMS = 32, HF_SCORE_CHOICES = 4 };

/* Values up to and with .upto (or all that are left) give .points. */
struct hf_score_band {
	bool last;
	struct hf_decimal upto;
	int points;
};

/* A table of bands that holds for the named values of choices or other items. */
struct hf_score_table {
	struct {
		int item; /* index of an item; below 0: of choice -1 - item */
		int code; /* index among its codes */
	} when[HF_SCORE_CHOICES];
	size_t n_when;
	struct hf_score_band *bands;
	size_t n_bands;
};

struct hf_score_code {
	const char *code, *title;
	const char *snomed; /* "": none */
	int points;
};

struct hf_score_item {
	const char *id, *title, *unit;
	const char **snomed; /* SNOMED CT codes of what is measured */
	size_t n_snomed;
	enum hf_score_kind kind;
	bool whole; /* whole numbers only */
	bool as_is; /* the points are the value: for scores reckoned elsewhere */
	int round;  /* places before it is scored; -1: as it is */
	bool has_min, has_max;
	struct hf_decimal min, max; /* beyond: impossible */
	bool has_low, has_high;
	struct hf_decimal low, high; /* beyond: to be confirmed */
	struct hf_score_table *tables;
	size_t n_tables;
	struct hf_score_code *codes;
	size_t n_codes;
};

struct hf_score_choice {
	const char *id, *title;
	struct hf_score_code *codes;
	size_t n_codes;
	int otherwise; /* index of the code when nothing is said; -1: it must be said */
};

/* A band of the total, in order of weight; the heavier wins. */
struct hf_score_level {
	const char *id, *title, *action;
	int from, to;
};

/* A single item with at least so many points raises the level, or a task. */
struct hf_score_raise {
	int item; /* -1: any */
	int points;
	int level;		  /* index; -1: none */
	const char *task;	  /* "": none */
	const char *role, *title; /* whose task, and what it says */
};

struct hf_score {
	const char *id, *version, *title, *source, *licence;
	const char *snomed; /* SNOMED CT code of the total; "": none */
	int age_min, age_max;
	int total_min, total_max; /* what it can come to */
	bool scored; /* false: its tables are not supplied with the program */
	struct hf_score_item *items;
	size_t n_items;
	struct hf_score_choice *choices;
	size_t n_choices;
	struct hf_score_level *levels;
	size_t n_levels;
	struct hf_score_raise *raises;
	size_t n_raises;
};

/* Reads a document; HF_INVALID with findings ("file:line") in issues, HF_TOO_LONG when
 * the arena is full.  The score lies in arena. */
enum hf_rc hf_score_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			 struct hf_issues *issues, struct hf_score *out,
			 struct hf_err *err);

/* A value of an item (or a choice) by its id: a number as text, or a code. */
struct hf_score_value {
	struct hf_sv id, value; /* value n 0: not given */
};

struct hf_score_result {
	bool complete;
	int total;		    /* when it is complete */
	int level;		    /* index; -1: none, or partial */
	int points[HF_SCORE_ITEMS]; /* -1: missing */
	uint64_t missing;	    /* set of 1 << item */
	uint64_t confirm; /* set of 1 << item: extreme, to be looked at again */
	uint64_t raised;  /* set of 1 << index in raises */
};

/* Scores.  HF_INVALID names the item whose value is impossible or no such code, an id
 * that is no item, or a choice that was not made; HF_RULE when the score has no
 * tables here or does not hold for age (years; below 0: not known). */
enum hf_rc hf_score_run(const struct hf_score *score, int age,
			const struct hf_score_value *values, size_t n,
			struct hf_score_result *out, struct hf_err *err);

/* The scores that were built in. */
extern const struct hf_definition_text hf_scores_builtin[];
extern const size_t hf_n_scores_builtin;

#endif

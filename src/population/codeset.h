/* codeset.h - sets of admissions by their codes, as documents: "angina: primary I20,
 * I240 …, no main procedure".  Pure.  population.md 3.4, 3.6, 3.7; the groups of the
 * scores (2.1 to 2.4) are lists of the same patterns.
 *
 * A pattern is a prefix of a code without the dot ("I50"), a range of prefixes of one
 * length ("I60-I69", both ends in), and after a colon which fourth characters it takes
 * ("E10-E14:01689").  A document is loaded once; a matcher is made of it for the
 * dictionary of one set of columns, so that an event costs a look-up a diagnosis. */
#ifndef HF_POPULATION_CODESET_H
#define HF_POPULATION_CODESET_H

#include "fhir/doc.h"
#include "population/columns.h"

enum {
	HF_POP_SETS = 64,     /* sets of a document */
	HF_POP_LISTS = 128,   /* lists of patterns in it */
	HF_POP_CLAUSES = 8,   /* of a set */
	HF_POP_PATTERNS = 400 /* of a list */
};

struct hf_pop_pattern {
	char from[8], to[8], fourth[12]; /* fourth: empty takes any or none */
	uint8_t n;			 /* characters of from and to */
};

struct hf_pop_list {
	struct hf_pop_pattern *items;
	size_t n;
};

enum hf_pop_position { HF_POP_PRIMARY, HF_POP_SECONDARY, HF_POP_ANYWHERE };

struct hf_pop_diagnosis { /* "a code of list stands at position" */
	int list;	  /* index in the document; -1: nothing is asked */
	enum hf_pop_position position;
};

/* A clause holds when its diagnosis is there, .with too, and none of the rest. */
struct hf_pop_clause {
	struct hf_pop_diagnosis is, with, without;
	bool no_procedure;     /* no main procedure but of those in .minor */
	int minor;	       /* list; -1: none */
	int without_procedure; /* list: none of these; -1 */
};

struct hf_pop_set { /* any clause that holds puts the event into it */
	const char *id, *title, *group, *note;
	struct hf_pop_clause clauses[HF_POP_CLAUSES];
	size_t n;
};

struct hf_pop_codesets {
	const char *id, *version, *title, *source, *licence;
	struct hf_pop_set *sets;
	size_t n;
	struct hf_pop_list lists[HF_POP_LISTS];
	size_t n_lists;
};

/* Reads "I60-I69" and the like; false: it is no pattern. */
bool hf_pop_pattern_read(struct hf_sv text, struct hf_pop_pattern *out);
bool hf_pop_pattern_fits(const struct hf_pop_pattern *p, struct hf_sv code);
bool hf_pop_list_fits(const struct hf_pop_list *l, struct hf_sv code);
/* The list of patterns that member name of object holds; n is 0 when it has none.  What
 * is wrong becomes a finding of d.  Lies in the arena of d. */
struct hf_pop_list hf_pop_list_load(struct hf_doc *d, uint32_t object, const char *name,
				    bool needed);

/* Reads a document of definitions/codesets.  HF_INVALID: all mistakes are in issues,
 * with their lines.  Texts lie in arena. */
enum hf_rc hf_pop_codesets_load(const char *name, struct hf_sv text,
				struct hf_arena *arena, struct hf_issues *issues,
				struct hf_pop_codesets *out, struct hf_err *err);
/* The index of a set, -1: there is none. */
int hf_pop_codesets_find(const struct hf_pop_codesets *s, struct hf_sv id);

/* The documents that come with the program. */
extern const struct hf_definition_text hf_codesets_builtin[];
extern const size_t hf_n_codesets_builtin;

struct hf_pop_matcher;

/* Makes a matcher for columns c, borrowing both.  HF_TOO_LONG: no memory.  Free with
 * hf_pop_matcher_free (NULL is fine). */
enum hf_rc hf_pop_matcher_new(const struct hf_pop_codesets *s,
			      const struct hf_pop_columns *c,
			      struct hf_pop_matcher **out, struct hf_err *err);
void hf_pop_matcher_free(struct hf_pop_matcher *m);

/* The sets an event is in, bit i for sets[i].  Looks at codes alone: that it is an
 * emergency admission, and of what age, is for the caller. */
uint64_t hf_pop_matcher_event(const struct hf_pop_matcher *m, uint64_t event);

#endif

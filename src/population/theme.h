/* theme.h - what people wrote, coded to themes by lists of words, and masked.  Pure.
 * population.md 3.7 "Qualitative"; docs/interfaces/comments.md says what is caught.
 *
 * No model: a phrase of the definition that stands in the text is a mention; how it is
 * spoken of is told by good and bad words of the same clause, turned round by a
 * negation up to three words before. */
#ifndef HF_POPULATION_THEME_H
#define HF_POPULATION_THEME_H

#include "base/buf.h"
#include "fhir/doc.h"

enum {
	HF_POP_THEMES = 16,
	HF_POP_THEME_WORDS = 400, /* of one list */
	HF_POP_COMMENT = 4000	  /* bytes of a comment that are read */
};

struct hf_pop_words {
	struct hf_sv *items; /* words with blanks between; "wait*" takes any end */
	size_t n;
};

struct hf_pop_theme {
	const char *id, *title;
	struct hf_pop_words phrases;
};

struct hf_pop_themes {
	const char *id, *version, *title, *source;
	struct hf_pop_words negations, turns, good, bad, first_names, capitals;
	struct hf_pop_theme items[HF_POP_THEMES];
	size_t n;
};

/* Reads one document; what is wrong is a finding with its line.  Lies in arena. */
bool hf_pop_themes_load(const char *name, struct hf_sv text, struct hf_arena *arena,
			struct hf_issues *issues, struct hf_pop_themes *out);
extern const struct hf_definition_text hf_themes_builtin[];
extern const size_t hf_n_themes_builtin;

enum hf_pop_said { /* the value of a theme in a comment, in thousandths 0 to 3 */
		   HF_POP_UNSAID,  /* not mentioned */
		   HF_POP_GOOD,	   /* only well */
		   HF_POP_NEITHER, /* without good or bad words, or both */
		   HF_POP_BAD	   /* only badly */
};
extern const char *const hf_pop_said_words[4];

/* Codes a comment: said[i] of each theme. */
void hf_pop_themes_code(const struct hf_pop_themes *t, struct hf_sv comment,
			enum hf_pop_said said[HF_POP_THEMES]);

/* Writes comment to out with what may name somebody taken out: numbers of six digits
 * and more, dates, postcodes, addresses of e-mail and web, what follows a title, first
 * names that are listed, and capital letters within a sentence that no listed word has.
 * Gives how many pieces were. */
unsigned hf_pop_comment_mask(const struct hf_pop_themes *t, struct hf_sv comment,
			     struct hf_buf *out);

#endif

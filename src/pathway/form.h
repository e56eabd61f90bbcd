/* form.h - forms: FHIR R4 Questionnaires that come with the program, answers checked
 * against them, and the score that a form gives.  Pure.
 *
 * A form is a document of definitions/forms.  It takes the item types of
 * form_type.def and no others; docs/interfaces/forms.md tells which extensions.  A form
 * once read is immutable and may be shared between threads. */
#ifndef HF_PATHWAY_FORM_H
#define HF_PATHWAY_FORM_H

#include "base/time.h"
#include "fhir/path.h"
#include "pathway/score.h"

/* The members of Questionnaire.item.type that are read here. */
enum hf_qn_type {
#define HF_QN_TYPE(name, code, value, kind) HF_QN_##name,
#include "pathway/form_type.def"
#undef HF_QN_TYPE
	HF_QN_TYPES
};

enum hf_qn_kind {
	HF_QN_NOTHING,
	HF_QN_TRUTH, /* .b */
	HF_QN_NUMBER,
	HF_QN_MEASURE, /* .number of the unit .code */
	HF_QN_MOMENT,  /* a date or time of .text; .lo orders it */
	HF_QN_WORDS,   /* .text */
	HF_QN_CODE     /* .system, .code */
};

/* A value of an answer, an option, a condition or a bound. */
struct hf_qn_value {
	enum hf_qn_kind kind;
	bool b;
	struct hf_decimal number;
	int64_t lo;	   /* of moments: milliseconds */
	struct hf_sv text; /* as it was written; of codes: the display */
	struct hf_sv system, code;
};

enum hf_qn_operator {
	HF_QN_EXISTS,
	HF_QN_EQUAL,
	HF_QN_DIFFERS, /* no answer is equal */
	HF_QN_ABOVE,
	HF_QN_BELOW,
	HF_QN_AT_LEAST,
	HF_QN_AT_MOST
};

struct hf_qn_condition {
	size_t question; /* index of an item */
	enum hf_qn_operator op;
	struct hf_qn_value answer;
};

struct hf_qn_item {
	const char *id, *text; /* linkId */
	enum hf_qn_type type;
	bool required, repeats, read_only;
	bool any;      /* enableBehavior; else all */
	int parent;    /* index; -1: none */
	size_t next;   /* the item after this subtree */
	size_t looped; /* the repeating group it stands in, index + 1; 0: none */
	struct hf_qn_condition *conditions;
	size_t n_conditions;
	struct hf_qn_value *options;
	size_t n_options;
	struct hf_qn_value min, max; /* NOTHING: none */
	int places;		     /* most decimal places; -1: any */
	int64_t length;		     /* most characters of a text */
	struct hf_qn_value *units;   /* codes of a quantity; 0: any */
	size_t n_units;
	struct hf_path *reckoned; /* calculatedExpression; NULL: none */
	unsigned line;
};

enum {
	HF_QN_ITEMS = 400,
	HF_QN_OPTIONS = 60,
	HF_QN_CONDITIONS = 12,
	HF_QN_ANSWERS = 2000, /* items of a response */
	HF_QN_TIMES = 50,     /* repeats of one item */
	HF_QN_LENGTH = 10000  /* most characters of any text */
};

struct hf_qn {
	const char *id, *version, *url, *title;
	const char *score, *score_version; /* "": none */
	struct hf_sv text;		   /* the document */
	struct hf_qn_item *items;
	size_t n_items;
};

/* Reads a document; HF_INVALID with findings ("file:line") in issues, HF_TOO_LONG when
 * the arena is full.  The form lies in arena but for what hf_qn_free() frees; text has
 * to outlive it. */
enum hf_rc hf_qn_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		      struct hf_issues *issues, struct hf_qn **out, struct hf_err *err);
void hf_qn_free(struct hf_qn *form); /* NULL is fine */

/* Does the form ask what its score needs, item by item, with the same codes and
 * bounds?  Findings in issues, as above. */
bool hf_qn_fits(const struct hf_qn *form, const struct hf_score *score,
		struct hf_issues *issues);

/* Index by linkId; -1 when there is none. */
int hf_qn_find(const struct hf_qn *form, struct hf_sv link_id);

/* ---- answers ---- */

/* An item of a response, in the order they stand. */
struct hf_qn_given {
	size_t item;   /* index in the form */
	uint32_t node; /* in the response */
	int parent;    /* index of the one it stands in; -1: none */
	uint32_t nth;  /* of its repeating group or question, from 0 */
	bool enabled;
	struct hf_qn_value *values;
	size_t n_values;
};

struct hf_qn_asked {
	bool whole; /* completed: what is required is there, what is reckoned agrees */
	int age;    /* years, %age of expressions; below 0: not known */
	hf_time now;
};

struct hf_qn_answers {
	struct hf_qn_given *given;
	size_t n;
	struct hf_qn_value *reckoned; /* by item of the form; NOTHING: no value */
};

/* Checks the QuestionnaireResponse at node of doc by the rules of R4: linkIds and their
 * order, types, enableWhen, what is required of what is enabled, repeats, ranges,
 * options, units.  Values that are reckoned are reckoned again.  Findings with the
 * place ("weight", "contact[1]/phone") in issues; the answers lie in arena. HF_TOO_LONG
 * past HF_QN_ANSWERS or the arena.  HF_OK also when there are findings. */
enum hf_rc hf_qn_check(const struct hf_qn *form, const struct hf_json *doc,
		       uint32_t node, const struct hf_qn_asked *asked,
		       struct hf_arena *arena, struct hf_issues *issues,
		       struct hf_qn_answers *out, struct hf_err *err);

/* What the answers are to the score of the form; views live as long as they do.
 * values has room for HF_SCORE_ITEMS + HF_SCORE_CHOICES; gives how many. */
size_t hf_qn_score_values(const struct hf_qn *form, const struct hf_score *score,
			  const struct hf_qn_answers *answers,
			  struct hf_score_value *values);

/* Writes the member of an answer: "valueDecimal": 21.3. */
void hf_qn_value_write(struct hf_jw *w, const struct hf_qn_item *item,
		       const struct hf_qn_value *value);

/* ---- what comes with the program ---- */

extern const struct hf_definition_text hf_forms_builtin[];
extern const size_t hf_n_forms_builtin;
/* Is there a form of this id?  For hf_pw_world. */
bool hf_form_is_builtin(const char *id);

struct hf_forms {
	struct hf_qn *forms; /* in order of id */
	size_t n_forms;
	struct hf_score *scores;
	size_t n_scores;
};

/* Reads and checks all of them, and that each form fits its score.  HF_INVALID with
 * findings, HF_TOO_LONG.  Lies in arena; hf_forms_free() what that does not hold. */
enum hf_rc hf_forms_load(struct hf_arena *arena, struct hf_issues *issues,
			 struct hf_forms *out, struct hf_err *err);
void hf_forms_free(struct hf_forms *forms);
const struct hf_qn *hf_forms_find(const struct hf_forms *forms, struct hf_sv id);
const struct hf_score *hf_forms_score(const struct hf_forms *forms, struct hf_sv id);

#endif

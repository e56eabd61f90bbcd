/* spvalue.h - what a search parameter says of a resource: its typed values, and
 * whether they meet a condition (FHIR R4 search, section 3.1.1).  Pure. */
#ifndef HF_FHIR_SPVALUE_H
#define HF_FHIR_SPVALUE_H

#include "fhir/decimal.h"
#include "fhir/path.h"

/* One value of a parameter.  Which fields count depends on the kind of sp:
 * token:     system, code, text (display, CodeableConcept.text or
 *            Identifier.type.text; a value may be text alone)
 * string:    text, as written
 * date:      date.lo, date.hi (a Period with an open end reaches to HF_TIME_MAX)
 * reference: text (as written), ref_type and code (the id) when it names them, and
 *            for Reference.identifier system and ident
 * quantity:  number (as written), system, code, unit
 * number:    number;   uri: text
 * NHS numbers have lost blanks and hyphens, telephone numbers what is between
 * their digits; the spelling of the ODS system is the one of today. */
struct hf_spv {
	struct hf_sv system, code, text, unit, number, ident;
	struct hf_sv high; /* is_range: the upper end, number the lower; n 0 is open */
	hf_type_id ref_type;
	uint16_t binding; /* implied: the element's required binding, 0 for none */
	bool has_system;  /* the value states a system of its own */
	bool implied;	  /* its system is that of the element: code, boolean … */
	bool exact;	  /* upper and lower case are different codes: ids, URIs */
	bool digits;	  /* what stands between digits was taken off the code */
	bool is_range;
	bool low_open, high_open; /* the ends themselves do not belong to it */
	struct hf_date date;
	const struct hf_json *doc; /* where it stands; NULL for a computed value */
	uint32_t node;
};

struct hf_spvs {
	struct hf_spv *items;
	size_t n, size;
};

/* Compiles the expressions of all parameters; call it before any thread starts and
 * before anything else here.  A second call does nothing. */
enum hf_rc hf_sp_setup(struct hf_err *err);
void hf_sp_teardown(void);

/* All values sp has in the resource at node, in document order; none for special
 * and composite parameters.  HF_INVALID or HF_TOO_LONG as hf_path_eval() says. */
enum hf_rc hf_sp_values(const struct hf_sp *sp, const struct hf_json *doc,
			uint32_t node, struct hf_arena *arena, struct hf_spvs *out,
			struct hf_err *err);

/* Folds a name for search and matching: lower case, accents and ligatures taken
 * off (Łukasz → lukasz, Straße → strasse), runs of anything else → one blank. */
struct hf_sv hf_fold(struct hf_sv s, struct hf_arena *arena);

enum hf_sp_prefix {
	HF_PRE_EQ,
	HF_PRE_NE,
	HF_PRE_GT,
	HF_PRE_LT,
	HF_PRE_GE,
	HF_PRE_LE,
	HF_PRE_SA,
	HF_PRE_EB,
	HF_PRE_AP
};

enum hf_sp_modifier {
	HF_MOD_NONE,
	HF_MOD_MISSING,
	HF_MOD_EXACT,
	HF_MOD_CONTAINS,
	HF_MOD_TEXT,
	HF_MOD_NOT,
	HF_MOD_ABOVE,
	HF_MOD_BELOW,
	HF_MOD_IN,
	HF_MOD_NOT_IN,
	HF_MOD_OF_TYPE,
	HF_MOD_TYPE, /* Patient?subject:Patient=… */
	HF_MOD_IDENTIFIER
};

/* One "name:modifier=a,b" of a query: any of the operands meets it. */
struct hf_sp_operand {
	enum hf_sp_prefix prefix;
	struct hf_spv value;   /* as in struct hf_spv; text keeps the raw operand */
	struct hf_sv folded;   /* strings and :text: hf_fold(text) */
	bool system_given;     /* token "system|code" or "|code" */
	bool code_given;       /* token "system|" has none */
	struct hf_sv squeezed; /* tokens: the code without blanks and - ( ) . */
	struct hf_sv version;  /* reference: after /_history/ or |; n 0 for none */
	struct hf_sv url_base; /* reference: what stands before Type/id; n 0 for none */
	/* number, quantity: the number, and the range [low, high) that its digits
	 * leave open; for ap the range that is near enough, both ends included */
	struct hf_decimal point, low, high;
};

struct hf_sp_test {
	const struct hf_sp *sp;
	enum hf_sp_modifier modifier;
	hf_type_id mod_type; /* for HF_MOD_TYPE */
	bool missing;	     /* for HF_MOD_MISSING */
	struct hf_sp_operand *any;
	size_t n_any;
};

/* Reads the modifier (without colon, empty for none) and the raw value (already
 * percent-decoded; commas, \, \| \$ \\ as in FHIR).  HF_INVALID names the parameter
 * and what is wrong; a modifier that R4 does not allow for the type is refused.
 * now is for the ap prefix on dates. */
enum hf_rc hf_sp_test_parse(const struct hf_sp *sp, struct hf_sv modifier,
			    struct hf_sv value, hf_time now, struct hf_arena *arena,
			    struct hf_sp_test *out, struct hf_err *err);

/* Does the resource at node meet the test?  base is the server's own base URL, so
 * that an absolute reference to it equals a relative one ("" for none). */
enum hf_rc hf_sp_test_match(const struct hf_sp_test *t, const struct hf_json *doc,
			    uint32_t node, struct hf_sv base, struct hf_arena *arena,
			    bool *out, struct hf_err *err);

/* A key for sorting by sp: memcmp order of the bytes in *key; desc asks for the
 * key that counts when sorting downward.  n 0 when the resource has no value. */
enum hf_rc hf_sp_sort_key(const struct hf_sp *sp, const struct hf_json *doc,
			  uint32_t node, bool desc, struct hf_arena *arena,
			  struct hf_sv *key, struct hf_err *err);

#endif

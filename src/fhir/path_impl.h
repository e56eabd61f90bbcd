/* path_impl.h - what the files of the FHIRPath engine share; for nobody else.
 *
 * A compiled expression is an array of nodes that name each other by index, the
 * root last.  Names that follow each other (a.b.c) are one node with steps, so
 * that navigation goes down without lists between.  Text of nodes points into the
 * expression's own copy of its source. */
#ifndef HF_FHIR_PATH_IMPL_H
#define HF_FHIR_PATH_IMPL_H

#include "fhir/decimal.h"
#include "fhir/path.h"
#include "fhir/ucum.h"

enum {
	PATH_MAX_TEXT = 10000,
	PATH_MAX_NEST = 64,   /* parentheses and arguments */
	PATH_MAX_DEPTH = 256, /* of the tree of nodes, long chains of operators */
	PATH_MAX_STEPS = 100000
};

#define PATH_NONE UINT32_MAX

enum path_op {
	PATH_EMPTY,
	PATH_BOOL,
	PATH_INT,
	PATH_DECIMAL,
	PATH_STRING,
	PATH_DATE,
	PATH_TIME,
	PATH_QUANTITY,
	PATH_VAR, /* %resource … */
	PATH_THIS,
	PATH_INDEX,
	PATH_TOTAL,
	PATH_CHAIN, /* a: input or NONE for $this; b: first step, n steps */
	PATH_AT,    /* a[b] */
	PATH_CALL,  /* a: input or NONE for $this; fn; b: first of n arguments */
	PATH_IS,    /* a is type */
	PATH_AS,
	PATH_NEGATE,
	PATH_UNION,
	PATH_BINARY /* fn: enum path_bin */
};

enum path_bin {
	PATH_OR,
	PATH_XOR,
	PATH_AND,
	PATH_IMPLIES,
	PATH_IN,
	PATH_CONTAINS,
	PATH_EQ,
	PATH_NE,
	PATH_EQUIV,
	PATH_NOT_EQUIV,
	PATH_LT,
	PATH_GT,
	PATH_LE,
	PATH_GE,
	PATH_ADD,
	PATH_SUB,
	PATH_AMP,
	PATH_MUL,
	PATH_DIVIDE,
	PATH_DIV,
	PATH_MOD
};

enum path_var {
	PATH_VAR_RESOURCE,
	PATH_VAR_CONTEXT,
	PATH_VAR_UCUM,
	PATH_VAR_SCT,
	PATH_VAR_LOINC,
	PATH_VAR_VS,
	PATH_VAR_EXT,
	PATH_VAR_NAMED /* .text: of env->vars, or of defineVariable() */
};

/* A type named in the expression: FHIR's by id, System's by the kind. */
struct path_type {
	hf_type_id id; /* 0 for a System type */
	uint8_t kind;  /* enum hf_pv_kind */
	bool datetime; /* System.DateTime as against System.Date */
};

struct path_node {
	uint8_t op, fn;
	bool flag; /* PATH_BOOL: the value; PATH_DATE: a dateTime */
	uint16_t n, column;
	uint16_t depth;	  /* of the tree below */
	hf_type_id stype; /* type that all results are known to have, or 0 */
	uint32_t a, b;
	union {
		int64_t i;
		struct path_type type;
	};
	struct hf_sv text, unit;
};

struct path_step {
	struct hf_sv name;
	hf_type_id root;  /* first name of an expression that is a type's */
	hf_type_id owner; /* type for which elem was looked up */
	const struct hf_elem *elem;
};

struct hf_path {
	const struct path_node *nodes;
	const struct path_step *steps;
	const uint32_t *args;
	uint32_t n_nodes, root;
	const struct hf_elem *last; /* element that all results belong to, or NULL */
	char *text;
};

struct path_frame {
	const struct hf_pv *self; /* $this */
	int64_t index;
	const struct hf_pvs *total;
	/* By defineVariable(), newest first.  It grows along a chain of calls; operands
	 * and arguments get a frame of their own, so that it ends with them. */
	const struct path_defined *defined;
};

/* A variable that defineVariable() made. */
struct path_defined {
	struct hf_sv name;
	struct hf_pvs value;
	const struct path_defined *before;
};

struct path_ev {
	const struct hf_path *path;
	const struct hf_path_env *env;
	struct hf_arena *arena;
	struct hf_err *err;
	unsigned steps, max_steps;
	bool full; /* a string could not be read: the whole evaluation fails */
	struct hf_pv root;
};

/* ---- lexer ---- */
enum path_tok {
	TOK_END,
	TOK_NAME,
	TOK_QUOTED_NAME,
	TOK_STRING,
	TOK_INT,
	TOK_DECIMAL,
	TOK_DATE,
	TOK_TIME,
	TOK_VAR,
	TOK_DOLLAR,
	TOK_SYM
};

struct hf_path_lex {
	char *text; /* strings are unescaped in place */
	size_t n, at;
	struct hf_err *err;
	enum path_tok tok;
	struct hf_sv sv; /* the token's text; of strings without quotes */
	size_t column;	 /* from 1 */
};

/* Reads the next token into lex; HF_INVALID with the column. */
enum hf_rc hf_path_lex(struct hf_path_lex *lex);
/* HF_INVALID at the current token. */
enum hf_rc hf_path_lex_fail(const struct hf_path_lex *lex, const char *what);

/* ---- types and values (path_value.c) ---- */
enum hf_path_prim {
	PRIM_NONE,
	PRIM_BOOL,
	PRIM_INT,
	PRIM_DECIMAL,
	PRIM_STRING,
	PRIM_DATE,
	PRIM_DATETIME,
	PRIM_TIME,
	PRIM_QUANTITY
};
enum hf_path_prim hf_path_prim(hf_type_id type);
bool hf_path_type_named(struct hf_sv space, struct hf_sv name, struct path_type *out);
bool hf_path_is(const struct hf_pv *v, struct path_type type);
/* The System value of v: itself, or what a primitive or Quantity node holds.
 * False when it has none (a complex node, a primitive with extensions only). */
bool hf_path_system(struct path_ev *ev, const struct hf_pv *v, struct hf_pv *out);
hf_type_id hf_path_resource_type(const struct hf_json *doc, uint32_t node);
/* The string at node of doc; p is NULL when it is none, or when the arena is full,
 * which ev remembers. */
struct hf_sv hf_path_string(struct path_ev *ev, const struct hf_json *doc,
			    uint32_t node);
/* Unit words of calendar durations as UCUM codes; others as they are. */
struct hf_sv hf_path_unit(struct hf_sv unit);
/* Two quantities (or numbers) as numbers that compare like them: in one unit, by the
 * calendar for its words, or by what their UCUM codes are made of.  False when they
 * are of different kinds, a code is not known, or a number has too many digits. */
bool hf_path_same_unit(const struct hf_pv *a, const struct hf_pv *b,
		       struct hf_decimal *x, struct hf_decimal *y);
bool hf_path_decimal(const struct hf_pv *v, struct hf_decimal *out);

/* What is certain to be wrong on a context of this type; see hf_path_compile_for(). */
enum hf_rc hf_path_check(const struct hf_path *path, hf_type_id context,
			 struct hf_err *err);

/* ---- lists ---- */
enum hf_rc hf_path_push(struct path_ev *ev, struct hf_pvs *list, const struct hf_pv *v);
enum hf_rc hf_path_push_bool(struct path_ev *ev, struct hf_pvs *list, bool b);
enum hf_rc hf_path_push_int(struct path_ev *ev, struct hf_pvs *list, int64_t i);
enum hf_rc hf_path_push_str(struct path_ev *ev, struct hf_pvs *list, struct hf_sv s);
enum hf_rc hf_path_push_decimal(struct path_ev *ev, struct hf_pvs *list,
				struct hf_decimal d);
enum hf_rc hf_path_full(struct path_ev *ev);
enum hf_rc hf_path_fail(struct path_ev *ev, const struct path_node *n,
			const char *what);

/* ---- evaluation ---- */
/* Appends the results of node at to *out. */
enum hf_rc hf_path_run(struct path_ev *ev, uint32_t at, struct path_frame *f,
		       struct hf_pvs *out);
/* Counts n pieces of work; HF_TOO_LONG past the bound. */
enum hf_rc hf_path_spend(struct path_ev *ev, size_t n);
/* Appends the members of v called step->name; all members when step is NULL. */
enum hf_rc hf_path_member(struct path_ev *ev, const struct hf_pv *v,
			  const struct path_step *step, struct hf_pvs *out);
enum hf_rc hf_path_children(struct path_ev *ev, const struct hf_pv *v,
			    struct hf_pvs *out);

/* Three-valued logic. */
enum path_tri { TRI_FALSE, TRI_TRUE, TRI_EMPTY };
/* The truth of a list: empty, or its one item, where anything that is no boolean
 * counts as true; HF_INVALID for several. */
enum hf_rc hf_path_truth(struct path_ev *ev, const struct path_node *n,
			 const struct hf_pvs *list, enum path_tri *out);
/* The one item of a list as a System value, or as it is (kind HF_PV_NODE) when it has
 * elements of its own; *has is false for an empty list and for a primitive that has
 * extensions only. */
enum hf_rc hf_path_single(struct path_ev *ev, const struct path_node *n,
			  const struct hf_pvs *list, struct hf_pv *out, bool *has);

/* ---- operators (path_op.c, path_equal.c, path_date.c) ---- */
enum hf_rc hf_path_binary(struct path_ev *ev, const struct path_node *n,
			  struct path_frame *f, struct hf_pvs *out);
enum path_tri hf_path_item_equal(struct path_ev *ev, const struct hf_pv *a,
				 const struct hf_pv *b);
bool hf_path_item_equiv(struct path_ev *ev, const struct hf_pv *a,
			const struct hf_pv *b);
bool hf_path_has(struct path_ev *ev, const struct hf_pvs *list, const struct hf_pv *v);
/* Appends v unless an equal one is there. */
enum hf_rc hf_path_push_new(struct path_ev *ev, struct hf_pvs *list,
			    const struct hf_pv *v);
enum path_tri hf_path_lists_equal(struct path_ev *ev, const struct hf_pvs *a,
				  const struct hf_pvs *b);
enum hf_rc hf_path_lists_equiv(struct path_ev *ev, const struct hf_pvs *a,
			       const struct hf_pvs *b, bool *out);

struct path_date {
	int32_t year;
	int8_t month, day, hour, minute, second;
	uint8_t fields; /* how many are given: 1 year … 6 second */
	bool zoned, time_only;
	int32_t fraction; /* of a second, billionths */
	int16_t offset;	  /* minutes east of UTC */
};
/* A FHIR or FHIRPath date, dateTime ("2020-01-01T10") or, with time_only, time. */
bool hf_path_date_parse(struct hf_sv s, bool time_only, struct path_date *out);
/* *empty when the precisions differ before the order is known. */
int hf_path_date_cmp(const struct path_date *a, const struct path_date *b, bool *empty);
enum hf_rc hf_path_date_add(struct path_ev *ev, const struct path_node *n,
			    const struct hf_pv *date, const struct hf_pv *quantity,
			    bool minus, struct hf_pvs *out);

/* ---- functions (path_fn*.c) ---- */
enum path_arg {
	ARG_NONE,
	ARG_VALUE,  /* evaluated where the call stands */
	ARG_LAMBDA, /* evaluated for each item, which is $this */
	ARG_TYPE    /* a type specifier; kept in node.type */
};

typedef enum hf_rc (*path_call)(struct path_ev *ev, const struct path_node *n,
				struct path_frame *f, const struct hf_pvs *in,
				struct hf_pvs *out);

struct path_fn {
	const char *name;
	path_call call;
	uint8_t min, max;
	enum path_arg arg;
	bool same_type; /* results are items of the input */
};

/* Index of a function by name; -1 when there is none. */
int hf_path_fn_find(struct hf_sv name);
const struct path_fn *hf_path_fn_get(uint8_t fn);

/* Appends the value of argument k (for $this of the call). */
enum hf_rc hf_path_value(struct path_ev *ev, const struct path_node *n, unsigned k,
			 struct path_frame *f, struct hf_pvs *out);
/* Evaluates argument k with item i of in as $this. */
enum hf_rc hf_path_lambda(struct path_ev *ev, const struct path_node *n, unsigned k,
			  const struct path_frame *f, const struct hf_pvs *in, size_t i,
			  const struct hf_pvs *total, struct hf_pvs *out);

/* The one input as a string; *has is false when there is none.  HF_INVALID when it is
 * of another type or there are several. */
enum hf_rc hf_path_input_text(struct path_ev *ev, const struct path_node *n,
			      const struct hf_pvs *in, struct hf_sv *out, bool *has);
/* The same of argument k, as a string and as a whole number. */
enum hf_rc hf_path_arg_text(struct path_ev *ev, const struct path_node *n, unsigned k,
			    struct path_frame *f, struct hf_sv *out, bool *has);
enum hf_rc hf_path_arg_int(struct path_ev *ev, const struct path_node *n, unsigned k,
			   struct path_frame *f, int64_t *out, bool *has);

/* Functions of other files in the table of path_fn.c. */
#define PATH_FN(name)                                                                  \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f, const struct hf_pvs *in,                 \
			struct hf_pvs *out)
PATH_FN(hf_path_fn_starts);
PATH_FN(hf_path_fn_ends);
PATH_FN(hf_path_fn_contains);
PATH_FN(hf_path_fn_index_of);
PATH_FN(hf_path_fn_substring);
PATH_FN(hf_path_fn_upper);
PATH_FN(hf_path_fn_lower);
PATH_FN(hf_path_fn_replace);
PATH_FN(hf_path_fn_length);
PATH_FN(hf_path_fn_trim);
PATH_FN(hf_path_fn_split);
PATH_FN(hf_path_fn_join);
PATH_FN(hf_path_fn_to_chars);
PATH_FN(hf_path_fn_to_string);
PATH_FN(hf_path_fn_to_integer);
PATH_FN(hf_path_fn_to_decimal);
PATH_FN(hf_path_fn_to_boolean);
PATH_FN(hf_path_fn_to_date);
PATH_FN(hf_path_fn_to_datetime);
PATH_FN(hf_path_fn_to_time);
PATH_FN(hf_path_fn_to_quantity);
PATH_FN(hf_path_fn_converts);
PATH_FN(hf_path_fn_abs);
PATH_FN(hf_path_fn_ceiling);
PATH_FN(hf_path_fn_floor);
PATH_FN(hf_path_fn_round);
PATH_FN(hf_path_fn_truncate);
PATH_FN(hf_path_fn_today);
PATH_FN(hf_path_fn_now);
PATH_FN(hf_path_fn_resolve);
PATH_FN(hf_path_fn_extension);
PATH_FN(hf_path_fn_has_extension);
PATH_FN(hf_path_fn_has_value);
PATH_FN(hf_path_fn_get_value);
PATH_FN(hf_path_fn_type);
PATH_FN(hf_path_fn_member_of);
PATH_FN(hf_path_fn_conforms_to);
PATH_FN(hf_path_fn_html_checks);
PATH_FN(hf_path_fn_check_modifiers);
PATH_FN(hf_path_fn_matches);
PATH_FN(hf_path_fn_matches_full);
PATH_FN(hf_path_fn_replace_matches);
PATH_FN(hf_path_fn_last_index_of);
PATH_FN(hf_path_fn_encode);
PATH_FN(hf_path_fn_decode);
PATH_FN(hf_path_fn_escape);
PATH_FN(hf_path_fn_unescape);
PATH_FN(hf_path_fn_exp);
PATH_FN(hf_path_fn_ln);
PATH_FN(hf_path_fn_log);
PATH_FN(hf_path_fn_power);
PATH_FN(hf_path_fn_sqrt);
PATH_FN(hf_path_fn_low_boundary);
PATH_FN(hf_path_fn_high_boundary);
PATH_FN(hf_path_fn_precision);
PATH_FN(hf_path_fn_comparable);

#endif

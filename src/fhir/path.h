/* path.h - FHIRPath: parse once, evaluate many times, bounded, pure.
 *
 * FHIRPath 2.0 (N1) with the functions that FHIR R4 adds and most of the trial-use
 * ones; docs/interfaces/fhirpath.md tells which.  A compiled expression is immutable
 * and may be shared between threads. */
#ifndef HF_FHIR_PATH_H
#define HF_FHIR_PATH_H

#include "base/time.h"
#include "fhir/json.h"
#include "fhir/tables.h"

struct hf_path; /* compiled; opaque */

enum hf_pv_kind {
	HF_PV_NODE, /* a value in a document: .doc, .node, .type */
	HF_PV_BOOL,
	HF_PV_INT,
	HF_PV_DECIMAL, /* .text, as written */
	HF_PV_STRING,
	HF_PV_DATE, /* date, or dateTime when .b: .text */
	HF_PV_TIME,
	HF_PV_QUANTITY, /* .text the number, .unit the unit */
	HF_PV_TYPE	/* what type() gives: .text the name, .unit the namespace */
};

struct hf_pv {
	enum hf_pv_kind kind;
	hf_type_id type; /* of a node; 0 when unknown */
	const struct hf_json *doc;
	uint32_t node;	/* HF_JSON_NONE when a primitive has only extensions */
	uint32_t extra; /* its "_name" sibling in doc, or HF_JSON_NONE */
	union {
		bool b;
		int64_t i;
	};
	struct hf_sv text, unit;
};

struct hf_pvs {
	struct hf_pv *items;
	size_t n, size;
};

/* What an evaluation may look at.  resolve answers resolve(): sets *out to the
 * node of the resource a reference means, false when it is not to be had; NULL
 * gives only the type that the reference names, enough for "resolve() is X". */
struct hf_path_var {
	struct hf_sv name; /* without the % */
	const struct hf_pv *items;
	size_t n;
};

struct hf_path_env {
	const struct hf_json *doc; /* %resource */
	uint32_t node;
	hf_type_id type;
	unsigned max_steps; /* 0 means 100,000 */
	hf_time now;	    /* for now() and today(); 0 for none, which is empty */
	bool (*resolve)(void *ctx, struct hf_sv reference, struct hf_pv *out);
	void *resolve_ctx;
	const struct hf_path_var *vars; /* %name of the caller's own */
	size_t n_vars;
	/* Answers memberOf(): is the code of v (a code, Coding or CodeableConcept) in
	 * the value set?  False when the value set is not known here, which is empty;
	 * NULL: only the value sets of R4 that are built in are known. */
	bool (*member_of)(void *ctx, const struct hf_pv *v, struct hf_sv value_set,
			  bool *is);
	void *member_ctx;
};

/* Compiles text (copied).  Free with hf_path_free().  HF_INVALID tells the
 * column and what was expected; HF_TOO_LONG past 10,000 bytes or depth 64. */
enum hf_rc hf_path_compile(struct hf_sv text, struct hf_path **out, struct hf_err *err);

/* What an expression is compiled for. */
struct hf_path_rules {
	/* Type of what it will be put to: then elements that this type does not have,
	 * types of other resources and an order where there is none are errors too.
	 * 0: not known. */
	hf_type_id context;
	const struct hf_sv *vars; /* names of %variables that env will have */
	size_t n_vars;
};
enum hf_rc hf_path_compile_for(struct hf_sv text, const struct hf_path_rules *rules,
			       struct hf_path **out, struct hf_err *err);
/* The type of the resource at node of doc, for rules.context; 0 when it says none. */
hf_type_id hf_path_type_at(const struct hf_json *doc, uint32_t node);
void hf_path_free(struct hf_path *path); /* NULL is fine */

/* Evaluates on env->node; the results lie in arena, in document order.  HF_INVALID
 * for a type error in the expression, HF_TOO_LONG past max_steps or the arena. */
enum hf_rc hf_path_eval(const struct hf_path *path, const struct hf_path_env *env,
			struct hf_arena *arena, struct hf_pvs *out, struct hf_err *err);

/* The string, code, uri, number … text of a value; p is NULL when it has none. */
struct hf_sv hf_pv_text(const struct hf_pv *v, struct hf_arena *arena);

#endif

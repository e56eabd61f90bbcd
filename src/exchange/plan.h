/* plan.h - what a document asks to be imported.
 *
 * A document is a Bundle (transaction, batch, collection, searchset, document,
 * message), one resource, or a line of a rejects file.  The fullUrl of an entry is
 * its identity: "urn:uuid:X" without another id in the resource is the id X.  What
 * has no identity at all gets an id from its content, so that importing the same
 * input twice changes nothing.  Pure. */
#ifndef HF_EXCHANGE_PLAN_H
#define HF_EXCHANGE_PLAN_H

#include "base/arena.h"
#include "base/err.h"
#include "fhir/json.h"
#include "fhir/tables.h"

enum hf_plan_op {
	HF_PLAN_PUT,	   /* under .id */
	HF_PLAN_DELETE,	   /* .id */
	HF_PLAN_CREATE_IF, /* under .id unless .query finds one */
	HF_PLAN_PUT_IF,	   /* over what .query finds, else under .id */
	HF_PLAN_DELETE_IF  /* what .query finds */
};

struct hf_plan_entry {
	enum hf_plan_op op;
	uint32_t place; /* entry of the Bundle, from 0 */
	uint32_t node;	/* the resource; HF_JSON_NONE to delete */
	hf_type_id type;
	struct hf_sv id, full_url, query;
	uint32_t if_match; /* 0: any */
	bool if_none_match_any;
	/* Why it cannot be imported: n 0 when it can.  path is below the resource. */
	struct hf_sv why;
	const char *why_path;
};

struct hf_plan {
	struct hf_plan_entry *entries;
	size_t n;
	bool bundle;
	bool whole; /* all or nothing: transaction, collection, document, message */
};

struct hf_plan_limits {
	size_t resource; /* bytes of one resource */
};

/* Reads the plan of doc; everything lies in arena or in doc's text.  HF_INVALID
 * when it is no FHIR document that can be imported, with what it is instead;
 * HF_TOO_LONG when the arena is full. */
enum hf_rc hf_plan_read(const struct hf_json *doc, const struct hf_plan_limits *limits,
			struct hf_arena *arena, struct hf_plan *out,
			struct hf_err *err);

/* References of the form "Type?query" below node, each once: *refs in arena.
 * False when the arena is full. */
bool hf_plan_conditions(const struct hf_json *doc, uint32_t node,
			struct hf_arena *arena, struct hf_sv **refs, size_t *n);

/* One parameter of a query string, percent-decoded into arena.  Takes it off
 * *rest; false at the end or when an escape is broken. */
bool hf_plan_param(struct hf_sv *rest, struct hf_arena *arena, struct hf_sv *name,
		   struct hf_sv *value);

/* Is s a FHIR id: 1 to 64 of A-Z a-z 0-9 - . */
bool hf_plan_is_id(struct hf_sv s);

#endif

/* doc.h - reading a definition: JSON whose mistakes are named with their lines, all of
 * them in one run.  Pure. */
#ifndef HF_FHIR_DOC_H
#define HF_FHIR_DOC_H

#include "base/issue.h"
#include "fhir/decimal.h"
#include "fhir/json.h"

struct hf_doc {
	const char *name; /* "frailty.json": stands before the line */
	struct hf_sv text;
	struct hf_json json;
	struct hf_arena *arena; /* what is read lies there */
	struct hf_issues *issues;
	size_t errors; /* of issues when it was opened */
	bool full;     /* the arena is: nothing that was read is to be used */
};

/* A definition that is in the program as it stands in definitions/. */
struct hf_definition_text {
	const char *name; /* "news2.json" */
	struct hf_sv text;
};

enum { HF_DOC_MOST = 1 << 20 }; /* bytes of a definition */

/* Parses text.  What is wrong goes to issues; then false. */
bool hf_doc_open(struct hf_doc *d, const char *name, struct hf_sv text,
		 struct hf_arena *arena, struct hf_issues *issues);

/* Whether what was read may be used.  HF_TOO_LONG when the arena is full, HF_INVALID
 * when issues has a mistake more than when it was opened; err names the document. */
enum hf_rc hf_doc_close(const struct hf_doc *d, struct hf_err *err);

/* A finding at the line of node; HF_JSON_NONE is the first line. */
void hf_doc_wrong(struct hf_doc *d, uint32_t node, const char *fmt, ...)
    HF_PRINTF(3, 4);
void hf_doc_warn(struct hf_doc *d, uint32_t node, const char *fmt, ...) HF_PRINTF(3, 4);
/* The line of a node, from 1. */
unsigned hf_doc_line(const struct hf_doc *d, uint32_t node);

/* Names each member of object that is none of names ("id title version"). */
void hf_doc_only(struct hf_doc *d, uint32_t object, const char *names);

/* The member called name; HF_JSON_NONE when it is not there or of another type, which
 * is a finding when it is there (or, with needed, also when it is not). */
uint32_t hf_doc_member(struct hf_doc *d, uint32_t object, const char *name,
		       enum hf_json_type type, bool needed);

/* Its text, NUL-terminated in the arena; "" when there is none. */
const char *hf_doc_text(struct hf_doc *d, uint32_t object, const char *name,
			bool needed);
/* An id: letters, digits, '-', '_', '.', '@' and '*' as it stands; "" when none. */
const char *hf_doc_id(struct hf_doc *d, uint32_t object, const char *name, bool needed);
/* A whole number within [min, max]; otherwise when it is not there. */
int64_t hf_doc_int(struct hf_doc *d, uint32_t object, const char *name, int64_t min,
		   int64_t max, int64_t otherwise);
bool hf_doc_bool(struct hf_doc *d, uint32_t object, const char *name, bool otherwise);
/* False when it is not there (no finding) or no number (finding). */
bool hf_doc_decimal(struct hf_doc *d, uint32_t object, const char *name,
		    struct hf_decimal *out);
/* A text or a list of texts, as ids; *n is 0 when it is not there. */
const char **hf_doc_ids(struct hf_doc *d, uint32_t object, const char *name,
			bool needed, size_t *n);

/* Room for n things of size bytes, zeroed; NULL sets .full. */
void *hf_doc_room(struct hf_doc *d, size_t n, size_t size);

/* For each element c of array (or member of object) node. */
#define HF_DOC_EACH(d, c, node)                                                        \
	for (uint32_t c = (node) == HF_JSON_NONE ? 0 : (node) + 1;                     \
	     (node) != HF_JSON_NONE && c < (d)->json.nodes[node].next;                 \
	     c = (d)->json.nodes[c].next)

#endif

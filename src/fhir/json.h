/* json.h - JSON read into a tape of nodes that point into the input.
 *
 * Strict RFC 8259 with our limits: depth, size, no duplicate names, no lone
 * surrogates, valid UTF-8, no escapes in names.  Numbers are kept as text, so
 * what came in goes out to the byte.  Nodes stand in document order; the node
 * after a subtree is .next, so a walk over children is
 *   for (uint32_t c = i + 1; c < doc->nodes[i].next; c = doc->nodes[c].next)  */
#ifndef HF_FHIR_JSON_H
#define HF_FHIR_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum hf_json_type {
	HF_JSON_NULL,
	HF_JSON_FALSE,
	HF_JSON_TRUE,
	HF_JSON_NUMBER,
	HF_JSON_STRING,
	HF_JSON_ARRAY,
	HF_JSON_OBJECT
};

struct hf_json_node {
	uint32_t off, len; /* string: inside the quotes; others: the whole text */
	uint32_t next;	   /* index of the node after this subtree */
	uint32_t key;	   /* offset of the name (inside the quotes) in an object */
	uint16_t key_len;  /* 0 in arrays and at the root */
	uint8_t type;	   /* enum hf_json_type */
	uint8_t escaped;   /* a string with at least one backslash */
};

struct hf_json {
	const char *text; /* borrowed input */
	size_t len;
	struct hf_json_node *nodes; /* in the arena given to parse */
	uint32_t n;
};

struct hf_json_limits {
	size_t bytes;	/* of the input; 0 means 4 GiB - 1 */
	unsigned depth; /* nested arrays and objects; 0 means 64 */
	uint32_t nodes; /* 0 means no limit but the arena's */
};

#define HF_JSON_NONE UINT32_MAX

/* Parses text, which must outlive *out.  HF_INVALID names the byte offset, line
 * and what was expected; HF_TOO_LONG when a limit is reached. */
enum hf_rc hf_json_parse(struct hf_sv text, const struct hf_json_limits *limits,
			 struct hf_arena *arena, struct hf_json *out,
			 struct hf_err *err);

static inline struct hf_sv
hf_json_raw(const struct hf_json *d, uint32_t i)
{
	return (struct hf_sv){d->text + d->nodes[i].off, d->nodes[i].len};
}

static inline struct hf_sv
hf_json_key(const struct hf_json *d, uint32_t i)
{
	return (struct hf_sv){d->text + d->nodes[i].key, d->nodes[i].key_len};
}

static inline enum hf_json_type
hf_json_type(const struct hf_json *d, uint32_t i)
{
	return (enum hf_json_type)d->nodes[i].type;
}

/* The text of node i as it stands in JSON: with quotes for a string. */
struct hf_sv hf_json_source(const struct hf_json *d, uint32_t i);

/* The member called key of object i; HF_JSON_NONE when i is HF_JSON_NONE, no
 * object or has none. */
uint32_t hf_json_get(const struct hf_json *d, uint32_t i, struct hf_sv key);
#define hf_json_member(d, i, lit) hf_json_get((d), (i), HF_SV(lit))

/* Element at of array i; HF_JSON_NONE when there is none. */
uint32_t hf_json_at(const struct hf_json *d, uint32_t i, uint32_t at);
/* How many elements or members i has; 0 for others and HF_JSON_NONE. */
uint32_t hf_json_count(const struct hf_json *d, uint32_t i);

/* The value of string node i with escapes undone: a view of the input when there
 * are none, else in arena.  p is NULL when i is HF_JSON_NONE, no string, or the
 * arena is full. */
struct hf_sv hf_json_str(const struct hf_json *d, uint32_t i, struct hf_arena *arena);

/* Writing: append-only, commas set by the writer. */
struct hf_jw {
	struct hf_buf *out;
	bool comma;
};

void hf_jw_obj(struct hf_jw *w);
void hf_jw_obj_end(struct hf_jw *w);
void hf_jw_arr(struct hf_jw *w);
void hf_jw_arr_end(struct hf_jw *w);
void hf_jw_key(struct hf_jw *w, struct hf_sv key); /* key needs no escapes */
void hf_jw_str(struct hf_jw *w, struct hf_sv s);   /* escapes what must be */
void hf_jw_int(struct hf_jw *w, int64_t v);
void hf_jw_bool(struct hf_jw *w, bool v);
void hf_jw_null(struct hf_jw *w);
void hf_jw_raw(struct hf_jw *w, struct hf_sv json); /* one value as it stands */
#define hf_jw_member(w, lit) hf_jw_key((w), HF_SV(lit))
/* Key and string value at once. */
void hf_jw_kv(struct hf_jw *w, struct hf_sv key, struct hf_sv value);
#define hf_jw_field(w, lit, value) hf_jw_kv((w), HF_SV(lit), (value))

/* Copies node i with white space between tokens left out; strings and numbers
 * as they stand. */
void hf_json_minify(const struct hf_json *d, uint32_t i, struct hf_buf *out);

#endif

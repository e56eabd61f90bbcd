/* search.h - FHIR search over the record.
 *
 * A query is parsed into tests (fhir/spvalue.h), planned (within a person's
 * shelves; by an index slot; or a bounded scan that says so) and run.  Answers are
 * exact or refused (HF_COSTLY), never a part as if whole. */
#ifndef HF_RECORD_IO_SEARCH_H
#define HF_RECORD_IO_SEARCH_H

#include "base/issue.h"
#include "fhir/spvalue.h"
#include "record/io/store.h"

struct hf_param { /* one query parameter, percent-decoded */
	struct hf_sv name, value;
};

enum hf_summary {
	HF_SUMMARY_FALSE,
	HF_SUMMARY_TRUE,
	HF_SUMMARY_TEXT,
	HF_SUMMARY_DATA,
	HF_SUMMARY_COUNT
};

enum hf_mode { HF_MODE_MATCH, HF_MODE_INCLUDE, HF_MODE_OUTCOME };

struct hf_hit {
	enum hf_mode mode;
	struct hf_version v; /* body already cut by _summary or _elements */
};

struct hf_search; /* parsed query */

/* What one page may cost; hf_search_parse() sets the defaults. */
struct hf_search_limits {
	size_t scan_rows; /* rows looked at without an index (200,000) */
	unsigned scan_ms; /* and how long for (2,000) */
	size_t frozen;	  /* hits that are kept for later pages, or sorted (10,000) */
	size_t included;  /* resources that includes may add (10,000) */
	unsigned iterations; /* rounds of _include:iterate (8) */
};
void hf_search_limit(struct hf_search *search, const struct hf_search_limits *limits);

/* Whether search does what R4 says of this parameter of this type; what is not
 * supported is refused and left out of /metadata. */
bool hf_search_supports(hf_type_id type, const struct hf_sp *sp);

/* Drops the pages kept for a store; to be called when it is closed. */
void hf_search_forget(const struct hf_store *store);

struct hf_search_result {
	struct hf_hit *hits;
	size_t n;
	int64_t total;	   /* -1 when not counted */
	bool scanned;	   /* no index served: a scan did */
	struct hf_sv self; /* the query string as it was understood */
	struct hf_sv next; /* query string of the next page; n 0 at the end */
	struct hf_sv prev;
	struct hf_issues issues; /* ignored parameters when lenient */
};

/* Parses.  type 0: search at the root (only _type=… with common parameters).
 * HF_INVALID names the parameter.  Everything lies in arena. */
enum hf_rc hf_search_parse(hf_type_id type, const struct hf_param *params, size_t n,
			   bool lenient, struct hf_sv base, hf_time now,
			   struct hf_arena *arena, struct hf_search **out,
			   struct hf_err *err);
/* Runs one page.  user binds the page to who asked. */
enum hf_rc hf_search_run(struct hf_store *store, struct hf_reader *reader,
			 const struct hf_search *search, struct hf_sv user,
			 struct hf_arena *arena, struct hf_search_result *out,
			 struct hf_err *err);

/* Cuts v->body as _summary and _elements of s ask; for reads by id. */
enum hf_rc hf_search_trim(const struct hf_search *s, struct hf_arena *arena,
			  struct hf_version *v, struct hf_err *err);

/* For conditional create, update, delete: the query must be served by one index
 * slot; *rid is 0, the one match, or HF_MULTIPLE is given.  slot and value are for
 * struct hf_change_item. */
enum hf_rc hf_search_one(struct hf_reader *reader, hf_type_id type,
			 const struct hf_param *params, size_t n, struct hf_sv base,
			 hf_time now, struct hf_arena *arena, hf_rid *rid,
			 uint32_t *slot, int64_t *value, struct hf_err *err);

/* Patient/$everything: the person's shelves, mentions, and what those refer to
 * that is on no person's shelf (organisations, practitioners …).  types: only
 * these (NULL for all); since, start, end as the operation defines.  Gives each
 * version to put, in shelf order; put returns false to stop. */
struct hf_everything {
	hf_rid patient;
	const hf_type_id *types;
	size_t n_types;
	hf_time since, start, end; /* HF_TIME_MIN, _MIN, _MAX for none */
};
enum hf_rc hf_search_everything(struct hf_reader *reader, const struct hf_everything *q,
				struct hf_arena *arena,
				bool (*put)(void *ctx, const struct hf_version *v),
				void *ctx, struct hf_err *err);

#endif

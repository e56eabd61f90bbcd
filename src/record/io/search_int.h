/* search_int.h - what the files of search share; nobody else includes it.
 *
 * The way of a query: search_parse.c reads it, search_plan.c finds where its
 * candidates come from, search_run.c opens and tests them page by page,
 * search_page.c keeps the list that the next pages go by, search_include.c adds
 * what was asked for beside, search_cut.c takes out what was not. */
#ifndef HF_RECORD_IO_SEARCH_INT_H
#define HF_RECORD_IO_SEARCH_INT_H

#include "record/index_table.h"
#include "record/io/search.h"

enum hf_total { HF_TOTAL_NONE, HF_TOTAL_ESTIMATE, HF_TOTAL_ACCURATE };

struct hf_search_sort {
	const struct hf_sp *sp;
	bool desc;
};

struct hf_search_include {
	hf_type_id source;
	const struct hf_sp *sp; /* NULL: every reference parameter of source */
	hf_type_id target;	/* 0: any */
	bool iterate;
};

/* A list in an arena, grown by hf_search_grow(). */
struct hf_search_names {
	struct hf_sv *items;
	size_t n, size;
};

struct hf_search {
	hf_type_id type; /* 0: .types tells */
	const hf_type_id *types;
	size_t n_types; /* 1 for a search on one type */
	struct hf_sv base;
	hf_time now;
	struct hf_search_limits limits;
	struct hf_sp_test *tests;
	size_t n_tests, tests_size;
	struct hf_search_sort *sorts;
	size_t n_sorts;
	struct hf_search_include *includes, *revincludes;
	size_t n_includes, includes_size, n_revincludes, revincludes_size;
	unsigned count;
	enum hf_total total;
	enum hf_summary summary;
	struct hf_search_names elements;
	uint64_t page_id; /* 0: the first page */
	uint32_t page_at;
	struct hf_sv self; /* without the page */
	struct hf_issues issues;
};

/* Gives room for one more item of size bytes; false when the arena is full. */
bool hf_search_grow(struct hf_arena *arena, void **items, size_t n, size_t *size,
		    size_t item);
bool hf_search_wants_type(const struct hf_search *s, hf_type_id type);

/* ---- candidates (search_plan.c) ---- */

/* A resource that may be a hit.  version 0: not known, see hf_cands.as_of. */
struct hf_cand {
	hf_rid rid;
	uint32_t version;
};

/* A range of index rows that holds every resource meeting a test, one of several. */
struct hf_range {
	uint32_t slot;
	int64_t lo, hi;
};

enum hf_source {
	HF_SOURCE_LIST, /* all candidates are in .items */
	HF_SOURCE_INDEX,
	HF_SOURCE_SCAN
};

/* Where candidates come from, and how far the walk has come. */
struct hf_walk {
	enum hf_source source;
	struct hf_range *ranges;
	size_t n_ranges, at; /* INDEX: range being walked */
	int64_t after_value; /* INDEX */
	hf_rid after;	     /* INDEX, SCAN */
	bool started;	     /* .after_value counts */
	bool done;
	hf_type_id type;   /* SCAN: 0 for all */
	size_t looked;	   /* SCAN: rows looked at so far */
	uint64_t began_ns; /* SCAN: when this page began */
};

struct hf_cands {
	struct hf_cand *items;
	size_t n, size;
	struct hf_walk walk; /* what comes after them */
	bool ordered;	     /* in the order that _sort asks for */
};

/* Chooses where candidates come from; those of a list are given at once, of the
 * others none yet. */
enum hf_rc hf_search_plan(struct hf_reader *reader, const struct hf_search *s,
			  struct hf_arena *arena, struct hf_cands *out,
			  struct hf_err *err);
/* Fetches up to max more candidates of the walk behind c->items. */
enum hf_rc hf_search_more(struct hf_reader *reader, const struct hf_search *s,
			  size_t max, struct hf_arena *arena, struct hf_cands *c,
			  struct hf_err *err);
/* The index ranges that hold every match of test number at (with those of the
 * same date parameter cut into each other).  n 0 when no index serves it. */
enum hf_rc hf_search_ranges(const struct hf_search *s, size_t at,
			    struct hf_arena *arena, struct hf_range **out, size_t *n,
			    struct hf_err *err);
/* The parameters of type that an index serves, "a, b and c"; n 0 for none. */
struct hf_sv hf_search_indexed(hf_type_id type, struct hf_arena *arena);
/* What of a test can be told from the entry alone: false when it cannot match. */
bool hf_search_entry_may(const struct hf_search *s, const struct hf_entry *e);

/* ---- one person (search_person.c) ---- */

/* When a test binds the search to people, all their candidates: *bound tells.
 * A test is given the ids of linked shelves' Patients as further operands. */
enum hf_rc hf_search_person(struct hf_reader *reader, const struct hf_search *s,
			    struct hf_arena *arena, struct hf_cands *out, bool *bound,
			    struct hf_err *err);
/* The search parameter that .lo and .hi of entries of a type stand for, and the
 * one whose codes are in .sig; NULL when there is none. */
const struct hf_sp *hf_search_clock(hf_type_id type);
const struct hf_sp *hf_search_coded(hf_type_id type);

/* ---- testing (search_match.c) ---- */

/* Does the resource meet all tests of s? */
enum hf_rc hf_search_match(const struct hf_search *s, hf_type_id type,
			   const struct hf_json *doc, struct hf_arena *arena, bool *out,
			   struct hf_err *err);

/* ---- pages (search_page.c) ---- */

/* What later pages go by.  items up to the first hit of each page. */
struct hf_page {
	uint64_t id;
	int64_t as_of; /* newest commit when the first page was made */
	int64_t total;
	bool scanned;
	struct hf_cands cands; /* in the caller's arena */
	uint32_t start;	       /* of the page that is asked for, in cands.items */
};

/* Keeps a page list and gives its id, or adds the start of page number at to the
 * one that has an id.  *id is 0 when memory is short. */
enum hf_rc hf_page_keep(struct hf_store *store, const struct hf_search *s,
			struct hf_sv user, const struct hf_page *page, uint32_t at,
			uint64_t *id, struct hf_err *err);
/* The list of the page that s asks for.  HF_GONE when it has expired, or is not
 * this user's or this query's. */
enum hf_rc hf_page_find(struct hf_store *store, const struct hf_search *s,
			struct hf_sv user, struct hf_arena *arena, struct hf_page *out,
			struct hf_err *err);

/* ---- includes (search_include.c) and cutting (search_cut.c) ---- */

/* A hit with its body read into nodes. */
struct hf_found {
	struct hf_hit hit;
	struct hf_json doc;
};

struct hf_founds {
	struct hf_found *items;
	size_t n, size;
};

enum hf_rc hf_search_include_all(struct hf_reader *reader, const struct hf_search *s,
				 struct hf_arena *arena, struct hf_founds *founds,
				 struct hf_err *err);
/* The body as _summary and _elements ask; lies in arena. */
enum hf_rc hf_search_cut(const struct hf_search *s, hf_type_id type,
			 const struct hf_json *doc, struct hf_arena *arena,
			 struct hf_sv *out, struct hf_err *err);

#endif

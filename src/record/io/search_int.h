/* search_int.h - what the files of search share; nobody else includes it.
 *
 * The way of a query: search_parse.c reads it, search_plan.c finds where its
 * candidates come from, search_run.c opens and tests them page by page,
 * search_page.c keeps the list that the next pages go by, search_include.c adds
 * what was asked for beside, search_cut.c takes out what was not. */
#ifndef HF_RECORD_IO_SEARCH_INT_H
#define HF_RECORD_IO_SEARCH_INT_H

#include "record/index.h"
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

/* What entries must have for their bodies to be opened; see search_entry.c. */
struct hf_entry_filter {
	uint64_t *sigs; /* bits of the codes asked for, any of them; n 0: no demand */
	size_t n_sigs;
	bool dated;	  /* the next two count */
	hf_time from, to; /* a clinical date that reaches into [from, to] */
	int64_t change_from, change_to; /* commits, both included */
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
	struct hf_entry_filter filter;
	struct hf_issues issues;
};

/* Gives room for one more item of size bytes; false when the arena is full. */
bool hf_search_grow(struct hf_arena *arena, void **items, size_t n, size_t *size,
		    size_t item);
/* One snapshot for a search, unless the caller has one already. */
enum hf_rc hf_search_begin(struct hf_reader *reader, bool *mine, struct hf_err *err);
void hf_search_end(struct hf_reader *reader, bool mine);

/* A set of rids in an arena. */
struct hf_rids {
	hf_rid *slots; /* 0: free */
	size_t n, size;
};
/* 1 when it was added, 0 when it was there, -1 when the arena is full. */
int hf_rids_add(struct hf_arena *arena, struct hf_rids *set, hf_rid rid);

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

/* A value of more than HF_INDEX_SHORT, in a walk in the order of starts. */
struct hf_long {
	hf_time lo;
	hf_rid rid;
};

/* Where candidates come from, and how far the walk has come. */
struct hf_walk {
	enum hf_source source;
	struct hf_range *ranges;
	size_t n_ranges, at; /* INDEX: range being walked */
	int64_t after_value; /* INDEX */
	hf_rid after;	     /* INDEX, SCAN */
	bool started;	     /* .after_value counts */
	bool sorted,
	    desc;  /* INDEX: in the order of a date; one range of short values */
	bool tail; /* sorted: goes on with a scan, for what has no date */
	struct hf_long *longs;
	size_t n_longs, at_long;
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

/* Adds a candidate; false when the arena is full. */
bool hf_search_push(struct hf_arena *arena, struct hf_cands *c, hf_rid rid,
		    uint32_t version);
/* Chooses where candidates come from when no test binds the search to people; those
 * of a list are given at once, of the others none yet. */
enum hf_rc hf_search_plan(struct hf_reader *reader, struct hf_search *s,
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
/* The slots of short and long values of a date parameter; false when it has none. */
bool hf_search_date_slots(hf_type_id type, const struct hf_sp *sp, uint32_t slots[2]);
/* The parameters of type that an index serves, "a, b and c"; n 0 for none. */
struct hf_sv hf_search_indexed(hf_type_id type, struct hf_arena *arena);
/* All candidates for a search whose one test is a reference to target.  *reserved
 * is empty at first and kept for further targets of the same search. */
enum hf_rc hf_search_referring(struct hf_reader *reader, struct hf_search *q,
			       const struct hf_entry *target, struct hf_arena *arena,
			       struct hf_cands *reserved, struct hf_cands *out,
			       struct hf_err *err);
/* HF_COSTLY, with the parameters that would help. */
enum hf_rc hf_search_too_costly(const struct hf_search *s, struct hf_arena *arena,
				struct hf_err *err);

/* ---- entries (search_entry.c) ---- */

/* Sets s->filter from the tests. */
enum hf_rc hf_search_filter(struct hf_search *s, struct hf_arena *arena,
			    struct hf_err *err);
/* False when the entry alone tells that it is no hit. */
bool hf_search_entry_may(const struct hf_search *s, const struct hf_entry *e);
/* Puts entries into candidates in the order that _sort asks for, when entries tell
 * it (by rid without _sort); sets c->ordered. */
enum hf_rc hf_search_from_entries(const struct hf_search *s, struct hf_entry *entries,
				  size_t n, struct hf_arena *arena, struct hf_cands *c,
				  struct hf_err *err);

/* ---- one person (search_person.c) ---- */

/* When a test binds the search to people, all their candidates: *bound tells.
 * The test is given the other Patients of linked records as further operands. */
enum hf_rc hf_search_person(struct hf_reader *reader, struct hf_search *s,
			    struct hf_arena *arena, struct hf_cands *out, bool *bound,
			    struct hf_err *err);
/* The entries of a person's shelves and mentions, deleted ones left out. */
struct hf_entries {
	struct hf_entry *items;
	size_t n, size;
};
enum hf_rc hf_search_person_entries(struct hf_reader *reader, int64_t shelf,
				    struct hf_arena *arena, struct hf_entries *out,
				    size_t *n_shelves, struct hf_err *err);

/* ---- testing (search_match.c) ---- */

/* Does the resource meet all tests of s? */
enum hf_rc hf_search_match(const struct hf_search *s, hf_type_id type,
			   const struct hf_json *doc, struct hf_arena *arena, bool *out,
			   struct hf_err *err);

/* ---- pages (search_page.c) ---- */

/* What the pages of one search go by. */
struct hf_page {
	uint64_t id;   /* 0: not kept yet */
	int64_t as_of; /* newest commit when the first page was made */
	int64_t total;
	bool scanned;
	bool frozen; /* the walk has been put into .cands as far as it is kept */
	struct hf_cands cands;
	uint32_t *starts; /* of each page known, in cands.items */
	size_t n_starts;
};

/* Keeps a copy of page for some minutes; gives it an id when it has none, else
 * puts it in the place of what was kept.  HF_BUSY when memory is short. */
enum hf_rc hf_page_keep(struct hf_store *store, const struct hf_search *s,
			struct hf_sv user, struct hf_page *page, struct hf_err *err);
/* The page list that s asks for, copied into arena.  HF_GONE when it has expired;
 * HF_INVALID when it is of another query. */
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

/* search_run.h - the run of one page, shared by search_run.c, search_sort.c and
 * search_later.c; nobody else includes it. */
#ifndef HF_RECORD_IO_SEARCH_RUN_H
#define HF_RECORD_IO_SEARCH_RUN_H

#include "record/io/search_int.h"

struct hf_run {
	struct hf_store *store;
	struct hf_reader *reader;
	struct hf_search s; /* a copy: its tests may get linked ids */
	struct hf_sv user;
	struct hf_arena *arena, scratch;
	struct hf_page page;
	size_t pos;	     /* of the next candidate */
	struct hf_rids seen; /* of a walk, whose rows may name one twice */
	size_t listed;	     /* candidates before this are known to be unique */
	bool drop;	     /* candidates behind .pos are not needed again */
	size_t opened;
	uint64_t began_ns;
	struct hf_founds founds;
	bool more; /* there is a hit behind the page, at .pos - 1 */
	bool begun;
	struct hf_err *err;
};

/* The next hit, lying in .scratch; *got is false at the end. */
enum hf_rc hf_run_next(struct hf_run *r, struct hf_version *v, struct hf_json *doc,
		       bool *got);
/* Puts all hits into the candidates, sorted by what only the bodies tell; HF_COSTLY
 * when there are more than are kept. */
enum hf_rc hf_run_sort(struct hf_run *r);
/* Keeps what the page after this one goes by; r->page.id is set. */
enum hf_rc hf_run_keep(struct hf_run *r);
/* Takes up a page that is not the first. */
enum hf_rc hf_run_later(struct hf_run *r);

#endif

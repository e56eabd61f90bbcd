/* viewer_int.h - asking what a viewer may see, for the files of this room. */
#ifndef HF_RECORD_IO_VIEWER_INT_H
#define HF_RECORD_IO_VIEWER_INT_H

#include "record/io/store_impl.h"
#include "record/io/viewer.h"

static inline bool
hf_sees_all(const struct hf_reader *r)
{
	return r->viewer == NULL;
}

/* The reader reads as the system until hf_as_viewer() gives it back. */
static inline const struct hf_viewer *
hf_as_system(struct hf_reader *r)
{
	const struct hf_viewer *viewer = r->viewer;

	r->viewer = NULL;
	return viewer;
}

static inline void
hf_as_viewer(struct hf_reader *r, const struct hf_viewer *viewer)
{
	r->viewer = viewer;
}

/* Is the viewer here to operate the system?  Then they are told how much there is. */
bool hf_operates(const struct hf_reader *r);

/* May the viewer see the current version of this entry (one that was deleted: may they
 * know of it)?  May read: no rows of RES_GET, RES_ENTRY or HIST_GET are open. */
enum hf_rc hf_sees(struct hf_reader *r, const struct hf_entry *e, bool *out,
		   struct hf_err *err);
/* May the viewer change it (letter: HF_CRUD_U or _D), whether they see it or not? */
enum hf_rc hf_sees_change(struct hf_reader *r, const struct hf_entry *e,
			  unsigned letter, bool *out, struct hf_err *err);
/* The same of one version whose body is at hand, older or newest. */
enum hf_rc hf_sees_version(struct hf_reader *r, const struct hf_version *v, bool *out,
			   struct hf_err *err);
/* Drops what may not be seen. */
enum hf_rc hf_sees_which(struct hf_reader *r, struct hf_entry *entries, size_t *n,
			 struct hf_err *err);
/* Whether anything of a type on a shelf could be seen: false rules it out without
 * looking at the row. */
enum hf_rc hf_sees_any(struct hf_reader *r, int64_t shelf, hf_type_id type, bool *out,
		       struct hf_err *err);
/* The same of rids alone, in place. */
enum hf_rc hf_sees_rids(struct hf_reader *r, hf_rid *rids, size_t *n,
			struct hf_err *err);

/* What would be done to one resource: its content as the body at node of doc has it, on
 * a shelf (0: nobody's).  persons are the shelves it speaks of; fresh says that a shelf
 * is new, so that the relationship is taken as given. */
struct hf_doing {
	hf_type_id type;
	const struct hf_json *doc;
	uint32_t node;
	const int64_t *shelves;
	const bool *fresh;
	size_t n;
	enum hf_activity activity;
	unsigned letter;  /* HF_CRUD_… */
	struct hf_sv ods; /* where it comes from, when the body does not say; n 0 */
};
enum hf_rc hf_viewer_decide(struct hf_reader *r, const struct hf_doing *d,
			    struct hf_access_answer *out, struct hf_err *err);

#endif

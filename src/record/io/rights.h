/* rights.h - the snapshot of what is agreed and chosen about sharing, from the store.
 *
 * One snapshot serves everybody; it is made anew when a desk job (desk.h) was done
 * since, but for those apart (sessions).  A store that is only read does not know of
 * others' jobs and looks again after a second. */
#ifndef HF_RECORD_IO_RIGHTS_H
#define HF_RECORD_IO_RIGHTS_H

#include "access/rights.h"
#include "record/io/store.h"

/* The snapshot as it stands: it shows every job that was acknowledged before.  Give it
 * back with hf_rights_drop().  The failure of reading it; without it nobody may be
 * shown anything. */
enum hf_rc hf_store_rights_get(struct hf_store *store, const struct hf_rights **out,
			       struct hf_err *err);

#endif

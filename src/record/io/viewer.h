/* viewer.h - who looks through a reader: it then shows only what they may see.
 *
 * The viewer is asked at the lowest layer, wherever a resource or a row that names
 * one comes out of the store, so that no search, count, include, page or export can
 * show or betray what a read would refuse. */
#ifndef HF_RECORD_IO_VIEWER_H
#define HF_RECORD_IO_VIEWER_H

#include "access/access.h"
#include "access/rights.h"
#include "record/io/store.h"

struct hf_viewer {
	const struct hf_actor *actor;
	const struct hf_policy *policy;
	const struct hf_rights *rights; /* agreements, glasses … as they stand */
	enum hf_activity activity;	/* READ, SEARCH, EXPORT, TRACE … */
	bool audit_works;
	hf_time now;
};

/* From now on the reader shows what viewer may see; NULL: everything (the system
 * itself, the trial actor).  The viewer lives until another is set or the reader is
 * put back, which takes it off. */
void hf_reader_as(struct hf_reader *reader, const struct hf_viewer *viewer);

#endif

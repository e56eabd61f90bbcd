/* downtime.h - makes the downtime pack out of the record, into a folder.
 *
 * The folder holds names and addresses: it is made for its owner alone (0700), and one
 * that others may enter is refused.  Each page appears whole or not at all, the one
 * that leads to the others last; pages of teams that are gone are taken away.  Whoever
 * makes it has noted it in the audit before. */
#ifndef HF_HUB_IO_DOWNTIME_H
#define HF_HUB_IO_DOWNTIME_H

#include "record/io/store.h"

struct hf_downtime_report {
	size_t referrals, teams;
};

/* HF_FORBIDDEN: others may enter the folder, or it is somebody else's.  HF_BUSY:
 * another process makes a pack there.  HF_FULL: the disk or the memory.  On a failure
 * the pages that were there stay, each as it was or as it is now. */
enum hf_rc hf_downtime_make(struct hf_store *store, const char *dir, hf_time now,
			    int every_minutes, struct hf_downtime_report *out,
			    struct hf_err *err);

/* Can a pack be made in the folder?  Makes it when it is not there. */
enum hf_rc hf_downtime_check(const char *dir, struct hf_err *err);

#endif

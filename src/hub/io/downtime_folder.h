/* downtime_folder.h - the folder that a pack is written to.  For downtime.c. */
#ifndef HF_HUB_IO_DOWNTIME_FOLDER_H
#define HF_HUB_IO_DOWNTIME_FOLDER_H

#include "base/err.h"

struct hf_pack_folder {
	const char *path; /* for what is said; borrowed */
	int fd;
};

/* Makes the folder, or takes the one that is there, for as long as it is open.
 * Failures as of hf_downtime_make(). */
enum hf_rc hf_pack_folder_open(const char *path, struct hf_pack_folder *out,
			       struct hf_err *err);
void hf_pack_folder_close(struct hf_pack_folder *f); /* NULL is fine */

/* Writes a file: after that it is whole and on the disk, before it is as it was. */
enum hf_rc hf_pack_folder_put(struct hf_pack_folder *f, const char *name,
			      struct hf_sv text, struct hf_err *err);
/* Takes away pages of teams that keep() does not want, and what a maker that died
 * left; what is no page of a pack stays. */
void hf_pack_folder_sweep(struct hf_pack_folder *f,
			  bool (*keep)(void *ctx, const char *name), void *ctx);

#endif

/* audit.h - writing the audit down: append-only segments in the folder audit/.
 *
 * A line is in the segment (and so survives the end of this process) when
 * hf_audit_put() returns, and on the disk within HF_AUDIT_FLUSH_MS: while older
 * lines are not, hf_audit_put() waits, and after HF_AUDIT_PATIENCE_MS it fails and
 * the caller refuses the request.  After a flush failed it always fails: what the
 * disk holds is no longer known, and the process has to be started again. */
#ifndef HF_ACCESS_IO_AUDIT_H
#define HF_ACCESS_IO_AUDIT_H

#include "access/audit_chain.h"
#include "access/audit_line.h"
#include "base/err.h"

enum {
	HF_AUDIT_FLUSH_MS = 100,
	HF_AUDIT_PATIENCE_MS = 2000,
	HF_AUDIT_SEGMENT = 16 << 20 /* bytes of room a segment is given */
};

struct hf_audit;

/* Opens the folder (made when it is not there), seals what a crash left unsealed
 * and begins a new segment.  One process at a time: HF_BUSY when another has it.
 * HF_FORBIDDEN, HF_FULL or HF_FAULT with the file named.  Close with
 * hf_audit_close(), which seals and flushes; NULL is fine. */
enum hf_rc hf_audit_open(const char *folder, struct hf_audit **out, struct hf_err *err);
void hf_audit_close(struct hf_audit *audit);

/* Writes one line.  Threads may call it at once.  HF_BUSY when it cannot be
 * written or flushed in time: the request must then be refused. */
enum hf_rc hf_audit_put(struct hf_audit *audit, const struct hf_audit_event *event,
			struct hf_err *err);
/* Does writing work now? */
bool hf_audit_works(struct hf_audit *audit);
/* Waits until all that was put is on the disk. */
enum hf_rc hf_audit_flush(struct hf_audit *audit, struct hf_err *err);
/* Keyed hash of what was searched for; the key stays in the folder.  Never 0. */
uint64_t hf_audit_hash(const struct hf_audit *audit, struct hf_sv query);

/* Checks the whole chain in the folder, also while it is being written.  HF_OK with
 * findings in issues when it was changed; HF_NOT_FOUND without a folder,
 * HF_FORBIDDEN when a file cannot be read. */
enum hf_rc hf_audit_verify(const char *folder, struct hf_chain_report *report,
			   struct hf_issues *issues, struct hf_err *err);

#endif

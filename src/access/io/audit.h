/* audit.h - writing the audit down: append-only segments in the folder audit/.
 *
 * A line is in the segment (and so survives the end of this process) when
 * hf_audit_put() returns, and on the disk within HF_AUDIT_FLUSH_MS: while older
 * lines are not, hf_audit_put() waits, and after HF_AUDIT_PATIENCE_MS it fails and
 * the caller refuses the request.  After a flush failed it always fails: what the
 * disk holds is no longer known, and the process has to be started again.
 *
 * How far the chain has come is signed (audit_head.h): at each flush into the file
 * "head", at every midnight in London and when the audit is closed into a file of its
 * own, "head-00000001.json" …, which is copied elsewhere at once when that was asked.
 */
#ifndef HF_ACCESS_IO_AUDIT_H
#define HF_ACCESS_IO_AUDIT_H

#include "access/audit_chain.h"
#include "access/audit_head.h"
#include "access/audit_line.h"
#include "base/err.h"

enum {
	HF_AUDIT_FLUSH_MS = 100,
	HF_AUDIT_PATIENCE_MS = 2000,
	HF_AUDIT_SEGMENT = 16 << 20 /* bytes of room a segment is given */
};

struct hf_audit;

struct hf_audit_config {
	const char *folder;
	const char *sign_key; /* file of the signing key; NULL: "sign.key" in folder */
	const char *copy_to;  /* folder that heads are copied to; NULL: none */
	hf_time (*now)(void); /* NULL: hf_now(); for tests */
};

/* Opens the folder (made when it is not there), seals what a crash left unsealed
 * and begins a new segment.  One process at a time: HF_BUSY when another has it.
 * HF_FORBIDDEN, HF_FULL or HF_FAULT with the file named; HF_RULE when the signing key
 * can be read by others or is none.  Close with hf_audit_close(), which seals,
 * flushes and signs; NULL is fine. */
enum hf_rc hf_audit_open(const struct hf_audit_config *config, struct hf_audit **out,
			 struct hf_err *err);
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

/* The public half of the signing key, as 64 hex digits and NUL.  HF_NOT_FOUND when
 * there is no key yet. */
enum hf_rc hf_audit_public_key(const struct hf_audit_config *config,
			       char out[2 * HF_SIGN_PUBLIC + 1], struct hf_err *err);

struct hf_audit_verify {
	const char *folder;
	const char *heads; /* folder of copied heads; NULL: none */
	/* 64 hex digits of the public key that heads must be signed with; NULL: that
	 * of the key in sign_key (NULL: of the folder).  n 0: no key is known. */
	const char *key;
	const char *sign_key;
};
/* Checks the whole chain in the folder and every head, also while it is being
 * written.  HF_OK with findings in issues when it was changed; HF_NOT_FOUND without
 * a folder, HF_FORBIDDEN when a file cannot be read, HF_INVALID for a key that is
 * none. */
enum hf_rc hf_audit_verify(const struct hf_audit_verify *what,
			   struct hf_chain_report *report, struct hf_issues *issues,
			   struct hf_err *err);

#endif

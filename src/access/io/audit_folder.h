/* audit_folder.h - the folder audit/: segments, keys, lock, heads.  For the files
 * behind audit.h. */
#ifndef HF_ACCESS_IO_AUDIT_FOLDER_H
#define HF_ACCESS_IO_AUDIT_FOLDER_H

#include "access/audit_chain.h"
#include "access/audit_head.h"
#include "base/err.h"

enum { HF_SEGMENT_NAME = 32 };

/* "00000042.ndjson" and "head-00000042.json" */
void hf_segment_name(uint64_t number, char name[HF_SEGMENT_NAME]);
void hf_head_name(uint64_t number, char name[HF_SEGMENT_NAME]);

/* errno number to a failure that names the file. */
enum hf_rc hf_audit_fail(struct hf_err *err, int number, const char *file,
			 const char *what);

/* Makes and locks the folder.  *dir and *lock are file descriptors to be closed. */
enum hf_rc hf_folder_open(const char *folder, int *dir, int *lock, struct hf_err *err);
/* Reads the key of hashes, or makes one. */
enum hf_rc hf_folder_key(int dir, unsigned char *key, size_t n, struct hf_err *err);
/* The least and the greatest number of a file that name() gives; 0 for none. */
enum hf_rc hf_folder_list(int dir,
			  void (*name)(uint64_t number, char name[HF_SEGMENT_NAME]),
			  uint64_t *first, uint64_t *last, struct hf_err *err);

struct hf_mapped {
	int fd;
	struct hf_sv bytes;
};
/* A whole segment for reading; HF_NOT_FOUND when it is not there. */
enum hf_rc hf_segment_map(int dir, uint64_t number, int flags, struct hf_mapped *out,
			  struct hf_err *err);
void hf_segment_unmap(struct hf_mapped *mapped);

/* Seals what the last process left unsealed, gives back its room, and tells the
 * number of the newest segment (0: none), how far the chain has come, and whether
 * anything had to be sealed. */
enum hf_rc hf_folder_recover(int dir, uint64_t *newest, struct hf_chain *chain,
			     bool *crashed, struct hf_err *err);

/* ---- heads: audit_heads.c ---- */

/* Reads the signing key from path (NULL: "sign.key" in dir), or makes one there when
 * make is set.  HF_NOT_FOUND when there is none; HF_RULE when others may read it or
 * it is no key. */
enum hf_rc hf_heads_key(int dir, const char *path, bool make, struct hf_sign_key *out,
			struct hf_err *err);
/* A head's text into text (NUL terminated, *n its length).  HF_NOT_FOUND, HF_FORBIDDEN.
 */
enum hf_rc hf_heads_read(int dir, const char *name, char text[HF_HEAD_MAX + 1],
			 size_t *n, struct hf_err *err);
/* The number of the last head (0: none) and its hash (zero for none). */
enum hf_rc hf_heads_last(int dir, uint64_t *number, uint8_t hash[HF_HASH_SIZE],
			 struct hf_err *err);
/* Puts text into a new file, durably.  HF_EXISTS when there is another text under
 * that name; the same one is fine. */
enum hf_rc hf_heads_add(int dir, uint64_t number, struct hf_sv text,
			struct hf_err *err);
/* Reads the live head.  False when there is none or it was changed. */
bool hf_heads_live(int dir, struct hf_head *out);

#endif

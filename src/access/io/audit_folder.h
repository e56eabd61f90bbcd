/* audit_folder.h - the folder audit/: segments, key, lock.  For audit.c. */
#ifndef HF_ACCESS_IO_AUDIT_FOLDER_H
#define HF_ACCESS_IO_AUDIT_FOLDER_H

#include "access/audit_chain.h"
#include "base/err.h"

enum { HF_SEGMENT_NAME = 32 };

/* "00000042.ndjson" */
void hf_segment_name(uint64_t number, char name[HF_SEGMENT_NAME]);

/* errno number to a failure that names the file. */
enum hf_rc hf_audit_fail(struct hf_err *err, int number, const char *file,
			 const char *what);

/* Makes and locks the folder.  *dir and *lock are file descriptors to be closed. */
enum hf_rc hf_folder_open(const char *folder, int *dir, int *lock, struct hf_err *err);
/* Reads the key, or makes one. */
enum hf_rc hf_folder_key(int dir, unsigned char *key, size_t n, struct hf_err *err);
/* Seals what the last process left unsealed, gives back its room, and tells the
 * number of the newest segment (0: none) and how far the chain has come. */
enum hf_rc hf_folder_recover(int dir, uint64_t *newest, struct hf_chain *chain,
			     struct hf_err *err);

#endif

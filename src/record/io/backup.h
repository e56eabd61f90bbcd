/* backup.h - a whole store as one encrypted file, made while it serves, and back.
 *
 * One file holds the rows of one snapshot (copy.h), the audit segments up to where
 * they had come at that moment, and the keys without which second factors cannot be
 * read.  It is the same for both engines. */
#ifndef HF_RECORD_IO_BACKUP_H
#define HF_RECORD_IO_BACKUP_H

#include "record/io/copy.h"
#include "record/io/store.h"

struct hf_backup_config {
	const char *path;	 /* of the encrypted file */
	struct hf_vault_key key; /* passphrase or key file */
	const char *audit;	 /* folder of audit segments, or NULL for none */
	const char *keys; /* folder of keys that stand beside the store, or NULL */
	struct hf_copy_progress progress;
};

/* Writes the file; the name appears only when it is whole and on the disk.  Failures
 * are those of hf_vault_create(), hf_reader_get() and a full disk; nothing is left
 * behind then. */
enum hf_rc hf_store_backup(struct hf_store *store,
			   const struct hf_backup_config *config,
			   struct hf_copy_report *report, struct hf_err *err);

/* Makes a store of the file: in to->data, where there must be none, or in the empty
 * database to->url.  HF_EXISTS when there is a store; HF_FORBIDDEN for another key;
 * HF_INVALID for a damaged file; HF_RULE for one of another version.  All of it is
 * there afterwards or nothing is. */
enum hf_rc hf_store_restore(const struct hf_store_config *to,
			    const struct hf_backup_config *config,
			    struct hf_copy_report *report, struct hf_err *err);

#endif

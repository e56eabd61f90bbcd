/* backup_files.h - the files of the audit folder in a backup.  For backup.c. */
#ifndef HF_RECORD_IO_BACKUP_FILES_H
#define HF_RECORD_IO_BACKUP_FILES_H

#include "record/io/copy.h"

struct hf_backup_file {
	char name[64];
	uint64_t size; /* when it was listed; what comes later is not taken */
};

struct hf_backup_list {
	const char *folder; /* borrowed */
	struct hf_backup_file *items;
	size_t n, size;
};

/* Lists the files of folder; a folder that is not there has none. */
enum hf_rc hf_backup_list(const char *folder, struct hf_backup_list *out,
			  struct hf_err *err);
void hf_backup_list_free(struct hf_backup_list *list);

/* Writes the files, and the end of files. */
enum hf_rc hf_backup_files_out(const struct hf_backup_list *list, struct hf_vault *v,
			       struct hf_copy_report *report, struct hf_err *err);
/* Makes folder and the files in it; folder NULL: they are read and left. */
enum hf_rc hf_backup_files_in(const char *folder, struct hf_vault *v,
			      struct hf_copy_report *report, struct hf_err *err);
/* Takes folder and its files away again. */
void hf_backup_files_drop(const char *folder);

#endif

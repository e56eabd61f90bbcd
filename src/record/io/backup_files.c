/* backup_files.c - see backup_files.h.
 *
 * Stream: for each file 'F', a byte length and so many bytes of name, the size as
 * u64 (little-endian) and so many bytes; after the last 'Z'. */
#include "record/io/backup_files.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static enum hf_rc
failed(const char *file, const char *what, struct hf_err *err)
{
	enum hf_rc rc = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? HF_FULL
			: errno == EACCES || errno == EPERM ? HF_FORBIDDEN
							    : HF_FAULT;

	return hf_fail(err, rc, file, "%s: %s", what, strerror(errno));
}

/* Names are ours, but come back from a file that somebody may have made. */
static bool
is_plain(const char *name)
{
	static const char good[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.";

	return name[0] != '.' && name[0] != '\0' && name[strspn(name, good)] == '\0';
}

void
hf_backup_list_free(struct hf_backup_list *list)
{
	free(list->items);
	*list = (struct hf_backup_list){0};
}

static enum hf_rc
list_one(struct hf_backup_list *list, int dir, const char *name, struct hf_err *err)
{
	struct hf_backup_file *items;
	struct stat st;

	/* The lock is of a process, not of the audit. */
	if (!is_plain(name) || strlen(name) >= sizeof items->name ||
	    strcmp(name, "lock") == 0)
		return HF_OK;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? HF_OK : failed(name, "cannot be read", err);
	if (!S_ISREG(st.st_mode))
		return HF_OK;
	if (list->n == list->size) {
		list->size = list->size ? list->size * 2 : 64;
		items = realloc(list->items, list->size * sizeof *items);
		if (!items)
			return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
		list->items = items;
	}
	snprintf(list->items[list->n].name, sizeof list->items[0].name, "%s", name);
	list->items[list->n++].size = (uint64_t)st.st_size;
	return HF_OK;
}

/* Last names first: "head", which says how far the segments had come, is read before
 * they are, and they only get longer. */
static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct hf_backup_file *)b)->name,
		      ((const struct hf_backup_file *)a)->name);
}

enum hf_rc
hf_backup_list(const char *folder, struct hf_backup_list *out, struct hf_err *err)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	enum hf_rc rc = HF_OK;

	*out = (struct hf_backup_list){.folder = folder};
	if (!d)
		return errno == ENOENT ? HF_OK : failed(folder, "cannot be read", err);
	while (rc == HF_OK && (e = readdir(d)))
		rc = list_one(out, dirfd(d), e->d_name, err);
	closedir(d);
	if (rc != HF_OK)
		hf_backup_list_free(out);
	else if (out->n > 0)
		qsort(out->items, out->n, sizeof *out->items, by_name);
	return rc;
}

/* A segment gives back the room it did not need when it is closed: where it ends
 * sooner than it did, NUL bytes stand for the room. */
static enum hf_rc
file_out(int fd, uint64_t size, struct hf_vault *v, struct hf_err *err)
{
	static const char zeros[PIECE];
	char piece[PIECE];
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && size > 0) {
		size_t want = size < PIECE ? (size_t)size : PIECE;
		ssize_t got = read(fd, piece, want);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(NULL, "the audit cannot be read", err);
		if (got == 0)
			rc = hf_vault_write(v, zeros, want, err);
		else
			rc = hf_vault_write(v, piece, (size_t)got, err);
		size -= got == 0 ? want : (size_t)got;
	}
	return rc;
}

static enum hf_rc
one_out(int dir, const struct hf_backup_file *f, struct hf_vault *v, struct hf_err *err)
{
	int fd = openat(dir, f->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint8_t n = (uint8_t)strlen(f->name);
	uint64_t size = htole64(f->size);
	enum hf_rc rc;

	if (fd < 0)
		return failed(f->name, "cannot be read", err);
	rc = hf_vault_write(v, "F", 1, err);
	if (rc == HF_OK)
		rc = hf_vault_write(v, &n, 1, err);
	if (rc == HF_OK)
		rc = hf_vault_write(v, f->name, n, err);
	if (rc == HF_OK)
		rc = hf_vault_write(v, &size, sizeof size, err);
	if (rc == HF_OK)
		rc = file_out(fd, f->size, v, err);
	close(fd);
	return rc;
}

enum hf_rc
hf_backup_files_out(const struct hf_backup_list *list, struct hf_vault *v,
		    struct hf_copy_report *report, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;
	int dir = -1;

	if (list->n > 0) {
		dir = open(list->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			return failed(list->folder, "cannot be read", err);
	}
	for (size_t i = 0; rc == HF_OK && i < list->n; i++) {
		rc = one_out(dir, &list->items[i], v, err);
		report->files++;
	}
	if (dir >= 0)
		close(dir);
	return rc == HF_OK ? hf_vault_write(v, "Z", 1, err) : rc;
}

static enum hf_rc
file_in(int fd, uint64_t size, struct hf_vault *v, struct hf_err *err)
{
	char piece[PIECE];
	enum hf_rc rc = HF_OK;

	while (rc == HF_OK && size > 0) {
		size_t n = size < PIECE ? (size_t)size : PIECE;

		rc = hf_vault_read(v, piece, n, err);
		for (size_t at = 0; rc == HF_OK && fd >= 0 && at < n;) {
			ssize_t got = write(fd, piece + at, n - at);

			if (got <= 0 && errno != EINTR)
				return failed(NULL, "the audit cannot be written", err);
			at += got > 0 ? (size_t)got : 0;
		}
		size -= n;
	}
	return rc;
}

static enum hf_rc
one_in(int dir, struct hf_vault *v, struct hf_err *err)
{
	char name[256];
	uint8_t n = 0;
	uint64_t size = 0;
	int fd = -1;
	enum hf_rc rc = hf_vault_read(v, &n, 1, err);

	if (rc == HF_OK)
		rc = hf_vault_read(v, name, n, err);
	if (rc == HF_OK)
		rc = hf_vault_read(v, &size, sizeof size, err);
	if (rc != HF_OK)
		return rc;
	name[n] = '\0';
	if (strlen(name) != n || !is_plain(name))
		return hf_fail(err, HF_INVALID, NULL,
			       "the backup holds a file with an impossible name");
	if (dir >= 0) {
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			return failed(name, "cannot be made", err);
	}
	rc = file_in(fd, le64toh(size), v, err);
	if (rc == HF_OK && fd >= 0 && fsync(fd) != 0)
		rc = failed(name, "cannot be written", err);
	if (fd >= 0)
		close(fd);
	return rc;
}

enum hf_rc
hf_backup_files_in(const char *folder, struct hf_vault *v,
		   struct hf_copy_report *report, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;
	char what = 'F';
	int dir = -1;

	if (folder) {
		if (mkdir(folder, 0700) != 0)
			return failed(folder, "cannot be made", err);
		dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			return failed(folder, "cannot be opened", err);
	}
	while (rc == HF_OK) {
		rc = hf_vault_read(v, &what, 1, err);
		if (rc != HF_OK || what != 'F')
			break;
		rc = one_in(dir, v, err);
		report->files++;
	}
	if (rc == HF_OK && what != 'Z')
		rc = hf_fail(err, HF_INVALID, NULL,
			     "the backup is not of a form this homefirst reads");
	if (rc == HF_OK && dir >= 0 && fsync(dir) != 0)
		rc = failed(folder, "cannot be written", err);
	if (dir >= 0)
		close(dir);
	return rc;
}

void
hf_backup_files_drop(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		if (is_plain(e->d_name))
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(folder);
}

/* downtime_folder.c - see downtime_folder.h. */
#include "hub/io/downtime_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char part_name[] = ".homefirst-downtime.part";

static enum hf_rc
failed(struct hf_err *err, const char *path, const char *what)
{
	int no = errno;

	return hf_fail(err,
		       no == ENOSPC || no == EDQUOT  ? HF_FULL
		       : no == EACCES || no == EPERM ? HF_FORBIDDEN
						     : HF_FAULT,
		       path, "%s: %s", what, strerror(no));
}

static enum hf_rc
check_rights(const struct hf_pack_folder *f, struct hf_err *err)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0)
		return failed(err, f->path, "it cannot be looked at");
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return hf_fail(err, HF_FORBIDDEN, f->path,
			       "the pack names people: its folder has to be yours, and "
			       "nobody else may enter it (chmod 700)");
	return HF_OK;
}

enum hf_rc
hf_pack_folder_open(const char *path, struct hf_pack_folder *out, struct hf_err *err)
{
	struct hf_pack_folder f = {.path = path};
	enum hf_rc rc;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return failed(err, path, "it cannot be made");
	f.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f.fd < 0)
		return failed(err, path, "it cannot be opened");
	rc = check_rights(&f, err);
	if (rc == HF_OK && flock(f.fd, LOCK_EX | LOCK_NB) < 0)
		rc = hf_fail(err, HF_BUSY, path, "another process makes a pack there");
	if (rc) {
		close(f.fd);
		return rc;
	}
	*out = f;
	return HF_OK;
}

void
hf_pack_folder_close(struct hf_pack_folder *f)
{
	if (f && f->fd >= 0)
		close(f->fd);
	if (f)
		f->fd = -1;
}

static bool
write_all(int fd, struct hf_sv text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = hf_sv_from_at(text, (size_t)n);
	}
	return fsync(fd) == 0;
}

enum hf_rc
hf_pack_folder_put(struct hf_pack_folder *f, const char *name, struct hf_sv text,
		   struct hf_err *err)
{
	enum hf_rc rc = HF_OK;
	int fd;

	(void)unlinkat(f->fd, part_name, 0);
	fd = openat(f->fd, part_name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(err, f->path, "a page cannot be made");
	if (!write_all(fd, text))
		rc = failed(err, f->path, "a page cannot be written");
	if (close(fd) < 0 && rc == HF_OK)
		rc = failed(err, f->path, "a page cannot be written");
	if (rc == HF_OK && renameat(f->fd, part_name, f->fd, name) < 0)
		rc = failed(err, f->path, "a page cannot be put in place");
	if (rc == HF_OK && fsync(f->fd) < 0)
		rc = failed(err, f->path, "it cannot be made durable");
	if (rc)
		(void)unlinkat(f->fd, part_name, 0);
	return rc;
}

void
hf_pack_folder_sweep(struct hf_pack_folder *f,
		     bool (*keep)(void *ctx, const char *name), void *ctx)
{
	int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	if (!dir && fd >= 0)
		close(fd);
	while (dir && (d = readdir(dir))) {
		struct hf_sv name = hf_sv_from(d->d_name);

		if ((hf_sv_starts(name, HF_SV("team-")) &&
		     hf_sv_ends(name, HF_SV(".html")) && !keep(ctx, d->d_name)) ||
		    hf_sv_is(name, ".homefirst-downtime.part"))
			(void)unlinkat(f->fd, d->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

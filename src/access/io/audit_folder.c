/* audit_folder.c - the folder audit/: opening, listing, mending after a crash. */
#include "access/io/audit_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

void
hf_segment_name(uint64_t number, char name[HF_SEGMENT_NAME])
{
	snprintf(name, HF_SEGMENT_NAME, "%08llu.ndjson", (unsigned long long)number);
}

enum hf_rc
hf_audit_fail(struct hf_err *err, int number, const char *file, const char *what)
{
	enum hf_rc rc = number == ENOENT ? HF_NOT_FOUND
			: number == EACCES || number == EPERM || number == EROFS
			    ? HF_FORBIDDEN
			: number == ENOSPC || number == EDQUOT ? HF_FULL
							       : HF_FAULT;

	return hf_fail(err, rc, file, "%s: %s", what, strerror(number));
}

enum hf_rc
hf_folder_open(const char *folder, int *dir, int *lock, struct hf_err *err)
{
	int d, l;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return hf_audit_fail(err, errno, folder,
				     "cannot make the audit folder");
	d = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d < 0)
		return hf_audit_fail(err, errno, folder,
				     "cannot open the audit folder");
	l = openat(d, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (l < 0) {
		int number = errno;

		close(d);
		return hf_audit_fail(err, number, folder,
				     "cannot write in the audit folder");
	}
	if (flock(l, LOCK_EX | LOCK_NB) != 0) {
		close(l);
		close(d);
		return hf_fail(
		    err, HF_BUSY, folder,
		    "another homefirst is writing the audit here; stop it or "
		    "use another --data folder");
	}
	*dir = d;
	*lock = l;
	return HF_OK;
}

enum hf_rc
hf_folder_key(int dir, unsigned char *key, size_t n, struct hf_err *err)
{
	int fd = openat(dir, "key", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	enum hf_rc rc = HF_OK;

	if (fd < 0)
		return hf_audit_fail(err, errno, "audit/key", "cannot open the key");
	if (read(fd, key, n) != (ssize_t)n) {
		if (getrandom(key, n, 0) != (ssize_t)n ||
		    pwrite(fd, key, n, 0) != (ssize_t)n || fsync(fd) != 0)
			rc = hf_audit_fail(err, errno, "audit/key",
					   "cannot write the key");
	}
	close(fd);
	return rc;
}

enum hf_rc
hf_folder_list(int dir, void (*name)(uint64_t number, char name[HF_SEGMENT_NAME]),
	       uint64_t *first, uint64_t *last, struct hf_err *err)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	*first = *last = 0;
	if (!d) {
		if (fd >= 0)
			close(fd);
		return hf_audit_fail(err, errno, "audit", "cannot list the folder");
	}
	while ((e = readdir(d)) != NULL) {
		char expected[HF_SEGMENT_NAME];
		const char *digits = strpbrk(e->d_name, "0123456789");
		uint64_t n = digits ? strtoull(digits, NULL, 10) : 0;

		name(n, expected);
		if (n == 0 || strcmp(expected, e->d_name) != 0)
			continue;
		if (*first == 0 || n < *first)
			*first = n;
		if (n > *last)
			*last = n;
	}
	closedir(d);
	return HF_OK;
}

enum hf_rc
hf_segment_map(int dir, uint64_t number, int flags, struct hf_mapped *out,
	       struct hf_err *err)
{
	char name[HF_SEGMENT_NAME];
	struct stat st;
	void *p = NULL;

	hf_segment_name(number, name);
	out->fd = openat(dir, name, flags | O_CLOEXEC);
	if (out->fd < 0)
		return hf_audit_fail(err, errno, name, "cannot open an audit segment");
	if (fstat(out->fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, out->fd, 0);
	if (p == MAP_FAILED) {
		close(out->fd);
		return hf_audit_fail(err, errno, name, "cannot read an audit segment");
	}
	out->bytes = (struct hf_sv){p, p ? (size_t)st.st_size : 0};
	return HF_OK;
}

void
hf_segment_unmap(struct hf_mapped *m)
{
	if (m->bytes.n)
		munmap((void *)(uintptr_t)m->bytes.p, m->bytes.n);
	close(m->fd);
}

/* Puts a seal over what stands behind the last one, and links the seal's own line. */
static bool
seal_rest(struct hf_mapped *m, const struct hf_chain_tail *tail, struct hf_chain *chain)
{
	struct hf_buf line = {.cap = HF_SEAL_LINE_MAX + 2};
	size_t end = tail->end;
	struct hf_sv rest = {m->bytes.p + tail->sealed, end - tail->sealed};
	bool torn, ok;

	assert(m->bytes.p); /* something stands behind the last seal */
	torn = end > 0 && m->bytes.p[end - 1] != '\n';
	/* A torn line is ended so that the seal stands on a line of its own. */
	if (torn)
		hf_buf_char(&line, '\n');
	if (tail->format == 1) {
		ok = hf_chain_add(chain, rest);
	} else {
		ok = hf_chain_lines(chain, rest);
		chain->seal++;
	}
	if (tail->format > 1 && torn)
		end++;
	hf_chain_seal_line(chain, end, true, &line);
	ok = ok && !line.failed && ftruncate(m->fd, (off_t)tail->end) == 0 &&
	     pwrite(m->fd, line.p, line.n, (off_t)tail->end) == (ssize_t)line.n &&
	     fsync(m->fd) == 0;
	if (ok && tail->format > 1)
		ok = hf_chain_lines(chain,
				    hf_sv_from_at(hf_buf_view(&line), torn ? 1 : 0));
	hf_buf_free(&line);
	return ok;
}

/* The newest segment up to number that has a seal; first when none has. */
static enum hf_rc
find_sealed(int dir, uint64_t first, uint64_t number, uint64_t *out, struct hf_err *err)
{
	for (uint64_t n = number; n >= first && n > 0; n--) {
		struct hf_chain_tail tail;
		struct hf_mapped m = {.fd = -1};
		enum hf_rc rc = hf_segment_map(dir, n, O_RDONLY, &m, err);

		if (rc == HF_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		hf_chain_tail(m.bytes, &tail);
		hf_segment_unmap(&m);
		if (tail.any) {
			*out = n;
			return HF_OK;
		}
	}
	*out = first;
	return HF_OK;
}

/* Brings *c over one segment, sealing what a crash left open. */
static bool
mend(struct hf_mapped *m, struct hf_chain *c, bool *crashed)
{
	struct hf_chain_tail tail;

	hf_chain_tail(m->bytes, &tail);
	if (tail.any)
		*c = tail.chain;
	if (tail.end > tail.after_seal) {
		*crashed = true;
		return seal_rest(m, &tail, c);
	}
	if (tail.format > 1 &&
	    !hf_chain_lines(
		c, (struct hf_sv){m->bytes.p + tail.sealed, tail.end - tail.sealed}))
		return false;
	return tail.end == m->bytes.n || ftruncate(m->fd, (off_t)tail.end) == 0;
}

enum hf_rc
hf_folder_recover(int dir, uint64_t *newest, struct hf_chain *chain, bool *crashed,
		  struct hf_err *err)
{
	struct hf_chain c = {0};
	struct hf_mapped m = {.fd = -1};
	uint64_t first, last, from = 0;
	enum hf_rc rc = hf_folder_list(dir, hf_segment_name, &first, &last, err);

	*crashed = false;
	if (rc == HF_OK)
		rc = find_sealed(dir, first, last, &from, err);
	if (rc)
		return rc;
	/* A crash between two segments leaves the last two unsealed. */
	for (uint64_t n = from; last && n <= last; n++) {
		bool ok;

		rc = hf_segment_map(dir, n, O_RDWR, &m, err);
		if (rc == HF_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		ok = mend(&m, &c, crashed);
		hf_segment_unmap(&m);
		if (!ok)
			return hf_audit_fail(err, errno, "audit",
					     "cannot seal what a crash left open");
	}
	*newest = last;
	*chain = c;
	return HF_OK;
}

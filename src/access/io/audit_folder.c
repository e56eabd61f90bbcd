/* audit_folder.c - the folder audit/: opening, mending after a crash, checking. */
#include "access/io/audit_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/io/audit.h"

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

/* The least and the greatest number of a segment in the folder; 0 for none. */
static enum hf_rc
list_segments(int dir, uint64_t *first, uint64_t *last, struct hf_err *err)
{
	int fd = dup(dir);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	*first = *last = 0;
	if (!d) {
		if (fd >= 0)
			close(fd);
		return hf_audit_fail(err, errno, "audit", "cannot list the folder");
	}
	rewinddir(d);
	while ((e = readdir(d)) != NULL) {
		char name[HF_SEGMENT_NAME];
		uint64_t n = strtoull(e->d_name, NULL, 10);

		hf_segment_name(n, name);
		if (n == 0 || strcmp(name, e->d_name) != 0)
			continue;
		if (*first == 0 || n < *first)
			*first = n;
		if (n > *last)
			*last = n;
	}
	closedir(d);
	return HF_OK;
}

struct mapped {
	int fd;
	struct hf_sv bytes;
};

static enum hf_rc
map_whole(int dir, uint64_t number, int flags, struct mapped *out, struct hf_err *err)
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

static void
unmap(struct mapped *m)
{
	if (m->bytes.n)
		munmap((void *)(uintptr_t)m->bytes.p, m->bytes.n);
	close(m->fd);
}

/* Puts a seal over what stands behind the last one. */
static bool
seal_rest(struct mapped *m, const struct hf_chain_tail *tail, struct hf_chain *chain)
{
	struct hf_buf line = {.cap = HF_SEAL_LINE_MAX + 2};
	size_t end = tail->end;
	bool torn, ok;

	assert(m->bytes.p); /* something stands behind the last seal */
	torn = end > 0 && m->bytes.p[end - 1] != '\n';
	if (!hf_chain_add(
		chain, (struct hf_sv){m->bytes.p + tail->sealed, end - tail->sealed}))
		return false;
	/* A torn line is ended so that the seal stands on a line of its own. */
	if (torn)
		hf_buf_char(&line, '\n');
	hf_chain_seal_line(chain, end, true, &line);
	ok = !line.failed && ftruncate(m->fd, (off_t)end) == 0 &&
	     pwrite(m->fd, line.p, line.n, (off_t)end) == (ssize_t)line.n &&
	     fsync(m->fd) == 0;
	hf_buf_free(&line);
	return ok;
}

/* The chain's end in segments up to number: the last seal found going backward. */
static enum hf_rc
find_chain(int dir, uint64_t first, uint64_t number, struct hf_chain *chain,
	   struct hf_err *err)
{
	*chain = (struct hf_chain){0};
	for (uint64_t n = number; n >= first && n > 0; n--) {
		struct hf_chain_tail tail;
		struct mapped m = {.fd = -1};
		enum hf_rc rc = map_whole(dir, n, O_RDONLY, &m, err);

		if (rc == HF_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		hf_chain_tail(m.bytes, &tail);
		unmap(&m);
		if (tail.any) {
			*chain = tail.chain;
			return HF_OK;
		}
	}
	return HF_OK;
}

enum hf_rc
hf_folder_recover(int dir, uint64_t *newest, struct hf_chain *chain, struct hf_err *err)
{
	struct hf_chain_tail tail;
	struct hf_chain c;
	struct mapped m = {.fd = -1};
	uint64_t first, last;
	enum hf_rc rc = list_segments(dir, &first, &last, err);

	if (rc == HF_OK)
		rc = find_chain(dir, first, last, &c, err);
	if (rc)
		return rc;
	/* A crash between two segments leaves the last two unsealed. */
	for (uint64_t n = last > first ? last - 1 : last; last && n <= last; n++) {
		bool ok = true;

		rc = map_whole(dir, n, O_RDWR, &m, err);
		if (rc == HF_NOT_FOUND)
			continue;
		if (rc)
			return rc;
		hf_chain_tail(m.bytes, &tail);
		if (tail.end > tail.after_seal)
			ok = seal_rest(&m, &tail, &c);
		else if (tail.end < m.bytes.n)
			ok = ftruncate(m.fd, (off_t)tail.end) == 0;
		unmap(&m);
		if (!ok)
			return hf_audit_fail(err, errno, "audit",
					     "cannot seal what a crash left open");
	}
	*newest = last;
	*chain = c;
	return HF_OK;
}

/* The mark says how far the chain had come; it may be behind what is found. */
static void
check_mark(const struct hf_chain *chain, const struct hf_chain *at_mark,
	   const struct hf_chain *mark, bool has_mark, struct hf_issues *issues)
{
	if (!has_mark) {
		if (chain->seal)
			hf_issue_add(
			    issues, HF_SEV_ERROR, "security", HF_SV("head"),
			    "the mark of how far the chain had come is missing "
			    "or cannot be read");
		return;
	}
	if (chain->seal < mark->seal)
		hf_issue_add(issues, HF_SEV_ERROR, "security", HF_SV("head"),
			     "the end is cut off: seal %llu was written, the last one "
			     "found is %llu",
			     (unsigned long long)mark->seal,
			     (unsigned long long)chain->seal);
	else if (memcmp(at_mark->hash, mark->hash, sizeof mark->hash) != 0)
		hf_issue_add(issues, HF_SEV_ERROR, "security", HF_SV("head"),
			     "seal %llu is not the one that was written",
			     (unsigned long long)mark->seal);
}

static bool
read_mark(int dir, struct hf_chain *mark)
{
	char text[256];
	int fd = openat(dir, "head", O_RDONLY | O_CLOEXEC);
	uint64_t segment;
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text);
	close(fd);
	return n > 0 &&
	       hf_chain_mark_parse((struct hf_sv){text, (size_t)n}, mark, &segment);
}

/* The seal numbered as the mark's, when this segment holds it. */
static void
look_for_mark(struct hf_sv bytes, const struct hf_chain *mark, struct hf_chain *at_mark)
{
	struct hf_sv rest = bytes;

	while (rest.n) {
		struct hf_chain_seal seal;
		struct hf_sv line = hf_sv_cut(&rest, '\n');

		if (hf_chain_seal_parse(line, &seal) && seal.chain.seal == mark->seal)
			*at_mark = seal.chain;
	}
}

static enum hf_rc
check_folder(int dir, struct hf_chain_report *report, struct hf_issues *issues,
	     struct hf_err *err)
{
	struct hf_chain chain = {0}, mark = {0}, at_mark = {0};
	/* Read first: while another process writes, the chain only gets longer. */
	bool has_mark = read_mark(dir, &mark);
	uint64_t first, last;
	enum hf_rc rc = list_segments(dir, &first, &last, err);

	if (rc)
		return rc;
	if (first > 1)
		hf_issue_add(issues, HF_SEV_ERROR, "security", HF_SV("audit"),
			     "the first %llu segments are missing",
			     (unsigned long long)(first - 1));
	for (uint64_t n = first; n && n <= last; n++) {
		struct mapped m = {.fd = -1};

		rc = map_whole(dir, n, O_RDONLY, &m, err);
		if (rc == HF_NOT_FOUND) {
			hf_issue_add(issues, HF_SEV_ERROR, "security", HF_SV("audit"),
				     "segment %llu is missing", (unsigned long long)n);
			continue;
		}
		if (rc)
			return rc;
		hf_chain_check(&chain, n, m.bytes, n == last, report, issues);
		if (has_mark)
			look_for_mark(m.bytes, &mark, &at_mark);
		unmap(&m);
	}
	check_mark(&chain, &at_mark, &mark, has_mark, issues);
	return HF_OK;
}

enum hf_rc
hf_audit_verify(const char *folder, struct hf_chain_report *report,
		struct hf_issues *issues, struct hf_err *err)
{
	struct hf_chain_report r = {0};
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum hf_rc rc;

	if (dir < 0 && (errno == ENOENT || errno == ENOTDIR))
		return hf_fail(err, HF_NOT_FOUND, folder,
			       "there is no audit here: name the folder that serve "
			       "was given with --data; it writes the audit");
	if (dir < 0)
		return hf_audit_fail(err, errno, folder,
				     "cannot open the audit folder");
	rc = check_folder(dir, &r, issues, err);
	close(dir);
	if (rc == HF_OK)
		*report = r;
	return rc;
}

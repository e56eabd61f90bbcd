/* audit_heads.c - the signing key and the files of signed heads. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/io/audit_folder.h"

static const char key_name[] = "sign.key";
enum { KEY_TEXT = 2 * HF_SIGN_SEED + 1 };

void
hf_head_name(uint64_t number, char name[HF_SEGMENT_NAME])
{
	snprintf(name, HF_SEGMENT_NAME, "head-%08llu.json", (unsigned long long)number);
}

/* ---- the key ---- */

static enum hf_rc
write_key(int dir, const char *path, const uint8_t seed[HF_SIGN_SEED],
	  struct hf_err *err)
{
	char text[KEY_TEXT];
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return hf_audit_fail(err, errno, path, "cannot make the signing key");
	hf_chain_hex(seed, HF_SIGN_SEED, text);
	text[KEY_TEXT - 1] = '\n';
	ok = write(fd, text, sizeof text) == (ssize_t)sizeof text && fsync(fd) == 0;
	sodium_memzero(text, sizeof text);
	close(fd);
	if (!ok)
		return hf_audit_fail(err, errno, path, "cannot write the signing key");
	return HF_OK;
}

static enum hf_rc
make_key(int dir, const char *path, struct hf_sign_key *out, struct hf_err *err)
{
	uint8_t seed[HF_SIGN_SEED];
	enum hf_rc rc;

	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return hf_audit_fail(err, errno, path, "no random numbers for a key");
	rc = write_key(dir, path, seed, err);
	if (rc == HF_OK)
		hf_sign_key_make(seed, out);
	sodium_memzero(seed, sizeof seed);
	return rc;
}

static enum hf_rc
read_key(int fd, const char *path, struct hf_sign_key *out, struct hf_err *err)
{
	uint8_t seed[HF_SIGN_SEED];
	char text[KEY_TEXT + 1];
	struct stat st;
	ssize_t n;
	bool ok;

	if (fstat(fd, &st) != 0)
		return hf_audit_fail(err, errno, path, "cannot read the signing key");
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0)
		return hf_fail(
		    err, HF_RULE, path,
		    "others may read or write the signing key: make it a "
		    "file of mode 600, and think whether it is still secret");
	n = read(fd, text, sizeof text);
	ok = n >= KEY_TEXT - 1 && n <= KEY_TEXT &&
	     (n < KEY_TEXT || text[KEY_TEXT - 1] == '\n') &&
	     hf_chain_unhex((struct hf_sv){text, KEY_TEXT - 1}, seed, sizeof seed);
	sodium_memzero(text, sizeof text);
	if (!ok)
		return hf_fail(err, HF_RULE, path,
			       "this is no signing key: it takes 64 hex digits");
	hf_sign_key_make(seed, out);
	sodium_memzero(seed, sizeof seed);
	return HF_OK;
}

enum hf_rc
hf_heads_key(int dir, const char *path, bool make, struct hf_sign_key *out,
	     struct hf_err *err)
{
	int fd;
	enum hf_rc rc;

	if (!path)
		path = key_name;
	fd = openat(path == key_name ? dir : AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && make)
		return make_key(path == key_name ? dir : AT_FDCWD, path, out, err);
	if (fd < 0)
		return hf_audit_fail(err, errno, path, "cannot open the signing key");
	rc = read_key(fd, path, out, err);
	close(fd);
	return rc;
}

/* ---- the files ---- */

enum hf_rc
hf_heads_read(int dir, const char *name, char text[HF_HEAD_MAX + 1], size_t *n,
	      struct hf_err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return hf_audit_fail(err, errno, name, "cannot open a signed head");
	got = read(fd, text, HF_HEAD_MAX);
	close(fd);
	if (got < 0)
		return hf_audit_fail(err, errno, name, "cannot read a signed head");
	text[got] = '\0';
	*n = (size_t)got;
	return HF_OK;
}

enum hf_rc
hf_heads_last(int dir, uint64_t *number, uint8_t hash[HF_HASH_SIZE], struct hf_err *err)
{
	char name[HF_SEGMENT_NAME], text[HF_HEAD_MAX + 1];
	uint64_t first, last;
	size_t n = 0;
	enum hf_rc rc = hf_folder_list(dir, hf_head_name, &first, &last, err);

	if (rc)
		return rc;
	memset(hash, 0, HF_HASH_SIZE);
	if (last) {
		hf_head_name(last, name);
		rc = hf_heads_read(dir, name, text, &n, err);
		if (rc == HF_OK && !hf_head_hash((struct hf_sv){text, n}, hash))
			rc = hf_fail(err, HF_FAULT, name, "no memory to read a head");
	}
	*number = last;
	return rc;
}

static bool
write_new(int dir, const char *name, struct hf_sv text)
{
	char part[HF_SEGMENT_NAME + 8];
	bool ok;
	int fd;

	snprintf(part, sizeof part, "%s.part", name);
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd < 0)
		return false;
	ok = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
	close(fd);
	return ok && renameat(dir, part, dir, name) == 0 && fsync(dir) == 0;
}

enum hf_rc
hf_heads_add(int dir, uint64_t number, struct hf_sv text, struct hf_err *err)
{
	char name[HF_SEGMENT_NAME], there[HF_HEAD_MAX + 1];
	size_t n;
	enum hf_rc rc;

	hf_head_name(number, name);
	rc = hf_heads_read(dir, name, there, &n, NULL);
	if (rc == HF_OK && !hf_sv_eq((struct hf_sv){there, n}, text))
		return hf_fail(
		    err, HF_EXISTS, name,
		    "another head stands under this number: give each server "
		    "a folder of its own");
	if (rc != HF_OK && !write_new(dir, name, text))
		return hf_audit_fail(err, errno, name, "cannot write a signed head");
	return HF_OK;
}

bool
hf_heads_live(int dir, struct hf_head *out)
{
	char text[HF_HEAD_MAX + 1];
	struct hf_head head;
	size_t n = 0;

	if (hf_heads_read(dir, "head", text, &n, NULL) != HF_OK ||
	    !hf_head_read((struct hf_sv){text, n}, &head) || head.why != HF_HEAD_LIVE)
		return false;
	*out = head;
	return true;
}

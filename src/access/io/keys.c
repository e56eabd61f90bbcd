/* keys.c - the key of accounts. */
#include "access/io/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static const char key_name[] = "account.key";

static enum hf_rc
fail(struct hf_err *err, int number, const char *what)
{
	enum hf_rc rc = number == EACCES || number == EPERM ? HF_FORBIDDEN : HF_FAULT;

	return hf_fail(err, rc, "keys/account.key", "%s: %s", what, strerror(number));
}

static int
open_folder(const char *data, struct hf_err *err)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/keys", data), fd;

	if (n < 0 || (size_t)n >= sizeof path) {
		hf_fail(err, HF_INVALID, "--data", "the path is too long");
		return -1;
	}
	(void)mkdir(data, 0700); /* beside PostgreSQL nobody else makes it */
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		fail(err, errno, "cannot make the folder keys");
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fail(err, errno, "cannot open the folder keys");
	return fd;
}

/* Makes a key under another name and gives it its name when all of it is on the
 * disk: whoever finds the name finds a whole key, also when two make one at once. */
static enum hf_rc
make_key(int dir, struct hf_err *err)
{
	unsigned char key[HF_KEY_BYTES];
	char part[64];
	int fd, number = 0;

	snprintf(part, sizeof part, "account.key.%08x.part",
		 (unsigned)randombytes_random());
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(err, errno, "cannot make the key");
	randombytes_buf(key, sizeof key);
	if (write(fd, key, sizeof key) != (ssize_t)sizeof key || fsync(fd) != 0)
		number = errno ? errno : ENOSPC;
	sodium_memzero(key, sizeof key);
	close(fd);
	if (number == 0 && linkat(dir, part, dir, key_name, 0) != 0 && errno != EEXIST)
		number = errno;
	unlinkat(dir, part, 0);
	if (number == 0 && fsync(dir) != 0)
		number = errno;
	return number ? fail(err, number, "cannot make the key") : HF_OK;
}

static enum hf_rc
read_key(int dir, unsigned char key[HF_KEY_BYTES], bool *missing, struct hf_err *err)
{
	unsigned char more;
	struct stat st;
	ssize_t n = -1;
	int fd = openat(dir, key_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*missing = fd < 0 && errno == ENOENT;
	if (*missing)
		return HF_OK;
	if (fd < 0)
		return fail(err, errno, "cannot read the key");
	if (fstat(fd, &st) == 0 && (st.st_mode & 077) != 0) {
		close(fd);
		return hf_fail(err, HF_FORBIDDEN, "keys/account.key",
			       "others may read the key: take their rights away "
			       "(chmod 600)");
	}
	n = read(fd, key, HF_KEY_BYTES);
	if (n == HF_KEY_BYTES && read(fd, &more, 1) != 0)
		n = -1;
	close(fd);
	if (n != HF_KEY_BYTES)
		return hf_fail(err, HF_INVALID, "keys/account.key",
			       "this is no key of %d bytes; put the one of the last "
			       "backup back",
			       HF_KEY_BYTES);
	return HF_OK;
}

enum hf_rc
hf_account_keys_read(const char *data, struct hf_account_keys *out, struct hf_err *err)
{
	unsigned char key[HF_KEY_BYTES];
	bool missing = false;
	enum hf_rc rc;
	int dir;

	if (sodium_init() < 0)
		return hf_fail(err, HF_FAULT, NULL, "libsodium does not start");
	dir = open_folder(data, err);
	if (dir < 0)
		return err ? err->rc : HF_FAULT;
	rc = read_key(dir, key, &missing, err);
	if (rc == HF_OK && missing)
		rc = make_key(dir, err);
	if (rc == HF_OK && missing)
		rc = read_key(dir, key, &missing, err);
	close(dir);
	if (rc)
		return rc;
	_Static_assert(sizeof key == crypto_kdf_KEYBYTES, "what the library takes");
	crypto_kdf_derive_from_key(out->seal, HF_KEY_BYTES, 1, "accounts", key);
	crypto_kdf_derive_from_key(out->recovery, HF_KEY_BYTES, 2, "accounts", key);
	crypto_kdf_derive_from_key(out->device, HF_KEY_BYTES, 3, "accounts", key);
	crypto_kdf_derive_from_key(out->visits, HF_KEY_BYTES, 4, "accounts", key);
	sodium_memzero(key, sizeof key);
	return HF_OK;
}

void
hf_account_keys_wipe(struct hf_account_keys *keys)
{
	sodium_memzero(keys, sizeof *keys);
}

/* XChaCha20-Poly1305 with the account's id beside it: one account's factor cannot be
 * put into the row of another. */
struct hf_sv
hf_account_seal(const struct hf_account_keys *keys, struct hf_sv id, struct hf_sv plain,
		struct hf_arena *arena)
{
	unsigned char *out = hf_arena_alloc(arena, plain.n + HF_SEALED_MORE);
	unsigned long long n = 0;

	_Static_assert(HF_SEALED_MORE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
					     crypto_aead_xchacha20poly1305_ietf_ABYTES,
		       "nonce and tag");
	if (!out)
		return (struct hf_sv){NULL, 0};
	randombytes_buf(out, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    out + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, &n,
	    (const unsigned char *)plain.p, plain.n, (const unsigned char *)id.p, id.n,
	    NULL, out, keys->seal);
	return (struct hf_sv){(const char *)out, plain.n + HF_SEALED_MORE};
}

enum hf_rc
hf_account_unseal(const struct hf_account_keys *keys, struct hf_sv id,
		  struct hf_sv sealed, unsigned char *out, size_t n, struct hf_err *err)
{
	const unsigned char *nonce = (const unsigned char *)sealed.p;
	const size_t head = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	unsigned long long got = 0;

	if (sealed.n != n + HF_SEALED_MORE ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		out, &got, NULL, nonce + head, sealed.n - head,
		(const unsigned char *)id.p, id.n, nonce, keys->seal) != 0 ||
	    got != n)
		return hf_fail(err, HF_INVALID, NULL,
			       "the second factor of user/%.*s cannot be read with "
			       "keys/account.key; give the account a new one with "
			       "homefirst user reset",
			       HF_SV_ARG(id));
	return HF_OK;
}

void
hf_account_visits_key(const struct hf_account_keys *keys, struct hf_sv id,
		      unsigned char out[HF_KEY_BYTES])
{
	crypto_generichash(out, HF_KEY_BYTES, (const unsigned char *)id.p, id.n,
			   keys->visits, sizeof keys->visits);
}

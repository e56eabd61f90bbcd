/* vault.c - see vault.h. */
#include "record/io/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum {
	VERSION = 1,
	MAGIC = 12,
	SALT = crypto_pwhash_SALTBYTES,
	STREAM_HEAD = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	EXTRA = crypto_secretstream_xchacha20poly1305_ABYTES,
	FRAME = 128 * 1024, /* bytes of plain text in a frame, at most */
	ZSTD_LEVEL = 3,
	/* argon2id, RFC 9106's second choice: 3 passes over 64 MiB. */
	PASSES = 3,
	MEMORY_MIB = 64,
	PASSES_MOST = 20, /* of a file from outside */
	MEMORY_MIB_MOST = 1024,
	PASSPHRASE_LEAST = 8,
	KEY_FILE_LEAST = 32,
	KEY_FILE_MOST = 4096
};

enum key_kind { KEY_PASSPHRASE = 1, KEY_FILE = 2 };

static const char magic[MAGIC] = "homefirst\0bk";

/* The first bytes of the file.  All of them are authenticated. */
struct head {
	char magic[MAGIC];
	uint8_t version, kind, passes, unused;
	uint8_t memory_mib[4]; /* little-endian */
	uint8_t salt[SALT];
	uint8_t stream[STREAM_HEAD];
};
_Static_assert(sizeof(struct head) == 60, "the head has no gaps");

struct hf_vault {
	bool writing, first, ended, failed;
	int fd;
	char *path, *part;
	uint64_t bytes;
	struct head head;
	crypto_secretstream_xchacha20poly1305_state stream;
	ZSTD_CStream *pack;
	ZSTD_DStream *unpack;
	/* Writing: zstd's output, of which a full buffer makes a frame.  Reading: the
	 * plain text of a frame, which zstd reads from. */
	size_t at, n;
	unsigned char plain[FRAME], sealed[FRAME + EXTRA];
};

static void
put_u32(uint8_t out[4], uint32_t v)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t
get_u32(const uint8_t in[4])
{
	return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
	       (uint32_t)in[3] << 24;
}

static enum hf_rc
system_failed(const char *path, struct hf_err *err)
{
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return hf_fail(err, HF_FULL, path,
			       "there is no room left on this disk: make room and try "
			       "again");
	case EEXIST:
		return hf_fail(err, HF_EXISTS, path,
			       "there is a file of this name: give another");
	case ENOENT:
	case ENOTDIR:
		return hf_fail(err, HF_NOT_FOUND, path,
			       "there is no such file or folder");
	case EACCES:
	case EPERM:
	case EROFS:
		return hf_fail(err, HF_FORBIDDEN, path,
			       "this process may not read or write here");
	default:
		return hf_fail(err, HF_FAULT, path, "%s", strerror(errno));
	}
}

/* ---- keys ---- */

static enum hf_rc
key_from_file(const char *path, unsigned char *key, struct hf_err *err)
{
	unsigned char bytes[KEY_FILE_MOST + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return system_failed(path, err);
	n = read(fd, bytes, sizeof bytes);
	close(fd);
	if (n < KEY_FILE_LEAST || n > KEY_FILE_MOST) {
		sodium_memzero(bytes, sizeof bytes);
		return hf_fail(err, HF_INVALID, path,
			       "a key file has %d to %d bytes: make one with "
			       "\"head -c 32 /dev/urandom\"",
			       KEY_FILE_LEAST, KEY_FILE_MOST);
	}
	crypto_generichash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, bytes,
			   (size_t)n, (const unsigned char *)magic, MAGIC);
	sodium_memzero(bytes, sizeof bytes);
	return HF_OK;
}

static enum hf_rc
key_from_passphrase(struct hf_sv phrase, const struct head *h, unsigned char *key,
		    struct hf_err *err)
{
	size_t memory = (size_t)get_u32(h->memory_mib) << 20;

	if (crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, phrase.p,
			  phrase.n, h->salt, h->passes, memory,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return hf_fail(err, HF_BUSY, NULL,
			       "making the key from the passphrase needs %zu MiB of "
			       "memory, which are not free: try again",
			       memory >> 20);
	return HF_OK;
}

static enum hf_rc
make_key(const struct hf_vault_key *key, const struct head *h, unsigned char *out,
	 struct hf_err *err)
{
	if (h->kind == KEY_FILE) {
		if (!key->file)
			return hf_fail(err, HF_FORBIDDEN, NULL,
				       "this backup was made with a key file: name it");
		return key_from_file(key->file, out, err);
	}
	if (key->passphrase.n == 0)
		return hf_fail(err, HF_FORBIDDEN, NULL,
			       "this backup was made with a passphrase: give it");
	return key_from_passphrase(key->passphrase, h, out, err);
}

/* ---- both ways ---- */

static enum hf_rc
new_vault(const char *path, bool writing, struct hf_vault **out, struct hf_err *err)
{
	struct hf_vault *v;

	if (sodium_init() < 0)
		return hf_fail(err, HF_FAULT, NULL, "libsodium does not start");
	v = calloc(1, sizeof *v);
	if (v) {
		v->fd = -1;
		v->writing = writing;
		v->first = true;
		v->path = strdup(path);
		v->part = malloc(strlen(path) + sizeof ".part");
		v->pack = writing ? ZSTD_createCStream() : NULL;
		v->unpack = writing ? NULL : ZSTD_createDStream();
	}
	if (!v || !v->path || !v->part || (!v->pack && !v->unpack)) {
		hf_vault_close(v);
		return hf_fail(err, HF_BUSY, NULL, "out of memory: try again");
	}
	snprintf(v->part, strlen(path) + sizeof ".part", "%s.part", path);
	*out = v;
	return HF_OK;
}

uint64_t
hf_vault_bytes(const struct hf_vault *v)
{
	return v->bytes;
}

void
hf_vault_close(struct hf_vault *v)
{
	if (!v)
		return;
	if (v->fd >= 0) {
		close(v->fd);
		if (v->writing && !v->ended)
			unlink(v->part);
	}
	ZSTD_freeCStream(v->pack);
	ZSTD_freeDStream(v->unpack);
	free(v->path);
	free(v->part);
	sodium_memzero(v, sizeof *v);
	free(v);
}

/* ---- writing ---- */

static enum hf_rc
write_all(struct hf_vault *v, const void *p, size_t n, struct hf_err *err)
{
	const char *from = p;

	while (n > 0) {
		ssize_t got = write(v->fd, from, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			v->failed = true;
			return system_failed(v->path, err);
		}
		from += got;
		n -= (size_t)got;
		v->bytes += (uint64_t)got;
	}
	return HF_OK;
}

/* The buffer becomes a frame. */
static enum hf_rc
seal(struct hf_vault *v, bool last, struct hf_err *err)
{
	const unsigned char *ad = v->first ? (const unsigned char *)&v->head : NULL;
	size_t ad_n = v->first ? sizeof v->head : 0;
	unsigned long long n = 0;
	uint8_t length[4];
	enum hf_rc rc;

	crypto_secretstream_xchacha20poly1305_push(
	    &v->stream, v->sealed, &n, v->plain, v->n, ad, ad_n,
	    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	v->first = false;
	v->n = 0;
	put_u32(length, (uint32_t)n);
	rc = write_all(v, length, sizeof length, err);
	return rc == HF_OK ? write_all(v, v->sealed, (size_t)n, err) : rc;
}

static enum hf_rc
start_writing(struct hf_vault *v, const struct hf_vault_key *key, struct hf_err *err)
{
	unsigned char secret[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	enum hf_rc rc;

	memcpy(v->head.magic, magic, MAGIC);
	v->head.version = VERSION;
	v->head.kind = key->file ? KEY_FILE : KEY_PASSPHRASE;
	v->head.passes = PASSES;
	put_u32(v->head.memory_mib, MEMORY_MIB);
	randombytes_buf(v->head.salt, SALT);
	rc = make_key(key, &v->head, secret, err);
	if (rc != HF_OK)
		return rc;
	crypto_secretstream_xchacha20poly1305_init_push(&v->stream, v->head.stream,
							secret);
	sodium_memzero(secret, sizeof secret);
	ZSTD_initCStream(v->pack, ZSTD_LEVEL);
	unlink(v->part); /* of a backup that was cut off */
	v->fd = open(v->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (v->fd < 0)
		return system_failed(v->path, err);
	return write_all(v, &v->head, sizeof v->head, err);
}

enum hf_rc
hf_vault_create(const char *path, const struct hf_vault_key *key, struct hf_vault **out,
		struct hf_err *err)
{
	struct hf_vault *v = NULL;
	enum hf_rc rc;

	if (!key->file && key->passphrase.n < PASSPHRASE_LEAST)
		return hf_fail(err, HF_INVALID, NULL,
			       "a backup holds everybody's records: give a passphrase "
			       "of at least %d characters, or a key file",
			       PASSPHRASE_LEAST);
	if (access(path, F_OK) == 0) {
		errno = EEXIST;
		return system_failed(path, err);
	}
	rc = new_vault(path, true, &v, err);
	if (rc != HF_OK)
		return rc;
	assert(v);
	rc = start_writing(v, key, err);
	if (rc != HF_OK) {
		hf_vault_close(v);
		return rc;
	}
	*out = v;
	return HF_OK;
}

/* Feeds zstd and makes frames of what comes out. */
static enum hf_rc
pack(struct hf_vault *v, const void *p, size_t n, ZSTD_EndDirective how,
     struct hf_err *err)
{
	ZSTD_inBuffer in = {p, n, 0};
	size_t left;

	do {
		ZSTD_outBuffer to = {v->plain, FRAME, v->n};

		left = ZSTD_compressStream2(v->pack, &to, &in, how);
		if (ZSTD_isError(left))
			return hf_fail(err, HF_FAULT, v->path, "zstd: %s",
				       ZSTD_getErrorName(left));
		v->n = to.pos;
		if (v->n == FRAME) {
			enum hf_rc rc = seal(v, false, err);

			if (rc != HF_OK)
				return rc;
		}
	} while (in.pos < in.size || (how == ZSTD_e_end && left > 0));
	return HF_OK;
}

enum hf_rc
hf_vault_write(struct hf_vault *v, const void *p, size_t n, struct hf_err *err)
{
	assert(v->writing && !v->failed);
	return pack(v, p, n, ZSTD_e_continue, err);
}

/* The folder has to know the name before we say the backup is there. */
static enum hf_rc
name_it(struct hf_vault *v, struct hf_err *err)
{
	char *slash, *dir = strdup(v->path);
	int fd, good;

	if (fsync(v->fd) != 0 || !dir || link(v->part, v->path) != 0) {
		free(dir);
		return system_failed(v->path, err);
	}
	unlink(v->part);
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir ? 1 : 0] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	free(dir);
	return good ? HF_OK : system_failed(v->path, err);
}

enum hf_rc
hf_vault_finish(struct hf_vault *v, struct hf_err *err)
{
	enum hf_rc rc = pack(v, "", 0, ZSTD_e_end, err);

	if (rc == HF_OK)
		rc = seal(v, true, err);
	if (rc == HF_OK)
		rc = name_it(v, err);
	if (rc == HF_OK)
		v->ended = true;
	return rc;
}

/* ---- reading ---- */

static enum hf_rc
damaged(struct hf_vault *v, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, v->path,
		       "the file is damaged or cut off at byte %llu: use another "
		       "backup",
		       (unsigned long long)v->bytes);
}

static enum hf_rc
read_all(struct hf_vault *v, void *p, size_t n, struct hf_err *err)
{
	char *to = p;

	while (n > 0) {
		ssize_t got = read(v->fd, to, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_failed(v->path, err);
		if (got == 0)
			return damaged(v, err);
		to += got;
		n -= (size_t)got;
		v->bytes += (uint64_t)got;
	}
	return HF_OK;
}

static enum hf_rc
read_head(struct hf_vault *v, struct hf_err *err)
{
	struct head *h = &v->head;
	struct hf_err cut = {0};
	enum hf_rc rc = read_all(v, h, sizeof *h, &cut);

	if (rc != HF_OK && rc != HF_INVALID)
		return hf_fail(err, rc, cut.path, "%s", cut.text);
	if (rc != HF_OK || memcmp(h->magic, magic, MAGIC) != 0)
		return hf_fail(err, HF_INVALID, v->path,
			       "this file is not a homefirst backup");
	if (h->version > VERSION)
		return hf_fail(err, HF_RULE, v->path,
			       "this backup was made by a newer homefirst (form %d, "
			       "this one knows %d): use that version",
			       h->version, VERSION);
	if ((h->kind != KEY_FILE && h->kind != KEY_PASSPHRASE) || h->passes == 0 ||
	    h->passes > PASSES_MOST || get_u32(h->memory_mib) == 0 ||
	    get_u32(h->memory_mib) > MEMORY_MIB_MOST)
		return damaged(v, err);
	return HF_OK;
}

/* The next frame into .plain. */
static enum hf_rc
open_frame(struct hf_vault *v, struct hf_err *err)
{
	const unsigned char *ad = v->first ? (const unsigned char *)&v->head : NULL;
	size_t ad_n = v->first ? sizeof v->head : 0;
	unsigned long long plain_n = 0;
	unsigned char tag = 0;
	uint8_t length[4];
	enum hf_rc rc;
	uint32_t n;

	if (v->ended)
		return damaged(v, err);
	rc = read_all(v, length, sizeof length, err);
	if (rc != HF_OK)
		return rc;
	n = get_u32(length);
	if (n < EXTRA || n > FRAME + EXTRA)
		return damaged(v, err);
	rc = read_all(v, v->sealed, n, err);
	if (rc != HF_OK)
		return rc;
	if (crypto_secretstream_xchacha20poly1305_pull(
		&v->stream, v->plain, &plain_n, &tag, v->sealed, n, ad, ad_n) != 0)
		return v->first
			   ? hf_fail(err, HF_FORBIDDEN, v->path,
				     "the passphrase or key file is not the one this "
				     "backup was made with, or its first part is "
				     "damaged")
			   : damaged(v, err);
	v->first = false;
	v->at = 0;
	v->n = (size_t)plain_n;
	v->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return HF_OK;
}

static enum hf_rc
start_reading(struct hf_vault *v, const struct hf_vault_key *key, struct hf_err *err)
{
	unsigned char secret[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	enum hf_rc rc;

	v->fd = open(v->path, O_RDONLY | O_CLOEXEC);
	if (v->fd < 0)
		return system_failed(v->path, err);
	rc = read_head(v, err);
	if (rc == HF_OK)
		rc = make_key(key, &v->head, secret, err);
	if (rc != HF_OK)
		return rc;
	if (crypto_secretstream_xchacha20poly1305_init_pull(&v->stream, v->head.stream,
							    secret) != 0)
		rc = damaged(v, err);
	sodium_memzero(secret, sizeof secret);
	ZSTD_initDStream(v->unpack);
	/* The first frame tells at once whether the key is right. */
	return rc == HF_OK ? open_frame(v, err) : rc;
}

enum hf_rc
hf_vault_open(const char *path, const struct hf_vault_key *key, struct hf_vault **out,
	      struct hf_err *err)
{
	struct hf_vault *v = NULL;
	enum hf_rc rc = new_vault(path, false, &v, err);

	if (rc != HF_OK)
		return rc;
	assert(v);
	rc = start_reading(v, key, err);
	if (rc != HF_OK) {
		hf_vault_close(v);
		return rc;
	}
	*out = v;
	return HF_OK;
}

enum hf_rc
hf_vault_read(struct hf_vault *v, void *p, size_t n, struct hf_err *err)
{
	ZSTD_outBuffer to = {p, n, 0};

	assert(!v->writing);
	while (to.pos < to.size) {
		ZSTD_inBuffer in = {v->plain, v->n, v->at};
		size_t before = to.pos, left;

		if (v->at == v->n && v->ended && !v->failed) {
			/* zstd may still hold some that it has read. */
			left = ZSTD_decompressStream(v->unpack, &to, &in);
			if (ZSTD_isError(left) || to.pos == before)
				return damaged(v, err);
			continue;
		}
		if (v->at == v->n) {
			enum hf_rc rc = open_frame(v, err);

			if (rc != HF_OK)
				return rc;
			continue;
		}
		left = ZSTD_decompressStream(v->unpack, &to, &in);
		if (ZSTD_isError(left))
			return damaged(v, err);
		v->at = in.pos;
	}
	return HF_OK;
}

enum hf_rc
hf_vault_end(struct hf_vault *v, struct hf_err *err)
{
	char more;
	ZSTD_outBuffer to = {&more, 1, 0};

	/* What is left of zstd's last frame: its end mark, in this frame or the
	 * next. */
	while (!v->ended || v->at < v->n) {
		ZSTD_inBuffer in = {v->plain, v->n, v->at};

		if (v->at == v->n) {
			enum hf_rc rc = open_frame(v, err);

			if (rc != HF_OK)
				return rc;
			continue;
		}
		if (ZSTD_isError(ZSTD_decompressStream(v->unpack, &to, &in)) ||
		    to.pos > 0 || in.pos == v->at)
			return damaged(v, err);
		v->at = in.pos;
	}
	return read(v->fd, &more, 1) == 0 ? HF_OK : damaged(v, err);
}

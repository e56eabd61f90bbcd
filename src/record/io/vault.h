/* vault.h - a file that is compressed, encrypted and authenticated as it streams.
 *
 * zstd inside XChaCha20-Poly1305 (libsodium's secretstream) under a key that comes
 * from a passphrase by argon2id, or from a key file.  A change to any byte, a cut
 * and an addition are all noticed; nothing of the content stands in the clear.
 *
 * File: magic and version, how the key is made with its salt, the stream's header,
 * then frames of a 4-byte length (little-endian) and that many bytes; the head is
 * authenticated with the first frame and the last frame is marked as the last.
 * docs/interfaces/backup-file.md has it byte by byte. */
#ifndef HF_RECORD_IO_VAULT_H
#define HF_RECORD_IO_VAULT_H

#include "base/err.h"

struct hf_vault_key {
	struct hf_sv passphrase; /* n 0: none */
	const char *file;	 /* 32 … 4096 bytes of key, or NULL */
};

struct hf_vault; /* being written or being read */

/* Makes path + ".part".  HF_EXISTS when path is there, HF_INVALID for no key, a
 * passphrase under 8 characters or an unfit key file, HF_FORBIDDEN, HF_FULL. */
enum hf_rc hf_vault_create(const char *path, const struct hf_vault_key *key,
			   struct hf_vault **out, struct hf_err *err);
enum hf_rc hf_vault_write(struct hf_vault *v, const void *p, size_t n,
			  struct hf_err *err);
/* Writes what is left, waits until it is on the disk and gives it its name. */
enum hf_rc hf_vault_finish(struct hf_vault *v, struct hf_err *err);

/* HF_NOT_FOUND; HF_INVALID when it is no such file; HF_RULE when a newer version
 * wrote it. */
enum hf_rc hf_vault_open(const char *path, const struct hf_vault_key *key,
			 struct hf_vault **out, struct hf_err *err);
/* Exactly n bytes.  HF_FORBIDDEN when the key is another, HF_INVALID when the file
 * is damaged, cut off or at its end. */
enum hf_rc hf_vault_read(struct hf_vault *v, void *p, size_t n, struct hf_err *err);
/* That all has been read and the file ends where its writer ended it. */
enum hf_rc hf_vault_end(struct hf_vault *v, struct hf_err *err);

/* Bytes of the file so far, for progress. */
uint64_t hf_vault_bytes(const struct hf_vault *v);
/* Frees; takes an unfinished file away.  NULL is fine. */
void hf_vault_close(struct hf_vault *v);

#endif

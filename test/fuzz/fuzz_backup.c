/* fuzz_backup.c - any bytes as a backup: as the file ('f' first), and as what stands in
 * one that was encrypted with the right key ('s' first; from somebody who has it, or by
 * a fault of ours).  There is a whole store afterwards or none, with a reason. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/io/backup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char dir[] = "/tmp/hf-fuzz-backup-XXXXXX", key[64], file[64], audit[64],
	    store[64], keys[64];

static int
remove_one(const char *path, const struct stat *st HF_UNUSED, int flag HF_UNUSED,
	   struct FTW *ftw HF_UNUSED)
{
	return remove(path);
}

static void
remove_all(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
at_end(void)
{
	remove_all(dir);
}

static void
put_file(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n || close(fd) < 0)
		abort();
}

int
LLVMFuzzerInitialize(int *argc HF_UNUSED, char ***argv HF_UNUSED)
{
	if (!mkdtemp(dir))
		abort();
	atexit(at_end);
	snprintf(key, sizeof key, "%s/key", dir);
	snprintf(file, sizeof file, "%s/backup", dir);
	snprintf(audit, sizeof audit, "%s/audit", dir);
	snprintf(store, sizeof store, "%s/store", dir);
	snprintf(keys, sizeof keys, "%s/keys", dir);
	put_file(key, "0123456789abcdef0123456789abcdef", 32);
	return 0;
}

static bool
encrypt(const uint8_t *data, size_t size)
{
	const struct hf_vault_key k = {.file = key};
	struct hf_vault *v = NULL;
	struct hf_err err;
	bool good;

	if (hf_vault_create(file, &k, &v, &err) != HF_OK)
		abort();
	good = hf_vault_write(v, data, size, &err) == HF_OK &&
	       hf_vault_finish(v, &err) == HF_OK;
	hf_vault_close(v);
	return good;
}

static void
restore(void)
{
	const struct hf_backup_config config = {
	    .path = file, .key = {.file = key}, .audit = audit, .keys = keys};
	const struct hf_store_config to = {.data = store};
	struct hf_copy_report report;
	struct hf_store *s = NULL;
	struct hf_err err = {0};
	char db[96];

	snprintf(db, sizeof db, "%s/homefirst.db", store);
	if (hf_store_restore(&to, &config, &report, &err) != HF_OK) {
		if (!err.text[0] || access(db, F_OK) == 0)
			abort();
	} else if (hf_store_open(&to, &s, &err) == HF_OK) {
		hf_store_close(s);
	}
	remove_all(store);
	remove_all(audit);
	remove_all(keys);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	(void)unlink(file);
	if (data[0] == 's') {
		if (!encrypt(data + 1, size - 1))
			return 0;
	} else {
		put_file(file, data + 1, size - 1);
	}
	restore();
	return 0;
}

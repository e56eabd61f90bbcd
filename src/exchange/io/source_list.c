/* source_list.c - which files an import takes, and in what order. */
#include "exchange/io/source.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 32, FILES_MAX = 10000000 };

/* Names of files that are taken from a folder. */
static bool
has_our_name(struct hf_sv name)
{
	static const struct hf_sv packed[] = {{".gz", 3}, {".zst", 4}},
				  ends[] = {
				      {".json", 5}, {".ndjson", 7}, {".jsonl", 6}};

	for (size_t i = 0; i < HF_COUNT(packed); i++)
		if (hf_sv_ends(name, packed[i])) {
			name.n -= packed[i].n;
			break;
		}
	for (size_t i = 0; i < HF_COUNT(ends); i++)
		if (hf_sv_ends(name, ends[i]))
			return true;
	return false;
}

/* By the names that exports give their files. */
static int
rank_of(struct hf_sv name)
{
	static const char *const care[] = {"Organization", "Location", "Practitioner",
					   "hospitalInformation",
					   "practitionerInformation"};

	for (size_t i = 0; i < HF_COUNT(care); i++)
		if (hf_sv_starts(name, hf_sv_from(care[i])))
			return 0;
	return hf_sv_starts(name, HF_SV("Patient")) ? 1 : 2;
}

static enum hf_rc
add(struct hf_source_list *list, const char *path, int64_t size, struct hf_err *err)
{
	const char *slash = strrchr(path, '/');
	struct hf_sv name = hf_sv_from(slash ? slash + 1 : path);

	if (list->n == list->size) {
		size_t want = list->size ? list->size * 2 : 64;
		struct hf_source_file *more =
		    want > FILES_MAX ? NULL
				     : realloc(list->files, want * sizeof(*more));

		if (more == NULL)
			return hf_fail(err, HF_TOO_LONG, path,
				       "there are too many files: import them folder "
				       "by folder");
		list->files = more;
		list->size = want;
	}
	list->files[list->n++] = (struct hf_source_file){path, size, rank_of(name)};
	list->bytes += size;
	return HF_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted. */
static enum hf_rc
read_names(const char *path, struct hf_arena *arena, const char ***out, size_t *n,
	   struct hf_err *err)
{
	DIR *dir = opendir(path);
	const char **names = NULL;
	size_t have = 0, size = 0;
	enum hf_rc rc = HF_OK;
	struct dirent *d;

	if (dir == NULL)
		return hf_fail(err, HF_FORBIDDEN, path,
			       "the folder cannot be read: %s; nothing was imported",
			       strerror(errno));
	while (rc == HF_OK && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		if (have == size) {
			size_t want = size ? size * 2 : 64;
			const char **more = realloc(names, want * sizeof(*more));

			if (more == NULL) {
				rc = hf_fail(err, HF_FAULT, path, "out of memory");
				break;
			}
			names = more;
			size = want;
		}
		names[have] = hf_arena_cstr(arena, hf_sv_from(d->d_name));
		if (names[have] == NULL)
			rc =
			    hf_fail(err, HF_TOO_LONG, path, "there are too many files");
		else
			have++;
	}
	closedir(dir);
	if (rc != HF_OK) {
		free(names);
		return rc;
	}
	if (have != 0)
		qsort(names, have, sizeof(*names), by_name);
	*out = names;
	*n = have;
	return HF_OK;
}

static enum hf_rc
walk(const char *path, bool named, int depth, struct hf_arena *arena,
     struct hf_source_list *list, struct hf_err *err)
{
	const char **names = NULL;
	struct stat st;
	enum hf_rc rc;
	size_t n = 0;

	if (stat(path, &st) != 0)
		return hf_fail(err, errno == ENOENT ? HF_NOT_FOUND : HF_FORBIDDEN, path,
			       "there is no such file or folder that can be read (%s); "
			       "nothing was imported",
			       strerror(errno));
	if (!S_ISDIR(st.st_mode)) {
		if (!named && !has_our_name(hf_sv_from(path))) {
			list->passed_over++;
			return HF_OK;
		}
		if (access(path, R_OK) != 0)
			return hf_fail(err, HF_FORBIDDEN, path,
				       "the file cannot be read: %s; nothing was "
				       "imported",
				       strerror(errno));
		return add(list, path, S_ISREG(st.st_mode) ? st.st_size : 0, err);
	}
	if (depth >= DEPTH_MAX)
		return hf_fail(
		    err, HF_TOO_LONG, path,
		    "folders lie more than %d deep: is there a loop of links?",
		    DEPTH_MAX);
	rc = read_names(path, arena, &names, &n, err);
	for (size_t i = 0; rc == HF_OK && i < n; i++) {
		struct hf_sv sub = hf_arena_printf(arena, "%s/%s", path, names[i]);

		rc = sub.p == NULL
			 ? hf_fail(err, HF_TOO_LONG, path, "there are too many files")
			 : walk(sub.p, false, depth + 1, arena, list, err);
	}
	free(names);
	return rc;
}

enum hf_rc
hf_source_list_read(const char *const *paths, size_t n, struct hf_arena *arena,
		    struct hf_source_list *out, struct hf_err *err)
{
	struct hf_source_list list = {0};
	struct hf_source_file *sorted;
	enum hf_rc rc = HF_OK;
	size_t at = 0;

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = strcmp(paths[i], "-") == 0
			 ? add(&list, "-", 0, err)
			 : walk(paths[i], true, 0, arena, &list, err);
	if (rc == HF_OK && list.n == 0)
		rc = hf_fail(err, HF_NOT_FOUND, n > 0 ? paths[0] : NULL,
			     "there is nothing to import: no file ends in .json, "
			     ".ndjson or .jsonl (with .gz or .zst after it or not)");
	sorted = rc == HF_OK ? hf_arena_array(arena, list.n, sizeof(*sorted)) : NULL;
	if (rc == HF_OK && sorted == NULL)
		rc = hf_fail(err, HF_TOO_LONG, paths[0], "there are too many files");
	for (int rank = 0; sorted != NULL && rank <= 2; rank++)
		for (size_t i = 0; i < list.n; i++)
			if (list.files[i].rank == rank)
				sorted[at++] = list.files[i];
	free(list.files);
	list.files = sorted;
	if (rc == HF_OK)
		*out = list;
	return rc;
}

/* export.c - see export.h. */
#include "exchange/io/export.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io/clock.h"

enum { STEP = 2000, BUFFER = 1 << 18, TYPES = 256 };

struct sink {
	const struct hf_export_config *config;
	struct hf_export_result *res;
	FILE *files[TYPES];	/* by type; all the same for standard output */
	struct hf_leave *leave; /* NULL: nobody is left out */
	int64_t total;
};

static void
part_name(const struct sink *s, hf_type_id type, bool part, char *buf, size_t size)
{
	snprintf(buf, size, "%s/%s.ndjson%s", s->config->out, hf_type_get(type)->name,
		 part ? ".part" : "");
}

static enum hf_rc
open_file(struct sink *s, hf_type_id type, struct hf_err *err)
{
	char path[4200];
	int fd;

	part_name(s, type, false, path, sizeof(path));
	if (access(path, F_OK) == 0)
		return hf_fail(err, HF_EXISTS, path,
			       "the folder holds an export already: name an empty one");
	part_name(s, type, true, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	s->files[type] = fd < 0 ? NULL : fdopen(fd, "w");
	if (s->files[type] == NULL) {
		int no = errno;

		if (fd >= 0)
			close(fd);
		return hf_fail(err, HF_FORBIDDEN, path, "it cannot be made: %s",
			       strerror(no));
	}
	setvbuf(s->files[type], NULL, _IOFBF, BUFFER);
	return HF_OK;
}

static enum hf_rc
write_one(struct sink *s, const struct hf_version *v, struct hf_err *err)
{
	enum hf_rc rc;
	FILE *f;

	assert(v->e.type < TYPES);
	if (s->files[v->e.type] == NULL) {
		rc = open_file(s, v->e.type, err);
		if (rc != HF_OK)
			return rc;
	}
	f = s->files[v->e.type];
	if (fwrite(v->body.p, 1, v->body.n, f) != v->body.n || putc('\n', f) == EOF)
		return hf_fail(err, HF_FAULT, s->config->out,
			       "it cannot be written: %s", strerror(errno));
	s->res->resources++;
	s->res->by_type[v->e.type]++;
	s->res->bytes += (int64_t)v->body.n + 1;
	return HF_OK;
}

static bool
wanted(const struct hf_export_config *config, hf_type_id type)
{
	size_t i = 0;

	while (i < config->n_types && config->types[i] != type)
		i++;
	return config->n_types == 0 || i < config->n_types;
}

/* Everything in rid order: person by person, as it lies in the store. */
static enum hf_rc
write_all(struct sink *s, struct hf_reader *reader, struct hf_err *err)
{
	struct hf_arena arena = {.cap = (size_t)1 << 30};
	enum hf_rc rc = HF_OK;
	hf_rid at = 0;

	do {
		struct hf_entry *e;
		size_t n;

		rc = hf_store_scan(reader, 0, at, STEP, &arena, &e, &n, &at, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			struct hf_version v;

			if (e[i].deleted || !wanted(s->config, e[i].type) ||
			    (s->leave && hf_leave_has(s->leave, e[i].rid)))
				continue;
			rc = hf_store_read_rid(reader, e[i].rid, 0, &arena, &v, err);
			if (rc == HF_OK)
				rc = write_one(s, &v, err);
		}
		if (s->config->progress != NULL)
			s->config->progress(s->config->progress_ctx, s->res->resources,
					    s->total);
		hf_arena_reset(&arena);
	} while (rc == HF_OK && at != 0);
	hf_arena_free(&arena);
	return rc;
}

/* Writes out, closes, and gives the files of a whole export their names. */
static enum hf_rc
finish(struct sink *s, bool whole, struct hf_err *err)
{
	bool out = strcmp(s->config->out, "-") == 0;
	enum hf_rc rc = HF_OK;

	if (out && fflush(stdout) != 0)
		rc = hf_fail(err, HF_FAULT, "standard output",
			     "it cannot be written: %s", strerror(errno));
	for (hf_type_id t = 0; !out && t < TYPES; t++) {
		char from[4200], to[4200];

		if (s->files[t] == NULL)
			continue;
		part_name(s, t, true, from, sizeof(from));
		part_name(s, t, false, to, sizeof(to));
		if (fflush(s->files[t]) != 0 || fsync(fileno(s->files[t])) != 0)
			whole = false;
		if (fclose(s->files[t]) != 0)
			whole = false;
		if (!whole || rename(from, to) != 0) {
			if (rc == HF_OK)
				rc = hf_fail(err, HF_FAULT, from,
					     "it could not be written to its end: %s",
					     strerror(errno));
			whole = false;
		}
	}
	return rc;
}

static enum hf_rc
make_folder(const char *out, struct hf_err *err)
{
	if (strlen(out) > 4000)
		return hf_fail(err, HF_TOO_LONG, "--out", "the path is too long");
	if (mkdir(out, 0700) != 0 && errno != EEXIST)
		return hf_fail(err, HF_FORBIDDEN, out, "the folder cannot be made: %s",
			       strerror(errno));
	return HF_OK;
}

enum hf_rc
hf_export_run(const struct hf_export_config *config, struct hf_export_result *out,
	      struct hf_err *err)
{
	struct sink s = {.config = config, .res = out};
	struct hf_store_stats *stats = calloc(1, sizeof(*stats));
	struct hf_reader *reader;
	uint64_t begun = hf_mono_ns();
	enum hf_rc rc = HF_OK, end;

	*out = (struct hf_export_result){0};
	if (stats == NULL)
		return hf_fail(err, HF_FAULT, NULL, "out of memory");
	if (strcmp(config->out, "-") != 0)
		rc = make_folder(config->out, err);
	else
		for (size_t t = 0; t < TYPES; t++)
			s.files[t] = stdout;
	if (rc == HF_OK)
		rc = hf_reader_get(config->store, &reader, err);
	if (rc != HF_OK) {
		free(stats);
		return rc;
	}
	rc = hf_reader_begin(reader, err);
	if (rc == HF_OK) {
		if (config->disclosure)
			rc = hf_leave_new(reader, config->disclosure, &s.leave,
					  &out->left_out, err);
		if (rc == HF_OK)
			rc = hf_store_stats(reader, stats, err);
		s.total = stats->resources;
		if (rc == HF_OK)
			rc = write_all(&s, reader, err);
		hf_reader_end(reader);
	}
	hf_reader_put(reader);
	hf_leave_free(s.leave);
	end = finish(&s, rc == HF_OK, rc == HF_OK ? err : NULL);
	free(stats);
	out->seconds = (double)(hf_mono_ns() - begun) / 1e9;
	return rc == HF_OK ? end : rc;
}

/* feeds.h - files of activity on the command line: which map, which files, what came of
 * it. */
#ifndef HF_CLI_IO_FEEDS_H
#define HF_CLI_IO_FEEDS_H

#include "cli/io/cli.h"
#include "population/io/feed_reader.h"

struct hf_cli_feeds {
	struct hf_store *store;
	const char *const *paths;
	size_t n_paths;
	const char *rejects; /* NULL: beside each file's feed in data */
	const char *data;    /* folder of the store, or NULL */
	const char *map;     /* id or FILE.json; NULL: by the header */
	const char *source, *from, *to, *cut;
	int64_t most_refused;
	bool json;
};

/* The maps that are built in.  False after saying what is wrong with one. */
bool hf_cli_maps(struct hf_arena *arena, struct hf_map **out, size_t *n);
/* A map of a file: its mistakes on standard error. */
bool hf_cli_map_file(const char *path, struct hf_arena *arena, struct hf_map *out);

/* Is name the id of a map that is built in, or a FILE.json? */
bool hf_cli_is_map(const char *name);
/* Does the header of the file go with one of the maps that are built in? */
bool hf_cli_is_feed(const char *path);

/* The bytes of one file, for a reader of rows. */
struct hf_cli_file {
	const char *path;
	struct hf_source *source;
};
struct hf_feed_bytes hf_cli_file(struct hf_cli_file *b);
void hf_cli_file_end(struct hf_cli_file *b);

/* A day since 1990-01-01; false: it is none. */
bool hf_cli_day(const char *text, uint16_t *out);

/* Where refused rows are told: opened at the first of them. */
struct hf_cli_rejects {
	FILE *file;
	char path[4096];
};
enum hf_rc hf_cli_rejects_open(struct hf_cli_rejects *r, const struct hf_cli_feeds *o,
			       const char *path, struct hf_err *err);

/* Imports each file as a feed of its own; gives the exit code. */
int hf_cli_import_feeds(const struct hf_command *cmd, const struct hf_cli_feeds *o);

/* ---- bench.c: published figures of organisations ---- */

/* Is name the id of a map of published figures that is built in, or the FILE.json of
 * one?  Does the header of the file go with one that is built in? */
bool hf_cli_is_bench_map(const char *name);
bool hf_cli_is_bench(const char *path);
/* Imports each file by itself; gives the exit code. */
int hf_cli_import_bench(const struct hf_command *cmd, const struct hf_cli_feeds *o);

#endif

/* feeds.h - files of activity on the command line: which map, which files, what came of
 * it. */
#ifndef HF_CLI_IO_FEEDS_H
#define HF_CLI_IO_FEEDS_H

#include "cli/io/cli.h"
#include "population/map.h"

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

/* Imports each file as a feed of its own; gives the exit code. */
int hf_cli_import_feeds(const struct hf_command *cmd, const struct hf_cli_feeds *o);

#endif

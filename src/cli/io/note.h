/* note.h - commands that give records out say so in the audit first. */
#ifndef HF_CLI_IO_NOTE_H
#define HF_CLI_IO_NOTE_H

#include "cli/io/cli.h"

struct hf_cli_note {
	const char *what;		  /* "export", "backup" */
	const char *types;		  /* "Patient,Observation"; NULL: all */
	const char *purpose, *basis, *to; /* of a disclosure; else NULL */
};

/* Opens the store for reading after a row of its table change says who gives out what:
 * written here when nobody holds the store, else by the server that does (found in
 * where->data, which may stand beside where->url then).  Gives HF_EXIT_DONE, or the
 * exit code after saying why not; then nothing may be given out. */
int hf_cli_open_noted(const struct hf_command *cmd, const struct hf_cli_store *where,
		      const struct hf_cli_note *note, struct hf_store **out);

#endif

/* control.h - the control socket: commands of administration reach the server that
 * holds the store through a unix socket in its data folder.
 *
 * Only processes of the same user (or root) are heard, one command a connection, one
 * at a time; lengths are bounded and a peer that stalls is hung up on.  Little-endian:
 *   to it:   "homefirst admin 1\n", u32 n, n × (u32 length, bytes) words,
 *            u32 m, m × (u32 length, option; u32 length, bytes) files
 *   from it: 'o' or 'e', u32 length, bytes: output; 'x', u32: the exit code. */
#ifndef HF_SERVER_CONTROL_H
#define HF_SERVER_CONTROL_H

#include "server/admin.h"

#define HF_CONTROL_NAME "control.sock"

struct hf_control;

/* A request as it comes over the socket: words in a's arena, files in a.  False for
 * what is none, or is cut off; for control.c, and for who tries it out. */
struct hf_control_asked {
	char *argv[HF_ADMIN_ARGS + 1]; /* NULL behind the last */
	int argc;
};
bool hf_control_read(int fd, struct hf_admin *a, struct hf_control_asked *out);

/* Makes the socket in folder and a thread that answers.  like is what each command
 * is given: store, server, data, policy; it is copied.  HF_FAULT when it cannot be
 * made. */
enum hf_rc hf_control_start(const char *folder, const struct hf_admin *like,
			    struct hf_control **out, struct hf_err *err);
/* Waits for the command under way; takes the socket away.  NULL is fine. */
void hf_control_stop(struct hf_control *control);

/* Hands a command to the server of folder.  False when there is none; else *status is
 * the exit code, or HF_ADMIN_FAILED with a sentence in errors. */
bool hf_control_ask(const char *folder, int argc, char **argv,
		    const struct hf_admin_file *files, size_t n_files,
		    struct hf_buf *output, struct hf_buf *errors, int *status);

#endif

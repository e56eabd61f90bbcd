/* fuzz_control.c - any bytes as a request at the control socket: words and files
 * within their bounds, or it is none. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct hf_admin *a, const struct hf_control_asked *asked)
{
	size_t bytes = 0;

	if (asked->argc < 1 || asked->argc > HF_ADMIN_ARGS || asked->argv[asked->argc])
		abort();
	for (int i = 0; i < asked->argc; i++)
		if (strlen(asked->argv[i]) > HF_ADMIN_ARG_MAX)
			abort();
	if (a->n_files > HF_ADMIN_FILES)
		abort();
	for (size_t i = 0; i < a->n_files; i++)
		bytes += a->files[i].text.n;
	if (bytes > HF_ADMIN_FILE_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 128 << 20};
	struct hf_control_asked asked = {.argc = 0};
	struct hf_admin a = {.arena = &arena};
	int ends[2];

	/* It has to fit into the socket: nobody reads while it is written. */
	if (size > 65536 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 0;
	if (size == 0 || send(ends[0], data, size, MSG_DONTWAIT) == (ssize_t)size) {
		shutdown(ends[0], SHUT_WR);
		if (hf_control_read(ends[1], &a, &asked))
			check(&a, &asked);
	}
	close(ends[0]);
	close(ends[1]);
	hf_arena_free(&arena);
	return 0;
}

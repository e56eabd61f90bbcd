/* boards.h - a client that follows a feed on many connections, and measures.
 *
 * What is measured carries a mark in its text: "@", when it was sent (hf_mono_ns(), 20
 * digits), "#", its number from 0 on (6 digits).  One thread, epoll. */
#ifndef HF_BENCH_BOARDS_H
#define HF_BENCH_BOARDS_H

#include <netinet/in.h>

#include "base/base.h"

enum { HF_BOARDS_MOST = 5000, HF_MARK = 28 };

/* The mark, HF_MARK bytes without a NUL. */
void hf_mark_write(char *to, uint64_t at, unsigned number);

struct hf_boards {
	struct sockaddr_in to;
	size_t n;		  /* connections */
	const char *const *paths; /* the kth asks for the (k mod n_paths)th */
	size_t n_paths;
	const char *headers; /* lines with \r\n, of each request */
	size_t marks;	     /* how many there will be */
};

/* Opens them all and starts the thread; ends the program when that fails.  The first
 * words of each feed have come when it returns. */
void hf_boards_start(const struct hf_boards *boards);
/* Waits until each mark has come everywhere, at most so long. */
void hf_boards_wait(unsigned seconds);

struct hf_boards_result {
	size_t arrived, missing, twice, again; /* again: how often told to load anew */
	unsigned p50_us, p99_us, max_us;
	double core; /* share of a core that this took */
};
void hf_boards_end(struct hf_boards_result *out);

#endif

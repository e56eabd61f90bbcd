/* arena.h - memory that is freed whole at the end of a request, run or message.
 *
 * Past its cap an arena gives NULL and the caller answers HF_TOO_LONG.  Nothing
 * in an arena is freed alone.  Not for sharing between threads. */
#ifndef HF_BASE_ARENA_H
#define HF_BASE_ARENA_H

#include "base/base.h"

struct hf_arena_block;

struct hf_arena {
	struct hf_arena_block *blocks; /* newest first */
	char *at, *end;
	size_t used, cap; /* bytes taken from malloc, and how many may be */
};

/* cap is in bytes.  An arena set to {.cap = n} is ready for use. */
void hf_arena_init(struct hf_arena *a, size_t cap);
/* Frees everything; the arena may be used again. */
void hf_arena_free(struct hf_arena *a);
/* Like hf_arena_free but keeps the first block, so that a loop does not pay
 * malloc for each round. */
void hf_arena_reset(struct hf_arena *a);
/* Overwrites all that lies in it, used or not, before it is freed: for secrets. */
void hf_arena_wipe(struct hf_arena *a);

/* n bytes, 16-aligned, not cleared; NULL past the cap. */
void *hf_arena_alloc(struct hf_arena *a, size_t n);
/* The same, cleared. */
void *hf_arena_zalloc(struct hf_arena *a, size_t n);
/* count objects of size each, cleared; NULL past the cap or on overflow. */
void *hf_arena_array(struct hf_arena *a, size_t count, size_t size);
/* A NUL-terminated copy of s; NULL past the cap. */
char *hf_arena_cstr(struct hf_arena *a, struct hf_sv s);
/* A copy of s; p is NULL past the cap. */
struct hf_sv hf_arena_sv(struct hf_arena *a, struct hf_sv s);
/* printf into the arena; p is NULL past the cap. */
struct hf_sv hf_arena_printf(struct hf_arena *a, const char *fmt, ...) HF_PRINTF(2, 3);

#define HF_NEW(arena, type) ((type *)hf_arena_zalloc((arena), sizeof(type)))

#endif

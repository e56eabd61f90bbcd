/* arena.c - blocks of growing size, the newest first. */
#include "base/arena.h"

#include <stdarg.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_STEP = 1024 * 1024, ALIGN = 16 };

struct hf_arena_block {
	struct hf_arena_block *next;
	size_t size; /* of the memory behind this head */
};

void
hf_arena_init(struct hf_arena *a, size_t cap)
{
	*a = (struct hf_arena){.cap = cap};
}

void
hf_arena_free(struct hf_arena *a)
{
	struct hf_arena_block *b = a->blocks;

	while (b) {
		struct hf_arena_block *next = b->next;

		free(b);
		b = next;
	}
	*a = (struct hf_arena){.cap = a->cap};
}

void
hf_arena_reset(struct hf_arena *a)
{
	struct hf_arena_block *b = a->blocks;

	if (!b)
		return;
	while (b->next) {
		struct hf_arena_block *next = b->next;

		free(b);
		b = next;
	}
	a->blocks = b;
	a->at = (char *)(b + 1);
	a->end = a->at + b->size;
	a->used = b->size;
}

void
hf_arena_wipe(struct hf_arena *a)
{
	for (struct hf_arena_block *b = a->blocks; b; b = b->next)
		explicit_bzero(b + 1, b->size);
}

static bool
grow(struct hf_arena *a, size_t n)
{
	size_t size = a->used ? a->used : FIRST_BLOCK;
	struct hf_arena_block *b;

	if (size > LARGEST_STEP)
		size = LARGEST_STEP;
	if (size < n)
		size = n;
	if (a->used + size > a->cap)
		size = n;
	if (size > a->cap || a->used > a->cap - size)
		return false;
	b = malloc(sizeof *b + size);
	if (!b)
		return false;
	*b = (struct hf_arena_block){a->blocks, size};
	a->blocks = b;
	a->at = (char *)(b + 1);
	a->end = a->at + size;
	a->used += size;
	return true;
}

void *
hf_arena_alloc(struct hf_arena *a, size_t n)
{
	void *p;

	static_assert(sizeof(struct hf_arena_block) % ALIGN == 0, "blocks align");
	if (n > SIZE_MAX - ALIGN)
		return NULL;
	n = n ? (n + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
	if ((size_t)(a->end - a->at) < n && !grow(a, n))
		return NULL;
	p = a->at;
	a->at += n;
	return p;
}

void *
hf_arena_zalloc(struct hf_arena *a, size_t n)
{
	void *p = hf_arena_alloc(a, n);

	if (p)
		memset(p, 0, n);
	return p;
}

void *
hf_arena_array(struct hf_arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		return NULL;
	return hf_arena_zalloc(a, n);
}

char *
hf_arena_cstr(struct hf_arena *a, struct hf_sv s)
{
	char *p = hf_arena_alloc(a, s.n + 1);

	if (!p)
		return NULL;
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct hf_sv
hf_arena_sv(struct hf_arena *a, struct hf_sv s)
{
	char *p = hf_arena_cstr(a, s);

	return (struct hf_sv){p, p ? s.n : 0};
}

struct hf_sv
hf_arena_printf(struct hf_arena *a, const char *fmt, ...)
{
	va_list ap, again;
	struct hf_sv out = {NULL, 0};
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0) {
		char *p = hf_arena_alloc(a, (size_t)n + 1);

		if (p) {
			vsnprintf(p, (size_t)n + 1, fmt, again);
			out = (struct hf_sv){p, (size_t)n};
		}
	}
	va_end(again);
	return out;
}

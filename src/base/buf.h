/* buf.h - a growable byte buffer for writing answers and messages.
 *
 * Appending past the cap or out of memory sets .failed and drops what comes
 * after; a writer checks once at the end.  cap 0 means no cap. */
#ifndef HF_BASE_BUF_H
#define HF_BASE_BUF_H

#include "base/base.h"

struct hf_buf {
	char *p;
	size_t n, size, cap;
	bool failed;
};

void hf_buf_free(struct hf_buf *b);
/* Room for n more bytes: where to write them, or NULL (then failed is set).
 * The caller adds to b->n what it wrote. */
char *hf_buf_room(struct hf_buf *b, size_t n);
void hf_buf_add(struct hf_buf *b, const void *p, size_t n);
void hf_buf_printf(struct hf_buf *b, const char *fmt, ...) HF_PRINTF(2, 3);

/* Text within HTML or XML, also in quotes. */
void hf_buf_html(struct hf_buf *b, struct hf_sv s);

static inline void
hf_buf_sv(struct hf_buf *b, struct hf_sv s)
{
	hf_buf_add(b, s.p, s.n);
}

static inline void
hf_buf_char(struct hf_buf *b, char c)
{
	if (!b->failed && b->n < b->size && (!b->cap || b->n < b->cap))
		b->p[b->n++] = c;
	else
		hf_buf_add(b, &c, 1);
}

#define hf_buf_lit(b, lit) hf_buf_add((b), "" lit, sizeof(lit) - 1)

static inline struct hf_sv
hf_buf_view(const struct hf_buf *b)
{
	return (struct hf_sv){b->p, b->n};
}

#endif

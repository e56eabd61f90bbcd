/* buf.c - a growable byte buffer. */
#include "base/buf.h"

#include <stdarg.h>

void
hf_buf_free(struct hf_buf *b)
{
	free(b->p);
	*b = (struct hf_buf){.cap = b->cap};
}

char *
hf_buf_room(struct hf_buf *b, size_t n)
{
	size_t need, size;
	char *p;

	if (b->failed)
		return NULL;
	if (__builtin_add_overflow(b->n, n, &need) || (b->cap && need > b->cap)) {
		b->failed = true;
		return NULL;
	}
	if (need <= b->size)
		return b->p + b->n;
	size = b->size ? b->size * 2 : 1024;
	if (size < need)
		size = need;
	p = realloc(b->p, size);
	if (!p) {
		b->failed = true;
		return NULL;
	}
	b->p = p;
	b->size = size;
	return b->p + b->n;
}

void
hf_buf_add(struct hf_buf *b, const void *p, size_t n)
{
	char *to;

	if (n == 0)
		return;
	to = hf_buf_room(b, n);
	if (to) {
		memcpy(to, p, n);
		b->n += n;
	}
}

void
hf_buf_printf(struct hf_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
	} else {
		char *to = hf_buf_room(b, (size_t)n + 1);

		if (to) {
			vsnprintf(to, (size_t)n + 1, fmt, again);
			b->n += (size_t)n;
		}
	}
	va_end(again);
}

void
hf_buf_html(struct hf_buf *b, struct hf_sv s)
{
	static const struct {
		char c;
		const char *is;
	} names[] = {{'<', "&lt;"},
		     {'>', "&gt;"},
		     {'&', "&amp;"},
		     {'"', "&quot;"},
		     {'\'', "&#39;"}};
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		size_t k = 0;

		while (k < HF_COUNT(names) && names[k].c != s.p[i])
			k++;
		if (k == HF_COUNT(names))
			continue;
		hf_buf_add(b, s.p + from, i - from);
		hf_buf_sv(b, hf_sv_from(names[k].is));
		from = i + 1;
	}
	hf_buf_add(b, s.p + from, s.n - from);
}

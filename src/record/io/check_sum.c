/* check_sum.c - see check_sum.h. */
#include "record/io/check_sum.h"

#include <sodium.h>

struct hf_sum *
hf_sum_new(void)
{
	struct hf_sum *s = calloc(1, sizeof *s);

	if (s)
		randombytes_buf(s->key, sizeof s->key);
	return s;
}

void
hf_sum_free(struct hf_sum *s)
{
	if (!s)
		return;
	hf_buf_free(&s->should);
	hf_buf_free(&s->is);
	free(s);
}

static size_t
part_of(hf_rid rid)
{
	uint64_t h = (uint64_t)rid * 0x9e3779b97f4a7c15u;

	return (size_t)(h >> 48);
}

static uint64_t
hash(const struct hf_sum *s, const struct hf_sum_row *row)
{
	uint64_t out;

	crypto_shorthash((unsigned char *)&out, (const unsigned char *)row, sizeof *row,
			 s->key);
	return out;
}

void
hf_sum_should(struct hf_sum *s, const struct hf_sum_row *row)
{
	s->parts[part_of(row->rid)] += hash(s, row);
}

void
hf_sum_is(struct hf_sum *s, const struct hf_sum_row *row)
{
	s->parts[part_of(row->rid)] -= hash(s, row);
}

bool
hf_sum_close(struct hf_sum *s)
{
	s->wrong = 0;
	for (size_t i = 0; i < HF_SUM_PARTS; i++)
		if (s->parts[i] != 0)
			s->named[i] = s->wrong++ < HF_SUM_NAMED;
	return s->wrong == 0;
}

bool
hf_sum_named(const struct hf_sum *s, hf_rid rid)
{
	return s->named[part_of(rid)];
}

void
hf_sum_keep(struct hf_sum *s, const struct hf_sum_row *row, bool should)
{
	if (hf_sum_named(s, row->rid))
		hf_buf_add(should ? &s->should : &s->is, row, sizeof *row);
}

static int
compare(const void *x, const void *y)
{
	const struct hf_sum_row *p = x, *q = y;

	if (p->rid != q->rid)
		return p->rid < q->rid ? -1 : 1;
	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return (p->b > q->b) - (p->b < q->b);
}

static void
sort(struct hf_buf *rows)
{
	if (rows->n > 0)
		qsort(rows->p, rows->n / sizeof(struct hf_sum_row),
		      sizeof(struct hf_sum_row), compare);
}

static bool
take(const struct hf_buf *rows, size_t at, struct hf_sum_row *out)
{
	if ((at + 1) * sizeof *out > rows->n)
		return false;
	memcpy(out, rows->p + at * sizeof *out, sizeof *out);
	return true;
}

bool
hf_sum_next(struct hf_sum *s, struct hf_sum_diff *d)
{
	if (d->at_should == 0 && d->at_is == 0) {
		sort(&s->should);
		sort(&s->is);
	}
	for (;;) {
		struct hf_sum_row a, b;
		bool should = take(&s->should, d->at_should, &a);
		bool is = take(&s->is, d->at_is, &b);
		int order = !is ? -1 : !should ? 1 : compare(&a, &b);

		if (!should && !is)
			return false;
		if (order <= 0)
			d->at_should++;
		if (order >= 0)
			d->at_is++;
		if (order == 0)
			continue;
		d->missing = order < 0;
		d->row = order < 0 ? a : b;
		return true;
	}
}

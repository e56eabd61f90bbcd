/* feed_reader.c - rows of a file.  A window of one row's most bytes is always there, or
 * the end: so a row is whole when it is read. */
#include "population/io/feed_reader.h"

enum { BLOCK = 256 << 10 };

enum hf_rc
hf_feed_reader_open(struct hf_feed_reader *r, const struct hf_feed_bytes *bytes,
		    const struct hf_map *map, struct hf_err *err)
{
	*r = (struct hf_feed_reader){.bytes = bytes};
	r->text.windows1252 = map && map->windows1252;
	r->csv.separator = map ? map->separator : 0;
	hf_arena_init(&r->arena, 4 << 20);
	return bytes->open(bytes->ctx, err);
}

void
hf_feed_reader_close(struct hf_feed_reader *r)
{
	hf_buf_free(&r->buf);
	hf_arena_free(&r->arena);
}

static enum hf_rc
fill(struct hf_feed_reader *r, struct hf_err *err)
{
	static const size_t window = HF_FEED_ROW_MAX;

	if (r->at) {
		memmove(r->buf.p, r->buf.p + r->at, r->buf.n - r->at);
		r->buf.n -= r->at;
		r->at = 0;
	}
	while (!r->end && r->buf.n < window + BLOCK) {
		char block[64 << 10];
		size_t got = 0;
		enum hf_rc rc =
		    r->bytes->read(r->bytes->ctx, block, sizeof block, &got, err);

		if (rc != HF_OK)
			return rc;
		if (got && r->saw)
			r->saw(r->saw_ctx, (struct hf_sv){block, got});
		r->read += got;
		r->end = got == 0;
		hf_feed_text(&r->text, (struct hf_sv){block, got}, r->end, &r->buf);
		if (r->buf.failed)
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory for rows");
	}
	return HF_OK;
}

enum hf_rc
hf_feed_reader_next(struct hf_feed_reader *r, struct hf_csv_row *row, uint64_t *line,
		    bool *broken, struct hf_err *err)
{
	struct hf_sv window;
	enum hf_rc rc = HF_OK;

	*broken = false;
	if (r->buf.n - r->at < HF_FEED_ROW_MAX && !r->end)
		rc = fill(r, err);
	if (rc != HF_OK)
		return rc;
	window = (struct hf_sv){r->buf.p + r->at, r->buf.n - r->at};
	if (window.n > HF_FEED_ROW_MAX)
		window.n = HF_FEED_ROW_MAX;
	if (r->csv.next == 0 && r->csv.separator == 0)
		r->csv.separator = hf_feed_separator(window);
	r->csv.rest = window;
	if (r->arena.used)
		hf_arena_reset(&r->arena);
	*broken = hf_csv_next(&r->csv, &r->arena, row, NULL) != HF_OK;
	*line = r->csv.line;
	/* A row as long as the window is none: a quote took the lines behind it. */
	if (r->csv.rest.n == 0 && window.n == HF_FEED_ROW_MAX &&
	    window.p[window.n - 1] != '\n')
		*broken = true;
	if (*broken)
		row->n = 0;
	r->at += window.n - r->csv.rest.n;
	return HF_OK;
}

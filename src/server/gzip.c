/* gzip.c - bodies that travel compressed. */
#include "server/gzip.h"

#include <zlib.h>

enum { STEP = 64 * 1024, GZIP_WINDOW = 15 + 16 };

static enum hf_rc
broken(struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, NULL,
		       "Content-Encoding is gzip, but the body is not gzip or is cut "
		       "off");
}

/* Inflates members until the input is used up. */
static enum hf_rc
inflate_all(z_stream *z, size_t max, struct hf_buf *out, struct hf_err *err)
{
	size_t before = out->n;
	int state = Z_OK;

	while (z->avail_in > 0 || state == Z_OK) {
		char *to = hf_buf_room(out, STEP);

		if (!to)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "no memory for the body; try again");
		z->next_out = (Bytef *)to;
		z->avail_out = STEP;
		state = inflate(z, Z_NO_FLUSH);
		out->n += STEP - z->avail_out;
		if (out->n - before > max)
			return hf_fail(err, HF_TOO_LONG, NULL,
				       "the body is longer than %zu bytes once gzip is "
				       "undone",
				       max);
		if (state == Z_STREAM_END && z->avail_in > 0) {
			if (inflateReset(z) != Z_OK)
				return broken(err);
			state = Z_OK;
		} else if (state == Z_STREAM_END) {
			return HF_OK;
		} else if (state != Z_OK || (z->avail_in == 0 && z->avail_out > 0)) {
			return broken(err);
		}
	}
	return broken(err);
}

enum hf_rc
hf_gunzip(struct hf_sv gz, size_t max, struct hf_buf *out, struct hf_err *err)
{
	z_stream z = {0};
	enum hf_rc rc;

	if (gz.n == 0 || gz.n > UINT32_MAX)
		return broken(err);
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return hf_fail(err, HF_BUSY, NULL, "no memory to read gzip");
	z.next_in = (Bytef *)(uintptr_t)gz.p;
	z.avail_in = (uInt)gz.n;
	rc = inflate_all(&z, max, out, err);
	inflateEnd(&z);
	return rc;
}

bool
hf_gzip(struct hf_sv body, struct hf_buf *out)
{
	z_stream z = {0};
	bool ok = false;
	char *to;

	if (body.n > UINT32_MAX / 2 ||
	    deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)body.p;
	z.avail_in = (uInt)body.n;
	z.avail_out = (uInt)deflateBound(&z, (uLong)body.n);
	to = hf_buf_room(out, z.avail_out);
	z.next_out = (Bytef *)to;
	if (to && deflate(&z, Z_FINISH) == Z_STREAM_END) {
		out->n += z.total_out;
		ok = true;
	}
	deflateEnd(&z);
	return ok;
}

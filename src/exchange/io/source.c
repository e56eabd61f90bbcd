/* source.c - see source.h.  libdeflate for whole files, zlib for streams. */
#include "exchange/io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { READ_SIZE = 256 * 1024 };

struct hf_source {
	const char *path;
	int fd;
	enum hf_source_kind kind;
	int64_t size, at, length;
	bool fresh;	/* nothing was given yet */
	bool file_end;	/* read() gave 0 */
	bool in_member; /* inside compressed data that have an end */
	z_stream z;
	ZSTD_DStream *zs;
	size_t in_at, in_n;
	unsigned char in[READ_SIZE];
};

static enum hf_rc
read_some(struct hf_source *s, unsigned char *to, size_t n, size_t *got,
	  struct hf_err *err)
{
	ssize_t r;

	do
		r = read(s->fd, to, n);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return hf_fail(err, HF_FORBIDDEN, s->path, "it cannot be read: %s",
			       strerror(errno));
	*got = (size_t)r;
	s->at += r;
	return HF_OK;
}

static enum hf_rc
fill(struct hf_source *s, struct hf_err *err)
{
	enum hf_rc rc;

	if (s->in_at < s->in_n || s->file_end)
		return HF_OK;
	s->in_at = s->in_n = 0;
	rc = read_some(s, s->in, sizeof(s->in), &s->in_n, err);
	if (rc == HF_OK && s->in_n == 0)
		s->file_end = true;
	return rc;
}

/* Tells the kind by the first bytes, and the length where it is written. */
static void
look(struct hf_source *s)
{
	static const unsigned char gz[] = {0x1f, 0x8b},
				   zst[] = {0x28, 0xb5, 0x2f, 0xfd};
	unsigned char tail[4];

	s->length = s->size > 0 ? s->size : -1;
	if (s->in_n >= 2 && memcmp(s->in, gz, 2) == 0) {
		s->kind = HF_SOURCE_GZIP;
		s->length = -1;
		if (s->size >= 18 && pread(s->fd, tail, 4, s->size - 4) == 4)
			s->length = (int64_t)tail[0] | (int64_t)tail[1] << 8 |
				    (int64_t)tail[2] << 16 | (int64_t)tail[3] << 24;
	} else if (s->in_n >= 4 && memcmp(s->in, zst, 4) == 0) {
		unsigned long long n = ZSTD_getFrameContentSize(s->in, s->in_n);

		s->kind = HF_SOURCE_ZSTD;
		s->length = n < INT64_MAX ? (int64_t)n : -1;
	}
}

enum hf_rc
hf_source_open(const struct hf_source_file *file, struct hf_source **out,
	       struct hf_err *err)
{
	struct hf_source *s = calloc(1, sizeof(*s));
	enum hf_rc rc;

	if (s == NULL)
		return hf_fail(err, HF_FAULT, file->path, "out of memory");
	s->path = file->path;
	s->fresh = true;
	s->size = file->size;
	s->fd = strcmp(file->path, "-") == 0 ? dup(STDIN_FILENO)
					     : open(file->path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		rc = hf_fail(err, errno == ENOENT ? HF_NOT_FOUND : HF_FORBIDDEN,
			     file->path, "it cannot be opened: %s", strerror(errno));
		free(s);
		return rc;
	}
	rc = fill(s, err);
	if (rc != HF_OK) {
		hf_source_close(s);
		return rc;
	}
	look(s);
	if (s->kind == HF_SOURCE_GZIP && inflateInit2(&s->z, 15 + 16) != Z_OK)
		rc = hf_fail(err, HF_FAULT, file->path, "out of memory");
	if (s->kind == HF_SOURCE_ZSTD && (s->zs = ZSTD_createDStream()) == NULL)
		rc = hf_fail(err, HF_FAULT, file->path, "out of memory");
	if (rc != HF_OK) {
		s->kind = HF_SOURCE_PLAIN;
		hf_source_close(s);
		return rc;
	}
	*out = s;
	return HF_OK;
}

void
hf_source_close(struct hf_source *s)
{
	if (s == NULL)
		return;
	if (s->kind == HF_SOURCE_GZIP)
		inflateEnd(&s->z);
	ZSTD_freeDStream(s->zs);
	close(s->fd);
	free(s);
}

int64_t
hf_source_length(const struct hf_source *s)
{
	return s->length;
}

int64_t
hf_source_at(const struct hf_source *s)
{
	return s->at;
}

static enum hf_rc
broken(const struct hf_source *s, bool early, struct hf_err *err)
{
	const char *kind = s->kind == HF_SOURCE_GZIP ? "gzip" : "Zstandard";

	if (early)
		return hf_fail(err, HF_INVALID, s->path,
			       "the file ends in the middle of its %s data: it is cut "
			       "short, copy it again",
			       kind);
	return hf_fail(err, HF_INVALID, s->path,
		       "its %s data are broken: copy the file again", kind);
}

static enum hf_rc
read_gzip(struct hf_source *s, char *to, size_t n, size_t *got, struct hf_err *err)
{
	s->z.next_out = (Bytef *)to;
	s->z.avail_out = (uInt)n;
	while (s->z.avail_out == n) {
		enum hf_rc rc = fill(s, err);
		int z;

		if (rc != HF_OK)
			return rc;
		if (s->file_end) {
			if (s->in_member)
				return broken(s, true, err);
			break;
		}
		s->in_member = true;
		s->z.next_in = s->in + s->in_at;
		s->z.avail_in = (uInt)(s->in_n - s->in_at);
		z = inflate(&s->z, Z_NO_FLUSH);
		s->in_at = s->in_n - s->z.avail_in;
		if (z == Z_STREAM_END) {
			s->in_member = false; /* another member may follow */
			inflateReset(&s->z);
		} else if (z != Z_OK && z != Z_BUF_ERROR) {
			return broken(s, false, err);
		}
	}
	*got = n - s->z.avail_out;
	return HF_OK;
}

static enum hf_rc
read_zstd(struct hf_source *s, char *to, size_t n, size_t *got, struct hf_err *err)
{
	ZSTD_outBuffer o = {to, n, 0};

	while (o.pos == 0) {
		ZSTD_inBuffer i;
		size_t z;
		enum hf_rc rc = fill(s, err);

		if (rc != HF_OK)
			return rc;
		if (s->file_end && !s->in_member)
			break;
		i = (ZSTD_inBuffer){s->in, s->in_n, s->in_at};
		z = ZSTD_decompressStream(s->zs, &o, &i);
		s->in_at = i.pos;
		if (ZSTD_isError(z))
			return broken(s, false, err);
		s->in_member = z != 0;
		if (s->file_end && s->in_member && o.pos == 0)
			return broken(s, true, err);
	}
	*got = o.pos;
	return HF_OK;
}

enum hf_rc
hf_source_read(struct hf_source *s, char *to, size_t n, size_t *got, struct hf_err *err)
{
	assert(n > 0);
	if (n > (1u << 30))
		n = 1u << 30;
	s->fresh = false;
	if (s->kind == HF_SOURCE_GZIP)
		return read_gzip(s, to, n, got, err);
	if (s->kind == HF_SOURCE_ZSTD)
		return read_zstd(s, to, n, got, err);
	if (s->in_at < s->in_n) {
		if (n > s->in_n - s->in_at)
			n = s->in_n - s->in_at;
		memcpy(to, s->in + s->in_at, n);
		s->in_at += n;
		*got = n;
		return HF_OK;
	}
	return read_some(s, (unsigned char *)to, n, got, err);
}

static enum hf_rc
too_long(const struct hf_source *s, size_t max, struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, s->path,
		       "it holds more than %.0f MB in one document: split it into "
		       "smaller Bundles or into NDJSON",
		       (double)max / 1e6);
}

/* A whole gzip file, member after member, each in one go. */
static enum hf_rc
gunzip(struct hf_source *s, const unsigned char *in, size_t n, size_t max,
       struct hf_buf *out, struct hf_err *err)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	size_t guess = s->length > 0 ? (size_t)s->length : n * 8;
	enum hf_rc rc = HF_OK;

	if (d == NULL)
		return hf_fail(err, HF_FAULT, s->path, "out of memory");
	while (n > 0 && rc == HF_OK) {
		size_t used, given;
		size_t room = guess < max - out->n ? guess : max - out->n;
		char *to = hf_buf_room(out, room + 1);
		enum libdeflate_result r;

		if (to == NULL) {
			rc = hf_fail(err, HF_FAULT, s->path, "out of memory");
			break;
		}
		r = libdeflate_gzip_decompress_ex(d, in, n, to, room, &used, &given);
		if (r == LIBDEFLATE_SUCCESS) {
			out->n += given;
			in += used;
			n -= used;
		} else if (r != LIBDEFLATE_INSUFFICIENT_SPACE) {
			/* It does not tell broken data from data cut short: the
			 * stream decoder does. */
			rc = HF_INVALID;
		} else if (room == max - out->n) {
			rc = too_long(s, max, err);
		} else {
			guess = guess * 2 + 1024;
		}
	}
	libdeflate_free_decompressor(d);
	return rc;
}

/* Reads to the end with hf_source_read(). */
static enum hf_rc
drain(struct hf_source *s, size_t max, struct hf_buf *out, struct hf_err *err)
{
	for (;;) {
		size_t got = 0, room = READ_SIZE;
		char *to;
		enum hf_rc rc;

		if (s->length > 0 && (size_t)s->length > out->n && s->length < 1 << 28)
			room = (size_t)s->length - out->n + 1;
		to = hf_buf_room(out, room);
		if (to == NULL)
			return hf_fail(err, HF_FAULT, s->path, "out of memory");
		rc = hf_source_read(s, to, room, &got, err);
		if (rc != HF_OK || got == 0)
			return rc;
		out->n += got;
		if (out->n > max)
			return too_long(s, max, err);
	}
}

enum hf_rc
hf_source_all(struct hf_source *s, size_t max, struct hf_buf *out, struct hf_err *err)
{
	struct hf_buf raw = {0};
	enum hf_source_kind kind = s->kind;
	enum hf_rc rc;

	if (kind != HF_SOURCE_GZIP || !s->fresh || s->size == 0)
		return drain(s, max, out, err);
	s->kind = HF_SOURCE_PLAIN;
	s->length = s->size;
	rc = drain(s, max, &raw, err);
	s->kind = kind;
	if (rc == HF_OK) {
		size_t before = out->n;

		look(s); /* the length again */
		rc = gunzip(s, (const unsigned char *)raw.p, raw.n, max, out, err);
		if (rc == HF_INVALID) {
			out->n = before;
			s->at = 0;
			s->in_at = s->in_n = 0;
			s->file_end = false;
			if (lseek(s->fd, 0, SEEK_SET) != 0)
				rc = broken(s, false, err);
			else
				rc = drain(s, max, out, err);
		}
	}
	hf_buf_free(&raw);
	return rc;
}

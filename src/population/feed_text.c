/* feed_text.c - encodings of feeds. */
#include "population/feed_text.h"

/* 0x80 … 0x9f of Windows-1252; 0: no character there. */
static const uint16_t c1[32] = {0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
				0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
				0x017d, 0,	0,	0x2018, 0x2019, 0x201c, 0x201d,
				0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
				0x0153, 0,	0x017e, 0x0178};

static void
put(struct hf_buf *out, uint32_t c)
{
	if (c < 0x80) {
		hf_buf_char(out, (char)c);
	} else if (c < 0x800) {
		hf_buf_char(out, (char)(0xc0 | c >> 6));
		hf_buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		hf_buf_char(out, (char)(0xe0 | c >> 12));
		hf_buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		hf_buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		hf_buf_char(out, (char)(0xf0 | c >> 18));
		hf_buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		hf_buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		hf_buf_char(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* How many bytes the character at p has; 0: it is none; n + 1: more have to come. */
static size_t
utf8_at(const unsigned char *p, size_t n)
{
	size_t want = p[0] < 0x80	      ? 1
		      : (p[0] & 0xe0) == 0xc0 ? 2
		      : (p[0] & 0xf0) == 0xe0 ? 3
		      : (p[0] & 0xf8) == 0xf0 ? 4
					      : 0;

	for (size_t i = 1; i < want && i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return want > n ? n + 1 : want;
}

static size_t
bytes(struct hf_feed_text *t, const unsigned char *p, size_t n, bool last,
      struct hf_buf *out)
{
	size_t i = 0;

	if (!t->windows1252) {
		hf_buf_add(out, p, n);
		return n;
	}
	while (i < n) {
		size_t run = i, k;

		while (run < n && p[run] < 0x80)
			run++;
		hf_buf_add(out, p + i, run - i);
		i = run;
		if (i == n)
			break;
		k = utf8_at(p + i, n - i);
		if (k > n - i) {
			if (!last)
				break;
			k = 0;
		}
		if (k)
			hf_buf_add(out, p + i, k);
		else
			put(out, p[i] < 0xa0
				     ? c1[p[i] - 0x80] ? c1[p[i] - 0x80] : 0xfffd
				     : p[i]);
		i += k ? k : 1;
	}
	return i;
}

static size_t
wide(const struct hf_feed_text *t, const unsigned char *p, size_t n, bool last,
     struct hf_buf *out)
{
	size_t hi = t->as == HF_TEXT_UTF16BE ? 0 : 1, i = 0;

	while (i + 2 <= n) {
		uint32_t c = (uint32_t)p[i + hi] << 8 | p[i + 1 - hi];

		if (c >= 0xd800 && c < 0xdc00) {
			uint32_t d;

			if (i + 4 > n) {
				if (!last)
					break;
				put(out, 0xfffd);
				i += 2;
				continue;
			}
			d = (uint32_t)p[i + 2 + hi] << 8 | p[i + 3 - hi];
			if (d >= 0xdc00 && d < 0xe000) {
				put(out, 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00));
				i += 4;
				continue;
			}
		}
		put(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
		i += 2;
	}
	return last ? n : i;
}

static size_t
take(struct hf_feed_text *t, const unsigned char *p, size_t n, bool last,
     struct hf_buf *out)
{
	size_t skip = 0;

	if (t->as == HF_TEXT_NEW) {
		if (n < 2 && !last)
			return 0;
		t->as = HF_TEXT_BYTES;
		if (n >= 2 && p[0] == 0xff && p[1] == 0xfe)
			t->as = HF_TEXT_UTF16LE;
		else if (n >= 2 && p[0] == 0xfe && p[1] == 0xff)
			t->as = HF_TEXT_UTF16BE;
		skip = t->as == HF_TEXT_BYTES ? 0 : 2;
	}
	return skip + (t->as == HF_TEXT_BYTES ? bytes(t, p + skip, n - skip, last, out)
					      : wide(t, p + skip, n - skip, last, out));
}

void
hf_feed_text(struct hf_feed_text *t, struct hf_sv in, bool last, struct hf_buf *out)
{
	const unsigned char *p = (const unsigned char *)in.p;
	size_t n = in.n, done;

	/* What was left is finished with the fewest bytes that do. */
	while (t->n_left && n) {
		t->left[t->n_left++] = *p++;
		n--;
		done = take(t, t->left, t->n_left, last && n == 0, out);
		memmove(t->left, t->left + done, t->n_left - done);
		t->n_left -= done;
		if (t->n_left == sizeof t->left) /* cannot be: a character has four */
			t->n_left = 0;
	}
	done = n ? take(t, p, n, last, out) : 0;
	for (; done < n; done++)
		t->left[t->n_left++] = p[done];
	if (last && t->n_left) {
		take(t, t->left, t->n_left, true, out);
		t->n_left = 0;
	}
}

/* Of one line; 0 when it has none. */
static char
separator_of(struct hf_sv line)
{
	static const char known[] = ",;|\t";
	size_t n[4] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		const char *at = line.p[i] ? strchr(known, line.p[i]) : NULL;

		quoted ^= line.p[i] == '"';
		if (at && !quoted)
			n[at - known]++;
	}
	for (size_t i = 1; i < 4; i++)
		if (n[i] > n[best])
			best = i;
	return n[best] ? known[best] : 0;
}

char
hf_feed_separator(struct hf_sv text)
{
	for (int i = 0; i < 20 && text.n; i++) {
		char c = separator_of(hf_sv_cut(&text, '\n'));

		if (c)
			return c;
	}
	return ',';
}

/* fold.c - names as they are compared: lower case, no accents, single blanks.
 *
 * The same text gives the same bytes always: index rows hold them. */
#include "fhir/fold_table.h"
#include "fhir/spvalue.h"

/* Where folded bytes go; with p NULL they are only counted. */
struct sink {
	char *p;
	size_t n;
	bool blank; /* one is due before the next character */
};

static void
put(struct sink *to, const char *p, size_t n)
{
	if (to->blank && to->n) {
		if (to->p)
			to->p[to->n] = ' ';
		to->n++;
	}
	to->blank = false;
	if (to->p)
		memcpy(to->p + to->n, p, n);
	to->n += n;
}

/* Length of the UTF-8 character at s, and its number; 0 for a byte that begins
 * none. */
static size_t
read_char(struct hf_sv s, uint32_t *c)
{
	unsigned char b = (unsigned char)s.p[0];
	size_t n = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc2 ? 2 : 0;

	if (n == 0 || n > s.n || b > 0xf4)
		return 0;
	*c = b & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	return n;
}

/* The table's text for one character, blank by blank. */
static void
put_pool(struct sink *to, const char *text)
{
	for (; *text; text++) {
		if (*text == ' ')
			to->blank = true;
		else
			put(to, text, 1);
	}
}

/* One character of two bytes or more; returns how long it is. */
static size_t
fold_wide(struct sink *to, struct hf_sv s)
{
	uint32_t c;
	size_t n = read_char(s, &c);
	uint16_t what;

	if (n == 0) {
		to->blank = true;
		return 1;
	}
	/* Beyond the first plane: pictures are blanks, letters stay. */
	what = c < 0x10000 ? hf_gen_fold_pages[hf_gen_fold_index[c >> 8]][c & 0xff]
	       : c >= 0x1f000 && c < 0x20000 ? HF_GEN_FOLD_BLANK
					     : HF_GEN_FOLD_KEEP;
	if (what == HF_GEN_FOLD_KEEP)
		put(to, s.p, n);
	else if (what == HF_GEN_FOLD_BLANK)
		to->blank = true;
	else if (what != HF_GEN_FOLD_DROP)
		put_pool(to, hf_gen_fold_pool + what);
	return n;
}

static void
fold(struct sink *to, struct hf_sv s)
{
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];

		if ((unsigned char)c >= 0x80) {
			i += fold_wide(to, hf_sv_from_at(s, i));
			continue;
		}
		i++;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			put(to, &c, 1);
		else
			to->blank = true;
	}
}

struct hf_sv
hf_fold(struct hf_sv s, struct hf_arena *arena)
{
	struct sink to = {0};

	fold(&to, s);
	to = (struct sink){.p = hf_arena_alloc(arena, to.n + 1)};
	if (!to.p)
		return (struct hf_sv){NULL, 0};
	fold(&to, s);
	return (struct hf_sv){to.p, to.n};
}

/* map_word.c - the words of feeds, and texts without what does not count. */
#include "population/map_int.h"

static const struct {
	const char *name;
	enum hf_map_type type;
	int of;
} fields[HF_FIELDS] = {
#define HF_FIELD(name, text, type, of) [HF_F_##name] = {text, HF_MAP_##type, of},
#include "population/map_field.def"
#undef HF_FIELD
};
_Static_assert(HF_FIELDS <= 64, "a row has one bit for each field");

static const struct word {
	enum hf_map_set set;
	struct hf_sv text;
	int value;
} words[] = {
#define HF_WORD(set, text, value) {HF_SET_##set, {text, sizeof(text) - 1}, value},
#include "population/map_word.def"
#undef HF_WORD
};

const char *
hf_map_field_name(enum hf_map_field field)
{
	return fields[field].name;
}

enum hf_map_type
hf_map_field_type(enum hf_map_field field)
{
	return fields[field].type;
}

int
hf_map_field_of(enum hf_map_field field)
{
	return fields[field].of;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct hf_sv
hf_map_lower_to(struct hf_sv s, char *out, size_t size)
{
	size_t n = 0;

	s = hf_sv_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (blank(s.p[i]) && n && out[n - 1] == ' ')
			continue;
		if (n == size)
			return (struct hf_sv){out, 0};
		out[n++] = blank(s.p[i]) ? ' ' : lower(s.p[i]);
	}
	return (struct hf_sv){out, n};
}

struct hf_sv
hf_map_lower(struct hf_arena *arena, struct hf_sv s)
{
	char *out = hf_arena_alloc(arena, s.n + 1);

	return out ? hf_map_lower_to(s, out, s.n) : (struct hf_sv){NULL, 0};
}

int
hf_map_by_text(const void *a, const void *b)
{
	return hf_sv_cmp(*(const struct hf_sv *)a, *(const struct hf_sv *)b);
}

bool
hf_map_listed(const struct hf_sv *list, size_t n, struct hf_sv s)
{
	for (size_t lo = 0, hi = n; lo < hi;) {
		size_t mid = (lo + hi) / 2;
		int c = hf_sv_cmp(list[mid], s);

		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* By set, then text: the order of map_word.def. */
static int
against(const struct word *w, enum hf_map_set set, struct hf_sv text)
{
	return w->set != set ? (int)w->set - (int)set : hf_sv_cmp(w->text, text);
}

int
hf_map_word(enum hf_map_set set, struct hf_sv text)
{
	char folded[96];
	struct hf_sv s = hf_map_lower_to(text, folded, sizeof folded);

	for (size_t lo = 0, hi = HF_COUNT(words); s.n && lo < hi;) {
		size_t mid = (lo + hi) / 2;
		int c = against(&words[mid], set, s);

		if (c == 0)
			return words[mid].value;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

size_t
hf_map_fold(struct hf_sv name, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < size; i++) {
		char c = lower(name.p[i]);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '#')
			out[n++] = c;
	}
	return n;
}

/* sv.c - string views. */
#include "base/base.h"

int
hf_sv_cmp(struct hf_sv a, struct hf_sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

size_t
hf_sv_find(struct hf_sv s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

struct hf_sv
hf_sv_cut(struct hf_sv *rest, char sep)
{
	size_t at = hf_sv_find(*rest, sep);
	struct hf_sv head = {rest->p, at};

	if (at == rest->n)
		*rest = (struct hf_sv){NULL, 0};
	else
		*rest = hf_sv_from_at(*rest, at + 1);
	return head;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
hf_sv_among(struct hf_sv s, const char *words)
{
	struct hf_sv rest = hf_sv_from(words);

	while (s.n && rest.n)
		if (hf_sv_eq(s, hf_sv_cut(&rest, ' ')))
			return true;
	return false;
}

struct hf_sv
hf_sv_trim(struct hf_sv s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
hf_sv_int(struct hf_sv s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (minus)
		s = hf_sv_from_at(s, 1);
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, s.p[i] - '0', &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

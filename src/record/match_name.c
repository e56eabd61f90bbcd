/* match_name.c - how alike two names are: letters, sound, nicknames. */
#include "record/match_name.h"

enum { LETTERS = 64 };

/* Marks which letters of a and b stand in both, near enough to the same place;
 * gives how many. */
static unsigned
mark_common(struct hf_sv a, struct hf_sv b, bool *in_a, bool *in_b)
{
	size_t longest = a.n > b.n ? a.n : b.n;
	size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
	unsigned common = 0;

	for (size_t i = 0; i < a.n; i++) {
		size_t from = i > reach ? i - reach : 0;
		size_t to = i + reach + 1 < b.n ? i + reach + 1 : b.n;

		for (size_t k = from; k < to; k++)
			if (!in_b[k] && a.p[i] == b.p[k]) {
				in_a[i] = in_b[k] = true;
				common++;
				break;
			}
	}
	return common;
}

double
hf_jaro_winkler(struct hf_sv a, struct hf_sv b)
{
	bool in_a[LETTERS] = {0}, in_b[LETTERS] = {0};
	unsigned common, moved = 0, start = 0;
	double jaro;

	if (hf_sv_eq(a, b))
		return 1;
	a.n = a.n > LETTERS ? LETTERS : a.n;
	b.n = b.n > LETTERS ? LETTERS : b.n;
	common = mark_common(a, b, in_a, in_b);
	if (common == 0)
		return 0;
	for (size_t i = 0, k = 0; i < a.n; i++) {
		if (!in_a[i])
			continue;
		while (!in_b[k])
			k++;
		moved += a.p[i] != b.p[k++];
	}
	jaro = ((double)common / (double)a.n + (double)common / (double)b.n +
		((double)common - (double)moved / 2) / (double)common) /
	       3;
	while (start < 4 && start < a.n && start < b.n && a.p[start] == b.p[start])
		start++;
	return jaro + start * 0.1 * (1 - jaro);
}

/* Letters that sound alike have one digit; vowels, h, w and y have none. */
static const char sounds[26] = "01230120022455012623010202";

uint32_t
hf_name_sound(struct hf_sv name)
{
	uint32_t code = 0;
	unsigned n = 0;
	char last = '0';

	if (hf_sv_starts(name, HF_SV("kn")) || hf_sv_starts(name, HF_SV("wr")))
		name = hf_sv_from_at(name, 1);
	for (size_t i = 0; i < name.n && n < 6; i++) {
		char c = name.p[i], digit;

		if (i + 1 < name.n && c == 'p' && name.p[i + 1] == 'h')
			c = 'f';
		digit = c >= 'a' && c <= 'z' ? sounds[c - 'a'] : '0';
		if (i == 0) {
			/* The first letter itself, with those that are heard alike. */
			code = (uint32_t)(c == 'c'   ? 'k'
					  : c == 'f' ? 'v'
						     : (unsigned char)c);
		} else if (digit != '0' && digit != last) {
			code = code * 7 + (uint32_t)(digit - '0');
			n++;
		}
		if (c != 'h' && c != 'w')
			last = digit;
	}
	return name.n ? code * 7 + n : 0;
}

void
hf_name_groups(struct hf_sv name, uint16_t groups[HF_NAME_GROUPS])
{
	size_t lo = 0, hi = hf_n_nicknames, n = 0;

	memset(groups, 0, HF_NAME_GROUPS * sizeof(*groups));
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (hf_sv_cmp(hf_sv_from(hf_nicknames[mid].name), name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < hf_n_nicknames && n < HF_NAME_GROUPS; lo++) {
		if (!hf_sv_eq(hf_sv_from(hf_nicknames[lo].name), name))
			break;
		groups[n++] = hf_nicknames[lo].group;
	}
}

void
hf_name_guess(struct hf_sv name, uint16_t groups[HF_NAME_GROUPS])
{
	size_t n = 0;

	memset(groups, 0, HF_NAME_GROUPS * sizeof(*groups));
	for (size_t i = 0; i < hf_n_nicknames && n < HF_NAME_GROUPS; i++) {
		struct hf_sv of = hf_sv_from(hf_nicknames[i].name);

		if (of.n >= 4 && name.n >= 4 && of.p[0] == name.p[0] &&
		    hf_one_slip(of, name))
			groups[n++] = hf_nicknames[i].group;
	}
}

bool
hf_name_groups_meet(const uint16_t a[HF_NAME_GROUPS], const uint16_t b[HF_NAME_GROUPS])
{
	for (size_t i = 0; i < HF_NAME_GROUPS && a[i]; i++)
		for (size_t k = 0; k < HF_NAME_GROUPS && b[k]; k++)
			if (a[i] == b[k])
				return true;
	return false;
}

bool
hf_name_is_placeholder(struct hf_sv given)
{
	static const char *const words[] = {
	    "baby",	 "babyboy", "babygirl", "boy",	   "female",  "girl",
	    "infant",	 "male",    "newborn",	"nk",	   "noname",  "notknown",
	    "stillborn", "triplet", "twin",	"unknown", "unnamed",
	};

	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(given, hf_sv_from(words[i])))
			return true;
	return false;
}

bool
hf_one_slip(struct hf_sv a, struct hf_sv b)
{
	size_t i = 0, end = 0, left_a, left_b;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	while (end + i < a.n && end + i < b.n &&
	       a.p[a.n - 1 - end] == b.p[b.n - 1 - end])
		end++;
	left_a = a.n - i - end;
	left_b = b.n - i - end;
	if (left_a + left_b == 0)
		return false;
	if (left_a <= 1 && left_b <= 1)
		return true;
	return left_a == 2 && left_b == 2 && a.p[i] == b.p[i + 1] &&
	       a.p[i + 1] == b.p[i];
}

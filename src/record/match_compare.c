/* match_compare.c - on which level two records agree, field by field. */
#include "record/match_set.h"

/* ---- names ---- */

enum alike {
	ALIKE_SLIP = 1,
	ALIKE_MUCH = 2,
	ALIKE_SOME = 4,
	ALIKE_SOUND = 8,
	ALIKE_SHORT = 16 /* one slip, in three letters */
};

static uint8_t
alike_of(const struct hf_match_set *s, hf_word_id a, hf_word_id b)
{
	struct hf_sv x = word_text(s, a), y = word_text(s, b);
	double jw = hf_jaro_winkler(x, y);
	unsigned how = 0;

	if (x.n >= 3 && y.n >= 3 && hf_one_slip(x, y))
		how |= x.n == 3 && y.n == 3 ? ALIKE_SHORT : ALIKE_SLIP;
	if (jw >= 0.92)
		how |= ALIKE_MUCH;
	if (jw >= 0.85)
		how |= ALIKE_SOME;
	if (s->words[a].sound == s->words[b].sound)
		how |= ALIKE_SOUND;
	return (uint8_t)how;
}

static uint8_t
alike(const struct hf_match_set *s, hf_word_id a, hf_word_id b, struct memo *memo)
{
	uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	size_t at = (pair * 0x9e3779b97f4a7c15u) >> 48;

	if (!memo)
		return alike_of(s, a, b);
	if (memo->pair[at] != pair) {
		memo->alike[at] = alike_of(s, a, b);
		memo->pair[at] = pair;
	}
	return memo->alike[at];
}

/* A spelling that next to nobody has is more likely a slip than a name. */
static bool
is_rare(const struct hf_match_set *s, hf_word_id id)
{
	const struct word *w = &s->words[id];
	uint32_t n = w->known[USE_GIVEN] ? w->known[USE_GIVEN] : w->count[USE_GIVEN];

	return n <= 2 + set_people(s) / 50000;
}

static bool
one_name(const struct hf_match_set *s, hf_word_id a, hf_word_id b)
{
	return a && b &&
	       (a == b || hf_name_groups_meet(s->words[a].groups, s->words[b].groups));
}

/* Is one of the two a slip, for the other or a form of it? */
static bool
is_slip(const struct hf_match_set *s, hf_word_id a, hf_word_id b, uint8_t how)
{
	const struct word *x = &s->words[a], *y = &s->words[b];

	if (is_rare(s, a) && hf_name_groups_meet(x->guess, y->groups))
		return true;
	if (is_rare(s, b) && hf_name_groups_meet(x->groups, y->guess))
		return true;
	return (how & (ALIKE_SLIP | ALIKE_MUCH | ALIKE_SHORT)) &&
	       (is_rare(s, a) || is_rare(s, b));
}

static bool
is_form_or_slip(const struct hf_match_set *s, hf_word_id a, hf_word_id b,
		struct memo *memo)
{
	return one_name(s, a, b) || is_slip(s, a, b, alike(s, a, b, memo));
}

static bool
share_family(const struct row *a, const struct row *b)
{
	for (size_t i = 0; i < HF_MATCH_NAMES && a->family[i]; i++)
		for (size_t k = 0; k < HF_MATCH_NAMES && b->family[k]; k++)
			if (a->family[i] == b->family[k])
				return true;
	return false;
}

/* Has one's given name become the other's family name, and the other way round?
 * One of the two may have a slip besides. */
static bool
change_places(const struct hf_match_set *s, const struct row *a, const struct row *b,
	      struct memo *memo)
{
	hf_word_id p = a->family[0], q = b->family[0], x = a->given[0], y = b->given[0];

	if (!p || !q || !x || !y || p == x || (p != y && q != x))
		return false;
	if (p == y && q == x)
		return true;
	return p == y ? is_form_or_slip(s, x, q, memo) : is_form_or_slip(s, y, p, memo);
}

static enum hf_match_level
family_level(const struct hf_match_set *s, const struct row *a, const struct row *b,
	     struct memo *memo)
{
	uint8_t how;

	if (!a->family[0] || !b->family[0])
		return HF_AGREE_NONE;
	if (a->family[0] == b->family[0])
		return HF_AGREE_FAMILY_EXACT;
	if (share_family(a, b))
		return HF_AGREE_FAMILY_PART;
	if (change_places(s, a, b, memo))
		return HF_AGREE_FAMILY_SWAPPED;
	how = alike(s, a->family[0], b->family[0], memo);
	if (how & (ALIKE_SLIP | ALIKE_MUCH))
		return HF_AGREE_FAMILY_TYPO;
	return how ? HF_AGREE_FAMILY_SIMILAR : HF_AGREE_FAMILY_DIFFER;
}

static bool
is_initial(const struct hf_match_set *s, hf_word_id a, hf_word_id b)
{
	struct hf_sv x = word_text(s, a), y = word_text(s, b);

	return (x.n == 1 || y.n == 1) && x.p[0] == y.p[0];
}

/* "John James" is "James", or "James John", but not "James Peter". */
static bool
goes_by_middle(const struct row *a, const struct row *b)
{
	hf_word_id p = a->given[1], q = b->given[1];

	if (p && q)
		return a->given[0] == q && b->given[0] == p;
	return (q && a->given[0] == q) || (p && b->given[0] == p);
}

static enum hf_match_level
given_level(const struct hf_match_set *s, const struct row *a, const struct row *b,
	    struct memo *memo)
{
	hf_word_id x = a->given[0], y = b->given[0];
	uint8_t how;

	if (!x || !y)
		return HF_AGREE_NONE;
	if (x == y || change_places(s, a, b, memo))
		return HF_AGREE_GIVEN_EXACT;
	if (one_name(s, x, y) || one_name(s, a->usual, y) || one_name(s, x, b->usual) ||
	    one_name(s, a->usual, b->usual))
		return HF_AGREE_GIVEN_NICKNAME;
	if (goes_by_middle(a, b))
		return HF_AGREE_GIVEN_MIDDLE;
	if (is_initial(s, x, y))
		return HF_AGREE_GIVEN_INITIAL;
	how = alike(s, x, y, memo);
	if (is_slip(s, x, y, how))
		return HF_AGREE_GIVEN_TYPO;
	return (how & (ALIKE_SLIP | ALIKE_SOME)) ? HF_AGREE_GIVEN_SIMILAR
						 : HF_AGREE_GIVEN_DIFFER;
}

static enum hf_match_level
middle_level(const struct hf_match_set *s, const struct row *a, const struct row *b)
{
	hf_word_id x = a->given[1], y = b->given[1];

	if (!x || !y)
		return HF_AGREE_NONE;
	return x == y || is_initial(s, x, y) || one_name(s, x, y)
		   ? HF_AGREE_MIDDLE_SAME
		   : HF_AGREE_MIDDLE_DIFFER;
}

/* ---- birth ---- */

static void
digits_of(const struct row *r, char d[8])
{
	int v = r->year * 10000 + r->month * 100 + r->day;

	for (int i = 7; i >= 0; i--, v /= 10)
		d[i] = (char)('0' + v % 10);
}

/* One digit changed, or two neighbours that changed places. */
static bool
one_digit(const struct row *a, const struct row *b)
{
	char x[8], y[8];
	int wrong = 0, first = -1, last = -1;

	digits_of(a, x);
	digits_of(b, y);
	for (int i = 0; i < 8; i++)
		if (x[i] != y[i]) {
			wrong++;
			if (first < 0)
				first = i;
			last = i;
		}
	return wrong == 1 || (wrong == 2 && last == first + 1 && x[first] == y[last] &&
			      x[last] == y[first]);
}

static enum hf_match_level
partial_birth(const struct row *a, const struct row *b)
{
	if (a->year != b->year || (a->month && b->month && a->month != b->month))
		return HF_AGREE_BIRTH_DIFFER;
	return HF_AGREE_BIRTH_PARTIAL;
}

static enum hf_match_level
birth_level(const struct row *a, const struct row *b)
{
	if (!a->year || !b->year)
		return HF_AGREE_NONE;
	if (!a->birth || !b->birth)
		return partial_birth(a, b);
	if (a->birth == b->birth)
		return HF_AGREE_BIRTH_EXACT;
	if (a->year == b->year && a->month == b->day && a->day == b->month)
		return HF_AGREE_BIRTH_SWAPPED;
	if (one_digit(a, b))
		return HF_AGREE_BIRTH_SLIP;
	if ((a->year == b->year) + (a->month == b->month) + (a->day == b->day) == 2)
		return HF_AGREE_BIRTH_TWO;
	return HF_AGREE_BIRTH_DIFFER;
}

/* ---- place and telephone ---- */

static bool
near_postcodes(const struct hf_match_set *s, hf_word_id a, hf_word_id b)
{
	struct hf_sv x = word_text(s, a), y = word_text(s, b);

	/* The same but for the last two letters: one sector. */
	if (x.n == y.n && x.n >= 5 && memcmp(x.p, y.p, x.n - 2) == 0)
		return true;
	return hf_one_slip(x, y);
}

static enum hf_match_level
place_of(const struct hf_match_set *s, const struct row *a, size_t i,
	 const struct row *b, size_t k)
{
	bool same_line = a->line[i] && a->line[i] == b->line[k];
	hf_word_id x = a->postcode[i], y = b->postcode[k];

	/* A postcode is one street or less: with it the number tells the house. */
	if (x && x == y)
		return same_line || (a->house[i] && a->house[i] == b->house[k])
			   ? HF_AGREE_PLACE_SAME
			   : HF_AGREE_PLACE_POSTCODE;
	if (same_line)
		return HF_AGREE_PLACE_LINE;
	if (x && y)
		return near_postcodes(s, x, y) ? HF_AGREE_PLACE_NEAR
					       : HF_AGREE_PLACE_DIFFER;
	return HF_AGREE_NONE;
}

static enum hf_match_level
place_level(const struct hf_match_set *s, const struct row *a, const struct row *b)
{
	enum hf_match_level best = HF_AGREE_NONE;

	for (size_t i = 0; i < HF_MATCH_ADDRESSES; i++)
		for (size_t k = 0; k < HF_MATCH_ADDRESSES; k++) {
			enum hf_match_level l = place_of(s, a, i, b, k);

			/* Levels stand best first in match_level.def. */
			if (l && (!best || l < best))
				best = l;
		}
	return best;
}

static enum hf_match_level
phone_level(const struct row *a, const struct row *b)
{
	if (!a->phone[0] || !b->phone[0])
		return HF_AGREE_NONE;
	for (size_t i = 0; i < HF_MATCH_ADDRESSES; i++)
		for (size_t k = 0; k < HF_MATCH_ADDRESSES; k++)
			if (a->phone[i] && a->phone[i] == b->phone[k])
				return HF_AGREE_PHONE_SAME;
	return HF_AGREE_PHONE_DIFFER;
}

static enum hf_match_level
sex_level(const struct row *a, const struct row *b)
{
	if (a->sex == HF_SEX_UNKNOWN || b->sex == HF_SEX_UNKNOWN ||
	    a->sex == HF_SEX_OTHER || b->sex == HF_SEX_OTHER)
		return HF_AGREE_NONE;
	return a->sex == b->sex ? HF_AGREE_SEX_SAME : HF_AGREE_SEX_DIFFER;
}

static enum hf_match_level
number_level(const struct row *a, const struct row *b)
{
	if (!a->nhs || !b->nhs)
		return HF_AGREE_NONE;
	return a->nhs == b->nhs ? HF_AGREE_NUMBER_SAME : HF_AGREE_NUMBER_DIFFER;
}

void
hf_match_levels(const struct hf_match_set *s, const struct row *a, const struct row *b,
		struct memo *memo, uint8_t level[HF_MATCH_FIELDS])
{
	level[HF_MATCH_NUMBER] = (uint8_t)number_level(a, b);
	level[HF_MATCH_FAMILY] = (uint8_t)family_level(s, a, b, memo);
	level[HF_MATCH_GIVEN] = (uint8_t)given_level(s, a, b, memo);
	level[HF_MATCH_MIDDLE] = (uint8_t)middle_level(s, a, b);
	level[HF_MATCH_BIRTH] = (uint8_t)birth_level(a, b);
	level[HF_MATCH_SEX] = (uint8_t)sex_level(a, b);
	level[HF_MATCH_PLACE] = (uint8_t)place_level(s, a, b);
	level[HF_MATCH_PHONE] = (uint8_t)phone_level(a, b);
}

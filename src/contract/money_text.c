/* money_text.c - pounds, rates and financial years as text, and back. */
#include "contract/money.h"

#include <ctype.h>

#include "base/time.h"

/* Digits of *s after a point, at least one and at most places, padded to places. */
static bool
fraction(struct hf_sv *s, int places, int64_t *out)
{
	int64_t v = 0;
	int n = 0;

	while (s->n && isdigit((unsigned char)s->p[0]) && n < places) {
		v = v * 10 + (s->p[0] - '0');
		*s = hf_sv_from_at(*s, 1);
		n++;
	}
	if (n == 0)
		return false;
	for (; n < places; n++)
		v *= 10;
	*out = v;
	return true;
}

/* Whole digits, at least one; with commas, groups of three after the first. */
static bool
whole(struct hf_sv *s, bool commas, int64_t *out)
{
	int64_t v = 0;
	size_t n = 0, group = 0;
	bool grouped = false;

	for (; s->n; *s = hf_sv_from_at(*s, 1)) {
		char c = s->p[0];

		if (c == ',' && commas && n > 0 && (grouped ? group == 3 : n <= 3)) {
			grouped = true;
			group = 0;
			continue;
		}
		if (!isdigit((unsigned char)c))
			break;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, c - '0', &v))
			return false;
		n++;
		group++;
	}
	if (n == 0 || (grouped && group != 3))
		return false;
	*out = v;
	return true;
}

static bool
take(struct hf_sv *s, struct hf_sv what)
{
	if (!hf_sv_starts(*s, what))
		return false;
	*s = hf_sv_from_at(*s, what.n);
	return true;
}

static bool
minus(struct hf_sv *s)
{
	return take(s, HF_SV("-")) || take(s, HF_SV("\xe2\x88\x92"));
}

bool
hf_rate_parse(struct hf_sv text, hf_rate *out)
{
	bool negative = minus(&text), percent = hf_sv_ends(text, HF_SV("%"));
	int64_t pounds, part = 0, v;

	if (percent) {
		text.n--;
		if (hf_sv_ends(text, HF_SV(" ")))
			text.n--;
	}
	if (!whole(&text, false, &pounds) ||
	    (take(&text, HF_SV(".")) && !fraction(&text, percent ? 7 : 9, &part)) ||
	    text.n)
		return false;
	if (__builtin_mul_overflow(pounds, percent ? HF_RATE_ONE / 100 : HF_RATE_ONE,
				   &v) ||
	    __builtin_add_overflow(v, part, &v))
		return false;
	*out = negative ? -v : v;
	return true;
}

char *
hf_rate_text(hf_rate rate, char *buf, size_t size)
{
	uint64_t v = rate < 0 ? 0 - (uint64_t)rate : (uint64_t)rate;
	int n = snprintf(buf, size, "%s%llu.%09llu", rate < 0 ? "-" : "",
			 (unsigned long long)(v / (uint64_t)HF_RATE_ONE),
			 (unsigned long long)(v % (uint64_t)HF_RATE_ONE));

	assert(n > 0 && (size_t)n < size);
	while (buf[n - 1] == '0')
		buf[--n] = '\0';
	if (buf[n - 1] == '.')
		buf[n - 1] = '\0';
	return buf;
}

bool
hf_pence_parse(struct hf_sv text, hf_pence *out)
{
	bool brackets = take(&text, HF_SV("(")), negative = brackets;
	int64_t pounds, part = 0, v;

	if (!brackets)
		negative = minus(&text);
	take(&text, HF_SV("\xc2\xa3"));
	if (!whole(&text, true, &pounds) ||
	    (take(&text, HF_SV(".")) && !fraction(&text, 2, &part)))
		return false;
	if ((brackets && !take(&text, HF_SV(")"))) || text.n)
		return false;
	if (__builtin_mul_overflow(pounds, 100, &v) ||
	    __builtin_add_overflow(v, part, &v))
		return false;
	*out = negative ? -v : v;
	return true;
}

/* Digits of v with a comma before each three; p points behind where they end. */
static char *
digits(char *p, uint64_t v, bool commas)
{
	for (int n = 0; v || n == 0; v /= 10, n++) {
		if (commas && n && n % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + v % 10);
	}
	return p;
}

char *
hf_pence_text(hf_pence v, enum hf_pence_style style, char *buf, size_t size)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char room[32], *end = room + sizeof room - 1;
	bool plain = style == HF_PENCE_PLAIN, brackets = style == HF_PENCE_BRACKETS;
	char *p;
	int n;

	*end = '\0';
	p = digits(end, u / 100, !plain);
	n = snprintf(buf, size, "%s%s%s.%02u%s",
		     v >= 0	? ""
		     : brackets ? "("
				: "-",
		     plain ? "" : "\xc2\xa3", p, (unsigned)(u % 100),
		     v < 0 && brackets ? ")" : "");
	assert(n > 0 && (size_t)n < size);
	return buf;
}

struct hf_period
hf_period_of(int64_t day)
{
	struct hf_civil c = hf_civil_from_time(day * 86400000);

	return (struct hf_period){
	    .fy = (int16_t)(c.month >= 4 ? c.year : c.year - 1),
	    .period = (int8_t)((c.month + 8) % 12 + 1),
	};
}

int64_t
hf_period_first(int fy, int period)
{
	int month = period + 3; /* 4 … 16 */

	return hf_days_from_civil(month > 12 ? fy + 1 : fy,
				  month > 12 ? month - 12 : month, 1);
}

char *
hf_fy_text(int fy, char *buf, size_t size)
{
	snprintf(buf, size, "%d/%02d", fy, (fy + 1) % 100);
	return buf;
}

bool
hf_fy_parse(struct hf_sv text, int *out)
{
	struct hf_sv first = hf_sv_cut(&text, '/');
	int64_t fy, next;

	if (first.n != 4 || !hf_sv_int(first, &fy) || fy < 1000)
		return false;
	if (text.p &&
	    (text.n != 2 || !hf_sv_int(text, &next) || next != (fy + 1) % 100))
		return false;
	*out = (int)fy;
	return true;
}

/* decimal.c - a 128-bit integer and a scale. */
#include "fhir/decimal.h"

enum { EXPONENT_DIGITS = 4, QUOTIENT_PLACES = 8 };

static hf_i128
power(int32_t n)
{
	hf_i128 v = 1;

	while (n-- > 0)
		v *= 10;
	return v;
}

static hf_i128
magnitude(hf_i128 m)
{
	return m < 0 ? -m : m;
}

/* Decimal digits of m; 0 for 0. */
static int32_t
count_digits(hf_i128 m)
{
	int32_t n = 0;

	for (m = magnitude(m); m > 0; m /= 10)
		n++;
	return n;
}

/* 'e' and what follows it, from *at to the end. */
static bool
read_exponent(struct hf_sv s, size_t *at, int32_t *out)
{
	int32_t v = 0;
	size_t first;
	bool minus;

	++*at;
	minus = *at < s.n && s.p[*at] == '-';
	if (minus || (*at < s.n && s.p[*at] == '+'))
		++*at;
	first = *at;
	for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at) {
		if (*at - first >= EXPONENT_DIGITS)
			return false;
		v = v * 10 + (s.p[*at] - '0');
	}
	*out = minus ? -v : v;
	return *at > first;
}

bool
hf_decimal_parse(struct hf_sv s, struct hf_decimal *out)
{
	bool minus = s.n && s.p[0] == '-', dot = false, any = false;
	size_t at = minus || (s.n && s.p[0] == '+');
	int32_t places = 0, exponent = 0, digits = 0;
	hf_i128 m = 0;

	for (; at < s.n; at++) {
		char c = s.p[at];

		if (c == '.' && !dot && any) {
			dot = true;
			any = false;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		any = true;
		digits += m != 0 || c != '0';
		if (digits > HF_DECIMAL_DIGITS || places > 9999)
			return false;
		m = m * 10 + (c - '0');
		places += dot;
	}
	if (!any)
		return false;
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E') &&
	    !read_exponent(s, &at, &exponent))
		return false;
	if (at != s.n)
		return false;
	*out = (struct hf_decimal){minus ? -m : m, places - exponent};
	return true;
}

int
hf_decimal_cmp(struct hf_decimal a, struct hf_decimal b)
{
	int32_t na, nb, pa, pb;
	int sign;

	if (a.m == 0 || b.m == 0 || (a.m < 0) != (b.m < 0))
		return (a.m > 0) - (a.m < 0) - ((b.m > 0) - (b.m < 0));
	sign = a.m < 0 ? -1 : 1;
	na = count_digits(a.m);
	nb = count_digits(b.m);
	/* The place of the first digit decides, unless both stand on the same. */
	pa = na - a.scale;
	pb = nb - b.scale;
	if (pa != pb)
		return pa < pb ? -sign : sign;
	if (na < nb)
		a.m *= power(nb - na);
	else
		b.m *= power(na - nb);
	return (a.m > b.m) - (a.m < b.m);
}

/* The same number with a larger scale; false when it needs too many digits. */
static bool
rescale(struct hf_decimal *d, int32_t scale)
{
	assert(scale >= d->scale);
	if (d->m != 0) {
		if (count_digits(d->m) + (int64_t)scale - d->scale > HF_DECIMAL_DIGITS)
			return false;
		d->m *= power(scale - d->scale);
	}
	d->scale = scale;
	return true;
}

bool
hf_decimal_add(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	int32_t scale = a.scale > b.scale ? a.scale : b.scale;

	if (!rescale(&a, scale) || !rescale(&b, scale))
		return false;
	a.m += b.m;
	if (count_digits(a.m) > HF_DECIMAL_DIGITS)
		return false;
	*out = a;
	return true;
}

bool
hf_decimal_sub(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	b.m = -b.m;
	return hf_decimal_add(a, b, out);
}

bool
hf_decimal_mul(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	if (count_digits(a.m) + count_digits(b.m) > HF_DECIMAL_DIGITS)
		return false;
	*out = (struct hf_decimal){a.m * b.m, a.scale + b.scale};
	return true;
}

/* n / d rounded half away from zero; d > 0. */
static hf_i128
divide(hf_i128 n, hf_i128 d)
{
	hf_i128 q = n / d, r = magnitude(n % d);

	if (r >= d - r)
		q += n < 0 ? -1 : 1;
	return q;
}

bool
hf_decimal_div(struct hf_decimal a, struct hf_decimal b, struct hf_decimal *out)
{
	int32_t places = QUOTIENT_PLACES, up;

	if (b.m == 0)
		return false;
	if (b.m < 0) {
		a.m = -a.m;
		b.m = -b.m;
	}
	if (a.scale > places)
		places = a.scale;
	if (b.scale > places)
		places = b.scale;
	/* a.m / b.m has the scale a.scale - b.scale. */
	up = places - (a.scale - b.scale);
	if (up >= 0) {
		if (a.m != 0 && count_digits(a.m) + (int64_t)up > HF_DECIMAL_DIGITS)
			return false;
		a.m = a.m == 0 ? 0 : a.m * power(up);
	} else {
		if (count_digits(b.m) - (int64_t)up > HF_DECIMAL_DIGITS)
			return false;
		b.m *= power(-up);
	}
	a.m = divide(a.m, b.m);
	a.scale = places;
	while (a.scale > 0 && a.m % 10 == 0) {
		a.m /= 10;
		a.scale--;
	}
	*out = a;
	return true;
}

struct hf_decimal
hf_decimal_round(struct hf_decimal a, int32_t places)
{
	int32_t down = a.scale - places;

	if (down <= 0)
		return a;
	a.m = down > HF_DECIMAL_DIGITS ? 0 : divide(a.m, power(down));
	a.scale = places;
	return a;
}

bool
hf_decimal_int(struct hf_decimal a, int64_t *out)
{
	if (a.scale > 0) {
		a.m = a.scale > HF_DECIMAL_DIGITS ? 0 : a.m / power(a.scale);
		a.scale = 0;
	}
	if (!rescale(&a, 0) || a.m > INT64_MAX || a.m < INT64_MIN)
		return false;
	*out = (int64_t)a.m;
	return true;
}

struct hf_decimal
hf_decimal_from_int(int64_t v)
{
	return (struct hf_decimal){v, 0};
}

size_t
hf_decimal_format(struct hf_decimal d, char *buf)
{
	char digits[HF_DECIMAL_TEXT];
	size_t n = 0, at = 0;
	hf_i128 m;

	if (d.scale < 0 && !rescale(&d, 0))
		return 0;
	m = magnitude(d.m);
	if (d.scale > HF_DECIMAL_TEXT - 8)
		return 0;
	/* At least one digit stands before the point. */
	while (m > 0 || n <= (size_t)d.scale) {
		digits[n++] = (char)('0' + (int)(m % 10));
		m /= 10;
	}
	if (d.m < 0)
		buf[at++] = '-';
	while (n > 0) {
		if (n == (size_t)d.scale)
			buf[at++] = '.';
		buf[at++] = digits[--n];
	}
	buf[at] = '\0';
	return at;
}

size_t
hf_decimal_key(struct hf_decimal d, unsigned char *buf)
{
	unsigned char flip = d.m < 0 ? 0xff : 0;
	int32_t n = count_digits(d.m);
	hf_i128 m = magnitude(d.m), unit;
	unsigned place;
	size_t at = 0;

	/* 1 negative, 2 zero, 3 positive; then the place of the first digit, the
	 * digits, and an end that is less than any digit. */
	buf[at++] = (unsigned char)(d.m < 0 ? 1 : d.m > 0 ? 3 : 2);
	if (d.m == 0)
		return at;
	place = (unsigned)(n - d.scale + 0x8000);
	buf[at++] = (unsigned char)(place >> 8) ^ flip;
	buf[at++] = (unsigned char)place ^ flip;
	for (unit = power(n - 1); m > 0; unit /= 10) {
		buf[at++] = (unsigned char)(1 + (int)(m / unit)) ^ flip;
		m %= unit;
	}
	buf[at++] = flip;
	return at;
}

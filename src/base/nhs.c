/* nhs.c - the modulus 11 check of the NHS number, and its ranges. */
#include "base/nhs.h"

#include <stdio.h>

/* The check digit of nine digits; 10 when they have none. */
static int
check_digit(const int *d)
{
	int sum = 0, check;

	for (int i = 0; i < 9; i++)
		sum += (10 - i) * d[i];
	check = 11 - sum % 11;
	return check == 11 ? 0 : check;
}

/* Writes the number when the check passes and the digits differ. */
static bool
make(const int *d, int check, struct hf_nhs *out)
{
	bool same = true;

	for (int i = 0; i < 9; i++)
		same = same && d[i] == check;
	if (check == 10 || same)
		return false;
	for (int i = 0; i < 9; i++)
		out->d[i] = (char)('0' + d[i]);
	out->d[9] = (char)('0' + check);
	out->d[10] = '\0';
	return true;
}

enum hf_rc
hf_nhs_parse(struct hf_sv text, struct hf_nhs *out, struct hf_err *err)
{
	int d[10];
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ' ' || c == '-')
			continue;
		if (c < '0' || c > '9')
			return hf_fail(err, HF_INVALID, NULL,
				       "an NHS number has ten digits and nothing else "
				       "but blanks and hyphens");
		if (n == HF_COUNT(d))
			return hf_fail(err, HF_INVALID, NULL,
				       "more than the ten digits of an NHS number");
		d[n++] = c - '0';
	}
	if (n != HF_COUNT(d))
		return hf_fail(err, HF_INVALID, NULL,
			       "%zu digits where an NHS number has ten", n);
	if (check_digit(d) != d[9])
		return hf_fail(err, HF_INVALID, NULL,
			       "not an NHS number: its check digit is wrong");
	if (!make(d, d[9], out))
		return hf_fail(err, HF_INVALID, NULL,
			       "not an NHS number: ten times the same digit");
	return HF_OK;
}

bool
hf_nhs_make(uint32_t nine, struct hf_nhs *out)
{
	int d[9];

	if (nine > 999999999)
		return false;
	for (int i = 8; i >= 0; i--) {
		d[i] = (int)(nine % 10);
		nine /= 10;
	}
	return make(d, check_digit(d), out);
}

char *
hf_nhs_format(const struct hf_nhs *nhs, char *buf, size_t size)
{
	assert(size >= 13);
	snprintf(buf, size, "%.3s %.3s %.4s", nhs->d, nhs->d + 3, nhs->d + 6);
	return buf;
}

enum hf_nhs_range
hf_nhs_range(const struct hf_nhs *nhs)
{
	static const struct {
		int32_t low, high;
		enum hf_nhs_range range;
	} ranges[] = {
	    {10100000, 311299999, HF_NHS_SCOTLAND},
	    {320000001, 399999999, HF_NHS_NORTHERN_IRELAND},
	    {400000000, 499999999, HF_NHS_ENGLAND},
	    {600000000, 799999999, HF_NHS_ENGLAND},
	    {999000000, 999999999, HF_NHS_SYNTHETIC},
	};
	int32_t nine = 0;

	for (int i = 0; i < 9; i++)
		nine = nine * 10 + (nhs->d[i] - '0');
	for (size_t i = 0; i < HF_COUNT(ranges); i++) {
		if (nine >= ranges[i].low && nine <= ranges[i].high)
			return ranges[i].range;
	}
	return HF_NHS_OTHER;
}

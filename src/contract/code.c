/* code.c - short codes as numbers. */
#include "contract/code.h"

#include <ctype.h>

bool
hf_ct_code_parse(struct hf_sv text, hf_ct_code *out)
{
	hf_ct_code v = 0;

	if (text.n > 8)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (!isalnum(c) && c != '-' && c != '_' && c != '.')
			return false;
		v |= (hf_ct_code)toupper(c) << (8 * (7 - i));
	}
	*out = v;
	return true;
}

hf_ct_code
hf_ct_code_of(const char *text)
{
	hf_ct_code v = 0;
	bool good = hf_ct_code_parse(hf_sv_from(text), &v);

	assert(good);
	return v;
}

char *
hf_ct_code_text(hf_ct_code code, char *buf)
{
	size_t n = 0;

	for (; code; code <<= 8)
		buf[n++] = (char)(code >> 56);
	buf[n] = '\0';
	return buf;
}

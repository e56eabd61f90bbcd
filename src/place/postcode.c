/* postcode.c - whether a postcode is of an area. */
#include "place/place_int.h"

/* A postcode as typed, in two: "zx12ab" is "ZX1" and "2AB"; of four characters or fewer
 * it is an outward code alone. */
struct postcode {
	char outward[5], inward[4];
};

/* A sector is written with its blank, "ZX1 2"; inward is what stands after it. */
static bool
postcode_split(struct hf_sv text, bool sector, struct postcode *out)
{
	char all[8];
	size_t n = 0, cut;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ' ')
			continue;
		if (n == sizeof all - 1)
			return false;
		all[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	cut = sector ? hf_sv_find(text, ' ') : n > 4 ? n - 3 : n;
	if (cut == 0 || cut > 4 || cut > n || n - cut > 3)
		return false;
	*out = (struct postcode){0};
	memcpy(out->outward, all, cut);
	memcpy(out->inward, all + cut, n - cut);
	return true;
}

bool
hf_postcode_in(struct hf_sv postcode, struct hf_sv area)
{
	struct hf_sv code = hf_sv_trim(area);
	struct postcode person, one;

	return postcode_split(postcode, false, &person) &&
	       postcode_split(code, hf_sv_find(code, ' ') < code.n, &one) &&
	       strcmp(one.outward, person.outward) == 0 &&
	       strncmp(one.inward, person.inward, strlen(one.inward)) == 0;
}

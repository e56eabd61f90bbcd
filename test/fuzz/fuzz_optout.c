/* fuzz_optout.c - any bytes as the National Data Opt-Out list: each line is an NHS
 * number or the list is refused at it, and the refusal does not repeat it. */
#include <stdlib.h>

#include "access/rights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The digits of a refusal are those of the line's number alone. */
static void
check_text(const char *text)
{
	size_t digits = 0;

	for (const char *c = text; *c; c++)
		digits += *c >= '0' && *c <= '9';
	if (!*text || digits > 8)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char key[HF_NDO_KEY] = "0123456789abcde";
	struct hf_ndo_list list = {0};
	struct hf_ndo *ndo = NULL;
	struct hf_err err = {0};

	if (hf_ndo_list_read((struct hf_sv){(const char *)data, size}, key, &list,
			     &err) != HF_OK) {
		check_text(err.text);
		return 0;
	}
	if (list.n + list.doubles > list.lines || list.lines > size)
		abort();
	for (size_t i = 1; i < list.n; i++)
		if (list.hashes[i] <= list.hashes[i - 1])
			abort();
	if (hf_ndo_new(key, list.hashes, list.n, 1767268800000, &ndo, &err) == HF_OK &&
	    hf_ndo_count(ndo) != list.n)
		abort();
	hf_ndo_drop(ndo);
	hf_ndo_list_free(&list);
	return 0;
}

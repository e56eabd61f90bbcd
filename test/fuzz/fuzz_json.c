/* fuzz_json.c - any bytes either parse or are refused with a place; what parses
 * minifies to something that parses to the same number of nodes. */
#include "fhir/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* An exact copy on the heap, so that a read past the end is seen. */
	char *copy = malloc(size ? size : 1);
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_err err = {0};
	struct hf_json doc, again;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (hf_json_parse((struct hf_sv){copy, size}, NULL, &arena, &doc, &err) ==
	    HF_OK) {
		struct hf_buf out = {0};

		hf_json_minify(&doc, 0, &out);
		assert(hf_json_parse(hf_buf_view(&out), NULL, &arena, &again, &err) ==
		       HF_OK);
		assert(again.n == doc.n);
		for (uint32_t i = 0; i < doc.n; i++)
			(void)hf_json_str(&doc, i, &arena);
		hf_buf_free(&out);
	} else {
		assert(err.text[0]);
	}
	hf_arena_free(&arena);
	free(copy);
	return 0;
}

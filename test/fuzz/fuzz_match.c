/* fuzz_match.c - two Patients, one on each line: read, compared, both ways alike.
 * Any bytes may come; what is JSON is taken as a Patient, whatever it is. */
#include <stdlib.h>

#include "record/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_match_set *s = hf_match_set_new();
	struct hf_match_model model = hf_match_model_default();
	struct hf_sv rest = {(const char *)data, size};
	struct hf_match_result there, back;
	struct hf_match_pairs pairs = {0};

	while (s && rest.n && hf_match_set_count(s) < 8) {
		struct hf_match_person who;
		struct hf_json doc;

		if (hf_json_parse(hf_sv_cut(&rest, '\n'), NULL, &arena, &doc, NULL))
			continue;
		hf_match_read(&doc, 0, &arena, &who);
		if (hf_match_set_add(s, &who, NULL))
			break;
	}
	if (s)
		hf_match_set_weigh(s);
	for (size_t i = 1; s && i < hf_match_set_count(s); i++) {
		hf_match_compare(s, &model, i - 1, i, &there);
		hf_match_compare(s, &model, i, i - 1, &back);
		if (there.answer != back.answer || there.rule != back.rule ||
		    memcmp(there.level, back.level, sizeof(there.level)) != 0)
			abort();
	}
	if (s && hf_match_block(s, NULL) == HF_OK &&
	    hf_match_run(s, &model, 0, 1, &pairs, NULL) == HF_OK)
		(void)hf_match_settle(s, &pairs, NULL);
	hf_match_pairs_free(&pairs);
	hf_match_set_free(s);
	hf_arena_free(&arena);
	return 0;
}

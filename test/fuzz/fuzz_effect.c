/* fuzz_effect.c - any bytes as interventions: read or refused without a crash; what was
 * read keeps the promises of effect.h. */
#include "synth/effect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_synth_effect e[4];
	struct hf_err err = {0};
	size_t n = 0;

	if (hf_synth_effects_parse((struct hf_sv){(const char *)data, size}, e,
				   HF_COUNT(e), &n, &err) != HF_OK) {
		assert(err.text[0] != '\0');
		return 0;
	}
	assert(n <= HF_COUNT(e));
	for (size_t i = 0; i < n; i++) {
		bool any = false;

		assert(e[i].locality >= 0 && e[i].locality < HF_SYNTH_LOCALITIES);
		assert(e[i].from_month >= 1);
		for (int k = 0; k < HF_SYNTH_EFFECT_KINDS; k++) {
			assert(e[i].change[k] >= -1 && e[i].change[k] <= 1);
			any = any || e[i].change[k] != 0;
		}
		assert(any);
		assert(e[i].change[HF_SYNTH_FALLS] <= 0);
		assert(e[i].change[HF_SYNTH_READMISSIONS] <= 0);
	}
	return 0;
}

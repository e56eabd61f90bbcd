/* fuzz_person.c - what is typed to find a person, and any JSON said in words. */
#include "record/person_query.h"
#include "record/person_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
say(const struct hf_json *doc, struct hf_arena *arena)
{
	for (uint32_t i = 0; i < doc->n; i++) {
		struct hf_sv s = hf_words(doc, i, arena);

		hf_name_words(doc, i, true, arena);
		hf_address_words(doc, i, arena);
		hf_name_best(doc, i);
		hf_has_code(doc, i, HF_SV("716186003"));
		hf_dig_words(doc, i, "code|a.b|name.given", arena);
		hf_date_words(s, arena);
		hf_day_words(s, arena);
		hf_clock_words(s, arena);
		hf_age_words(s, 1771754400000, arena);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv text = {(const char *)data, size};
	struct hf_json_limits limits = {.bytes = 4096, .depth = 16, .nodes = 512};
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_person_query q = {0};
	struct hf_json doc;

	if (hf_person_query_parse(text, 20779, &arena, &q, NULL) == HF_OK) {
		assert(q.n_names <= HF_PERSON_NAMES);
		assert(q.n_births <= HF_PERSON_BIRTHS);
		for (size_t i = 0; i < q.n_births; i++)
			assert(q.births[i].first <= q.births[i].last &&
			       q.births[i].first <= 20779);
	}
	if (hf_json_parse(text, &limits, &arena, &doc, NULL) == HF_OK)
		say(&doc, &arena);
	hf_arena_free(&arena);
	return 0;
}

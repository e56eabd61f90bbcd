/* fuzz_ndjson.c - any bytes as the lines of an import: each either makes a plan whose
 * entries have an id of FHIR's form and a type, or is refused with a reason. */
#include "exchange/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct hf_json *doc, const struct hf_plan *plan, struct hf_arena *arena)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct hf_plan_entry *e = &plan->entries[i];
		struct hf_sv query = e->query, name, value, *refs = NULL;
		size_t n = 0;

		if (e->why.n != 0)
			continue;
		assert(e->type != 0);
		assert(e->op == HF_PLAN_DELETE_IF || hf_plan_is_id(e->id));
		assert(e->node == HF_JSON_NONE || e->node < doc->n);
		while (query.n != 0 && hf_plan_param(&query, arena, &name, &value))
			;
		if (e->node != HF_JSON_NONE)
			(void)hf_plan_conditions(doc, e->node, arena, &refs, &n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct hf_plan_limits limits = {.resource = 4096};
	struct hf_arena arena = {.cap = 16 << 20};
	char *copy = malloc(size ? size : 1);
	struct hf_sv rest = {copy, size};

	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	while (rest.n != 0) {
		struct hf_sv line = hf_sv_trim(hf_sv_cut(&rest, '\n'));
		struct hf_err err = {0};
		struct hf_json doc;
		struct hf_plan plan;

		if (hf_json_parse(line, NULL, &arena, &doc, &err) != HF_OK ||
		    hf_plan_read(&doc, &limits, &arena, &plan, &err) != HF_OK)
			assert(err.text[0] != 0);
		else
			check(&doc, &plan, &arena);
		hf_arena_reset(&arena);
	}
	hf_arena_free(&arena);
	free(copy);
	return 0;
}

/* fuzz_path.c - any bytes as an expression, evaluated on any document: the first
 * line is the expression, the rest the document.  Nothing crashes, runs long or
 * gives another failure than those promised. */
#include "fhir/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char sample[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"birthDate\":"
    "\"1974-12-25\",\"multipleBirthInteger\":2,\"contained\":[{\"resourceType\":"
    "\"Organization\",\"id\":\"o\"}],\"extension\":[{\"url\":\"u\",\"valueQuantity\":"
    "{\"value\":2.50,\"unit\":\"kg\"}}],\"name\":[{\"family\":\"A\",\"given\":[\"B\","
    "\"C\"]},{\"given\":[\"D\"],\"_given\":[{\"id\":\"g\"}]}],"
    "\"generalPractitioner\":[{\"reference\":\"Practitioner/a\"},{\"reference\":"
    "\"#o\"}]}";

static void
check_results(const struct hf_pvs *pvs, struct hf_arena *arena)
{
	for (size_t i = 0; i < pvs->n; i++) {
		const struct hf_pv *v = &pvs->items[i];

		if (v->kind > HF_PV_TYPE)
			abort();
		if (v->kind == HF_PV_NODE && v->node != HF_JSON_NONE &&
		    v->node >= v->doc->n)
			abort();
		hf_pv_text(v, arena);
	}
}

static void
run(const struct hf_path *path, struct hf_sv text)
{
	struct hf_arena arena = {.cap = 8u << 20};
	struct hf_path_env env = {.max_steps = 20000, .now = 1767268800000};
	struct hf_json doc;
	struct hf_pvs pvs = {0};
	struct hf_err err = {0};
	enum hf_rc rc;

	env.doc = &doc;
	if (hf_json_parse(text, NULL, &arena, &doc, NULL) == HF_OK) {
		rc = hf_path_eval(path, &env, &arena, &pvs, &err);
		if (rc == HF_OK)
			check_results(&pvs, &arena);
		else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0])
			abort();
	}
	hf_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hf_sv rest = {(const char *)data, size}, text = hf_sv_cut(&rest, '\n');
	struct hf_path *path = NULL;
	struct hf_err err = {0};
	enum hf_rc rc = hf_path_compile(text, &path, &err);

	if (rc == HF_OK) {
		run(path, hf_sv_from(sample));
		if (rest.n)
			run(path, rest);
		hf_path_free(path);
	} else if ((rc != HF_INVALID && rc != HF_TOO_LONG) || !err.text[0] || path) {
		abort();
	}
	return 0;
}

/* spvalue.c - search parameters ready for use: expressions compiled once, and the
 * values they give of a resource. */
#include "fhir/path_impl.h"
#include "fhir/spvalue_impl.h"

/* Set by hf_sp_setup() before any thread starts, only read afterwards. */
static struct {
	struct compiled {
		struct hf_path *path; /* NULL when it has no expression to run */
	} * all;		      /* by expression id */
	uint16_t n;
} setup;

static enum hf_rc
compile(const struct hf_sp *sp, struct hf_err *err)
{
	struct hf_err why = {0};
	enum hf_rc rc;

	if (sp->expression_id == 0 || setup.all[sp->expression_id].path ||
	    sp->kind == HF_SP_COMPOSITE || sp->kind == HF_SP_SPECIAL)
		return HF_OK;
	rc = hf_path_compile(hf_sv_from(sp->expression),
			     &setup.all[sp->expression_id].path, &why);
	if (rc == HF_OK)
		return rc;
	return hf_fail(err, rc, sp->code, "search parameter %s: %.300s", sp->url,
		       why.text);
}

enum hf_rc
hf_sp_setup(struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (setup.all)
		return HF_OK;
	setup.n = hf_n_sp_expressions();
	setup.all = calloc((size_t)setup.n + 1, sizeof *setup.all);
	if (!setup.all)
		return hf_fail(err, HF_FAULT, NULL,
			       "there is no memory left for the search parameters");
	for (uint16_t id = 1; rc == HF_OK && id <= hf_n_sps(); id++)
		rc = compile(hf_sp_get(id), err);
	if (rc != HF_OK)
		hf_sp_teardown();
	return rc;
}

void
hf_sp_teardown(void)
{
	for (size_t i = 0; setup.all && i <= setup.n; i++)
		hf_path_free(setup.all[i].path);
	free(setup.all);
	setup.all = NULL;
	setup.n = 0;
}

enum hf_sp_shape
hf_sp_shape(hf_type_id type)
{
	static const uint8_t forms[] = {
	    [HF_FORM_RESOURCE] = SHAPE_RESOURCE,
	    [HF_FORM_EXTENSION] = SHAPE_EXTENSION,
	    [HF_FORM_REFERENCE] = SHAPE_REFERENCE,
	    [HF_FORM_CODEABLE_CONCEPT] = SHAPE_CONCEPT,
	    [HF_FORM_BOOLEAN] = SHAPE_BOOLEAN,
	    [HF_FORM_CANONICAL] = SHAPE_URI,
	    [HF_FORM_CODE] = SHAPE_CODE,
	    [HF_FORM_DATE] = SHAPE_DATE,
	    [HF_FORM_DATE_TIME] = SHAPE_DATE,
	    [HF_FORM_DECIMAL] = SHAPE_NUMBER,
	    [HF_FORM_ID] = SHAPE_URI,
	    [HF_FORM_INSTANT] = SHAPE_DATE,
	    [HF_FORM_INTEGER] = SHAPE_NUMBER,
	    [HF_FORM_MARKDOWN] = SHAPE_TEXT,
	    [HF_FORM_OID] = SHAPE_URI,
	    [HF_FORM_POSITIVE_INT] = SHAPE_NUMBER,
	    [HF_FORM_STRING] = SHAPE_TEXT,
	    [HF_FORM_UNSIGNED_INT] = SHAPE_NUMBER,
	    [HF_FORM_URI] = SHAPE_URI,
	    [HF_FORM_URL] = SHAPE_URI,
	    [HF_FORM_UUID] = SHAPE_URI,
	    [HF_FORM_XHTML] = SHAPE_NONE,
	};
	static const struct {
		const char *name;
		enum hf_sp_shape shape;
	} complex[] = {
	    {"Coding", SHAPE_CODING},	     {"Identifier", SHAPE_IDENTIFIER},
	    {"ContactPoint", SHAPE_CONTACT}, {"HumanName", SHAPE_HUMAN_NAME},
	    {"Address", SHAPE_ADDRESS},	     {"Period", SHAPE_PERIOD},
	    {"Timing", SHAPE_TIMING},	     {"Range", SHAPE_RANGE},
	    {"Quantity", SHAPE_QUANTITY},    {"Age", SHAPE_QUANTITY},
	    {"Duration", SHAPE_QUANTITY},    {"Distance", SHAPE_QUANTITY},
	    {"Count", SHAPE_QUANTITY},	     {"Money", SHAPE_MONEY},
	    {"SampledData", SHAPE_SAMPLED},
	};
	const struct hf_type *t;

	if (type == 0)
		return SHAPE_NONE;
	t = hf_type_get(type);
	if (t->kind == HF_KIND_RESOURCE)
		return SHAPE_RESOURCE;
	if (t->form != HF_FORM_OBJECT)
		return (enum hf_sp_shape)forms[t->form];
	for (size_t i = 0; t->kind == HF_KIND_COMPLEX && i < HF_COUNT(complex); i++)
		if (strcmp(t->name, complex[i].name) == 0)
			return complex[i].shape;
	return SHAPE_NONE;
}

/* What the parameter's expression gives of a resource. */
static enum hf_rc
evaluate(const struct hf_sp *sp, const struct hf_json *doc, uint32_t node,
	 struct hf_arena *arena, struct hf_pvs *out, const struct hf_path **path,
	 struct hf_err *err)
{
	struct hf_path_env env = {.doc = doc, .node = node};

	assert(setup.all); /* hf_sp_setup() comes first */
	*path = setup.all[sp->expression_id].path;
	return *path ? hf_path_eval(*path, &env, arena, out, err) : HF_OK;
}

enum hf_rc
hf_sp_values(const struct hf_sp *sp, const struct hf_json *doc, uint32_t node,
	     struct hf_arena *arena, struct hf_spvs *out, struct hf_err *err)
{
	struct hf_spvs found = {0};
	struct sp_read r = {.sp = sp, .arena = arena, .out = &found};
	struct hf_pvs pvs = {0};
	const struct hf_path *path;
	enum hf_rc rc = evaluate(sp, doc, node, arena, &pvs, &path, err);

	if (rc != HF_OK)
		return rc;
	if (path && path->last)
		r.binding = path->last->binding;
	for (size_t i = 0; i < pvs.n; i++)
		if (!hf_sp_read_value(&r, &pvs.items[i]))
			return hf_fail(err, HF_TOO_LONG, sp->code,
				       "the resource has more values to search by than "
				       "may be held here");
	*out = found;
	return HF_OK;
}
